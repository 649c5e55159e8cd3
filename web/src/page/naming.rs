//! The first page of the first run: the name that others will find this server by, what stands in the way of it, and the
//! way on once it is taken. Plain forms and links.

use super::entrance::problem;
use maud::{Markup, html};

/// What is carried from page to page.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// The code of the one-time link.
    pub code: &'a str,
}

/// Asking for a name.
#[derive(Debug, Clone, Copy)]
pub struct AskName<'a> {
    /// What is carried.
    pub pass: Pass<'a>,
    /// Where the server is now.
    pub origin: &'a str,
    /// What was typed as name.
    pub domain: &'a str,
    /// What was typed as the domain of handles.
    pub handle_domain: &'a str,
    /// TLS is to end at a proxy.
    pub proxied: bool,
    /// The ports that TLS here would take, in words.
    pub ports: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// As it should be.
    pub fine: bool,
    /// Nothing will come of it.
    pub wrong: bool,
    /// What was found, in words.
    pub words: &'a str,
}

/// What was found about a name.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What is carried.
    pub pass: Pass<'a>,
    /// The name.
    pub domain: &'a str,
    /// What was looked at.
    pub findings: &'a [Looked<'a>],
    /// Lines that a server at the domain of handles must have.
    pub redirects: Option<&'a str>,
}

/// Ask for the name.
#[must_use]
pub fn ask(page: &AskName<'_>) -> Markup {
    html! {
        h1 { "What is this server called?" }
        p {
            "People will be found under this name, and it cannot be changed once other servers have heard of it. You need a "
            "domain, or a name below one, that leads to this machine or to your router."
        }
        (problem(page.problem))
        form method="post" action="/first-run/name" {
            (carried(&page.pass))
            p {
                label for="domain" { "Name of the server" }
                input id="domain" name="domain" value=(page.domain) placeholder="social.example.org" autocapitalize="none"
                    spellcheck="false" inputmode="url" required autofocus;
            }
            fieldset {
                legend { "Who keeps the certificate, without which nobody can connect?" }
                p {
                    label class="check" {
                        input type="radio" name="way" value="own" checked[!page.proxied];
                        " This server, by itself"
                    }
                    span class="note" { "It needs " (page.ports) " for itself. Nothing else has to be installed." }
                }
                p {
                    label class="check" {
                        input type="radio" name="way" value="proxy" checked[page.proxied];
                        " A proxy that I run before it"
                    }
                    span class="note" { "Have it pass everything on to " (page.origin) ", with the Host header as it came." }
                }
            }
            details class="more-fields" open[!page.handle_domain.is_empty()] {
                summary { "Handles under a shorter domain" }
                p {
                    label for="handle_domain" { "What stands behind the @, if it is not the name" }
                    input id="handle_domain" name="handle_domain" value=(page.handle_domain) placeholder="example.org"
                        autocapitalize="none" spellcheck="false" inputmode="url" aria-describedby="handle-note";
                    span class="note" id="handle-note" { "The server there must lead three addresses here; the next page says which." }
                }
            }
            p { button type="submit" { "Look whether it works" } }
        }
        p {
            a href={ "/first-run?step=you&code=" (page.pass.code) } { "Just try it out on this machine first" }
            span class="note" { "Nobody else can reach it then. You can give it a name later, as long as nothing has been sent to another server." }
        }
    }
}

/// It is being looked at; the page comes back by itself.
#[must_use]
pub fn looking(domain: &str) -> Markup {
    html! {
        h1 { "Looking at " bdi { (domain) } }
        p role="status" { "Where the name leads, whether the ports are free, whether a certificate can be had. This takes some seconds." }
        p { "The page comes back by itself." }
    }
}

/// What was found.
#[must_use]
pub fn found(page: &Found<'_>) -> Markup {
    let wrong = page.findings.iter().any(|finding| finding.wrong);
    html! {
        h1 { @if wrong { "Not yet" } @else { bdi { (page.domain) } " works" } }
        ul class="findings" {
            @for finding in page.findings {
                li class=(mark(finding).0) { strong { (mark(finding).1) } " " (finding.words) }
            }
        }
        @if let Some(redirects) = page.redirects {
            p { "The server at the shorter domain must lead these addresses here:" }
            pre { code { (redirects) } }
        }
        @if wrong {
            p { "Put that right and look again; nothing has been changed." }
        } @else {
            form method="post" action="/first-run/name/take" {
                (carried(&page.pass))
                p { button type="submit" { "Take this name" } }
            }
        }
        form method="post" action="/first-run/name/leave" {
            (carried(&page.pass))
            p { button class="second" type="submit" { @if wrong { "Look again" } @else { "Another name" } } }
        }
    }
}

/// The name is taken; the server begins anew under it.
#[must_use]
pub fn taken(address: &str) -> Markup {
    html! {
        h1 { "The server begins anew" }
        p role="status" { "It has its name, and answers under it in a moment. The page goes there by itself." }
        p { a href=(address) { "Go on" } }
    }
}

fn carried(pass: &Pass<'_>) -> Markup {
    html! {
        input type="hidden" name="authenticity_token" value=(pass.token);
        input type="hidden" name="code" value=(pass.code);
    }
}

fn mark(finding: &Looked<'_>) -> (&'static str, &'static str) {
    match (finding.fine, finding.wrong) {
        (true, _) => ("fine", "Fine:"),
        (false, false) => ("unclear", "Look:"),
        (false, true) => ("wrong", "Wrong:"),
    }
}

//! The first page of the first run: the name that others will find this server by, what stands in the way of it, and the
//! way on once it is taken. Plain forms and links.

use super::entrance::problem;
use crate::words::Words;
use maud::{Markup, html};

/// What is carried from page to page.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// Who gives the name.
    pub door: Door<'a>,
}

/// Who gives the name: whoever has the link of the first run, or the owner later.
#[derive(Debug, Clone, Copy)]
pub enum Door<'a> {
    /// Nobody owns the server yet.
    FirstRun {
        /// The code of the one-time link.
        code: &'a str,
    },
    /// The owner.
    Owner {
        /// How many passkeys were made under the name it has now, and hold under no other.
        passkeys: u64,
        /// They have a password, which is all that lets them in under another name.
        password: bool,
    },
}

impl Door<'_> {
    /// Where the forms go.
    fn path(self) -> &'static str {
        match self {
            Door::FirstRun { .. } => "/first-run/name",
            Door::Owner { .. } => "/settings/name",
        }
    }
}

/// Which way of TLS works here, and why.
#[derive(Debug, Clone, Copy)]
pub enum Way<'a> {
    /// The ports are free.
    Own {
        /// The address of this machine behind a router.
        inside: Option<&'a str>,
    },
    /// The port is free, but this program may not take it.
    NotAllowed {
        /// Which.
        port: u16,
    },
    /// Another program holds the port.
    Held {
        /// Which.
        port: u16,
    },
    /// A proxy passed the request for this page on.
    Proxied,
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
    /// What was found to work here.
    pub way: Way<'a>,
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
    /// The domain of handles, if it is another: a server there has to lead here.
    pub leading: Option<&'a str>,
}

/// Ask for the name.
#[must_use]
pub fn ask(words: Words, page: &AskName<'_>) -> Markup {
    html! {
        h1 { (words.say("naming-question")) }
        p { (words.say("naming-says")) }
        (problem(page.problem.map(|why| words.refusal(why)).as_deref()))
        (found_here(words, page))
        form method="post" action=(page.pass.door.path()) {
            (carried(&page.pass))
            p {
                label for="domain" { (words.say("naming-name")) }
                input id="domain" name="domain" value=(page.domain) placeholder="social.example.org" autocapitalize="none"
                    spellcheck="false" inputmode="url" required autofocus;
            }
            fieldset {
                legend { (words.say("naming-who-keeps")) }
                p {
                    label class="check" {
                        input id="way-own" type="radio" name="way" value="own" checked[!page.proxied];
                        " " (words.say("naming-own"))
                    }
                    span class="note" { (words.with("naming-own-says", &[("ports", page.ports)])) }
                }
                p {
                    label class="check" {
                        input id="way-proxy" type="radio" name="way" value="proxy" checked[page.proxied];
                        " " (words.say("naming-proxy"))
                    }
                    span class="note" { (words.with("naming-proxy-says", &[("address", page.origin)])) }
                }
            }
            details class="more-fields" open[!page.handle_domain.is_empty()] {
                summary { (words.say("naming-shorter")) }
                p {
                    label for="handle_domain" { (words.say("naming-shorter-label")) }
                    input id="handle_domain" name="handle_domain" value=(page.handle_domain) placeholder="example.org"
                        autocapitalize="none" spellcheck="false" inputmode="url" aria-describedby="handle-note";
                    span class="note" id="handle-note" { (words.say("naming-shorter-says")) }
                }
            }
            p { button type="submit" { (words.say("naming-look")) } }
        }
        @if let Door::FirstRun { code } = page.pass.door {
            p {
                a href={ "/first-run?step=you&code=" (code) } { (words.say("naming-try")) }
                span class="note" { (words.say("naming-try-says")) }
            }
        }
    }
}

/// What was found to work here, and what to do for it, in one sentence.
fn found_here(words: Words, page: &AskName<'_>) -> Markup {
    let says = match page.way {
        Way::Own { inside: None } => words.with("naming-here-own", &[("ports", page.ports)]),
        Way::Own { inside: Some(inside) } => {
            words.with("naming-here-inside", &[("ports", page.ports), ("inside", inside)])
        }
        Way::NotAllowed { port } => words.with("naming-here-not-allowed", &[("port", &port.to_string())]),
        Way::Held { port } => words.with("naming-here-held", &[("port", &port.to_string()), ("address", page.origin)]),
        Way::Proxied => words.with("naming-here-proxied", &[("address", page.origin)]),
    };
    html! { p class="notice" { strong { (words.say("naming-here")) } " " (says) } }
}

/// It is being looked at; where scripts run the page comes back by itself.
#[must_use]
pub fn looking(words: Words, domain: &str) -> Markup {
    html! {
        h1 { (words.around("naming-looking", None, &[("name", html! { bdi { (domain) } })])) }
        p role="status" { (words.say("naming-looking-says")) }
        p { a class="button second" href="" { (words.say("naming-again")) } }
    }
}

/// What was found.
#[must_use]
pub fn found(words: Words, page: &Found<'_>) -> Markup {
    let wrong = page.findings.iter().any(|finding| finding.wrong);
    html! {
        h1 {
            @if wrong {
                (words.say("naming-not-yet"))
            } @else {
                (words.around("naming-works", None, &[("name", html! { bdi { (page.domain) } })]))
            }
        }
        ul class="findings" {
            @for finding in page.findings {
                li class=(mark(finding).0) { strong { (words.say(mark(finding).1)) } " " (words.finding(finding.words)) }
            }
        }
        @if let Some(leading) = page.leading { (led(words, leading, page.domain)) }
        @if wrong {
            p { (words.say("naming-put-right")) }
        } @else if let Door::Owner { passkeys, password: false } = page.pass.door {
            p { (words.say("naming-later-says")) }
            @if passkeys > 0 { p class="problem" { (words.count("naming-later-passkeys", passkeys)) } }
            p { (words.say("naming-no-password")) }
            p { a class="button" href="/auth/recovery" { (words.say("recovery-use")) } }
        } @else {
            form method="post" action={ (page.pass.door.path()) "/take" } {
                (carried(&page.pass))
                @if let Door::Owner { passkeys, .. } = page.pass.door { (confirmed(words, passkeys)) }
                p { button type="submit" { (words.say("naming-take")) } }
            }
        }
        form method="post" action={ (page.pass.door.path()) "/leave" } {
            (carried(&page.pass))
            p { button class="second" type="submit" { (words.say(if wrong { "naming-again" } else { "naming-another" })) } }
        }
    }
}

/// What a server at the domain of handles has to lead to this one, each below `/.well-known/`.
const LED: [&str; 3] = ["webfinger", "host-meta", "nodeinfo"];

/// What a server at `leading` has to lead to `domain`; and the lines for that, as two common ones read them: inside what
/// they have for the domain of handles.
fn led(words: Words, leading: &str, domain: &str) -> Markup {
    let arrows = LED
        .map(|document| format!("https://{leading}/.well-known/{document} → https://{domain}/.well-known/{document}"));
    let nginx = LED
        .map(|document| format!("location = /.well-known/{document} {{ return 301 https://{domain}$request_uri; }}"));
    let caddy = LED.map(|document| format!("redir /.well-known/{document} https://{domain}{{uri}} 301"));
    html! {
        p { (words.say("naming-redirects")) }
        pre class="typed-out" dir="ltr" { code { (arrows.join("\n")) } }
        details {
            summary { (words.say("naming-proxies")) }
            p { (words.say("naming-proxies-nginx")) }
            pre class="typed-out" dir="ltr" { code { (nginx.join("\n")) } }
            p { (words.say("naming-proxies-caddy")) }
            pre class="typed-out" dir="ltr" { code { (caddy.join("\n")) } }
        }
    }
}

/// The name is taken; the server begins anew under it.
#[must_use]
pub fn taken(words: Words, address: &str) -> Markup {
    html! {
        h1 { (words.say("naming-anew")) }
        p role="status" { (words.say("naming-anew-says")) }
        p { a href=(address) { (words.say("naming-go-on")) } }
    }
}

fn carried(pass: &Pass<'_>) -> Markup {
    html! {
        input type="hidden" name="authenticity_token" value=(pass.token);
        @if let Door::FirstRun { code } = pass.door { input type="hidden" name="code" value=(code); }
    }
}

/// What the owner has to know, and the password.
fn confirmed(words: Words, passkeys: u64) -> Markup {
    html! {
        p { (words.say("naming-later-says")) }
        @if passkeys > 0 { p class="problem" { (words.count("naming-later-passkeys", passkeys)) } }
        p {
            label for="password" { (words.say("settings-your-password")) }
            input id="password" name="password" type="password" autocomplete="current-password" required;
        }
    }
}

fn mark(finding: &Looked<'_>) -> (&'static str, &'static str) {
    match (finding.fine, finding.wrong) {
        (true, _) => ("fine", "naming-fine"),
        (false, false) => ("unclear", "naming-unclear"),
        (false, true) => ("wrong", "naming-wrong"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(domain: &str, leading: Option<&str>) -> String {
        let pass = Pass { token: "t", door: Door::FirstRun { code: "c" } };
        found(Words::default(), &Found { pass, domain, findings: &[], leading }).into_string()
    }

    #[test]
    fn lines_for_proxies_lead_three_documents_to_the_server() {
        let text = page("social.example.org", Some("example.org"));
        for document in LED {
            let arrow = format!(
                "https://example.org/.well-known/{document} → https://social.example.org/.well-known/{document}"
            );
            assert_eq!(text.matches(&arrow).count(), 1, "{arrow}: {text}");
            let nginx =
                format!("location = /.well-known/{document} {{ return 301 https://social.example.org$request_uri; }}");
            let caddy = format!("redir /.well-known/{document} https://social.example.org{{uri}} 301");
            for line in [nginx, caddy] {
                assert_eq!(text.matches(&line).count(), 1, "{line}: {text}");
            }
        }
        assert_eq!(text.matches("<pre class=\"typed-out\" dir=\"ltr\">").count(), 3, "{text}");
    }

    #[test]
    fn lines_for_proxies_are_escaped_and_only_for_a_domain_of_its_own() {
        let text = page("a<b>&\"c", Some("x"));
        assert!(text.contains("https://a&lt;b&gt;&amp;&quot;c$request_uri") && !text.contains("a<b"), "{text}");
        let text = page("social.example.org", None);
        assert!(!text.contains("<details") && !text.contains("well-known"), "{text}");
    }
}

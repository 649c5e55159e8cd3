//! Moving between accounts: whom one names as one's own, and moving away. Plain forms that work without JavaScript.

use super::entrance::refusal;
use crate::layout::{self, Head, Site};
use maud::{Markup, html};

/// An account that one names as one's own.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Its ActivityPub id.
    pub uri: &'a str,
    /// `name` or `name@domain`, if it is known here.
    pub acct: Option<&'a str>,
}

/// The page of aliases.
#[derive(Debug, Clone, Copy)]
pub struct Aliases<'a> {
    /// The forms' `authenticity_token`.
    pub token: &'a str,
    /// Whom one names.
    pub named: &'a [Named<'a>],
    /// How many one may name.
    pub most: usize,
    /// What was typed.
    pub typed: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// The page of moving away.
#[derive(Debug, Clone, Copy)]
pub struct Migration<'a> {
    /// The forms' `authenticity_token`.
    pub token: &'a str,
    /// Where the account moved.
    pub moved_to: Option<&'a str>,
    /// Days until it may move again.
    pub wait_days: Option<u64>,
    /// Days between two moves.
    pub between_days: u64,
    /// How many followers it has.
    pub followers: u64,
    /// What was typed.
    pub typed: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// Whom one names as one's own.
#[must_use]
pub fn aliases(site: &Site<'_>, page: &Aliases<'_>) -> String {
    let body = html! {
        h1 { (site.t("moving-here")) }
        p { (site.t("moving-here-says")) }
        (refusal(site, page.problem))
        @for named in page.named {
            form class="inline" method="post" action="/settings/aliases/remove" {
                input type="hidden" name="authenticity_token" value=(page.token);
                input type="hidden" name="uri" value=(named.uri);
                p {
                    bdi { (named.acct.map_or_else(|| named.uri.to_owned(), |acct| site.handle(acct))) } " "
                    button class="quiet" type="submit" { (site.t("moving-remove")) }
                }
            }
        }
        @if page.named.len() < page.most {
            form method="post" action="/settings/aliases" {
                input type="hidden" name="authenticity_token" value=(page.token);
                (handle(&site.t("moving-left"), page.typed))
                p { button type="submit" { (site.t("moving-name")) } }
            }
        }
        p class="small" { a href="/settings/migration" { (site.t("moving-away")) } }
    };
    document(site, &site.t("moving-here-title"), &body)
}

/// Moving away.
#[must_use]
pub fn migration(site: &Site<'_>, page: &Migration<'_>) -> String {
    let body = html! {
        h1 { (site.t("moving-to")) }
        (refusal(site, page.problem))
        @match page.moved_to {
            Some(target) => {
                p { (site.t_around("moving-moved", &[("name", html! { strong { bdi { (target) } } })])) }
                form method="post" action="/settings/migration/back" {
                    input type="hidden" name="authenticity_token" value=(page.token);
                    p { (site.t("moving-back-says")) }
                    p { button class="second" type="submit" { (site.t("moving-back")) } }
                }
            }
            None => (away(site, page)),
        }
        p class="small" { a href="/settings/aliases" { (site.t("moving-here")) } }
    };
    document(site, &site.t("moving-away-title"), &body)
}

fn away(site: &Site<'_>, page: &Migration<'_>) -> Markup {
    html! {
        @if let Some(days) = page.wait_days {
            p { (site.t_count("moving-wait", days)) }
        } @else {
            p { (site.t("moving-read")) }
            ul {
                li { (site.t_count("moving-followers", page.followers)) }
                li { (site.t("moving-stops")) }
                li { (site.t("moving-posts")) }
                li { (site.t("moving-alias")) }
                li { (site.t_count("moving-again", page.between_days)) }
            }
            form method="post" action="/settings/migration" {
                input type="hidden" name="authenticity_token" value=(page.token);
                (handle(&site.t("moving-new"), page.typed))
                p {
                    label for="password" { (site.t("moving-password")) }
                    input id="password" name="password" type="password" autocomplete="current-password" required;
                }
                p { button type="submit" { (site.t("moving-do")) } }
            }
        }
    }
}

fn handle(label: &str, typed: &str) -> Markup {
    html! {
        p {
            label for="acct" { (label) }
            input id="acct" name="acct" value=(typed) placeholder="name@example.org" autocapitalize="none"
                autocomplete="off" spellcheck="false" required;
        }
    }
}

fn document(site: &Site<'_>, title: &str, body: &Markup) -> String {
    let head = Head { title, noindex: true, ..Head::default() };
    layout::document(site, &head, &html! { div class="small-form" { (body) } })
}

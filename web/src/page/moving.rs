//! Moving between accounts: whom one names as one's own, and moving away. Plain forms that work without JavaScript.

use super::entrance::problem;
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
        h1 { "Moving here from another account" }
        p { "Name the account that you want to leave. Then start the move over there: its followers will be asked to follow this account." }
        (problem(page.problem))
        @for named in page.named {
            form class="inline" method="post" action="/settings/aliases/remove" {
                input type="hidden" name="authenticity_token" value=(page.token);
                input type="hidden" name="uri" value=(named.uri);
                p {
                    bdi { (named.acct.map_or_else(|| named.uri.to_owned(), |acct| site.handle(acct))) } " "
                    button class="quiet" type="submit" { "Remove" }
                }
            }
        }
        @if page.named.len() < page.most {
            form method="post" action="/settings/aliases" {
                input type="hidden" name="authenticity_token" value=(page.token);
                (handle("The account you leave", page.typed))
                p { button type="submit" { "Name it" } }
            }
        }
        p class="small" { a href="/settings/migration" { "Moving away from here" } }
    };
    document(site, "Moving here", &body)
}

/// Moving away.
#[must_use]
pub fn migration(site: &Site<'_>, page: &Migration<'_>) -> String {
    let body = html! {
        h1 { "Moving to another account" }
        (problem(page.problem))
        @match page.moved_to {
            Some(target) => {
                p { "You have moved to " strong { bdi { (target) } } ". This account cannot post, share or follow any more; what it posted stays." }
                form method="post" action="/settings/migration/back" {
                    input type="hidden" name="authenticity_token" value=(page.token);
                    p { "If you take the move back, this account acts again. Followers who went do not come back by themselves." }
                    p { button class="second" type="submit" { "Take the move back" } }
                }
            }
            None => (away(page)),
        }
        p class="small" { a href="/settings/aliases" { "Moving here from another account" } }
    };
    document(site, "Moving away", &body)
}

fn away(page: &Migration<'_>) -> Markup {
    html! {
        @if let Some(days) = page.wait_days {
            p { "You moved lately. You can move again in " (days) @if days == 1 { " day." } @else { " days." } }
        } @else {
            p { "Before you go on, read this:" }
            ul {
                li { "Your followers (" (page.followers) ") will follow the new account instead. This cannot be undone." }
                li { "This account will not be able to post, share, favourite, vote or follow; its page will point to the new one." }
                li { "Your posts stay here. They do not move." }
                li { "The new account must have named this one as its alias before." }
                li { "You cannot move again for " (page.between_days) " days." }
            }
            form method="post" action="/settings/migration" {
                input type="hidden" name="authenticity_token" value=(page.token);
                (handle("The new account", page.typed))
                p {
                    label for="password" { "Your password here" }
                    input id="password" name="password" type="password" autocomplete="current-password" required;
                }
                p { button type="submit" { "Move my followers" } }
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

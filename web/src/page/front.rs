//! The front page: whose server this is, what for, and what is said on it.

use super::{
    Pager,
    pager::pager,
    person,
    post::{self, Look},
    text::number,
};
use crate::{
    assets,
    entity::{Status, V1Instance},
    layout::{self, Head, Site},
};
use maud::{Markup, PreEscaped, html};

/// What the front page shows.
#[derive(Debug, Clone, Copy)]
pub struct Front<'a> {
    /// The server.
    pub instance: &'a V1Instance,
    /// What is said while nobody may sign up.
    pub closed_message: Option<&'a str>,
    /// Posts of people here, newest first.
    pub statuses: &'a [Status],
    /// Their neighbours.
    pub pager: Pager<'a>,
    /// There are terms of service.
    pub terms: bool,
}

/// The front page.
#[must_use]
pub fn front(site: &Site<'_>, page: &Front<'_>) -> String {
    let instance = page.instance;
    let canonical = format!("{}/", site.origin);
    let description = Some(instance.short_description.as_str()).filter(|text| !text.is_empty());
    let head = Head { title: site.title, description, canonical: Some(&canonical), ..Head::default() };
    let body = html! {
        div class="wide" { (PreEscaped(assets::SCENE)) }
        div class="wide front" {
            section class="about" aria-labelledby="server" {
                h1 id="server" { bdi { (site.title) } }
                p class="lead" dir="auto" {
                    @match description {
                        Some(text) => (text),
                        None => "A small server for people, part of the fediverse: follow anybody here from any server you like.",
                    }
                }
                (numbers(instance))
                (keeper(site, instance))
                @if instance.contact_account.is_none() && instance.stats.user_count == 0 {
                    p class="hint" {
                        strong { "This server has no owner yet." }
                        " Whoever started it finds a link with a one-time code in its output; it holds for 30 minutes, "
                        "and each start makes a new one."
                    }
                } @else if site.viewer.is_none() {
                    (joining(page))
                }
                p {
                    a href="/about" { "Rules and more about this server" }
                    " · " a href="/privacy-policy" { "Privacy policy" }
                    @if page.terms { " · " a href="/terms-of-service" { "Terms of service" } }
                }
            }
            section aria-labelledby="posts" {
                h2 id="posts" { "Said here" }
                @if page.statuses.is_empty() {
                    p class="empty sheet" { "Nothing has been posted yet." }
                } @else {
                    (post::list(site, page.statuses, Look::Listed))
                }
                (pager(page.pager))
            }
        }
    };
    layout::document(site, &head, &body)
}

/// How new people come in.
fn joining(page: &Front<'_>) -> Markup {
    let instance = page.instance;
    html! {
        @if instance.registrations {
            p class="acts" { a class="button" href="/auth/sign_up" { "Sign up" } }
            @if instance.approval_required {
                p class="hint" { "Somebody who looks after this server reads what you write and lets you in." }
            }
        } @else if let Some(message) = page.closed_message {
            p dir="auto" { (message) }
        } @else {
            p { "New people: ask whoever runs it; nobody can sign up on their own." }
        }
    }
}

/// How many people and posts there are, and servers known.
pub(super) fn numbers(instance: &V1Instance) -> Markup {
    let stats = &instance.stats;
    html! {
        dl class="numbers" {
            @for (count, one, many) in [
                (stats.user_count, "person", "people"),
                (stats.status_count, "post", "posts"),
                (stats.domain_count, "other server known", "other servers known"),
            ] {
                div { dt { (if count == 1 { one } else { many }) } dd { (number(count)) } }
            }
        }
    }
}

/// Who runs the server.
pub(super) fn keeper(site: &Site<'_>, instance: &V1Instance) -> Markup {
    html! {
        @if let Some(account) = &instance.contact_account {
            h2 { "Who runs it" }
            (person::card(site, account, None))
        }
        @if !instance.email.is_empty() {
            p { "Write to " a href={ "mailto:" (instance.email) } { (instance.email) } }
        }
    }
}

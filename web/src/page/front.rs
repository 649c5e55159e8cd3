//! The front page: whose server this is, what for, and what is said on it.

use super::{
    Pager,
    pager::pager,
    person,
    post::{self, Look},
    profile,
};
use crate::{
    assets,
    entity::{Status, V1Instance},
    layout::{self, Head, Site},
    words::grouped,
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
    let feeds = format!("{}/local", site.origin);
    let head =
        Head { title: site.title, description, canonical: Some(&canonical), feeds: Some(&feeds), ..Head::default() };
    // Where one person lives alone, the server is theirs to be met at.
    let alone = instance.contact_account.as_ref().filter(|_| instance.stats.user_count == 1);
    let body = html! {
        div class="wide" { (PreEscaped(assets::SCENE)) }
        div class="wide front" {
            section class="about" aria-labelledby="server" {
                h1 id="server" { bdi { (site.title) } }
                p class="lead" dir="auto" {
                    @match description {
                        Some(text) => (text),
                        None => (site.t("front-lead")),
                    }
                }
                (numbers(site, instance))
                @match alone {
                    Some(owner) => (profile::brief(site, owner)),
                    None => (keeper(site, instance)),
                }
                @if instance.contact_account.is_none() && instance.stats.user_count == 0 {
                    p class="hint" {
                        strong { (site.t("front-unowned")) } " " (site.t("front-unowned-hint"))
                    }
                } @else if site.viewer.is_none() {
                    (joining(site, page))
                }
                p {
                    a href="/about" { (site.t("front-more")) }
                    " · " a href="/privacy-policy" { (site.t("privacy-policy")) }
                    @if page.terms { " · " a href="/terms-of-service" { (site.t("terms-of-service")) } }
                }
                (rules(site, instance))
            }
            section aria-labelledby="posts" {
                div class="row" {
                    h2 id="posts" { (site.t("front-said-here")) }
                    p class="small" { a href="/local.atom" type="application/atom+xml" { (site.t("front-feed")) } }
                }
                @if page.statuses.is_empty() {
                    p class="empty sheet" { (site.t("front-empty")) }
                } @else {
                    (post::list(site, page.statuses, Look::Listed))
                }
                (pager(site, page.pager))
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Rules that the front page shows; the rest is on the page about the server.
const RULES_SHOWN: usize = 5;

/// The first rules.
fn rules(site: &Site<'_>, instance: &V1Instance) -> Markup {
    html! {
        @if !instance.rules.is_empty() {
            h2 { (site.t("rules")) }
            ol class="rules" {
                @for rule in instance.rules.iter().take(RULES_SHOWN) { li dir="auto" { (rule.text) } }
            }
            @if instance.rules.len() > RULES_SHOWN { p { a href="/about" { (site.t("rules-all")) } } }
        }
    }
}

/// How new people come in.
fn joining(site: &Site<'_>, page: &Front<'_>) -> Markup {
    let instance = page.instance;
    html! {
        @if instance.registrations {
            p class="acts" { a class="button" href="/auth/sign_up" { (site.t("sign-up")) } }
            @if instance.approval_required {
                p class="hint" { (site.t("front-approval")) }
            }
        } @else if let Some(message) = page.closed_message {
            p dir="auto" { (message) }
        } @else {
            p { (site.t("front-closed")) }
        }
    }
}

/// How many people and posts there are, and servers known.
pub(super) fn numbers(site: &Site<'_>, instance: &V1Instance) -> Markup {
    let stats = &instance.stats;
    html! {
        dl class="numbers" {
            @for (count, key) in [
                (stats.user_count, "noun-people"),
                (stats.status_count, "noun-posts"),
                (stats.domain_count, "noun-servers"),
            ] {
                div { dt { (site.t_count(key, count)) } dd { (grouped(count)) } }
            }
        }
    }
}

/// Who runs the server.
pub(super) fn keeper(site: &Site<'_>, instance: &V1Instance) -> Markup {
    html! {
        @if let Some(account) = &instance.contact_account {
            h2 { (site.t("front-who-runs-it")) }
            (person::card(site, account, None))
        }
        @if !instance.email.is_empty() {
            p {
                (site.t_around("front-write-to", &[("address", html! { a href={ "mailto:" (instance.email) } { (instance.email) } })]))
            }
        }
    }
}

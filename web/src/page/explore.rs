//! Explore: what goes on here beyond whom one follows: tags, people, posts of this server.

use super::{
    Pager,
    pager::pager,
    person,
    post::{self, Look},
    tag,
};
use crate::{
    entity::{SharedAccount, Status, Suggestion, Tag},
    layout::{self, Head, Site},
};
use maud::{Markup, html};
use std::sync::Arc;

/// What explore shows.
#[derive(Debug, Clone, Copy)]
pub struct Explore<'a> {
    /// Tags one follows.
    pub followed: &'a [Tag],
    /// Tags much used here lately.
    pub busy: &'a [Tag],
    /// People one might want to follow.
    pub people: &'a [Suggestion],
    /// People who came to this server last and want to be found.
    pub newcomers: &'a [Arc<SharedAccount>],
    /// Posts of people here, newest first.
    pub statuses: &'a [Status],
    /// Their neighbours.
    pub pager: Pager<'a>,
    /// It is the first page.
    pub first: bool,
}

/// Explore.
#[must_use]
pub fn explore(site: &Site<'_>, page: &Explore<'_>) -> String {
    let title = site.t("nav-explore");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @if page.first {
                (tags(site, "explore-busy", page.busy))
                (tags(site, "explore-followed", page.followed))
                @if !page.people.is_empty() {
                    h2 { (site.t("explore-people")) }
                    ul class="posts" {
                        @for suggested in page.people {
                            li class="sheet" {
                                (person::card(site, &suggested.account, None))
                                @if let Some(why) = suggested.sources.first().and_then(|source| reason(source)) {
                                    p class="small soft" { (site.words.say(why)) }
                                }
                            }
                        }
                    }
                }
                @if !page.newcomers.is_empty() {
                    h2 { (site.t("explore-newcomers")) }
                    ul class="posts" {
                        @for account in page.newcomers { li class="sheet" { (person::card(site, account, None)) } }
                    }
                }
            }
            @if page.first && page.people.is_empty() && page.busy.is_empty() { (beginnings(site)) }
            h2 { (site.t("front-said-here")) }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.t("front-empty")) }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

/// Why somebody is suggested, by the strongest reason, as the message that says it.
fn reason(source: &str) -> Option<&'static str> {
    match source {
        "friends_of_friends" => Some("suggested-friends"),
        "featured" => Some("suggested-featured"),
        "most_followed" => Some("suggested-popular"),
        _ => None,
    }
}

/// Where a server that knows few people yet finds more of them.
fn beginnings(site: &Site<'_>) -> Markup {
    const WAYS: [(&str, &str, &str); 4] = [
        ("/search", "begin-search", "begin-search-says"),
        ("/settings/import", "begin-import", "begin-import-says"),
        ("/followed_tags", "begin-tags", "begin-tags-says"),
        ("/settings/profile", "begin-profile", "begin-profile-says"),
    ];
    html! {
        section class="sheet" aria-labelledby="begin" {
            h2 id="begin" { (site.t("begin-title")) }
            p { (site.t("begin-says")) }
            ul class="lines" {
                @for (path, what, why) in WAYS {
                    li {
                        p class="short" { a href=(path) { (site.words.say(what)) } }
                        p class="note" { (site.words.say(why)) }
                    }
                }
            }
        }
    }
}

fn tags(site: &Site<'_>, key: &str, tags: &[Tag]) -> Markup {
    html! {
        @if !tags.is_empty() { h2 { (site.words.say(key)) } (tag::cloud(site, tags)) }
    }
}

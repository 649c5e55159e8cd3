//! Posts with a hashtag, tags side by side, and the tags one follows.

use super::{
    Pager, acts,
    pager::pager,
    post::{self, Look},
    search::url_query,
};
use crate::{
    entity::{Status, Tag as Known},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// What the page of a tag shows.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// The tag without its sign.
    pub name: &'a str,
    /// Posts with it, newest first.
    pub statuses: &'a [Status],
    /// Their neighbours.
    pub pager: Pager<'a>,
    /// Whether whoever is signed in follows it; `None` for guests.
    pub followed: Option<bool>,
}

/// The page of a tag.
#[must_use]
pub fn tag(site: &Site<'_>, page: &Tag<'_>) -> String {
    let title = format!("#{}", page.name);
    let address = format!("{}/tags/{}", site.origin, page.name);
    let head = Head { title: &title, noindex: true, feeds: Some(&address), ..Head::default() };
    let body = html! {
        div class="narrow" {
            div class="row" {
                h1 { bdi { (title) } }
                @if let Some(followed) = page.followed { (follow(site, page.name, followed)) }
            }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.t("tag-empty")) }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

fn follow(site: &Site<'_>, name: &str, followed: bool) -> Markup {
    html! {
        @if followed {
            (acts::wide("unfollow-tag", name, &site.t("profile-unfollow"), true))
        } @else {
            (acts::wide("follow-tag", name, &site.t("profile-follow"), false))
        }
    }
}

/// Tags side by side.
pub(super) fn cloud(site: &Site<'_>, tags: &[Known]) -> Markup {
    let uses = |tag: &Known| tag.history.iter().filter_map(|day| day.uses.parse::<u64>().ok()).sum::<u64>();
    html! {
        ul class="cloud" {
            @for tag in tags {
                li {
                    a href={ "/tags/" (url_query(&tag.name)) } { "#" bdi { (tag.name) } }
                    @if uses(tag) > 0 { span class="note" { (site.t_count("tag-uses", uses(tag))) } }
                }
            }
        }
    }
}

/// The tags one follows.
#[must_use]
pub fn followed(site: &Site<'_>, tags: &[Known], neighbours: Pager<'_>) -> String {
    let title = site.t("followed-tags");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @if tags.is_empty() { p class="empty sheet" { (site.t("followed-tags-empty")) } }
            ul class="posts" {
                @for tag in tags {
                    li class="sheet row" {
                        a class="who" href={ "/tags/" (url_query(&tag.name)) } { span class="name" { "#" bdi { (tag.name) } } }
                        (follow(site, &tag.name, true))
                    }
                }
            }
            (pager(site, neighbours))
        }
    };
    layout::document(site, &head, &body)
}

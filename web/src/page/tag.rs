//! Public posts with a hashtag.

use super::{
    Pager,
    pager::pager,
    post::{self, Look},
};
use crate::{
    entity::Status,
    layout::{self, Head, Site},
};
use maud::html;

/// What the page of a tag shows.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// The tag without its sign.
    pub name: &'a str,
    /// Posts with it, newest first.
    pub statuses: &'a [Status],
    /// Their neighbours.
    pub pager: Pager<'a>,
}

/// The page of a tag.
#[must_use]
pub fn tag(site: &Site<'_>, page: &Tag<'_>) -> String {
    let title = format!("#{}", page.name);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { bdi { (title) } }
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

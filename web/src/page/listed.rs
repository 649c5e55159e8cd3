//! A list of posts under a title, and nothing else.

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

/// Such a list.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// Its title.
    pub title: &'a str,
    /// The message where there is none.
    pub empty: &'static str,
    /// The posts, newest first.
    pub statuses: &'a [Status],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// The list as a page.
#[must_use]
pub fn listed(site: &Site<'_>, page: &Listed<'_>) -> String {
    let head = Head { title: page.title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { bdi { (page.title) } }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.words.say(page.empty)) }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

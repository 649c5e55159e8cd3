//! The way through a long list: newer, older.

use crate::layout::Site;
use maud::{Markup, html};

/// The neighbouring pages of a list, as addresses; `None`: there is nothing that way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pager<'a> {
    /// What is newer.
    pub newer: Option<&'a str>,
    /// What is older.
    pub older: Option<&'a str>,
}

pub(super) fn pager(site: &Site<'_>, pager: Pager<'_>) -> Markup {
    html! {
        @if pager.newer.is_some() || pager.older.is_some() {
            nav class="pager" aria-label=(site.t("pager")) {
                @if let Some(newer) = pager.newer { a href=(newer) rel="prev" { (site.t("newer-posts")) } }
                @if let Some(older) = pager.older { a class="older" href=(older) rel="next" { (site.t("older-posts")) } }
            }
        }
    }
}

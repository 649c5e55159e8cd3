//! The way through a long list: newer, older.

use maud::{Markup, html};

/// The neighbouring pages of a list, as addresses; `None`: there is nothing that way.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pager<'a> {
    /// What is newer.
    pub newer: Option<&'a str>,
    /// What is older.
    pub older: Option<&'a str>,
}

pub(super) fn pager(pager: Pager<'_>) -> Markup {
    html! {
        @if pager.newer.is_some() || pager.older.is_some() {
            nav class="pager" aria-label="More posts" {
                @if let Some(newer) = pager.newer { a href=(newer) rel="prev" { "Newer posts" } }
                @if let Some(older) = pager.older { a class="older" href=(older) rel="next" { "Older posts" } }
            }
        }
    }
}

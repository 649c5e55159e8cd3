//! People of somebody's: who follows them, whom they follow.

use super::{Pager, pager::pager, person};
use crate::{
    entity::{Account, SharedAccount},
    layout::{self, Head, Site},
};
use maud::html;
use std::sync::Arc;

/// Such a list.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// The message that says what it is.
    pub title: &'static str,
    /// Whose it is.
    pub owner: &'a Account,
    /// The people, the last first.
    pub people: &'a [Arc<SharedAccount>],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// The list as a page.
#[must_use]
pub fn people(site: &Site<'_>, page: &People<'_>) -> String {
    let title = site.words.with(page.title, &[("name", person::name(page.owner))]);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (site.words.around(page.title, None, &[("name", html! { bdi { (person::name(page.owner)) } })])) }
            (person::card(site, page.owner, None))
            @if page.people.is_empty() { p class="empty sheet" { (site.t("people-empty")) } }
            ul class="posts" {
                @for account in page.people { li class="sheet" { (person::card(site, account, None)) } }
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

//! Everywhere one can go, as a page: what the bar of a narrow window has no room for.

use crate::layout::{self, Head, Site};
use maud::html;

/// The menu.
#[must_use]
pub fn menu(site: &Site<'_>) -> String {
    let title = site.t("nav-menu");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (layout::menu(site))
            ul class="all-ways" {
                li { a href="/about" { (site.t("about")) } }
                li { a href="/language" { (site.t("language")) } }
            }
        }
    };
    layout::document(site, &head, &body)
}

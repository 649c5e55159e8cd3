//! What one can set, as a page of ways: a new page of settings is one line here.

use crate::layout::{self, Head, Site};
use maud::html;

/// Pages of settings, each with the message that names it.
const PAGES: [(&str, &str); 4] = [
    ("/language", "language"),
    ("/auth/edit", "password"),
    ("/settings/aliases", "settings-moving-here"),
    ("/settings/migration", "settings-moving-away"),
];

/// All pages of settings.
#[must_use]
pub fn settings(site: &Site<'_>) -> String {
    let title = site.t("nav-settings");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            ul class="all-ways" {
                @for (path, key) in PAGES { li { a href=(path) { (site.words.say(key)) } } }
            }
        }
    };
    layout::document(site, &head, &body)
}

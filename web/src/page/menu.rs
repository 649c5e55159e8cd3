//! Everywhere one can go, as a page: what the bar of a narrow window has no room for.

use crate::layout::{self, Head, Site};
use maud::html;

/// Keys of the script, each with the message that says what it does.
const KEYS: [(&str, &str); 15] = [
    ("j", "key-next"),
    ("k", "key-previous"),
    ("o", "key-open"),
    ("r", "act-reply"),
    ("f", "act-favourite"),
    ("b", "act-boost"),
    ("d", "act-bookmark"),
    ("x", "key-unfold"),
    ("i", "key-picture"),
    ("p", "key-author"),
    ("n", "nav-compose"),
    ("/", "nav-search"),
    (".", "key-fresh"),
    ("g h", "key-go"),
    ("?", "keys"),
];

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
                li { a href="/follow_requests" { (site.t("follow-requests")) } }
                li { a href="/followed_tags" { (site.t("followed-tags")) } }
                li { a href="/drafts" { (site.t("drafts")) } }
                li { a href="/scheduled" { (site.t("scheduled")) } }
                li { a href="/interaction_requests" { (site.t("asked-title")) } }
                li { a href="/about" { (site.t("about")) } }
                li { a href="/language" { (site.t("language")) } }
            }
            h2 id="keys" { (site.t("keys")) }
            dl class="facts keys" {
                @for (key, message) in KEYS { div { dt { kbd { (key) } } dd { (site.words.say(message)) } } }
            }
        }
    };
    layout::document(site, &head, &body)
}

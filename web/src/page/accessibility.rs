//! How accessible these pages are: what they are held against, what is known not to be right, whom to write to (UX §3.2).

use crate::layout::{self, Head, Site};
use maud::html;

/// What is looked at with each change.
const LOOKED_AT: [&str; 6] = [
    "accessibility-standard",
    "accessibility-audit",
    "accessibility-keyboard",
    "accessibility-narrow",
    "accessibility-contrast",
    "accessibility-scripts",
];
/// What is known not to be right.
const GAPS: [&str; 4] =
    ["accessibility-gap-readers", "accessibility-gap-alt", "accessibility-gap-emoji", "accessibility-gap-words"];

/// The statement; `email` is the address of whoever runs the server, may be empty.
#[must_use]
pub fn statement(site: &Site<'_>, email: &str) -> String {
    let title = site.t("accessibility");
    let canonical = format!("{}/accessibility", site.origin);
    let head = Head { title: &title, canonical: Some(&canonical), ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p class="lead" { (site.t("accessibility-says")) }
            h2 { (site.t("accessibility-looked-at")) }
            ul { @for key in LOOKED_AT { li { (site.t(key)) } } }
            h2 { (site.t("accessibility-gaps")) }
            ul { @for key in GAPS { li { (site.t(key)) } } }
            h2 { (site.t("accessibility-write")) }
            p {
                @if email.is_empty() {
                    (site.t("accessibility-write-program"))
                } @else {
                    (site.t_around("accessibility-write-to", &[("address", html! { a href={ "mailto:" (email) } { bdi { (email) } } })]))
                }
            }
            p { a href="/about" { (site.t("about")) } }
        }
    };
    layout::document(site, &head, &body)
}

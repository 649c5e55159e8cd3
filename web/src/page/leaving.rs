//! The page before an address of another server: guests are told where it leads and go there by a link, or not. Who has an
//! address here by their choice alone must not be able to send people on in this server's name (SECURITY D8).

use super::text::{host, web_link};
use crate::layout::{self, Head, Site};
use maud::html;

/// The page that names `url`, which another server chose.
#[must_use]
pub fn leaving(site: &Site<'_>, url: &str) -> String {
    let title = site.t("leaving-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t_around("leaving-says", &[("host", html! { bdi { (host(url)) } })])) }
            p {
                @match web_link(url) {
                    Some(url) => a href=(url) rel="nofollow noopener noreferrer" dir="ltr" { (url) },
                    None => code dir="ltr" { (url) },
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

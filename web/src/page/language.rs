//! The language of pages, chosen by name.

use crate::{
    layout::{self, Head, Site},
    words::Words,
};
use maud::html;

/// The form with all languages; `token` is its `authenticity_token`, `return_to` a path of this server.
#[must_use]
pub fn language(site: &Site<'_>, token: &str, return_to: &str) -> String {
    let title = site.t("language");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="small-form" {
            h1 { (title) }
            p { (site.t("language-hint")) }
            form method="post" action="/language" {
                input type="hidden" name="authenticity_token" value=(token);
                input type="hidden" name="return_to" value=(return_to);
                ul class="choices" {
                    @for (tag, name) in Words::choices() {
                        li {
                            button class="second" name="language" value=(tag) lang=(tag)
                                aria-current=[(tag == site.words.tag()).then_some("true")] { (name) }
                        }
                    }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

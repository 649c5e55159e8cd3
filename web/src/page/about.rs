//! About this server: who runs it, its rules, its program and where that program's source is (AGPL §13).

use super::{
    document::lowered,
    front::{keeper, numbers},
};
use crate::{
    entity::V1Instance,
    layout::{self, Head, Site},
};
use maud::{PreEscaped, html};

/// What the page about the server shows.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The server.
    pub instance: &'a V1Instance,
    /// What is written down of it: sanitised HTML, may be empty.
    pub text: &'a str,
    /// There are terms of service.
    pub terms: bool,
}

/// The page about the server.
#[must_use]
pub fn about(site: &Site<'_>, page: &About<'_>) -> String {
    let instance = page.instance;
    let canonical = format!("{}/about", site.origin);
    let description = Some(instance.short_description.as_str()).filter(|text| !text.is_empty());
    let head = Head { title: "About", description, canonical: Some(&canonical), ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { "About " bdi { (site.title) } }
            @if let Some(text) = description { p class="lead" dir="auto" { (text) } }
            (numbers(site, instance))
            (keeper(site, instance))
            @if !page.text.is_empty() {
                div class="content text" dir="auto" { (PreEscaped(lowered(page.text))) }
            }
            h2 { "Rules" }
            @if instance.rules.is_empty() {
                p { "No rules have been written down." }
            } @else {
                ol class="rules" {
                    @for rule in &instance.rules {
                        li dir="auto" {
                            (rule.text)
                            @if !rule.hint.is_empty() { span class="note" { (rule.hint) } }
                        }
                    }
                }
            }
            p {
                a href="/privacy-policy" { "Privacy policy" }
                @if page.terms { " · " a href="/terms-of-service" { "Terms of service" } }
            }
            h2 { "Following people here" }
            p {
                "Accounts here look like " code { "@name@" (site.domain) } ". Put such a name into the search box of your own "
                "server or app, and follow from there."
            }
            h2 id="source" { "The program and its source code" }
            p {
                "This server runs Dassie " (site.version) ", free software under the GNU Affero General Public License, version "
                "3 or later. Everybody who uses it over the network may have the source code of exactly this version; whoever "
                "runs the server gives it to you on request."
            }
        }
    };
    layout::document(site, &head, &body)
}

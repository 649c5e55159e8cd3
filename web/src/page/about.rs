//! About this server: who runs it, its rules, its program and where that program's source is (AGPL §13).

use super::{
    document::lowered,
    front::{keeper, numbers},
};
use crate::{
    entity::{DomainBlock, V1Instance},
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
    let title = site.t("about");
    let head = Head { title: &title, description, canonical: Some(&canonical), ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (site.t_around("about-title", &[("name", html! { bdi { (site.title) } })])) }
            @if let Some(text) = description { p class="lead" dir="auto" { (text) } }
            (numbers(site, instance))
            (keeper(site, instance))
            @if !page.text.is_empty() {
                div class="content text" dir="auto" { (PreEscaped(lowered(page.text))) }
            }
            h2 { (site.t("rules")) }
            @if instance.rules.is_empty() {
                p { (site.t("rules-none")) }
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
                a href="/privacy-policy" { (site.t("privacy-policy")) }
                @if page.terms { " · " a href="/terms-of-service" { (site.t("terms-of-service")) } }
                " · " a href="/about/blocked" { (site.t("blocked-servers")) }
                " · " a href="/accessibility" { (site.t("accessibility")) }
            }
            h2 { (site.t("about-following")) }
            p {
                (site.t_around("about-following-says", &[("handle", html! { code { "@name@" (site.domain) } })]))
            }
            h2 id="source" { (site.t("about-source")) }
            p {
                (site.t_with("about-source-says", &[("version", site.version)]))
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Servers of which nothing, or less, is heard here, with the reason that whoever runs this one gives for it; `more`: the
/// way to the ones after them.
#[must_use]
pub fn blocked(site: &Site<'_>, blocks: &[DomainBlock], more: Option<&str>) -> String {
    let title = site.t("blocked-servers");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t("blocked-servers-say")) }
            @if blocks.is_empty() {
                p class="empty sheet" { (site.t("blocked-servers-none")) }
            } @else {
                ul class="lines sheet" {
                    @for block in blocks {
                        li {
                            p class="short" {
                                bdi dir="ltr" { (block.domain) } " "
                                span class="badge" {
                                    (site.t(if block.severity == "suspend" { "blocked-wholly" } else { "blocked-limited" }))
                                }
                            }
                            @if !block.comment.is_empty() { p class="note" dir="auto" { (block.comment) } }
                        }
                    }
                }
            }
            @if let Some(more) = more {
                nav class="pager" aria-label=(title) { a class="older" href=(more) rel="next" { (site.t("blocked-servers-more")) } }
            }
        }
    };
    layout::document(site, &head, &body)
}

//! What a post was before it was edited.

use super::{emoji, media, person, text::moment};
use crate::{
    entity::{Status, StatusEdit},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// The versions of a post, the newest first; `back` is its page.
#[must_use]
pub fn history(site: &Site<'_>, status: &Status, versions: &[StatusEdit], back: &str) -> String {
    let title = site.t("history-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (person::card(site, &status.account, None))
            p { a href=(back) { (site.t("history-back")) } }
            ol class="posts" reversed {
                @for (at, version) in versions.iter().enumerate() {
                    li { (one(site, version, at == 0, at + 1 == versions.len())) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

fn one(site: &Site<'_>, version: &StatusEdit, newest: bool, first: bool) -> Markup {
    let key = match (newest, first) {
        (true, false) => "history-newest",
        (_, true) => "history-first",
        (false, false) => "history-edited",
    };
    let warning = version.spoiler_text.trim();
    let fold = (version.sensitive && warning.is_empty())
        .then(|| html! { (site.t_count("media-sensitive", version.media_attachments.len() as u64)) });
    let words = html! {
        @if !version.content.is_empty() {
            div class="content" dir="auto" { (emoji::in_html(site, &version.content, &version.emojis)) }
        }
        (media::attachments(site, &version.media_attachments, fold.as_ref()))
        @if let Some(poll) = &version.poll {
            ul class="lines" aria-label=(site.t("poll")) {
                @for option in &poll.options { li dir="auto" { (emoji::in_text(site, &option.title, &version.emojis)) } }
            }
        }
    };
    html! {
        article class="post" {
            h2 class="small" { (site.t_around(key, &[("time", moment(site, &version.created_at))])) }
            div class="words" {
                @if warning.is_empty() {
                    (words)
                } @else {
                    details {
                        summary { span dir="auto" { (emoji::in_text(site, warning, &version.emojis)) } }
                        (words)
                    }
                }
            }
        }
    }
}

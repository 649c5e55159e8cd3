//! What waits for one's word: replies, boosts and favourites of people who have to ask.

use super::{
    Pager, acts,
    pager::pager,
    person,
    post::{self, Look},
    text::{excerpt, moment, own_words},
};
use crate::{
    entity::{InteractionRequest, Status},
    layout::{self, Head, Site},
    words::plain,
};
use maud::{Markup, html};

/// Characters of one's own post that are told.
const EXCERPT_CHARS: usize = 160;

/// What waits, the newest first.
#[must_use]
pub fn asked(site: &Site<'_>, waiting: &[InteractionRequest], neighbours: Pager<'_>) -> String {
    let title = site.t("asked-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p class="note" { (site.t("asked-hint")) }
            @if waiting.is_empty() { p class="empty sheet" { (site.t("asked-empty")) } }
            ul class="posts" { @for request in waiting { li class="told" { (one(site, request)) } } }
            (pager(site, neighbours))
        }
    };
    layout::document(site, &head, &body)
}

fn one(site: &Site<'_>, request: &InteractionRequest) -> Markup {
    let key = match request.kind {
        "reply" => "asked-reply",
        "reblog" => "asked-boost",
        _ => "asked-favourite",
    };
    html! {
        p class="happened" {
            span { (site.t_around(key, &[("name", person::named(site, &request.account))])) }
            span class="when" { (moment(site, &request.created_at)) }
        }
        p class="short" dir="auto" { (about(site, &request.status)) }
        @if let Some(reply) = &request.reply { (post::article(&Site { viewer: None, ..*site }, reply, Look::Listed, None)) }
        p class="answers" {
            (acts::wide("allow", &request.id, &site.t("asked-allow"), false))
            (acts::wide("refuse", &request.id, &site.t("asked-refuse"), true))
        }
    }
}

/// How the post begins that it is about.
fn about(site: &Site<'_>, status: &Status) -> Markup {
    let said = match status.spoiler_text.trim() {
        "" => excerpt(own_words(&status.content), EXCERPT_CHARS),
        warning => excerpt(&plain(warning).into_string(), EXCERPT_CHARS),
    };
    let said = if said.is_empty() { site.t("told-your-post").into_owned() } else { said };
    html! {
        @match post::link(site, status) {
            Some(url) => a href=(url) { (said) },
            None => (said),
        }
    }
}

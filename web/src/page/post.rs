//! One post, wherever it stands.

use super::{
    media, person,
    text::{counted, language, number, time, web_link},
};
use crate::{
    entity::{Quote, Status},
    layout::Site,
};
use maud::{Markup, PreEscaped, html};

/// How a post is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// In a list.
    Listed,
    /// The one the page is about: large, with its numbers.
    Focused,
    /// Above the others of a profile.
    Pinned,
}

/// A list of posts.
pub(super) fn list<'a>(site: &Site<'_>, statuses: impl IntoIterator<Item = &'a Status>, look: Look) -> Markup {
    html! {
        ul class="posts" {
            @for status in statuses { li { (article(site, status, look, None)) } }
        }
    }
}

/// A post, or what it shares with who shared it. `answers` names whom it answers where the page does not show that.
pub(super) fn article(site: &Site<'_>, status: &Status, look: Look, answers: Option<&str>) -> Markup {
    let shown = status.reblog.as_deref().unwrap_or(status);
    // A post can stand on a page twice: pinned, and in its place.
    let front = if look == Look::Pinned { "pinned" } else { "post" };
    let (name_id, text_id) = (format!("{front}-{}-name", status.id), format!("{front}-{}-text", status.id));
    html! {
        article class=(if look == Look::Focused { "post focused" } else { "post" }) aria-labelledby=(name_id)
            aria-describedby=(text_id) {
            @if status.reblog.is_some() {
                p class="above" { bdi { (person::name(&status.account)) } " boosted" }
            }
            @if look == Look::Pinned { p class="above" { "Pinned" } }
            (person::card(site, &shown.account, Some(&name_id)))
            @if let Some(answers) = answers { p class="above" { "Answers " bdi { (answers) } } }
            div class="words" id=(text_id) { (body(site, shown)) }
            @if look == Look::Focused { (numbers(shown)) }
            (foot(site, shown, look))
        }
    }
}

/// Text and attachments; behind its warning if it has one.
fn body(site: &Site<'_>, status: &Status) -> Markup {
    let lang = language(status.language.as_deref());
    let warning = status.spoiler_text.trim();
    let folded = status.sensitive && warning.is_empty();
    // Whoever sees the quote needs no link to it.
    let quotes = status.quote.as_ref().is_some_and(|quote| quote.shown().is_some());
    let inner = html! {
        @if !status.content.is_empty() {
            div class=(if quotes { "content quotes" } else { "content" }) dir="auto" lang=[lang] { (PreEscaped(&status.content)) }
        }
        (media::attachments(site, &status.media_attachments, folded))
        @if let Some(poll) = &status.poll { (media::poll(poll)) }
        @if let Some(card) = status.card.as_ref().filter(|_| status.media_attachments.is_empty()) { (media::card(card)) }
        @if let Some(quote) = &status.quote { (quoted(site, quote)) }
    };
    html! {
        @if warning.is_empty() {
            (inner)
        } @else {
            details {
                summary { span dir="auto" lang=[lang] { (warning) } span class="act" { " (show the post)" } }
                (inner)
            }
        }
    }
}

/// What is quoted: one level only, an inner quote is not drawn.
fn quoted(site: &Site<'_>, quote: &Quote) -> Markup {
    html! {
        @match quote.shown() {
            Some(status) => {
                blockquote class="quote" {
                    (person::card(site, &status.account, None))
                    @if status.spoiler_text.is_empty() {
                        div class="content" dir="auto" lang=[language(status.language.as_deref())] { (PreEscaped(&status.content)) }
                    } @else {
                        p dir="auto" { (status.spoiler_text) }
                    }
                    @if let Some(url) = link(site, status) { p class="small" { a href=(url) { "The quoted post" } } }
                }
            },
            None => p class="quote soft" { "A quoted post that cannot be shown." },
        }
    }
}

fn numbers(status: &Status) -> Markup {
    html! {
        dl class="numbers" {
            @for (count, one, many) in [
                (status.replies_count, "reply", "replies"),
                (status.reblogs_count, "boost", "boosts"),
                (status.favourites_count, "favourite", "favourites"),
            ] {
                div { dt { (if count == 1 { one } else { many }) } dd { (number(count)) } }
            }
        }
    }
}

fn foot(site: &Site<'_>, status: &Status, look: Look) -> Markup {
    let when = html! { time datetime=(status.created_at) { (time(&status.created_at)) } };
    let own = status.url.as_deref().and_then(|url| site.path(url));
    html! {
        p class="foot" {
            span class="time" {
                @match link(site, status) {
                    Some(url) => a href=(url) rel=[own.is_none().then_some("nofollow noopener noreferrer")] { (when) },
                    None => (when),
                }
            }
            @if let Some(edited) = &status.edited_at {
                span { "edited " time datetime=(edited) { (time(edited)) } }
            }
            span { (audience(status.visibility)) }
            @if look != Look::Focused && status.replies_count > 0 {
                span { (counted(status.replies_count, "reply", "replies")) }
            }
        }
    }
}

/// Who may see a post, in words.
fn audience(visibility: &str) -> &'static str {
    match visibility {
        "public" => "Everybody",
        "unlisted" => "Everybody, but quiet",
        "private" => "Followers",
        _ => "Only people named",
    }
}

/// The page of a post: here if it was written here, else at its origin.
pub(super) fn link<'a>(site: &Site<'_>, status: &'a Status) -> Option<&'a str> {
    let url = status.url.as_deref().unwrap_or(&status.uri);
    site.path(url).or_else(|| web_link(url))
}

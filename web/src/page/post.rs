//! One post, wherever it stands.

use super::{
    acts, media, person,
    text::{language, moment, web_link},
};
use crate::{
    entity::{Quote, Status},
    layout::{Pictures, Site},
    words::grouped,
};
use maud::{Markup, PreEscaped, html};
use std::borrow::Cow;

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
    shared(site, status, look, answers, &[])
}

/// The same where others shared it, too: their names.
pub(super) fn shared(site: &Site<'_>, status: &Status, look: Look, answers: Option<&str>, also: &[&str]) -> Markup {
    let shown = status.reblog.as_deref().unwrap_or(status);
    // A post can stand on a page twice: pinned, and in its place.
    let front = if look == Look::Pinned { "pinned" } else { "post" };
    let place = format!("{front}-{}", status.id);
    let (name_id, text_id) = (format!("{place}-name"), format!("{place}-text"));
    html! {
        article id=(place) class=(if look == Look::Focused { "post focused" } else { "post" }) aria-labelledby=(name_id)
            aria-describedby=(text_id) {
            @if status.reblog.is_some() {
                p class="above" { (boosters(site, person::name(&status.account), also)) }
            }
            @if look == Look::Pinned { p class="above" { (site.t("post-pinned")) } }
            (person::card(site, &shown.account, Some(&name_id)))
            @if let Some(answers) = answers {
                p class="above" { (site.t_around("post-answers", &[("name", html! { bdi { (answers) } })])) }
            }
            div class="words" id=(text_id) { (hidden_by_filter(site, shown, &body(site, shown))) }
            @if look == Look::Focused { (numbers(site, shown)) }
            (foot(site, shown, look))
            @if site.viewer.is_some() { (acts::bar(site, shown)) }
            @if site.viewer.is_none() && look == Look::Focused && site.path(&shown.uri).is_some() {
                p class="small" { a href={ "/interact?uri=" (super::search::url_query(&shown.uri)) } { (site.t("interact-post")) } }
            }
        }
    }
}

/// Who shared a post.
fn boosters(site: &Site<'_>, first: &str, also: &[&str]) -> Markup {
    let named = |name: &str| html! { bdi { (name) } };
    match also {
        [] => site.t_around("post-boosted-by", &[("name", named(first))]),
        [other] => site.t_around("post-boosted-by-two", &[("name", named(first)), ("other", named(other))]),
        [other, more @ ..] => {
            let names = [("name", named(first)), ("other", named(other))];
            site.words.around("post-boosted-by-more", Some(more.len() as u64), &names)
        }
    }
}

/// What a filter of whoever looks covers stands behind its name.
fn hidden_by_filter(site: &Site<'_>, status: &Status, inner: &Markup) -> Markup {
    let names = status.filtered.iter().flatten().filter(|found| found.filter.filter_action == "warn");
    let names: Vec<_> = names.map(|found| found.filter.title.as_str()).collect();
    html! {
        @if names.is_empty() {
            (inner)
        } @else {
            details {
                summary { (site.t_around("post-filtered", &[("name", html! { bdi { (names.join(", ")) } })])) }
                (inner)
            }
        }
    }
}

/// Text and attachments; behind its warning if it has one.
fn body(site: &Site<'_>, status: &Status) -> Markup {
    let lang = language(status.language.as_deref());
    let warning = status.spoiler_text.trim();
    let fold = fold(site, status).filter(|_| warning.is_empty());
    // Whoever sees the quote needs no link to it.
    let quotes = status.quote.as_ref().is_some_and(|quote| quote.shown().is_some());
    let inner = html! {
        @if !status.content.is_empty() {
            div class=(if quotes { "content quotes" } else { "content" }) dir="auto" lang=[lang] { (content(site, status)) }
        }
        (media::attachments(site, &status.media_attachments, fold))
        @if let Some(poll) = &status.poll { (media::poll(site, poll)) }
        @if let Some(card) = status.card.as_ref().filter(|_| status.media_attachments.is_empty() && !site.light) { (media::card(card)) }
        @if let Some(quote) = &status.quote { (quoted(site, quote)) }
    };
    html! {
        @if warning.is_empty() {
            (inner)
        } @else {
            details open[site.reading().opens_warnings] {
                summary { span dir="auto" lang=[lang] { (warning) } span class="act" { " " (site.t("post-show")) } }
                (inner)
            }
        }
    }
}

/// The message of the fold before the pictures of a post, for whoever wants to open them.
fn fold(site: &Site<'_>, status: &Status) -> Option<&'static str> {
    match (site.reading().pictures, status.sensitive) {
        (Pictures::All, _) | (Pictures::Unmarked, false) => None,
        (Pictures::Unmarked | Pictures::None, true) => Some("media-sensitive"),
        (Pictures::None, false) => Some("media-folded"),
    }
}

/// The words of a post; for whoever is signed in, people it names are to be met here.
pub(super) fn content(site: &Site<'_>, status: &Status) -> Markup {
    let mut content = Cow::Borrowed(status.content.as_str());
    if site.viewer.is_some() {
        for named in status.mentions.iter().filter(|named| person::is_handle(&named.acct)) {
            // As the sanitiser writes attributes; whatever does not match keeps leading to where it led.
            let there = format!("href=\"{}\"", html! { (named.url) }.into_string());
            if content.contains(&there) {
                content = Cow::Owned(content.replace(&there, &format!("href=\"/@{}\"", named.acct)));
            }
        }
    }
    PreEscaped(content.into_owned())
}

/// What is quoted: one level only, an inner quote is not drawn.
fn quoted(site: &Site<'_>, quote: &Quote) -> Markup {
    html! {
        @match quote.shown() {
            Some(status) => {
                blockquote class="quote" {
                    (person::card(site, &status.account, None))
                    @if status.spoiler_text.is_empty() {
                        div class="content" dir="auto" lang=[language(status.language.as_deref())] { (content(site, status)) }
                    } @else {
                        p dir="auto" { (status.spoiler_text) }
                    }
                    @if let Some(url) = link(site, status) { p class="small" { a href=(url) { (site.t("post-quoted")) } } }
                }
            },
            None => p class="quote soft" { (site.t("post-quote-hidden")) },
        }
    }
}

fn numbers(site: &Site<'_>, status: &Status) -> Markup {
    html! {
        dl class="numbers" {
            @for (count, key) in [
                (status.replies_count, "noun-replies"),
                (status.reblogs_count, "noun-boosts"),
                (status.favourites_count, "noun-favourites"),
            ] {
                div { dt { (site.t_count(key, count)) } dd { (grouped(count)) } }
            }
        }
    }
}

fn foot(site: &Site<'_>, status: &Status, look: Look) -> Markup {
    let when = moment(site, &status.created_at);
    html! {
        p class="foot" {
            span class="time" {
                @match link(site, status) {
                    Some(url) => a href=(url) rel=[(!url.starts_with('/')).then_some("nofollow noopener noreferrer")] { (when) },
                    None => (when),
                }
            }
            // Browsers without a style sheet keep words apart by spaces alone.
            " "
            @if let Some(edited) = &status.edited_at {
                span { (site.t_around("post-edited", &[("time", moment(site, edited))])) }
                " "
            }
            span { (site.t(audience(status))) }
            @if look != Look::Focused && status.replies_count > 0 && site.viewer.is_none() {
                " " span { (site.t_count("replies", status.replies_count)) }
            }
        }
    }
}

/// Who may see a post, as the message that says it.
pub(super) fn audience(status: &Status) -> &'static str {
    match status.visibility {
        _ if status.local_only => "audience-local",
        "public" => "audience-public",
        "unlisted" => "audience-unlisted",
        "private" => "audience-private",
        _ => "audience-direct",
    }
}

/// The page of a post: here if it was written here or whoever looks is signed in, else at its origin.
pub(super) fn link<'a>(site: &Site<'_>, status: &'a Status) -> Option<Cow<'a, str>> {
    let url = status.url.as_deref().unwrap_or(&status.uri);
    if let Some(path) = site.path(url) {
        return Some(Cow::Borrowed(path));
    }
    if site.viewer.is_some() && person::is_handle(&status.account.acct) && status.id.bytes().all(|b| b.is_ascii_digit())
    {
        return Some(Cow::Owned(format!("/@{}/{}", status.account.acct, status.id)));
    }
    web_link(url).map(Cow::Borrowed)
}

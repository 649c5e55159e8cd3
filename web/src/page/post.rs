//! One post, wherever it stands.

use super::{
    acts, emoji, media, person,
    text::{language, moment, web_link},
};
use crate::{
    entity::{DassieStatus, Quote, Status},
    layout::{Pictures, Site},
    words::grouped,
};
use maud::{Markup, html};
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
            @for status in statuses { li { (article(site, status, look, answered(site, status).as_deref())) } }
        }
    }
}

/// Whom a post that stands by itself answers, where it names them and they are somebody else.
pub(super) fn answered(site: &Site<'_>, status: &Status) -> Option<String> {
    let shown = status.reblog.as_deref().unwrap_or(status);
    let to = shown.in_reply_to_account_id.as_ref()?;
    if *to == shown.account.id {
        return None;
    }
    let named = shown.mentions.iter().find(|named| named.id == *to)?;
    Some(site.handle(&named.acct))
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
                p class="above" { (boosters(site, &person::shown(site, &status.account), also)) }
            }
            @if look == Look::Pinned { p class="above" { (site.t("post-pinned")) } }
            (person::card(site, &shown.account, Some(&name_id)))
            @if let Some(answers) = answers {
                p class="above" { (site.t_around("post-answers", &[("name", html! { bdi { (answers) } })])) }
            }
            div class="words" id=(text_id) { (hidden_by_filter(site, shown, &body(site, shown))) }
            @if look == Look::Focused { (numbers(site, shown)) (reactions(site, shown)) }
            (foot(site, shown, look))
            @if site.viewer.is_some() { (acts::bar(site, shown)) }
            @if site.viewer.is_none() && look == Look::Focused && site.path(&shown.uri).is_some() {
                p class="small" { a href={ "/interact?uri=" (super::search::url_query(&shown.uri)) } { (site.t("interact-post")) } }
            }
        }
    }
}

/// Who shared a post.
fn boosters(site: &Site<'_>, first: &Markup, also: &[&str]) -> Markup {
    let first = html! { bdi { (first) } };
    let named = |name: &str| html! { bdi { (name) } };
    match also {
        [] => site.t_around("post-boosted-by", &[("name", first)]),
        [other] => site.t_around("post-boosted-by-two", &[("name", first), ("other", named(other))]),
        [other, more @ ..] => {
            let names = [("name", first), ("other", named(other))];
            site.words.around("post-boosted-by-more", Some(more.len() as u64), &names)
        }
    }
}

/// Names of the filters of whoever looks that do `action` with a post; empty where none does.
pub(super) fn filters(status: &Status, action: &str) -> String {
    let found = status.filtered.iter().flatten().filter(|found| found.filter.filter_action == action);
    let names: Vec<_> = found.map(|found| found.filter.title.as_str()).collect();
    names.join(", ")
}

/// The line that names them.
pub(super) fn filtered(site: &Site<'_>, names: &str) -> Markup {
    site.t_around("post-filtered", &[("name", html! { bdi { (names) } })])
}

/// What a filter of whoever looks covers stands behind its name.
fn hidden_by_filter(site: &Site<'_>, status: &Status, inner: &Markup) -> Markup {
    let names = filters(status, "warn");
    html! {
        @if names.is_empty() {
            (inner)
        } @else {
            details {
                summary { (filtered(site, &names)) }
                (inner)
            }
        }
    }
}

/// Text and attachments; behind its warning if it has one.
fn body(site: &Site<'_>, status: &Status) -> Markup {
    let lang = language(status.language.as_deref());
    let warning = status.spoiler_text.trim();
    // Whoever sees the quote, or the way to it, needs no link to it.
    let quotes = status.quote.as_ref().is_some_and(|quote| quote.shown().is_some() || unasked(site, quote).is_some());
    let inner = html! {
        @if !status.content.is_empty() {
            div class=(if quotes { "content quotes" } else { "content" }) dir="auto" lang=[lang] { (content(site, status)) }
        }
        (media::attachments(site, &status.media_attachments, fold(site, status).as_ref()))
        @if let Some(poll) = &status.poll { (media::poll(site, poll)) }
        @if let Some(card) = status.card.as_ref().filter(|_| status.media_attachments.is_empty() && !site.light) { (media::card(card)) }
        @if let Some(quote) = &status.quote { (quoted(site, quote)) }
    };
    html! {
        @if warning.is_empty() {
            (inner)
        } @else {
            details open[site.reading().opens_warnings] {
                summary {
                    span dir="auto" lang=[lang] { (emoji::in_text(site, warning, &status.emojis)) }
                    span class="act" { " " (site.t("post-show")) }
                }
                (inner)
            }
        }
    }
}

/// What stands on the fold before the pictures of a post, for whoever wants to open them: the name of a filter that covers
/// them, whatever else is so; what is behind a warning needs no second fold for being sensitive.
fn fold(site: &Site<'_>, status: &Status) -> Option<Markup> {
    let names = filters(status, "blur");
    if !names.is_empty() {
        return Some(filtered(site, &names));
    }
    if !status.spoiler_text.trim().is_empty() {
        return None;
    }
    let key = match (site.reading().pictures, status.sensitive) {
        (Pictures::All, _) | (Pictures::Unmarked, false) => return None,
        (Pictures::Unmarked | Pictures::None, true) => "media-sensitive",
        (Pictures::None, false) => "media-folded",
    };
    Some(html! { (site.words.count(key, status.media_attachments.len() as u64)) })
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
    emoji::in_html(site, &content, &status.emojis)
}

/// What is quoted: one level only, an inner quote is not drawn. Of what its author is not known to have agreed to, the
/// way there alone.
fn quoted(site: &Site<'_>, quote: &Quote) -> Markup {
    html! {
        @match (quote.shown(), unasked(site, quote)) {
            (Some(status), _) => {
                blockquote class="quote" {
                    (person::card(site, &status.account, None))
                    (hidden_by_filter(site, status, &quoted_words(site, status)))
                    @if let Some(url) = link(site, status) { p class="small" { a href=(url) { (site.t("post-quoted")) } } }
                }
            },
            (None, Some(url)) => {
                div class="quote soft" {
                    p { (site.t("post-quote-unasked")) }
                    p class="small" { a href=(url) rel=[outside(&url)] { (site.t("post-quoted")) } }
                }
            },
            (None, None) if quote.waits() => p class="quote soft" { (site.t("post-quote-waits")) },
            (None, None) => p class="quote soft" { (site.t("post-quote-hidden")) },
        }
    }
}

/// The way to a quoted post whose author is not known to have agreed, if it is one that a page may lead to.
fn unasked<'a>(site: &Site<'_>, quote: &'a Quote) -> Option<Cow<'a, str>> {
    quote.unasked().and_then(|quoted| way(site, &quoted.id, &quoted.acct, &quoted.url))
}

/// What the quoted post says; of what it holds beside its words, which may be all there is, that it is there.
fn quoted_words(site: &Site<'_>, status: &Status) -> Markup {
    html! {
        @if status.spoiler_text.is_empty() {
            @if !status.content.is_empty() {
                div class="content" dir="auto" lang=[language(status.language.as_deref())] { (content(site, status)) }
            }
        } @else {
            p dir="auto" { (emoji::in_text(site, &status.spoiler_text, &status.emojis)) }
        }
        @let pictures = status.media_attachments.len() as u64;
        @if pictures > 0 || status.poll.is_some() {
            p class="small soft" {
                @if pictures > 0 { (site.t_count("away-pictures", pictures)) }
                @if pictures > 0 && status.poll.is_some() { " · " }
                @if status.poll.is_some() { (site.t("poll")) }
            }
        }
    }
}

/// How often it was answered, shared and liked, and the way to who did.
fn numbers(site: &Site<'_>, status: &Status) -> Markup {
    let page = page(site, status);
    html! {
        dl class="numbers" {
            @for (count, key, who) in [
                (status.replies_count, "noun-replies", None),
                (status.reblogs_count, "noun-boosts", Some("boosts")),
                (status.favourites_count, "noun-favourites", Some("favourites")),
            ] {
                div {
                    dt {
                        @match page.as_ref().zip(who).filter(|_| count > 0) {
                            Some((page, who)) => a href={ (page) "/" (who) } { (site.t_count(key, count)) },
                            None => (site.t_count(key, count)),
                        }
                    }
                    dd { (grouped(count)) }
                }
            }
        }
    }
}

/// The emoji people put on a post; whoever is signed in joins, takes theirs back, or brings another.
fn reactions(site: &Site<'_>, status: &Status) -> Markup {
    let action = format!("/posts/{}/react", status.id);
    html! {
        @if !status.reactions.is_empty() {
            form class="reactions" method="post" action=(action) aria-label=(site.t("reactions")) {
                @if site.viewer.is_some() { (site.form_fields()) }
                @for reaction in &status.reactions {
                    @let drawn = html! { (emoji::reaction(site, reaction)) " " b { (grouped(reaction.count)) } };
                    @if site.viewer.is_some() {
                        button class="act" type="submit" name=(if reaction.me { "unreact" } else { "react" }) value=(reaction.name)
                            aria-pressed=(if reaction.me { "true" } else { "false" }) { (drawn) }
                    } @else {
                        span class="act" { (drawn) }
                    }
                }
            }
        }
        @if site.viewer.is_some() {
            details class="part" {
                summary { (site.t("react")) }
                form method="post" action=(action) {
                    (site.form_fields())
                    p {
                        label for="reaction" { (site.t("react-emoji")) }
                        input id="reaction" name="react" required autocomplete="off" dir="auto" aria-describedby="reaction-note";
                        span class="note" id="reaction-note" { (site.t("react-hint")) }
                    }
                    p { button class="second" type="submit" { (site.t("react")) } }
                }
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
                    Some(url) => a href=(url) rel=[outside(&url)] { (when) },
                    None => (when),
                }
            }
            // Browsers without a style sheet keep words apart by spaces alone.
            " "
            @if let Some(edited) = &status.edited_at {
                span { (site.t_around("post-edited", &[("time", versions(site, status, &moment(site, edited)))])) }
                " "
            }
            span { (site.t(audience(status))) }
            @if let Some(added) = &status.dassie { " " span { (through(site, added)) } }
            @if look != Look::Focused && status.replies_count > 0 && site.viewer.is_none() {
                " " span { (site.t_count("replies", status.replies_count)) }
            }
        }
    }
}

/// The relay that a post is here because of.
fn through(site: &Site<'_>, added: &DassieStatus) -> Markup {
    match &added.relay {
        Some(relay) => site.t_around("post-through", &[("relay", html! { bdi { (relay) } })]),
        None => html! { (site.t("post-through-former")) },
    }
}

/// The way to what it was before, around the time it was changed.
fn versions(site: &Site<'_>, status: &Status, time: &Markup) -> Markup {
    html! {
        @match page(site, status) {
            Some(page) => a href={ (page) "/history" } title=(site.t("history-title")) { (time) },
            None => (time),
        }
    }
}

/// The page of a post, where this server has one for whoever looks.
pub(super) fn page<'a>(site: &Site<'_>, status: &'a Status) -> Option<Cow<'a, str>> {
    link(site, status).filter(|url| url.starts_with('/'))
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
    way(site, &status.id, &status.account.acct, status.url.as_deref().unwrap_or(&status.uri))
}

/// The same of a post by its number, its author and its page at its origin.
fn way<'a>(site: &Site<'_>, id: &str, acct: &str, url: &'a str) -> Option<Cow<'a, str>> {
    if let Some(path) = site.path(url) {
        return Some(Cow::Borrowed(path));
    }
    if site.viewer.is_some() && person::is_handle(acct) && id.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Cow::Owned(format!("/@{acct}/{id}")));
    }
    web_link(url).map(Cow::Borrowed)
}

/// What the `rel` of a link to another server says; none for one that stays here.
pub(super) fn outside(url: &str) -> Option<&'static str> {
    (!url.starts_with('/')).then_some("nofollow noopener noreferrer")
}

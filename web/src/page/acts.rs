//! What whoever is signed in can do with a post. Buttons belong to the one form of the page for such acts: their name says
//! what, their value to which post; so twenty posts need one token, and everything works without scripts.

use super::{person, settings, text::web_link};
use crate::{
    entity::{Quote, Status},
    layout::{ACTS, Site, icon},
    words::grouped,
};
use maud::{Markup, html};

/// The row below a post.
pub(super) fn bar(site: &Site<'_>, status: &Status) -> Markup {
    let id = status.id.as_str();
    let shareable = matches!(status.visibility, "public" | "unlisted") || is_own(site, status);
    let (boost, favourite, bookmark) = (status.reblogged, status.favourited, status.bookmarked);
    html! {
        div class="acts-row" {
            a class="act" href={ "/compose?reply=" (id) } {
                (icon("reply")) (label(&site.t("act-reply"), status.replies_count))
            }
            " "
            @if shareable && status.visibility != "direct" {
                (toggle(boost == Some(true), ["boost", "unboost"], id, "boost",
                    &label(&site.t(if boost == Some(true) { "act-boosted" } else { "act-boost" }), status.reblogs_count)))
                " "
            }
            (toggle(favourite == Some(true), ["favourite", "unfavourite"], id, "star",
                &label(&site.t(if favourite == Some(true) { "act-favourited" } else { "act-favourite" }), status.favourites_count)))
            " "
            (toggle(bookmark == Some(true), ["bookmark", "unbookmark"], id, "bookmark",
                &label(&site.t(if bookmark == Some(true) { "act-bookmarked" } else { "act-bookmark" }), 0)))
            " "
            (more(site, status))
        }
    }
}

/// The words of a button, which in a narrow window are heard alone, and how often it was pressed, if it ever was.
fn label(words: &str, count: u64) -> Markup {
    html! { span class="label" { (words) } @if count > 0 { " " b { (grouped(count)) } } }
}

/// A button that does something, or takes it back if it was done.
fn toggle(done: bool, names: [&str; 2], id: &str, picture: &str, words: &Markup) -> Markup {
    html! {
        button class="act" form=(ACTS) name=(names[usize::from(done)]) value=(id) aria-pressed=(if done { "true" } else { "false" }) {
            (icon(picture)) (words)
        }
    }
}

/// A button of the page's form for acts.
pub(super) fn button(name: &str, value: &str, words: &str) -> Markup {
    html! { button class="act" form=(ACTS) name=(name) value=(value) { (words) } }
}

/// The rest, which is wanted less often.
fn more(site: &Site<'_>, status: &Status) -> Markup {
    let (id, own) = (status.id.as_str(), is_own(site, status));
    let quotable = status.quote_approval.as_ref().is_none_or(|approval| approval.current_user != "denied");
    let elsewhere = status.url.as_deref().filter(|url| site.path(url).is_none()).and_then(web_link);
    html! {
        details class="more" {
            summary class="act" { (icon("more")) (label(&site.t("act-more"), 0)) }
            ul {
                @if quotable && matches!(status.visibility, "public" | "unlisted") || own {
                    li { a href={ "/compose?quote=" (id) } { (site.t("act-quote")) } }
                }
                @if own {
                    li { a href={ "/compose?edit=" (id) } { (site.t("act-edit")) } }
                    @if status.visibility != "direct" {
                        li {
                            @if status.pinned == Some(true) {
                                (button("unpin", id, &site.t("act-unpin")))
                            } @else {
                                (button("pin", id, &site.t("act-pin")))
                            }
                        }
                    }
                }
                li {
                    @if status.muted == Some(true) {
                        (button("unmute-thread", id, &site.t("act-unmute-thread")))
                    } @else {
                        (button("mute-thread", id, &site.t("act-mute-thread")))
                    }
                }
                @if let Some(url) = status.url.as_deref().and_then(web_link) {
                    li { a href=(url) rel="nofollow noopener noreferrer" {
                        @if elsewhere.is_some() { (site.t("act-open-original")) } @else { (site.t("act-link")) }
                    } }
                }
                @if own {
                    li { a href={ "/posts/" (id) "/delete" } { (site.t("act-delete")) } }
                } @else {
                    @if quotes_own(site, status) {
                        li { a href={ "/posts/" (id) "/quote" } { (site.t("act-revoke-quote")) } }
                    }
                    @if person::is_handle(&status.account.acct) {
                        li { a href={ "/compose?mention=" (status.account.acct) } { (site.t("act-mention")) } }
                    }
                    @for (path, key) in [("mute", "act-mute-author"), ("block", "act-block-author")] {
                        li { a href={ "/people/" (status.account.id) "/" (path) } { span { (about_author(site, status, key)) } } }
                    }
                    @if site.viewer.is_some_and(|viewer| viewer.owns) && has_foreign_emoji(status) {
                        li { a href={ (settings::emoji::PATH) "?post=" (id) } { (site.t("act-bring-emoji")) } }
                    }
                    li { a href={ "/report/" (status.account.id) "?post=" (id) } { (site.t("act-report")) } }
                }
            }
        }
    }
}

/// A message that names whoever wrote it.
fn about_author(site: &Site<'_>, status: &Status, key: &str) -> Markup {
    site.t_around(key, &[("name", html! { bdi { (person::name(&status.account)) } })])
}

/// Whether emoji of another server stand in it, or in the name of whoever wrote it.
fn has_foreign_emoji(status: &Status) -> bool {
    status.account.acct.contains('@') && !(status.emojis.is_empty() && status.account.emojis.is_empty())
}

/// Whether whoever looks wrote it.
fn is_own(site: &Site<'_>, status: &Status) -> bool {
    site.viewer.is_some_and(|viewer| viewer.id == status.account.id)
}

/// Whether it quotes what whoever looks wrote.
fn quotes_own(site: &Site<'_>, status: &Status) -> bool {
    status.quote.as_ref().and_then(Quote::shown).is_some_and(|quoted| is_own(site, quoted))
}

/// A large button of the page's form for acts; the second of two looks like it.
pub(super) fn wide(name: &str, value: &str, words: &str, second: bool) -> Markup {
    html! { button class=[second.then_some("second")] form=(ACTS) name=(name) value=(value) { (words) } }
}

//! What is stored about oneself: an archive to take along, and how much there is of each kind with the page to see it.

use super::page;
use crate::{layout::Site, page::text::moment};
use maud::{Markup, html};
use std::borrow::Cow;

/// How far an archive is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is being written.
    Writing {
        /// Posts looked at.
        done: u64,
        /// Of how many.
        of: u64,
    },
    /// It can be taken.
    Ready {
        /// Its bytes.
        bytes: u64,
        /// Until when.
        until: String,
    },
    /// Nothing came of it.
    Failed,
    /// It would have been too large.
    TooLarge,
}

/// The last archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// When it was asked for.
    pub asked: String,
    /// How far it is.
    pub state: State,
    /// Another one may be asked for; one that was there is gone then.
    pub over: bool,
}

/// How much there is of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its word.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// There may be more.
    pub more: bool,
}

/// What stands on the page.
#[derive(Debug, Clone)]
pub struct Data<'a> {
    /// The last archive.
    pub archive: Option<Archive>,
    /// Days for which one can be taken.
    pub kept_days: u64,
    /// The kinds.
    pub kinds: &'a [Kind],
    /// Pictures, their bytes, and in how many of the newest posts.
    pub pictures: (u64, u64, u64),
    /// The address letters go to.
    pub email: Option<&'a str>,
    /// From where the account was made, if that is known.
    pub address: Option<String>,
    /// Why no archive was begun.
    pub problem: Option<&'a str>,
}

/// Kinds: word, message, and the page on which it is seen and deleted; those of the profile begin with its name.
const KINDS: [(&str, &str, Option<&str>); 24] = [
    ("posts", "data-posts", Some("@")),
    ("following", "data-following", Some("@/following")),
    ("followers", "data-followers", Some("@/followers")),
    ("favourites", "nav-favourites", Some("/favourites")),
    ("bookmarks", "nav-bookmarks", Some("/bookmarks")),
    ("lists", "nav-lists", Some("/lists")),
    ("tags", "transfer-tags", Some("/settings/tags")),
    ("notifications", "nav-notifications", Some("/notifications")),
    ("conversations", "nav-messages", Some("/messages")),
    ("drafts", "data-drafts", Some("/drafts")),
    ("scheduled", "data-scheduled", Some("/scheduled")),
    ("filters", "settings-filters", Some("/settings/filters")),
    ("blocks", "settings-blocks", Some("/settings/blocks")),
    ("mutes", "settings-mutes", Some("/settings/mutes")),
    ("domains", "settings-domains", Some("/settings/domains")),
    ("notes", "data-notes", None),
    ("sessions", "data-sessions", Some("/settings/access")),
    ("applications", "data-applications", Some("/settings/access")),
    ("passkeys", "settings-passkeys", Some("/settings/passkeys")),
    ("push", "settings-push", Some("/settings/push")),
    ("invites", "settings-invites", Some("/settings/invites")),
    ("imports", "data-imports", Some("/settings/import")),
    ("strikes", "settings-strikes", Some("/disputes/strikes")),
    ("reports", "settings-reports", Some("/settings/reports")),
];

/// Draws it.
#[must_use]
pub fn data(site: &Site<'_>, shown: &Data<'_>) -> String {
    let body = html! {
        (archive(site, shown))
        section {
            h2 { (site.t("data-stored")) }
            ul class="rows" {
                @for kind in shown.kinds { (row(site, kind)) }
                li {
                    div {
                        b { (site.t("data-pictures")) }
                        span class="note" {
                            (site.words.around("data-pictures-says", Some(shown.pictures.2), &[
                                ("pictures", html! { (shown.pictures.0) }), ("size", html! { (size(site, shown.pictures.1)) }),
                            ]))
                        }
                    }
                    (seen(site, "data-pictures", &own(site, "@/media")))
                }
            }
        }
        section {
            h2 { (site.t("data-about")) }
            ul {
                li {
                    @match shown.email {
                        Some(email) => (site.t_around("settings-email", &[("address", html! { bdi { (email) } })])),
                        None => (site.t("data-no-email")),
                    }
                    " " a href="/settings/email" { (site.t("settings-email-change")) }
                }
                li {
                    @match &shown.address {
                        Some(address) => (site.t_around("data-address", &[("address", html! { bdi dir="ltr" { (address) } })])),
                        None => (site.t("data-no-address")),
                    }
                }
                li { (site.t("data-no-other-address")) }
            }
            p { a href="/privacy-policy" { (site.t("privacy-policy")) } " · " a href="/settings/delete" { (site.t("settings-delete")) } }
        }
    };
    page(site, "settings-stored", shown.problem, &body)
}

/// An amount as people say it.
fn size(site: &Site<'_>, bytes: u64) -> Cow<'static, str> {
    match bytes {
        0..1_000_000 => site.t_count("data-kilobytes", bytes.div_ceil(1_000)),
        _ => site.t_count("data-megabytes", bytes.div_ceil(1_000_000)),
    }
}

fn own(site: &Site<'_>, path: &str) -> String {
    let name = site.viewer.map(|viewer| viewer.username).unwrap_or_default();
    path.replacen('@', &format!("/@{name}"), 1)
}

fn row(site: &Site<'_>, kind: &Kind) -> Markup {
    html! {
        @if let Some((_, key, page)) = KINDS.iter().find(|(word, ..)| *word == kind.what) {
            li {
                div {
                    b { (site.words.say(key)) }
                    span class="note" { (kind.count) @if kind.more { "+" } }
                }
                @if let Some(page) = page { (seen(site, key, &own(site, page))) }
            }
        }
    }
}

fn seen(site: &Site<'_>, key: &'static str, page: &str) -> Markup {
    html! {
        a class="button second" href=(page) {
            (site.t("data-see")) span class="unseen" { " " (site.words.say(key)) }
        }
    }
}

fn archive(site: &Site<'_>, shown: &Data<'_>) -> Markup {
    let known = shown.archive.as_ref();
    html! {
        section {
            h2 { (site.t("archive-title")) }
            p { (site.t_count("archive-says", shown.kept_days)) }
            @if let Some(known) = known { (stands(site, known)) }
            @if known.is_none_or(|known| known.over) {
                form class="sheet" method="post" action="/settings/data/archive" {
                    (site.form_fields())
                    p class="acts" { button type="submit" { (site.t("archive-ask")) } }
                }
            }
        }
    }
}

fn stands(site: &Site<'_>, known: &Archive) -> Markup {
    html! {
        p class="note" { (site.t_around("archive-asked", &[("time", moment(site, &known.asked))])) }
        @match &known.state {
            State::Writing { done, of } => {
                p role="status" { (site.t("archive-writing")) }
                progress value=(done) max=(*of.max(&1)) aria-label=(site.t("archive-progress")) {}
                p class="acts" { a class="button second" href="/settings/data" { (site.t("transfer-again")) } }
            }
            State::Ready { bytes, until } if !known.over => {
                p class="acts" {
                    a class="button" href="/settings/data/archive.tar.gz" download {
                        (site.t("archive-take")) " (" (size(site, *bytes)) ")"
                    }
                }
                p class="note" { (site.t_around("archive-until", &[("time", moment(site, until))])) }
            }
            State::Ready { .. } => p { (site.t("archive-gone")) },
            State::Failed => p class="problem" { (site.t("archive-failed")) },
            State::TooLarge => p class="problem" { (site.t("archive-too-large")) },
        }
    }
}

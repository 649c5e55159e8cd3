//! Lives here: the pages of settings: one form a section, each working without scripts. May use: maud, `entity`, `layout`,
//! `words`, the pieces of pages beside this folder. Must never name: I/O of any kind, `storage`, HTTP.
//! Must never name: another origin in anything that loads by itself.
//! Invariants: a page shows what is kept, or after a refusal what was typed; every form carries the token.

pub mod access;
pub mod cleanup;
pub mod data;
pub mod email;
pub mod emoji;
pub mod filters;
pub mod invites;
pub mod leave;
pub mod name;
pub mod notifications;
pub mod passkeys;
pub mod people;
pub mod posting;
pub mod profile;
pub mod push;
pub mod recovery;
pub mod relays;
pub mod reports;
pub mod second_factor;
pub mod tags;
pub mod transfer;

use super::{entrance::refusal, moderation};
use crate::layout::{self, Head, Site};
use maud::{Markup, html};

/// A page, its name, and what it is for.
type Entry = (&'static str, &'static str, &'static str);

/// Sections of settings: heading, and the pages in it with what each holds.
const SECTIONS: [(&str, &[Entry]); 5] = [
    (
        "settings-you",
        &[
            ("/settings/profile", "settings-profile", "settings-profile-hint"),
            ("/settings/posting", "settings-posting", "settings-posting-hint"),
            ("/settings/reading", "settings-reading", "settings-reading-hint"),
            ("/settings/push", "settings-push", "settings-push-hint"),
            ("/settings/tags", "settings-tags", "settings-tags-hint"),
        ],
    ),
    (
        "settings-quiet",
        &[
            ("/settings/notifications", "settings-notifications", "settings-notifications-hint"),
            ("/settings/filters", "settings-filters", "settings-filters-hint"),
            ("/settings/blocks", "settings-blocks", "settings-blocks-hint"),
            ("/settings/mutes", "settings-mutes", "settings-mutes-hint"),
            ("/settings/domains", "settings-domains", "settings-domains-hint"),
        ],
    ),
    ("settings-others", &[("/settings/invites", "settings-invites", "settings-invites-hint")]),
    (
        "settings-security",
        &[
            ("/settings/access", "settings-access", "settings-access-hint"),
            ("/settings/second_factor", "settings-second-factor", "settings-second-factor-hint"),
            ("/settings/passkeys", "settings-passkeys", "settings-passkeys-hint"),
            ("/settings/email", "settings-email-change", "settings-email-change-hint"),
            ("/settings/recovery", "settings-recovery", "settings-recovery-hint"),
            ("/auth/edit", "settings-password", "settings-password-hint"),
            ("/disputes/strikes", "settings-strikes", "settings-strikes-hint"),
            ("/settings/reports", "settings-reports", "settings-reports-hint"),
        ],
    ),
    (
        "settings-data",
        &[
            ("/settings/data", "settings-stored", "settings-stored-hint"),
            ("/settings/import", "settings-transfer", "settings-transfer-hint"),
            ("/settings/cleanup", "settings-cleanup", "settings-cleanup-hint"),
            ("/settings/aliases", "settings-moving-here", "settings-moving-here-hint"),
            ("/settings/migration", "settings-moving-away", "settings-moving-away-hint"),
            ("/settings/delete", "settings-delete", "settings-delete-hint"),
        ],
    ),
];

/// What whoever looks after the server finds beside their own settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Staff {
    /// How many people wait to be let in, for whoever may do that.
    pub waiting: Option<u64>,
    /// How many reports are open for whoever may work through them.
    pub reports: Option<u64>,
    /// How many appeals wait for whoever may decide them.
    pub appeals: Option<u64>,
    /// They may make emoji.
    pub emoji: bool,
    /// They may decide about relays.
    pub relays: bool,
}

/// The overview; `email` is the address of whoever is signed in, if there is one.
#[must_use]
pub fn overview(site: &Site<'_>, email: Option<&str>, staff: Staff) -> String {
    let title = site.t("nav-settings");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @for (heading, pages) in SECTIONS {
                section {
                    h2 { (site.words.say(heading)) }
                    ul class="all-ways settings" {
                        @for (path, name, hint) in pages {
                            li { a href=(path) { span { b { (site.words.say(name)) } span class="note" { (site.words.say(hint)) } } } }
                        }
                    }
                }
            }
            @if staff != Staff::default() {
                section {
                    h2 { (site.t("settings-staff")) }
                    ul class="all-ways settings" {
                        @let work = [
                            (moderation::WAITING, "settings-waiting", "waiting-count", staff.waiting),
                            (moderation::REPORTS, "settings-open-reports", "open-reports-count", staff.reports),
                            ("/disputes/appeals", "settings-appeals", "appeals-waiting", staff.appeals),
                        ];
                        @for (path, name, counted, waiting) in work {
                            @if let Some(waiting) = waiting {
                                li {
                                    a href=(path) {
                                        span { b { (site.t(name)) } span class="note" { (site.t_count(counted, waiting)) } }
                                    }
                                }
                            }
                        }
                        @if staff.emoji {
                            li {
                                a href=(emoji::PATH) {
                                    span { b { (site.t("settings-emoji")) } span class="note" { (site.t("settings-emoji-hint")) } }
                                }
                            }
                        }
                        @if staff.relays {
                            li {
                                a href=(relays::PATH) {
                                    span { b { (site.t("settings-relays")) } span class="note" { (site.t("settings-relays-hint")) } }
                                }
                            }
                        }
                    }
                }
            }
            @if let Some(email) = email {
                p class="small soft" { (site.t_around("settings-email", &[("address", html! { bdi { (email) } })])) }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// A page of settings around `body`, with the way back and what went wrong.
fn page(site: &Site<'_>, title: &'static str, wrong: Option<&str>, body: &Markup) -> String {
    let title = site.words.say(title);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            p class="small" { a href="/settings" { (site.t("settings-back")) } }
            h1 { (title) }
            (refusal(site, wrong))
            (body)
        }
    };
    layout::document(site, &head, &body)
}

/// The button that ends a section's form.
fn save(site: &Site<'_>) -> Markup {
    html! { p class="acts" { button type="submit" name="do" value="save" { (site.t("save")) } } }
}

//! Taking tables along and bringing them: whom one follows, blocks and mutes, domains, bookmarks, lists.

use super::page;
use crate::{
    layout::Site,
    page::{field::choice, text::moment},
};
use maud::{Markup, html};

/// What a table holds: its word and its message.
const KINDS: [(&str, &str); 6] = [
    ("following", "transfer-following"),
    ("blocks", "settings-blocks"),
    ("mutes", "settings-mutes"),
    ("domain_blocks", "settings-domains"),
    ("bookmarks", "nav-bookmarks"),
    ("lists", "nav-lists"),
];
const MODES: [(&str, &str); 2] = [("merge", "transfer-merge"), ("overwrite", "transfer-overwrite")];

/// Why a row was refused: messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is no name or address.
    Unreadable,
    /// There is nobody, or nothing, of that name.
    Unknown,
    /// The other server did not answer.
    Silent,
    /// It may not be done.
    NotAllowed,
}

impl Why {
    fn says(self) -> &'static str {
        match self {
            Why::Unreadable => "refused-unreadable",
            Why::Unknown => "refused-unknown",
            Why::Silent => "refused-silent",
            Why::NotAllowed => "refused-not-allowed",
        }
    }
}

/// Something that was brought.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its number.
    pub id: String,
    /// The word of what it holds.
    pub kind: &'static str,
    /// When it was brought.
    pub since: String,
    /// It is over.
    pub ended: bool,
    /// Rows it has.
    pub rows: u64,
    /// Rows that were taken.
    pub taken: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// What was there and was removed.
    pub removed: u64,
}

/// The page of both ways.
#[must_use]
pub fn transfer(site: &Site<'_>, imports: &[Import], most_rows: u64, problem: Option<&str>) -> String {
    let body = html! {
        section {
            h2 { (site.t("transfer-out")) }
            p { (site.t("transfer-out-hint")) }
            ul class="rows" {
                @for (word, key) in KINDS {
                    li {
                        div { (site.words.say(key)) }
                        a class="button second" href={ "/settings/export/" (word) ".csv" } download {
                            (site.t("transfer-take")) span class="unseen" { " " (site.words.say(key)) }
                        }
                    }
                }
            }
        }
        section {
            h2 { (site.t("transfer-in")) }
            form class="sheet" method="post" action="/settings/import" enctype="multipart/form-data" {
                (site.form_fields())
                (choice(site, "kind", "transfer-what", &KINDS, "following"))
                p {
                    label for="file" { (site.t("transfer-file")) }
                    input id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-note";
                    span class="note" id="file-note" { (site.t_count("transfer-file-hint", most_rows)) }
                }
                (choice(site, "mode", "transfer-mode", &MODES, "merge"))
                p class="acts" { button type="submit" name="do" value="import" { (site.t("transfer-bring")) } }
            }
            @if !imports.is_empty() {
                h3 { (site.t("transfer-lately")) }
                ul class="rows" { @for import in imports { li { (row(site, import)) } } }
            }
        }
    };
    page(site, "settings-transfer", problem, &body)
}

fn row(site: &Site<'_>, import: &Import) -> Markup {
    html! {
        div {
            b { (name(site, import.kind)) }
            span class="note" { (moment(site, &import.since)) " · " (state(site, import)) }
            (progress(site, import))
        }
        a class="button second" href={ "/settings/import/" (import.id) } { (site.t("transfer-look")) }
    }
}

fn name(site: &Site<'_>, kind: &str) -> Markup {
    html! { @if let Some((_, key)) = KINDS.iter().find(|(word, _)| *word == kind) { (site.words.say(key)) } }
}

fn state(site: &Site<'_>, import: &Import) -> Markup {
    html! { (site.t(if import.ended { "transfer-over" } else { "transfer-under-way" })) }
}

fn progress(site: &Site<'_>, import: &Import) -> Markup {
    let done = import.taken + import.refused;
    html! {
        progress value=(done) max=(import.rows) aria-label=(site.t("transfer-progress")) {}
        span class="note" { (site.words.around("transfer-done", Some(import.rows), &[("done", html! { (done) })])) }
    }
}

/// How one import stands; while it is under way the page looks again by itself.
#[must_use]
pub fn import(site: &Site<'_>, import: &Import, refused: &[(String, Why)]) -> String {
    let body = html! {
        p { b { (name(site, import.kind)) } " · " (moment(site, &import.since)) " · " (state(site, import)) }
        (progress(site, import))
        ul {
            li { (site.t_count("transfer-taken", import.taken)) }
            @if import.refused > 0 { li { (site.t_count("transfer-refused", import.refused)) } }
            @if import.removed > 0 { li { (site.t_count("transfer-removed", import.removed)) } }
        }
        @if !import.ended {
            p class="note" { (site.t("transfer-goes-on")) }
            p class="acts" { a class="button second" href={ "/settings/import/" (import.id) } { (site.t("transfer-again")) } }
        }
        @if !refused.is_empty() {
            h2 { (site.t("transfer-refused-rows")) }
            ul class="rows" {
                @for (subject, why) in refused {
                    li { div { bdi { (subject) } span class="note" { (site.words.say(why.says())) } } }
                }
            }
        }
        p class="small" { a href="/settings/import" { (site.t("settings-transfer")) } }
    };
    page(site, "settings-transfer", None, &body)
}

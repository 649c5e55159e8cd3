//! Taking tables along and bringing them: whom one follows, blocks and mutes, domains, bookmarks, lists.

use super::page;
use crate::{
    layout::Site,
    page::{
        field::{Line, choice, line},
        text::moment,
    },
};
use maud::{Markup, html};

/// What a table holds: its word and its message.
const KINDS: [(&str, &str); 7] = [
    ("following", "transfer-following"),
    ("blocks", "settings-blocks"),
    ("mutes", "settings-mutes"),
    ("domain_blocks", "settings-domains"),
    ("bookmarks", "nav-bookmarks"),
    ("lists", "nav-lists"),
    ("followed_tags", "transfer-tags"),
];
/// The word of filters among what can be brought.
pub const FILTERS: &str = "filters";
/// What else is taken along: its file and its message.
const OTHERS: [(&str, &str); 2] = [("filters.json", "settings-filters"), ("favourites.csv", "nav-favourites")];
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

/// An account elsewhere whose follows are brought.
#[derive(Debug, Clone)]
pub struct Source {
    /// As it was typed.
    pub handle: String,
    /// How far it has come.
    pub state: SourceState,
    /// Its server may know of more.
    pub cut: bool,
}

/// How far that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceState {
    /// Its server is asked.
    Reading,
    /// It is brought by the import of this number.
    Brought(String),
    /// Nothing came of it, and why.
    Failed(String),
}

/// What stands on the page of both ways.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    /// What was brought lately.
    pub imports: &'a [Import],
    /// Rows a table may have.
    pub rows_max: u64,
    /// The account that was named last.
    pub source: Option<&'a Source>,
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// The page of both ways.
#[must_use]
pub fn transfer(site: &Site<'_>, shown: &Transfer<'_>) -> String {
    let Transfer { imports, rows_max, .. } = *shown;
    let brought: Vec<_> = KINDS.into_iter().chain([(FILTERS, "settings-filters")]).collect();
    let body = html! {
        section {
            h2 { (site.t("transfer-out")) }
            p { (site.t("transfer-out-hint")) }
            ul class="rows" {
                @for (word, key) in KINDS { li { (taken(site, &format!("{word}.csv"), key)) } }
                @for (file, key) in OTHERS { li { (taken(site, file, key)) } }
            }
        }
        section {
            h2 { (site.t("transfer-in")) }
            form class="sheet" method="post" action="/settings/import" enctype="multipart/form-data" {
                (site.form_fields())
                (choice(site, "kind", "transfer-what", &brought, "following"))
                p {
                    label for="file" { (site.t("transfer-file")) }
                    input id="file" name="file" type="file" accept=".csv,text/csv,.json,application/json" required aria-describedby="file-note";
                    span class="note" id="file-note" { (site.t_count("transfer-file-hint", rows_max)) }
                }
                (choice(site, "mode", "transfer-mode", &MODES, "merge"))
                p class="acts" { button type="submit" name="do" value="import" { (site.t("transfer-bring")) } }
            }
            h3 { (site.t("transfer-from-account")) }
            form class="sheet" method="post" action="/settings/import/account" {
                (site.form_fields())
                (line(site, Line {
                    name: "account", label: "people-old-account", note: Some("people-old-account-hint"),
                    example: Some("name@example.org"), technical: true, required: true, ..Line::default()
                }))
                @if let Some(source) = shown.source { (read(site, source)) }
                p class="acts" { button type="submit" { (site.t("transfer-ask")) } }
            }
            @if !imports.is_empty() {
                h3 { (site.t("transfer-lately")) }
                ul class="rows" { @for import in imports { li { (row(site, import)) } } }
            }
        }
    };
    page(site, "settings-transfer", shown.problem, &body)
}

/// A file that can be taken along.
fn taken(site: &Site<'_>, file: &str, key: &'static str) -> Markup {
    html! {
        div { (site.words.say(key)) }
        a class="button second" href={ "/settings/export/" (file) } download {
            (site.t("transfer-take")) span class="unseen" { " " (site.words.say(key)) }
        }
    }
}

/// What came of an account that was named.
fn read(site: &Site<'_>, source: &Source) -> Markup {
    let name = html! { bdi dir="ltr" { "@" (source.handle) } };
    html! {
        p role="status" {
            @match &source.state {
                SourceState::Reading => (site.t_around("transfer-asking", &[("name", name)])),
                SourceState::Failed(why) => (site.t_around("transfer-asked-in-vain", &[("name", name), ("why", html! { (why) })])),
                SourceState::Brought(import) => {
                    (site.t_around("transfer-asked", &[("name", name)])) " "
                    a href={ "/settings/import/" (import) } { (site.t("transfer-look")) }
                    @if source.cut { " " (site.t("transfer-cut")) }
                }
            }
        }
    }
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

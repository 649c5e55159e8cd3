//! One's own reports, and what became of each.

use super::page;
use crate::{layout::Site, page::text::moment};
use maud::{Markup, html};

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits.
    Open,
    /// It was looked at.
    Closed,
    /// Something was done for it.
    Acted,
    /// Something was done since it was made.
    Since,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whom it is about, `name` or `name@domain`; `None`: they are gone.
    pub handle: Option<String>,
    /// What about, a word.
    pub category: &'static str,
    /// What was written beside it.
    pub comment: String,
    /// How many posts it names.
    pub posts: u64,
    /// Their own server was told, too.
    pub forwarded: bool,
    /// When it was made.
    pub at: String,
    /// When it was closed.
    pub closed: Option<String>,
    /// What became of it.
    pub state: State,
}

/// Draws them; `among` is how many reports of this server were looked through for them.
#[must_use]
pub fn reports(site: &Site<'_>, reports: &[Report], among: u64) -> String {
    let body = html! {
        p { (site.t("reports-say")) }
        @if reports.is_empty() { p class="empty sheet" { (site.t("reports-none")) } }
        ul class="rows" { @for report in reports { li { (row(site, report)) } } }
        p class="note" { (site.t_count("reports-among", among)) }
    };
    page(site, "settings-reports", None, &body)
}

fn row(site: &Site<'_>, report: &Report) -> Markup {
    let state = match report.state {
        State::Open => "reports-open",
        State::Closed => "reports-closed",
        State::Acted => "reports-acted",
        State::Since => "reports-since",
    };
    html! {
        div {
            b {
                @match &report.handle {
                    Some(handle) => a href={ "/@" (handle) } { bdi { (site.handle(handle)) } },
                    None => (site.t("reports-gone")),
                }
            }
            span class="note" {
                (moment(site, &report.at)) " · " (site.words.say(category(report.category)))
                @if report.posts > 0 { " · " (site.t_count("reports-posts", report.posts)) }
                @if report.forwarded { " · " (site.t("reports-forwarded")) }
            }
            @if !report.comment.is_empty() { blockquote dir="auto" { @for line in report.comment.lines() { p { (line) } } } }
            p {
                strong { (site.t(state)) }
                @if let Some(closed) = &report.closed { " " span class="note" { (moment(site, closed)) } }
            }
        }
    }
}

/// The message of a category.
pub(in crate::page) fn category(word: &str) -> &'static str {
    match word {
        "spam" => "report-spam",
        "violation" => "report-violation",
        "legal" => "report-legal",
        _ => "report-other",
    }
}

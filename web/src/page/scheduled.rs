//! Posts that wait for their time.

use super::{compose, entrance::refusal, media, text::time};
use crate::{
    entity::ScheduledStatus,
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// A page of posts that wait.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// The posts, the next one first.
    pub waiting: &'a [ScheduledStatus],
    /// How many are posted before them.
    pub from: u64,
    /// The way to the ones after them.
    pub later: Option<&'a str>,
    /// Why one of them was not moved.
    pub problem: Option<&'a str>,
}

/// The posts that wait.
#[must_use]
pub fn scheduled(site: &Site<'_>, page: &Waiting<'_>) -> String {
    let title = site.t("scheduled");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (refusal(site, page.problem))
            @if page.waiting.is_empty() { p class="empty sheet" { (site.t("scheduled-empty")) } }
            ul class="posts" { @for status in page.waiting { li class="sheet" { (one(site, status, page.from)) } } }
            @if let Some(later) = page.later {
                nav class="pager" aria-label=(site.t("pager")) { a class="older" href=(later) rel="next" { (site.t("scheduled-later")) } }
            }
        }
    };
    layout::document(site, &head, &body)
}

fn one(site: &Site<'_>, status: &ScheduledStatus, from: u64) -> Markup {
    let (asked, id) = (&status.params, status.id.as_str());
    let audience = compose::audience(if asked.local_only == Some(true) { "local" } else { asked.visibility });
    html! {
        h2 class="small" {
            time datetime=(status.scheduled_at) { (time(site, &status.scheduled_at)) } " · " (site.words.say(audience))
        }
        @if let Some(warning) = &asked.spoiler_text { p dir="auto" { b { (warning) } } }
        @if !asked.text.is_empty() { p class="as-typed" dir="auto" { (asked.text) } }
        (media::attachments(site, &status.media_attachments, None))
        @if let Some(poll) = &asked.poll {
            p class="small soft" { (site.t("poll")) }
            ul class="lines" { @for option in &poll.options { li dir="auto" { (option) } } }
        }
        form method="post" action={ "/scheduled/" (id) } {
            (site.form_fields())
            @if from > 0 { input type="hidden" name="from" value=(from); }
            p {
                label for={ "at-" (id) } { (site.t("scheduled-at")) }
                input id={ "at-" (id) } name="scheduled_at" type="datetime-local" required value=(typed(site, &status.scheduled_at))
                    aria-describedby={ "at-note-" (id) };
                span class="note" id={ "at-note-" (id) } { (site.t_with("compose-when-hint", &[("zone", site.zone.name())])) }
            }
            p class="acts" {
                button type="submit" { (site.t("scheduled-move")) }
                button class="second" type="submit" name="do" value="draft" formnovalidate { (site.t("scheduled-draft")) }
                button class="second" type="submit" name="do" value="cancel" formnovalidate { (site.t("scheduled-cancel")) }
            }
        }
    }
}

/// A time of an entity as a field for date and time holds it (HTML §2.3.5), where whoever looks is.
fn typed(site: &Site<'_>, iso: &str) -> String {
    let shown = site.zone.shows(iso);
    shown.map_or_else(String::new, |at| {
        format!("{:04}-{:02}-{:02}T{:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute)
    })
}

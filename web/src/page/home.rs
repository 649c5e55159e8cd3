//! Home: what the people one follows say.

use super::{
    Pager, compose,
    pager::pager,
    person,
    post::{self, Look},
};
use crate::{
    entity::Status,
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// What home shows.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// Posts, newest first.
    pub statuses: &'a [Status],
    /// It is the newest page.
    pub first: bool,
    /// Up to which post one has read.
    pub read_upto: Option<u64>,
    /// The newest post that was looked at for this page.
    pub newest: Option<u64>,
    /// There is more one has not read than a page holds.
    pub away: bool,
    /// What is still to be done for the server, for whoever runs it; `None`: nothing is to be shown.
    pub steps: Option<&'a [Step]>,
    /// A key for the box to write in: sent twice, it posts once.
    pub key: &'a str,
    /// Who may see what one writes unless one says otherwise.
    pub visibility: &'a str,
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// Something that is to be done for a server once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// It was done.
    pub done: bool,
    /// The message of what it is.
    pub what: &'static str,
    /// The message of why, and how where no page does it.
    pub why: &'static str,
    /// The page that does it.
    pub page: Option<&'static str>,
}

/// Home.
#[must_use]
pub fn home(site: &Site<'_>, page: &Home<'_>) -> String {
    let title = site.t("nav-home");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" data-live=[page.first.then_some("1")] {
            div class="row" {
                h1 { (title) }
                (read(site, page))
            }
            @if page.first { (compose::quick(site, page.key, page.visibility)) }
            @if let Some(steps) = page.steps { (first_steps(site, steps)) }
            @if page.away {
                p class="sheet away-way" { (site.t("away-says")) " " a href="/home/away" { (site.t("away-title")) } }
            }
            @if page.statuses.is_empty() {
                div class="empty sheet" {
                    p { (site.t(if page.first { "home-empty" } else { "home-no-more" })) }
                    @if page.first { p { a class="button" href="/explore" { (site.t("nav-explore")) } } }
                }
            } @else {
                @if page.first {
                    a class="button second fresh" href="/home" hidden { (site.t_around("home-new-posts", &[("count", html! { b { "1" } })])) }
                }
                (list(site, page))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

/// What is still to be done for the server, folded so that nothing of it stands before what one came for; it can be put away.
fn first_steps(site: &Site<'_>, steps: &[Step]) -> Markup {
    let done = steps.iter().filter(|step| step.done).count() as u64;
    html! {
        details class="part steps" {
            summary {
                h2 { (site.t("steps-title")) }
                " "
                span class="small soft" { (site.words.around("steps-done", Some(steps.len() as u64), &[("done", html! { (done) })])) }
            }
            ul class="lines" {
                @for step in steps {
                    li class=[step.done.then_some("done")] {
                        p class="short" {
                            span aria-hidden="true" { (if step.done { "✓ " } else { "○ " }) }
                            @if step.done { span class="unseen" { (site.t("steps-is-done")) " " } }
                            @match step.page.filter(|_| !step.done) {
                                Some(page) => a href=(page) { (site.words.say(step.what)) },
                                None => b { (site.words.say(step.what)) },
                            }
                        }
                        @if !step.done { p class="note" { (site.words.say(step.why)) } }
                    }
                }
            }
            form method="post" action="/home/steps" {
                (site.form_fields())
                button class="quiet" type="submit" { (site.t("steps-put-away")) }
            }
        }
    }
}

/// Says that all of it was read.
fn read(site: &Site<'_>, page: &Home<'_>) -> Markup {
    let newer = page.newest.filter(|newest| page.first && page.read_upto.is_none_or(|upto| upto < *newest));
    html! {
        @if let Some(newest) = newer {
            form method="post" action="/home/read" {
                (site.form_fields())
                input type="hidden" name="upto" value=(newest);
                button class="quiet" type="submit" { (site.t("home-mark-read")) }
            }
        }
    }
}

/// The posts, with a line where one stopped reading.
fn list(site: &Site<'_>, page: &Home<'_>) -> Markup {
    let is_read =
        |status: &Status| page.read_upto.zip(status.id.parse::<u64>().ok()).is_some_and(|(upto, id)| id <= upto);
    let shown = merged(page.statuses);
    let first_read = shown.iter().position(|(status, _)| is_read(status)).filter(|at| *at > 0);
    html! {
        ul class="posts" {
            @for (at, (status, also)) in shown.iter().enumerate() {
                @if first_read == Some(at) { li class="read-line" { span { (site.t("home-read-line")) } } }
                li { (post::shared(site, status, Look::Listed, answered(site, status).as_deref(), also)) }
            }
        }
    }
}

/// The posts of a page, what several people shared once, where the last of them did, with the names of the others.
fn merged(statuses: &[Status]) -> Vec<(&Status, Vec<&str>)> {
    let mut shown: Vec<(&Status, Vec<&str>)> = Vec::with_capacity(statuses.len());
    for status in statuses {
        let same =
            |known: &Status| known.reblog.as_ref().zip(status.reblog.as_ref()).is_some_and(|(a, b)| a.id == b.id);
        match shown.iter_mut().find(|(known, _)| same(known)) {
            Some((_, also)) => also.push(person::name(&status.account)),
            None => shown.push((status, Vec::new())),
        }
    }
    shown
}

/// Whom a post of a timeline answers, where it names them.
fn answered(site: &Site<'_>, status: &Status) -> Option<String> {
    let shown = status.reblog.as_deref().unwrap_or(status);
    let to = shown.in_reply_to_account_id.as_ref()?;
    if *to == shown.account.id {
        return None;
    }
    let named = shown.mentions.iter().find(|named| named.id == *to)?;
    Some(site.handle(&named.acct))
}

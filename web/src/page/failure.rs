//! What did not work, in plain words (UX §3.1, words: say what is safe).

use super::compose::in_box;
use crate::layout::{self, Head, Site};
use maud::html;
use std::borrow::Cow;

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// The status of the answer (RFC 9110 §15).
    pub status: u16,
    /// What the program says about it; shown where it helps.
    pub text: &'a str,
    /// The message of why nothing can be done now, where it is known.
    pub reason: Option<&'static str>,
    /// The request's number, for whoever looks into the log.
    pub request_id: &'a str,
    /// When it makes sense to try again, seconds.
    pub retry_after_seconds: Option<u64>,
    /// What somebody had typed, so that it is not lost.
    pub kept: &'a [String],
    /// Where to try again.
    pub again: Option<Again<'a>>,
    /// Whoever asks has a session, as far as can be told without the store: they are not told to sign in.
    pub session: bool,
}

/// Where to try again: paths of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again<'a> {
    /// The page itself.
    Page(&'a str),
    /// The page on which the form stood.
    Form(&'a str),
}

/// What the program says where it says no more than the page of 403 does.
const NOT_ALLOWED: &str = "This action is not allowed";

/// Names of the fields into which longer texts are typed, on all pages: what stands in them is given back when nothing can
/// be done with it. No secret is typed into one.
pub const LONG_TEXTS: [&str; 7] = ["attribution_domains", "comment", "description", "note", "reason", "status", "text"];

/// The page of a failure. Needs nothing from the store, which may be what failed.
#[must_use]
pub fn failure(site: &Site<'_>, page: &Failure<'_>) -> String {
    let (title, words) = words(page.status);
    let (title, words) = (site.words.say(title), site.words.say(words));
    let head = Head { title: &title, noindex: true, entrance: page.session, ..Head::default() };
    let body = html! {
        div class="small-form" {
            h1 { (title) }
            p class="lead" { (words) }
            @if let Some(reason) = page.reason { p class="problem" { (site.words.say(reason)) } }
            @if page.status == 404 {
                form class="search" method="get" action="/search" role="search" {
                    label for="q" { (site.t("search-label")) }
                    div class="row" {
                        input id="q" name="q" type="search" dir="auto" autocapitalize="none";
                        button type="submit" { (site.t("nav-search")) }
                    }
                }
            }
            @if said(page.status) && !["", NOT_ALLOWED].contains(&page.text) {
                p class="problem" { (site.words.refusal(page.text)) }
            }
            @if let Some(seconds) = page.retry_after_seconds {
                p { (wait(site, seconds)) }
            }
            @for (at, kept) in page.kept.iter().enumerate() {
                @let id = if at == 0 { "kept".to_owned() } else { format!("kept-{at}") };
                p {
                    label for=(id) { (site.t("failure-kept")) @if at > 0 { " (" (at + 1) ")" } }
                    textarea id=(id) rows="6" readonly dir="auto" { (in_box(kept)) }
                }
            }
            p class="acts" {
                @match page.again {
                    Some(Again::Form(path)) => { a class="button" href=(path) { (site.t("failure-to-form")) } " " }
                    Some(Again::Page(path)) if passes(page.status) => {
                        a class="button" href=(path) { (site.t("failure-again")) } " "
                    }
                    _ => {}
                }
                a class="button second" href="/" { (site.t("front-page")) }
            }
            @if !page.request_id.is_empty() { p class="small soft" { (site.t("failure-request")) " " code { (page.request_id) } } }
        }
    };
    layout::document(site, &head, &body)
}

/// Whether the program's own text says more than the page does.
fn said(status: u16) -> bool {
    !matches!(status, 404 | 410 | 429 | 500..)
}

/// Whether the same request may succeed later.
fn passes(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500..)
}

/// The messages of a status: a title and a sentence.
fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 | 422 => ("failure-invalid", "failure-invalid-says"),
        401 => ("failure-unauthorized", "failure-unauthorized-says"),
        403 => ("failure-forbidden", "failure-forbidden-says"),
        404 => ("failure-not-found", "failure-not-found-says"),
        405 => ("failure-method", "failure-method-says"),
        409 => ("failure-conflict", "failure-conflict-says"),
        410 => ("failure-gone", "failure-gone-says"),
        413 => ("failure-too-large", "failure-too-large-says"),
        421 => ("failure-misdirected", "failure-misdirected-says"),
        429 => ("failure-too-many", "failure-too-many-says"),
        503 => ("failure-unavailable", "failure-unavailable-says"),
        500.. => ("failure-defect", "failure-defect-says"),
        _ => ("failure-other", "failure-other-says"),
    }
}

fn wait(site: &Site<'_>, seconds: u64) -> Cow<'static, str> {
    match seconds {
        0..=119 => site.t_count("failure-retry-seconds", seconds.max(1)),
        _ => site.t_count("failure-retry-minutes", seconds.div_ceil(60)),
    }
}

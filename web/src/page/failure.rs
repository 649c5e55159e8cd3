//! What did not work, in plain words (UX §3.1, words: say what is safe).

use crate::layout::{self, Head, Site};
use maud::html;

/// What went wrong.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// The status of the answer (RFC 9110 §15).
    pub status: u16,
    /// What the program says about it; shown where it helps.
    pub text: &'a str,
    /// The request's number, for whoever looks into the log.
    pub request_id: &'a str,
    /// When it makes sense to try again, seconds.
    pub retry_after_seconds: Option<u64>,
    /// What somebody had typed, so that it is not lost.
    pub kept: Option<&'a str>,
}

/// The page of a failure. Needs nothing from the store, which may be what failed.
#[must_use]
pub fn failure(site: &Site<'_>, page: &Failure<'_>) -> String {
    let (title, words) = words(page.status);
    let head = Head { title, noindex: true, ..Head::default() };
    let body = html! {
        div class="small-form" {
            h1 { (title) }
            p class="lead" { (words) }
            @if said(page.status) && !page.text.is_empty() { p class="problem" { (page.text) } }
            @if let Some(seconds) = page.retry_after_seconds {
                p { "Please try again in " (wait(seconds)) "." }
            }
            @if let Some(kept) = page.kept {
                p {
                    label for="kept" { "Your text is kept here" }
                    textarea id="kept" rows="6" readonly dir="auto" { (kept) }
                }
            }
            p { a class="button" href="/" { "Front page" } }
            p class="small soft" { "Request " code { (page.request_id) } }
        }
    };
    layout::document(site, &head, &body)
}

/// Whether the program's own text says more than the page does.
fn said(status: u16) -> bool {
    !matches!(status, 404 | 410 | 429 | 500..)
}

fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 | 422 => ("That did not work", "Something in what was sent is not right. Nothing was changed."),
        401 => ("Please sign in", "This page is for people who are signed in."),
        403 => ("Not allowed", "You may not do this, or your form was too old. Nothing was changed."),
        404 => {
            ("Nothing here", "There is no such page, or it is not for everybody to see. The address may be mistyped.")
        }
        405 => ("Not in this way", "This address cannot be used like that."),
        409 => ("Something else was faster", "The same thing was changed at the same moment. Please try again."),
        410 => ("It was here once", "What stood here was deleted by whoever wrote it."),
        413 => ("Too large", "What was sent is larger than this server takes. Nothing was changed."),
        421 => ("Another server", "This server does not answer for that name."),
        429 => ("A moment, please", "Too many requests came from you in a short time. Nothing is lost."),
        503 => ("Not right now", "The server cannot do this at the moment. What is stored is safe."),
        500.. => ("Something went wrong", "The fault is on our side, and it is in the log. What is stored is safe."),
        _ => ("That did not work", "The server could not do what was asked."),
    }
}

fn wait(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

//! What moderators decided about whoever looks, why, and what they may say against it; and the appeals that wait for those who
//! decide them.

use super::{entrance::problem, person, text::moment};
use crate::{
    entity::SharedAccount,
    layout::{self, Head, Site},
};
use maud::{Markup, html};
use std::sync::Arc;

/// A post a decision is about.
#[derive(Debug, Clone)]
pub struct Post {
    /// What it said then.
    pub text: String,
    /// When it was written.
    pub at: String,
    /// Where it is, if it is still there.
    pub path: Option<String>,
}

/// What was said against a decision.
#[derive(Debug, Clone)]
pub struct Appeal {
    /// Plain text.
    pub text: String,
    /// When.
    pub at: String,
    /// `pending`, `approved` or `rejected` (client API, Appeal#state).
    pub state: &'static str,
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Strike {
    /// Its number.
    pub id: String,
    /// What was done (client API, AccountWarning#action).
    pub action: &'static str,
    /// When.
    pub at: String,
    /// Why, in the words of who decided.
    pub text: String,
    /// Rules that were broken, as they read then.
    pub rules: Vec<String>,
    /// Posts it is about.
    pub posts: Vec<Post>,
    /// It still holds.
    pub holds: bool,
    /// When it was taken back because of an appeal.
    pub overruled: Option<String>,
    /// What was said against it.
    pub appeal: Option<Appeal>,
    /// Until when something may be said, if it may.
    pub may_appeal_until: Option<String>,
}

/// Whoever looks.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// The forms' `authenticity_token`.
    pub token: &'a str,
    /// Moderators keep them out of everything else.
    pub kept_out: bool,
}

fn done(action: &str) -> &'static str {
    match action {
        "disable" => "strike-disable",
        "sensitive" => "strike-sensitive",
        "silence" => "strike-silence",
        "suspend" => "strike-suspend",
        _ => "strike-none",
    }
}

fn state(appeal: &str) -> &'static str {
    match appeal {
        "approved" => "appeal-approved",
        "rejected" => "appeal-rejected",
        _ => "appeal-pending",
    }
}

fn framed(site: &Site<'_>, title: &'static str, body: &Markup) -> String {
    let title = site.words.say(title);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    layout::document(site, &head, &html! { div class="narrow" { h1 { (title) } (body) } })
}

/// Nothing else is open to them but to leave.
fn leave(site: &Site<'_>, own: Own<'_>) -> Markup {
    html! {
        @if own.kept_out {
            form method="post" action="/auth/sign_out" {
                input type="hidden" name="authenticity_token" value=(own.token);
                p class="acts" { button class="second" type="submit" { (site.t("sign-out")) } }
            }
        }
    }
}

/// All decisions about whoever looks.
#[must_use]
pub fn strikes(site: &Site<'_>, own: Own<'_>, strikes: &[Strike]) -> String {
    let body = html! {
        @if own.kept_out { p { (site.t("strikes-kept-out")) } }
        @if strikes.is_empty() {
            p class="empty sheet" { (site.t("strikes-none")) }
        } @else {
            ul class="rows" {
                @for strike in strikes {
                    li {
                        div {
                            b { a href={ "/disputes/strikes/" (strike.id) } { (site.words.say(done(strike.action))) } }
                            span class="note" {
                                (moment(site, &strike.at)) " · " (site.words.say(standing(strike)))
                                @if let Some(appeal) = &strike.appeal { " · " (site.words.say(state(appeal.state))) }
                            }
                        }
                    }
                }
            }
        }
        (leave(site, own))
    };
    framed(site, "settings-strikes", &body)
}

fn standing(strike: &Strike) -> &'static str {
    match (&strike.overruled, strike.holds, strike.action) {
        (Some(_), ..) => "strike-overruled",
        (None, true, _) => "strike-holds",
        (None, false, "none") => "strike-only-said",
        (None, false, _) => "strike-over",
    }
}

/// One decision, with the form to appeal; `typed` is what was typed there.
#[must_use]
pub fn strike(site: &Site<'_>, own: Own<'_>, strike: &Strike, typed: &str, wrong: Option<&str>) -> String {
    let body = html! {
        p class="small" { a href="/disputes/strikes" { (site.t("strikes-back")) } }
        (problem(wrong))
        (told(site, strike))
        @if let Some(appeal) = &strike.appeal {
            section {
                h2 { (site.t("appeal-yours")) }
                (said(site, appeal))
            }
        } @else if let Some(until) = &strike.may_appeal_until {
            section {
                h2 { (site.t("appeal-title")) }
                p { (site.t_around("appeal-says", &[("time", moment(site, until))])) }
                form class="sheet" method="post" action={ "/disputes/strikes/" (strike.id) "/appeal" } {
                    input type="hidden" name="authenticity_token" value=(own.token);
                    p {
                        label for="text" { (site.t("appeal-text")) }
                        textarea id="text" name="text" rows="6" maxlength="2000" dir="auto" required { (typed) }
                    }
                    p class="acts" { button type="submit" { (site.t("appeal-send")) } }
                }
            }
        } @else if strike.overruled.is_none() { p class="soft" { (site.t("appeal-too-late")) } }
        (leave(site, own))
    };
    framed(site, "strike-title", &body)
}

/// What, why, which posts, until when.
fn told(site: &Site<'_>, strike: &Strike) -> Markup {
    html! {
        section class="sheet" {
            p { strong { (site.words.say(done(strike.action))) } }
            p class="note" { (moment(site, &strike.at)) }
            p {
                @match &strike.overruled {
                    Some(at) => (site.t_around("strike-overruled-at", &[("time", moment(site, at))])),
                    None => (site.words.say(standing(strike))),
                }
            }
            @if !strike.text.is_empty() { blockquote dir="auto" { @for line in strike.text.lines() { p { (line) } } } }
            @if !strike.rules.is_empty() {
                h2 { (site.t("strike-rules")) }
                ul { @for rule in &strike.rules { li dir="auto" { (rule) } } }
            }
            @if !strike.posts.is_empty() {
                h2 { (site.t("strike-posts")) }
                ul class="rows" {
                    @for post in &strike.posts {
                        li {
                            div {
                                span dir="auto" { (post.text) }
                                span class="note" {
                                    @match &post.path {
                                        Some(path) => a href=(path) { (moment(site, &post.at)) },
                                        None => { (moment(site, &post.at)) " · " (site.t("strike-post-gone")) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn said(site: &Site<'_>, appeal: &Appeal) -> Markup {
    html! {
        blockquote dir="auto" { @for line in appeal.text.lines() { p { (line) } } }
        p class="note" { (moment(site, &appeal.at)) " · " (site.words.say(state(appeal.state))) }
    }
}

/// Appeals that wait: whose, against what.
#[must_use]
pub fn appeals(site: &Site<'_>, waiting: &[(Arc<SharedAccount>, Strike)], wrong: Option<&str>) -> String {
    let body = html! {
        p { (site.t("appeals-says")) }
        (problem(wrong))
        @if waiting.is_empty() { p class="empty sheet" { (site.t("appeals-none")) } }
        @for (account, strike) in waiting {
            section {
                (person::card(site, account, None))
                (told(site, strike))
                @if let Some(appeal) = &strike.appeal { (said(site, appeal)) }
                form method="post" action={ "/disputes/appeals/" (strike.id) } {
                    (site.form_fields())
                    p class="acts" {
                        button type="submit" name="do" value="grant" { (site.t("appeal-grant")) }
                        button class="second" type="submit" name="do" value="refuse" { (site.t("appeal-refuse")) }
                    }
                }
            }
        }
    };
    framed(site, "settings-appeals", &body)
}

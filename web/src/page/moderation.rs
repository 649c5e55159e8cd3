//! What those who look after the server work through: who waits to be let in, and reports with whom they are about.

use super::{
    Pager,
    entrance::refusal,
    pager::pager,
    person,
    post::{self, Look},
    settings::reports::category,
    text::moment,
};
use crate::{
    entity::{Account, AdminAccount, AdminReport, Report as Told, SharedAccount},
    layout::{self, Head, Site},
};
use maud::{Markup, html};
use std::{borrow::Cow, sync::Arc};

/// Where those stand who wait to be let in.
pub const WAITING: &str = "/moderation/waiting";
/// Where reports stand.
pub const REPORTS: &str = "/moderation/reports";

fn framed(site: &Site<'_>, title: &str, back: Option<(&'static str, &'static str)>, body: &Markup) -> String {
    let head = Head { title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            @if let Some((path, key)) = back { p class="small" { a href=(path) { (site.words.say(key)) } } }
            h1 { (title) }
            (body)
        }
    };
    layout::document(site, &head, &body)
}

/// Words as they were written.
fn quoted(text: &str) -> Markup {
    html! { blockquote dir="auto" { @for line in text.lines() { p { (line) } } } }
}

/// Those who wait to be let in, the newest first.
#[must_use]
pub fn waiting(site: &Site<'_>, people: &[AdminAccount], neighbours: Pager<'_>, wrong: Option<&str>) -> String {
    let body = html! {
        p { (site.t("waiting-says")) }
        (refusal(site, wrong))
        @if people.is_empty() {
            p class="empty sheet" { (site.t("waiting-none")) }
        } @else {
            form method="post" action=(WAITING) {
                (site.form_fields())
                ul class="rows" {
                    @for one in people {
                        @let handle = html! { span class="unseen" { " " bdi dir="ltr" { (site.handle(&one.account.acct)) } } };
                        li {
                            (newcomer(site, one))
                            p class="relations" {
                                button type="submit" name="approve" value=(one.id) { (site.t("waiting-let-in")) (handle) }
                                a class="button second" href={ (WAITING) "/" (one.id) "/reject" } {
                                    (site.t("waiting-turn-away")) (handle)
                                }
                            }
                        }
                    }
                }
            }
        }
        (pager(site, neighbours))
    };
    framed(site, &site.t("settings-waiting"), None, &body)
}

/// Who it is and what they wrote. Nobody sees a profile of theirs yet.
fn newcomer(site: &Site<'_>, one: &AdminAccount) -> Markup {
    html! {
        div {
            b { bdi { (person::shown(site, &one.account)) } } " "
            span class="handle" dir="ltr" { (site.handle(&one.account.acct)) }
            p class="note" {
                (moment(site, &one.created_at))
                @if !one.email.is_empty() { " · " bdi dir="ltr" { (one.email) } }
                @if !one.confirmed { " · " (site.t("waiting-unconfirmed")) }
            }
            @match &one.invite_request {
                Some(reason) => (quoted(reason)),
                None => p class="soft" { (site.t("waiting-no-reason")) },
            }
        }
    }
}

/// Asks before somebody is turned away.
#[must_use]
pub fn turn_away(site: &Site<'_>, one: &AdminAccount) -> String {
    let body = html! {
        section class="sheet" { (newcomer(site, one)) }
        p { (site.t("turn-away-says")) }
        form method="post" action={ (WAITING) "/" (one.id) "/reject" } {
            (Site { at: "", ..*site }.form_fields())
            p class="acts" {
                button type="submit" { (site.t("waiting-turn-away")) }
                a class="button second" href=(WAITING) { (site.t("cancel")) }
            }
        }
    };
    framed(site, &site.t("turn-away-title"), None, &body)
}

/// Which reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that wait.
    Open,
    /// Those that were closed.
    Closed,
}

/// Whom a report is about.
pub(super) fn about(site: &Site<'_>, account: &Account) -> Cow<'static, str> {
    site.t_with("open-report-about", &[("handle", &site.handle(&account.acct))])
}

/// Reports, the newest first, each with who made it.
#[must_use]
pub fn reports(site: &Site<'_>, which: Which, reports: &[(Told, Arc<SharedAccount>)], neighbours: Pager<'_>) -> String {
    let title = site.t("settings-open-reports");
    let closed = format!("{REPORTS}?resolved=true");
    let tabs = [(REPORTS, "open-reports-open", Which::Open), (&*closed, "open-reports-closed", Which::Closed)];
    let body = html! {
        nav class="tabs" aria-label=(title) {
            @for (path, key, tab) in tabs {
                a href=(path) aria-current=[(tab == which).then_some("page")] { (site.words.say(key)) }
            }
        }
        @if reports.is_empty() {
            p class="empty sheet" { (site.t("open-reports-none")) }
        } @else {
            ul class="rows" {
                @for (report, by) in reports {
                    li {
                        div {
                            b { a href={ (REPORTS) "/" (report.id) } { (about(site, &report.target_account)) } }
                            p class="note" {
                                (made(site, by, &report.created_at)) " · " (site.words.say(category(report.category)))
                                @if !report.status_ids.is_empty() {
                                    " · " (site.t_count("reports-posts", report.status_ids.len() as u64))
                                }
                            }
                        }
                    }
                }
            }
        }
        (pager(site, neighbours))
    };
    framed(site, &title, None, &body)
}

/// By whom a report was made, and when.
fn made(site: &Site<'_>, by: &Account, at: &str) -> Markup {
    site.t_around("open-report-by", &[("name", person::named(site, by)), ("time", moment(site, at))])
}

/// A report as it is worked through.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The report.
    pub report: &'a AdminReport,
    /// Numbers of those of its posts that are not there any more.
    pub gone: &'a [String],
    /// Whoever looks may act on the account it is about.
    pub may_act: bool,
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// A report, with what can be done about it.
#[must_use]
pub fn report(site: &Site<'_>, page: &Report<'_>) -> String {
    let report = page.report;
    let target = &report.target_account;
    let body = html! {
        (refusal(site, page.problem))
        (person::card(site, &target.account, None))
        @if target.silenced { p { strong { (site.t("open-report-silenced")) } } }
        @if target.suspended { p { strong { (site.t("open-report-suspended")) } } }
        (said(site, report))
        (posts(site, page))
        form method="post" action={ (REPORTS) "/" (report.id) } {
            (site.form_fields())
            (work(site, report))
            section {
                h2 { (site.t("open-report-account")) }
                @if page.may_act { (deeds(site, report)) } @else { p class="soft" { (site.t("open-report-may-not")) } }
            }
        }
    };
    framed(site, &about(site, &target.account), Some((REPORTS, "open-reports-back")), &body)
}

/// Who says what, and how far things are.
fn said(site: &Site<'_>, report: &AdminReport) -> Markup {
    let named = |by: &AdminAccount| person::named(site, &by.account);
    html! {
        section class="sheet" {
            p { strong { (site.words.say(category(report.category))) } }
            p { (made(site, &report.account.account, &report.created_at)) }
            @if !report.comment.is_empty() { (quoted(&report.comment)) }
            @if !report.rules.is_empty() {
                h2 { (site.t("strike-rules")) }
                ul { @for rule in &report.rules { li dir="auto" { (rule.text) } } }
            }
            @if report.forwarded { p class="note" { (site.t("reports-forwarded")) } }
            @if let Some(by) = &report.assigned_account {
                p { (site.t_around("open-report-assigned", &[("name", named(by))])) }
            }
            p {
                @match report.action_taken_by_account.as_ref().zip(report.action_taken_at.as_ref()) {
                    Some((by, at)) => (site.t_around("open-report-resolved", &[("name", named(by)), ("time", moment(site, at))])),
                    None => (site.t("reports-open")),
                }
            }
        }
    }
}

/// The posts as they read when they were reported, on which nothing can be done.
fn posts(site: &Site<'_>, page: &Report<'_>) -> Markup {
    let still = Site { viewer: None, ..*site };
    html! {
        @if !page.report.statuses.is_empty() {
            section {
                h2 { (site.t("strike-posts")) }
                ul class="posts" {
                    @for status in &page.report.statuses {
                        li {
                            (post::article(&still, status, Look::Listed, None))
                            @if page.gone.contains(&status.id) { p class="note" { (site.t("strike-post-gone")) } }
                        }
                    }
                }
            }
        }
    }
}

/// The buttons for the work on a report.
fn work(site: &Site<'_>, report: &AdminReport) -> Markup {
    let assigned = report.assigned_account.as_ref();
    let own = site.viewer.is_some_and(|viewer| assigned.is_some_and(|by| by.id == viewer.id));
    let assign = if own { ("unassign", "open-report-unassign") } else { ("assign", "open-report-assign") };
    let close = if report.action_taken { ("reopen", "open-report-reopen") } else { ("resolve", "open-report-resolve") };
    html! {
        section {
            h2 { (site.t("open-report-work")) }
            p class="acts" {
                @for (at, (value, key)) in [close, assign].into_iter().enumerate() {
                    button class=[(at > 0).then_some("second")] type="submit" name="do" value=(value) { (site.words.say(key)) }
                }
            }
        }
    }
}

/// What can be done to the account a report is about, and what of that can be taken back.
fn deeds(site: &Site<'_>, report: &AdminReport) -> Markup {
    let target = &report.target_account;
    let known = [
        (target.silenced, Deed::Silence, "unsilence", "open-report-unsilence"),
        (target.suspended, Deed::Suspend, "unsuspend", "open-report-unsuspend"),
    ];
    html! {
        p class="acts" {
            @for (done, deed, back, back_key) in known {
                @if done {
                    button class="second" type="submit" name="do" value=(back) { (site.words.say(back_key)) }
                } @else {
                    a class="button second" href={ (REPORTS) "/" (report.id) "/" (deed.word()) } { (site.words.say(deed.does())) }
                }
            }
        }
    }
}

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Only followers meet it.
    Silence,
    /// It is gone for everybody.
    Suspend,
}

impl Deed {
    /// Its word in addresses, which is that of the client API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Deed::Silence => "silence",
            Deed::Suspend => "suspend",
        }
    }

    /// What a word means.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Deed::Silence, Deed::Suspend].into_iter().find(|deed| deed.word() == word)
    }

    fn does(self) -> &'static str {
        match self {
            Deed::Silence => "open-report-silence",
            Deed::Suspend => "open-report-suspend",
        }
    }

    fn asks(self) -> &'static str {
        match self {
            Deed::Silence => "silence-title",
            Deed::Suspend => "suspend-title",
        }
    }

    fn says(self) -> &'static str {
        match self {
            Deed::Silence => "silence-says",
            Deed::Suspend => "suspend-says",
        }
    }
}

/// Asking before something is done to an account.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whom it is about.
    pub account: &'a Account,
    /// The number of the report that it settles.
    pub report: &'a str,
    /// What is done.
    pub deed: Deed,
    /// Why, as it was typed.
    pub typed: &'a str,
    /// Characters that may have.
    pub text_max: usize,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// The question, with the field for why.
#[must_use]
pub fn question(site: &Site<'_>, page: &Question<'_>) -> String {
    let title = site.t_with(page.deed.asks(), &[("handle", &site.handle(&page.account.acct))]);
    let back = format!("{REPORTS}/{}", page.report);
    let body = html! {
        (refusal(site, page.problem))
        (person::card(site, page.account, None))
        p { (site.words.say(page.deed.says())) }
        form method="post" action={ (back) "/" (page.deed.word()) } {
            (Site { at: "", ..*site }.form_fields())
            p {
                label for="text" { (site.t("deed-why")) }
                textarea id="text" name="text" rows="4" maxlength=(page.text_max) dir="auto" aria-describedby="text-note" {
                    (page.typed)
                }
                span class="note" id="text-note" { (site.t("deed-why-hint")) }
            }
            p class="acts" {
                button type="submit" { (site.words.say(page.deed.does())) }
                a class="button second" href=(back) { (site.t("cancel")) }
            }
        }
    };
    framed(site, &title, None, &body)
}

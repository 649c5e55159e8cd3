//! What happened to whoever is signed in: in groups, newest first; and who asks to follow or to be heard.

use super::{
    Pager, acts, moderation,
    pager::pager,
    person,
    post::{self, Look},
    text::moment,
};
use crate::{
    entity::{Account, GroupedNotifications, NotificationGroup, NotificationRequest, SharedAccount, Status},
    layout::{self, Head, Site, icon},
};
use maud::{Markup, html};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Which notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// All of them.
    All,
    /// Where one is named.
    Mentions,
    /// What moderators decided, and what they are asked to decide.
    Moderation,
    /// Strangers whose notifications wait to be let in, and people who ask to follow.
    Requests,
}

/// What the page of notifications shows.
#[derive(Debug, Clone, Copy)]
pub struct Notifications<'a> {
    /// Which ones.
    pub tab: Tab,
    /// The groups, newest first.
    pub groups: &'a GroupedNotifications,
    /// Up to which one has read.
    pub read_upto: Option<u64>,
    /// The newest that was looked at for this page.
    pub newest: Option<u64>,
    /// Numbers of those who signed up and wait to be let in.
    pub waiting: &'a [String],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// The page of notifications.
#[must_use]
pub fn notifications(site: &Site<'_>, page: &Notifications<'_>) -> String {
    let people: HashMap<&str, &Account> =
        page.groups.accounts.iter().map(|account| (account.id.as_str(), &***account)).collect();
    let statuses: HashMap<&str, &Status> =
        page.groups.statuses.iter().map(|status| (status.id.as_str(), status)).collect();
    let unread = |group: &NotificationGroup| page.read_upto.is_none_or(|upto| group.most_recent_notification_id > upto);
    // A post stands on a page once; further notifications about it show how it begins.
    let mut drawn = HashSet::new();
    let whole: Vec<bool> = page
        .groups
        .notification_groups
        .iter()
        .map(|told| kind(told.kind).2 && told.status_id.as_deref().is_some_and(|id| drawn.insert(id)))
        .collect();
    let newer = page.newest.filter(|newest| page.read_upto.is_none_or(|upto| upto < *newest));
    let body = html! {
        @if let Some(newest) = newer {
            form method="post" action="/notifications/read" {
                (site.form_fields())
                input type="hidden" name="upto" value=(newest);
                p { button class="quiet" type="submit" { (site.t("home-mark-read")) } }
            }
        }
        @if page.groups.notification_groups.is_empty() {
            p class="empty sheet" { (site.t("notifications-empty")) }
        } @else {
            ul class="posts" {
                @for (told, whole) in page.groups.notification_groups.iter().zip(whole) {
                    li class=[unread(told).then_some("unread")] { (group(site, told, &people, &statuses, page.waiting, whole)) }
                }
            }
        }
        (pager(site, page.pager))
        @if page.tab == Tab::All && !page.groups.notification_groups.is_empty() {
            p class="small" { a href="/notifications/clear" { (site.t("notifications-clear")) } }
        }
    };
    framed(site, page.tab, &body)
}

/// The frame of all tabs.
fn framed(site: &Site<'_>, open: Tab, body: &Markup) -> String {
    let title = site.t("nav-notifications");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let tabs = [
        ("/notifications", "tab-all", Tab::All),
        ("/notifications/mentions", "tab-mentions", Tab::Mentions),
        ("/notifications/requests", "tab-requests", Tab::Requests),
        ("/notifications/moderation", "tab-moderation", Tab::Moderation),
    ];
    let whole = html! {
        div class="narrow" data-live="1" {
            h1 { (title) }
            nav class="tabs" aria-label=(title) {
                @for (path, key, tab) in tabs {
                    a href=(path) aria-current=[(tab == open).then_some("page")] { (site.words.say(key)) }
                }
            }
            (body)
        }
    };
    layout::document(site, &head, &whole)
}

/// What happened, as icon and message, and whether the post itself is to be read whole.
fn kind(kind: &str) -> (&'static str, &'static str, bool) {
    match kind {
        "mention" => ("reply", "told-mention", true),
        "status" => ("bell", "told-status", true),
        "reblog" => ("boost", "told-reblog", false),
        "favourite" => ("star", "told-favourite", false),
        "follow" => ("home", "told-follow", false),
        "follow_request" => ("home", "told-follow-request", false),
        "poll" => ("list", "told-poll", true),
        "update" => ("pen", "told-update", true),
        "quote" => ("reply", "told-quote", true),
        "quoted_update" => ("pen", "told-quoted-update", true),
        "admin.sign_up" => ("home", "told-sign-up", false),
        "moderation_warning" => ("bell", "told-warning", false),
        "admin.report" => ("bell", "told-report", false),
        "added_to_collection" => ("list", "told-added", false),
        "collection_update" => ("list", "told-collection", false),
        _ => ("bell", "told-other", false),
    }
}

fn group(
    site: &Site<'_>,
    told: &NotificationGroup,
    people: &HashMap<&str, &Account>,
    statuses: &HashMap<&str, &Status>,
    waiting: &[String],
    whole: bool,
) -> Markup {
    let sample: Vec<&Account> =
        told.sample_account_ids.iter().filter_map(|id| people.get(id.as_str()).copied()).collect();
    let (picture, key, _) = kind(told.kind);
    let status = told.status_id.as_deref().and_then(|id| statuses.get(id).copied());
    let others = told.notifications_count.saturating_sub(1);
    let names = html! {
        @match sample.first() {
            Some(first) if waiting.contains(&first.id) => bdi { (person::shown(site, first)) },
            Some(first) => (person::named(site, first)),
            None => {},
        }
        @if others > 0 { " " (site.t_count("told-and-others", others)) }
    };
    html! {
        div class="told" {
            p class="happened" {
                (icon(picture))
                span class="faces" {
                    @for account in sample.iter().take(if site.light { 0 } else { 6 }) {
                        img class="face" src=(person::avatar(site, account)) alt="" width="32" height="32" loading="lazy";
                    }
                }
                span { (site.words.around(key, None, &[("name", names)])) }
                span class="when" { (moment(site, &told.latest_page_notification_at)) }
            }
            @if let Some(warning) = &told.moderation_warning {
                p { a href={ "/disputes/strikes/" (warning.id) } { (site.t("told-warning-read")) } }
            }
            @if sample.iter().any(|one| waiting.contains(&one.id)) {
                p { a href=(moderation::WAITING) { (site.t("told-sign-up-waits")) } }
            }
            @if let Some(report) = &told.report {
                p { a href={ (moderation::REPORTS) "/" (report.id) } { (moderation::about(site, &report.target_account)) } }
            }
            @if let Some((collection, owner)) = told.collection.as_ref().zip(sample.first()) {
                p class="short" dir="auto" {
                    @match person::link(site, owner).filter(|url| url.starts_with('/')) {
                        Some(url) => a href={ (url) "/featured#collection-" (collection.id) } { (collection.name) },
                        None => (collection.name),
                    }
                }
            }
            @if told.kind == "follow_request" {
                @if let Some(asking) = sample.first() { (answer(site, asking)) }
            }
            @match status {
                Some(status) if whole => (post::article(site, status, Look::Listed, post::answered(site, status).as_deref())),
                Some(status) => (short(site, status, "told-your-post")),
                None => {}
            }
        }
    }
}

/// The beginning of a post; `silent` is the message for one that has no words.
fn short(site: &Site<'_>, status: &Status, silent: &str) -> Markup {
    let said =
        if status.spoiler_text.is_empty() { super::text::own_words(&status.content) } else { &status.spoiler_text };
    let said = super::text::excerpt(said, 160);
    html! {
        p class="short" dir="auto" {
            @match post::link(site, status) {
                Some(url) => a href=(url) { @if said.is_empty() { (site.words.say(silent)) } @else { (said) } },
                None => (said),
            }
        }
    }
}

/// Letting somebody follow, or not.
fn answer(site: &Site<'_>, account: &Account) -> Markup {
    html! {
        p class="answers" {
            (acts::wide("accept", &account.id, &site.t("request-accept"), false))
            (acts::wide("decline", &account.id, &site.t("request-decline"), true))
        }
    }
}

/// Notifications of one person kept aside beyond which nobody counts; the count says this many then (Mastodon).
pub const COUNTED: u64 = 100;

/// What waits for a word.
#[derive(Debug, Clone, Copy)]
pub struct Requests<'a> {
    /// Who asks to follow.
    pub following: &'a [Arc<SharedAccount>],
    /// Whose notifications were kept aside.
    pub filtered: &'a [NotificationRequest],
}

/// The tab of what waits.
#[must_use]
pub fn requests(site: &Site<'_>, page: &Requests<'_>) -> String {
    let body = html! {
        p { a href="/interaction_requests" { (site.t("asked-title")) } }
        h2 { (site.t("follow-requests")) }
        (people(site, page.following))
        h2 { (site.t("filtered-notifications")) }
        p class="note" { (site.t("filtered-notifications-hint")) }
        @if page.filtered.is_empty() { p class="empty sheet" { (site.t("filtered-empty")) } }
        ul class="posts" {
            @for request in page.filtered {
                li class="sheet" {
                    (person::card(site, &request.account, None))
                    @match request.notifications_count.parse::<u64>() {
                        Ok(COUNTED..) => { p class="small soft" { (site.t_count("filtered-count-most", COUNTED)) } },
                        Ok(count) => { p class="small soft" { (site.t_count("filtered-count", count)) } },
                        Err(_) => {},
                    }
                    @if let Some(last) = &request.last_status { (short(site, last, "away-no-words")) }
                    p class="answers" {
                        (acts::wide("let-in", &request.id, &site.t("filtered-accept"), false))
                        (acts::wide("keep-out", &request.id, &site.t("filtered-dismiss"), true))
                    }
                }
            }
        }
    };
    framed(site, Tab::Requests, &body)
}

fn people(site: &Site<'_>, asking: &[Arc<SharedAccount>]) -> Markup {
    html! {
        @if asking.is_empty() { p class="empty sheet" { (site.t("follow-requests-empty")) } }
        ul class="posts" {
            @for account in asking {
                li class="sheet" { (person::card(site, account, None)) (answer(site, account)) }
            }
        }
    }
}

/// Who asks to follow, as a page of its own.
#[must_use]
pub fn follow_requests(site: &Site<'_>, asking: &[Arc<SharedAccount>], neighbours: Pager<'_>) -> String {
    let title = site.t("follow-requests");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (people(site, asking))
            (pager(site, neighbours))
        }
    };
    layout::document(site, &head, &body)
}

//! Home: what the people one follows say; and beside it, under tabs, lists, tags one follows, this server, and all that
//! is known here.

use super::{
    Pager, compose, emoji,
    pager::pager,
    person,
    post::{self, Look},
    text::moment,
};
use crate::{
    entity::{Announcement, List, Status},
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
    /// One's lists, which have tabs of their own.
    pub lists: &'a [List],
    /// What whoever runs the server says to everybody, until one has put it away.
    pub announcements: &'a [Announcement],
    /// What was boosted stands apart, above the rest.
    pub shelf: bool,
    /// Up to which post one has read.
    pub read_upto: Option<u64>,
    /// When one said so.
    pub read_at: Option<&'a str>,
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
            @for announcement in page.announcements { (announced(site, announcement)) }
            @if page.first { (compose::quick(site, page.key, page.visibility)) }
            @if let Some(steps) = page.steps { (first_steps(site, steps)) }
            @if page.away {
                p class="sheet away-way" { (site.t("away-says")) " " a href="/home/away" { (site.t("away-title")) } }
            }
            (tabs(site, Tab::Home, page.lists))
            @if page.statuses.is_empty() {
                div class="empty sheet" {
                    p { (site.t(if page.first { "home-empty" } else { "home-no-more" })) }
                    @if page.first { p { a class="button" href="/explore" { (site.t("nav-explore")) } } }
                }
            } @else {
                @if page.first {
                    a class="button second fresh" href="/home" hidden { (site.t_around("home-new-posts", &[("count", html! { b { "1" } })])) }
                }
                h2 class="unseen" { (site.t("tab-posts")) }
                @if page.shelf { (shelf(site, page)) } @else { (list(site, page, page.statuses)) }
            }
            (pager(site, page.pager))
            p class="small" {
                @if page.shelf {
                    a href="/home" { (site.t("home-boosts-among")) }
                } @else {
                    a href="/home?boosts=shelf" { (site.t("home-boosts-apart")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// What stands beside home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab<'a> {
    /// Home itself.
    Home,
    /// A list, by its number.
    List(&'a str),
    /// Posts with tags one follows.
    Tags,
    /// Posts written here.
    Local,
    /// Public posts of all servers that are known here.
    Known,
}

/// Lists that have tabs of their own at most; the others are on the page of lists.
const LISTS_SHOWN: usize = 8;

/// The ways between home and what stands beside it.
pub(super) fn tabs(site: &Site<'_>, open: Tab<'_>, lists: &[List]) -> Markup {
    let tab = |path: &str, key: &str, tab: Tab<'_>| {
        html! { a href=(path) aria-current=[(tab == open).then_some("page")] { (site.words.say(key)) } }
    };
    html! {
        nav class="tabs" aria-label=(site.t("tabs-timelines")) {
            (tab("/home", "nav-home", Tab::Home))
            @for list in lists.iter().take(LISTS_SHOWN) {
                a href={ "/lists/" (list.id) } dir="auto" aria-current=[(open == Tab::List(&list.id)).then_some("page")] { (list.title) }
            }
            @if lists.len() > LISTS_SHOWN { a href="/lists" { (site.t("tab-all-lists")) } }
            (tab("/home/tags", "tab-tags", Tab::Tags))
            (tab("/home/local", "tab-local", Tab::Local))
            (tab("/home/known", "tab-known", Tab::Known))
        }
    }
}

/// How a timeline stands to what relays told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relays {
    /// That stands among the others.
    Among,
    /// That is left out.
    LeftOut,
}

/// A timeline beside home.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// Which.
    pub tab: Tab<'a>,
    /// The message that is its title.
    pub title: &'static str,
    /// The message that says whose posts these are.
    pub says: &'static str,
    /// One's lists.
    pub lists: &'a [List],
    /// Posts, newest first.
    pub statuses: &'a [Status],
    /// It is the newest page.
    pub first: bool,
    /// How it stands to what relays told of; `None`: there is nothing to choose.
    pub relays: Option<Relays>,
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// Such a timeline as a page.
#[must_use]
pub fn timeline(site: &Site<'_>, page: &Timeline<'_>) -> String {
    let title = site.words.say(page.title);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (tabs(site, page.tab, page.lists))
            p class="small soft" {
                (site.words.say(page.says))
                @if page.tab == Tab::Tags { " " a href="/followed_tags" { (site.t("followed-tags")) } }
            }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.t(if page.first { "timeline-empty" } else { "home-no-more" })) }
            } @else {
                h2 class="unseen" { (site.t("tab-posts")) }
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
            @match page.relays {
                Some(Relays::Among) => {
                    p class="small" { a href="/home/known?relays=without" { (site.t("relays-leave-out")) } }
                }
                Some(Relays::LeftOut) => {
                    p class="small" { a href="/home/known" { (site.t("relays-put-among")) } }
                }
                None => {}
            }
        }
    };
    layout::document(site, &head, &body)
}

/// What is said to everybody, and putting it away.
fn announced(site: &Site<'_>, announcement: &Announcement) -> Markup {
    let id = announcement.id.as_str();
    html! {
        section class="sheet announced" aria-labelledby={ "announcement-" (id) } {
            h2 id={ "announcement-" (id) } { (site.t("announcement")) }
            // Drawn by this program from what whoever runs it typed.
            div class="content" dir="auto" { (emoji::in_html(site, &announcement.content, &announcement.emojis)) }
            @if let Some(ends) = announcement.ends_at.as_deref() {
                p class="small soft" { (site.t_around("announcement-until", &[("time", moment(site, ends))])) }
            }
            form method="post" action={ "/announcements/" (id) "/dismiss" } {
                (site.form_fields())
                button class="quiet" type="submit" { (site.t("announcement-dismiss")) }
            }
        }
    }
}

/// The posts, what was boosted folded above them.
fn shelf(site: &Site<'_>, page: &Home<'_>) -> Markup {
    let (boosts, rest): (Vec<Status>, Vec<Status>) =
        page.statuses.iter().cloned().partition(|status| status.reblog.is_some());
    html! {
        @if !boosts.is_empty() {
            details class="part shelf" {
                summary { (site.t_count("home-shelf", boosts.len() as u64)) }
                ul class="posts" {
                    @for (status, also) in merged(&boosts) {
                        li { (post::shared(site, status, Look::Listed, post::answered(site, status).as_deref(), &also)) }
                    }
                }
            }
        }
        (list(site, page, &rest))
    }
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
fn list(site: &Site<'_>, page: &Home<'_>, statuses: &[Status]) -> Markup {
    let is_read =
        |status: &Status| page.read_upto.zip(status.id.parse::<u64>().ok()).is_some_and(|(upto, id)| id <= upto);
    let shown = merged(statuses);
    let first_read = shown.iter().position(|(status, _)| is_read(status)).filter(|at| *at > 0);
    html! {
        ul class="posts" {
            @for (at, (status, also)) in shown.iter().enumerate() {
                @if first_read == Some(at) { li class="read-line" { span {
                    @match page.read_at {
                        Some(at) => (site.t_around("home-read-since", &[("time", moment(site, at))])),
                        None => (site.t("home-read-line")),
                    }
                } } }
                li { (post::shared(site, status, Look::Listed, post::answered(site, status).as_deref(), also)) }
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

//! What there was while one was away, told shortly: who answered, what several people pointed to, who said what. In the
//! order of time; nothing is ranked by what others made of it.

use super::{emoji, person, post, text};
use crate::{
    entity::{PreviewCard, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Characters of a post that are told.
const EXCERPT_CHARS: usize = 160;
/// Links that are told; the rest stand in their posts.
const LINKS: usize = 8;
/// Names that are told beside a link.
const NAMES: usize = 4;

/// What there was.
#[derive(Debug, Clone, Copy)]
pub struct Away<'a> {
    /// Until when one has read, as a time of an entity; `None` if nobody knows.
    pub since: Option<&'a str>,
    /// Posts of home since then, newest first.
    pub statuses: &'a [Status],
    /// There may be older ones that one has not read either.
    pub more: bool,
    /// What names one since then, newest first.
    pub answers: &'a [Status],
    /// The newest post of home.
    pub newest: Option<u64>,
}

/// The page of what there was.
#[must_use]
pub fn away(site: &Site<'_>, page: &Away<'_>) -> String {
    let title = site.t("away-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let links = links(page.statuses);
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (begin(site, page))
            @if !page.answers.is_empty() {
                h2 { (site.t("away-answers")) }
                ul class="lines sheet" { @for status in page.answers { li { (line(site, status, Some(status))) } } }
                p { a href="/notifications/mentions" { (site.t("away-all-answers")) } }
            }
            @if !links.is_empty() {
                h2 { (site.t("away-links")) }
                ul class="lines sheet" { @for link in &links { li { (shared(site, link)) } } }
            }
            @if !page.statuses.is_empty() {
                h2 { (site.t("away-people")) }
                @for said in by_author(page.statuses) { (author(site, &said)) }
                (end(site, page))
            }
        }
    };
    layout::document(site, &head, &body)
}

/// How much there was, and since when.
fn begin(site: &Site<'_>, page: &Away<'_>) -> Markup {
    let count = page.statuses.len() as u64;
    html! {
        @if page.statuses.is_empty() {
            p class="empty sheet" { (site.t("away-nothing")) }
            p { a class="button" href="/home" { (site.t("nav-home")) } }
        } @else {
            p class="lead" {
                @match page.since {
                    Some(since) => (site.words.around("away-since", Some(count), &[("time", html! { time datetime=(since) { (text::time(site, since)) } })])),
                    None => (site.t_count("away-newest", count)),
                }
                @if page.more { " " (site.t("away-more")) }
            }
        }
    }
}

/// Says that all of it was read, and the way to read it whole.
fn end(site: &Site<'_>, page: &Away<'_>) -> Markup {
    html! {
        @if let Some(newest) = page.newest {
            form class="acts" method="post" action="/home/read" {
                (Site { at: "/home", ..*site }.form_fields())
                input type="hidden" name="upto" value=(newest);
                button type="submit" { (site.t("home-mark-read")) }
                a class="button second" href="/home" { (site.t("away-whole")) }
            }
        }
    }
}

/// What one person said or shared, oldest first.
struct Said<'a> {
    of: &'a Status,
    statuses: Vec<&'a Status>,
}

/// Who said what: whoever spoke last comes first.
fn by_author(statuses: &[Status]) -> Vec<Said<'_>> {
    let mut all: Vec<Said<'_>> = Vec::new();
    for status in statuses {
        match all.iter_mut().find(|said| said.of.account.id == status.account.id) {
            Some(said) => said.statuses.push(status),
            None => all.push(Said { of: status, statuses: vec![status] }),
        }
    }
    all.iter_mut().for_each(|said| said.statuses.reverse());
    all
}

fn author(site: &Site<'_>, said: &Said<'_>) -> Markup {
    let account = &said.of.account;
    html! {
        details class="part away" {
            summary {
                @if !site.light {
                    img class="face" src=(person::avatar(site, account)) alt="" width="32" height="32" loading="lazy"; " "
                }
                bdi { (person::shown(site, account)) } " "
                span class="act" { (site.t_count("away-posts", said.statuses.len() as u64)) }
            }
            ul class="lines" { @for status in &said.statuses { li { (line(site, status, None)) } } }
        }
    }
}

/// A post in one line: how it begins, when it was said, by whom if that is not told above it.
fn line(site: &Site<'_>, status: &Status, by: Option<&Status>) -> Markup {
    let shown = status.reblog.as_deref().unwrap_or(status);
    let words = beginning(site, shown);
    let pictures = shown.media_attachments.len() as u64;
    html! {
        p class="short" dir="auto" {
            @match post::link(site, shown) {
                Some(url) => a href=(url) rel=[post::outside(&url)] { (words) },
                None => (words),
            }
        }
        p class="note" {
            @if let Some(by) = by { bdi { (person::shown(site, &by.account)) } " · " }
            @if status.reblog.is_some() {
                (site.t_around("away-boosted", &[("name", html! { bdi { (person::shown(site, &shown.account)) } })])) " · "
            }
            (text::moment(site, &status.created_at))
            @if pictures > 0 { " · " (site.t_count("away-pictures", pictures)) }
            @if shown.poll.is_some() { " · " (site.t("poll")) }
        }
    }
}

/// How a post begins: what a filter covers is told by the filter's name, what stands behind a warning by the warning.
fn beginning(site: &Site<'_>, status: &Status) -> Markup {
    let covered = post::filters(status, "warn");
    if !covered.is_empty() {
        return post::filtered(site, &covered);
    }
    let said = match status.spoiler_text.trim() {
        "" => text::excerpt(text::own_words(&status.content), EXCERPT_CHARS),
        warning => text::excerpt(&crate::words::plain(warning).into_string(), EXCERPT_CHARS),
    };
    html! { @if said.is_empty() { (site.t("away-no-words")) } @else { (emoji::in_text(site, &said, &status.emojis)) } }
}

/// A page that several people pointed to.
struct Link<'a> {
    card: &'a PreviewCard,
    people: Vec<&'a Status>,
}

/// Pages that at least two people pointed to, those of most people first.
fn links(statuses: &[Status]) -> Vec<Link<'_>> {
    let mut all: Vec<Link<'_>> = Vec::new();
    for status in statuses {
        let shown = status.reblog.as_deref().unwrap_or(status);
        let Some(card) = shown.card.as_ref().filter(|card| text::web_link(&card.url).is_some()) else { continue };
        if !post::filters(shown, "warn").is_empty() {
            continue;
        }
        let known = all.iter_mut().find(|link| link.card.url == card.url);
        match known {
            Some(link) if link.people.iter().any(|other| other.account.id == status.account.id) => {}
            Some(link) => link.people.push(status),
            None => all.push(Link { card, people: vec![status] }),
        }
    }
    all.retain(|link| link.people.len() > 1);
    // Among as many people, what was pointed to last stays first.
    all.sort_by_key(|link| std::cmp::Reverse(link.people.len()));
    all.truncate(LINKS);
    all
}

fn shared(site: &Site<'_>, link: &Link<'_>) -> Markup {
    let title = if link.card.title.trim().is_empty() { link.card.url.as_str() } else { link.card.title.trim() };
    let names = link.people.iter().take(NAMES).map(|status| person::shown(site, &status.account));
    let more = link.people.len().saturating_sub(NAMES) as u64;
    html! {
        p class="short" dir="auto" {
            a href=(link.card.url) rel="nofollow noopener noreferrer" { (title) }
        }
        p class="note" {
            bdi { (text::host(&link.card.url)) } " · "
            @for (at, name) in names.enumerate() { @if at > 0 { ", " } bdi { (name) } }
            @if more > 0 { " " (site.t_count("told-and-others", more)) }
        }
    }
}

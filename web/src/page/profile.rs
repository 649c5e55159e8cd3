//! The public profile of somebody here.

use super::{
    Pager,
    pager::pager,
    person,
    post::{self, Look},
    text::{date, excerpt, number},
};
use crate::{
    entity::{Account, Field, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, PreEscaped, html};

/// Characters of a bio that previews show.
const DESCRIPTION_CHARS: usize = 200;

/// Which posts of the account are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What it wrote of itself, and what it shared.
    Posts,
    /// Its answers to others too.
    WithReplies,
}

/// What a profile shows.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    /// Whose it is.
    pub account: &'a Account,
    /// Pinned posts; on the first page only.
    pub pinned: &'a [Status],
    /// Posts, newest first.
    pub statuses: &'a [Status],
    /// Which ones.
    pub tab: Tab,
    /// Their neighbours.
    pub pager: Pager<'a>,
}

/// The profile.
#[must_use]
pub fn profile(site: &Site<'_>, page: &Profile<'_>) -> String {
    let account = page.account;
    let handle = site.handle(&account.acct);
    let title = format!("{} ({handle})", person::name(account));
    let description = excerpt(&account.note, DESCRIPTION_CHARS);
    let head = Head {
        title: &title,
        description: Some(description.as_str()).filter(|text| !text.is_empty()),
        canonical: Some(&account.url),
        kind: Some("profile"),
        image: Some(&account.avatar_static),
        activity: Some(&account.uri),
        noindex: account.noindex == Some(true),
        ..Head::default()
    };
    let body = html! {
        div class="narrow" {
            (person(site, account, &handle))
            (tabs(account, page.tab))
            @if !page.pinned.is_empty() { (post::list(site, page.pinned, Look::Pinned)) }
            @if page.statuses.is_empty() && page.pinned.is_empty() {
                p class="empty sheet" { "No public posts here." }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(page.pager))
        }
    };
    layout::document(site, &head, &body)
}

fn person(site: &Site<'_>, account: &Account, handle: &str) -> Markup {
    html! {
        section class="sheet profile" aria-labelledby="name" {
            img class="banner" src=(person::header(site, account)) alt=(account.header_description) width="1200" height="400";
            div class="body" {
                img class="avatar" src=(person::avatar(site, account)) alt=(account.avatar_description) width="96" height="96";
                h1 id="name" { bdi { (person::name(account)) } }
                span class="handle" dir="ltr" { (handle) }
                (badges(account))
                @if let Some(moved) = &account.moved {
                    p class="problem" {
                        "Has moved to "
                        @match person::link(site, moved) {
                            Some(url) => a href=(url) { (site.handle(&moved.acct)) },
                            None => (site.handle(&moved.acct)),
                        }
                    }
                }
                @if account.memorial == Some(true) { p { "In memory of " bdi { (person::name(account)) } "." } }
                @if !account.note.is_empty() { div class="content" dir="auto" { (PreEscaped(&account.note)) } }
                (fields(&account.fields))
                dl class="numbers" {
                    @for (count, one, many) in [
                        (account.statuses_count, "post", "posts"),
                        (account.followers_count, "follower", "followers"),
                        (account.following_count, "followed", "followed"),
                    ] {
                        div { dt { (if count == 1 { one } else { many }) } dd { (number(count)) } }
                    }
                }
                @if let Some(since) = date(&account.created_at) { p class="small soft" { "Here since " (since) "." } }
                p class="hint" {
                    "To follow, put " code { (handle) } " into the search box of your own server or app."
                    @if account.locked { " Requests to follow are looked at first." }
                }
            }
        }
    }
}

fn badges(account: &Account) -> Markup {
    html! {
        @if account.bot || account.group || !account.roles.is_empty() {
            p {
                @if account.bot { span class="badge" { "Automated" } " " }
                @if account.group { span class="badge" { "Group" } " " }
                @for role in &account.roles { span class="badge" { (role.name) } " " }
            }
        }
    }
}

fn fields(fields: &[Field]) -> Markup {
    html! {
        @if !fields.is_empty() {
            dl class="facts" {
                @for field in fields {
                    div class=[field.verified_at.as_ref().map(|_| "verified")] {
                        dt dir="auto" { (field.name) }
                        // Links of local fields carry `rel=me` already; those of others were sanitised.
                        dd dir="auto" {
                            (PreEscaped(&field.value))
                            @if let Some(at) = &field.verified_at {
                                span class="note" { "Checked on " (date(at).unwrap_or_else(|| at.clone())) ": that page links back here." }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn tabs(account: &Account, open: Tab) -> Markup {
    let posts = format!("/@{}", account.acct);
    let tabs = [
        ("Posts", posts.clone(), Tab::Posts),
        ("Posts and replies", format!("{posts}/with_replies"), Tab::WithReplies),
    ];
    html! {
        nav class="tabs" aria-label="Which posts" {
            @for (label, path, tab) in &tabs {
                a href=(path) aria-current=[(*tab == open).then_some("page")] { (label) }
            }
        }
    }
}

//! The public profile of somebody here.

use super::{
    Pager, acts, emoji,
    featured::{self, Featured},
    interact,
    pager::pager,
    person,
    post::{self, Look},
    text::{date, excerpt, moment, web_link},
};
use crate::{
    entity::{Account, List, Relationship, Status},
    layout::{self, Head, Site},
    words::grouped,
};
use maud::{Markup, html};

/// Characters of a bio that previews show.
const DESCRIPTION_CHARS: usize = 200;

/// Which posts of the account are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What it wrote of itself, and what it shared.
    Posts,
    /// Its answers to others too.
    WithReplies,
    /// What has pictures, films or sounds.
    Media,
    /// What it recommends.
    Featured,
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
    /// What it recommends, in place of posts.
    pub featured: Option<Featured<'a>>,
    /// How whoever is signed in stands to the account; `None` for guests.
    pub standing: Option<Standing<'a>>,
    /// What is known of an account elsewhere; `None`: it lives here.
    pub away: Option<Away>,
}

/// What is known of an account elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Away {
    /// Which of its numbers its own server says.
    pub said: Said,
    /// It recommends something.
    pub recommends: bool,
}

/// Which numbers of an account its own server says; of the others what is known here is counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    /// How many posts.
    pub posts: bool,
    /// How many follow it.
    pub followers: bool,
    /// How many it follows.
    pub following: bool,
}

/// How whoever is signed in stands to an account.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What one does to the other.
    pub relationship: &'a Relationship,
    /// All lists of whoever looks, with whether the account is in them.
    pub lists: &'a [(List, bool)],
}

/// The profile.
#[must_use]
pub fn profile(site: &Site<'_>, page: &Profile<'_>) -> String {
    let account = page.account;
    let handle = site.handle(&account.acct);
    let title = format!("{} ({handle})", person::name(account));
    let description = excerpt(&account.note, DESCRIPTION_CHARS);
    let data = (account.noindex != Some(true)).then(|| told(account, &handle, &description));
    let head = Head {
        title: &title,
        description: Some(description.as_str()).filter(|text| !text.is_empty()),
        canonical: Some(&account.url),
        kind: Some("profile"),
        image: Some(&account.avatar_static),
        activity: Some(&account.uri),
        feeds: Some(account.url.as_str()).filter(|_| !account.acct.contains('@')),
        noindex: account.noindex == Some(true),
        data: data.as_deref(),
        scripted: true,
        ..Head::default()
    };
    let body = html! {
        div class="narrow" {
            (person(site, page, &handle))
            (tabs(site, page))
            @if !page.pinned.is_empty() { (post::list(site, page.pinned, Look::Pinned)) }
            @if let Some(recommended) = &page.featured {
                (featured::featured(site, recommended))
            } @else if page.statuses.is_empty() && page.pinned.is_empty() {
                p class="empty sheet" { (nothing(site, page)) }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

fn person(site: &Site<'_>, page: &Profile<'_>, handle: &str) -> Markup {
    let account = page.account;
    html! {
        section class="sheet profile" aria-labelledby="name" {
            @if !site.light { img class="banner" src=(person::header(site, account)) alt=(account.header_description) width="1200" height="400"; }
            div class="body" {
                @if !site.light {
                    img class="avatar" src=(person::avatar(site, account)) alt=(account.avatar_description) width="96" height="96";
                }
                h1 id="name" { bdi { (person::shown(site, account)) } }
                p class="handle" {
                    span dir="ltr" { (handle) } " "
                    button class="quiet" type="button" hidden data-copy=(handle) data-copied=(site.t("copied")) { (site.t("copy")) }
                }
                (badges(site, account))
                @if let Some(moved) = &account.moved {
                    p class="problem" {
                        (site.t_around("profile-moved", &[("handle", html! {
                            @match person::link(site, moved) {
                                Some(url) => a href=(url) { (site.handle(&moved.acct)) },
                                None => (site.handle(&moved.acct)),
                            }
                        })]))
                    }
                }
                @if account.memorial == Some(true) { p { (site.t_around("profile-memorial", &[("name", html! { bdi { (person::name(account)) } })])) } }
                @if !account.note.is_empty() { div class="content" dir="auto" { (emoji::in_html(site, &account.note, &account.emojis)) } }
                (fields(site, account))
                (numbers(site, account, page.away))
                @if let Some(since) = date(site.words, &account.created_at) {
                    p class="small soft" {
                        @match account.acct.split_once('@') {
                            // Where its server does not say it, that is when it came to be known here.
                            Some((_, host)) => (site.t_around("profile-since-there", &[
                                ("host", html! { bdi { (host) } }),
                                ("date", html! { (since) }),
                            ])),
                            None => (site.t_with("profile-since", &[("date", &since)])),
                        }
                    }
                }
                @match page.standing {
                    Some(standing) => (relations(site, account, standing)),
                    None => {
                        p class="hint" {
                            (site.t_around("profile-follow-hint", &[("handle", html! { code { (handle) } })]))
                            @if account.locked { " " (site.t("profile-locked")) }
                        }
                        @if !account.acct.contains('@') && account.moved.is_none() { (interact::form(site, &account.uri, "")) }
                    }
                }
            }
        }
    }
}

/// Why no posts stand there.
fn nothing(site: &Site<'_>, page: &Profile<'_>) -> Markup {
    let blocks = page.standing.is_some_and(|standing| standing.relationship.blocking);
    html! {
        @if blocks {
            (site.t_around("profile-empty-blocked", &[("name", html! { bdi { (person::name(page.account)) } })]))
        } @else {
            (site.t("profile-empty"))
        }
    }
}

/// Somebody in short: name, what they say of themselves, and following them from one's own server.
pub(super) fn brief(site: &Site<'_>, account: &Account) -> Markup {
    html! {
        section class="sheet" {
            (person::card(site, account, None))
            @if !account.note.is_empty() { div class="content" dir="auto" { (emoji::in_html(site, &account.note, &account.emojis)) } }
            (fields(site, account))
            @if site.viewer.is_none() { (interact::form(site, &account.uri, "")) }
        }
    }
}

/// The profile as machines read it: one person and their page (schema.org, ProfilePage).
fn told(account: &Account, handle: &str, description: &str) -> String {
    let kind = if account.group { "Organization" } else { "Person" };
    layout::data(&serde_json::json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "dateCreated": account.created_at,
        "mainEntity": {
            "@type": kind,
            "name": person::name(account),
            "alternateName": handle,
            "description": description,
            "image": web_link(&account.avatar_static),
            "url": web_link(&account.url),
            "identifier": account.uri,
        },
    }))
}

fn badges(site: &Site<'_>, account: &Account) -> Markup {
    html! {
        @if account.bot || account.group || !account.roles.is_empty() {
            p {
                @if account.bot { span class="badge" { (site.t("profile-bot")) } " " }
                @if account.group { span class="badge" { (site.t("profile-group")) } " " }
                @for role in &account.roles { span class="badge" { (role.name) } " " }
            }
        }
    }
}

fn fields(site: &Site<'_>, account: &Account) -> Markup {
    html! {
        @if !account.fields.is_empty() {
            dl class="facts" {
                @for field in &account.fields {
                    div class=[field.verified_at.as_ref().map(|_| "verified")] {
                        dt dir="auto" { (emoji::in_text(site, &field.name, &account.emojis)) }
                        // Links of local fields carry `rel=me` already; those of others were sanitised.
                        dd dir="auto" {
                            (emoji::in_html(site, &field.value, &account.emojis))
                            @if let Some(at) = &field.verified_at {
                                span class="note" {
                                    (site.t_with("profile-verified", &[("date", &date(site.words, at).unwrap_or_else(|| at.clone()))]))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many posts, followers and followed; of an account elsewhere also who says so.
fn numbers(site: &Site<'_>, account: &Account, away: Option<Away>) -> Markup {
    let said = away.unwrap_or_default().said;
    let counts = [
        (account.statuses_count, "noun-posts", said.posts),
        (account.followers_count, "noun-followers", said.followers),
        (account.following_count, "noun-followed", said.following),
    ];
    let how_many = counts.iter().filter(|(.., said)| *said).count();
    let host = away.and_then(|_| account.acct.split_once('@')).map(|(_, host)| host);
    // What one sentence says of all is not said of each.
    let each = host.filter(|_| how_many > 0 && how_many < counts.len());
    let who_says = |host: &str, said: bool| {
        if said { site.t_with("profile-number-said", &[("host", host)]) } else { site.t("profile-number-known") }
    };
    html! {
        dl class="numbers" {
            @for (count, key, said) in counts {
                @let words = each.map(|host| who_says(host, said));
                div {
                    dt { (numbered(site, account, key, count)) }
                    dd title=[words.as_deref()] {
                        (grouped(count))
                        @if let Some(words) = &words { span class="unseen" { " (" (words) ")" } }
                    }
                }
            }
        }
        @if let Some(host) = host {
            @let key = match how_many {
                0 => "profile-numbers-known",
                all if all == counts.len() => "profile-numbers-said",
                _ => "profile-numbers-mixed",
            };
            p class="small soft" { (site.t_around(key, &[("host", html! { bdi { (host) } })])) }
        }
    }
}

/// What is counted; for whoever is signed in a way to the people themselves.
fn numbered(site: &Site<'_>, account: &Account, key: &str, count: u64) -> Markup {
    let list = match key {
        "noun-followers" => Some("followers"),
        "noun-followed" => Some("following"),
        _ => None,
    };
    let words = site.words.count(key, count);
    html! {
        @match list.filter(|_| site.viewer.is_some() && person::is_handle(&account.acct)) {
            Some(list) => a href={ "/@" (account.acct) "/" (list) } { (words) },
            None => (words),
        }
    }
}

/// How one stands to the account, and what one can do about it.
fn relations(site: &Site<'_>, account: &Account, standing: Standing<'_>) -> Markup {
    let (seen, id) = (standing.relationship, account.id.as_str());
    let own = site.viewer.is_some_and(|viewer| viewer.id == account.id);
    if own {
        return html! { p class="acts" { a class="button second" href="/settings" { (site.t("profile-edit")) } } };
    }
    html! {
        @if seen.requested_by { p class="hint" {
            (site.t_around("profile-requested-by", &[("name", html! { bdi { (person::name(account)) } })])) " "
            (acts::button("accept", id, &site.t("request-accept"))) " " (acts::button("decline", id, &site.t("request-decline")))
        } }
        p class="acts relations" {
            @if seen.blocking {
                (acts::wide("unblock", id, &site.t("profile-unblock"), true))
            } @else if seen.following {
                (acts::wide("unfollow", id, &site.t("profile-unfollow"), true))
            } @else if seen.requested {
                (acts::wide("unfollow", id, &site.t("profile-unrequest"), true))
            } @else if !seen.blocked_by {
                (acts::wide("follow", id, &site.t(if account.locked { "profile-request" } else { "profile-follow" }), false))
            }
            @if person::is_handle(&account.acct) {
                a class="button second" href={ "/compose?mention=" (account.acct) } { (site.t("profile-mention")) }
                a class="button second" href={ "/compose?visibility=direct&mention=" (account.acct) } { (site.t("profile-message")) }
            }
        }
        p class="badges" {
            @for (holds, key) in [
                (seen.followed_by, "profile-follows-you"),
                (seen.following, "profile-you-follow"),
                (seen.muting, "profile-you-mute"),
                (seen.blocking, "profile-you-block"),
                (seen.blocked_by, "profile-blocks-you"),
                (seen.domain_blocking, "profile-domain-blocked"),
            ] {
                @if holds { span class="badge" { (site.words.say(key)) } " " }
            }
            @if let Some(until) = seen.muting_expires_at.as_deref().filter(|_| seen.muting) {
                span class="badge" { (site.t_around("mute-until", &[("time", moment(site, until))])) }
            }
        }
        (further(site, account, standing))
    }
}

fn further(site: &Site<'_>, account: &Account, standing: Standing<'_>) -> Markup {
    let (seen, id) = (standing.relationship, account.id.as_str());
    let switch = |on: bool, names: [&str; 2], keys: [&str; 2]| {
        acts::button(names[usize::from(on)], id, &site.words.say(keys[usize::from(on)]))
    };
    html! {
        details class="more wide-more" {
            summary { (site.t("act-more")) }
            ul {
                @if seen.following {
                    li { (switch(seen.notifying, ["notify", "unnotify"], ["profile-notify", "profile-unnotify"])) }
                    li { (switch(!seen.showing_reblogs, ["hide-boosts", "show-boosts"], ["profile-hide-boosts", "profile-show-boosts"])) }
                }
                @if seen.followed_by { li { a href={ "/people/" (id) "/remove" } { (site.t("profile-remove-follower")) } } }
                li { (switch(seen.muting, ["mute", "unmute"], ["profile-mute", "profile-unmute"])) }
                @if !seen.blocking { li { a href={ "/people/" (id) "/block" } { (site.t("profile-block")) } } }
                @if let Some((_, server)) = account.acct.split_once('@') {
                    li { a href={ "/people/" (id) "/server" } { span {
                        (site.t_around(if seen.domain_blocking { "profile-unblock-server" } else { "profile-block-server" },
                            &[("host", html! { bdi { (server) } })]))
                    } } }
                }
                li { a href={ "/report/" (id) } { (site.t("act-report")) } }
                @if let Some(url) = web_link(&account.url).filter(|url| site.path(url).is_none()) {
                    li { a href=(url) rel="nofollow noopener noreferrer" { (site.t("act-open-original")) } }
                }
            }
        }
        @if !seen.muting { (mute(site, id)) }
        form method="post" action={ "/people/" (id) "/note" } {
            (site.form_fields())
            p {
                label for="note" { (site.t("profile-note")) }
                textarea id="note" name="comment" rows="2" dir="auto" { (seen.note) }
                span class="note" { (site.t("profile-note-hint")) }
            }
            p { button class="second" type="submit" { (site.t("save")) } }
        }
        @if seen.following && !standing.lists.is_empty() {
            form method="post" action={ "/people/" (id) "/lists" } {
                (site.form_fields())
                fieldset {
                    legend { (site.t("nav-lists")) }
                    @for (list, inside) in standing.lists {
                        label class="check" {
                            input type="checkbox" name="lists[]" value=(list.id) checked[*inside];
                            span dir="auto" { (list.title) }
                        }
                    }
                }
                p { button class="second" type="submit" { (site.t("save")) } }
            }
        }
    }
}

/// Ends of a mute that can be chosen: seconds, and message.
const ENDS: [(u32, &str); 4] =
    [(3_600, "mute-hour"), (86_400, "mute-day"), (604_800, "mute-week"), (2_592_000, "mute-month")];

/// Muting for a time.
fn mute(site: &Site<'_>, id: &str) -> Markup {
    html! {
        details class="part" {
            summary { (site.t("mute-while")) }
            form method="post" action={ "/people/" (id) "/mute" } {
                (site.form_fields())
                p {
                    label for="mute-seconds" { (site.t("mute-how-long")) }
                    select id="mute-seconds" name="duration" {
                        @for (seconds, key) in ENDS { option value=(seconds) { (site.words.say(key)) } }
                    }
                }
                label class="check" {
                    input type="checkbox" name="notifications" value="true" checked;
                    span { (site.t("mute-notifications")) }
                }
                p { button class="second" type="submit" { (site.t("profile-mute")) } }
            }
        }
    }
}

fn tabs(site: &Site<'_>, page: &Profile<'_>) -> Markup {
    let (account, open) = (page.account, page.tab);
    let posts = format!("/@{}", account.acct);
    // Of what people elsewhere recommend only tags are known here.
    let recommends = account.show_featured != Some(false) && page.away.is_none_or(|away| away.recommends);
    let tabs = [
        ("tab-posts", posts.clone(), Tab::Posts, true),
        ("tab-posts-and-replies", format!("{posts}/with_replies"), Tab::WithReplies, true),
        ("tab-media", format!("{posts}/media"), Tab::Media, account.show_media != Some(false)),
        ("tab-featured", format!("{posts}/featured"), Tab::Featured, recommends),
    ];
    html! {
        nav class="tabs" aria-label=(site.t("tabs-posts")) {
            @for (key, path, tab, _) in tabs.iter().filter(|(.., shown)| *shown) {
                a href=(path) aria-current=[(*tab == open).then_some("page")] { (site.words.say(key)) }
            }
        }
    }
}

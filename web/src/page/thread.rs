//! One post with what it answers and what answers it.

use super::{
    compose::place,
    person,
    post::{self, Look},
    text::{excerpt, host, own_words, web_link},
};
use crate::{
    entity::Status,
    layout::{self, Head, Site},
};
use maud::{Markup, html};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// Answers to answers are set further in down to this level; deeper ones stand on the page of the one they follow, or, where
/// that has no page here, stay on this level and name whom they answer.
const LEVELS: usize = 4;
/// Characters of a post that titles and previews show.
const TITLE_CHARS: usize = 60;
const DESCRIPTION_CHARS: usize = 240;

/// What the page of a post shows.
#[derive(Debug, Clone, Copy)]
pub struct Thread<'a> {
    /// The post.
    pub status: &'a Status,
    /// What it answers, the root first.
    pub ancestors: &'a [Status],
    /// What answers it, each right before its own answers.
    pub descendants: &'a [Status],
    /// How many more replies the servers of these posts count than are known here.
    pub missing: u64,
    /// How many posts of it are left out because a filter of whoever looks says so.
    pub hidden: u64,
    /// Numbers of the replies that lead down to the first one here from the post, where it is not the first of all.
    pub trail: &'a [String],
    /// In which order replies stand; `None` where there is no choice.
    pub order: Option<Order>,
    /// Who wrote these replies that whoever looks follows: numbers of accounts.
    pub followed: &'a [String],
    /// Where more replies are.
    pub more: Option<&'a str>,
    /// Where the first replies are, if these are others.
    pub start: Option<&'a str>,
}

/// In which order the replies of a thread stand; answers to them stay behind them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The oldest first.
    #[default]
    Oldest,
    /// Those of people one follows first, then the oldest.
    Followed,
}

impl Order {
    /// Each with its word in an address and its message.
    const ALL: [(Order, &'static str, &'static str); 2] =
        [(Order::Oldest, "", "thread-oldest"), (Order::Followed, "?order=followed", "thread-followed")];

    /// The order a word of an address means; the first, if it means none.
    #[must_use]
    pub fn named(word: &str) -> Order {
        if word == "followed" { Order::Followed } else { Order::Oldest }
    }
}

/// The page of a post.
#[must_use]
pub fn thread(site: &Site<'_>, page: &Thread<'_>) -> String {
    let status = page.status;
    let warned = !status.spoiler_text.is_empty();
    let said =
        |chars| if warned { excerpt(&status.spoiler_text, chars) } else { excerpt(own_words(&status.content), chars) };
    let title = site.t_with("thread-title", &[("name", person::name(&status.account)), ("text", &said(TITLE_CHARS))]);
    let description = said(DESCRIPTION_CHARS);
    // The address of a page here holds nothing that would have to be escaped in a query.
    let embed = status.url.as_deref().filter(|_| matches!(status.visibility, "public" | "unlisted"));
    let embed = embed.map(|url| format!("{}/api/oembed?url={url}", site.origin));
    let head = Head {
        title: &title,
        description: Some(description.as_str()).filter(|text| !text.is_empty()),
        canonical: status.url.as_deref(),
        kind: Some("article"),
        image: Some(&status.account.avatar_static),
        activity: Some(&status.uri),
        embed: embed.as_deref(),
        noindex: status.account.noindex == Some(true) || status.visibility != "public",
        ..Head::default()
    };
    // How many there are cannot be said where only some replies are here.
    let own = if is_part(page) { vec![status.id.as_str()] } else { own_thread(page) };
    let turn = |status: &Status| {
        let at = own.iter().position(|id| *id == status.id).filter(|_| own.len() > 1);
        html! { @if let Some(at) = at { p class="turn" { (place(site, at + 1, own.len())) } } }
    };
    let body = html! {
        div class="narrow" {
            h1 class="unseen" { (site.t_around("thread-heading", &[("name", person::shown(site, &status.account))])) }
            ol class="posts thread" {
                @for ancestor in page.ancestors {
                    li class="before" { (turn(ancestor)) (post::article(site, ancestor, Look::Listed, None)) }
                }
                li { (turn(status)) (post::article(site, status, Look::Focused, unseen_parent(site, page).as_deref())) }
                @for next in page.descendants.iter().filter(|next| own.contains(&next.id.as_str())) {
                    li class="goes-on" { (turn(next)) (post::article(site, next, Look::Listed, None)) }
                }
                (answers(site, page, &own))
            }
            @if is_part(page) {
                nav class="pager" aria-label=(site.t("thread-replies")) {
                    @if let Some(start) = page.start { a href=(start) rel="prev" { (site.t("thread-start")) } }
                    @if let Some(more) = page.more { a class="older" href=(more) rel="next" { (site.t("thread-more")) } }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Whether more replies are on other pages.
fn is_part(page: &Thread<'_>) -> bool {
    page.start.is_some() || page.more.is_some()
}

/// What an author says in several posts, each answering the one before: those right above the post, itself, and what goes
/// on below.
fn own_thread<'a>(page: &Thread<'a>) -> Vec<&'a str> {
    let mut chain = vec![page.status];
    for above in page.ancestors.iter().rev() {
        let answered = chain.last().and_then(|first| first.in_reply_to_id.as_deref());
        if above.account.id != page.status.account.id || answered != Some(above.id.as_str()) {
            break;
        }
        chain.push(above);
    }
    chain.reverse();
    let mut ids: Vec<&str> = chain.into_iter().map(|status| status.id.as_str()).collect();
    let mut last = page.status.id.as_str();
    // Each answer stands behind what it answers, so that one pass finds them all.
    for below in page.descendants {
        if below.account.id == page.status.account.id && below.in_reply_to_id.as_deref() == Some(last) {
            last = &below.id;
            ids.push(last);
        }
    }
    ids
}

/// The post alone, as it stands in a list: for the script that puts it in place of what it was.
#[must_use]
pub fn alone(site: &Site<'_>, status: &Status) -> String {
    post::article(site, status, Look::Listed, None).into_string()
}

/// Whom the post answers, where what it answers is not shown above it.
fn unseen_parent(site: &Site<'_>, page: &Thread<'_>) -> Option<Cow<'static, str>> {
    page.status.in_reply_to_id.as_ref()?;
    if page.ancestors.last().is_some_and(|last| Some(&last.id) == page.status.in_reply_to_id.as_ref()) {
        return None;
    }
    Some(site.t("thread-unseen-parent"))
}

fn answers(site: &Site<'_>, page: &Thread<'_>, own: &[&str]) -> Markup {
    let others: Vec<&Status> = page.descendants.iter().filter(|status| !own.contains(&status.id.as_str())).collect();
    let others = if page.order == Some(Order::Followed) { followed_first(others, page.followed) } else { others };
    let trees = trees(placed(site, page, &others, own));
    html! {
        @if is_part(page) {
            li { h2 id="replies" { (site.t("thread-replies")) } }
        } @else if !others.is_empty() {
            li { h2 id="replies" { (site.t_count("thread-all-replies", others.len() as u64)) } }
            @if let Some(order) = page.order.filter(|_| others.len() > 1) { li { (orders(site, order)) } }
        }
        @for tree in &trees {
            @if let [first, below @ ..] = tree.as_slice() {
                (first.drawn(site))
                @if !below.is_empty() {
                    li class="branch" {
                        details open {
                            summary { (site.t_count("replies", below.iter().map(Reply::count).sum())) }
                            ul class="posts" { @for reply in below { (reply.drawn(site)) } }
                        }
                    }
                }
            }
        }
        (elsewhere(site, page))
    }
}

/// A reply in its place, or the way to those that are too deep for this page.
enum Reply<'a> {
    /// Its level, and whom it answers where that is not to be seen.
    Here(&'a Status, usize, Option<&'a str>),
    /// So many go on behind this page.
    Further(Cow<'a, str>, u64),
}

impl Reply<'_> {
    /// How many replies it stands for.
    fn count(&self) -> u64 {
        match self {
            Reply::Here(..) => 1,
            Reply::Further(_, count) => *count,
        }
    }

    fn drawn(&self, site: &Site<'_>) -> Markup {
        match self {
            Reply::Here(status, level, to) => html! {
                li class={ "below level-" (level) } { (post::article(site, status, Look::Listed, *to)) }
            },
            Reply::Further(path, count) => html! {
                li class={ "further level-" (LEVELS) } { a href={ (path) "#replies" } { (site.t_count("thread-continue", *count)) } }
            },
        }
    }
}

/// The replies with their levels. What is deeper than the deepest level is counted behind the reply it follows, if that is on
/// this page and has one of its own.
fn placed<'a>(site: &Site<'_>, page: &Thread<'a>, replies: &[&'a Status], own: &[&str]) -> Vec<Reply<'a>> {
    let trail = page.trail.iter().enumerate().map(|(at, id)| (id.as_str(), at + 1));
    let mut levels: HashMap<&str, usize> = trail.chain(own.iter().map(|id| (*id, 0))).collect();
    let names: HashMap<&str, &str> =
        page.descendants.iter().map(|status| (status.id.as_str(), person::name(&status.account))).collect();
    // The last reply on the deepest level above each reply.
    let mut deepest: HashMap<&str, &Status> = HashMap::new();
    let mut found: Vec<Reply<'a>> = Vec::with_capacity(replies.len());
    for status in replies {
        let parent = status.in_reply_to_id.as_deref().unwrap_or_default();
        let level = levels.get(parent).map_or(1, |level| level + 1);
        levels.insert(&status.id, level);
        let above = if level == LEVELS { Some(*status) } else { deepest.get(parent).copied() };
        if let Some(above) = above {
            deepest.insert(&status.id, above);
        }
        match above.filter(|_| level > LEVELS).and_then(|above| post::page(site, above)) {
            Some(path) => match found.last_mut() {
                Some(Reply::Further(known, count)) if *known == path => *count += 1,
                _ => found.push(Reply::Further(path, 1)),
            },
            None => {
                let to = (level > LEVELS).then(|| names.get(parent).copied()).flatten();
                found.push(Reply::Here(status, level.min(LEVELS), to));
            }
        }
    }
    found
}

/// The same, each reply of the first level with what follows it.
fn trees(replies: Vec<Reply<'_>>) -> Vec<Vec<Reply<'_>>> {
    let mut trees: Vec<Vec<Reply<'_>>> = Vec::new();
    for reply in replies {
        let begins = matches!(reply, Reply::Here(_, 1, _));
        match trees.last_mut().filter(|_| !begins) {
            Some(tree) => tree.push(reply),
            None => trees.push(vec![reply]),
        }
    }
    trees
}

/// What is not here, and the ways to it.
fn elsewhere(site: &Site<'_>, page: &Thread<'_>) -> Markup {
    let origin = page.status.url.as_deref().and_then(web_link).filter(|url| site.path(url).is_none());
    html! {
        @if page.missing > 0 || page.hidden > 0 || site.viewer.is_some() {
            li class="elsewhere" {
                @if page.hidden > 0 { p { (site.t_count("thread-hidden", page.hidden)) } }
                @if page.missing > 0 { p { (site.t_count("thread-missing", page.missing)) } }
                p class="small" {
                    @if let Some(url) = origin {
                        a href=(url) rel="nofollow noopener noreferrer" {
                            (site.t_around("thread-at-origin", &[("host", html! { bdi { (host(url)) } })]))
                        } " "
                    }
                    // Whoever is signed in has the servers asked by looking.
                    @if site.viewer.is_some() && !site.at.is_empty() { a href=(site.at) { (site.t("thread-look-again")) } }
                }
            }
        }
    }
}

/// The choice of an order.
fn orders(site: &Site<'_>, chosen: Order) -> Markup {
    let path = site.at.split('?').next().unwrap_or_default();
    html! {
        nav class="tabs" aria-label=(site.t("thread-order")) {
            @for (order, query, key) in Order::ALL {
                a href={ (path) (query) "#replies" } aria-current=[(order == chosen).then_some("true")] { (site.words.say(key)) }
            }
        }
    }
}

/// Replies with those of people one follows first, each with its own answers behind it.
fn followed_first<'a>(replies: Vec<&'a Status>, followed: &[String]) -> Vec<&'a Status> {
    let here: HashSet<&str> = replies.iter().map(|status| status.id.as_str()).collect();
    let mut trees: Vec<Vec<&Status>> = Vec::new();
    for status in replies {
        let goes_on = status.in_reply_to_id.as_deref().is_some_and(|parent| here.contains(parent));
        match trees.last_mut().filter(|_| goes_on) {
            Some(tree) => tree.push(status),
            None => trees.push(vec![status]),
        }
    }
    let is_followed = |tree: &Vec<&Status>| tree.first().is_some_and(|root| followed.contains(&root.account.id));
    let (first, rest): (Vec<_>, Vec<_>) = trees.into_iter().partition(is_followed);
    first.into_iter().chain(rest).flatten().collect()
}

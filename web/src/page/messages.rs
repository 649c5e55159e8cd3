//! Messages: conversations of people named, apart from timelines; one of them with what was said in it; what is found in
//! all of them.

use super::{
    Pager,
    entrance::refusal,
    pager::pager,
    person,
    post::{self, Look},
    text,
};
use crate::{
    entity::{Account, Conversation, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Something that was found in one's messages.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The message.
    pub status: Status,
    /// Where it stands, a path of this server.
    pub path: String,
}

/// The page of all conversations.
#[derive(Debug, Clone, Copy)]
pub struct Messages<'a> {
    /// Conversations, the newest first.
    pub conversations: &'a [Conversation],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
    /// What was looked for.
    pub typed: &'a str,
    /// What was found, the newest first; `None` if nothing was asked.
    pub found: Option<&'a [Hit]>,
    /// Why it could not be looked for.
    pub problem: Option<&'a str>,
}

/// All conversations, or what was found in them.
#[must_use]
pub fn messages(site: &Site<'_>, page: &Messages<'_>) -> String {
    let title = site.t("nav-messages");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            div class="row" {
                h1 { (title) }
                a class="button" href="/compose?visibility=direct" { (site.t("messages-new")) }
            }
            p class="hint" { (site.t("messages-hint")) }
            (looking(site, page))
            @match page.found {
                Some(found) => (hits(site, found)),
                None => {
                    @if page.conversations.is_empty() { p class="empty sheet" { (site.t("messages-empty")) } }
                    ul class="posts" {
                        @for conversation in page.conversations {
                            li class=[conversation.unread.then_some("unread")] { (one(site, conversation)) }
                        }
                    }
                    (pager(site, page.pager))
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

fn looking(site: &Site<'_>, page: &Messages<'_>) -> Markup {
    html! {
        @if !page.conversations.is_empty() || page.found.is_some() || page.problem.is_some() {
            form class="search" method="get" action="/messages" role="search" {
                label for="q" { (site.t("messages-search")) }
                div class="row" {
                    input id="q" name="q" type="search" value=(page.typed) dir="auto";
                    button class="second" type="submit" { (site.t("nav-search")) }
                }
            }
        }
        @if let Some(problem) = page.problem { p class="problem" role="alert" { (site.words.refusal(problem)) } }
    }
}

fn hits(site: &Site<'_>, found: &[Hit]) -> Markup {
    html! {
        p { a href="/messages" { (site.t("messages-all")) } }
        @if found.is_empty() { p class="empty sheet" { (site.t("search-nothing")) } }
        ul class="posts" {
            @for hit in found { li class="sheet short" { a href=(hit.path) { (words(site, &hit.status)) } } }
        }
    }
}

fn one(site: &Site<'_>, conversation: &Conversation) -> Markup {
    html! {
        article class="sheet conversation" aria-labelledby={ "with-" (conversation.id) } {
            h2 id={ "with-" (conversation.id) } {
                (people(site, conversation))
                @if conversation.unread { " " span class="badge" { (site.t("nav-unread")) } }
            }
            @if let Some(last) = &conversation.last_status { (words(site, last)) }
            div class="acts" {
                form method="post" action={ "/messages/" (conversation.id) "/open" } {
                    (site.form_fields())
                    button type="submit" { (site.t("messages-open")) }
                }
                form method="post" action={ "/messages/" (conversation.id) "/delete" } {
                    (site.form_fields())
                    button class="second" type="submit" { (site.t("messages-remove")) }
                }
            }
        }
    }
}

/// Who is in it but whoever looks, whom the client API names where they are alone.
fn others<'a>(site: &Site<'_>, conversation: &'a Conversation) -> Vec<&'a Account> {
    let own = site.viewer.map(|viewer| viewer.id);
    conversation.accounts.iter().map(|account| &***account).filter(|account| own != Some(account.id.as_str())).collect()
}

/// Who else is in it, as links.
fn people(site: &Site<'_>, conversation: &Conversation) -> Markup {
    html! {
        @if others(site, conversation).is_empty() { (site.t("messages-alone")) }
        @for (at, account) in others(site, conversation).into_iter().enumerate() {
            @if at > 0 { ", " }
            (person::named(site, account))
        }
    }
}

fn words(site: &Site<'_>, last: &Status) -> Markup {
    let said = if last.spoiler_text.is_empty() { text::own_words(&last.content) } else { &last.spoiler_text };
    html! {
        p dir="auto" { bdi { (person::name(&last.account)) } ": " (text::excerpt(said, 200)) }
        p class="small soft" { (text::moment(site, &last.created_at)) }
    }
}

/// One conversation.
#[derive(Debug, Clone, Copy)]
pub struct Talk<'a> {
    /// Which, and with whom.
    pub conversation: &'a Conversation,
    /// What was said, the oldest first.
    pub statuses: &'a [Status],
    /// It ends with the newest.
    pub newest: bool,
    /// The neighbouring pages.
    pub pager: Pager<'a>,
    /// A key for the box to write in: sent twice, it posts once.
    pub key: &'a str,
    /// What was typed.
    pub typed: &'a str,
    /// Why it was not sent.
    pub problem: Option<&'a str>,
}

/// The page of a conversation: who is in it, what was said, and a box to answer in.
#[must_use]
pub fn talk(site: &Site<'_>, page: &Talk<'_>) -> String {
    let id = page.conversation.id.as_str();
    let people_there = others(site, page.conversation);
    let names: Vec<&str> = people_there.iter().map(|account| person::name(account)).collect();
    let title = if names.is_empty() { site.t("messages-alone").into_owned() } else { names.join(", ") };
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let to: String = people_there.iter().map(|account| format!("@{} ", account.acct)).collect();
    let own = |status: &Status| site.viewer.is_some_and(|viewer| viewer.id == status.account.id);
    let body = html! {
        div class="narrow" data-live=[page.newest.then_some("talk")] data-talk=[page.newest.then_some(id)] {
            header class="with" {
                h1 { (people(site, page.conversation)) }
                p class="small soft" { a href="/messages" { (site.t("nav-messages")) } }
            }
            p class="hint" { (site.t("messages-hint")) }
            (pager(site, page.pager))
            @if page.statuses.is_empty() { p class="empty sheet" { (site.t("messages-none-here")) } }
            div class="talk" role="log" aria-label=(title) {
                ul class="posts" {
                    @for status in page.statuses {
                        li class=[own(status).then_some("own")] { (post::article(site, status, Look::Listed, None)) }
                    }
                }
            }
            (refusal(site, page.problem))
            form class="compose sheet" method="post" action={ "/messages/" (id) } {
                (site.form_fields())
                input type="hidden" name="key" value=(page.key);
                // Where this form has ended with its session, its words go on as a message to the same people.
                input type="hidden" name="to" value=(to);
                @if let Some(last) = page.statuses.last() { input type="hidden" name="last" value=(last.id); }
                p {
                    label for="answer" { (site.t("messages-answer")) }
                    // A browser leaves out the first line break.
                    textarea id="answer" name="status" rows="3" dir="auto" required { "\n" (page.typed) }
                }
                p class="acts" {
                    button type="submit" { (site.t("messages-send")) }
                    @if let Some(last) = page.statuses.last() {
                        a class="button second" href={ "/compose?reply=" (last.id) } { (site.t("compose-more")) }
                    }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

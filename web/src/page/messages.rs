//! Messages: conversations of people named, apart from timelines.

use super::{Pager, pager::pager, person, text};
use crate::{
    entity::{Conversation, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Conversations, the newest first.
#[must_use]
pub fn messages(site: &Site<'_>, conversations: &[Conversation], neighbours: Pager<'_>) -> String {
    let title = site.t("nav-messages");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            div class="row" {
                h1 { (title) }
                a class="button" href="/compose?visibility=direct" { (site.t("messages-new")) }
            }
            p class="hint" { (site.t("messages-hint")) }
            @if conversations.is_empty() { p class="empty sheet" { (site.t("messages-empty")) } }
            ul class="posts" {
                @for conversation in conversations {
                    li class=[conversation.unread.then_some("unread")] { (one(site, conversation)) }
                }
            }
            (pager(site, neighbours))
        }
    };
    layout::document(site, &head, &body)
}

fn one(site: &Site<'_>, conversation: &Conversation) -> Markup {
    html! {
        article class="sheet conversation" aria-labelledby={ "with-" (conversation.id) } {
            h2 id={ "with-" (conversation.id) } {
                @if conversation.accounts.is_empty() { (site.t("messages-alone")) }
                @for (at, account) in conversation.accounts.iter().enumerate() {
                    @if at > 0 { ", " }
                    (person::named(site, account))
                }
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

fn words(site: &Site<'_>, last: &Status) -> Markup {
    let said = if last.spoiler_text.is_empty() { text::own_words(&last.content) } else { &last.spoiler_text };
    html! {
        p dir="auto" { bdi { (person::name(&last.account)) } ": " (text::excerpt(said, 200)) }
        p class="small soft" { (text::moment(site, &last.created_at)) }
    }
}

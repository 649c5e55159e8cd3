//! Lists: people put together, whose posts one reads apart.

use super::{
    Pager,
    entrance::refusal,
    home::{Tab, tabs},
    pager::pager,
    person,
    post::{self, Look},
};
use crate::{
    entity::{List, SharedAccount, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, html};
use std::sync::Arc;

/// All lists, and a form for another.
#[must_use]
pub fn lists(site: &Site<'_>, lists: &[List], typed: &str, why: Option<&str>) -> String {
    let title = site.t("nav-lists");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (refusal(site, why))
            @if lists.is_empty() {
                p class="empty sheet" { (site.t("lists-empty")) }
            } @else {
                ul class="all-ways" {
                    @for list in lists { li { a href={ "/lists/" (list.id) } dir="auto" { (list.title) } } }
                }
            }
            form class="sheet" method="post" action="/lists" {
                (site.form_fields())
                (fields(site, typed, "followed", false))
                p { button type="submit" { (site.t("lists-create")) } }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Which replies stand in a list: value and message.
const REPLIES: [(&str, &str); 3] =
    [("followed", "list-replies-followed"), ("list", "list-replies-list"), ("none", "list-replies-none")];

fn fields(site: &Site<'_>, title: &str, replies: &str, exclusive: bool) -> Markup {
    html! {
        p {
            label for="title" { (site.t("list-title")) }
            input id="title" name="title" value=(title) dir="auto" required;
        }
        p {
            label for="replies_policy" { (site.t("list-replies")) }
            select id="replies_policy" name="replies_policy" {
                @for (value, key) in REPLIES { option value=(value) selected[value == replies] { (site.words.say(key)) } }
            }
        }
        label class="check" {
            input type="checkbox" name="exclusive" value="true" checked[exclusive];
            span { (site.t("list-exclusive")) }
        }
    }
}

/// One list with what its people say.
#[derive(Debug, Clone, Copy)]
pub struct OneList<'a> {
    /// The list.
    pub list: &'a List,
    /// All lists.
    pub lists: &'a [List],
    /// Who is in it.
    pub members: &'a [Arc<SharedAccount>],
    /// Their posts, newest first.
    pub statuses: &'a [Status],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// The page of a list.
#[must_use]
pub fn list(site: &Site<'_>, page: &OneList<'_>) -> String {
    let list = page.list;
    let head = Head { title: &list.title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 dir="auto" { (list.title) }
            (tabs(site, Tab::List(&list.id), page.lists))
            details class="part" {
                summary { (site.t_count("list-members", page.members.len() as u64)) }
                @if page.members.is_empty() { p { (site.t("list-members-hint")) } }
                ul class="posts" {
                    @for member in page.members {
                        li class="row" {
                            (person::card(site, member, None))
                            form method="post" action={ "/lists/" (list.id) "/remove" } {
                                (site.form_fields())
                                button class="second" name="account" value=(member.id) { (site.t("remove")) }
                            }
                        }
                    }
                }
            }
            details class="part" {
                summary { (site.t("list-change")) }
                form method="post" action={ "/lists/" (list.id) } {
                    (site.form_fields())
                    (fields(site, &list.title, list.replies_policy, list.exclusive))
                    p class="acts" {
                        button type="submit" name="do" value="save" { (site.t("save")) }
                        button class="second" type="submit" name="do" value="delete" formnovalidate { (site.t("list-delete")) }
                    }
                }
            }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.t("list-empty")) }
            } @else {
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

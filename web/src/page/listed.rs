//! A list of posts under a title, and nothing else.

use super::{
    Pager,
    pager::pager,
    post::{self, Look},
    text,
};
use crate::{
    entity::Status,
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Such a list.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// Its title.
    pub title: &'a str,
    /// The message where there is none.
    pub empty: &'static str,
    /// Its path, where its rows can be ticked.
    pub path: &'static str,
    /// The posts, newest first.
    pub statuses: &'a [Status],
    /// The neighbouring pages.
    pub pager: Pager<'a>,
}

/// The list as a page.
#[must_use]
pub fn listed(site: &Site<'_>, page: &Listed<'_>) -> String {
    let head = Head { title: page.title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { bdi { (page.title) } }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.words.say(page.empty)) }
            } @else {
                p class="acts" {
                    a class="button second" href={ (page.path) "?edit=true" } { (site.t("marks-edit")) }
                }
                (post::list(site, page.statuses, Look::Listed))
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

/// The same as rows that can be ticked, with one button that takes those off the list.
#[must_use]
pub fn ticked(site: &Site<'_>, page: &Listed<'_>) -> String {
    let head = Head { title: page.title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            p class="small" { a href=(page.path) { (page.title) } }
            h1 { (site.t_with("marks-title", &[("list", page.title)])) }
            @if page.statuses.is_empty() {
                p class="empty sheet" { (site.words.say(page.empty)) }
            } @else {
                form class="sheet" method="post" action=(page.path) {
                    (site.form_fields())
                    fieldset {
                        legend { (site.t("marks-which")) }
                        @for status in page.statuses { (tick(site, status)) }
                    }
                    p class="acts" { button type="submit" { (site.t("marks-remove")) } }
                }
            }
            (pager(site, page.pager))
        }
    };
    layout::document(site, &head, &body)
}

fn tick(site: &Site<'_>, status: &Status) -> Markup {
    let said = if status.spoiler_text.is_empty() { &status.content } else { &status.spoiler_text };
    html! {
        label class="check" {
            input type="checkbox" name="status_ids[]" value=(status.id);
            span {
                bdi { (site.handle(&status.account.acct)) }
                span class="note" dir="auto" { (text::excerpt(said, EXCERPT_CHARS)) }
                span class="note" { (text::moment(site, &status.created_at)) }
            }
        }
    }
}

/// Characters of a post in its row.
const EXCERPT_CHARS: usize = 120;

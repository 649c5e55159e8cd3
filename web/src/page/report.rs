//! Reporting somebody to those who look after this server: what it is about, which posts, which rules, whether their own
//! server is told.

use super::{entrance::refusal, person, post, text};
use crate::{
    entity::{Account, Rule, Status},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// The form of a report, with what was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// Whom it is about.
    pub account: &'a Account,
    /// Posts of theirs to choose from.
    pub statuses: &'a [Status],
    /// The posts that are chosen.
    pub chosen: &'a [String],
    /// Rules of this server.
    pub rules: &'a [Rule],
    /// Numbers of rules that are ticked.
    pub broken: &'a [String],
    /// What it is about.
    pub category: &'a str,
    /// What was typed.
    pub comment: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

const CATEGORIES: [(&str, &str); 4] =
    [("spam", "report-spam"), ("violation", "report-violation"), ("legal", "report-legal"), ("other", "report-other")];

/// The form of a report.
#[must_use]
pub fn report(site: &Site<'_>, page: &Report<'_>) -> String {
    let account = page.account;
    let handle = site.handle(&account.acct);
    let title = site.t_with("report-title", &[("handle", &handle)]);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t("report-who-reads")) }
            (refusal(site, page.problem))
            (person::card(site, account, None))
            form method="post" action={ "/report/" (account.id) } {
                (site.form_fields())
                fieldset {
                    legend { (site.t("report-category")) }
                    @for (value, key) in CATEGORIES {
                        label class="check" {
                            input type="radio" name="category" value=(value) required checked[value == page.category];
                            span { (site.words.say(key)) }
                        }
                    }
                }
                (rules(site, page))
                (posts(site, page))
                p {
                    label for="comment" { (site.t("report-comment")) }
                    textarea id="comment" name="comment" rows="4" dir="auto" { (page.comment) }
                }
                @if account.acct.contains('@') {
                    label class="check" {
                        input type="checkbox" name="forward" value="true";
                        span { (site.t("report-forward")) }
                    }
                }
                p class="acts" {
                    button type="submit" { (site.t("report-send")) }
                    a class="button second" href="/home" { (site.t("cancel")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

fn rules(site: &Site<'_>, page: &Report<'_>) -> Markup {
    html! {
        @if !page.rules.is_empty() {
            fieldset {
                legend { (site.t("report-rules")) }
                @for rule in page.rules {
                    label class="check" {
                        input type="checkbox" name="rule_ids[]" value=(rule.id) checked[page.broken.contains(&rule.id)];
                        span dir="auto" { (rule.text) }
                    }
                }
            }
        }
    }
}

fn posts(site: &Site<'_>, page: &Report<'_>) -> Markup {
    html! {
        @if !page.statuses.is_empty() {
            fieldset {
                legend { (site.t("report-posts")) }
                @for status in page.statuses {
                    @let said = text::excerpt(if status.spoiler_text.is_empty() { &status.content } else { &status.spoiler_text }, 120);
                    @let pictures = status.media_attachments.len() as u64;
                    label class="check" {
                        input type="checkbox" name="status_ids[]" value=(status.id) checked[page.chosen.contains(&status.id)];
                        span dir="auto" {
                            @if said.is_empty() { (site.t("away-no-words")) } @else { (said) }
                            span class="note" {
                                (text::moment(site, &status.created_at)) " · " (site.t(post::audience(status)))
                                @if pictures > 0 { " · " (site.t_count("away-pictures", pictures)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

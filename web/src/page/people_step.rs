//! The first run's third step: people one knows from elsewhere, and who may come here. All of it can wait.

use super::entrance::refusal;
use crate::layout::{self, Head, Site};
use maud::{Markup, html};

/// What stands on the page.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Other servers can be reached: it is no try-out.
    pub federates: bool,
    /// The account elsewhere, as typed.
    pub account: &'a str,
    /// Who may come: `closed`, `invite`, `approve` or `open`.
    pub sign_ups: &'a str,
    /// Rows a table may have.
    pub rows_max: u64,
    /// Topics that were ticked.
    pub topics: &'a [String],
    /// Topics as typed.
    pub topics_typed: &'a str,
    /// How much of a list of servers to block is taken: `none`, `light` or `careful`.
    pub blocks: &'a str,
    /// The server whose list it is, as typed.
    pub blocks_server: &'a str,
    /// Domains a list may name.
    pub blocks_max: u64,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

const SIGN_UPS: [(&str, &str, &str); 4] = [
    ("closed", "people-closed", "people-closed-hint"),
    ("invite", "people-invite", "people-invite-hint"),
    ("approve", "people-approve", "people-approve-hint"),
    ("open", "people-open", "people-open-hint"),
];

const BLOCKS: [(&str, &str, &str); 3] = [
    ("none", "people-blocks-none", "people-blocks-none-hint"),
    ("light", "people-blocks-light", "people-blocks-light-hint"),
    ("careful", "people-blocks-careful", "people-blocks-careful-hint"),
];

/// The page.
#[must_use]
pub fn people_step(site: &Site<'_>, shown: &People<'_>) -> String {
    let title = site.t("people-title");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t("people-step-says")) }
            (refusal(site, shown.problem))
            form class="sheet" method="post" action="/first-run/people" enctype="multipart/form-data" {
                (site.form_fields())
                @if shown.federates {
                    h2 { (site.t("people-follow")) }
                    p {
                        label for="account" { (site.t("people-old-account")) }
                        input id="account" name="account" value=(shown.account) placeholder="name@example.org"
                            autocapitalize="none" autocomplete="off" spellcheck="false" aria-describedby="account-note";
                        span class="note" id="account-note" { (site.t("people-old-account-hint")) }
                    }
                    p {
                        label for="file" { (site.t("people-file")) }
                        input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="file-note";
                        span class="note" id="file-note" { (site.t_count("transfer-file-hint", shown.rows_max)) }
                    }
                } @else { p { (site.t("people-try-out")) } }
                (topics(site, shown))
                @if shown.federates { (blocks(site, shown)) }
                fieldset {
                    legend { (site.t("people-who-comes")) }
                    (choices(site, "sign_ups", &SIGN_UPS, shown.sign_ups))
                }
                p class="acts" {
                    button type="submit" { (site.t("people-go-on")) }
                    a class="button second later" href=(super::compose::BEGIN) { (site.t("people-later")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// One of several, each with what it means.
fn choices(site: &Site<'_>, field: &str, all: &[(&str, &'static str, &'static str)], chosen: &str) -> Markup {
    html! {
        @for (value, label, hint) in all {
            p {
                label class="check" {
                    input id={ (field) "-" (value) } type="radio" name=(field) value=(value) checked[*value == chosen];
                    span { (site.words.say(label)) }
                }
                span class="note" { (site.words.say(hint)) }
            }
        }
    }
}

/// Hashtags to follow: some of the language of the page, and whatever is typed.
fn topics(site: &Site<'_>, shown: &People<'_>) -> Markup {
    let offered = site.t("people-topics-offered");
    html! {
        fieldset {
            legend { (site.t("people-topics")) }
            p class="note" id="topics-note" { (site.t("people-topics-hint")) }
            ul class="ticks" {
                @for name in offered.split_whitespace() {
                    li {
                        label class="check" {
                            input type="checkbox" name="topic[]" value=(name)
                                checked[shown.topics.iter().any(|topic| topic == name)];
                            span { "#" (name) }
                        }
                    }
                }
            }
            p {
                label for="topics" { (site.t("people-topics-more")) }
                input id="topics" name="topics" value=(shown.topics_typed) autocapitalize="none" autocomplete="off"
                    spellcheck="false" dir="auto" aria-describedby="topics-note";
            }
        }
    }
}

/// How much of a list of servers to block is taken, and where it is from; none comes with the program.
fn blocks(site: &Site<'_>, shown: &People<'_>) -> Markup {
    html! {
        fieldset {
            legend { (site.t("people-blocks")) }
            p class="note" { (site.t("people-blocks-says")) }
            (choices(site, "blocks", &BLOCKS, shown.blocks))
            p {
                label for="blocks_file" { (site.t("people-blocks-file")) }
                input id="blocks_file" name="blocks_file" type="file" accept=".csv,.txt,.json,text/csv,text/plain,application/json"
                    aria-describedby="blocks-file-note";
                span class="note" id="blocks-file-note" { (site.t_count("people-blocks-file-hint", shown.blocks_max)) }
            }
            p {
                label for="blocks_server" { (site.t("people-blocks-server")) }
                input id="blocks_server" name="blocks_server" value=(shown.blocks_server) placeholder="example.org"
                    autocapitalize="none" autocomplete="off" spellcheck="false" inputmode="url"
                    aria-describedby="blocks-server-note";
                span class="note" id="blocks-server-note" { (site.t("people-blocks-server-hint")) }
            }
        }
    }
}

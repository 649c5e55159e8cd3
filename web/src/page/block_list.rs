//! What a list of servers to block would do, before anything of it is done.

use super::entrance::refusal;
use crate::layout::{self, GoesOn, Head, Site};
use maud::{Markup, html};

/// A list on its way.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'a> {
    /// Its server is asked; the page comes back by itself.
    Reading {
        /// The server.
        server: &'a str,
    },
    /// Nothing came of it.
    Failed {
        /// Why.
        why: &'a str,
    },
    /// What it would do.
    Looked(&'a Looked<'a>),
}

/// What a list would do.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The list's number.
    pub id: &'a str,
    /// Where it is from: the name of a file, or of a server.
    pub source: &'a str,
    /// How much of it is taken: `light` or `careful`.
    pub strength: &'a str,
    /// Taken lightly.
    pub light: Numbers,
    /// Taken carefully.
    pub careful: Numbers,
    /// Servers that are blocked already.
    pub known: u32,
    /// Lines that cannot be read.
    pub unread: u32,
    /// Where people live whom one follows.
    pub affected: &'a [Affected<'a>],
    /// There are more of them.
    pub cut: bool,
    /// Whom one followed elsewhere is still being asked.
    pub waits: bool,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// Servers by what becomes of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Numbers {
    /// Suspended.
    pub suspended: u32,
    /// Limited.
    pub silenced: u32,
    /// Only their media or reports are refused.
    pub refused: u32,
}

/// A server where people live whom one follows.
#[derive(Debug, Clone, Copy)]
pub struct Affected<'a> {
    /// Its domain, as the list has it.
    pub domain: &'a str,
    /// It is to be suspended, not only limited.
    pub suspended: bool,
    /// How many.
    pub people: u32,
}

/// The page.
#[must_use]
pub fn block_list(site: &Site<'_>, shown: &Shown<'_>) -> String {
    let title = match shown {
        Shown::Reading { .. } => site.t("blocks-reading-title"),
        Shown::Failed { .. } => site.t("blocks-failed"),
        Shown::Looked(_) => site.t("blocks-title"),
    };
    let goes_on = matches!(shown, Shown::Reading { .. }).then_some(GoesOn::AGAIN);
    let head = Head { title: &title, noindex: true, goes_on, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @match shown {
                Shown::Reading { server } => {
                    p role="status" {
                        (site.words.around("blocks-reading", None, &[("server", html! { bdi { (server) } })]))
                    }
                    p class="acts" {
                        a class="button second" href="" { (site.t("naming-again")) } " "
                        a class="button second" href=(super::compose::BEGIN) { (site.t("people-later")) }
                    }
                }
                Shown::Failed { why } => {
                    (refusal(site, Some(*why)))
                    p { (site.t("blocks-nothing-done")) }
                    p class="acts" {
                        a class="button" href="/first-run/people" { (site.t("blocks-another")) }
                        a class="button second" href=(super::compose::BEGIN) { (site.t("people-later")) }
                    }
                }
                Shown::Looked(looked) => (form(site, looked))
            }
        }
    };
    layout::document(site, &head, &body)
}

fn form(site: &Site<'_>, page: &Looked<'_>) -> Markup {
    let servers = u64::try_from(page.affected.len()).unwrap_or(u64::MAX);
    html! {
        p { (site.words.around("blocks-from", None, &[("source", html! { bdi { (page.source) } })])) }
        (refusal(site, page.problem))
        form class="sheet" method="post" action="/first-run/blocks" {
            (site.form_fields())
            input type="hidden" name="list" value=(page.id);
            fieldset {
                legend { (site.t("blocks-how-much")) }
                (strength(site, page, "light", "people-blocks-light", page.light))
                (strength(site, page, "careful", "people-blocks-careful", page.careful))
            }
            @if page.known > 0 { p { (site.t_count("blocks-known", page.known.into())) } }
            @if page.unread > 0 { p { (site.t_count("blocks-unread", page.unread.into())) } }
            @if page.waits { p { (site.t("blocks-waits")) } }
            @if page.affected.is_empty() {
                p { (site.t("blocks-affected-none")) }
            } @else {
                fieldset {
                    legend { (site.t_count("blocks-affected", servers)) }
                    p class="note" { (site.t("blocks-affected-hint")) }
                    ul class="ticks" {
                        @for one in page.affected {
                            li {
                                label class="check" {
                                    input type="checkbox" name="spare[]" value=(one.domain);
                                    span {
                                        bdi { (one.domain) } ": "
                                        (site.t(if one.suspended { "blocks-suspended" } else { "blocks-silenced" })) ", "
                                        (site.t_count("blocks-people", one.people.into()))
                                    }
                                }
                            }
                        }
                    }
                    @if page.cut { p { (site.t("blocks-cut")) } }
                }
            }
            p { (site.t("blocks-undo")) }
            p class="acts" {
                button type="submit" name="decision" value="apply" { (site.t("blocks-do")) }
                button class="second" type="submit" name="decision" value="forget" { (site.t("blocks-not")) }
            }
        }
    }
}

fn strength(site: &Site<'_>, page: &Looked<'_>, value: &str, label: &'static str, numbers: Numbers) -> Markup {
    let all = numbers.suspended + numbers.silenced + numbers.refused;
    let parts = [
        ("blocks-suspended", numbers.suspended),
        ("blocks-silenced", numbers.silenced),
        ("blocks-refused", numbers.refused),
    ];
    html! {
        p {
            label class="check" {
                input id={ "strength-" (value) } type="radio" name="strength" value=(value) checked[value == page.strength];
                span { (site.words.say(label)) ": " (site.t_count("blocks-servers", all.into())) }
            }
            span class="note" {
                @for (number, (key, count)) in parts.into_iter().filter(|(_, count)| *count > 0).enumerate() {
                    @if number > 0 { ", " }
                    (site.words.say(key)) ": " (count)
                }
            }
        }
    }
}

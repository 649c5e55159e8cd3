//! Whom one blocks and mutes, and domains one wants nothing of: lists with the way back, and a line to add to them.

use super::page;
use crate::{
    entity::SharedAccount,
    layout::Site,
    page::{
        field::{Line, line, tick},
        pager::{Pager, pager},
        person,
        text::moment,
    },
};
use maud::{Markup, html};
use std::sync::Arc;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whom one blocks.
    Blocks,
    /// Whom one mutes.
    Mutes,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Kind::Blocks => "/settings/blocks",
            Kind::Mutes => "/settings/mutes",
        }
    }
}

/// Somebody in the list.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub account: Arc<SharedAccount>,
    /// When it ends by itself.
    pub ends: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Which list.
    pub kind: Kind,
    /// Who is in it.
    pub people: &'a [Person],
    /// The pages beside it.
    pub pager: Pager<'a>,
    /// Other servers hear of blocks.
    pub tells_blocks: bool,
    /// What was typed.
    pub typed: &'a str,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// How long a mute may last: seconds and message.
const LASTING: [(&str, &str); 5] = [
    ("", "mutes-for-ever"),
    ("3600", "lasts-1-hour"),
    ("86400", "lasts-1-day"),
    ("604800", "lasts-7-days"),
    ("2592000", "lasts-30-days"),
];

/// People one blocks or mutes.
#[must_use]
pub fn people(site: &Site<'_>, shown: &People<'_>) -> String {
    let (title, hint, add, undo, empty) = match shown.kind {
        Kind::Blocks => ("settings-blocks", "blocks-says", "profile-block", "profile-unblock", "blocks-none"),
        Kind::Mutes => ("settings-mutes", "mutes-says", "profile-mute", "profile-unmute", "mutes-none"),
    };
    let body = html! {
        p { (site.words.say(hint)) }
        form class="sheet" method="post" action=(shown.kind.path()) {
            (site.form_fields())
            (line(site, Line {
                name: "acct", label: "people-handle", value: shown.typed, example: Some("name@example.org"), technical: true,
                required: true, ..Line::default()
            }))
            @if shown.kind == Kind::Mutes {
                p {
                    label for="duration" { (site.t("mutes-lasts")) }
                    (crate::page::field::select(site, "duration", "duration", &LASTING, ""))
                }
                (tick(site, "notifications", "mutes-notifications", None, true))
            }
            p class="acts" { button type="submit" name="do" value="add" { (site.words.say(add)) } }
        }
        @if shown.people.is_empty() { p class="empty sheet" { (site.words.say(empty)) } }
        form method="post" action=(shown.kind.path()) {
            (site.form_fields())
            ul class="rows" {
                @for one in shown.people { li { (row(site, one, undo)) } }
            }
        }
        (pager(site, shown.pager))
        @if shown.kind == Kind::Blocks {
            form class="sheet" method="post" action=(shown.kind.path()) {
                (site.form_fields())
                (tick(site, "tells_blocks", "blocks-tell", Some("blocks-tell-hint"), shown.tells_blocks))
                p class="acts" { button class="second" type="submit" name="do" value="tell" { (site.t("save")) } }
            }
        }
    };
    page(site, title, shown.problem, &body)
}

fn row(site: &Site<'_>, one: &Person, undo: &'static str) -> Markup {
    let name = person::name(&one.account);
    html! {
        div {
            (person::card(site, &one.account, None))
            @if let Some(ends) = &one.ends {
                span class="note" { (site.t_around("mutes-ends", &[("time", moment(site, ends))])) }
            }
        }
        button class="second" type="submit" name="remove" value=(one.account.id) {
            (site.words.say(undo)) span class="unseen" { " " bdi { (name) } }
        }
    }
}

/// Domains one wants nothing of.
#[derive(Debug, Clone, Copy)]
pub struct Domains<'a> {
    /// Them.
    pub domains: &'a [String],
    /// The pages beside it.
    pub pager: Pager<'a>,
    /// What was typed.
    pub typed: &'a str,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// The page of domains.
#[must_use]
pub fn domains(site: &Site<'_>, shown: &Domains<'_>) -> String {
    let body = html! {
        p { (site.t("domains-says")) }
        form class="sheet" method="post" action="/settings/domains" {
            (site.form_fields())
            (line(site, Line {
                name: "domain", label: "domains-name", value: shown.typed, example: Some("example.org"), technical: true,
                required: true, ..Line::default()
            }))
            p class="acts" { button type="submit" name="do" value="add" { (site.t("domains-block")) } }
        }
        @if shown.domains.is_empty() { p class="empty sheet" { (site.t("domains-none")) } }
        form method="post" action="/settings/domains" {
            (site.form_fields())
            ul class="rows" {
                @for domain in shown.domains {
                    li {
                        div { b { bdi { (domain) } } }
                        button class="second" type="submit" name="remove" value=(domain) {
                            (site.t("profile-unblock")) span class="unseen" { " " bdi { (domain) } }
                        }
                    }
                }
            }
        }
        (pager(site, shown.pager))
    };
    page(site, "settings-domains", shown.problem, &body)
}

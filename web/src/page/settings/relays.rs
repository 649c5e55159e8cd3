//! Relays: how things are with each, asking one, resting, leaving; of a relay of tags, the hashtags it is asked for.

use super::page;
use crate::{
    layout::Site,
    page::{
        field::{Line, line},
        text::moment,
    },
};
use maud::{Markup, html};

/// Where they are looked after.
pub const PATH: &str = "/admin/relays";

/// How far things are with a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was asked.
    Asked,
    /// It agreed.
    Accepted,
    /// It refused.
    Refused,
}

/// A relay.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its address.
    pub url: String,
    /// How far things are; `None`: it is one for each hashtag, and nothing by itself.
    pub state: Option<State>,
    /// When it agreed.
    pub since: Option<String>,
    /// When it was paused, if it is.
    pub paused: Option<String>,
    /// Only posts with one of these hashtags are taken.
    pub tags: Vec<String>,
    /// Only posts in one of these languages are taken.
    pub languages: Vec<String>,
    /// Posts asked for within an hour, at most.
    pub per_hour: u32,
    /// Posts asked for in this one.
    pub this_hour: u32,
    /// The hashtags it is asked for.
    pub of_tags: Vec<OfTag>,
}

/// A hashtag that a relay of tags is asked for.
#[derive(Debug, Clone)]
pub struct OfTag {
    /// Which.
    pub tag: String,
    /// How far things are.
    pub state: State,
    /// When it agreed.
    pub since: Option<String>,
    /// Posts that came today.
    pub today: u32,
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The address.
    pub url: String,
    /// Hashtags.
    pub tags: String,
    /// Languages.
    pub languages: String,
    /// Posts within an hour.
    pub per_hour: String,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Relays<'a> {
    /// All of them.
    pub relays: &'a [Relay],
    /// Hashtags that relays of tags are asked for together, at most.
    pub tags_max: usize,
    /// What was typed.
    pub typed: &'a Typed,
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// Relays.
#[must_use]
pub fn relays(site: &Site<'_>, shown: &Relays<'_>) -> String {
    let body = html! {
        p { (site.t("relays-says")) }
        section {
            h2 { (site.t("relays-add-title")) }
            (add(site, shown.typed))
        }
        section {
            h2 { (site.t("settings-relays")) }
            @if shown.relays.is_empty() {
                p class="empty sheet" { (site.t("relays-none")) }
            } @else {
                form method="post" action=(PATH) {
                    (site.form_fields())
                    ul class="rows" {
                        @for relay in shown.relays { li { (row(site, relay, shown.tags_max)) (acts(site, relay)) } }
                    }
                }
            }
        }
    };
    page(site, "settings-relays", shown.problem, &body)
}

fn add(site: &Site<'_>, typed: &Typed) -> Markup {
    html! {
        form class="sheet" method="post" action=(PATH) {
            (site.form_fields())
            (line(site, Line {
                name: "url", label: "relays-address", value: &typed.url, note: Some("relays-address-hint"),
                example: Some("https://relay.example/inbox"), technical: true, required: true, ..Line::default()
            }))
            (line(site, Line {
                name: "tags", label: "relays-tags", value: &typed.tags, note: Some("relays-tags-hint"), ..Line::default()
            }))
            (line(site, Line {
                name: "languages", label: "relays-languages", value: &typed.languages, note: Some("relays-languages-hint"),
                example: Some("de, en"), technical: true, ..Line::default()
            }))
            (line(site, Line {
                name: "per_hour", label: "relays-per-hour", value: &typed.per_hour, technical: true, required: true,
                ..Line::default()
            }))
            p class="acts" { button type="submit" name="do" value="add" { (site.t("relays-add")) } }
        }
    }
}

fn row(site: &Site<'_>, relay: &Relay, tags_max: usize) -> Markup {
    let asked_for = relay.of_tags.len() as u64;
    html! {
        div {
            b { bdi dir="ltr" { (relay.url) } }
            p class="note" {
                @if let Some(state) = relay.state { (stands(site, state, relay.since.as_deref())) " · " }
                @if let Some(paused) = &relay.paused {
                    (site.t_around("relays-paused-since", &[("time", moment(site, paused))])) " · "
                }
                @if !relay.tags.is_empty() {
                    (site.t_around("relays-only-tags", &[("tags", together(&relay.tags))])) " · "
                }
                @if !relay.languages.is_empty() {
                    (site.t_around("relays-only-languages", &[("languages", together(&relay.languages))])) " · "
                }
                (site.words.around("relays-hour", Some(relay.this_hour.into()), &[("most", html! { (relay.per_hour) })]))
            }
            @if relay.state.is_none() {
                p class="note" {
                    (site.words.around("relays-of-tags", Some(asked_for), &[("most", html! { (tags_max) })]))
                }
                @if asked_for > 0 {
                    ul class="lines" {
                        @for one in &relay.of_tags {
                            li {
                                a href={ "/tags/" (one.tag) } { bdi { "#" (one.tag) } } " "
                                span class="note" {
                                    (stands(site, one.state, one.since.as_deref())) " · "
                                    (site.t_count("relays-today", one.today.into()))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How far things are, and since when.
fn stands(site: &Site<'_>, state: State, since: Option<&str>) -> Markup {
    let word = match state {
        State::Asked => "relays-asked",
        State::Accepted => "relays-accepted",
        State::Refused => "relays-refused",
    };
    html! {
        (site.words.say(word))
        @if let Some(since) = since.filter(|_| state == State::Accepted) { " " (moment(site, since)) }
    }
}

/// Names side by side.
fn together(names: &[String]) -> Markup {
    html! {
        @for (at, name) in names.iter().enumerate() {
            @if at > 0 { ", " }
            bdi { (name) }
        }
    }
}

fn acts(site: &Site<'_>, relay: &Relay) -> Markup {
    let pausing = match relay.paused {
        None => ("pause", "relays-pause"),
        Some(_) => ("resume", "relays-resume"),
    };
    html! {
        p class="relations" {
            @for (name, key) in [pausing, ("leave", "relays-leave")] {
                button class="second" type="submit" name=(name) value=(relay.url) {
                    (site.words.say(key)) span class="unseen" { " " bdi { (relay.url) } }
                }
            }
        }
    }
}

//! Filters: the list, one of them with its words, and what it would find.

use super::page;
use crate::{
    entity::{Filter, FilterWord},
    layout::Site,
    page::{
        field::{Line, choice, line, select},
        text::moment,
    },
};
use maud::{Markup, html};

/// Where a filter counts: the word of the client API and the message.
const CONTEXTS: [(&str, &str); 5] = [
    ("home", "filter-home"),
    ("notifications", "nav-notifications"),
    ("public", "filter-public"),
    ("thread", "filter-thread"),
    ("account", "filter-account"),
];
const ACTIONS: [(&str, &str); 3] = [("warn", "filter-warn"), ("hide", "filter-hide"), ("blur", "filter-blur")];
const WHOLE: [(&str, &str); 2] = [("true", "filter-whole"), ("false", "filter-anywhere")];
/// How long a filter lasts from now on: seconds and message; the first leaves it as it is.
const LASTING: [(&str, &str); 7] = [
    ("keep", "filter-keeps"),
    ("", "mutes-for-ever"),
    ("3600", "lasts-1-hour"),
    ("21600", "lasts-6-hours"),
    ("86400", "lasts-1-day"),
    ("604800", "lasts-7-days"),
    ("2592000", "lasts-30-days"),
];
/// Lines for words that are not there yet.
const FRESH: usize = 3;

/// The list of filters.
#[must_use]
pub fn filters(site: &Site<'_>, filters: &[Filter]) -> String {
    let body = html! {
        p { (site.t("filters-says")) }
        p class="acts" { a class="button" href="/settings/filters/new" { (site.t("filter-new")) } }
        @if filters.is_empty() { p class="empty sheet" { (site.t("filters-none")) } }
        ul class="rows" { @for filter in filters { li { (row(site, filter)) } } }
    };
    page(site, "settings-filters", None, &body)
}

fn row(site: &Site<'_>, filter: &Filter) -> Markup {
    let words = filter.keywords.as_deref().unwrap_or_default();
    let listed: Vec<&str> = words.iter().map(|word| word.keyword.as_str()).take(8).collect();
    let places = CONTEXTS.iter().filter(|(word, _)| filter.context.contains(word)).map(|(_, key)| site.words.say(key));
    html! {
        div {
            b { bdi { (filter.title) } }
            span class="note" dir="auto" { (listed.join(", ")) @if words.len() > listed.len() { ", …" } }
            span class="note" {
                @if let Some((_, key)) = ACTIONS.iter().find(|(word, _)| *word == filter.filter_action) { (site.words.say(key)) " · " }
                (places.collect::<Vec<_>>().join(", "))
                @if let Some(ends) = &filter.expires_at {
                    " · " (site.t_around("filter-until", &[("time", moment(site, ends))]))
                }
            }
        }
        a class="button second" href={ "/settings/filters/" (filter.id) } {
            (site.t("act-edit")) span class="unseen" { " " bdi { (filter.title) } }
        }
    }
}

/// What a filter would find.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Posts it would find.
    pub found: u64,
    /// Posts it was tried on.
    pub among: u64,
}

/// One filter in its form.
#[derive(Debug, Clone, Copy)]
pub struct One<'a> {
    /// The filter as it is or was typed; one that is not kept yet has an empty number.
    pub filter: &'a Filter,
    /// How long it is to last, as the form says it.
    pub lasts: &'a str,
    /// What it would find, if that was asked.
    pub trial: Option<Trial>,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// The form of one filter.
#[must_use]
pub fn filter(site: &Site<'_>, shown: &One<'_>) -> String {
    let filter = shown.filter;
    let fresh = filter.id.is_empty();
    let title = if fresh { "filter-new" } else { "filter-one" };
    let path = format!("/settings/filters/{}", if fresh { "new" } else { &filter.id });
    let lasting = if fresh { &LASTING[1..] } else { &LASTING[..] };
    let body = html! {
        @if let Some(trial) = shown.trial {
            p class="notice" role="status" {
                (site.words.around("filter-finds", Some(trial.among), &[("found", html! { (trial.found) })]))
            }
        }
        form class="sheet" method="post" action=(path) {
            (site.form_fields())
            (line(site, Line { name: "title", label: "filter-title", value: &filter.title, required: true, ..Line::default() }))
            (words(site, filter.keywords.as_deref().unwrap_or_default()))
            fieldset {
                legend { (site.t("filter-where")) }
                @for (word, key) in CONTEXTS {
                    label class="check" {
                        input type="checkbox" name="context[]" value=(word) checked[filter.context.contains(&word)];
                        span { (site.words.say(key)) }
                    }
                }
            }
            (choice(site, "filter_action", "filter-what", &ACTIONS, filter.filter_action))
            (choice(site, "expires_in", "filter-lasts", lasting, shown.lasts))
            p class="acts" {
                button type="submit" name="do" value="save" { (site.t("save")) }
                button class="second" type="submit" name="do" value="try" { (site.t("filter-try")) }
                @if !fresh { button class="second" type="submit" name="do" value="delete" { (site.t("act-delete")) } }
                a class="button second" href="/settings/filters" { (site.t("cancel")) }
            }
        }
    };
    page(site, title, shown.problem, &body)
}

/// The words there are, and lines for new ones; an emptied line takes its word away.
fn words(site: &Site<'_>, words: &[FilterWord]) -> Markup {
    html! {
        fieldset class="pairs" {
            legend { (site.t("filter-words")) }
            span class="note" { (site.t("filter-words-hint")) }
            @for at in 0..words.len() + FRESH {
                @let word = words.get(at);
                div class="pair" {
                    @if let Some(word) = word.filter(|word| !word.id.is_empty()) {
                        input type="hidden" name={ "keywords_attributes[" (at) "][id]" } value=(word.id);
                    }
                    p {
                        label class="unseen" for={ "word-" (at) } { (site.t_count("filter-word", at as u64 + 1)) }
                        input id={ "word-" (at) } name={ "keywords_attributes[" (at) "][keyword]" } dir="auto"
                            value=(word.map_or("", |word| &word.keyword));
                    }
                    p {
                        label class="unseen" for={ "whole-" (at) } { (site.t_count("filter-word-how", at as u64 + 1)) }
                        (select(
                            site,
                            &format!("whole-{at}"),
                            &format!("keywords_attributes[{at}][whole_word]"),
                            &WHOLE,
                            if word.is_none_or(|word| word.whole_word) { "true" } else { "false" },
                        ))
                    }
                }
            }
        }
    }
}

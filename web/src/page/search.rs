//! Search: one box; people, posts and tags; a pasted address opens what stands there.

use super::{
    person,
    post::{self, Look},
    tag,
};
use crate::{
    entity::Search as Found,
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Which kinds are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All of them.
    All,
    /// People.
    People,
    /// Posts.
    Posts,
    /// Tags.
    Tags,
    /// Posts that point to a page.
    Links,
}

impl Kind {
    const ALL: [(Kind, &'static str, &'static str); 5] = [
        (Kind::All, "", "tab-all"),
        (Kind::People, "accounts", "tab-people"),
        (Kind::Posts, "statuses", "tab-posts"),
        (Kind::Tags, "hashtags", "tab-tags"),
        (Kind::Links, "links", "tab-links"),
    ];

    /// The kind a word of an address means; all, if it means none.
    #[must_use]
    pub fn named(word: &str) -> Kind {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Kind::All, |(kind, ..)| *kind)
    }
}

/// What the page of search shows.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// What was typed.
    pub typed: &'a str,
    /// Which kinds are shown.
    pub kind: Kind,
    /// What was found; `None` if nothing was asked.
    pub found: Option<&'a Found>,
    /// The next page of posts, as an address.
    pub more: Option<&'a str>,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// Operators of the search for posts, each with the message that says what it does.
const OPERATORS: [(&str, &str); 9] = [
    ("\"…\"", "search-phrase"),
    ("-…", "search-without"),
    ("from:@…", "search-from"),
    ("to:@…", "search-to"),
    ("has:media", "search-has"),
    ("is:reply", "search-is"),
    ("language:de", "search-language"),
    ("before:2026-12-31", "search-before"),
    ("in:library", "search-in"),
];

/// The page of search.
#[must_use]
pub fn search(site: &Site<'_>, page: &Search<'_>) -> String {
    let title = site.t("nav-search");
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            form class="search" method="get" action="/search" role="search" {
                label for="q" { (site.t("search-label")) }
                div class="row" {
                    input id="q" name="q" type="search" value=(page.typed) dir="auto" autocapitalize="none"
                        autofocus[page.found.is_none()] aria-describedby="q-note";
                    button type="submit" { (site.t("nav-search")) }
                }
                span class="note" id="q-note" { (site.t("search-hint")) }
            }
            @if let Some(problem) = page.problem { p class="problem" role="alert" { (site.words.refusal(problem)) } }
            @if let Some(found) = page.found { (tabs(site, page)) (narrower(site, page)) (results(site, page, found)) }
            (help(site, page.found.is_none()))
        }
    };
    layout::document(site, &head, &body)
}

fn tabs(site: &Site<'_>, page: &Search<'_>) -> Markup {
    let asked: String = url_query(page.typed);
    html! {
        nav class="tabs" aria-label=(site.t("search-kinds")) {
            @for (kind, word, key) in Kind::ALL {
                a href={ "/search?q=" (asked) @if !word.is_empty() { "&type=" (word) } }
                    aria-current=[(kind == page.kind).then_some("page")] { (site.words.say(key)) }
            }
        }
    }
}

/// Operators that make a search for posts narrower, as links.
fn narrower(site: &Site<'_>, page: &Search<'_>) -> Markup {
    const WAYS: [(&str, &str); 4] = [
        ("in:library", "narrow-library"),
        ("from:me", "narrow-mine"),
        ("has:media", "narrow-media"),
        ("-is:reply", "narrow-replies"),
    ];
    let word = match page.kind {
        Kind::Posts => "statuses",
        Kind::Links => "links",
        _ => return html! {},
    };
    let has = |operator: &str| page.typed.split_whitespace().any(|part| part == operator);
    html! {
        p class="narrower" {
            span class="soft" { (site.t("narrow-says")) } " "
            @for (operator, key) in WAYS.iter().filter(|(operator, _)| !has(operator)) {
                a href={ "/search?q=" (url_query(&format!("{} {operator}", page.typed))) "&type=" (word) } { (site.words.say(key)) } " "
            }
        }
    }
}

fn results(site: &Site<'_>, page: &Search<'_>, found: &Found) -> Markup {
    let nothing = found.accounts.is_empty() && found.statuses.is_empty() && found.hashtags.is_empty();
    html! {
        @if nothing { p class="empty sheet" { (site.t("search-nothing")) } }
        @if !found.accounts.is_empty() {
            h2 { (site.t("tab-people")) }
            ul class="posts" { @for account in &found.accounts { li class="sheet" { (person::card(site, account, None)) } } }
        }
        @if !found.hashtags.is_empty() {
            h2 { (site.t("tab-tags")) }
            (tag::cloud(site, &found.hashtags))
        }
        @if !found.statuses.is_empty() {
            h2 { (site.t("tab-posts")) }
            (post::list(site, &found.statuses, Look::Listed))
        }
        @if let Some(more) = page.more {
            nav class="pager" aria-label=(site.t("pager")) { a class="older" href=(more) { (site.t("search-more")) } }
        }
    }
}

fn help(site: &Site<'_>, open: bool) -> Markup {
    html! {
        details class="part" open[open] {
            summary { (site.t("search-help")) }
            p { (site.t("search-whose")) }
            dl class="facts" {
                @for (operator, key) in OPERATORS {
                    div { dt { code dir="ltr" { (operator) } } dd { (site.words.say(key)) } }
                }
            }
        }
    }
}

/// A text as the value of a query (WHATWG URL, percent-encoding).
pub(super) fn url_query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_fits_into_an_address() {
        assert_eq!(url_query("a b&c=#d\"é"), "a%20b%26c%3D%23d%22%C3%A9");
        assert_eq!(["accounts", "links", "x"].map(Kind::named), [Kind::People, Kind::Links, Kind::All]);
    }
}

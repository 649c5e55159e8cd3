//! Search: one box; people, posts and tags; a pasted address opens what stands there.

use super::{
    person,
    post::{self, Look},
    tag,
    text::MONTHS,
};
use crate::{
    entity::{Account, Search as Found},
    layout::{self, Head, Site},
};
use maud::{Markup, html};

/// Which kinds are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// All of them.
    #[default]
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

    /// The word of an address that means it; empty for all.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| *word)
    }

    /// The kind a word of an address means; all, if it means none.
    #[must_use]
    pub fn named(word: &str) -> Kind {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Kind::All, |(kind, ..)| *kind)
    }
}

/// What the page of search shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'a> {
    /// What was typed.
    pub typed: &'a str,
    /// Which kinds are shown.
    pub kind: Kind,
    /// What was found; `None` if nothing was asked.
    pub found: Option<&'a Found>,
    /// The next page of posts, as an address; where all kinds are shown, that of posts alone.
    pub more: Option<&'a str>,
    /// Why it did not work.
    pub problem: Option<&'a str>,
    /// Searches that are kept.
    pub saved: &'a [Saved],
}

/// A search that somebody keeps.
#[derive(Debug, Clone)]
pub struct Saved {
    /// Its number.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What is looked for.
    pub text: String,
    /// The word of an address for its kind of results; empty: all.
    pub kind: String,
}

/// Operators of the search for posts, each with the message that says what it does.
const OPERATORS: [(&str, &str); 10] = [
    ("\"…\"", "search-phrase"),
    ("-…", "search-without"),
    ("from:@…", "search-from"),
    ("to:@…", "search-to"),
    ("has:media", "search-has"),
    ("is:reply", "search-is"),
    ("language:de", "search-language"),
    ("before:2026-12-31", "search-before"),
    ("in:library", "search-in"),
    ("sort:best", "search-sort"),
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
                        autofocus[page.found.is_none()] data-completes="1" autocomplete="off" aria-describedby="q-note";
                    button type="submit" { (site.t("nav-search")) }
                }
                span class="note" id="q-note" { (site.t("search-hint")) }
            }
            @if let Some(problem) = page.problem { p class="problem" role="alert" { (site.words.refusal(problem)) } }
            @if let Some(found) = page.found { (tabs(site, page)) (scopes(site, page)) (orders(site, page)) (narrower(site, page)) (facets(site, page, found)) (results(site, page, found)) }
            (saved(site, page))
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
        ("from:me", "narrow-mine"),
        ("has:image", "narrow-media"),
        ("has:video", "narrow-films"),
        ("-is:reply", "narrow-replies"),
    ];
    let Some(word) = of_posts(page.kind) else { return html! {} };
    let has = |operator: &str| page.typed.split_whitespace().any(|part| part == operator);
    html! {
        p class="narrower" {
            span class="soft" { (site.t("narrow-says")) } " "
            @for (operator, key) in WAYS.iter().filter(|(operator, _)| !has(operator)) {
                a href=(narrowed(page.typed, operator, word)) { (site.words.say(key)) } " "
            }
        }
    }
}

/// The word of an address for a kind that shows nothing but posts.
fn of_posts(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Posts => Some("statuses"),
        Kind::Links => Some("links"),
        _ => None,
    }
}

/// The address of a search with another condition.
fn narrowed(typed: &str, condition: &str, word: &str) -> String {
    format!("/search?q={}&type={word}", url_query(format!("{typed} {condition}").trim()))
}

/// Among whose posts is looked, as links; one of them is how it is.
fn scopes(site: &Site<'_>, page: &Search<'_>) -> Markup {
    const SCOPES: [(&str, &str); 4] = [
        ("", "search-all"),
        ("in:home", "search-home"),
        ("in:library", "narrow-library"),
        ("in:public", "search-public"),
    ];
    choice(site, page, "search-scopes", &SCOPES)
}

/// What comes first, as links; one of them is how it is.
fn orders(site: &Site<'_>, page: &Search<'_>) -> Markup {
    const ORDERS: [(&str, &str); 2] = [("", "search-newest"), ("sort:best", "search-best")];
    choice(site, page, "search-orders", &ORDERS)
}

/// Operators of which a search for posts has one or none, as links with their messages.
fn choice(site: &Site<'_>, page: &Search<'_>, label: &'static str, ways: &[(&str, &'static str)]) -> Markup {
    let Some(word) = of_posts(page.kind) else { return html! {} };
    let parts = || page.typed.split_whitespace();
    let open = parts().find(|part| ways.iter().any(|(way, _)| way == part)).unwrap_or_default();
    let rest: Vec<&str> = parts().filter(|part| !ways.iter().any(|(way, _)| way == part)).collect();
    let rest = rest.join(" ");
    html! {
        nav class="narrower" aria-label=(site.t(label)) {
            span class="soft" { (site.t(label)) } " "
            @for (way, key) in ways {
                a href=(narrowed(&rest, way, word)) aria-current=[(*way == open).then_some("true")] { (site.words.say(key)) } " "
            }
        }
    }
}

/// A month of a time as people read it (`2026-11`).
fn month_of(site: &Site<'_>, month: &str) -> String {
    let named =
        month.get(5..7).and_then(|number| number.parse::<usize>().ok()).and_then(|at| MONTHS.get(at.checked_sub(1)?));
    match named {
        Some(key) => format!("{} {}", site.words.say(key), month.get(..4).unwrap_or_default()),
        None => month.to_owned(),
    }
}

/// Months and people of what was found, at most.
const FACETS: usize = 6;

/// What makes a search narrower by what was found: months, and who wrote it.
fn facets(site: &Site<'_>, page: &Search<'_>, found: &Found) -> Markup {
    let Some(word) = of_posts(page.kind) else { return html! {} };
    let has = |operator: &str| page.typed.split_whitespace().any(|part| part.starts_with(operator));
    let (mut months, mut people): (Vec<&str>, Vec<&Account>) = (Vec::new(), Vec::new());
    for status in &found.statuses {
        if let Some(month) = status.created_at.get(..7).filter(|month| !months.contains(month)) {
            months.push(month);
        }
        if person::is_handle(&status.account.acct) && people.iter().all(|known| known.id != status.account.id) {
            people.push(&status.account);
        }
    }
    html! {
        @if months.len() > 1 && !has("during:") {
            p class="narrower" {
                span class="soft" { (site.t("facet-month")) } " "
                @for month in months.into_iter().take(FACETS) {
                    a href=(narrowed(page.typed, &format!("during:{month}"), word)) { (month_of(site, month)) } " "
                }
            }
        }
        @if people.len() > 1 && !has("from:") {
            p class="narrower" {
                span class="soft" { (site.t("facet-author")) } " "
                @for account in people.into_iter().take(FACETS) {
                    a href=(narrowed(page.typed, &format!("from:@{}", account.acct), word)) { bdi { (person::name(account)) } } " "
                }
            }
        }
    }
}

fn results(site: &Site<'_>, page: &Search<'_>, found: &Found) -> Markup {
    let nothing = found.accounts.is_empty() && found.statuses.is_empty() && found.hashtags.is_empty();
    html! {
        @if nothing && page.problem.is_none() { p class="empty sheet" { (site.t("search-nothing")) } }
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
            nav class="pager" aria-label=(site.t("pager")) { a class="older" href=(more) {
                (site.t(if page.kind == Kind::All { "search-more-posts" } else { "search-more" }))
            } }
        }
    }
}

/// Searches that are kept, and keeping this one.
fn saved(site: &Site<'_>, page: &Search<'_>) -> Markup {
    let word = page.kind.word();
    let known = page.saved.iter().any(|saved| saved.text == page.typed && saved.kind == word);
    html! {
        @if page.found.is_some() && !page.typed.is_empty() && !known {
            details class="part" {
                summary { (site.t("saved-search-keep")) }
                form method="post" action="/search/saved" {
                    (site.form_fields())
                    input type="hidden" name="q" value=(page.typed);
                    input type="hidden" name="type" value=(word);
                    p {
                        label for="saved-name" { (site.t("saved-search-name")) }
                        input id="saved-name" name="name" value=(page.typed) maxlength="80" dir="auto";
                    }
                    p { button class="second" type="submit" { (site.t("save")) } }
                }
            }
        }
        @if !page.saved.is_empty() {
            h2 { (site.t("saved-searches")) }
            ul class="rows" {
                @for saved in page.saved {
                    li {
                        div {
                            a href={ "/search?q=" (url_query(&saved.text)) @if !saved.kind.is_empty() { "&type=" (url_query(&saved.kind)) } }
                                dir="auto" { (saved.name) }
                            @if saved.name != saved.text { span class="note" dir="auto" { (saved.text) } }
                        }
                        form method="post" action={ "/search/saved/" (saved.id) "/remove" } {
                            (site.form_fields())
                            button class="second" type="submit" { (site.t("remove")) }
                        }
                    }
                }
            }
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

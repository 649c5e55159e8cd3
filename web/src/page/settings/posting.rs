//! How one posts unless one says otherwise, and how one reads.

use super::{page, save};
use crate::{
    entity::{Language, Preferences},
    layout::Site,
    page::field::{choice, tick},
    theme::Theme,
    words::Words,
    zone::Zone,
};
use maud::{Markup, html};

const AUDIENCES: [(&str, &str); 3] =
    [("public", "compose-public"), ("unlisted", "compose-unlisted"), ("private", "compose-private")];
const QUOTERS: [(&str, &str); 3] = [
    ("public", "compose-quote-everybody"),
    ("followers", "compose-quote-followers"),
    ("nobody", "compose-quote-nobody"),
];
const REPLIERS: [(&str, &str); 4] = [
    ("public", "compose-reply-everybody"),
    ("followers", "compose-reply-followers"),
    ("following", "compose-reply-following"),
    ("mentioned", "compose-reply-mentioned"),
];
const UNDESCRIBED: [(&str, &str); 3] = [
    ("ask", "posting-undescribed-ask"),
    ("post", "posting-undescribed-post"),
    ("refuse", "posting-undescribed-refuse"),
];
const MEDIA: [(&str, &str); 3] =
    [("default", "reading-media-default"), ("show_all", "reading-media-all"), ("hide_all", "reading-media-none")];

/// What is posted unless something else is said.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// What apps follow, too.
    pub preferences: &'a Preferences,
    /// Who may quote: `public`, `followers` or `nobody`.
    pub quoters: &'a str,
    /// Who may reply to what is not private: `public`, `followers`, `following` or `mentioned`; empty: something else.
    pub repliers: &'a str,
    /// What happens to pictures without a description: `ask`, `post` or `refuse`.
    pub undescribed: &'a str,
    /// Servers without reactions take those that are sent to them for favourites.
    pub likes_with_emoji: bool,
    /// Languages to choose from.
    pub languages: &'a [Language],
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// The page of posting.
#[must_use]
pub fn posting(site: &Site<'_>, shown: &Posting<'_>) -> String {
    let chosen = shown.preferences;
    let language = chosen.posting_default_language.as_deref().unwrap_or_default();
    let known = language.is_empty() || shown.languages.iter().any(|known| known.code == language);
    let body = html! {
        form class="sheet" method="post" action="/settings/posting" {
            (site.form_fields())
            (choice(site, "visibility", "compose-visibility", &AUDIENCES, &chosen.posting_default_visibility))
            p {
                label for="language" { (site.t("posting-language")) }
                select id="language" name="language" {
                    option value="" selected[language.is_empty()] { (site.t("compose-language-unsaid")) }
                    @if !known { option value=(language) selected { (language) } }
                    @for known in shown.languages {
                        option value=(known.code) selected[known.code == language] { (known.name) }
                    }
                }
            }
            (tick(site, "sensitive", "compose-sensitive", None, chosen.posting_default_sensitive))
            (choice(site, "undescribed", "posting-undescribed", &UNDESCRIBED, shown.undescribed))
            p {
                label for="repliers" { (site.t("compose-may-reply")) }
                select id="repliers" name="repliers" aria-describedby="repliers-note" {
                    @if shown.repliers.is_empty() { option value="" selected { (site.t("posting-repliers-other")) } }
                    @for (value, key) in REPLIERS {
                        option value=(value) selected[value == shown.repliers] { (site.words.say(key)) }
                    }
                }
                span class="note" id="repliers-note" { (site.t("posting-repliers-hint")) }
            }
            (choice(site, "quoters", "compose-may-quote", &QUOTERS, shown.quoters))
            (tick(site, "likes_with_emoji", "posting-likes", Some("posting-likes-hint"), shown.likes_with_emoji))
            (save(site))
        }
    };
    page(site, "settings-posting", shown.problem, &body)
}

/// How somebody reads.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// What apps follow, too.
    pub preferences: &'a Preferences,
    /// The name of the time zone that was chosen; empty: as the browser says.
    pub zone: &'a str,
    /// No more is loaded than is read.
    pub light: bool,
    /// Single keys do what they do.
    pub keys: bool,
    /// The colours.
    pub theme: Theme,
    /// What the browser says.
    pub told: Option<&'a Zone>,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

const THEMES: [(&str, &str); 4] =
    [("system", "theme-system"), ("light", "theme-light"), ("dark", "theme-dark"), ("contrast", "theme-contrast")];

/// The choice of a time zone, by the parts of the world.
fn zones(site: &Site<'_>, shown: &Reading<'_>) -> Markup {
    fn region(name: &str) -> &str {
        name.split_once('/').map_or("", |(region, _)| region)
    }
    let groups = Zone::names().chunk_by(|one, other| region(one) == region(other));
    let option = |name: &str| html! { option value=(name) selected[name == shown.zone] { (name.replace('_', " ")) } };
    html! {
        p {
            label for="zone" { (site.t("reading-zone")) }
            select id="zone" name="zone" aria-describedby="zone-note" {
                option value="" selected[shown.zone.is_empty()] {
                    @match shown.told {
                        Some(told) => (site.t_with("reading-zone-told", &[("zone", told.name())])),
                        None => (site.t("reading-zone-untold")),
                    }
                }
                @for group in groups {
                    @match group.first().map(|name| region(name)) {
                        Some(region) if !region.is_empty() => {
                            optgroup label=(region) { @for name in group { (option(name)) } }
                        },
                        _ => { @for name in group { (option(name)) } },
                    }
                }
            }
            span class="note" id="zone-note" { (site.t("reading-zone-hint")) }
        }
    }
}

/// The page of reading: the language of pages, and what is opened at once.
#[must_use]
pub fn reading(site: &Site<'_>, shown: &Reading<'_>) -> String {
    let preferences = shown.preferences;
    let body = html! {
        form class="sheet" method="post" action="/settings/reading" {
            (site.form_fields())
            p {
                label for="language" { (site.t("reading-language")) }
                select id="language" name="language" aria-describedby="language-note" {
                    @for (tag, name) in Words::choices() {
                        option value=(tag) lang=(tag) selected[tag == site.words.tag()] { (name) }
                    }
                }
                span class="note" id="language-note" { (site.t("language-hint")) }
            }
            (zones(site, shown))
            (choice(site, "theme", "reading-theme", &THEMES, shown.theme.word()))
            (choice(site, "expand_media", "reading-media", &MEDIA, &preferences.reading_expand_media))
            (tick(site, "expand_spoilers", "reading-spoilers", None, preferences.reading_expand_spoilers))
            p class="note" { (site.t("reading-apps-hint")) }
            (tick(site, "light", "reading-light", Some("reading-light-hint"), shown.light))
            (tick(site, "keys", "reading-keys", Some("reading-keys-hint"), shown.keys))
            (save(site))
        }
    };
    page(site, "settings-reading", shown.problem, &body)
}

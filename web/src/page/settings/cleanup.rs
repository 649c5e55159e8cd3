//! Automatic deletion of own old posts: what goes, what stays, and how many would go now.

use super::page;
use crate::{
    layout::Site,
    page::{
        field::{choice, tick},
        text::moment,
    },
};
use maud::{Markup, html};

/// Ages: days and message.
const AGES: [(&str, &str); 8] = [
    ("7", "cleanup-1-week"),
    ("14", "cleanup-2-weeks"),
    ("30", "cleanup-1-month"),
    ("60", "cleanup-2-months"),
    ("90", "cleanup-3-months"),
    ("180", "cleanup-6-months"),
    ("365", "cleanup-1-year"),
    ("730", "cleanup-2-years"),
];

/// What the form holds.
#[derive(Debug, Clone)]
pub struct Cleanup {
    /// Old posts go.
    pub enabled: bool,
    /// After so many days.
    pub age_days: u16,
    /// Those to single people stay.
    pub keep_direct: bool,
    /// Pinned ones stay.
    pub keep_pinned: bool,
    /// Polls stay.
    pub keep_polls: bool,
    /// Those with media stay.
    pub keep_media: bool,
    /// One's own favourites stay.
    pub keep_favourited: bool,
    /// One's own bookmarks stay.
    pub keep_bookmarked: bool,
    /// With so many favourites they stay, as typed.
    pub min_favourites: String,
    /// The same of boosts.
    pub min_reblogs: String,
    /// How many would go now; and whether it may be more.
    pub would_go: Option<(u64, bool)>,
    /// How many have gone by themselves.
    pub gone: u64,
    /// When all was looked through last.
    pub passed_at: Option<String>,
    /// They are being deleted just now.
    pub under_way: bool,
}

/// The page.
#[must_use]
pub fn cleanup(site: &Site<'_>, shown: &Cleanup, problem: Option<&str>) -> String {
    let body = html! {
        p { (site.t("cleanup-says")) }
        form class="sheet" method="post" action="/settings/cleanup" {
            (site.form_fields())
            (tick(site, "enabled", "cleanup-enabled", Some("cleanup-enabled-hint"), shown.enabled))
            (choice(site, "age_days", "cleanup-age", &AGES, &shown.age_days.to_string()))
            fieldset {
                legend { (site.t("cleanup-stays")) }
                (tick(site, "keep_direct", "cleanup-keep-direct", None, shown.keep_direct))
                (tick(site, "keep_pinned", "cleanup-keep-pinned", None, shown.keep_pinned))
                (tick(site, "keep_polls", "cleanup-keep-polls", None, shown.keep_polls))
                (tick(site, "keep_media", "cleanup-keep-media", None, shown.keep_media))
                (tick(site, "keep_favourited", "cleanup-keep-favourited", None, shown.keep_favourited))
                (tick(site, "keep_bookmarked", "cleanup-keep-bookmarked", None, shown.keep_bookmarked))
                (least(site, "min_favourites", "cleanup-min-favourites", &shown.min_favourites))
                (least(site, "min_reblogs", "cleanup-min-reblogs", &shown.min_reblogs))
            }
            @if let Some((count, more)) = shown.would_go { (preview(site, count, more)) }
            p class="acts" {
                button type="submit" name="do" value="save" { (site.t("save")) }
                button class="second" type="submit" name="do" value="preview" { (site.t("cleanup-count")) }
            }
        }
        @if shown.gone > 0 || shown.passed_at.is_some() { (told(site, shown)) }
        p class="small" { (site.t("cleanup-take-along")) " " a href="/settings/import" { (site.t("settings-transfer")) } }
    };
    page(site, "settings-cleanup", problem, &body)
}

fn least(site: &Site<'_>, name: &str, label: &'static str, value: &str) -> Markup {
    html! {
        p {
            label for=(name) { (site.words.say(label)) }
            input id=(name) name=(name) type="number" min="1" max="1000000" value=(value) autocomplete="off"
                placeholder=(site.t("cleanup-no-matter"));
        }
    }
}

fn preview(site: &Site<'_>, count: u64, more: bool) -> Markup {
    html! {
        p role="status" {
            @if more { (site.t_count("cleanup-would-more", count)) } @else { (site.t_count("cleanup-would", count)) }
        }
    }
}

fn told(site: &Site<'_>, shown: &Cleanup) -> Markup {
    html! {
        p class="soft" {
            (site.t_count("cleanup-gone", shown.gone))
            @if shown.under_way { " " (site.t("cleanup-under-way")) }
            @else if let Some(time) = &shown.passed_at { " " (site.t_around("cleanup-passed", &[("time", moment(site, time))])) }
        }
    }
}

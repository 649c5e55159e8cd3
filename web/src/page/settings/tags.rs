//! Tags that one follows, and tags on one's profile.

use super::page;
use crate::{
    layout::Site,
    page::field::{Line, line},
};
use maud::{Markup, html};

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Tags<'a> {
    /// Tags that are followed.
    pub followed: &'a [String],
    /// Tags on the profile.
    pub featured: &'a [String],
    /// Tags one uses most, which may be put there.
    pub suggested: &'a [String],
    /// Why something was refused.
    pub problem: Option<&'a str>,
}

/// Tags that are followed, and those on the profile.
#[must_use]
pub fn tags(site: &Site<'_>, shown: &Tags<'_>) -> String {
    let body = html! {
        section {
            h2 { (site.t("tags-followed")) }
            p { (site.t("tags-followed-hint")) }
            (add(site, "follow", "tags-follow"))
            (listed(site, shown.followed, "unfollow", "profile-unfollow"))
        }
        section {
            h2 { (site.t("tags-featured")) }
            p { (site.t("tags-featured-hint")) }
            (add(site, "feature", "tags-feature"))
            (listed(site, shown.featured, "unfeature", "tags-unfeature"))
            @if !shown.suggested.is_empty() {
                form method="post" action="/settings/tags" {
                    (site.form_fields())
                    p class="note" { (site.t("tags-suggested")) }
                    p class="relations" {
                        @for name in shown.suggested {
                            button class="second" type="submit" name="feature" value=(name) { bdi { "#" (name) } }
                        }
                    }
                }
            }
        }
    };
    page(site, "settings-tags", shown.problem, &body)
}

fn add(site: &Site<'_>, name: &'static str, button: &'static str) -> Markup {
    html! {
        form class="sheet" method="post" action="/settings/tags" {
            (site.form_fields())
            (line(site, Line { name, label: "tags-name", example: Some("#rocks"), required: true, ..Line::default() }))
            p class="acts" { button type="submit" { (site.words.say(button)) } }
        }
    }
}

fn listed(site: &Site<'_>, names: &[String], act: &'static str, button: &'static str) -> Markup {
    html! {
        @if names.is_empty() { p class="empty sheet" { (site.t("tags-none")) } }
        form method="post" action="/settings/tags" {
            (site.form_fields())
            ul class="rows" {
                @for name in names {
                    li {
                        div { a href={ "/tags/" (name) } { bdi { "#" (name) } } }
                        button class="second" type="submit" name=(act) value=(name) {
                            (site.words.say(button)) span class="unseen" { " " bdi { "#" (name) } }
                        }
                    }
                }
            }
        }
    }
}

//! Invites: making one, what came of those that were made.

use super::page;
use crate::{
    layout::Site,
    page::{
        field::{Line, choice, line, tick},
        text::moment,
    },
    words::plain,
};
use maud::{Markup, html};

/// How long an invite may hold: seconds and message.
const LASTING: [(&str, &str); 7] = [
    ("1800", "lasts-30-minutes"),
    ("3600", "lasts-1-hour"),
    ("21600", "lasts-6-hours"),
    ("86400", "lasts-1-day"),
    ("604800", "lasts-7-days"),
    ("2592000", "lasts-30-days"),
    ("", "invites-for-ever"),
];
/// How many may come.
const USES: [u32; 6] = [1, 5, 10, 25, 50, 100];

/// An invite.
#[derive(Debug, Clone)]
pub struct Invite {
    /// Its number.
    pub id: String,
    /// What is given to others.
    pub link: String,
    /// How many came.
    pub uses: u32,
    /// How many may.
    pub max_uses: Option<u32>,
    /// When it ends, or ended.
    pub expires_at: Option<String>,
    /// It lets somebody in.
    pub holds: bool,
    /// Whoever comes follows.
    pub autofollow: bool,
    /// What it is for.
    pub comment: String,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Invites<'a> {
    /// They may make some.
    pub may: bool,
    /// Those that were made.
    pub invites: &'a [Invite],
    /// What was typed as a comment.
    pub typed: &'a str,
    /// Characters a comment may have.
    pub comment_max: usize,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// Invites.
#[must_use]
pub fn invites(site: &Site<'_>, shown: &Invites<'_>) -> String {
    let body = html! {
        p { (site.t("invites-says")) }
        @if shown.may { (form(site, shown)) } @else { p class="empty sheet" { (site.t("invites-may-not")) } }
        @if !shown.invites.is_empty() {
            form method="post" action="/settings/invites" {
                (site.form_fields())
                ul class="rows" { @for invite in shown.invites { li { (row(site, invite)) } } }
            }
        }
    };
    page(site, "settings-invites", shown.problem, &body)
}

fn form(site: &Site<'_>, shown: &Invites<'_>) -> Markup {
    html! {
        form class="sheet" method="post" action="/settings/invites" {
            (site.form_fields())
            p {
                label for="max_uses" { (site.t("invites-uses")) }
                select id="max_uses" name="max_uses" {
                    @for count in USES {
                        option value=(count) { (site.t_count("invites-people", count.into())) }
                    }
                    option value="" { (site.t("invites-any-number")) }
                }
            }
            (choice(site, "expires_in", "invites-lasts", &LASTING, "604800"))
            (tick(site, "autofollow", "invites-autofollow", None, false))
            (line(site, Line {
                name: "comment", label: "invites-comment", value: shown.typed, note: Some("invites-comment-hint"),
                most: Some(shown.comment_max), ..Line::default()
            }))
            p class="acts" { button type="submit" name="do" value="make" { (site.t("invites-make")) } }
        }
    }
}

fn row(site: &Site<'_>, invite: &Invite) -> Markup {
    let came = match invite.max_uses {
        Some(most) => site.words.around("invites-came-of", Some(invite.uses.into()), &[("most", html! { (most) })]),
        None => plain(&site.t_count("invites-came", invite.uses.into())),
    };
    html! {
        div {
            @if invite.holds { code { bdi dir="ltr" { (invite.link) } } } @else { s { bdi dir="ltr" { (invite.link) } } }
            @if !invite.comment.is_empty() { p dir="auto" { (invite.comment) } }
            span class="note" {
                (came)
                @if invite.holds {
                    @if let Some(end) = &invite.expires_at { " · " (site.t_around("invites-until", &[("time", moment(site, end))])) }
                } @else { " · " (site.t("invites-over")) }
                @if invite.autofollow { " · " (site.t("invites-autofollows")) }
            }
        }
        @if invite.holds {
            button class="second" type="submit" name="revoke" value=(invite.id) { (site.t("invites-revoke")) }
        }
    }
}

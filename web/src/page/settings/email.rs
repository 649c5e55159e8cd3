//! The address that letters go to, and another one.

use super::page;
use crate::{
    layout::Site,
    page::field::{Line, line, password},
};
use maud::html;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Email<'a> {
    /// The address; empty: none.
    pub email: &'a str,
    /// An address that a letter was sent to and that is not confirmed yet.
    pub wanted: Option<&'a str>,
    /// Letters are sent here, so that an address is confirmed.
    pub sends_mail: bool,
    /// What was typed.
    pub typed: &'a str,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// Draws it.
#[must_use]
pub fn email(site: &Site<'_>, shown: &Email<'_>) -> String {
    let address = |email: &str| html! { bdi { (email) } };
    let note = if shown.sends_mail { "email-note" } else { "email-note-at-once" };
    let new = Line {
        name: "email",
        label: "email-new",
        value: shown.typed,
        note: Some(note),
        technical: true,
        required: true,
        ..Line::default()
    };
    let body = html! {
        p {
            @if shown.email.is_empty() { (site.t("email-none")) }
            @else { (site.t_around("settings-email", &[("address", address(shown.email))])) }
            @if let Some(wanted) = shown.wanted { " " (site.t_around("email-wanted", &[("address", address(wanted))])) }
        }
        form class="sheet" method="post" action="/settings/email" {
            (site.form_fields())
            (line(site, new))
            (password(site))
            p class="acts" { button type="submit" name="do" value="change" { (site.t("email-change")) } }
        }
    };
    page(site, "settings-email-change", shown.problem, &body)
}

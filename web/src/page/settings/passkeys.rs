//! Passkeys of somebody: those there are, and a form for a new one, which the script fills in.

use super::page;
use crate::{
    layout::Site,
    page::{
        field::{Line, line, password},
        text::moment,
    },
};
use maud::html;

/// A passkey.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// What a form calls it.
    pub word: String,
    /// What its owner calls it; may be empty.
    pub name: String,
    /// When it was added.
    pub since: String,
    /// When somebody signed in with it last.
    pub used: Option<String>,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Passkeys<'a> {
    /// Those there are.
    pub passkeys: &'a [Passkey],
    /// The name that was typed for a new one.
    pub typed: &'a str,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// Characters of a name.
const NAME_CHARS: usize = 60;

/// Draws it.
#[must_use]
pub fn passkeys(site: &Site<'_>, shown: &Passkeys<'_>) -> String {
    let name = Line {
        name: "name",
        label: "passkey-name",
        value: shown.typed,
        note: Some("passkey-name-note"),
        most: Some(NAME_CHARS),
        ..Line::default()
    };
    let body = html! {
        p { (site.t("passkeys-say")) }
        form method="post" action="/settings/passkeys" {
            (site.form_fields())
            @if shown.passkeys.is_empty() { p class="empty sheet" { (site.t("passkeys-none")) } }
            ul class="rows" {
                @for passkey in shown.passkeys {
                    li {
                        div {
                            b { @if passkey.name.is_empty() { (site.t("passkey-unnamed")) } @else { bdi { (passkey.name) } } }
                            span class="note" {
                                (site.t_around("passkey-added", &[("time", moment(site, &passkey.since))]))
                                @if let Some(used) = &passkey.used {
                                    " · " (site.t_around("access-used", &[("time", moment(site, used))]))
                                }
                            }
                        }
                        button class="second" type="submit" name="remove" value=(passkey.word) { (site.t("passkey-remove")) }
                    }
                }
            }
        }
        section {
            h2 { (site.t("passkey-new")) }
            p class="sheet" id="no-passkeys" { (site.t("passkeys-need-script")) }
            form class="sheet" method="post" action="/settings/passkeys" data-passkey="/settings/passkeys/challenge" hidden {
                (site.form_fields())
                @for field in ["client_data", "attestation"] { input type="hidden" name=(field) value=""; }
                p class="problem" role="alert" hidden { (site.t("passkey-failed")) }
                (line(site, name))
                (password(site))
                p class="acts" { button type="submit" { (site.t("passkey-add")) } }
            }
        }
    };
    page(site, "settings-passkeys", shown.problem, &body)
}

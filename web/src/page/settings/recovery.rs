//! The recovery sheet of somebody who is signed in: whether there is one, and a new one to print.

use super::page;
use crate::{
    layout::Site,
    page::{field::password, recovery::sheet, text::moment},
};
use maud::html;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Recovery<'a> {
    /// When the sheet was made that counts, if there is one.
    pub made: Option<&'a str>,
    /// The account's name.
    pub username: &'a str,
    /// A new code, which counts once the form is sent.
    pub code: &'a str,
    /// Why it was refused.
    pub problem: Option<&'a str>,
}

/// Draws it; on paper it is the sheet alone.
#[must_use]
pub fn recovery(site: &Site<'_>, shown: &Recovery<'_>) -> String {
    let body = html! {
        p class="screen" {
            @match shown.made {
                Some(made) => (site.t_around("recovery-made", &[("time", moment(site, made))])),
                None => (site.t("recovery-none")),
            }
        }
        form class="sheet" method="post" action="/settings/recovery" {
            (site.form_fields())
            (sheet(site.words, shown.code))
            dl class="facts" {
                div { dt { (site.t("recovery-account")) } dd { bdi dir="ltr" { "@" (shown.username) "@" (site.domain) } } }
                div { dt { (site.t("recovery-where")) } dd { bdi dir="ltr" { (site.origin) "/auth/recovery" } } }
            }
            div class="screen" {
                p class="note" { (site.t("recovery-print")) }
                (password(site))
                p class="acts" { button type="submit" name="do" value="keep" { (site.t("recovery-keep")) } }
            }
        }
    };
    page(site, "settings-recovery", shown.problem, &body)
}

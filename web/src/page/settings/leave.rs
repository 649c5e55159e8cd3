//! Deleting one's account: what goes, what stays, and the password.

use super::page;
use crate::{layout::Site, page::field::password};
use maud::html;

/// The page; `owner` is who cannot leave.
#[must_use]
pub fn leave(site: &Site<'_>, username: &str, owner: bool, problem: Option<&str>) -> String {
    let body = html! {
        @if owner {
            p class="sheet" { (site.t("leave-owner")) }
        } @else {
            p { (site.t("leave-says")) }
            ul {
                li { (site.t("leave-posts")) }
                li { (site.t("leave-everywhere")) }
                li { (site.t_around("leave-name", &[("name", html! { bdi { "@" (username) } })])) }
                li { (site.t("leave-for-good")) }
            }
            p {
                (site.t("leave-before")) " "
                a href="/settings/import" { (site.t("settings-transfer")) } " · "
                a href="/settings/migration" { (site.t("settings-moving-away")) }
            }
            form class="sheet" method="post" action="/settings/delete" {
                (site.form_fields())
                (password(site))
                p class="acts" { button class="grave" type="submit" name="do" value="delete" { (site.t("leave-do")) } }
            }
        }
    };
    page(site, "settings-delete", problem, &body)
}

//! A try-out that gets its name later: the steps of the first run inside settings.

use crate::{
    layout::{self, GoesOn, Head, Site},
    page::entrance::refusal,
};
use maud::{Markup, html};

/// A step of it.
#[must_use]
pub fn naming(site: &Site<'_>, problem: Option<&str>, body: &Markup) -> String {
    around(site, None, problem, body)
}

/// A step that goes on by itself.
#[must_use]
pub fn passing(site: &Site<'_>, goes_on: GoesOn<'_>, body: &Markup) -> String {
    around(site, Some(goes_on), None, body)
}

/// There is no more name to give.
#[must_use]
pub fn settled(site: &Site<'_>) -> String {
    let body = html! {
        h1 { (site.t("settings-name")) }
        p { (site.t_around("naming-settled", &[("name", html! { bdi { strong { (site.domain) } } })])) }
    };
    around(site, None, None, &body)
}

fn around(site: &Site<'_>, goes_on: Option<GoesOn<'_>>, problem: Option<&str>, body: &Markup) -> String {
    let title = site.t("settings-name");
    let head = Head { title: &title, noindex: true, goes_on, ..Head::default() };
    let body = html! {
        div class="narrow" {
            p class="small" { a href="/settings" { (site.t("settings-back")) } }
            (refusal(site, problem))
            (body)
        }
    };
    layout::document(site, &head, &body)
}

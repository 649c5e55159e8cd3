//! Doing something from one's own server with what stands here: a guest says their handle, and is led to where their
//! server lets them follow, answer or boost (FEP-3b86; before it OStatus).

use super::{
    person,
    post::{self, Look},
};
use crate::{
    entity::{Account, Status},
    layout::{self, GoesOn, Head, Site},
};
use maud::{Markup, html};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Interact<'a> {
    /// The id of what it is about.
    pub uri: &'a str,
    /// Whom one would follow; `None` if it is about a post.
    pub account: Option<&'a Account>,
    /// The post.
    pub status: Option<&'a Status>,
    /// The handle that was typed.
    pub typed: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn interact(site: &Site<'_>, page: &Interact<'_>) -> String {
    let title = site.t(if page.status.is_some() { "interact-post" } else { "interact-follow" });
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            @if let Some(account) = page.account { (person::card(site, account, None)) }
            @if let Some(status) = page.status { (post::article(site, status, Look::Listed, post::answered(site, status).as_deref())) }
            @if let Some(problem) = page.problem { p class="problem" role="alert" { (problem) } }
            (asking(site, if page.status.is_some() { "interact-label-post" } else { "interact-label" }, page.uri, page.typed))
            p class="small soft" { (site.t("interact-or-search")) " " code dir="ltr" { (page.uri) } }
        }
    };
    layout::document(site, &head, &body)
}

/// The form that asks for a handle, to follow; `uri` is the id of whom it is about.
pub(super) fn form(site: &Site<'_>, uri: &str, typed: &str) -> Markup {
    asking(site, "interact-label", uri, typed)
}

/// The same with the message that says what for.
fn asking(site: &Site<'_>, label: &str, uri: &str, typed: &str) -> Markup {
    html! {
        form class="search from-home" method="post" action="/interact" {
            input type="hidden" name="uri" value=(uri);
            label for="home-handle" { (site.t(label)) }
            div class="row" {
                input id="home-handle" name="handle" value=(typed) dir="ltr" autocapitalize="none"
                    spellcheck="false" autocomplete="username" placeholder="@name@example.org" maxlength="300" required
                    aria-describedby="home-handle-note";
                button type="submit" { (site.t("interact-go")) }
            }
            span class="note" id="home-handle-note" { (site.t("interact-hint")) }
        }
    }
}

/// The page that leads on to `url` at `host`: by itself, and by a link. No redirect: the policy of pages lets forms end
/// nowhere else.
#[must_use]
pub fn leads(site: &Site<'_>, host: &str, url: &str) -> String {
    let title = site.t_with("interact-leads", &[("host", host)]);
    let head = Head { title: &title, noindex: true, goes_on: Some(GoesOn::AtOnce(url)), ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (site.t_around("interact-leads", &[("host", html! { bdi { (host) } })])) }
            p { a class="button" href=(url) rel="nofollow noopener noreferrer" { (site.t("interact-go")) } }
        }
    };
    layout::document(site, &head, &body)
}

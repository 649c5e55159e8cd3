//! Who has access: browsers that are signed in, programs that were let in.

use super::page;
use crate::{
    layout::Site,
    page::{scope::meaning, text::moment},
};
use maud::{Markup, html};

/// A browser that is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// What a form calls it.
    pub name: &'a str,
    /// What the browser calls itself.
    pub user_agent: &'a str,
    /// When it was signed in.
    pub since: &'a str,
    /// When it was used last, if it is known.
    pub used: Option<&'a str>,
    /// It is this very one.
    pub own: bool,
}

/// A program that was let in.
#[derive(Debug, Clone, Copy)]
pub struct Application<'a> {
    /// The number of its token.
    pub id: &'a str,
    /// What it calls itself.
    pub name: &'a str,
    /// What it may do.
    pub scopes: &'a [String],
    /// When it was let in.
    pub since: &'a str,
    /// When it was used last, if it is known.
    pub used: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn access(site: &Site<'_>, sessions: &[Session<'_>], applications: &[Application<'_>]) -> String {
    let body = html! {
        form method="post" action="/settings/access" {
            (site.form_fields())
            section {
                h2 { (site.t("access-browsers")) }
                ul class="rows" { @for session in sessions { li { (browser(site, session)) } } }
                @if sessions.len() > 1 {
                    p class="acts" { button class="second" type="submit" name="others" value="end" { (site.t("access-end-others")) } }
                }
            }
            section {
                h2 { (site.t("access-applications")) }
                @if applications.is_empty() { p class="empty sheet" { (site.t("access-none")) } }
                ul class="rows" { @for application in applications { li { (program(site, application)) } } }
            }
        }
        p class="small" { a href="/auth/edit" { (site.t("settings-password")) } }
    };
    page(site, "settings-access", None, &body)
}

fn browser(site: &Site<'_>, session: &Session<'_>) -> Markup {
    let agent =
        if session.user_agent.is_empty() { site.t("access-unnamed") } else { session.user_agent.to_owned().into() };
    html! {
        div {
            b { bdi { (agent) } }
            span class="note" {
                (site.t_around("access-since", &[("time", moment(site, session.since))]))
                (used(site, session.used))
                @if session.own { " · " (site.t("access-own")) }
            }
        }
        @if !session.own {
            button class="second" type="submit" name="session" value=(session.name) { (site.t("sign-out")) }
        }
    }
}

fn used(site: &Site<'_>, at: Option<&str>) -> Markup {
    html! { @if let Some(at) = at { " · " (site.t_around("access-used", &[("time", moment(site, at))])) } }
}

fn program(site: &Site<'_>, application: &Application<'_>) -> Markup {
    html! {
        div {
            b { bdi { (application.name) } }
            span class="note" {
                (site.t_around("access-given", &[("time", moment(site, application.since))]))
                (used(site, application.used))
            }
            details {
                summary { (site.t("access-may")) }
                ul class="scopes" {
                    @for scope in application.scopes {
                        @let meaning = meaning(scope);
                        li class=[meaning.weighty.then_some("weighty")] { span { (site.words.say(meaning.key)) } " " code { (scope) } }
                    }
                }
            }
        }
        button class="second" type="submit" name="token" value=(application.id) { (site.t("access-end")) }
    }
}

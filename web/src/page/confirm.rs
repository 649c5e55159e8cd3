//! Asking before something that is not easily undone.

use super::{
    person,
    post::{self, Look},
};
use crate::{
    entity::{Account, Status},
    layout::{self, Head, Site},
};
use maud::html;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Confirm<'a> {
    /// The message that asks.
    pub title: &'static str,
    /// The message that says what will happen.
    pub says: &'static str,
    /// The post it is about.
    pub about: Option<&'a Status>,
    /// Where the form goes.
    pub action: &'a str,
    /// Its buttons: the value of `do`, and the message on it.
    pub buttons: &'a [(&'static str, &'static str)],
}

/// The question.
#[must_use]
pub fn confirm(site: &Site<'_>, page: &Confirm<'_>) -> String {
    let title = site.words.say(page.title);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.words.say(page.says)) }
            @if let Some(status) = page.about { (post::article(&Site { viewer: None, ..*site }, status, Look::Listed, None)) }
            form method="post" action=(page.action) {
                (Site { at: "", ..*site }.form_fields())
                p class="acts" {
                    @for (value, key) in page.buttons {
                        button class=[(*value != page.buttons[0].0).then_some("second")] type="submit" name="do" value=(value) {
                            (site.words.say(key))
                        }
                    }
                    a class="button second" href="/home" { (site.t("cancel")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Asking before something is done to somebody.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The message that asks.
    pub title: &'static str,
    /// The message that says what will happen.
    pub says: &'static str,
    /// Whom it is about.
    pub account: &'a Account,
    /// What the button is called in the form for acts.
    pub act: &'static str,
    /// The message on it.
    pub button: &'static str,
}

/// The question about somebody.
#[must_use]
pub fn person(site: &Site<'_>, page: &Person<'_>) -> String {
    let title = site.words.say(page.title);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let back = person::link(site, page.account).unwrap_or_else(|| "/home".into());
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            (person::card(site, page.account, None))
            p { (site.words.say(page.says)) }
            form method="post" action="/act" {
                (Site { at: &back, ..*site }.form_fields())
                p class="acts" {
                    button type="submit" name=(page.act) value=(page.account.id) { (site.words.say(page.button)) }
                    a class="button second" href=(back) { (site.t("cancel")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

/// Asking before everybody of a server is kept away, or let back.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// Somebody of it.
    pub account: &'a Account,
    /// Where the form goes.
    pub action: &'a str,
    /// It is kept away now.
    pub blocks: bool,
}

/// The question about a server.
#[must_use]
pub fn server(site: &Site<'_>, page: &Server<'_>) -> String {
    let host = page.account.acct.split_once('@').map_or("", |(_, host)| host);
    let (act, key) =
        if page.blocks { ("unblock", "profile-unblock-server") } else { ("block", "profile-block-server") };
    let title = site.words.with(key, &[("host", host)]);
    let head = Head { title: &title, noindex: true, ..Head::default() };
    let back = person::link(site, page.account).unwrap_or_else(|| "/home".into());
    let body = html! {
        div class="narrow" {
            h1 { (title) }
            p { (site.t(if page.blocks { "server-unblock-says" } else { "server-block-says" })) }
            form method="post" action=(page.action) {
                (Site { at: "", ..*site }.form_fields())
                p class="acts" {
                    button type="submit" name="do" value=(act) { (title) }
                    a class="button second" href=(back) { (site.t("cancel")) }
                }
            }
        }
    };
    layout::document(site, &head, &body)
}

//! People on pages: names, handles, pictures, links to their profiles.

use super::{emoji, text::web_link};
use crate::{assets, entity::Account, layout::Site};
use maud::{Markup, html};
use std::borrow::Cow;

/// The name people see: the chosen one, else the username.
pub(super) fn name(account: &Account) -> &str {
    let chosen = account.display_name.trim();
    if chosen.is_empty() { &account.username } else { chosen }
}

/// The same with the custom emoji in it.
pub(super) fn shown(site: &Site<'_>, account: &Account) -> Markup {
    emoji::in_text(site, name(account), &account.emojis)
}

/// Where the profile is: a path for people here, and for everybody if whoever looks is signed in; else the page at their
/// server.
pub(super) fn link<'a>(site: &Site<'_>, account: &'a Account) -> Option<Cow<'a, str>> {
    if let Some(path) = site.path(&account.url) {
        return Some(Cow::Borrowed(path));
    }
    if site.viewer.is_some() && is_handle(&account.acct) {
        return Some(Cow::Owned(format!("/@{}", account.acct)));
    }
    web_link(&account.url).map(Cow::Borrowed)
}

/// Whether a handle can stand in a path as it is.
pub(super) fn is_handle(acct: &str) -> bool {
    !acct.is_empty() && acct.chars().all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | ':'))
}

/// The picture as a page may load it: from this server, or the one of whoever has none.
pub(super) fn avatar<'a>(site: &Site<'_>, account: &'a Account) -> &'a str {
    site.path(&account.avatar_static).unwrap_or(assets::AVATAR_MISSING)
}

/// As [`avatar`], of the wide picture above a profile.
pub(super) fn header<'a>(site: &Site<'_>, account: &'a Account) -> &'a str {
    site.path(&account.header_static).unwrap_or(assets::HEADER_MISSING)
}

/// Picture, name and handle as one link; `name_id` is the name's id.
pub(super) fn card(site: &Site<'_>, account: &Account, name_id: Option<&str>) -> Markup {
    let inner = html! {
        @if !site.light {
            img class="avatar" src=(avatar(site, account)) alt="" width="48" height="48" loading="lazy" decoding="async";
        }
        span class="names" {
            bdi class="name" id=[name_id] { (shown(site, account)) } " "
            span class="handle" dir="ltr" { (site.handle(&account.acct)) }
        }
    };
    match link(site, account) {
        Some(url) if url.starts_with('/') => html! { a class="who" href=(url) { (inner) } },
        Some(url) => html! { a class="who" href=(url) rel="nofollow noopener noreferrer" { (inner) } },
        None => html! { span class="who" { (inner) } },
    }
}

/// The name alone, as a link.
pub(super) fn named(site: &Site<'_>, account: &Account) -> Markup {
    html! {
        @match link(site, account) {
            Some(url) => a href=(url) { bdi { (shown(site, account)) } },
            None => bdi { (shown(site, account)) },
        }
    }
}

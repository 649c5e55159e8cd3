//! A public post as other sites show it: a quotation with a link, without script, frame or picture, so that nobody who
//! reads that site is told of here (oEmbed §2.3.4).

use super::{
    person,
    text::{excerpt, own_words},
};
use crate::{
    entity::{OEmbed, Status},
    layout::Site,
};
use maud::{PreEscaped, html};

/// Widths in pixels: what is given unasked, and the bounds.
const WIDTH: (u32, u32, u32) = (400, 220, 800);
/// How long it may be kept, seconds: a day.
const KEPT_S: u32 = 86_400;
/// Characters of the post in its title.
const TITLE_CHARS: usize = 60;

/// The post for a place of at most `max_width` pixels. Behind a warning only the warning is shown.
#[must_use]
pub fn embed(site: &Site<'_>, status: &Status, max_width: Option<u32>) -> OEmbed {
    let (name, handle) = (person::name(&status.account), site.handle(&status.account.acct));
    let url = status.url.as_deref().unwrap_or(&status.uri);
    let (warning, (width, least, most)) = (status.spoiler_text.trim(), WIDTH);
    let html = html! {
        blockquote cite=(url) lang=[status.language.as_deref()] {
            @if warning.is_empty() { (PreEscaped(&status.content)) } @else { p { (warning) } }
            p { "— " a href=(url) { (name) " (" (handle) ")" } }
        }
    };
    let said = excerpt(if warning.is_empty() { own_words(&status.content) } else { warning }, TITLE_CHARS);
    OEmbed {
        kind: "rich",
        version: "1.0",
        title: format!("{name}: “{said}”"),
        author_name: name.to_owned(),
        author_url: status.account.url.clone(),
        provider_name: site.title.to_owned(),
        provider_url: format!("{}/", site.origin),
        cache_age: KEPT_S,
        html: html.into_string(),
        width: max_width.unwrap_or(width).clamp(least, most),
        height: None,
    }
}

//! Which link of a status is shown with a preview: the first that is no mention, hashtag, attachment or quote.

use crate::{limits, origin::Origin, text::plain_text};
use storage::status::{Status, Visibility};
use url::Url;

/// The class of what repeats a quote as text.
const QUOTE: &str = "quote-inline";
/// Classes of links that are mentions or hashtags.
const NAMES: [&str; 4] = ["mention", "hashtag", "u-url", "h-card"];

/// The link of `status` whose preview is shown, without its fragment; `quoted` is the uri of what it quotes.
///
/// None of direct statuses: a page that was told to few is not asked by a machine. None that leads here.
#[must_use]
pub fn of(origin: &Origin, status: &Status, quoted: Option<&str>) -> Option<String> {
    if !may_show_one(status) {
        return None;
    }
    let taken = |href: &str| {
        let attached = status.attachments.iter().any(|attachment| attachment.url == href);
        let own = status.uri == href || status.url.as_deref() == Some(href);
        attached || own || quoted == Some(href)
    };
    links(&status.content).into_iter().filter(|href| !taken(href)).find_map(|href| usable(origin, &href))
}

/// Whether a look at the links is worth it; cheap.
pub(super) fn may_have_one(status: &Status) -> bool {
    may_show_one(status) && !links(&status.content).is_empty()
}

fn may_show_one(status: &Status) -> bool {
    status.reblog_of.is_none() && status.visibility != Visibility::Direct && status.content.contains("<a ")
}

fn usable(origin: &Origin, href: &str) -> Option<String> {
    let mut url = Url::parse(href).ok()?;
    let named = url.host_str().is_some_and(|host| !host.is_empty());
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    url.set_fragment(None);
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let fits = url.as_str().len() <= limits::URI_BYTES_MAX;
    (named && plain && fits && !origin.is_own_domain(authority)).then(|| url.into())
}

/// Addresses of the links in HTML as it is stored, in order, at most `limits::LINKS_LOOKED_AT`; not those of mentions,
/// hashtags and quotes.
#[must_use]
pub fn links(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    // The element that repeats a quote: its name, and how many of that name are open.
    let mut quote: Option<(&str, usize)> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let inside = &rest[at + 1..];
        let end = tag_end(inside);
        let (tag, after) = (&inside[..end], inside.get(end + 1..).unwrap_or_default());
        rest = after;
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = &tag[..tag.find([' ', '/']).unwrap_or(tag.len())];
        match &mut quote {
            Some((open, depth)) if *open == name => {
                *depth = if closes { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    quote = None;
                }
            }
            Some(_) => {}
            None if closes => {}
            None if matches!(name, "p" | "span") && has_class(tag, &[QUOTE]) => quote = Some((name, 1)),
            None if name == "a" && !has_class(tag, &NAMES) && !has_class(tag, &[QUOTE]) && !shows_name(after) => {
                found.extend(attribute(tag, "href").map(plain_text));
                if found.len() >= limits::LINKS_LOOKED_AT {
                    break;
                }
            }
            None => {}
        }
    }
    found
}

/// Where a tag ends; what stands in quotes does not end it.
fn tag_end(inside: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at,
            _ => {}
        }
    }
    inside.len()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?;
    value.split('"').next()
}

fn has_class(tag: &str, wanted: &[&str]) -> bool {
    attribute(tag, "class").is_some_and(|classes| classes.split(' ').any(|class| wanted.contains(&class)))
}

/// Whether the text of a link is a hashtag or a handle: some servers mark them by what is not kept.
fn shows_name(mut text: &str) -> bool {
    while let Some(inside) = text.strip_prefix('<') {
        if inside.starts_with("/a") {
            return false;
        }
        text = inside.get(tag_end(inside) + 1..).unwrap_or_default();
    }
    text.starts_with(['#', '@', '＃'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{compose, entities, sanitise};
    use proptest::prelude::*;

    fn typed(text: &str) -> Vec<String> {
        let target = |name: &str, _: Option<&str>| {
            Some(crate::text::MentionTarget { url: format!("https://h.test/@{name}"), username: name.to_owned() })
        };
        links(&compose(text, &entities(text), target, |tag| format!("https://h.test/tags/{tag}")))
    }

    #[test]
    fn names_are_no_links() {
        assert_eq!(
            typed("@ann #sun see https://a.test/x?a=1&b=2 and https://b.test/"),
            ["https://a.test/x?a=1&b=2", "https://b.test/"]
        );
        let html = "<p><a href=\"https://m.test/tags/x\" rel=\"tag\">#x</a> <span class=\"h-card\"><a href=\"https://m.test/@a\" \
             class=\"u-url mention\">@<span>a</span></a></span> <a href=\"https://m.test/@b\"><span>@b</span></a> \
             <a href=\"https://n.test/\">n</a></p>";
        assert_eq!(links(&sanitise(html)), ["https://n.test/"]);
    }

    #[test]
    fn what_repeats_a_quote_is_passed_over() {
        let html = "<p class=\"quote-inline\">RE: <a href=\"https://q.test/1\">q</a></p><p><a href=\"https://a.test/\">a</a></p>";
        assert_eq!(links(&sanitise(html)), ["https://a.test/"]);
        let html = "<span class=\"quote-inline\"><br><span>x</span>RE: <a href=\"https://q.test/1\">q</a></span>";
        assert_eq!(links(&sanitise(html)), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(html in "\\PC{0,60}|[<>a/ =\"#hrefclsqut@pn:.-]{0,80}") {
            let _ = (links(&html), links(&sanitise(&html)));
        }
    }
}

//! From what stands in a page to what is kept of it: plain text within bounds, addresses that may be shown.

use super::head::Head;
use crate::{account::is_language, clock::parse_moment, limits, text::display_name};
use storage::{
    account::Account,
    card::{Page, PageKind, Picture},
};
use url::Url;

/// What is kept of a page that was found at `at`; `None` if it says nothing worth showing. Who made it is left open.
///
/// Source: client API, PreviewCard; Open Graph; HTML link type `canonical`.
#[must_use]
pub fn page(head: &Head, at: &Url) -> Option<Page> {
    let title = or(head.named(&["og:title", "twitter:title"]), &head.title);
    let mut url = own_address(head, at);
    url.set_fragment(None);
    let page = Page {
        url: url.into(),
        kind: PageKind::Link,
        title: words(title, limits::CARD_TITLE_CHARS),
        description: words(
            head.named(&["og:description", "twitter:description", "description"]),
            limits::CARD_DESCRIPTION_CHARS,
        ),
        author_name: words(head.named(&["og:author", "og:author:username", "author"]), limits::CARD_NAME_CHARS),
        author_url: String::new(),
        creator: None,
        provider_name: words(head.named(&["og:site_name"]), limits::CARD_NAME_CHARS),
        provider_url: String::new(),
        picture: picture(head, at),
        embed_url: String::new(),
        language: language(head.named(&["og:locale"])).or_else(|| language(&head.language)),
        published_at: parse_moment(head.named(&["article:published_time"])),
    };
    (!page.title.is_empty()).then_some(page)
}

/// The address a page gives as its own, if it lies on the same server: nobody speaks for others.
fn own_address(head: &Head, at: &Url) -> Url {
    let own = [head.canonical.as_str(), head.named(&["og:url"])].into_iter().find_map(|text| address(text, at));
    own.filter(|own| own.origin() == at.origin()).unwrap_or_else(|| at.clone())
}

fn picture(head: &Head, at: &Url) -> Option<Picture> {
    let text = head.named(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image"]);
    let url = picture_address(text, at)?;
    let number = |name| {
        head.named(&[name]).trim().parse::<u32>().ok().filter(|number| (1..=limits::CARD_PIXELS).contains(number))
    };
    let size = number("og:image:width").zip(number("og:image:height"));
    Some(Picture { url, description: words(head.named(&["og:image:alt"]), limits::CARD_DESCRIPTION_CHARS), size })
}

/// An address of a picture that this server would fetch.
pub(super) fn picture_address(text: &str, at: &Url) -> Option<String> {
    let url = address(text, at)?;
    let safe = url.scheme() == "https" || url.scheme() == at.scheme();
    (safe && url.as_str().len() <= limits::REMOTE_PICTURE_URL_BYTES).then(|| url.into())
}

/// An http(s) address as it stands in a page at `at`; `None` for an empty text.
#[must_use]
pub fn address(text: &str, at: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > limits::URI_BYTES_MAX {
        return None;
    }
    let url = at.join(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.as_str().len() <= limits::URI_BYTES_MAX;
    (plain && matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Words in one line, without what turns the text around them.
pub(super) fn words(text: &str, most: usize) -> String {
    display_name(text, most)
}

pub(super) fn or<'a>(first: &'a str, second: &'a str) -> &'a str {
    if first.trim().is_empty() { second } else { first }
}

/// `en_US` is `en`.
fn language(text: &str) -> Option<String> {
    let first = text.trim().split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase();
    is_language(&first).then_some(first)
}

/// Whether `account` may be shown as the author of a page on `host` that names it: it lives there, or names that domain
/// as one that may (Mastodon, `attributionDomains`). Anybody can name anybody.
#[must_use]
pub fn vouches(account: &Account, host: &str) -> bool {
    let at_host = |address: &str| Url::parse(address).is_ok_and(|url| url.host_str() == Some(host));
    let names = |domain: &String| {
        let domain = domain.to_ascii_lowercase();
        let below = host.strip_suffix(domain.as_str());
        !domain.is_empty() && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    };
    account.suspended_at.is_none()
        && (account.domain.as_deref() == Some(host)
            || account.url.as_deref().is_some_and(at_host)
            || account.attribution_domains.iter().any(names))
}

#[cfg(test)]
mod tests {
    use super::{super::head::head, *};

    fn read(html: &str) -> Option<Page> {
        page(&head(html), &Url::parse("https://news.test/a?b#c").expect("a URL"))
    }

    #[test]
    fn what_is_kept_is_plain_bounded_and_leads_to_the_web() {
        let long = "x\u{202e}".repeat(10_000);
        let page = read(&format!(
            "<title>{long}</title><link rel=canonical href='javascript:alert(1)'><meta property=og:image content='data:image/png,x'>\
             <meta property=og:description content='<b>a</b>\n\n b'><meta property=og:locale content=pt_BR>\
             <meta property=article:published_time content='2026-01-02T03:04:05Z'>"
        ))
        .expect("it has a title");
        assert_eq!((page.url.as_str(), page.picture), ("https://news.test/a?b", None));
        assert_eq!((page.title.chars().count(), page.title.contains('\u{202e}')), (limits::CARD_TITLE_CHARS, false));
        assert_eq!((page.description.as_str(), page.language.as_deref()), ("<b>a</b> b", Some("pt")));
        assert_eq!(page.published_at.map(|time| time.0), Some(1_767_323_045_000));
    }

    #[test]
    fn a_page_speaks_for_its_own_server_only() {
        let url = |html: &str| read(&format!("<title>t</title>{html}")).map(|page| page.url);
        assert_eq!(url("<link rel=canonical href=/own#x>").as_deref(), Some("https://news.test/own"));
        assert_eq!(url("<link rel=canonical href=https://evil.test/>").as_deref(), Some("https://news.test/a?b"));
        assert_eq!(url("<meta property=og:url content=https://news.test/og>").as_deref(), Some("https://news.test/og"));
        assert_eq!(read("<p>no title"), None);
    }
}

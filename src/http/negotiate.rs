//! Content negotiation (RFC 9110 §12.5.1): ActivityStreams, HTML or JSON.

use crate::limits;
use http::{HeaderMap, header::ACCEPT};

/// ActivityPub documents (ActivityPub §3.2).
pub const ACTIVITY_JSON: &str = "application/activity+json; charset=utf-8";
/// The client API (client API, responses).
pub const JSON: &str = "application/json; charset=utf-8";
/// Webfinger (RFC 7033 §10.2).
pub const JRD_JSON: &str = "application/jrd+json; charset=utf-8";
/// host-meta (RFC 6415 §2).
pub const XRD_XML: &str = "application/xrd+xml; charset=utf-8";
/// Pages.
pub const HTML: &str = "text/html; charset=utf-8";
/// Probes.
pub const TEXT: &str = "text/plain; charset=utf-8";

/// What a client would rather have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An ActivityStreams document.
    Activity,
    /// A page.
    Html,
    /// Plain JSON.
    Json,
}

/// The shape a client would rather have; pages for browsers, for `*/*` and where nothing is said.
///
/// `application/ld+json` counts without its profile too: some servers leave it away. On equal weight
/// ActivityStreams wins, because no browser asks for it.
#[must_use]
pub fn shape(headers: &HeaderMap) -> Shape {
    let (mut activity, mut html, mut json) = (0, 0, 0);
    let ranges =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    for range in ranges.take(limits::ACCEPT_RANGES) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = weight(parts);
        match kind.as_str() {
            "application/activity+json" | "application/ld+json" => activity = activity.max(weight),
            "text/html" | "application/xhtml+xml" | "text/*" => html = html.max(weight),
            "application/json" => json = json.max(weight),
            _ => {}
        }
    }
    if activity > 0 && activity >= html && activity >= json {
        Shape::Activity
    } else if json > html {
        Shape::Json
    } else {
        Shape::Html
    }
}

/// `q` in thousandths; one if absent, none if unreadable (RFC 9110 §12.4.2).
fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> u16 {
    for parameter in parameters {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("q")
        {
            let q: f32 = value.trim().parse().unwrap_or(0.0);
            // Clamped to 0-1000 first, so the cast keeps the value.
            return (q.clamp(0.0, 1.0) * 1000.0) as u16;
        }
    }
    1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Shape {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().expect("a header"));
        shape(&headers)
    }

    #[test]
    fn peers_get_documents_and_browsers_get_pages() {
        assert_eq!(of("application/activity+json"), Shape::Activity);
        assert_eq!(of("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""), Shape::Activity);
        assert_eq!(of("application/activity+json, application/ld+json, text/html;q=0.1"), Shape::Activity);
        assert_eq!(of("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), Shape::Html);
        assert_eq!(of("*/*"), Shape::Html);
        assert_eq!(shape(&HeaderMap::new()), Shape::Html);
        assert_eq!(of("application/json"), Shape::Json);
    }

    #[test]
    fn weights_decide() {
        assert_eq!(of("text/html, application/activity+json;q=0.5"), Shape::Html);
        assert_eq!(of("text/html;q=0.5, Application/Activity+JSON; Q=0.9"), Shape::Activity);
        assert_eq!(of("application/activity+json;q=0, text/html;q=0.1"), Shape::Html);
        assert_eq!(of("application/activity+json;q=NaN"), Shape::Html);
        assert_eq!(of("application/json;q=2, text/html;q=0.9"), Shape::Json);
    }
}

//! What a page says of itself for embedding (oEmbed 1.0): links and pictures. Films and rich content stay links: their HTML
//! is not shown here.

use super::page::{address, or, picture_address, words};
use crate::limits;
use serde_json::Value;
use storage::card::{Page, PageKind, Picture};
use url::Url;

/// Adds to `page`, found at `at`, what its oEmbed document says; a document that says nothing usable adds nothing.
///
/// Source: oEmbed 1.0 §2.3.4.
pub fn add(page: &mut Page, document: &Value, at: &Url) {
    let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = |name: &str, before: &str, most| words(or(text(name), before), most);
    let link = |name: &str, before: &str| {
        address(text(name), at).map_or_else(|| before.to_owned(), |url| url.as_str().to_owned())
    };
    page.title = name("title", &page.title, limits::CARD_TITLE_CHARS);
    page.author_name = name("author_name", &page.author_name, limits::CARD_NAME_CHARS);
    page.author_url = link("author_url", &page.author_url);
    page.provider_name = name("provider_name", &page.provider_name, limits::CARD_NAME_CHARS);
    page.provider_url = link("provider_url", &page.provider_url);
    let picture = |url: &str, width: &str, height: &str| {
        let size = number(document.get(width)).zip(number(document.get(height)));
        picture_address(text(url), at).map(|url| Picture { url, description: String::new(), size })
    };
    if text("type") == "photo"
        && let Some(photo) = picture("url", "width", "height")
    {
        page.kind = PageKind::Photo;
        page.embed_url.clone_from(&photo.url);
        page.picture = Some(photo);
    } else if page.picture.is_none() {
        page.picture = picture("thumbnail_url", "thumbnail_width", "thumbnail_height");
    }
}

/// Some write numbers as text.
fn number(value: Option<&Value>) -> Option<u32> {
    let value = value?;
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    u32::try_from(number).ok().filter(|number| (1..=limits::CARD_PIXELS).contains(number))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{head, page},
        *,
    };
    use serde_json::json;

    fn with(document: &Value) -> Page {
        let at = Url::parse("https://news.test/a").expect("a URL");
        let mut page = page(&head("<title>t</title>"), &at).expect("it has a title");
        add(&mut page, document, &at);
        page
    }

    #[test]
    fn pictures_and_names_are_taken_scripts_are_not() {
        let page = with(&json!({"type": "photo", "title": "A cat", "url": "/cat.jpg", "width": "240", "height": 160,
            "author_name": "Ann", "author_url": "javascript:x", "html": "<script>x</script>"}));
        assert_eq!((page.kind, page.title.as_str(), page.author_name.as_str()), (PageKind::Photo, "A cat", "Ann"));
        assert_eq!((page.author_url.as_str(), page.embed_url.as_str()), ("", "https://news.test/cat.jpg"));
        assert_eq!(page.picture.and_then(|picture| picture.size), Some((240, 160)));
        let page =
            with(&json!({"type": "video", "title": 7, "html": "<iframe>", "thumbnail_url": "https://news.test/t.png"}));
        assert_eq!((page.kind, page.title.as_str()), (PageKind::Link, "t"));
        assert_eq!(page.picture.map(|picture| picture.url).as_deref(), Some("https://news.test/t.png"));
        assert_eq!(with(&json!([1])).title, "t");
    }
}

//! Posts as feed readers take them: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, drawn from client entities as pages are.

use crate::{
    entity::{MediaAttachment, Status},
    page::text::{excerpt, web_link},
};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use serde_json::{Value, json};
use std::io;

/// Characters of a post that stand in for the title it does not have.
const TITLE_CHARS: usize = 80;

/// The posts of somebody, or with a tag.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// What it is called.
    pub title: &'a str,
    /// One sentence about it.
    pub about: &'a str,
    /// The page for people, an absolute address.
    pub page: &'a str,
    /// Where the feed itself is, an absolute address.
    pub address: &'a str,
    /// A picture for it, an absolute address.
    pub icon: Option<&'a str>,
    /// The posts, newest first.
    pub posts: &'a [Status],
}

/// The three spellings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// RSS 2.0.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Spelling {
    /// All of them.
    pub const ALL: [Spelling; 3] = [Spelling::Rss, Spelling::Atom, Spelling::Json];

    /// What stands behind the address of the page.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Spelling::Rss => ".rss",
            Spelling::Atom => ".atom",
            Spelling::Json => "/feed.json",
        }
    }

    /// Its media type, without parameters.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Spelling::Rss => "application/rss+xml",
            Spelling::Atom => "application/atom+xml",
            Spelling::Json => "application/feed+json",
        }
    }

    /// The feed in this spelling.
    #[must_use]
    pub fn write(self, feed: &Feed<'_>) -> String {
        let mut writer = Writer::new(Vec::new());
        let written = match self {
            Spelling::Json => return json(feed).to_string(),
            Spelling::Rss => rss(&mut writer, feed),
            Spelling::Atom => atom(&mut writer, feed),
        };
        // A vector takes everything, and what was written was text.
        written.expect("memory takes what is written");
        String::from_utf8(writer.into_inner()).expect("only text was written")
    }
}

type Xml = Writer<Vec<u8>>;

fn rss(xml: &mut Xml, feed: &Feed<'_>) -> io::Result<()> {
    declare(xml)?;
    let root = xml.create_element("rss").with_attributes([
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ]);
    root.write_inner_content(|xml| {
        xml.create_element("channel").write_inner_content(|xml| {
            text(xml, "title", feed.title)?;
            text(xml, "link", feed.page)?;
            text(xml, "description", feed.about)?;
            let own = [("rel", "self"), ("type", Spelling::Rss.kind()), ("href", feed.address)];
            xml.create_element("atom:link").with_attributes(own).write_empty()?;
            if let Some(icon) = feed.icon {
                xml.create_element("image").write_inner_content(|xml| {
                    text(xml, "url", icon)?;
                    text(xml, "title", feed.title)?;
                    text(xml, "link", feed.page)
                })?;
            }
            if let Some(date) = feed.posts.first().and_then(|post| rfc822(&post.created_at)) {
                text(xml, "lastBuildDate", &date)?;
            }
            feed.posts.iter().try_for_each(|post| item(xml, post))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn item(xml: &mut Xml, post: &Status) -> io::Result<()> {
    xml.create_element("item").write_inner_content(|xml| {
        let id = xml.create_element("guid").with_attribute(("isPermaLink", "false"));
        id.write_text_content(BytesText::new(&allowed(&post.uri)))?;
        text(xml, "title", &title(post))?;
        text(xml, "link", address(post))?;
        if let Some(date) = rfc822(&post.created_at) {
            text(xml, "pubDate", &date)?;
        }
        text(xml, "description", &content(post))?;
        for (medium, url) in media(post) {
            let element = xml.create_element("media:content").with_attributes([("url", url), ("medium", medium.kind)]);
            match &medium.description {
                Some(words) => element.write_inner_content(|xml| text(xml, "media:description", words))?,
                None => element.write_empty()?,
            };
        }
        post.tags.iter().try_for_each(|tag| text(xml, "category", &tag.name))
    })?;
    Ok(())
}

fn atom(xml: &mut Xml, feed: &Feed<'_>) -> io::Result<()> {
    declare(xml)?;
    let root = xml.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    root.write_inner_content(|xml| {
        text(xml, "id", feed.address)?;
        text(xml, "title", feed.title)?;
        text(xml, "subtitle", feed.about)?;
        let own = [("rel", "self"), ("type", Spelling::Atom.kind()), ("href", feed.address)];
        xml.create_element("link").with_attributes(own).write_empty()?;
        let page = [("rel", "alternate"), ("type", "text/html"), ("href", feed.page)];
        xml.create_element("link").with_attributes(page).write_empty()?;
        if let Some(icon) = feed.icon {
            text(xml, "icon", icon)?;
        }
        // A feed without posts has not changed since there were feeds.
        let newest = feed.posts.iter().map(changed).max().unwrap_or("1970-01-01T00:00:00Z");
        text(xml, "updated", newest)?;
        feed.posts.iter().try_for_each(|post| entry(xml, post))
    })?;
    Ok(())
}

fn entry(xml: &mut Xml, post: &Status) -> io::Result<()> {
    xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &post.uri)?;
        text(xml, "title", &title(post))?;
        let page = [("rel", "alternate"), ("type", "text/html"), ("href", address(post))];
        xml.create_element("link").with_attributes(page).write_empty()?;
        text(xml, "published", &post.created_at)?;
        text(xml, "updated", changed(post))?;
        xml.create_element("author").write_inner_content(|xml| {
            text(xml, "name", name(post))?;
            text(xml, "uri", &post.account.url)
        })?;
        let html = xml.create_element("content").with_attribute(("type", "html"));
        html.write_text_content(BytesText::new(&allowed(&content(post))))?;
        for (_, url) in media(post) {
            xml.create_element("link").with_attributes([("rel", "enclosure"), ("href", url)]).write_empty()?;
        }
        for tag in &post.tags {
            xml.create_element("category").with_attribute(("term", tag.name.as_str())).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn json(feed: &Feed<'_>) -> Value {
    let items = feed.posts.iter().map(|post| {
        let mut item = json!({
            "id": post.uri,
            "url": address(post),
            "title": title(post),
            "content_html": content(post),
            "date_published": post.created_at,
            "date_modified": changed(post),
            "authors": [{ "name": name(post), "url": post.account.url, "avatar": post.account.avatar_static }],
            "tags": post.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
        });
        if let Some(language) = &post.language {
            item["language"] = json!(language);
        }
        if let Some((_, url)) = media(post).find(|(medium, _)| medium.kind == "image") {
            item["image"] = json!(url);
        }
        item
    });
    let mut whole = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "items": items.collect::<Vec<_>>(),
    });
    if let Some(icon) = feed.icon {
        whole["icon"] = json!(icon);
    }
    whole
}

fn declare(xml: &mut Xml) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))
}

fn text(xml: &mut Xml, element: &str, words: &str) -> io::Result<()> {
    xml.create_element(element).write_text_content(BytesText::new(&allowed(words)))?;
    Ok(())
}

/// Without characters that no XML document may hold, not even escaped (XML 1.0 §2.2).
fn allowed(words: &str) -> String {
    let fine = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    words.chars().filter(fine).collect()
}

fn address(post: &Status) -> &str {
    post.url.as_deref().unwrap_or(&post.uri)
}

fn changed(post: &Status) -> &str {
    post.edited_at.as_deref().unwrap_or(&post.created_at)
}

fn name(post: &Status) -> &str {
    let account = &post.account;
    if account.display_name.is_empty() { &account.username } else { &account.display_name }
}

/// A post has no title; its warning says what it is about, or else its first words.
fn title(post: &Status) -> String {
    let words = if post.spoiler_text.is_empty() { &post.content } else { &post.spoiler_text };
    let title = if post.spoiler_text.is_empty() { excerpt(words, TITLE_CHARS) } else { words.clone() };
    if title.is_empty() { post.created_at.clone() } else { title }
}

/// What was written; a reader is warned before it, and finds pictures behind it, hidden ones as links.
fn content(post: &Status) -> String {
    let escaped = |words: &str| maud::html! { (words) }.into_string();
    let mut html = String::new();
    if !post.spoiler_text.is_empty() {
        html.push_str(&format!("<p><strong>{}</strong></p><hr>", escaped(&post.spoiler_text)));
    }
    html.push_str(&post.content);
    for (medium, url) in media(post) {
        let words = medium.description.as_deref().unwrap_or_default();
        let shown = medium.kind == "image" && !post.sensitive;
        let drawn = maud::html! {
            p { @if shown { img src=(url) alt=(words); } @else { a href=(url) { @if words.is_empty() { (url) } @else { (words) } } } }
        };
        html.push_str(&drawn.into_string());
    }
    html
}

fn media(post: &Status) -> impl Iterator<Item = (&MediaAttachment, &str)> {
    post.media_attachments.iter().filter_map(|medium| Some((medium, web_link(medium.url.as_deref()?)?)))
}

/// `2026-11-30T05:59:04.000Z` as RSS wants it (RFC 822 §5); `None` for what is no such time.
fn rfc822(iso: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let (date, time) = iso.split_once('T')?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<usize>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let time = time.get(..8)?;
    // Sakamoto's count of the days of the week.
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4].get(month.checked_sub(1)?)?;
    let counted = if month < 3 { year.checked_sub(1)? } else { year };
    let weekday = (counted + counted / 4 - counted / 100 + counted / 400 + shift + day) % 7;
    Some(format!("{}, {day:02} {} {year:04} {time} +0000", DAYS[weekday], MONTHS[month - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_rss() {
        assert_eq!(rfc822("2026-11-30T05:59:04.000Z").as_deref(), Some("Mon, 30 Nov 2026 05:59:04 +0000"));
        assert_eq!(rfc822("2024-02-29T00:00:00.000Z").as_deref(), Some("Thu, 29 Feb 2024 00:00:00 +0000"));
        assert_eq!(rfc822("1970-01-01T00:00:00Z").as_deref(), Some("Thu, 01 Jan 1970 00:00:00 +0000"));
        for bad in ["", "x", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T0", "0000-01-01T00:00:00Z"] {
            assert_eq!(rfc822(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_no_document_may_hold_is_left_out() {
        assert_eq!(allowed("a\u{0}b\u{b}c\nd\u{ffff}"), "abc\nd");
        let feed = Feed {
            title: "A & <b>\u{1}",
            about: "\"quoted\"",
            page: "https://rock.test/@a?x=1&y=2",
            address: "https://rock.test/@a.rss",
            icon: None,
            posts: &[],
        };
        let rss = Spelling::Rss.write(&feed);
        assert!(rss.contains("<title>A &amp; &lt;b&gt;</title>") && rss.contains("x=1&amp;y=2"), "{rss}");
        let atom = Spelling::Atom.write(&feed);
        assert!(atom.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns="), "{atom}");
        assert!(Spelling::Json.write(&feed).contains("\"items\":[]"));
    }
}

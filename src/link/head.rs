//! What a page says of itself in its tags. Only the few tags that matter are read by the library; it compares each attribute
//! of a tag with all before, so it is given no long ones.

use crate::limits;
use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use std::{cell::RefCell, collections::HashMap};

/// Names of `<meta>` that say something that is shown.
const NAMES: [&str; 20] = [
    "og:title",
    "og:description",
    "og:url",
    "og:site_name",
    "og:locale",
    "og:author",
    "og:author:username",
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:image:width",
    "og:image:height",
    "og:image:alt",
    "twitter:title",
    "twitter:description",
    "twitter:image",
    "article:published_time",
    "description",
    "author",
    "fediverse:creator",
];
/// Elements whose content is no markup of the page.
const SKIPPED: [&str; 9] = ["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes", "svg", "template"];

/// What stands in the tags of a page: the first of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The content of `<title>`.
    pub title: String,
    /// `lang` of `<html>`.
    pub language: String,
    /// The page's own address.
    pub canonical: String,
    /// Where a description for embedding is (oEmbed, discovery).
    pub oembed: String,
    named: HashMap<&'static str, String>,
}

impl Head {
    /// The first of these `<meta>` that says something.
    #[must_use]
    pub fn named(&self, names: &[&'static str]) -> &str {
        let found = names.iter().filter_map(|name| self.named.get(*name)).find(|value| !value.trim().is_empty());
        found.map_or("", String::as_str)
    }
}

/// Reads the tags of a page.
#[must_use]
pub fn head(html: &str) -> Head {
    let pieces = pieces(html);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(pieces.as_str()));
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    // The reader never asks for a pause.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.state.into_inner().head
}

/// The tags that matter, one after another, `<title>` with its text; at most `limits::PAGE_TAGS` of
/// `limits::PAGE_TAG_BYTES`.
fn pieces(html: &str) -> String {
    let mut out = String::new();
    let mut tags = 0;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..];
        rest = &tag[1..];
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end..]);
            continue;
        }
        let name = &rest[..rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len())];
        if name.is_empty() {
            continue;
        }
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let end = tag_end(tag);
        rest = &tag[end..];
        if SKIPPED.iter().any(|known| is(known)) {
            rest = &rest[closing(rest, name).unwrap_or(rest.len())..];
        } else if ["html", "meta", "link", "title"].iter().any(|known| is(known)) && end <= limits::PAGE_TAG_BYTES {
            out.push_str(&tag[..end]);
            tags += 1;
            if is("title") {
                let content = &rest[..closing(rest, name).unwrap_or(rest.len())];
                out.push_str(&content[..content.floor_char_boundary(limits::PAGE_TAG_BYTES)]);
                out.push_str("</title>");
                rest = &rest[content.len()..];
            }
            if tags >= limits::PAGE_TAGS {
                break;
            }
        }
    }
    out
}

/// Where a tag that begins `tag` ends, its `>` included. A quote opens a value only behind `=`.
fn tag_end(tag: &str) -> usize {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (None, b'>') => return at + 1,
            (None, _) => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    tag.len()
}

/// Where `</name` stands.
fn closing(rest: &str, name: &str) -> Option<usize> {
    let ends = |at: &usize| {
        rest.as_bytes()[at + 2..].get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    };
    rest.match_indices("</").map(|(at, _)| at).find(ends)
}

#[derive(Default)]
struct Reader {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    head: Head,
    in_title: bool,
    has_title: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        self.state.borrow_mut().take(token)
    }
}

impl State {
    fn take(&mut self, token: Token) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return self.open(&tag),
            Token::TagToken(tag) if &*tag.name == "title" => {
                self.has_title |= self.in_title;
                self.in_title = false;
            }
            Token::CharacterTokens(text) if self.in_title => self.head.title.push_str(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        match &*tag.name {
            "title" => {
                self.in_title = !self.has_title;
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "html" => keep(&mut self.head.language, attribute(tag, "lang")),
            "meta" => {
                let name = [attribute(tag, "property"), attribute(tag, "name"), attribute(tag, "itemprop")];
                let known = name.into_iter().find_map(|name| {
                    let name = if name == "twitter:image:src" { "twitter:image" } else { name };
                    NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name))
                });
                if let Some(known) = known {
                    keep(self.head.named.entry(known).or_default(), attribute(tag, "content"));
                }
            }
            "link" => {
                let rel = attribute(tag, "rel").to_ascii_lowercase();
                let has = |wanted| rel.split_ascii_whitespace().any(|part| part == wanted);
                let kind = attribute(tag, "type");
                if has("canonical") {
                    keep(&mut self.head.canonical, attribute(tag, "href"));
                } else if has("alternate") && ["application/json+oembed", "text/json+oembed"].contains(&kind) {
                    keep(&mut self.head.oembed, attribute(tag, "href"));
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn keep(place: &mut String, value: &str) {
    if place.is_empty() {
        value.clone_into(place);
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> &'a str {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map_or("", |attribute| &*attribute.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    #[test]
    fn tags_are_read_wherever_they_stand() {
        let html = "<!doctype html><html LANG=de><head><!-- <title>no</title> --><script>'<title>no</title>'</script>\
            <meta content='A &amp; B' property=\"og:title\"><meta property=og:title content=second>\
            <title>Caf&eacute; > 1\n</title><title>no</title>\
            <LINK rel='shortcut canonical' href=/own><link rel=alternate type=application/json+oembed href=\"/o?a=1&amp;b\">\
            <meta name='description' content='it&#39;s <b>'><svg><title>no</title></svg></head>\
            <body><meta name=twitter:image:src content=i.png><p title=\"<meta property='og:url' content='no'>\">";
        let head = head(html);
        assert_eq!((head.title.as_str(), head.language.as_str()), ("Café > 1\n", "de"));
        assert_eq!((head.canonical.as_str(), head.oembed.as_str()), ("/own", "/o?a=1&b"));
        assert_eq!(head.named(&["og:title"]), "A & B");
        assert_eq!(head.named(&["og:description", "description"]), "it's <b>");
        assert_eq!((head.named(&["twitter:image"]), head.named(&["og:url"])), ("i.png", ""));
    }

    #[test]
    fn hostile_pages_cost_linear_time_and_little_room() {
        let started = Instant::now();
        let most = limits::LINKED_PAGE_BYTES;
        for piece in [
            "<",
            "<meta ",
            "<meta a",
            "<title>",
            "<title></title>",
            "<!--",
            "</",
            "<script></scrip",
            "<a b='",
            "=\"",
            "<meta a b c d e f g h>",
        ] {
            let _ = head(&piece.repeat(most / piece.len()));
        }
        let attributes: String = (0..most / 8).map(|number| format!(" {number:07}")).collect();
        let _ = head(&format!("<meta{attributes}>"));
        let long = head(&format!("<title>{}</title><meta name=author content=a>", "x".repeat(most)));
        assert_eq!((long.title.len(), long.named(&["author"])), (limits::PAGE_TAG_BYTES, "a"));
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(
            pieces in proptest::collection::vec(prop_oneof![
                proptest::sample::select(vec!["<meta ", "<title>", "</title>", "<script>", "</script", "<link rel=canonical href=", "\"", "'", ">",
                    "=", "<!--", "-->", "content=", "property=og:title ", "&amp;", "&#x", "\0", "é", "<svg>", "<html lang="]).prop_map(str::to_owned),
                "\\PC{0,12}",
            ], 0..20)
        ) {
            let html = pieces.concat();
            let head = head(&html);
            prop_assert!(head.title.len() <= limits::PAGE_TAG_BYTES * 3);
        }
    }
}

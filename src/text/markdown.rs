//! Markdown (CommonMark with strikethrough) becoming HTML: that of a local status, and of the texts of this server.
//!
//! Links, mentions and hashtags are found before the text is parsed and stand in it as marks of one private character
//! on each side, so that neither breaks the other. In code and inside of links they stay what was typed. HTML in the text
//! is text. What comes out has been through the sanitiser.

use super::{
    entities::{Entity, EntityKind, entities},
    sanitise,
};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeStream, html::push_html};

/// Stands before the number of an entity.
const OPEN: char = '\u{f8f0}';
/// And behind it.
const CLOSE: char = '\u{f8f1}';

/// The text as it is kept: without the characters that marks are made of, which mean nothing to anybody.
#[must_use]
pub fn without_marks(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// What of a Markdown text is a link, mention or hashtag, in order: not what stands in code, in a link or in its address.
#[must_use]
pub fn live(text: &str) -> Vec<Entity> {
    let found = found(text);
    let marked = marked(text, &found);
    let mut alive = vec![false; found.len()];
    let mut place = Place::default();
    for event in parse(&marked) {
        place.pass(&event);
        if let (Event::Text(piece), true) = (&event, place.is_open()) {
            for part in parts(piece) {
                if let Part::Entity(number) = part
                    && let Some(alive) = alive.get_mut(number)
                {
                    *alive = true;
                }
            }
        }
    }
    let mut number = alive.into_iter();
    found.into_iter().filter(|_| number.next() == Some(true)).collect()
}

/// The sanitised HTML of a Markdown text; `draw` gives that of each of its `entities`, which are those of [`live`].
#[must_use]
pub fn render(text: &str, entities: &[Entity], draw: impl Fn(&Entity, &str) -> String) -> String {
    let marked = marked(text, entities);
    let written = |number: usize| entities.get(number).map_or("", |entity| &text[entity.range.clone()]);
    let unmarked = |piece: &str| -> String {
        let part = |part| match part {
            Part::Text(text) => text.to_owned(),
            Part::Entity(number) => written(number).to_owned(),
        };
        parts(piece).map(part).collect()
    };
    let mut place = Place::default();
    let mut events = Vec::new();
    for event in parse(&marked) {
        place.pass(&event);
        match event {
            Event::Text(piece) if place.is_open() => {
                events.extend(parts(&piece).map(|part| match part {
                    Part::Text(text) => Event::Text(text.to_owned().into()),
                    Part::Entity(number) => match entities.get(number) {
                        Some(entity) => Event::InlineHtml(draw(entity, written(number)).into()),
                        None => Event::Text(CowStr::Borrowed("")),
                    },
                }));
            }
            Event::Text(piece) => events.push(Event::Text(unmarked(&piece).into())),
            Event::Code(piece) => events.push(Event::Code(unmarked(&piece).into())),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = unmarked(&dest_url).into();
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            other => events.push(other),
        }
    }
    let mut out = String::with_capacity(text.len() * 2);
    push_html(&mut out, events.into_iter());
    sanitise(&out)
}

/// The sanitised HTML of a text of this server, in which nothing is a mention or a hashtag.
///
/// HTML in it is shown as it was typed; pictures become their descriptions.
#[must_use]
pub fn html(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        Event::Html(typed) | Event::InlineHtml(typed) => Some(Event::Text(typed)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut out = String::with_capacity(markdown.len() * 2);
    push_html(&mut out, events);
    sanitise(out.trim())
}

/// What of `text` is a link, mention or hashtag, wherever it stands. Links end before what Markdown puts behind them.
fn found(text: &str) -> Vec<Entity> {
    let mut found = entities(text);
    for entity in &mut found {
        if entity.kind == EntityKind::Link {
            let written = &text[entity.range.clone()];
            let end = written.find('`').unwrap_or(written.len());
            entity.range.end = entity.range.start + written[..end].trim_end_matches('~').len();
        }
    }
    found
}

/// The events of a text. Line ends count, as people type them; pictures are links; HTML is text.
fn parse(text: &str) -> impl Iterator<Item = Event<'_>> {
    let parser = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        other => other,
    });
    TextMergeStream::new(parser)
}

/// `text` with a mark in the place of each entity. The address of a link and one in `<>` are Markdown's own and stay.
fn marked(text: &str, entities: &[Entity]) -> String {
    let mut out = String::with_capacity(text.len() + entities.len() * 8);
    let mut at = 0;
    for (number, entity) in entities.iter().enumerate() {
        let before = &text[..entity.range.start];
        let bracketed = before.ends_with('<') && text[entity.range.end..].starts_with('>');
        if entity.kind == EntityKind::Link && (bracketed || before.ends_with("](")) {
            continue;
        }
        out.push_str(&text[at..entity.range.start]);
        out.push(OPEN);
        out.push_str(&number.to_string());
        out.push(CLOSE);
        at = entity.range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// A piece of text with marks.
enum Part<'a> {
    Text(&'a str),
    Entity(usize),
}

fn parts(piece: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = piece;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((number, behind)) = rest.strip_prefix(OPEN).and_then(|inside| inside.split_once(CLOSE))
            && let Ok(number) = number.parse()
        {
            rest = behind;
            return Some(Part::Entity(number));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(OPEN).map_or(rest.len(), |end| first + end);
        let (text, behind) = rest.split_at(end);
        rest = behind;
        Some(Part::Text(text))
    })
}

/// Where in a text a parser is.
#[derive(Default)]
struct Place {
    links: usize,
    code: bool,
}

impl Place {
    fn pass(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Link { .. }) => self.links += 1,
            Event::End(TagEnd::Link) => self.links = self.links.saturating_sub(1),
            Event::Start(Tag::CodeBlock(_)) => self.code = true,
            Event::End(TagEnd::CodeBlock) => self.code = false,
            _ => {}
        }
    }

    /// Whether text here may become something else.
    fn is_open(&self) -> bool {
        self.links == 0 && !self.code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{escape, sanitise as clean};
    use proptest::prelude::*;

    fn drawn(text: &str) -> String {
        let found = live(text);
        render(text, &found, |entity, written| match &entity.kind {
            EntityKind::Link => format!("<a href=\"{0}\">{0}</a>", escape(written)),
            EntityKind::Mention { .. } => format!("<span class=\"h-card\">{}</span>", escape(written)),
            EntityKind::Hashtag(_) => format!("<span class=\"hashtag\">{}</span>", escape(written)),
        })
    }

    #[test]
    fn texts_of_the_server_have_structure_and_html_in_them_stays_text() {
        let link = "<a href=\"https://a.test/\" target=\"_blank\" rel=\"nofollow noopener noreferrer\">c</a>";
        assert_eq!(html("# A\n\nb **bold** ~~no~~"), "<h1>A</h1>\n<p>b <strong>bold</strong> <del>no</del></p>");
        assert_eq!(html("[c](https://a.test/)"), format!("<p>{link}</p>"));
        assert_eq!(html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
        let scripted =
            html("<script>alert(1)</script>\n\n<b onclick=x>y</b> [j](javascript:x) ![alt](https://a.test/p)");
        assert!(!scripted.contains("<script") && !scripted.contains("<b ") && !scripted.contains("<img"), "{scripted}");
        assert!(!scripted.contains("javascript:") && scripted.contains("&lt;script&gt;"), "{scripted}");
        assert_eq!(html("![a *bird*](https://a.test/p)"), "<p>a <em>bird</em></p>");
        assert_eq!(html(""), "");
    }

    #[test]
    fn what_commonmark_knows_is_drawn_as_html() {
        for (text, expected) in [
            ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>\n"),
            ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>\n"),
            (
                "# t\n\n- a\n- b\n\n> q",
                "<h1>t</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<blockquote>\n<p>q</p>\n</blockquote>\n",
            ),
            ("```\n<b> @ann #x\n```", "<pre><code>&lt;b&gt; @ann #x\n</code></pre>\n"),
        ] {
            assert_eq!(drawn(text), expected, "{text}");
        }
    }

    #[test]
    fn names_and_links_are_what_they_are_in_plain_text_but_not_in_code_or_links() {
        let html = drawn("@snake_case_name *loud* #a_b_c https://x.test/_a_/b_c");
        assert!(html.contains("<span class=\"h-card\">@snake_case_name</span> <em>loud</em>"), "{html}");
        assert!(html.contains("<span class=\"hashtag\">#a_b_c</span>"), "{html}");
        assert!(html.contains(">https://x.test/_a_/b_c</a>"), "{html}");
        let html = drawn("`https://x.test/a`b [x](https://x.test/c)**d** ~~https://x.test/e~~");
        assert!(html.contains("<code>https://x.test/a</code>b"), "{html}");
        assert!(html.contains("href=\"https://x.test/c\"") && html.contains("<strong>d</strong>"), "{html}");
        assert!(html.contains("<del>") && html.contains(">https://x.test/e</a></del>"), "{html}");
        let found = live("`@ann` [@ben](https://x.test/#tag) ![#pic](https://x.test/p) **@cat** #dog");
        let names: Vec<_> = found.into_iter().map(|entity| entity.kind).collect();
        let mention = EntityKind::Mention { username: "cat".to_owned(), domain: None };
        assert_eq!(names, [mention, EntityKind::Hashtag("dog".to_owned())]);
        let html = drawn("[@ben](https://x.test/a_b_c) <https://y.test/> ![alt](https://z.test/p.png)");
        for (address, text) in
            [("https://x.test/a_b_c", "@ben"), ("https://y.test/", "https://y.test/"), ("https://z.test/p.png", "alt")]
        {
            assert!(html.contains(&format!("href=\"{address}\"")) && html.contains(&format!(">{text}</a>")), "{html}");
        }
    }

    #[test]
    fn html_is_text_and_addresses_that_do_something_go() {
        let html = drawn("<script>alert(1)</script>\n\na <b onclick=x>b</b> [l](javascript:alert(1))");
        assert!(!html.contains("<script") && !html.contains("<b") && !html.contains("href=\"javascript"), "{html}");
        assert!(html.contains("&lt;script&gt;") && html.contains("&lt;b onclick=x&gt;"), "{html}");
    }

    #[test]
    fn marks_that_somebody_types_are_nobodys() {
        let text = without_marks("\u{f8f0}0\u{f8f1} #real");
        assert_eq!(text, "0 #real");
        assert_eq!(drawn("\u{f8f0}7\u{f8f1} x"), "<p> x</p>\n", "and harmless where they come through");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_comes_out_clean(text in "[a-z@#_*`~<>\\[\\]()!&;\n .:/\\\\-]{0,200}") {
            for html in [drawn(&text), html(&text)] {
                prop_assert_eq!(clean(&html), html);
            }
        }
    }
}

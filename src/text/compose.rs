//! The HTML of a local status, exactly as Mastodon writes it, because everybody parses that.

use super::{
    entities::{Entity, EntityKind},
    push_escaped,
};
use crate::limits;

/// Where a mention leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionTarget {
    /// The profile's page.
    pub url: String,
    /// The name to show, without `@`.
    pub username: String,
}

/// The HTML of a text: paragraphs at empty lines, `<br />` at line ends, links, mentions and hashtags.
///
/// `entities` is what `entities(text)` found; `mention` says where one leads (none: it stays text); `tag_url` gives the
/// page of a hashtag.
#[must_use]
pub fn compose(
    text: &str,
    entities: &[Entity],
    mention: impl Fn(&str, Option<&str>) -> Option<MentionTarget>,
    tag_url: impl Fn(&str) -> String,
) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 16);
    let mut at = 0;
    let mut lines = Lines::default();
    for entity in entities {
        lines.text(&mut out, &text[at..entity.range.start]);
        let written = &text[entity.range.clone()];
        lines.open(&mut out);
        draw(&mut out, entity, written, &mention, &tag_url);
        at = entity.range.end;
    }
    lines.text(&mut out, &text[at..]);
    lines.close(&mut out);
    out
}

/// The HTML of a link, mention or hashtag by itself, as it stands in [`compose`].
#[must_use]
pub fn drawn(
    entity: &Entity,
    written: &str,
    mention: impl Fn(&str, Option<&str>) -> Option<MentionTarget>,
    tag_url: impl Fn(&str) -> String,
) -> String {
    let mut out = String::new();
    draw(&mut out, entity, written, &mention, &tag_url);
    out
}

fn draw(
    out: &mut String,
    entity: &Entity,
    written: &str,
    mention: &impl Fn(&str, Option<&str>) -> Option<MentionTarget>,
    tag_url: &impl Fn(&str) -> String,
) {
    match &entity.kind {
        EntityKind::Link => link(out, written),
        EntityKind::Hashtag(name) => hashtag(out, written, name, &tag_url(name)),
        EntityKind::Mention { username, domain } => match mention(username, domain.as_deref()) {
            Some(target) => mentioned(out, &target),
            None => push_escaped(out, written),
        },
    }
}

/// Where we are in the paragraphs; line ends count only once something follows them.
#[derive(Default)]
struct Lines {
    in_paragraph: bool,
    ends: usize,
}

impl Lines {
    fn text(&mut self, out: &mut String, text: &str) {
        for piece in text.replace("\r\n", "\n").split_inclusive(['\n', '\r']) {
            let line = piece.trim_end_matches(['\n', '\r']);
            let is_blank_line = line.trim().is_empty() && (self.ends > 0 || !self.in_paragraph);
            if !is_blank_line && !line.is_empty() {
                self.open(out);
                push_escaped(out, line);
            }
            self.ends += usize::from(line.len() < piece.len());
        }
    }

    fn open(&mut self, out: &mut String) {
        match (self.in_paragraph, self.ends) {
            (false, _) => out.push_str("<p>"),
            (true, 0) => {}
            (true, 1) => out.push_str("<br />"),
            (true, _) => out.push_str("</p><p>"),
        }
        self.in_paragraph = true;
        self.ends = 0;
    }

    fn close(self, out: &mut String) {
        if self.in_paragraph {
            out.push_str("</p>");
        }
    }
}

/// The scheme is hidden, thirty characters are shown, the rest is hidden.
fn link(out: &mut String, url: &str) {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let www = url.get(scheme..scheme + 4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let (prefix, rest) = url.split_at(if www { scheme + 4 } else { scheme });
    let cut = rest.char_indices().nth(limits::LINK_SHOWN_CHARS).map_or(rest.len(), |(at, _)| at);
    let (shown, hidden) = rest.split_at(cut);
    let class = if hidden.is_empty() { "" } else { "ellipsis" };
    out.push_str("<a href=\"");
    push_escaped(out, url);
    out.push_str(
        "\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" translate=\"no\"><span class=\"invisible\">",
    );
    push_escaped(out, prefix);
    out.push_str("</span><span class=\"");
    out.push_str(class);
    out.push_str("\">");
    push_escaped(out, shown);
    out.push_str("</span><span class=\"invisible\">");
    push_escaped(out, hidden);
    out.push_str("</span></a>");
}

fn hashtag(out: &mut String, written: &str, name: &str, url: &str) {
    out.push_str("<a href=\"");
    push_escaped(out, url);
    out.push_str("\" class=\"mention hashtag\" rel=\"tag\">");
    out.push_str(&written[..written.len() - name.len()]);
    out.push_str("<span>");
    push_escaped(out, name);
    out.push_str("</span></a>");
}

fn mentioned(out: &mut String, target: &MentionTarget) {
    out.push_str("<span class=\"h-card\" translate=\"no\"><a href=\"");
    push_escaped(out, &target.url);
    out.push_str("\" class=\"u-url mention\">@<span>");
    push_escaped(out, &target.username);
    out.push_str("</span></a></span>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{entities, plain_text, sanitise};
    use proptest::prelude::*;

    fn html(text: &str) -> String {
        let mention = |name: &str, domain: Option<&str>| {
            let url = format!("https://{}/@{name}", domain.unwrap_or("here.test"));
            (name != "nobody").then(|| MentionTarget { url, username: name.to_owned() })
        };
        compose(text, &entities(text), mention, |tag| format!("https://here.test/tags/{}", tag.to_lowercase()))
    }

    #[test]
    fn paragraphs_and_lines() {
        for (text, expected) in [
            ("a\nb\n\nc", "<p>a<br />b</p><p>c</p>"),
            ("a\r\n\r\n\r\nb\n", "<p>a</p><p>b</p>"),
            ("", ""),
            ("\n\n", ""),
            ("<b> & \"x\" 'y'", "<p>&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;</p>"),
            ("a\n \nb", "<p>a</p><p>b</p>"),
        ] {
            assert_eq!(html(text), expected, "{text:?}");
        }
    }

    #[test]
    fn mentions_hashtags_and_links_as_mastodon_writes_them() {
        assert_eq!(
            html("@ann\n@bob@b.test @nobody #Cats"),
            "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://here.test/@ann\" \
            class=\"u-url mention\">@<span>ann</span></a></span><br /><span class=\"h-card\" translate=\"no\"><a href=\"https://b.test/@bob\" \
            class=\"u-url mention\">@<span>bob</span></a></span> @nobody <a href=\"https://here.test/tags/cats\" class=\"mention hashtag\" \
            rel=\"tag\">#<span>Cats</span></a></p>"
        );
        assert_eq!(
            html("https://www.a.test/short?a&b"),
            "<p><a href=\"https://www.a.test/short?a&amp;b\" target=\"_blank\" \
            rel=\"nofollow noopener noreferrer\" translate=\"no\"><span class=\"invisible\">https://www.</span><span class=\"\">a.test/short?a&amp;b</span>\
            <span class=\"invisible\"></span></a></p>"
        );
        let long = html("https://a.test/0123456789012345678901234567890123456789");
        assert!(long.contains("<span class=\"ellipsis\">a.test/01234567890123456789012</span><span class=\"invisible\">34567890123456789</span>"), "{long}");
    }

    proptest! {
        #[test]
        fn composed_html_is_harmless_and_says_what_was_written(text in "[a-z<>&\"'#@:/. \n]{0,60}|\\PC{0,40}") {
            // Whole handles are shown, so that nothing written is hidden.
            let mention = |name: &str, domain: Option<&str>| {
                let username = domain.map_or_else(|| name.to_owned(), |domain| format!("{name}@{domain}"));
                Some(MentionTarget { url: "https://a.test/".to_owned(), username })
            };
            let html = compose(&text, &entities(&text), mention, |_| "https://a.test/tags/x".to_owned());
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&plain_text(&html)), words(&text.replace('\r', "\n")));
            let clean = sanitise(&html);
            prop_assert_eq!(sanitise(&clean), clean.clone());
            prop_assert_eq!(words(&plain_text(&clean)), words(&plain_text(&html)));
        }
    }
}

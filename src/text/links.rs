//! Links of a page of somebody else, found without building its tree: one pass over the markup, linear in its length,
//! whatever it is (HTML §13.2.5).

use super::plain_text;
use crate::limits;
use std::ops::ControlFlow;

/// Elements whose content is text and no markup (HTML §13.2.5.1), and those that nobody sees.
const OPAQUE: [&str; 10] =
    ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "template"];

/// The targets of all `a` and `link` elements with `rel="me"`, as written, in order, at most
/// `limits::LINKS_BACK_READ`.
#[must_use]
pub fn me_links(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(html, &mut |part| {
        if let Part::Opens("a" | "link", attributes) = part
            && attribute(attributes, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(is_me))
            && let Some(target) = attribute(attributes, "href")
        {
            found.push(target.trim().to_owned());
        }
        if found.len() < limits::LINKS_BACK_READ { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    found
}

fn is_me(word: &str) -> bool {
    word.eq_ignore_ascii_case("me")
}

/// The target of the one link that `html` is, if it is nothing else and says where it leads.
#[must_use]
pub fn only_link(html: &str) -> Option<String> {
    let html = html.trim();
    let (mut target, mut open, mut links) = (None, false, 0);
    let mut beside = false;
    walk(html, &mut |part| {
        match part {
            Part::Opens("a", attributes) => {
                (open, links) = (true, links + 1);
                target = attribute(attributes, "href");
            }
            Part::Closes("a") => open = false,
            Part::Text(text) if !open && !text.trim().is_empty() => beside = true,
            _ => {}
        }
        ControlFlow::Continue(())
    });
    target.filter(|target| links == 1 && !beside && plain_text(html) == *target)
}

/// A piece of markup.
enum Part<'a> {
    /// The name of a start tag, in lower case, and what stands behind it.
    Opens(&'a str, &'a str),
    /// The name of an end tag, in lower case.
    Closes(&'a str),
    /// Text as written.
    Text(&'a str),
}

/// Hands the pieces of `html` to `take` until it breaks off.
fn walk(html: &str, take: &mut dyn FnMut(Part<'_>) -> ControlFlow<()>) {
    let mut rest = html;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        if at > 0 && take(Part::Text(&rest[..at])).is_break() {
            return;
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = behind_comment(comment);
            continue;
        }
        let (inside, closes) = match (rest.strip_prefix("</"), rest.strip_prefix('<')) {
            (Some(inside), _) => (inside, true),
            (None, Some(inside)) => (inside, false),
            (None, None) => return,
        };
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // `</ `, `<!` and `<?` begin comments of another kind; any other `<` is text.
            let comment = closes || inside.starts_with(['!', '?']);
            rest = if comment { inside.split_once('>').map_or("", |(_, behind)| behind) } else { inside };
            continue;
        }
        let Some((tag, behind)) = tag(inside) else { return };
        let (name, attributes) = tag.split_at(tag.find(ends_name).unwrap_or(tag.len()));
        let name = name.to_ascii_lowercase();
        let part = if closes { Part::Closes(&name) } else { Part::Opens(&name, attributes) };
        if take(part).is_break() || name == "plaintext" {
            return;
        }
        rest = if !closes && OPAQUE.contains(&name.as_str()) { behind_element(behind, &name) } else { behind };
    }
}

fn ends_name(c: char) -> bool {
    c.is_ascii_whitespace() || c == '/'
}

/// What follows a comment whose beginning was read; nothing if it never ends.
fn behind_comment(comment: &str) -> &str {
    for empty in [">", "->"] {
        if let Some(behind) = comment.strip_prefix(empty) {
            return behind;
        }
    }
    let mut at = 0;
    while let Some(found) = comment[at..].find("--") {
        let behind = &comment[at + found + 2..];
        if let Some(behind) = behind.strip_prefix('>').or_else(|| behind.strip_prefix("!>")) {
            return behind;
        }
        // `--->` ends one, too: its second hyphen may be the first of the end.
        at += found + 1;
    }
    ""
}

/// What follows the end tag of `name`; nothing if there is none.
fn behind_element<'a>(content: &'a str, name: &str) -> &'a str {
    let mut rest = content;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_end = rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let after = rest.get(name.len()..).unwrap_or_default();
        if is_end && after.starts_with(|c: char| ends_name(c) || c == '>') {
            return tag(rest).map_or("", |(_, behind)| behind);
        }
    }
    ""
}

/// A tag up to its `>`, which a quoted value may hold, too; and what follows. None: it never ends.
fn tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut value_begins = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some((&text[..at], &text[at + 1..])),
            // A quote opens a value only right behind its `=`.
            (None, b'"' | b'\'') if value_begins => quote = Some(byte),
            (None, _) => {}
        }
        value_begins = byte == b'=' || (value_begins && byte.is_ascii_whitespace());
    }
    None
}

/// The value of an attribute, the first one of that name, with its entities read.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(ends_name);
        if rest.is_empty() {
            return None;
        }
        // A `=` in the first place belongs to the name.
        let end = rest.bytes().enumerate().position(|(at, c)| ends_name(c.into()) || (c == b'=' && at > 0));
        let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let behind = behind.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = behind.strip_prefix('=') else {
            rest = behind;
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (value, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            // A value has no tags: what looks like one must not be passed over.
            return Some(plain_text(&value.replace('<', "&lt;")));
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn links_with_me_are_found_in_every_spelling() {
        for html in [
            "<a rel=\"me\" href=\"https://a.test/@x\">x</a>",
            "<LINK HREF='https://a.test/@x' REL='nofollow ME noopener'>",
            "<a href=https://a.test/@x rel=me>",
            "<a\n  class = 'a > b'\trel = \"me\"\n href = \" https://a.test/@x \" />",
            "<link/rel=me href=https://a.test/@x>",
            "<p title=\"<!--\">a</p><a href=\"https://a.test&#x2F;@x\" rel=me>",
            "1 < 2 <a rel=me href=https://a.test/@x>",
            "<!----><!-- x --><a rel=me href=https://a.test/@x>",
            "<!--><a rel=me href=https://a.test/@x>",
            "<!-- x --!><a rel=me href=https://a.test/@x>",
            "<!-- x ---><a rel=me href=https://a.test/@x>",
            "<!doctype html><title></a></TITLE ><a rel=me href=https://a.test/@x>",
            "<a rel=me href=https://a.test/@x href=https://b.test>",
        ] {
            assert_eq!(me_links(html), ["https://a.test/@x"], "{html}");
        }
    }

    #[test]
    fn what_is_no_link_of_the_page_is_not_found() {
        for html in [
            "<!-- <a rel=me href=https://a.test/@x> -->",
            "<!-- <a rel=me href=https://a.test/@x>",
            "<script>'<a rel=me href=https://a.test/@x>'</script>",
            "<textarea><a rel=me href=https://a.test/@x></textarea>",
            "<style></styl><a rel=me href=https://a.test/@x></style>",
            "<template><a rel=me href=https://a.test/@x></template>",
            "<plaintext><a rel=me href=https://a.test/@x>",
            "<p title=\"<a rel=me href=https://a.test/@x>\">",
            "&lt;a rel=me href=https://a.test/@x&gt;",
            "<a rel=\"home\" href=https://a.test/@x>",
            "<a rel=\"me-not theme\" href=https://a.test/@x>",
            "<a rel=me/ href=https://a.test/@x>",
            "<a rel=home rel=me href=https://a.test/@x>",
            "<a data-rel=me href=https://a.test/@x>",
            "<area rel=me href=https://a.test/@x>",
            "<? <a rel=me href=https://a.test/@x",
            "<a rel=me href=https://a.test/@x",
            "<a rel=me>",
            "",
        ] {
            assert_eq!(me_links(html), [""; 0], "{html}");
        }
    }

    #[test]
    fn a_field_that_is_one_link_says_where_it_leads() {
        let mastodon = "<a href=\"https://a.test/x\" rel=\"me nofollow noopener\" translate=\"no\">\
            <span class=\"invisible\">https://</span><span class=\"\">a.test/x</span></a>";
        for html in [mastodon, "<a href=\"https://a.test/x\">https://a.test/x</a>"] {
            assert_eq!(only_link(html).as_deref(), Some("https://a.test/x"), "{html}");
        }
        for html in [
            "https://a.test/x",
            "<a href=\"https://a.test/y\">https://a.test/x</a>",
            "mine: <a href=\"https://a.test/x\">https://a.test/x</a>",
            "<a href=\"https://a.test/x\">https://</a><a href=\"https://a.test/x\">a.test/x</a>",
            "<a>https://a.test/x</a>",
        ] {
            assert_eq!(only_link(html), None, "{html}");
        }
    }

    #[test]
    fn a_page_full_of_traps_takes_linear_time() {
        for piece in
            ["<", "</", "<!--", "<!----!>", "<a ", "<a b='", "<script></", "-->", "<a rel=me x", "--", "<a b c>"]
        {
            let page = piece.repeat(limits::LINKED_PAGE_BYTES / piece.len());
            let begun = std::time::Instant::now();
            assert_eq!(me_links(&page), [""; 0], "{piece}");
            assert!(begun.elapsed().as_secs() < 5, "{piece} took {:?}", begun.elapsed());
        }
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(html in "\\PC{0,60}|(<|>|/|a|link|rel|me|=|'|\"|!|-| |é|script){0,40}") {
            let _ = (me_links(&html), only_link(&html));
        }
    }
}

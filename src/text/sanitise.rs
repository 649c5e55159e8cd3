//! Foreign HTML made harmless, at ingest (SECURITY C1).

use super::plain_text;
use crate::limits;
use ammonia::{Builder, UrlRelative};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// How often the cleaned text is cleaned again, at most, until it stays as it is.
const PASSES_MAX: usize = 4;
/// Elements the parser may have to make: it repeats open formatting elements in each paragraph.
const ELEMENTS_MAX: usize = 50_000;
/// Elements that the parser reopens (HTML §13.2.4.3, the list of active formatting elements).
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements that are set apart from what stands around them and are none of ours: what they hold keeps lines of its own
/// (Misskey centres with `div`).
const APART: [&str; 15] = [
    "address",
    "article",
    "aside",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hr",
    "nav",
    "section",
];
/// Elements of ours that begin and end lines.
pub(super) const LINES: [&str; 13] =
    ["blockquote", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "ul"];

/// One builder for all: making it costs 3 µs.
static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    let classes: HashSet<&str> =
        ["mention", "hashtag", "ellipsis", "invisible", "u-url", "h-card", "quote-inline"].into();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "a",
            "span",
            "del",
            "s",
            "strike",
            "pre",
            "code",
            "em",
            "strong",
            "b",
            "i",
            "u",
            "ul",
            "ol",
            "li",
            "blockquote",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "small",
            "ruby",
            "rt",
            "rp",
        ]))
        .add_tags(APART)
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "title", "iframe", "noembed", "noframes", "noscript",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "translate"])),
            ("span", HashSet::from(["translate"])),
            ("ol", HashSet::from(["start", "reversed"])),
            ("li", HashSet::from(["value"])),
        ]))
        .set_tag_attribute_values(HashMap::from([("a", HashMap::from([("target", "_blank")]))]))
        .allowed_classes(HashMap::from([("a", classes.clone()), ("span", classes.clone()), ("p", classes)]))
        // By default `lang` and `title` are let through everywhere.
        .generic_attributes(HashSet::new())
        .link_rel(Some("nofollow noopener noreferrer"))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => usable_href(value).map(Cow::Borrowed),
            _ => Some(Cow::Borrowed(value)),
        })
        .strip_comments(true);
    builder
}

/// The address without surrounding space, if it is one that every browser reads alike.
fn usable_href(value: &str) -> Option<&str> {
    let value = value.trim();
    let fine = !value.chars().any(char::is_control) && value.len() <= limits::URI_BYTES_MAX;
    (fine && url::Url::parse(value).is_ok()).then_some(value)
}

/// HTML of others with nothing left that does anything: few elements, few classes, http(s) links that tell nothing.
///
/// Takes at most `limits::CONTENT_MAX_BYTES`; what is nested too deeply, grows beyond `limits::CLEAN_MAX_BYTES` or does not
/// come to rest becomes its text.
#[must_use]
pub fn sanitise(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(limits::CONTENT_MAX_BYTES)];
    let html = html.replace('\0', "");
    if is_explosive(&html) {
        return as_text(&html);
    }
    let mut clean = cleaned(&html);
    // What cleaning left as it is stays so: plain paragraphs are parsed once, not twice.
    if clean == html && !is_deep(&clean) && clean.len() <= limits::CLEAN_MAX_BYTES {
        return clean;
    }
    for _ in 0..PASSES_MAX {
        if is_deep(&clean) || clean.len() > limits::CLEAN_MAX_BYTES {
            return as_text(&clean);
        }
        let again = cleaned(&clean);
        if again == clean {
            return clean;
        }
        clean = again;
    }
    as_text(&clean)
}

/// One pass: our elements alone, by the names they have today.
fn cleaned(html: &str) -> String {
    let clean = BUILDER.clean(html).to_string();
    let clean =
        if clean.contains("<strike>") { clean.replace("<strike>", "<s>").replace("</strike>", "</s>") } else { clean };
    set_apart(clean)
}

/// Takes the elements of `APART` away and breaks the line where words would run together. Each `<` of clean HTML begins a
/// tag.
fn set_apart(clean: String) -> String {
    if !tags(&clean).any(|tag| APART.contains(&bare(tag))) {
        return clean;
    }
    let (mut out, mut rest) = (String::with_capacity(clean.len()), clean.as_str());
    // Whether a line has just begun, and whether one is to.
    let (mut fresh, mut due) = (true, false);
    while !rest.is_empty() {
        let is_tag = rest.starts_with('<');
        let end = if is_tag { rest.find('>').map(|at| at + 1) } else { rest.find('<') };
        let (piece, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        let name = tags(piece).next().map(bare).unwrap_or_default();
        if APART.contains(&name) {
            due = true;
            continue;
        }
        if LINES.contains(&name) {
            (fresh, due) = (true, false);
        } else if !piece.starts_with("</") && !piece.trim().is_empty() {
            if due && !fresh {
                out.push_str("<br>");
            }
            (fresh, due) = (is_tag && (fresh || due), false);
        }
        out.push_str(piece);
    }
    out
}

/// The name of an element by one of its tags.
fn bare(tag: &str) -> &str {
    tag.trim_start_matches('/')
}

/// The text of it, in one paragraph: a fixed point by its shape. What is escaped grows, so it is cut again at
/// `limits::CONTENT_MAX_BYTES`.
fn as_text(html: &str) -> String {
    let (mut out, end) = ("<p>".to_owned(), "</p>");
    let mut bytes = [0; 4];
    for c in plain_text(html).chars() {
        let written: &str = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\n' => "<br>",
            '\u{a0}' => "&nbsp;",
            c => c.encode_utf8(&mut bytes),
        };
        if out.len() + written.len() + end.len() > limits::CONTENT_MAX_BYTES {
            break;
        }
        out.push_str(written);
    }
    out + end
}

/// Names of the tags in order; `/b` for an end. Crude: it may see tags in comments, which only makes it careful.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| {
        let end = rest.bytes().position(|c| !(c.is_ascii_alphanumeric() || c == b'/')).unwrap_or(rest.len());
        &rest[..end]
    })
}

fn is_explosive(html: &str) -> bool {
    let (mut open, mut most, mut starts) = (0usize, 0usize, 0usize);
    for tag in tags(html) {
        let is_formatting = |name: &str| FORMATTING.iter().any(|known| known.eq_ignore_ascii_case(name));
        match tag.strip_prefix('/') {
            Some(name) if is_formatting(name) => open = open.saturating_sub(1),
            Some(_) => {}
            None => {
                starts += 1;
                open += usize::from(is_formatting(tag));
                most = most.max(open);
            }
        }
    }
    starts.saturating_mul(most + 1) > ELEMENTS_MAX
}

/// Clean HTML is well formed, so counting is enough.
fn is_deep(clean: &str) -> bool {
    let mut depth = 0usize;
    tags(clean).any(|tag| {
        match tag {
            "br" => {}
            _ if tag.starts_with('/') => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
        depth > limits::HTML_MAX_DEPTH
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_harmless_stays() {
        for html in [
            "<p>a<br>b</p>",
            "<p><span class=\"h-card\">x</span></p>",
            "<h1>t</h1><pre><code>x</code></pre>",
            "<ol start=\"3\"><li value=\"2\">x</li></ol>",
            "<blockquote><p>q &amp; &lt;x&gt;</p></blockquote>",
        ] {
            assert_eq!(sanitise(html), html);
        }
        let link = sanitise(
            "<a href=\"https://ok.test/?a=1&amp;b\" class=\"u-url mention evil\" style=\"x\" rel=\"opener\" id=q>ok</a>",
        );
        assert!(
            link.contains("href=\"https://ok.test/?a=1&amp;b\"") && link.contains("class=\"u-url mention\""),
            "{link}"
        );
        assert!(link.contains("nofollow noopener noreferrer") && link.contains("target=\"_blank\""), "{link}");
        assert!(!link.contains("style") && !link.contains("id=") && !link.contains("evil"), "{link}");
    }

    /// As Misskey writes its markup (`MfmService.toHtml`).
    #[test]
    fn what_misskey_writes_stays_readable() {
        for html in [
            "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>",
            "<b>b</b> <i>tada</i> <del>no</del> <small>aside</small> <code>x = 1</code>",
            "<pre><code>let x = 1;\nlet y;</code></pre>",
            "<blockquote>they said<br>so</blockquote>",
        ] {
            assert_eq!(sanitise(html), html);
        }
        for (html, wanted) in [
            ("a<div style=\"text-align: center;\">in the middle</div>b", "a<br>in the middle<br>b"),
            ("<div><b>a</b></div><div>b <i>c</i></div>d", "<b>a</b><br>b <i>c</i><br>d"),
            ("<p>a</p>\n<div><p>b</p></div>\n<div><p>c</p></div>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
            ("<i>a<div>b</div></i>c<hr>d", "<i>a<br>b</i><br>c<br>d"),
            (
                "at <time datetime=\"2026-03-04T05:06:07.000Z\">2026-03-04T05:06:07.000Z</time>",
                "at 2026-03-04T05:06:07.000Z",
            ),
        ] {
            assert_eq!(sanitise(html), wanted, "{html}");
            assert_eq!(sanitise(wanted), wanted);
        }
    }

    #[test]
    fn what_was_struck_out_stays_so() {
        assert_eq!(sanitise("<p><s>no</s> <del>nor</del></p>"), "<p><s>no</s> <del>nor</del></p>");
        assert_eq!(sanitise("<p><strike class=\"x\">no</strike> yes</p>"), "<p><s>no</s> yes</p>");
    }

    /// Known ways to come out of a sanitiser as something else (mutation XSS), and plain attacks.
    const CORPUS: [&str; 34] = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<p onclick=\"x()\">a</p>",
        "<a href=\"javascript:alert(1)\">l</a>",
        "<a href=\"\tjava\nscript:alert(1)\">l</a>",
        "<a href=\"&#106;avascript:alert(1)\">l</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">l</a>",
        "<a href=\"vbscript:x\">l</a>",
        "<a href=\"//evil.test\">l</a>",
        "<a href=\" https://ok.test\" onmouseover=alert(1)>l</a>",
        "<iframe src=https://e.test>x</iframe>",
        "<style>*{}</style>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<svg><desc><p><style><img src=x onerror=alert(1)>",
        "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style>",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
        "<plaintext><script>alert(1)",
        "<select><style></select><img src=x onerror=alert(1)></style>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[><img src=x onerror=alert(1)>]]>",
        "<a<b href=x>",
        "<p<script>alert(1)</script>",
        "<template><script>alert(1)</script></template>",
        "<table><td><a href=https://x.test><table><td><a href=https://y.test>",
        "<p><a href=https://x.test><a href=https://y.test>z",
        "<b><i></b></i><p><b>x<p>y",
        "<object data=x><embed src=y>",
        "<base href=https://evil.test><meta http-equiv=refresh content=0>",
        "<span class=\"invisible\">https://</span>\u{202e}txt\u{0}",
    ];

    /// No element but ours, no attribute but ours, no scheme but ours.
    fn assert_harmless(clean: &str, from: &str) {
        let known = [
            "p",
            "br",
            "a",
            "span",
            "del",
            "s",
            "pre",
            "code",
            "em",
            "strong",
            "b",
            "i",
            "u",
            "ul",
            "ol",
            "li",
            "blockquote",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "small",
            "ruby",
            "rt",
            "rp",
        ];
        for rest in clean.split('<').skip(1) {
            let tag = &rest[..rest.find('>').unwrap_or_else(|| panic!("open tag in {clean:?} from {from:?}"))];
            let mut parts = tag.trim_start_matches('/').splitn(2, ' ');
            assert!(known.contains(&parts.next().unwrap_or_default()), "<{tag}> from {from:?}");
            for attribute in parts.next().unwrap_or_default().split("\" ").filter(|it| !it.is_empty()) {
                let name = attribute.split('=').next().unwrap_or_default();
                assert!(
                    ["href", "class", "rel", "target", "translate", "start", "reversed", "value"].contains(&name),
                    "{name} from {from:?}"
                );
                let href = attribute.strip_prefix("href=\"");
                assert!(
                    href.is_none_or(|href| ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|it| href.to_ascii_lowercase().starts_with(it))
                        || href.to_ascii_lowercase().starts_with("http")),
                    "{attribute} from {from:?}"
                );
            }
        }
        assert!(!clean.contains('\0'));
    }

    #[test]
    fn no_known_attack_comes_through() {
        for html in CORPUS {
            let clean = sanitise(html);
            assert_harmless(&clean, html);
            assert_eq!(sanitise(&clean), clean, "{html}");
            assert!(!clean.contains("<img") && !clean.contains("javascript:"), "{clean}");
        }
    }

    #[test]
    fn deep_wide_and_explosive_markup_costs_little_and_becomes_text() {
        let deep = format!("{}x{}", "<blockquote>".repeat(5_000), "</blockquote>".repeat(5_000));
        assert_eq!(sanitise(&deep), "<p>x</p>");
        let fine = format!("{}x{}", "<blockquote>".repeat(60), "</blockquote>".repeat(60));
        assert_eq!(sanitise(&fine), fine);
        let explosive: String =
            (0..3_000).map(|n| format!("<b a{n}>")).chain((0..3_000).map(|_| "<p>y".to_owned())).collect();
        let started = std::time::Instant::now();
        assert!(sanitise(&explosive).starts_with("<p>y"));
        let long = format!("<p>{}</p>", "a".repeat(limits::CONTENT_MAX_BYTES * 2));
        assert!(sanitise(&long).len() <= limits::CONTENT_MAX_BYTES + 10);
        assert!(started.elapsed().as_secs() < 10, "linear, even unoptimised");
    }

    #[test]
    fn what_is_escaped_stays_within_the_bound() {
        for html in [
            "<".repeat(limits::CONTENT_MAX_BYTES),
            format!("{}{}", "<b>".repeat(250), "<".repeat(limits::CONTENT_MAX_BYTES)),
        ] {
            let clean = sanitise(&html);
            assert!(clean.len() <= limits::CONTENT_MAX_BYTES, "it becomes {} bytes", clean.len());
        }
        // What is cut within an entity or a tag is as clean as before.
        for open in ["<", "<a", "&"] {
            let clean = as_text(&open.repeat(limits::CONTENT_MAX_BYTES));
            assert!(clean.len() <= limits::CONTENT_MAX_BYTES && clean.ends_with("</p>"), "{open:?}");
        }
    }

    proptest! {
        #[test]
        fn sanitising_twice_is_sanitising_once(
            pieces in proptest::collection::vec(prop_oneof![
                proptest::sample::select(&CORPUS[..]).prop_map(str::to_owned),
                proptest::sample::select(vec!["<p>", "</p>", "<a href=\"https://x.test\">", "</a>", "<b>", "</b>", "<strike>", "</strike>", "<s>", "<ul><li>", "</ul>",
                    "<table>", "<td>", "<pre>\n", "</pre>", "<br>", "&amp;lt;", "&lt;", "<!--", "-->", "\"", "'", "<", "<h1>", "<style>",
                    "</style>", "<math>", "<svg>", "<div>", "</div>", "<hr>", "<ruby>", "<rt>", "<rp>", "</ruby>", "<small>", "\n\n", "&nbsp;", "<span class='mention x'>"]).prop_map(str::to_owned),
                "\\PC{0,12}",
            ], 0..14)
        ) {
            let html = pieces.concat();
            let clean = sanitise(&html);
            assert_harmless(&clean, &html);
            prop_assert_eq!(sanitise(&clean), clean.clone());
        }
    }
}

//! Custom emoji in what people wrote: `:shortcodes:` as small pictures that do not move.
//!
//! A shortcode becomes a picture only where the entity names it and its picture comes through this server; whatever else
//! stands between colons stays as it was typed, as it does for whoever has a slow line.

use crate::{
    entity::{CustomEmoji, StatusReaction},
    layout::Site,
};
use maud::{Markup, PreEscaped, html};

/// Emoji drawn as pictures in one text; what follows stays as it was typed.
const EMOJI_DRAWN_MAX: usize = 100;

/// What a text is made of.
enum MadeOf<'a> {
    Text(&'a str),
    Picture(&'a CustomEmoji),
}

/// A plain text with its emoji, at most `EMOJI_DRAWN_MAX` of them.
pub(super) fn in_text(site: &Site<'_>, text: &str, emojis: &[CustomEmoji]) -> Markup {
    if emojis.is_empty() || site.light {
        return html! { (text) };
    }
    let mut left = EMOJI_DRAWN_MAX;
    html! {
        @for piece in pieces(text, emojis, &mut left) {
            @match piece {
                MadeOf::Text(text) => (text),
                MadeOf::Picture(emoji) => (picture(site, emoji)),
            }
        }
    }
}

/// Sanitised HTML with its emoji, at most `EMOJI_DRAWN_MAX` of them: attributes and code stay as they are.
pub(super) fn in_html(site: &Site<'_>, content: &str, emojis: &[CustomEmoji]) -> Markup {
    if emojis.is_empty() || site.light {
        return PreEscaped(content.to_owned());
    }
    let (mut drawn, mut rest, mut code) = (String::with_capacity(content.len() * 2), content, 0_usize);
    let mut left = EMOJI_DRAWN_MAX;
    while !rest.is_empty() {
        let text = &rest[..rest.find('<').unwrap_or(rest.len())];
        for piece in pieces(text, if code == 0 { emojis } else { &[] }, &mut left) {
            match piece {
                MadeOf::Text(text) => drawn.push_str(text),
                MadeOf::Picture(emoji) => drawn.push_str(&picture(site, emoji).into_string()),
            }
        }
        let tag = &rest[text.len()..];
        let tag = &tag[..tag_end(tag)];
        match tag_name(tag) {
            "<code" | "<pre" => code += 1,
            "</code" | "</pre" => code = code.saturating_sub(1),
            _ => {}
        }
        drawn.push_str(tag);
        rest = &rest[text.len() + tag.len()..];
    }
    PreEscaped(drawn)
}

/// An emoji somebody put on a post: itself, or a picture with its name.
pub(super) fn reaction(site: &Site<'_>, reaction: &StatusReaction) -> Markup {
    let own = reaction.static_url.as_deref().filter(|_| !site.light);
    html! {
        @match (own.and_then(|url| site.path(url)), &reaction.url) {
            (Some(path), _) => (drawn(path, &format!(":{}:", reaction.name))),
            (None, Some(_)) => bdi { ":" (reaction.name) ":" },
            (None, None) => (reaction.name),
        }
    }
}

/// A text cut at the emoji in it; `left`: how many may still be drawn, less those found.
fn pieces<'a>(text: &'a str, emojis: &'a [CustomEmoji], left: &mut usize) -> Vec<MadeOf<'a>> {
    let (mut found, mut begun, mut open) = (Vec::new(), 0, text.find(':'));
    while let Some(at) = open.filter(|_| *left > 0) {
        let Some(close) = text[at + 1..].find(':').map(|length| at + 1 + length) else { break };
        let code = &text[at + 1..close];
        let Some(emoji) = emojis.iter().find(|emoji| emoji.shortcode == code) else {
            // What closes nothing may open something.
            open = Some(close);
            continue;
        };
        found.extend([MadeOf::Text(&text[begun..at]), MadeOf::Picture(emoji)]);
        *left -= 1;
        begun = close + 1;
        open = text[begun..].find(':').map(|length| begun + length);
    }
    found.push(MadeOf::Text(&text[begun..]));
    found
}

fn picture(site: &Site<'_>, emoji: &CustomEmoji) -> Markup {
    let named = format!(":{}:", emoji.shortcode);
    html! {
        @match site.path(&emoji.static_url) {
            Some(path) => (drawn(path, &named)),
            None => (named),
        }
    }
}

fn drawn(path: &str, named: &str) -> Markup {
    html! { img class="emoji" src=(path) alt=(named) title=(named) width="20" height="20" loading="lazy" decoding="async"; }
}

/// Where the tag ends that `text` begins with: behind the first bracket that is in no quotes (the sanitiser writes double
/// ones alone).
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(text.len(), |end| end + 1)
}

fn tag_name(tag: &str) -> &str {
    &tag[..tag.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(tag.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{words::Words, zone::Zone};

    fn site() -> Site<'static> {
        Site {
            title: "Rock",
            domain: "rock.test",
            origin: "https://rock.test",
            lab: false,
            named: false,
            words: Words::default(),
            version: "0.1.0",
            viewer: None,
            now: None,
            zone: Zone::UTC,
            at: "",
            notice: None,
            accent: None,
            theme: crate::theme::Theme::System,
            light: false,
        }
    }

    fn emoji(shortcode: &str, static_url: &str) -> CustomEmoji {
        CustomEmoji {
            shortcode: shortcode.to_owned(),
            url: static_url.to_owned(),
            static_url: static_url.to_owned(),
            visible_in_picker: false,
            category: None,
        }
    }

    const CAT: &str = "<img class=\"emoji\" src=\"/media/cat\" alt=\":cat:\" title=\":cat:\" width=\"20\" height=\"20\" loading=\"lazy\" decoding=\"async\">";

    #[test]
    fn shortcodes_become_pictures_in_texts_and_nowhere_else() {
        let known = [emoji("cat", "https://rock.test/media/cat"), emoji("far", "https://far.example/x")];
        let text = |text| in_text(&site(), text, &known).into_string();
        assert_eq!(text("a :cat: <b>"), format!("a {CAT} &lt;b&gt;"));
        assert_eq!(text("12:cat::cat: :dog:cat:"), format!("12{CAT}{CAT} :dog{CAT}"));
        for plain in ["", ":", "::", ":cat", "cat:", ":far:", ":dog:"] {
            assert_eq!(text(plain), plain);
        }
        let html = |text| in_html(&site(), text, &known).into_string();
        let whole =
            "<a href=\"/:cat:\" title=\"x > :cat:\">:cat:</a> <code>:cat:</code><pre><code>:cat:</code>:cat:</pre>";
        let drawn = format!(
            "<a href=\"/:cat:\" title=\"x > :cat:\">{CAT}</a> <code>:cat:</code><pre><code>:cat:</code>:cat:</pre>"
        );
        assert_eq!(html(whole), drawn);
        for cut in ["<a href=\":cat:", "a < b", "<", "&lt;:cat"] {
            assert_eq!(html(cut), cut);
        }
        let slow = Site { light: true, ..site() };
        assert_eq!(in_html(&slow, "<p>:cat:</p>", &known).into_string(), "<p>:cat:</p>");
    }

    #[test]
    fn one_text_has_a_bounded_number_of_pictures() {
        let known = [emoji("cat", "https://rock.test/media/cat")];
        let many = ":cat:".repeat(EMOJI_DRAWN_MAX + 2);
        let expected = format!("{}:cat::cat:", CAT.repeat(EMOJI_DRAWN_MAX));
        assert_eq!(in_text(&site(), &many, &known).into_string(), expected);
        assert_eq!(in_html(&site(), &many, &known).into_string(), expected);
        let lines = in_html(&site(), &"<p>:cat:</p>".repeat(EMOJI_DRAWN_MAX + 2), &known).into_string();
        assert_eq!(lines.matches("<img").count(), EMOJI_DRAWN_MAX, "all runs of a text count together");
        assert!(lines.ends_with("<p>:cat:</p><p>:cat:</p>"), "what follows stays as it was typed");
    }

    #[test]
    fn names_and_addresses_of_emoji_cannot_leave_their_attributes() {
        let evil = [emoji("\"><script>", "https://rock.test/\"><script>alert(1)</script>")];
        let drawn = in_text(&site(), "x :\"><script>: y", &evil).into_string();
        assert!(!drawn.contains("<script>") && drawn.matches('<').count() == 1, "{drawn}");
    }
}

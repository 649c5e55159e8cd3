//! Lives here: what pages load: the style sheet, the mark, and the pictures of whoever has none; all inside the program.
//! May use: the files beside this one, `theme`. Must never name: I/O, entities, pages.
//! Must never name: another origin; a page of this server loads from this server alone.
//! Invariants: a name with a hash in it never changes its content, so it may be kept for ever; other names may not.

use crate::theme::Theme;
use std::sync::LazyLock;

/// A file that pages load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub body: &'static [u8],
    /// Whether its name says its content, so that it may be kept for ever.
    pub immutable: bool,
}

/// The path of the avatar of whoever has none. Apps know it by its last word (Ice Cubes tests for `missing.png`).
pub const AVATAR_MISSING: &str = "/avatars/original/missing.png";
/// The path of the header of whoever has none.
pub const HEADER_MISSING: &str = "/headers/original/missing.png";
/// The mark in the bar of the browser.
pub const ICON: &str = "/favicon.svg";
/// The same for browsers that draw no SVG there.
pub const ICON_BITMAP: &str = "/favicon.ico";

/// What goes on while no page is open; at the top, because it may look after what lies below it (Service Workers §3.1).
pub const WORKER: &str = "/worker.js";
/// The mark for screens of phones.
pub const ICON_LARGE: &str = "/icon-192.png";
/// The same with room around it for a mask of any shape (Web App Manifest, icon masks).
pub const ICON_MASKABLE: &str = "/icon-maskable-512.png";

/// The mark for the inside of pages; coloured by the style sheet.
pub(crate) const MARK: &str = include_str!("mark.svg");

/// The wide picture for places where people arrive; coloured by the style sheet. Decoration only.
pub(crate) const SCENE: &str = include_str!("scene.svg");

/// The small pictures of buttons and ways, which a page refers to by their ids.
pub(crate) const ICONS: &str = include_str!("icons.svg");

const STYLE: &str = include_str!("style.css");
const AVATAR: &[u8] = include_bytes!("avatar-missing.png");
const HEADER: &[u8] = include_bytes!("header-missing.png");
const ICON_SVG: &[u8] = include_bytes!("favicon.svg");
const ICON_PNG: &[u8] = include_bytes!("favicon.png");

const ICON_LARGE_PNG: &[u8] = include_bytes!("icon-192.png");
const ICON_MASKABLE_PNG: &[u8] = include_bytes!("icon-maskable-512.png");
const WORKER_JS: &str = include_str!("worker.js");

const SCRIPT: &str = include_str!("dassie.js");

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const PNG: &str = "image/png";
const SVG: &str = "image/svg+xml";

/// The path of the style sheet; another one whenever it changes.
pub fn style_path() -> &'static str {
    style_path_of(Theme::System)
}

/// The path of the style sheet of a theme.
pub fn style_path_of(theme: Theme) -> &'static str {
    &STYLES[theme as usize].0
}

/// The style sheet of each theme with its path.
static STYLES: LazyLock<[(String, String); 4]> = LazyLock::new(|| {
    Theme::ALL.map(|theme| {
        let style = theme.dress(STYLE);
        (format!("/assets/style-{:016x}.css", hash(style.as_bytes())), style)
    })
});

/// The path of the script; another one whenever it changes.
pub fn script_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/dassie-{:016x}.js", hash(SCRIPT.as_bytes())));
    &PATH
}

/// The asset at `path`, a path of this server.
#[must_use]
pub fn find(path: &str) -> Option<Asset> {
    let kept = |content_type, body| Asset { content_type, body, immutable: false };
    if let Some((_, style)) = STYLES.iter().find(|(known, _)| known == path) {
        return Some(Asset { content_type: CSS, body: style.as_bytes(), immutable: true });
    }
    Some(match path {
        _ if path == script_path() => Asset { content_type: JS, body: SCRIPT.as_bytes(), immutable: true },
        AVATAR_MISSING => kept(PNG, AVATAR),
        HEADER_MISSING => kept(PNG, HEADER),
        ICON => kept(SVG, ICON_SVG),
        ICON_BITMAP => kept(PNG, ICON_PNG),
        ICON_LARGE => kept(PNG, ICON_LARGE_PNG),
        ICON_MASKABLE => kept(PNG, ICON_MASKABLE_PNG),
        WORKER => kept(JS, WORKER_JS.as_bytes()),
        _ => return None,
    })
}

/// FNV-1a, 64 bits: it only has to differ between two of our own files, nobody else chooses them.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_pages_name_is_found_and_nothing_else() {
        for path in [
            style_path(),
            script_path(),
            AVATAR_MISSING,
            HEADER_MISSING,
            ICON,
            ICON_BITMAP,
            ICON_LARGE,
            ICON_MASKABLE,
            WORKER,
        ] {
            assert!(find(path).is_some_and(|asset| !asset.body.is_empty()), "{path}");
        }
        for path in
            ["", "/", "/assets/", "/assets/style.css", "/assets/style-0000000000000000.css", "/assets/../style.css"]
        {
            assert_eq!(find(path), None, "{path}");
        }
        assert!(find(style_path()).is_some_and(|style| style.immutable));
    }

    #[test]
    fn the_style_sheet_stays_small_and_names_no_side() {
        // 20 KB compressed are the bound, which the tests of browsers hold it against; it is not minified.
        assert!(SCRIPT.len() <= 48 * 1024 && !SCRIPT.contains("http:") && !SCRIPT.contains("innerHTML"));
        assert!(STYLE.len() <= 40 * 1024, "{} bytes", STYLE.len());
        for line in STYLE.lines() {
            for word in [
                "-left",
                "-right",
                "left:",
                "right:",
                "http:",
                "https:",
                "@import",
                "url(",
                "outline: none",
                "outline: 0",
            ] {
                assert!(!line.contains(word), "{word} in {line}");
            }
        }
        let sizes =
            [AVATAR.len(), HEADER.len(), ICON_PNG.len(), ICON_SVG.len(), ICON_LARGE_PNG.len(), ICON_MASKABLE_PNG.len()];
        assert!(sizes.iter().all(|size| *size <= 16 * 1024), "{sizes:?}");
    }
}

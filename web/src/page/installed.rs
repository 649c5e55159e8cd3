//! What a browser must know to put these pages among the programs of a device (W3C Web Application Manifest).

use crate::{
    accent,
    assets::{ICON, ICON_LARGE, ICON_MASKABLE},
    layout::Site,
};
use serde_json::json;

/// Where it is.
pub const PATH: &str = "/manifest.webmanifest";
/// Characters that fit below an icon.
const SHORT_CHARS: usize = 14;

/// The manifest: names, icons, where it begins, and what it takes when something is shared with it.
#[must_use]
pub fn manifest(site: &Site<'_>) -> String {
    let shortcut = |key: &str, url: &str| json!({ "name": site.t(key), "url": url });
    json!({
        "id": "/",
        "name": site.title,
        "short_name": short(site.title),
        "lang": site.words.tag(),
        "dir": site.words.dir().unwrap_or("ltr"),
        "start_url": "/home",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf5ee",
        "theme_color": format!("#{}", accent::bar(site.accent)),
        "icons": [
            { "src": ICON, "type": "image/svg+xml", "sizes": "any" },
            { "src": ICON_LARGE, "type": "image/png", "sizes": "192x192" },
            { "src": ICON_MASKABLE, "type": "image/png", "sizes": "512x512", "purpose": "maskable" },
        ],
        "shortcuts": [shortcut("nav-compose", "/compose"), shortcut("nav-notifications", "/notifications")],
        "share_target": {
            "action": "/compose",
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",
            "params": { "title": "title", "text": "text", "url": "url" },
        },
    })
    .to_string()
}

/// As many whole words of a name as fit below an icon; of a first word that does not fit, its beginning.
fn short(name: &str) -> String {
    let mut short = String::new();
    let mut chars = 0;
    for word in name.split_whitespace() {
        let long = word.chars().count();
        if chars > 0 && chars + 1 + long > SHORT_CHARS {
            break;
        }
        if chars > 0 {
            short.push(' ');
            chars += 1;
        }
        short.extend(word.chars().take(SHORT_CHARS));
        chars += long;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_an_icon_stand_whole_words() {
        let known = [
            ("Rock Hyrax Club", "Rock Hyrax"),
            ("Rock Hyrax Cl.", "Rock Hyrax Cl."),
            ("  Sunny   Rock ", "Sunny Rock"),
            ("Klippschlieferfreunde am Fels", "Klippschliefer"),
            ("rock.example", "rock.example"),
            ("", ""),
        ];
        for (name, fits) in known {
            assert_eq!(short(name), fits, "{name}");
        }
    }
}

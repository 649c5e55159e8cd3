//! The colours somebody has chosen for pages. The style sheet asks the system which it wants; of whoever has chosen, the
//! question is answered in a style sheet of their own, so that no colour stands anywhere twice.

/// Which colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Those of the day.
    Light,
    /// Those of the night.
    Dark,
    /// Those with much contrast.
    Contrast,
}

/// What is always so, and what never is; both may stand wherever a question to the system may (Media Queries 4, §3).
const ALWAYS: &str = "(min-width: 0)";
const NEVER: &str = "(max-width: 0)";
const BY_NIGHT: &str = "(prefers-color-scheme: dark)";
const BY_DAY: &str = "(prefers-color-scheme: light)";
const CONTRAST: &str = "(prefers-contrast: more)";

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 4] = [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast];

    /// Its word, in forms and in names of style sheets.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// The one a word means.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Theme::ALL.into_iter().find(|theme| theme.word() == word)
    }

    /// What browsers are told of it (CSS Color Adjustment 1, §2).
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Theme::System | Theme::Contrast => "light dark",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// A style sheet with the questions answered.
    #[must_use]
    pub fn dress(self, style: &str) -> String {
        let style = style.replace("color-scheme: light dark", &format!("color-scheme: {}", self.scheme()));
        match self {
            Theme::System => style,
            Theme::Light => style.replace(BY_NIGHT, NEVER).replace(BY_DAY, ALWAYS),
            Theme::Dark => style.replace(BY_NIGHT, ALWAYS).replace(BY_DAY, NEVER),
            Theme::Contrast => style.replace(CONTRAST, ALWAYS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{accent, assets};

    #[test]
    fn a_theme_leaves_no_question_of_its_kind_in_any_style_sheet() {
        let accented = accent::style(accent::Colour([0, 128, 128]));
        for theme in Theme::ALL {
            assert_eq!(Theme::named(theme.word()), Some(theme));
            let sheet = assets::find(assets::style_path_of(theme)).expect("its style sheet");
            let whole = String::from_utf8(sheet.body.to_vec()).expect("text");
            for dressed in [whole, theme.dress(&accented)] {
                let asks = |what: &str| dressed.contains(what);
                assert_eq!(asks("prefers-color-scheme"), matches!(theme, Theme::System | Theme::Contrast), "{theme:?}");
                assert_eq!(asks("prefers-contrast"), theme != Theme::Contrast, "{theme:?}");
                assert_eq!(asks("width: 0)"), theme != Theme::System, "{theme:?}");
            }
        }
    }
}

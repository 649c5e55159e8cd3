//! The accent colour that whoever runs the server has chosen: as a small style sheet over the one of all pages, in which it
//! can be read wherever it stands (WCAG 2.2, 1.4.3 and 1.4.11).
//!
//! What was chosen is darkened for light paper and lightened for dark paper only as far as it must be, so its hue stays.

use crate::theme::Theme;
use std::fmt;

/// A colour of sRGB, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

/// What stands behind links and the focus, by where (the tokens `paper`, `sheet`, `sunk` and `glow` of the style sheet).
struct Ground {
    /// The media the tokens count in.
    media: &'static str,
    behind: [Colour; 4],
    /// Letters on buttons.
    on_act: Colour,
    /// The colour goes this way until it can be read.
    towards: Colour,
    /// How much brighter letters are than what is behind them, at least.
    text: f64,
}

const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);
/// Text (WCAG 1.4.3, AA), and for who asks for more contrast (1.4.6, AAA).
const TEXT: f64 = 4.5;
const TEXT_MORE: f64 = 7.0;
/// Rings and edges (WCAG 1.4.11); rings stand on the same grounds as text.
#[cfg(test)]
const RING: f64 = 3.0;
/// Steps on the way to black or white.
const STEPS: u32 = 64;

const fn hex(rgb: u32) -> Colour {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Colour([red, green, blue])
}

const GROUNDS: [Ground; 4] = [
    Ground {
        media: "(prefers-color-scheme: light)",
        behind: [hex(0xfbf5ee), hex(0xfffdfa), hex(0xf4eadf), hex(0xf6e0c8)],
        on_act: hex(0xfffaf4),
        towards: BLACK,
        text: TEXT,
    },
    Ground {
        media: "(prefers-color-scheme: dark)",
        behind: [hex(0x1a1410), hex(0x231b16), hex(0x2d231d), hex(0x46301f)],
        on_act: hex(0xfffaf4),
        towards: WHITE,
        text: TEXT,
    },
    Ground {
        media: "(prefers-contrast: more) and (prefers-color-scheme: light)",
        behind: [WHITE, WHITE, hex(0xf4eadf), hex(0xf6e0c8)],
        on_act: hex(0xfffaf4),
        towards: BLACK,
        text: TEXT_MORE,
    },
    Ground {
        media: "(prefers-contrast: more) and (prefers-color-scheme: dark)",
        behind: [BLACK, BLACK, hex(0x1a1410), hex(0x46301f)],
        on_act: hex(0xfffaf4),
        towards: WHITE,
        text: TEXT_MORE,
    },
];

/// The tokens of one ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tokens {
    accent: Colour,
    act: Colour,
    act_over: Colour,
    focus: Colour,
}

impl Colour {
    /// `#9a3f14` or `9a3f14`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').unwrap_or(text.trim());
        let plain = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| plain).map(hex)
    }

    /// As a number, red first.
    #[must_use]
    pub fn number(self) -> u32 {
        let Colour([red, green, blue]) = self;
        u32::from_be_bytes([0, red, green, blue])
    }

    /// Of a number; what is above three bytes does not count.
    #[must_use]
    pub fn of_number(rgb: u32) -> Self {
        hex(rgb)
    }

    /// How bright it is, 0 to 1 (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let Colour([red, green, blue]) = self;
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// So many of `STEPS` steps towards another.
    fn towards(self, other: Colour, steps: u32) -> Colour {
        let mut mixed = self.0;
        for (channel, to) in mixed.iter_mut().zip(other.0) {
            let sum = u32::from(*channel) * (STEPS - steps) + u32::from(to) * steps;
            *channel = u8::try_from((sum + STEPS / 2) / STEPS).unwrap_or(u8::MAX);
        }
        Colour(mixed)
    }

    /// The nearest to it on the way to `other` whose contrast to all of `grounds` is at least `least`.
    fn readable(self, other: Colour, grounds: &[Colour], least: f64) -> Colour {
        let good = |colour: &Colour| grounds.iter().all(|ground| colour.contrast(*ground) >= least);
        (0..=STEPS).map(|steps| self.towards(other, steps)).find(good).unwrap_or(other)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06x}", self.number())
    }
}

impl Ground {
    fn tokens(&self, chosen: Colour) -> Tokens {
        let accent = chosen.readable(self.towards, &self.behind, self.text);
        // Letters on buttons are light, by day and by night.
        let act = chosen.readable(BLACK, &[self.on_act], self.text);
        Tokens { accent, act, act_over: act.towards(BLACK, STEPS / 6), focus: accent }
    }
}

/// The style sheet of a chosen colour.
#[must_use]
pub fn style(chosen: Colour) -> String {
    let rule = |ground: &Ground| {
        let Tokens { accent, act, act_over, focus } = ground.tokens(chosen);
        format!(
            "@media {} {{\n  :root {{ --accent: #{accent}; --act: #{act}; --act-over: #{act_over}; --focus: #{focus}; }}\n}}\n",
            ground.media
        )
    };
    GROUNDS.iter().map(rule).collect()
}

/// Where the style sheet of a colour is; the colour is in its name, so that it may be kept for ever.
#[must_use]
pub fn path(chosen: Colour, theme: Theme) -> String {
    match theme {
        Theme::System => format!("/assets/accent-{chosen}.css"),
        theme => format!("/assets/accent-{chosen}-{}.css", theme.word()),
    }
}

/// The colour and the theme whose style sheet is at `address`.
#[must_use]
pub fn at(address: &str) -> Option<(Colour, Theme)> {
    let name = address.strip_prefix("/assets/accent-")?.strip_suffix(".css")?;
    let (colour, theme) = match name.split_once('-') {
        Some((colour, word)) => (Colour::parse(colour)?, Theme::named(word)?),
        None => (Colour::parse(name)?, Theme::System),
    };
    Some((colour, theme)).filter(|(colour, theme)| path(*colour, *theme) == address)
}

/// The colour of the bar around pages of an installed program, by day.
#[must_use]
pub fn bar(chosen: Option<Colour>) -> Colour {
    chosen.map_or(hex(0x9a3f14), |chosen| GROUNDS[0].tokens(chosen).act)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = include_str!("assets/style.css");

    /// Every colour whose channels are multiples of fifteen, and those in between that a simple generator picks.
    fn colours() -> impl Iterator<Item = Colour> {
        let grid = (0..18_u32.pow(3)).map(|at| Colour([at / 324, at / 18 % 18, at % 18].map(|part| (part * 15) as u8)));
        let mut state = 0x9e37_79b9_u32;
        let picked = std::iter::repeat_with(move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            hex(state >> 8)
        });
        grid.chain(picked.take(4_000))
    }

    #[test]
    fn any_colour_can_be_read_wherever_it_stands() {
        for chosen in colours() {
            for ground in &GROUNDS {
                let Tokens { accent, act, act_over, focus } = ground.tokens(chosen);
                for behind in ground.behind {
                    assert!(accent.contrast(behind) >= ground.text, "{chosen}: {accent} on {behind}, {}", ground.media);
                    assert!(focus.contrast(behind) >= RING, "{chosen}: ring {focus} on {behind}, {}", ground.media);
                }
                for button in [act, act_over] {
                    assert!(ground.on_act.contrast(button) >= ground.text, "{chosen}: letters on {button}");
                }
            }
        }
    }

    #[test]
    fn what_can_be_read_stays_as_it_was_chosen() {
        let chosen = hex(0x9a3f14);
        assert_eq!(GROUNDS[0].tokens(chosen).accent, chosen);
        assert_eq!(GROUNDS[0].tokens(chosen).act, chosen);
        assert_eq!(GROUNDS[0].tokens(WHITE).accent.0.iter().max(), GROUNDS[0].tokens(WHITE).accent.0.iter().min());
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9 && (hex(0x777777).contrast(WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let blocks: Vec<&str> =
            STYLE.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap_or("")).collect();
        let token = |block: &str, name: &str| {
            let value = block.split(&format!("--{name}: ")).nth(1)?.split(';').next()?;
            let digits = value.trim_start_matches('#');
            let whole =
                if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
            Colour::parse(&whole)
        };
        // Each says what the ones before it said otherwise.
        let chains: [&[usize]; 4] = [&[0], &[0, 1], &[0, 2], &[0, 1, 2, 3]];
        for (ground, chain) in GROUNDS.iter().zip(chains) {
            let last = |name: &str| chain.iter().rev().find_map(|at| token(blocks[*at], name)).expect("a token");
            assert_eq!(ground.behind, ["paper", "sheet", "sunk", "glow"].map(last), "{}", ground.media);
            assert_eq!(ground.on_act, last("on-act"), "{}", ground.media);
        }
    }

    #[test]
    fn colours_are_written_as_six_digits() {
        for (text, number) in [("#9A3f14", 0x9a_3f14), (" 000000 ", 0), ("ffffff", 0xff_ffff)] {
            assert_eq!(Colour::parse(text).map(Colour::number), Some(number), "{text}");
        }
        for odd in ["", "#fff", "red", "#12345", "#1234567", "+12345", "#12345é", "url(x)"] {
            assert_eq!(Colour::parse(odd), None, "{odd}");
        }
        assert_eq!(Colour::of_number(0x00ab_cdef).to_string(), "abcdef");
        let teal = hex(0x00_8080);
        for theme in Theme::ALL {
            assert_eq!(at(&path(teal, theme)), Some((teal, theme)));
        }
        for odd in [
            "/assets/accent-00808G.css",
            "/assets/accent-#008080.css",
            "/assets/accent-ABCDEF.css",
            "/assets/accent-008080-system.css",
            "/assets/accent-008080-blue.css",
            "/accent-008080.css",
        ] {
            assert_eq!(at(odd), None, "{odd}");
        }
        let style = style(hex(0x00ff00));
        assert!(style.matches("--accent: #").count() == 4 && style.is_ascii() && style.len() < 1_024, "{style}");
    }
}

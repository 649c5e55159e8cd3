//! Addresses here under which other servers' pictures are shown. Each carries a mark only this server can make, so that
//! nobody uses it to fetch what they like (SECURITY B7).

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Bytes of the mark kept: nobody guesses 128 bits.
const MARK_BYTES: usize = 16;

/// How a remote picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variant {
    /// As it is, also moving.
    Whole,
    /// Still, for the wide picture above a profile: at most `limits::HEADER_PIXELS`.
    Wide,
    /// Still, for timelines: at most `limits::PREVIEW_PIXELS`.
    Small,
    /// The same of whoever posts; it has an address of its own, as another picture may stand in for it.
    Avatar,
    /// As it is, also moving; an emoji, within `limits::REMOTE_EMOJI_BYTES` and `limits::REMOTE_EMOJI_SIDE_MAX`.
    Emoji,
    /// The same, still.
    StillEmoji,
}

impl Variant {
    /// Its word in addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Variant::Whole => "whole",
            Variant::Wide => "wide",
            Variant::Small => "small",
            Variant::Avatar => "avatar",
            Variant::Emoji => "emoji",
            Variant::StillEmoji => "still_emoji",
        }
    }

    /// The variant of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let all = [Variant::Whole, Variant::Wide, Variant::Small, Variant::Avatar, Variant::Emoji, Variant::StillEmoji];
        all.into_iter().find(|variant| variant.word() == word)
    }

    /// The variant as which its copy is made and kept.
    #[must_use]
    pub fn kept_as(self) -> Self {
        if self == Variant::Avatar { Variant::Small } else { self }
    }
}

/// Makes and reads addresses.
#[derive(Debug)]
pub struct Addresses(hmac::Key);

impl Addresses {
    /// With the server's secret.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Addresses(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The path under which the picture at `url` is shown.
    #[must_use]
    pub fn path(&self, variant: Variant, url: &str) -> String {
        let mark = hmac::sign(&self.0, signed(variant, url).as_bytes());
        let mark = URL_SAFE_NO_PAD.encode(&mark.as_ref()[..MARK_BYTES]);
        format!("/media/remote/{}/{mark}/{}", variant.word(), URL_SAFE_NO_PAD.encode(url))
    }

    /// The variant and url behind the parts of a path made here; `None` for any other.
    #[must_use]
    pub fn read(&self, word: &str, mark: &str, encoded: &str) -> Option<(Variant, String)> {
        let variant = Variant::of(word)?;
        let url = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()?;
        let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let right = hmac::sign(&self.0, signed(variant, &url).as_bytes());
        aws_lc_rs::constant_time::verify_slices_are_equal(&mark, &right.as_ref()[..MARK_BYTES]).ok()?;
        Some((variant, url))
    }
}

fn signed(variant: Variant, url: &str) -> String {
    format!("{}\n{url}", variant.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_read() {
        let (own, other) = (Addresses::new(&[1; 32]), Addresses::new(&[2; 32]));
        let url = "https://far.test/a.png?x=/../y";
        let path = own.path(Variant::Small, url);
        let parts: Vec<&str> = path.split('/').collect();
        let ["", "media", "remote", word, mark, encoded] = parts[..] else { panic!("{path}") };
        assert_eq!(own.read(word, mark, encoded), Some((Variant::Small, url.to_owned())));
        assert_eq!(other.read(word, mark, encoded), None);
        assert_eq!(own.read("whole", mark, encoded), None);
        assert_eq!(own.read(word, &mark[..20], encoded), None);
        assert_eq!(own.read(word, "", encoded), None);
        let another = URL_SAFE_NO_PAD.encode("http://127.0.0.1/");
        assert_eq!(own.read(word, mark, &another), None);
    }
}

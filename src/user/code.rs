//! Codes that people write down: letters and digits that are not mistaken for each other, in groups of four (RFC 4648 §6).

use crate::limits;
use data_encoding::BASE32_NOPAD;
use storage::{AccountId, SecretHash};

const GROUP: usize = 4;

/// What a code is for; one code is never good for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It stands in for the program that makes codes: 80 bits.
    Spare,
    /// Whoever has it chooses a new password: 160 bits.
    Recovery,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::Spare => "spare",
            Purpose::Recovery => "recovery",
        }
    }

    /// Characters of such a code.
    fn characters(self) -> usize {
        match self {
            Purpose::Spare => 16,
            Purpose::Recovery => 32,
        }
    }
}

/// `bytes` in letters (base32, RFC 4648 §6); nothing is padded, so their number is a multiple of five.
#[must_use]
pub fn letters(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes)
}

/// The bytes behind letters; `None` if that is no such text or they are not just `N`.
#[must_use]
pub fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A code as it is shown: `ABCD-EFGH-…`.
fn grouped(letters: &str) -> String {
    let mut text = String::with_capacity(letters.len() * 5 / 4);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// A new spare code as it is shown.
#[must_use]
pub fn fresh_spare(random: [u8; 10]) -> String {
    grouped(&letters(&random))
}

/// A new code of a recovery sheet as it is shown.
#[must_use]
pub fn fresh_recovery(random: [u8; 20]) -> String {
    grouped(&letters(&random))
}

/// What a code that somebody typed is stored under; `None` if it cannot be one. Capitals, hyphens and blanks do not
/// matter, and digits that no code has are read as the letters they look like.
#[must_use]
pub fn hash(account: AccountId, purpose: Purpose, typed: &str) -> Option<SecretHash> {
    if typed.len() > limits::CODE_BYTES_MAX {
        return None;
    }
    let mut plain = String::with_capacity(typed.len());
    for letter in typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        plain.push(match letter.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            other => other,
        });
    }
    let known = plain.bytes().all(|letter| matches!(letter, b'A'..=b'Z' | b'2'..=b'7'));
    // The account is part of it: whoever has the rows cannot try one guess on all of them.
    let whole = format!("{} code of {account}: {plain}", purpose.word());
    (known && plain.len() == purpose.characters()).then(|| SecretHash::of(&whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_rfc() {
        // RFC 4648 §10.
        assert_eq!(letters(b"fooba"), "MZXW6YTB");
        assert_eq!(bytes::<5>("MZXW6YTB"), Some(*b"fooba"));
        assert_eq!(letters(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(bytes::<20>("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), Some(*b"12345678901234567890"));
        for bad in ["", "MZXW6YT", "MZXW6YTBA", "MZXW6YT1", "mzxw6ytb", "MZXW6YTé"] {
            assert_eq!(bytes::<5>(bad), None, "{bad}");
        }
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        let of = |typed: &str| hash(AccountId(7), Purpose::Spare, typed);
        assert_eq!(grouped("OIBCDEFGHIJKLMNO"), "OIBC-DEFG-HIJK-LMNO");
        let right = of("OIBC-DEFG-HIJK-LMNO");
        assert!(right.is_some());
        assert_eq!(of(" 01 8c defg\thijk-lmno "), right);
        assert_eq!(hash(AccountId(7), Purpose::Recovery, "OIBC-DEFG-HIJK-LMNO"), None);
        for purpose in [Purpose::Spare, Purpose::Recovery] {
            let code = if purpose == Purpose::Spare { fresh_spare([9; 10]) } else { fresh_recovery([9; 20]) };
            assert!(hash(AccountId(7), purpose, &code).is_some(), "{code}");
        }
        assert_ne!(hash(AccountId(8), Purpose::Spare, "OIBC-DEFG-HIJK-LMNO"), right);
        for bad in ["", "OIBC-DEFG-HIJK-LMN", "OIBC-DEFG-HIJK-LMNOP", "OIBC-DEFG-HIJK-LMN9", &"-".repeat(300)] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}

//! Amounts of bytes as people write them: `20 GB`, `512MiB`.

use crate::error::{Error, Result};

/// Decimal units as disks are sold, binary ones as memory is.
const UNITS: [(&str, u64); 9] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

/// Reads an amount with its unit: digits, perhaps a decimal point with up to three more, and the unit.
///
/// # Errors
/// `Invalid` naming `key`, the text and the form.
pub(super) fn parse(key: &'static str, text: &str) -> Result<u64> {
    let refuse = || {
        Error::invalid(key, format!("{key} is {text:?}; a number with kB, MB, GB, TB, KiB, MiB, GiB or TiB, as 20 GB"))
    };
    let trimmed = text.trim();
    let end = trimmed.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or_else(refuse)?;
    let (number, unit) = trimmed.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(refuse)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || whole.len() > 15 || part.len() > 3 || part.contains('.') || number.ends_with('.') {
        return Err(refuse());
    }
    let thousandths: u128 = format!("{whole}{part:0<3}").parse().map_err(|_| refuse())?;
    u64::try_from(thousandths * u128::from(*unit) / 1_000).map_err(|_| refuse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_with_their_units() {
        for (text, bytes) in [
            ("20 GB", 20_000_000_000),
            ("20GB", 20_000_000_000),
            (" 1.5 tb ", 1_500_000_000_000),
            ("512 MiB", 512 << 20),
            ("0.25 KiB", 256),
            ("7 B", 7),
            ("100 kB", 100_000),
        ] {
            assert_eq!(parse("budget", text).expect(text), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_the_form() {
        for text in
            ["", "20", "GB", "20 XB", "-1 GB", "1.2.3 GB", "1. GB", ".5 GB", "1e9 B", "99999999999999 TB", "20 %"]
        {
            let why = parse("budget", text).expect_err(text).to_string();
            assert!(why.contains("as 20 GB") && why.contains(&format!("{text:?}")), "{why}");
        }
    }
}

//! Codes that change every thirty seconds (RFC 6238 with HMAC-SHA-1 and six digits, which is what every such program
//! makes).

use crate::user::code;
use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use storage::Timestamp;

/// How long a code counts, milliseconds (RFC 6238 §5.2).
const STEP_MS: i64 = 30_000;
/// Steps before and after now whose codes are taken, since clocks differ (RFC 6238 §5.2).
const STEPS_BESIDE: u64 = 1;
const DIGITS: usize = 6;

/// Bytes of a secret (RFC 4226 §4 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;

/// The step of a time.
#[must_use]
pub fn step_at(now: Timestamp) -> u64 {
    u64::try_from(now.0.div_euclid(STEP_MS)).unwrap_or(0)
}

/// The code of a step, six digits (RFC 4226 §5.3).
#[must_use]
pub fn code_of(secret: &[u8; SECRET_BYTES], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag.last().copied().unwrap_or(0) & 15);
    let word = tag[at..at + 4].iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// The step whose code was typed, among those around `now` that come after `last`; `None` if it is none of them. Blanks do
/// not matter.
#[must_use]
pub fn step_of(secret: &[u8; SECRET_BYTES], typed: &str, now: Timestamp, last: u64) -> Option<u64> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).take(DIGITS + 1).collect();
    let current = step_at(now);
    let mut found = None;
    for step in current.saturating_sub(STEPS_BESIDE)..=current + STEPS_BESIDE {
        let same = verify_slices_are_equal(code_of(secret, step).as_bytes(), typed.as_bytes()).is_ok();
        if same && step > last {
            found = found.or(Some(step));
        }
    }
    found
}

/// What a program that makes codes reads, as a square or as text (Key Uri Format): whose codes these are, and the secret.
#[must_use]
pub fn address(secret: &[u8; SECRET_BYTES], domain: &str, username: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("secret", &code::letters(secret))
        .append_pair("issuer", domain)
        .finish();
    // Neither a name here nor a domain has anything to be escaped, but for the port of a lab.
    format!("otpauth://totp/{}:{username}?{query}", domain.replace(':', "%3A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238 appendix B, of whose eight digits the last six.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_of(SECRET, step_at(Timestamp(seconds * 1000))), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_a_step_early_or_late_and_once() {
        let now = Timestamp(1_111_111_109_000);
        let step = step_at(now);
        for near in [step - 1, step, step + 1] {
            let code = code_of(SECRET, near);
            assert_eq!(step_of(SECRET, &code, now, 0), Some(near));
            assert_eq!(step_of(SECRET, &format!(" {} {}", &code[..3], &code[3..]), now, near - 1), Some(near));
            assert_eq!(step_of(SECRET, &code, now, near), None, "it was taken");
        }
        for far in [step - 2, step + 2] {
            assert_eq!(step_of(SECRET, &code_of(SECRET, far), now, 0), None);
        }
        for bad in ["", "08180", "0818044", "abcdef", "０８１８０４"] {
            assert_eq!(step_of(SECRET, bad, now, 0), None, "{bad}");
        }
    }

    #[test]
    fn the_address_names_the_server_and_whose_codes_they_are() {
        assert_eq!(
            address(SECRET, "rock.test", "ada"),
            "otpauth://totp/rock.test:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=rock.test"
        );
        assert!(address(SECRET, "127.0.0.1:80", "ada").starts_with("otpauth://totp/127.0.0.1%3A80:ada?"));
    }
}

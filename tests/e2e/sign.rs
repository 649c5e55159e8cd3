//! Signing as other servers do: draft-cavage-12 with RSA and SHA-256 (FEDERATION §4). Written apart from the
//! product's own code, so that both check each other.

use aws_lc_rs::{
    digest,
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// An RSA key that may stand for any number of actors.
pub(crate) struct SigningKey {
    pair: RsaKeyPair,
    public_pem: String,
}

impl SigningKey {
    /// A new key of 2048 bits.
    pub(crate) fn generate() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("a public key");
        let text = STANDARD.encode(der.as_ref());
        let mut public_pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        for line in text.as_bytes().chunks(64) {
            public_pem.push_str(&String::from_utf8_lossy(line));
            public_pem.push('\n');
        }
        public_pem.push_str("-----END PUBLIC KEY-----\n");
        SigningKey { pair, public_pem }
    }

    /// The public half, SPKI in PEM.
    pub(crate) fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// The signature of a text, in base64.
    pub(crate) fn sign(&self, text: &str) -> String {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .expect("an RSA key signs");
        STANDARD.encode(signature)
    }

    /// The headers of a signed POST of `body` to `path` at `host` (with its port unless it is the scheme's own).
    pub(crate) fn post(&self, key_id: &str, host: &str, path: &str, date: &str, body: &[u8]) -> Vec<(String, String)> {
        let body_digest = body_digest(body);
        let kind = "application/activity+json";
        let signed = format!(
            "(request-target): post {path}\nhost: {host}\ndate: {date}\ndigest: {body_digest}\ncontent-type: {kind}"
        );
        let signature = self.sign(&signed);
        let header = format!(
            "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest content-type\",\
             signature=\"{signature}\""
        );
        [("Host", host), ("Date", date), ("Digest", &body_digest), ("Content-Type", kind), ("Signature", &header)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }
}

/// The value of `Digest` for a body.
pub(crate) fn body_digest(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest::digest(&digest::SHA256, body).as_ref()))
}

/// A time as HTTP writes it (RFC 9110 §5.6.7), from milliseconds since 1970.
pub(crate) fn http_date(ms: i64) -> String {
    let days = ms.div_euclid(86_400_000);
    let seconds = ms.rem_euclid(86_400_000) / 1000;
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(days.rem_euclid(7)).expect("0-6")];
    let (year, month, day) = civil(days);
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1];
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Year, month and day of a number of days since 1970 (proleptic Gregorian, years above 0).
fn civil(days: i64) -> (i64, usize, i64) {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut rest) = (1970, days);
    while rest >= 365 + i64::from(leap(year)) {
        rest -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(1_709_164_800_000), "Thu, 29 Feb 2024 00:00:00 GMT");
        assert_eq!(http_date(1_798_761_599_999), "Thu, 31 Dec 2026 23:59:59 GMT");
    }

    #[test]
    fn signature_names_what_it_covers() {
        let key = SigningKey::generate();
        assert!(key.public_pem().starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
        let headers = key.post("https://a.test/u#k", "b.test", "/inbox", &http_date(0), b"{}");
        let digest = &headers.iter().find(|(name, _)| name == "Digest").expect("a digest").1;
        assert_eq!(digest, "SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
    }
}

//! A certificate with its key, read and found usable.

use crate::error::{Error, Result};
use std::sync::Arc;
use storage::Timestamp;
use tokio_rustls::rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_cert::{
    Certificate,
    der::Decode,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// A certificate that connections may be shown.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) key: Arc<CertifiedKey>,
    /// The names it holds for.
    pub(super) names: Vec<String>,
    /// It holds from here.
    pub(super) from: Timestamp,
    /// It holds until here.
    pub(super) until: Timestamp,
}

impl Held {
    /// Reads a chain and a key in PEM, the own certificate first.
    ///
    /// # Errors
    /// `Invalid` naming what is wrong: nothing there, not readable, the key of another certificate.
    pub(super) fn read(chain: &[u8], key: &[u8]) -> Result<Held> {
        let refuse = |why: String| Error::invalid("tls", why);
        let chain = CertificateDer::pem_slice_iter(chain).collect::<std::result::Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| refuse(format!("the certificate is not PEM: {error}")))?;
        let own = chain.first().ok_or_else(|| refuse("there is no certificate in the file".to_owned()))?;
        let parsed = Certificate::from_der(own);
        let parsed = parsed.map_err(|error| refuse(format!("the certificate cannot be read: {error}")))?;
        let body = parsed.tbs_certificate();
        let alternative = body.get_extension::<SubjectAltName>();
        let alternative = alternative.map_err(|error| refuse(format!("the certificate's names: {error}")))?;
        let names = alternative.map(|(_, names)| names.0).unwrap_or_default();
        let names = names.into_iter().filter_map(|name| match name {
            GeneralName::DnsName(name) => Some(name.to_string().to_lowercase()),
            _ => None,
        });
        let time = |time: &x509_cert::time::Time| {
            Timestamp(i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX))
        };
        let validity = body.validity();
        let (from, until, names) = (time(&validity.not_before), time(&validity.not_after), names.collect());
        let key = PrivateKeyDer::from_pem_slice(key);
        // What the reader says could name bytes of the key.
        let key = key.map_err(|_| refuse("the key is not PEM".to_owned()))?;
        let key = any_supported_type(&key).map_err(|_| refuse("the key is of no kind that is known".to_owned()))?;
        let key = CertifiedKey::new(chain, key);
        key.keys_match().map_err(|_| refuse("the key is not that of the certificate".to_owned()))?;
        Ok(Held { key: Arc::new(key), names, from, until })
    }

    /// When two thirds of its life are over: time for the next one.
    pub(super) fn due(&self) -> Timestamp {
        self.from.plus_ms(self.until.ms_since(self.from) / 3 * 2)
    }

    /// Whether it holds for `name`, also by a `*` in place of its first label (RFC 6125 §6.4.3).
    pub(super) fn is_for(&self, name: &str) -> bool {
        let parent = name.split_once('.').map(|(_, parent)| parent);
        self.names.iter().any(|held| held == name || held.strip_prefix("*.").is_some_and(|held| Some(held) == parent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    fn pair(names: &[&str]) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let mut wanted = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        if let Ok(wanted) = &mut wanted {
            wanted.not_before = rcgen::date_time_ymd(2026, 1, 1);
            wanted.not_after = rcgen::date_time_ymd(2026, 4, 1);
        }
        let certificate = wanted.and_then(|wanted| wanted.self_signed(&key)).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }

    #[test]
    fn a_pair_says_for_whom_and_how_long_it_holds() {
        let (chain, key) = pair(&["hill.test", "*.rocks.test"]);
        let held = Held::read(chain.as_bytes(), key.as_bytes()).expect("a pair");
        assert_eq!((held.from.0, held.until.0), (1_767_225_600_000, 1_775_001_600_000));
        assert_eq!(held.due().0, 1_767_225_600_000 + 60 * 86_400_000, "90 days of life");
        for (name, is) in [
            ("hill.test", true),
            ("a.rocks.test", true),
            ("rocks.test", false),
            ("a.b.rocks.test", false),
            ("a.hill.test", false),
        ] {
            assert_eq!(held.is_for(name), is, "{name}");
        }
    }

    #[test]
    fn what_is_no_pair_is_refused_in_words_without_the_key() {
        let ((chain, key), (_, other)) = (pair(&["hill.test"]), pair(&["hill.test"]));
        for (chain, key, says) in [
            (chain.as_str(), other.as_str(), "not that of the certificate"),
            ("", &key, "no certificate"),
            ("nothing", &key, "no certificate"),
            (&chain, "nothing", "not PEM"),
            (&chain, &chain, "not PEM"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &key, "cannot be read"),
        ] {
            let why = Held::read(chain.as_bytes(), key.as_bytes()).expect_err("refused").to_string();
            assert!(why.contains(says), "{why}");
        }
    }
}

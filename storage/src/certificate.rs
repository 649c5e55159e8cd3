//! Certificates this server got from an authority for its own name, and what the authority knows it as (RFC 8555).

use crate::{
    error::Result,
    id::Timestamp,
    octets::Octets,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A certificate with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The chain in PEM, this server's own first.
    pub chain: String,
    /// Its private key in PEM.
    pub key: Octets,
    /// When it came.
    pub obtained_at: Timestamp,
}
record!(Certificate, 1);

/// How asking for a certificate went last, if it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Failures in a row.
    pub tries: u32,
    /// When it is tried again.
    pub again_at: Timestamp,
    /// Since when it fails.
    pub since: Timestamp,
    /// What went wrong, in words.
    pub why: String,
}
record!(Refusal, 1);

/// Name → the certificate in use for it.
pub const CERTIFICATES: Table<String, Certificate> = Table::new(500, "certificate");
/// Address of an authority's directory → what it knows us as, as JSON with the private key.
pub const ACME_ACCOUNTS: Table<String, Octets> = Table::new(501, "acme_account");
/// Name → how asking for its certificate failed; gone with the next certificate.
pub const REFUSALS: Table<String, Refusal> = Table::new(502, "certificate_refusal");

/// The certificate for `name`.
///
/// # Errors
/// Storage errors.
pub fn certificate(read: &dyn Read, name: &str) -> Result<Option<Certificate>> {
    CERTIFICATES.get(read, &name.to_owned())
}

/// Keeps a certificate in the place of an earlier one.
pub fn put_certificate(tx: &mut Tx<'_>, name: &str, certificate: &Certificate) {
    CERTIFICATES.put(tx, &name.to_owned(), certificate);
    REFUSALS.delete(tx, &name.to_owned());
}

/// How asking for `name` failed last.
///
/// # Errors
/// Storage errors.
pub fn refusal(read: &dyn Read, name: &str) -> Result<Option<Refusal>> {
    REFUSALS.get(read, &name.to_owned())
}

/// Notes that asking failed.
pub fn put_refusal(tx: &mut Tx<'_>, name: &str, refusal: &Refusal) {
    REFUSALS.put(tx, &name.to_owned(), refusal);
}

/// What the authority at `directory` knows us as.
///
/// # Errors
/// Storage errors.
pub fn acme_account(read: &dyn Read, directory: &str) -> Result<Option<Octets>> {
    ACME_ACCOUNTS.get(read, &directory.to_owned())
}

/// Keeps what an authority knows us as.
pub fn put_acme_account(tx: &mut Tx<'_>, directory: &str, credentials: &Octets) {
    ACME_ACCOUNTS.put(tx, &directory.to_owned(), credentials);
}

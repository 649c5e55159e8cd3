//! What is shown to an authority that asks for a proof within TLS (RFC 8737 §3).

use crate::error::{Error, Result};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use std::sync::Arc;
use tokio_rustls::rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};

/// A certificate of its own making that carries `digest`, of the key authorization, for `name`.
///
/// # Errors
/// `Bug` if the libraries refuse what they made themselves.
pub(super) fn proof(name: &str, digest: &[u8]) -> Result<Arc<CertifiedKey>> {
    let bug = |error: rcgen::Error| Error::Bug(format!("a proof for {name}: {error}"));
    let key = KeyPair::generate().map_err(bug)?;
    let mut wanted = CertificateParams::new(vec![name.to_owned()]).map_err(bug)?;
    wanted.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = wanted.self_signed(&key).map_err(bug)?;
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let key = any_supported_type(&der).map_err(|error| Error::Bug(format!("a proof for {name}: {error}")))?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key)))
}

//! The certificate authority of the lab: it signs for whatever host a peer is asked as.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// A certificate authority that lives as long as a test.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    /// A new one.
    pub(crate) fn new() -> Arc<Self> {
        let mut params = CertificateParams::new(Vec::new()).expect("no names to refuse");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("self-signed");
        Arc::new(Authority { issuer, made: Mutex::default() })
    }

    /// A new certificate for a host with its key, both PEM.
    pub(crate) fn pair(&self, host: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let wanted = CertificateParams::new(vec![host.to_owned()]).expect("a name");
        (wanted.signed_by(&key, &self.issuer).expect("signed").pem(), key.serialize_pem())
    }

    /// The root, for whoever is to trust it.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A TLS server that is every host.
    pub(crate) fn server_config(self: &Arc<Self>) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows TLS")
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        Arc::new(config)
    }

    fn certificate(&self, host: &str) -> Option<Arc<CertifiedKey>> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(host) {
            return Some(known.clone());
        }
        let key = KeyPair::generate().ok()?;
        let certificate = CertificateParams::new(vec![host.to_owned()]).ok()?.signed_by(&key, &self.issuer).ok()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = rustls::crypto::aws_lc_rs::sign::any_supported_type(&der).ok()?;
        let certified = Arc::new(CertifiedKey::new(vec![certificate.der().clone()], signer));
        made.insert(host.to_owned(), certified.clone());
        Some(certified)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lab's certificate authority")
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.certificate(hello.server_name()?)
    }
}

//! The section `[tls]`: where the certificate comes from, and the plain port beside it.

use super::source::{Key, Settings};
use crate::error::{Error, Result};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use url::Url;

/// The directory of the authority that is asked, unless somebody says otherwise.
pub(super) const DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// Where certificates come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificates {
    /// From nowhere: TLS ends before this server, or there is none.
    None,
    /// From the authority.
    Acme,
    /// From files that somebody else renews.
    Files(CertificateFiles),
}

/// An authority that speaks ACME.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcmeAuthority {
    /// The address of its directory (RFC 8555 §7.1.1).
    pub directory: String,
    /// An address it may write to.
    pub contact: Option<String>,
}

/// A certificate in files, PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, the own certificate first.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// How connections are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate.
    pub certificates: Certificates,
    /// Whom to ask, where an authority is asked.
    pub authority: AcmeAuthority,
    /// The address to listen on, in the place of `listen`, where there is a certificate.
    pub listen: SocketAddr,
    /// The plain port that sends everybody to https, where there is a certificate.
    pub plain: Option<SocketAddr>,
}

impl Tls {
    /// The plain port to listen on: there is none without a certificate.
    #[must_use]
    pub fn plain_here(&self) -> Option<SocketAddr> {
        self.plain.filter(|_| self.certificates != Certificates::None)
    }

    /// No TLS here.
    #[must_use]
    pub fn none() -> Self {
        let authority = AcmeAuthority { directory: DIRECTORY.to_owned(), contact: None };
        Tls { certificates: Certificates::None, authority, listen: SocketAddr::from(([127, 0, 0, 1], 0)), plain: None }
    }

    pub(super) fn of(settings: &Settings) -> Result<Self> {
        let refuse = |key, why: String| Err(Error::invalid(key, why));
        let path = |key| settings.get(key).filter(|text| !text.is_empty()).map(|text| Path::new(text).to_owned());
        let (chain, key) = (path(Key::TlsCertificateFile), path(Key::TlsKeyFile));
        let certificates = match settings.require(Key::TlsCertificates)? {
            "none" => Certificates::None,
            "acme" => Certificates::Acme,
            "files" => match (&chain, &key) {
                (Some(chain), Some(key)) => {
                    Certificates::Files(CertificateFiles { chain: chain.clone(), key: key.clone() })
                }
                _ => {
                    let why = "tls.certificates is \"files\": tls.certificate_file and tls.key_file say which";
                    return refuse("tls", why.to_owned());
                }
            },
            other => {
                return refuse("tls.certificates", format!("tls.certificates is {other:?}; none, acme or files"));
            }
        };
        if !matches!(certificates, Certificates::Files(_)) && (chain.is_some() || key.is_some()) {
            let why = "tls.certificate_file and tls.key_file need tls.certificates = \"files\"";
            return refuse("tls", why.to_owned());
        }
        let plain = match settings.require(Key::TlsPlainListen)? {
            "off" => None,
            text => match text.parse() {
                Ok(address) => Some(address),
                Err(_) => {
                    let why = format!("tls.plain_listen is {text:?}; an address and port, as [::]:80, or off");
                    return refuse("tls.plain_listen", why);
                }
            },
        };
        let listen = settings.require(Key::TlsListen)?;
        let why =
            || Error::invalid("tls.listen", format!("tls.listen is {listen:?}; an address and port, as [::]:443"));
        let listen = listen.parse().map_err(|_| why())?;
        Ok(Tls { certificates, authority: authority(settings)?, listen, plain })
    }
}

fn authority(settings: &Settings) -> Result<AcmeAuthority> {
    let directory = settings.require(Key::TlsAcmeDirectory)?;
    let https = Url::parse(directory).is_ok_and(|url| url.scheme() == "https" && url.host().is_some());
    if !https {
        let why = format!("tls.acme_directory is {directory:?}; an https address");
        return Err(Error::invalid("tls.acme_directory", why));
    }
    let contact = settings.get(Key::TlsAcmeContact).map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = contact
        && (!text.contains('@') || text.chars().any(|c| c.is_whitespace() || c.is_control()))
    {
        let why = format!("tls.acme_contact is {text:?}; a mail address, as you@example.org");
        return Err(Error::invalid("tls.acme_contact", why));
    }
    Ok(AcmeAuthority { directory: directory.to_owned(), contact: contact.map(str::to_owned) })
}

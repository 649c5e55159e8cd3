//! The section `[mail]`: the server that takes letters, how the connection to it is sealed, and from whom they come.

use super::{
    Passphrase,
    source::{Key, Settings},
};
use crate::error::{Error, Result};
use std::{net::IpAddr, path::PathBuf};

/// The environment variable of the password; not a key, because the file is in the backup and a flag is in `ps`.
pub(super) const PASSWORD: &str = "DASSIE_MAIL__PASSWORD";

/// How the connection to the mail server is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// Begun in the clear and sealed before anything is said (RFC 3207); refused if the server does not offer it.
    Starttls,
    /// From the first byte (RFC 8314 §3.3).
    Implicit,
    /// Not at all; with a password for a server on this machine only.
    None,
}

/// Where the password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailPassword {
    /// Here.
    Words(Passphrase),
    /// In this file, whose last line break does not count.
    File(PathBuf),
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is sealed.
    pub tls: MailTls,
    /// Whom it knows us as; none: it asks for no password.
    pub user: Option<String>,
    /// The password for it; there if there is a user.
    pub password: Option<MailPassword>,
    /// The address letters come from.
    pub from: String,
}

impl Mail {
    pub(super) fn of(settings: &Settings, password: Option<String>) -> Result<Option<Mail>> {
        let refuse = |key, why: &str| Err(Error::invalid(key, why.to_owned()));
        let Some(host) = settings.get(Key::MailHost).map(str::trim).filter(|host| !host.is_empty()) else {
            let others = [Key::MailPort, Key::MailUser, Key::MailPasswordFile, Key::MailFrom];
            if password.is_some() || others.iter().any(|key| settings.get(*key).is_some()) {
                return refuse("mail.host", "mail.host is not set, but other keys of [mail] are");
            }
            return Ok(None);
        };
        let tls = match settings.require(Key::MailTls)? {
            "starttls" => MailTls::Starttls,
            "implicit" => MailTls::Implicit,
            "none" => MailTls::None,
            other => return refuse("mail.tls", &format!("mail.tls is {other:?}; starttls, implicit or none")),
        };
        let port = match settings.get(Key::MailPort) {
            Some(text) => match text.parse() {
                Ok(port) if port > 0 => port,
                _ => return refuse("mail.port", &format!("mail.port is {text:?}; a number from 1 to 65535")),
            },
            None => match tls {
                MailTls::Starttls => 587,
                MailTls::Implicit => 465,
                MailTls::None => 25,
            },
        };
        let from = settings.get(Key::MailFrom).map(str::trim).unwrap_or_default();
        let proper = from.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
        if !proper || from.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',')) {
            return refuse("mail.from", &format!("mail.from is {from:?}; an address, as noreply@example.org"));
        }
        let user = settings.get(Key::MailUser).map(str::to_owned);
        let file = settings.get(Key::MailPasswordFile).map(PathBuf::from);
        let password = match (password, file) {
            (Some(_), Some(_)) => {
                return refuse(
                    "mail.password_file",
                    &format!("mail.password_file and {PASSWORD} are both set; one of them"),
                );
            }
            (Some(words), None) => Some(MailPassword::Words(Passphrase::of(words))),
            (None, Some(file)) => Some(MailPassword::File(file)),
            (None, None) => None,
        };
        if user.is_some() != password.is_some() {
            return refuse(
                "mail.user",
                &format!("mail.user and a password ({PASSWORD} or mail.password_file) go together"),
            );
        }
        if tls == MailTls::None && user.is_some() && !is_here(host) {
            let why = format!("mail.tls = \"none\" would send the password to {host} in the clear");
            return refuse("mail.tls", &why);
        }
        Ok(Some(Mail { host: host.to_owned(), port, tls, user, password, from: from.to_owned() }))
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

//! Keys, where a value comes from, and the reading of file and environment.

use super::{backups::PASSPHRASE, mail, tls, translation::SECRET};
use crate::error::{Error, Result};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};
use toml::{Table, Value};

/// A key of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The name of this server: `https://DOMAIN` is its origin.
    Domain,
    /// Scheme, name and port in one, for try-outs and labs.
    Origin,
    /// What stands behind the `@`, if not the domain.
    HandleDomain,
    /// The address to listen on.
    Listen,
    /// Whose word about where a request comes from is taken.
    TrustedProxies,
    /// The data directory.
    DataDir,
    /// What to log.
    Log,
    /// Which engine holds the tables.
    Engine,
    /// Where the certificate comes from: `none`, `acme` or `files`.
    TlsCertificates,
    /// The address to listen on with TLS.
    TlsListen,
    /// The plain port beside TLS.
    TlsPlainListen,
    /// The file of the certificate's chain.
    TlsCertificateFile,
    /// The file of its key.
    TlsKeyFile,
    /// The directory of the authority that is asked.
    TlsAcmeDirectory,
    /// Whom the authority may write to.
    TlsAcmeContact,
    /// Bytes the data directory may take.
    Budget,
    /// Request rates, `on` or `off`.
    Rates,
    /// Where backups go.
    BackupTo,
    /// Time between two backups.
    BackupEvery,
    /// Backups that always stay.
    BackupKeepLast,
    /// Days for which all backups stay.
    BackupKeepDays,
    /// Time between two backups that are seen restored.
    BackupVerifyEvery,
    /// The file of the key that seals backups.
    BackupKeyFile,
    /// Where one is seen restored, if not in the data directory.
    BackupScratch,
    /// Who translates.
    TranslationProvider,
    /// Where they are.
    TranslationUrl,
    /// The mail server.
    MailHost,
    /// Its port.
    MailPort,
    /// How the connection to it is sealed.
    MailTls,
    /// Whom it knows us as.
    MailUser,
    /// The file with the password for it.
    MailPasswordFile,
    /// From whom letters come.
    MailFrom,
}

/// Every key with its name in the file, and what holds where nothing is said.
const KEYS: [(Key, &str, Option<&str>); 32] = [
    (Key::Domain, "domain", None),
    (Key::Origin, "origin", None),
    (Key::HandleDomain, "handle_domain", None),
    (Key::Listen, "listen", Some("127.0.0.1:8080")),
    (Key::TrustedProxies, "trusted_proxies", None),
    (Key::DataDir, "data_dir", Some("./dassie-data")),
    (Key::Log, "log", Some("info")),
    (Key::Engine, "storage.engine", Some("redb")),
    (Key::Budget, "budget", None),
    (Key::Rates, "limits.rates", Some("on")),
    (Key::TlsCertificates, "tls.certificates", Some("none")),
    (Key::TlsListen, "tls.listen", Some("[::]:443")),
    (Key::TlsPlainListen, "tls.plain_listen", Some("[::]:80")),
    (Key::TlsCertificateFile, "tls.certificate_file", None),
    (Key::TlsKeyFile, "tls.key_file", None),
    (Key::TlsAcmeDirectory, "tls.acme_directory", Some(tls::DIRECTORY)),
    (Key::TlsAcmeContact, "tls.acme_contact", None),
    (Key::BackupTo, "backup.to", None),
    (Key::BackupEvery, "backup.every", Some("24h")),
    (Key::BackupKeepLast, "backup.keep_last", Some("7")),
    (Key::BackupKeepDays, "backup.keep_days", Some("30")),
    (Key::BackupVerifyEvery, "backup.verify_every", Some("7d")),
    (Key::BackupKeyFile, "backup.key_file", None),
    (Key::BackupScratch, "backup.scratch", None),
    (Key::TranslationProvider, "translation.provider", None),
    (Key::TranslationUrl, "translation.url", None),
    (Key::MailHost, "mail.host", None),
    (Key::MailPort, "mail.port", None),
    (Key::MailTls, "mail.tls", Some("starttls")),
    (Key::MailUser, "mail.user", None),
    (Key::MailPasswordFile, "mail.password_file", None),
    (Key::MailFrom, "mail.from", None),
];

/// Variables of the tests, which the program does not read.
const NOT_OURS: [&str; 7] = [
    "DASSIE_AXE",
    "DASSIE_BROWSER",
    "DASSIE_CLIENTS",
    "DASSIE_INTEROP",
    "DASSIE_SAMPLES",
    "DASSIE_OPENAPI",
    "DASSIE_CRASH_ROUNDS",
];

const PREFIX: &str = "DASSIE_";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything else.
    BuiltIn,
    /// A configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The command line.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::BuiltIn => f.write_str("built-in"),
            Source::File(path) => write!(f, "file, {}", path.display()),
            Source::Environment(name) => write!(f, "environment, {name}"),
            Source::Flag => f.write_str("flag"),
        }
    }
}

/// Values with their sources.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(BTreeMap<Key, (String, Source)>);

impl Settings {
    pub(super) fn built_in() -> Self {
        let given = KEYS.iter().filter_map(|(key, _, value)| Some((*key, ((*value)?.to_owned(), Source::BuiltIn))));
        Settings(given.collect())
    }

    pub(super) fn get(&self, key: Key) -> Option<&str> {
        self.0.get(&key).map(|(value, _)| value.as_str())
    }

    pub(super) fn require(&self, key: Key) -> Result<&str> {
        self.get(key).ok_or_else(|| Error::Bug(format!("{key:?} has no built-in value")))
    }

    pub(super) fn merge(&mut self, later: Settings) {
        self.0.extend(later.0);
    }

    pub(super) fn set_flag(&mut self, key: Key, value: Option<String>) {
        if let Some(value) = value {
            self.0.insert(key, (value, Source::Flag));
        }
    }

    /// Reads `DASSIE_KEY` and `DASSIE_SECTION__KEY`.
    pub(super) fn add_environment(&mut self, variables: impl Iterator<Item = (String, String)>) -> Result<()> {
        for (name, value) in
            variables.filter(|(name, _)| name.starts_with(PREFIX) && !NOT_OURS.contains(&name.as_str()))
        {
            let key = KEYS.iter().find(|(_, key, _)| variable(key) == name).map(|(key, ..)| *key);
            let Some(key) = key else {
                return Err(unknown("config", &name, KEYS.iter().map(|(_, key, _)| variable(key))));
            };
            self.0.insert(key, (value, Source::Environment(name)));
        }
        Ok(())
    }

    /// Reads a file's top level and its sections.
    pub(super) fn add_file(&mut self, path: &Path, text: &str) -> Result<()> {
        let table: Table =
            text.parse().map_err(|error| Error::invalid("config", format!("{}: {error}", path.display())))?;
        for (name, value) in table {
            match value {
                Value::Table(section) => {
                    for (inner, value) in section {
                        self.add_value(path, &format!("{name}.{inner}"), value)?;
                    }
                }
                value => self.add_value(path, &name, value)?,
            }
        }
        Ok(())
    }

    fn add_value(&mut self, path: &Path, name: &str, value: Value) -> Result<()> {
        if name == "backup.passphrase" {
            let why =
                format!("a passphrase does not belong into {}; set {PASSPHRASE}, or backup.key_file", path.display());
            return Err(Error::invalid("config", why));
        }
        if name == "translation.key" {
            let why = format!("the key does not belong into {}; set {SECRET}", path.display());
            return Err(Error::invalid("config", why));
        }
        if name == "mail.password" {
            let why = format!(
                "a password does not belong into {}, which is in every backup; set {}, or mail.password_file",
                path.display(),
                mail::PASSWORD
            );
            return Err(Error::invalid("config", why));
        }
        let Some((key, ..)) = KEYS.iter().find(|(_, key, _)| *key == name) else {
            return Err(unknown("config", name, KEYS.iter().map(|(_, key, _)| (*key).to_owned())));
        };
        let Value::String(value) = value else {
            let why = format!("{}: {name} must be text in quotes, not {}", path.display(), value.type_str());
            return Err(Error::invalid("config", why));
        };
        self.0.insert(*key, (value, Source::File(path.to_owned())));
        Ok(())
    }

    pub(super) fn effective(&self) -> Vec<(&'static str, Option<&str>, &Source)> {
        KEYS.iter()
            .map(|(key, name, _)| match self.0.get(key) {
                Some((value, source)) => (*name, Some(value.as_str()), source),
                None => (*name, None, &Source::BuiltIn),
            })
            .collect()
    }
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

fn unknown(field: &'static str, name: &str, known: impl Iterator<Item = String>) -> Error {
    Error::invalid(field, format!("unknown key {name}{}", did_you_mean(name, known)))
}

/// A hint at the name that is nearest to one that nobody knows; empty if none is near.
#[must_use]
pub fn did_you_mean(name: &str, known: impl Iterator<Item = String>) -> String {
    let nearest = known.map(|known| (distance(name, &known), known)).min();
    // More than a third wrong is another word, not a slip.
    match nearest {
        Some((slips, known)) if slips * 3 <= name.len().max(3) => format!("; did you mean {known}?"),
        _ => String::new(),
    }
}

/// Characters added, left out, replaced or swapped with their neighbour; keys are short.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let swapped = i > 0 && j > 0 && a[i - 1] == *right && b[j - 1] == *left;
            let least = (rows[i][j] + usize::from(left != right)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            row.push(if swapped { least.min(rows[i - 1][j - 1] + 1) } else { least });
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

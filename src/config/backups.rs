//! The section `[backup]`: where backups go, how often, how long they stay, and what seals them.

use super::source::{Key, Settings};
use crate::error::{Error, Result};
use std::{fmt, path::PathBuf};

/// The environment variable of the passphrase; not a key, because the file is in the backup and a flag is in `ps`.
pub(super) const PASSPHRASE: &str = "DASSIE_BACKUP__PASSPHRASE";

const MINUTE: i64 = 60_000;
/// Longest time between two backups, or two verifications: a year.
const TIME_MAX: i64 = 365 * 24 * 60 * MINUTE;

/// Words nobody may read in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(String);

impl Passphrase {
    pub(super) fn of(words: String) -> Self {
        Passphrase(words)
    }

    /// The words.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

/// How backups are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// Where they go by the schedule; `None`: there is none.
    pub to: Option<String>,
    /// Time between two, milliseconds.
    pub every_ms: i64,
    /// So many always stay.
    pub keep_last: usize,
    /// And all that are younger than so many days.
    pub keep_days: u32,
    /// Time between two that are seen restored, milliseconds; `None`: never by the schedule.
    pub verify_every_ms: Option<i64>,
    /// The file of the key that seals them.
    pub key_file: Option<PathBuf>,
    /// The passphrase that seals them.
    pub passphrase: Option<Passphrase>,
    /// The directory in which one is seen restored; `None`: the data directory.
    pub scratch: Option<PathBuf>,
}

impl Default for Backups {
    fn default() -> Self {
        Backups {
            to: None,
            every_ms: 24 * 60 * MINUTE,
            keep_last: 7,
            keep_days: 30,
            verify_every_ms: Some(7 * 24 * 60 * MINUTE),
            key_file: None,
            passphrase: None,
            scratch: None,
        }
    }
}

impl Backups {
    pub(super) fn of(settings: &Settings, passphrase: Option<String>) -> Result<Backups> {
        let key_file = settings.get(Key::BackupKeyFile).map(PathBuf::from);
        if key_file.is_some() && passphrase.is_some() {
            let why = format!("backup.key_file and {PASSPHRASE} are both set; one of them seals");
            return Err(Error::invalid("backup.key_file", why));
        }
        if passphrase.as_ref().is_some_and(String::is_empty) {
            return Err(Error::invalid("backup.passphrase", format!("{PASSPHRASE} is empty")));
        }
        Ok(Backups {
            to: settings.get(Key::BackupTo).map(str::to_owned),
            every_ms: time("backup.every", settings.require(Key::BackupEvery)?)?,
            keep_last: count("backup.keep_last", settings.require(Key::BackupKeepLast)?, 1)? as usize,
            keep_days: count("backup.keep_days", settings.require(Key::BackupKeepDays)?, 0)?,
            verify_every_ms: match settings.require(Key::BackupVerifyEvery)? {
                "off" => None,
                text => Some(time("backup.verify_every", text)?),
            },
            key_file,
            passphrase: passphrase.map(Passphrase),
            scratch: settings.get(Key::BackupScratch).map(PathBuf::from),
        })
    }
}

/// Reads `90m`, `24h` or `7d`.
fn time(key: &'static str, text: &str) -> Result<i64> {
    let units = [("m", MINUTE), ("h", 60 * MINUTE), ("d", 24 * 60 * MINUTE)];
    let read = units.iter().find_map(|(unit, ms)| text.strip_suffix(unit)?.parse::<i64>().ok()?.checked_mul(*ms));
    read.filter(|ms| (MINUTE..=TIME_MAX).contains(ms))
        .ok_or_else(|| Error::invalid(key, format!("{key} is {text:?}; a time as 90m, 24h or 7d, at most 365d")))
}

fn count(key: &'static str, text: &str, least: u32) -> Result<u32> {
    let most = 10_000;
    let read = text.parse().ok().filter(|count| (least..=most).contains(count));
    read.ok_or_else(|| Error::invalid(key, format!("{key} is {text:?}; a number from {least} to {most}")))
}

//! How backups stand, and what is wrong with them in plain words: cause, and what to do.

use super::{
    Ended, Work,
    schedule::{in_place, is_ahead},
};
use crate::{clock, config::Backups, limits, server::Server};
use serde::{Deserialize, Serialize};
use std::fmt;
use storage::{
    Timestamp,
    backup::deed::{Deed, Deeds},
};

/// How backups stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// Where they go by the schedule; `None`: there is none.
    pub to: Option<String>,
    /// When the newest was made.
    pub last: Option<String>,
    /// Its age, seconds.
    pub age_seconds: Option<i64>,
    /// When one was last seen restored.
    pub verified: Option<String>,
    /// When all that lies there was last read, and held.
    #[serde(default)]
    pub read: Option<String>,
    /// The reading of all that lies there that has begun and came to no end yet.
    #[serde(default)]
    pub reading: Option<Reading>,
    /// What is being done just now.
    pub doing: Option<String>,
    /// They go to somebody else's machine, and whoever reads them there reads everything.
    pub unsealed: bool,
    /// They lie on the disk of the data directory, and are lost with it; `room.backup_bytes` says what they take there.
    #[serde(default)]
    pub same_disk: bool,
}

/// A reading of all that lies with the backups; it goes on whenever no other work on them is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When it began.
    pub since: String,
    /// Objects that held so far.
    pub objects: u64,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reading { since, objects } = self;
        write!(f, "being read since {since}, {objects} objects so far, whenever no other work on them is due")
    }
}

/// Whether backups and the shipped log leave the house without a seal: in an object store they lie with its operator.
pub(super) fn is_unsealed(settings: &Backups) -> bool {
    let elsewhere = settings.to.as_ref().is_some_and(|to| to.starts_with("s3://"));
    elsewhere && settings.key_file.is_none() && settings.passphrase.is_none()
}

/// What is said of such backups.
pub(super) const UNSEALED: &str = "backups and the shipped log lie there unsealed: whoever reads that place has the private \
     keys, second factors and direct messages; set backup.key_file and choose a new place";

/// What is said of backups beside the data.
pub const SAME_DISK: &str = "backups lie on the disk of the data directory and are lost with it, and no budget bounds what \
     they take there; let backup.to, or --to, name another disk or an object store";

/// How backups stand, and what is wrong, worst first.
#[must_use]
pub fn report(server: &Server, deeds: &Deeds) -> (Report, Vec<String>) {
    let (settings, now) = (&server.config().backups, server.now());
    let deeds = server.backup().known(deeds);
    let last = deeds.backup.as_ref();
    let doing = server.backup().work().filter(|work| work.ended.is_none()).map(|work: Work| work.doing);
    let reading = server.backup().reading();
    let report = Report {
        to: settings.to.clone(),
        last: last.map(|deed| clock::iso(deed.made)),
        age_seconds: last.map(|deed| now.ms_since(deed.made).max(0) / 1000),
        verified: deeds.verified.as_ref().map(|deed| clock::iso(deed.at)),
        read: deeds.read.as_ref().map(|deed| clock::iso(deed.at)),
        reading: reading.map(|(since, objects)| Reading { since: clock::iso(since), objects }),
        doing,
        unsealed: is_unsealed(settings),
        same_disk: server.room().backups().is_some(),
    };
    let mut problems = Vec::new();
    if let Some(failed) = &deeds.verify_failed {
        problems.push(not_restored(failed));
    }
    if let Some(failed) = &deeds.read_failed {
        problems.push(not_read(failed));
    }
    if let Some(failed) = &deeds.backup_failed {
        problems.push(not_made(failed));
    }
    if let Some(to) = &settings.to {
        let deeds = in_place(&deeds, to);
        let last = deeds.backup.as_ref();
        let ahead = [&deeds.backup, &deeds.verified].into_iter().flatten().find(|deed| is_ahead(deed, now));
        if let Some(deed) = ahead {
            problems.push(done_in_the_future(deed));
        }
        let due = |deed: Option<&Deed>, ms: i64| {
            let since = deed.map_or(server.started_at(), |deed| deed.at);
            now.ms_since(since) > ms.saturating_mul(2).saturating_add(limits::BACKUP_RETRY_MS)
        };
        if due(last, settings.every_ms) && deeds.backup_failed.is_none() {
            problems.push(too_old(last, now));
        }
        if let Some(every_ms) = settings.verify_every_ms
            && last.is_some()
            && due(deeds.verified.as_ref(), every_ms)
            && deeds.verify_failed.is_none()
        {
            let text =
                "no backup was seen restored for long, although that is scheduled; `dassie backup verify` does it now";
            problems.push(text.to_owned());
        }
        if let Some(every_ms) = settings.verify_every_ms
            && last.is_some()
            && due(deeds.read.as_ref(), every_ms.saturating_mul(limits::BACKUP_READ_VERIFIES))
            && deeds.verify_failed.is_none()
            && deeds.read_failed.is_none()
        {
            problems.push(not_read_for_long(report.reading.as_ref()));
        }
    }
    (report, problems)
}

fn not_restored(failed: &Deed) -> String {
    let (at, why, place) = (clock::iso(failed.at), failed.failed.as_deref().unwrap_or_default(), &failed.place);
    if failed.damaged {
        return format!(
            "the backup in {place} could not be restored ({at}: {why}); `dassie backup now --anew` makes one that relies on \
             nothing there, and the disk it lies on should be looked at"
        );
    }
    format!("the backup in {place} was not seen restored ({at}: {why}); it is tried again")
}

fn not_read(failed: &Deed) -> String {
    let (at, why, place) = (clock::iso(failed.at), failed.failed.as_deref().unwrap_or_default(), &failed.place);
    if failed.damaged {
        return format!(
            "not all that lies with the backups in {place} holds ({at}: {why}); `dassie backup verify --all` names it, \
             `dassie backup now --anew` makes one that relies on nothing there, and the disk it lies on should be looked at"
        );
    }
    format!("what lies with the backups in {place} could not all be read ({at}: {why}); it is tried again")
}

fn not_read_for_long(reading: Option<&Reading>) -> String {
    let so_far = reading.map(|reading| format!(" (it is {reading})")).unwrap_or_default();
    format!("what lies with the backups was not all read for long, although that is scheduled{so_far}; see the log")
}

fn not_made(failed: &Deed) -> String {
    let (at, why, place) = (clock::iso(failed.at), failed.failed.as_deref().unwrap_or_default(), &failed.place);
    format!("the backup to {place} failed ({at}: {why}); it is tried again, or now by `dassie backup now`")
}

fn done_in_the_future(deed: &Deed) -> String {
    let (at, place) = (clock::iso(deed.at), &deed.place);
    format!(
        "the newest backup in {place}, or when it was last seen restored, is of {at}, which is still to come: the clock stood \
         in the future then, or stands in the past now; both are done again, and `dassie backup list` says what there is"
    )
}

fn too_old(last: Option<&Deed>, now: Timestamp) -> String {
    let age = match last {
        Some(deed) => format!("the newest backup is {} hours old", now.ms_since(deed.made) / clock::HOUR_MS),
        None => "no backup was made yet".to_owned(),
    };
    format!("{age}, although they are scheduled; see the log, or make one by `dassie backup now`")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.last, &self.to) {
            (Some(last), _) => {
                write!(f, "  last backup {last}")?;
                match &self.verified {
                    Some(verified) => write!(f, ", one seen restored {verified}")?,
                    None => write!(f, ", none seen restored yet")?,
                }
                if let Some(read) = &self.read {
                    write!(f, ", all that lies there read {read}")?;
                }
                if let Some(reading) = &self.reading {
                    write!(f, "; what lies there is {reading}")?;
                }
            }
            (None, Some(to)) => write!(f, "  no backup yet; they go to {to}")?,
            (None, None) => write!(f, "  no backups: set backup.to, or everything here is lost with this disk")?,
        }
        if let Some(doing) = &self.doing {
            write!(f, " ({doing})")?;
        }
        if self.unsealed {
            write!(f, "\n  {UNSEALED}")?;
        }
        if self.same_disk {
            write!(f, "\n  {SAME_DISK}")?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ended {
            Some(Ended::Done(done)) => done.fmt(f),
            Some(Ended::Failed(why)) => f.write_str(why),
            None if self.total > 0 => write!(f, "{} ({} of {})", self.doing, self.done, self.total),
            None => f.write_str(&self.doing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_that_leave_the_house_are_sealed_or_it_is_said() {
        let to = |to: &str| Backups { to: Some(to.into()), ..Backups::default() };
        assert!(is_unsealed(&to("s3://bucket/dassie?endpoint=https://s3.example.org&region=eu-1")));
        assert!(!is_unsealed(&to("/mnt/usb")) && !is_unsealed(&Backups::default()));
        assert!(!is_unsealed(&Backups { key_file: Some("/etc/dassie.key".into()), ..to("s3://bucket/x") }));
        let mut report = Report {
            to: None,
            last: None,
            age_seconds: None,
            verified: None,
            read: None,
            reading: None,
            doing: None,
            unsealed: true,
            same_disk: false,
        };
        assert!(report.to_string().contains(UNSEALED) && !report.to_string().contains(SAME_DISK));
        (report.unsealed, report.same_disk) = (false, true);
        assert!(!report.to_string().contains(UNSEALED) && report.to_string().contains(SAME_DISK));
    }

    #[test]
    fn a_reading_that_has_not_ended_is_told_and_that_none_has_for_long_says_how_far_it_is() {
        let reading = Reading { since: "2026-12-03T10:00:00.000Z".into(), objects: 7 };
        let told = "being read since 2026-12-03T10:00:00.000Z, 7 objects so far, whenever no other work on them is due";
        assert_eq!(reading.to_string(), told);
        let why = "what lies with the backups was not all read for long, although that is scheduled";
        assert_eq!(not_read_for_long(Some(&reading)), format!("{why} (it is {told}); see the log"));
        assert_eq!(not_read_for_long(None), format!("{why}; see the log"));
    }
}

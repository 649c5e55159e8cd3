//! Shipping: every two seconds what is new in the log goes to the place of the backups, and before it the files that it
//! refers to.

use super::lease::{self, Tenancy};
use crate::{
    backup::{By, Job, Wanted},
    error::{Error, Result},
    limits,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use storage::{
    Lsn, Timestamp,
    backup::{Begun, Progress, Shipper},
};

/// How shipping stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipping {
    /// Where the log goes.
    pub place: String,
    /// Up to which transaction it is there.
    pub shipped: u64,
    /// Seconds by which it is behind; 0: everything is there.
    pub behind_s: u64,
    /// A standby is known: this server stops when it cannot renew its lease.
    pub standby: bool,
    /// Why it is behind, in words.
    pub problem: Option<String>,
    /// Why this machine may not serve now.
    pub fenced: Option<String>,
    /// What of the claims to serve there is damaged, in words.
    #[serde(default)]
    pub damaged: Option<String>,
}

impl Shipping {
    /// What is wrong with that, in words; that this machine may not serve is told apart.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let Shipping { place, behind_s, problem, fenced, damaged, .. } = self;
        let behind = match (fenced, problem) {
            (None, Some(why)) => Some(format!("the log is not shipped, {behind_s} s behind: {why}")),
            (None, None) if *behind_s >= limits::SHIP_BEHIND_S => Some(format!(
                "the log shipped to {place} is {behind_s} s behind, although no round failed; what was written since would be \
                 lost with this disk; look how fast that place takes what it is sent (the line, its disk), and whether much is \
                 uploaded here just now"
            )),
            _ => None,
        };
        let damaged = damaged.as_ref().map(|why| {
            format!(
                "of the claims to serve in {place} something is damaged: {why}; the others are relied on. It is written anew \
                 by a server of which no standby is known, or when a standby takes over"
            )
        });
        behind.into_iter().chain(damaged).collect()
    }
}

impl fmt::Display for Shipping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standby = if self.standby { "a standby may take over" } else { "no standby is known" };
        match self.behind_s {
            0 => writeln!(f, "  the log is shipped to {}; {standby}", self.place),
            behind => writeln!(f, "  the log shipped to {} is {behind} s behind; {standby}", self.place),
        }
    }
}

/// Shipping as the server holds it.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    tenancy: Tenancy,
    known: Mutex<Known>,
}

struct Known {
    shipped: Lsn,
    caught_up: Timestamp,
    problem: Option<String>,
}

impl Ledger {
    fn new(tenancy: Tenancy, now: Timestamp) -> Ledger {
        let known = Known { shipped: Lsn(0), caught_up: now, problem: None };
        Ledger(Arc::new(Inner { tenancy, known: Mutex::new(known) }))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How shipping stands.
    #[must_use]
    pub fn look(&self, durable: Lsn, now: Timestamp) -> Shipping {
        let known = self.known();
        let behind_ms = if durable > known.shipped { now.ms_since(known.caught_up) } else { 0 };
        Shipping {
            place: self.0.tenancy.place().to_owned(),
            shipped: known.shipped.0,
            behind_s: u64::try_from(behind_ms).unwrap_or(0) / 1000,
            standby: self.0.tenancy.heeds(),
            problem: known.problem.clone(),
            fenced: self.0.tenancy.fence().left().err(),
            damaged: self.0.tenancy.damaged(),
        }
    }
}

/// Starts shipping and the renewals of the lease.
pub fn start(server: &Server, tenancy: Tenancy) {
    let ledger = Ledger::new(tenancy.clone(), server.now());
    server.set_shipping(ledger.clone());
    let shipped = ledger.clone();
    server.spawn("lease", lease::keep(server.clone(), tenancy, move || shipped.known().shipped));
    server.spawn("shipping", ship(server.clone(), ledger));
}

async fn ship(server: Server, ledger: Ledger) {
    let mut shipper: Option<Box<Shipper>> = None;
    let mut failures = 0_u32;
    loop {
        let pause = limits::SHIP_PAUSE_MS << failures.min(limits::SHIP_BACKOFF_DOUBLINGS);
        server.sleep_until(server.now().plus_ms(pause)).await;
        let (of_thread, of_round) = (server.clone(), ledger.clone());
        let round = tokio::task::spawn_blocking(move || {
            let outcome = of_round.round(&of_thread, &mut shipper);
            (shipper, outcome)
        });
        let outcome = match round.await {
            Ok((back, outcome)) => {
                shipper = back;
                outcome
            }
            Err(error) => {
                shipper = None;
                Err(Error::Bug(error.to_string()))
            }
        };
        failures = match outcome {
            Ok(()) => 0,
            Err(error) => {
                if failures == 0 {
                    tracing::warn!(%error, "the log is not shipped; it is tried again");
                }
                shipper = shipper.filter(|_| !matches!(error, Error::Storage(storage::Error::Unavailable)));
                ledger.known().problem = Some(error.to_string());
                failures.saturating_add(1)
            }
        };
    }
}

impl Ledger {
    fn round(&self, server: &Server, shipper: &mut Option<Box<Shipper>>) -> Result<()> {
        let tenancy = &self.0.tenancy;
        self.refuse_now(server)?;
        let store = server.store();
        if shipper.is_none() {
            let repository = match super::repository(tenancy.config(), tenancy.place()) {
                // Nothing is there yet: the first backup makes it.
                Err(Error::Invalid { .. }) => return self.ask_for_backup(server, "there is none yet"),
                other => other?,
            };
            match Shipper::begin(repository, store)? {
                Begun::Ready(mut ready) => {
                    ready.ship_files_of(&tenancy.config().data_dir);
                    *shipper = Some(ready);
                }
                Begun::NeedsBackup(why) => return self.ask_for_backup(server, why),
            }
        }
        let Some(ready) = shipper else { return Ok(()) };
        let began = server.now();
        let durable = store.state().durable;
        let stopping = server.stopping();
        // Between two files: a round of many takes minutes where the target is slow.
        let tell = |_: Progress| !*stopping.borrow() && self.refuse_now(server).is_ok();
        if let Err(error) = ready.round(store, &tell) {
            // If that is why it was ended, this says it, and the next round goes on.
            self.refuse_now(server)?;
            return Err(error.into());
        }
        // What the repository has of the log, the log itself need not keep for it.
        store.keep_log_behind(Some(ready.done_with()));
        let mut known = self.known();
        known.shipped = ready.shipped();
        if known.shipped >= durable {
            known.caught_up = began;
        }
        known.problem = None;
        Ok(())
    }

    /// Nothing is shipped by a machine that may not serve, or whose disk is stalled.
    fn refuse_now(&self, server: &Server) -> Result<()> {
        if let Err(why) = self.0.tenancy.fence().left() {
            return Err(Error::invalid("standby", why));
        }
        if server.disk().is_stalled() {
            return Err(Error::invalid("backup", "the disk is stalled; the log is shipped when it is not"));
        }
        Ok(())
    }

    fn ask_for_backup(&self, server: &Server, why: &str) -> Result<()> {
        if server.store().is_read_only() {
            // The schedule tries it, and rests between two tries.
            let words =
                format!("the log is shipped behind a backup, and {why}; nothing is stored here until a restart");
            return Err(Error::invalid("backup", words));
        }
        // As by the schedule: one that is stamped in the future would be the newest for ever.
        if !server.trusts_ages() {
            let words =
                format!("the log is shipped behind a backup, and {why}; one is made when the clock is believed again");
            return Err(Error::invalid("backup", words));
        }
        let when = match server.backup().under_way() {
            None => {
                let place = self.0.tenancy.place().to_owned();
                server.backup().begin(server, Wanted { job: Job::Backup, place, by: By::Server })?;
                "is being made"
            }
            Some(Job::Backup | Job::BackupAnew) => "is being made",
            Some(Job::Verify) => "is made when the verification under way has ended",
            Some(Job::ReadAll) => {
                server.backup().make_way();
                "is made when the reading of all that lies there has ended, which is broken off for it"
            }
        };
        Err(Error::invalid("backup", format!("the log is shipped behind a backup, and {why}; one {when}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::time::Duration;
    use storage::{
        Options, Store,
        backup::{Claim, Fence},
        vfs::{RealDisk, Vfs},
    };

    #[test]
    fn a_log_that_is_long_behind_without_a_failed_round_is_told_until_it_is_caught_up() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data");
        std::fs::create_dir(&data).expect("made");
        let mut config = Config::embedded(&data, None);
        let place = dir.path().join("target").to_string_lossy().into_owned();
        config.backups.to = Some(place.clone());
        let store = Store::open(Options::new(data.join("store"))).expect("opens");
        let disk: Arc<dyn Vfs> = Arc::new(RealDisk);
        let (fence, begin) = (Fence::new(Arc::new(|| Duration::ZERO)), Timestamp(1_000));
        let taken = super::super::take_up((&config, &disk), &store, &fence, 7, begin).expect("may serve");
        let ledger = Ledger::new(taken.expect("has a place"), begin);
        let told = |durable, passed_ms| ledger.look(Lsn(durable), begin.plus_ms(passed_ms)).told().pop();
        assert_eq!(told(5, 59_999), None, "a round takes its time");
        let why = told(5, 60_000).expect("it is told");
        assert!(why.contains("is 60 s behind, although no round failed"), "{why}");
        assert_eq!(told(0, 60_000), None, "there is nothing to ship");
        ledger.known().problem = Some("it is full".to_owned());
        assert_eq!(told(5, 180_000).as_deref(), Some("the log is not shipped, 180 s behind: it is full"));
        // A round ends; what came while it went on is not old.
        *ledger.known() = Known { shipped: Lsn(5), caught_up: begin.plus_ms(180_000), problem: None };
        assert_eq!((told(5, 239_999), told(6, 239_999)), (None, None));
        assert!(told(6, 240_000).is_some());
        // Whoever may not serve ships nothing, which is told as that.
        let repository = super::super::repository(&config, &place).expect("it is there");
        repository.put_claim(&Claim { epoch: 2, holder: 9 }).expect("stored");
        assert!(ledger.0.tenancy.round(Lsn(0), begin).is_err());
        assert!(ledger.look(Lsn(6), begin).fenced.is_some());
        assert_eq!(told(6, 240_000), None);
        // Damaged claims are told beside whatever else is.
        let now = || Shipping { damaged: Some("rotten".to_owned()), ..ledger.look(Lsn(6), begin.plus_ms(240_000)) };
        let (alone, beside) = (now().told(), Shipping { fenced: None, ..now() }.told());
        assert!(alone.len() == 1 && alone[0].contains("something is damaged: rotten; the others"), "{alone:?}");
        assert!(beside.len() == 2 && beside[0].contains("is 60 s behind, although"), "{beside:?}");
        assert_eq!(beside[1], alone[0]);
        store.close().expect("closed");
    }
}

//! `dassie standby`: sets a data directory up from a place of backups, then follows what is shipped there.

use crate::{
    backup::{absolute_place, same_place},
    clock::{self, Clock},
    config::Config,
    error::{Error, Result},
    limits,
};
use serde::{Deserialize, Serialize};
use std::{fmt, path::Path, time::Duration};
use storage::{
    Options, Timestamp,
    backup::{Follower, Machine, Tell, is_taken},
    vfs::{RealDisk, Vfs},
};

/// The file in which a standby says how it stands; losing it costs nothing.
const STATE: &str = "standby.json";

/// How a standby stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// What it follows.
    pub place: String,
    /// Everything up to this transaction is here.
    pub upto: u64,
    /// Seconds between now and the last time at which everything shipped was here.
    pub behind_s: u64,
    /// When the server that is followed last renewed its lease, by its clock.
    pub server_seen: Option<String>,
    /// That server knows of this standby: it can be taken over from.
    pub known_there: bool,
    /// What is wrong, in words.
    pub problem: Option<String>,
    /// When this was written.
    pub at: String,
}

impl fmt::Display for Followed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Followed { place, upto, behind_s, at, .. } = self;
        writeln!(f, "a standby of {place} (as of {at})")?;
        writeln!(f, "  everything up to transaction {upto} is here, {behind_s} s behind what is shipped")?;
        match (&self.server_seen, self.known_there) {
            (None, _) => writeln!(f, "  the server has not said anything yet")?,
            (Some(seen), true) => writeln!(f, "  the server renewed its lease at {seen}")?,
            (Some(_), false) => {
                writeln!(f, "  the server does not know of this standby yet; it looks every quarter of a minute")?;
            }
        }
        match &self.problem {
            Some(problem) => writeln!(f, "  problem: {problem}"),
            None => Ok(()),
        }
    }
}

/// How the standby on a data directory stood last; `None` if none is there.
///
/// # Errors
/// `Invalid` if what it wrote cannot be read.
pub fn looked_at(data_dir: &Path, clock: &Clock) -> Result<Option<Followed>> {
    let follows = Machine::read(&RealDisk, data_dir)?.and_then(|machine| machine.follows);
    let Some(place) = follows else { return Ok(None) };
    let written = read_state(data_dir).map_err(|why| Error::invalid("standby", format!("{STATE}: {why}")))?;
    Ok(Some(written.unwrap_or_else(|| Followed {
        place,
        upto: 0,
        behind_s: 0,
        server_seen: None,
        known_there: false,
        problem: Some("it has not been set up to the end; run `dassie standby` again".to_owned()),
        at: clock::iso(clock.now()),
    })))
}

/// What a standby wrote of how it stands; `None` if there is nothing.
///
/// # Errors
/// In words, why it cannot be read and what to do.
fn read_state(data_dir: &Path) -> Result<Option<Followed>, String> {
    let read = std::fs::File::open(data_dir.join(STATE)).and_then(|file| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut std::io::Read::take(file, limits::CONTROL_BYTES as u64), &mut text)?;
        Ok(text)
    });
    let text = match read {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("it cannot be read: {error}")),
    };
    let damaged = |error: serde_json::Error| {
        format!(
            "it is damaged ({error}); it only says how a standby stood: `dassie standby` writes it anew, it may be removed"
        )
    };
    serde_json::from_str(&text).map(Some).map_err(damaged)
}

/// What is wrong with `STATE`; its name and why.
pub(super) fn damaged_state(data_dir: &Path) -> Option<(&'static str, String)> {
    read_state(data_dir).err().map(|why| (STATE, why))
}

/// Follows `place` until `stop` says so. Waits; not for async workers.
///
/// # Errors
/// `Invalid` in a sentence if the data directory serves, or what comes next will never be shipped; `Storage`. Trouble with
/// the target is told in the state and tried again.
pub fn follow(
    (config, options): (&Config, Options),
    place: &str,
    (clock, random): (&Clock, u64),
    tell: Tell<'_>,
    stop: &dyn Fn(Duration) -> bool,
) -> Result<()> {
    let place = &absolute_place(place)?;
    let machine = settle((config, options.vfs.as_ref()), place, random)?;
    let repository = super::repository(config, place)?;
    if !Follower::is_set_up(&options)? {
        Follower::set_up(&repository, &options, &config.data_dir, tell)?;
    }
    let mut follower = Follower::open(repository, options)?;
    let mut stand = Stand { place: place.to_owned(), caught_up: clock.now(), ..Stand::default() };
    let (mut there, mut failures) = (There::default(), 0_u32);
    loop {
        let outcome = round(&mut follower, config, &machine, &mut there, tell);
        let now = clock.now();
        failures = match &outcome {
            Ok(lease) => {
                stand.lease = lease.or(stand.lease);
                (stand.caught_up, stand.problem) = (now, None);
                0
            }
            Err(storage::Error::Refused(why)) => {
                stand.problem = Some(why.clone());
                stand.write(&config.data_dir, &follower, now)?;
                return Err(Error::invalid("standby", why.clone()));
            }
            Err(error) => {
                if failures == 0 {
                    tracing::warn!(%error, "what is shipped cannot be followed; it is tried again");
                }
                stand.problem = Some(error.to_string());
                failures.saturating_add(1)
            }
        };
        stand.write(&config.data_dir, &follower, now)?;
        let pause = limits::SHIP_PAUSE_MS << failures.min(limits::FOLLOW_BACKOFF_DOUBLINGS);
        if stop(Duration::from_millis(pause.unsigned_abs())) {
            break;
        }
    }
    follower.store().close()?;
    Ok(())
}

/// Notes durably that this data directory follows, before anything is in it.
fn settle((config, vfs): (&Config, &dyn Vfs), place: &str, random: u64) -> Result<Machine> {
    let refuse = |why: &str| Err(Error::invalid("standby", why));
    let known = Machine::read(vfs, &config.data_dir)?;
    if known.is_none() && is_taken(vfs, &config.data_dir.join("store"))? {
        return refuse(
            "this data directory holds a server's store; a standby needs one of its own: name another with --data",
        );
    }
    let mut machine = super::machine_or_new(vfs, config, random)?;
    if machine.epoch > 0 {
        return refuse(
            "this machine serves, or was promoted (`dassie promote` ends what was begun); it follows nobody",
        );
    }
    // Earlier versions noted a directory as it was typed.
    if machine.follows.as_ref().is_some_and(|follows| !same_place(follows, place)) {
        return refuse("this data directory follows another place of backups");
    }
    machine.follows = Some(place.to_owned());
    machine.write(vfs, &config.data_dir)?;
    Ok(machine)
}

/// What is known of the place that is followed.
#[derive(Default)]
struct There {
    /// This machine is registered there.
    registered: bool,
    /// What the server said last is damaged, which the log has heard of.
    damaged: bool,
}

fn round(
    follower: &mut Follower,
    config: &Config,
    machine: &Machine,
    there: &mut There,
    tell: Tell<'_>,
) -> storage::Result<Option<storage::backup::Lease>> {
    if !there.registered {
        follower.repository().register_standby(machine.holder)?;
        there.registered = true;
    }
    follower.step()?;
    follower.fetch_files(&config.data_dir, tell)?;
    // It is only shown here; a server that runs writes it anew.
    match follower.repository().lease() {
        Err(error @ storage::Error::Corrupt { .. }) => {
            if !std::mem::replace(&mut there.damaged, true) {
                tracing::error!(%error, "what the server said last is damaged; what it ships is followed all the same");
            }
            Ok(None)
        }
        other => {
            there.damaged = false;
            other
        }
    }
}

#[derive(Default)]
struct Stand {
    place: String,
    caught_up: Timestamp,
    lease: Option<storage::backup::Lease>,
    problem: Option<String>,
}

impl Stand {
    fn write(&self, data_dir: &Path, follower: &Follower, now: Timestamp) -> Result<()> {
        let followed = Followed {
            place: self.place.clone(),
            upto: follower.store().state().durable.0,
            behind_s: u64::try_from(now.ms_since(self.caught_up)).unwrap_or(0) / 1000,
            server_seen: self.lease.map(|lease| clock::iso(lease.at)),
            known_there: self.lease.is_some_and(|lease| lease.heeds),
            problem: self.problem.clone(),
            at: clock::iso(now),
        };
        let text = serde_json::to_vec_pretty(&followed).map_err(|error| Error::Bug(error.to_string()))?;
        let (path, beside) = (data_dir.join(STATE), data_dir.join("standby.json.new"));
        let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
        written.map_err(|error| Error::invalid("standby", format!("cannot write {STATE}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::Cell, sync::Arc};
    use storage::{
        Lsn, Store,
        backup::{Backup, Begin, Claim, Directory, Keep, Lease},
    };

    #[test]
    fn a_damaged_state_of_a_standby_is_named() {
        let data = tempfile::tempdir().expect("a directory");
        let machine = Machine { holder: 7, epoch: 0, heeds: false, follows: Some("elsewhere".to_owned()) };
        machine.write(&RealDisk, data.path()).expect("written");
        let look = || looked_at(data.path(), &Clock::System);
        assert!(look().expect("nothing is written yet").is_some_and(|followed| followed.upto == 0));
        assert_eq!(damaged_state(data.path()), None);
        for bytes in [&b"{\"place\":"[..], b"\xff\xfe", b""] {
            std::fs::write(data.path().join(STATE), bytes).expect("written");
            let why = look().expect_err("damaged").to_string();
            assert!(why.contains("standby.json: it "), "{why}");
            assert!(damaged_state(data.path()).is_some_and(|(name, _)| name == "standby.json"));
        }
    }

    #[test]
    fn what_is_shipped_is_followed_while_what_the_server_said_last_is_damaged() {
        let dir = tempfile::tempdir().expect("a directory");
        let (data, place) = (dir.path().join("data"), dir.path().join("place"));
        std::fs::create_dir(&data).expect("made");
        let server = Store::open(Options::new(dir.path().join("server"))).expect("opens");
        let (keep, begin) = (Keep { last: 9, days: 0 }, Begin::WhereItEnded);
        let backup = Backup { store: &server, beside: None, keep, begin, program: "test", tell: &|_| true };
        backup.run(Arc::new(Directory::new(Arc::new(RealDisk), &place)), None).expect("backed up");
        server.close().expect("closed");
        let (config, place_name) = (Config::embedded(&data, None), place.to_string_lossy().into_owned());
        let repository = crate::standby::repository(&config, &place_name).expect("it is there");
        let claim = Claim { epoch: 1, holder: 1 };
        let lease = Lease { claim, shipped: Lsn(0), at: Timestamp(1_000), heeds: true };
        repository.put_lease(&lease).expect("stored");
        let (rounds, current) = (Cell::new(0), place.join("lease/current"));
        let stop = |_: Duration| {
            let followed = looked_at(&data, &Clock::System).expect("written").expect("it follows");
            assert_eq!((followed.problem, followed.known_there), (None, true), "round {}", rounds.get());
            rounds.set(rounds.get() + 1);
            std::fs::write(&current, "rotten").expect("damaged");
            rounds.get() == 3
        };
        let options = Options::new(data.join("store"));
        follow((&config, options), &place_name, (&Clock::System, 7), &|_| true, &stop).expect("it follows");
        assert_eq!(rounds.get(), 3);
    }

    #[test]
    fn a_directory_is_noted_from_the_root_on_however_it_was_typed() {
        let data = tempfile::tempdir().expect("a directory");
        let config = Config::embedded(data.path(), None);
        let follow_place = |place: &str| {
            let (options, clock) = (Options::new(data.path().join("store")), Clock::System);
            follow((&config, options), place, (&clock, 7), &|_| true, &|_| true)
                .expect_err("nothing is there")
                .to_string()
        };
        let noted = || Machine::read(&RealDisk, data.path()).expect("read").and_then(|machine| machine.follows);
        // An empty mount is no store.
        std::fs::create_dir_all(data.path().join("store/lost+found")).expect("made");
        assert!(follow_place("no-backups-here").contains("there is no backup in"));
        // As an earlier version noted it.
        let typed = Machine { holder: 7, epoch: 0, heeds: false, follows: Some("no-backups-here".to_owned()) };
        typed.write(&RealDisk, data.path()).expect("written");
        for place in ["no-backups-here", "./no-backups-here"] {
            let why = follow_place(place);
            assert!(why.contains("there is no backup in"), "{why}");
            let from_root = std::env::current_dir().expect("a directory").join("no-backups-here");
            assert_eq!(noted().as_deref(), from_root.to_str());
        }
        let why = follow_place("elsewhere");
        assert!(why.contains("follows another place"), "{why}");
    }
}

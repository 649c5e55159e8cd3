//! `dassie standby`: sets a data directory up from a place of backups, then follows what is shipped there.

use crate::{
    backup::{absolute_place, same_place},
    clock::{self, Clock},
    config::Config,
    error::{Error, Result},
    limits,
};
use serde::{Deserialize, Serialize};
use std::{fmt, path::Path, sync::Arc, time::Duration};
use storage::{
    Lsn, Options, Timestamp,
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
/// `Invalid` in a sentence if the data directory serves, what comes next will never be shipped, or there is no room to be set
/// up; `Storage`. Trouble with the target, and a disk that is full, are told in the state and tried again.
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
    let vfs = Arc::clone(&options.vfs);
    let no_room = |error: &storage::Error| super::no_room(vfs.as_ref(), &config.data_dir, error);
    let mut stand = Stand { place: place.to_owned(), caught_up: clock.now(), ..Stand::default() };
    if !Follower::is_set_up(&options)?
        && let Err(error) = Follower::set_up(&repository, &options, &config.data_dir, tell)
    {
        let full = no_room(&error).map(|why| format!("{why}; make room there, then run it again"));
        let why = full.clone().unwrap_or_else(|| error.to_string());
        stand.problem = Some(format!("it has not been set up to the end: {why}"));
        stand.write(&config.data_dir, Lsn(0), clock.now());
        return Err(full.map_or_else(|| error.into(), |why| Error::invalid("standby", why)));
    }
    let mut follower = Follower::open(repository, options.clone())?;
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
                stand.write(&config.data_dir, follower.store().state().durable, now);
                return Err(Error::invalid("standby", why.clone()));
            }
            Err(error) => {
                if failures == 0 {
                    tracing::warn!(%error, "what is shipped cannot be followed; it is tried again");
                }
                let full = no_room(error).map(|why| format!("{why}; make room there, and it goes on by itself"));
                stand.problem = Some(full.unwrap_or_else(|| error.to_string()));
                failures.saturating_add(1)
            }
        };
        stand.write(&config.data_dir, follower.store().state().durable, now);
        let pause = limits::SHIP_PAUSE_MS << failures.min(limits::FOLLOW_BACKOFF_DOUBLINGS);
        if stop(Duration::from_millis(pause.unsigned_abs())) {
            break;
        }
        // The log goes on after a start alone, which needs room itself.
        let has_room = || vfs.free_space(&options.dir).is_ok_and(|free| free >= options.sizes.free_min);
        if follower.store().is_read_only() && has_room() {
            follower = follower.open_anew(options.clone())?;
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
    /// It could not be written last, which the log has heard of.
    unwritten: bool,
}

impl Stand {
    /// Writes how it stands. A disk that does not take that keeps nobody from following.
    fn write(&mut self, data_dir: &Path, upto: Lsn, now: Timestamp) {
        let before = self.unwritten;
        let written = self.try_write(data_dir, upto, now);
        self.unwritten = written.is_err();
        if let Err(error) = written
            && !before
        {
            tracing::warn!(%error, "how this standby stands cannot be written; it follows all the same");
        }
    }

    fn try_write(&self, data_dir: &Path, upto: Lsn, now: Timestamp) -> Result<()> {
        let followed = Followed {
            place: self.place.clone(),
            upto: upto.0,
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
    use std::{cell::Cell, path::PathBuf};
    use storage::{
        Sizes, Store, Tx,
        backup::{Backup, Begin, Begun, Beside, Claim, Directory, Keep, Lease, Shipper},
        catalogue::TableInfo,
        table::TableId,
        vfs::{Fault, FaultOn, SimulatedDisk},
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

    const ROWS: TableId = TableId(10);
    const TABLES: &[TableInfo] = &[
        TableInfo::plain(TableId(1), "meta"),
        TableInfo::plain(TableId(2), "consumer"),
        TableInfo::plain(ROWS, "rows"),
    ];

    fn small(disk: &SimulatedDisk, dir: &Path) -> Options {
        Options { vfs: Arc::new(disk.clone()), tables: TABLES, sizes: Sizes::small(), ..Options::new(dir) }
    }

    /// A server with its backups, on the disk.
    struct Server {
        store: Store,
        data: PathBuf,
        place: PathBuf,
    }

    impl Server {
        fn below(dir: &Path) -> Server {
            let data = dir.join("server");
            std::fs::create_dir_all(data.join("media")).expect("made");
            let options = Options { tables: TABLES, sizes: Sizes::small(), ..Options::new(data.join("store")) };
            Server { store: Store::open(options).expect("opens"), data, place: dir.join("place") }
        }

        fn put(&self, key: u8) {
            let write = move |tx: &mut Tx<'_>| -> storage::Result<()> {
                tx.put_bytes(ROWS, vec![key], vec![1; 40]);
                Ok(())
            };
            self.store.write(write).expect("written");
        }

        fn put_picture(&self, bytes: usize) {
            std::fs::write(self.data.join("media/one"), vec![7_u8; bytes]).expect("written");
        }

        fn back_up(&self) {
            let beside = Some(Beside { data_dir: &self.data, config: None });
            let (keep, begin) = (Keep { last: 9, days: 0 }, Begin::WhereItEnded);
            let backup = Backup { store: &self.store, beside, keep, begin, program: "test", tell: &|_| true };
            backup.run(Arc::new(Directory::new(Arc::new(RealDisk), &self.place)), None).expect("backed up");
        }

        fn ship(&self, config: &Config) {
            let repository = crate::standby::repository(config, &self.place.to_string_lossy()).expect("it is there");
            let Begun::Ready(mut shipper) = Shipper::begin(repository, &self.store).expect("begun") else {
                panic!("a backup is there")
            };
            shipper.round(&self.store, &|_| true).expect("shipped");
        }
    }

    /// A server, and beside it a standby's directory on a disk of its own.
    struct Scene {
        _dir: tempfile::TempDir,
        data: PathBuf,
        config: Config,
        disk: SimulatedDisk,
        server: Server,
    }

    impl Scene {
        fn new() -> Scene {
            let dir = tempfile::tempdir().expect("a directory");
            let data = dir.path().join("data");
            std::fs::create_dir(&data).expect("made");
            let (config, server) = (Config::embedded(&data, None), Server::below(dir.path()));
            Scene { _dir: dir, data, config, disk: SimulatedDisk::new(), server }
        }

        /// Follows with these sizes until `stop` says so between two rounds.
        fn follows(&self, sizes: Sizes, stop: &dyn Fn(Duration) -> bool) -> Result<()> {
            let options = Options { sizes, ..small(&self.disk, &self.data.join("store")) };
            let place = self.server.place.to_string_lossy();
            follow((&self.config, options), &place, (&Clock::System, 7), &|_| true, stop)
        }
    }

    #[test]
    fn a_full_disk_stops_a_standby_in_words_keeps_its_floor_and_lets_it_go_on_when_there_is_room() {
        let scene = Scene::new();
        let Scene { data, config, disk, server, .. } = &scene;
        server.put(0);
        server.back_up();
        let floor = Sizes::small().free_min;
        let has_picture = || disk.contents(&data.join("media/one")).is_ok();
        let rounds = Cell::new(0);
        let stop = |_: Duration| {
            let followed = read_state(data).expect("it can be read").expect("it was written");
            let has_all = followed.upto == server.store.state().durable.0;
            let said = followed.problem.unwrap_or_default();
            match rounds.get() {
                0 => {
                    assert!(said.is_empty() && has_all, "{said}");
                    server.put(1);
                    server.ship(config);
                    disk.set_free_space(Some(1_000));
                }
                1 => {
                    let why = format!("1000 bytes are free in {}", data.join("store").display());
                    assert!(said.contains(&why) && said.ends_with("and it goes on by itself"), "{said}");
                    assert!(!has_all, "nothing was done");
                    // Nor is there room to say so.
                    std::fs::create_dir(data.join("standby.json.new")).expect("made");
                }
                2 => {
                    assert!(!said.is_empty(), "what was written last");
                    std::fs::remove_dir(data.join("standby.json.new")).expect("removed");
                    // There is room for rows, and not for the picture that comes.
                    server.put_picture(5_000);
                    server.back_up();
                    disk.set_free_space(Some(floor + 4_000));
                }
                3 => {
                    assert!(said.contains("there is no room for what was shipped") && has_all, "{said}");
                    assert!(!has_picture(), "the floor is kept");
                    disk.set_free_space(Some(floor + 6_000));
                }
                _ => assert!(said.is_empty() && has_all && has_picture(), "{said}"),
            }
            rounds.set(rounds.get() + 1);
            rounds.get() == 5
        };
        scene.follows(Sizes::small(), &stop).expect("it follows");
        assert_eq!(rounds.get(), 5);
    }

    #[test]
    fn a_standby_whose_log_failed_twice_is_opened_anew_once_there_is_room() {
        let scene = Scene::new();
        let Scene { data, config, disk, server, .. } = &scene;
        server.put(0);
        server.back_up();
        let rounds = Cell::new(0);
        let stop = |_: Duration| {
            let followed = read_state(data).expect("it can be read").expect("it was written");
            let has_all = followed.upto == server.store.state().durable.0;
            let said = followed.problem.unwrap_or_default();
            match rounds.get() {
                0 => {
                    assert!(said.is_empty() && has_all, "{said}");
                    server.put(1);
                    server.ship(config);
                    let (on, kind) = (FaultOn::Write, std::io::ErrorKind::StorageFull);
                    disk.inject(Fault { name: ".seg".to_owned(), on, after: 0, times: usize::MAX, kind });
                }
                1 => {
                    assert!(said.contains("read-only") && !has_all, "{said}");
                    disk.set_free_space(Some(1_000));
                }
                2 => {
                    assert!(said.contains("read-only") && !has_all, "{said}");
                    disk.heal();
                    disk.set_free_space(None);
                }
                _ => assert!(said.is_empty() && has_all, "{said}"),
            }
            rounds.set(rounds.get() + 1);
            rounds.get() == 4
        };
        // No segment is made beforehand, which would be without room first.
        let sizes = Sizes { background_delay: Duration::from_secs(60), ..Sizes::small() };
        scene.follows(sizes, &stop).expect("it follows");
        assert_eq!(rounds.get(), 4);
    }

    #[test]
    fn a_standby_that_was_not_set_up_for_want_of_room_says_so() {
        let scene = Scene::new();
        let Scene { data, disk, server, .. } = &scene;
        server.put(0);
        server.put_picture(5_000_000);
        server.back_up();
        let follow_once = || scene.follows(Sizes::small(), &|_| true);
        let problem = || read_state(data).expect("it can be read").expect("it was written").problem;
        // Room for the store, and not for the picture beside it.
        disk.set_free_space(Some(Sizes::small().free_min + 4_000_000));
        let why = follow_once().expect_err("there is no room").to_string();
        assert!(why.contains("bytes are free in") && why.ends_with("make room there, then run it again"), "{why}");
        let said = problem().unwrap_or_default();
        assert!(said.starts_with("it has not been set up to the end: there is no room"), "{said}");
        disk.set_free_space(None);
        follow_once().expect("it follows");
        assert!(problem().is_none() && disk.contents(&data.join("media/one")).is_ok());
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

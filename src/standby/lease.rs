//! The server's side of the lease: a round reads the claims, then says that this machine serves.

use crate::{
    backup::{NO_BACKUPS, open_timed_target, remembers, secret},
    config::Config,
    error::{Error, Result},
    limits,
    server::Server,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use storage::{
    Lsn, Store, Timestamp,
    backup::{Claim, Claims, Fence, Lease, Machine, Repository, Tenure},
    vfs::Vfs,
};

/// What is said of a place in which this machine claimed to serve and did not.
const NO_CLAIM: &str = "does not hold this machine's claim";

/// What the rounds of a serving machine need.
#[derive(Clone)]
pub struct Tenancy(Arc<Inner>);

struct Inner {
    config: Config,
    /// Where `MACHINE` lies.
    disk: Arc<dyn Vfs>,
    place: String,
    store: Store,
    fence: Fence,
    machine: Mutex<Machine>,
    /// It does not serve before it knows who does.
    must_know: bool,
    /// It has started to serve.
    serves: AtomicBool,
    repository: Mutex<Option<Arc<Repository>>>,
    /// What of the claims was damaged at the last round, in words.
    damaged: Mutex<Option<String>>,
}

/// Before a server writes anything: whether this machine may serve. `None`: no place of backups is configured.
///
/// # Errors
/// `Invalid` in a sentence if another machine serves, or if that cannot be known now and must be, or if the store is not the
/// one this machine served.
pub fn take_up(
    (config, disk): (&Config, &Arc<dyn Vfs>),
    store: &Store,
    fence: &Fence,
    random: u64,
    now: Timestamp,
) -> Result<Option<Tenancy>> {
    let known = Machine::read(disk.as_ref(), &config.data_dir)?;
    let refuse = |why: String| Err(Error::invalid("standby", why));
    // Whoever claims has given its store a number before.
    if known.as_ref().is_some_and(|machine| machine.epoch > 0) && store.history()?.is_none() {
        return Err(super::other_data(config));
    }
    let Some(place) = config.backups.to.clone() else {
        if known.is_some_and(|machine| machine.heeds) {
            let why = "a standby may follow this server, but backup.to is not set any more, so it cannot be known which of \
                       the two may serve; set it again";
            return refuse(why.to_owned());
        }
        return Ok(None);
    };
    // Data that was once backed up and does not know this machine was copied or restored here.
    let must_know = known.as_ref().map_or(store.history()?.is_some(), |machine| machine.heeds);
    let machine = super::machine_or_new(disk.as_ref(), config, random)?;
    // One that must know is written with its claim: until then the next start must know as well.
    if known.is_none() && !must_know {
        machine.write(disk.as_ref(), &config.data_dir)?;
    }
    if machine.epoch > 0 {
        fence.set(Tenure::new(Claim { epoch: machine.epoch, holder: machine.holder }, machine.heeds));
    }
    let tenancy = Tenancy(Arc::new(Inner {
        config: config.clone(),
        disk: Arc::clone(disk),
        place,
        store: store.clone(),
        fence: fence.clone(),
        machine: Mutex::new(machine),
        must_know,
        serves: AtomicBool::new(false),
        repository: Mutex::default(),
        damaged: Mutex::default(),
    }));
    match tenancy.round(Lsn(0), now) {
        Ok(()) => {}
        Err(error @ Error::Invalid { .. }) => return Err(error),
        Err(error) if must_know => {
            let way = match known {
                None => "set backup.to to another place, or remove it".to_owned(),
                Some(_) => format!("run `{}`", super::take_over_command(config)),
            };
            let why = format!(
                "it cannot be known whether another machine serves these data: {error}; try again later, or, if that place \
                 and the other machine are gone for good, {way}"
            );
            return refuse(why);
        }
        Err(error) => tracing::warn!(%error, "the place of the backups cannot be reached; no standby is known"),
    }
    tenancy.0.serves.store(true, Ordering::Relaxed);
    Ok(Some(tenancy))
}

impl Tenancy {
    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of the backups.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.place
    }

    /// The fence that the rounds keep open.
    #[must_use]
    pub fn fence(&self) -> &Fence {
        &self.0.fence
    }

    /// Whether a standby is known to exist.
    #[must_use]
    pub fn heeds(&self) -> bool {
        self.machine().heeds
    }

    /// What of the claims in the place of the backups is damaged, in words.
    #[must_use]
    pub fn damaged(&self) -> Option<String> {
        self.0.damaged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps that for the state; the log hears of it once.
    fn note_damaged(&self, damaged: Option<String>) {
        let mut known = self.0.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(damaged), None) = (&damaged, known.as_ref()) {
            tracing::error!(%damaged, "of the claims to serve something is damaged; the others are relied on");
        }
        *known = damaged;
    }

    /// The configuration.
    #[must_use]
    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    fn repository(&self, now: Timestamp) -> Result<Arc<Repository>> {
        let mut open = self.0.repository.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(repository) = &*open {
            return Ok(Arc::clone(repository));
        }
        let (number, _) = self.0.store.identify()?;
        let target = open_timed_target(&self.0.store, &self.0.place)?;
        let secret = secret(&self.0.config.backups)?;
        let claimed = self.machine().epoch > 0;
        let repository = if claimed {
            // What this machine claimed in is there, or it is another place.
            Repository::open(target, secret.as_ref())?.ok_or_else(|| self.gone(NO_CLAIM))?
        } else if self.0.must_know && remembers(&self.0.store, &self.0.place)? {
            // In an empty place nobody is seen to serve; where there were backups it is most likely not mounted.
            Repository::open(target, secret.as_ref())?.ok_or_else(|| self.gone(NO_BACKUPS))?
        } else {
            Repository::open_or_make(target, secret.as_ref(), number, now)?
        };
        if repository.store() != number {
            return Err(if claimed {
                super::strange_place(&self.0.config, &self.0.place)
            } else {
                self.gone(NO_CLAIM)
            });
        }
        let repository = Arc::new(repository);
        *open = Some(Arc::clone(&repository));
        Ok(repository)
    }

    /// One renewal. Waits for the target.
    ///
    /// # Errors
    /// `Invalid` in a sentence if another machine serves; else those of the target, and the lease runs on as it did.
    pub fn round(&self, shipped: Lsn, now: Timestamp) -> Result<()> {
        let fence = &self.0.fence;
        // Before the claims are read: whoever claims later is seen, whoever claimed earlier waits longer than this lasts.
        let began = fence.now();
        let repository = self.repository(now)?;
        let Claims { all, damaged } = repository.read_claims()?;
        self.note_damaged(damaged.clone());
        let claim = self.claim(&repository, &all)?;
        if fence.with(|tenure| tenure.sees(&all)) == Some(false) {
            return Err(Error::invalid("standby", fence.left().err().unwrap_or_default()));
        }
        let mut machine = self.machine().clone();
        let first = !machine.heeds && repository.has_standby()?;
        if first {
            machine.heeds = true;
            machine.write(self.0.disk.as_ref(), &self.0.config.data_dir)?;
            *self.machine() = machine.clone();
            fence.with(Tenure::heed);
            tracing::info!("a standby follows; from now on this server stops when it cannot renew its lease");
        }
        repository.put_lease(&Lease { claim, shipped, at: now, heeds: machine.heeds })?;
        fence.with(|tenure| tenure.renewed(began));
        if damaged.is_some() && !machine.heeds {
            repository.mend_highest(&claim)?;
        }
        Ok(())
    }

    fn gone(&self, what: &str) -> Error {
        let why = format!(
            "{} {what}; is its disk mounted? If it was emptied for good, or is a new place, stop the server and run `{}`",
            self.0.place,
            super::take_over_command(&self.0.config)
        );
        Error::Storage(storage::Error::Refused(why))
    }

    /// Before a server claims that took over without its place of backups: whoever served from there since then may
    /// have been meant to. One that serves already goes on, and the other one stops; unless that one began a line of
    /// history behind this machine's, which only whoever takes over later does, and a server that came back does not.
    fn refuse_succeeded(
        &self,
        repository: &Repository,
        (claim, taken_over): (Claim, Timestamp),
        claims: &[Claim],
    ) -> Result<()> {
        let began = self.0.store.history()?.map_or(Timestamp(0), |(_, line)| line.began);
        let since = super::since(repository, taken_over, began)?;
        let succeeded = since.served && !self.0.serves.load(Ordering::Relaxed);
        if !since.replaced && !succeeded {
            return Ok(());
        }
        // It heeds nobody yet, so it would go on after a round that fails.
        let highest = claims.iter().copied().reduce(|one, other| if other.beats(&one) { other } else { one });
        self.0.fence.with(|tenure| tenure.end(since.by.or(highest).unwrap_or(claim)));
        Err(super::served_elsewhere(&self.0.config, &self.0.place))
    }

    /// This machine's claim; its first one if nobody has any.
    fn claim(&self, repository: &Repository, claims: &[Claim]) -> Result<Claim> {
        let mut machine = self.machine();
        let own = |epoch| Claim { epoch, holder: machine.holder };
        if machine.epoch > 0 {
            let claim = own(machine.epoch);
            // A disk that is not mounted shows an empty place, in which a lease would be worth nothing.
            let known = claims.iter().any(|other| *other == claim || other.beats(&claim));
            if known {
                return Ok(claim);
            }
            // Once it heeds, its claim was there, or it is another place.
            let taken_over = claim.made_without_place().filter(|_| !machine.heeds);
            let taken_over = taken_over.ok_or_else(|| self.gone(NO_CLAIM))?;
            self.refuse_succeeded(repository, (claim, taken_over), claims)?;
            repository.forget_standby(claim.holder)?;
            repository.put_claim(&claim)?;
            tracing::info!("the place of the backups is back; this machine claims to serve there");
            return Ok(claim);
        }
        let claim = own(1);
        if claims.iter().any(|other| *other != claim) {
            return Err(super::served_elsewhere(&self.0.config, &self.0.place));
        }
        // Nobody else has a claim: from here on a start that is cut short finds its own.
        machine.write(self.0.disk.as_ref(), &self.0.config.data_dir)?;
        repository.put_claim(&claim)?;
        machine.epoch = claim.epoch;
        machine.write(self.0.disk.as_ref(), &self.0.config.data_dir)?;
        self.0.fence.set(Tenure::new(claim, machine.heeds));
        Ok(claim)
    }
}

/// Renews until the server stops.
pub(super) async fn keep(server: Server, tenancy: Tenancy, shipped: impl Fn() -> Lsn + Send + 'static) {
    let mut troubled = false;
    loop {
        let pause = if tenancy.heeds() { limits::LEASE_RENEW_MS } else { limits::LEASE_LOOK_MS };
        server.sleep_until(server.now().plus_ms(pause)).await;
        let (of_round, upto, now) = (tenancy.clone(), shipped(), server.now());
        let round = tokio::task::spawn_blocking(move || of_round.round(upto, now)).await;
        let outcome = round.unwrap_or_else(|error| Err(Error::Bug(error.to_string())));
        match outcome {
            Ok(()) if std::mem::take(&mut troubled) => tracing::info!("the lease is renewed again"),
            Ok(()) => {}
            Err(error) if !std::mem::replace(&mut troubled, true) => {
                tracing::error!(%error, "the lease is not renewed");
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};
    use storage::{
        Options, Tx,
        backup::{
            Backup, Begin, Directory, Keep,
            deed::{self, Deed, Task},
        },
        vfs::RealDisk,
    };

    fn disk() -> Arc<dyn Vfs> {
        Arc::new(RealDisk)
    }

    /// A server's data, its place of backups and its clock.
    struct House {
        dir: tempfile::TempDir,
        config: Config,
        store: Store,
        clock: Arc<ManualClock>,
    }

    impl House {
        fn new() -> House {
            let dir = tempfile::tempdir().expect("a directory");
            let data = dir.path().join("data");
            std::fs::create_dir(&data).expect("made");
            let mut config = Config::embedded(&data, None);
            config.backups.to = Some(dir.path().join("target").to_string_lossy().into_owned());
            let store = Store::open(Options::new(data.join("store"))).expect("opens");
            House { dir, config, store, clock: ManualClock::new(Timestamp(1_000)) }
        }

        fn take_up(&self) -> (Fence, Result<Option<Tenancy>>) {
            let fence = Fence::new(super::super::steady(&Clock::Manual(Arc::clone(&self.clock))));
            let taken = take_up((&self.config, &disk()), &self.store, &fence, 7, Timestamp(0));
            (fence, taken)
        }

        /// The store remembers a backup.
        fn backed_up_to(&self, place: &str) {
            let deed = Deed {
                place: place.to_owned(),
                at: Timestamp(1),
                took_ms: 1,
                made: Timestamp(1),
                lsn: Lsn(1),
                rows: 1,
                files: 0,
                bytes: 1,
                failed: None,
                damaged: false,
            };
            let remember = move |tx: &mut Tx<'_>| -> storage::Result<()> {
                deed::remember(tx, Task::Backup, &deed);
                Ok(())
            };
            self.store.write(remember).expect("remembered");
        }

        fn repository(&self) -> Repository {
            let target = Directory::new(Arc::new(RealDisk), self.dir.path().join("target"));
            Repository::open(Arc::new(target), None).expect("opens").expect("is there")
        }
    }

    #[test]
    fn a_server_heeds_a_standby_stops_in_an_outage_and_for_good_when_another_claims() {
        let house = House::new();
        let (fence, taken) = house.take_up();
        let tenancy = taken.expect("may serve").expect("has a place");
        house.clock.advance(3_600_000);
        assert!(fence.left().is_ok() && !tenancy.heeds(), "nobody follows");
        let timed = house.store.syncs();
        assert!(timed.iter().any(|(purpose, _)| purpose.name() == "backups"), "{timed:?}");
        house.repository().register_standby(9).expect("registered");
        tenancy.round(Lsn(0), Timestamp(0)).expect("renewed");
        assert!(tenancy.heeds() && house.repository().lease().expect("read").is_some_and(|lease| lease.heeds));
        house.clock.advance(31_000);
        assert!(fence.left().is_err_and(|why| why.contains("cannot reach the backup target")));
        tenancy.round(Lsn(0), Timestamp(0)).expect("renewed");
        assert!(fence.left().is_ok());
        house.repository().put_claim(&Claim { epoch: 2, holder: 9 }).expect("stored");
        let why = tenancy.round(Lsn(0), Timestamp(0)).expect_err("it is over").to_string();
        assert!(why.contains("taken over") && fence.left().is_err(), "{why}");
        assert!(house.take_up().1.is_err_and(|error| error.to_string().contains("taken over")));
    }

    #[test]
    fn a_damaged_claim_ends_no_renewal_and_lets_no_server_of_before_win() {
        let house = House::new();
        let (fence, taken) = house.take_up();
        let tenancy = taken.expect("may serve").expect("has a place");
        let rot = || std::fs::write(house.dir.path().join("target/lease/highest"), "rotten").expect("damaged");
        let is_damaged = || house.repository().read_claims().expect("read").damaged.is_some();
        let round = || tenancy.round(Lsn(0), Timestamp(0));
        rot();
        round().expect("renewed");
        assert!(tenancy.damaged().is_some_and(|why| why.contains("lease/highest")) && !is_damaged(), "it was mended");
        round().expect("renewed");
        assert_eq!(tenancy.damaged(), None);
        // A standby may claim while that is mended: it is left to it.
        house.repository().register_standby(9).expect("registered");
        round().expect("renewed");
        rot();
        house.clock.advance(31_000);
        assert!(fence.left().is_err());
        round().expect("renewed");
        assert!(fence.left().is_ok() && tenancy.damaged().is_some() && is_damaged());
        house.repository().put_claim(&Claim { epoch: 2, holder: 9 }).expect("stored");
        assert!(!is_damaged());
        rot();
        let why = round().expect_err("it is over").to_string();
        assert!(why.contains("taken over") && fence.left().is_err(), "{why}");
        assert!(house.take_up().1.is_err_and(|error| error.to_string().contains("taken over")));
    }

    #[test]
    fn an_empty_directory_where_the_place_was_mounted_renews_nothing() {
        let house = House::new();
        let (fence, taken) = house.take_up();
        let tenancy = taken.expect("may serve").expect("has a place");
        house.repository().register_standby(9).expect("registered");
        tenancy.round(Lsn(0), Timestamp(0)).expect("renewed");
        let target = house.dir.path().join("target");
        std::fs::rename(&target, house.dir.path().join("elsewhere")).expect("unmounted");
        std::fs::create_dir(&target).expect("made");
        house.clock.advance(20_000);
        let why = tenancy.round(Lsn(0), Timestamp(0)).expect_err("not renewed").to_string();
        assert!(why.contains("is its disk mounted"), "{why}");
        house.clock.advance(11_000);
        assert!(fence.left().is_err());
        assert!(house.take_up().1.is_err(), "a start that cannot know does not serve");
        assert_eq!(std::fs::read_dir(&target).expect("read").count(), 0, "nothing was written there");
    }

    /// A server that took over without its place of backups at second 1; its claim.
    fn alone() -> (House, Claim) {
        let house = House::new();
        house.store.identify().expect("identified");
        let claim = Claim::without_place(7, Timestamp(1_000));
        let machine = Machine { holder: 7, epoch: claim.epoch, heeds: false, follows: None };
        machine.write(&RealDisk, &house.config.data_dir).expect("written");
        (house, claim)
    }

    /// Its place is found again as it was left by another machine, whose claim is answered and which served until `at`.
    fn found_again(house: &House, at: Timestamp) -> (Repository, Claim) {
        let (number, _) = house.store.identify().expect("identified");
        let place = Directory::new(disk(), house.dir.path().join("target"));
        let repository = Repository::open_or_make(Arc::new(place), None, number, Timestamp(0)).expect("made");
        let other = Claim { epoch: 3, holder: 1 };
        repository.put_claim(&other).expect("stored");
        repository.put_lease(&Lease { claim: other, shipped: Lsn(0), at, heeds: true }).expect("stored");
        repository.register_standby(7).expect("registered");
        (repository, other)
    }

    #[test]
    fn who_took_over_without_the_place_serves_and_claims_there_when_it_is_back() {
        let (house, claim) = alone();
        let (fence, taken) = house.take_up();
        let tenancy = taken.expect("may serve").expect("has a place");
        let round = || tenancy.round(Lsn(0), Timestamp(0));
        assert!(round().is_err() && fence.left().is_ok(), "the place is gone");
        let target = house.dir.path().join("target");
        assert!(!target.exists(), "nothing was made there");
        // The other one is back as well, and serves.
        let (repository, old) = found_again(&house, Timestamp(2_000));
        round().expect("claimed");
        let mut tenure = Tenure::new(old, true);
        assert!(!tenure.sees(&repository.claims().expect("read")), "the old server stops");
        assert_eq!((tenure.beaten(), tenancy.heeds()), (Some(claim), false), "it is not its own standby");
        assert!(house.take_up().1.is_ok(), "it is known there");
        repository.register_standby(9).expect("registered");
        round().expect("renewed");
        assert!(tenancy.heeds());
        // A copy of the place from before is not the place.
        std::fs::remove_dir_all(target.join("lease/claim")).expect("removed");
        house.repository().put_claim(&old).expect("stored");
        let why = round().expect_err("not renewed").to_string();
        assert!(why.contains(NO_CLAIM), "{why}");
    }

    #[test]
    fn who_took_over_without_the_place_does_not_start_where_another_served_since() {
        for (at, starts) in [(Timestamp(999), true), (Timestamp(1_001), false)] {
            let (house, claim) = alone();
            let (repository, other) = found_again(&house, at);
            let taken = house.take_up().1.map(drop);
            let claims = repository.claims().expect("read");
            assert_eq!((taken.is_ok(), claims.contains(&claim)), (starts, starts), "{at:?}: {taken:?}");
            assert_eq!(Tenure::new(other, true).sees(&claims), !starts, "{at:?}");
            if let Err(error) = taken {
                assert!(error.to_string().contains("dassie promote --old-server-is-gone"), "{error}");
            }
        }
        let (house, _) = alone();
        let (repository, other) = found_again(&house, Timestamp(0));
        std::fs::write(house.dir.path().join("target/lease/current"), "rotten").expect("damaged");
        assert!(house.take_up().1.is_err(), "it cannot be known");
        assert!(Tenure::new(other, true).sees(&repository.claims().expect("read")));
    }

    /// The newest backup in the place is on a line that began behind that of the house's data.
    fn line_begun_behind(house: &House) {
        let (number, _) = house.store.identify().expect("identified");
        let later = Store::open(Options::new(house.dir.path().join("later"))).expect("opens");
        later.begin_line(number, Timestamp(1_000)).expect("begun");
        let (keep, begin) = (Keep { last: 9, days: 0 }, Begin::WhereItEnded);
        let backup = Backup { store: &later, beside: None, keep, begin, program: "test", tell: &|_| true };
        let target = Directory::new(disk(), house.dir.path().join("target"));
        backup.run(Arc::new(target), None).expect("backed up");
        later.close().expect("closed");
    }

    #[test]
    fn who_took_over_without_the_place_and_serves_stops_where_another_took_over_since() {
        for damaged in [false, true] {
            let (house, claim) = alone();
            let (fence, taken) = house.take_up();
            let tenancy = taken.expect("may serve").expect("has a place");
            assert!(fence.left().is_ok(), "the place came later than the server");
            let (repository, other) = found_again(&house, Timestamp(2_000));
            line_begun_behind(&house);
            if damaged {
                std::fs::write(house.dir.path().join("target/lease/current"), "rotten").expect("damaged");
            }
            for time in 0..2 {
                let why = tenancy.round(Lsn(0), Timestamp(3_000)).expect_err("refused").to_string();
                assert!(why.contains("served by another machine"), "{time}: {why}");
                assert!(fence.left().is_err_and(|why| why.contains(&other.to_string())), "{time}: it does not go on");
            }
            let claims = repository.claims().expect("read");
            assert!(!claims.contains(&claim) && Tenure::new(other, true).sees(&claims), "the other one goes on");
            let why = house.take_up().1.map(drop).expect_err("nor does it start again").to_string();
            assert!(why.contains("dassie promote --old-server-is-gone"), "{why}");
        }
    }

    #[test]
    fn restored_data_are_another_machines_and_do_not_serve_beside_the_first() {
        let house = House::new();
        house.take_up().1.expect("may serve");
        std::fs::remove_file(house.config.data_dir.join("MACHINE")).expect("removed");
        let fence = Fence::new(super::super::steady(&Clock::Manual(Arc::clone(&house.clock))));
        let taken = take_up((&house.config, &disk()), &house.store, &fence, 8, Timestamp(0));
        let why = taken.map(drop).expect_err("refused").to_string();
        let data = house.config.data_dir.display();
        let commands = [
            format!("`dassie promote --old-server-is-gone --data {data}`"),
            format!("`dassie serve --data {data}`"),
            format!("standby {} --data {data}`", house.config.backups.to.as_deref().expect("a place")),
        ];
        for word in ["served by another machine"].into_iter().chain(commands.iter().map(String::as_str)) {
            assert!(why.contains(word), "{why}");
        }
        assert!(super::super::must_be_promoted(&house.config).expect("it can be known"));
    }

    #[test]
    fn restored_data_do_not_serve_while_nobody_can_say_who_does_however_often_it_is_tried() {
        let house = House::new();
        house.take_up().1.expect("may serve");
        std::fs::remove_file(house.config.data_dir.join("MACHINE")).expect("removed");
        let target = house.dir.path().join("target");
        std::fs::rename(&target, house.dir.path().join("elsewhere")).expect("moved");
        std::fs::write(&target, "no directory").expect("written");
        for time in 0..3 {
            let why = house.take_up().1.map(drop).expect_err("it cannot be known").to_string();
            assert!(why.contains("cannot be known whether another machine serves"), "{time}: {why}");
        }
    }

    #[test]
    fn restored_data_begin_no_place_anew_that_had_backups_and_is_empty() {
        let house = House::new();
        house.take_up().1.expect("may serve");
        let place = house.config.backups.to.clone().expect("a place");
        house.backed_up_to(&place);
        std::fs::remove_file(house.config.data_dir.join("MACHINE")).expect("removed");
        let (target, elsewhere) = (house.dir.path().join("target"), house.dir.path().join("elsewhere"));
        std::fs::rename(&target, &elsewhere).expect("unmounted");
        for time in 0..2 {
            let why = house.take_up().1.map(drop).expect_err("it cannot be known").to_string();
            let said = why.contains("cannot be known whether another machine serves") && why.contains(NO_BACKUPS);
            assert!(said && why.contains("dassie promote --old-server-is-gone"), "{time}: {why}");
            assert!(!target.exists(), "nothing was made there");
        }
        std::fs::rename(&elsewhere, &target).expect("mounted");
        let fence = Fence::new(super::super::steady(&Clock::Manual(Arc::clone(&house.clock))));
        let taken = take_up((&house.config, &disk()), &house.store, &fence, 8, Timestamp(0));
        let why = taken.map(drop).expect_err("another one serves").to_string();
        assert!(why.contains("served by another machine"), "{why}");
        std::fs::rename(&target, &elsewhere).expect("gone for good");
        house.backed_up_to("/somewhere/else");
        house.take_up().1.expect("it is a new place");
    }

    #[test]
    fn a_machine_that_served_does_not_serve_another_store() {
        let house = House::new();
        house.take_up().1.expect("may serve");
        let mounted = house.config.data_dir.join("store");
        let House { dir, config, store, clock } = house;
        store.close().expect("closed");
        std::fs::rename(&mounted, dir.path().join("store")).expect("unmounted");
        let house = House { store: Store::open(Options::new(&mounted)).expect("opens"), dir, config, clock };
        for again in [false, true] {
            let why = house.take_up().1.map(drop).expect_err("it is not that store").to_string();
            assert!(why.contains("mounted?"), "{again}: {why}");
            // A backup by hand gives it a number of its own.
            house.store.identify().expect("identified");
        }
        let mut elsewhere = house;
        elsewhere.config.backups.to = Some(elsewhere.dir.path().join("other").to_string_lossy().into_owned());
        std::fs::remove_file(elsewhere.config.data_dir.join("MACHINE")).expect("removed");
        elsewhere.take_up().1.expect("a new server in a place of its own");
    }

    #[test]
    fn a_command_adds_no_backup_to_a_place_that_another_machine_serves_from() {
        let house = House::new();
        let place = house.config.backups.to.clone().expect("a place");
        let refusal = |place: &str| super::super::refuse_beaten(&house.config, &house.store, place);
        assert!(refusal(&place).is_ok(), "nobody serves");
        house.take_up().1.expect("may serve");
        assert!(refusal(&place).is_ok(), "this one serves");
        house.repository().put_claim(&Claim { epoch: 2, holder: 9 }).expect("stored");
        let why = refusal(&place).expect_err("another one serves").to_string();
        assert!(why.contains("another machine has taken over"), "{why}");
        let other = house.dir.path().join("other");
        assert!(refusal(&other.to_string_lossy()).is_ok(), "nobody serves from there");
        std::fs::remove_file(house.config.data_dir.join("MACHINE")).expect("removed");
        let why = refusal(&place).expect_err("this one has no claim").to_string();
        assert!(why.contains("dassie promote --old-server-is-gone"), "{why}");
    }

    #[test]
    fn a_command_adds_no_backup_where_another_served_since_its_machine_took_over_without_the_place() {
        let refusal = |house: &House| {
            let place = house.config.backups.to.clone().expect("a place");
            super::super::refuse_beaten(&house.config, &house.store, &place).map_err(|error| error.to_string())
        };
        let refused =
            |house: &House| refusal(house).is_err_and(|why| why.contains("dassie promote --old-server-is-gone"));
        let (house, claim) = alone();
        let (repository, _) = found_again(&house, Timestamp(1_001));
        assert!(refused(&house));
        repository.put_claim(&claim).expect("stored");
        assert_eq!(refusal(&house), Ok(()), "it claimed there all the same");
        let (house, _) = alone();
        found_again(&house, Timestamp(999));
        assert_eq!(refusal(&house), Ok(()), "nobody served since");
        line_begun_behind(&house);
        assert!(refused(&house));
        let (house, _) = alone();
        found_again(&house, Timestamp(0));
        std::fs::write(house.dir.path().join("target/lease/current"), "rotten").expect("damaged");
        assert!(refused(&house), "it cannot be known");
    }
}

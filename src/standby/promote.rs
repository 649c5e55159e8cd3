//! `dassie promote`: this machine takes over. Every step may be cut and begun again.

use crate::{
    backup::{open_target, same_place, secret},
    clock,
    config::{Config, quoted},
    error::{Error, Result},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{
    Lsn, Options, Store, Timestamp,
    backup::{
        Candidacy, Claim, Follower, Lease, Line, Machine, Repository, Tell, Tenure, refuse_unfinished, target::Target,
    },
    vfs::Vfs,
};

/// Whether the other machine can still serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promotion {
    /// It stops by itself when it cannot renew its lease; refused where it has never said that it does.
    LeaseRunsOut,
    /// The administrator says that it is off for good.
    OldServerIsGone,
}

/// Takes over from whoever serves; answers the last transaction that is here.
///
/// # Errors
/// `Invalid` in a sentence if another machine takes over, or if the one that serves would not stop; those of the target
/// and the store. Running it again goes on.
pub fn promote(
    (config, options): (&Config, Options),
    promotion: Promotion,
    (random, now): (u64, Timestamp),
    tell: Tell<'_>,
    say: &dyn Fn(&str),
) -> Result<Lsn> {
    let began = Instant::now();
    let outside = Outside { open: &open_target, elapsed: &|| began.elapsed(), pause: &std::thread::sleep };
    promote_with(&outside, (config, options), promotion, (random, now), tell, say)
}

/// Takes over with what a standby has, where the place of the backups is gone together with the server that wrote to it;
/// answers the last transaction that is here. Nobody can be asked who serves: that it is nobody, the administrator says.
///
/// # Errors
/// `Invalid` in a sentence if this is no standby, if the place can be read all the same, or if the configuration names another
/// one; those of the store. Running it again goes on.
pub fn promote_without_backups(
    (config, options): (&Config, Options),
    now: Timestamp,
    say: &dyn Fn(&str),
) -> Result<Lsn> {
    promote_alone(&open_target, (config, options), now, say)
}

/// Opens the place of the backups that is named.
type Open<'o> = &'o dyn Fn(&str) -> Result<Arc<dyn Target>>;

/// Where the backups are and how time goes by.
struct Outside<'o> {
    open: Open<'o>,
    /// A clock that never goes back.
    elapsed: &'o dyn Fn() -> Duration,
    pause: &'o dyn Fn(Duration),
}

fn promote_with(
    outside: &Outside<'_>,
    (config, options): (&Config, Options),
    promotion: Promotion,
    (random, now): (u64, Timestamp),
    tell: Tell<'_>,
    say: &dyn Fn(&str),
) -> Result<Lsn> {
    // Written with the claim that it wins: a machine that was refused is as new to itself as before.
    let vfs = Arc::clone(&options.vfs);
    let mut machine = super::machine_or_new(vfs.as_ref(), config, random)?;
    let place = machine.follows.clone().or_else(|| config.backups.to.clone());
    let place = place.ok_or_else(|| nothing_to_take_over(config))?;
    let repository = match machine.follows {
        Some(_) => followed(config, (place.as_str(), outside.open))?.map_err(|how| all_gone(config, &how))?,
        None => own_repository((config, &options), (place.as_str(), outside.open), promotion, now)?,
    };
    refuse_unheeded(config, &repository, &machine, promotion)?;
    let mut follower = match machine.follows {
        Some(_) if !Follower::is_set_up(&options)? => return Err(not_set_up()),
        Some(_) => {
            let followed = super::repository_in(config, (outside.open)(&place)?)?;
            Some(Follower::open(followed, options.clone())?)
        }
        None => None,
    };
    let won = machine.epoch > 0 && still_highest(&repository, &machine)?;
    let full = |error: storage::Error| match super::no_room(vfs.as_ref(), &config.data_dir, &error) {
        Some(why) => Error::invalid("promote", format!("{why}; make room there, then run this again")),
        None => error.into(),
    };
    // Before anybody stops for it: whoever has no room for what was shipped could not serve.
    if !won
        && let Some(follower) = follower.as_mut()
        && let Err(error @ storage::Error::Full) = follow_on(follower)
    {
        return Err(full(error));
    }
    let mut begun = None;
    if !won {
        let own = Claim { epoch: machine.epoch, holder: machine.holder };
        machine.epoch = win(outside, &repository, own, follower.as_mut(), say)?.claim.epoch;
        if follower.is_none() {
            // Before the claim is noted: whoever is cut off here begins a second one, which does no harm. It begins behind
            // those of the repository.
            let others = repository.last_began()?;
            begun = Some(begin_line(options.clone(), |store| store.begin_line(repository.store(), others))?);
        }
        machine.heeds = true;
        machine.write(vfs.as_ref(), &config.data_dir)?;
    }
    let lsn = match (follower, begun) {
        (Some(follower), _) => take_over(follower, config, (tell, say), &full)?,
        (None, Some(lsn)) => lsn,
        (None, None) => durable(options)?,
    };
    repository.forget_standby(machine.holder)?;
    machine.follows = None;
    // Who has no standby behind it need not stop when the target is away.
    machine.heeds = repository.has_standby()?;
    machine.write(vfs.as_ref(), &config.data_dir)?;
    // From now on a third machine reads of this one whether it heeds, and not of the one before.
    let claim = Claim { epoch: machine.epoch, holder: machine.holder };
    repository.put_lease(&Lease { claim, shipped: lsn, at: now, heeds: machine.heeds })?;
    forget_state(vfs.as_ref(), &config.data_dir);
    Ok(lsn)
}

fn promote_alone(
    open: Open<'_>,
    (config, options): (&Config, Options),
    now: Timestamp,
    say: &dyn Fn(&str),
) -> Result<Lsn> {
    let vfs = Arc::clone(&options.vfs);
    let known = Machine::read(vfs.as_ref(), &config.data_dir)?;
    let place = known.as_ref().and_then(|machine| machine.follows.clone());
    let (mut machine, place) = match (known, place) {
        (Some(machine), Some(place)) => (machine, place),
        (Some(Machine { epoch, holder, .. }), None) => {
            let taken_over = Claim { epoch, holder }.made_without_place().ok_or_else(|| no_standby(config))?;
            say(&format!("it took over already, at {}; start it", clock::iso(taken_over)));
            return durable(options);
        }
        (None, _) => return Err(no_standby(config)),
    };
    if !Follower::is_set_up(&options)? {
        return Err(not_set_up());
    }
    // There this machine claims when the place is back, so that the old server stops if it is back with it.
    if !config.backups.to.as_ref().is_some_and(|to| same_place(to, &place)) {
        let why = format!("must be {place}, which this standby follows, also while that is gone; then run this again");
        return Err(Error::invalid("backup.to", why));
    }
    let Err(how) = followed(config, (place.as_str(), open))? else { return Err(still_there(config, &place)) };
    say(&format!("{how}; this machine takes over with what it has"));
    let lsn = begin_line(options, |store| {
        let never = || storage::Error::Refused("the store here was never backed up, so it follows nothing".into());
        let (number, line) = store.history()?.ok_or_else(never)?;
        // Behind the line that was followed, whatever the clock shows: of two machines that take over so, one after the other,
        // the later one wins.
        let began = now.max(line.began.plus_ms(1));
        (machine.epoch, machine.heeds) = (Claim::without_place(machine.holder, began).epoch, false);
        machine.write(vfs.as_ref(), &config.data_dir)?;
        store.begin_line(number, began)
    })?;
    machine.follows = None;
    machine.write(vfs.as_ref(), &config.data_dir)?;
    forget_state(vfs.as_ref(), &config.data_dir);
    Ok(lsn)
}

/// The place that a standby follows; `Err` within: how it is gone, in words.
fn followed(config: &Config, (place, open): (&str, Open<'_>)) -> Result<Result<Repository, String>> {
    match Repository::open(open(place)?, secret(&config.backups)?.as_ref()) {
        Ok(Some(repository)) => Ok(Ok(repository)),
        Ok(None) => Ok(Err(format!("there is no backup in {place}"))),
        Err(error @ (storage::Error::Io { .. } | storage::Error::Corrupt { .. })) => {
            Ok(Err(format!("{place} cannot be read ({error})")))
        }
        Err(error) => Err(error.into()),
    }
}

fn still_there(config: &Config, place: &str) -> Error {
    let why = format!(
        "the backups in {place} can be read: run `{}`, which takes over what was shipped last",
        super::take_over_command(config)
    );
    Error::invalid("promote", why)
}

fn all_gone(config: &Config, how: &str) -> Error {
    let command = config.command("promote --old-server-is-gone --backups-are-gone");
    let why = format!("{how}; if it is gone for good together with the server that wrote to it, run `{command}`");
    Error::invalid("promote", why)
}

fn not_set_up() -> Error {
    Error::invalid("standby", "it has not been set up to the end; run `dassie standby` again")
}

fn no_standby(config: &Config) -> Error {
    let why = format!(
        "this machine follows nobody, so it needs no backups to take over; if backup.to was emptied for good, or is a new \
         place, run `{}`",
        super::take_over_command(config)
    );
    Error::invalid("promote", why)
}

fn nothing_to_take_over(config: &Config) -> Error {
    let why = format!(
        "is not set, so there is nobody to take over from: `{}` starts this server. If its backups went somewhere, set \
         backup.to to that place first",
        config.command("serve")
    );
    Error::invalid("backup.to", why)
}

/// The place of the backups of a store that is here and follows nobody; made if it was emptied, for whoever is sure of it.
fn own_repository(
    (config, options): (&Config, &Options),
    (place, open): (&str, Open<'_>),
    promotion: Promotion,
    now: Timestamp,
) -> Result<Repository> {
    refuse_unfinished(options.vfs.as_ref(), &options.dir)?;
    if !Follower::is_set_up(options)? {
        let restore = config.command(&format!("restore {}", quoted(place)));
        let why = format!("there is no store in {}; `{restore}` makes one of a backup", config.data_dir.display());
        return Err(Error::invalid("promote", why));
    }
    let store = Store::open(options.clone())?;
    let number = store.identify().map(|(number, _)| number);
    let closed = store.close();
    let number = number?;
    closed?;
    let (target, secret) = (open(place)?, secret(&config.backups)?);
    let none = || {
        let why = format!(
            "there is no backup in {place}; is its disk mounted? If it was emptied for good, or is a new place, run `{}`",
            super::take_over_command(config)
        );
        Error::invalid("backup.to", why)
    };
    Ok(match promotion {
        Promotion::OldServerIsGone => Repository::open_or_make(target, secret.as_ref(), number, now)?,
        Promotion::LeaseRunsOut => Repository::open(target, secret.as_ref())?.ok_or_else(none)?.of(number)?,
    })
}

/// A server that has never heard of a standby goes on when it cannot reach the target.
fn refuse_unheeded(config: &Config, repository: &Repository, machine: &Machine, promotion: Promotion) -> Result<()> {
    if promotion == Promotion::OldServerIsGone {
        return Ok(());
    }
    let lease = match repository.lease() {
        Err(error @ storage::Error::Corrupt { .. }) => {
            let why = format!(
                "what the server said last is damaged ({error}), so it is not known whether it stops by itself. A server that \
                 runs writes it anew within a quarter of a minute; if it is off for good, run `{}`",
                super::take_over_command(config)
            );
            return Err(Error::invalid("promote", why));
        }
        other => other?,
    };
    let unheeding = lease.filter(|lease| !lease.heeds && lease.claim.holder != machine.holder);
    let Some(lease) = unheeding else { return Ok(()) };
    let why = format!(
        "the server ({}) has not seen yet that a standby exists, so it would go on serving beside this one; if it is off for \
         good, run `{}`",
        lease.claim,
        super::take_over_command(config)
    );
    Err(Error::invalid("promote", why))
}

fn still_highest(repository: &Repository, machine: &Machine) -> Result<bool> {
    let own = Claim { epoch: machine.epoch, holder: machine.holder };
    let claims = repository.claims()?;
    Ok(claims.contains(&own) && Tenure::new(own, true).sees(&claims))
}

/// Claims, and waits until every lease of before has run out; follows meanwhile.
fn win(
    outside: &Outside<'_>,
    repository: &Repository,
    own: Claim,
    mut follower: Option<&mut Follower>,
    say: &dyn Fn(&str),
) -> Result<Tenure> {
    let started = (outside.elapsed)();
    let since = || (outside.elapsed)().saturating_sub(started);
    let candidacy = claim(repository, own, &since)?;
    say(&format!("claimed as {}; waiting until the lease of the other machine has certainly run out", candidacy.claim));
    loop {
        let left = candidacy.wait(since());
        let left = left.ok_or_else(|| Error::Bug("a claim that was stored in time does not count".to_owned()))?;
        if left.is_zero() {
            return Ok(candidacy.outcome(&repository.claims()?, since())?);
        }
        if let Some(follower) = follower.as_mut()
            && let Err(error) = follow_on(follower)
        {
            tracing::warn!(%error, "what is shipped cannot be followed just now; it is tried again");
        }
        (outside.pause)(left.min(Duration::from_secs(1)));
    }
}

/// Claims above all others, and above what this machine claimed elsewhere: what it once beat may be found again.
fn claim(repository: &Repository, own: Claim, since: &dyn Fn() -> Duration) -> Result<Candidacy> {
    let asked = since();
    let mut seen = repository.claims()?;
    seen.push(own);
    let mut candidacy = Candidacy::above(&seen, own.holder, asked);
    repository.put_claim(&candidacy.claim)?;
    if candidacy.stored(since()) {
        return Ok(candidacy);
    }
    Err(Error::invalid("promote", "storing the claim took too long to count; try again when the target answers faster"))
}

/// Does what was shipped, unless a line of its own was begun already.
fn follow_on(follower: &mut Follower) -> storage::Result<()> {
    if follower.is_on_shipped_line()? {
        follower.step()?;
    }
    Ok(())
}

/// The last that was shipped, the files, and a line of history of its own; `full` has the words for a full disk.
fn take_over(
    mut follower: Follower,
    config: &Config,
    (tell, say): (Tell<'_>, &dyn Fn(&str)),
    full: &dyn Fn(storage::Error) -> Error,
) -> Result<Lsn> {
    // A promotion that was cut behind this line began one already.
    if follower.is_on_shipped_line()? {
        while follower.step().map_err(full)?.done > 0 {}
    }
    // All that rows refer to is fetched by this.
    match follower.missing_files(&config.data_dir, tell) {
        // Nobody waits for pictures.
        Err(storage::Error::Full) => say(&format!(
            "there is no room for all files that rows refer to; once there is, `{}` fetches them from the backups",
            config.command("check --repair")
        )),
        Err(error) => return Err(error.into()),
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => {
            let place = follower.repository().describe();
            say(&format!("{} files that rows refer to are neither here nor in {place}: {missing}", missing.count));
        }
    }
    Ok(follower.end()?)
}

/// What this machine holds that served all along.
fn durable(options: Options) -> Result<Lsn> {
    let store = Store::open(options)?;
    store.close()?;
    Ok(store.state().durable)
}

/// The data that are here go on by themselves from now on, on a line of their own.
fn begin_line(options: Options, begin: impl FnOnce(&Store) -> storage::Result<Line>) -> Result<Lsn> {
    let store = Store::open(options)?;
    let begun = begin(&store);
    let (lsn, closed) = (store.state().durable, store.close());
    begun?;
    closed?;
    Ok(lsn)
}

fn forget_state(vfs: &dyn Vfs, data_dir: &Path) {
    if let Err(error) = vfs.remove(&data_dir.join("standby.json")) {
        tracing::warn!(%error, "the state of the standby that was cannot be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};
    use storage::{
        Read, Sizes, Tx,
        backup::{Backup, Begin, Begun, Directory, Keep, Shipper},
        catalogue::TableInfo,
        table::TableId,
        vfs::{Cut, SimulatedDisk},
    };

    const ROWS: TableId = TableId(10);
    const TABLES: &[TableInfo] = &[
        TableInfo::plain(TableId(1), "meta"),
        TableInfo::plain(TableId(2), "consumer"),
        TableInfo::plain(ROWS, "rows"),
    ];
    /// The machine that follows, and the one that serves.
    const HOLDER: u64 = 7;
    const SERVES: Claim = Claim { epoch: 1, holder: 1 };

    fn options(disk: &SimulatedDisk, dir: &str) -> Options {
        Options { vfs: Arc::new(disk.clone()), tables: TABLES, sizes: Sizes::small(), ..Options::new(dir) }
    }

    fn target(disk: &SimulatedDisk) -> Arc<dyn Target> {
        Arc::new(Directory::new(Arc::new(disk.clone()), "/target"))
    }

    fn repository(disk: &SimulatedDisk) -> Repository {
        Repository::open(target(disk), None).expect("opens").expect("is there")
    }

    fn put(store: &Store, keys: std::ops::Range<u64>) {
        for key in keys {
            let write = move |tx: &mut Tx<'_>| -> storage::Result<()> {
                tx.put_bytes(ROWS, key.to_be_bytes().to_vec(), vec![1; 40]);
                Ok(())
            };
            store.write(write).expect("written");
        }
    }

    fn ship(store: &Store, disk: &SimulatedDisk) {
        let Begun::Ready(mut shipper) = Shipper::begin(repository(disk), store).expect("begun") else {
            panic!("a backup is there")
        };
        shipper.round(store, &|_| true).expect("shipped");
    }

    /// A standby's data and the place of the backups on one disk, so that one order of all writes is cut; the number of the
    /// line that is followed. Five rows were shipped that are not followed yet.
    fn set_up() -> (SimulatedDisk, u64) {
        let (disk, server) = (SimulatedDisk::new(), SimulatedDisk::new());
        let store = Store::open(options(&server, "/server/store")).expect("opens");
        put(&store, 0..10);
        let keep = Keep { last: 9, days: 0 };
        let backup =
            Backup { store: &store, beside: None, keep, begin: Begin::WhereItEnded, program: "test", tell: &|_| true };
        backup.run(target(&disk), None).expect("backed up");
        let repository = repository(&disk);
        repository.put_claim(&SERVES).expect("stored");
        let lease = Lease { claim: SERVES, shipped: Lsn(0), at: Timestamp(0), heeds: true };
        repository.put_lease(&lease).expect("stored");
        repository.register_standby(HOLDER).expect("stored");
        let data = Path::new("/data");
        let machine = Machine { holder: HOLDER, epoch: 0, heeds: false, follows: Some("/target".to_owned()) };
        machine.write(&disk, data).expect("written");
        Follower::set_up(&repository, &options(&disk, "/data/store"), data, &|_| true).expect("set up");
        put(&store, 10..15);
        ship(&store, &disk);
        let (_, line) = store.history().expect("read").expect("was backed up");
        (disk.image(disk.boundaries(), Cut::Drop), line.number)
    }

    fn promoted(disk: &SimulatedDisk) -> Result<Lsn> {
        promoted_by(disk, Promotion::LeaseRunsOut)
    }

    fn promoted_by(disk: &SimulatedDisk, promotion: Promotion) -> Result<Lsn> {
        let mut config = Config::embedded(Path::new("/data"), None);
        config.backups.to = Some("/target".to_owned());
        let clock = Cell::new(Duration::ZERO);
        let outside = Outside {
            open: &|_: &str| Ok(target(disk)),
            elapsed: &|| clock.get(),
            pause: &|time| clock.set(clock.get() + time * 60),
        };
        let who = (HOLDER, Timestamp(1));
        let options = options(disk, "/data/store");
        promote_with(&outside, (&config, options), promotion, who, &|_| true, &|_| {})
    }

    /// Whether a machine with this claim would serve, having renewed its lease just now.
    fn may_serve(disk: &SimulatedDisk, claim: Claim) -> bool {
        Tenure::new(claim, true).sees(&repository(disk).claims().expect("read"))
    }

    fn machine(disk: &SimulatedDisk) -> Machine {
        Machine::read(disk, Path::new("/data")).expect("whole").expect("is there")
    }

    /// All rows are there; the number of the line of history.
    fn line_with_all_rows(disk: &SimulatedDisk, what: &str) -> u64 {
        let store = Store::open(options(disk, "/data/store")).unwrap_or_else(|error| panic!("{what}: {error}"));
        for key in 0..15_u64 {
            let row = store.read(|view| view.get_bytes(ROWS, &key.to_be_bytes())).expect("read");
            assert!(row.is_some(), "{what}: row {key}");
        }
        assert_eq!(store.check().expect("checked"), [], "{what}");
        let (number, line) = store.history().expect("read").expect("it has one");
        assert_eq!(number, repository(disk).store(), "{what}");
        store.close().expect("closed");
        line.number
    }

    #[test]
    fn a_promotion_cut_anywhere_goes_on_to_one_line_with_all_rows_and_never_two_that_serve() {
        let (disk, shipped) = set_up();
        let begin = disk.boundaries();
        promoted(&disk).expect("promoted");
        let end = disk.boundaries();
        let changed: Vec<_> = (begin..=end).filter(|boundary| *boundary == end || disk.changes(*boundary)).collect();
        assert!(changed.len() > 30, "{} boundaries", changed.len());
        for (cuts, boundary) in changed.iter().copied().step_by(changed.len().div_ceil(90)).enumerate() {
            let dice = boundary as u64;
            let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][cuts % 3];
            let image = disk.image(boundary, cut);
            let what = format!("boundary {boundary} of {end}, {cut:?}");
            // It knows of a claim only when everybody else can see it.
            let before = machine(&image);
            let own = |machine: &Machine| Claim { epoch: machine.epoch, holder: machine.holder };
            assert!(before.epoch == 0 || !may_serve(&image, SERVES), "{what}: {before:?}");
            assert!(before.follows.is_some() || may_serve(&image, own(&before)), "{what}: {before:?}");
            promoted(&image).unwrap_or_else(|error| panic!("{what}: {error}"));
            let after = machine(&image);
            assert!(after.epoch > SERVES.epoch && after.follows.is_none(), "{what}: {after:?}");
            assert!(may_serve(&image, own(&after)) && !may_serve(&image, SERVES), "{what}: {after:?}");
            let line = line_with_all_rows(&image, &what);
            assert_ne!(line, shipped, "{what}");
            assert!(repository(&image).points().expect("read").iter().all(|point| point.line == shipped), "{what}");
            // Once more changes nothing.
            promoted(&image).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!((machine(&image), line_with_all_rows(&image, &what)), (after, line), "{what}");
        }
    }

    #[test]
    fn a_standby_without_room_for_what_was_shipped_claims_nothing_until_there_is() {
        let (disk, _) = set_up();
        disk.set_free_space(Some(1_000));
        let why = promoted(&disk).expect_err("there is no room").to_string();
        assert!(why.contains("1000 bytes are free in /data/store") && why.contains("then run this again"), "{why}");
        assert!(machine(&disk).epoch == 0 && may_serve(&disk, SERVES), "nothing was claimed");
        disk.set_free_space(None);
        promoted(&disk).expect("promoted");
        assert!(machine(&disk).epoch > SERVES.epoch && !may_serve(&disk, SERVES));
        line_with_all_rows(&disk, "with room again");
    }

    #[test]
    fn a_standby_takes_over_where_what_says_who_serves_is_damaged() {
        let (disk, _) = set_up();
        let rot = |object: &str| target(&disk).put(object, b"rotten").expect("damaged");
        rot("lease/highest");
        rot("lease/current");
        let why = promoted(&disk).expect_err("whether the server stops is not known").to_string();
        assert!(why.contains("said last is damaged") && why.contains("promote --old-server-is-gone"), "{why}");
        assert!(may_serve(&disk, SERVES), "nothing was claimed");
        promoted_by(&disk, Promotion::OldServerIsGone).expect("promoted");
        assert!(machine(&disk).epoch > SERVES.epoch && !may_serve(&disk, SERVES));
        assert_eq!(repository(&disk).read_claims().expect("read").damaged, None, "it is written anew");
        let (disk, _) = set_up();
        target(&disk).put("lease/highest", b"rotten").expect("damaged");
        promoted(&disk).expect("the server says that it stops");
        assert!(!may_serve(&disk, SERVES));
    }

    /// With the place of the backups gone, as it looks at `place`.
    fn promoted_alone(disk: &SimulatedDisk, place: &str, to: Option<&str>) -> Result<Lsn> {
        promoted_alone_saying(disk, place, to, &|_| {})
    }

    fn promoted_alone_saying(disk: &SimulatedDisk, place: &str, to: Option<&str>, say: &dyn Fn(&str)) -> Result<Lsn> {
        let mut config = Config::embedded(Path::new("/data"), None);
        config.backups.to = to.map(str::to_owned);
        let open = |_: &str| -> Result<Arc<dyn Target>> { Ok(Arc::new(Directory::new(Arc::new(disk.clone()), place))) };
        promote_alone(&open, (&config, options(disk, "/data/store")), Timestamp(1), say)
    }

    #[test]
    fn a_standby_whose_backups_are_gone_is_told_how_it_takes_over() {
        let dir = tempfile::tempdir().expect("a directory");
        let place = dir.path().join("place");
        let mut config = Config::embedded(dir.path(), None);
        let follows = Some(place.to_string_lossy().into_owned());
        config.backups.to.clone_from(&follows);
        let machine = Machine { holder: 7, epoch: 0, heeds: false, follows };
        machine.write(&storage::vfs::RealDisk, dir.path()).expect("written");
        let options = Options::new(dir.path().join("store"));
        for what in ["there is no backup in", "cannot be read"] {
            let who = (7, Timestamp(0));
            let how = Promotion::OldServerIsGone;
            let outcome = promote((&config, options.clone()), how, who, &|_| true, &|_| {});
            let why = outcome.expect_err("refused").to_string();
            assert!(why.contains(what) && why.contains("promote --old-server-is-gone --backups-are-gone"), "{why}");
            std::fs::write(&place, "no directory").expect("written");
        }
    }

    #[test]
    fn a_standby_takes_over_without_backups_only_where_they_are_gone_and_were_followed() {
        let (disk, _) = set_up();
        let refused = |place: &str, to| promoted_alone(&disk, place, to).expect_err("refused").to_string();
        let why = refused("/target", Some("/target"));
        assert!(why.contains("can be read") && why.contains("promote --old-server-is-gone"), "{why}");
        for to in [None, Some("/elsewhere")] {
            let why = refused("/gone", to);
            assert!(why.contains("backup.to") && why.contains("must be /target"), "{why}");
        }
        assert_eq!(machine(&disk).epoch, 0, "nothing was begun");
        let alone = Machine { follows: None, ..machine(&disk) };
        alone.write(&disk, Path::new("/data")).expect("written");
        let why = refused("/gone", Some("/target"));
        assert!(why.contains("follows nobody") && why.contains("promote --old-server-is-gone"), "{why}");
        let (disk, _) = set_up();
        target(&disk).put("repository", b"rotten").expect("damaged");
        promoted_alone(&disk, "/target", Some("/target")).expect("it cannot be read");
    }

    #[test]
    fn a_promotion_without_backups_cut_anywhere_goes_on_to_a_line_of_its_own_above_all_claims() {
        let (disk, followed) = set_up();
        let begin = disk.boundaries();
        promoted_alone(&disk, "/gone", Some("/target")).expect("promoted");
        let end = disk.boundaries();
        let changed: Vec<_> = (begin..=end).filter(|boundary| *boundary == end || disk.changes(*boundary)).collect();
        for boundary in changed.iter().copied().step_by(changed.len().div_ceil(90)) {
            let dice = boundary as u64;
            let image = disk.image(boundary, [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3]);
            let again = || {
                let what = format!("boundary {boundary} of {end}");
                promoted_alone(&image, "/gone", Some("/target")).unwrap_or_else(|error| panic!("{what}: {error}"));
                let after = machine(&image);
                let own = Claim { epoch: after.epoch, holder: after.holder };
                assert!(own.made_without_place().is_some() && own.beats(&SERVES), "{what}: {after:?}");
                assert!(after.follows.is_none() && !after.heeds, "{what}: {after:?}");
                let store = Store::open(options(&image, "/data/store")).expect("opens");
                for key in 0..10_u64 {
                    let row = store.read(|view| view.get_bytes(ROWS, &key.to_be_bytes())).expect("read");
                    assert!(row.is_some(), "{what}: row {key}");
                }
                let (_, line) = store.history().expect("read").expect("it has one");
                store.close().expect("closed");
                assert_ne!(line.number, followed, "{what}");
                (after, line)
            };
            assert_eq!(again(), again(), "once more changes nothing");
        }
        let said = RefCell::new(String::new());
        promoted_alone_saying(&disk, "/gone", Some("/target"), &|words| said.borrow_mut().push_str(words))
            .expect("it is so already");
        let said = said.into_inner();
        assert!(said.starts_with("it took over already, at ") && said.ends_with("; start it"), "{said}");
        // The place is back before it served: what was shipped last is not here, and it claims as any other does.
        let before = machine(&disk).epoch;
        promoted(&disk).expect("promoted");
        assert!(machine(&disk).epoch > before && !may_serve(&disk, SERVES));
    }

    #[test]
    fn an_emptied_place_is_begun_anew_for_whoever_is_sure_and_refusals_name_what_to_do() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data");
        std::fs::create_dir(&data).expect("made");
        let mut config = Config::embedded(&data, None);
        let options = Options::new(data.join("store"));
        let promoted = |config: &Config| {
            let (who, now) = (7, Timestamp(0));
            let outcome = promote((config, options.clone()), Promotion::LeaseRunsOut, (who, now), &|_| true, &|_| {});
            outcome.expect_err("refused").to_string()
        };
        let why = promoted(&config);
        assert!(why.contains(&format!("`dassie serve --data {}`", data.display())), "{why}");
        let place = dir.path().join("place").to_string_lossy().into_owned();
        config.backups.to = Some(place.clone());
        let why = promoted(&config);
        assert!(why.contains(&format!("`dassie restore {place} --data {}`", data.display())), "{why}");
        assert!(!data.join("store").exists() && !data.join("MACHINE").exists(), "nothing was made");
        Store::open(options.clone()).and_then(|store| store.close()).expect("a store");
        let why = promoted(&config);
        assert!(why.contains("`dassie promote --old-server-is-gone --data"), "{why}");
        let begun =
            |promotion| own_repository((&config, &options), (place.as_str(), &open_target), promotion, Timestamp(0));
        let repository = begun(Promotion::OldServerIsGone).expect("made");
        assert!(begun(Promotion::LeaseRunsOut).is_ok_and(|again| again.store() == repository.store()));
        let claim = Claim { epoch: 1, holder: 9 };
        repository.put_lease(&Lease { claim, shipped: Lsn(0), at: Timestamp(0), heeds: false }).expect("stored");
        let why = promoted(&config);
        assert!(why.contains("has not seen yet that a standby exists") && why.contains("is-gone --data"), "{why}");
        assert!(!data.join("MACHINE").exists(), "it must still find out who serves before it does");
    }
}

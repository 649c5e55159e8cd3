//! Lives here: what a server does for a second machine: it ships its log, renews its lease, and stops when it may not
//! serve; what the second machine does: it follows, and takes over.
//! May use: `backup` (places and keys), `config`, `limits`, `Server`; threads that may wait.
//! Must never name: any room or other edge; how pieces and leases are stored, which is `storage::backup`'s.
//! Invariants: nothing is written or delivered without a tenure once a standby exists; the renewal's time is taken before
//! it begins; nothing here decides by a clock that can be set, but for whether a machine that took over without the
//! place of the backups may claim there when that is back.

mod follow;
mod lease;
mod promote;
mod ship;

pub use follow::{Followed, follow, looked_at};
pub use lease::{Tenancy, take_up};
pub use promote::{Promotion, promote, promote_without_backups};
pub use ship::{Ledger, Shipping, start};

use crate::{
    backup::{open_target, secret},
    clock::Clock,
    config::{Config, quoted},
    error::{Error, Result},
};
use std::{path::Path, sync::Arc, time::Duration};
use storage::{
    Store, Timestamp,
    backup::{Claim, Fence, Machine, Repository, Steady, Tenure, target::Target},
    vfs::{RealDisk, Vfs},
};

/// The repository that `place` names, with the key of the configuration.
fn repository(config: &Config, place: &str) -> Result<Repository> {
    repository_in(config, open_target(place)?)
}

fn repository_in(config: &Config, target: Arc<dyn Target>) -> Result<Repository> {
    let words = target.describe();
    let found = Repository::open(target, secret(&config.backups)?.as_ref())?;
    found.ok_or_else(|| Error::invalid("backup.to", format!("there is no backup in {words}")))
}

/// This machine; if it is new it does not know itself at the next start unless this is written.
fn machine_or_new(vfs: &dyn Vfs, config: &Config, random: u64) -> Result<Machine> {
    let known = Machine::read(vfs, &config.data_dir)?;
    Ok(known.unwrap_or(Machine { holder: random, epoch: 0, heeds: false, follows: None }))
}

/// The files of a data directory by which a machine knows itself and a standby says how it stands, where they are damaged:
/// their names, and what is wrong in words; or why that cannot be read.
#[must_use]
pub fn damaged(data_dir: &Path) -> Vec<(&'static str, String)> {
    let machine = match Machine::read(&RealDisk, data_dir) {
        Ok(_) => None,
        Err(storage::Error::Corrupt { why, .. }) => Some(("MACHINE", why)),
        Err(error) => Some(("MACHINE", error.to_string())),
    };
    machine.into_iter().chain(follow::damaged_state(data_dir)).collect()
}

/// A standby's store has the primary's transactions and no other: nothing else may open it to write.
///
/// # Errors
/// `Invalid` in a sentence if the data directory follows.
pub fn refuse_follower(vfs: &dyn Vfs, config: &Config) -> Result<()> {
    let machine = Machine::read(vfs, &config.data_dir)?;
    let Some(place) = machine.and_then(|machine| machine.follows) else { return Ok(()) };
    let why = format!("this data directory follows {place}; `{}` takes over", config.command("promote"));
    Err(Error::invalid("standby", why))
}

/// A machine that another one has taken over from, or that was never told to take over, adds nothing to the backups that
/// whoever serves goes on with: what it made last would be taken for the newest. For a command that has the store open by
/// itself; a server asks its fence.
///
/// # Errors
/// `Invalid` in a sentence if another machine serves from `place`; those of the target and the store.
pub fn refuse_beaten(config: &Config, store: &Store, place: &str) -> Result<()> {
    let Some((number, line)) = store.history()? else { return Ok(()) };
    let found = Repository::open(open_target(place)?, secret(&config.backups)?.as_ref())?;
    let Some(repository) = found.filter(|repository| repository.store() == number) else { return Ok(()) };
    let machine = machine_or_new(&RealDisk, config, 0)?;
    let claims = repository.claims()?;
    if machine.epoch == 0 {
        return if claims.is_empty() { Ok(()) } else { Err(served_elsewhere(config, place)) };
    }
    let own = Claim { epoch: machine.epoch, holder: machine.holder };
    let mut tenure = Tenure::new(own, false);
    // As a server does that claims there: nobody sees a claim yet that beats all others.
    if tenure.sees(&claims)
        && !claims.contains(&own)
        && let Some(taken_over) = own.made_without_place()
    {
        let since = since(&repository, taken_over, line.began)?;
        if since.replaced || since.served {
            return Err(served_elsewhere(config, place));
        }
    }
    let fence = Fence::new(Arc::new(|| Duration::ZERO));
    fence.set(tenure);
    fence.left().map(drop).map_err(|why| Error::invalid("standby", why))
}

/// What another machine did in a place of backups while one that took over without it had no claim there.
struct Since {
    /// It began a line of history behind that machine's.
    replaced: bool,
    /// It said that it serves, or what it said cannot be read.
    served: bool,
    /// The claim by which it did, if that can be read.
    by: Option<Claim>,
}

/// The same for a machine that took over at `taken_over` and began its line at `began`.
///
/// # Errors
/// Those of the target, but for damage of what was said last.
fn since(repository: &Repository, taken_over: Timestamp, began: Timestamp) -> Result<Since> {
    let replaced = repository.last_began()? > began;
    let lease = match repository.lease() {
        Err(storage::Error::Corrupt { .. }) => return Ok(Since { replaced, served: true, by: None }),
        other => other?,
    };
    let served = lease.is_some_and(|lease| lease.at > taken_over);
    Ok(Since { replaced, served, by: lease.map(|lease| lease.claim) })
}

/// Whether `dassie promote` comes before `dassie serve`: another machine has claimed to serve from the place of the backups,
/// and this one has no claim.
///
/// # Errors
/// Those of the target.
pub fn must_be_promoted(config: &Config) -> Result<bool> {
    let Some(place) = &config.backups.to else { return Ok(false) };
    if machine_or_new(&RealDisk, config, 0)?.epoch > 0 {
        return Ok(false);
    }
    let found = Repository::open(open_target(place)?, secret(&config.backups)?.as_ref())?;
    Ok(match found {
        Some(repository) => !repository.claims()?.is_empty(),
        None => false,
    })
}

/// Why a full disk keeps a standby from going on, in words, and which one it is; `None` of anything else.
fn no_room(vfs: &dyn Vfs, data_dir: &Path, error: &storage::Error) -> Option<String> {
    let storage::Error::Full = error else { return None };
    let free = |part: &str| {
        let dir = data_dir.join(part);
        Some((vfs.free_space(&dir).ok()?, dir))
    };
    let least = ["store", "media"].into_iter().filter_map(free).min_by_key(|(bytes, _)| *bytes);
    Some(match least {
        Some((bytes, dir)) => format!(
            "there is no room for what was shipped: {bytes} bytes are free in {}, and what the store needs to go on must stay \
             free",
            dir.display()
        ),
        None => format!("there is no room for what was shipped: {error}"),
    })
}

/// What takes this machine's data over from whoever served them.
fn take_over_command(config: &Config) -> String {
    config.command("promote --old-server-is-gone")
}

/// The place of the backups belongs to another server, or the directory of the store is a mount that is missing: an empty
/// server would come up with new keys.
fn strange_place(config: &Config, place: &str) -> Error {
    let data = config.data_dir.display();
    let why = format!(
        "{place} holds the backups of another server than the one in {data}/store. Is backup.to the right place? If it is, is \
         {data}/store mounted?"
    );
    Error::invalid("backup.to", why)
}

/// The directory of the store is a mount that is missing, most likely: an empty server would come up with new keys.
fn other_data(config: &Config) -> Error {
    let data = config.data_dir.display();
    let why = format!(
        "this machine served other data than those in {data}/store; is that directory mounted? If a new server is to begin \
         there, remove {data}/MACHINE and set backup.to to a place of its own"
    );
    Error::invalid("standby", why)
}

fn served_elsewhere(config: &Config, place: &str) -> Error {
    let why = format!(
        "these data were served by another machine. If that one will never serve again, run `{}`, and then `{}`; if it does, \
         move this data directory away and make this machine its standby: `{}`",
        take_over_command(config),
        config.command("serve"),
        config.command(&format!("standby {}", quoted(place)))
    );
    Error::invalid("standby", why)
}

/// The clock of leases for whoever holds one: the system's monotonic one, or the wall clock's way if that is longer, since
/// the monotonic one stands still while a machine sleeps. A wall clock set forward only ends a lease early.
#[must_use]
pub fn steady(clock: &Clock) -> Steady {
    let (started, shown) = (std::time::Instant::now(), clock.now());
    let (clock, by_hand) = (clock.clone(), matches!(clock, Clock::Manual(_)));
    let highest = std::sync::atomic::AtomicU64::new(0);
    Arc::new(move || {
        let way = u64::try_from(clock.now().ms_since(shown)).unwrap_or(0);
        let real = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let now = if by_hand { way } else { way.max(real) };
        Duration::from_millis(highest.fetch_max(now, std::sync::atomic::Ordering::AcqRel).max(now))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn the_clock_of_leases_follows_a_clock_set_forward_and_never_goes_back() {
        let manual = ManualClock::new(Timestamp(1_000));
        let steady = steady(&Clock::Manual(manual.clone()));
        assert_eq!(steady(), Duration::ZERO);
        manual.advance(5_000);
        assert_eq!(steady(), Duration::from_secs(5));
        manual.advance(-4_000);
        assert_eq!(steady(), Duration::from_secs(5));
    }
}

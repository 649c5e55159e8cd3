//! Lives here: what a server does for a second machine: it ships its log, renews its lease, and stops when it may not
//! serve; what the second machine does: it follows, and takes over.
//! May use: `backup` (places and keys), `config`, `limits`, `Server`; threads that may wait.
//! Must never name: any room or other edge; how pieces and leases are stored, which is `storage::backup`'s.
//! Invariants: nothing is written or delivered without a tenure once a standby exists; the renewal's time is taken before
//! it begins; nothing here decides by a clock that can be set.

mod follow;
mod lease;
mod promote;
mod ship;

pub use follow::{Followed, follow, looked_at};
pub use lease::{Tenancy, take_up};
pub use promote::{Promotion, promote};
pub use ship::{Ledger, Shipping, start};

use crate::{
    backup::{open_target, secret},
    clock::Clock,
    config::Config,
    error::{Error, Result},
};
use std::time::Duration;
use storage::backup::{Machine, Repository, Steady};

/// The repository that `place` names, with the key of the configuration.
fn repository(config: &Config, place: &str) -> Result<Repository> {
    let target = open_target(place)?;
    let words = target.describe();
    let found = Repository::open(target, secret(&config.backups)?.as_ref())?;
    found.ok_or_else(|| Error::invalid("backup.to", format!("there is no backup in {words}")))
}

/// This machine, made known to itself if it is new.
fn machine(config: &Config, random: u64) -> Result<Machine> {
    let disk = storage::vfs::RealDisk;
    if let Some(machine) = Machine::read(&disk, &config.data_dir)? {
        return Ok(machine);
    }
    let machine = Machine { holder: random, epoch: 0, heeds: false, follows: None };
    machine.write(&disk, &config.data_dir)?;
    Ok(machine)
}

/// A standby's store has the primary's transactions and no other: nothing else may open it to write.
///
/// # Errors
/// `Invalid` in a sentence if the data directory follows.
pub fn refuse_follower(config: &Config) -> Result<()> {
    let machine = Machine::read(&storage::vfs::RealDisk, &config.data_dir)?;
    let Some(place) = machine.and_then(|machine| machine.follows) else { return Ok(()) };
    let data = config.data_dir.display();
    let why = format!("this data directory follows {place}; `dassie promote --data {data}` takes over");
    Err(Error::invalid("standby", why))
}

/// The clock of leases for whoever holds one: the system's monotonic one, or the wall clock's way if that is longer, since
/// the monotonic one stands still while a machine sleeps. A wall clock set forward only ends a lease early.
#[must_use]
pub fn steady(clock: &Clock) -> Steady {
    let (started, shown) = (std::time::Instant::now(), clock.now());
    let (clock, by_hand) = (clock.clone(), matches!(clock, Clock::Manual(_)));
    let highest = std::sync::atomic::AtomicU64::new(0);
    std::sync::Arc::new(move || {
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
    use storage::Timestamp;

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

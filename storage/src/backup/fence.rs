//! The fence: whether this machine may serve now, asked before each write and each delivery; and the file that says
//! which machine this is. That file never leaves the machine: a restored copy of the data is another machine.

use super::lease::Tenure;
use crate::{
    checksum,
    error::{Error, Result},
    limits, record,
    record::Record,
    vfs::{self, Vfs},
};
use serde::{Deserialize, Serialize};
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A clock that never goes back, since any moment.
pub type Steady = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Which machine this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Its random number.
    pub holder: u64,
    /// The epoch of the claim by which it serves; 0: it has none.
    pub epoch: u64,
    /// It knows that a standby exists.
    pub heeds: bool,
    /// What it follows, as it was told; `None`: it serves.
    pub follows: Option<String>,
}
record!(Machine, 1);

/// The file of the data directory.
const FILE: &str = "MACHINE";

impl Machine {
    /// Reads the file of a data directory; `None` if there is none.
    ///
    /// # Errors
    /// `Corrupt`, `Format`, `Io`.
    pub fn read(vfs: &dyn Vfs, data_dir: &Path) -> Result<Option<Machine>> {
        let read = vfs::read_small(vfs, &data_dir.join(FILE), limits::MACHINE_BYTES_MAX);
        let Some(bytes) = read.map_err(|error| Error::io(format!("read {FILE}"), error))? else { return Ok(None) };
        let (sum, record) = bytes.split_at_checked(4).unwrap_or((&[], &bytes));
        if sum != checksum::checksum(record).to_le_bytes() {
            return Err(Error::corrupt(
                FILE,
                "byte 0",
                "its checksum does not hold; remove it and promote this machine",
            ));
        }
        Machine::decode(record).map(Some)
    }

    /// Writes the file; it is durable afterwards.
    ///
    /// # Errors
    /// `Io`; the old one or the new one is there.
    pub fn write(&self, vfs: &dyn Vfs, data_dir: &Path) -> Result<()> {
        let record = self.encode();
        let bytes = [&checksum::checksum(&record).to_le_bytes()[..], &record].concat();
        vfs::replace_small(vfs, &data_dir.join(FILE), &bytes).map_err(|error| Error::io(format!("write {FILE}"), error))
    }
}

/// Whether this machine may serve now; cheap to clone and to ask.
#[derive(Clone)]
pub struct Fence(Arc<Inner>);

struct Inner {
    steady: Steady,
    /// `None`: there is nothing to share with another machine.
    tenure: Mutex<Option<Tenure>>,
}

impl Fence {
    /// A fence with this clock that is open until `set` says otherwise.
    #[must_use]
    pub fn new(steady: Steady) -> Fence {
        Fence(Arc::new(Inner { steady, tenure: Mutex::default() }))
    }

    fn tenure(&self) -> MutexGuard<'_, Option<Tenure>> {
        self.0.tenure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time of its clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        (self.0.steady)()
    }

    /// From now on this machine serves by a claim.
    pub fn set(&self, tenure: Tenure) {
        *self.tenure() = Some(tenure);
    }

    /// The tenure, to be looked at and moved on; `None` if it was never set.
    pub fn with<T>(&self, work: impl FnOnce(&mut Tenure) -> T) -> Option<T> {
        self.tenure().as_mut().map(work)
    }

    /// For how long this machine may serve from now on.
    ///
    /// # Errors
    /// In a sentence why not.
    pub fn left(&self) -> Result<Duration, String> {
        let tenure = self.tenure();
        let Some(tenure) = &*tenure else { return Ok(Duration::MAX) };
        tenure.left(self.now()).ok_or_else(|| why_not(tenure))
    }
}

fn why_not(tenure: &Tenure) -> String {
    match tenure.beaten() {
        Some(claim) => format!(
            "another machine has taken over ({claim}); this one must not serve any more. To go on here as its standby, move \
             this data directory away and run `dassie standby` with the same place of backups"
        ),
        None => {
            "cannot reach the backup target to renew the lease, and a standby may take over; nothing is written or \
                 delivered until it is reached again"
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{backup::Claim, vfs::SimulatedDisk};
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn a_fence_closes_by_its_own_clock_and_says_why() {
        let seconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&seconds);
        let fence = Fence::new(Arc::new(move || Duration::from_secs(clock.load(Ordering::Relaxed))));
        assert_eq!(fence.left(), Ok(Duration::MAX));
        fence.set(Tenure::new(Claim { epoch: 1, holder: 1 }, true));
        assert!(fence.left().is_err());
        let began = fence.now();
        fence.with(|tenure| tenure.renewed(began));
        assert_eq!(fence.left(), Ok(limits::LEASE));
        seconds.store(30, Ordering::Relaxed);
        assert!(fence.left().is_err_and(|why| why.contains("cannot reach the backup target")));
        fence.with(|tenure| tenure.sees(&[Claim { epoch: 2, holder: 5 }]));
        assert!(fence.left().is_err_and(|why| why.contains("taken over")));
    }

    #[test]
    fn a_machine_knows_itself_again_and_a_damaged_file_is_refused() {
        let disk = SimulatedDisk::new();
        let dir = Path::new("/data");
        disk.make_dir(dir).expect("made");
        assert_eq!(Machine::read(&disk, dir).expect("read"), None);
        let machine = Machine { holder: 7, epoch: 2, heeds: true, follows: Some("s".into()) };
        assert_eq!(machine.encode(), [1, 7, 2, 1, 1, 1, b's']);
        machine.write(&disk, dir).expect("written");
        assert_eq!(Machine::read(&disk, dir).expect("read"), Some(machine));
        let file = disk.open(&dir.join(FILE), vfs::OpenMode::Existing).expect("there");
        file.write_at(5, &[9]).expect("written");
        assert!(matches!(Machine::read(&disk, dir), Err(Error::Corrupt { .. })));
    }
}

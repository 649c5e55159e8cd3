//! The directory in which a backup is seen restored, and whether there is room for that.

use super::Bench;
use crate::{
    config::Config,
    error::{Error, Result},
    limits,
};
use std::{
    io,
    path::{Path, PathBuf},
};
use storage::{Digest, usage::Walk, vfs::Vfs};

/// The directory's name inside the data directory.
pub const SCRATCH: &str = "restore-check";

/// What lies in the data directory already.
pub struct Taken<'a> {
    /// Bytes that its files take, those of a scratch store left out.
    pub bytes: &'a dyn Fn() -> Result<u64>,
    /// Bytes that must stay free on its disk, or nothing but deletes is accepted.
    pub floor_bytes: u64,
}

/// Where the scratch store of a configuration lies; of several servers with one `backup.scratch` each has its own.
pub(super) fn dir(config: &Config) -> PathBuf {
    let Some(elsewhere) = &config.backups.scratch else { return config.data_dir.join(SCRATCH) };
    let data = config.data_dir.canonicalize().unwrap_or_else(|_| config.data_dir.clone());
    let mark = Digest::of(&data.to_string_lossy()).0;
    let mark: String = mark.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    elsewhere.join(format!("dassie-{SCRATCH}-{mark}"))
}

/// Bytes allocated for everything in the data directory but a scratch store. Looks at every file.
///
/// # Errors
/// As the disk says.
pub fn taken(bench: &Bench) -> Result<u64> {
    let (vfs, data) = (bench.scratch.vfs.as_ref(), &bench.config.data_dir);
    let failed = |error| Error::Storage(storage::Error::io("measure the data directory", error));
    let mut taken: u64 = 0;
    for name in vfs.dirs(data).map_err(failed)?.into_iter().filter(|name| name != SCRATCH) {
        taken = taken.saturating_add(walked(vfs, &data.join(name)).map_err(failed)?);
    }
    Ok(taken)
}

fn walked(vfs: &dyn Vfs, dir: &Path) -> io::Result<u64> {
    let mut walk = Walk::new(dir);
    loop {
        if let Some(bytes) = walk.step(vfs, storage::limits::USAGE_STEP)? {
            return Ok(bytes);
        }
    }
}

/// Refuses a scratch store of about `wanted` bytes that would make others wait: beyond `limits::ROOM_OUT_PER_MILLE` of the
/// budget or of the disk nothing is taken from other servers.
///
/// # Errors
/// `Invalid` in words: there is no room; `backup.scratch` is no place for it.
pub(super) fn refuse_without_room(bench: &Bench, wanted: u64, taken: &Taken<'_>) -> Result<()> {
    let (scratch, config) = (&bench.scratch, &bench.config);
    let (place, floor) = match &config.backups.scratch {
        Some(elsewhere) => {
            refuse_place(elsewhere, &config.data_dir)?;
            (elsewhere, 0)
        }
        None => {
            if let Some(budget) = scratch.budget {
                refuse_beyond(wanted, (taken.bytes)()?, budget)?;
            }
            (&config.data_dir, taken.floor_bytes)
        }
    };
    let failed = |error| Error::Storage(storage::Error::io("look at the free space", error));
    let free = scratch.vfs.free_space(place).map_err(failed)?;
    let total = scratch.vfs.total_space(place).map_err(failed)?;
    refuse_full(wanted, (free, total), floor, place)
}

/// A place that is not there is a disk that is not mounted, most likely; one inside the data directory would not count.
fn refuse_place(elsewhere: &Path, data_dir: &Path) -> Result<()> {
    let shown = elsewhere.display();
    if !elsewhere.is_dir() {
        return Err(Error::invalid("backup.scratch", format!("{shown} is no directory; is its disk mounted?")));
    }
    let real = |path: &Path| path.canonicalize().ok();
    if let (Some(place), Some(data)) = (real(elsewhere), real(data_dir))
        && place.starts_with(&data)
    {
        let why = format!("{shown} lies inside the data directory, where backups are seen restored without this key");
        return Err(Error::invalid("backup.scratch", why));
    }
    Ok(())
}

fn refuse_beyond(wanted: u64, taken: u64, budget: u64) -> Result<()> {
    let most = share(budget, limits::ROOM_OUT_PER_MILLE);
    if taken.saturating_add(wanted) < most {
        return Ok(());
    }
    let why = format!(
        "no room: about {} MB are needed for a while, and {} MB of the budget of {} MB are left before other servers \
         would have to wait; a larger budget helps, or backup.scratch on another disk",
        mb_up(wanted),
        mb(most.saturating_sub(taken)),
        mb(budget)
    );
    Err(Error::invalid("backup", why))
}

fn refuse_full(wanted: u64, (free, total): (u64, u64), floor: u64, place: &Path) -> Result<()> {
    // As the room is judged: with plenty left a disk is not full, whatever its share.
    let out = total.saturating_sub(share(total, limits::ROOM_OUT_PER_MILLE));
    let stays = out.min(limits::ROOM_DISK_PLENTY_BYTES).max(floor);
    if free > wanted.saturating_add(stays) {
        return Ok(());
    }
    let why = format!(
        "no room: about {} MB are needed for a while, and {} MB are free on the disk under {}, of which {} MB are to stay \
         free; free some space there, or set backup.scratch to a directory on another disk",
        mb_up(wanted),
        mb(free),
        place.display(),
        mb_up(stays)
    );
    Err(Error::invalid("backup", why))
}

fn share(bytes: u64, per_mille: u64) -> u64 {
    u64::try_from(u128::from(bytes) * u128::from(per_mille) / 1_000).unwrap_or(u64::MAX)
}

fn mb(bytes: u64) -> u64 {
    bytes / 1_000_000
}

fn mb_up(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Backups;
    use storage::{
        Options,
        vfs::{OpenMode, SimulatedDisk},
    };

    const MB: u64 = 1_000_000;

    fn bench(data_dir: &Path, disk: &SimulatedDisk, scratch: Option<&Path>) -> Bench {
        let backups = Backups { scratch: scratch.map(Path::to_owned), ..Backups::default() };
        let mut config = Config::embedded(data_dir, None);
        config.backups = backups;
        let vfs = std::sync::Arc::new(disk.clone());
        let store = Options { vfs, budget: Some(1_000 * MB), ..Options::new(data_dir.join("store")) };
        Bench::new(&config, &store)
    }

    fn outcome(bench: &Bench, wanted: u64, bytes: u64, floor_bytes: u64) -> std::result::Result<(), String> {
        let taken = Taken { bytes: &|| Ok(bytes), floor_bytes };
        refuse_without_room(bench, wanted, &taken).map_err(|error| error.to_string())
    }

    #[test]
    fn a_scratch_store_stays_below_the_marks_of_budget_and_disk() {
        let (data, disk) = (tempfile::tempdir().expect("a directory"), SimulatedDisk::new());
        let bench = bench(data.path(), &disk, None);
        assert_eq!(bench.scratch.dir, data.path().join("restore-check"));
        assert_eq!(outcome(&bench, 480 * MB - 1, 500 * MB, 0), Ok(()));
        let why = outcome(&bench, 480 * MB, 500 * MB, 0).expect_err("that is 98 %");
        assert!(
            why.contains("no room: about 480 MB are needed for a while, and 480 MB of the budget of 1000 MB"),
            "{why}"
        );
        // 2 % of this disk are 200 MB.
        disk.set_total_space(Some(10_000 * MB));
        disk.set_free_space(Some(300 * MB));
        assert_eq!(outcome(&bench, 100 * MB - 1, 0, 0), Ok(()));
        let why = outcome(&bench, 100 * MB, 0, 0).expect_err("the disk would be at 98 %");
        assert!(why.contains("300 MB are free on the disk under") && why.contains("200 MB are to stay free"), "{why}");
        assert!(outcome(&bench, 40 * MB - 1, 0, 260 * MB).is_ok() && outcome(&bench, 40 * MB, 0, 260 * MB).is_err());
        // Plenty is left, whatever share that is.
        disk.set_total_space(Some(10_000_000 * MB));
        disk.set_free_space(Some(5_100 * MB));
        assert!(outcome(&bench, 100 * MB - 1, 0, 0).is_ok() && outcome(&bench, 100 * MB, 0, 0).is_err());
    }

    #[test]
    fn a_scratch_directory_elsewhere_takes_nothing_of_the_budget_and_must_be_there() {
        let (data, other) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("another"));
        let disk = SimulatedDisk::new();
        let of = |scratch: &Path| bench(data.path(), &disk, Some(scratch));
        let elsewhere = of(other.path());
        assert_eq!(outcome(&elsewhere, 900 * MB, 900 * MB, u64::MAX), Ok(()));
        assert_eq!(elsewhere.scratch.dir.parent(), Some(other.path()));
        let another = tempfile::tempdir().expect("a third");
        assert_ne!(bench(another.path(), &disk, Some(other.path())).scratch.dir, elsewhere.scratch.dir);
        disk.set_total_space(Some(1_000 * MB));
        disk.set_free_space(Some(900 * MB));
        assert!(outcome(&elsewhere, 900 * MB, 0, 0).is_err(), "its own disk counts");
        let why = outcome(&of(&other.path().join("absent")), 1, 0, 0).expect_err("it is not there");
        assert!(why.contains("is no directory; is its disk mounted?"), "{why}");
        let inside = data.path().join("media");
        std::fs::create_dir(&inside).expect("made");
        let why = outcome(&of(&inside), 1, 0, 0).expect_err("it would not count");
        assert!(why.contains("lies inside the data directory"), "{why}");
    }

    #[test]
    fn what_the_data_directory_takes_leaves_the_scratch_store_out() {
        let (data, disk) = (Path::new("/data"), SimulatedDisk::new());
        for (name, bytes) in [("store/log/one", 100_usize), ("media/aa/two", 20), ("restore-check/store", 3)] {
            let file = disk.open(&data.join(name), OpenMode::OrCreate).expect("open");
            file.write_at(0, &vec![0; bytes]).expect("written");
        }
        assert_eq!(taken(&bench(data, &disk, None)).expect("walked"), 120);
    }
}

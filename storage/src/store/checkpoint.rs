//! The file `CHECKPOINT`: up to where the engine was durable, and a sample by which a changed engine is noticed.

use super::shared::{Shared, lock, wait_for};
use crate::{
    catalogue::TableInfo,
    checksum,
    engine::{Engine, EngineKind},
    error::{Error, Result},
    id::Lsn,
    limits,
    migrate::refuse_newer,
    table::{Direction, KeyRange},
    vfs::{self, Vfs},
};
use std::{ops::ControlFlow, path::Path, time::Instant};

/// The file's name in the store's directory.
pub(crate) const FILE: &str = "CHECKPOINT";
const SIZE_MAX: usize = 4096;

/// What the engine was at a moment when it was durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last transaction in it.
    pub lsn: Lsn,
    /// Which engine.
    pub engine: EngineKind,
    /// The format of the data.
    pub format: u32,
    /// The checksum of its first and last rows.
    pub sample: u32,
}

impl Checkpoint {
    fn text(&self) -> String {
        let Checkpoint { lsn, engine, format, sample } = self;
        let body = format!("dassie checkpoint\nformat {format}\nlsn {lsn}\nengine {engine}\nsample {sample:08x}\n");
        let sum = checksum::checksum(body.as_bytes());
        format!("{body}crc {sum:08x}\n")
    }

    fn parse(text: &str) -> Option<Checkpoint> {
        let (body, sum) = text.split_at_checked(text.rfind("crc ")?)?;
        if u32::from_str_radix(sum.trim_end().strip_prefix("crc ")?, 16).ok()? != checksum::checksum(body.as_bytes()) {
            return None;
        }
        let field = |name: &str| body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Some(Checkpoint {
            lsn: Lsn(field("lsn")?.parse().ok()?),
            engine: field("engine")?.parse().ok()?,
            format: field("format")?.parse().ok()?,
            sample: u32::from_str_radix(field("sample")?, 16).ok()?,
        })
    }

    /// Reads the file; `None` if there is none.
    ///
    /// # Errors
    /// `Format` if a newer program wrote it, `Corrupt` if it is damaged, `Io`.
    pub fn read(vfs: &dyn Vfs, dir: &Path) -> Result<Option<Checkpoint>> {
        let bytes =
            vfs::read_small(vfs, &dir.join(FILE), SIZE_MAX).map_err(|error| Error::io("read CHECKPOINT", error))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let text = std::str::from_utf8(&bytes).ok();
        let Some(checkpoint) = text.and_then(Checkpoint::parse) else {
            return Err(Error::corrupt(FILE, "the file", "its checksum does not hold"));
        };
        refuse_newer(checkpoint.format)?;
        Ok(Some(checkpoint))
    }

    /// Writes the file: temp, rename, directory.
    ///
    /// # Errors
    /// `Io`.
    pub fn write(&self, vfs: &dyn Vfs, dir: &Path) -> Result<()> {
        vfs::replace_small(vfs, &dir.join(FILE), self.text().as_bytes())
            .map_err(|error| Error::io("write CHECKPOINT", error))
    }
}

/// What is wrong with the file of an open store; `None`: nothing is, or there is none yet.
///
/// # Errors
/// `Format` if a newer program wrote it, `Io`.
pub(crate) fn damage(shared: &Shared) -> Result<Option<String>> {
    match Checkpoint::read(shared.options.vfs.as_ref(), &shared.options.dir) {
        Ok(Some(noted)) if noted.lsn > shared.visible() => {
            Ok(Some(format!("it stands at {}, the log ends at {}", noted.lsn, shared.visible())))
        }
        Ok(_) => Ok(None),
        Err(Error::Corrupt { why, .. }) => Ok(Some(why)),
        Err(error) => Err(error),
    }
}

/// Has a checkpoint made and the file written, although nothing may have been applied since the last one, and waits for it.
///
/// # Errors
/// `Refused` in a sentence if it is not there after `limits::CHECKPOINT_WAIT`, or the store closes; as `damage`.
pub(crate) fn make_anew(shared: &Shared) -> Result<()> {
    lock(&shared.unapplied).checkpoint_wanted = true;
    shared.unapplied_changed.notify_all();
    let deadline = Instant::now() + limits::CHECKPOINT_WAIT;
    while damage(shared)?.is_some() {
        if Instant::now() >= deadline || shared.bases.stopped() || shared.read_only().is_some() {
            return Err(Error::Refused("it is not written yet; check again".to_owned()));
        }
        // Bounded: the applier's step may end between the look and the wait.
        drop(wait_for(&shared.progressed, lock(&shared.progress), limits::REOPEN_WAIT));
    }
    Ok(())
}

/// The checksum of the first and last rows of every table.
///
/// # Errors
/// As the engine says.
pub(crate) fn sample(engine: &dyn Engine, tables: &[TableInfo]) -> Result<u32> {
    let snapshot = engine.reader()?;
    let mut sum = 0;
    for table in tables {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut rows = 0;
            snapshot.scan(table.id, &KeyRange::all(), direction, &mut |key, value| {
                sum = checksum::extend(sum, &table.id.0.to_le_bytes());
                sum = checksum::extend(sum, key);
                sum = checksum::extend(sum, value);
                rows += 1;
                Ok(if rows < limits::SAMPLE_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
        }
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::Checkpoint;
    use crate::{engine::EngineKind, id::Lsn};

    #[test]
    fn a_checkpoint_reads_back_and_a_harmed_one_does_not() {
        let whole = Checkpoint { lsn: Lsn(77), engine: EngineKind::Sled, format: 1, sample: 0xdead_beef };
        assert_eq!(Checkpoint::parse(&whole.text()), Some(whole));
        assert_eq!(Checkpoint::parse(&whole.text().replace("77", "78")), None);
    }
}

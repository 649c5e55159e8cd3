//! Appending: one write and one sync a group; a new segment when the last is full or a sync failed.
//!
//! After a failed sync the same file descriptor is never trusted again: the kernel forgets the pages. The group is
//! written once more, with the same LSNs, into a new segment; a second failure ends writing, but where the disk is full and
//! the reserve file gives its room.

use super::{
    frame::{self, Kind, Uuid},
    recovery::{Recovered, Segment, Segments},
    segment::{FIRST_FRAME, SegmentHeader, file_name},
};
use crate::{
    catalogue::FORMAT,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits, reserve,
    vfs::{OpenMode, Vfs, VfsFile},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The predecessor of the first segment of a log that begins behind a base.
const CUT: Uuid = [0xff; 16];

/// Sizes of segments; tests make them small.
#[derive(Debug, Clone, Copy)]
pub struct SegmentSizes {
    /// Bytes of the segment made while opening.
    pub first: u64,
    /// Bytes of every other.
    pub other: u64,
}

/// Makes the next segment beforehand, on a thread of its own.
pub struct Allocator {
    vfs: Arc<dyn Vfs>,
    dir: PathBuf,
    bytes: u64,
    state: Mutex<Allocation>,
    changed: Condvar,
}

struct Allocation {
    next: Option<Prepared>,
    making: bool,
    wanted: bool,
    failed: Option<String>,
    highest: u64,
    stop: bool,
}

/// A zero-filled segment.
struct Prepared {
    file: Arc<dyn VfsFile>,
    number: u64,
    bytes: u64,
}

impl Allocator {
    fn state(&self) -> MutexGuard<'_, Allocation> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body of the thread; ends after `stop`. Begins when a segment is wanted, or after `delay`: a store that
    /// lives shortly writes no whole segment.
    pub fn run(&self, delay: Duration) {
        let mut state = self.state();
        let begin = Instant::now();
        while !state.stop && !state.wanted && begin.elapsed() < delay {
            let left = delay.saturating_sub(begin.elapsed());
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.wanted = true;
        while !state.stop {
            if !state.wanted || state.next.is_some() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.making = true;
            state.highest += 1;
            let number = state.highest;
            drop(state);
            let made = fill(self.vfs.as_ref(), &self.dir, number, self.bytes, || self.state().stop);
            state = self.state();
            state.making = false;
            match made {
                Ok(prepared) => {
                    state.next = Some(prepared);
                    state.failed = None;
                }
                Err(_) if state.stop => {}
                Err(error) => {
                    tracing::warn!(%error, number, "the next log segment could not be made beforehand");
                    state.failed = Some(error.to_string());
                }
            }
            self.changed.notify_all();
            // Each group wakes this thread; what it tries costs a full disk as much as one that has room.
            let retry = Instant::now() + limits::SEGMENT_RETRY;
            while state.failed.is_some() && !state.stop && Instant::now() < retry {
                let left = retry.saturating_duration_since(Instant::now());
                state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.state().stop = true;
        self.changed.notify_all();
    }

    /// Whether the last try to make a segment failed: no room for what comes.
    #[must_use]
    pub fn failing(&self) -> bool {
        self.state().failed.is_some()
    }

    /// Asks for the next segment.
    fn want(&self) {
        self.state().wanted = true;
        self.changed.notify_all();
    }

    /// The segment made beforehand, waiting for one that is being made; or the number of one to be made. Asks for the next,
    /// whose number is higher: the newest segment has the highest.
    fn take(&self) -> Taken {
        let mut state = self.state();
        while state.making {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let taken = match state.next.take() {
            Some(prepared) => Taken::Prepared(prepared),
            None => {
                state.highest += 1;
                Taken::Number(state.highest)
            }
        };
        state.wanted = true;
        self.changed.notify_all();
        taken
    }

    fn next_number(&self) -> u64 {
        let mut state = self.state();
        state.highest += 1;
        state.highest
    }
}

/// The next segment, or the number it is to have.
enum Taken {
    Prepared(Prepared),
    Number(u64),
}

/// Makes a zero-filled file, durable with its name; gives up when `stop` says so.
fn fill(vfs: &dyn Vfs, dir: &Path, number: u64, bytes: u64, stop: impl Fn() -> bool) -> io::Result<Prepared> {
    let path = dir.join(file_name(number));
    let file = vfs.open(&path, OpenMode::Truncate)?;
    let zeros = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX).min(limits::FILL_BYTES)];
    let mut done = 0;
    let write = || {
        while done < bytes {
            if stop() {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "stopped"));
            }
            let count = usize::try_from(bytes - done).unwrap_or(usize::MAX).min(zeros.len());
            file.write_at(done, &zeros[..count])?;
            done += count as u64;
        }
        file.sync_blank()?;
        vfs.sync_dir(dir)
    };
    let mut write = write;
    if let Err(error) = write() {
        // Half a file is of no use and holds room; if it cannot go it is found unused at the next start.
        if let Err(second) = vfs.remove(&path) {
            tracing::warn!(%second, number, "half a log segment could not be removed");
        }
        return Err(error);
    }
    Ok(Prepared { file, number, bytes })
}

/// A group as it goes into the log.
type Written<'a> = (Timestamp, &'a [(Lsn, Vec<u8>)]);

/// Transactions written together, and when.
pub type Group = (Timestamp, Vec<(Lsn, Vec<u8>)>);

/// The end of the log.
pub struct Writer {
    vfs: Arc<dyn Vfs>,
    dir: PathBuf,
    sizes: SegmentSizes,
    segments: Arc<Segments>,
    allocator: Arc<Allocator>,
    current: Arc<Segment>,
    file: Arc<dyn VfsFile>,
    offset: u64,
    capacity: u64,
    durable: Lsn,
    /// The time of the newest group; none is below it.
    time: Timestamp,
    /// Whether the newest group is named durable by a later header.
    protected: bool,
    broken: bool,
    /// A file that goes once the disk is full.
    reserve: Option<PathBuf>,
}

impl Writer {
    /// Begins the log of a store that is being restored, in an empty directory, behind the base at `base` (0: from the
    /// first transaction on).
    ///
    /// # Errors
    /// `Io`.
    pub fn behind(vfs: Arc<dyn Vfs>, dir: &Path, sizes: SegmentSizes, base: Lsn) -> Result<Writer> {
        let nothing = Recovered {
            segments: Segments::default(),
            last: base,
            durable: base,
            time: Timestamp(0),
            highest_number: 0,
            unused: None,
            cut: None,
        };
        Ok(Writer::begin(vfs, dir, sizes, nothing, Lsn(base.0 + 1))?.0)
    }

    /// Begins a new segment behind what recovery found; the log goes on with `next`.
    ///
    /// # Errors
    /// `Io`: a log that cannot be written at start is an error, not a mode.
    pub fn begin(
        vfs: Arc<dyn Vfs>,
        dir: &Path,
        sizes: SegmentSizes,
        recovered: Recovered,
        next: Lsn,
    ) -> Result<(Writer, Arc<Allocator>)> {
        let io = |what: &str| {
            let what = format!("{what} log");
            move |error| Error::io(what, error)
        };
        let time = recovered.time;
        let segments = Arc::new(recovered.segments);
        let reused = match recovered.unused {
            Some(number) => {
                let file = vfs.open(&dir.join(file_name(number)), OpenMode::Existing).map_err(io("open"))?;
                let bytes = file.size().map_err(io("read"))?;
                // A process that was killed while it made it may not have come to this.
                vfs.sync_dir(dir).map_err(io("sync"))?;
                (bytes >= sizes.first).then_some(Prepared { file, number, bytes })
            }
            None => None,
        };
        let allocation = Allocation {
            next: None,
            making: false,
            wanted: false,
            failed: None,
            highest: recovered.highest_number,
            stop: false,
        };
        let allocator = Arc::new(Allocator {
            vfs: vfs.clone(),
            dir: dir.to_path_buf(),
            bytes: sizes.other,
            state: Mutex::new(allocation),
            changed: Condvar::new(),
        });
        let prepared = match reused {
            Some(prepared) => prepared,
            None => fill(vfs.as_ref(), dir, allocator.next_number(), sizes.first, || false).map_err(io("make"))?,
        };
        let before = segments.all().last().cloned();
        let end = before.as_ref().map_or(0, |before| before.end());
        // The log of a restored store, or behind a loss, begins behind a base: a predecessor that is not there says so.
        let first = if recovered.last == Lsn(0) || before.is_some() { [0; 16] } else { CUT };
        let predecessor = Predecessor { uuid: before.as_ref().map_or(first, |before| before.header.uuid), end, time };
        let header = start_segment(&prepared, &predecessor, next).map_err(io("begin"))?;
        let current = Segment::new(vfs.clone(), dir, header, FIRST_FRAME);
        segments.push(current.clone());
        if let Some(before) = before {
            // What lies behind the end is never read again; its room goes back to the system.
            before.open()?.set_len(before.end()).map_err(io("cut"))?;
        }
        let writer = Writer {
            vfs,
            dir: dir.to_path_buf(),
            sizes,
            segments,
            allocator: allocator.clone(),
            current,
            file: prepared.file,
            offset: FIRST_FRAME,
            capacity: prepared.bytes,
            durable: Lsn(next.0 - 1),
            time,
            protected: true,
            broken: false,
            reserve: None,
        };
        Ok((writer, allocator))
    }

    /// From now on the log has the room of the file at `path` once the disk is full.
    pub fn reserve(&mut self, path: PathBuf) {
        self.reserve = Some(path);
    }

    /// The segments, shared with readers.
    #[must_use]
    pub fn segments(&self) -> Arc<Segments> {
        self.segments.clone()
    }

    /// Everything up to here is durable.
    #[must_use]
    pub fn durable(&self) -> Lsn {
        self.durable
    }

    /// Whether a later header already says that the newest group is durable.
    #[must_use]
    pub fn protected(&self) -> bool {
        self.protected || self.broken
    }

    /// Appends a group written at `now` and returns when it is durable. A clock that goes back stands still here.
    ///
    /// # Errors
    /// `ReadOnly` after two failures: whether the group survives is unknown until the next start.
    pub fn append(&mut self, records: &[(Lsn, Vec<u8>)], now: Timestamp) -> Result<()> {
        let (Some((first, _)), Some((last, _))) = (records.first(), records.last()) else { return Ok(()) };
        self.time = self.time.max(now);
        self.write(*first, &[(self.time, records)])?;
        self.durable = *last;
        self.protected = false;
        Ok(())
    }

    /// Appends groups that were written before, each with its time, by one write and one sync; for a restore.
    ///
    /// # Errors
    /// As `append`.
    pub fn append_groups(&mut self, groups: &[Group]) -> Result<()> {
        let (Some((_, first)), Some((time, last))) = (groups.first(), groups.last()) else { return Ok(()) };
        let (Some((first, _)), Some((last, _))) = (first.first(), last.last()) else { return Ok(()) };
        let (first, last) = (*first, *last);
        let written: Vec<_> = groups.iter().map(|(time, records)| (*time, &records[..])).collect();
        self.write(first, &written)?;
        (self.durable, self.time, self.protected) = (last, self.time.max(*time), false);
        Ok(())
    }

    /// Protects the newest group by an empty header, once; for an idle log.
    ///
    /// # Errors
    /// As `append`.
    pub fn protect(&mut self) -> Result<()> {
        if self.protected {
            return Ok(());
        }
        self.write(Lsn(self.durable.0 + 1), &[(self.time, &[])])?;
        self.protected = true;
        Ok(())
    }

    fn write(&mut self, first: Lsn, groups: &[Written<'_>]) -> Result<()> {
        if self.broken {
            return Err(Error::ReadOnly("writing the log failed twice".into()));
        }
        let Err(error) = self.try_write(first, groups) else { return Ok(()) };
        tracing::error!(%error, segment = self.current.name(), "writing the log failed; once more into a new segment");
        let anew = |writer: &mut Self| writer.begin_segment(first, 0).and_then(|()| writer.try_write(first, groups));
        let Err(mut second) = anew(self) else { return Ok(()) };
        let may_release = second.kind() == io::ErrorKind::StorageFull;
        let released = |path: &PathBuf| may_release && reserve::release(self.vfs.as_ref(), path);
        if self.reserve.as_ref().is_some_and(released) {
            match anew(self) {
                Ok(()) => return Ok(()),
                Err(third) => second = third,
            }
        }
        tracing::error!(error = %second, "writing the log failed twice; the store is read-only until restarted");
        self.broken = true;
        Err(Error::ReadOnly(format!("writing the log failed twice: {error}; then {second}")))
    }

    fn try_write(&mut self, first: Lsn, groups: &[Written<'_>]) -> io::Result<()> {
        let records = groups.iter().flat_map(|(_, records)| *records);
        let size: usize = records.map(|(_, record)| frame::HEAD + record.len()).sum();
        let size = (size + groups.len() * (frame::HEAD + frame::GROUP_BYTES)) as u64;
        if self.offset + size > self.capacity && self.offset > FIRST_FRAME {
            self.begin_segment(first, size)?;
        }
        let uuid = &self.current.header.uuid;
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        for (time, records) in groups {
            let head = frame::group_payload(self.durable, uuid, *time);
            let first = records.first().map_or(first, |(lsn, _)| *lsn);
            frame::encode(&mut bytes, uuid, first, Kind::Group, &head);
            for (lsn, record) in *records {
                frame::encode(&mut bytes, uuid, *lsn, Kind::Transaction, record);
            }
        }
        self.file.write_at(self.offset, &bytes)?;
        self.file.sync_data()?;
        let end = self.offset + bytes.len() as u64;
        self.current.grow(first, self.offset, end);
        self.offset = end;
        if end > self.capacity / 4 {
            self.allocator.want();
        }
        Ok(())
    }

    fn begin_segment(&mut self, first: Lsn, size: u64) -> io::Result<()> {
        let prepared = match self.allocator.take() {
            Taken::Prepared(prepared) => prepared,
            Taken::Number(number) => {
                let bytes = self.sizes.first.max(size + FIRST_FRAME);
                fill(self.vfs.as_ref(), &self.dir, number, bytes, || false)?
            }
        };
        let predecessor = Predecessor { uuid: self.current.header.uuid, end: self.offset, time: self.time };
        let header = start_segment(&prepared, &predecessor, first)?;
        let next = Segment::new(self.vfs.clone(), &self.dir, header, FIRST_FRAME);
        self.segments.push(next.clone());
        self.current = next;
        self.file = prepared.file;
        self.offset = FIRST_FRAME;
        self.capacity = prepared.bytes;
        Ok(())
    }
}

/// What a segment's header says of the one before it.
struct Predecessor {
    /// Zeros: there is none.
    uuid: Uuid,
    end: u64,
    time: Timestamp,
}

/// Writes a segment's header and makes it durable before any group follows.
fn start_segment(prepared: &Prepared, before: &Predecessor, first_lsn: Lsn) -> io::Result<SegmentHeader> {
    let mut uuid: Uuid = [0; 16];
    // Not from `Environment`: two segments of one name would be fatal, and a test's dice may repeat.
    aws_lc_rs::rand::fill(&mut uuid).map_err(|_| io::Error::other("the system gives no random bytes"))?;
    // The chain tells segments apart by this alone; zeros mean "none".
    uuid[0] |= 1;
    let header = SegmentHeader {
        uuid,
        number: prepared.number,
        predecessor: before.uuid,
        predecessor_end: before.end,
        first_lsn,
        format: FORMAT,
        time: before.time,
    };
    prepared.file.write_at(0, &header.encode())?;
    prepared.file.sync_data()?;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;

    #[test]
    fn numbers_of_segments_grow_in_the_order_in_which_they_are_used() {
        let disk = SimulatedDisk::new();
        let state = Allocation { next: None, making: false, wanted: false, failed: None, highest: 0, stop: false };
        let allocator = Allocator {
            vfs: Arc::new(disk),
            dir: "/log".into(),
            bytes: 4096,
            state: Mutex::new(state),
            changed: Condvar::new(),
        };
        std::thread::scope(|scope| {
            scope.spawn(|| allocator.run(Duration::ZERO));
            let mut last = 0;
            for _ in 0..2_000 {
                let number = match allocator.take() {
                    Taken::Prepared(prepared) => prepared.number,
                    Taken::Number(number) => number,
                };
                if number <= last {
                    allocator.stop();
                    panic!("{number} behind {last}");
                }
                last = number;
            }
            allocator.stop();
        });
    }
}

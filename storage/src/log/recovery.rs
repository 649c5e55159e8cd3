//! Recovery: the chain of segments, where the log ends, and whether what is missing was ever durable.
//!
//! A frame that does not hold is the torn tail only if nothing behind it says that it was durable; otherwise it
//! is corruption and the log refuses. What is behind the end of a segment, as its successor names it, is not read.

use super::{
    frame::{self, Frame, Kind, Uuid},
    segment::{FIRST_FRAME, SegmentHeader, SegmentReader, Step, file_name, number_of},
    transaction::Transaction,
};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    vfs::{OpenMode, Vfs, VfsFile},
};
use std::{
    collections::{BTreeMap, VecDeque},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Bytes before the first group of a segment.
const HEAD_BYTES: usize = FIRST_FRAME as usize;

/// One segment of the chain.
pub struct Segment {
    /// Its first frame.
    pub header: SegmentHeader,
    vfs: Arc<dyn Vfs>,
    path: PathBuf,
    end: AtomicU64,
    places: Mutex<Vec<(Lsn, u64)>>,
}

impl Segment {
    pub(super) fn new(vfs: Arc<dyn Vfs>, dir: &Path, header: SegmentHeader, end: u64) -> Arc<Segment> {
        let path = dir.join(file_name(header.number));
        Arc::new(Segment { header, vfs, path, end: AtomicU64::new(end), places: Mutex::default() })
    }

    /// Opens its file; not kept open, because a log may have more segments than a process may have files.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(&self) -> Result<Arc<dyn VfsFile>> {
        self.vfs
            .open(&self.path, OpenMode::Existing)
            .map_err(|error| Error::io(format!("open log/{}", self.name()), error))
    }

    /// Where its valid bytes end; grows while it is the last one.
    pub fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    /// Its file name.
    pub fn name(&self) -> String {
        file_name(self.header.number)
    }

    pub(super) fn grow(&self, first: Lsn, from: u64, end: u64) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.last().is_none_or(|(_, at)| from - at >= limits::LOG_INDEX_STEP) {
            places.push((first, from));
        }
        self.end.store(end, Ordering::Release);
    }

    /// Whether another one came before it.
    fn cut(&self) -> bool {
        self.header.predecessor != [0; 16]
    }

    fn place_before(&self, lsn: Lsn) -> u64 {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let index = places.partition_point(|(first, _)| *first <= lsn);
        index.checked_sub(1).map_or(FIRST_FRAME, |before| places[before].1)
    }
}

/// The segments of the log in order; shared by the writer and everybody who reads.
#[derive(Default)]
pub struct Segments {
    list: Mutex<Vec<Arc<Segment>>>,
    /// Segments below the first that no chain leads to: left over where removing was cut short or a loss was accepted.
    strays: Mutex<Vec<u64>>,
}

/// One transaction as it stands in the log.
pub struct Record<'a> {
    /// Its number.
    pub lsn: Lsn,
    /// When its group was written; never below that of the one before; 0 from before there were times.
    pub time: Timestamp,
    /// What `Transaction::decode` reads.
    pub bytes: &'a [u8],
    segment: &'a Segment,
    offset: u64,
}

impl Record<'_> {
    /// What it did.
    ///
    /// # Errors
    /// `Corrupt` naming segment and byte, `Format` for one of a newer program.
    pub fn transaction(&self) -> Result<Transaction> {
        Transaction::decode(self.bytes).map_err(|error| match error {
            Error::Corrupt { why, .. } => at(self.segment, self.offset, format!("transaction {}: {why}", self.lsn)),
            other => other,
        })
    }
}

/// What to do about transactions missing inside the log, after an operator accepted a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// They are an error.
    Refuse,
    /// Read what is there.
    Accept,
}

impl Segments {
    fn list(&self) -> MutexGuard<'_, Vec<Arc<Segment>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The segments now.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Segment>> {
        self.list().clone()
    }

    pub(super) fn push(&self, segment: Arc<Segment>) {
        self.list().push(segment);
    }

    /// Bytes of log.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.list().iter().map(|segment| segment.end()).sum()
    }

    /// Bytes of log behind a transaction; inside a segment of an earlier run all of it counts.
    #[must_use]
    pub fn bytes_behind(&self, lsn: Lsn) -> u64 {
        let list = self.list();
        let covered = covered(&list, lsn);
        let behind = list.iter().skip(covered).enumerate().map(|(index, segment)| {
            let from = if index == 0 { segment.place_before(Lsn(lsn.0 + 1)) } else { 0 };
            segment.end().saturating_sub(from)
        });
        behind.sum()
    }

    /// The first transaction in the log: 1, unless segments were removed that base snapshots cover.
    #[must_use]
    pub fn begin(&self) -> Lsn {
        let list = self.list();
        list.first().filter(|first| first.cut()).map_or(Lsn(1), |first| first.header.first_lsn)
    }

    /// Removes the files of segments that hold nothing above `floor`, never the last one; answers how many.
    ///
    /// # Errors
    /// `Io`; what could not be removed stays in the log.
    pub(crate) fn remove_covered(&self, vfs: &dyn Vfs, dir: &Path, floor: Lsn) -> Result<usize> {
        let io = |error| Error::io("remove a log segment", error);
        if floor == Lsn(0) {
            return Ok(0);
        }
        if self.begin().0 <= floor.0 + 1 {
            let mut strays = self.strays.lock().unwrap_or_else(PoisonError::into_inner);
            while let Some(number) = strays.last() {
                vfs.remove(&dir.join(file_name(*number))).map_err(io)?;
                strays.pop();
            }
        }
        let mut removed = 0;
        loop {
            let first = {
                let mut list = self.list();
                if covered(&list, floor) == 0 {
                    break;
                }
                list.remove(0)
            };
            if let Err(error) = vfs.remove(&first.path) {
                self.list().insert(0, first);
                return Err(io(error));
            }
            removed += 1;
        }
        if removed > 0 {
            vfs.sync_dir(dir).map_err(|error| Error::io("sync log", error))?;
        }
        Ok(removed)
    }

    /// Calls `visit` with each transaction from `from` to `upto`, both included, until it breaks.
    ///
    /// # Errors
    /// `Corrupt` for a frame that does not hold or a transaction that is missing, `Io`, and those of `visit`.
    pub fn read(
        &self,
        from: Lsn,
        upto: Lsn,
        gaps: Gaps,
        mut visit: impl FnMut(Lsn, Transaction) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.read_records(from, upto, gaps, |record| visit(record.lsn, record.transaction()?))
    }

    /// As `read`, with each transaction as it stands in the log, and its time.
    ///
    /// # Errors
    /// As `read`; the bytes of a record are not looked into.
    pub fn read_records(
        &self,
        from: Lsn,
        upto: Lsn,
        gaps: Gaps,
        mut visit: impl FnMut(Record<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let segments = self.all();
        let mut expected = from.max(Lsn(1));
        for (index, segment) in segments.iter().enumerate() {
            if expected > upto {
                break;
            }
            // Of two records with one LSN the one in the later segment counts.
            let below = segments.get(index + 1).map_or(Lsn(u64::MAX), |next| next.header.first_lsn);
            if below <= expected {
                continue;
            }
            if segment.header.first_lsn > expected {
                if index == 0 && segment.cut() {
                    let why = format!("the transactions {expected} up to here are in base snapshots only");
                    return Err(Error::corrupt(format!("log/{}", segment.name()), "the start", why));
                }
                if gaps == Gaps::Refuse {
                    let why = format!("the transactions {expected} up to here are missing; a loss was accepted once");
                    return Err(Error::corrupt(format!("log/{}", segment.name()), "the start", why));
                }
                expected = segment.header.first_lsn;
            }
            if read_segment(segment, &mut expected, upto, below, &mut visit)?.is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// How many segments at the start hold nothing above `lsn`.
fn covered(list: &[Arc<Segment>], lsn: Lsn) -> usize {
    list.windows(2).take_while(|pair| pair[1].header.first_lsn.0 <= lsn.0.saturating_add(1)).count()
}

fn read_segment(
    segment: &Segment,
    expected: &mut Lsn,
    upto: Lsn,
    below: Lsn,
    visit: &mut impl FnMut(Record<'_>) -> Result<ControlFlow<()>>,
) -> Result<ControlFlow<()>> {
    let end = segment.end();
    // A place is where a group begins, so its time comes before its transactions.
    let mut time = segment.header.time;
    let start = segment.place_before(*expected);
    let mut reader = SegmentReader::new(segment.open()?, segment.name(), segment.header.uuid, start, end);
    while reader.offset() < end {
        match reader.step()? {
            Step::Stop => return Err(broken(segment, reader.offset(), *expected)),
            Step::Frame { frame, .. } if frame.kind == Kind::Group => time = frame.time().unwrap_or(time),
            Step::Frame { frame, .. } if frame.kind != Kind::Transaction || frame.lsn < *expected => {}
            Step::Frame { frame, .. } if frame.lsn >= below => return Ok(ControlFlow::Continue(())),
            Step::Frame { frame, offset } => {
                if frame.lsn > upto {
                    return Ok(ControlFlow::Break(()));
                }
                if frame.lsn != *expected {
                    return Err(broken(segment, offset, *expected));
                }
                *expected = Lsn(frame.lsn.0 + 1);
                if visit(Record { lsn: frame.lsn, time, bytes: frame.payload, segment, offset })?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn at(segment: &Segment, offset: u64, why: String) -> Error {
    Error::corrupt(format!("log/{}", segment.name()), format!("byte {offset}"), why)
}

fn broken(segment: &Segment, offset: u64, expected: Lsn) -> Error {
    let why = format!("transaction {expected} was durable and cannot be read any more; restore from a backup");
    at(segment, offset, why)
}

/// What recovery found.
pub struct Recovered {
    /// The chain.
    pub segments: Segments,
    /// The last transaction.
    pub last: Lsn,
    /// Everything up to here is known to have been durable.
    pub durable: Lsn,
    /// The time of the last group; 0 where there is none that has one.
    pub time: Timestamp,
    /// The highest number a file of the log carries.
    pub highest_number: u64,
    /// A segment made beforehand and never used.
    pub unused: Option<u64>,
    /// The first segment, if the one before it is not there: removed or lost.
    pub cut: Option<Arc<Segment>>,
}

impl Recovered {
    /// What was found plays no part any more: the log begins behind `last`, which a base holds. Its segments go when those do
    /// that two bases cover.
    pub(crate) fn begin_behind(&mut self, last: Lsn) {
        let before = std::mem::take(&mut *self.segments.list());
        let mut strays = self.segments.strays.lock().unwrap_or_else(PoisonError::into_inner);
        strays.extend(before.iter().map(|segment| segment.header.number));
        drop(strays);
        (self.last, self.durable, self.cut) = (last, last, None);
    }
}

struct Found {
    header: SegmentHeader,
    /// The bytes before the first group, as they were read.
    head: Vec<u8>,
    size: u64,
}

/// Reads the log's directory.
///
/// # Errors
/// `Corrupt` in a sentence if a durable record cannot be read, `Format` if a newer program wrote it, `Io`.
pub fn recover(vfs: &Arc<dyn Vfs>, dir: &Path) -> Result<Recovered> {
    let names = vfs.list(dir).map_err(|error| Error::io("list log", error))?;
    let numbers: Vec<u64> = names.iter().filter_map(|name| number_of(name)).take(limits::SEGMENTS_MAX).collect();
    let mut found = BTreeMap::new();
    let mut unused = None;
    for number in &numbers {
        let name = file_name(*number);
        let io = |error| Error::io(format!("read log/{name}"), error);
        let file = vfs.open(&dir.join(&name), OpenMode::Existing).map_err(io)?;
        let size = file.size().map_err(io)?;
        let mut head = vec![0; HEAD_BYTES];
        let read = file.read_at(0, &mut head).map_err(io)?;
        head.truncate(read);
        match SegmentHeader::decode(&head)? {
            Some(header) if header.number == *number => {
                found.insert(*number, Found { header, head, size });
            }
            _ => {
                refuse_if_used(&file, &name, &head, size)?;
                unused = Some(*number);
            }
        }
    }
    let mut strays: Vec<u64> = found.keys().copied().collect();
    let highest = strays.last().copied().unwrap_or(0);
    let chain = chain(found);
    let first = chain.first().map_or(0, |first| first.header.number);
    strays.retain(|number| *number < first && !chain.iter().any(|found| found.header.number == *number));
    let unused = unused.filter(|number| *number > highest);
    let segments = Segments { strays: Mutex::new(strays), ..Segments::default() };
    let (mut last, mut durable, mut time) = (Lsn(0), Lsn(0), Timestamp(0));
    let count = chain.len();
    for (index, found) in chain.iter().enumerate() {
        let end = if index + 1 < count {
            let end = chain[index + 1].header.predecessor_end;
            if end > found.size {
                let why = format!("{} bytes; its successor says {end}; restore from a backup", found.size);
                return Err(Error::corrupt(format!("log/{}", file_name(found.header.number)), "the end", why));
            }
            end
        } else {
            let tail = find_tail(vfs.as_ref(), dir, found)?;
            (last, durable, time) = (tail.last, tail.durable, tail.time);
            tail.end
        };
        segments.push(Segment::new(vfs.clone(), dir, found.header, end));
    }
    let highest_number = numbers.iter().copied().max().unwrap_or(0);
    let cut = segments.all().into_iter().next().filter(|first| first.cut());
    Ok(Recovered { segments, last, durable, time, highest_number, unused, cut })
}

/// A segment without a header was never used, unless a group stands in it: its header was durable before.
fn refuse_if_used(file: &Arc<dyn VfsFile>, name: &str, head: &[u8], size: u64) -> Result<()> {
    let blank = head.iter().all(|byte| *byte == 0);
    let end = if blank { size.min(64 * 1024) } else { size };
    let mut reader = SegmentReader::new(file.clone(), name.to_owned(), [0; 16], FIRST_FRAME, end);
    if reader.any_described()? {
        let why = "its header cannot be read any more although transactions follow; restore from a backup";
        return Err(Error::corrupt(format!("log/{name}"), "the header", why));
    }
    Ok(())
}

/// The chain from the newest segment back to the first there is; segments between that nobody names were abandoned.
///
/// The newest has the highest number, unless one that was written behind it has a lower one, as an earlier program could
/// give: that names it, and did not exist before it.
fn chain(found: BTreeMap<u64, Found>) -> Vec<Found> {
    let Some((_, highest)) = found.last_key_value() else { return Vec::new() };
    let mut wanted = highest.header.uuid;
    for _ in 0..found.len() {
        let Some(behind) = found.values().find(|other| other.header.predecessor == wanted) else { break };
        tracing::warn!(number = behind.header.number, "a log segment has a lower number than the one before it");
        wanted = behind.header.uuid;
    }
    let mut left: BTreeMap<Uuid, Found> = found.into_values().map(|found| (found.header.uuid, found)).collect();
    let mut chain: Vec<Found> = Vec::new();
    while let Some(next) = left.remove(&wanted) {
        wanted = next.header.predecessor;
        chain.push(next);
    }
    chain.reverse();
    let first = chain.first().map_or(0, |first| first.header.number);
    for abandoned in left.values().filter(|left| left.header.number > first) {
        tracing::warn!(number = abandoned.header.number, "a log segment outside the chain is ignored");
    }
    chain
}

struct Tail {
    last: Lsn,
    durable: Lsn,
    time: Timestamp,
    end: u64,
}

fn find_tail(vfs: &dyn Vfs, dir: &Path, found: &Found) -> Result<Tail> {
    let name = file_name(found.header.number);
    let first = found.header.first_lsn;
    let mut expected = first;
    // What a segment's header follows was durable or cut before the header was.
    let mut durable = Lsn(first.0.saturating_sub(1));
    let mut time = found.header.time;
    let file = vfs.open(&dir.join(&name), OpenMode::Existing);
    let file = file.map_err(|error| Error::io(format!("open log/{name}"), error))?;
    let mut reader = SegmentReader::new(file.clone(), name.clone(), found.header.uuid, FIRST_FRAME, found.size);
    let mut unproven = Unproven::default();
    let mut later = None;
    let end = loop {
        let before = reader.offset();
        match reader.step()? {
            Step::Frame { frame: frame @ Frame { kind: Kind::Group, .. }, .. } if frame.lsn == expected => {
                durable = durable.max(frame.durable_upto().unwrap_or_default());
                time = time.max(frame.time().unwrap_or(time));
                unproven.add(&found.header.uuid, &frame, durable);
            }
            Step::Frame { frame, .. } if frame.kind == Kind::Transaction && frame.lsn == expected => {
                expected = Lsn(expected.0 + 1);
                unproven.add(&found.header.uuid, &frame, durable);
            }
            Step::Frame { frame, .. } => {
                later = frame.durable_upto();
                break before;
            }
            Step::Stop => break before,
        }
    };
    if let Some(upto) = later.max(reader.later_group()?)
        && upto >= expected
    {
        let why = format!(
            "transaction {expected} cannot be read although all up to {upto} were durable; restore from a backup"
        );
        return Err(Error::corrupt(format!("log/{name}"), format!("byte {end}"), why));
    }
    // A process that was killed between writing and syncing left what only the system has in its memory; so did one whose sync
    // failed, and there the system takes the pages for written, so that another sync alone would do nothing. What was read is
    // written once more: whoever reads it here builds on it.
    let bytes = unproven.bytes();
    let again = file
        .write_at(0, &found.head)
        .and_then(|()| file.write_at(end - bytes.len() as u64, &bytes))
        .and_then(|()| file.sync_data());
    again.map_err(|error| Error::io(format!("sync log/{name}"), error))?;
    Ok(Tail { last: Lsn(expected.0 - 1), durable, time, end })
}

/// The groups at the end of the log of which none behind says that they were durable, byte for byte as they were read: the
/// system may give others at the next reading.
#[derive(Default)]
struct Unproven {
    /// Each with its first transaction.
    groups: VecDeque<(Lsn, Vec<u8>)>,
}

impl Unproven {
    /// Takes the next frame, and lets go of groups that hold nothing above `durable`.
    fn add(&mut self, uuid: &Uuid, frame: &Frame<'_>, durable: Lsn) {
        if frame.kind == Kind::Group || self.groups.is_empty() {
            self.groups.push_back((frame.lsn, Vec::new()));
        }
        if let Some((_, bytes)) = self.groups.back_mut() {
            frame::encode(bytes, uuid, frame.lsn, frame.kind, frame.payload);
        }
        while self.groups.get(1).is_some_and(|(next, _)| next.0 <= durable.0.saturating_add(1)) {
            self.groups.pop_front();
        }
    }

    fn bytes(self) -> Vec<u8> {
        self.groups.into_iter().flat_map(|(_, bytes)| bytes).collect()
    }
}

//! From a repository to a store: the base, the log behind it up to the moment, the engine made from both, the files.
//!
//! A file `RESTORING` stands in the store's directory from before the first byte until all of it is durable; a store
//! with it does not open, and restoring again begins anew. What comes after a restore is another line of history.

use super::{
    Tell,
    amiss::Amiss,
    base::{download, holds},
    fetch::{self, Fetched, Place},
    files::{self, Known},
    hole::{self, Hole},
    piece::PieceRecord,
    point::{BaseRef, Line, Point, PointName, Summary},
    repository::{Repository, covered},
    told,
};
use crate::{
    base,
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits,
    log::{
        Transaction,
        writer::{Group, Writer},
    },
    search,
    store::{Options, Store},
    vfs::{OpenMode, Vfs},
};
use std::{any::Any, cmp::Reverse, collections::BTreeSet, ops::ControlFlow, path::Path};

/// Says that a restore is not finished.
const MARKER: &str = "RESTORING";
const LOCK: &str = "LOCK";
/// What a file system has at its top; `store/` may be one of its own.
const LOST: &str = "lost+found";

/// Which moment is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The newest there is, on the line that began last, with what was shipped behind the newest point.
    Newest,
    /// A point, to the transaction.
    Point(PointName),
    /// Everything up to this time, this included.
    At(Timestamp),
}

/// How to restore.
pub struct Restore<'a> {
    /// From where.
    pub repository: &'a Repository,
    /// Which moment.
    pub moment: Moment,
    /// How the store is opened: its directory, engine, disk, tables.
    pub options: Options,
    /// Where the files beside the store go.
    pub data_dir: Option<&'a Path>,
    /// Hears of progress.
    pub tell: Tell<'a>,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The last transaction restored.
    pub lsn: Lsn,
    /// Its time.
    pub time: Timestamp,
    /// The point whose files were restored.
    pub point: PointName,
    /// Rows of all tables.
    pub rows: u64,
    /// Files beside the store.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// The backup has more, but not what comes next; some of that may be of the same millisecond.
    pub gap: bool,
    /// What it held was compared with what the point says.
    pub compared: bool,
    /// What of the backup is damaged and was passed over: a base before which an older one was taken, lists, files.
    pub damaged: Amiss,
    /// Files that rows refer to and that are not there.
    pub missing: Amiss,
}

/// Up to where the log is replayed.
#[derive(Clone, Copy)]
enum Until {
    End,
    Lsn(Lsn),
    Time(Timestamp),
}

/// What is needed to restore a moment.
struct Plan {
    line: Line,
    base: Option<BaseRef>,
    /// Older bases that do as well, with more log behind them; newest first.
    older: Vec<Option<BaseRef>>,
    until: Until,
    /// The log must reach at least this far.
    least: Lsn,
    /// What the store holds if the log ends where this point is.
    point: Point,
    lists: Vec<[u8; 32]>,
}

/// Where a replay came to.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    pub(super) lsn: Lsn,
    pub(super) time: Timestamp,
    pub(super) gap: bool,
}

/// Refuses a store whose restore was broken off.
///
/// # Errors
/// `Refused` in a sentence; `Io`.
pub fn refuse_unfinished(vfs: &dyn Vfs, store_dir: &Path) -> Result<()> {
    if is_unfinished(vfs, store_dir)? {
        let why = format!("a restore into {} was broken off; run it again, it begins anew", store_dir.display());
        return Err(Error::Refused(why));
    }
    Ok(())
}

/// Whether a restore into a directory was broken off, or goes on.
///
/// # Errors
/// `Io`.
pub fn is_unfinished(vfs: &dyn Vfs, store_dir: &Path) -> Result<bool> {
    vfs.exists(&store_dir.join(MARKER)).map_err(|error| Error::io(format!("look for {MARKER}"), error))
}

/// Whether there is a store in a directory, or anything else that a restore leaves alone. A mount with nothing in it is none.
///
/// # Errors
/// `Io`.
pub fn is_taken(vfs: &dyn Vfs, store_dir: &Path) -> Result<bool> {
    Ok(!others(vfs, store_dir)?.is_empty())
}

/// What is in a store's directory, but for the lock, the marker and what belongs to its file system.
fn others(vfs: &dyn Vfs, dir: &Path) -> Result<BTreeSet<String>> {
    let io = |error| Error::io("list the store's directory", error);
    let all = vfs.list(dir).map_err(io)?.into_iter().chain(vfs.dirs(dir).map_err(io)?);
    Ok(all.filter(|name| ![LOCK, MARKER, LOST].contains(&name.as_str())).collect())
}

impl Restore<'_> {
    /// Restores into a directory without a store.
    ///
    /// # Errors
    /// `Refused` in a sentence if there is a store already, if the backup does not reach back so far, or is empty;
    /// `Corrupt` naming the object of the backup that is damaged, if no older base does (`newest_restorable` says how far
    /// the backup reaches then); `Hole` if log is missing that may belong to the moment; `Locked`; `Io`; `Unavailable` if
    /// `tell` ends it.
    pub fn run(self) -> Result<Restored> {
        let Restore { repository, moment, options, data_dir, tell } = self;
        let mut plan = plan(repository, moment, (options.environment.now)())?;
        let (vfs, mut damaged) = (options.vfs.clone(), Amiss::default());
        let known = match data_dir {
            Some(_) => files::read_lists_that_hold(repository, &plan.lists, &mut damaged)?,
            None => Known::new(),
        };
        let lock = begin(vfs.as_ref(), &options.dir)?;
        refuse_without_room(repository, &plan, &options, known.values().map(|entry| entry.bytes).sum())?;
        let reached = place_from_any(repository, &mut plan, &options, &mut damaged, tell)?;
        let mut files = Fetched::default();
        if let Some(data_dir) = data_dir {
            let place = Place { vfs: vfs.as_ref(), data_dir, floor_bytes: 0 };
            files = fetch::restore_all(repository, &known, place, &mut damaged, tell)?;
        }
        drop(lock);
        told(tell, "opening the store", 0, 0)?;
        let store = Store::open_unfinished(options.clone())?;
        let finished = finish(repository, &store, &plan.point, reached).and_then(|(rows, compared)| {
            let referred = match data_dir {
                Some(data_dir) => {
                    let place = Place { vfs: vfs.as_ref(), data_dir, floor_bytes: 0 };
                    fetch::fetch_referred(repository, &store, place, tell)?
                }
                None => Fetched::default(),
            };
            Ok((rows, compared, referred))
        });
        let closed = store.close();
        let (rows, compared, referred) = finished?;
        closed?;
        drop(store);
        if let Some(index) = data_dir.map(search::dir) {
            remove_index(vfs.as_ref(), &index)?;
        }
        end(vfs.as_ref(), &options.dir)?;
        let Reached { lsn, time, gap } = reached;
        Ok(Restored {
            lsn,
            time,
            point: plan.point.name(),
            rows,
            files: files.files + referred.files,
            file_bytes: files.bytes + referred.bytes,
            gap,
            compared,
            damaged,
            missing: referred.missing,
        })
    }
}

/// Removes the full-text index, a view that may be ahead of what was restored; it is made anew at the start. Whatever else
/// has its name stays, and so does the directory where it is a mount.
fn remove_index(vfs: &dyn Vfs, dir: &Path) -> Result<()> {
    let io = |error| Error::io("remove search/", error);
    if !search::is_index(vfs, dir).map_err(io)? {
        return Ok(());
    }
    // Without this file it is none.
    vfs.remove(&dir.join("meta.json")).map_err(io)?;
    if let Err(error) = vfs.remove_dir(dir) {
        tracing::warn!(%error, "what is left of search/ could not be removed");
    }
    Ok(())
}

/// The newest moment that can be restored from a repository whose newest one cannot; `None` if there is none. Reads bases
/// and log until one leads somewhere.
///
/// # Errors
/// Those of the target but for damage; `Unavailable` if `tell` ends it.
pub fn newest_restorable(repository: &Repository, now: Timestamp, tell: Tell<'_>) -> Result<Option<Timestamp>> {
    let (points, _) = readable_points(repository)?;
    // A moment is looked for on the line that was going on then: before the next one began.
    let mut before = Timestamp(i64::MAX);
    for (line, since) in lines_of(&points, now).into_iter().rev() {
        if since > before {
            continue;
        }
        for base in bases_of(points.iter().filter(|point| point.line == line)) {
            told(tell, "looking for a moment that can be restored", 0, 0)?;
            if let Some(time) = reaches(repository, line, base.as_ref(), tell)? {
                return Ok(Some(time.min(before)));
            }
        }
        before = since.plus_ms(-1);
    }
    Ok(None)
}

/// The time of the last transaction to which a base and the log behind it lead; `None` if they lead nowhere.
fn reaches(repository: &Repository, line: Line, base: Option<&BaseRef>, tell: Tell<'_>) -> Result<Option<Timestamp>> {
    if let Some(base) = base
        && !holds(repository, line.number, base, tell)?
    {
        return Ok(None);
    }
    let (from, least) = base.map_or((Lsn(0), Lsn(1)), |base| (base.lsn, base.upto));
    let mut reached = base.map_or((Lsn(0), Timestamp(0)), |base| (base.lsn, base.time));
    let read = repository.read_pieces(line.number, from, |record: PieceRecord<'_>| {
        reached = (record.lsn, record.time);
        Ok(ControlFlow::Continue(()))
    });
    match read {
        Ok(_) | Err(Error::Corrupt { .. }) => Ok((reached.0 >= least).then_some(reached.1)),
        Err(error) => Err(error),
    }
}

/// The bases that points stand on, newest first; `None` is the first transaction.
pub(super) fn bases_of<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Option<BaseRef>> {
    let mut bases: Vec<Option<BaseRef>> = Vec::new();
    for point in points {
        if !bases.contains(&point.base) {
            bases.push(point.base.clone());
        }
    }
    bases.sort_by_key(|base| Reverse(base.as_ref().map(|base| (base.lsn, base.written))));
    bases
}

/// Compares what can be compared, then begins another line of history.
fn finish(repository: &Repository, store: &Store, point: &Point, reached: Reached) -> Result<(u64, bool)> {
    let holds = store.summary()?;
    let compared = reached.lsn == point.holds.lsn;
    if compared {
        compare(&point.holds, &holds)?;
    }
    store.begin_line(repository.store(), repository.last_began()?)?;
    Ok((holds.rows, compared))
}

/// # Errors
/// `Corrupt`, with both figures, unless a restored store holds what the one backed up held.
pub(super) fn compare(wanted: &Summary, found: &Summary) -> Result<()> {
    let corrupt = |why: String| Err(Error::corrupt("the restored store", "its rows", why));
    if (wanted.lsn, wanted.rows, wanted.sum) != (found.lsn, found.rows, found.sum) {
        let (was, is) = (wanted, found);
        return corrupt(format!(
            "it holds {} rows with sum {:x} at transaction {}; {} with {:x} at {} were backed up",
            is.rows, is.sum, is.lsn, was.rows, was.sum, was.lsn
        ));
    }
    let counted = !wanted.tables.is_empty() && !found.tables.is_empty();
    if counted && wanted.tables != found.tables {
        let differs = |(table, _): &&(u16, u64)| !found.tables.iter().any(|other| other.0 == *table);
        let other = wanted.tables.iter().zip(&found.tables).find(|(was, is)| was != is).map(|(was, _)| was);
        let table = wanted.tables.iter().find(differs).or(other).map_or(0, |(table, _)| *table);
        return corrupt(format!("table {table} has another number of rows than was backed up"));
    }
    if wanted.sample != found.sample {
        return corrupt("the first and last rows of its tables are not those that were backed up".into());
    }
    Ok(())
}

fn plan(repository: &Repository, moment: Moment, now: Timestamp) -> Result<Plan> {
    let (points, damaged) = readable_points(repository)?;
    if let Moment::Point(name) = moment {
        let point = repository.point(&name)?;
        return Ok(Plan::of(point.clone(), Until::Lsn(point.holds.lsn)).or_older(&points));
    }
    let Some(newest) = points.last().cloned() else {
        let place = repository.describe();
        let what = if damaged == 0 { "no backup" } else { "no backup that can be read" };
        return Err(Error::Refused(format!("there is {what} in {place}")));
    };
    match moment {
        Moment::At(time) => plan_at(repository, &points, time, now),
        Moment::Newest | Moment::Point(_) => Ok(Plan::of(newest, Until::End).or_older(&points)),
    }
}

/// The points that can be read, as `Repository::points_by_line` orders them, and how many cannot.
pub(super) fn readable_points(repository: &Repository) -> Result<(Vec<Point>, usize)> {
    let (mut points, mut damaged) = (Vec::new(), 0);
    for name in &repository.points()? {
        match repository.point(name) {
            Ok(point) => points.push(point),
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, "a backup is damaged; another is taken");
                damaged += 1;
            }
            Err(error) => return Err(error),
        }
    }
    points.sort_by_key(|point| (point.line.began, point.name()));
    Ok((points, damaged))
}

impl Plan {
    fn of(point: Point, until: Until) -> Plan {
        let (line, base, lists) = (point.line, point.base.clone(), point.lists.clone());
        Plan { line, base, older: Vec::new(), until, least: point.holds.lsn, point, lists }
    }

    /// The same, which may be begun at an older base of its line.
    fn or_older(self, points: &[Point]) -> Plan {
        let lsn = |base: &Option<BaseRef>| base.as_ref().map_or(Lsn(0), |base| base.lsn);
        let mut older = bases_of(points.iter().filter(|point| point.line == self.line));
        older.retain(|base| *base != self.base && lsn(base) <= lsn(&self.base));
        Plan { older, ..self }
    }
}

/// The lines of points, the one that began first first, and since when each goes on. What began in the future of `now` began
/// behind a line of a machine whose clock stood ahead: its points, made with a right one, know better. Once that time has
/// come the line is believed.
fn lines_of(points: &[Point], now: Timestamp) -> Vec<(Line, Timestamp)> {
    let mut lines: Vec<(Line, Timestamp)> = Vec::new();
    for point in points {
        let Line { began, .. } = point.line;
        let since = if began <= now { began } else { began.min(point.time) };
        match lines.iter_mut().find(|(line, _)| *line == point.line) {
            Some((_, first)) => *first = since.min(*first),
            None => lines.push((point.line, since)),
        }
    }
    lines.sort_by_key(|(line, _)| (line.began, line.number));
    lines
}

/// The line that was going on at a time, the newest base on it that is not younger, and the files of the points around.
fn plan_at(repository: &Repository, points: &[Point], time: Timestamp, now: Timestamp) -> Result<Plan> {
    let refuse = || {
        let why =
            format!("the backup in {} does not reach back so far; `backup list` says how far", repository.describe());
        Error::Refused(why)
    };
    let going_on = lines_of(points, now).into_iter().rev().find(|(_, since)| *since <= time);
    let (line, _) = going_on.ok_or_else(refuse)?;
    let on_line: Vec<&Point> = points.iter().filter(|point| point.line == line).collect();
    let usable = on_line.iter().filter(|point| point.base.as_ref().is_none_or(|base| base.time <= time));
    let stands = usable.max_by_key(|point| point.base_lsn()).ok_or_else(refuse)?;
    let after = on_line.iter().find(|point| point.time >= time);
    let before = on_line.iter().rev().find(|point| point.time <= time);
    let mut lists: Vec<_> = before.map(|point| point.lists.clone()).unwrap_or_default();
    lists.extend(after.iter().flat_map(|point| &point.lists));
    let point = (*before.or(after).unwrap_or(stands)).clone();
    let least = stands.base.as_ref().map_or(Lsn(0), |base| base.upto);
    let (base, older) = (stands.base.clone(), Vec::new());
    Ok(Plan { line, base, older, until: Until::Time(time), least, point, lists }.or_older(points))
}

/// Takes an empty directory for a store, or one in which a restore was broken off.
pub(super) fn begin(vfs: &dyn Vfs, dir: &Path) -> Result<Box<dyn Any + Send + Sync>> {
    let io = |what: &'static str| move |error| Error::io(what, error);
    vfs.make_dir(dir).map_err(io("make the store's directory"))?;
    let lock = vfs.lock(&dir.join(LOCK)).map_err(io("lock the store's directory"))?.ok_or(Error::Locked)?;
    let dirs = vfs.dirs(dir).map_err(io("list the store's directory"))?;
    let broken_off = is_unfinished(vfs, dir)?;
    let others = others(vfs, dir)?;
    if !others.is_empty() && !broken_off {
        let why = format!("there is a store in {} already, and a restore overwrites none; move it away", dir.display());
        return Err(Error::Refused(why));
    }
    let marker = vfs.open(&dir.join(MARKER), OpenMode::OrCreate).map_err(io("make RESTORING"))?;
    marker.sync_data().map_err(io("sync RESTORING"))?;
    for place in dir.ancestors().take(3).filter(|place| !place.as_os_str().is_empty()) {
        vfs.sync_dir(place).map_err(io("sync the store's directory"))?;
    }
    for name in others {
        let path = dir.join(&name);
        let gone = if dirs.contains(&name) { vfs.remove_dir(&path) } else { vfs.remove(&path) };
        gone.map_err(io("remove what a restore that was broken off left"))?;
    }
    Ok(lock)
}

/// The store is whole: it may be opened from now on.
pub(super) fn end(vfs: &dyn Vfs, dir: &Path) -> Result<()> {
    let io = |error| Error::io(format!("remove {MARKER}"), error);
    vfs.sync_dir(dir).map_err(io)?;
    vfs.remove(&dir.join(MARKER)).map_err(io)?;
    vfs.sync_dir(dir).map_err(io)
}

/// Places a point's store as `place_point` does; if its own base is damaged, which is noted in `damaged`, from an older one
/// of `points`.
pub(super) fn place_from_points(
    repository: &Repository,
    (point, points): (&Point, &[Point]),
    options: &Options,
    damaged: &mut Amiss,
    tell: Tell<'_>,
) -> Result<Reached> {
    let mut plan = Plan::of(point.clone(), Until::Lsn(point.holds.lsn)).or_older(points);
    refuse_without_room(repository, &plan, options, 0)?;
    place_from_any(repository, &mut plan, options, damaged, tell)
}

/// Places the base that is planned, or if that is damaged the next older one, and the log behind it; the engine is made from
/// them when the store is opened.
fn place_from_any(
    repository: &Repository,
    plan: &mut Plan,
    options: &Options,
    damaged: &mut Amiss,
    tell: Tell<'_>,
) -> Result<Reached> {
    let (vfs, dir) = (options.vfs.as_ref(), &options.dir);
    let (mut older, mut first) = (std::mem::take(&mut plan.older).into_iter(), None);
    while let Some(wanted) = &plan.base {
        let why = match download(repository, plan.line.number, wanted, (vfs, dir), tell) {
            Ok(()) => break,
            Err(error @ Error::Corrupt { .. }) => error,
            Err(error) => return Err(error),
        };
        let Some(next) = older.next() else { return Err(first.unwrap_or(why)) };
        tracing::error!(%why, "a base snapshot in the backup is damaged; an older one is taken, with more log behind it");
        damaged.add(format!("{why}; an older base snapshot was taken, with the log behind it"));
        // If the older ones are damaged too, this is what is told.
        first.get_or_insert(why);
        let name = base::name_of(wanted.lsn);
        vfs.remove(&dir.join(&name)).map_err(|error| Error::io(format!("remove {name}"), error))?;
        plan.base = next;
    }
    replay_behind(repository, plan, options, tell)
}

/// Places a point's store, from its own base alone, into a directory taken by `begin`, to the transaction; for one that is
/// only looked at.
pub(super) fn place_point(
    repository: &Repository,
    point: &Point,
    options: &Options,
    tell: Tell<'_>,
) -> Result<Reached> {
    let mut plan = Plan::of(point.clone(), Until::Lsn(point.holds.lsn));
    refuse_full(options, room_of(repository, &plan, options)?.bytes, 0)?;
    place_from_any(repository, &mut plan, options, &mut Amiss::default(), tell)
}

/// Writes the log behind the base that is placed.
fn replay_behind(repository: &Repository, plan: &Plan, options: &Options, tell: Tell<'_>) -> Result<Reached> {
    let (vfs, dir) = (&options.vfs, &options.dir);
    let log = dir.join("log");
    vfs.make_dir(&log).map_err(|error| Error::io("make log", error))?;
    let base_lsn = plan.base.as_ref().map_or(Lsn(0), |base| base.lsn);
    let writer = Writer::behind(vfs.clone(), &log, options.sizes.segments, base_lsn)?;
    let base_time = plan.base.as_ref().map_or(Timestamp(0), |base| base.time);
    let (reached, hole) = replay(repository, plan, writer, base_time, tell)?;
    if let (Until::Time(_), Lsn(0), None) = (plan.until, reached.lsn, hole) {
        let why = format!("nothing in {} is so old; `backup list` says how far it goes back", repository.describe());
        return Err(Error::Refused(why));
    }
    if reached.lsn < plan.least {
        let (lsn, wanted) = (reached.lsn, plan.least);
        let why = format!("the pieces of log end at transaction {lsn}; {wanted} is needed");
        return Err(Error::corrupt(format!("the backup's objects log/{:016x}", plan.line.number), "the end", why));
    }
    // The base's time may be that at which it was written, later than the log that it was made from.
    let known = reached.time.max(base_time);
    if let Some(hole) = hole
        && !matches!(plan.until, Until::Time(time) if time <= known)
    {
        let reached = Reached { time: known, ..reached };
        return Err(in_hole(repository, plan, hole, reached, (options.environment.now)())?);
    }
    vfs.sync_dir(&log).map_err(|error| Error::io("sync log", error))?;
    Ok(reached)
}

/// The refusal of a moment that lies in a hole of the log or behind it, with those on its two sides that can be restored.
fn in_hole(repository: &Repository, plan: &Plan, hole: Hole, reached: Reached, now: Timestamp) -> Result<Error> {
    let (points, _) = readable_points(repository)?;
    let pieces = repository.pieces(plan.line.number)?;
    // As the moment will be looked for: it may be refused, and another line may have been going on then.
    let planned = |time| plan_at(repository, &points, time, now).ok().filter(|other| other.line == plan.line);
    let leads = |base: &BaseRef| base.upto > reached.lsn && covered(&pieces, base.lsn) >= base.upto;
    let begins_behind = |time| planned(time).and_then(|other| other.base).is_some_and(|base| leads(&base));
    let times = points.iter().filter_map(|point| point.base.as_ref().map(|base| base.time));
    Ok(Error::Hole {
        place: repository.describe(),
        first: hole.first,
        last: hole.last,
        before: Some(reached.time).filter(|time| reached.lsn > Lsn(0) && planned(*time).is_some()),
        after: times.filter(|time| begins_behind(*time)).min(),
    })
}

/// Refuses a store that is to be written to, and its files, where less than `Shared::floor_bytes` would stay free.
fn refuse_without_room(repository: &Repository, plan: &Plan, options: &Options, file_bytes: u64) -> Result<()> {
    let room = room_of(repository, plan, options)?;
    let stays = options.sizes.free_min.max(room.engine / 8);
    refuse_full(options, room.bytes.saturating_add(file_bytes), stays)
}

fn refuse_full(options: &Options, wanted: u64, stays: u64) -> Result<()> {
    let free = options.vfs.free_space(&options.dir).map_err(|error| Error::io("look at the free space", error))?;
    if free >= wanted.saturating_add(stays) {
        return Ok(());
    }
    let after = match stays {
        0 => String::new(),
        _ => format!(", and {stays} more are to stay free, or only deletes would be accepted afterwards"),
    };
    let dir = options.dir.display();
    Err(Error::Refused(format!("{free} bytes are free in {dir}; about {wanted} are needed{after}")))
}

/// Bytes that the store of a point takes on the disk once it is placed and opened as `options` say, about; its files
/// beside the store do not count.
///
/// # Errors
/// Those of the target.
pub fn store_bytes(repository: &Repository, point: &Point, options: &Options) -> Result<u64> {
    Ok(room_of(repository, &Plan::of(point.clone(), Until::Lsn(point.holds.lsn)), options)?.bytes)
}

/// What a store that is restored takes, bytes.
struct Room {
    /// All of it.
    bytes: u64,
    /// Its engine.
    engine: u64,
}

/// The base of a plan as it is, its pieces of log unpacked, and the engine made of both: unpacked rows and transactions
/// take about three times what they take packed. Beside them two segments of log, the one written next and the one after
/// it, and the reserve.
fn room_of(repository: &Repository, plan: &Plan, options: &Options) -> Result<Room> {
    let base = plan.base.as_ref().map_or(0, |base| base.bytes);
    let mut packed: u64 = 0;
    let mut upto = plan.base.as_ref().map_or(Lsn(0), |base| base.lsn);
    // As `read_pieces` goes along them.
    for (piece, bytes) in repository.pieces(plan.line.number)? {
        if piece.last <= upto {
            continue;
        }
        let beyond = matches!(plan.until, Until::Lsn(end) if upto >= end);
        if beyond || piece.first.0 > upto.0 + 1 {
            break;
        }
        packed = packed.saturating_add(bytes);
        upto = piece.last;
    }
    let sizes = &options.sizes;
    let empty = sizes.segments.other.saturating_mul(2).saturating_add(sizes.reserve);
    let (log, engine) = (packed.saturating_mul(3), packed.saturating_add(base).saturating_mul(3));
    Ok(Room { bytes: base.saturating_add(log).saturating_add(engine).saturating_add(empty), engine })
}

/// Writes the log behind the base, up to where the plan says; answers where it came to, and what is missing there if there
/// should be more.
fn replay(
    repository: &Repository,
    plan: &Plan,
    mut writer: Writer,
    base_time: Timestamp,
    tell: Tell<'_>,
) -> Result<(Reached, Option<Hole>)> {
    let base_lsn = plan.base.as_ref().map_or(Lsn(0), |base| base.lsn);
    let mut reached = Reached { lsn: base_lsn, time: base_time, gap: false };
    let (mut groups, mut bytes, mut stopped): (Vec<Group>, usize, bool) = (Vec::new(), 0, false);
    let read = repository.read_pieces(plan.line.number, base_lsn, |record: PieceRecord<'_>| {
        let beyond = match plan.until {
            Until::End => false,
            Until::Lsn(upto) => record.lsn > upto,
            Until::Time(time) => record.time > time,
        };
        if beyond {
            stopped = true;
            return Ok(ControlFlow::Break(()));
        }
        // What does not decode would end every later start.
        Transaction::decode(record.bytes)?;
        (reached.lsn, reached.time) = (record.lsn, record.time);
        bytes += record.bytes.len();
        match groups.last_mut().filter(|(time, _)| *time == record.time) {
            Some((_, records)) => records.push((record.lsn, record.bytes.to_vec())),
            None => groups.push((record.time, vec![(record.lsn, record.bytes.to_vec())])),
        }
        if bytes >= limits::PIECE_BYTES {
            writer.append_groups(&groups)?;
            (groups, bytes) = (Vec::new(), 0);
            told(tell, "replaying the log", record.lsn.0 - base_lsn.0, 0)?;
        }
        Ok(ControlFlow::Continue(()))
    });
    let torn = match (read, plan.until) {
        // What comes next is damaged, and what was asked for ends before it but for the same millisecond.
        (Err(error @ Error::Corrupt { .. }), Until::Time(time)) if reached.time >= time => {
            tracing::error!(%error, "what comes behind the moment asked for is damaged");
            true
        }
        (read, _) => read.map(|_| false)?,
    };
    writer.append_groups(&groups)?;
    writer.protect()?;
    let asked_for_more = match plan.until {
        Until::End => true,
        Until::Time(_) => !stopped,
        Until::Lsn(_) => false,
    };
    let hole = if asked_for_more { hole::behind(repository, plan.line.number, reached.lsn)? } else { None };
    reached.gap = torn || hole.is_some();
    Ok((reached, hole))
}

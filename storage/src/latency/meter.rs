//! The meter: what was measured in the last half minute, what is being waited for, and the hour it belongs to.

use super::{
    histogram::Histogram,
    history::{Growth, History, Hour, HourNumber, Normal},
    minutes::Minutes,
    purpose::{Purpose, Timed},
};
use crate::{id::Timestamp, limits, vfs::Vfs};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Slots of the window: one more than it is long, for the one that is being filled.
const SLOTS: usize = limits::WINDOW_SLOTS as usize + 1;

/// Quantiles of what was measured of late: the last half minute, for whatever is not said otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LatencyFigures {
    /// Half took no longer; up to 19 % too much, never too little.
    pub p50: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// The longest.
    pub max: Duration,
    /// How many.
    pub count: usize,
}

impl LatencyFigures {
    /// Those of what was measured.
    pub(super) fn of(all: &Histogram) -> Self {
        LatencyFigures {
            p50: all.quantile(50).unwrap_or_default(),
            p99: all.quantile(99).unwrap_or_default(),
            max: all.max(),
            count: usize::try_from(all.count()).unwrap_or(usize::MAX),
        }
    }
}

/// What is known of the disk, as figures; nothing here waits for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiskFigures {
    /// The time of the disk's stopwatch when this was put together.
    pub at: Duration,
    /// Making data safe: a write and a sync of the log.
    pub sync: LatencyFigures,
    /// Reading the engine, one in `limits::READ_SAMPLE`.
    pub read: LatencyFigures,
    /// How long the longest sync under way has been running.
    pub syncing_for: Option<Duration>,
    /// What is normal for half of the syncs here; `None` before some minutes are known.
    pub normal_sync: Option<Duration>,
    /// What is normal for 99 of 100 syncs.
    pub normal_sync_p99: Option<Duration>,
    /// What is normal for half of the reads.
    pub normal_read: Option<Duration>,
    /// A day of hours is not known yet: what is normal for syncs rests on the few hours before the start or, without one,
    /// on the minutes since.
    pub learning: bool,
    /// Bytes free for this program.
    pub free_bytes: Option<u64>,
    /// Bytes of the file system.
    pub total_bytes: Option<u64>,
    /// With fewer bytes free nothing but deletes is accepted; 0 from a meter alone, the store knows.
    pub floor_bytes: u64,
    /// How the data grew, if a day of it is known.
    pub growth: Option<Growth>,
}

/// Who is syncing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The log.
    Log,
    /// The probe, when nothing else is written.
    Probe,
}

#[derive(Clone, Copy)]
enum What {
    Sync(Who),
    Read,
}

/// Measures; shared by the threads of a store.
pub struct Meter {
    disk: Arc<dyn Vfs>,
    state: Mutex<Inner>,
    reads: AtomicU64,
    /// Where the layers over the disks put what they time.
    timed: Arc<Timed>,
}

struct Inner {
    syncs: Window,
    reads: Window,
    /// When each sync under way began.
    under_way: [Option<Duration>; 2],
    last_sync: Duration,
    hour: Hour,
    history: History,
    minutes: Minutes,
    /// By the hours, if a day of them is known.
    normal: Normal,
    /// By the hours before the start, however few.
    before: Normal,
    free_bytes: Option<u64>,
    total_bytes: Option<u64>,
}

/// One measurement; it ends when this is dropped.
pub struct Timing<'a> {
    meter: &'a Meter,
    what: What,
    begun: Duration,
}

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        let now = self.meter.disk.elapsed();
        let took = now.saturating_sub(self.begun);
        let mut state = self.meter.state();
        match self.what {
            What::Sync(who) => {
                state.under_way[who as usize] = None;
                state.last_sync = now;
                state.syncs.add(now, took);
                state.hour.syncs.add(took);
                state.minutes.add_sync(now, took);
            }
            What::Read => {
                state.reads.add(now, took);
                state.hour.reads.add(took);
                state.minutes.add_read(now, took);
            }
        }
    }
}

impl Meter {
    /// A meter with the stopwatch of `disk` that goes on with what is known.
    #[must_use]
    pub fn new(disk: Arc<dyn Vfs>, history: History, now: Timestamp) -> Self {
        let number = HourNumber::of(now);
        let mut inner = Inner {
            syncs: Window::default(),
            reads: Window::default(),
            under_way: [None; 2],
            last_sync: disk.elapsed(),
            hour: Hour::new(number),
            before: history.normal_before_start(number),
            history,
            minutes: Minutes::default(),
            normal: Normal::default(),
            free_bytes: None,
            total_bytes: None,
        };
        inner.begin_hour(number);
        Meter { disk, state: Mutex::new(inner), reads: AtomicU64::new(0), timed: Arc::default() }
    }

    /// The same, which also keeps what `timed` is told.
    pub(crate) fn keeping(self, timed: Arc<Timed>) -> Self {
        Meter { timed, ..self }
    }

    /// Where a layer over a disk puts what it times.
    pub(crate) fn timed(&self) -> Arc<Timed> {
        Arc::clone(&self.timed)
    }

    /// How long syncs took, by what they were for, in this hour and the `limits::SYNCS_TOLD_HOURS` before it.
    #[must_use]
    pub fn syncs(&self) -> Vec<(Purpose, LatencyFigures)> {
        let state = self.collected();
        let mut lately = state.history.lately(state.hour.number);
        lately.merge(&state.hour.by_purpose);
        lately.all().map(|(purpose, took)| (purpose, LatencyFigures::of(took))).collect()
    }

    /// The state with all that was timed by now in the hour under way.
    fn collected(&self) -> MutexGuard<'_, Inner> {
        let mut state = self.state();
        state.hour.by_purpose.merge(&self.timed.take());
        state
    }

    fn state(&self) -> MutexGuard<'_, Inner> {
        // Plain numbers: whatever panicked left them whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to time a sync; it counts from now on.
    pub fn sync(&self, who: Who) -> Timing<'_> {
        let begun = self.disk.elapsed();
        self.state().under_way[who as usize] = Some(begun);
        Timing { meter: self, what: What::Sync(who), begun }
    }

    /// Begins to time a read, one in `limits::READ_SAMPLE`.
    pub fn read(&self) -> Option<Timing<'_>> {
        let sampled = self.reads.fetch_add(1, Ordering::Relaxed).is_multiple_of(limits::READ_SAMPLE);
        sampled.then(|| Timing { meter: self, what: What::Read, begun: self.disk.elapsed() })
    }

    /// Whether nothing has been synced for `time` and nothing is being.
    #[must_use]
    pub fn is_idle_for(&self, time: Duration) -> bool {
        let now = self.disk.elapsed();
        let state = self.state();
        state.under_way == [None; 2] && now.saturating_sub(state.last_sync) >= time
    }

    /// Notes the room there is.
    pub fn note_space(&self, free_bytes: u64, total_bytes: u64) {
        let mut state = self.state();
        (state.free_bytes, state.total_bytes) = (Some(free_bytes), Some(total_bytes));
        state.hour.free_bytes = Some(free_bytes);
    }

    /// Begins a new hour if one has begun.
    pub fn turn(&self, now: Timestamp) {
        let number = HourNumber::of(now);
        let mut state = self.collected();
        if state.hour.number != number {
            state.begin_hour(number);
        }
    }

    /// All hours with the present one, for the file.
    #[must_use]
    pub fn history(&self) -> History {
        let state = self.collected();
        let mut history = state.history.clone();
        history.push(state.hour.clone());
        history
    }

    /// What is known now.
    #[must_use]
    pub fn figures(&self) -> DiskFigures {
        let at = self.disk.elapsed();
        let state = self.state();
        let begun = state.under_way.iter().flatten().min();
        let (by_hours, before, by_minutes) = (state.normal, state.before, state.minutes.normal());
        DiskFigures {
            at,
            sync: state.syncs.figures(at),
            read: state.reads.figures(at),
            syncing_for: begun.map(|begun| at.saturating_sub(*begun)),
            normal_sync: by_hours.sync.or(before.sync).or(by_minutes.sync),
            normal_sync_p99: by_hours.sync_p99.or(before.sync_p99).or(by_minutes.sync_p99),
            normal_read: by_hours.read.or(before.read).or(by_minutes.read),
            learning: by_hours.sync.is_none(),
            free_bytes: state.free_bytes,
            total_bytes: state.total_bytes,
            floor_bytes: 0,
            growth: state.free_bytes.and_then(|free| state.history.growth(state.hour.number, free)),
        }
    }
}

impl Inner {
    fn begin_hour(&mut self, number: HourNumber) {
        let next = self.history.take(number).unwrap_or_else(|| Hour::new(number));
        let ended = std::mem::replace(&mut self.hour, next);
        if ended.syncs.count() > 0 || !ended.by_purpose.is_empty() || ended.free_bytes.is_some() {
            self.history.push(ended);
        }
        self.normal = self.history.normal(number);
    }
}

/// Histograms of a few seconds each, the oldest overwritten.
#[derive(Default)]
struct Window {
    slots: [(u64, Histogram); SLOTS],
}

impl Window {
    fn slot(at: Duration) -> u64 {
        at.as_secs() / limits::WINDOW_SLOT_SECONDS
    }

    fn add(&mut self, at: Duration, took: Duration) {
        let number = Self::slot(at);
        let (held, histogram) = &mut self.slots[usize::try_from(number).unwrap_or(0) % SLOTS];
        if *held != number {
            (*held, *histogram) = (number, Histogram::default());
        }
        histogram.add(took);
    }

    fn figures(&self, at: Duration) -> LatencyFigures {
        let now = Self::slot(at);
        let mut all = Histogram::default();
        for (number, histogram) in &self.slots {
            if now.saturating_sub(*number) <= limits::WINDOW_SLOTS {
                all.merge(histogram);
            }
        }
        LatencyFigures::of(&all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;

    const HOUR: Duration = Duration::from_secs(3_600);

    struct Scene {
        disk: SimulatedDisk,
        meter: Meter,
        up: Duration,
    }

    fn scene() -> Scene {
        let disk = SimulatedDisk::new();
        let up = HOUR;
        disk.set_elapsed(up);
        Scene { meter: Meter::new(Arc::new(disk.clone()), History::default(), Timestamp(0)), disk, up }
    }

    impl Scene {
        fn pass(&mut self, ms: u64) {
            self.up += Duration::from_millis(ms);
            self.disk.set_elapsed(self.up);
        }

        fn sync(&mut self, ms: u64) {
            let timing = self.meter.sync(Who::Log);
            self.up += Duration::from_millis(ms);
            self.disk.set_elapsed(self.up);
            drop(timing);
        }
    }

    #[test]
    fn a_change_of_a_busy_disk_shows_within_the_window() {
        let mut scene = scene();
        (0..5_000).for_each(|_| scene.sync(13));
        let change = scene.up;
        assert!(scene.meter.figures().sync.p50 < Duration::from_millis(16));
        while scene.meter.figures().sync.p50 < Duration::from_millis(400) {
            scene.sync(412);
        }
        let took = scene.up - change;
        assert!(took <= Duration::from_secs(36), "{took:?}, though the slow syncs are few among the fast");
        scene.pass(36_000);
        assert_eq!(scene.meter.figures().sync, LatencyFigures::default());
    }

    #[test]
    fn a_sync_counts_while_it_lasts() {
        let mut scene = scene();
        assert!(scene.meter.is_idle_for(Duration::ZERO));
        let disk = scene.disk.clone();
        let timing = scene.meter.sync(Who::Log);
        disk.set_elapsed(scene.up + Duration::from_secs(7));
        assert_eq!(scene.meter.figures().syncing_for, Some(Duration::from_secs(7)));
        assert_eq!(scene.meter.figures().sync.count, 0);
        assert!(!scene.meter.is_idle_for(Duration::ZERO));
        drop(timing);
        scene.up += Duration::from_secs(7);
        assert_eq!((scene.meter.figures().syncing_for, scene.meter.figures().sync.count), (None, 1));
        scene.pass(9_999);
        assert!(!scene.meter.is_idle_for(Duration::from_secs(10)));
        scene.pass(1);
        assert!(scene.meter.is_idle_for(Duration::from_secs(10)));
    }

    #[test]
    fn hours_become_what_is_normal_and_survive() {
        let mut scene = scene();
        for hour in 0..25 {
            scene.meter.turn(Timestamp(hour * 3_600_000));
            (0..20).for_each(|_| scene.sync(13));
        }
        let normal = scene.meter.figures().normal_sync.expect("24 hours are over");
        assert!((13..16).contains(&normal.as_millis()), "{normal:?}");
        // After a restart within the hour the present one goes on.
        let again = Meter::new(Arc::new(scene.disk.clone()), scene.meter.history(), Timestamp(24 * 3_600_000));
        assert_eq!(again.figures().normal_sync, Some(normal));
        assert_eq!(again.state().hour.syncs.count(), 20);
        assert_eq!(again.history().hours().len(), 25);
    }

    #[test]
    fn minutes_say_what_is_normal_until_a_day_of_hours_does() {
        let mut scene = scene();
        assert!(scene.meter.figures().learning);
        for _ in 0..6 {
            (0..limits::P99_SAMPLES_MIN).for_each(|_| scene.sync(1));
            scene.pass(60_000);
        }
        let DiskFigures { normal_sync, normal_sync_p99, normal_read, learning, .. } = scene.meter.figures();
        let fast = |normal: Option<Duration>| normal.is_some_and(|normal| normal < Duration::from_millis(2));
        assert!(fast(normal_sync) && fast(normal_sync_p99) && learning, "{normal_sync:?}, {normal_sync_p99:?}");
        assert_eq!(normal_read, None, "nothing was read");
        for hour in 0..25 {
            scene.meter.turn(Timestamp(hour * 3_600_000));
            (0..20).for_each(|_| scene.sync(13));
        }
        let DiskFigures { normal_sync, learning, .. } = scene.meter.figures();
        assert!(normal_sync >= Some(Duration::from_millis(13)) && !learning, "{normal_sync:?}: the hours count");
    }

    #[test]
    fn the_few_hours_before_a_start_count_at_once_and_slow_minutes_do_not_move_them() {
        let mut scene = scene();
        (0..limits::P99_SAMPLES_MIN).for_each(|_| scene.sync(13));
        assert_eq!(scene.meter.figures().normal_sync, None, "one minute of a first start");
        // Started anew within the same hour.
        let kept = scene.meter.history();
        scene.meter = Meter::new(Arc::new(scene.disk.clone()), kept, Timestamp(1_800_000));
        let is_as_before = |scene: &Scene| {
            let DiskFigures { normal_sync, normal_sync_p99, learning, .. } = scene.meter.figures();
            let usual = |normal: Option<Duration>| normal.is_some_and(|normal| (13..16).contains(&normal.as_millis()));
            assert!(usual(normal_sync) && usual(normal_sync_p99) && learning, "{normal_sync:?}, {normal_sync_p99:?}");
        };
        is_as_before(&scene);
        for hour in 1..20 {
            (0..limits::P99_SAMPLES_MIN).for_each(|_| scene.sync(80));
            scene.pass(60_000);
            scene.meter.turn(Timestamp(hour * 3_600_000));
        }
        is_as_before(&scene);
    }

    #[test]
    fn one_read_in_many_is_timed() {
        let scene = scene();
        let timed = (0..limits::READ_SAMPLE * 3).filter(|_| scene.meter.read().is_some()).count();
        assert_eq!((timed, scene.meter.figures().read.count), (3, 3));
    }
}

//! Tables, options and disks shared by the tests.

use std::{
    cell::RefCell,
    path::PathBuf,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use storage::{
    EngineKind, Environment, Options, Sizes, Table, Timestamp,
    catalogue::TableInfo,
    table::TableId,
    vfs::{SimulatedDisk, Vfs},
};

pub(crate) const ROWS: Table<(u64, u64), u64> = Table::new(10, "rows");
pub(crate) const RAW: TableId = TableId(11);
pub(crate) const OTHER: TableId = TableId(12);

pub(crate) const TABLES: &[TableInfo] = &[
    TableInfo::plain(TableId(1), "meta"),
    TableInfo::plain(TableId(2), "consumer"),
    TableInfo::plain(TableId(10), "rows"),
    TableInfo::plain(RAW, "raw"),
    TableInfo::plain(OTHER, "other"),
];

/// A clock set by hand and dice with a seed.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) now: Arc<AtomicI64>,
    seed: Arc<AtomicU64>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        World { now: Arc::new(AtomicI64::new(1_800_000_000_000)), seed: Arc::new(AtomicU64::new(seed)) }
    }

    pub(crate) fn environment(&self) -> Environment {
        let (now, seed) = (self.now.clone(), self.seed.clone());
        Environment {
            now: Arc::new(move || Timestamp(now.load(Ordering::Relaxed))),
            random: Arc::new(move || mix(seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed))),
        }
    }
}

pub(crate) fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Dice of a test, by a seed that is printed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0) % below.max(1)
    }
}

/// Options on a real directory.
pub(crate) fn real(dir: impl Into<PathBuf>, engine: EngineKind) -> Options {
    Options { engine, tables: TABLES, environment: World::new(1).environment(), sizes: small(), ..Options::new(dir) }
}

/// Options on a simulated disk.
pub(crate) fn simulated(disk: &SimulatedDisk) -> Options {
    let vfs: Arc<dyn Vfs> = Arc::new(disk.clone());
    Options { vfs, ..real("/store", EngineKind::Redb) }
}

pub(crate) fn small() -> Sizes {
    Sizes {
        apply_gather: Duration::from_millis(1),
        checkpoint_interval: Duration::from_millis(20),
        background_delay: Duration::from_millis(1),
        ..Sizes::small()
    }
}

/// Waits for a condition, with a deadline.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "waited too long: {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

thread_local! {
    static TOLD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What `run` says in the log on this thread, at any level above debug.
///
/// One subscriber hears all threads: with one for each call, a line that another thread reaches for the first time just
/// then may be taken as unheard for good.
pub(crate) fn told(run: impl FnOnce()) -> String {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Told).unwrap());
    tracing::callsite::rebuild_interest_cache();
    TOLD.set(Some(String::new()));
    run();
    TOLD.take().unwrap()
}

struct Told;

impl tracing::Subscriber for Told {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Text(String);
        impl tracing::field::Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        let mut text = Text(String::new());
        event.record(&mut text);
        TOLD.with_borrow_mut(|told| {
            if let Some(told) = told {
                told.push_str(&(text.0 + "\n"));
            }
        });
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

//! Drills with figures and clocks set by hand: what is named, when, and in which words.

use super::*;
use std::{path::Path, sync::Arc, time::Duration};
use storage::{
    Timestamp,
    latency::{DiskFigures, Growth, History, LatencyFigures, Meter, Who},
    vfs::SimulatedDisk,
};

/// 2026-11-24T21:04:00Z.
const START: Timestamp = Timestamp(1_795_554_240_000);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn mount() -> Mount {
    Mount {
        point: "/".into(),
        filesystem: "ext4".to_owned(),
        device: "sda1".to_owned(),
        number: "8:1".to_owned(),
        rotational: Some(false),
    }
}

/// A watch, and figures that stay as they are until changed.
struct Drill {
    watch: Watch,
    figures: DiskFigures,
    now: Timestamp,
    read_only: bool,
}

fn drill(normal: Option<Duration>) -> Drill {
    let watch = Watch::new(Path::new("/var/lib/dassie"), Some(mount()), START);
    let figures = DiskFigures { at: ms(10_000), normal_sync: normal, ..DiskFigures::default() };
    let mut drill = Drill { watch, figures, now: START, read_only: false };
    drill.syncs(13);
    drill.look();
    drill
}

impl Drill {
    fn syncs(&mut self, p50_ms: u64) {
        self.figures.sync = LatencyFigures { p50: ms(p50_ms), p99: ms(p50_ms), max: ms(p50_ms), count: 30 };
    }

    fn look(&self) -> DiskState {
        self.watch.look(&self.figures, self.read_only, self.now);
        self.watch.state()
    }

    /// Lets seconds pass one by one; answers the state at their end.
    fn pass(&mut self, seconds: u64) -> DiskState {
        for _ in 0..seconds {
            self.figures.at += ms(1_000);
            self.figures.syncing_for = self.figures.syncing_for.map(|time| time + ms(1_000));
            self.now = self.now.plus_ms(1_000);
            self.look();
        }
        self.watch.state()
    }

    fn problems(&self) -> Vec<String> {
        self.watch.report(&self.figures, self.now).1
    }

    fn disk(&self) -> Disk {
        self.watch.report(&self.figures, self.now).0
    }
}

#[test]
fn a_slow_disk_is_named_with_cause_effect_and_time_and_recovers() {
    let mut drill = drill(Some(ms(13)));
    assert_eq!(drill.pass(60), DiskState::Ok);
    assert!(drill.problems().is_empty());
    // 21:05.
    drill.syncs(412);
    assert_eq!(drill.pass(15), DiskState::Ok, "it may be a hiccup");
    assert_eq!(drill.pass(1), DiskState::Slow);
    assert_eq!(
        drill.problems(),
        ["making data safe takes 412 ms on the disk under the data directory (/var/lib/dassie, ext4 on sda1), 31 \
          times its normal 13 ms, since 21:05 UTC; posts and deliveries wait for it, fetching from other servers is \
          put off"]
    );
    assert!(drill.watch.is_in_trouble() && !drill.watch.is_stalled());
    // Better than what made it slow (65 ms), but not clearly: it stays.
    drill.syncs(40);
    assert_eq!(drill.pass(300), DiskState::Slow);
    drill.syncs(13);
    assert_eq!(drill.pass(60), DiskState::Slow);
    assert_eq!(drill.pass(1), DiskState::Ok);
    assert!(drill.problems().is_empty() && !drill.watch.is_in_trouble());
}

/// How many seconds after a change from 13 to 412 ms the disk is called slow, with `gap` between two syncs.
fn named_after(gap: Duration, offset: Duration) -> u64 {
    let disk = SimulatedDisk::new();
    let mut up = Duration::from_secs(1_000) + offset;
    disk.set_elapsed(up);
    let meter = Meter::new(Arc::new(disk.clone()), History::default(), START);
    let watch = Watch::new(Path::new("/var/lib/dassie"), None, START);
    let change = up + Duration::from_secs(120);
    let mut look_at = up;
    let mut sync_at = up;
    while up < change + Duration::from_secs(200) {
        up = sync_at.min(look_at);
        disk.set_elapsed(up);
        if look_at <= sync_at {
            watch.look(&meter.figures(), false, START);
            if watch.state() == DiskState::Slow {
                return (up - change).as_secs();
            }
            look_at += Duration::from_secs(1);
            continue;
        }
        let timing = meter.sync(Who::Log);
        up += ms(if up < change { 13 } else { 412 });
        disk.set_elapsed(up);
        drop(timing);
        (sync_at, look_at) = (up + gap, look_at.max(up));
    }
    panic!("never named, with {gap:?} between syncs from {offset:?} on");
}

#[test]
fn a_disk_is_named_within_a_minute_of_its_change_busy_or_quiet() {
    // Without a pause, some writing, and the probe alone: 10 s of quiet and up to a second until it looks.
    for gap in [0, 200, 3_000, 10_000, 11_000] {
        for offset in [0, 1_300, 2_700, 4_900] {
            let seconds = named_after(ms(gap), ms(offset));
            assert!(
                (15..60).contains(&seconds),
                "named after {seconds} s, {gap} ms between syncs, from {offset} ms on"
            );
        }
    }
}

#[test]
fn a_hiccup_is_not_a_slow_disk() {
    let mut drill = drill(Some(ms(13)));
    for _ in 0..10 {
        drill.syncs(412);
        assert_eq!(drill.pass(14), DiskState::Ok);
        drill.syncs(13);
        assert_eq!(drill.pass(1), DiskState::Ok);
    }
}

#[test]
fn what_is_slow_depends_on_what_is_normal_within_bounds() {
    let slow_at = |normal: Option<Duration>, p50: u64| {
        let mut drill = drill(normal);
        drill.syncs(p50);
        drill.pass(30) == DiskState::Slow
    };
    // A fast disk: 5 times 1 ms would be noticed by nobody.
    assert!(!slow_at(Some(ms(1)), 19) && slow_at(Some(ms(1)), 20));
    assert!(!slow_at(Some(ms(13)), 64) && slow_at(Some(ms(13)), 65));
    // A disk that was always bad is told to be.
    assert!(!slow_at(Some(ms(300)), 499) && slow_at(Some(ms(300)), 500));
    assert!(!slow_at(None, 249) && slow_at(None, 250));
    let mut few = drill(None);
    few.syncs(1_000);
    few.figures.sync.count = 1;
    assert_eq!(few.pass(100), DiskState::Ok, "one sync says nothing");
}

#[test]
fn without_a_normal_the_words_leave_it_out_and_name_the_day() {
    let mut drill = drill(None);
    drill.syncs(1_250);
    drill.pass(3 * 3_600);
    assert_eq!(
        drill.problems(),
        ["making data safe takes 1.2 s on the disk under the data directory (/var/lib/dassie, ext4 on sda1), since \
          2026-11-24 21:04 UTC; posts and deliveries wait for it, fetching from other servers is put off"]
    );
}

#[test]
fn a_hanging_sync_is_named_while_it_hangs() {
    let mut drill = drill(Some(ms(13)));
    drill.figures.syncing_for = Some(ms(0));
    assert_eq!(drill.pass(5), DiskState::Ok);
    assert_eq!(drill.pass(1), DiskState::Stalled);
    drill.pass(60);
    assert_eq!(
        drill.problems(),
        ["the disk stalls: the disk under the data directory (/var/lib/dassie, ext4 on sda1) has been making data \
          safe for 66 s without an end, since 21:04 UTC; nothing can be posted, other servers are asked to send again \
          later, reading goes on"]
    );
    drill.figures.syncing_for = None;
    assert_eq!(drill.pass(10), DiskState::Stalled);
    assert_eq!(drill.pass(1), DiskState::Ok);
    // From slow it stalls at once and falls back to slow.
    drill.syncs(400);
    assert_eq!(drill.pass(16), DiskState::Slow);
    drill.syncs(2_000);
    assert_eq!(drill.pass(1), DiskState::Stalled);
    assert!(drill.problems()[0].contains("took 2.0 s to make data safe"), "{:?}", drill.problems());
    drill.syncs(999);
    assert_eq!(drill.pass(11), DiskState::Slow);
    // Nothing is known any more: that is no recovery.
    drill.figures.sync = LatencyFigures::default();
    assert_eq!(drill.pass(600), DiskState::Slow);
}

#[test]
fn a_read_only_store_is_so_at_once() {
    let mut drill = drill(None);
    drill.read_only = true;
    assert_eq!(drill.pass(1), DiskState::ReadOnly);
    assert!(drill.problems().is_empty(), "the store tells why");
}

#[test]
fn little_room_is_a_problem_with_a_forecast() {
    let mut drill = drill(None);
    drill.figures.total_bytes = Some(252_000_000_000);
    drill.figures.free_bytes = Some(61_400_000_000);
    drill.figures.growth = Some(Growth { bytes: 7_000_000_000, hours: 168 });
    assert!(drill.problems().is_empty());
    let disk = drill.disk();
    // 61.4 days at a GB a day.
    assert_eq!((disk.free_per_cent, disk.full_on.as_deref()), (Some(24), Some("2027-01-25")));
    assert_eq!(
        disk.to_string(),
        "  disk: ok; making data safe takes 13 ms; 61.4 GB of 252 GB free, at the growth of the last 7 days full on \
         2027-01-25\n"
    );
    drill.figures.free_bytes = Some(25_200_000_000);
    assert!(drill.problems().is_empty(), "10 % are enough");
    drill.figures.free_bytes = Some(25_199_000_000);
    let little = drill.problems();
    assert_eq!(
        little,
        ["25.1 GB (9 %) are free on the disk under the data directory (/var/lib/dassie, ext4 on sda1); at the growth \
          of the last 7 days full on 2026-12-20; when it is full, nothing but deletes is accepted"]
    );
    drill.figures.free_bytes = Some(12_000_000_000);
    drill.figures.growth = None;
    assert!(drill.problems()[0].starts_with("only 12.0 GB (4 %) are free on "), "{:?}", drill.problems());
    // The worst first.
    drill.syncs(400);
    drill.pass(16);
    let both = drill.problems();
    assert!(both.len() == 2 && both[0].starts_with("making data safe"), "{both:?}");
}

#[test]
fn a_forecast_beyond_ten_years_is_none() {
    let full_on = |bytes, hours| full_on(1_000_000, Growth { bytes, hours }, START);
    assert_eq!(full_on(0, 168), None);
    assert_eq!(full_on(1, 1), None);
    assert!(full_on(1_000_000, 24).is_some_and(|day| day == "2026-11-25"));
    assert!(full_on(12, 1).is_some());
    assert_eq!(full_on(11, 1), None);
}

#[test]
fn a_jump_of_the_clock_is_told_for_an_hour() {
    let mut drill = drill(None);
    drill.now = drill.now.plus_ms(5_000);
    drill.pass(1);
    assert!(drill.problems().is_empty(), "5 s are within bounds");
    drill.now = drill.now.plus_ms(-3_600_000);
    drill.pass(1);
    assert_eq!(
        drill.problems(),
        [
            "the clock of this machine jumped back by 3600 s at 20:04 UTC, or the machine slept; ids, signatures and the \
          order of posts rest on it: let NTP keep it"
        ]
    );
    drill.pass(3_600);
    assert_eq!(drill.problems().len(), 1);
    drill.pass(1);
    assert!(drill.problems().is_empty());
}

#[test]
fn flushes_too_fast_to_be_true_are_a_note() {
    let note = |rotational, normal_us| flush::note(&Mount { rotational, ..mount() }, normal_us);
    assert_eq!(
        note(Some(false), 21).as_deref(),
        Some(
            "a sync takes 21 µs on sda1, which few disks without capacitors can: unless it has a battery or \
             capacitors it may lie about flushes, and a power cut may lose what was acknowledged"
        )
    );
    assert!(note(Some(false), 50).is_none());
    assert!(note(Some(true), 499).is_some_and(|text| text.contains("a turning disk cannot")));
    assert!(note(Some(true), 500).is_none());
    assert_eq!(note(None, 1), None, "without a block device nothing is known");
    let mut drill = drill(Some(Duration::from_micros(21)));
    assert_eq!(drill.disk().notes.len(), 1);
    assert_eq!(drill.pass(60), DiskState::Ok, "a note changes no state");
}

//! Drills with figures and clocks set by hand: what is named, when, and in which words.

use super::*;
use crate::clock::HOUR_MS;
use std::{path::Path, sync::Arc, time::Duration};
use storage::{
    Timestamp,
    latency::{DiskFigures, Growth, History, Hour, HourNumber, LatencyFigures, Meter, Purpose, Who},
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
        self.figures.sync = LatencyFigures { p50: ms(p50_ms), p99: ms(p50_ms), max: ms(p50_ms), count: 100 };
    }

    fn reads(&mut self, p50_us: u64) {
        let took = Duration::from_micros(p50_us);
        self.figures.read = LatencyFigures { p50: took, p99: took, max: took, count: 5 };
    }

    fn clocks(&self) -> Moment {
        Moment { now: self.now, up: self.figures.at }
    }

    fn look(&self) -> DiskState {
        self.watch.look(&self.figures, self.read_only, self.clocks());
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
        self.watch.report(&self.figures, self.clocks()).1
    }

    fn disk(&self) -> Disk {
        self.watch.report(&self.figures, self.clocks()).0
    }

    /// Whether what goes by age may go.
    fn trusts_ages(&self) -> bool {
        self.watch.trusts_ages(self.clocks())
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

/// How many seconds after a change the disk is called slow, with `gap` between two syncs. It comes after `fast_for`, from
/// syncs of `before` to some of `after`.
fn named_after(gap: Duration, offset: Duration, fast_for: Duration, (before, after): (Duration, Duration)) -> u64 {
    let disk = SimulatedDisk::new();
    let mut up = Duration::from_secs(1_000) + offset;
    disk.set_elapsed(up);
    let meter = Meter::new(Arc::new(disk.clone()), History::default(), START);
    let watch = Watch::new(Path::new("/var/lib/dassie"), None, START);
    let change = up + fast_for;
    let mut look_at = up;
    let mut sync_at = up;
    while up < change + Duration::from_secs(200) {
        up = sync_at.min(look_at);
        disk.set_elapsed(up);
        if look_at <= sync_at {
            let figures = meter.figures();
            watch.look(&figures, false, Moment { now: START, up: figures.at });
            if watch.state() == DiskState::Slow {
                return up.checked_sub(change).expect("not before it is slow").as_secs();
            }
            look_at += Duration::from_secs(1);
            continue;
        }
        let timing = meter.sync(Who::Log);
        up += if up < change { before } else { after };
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
            let seconds = named_after(ms(gap), ms(offset), Duration::from_secs(120), (ms(13), ms(412)));
            assert!(
                (15..60).contains(&seconds),
                "named after {seconds} s, {gap} ms between syncs, from {offset} ms on"
            );
        }
    }
}

#[test]
fn a_fresh_server_knows_its_fast_disk_after_minutes() {
    // Syncs of 0.1 ms become 30 ms, which is slow for this disk alone.
    for gap in [200, 3_000, 11_000] {
        let seconds = named_after(ms(gap), ms(0), Duration::from_secs(480), (Duration::from_micros(100), ms(30)));
        assert!((15..60).contains(&seconds), "named after {seconds} s, {gap} ms between syncs");
    }
}

/// How a disk is called in each second after a start that knows `history`: all its syncs take `took` (below a second),
/// one every three seconds.
fn states_of(history: History, took: Duration, seconds: u64) -> Vec<DiskState> {
    let disk = SimulatedDisk::new();
    let began = 1_000;
    disk.set_elapsed(Duration::from_secs(began));
    let meter = Meter::new(Arc::new(disk.clone()), history, START);
    let watch = Watch::new(Path::new("/var/lib/dassie"), None, START);
    let state_at = |second: u64| {
        let at = Duration::from_secs(began + second);
        disk.set_elapsed(at);
        if second.is_multiple_of(3) {
            let timing = meter.sync(Who::Log);
            disk.set_elapsed(at + took);
            drop(timing);
        }
        let figures = meter.figures();
        watch.look(&figures, false, Moment { now: START, up: figures.at });
        watch.state()
    };
    (1..=seconds).map(state_at).collect()
}

#[test]
fn a_disk_that_is_slow_from_its_first_start_is_named_within_a_minute_and_stays_so() {
    let states = states_of(History::default(), ms(300), 2 * 3_600);
    let named = states.iter().position(|state| *state == DiskState::Slow).expect("named");
    assert!((15..60).contains(&named), "named after {named} s");
    assert!(states[named..].iter().all(|state| *state == DiskState::Slow), "it does not become its own normal");
    assert!(states_of(History::default(), ms(150), 3_600).iter().all(|state| *state == DiskState::Ok), "a card");
}

#[test]
fn a_disk_that_is_slow_from_a_restart_is_held_against_the_hours_before() {
    let mut history = History::default();
    for ago in 1..=3 {
        let mut hour = Hour::new(HourNumber(HourNumber::of(START).0 - ago));
        (0..360).for_each(|_| hour.syncs.add(ms(13)));
        history.push(hour);
    }
    let states = states_of(history, ms(100), 2 * 3_600);
    let named = states.iter().position(|state| *state == DiskState::Slow).expect("named");
    assert!((15..60).contains(&named), "named after {named} s");
    assert!(states[named..].iter().all(|state| *state == DiskState::Slow), "it does not become its own normal");
}

#[test]
fn the_words_of_a_disk_that_was_never_faster_name_no_multiple_of_its_normal() {
    let mut drill = drill(None);
    drill.figures.learning = true;
    drill.figures.normal_sync = Some(ms(300));
    drill.syncs(300);
    assert_eq!(drill.pass(16), DiskState::Slow);
    let problems = drill.problems();
    assert!(problems[0].contains("ext4 on sda1), too long for any disk, since 21:04 UTC; "), "{problems:?}");
    // While it recovers it may be near what is normal.
    drill.figures.normal_sync = Some(ms(13));
    drill.syncs(20);
    drill.pass(30);
    let problems = drill.problems();
    assert!(
        problems[0].contains("takes 20 ms on ") && problems[0].contains(", where 13 ms is normal, since "),
        "{problems:?}"
    );
}

#[test]
fn slow_reads_are_named_but_not_those_that_nobody_notices() {
    let mut drill = drill(Some(ms(13)));
    drill.figures.normal_read = Some(Duration::from_micros(20));
    drill.reads(20);
    assert_eq!(drill.pass(60), DiskState::Ok);
    drill.reads(200);
    assert_eq!(drill.pass(60), DiskState::Ok, "ten times its normal, and nobody notices");
    drill.reads(19_999);
    assert_eq!(drill.pass(60), DiskState::Ok);
    drill.reads(20_000);
    assert_eq!(drill.pass(15), DiskState::Ok);
    assert_eq!(drill.pass(1), DiskState::Slow);
    assert_eq!(drill.disk().cause, Some(Cause::Reads));
    let problems = drill.problems();
    assert!(
        problems.len() == 1
            && problems[0].starts_with("reading takes 20 ms on the disk under the data directory (")
            && problems[0].contains(", 1000 times its normal 20 µs, since 21:07 UTC; pages and timelines wait for it"),
        "{problems:?}"
    );
    // Hardly anybody reads any more: nobody waits for it.
    drill.figures.read.count = 4;
    assert_eq!(drill.pass(60), DiskState::Slow);
    assert_eq!(drill.pass(1), DiskState::Ok);
    assert!(drill.problems().is_empty() && drill.disk().cause.is_none());
    // Without a normal, and beyond what any disk may take.
    for (normal, slow_from) in [(None, 250), (Some(ms(200)), 250), (Some(ms(30)), 150)] {
        let mut drill = self::drill(Some(ms(13)));
        drill.figures.normal_read = normal;
        drill.reads(slow_from * 1_000 - 1);
        assert_eq!(drill.pass(60), DiskState::Ok, "{normal:?}");
        drill.reads(slow_from * 1_000);
        assert_eq!(drill.pass(16), DiskState::Slow, "{normal:?}");
    }
}

#[test]
fn hiccups_that_come_again_and_again_are_named_and_one_is_not() {
    let mut drill = drill(Some(ms(13)));
    drill.figures.normal_sync_p99 = Some(ms(30));
    let hiccups = |drill: &mut Drill, p99_ms: u64| drill.figures.sync.p99 = ms(p99_ms);
    // One slow sync is in the figures for 35 s at most.
    hiccups(&mut drill, 900);
    assert_eq!(drill.pass(36), DiskState::Ok);
    hiccups(&mut drill, 149);
    assert_eq!(drill.pass(300), DiskState::Ok, "below five times what is normal");
    hiccups(&mut drill, 150);
    assert_eq!(drill.pass(45), DiskState::Ok);
    assert_eq!(drill.pass(1), DiskState::Slow);
    assert_eq!(drill.disk().cause, Some(Cause::Hiccups));
    let problems = drill.problems();
    assert!(
        problems[0].starts_with("now and then making data safe takes 150 ms on the disk under the data directory (")
            && problems[0].contains(", 5 times its normal 30 ms, since "),
        "{problems:?}"
    );
    hiccups(&mut drill, 75);
    assert_eq!(drill.pass(300), DiskState::Slow, "better, but not clearly");
    hiccups(&mut drill, 74);
    assert_eq!(drill.pass(60), DiskState::Slow);
    assert_eq!(drill.pass(1), DiskState::Ok);
    // What is felt all the time is named before what is felt now and then.
    hiccups(&mut drill, 400);
    assert_eq!(drill.pass(46), DiskState::Slow);
    drill.syncs(400);
    drill.pass(16);
    assert_eq!(drill.disk().cause, Some(Cause::Syncs));
    // Of a few syncs nobody can say what one in a hundred takes; a fast disk's are held against 50 ms.
    let mut few = self::drill(Some(ms(13)));
    hiccups(&mut few, 4_000);
    few.figures.sync.count = 99;
    assert_eq!(few.pass(300), DiskState::Ok);
    few.figures.sync.count = 100;
    assert_eq!(few.pass(46), DiskState::Slow, "a second is too long on any disk");
    let mut fast = self::drill(Some(ms(1)));
    fast.figures.normal_sync_p99 = Some(ms(2));
    hiccups(&mut fast, 49);
    assert_eq!(fast.pass(300), DiskState::Ok);
    hiccups(&mut fast, 50);
    assert_eq!(fast.pass(46), DiskState::Slow);
}

#[test]
fn a_disk_that_is_as_it_always_was_is_not_slow_for_ever() {
    // Near the bounds half of a bound lies below what is normal.
    let mut drill = drill(Some(ms(400)));
    drill.figures.normal_sync_p99 = Some(ms(900));
    drill.syncs(400);
    drill.figures.sync.p99 = ms(2_000);
    assert_eq!(drill.pass(46), DiskState::Slow);
    drill.figures.sync.p99 = ms(900);
    assert_eq!(drill.pass(61), DiskState::Ok);
    drill.syncs(600);
    assert_eq!(drill.pass(16), DiskState::Slow);
    drill.syncs(400);
    assert_eq!(drill.pass(61), DiskState::Ok);
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
        ["making data safe takes 1.2 s on the disk under the data directory (/var/lib/dassie, ext4 on sda1), too \
          long for any disk, since 2026-11-24 21:04 UTC; posts and deliveries wait for it, fetching from other \
          servers is put off"]
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
        "  disk: ok; making data safe takes 13 ms; 61.4 GB of 252 GB free, at the growth of the last 7 days posts are \
         refused from 2027-01-25 on\n"
    );
    // An eighth of an engine of 80 GB must stay free: ten days sooner.
    drill.figures.floor_bytes = 10_000_000_000;
    assert_eq!(drill.disk().full_on.as_deref(), Some("2027-01-15"));
    drill.figures.floor_bytes = 61_400_000_001;
    assert_eq!(drill.disk().full_on.as_deref(), Some("2026-11-24"), "it is as full as it gets");
    drill.figures.floor_bytes = 0;
    drill.figures.free_bytes = Some(25_200_000_000);
    assert!(drill.problems().is_empty(), "10 % are enough");
    drill.figures.free_bytes = Some(25_199_000_000);
    let little = drill.problems();
    assert_eq!(
        little,
        ["25.1 GB (9 %) are free on the disk under the data directory (/var/lib/dassie, ext4 on sda1); at the growth \
          of the last 7 days posts are refused from 2026-12-20 on; when it is nearly full, nothing but deletes is \
          accepted"]
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
            "the clock of this machine jumped back by 3600 s at 20:04 UTC; ids, signatures and the order of posts rest on \
          it: let NTP keep it. The time of the log never goes back: `restore --at` cannot tell apart the moments before \
          21:04 UTC"
        ]
    );
    drill.pass(3_600);
    assert_eq!(drill.problems().len(), 1);
    drill.pass(1);
    assert!(drill.problems().is_empty());
}

#[test]
fn after_a_jump_far_forward_nothing_goes_for_its_age_for_an_hour() {
    let mut drill = drill(None);
    drill.pass(1);
    drill.now = drill.now.plus_ms(HOUR_MS);
    assert!(drill.trusts_ages() && drill.disk().notes.is_empty(), "an hour is believed");
    drill.now = drill.now.plus_ms(HOUR_MS + 1);
    assert!(!drill.trusts_ages(), "seen when it is asked for, not a second later");
    let problems = drill.problems();
    let jumped = "the clock of this machine jumped forward by 3600 s at 23:04 UTC, or the machine slept; ";
    assert!(problems.len() == 1 && problems[0].starts_with(jumped), "{problems:?}");
    assert_eq!(
        drill.disk().notes,
        [
            "nothing is removed for its age and no backup is begun for another 60 min, because the clock jumped forward by \
             an hour: if it is wrong, set it right before then; if this machine was off for so long, all is well"
        ]
    );
    // Set right again; what was put off stays so until the hour is over.
    drill.now = drill.now.plus_ms(-2 * HOUR_MS - 1);
    drill.pass(3_599);
    assert!(!drill.trusts_ages());
    let notes = drill.disk().notes;
    assert!(notes.len() == 1 && notes[0].contains("for another 1 min, "), "{notes:?}");
    drill.pass(1);
    assert!(drill.trusts_ages() && drill.disk().notes.is_empty());
    // A year ahead.
    drill.now = drill.now.plus_ms(365 * 24 * HOUR_MS);
    drill.pass(1);
    assert!(!drill.trusts_ages());
    assert!(drill.disk().notes[0].contains("jumped forward by 365 days"), "{:?}", drill.disk().notes);
    // A jump back alone makes nothing look old.
    let mut back = self::drill(None);
    back.now = back.now.plus_ms(-48 * HOUR_MS);
    back.pass(1);
    assert!(back.trusts_ages());
}

#[test]
fn a_restart_ends_no_rest_and_a_clock_that_is_set_right_does() {
    let mut drill = drill(None);
    drill.pass(1);
    drill.now = drill.now.plus_ms(400 * 24 * HOUR_MS);
    drill.pass(1);
    let rest = drill.watch.ages_rest_to_keep(drill.clocks()).expect("the store does not know it");
    let over = Moment { up: drill.clocks().up + ms(3_600_000), ..drill.clocks() };
    assert_eq!(drill.watch.ages_rest_to_keep(over), None, "it is over");
    drill.watch.ages_rest_is_kept(rest);
    assert_eq!(drill.watch.ages_rest_to_keep(drill.clocks()), None);
    // The log knows the time that is doubted by now.
    let again = |after_ms: i64| {
        let now = drill.now.plus_ms(after_ms);
        let mut again = self::drill(None);
        again.watch = Watch::new(Path::new("/var/lib/dassie"), None, now);
        again.watch.remember(Some(drill.now), Some(rest));
        Drill { now, ..again }
    };
    let mut soon = again(20 * 60_000);
    assert!(!soon.trusts_ages());
    let notes = soon.disk().notes;
    let expected = "for another 40 min, because before this start the clock was found 400 days ahead: ";
    assert!(notes.len() == 1 && notes[0].contains(expected), "{notes:?}");
    assert_eq!(soon.watch.ages_rest_to_keep(soon.clocks()), None, "it is known");
    soon.pass(40 * 60 - 1);
    assert!(!soon.trusts_ages());
    soon.pass(1);
    assert!(soon.trusts_ages(), "a restart does not begin it anew");
    assert!(again(HOUR_MS).trusts_ages(), "it was over before");
    assert!(again(-400 * 24 * HOUR_MS).trusts_ages(), "somebody set it right");
}

#[test]
fn a_start_far_beyond_the_log_waits_an_hour_before_anything_goes_for_its_age() {
    let begun = |ahead_ms: i64| {
        let watch = Watch::new(Path::new("/var/lib/dassie"), None, START);
        watch.remember(Some(START.plus_ms(-ahead_ms)), None);
        let figures = DiskFigures { at: ms(10_000), ..DiskFigures::default() };
        Drill { watch, figures, now: START, read_only: false }
    };
    assert!(begun(24 * HOUR_MS).trusts_ages(), "a day off is usual");
    let mut drill = begun(24 * HOUR_MS + 1);
    assert!(!drill.trusts_ages());
    assert_eq!(
        drill.disk().notes,
        ["nothing is removed for its age and no backup is begun for another 60 min, because at the start the clock \
             stood 24 hours beyond the last entry of the log: if it is wrong, set it right before then; if this machine \
             was off for so long, all is well"]
    );
    assert!(drill.problems().is_empty(), "a server may be off for a month");
    drill.pass(3_599);
    assert!(!drill.trusts_ages());
    drill.pass(1);
    assert!(drill.trusts_ages() && drill.disk().notes.is_empty(), "{:?}", drill.disk().notes);
    assert!(begun(-365 * 24 * HOUR_MS).trusts_ages(), "the log is of a clock that stood in the future");
    assert!(self::drill(None).trusts_ages(), "a new log knows nothing");
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
    assert_eq!(
        note(None, 21).as_deref(),
        Some(
            "a sync takes 21 µs on sda1, which few disks without capacitors can: the system does not say which disk that \
             is, and if this is a consumer disk it may lie about flushes, and a power cut may lose what was acknowledged"
        )
    );
    assert!(note(None, 50).is_none(), "held against flash");
    let of = |filesystem: &str| Mount { filesystem: filesystem.to_owned(), rotational: None, ..mount() };
    for (filesystem, noted) in [("overlay", true), ("zfs", true), ("btrfs", true), ("tmpfs", false), ("nfs4", false)] {
        assert_eq!(flush::note(&of(filesystem), 1).is_some(), noted, "{filesystem}");
    }
    let mut drill = drill(Some(Duration::from_micros(21)));
    assert_eq!(drill.disk().notes.len(), 1);
    assert_eq!(drill.pass(60), DiskState::Ok, "a note changes no state");
    drill.figures.learning = true;
    assert!(drill.disk().notes.is_empty(), "some minutes are too few to say so");
}

#[test]
fn what_is_synced_beside_the_log_is_told_and_makes_no_disk_slow() {
    let mut drill = drill(Some(ms(13)));
    let mut disk = drill.disk();
    disk.note_syncs(&[]);
    assert!(!disk.to_string().contains("keeping a file"), "none was kept");
    let took = |p50, p99, count| LatencyFigures { p50: ms(p50), p99: ms(p99), max: ms(p99), count };
    disk.note_syncs(&[
        (Purpose::Log, took(13, 13, 99)),
        (Purpose::Tables, took(700, 5_000, 12)),
        (Purpose::Files, took(900, 900, 3)),
        (Purpose::Segments, took(1_500, 1_500, 1)),
        (Purpose::Backups, took(40, 40, 7)),
        (Purpose::Search, took(60, 60, 8)),
    ]);
    let tables = "a sync of the tables takes 700 ms, 99 of 100 at most 5.0 s (12 in the last day)";
    assert!(disk.to_string().contains(tables), "{disk}");
    for told in ["a sync of backups takes 40 ms", "a sync of the search index takes 60 ms"] {
        assert!(disk.to_string().contains(told), "{disk}");
    }
    assert!(!disk.to_string().contains("base snapshots"), "none was made");
    assert_eq!(disk.syncs_of_day.keys().collect::<Vec<_>>(), ["backups", "log", "search", "segments", "tables"]);
    assert!(
        disk.to_string().starts_with("  disk: ok; making data safe takes 13 ms (normal: 13 ms); keeping a file 900 ms"),
        "{disk}"
    );
    assert_eq!(drill.pass(60), DiskState::Ok);
}

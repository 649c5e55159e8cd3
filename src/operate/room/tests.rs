//! Lives here: budgets, watermarks and sentences, on figures set by hand.
//! May use: everything the room may. Must never name: what the room may not.
//! Invariants: every bound is tried at itself and one below.

use super::{
    judge::{Figures, Judge, RoomState},
    settle,
    watch::{Usage, Watch, growth},
};
use crate::limits;
use storage::{Timestamp, latency::Growth, usage::StoreUsage};

const NOW: Timestamp = Timestamp(1_796_126_400_000);
const MB: u64 = 1_000_000;
const GB: u64 = 1_000 * MB;

fn of_log(bytes: u64) -> Usage {
    Usage { store: StoreUsage { log: bytes, engine_new: Some(0), ..StoreUsage::default() }, ..Usage::default() }
}

#[test]
fn a_budget_is_a_fifth_of_the_disk_or_what_was_set_within_reason() {
    assert_eq!(settle(None, 1_000 * GB).expect("a share"), 200 * GB);
    assert_eq!(settle(None, 5 * GB).expect("at least"), 2 * GB);
    assert_eq!(settle(None, GB).expect("no more than there is"), GB);
    assert_eq!(settle(Some(20 * GB), 100 * GB).expect("fits"), 20 * GB);
    assert_eq!(settle(Some(100 * GB), 100 * GB).expect("the whole disk"), 100 * GB);
    let why = settle(Some(100 * GB + 1), 100 * GB).expect_err("too large").to_string();
    assert!(why.contains("budget is 100 GB") && why.contains("has 100 GB"), "{why}");
    assert_eq!(settle(Some(limits::BUDGET_MIN), GB).expect("just enough"), limits::BUDGET_MIN);
    let why = settle(Some(limits::BUDGET_MIN - 1), GB).expect_err("too small").to_string();
    assert!(why.contains("budget is 63.9 MB; at least 64.0 MB"), "{why}");
}

#[test]
fn states_are_entered_at_their_bound_and_left_clearly_below() {
    let mut judge = Judge::default();
    let mut at = |budget, disk| {
        judge.look(Figures { used: budget, disk, ..Figures::default() });
        judge.state()
    };
    assert_eq!(at(899, 0), RoomState::Ample);
    assert_eq!(at(900, 0), RoomState::Scarce);
    assert_eq!(at(949, 0), RoomState::Scarce);
    assert_eq!(at(950, 0), RoomState::Short);
    assert_eq!(at(979, 0), RoomState::Short);
    assert_eq!(at(980, 0), RoomState::Out);
    assert_eq!(at(960, 0), RoomState::Out, "it does not flap");
    assert_eq!(at(959, 0), RoomState::Short);
    assert_eq!(at(930, 0), RoomState::Short);
    assert_eq!(at(929, 0), RoomState::Scarce);
    assert_eq!(at(880, 0), RoomState::Scarce);
    assert_eq!(at(879, 0), RoomState::Ample);
    assert_eq!(at(100, 980), RoomState::Out, "the disk counts as much");
    assert_eq!(at(2_000, 0), RoomState::Out);
}

#[test]
fn pressing_begins_at_its_bound_and_ends_at_its_goal() {
    let mut judge = Judge::default();
    let mut at = |settled| {
        judge.look(Figures { settled, disk: 990, ..Figures::default() });
        judge.is_pressed()
    };
    assert!(!at(800), "however full others made the disk");
    assert!(at(801));
    assert!(at(751));
    assert!(!at(750));
    assert!(!at(790));
}

#[test]
fn what_comes_faster_than_it_goes_waits_unless_nothing_may_go() {
    let mut judge = Judge::default();
    let mut at = |used, settled, exhausted| {
        judge.look(Figures { used, settled, exhausted, ..Figures::default() });
        judge.state()
    };
    assert_eq!(at(500, 979, false), RoomState::Ample);
    assert_eq!(at(500, 980, false), RoomState::Out);
    assert_eq!(at(500, 960, false), RoomState::Out, "it does not flap");
    assert_eq!(at(500, 959, false), RoomState::Ample);
    assert_eq!(at(500, 2_000, true), RoomState::Ample, "waiting would not end");
    assert_eq!(at(979, 0, false), RoomState::Short);
    assert_eq!(at(980, 0, false), RoomState::Out);
}

#[test]
fn a_file_that_would_not_fit_beside_the_others_makes_others_wait_and_room() {
    let mut judge = Judge::default();
    let mut at = |peak, log| {
        judge.look(Figures { used: 600, peak, log, ..Figures::default() });
        (judge.state(), judge.is_pressed())
    };
    assert_eq!(at(979, 0), (RoomState::Ample, false));
    assert_eq!(at(980, 0), (RoomState::Out, true));
    assert_eq!(at(960, 0), (RoomState::Out, true), "it does not flap");
    assert_eq!(at(959, 0), (RoomState::Ample, false), "it was written");
    assert_eq!(at(700, 980), (RoomState::Out, false), "base snapshots come too slowly");
    assert_eq!(at(700, 959), (RoomState::Ample, false));
    let watch = Watch::new(32 * GB);
    let of_engine = |beside, smaller| Usage {
        store: StoreUsage { engine: 17 * GB, engine_new: Some(4 * GB), beside, smaller, ..StoreUsage::default() },
        search: 2 * GB,
        ..Usage::default()
    };
    assert_eq!(watch.spare(), 0, "nothing was measured");
    watch.look(of_engine(5 * GB, 0), None, NOW);
    assert_eq!(
        (watch.takes_remote(0), watch.is_pressed(), watch.spare()),
        (true, false, 11 * GB),
        "13 GB, and the index merges"
    );
    watch.look(of_engine(12 * GB, 0), None, NOW);
    assert_eq!((watch.takes_remote(0), watch.is_pressed(), watch.spare()), (false, true, 11 * GB), "33 GB for a while");
    watch.note_pass(0);
    assert_eq!(watch.spare(), 11 * GB, "nothing may go: it waits, and nothing is taken");
    watch.look(Usage { media: 14 * GB, ..of_engine(12 * GB, 0) }, None, NOW);
    watch.note_pass(1);
    assert_eq!(watch.spare(), 0, "beyond the budget is no reason to go further");
    watch.note_pass(1);
    watch.look(of_engine(0, 4 * GB), None, NOW);
    assert_eq!((watch.used(), watch.is_pressed(), watch.spare()), (Some(23 * GB), false, 7 * GB));
    let of_bases = |bases| Usage {
        store: StoreUsage { bases, bases_next: 12 * GB, log: 13 * GB, ..StoreUsage::default() },
        ..Usage::default()
    };
    watch.look(of_bases(12 * GB), None, NOW);
    assert!(watch.takes_remote(0), "31 GB for a while");
    watch.look(of_bases(10 * GB), None, NOW);
    assert!(watch.takes_remote(0), "the same: they are older and smaller");
    watch.look(Usage { media: GB, ..of_bases(10 * GB) }, None, NOW);
    assert!(!watch.takes_remote(0));
    let of_large_bases = |base_beside| Usage {
        store: StoreUsage { base_beside, bases_next: 4 * GB, ..of_bases(16 * GB).store },
        ..Usage::default()
    };
    watch.look(of_large_bases(0), None, NOW);
    assert!(watch.takes_remote(0));
    watch.look(of_large_bases(3 * GB), None, NOW);
    assert!(!watch.takes_remote(0), "those there are hold rows that are gone, and the next one is written beside them");
    watch.look(
        Usage { store: StoreUsage { to_come: 3 * GB, ..of_large_bases(0).store }, ..Usage::default() },
        None,
        NOW,
    );
    assert!(!watch.takes_remote(0), "the log becomes longer whatever happens");
}

#[test]
fn however_late_the_next_look_is_no_more_is_taken_than_there_was_room_for() {
    let watch = Watch::new(100 * GB);
    assert!(watch.takes_remote(u64::MAX), "nothing was measured yet");
    let at = |log, appended| Usage { store: StoreUsage { appended, ..of_log(log).store }, ..Usage::default() };
    watch.look(at(90 * GB, 7 * GB), None, NOW);
    // A byte of it becomes eight, and room is out at 98 GB.
    assert!(watch.takes_remote(8 * GB));
    assert!(!watch.takes_remote(8 * GB + 1));
    assert!(watch.state() < RoomState::Out, "by the last look there is room");
    watch.look(at(92 * GB, 8 * GB + 1), None, NOW);
    assert!(watch.takes_remote(8 * GB + 1), "most of it became less");
    assert!(!watch.takes_remote(8 * GB + 1 + 6 * GB / 8 + 1));
}

#[test]
fn only_what_was_beyond_when_the_server_started_may_go_further_beyond() {
    let of_engine = |engine| Usage {
        store: StoreUsage { engine, engine_new: Some(4 * GB), beside: 5 * GB, ..StoreUsage::default() },
        ..Usage::default()
    };
    let watch = Watch::new(20 * GB);
    watch.look(of_engine(16 * GB), None, NOW);
    assert_eq!(watch.spare(), 4 * GB, "something may still go");
    watch.note_pass(0);
    watch.look(of_engine(16 * GB), None, NOW);
    assert_eq!(watch.spare(), u64::MAX, "the budget was larger once: there is no other way back");
    watch.look(of_engine(15 * GB), None, NOW);
    assert_eq!((watch.is_pressed(), watch.spare()), (true, 5 * GB), "it fits");
    watch.look(of_engine(16 * GB), None, NOW);
    assert_eq!((watch.takes_remote(0), watch.spare()), (false, 4 * GB), "from now on it has to");
}

#[test]
fn watermarks_make_media_backfill_and_ingest_step_aside_in_this_order() {
    let watch = Watch::new(10 * GB);
    let mut seen = Vec::new();
    for used in [8 * GB, 9 * GB, 95 * GB / 10, 98 * GB / 10, 8 * GB] {
        watch.look(of_log(used), None, NOW);
        let (room, problem) = watch.report(NOW);
        seen.push((watch.remote_media(), watch.backfill(), watch.takes_remote(0), problem.is_some()));
        assert_eq!((room.used_bytes, room.log_bytes, room.budget_bytes), (used, used, 10 * GB));
    }
    assert_eq!(
        seen,
        [
            (true, true, true, false),
            (true, true, true, true),
            (false, false, true, true),
            (false, false, false, true),
            (true, true, true, false)
        ]
    );
}

#[test]
fn the_sentence_names_cause_largest_effect_and_help() {
    let watch = Watch::new(10 * GB);
    watch.look(Usage { media: 7 * GB, ..of_log(21 * GB / 10) }, None, NOW);
    let text = watch.report(NOW).1.expect("scarce");
    assert_eq!(
        text,
        "9.1 GB of the budget of 10.0 GB (91 %) are in use, most of it by media (7.0 GB); nothing has to step aside \
         yet; a larger budget or less of that helps"
    );
    watch.look(of_log(GB), Some((GB, 100 * GB)), NOW);
    let text = watch.report(NOW).1.expect("the disk is full");
    assert!(text.starts_with("only 1.0 GB of 100 GB are free on the disk; other servers are asked to send"), "{text}");
    watch.look(of_log(GB), Some((5 * GB, 100_000 * GB)), NOW);
    assert_eq!(watch.report(NOW).1, None, "5 GB are plenty, whatever share that is");
}

#[test]
fn what_is_written_anew_by_and_by_counts_but_does_not_press() {
    let (engine, anew, bases) = (17 * GB, 17 * GB / 2, 9 * GB);
    let store =
        StoreUsage { engine, engine_new: Some(anew), log: 2 * GB, bases, bases_next: 2 * GB, ..StoreUsage::default() };
    let usage = Usage { store, search: GB, ..Usage::default() };
    // The rows need 8.5 GB; a sixteenth of the budget may be free beside, and they are written anew beside themselves.
    let settled = 17 * GB / 2 + 32 * GB / 16 + 17 * GB / 2 + 2 * GB + 3 * GB + 2 * GB;
    assert_eq!((usage.on_disk(), usage.free_inside()), (29 * GB, 17 * GB / 2));
    assert_eq!(usage.settled(32 * GB), settled + 17 * GB / 6 - 2 * GB, "a third of what they need is more than that");
    assert_eq!(usage.settled(64 * GB), settled + 2 * GB);
    let longer = Usage { store: StoreUsage { to_come: GB, ..store }, ..usage };
    assert_eq!(longer.settled(64 * GB), settled + 3 * GB, "the log becomes longer");
    let watch = Watch::new(40 * GB);
    watch.look(usage, None, NOW);
    assert_eq!((watch.used(), watch.is_pressed()), (Some(29 * GB), false), "they will be smaller");
    let unknown = Usage { store: StoreUsage { engine_new: None, bases_next: bases, ..store }, ..usage };
    assert_eq!(watch.spare(), 10 * GB, "11 GB, and the index merges");
    watch.look(unknown, None, NOW);
    assert!(!watch.is_pressed(), "nothing goes where nobody could tell when it is enough");
    watch.look(Usage { store: StoreUsage { engine_new: Some(anew), ..unknown.store }, ..usage }, None, NOW);
    assert!(watch.is_pressed());
}

#[test]
fn nothing_that_is_free_inside_an_engine_that_is_never_written_anew_counts_as_room() {
    let of_engine = |never_anew, engine_new| {
        let store = StoreUsage { engine: 9 * GB, never_anew, engine_new, log: GB / 2, ..StoreUsage::default() };
        Usage { store, ..Usage::default() }
    };
    // Written anew it would be a quarter of that.
    assert_eq!(of_engine(false, Some(2 * GB)).settled(10 * GB), 2 * GB + 2 * GB / 3 + 2 * GB + GB / 2);
    assert_eq!(of_engine(true, None).settled(10 * GB), 95 * GB / 10, "as it lies there, and never beside itself");
    assert_eq!(of_engine(true, None).free_inside(), 0);
    let watch = Watch::new(10 * GB);
    watch.look(of_engine(false, Some(2 * GB)), None, NOW);
    assert!(!watch.is_pressed(), "it will be smaller");
    watch.look(of_engine(true, None), None, NOW);
    assert!(watch.is_pressed(), "long before nothing is taken from other servers any more");
    let problem = watch.report(NOW).1.expect("short");
    assert!(problem.contains("most of it by tables (9.0 GB)") && problem.contains("this engine, sled,"), "{problem}");
}

#[test]
fn a_backup_that_is_seen_restored_counts_but_nothing_goes_for_it() {
    let at = |log, appended, scratch| {
        let store = StoreUsage { appended, ..of_log(log).store };
        Usage { store, scratch, ..Usage::default() }
    };
    let watch = Watch::new(100 * GB);
    watch.look(at(70 * GB, 0, 0), None, NOW);
    assert_eq!((watch.used(), watch.lasting(), watch.spare()), (Some(70 * GB), Some(70 * GB), 30 * GB));
    assert!(watch.takes_remote(28 * GB / 8));
    watch.look(at(70 * GB, 0, 25 * GB), None, NOW);
    assert_eq!((watch.used(), watch.lasting(), watch.spare()), (Some(95 * GB), Some(70 * GB), 5 * GB));
    assert!(!watch.is_pressed(), "it goes by itself");
    assert_eq!(watch.state(), RoomState::Short, "the bytes are on the disk all the same");
    assert!(watch.takes_remote(3 * GB / 8) && !watch.takes_remote(3 * GB / 8 + 1), "up to 98 GB with it");
    let (room, problem) = watch.report(NOW);
    assert_eq!((room.used_bytes, room.scratch_bytes), (95 * GB, 25 * GB));
    assert!(room.to_string().contains("    restored backup     25.0 GB\n"), "{room}");
    assert!(problem.is_some_and(|text| text.contains("most of it by log (70.0 GB)")));
    watch.look(at(20 * GB, 0, 70 * GB), None, NOW);
    let problem = watch.report(NOW).1.expect("scarce");
    assert!(problem.ends_with("it goes when it has been seen; a larger budget or backup.scratch helps"), "{problem}");
    watch.look(at(70 * GB, 0, 0), None, NOW);
    assert_eq!((watch.state(), watch.is_pressed()), (RoomState::Ample, false));
}

/// The bytes of a copy that takes no more than this on the disk.
fn whole(bytes: u64) -> u64 {
    bytes / limits::CACHE_FILE_STEP * limits::CACHE_FILE_STEP
}

#[test]
fn copies_of_pictures_take_an_eighth_of_a_small_budget_and_never_more_than_their_bound() {
    assert_eq!(Watch::new(2 * GB).copies_most(), 250 * MB);
    assert_eq!(Watch::new(16 << 30).copies_most(), 2 << 30);
    assert_eq!(Watch::new(u64::MAX).copies_most(), 2 << 30);
}

#[test]
fn copies_count_from_when_they_are_taken_and_all_together_have_a_bound() {
    // Copies may take 1 GB and a tenth; before the first look 80 MB.
    let watch = Watch::new(8 * GB);
    let look = || watch.look(Usage { cache: watch.copies(), ..of_log(GB) }, None, NOW);
    let first = whole(80 * MB);
    assert!(watch.takes_copy(first, 0) && watch.remote_media());
    assert!(!watch.takes_copy(4_096, 0), "nobody knows how much room there is");
    assert!(!watch.remote_media(), "nor are any fetched until it is looked again");
    watch.note_copy(first);
    look();
    assert!(watch.remote_media() && watch.copies_may_take() == GB);
    let second = whole(1_100 * MB - first);
    assert!(!watch.takes_copy(second + 1, 0) && !watch.remote_media());
    assert!(watch.copies_may_take() < first, "others go for it");
    let walk = watch.begin_copies();
    watch.note_copies(&walk, first);
    assert!(!watch.remote_media(), "it would still not fit");
    let walk = watch.begin_copies();
    watch.note_copies(&walk, 0);
    assert!(watch.remote_media() && watch.takes_copy(second + 1, 0), "now it does");
    let walk = watch.begin_copies();
    watch.note_copy(second + 1);
    watch.note_copies(&walk, MB);
    assert_eq!(watch.copies(), MB + second + 4_096, "what was written while it was walked may not have been seen");
    let walk = watch.begin_copies();
    watch.note_copies(&walk, GB);
    assert_eq!(watch.copies(), GB);
    assert!(watch.takes_copy(whole(100 * MB), 0));
    assert!(!watch.takes_copy(4_096, 0), "a tenth more, and no byte beyond, whatever the last look said");
    assert_eq!(watch.copies_may_take(), GB, "and then the tenth goes");
}

#[test]
fn copies_between_two_looks_stay_where_pictures_are_still_fetched() {
    let watch = Watch::new(100 * GB);
    let at = |appended| Usage { store: StoreUsage { appended, ..of_log(94 * GB).store }, ..Usage::default() };
    watch.look(at(7 * MB), None, NOW);
    assert!(watch.takes_remote(507 * MB), "half a gigabyte becomes four");
    assert!(watch.takes_copy(whole(999 * MB), 7 * MB));
    assert!(!watch.takes_copy(2 * MB, 7 * MB), "95 GB");
    assert!(watch.state() < RoomState::Short, "by the last look there is room");
    assert!(!watch.takes_remote(507 * MB) && watch.takes_remote(382 * MB), "that room is taken");
    let watch = Watch::new(100 * GB);
    watch.look(at(7 * MB), None, NOW);
    assert!(!watch.takes_copy(MB, 507 * MB), "what came in meanwhile takes it as well");
    assert!(watch.takes_copy(MB, 506 * MB));
}

#[test]
fn no_post_goes_for_copies_of_pictures_and_copies_go_for_everything() {
    let watch = Watch::new(100 * GB);
    let holding = |log, copies| {
        let walk = watch.begin_copies();
        watch.note_copies(&walk, copies);
        watch.look(Usage { cache: copies, ..of_log(log) }, None, NOW);
        (watch.is_pressed(), watch.halves_copies(), watch.copies_may_take())
    };
    assert_eq!(holding(78 * GB, 2 * GB), (false, false, limits::CACHE_BYTES));
    assert_eq!(holding(79 * GB, 2 * GB), (false, true, limits::CACHE_BYTES), "without them it is not too much");
    assert_eq!(holding(81 * GB, 0), (true, true, limits::CACHE_BYTES));
    assert_eq!(holding(74 * GB, 2 * GB), (false, false, limits::CACHE_BYTES));
    // Pictures are fetched again below 93 GB.
    assert_eq!(holding(925 * GB / 10, 25 * GB / 10), (true, true, 4 * GB / 10));
    assert_eq!(holding(95 * GB, 2 * GB), (true, true, 0), "whoever looks at them");
}

#[test]
fn no_more_goes_than_the_last_look_asked_for() {
    let watch = Watch::new(GB);
    assert!(!watch.is_pressed(), "nothing was measured yet");
    watch.look(of_log(85 * GB / 100), None, NOW);
    assert!(watch.is_pressed());
    // A tenth of the budget is too much: some 33 000 statuses.
    watch.note_removed(33_333);
    assert!(watch.is_pressed());
    watch.note_removed(1);
    assert!(!watch.is_pressed());
    watch.look(of_log(85 * GB / 100), None, NOW);
    assert!(watch.is_pressed(), "it was not enough");
}

#[test]
fn growth_needs_a_day_and_tells_the_day_the_budget_is_reached() {
    assert_eq!(growth((0, GB), (23, 2 * GB)), None);
    assert_eq!(growth((0, GB), (24, 2 * GB)), Some(Growth { bytes: GB, hours: 24 }));
    assert_eq!(growth((0, 2 * GB), (48, GB)), Some(Growth { bytes: 0, hours: 48 }));
    let watch = Watch::new(10 * GB);
    watch.look(of_log(2 * GB), None, NOW);
    watch.note_growth(growth((0, GB), (48, 2 * GB)));
    let room = watch.report(NOW).0;
    assert_eq!(room.growth_bytes_a_day, Some(GB / 2));
    assert_eq!(room.reached_on.as_deref(), Some("2026-12-17"));
    let text = room.to_string();
    assert!(
        text.contains("2.0 GB of a budget of 10.0 GB (20 %), 500 MB more each day: reached on 2026-12-17"),
        "{text}"
    );
    assert!(text.contains("    log                  2.0 GB\n") && !text.contains("media"), "{text}");
}

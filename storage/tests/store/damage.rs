//! Files that rot, vanish or are older than they should be: noticed, and rebuilt or refused in a sentence.

use crate::support::{RAW, ROWS, real, simulated, until};
use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};
use storage::{
    EngineKind, Error, Lsn, Options, Read, Store,
    log::{
        segment::{FIRST_FRAME, SegmentHeader},
        writer::SegmentSizes,
    },
    store::Checkpoint,
    vfs::{Cut, Fault, FaultOn, OpenMode, SimulatedDisk, Vfs},
};

fn put(store: &Store, key: u64) {
    store
        .write(move |tx| -> Result<(), Error> {
            ROWS.put(tx, &(0, key), &key);
            Ok(())
        })
        .unwrap();
}

fn has(store: &Store, keys: u64) {
    for key in 0..keys {
        assert_eq!(store.read(|view| ROWS.get(view, &(0, key))).unwrap(), Some(key));
    }
    assert_eq!(store.read(|view| ROWS.get(view, &(0, keys))).unwrap(), None);
}

fn filled(keys: u64) -> SimulatedDisk {
    let disk = SimulatedDisk::new();
    let store = Store::open(simulated(&disk)).unwrap();
    (0..keys).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);
    disk
}

fn segments(disk: &SimulatedDisk) -> Vec<PathBuf> {
    disk.files().into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "seg")).collect()
}

/// The segment that holds the transactions of `filled`.
fn used(disk: &SimulatedDisk) -> PathBuf {
    segments(disk).remove(0)
}

fn write_file(disk: &SimulatedDisk, path: &Path, bytes: &[u8]) {
    let file = disk.open(path, OpenMode::Truncate).unwrap();
    file.write_at(0, bytes).unwrap();
}

fn refusal(options: Options) -> String {
    match Store::open(options) {
        Ok(_) => panic!("it opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_rotten_byte_anywhere_in_what_was_durable_is_refused_in_a_sentence() {
    let whole = filled(30);
    let path = used(&whole);
    let content = whole.contents(&path).unwrap();
    let end = content.iter().rposition(|byte| *byte != 0).unwrap();
    // The last frames are the header that protects the last group.
    for offset in (FIRST_FRAME as usize..end - 100).step_by(7) {
        let disk = whole.killed();
        disk.rot(&path, offset).unwrap();
        let why = refusal(simulated(&disk));
        assert!(why.contains("restore from a backup") && why.contains("log/0000000001.seg at byte"), "{offset}: {why}");
    }
    for offset in 0..60 {
        let disk = whole.killed();
        disk.rot(&path, offset).unwrap();
        let why = refusal(simulated(&disk));
        assert!(why.contains("restore from a backup"), "header byte {offset}: {why}");
    }
}

#[test]
fn the_torn_tail_of_what_nobody_was_answered_is_cut() {
    let whole = filled(3);
    let path = used(&whole);
    let content = whole.contents(&path).unwrap();
    let end = content.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let disk = whole.killed();
    // Garbage behind the end, as a torn write leaves it.
    disk.open(&path, OpenMode::Existing).unwrap().write_at(end as u64 + 3, &[0xd7; 700]).unwrap();
    let store = Store::open(simulated(&disk)).unwrap();
    has(&store, 3);
    put(&store, 3);
    drop(store);
    let store = Store::open(simulated(&disk)).unwrap();
    has(&store, 4);
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn rot_in_an_older_segment_is_found_by_the_check_and_stops_a_rebuild() {
    let disk = filled(30);
    let path = used(&disk);
    drop(Store::open(simulated(&disk)).unwrap());
    disk.rot(&path, FIRST_FRAME as usize + 200).unwrap();
    let store = Store::open(simulated(&disk)).unwrap();
    has(&store, 30);
    let findings = store.check().unwrap();
    assert!(findings.iter().any(|finding| finding.place.contains("0000000001.seg")), "{findings:?}");
    drop(store);
    disk.remove("/store/engine.redb".as_ref()).unwrap();
    assert!(refusal(simulated(&disk)).contains("restore from a backup"));
}

/// Earlier versions could use a lower number after a higher one.
#[test]
fn a_segment_with_a_lower_number_than_the_one_before_it_is_the_end_of_the_log() {
    let disk = filled(10);
    let store = Store::open(simulated(&disk)).unwrap();
    (10..20).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);
    let first = used(&disk);
    let mut content = disk.contents(&first).unwrap();
    let header = SegmentHeader::decode(&content[..FIRST_FRAME as usize]).unwrap().expect("a header");
    let renamed = SegmentHeader { number: 99, ..header }.encode();
    content[..renamed.len()].copy_from_slice(&renamed);
    write_file(&disk, "/store/log/0000000099.seg".as_ref(), &content);
    disk.remove(&first).unwrap();
    for keys in 20..23 {
        let store = Store::open(simulated(&disk)).unwrap();
        has(&store, keys);
        put(&store, keys);
        let durable = store.state().durable;
        until("a checkpoint", || store.state().checkpoint >= durable);
        store.write_base().unwrap();
        assert_eq!(store.check().unwrap(), []);
        if keys == 22 {
            put(&store, 23);
            until("another one", || store.state().checkpoint > durable);
            store.write_base().unwrap();
            until("two bases cover what was renamed", || store.state().log_begin > Lsn(1));
        }
        store.close().unwrap();
        drop(store);
        disk.remove("/store/engine.redb".as_ref()).unwrap();
    }
    has(&Store::open(simulated(&disk)).unwrap(), 24);
}

#[test]
fn a_missing_segment_is_refused() {
    let disk = filled(30);
    drop(Store::open(simulated(&disk)).unwrap());
    disk.remove(&used(&disk)).unwrap();
    assert!(refusal(simulated(&disk)).contains("the segment before it is missing"));
}

#[test]
fn an_engine_that_is_gone_old_or_changed_is_rebuilt_from_the_log() {
    let engine = Path::new("/store/engine.redb");
    let disk = SimulatedDisk::new();
    let store = Store::open(simulated(&disk)).unwrap();
    (0..20).for_each(|key| put(&store, key));
    until("a checkpoint", || store.state().checkpoint == Lsn(20));
    let old = disk.image(disk.boundaries(), Cut::Drop).contents(engine).unwrap();
    (20..40).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);

    let gone = disk.killed();
    gone.remove(engine).unwrap();
    let empty = disk.killed();
    write_file(&empty, engine, b"");
    let garbage = disk.killed();
    write_file(&garbage, engine, &[0x5a; 40_000]);
    let one_checkpoint_old = disk.killed();
    write_file(&one_checkpoint_old, engine, &old);
    let no_checkpoint = disk.killed();
    no_checkpoint.remove("/store/CHECKPOINT".as_ref()).unwrap();
    let bad_checkpoint = disk.killed();
    bad_checkpoint.rot("/store/CHECKPOINT".as_ref(), 30).unwrap();
    // Another store's rows under the same LSN: only the sample tells.
    let foreign = SimulatedDisk::new();
    let store = Store::open(simulated(&foreign)).unwrap();
    (0..40).for_each(|_| {
        store
            .write(|tx| -> Result<(), Error> {
                tx.put_bytes(RAW, vec![1], vec![2]);
                Ok(())
            })
            .unwrap();
    });
    store.close().unwrap();
    drop(store);
    let changed = disk.killed();
    write_file(&changed, engine, &foreign.contents(engine).unwrap());

    for (what, disk) in [
        ("gone", gone),
        ("empty", empty),
        ("garbage", garbage),
        ("one checkpoint old", one_checkpoint_old),
        ("no checkpoint", no_checkpoint),
        ("bad checkpoint", bad_checkpoint),
        ("changed", changed),
    ] {
        let store = Store::open(simulated(&disk)).unwrap_or_else(|error| panic!("{what}: {error}"));
        has(&store, 40);
        assert_eq!(store.read(|view| view.get_bytes(RAW, &[1])).unwrap(), None, "{what}");
        put(&store, 40);
        drop(store);
        has(&Store::open(simulated(&disk)).unwrap(), 41);
    }
}

#[test]
fn pages_of_redb_that_rot_are_found_by_the_check_and_rebuilt() {
    let whole = filled(3000);
    let engine = Path::new("/store/engine.redb");
    let size = whole.contents(engine).unwrap().len();
    let mut dice = crate::support::Dice(5);
    let mut noticed = 0;
    for round in 0..12 {
        let disk = whole.killed();
        for _ in 0..40 {
            disk.rot(engine, dice.roll(size as u64) as usize).unwrap();
        }
        let store = Store::open(simulated(&disk)).unwrap_or_else(|error| panic!("round {round}: {error}"));
        // redb reads pages without looking at their checksums; the check compares all rows and lets it be rebuilt.
        let findings = store.check().unwrap();
        assert!(findings.iter().all(|finding| finding.place == "engine"), "{findings:?}");
        noticed += usize::from(!findings.is_empty());
        until("clean again", || matches!(store.check().as_deref(), Ok([])));
        has(&store, 3000);
    }
    assert!(noticed > 0);
}

/// Bytes of a page of redb (4.6), which stands at a multiple of them. Its first byte says what it holds: rows are 1,
/// what only leads to other pages is 2.
const PAGE: usize = 4096;

/// Where a row stands in pages of rows: in the one that is read, and in those of before that nobody has used again.
fn places_of(engine: &[u8], key: u64) -> Vec<usize> {
    let wanted = [0_u64.to_be_bytes(), key.to_be_bytes()].concat();
    let found = engine.windows(wanted.len()).enumerate().filter(|(_, there)| **there == wanted[..]);
    found.map(|(at, _)| at).filter(|at| engine[at / PAGE * PAGE] == 1).collect()
}

/// Keys of rows in pages that lead to others, and where each stands: in the page that is read, and in those of before.
///
/// Such a page has two bytes behind the first two for the number of its keys; the keys come behind 8 bytes, 24 for each
/// page it leads to and 4 for each key. Mostly a key is that of the last row of a page; before a multiple of 256 it is
/// cut short and left out here, as is what is near either end, where a sample is taken.
fn separators(engine: &[u8]) -> BTreeMap<u64, Vec<usize>> {
    let mut found: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (number, page) in engine.chunks_exact(PAGE).enumerate().filter(|(_, page)| page[0] == 2) {
        let keys = usize::from(u16::from_le_bytes([page[2], page[3]]));
        for at in 8 + 24 * (keys + 1) + 4 * keys..=PAGE - 16 {
            let (group, key) = page[at..at + 16].split_at(8);
            let key = u64::from_be_bytes(key.try_into().unwrap());
            if group == [0_u8; 8] && (256..2900).contains(&key) && !key.is_multiple_of(256) {
                found.entry(key).or_default().push(number * PAGE + at);
            }
        }
    }
    found
}

/// Whether the check names a bit that was flipped in the engine, in one page that is read and in those it was before.
/// If it does not, all rows are what they were.
fn flipped_is_named(whole: &SimulatedDisk, places: &[usize], bit: u64) -> bool {
    let disk = whole.killed();
    let file = disk.open("/store/engine.redb".as_ref(), OpenMode::Existing).unwrap();
    for at in places {
        let mut byte = [0_u8];
        assert_eq!(file.read_at(*at as u64, &mut byte).unwrap(), 1);
        byte[0] ^= 1 << bit;
        file.write_at(*at as u64, &byte).unwrap();
    }
    println!("bit {bit} of bytes {places:?}");
    let store = Store::open(simulated(&disk)).unwrap();
    let findings = store.check().unwrap();
    assert!(findings.iter().all(|finding| finding.place == "engine"), "{findings:?}");
    if !findings.is_empty() {
        until("clean again", || matches!(store.check().as_deref(), Ok([])));
    }
    has(&store, 3000);
    !findings.is_empty()
}

#[test]
fn one_flipped_bit_among_the_rows_of_redb_is_named_or_does_no_harm() {
    let whole = filled(3000);
    let engine = whole.contents("/store/engine.redb".as_ref()).unwrap();
    let mut dice = crate::support::Dice(6);
    // In the keys of three rows of the middle, of which no sample is taken at the start: named where the row is read.
    for key in [700, 1500, 2300] {
        let places = places_of(&engine, key);
        let named =
            places.iter().filter(|at| flipped_is_named(&whole, &[**at + 8 + dice.roll(8) as usize], dice.roll(8)));
        assert!(named.count() > 0, "row {key} at {places:?}");
    }
    // Anywhere in pages with rows: among their keys, values and ends, and in what they leave free.
    for _ in 0..24 {
        let places = places_of(&engine, dice.roll(3000));
        let page = places[dice.roll(places.len() as u64) as usize] / PAGE * PAGE;
        flipped_is_named(&whole, &[page + dice.roll(PAGE as u64) as usize], dice.roll(8));
    }
}

/// All rows are there for who reads them in order; a look-up of some goes to the page beside theirs.
#[test]
fn one_flipped_bit_in_a_key_that_only_leads_to_rows_of_redb_is_named() {
    let whole = filled(3000);
    let separators: Vec<_> = separators(&whole.contents("/store/engine.redb".as_ref()).unwrap()).into_iter().collect();
    assert!(separators.len() > 5, "{separators:?}");
    let mut dice = crate::support::Dice(7);
    // In the last byte few rows are led astray, none of a sample: the check has to find them.
    for byte in [15_usize, 15, 15, 15, 15, 15, 14, 14, 11, 8, 0] {
        let (key, places) = &separators[dice.roll(separators.len() as u64) as usize];
        let places: Vec<usize> = places.iter().map(|at| at + byte).collect();
        let named = flipped_is_named(&whole, &places, dice.roll(8));
        assert!(named || byte < 15, "byte {byte} of key {key}");
    }
}

#[test]
fn a_log_that_lost_what_the_engine_holds_is_refused_until_the_loss_is_accepted() {
    let disk = filled(30);
    for path in segments(&disk) {
        disk.remove(&path).unwrap();
    }
    let why = refusal(simulated(&disk));
    assert!(why.contains("acknowledged data was lost") && why.contains("--accept-log-loss"), "{why}");
    let store = Store::open(Options { accept_log_loss: true, ..simulated(&disk) }).unwrap();
    has(&store, 30);
    // Numbers that were given out are not used again.
    let lsn = store.write(|tx| -> Result<Lsn, Error> {
        ROWS.put(tx, &(0, 30), &30);
        Ok(tx.lsn())
    });
    assert_eq!(lsn.unwrap(), Lsn(32), "31 is the acceptance");
    assert_eq!(store.check().unwrap(), []);
    drop(store);
    // From now on it opens as usual, also without an engine: a base snapshot has what the log has not.
    has(&Store::open(simulated(&disk)).unwrap(), 31);
    disk.remove("/store/engine.redb".as_ref()).unwrap();
    has(&Store::open(simulated(&disk)).unwrap(), 31);
    let bases = disk.files().into_iter().filter(|path| path.starts_with("/store/base"));
    bases.for_each(|path| disk.remove(&path).unwrap());
    assert!(refusal(simulated(&disk)).contains("no base snapshot holds what was in it"));
}

/// 20 rows in one run, ten in the next, whose segments are gone.
fn without_its_end() -> SimulatedDisk {
    let disk = filled(20);
    let first_run = segments(&disk);
    let used = |path: &PathBuf| disk.contents(path).unwrap().iter().any(|byte| *byte != 0);
    let used: Vec<PathBuf> = first_run.into_iter().filter(used).collect();
    let store = Store::open(simulated(&disk)).unwrap();
    (20..30).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);
    segments(&disk).iter().filter(|path| !used.contains(path)).for_each(|path| disk.remove(path).unwrap());
    disk
}

#[test]
fn wherever_the_power_fails_while_a_loss_is_accepted_no_more_is_lost() {
    let all_of_it = filled(30);
    segments(&all_of_it).iter().for_each(|path| all_of_it.remove(path).unwrap());
    for disk in [all_of_it.killed(), without_its_end().killed()] {
        let accepting = |disk: &SimulatedDisk| Options { accept_log_loss: true, ..simulated(disk) };
        let store = Store::open(accepting(&disk)).unwrap();
        for key in 30..34 {
            put(&store, key);
            disk.mark(key + 1);
        }
        store.close().unwrap();
        drop(store);
        let (boundaries, mut whole, mut refused) = (disk.boundaries(), 0, 0);
        for boundary in (0..=boundaries).filter(|boundary| *boundary == boundaries || disk.changes(*boundary)) {
            let acknowledged = disk.marks(boundary).into_iter().max().unwrap_or(30);
            let dice = boundary as u64;
            let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
            let image = disk.image(boundary, cut);
            let what = format!("boundary {boundary} of {boundaries}, {cut:?}");
            let there = |store: &Store| {
                let keys = (0..acknowledged)
                    .filter(|key| store.read(|view| ROWS.get(view, &(0, *key))).unwrap() == Some(*key));
                assert_eq!(keys.count() as u64, acknowledged, "{what}");
                assert_eq!(store.check().unwrap(), [], "{what}");
            };
            match Store::open(simulated(&image.killed())) {
                Ok(store) => {
                    there(&store);
                    whole += 1;
                }
                Err(error) => {
                    assert!(error.to_string().contains("acknowledged data was lost"), "{what}: {error}");
                    assert_eq!(acknowledged, 30, "{what}");
                    refused += 1;
                }
            }
            there(&Store::open(accepting(&image)).unwrap_or_else(|error| panic!("{what}: {error}")));
        }
        assert!(whole > 10 && refused > 5, "{whole} whole, {refused} to be accepted again");
    }
}

#[test]
fn a_log_without_its_start_is_accepted_once() {
    let disk = SimulatedDisk::new();
    let mut options = simulated(&disk);
    options.sizes.segments = SegmentSizes { first: 4 * 1024, other: 4 * 1024 };
    let store = Store::open(options.clone()).unwrap();
    for round in 0..3 {
        (round * 100..round * 100 + 100).for_each(|key| put(&store, key));
        let durable = store.state().durable;
        until("a checkpoint", || store.state().checkpoint >= durable);
        store.write_base().unwrap();
    }
    assert!(store.state().log_begin > Lsn(1));
    store.close().unwrap();
    drop(store);
    let bases = disk.files().into_iter().filter(|path| path.starts_with("/store/base"));
    bases.for_each(|path| disk.remove(&path).unwrap());
    assert!(refusal(options.clone()).contains("no base snapshot holds what was in it"));
    has(&Store::open(Options { accept_log_loss: true, ..options.clone() }).unwrap(), 300);
    has(&Store::open(options).unwrap(), 300);
}

#[test]
fn a_consumer_ahead_of_the_log_shows_a_loss_too() {
    let disk = filled(10);
    drop(Store::open(Options { consumed: Lsn(10), ..simulated(&disk) }).unwrap());
    assert!(refusal(Options { consumed: Lsn(11), ..simulated(&disk) }).contains("a consumer"));
}

#[test]
fn data_of_a_newer_program_is_refused_with_both_versions() {
    let disk = filled(5);
    let noted = Checkpoint::read(&disk, "/store".as_ref()).unwrap().unwrap();
    Checkpoint { format: 9, ..noted }.write(&disk, "/store".as_ref()).unwrap();
    assert!(matches!(Store::open(simulated(&disk)), Err(Error::Format { found: 9, known: 1 })));
    let disk = filled(5);
    let path = used(&disk);
    let header = SegmentHeader::decode(&disk.contents(&path).unwrap()).unwrap().unwrap();
    let newer = SegmentHeader { format: 7, ..header }.encode();
    disk.open(&path, OpenMode::Existing).unwrap().write_at(0, &newer).unwrap();
    assert!(matches!(Store::open(simulated(&disk)), Err(Error::Format { found: 7, known: 1 })));
}

/// sled's files lie outside of the simulated disk, but for one that only stands there.
#[test]
fn the_other_engine_stays_as_long_as_the_checkpoint_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let disk = SimulatedDisk::new();
    let options = Options { dir: dir.path().into(), ..simulated(&disk) };
    let store = Store::open(options.clone()).unwrap();
    (0..20).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);
    let noted = Checkpoint::read(&disk, dir.path()).unwrap().expect("a checkpoint");
    Checkpoint { engine: EngineKind::Sled, ..noted }.write(&disk, dir.path()).unwrap();
    let other = dir.path().join("engine.sled/data");
    write_file(&disk, &other, b"rows");
    let (on, kind) = (FaultOn::Write, ErrorKind::Other);
    disk.inject(Fault { name: "CHECKPOINT".into(), on, after: 0, times: usize::MAX, kind });
    let store = Store::open(options.clone()).unwrap();
    has(&store, 20);
    put(&store, 20);
    store.close().unwrap();
    drop(store);
    assert!(disk.failed() > 0 && disk.files().contains(&other), "{:?}", disk.files());
    disk.heal();
    let store = Store::open(options).unwrap();
    has(&store, 21);
    until("it goes", || !disk.files().contains(&other));
    assert_eq!(Checkpoint::read(&disk, dir.path()).unwrap().expect("a checkpoint").engine, EngineKind::Redb);
}

#[test]
fn how_far_a_change_of_the_engine_has_come_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    for some in 0..24_u64 {
        let fill = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            for row in 0..500_u64 {
                tx.put_bytes(RAW, [some.to_be_bytes(), row.to_be_bytes()].concat(), vec![1; 20]);
            }
            Ok(())
        };
        store.write(fill).unwrap();
    }
    store.close().unwrap();
    drop(store);
    let told = crate::support::told(|| {
        Store::open(real(dir.path(), EngineKind::Sled)).unwrap().close().unwrap();
    });
    assert!(told.contains("the tables are copied into the other engine") && told.contains("percent=50"), "{told}");
    assert!(told.contains("the tables were copied"), "{told}");
}

#[test]
fn the_engine_can_be_changed_and_changed_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut keys = 0;
    for engine in [EngineKind::Redb, EngineKind::Sled, EngineKind::Redb, EngineKind::Sled] {
        let store = Store::open(real(dir.path(), engine)).unwrap();
        has(&store, keys);
        (keys..keys + 100).for_each(|key| put(&store, key));
        keys += 100;
        store.close().unwrap();
        let files: Vec<String> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let engines = files.iter().filter(|name| name.starts_with("engine.")).collect::<Vec<_>>();
        assert_eq!(engines, [&format!("engine.{engine}")]);
    }
    // The engine in use is damaged when the change is asked for: the log fills the new one.
    fs::remove_dir_all(dir.path().join("engine.sled")).unwrap();
    let store = Store::open(real(dir.path(), EngineKind::Redb)).unwrap();
    has(&store, keys);
}

//! sled's directory is treated as hostile: offered empty, old, torn, and as a recording of its own writes cut at
//! many points. Every case ends in detection and a rebuild, or in a directory that was right; nothing is lost.

use crate::support::{Dice, ROWS, real, until};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use storage::{
    EngineKind, Error, Lsn, Store, engine,
    vfs::{Cut, OpenMode, SimulatedDisk, Vfs, VfsFile},
};

fn put(store: &Store, key: u64) {
    store
        .write(move |tx| -> Result<(), Error> {
            ROWS.put(tx, &(0, key), &key);
            ROWS.put(tx, &(1, key), &key);
            Ok(())
        })
        .unwrap();
}

/// How many transactions are there, each whole; `None` while the engine is being rebuilt.
fn count(store: &Store) -> Option<u64> {
    let mut key = 0;
    loop {
        let both = store.read(|view| Ok::<_, Error>((ROWS.get(view, &(0, key))?, ROWS.get(view, &(1, key))?)));
        match both {
            Ok((Some(a), Some(b))) if a == key && b == key => key += 1,
            Ok((None, None)) => return Some(key),
            Ok(other) => panic!("half a transaction: {other:?} at {key}"),
            Err(_) => return None,
        }
    }
}

fn all_there(dir: &Path, keys: u64, what: &str) {
    let store = Store::open(real(dir, EngineKind::Sled)).unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut there = None;
    until(what, || {
        there = count(&store);
        there.is_some()
    });
    assert_eq!(there, Some(keys), "{what}");
    assert_eq!(store.check().unwrap(), [], "{what}");
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Overwrites some sectors of some pages, as a write torn by a power cut does.
fn tear(dir: &Path, dice: &mut Dice) {
    let candidates: Vec<_> =
        files(dir).into_iter().filter(|path| fs::metadata(path).is_ok_and(|data| data.len() > 0)).collect();
    for _ in 0..1 + dice.roll(6) {
        let path = &candidates[dice.roll(candidates.len() as u64) as usize];
        let mut bytes = fs::read(path).unwrap();
        let page = dice.roll(bytes.len().div_ceil(4096) as u64) as usize * 4096;
        for sector in 0..8 {
            let start = (page + sector * 512).min(bytes.len());
            let end = (start + 512).min(bytes.len());
            if dice.roll(2) == 0 {
                let fill = if dice.roll(2) == 0 { 0 } else { dice.roll(256) as u8 };
                bytes[start..end].fill(fill);
            }
        }
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn an_empty_old_or_torn_directory_is_noticed_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let (live, old) = (dir.path().join("live"), dir.path().join("old"));
    let store = Store::open(real(&live, EngineKind::Sled)).unwrap();
    (0..300).for_each(|key| put(&store, key));
    until("a checkpoint", || store.state().checkpoint == Lsn(300));
    copy(&live.join("engine.sled"), &old);
    (300..600).for_each(|key| put(&store, key));
    store.close().unwrap();
    drop(store);

    let offer = |name: &str, change: &mut dyn FnMut(&Path)| {
        let target = dir.path().join("offered");
        let _absent_is_fine = fs::remove_dir_all(&target);
        copy(&live, &target);
        change(&target);
        all_there(&target, 600, name);
    };
    offer("as it is", &mut |_| {});
    offer("gone", &mut |dir| fs::remove_dir_all(dir.join("engine.sled")).unwrap());
    offer("empty", &mut |dir| {
        fs::remove_dir_all(dir.join("engine.sled")).unwrap();
        fs::create_dir(dir.join("engine.sled")).unwrap();
    });
    offer("one checkpoint old", &mut |dir| {
        fs::remove_dir_all(dir.join("engine.sled")).unwrap();
        copy(&old, &dir.join("engine.sled"));
    });
    offer("metadata gone", &mut |dir| fs::remove_dir_all(dir.join("engine.sled/metadata")).unwrap());
    offer("slabs gone", &mut |dir| fs::remove_dir_all(dir.join("engine.sled/slabs")).unwrap());
    let mut dice = Dice(std::env::var("SEED").map_or(3, |s| s.parse().unwrap()));
    for round in 0..std::env::var("ROUNDS").map_or(10, |s| s.parse().unwrap()) {
        offer(&format!("torn {round}"), &mut |dir| tear(&dir.join("engine.sled"), &mut dice));
        // Without an orderly end everything is read before it is relied on.
        offer(&format!("torn and killed {round}"), &mut |dir| {
            tear(&dir.join("engine.sled"), &mut dice);
            fs::remove_file(dir.join("CHECKPOINT")).unwrap();
        });
    }
}

const TRACED_DIR: &str = "DASSIE_TRACED_DIR";
const TRACED_KEYS: u64 = 120;
/// The engine that a traced change of it begins with.
const TRACED_FROM: &str = "DASSIE_TRACED_FROM";
/// Rows before the change of the engine, and behind it.
const CHANGED_AT: u64 = 60;
const CHANGED_KEYS: u64 = 70;

/// The run that is recorded: this test's own program under a tracer.
#[test]
#[ignore = "run by the recording test, under a tracer"]
fn traced_run() {
    let Some(dir) = std::env::var_os(TRACED_DIR) else { return };
    let dir = PathBuf::from(dir);
    let mut acks = fs::File::create(dir.join("acks")).unwrap();
    let mut options = real(dir.join("store"), EngineKind::Sled);
    options.sizes.checkpoint_bytes = 1500;
    options.sizes.checkpoint_interval = std::time::Duration::from_millis(5);
    let store = Store::open(options).unwrap();
    for key in 0..TRACED_KEYS {
        put(&store, key);
        acks.write_all(&(key + 1).to_be_bytes()).unwrap();
        if key % 15 == 14 {
            until("a checkpoint", || store.state().checkpoint >= Lsn(key));
        }
    }
    store.close().unwrap();
}

fn other(engine: EngineKind) -> EngineKind {
    match engine {
        EngineKind::Redb => EngineKind::Sled,
        EngineKind::Sled => EngineKind::Redb,
    }
}

/// The change of the engine that is recorded.
#[test]
#[ignore = "run by the recording tests, under a tracer"]
fn traced_change() {
    let (Some(dir), Ok(from)) = (std::env::var_os(TRACED_DIR), std::env::var(TRACED_FROM)) else { return };
    let (dir, from) = (PathBuf::from(dir), from.parse::<EngineKind>().unwrap());
    let mut acks = fs::File::create(dir.join("acks")).unwrap();
    for (engine, keys) in [(from, 0..CHANGED_AT), (other(from), CHANGED_AT..CHANGED_KEYS)] {
        let store = Store::open(real(dir.join("store"), engine)).unwrap();
        for key in keys {
            put(&store, key);
            acks.write_all(&(key + 1).to_be_bytes()).unwrap();
        }
        store.close().unwrap();
    }
}

/// Records one of the traced runs; `None` with a word where nothing may be traced.
fn record(dir: &Path, traced: &str, from: EngineKind) -> Option<String> {
    let out = dir.join("trace");
    let program = std::env::current_exe().unwrap();
    let calls = "openat,creat,write,pwrite64,pwritev,writev,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,\
                 ftruncate,lseek";
    let run = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "1000000", "-e", &format!("trace={calls}"), "-o"])
        .arg(&out)
        .arg(program)
        .args(["--exact", traced, "--ignored", "--nocapture", "--test-threads=1"])
        .env(TRACED_DIR, dir)
        .env(TRACED_FROM, from.to_string())
        .output();
    let run = match run {
        Ok(run) => run,
        Err(error) => {
            println!("skipped: strace cannot be run ({error})");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    if !run.status.success() {
        assert!(said.contains("ptrace") || said.contains("PTRACE"), "the traced run failed: {said}");
        println!("skipped: tracing is refused here");
        return None;
    }
    Some(fs::read_to_string(out).unwrap())
}

/// One traced call: its name, its arguments as text, and what it returned.
struct Call {
    name: String,
    arguments: String,
    result: String,
}

/// Joins calls that another thread interrupted.
fn calls(trace: &str) -> Vec<Call> {
    let mut open: BTreeMap<String, String> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let whole = if let Some(begun) = rest.strip_suffix("<unfinished ...>") {
            open.insert(thread.to_owned(), begun.trim_end().to_owned());
            continue;
        } else if rest.starts_with("<...") {
            let (Some(begun), Some((_, end))) = (open.remove(thread), rest.split_once("resumed>")) else { continue };
            format!("{begun}{end}")
        } else {
            rest.to_owned()
        };
        let Some((name, rest)) = whole.split_once('(') else { continue };
        let Some((arguments, result)) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(")  = ")) else {
            let Some((arguments, result)) = rest.rsplit_once('=') else { continue };
            let arguments = arguments.trim_end().trim_end_matches(')').to_owned();
            calls.push(Call { name: name.to_owned(), arguments, result: result.trim().to_owned() });
            continue;
        };
        calls.push(Call {
            name: name.to_owned(),
            arguments: arguments.trim_end().to_owned(),
            result: result.trim().to_owned(),
        });
    }
    calls
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        bytes.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).unwrap());
        rest = &rest[at + 4..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

fn as_path(text: &str) -> PathBuf {
    PathBuf::from(String::from_utf8(unescape(text)).unwrap())
}

/// The path between `<` and `>` of a descriptor.
fn descriptor(text: &str) -> Option<PathBuf> {
    let (_, rest) = text.split_once('<')?;
    let (path, _) = rest.split_once('>')?;
    Some(as_path(path))
}

/// The strings in quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// Plays a recording on a simulated disk; acknowledgements become marks.
struct Replay {
    disk: SimulatedDisk,
    root: PathBuf,
    files: BTreeMap<PathBuf, std::sync::Arc<dyn VfsFile>>,
    places: BTreeMap<PathBuf, u64>,
}

impl Replay {
    fn inside(&self, path: &Path) -> bool {
        path.starts_with(self.root.join("store"))
    }

    fn file(&mut self, path: &Path) -> std::sync::Arc<dyn VfsFile> {
        let disk = &self.disk;
        self.files.entry(path.to_path_buf()).or_insert_with(|| disk.open(path, OpenMode::OrCreate).unwrap()).clone()
    }

    fn play(&mut self, call: &Call) {
        if call.result.starts_with('-') || call.result.starts_with('?') {
            return;
        }
        match call.name.as_str() {
            "openat" | "creat" => self.open(call),
            "write" | "pwrite64" => self.write(call),
            "writev" | "pwritev" => {
                let path = descriptor(&call.arguments);
                assert!(!path.is_some_and(|path| self.inside(&path)), "{} is not understood", call.name);
            }
            "fsync" | "fdatasync" => {
                let Some(path) = descriptor(&call.arguments) else { return };
                if !self.inside(&path) && path != self.root {
                    return;
                }
                if self.disk.contents(&path).is_ok() {
                    self.file(&path).sync_data().unwrap();
                } else {
                    self.disk.sync_dir(&path).unwrap();
                }
            }
            "rename" | "renameat" | "renameat2" => {
                let names = quoted(&call.arguments);
                let (from, to) = (as_path(names[0]), as_path(names[1]));
                if self.inside(&from) {
                    self.disk.rename(&from, &to).unwrap();
                    self.files.remove(&from);
                    self.files.remove(&to);
                }
            }
            "unlink" | "unlinkat" => {
                let named = as_path(quoted(&call.arguments)[0]);
                // What goes with its directory is named from there.
                let path = descriptor(&call.arguments).map_or(named.clone(), |dir| dir.join(&named));
                if self.inside(&path) {
                    self.disk.remove(&path).unwrap();
                    self.files.remove(&path);
                }
            }
            "ftruncate" => {
                let Some(path) = descriptor(&call.arguments).filter(|path| self.inside(path)) else { return };
                let len = call.arguments.rsplit(", ").next().unwrap().parse().unwrap();
                self.file(&path).set_len(len).unwrap();
            }
            "lseek" => {
                let Some(path) = descriptor(&call.arguments).filter(|path| self.inside(path)) else { return };
                self.places.insert(path, call.result.parse().unwrap());
            }
            _ => {}
        }
    }

    fn open(&mut self, call: &Call) {
        let Some(path) = descriptor(&call.result).filter(|path| self.inside(path)) else { return };
        if call.arguments.contains("O_DIRECTORY") {
            return;
        }
        let new = call.arguments.contains("O_CREAT") && self.disk.contents(&path).is_err();
        self.places.insert(path.clone(), 0);
        if call.arguments.contains("O_TRUNC") {
            self.files.remove(&path);
            self.files.insert(path.clone(), self.disk.open(&path, OpenMode::Truncate).unwrap());
        } else if new {
            self.file(&path);
        }
    }

    fn write(&mut self, call: &Call) {
        let Some(path) = descriptor(&call.arguments) else { return };
        let names = quoted(&call.arguments);
        let bytes = unescape(names.first().copied().unwrap_or_default());
        let written: usize = call.result.parse().unwrap();
        if path == self.root.join("acks") {
            self.disk.mark(u64::from_be_bytes(bytes[..8].try_into().unwrap()));
            return;
        }
        if !self.inside(&path) {
            return;
        }
        assert_eq!(bytes.len(), written, "a write was recorded in part");
        let place = if call.name == "pwrite64" {
            call.arguments.rsplit(", ").next().unwrap().parse().unwrap()
        } else {
            let place = self.places.entry(path.clone()).or_default();
            let before = *place;
            *place += written as u64;
            before
        };
        self.file(&path).write_at(place, &bytes).unwrap();
    }
}

/// A traced run, played on a simulated disk; `None` with a word where nothing may be traced.
fn played(root: &Path, traced: &str, from: EngineKind, keys: u64) -> Option<SimulatedDisk> {
    let trace = record(root, traced, from)?;
    let disk = SimulatedDisk::new();
    let (files, places) = (BTreeMap::new(), BTreeMap::new());
    let mut replay = Replay { disk: disk.clone(), root: root.to_path_buf(), files, places };
    for call in calls(&trace) {
        replay.play(&call);
    }
    drop(replay);
    assert_eq!(disk.marks(disk.boundaries()).last(), Some(&keys), "the recording is whole");
    Some(disk)
}

/// Cuts the power at points spread over these boundaries, each in a way of its own, and opens what is left; how often it
/// held data.
fn cut_at_points(disk: &SimulatedDisk, root: &Path, boundaries: &[usize], points: usize, engine: EngineKind) -> u64 {
    assert!(boundaries.len() >= points, "{} boundaries", boundaries.len());
    let mut dice = Dice(17);
    let mut with_data = 0;
    for point in 0..points {
        let slice = boundaries.len() / points;
        let boundary = boundaries[point * slice + dice.roll(slice as u64) as usize];
        let seed = dice.roll(u64::MAX);
        let cut = [Cut::Drop, Cut::Reorder(seed), Cut::Tear(seed)][point % 3];
        let acknowledged = disk.marks(boundary).into_iter().max().unwrap_or(0);
        let target = root.join("image");
        let _absent_is_fine = fs::remove_dir_all(&target);
        let image = disk.image(boundary, cut);
        for path in image.files() {
            let to = target.join(path.strip_prefix(root.join("store")).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, image.contents(&path).unwrap()).unwrap();
        }
        let what = format!("point {point}, boundary {boundary} of {}, {cut:?}", disk.boundaries());
        let store = Store::open(real(&target, engine)).unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut there = None;
        until(&what, || {
            there = count(&store);
            there.is_some()
        });
        assert!(there >= Some(acknowledged), "{what}: {there:?} of {acknowledged}");
        with_data += u64::from(store.state().applied > Lsn(0));
        put(&store, there.unwrap_or(0));
        assert_eq!(store.check().unwrap(), [], "{what}");
    }
    with_data
}

#[test]
fn a_recording_cut_at_many_points_always_opens_with_everything_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let Some(disk) = played(&root, "hostile_sled::traced_run", EngineKind::Sled, TRACED_KEYS) else { return };
    let boundaries: Vec<usize> = (0..disk.boundaries()).filter(|boundary| disk.changes(*boundary)).collect();
    let points = 96;
    let with_data = cut_at_points(&disk, &root, &boundaries, points, EngineKind::Sled);
    println!("{points} trace points, {with_data} of them with data, nothing acknowledged lost");
}

/// `dassie store convert`: log, checkpoint and both engines' files, as the system saw them.
fn a_change_of_the_engine_is_cut(from: EngineKind) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let Some(disk) = played(&root, "hostile_sled::traced_change", from, CHANGED_KEYS) else { return };
    let place = root.join("store").join(engine::place(from));
    assert!(disk.files().iter().all(|path| !path.starts_with(&place)), "the engine of before is gone in the end");
    let begun = (0..disk.boundaries()).find(|boundary| disk.marks(*boundary).contains(&CHANGED_AT)).unwrap();
    let boundaries: Vec<usize> = (begun..disk.boundaries()).filter(|boundary| disk.changes(*boundary)).collect();
    let points = 60.min(boundaries.len());
    let with_data = cut_at_points(&disk, &root, &boundaries, points, other(from));
    assert_eq!(with_data, points as u64, "the rows of before are in each");
    println!("from {from}: {points} trace points, nothing acknowledged lost");
}

#[test]
fn a_recorded_change_from_redb_to_sled_cut_at_many_points_loses_nothing() {
    a_change_of_the_engine_is_cut(EngineKind::Redb);
}

#[test]
fn a_recorded_change_from_sled_to_redb_cut_at_many_points_loses_nothing() {
    a_change_of_the_engine_is_cut(EngineKind::Sled);
}

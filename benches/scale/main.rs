//! How a store grows: posts, home pages, memory, bytes on disk, bases and starts at 10 thousand statuses, at 100 thousand
//! and so on; search over all of them; a backup under load; and a disk whose syncs take 30 ms. Printed, never asserted.
//!
//! `cargo bench --bench scale -- [--statuses 100000] [--engine redb|sled] [--search] [--check] [--backup] [--rebuild]`, or
//! `-- --slow`.
//! Seeded: the same statuses each time.

mod fill;
mod rescue;
mod slow;
mod words;

use dassie::{
    account::search::{self as people, Query},
    intake, limits, relationship,
    search::{self, Descriptions, Search},
    timeline::{Home, Window},
};
use fill::World;
use std::{
    fs,
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use storage::{AccountId, Ahead, EngineKind, Read, check::Repair, search::Index};

const SEED: u64 = 0x5ca1_e000;
/// How long home pages are read.
const LOOP: Duration = Duration::from_secs(2);
/// Questions asked of the search index.
const QUESTIONS: usize = 2_000;
/// Accounts known besides those that post, when names are completed.
const KNOWN: usize = 100_000;
/// People here besides those who post, when names are completed.
const SETTLED: usize = 2_000;
/// Time between two posts in the foreground while the index is made.
const PACE: Duration = Duration::from_millis(5);

struct Wanted {
    statuses: u64,
    engine: EngineKind,
    search: bool,
    check: bool,
    backup: bool,
    rebuild: bool,
    slow: bool,
}

fn main() {
    // The generator lies in this process: its memory is to be held as the server holds its own.
    dassie::cli::arenas::bound();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if let [word, dir, engine] = &arguments[..]
        && word == "--write-until-killed"
    {
        return write_until_killed(Path::new(dir), engine.parse().expect("an engine"));
    }
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)
    };
    let wanted = Wanted {
        statuses: value("--statuses").map_or(100_000, |number| number.parse().expect("a number")),
        engine: value("--engine").map_or(EngineKind::Redb, |engine| engine.parse().expect("redb or sled")),
        search: has("--search"),
        check: has("--check"),
        backup: has("--backup"),
        rebuild: has("--rebuild"),
        slow: has("--slow"),
    };
    if wanted.slow {
        return slow::slow_disk();
    }
    grow(&wanted);
}

fn grow(wanted: &Wanted) {
    // Beside the build, so that it lies on a disk and not in memory.
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a scratch directory");
    let dir = scratch.path();
    let engine = wanted.engine;
    println!("engine {engine}, seed {SEED:#x}, {} accounts here, {} elsewhere", fill::HERE, fill::ELSEWHERE);
    println!(
        "{:>9} {:>8} {:>9} {:>8} {:>8} {:>9} {:>7} {:>9} {:>8} {:>8} {:>9} {:>8} {:>8} {:>8}",
        "statuses",
        "posts/s",
        "home/s",
        "p50 us",
        "p99 us",
        "cold us",
        "RSS MiB",
        "engine B",
        "bases B",
        "log B",
        "disk B",
        "base s",
        "open s",
        "killed s"
    );
    let mut world = World::new(dir, engine, SEED);
    let (mut upto, mut completed) = (10_000.min(wanted.statuses), Vec::new());
    loop {
        let (before, began) = (world.posts, Instant::now());
        world.post_until(upto);
        let rate = (world.posts - before) as f64 / began.elapsed().as_secs_f64();
        let home = home(&mut world);
        let resident = resident_mib();
        completed.extend(completion(&world, 0));
        let store = dir.join("store");
        let log = bytes_of(&store.join("log"));
        let began = Instant::now();
        world.store.write_base().expect("a base");
        let base = began.elapsed();
        // As it is some time later: two bases have everything, and the log before them goes.
        let flow = Arc::new(fill::Flow::default());
        world.post_through(&flow);
        flow.drained();
        while world.store.state().applied < world.store.state().durable {
            std::thread::sleep(Duration::from_millis(1));
        }
        world.store.write_base().expect("a base");
        world.store.close().expect("it closes");
        let began = Instant::now();
        world.store = fill::open(dir, engine, &fill::clock());
        let opened = began.elapsed();
        world.store.close().expect("it closes");
        kill_a_writer(dir, engine);
        let began = Instant::now();
        world.reopen(dir, engine);
        let killed = began.elapsed();
        let each = |bytes: u64| bytes as f64 / world.posts as f64;
        let over_text = |bytes: u64| each(bytes.saturating_sub(world.text_bytes));
        println!(
            "{:>9} {rate:>8.0} {:>9.0} {:>8.0} {:>8.0} {:>9.0} {resident:>7.0} {:>9.0} {:>8.0} {:>8.0} {:>9.0} {:>8.2} {:>8.2} \
             {:>8.2}",
            world.posts,
            home.rate,
            home.p50,
            home.p99,
            home.cold,
            over_text(engine_bytes(&store)),
            each(bytes_of(&store.join("base"))),
            each(log),
            over_text(bytes_of(dir)),
            base.as_secs_f64(),
            opened.as_secs_f64(),
            killed.as_secs_f64(),
        );
        if upto == wanted.statuses {
            break;
        }
        upto = (upto * 10).min(wanted.statuses);
    }
    for line in completed {
        println!("{line}");
    }
    together(&world);
    if wanted.check {
        check(&world);
    }
    if wanted.search {
        search(&mut world, dir);
    }
    if wanted.backup {
        rescue::rescue(&mut world, dir, engine);
    }
    if wanted.search {
        world.meet(KNOWN);
        world.welcome(SETTLED);
        for line in completion(&world, KNOWN + SETTLED) {
            println!("{line}");
        }
    }
    if wanted.rebuild {
        rebuild(&mut world, dir, engine);
    }
    world.store.close().expect("it closes");
}

/// A start that finds no file of the engine, and makes it from the base and the log behind it.
fn rebuild(world: &mut World, dir: &Path, engine: EngineKind) {
    world.store.close().expect("it closes");
    let store = dir.join("store");
    for name in ["engine.redb", "engine.sled"].map(|name| store.join(name)) {
        match fs::metadata(&name) {
            Ok(data) if data.is_dir() => fs::remove_dir_all(&name).expect("it goes"),
            Ok(_) => fs::remove_file(&name).expect("it goes"),
            Err(_) => {}
        }
    }
    let began = Instant::now();
    world.reopen(dir, engine);
    println!("rebuilt from base and log in {:.1} s: {} statuses", began.elapsed().as_secs_f64(), world.posts);
}

/// How one person stands to forty others: row by row, and with the rows of each table read at once.
fn together(world: &World) {
    const PEOPLE: usize = 40;
    let viewer = world.here[0];
    let look = |ids: &[AccountId], read: &dyn Read| {
        for id in ids {
            relationship::between(read, viewer, *id).expect("a relationship");
        }
    };
    let (mut single, mut ahead) = (Vec::new(), Vec::new());
    for round in 0..QUESTIONS {
        let ids: Vec<AccountId> =
            (0..PEOPLE).map(|number| world.elsewhere[(round * 31 + number * 7) % world.elsewhere.len()]).collect();
        let timed = |times: &mut Vec<Duration>, run: &dyn Fn(&dyn Read)| {
            let began = Instant::now();
            let read = |view: &storage::View<'_>| {
                run(view);
                Ok::<_, storage::Error>(())
            };
            world.store.read(read).expect("read");
            times.push(began.elapsed());
        };
        timed(&mut single, &|read| look(&ids, read));
        timed(&mut ahead, &|read| {
            let rows = Ahead::new(read);
            rows.relations(viewer, &ids).expect("read");
            look(&ids, &rows);
        });
    }
    println!(
        "relationships to {PEOPLE}: row by row p50 {:.0} us, p99 {:.0} us; at once p50 {:.0} us, p99 {:.0} us",
        quantile(&mut single, 0.5),
        quantile(&mut single, 0.99),
        quantile(&mut ahead, 0.5),
        quantile(&mut ahead, 0.99)
    );
}

struct HomePages {
    rate: f64,
    p50: f64,
    p99: f64,
    cold: f64,
}

/// First pages of everybody here: the first of each builds its ring, the others find it.
fn home(world: &mut World) -> HomePages {
    let home = Home::default();
    let read = |viewer| {
        let began = Instant::now();
        let page = world.store.read(|view| home.page(view, viewer, Window::newest(20))).expect("a page");
        assert_eq!(page.statuses.len(), 20, "a whole page");
        began.elapsed()
    };
    let mut cold: Vec<_> = world.here.iter().map(|viewer| read(*viewer)).collect();
    let (mut warm, began) = (Vec::new(), Instant::now());
    while began.elapsed() < LOOP {
        warm.extend(world.here.iter().map(|viewer| read(*viewer)));
    }
    let rate = warm.len() as f64 / began.elapsed().as_secs_f64();
    HomePages { rate, p50: quantile(&mut warm, 0.5), p99: quantile(&mut warm, 0.99), cold: quantile(&mut cold, 0.5) }
}

/// Another process writes for a second and is killed.
fn kill_a_writer(dir: &Path, engine: EngineKind) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--write-until-killed", dir.to_str().expect("a plain path"), &engine.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut told = [0; 1];
    let mut out = child.stdout.take().expect("a pipe");
    std::io::Read::read_exact(&mut out, &mut told).expect("it is at work");
    std::thread::sleep(Duration::from_secs(1));
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
}

fn write_until_killed(dir: &Path, engine: EngineKind) {
    let store = fill::open(dir, engine, &fill::clock());
    print!("!");
    std::io::Write::flush(&mut std::io::stdout()).expect("somebody waits");
    loop {
        let write = |tx: &mut storage::Tx<'_>| {
            storage::marker::put(tx, AccountId(1), "home", "1")?;
            Ok::<(), storage::Error>(())
        };
        store.write(write).expect("written");
    }
}

/// A whole check, and what it is to writers meanwhile.
fn check(world: &World) {
    let alone = world.store.clone();
    let began = Instant::now();
    let summary = alone.check_telling(Repair::Nothing, &mut |_| ControlFlow::Continue(())).expect("a check");
    println!("check: {} rows in {:.1} s, {} found", summary.rows, began.elapsed().as_secs_f64(), summary.found);
}

fn search(world: &mut World, dir: &Path) {
    let mut quiet = paced(world, 400, || true);
    let place = dir.join("search");
    let began = Instant::now();
    let index = Index::start(place.clone(), world.store.clone(), Arc::new(Descriptions)).expect("a thread");
    let hears = index.listener();
    world.store.subscribe(Arc::new(move |_, events| hears(events)));
    let done = || {
        let state = index.state();
        state.rebuilding.is_none() && state.documents > 0
    };
    let mut busy = paced(world, usize::MAX, || !done());
    let took = began.elapsed().as_secs_f64();
    let documents = index.state().documents;
    println!(
        "search: {documents} documents of {} statuses in {took:.1} s, {:.0} statuses/s; index {:.0} MB",
        world.posts,
        world.posts as f64 / took,
        bytes_of(&place) as f64 / 1e6
    );
    println!(
        "posts meanwhile, one every {PACE:?}: p50 {:.0} us, p99 {:.0} us; before: p50 {:.0} us, p99 {:.0} us",
        quantile(&mut busy, 0.5),
        quantile(&mut busy, 0.99),
        quantile(&mut quiet, 0.5),
        quantile(&mut quiet, 0.99)
    );
    for (order, says) in [("", "newest"), (" sort:best", "best")] {
        let (mut times, mut found) = (Vec::new(), 0);
        for number in 0..QUESTIONS {
            let text = words::question(&mut world.dice) + order;
            let viewer = world.here[number % world.here.len()];
            let question = Search {
                text,
                viewer,
                account: None,
                window: Window::newest(20),
                offset: 0,
                zone: jiff::tz::TimeZone::UTC,
            };
            let began = Instant::now();
            let answer =
                world.store.read(|view| search::statuses(view, &index, &question, |domain| domain == "here.test"));
            times.push(began.elapsed());
            found += answer.expect("an answer").len();
        }
        println!(
            "search: {QUESTIONS} questions, the {says} 20: p50 {:.2} ms, p99 {:.2} ms; {:.1} found on average; \
             RSS {:.0} MiB",
            quantile(&mut times, 0.5) / 1e3,
            quantile(&mut times, 0.99) / 1e3,
            found as f64 / QUESTIONS as f64,
            resident_mib()
        );
    }
    index.stop();
}

/// Accounts and hashtags by the first one to four letters, as they are completed while somebody types, by the whole rule.
/// At most 20 ms is the aim. Among the accounts that post and so many `others`. It has dice of its own: what is posted later
/// is the same, and every size is asked the same.
fn completion(world: &World, others: usize) -> [String; 2] {
    let (mut dice, known) = (words::Dice(SEED), world.here.len() + world.elsewhere.len() + others);
    let (mut names, mut tags, mut found) = (Vec::new(), Vec::new(), (0, 0));
    for number in 0..QUESTIONS {
        let viewer = Some(world.here[number % world.here.len()]);
        let text = words::beginning(&mut dice);
        let query = Query { text, viewer, following: false, offset: 0, limit: limits::SEARCH_PAGE.1 };
        let began = Instant::now();
        let answer = world.store.read(|view| people::search(view, &query, |domain| domain == "here.test"));
        names.push(began.elapsed());
        found.0 += answer.expect("an answer").len();
        let text = format!("#{}", words::beginning_of_tag(&mut dice));
        let query = Query { text, viewer, following: false, offset: 0, limit: limits::SEARCH_PAGE.1 };
        let began = Instant::now();
        let answer = world.store.read(|view| intake::search::tags(view, &query));
        tags.push(began.elapsed());
        found.1 += answer.expect("an answer").len();
    }
    [("accounts", names, found.0), ("hashtags", tags, found.1)].map(|(what, mut times, found)| {
        format!(
            "completion of {what}: {QUESTIONS} beginnings of 1 to 4 letters among {known} accounts and {} statuses: \
             p50 {:.2} ms, p99 {:.2} ms; {:.1} found on average",
            world.posts,
            quantile(&mut times, 0.5) / 1e3,
            quantile(&mut times, 0.99) / 1e3,
            found as f64 / QUESTIONS as f64
        )
    })
}

/// Posts one after another at a pace, as long as `more`; how long each took to be durable.
fn paced(world: &mut World, most: usize, more: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    while times.len() < most && more() {
        let (send, receive) = std::sync::mpsc::channel();
        let began = Instant::now();
        world.post(move || send.send(()).expect("somebody waits"));
        receive.recv().expect("an answer");
        times.push(began.elapsed());
        std::thread::sleep(PACE.saturating_sub(began.elapsed()));
    }
    times
}

/// In microseconds.
fn quantile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len().saturating_sub(1)) as f64 * part) as usize;
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

fn resident_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn engine_bytes(store: &Path) -> u64 {
    ["engine.redb", "engine.sled"].iter().map(|name| bytes_of(&store.join(name))).sum()
}

/// Bytes that a file or all below a directory take on the disk, but for the reserve.
fn bytes_of(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let Ok(data) = fs::metadata(path) else { return 0 };
    if path.ends_with("reserve") {
        return 0;
    }
    if !data.is_dir() {
        return data.blocks() * 512;
    }
    fs::read_dir(path).map_or(0, |entries| entries.flatten().map(|entry| bytes_of(&entry.path())).sum())
}

//! A day among a thousand servers that fail at random and are heard from now and then, with a restart in its midst: whatever
//! is owed arrives, in order; what waits meanwhile is exactly what nobody said to have taken, and gone in the end; and the
//! memory of the process stays as it was.

mod town;

use crate::{
    instance::{Instance, User, within},
    scene::CONTEXT,
    sign::{SigningKey, http_date},
};
use dassie::{
    account::accept::{RemoteAccount, RemoteKey, accept},
    error::Result,
    limits,
};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    env, fmt, fs,
    process::Command,
    sync::atomic::Ordering,
    time::Duration,
};
use storage::{
    AccountId, Bounds, Direction, Read, Timestamp, Tx,
    account::Endpoints,
    audience::EXPANSIONS,
    delivery::{self, ACTIVITY_BYTES, OWED_COUNT, OWED_MAX, PROGRESS},
    job::{JOBS, JobClass},
    peer::{self, number_inbox, target_of},
    relationship::{self, Follow},
};
use tokio::runtime::Handle;
use town::{Few, SEED, Taken, Town, is_down, number};

const PEERS: usize = 1_000;
/// What passes between two looks; a day has sixteen.
const WATCH_MS: i64 = 90 * 60_000;
const WATCHES: i64 = 16;
/// What passes between two looks in the first watches instead: some servers want to be left alone for one minute or for ten,
/// and those that stumbled are tried again in seconds. As long as a watch together.
const LOOKS_MS: [i64; 6] = [30_000, 31_000, 4 * 60_000, 5 * 60_000, 20 * 60_000, 3_599_000];
const _: () = assert!(LOOKS_MS[0] + LOOKS_MS[1] + LOOKS_MS[2] + LOOKS_MS[3] + LOOKS_MS[4] + LOOKS_MS[5] == WATCH_MS);
/// Watches that are looked at so closely.
const CLOSE: i64 = 2;
/// Watches in which alice posts; the post of the first of three is edited in the second and taken back in the third, in
/// which that of the second is boosted; the boost is taken back in the next.
const POSTS: i64 = 9;
/// Servers that each direct post is for, at first those that are down by then.
const ADDRESSED: usize = 20;
/// Servers that write at each look, of those that would be tried later only.
const WRITE: usize = 5;
/// The watch in which the server is stopped while a post of its own is under way, and started again.
const NOON: i64 = POSTS;
/// Requests that are served before that; then everybody hangs.
const SERVED: usize = PEERS / 3;
/// How long nothing may be missing, in real time.
const PATIENCE: Duration = Duration::from_secs(60);
/// Watches after the day until everybody has everything.
const AFTERWARDS: i64 = 16;
/// Followers put into one transaction.
const FILLED_AT_ONCE: usize = 15;
/// Rows of a kind that are counted; one activity each, and a day has fewer.
const COUNTED: usize = 100;
/// The watch after which memory is measured for comparison: by then each part of the server has run once.
const WARMED_UP: i64 = 1;
/// KiB by which the process may be larger afterwards. The allocator keeps what a watch needed at its busiest in each of its
/// arenas, caches of the store fill up to their bounds, and the peers, which are in the same process, remember what they
/// took: 18 MiB in all *(measured)*. Whatever stayed of each of the 24 000 requests of a day, as little as 2 KiB, would be
/// more than what is left.
const GROWTH_KIB: u64 = 48 * 1024;
/// Arenas of the allocator: as many as `dassie serve` has on two processors, wherever the test runs.
const ARENAS: &str = "4";
/// Bytes from which on the allocator asks the system for each piece, as `dassie serve` has it.
const LARGE: &str = "1048576";
/// Set for the process that has the day to itself.
const ALONE: &str = "DASSIE_TEST_DAY_ALONE";
/// The test as its binary knows it.
const NAME: &str = "day::after_a_day_among_servers_that_fail_everybody_has_everything";

/// A follower of `target` on each server, all with this key.
async fn everybody_follows(instance: &Instance, target: &User, key: &SigningKey) {
    let target = AccountId(target.id.parse().expect("a number"));
    let pem = key.public_pem();
    for first in (0..PEERS).step_by(FILLED_AT_ONCE) {
        let numbers = first..(first + FILLED_AT_ONCE).min(PEERS);
        let followers: Vec<RemoteAccount> = numbers.map(|number| follower(number, pem)).collect();
        let rule = move |tx: &mut Tx<'_>| -> Result<()> {
            for follower in &followers {
                let id = accept(tx, follower)?;
                let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
                relationship::put(tx, id, target, &follow)?;
                let account = storage::account::find(tx, id)?.expect("it was just stored");
                if let Some(target) = target_of(tx, &account)? {
                    number_inbox(tx, &target)?;
                }
            }
            Ok(())
        };
        instance.running.server.write(rule).await.expect("followers are stored");
    }
}

fn reader(number: usize) -> String {
    format!("https://p{number}.test/users/reader")
}

fn follower(number: usize, pem: &str) -> RemoteAccount {
    let (domain, uri) = (format!("p{number}.test"), reader(number));
    RemoteAccount {
        keys: vec![RemoteKey { key_id: format!("{uri}#main-key"), material: pem.to_owned() }],
        endpoints: Endpoints {
            inbox: format!("{uri}/inbox"),
            shared_inbox: Some(format!("https://{domain}/inbox")),
            ..Endpoints::default()
        },
        ..RemoteAccount::bare(&uri, "reader", &domain)
    }
}

/// What is under way and owed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Queue {
    /// Activities not yet at everybody for the first time, or not yet made.
    underway: usize,
    /// Rows that each peer is owed.
    owed: Vec<usize>,
    /// Peers that could be tried now.
    due: usize,
    /// Activities whose bytes are kept to be sent.
    kept: usize,
}

impl Queue {
    /// Rows that all peers together are owed.
    fn owed(&self) -> usize {
        self.owed.iter().sum()
    }
}

fn queue(read: &dyn Read, now: Timestamp) -> Result<Queue> {
    let mut queue = Queue {
        underway: PROGRESS.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?.len()
            + EXPANSIONS.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?.len(),
        owed: vec![0; PEERS],
        due: 0,
        kept: ACTIVITY_BYTES.list(read, &(), Bounds::NONE, Direction::Ascending, COUNTED)?.len(),
    };
    for (_, job) in JOBS.list(read, &(), Bounds::NONE, Direction::Ascending, 100)? {
        queue.underway += usize::from(job.kind.class() == JobClass::Distribute);
    }
    for (domain, peer) in peer::list(read, None, PEERS + 1)? {
        queue.owed[number(&domain).expect("nobody else is there")] = peer.owed as usize;
        if peer.owed > 0 && peer.next_attempt_at.is_none_or(|at| at <= now) {
            queue.due += usize::from(is_due(read, &domain, now)?);
        }
    }
    Ok(queue)
}

/// Whether something that `domain` is owed may be tried now: a row whose time has come, and no earlier one about the same
/// object waits.
fn is_due(read: &dyn Read, domain: &str, now: Timestamp) -> Result<bool> {
    let mut waiting = HashMap::new();
    for row in delivery::pending(read, domain, None, COUNTED)? {
        if row.owed.not_before > now {
            waiting.entry(row.object).or_insert(row.activity);
        } else if waiting.get(&row.object).is_none_or(|first| *first == row.activity) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Servers that are owed something which could be tried, were it not for what they failed at before.
fn silent(read: &dyn Read, now: Timestamp) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for (domain, peer) in peer::list(read, None, PEERS + 1)? {
        if peer.owed > 0 && peer.next_attempt_at.is_some_and(|at| at > now) && is_due(read, &domain, now)? {
            found.push(number(&domain).expect("nobody else is there"));
        }
    }
    Ok(found)
}

/// What is owed to all servers together, as the store knows; none while it is not made yet.
fn unsaid(read: &dyn Read) -> Result<Option<usize>> {
    let jobs = JOBS.list(read, &(), Bounds::NONE, Direction::Ascending, 100)?;
    if jobs.iter().any(|(_, job)| job.kind.class() == JobClass::Distribute)
        || !EXPANSIONS.list(read, &(), Bounds::NONE, Direction::Ascending, 1)?.is_empty()
    {
        return Ok(None);
    }
    let rows: usize = peer::list(read, None, PEERS + 1)?.iter().map(|(_, peer)| peer.owed as usize).sum();
    let handled = |done: &[u8]| done.iter().map(|byte| byte.count_ones() as usize).sum::<usize>();
    let under_way = PROGRESS.list(read, &(), Bounds::NONE, Direction::Ascending, 10)?;
    let left: usize = under_way.iter().map(|(_, done)| PEERS - handled(&done.0)).sum();
    Ok(Some(rows + left))
}

/// Waits until nothing can be done before the clock moves on: all that is new was tried, and whoever is owed something has
/// got it or is not to be tried yet.
async fn settled(instance: &Instance) -> Queue {
    let now = instance.running.server.now();
    let look = || async {
        let found = instance.running.server.read(move |view| queue(view, now)).await.expect("a view");
        (found.underway == 0 && found.due == 0).then_some(found)
    };
    within(PATIENCE, look).await.expect("everything was tried")
}

/// Posts, edits, boosts and takes back as the hour wants it; how many activities that makes.
async fn say(alice: &User, watch: i64, posts: &mut Vec<String>) -> usize {
    let reply = alice.post("/api/v1/statuses", &[("status", &format!("The day, part {watch}"))]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    posts.push(reply.json()["id"].as_str().expect("an id").to_owned());
    // The one that is so many posts ago.
    let ago = |count: usize| format!("/api/v1/statuses/{}", posts[posts.len() - 1 - count]);
    let wanted = match watch % 3 {
        0 if watch == 0 => vec![],
        0 => vec![("POST", format!("{}/unreblog", ago(2)))],
        1 => vec![("PUT", ago(1))],
        _ => vec![("DELETE", ago(2)), ("POST", format!("{}/reblog", ago(1)))],
    };
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    for (method, path) in &wanted {
        let body: &[u8] = if *method == "PUT" { b"status=Said+better" } else { b"" };
        let reply = alice.send(method, path, &kind, body).await;
        assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
    }
    1 + wanted.len()
}

/// Says something to some readers alone, at servers that are down before others.
async fn say_to_few(alice: &User, town: &Town) {
    let said_at = town.now.load(Ordering::Relaxed);
    let (down, well): (Vec<usize>, Vec<usize>) = (0..PEERS).partition(|peer| is_down(*peer, said_at));
    let to: HashSet<usize> = down.into_iter().chain(well).take(ADDRESSED).collect();
    let named: Vec<String> = to.iter().map(|peer| format!("@reader@p{peer}.test")).collect();
    let text = format!("{} for you alone", named.join(" "));
    let reply = alice.post("/api/v1/statuses", &[("status", &text), ("visibility", "direct")]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let id = format!("{}/activity", reply.json()["uri"].as_str().expect("an id"));
    town.taken().few.insert(id, Few { said_at, to });
}

/// What the process keeps in memory.
#[derive(Debug, Clone, Copy)]
struct Memory {
    /// Tasks of the server and of this test; the peers have a runtime of their own.
    tasks: usize,
    /// Idle connections to peers, each driven by a task.
    idle: usize,
    /// KiB of it that are resident, where the system tells (proc(5), `VmRSS`).
    resident: Option<u64>,
}

impl Memory {
    fn now(instance: &Instance) -> Self {
        let tasks = Handle::current().metrics().num_alive_tasks();
        Memory { tasks, idle: instance.running.server.client().idle_connections(), resident: resident() }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tasks, {} idle connections, ", self.tasks, self.idle)?;
        match self.resident {
            Some(kib) => write!(f, "{} MiB resident", kib / 1024),
            None => f.write_str("the system does not tell how much is resident"),
        }
    }
}

fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Waits until no task is left beside those of `first` and one for each idle connection; what is in memory then.
async fn rested(instance: &Instance, first: Memory) -> Memory {
    let look = || async {
        let now = Memory::now(instance);
        (now.tasks <= first.tasks + now.idle).then_some(now)
    };
    let found = within(PATIENCE, look).await;
    let found = found.unwrap_or_else(|| panic!("{first} at first, {} now", Memory::now(instance)));
    assert!(found.idle <= limits::IDLE_TOTAL_MAX, "{found}");
    found
}

/// What is owed is what nobody said to have taken, to each peer, and nothing else is kept to be sent.
fn is_accounted_for(left: &Queue, taken: &Taken, said: usize) {
    for (peer, (owed, unanswered)) in left.owed.iter().zip(taken.unanswered(said)).enumerate() {
        assert_eq!(*owed, unanswered, "p{peer} is owed what it did not say to have taken");
        assert!(*owed <= OWED_MAX as usize, "p{peer} is owed {owed}");
    }
    assert_eq!(left.kept, taken.incomplete(said), "what somebody is owed is kept, and nothing else");
}

/// Everybody has everything, in order, and no more often than nobody could know.
fn judge(taken: &Taken, said: usize, most: usize, heard: usize) {
    let few: usize = taken.few.values().map(|few| few.to.len()).sum();
    assert_eq!(taken.activities.len(), said * PEERS + few, "everybody has everything");
    let ids: HashSet<&str> = taken.activities.keys().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids.len(), said + taken.few.len(), "a repetition has the id that it had");
    for (peer, id) in taken.activities.keys() {
        assert!(taken.few.get(id).is_none_or(|few| few.to.contains(peer)), "p{peer} has {id}, which is for others");
    }
    let repeats: u32 = taken.activities.values().map(|receipt| receipt.times - 1).sum();
    println!(
        "{said} activities and {} for few, {} refused, {repeats} repeated, at most {most} owed, {} waited for, {} hung, \
         {heard} heard from, {} times few went first",
        taken.few.len(),
        taken.refused,
        taken.waited_for,
        taken.hung,
        taken.went_first
    );
    assert!(taken.refused as usize > PEERS && most > PEERS / 10, "they did fail");
    assert!(taken.waited_for as usize > PEERS / 20, "they did ask for time");
    assert!(taken.hung >= limits::DELIVERIES_FAST_MIN, "the restart did cut something off");
    assert!(heard > WRITE, "some did write while they were owed something");
    assert!(taken.went_first as usize > ADDRESSED, "what was for few did find others before it");
    assert_eq!(repeats, taken.swallowed, "only what nobody said to have been taken is repeated");
    for ((peer, object), said) in &taken.about {
        assert!(said.is_sorted(), "p{peer} heard of {object} in the order {said:?}");
    }
}

#[test]
fn after_a_day_among_servers_that_fail_everybody_has_everything() {
    // Other tests, which run beside this one, take memory of the same process.
    if env::var_os(ALONE).is_none() {
        return in_a_process_of_its_own();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(day());
}

/// Runs this test once more, alone, with the allocator bounded as `dassie serve` bounds it.
fn in_a_process_of_its_own() {
    let mut again = Command::new(env::current_exe().expect("the binary of this test"));
    again.args([NAME, "--exact", "--nocapture"]).env(ALONE, "1");
    again.env("MALLOC_ARENA_MAX", ARENAS).env("MALLOC_MMAP_THRESHOLD_", LARGE);
    let ended = again.output().expect("it begins");
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    println!("{out}{err}");
    assert!(ended.status.success(), "the day ends well: {}", ended.status);
    assert!(out.contains("test result: ok. 1 passed"), "{NAME} is the name of this test");
}

/// The day as far as it has come.
struct Day {
    instance: Instance,
    town: Town,
    alice: User,
    key: SigningKey,
    /// The numbers of what alice posted for everybody.
    posts: Vec<String>,
    /// Activities for everybody.
    said: usize,
    /// The most that was owed at a look.
    most: usize,
    /// How many servers wrote.
    heard: usize,
}

impl Day {
    async fn begin() -> Self {
        let (instance, town, key) = (Instance::start("local.test", "").await, Town::start(), SigningKey::generate());
        let alice = instance.user("alice").await;
        town.is_reached_by(&instance.reach);
        everybody_follows(&instance, &alice, &key).await;
        Day { instance, town, alice, key, posts: Vec::new(), said: 0, most: 0, heard: 0 }
    }

    /// Waits until nothing can be done at this moment: before somebody writes, and after.
    async fn look(&mut self) -> Queue {
        let found = self.settles().await;
        if self.some_write().await { self.settles().await } else { found }
    }

    async fn settles(&mut self) -> Queue {
        let found = settled(&self.instance).await;
        is_accounted_for(&found, &self.town.taken(), self.said);
        self.most = self.most.max(found.owed());
        found
    }

    /// Some servers that would be tried later only write to alice: each is there, and tried at once. Whether some do.
    async fn some_write(&mut self) -> bool {
        let now = self.instance.running.server.now();
        let silent = self.instance.running.server.read(move |view| silent(view, now)).await.expect("a view");
        let writers: Vec<usize> = {
            let taken = self.town.taken();
            silent.into_iter().filter(|peer| taken.may_be_tried(*peer, now.0)).take(WRITE).collect()
        };
        for peer in &writers {
            self.likes(*peer).await;
        }
        if !writers.is_empty() {
            settled(&self.instance).await;
        }
        for peer in &writers {
            let asked_at = self.town.taken().asked_at(*peer);
            assert_eq!(asked_at, Some(now.0), "p{peer} wrote, and is tried at once");
        }
        !writers.is_empty()
    }

    /// The reader of a server likes alice's newest post.
    async fn likes(&mut self, peer: usize) {
        self.heard += 1;
        let actor = reader(peer);
        let post =
            format!("{}/statuses/{}", self.alice.uri, self.posts.last().expect("she posts before anybody writes"));
        let like = json!({"@context": CONTEXT, "id": format!("{actor}#likes/{}", self.heard), "type": "Like",
            "actor": actor, "object": post});
        let (body, date) = (like.to_string(), http_date(self.instance.now_ms()));
        let key_id = format!("{actor}#main-key");
        let headers = self.key.post(&key_id, "local.test", "/inbox", &date, body.as_bytes());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let sent = within(PATIENCE, || async {
            let reply = self.instance.web.send("POST", "/inbox", &headers, body.as_bytes()).await;
            // On a disk in trouble nothing is taken for a while.
            (reply.status != 503).then_some(reply)
        });
        let reply = sent.await.expect("the inbox answers");
        assert_eq!(reply.status, 202, "{}", reply.text());
    }

    /// Lets a watch pass.
    async fn pass(&mut self, watch: i64) {
        let looks: &[i64] = if watch < CLOSE { &LOOKS_MS } else { &[WATCH_MS] };
        for (place, look_ms) in looks.iter().enumerate() {
            if place > 0 {
                self.look().await;
            }
            // Nothing is on its way: what comes now comes at the new time.
            self.town.now.fetch_add(*look_ms, Ordering::Relaxed);
            self.instance.clock.advance(*look_ms);
        }
    }

    /// Alice posts once more, and while that is under way, and every server hangs, hers is stopped and started again. It
    /// knows by then what it was told; what hung was taken all the same, and comes once more.
    async fn breaks_off(mut self) -> Self {
        self.town.taken().serves = Some(SERVED);
        let reply = self.alice.post("/api/v1/statuses", &[("status", "The day, in its midst")]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        self.posts.push(reply.json()["id"].as_str().expect("an id").to_owned());
        self.said += 1;
        let knows = || async {
            let stored = self.instance.running.server.read(|view| unsaid(view)).await.expect("a view");
            let taken = self.town.taken();
            // From here on nobody answers.
            let unanswered: usize = taken.unanswered(self.said).iter().sum();
            (taken.hung >= limits::DELIVERIES_FAST_MIN && stored == Some(unanswered)).then_some(())
        };
        within(PATIENCE, knows).await.expect("what was answered is known");
        let Day { instance, mut town, alice, key, posts, said, most, heard } = self;
        let instance = instance.restarted_between(|_, reach| {
            town.moves();
            town.is_reached_by(reach);
        });
        let instance = instance.await;
        let alice = alice.at(&instance);
        Day { instance, town, alice, key, posts, said, most, heard }
    }
}

async fn day() {
    println!("seed {SEED:#x}");
    let mut day = Day::begin().await;
    let first = Memory::now(&day.instance);
    println!("before: {first}");
    let (mut usual, mut last) = (None, first);
    let (mut watch, mut left) = (0, None);
    while watch < WATCHES || left.as_ref().is_none_or(|left: &Queue| left.owed() > 0) {
        assert!(watch < WATCHES + AFTERWARDS, "everybody has everything in the end");
        if watch < POSTS {
            day.said += say(&day.alice, watch, &mut day.posts).await;
            say_to_few(&day.alice, &day.town).await;
        }
        if watch == NOON {
            day = day.breaks_off().await;
        }
        let found = day.look().await;
        last = rested(&day.instance, first).await;
        println!("watch {watch}: {} said, {} owed, {} kept, {last}", day.said, found.owed(), found.kept);
        if watch == WARMED_UP {
            usual = last.resident;
        }
        day.pass(watch).await;
        (watch, left) = (watch + 1, Some(found));
    }
    let nothing = Queue { underway: 0, owed: vec![0; PEERS], due: 0, kept: 0 };
    assert_eq!(left, Some(nothing), "nothing is owed");
    judge(&day.town.taken(), day.said, day.most, day.heard);
    let counts =
        |view: &storage::View<'_>| Ok(OWED_COUNT.list(view, &(), Bounds::NONE, Direction::Ascending, 10)?.len());
    assert_eq!(day.instance.running.server.read(counts).await.expect("a view"), 0, "nothing is counted to be sent");
    match (usual, last.resident) {
        (Some(usual), Some(last)) => {
            assert!(last <= usual + GROWTH_KIB, "{last} KiB are resident, {usual} KiB after watch {WARMED_UP}");
        }
        (None, _) | (_, None) => println!("the system does not tell how much is resident"),
    }
    day.instance.is_sound();
}

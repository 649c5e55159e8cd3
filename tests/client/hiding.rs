//! What one route hides, all hide: people in every relation to an author, statuses of every visibility, and every route
//! that may show them. What is right is said here by a few rules of their own, which know nothing of the server's.

use crate::{
    call::{FORM, id, raw},
    lab::{Instance, Person, World, text_of},
    push::{Device, Service, subscribe},
    streaming::Socket,
    web::{PATIENCE, Reply},
};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};
use storage::{
    Bounds, Direction,
    job::{JOBS, JobClass},
    user::Role,
};

const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];
/// Acts of which each hidden status is tried with some.
const ACTS_TRIED: usize = 6;
/// An id that no status ever had.
const NOBODYS: &str = "115000000000000001";

/// What stands between a viewer and an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    None,
    Blocks,
    BlockedBy,
    Mutes,
    DomainBlocks,
    Suspended,
}

/// How a viewer stands to an author.
#[derive(Debug, Clone, Copy)]
struct Cell {
    follows: bool,
    mentioned: bool,
    obstacle: Obstacle,
}

/// Where a status may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Asked for by its id, on its author's page, or among what the viewer marked.
    Asked,
    /// In the timelines of everybody.
    Public,
    /// In the home timeline, or in a list.
    Home,
    /// The same, shared by somebody whom everybody follows.
    Shared,
    /// In the thread of somebody else's.
    Thread,
    /// Among notifications, on streams and devices.
    Told,
    /// Among conversations.
    Conversations,
    /// Wherever something may be found: nothing says that it must be.
    Found,
}

impl Cell {
    /// Whether the viewer may know of a status at all.
    fn sees(self, visibility: &str) -> bool {
        match self.obstacle {
            Obstacle::Blocks | Obstacle::BlockedBy | Obstacle::Suspended => return false,
            Obstacle::None | Obstacle::Mutes | Obstacle::DomainBlocks => {}
        }
        match visibility {
            "public" | "unlisted" => true,
            "private" => self.follows || self.mentioned,
            _ => self.mentioned,
        }
    }

    /// Whether a status shows in a place: it must, it must not, or it may.
    fn shows(self, place: Place, visibility: &str) -> Option<bool> {
        if !self.sees(visibility) {
            return Some(false);
        }
        let free = self.obstacle == Obstacle::None;
        match place {
            Place::Asked => Some(true),
            Place::Public => Some(free && visibility == "public"),
            Place::Home if self.obstacle == Obstacle::Mutes || !self.follows => Some(false),
            // A follow counts more than a blocked domain; what is direct is a conversation first.
            Place::Home => (visibility != "direct").then_some(true),
            Place::Shared if free => Some(true),
            Place::Shared => self.shows(Place::Home, visibility),
            Place::Thread => Some(free),
            Place::Told => Some(self.mentioned && (free || (self.follows && self.obstacle == Obstacle::DomainBlocks))),
            Place::Conversations => Some(free && visibility == "direct"),
            Place::Found => None,
        }
    }
}

/// Numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).expect("it is small")
    }

    fn shuffled<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut left = items.to_vec();
        let mut found = Vec::new();
        while !left.is_empty() {
            found.push(left.remove(self.roll(left.len())));
        }
        found
    }
}

struct Viewer<'a> {
    person: Person<'a>,
    cell: Cell,
    /// A list with the authors it follows.
    list: Option<String>,
    /// What it wrote itself, which authors favourite and reblog.
    own: String,
    device: Device,
    pushes: Service,
}

/// A status of an author.
#[derive(Debug, Clone)]
struct Sample {
    author: &'static str,
    visibility: &'static str,
    /// A word that is in it and in no other.
    word: String,
    /// Its id where the viewers are.
    id: String,
}

/// Everybody and everything.
struct Stage<'a> {
    home: &'a Instance,
    viewers: Vec<Viewer<'a>>,
    ann: Person<'a>,
    sus: Person<'a>,
    ned: Person<'a>,
    /// Ned's status, which the authors answer, favourite, reblog and quote.
    root: String,
}

/// How a viewer stands to one of the authors.
fn cell_for(viewer: &Viewer<'_>, author: &str) -> Option<Cell> {
    let cell = viewer.cell;
    match (author, cell.obstacle) {
        ("ann", Obstacle::DomainBlocks) => None,
        ("ann", _) | ("zoe", Obstacle::None | Obstacle::DomainBlocks) => Some(cell),
        ("sus", Obstacle::None) => Some(Cell { obstacle: Obstacle::Suspended, ..cell }),
        _ => None,
    }
}

async fn viewers<'a>(world: &World, home: &'a Instance) -> Vec<Viewer<'a>> {
    let mut found = Vec::new();
    for obstacle in [Obstacle::None, Obstacle::Blocks, Obstacle::BlockedBy, Obstacle::Mutes, Obstacle::DomainBlocks] {
        for (follows, mentioned) in [(false, false), (true, false), (false, true), (true, true)] {
            let name = format!("{obstacle:?}_{}{}", u8::from(follows), u8::from(mentioned)).to_lowercase();
            let person = home.person(&name).await;
            let open = [("for_private_mentions", "accept")];
            assert_eq!(person.send("PATCH", "/api/v2/notifications/policy", &open).await.status, 200);
            let own = person.posts("something of my own", &[]).await;
            let device = Device::new();
            let service = format!("push-{}.test", name.replace('_', "-"));
            let pushes = Service::at(world, &service).await;
            let fields = device.fields(&format!("https://{service}/send/1"), true);
            let alerts = [("data[alerts][mention]", "true")];
            subscribe(&person, &fields, &alerts).await;
            let cell = Cell { follows, mentioned, obstacle };
            found.push(Viewer { person, cell, list: None, own, device, pushes });
        }
    }
    found
}

/// Who is mentioned by this author, as it writes names.
fn mentioned(viewers: &[Viewer<'_>], author: &str) -> String {
    let names = viewers.iter().filter(|viewer| cell_for(viewer, author).is_some_and(|cell| cell.mentioned));
    let at = if author == "zoe" { "@home.test" } else { "" };
    names.map(|viewer| format!("@{}{at}", viewer.person.name)).collect::<Vec<_>>().join(" ")
}

impl Stage<'_> {
    /// An author writes one status of each visibility, in an order of the dice.
    async fn write(
        &self,
        by: &Person<'_>,
        author: &'static str,
        round: &str,
        dice: &mut Dice,
        fields: &[(&str, &str)],
    ) -> Vec<Sample> {
        let names = mentioned(&self.viewers, author);
        let mut samples = Vec::new();
        for visibility in dice.shuffled(&VISIBILITIES) {
            let word = format!("{round}{author}{visibility}");
            let text = format!("{word} {names} #Hidden");
            let id = by.posts(&text, &[&[("visibility", visibility)], fields].concat()).await;
            samples.push(Sample { author, visibility, word, id });
        }
        samples
    }

    /// What somebody elsewhere wrote, as it is known here once it has come.
    async fn arrived(&self, samples: &mut [Sample]) {
        let told = self.viewers.iter().find(|viewer| viewer.person.name == "none_11").expect("somebody hears all");
        for sample in samples {
            let list = told
                .person
                .until("/api/v1/notifications?limit=80", |list| list.to_string().contains(&sample.word))
                .await;
            let told = list.as_array().expect("a list").iter().find(|told| told.to_string().contains(&sample.word));
            sample.id = id(&told.expect("it is there")["status"]);
        }
    }

    /// The obstacles come, all after what was written and marked so far.
    async fn set_obstacles(&self) {
        let mo = self.home.staff("mo", Role::Moderator).await;
        for viewer in &self.viewers {
            let (person, ann) = (&viewer.person, self.ann.id);
            match viewer.cell.obstacle {
                Obstacle::None | Obstacle::Suspended => continue,
                Obstacle::Blocks => person.post(&format!("/api/v1/accounts/{ann}/block"), &[]).await,
                Obstacle::BlockedBy => self.ann.post(&format!("/api/v1/accounts/{}/block", person.id), &[]).await,
                Obstacle::Mutes => person.post(&format!("/api/v1/accounts/{ann}/mute"), &[]).await,
                Obstacle::DomainBlocks => person.post("/api/v1/domain_blocks", &[("domain", "away.test")]).await,
            };
        }
        mo.post(&format!("/api/v1/admin/accounts/{}/action", self.sus.id), &[("type", "suspend")]).await;
    }

    /// What the authors do to others: favourite and reblog Ned's status and those of the viewers.
    async fn act(&self, author: &Person<'_>, name: &str) {
        let theirs = self.viewers.iter().filter(|viewer| cell_for(viewer, name).is_some());
        for status in theirs.map(|viewer| &viewer.own).chain([&self.root]) {
            for act in ["favourite", "reblog"] {
                author.post(&format!("/api/v1/statuses/{status}/{act}"), &[]).await;
            }
        }
    }

    /// Everybody marks what they see before anything is in the way.
    async fn mark(&self, written: &[Sample]) {
        for viewer in self.all() {
            for (sample, cell) in cells_of(viewer, written) {
                if (Cell { obstacle: Obstacle::None, ..cell }).sees(sample.visibility) {
                    for act in ["favourite", "bookmark", "react/%F0%9F%91%8D"] {
                        viewer.person.post(&format!("/api/v1/statuses/{}/{act}", sample.id), &[]).await;
                    }
                }
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &Viewer<'_>> {
        self.viewers.iter()
    }
}

/// What is wrong.
#[derive(Default)]
struct Wrong(BTreeSet<String>);

impl Wrong {
    fn say(&mut self, what: String) {
        self.0.insert(what);
    }

    /// Holds an answer of `path` against the rules: no status that may not be seen, all that must show.
    fn hold(&mut self, viewer: &str, path: &str, text: &str, of: &[(Sample, Cell)], place: Place) {
        for (sample, cell) in of {
            let shown = text.contains(&sample.word);
            if cell.shows(place, sample.visibility).is_some_and(|must| must != shown) {
                let word = if shown { "shows" } else { "hides" };
                self.say(format!("{path} {word} {} of {} to {viewer} ({cell:?})", sample.visibility, sample.author));
            }
        }
    }
}

async fn ask(home: &Instance, token: Option<&str>, method: &str, path: &str, body: &str) -> Reply {
    let kind = if body.is_empty() { "" } else { FORM };
    raw(home.web(), token, method, path, kind, body).await
}

/// Routes of one status that hide it altogether; a body where one is needed.
const OF_ONE: [(&str, &str, &str); 20] = [
    ("GET", "", ""),
    ("GET", "/context", ""),
    ("GET", "/history", ""),
    ("GET", "/source", ""),
    ("GET", "/favourited_by", ""),
    ("GET", "/reblogged_by", ""),
    ("GET", "/quotes", ""),
    ("POST", "/favourite", ""),
    ("POST", "/unfavourite", ""),
    ("POST", "/bookmark", ""),
    ("POST", "/unbookmark", ""),
    ("POST", "/reblog", ""),
    ("POST", "/unreblog", ""),
    ("POST", "/mute", ""),
    ("POST", "/unmute", ""),
    ("POST", "/pin", ""),
    ("POST", "/unpin", ""),
    ("PUT", "", "status=mine"),
    ("PUT", "/interaction_policy", "quote_approval_policy=nobody"),
    ("DELETE", "", ""),
];

/// What routes say of an id that never was, by route and whether somebody asks.
#[derive(Default)]
struct Never(BTreeMap<(String, bool), Reply>);

impl Never {
    async fn answer(&mut self, stage: &Stage<'_>, token: Option<&str>, route: &Route) -> Reply {
        let key = (format!("{} {}{}", route.0, route.1, route.2), token.is_some());
        if let Some(known) = self.0.get(&key) {
            return known.clone();
        }
        let (path, body) = route.at(NOBODYS);
        let reply = ask(stage.home, token, route.0, &path, &body).await;
        self.0.insert(key, reply.clone());
        reply
    }
}

/// Method, path and body; the id is `ID`.
struct Route(&'static str, String, &'static str);

impl Route {
    fn at(&self, id: &str) -> (String, String) {
        (self.1.replace("ID", id), self.2.replace("ID", id))
    }

    fn all() -> Vec<Route> {
        let of_one =
            OF_ONE.iter().map(|&(method, tail, body)| Route(method, format!("/api/v1/statuses/ID{tail}"), body));
        let further = [
            ("GET", "/api/v1/polls/ID", ""),
            ("GET", "/api/v1/pleroma/statuses/ID/reactions", ""),
            ("PUT", "/api/v1/pleroma/statuses/ID/reactions/%F0%9F%91%8D", ""),
            ("DELETE", "/api/v1/pleroma/statuses/ID/reactions/%F0%9F%91%8D", ""),
            ("POST", "/api/v1/statuses/ID/unreact/%F0%9F%91%8D", ""),
            ("POST", "/api/v1/polls/ID/votes", "choices[]=0"),
            ("POST", "/api/v1/statuses", "status=an+answer&in_reply_to_id=ID"),
            ("POST", "/api/v1/statuses", "status=a+quote&quoted_status_id=ID"),
        ];
        of_one.chain(further.map(|(method, path, body)| Route(method, path.to_owned(), body))).collect()
    }
}

/// Every route of one status: hidden, it is as if it had never been; shown, it is there. What is seen is only read, because
/// acts would change what is tried next; what is hidden is tried with some acts of the dice.
async fn by_id(
    stage: &Stage<'_>,
    (who, token): (&str, Option<&str>),
    of: &[(Sample, Cell)],
    (dice, never, wrong): (&mut Dice, &mut Never, &mut Wrong),
) {
    let (reads, acts): (Vec<_>, Vec<_>) = Route::all().into_iter().partition(|route| route.0 == "GET");
    let numbers: Vec<usize> = (0..acts.len()).collect();
    for (sample, cell) in of {
        let seen = cell.sees(sample.visibility);
        let tried = if seen || token.is_none() { 0 } else { ACTS_TRIED };
        let tried: Vec<usize> = dice.shuffled(&numbers).into_iter().take(tried).collect();
        for route in reads.iter().chain(tried.iter().map(|at| &acts[*at])) {
            let nothing = never.answer(stage, token, route).await;
            let (path, body) = route.at(&sample.id);
            let reply = ask(stage.home, token, route.0, &path, &body).await;
            // Not every status has a poll, its source is the author's alone, and quotes are listed to people with a token.
            let own = path.contains("/polls/")
                || path.ends_with("/source")
                || (token.is_none() && path.ends_with("/quotes") && reply.status == 401);
            let same = (reply.status, &reply.body) == (nothing.status, &nothing.body);
            let right = if seen { own || reply.status == 200 } else { same };
            if !right {
                let place = format!("{} of {} to {who} ({cell:?})", sample.visibility, sample.author);
                wrong.say(format!("{} {path} answers {} {:.90}: {place}", route.0, reply.status, reply.text()));
            }
        }
    }
}

/// Lists of one's own and of everybody.
async fn lists(stage: &Stage<'_>, who: &Viewer<'_>, of: &[(Sample, Cell)], wrong: &mut Wrong) {
    let places = [
        ("/api/v1/timelines/public?limit=40", Place::Public),
        ("/api/v1/timelines/tag/hidden?limit=40", Place::Public),
        ("/api/v1/timelines/home?limit=40", Place::Home),
        ("/api/v1/bookmarks?limit=40", Place::Asked),
        ("/api/v1/favourites?limit=40", Place::Asked),
        ("/api/v1/conversations?limit=40", Place::Conversations),
        ("/api/v1/timelines/direct?limit=40", Place::Conversations),
        ("/api/v1/notifications?limit=80&types[]=mention", Place::Told),
        ("/api/v2/notifications?limit=80&types[]=mention", Place::Told),
        ("/api/v1/notifications?limit=80&include_filtered=true&types[]=mention", Place::Told),
    ];
    let token = Some(who.person.token.as_str());
    for (path, place) in places {
        let reply = ask(stage.home, token, "GET", path, "").await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        wrong.hold(&who.person.name, path, &reply.text(), of, place);
    }
    for some in of.chunks(20) {
        let ids = some.iter().map(|(sample, _)| format!("id[]={}", sample.id)).collect::<Vec<_>>();
        let reply = ask(stage.home, token, "GET", &format!("/api/v1/statuses?{}", ids.join("&")), "").await;
        wrong.hold(&who.person.name, "/api/v1/statuses?id[]", &reply.text(), some, Place::Asked);
    }
    if let Some(list) = &who.list {
        let here: Vec<_> = of.iter().filter(|(sample, _)| sample.author != "zoe").cloned().collect();
        let reply = ask(stage.home, token, "GET", &format!("/api/v1/timelines/list/{list}?limit=40"), "").await;
        wrong.hold(&who.person.name, "/api/v1/timelines/list", &reply.text(), &here, Place::Home);
    }
    for one in of.chunks(1) {
        let sample = &one[0].0;
        let quoted = format!("/api/v2/search?type=statuses&q={}", sample.word);
        let reply = ask(stage.home, token, "GET", &quoted, "").await;
        // The question itself is not in the answer.
        wrong.hold(&who.person.name, "/api/v2/search", &reply.text(), one, Place::Found);
        let by_url =
            format!("/api/v2/search?type=statuses&resolve=false&q=https://home.test/@{}/{}", sample.author, sample.id);
        let reply = ask(stage.home, token, "GET", &by_url, "").await;
        wrong.hold(&who.person.name, "/api/v2/search by its address", &reply.text(), one, Place::Found);
    }
}

/// Pages of the authors, and what they did to what is not theirs.
async fn of_authors(
    stage: &Stage<'_>,
    (who, token): (&str, Option<&str>),
    cells: &BTreeMap<&str, Cell>,
    [written, answers, quotes]: [&[(Sample, Cell)]; 3],
    wrong: &mut Wrong,
) {
    for (name, author) in [("ann", &stage.ann), ("sus", &stage.sus)] {
        let Some(cell) = cells.get(name) else { continue };
        let of: Vec<_> = written.iter().filter(|(sample, _)| sample.author == name).cloned().collect();
        let path = format!("/api/v1/accounts/{}/statuses?limit=40", author.id);
        let reply = ask(stage.home, token, "GET", &path, "").await;
        wrong.hold(who, &path, &reply.text(), &of, Place::Asked);
        for list in ["favourited_by", "reblogged_by"] {
            let path = format!("/api/v1/statuses/{}/{list}", stage.root);
            let reply = ask(stage.home, token, "GET", &path, "").await;
            let named = reply.json().as_array().is_some_and(|list| list.iter().any(|one| one["username"] == name));
            if named != (cell.obstacle == Obstacle::None) {
                wrong.say(format!("{list} of somebody else's names {name} to {who}: {named} ({cell:?})"));
            }
        }
    }
    let thread = ask(stage.home, token, "GET", &format!("/api/v1/statuses/{}/context", stage.root), "").await;
    wrong.hold(who, "the context of somebody else's", &thread.text(), answers, Place::Thread);
    if token.is_some() {
        let listed = ask(stage.home, token, "GET", &format!("/api/v1/statuses/{}/quotes", stage.root), "").await;
        wrong.hold(who, "the quotes of somebody else's", &listed.text(), quotes, Place::Found);
    }
    let root = ask(stage.home, token, "GET", &format!("/api/v1/statuses/{}", stage.root), "").await.json();
    // Public and unlisted answers of two authors.
    if root["replies_count"] != json!(4) {
        wrong
            .say(format!("replies_count tells {who} of answers that are not for everybody: {}", root["replies_count"]));
    }
}

/// Notifications of what authors did to a viewer's own status.
async fn told_of_acts(stage: &Stage<'_>, who: &Viewer<'_>, wrong: &mut Wrong) {
    let path = "/api/v1/notifications?limit=80&types[]=favourite&types[]=reblog";
    let list = who.person.get(path).await;
    let grouped = who.person.get(&path.replace("v1", "v2")).await;
    for (name, author) in [("ann", &stage.ann), ("sus", &stage.sus)] {
        let Some(cell) = cell_for(who, name) else { continue };
        let must = cell.obstacle == Obstacle::None;
        for (version, answer) in [("v1", &list), ("v2", &grouped)] {
            let named = answer.to_string().contains(&format!("\"id\":\"{}\"", author.id));
            if named != must {
                wrong.say(format!("notifications {version} name {name} to {}: {named} ({cell:?})", who.person.name));
            }
        }
    }
}

/// What an answer says, but for its number.
fn words(reply: &Reply) -> String {
    let number = reply.header("x-request-id").unwrap_or_default();
    if number.is_empty() { reply.text() } else { reply.text().replace(number, "") }
}

/// What needs no token: pages, objects, embedding. Hidden is as never written.
async fn of_everybody(stage: &Stage<'_>, of: &[(Sample, Cell)], wrong: &mut Wrong) {
    let web = stage.home.web();
    let object = [("accept", "application/activity+json"), ("host", "home.test")];
    let page = [("accept", "text/html"), ("host", "home.test")];
    for (sample, cell) in of.iter().filter(|(sample, _)| sample.author != "zoe") {
        let shown = cell.sees(sample.visibility);
        let paths = [
            ("the page", format!("/@{}/ID", sample.author), &page),
            ("the object", format!("/users/{}/statuses/ID", sample.author), &object),
            ("the object at the page", format!("/@{}/ID", sample.author), &object),
            ("its activity", format!("/users/{}/statuses/ID/activity", sample.author), &object),
            ("its replies", format!("/users/{}/statuses/ID/replies", sample.author), &object),
            ("its likes", format!("/users/{}/statuses/ID/likes", sample.author), &object),
            ("its context", format!("/users/{}/statuses/ID/context?page=true", sample.author), &object),
            ("oembed", format!("/api/oembed?url=https://home.test/@{}/ID", sample.author), &page),
        ];
        for (name, path, headers) in paths {
            let reply = web.get(&path.replace("ID", &sample.id), headers).await;
            let never = web.get(&path.replace("ID", NOBODYS), headers).await;
            let same = (reply.status, words(&reply)) == (never.status, words(&never));
            let right = if shown { reply.status == 200 } else { same };
            if !right {
                wrong.say(format!("{name} of {} of {} answers {}", sample.visibility, sample.author, reply.status));
            }
        }
        for path in [
            format!("/@{}", sample.author),
            format!("/users/{}/outbox?page=true", sample.author),
            "/tags/hidden".to_owned(),
        ] {
            let text = web.get(&path, if path.starts_with("/users") { &object } else { &page }).await.text();
            if text.contains(&sample.word) && !shown {
                wrong.say(format!("{path} shows {} of {}", sample.visibility, sample.author));
            }
        }
    }
}

/// Waits until no message to a device is to be sent any more.
async fn nothing_to_push(home: &Instance) {
    let deadline = Instant::now() + PATIENCE;
    let left = |view: &storage::View<'_>| {
        let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 10_000)?;
        Ok(jobs.iter().any(|(_, job)| job.kind.class() == JobClass::Push))
    };
    while home.server().read(left).await.expect("a read") {
        assert!(Instant::now() < deadline, "messages are still to be sent");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What streams and devices tell from now on until Ned's last word, which is for everybody.
async fn live(stage: &mut Stage<'_>, zoe: &Person<'_>, dice: &mut Dice, wrong: &mut Wrong) {
    let mut sockets = Vec::new();
    for viewer in &stage.viewers {
        let mut socket = Socket::open(&viewer.person, "stream=user").await;
        socket.says(json!({ "type": "subscribe", "stream": "public" })).await;
        socket.says(json!({ "type": "subscribe", "stream": "hashtag", "tag": "hidden" })).await;
        socket.says(json!({ "type": "subscribe", "stream": "direct" })).await;
        socket.says(json!({ "type": "dance" })).await;
        assert!(socket.message().await.expect("an answer")["error"].is_string());
        sockets.push(socket);
    }
    nothing_to_push(stage.home).await;
    for viewer in &mut stage.viewers {
        while !viewer.pushes.nothing_came() {}
    }
    let mut late = stage.write(&stage.ann, "ann", "late", dice, &[]).await;
    let mut theirs = stage.write(zoe, "zoe", "late", dice, &[]).await;
    stage.arrived(&mut theirs).await;
    late.extend(theirs);
    let everybody = stage.all().map(|viewer| format!("@{}", viewer.person.name)).collect::<Vec<_>>().join(" ");
    stage.ned.posts(&format!("thelastword {everybody} #Hidden"), &[]).await;
    for (at, socket) in sockets.iter_mut().enumerate() {
        let (mut frames, mut ends) = (Vec::new(), 0);
        // On the user stream, the public one and that of the tag.
        while ends < 3 {
            let (stream, event, payload) = socket.frame().await;
            ends += usize::from(payload.to_string().contains("thelastword"));
            frames.push((stream[0].as_str().unwrap_or_default().to_owned(), event, payload.to_string()));
        }
        let viewer = &stage.viewers[at];
        let of = cells_of(viewer, &late);
        for (stream, event, place) in [
            ("user", "update", Place::Home),
            ("user", "notification", Place::Told),
            ("public", "update", Place::Public),
            ("hashtag", "update", Place::Public),
            ("direct", "conversation", Place::Conversations),
        ] {
            let told = frames.iter().filter(|frame| frame.0 == stream && frame.1 == event);
            let text = told.map(|frame| frame.2.as_str()).collect::<Vec<_>>().join("\n");
            wrong.hold(&viewer.person.name, &format!("the stream {stream} ({event})"), &text, &of, place);
        }
    }
    nothing_to_push(stage.home).await;
    for viewer in &mut stage.viewers {
        let mut text = String::new();
        let of = cells_of(viewer, &late);
        let expected = of.iter().filter(|(sample, cell)| cell.shows(Place::Told, sample.visibility) == Some(true));
        // Messages leave side by side: as many as must come, and the last word's.
        for _ in 0..=expected.count() {
            text += &viewer.device.opens(&viewer.pushes.message().await).to_string();
        }
        wrong.hold(&viewer.person.name, "a push", &text, &of, Place::Told);
        if !viewer.pushes.nothing_came() {
            wrong.say(format!("{} is woken for more", viewer.person.name));
        }
    }
}

/// Ned, whom everybody follows now, shares what is public: whoever may not see it does not see it shared.
async fn shared(stage: &Stage<'_>, written: &[Sample], (dice, never, wrong): (&mut Dice, &mut Never, &mut Wrong)) {
    let mut samples = Vec::new();
    for sample in written.iter().filter(|sample| sample.visibility == "public" && sample.author != "sus") {
        let reblog = stage.ned.post(&format!("/api/v1/statuses/{}/reblog", sample.id), &[]).await;
        samples.push(Sample { id: id(&reblog), ..sample.clone() });
    }
    for viewer in stage.all() {
        let (who, token) = (viewer.person.name.as_str(), Some(viewer.person.token.as_str()));
        viewer.person.post(&format!("/api/v1/accounts/{}/follow", stage.ned.id), &[]).await;
        let of = cells_of(viewer, &samples);
        let home = ask(stage.home, token, "GET", "/api/v1/timelines/home?limit=40", "").await;
        wrong.hold(who, "the home timeline, shared,", &home.text(), &of, Place::Shared);
        by_id(stage, (who, token), &of, (&mut *dice, &mut *never, &mut *wrong)).await;
    }
}

/// Ned takes back that he is quoted; what quotes him for others alone is not shown to him for that.
async fn taken_back(stage: &Stage<'_>, quotes: &[(Sample, Cell)], wrong: &mut Wrong) {
    let token = Some(stage.ned.token.as_str());
    for (sample, cell) in quotes {
        let path = format!("/api/v1/statuses/{}/quotes/{}/revoke", stage.root, sample.id);
        let reply = ask(stage.home, token, "POST", &path, "").await;
        let (seen, shown) = (cell.sees(sample.visibility), reply.text().contains(&sample.word));
        if (reply.status, shown) != (if seen { 200 } else { 404 }, seen) {
            wrong.say(format!("revoking {} of {} answers {}", sample.visibility, sample.author, reply.status));
        }
    }
}

/// What waited for one's word, and whose author is out of sight by now.
async fn asked(stage: &Stage<'_>, wrong: &mut Wrong) {
    let (ned, eve) = (&stage.ned, stage.home.person("eve").await);
    let asks = [("interaction_policy[can_reply][with_approval][]", "public")];
    let status = ned.posts("ask me first", &asks).await;
    let reply = eve.posts("mayianswer", &[("in_reply_to_id", &status)]).await;
    let path = "/api/v1/interaction_requests";
    let request = id(&ned.until(path, |list| list.to_string().contains("mayianswer")).await[0]);
    let one = format!("{path}/{request}");
    ned.post(&format!("{one}/authorize"), &[]).await;
    if id(&ned.get(&one).await["reply"]) != reply {
        wrong.say("a request does not show its reply".to_owned());
    }
    eve.post(&format!("/api/v1/accounts/{}/block", ned.id), &[]).await;
    let edit = [("status", "notforned")];
    assert_eq!(eve.send("PUT", &format!("/api/v1/statuses/{reply}"), &edit).await.status, 200);
    let shown = ned.get(&one).await;
    if !shown["reply"].is_null() || shown.to_string().contains("notforned") {
        wrong.say(format!("a request shows the reply of somebody who blocks: {shown}"));
    }
}

fn cells_of(viewer: &Viewer<'_>, samples: &[Sample]) -> Vec<(Sample, Cell)> {
    let cells = samples.iter().map(|sample| Some((sample.clone(), cell_for(viewer, sample.author)?)));
    cells.flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_route_hides_all_hide() {
    let seed = std::env::var("DASSIE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_260_101);
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (ann, sus, ned) = (home.person("ann").await, home.person("sus").await, home.person("ned").await);
    let zoe = away.person("zoe").await;
    for author in [&ann, &sus] {
        let found = [("indexable", "true")];
        assert_eq!(author.send("PATCH", "/api/v1/accounts/update_credentials", &found).await.status, 200);
    }
    let root = ned.posts("somethingofneds", &[]).await;
    let viewers = viewers(&world, &home).await;
    let mut stage = Stage { home: &home, viewers, ann, sus, ned, root: root.clone() };
    for viewer in stage.viewers.iter_mut().filter(|viewer| viewer.cell.follows) {
        let list = text_of(&viewer.person.post("/api/v1/lists", &[("title", "l")]).await, "id");
        for author in [stage.ann.id, stage.sus.id] {
            viewer.person.post(&format!("/api/v1/accounts/{author}/follow"), &[]).await;
            let path = format!("/api/v1/lists/{list}/accounts");
            viewer.person.post(&path, &[("account_ids[]", &author.to_string())]).await;
        }
        if [Obstacle::None, Obstacle::DomainBlocks].contains(&viewer.cell.obstacle) {
            viewer.person.follows(&zoe.handle()).await;
        }
        viewer.list = Some(list);
    }
    let poll = [("poll[options][]", "one"), ("poll[options][]", "two"), ("poll[expires_in]", "3600")];
    let (answer, quote) = ([("in_reply_to_id", root.as_str())], [("quoted_status_id", root.as_str())]);
    let (mut written, mut answers, mut quotes) = (Vec::new(), Vec::new(), Vec::new());
    for viewer in stage.all().filter(|viewer| viewer.cell.mentioned && cell_for(viewer, "zoe").is_some()) {
        zoe.finds(&viewer.person.handle()).await;
    }
    for (author, name) in [(&stage.ann, "ann"), (&stage.sus, "sus")] {
        stage.act(author, name).await;
        written.extend(stage.write(author, name, "first", &mut dice, &poll).await);
        answers.extend(stage.write(author, name, "answer", &mut dice, &answer).await);
        quotes.extend(stage.write(author, name, "quote", &mut dice, &quote).await);
    }
    let mut theirs = stage.write(&zoe, "zoe", "first", &mut dice, &[]).await;
    stage.arrived(&mut theirs).await;
    written.extend(theirs);
    stage.mark(&written).await;
    stage.set_obstacles().await;

    let (mut wrong, mut never) = (Wrong::default(), Never::default());
    for viewer in stage.all() {
        let (of, who) = (cells_of(viewer, &written), (viewer.person.name.as_str(), Some(viewer.person.token.as_str())));
        lists(&stage, viewer, &of, &mut wrong).await;
        by_id(&stage, who, &of, (&mut dice, &mut never, &mut wrong)).await;
        let cells = ["ann", "sus"].into_iter().filter_map(|name| Some((name, cell_for(viewer, name)?))).collect();
        let (answers, quotes) = (cells_of(viewer, &answers), cells_of(viewer, &quotes));
        of_authors(&stage, who, &cells, [&of, &answers, &quotes], &mut wrong).await;
        told_of_acts(&stage, viewer, &mut wrong).await;
    }
    let stranger = |sample: &Sample| {
        let obstacle = if sample.author == "sus" { Obstacle::Suspended } else { Obstacle::None };
        (sample.clone(), Cell { follows: false, mentioned: false, obstacle })
    };
    let [of, answers, quotes] =
        [&written, &answers, &quotes].map(|samples| samples.iter().map(stranger).collect::<Vec<_>>());
    by_id(&stage, ("nobody", None), &of, (&mut dice, &mut never, &mut wrong)).await;
    let cells = of.iter().map(|(sample, cell)| (sample.author, *cell)).collect();
    of_authors(&stage, ("nobody", None), &cells, [&of, &answers, &quotes], &mut wrong).await;
    of_everybody(&stage, &of, &mut wrong).await;
    live(&mut stage, &zoe, &mut dice, &mut wrong).await;
    shared(&stage, &written, (&mut dice, &mut never, &mut wrong)).await;
    taken_back(&stage, &quotes, &mut wrong).await;
    asked(&stage, &mut wrong).await;
    let found: Vec<_> = wrong.0.iter().map(String::as_str).collect();
    assert!(found.is_empty(), "seed {seed}, {} wrong:\n{}", found.len(), found.join("\n"));
}

//! Full-text search (client API, search): who finds what, operators, pages; edits, deletions, restarts and a lost index.

use crate::{
    call::{call, escaped, id, ids},
    lab::{Instance, Person, World, comes},
    pictures::jpeg,
};
use dassie::federation::activity::Received;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Sizes,
    account::ACCOUNT_WORDS,
    directory::{SETTLED, WORDS},
    limits::SEARCH_EDIT_MAX,
};

/// What the index may take for anything else than an edit: to be opened or made anew, and for the rest between two commits,
/// which grows with what they cost.
const DEADLINE: Duration = Duration::from_secs(25);
/// Within what an edit shows: it waits for the index no longer than a bound, and is written then.
const EDIT_SHOWS: Duration = Duration::from_secs(10);
const _: () = assert!(SEARCH_EDIT_MAX.as_millis() + 3_000 <= EDIT_SHOWS.as_millis());
/// How long whatever is new waits for the index where edits are looked at.
const REST: Duration = Duration::from_secs(60 * 60);

fn path(query: &str, more: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
    format!("/api/v2/search?type=statuses&{query}{more}")
}

impl Person<'_> {
    /// The ids of the statuses that a search finds now.
    async fn finds_now(&self, query: &str) -> Vec<String> {
        self.finds_page(query, "").await
    }

    async fn finds_page(&self, query: &str, more: &str) -> Vec<String> {
        ids(&self.asks("GET", &path(query, more), &[]).await["statuses"])
    }

    /// Waits until a search finds just these.
    async fn finds_soon(&self, query: &str, expected: &[&Value]) {
        if let Err(found) = self.finds_by(Instant::now() + DEADLINE, query, expected).await {
            panic!("{query} finds {found:?}, not {expected:?}");
        }
    }

    /// The same; what it finds instead, if it does not until then.
    async fn finds_by(&self, deadline: Instant, query: &str, expected: &[&Value]) -> Result<(), Option<Vec<String>>> {
        let expected: Vec<String> = expected.iter().map(|status| id(status)).collect();
        loop {
            let reply = call(self.home.web(), Some(&self.token), "GET", &path(query, ""), &[]).await;
            // An index that is being opened or made says that it does not know yet.
            let found = (reply.status == 200).then(|| ids(&reply.json()["statuses"]));
            if found.as_ref() == Some(&expected) {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(found);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a search finds just these, which it does because something was edited: at home the index rests for an
    /// hour, which only an edit cuts short. On a disk in trouble edits wait for the rest, too.
    async fn finds_edited(&self, query: &str, expected: &[&Value]) {
        if let Err(found) = self.finds_by(Instant::now() + DEADLINE, query, expected).await {
            let excused = self.home.server().disk().is_in_trouble();
            assert!(excused, "{query} finds {found:?}, not {expected:?}, although that was edited");
        }
    }

    /// Says something else in place of a status.
    async fn edits(&self, status: &Value, text: &str) -> Value {
        self.asks("PUT", &format!("/api/v1/statuses/{}", id(status)), &[("status", text)]).await
    }

    /// The ids of the accounts that a search finds.
    async fn meets(&self, query: &str) -> Vec<String> {
        ids(&self.asks("GET", &format!("/api/v1/accounts/search?q={}", escaped(query)), &[]).await)
    }

    async fn finds_just(&self, query: &str, expected: &[&Value]) {
        let expected: Vec<String> = expected.iter().map(|status| id(status)).collect();
        assert_eq!(self.finds_now(query).await, expected, "{query}");
    }
}

/// An instance whose index rests for an hour after each commit, unless something was edited.
async fn resting() -> Instance {
    let sizes = Sizes { search_rest: (REST, REST), ..Sizes::default() };
    World { sizes, ..World::new() }.instance("home.test").await
}

async fn lets_be_searched(person: &Person<'_>, yes: bool) {
    let yes = yes.to_string();
    person.asks("PATCH", "/api/v1/accounts/update_credentials", &[("indexable", &yes)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_phrases_and_operators_find_what_they_mean() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let cats = ann.writes("Der Kater trinkt süße Milch #Katzen", &[("language", "de-AT")]).await;
    let dogs = ann.writes("A red dog at https://dogs.example/red", &[("language", "en"), ("sensitive", "true")]).await;
    let tokyo = ann.writes("東京都へ行く、3月に", &[("spoiler_text", "travel plans")]).await;
    let parent = ben.writes("@ann do you like pandas?", &[]).await;
    let reply = ann.writes("@ben pandas are dull red", &[("in_reply_to_id", &id(&parent))]).await;
    let shared = ann.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&parent)), &[]).await;
    ann.finds_soon("pandas", &[&reply, &parent]).await;

    for (query, expected) in [
        ("SUSSE milch", &[&cats][..]),
        ("\"trinkt süsse\"", &[&cats]),
        ("\"milch trinkt\"", &[]),
        ("red", &[&reply, &dogs]),
        ("red -dull", &[&dogs]),
        ("in:all red", &[&reply, &dogs]),
        ("-red from:me", &[&tokyo, &cats]),
        ("\"red dog\"", &[&dogs]),
        ("東京", &[&tokyo]),
        ("京都へ", &[&tokyo]),
        ("都京", &[]),
        ("行", &[&tokyo]),
        ("3月", &[&tokyo]),
        ("3月に", &[&tokyo]),
        ("3日", &[]),
        ("travel", &[&tokyo]),
        ("#katzen", &[&cats]),
        ("#kätzen!", &[&cats]),
        ("katzen", &[&cats]),
        ("from:ben", &[&parent]),
        ("-from:me", &[&parent]),
        ("from:@ann@home.test pandas", &[&reply]),
        ("from:nobody", &[]),
        ("to:ben", &[&reply]),
        ("mentions:ann", &[&parent]),
        ("has:link", &[&dogs]),
        ("has:media", &[]),
        ("is:reply", &[&reply]),
        ("is:sensitive", &[&tokyo, &dogs]),
        ("is:boost pandas", &[&shared]),
        ("language:de", &[&cats]),
        ("language:de-AT", &[&cats]),
        ("during:2026-01-01 red", &[&reply, &dogs]),
        ("after:2026-01-01", &[]),
        ("before:2026-01-02 pandas", &[&reply, &parent]),
        ("before:2026", &[]),
        ("in:library pandas", &[&reply, &parent]),
        ("in:home pandas", &[&reply]),
        ("in:public pandas", &[]),
        ("from:\"ben\" pandas", &[&parent]),
        ("-from:\"@ann@home.test\" pandas", &[&parent]),
        ("in:\"library\" pandas", &[&reply, &parent]),
        ("red sort:best", &[&dogs, &reply]),
        ("red sort:new", &[&reply, &dogs]),
        ("sort:best -red from:me", &[&tokyo, &cats]),
        ("red sort:worst", &[]),
    ] {
        ann.finds_just(query, expected).await;
    }
    let seen = ann.asks("GET", &path("pandas", ""), &[]).await;
    assert_eq!((&seen["accounts"], &seen["hashtags"]), (&json!([]), &json!([])));
    let all = ann.asks("GET", "/api/v2/search?q=katzen", &[]).await;
    assert_eq!((ids(&all["statuses"]), &all["hashtags"][0]["name"]), (vec![id(&cats)], &json!("katzen")));

    let newest = [id(&reply), id(&tokyo), id(&dogs), id(&cats)];
    assert_eq!(ann.finds_page("from:me", "&limit=2").await, newest[..2]);
    assert_eq!(ann.finds_page("from:me", "&limit=2&offset=2").await, newest[2..]);
    assert_eq!(ann.finds_page("from:me", &format!("&max_id={}", newest[1])).await, newest[2..]);
    assert_eq!(ann.finds_page("from:me", &format!("&min_id={}&limit=2", newest[3])).await, newest[1..3]);
    assert_eq!(ann.finds_page("pandas", &format!("&account_id={}", ben.id)).await, [id(&parent)]);
    assert_eq!(ann.finds_page("red sort:best", "&limit=1").await, [id(&dogs)]);
    assert_eq!(ann.finds_page("red sort:best", "&limit=1&offset=1").await, [id(&reply)]);
    assert_eq!(ann.finds_page("red sort:best", &format!("&max_id={}", id(&reply))).await, [id(&dogs)]);
}

/// The posts of [`every_operator_finds_and_leaves_out_what_it_names`].
const EVERY: [&str; 10] =
    ["picture", "asked", "linked", "tagged", "parent", "reply", "heard", "answer", "film", "last"];
/// Those of them that ann wrote.
const OWN: [&str; 7] = ["picture", "asked", "linked", "tagged", "reply", "answer", "last"];

/// `of` without those that are named.
fn but(of: &[&'static str], without: &[&str]) -> BTreeSet<&'static str> {
    of.iter().copied().filter(|name| !without.contains(name)).collect()
}

fn just(names: &[&'static str]) -> BTreeSet<&'static str> {
    names.iter().copied().collect()
}

/// What each search finds of them.
fn operators() -> Vec<(&'static str, BTreeSet<&'static str>)> {
    vec![
        ("has:image", just(&["picture"])),
        ("has:video", just(&["film"])),
        ("has:audio", just(&[])),
        ("has:media", just(&["picture", "film"])),
        ("has:poll", just(&["asked"])),
        ("has:link", just(&["linked"])),
        ("-has:image", but(&EVERY, &["picture"])),
        ("-has:video", but(&EVERY, &["film"])),
        ("-has:media", but(&EVERY, &["picture", "film"])),
        ("-has:poll", but(&EVERY, &["asked"])),
        ("-has:link", but(&EVERY, &["linked"])),
        ("-is:reply", but(&EVERY, &["reply", "answer"])),
        ("-is:sensitive", but(&EVERY, &["tagged"])),
        ("-is:boost", just(&EVERY)),
        ("language:de", just(&["tagged"])),
        ("-language:de", but(&EVERY, &["tagged"])),
        ("-in:library", just(&["film"])),
        ("-in:home", just(&["parent"])),
        ("-in:public", just(&EVERY)),
        ("shore", just(&["heard", "answer"])),
        ("shore -\"far shore\"", just(&["answer"])),
        ("shore -far", just(&["answer"])),
        ("#sailing", just(&["tagged"])),
        ("-#sailing", but(&EVERY, &["tagged"])),
        ("-from:me", just(&["parent", "heard", "film"])),
        ("from:@eve@away.test", just(&["heard", "film"])),
        ("-from:@eve@away.test", but(&EVERY, &["heard", "film"])),
        ("from:eve", just(&[])),
        ("to:@eve@away.test", just(&["answer"])),
        ("-to:@eve@away.test", but(&EVERY, &["answer"])),
        ("-to:ben", but(&EVERY, &["reply"])),
        ("mentions:@eve@away.test", just(&["answer"])),
        ("mentions:ben", just(&["reply"])),
        ("mentions:me", just(&["parent", "heard"])),
        ("-mentions:me", but(&EVERY, &["parent", "heard"])),
        ("-mentions:@eve@away.test from:me", but(&OWN, &["answer"])),
        ("before:2026-01-02", but(&EVERY, &["last"])),
        ("-before:2026-01-02", just(&["last"])),
        ("after:2026-01-01", just(&["last"])),
        ("after:2026-01-02", just(&[])),
        ("-after:2026-01-01", but(&EVERY, &["last"])),
        ("-during:2026-01-01", just(&["last"])),
        // What pictures and films show, and what may be answered, are words like others.
        ("lighthouse", just(&["picture"])),
        ("\"lighthouse in fog\"", just(&["picture"])),
        ("yawns", just(&["film"])),
        ("has:image -lighthouse", just(&[])),
        ("catamaran", just(&["asked"])),
        ("\"two masts\"", just(&["asked"])),
        // No phrase reaches from one text into the next.
        ("\"catamaran schooner\"", just(&[])),
        ("\"harbour a lighthouse\"", just(&[])),
    ]
}

/// A film that somebody posted elsewhere: here nobody uploads one.
fn film_of(actor: &str) -> Value {
    let (id, everybody) = (format!("{actor}/statuses/film"), json!(["https://www.w3.org/ns/activitystreams#Public"]));
    let file = json!({"type": "Document", "mediaType": "video/mp4", "url": "https://away.test/seal.mp4",
        "name": "a seal that yawns"});
    let note = json!({"id": id, "type": "Note", "attributedTo": actor, "published": "2026-01-01T00:00:00Z",
        "to": everybody, "content": "<p>moving pictures</p>", "attachment": [file]});
    json!({"@context": "https://www.w3.org/ns/activitystreams", "id": format!("{id}/activity"), "type": "Create",
        "actor": actor, "to": everybody, "object": note})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operator_finds_and_leaves_out_what_it_names() {
    const EN: (&str, &str) = ("language", "en");
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (ann, ben, eve) = (home.person("ann").await, home.person("ben").await, away.person("eve").await);
    ann.follows(&eve.handle()).await;
    let shown = id(&ann.uploads(&jpeg(64, 64, 1), &[("description", "a lighthouse in fog")]).await);
    let picture = ann.writes("in the harbour", &[EN, ("media_ids[]", &shown)]).await;
    let options = [("poll[options][]", "catamaran"), ("poll[options][]", "schooner with two masts")];
    let asked = ann.writes("which boat?", &[&options[..], &[EN, ("poll[expires_in]", "604800")]].concat()).await;
    let linked = ann.writes("see https://dogs.example/red", &[EN]).await;
    let tagged = ann.writes("ruhiger Abend #Sailing", &[("language", "de"), ("sensitive", "true")]).await;
    let parent = ben.writes("@ann do you go out?", &[EN]).await;
    let reply = ann.writes("@ben in summer", &[EN, ("in_reply_to_id", &id(&parent))]).await;
    eve.posts("@ann@home.test the far shore", &[EN]).await;
    let heard = ann.sees_at_home("far shore").await;
    let answer = ann.writes("@eve@away.test the near shore", &[EN, ("in_reply_to_id", &id(&heard))]).await;
    let actor = "https://away.test/users/eve";
    assert_eq!(home.receives(actor, film_of(actor)).await, Received::Done);
    let film = ann.sees_at_home("moving pictures").await;
    assert_eq!(film["media_attachments"][0]["type"], "video", "{film}");
    world.clock.advance(36 * 60 * 60 * 1_000);
    let last = ann.writes("zebra", &[EN]).await;
    // The index follows the log: whoever finds the last one finds all.
    ann.finds_soon("zebra", &[&last]).await;
    let posts = [&picture, &asked, &linked, &tagged, &parent, &reply, &heard, &answer, &film, &last].map(id);
    for (query, expected) in operators() {
        let found = ann.finds_now(query).await;
        let known = EVERY.into_iter().zip(&posts).filter(|(_, id)| found.contains(id));
        let names: BTreeSet<&str> = known.map(|(name, _)| name).collect();
        assert_eq!(names, expected, "{query}");
        assert_eq!(found.len(), expected.len(), "{query}: each once, and no other");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_found_without_the_accents_of_their_names_those_of_earlier_versions_too() {
    let mut home = World::new().instance("home.test").await;
    let (ann, ben) = {
        let (ann, ben) = (home.person("ann").await, home.person("ben").await);
        ann.asks("PATCH", "/api/v1/accounts/update_credentials", &[("display_name", "\u{c4}lvsborg")]).await;
        for text in ["alvsborg", "ALVS", "\u{e4}lvsborg", "a\u{308}lvsborg"] {
            assert_eq!(ben.meets(text).await, [ann.id.to_string()], "{text}");
            let all = ben.asks("GET", &format!("/api/v2/search?type=accounts&q={}", escaped(text)), &[]).await;
            assert_eq!(ids(&all["accounts"]), [ann.id.to_string()], "{text}");
        }
        assert_eq!(ben.meets("olvsborg").await, [""; 0]);
        (ann.id, (ben.id, ben.token.clone()))
    };
    // As versions before folding left it.
    let written = home.server().write(move |tx| {
        ACCOUNT_WORDS.delete(tx, &("alvsborg".to_owned(), ann));
        ACCOUNT_WORDS.put(tx, &("\u{e4}lvsborg".to_owned(), ann), &());
        SETTLED.delete(tx, &WORDS);
        Ok(())
    });
    written.await.expect("written");
    home.restart().await;
    let ben = Person { home: &home, name: "ben".to_owned(), id: ben.0, token: ben.1 };
    comes("words without accents", async || (ben.meets("alvsborg").await == [ann.to_string()]).then_some(())).await;
    assert_eq!(ben.meets("\u{c4}lvsborg").await, [ann.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hashtags_are_suggested_that_stand_where_one_may_look() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let suggested = async |token: Option<&str>| {
        let reply = call(home.web(), token, "GET", "/api/v2/search?type=hashtags&q=tea", &[]).await;
        let tags = reply.json()["hashtags"].as_array().cloned().unwrap_or_default();
        tags.iter().map(|tag| tag["name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    ann.asks("POST", "/api/v1/tags/teatime/follow", &[]).await;
    ben.writes("#teapot", &[]).await;
    ben.writes("#tealeaf for few", &[("visibility", "private")]).await;
    assert_eq!(suggested(None).await, ["teapot"]);
    assert_eq!(suggested(Some(&ann.token)).await, ["teatime", "teapot"], "what one follows oneself comes first");
    assert_eq!(suggested(Some(&ben.token)).await, ["teapot"], "whom it concerns nobody else learns");
    let tea = ben.writes("#tea", &[]).await;
    assert_eq!(suggested(Some(&ben.token)).await, ["tea", "teapot"], "the exact one first");
    ben.asks("DELETE", &format!("/api/v1/statuses/{}", id(&tea)), &[]).await;
    assert_eq!(suggested(Some(&ben.token)).await, ["teapot"]);
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", ben.id), &[]).await;
    assert_eq!(suggested(Some(&ann.token)).await, ["teatime"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_home_and_what_one_had_to_do_with_is_found() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", cat.id), &[]).await;
    ann.asks("POST", "/api/v1/tags/sewing/follow", &[]).await;
    let own = ann.writes("cloth", &[]).await;
    let shared = ben.writes("needle that is shared", &[("visibility", "unlisted")]).await;
    let tagged = ben.writes("needle for #Sewing", &[]).await;
    let asked = [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "3600")];
    let poll = ben.writes("which needle?", &asked).await;
    let quoting = ben.writes("this needs a needle", &[("quoted_status_id", &id(&own))]).await;
    let unseen = ben.writes("needle in a haystack", &[]).await;
    ben.finds_soon("needle", &[&unseen, &quoting, &poll, &tagged, &shared]).await;
    ann.finds_just("needle", &[&quoting, &tagged]).await;

    let vote = format!("/api/v1/polls/{}/votes", poll["poll"]["id"].as_str().expect("an id"));
    ann.asks("POST", &vote, &[("choices[]", "0")]).await;
    let reblog = cat.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&shared)), &[]).await;
    ann.finds_soon("needle", &[&quoting, &poll, &tagged, &shared]).await;
    ann.finds_just("needle in:home", &[&tagged, &shared]).await;
    ann.finds_just("needle in:library", &[&quoting, &poll]).await;
    ann.finds_just("needle is:boost", &[&reblog]).await;
    cat.finds_just("needle", &[&shared]).await;

    // What no longer comes home is found no longer, at once.
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", cat.id), &[("reblogs", "false")]).await;
    ann.finds_just("needle", &[&quoting, &poll, &tagged]).await;
    ann.asks("POST", "/api/v1/tags/sewing/unfollow", &[]).await;
    ann.finds_just("needle", &[&quoting, &poll]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_edited_away_are_not_found_by_those_who_shared_them() {
    let home = resting().await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let first = ben.writes("the old wording", &[]).await;
    let shared = ann.asks("POST", &format!("/api/v1/statuses/{}/reblog", id(&first)), &[]).await;
    ann.edits(&ann.writes("something else", &[]).await, "something else again").await;
    ann.finds_edited("is:boost wording", &[&shared]).await;
    ben.edits(&first, "the new phrasing").await;
    ann.finds_just("is:boost wording", &[]).await;
    ann.finds_just("wording", &[]).await;
    ann.finds_edited("is:boost phrasing", &[&shared]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_finds_what_is_not_theirs_to_find() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let public = ann.writes("needle in public", &[]).await;
    let unlisted = ann.writes("needle unlisted", &[("visibility", "unlisted")]).await;
    let private = ann.writes("needle for followers", &[("visibility", "private")]).await;
    let direct = ann.writes("@ben needle for one", &[("visibility", "direct")]).await;
    ann.finds_soon("needle", &[&direct, &private, &unlisted, &public]).await;
    ben.finds_just("needle", &[&direct, &private, &unlisted, &public]).await;
    cat.finds_just("needle", &[]).await;
    let stranger = call(home.web(), None, "GET", &path("needle", ""), &[]).await;
    assert_eq!((stranger.status, &stranger.json()["statuses"]), (200, &json!([])));

    // What was touched is found, whoever wrote it.
    cat.asks("POST", &format!("/api/v1/statuses/{}/bookmark", id(&unlisted)), &[]).await;
    cat.finds_just("needle", &[&unlisted]).await;
    // Public statuses are everybody's once their author says so, and no longer once not.
    lets_be_searched(&ann, true).await;
    cat.finds_soon("needle", &[&unlisted, &public]).await;
    cat.finds_just("needle in:public", &[&public]).await;
    lets_be_searched(&ann, false).await;
    cat.finds_just("needle", &[&unlisted]).await;
    // Whoever leaves sees no more, at once.
    ben.asks("POST", &format!("/api/v1/accounts/{}/unfollow", ann.id), &[]).await;
    ben.finds_just("needle", &[&direct]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_and_deletions_show_and_a_lost_index_comes_back() {
    let mut home = resting().await;
    let (edited, gone, kept);
    let who = {
        let ann = home.person("ann").await;
        let first = ann.writes("the old wording", &[]).await;
        gone = ann.writes("a short life", &[]).await;
        kept = ann.writes("it is there", &[]).await;
        ann.edits(&kept, "it stays").await;
        ann.finds_edited("wording", &[&first]).await;
        edited = ann.edits(&first, "the new phrasing").await;
        ann.asks("DELETE", &format!("/api/v1/statuses/{}", id(&gone)), &[]).await;
        ann.finds_just("short life", &[]).await;
        ann.finds_edited("phrasing", &[&edited]).await;
        ann.finds_just("wording", &[]).await;
        (ann.id, ann.token.clone())
    };
    fn again<'a>(home: &'a Instance, who: &(AccountId, String)) -> Person<'a> {
        Person { home, name: "ann".to_owned(), id: who.0, token: who.1.clone() }
    }
    // Changed right before the end: the log has it.
    let late = again(&home, &who).writes("last words", &[]).await;
    home.restart().await;
    again(&home, &who).finds_soon("last words", &[&late]).await;
    again(&home, &who).finds_just("stays", &[&kept]).await;

    let state = health(&home).await;
    assert_eq!((&state["search"]["documents"], &state["search"]["rebuilding"]), (&json!(3), &Value::Null));
    for damage in [lose as fn(&std::path::Path), spoil] {
        home.restart_after(|data| damage(&data.join("search"))).await;
        let ann = again(&home, &who);
        for (query, expected) in [("phrasing", &[&edited][..]), ("stays", &[&kept]), ("wording", &[]), ("short", &[])] {
            ann.finds_soon(query, expected).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_index_everything_else_works_and_the_state_says_so() {
    let mut home = World::new().instance("home.test").await;
    let who = {
        let ann = home.person("ann").await;
        ann.writes("an #annual word", &[]).await;
        (ann.id, ann.token)
    };
    let mut place = std::path::PathBuf::new();
    // A file stands where the folder should be.
    home.restart_after(|data| {
        place = data.join("search");
        lose(&place);
        std::fs::write(&place, b"").expect("written");
    })
    .await;
    let ann = Person { home: &home, name: "ann".to_owned(), id: who.0, token: who.1 };
    let deadline = Instant::now() + DEADLINE;
    loop {
        let state = health(&home).await;
        let problems = state["problems"].as_array().expect("a list");
        let told = problems.iter().any(|why| why.as_str().is_some_and(|why| why.contains("search")));
        if told && state["verdict"] != "good" {
            break;
        }
        assert!(Instant::now() < deadline, "{state}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(ann.is_refused("GET", &path("word", ""), &[]).await, 503);
    let rest = ann.asks("GET", "/api/v2/search?q=ann", &[]).await;
    assert_eq!((ids(&rest["accounts"]), &rest["statuses"]), (vec![ann.id.to_string()], &json!([])));
    assert_eq!(rest["hashtags"][0]["name"], "annual");
    let second = ann.writes("another word", &[]).await;
    std::fs::remove_file(&place).expect("it was there");
    ann.finds_soon("another", &[&second]).await;
    // Whatever else a machine may suffer from: nothing is said of the search any more.
    let deadline = Instant::now() + DEADLINE;
    loop {
        let state = health(&home).await;
        let problems = state["problems"].as_array().expect("a list");
        if problems.iter().all(|why| why.as_str().is_some_and(|why| !why.contains("search"))) {
            break;
        }
        assert!(Instant::now() < deadline, "{state}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn lose(search: &std::path::Path) {
    std::fs::remove_dir_all(search).expect("it was there");
}

/// Every file of it is rotten.
fn spoil(search: &std::path::Path) {
    for file in std::fs::read_dir(search).expect("it is there") {
        let path = file.expect("readable").path();
        std::fs::write(path, b"rotten").expect("written");
    }
}

async fn health(home: &Instance) -> Value {
    let reply = home.web().get("/healthz", &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

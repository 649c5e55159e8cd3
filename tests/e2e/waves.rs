//! Floods and waves (SECURITY B5, C8): any number of servers below one domain, strangers who say the same, what is only said
//! to come from somebody, a server that hangs on purpose. Each leaves the others as they were.

use crate::{
    instance::{User, until},
    peer::Answer,
    scene::{CONTEXT, Scene, note},
    sign::{SigningKey, http_date},
};
use dassie::{
    http::rate::{Bucket, Who},
    operate,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use storage::{Timestamp, wave};

const FAY: &str = "https://friend.test/users/fay";
const EVE: &str = "https://evil.test/users/eve";

/// A `Create` of a public note that mentions alice.
fn mention(scene: &Scene, id: &str, by: &str, content: &str) -> Value {
    let (to, cc) = (json!([format!("{CONTEXT}#Public")]), json!([scene.alice.uri]));
    let more = json!({"to": to, "cc": cc, "content": content,
        "tag": [{"type": "Mention", "href": scene.alice.uri, "name": "@alice@local.test"}]});
    json!({"id": format!("{id}/activity"), "type": "Create", "to": to, "cc": cc, "object": note(id, by, more)})
}

fn follow(scene: &Scene, actor: &str) -> Value {
    json!({"id": format!("{actor}#follow"), "type": "Follow", "object": scene.alice.uri})
}

/// Uris of the statuses of which alice is told by mentions; `filtered`: of those kept aside, too.
async fn told(scene: &Scene, filtered: bool) -> BTreeSet<String> {
    mentions_of(&scene.alice, filtered).await
}

/// The same for anybody here.
async fn mentions_of(user: &User, filtered: bool) -> BTreeSet<String> {
    let path = format!("/api/v1/notifications?types[]=mention&include_filtered={filtered}&limit=80");
    let list = user.get(&path).await.json();
    let uri = |note: &Value| note["status"]["uri"].as_str().unwrap_or_default().to_owned();
    list.as_array().into_iter().flatten().map(uri).collect()
}

/// How much alice was told of what accounts of servers below `site` did; `filtered`: of what was kept aside, too.
async fn told_of(scene: &Scene, site: &str, filtered: bool) -> usize {
    let path = format!("/api/v1/notifications?include_filtered={filtered}&limit=80");
    let list = scene.alice.get(&path).await.json();
    let is_theirs = |note: &&Value| note["account"]["acct"].as_str().is_some_and(|acct| acct.ends_with(site));
    list.as_array().into_iter().flatten().filter(is_theirs).count()
}

/// An account that is new and that nobody here knows mentions alice with a text alone; the uri of what it said.
async fn stranger_says(scene: &Scene, host: &str, text: &str, more: Value) -> String {
    let actor = format!("https://{host}/users/x");
    scene.serve_actor(&actor, json!({}));
    says(scene, &actor, text, more).await
}

/// Somebody whose actor is served mentions alice, once; the uri of what they said.
async fn says(scene: &Scene, actor: &str, text: &str, more: Value) -> String {
    let id = format!("{actor}/said");
    let mut create = mention(scene, &id, actor, &format!("<p>@alice@local.test {text}</p>"));
    for (name, value) in more.as_object().into_iter().flatten() {
        create["object"][name] = value.clone();
    }
    scene.sends(actor, create).await;
    scene.is_quiet().await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_ever_new_servers_below_one_domain_share_one_allowance() {
    let evil: Vec<String> = (0..30).map(|one| format!("x{one}.evil.test")).collect();
    let hosts: Vec<&str> = evil.iter().map(String::as_str).chain(["friend.test"]).collect();
    let scene = Scene::rated(&hosts).await;
    scene.serve_actor(FAY, json!({}));
    let (mut taken, mut refused) = (0, 0);
    for host in &evil {
        let actor = format!("https://{host}/users/eve");
        scene.serve_actor(&actor, json!({}));
        match scene.posts(&actor, follow(&scene, &actor)).await.status {
            202 | 503 => taken += 1,
            429 => refused += 1,
            other => panic!("{host}: {other}"),
        }
    }
    assert_eq!((taken, refused), (10, 20), "as many as may turn up within an hour");
    let asked: BTreeSet<String> =
        scene.peer.seen(|seen| seen.authority.ends_with(".evil.test")).into_iter().map(|seen| seen.authority).collect();
    assert_eq!(asked.len(), 10, "nothing was asked of the others: {asked:?}");
    // A neighbour turns up all the same.
    scene.sends(FAY, follow(&scene, FAY)).await;
    scene.instance.clock.advance(60 * 60_000);
    let late = format!("https://{}/users/eve", evil[29]);
    scene.sends(&late, follow(&scene, &late)).await;
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_only_what_is_verified_uses_up_what_a_server_may_send() {
    let scene = Scene::rated(&["evil.test", "friend.test"]).await;
    scene.serve_actor(EVE, json!({}));
    scene.serve_actor(FAY, json!({}));
    for actor in [EVE, FAY] {
        scene.sends(actor, follow(&scene, actor)).await;
    }
    let (rates, now) = (scene.instance.running.server.rates(), Timestamp(scene.instance.now_ms()));
    // One is left of all that her server may send.
    while let Ok(Some(allowance)) = rates.take(Bucket::Inbox, Who::named("evil.test"), now)
        && allowance.remaining > 1
    {}
    let forger = SigningKey::generate();
    let forged = json!({"@context": CONTEXT, "actor": EVE, "id": format!("{EVE}#x"), "type": "Dislike", "object": "x"});
    let (body, date) = (forged.to_string(), http_date(scene.instance.now_ms()));
    let headers = forger.post(&format!("{EVE}#main-key"), "local.test", "/inbox", &date, body.as_bytes());
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..5 {
        let reply = scene.instance.web.send("POST", "/inbox", &headers, body.as_bytes()).await;
        assert_eq!(reply.status, 401, "what somebody else signed in her name");
    }
    let dislike = |number: u32| json!({"id": format!("{EVE}#d{number}"), "type": "Dislike", "object": "x"});
    assert_eq!(scene.posts(EVE, dislike(1)).await.status, 202, "the last one is still hers");
    let refused = scene.posts(EVE, dislike(2)).await;
    assert_eq!(refused.status, 429, "and one more is too many");
    assert!(refused.header("retry-after").is_some(), "she is told when to come back");
    let of_fay = json!({"id": format!("{FAY}#d"), "type": "Dislike", "object": "x"});
    assert_eq!(scene.posts(FAY, of_fay).await.status, 202, "a neighbour has an allowance of its own");
    // One actor does not have all of its server's, either.
    while rates.take(Bucket::InboxByActor, Who::named(FAY), now).is_ok() {}
    assert_eq!(scene.posts(FAY, json!({"id": format!("{FAY}#e"), "type": "Dislike", "object": "x"})).await.status, 429);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_a_wave_of_single_mentions_by_new_accounts_of_many_servers_is_kept_aside() {
    let names: Vec<String> = (0..6).map(|one| format!("open{one}.test")).collect();
    let hosts: Vec<&str> = names.iter().map(String::as_str).chain(["friend.test"]).collect();
    let scene = Scene::start(&hosts).await;
    scene.serve_actor(FAY, json!({}));
    let link = "<a href=\"https://spam.test/join\">spam.test/join</a>";
    let mut sent = Vec::new();
    for (number, host) in names.iter().enumerate() {
        let actor = format!("https://{host}/users/x{number}");
        scene.serve_actor(&actor, json!({}));
        let id = format!("https://{host}/notes/{number}");
        // Copies differ in numbers and names, as those of 2024 did.
        let text = format!("<p>@alice@local.test Come and join us right now {number}a7f{number} {link}</p>");
        scene.sends(&actor, mention(&scene, &id, &actor, &text)).await;
        scene.is_quiet().await;
        sent.push(id);
        let (loud, all) = (told(&scene, false).await, told(&scene, true).await);
        let expected: BTreeSet<String> = if number < 3 { sent.iter().cloned().collect() } else { BTreeSet::new() };
        assert_eq!(loud, expected, "{} of them so far", number + 1);
        assert_eq!(all.len(), number + 1, "whoever looks for them finds them");
    }
    let requests = scene.alice.get("/api/v1/notifications/requests").await.json();
    assert_eq!(requests.as_array().map(Vec::len), Some(6), "{requests}");
    let late = scene.alice.search("statuses", &sent[5], false).await;
    assert_eq!(late[0]["visibility"], "unlisted", "it is on no timeline of everybody");
    let public = scene.instance.get("/api/v1/timelines/public").await.json();
    let shown = public.as_array().into_iter().flatten().filter(|status| status["uri"] == sent[5].as_str()).count();
    assert_eq!(shown, 0);
    let state = operate::state(&scene.instance.running.server).await;
    let wave = state.wave.as_ref().expect("a wave is told of");
    assert_eq!((wave.held, wave.domains.len()), (3, 3), "{wave:?}");
    assert!(state.problems.iter().any(|problem| problem.contains("wave of spam")), "{:?}", state.problems);

    // A stranger with something to say is heard meanwhile, with a link or without.
    for (number, text) in [
        "<p>@alice hello, is this you?</p>".to_owned(),
        format!("<p>@alice look at this {}</p>", "<a href=\"https://friend.test/page\">friend.test/page</a>"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("https://friend.test/notes/{number}");
        scene.sends(FAY, mention(&scene, &id, FAY, &text)).await;
        assert!(until(|| async { told(&scene, false).await.contains(&id).then_some(()) }).await.is_some(), "{text}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_a_wave_that_is_put_in_by_edits_is_kept_aside() {
    let names: Vec<String> = (0..6).map(|one| format!("open{one}.test")).collect();
    let hosts: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::start(&hosts).await;
    let mut sent = BTreeSet::new();
    for host in &hosts {
        sent.insert(stranger_says(&scene, host, "hello", json!({})).await);
    }
    assert_eq!(told(&scene, false).await, sent);
    let mut loud = sent.clone();
    let link = "<a href=\"https://spam.test/join\">spam.test/join</a>";
    for (number, host) in hosts.iter().enumerate() {
        let (actor, id) = (format!("https://{host}/users/x"), format!("https://{host}/users/x/said"));
        let text = format!("<p>@alice@local.test Come and join us right now {number}a7f {link}</p>");
        let mut update = mention(&scene, &id, &actor, &text);
        update["id"] = json!(format!("{id}#update"));
        update["type"] = json!("Update");
        scene.sends(&actor, update).await;
        scene.is_quiet().await;
        match number {
            0..3 => {}
            3 => loud.retain(|uri| uri.starts_with("https://open4.test/") || uri.starts_with("https://open5.test/")),
            _ => loud.retain(|uri| *uri != id),
        }
        assert_eq!(told(&scene, false).await, loud, "{} of them so far", number + 1);
        assert_eq!(told(&scene, true).await, sent, "whoever looks for them finds them");
    }
    let late = "https://open5.test/users/x/said";
    let held = async || {
        let server = &scene.instance.running.server;
        let now = server.now();
        server.read(move |view| Ok(wave::lately(view, now)?.held)).await.expect("a read")
    };
    assert_eq!(held().await, 3);
    let text = format!("<p>@alice@local.test Come and join us right now once more {link}</p>");
    let mut update = mention(&scene, late, "https://open5.test/users/x", &text);
    update["id"] = json!(format!("{late}#again"));
    update["type"] = json!("Update");
    scene.sends("https://open5.test/users/x", update).await;
    scene.is_quiet().await;
    assert_eq!(held().await, 3, "however often it is edited");
    let found = scene.alice.search("statuses", late, false).await;
    assert_eq!(found[0]["visibility"], "unlisted", "it is on no timeline of everybody");
    let public = scene.instance.get("/api/v1/timelines/public").await.json();
    assert!(public.as_array().expect("a list").iter().all(|status| status["uri"] != late), "{public}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_who_edits_without_end_rings_so_often_an_hour() {
    let note_id = "https://evil.test/notes/1";
    let scene = Scene::start(&["evil.test"]).await;
    scene.serve_actor(EVE, json!({}));
    scene.serve_note(note_id, EVE, json!({}));
    let shared = scene.found(note_id).await;
    let reply = scene.alice.post(&format!("/api/v1/statuses/{shared}/reblog"), &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut notices = BTreeSet::new();
    let mut edits = 0;
    let mut is_told_of_edits = async |count: usize| {
        for _ in 0..count {
            edits += 1;
            let object = note(note_id, EVE, json!({"content": format!("<p>version {edits}</p>")}));
            let update = json!({"id": format!("{note_id}#{edits}"), "type": "Update", "object": object});
            scene.sends(EVE, update).await;
            scene.is_quiet().await;
            let list = scene.alice.get("/api/v1/notifications?types[]=update").await.json();
            assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
            assert_eq!(list[0]["status"]["content"], format!("<p>version {edits}</p>"), "what it says now");
            notices.insert(list[0]["id"].as_str().expect("an id").to_owned());
        }
        notices.len()
    };
    assert_eq!(is_told_of_edits(24).await, 20);
    scene.instance.clock.advance(60 * 60_000);
    assert_eq!(is_told_of_edits(1).await, 21, "an hour later");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_people_who_share_a_link_and_name_its_author_are_no_wave() {
    let names: Vec<String> = (0..6).map(|one| format!("old{one}.test")).collect();
    let hosts: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::start(&hosts).await;
    for (number, host) in names.iter().enumerate() {
        let actor = format!("https://{host}/users/reader");
        scene.serve_actor(&actor, json!({"published": "2024-05-06T00:00:00Z"}));
        let link = "<a href=\"https://alice.example/essay\">alice.example/essay</a>";
        let text = format!("<p>A very good essay by @alice@local.test {link}</p>");
        scene.sends(&actor, mention(&scene, &format!("https://{host}/notes/{number}"), &actor, &text)).await;
    }
    scene.is_quiet().await;
    assert_eq!(told(&scene, false).await.len(), 6);
    assert_eq!(operate::state(&scene.instance.running.server).await.wave, None);
    scene.instance.running.stop().await.expect("it stops");
}

/// Copies of one text without a link or picture, that differ as copies do to deceive.
fn copy(number: usize) -> String {
    let copies = [
        "Buy the coin of the year today before everybody else does",
        "BUY the co\u{200b}in of the year,today before every\u{2060}body else does!!! 4711",
        "buy<br>the coin of the year to\u{ad}day <br>before everybody  else does a7f3 #coin",
    ];
    copies[number % copies.len()].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_a_wave_of_text_alone_by_new_accounts_of_many_servers_is_kept_aside() {
    let hosts = ["a.open0.test", "b.open0.test", "open1.test", "open2.test", "open3.test", "open4.test", "friend.test"];
    let scene = Scene::start(&[&hosts[..], &["open5.test"]].concat()).await;
    let mut sent = BTreeSet::new();
    for (number, host) in hosts[..6].iter().enumerate() {
        sent.insert(stranger_says(&scene, host, &copy(number), json!({})).await);
        // The first two are of one domain, which counts once; the fourth domain makes it a wave.
        let expected = if number < 4 { sent.clone() } else { BTreeSet::new() };
        assert_eq!(told(&scene, false).await, expected, "{} of them so far", number + 1);
        assert_eq!(told(&scene, true).await, sent, "whoever looks for them finds them");
    }
    let requests = scene.alice.get("/api/v1/notifications/requests").await.json();
    assert_eq!(requests.as_array().map(Vec::len), Some(6), "{requests}");
    let late = scene.alice.search("statuses", "https://open4.test/users/x/said", false).await;
    assert_eq!(late[0]["visibility"], "unlisted", "it is on no timeline of everybody");
    let state = operate::state(&scene.instance.running.server).await;
    let wave = state.wave.as_ref().expect("a wave is told of");
    assert_eq!((wave.held, wave.domains.len()), (2, 2), "{wave:?}");

    // To answer something here does not help to reach others with it.
    let bob = scene.instance.user("bob").await;
    let post = scene.alice.post("/api/v1/statuses", &[("status", "good morning")]).await.json();
    let tags = json!([{"type": "Mention", "href": bob.uri, "name": "@bob@local.test"}]);
    let more = json!({"inReplyTo": post["uri"], "cc": [bob.uri], "tag": tags});
    let answer = stranger_says(&scene, "open5.test", &copy(0), more).await;
    assert_eq!(mentions_of(&bob, false).await, BTreeSet::new());
    assert_eq!(mentions_of(&bob, true).await, BTreeSet::from([answer]));

    // A stranger with something else to say is heard meanwhile, however long.
    let other = "I read what you wrote about the harvest of the last year and have a question about it";
    let heard = stranger_says(&scene, "friend.test", other, json!({})).await;
    assert_eq!(told(&scene, false).await, BTreeSet::from([heard]));
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_people_who_say_the_same_for_a_reason_are_no_wave() {
    let names: Vec<String> = ["new", "reader", "old"]
        .iter()
        .flat_map(|kind| (0..6).map(move |one| format!("{kind}{one}.test")))
        .chain((0..6).map(|one| format!("x{one}.school.test")))
        .collect();
    let hosts: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = Scene::start(&hosts).await;
    let post =
        scene.alice.post("/api/v1/statuses", &[("status", "What is to be done with the old mill?")]).await.json();
    let (wish, answer) = ("Happy birthday to you!", "Please leave it as it is, so that everybody can see how it was");
    let mut sent = BTreeSet::new();
    for host in &hosts {
        let actor = format!("https://{host}/users/x");
        sent.insert(match host {
            // A wish is short.
            host if host.starts_with("new") => stranger_says(&scene, host, wish, json!({})).await,
            // She is answered in the same words.
            host if host.starts_with("reader") => {
                stranger_says(&scene, host, answer, json!({"inReplyTo": post["uri"]})).await
            }
            // Who has been there for long copies what others say.
            host if host.starts_with("old") => {
                scene.serve_actor(&actor, json!({"published": "2024-05-06T00:00:00Z"}));
                says(&scene, &actor, answer, json!({})).await
            }
            // All are of one domain.
            _ => stranger_says(&scene, host, answer, json!({})).await,
        });
    }
    assert_eq!((told(&scene, false).await, sent.len()), (sent.clone(), 24));
    assert_eq!(operate::state(&scene.instance.running.server).await.wave, None);
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_strangers_of_one_domain_are_heard_so_often_an_hour() {
    let scene = Scene::start(&["evil.test", "sub.evil.test", "friend.test"]).await;
    let other = "https://sub.evil.test/users/eva";
    for actor in [EVE, other, FAY] {
        scene.serve_actor(actor, json!({}));
    }
    for number in 0..24 {
        let by = if number % 2 == 0 { EVE } else { other };
        let id = format!("{by}/notes/{number}");
        scene.sends(by, mention(&scene, &id, by, &format!("<p>@alice {number}</p>"))).await;
    }
    scene.is_quiet().await;
    assert_eq!((told(&scene, false).await.len(), told(&scene, true).await.len()), (20, 24));
    let id = "https://friend.test/notes/1";
    scene.sends(FAY, mention(&scene, id, FAY, "<p>@alice hello</p>")).await;
    assert!(until(|| async { told(&scene, false).await.contains(id).then_some(()) }).await.is_some());
    scene.instance.clock.advance(60 * 60_000);
    let id = format!("{EVE}/notes/late");
    scene.sends(EVE, mention(&scene, &id, EVE, "<p>@alice an hour later</p>")).await;
    assert!(until(|| async { told(&scene, false).await.contains(&id).then_some(()) }).await.is_some());
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_what_a_stranger_does_without_end_is_kept_aside() {
    let scene = Scene::start(&["evil.test", "friend.test"]).await;
    scene.serve_actor(EVE, json!({"published": "2024-05-06T00:00:00Z"}));
    scene.serve_actor(FAY, json!({}));
    let answers = async |id: &str, post: &Value| {
        let mut answer = mention(&scene, id, EVE, "<p>@alice no</p>");
        answer["object"]["inReplyTo"] = post["uri"].clone();
        scene.sends(EVE, answer).await;
    };
    let mut last = Value::Null;
    for number in 0..8 {
        let text = format!("thought {number}");
        last = scene.alice.post("/api/v1/statuses", &[("status", text.as_str())]).await.json();
        for kind in ["Like", "Announce"] {
            let id = format!("{EVE}#{kind}{number}");
            scene.sends(EVE, json!({"id": id, "type": kind, "object": last["uri"]})).await;
        }
        answers(&format!("{EVE}/notes/{number}"), &last).await;
    }
    scene.is_quiet().await;
    assert_eq!((told_of(&scene, "@evil.test", false).await, told_of(&scene, "@evil.test", true).await), (20, 24));
    scene.sends(FAY, json!({"id": format!("{FAY}#like"), "type": "Like", "object": last["uri"]})).await;
    scene.is_quiet().await;
    assert_eq!(told_of(&scene, "@friend.test", false).await, 1, "a neighbour is heard");
    scene.instance.clock.advance(60 * 60_000);
    answers(&format!("{EVE}/notes/late"), &last).await;
    scene.is_quiet().await;
    assert_eq!(told_of(&scene, "@evil.test", false).await, 21, "an hour later");
    let shown = scene.alice.get(&format!("/api/v1/statuses/{}", last["id"].as_str().expect("an id"))).await.json();
    let counts = [&shown["favourites_count"], &shown["reblogs_count"], &shown["replies_count"]];
    assert_eq!(counts, [&json!(2), &json!(1), &json!(2)], "nothing is lost");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_new_accounts_of_one_domain_without_end_are_kept_aside() {
    let scene = Scene::start(&["a.crowd.test", "b.crowd.test", "friend.test"]).await;
    let post = scene.alice.post("/api/v1/statuses", &[("status", "a thought")]).await.json();
    let likes = async |actor: &str| {
        scene.serve_actor(actor, json!({}));
        scene.sends(actor, json!({"id": format!("{actor}#like"), "type": "Like", "object": post["uri"]})).await;
    };
    for number in 0..64 {
        let host = if number % 2 == 0 { "a.crowd.test" } else { "b.crowd.test" };
        likes(&format!("https://{host}/users/x{number}")).await;
    }
    scene.is_quiet().await;
    assert_eq!((told_of(&scene, ".crowd.test", false).await, told_of(&scene, ".crowd.test", true).await), (60, 64));
    likes(FAY).await;
    scene.is_quiet().await;
    assert_eq!(told_of(&scene, "@friend.test", false).await, 1, "a neighbour is heard");
    let shown = scene.alice.get(&format!("/api/v1/statuses/{}", post["id"].as_str().expect("an id"))).await.json();
    assert_eq!(shown["favourites_count"], 65, "nothing is lost");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_a_domain_whose_servers_hang_leaves_room_for_everybody_else() {
    let evil: Vec<String> = (0..8).map(|one| format!("x{one}.evil.test")).collect();
    let hosts: Vec<&str> = evil.iter().map(String::as_str).chain(["friend.test"]).collect();
    let scene = Scene::start(&hosts).await;
    scene.serve_actor(FAY, json!({}));
    let mut number = 0;
    for host in &evil {
        for one in 0..16 {
            let actor = format!("https://{host}/users/e{one}");
            scene.serve_actor(&actor, json!({}));
            let note = format!("https://{host}/notes/{one}");
            scene.peer.serve(&note, Answer::Hang);
            let create = json!({"id": format!("{note}#c"), "type": "Create", "to": [scene.alice.uri], "object": note});
            scene.sends(&actor, create).await;
            number += 1;
        }
    }
    assert!(number > 2 * dassie::limits::INBOUND_AT_ONCE - 1, "more than there are places");
    let began = std::time::Instant::now();
    let id = "https://friend.test/notes/1";
    scene.sends(FAY, mention(&scene, id, FAY, "<p>@alice hello</p>")).await;
    assert!(until(|| async { told(&scene, false).await.contains(id).then_some(()) }).await.is_some());
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_secs(4), "{took:?}: less than one timeout of those that hang");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_a_storm_of_deletes_of_unknown_accounts_asks_nobody_anything() {
    let scene = Scene::rated(&["evil.test", "friend.test"]).await;
    for number in 0..1_000 {
        let actor = format!("https://{}.test/users/gone{number}", if number % 2 == 0 { "evil" } else { "friend" });
        let delete = json!({"id": format!("{actor}#delete"), "type": "Delete", "object": actor});
        let reply = scene.posts(&actor, delete).await;
        assert_eq!(reply.status, 202, "{number}: {}", reply.text());
    }
    assert_eq!(scene.peer.seen(|_| true).len(), 0, "nobody is asked for keys that are gone");
    scene.is_quiet().await;
    let known = scene.instance.running.server.read(|view| Ok(storage::peer::find(view, "evil.test")?.is_some())).await;
    assert!(!known.expect("a read"), "and nothing is kept of it");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_in_the_wrong_order_ends_as_in_the_right_one() {
    let scene = Scene::start(&["friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    let mine = scene.alice.post("/api/v1/statuses", &[("status", "mine")]).await.json();
    let uri = mine["uri"].as_str().expect("a uri").to_owned();
    let act = |kind: &str| json!({"id": format!("{FAY}#{kind}"), "type": kind, "actor": FAY, "object": uri});
    for kind in ["Like", "Announce"] {
        let undo = json!({"id": format!("{FAY}#un{kind}"), "type": "Undo", "object": act(kind)});
        scene.sends(FAY, undo).await;
        scene.is_quiet().await;
        scene.sends(FAY, act(kind)).await;
    }
    // Who is followed, blocked, or reacted to.
    let follow = json!({"id": format!("{FAY}#follow"), "type": "Follow", "actor": FAY, "object": scene.alice.uri});
    let block = json!({"id": format!("{FAY}#block"), "type": "Block", "actor": FAY, "object": scene.alice.uri});
    let mut react = act("EmojiReact");
    react["content"] = json!("\u{1f389}");
    for deed in [follow, block, react] {
        let id = format!("{}-undone", deed["id"].as_str().expect("an id"));
        scene.sends(FAY, json!({"id": id, "type": "Undo", "object": deed})).await;
        scene.is_quiet().await;
        scene.sends(FAY, deed).await;
    }
    let note = "https://friend.test/notes/1";
    let delete = json!({"id": format!("{note}#d"), "type": "Delete", "object": {"id": note, "type": "Tombstone"}});
    scene.sends(FAY, delete).await;
    scene.is_quiet().await;
    scene.sends(FAY, mention(&scene, note, FAY, "<p>@alice deleted already</p>")).await;
    // An answer comes before what it answers.
    let (above, below) = ("https://friend.test/notes/2", "https://friend.test/notes/3");
    let mut first = mention(&scene, above, FAY, "<p>@alice one thing</p>");
    let mut answer = mention(&scene, below, FAY, "<p>@alice and another thing</p>");
    for create in [&mut first, &mut answer] {
        create["object"]["published"] = json!("2026-12-01T11:59:00Z");
    }
    answer["object"]["inReplyTo"] = json!(above);
    scene.peer.serve(above, Answer::document(&first["object"]));
    scene.sends(FAY, answer).await;
    scene.sends(FAY, first).await;
    scene.is_quiet().await;
    let mine = scene.alice.get(&format!("/api/v1/statuses/{}", mine["id"].as_str().expect("an id"))).await.json();
    assert_eq!((&mine["favourites_count"], &mine["reblogs_count"]), (&json!(0), &json!(0)));
    assert!(mine["reactions"].as_array().is_none_or(Vec::is_empty), "{}", mine["reactions"]);
    let fay = scene.alice.search("accounts", FAY, false).await[0]["id"].as_str().expect("an id").to_owned();
    let relation = scene.alice.get(&format!("/api/v1/accounts/relationships?id[]={fay}")).await.json();
    assert_eq!((&relation[0]["followed_by"], &relation[0]["blocked_by"]), (&json!(false), &json!(false)));
    let expected: BTreeSet<String> = [above, below].map(str::to_owned).into();
    assert!(until(|| async { (told(&scene, true).await == expected).then_some(()) }).await.is_some());
    let found = scene.alice.search("statuses", below, false).await;
    let parent = scene.alice.search("statuses", above, false).await;
    assert_eq!(found[0]["in_reply_to_id"], parent[0]["id"], "they belong together");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// A key that is made up costs a question to somebody, whether a POST or a GET names it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_keys_named_by_signed_fetches_are_bounded_by_where_these_come_from() {
    let scene = Scene::rated(&["evil.test", "friend.test"]).await;
    scene.serve_actor(FAY, json!({}));
    scene.sends(FAY, follow(&scene, FAY)).await;
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "for everybody")]).await.json();
    let (server, id) = (&scene.instance.running.server, posted["id"].as_str().expect("a number").to_owned());
    server.write(|tx| Ok(storage::authorized_fetch::set(tx, true)?)).await.expect("written");
    server.access_cache().clear();
    // A key that is known is not believed to be the current one for ever.
    scene.instance.clock.advance(dassie::limits::KEY_FRESH_MS + 1);
    let (forger, date) = (SigningKey::generate(), http_date(scene.instance.now_ms()));
    let fetches = async |key: &SigningKey, key_id: &str, path: &str| {
        let signature = key.sign(&format!("(request-target): get {path}\nhost: local.test\ndate: {date}"));
        let header = format!(
            "keyId=\"{key_id}\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date\",signature=\"{signature}\""
        );
        let kind = "application/activity+json";
        let headers = [("Host", "local.test"), ("Date", &*date), ("Accept", kind), ("Signature", &*header)];
        scene.instance.web.get(path, &headers).await.status
    };
    let paths = [
        "/users/alice".to_owned(),
        "/@alice".to_owned(),
        "/users/alice/outbox".to_owned(),
        format!("/@alice/{id}"),
        format!("/users/alice/statuses/{id}"),
        format!("/users/alice/statuses/{id}/activity"),
    ];
    let made_up = |number: usize| format!("https://evil.test/users/x{number}#main-key");
    let asked = || scene.peer.seen(|seen| seen.method == "GET").len();
    let before = asked();
    for (number, path) in paths.iter().enumerate() {
        assert_eq!(fetches(&forger, &made_up(number), path).await, 401, "{path}: nobody has that key");
    }
    assert!(asked() >= before + paths.len(), "each is asked for");

    // All that one address may cause is used up.
    let (here, now) = (Who::address([127, 0, 0, 1].into()), Timestamp(scene.instance.now_ms()));
    while server.rates().take(Bucket::KeyFetchByAddress, here, now).is_ok() {}
    let before = asked();
    for (number, path) in paths.iter().enumerate() {
        assert_eq!(fetches(&forger, &made_up(100 + number), path).await, 429, "{path}");
        assert_eq!(fetches(&forger, &format!("{FAY}#main-key"), path).await, 503, "{path}: in the name of fay");
    }
    let forged = json!({"@context": CONTEXT, "actor": FAY, "id": format!("{FAY}#x"), "type": "Dislike", "object": "x"});
    let body = forged.to_string();
    let headers = forger.post(&format!("{FAY}#main-key"), "local.test", "/inbox", &date, body.as_bytes());
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(scene.instance.web.send("POST", "/inbox", &headers, body.as_bytes()).await.status, 503);
    assert_eq!(asked(), before, "nobody was asked for anything");
    assert_eq!(fetches(&scene.key, &format!("{FAY}#main-key"), &paths[0]).await, 200, "fay herself reads on");
    scene.instance.running.stop().await.expect("it stops");
}

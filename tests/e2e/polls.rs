//! Polls of others: until when they may be voted in.

use crate::{
    instance::until,
    scene::{Scene, note},
};
use serde_json::{Value, json};
use storage::{
    Bounds, Direction, Timestamp,
    job::{JOBS, JobKind},
};

const VIC: &str = "https://author.test/users/vic";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_that_says_when_it_will_be_closed_is_open_until_then() {
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let end = Timestamp(scene.instance.now_ms()).plus_ms(3_600_000);
    // As Pleroma and Akkoma send it.
    let question = |number: u32, closed: Value| {
        let id = format!("https://author.test/notes/{number}");
        let options = json!([{"type": "Note", "name": "yes", "replies": {"type": "Collection", "totalItems": 3}},
            {"type": "Note", "name": "no", "replies": {"type": "Collection", "totalItems": 0}}]);
        scene.serve_note(&id, VIC, json!({"type": "Question", "oneOf": options, "closed": closed, "votersCount": 3}));
        id
    };
    let open = scene.found(&question(1, json!(dassie::clock::iso(end)))).await;
    let over = scene.found(&question(2, json!(true))).await;
    let poll = async |id: &str| scene.alice.get(&format!("/api/v1/polls/{id}")).await.json();
    let seen = poll(&open).await;
    assert_eq!((&seen["expired"], &seen["expires_at"]), (&json!(false), &json!(dassie::clock::iso(end))), "{seen}");
    assert_eq!(poll(&over).await["expired"], true);
    let votes =
        async |id: &str| scene.alice.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "0")]).await.status;
    assert_eq!((votes(&open).await, votes(&over).await), (200, 422));
    let told = until(|| async {
        scene.peer.delivered("author.test").into_iter().find(|activity| activity["object"]["name"] == "yes")
    });
    let vote = told.await.expect("its author hears of the vote");
    assert_eq!((&vote["to"], &vote["object"]["to"]), (&json!([VIC]), &json!([VIC])), "{vote}");
    scene.instance.clock.advance(3_600_000);
    assert_eq!(poll(&open).await["expired"], true);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_names_its_option_as_the_author_wrote_it_and_people_see_it_harmless() {
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let end = dassie::clock::iso(Timestamp(scene.instance.now_ms()).plus_ms(3_600_000));
    let written = ["very  good", "\u{202e}dab\u{202c}", " never\t\u{1}"];
    let options: Vec<_> = written.iter().map(|name| json!({"type": "Note", "name": name})).collect();
    let id = "https://author.test/notes/1";
    scene.serve_note(id, VIC, json!({"type": "Question", "anyOf": options, "endTime": end}));
    let found = scene.found(id).await;
    let poll = scene.alice.get(&format!("/api/v1/polls/{found}")).await.json();
    let shown = [0_usize, 1, 2].map(|option| poll["options"][option]["title"].clone());
    assert_eq!(shown, [json!("very good"), json!("dab"), json!("never")], "{poll}");
    let choices = [("choices[]", "0"), ("choices[]", "1"), ("choices[]", "2")];
    let voted = scene.alice.post(&format!("/api/v1/polls/{found}/votes"), &choices).await;
    assert_eq!(voted.status, 200, "{}", voted.text());
    for name in written {
        let told = until(|| async {
            let told = scene.peer.delivered("author.test");
            told.iter().any(|activity| activity["object"]["name"] == name).then_some(())
        });
        assert!(told.await.is_some(), "its author hears of the vote for {name:?}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

/// How many ends of polls are waited for.
async fn ends_to_come(scene: &Scene) -> usize {
    let jobs = scene.instance.running.server.read(|view| {
        let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
        Ok(jobs.iter().filter(|(_, job)| matches!(job.kind, JobKind::EndPoll { .. })).count())
    });
    jobs.await.expect("a read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_voted_hears_of_the_end_of_a_poll_when_it_comes_though_it_was_moved() {
    const HOUR_MS: i64 = 3_600_000;
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let start = Timestamp(scene.instance.now_ms());
    let id = |number: u32| format!("https://author.test/notes/{number}");
    let question = |number: u32, hours: i64| {
        let end = dassie::clock::iso(start.plus_ms(hours * HOUR_MS));
        let options = json!([{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]);
        json!({"type": "Question", "oneOf": options, "endTime": end, "published": dassie::clock::iso(start),
            "url": id(number)})
    };
    // One ends sooner than it said at first, and one later.
    for (number, first, then) in [(1, 9, 1), (2, 1, 3)] {
        scene.serve_note(&id(number), VIC, question(number, first));
        let found = scene.found(&id(number)).await;
        let voted = scene.alice.post(&format!("/api/v1/polls/{found}/votes"), &[("choices[]", "0")]).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        scene.serve_note(&id(number), VIC, question(number, then));
        let moved = note(&id(number), VIC, question(number, then));
        let update = json!({"id": format!("{}#moved", id(number)), "type": "Update", "object": moved});
        scene.sends(VIC, update).await;
        let end = json!(dassie::clock::iso(start.plus_ms(then * HOUR_MS)));
        let shown = until(|| async {
            let poll = scene.alice.get(&format!("/api/v1/polls/{found}")).await.json();
            (poll["expires_at"] == end).then_some(())
        });
        assert!(shown.await.is_some(), "poll {number} is moved");
    }
    let told = || async {
        let told = scene.alice.get("/api/v1/notifications?types[]=poll").await.json();
        told.as_array().expect("a list").iter().map(|told| told["status"]["uri"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ends_to_come(&scene).await, 2, "one for each");
    for (hours, left, ended) in [(1, 1, vec![id(1)]), (3, 0, vec![id(2), id(1)])] {
        let now = scene.instance.now_ms();
        scene.instance.clock.advance(start.0 + hours * HOUR_MS + 1_000 - now);
        let looked = until(|| async { (ends_to_come(&scene).await == left).then_some(()) });
        assert!(looked.await.is_some(), "{} ends are left after {hours} hours", ends_to_come(&scene).await);
        assert_eq!(told().await, ended, "after {hours} hours");
    }
    // Whoever was told is not told again at the end that it said at first.
    scene.alice.post("/api/v1/notifications/clear", &[]).await;
    scene.instance.clock.advance(start.0 + 9 * HOUR_MS + 1_000 - scene.instance.now_ms());
    assert!(until(|| async { (ends_to_come(&scene).await == 0).then_some(()) }).await.is_some());
    assert_eq!(told().await, Vec::<Value>::new());
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_a_poll_is_moved_one_end_is_waited_for() {
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let (start, id) = (Timestamp(scene.instance.now_ms()), "https://author.test/notes/1");
    let end_in = |hours: Option<i64>| json!(hours.map(|hours| dassie::clock::iso(start.plus_ms(hours * 3_600_000))));
    let question = |hours: Option<i64>| {
        let options = json!([{"type": "Note", "name": "yes"}, {"type": "Note", "name": "no"}]);
        let mut question = json!({"type": "Question", "oneOf": options, "published": dassie::clock::iso(start)});
        if hours.is_some() {
            question["endTime"] = end_in(hours);
        }
        question
    };
    scene.serve_note(id, VIC, question(Some(9)));
    let found = scene.found(id).await;
    let bob = scene.instance.user("bob").await;
    for who in [&scene.alice, &bob] {
        let voted = who.post(&format!("/api/v1/polls/{found}/votes"), &[("choices[]", "0")]).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
    }
    assert_eq!(ends_to_come(&scene).await, 1, "one for all who voted");
    let moves = [Some(8), Some(7), Some(10), Some(6), None, Some(5), Some(4), None, Some(3), Some(2)];
    for (number, hours) in moves.into_iter().enumerate() {
        scene.serve_note(id, VIC, question(hours));
        let object = note(id, VIC, question(hours));
        scene.sends(VIC, json!({"id": format!("{id}#{number}"), "type": "Update", "object": object})).await;
        let end = end_in(hours);
        let moved = until(|| async {
            let poll = scene.alice.get(&format!("/api/v1/polls/{found}")).await.json();
            (poll["expires_at"] == end).then_some(())
        });
        assert!(moved.await.is_some(), "{hours:?}");
        assert_eq!(ends_to_come(&scene).await, usize::from(hours.is_some()), "{hours:?}");
    }
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_that_is_taken_away_and_comes_back_is_another_one() {
    const HOUR_MS: i64 = 3_600_000;
    let scene = Scene::start(&["author.test"]).await;
    scene.serve_actor(VIC, json!({}));
    let (start, id) = (Timestamp(scene.instance.now_ms()), "https://author.test/notes/1");
    let now = || dassie::clock::iso(Timestamp(scene.instance.now_ms()));
    let plain = || json!({"published": dassie::clock::iso(start), "updated": now()});
    let question = |options: [&str; 2], hours: i64| {
        let options: Vec<_> = options.iter().map(|name| json!({"type": "Note", "name": name})).collect();
        let mut question = plain();
        question["type"] = json!("Question");
        question["oneOf"] = json!(options);
        question["endTime"] = json!(dassie::clock::iso(start.plus_ms(hours * HOUR_MS)));
        question
    };
    scene.serve_note(id, VIC, question(["yes", "no"], 1));
    let found = scene.found(id).await;
    let poll = || async { scene.alice.get(&format!("/api/v1/statuses/{found}")).await.json()["poll"].clone() };
    // The post says this from now on, a second after what it said before.
    let becomes = async |says: &dyn Fn() -> Value, shown: &dyn Fn(&Value) -> bool| {
        scene.instance.clock.advance(1_000);
        scene.serve_note(id, VIC, says());
        let update = json!({"id": format!("{id}#{}", now()), "type": "Update", "object": note(id, VIC, says())});
        scene.sends(VIC, update).await;
        let changed = until(|| async {
            let poll = poll().await;
            shown(&poll).then_some(poll)
        });
        changed.await.expect("it is changed")
    };
    let votes = async || {
        let voted = scene.alice.post(&format!("/api/v1/polls/{found}/votes"), &[("choices[]", "1")]).await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        assert_eq!(ends_to_come(&scene).await, 1);
    };
    let told = async || scene.alice.get("/api/v1/notifications?types[]=poll").await.json();
    votes().await;
    for (options, hours) in [(["yes", "no"], 2), (["sun", "rain"], 3)] {
        becomes(&plain, &Value::is_null).await;
        assert_eq!(ends_to_come(&scene).await, 0, "what is gone does not end");
        let to_former_end = start.0 + (hours - 1) * HOUR_MS + 1_000 - scene.instance.now_ms();
        scene.instance.clock.advance(to_former_end);
        let back = becomes(&|| question(options, hours), &|poll: &Value| !poll.is_null()).await;
        assert_eq!((&back["voted"], &back["own_votes"]), (&json!(false), &json!([])), "{back}");
        let counts = [0_usize, 1].map(|option| back["options"][option]["votes_count"].clone());
        assert_eq!(counts, [json!(0), json!(0)], "{back}");
        assert_eq!(ends_to_come(&scene).await, 0, "nobody has voted in it");
        assert_eq!(told().await, json!([]), "nothing has ended");
        votes().await;
    }
    scene.instance.clock.advance(start.0 + 3 * HOUR_MS + 1_000 - scene.instance.now_ms());
    assert!(until(|| async { (ends_to_come(&scene).await == 0).then_some(()) }).await.is_some(), "it ends");
    let told = told().await;
    assert_eq!((told.as_array().map(Vec::len), &told[0]["status"]["uri"]), (Some(1), &json!(id)), "{told}");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

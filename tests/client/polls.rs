//! Polls: making, voting, ending (client API, polls, statuses#create).

use crate::{
    call::{call, checked, id, raw, stranger},
    lab::{Person, World, comes},
};
use serde_json::{Value, json};

impl Person<'_> {
    /// A status with a poll that lasts ten minutes.
    async fn asks_people(&self, options: &[&str], more: &[(&str, &str)]) -> Value {
        let options: Vec<_> = options.iter().map(|option| ("poll[options][]", *option)).collect();
        self.writes("what do you say?", &[&options[..], &[("poll[expires_in]", "600")], more].concat()).await
    }
}

fn votes(poll: &Value) -> Vec<Value> {
    poll["options"].as_array().expect("options").iter().map(|option| option["votes_count"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_votes_once_and_counts_follow() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let status = ann.asks_people(&["yes", "no"], &[]).await;
    let poll = &status["poll"];
    assert_eq!((&poll["multiple"], &poll["expired"], &poll["voted"]), (&json!(false), &json!(false), &json!(true)));
    assert_eq!((votes(poll), &poll["voters_count"]), (vec![json!(0), json!(0)], &json!(0)));
    let path = format!("/api/v1/polls/{}", id(poll));
    let vote = format!("{path}/votes");
    for (choices, why) in [
        (&[][..], "nothing"),
        (&[("choices[]", "2")][..], "no such option"),
        (&[("choices[]", "x")][..], "no number"),
        (&[("choices[]", "0"), ("choices[]", "1")][..], "two of one"),
    ] {
        assert_eq!(ben.is_refused("POST", &vote, choices).await, 422, "{why}");
    }
    assert_eq!(ann.is_refused("POST", &vote, &[("choices[]", "0")]).await, 422, "one's own");
    let voted = ben.asks("POST", &vote, &[("choices[]", "1")]).await;
    assert_eq!(
        (votes(&voted), &voted["own_votes"], &voted["voted"]),
        (vec![json!(0), json!(1)], &json!([1]), &json!(true))
    );
    assert_eq!(ben.is_refused("POST", &vote, &[("choices[]", "1")]).await, 422, "a second time");
    assert_eq!(cat.asks("GET", &path, &[]).await["voted"], false);
    let seen = stranger(&home, &path).await;
    assert_eq!((seen.get("voted"), &seen["voters_count"], &seen["votes_count"]), (None, &json!(1), &json!(1)));
    assert_eq!(ann.is_refused("GET", "/api/v1/polls/1", &[]).await, 404);
    let plain = id(&ann.writes("no poll", &[]).await);
    assert_eq!(ann.is_refused("GET", &format!("/api/v1/polls/{plain}"), &[]).await, 404);
    let private = ann.asks_people(&["a", "b"], &[("visibility", "private")]).await;
    let hidden = format!("/api/v1/polls/{}", id(&private["poll"]));
    assert_eq!(ben.is_refused("GET", &hidden, &[]).await, 404);
    assert_eq!(ben.is_refused("POST", &format!("{hidden}/votes"), &[("choices[]", "0")]).await, 404);
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", cat.id), &[]).await;
    assert_eq!(cat.is_refused("GET", &path, &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_shows_hidden_counts_refuses_votes_and_tells_author_and_voters() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (tokens, poll) = {
        let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
        // As Mastodon.py sends it.
        let body = json!({ "status": "q", "poll": { "options": ["a", "b", "c"], "expires_in": "600", "multiple": "true", "hide_totals": "true" } });
        let made =
            raw(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", "application/json", &body.to_string()).await;
        checked("POST", "/api/v1/statuses", &made, true);
        let poll = id(&made.json()["poll"]);
        let voted =
            ben.asks("POST", &format!("/api/v1/polls/{poll}/votes"), &[("choices[]", "2"), ("choices[]", "0")]).await;
        assert_eq!((votes(&voted), &voted["own_votes"]), (vec![Value::Null; 3], &json!([0, 2])));
        assert_eq!((&voted["voters_count"], &voted["multiple"]), (&json!(1), &json!(true)));
        ([ann.token.clone(), ben.token.clone(), cat.token.clone()], poll)
    };
    home.restart_after(|_| {}).await;
    world.clock.advance(600_000);
    let path = format!("/api/v1/polls/{poll}");
    let seen = call(home.web(), Some(&tokens[2]), "GET", &path, &[]).await.json();
    assert_eq!((votes(&seen), &seen["expired"]), (vec![json!(1), json!(0), json!(1)], &json!(true)));
    let late = call(home.web(), Some(&tokens[2]), "POST", &format!("{path}/votes"), &[("choices[]", "0")]).await;
    assert_eq!(late.status, 422);
    for (token, told) in tokens.iter().zip([1, 1, 0]) {
        let list = comes(&format!("{told} notifications of polls"), async || {
            let list = call(home.web(), Some(token), "GET", "/api/v1/notifications?types[]=poll", &[]).await.json();
            (list.as_array().map(Vec::len) == Some(told)).then_some(list)
        })
        .await;
        assert!(told == 0 || list[0]["status"]["poll"]["id"] == json!(poll), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bounds_are_those_the_instance_names_and_an_edit_of_options_resets_votes() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let limits = stranger(&home, "/api/v2/instance").await["configuration"]["polls"].clone();
    assert_eq!(
        limits,
        json!({ "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746 })
    );
    let (longest, too_long) = ("x".repeat(50), "x".repeat(51));
    let made = |options: Vec<String>, expires_in: &'static str| {
        let (home, token) = (&home, ann.token.clone());
        async move {
            let body = json!({ "status": "q", "poll": { "options": options, "expires_in": expires_in } }).to_string();
            raw(home.web(), Some(&token), "POST", "/api/v1/statuses", "application/json", &body).await.status
        }
    };
    let options = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    assert_eq!(made(options(&["a", "b", "c", &longest]), "300").await, 200);
    assert_eq!(made(options(&["a", "b"]), "2629746").await, 200);
    for (texts, lasts) in [
        (options(&["a"]), "300"),
        (options(&["a", "b", "c", "d", "e"]), "300"),
        (options(&["a", &too_long]), "300"),
        (options(&["a", " "]), "300"),
        (options(&["a", "a"]), "300"),
        (options(&["a", "b"]), "299"),
        (options(&["a", "b"]), "2629747"),
        (options(&["a", "b"]), ""),
    ] {
        assert_eq!(made(texts.clone(), lasts).await, 422, "{texts:?} {lasts}");
    }

    let status = ann.asks_people(&["yes", "no"], &[]).await;
    let (path, poll) = (format!("/api/v1/statuses/{}", id(&status)), id(&status["poll"]));
    let vote = format!("/api/v1/polls/{poll}/votes");
    ben.asks("POST", &vote, &[("choices[]", "0")]).await;
    let edit = |text: &'static str, second: &'static str| {
        let fields =
            [("status", text), ("poll[options][]", "yes"), ("poll[options][]", second), ("poll[expires_in]", "600")];
        let (ann, path) = (&ann, &path);
        async move { ann.asks("PUT", path, &fields).await }
    };
    let same = edit("reworded", "no").await;
    assert_eq!(votes(&same["poll"]), [json!(1), json!(0)], "the same question keeps its votes");
    let other = edit("reworded", "never").await;
    assert_eq!((votes(&other["poll"]), &other["poll"]["voters_count"]), (vec![json!(0), json!(0)], &json!(0)));
    assert_eq!(
        ben.asks("POST", &vote, &[("choices[]", "1")]).await["own_votes"],
        json!([1]),
        "and may be answered anew"
    );
    let history = ann.asks("GET", &format!("{path}/history"), &[]).await;
    assert_eq!(history[2]["poll"]["options"][1]["title"], "never");
    assert_eq!(ann.asks("PUT", &path, &[("status", "no more questions")]).await["poll"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_answers_what_is_asked_anew_hears_of_its_end_too() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = ann.asks_people(&["yes", "no"], &[]).await;
    let path = format!("/api/v1/statuses/{}", id(&status));
    let vote = format!("/api/v1/polls/{}/votes", id(&status["poll"]));
    let mut heard: Vec<Value> = Vec::new();
    for second in ["no", "never"] {
        let fields = [
            ("status", "what do you say?"),
            ("poll[options][]", "yes"),
            ("poll[options][]", second),
            ("poll[expires_in]", "600"),
        ];
        ann.asks("PUT", &path, &fields).await;
        ben.asks("POST", &vote, &[("choices[]", "0")]).await;
        world.clock.advance(600_000);
        for person in [&ann, &ben] {
            let told = comes("the end of what was asked last", async || {
                let told = person.asks("GET", "/api/v1/notifications?types[]=poll", &[]).await;
                let [one] = told.as_array()?.as_slice() else { return None };
                (!heard.contains(&one["id"])).then(|| one["id"].clone())
            })
            .await;
            heard.push(told);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_asks_the_same_moves_the_end_and_what_is_over_stays_so() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = ann.asks_people(&["yes", "no"], &[]).await;
    let path = format!("/api/v1/statuses/{}", id(&status));
    let poll = format!("/api/v1/polls/{}", id(&status["poll"]));
    ben.asks("POST", &format!("{poll}/votes"), &[("choices[]", "0")]).await;
    let edit = |text: &'static str, lasts: &'static str| {
        let fields =
            [("status", text), ("poll[options][]", "yes"), ("poll[options][]", "no"), ("poll[expires_in]", lasts)];
        let (ann, path) = (&ann, &path);
        async move { ann.asks("PUT", path, &fields).await }
    };
    world.clock.advance(300_000);
    let moved = edit("what do you say?", "600").await;
    let end = |status: &Value| status["poll"]["expires_at"].as_str().expect("an end").to_owned();
    assert!(end(&moved) > end(&status), "though the text is the same: {moved}");
    assert_eq!(votes(&moved["poll"]), [json!(1), json!(0)], "the votes stay");
    world.clock.advance(300_000);
    assert_eq!(ben.asks("GET", &poll, &[]).await["expired"], false, "its first end has passed");
    world.clock.advance(300_000);
    assert_eq!(ben.asks("GET", &poll, &[]).await["expired"], true, "ten minutes after the edit");
    let told = comes("its end", async || {
        let told = ben.asks("GET", "/api/v1/notifications?types[]=poll", &[]).await;
        (!told.as_array()?.is_empty()).then_some(told)
    });
    assert_eq!(told.await.as_array().map(Vec::len), Some(1));
    let over = edit("what did you say?", "900").await;
    assert_eq!((end(&over), &over["poll"]["expired"]), (end(&moved), &json!(true)), "{over}");

    let longer = ann.asks_people(&["a", "b"], &[]).await;
    world.clock.advance(1_000);
    let path = format!("/api/v1/statuses/{}", id(&longer));
    let fields =
        [("status", "sooner"), ("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[expires_in]", "300")];
    let sooner = ann.asks("PUT", &path, &fields).await;
    assert!(end(&sooner) < end(&longer), "{sooner}");
}

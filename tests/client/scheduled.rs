//! Posting later (client API, scheduled_statuses, statuses#create).

use crate::{
    call::{call, checked, id, ids, link, raw},
    lab::{Instance, Person, World},
    pictures::{form, form_type, jpeg},
    web::{PATIENCE, Reply},
};
use dassie::limits;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use storage::user::Role;

/// A day and a half after the clock starts.
const TOMORROW_NOON: &str = "2026-01-02T12:00:00Z";

impl Person<'_> {
    async fn schedules(&self, text: &str, at: &str, fields: &[(&str, &str)]) -> Value {
        self.writes(text, &[&[("scheduled_at", at)], fields].concat()).await
    }

    async fn waiting(&self) -> Value {
        self.asks("GET", "/api/v1/scheduled_statuses", &[]).await
    }

    async fn posted(&self) -> Value {
        self.asks("GET", &format!("/api/v1/accounts/{}/statuses", self.id), &[]).await
    }

    async fn shows(&self, number: u8) -> String {
        let (bearer, kind) = (format!("Bearer {}", self.token), form_type());
        let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
        let reply =
            self.home.web().send("POST", "/api/v1/media", &headers, &form(&[], &[("file", &jpeg(8, 8, number))])).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        id(&reply.json())
    }

    /// Posts with an Idempotency-Key.
    async fn keyed(&self, key: &str, fields: &[(&str, &str)]) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers =
            [("authorization", bearer.as_str()), ("content-type", crate::call::FORM), ("idempotency-key", key)];
        let body = crate::web::form(fields);
        let reply = self.home.web().send("POST", "/api/v1/statuses", &headers, body.as_bytes()).await;
        checked("POST", "/api/v1/statuses", &reply, true);
        reply
    }

    /// Waits until nothing waits any more.
    async fn until_nothing_waits(&self) {
        self.until("/api/v1/scheduled_statuses", |list| list == &json!([])).await;
    }
}

fn seconds_from_start(seconds: i64) -> String {
    let start = storage::Timestamp(1_767_225_600_000);
    dassie::clock::iso(start.plus_ms(seconds * 1_000))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_scheduled_waits_with_all_it_was_given_and_is_posted_once_at_its_time() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (token, author) = {
        let (ann, ben) = (home.person("ann").await, home.person("ben").await);
        let root = ben.writes("root", &[]).await;
        let picture = ann.shows(1).await;
        let fields = [
            ("media_ids[]", picture.as_str()),
            ("in_reply_to_id", &id(&root)),
            ("quoted_status_id", &id(&root)),
            ("quote_approval_policy", "followers"),
            ("spoiler_text", "later"),
            ("language", "de"),
            ("visibility", "unlisted"),
        ];
        let made = ann.schedules("@ben good morning #day", TOMORROW_NOON, &fields).await;
        assert_eq!(made["scheduled_at"], "2026-01-02T12:00:00.000Z");
        let said = &made["params"];
        assert_eq!((&said["text"], &said["spoiler_text"]), (&json!("@ben good morning #day"), &json!("later")));
        assert_eq!((&said["visibility"], &said["language"]), (&json!("unlisted"), &json!("de")));
        assert_eq!((&said["media_ids"], &made["media_attachments"][0]["id"]), (&json!([picture]), &json!(picture)));
        assert_eq!(said["in_reply_to_id"].as_u64().map(|id| id.to_string()), root["id"].as_str().map(str::to_owned));
        assert_eq!((&said["quoted_status_id"], &said["quote_approval_policy"]), (&root["id"], &json!("followers")));
        assert_eq!(ann.waiting().await, json!([made]));
        let path = format!("/api/v1/scheduled_statuses/{}", id(&made));
        assert_eq!(ann.asks("GET", &path, &[]).await, made);
        assert_eq!(ben.waiting().await, json!([]));
        for method in ["GET", "PUT", "DELETE"] {
            assert_eq!(ben.is_refused(method, &path, &[]).await, 404, "{method}");
        }
        assert_eq!(ann.posted().await, json!([]), "nothing yet");
        world.clock.advance(35 * 3_600_000);
        assert_eq!(ids(&ann.waiting().await), [id(&made)], "an hour before");
        (ann.token.clone(), ann.id)
    };
    // Its time comes while the server is down.
    home.restart_after(|_| world.clock.advance(3_600_000)).await;
    let ann = Person { home: &home, name: "ann".to_owned(), id: author, token };
    ann.until_nothing_waits().await;
    let posted = ann.posted().await;
    assert_eq!(posted.as_array().map(Vec::len), Some(1), "{posted}");
    let status = &posted[0];
    assert_eq!((&status["visibility"], &status["language"]), (&json!("unlisted"), &json!("de")));
    assert_eq!((&status["spoiler_text"], &status["sensitive"]), (&json!("later"), &json!(true)));
    assert_eq!((&status["mentions"][0]["acct"], &status["tags"][0]["name"]), (&json!("ben"), &json!("day")));
    assert_eq!(
        (status["media_attachments"].as_array().map(Vec::len), &status["quote"]["state"]),
        (Some(1), &json!("accepted"))
    );
    assert_eq!(
        (&status["application"]["name"], &status["quote_approval"]["automatic"]),
        (&json!("tests"), &json!(["followers"]))
    );
    assert!(status["in_reply_to_id"].is_string() && status["created_at"] == "2026-01-02T12:00:00.000Z", "{status}");
    ann.schedules("a mark", "2026-01-02T12:30:00Z", &[]).await;
    world.clock.advance(3_600_000);
    ann.until_nothing_waits().await;
    assert_eq!(ann.posted().await.as_array().map(Vec::len), Some(2), "and never again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_must_be_five_minutes_ahead_and_what_is_past_is_posted_now() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    for (at, why) in [
        (seconds_from_start(1), "Validation failed: Scheduled at date must be in the future"),
        (seconds_from_start(299), "Validation failed: Scheduled at date must be in the future"),
        ("soon".to_owned(), "Validation failed: Scheduled at is not a time"),
    ] {
        let fields = [("status", "x"), ("scheduled_at", at.as_str())];
        let reply = call(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", &fields).await;
        assert_eq!((reply.status, &reply.json()["error"]), (422, &json!(why)), "{at}");
    }
    let now = ann.schedules("posted now", &seconds_from_start(-1), &[]).await;
    assert_eq!(now["content"], "<p>posted now</p>");
    let soon = ann.schedules("later", &seconds_from_start(300), &[]).await;
    assert_eq!(ids(&ann.waiting().await), [id(&soon)]);
    let path = format!("/api/v1/scheduled_statuses/{}", id(&soon));
    let near = seconds_from_start(200);
    assert_eq!(ann.is_refused("PUT", &path, &[("scheduled_at", &near)]).await, 422);
    let moved = ann.asks("PUT", &path, &[("scheduled_at", &seconds_from_start(600))]).await;
    assert_eq!(moved["scheduled_at"], seconds_from_start(600));
    assert_eq!(ann.asks("PUT", &path, &[]).await, moved, "without a time nothing changes");
    ann.schedules("a mark", &seconds_from_start(300), &[]).await;
    world.clock.advance(301_000);
    let left = ann.until("/api/v1/scheduled_statuses", |list| ids(list).len() == 1).await;
    assert_eq!(ids(&left), [id(&soon)], "the first time counts no more");
    for (fields, why) in [
        (&[("status", " ")][..], "empty"),
        (&[("status", "x"), ("visibility", "loud")], "no such visibility"),
        (&[("status", "x"), ("in_reply_to_id", "1")], "an unknown parent"),
        (&[("status", "x"), ("poll[options][]", "one"), ("poll[expires_in]", "600")], "half a poll"),
        (&[("status", "x"), ("media_ids[]", "1")], "no such picture"),
    ] {
        let later = seconds_from_start(4_000);
        let fields = [fields, &[("scheduled_at", later.as_str())]].concat();
        let refused = ann.is_refused("POST", "/api/v1/statuses", &fields).await;
        assert!(refused == 422 || refused == 404, "{why}: {refused}");
    }
    let long = "x".repeat(limits::STATUS_CHARS_MAX + 1);
    let later = seconds_from_start(4_000);
    assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &[("status", &long), ("scheduled_at", &later)]).await, 422);
    assert_eq!(ids(&ann.waiting().await), [id(&soon)], "nothing of it was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_do_what_with_it_is_kept_over_a_restart_and_holds_once_it_is_posted() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (token, author) = {
        let ann = home.person("ann").await;
        let policy = [
            ("interaction_policy[can_reply][always][]", "followers"),
            ("interaction_policy[can_reply][with_approval][]", "public"),
            ("interaction_policy[can_favourite][always][]", "author"),
        ];
        let made = ann.schedules("not for everybody", TOMORROW_NOON, &policy).await;
        let said = &made["params"]["interaction_policy"];
        assert_eq!(said["can_reply"]["always"], json!(["author", "followers", "mentioned"]), "{made}");
        assert_eq!(said["can_reply"]["manual_approval"], json!(["public"]));
        assert_eq!(said["can_favourite"]["automatic_approval"], json!(["author"]));
        assert_eq!(said["can_reblog"]["always"], json!(["public"]), "what is left out everybody may");
        assert_eq!(ann.waiting().await, json!([made]));
        let path = format!("/api/v1/scheduled_statuses/{}", id(&made));
        let moved = ann.asks("PUT", &path, &[("scheduled_at", "2026-01-02T13:00:00Z")]).await;
        assert_eq!(&moved["params"]["interaction_policy"], said, "also at another time");
        let bad =
            [("status", "x"), ("scheduled_at", TOMORROW_NOON), ("interaction_policy[can_reply][always][]", "foes")];
        assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &bad).await, 422);

        // Who says nothing is held to what is the default by then.
        let plain = ann.schedules("as ever", "2026-01-02T13:30:00Z", &[]).await;
        assert!(plain["params"].get("interaction_policy").is_none(), "{plain}");
        let few = [("public[can_reblog][always][]", "author")];
        ann.asks("PATCH", "/api/v1/interaction_policies/defaults", &few).await;
        (ann.token.clone(), ann.id)
    };
    home.restart_after(|_| world.clock.advance(38 * 3_600_000)).await;
    let ann = Person { home: &home, name: "ann".to_owned(), id: author, token };
    let ben = home.person("ben").await;
    ann.until_nothing_waits().await;
    let posted = ben.asks("GET", &format!("/api/v1/accounts/{author}/statuses"), &[]).await;
    let of =
        |content: &str| posted.as_array().and_then(|list| list.iter().find(|one| one["content"] == content)).cloned();
    let kept = of("<p>not for everybody</p>").expect("posted");
    assert_eq!(kept["interaction_policy"]["can_reply"]["manual_approval"], json!(["public", "me"]), "{kept}");
    assert_eq!(kept["interaction_policy"]["can_reblog"]["always"], json!(["public", "me"]), "not the default");
    let path = format!("/api/v1/statuses/{}", id(&kept));
    assert_eq!(ben.is_refused("POST", &format!("{path}/favourite"), &[]).await, 403);
    let plain = of("<p>as ever</p>").expect("posted");
    assert_eq!(plain["interaction_policy"]["can_reblog"]["always"], json!(["author"]), "{plain}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_kept_for_it_alone_and_free_again_when_it_is_taken_back() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let picture = ann.shows(1).await;
    let at = seconds_from_start(10 * 86_400);
    let made = ann.schedules("a picture", &at, &[("media_ids[]", &picture)]).await;
    let second = [("status", "x"), ("media_ids[]", picture.as_str())];
    assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &second).await, 422);
    assert_eq!(
        ann.is_refused("POST", "/api/v1/statuses", &[&second[..], &[("scheduled_at", &at)]].concat()).await,
        422
    );
    let media = format!("/api/v1/media/{picture}");
    assert_eq!(ann.is_refused("DELETE", &media, &[]).await, 422);
    // Days after it would have been forgotten, and then once more.
    for _ in 0..2 {
        world.clock.advance(3 * 86_400_000);
        while home.server().write(dassie::media::drop_loose).await.expect("swept") {}
        ann.asks("GET", &media, &[]).await;
    }
    let path = format!("/api/v1/scheduled_statuses/{}", id(&made));
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(ann.is_refused("DELETE", &path, &[]).await, 404);
    assert_eq!(ann.waiting().await, json!([]));
    ann.schedules("a mark", &at, &[]).await;
    world.clock.advance(5 * 86_400_000);
    ann.until_nothing_waits().await;
    assert_eq!(ids(&ann.posted().await).len(), 1, "what was taken back is not posted");
    let again = ann.shows(2).await;
    let late = seconds_from_start(20 * 86_400);
    let kept = ann.schedules("another", &late, &[("media_ids[]", &again)]).await;
    ann.asks("DELETE", &format!("/api/v1/scheduled_statuses/{}", id(&kept)), &[]).await;
    assert_eq!(ann.writes("now", &[("media_ids[]", &again)]).await["media_attachments"][0]["id"], json!(again));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_schedules_once_and_means_the_status_once_it_is_posted() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let at = seconds_from_start(600);
    let fields = [("status", "once"), ("scheduled_at", at.as_str())];
    let first = ann.keyed("k", &fields).await;
    assert_eq!((first.status, &first.json()["params"]["idempotency"]), (200, &json!("k")));
    assert_eq!(ann.keyed("k", &fields).await.json(), first.json());
    assert_eq!(ann.waiting().await, json!([first.json()]));
    world.clock.advance(600_000);
    ann.until_nothing_waits().await;
    let posted = ann.posted().await;
    let repeated = ann.keyed("k", &fields).await;
    assert_eq!((repeated.status, id(&repeated.json())), (200, id(&posted[0])));
    assert_eq!(ann.posted().await.as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_come_in_pages_and_bounds_are_mastodons() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut made = Vec::new();
    for day in 1..=12 {
        for _ in 0..limits::SCHEDULED_A_DAY_MAX {
            let at = format!("2026-02-{day:02}T23:59:00Z");
            made.push(id(&ann.schedules("x", &at, &[]).await));
        }
        let full = format!("2026-02-{day:02}T00:00:00Z");
        let fields = [("status", "x"), ("scheduled_at", full.as_str())];
        let reply = call(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", &fields).await;
        let why = if day < 12 {
            "Validation failed: You have exceeded the limit of 25 scheduled posts for today"
        } else {
            "Validation failed: You have exceeded the limit of 300 scheduled posts"
        };
        assert_eq!((reply.status, &reply.json()["error"]), (422, &json!(why)), "{day}");
    }
    assert_eq!(made.len(), limits::SCHEDULED_MAX);
    let full = format!("/api/v1/scheduled_statuses/{}", made[0]);
    assert_eq!(ann.is_refused("PUT", &full, &[("scheduled_at", "2026-02-02T10:00:00Z")]).await, 422, "a full day");
    ann.asks("PUT", &full, &[("scheduled_at", "2026-02-01T10:00:00Z")]).await;
    ben.schedules("others have room", "2026-02-01T10:00:00Z", &[]).await;

    made.reverse();
    let (mut seen, mut next) = (Vec::new(), Some("/api/v1/scheduled_statuses?limit=40".to_owned()));
    while let Some(path) = next {
        let reply = raw(home.web(), Some(&ann.token), "GET", &path, "", "").await;
        checked("GET", &path, &reply, true);
        seen.extend(ids(&reply.json()));
        assert!(seen.len() <= made.len(), "{path}");
        next = link(&reply, "next");
    }
    assert_eq!(seen, made);
    let newer = format!("/api/v1/scheduled_statuses?limit=2&min_id={}", made[4]);
    assert_eq!(ids(&ann.asks("GET", &newer, &[]).await), made[2..4]);
    let reader = home.user("cat", Role::User, &["read:statuses"]).await;
    assert_eq!(reader.waiting().await, json!([]));
    assert_eq!(reader.is_refused("DELETE", &full, &[]).await, 403);
    let writer = home.user("dan", Role::User, &["write:statuses"]).await;
    assert_eq!(writer.is_refused("GET", "/api/v1/scheduled_statuses", &[]).await, 403);
    assert_eq!(call(home.web(), None, "GET", "/api/v1/scheduled_statuses", &[]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_begins_when_it_is_posted() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let poll = [
        ("poll[options][]", "tea"),
        ("poll[options][]", "coffee"),
        ("poll[expires_in]", "900"),
        ("poll[hide_totals]", "true"),
    ];
    let made = ann.schedules("which?", &seconds_from_start(3_600), &poll).await;
    let kept = json!({ "options": ["tea", "coffee"], "expires_in": 900, "multiple": false, "hide_totals": true });
    assert_eq!(made["params"]["poll"], kept);
    world.clock.advance(3_600_000);
    ann.until_nothing_waits().await;
    let status = &ann.posted().await[0];
    assert_eq!(status["poll"]["expires_at"], seconds_from_start(3_600 + 900), "{status}");
    assert_eq!(status["poll"]["options"][0]["votes_count"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_posted_any_more_is_given_up() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let root = id(&ben.writes("root", &[]).await);
    ann.schedules("an answer to nothing", &seconds_from_start(600), &[("in_reply_to_id", &root)]).await;
    ann.schedules("a quote of nothing", &seconds_from_start(600), &[("quoted_status_id", &root)]).await;
    let stays = ann.schedules("by itself", &seconds_from_start(600), &[]).await;
    ben.asks("DELETE", &format!("/api/v1/statuses/{root}"), &[]).await;
    world.clock.advance(600_000);
    ann.until_nothing_waits().await;
    let posted = ann.posted().await;
    assert_eq!(posted.as_array().map(Vec::len), Some(1), "{posted}");
    assert_eq!(posted[0]["content"], "<p>by itself</p>", "{stays}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_person_posts_nothing_later_and_a_disabled_one_neither() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let staff = home.staff("ada", Role::Owner).await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    for who in [&ann, &ben] {
        for _ in 0..30 {
            let day = if who.waiting().await.as_array().map(Vec::len) < Some(20) { 1 } else { 2 };
            who.schedules("later", &seconds_from_start(day * 86_400), &[]).await;
        }
    }
    act(&staff, &ann, "suspend").await;
    act(&staff, &ben, "disable").await;
    let left = |home: &Instance, who: storage::AccountId| {
        let server = home.server().clone();
        async move {
            let look = move |view: &storage::View<'_>| {
                let bounds = storage::Bounds::NONE;
                Ok(storage::scheduled::of_account(view, who, bounds, storage::Direction::Ascending, 400)?.len())
            };
            server.read(look).await.expect("read")
        }
    };
    let gone = async |who: storage::AccountId| {
        let deadline = Instant::now() + PATIENCE;
        while left(&home, who).await > 0 {
            assert!(Instant::now() < deadline, "something still waits");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    gone(ann.id).await;
    assert_eq!(left(&home, ben.id).await, 30);
    world.clock.advance(3 * 86_400_000);
    gone(ben.id).await;
    for (who, back) in [(&ann, "unsuspend"), (&ben, "enable")] {
        staff.post(&format!("/api/v1/admin/accounts/{}/{back}", who.id), &[]).await;
        assert_eq!(who.posted().await, json!([]));
    }
}

async fn act(staff: &Person<'_>, whom: &Person<'_>, kind: &str) {
    staff.post(&format!("/api/v1/admin/accounts/{}/action", whom.id), &[("type", kind)]).await;
}

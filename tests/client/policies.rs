//! Who may favourite, answer and reblog, and what waits for the author's word, among people of one instance
//! (GoToSocial, interaction policies).

use crate::{
    call::{id, ids, raw, stranger},
    lab::World,
};
use serde_json::{Value, json};

const REQUESTS: &str = "/api/v1/interaction_requests";
const DEFAULTS: &str = "/api/v1/interaction_policies/defaults";

fn path(status: &str) -> String {
    format!("/api/v1/statuses/{status}")
}

fn free(rule: &Value) -> &Value {
    assert_eq!(rule["always"], rule["automatic_approval"], "{rule}");
    assert_eq!(rule["with_approval"], rule["manual_approval"], "{rule}");
    &rule["automatic_approval"]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_is_given_in_every_encoding_shown_and_changed_by_an_edit() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let open = ann.writes("for all", &[]).await;
    assert_eq!(free(&open["interaction_policy"]["can_reply"]), &json!(["public", "me"]));
    let strange = stranger(&home, &path(&id(&open))).await;
    assert_eq!(free(&strange["interaction_policy"]["can_favourite"]), &json!(["public"]));
    let few = ann.writes("for followers", &[("visibility", "private")]).await;
    assert_eq!(free(&few["interaction_policy"]["can_reblog"]), &json!(["author", "me"]));

    let fields = [
        ("interaction_policy[can_reply][always][]", "followers"),
        ("interaction_policy[can_reply][with_approval][]", "public"),
        ("interaction_policy[can_favourite][always][0]", "author"),
        ("interaction_policy[can_reblog][automatic_approval][]", "following"),
    ];
    let form = ann.writes("by form", &fields).await;
    let given = json!({"status": "by JSON", "interaction_policy": {
        "can_reply": {"automatic_approval": ["followers"], "manual_approval": ["public"]},
        "can_favourite": {"always": ["author", "me"], "with_approval": []},
        "can_reblog": {"always": ["following"]}}});
    let reply =
        raw(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", "application/json", &given.to_string()).await;
    let parts: String = fields
        .iter()
        .chain(&[("status", "by multipart")])
        .map(|(name, value)| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .collect();
    let kind = "multipart/form-data; boundary=x";
    let multipart =
        raw(home.web(), Some(&ann.token), "POST", "/api/v1/statuses", kind, &format!("{parts}--x--\r\n")).await;
    for made in [form.clone(), reply.json(), multipart.json()] {
        let seen = ben.asks("GET", &path(&id(&made)), &[]).await;
        let policy = &seen["interaction_policy"];
        assert_eq!(free(&policy["can_reply"]), &json!(["author", "followers", "mentioned"]), "{seen}");
        assert_eq!(policy["can_reply"]["manual_approval"], json!(["public", "me"]));
        assert_eq!(free(&policy["can_favourite"]), &json!(["author"]));
        assert_eq!(free(&policy["can_reblog"]), &json!(["author", "following"]));
    }
    let unknown = [("status", "x"), ("interaction_policy[can_reply][always][]", "urn:x")];
    assert_eq!(ann.is_refused("POST", "/api/v1/statuses", &unknown).await, 422);

    world.clock.advance(1_000);
    // The same text: an edit of the policy alone, which is no version.
    let all = ("interaction_policy[can_reply][always][]", "public");
    let changed = ann.asks("PUT", &path(&id(&form)), &[("status", "by form"), all]).await;
    assert_eq!(free(&changed["interaction_policy"]["can_reply"]), &json!(["public", "me"]));
    assert_eq!(free(&changed["interaction_policy"]["can_favourite"]), &json!(["public", "me"]));
    assert_eq!(changed["edited_at"], Value::Null);
    let kept = ann.asks("PUT", &path(&id(&form)), &[("status", "another text")]).await;
    assert_eq!(free(&kept["interaction_policy"]["can_reply"]), &json!(["public", "me"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn defaults_stand_for_new_posts_of_their_visibility_until_they_are_left_out() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let ann = home.person("ann").await;
    let reader = home.user("reader", storage::user::Role::User, &["read"]).await;
    let first = ann.asks("GET", DEFAULTS, &[]).await;
    assert_eq!(free(&first["public"]["can_reply"]), &json!(["public"]));
    assert_eq!(free(&first["direct"]["can_reblog"]), &json!(["author"]));
    let changed = ann.asks("PATCH", DEFAULTS, &[("unlisted[can_reply][always][]", "author")]).await;
    assert_eq!(free(&changed["unlisted"]["can_reply"]), &json!(["author", "mentioned"]));
    let quiet = ann.writes("quiet", &[("visibility", "unlisted")]).await;
    assert_eq!(free(&quiet["interaction_policy"]["can_reply"]), &json!(["author", "mentioned", "me"]));
    let loud = ann.writes("loud", &[]).await;
    assert_eq!(free(&loud["interaction_policy"]["can_reply"]), &json!(["public", "me"]));
    let back = ann.asks("PATCH", DEFAULTS, &[("public[can_reblog][always][]", "author")]).await;
    assert_eq!(free(&back["unlisted"]["can_reply"]), &json!(["public"]));
    assert_eq!(reader.is_refused("PATCH", DEFAULTS, &[("public[can_reblog][always][]", "author")]).await, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_policy_does_not_let_is_refused_and_the_named_may_answer() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let closed = [
        ("interaction_policy[can_reply][always][]", "author"),
        ("interaction_policy[can_favourite][always][]", "followers"),
        ("interaction_policy[can_reblog][always][]", "author"),
    ];
    let status = id(&ann.writes("closed, but for @cat", &closed).await);
    let answer = [("status", "but"), ("in_reply_to_id", status.as_str())];
    assert_eq!(ben.is_refused("POST", "/api/v1/statuses", &answer).await, 403);
    for act in ["favourite", "reblog"] {
        assert_eq!(ben.is_refused("POST", &format!("{}/{act}", path(&status)), &[]).await, 403);
    }
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    assert_eq!(ben.asks("POST", &format!("{}/favourite", path(&status)), &[]).await["favourites_count"], 1);
    cat.writes("I may", &[("in_reply_to_id", &status)]).await;
    ann.asks("POST", &format!("{}/reblog", path(&status)), &[]).await;
    let seen = stranger(&home, &path(&status)).await;
    assert_eq!([&seen["replies_count"], &seen["reblogs_count"]], [&json!(1), &json!(1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_seen_by_two_counts_once_authorized_and_goes_when_rejected() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let asked = [
        ("interaction_policy[can_reply][with_approval][]", "public"),
        ("interaction_policy[can_favourite][with_approval][]", "public"),
        ("interaction_policy[can_reblog][with_approval][]", "public"),
    ];
    let status = id(&ann.writes("ask me", &asked).await);
    let liked = ben.asks("POST", &format!("{}/favourite", path(&status)), &[]).await;
    assert_eq!((&liked["favourited"], &liked["favourites_count"]), (&json!(true), &json!(0)));
    let shared = ben.asks("POST", &format!("{}/reblog", path(&status)), &[]).await;
    assert_eq!((id(&shared["reblog"]), &shared["reblog"]["reblogs_count"]), (status.clone(), &json!(0)));
    // A second time nothing new is asked.
    let again = ben.asks("POST", &format!("{}/reblog", path(&status)), &[]).await;
    assert_eq!(id(&again), id(&shared));
    let reply = id(&ben.writes("may I, @cat?", &[("in_reply_to_id", &status)]).await);

    for kind in ["pending.favourite", "pending.reblog", "pending.reply"] {
        assert_eq!(ann.is_told(kind).await["account"]["acct"], "ben");
    }
    let list = ann.asks("GET", REQUESTS, &[]).await;
    let kinds: Vec<_> = list.as_array().expect("a list").iter().map(|one| one["type"].as_str()).collect();
    assert_eq!(kinds, [Some("reply"), Some("reblog"), Some("favourite")]);
    let [waits, shares, likes] = <[String; 3]>::try_from(ids(&list)).expect("three");
    assert_eq!((id(&list[0]["status"]), id(&list[0]["reply"])), (status.clone(), reply.clone()));
    assert_eq!(
        ids(&ann.asks("GET", &format!("{REQUESTS}?favourites=false&reblogs=false"), &[]).await),
        std::slice::from_ref(&waits)
    );
    assert_eq!(ann.asks("GET", &format!("{REQUESTS}?status_id=1"), &[]).await, json!([]));
    assert_eq!(
        ids(&ann.asks("GET", &format!("{REQUESTS}?max_id={waits}&limit=1"), &[]).await),
        std::slice::from_ref(&shares)
    );
    let none = format!("{REQUESTS}?favourites=false&reblogs=false&replies=false");
    assert_eq!(ann.is_refused("GET", &none, &[]).await, 422);
    assert_eq!(ben.is_refused("GET", &format!("{REQUESTS}/{waits}"), &[]).await, 404);
    assert_eq!(cat.is_refused("POST", &format!("{REQUESTS}/{likes}/authorize"), &[]).await, 404);

    // The reply is there for the two of them, and nobody else hears of it.
    assert_eq!(cat.is_refused("GET", &path(&reply), &[]).await, 404);
    assert_eq!(cat.asks("GET", "/api/v1/notifications", &[]).await, json!([]));
    for who in [&ann, &ben] {
        who.asks("GET", &path(&reply), &[]).await;
    }
    let context = |who: Value| ids(&who["descendants"]);
    assert!(context(cat.asks("GET", &format!("{}/context", path(&status)), &[]).await).is_empty());
    assert_eq!(
        context(ann.asks("GET", &format!("{}/context", path(&status)), &[]).await),
        std::slice::from_ref(&reply)
    );
    assert_eq!(stranger(&home, &path(&status)).await["replies_count"], 0);
    let below = [("status", "below"), ("in_reply_to_id", reply.as_str())];
    assert_eq!(ben.is_refused("POST", "/api/v1/statuses", &below).await, 403, "nothing hangs on what waits");

    for request in [&waits, &shares, &likes] {
        let done = ann.asks("POST", &format!("{REQUESTS}/{request}/authorize"), &[]).await;
        assert!(done["accepted_at"].is_string() && done["uri"].is_string() && done["rejected_at"].is_null(), "{done}");
        assert_eq!(ann.asks("GET", &format!("{REQUESTS}/{request}"), &[]).await["accepted_at"], done["accepted_at"]);
    }
    assert_eq!(ann.asks("GET", REQUESTS, &[]).await, json!([]));
    assert_eq!(ann.is_refused("POST", &format!("{REQUESTS}/{likes}/reject"), &[]).await, 404);
    let seen = stranger(&home, &path(&status)).await;
    let counts = ["replies_count", "reblogs_count", "favourites_count"].map(|name| seen[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(1)]);
    assert_eq!(id(&cat.is_told("mention").await["status"]), reply);
    for kind in ["favourite", "reblog"] {
        ann.is_told(kind).await;
    }

    // Rejected: the reply goes, and what else was asked cannot be asked again.
    let no = id(&cat.writes("and I?", &[("in_reply_to_id", &status)]).await);
    cat.asks("POST", &format!("{}/favourite", path(&status)), &[]).await;
    let list = ann.asks("GET", REQUESTS, &[]).await;
    for request in ids(&list) {
        let done = ann.asks("POST", &format!("{REQUESTS}/{request}/reject"), &[]).await;
        assert!(done["rejected_at"].is_string() && done["accepted_at"].is_null(), "{done}");
    }
    assert_eq!(cat.is_refused("GET", &path(&no), &[]).await, 404);
    assert_eq!(cat.asks("GET", &path(&status), &[]).await["favourited"], false);
    assert_eq!(cat.is_refused("POST", &format!("{}/favourite", path(&status)), &[]).await, 403);
    assert_eq!(stranger(&home, &path(&status)).await["replies_count"], 1);

    // Taken back while it waits, and after.
    let second = id(&ann.writes("ask again", &asked).await);
    let shared = id(&ben.asks("POST", &format!("{}/reblog", path(&second)), &[]).await);
    ben.asks("POST", &format!("{}/favourite", path(&second)), &[]).await;
    ben.asks("POST", &format!("{}/unreblog", path(&shared)), &[]).await;
    let undone = ben.asks("POST", &format!("{}/unfavourite", path(&second)), &[]).await;
    assert_eq!((&undone["favourited"], &undone["reblogged"]), (&json!(false), &json!(false)));
    assert_eq!(ann.asks("GET", REQUESTS, &[]).await, json!([]));
    let undone = ben.asks("POST", &format!("{}/unfavourite", path(&status)), &[]).await;
    assert_eq!(undone["favourites_count"], 0);
    assert_eq!(ann.is_refused("GET", &format!("{REQUESTS}/{likes}"), &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_tells_only_who_asks_for_it_and_a_reply_for_few_must_be_for_who_is_asked() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let asked = [("interaction_policy[can_reply][with_approval][]", "public")];
    let status = id(&ann.writes("ask me", &asked).await);
    for visibility in ["private", "direct"] {
        let secret = [("status", "among us"), ("in_reply_to_id", status.as_str()), ("visibility", visibility)];
        assert_eq!(ben.is_refused("POST", "/api/v1/statuses", &secret).await, 403, "{visibility}");
    }
    let reply = id(&ben.writes("@ann among us", &[("in_reply_to_id", &status), ("visibility", "direct")]).await);
    assert_eq!(id(&ann.is_told("pending.reply").await["status"]), reply);
    assert_eq!(ann.asks("GET", "/api/v1/notifications", &[]).await, json!([]));
    assert_eq!(ann.asks("GET", "/api/v1/notifications/unread_count", &[]).await["count"], 0);
}

//! What is filtered of notifications, and requests of whom it was filtered (client API, notifications: policy, requests).

use crate::{
    call::{call, id, ids, link},
    lab::{Instance, Person, World},
    streaming::Socket,
    web::Reply,
};
use serde_json::{Value, json};
use storage::user::Role;

const POLICY: &str = "/api/v2/notifications/policy";
const V1_POLICY: &str = "/api/v1/notifications/policy";
const REQUESTS: &str = "/api/v1/notifications/requests";
const DIRECT: (&str, &str) = ("visibility", "direct");

async fn requests(of: &Person<'_>) -> Vec<Value> {
    of.asks("GET", REQUESTS, &[]).await.as_array().expect("a list").clone()
}

/// The statuses of the notifications under `path`.
async fn told(of: &Person<'_>, path: &str) -> Vec<String> {
    let list = of.asks("GET", path, &[]).await;
    list.as_array().expect("a list").iter().map(|told| id(&told["status"])).collect()
}

async fn accept(of: &Person<'_>, request: &Value) {
    let path = format!("{REQUESTS}/{}/accept", id(request));
    assert_eq!(of.asks("POST", &path, &[]).await, json!({}));
    merged(of).await;
}

async fn merged(of: &Person<'_>) {
    of.until(&format!("{REQUESTS}/merged"), |answer| answer["merged"] == true).await;
    assert_eq!(of.asks("GET", &format!("{REQUESTS}/merged"), &[]).await, json!({ "merged": true }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_begins_as_mastodons_and_both_forms_change_it() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let begins = json!({
        "for_not_following": "accept", "for_not_followers": "accept", "for_new_accounts": "accept",
        "for_private_mentions": "filter", "for_limited_accounts": "filter", "for_bots": "accept",
        "summary": { "pending_requests_count": 0, "pending_notifications_count": 0 },
    });
    assert_eq!(ann.asks("GET", POLICY, &[]).await, begins);
    let change = [("for_not_following", "drop"), ("for_new_accounts", "filter"), ("for_bots", "drop")];
    let changed = ann.asks("PATCH", POLICY, &change).await;
    assert_eq!((&changed["for_not_following"], &changed["for_bots"]), (&json!("drop"), &json!("drop")));
    assert_eq!((&changed["for_new_accounts"], &changed["for_private_mentions"]), (&json!("filter"), &json!("filter")));
    assert_eq!(ann.is_refused("PATCH", POLICY, &[("for_new_accounts", "hide")]).await, 422);
    let same = ann.asks("PATCH", POLICY, &[]).await;
    assert_eq!(same, changed, "a refusal and an empty change leave it");

    let v1 = ann.get(V1_POLICY).await;
    assert_eq!((&v1["filter_not_following"], &v1["filter_new_accounts"]), (&json!(false), &json!(true)));
    let fields = [("filter_not_following", "true"), ("filter_private_mentions", "false")];
    let v1 = ann.asks("PUT", V1_POLICY, &fields).await;
    assert_eq!((&v1["filter_not_following"], &v1["filter_private_mentions"]), (&json!(true), &json!(false)));
    let after = ann.asks("GET", POLICY, &[]).await;
    assert_eq!((&after["for_not_following"], &after["for_private_mentions"]), (&json!("filter"), &json!("accept")));
    assert_eq!(after["for_new_accounts"], "filter", "what is not named stays");

    let reader = home.user("rob", Role::User, &["read"]).await;
    assert_eq!(reader.asks("GET", POLICY, &[]).await, begins, "each has their own");
    assert_eq!(reader.is_refused("PATCH", POLICY, &[("for_bots", "drop")]).await, 403);
    assert_eq!(call(home.web(), None, "GET", POLICY, &[]).await.status, 401);
    assert_eq!(call(home.web(), None, "GET", REQUESTS, &[]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_filtered_is_told_nowhere_until_its_sender_is_accepted() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let mut user = Socket::open(&ann, "stream=user").await;
    let mut notifications = Socket::open(&ann, "stream=user:notification").await;
    user.says(json!({ "type": "subscribe", "stream": "direct" })).await;
    let first = id(&ben.writes("@ann psst", &[DIRECT]).await);
    let second = id(&ben.writes("@ann hello?", &[DIRECT]).await);
    let open = id(&cat.writes("@ann in public", &[]).await);
    // The first that streams tell of is what came last.
    for socket in [&mut user, &mut notifications] {
        let (_, event, payload) = socket.frame().await;
        assert_eq!((event.as_str(), id(&payload["status"])), ("notification", open.clone()));
    }
    assert_eq!(told(&ann, "/api/v1/notifications").await, std::slice::from_ref(&open));
    let grouped = ann.asks("GET", "/api/v2/notifications", &[]).await;
    assert_eq!(grouped["notification_groups"].as_array().map(Vec::len), Some(1), "{grouped}");
    for path in ["/api/v1/notifications/unread_count", "/api/v2/notifications/unread_count"] {
        assert_eq!(ann.asks("GET", path, &[]).await["count"], 1, "{path}");
        assert_eq!(ann.asks("GET", &format!("{path}?include_filtered=true"), &[]).await["count"], 3, "{path}");
    }
    assert_eq!(ann.asks("GET", "/api/v1/conversations", &[]).await, json!([]));
    // Whoever asks for it finds it.
    let all = [open.clone(), second.clone(), first.clone()];
    assert_eq!(told(&ann, "/api/v1/notifications?include_filtered=true").await, all);
    let of_ben = format!("/api/v1/notifications?account_id={}", ben.id);
    assert_eq!(told(&ann, &of_ben).await, all[1..]);
    let list = ann.asks("GET", &of_ben, &[]).await;
    assert_eq!(list[0]["filtered"], true);
    let single = ann.asks("GET", &format!("/api/v1/notifications/{}", id(&list[0])), &[]).await;
    assert_eq!(single["filtered"], true);
    let groups = ann.asks("GET", "/api/v2/notifications?include_filtered=true", &[]).await;
    assert_eq!(groups["notification_groups"].as_array().map(Vec::len), Some(3));
    assert_eq!(ann.status_of(&format!("/api/v1/statuses/{first}")).await, 200, "the status itself is no secret");

    let waiting = requests(&ann).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (&waiting[0]["account"]["id"], id(&waiting[0]["last_status"])),
        (&json!(ben.id.to_string()), second.clone())
    );
    assert_eq!(waiting[0]["notifications_count"], "2");
    let path = format!("{REQUESTS}/{}", id(&waiting[0]));
    assert_eq!(ann.asks("GET", &path, &[]).await, waiting[0]);
    let summary = &ann.asks("GET", POLICY, &[]).await["summary"];
    assert_eq!(*summary, json!({ "pending_requests_count": 1, "pending_notifications_count": 2 }));
    assert_eq!(cat.is_refused("GET", &path, &[]).await, 404, "somebody else's");
    assert_eq!(cat.is_refused("POST", &format!("{path}/accept"), &[]).await, 404);

    accept(&ann, &waiting[0]).await;
    for (socket, stream) in [(&mut user, "user"), (&mut notifications, "user:notification")] {
        let message = socket.message().await.expect("told");
        assert_eq!((&message["event"], &message["stream"]), (&json!("notifications_merged"), &json!([stream])));
    }
    assert_eq!(told(&ann, "/api/v1/notifications").await, all, "in the order in which they came");
    assert!(ann.get("/api/v1/notifications").await[1].get("filtered").is_none());
    let entered = ann.asks("GET", "/api/v1/conversations", &[]).await;
    assert_eq!(id(&entered[0]["last_status"]), second);
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    assert_eq!(ann.is_refused("POST", &format!("{path}/accept"), &[]).await, 404, "a second time");
    // Ben is let through from now on.
    let third = id(&ben.writes("@ann thanks", &[DIRECT]).await);
    let (_, event, payload) = notifications.frame().await;
    assert_eq!((event.as_str(), id(&payload["status"])), ("notification", third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_dismissed_blocked_or_suspended_asks_no_more() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let filtered = format!("/api/v1/notifications?account_id={}", ben.id);
    ann.asks("PATCH", POLICY, &[("for_not_following", "filter")]).await;
    let own = id(&ann.writes("liked by a stranger", &[]).await);
    ben.asks("POST", &format!("/api/v1/statuses/{own}/favourite"), &[]).await;
    assert_eq!(requests(&ann).await, Vec::<Value>::new(), "only words make a request");
    ben.writes("@ann one", &[]).await;
    let request = id(&requests(&ann).await[0]);
    assert_eq!(ann.asks("POST", &format!("{REQUESTS}/{request}/dismiss"), &[]).await, json!({}));
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    ann.until(&filtered, |list| list == &json!([])).await;
    assert_eq!(ann.is_refused("POST", &format!("{REQUESTS}/{request}/dismiss"), &[]).await, 404, "a second time");
    ben.writes("@ann two", &[]).await;
    let again = requests(&ann).await;
    assert_eq!(again[0]["notifications_count"], "1", "what was dismissed counts no more");
    assert_ne!(id(&again[0]), request);
    // A mute of notifications hides the request, its end shows it again; a block ends it.
    let on = |act: &str| format!("/api/v1/accounts/{}/{act}", ben.id);
    ann.asks("POST", &on("mute"), &[]).await;
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    ann.asks("POST", &on("unmute"), &[]).await;
    assert_eq!(requests(&ann).await, again);
    ann.asks("POST", &on("block"), &[]).await;
    ann.asks("POST", &on("unblock"), &[]).await;
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    ann.until(&filtered, |list| list == &json!([])).await;
    // Suspended: as long as it lasts.
    ben.writes("@ann three", &[]).await;
    assert_eq!(requests(&ann).await.len(), 1);
    let mo = home.staff("mo", Role::Moderator).await;
    let admin = format!("/api/v1/admin/accounts/{}", ben.id);
    mo.asks("POST", &format!("{admin}/action"), &[("type", "suspend")]).await;
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    let summary = &ann.asks("GET", POLICY, &[]).await["summary"];
    assert_eq!(summary["pending_requests_count"], 0);
    mo.asks("POST", &format!("{admin}/unsuspend"), &[]).await;
    assert_eq!(requests(&ann).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_follows_what_becomes_of_its_notifications() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut wrote = Vec::new();
    for number in 0..4 {
        wrote.push(id(&ben.writes(&format!("@ann number {number}"), &[DIRECT]).await));
    }
    let counted = |request: &Value| (request["notifications_count"].clone(), id(&request["last_status"]));
    assert_eq!(counted(&requests(&ann).await[0]), (json!("4"), wrote[3].clone()));
    ben.asks("DELETE", &format!("/api/v1/statuses/{}", wrote[3]), &[]).await;
    assert_eq!(counted(&requests(&ann).await[0]), (json!("3"), wrote[2].clone()), "a deleted status takes it along");
    let filtered = ann.get("/api/v1/notifications?include_filtered=true").await;
    let [newest, middle] = [0, 1].map(|at| id(&filtered[at]));
    ann.asks("POST", &format!("/api/v1/notifications/{newest}/dismiss"), &[]).await;
    assert_eq!(counted(&requests(&ann).await[0]), (json!("2"), wrote[1].clone()));
    let path = format!("/api/v1/notifications/destroy_multiple?ids[]={newest}&ids[]={middle}");
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}), "unknown ones are passed over");
    assert_eq!(counted(&requests(&ann).await[0]), (json!("1"), wrote[0].clone()));
    assert_eq!(ben.asks("DELETE", &path, &[]).await, json!({}), "somebody else's stay");
    let many = (0..81).map(|number| format!("ids[]={number}")).collect::<Vec<_>>().join("&");
    let refused = ann.is_refused("DELETE", &format!("/api/v1/notifications/destroy_multiple?{many}"), &[]).await;
    assert_eq!(refused, 422);
    // A clear takes everything; what comes later is another request.
    ann.asks("POST", "/api/v1/notifications/clear", &[]).await;
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    assert_eq!(ann.asks("GET", "/api/v1/notifications?include_filtered=true", &[]).await, json!([]));
    let last = id(&ben.writes("@ann again", &[DIRECT]).await);
    assert_eq!(counted(&requests(&ann).await[0]), (json!("1"), last));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_merged_in_steps_and_several_requests_are_answered_at_once() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat, dan) =
        (home.person("ann").await, home.person("ben").await, home.person("cat").await, home.person("dan").await);
    let mut wrote = Vec::new();
    for number in 0..45 {
        wrote.push(id(&ben.writes(&format!("@ann number {number}"), &[DIRECT]).await));
    }
    wrote.reverse();
    cat.writes("@ann cat asks", &[DIRECT]).await;
    dan.writes("@ann dan asks", &[DIRECT]).await;
    let [of_dan, of_cat, of_ben] = requests(&ann).await.try_into().expect("three");
    assert_eq!(of_ben["notifications_count"], "45");
    let mut events = Socket::open(&ann, "stream=user:notification").await;
    let fields = [("id[]", id(&of_ben)), ("id[]", id(&of_cat)), ("id[]", id(&of_cat)), ("id[]", "7".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(ann.asks("POST", &format!("{REQUESTS}/accept"), &fields).await, json!({}));
    assert_eq!(events.message().await.expect("told")["event"], "notifications_merged");
    merged(&ann).await;
    let list = told(&ann, "/api/v1/notifications?limit=80").await;
    assert_eq!((list.len(), &list[1..]), (46, &wrote[..]));
    assert_eq!(ids(&Value::Array(requests(&ann).await)), [id(&of_dan)]);
    let dismissed = [("id[]", id(&of_dan))];
    let dismissed: Vec<(&str, &str)> = dismissed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(ann.asks("POST", &format!("{REQUESTS}/dismiss"), &dismissed).await, json!({}));
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    let many: Vec<(&str, &str)> = (0..81).map(|_| ("id[]", "1")).collect();
    assert_eq!(ann.is_refused("POST", &format!("{REQUESTS}/accept"), &many).await, 422);
}

async fn page(home: &Instance, who: &Person<'_>, path: &str) -> (Vec<String>, Reply) {
    let reply = call(home.web(), Some(&who.token), "GET", path, &[]).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    (ids(&reply.json()), reply)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_requests_follow_their_links() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    for number in 0..7 {
        let other = home.person(&format!("p{number}")).await;
        other.writes("@ann hello", &[DIRECT]).await;
    }
    let (all, _) = page(&home, &ann, REQUESTS).await;
    assert_eq!(all.len(), 7);
    let (mut found, mut at) = (Vec::new(), Some(format!("{REQUESTS}?limit=3")));
    while let Some(path) = at {
        let (ids, reply) = page(&home, &ann, &path).await;
        assert!(ids.len() <= 3, "{path}");
        at = link(&reply, "next").filter(|_| !ids.is_empty());
        found.extend(ids);
    }
    assert_eq!(found, all);
    let (upwards, reply) = page(&home, &ann, &format!("{REQUESTS}?limit=3&min_id={}", all[6])).await;
    assert_eq!(upwards, all[3..6]);
    let (further, _) = page(&home, &ann, &link(&reply, "prev").expect("a page above")).await;
    assert_eq!(further, all[..3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_account_takes_what_was_filtered_of_it_along() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (ann, zoe) = (home.person("ann").await, away.person("zoe").await);
    zoe.posts("@ann@home.test are you there?", &[DIRECT]).await;
    let waiting = ann.until(REQUESTS, |list| list.as_array().is_some_and(|list| list.len() == 1)).await;
    let zoe_here = id(&waiting[0]["account"]).parse().map(storage::AccountId).expect("a number");
    let gone = move |tx: &mut storage::Tx<'_>| dassie::account::accept::accept_delete(tx, zoe_here);
    home.server().write(gone).await.expect("deleted");
    assert_eq!(requests(&ann).await, Vec::<Value>::new());
    let deadline = std::time::Instant::now() + crate::web::PATIENCE;
    loop {
        let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
        let left = home.server().read(move |view| {
            let rows = storage::filtered::FILTERED_FROM.list(view, &zoe_here, bounds, up, 1)?.len();
            Ok(rows + storage::filtered::REQUEST_OF.list(view, &zoe_here, bounds, up, 1)?.len())
        });
        if left.await.expect("a read") == 0 {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "its rows go");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

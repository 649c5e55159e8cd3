//! What the server says of itself: activity, peers, texts, languages, and small routes that apps ask at their start.

use crate::{
    call::{call, id, ids, raw, stranger},
    lab::{Instance, World},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// What `dassie` sends to the running server, and the answer.
pub async fn command(home: &Instance, request: Value) -> Value {
    let mut stream = UnixStream::connect(home.data().join("control.sock")).await.expect("the server listens");
    stream.write_all(format!("{request}\n").as_bytes()).await.expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("the server answers");
    let mut lines = answer.lines().map(|line| serde_json::from_str::<Value>(line).expect("answers are JSON"));
    lines.next_back().expect("an answer")
}

async fn sets(home: &Instance, kind: &str, from: Option<&str>, markdown: &str) -> Value {
    command(home, json!({ "text": { "kind": kind, "from": from, "markdown": markdown } })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weeks_count_what_people_do_and_everybody_once() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let status = id(&ann.writes("one", &[]).await);
    ann.writes("two", &[]).await;
    ben.asks("POST", &format!("/api/v1/statuses/{status}/favourite"), &[]).await;
    let weeks = stranger(&home, "/api/v1/instance/activity").await;
    assert_eq!(weeks.as_array().map(Vec::len), Some(12));
    // The clock starts on Thursday, 2026-01-01; its week on Monday, 2025-12-29.
    let first = json!({ "week": "1766966400", "statuses": "2", "logins": "2", "registrations": "2" });
    assert_eq!(weeks[0], first);
    assert_eq!(weeks[1]["week"], "1766361600");
    assert_eq!((&weeks[1]["statuses"], &weeks[1]["logins"]), (&json!("0"), &json!("0")));
    world.clock.advance(7 * 24 * 60 * 60 * 1000);
    ben.asks("POST", "/api/v1/markers", &[("home[last_read_id]", &status)]).await;
    ben.asks("POST", "/api/v1/markers", &[("home[last_read_id]", &status)]).await;
    let weeks = stranger(&home, "/api/v1/instance/activity").await;
    assert_eq!((&weeks[0]["logins"], &weeks[0]["statuses"]), (&json!("1"), &json!("0")));
    assert_eq!(weeks[1], first, "what was counted stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_are_listed_and_found_unless_they_are_blocked() {
    let world = World::new();
    let (home, away, other) =
        (world.instance("home.test").await, world.instance("away.test").await, world.instance("awful.test").await);
    let (ann, olga) = (home.person("ann").await, home.staff("olga", storage::user::Role::Owner).await);
    away.person("bob").await;
    other.person("eve").await;
    ann.finds("bob@away.test").await;
    ann.finds("eve@awful.test").await;
    assert_eq!(stranger(&home, "/api/v1/instance/peers").await, json!(["away.test", "awful.test"]));
    let find = |typed: &str| {
        let (home, path) = (&home, format!("/api/v1/peers/search?q={typed}"));
        async move { stranger(home, &path).await }
    };
    assert_eq!(find("aw").await, json!(["away.test", "awful.test"]));
    assert_eq!(find("AWAY").await, json!(["away.test"]));
    assert_eq!(find("away.").await, json!(["away.test"]));
    for none in ["", "way", "%20", "aw%2Fx", "home"] {
        assert_eq!(find(none).await, json!([]), "{none}");
    }
    olga.asks("POST", "/api/v1/admin/domain_blocks", &[("domain", "awful.test"), ("severity", "suspend")]).await;
    assert_eq!(stranger(&home, "/api/v1/instance/peers").await, json!(["away.test"]));
    assert_eq!(find("aw").await, json!(["away.test"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_written_by_an_operator_and_shown_to_everybody() {
    let home = World::new().instance("home.test").await;
    let empty = stranger(&home, "/api/v1/instance/extended_description").await;
    assert_eq!(empty["content"], "");
    let policy = stranger(&home, "/api/v1/instance/privacy_policy").await;
    let content = policy["content"].as_str().expect("a text");
    assert!(content.contains("<h1>What home.test knows of you</h1>") && content.contains("IP"), "{content}");
    let page = home.web().get("/privacy-policy", &[("host", "home.test")]).await;
    assert!(page.status == 200 && page.text().contains("<h2>What home.test knows of you</h2>"), "{}", page.text());

    let said = sets(&home, "about", None, "# Rocks\n\nWarm *ones* <script>alert(1)</script>").await;
    assert_eq!(said, json!({ "done": "the text is written down" }));
    let about = stranger(&home, "/api/v1/instance/extended_description").await;
    let expected = "<h1>Rocks</h1>\n<p>Warm <em>ones</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>";
    assert_eq!((&about["content"], &about["updated_at"]), (&json!(expected), &json!("2026-01-01T00:00:00.000Z")));
    let page = home.web().get("/about", &[("host", "home.test")]).await.text();
    assert!(page.contains("<h2>Rocks</h2>") && page.contains("href=\"/privacy-policy\""), "{page}");
    sets(&home, "privacy", None, "We know %{domain}.").await;
    assert_eq!(stranger(&home, "/api/v1/instance/privacy_policy").await["content"], "<p>We know home.test.</p>");
    let refused = sets(&home, "about", None, &"x".repeat(60_001)).await;
    assert_eq!(refused, json!({ "refused": "text: the text has 60001 bytes; at most 60000" }));
    assert_eq!(stranger(&home, "/api/v1/instance/extended_description").await["content"], expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn terms_of_service_have_a_history_and_count_from_their_day() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let path = "/api/v1/instance/terms_of_service";
    let urls = |instance: Value| instance["configuration"]["urls"].clone();
    assert_eq!(call(home.web(), None, "GET", path, &[]).await.status, 404);
    assert_eq!(home.web().get("/terms-of-service", &[("host", "home.test")]).await.status, 404);
    assert_eq!(urls(stranger(&home, "/api/v2/instance").await)["terms_of_service"], Value::Null);
    let front = home.web().get("/", &[("host", "home.test")]).await.text();
    assert!(front.contains("/privacy-policy") && !front.contains("/terms-of-service"), "{front}");

    sets(&home, "terms", Some("2026-02-01"), "Second").await;
    sets(&home, "terms", None, "First").await;
    let now = stranger(&home, path).await;
    let first = json!({
        "effective_date": "2026-01-01", "effective": true, "content": "<p>First</p>", "succeeded_by": "2026-02-01",
    });
    assert_eq!(now, first);
    let next = stranger(&home, &format!("{path}/2026-02-01")).await;
    let second = json!({ "effective_date": "2026-02-01", "effective": false, "content": "<p>Second</p>" });
    assert_eq!(next, second);
    for unknown in ["2026-01-02", "yesterday", "2026-02-30"] {
        assert_eq!(call(home.web(), None, "GET", &format!("{path}/{unknown}"), &[]).await.status, 404, "{unknown}");
    }
    let front = home.web().get("/", &[("host", "home.test")]).await.text();
    assert!(front.contains("href=\"/terms-of-service\""), "{front}");
    let known = urls(stranger(&home, "/api/v2/instance").await);
    assert_eq!(known["terms_of_service"], "https://home.test/terms-of-service");
    assert_eq!(known["privacy_policy"], "https://home.test/privacy-policy");
    let page = home.web().get("/terms-of-service", &[("host", "home.test")]).await.text();
    assert!(page.contains("In force since 1 January 2026.") && page.contains("follows on 1 February 2026"), "{page}");
    world.clock.advance(40 * 24 * 60 * 60 * 1000);
    let later = stranger(&home, path).await;
    assert_eq!((&later["content"], &later["effective"]), (&json!("<p>Second</p>"), &json!(true)));
    assert_eq!(stranger(&home, &format!("{path}/2026-01-01")).await["content"], "<p>First</p>", "the history stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_routes_answer_what_apps_expect() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let health = home.web().get("/health", &[("host", "home.test")]).await;
    assert_eq!((health.status, health.text().as_str()), (200, "OK"));
    let languages = stranger(&home, "/api/v1/instance/languages").await;
    let languages = languages.as_array().expect("a list");
    assert!(languages.contains(&json!({ "code": "de", "name": "German" })) && languages.len() > 180);
    assert_eq!(stranger(&home, "/api/v1/instance/translation_languages").await, json!({}));
    let refresh = call(home.web(), Some(&ann.token), "GET", "/api/v1_alpha/async_refreshes/x", &[]).await;
    assert_eq!((refresh.status, refresh.json()), (404, json!({ "error": "Record not found" })));
    assert_eq!(call(home.web(), None, "GET", "/api/v1_alpha/async_refreshes/x", &[]).await.status, 401);
    let proofs = format!("/api/v1/accounts/{}/identity_proofs", ben.id);
    assert_eq!(ann.asks("GET", &proofs, &[]).await, json!([]));
    assert_eq!(ann.is_refused("GET", "/api/v1/accounts/1/identity_proofs", &[]).await, 404);

    ann.writes("a stone #Basalt", &[]).await;
    let found = raw(home.web(), Some(&ann.token), "GET", "/api/v1/search?q=basalt", "", "").await.json();
    assert_eq!(found["hashtags"], json!(["basalt"]));
    assert!(found["accounts"].is_array() && found["statuses"].is_array());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_statuses_stand_in_one_list_for_those_concerned_only() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let direct = [("visibility", "direct")];
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", cat.id), &[]).await;
    ben.asks("POST", &format!("/api/v1/accounts/{}/follow", ann.id), &[]).await;
    let first = id(&ann.writes("@ben hello", &direct).await);
    let second = id(&cat.writes("@ann hi", &direct).await);
    ann.writes("not this", &[]).await;
    let path = "/api/v1/timelines/direct";
    assert_eq!(ids(&ann.asks("GET", path, &[]).await), [second.clone(), first.clone()]);
    assert_eq!(ids(&ann.asks("GET", &format!("{path}?max_id={second}"), &[]).await), std::slice::from_ref(&first));
    assert_eq!(ids(&ben.asks("GET", path, &[]).await), [first]);
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", cat.id), &[]).await;
    assert_eq!(ids(&ann.asks("GET", path, &[]).await).len(), 1);
    assert_eq!(call(home.web(), None, "GET", path, &[]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_servers_find_out_what_this_is_and_who_is_here() {
    let home = World::new().instance("home.test").await;
    home.person("ann").await;
    let host = [("host", "home.test")];
    let found = home.web().get("/.well-known/nodeinfo", &host).await.json();
    assert!(found["links"].to_string().contains("https://home.test/nodeinfo/2.0"), "{found}");
    let about = home.web().get("/nodeinfo/2.0", &host).await.json();
    assert_eq!((&about["version"], &about["usage"]["users"]["total"]), (&json!("2.0"), &json!(1)));
    let meta = home.web().get("/.well-known/host-meta", &host).await;
    assert!(meta.status == 200 && meta.text().contains("/.well-known/webfinger"), "{}", meta.text());
    let finger = |who: &str| format!("/.well-known/webfinger?resource=acct:{who}@home.test");
    let ann = home.web().get(&finger("ann"), &host).await;
    assert!(ann.header("content-type").is_some_and(|kind| kind.starts_with("application/jrd+json")));
    assert_eq!(ann.json()["subject"], "acct:ann@home.test");
    assert_eq!(home.web().get(&finger("nobody"), &host).await.status, 404);
}

//! `dassie why` and `dassie domain explain`: what is told is what happened.

use crate::lab::{Instance, World, follower_at, text_of};
use serde_json::{Value, json};
use storage::{
    Digest, Tx,
    account::{self, Account, Endpoints},
    domain_allow::set_limited,
    inbound::{self, Arrival},
    peer,
    status::{self, Status},
};

fn asks(home: &Instance, line: &[&str]) -> Value {
    let (done, said) = home.command(&[line, &["--json"]].concat());
    assert!(done, "{line:?}: {said}");
    serde_json::from_str(&said).expect("JSON")
}

fn why(home: &Instance, uri: &str) -> Value {
    asks(home, &["why", uri])["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_status_of_another_server_says_why_it_is_here() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    alice.follows(&bob.handle()).await;

    bob.posts("by somebody followed", &[]).await;
    let followed = text_of(&alice.sees_at_home("by somebody followed").await, "uri");
    let told = why(&a, &followed);
    assert_eq!(told["cause"], "somebody here follows its author");
    assert_eq!((&told["author"], &told["came_at"]), (&"@bob@b.test".into(), &"2026-01-01T00:00:00.000Z".into()));
    assert!(told["held"].as_str().is_some_and(|held| held.contains("goes last")), "{told}");

    carol.finds(&alice.handle()).await;
    carol.posts("@alice@a.test out of nowhere", &[]).await;
    let mention = alice.is_told("mention").await;
    let told = why(&a, mention["status"]["uri"].as_str().expect("a uri"));
    assert_eq!(told["cause"], "it mentions @alice@a.test");
    assert!(told["held"].as_str().is_some_and(|held| held.starts_with("it stays")), "{told}");

    let original = carol.posts("worth sharing", &[]).await;
    let uri = text_of(&carol.get(&format!("/api/v1/statuses/{original}")).await, "uri");
    let path = format!("/api/v2/search?resolve=true&type=statuses&q={uri}");
    let found = bob.get(&path).await;
    bob.post(&format!("/api/v1/statuses/{}/reblog", text_of(&found["statuses"][0], "id")), &[]).await;
    let shared = |home: &Value| home.as_array().is_some_and(|home| home.iter().any(|one| one["reblog"]["uri"] == *uri));
    alice.until("/api/v1/timelines/home", shared).await;
    let told = why(&a, &uri);
    assert_eq!(told["cause"], "fetched because @bob@b.test shared it, whom somebody here follows");

    let asked = carol.posts("looked for by its address", &[]).await;
    let asked = carol.get(&format!("/api/v1/statuses/{asked}")).await;
    let (uri, page) = (text_of(&asked, "uri"), text_of(&asked, "url"));
    alice.get(&format!("/api/v2/search?resolve=true&type=statuses&q={page}")).await;
    let told = why(&a, &uri);
    assert_eq!(told["cause"], "fetched because somebody here asked for its address");
    assert!(told["held"].as_str().is_some_and(|held| held.starts_with("nothing")), "{told}");
    assert_eq!(why(&a, &page), told, "its page leads to it");
    assert_eq!(why(&a, told["id"].as_str().expect("an id")), told, "as does its number");

    let account = asks(&a, &["why", "@bob@b.test"])["account"].clone();
    assert_eq!((&account["followers"], &account["first"]), (&1.into(), &"somebody here follows its author".into()));
    assert_eq!(account["followed_by"], json!([alice.handle()]));
    let (done, said) = a.command(&["why", &bob.handle()]);
    assert!(done && said.contains(&format!("followed here by {}", alice.handle())), "{said}");
    let account = asks(&a, &["why", "@carol@c.test"])["account"].clone();
    assert_eq!(account["followed_by"], json!([]), "nobody here");
    let (done, said) = a.command(&["why", "https://far.test/notes/1"]);
    assert!(!done && said.contains("nothing here is called"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_says_whom_it_reached_and_a_domain_what_stands_between() {
    let world = World::new();
    let (a, mut b) = (world.instance("a.test").await, world.instance("b.test").await);
    let alice = a.person("alice").await;
    let uri_of = async |id: String| text_of(&alice.get(&format!("/api/v1/statuses/{id}")).await, "uri");
    {
        let bob = b.person("bob").await;
        bob.follows(&alice.handle()).await;
        alice.follows(&bob.handle()).await;
        let first = alice.posts("it arrives", &[]).await;
        bob.sees_at_home("it arrives").await;
        let first = uri_of(first).await;
        let line = ["why", first.as_str()];
        let ended = |told: &Value| told["status"]["deliveries"][0]["ended"] == 1;
        let told = a.prints(&line, ended).await["status"].clone();
        assert_eq!(told["cause"], "it was written here");
        let sent = &told["deliveries"][0];
        assert_eq!((&sent["inboxes"], &sent["owed"], &sent["underway"]), (&1.into(), &0.into(), &0.into()));
    }
    b.stop().await;
    let second = alice.posts("it does not", &[]).await;
    let second = uri_of(second).await;
    let line = ["why", second.as_str()];
    let told = a
        .prints(&line, |told| {
            let sent = &told["status"]["deliveries"][0];
            sent["owed"] == 1 && sent["underway"] == 0 && sent["peers"][0]["failures"] == 1
        })
        .await;
    let sent = told["status"]["deliveries"][0].clone();
    assert_eq!((&sent["inboxes"], &sent["ended"]), (&1.into(), &0.into()));
    assert_eq!(sent["peers"][0]["domain"], "b.test");
    assert!(sent["peers"][0]["last_error"].as_str().is_some_and(|error| error.contains("b.test/inbox")), "{sent}");

    let told = asks(&a, &["domain", "explain", "b.test"]);
    assert_eq!((&told["accounts"], &told["followed"], &told["following"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(told["standing"][0], "nothing was decided about it: it is met like everybody");
    assert_eq!(told["shared_inboxes"], serde_json::json!({ "https://b.test/inbox": false }));
    assert_eq!((&told["peer"]["owed"], &told["peer"]["failures"]), (&1.into(), &1.into()));
    a.command(&["domain", "limited-federation", "on"]);
    let (done, said) = a.command(&["domain", "explain", "b.test"]);
    assert!(done && said.contains("federation is limited since") && said.contains("it is shut out"), "{said}");
    let (done, said) = a.command(&["domain", "explain", "far.test"]);
    assert!(done && said.contains("0 accounts known") && said.contains("nothing was ever sent to it"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_post_who_refused_it_and_who_is_owed_it_are_told_apart() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (mut c, d) = (world.instance("c.test").await, world.instance("d.test").await);
    let alice = a.person("alice").await;
    for (home, name) in [(&b, "bob"), (&c, "carol"), (&d, "dora")] {
        follower_at(home, name, &alice).await;
    }
    b.server().write(|tx| Ok(set_limited(tx, true)?)).await.expect("written");
    c.stop().await;
    let id = alice.posts("who has this?", &[]).await;
    let uri = text_of(&alice.get(&format!("/api/v1/statuses/{id}")).await, "uri");
    let all_tried = |told: &Value| {
        let sent = &told["status"]["deliveries"][0];
        sent["underway"] == 0 && sent["owed"] == 1 && sent["ended"] == 2 && sent["peers"][0]["failures"] == 1
    };
    let told = a.prints(&["why", &uri], all_tried).await;
    let sent = &told["status"]["deliveries"][0];
    assert_eq!((&sent["delivered"], &sent["given_up"]), (&1.into(), &1.into()), "{sent}");
    let refusal = json!([{
        "domain": "b.test", "at": "2026-01-01T00:00:00.000Z", "status": 403, "why": "it answered 403",
    }]);
    assert_eq!(sent["refusals"], refusal);
    assert_eq!(sent["peers"][0]["domain"], "c.test");
    let (done, said) = a.command(&["why", &uri]);
    assert!(
        done && said.contains("3 inboxes: 1 have it, 1 will not get it, 1 are owed it, 0 are to be tried"),
        "{said}"
    );
    assert!(said.contains("b.test will not get it, given up at 2026-01-01T00:00:00.000Z: it answered 403"), "{said}");
    assert!(said.contains("owed to c.test: 1 owed; failing since"), "{said}");

    // The whole server says the same, and a server that is only down says nothing of it.
    let refused = |told: &Value| told["refused"].as_array().is_some_and(|refused| !refused.is_empty());
    let told = a.prints(&["domain", "explain", "b.test"], refused).await;
    let refusal = json!([{
        "activity": format!("{uri}/activity"), "at": "2026-01-01T00:00:00.000Z", "status": 403, "why": "it answered 403",
    }]);
    assert_eq!(told["refused"], refusal);
    let (done, said) = a.command(&["domain", "explain", "b.test"]);
    let line = format!("{uri}/activity, given up at 2026-01-01T00:00:00.000Z: it answered 403");
    assert!(done && said.contains("what of ours it would not have") && said.contains(&line), "{said}");
    for other in ["c.test", "d.test"] {
        assert_eq!(asks(&a, &["domain", "explain", other])["refused"], json!([]), "{other}");
    }

    // What an operator drops is told, too.
    let (done, said) = a.command(&["queue", "purge", "c.test", "--yes"]);
    assert!(done, "{said}");
    let dropped = |told: &Value| told["status"]["deliveries"][0]["given_up"] == 2;
    let told = a.prints(&["why", &uri], dropped).await;
    let refusals = told["status"]["deliveries"][0]["refusals"].clone();
    let of_c = refusals.as_array().and_then(|list| list.iter().find(|one| one["domain"] == "c.test"));
    assert_eq!(of_c.map(|one| &one["why"]), Some(&"an operator dropped what it was owed".into()), "{refusals}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_says_what_of_it_was_given_up_and_what_was_dropped_and_why() {
    const BOB: &str = "https://b.test/users/bob";
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    alice.follows(&bob.handle()).await;
    let dead = |tx: &mut Tx<'_>| {
        let body = br#"{"type":"Create"}"#;
        let activity = "https://b.test/dead";
        inbound::accept(tx, &Arrival { actor: BOB, signer: BOB, inbox: "", activity, body })?;
        let (place, due) = ((Digest::of(BOB), tx.lsn()), tx.now());
        while inbound::postpone(tx, place, due, "its parent cannot be had")? {}
        Ok(())
    };
    a.server().write(dead).await.expect("written");
    for number in 1..=2 {
        let activity = format!("https://b.test/waves/{number}");
        let wave = json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": activity, "type": "Wave", "actor": BOB,
            "object": "https://a.test/users/alice",
        });
        let body = wave.to_string().into_bytes();
        let rule = move |tx: &mut Tx<'_>| {
            inbound::accept(tx, &Arrival { actor: BOB, signer: BOB, inbox: "", activity: &activity, body: &body })?;
            Ok(())
        };
        a.server().write(rule).await.expect("written");
    }
    let wave = |told: &Value| {
        let dropped = told["dropped"].as_array()?;
        dropped.iter().find(|one| one["kind"] == "Wave" && one["count"] == 2).cloned()
    };
    let told = a.prints(&["domain", "explain", "b.test"], |told| wave(told).is_some()).await;
    let at = "2026-01-01T00:00:00.000Z";
    let dropped = json!({ "kind": "Wave", "why": "unknown type", "count": 2, "actor": BOB, "at": at });
    assert_eq!(wave(&told), Some(dropped));
    let letter = json!([{
        "kind": "Create", "actor": BOB, "received_at": at, "died_at": at, "tries": inbound::ATTEMPTS_MAX,
        "why": "its parent cannot be had",
    }]);
    assert_eq!((&told["dead"], &told["dead_letters"]), (&1.into(), &letter));
    let (done, said) = a.command(&["domain", "explain", "b.test"]);
    let letter = format!("Create by {BOB}, received {at}, given up at {at} after 12 tries: its parent cannot be had");
    assert!(done && said.contains(&letter), "{said}");
    assert!(said.contains(&format!("2 x Wave: unknown type; the last at {at} by {BOB}")), "{said}");
    let other = asks(&a, &["domain", "explain", "far.test"]);
    assert_eq!((&other["dead_letters"], &other["dropped"]), (&json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_accounts_have_another_domain_is_explained_by_either_name() {
    let world = World::new();
    let a = world.instance("a.test").await;
    for (domain, host) in [("split.test", "social.split.test"), ("plain.test", "plain.test")] {
        let rule = move |tx: &mut Tx<'_>| {
            let uri = format!("https://{host}/users/bob");
            let shared_inbox = Some(format!("https://{host}/inbox"));
            let endpoints = Endpoints { inbox: format!("{uri}/inbox"), shared_inbox, ..Endpoints::default() };
            let bare = Account::bare(tx.next_id(), "bob", tx.now());
            let bob = Account { domain: Some(domain.to_owned()), uri, endpoints, ..bare };
            account::put(tx, &bob)?;
            if let Some(target) = peer::target_of(tx, &bob)? {
                peer::number_inbox(tx, &target)?;
            }
            Ok(())
        };
        a.server().write(rule).await.expect("written");
    }
    let (domain, host) =
        (asks(&a, &["domain", "explain", "split.test"]), asks(&a, &["domain", "explain", "social.split.test"]));
    assert_eq!((&domain["accounts"], &host["accounts"]), (&1.into(), &0.into()));
    assert_eq!((&domain["hosts"], &host["hosts"]), (&json!(["social.split.test"]), &json!([])));
    assert_eq!((&domain["domains"], &host["domains"]), (&json!([]), &json!(["split.test"])));
    assert!(domain["peer"].is_null() && host["peer"]["domain"] == "social.split.test", "{domain} {host}");
    let alone = |told: &Value| {
        let mut told = told.clone();
        told["also"] = json!([]);
        told
    };
    assert_eq!((&domain["also"], &host["also"]), (&json!([alone(&host)]), &json!([alone(&domain)])));
    for (name, line) in
        [("split.test", "its accounts live at social.split.test"), ("social.split.test", "accounts of split.test live")]
    {
        let (done, said) = a.command(&["domain", "explain", name]);
        assert!(done && said.contains(line) && said.contains("1 accounts known"), "{said}");
    }
    let plain = asks(&a, &["domain", "explain", "plain.test"]);
    assert_eq!((&plain["hosts"], &plain["domains"], &plain["also"]), (&json!([]), &json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_address_does_not_name_its_author_leads_to_its_status() {
    const PAGE: &str = "https://b.test/notice/Ab1";
    let world = World::new();
    let (mut a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let uri = {
        let (alice, bob) = (a.person("alice").await, b.person("bob").await);
        alice.follows(&bob.handle()).await;
        bob.posts("it has a page", &[]).await;
        bob.posts("so has this", &[]).await;
        alice.sees_at_home("so has this").await;
        text_of(&alice.sees_at_home("it has a page").await, "uri")
    };
    let called = uri.clone();
    let rule = move |tx: &mut Tx<'_>| {
        let Some(before) = status::find_by_uri(tx, &called)? else { return Ok(false) };
        let after = Status { url: Some(PAGE.to_owned()), ..before.clone() };
        status::replace(tx, &before, &after)?;
        Ok(true)
    };
    assert!(a.server().write(rule).await.expect("written"));
    let told = why(&a, PAGE);
    assert_eq!((&told["uri"], &told["author"]), (&uri.into(), &"@bob@b.test".into()));
    let (done, said) = a.command(&["why", "https://b.test/notice/other"]);
    assert!(!done && said.contains("nothing here is called"), "{said}");
    a.stop().await;
    assert_eq!(why(&a, PAGE), told, "nor does it need a running server");
}

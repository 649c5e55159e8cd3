//! Interaction policies across instances: what is not let, what waits for the author's word, and the answers
//! (GoToSocial, interaction policies).

use crate::lab::{Person, World, shown, text_of};
use serde_json::{Value, json};

const REQUESTS: &str = "/api/v1/interaction_requests";
const ASKED: [(&str, &str); 3] = [
    ("interaction_policy[can_reply][manual_approval][]", "public"),
    ("interaction_policy[can_favourite][manual_approval][]", "public"),
    ("interaction_policy[can_reblog][manual_approval][]", "public"),
];

fn path(status: &str) -> String {
    format!("/api/v1/statuses/{status}")
}

async fn answered(author: &Person<'_>, kind: &str, word: &str) -> Value {
    let list = author.until(REQUESTS, |list| find(list, kind).is_some()).await;
    let id = text_of(find(&list, kind).expect("it was there"), "id");
    author.post(&format!("{REQUESTS}/{id}/{word}"), &[]).await
}

fn find<'a>(list: &'a Value, kind: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|request| request["type"] == kind)
}

#[tokio::test(flavor = "multi_thread")]
async fn policy_travels_with_the_post_and_its_edits_and_is_obeyed_elsewhere() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let closed = [
        ("interaction_policy[can_reply][always][]", "author"),
        ("interaction_policy[can_favourite][always][]", "following"),
        ("interaction_policy[can_reblog][always][]", "author"),
    ];
    let original = alice.posts("The burrow is closed", &closed).await;
    let at_b = bob.sees_at_home("The burrow is closed").await;
    let expected = json!(["author", "mentioned"]);
    assert_eq!(at_b["interaction_policy"]["can_reply"]["automatic_approval"], expected, "{at_b}");
    assert_eq!(at_b["interaction_policy"]["can_favourite"]["automatic_approval"], json!(["author", "following"]));
    let there = text_of(&at_b, "id");
    let answer = [("status", "but"), ("in_reply_to_id", there.as_str())];
    assert_eq!(bob.send("POST", "/api/v1/statuses", &answer).await.status, 403);
    for act in ["favourite", "reblog"] {
        let reply = bob.send("POST", &format!("{}/{act}", path(&there)), &[]).await;
        assert_eq!(reply.status, 403, "{}", reply.text());
    }
    let accept = [("accept", "application/activity+json")];
    let document = a.web().get(&format!("/users/alice/statuses/{original}"), &accept).await.json();
    let policy = &document["interactionPolicy"];
    assert_eq!(policy["canReply"]["always"], json!(["https://a.test/users/alice"]));
    assert_eq!(policy["canLike"]["automaticApproval"][1], "https://a.test/users/alice/following");

    world.clock.advance(1_000);
    let open = [("status", "The burrow is open"), ("interaction_policy[can_reply][always][]", "public")];
    assert_eq!(alice.send("PUT", &path(&original), &open).await.status, 200);
    let everybody = |status: &Value| status["interaction_policy"]["can_reply"]["always"] == json!(["public", "me"]);
    bob.until(&path(&there), everybody).await;
    bob.posts("Now I may", &[("in_reply_to_id", &there)]).await;
    alice.until(&path(&original), |status| status["replies_count"] == 1).await;
    let document = a.web().get(&format!("/users/alice/statuses/{original}"), &accept).await.json();
    assert!(document["interactionPolicy"].get("canReply").is_none(), "{document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_authors_server_does_not_let_is_rejected_whatever_the_other_believed() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let original = alice.posts("She changes her mind", &ASKED).await;
    let there = text_of(&bob.sees_at_home("She changes her mind").await, "id");
    // His server has not heard of it.
    let id = original.parse().expect("an id");
    let closed = storage::interaction::Rule {
        automatic: storage::quote::Groups::NOBODY,
        manual: storage::quote::Groups::NOBODY,
    };
    let policy = storage::interaction::InteractionPolicy { favourite: closed, reply: closed, reblog: closed };
    let put = move |tx: &mut storage::Tx<'_>| {
        storage::interaction::put_policy(tx, id, policy);
        Ok(())
    };
    a.server().write(put).await.expect("stored");
    let reply = bob.posts("May I?", &[("in_reply_to_id", &there)]).await;
    for act in ["favourite", "reblog"] {
        bob.post(&format!("{}/{act}", path(&there)), &[]).await;
    }
    let undone = |status: &Value| status["favourited"] == false && status["reblogged"] == false;
    bob.until(&path(&there), undone).await;
    bob.until("/api/v1/accounts/verify_credentials", |me| me["statuses_count"] == 0).await;
    assert_eq!(bob.status_of(&path(&reply)).await, 404);
    assert_eq!(bob.send("POST", &format!("{}/favourite", path(&there)), &[]).await.status, 403);
    assert_eq!(alice.get(REQUESTS).await, json!([]));
    let seen = alice.get(&path(&original)).await;
    assert_eq!([&seen["favourites_count"], &seen["replies_count"]], [&json!(0), &json!(0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_stays_between_two_servers_until_the_author_agrees() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    let other = b.person("other").await;
    bob.follows(&alice.handle()).await;
    let his = format!("/api/v1/accounts/{}/statuses", carol.follows(&bob.handle()).await);
    other.follows(&bob.handle()).await;
    let original = alice.posts("Ask before you speak", &ASKED).await;
    let at_b = bob.sees_at_home("Ask before you speak").await;
    assert_eq!(at_b["interaction_policy"]["can_reply"]["manual_approval"], json!(["public", "me"]), "{at_b}");
    let there = text_of(&at_b, "id");

    let reply = bob.posts("A question", &[("in_reply_to_id", &there)]).await;
    let liked = bob.post(&format!("{}/favourite", path(&there)), &[]).await;
    assert_eq!((&liked["favourited"], &liked["favourites_count"]), (&json!(true), &json!(0)));
    bob.post(&format!("{}/reblog", path(&there)), &[]).await;
    for kind in ["pending.reply", "pending.favourite", "pending.reblog"] {
        assert_eq!(alice.is_told(kind).await["account"]["acct"], "bob@b.test");
    }
    // Seen by him alone on his server, and by nobody on a third one.
    assert_eq!(bob.get(&path(&reply)).await["content"], "<p>A question</p>");
    assert_eq!(other.status_of(&path(&reply)).await, 404);
    let accept = [("accept", "application/activity+json")];
    assert_eq!(b.web().get(&format!("/users/bob/statuses/{reply}"), &accept).await.status, 404);
    let outbox = b.web().get("/users/bob/outbox?page=true", &accept).await.json();
    assert_eq!(outbox["orderedItems"], json!([]));
    let marker = bob.posts("Something else", &[]).await;
    carol.sees_at_home("Something else").await;
    assert!(shown(&carol.get(&his).await, "A question").is_none());

    let agreed = answered(&alice, "reply", "authorize").await;
    answered(&alice, "favourite", "authorize").await;
    answered(&alice, "reblog", "authorize").await;
    let seen =
        |status: &Value| [&status["favourites_count"], &status["reblogs_count"], &status["replies_count"]] == [1, 1, 1];
    bob.until(&path(&there), seen).await;
    alice.until(&path(&original), seen).await;
    carol.until(&his, |list| shown(list, "A question").is_some()).await;
    carol.until("/api/v1/timelines/home", |home| home.to_string().contains("\"reblog\":{\"")).await;

    // The reply shows that she agreed, and so does what it names.
    let document = b.web().get(&format!("/users/bob/statuses/{reply}"), &accept).await.json();
    let shows = text_of(&document, "replyAuthorization");
    assert_eq!(agreed["uri"], shows);
    let at_a = shows.strip_prefix("https://a.test").expect("it lies with the author").to_owned();
    let shown_there = a.web().get(&at_a, &accept).await.json();
    assert_eq!(shown_there["type"], "ReplyAuthorization");
    assert_eq!(shown_there["interactingObject"], document["id"]);
    assert_eq!(shown_there["interactionTarget"], document["inReplyTo"]);

    // It ends with the reply, and taking the rest back is as ever.
    assert_eq!(bob.send("DELETE", &path(&reply), &[]).await.status, 200);
    bob.post(&format!("{}/unreblog", path(&there)), &[]).await;
    bob.post(&format!("{}/unfavourite", path(&there)), &[]).await;
    let gone =
        |status: &Value| [&status["favourites_count"], &status["reblogs_count"], &status["replies_count"]] == [0, 0, 0];
    alice.until(&path(&original), gone).await;
    assert_eq!(a.web().get(&at_a, &accept).await.status, 404);
    assert_eq!(bob.send("DELETE", &path(&marker), &[]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_author_rejects_goes_on_both_servers_and_a_member_of_a_group_is_answered_at_once() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    let original = alice.posts("Not today", &ASKED).await;
    let there = text_of(&bob.sees_at_home("Not today").await, "id");
    let reply = bob.posts("Please", &[("in_reply_to_id", &there)]).await;
    bob.post(&format!("{}/favourite", path(&there)), &[]).await;
    answered(&alice, "reply", "reject").await;
    answered(&alice, "favourite", "reject").await;
    bob.until(&path(&there), |status| status["favourited"] == false).await;
    bob.until("/api/v1/accounts/verify_credentials", |me| me["statuses_count"] == 0).await;
    assert_eq!(bob.status_of(&path(&reply)).await, 404);
    assert_eq!(alice.get(&format!("{}/context", path(&original))).await["descendants"], json!([]));

    // Taken back before she answers.
    bob.post(&format!("{}/reblog", path(&there)), &[]).await;
    alice.until(REQUESTS, |list| find(list, "reblog").is_some()).await;
    bob.post(&format!("{}/unreblog", path(&there)), &[]).await;
    alice.until(REQUESTS, |list| list == &json!([])).await;

    // Followers may: her server says so at once, because nobody else knows for sure.
    let group = [("interaction_policy[can_reply][always][]", "followers")];
    let second = alice.posts("Followers may", &group).await;
    let there = text_of(&bob.sees_at_home("Followers may").await, "id");
    bob.posts("I am one", &[("in_reply_to_id", &there)]).await;
    bob.until(&path(&there), |status| status["replies_count"] == 1).await;
    alice.until(&path(&second), |status| status["replies_count"] == 1).await;
    assert_eq!(alice.get(REQUESTS).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_does_not_leave_when_it_is_edited_or_deleted_and_arrives_as_it_is_by_then() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    let his = format!("/api/v1/accounts/{}/statuses", carol.follows(&bob.handle()).await);
    let original = alice.posts("Knock first", &ASKED).await;
    let there = text_of(&bob.sees_at_home("Knock first").await, "id");
    let reply = bob.posts("Knock", &[("in_reply_to_id", &there)]).await;
    alice.is_told("pending.reply").await;
    world.clock.advance(1_000);
    assert_eq!(bob.send("PUT", &path(&reply), &[("status", "Knock, louder")]).await.status, 200);
    bob.posts("Something else", &[]).await;
    carol.sees_at_home("Something else").await;
    assert!(shown(&carol.get(&his).await, "Knock").is_none());

    answered(&alice, "reply", "authorize").await;
    carol.until(&his, |list| shown(list, "Knock, louder").is_some()).await;
    let thread = format!("{}/context", path(&original));
    alice.until(&thread, |thread| shown(&thread["descendants"], "Knock, louder").is_some()).await;

    // Taken back while it waits: its author alone knew of it.
    let second = bob.posts("Once more", &[("in_reply_to_id", &there)]).await;
    alice.until(REQUESTS, |list| find(list, "reply").is_some()).await;
    assert_eq!(bob.send("DELETE", &path(&second), &[]).await.status, 200);
    alice.until(REQUESTS, |list| list == &json!([])).await;
    let accept = [("accept", "application/activity+json")];
    assert_eq!(b.web().get(&format!("/users/bob/statuses/{second}"), &accept).await.status, 404);
}

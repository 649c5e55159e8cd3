//! Conversations and muted threads (client API, conversations, statuses#mute).

use crate::{
    call::{id, ids},
    lab::{Person, World},
    settings::signed_in,
};
use serde_json::{Value, json};

async fn conversations(who: &Person<'_>) -> Vec<Value> {
    who.asks("GET", "/api/v1/conversations", &[]).await.as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_statuses_are_conversations_read_unread_and_removed_by_each() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let direct = ("visibility", "direct");
    let first = id(&ann.writes("@ben psst", &[direct]).await);
    let answer = id(&ben.writes("@ann what?", &[direct, ("in_reply_to_id", &first)]).await);
    let wider = id(&ben.writes("@ann @cat all of you", &[direct, ("in_reply_to_id", &answer)]).await);
    ann.writes("@ben in public", &[]).await;
    let of_ann = conversations(&ann).await;
    let last: Vec<String> = of_ann.iter().map(|one| id(&one["last_status"])).collect();
    assert_eq!(last, [wider.clone(), answer.clone()], "among other people it is another");
    assert_eq!(ids(&of_ann[1]["accounts"]), [ben.id.to_string()]);
    assert_eq!((&of_ann[1]["unread"], of_ann[0]["accounts"].as_array().map(Vec::len)), (&json!(true), Some(2)));
    let of_ben = conversations(&ben).await;
    assert_eq!(of_ben.iter().map(|one| &one["unread"]).collect::<Vec<_>>(), [&json!(false), &json!(false)]);
    let path = format!("/api/v1/conversations/{}", id(&of_ann[1]));
    assert_eq!(ann.asks("POST", &format!("{path}/read"), &[]).await["unread"], false);
    assert_eq!(ann.asks("POST", &format!("{path}/unread"), &[]).await["unread"], true);
    assert_eq!(cat.is_refused("POST", &format!("{path}/read"), &[]).await, 404, "somebody else's");

    ben.asks("DELETE", &format!("/api/v1/statuses/{answer}"), &[]).await;
    let left: Vec<String> = conversations(&ann).await.iter().map(|one| id(&one["last_status"])).collect();
    assert_eq!(left, [wider, first.clone()], "what is left of it");
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(conversations(&ann).await.len(), 1);
    assert_eq!(conversations(&ben).await.len(), 2, "each has their own");
    assert_eq!(ann.status_of(&format!("/api/v1/statuses/{first}")).await, 200);
    ann.asks("POST", &format!("/api/v1/accounts/{}/block", ben.id), &[]).await;
    assert_eq!(conversations(&ann).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_to_oneself_is_a_conversation_with_oneself() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    ann.writes("bring water", &[("visibility", "direct")]).await;
    let of_ann = conversations(&ann).await;
    let with: Vec<Vec<String>> = of_ann.iter().map(|one| ids(&one["accounts"])).collect();
    assert_eq!(with, [[ann.id.to_string()]], "apps take the first of them for the other side");
    let mut browser = signed_in(&home, &ann).await;
    for path in ["/messages".to_owned(), format!("/messages/{}", id(&of_ann[0]))] {
        let page = browser.get(&path).await.text();
        assert!(page.contains("A note to yourself") && page.contains("bring water"), "{path}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_muted_thread_notifies_no_more() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let root = id(&ann.writes("a thread", &[]).await);
    let reply = id(&ben.writes("@ann one", &[("in_reply_to_id", &root)]).await);
    ann.is_told("mention").await;
    let muted = ann.asks("POST", &format!("/api/v1/statuses/{reply}/mute"), &[]).await;
    assert_eq!(muted["muted"], true);
    assert_eq!(ann.asks("GET", &format!("/api/v1/statuses/{root}"), &[]).await["muted"], true, "the whole thread");
    assert_eq!(ben.asks("GET", &format!("/api/v1/statuses/{root}"), &[]).await["muted"], false);
    ben.writes("@ann two", &[("in_reply_to_id", &reply)]).await;
    ben.asks("POST", &format!("/api/v1/statuses/{root}/favourite"), &[]).await;
    let elsewhere = id(&ben.writes("@ann elsewhere", &[]).await);
    let list = ann.until("/api/v1/notifications", |list| list.as_array().map(Vec::len) == Some(2)).await;
    assert_eq!(id(&list[0]["status"]), elsewhere);
    assert_eq!(ann.asks("POST", &format!("/api/v1/statuses/{root}/unmute"), &[]).await["muted"], false);
    ben.writes("@ann three", &[("in_reply_to_id", &reply)]).await;
    ann.until("/api/v1/notifications", |list| list.as_array().map(Vec::len) == Some(3)).await;
}

//! Collections of accounts, and the say of those who are put into them (client API, collections).

use crate::{
    call::{call, checked, id, raw, stranger},
    lab::{Person, World},
    schema::SCHEMA,
};
use serde_json::{Value, json};
use storage::user::Role;

const COLLECTIONS: &str = "/api/v1/collections";

async fn wants_to_be_found(who: &Person<'_>) {
    who.asks("PATCH", "/api/v1/profile", &[("discoverable", "true")]).await;
}

/// Holds a collection against the schema, which does not say where it is answered.
fn is_whole(collection: &Value) {
    if let Some(schema) = SCHEMA.as_ref() {
        schema.check_entity("Collection", collection);
    }
}

async fn made(who: &Person<'_>, fields: &[(&str, &str)]) -> Value {
    let collection = who.asks("POST", COLLECTIONS, fields).await["collection"].clone();
    is_whole(&collection);
    collection
}

/// The accounts of a collection, in order.
fn members(collection: &Value) -> Vec<String> {
    let items = collection["items"].as_array().expect("items");
    items.iter().map(|item| item["account_id"].as_str().expect("an account").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_is_made_changed_shown_and_removed() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    for who in [&ben, &cat] {
        wants_to_be_found(who).await;
    }
    let (of_ben, of_cat) = (ben.id.to_string(), cat.id.to_string());
    let fields = [
        ("name", " Tea people "),
        ("description", "They know\u{7} tea"),
        ("language", "en"),
        ("discoverable", "true"),
        ("tag_name", "#Tea"),
        ("account_ids[]", of_ben.as_str()),
    ];
    let collection = made(&ann, &fields).await;
    assert_eq!((&collection["name"], &collection["description"]), (&json!("Tea people"), &json!("They know tea")));
    assert_eq!((&collection["local"], &collection["sensitive"]), (&json!(true), &json!(false)));
    assert_eq!(collection["tag"], json!({ "name": "Tea", "url": "https://home.test/tags/tea" }));
    assert_eq!(members(&collection), std::slice::from_ref(&of_ben));
    let path = format!("{COLLECTIONS}/{}", id(&collection));
    let item = ann.asks("POST", &format!("{path}/items"), &[("account_id", &of_cat)]).await["collection_item"].clone();
    if let Some(schema) = SCHEMA.as_ref() {
        schema.check_entity("CollectionItem", &item);
    }
    assert_eq!((&item["account_id"], &item["state"]), (&json!(of_cat), &json!("accepted")));
    let changed = ann.asks("PATCH", &path, &[("name", "Cups"), ("tag_name", ""), ("sensitive", "true")]).await;
    let changed = &changed["collection"];
    assert_eq!((&changed["name"], &changed["tag"], &changed["language"]), (&json!("Cups"), &Value::Null, &json!("en")));
    let seen = stranger(&home, &path).await;
    assert_eq!(members(&seen["collection"]), [of_ben.clone(), of_cat.clone()]);
    let accounts: Vec<_> = seen["accounts"].as_array().expect("accounts").iter().map(id).collect();
    assert_eq!(accounts, [ann.id.to_string(), of_ben.clone(), of_cat.clone()], "the owner first");

    for (fields, status) in [
        (&[("name", " ")][..], 422),
        (&[][..], 422),
        (&[("name", &"n".repeat(41)[..])][..], 422),
        (&[("name", "x"), ("description", &"d".repeat(101)[..])][..], 422),
        (&[("name", "x"), ("language", "not one")][..], 422),
        (&[("name", "x"), ("tag_name", "no tag")][..], 422),
        (&[("name", "x"), ("account_ids[]", "1")][..], 404),
    ] {
        assert_eq!(ann.is_refused("POST", COLLECTIONS, fields).await, status, "{fields:?}");
    }
    let refused = ann.send("POST", COLLECTIONS, &[("name", "x"), ("language", "not one")]).await.json();
    let details = &refused["error"]["details"];
    // The published schema wants a name in every refusal.
    assert_eq!((&details["language"][0]["error"], &details["name"]), (&json!("ERR_INVALID"), &json!([])), "{refused}");
    for (method, path) in [("PATCH", path.clone()), ("DELETE", path.clone()), ("POST", format!("{path}/items"))] {
        assert_eq!(
            ben.is_refused(method, &path, &[("account_id", &of_ben)]).await,
            403,
            "{method} {path}: somebody else's"
        );
    }
    let one = format!("{path}/items/{}", id(&item));
    assert_eq!(ann.asks("DELETE", &one, &[]).await, json!({}));
    assert_eq!(ann.is_refused("DELETE", &one, &[]).await, 404, "a second time");
    ann.asks("POST", &format!("{path}/items"), &[("account_id", &of_cat)]).await;
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    for path in [&path, &format!("{COLLECTIONS}/1"), &format!("{COLLECTIONS}/x")] {
        assert_eq!(ann.is_refused("GET", path, &[]).await, 404, "{path}");
    }
    for _ in 0..10 {
        made(&ann, &[("name", "many")]).await;
    }
    assert_eq!(ann.is_refused("POST", COLLECTIONS, &[("name", "one more")]).await, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_collections_are_paged_and_show_strangers_what_is_meant_for_them() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let mut all = Vec::new();
    for (name, discoverable) in [("one", "true"), ("two", "false"), ("three", "true")] {
        all.push(id(&made(&ann, &[("name", name), ("discoverable", discoverable)]).await));
    }
    let path = format!("/api/v1/accounts/{}/collections", ann.id);
    let listed = |answer: &Value| answer["collections"].as_array().expect("a list").iter().map(id).collect::<Vec<_>>();
    assert_eq!(listed(&ann.asks("GET", &path, &[]).await), [all[2].clone(), all[1].clone(), all[0].clone()]);
    for answer in [ben.asks("GET", &path, &[]).await, stranger(&home, &path).await] {
        assert_eq!(listed(&answer), [all[2].clone(), all[0].clone()], "discoverable ones");
    }
    assert_eq!(
        id(&stranger(&home, &format!("{COLLECTIONS}/{}", all[1])).await["collection"]),
        all[1],
        "by its address"
    );
    let first = call(home.web(), Some(&ann.token), "GET", &format!("{path}?limit=2"), &[]).await;
    assert_eq!(listed(&first.json()).len(), 2);
    assert_eq!(first.header("link"), Some(&*format!("<https://home.test{path}?limit=2&offset=2>; rel=\"next\"")));
    let second = call(home.web(), Some(&ann.token), "GET", &format!("{path}?limit=2&offset=2"), &[]).await;
    assert_eq!(listed(&second.json()), [all[0].clone()]);
    assert_eq!(second.header("link"), Some(&*format!("<https://home.test{path}?limit=2&offset=0>; rel=\"prev\"")));
    assert_eq!(ann.is_refused("GET", "/api/v1/accounts/1/collections", &[]).await, 404);

    ann.asks("POST", &format!("/api/v1/accounts/{}/block", ben.id), &[]).await;
    assert_eq!(ben.asks("GET", &path, &[]).await, json!({ "collections": [] }), "nothing for whom she blocks");
    assert_eq!(ben.is_refused("GET", &format!("{COLLECTIONS}/{}", all[0]), &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_collected_against_their_will() {
    let home = World::new().instance("home.test").await;
    let (ann, ben, cat) = (home.person("ann").await, home.person("ben").await, home.person("cat").await);
    let (of_ben, of_cat) = (ben.id.to_string(), cat.id.to_string());
    let collection = id(&made(&ann, &[("name", "people")]).await);
    let items = format!("{COLLECTIONS}/{collection}/items");
    assert_eq!(ann.is_refused("POST", &items, &[("account_id", &of_ben)]).await, 403, "who does not want to be found");
    let both = [("name", "x"), ("account_ids[]", of_ben.as_str())];
    assert_eq!(ann.is_refused("POST", COLLECTIONS, &both).await, 403);
    let approval = |account: &Value| account["feature_approval"]["current_user"].clone();
    assert_eq!(approval(&ann.asks("GET", &format!("/api/v1/accounts/{of_ben}"), &[]).await), "denied");
    for who in [&ben, &cat] {
        wants_to_be_found(who).await;
    }
    assert_eq!(approval(&ann.asks("GET", &format!("/api/v1/accounts/{of_ben}"), &[]).await), "automatic");
    let item = id(&ann.asks("POST", &items, &[("account_id", &of_ben)]).await["collection_item"]);
    assert_eq!(ann.is_refused("POST", &items, &[("account_id", &of_ben)]).await, 422, "once");
    assert_eq!(ann.is_refused("POST", &items, &[]).await, 422, "whom");
    let told = ben.is_told("added_to_collection").await;
    assert_eq!((&told["account"]["acct"], &told["collection"]["id"]), (&json!("ann"), &json!(collection)));
    is_whole(&told["collection"]);
    let groups = ben.get("/api/v2/notifications").await;
    assert_eq!(groups["notification_groups"][0]["collection"]["id"], json!(collection), "{groups}");
    ann.asks("PATCH", &format!("{COLLECTIONS}/{collection}"), &[("name", "dear people")]).await;
    assert_eq!(ben.is_told("collection_update").await["collection"]["name"], "dear people");

    let holding = format!("/api/v1/accounts/{of_ben}/in_collections");
    assert_eq!(id(&ben.asks("GET", &holding, &[]).await["collections"][0]), collection);
    assert_eq!(ann.is_refused("GET", &holding, &[]).await, 403, "nobody else's business");
    assert_eq!(call(home.web(), None, "GET", &holding, &[]).await.status, 401);
    let revoke = format!("{items}/{item}/revoke");
    assert_eq!(cat.is_refused("POST", &revoke, &[]).await, 403, "only oneself");
    for _ in 0..2 {
        assert_eq!(ben.asks("POST", &revoke, &[]).await, json!({}));
    }
    let seen = stranger(&home, &format!("{COLLECTIONS}/{collection}")).await;
    assert_eq!((&seen["collection"]["items"], &seen["collection"]["item_count"]), (&json!([]), &json!(0)));
    assert_eq!(ben.asks("GET", &holding, &[]).await, json!({ "collections": [] }));
    assert_eq!(ben.asks("GET", "/api/v1/notifications", &[]).await, json!([]), "nothing is left of it");
    assert_eq!(ann.is_refused("POST", &items, &[("account_id", &of_ben)]).await, 422, "for good");

    ann.asks("POST", &items, &[("account_id", &of_cat)]).await;
    cat.asks("POST", &format!("/api/v1/accounts/{}/block", ann.id), &[]).await;
    let seen = stranger(&home, &format!("{COLLECTIONS}/{collection}")).await;
    assert_eq!(seen["collection"]["items"], json!([]), "a block takes her out");
    assert_eq!(ann.is_refused("POST", &items, &[("account_id", &of_cat)]).await, 403, "and keeps her out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn collections_have_their_own_scopes() {
    let home = World::new().instance("home.test").await;
    let reader = home.user("reader", Role::User, &["read:collections"]).await;
    let writer = home.user("writer", Role::User, &["write:collections"]).await;
    let other = home.user("other", Role::User, &["read:accounts", "write:lists"]).await;
    let collection = id(&made(&writer, &[("name", "x")]).await);
    let path = format!("{COLLECTIONS}/{collection}");
    for (person, reads, writes) in [(&reader, 200, 403), (&writer, 403, 200), (&other, 403, 403)] {
        let reply = raw(home.web(), Some(&person.token), "GET", &path, "", "").await;
        assert_eq!(reply.status, reads, "{}", person.name);
        let json = "application/json";
        let reply = raw(home.web(), Some(&person.token), "POST", COLLECTIONS, json, "{\"name\":\"y\"}").await;
        checked("POST", COLLECTIONS, &reply, true);
        assert_eq!(reply.status, writes, "{}", person.name);
    }
    assert_eq!(call(home.web(), None, "POST", COLLECTIONS, &[("name", "x")]).await.status, 401);
}

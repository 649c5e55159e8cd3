//! Filters of both versions: what they say of themselves, and what statuses say of them on every route.

use crate::{
    call::{FORM, call, id, ids, raw},
    lab::World,
};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_are_made_changed_and_removed_with_their_words() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    let fields = [
        ("title", "animals"),
        ("context[]", "home"),
        ("context[]", "thread"),
        ("filter_action", "blur"),
        ("expires_in", "3600"),
        ("keywords_attributes[][keyword]", "cat"),
        ("keywords_attributes[][whole_word]", "true"),
        ("keywords_attributes[][keyword]", "dog"),
        ("keywords_attributes[][whole_word]", "false"),
    ];
    let made = ann.asks("POST", "/api/v2/filters", &fields).await;
    assert_eq!((&made["title"], &made["context"]), (&json!("animals"), &json!(["home", "thread"])));
    assert_eq!((&made["filter_action"], made["expires_at"].is_string()), (&json!("blur"), true));
    let words: Vec<_> = made["keywords"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|word| (&word["keyword"], &word["whole_word"]))
        .collect();
    assert_eq!(words, [(&json!("cat"), &json!(true)), (&json!("dog"), &json!(false))]);
    let path = format!("/api/v2/filters/{}", id(&made));
    let (cat, dog) = (id(&made["keywords"][0]), id(&made["keywords"][1]));
    let changes = [
        ("expires_in", ""),
        ("keywords_attributes[0][id]", cat.as_str()),
        ("keywords_attributes[0][_destroy]", "1"),
        ("keywords_attributes[1][id]", dog.as_str()),
        ("keywords_attributes[1][keyword]", "wolf"),
    ];
    let changed = ann.asks("PUT", &path, &changes).await;
    assert_eq!((&changed["title"], &changed["expires_at"]), (&json!("animals"), &Value::Null));
    assert_eq!((ids(&changed["keywords"]), &changed["keywords"][0]["keyword"]), (vec![dog.clone()], &json!("wolf")));

    let added = ann.asks("POST", &format!("{path}/keywords"), &[("keyword", "bear")]).await;
    assert_eq!(ids(&ann.asks("GET", &format!("{path}/keywords"), &[]).await), [dog, id(&added)]);
    let word = format!("/api/v2/filters/keywords/{}", id(&added));
    assert_eq!(ann.asks("PUT", &word, &[("whole_word", "false")]).await["whole_word"], false);
    assert_eq!(ann.asks("GET", &word, &[]).await["keyword"], "bear");
    for (who, status) in [(&ben, 404), (&ann, 200)] {
        let gone = call(home.web(), Some(&who.token), "DELETE", &word, &[]).await;
        assert_eq!(gone.status, status);
    }
    let status = id(&ben.writes("hello", &[]).await);
    let in_it = ann.asks("POST", &format!("{path}/statuses"), &[("status_id", &status)]).await;
    assert_eq!(in_it["status_id"], json!(status));
    assert_eq!(ids(&ann.asks("GET", &format!("{path}/statuses"), &[]).await), [id(&in_it)]);
    let row = format!("/api/v2/filters/statuses/{}", id(&in_it));
    assert_eq!(ann.asks("GET", &row, &[]).await, in_it);
    assert_eq!(ann.asks("DELETE", &row, &[]).await, in_it, "what was taken out");
    for (fields, why) in [
        (&[("context[]", "home")][..], "no title"),
        (&[("title", "x")][..], "no context"),
        (&[("title", "x"), ("context[]", "nowhere")][..], "unknown context"),
        (&[("title", "x"), ("context[]", "home"), ("filter_action", "burn")][..], "unknown action"),
        (&[("title", "x"), ("context[]", "home"), ("expires_in", "341815409453")][..], "thousands of years"),
    ] {
        assert_eq!(ann.is_refused("POST", "/api/v2/filters", fields).await, 422, "{why}");
    }
    let over = [("title", "x"), ("context[]", "home"), ("expires_in", "-341815409453")];
    let over = ann.asks("POST", "/api/v2/filters", &over).await;
    assert!(
        over["expires_at"].as_str().is_some_and(|at| at.starts_with("20")),
        "no year before there were years: {over}"
    );
    ann.asks("DELETE", &format!("/api/v2/filters/{}", id(&over)), &[]).await;
    for (method, path) in [("GET", &path), ("PUT", &path), ("DELETE", &path)] {
        assert_eq!(ben.is_refused(method, path, &[]).await, 404, "{method}: somebody else's");
    }
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(ann.asks("GET", "/api/v2/filters", &[]).await, json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_version_sees_the_same_filters_by_their_phrases() {
    let home = World::new().instance("home.test").await;
    let ann = home.person("ann").await;
    let body = json!({ "phrase": "spoiler", "context": ["home", "public"], "irreversible": "true", "whole_word": "false", "expires_in": null });
    let made =
        raw(home.web(), Some(&ann.token), "POST", "/api/v1/filters", "application/json", &body.to_string()).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let made = made.json();
    assert_eq!(
        (&made["phrase"], &made["irreversible"], &made["whole_word"]),
        (&json!("spoiler"), &json!(true), &json!(false))
    );
    let second = ann.asks("GET", "/api/v2/filters", &[]).await;
    assert_eq!((&second[0]["title"], &second[0]["filter_action"]), (&json!("spoiler"), &json!("hide")));
    let path = format!("/api/v1/filters/{}", id(&made));
    assert_eq!(ann.asks("GET", &path, &[]).await, made);
    let changed = ann.asks("PUT", &path, &[("phrase", "ending"), ("context[]", "home"), ("irreversible", "0")]).await;
    assert_eq!(
        (&changed["phrase"], &changed["context"], &changed["irreversible"]),
        (&json!("ending"), &json!(["home"]), &json!(false))
    );
    assert_eq!(ids(&ann.asks("GET", "/api/v1/filters", &[]).await), [id(&made)]);
    assert_eq!(ann.asks("DELETE", &path, &[]).await, json!({}));
    assert_eq!(ann.asks("GET", "/api/v2/filters", &[]).await, json!([]));
    assert_eq!(ann.is_refused("GET", &path, &[]).await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_matches_is_told_everywhere_and_hidden_where_that_is_asked_for() {
    let home = World::new().instance("home.test").await;
    let (ann, ben) = (home.person("ann").await, home.person("ben").await);
    ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
    let parent = id(&ann.writes("@ben a cat of my own", &[]).await);
    let status = id(&ben.writes("@ann my Cat #seen", &[("in_reply_to_id", &parent)]).await);
    let alone = id(&ben.writes("another cat #seen", &[]).await);
    ann.is_told("mention").await;
    let fields = [("title", "animals"), ("context[]", "home"), ("keywords_attributes[][keyword]", "cat")];
    let filter = ann.asks("POST", "/api/v2/filters", &fields).await;
    let path = format!("/api/v2/filters/{}", id(&filter));
    let one = ann.asks("GET", &format!("/api/v1/statuses/{status}"), &[]).await;
    let found = &one["filtered"][0];
    assert_eq!((&found["filter"]["id"], &found["keyword_matches"]), (&filter["id"], &json!(["cat"])));
    assert_eq!((&found["filter"]["filter_action"], &found["status_matches"]), (&json!("warn"), &Value::Null));
    let own = ann.asks("GET", &format!("/api/v1/statuses/{parent}"), &[]).await;
    assert_eq!(own["filtered"], json!([]), "one's own is never filtered");
    assert_eq!(
        ben.asks("GET", &format!("/api/v1/statuses/{status}"), &[]).await["filtered"],
        json!([]),
        "nor for others"
    );

    // Which list a context hides in: (context, list, where the statuses are, what stands there without the filter).
    let lists = [
        ("home", "/api/v1/timelines/home".to_owned(), "", vec![alone.clone(), status.clone(), parent.clone()]),
        ("public", "/api/v1/timelines/tag/seen".to_owned(), "", vec![alone.clone(), status.clone()]),
        ("thread", format!("/api/v1/statuses/{parent}/context"), "/descendants", vec![status.clone()]),
        ("account", format!("/api/v1/accounts/{}/statuses", ben.id), "", vec![alone.clone(), status.clone()]),
    ];
    for (context, _, _, _) in &lists {
        ann.asks("PUT", &path, &[("context[]", *context), ("filter_action", "hide")]).await;
        for (other, list, place, all) in &lists {
            let seen = ann.asks("GET", list, &[]).await;
            let shown = ids(seen.pointer(place).expect("a list"));
            let mut expected = all.clone();
            if other == context {
                expected.retain(|one| *one == parent);
            }
            assert_eq!(shown, expected, "{context} at {list}");
        }
        assert_eq!(ids(&ann.asks("GET", "/api/v1/notifications", &[]).await).len(), 1, "{context}");
    }
    ann.asks("PUT", &path, &[("context[]", "notifications")]).await;
    assert_eq!(ann.asks("GET", "/api/v1/notifications", &[]).await, json!([]));
    assert_eq!(ann.status_of(&format!("/api/v1/statuses/{status}")).await, 200, "asked for by its id");

    // By its id, also shared, and without words.
    let quiet = id(&ben.writes("nothing to match", &[]).await);
    ann.asks("POST", &format!("{path}/statuses"), &[("status_id", &quiet)]).await;
    let shared = ben.asks("POST", &format!("/api/v1/statuses/{quiet}/reblog"), &[]).await;
    let shared = ann.asks("GET", &format!("/api/v1/statuses/{}", id(&shared)), &[]).await;
    for drawn in [&shared, &shared["reblog"]] {
        assert_eq!(drawn["filtered"][0]["status_matches"], json!([quiet]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_counts_until_it_ends_and_survives_a_restart() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let (token, path) = {
        let (ann, ben) = (home.person("ann").await, home.person("ben").await);
        let status = id(&ben.writes("a cat", &[]).await);
        let fields =
            [("title", "t"), ("context[]", "home"), ("expires_in", "60"), ("keywords_attributes[][keyword]", "cat")];
        ann.asks("POST", "/api/v2/filters", &fields).await;
        (ann.token.clone(), format!("/api/v1/statuses/{status}"))
    };
    home.restart_after(|_| {}).await;
    let found = || async { raw(home.web(), Some(&token), "GET", &path, FORM, "").await.json()["filtered"].clone() };
    assert_eq!(found().await.as_array().map(Vec::len), Some(1));
    world.clock.advance(60_000);
    assert_eq!(found().await, json!([]));
    let kept = call(home.web(), Some(&token), "GET", "/api/v2/filters", &[]).await.json();
    assert_eq!(ids(&kept).len(), 1, "it stays in the list");
}

//! The directory and suggestions: who is found by whom, and who never is.

use crate::{
    call::{call, ids, stranger},
    lab::{Instance, Person, World},
};
use serde_json::{Value, json};
use storage::user::Role;

async fn found<'a>(home: &'a Instance, name: &str) -> Person<'a> {
    let person = home.person(name).await;
    person.asks("PATCH", "/api/v1/accounts/update_credentials", &[("discoverable", "true")]).await;
    person
}

fn on(person: &Person<'_>, act: &str) -> String {
    format!("/api/v1/accounts/{}/{act}", person.id)
}

fn id_of(person: &Person<'_>) -> String {
    person.id.to_string()
}

const LIST: &str = "/api/v1/directory";
const SUGGESTED: &str = "/api/v2/suggestions";
const HOUR_MS: i64 = 60 * 60 * 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_directory_has_those_who_want_to_be_found_in_either_order() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (ann, ben, cat) = (found(&home, "ann").await, found(&home, "ben").await, home.person("cat").await);
    let far = found(&away, "far").await;
    ann.writes("early", &[]).await;
    world.clock.advance(2 * HOUR_MS);
    ben.writes("later", &[]).await;
    cat.writes("last, and quiet", &[]).await;
    let far_here = ann.finds(&far.handle()).await;
    let local = |order: &str| format!("{LIST}?local=true&order={order}");
    assert_eq!(ids(&stranger(&home, &local("active")).await), [id_of(&ben), id_of(&ann)]);
    ann.writes("later still", &[]).await;
    world.clock.advance(2 * HOUR_MS);
    ann.writes("latest", &[]).await;
    assert_eq!(ids(&stranger(&home, &local("active")).await), [id_of(&ann), id_of(&ben)]);
    assert_eq!(ids(&stranger(&home, &local("new")).await), [id_of(&ben), id_of(&ann)]);
    assert_eq!(ids(&stranger(&home, &format!("{}&limit=1&offset=1", local("new"))).await), [id_of(&ann)]);
    assert_eq!(ids(&stranger(&home, &format!("{}&offset=2", local("new"))).await), Vec::<String>::new());
    let all = ids(&stranger(&home, &format!("{LIST}?order=new")).await);
    assert!(all.contains(&far_here) && all.len() == 3, "{all:?}");
    assert_eq!(call(home.web(), None, "GET", &format!("{LIST}?order=best"), &[]).await.status, 422);

    ann.asks("POST", &on(&ben, "block"), &[]).await;
    assert_eq!(ids(&ann.asks("GET", &local("new"), &[]).await), [id_of(&ann)]);
    assert_eq!(ids(&ben.asks("GET", &local("new"), &[]).await), [id_of(&ben)], "nor the other way round");
    ben.asks("PATCH", "/api/v1/accounts/update_credentials", &[("discoverable", "false")]).await;
    assert_eq!(ids(&stranger(&home, &local("new")).await), [id_of(&ann)]);
    let mo = home.staff("mo", Role::Moderator).await;
    for (kind, undo) in [("silence", "unsilence"), ("suspend", "unsuspend")] {
        mo.asks("POST", &format!("/api/v1/admin/accounts/{}/action", ann.id), &[("type", kind)]).await;
        assert_eq!(stranger(&home, &local("active")).await, json!([]), "{kind}");
        mo.asks("POST", &format!("/api/v1/admin/accounts/{}/{undo}", ann.id), &[]).await;
    }
    assert_eq!(ids(&stranger(&home, &local("active")).await), [id_of(&ann)]);
}

/// Who is suggested, with the reasons.
async fn suggested(person: &Person<'_>) -> Vec<(String, Value)> {
    let list = person.asks("GET", SUGGESTED, &[]).await;
    let rows = list.as_array().expect("a list").iter();
    rows.map(|row| (crate::call::id(&row["account"]), row["sources"].clone())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_friends_of_friends_then_picks_then_popular_ones() {
    let home = World::new().instance("home.test").await;
    let me = home.person("me").await;
    let (friend, other) = (found(&home, "friend").await, found(&home, "other").await);
    let (once, twice) = (found(&home, "once").await, found(&home, "twice").await);
    let (picked, lone, quiet) = (found(&home, "picked").await, found(&home, "lone").await, home.person("quiet").await);
    let olga = home.staff("olga", Role::Owner).await;
    for (who, whom) in [
        (&me, &friend),
        (&me, &other),
        (&friend, &once),
        (&friend, &twice),
        (&other, &twice),
        (&friend, &quiet),
        (&friend, &me),
        (&olga, &picked),
    ] {
        who.asks("POST", &on(whom, "follow"), &[]).await;
    }
    olga.asks("POST", &on(&picked, "endorse"), &[]).await;
    let friends = json!(["friends_of_friends", "most_followed"]);
    let expected = vec![
        (id_of(&twice), friends.clone()),
        (id_of(&once), friends),
        (id_of(&picked), json!(["featured", "most_followed"])),
        (id_of(&lone), json!(["most_followed"])),
    ];
    assert_eq!(suggested(&me).await, expected);
    let first = me.asks("GET", &format!("{SUGGESTED}?limit=1"), &[]).await;
    assert_eq!((first.as_array().map(Vec::len), &first[0]["source"]), (Some(1), &json!("past_interactions")));
    assert_eq!(ids(&me.asks("GET", "/api/v1/suggestions", &[]).await)[0], id_of(&twice));

    assert_eq!(me.asks("DELETE", &format!("/api/v1/suggestions/{}", twice.id), &[]).await, json!({}));
    assert_eq!(me.asks("DELETE", &format!("/api/v1/suggestions/{}", twice.id), &[]).await, json!({}));
    me.asks("POST", &on(&once, "mute"), &[]).await;
    picked.asks("POST", &on(&me, "block"), &[]).await;
    let left: Vec<_> = suggested(&me).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, [id_of(&lone)], "put away, muted and blocked ones are not suggested");
    lone.asks("PATCH", "/api/v1/accounts/update_credentials", &[("locked", "true")]).await;
    me.asks("POST", &on(&lone, "follow"), &[]).await;
    assert!(suggested(&me).await.is_empty(), "nor whom one has asked to follow");
    assert_eq!(call(home.web(), None, "GET", SUGGESTED, &[]).await.status, 401);
}

//! New keys for people here: whoever follows hears of them, whoever does not finds them, and the old ones are worth nothing.

use crate::lab::{Instance, Person, World, comes, shown, text_of};
use dassie::{
    account::keys,
    federation::{
        client::{Signer, Signing},
        signature::{PrivateKey, Scheme},
    },
};
use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};
use storage::{
    Bounds, Direction,
    account::{self, SIGNING_KEYS, SigningKeys},
    authorized_fetch, instance,
    retired_key::{self, RETIRED_INSTANCE_KEY},
};
use url::Url;

/// Longer than a key counts as fresh.
const A_WHILE_MS: i64 = 10 * 60_000;

async fn keys_of(who: &Person<'_>) -> SigningKeys {
    let id = who.id;
    who.home.server().read(move |view| Ok(SIGNING_KEYS.get(view, &id)?)).await.expect("a read").expect("keys")
}

/// Gives somebody new keys; answers the old ones.
async fn changes_keys(who: &Person<'_>) -> SigningKeys {
    let old = keys_of(who).await;
    let (server, id) = (who.home.server(), who.id);
    let new = server.make_keys().await.expect("keys");
    server.write(move |tx| keys::rotate(tx, id, &new)).await.expect("changed");
    old
}

/// Waits until a server knows the key that somebody has now.
async fn is_known(who: &Person<'_>, at: &Instance) {
    let current = keys_of(who).await.rsa_public_pem;
    let key_id = format!("https://{}/users/{}#main-key", who.home.name, who.name);
    comes(&format!("{} hears of the new key", at.name), async || {
        let wanted = key_id.clone();
        let known = at.server().read(move |view| Ok(account::find_key(view, &wanted)?)).await.expect("a read");
        known.filter(|known| known.material == current).map(drop)
    })
    .await;
}

/// What `at` answers to an activity that somebody signs with these keys.
async fn answer_to(who: &Person<'_>, keys: &SigningKeys, at: &Instance) -> u16 {
    let key = PrivateKey::from_pkcs8(&keys.rsa_private).expect("a key");
    let actor = format!("https://{}/users/{}", who.home.name, who.name);
    let key_id = format!("{actor}#main-key");
    let server = who.home.server();
    let signer = Signer { key_id: &key_id, key: &key, signing: Signing::By(Scheme::Cavage), now: server.now() };
    let body = format!(
        r#"{{"@context":"https://www.w3.org/ns/activitystreams","id":"{actor}#x","type":"Dislike","actor":"{actor}","object":"x"}}"#
    );
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/activity+json"));
    let url = Url::parse(&format!("https://{}/inbox", at.name)).expect("a URL");
    server.client().post_signed(&url, headers, body.into(), &signer).await.expect("an answer").status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_told_and_old_ones_are_refused() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    bob.follows(&alice.handle()).await;
    alice.follows(&bob.handle()).await;
    // Carol's server knows the key, and will not be told of another.
    alice.posts(&format!("hello {}", carol.handle()), &[]).await;
    carol.is_told("mention").await;

    let old = changes_keys(&alice).await;
    is_known(&alice, &b).await;
    assert_eq!(answer_to(&alice, &old, &b).await, 401);
    world.clock.advance(A_WHILE_MS);
    assert_eq!(answer_to(&alice, &old, &b).await, 401, "not either after the key was read anew");
    assert_eq!(answer_to(&alice, &keys_of(&alice).await, &b).await, 202);

    alice.posts("with new keys", &[]).await;
    bob.sees_at_home("with new keys").await;
    bob.posts("as before", &[]).await;
    alice.sees_at_home("as before").await;
    alice.posts(&format!("it is still me {}", carol.handle()), &[]).await;
    carol.until("/api/v1/notifications", |told| told.to_string().contains("it is still me")).await;
    is_known(&alice, &c).await;
    assert_eq!(answer_to(&alice, &old, &c).await, 401);
    // Everybody has heard: the old key is gone.
    let id = alice.id;
    comes("the old key goes", async || {
        let kept = a.server().read(move |view| Ok(retired_key::find(view, id)?)).await.expect("a read");
        kept.is_none().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_owed_before_arrives_under_the_new_key() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob) = (a.person("alice").await, b.person("bob").await);
    bob.follows(&alice.handle()).await;
    alice.posts("before", &[]).await;
    bob.sees_at_home("before").await;
    b.cut_off();
    alice.posts("written under the old keys", &[]).await;
    let old = changes_keys(&alice).await;
    alice.posts("written under the new keys", &[]).await;
    world.clock.advance(A_WHILE_MS);
    b.reconnect();
    comes("both posts", async || {
        let home = bob.get("/api/v1/timelines/home").await;
        world.clock.advance(10_000);
        let both =
            ["old", "new"].iter().all(|which| shown(&home, &format!("written under the {which} keys")).is_some());
        both.then_some(())
    })
    .await;
    is_known(&alice, &b).await;
    assert_eq!(answer_to(&alice, &old, &b).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_and_known_servers_are_told_of_the_instance_actors_new_key() {
    let world = World::new();
    let (a, b, c) = (world.instance("a.test").await, world.instance("b.test").await, world.instance("c.test").await);
    let (alice, bob, carol) = (a.person("alice").await, b.person("bob").await, c.person("carol").await);
    // Bob's server answers only signed fetches and is known by a follow; Carol's stands in for a relay.
    b.server().write(|tx| Ok(authorized_fetch::set(tx, true)?)).await.expect("written");
    b.server().access_cache().clear();
    c.server().write(|tx| Ok(authorized_fetch::set(tx, true)?)).await.expect("written");
    c.server().access_cache().clear();
    bob.follows(&alice.handle()).await;
    alice.finds(&bob.handle()).await;
    alice.finds(&carol.handle()).await;
    let (done, said) = a.command(&["relay", "add", "https://c.test/inbox"]);
    assert!(done, "{said}");
    let old = keys_of_instance(&a).await;
    for at in [&b, &c] {
        assert!(is_known_as(&a, at, &old.rsa_public_pem).await, "{} knows the key", at.name);
    }
    for round in 0..2 {
        world.clock.advance(1_000);
        let (done, said) = a.command(&["user", "rotate-keys", "--instance"]);
        assert!(done && said.contains("being told"), "{round}: {said}");
        let new = keys_of_instance(&a).await.rsa_public_pem;
        assert_ne!(new, old.rsa_public_pem);
        for at in [&b, &c] {
            let hears = format!("{} hears of the key", at.name);
            comes(&hears, async || is_known_as(&a, at, &new).await.then_some(())).await;
        }
    }
    comes("the old key goes", async || {
        let kept =
            a.server().read(|view| Ok(RETIRED_INSTANCE_KEY.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?));
        kept.await.expect("a read").is_empty().then_some(())
    })
    .await;
}

async fn keys_of_instance(at: &Instance) -> SigningKeys {
    at.server().read(|view| Ok(instance::keys(view)?)).await.expect("a read").expect("keys")
}

/// Whether `at` takes this for the key of `of`'s own actor.
async fn is_known_as(of: &Instance, at: &Instance, pem: &str) -> bool {
    let key_id = format!("https://{}/actor#main-key", of.name);
    let known = at.server().read(move |view| Ok(account::find_key(view, &key_id)?)).await.expect("a read");
    known.is_some_and(|known| known.material == pem)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_own_actor_gets_new_keys_and_is_believed_under_them() {
    let world = World::new();
    let (a, b) = (world.instance("a.test").await, world.instance("b.test").await);
    let (alice, bob, bea) = (a.person("alice").await, b.person("bob").await, b.person("bea").await);
    // Only whoever signs may read there, and what reads signs as the server's own actor.
    b.server().write(|tx| Ok(authorized_fetch::set(tx, true)?)).await.expect("written");
    b.server().access_cache().clear();
    alice.finds(&bob.handle()).await;
    let shown = async || {
        let actor = a.web().get("/actor", &[("accept", "application/activity+json")]).await.json();
        text_of(&actor["publicKey"], "publicKeyPem")
    };
    let known_there = async || {
        let key = b.server().read(|view| Ok(account::find_key(view, "https://a.test/actor#main-key")?)).await;
        key.expect("a read").map(|key| key.material)
    };
    let old = shown().await;
    assert_eq!(known_there().await.as_ref(), Some(&old), "it was asked for there");
    let (done, said) = a.command(&["user", "rotate-keys", "--instance"]);
    assert!(done && said.contains("new keys"), "{said}");
    let new = shown().await;
    assert_ne!(new, old);
    world.clock.advance(A_WHILE_MS);
    alice.finds(&bea.handle()).await;
    assert_eq!(known_there().await, Some(new), "what did not fit was asked for anew");
    let (done, said) = a.command(&["user", "rotate-keys", "--instance", "alice"]);
    assert!(!done, "one or the other: {said}");
}

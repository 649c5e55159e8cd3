//! Agreeing with another server on more followers than a page of a collection holds (FEP-8fcf).

use crate::{
    newcomer::new_user,
    peer::Answer,
    scene::{CONTEXT, Scene},
};
use dassie::{limits, user};
use serde_json::{Value, json};
use storage::{
    AccountId,
    account::SigningKeys,
    job::{self, JobKind},
    relationship::{self, FOLLOWS, Follow},
    user::Role,
};

const FAR: &str = "https://far.test/users/far";
const URL: &str = "https://far.test/users/far/followers_synchronization";
/// People here who follow far: more than a page has items.
const CROWD: usize = limits::PAGE_ITEMS_MAX + 40;
/// Made in one commit: some 25 operations each, of 500.
const AT_ONCE: usize = 15;

fn name(number: usize) -> String {
    format!("crowd{number}")
}

fn uri(number: usize) -> String {
    format!("https://local.test/users/{}", name(number))
}

/// Makes people who follow `target`, as if its server had accepted that; their numbers.
async fn crowd(scene: &Scene, target: AccountId) -> Vec<AccountId> {
    let server = &scene.instance.running.server;
    let keys: SigningKeys = server.make_keys().await.expect("keys");
    let mut all = Vec::new();
    for first in (0..CROWD).step_by(AT_ONCE) {
        let keys = keys.clone();
        let rule = move |tx: &mut storage::Tx<'_>| {
            let mut made = Vec::new();
            for number in first..(first + AT_ONCE).min(CROWD) {
                let id = user::create(tx, &new_user(&name(number), Role::User, keys.clone()))?;
                let row = tx.next_id();
                let uri = format!("/users/{}#follows/{row}", name(number));
                let follow = Follow::bare(row, uri, tx.now());
                relationship::put(tx, id, target, &follow)?;
                made.push(id);
            }
            Ok(made)
        };
        all.extend(server.write(rule).await.expect("they are there"));
    }
    all
}

/// Its server says that its followers here are others than they are, and names these.
async fn names(scene: &Scene, target: AccountId, list: Value) {
    scene.peer.serve(URL, Answer::document(&list));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let differs = JobKind::SynchroniseFollowers { account: target, url: URL.to_owned(), digest: [0; 32] };
        job::enqueue(tx, differs);
        Ok(())
    };
    scene.instance.running.server.write(rule).await.expect("it is to be looked at");
    scene.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_followers_and_more_are_brought_in_line() {
    let scene = Scene::start(&["far.test"]).await;
    scene.serve_actor(FAR, json!({"followers": format!("{FAR}/followers")}));
    let found = scene.alice.search("accounts", FAR, true).await;
    let target = AccountId(found[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("a number"));
    let all = crowd(&scene, target).await;
    let follow = async || {
        let all = all.clone();
        let look = move |view: &storage::View<'_>| {
            let mut left = Vec::new();
            for (number, id) in all.iter().enumerate() {
                if !FOLLOWS.contains(view, &(*id, target))? {
                    left.push(number);
                }
            }
            Ok(left)
        };
        scene.instance.running.server.read(look).await.expect("a look")
    };
    let list = |without: &[usize]| {
        let names: Vec<String> = (0..CROWD).filter(|number| !without.contains(number)).map(uri).collect();
        json!({"@context": CONTEXT, "id": URL, "type": "OrderedCollection", "totalItems": names.len(),
            "orderedItems": names})
    };
    let mut in_parts = list(&[]);
    in_parts["orderedItems"] = json!([uri(0)]);
    names(&scene, target, in_parts).await;
    assert_eq!(follow().await, Vec::<usize>::new(), "who names a part of them ends nothing");
    let gone = [3, CROWD - 1];
    names(&scene, target, list(&gone)).await;
    assert_eq!(follow().await, gone);
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

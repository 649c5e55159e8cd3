//! What people here hold of other servers stays while they do.

use crate::{
    lab::{Instance, Person, World, text_of},
    unnamed::later,
};
use storage::{StatusId, Timestamp, retention, status};

/// Posts at one server and looks for it at another, where nothing else leads to it; its id there.
async fn posts_and_looks(author: &Person<'_>, reader: &Person<'_>, text: &str) -> String {
    let posted = author.posts(text, &[]).await;
    let uri = text_of(&author.get(&format!("/api/v1/statuses/{posted}")).await, "uri");
    let found = reader.get(&format!("/api/v2/search?resolve=true&type=statuses&q={uri}")).await;
    text_of(&found["statuses"][0], "id")
}

/// Whether a status is there, without a look at it by anybody.
async fn is_there(instance: &Instance, id: &str) -> bool {
    let id: StatusId = id.parse().expect("a number");
    instance.server().read(move |view| Ok(status::find(view, id)?.is_some())).await.expect("read")
}

/// Moves the clock until a status has gone, which takes less than four days.
async fn goes(world: &World, instance: &Instance, id: &str) {
    let begun: Timestamp = instance.server().now();
    while is_there(instance, id).await {
        assert!(instance.server().now().ms_since(begun) < 4 * 24 * 60 * 60_000, "{id} goes");
        later(world, instance).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_in_a_filter_stays_and_one_that_was_taken_out_goes() {
    let world = World::new();
    let (here, there) = (world.instance("here.test").await, world.instance("there.test").await);
    let (alice, bob) = (here.person("alice").await, there.person("bob").await);
    let filtered = posts_and_looks(&bob, &alice, "never again").await;
    let taken_out = posts_and_looks(&bob, &alice, "well, perhaps").await;
    let filter = alice.post("/api/v2/filters", &[("title", "quiet"), ("context[]", "home")]).await;
    let statuses = format!("/api/v2/filters/{}/statuses", text_of(&filter, "id"));
    alice.post(&statuses, &[("status_id", &filtered)]).await;
    let row = text_of(&alice.post(&statuses, &[("status_id", &taken_out)]).await, "id");
    let done = alice.send("DELETE", &format!("/api/v2/filters/statuses/{row}"), &[]).await;
    assert_eq!(done.status, 200, "{}", done.text());
    here.server()
        .write(|tx| {
            retention::put_days(tx, 1);
            Ok(())
        })
        .await
        .expect("set");

    goes(&world, &here, &taken_out).await;
    // Some hours more: it is not only later than the other.
    for _ in 0..12 {
        later(&world, &here).await;
    }
    assert!(is_there(&here, &filtered).await, "it is in a filter");
    let rows = alice.get(&statuses).await;
    assert_eq!((rows.as_array().map(Vec::len), &rows[0]["status_id"]), (Some(1), &filtered.into()));
}

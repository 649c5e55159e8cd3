//! What other servers are told of what is gone here (ActivityPub §6.4): only of what everybody could know.

use crate::{
    peer::ACTIVITY_JSON,
    scene::{CONTEXT, Scene},
    web::Reply,
};
use serde_json::{Value, json};

async fn get(scene: &Scene, path: &str, accept: &str) -> Reply {
    scene.instance.web.get(path, &[("Host", "local.test"), ("Accept", accept)]).await
}

/// Alice posts and deletes it again; where it was.
async fn deleted(scene: &Scene, visibility: &str) -> String {
    let posted = scene.alice.post("/api/v1/statuses", &[("status", "words"), ("visibility", visibility)]).await.json();
    let id = posted["id"].as_str().expect("an id");
    assert_eq!(scene.alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[], b"").await.status, 200);
    posted["uri"].as_str().expect("a uri").strip_prefix("https://local.test").expect("it is ours").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_deleted_public_post_a_tombstone_is_left_and_of_others_nothing() {
    let scene = Scene::start(&[]).await;
    for visibility in ["public", "unlisted"] {
        let path = deleted(&scene, visibility).await;
        let left = get(&scene, &path, ACTIVITY_JSON).await;
        assert_eq!((left.status, left.header("content-type")), (410, Some(ACTIVITY_JSON)), "{}", left.text());
        assert!(left.header("vary").is_some_and(|vary| vary.contains("Accept")), "{:?}", left.headers);
        let body = left.json();
        let context = body["@context"].as_array().expect("a list");
        assert!(context.contains(&json!(CONTEXT)), "{body}");
        let mut members = body.as_object().expect("an object").clone();
        members.remove("@context");
        let wanted =
            json!({"id": format!("https://local.test{path}"), "type": "Tombstone", "deleted": "2026-12-01T12:00:00Z"});
        assert_eq!(Value::Object(members), wanted);
        // The page of it is as gone, and the activity that made it has nothing left.
        let id = path.rsplit('/').next().expect("a number");
        let page = get(&scene, &format!("/@alice/{id}"), "text/html").await;
        assert_eq!((page.status, page.text().contains("Tombstone")), (410, false));
        assert_eq!(get(&scene, &format!("{path}/activity"), ACTIVITY_JSON).await.status, 410);
    }
    for visibility in ["private", "direct"] {
        let hidden = get(&scene, &deleted(&scene, visibility).await, ACTIVITY_JSON).await;
        assert_eq!((hidden.status, hidden.text().contains("Tombstone")), (404, false), "{visibility}");
    }
    let never = get(&scene, "/users/alice/statuses/115000000000000000", ACTIVITY_JSON).await;
    let nobody = get(&scene, "/users/nobody/statuses/115000000000000000", ACTIVITY_JSON).await;
    assert_eq!((never.status, nobody.status), (404, 404));
    scene.instance.running.stop().await.expect("it stops");
}

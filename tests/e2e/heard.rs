//! A server that is heard from again is there, whatever it says.

use crate::{
    scene::{CONTEXT, Scene},
    sign::{SigningKey, http_date},
};
use serde_json::{Value, json};
use storage::peer::{self, Failing, PEERS, Peer};

const FAY: &str = "https://friend.test/users/fay";
const EVE: &str = "https://evil.test/users/eve";

/// From now on deliveries to both servers have failed.
async fn are_away(scene: &Scene) {
    let away = |tx: &mut storage::Tx<'_>| {
        for host in ["friend.test", "evil.test"] {
            let mut peer = Peer::new(tx.now());
            peer.fail(tx.now(), "no answer", Failing::Away, None, 0);
            PEERS.put(tx, &host.to_owned(), &peer);
        }
        Ok(())
    };
    scene.instance.running.server.write(away).await.expect("stored");
}

/// Whether nothing is tried at fay's server, and at eve's.
async fn wait(scene: &Scene) -> [bool; 2] {
    let look = |view: &storage::View<'_>| {
        let failing = |host| Ok::<_, storage::Error>(peer::find(view, host)?.is_some_and(|peer| peer.is_failing()));
        Ok([failing("friend.test")?, failing("evil.test")?])
    };
    scene.instance.running.server.read(look).await.expect("a read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_back_is_tried_again_also_if_what_it_says_is_not_kept() {
    let scene = Scene::start(&["friend.test", "evil.test"]).await;
    scene.serve_actor(FAY, json!({}));
    assert_eq!(scene.alice.search("accounts", FAY, true).await.len(), 1, "her key is known");
    let cases: [(&str, Value); 3] = [
        ("nothing that tells it from others", json!({"type": "Like", "object": scene.alice.uri})),
        (
            "nobody who did it",
            json!({"id": format!("{FAY}#1"), "type": "Like", "actor": null, "object": scene.alice.uri}),
        ),
        (
            "what another is said to have done",
            json!({"id": format!("{EVE}#1"), "type": "Follow", "actor": EVE, "object": scene.alice.uri}),
        ),
    ];
    for (what, activity) in cases {
        are_away(&scene).await;
        assert_eq!(scene.posts(FAY, activity).await.status, 202, "{what}");
        assert_eq!(wait(&scene).await, [false, true], "{what}: only whose key signed it is there");
    }
    // Whoever merely says to be of that server tells nothing of it.
    are_away(&scene).await;
    let said = json!({"@context": CONTEXT, "type": "Like", "actor": FAY, "object": scene.alice.uri}).to_string();
    let date = http_date(scene.instance.now_ms());
    let headers =
        SigningKey::generate().post(&format!("{FAY}#main-key"), "local.test", "/inbox", &date, said.as_bytes());
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let reply = scene.instance.web.send("POST", "/inbox", &headers, said.as_bytes()).await;
    assert_ne!(reply.status, 202, "{}", reply.text());
    assert_eq!(wait(&scene).await, [true, true]);
    scene.instance.running.stop().await.expect("it stops");
}

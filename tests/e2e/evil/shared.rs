//! What somebody shares who is followed here: it sets this server on nobody (SECURITY B5, B7).

use super::*;
use crate::instance::until;

const FAY: &str = "https://friend.test/users/fay";

/// What `by` shares, by the number of its Announce.
fn announce(by: &str, number: u32, objects: &Value) -> Value {
    json!({"id": format!("{by}/boosts/{number}"), "type": "Announce", "object": objects})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b5_what_somebody_shares_is_looked_up_within_a_rate_for_each_domain_that_is_asked() {
    let scene = Scene::rated(&["evil.test", "sub.evil.test", "victim.test", "friend.test"]).await;
    let eva = "https://sub.evil.test/users/eva";
    for actor in [EVE, eva, FAY, VIC] {
        scene.serve_actor(actor, json!({}));
    }
    for actor in [EVE, eva, FAY] {
        alice_follows(&scene, actor).await;
    }
    // Ids without end that never were there, ten at a time; whoever is below the same domain has no more.
    for number in 0..40_u32 {
        let by = if number % 2 == 0 { EVE } else { eva };
        let made_up: Vec<String> =
            (0..10).map(|one| format!("https://victim.test/never/{}", 10 * number + one)).collect();
        scene.sends(by, announce(by, number, &json!(made_up))).await;
        if number % 10 == 9 {
            scene.is_quiet().await;
        }
    }
    let asked = || scene.peer.seen(|seen| seen.authority == "victim.test" && seen.path.starts_with("/never/")).len();
    assert_eq!(asked(), 300);
    // Others of her domain she may still share, and others may share what is there.
    let (own, words) = ("https://evil.test/notes/own", "https://victim.test/notes/words");
    scene.serve_note(own, EVE, json!({}));
    scene.serve_note(words, VIC, json!({}));
    scene.sends(EVE, announce(EVE, 100, &json!(own))).await;
    assert!(until(|| stored(&scene, own)).await.is_some(), "her own server is asked");
    scene.sends(FAY, announce(FAY, 1, &json!(words))).await;
    assert!(until(|| stored(&scene, words)).await.is_some(), "a neighbour's word has a measure of its own");
    scene.instance.clock.advance(5 * 60_000);
    scene.sends(EVE, announce(EVE, 101, &json!("https://victim.test/never/again"))).await;
    scene.is_quiet().await;
    assert_eq!(asked(), 301, "a while later she is heard again");
    scene.instance.is_sound();
    scene.instance.running.stop().await.expect("it stops");
}

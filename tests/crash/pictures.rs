//! A picture that was taken with 202 is processed, whenever the process dies.

use crate::{
    binary::{ask, wait_for},
    made::{form, form_type, png, size},
    world::World,
};

#[test]
fn a_picture_taken_with_202_is_ready_after_a_kill() {
    let mut world = World::new("redb");
    world.settle();
    let mut running = world.serve();
    let mut taken = Vec::new();
    for round in 0..3 {
        let body = form(&[("description", "kept")], &[("file", &png(3_000, 2_000, round))]);
        let head = format!(
            "POST /api/v2/media HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Prefer: respond-async\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            world.host,
            world.token,
            form_type(),
            body.len()
        );
        let reply = ask(world.address, &[head.as_bytes(), &body].concat()).expect("an answer");
        assert_eq!(reply.status, 202, "{}", reply.text());
        running.kill();
        taken.push(reply.json()["id"].as_str().expect("an id").to_owned());
        running = world.serve();
    }
    for id in &taken {
        let media = wait_for("the picture to be ready", || {
            let reply = world.api("GET", &format!("/api/v1/media/{id}"), &[], "")?;
            assert!(matches!(reply.status, 200 | 206), "{}: {}", reply.status, reply.text());
            (reply.status == 200).then(|| reply.json())
        });
        assert_eq!(media["description"], "kept");
        let path = media["url"].as_str().and_then(|url| url.split(&world.host).nth(1)).expect("an address").to_owned();
        let shown = world.api("GET", &path, &[], "").expect("an answer");
        assert_eq!((shown.status, size(&shown.body)), (200, (3_000, 2_000)));
    }
    running.stop();
    world.check();
}

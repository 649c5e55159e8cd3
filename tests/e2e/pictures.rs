//! Pictures of a peer that lies, floods, hangs and is asked by everybody at once (SECURITY B1-B4, B7, C3, C4).

use crate::{
    certificates::Authority,
    instance::Instance,
    made::{jpeg, png, size},
    peer::{Answer, Peer},
    room::{self, GB, roomy},
    web::Reply,
};
use bytes::Bytes;
use dassie::{
    limits,
    media::{Addresses, Variant},
    reach,
};
use serde_json::json;
use std::{sync::Arc, time::Duration};

struct Scene {
    instance: Instance,
    peer: Peer,
    addresses: Addresses,
}

async fn scene() -> Scene {
    let authority = Authority::new();
    let instance = Instance::start("looking.test", &authority.pem()).await;
    let peer = Peer::start(&authority);
    for host in ["pictures.test", "other.test"] {
        instance.reach.map(&format!("{host}:443"), reach::Target { address: peer.tls, plain: false });
    }
    let secret = instance.running.server.read(|view| Ok(storage::media::secret(view)?)).await.expect("read");
    let addresses = Addresses::new(&secret.expect("made at the start"));
    Scene { instance, peer, addresses }
}

impl Scene {
    /// What somebody who looks at the picture at `url` gets.
    async fn look(&self, variant: Variant, url: &str) -> Reply {
        self.instance.get(&self.addresses.path(variant, url)).await
    }

    fn asked(&self, path: &str) -> usize {
        self.peer.seen(|seen| seen.path == path).len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_at_once_costs_a_peer_one_request() {
    let scene = scene().await;
    let url = "https://pictures.test/a.jpg";
    scene.peer.serve(url, Answer::Body("text/plain", jpeg(1_000, 1_000, 1).into()));
    let mut looking = tokio::task::JoinSet::new();
    let (web, host) = (scene.instance.web, scene.instance.host.clone());
    let path = scene.addresses.path(Variant::Small, url);
    for _ in 0..12 {
        let (path, host) = (path.clone(), host.clone());
        looking.spawn(async move { web.get(&path, &[("Host", &host)]).await });
    }
    let replies = looking.join_all().await;
    for reply in &replies {
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/jpeg")), "{}", reply.text());
        assert_eq!(size(&reply.body), (480, 480));
    }
    assert_eq!(scene.asked("/a.jpg"), 1);
    let seen = scene.peer.seen(|seen| seen.path == "/a.jpg");
    assert_eq!(seen[0].header("cookie").or(seen[0].header("referer")), None, "nobody is told who looks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_picture_is_neither_shown_nor_asked_for_again() {
    let scene = scene().await;
    let mut huge = png(8, 8, 1);
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let endless = Answer::Endless("image/png", "identity", png(8, 8, 1).into(), Bytes::from(vec![0; 64 * 1024]));
    let redirect = Answer::Redirect("https://looking.test/avatars/original/missing.png".to_owned());
    for (name, answer, status) in [
        ("svg.png", Answer::Body("image/png", "<svg xmlns=\"x\" onload=\"alert(1)\"/>".into()), 503),
        ("page.png", Answer::Body("image/png", "<!DOCTYPE html><script>alert(1)</script>".into()), 503),
        ("huge.png", Answer::Body("image/png", huge.into()), 503),
        ("endless.png", endless, 503),
        ("home.png", redirect, 503),
        ("away.png", Answer::Status(404), 404),
        ("gone.png", Answer::Status(410), 410),
        ("broken.png", Answer::Status(500), 503),
    ] {
        let url = format!("https://pictures.test/{name}");
        scene.peer.serve(&url, answer);
        for variant in [Variant::Whole, Variant::Small] {
            for _ in 0..2 {
                let reply = scene.look(variant, &url).await;
                assert_eq!(reply.status, status, "{name}: {}", reply.text());
                assert!(!reply.text().contains("alert(1)"), "{name}");
            }
        }
        assert_eq!(scene.asked(&format!("/{name}")), 2, "{name}: once for each variant");
    }
    let cache = scene.instance.running.server.config().data_dir.join("cache");
    assert!(!cache.exists(), "nothing of it was kept");
    scene.instance.clock.advance(limits::FETCH_NEGATIVE_MS);
    scene.peer.serve("https://pictures.test/away.png", Answer::Body("image/png", png(8, 8, 1).into()));
    assert_eq!(scene.look(Variant::Whole, "https://pictures.test/away.png").await.status, 200, "and back again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emoji_has_bounds_of_its_own_for_bytes_and_sides() {
    let scene = scene().await;
    let long = |bytes: usize| {
        let mut file = png(8, 8, 1);
        file.resize(bytes, 0);
        file
    };
    let (bytes, side) = (limits::REMOTE_EMOJI_BYTES, limits::REMOTE_EMOJI_SIDE_MAX);
    for (name, file, status) in [
        ("heavy.png", long(bytes), 200),
        ("heavier.png", long(bytes + 1), 503),
        ("wide.png", png(side, 2, 1), 200),
        ("wider.png", png(side + 1, 2, 1), 503),
        ("high.png", png(2, side, 1), 200),
        ("higher.png", png(2, side + 1, 1), 503),
    ] {
        let url = format!("https://pictures.test/{name}");
        scene.peer.serve(&url, Answer::Body("image/png", file.into()));
        for variant in [Variant::Emoji, Variant::StillEmoji] {
            let reply = scene.look(variant, &url).await;
            assert_eq!(reply.status, status, "{name}: {}", reply.text());
        }
        assert_eq!(scene.look(Variant::Whole, &url).await.status, 200, "{name}: other pictures have theirs");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_fetches_what_they_like_through_this_server() {
    let scene = scene().await;
    let url = "https://pictures.test/a.jpg";
    scene.peer.serve(url, Answer::Body("image/jpeg", jpeg(64, 64, 1).into()));
    let foreign = Addresses::new(&[7; 32]).path(Variant::Whole, url);
    assert_eq!(scene.instance.get(&foreign).await.status, 404);
    let own = scene.addresses.path(Variant::Whole, url);
    assert_eq!(scene.instance.get(&own.replace("/whole/", "/small/")).await.status, 404);
    assert_eq!(scene.asked("/a.jpg"), 0);
    assert_eq!(scene.instance.get(&own).await.status, 200);
    for url in [
        "https://127.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://169.254.169.254/latest/meta-data",
        "https://looking.test/media/x.png",
        "file:///etc/passwd",
        "ftp://pictures.test/a.jpg",
        "nonsense",
    ] {
        let reply = scene.look(Variant::Whole, url).await;
        assert!(matches!(reply.status, 404 | 422 | 503), "{url}: {}", reply.status);
        assert_ne!(reply.header("content-type").map(|kind| kind.starts_with("image/")), Some(true), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_hangs_costs_its_own_pictures_only() {
    let scene = scene().await;
    for number in 0..20 {
        scene.peer.serve(&format!("https://pictures.test/hang{number}.png"), Answer::Hang);
    }
    scene.peer.serve("https://other.test/good.png", Answer::Body("image/png", png(8, 8, 1).into()));
    let (web, host) = (scene.instance.web, scene.instance.host.clone());
    let mut hanging = tokio::task::JoinSet::new();
    for number in 0..20 {
        let path = scene.addresses.path(Variant::Whole, &format!("https://pictures.test/hang{number}.png"));
        let host = host.clone();
        hanging.spawn(async move { (number, web.get(&path, &[("Host", &host)]).await.status) });
    }
    let places = usize::from(limits::REMOTE_PICTURES_PER_HOST);
    let hangs = |seen: &crate::peer::Seen| seen.path.starts_with("/hang");
    let asked = scene.peer.wait_for(Duration::from_secs(5), hangs).await;
    assert!(asked.is_some(), "it is asked");
    assert_eq!(scene.look(Variant::Whole, "https://other.test/good.png").await.status, 200, "meanwhile");
    assert!(scene.peer.seen(hangs).len() <= places, "a few at a time");
    let replies = hanging.join_all().await;
    assert!(replies.iter().all(|(_, status)| *status == 503), "given up before the requests are: {replies:?}");
    // Whoever was asked for is not asked again; the others may be.
    let before = scene.peer.seen(hangs);
    let path = before[0].path.clone();
    assert_eq!(scene.look(Variant::Whole, &format!("https://pictures.test{path}")).await.status, 503);
    assert_eq!(scene.asked(&path), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_an_actor_are_shown_whatever_type_they_say_to_be() {
    let scene = crate::scene::Scene::start(&["odd.test"]).await;
    let odd = [
        json!(null),
        json!(""),
        json!(7),
        json!(["image/png"]),
        json!({}),
        json!("text/html"),
        json!("x".repeat(3_000)),
    ];
    for (number, kind) in odd.into_iter().enumerate() {
        let (id, url) = (format!("https://odd.test/users/u{number}"), format!("https://odd.test/{number}.png"));
        scene.peer.serve(&url, Answer::Body("application/octet-stream", png(8, 8, 1).into()));
        let picture = json!({"type": "Image", "mediaType": kind, "url": url});
        scene.serve_actor(&id, json!({"icon": picture, "image": [picture]}));
        let found = scene.alice.search("accounts", &id, true).await;
        for name in ["avatar", "header"] {
            let shown = found[0][name].as_str().unwrap_or_default();
            let path = shown.strip_prefix("https://local.test").unwrap_or_default();
            assert!(!shown.contains("missing"), "{name} of {kind}: {shown}");
            let seen = scene.instance.get(path).await;
            let is_picture = seen.header("content-type").is_some_and(|kind| kind.starts_with("image/"));
            assert!(seen.status == 200 && is_picture, "{name} of {kind}: {}", seen.status);
        }
    }
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_room_is_short_whoever_has_no_copy_has_the_face_of_those_who_have_none() {
    let (authority, disk) = (Authority::new(), roomy());
    let instance = Instance::start_on("faces.test", &authority.pem(), Arc::new(disk.clone())).await;
    let mut scene = room::Scene::around(instance, disk).await;
    let peer = Peer::start(&authority);
    scene.instance.reach.map("pictures.test:443", reach::Target { address: peer.tls, plain: false });
    let secret = scene.instance.running.server.read(|view| Ok(storage::media::secret(view)?)).await.expect("read");
    let addresses = Addresses::new(&secret.expect("made at the start"));
    let url = "https://pictures.test/face.png";
    peer.serve(url, Answer::Body("image/png", png(8, 8, 1).into()));
    scene.free(4 * GB, "short").await;
    for variant in [Variant::Whole, Variant::Small, Variant::Emoji, Variant::StillEmoji] {
        let refused = scene.instance.get(&addresses.path(variant, url)).await;
        assert_eq!(refused.status, 503, "words stand in for it: {variant:?}");
    }
    for (variant, stand_in) in
        [(Variant::Avatar, "/avatars/original/missing.png"), (Variant::Wide, "/headers/original/missing.png")]
    {
        let shown = scene.instance.get(&addresses.path(variant, url)).await;
        let told = (shown.status, shown.header("content-type"), shown.header("cache-control"));
        assert_eq!(told, (200, Some("image/png"), Some("no-store")), "{variant:?}");
        assert!(shown.body == scene.instance.get(stand_in).await.body, "{variant:?} is {stand_in}");
    }
    assert!(peer.seen(|_| true).is_empty(), "nothing is asked for");
    scene.free(60 * GB, "ample").await;
    let face = scene.instance.get(&addresses.path(Variant::Avatar, url)).await;
    assert_eq!((face.status, face.header("cache-control")), (200, Some("public, max-age=604800")));
    assert!(face.body != scene.instance.get("/avatars/original/missing.png").await.body, "now it is their own");
    // The same copy serves as what timelines show: nobody is asked twice.
    assert_eq!(scene.instance.get(&addresses.path(Variant::Small, url)).await.status, 200);
    assert_eq!(peer.seen(|_| true).len(), 1);
}

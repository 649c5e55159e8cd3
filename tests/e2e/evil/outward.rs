//! Where this server is led to: inwards, in circles, to an inbox of somebody else (SECURITY B1, B2, B7).

use super::{inward::Inward, *};
use crate::{
    certificates::Authority,
    instance::until,
    peer::{Answer, Peer, Seen},
};
use dassie::{
    federation::signature::{PublicKey, RequestParts, verify},
    limits, reach,
};
use http::{HeaderMap, HeaderName, Method};
use std::sync::Arc;
use storage::Timestamp;
use url::Url;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b1_no_document_and_no_redirect_leads_inwards() {
    // In a lab, where this machine may be asked, each of these places is asked.
    let peer = Peer::start(&Authority::new());
    let lab = Inward::start(reach::Reach::lab()).await;
    lab.is_led_to(&format!("http://{}", peer.plain), 0).await;
    let places = ["/picture.png", "/emoji.png", "/avatar.png", "/page", "/parent", "/quoted", "/searched", "/stranger"];
    let asked = |path: &&str| !peer.seen(|seen| seen.path == *path).is_empty();
    let not_asked: Vec<&str> = places.into_iter().filter(|path| !asked(path)).collect();
    assert_eq!(not_asked, Vec::<&str>::new(), "nothing is learned from what is never asked");
    lab.stop().await;

    // Outside of a lab nobody knocks.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let public = Inward::start(reach::Reach::Public).await;
    for (number, base) in [
        format!("http://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        "https://127.0.0.1".to_owned(),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        "https://[::ffff:127.0.0.1]".to_owned(),
        format!("https://localhost:{port}"),
        "https://printer.localhost".to_owned(),
        "https://169.254.169.254".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        public.is_led_to(base, number).await;
    }
    let visitor = listener.accept();
    assert!(visitor.is_err(), "one of the places was asked: {visitor:?}");
    public.stop().await;

    // A redirect is looked at like an address of its own: to this server itself, and to what is not on the web.
    let scene = scene().await;
    scene.instance.reach.map("local.test:443", reach::Target { address: scene.peer.tls, plain: false });
    for (number, inner) in [
        "https://local.test/inner",
        "https://local.test:443/inner",
        "https://LOCAL.test./inner",
        "https://evil.test@local.test/inner",
        "file:///etc/passwd",
        "gopher://victim.test/",
    ]
    .into_iter()
    .enumerate()
    {
        let door = format!("https://evil.test/doors/{number}");
        scene.peer.serve(&door, Answer::Redirect(inner.to_owned()));
        assert_eq!(resolved(&scene, &door).await, None, "{inner}");
        assert_eq!(scene.peer.seen(|seen| seen.path == format!("/doors/{number}")).len(), 1, "{inner}");
    }
    let inside = scene.peer.seen(|seen| seen.path == "/inner" || seen.authority != "evil.test");
    assert!(inside.is_empty(), "{inside:?}");
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b2_a_redirect_ends_and_takes_no_signature_along() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    let (evil, victim) = ("https://evil.test", "https://victim.test");
    // To itself, to and fro, and ever further.
    scene.peer.serve(&format!("{evil}/loop"), Answer::Redirect(format!("{evil}/loop")));
    scene.peer.serve(&format!("{evil}/to"), Answer::Redirect(format!("{victim}/fro")));
    scene.peer.serve(&format!("{victim}/fro"), Answer::Redirect(format!("{evil}/to")));
    let further = |seen: &Seen| Answer::Redirect(format!("https://evil.test/further?{}", seen.path.len()));
    scene.peer.serve(&format!("{evil}/further"), Answer::Make(Arc::new(further)));
    for (first, paths) in [("loop", ["/loop", "/loop"]), ("to", ["/to", "/fro"]), ("further", ["/further", "/further"])]
    {
        assert_eq!(resolved(&scene, &format!("{evil}/{first}")).await, None, "{first}");
        let turns = scene.peer.seen(|seen| paths.iter().any(|path| seen.path.starts_with(path))).len();
        assert_eq!(turns, limits::REDIRECTS_MAX + 1, "{first}");
    }

    // What one server was shown is worth nothing to another, and the other is shown its own.
    scene.peer.serve(&format!("{evil}/away"), Answer::Redirect(format!("{victim}/elsewhere")));
    assert_eq!(resolved(&scene, &format!("{evil}/away")).await, None);
    let one =
        |path: &str| scene.peer.seen(|seen| seen.path == path).pop().unwrap_or_else(|| panic!("{path}: not asked"));
    let (at_evil, at_victim) = (one("/away"), one("/elsewhere"));
    let actor = get_unsigned(&scene, "/actor").await.json();
    let key = PublicKey::from_pem(text(&actor["publicKey"], "publicKeyPem")).expect("a key");
    let now = Timestamp(scene.instance.now_ms());
    let holds = |seen: &Seen, path: &str, host: &str| {
        let mut headers = HeaderMap::new();
        for (name, value) in &seen.headers {
            let value = if name == "host" { host } else { value.as_str() };
            headers.append(HeaderName::try_from(name.as_str()).expect("a name"), value.parse().expect("a value"));
        }
        let origin = Url::parse(&format!("https://{host}")).expect("a URL");
        let parts = RequestParts { method: &Method::GET, path_and_query: path, headers: &headers, body: b"" };
        verify(&parts, &key, now, &origin).is_ok()
    };
    assert!(holds(&at_evil, "/away", "evil.test") && holds(&at_victim, "/elsewhere", "victim.test"), "each its own");
    assert!(!holds(&at_evil, "/away", "victim.test") && !holds(&at_evil, "/elsewhere", "victim.test"));
    assert!(!at_victim.headers.iter().any(|(_, value)| value.contains("evil.test")), "{at_victim:?}");

    // An inbox that leads elsewhere sends nothing there.
    scene.peer.route("POST", &format!("{EVE}/inbox"), Answer::Redirect(format!("{victim}/chosen")));
    scene.sends(EVE, follow(&scene, "https://evil.test/f/1", EVE)).await;
    let posted =
        scene.peer.wait_for(Duration::from_secs(6), |seen| seen.method == "POST" && seen.authority == "evil.test");
    assert!(posted.await.is_some(), "she is answered");
    scene.sends(VIC, follow(&scene, "https://victim.test/f/1", VIC)).await;
    assert!(until(|| async { scene.peer.delivered("victim.test").pop() }).await.is_some(), "others are answered, too");
    assert!(!asked_of(&scene, "victim.test").contains(&"/chosen".to_owned()));
    scene.instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b7_nothing_is_sent_to_an_inbox_that_is_somebody_elses() {
    let scene = scene().await;
    scene.serve_actor(VIC, json!({}));
    // Whose inbox is not on their own server is nobody.
    for (number, inbox) in [
        "https://victim.test/inbox",
        "https://evil.test@victim.test/inbox",
        "https://victim.test\\@evil.test/inbox",
        "https://sub.evil.test/inbox",
        "https://evil.test:8443/inbox",
        "http://evil.test/inbox",
    ]
    .into_iter()
    .enumerate()
    {
        let actor = format!("https://evil.test/users/m{number}");
        scene.serve_actor(&actor, json!({"inbox": inbox}));
        let asking = follow(&scene, &format!("{actor}#follow"), &actor);
        let status = post_as(&scene, &scene.key, &format!("{actor}#main-key"), &asking).await;
        assert!(matches!(status, 401 | 503), "{inbox}: {status}");
        let found = scene.alice.search("accounts", &actor, true).await;
        assert_eq!(found, Vec::<Value>::new(), "{inbox}");
    }
    assert_eq!(asked_of(&scene, "victim.test"), Vec::<String>::new());

    // A shared inbox elsewhere is passed over; what is for them goes to their own.
    scene.serve_actor(EVE, json!({"endpoints": {"sharedInbox": "https://victim.test/inbox"}}));
    for (actor, id) in [(EVE, "https://evil.test/f/1"), (VIC, "https://victim.test/f/1")] {
        scene.sends(actor, follow(&scene, id, actor)).await;
    }
    for acct in ["eve@evil.test", "vic@victim.test"] {
        let follows = until(|| async { follows_alice(&scene, acct).await.then_some(()) });
        assert!(follows.await.is_some(), "{acct}");
    }
    for visibility in ["public", "private"] {
        let uri = posts(&scene, "for those who follow", visibility).await["uri"].clone();
        for host in ["evil.test", "victim.test"] {
            let came = || async {
                let all = scene.peer.delivered(host);
                all.iter().any(|sent| sent["type"] == "Create" && sent["object"]["id"] == uri).then_some(())
            };
            assert!(until(came).await.is_some(), "{host}: {visibility}");
        }
    }
    let mut inboxes: Vec<String> = scene
        .peer
        .seen(|seen| seen.method == "POST")
        .into_iter()
        .map(|seen| format!("https://{}{}", seen.authority, seen.path))
        .collect();
    inboxes.sort_unstable();
    inboxes.dedup();
    assert_eq!(inboxes, [format!("{EVE}/inbox"), format!("{VIC}/inbox")]);
    scene.instance.running.stop().await.expect("it stops");
}

//! Authorized fetch: documents only for servers that sign for them, pages for everybody.

use crate::lab::{Instance, Person, World, shown};
use dassie::{
    error::Error,
    federation::{
        client::{Answer, AnswerLimits, Signer, Signing},
        fetch::{self, Budget},
        signature::{self, PrivateKey, PublicKey, RequestParts, Scheme},
    },
    reach::Target,
};
use http::{HeaderMap, HeaderName, Method};
use std::sync::{Arc, Mutex};
use storage::{Timestamp, account::SIGNING_KEYS, authorized_fetch, instance, user::Role};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};
use url::Url;

const ACTIVITY: &str = "application/activity+json";

async fn wants_signatures(home: &Instance, wanted: bool) {
    home.server().write(move |tx| Ok(authorized_fetch::set(tx, wanted)?)).await.expect("written");
    home.server().access_cache().clear();
}

/// What `home` answers a GET of `path` that `who` signs.
async fn signed(who: &Person<'_>, home: &Instance, path: &str) -> Answer {
    let (server, id) = (who.home.server(), who.id);
    let keys = server.read(move |view| Ok(SIGNING_KEYS.get(view, &id)?)).await.expect("a read").expect("keys");
    let key = PrivateKey::from_pkcs8(&keys.rsa_private).expect("a key");
    let key_id = format!("https://{}/users/{}#main-key", who.home.name, who.name);
    let signer = Signer { key_id: &key_id, key: &key, signing: Signing::By(Scheme::Cavage), now: server.now() };
    let url = Url::parse(&format!("https://{}{path}", home.name)).expect("a URL");
    server.client().get_signed(&url, ACTIVITY, &signer, AnswerLimits::DOCUMENT, server).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_only_for_servers_that_sign_while_that_is_wanted() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (alice, bob) = (home.person("alice").await, away.person("bob").await);
    let id = alice.posts("for everybody", &[]).await;
    let status = format!("/users/alice/statuses/{id}");
    let documents = [
        "/users/alice".to_owned(),
        "/@alice".to_owned(),
        "/users/alice/outbox".to_owned(),
        "/users/alice/followers".to_owned(),
        "/users/alice/following".to_owned(),
        "/users/alice/collections/featured".to_owned(),
        format!("/@alice/{id}"),
        format!("{status}/activity"),
        format!("{status}/replies"),
        status.clone(),
    ];
    let anonymous = async |path: &str| home.web().get(path, &[("host", "home.test"), ("accept", ACTIVITY)]).await;
    for path in &documents {
        assert_eq!(anonymous(path).await.status, 200, "{path}");
    }
    wants_signatures(&home, true).await;
    for path in &documents {
        assert_eq!(anonymous(path).await.status, 401, "{path}");
        // Bob's key is not known here: it is fetched.
        let answer = signed(&bob, &home, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{path}");
        let vary = answer.header("vary").unwrap_or_default();
        assert!(vary.contains("Accept") && vary.contains("Signature"), "{path}: {vary}");
    }
    let forged =
        "keyId=\"https://away.test/users/bob#main-key\",algorithm=\"rsa-sha256\",headers=\"date\",signature=\"AAAA\"";
    let headers = [("host", "home.test"), ("accept", ACTIVITY), ("signature", forged)];
    assert_eq!(home.web().get(&status, &headers).await.status, 401);
    // Who we are, and pages, are for everybody.
    for path in
        ["/actor", "/.well-known/webfinger?resource=acct:alice@home.test", "/.well-known/nodeinfo", "/nodeinfo/2.1"]
    {
        assert_eq!(anonymous(path).await.status, 200, "{path}");
    }
    for path in ["/@alice".to_owned(), format!("/@alice/{id}")] {
        let page = home.web().get(&path, &[("host", "home.test"), ("accept", "text/html")]).await;
        assert!(page.status == 200 && page.text().contains("for everybody"), "{path}");
    }
    // Two such servers find each other, because instance actors are open.
    wants_signatures(&away, true).await;
    bob.follows(&alice.handle()).await;
    alice.follows(&bob.handle()).await;
    alice.posts("to whom it may concern", &[]).await;
    bob.sees_at_home("to whom it may concern").await;
    let found = bob.get(&format!("/api/v2/search?resolve=true&q=https%3A%2F%2Fhome.test%2F%40alice%2F{id}")).await;
    assert!(shown(&found["statuses"], "for everybody").is_some(), "{found}");

    let ada = home.staff("ada", Role::Admin).await;
    ada.post("/api/v1/admin/domain_blocks", &[("domain", "away.test"), ("severity", "suspend")]).await;
    assert_eq!(signed(&bob, &home, &status).await.status, 403);
    wants_signatures(&home, false).await;
    assert_eq!(anonymous(&status).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_reads_no_collection_and_who_is_suspended_nothing() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (alice, bob) = (home.person("alice").await, away.person("bob").await);
    let ada = home.staff("ada", Role::Admin).await;
    let id = alice.posts("for everybody", &[]).await;
    let of_account = ["outbox", "followers", "following", "collections/featured", "collections/tags"];
    let of_status = ["replies", "likes", "shares", "context"];
    let mut collections: Vec<String> = of_account.iter().map(|name| format!("/users/alice/{name}")).collect();
    collections.extend(of_status.iter().map(|name| format!("/users/alice/statuses/{id}/{name}")));
    let answers = async |wanted: u16| {
        for path in &collections {
            assert_eq!(signed(&bob, &home, path).await.status, wanted, "{path}");
        }
    };
    let at_home = alice.finds(&bob.handle()).await;
    answers(200).await;
    alice.post(&format!("/api/v1/accounts/{at_home}/block"), &[]).await;
    answers(404).await;
    wants_signatures(&home, true).await;
    answers(404).await;
    alice.post(&format!("/api/v1/accounts/{at_home}/unblock"), &[]).await;
    answers(200).await;
    ada.post(&format!("/api/v1/admin/accounts/{at_home}/action"), &[("type", "suspend")]).await;
    answers(403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_for_others_a_moment_ago_is_neither_old_nor_for_whom_it_is_not() {
    let world = World::new();
    let (home, away) = (world.instance("home.test").await, world.instance("away.test").await);
    let (alice, bob, carol) = (home.person("alice").await, away.person("bob").await, away.person("carol").await);
    wants_signatures(&home, true).await;
    let id = alice.posts("the first words", &[]).await;
    let of_bob = alice.finds(&bob.handle()).await;
    alice.post(&format!("/api/v1/accounts/{of_bob}/block"), &[]).await;
    let status = format!("/users/alice/statuses/{id}");
    let text = |answer: &Answer| String::from_utf8_lossy(&answer.body).into_owned();
    // The first look fetches her key, which is a change; the second is the first one kept.
    for path in
        [status.clone(), format!("{status}/activity"), format!("{status}/replies"), "/users/alice/outbox".into()]
    {
        let looks = [signed(&carol, &home, &path).await, signed(&carol, &home, &path).await];
        assert!(looks.iter().all(|look| look.status == 200), "{path}");
        assert_eq!(signed(&bob, &home, &path).await.status, 404, "{path}: alice blocks him");
        assert_eq!(text(&signed(&carol, &home, &path).await), text(&looks[1]), "{path}");
    }
    let edited = alice.send("PUT", &format!("/api/v1/statuses/{id}"), &[("status", "the last words")]).await;
    assert_eq!(edited.status, 200);
    assert!(text(&signed(&carol, &home, &status).await).contains("the last words"));
    carol.follows(&alice.handle()).await;
    let private = alice.posts("for followers", &[("visibility", "private")]).await;
    let private = format!("/users/alice/statuses/{private}");
    for _ in 0..2 {
        assert_eq!(signed(&carol, &home, &private).await.status, 200);
    }
    wants_signatures(&home, false).await;
    let anonymous =
        async |path: &str| home.web().get(path, &[("host", "home.test"), ("accept", ACTIVITY)]).await.status;
    assert_eq!((anonymous(&private).await, anonymous(&status).await), (404, 200));
    assert_eq!(alice.send("DELETE", &format!("/api/v1/statuses/{id}"), &[]).await.status, 200);
    assert_eq!(anonymous(&status).await, 410);
}

/// A host that notes what `judge` says of the head of each request, and answers with the status that it says, as long as what
/// is answered here is held; the notes.
async fn host<N: Clone + Send + 'static>(
    world: &World,
    name: &'static str,
    judge: impl Fn(&str) -> (N, &'static str) + Send + 'static,
) -> (Arc<Mutex<Vec<N>>>, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    world.names.map(name, Target { address: listener.local_addr().expect("an address"), plain: true });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (notes, mut host) = (seen.clone(), JoinSet::new());
    host.spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                if socket.read_buf(&mut head).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let head = String::from_utf8_lossy(&head);
            let (note, status) = judge(&head);
            notes.lock().expect("nobody panics with it").push(note);
            let body = format!(r#"{{"id":"https://{name}{}","type":"Note"}}"#, target(&head));
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {ACTIVITY}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            // Whoever asked looks at what came of it.
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    (seen, host)
}

const TAKEN: &str = "200 OK";
const REFUSED: &str = "401 Unauthorized";

/// What is asked for.
fn target(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// Asks the host `name` for a document; the id of what it answers.
async fn ask(home: &Instance, name: &str, path: &str) -> Result<String, Error> {
    let uri = format!("https://{name}{path}");
    let (id, _) = fetch::document(home.server(), &uri, &Budget::of_one_cause()).await?;
    Ok(id.as_str().to_owned())
}

/// What was noted since the last look.
fn came<T>(seen: &Mutex<Vec<T>>) -> Vec<T> {
    std::mem::take(&mut *seen.lock().expect("nobody panics with it"))
}

/// A host that takes signatures by RFC 9421 only, and none for `/closed`; how those were signed that came. To whoever signs so
/// it says what is gone, and that it is busy.
async fn strict(world: &World, name: &'static str) -> (Arc<Mutex<Vec<&'static str>>>, JoinSet<()>) {
    let judge = |head: &str| {
        let form = if head.to_lowercase().contains("\r\nsignature-input:") { "rfc9421" } else { "cavage" };
        let status = match target(head).split('?').next().unwrap_or_default() {
            "/gone" if form == "rfc9421" => "410 Gone",
            "/busy" if form == "rfc9421" => "429 Too Many Requests\r\nretry-after: 600",
            path if form == "rfc9421" && path != "/closed" => TAKEN,
            _ => REFUSED,
        };
        (form, status)
    };
    host(world, name, judge).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_refuses_one_form_of_signature_is_asked_with_the_other_and_remembered() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (seen, _host) = strict(&world, "strict.test").await;
    let id = ask(&home, "strict.test", "/notes/1").await.expect("the other form is taken");
    assert_eq!(id, "https://strict.test/notes/1");
    assert_eq!(came(&seen), ["cavage", "rfc9421"]);
    ask(&home, "strict.test", "/notes/2").await.expect("it is remembered");
    assert_eq!(came(&seen), ["rfc9421"]);
    let refused = ask(&home, "strict.test", "/closed").await;
    assert!(matches!(refused, Err(Error::Remote { .. })), "{refused:?}");
    assert_eq!(came(&seen), ["rfc9421", "cavage"], "both once");
    ask(&home, "strict.test", "/notes/3").await.expect("what was refused changes nothing");
    assert_eq!(came(&seen), ["rfc9421"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_says_to_the_signature_it_takes_counts_also_behind_a_refusal() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let (seen, _host) = strict(&world, "strict.test").await;
    for path in ["/gone", "/gone?page=1"] {
        let gone = ask(&home, "strict.test", path).await;
        assert!(matches!(gone, Err(Error::Gone)), "{gone:?}");
        assert_eq!(came(&seen), ["cavage", "rfc9421"], "{path}");
    }
    let busy = ask(&home, "strict.test", "/busy").await;
    assert!(matches!(busy, Err(Error::Remote { .. })), "{busy:?}");
    assert_eq!(came(&seen), ["cavage", "rfc9421"]);
    let quiet = ask(&home, "strict.test", "/notes/1").await;
    assert!(matches!(quiet, Err(Error::Remote { .. })), "{quiet:?}");
    assert_eq!(came(&seen), Vec::<&str>::new(), "it asked to be left alone");
}

/// A host that verifies the path alone, by draft-cavage, and takes nothing for `/closed`; the paths that were asked for.
async fn short_sighted(
    world: &World,
    name: &'static str,
    key: PublicKey,
    now: Timestamp,
) -> (Arc<Mutex<Vec<String>>>, JoinSet<()>) {
    let origin = Url::parse(&format!("https://{name}")).expect("a URL");
    let judge = move |head: &str| {
        let mut headers = HeaderMap::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            headers.append(HeaderName::try_from(name).expect("a name"), value.parse().expect("a value"));
        }
        let path = target(head).split('?').next().unwrap_or_default();
        let parts = RequestParts { method: &Method::GET, path_and_query: path, headers: &headers, body: b"" };
        let cavage = !headers.contains_key("signature-input");
        let taken = cavage && path != "/closed" && signature::verify(&parts, &key, now, &origin).is_ok();
        (target(head).to_owned(), if taken { TAKEN } else { REFUSED })
    };
    host(world, name, judge).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_verifies_the_path_alone_is_asked_so_where_there_is_a_query() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let keys = home.server().read(|view| Ok(instance::keys(view)?)).await.expect("a read").expect("keys");
    let key = PrivateKey::from_pkcs8(&keys.rsa_private).expect("a key");
    let key = PublicKey::from_pem(key.public_pem()).expect("its other half");
    let (seen, _host) = short_sighted(&world, "short.test", key, home.server().now()).await;
    ask(&home, "short.test", "/outbox").await.expect("without a query the two are one");
    assert_eq!(came(&seen), ["/outbox"]);
    let id = ask(&home, "short.test", "/outbox?page=1").await.expect("the path alone is signed");
    assert_eq!(id, "https://short.test/outbox?page=1");
    assert_eq!(came(&seen), ["/outbox?page=1"; 3], "the query is asked for each time");
    for (path, times) in [("/closed", 2), ("/closed?page=1", 3)] {
        let refused = ask(&home, "short.test", path).await;
        assert!(matches!(refused, Err(Error::Remote { .. })), "{refused:?}");
        assert_eq!(came(&seen).len(), times, "{path}");
    }
}

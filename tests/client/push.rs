//! Waking programs on somebody's device (client API, push; RFC 8030, RFC 8291, RFC 8292).

use crate::{
    call::id,
    lab::{Instance, Person, World},
    web::{PATIENCE, Reply, parse},
};
use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as SignatureKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use dassie::reach::Target;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};
use storage::{
    AccountId, Bounds, Direction,
    backup::{Claim, Tenure},
    job::{JOBS, JobKind},
    quiet::{self, DAY_MINUTES, QuietHours},
    user::Role,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};
use web::zone::Zone;

/// A push service that answers with a status of the test's choice.
pub struct Service {
    messages: mpsc::UnboundedReceiver<Reply>,
    answer: Arc<AtomicU16>,
    _tasks: JoinSet<()>,
}

impl Service {
    /// At a name of the lab.
    pub async fn at(world: &World, name: &str) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        world.names.map(name, Target { address: listener.local_addr().expect("an address"), plain: true });
        let (send, messages) = mpsc::unbounded_channel();
        let answer = Arc::new(AtomicU16::new(201));
        let status = Arc::clone(&answer);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (send, status) = (send.clone(), Arc::clone(&status));
                connections.spawn(async move { take(stream, &send, &status).await });
            }
        });
        Service { messages, answer, _tasks: tasks }
    }

    /// The next message.
    pub async fn message(&mut self) -> Reply {
        tokio::time::timeout(PATIENCE, self.messages.recv()).await.expect("a message in time").expect("a service")
    }

    /// Whether none waits; else one is taken.
    pub fn nothing_came(&mut self) -> bool {
        self.messages.try_recv().is_err()
    }
}

/// Reads requests of one connection; they look like answers but for their first line.
async fn take(mut stream: TcpStream, send: &mpsc::UnboundedSender<Reply>, status: &AtomicU16) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let text = String::from_utf8(head).expect("a head is text");
        let (first, rest) = text.split_once("\r\n").expect("a request line");
        assert!(first.starts_with("POST /send/"), "{first}");
        let mut request = parse(format!("HTTP/1.1 200 OK\r\n{rest}").as_bytes()).expect("a head");
        let length = request.header("content-length").and_then(|length| length.parse().ok()).expect("a length");
        request.body = vec![0; length];
        stream.read_exact(&mut request.body).await.expect("a whole body");
        // Before the test hears of it: what it says then is the answer to the next one.
        let answer = format!("HTTP/1.1 {} X\r\ncontent-length: 0\r\n\r\n", status.load(Ordering::Relaxed));
        send.send(request).expect("the test listens");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A program's keys on a device.
pub struct Device {
    key: PrivateKey,
    auth: [u8; 16],
}

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
    prk.expand(&[info], Bytes(N)).and_then(|okm| okm.fill(&mut out)).expect("a key");
    out
}

impl Device {
    pub fn new() -> Self {
        Device { key: PrivateKey::generate(&ECDH_P256).expect("a key"), auth: [3; 16] }
    }

    fn public(&self) -> Vec<u8> {
        self.key.compute_public_key().expect("a public key").as_ref().to_vec()
    }

    /// The fields of a subscription.
    pub fn fields(&self, endpoint: &str, standard: bool) -> Vec<(String, String)> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let fields = [
            ("subscription[endpoint]", endpoint.to_owned()),
            ("subscription[keys][p256dh]", encode(&self.public())),
            ("subscription[keys][auth]", encode(&self.auth)),
            ("subscription[standard]", standard.to_string()),
        ];
        fields.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    /// Opens a message of RFC 8291 and reads it.
    pub fn opens(&self, request: &Reply) -> Value {
        assert_eq!(request.header("content-encoding"), Some("aes128gcm"));
        let (salt, rest) = request.body.split_at(16);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65], "records of 4096 bytes, a key of 65");
        let (theirs, sealed) = rest[5..].split_at(65);
        let info = [b"WebPush: info\0", &self.public()[..], theirs].concat();
        let secret = self.secret(theirs);
        let material = derive::<32>(&self.auth, &secret, &info);
        let key = derive(salt, &material, b"Content-Encoding: aes128gcm\0");
        let nonce = derive(salt, &material, b"Content-Encoding: nonce\0");
        let text = unseal(key, nonce, sealed);
        serde_json::from_slice(text.strip_suffix(&[2]).expect("the last record")).expect("JSON")
    }

    /// Opens a message of the older draft.
    fn opens_draft(&self, request: &Reply) -> Value {
        assert_eq!(request.header("content-encoding"), Some("aesgcm"));
        let named = |header: &str, name: &str| {
            let value = request.header(header).unwrap_or_else(|| panic!("no {header}"));
            let part = value.split(';').find_map(|part| part.strip_prefix(name)).expect("the part");
            URL_SAFE_NO_PAD.decode(part).expect("base64url")
        };
        let (salt, theirs) = (named("encryption", "salt="), named("crypto-key", "dh="));
        let material = derive::<32>(&self.auth, &self.secret(&theirs), b"Content-Encoding: auth\0");
        let context = [b"P-256\0\0\x41", &self.public()[..], b"\0\x41", &theirs].concat();
        let key = derive(&salt, &material, &[b"Content-Encoding: aesgcm\0", &context[..]].concat());
        let nonce = derive(&salt, &material, &[b"Content-Encoding: nonce\0", &context[..]].concat());
        let text = unseal(key, nonce, &request.body);
        serde_json::from_slice(text.strip_prefix(&[0, 0]).expect("no padding")).expect("JSON")
    }

    fn secret(&self, theirs: &[u8]) -> Vec<u8> {
        agree(&self.key, UnparsedPublicKey::new(&ECDH_P256, theirs), (), |secret| Ok(secret.to_vec()))
            .expect("a secret")
    }
}

fn unseal(key: [u8; 16], nonce: [u8; 12], sealed: &[u8]) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
    let mut text = sealed.to_vec();
    let length =
        key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut text).expect("it opens").len();
    text.truncate(length);
    text
}

const PATH: &str = "/api/v1/push/subscription";

/// Asks for messages.
pub async fn subscribe(person: &Person<'_>, fields: &[(String, String)], more: &[(&str, &str)]) -> Value {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.asks("POST", PATH, &[&fields[..], more].concat()).await
}

/// Ann, whom Ben mentions.
async fn two(home: &Instance) -> [Person<'_>; 2] {
    [home.person("ann").await, home.person("ben").await]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_wakes_a_device_that_alone_can_read_it() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let mut service = Service::at(&world, "push.test").await;
    let [ann, ben] = two(&home).await;
    let device = Device::new();
    assert_eq!(ann.status_of(PATH).await, 404);
    let alerts = [("data[alerts][mention]", "true"), ("data[alerts][favourite]", "false")];
    let made = subscribe(&ann, &device.fields("https://push.test/send/1", true), &alerts).await;
    assert_eq!((&made["alerts"]["mention"], &made["alerts"]["favourite"]), (&json!(true), &json!(false)));
    assert_eq!((&made["standard"], &made["policy"]), (&json!(true), &json!("all")));
    let instance = ann.asks("GET", "/api/v2/instance", &[]).await;
    assert_eq!(instance["configuration"]["vapid"]["public_key"], made["server_key"]);
    // A favourite is not asked for; the mention behind it is the first that comes.
    let own = id(&ann.writes("mine", &[]).await);
    ben.asks("POST", &format!("/api/v1/statuses/{own}/favourite"), &[]).await;
    // What the policy filters wakes nobody.
    ben.writes("@ann psst", &[("visibility", "direct")]).await;
    ann.asks("PATCH", "/api/v2/notifications/policy", &[("for_private_mentions", "accept")]).await;
    ben.writes("@ann are you there?", &[("visibility", "direct")]).await;
    let request = service.message().await;
    let message = device.opens(&request);
    assert_eq!(message["access_token"], ann.token.as_str());
    assert_eq!((&message["notification_type"], &message["title"]), (&json!("mention"), &json!("ben mentioned you")));
    assert_eq!(message["body"], "@ann are you there?");
    assert_eq!(message["notification_id"], ann.is_told("mention").await["id"]);
    assert_eq!(request.header("ttl"), Some("172800"));
    signed_for(&request, "https://push.test", made["server_key"].as_str().expect("a key"));
    assert!(service.nothing_came());
    // The older encoding, which most apps' relays read.
    subscribe(&ann, &device.fields("https://push.test/send/2", false), &alerts).await;
    ben.writes("@ann again", &[]).await;
    assert_eq!(device.opens_draft(&service.message().await)["body"], "@ann again");
    let gone = ann.send("DELETE", PATH, &[]).await;
    assert_eq!((gone.status, gone.text().as_str()), (200, "{}"));
    assert_eq!(ann.status_of(PATH).await, 404);
}

/// The word of who sends holds under the server's key, for this service (RFC 8292).
fn signed_for(request: &Reply, audience: &str, server_key: &str) {
    let header = request.header("authorization").expect("who sends");
    let word = header.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k="));
    let (word, key) = word.unwrap_or_else(|| panic!("not of RFC 8292: {header}"));
    assert_eq!(key, server_key);
    let (text, signature) = word.rsplit_once('.').expect("three parts");
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let public = SignatureKey::new(&ECDSA_P256_SHA256_FIXED, decode(key));
    assert!(public.verify(text.as_bytes(), &decode(signature)).is_ok());
    let claims: Value = serde_json::from_slice(&decode(text.split('.').nth(1).expect("claims"))).expect("JSON");
    assert_eq!(claims["aud"], audience);
}

/// Until it is stored that a message is owed for later.
async fn put_off(home: &Instance) {
    let deadline = std::time::Instant::now() + PATIENCE;
    let waits = || {
        home.server().read(|view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            Ok(jobs.iter().any(|(_, job)| matches!(job.kind, JobKind::Push { .. }) && job.attempts > 0))
        })
    };
    while !waits().await.expect("a read") {
        assert!(std::time::Instant::now() < deadline, "it is put off");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Until no message is owed.
async fn sent(home: &Instance) {
    let deadline = std::time::Instant::now() + PATIENCE;
    let owed = || {
        home.server().read(|view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            Ok(jobs.iter().any(|(_, job)| matches!(job.kind, JobKind::Push { .. })))
        })
    };
    while owed().await.expect("a read") {
        assert!(std::time::Instant::now() < deadline, "nothing is owed any more");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quiet_hours_wake_no_device_and_lose_nothing() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let mut service = Service::at(&world, "push.test").await;
    let [ann, ben] = two(&home).await;
    let device = Device::new();
    let fields = device.fields("https://push.test/send/1", true);
    subscribe(&ann, &fields, &[("data[alerts][mention]", "true")]).await;
    let own: AccountId = ann.id.to_string().parse().expect("a number");
    let keep = |hours: Option<QuietHours>| {
        home.server().write(move |tx| {
            quiet::put(tx, own, hours.as_ref());
            Ok(())
        })
    };
    // From the hour that it is there to the next but one.
    let zone = Zone::named("Asia/Kathmandu").expect("a zone");
    let shown = zone.shows(&dassie::clock::iso(home.server().now())).expect("a time");
    let hour = u16::try_from(shown.hour).expect("an hour") * 60;
    let night = QuietHours { zone: zone.name().to_owned(), from: hour, until: (hour + 120) % DAY_MINUTES };
    keep(Some(night.clone())).await.expect("kept");
    ben.writes("@ann by night", &[]).await;
    assert_eq!(
        ann.is_told("mention").await["status"]["content"].as_str().map(|text| text.contains("by night")),
        Some(true)
    );
    sent(&home).await;
    // The same hours elsewhere are others.
    keep(Some(QuietHours { zone: "UTC".to_owned(), ..night })).await.expect("kept");
    ben.writes("@ann by day", &[]).await;
    assert_eq!(device.opens(&service.message().await)["body"], "@ann by day");
    assert!(service.nothing_came());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_of_whoever_is_disabled_or_suspended_are_told_nothing() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let mut service = Service::at(&world, "push.test").await;
    let [ann, ben] = two(&home).await;
    let mo = home.staff("mo", Role::Moderator).await;
    let device = Device::new();
    let fields = device.fields("https://push.test/send/1", true);
    subscribe(&ann, &fields, &[("data[alerts][mention]", "true")]).await;
    let path = |what: &str| format!("/api/v1/admin/accounts/{}/{what}", ann.id);
    for (kind, undo) in [("disable", "enable"), ("suspend", "unsuspend")] {
        mo.asks("POST", &path("action"), &[("type", kind)]).await;
        ben.writes("@ann not for you", &[]).await;
        sent(&home).await;
        mo.asks("POST", &path(undo), &[]).await;
        ben.writes("@ann for you again", &[]).await;
        assert_eq!(device.opens(&service.message().await)["body"], "@ann for you again", "{kind}");
        assert!(service.nothing_came());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_restarts_and_services_in_trouble() {
    let world = World::new();
    let mut home = world.instance("home.test").await;
    let mut service = Service::at(&world, "push.test").await;
    let device = Device::new();
    let key = {
        let [ann, ben] = two(&home).await;
        let fields = device.fields("https://push.test/send/1", true);
        let alerts = [("data[alerts][mention]", "true"), ("data[policy]", "followed")];
        let made = subscribe(&ann, &fields, &alerts).await;
        ben.writes("@ann not followed", &[]).await;
        ann.asks("POST", &format!("/api/v1/accounts/{}/follow", ben.id), &[]).await;
        service.answer.store(503, Ordering::Relaxed);
        ben.writes("@ann followed", &[]).await;
        assert_eq!(device.opens(&service.message().await)["body"], "@ann followed");
        // A restart in between would send it once more at once, and put it off from a later time.
        put_off(&home).await;
        made["server_key"].clone()
    };
    // The service was in trouble: the message is owed over a restart, and comes when its time has come.
    home.restart().await;
    service.answer.store(201, Ordering::Relaxed);
    world.clock.advance(3_600_000);
    assert_eq!(device.opens(&service.message().await)["body"], "@ann followed");
    let token = |name: &str| format!("token-of-{name}");
    let ask = |name: &'static str, method: &'static str, path: &'static str, body: String| {
        let (web, token) = (home.web(), token(name));
        async move { crate::call::raw(web, Some(&token), method, path, crate::call::FORM, &body).await }
    };
    let held = ask("ann", "GET", PATH, String::new()).await.json();
    assert_eq!((&held["server_key"], &held["policy"]), (&key, &json!("followed")));
    // A service that does not know the subscription any more ends it.
    service.answer.store(410, Ordering::Relaxed);
    let posted = ask("ben", "POST", "/api/v1/statuses", crate::web::form(&[("status", "@ann last")])).await;
    assert_eq!(posted.status, 200, "{}", posted.text());
    service.message().await;
    let deadline = std::time::Instant::now() + PATIENCE;
    while ask("ann", "GET", PATH, String::new()).await.status != 404 {
        assert!(std::time::Instant::now() < deadline, "the subscription goes");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_may_not_serve_wakes_no_device_until_it_may_again() {
    let world = World::new();
    let home = world.instance("home.test").await;
    let mut service = Service::at(&world, "push.test").await;
    let [ann, ben] = two(&home).await;
    let device = Device::new();
    let fields = device.fields("https://push.test/send/1", true);
    subscribe(&ann, &fields, &[("data[alerts][mention]", "true")]).await;
    service.answer.store(503, Ordering::Relaxed);
    ben.writes("@ann owed", &[]).await;
    service.message().await;
    let fence = home.server().fence().clone();
    fence.set(Tenure::new(Claim { epoch: 1, holder: 1 }, true));
    // The message is due by now; a machine that looked away from the fence would send it at any of these. What came is
    // counted at the end.
    for _ in 0..20 {
        world.clock.advance(180_000);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    service.answer.store(201, Ordering::Relaxed);
    let began = fence.now();
    fence.with(|tenure| tenure.renewed(began));
    for _ in 0..25 {
        world.clock.advance(1_000);
        if let Ok(request) = tokio::time::timeout(PATIENCE / 25, service.messages.recv()).await {
            assert_eq!(device.opens(&request.expect("a service"))["body"], "@ann owed");
            sent(&home).await;
            assert!(service.nothing_came(), "once, after the fence opened");
            return;
        }
    }
    panic!("the message that was owed does not come");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscriptions_nobody_could_use_are_refused() {
    let home = World::new().instance("home.test").await;
    let [ann, _] = two(&home).await;
    let device = Device::new();
    let good = device.fields("https://push.test/send/1", true);
    let refused = |at: usize, value: &str| {
        let mut fields = good.clone();
        fields[at].1 = value.to_owned();
        let ann = &ann;
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            ann.is_refused("POST", PATH, &fields).await
        }
    };
    let long = format!("https://push.test/{}", "x".repeat(2048));
    for (at, value) in [(0, "ftp://push.test/"), (0, "nowhere"), (0, &long), (1, "AAAA"), (1, ""), (2, "AAAA")] {
        assert_eq!(refused(at, value).await, 422, "{value}");
    }
    assert_eq!(ann.is_refused("POST", PATH, &[]).await, 422);
    assert_eq!(ann.is_refused("PUT", PATH, &[("data[alerts][poll]", "true")]).await, 404);
    subscribe(&ann, &good, &[]).await;
    let changed = ann.asks("PUT", PATH, &[("data[alerts][poll]", "true"), ("policy", "none")]).await;
    assert_eq!((&changed["alerts"]["poll"], &changed["policy"]), (&json!(true), &json!("none")));
    assert_eq!(ann.is_refused("PUT", PATH, &[("policy", "somebody")]).await, 422);
}

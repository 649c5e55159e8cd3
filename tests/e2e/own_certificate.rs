//! TLS inside: a certificate from files that change, and from a real authority (pebble, which speaks RFC 8555), asked for,
//! renewed and changed while connections stay open. Where pebble is absent its test says so and does nothing.

use crate::{
    certificates::Authority,
    instance::{Instance, START, within},
    web::{Reply, parse},
};
use dassie::{
    clock::Clock,
    config::{AcmeAuthority, CertificateFiles, Certificates, Config, Tls},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const NAME: &str = "hill.test";
const DEADLINE: Duration = Duration::from_secs(60);
const DAY_MS: i64 = 86_400_000;

/// A connection that trusts the root alone; `None` if there is no handshake.
async fn sealed(address: SocketAddr, name: &str, root_pem: &str) -> Option<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(root_pem.as_bytes()) {
        roots.add(root.expect("PEM")).expect("a root");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let stream = TcpStream::connect(address).await.ok()?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
}

/// What the other side of a connection showed.
fn shown(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().expect("it showed one")[0].to_vec()
}

/// One request on a connection that stays open; the answer says how long it is.
async fn ask(stream: &mut TlsStream<TcpStream>, host: &str, path: &str) -> Reply {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut raw = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream.read(&mut piece).await.expect("an answer");
        assert!(read > 0, "the connection ended: {}", String::from_utf8_lossy(&raw));
        raw.extend_from_slice(&piece[..read]);
        if let Some(reply) = parse(&raw)
            && reply.header("content-length").and_then(|text| text.parse().ok()) == Some(reply.body.len())
        {
            return reply;
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_of_files_is_read_again_when_they_change_and_nobody_is_cut_off() {
    let (authority, dir) = (Authority::new(), TempDir::new().expect("a directory"));
    let files = CertificateFiles { chain: dir.path().join("chain.pem"), key: dir.path().join("key.pem") };
    let (chain, key) = authority.pair(NAME);
    write(&files.chain, &chain);
    write(&files.key, &key);
    let (plain, of_config) = (local(free_port()), files.clone());
    let instance = Instance::start_changed(NAME, "", START, move |config: &mut Config| {
        config.tls = Tls { certificates: Certificates::Files(of_config), plain: Some(plain), ..Tls::none() };
    })
    .await;
    let address = instance.running.address;
    let mut first = sealed(address, NAME, &authority.pem()).await.expect("a handshake");
    assert_eq!(ask(&mut first, NAME, "/readyz").await.status, 200);

    // The plain port sends everybody to https, and nobody to where a Host header says.
    let elsewhere = crate::web::Web::at(plain).get("/@ada?page=2", &[("Host", "evil.test")]).await;
    assert_eq!((elsewhere.status, elsewhere.header("location")), (308, Some("https://hill.test/@ada?page=2")));
    let unknown = crate::web::Web::at(plain).get("/.well-known/acme-challenge/none", &[("Host", NAME)]).await;
    assert_eq!(unknown.status, 404);

    // Half a pair is no pair: the former one stays, and the state says why.
    let (chain, key) = authority.pair(NAME);
    write(&files.chain, &chain);
    instance.clock.advance(60_000);
    let problem = within(DEADLINE, async || {
        let state = dassie::operate::state(&instance.running.server).await;
        state.problems.into_iter().find(|problem| problem.contains("not that of the certificate"))
    });
    assert!(problem.await.is_some_and(|text| text.contains("the one in use holds")), "the state tells");
    let again = sealed(address, NAME, &authority.pem()).await.expect("a handshake");
    assert_eq!(shown(&again), shown(&first));

    write(&files.key, &key);
    instance.clock.advance(60_000);
    let changed = within(DEADLINE, async || {
        let stream = sealed(address, NAME, &authority.pem()).await?;
        (shown(&stream) != shown(&first)).then_some(stream)
    });
    let mut changed = changed.await.expect("the new certificate is shown");
    assert_eq!(ask(&mut changed, NAME, "/readyz").await.status, 200);
    assert_eq!(ask(&mut first, NAME, "/readyz").await.status, 200, "what was open before stays open");
    let state = dassie::operate::state(&instance.running.server).await;
    assert!(state.certificate.is_some_and(|held| held.names == [NAME] && !held.renewed_here));
    assert!(!state.problems.iter().any(|problem| problem.contains("certificate")), "{:?}", state.problems);
    instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_no_tls_or_nothing_at_all_holds_nobody_up() {
    let (authority, dir) = (Authority::new(), TempDir::new().expect("a directory"));
    let files = CertificateFiles { chain: dir.path().join("chain.pem"), key: dir.path().join("key.pem") };
    let (chain, key) = authority.pair(NAME);
    write(&files.chain, &chain);
    write(&files.key, &key);
    let instance = Instance::start_changed(NAME, "", START, move |config: &mut Config| {
        config.tls = Tls { certificates: Certificates::Files(files), ..Tls::none() };
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(instance.web.connect().await);
    }
    // Plain HTTP at this port gets an alert and an end, never an answer.
    let raw = instance.web.raw(b"GET /readyz HTTP/1.1\r\nHost: hill.test\r\n\r\n").await;
    assert!(!raw.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&raw));
    let mut stream = sealed(instance.running.address, NAME, &authority.pem()).await.expect("a handshake");
    assert_eq!(ask(&mut stream, NAME, "/readyz").await.status, 200);
    // Stopping waits for nobody who has not even shaken hands.
    instance.running.stop().await.expect("it stops");
    drop(silent);
}

/// A real authority with its own DNS, which leads every name here; ended when dropped.
struct Pebble {
    children: Vec<Child>,
    directory: String,
    management: SocketAddr,
    lab: Arc<Authority>,
    _dir: TempDir,
}

impl Pebble {
    /// Starts one that looks for proofs at these ports; `None` where the programs are absent.
    async fn start(http: u16, tls: u16) -> Option<Self> {
        let (lab, dir) = (Authority::new(), TempDir::new().expect("a directory"));
        let (chain, key) = lab.pair("localhost");
        let (acme, management, dns, desk) = (free_port(), free_port(), free_port(), free_port());
        write(&dir.path().join("chain.pem"), &chain);
        write(&dir.path().join("key.pem"), &key);
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{acme}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": dir.path().join("chain.pem"),
            "privateKey": dir.path().join("key.pem"),
            "httpPort": http,
            "tlsPort": tls,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": 90 * 86_400,
        }});
        write(&dir.path().join("pebble.json"), &config.to_string());
        let quiet =
            |command: &mut Command| command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let names = quiet(
            Command::new("pebble-challtestsrv")
                .args(["-dns01", &format!("127.0.0.1:{dns}"), "-management", &format!("127.0.0.1:{desk}")])
                .args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""]),
        )
        .ok()?;
        let mut children = vec![names];
        let authority = quiet(
            Command::new("pebble")
                .env("PEBBLE_VA_NOSLEEP", "1")
                .env("PEBBLE_WFE_NONCEREJECT", "0")
                .args(["-dnsserver", &format!("127.0.0.1:{dns}"), "-config"])
                .arg(dir.path().join("pebble.json")),
        );
        children.push(authority.expect("where one program is, the other is too"));
        let pebble = Pebble {
            children,
            directory: format!("https://localhost:{acme}/dir"),
            management: local(management),
            lab,
            _dir: dir,
        };
        let ready = within(DEADLINE, async || sealed(local(acme), "localhost", &pebble.lab.pem()).await).await;
        assert!(ready.is_some(), "pebble listens");
        Some(pebble)
    }

    /// The root of what it signs.
    async fn root(&self) -> String {
        let stream = within(DEADLINE, async || sealed(self.management, "localhost", &self.lab.pem()).await).await;
        let reply = ask(&mut stream.expect("a handshake"), "localhost", "/roots/0").await;
        assert_eq!(reply.status, 200);
        reply.text()
    }

    /// A server that gets its certificate there, with a clock that stands at the real time.
    async fn serves(&self, tls: u16, plain: Option<u16>) -> Instance {
        let directory = self.directory.clone();
        let now = Clock::System.now();
        Instance::start_changed(NAME, &self.lab.pem(), now, move |config: &mut Config| {
            let authority = AcmeAuthority { directory, contact: Some("ada@hill.test".to_owned()) };
            config.tls =
                Tls { certificates: Certificates::Acme, authority, listen: local(tls), plain: plain.map(local) };
        })
        .await
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for child in &mut self.children {
            // It may have ended by itself; what counts is that it is gone.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn absent() {
    println!("pebble is absent: nothing was tried with a real certificate authority");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_is_had_renewed_and_changed_without_dropping_a_connection() {
    let (http, tls) = (free_port(), free_port());
    let Some(pebble) = Pebble::start(http, tls).await else { return absent() };
    let instance = pebble.serves(tls, Some(http)).await;
    let root = pebble.root().await;
    let connect = async || sealed(instance.running.address, NAME, &root).await;
    let mut first = within(DEADLINE, connect).await.expect("a certificate by http-01");
    assert_eq!(ask(&mut first, NAME, "/readyz").await.status, 200);
    let state = dassie::operate::state(&instance.running.server).await;
    let standing = state.certificate.expect("there is one");
    assert_eq!((standing.names.as_slice(), standing.renewed_here), ([NAME.to_owned()].as_slice(), true));
    assert!((88..=90).contains(&standing.days_left), "{} days", standing.days_left);

    // Before two thirds of its life are over nothing happens; then the next one comes.
    instance.clock.advance(61 * DAY_MS);
    let read = |view: &storage::View<'_>| Ok(storage::certificate::refusal(view, NAME)?);
    let next = within(2 * DEADLINE, async || {
        // The authority may refuse for the moment; it is asked again when its time comes.
        if let Some(refusal) = instance.running.server.read(read).await.expect("read") {
            instance.clock.advance((refusal.again_at.0 - instance.now_ms()).max(0));
        }
        connect().await.filter(|stream| shown(stream) != shown(&first))
    })
    .await;
    let mut next = next.expect("the renewed certificate is shown");
    assert_eq!(ask(&mut next, NAME, "/readyz").await.status, 200);
    assert_eq!(ask(&mut first, NAME, "/readyz").await.status, 200, "what was open before stays open");

    // What was had is in the store: another start asks for nothing.
    let latest = shown(&next);
    drop((first, next));
    let again = instance.restarted().await;
    let stream = sealed(again.running.address, NAME, &root).await.expect("it is there from the first moment");
    assert_eq!(shown(&stream), latest);
    again.is_sound();
    again.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificate_is_had_within_tls_where_there_is_no_plain_port() {
    let tls = free_port();
    let Some(pebble) = Pebble::start(free_port(), tls).await else { return absent() };
    let instance = pebble.serves(tls, None).await;
    let root = pebble.root().await;
    let stream = within(DEADLINE, async || sealed(instance.running.address, NAME, &root).await).await;
    let mut stream = stream.expect("a certificate by tls-alpn-01");
    assert_eq!(ask(&mut stream, NAME, "/readyz").await.status, 200);
    instance.running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusal_of_an_authority_is_told_in_words_and_tried_again_later() {
    let (http, tls) = (free_port(), free_port());
    // It looks for proofs where nobody listens.
    let Some(pebble) = Pebble::start(free_port(), free_port()).await else { return absent() };
    let instance = pebble.serves(tls, Some(http)).await;
    let told = async || {
        let state = dassie::operate::state(&instance.running.server).await;
        state.problems.into_iter().find(|problem| problem.contains("could not see that this name leads here"))
    };
    let problem = within(2 * DEADLINE, told).await;
    let state = dassie::operate::state(&instance.running.server).await;
    let problem = problem.unwrap_or_else(|| panic!("the state tells {:?}", state.problems));
    assert!(problem.starts_with("there is no certificate yet, so nobody can connect"), "{problem}");
    assert!(sealed(instance.running.address, NAME, &pebble.root().await).await.is_none(), "no handshake without one");
    let name = NAME.to_owned();
    let read = move |view: &storage::View<'_>| Ok(storage::certificate::refusal(view, &name)?);
    let first = instance.running.server.read(read.clone()).await.expect("read").expect("it is written down");
    assert_eq!(first.tries, 1);
    instance.clock.advance(first.again_at.0 - instance.now_ms());
    let second = within(DEADLINE, async || {
        let found = instance.running.server.read(read.clone()).await.expect("read")?;
        (found.tries == 2).then_some(found)
    });
    let second = second.await.expect("it is tried again");
    assert_eq!(second.since, first.since);
    assert!(second.again_at.0 - instance.now_ms() > 120_000, "and then later");
    instance.running.stop().await.expect("it stops");
}

//! Another server in the driver: actors with keys, signed activities, and inboxes that count what arrives.

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    io,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A peer: one key for all its actors, which is enough for load.
pub(crate) struct Peer {
    pub(crate) port: u16,
    pub(crate) received: AtomicU64,
    /// Documents asked for.
    pub(crate) asked: AtomicU64,
    /// When activities arrived, apart from those at hosts that hang.
    pub(crate) arrivals: RefCell<Vec<Instant>>,
    /// Hosts that take requests and never answer.
    hanging: RefCell<HashSet<String>>,
    /// All do.
    all_hang: Cell<bool>,
    key: RsaKeyPair,
    public_pem: String,
}

impl Peer {
    /// Listens on a free port.
    pub(crate) async fn start() -> Rc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let key = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        let public_pem = spki_pem(key.public_key().as_ref());
        let peer = Rc::new(Peer {
            port,
            received: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            arrivals: RefCell::default(),
            hanging: RefCell::default(),
            all_hang: Cell::new(false),
            key,
            public_pem,
        });
        let serving = peer.clone();
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let peer = serving.clone();
                tokio::task::spawn_local(async move {
                    let _ = peer.serve(stream).await;
                });
            }
        });
        peer
    }

    /// The id of actor `name` on host `host` (a name below localhost).
    pub(crate) fn actor(&self, host: &str, name: &str) -> String {
        format!("http://{host}:{}/users/{name}", self.port)
    }

    /// From now on these hosts hang.
    pub(crate) fn hang(&self, hosts: &[String]) {
        self.hanging.borrow_mut().extend(hosts.iter().cloned());
    }

    /// From now on all hosts hang.
    pub(crate) fn hang_all(&self) {
        self.all_hang.set(true);
    }

    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut buffer = Vec::with_capacity(4 * 1024);
        loop {
            let head_end = loop {
                if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                    break end + 4;
                }
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(());
                }
            };
            let head = String::from_utf8_lossy(&buffer[..head_end]).to_ascii_lowercase();
            let header = |name: &str| {
                head.lines()
                    .filter_map(|line| line.split_once(':'))
                    .find(|(key, _)| *key == name)
                    .map(|(_, v)| v.trim())
            };
            let length: usize = header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
            while buffer.len() < head_end + length {
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(());
                }
            }
            let host = header("host").unwrap_or_default();
            if self.all_hang.get() || self.hanging.borrow().contains(host.split(':').next().unwrap_or_default()) {
                return std::future::pending().await;
            }
            let answer = if head.starts_with("post ") {
                self.arrivals.borrow_mut().push(Instant::now());
                self.received.fetch_add(1, Ordering::Relaxed);
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
            } else {
                self.asked.fetch_add(1, Ordering::Relaxed);
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                self.document(host, &path)
            };
            stream.write_all(answer.as_bytes()).await?;
            buffer.drain(..head_end + length);
        }
    }

    fn document(&self, host: &str, path: &str) -> String {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        let (kind, body) = if bare == "/.well-known/webfinger" {
            let resource = path.split("resource=").nth(1).unwrap_or_default().replace("%3a", ":").replace("%40", "@");
            let name = resource.trim_start_matches("acct:").split('@').next().unwrap_or_default();
            let id = format!("http://{host}/users/{name}");
            let links = json!([{ "rel": "self", "type": "application/activity+json", "href": id }]);
            ("application/jrd+json", json!({ "subject": format!("acct:{name}@{host}"), "links": links }))
        } else if bare.starts_with("/page/") {
            return page(bare);
        } else {
            let id = format!("http://{host}{bare}");
            let name = bare.rsplit('/').next().unwrap_or_default();
            ("application/activity+json", self.actor_document(&id, name))
        };
        let body = body.to_string();
        format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }

    fn actor_document(&self, id: &str, name: &str) -> Value {
        let mut actor = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id, "type": "Person", "preferredUsername": name, "inbox": format!("{id}/inbox"),
            "followers": format!("{id}/followers"),
            "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.public_pem },
        });
        if name == "author" {
            // As people look: a picture, a text, fields, an emoji in the name.
            actor["name"] = json!("A writer :dassie: of posts");
            actor["summary"] = json!(
                "<p>Sits on rocks, eats leaves, writes about both. <a href=\"https://example.org/\">More</a></p>"
            );
            actor["icon"] = json!({ "type": "Image", "mediaType": "image/png", "url": format!("{id}/icon.png") });
            actor["image"] = json!({ "type": "Image", "mediaType": "image/png", "url": format!("{id}/image.png") });
            actor["tag"] = json!([emoji(id)]);
            actor["attachment"] = json!([
                { "type": "PropertyValue", "name": "Site", "value": "<a href=\"https://example.org/\">example.org</a>" },
                { "type": "PropertyValue", "name": "Rock", "value": "The third from the left" },
            ]);
        }
        actor
    }

    /// The bytes of a signed POST (draft-cavage-12) of `activity` by `actor` to `path` on `host`.
    pub(crate) fn signed_post(&self, host: &str, path: &str, actor: &str, activity: &Value) -> Vec<u8> {
        let body = activity.to_string();
        let hash = digest::digest(&digest::SHA256, body.as_bytes());
        let digest = format!("SHA-256={}", STANDARD.encode(hash.as_ref()));
        let date = date();
        let covered = format!("(request-target): post {path}\nhost: {host}\ndate: {date}\ndigest: {digest}");
        let signature = self.signature(actor, "(request-target) host date digest", &covered);
        let headers = [
            ("date", date.as_str()),
            ("digest", digest.as_str()),
            ("content-type", "application/activity+json"),
            ("signature", signature.as_str()),
        ];
        crate::http::request(host, "POST", path, &headers, body.as_bytes())
    }

    /// The bytes of a signed GET (draft-cavage-12) by `actor` of the document at `path` on `host`.
    pub(crate) fn signed_get(&self, host: &str, path: &str, actor: &str) -> Vec<u8> {
        let date = date();
        let covered = format!("(request-target): get {path}\nhost: {host}\ndate: {date}");
        let signature = self.signature(actor, "(request-target) host date", &covered);
        let headers =
            [("date", date.as_str()), ("accept", "application/activity+json"), ("signature", signature.as_str())];
        crate::http::request(host, "GET", path, &headers, b"")
    }

    fn signature(&self, actor: &str, names: &str, covered: &str) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), covered.as_bytes(), &mut signature)
            .expect("a signature");
        format!(
            "keyId=\"{actor}#main-key\",algorithm=\"rsa-sha256\",headers=\"{names}\",signature=\"{}\"",
            STANDARD.encode(&signature)
        )
    }
}

fn date() -> String {
    jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn emoji(id: &str) -> Value {
    let icon = json!({ "type": "Image", "mediaType": "image/png", "url": format!("{id}/dassie.png") });
    json!({ "type": "Emoji", "id": format!("{id}/emoji/dassie"), "name": ":dassie:", "icon": icon })
}

/// A page with what a preview is made of.
fn page(path: &str) -> String {
    let body = format!(
        "<html><head><title>The page {path}</title><meta property=\"og:title\" content=\"A page about rocks\">\
         <meta property=\"og:description\" content=\"Where they lie and who sits on them, with pictures.\">\
         <meta property=\"og:site_name\" content=\"Rocks\"></head><body>rocks</body></html>"
    );
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// A Create of a post as people write them, with a mention of `load1` at `origin`.
pub(crate) fn rich_note(actor: &str, number: usize, origin: &str) -> Value {
    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
    let (id, cc) =
        (format!("{actor}/statuses/{number}"), [format!("{actor}/followers"), format!("{origin}/users/load1")]);
    let host = actor.split("/users").next().unwrap_or_default();
    let tag =
        |name: &str| json!({ "type": "Hashtag", "name": format!("#{name}"), "href": format!("{host}/tags/{name}") });
    let picture = |number: usize| {
        json!({
            "type": "Document", "mediaType": "image/jpeg", "url": format!("{id}/{number}.jpg"), "width": 1200, "height": 800,
            "name": "A rock in the evening sun; three dassies sit on it and look at the sea.",
            "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
        })
    };
    let mention = json!({ "type": "Mention", "href": format!("{origin}/users/load1"), "name": "@load1" });
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", { "sensitive": "as:sensitive", "Emoji": "toot:Emoji" }],
        "id": format!("{id}/activity"), "type": "Create", "actor": actor, "to": [PUBLIC], "cc": cc,
        "object": {
            "id": id, "type": "Note", "attributedTo": actor, "to": [PUBLIC], "cc": cc, "sensitive": false,
            "published": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "url": format!("{id}/page"),
            "content": format!("<p><a href=\"{origin}/@load1\" class=\"u-url mention\">@load1</a> It rains on the rock :dassie: \
                and the dassies sit inside and wait for the evening sun to come back, as they do every year about this time; \
                some of them write posts of this length about it. <a href=\"{host}/page/{number}\">{host}/page/{number}</a> \
                <a href=\"{host}/tags/rain\">#rain</a> <a href=\"{host}/tags/rock\">#rock</a></p>"),
            "contentMap": { "en": "" }, "attachment": [picture(1), picture(2)],
            "tag": [tag("rain"), tag("rock"), mention, emoji(actor)],
        },
    })
}

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) around a PKCS#1 RSA-2048 public key.
fn spki_pem(pkcs1: &[u8]) -> String {
    const RSA_ENCRYPTION: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    let mut bits = vec![0x03, 0x82];
    bits.extend(u16::try_from(pkcs1.len() + 1).expect("a short key").to_be_bytes());
    bits.push(0);
    bits.extend_from_slice(pkcs1);
    let mut der = vec![0x30, 0x82];
    der.extend(u16::try_from(RSA_ENCRYPTION.len() + bits.len()).expect("a short key").to_be_bytes());
    der.extend(RSA_ENCRYPTION);
    der.extend(bits);
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

//! All other servers in one: people whose every text is hostile, pages with hostile previews, one picture.

use crate::{made, sign::SigningKey};
use dassie::reach::{Lab, Target};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

/// The context of ActivityStreams.
pub(super) const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";

/// What is served: by host and path, content type and bytes.
type Served = HashMap<String, (&'static str, Vec<u8>)>;

/// The servers; they end when dropped.
pub(super) struct Peer {
    /// The key of everybody there.
    pub(super) key: SigningKey,
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Whoever wrote text number `number`; a server each, because many strangers of one server wait for each other.
pub(super) fn author(number: usize) -> String {
    format!("https://evil{number}.test/users/m{number}")
}

/// The page with text number `number` in its head.
pub(super) fn page(number: usize) -> String {
    format!("https://evil0.test/page/{number}")
}

impl Peer {
    /// Serves a person and a page of each text, at names that `lab` knows from now on.
    pub(super) fn start(lab: &Lab, texts: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let key = SigningKey::generate();
        let mut served = Served::new();
        for (number, text) in texts.iter().enumerate() {
            lab.map(&format!("evil{number}.test"), Target { address, plain: true });
            person(&mut served, &key, number, text);
            served.insert(bare(&page(number)), ("text/html; charset=utf-8", preview(text).into_bytes()));
        }
        served.insert("evil0.test/p.png".to_owned(), ("image/png", made::png(64, 48, 3)));
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = stop.clone();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever goes away in the middle is none of a test's business.
                let _ = stream.and_then(|stream| answer(stream, &served));
            }
        });
        Peer { key, address, stop, thread: Some(thread) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // So that it looks.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn bare(url: &str) -> String {
    url.trim_start_matches("https://").to_owned()
}

fn person(served: &mut Served, key: &SigningKey, number: usize, text: &str) {
    let id = author(number);
    let (host, name) = (format!("evil{number}.test"), format!("m{number}"));
    let picture = json!({ "type": "Image", "mediaType": "image/png", "url": "https://evil0.test/p.png", "name": text });
    let actor = json!({
        "@context": [CONTEXT, "https://w3id.org/security/v1"], "id": id, "type": "Person", "preferredUsername": name,
        "inbox": format!("{id}/inbox"), "followers": format!("{id}/followers"),
        "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": key.public_pem() },
        "name": text, "summary": text, "icon": picture, "image": picture,
        "attachment": [
            { "type": "PropertyValue", "name": text, "value": text },
            { "type": "PropertyValue", "name": "hit", "value": format!("<a href=\"{text}\">{text}</a>") },
        ],
        "tag": [emoji(text)], "featured": text, "alsoKnownAs": [text], "url": [{ "type": "Link", "href": text }],
        "attributionDomains": [text],
    });
    served.insert(bare(&id), ("application/activity+json", actor.to_string().into_bytes()));
    let links = json!([{ "rel": "self", "type": "application/activity+json", "href": id }]);
    let finger = json!({ "subject": format!("acct:{name}@{host}"), "links": links, "aliases": [text] });
    let finger = ("application/jrd+json", finger.to_string().into_bytes());
    served.insert(format!("{host}/.well-known/webfinger"), finger);
}

/// A custom emoji that is called as the text says.
pub(super) fn emoji(text: &str) -> Value {
    let icon = json!({ "type": "Image", "mediaType": "image/png", "url": "https://evil0.test/p.png" });
    json!({ "type": "Emoji", "id": "https://evil0.test/emoji", "name": format!(":{text}:"), "icon": icon })
}

/// A page whose every word for previews is the text.
fn preview(text: &str) -> String {
    let quoted = text.replace('&', "&amp;").replace('"', "&quot;");
    let names = ["og:title", "og:description", "og:site_name", "og:image:alt", "og:url", "og:locale", "author"];
    let metas: String =
        names.iter().map(|name| format!("<meta property=\"{name}\" name=\"{name}\" content=\"{quoted}\">")).collect();
    format!(
        "<html lang=\"{quoted}\"><head>{metas}<meta property=og:image content=/p.png><title>{quoted}</title></head>"
    )
}

fn answer(mut stream: TcpStream, served: &Served) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut path, mut host, mut line) = (String::new(), String::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("host")) {
            value.trim().clone_into(&mut host);
        } else if path.is_empty() {
            line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().clone_into(&mut path);
        }
        line.clear();
    }
    let found = served.get(&format!("{host}{path}"));
    let (kind, body) = found.map_or(("text/plain", &[][..]), |(kind, body)| (kind, body));
    let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())
}

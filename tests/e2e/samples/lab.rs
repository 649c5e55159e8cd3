//! Adapting a document for delivery: the lab owns its hosts, puts its own key where the actor's was, stands in for
//! what the document refers to and we do not have, and rewrites nothing but what the row declares.

use super::expectations::{How, Row, Setup};
use crate::{
    certificates::Authority,
    peer::{Answer, JRD_JSON, Peer},
    sign::{SigningKey, http_date},
    web::{Reply, Web},
};
use dassie::reach;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The namespace of ActivityStreams.
pub(crate) const AS: &str = "https://www.w3.org/ns/activitystreams";
/// Where the local instance is.
pub(crate) const OWN: &str = "local.test";

/// The actor of the local instance itself.
pub(crate) const SERVER: &str = "https://local.test/actor";

/// What stands for `{alice}`, `{status}`, `{follow}`, `{request}` and `{asked}`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Her actor.
    pub(crate) alice: String,
    /// A public status of hers.
    pub(crate) status: String,
    /// The Follow that was sent, by her or by the server.
    pub(crate) follow: String,
    /// What she sent to ask for something.
    pub(crate) request: String,
    /// What she asked for by it.
    pub(crate) asked: String,
}

impl Names {
    /// A text of a row, filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let names = [
            ("{alice}", self.alice.as_str()),
            ("{server}", SERVER),
            ("{status}", &self.status),
            ("{follow}", &self.follow),
            ("{request}", &self.request),
            ("{asked}", &self.asked),
        ];
        names.into_iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// A document ready to be delivered.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// The document.
    pub(crate) document: Value,
    /// Who signs it.
    pub(crate) signer: Option<String>,
}

/// One world of peers.
pub(crate) struct Lab {
    /// Every host of the world.
    pub(crate) peer: Peer,
    key: SigningKey,
    reach: Arc<reach::Lab>,
    fingers: Arc<Mutex<HashMap<String, Value>>>,
    served: Mutex<HashMap<String, String>>,
    dir: PathBuf,
}

impl Lab {
    /// A world whose documents lie in `dir`.
    pub(crate) fn start(authority: &Arc<Authority>, reach: Arc<reach::Lab>, dir: &Path) -> Self {
        Lab {
            peer: Peer::start(authority),
            key: SigningKey::generate(),
            reach,
            fingers: Arc::default(),
            served: Mutex::default(),
            dir: dir.to_owned(),
        }
    }

    /// Reads a document as its row wants it.
    pub(crate) fn read(&self, file: &str, row: &Row, names: &Names) -> Value {
        let path = self.dir.join(file);
        let mut text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for word in &row.setup {
            if let Setup::Sub { from, to } = word {
                text = text.replace(from.as_str(), &names.fill(to));
            }
        }
        let mut document: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        if row.has(&Setup::Unwrap) {
            let body = document["body"].as_str().expect("a recorded answer has a body");
            document = serde_json::from_str(body).expect("the recorded body is JSON");
        }
        if row.has(&Setup::Context) && document.get("@context").is_none() {
            document["@context"] = json!(AS);
        }
        document
    }

    /// Makes everything that the row's document refers to, and the document itself.
    pub(crate) fn prepare(&self, row: &Row, names: &Names) -> Prepared {
        let mut document = self.read(&row.file, row, names);
        let by = row.setup.iter().find_map(|word| if let Setup::By(uri) = word { Some(uri.clone()) } else { None });
        let signer = match row.how {
            How::Inbox | How::OwnInbox => by.or_else(|| id_of(document.get("actor"))),
            How::Key => id_of(document.get("publicKey").and_then(|key| key.get("owner"))),
            How::Object | How::Actor | How::Webfinger => authors(&document).first().map(|author| author.0.clone()),
            How::Profile(_) | How::Stamp => by,
            How::Replies => None,
        };
        self.own_hosts(&document);
        let signed = row.value("signs");
        if matches!(row.how, How::Inbox | How::OwnInbox) || signed.is_some() {
            self.put_key(&mut document, signed);
        }
        for word in &row.setup {
            match word {
                Setup::With(file) | Setup::After(file) => {
                    let mut other = self.read(file, row, names);
                    self.own_hosts(&other);
                    if matches!(word, Setup::With(_)) {
                        self.put_key(&mut other, None);
                        self.serve(&other, None);
                    }
                    self.make_actors(&other, row);
                }
                Setup::Made { uri, author } => {
                    self.own_host_of(uri);
                    self.own_host_of(author);
                    self.make_actor(author, "Person", row);
                    self.serve(&made_note(uri, author), None);
                }
                Setup::Asks(whom) if !whom.is_empty() => self.make_actor(whom, "Person", row),
                _ => {}
            }
        }
        self.set_stage(row, &document);
        match row.how {
            How::Object | How::Actor | How::Profile(_) | How::Replies | How::Stamp => {
                let at =
                    row.setup.iter().find_map(|word| if let Setup::At(url) = word { Some(url.as_str()) } else { None });
                if let Some(url) = at {
                    self.own_host_of(url);
                }
                self.serve(&document, at);
            }
            How::Webfinger => self.serve_finger(row, &document),
            How::Key => self.serve_key_stub(&mut document),
            How::Inbox | How::OwnInbox => {}
        }
        if row.has(&Setup::Serves) {
            self.serve_inside(document.get("object"));
        }
        if let Some(signer) = &signer {
            self.own_host_of(signer);
            if row.has(&Setup::Gone) {
                self.peer.serve(signer, Answer::Status(410));
                self.note_served(signer, &format!("{signer}#main-key"));
            } else {
                let kind = document.get("actor").and_then(|actor| actor.get("type")).and_then(Value::as_str);
                self.make_actor(signer, kind.filter(|_| row.how == How::Inbox).unwrap_or("Person"), row);
            }
        }
        self.make_actors(&document, row);
        if let Some(owner) = signed.and_then(|key_id| key_id.split_once('#')).map(|(owner, _)| owner) {
            self.make_stranger(owner);
        }
        Prepared { document, signer }
    }

    /// POSTs a document to an inbox of the local instance, signed with this actor's key.
    pub(crate) async fn post(&self, web: &Web, inbox: &str, signer: &str, now_ms: i64, document: &Value) -> Reply {
        self.post_with(web, inbox, &self.key_id(signer), now_ms, document).await
    }

    /// The same, with the key named.
    pub(crate) async fn post_with(&self, web: &Web, inbox: &str, key_id: &str, now_ms: i64, document: &Value) -> Reply {
        let body = document.to_string();
        let headers = self.key.post(key_id, OWN, inbox, &http_date(now_ms), body.as_bytes());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        web.send("POST", inbox, &headers, body.as_bytes()).await
    }

    /// The key with which an actor signs, as its document names it.
    pub(crate) fn key_id(&self, signer: &str) -> String {
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        served.get(signer).cloned().unwrap_or_else(|| format!("{signer}#main-key"))
    }

    /// Somebody of another host, for whom the word of a signer that is gone would not be taken.
    pub(crate) fn witness(&self) -> String {
        let id = "https://witness.test/users/witness".to_owned();
        self.make_named(&id, "Person", "witness");
        id
    }

    /// The hosts of a row's documents: rows that share one may not share a world.
    pub(crate) fn hosts_of_row(&self, row: &Row) -> BTreeSet<String> {
        let names = Names { alice: format!("https://{OWN}/users/alice"), ..Names::default() };
        let mut hosts = BTreeSet::new();
        hosts_in(&self.read(&row.file, row, &names), &mut hosts);
        for word in &row.setup {
            match word {
                Setup::With(file) | Setup::After(file) => hosts_in(&self.read(file, row, &names), &mut hosts),
                Setup::Made { uri, author } | Setup::There { uri, author } | Setup::Waits { uri, author, .. } => {
                    hosts.extend([uri, author].into_iter().filter_map(|url| host_of(url)));
                }
                Setup::By(url) | Setup::At(url) | Setup::Joins(url) | Setup::Joined(url) => hosts.extend(host_of(url)),
                Setup::Finger(handle) => hosts.extend(handle.split_once('@').map(|(_, host)| host.to_owned())),
                _ => {}
            }
        }
        hosts
    }

    /// Leads every host that a document names to the peer.
    fn own_hosts(&self, document: &Value) {
        let mut urls = Vec::new();
        urls_in(document, &mut urls);
        for url in urls {
            self.own_host_of(&url);
        }
    }

    pub(super) fn own_host_of(&self, text: &str) {
        let Ok(url) = url::Url::parse(text) else { return };
        let Some(host) = url.host_str().filter(|host| *host != OWN) else { return };
        let plain = reach::Target { address: self.peer.plain, plain: true };
        let secure = reach::Target { address: self.peer.tls, plain: false };
        match url.port() {
            Some(port) => {
                self.reach.map(&format!("{host}:{port}"), if url.scheme() == "https" { secure } else { plain });
            }
            None => {
                self.reach.map(&format!("{host}:443"), secure);
                self.reach.map(&format!("{host}:80"), plain);
            }
        }
        self.serve_fingers_of(&authority(&url));
    }

    /// Serves a document at its id, or where told; an actor can then be found by webfinger too.
    pub(super) fn serve(&self, document: &Value, at: Option<&str>) {
        let Some(url) = at.map(str::to_owned).or_else(|| id_of(Some(document))) else { return };
        self.peer.serve(&url, Answer::document(document));
        if document.get("inbox").is_some() || document.get("publicKey").is_some() {
            self.finger(document);
        }
        let key = document.get("publicKey").map(|key| match key.as_array() {
            Some(keys) => keys.last().cloned().unwrap_or_default(),
            None => key.clone(),
        });
        let key_id = id_of(key.as_ref()).unwrap_or_else(|| format!("{url}#main-key"));
        // A key whose id has no fragment is a document of its own (GoToSocial).
        if !key_id.contains('#') && key_id != url {
            let stub = json!({"@context": AS, "id": url, "type": document["type"],
                "preferredUsername": document["preferredUsername"], "publicKey": key});
            self.peer.serve(&key_id, Answer::document(&stub));
        }
        self.note_served(&url, &key_id);
    }

    fn note_served(&self, url: &str, key_id: &str) {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned(), key_id.to_owned());
    }

    /// Serves the things inside an activity at their ids, as their origin would.
    fn serve_inside(&self, inside: Option<&Value>) {
        let Some(thing) = inside.filter(|thing| thing.is_object()) else { return };
        let mut document = thing.clone();
        if document.get("@context").is_none() {
            document["@context"] = json!(AS);
        }
        self.serve(&document, None);
        self.serve_inside(thing.get("object"));
    }

    /// Makes an actor for everybody a document names as actor or author, unless one is served already.
    fn make_actors(&self, document: &Value, row: &Row) {
        for (actor, kind) in authors(document) {
            self.make_actor(&actor, &kind, row);
        }
    }

    pub(super) fn make_actor(&self, id: &str, kind: &str, row: &Row) {
        let known = self.served.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id);
        if known || host_of(id).is_none_or(|host| host == OWN) {
            return;
        }
        let username =
            row.setup.iter().find_map(|word| if let Setup::Username(name) = word { Some(name.clone()) } else { None });
        self.make_named(id, kind, &username.unwrap_or_else(|| username_of(id)));
    }

    /// Makes an actor, unless one is served already, whose document says one thing more.
    pub(super) fn make_actor_who_says(&self, id: &str, member: &str, value: Value) {
        let known = self.served.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id);
        if known {
            return;
        }
        self.own_host_of(id);
        let mut actor = self.actor(id, "Person", &username_of(id));
        actor[member] = value;
        self.serve(&actor, None);
    }

    /// The real owner of a key id that somebody else claims: an actor whose key the lab has not got.
    fn make_stranger(&self, id: &str) {
        let known = self.served.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id);
        if known {
            return;
        }
        self.own_host_of(id);
        let key = SigningKey::generate();
        let actor = json!({"@context": AS, "id": id, "type": "Person", "preferredUsername": username_of(id),
            "inbox": format!("{id}/inbox"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": key.public_pem()}});
        self.serve(&actor, None);
    }

    fn make_named(&self, id: &str, kind: &str, username: &str) {
        self.own_host_of(id);
        self.serve(&self.actor(id, kind, username), None);
    }

    fn actor(&self, id: &str, kind: &str, username: &str) -> Value {
        let base = id.split(['?', '#']).next().unwrap_or(id).trim_end_matches('/');
        json!({
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": id,
            "type": kind,
            "preferredUsername": username,
            "name": "before",
            "inbox": format!("{base}/inbox"),
            "followers": format!("{base}/followers"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.key.public_pem()},
        })
    }

    /// Puts the lab's key where the document's was, its id kept; of several, into the one named.
    ///
    /// The same key in another spelling (Multikey) goes: two keys of one id would contradict each other.
    fn put_key(&self, document: &mut Value, key_id: Option<&str>) {
        match document {
            Value::Object(members) => {
                let own = id_of(members.get("publicKey"));
                for name in ["assertionMethod", "authentication"] {
                    if let Some(Value::Array(methods)) = members.get_mut(name) {
                        methods.retain(|method| own.is_none() || id_of(Some(method)) != own);
                    }
                }
                for (name, value) in members.iter_mut() {
                    let keys = match value {
                        Value::Array(keys) if name == "publicKey" => keys.iter_mut().collect(),
                        key @ Value::Object(_) if name == "publicKey" => vec![key],
                        other => {
                            self.put_key(other, key_id);
                            continue;
                        }
                    };
                    for key in keys {
                        if key_id.is_none() || key["id"].as_str() == key_id {
                            key["publicKeyPem"] = json!(self.key.public_pem());
                        }
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.put_key(item, key_id)),
            _ => {}
        }
    }

    /// A key document without an inbox at the key's address; the actor it belongs to beside it.
    fn serve_key_stub(&self, document: &mut Value) {
        self.put_key(document, None);
        let (id, key) = (id_of(Some(document)).expect("a stub names its actor"), document["publicKey"].clone());
        let key_id = id_of(Some(&key)).expect("a key has an id");
        let mut actor = document.clone();
        actor["inbox"] = json!(format!("{id}/inbox"));
        self.serve(&actor, None);
        self.peer.serve(&key_id, Answer::document(document));
    }

    /// Lets the handle of an actor's document lead to it.
    fn finger(&self, actor: &Value) {
        let (Some(id), Some(name)) = (id_of(Some(actor)), actor.get("preferredUsername").and_then(Value::as_str))
        else {
            return;
        };
        let Ok(url) = url::Url::parse(&id) else { return };
        let claimed = actor.get("webfinger").and_then(Value::as_str).map(str::to_owned);
        let handle = claimed.unwrap_or_else(|| format!("{name}@{}", authority(&url)));
        if let Some((_, host)) = handle.split_once('@').filter(|(_, host)| *host != authority(&url)) {
            self.own_host_of(&format!("https://{host}/"));
        }
        let jrd = json!({"subject": format!("acct:{handle}"), "links":
            [{"rel": "self", "type": "application/activity+json", "href": id}]});
        self.fingers.lock().unwrap_or_else(PoisonError::into_inner).entry(handle.to_lowercase()).or_insert(jrd);
    }

    /// Serves a webfinger document as it is for the row's handle.
    fn serve_finger(&self, row: &Row, document: &Value) {
        let handle =
            row.setup.iter().find_map(|word| if let Setup::Finger(handle) = word { Some(handle) } else { None });
        let handle = handle.expect("a webfinger row names its handle");
        let host = handle.split_once('@').expect("a handle has a host").1;
        self.own_host_of(&format!("https://{host}/"));
        self.fingers.lock().unwrap_or_else(PoisonError::into_inner).insert(handle.to_lowercase(), document.clone());
        let actor = document["links"].as_array().into_iter().flatten().find(|link| link["rel"] == "self");
        if let Some(actor) = actor.and_then(|link| link["href"].as_str()) {
            self.make_actor(actor, "Person", row);
        }
    }

    fn serve_fingers_of(&self, authority: &str) {
        let fingers = self.fingers.clone();
        let answer = Answer::Make(Arc::new(move |seen| {
            let query = seen.path.split_once('?').map_or("", |(_, query)| query);
            let resource = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "resource");
            let handle =
                resource.map(|(_, value)| value.trim_start_matches("acct:").to_lowercase()).unwrap_or_default();
            match fingers.lock().unwrap_or_else(PoisonError::into_inner).get(&handle) {
                Some(jrd) => Answer::Body(JRD_JSON, jrd.to_string().into()),
                None => Answer::Status(404),
            }
        }));
        self.peer.serve(&format!("https://{authority}/.well-known/webfinger"), answer);
    }
}

/// The note that `made` makes.
pub(crate) fn made_note(uri: &str, author: &str) -> Value {
    json!({"@context": AS, "id": uri, "type": "Note", "attributedTo": author, "content": "<p>made by the lab</p>",
        "published": "2024-01-01T00:00:00Z", "to": [format!("{AS}#Public")], "cc": []})
}

/// The id of a string, an object, or the first of an array.
pub(crate) fn id_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(id) => Some(id.clone()),
        Value::Object(members) => members.get("id").and_then(Value::as_str).map(str::to_owned),
        Value::Array(items) => id_of(items.first()),
        _ => None,
    }
    .filter(|id| id.starts_with("http"))
}

/// Everybody a document names as actor or author, with the type it states.
fn authors(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |value: &Value| {
        for one in value.as_array().unwrap_or(&vec![value.clone()]) {
            if let Some(id) = id_of(Some(one)) {
                let kind = one.get("type").and_then(Value::as_str).unwrap_or("Person");
                found.push((id, kind.to_owned()));
            }
        }
    };
    for name in ["attributedTo", "actor"] {
        if let Some(value) = document.get(name) {
            add(value);
        }
    }
    match document.get("object") {
        Some(Value::Array(items)) => items.iter().for_each(|item| found.extend(authors(item))),
        Some(object) => found.extend(authors(object)),
        None => {}
    }
    found
}

fn urls_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("http") => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| urls_in(item, found)),
        Value::Object(members) => {
            members.iter().filter(|(name, _)| *name != "@context").for_each(|(_, item)| urls_in(item, found));
        }
        _ => {}
    }
}

fn hosts_in(document: &Value, hosts: &mut BTreeSet<String>) {
    let mut urls = Vec::new();
    urls_in(document, &mut urls);
    hosts.extend(urls.iter().filter_map(|url| host_of(url)).filter(|host| host != OWN && host != "www.w3.org"));
}

pub(super) fn host_of(text: &str) -> Option<String> {
    Some(authority(&url::Url::parse(text).ok()?))
}

fn authority(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A name for an actor of which we have only the id: what stands last in it.
fn username_of(id: &str) -> String {
    let path = id.split_once("://").map_or(id, |(_, rest)| rest);
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.trim_start_matches('@').split('@').next().unwrap_or_default();
    let name: String = last.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() { "actor".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_actors_are_called_by_what_stands_last_in_their_id() {
        for (id, name) in [
            ("https://a.test/users/admin", "admin"),
            ("https://takahe.test/@tako@takahe.test/", "tako"),
            ("https://threads.net/ap/users/17841400000000042/", "17841400000000042"),
            ("https://wedistribute.local/wp-json/pterotype/v1/actor/-blog", "blog"),
            ("http://alice", "alice"),
            ("https://pfefferle.org/@pfefferle.org", "pfefferle.org"),
        ] {
            assert_eq!(username_of(id), name, "{id}");
        }
    }

    #[test]
    fn authors_are_found_inside_activities_too() {
        let found = authors(&json!({"actor": {"id": "https://a.test/x", "type": "Group"},
            "object": {"attributedTo": ["https://b.test/y", {"id": "https://c.test/z"}], "object": "https://d.test/w"}}));
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["https://a.test/x", "https://b.test/y", "https://c.test/z"]);
        assert_eq!(found[0].1, "Group");
    }
}

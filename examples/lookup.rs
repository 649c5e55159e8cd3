//! Who is `@user@host`? Asks as the server does, and explains each step.
//!
//! `cargo run --example lookup -- @user@host`, or `-- --lab http://user@localhost:PORT` for a server of a lab.
//!
//! Everything here is the server's own code: the client with its address filter, the strict JSON reader, `trust`, the
//! reader of actors. Only the key is made for this run, so a server that insists on knowing who asks will refuse.

use dassie::{
    clock::Clock,
    federation::{
        address::{Handle, RemoteUri, Schemes},
        client::{Answer, AnswerLimits, Client, Failure, FailureKind, OpenDoor, Reach, Signer, Signing, Task},
        fetch::finger,
        json,
        object::{self, Actor, KeyMaterial},
        signature::{self, PrivateKey, PublicKey, RequestParts, Scheme},
        trust::{self, ObtainedFrom, Trust},
    },
    limits,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::ACCEPT};
use serde_json::Value;
use std::{process::ExitCode, sync::Arc};
use url::Url;

const USAGE: &str = "usage: lookup [--lab] @user@host
  --lab   a server on this machine may be asked, over plain http: http://user@localhost:PORT";
/// Who asks. Nobody can be reached there (RFC 2606 §2), so nobody can fetch our key.
const WE: &str = "https://lookup.invalid";

type Outcome<T> = Result<T, String>;

#[tokio::main]
async fn main() -> ExitCode {
    let mut lab = false;
    let mut names = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--lab" => lab = true,
            _ => names.push(argument),
        }
    }
    let [name] = names.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match Lookup::new(lab).and_then(|lookup| Ok((read_handle(name)?, lookup))) {
        Ok((handle, lookup)) => match lookup.run(&handle).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => failed(&why),
        },
        Err(why) => failed(&why),
    }
}

fn failed(why: &str) -> ExitCode {
    eprintln!("\nlookup: {why}");
    ExitCode::FAILURE
}

/// A handle as people paste it, or as a URL with the name before the host.
fn read_handle(text: &str) -> Outcome<Handle> {
    let bare = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or(text);
    Handle::parse(bare.trim_end_matches('/'))
        .ok_or_else(|| format!("{text:?} is not a handle; it looks like @user@host"))
}

struct Lookup {
    client: Client,
    key: PrivateKey,
    schemes: Schemes,
}

impl Lookup {
    fn new(lab: bool) -> Outcome<Self> {
        let (reach, schemes) = if lab { (Reach::lab(), Schemes::Lab) } else { (Reach::Public, Schemes::Https) };
        let origin = Url::parse(WE).map_err(|error| error.to_string())?;
        #[expect(clippy::disallowed_methods, reason = "no server here that could own the connection's task")]
        let spawn = Arc::new(|task: Task| drop(tokio::spawn(task)));
        let client = Client::new(reach, &origin, spawn).map_err(|error| error.to_string())?;
        let key = PrivateKey::generate().map_err(|error| error.to_string())?;
        Ok(Lookup { client, key, schemes })
    }

    async fn run(&self, handle: &Handle) -> Outcome<()> {
        step(1, &format!("the handle: {handle}"));
        say(&format!("name {:?}, to be asked at {}", handle.username, handle.authority));

        step(2, "WebFinger: which actor is that? (RFC 7033, not signed)");
        let mut found = self.ask(handle).await?;
        if !found.subject.same(handle) {
            say(&format!("it calls itself {}: that server must say the same", found.subject));
            let again = self.ask(&found.subject).await?;
            if !again.subject.same(&found.subject) || again.actor.as_str() != found.actor.as_str() {
                return Err(format!("{handle} and {} do not confirm each other", found.subject));
            }
            found = again;
        }

        step(3, "the signature of the fetch (draft-cavage-12)");
        self.explain_signature(&found.actor.to_url())?;

        step(4, "the actor's document, fetched with that signature");
        let (id, document) = self.believed(found.actor.clone()).await?;

        step(5, "what it says");
        let actor = Actor::read(&document, self.schemes).map_err(|why| format!("not a usable actor: {}", why.0))?;
        describe(&actor);
        self.check_keys(&actor, &id);

        step(6, "do handle and actor lead to each other?");
        let own = Handle { username: actor.username.clone(), authority: id.authority().clone() };
        let claimed = actor.webfinger.as_deref().and_then(Handle::parse).unwrap_or(own);
        say(&format!("the actor calls itself {claimed}; WebFinger calls it {}", found.subject));
        if found.actor.as_str() != id.as_str() {
            return Err(format!("WebFinger leads to {}, which says it is {}", found.actor.as_str(), id.as_str()));
        }
        if !claimed.same(&found.subject) {
            // As the server does: the name it claims counts if WebFinger leads back to the same actor.
            let back = self.ask(&claimed).await?;
            if back.actor.as_str() != id.as_str() {
                return Err(format!("{claimed} is {}, not {}", back.actor.as_str(), id.as_str()));
            }
        }
        say(&format!("they do: {claimed} is {}", id.as_str()));
        Ok(())
    }

    /// One WebFinger question.
    async fn ask(&self, handle: &Handle) -> Outcome<finger::Found> {
        let url = finger::question(handle, self.schemes).map_err(|_| format!("{handle} makes no URL"))?;
        say(&format!("GET {url}"));
        let limits = AnswerLimits::bytes(limits::FINGER_MAX_BYTES);
        let answer = self.client.get(&url, finger::ACCEPT, limits, &OpenDoor).await;
        let answer = answer.map_err(|failure| self.explain(&failure))?;
        show(&answer);
        match answer.status {
            StatusCode::OK => {}
            // The server would look into host-meta now, where a few small servers say where they keep their WebFinger.
            StatusCode::NOT_FOUND => return Err(format!("{} does not know {handle}", handle.authority)),
            status => return Err(format!("{} answered {status} to WebFinger", handle.authority)),
        }
        let document = json::parse(&answer.body).map_err(|why| why.to_string())?;
        let found = finger::read(&document, self.schemes)
            .ok_or("the answer has no subject, or no link rel=\"self\" of an ActivityStreams type")?;
        say(&format!("subject {}, self {}", found.subject, found.actor.as_str()));
        Ok(found)
    }

    /// Signs the request once more for the eyes, and verifies it as the other side would.
    fn explain_signature(&self, url: &Url) -> Outcome<()> {
        let (key_id, now) = (format!("{WE}/actor#main-key"), Clock::System.now());
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(object::ACCEPT));
        signature::cavage::sign(&Method::GET, url, &mut headers, None, &key_id, &self.key, now)
            .map_err(|error| error.to_string())?;
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        say("these lines are signed with RSA-SHA256:");
        println!("       (request-target): get {target}");
        for name in ["host", "date", "accept"] {
            println!("       {name}: {}", text_of(&headers, name));
        }
        say("and this header says how, with which key:");
        println!("       signature: {}", shortened(text_of(&headers, "signature"), 150));
        let public = PublicKey::from_pem(self.key.public_pem()).map_err(|refusal| refusal.to_string())?;
        let here = Url::parse(&url[..url::Position::BeforePath]).map_err(|error| error.to_string())?;
        let verify = |path_and_query| {
            let request = RequestParts { method: &Method::GET, path_and_query, headers: &headers, body: &[] };
            signature::verify(&request, &public, now, &here)
        };
        verify(target).map_err(|refusal| format!("our own signature does not hold: {refusal}"))?;
        match verify("/somewhere/else") {
            Err(refusal) => say(&format!("it holds for this path; for another one: {refusal}")),
            Ok(_) => return Err("a signature held for a path that it does not cover".to_owned()),
        }
        Ok(())
    }

    /// Fetches until the document speaks for its own id: at most twice, as the server does.
    async fn believed(&self, wanted: RemoteUri) -> Outcome<(RemoteUri, Value)> {
        let mut wanted = wanted;
        for _ in 0..2 {
            let key_id = format!("{WE}/actor#main-key");
            let signing = Signing::By(Scheme::Cavage);
            let signer = Signer { key_id: &key_id, key: &self.key, signing, now: Clock::System.now() };
            let url = wanted.to_url();
            say(&format!("GET {url}"));
            let answer = self.client.get_signed(&url, object::ACCEPT, &signer, AnswerLimits::DOCUMENT, &OpenDoor).await;
            let answer = answer.map_err(|failure| self.explain(&failure))?;
            show(&answer);
            match answer.status {
                StatusCode::OK => {}
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    return Err(format!(
                        "{} wants to know who asks (authorized fetch); our key is made for this run and cannot be \
                         fetched, so it refuses",
                        wanted.authority()
                    ));
                }
                StatusCode::GONE => return Err("the account is gone".to_owned()),
                status => return Err(format!("{} answered {status}", wanted.authority())),
            }
            let kind = answer.header("content-type").unwrap_or_default();
            if !object::is_activity_type(kind) {
                return Err(format!("{:?} is not ActivityStreams", shortened(kind, 100)));
            }
            let document = json::parse(&answer.body).map_err(|why| why.to_string())?;
            let obtained = ObtainedFrom::Fetched(&answer.final_url);
            match trust::trust(&document, obtained, self.schemes).map_err(|why| why.to_string())? {
                Trust::Authoritative(id) => {
                    say("trust: it came from its own id, so it speaks for itself");
                    return Ok((id, document));
                }
                Trust::Refetch(id) => {
                    say(&format!("trust: its id is {}: to be fetched there", id.as_str()));
                    wanted = id;
                }
                Trust::Link(id) => return Err(format!("it is about {}, somebody else's", id.as_str())),
            }
        }
        Err("its id leads to another document again".to_owned())
    }

    fn check_keys(&self, actor: &Actor, id: &RemoteUri) {
        let listed: Vec<&str> = actor.keys.iter().map(|key| key.id.as_str()).collect();
        for key in &actor.keys {
            let readable = match &key.material {
                KeyMaterial::Pem(text) => PublicKey::from_pem(text),
                KeyMaterial::Multibase(text) => PublicKey::from_multikey(text),
            };
            let kind = match &readable {
                Ok(key) if key.is_ed25519() => "Ed25519".to_owned(),
                Ok(_) => "RSA".to_owned(),
                Err(refusal) => format!("unusable ({refusal})"),
            };
            let own = trust::key_belongs(&key.id, &key.owner, id, &listed, self.schemes);
            let verdict = if own { "its own" } else { "NOT believed: listed, but it belongs elsewhere" };
            say(&format!("key {}: {kind}, {verdict}", key.id));
        }
    }

    fn explain(&self, failure: &Failure) -> String {
        let hint = match (failure.kind, self.schemes) {
            (FailureKind::Refused, Schemes::Https) => {
                "; only https servers at public addresses are asked (--lab allows this machine's)"
            }
            _ => "",
        };
        format!("{failure}{hint}")
    }
}

fn describe(actor: &Actor) {
    let shown = if actor.name.is_empty() { &actor.username } else { &actor.name };
    say(&format!("{:?} {:?}, shown as {:?}", actor.kind, actor.username, shortened(shown, 80)));
    say(&format!("inbox {}", actor.inbox));
    if let Some(shared) = &actor.shared_inbox {
        say(&format!("shared inbox {shared}: one delivery for everybody there"));
    }
    if actor.manually_approves_followers {
        say("follows are approved by hand");
    }
    if let Some(moved) = &actor.moved_to {
        say(&format!("it has moved to {moved}"));
    }
}

fn step(number: u32, what: &str) {
    println!("\n{number}. {what}");
}

fn say(line: &str) {
    println!("   {line}");
}

fn show(answer: &Answer) {
    let kind = shortened(answer.header("content-type").unwrap_or("no type"), 100);
    say(&format!("→ {}, {kind}, {} bytes, from {}", answer.status, answer.body.len(), answer.final_url));
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The first `chars` characters, escapes of foreign text made visible.
fn shortened(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(chars).is_some() {
        short.push('…');
    }
    short
}

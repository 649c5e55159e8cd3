//! One instance among hosts that all are the one fake peer, whose people sign with one key.

use crate::{
    certificates::Authority,
    instance::{Instance, User, until},
    peer::{Answer, JRD_JSON, Peer},
    sign::{SigningKey, http_date},
    web::Reply,
};
use dassie::{limits, reach};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::{
    AccountId, Bounds, Direction, Tx,
    audience::EXPANSIONS,
    delivery::PROGRESS,
    inbound::INBOUND,
    job::{JOBS, JobClass, JobKind},
    moderation::{self, DomainBlock, Severity},
    relationship::{self, Follow},
};

pub(crate) const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";

/// `https://local.test` with alice, and its neighbours.
pub(crate) struct Scene {
    pub(crate) instance: Instance,
    pub(crate) peer: Peer,
    pub(crate) alice: User,
    pub(crate) key: SigningKey,
}

impl Scene {
    pub(crate) async fn start(hosts: &[&str]) -> Self {
        let authority = Authority::new();
        let instance = Instance::start("local.test", &authority.pem()).await;
        Self::around(instance, &authority, hosts).await
    }

    /// The same with the rates that everybody has outside of labs.
    pub(crate) async fn rated(hosts: &[&str]) -> Self {
        let authority = Authority::new();
        let instance = Instance::start_rated("local.test", &authority.pem()).await;
        Self::around(instance, &authority, hosts).await
    }

    /// The same around an instance that runs already and trusts `authority`.
    pub(crate) async fn around(instance: Instance, authority: &Arc<Authority>, hosts: &[&str]) -> Self {
        let peer = Peer::start(authority);
        for host in hosts {
            instance.reach.map(&format!("{host}:443"), reach::Target { address: peer.tls, plain: false });
        }
        let alice = instance.user("alice").await;
        Scene { instance, peer, key: SigningKey::generate(), alice }
    }

    /// The public half of the key of everybody elsewhere.
    pub(crate) fn pem(&self) -> &str {
        self.key.public_pem()
    }

    /// Somebody at `https://HOST/users/NAME`, found by webfinger.
    pub(crate) fn serve_actor(&self, id: &str, extra: Value) {
        let (host, name) = id.trim_start_matches("https://").split_once("/users/").expect("an actor's id");
        let mut actor = json!({
            "@context": CONTEXT, "id": id, "type": "Person", "preferredUsername": name, "inbox": format!("{id}/inbox"),
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.key.public_pem()},
        });
        add(&mut actor, extra);
        self.peer.serve(id, Answer::document(&actor));
        let jrd = json!({"subject": format!("acct:{name}@{host}"), "links":
            [{"rel": "self", "type": "application/activity+json", "href": id}]});
        let body = Answer::Body(JRD_JSON, jrd.to_string().into());
        let finger = format!("https://{host}/.well-known/webfinger?resource=acct");
        for handle in [format!("%3A{name}%40{host}"), format!(":{name}@{host}")] {
            self.peer.serve(&format!("{finger}{handle}"), body.clone());
        }
    }

    pub(crate) fn serve_note(&self, id: &str, author: &str, extra: Value) {
        self.peer.serve(id, Answer::document(&note(id, author, extra)));
    }

    /// `who` follows somebody and wants to hear of all that they post, as if their server had accepted that.
    pub(crate) async fn follows(&self, who: &User, whom: &str) {
        let found = who.search("accounts", whom, true).await;
        let target = found.first().and_then(|account| account["id"].as_str()).expect("they are found").to_owned();
        let ids = [who.id.clone(), target].map(|id| AccountId(id.parse().expect("a number")));
        let path = who.uri.strip_prefix("https://local.test").expect("it is ours").to_owned();
        let stored = self.instance.running.server.write(move |tx| {
            let row = tx.next_id();
            let uri = format!("{path}#follows/{row}");
            let follow = Follow { notify: true, ..Follow::bare(row, uri, tx.now()) };
            Ok(relationship::put(tx, ids[0], ids[1], &follow)?)
        });
        stored.await.expect("the follow is stored");
    }

    /// An activity of `actor` into the shared inbox, taken in the end.
    pub(crate) async fn sends(&self, actor: &str, activity: Value) {
        let posted = until(|| async {
            let reply = self.posts(actor, activity.clone()).await;
            // The first one of a stranger may have to wait for their key.
            (reply.status != 503).then_some(reply)
        });
        let reply = posted.await.expect("the inbox answers");
        assert_eq!(reply.status, 202, "{}", reply.text());
    }

    /// What the shared inbox answers to an activity of `actor`.
    pub(crate) async fn posts(&self, actor: &str, activity: Value) -> Reply {
        self.posts_to("/inbox", actor, activity).await
    }

    /// What an inbox answers to an activity of `actor`.
    pub(crate) async fn posts_to(&self, inbox: &str, actor: &str, activity: Value) -> Reply {
        let mut document = json!({ "@context": CONTEXT, "actor": actor, "to": [format!("{CONTEXT}#Public")] });
        add(&mut document, activity);
        let body = document.to_string();
        let date = http_date(self.instance.now_ms());
        let headers = self.key.post(&format!("{actor}#main-key"), "local.test", inbox, &date, body.as_bytes());
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.instance.web.send("POST", inbox, &headers, body.as_bytes()).await
    }

    /// Suspends a domain, without what moderating does to those who are known from there.
    pub(crate) async fn suspends(&self, domain: &'static str) {
        let suspend = move |tx: &mut Tx<'_>| {
            let block = DomainBlock::bare(tx.next_id(), domain, Severity::Suspend, tx.now());
            moderation::put_block(tx, &block);
            Ok(())
        };
        self.instance.running.server.write(suspend).await.expect("stored");
    }

    /// The number here of a status that alice asks for.
    pub(crate) async fn found(&self, note: &str) -> String {
        let found = self.alice.search("statuses", note, true).await;
        let id = found.first().and_then(|status| status["id"].as_str());
        id.unwrap_or_else(|| panic!("{note} was not resolved: {found:?}")).to_owned()
    }

    /// Waits until everybody was sent what they are to be told: what somebody has not got by then was not for them.
    pub(crate) async fn has_told_all(&self) {
        let told = until(|| async {
            let left = self.instance.running.server.read(|view| {
                let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
                let to_tell = jobs.iter().any(|(_, job)| job.kind.class() == JobClass::Distribute);
                let to_expand = EXPANSIONS.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
                let under_way = PROGRESS.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
                Ok(to_tell || !to_expand.is_empty() || !under_way.is_empty())
            });
            left.await.ok().filter(|left| !left)
        });
        assert!(told.await.is_some(), "something is not told yet");
    }

    /// Waits until nothing is left to be received, read or tidied up.
    pub(crate) async fn is_quiet(&self) {
        let quiet = until(|| async {
            self.reads_what_it_may_put_off().await;
            let left = self.instance.running.server.read(|view| {
                let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
                let working = jobs.iter().any(|(_, job)| {
                    // Links are looked at within a minute, and what a reply answers, or a host did not give of a thread or
                    // profile, again later; the clock stands still.
                    let is_missed = job.attempts > 0
                        && matches!(
                            job.kind,
                            JobKind::FetchAncestors { .. } | JobKind::FetchThread { .. } | JobKind::FetchProfile { .. }
                        );
                    !is_missed && !matches!(job.kind.class(), JobClass::Distribute | JobClass::Page)
                });
                Ok(working || !INBOUND.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?.is_empty())
            });
            left.await.ok().filter(|left| !left)
        });
        assert!(quiet.await.is_some(), "jobs or activities are left");
    }

    /// Moves the clock to where the next begins of what is read within some seconds.
    async fn reads_what_it_may_put_off(&self) {
        let now = self.instance.running.server.now();
        let waits = self.instance.running.server.read(move |view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 100)?;
            let put_off = jobs.iter().filter(|(_, job)| {
                let kind = matches!(job.kind, JobKind::FetchAncestors { .. } | JobKind::FetchQuote { .. });
                (kind || matches!(job.kind, JobKind::RefreshAccount { .. })) && job.attempts == 0
            });
            Ok(put_off.map(|(_, job)| job.due.ms_since(now)).filter(|wait| *wait > 0).min())
        });
        if let Some(wait) = waits.await.expect("a read") {
            self.instance.clock.advance(wait.min(limits::FETCH_SPREAD_MS));
        }
    }
}

/// A public note.
pub(crate) fn note(id: &str, author: &str, extra: Value) -> Value {
    let mut note = json!({
        "@context": CONTEXT, "id": id, "type": "Note", "attributedTo": author, "content": "<p>words</p>",
        "to": [format!("{CONTEXT}#Public")], "published": "2026-11-01T00:00:00Z",
    });
    add(&mut note, extra);
    note
}

fn add(document: &mut Value, extra: Value) {
    if let (Some(members), Value::Object(extra)) = (document.as_object_mut(), extra) {
        members.extend(extra);
    }
}

//! Delivering the documents of one world, and looking at what became of each.

use super::{
    checks,
    expectations::{Deed, How, Outcome, Row, Setup},
    lab::{AS, Lab, Names, OWN, Prepared, id_of},
    meaning, stage,
};
use crate::{
    certificates::Authority,
    instance::{Instance, User, until},
    peer::Seen,
    schema,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use storage::backfill::PROFILES;

/// What is wrong with the treatment of one document; empty is good.
pub(super) type Wrong = Vec<String>;

/// What became of one document.
pub(crate) struct Treated {
    /// Its row.
    pub(crate) row: Row,
    /// What is wrong.
    pub(crate) wrong: Wrong,
    /// What is stored now, unless nothing is to be.
    pub(crate) result: Option<Value>,
}

/// An instance, its people and everybody else's.
pub(super) struct World {
    pub(super) instance: Instance,
    pub(super) lab: Lab,
    pub(super) alice: User,
}

/// One document on its way.
pub(super) struct Trial<'a> {
    pub(super) world: &'a World,
    pub(super) row: &'a Row,
    pub(super) names: Names,
    pub(super) prepared: Prepared,
    /// What was looked at last.
    pub(super) result: Mutex<Option<Value>>,
    /// The numbers here of statuses and accounts by uri, as far as they were met.
    pub(super) ids: Mutex<BTreeMap<String, String>>,
}

/// Delivers `rows` to one fresh instance, one after another.
pub(crate) async fn world(authority: &Arc<Authority>, dir: &Path, rows: Vec<Row>) -> Vec<Treated> {
    let instance = Instance::start(OWN, &authority.pem()).await;
    let lab = Lab::start(authority, instance.reach.clone(), dir);
    let alice = instance.user("alice").await;
    // Strangers write to her, too.
    let open = alice.send("PATCH", "/api/v2/notifications/policy?for_private_mentions=accept", &[], &[]).await;
    assert_eq!(open.status, 200, "{}", open.text());
    let world = World { instance, lab, alice };
    let mut outcomes = Vec::new();
    for row in rows {
        let (wrong, result) = match world.trial(&row).await {
            Ok(trial) => trial.outcome().await,
            Err(why) => (vec![format!("setup: {why}")], None),
        };
        outcomes.push(Treated { row, wrong, result });
    }
    // Pages that a profile links to are read as everybody reads them, whenever their job comes.
    let is_document =
        |seen: &Seen| !seen.path.starts_with("/.well-known/") && seen.header("accept") != Some("text/html");
    let unsigned =
        world.lab.peer.seen(|seen| seen.method == "GET" && is_document(seen) && seen.header("signature").is_none());
    assert!(
        unsigned.is_empty(),
        "every document is fetched with a signature (FEDERATION §4), not so: {:?}",
        unsigned[0]
    );
    world.instance.is_sound();
    world.instance.running.stop().await.expect("it stops");
    outcomes
}

impl World {
    /// The path of something of ours.
    pub(super) fn path_of(&self, uri: &str) -> Option<String> {
        self.instance.running.server.origin().path_of(uri).map(str::to_owned)
    }

    /// Everything that the row wants to be there before.
    async fn trial<'a>(&'a self, row: &'a Row) -> Result<Trial<'a>, String> {
        let mut names = Names { alice: self.alice.uri.clone(), ..Names::default() };
        let written = format!("{:?}{:?}", row.setup, row.checks);
        // One that answers or quotes comes later.
        let later = |word: &Setup| matches!(word, Setup::Waits { deed: Deed::Answer | Deed::Quote, .. });
        if written.contains("{status}") && !row.setup.iter().any(later) {
            let text = format!("for {}", row.file);
            let mut fields = vec![("status", text.as_str())];
            for word in &row.setup {
                if let Setup::Poll { options, multiple } = word {
                    fields.extend([("poll[expires_in]", "3600"), ("poll[multiple]", *multiple)]);
                    fields.extend(options.iter().map(|option| ("poll[options][]", option.as_str())));
                }
            }
            let posted = self.alice.post("/api/v1/statuses", &fields).await;
            names.status =
                posted.json()["uri"].as_str().ok_or_else(|| format!("no status: {}", posted.text()))?.to_owned();
        }
        let prepared = self.lab.prepare(row, &names);
        let mut trial = Trial { world: self, row, names, prepared, result: Mutex::default(), ids: Mutex::default() };
        trial.set_up().await?;
        Ok(trial)
    }
}

impl Trial<'_> {
    pub(super) async fn post(&self, inbox: &str, signer: &str, document: &Value) -> u16 {
        let now = self.world.instance.now_ms();
        self.world.lab.post(&self.world.instance.web, inbox, signer, now, document).await.status
    }

    /// Delivers the document and holds what became of it against the row.
    async fn outcome(self) -> (Wrong, Option<Value>) {
        let wrong = match self.row.how {
            How::Inbox | How::OwnInbox => self.through_inbox().await,
            How::Object => self.through_search().await,
            How::Actor | How::Webfinger => self.through_account_search().await,
            How::Key => self.through_key().await,
            How::Profile(_) => self.through_profile().await,
            How::Replies => self.through_thread().await,
            How::Stamp => self.through_stamp().await,
        };
        let alive = self.world.instance.get("/api/v2/instance").await.status;
        let dead = (alive != 200).then(|| format!("afterwards the instance answers {alive}"));
        let result = self.result.into_inner().unwrap_or_else(PoisonError::into_inner);
        (wrong.into_iter().chain(dead).collect(), result)
    }

    async fn through_inbox(&self) -> Wrong {
        let inbox = if self.row.how == How::Inbox { "/inbox" } else { "/users/alice/inbox" };
        let Some(signer) = self.prepared.signer.as_deref() else { return vec!["nobody signs".to_owned()] };
        let status = self.post(inbox, signer, &self.prepared.document).await;
        let expected = match self.row.value("kind") {
            None | Some("ignored") => 202,
            Some(kind) => kind.parse().unwrap_or_default(),
        };
        if status != expected {
            return vec![format!("answered {status}, not {expected}")];
        }
        match self.row.outcome {
            Outcome::Stored => {
                let object = self.row.value("uri").map(str::to_owned);
                let Some(uri) = object.or_else(|| id_of(self.prepared.document.get("object"))) else {
                    return vec!["the object has no id".to_owned()];
                };
                let Some(entity) = until(|| self.status(&uri)).await else {
                    return vec![format!("{uri} is not there")];
                };
                // What an earlier activity stored is there before this one has changed it.
                let later = self.row.setup.iter().any(|word| after(word).is_some());
                if later {
                    until(|| async { self.of_status(&entity).await.is_empty().then_some(()) }).await;
                }
                [self.of_status(&entity).await, self.effects().await].concat()
            }
            Outcome::Effect => self.effects().await,
            _ => [self.marker(signer).await, self.nothing().await].concat(),
        }
    }

    async fn through_search(&self) -> Wrong {
        let at =
            self.row.setup.iter().find_map(|word| if let Setup::At(url) = word { Some(url.clone()) } else { None });
        let Some(url) = at.or_else(|| id_of(Some(&self.prepared.document))) else {
            return vec!["no address".to_owned()];
        };
        let found = self.world.alice.search("statuses", &url, true).await;
        if self.row.outcome == Outcome::Refused {
            let mut wrong = self.nothing().await;
            if !found.is_empty() {
                wrong.push(format!("{url} was resolved to {}", found[0]["uri"]));
            }
            return wrong;
        }
        match found.first() {
            Some(entity) => self.of_status(entity).await,
            None => vec![format!("{url} was not resolved")],
        }
    }

    async fn through_account_search(&self) -> Wrong {
        let mut query = id_of(Some(&self.prepared.document));
        for word in &self.row.setup {
            match word {
                Setup::At(url) => query = Some(url.clone()),
                Setup::Finger(handle) => query = Some(format!("@{handle}")),
                _ => {}
            }
        }
        let Some(query) = query else { return vec!["no address".to_owned()] };
        let found = self.world.alice.search("accounts", &query, true).await;
        let mut wrong = if self.row.outcome == Outcome::Refused {
            self.nothing().await
        } else {
            match found.first() {
                Some(entity) => {
                    self.looked_at(meaning::of_account(entity));
                    [schema::validate("Account", entity), checks::account(self.row, &self.names, entity)].concat()
                }
                None => vec![format!("{query} was not resolved")],
            }
        };
        if self.row.value("kind") == Some("unresolvable") && !found.is_empty() {
            wrong.push(format!("{query} was resolved to {}", found[0]["acct"]));
        }
        if let Some(key_id) = self.row.value("signs") {
            wrong.extend(self.signs(key_id).await);
        }
        wrong
    }

    async fn through_key(&self) -> Wrong {
        let key_id = id_of(self.prepared.document.get("publicKey")).unwrap_or_default();
        let mut wrong = self.signs(&key_id).await;
        wrong.extend(self.effects().await);
        wrong
    }

    /// A Follow of alice signed with this key must hold, or be refused as the row says.
    async fn signs(&self, key_id: &str) -> Wrong {
        let Some(actor) = id_of(Some(&self.prepared.document)) else { return vec!["no actor".to_owned()] };
        let follow = json!({"@context": AS, "id": format!("{}/lab-follow", actor.trim_end_matches('/')),
            "type": "Follow", "actor": actor, "object": self.names.alice});
        let (web, now) = (&self.world.instance.web, self.world.instance.now_ms());
        let status = self.world.lab.post_with(web, "/inbox", key_id, now, &follow).await.status;
        let expected = self.row.value("kind").and_then(|kind| kind.parse().ok()).unwrap_or(202);
        if status != expected {
            return vec![format!("a Follow signed with {key_id} was answered {status}, not {expected}")];
        }
        let Some(acct) = self.row.value("acct").filter(|_| expected == 202) else { return Vec::new() };
        let done = until(|| async { self.follower(acct).await.then_some(()) }).await;
        if done.is_some() { Vec::new() } else { vec![format!("a Follow signed with {key_id} had no effect")] }
    }

    /// Alice opens the profile of the account whose collection it is, and it is read.
    async fn through_profile(&self) -> Wrong {
        let account = match self.account_of(stage::by(self.row)).await {
            Ok(account) => account,
            Err(why) => return vec![why],
        };
        let id = account["id"].as_str().unwrap_or_default();
        let opened = self.world.alice.get(&format!("/api/v1/accounts/{id}/statuses")).await.status;
        let number: storage::AccountId = id.parse().expect("a number");
        let read = until(|| async {
            let asked = self.in_store(move |view| PROFILES.get(view, &number)).await;
            asked.and_then(|asked| asked.ended_at)
        });
        match read.await {
            Some(_) => self.effects().await,
            None => vec![format!("its profile was answered {opened} and not read")],
        }
    }

    /// Alice opens the thread of the note whose replies it holds, and it is read.
    async fn through_thread(&self) -> Wrong {
        let id = match self.resolved(stage::made(self.row).0).await {
            Ok(id) => id,
            Err(why) => return vec![why],
        };
        let opened = self.world.alice.get(&format!("/api/v1/statuses/{id}/context")).await.status;
        let read = until(|| async {
            let refresh = self.world.alice.get(&format!("/api/v1_alpha/async_refreshes/{id}")).await;
            (refresh.status == 200 && refresh.json()["async_refresh"]["status"] == "finished").then_some(())
        });
        match read.await {
            Some(()) => self.effects().await,
            None => vec![format!("its thread was answered {opened} and not read")],
        }
    }

    /// Alice asks for the note that shows it.
    async fn through_stamp(&self) -> Wrong {
        let quoting = id_of(self.prepared.document.get("interactingObject")).unwrap_or_default();
        match self.resolved(&quoting).await {
            Ok(_) => self.effects().await,
            Err(why) => vec![why],
        }
    }

    pub(super) async fn of_status(&self, entity: &Value) -> Wrong {
        let id = entity["id"].as_str().unwrap_or_default();
        let shown = self.world.alice.get(&format!("/api/v1/statuses/{id}")).await;
        if shown.status != 200 {
            return vec![format!("status {id} answers {}: {}", shown.status, shown.text())];
        }
        let entity = shown.json();
        let mut parent = None;
        if let Some(above) = entity["in_reply_to_id"].as_str() {
            let above = self.world.alice.get(&format!("/api/v1/statuses/{above}")).await;
            parent = above.json()["uri"].as_str().map(str::to_owned);
        }
        let now = self.world.instance.now_ms();
        let quote = self.quote(id).await;
        self.looked_at(meaning::of_status(&entity, parent.as_deref(), quote.as_deref()));
        let mut wrong = schema::validate("Status", &entity);
        wrong.extend(checks::status(self.row, &self.names, now, &entity, parent.as_deref()));
        let context = self.world.alice.get(&format!("/api/v1/statuses/{id}/context")).await;
        if context.status == 200 {
            wrong.extend(schema::validate("Context", &context.json()));
        } else {
            wrong.push(format!("its context answers {}", context.status));
        }
        let public = matches!(entity["visibility"].as_str(), Some("public" | "unlisted"));
        let stranger = self.world.instance.get(&format!("/api/v1/statuses/{id}")).await.status;
        if stranger != if public { 200 } else { 404 } {
            wrong.push(format!("{} as it is, a stranger gets {stranger}", entity["visibility"]));
        }
        wrong
    }

    pub(super) fn looked_at(&self, result: Value) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// What the row of a status says of what it quotes.
    pub(super) async fn quote(&self, id: &str) -> Option<String> {
        let id: storage::StatusId = id.parse().ok()?;
        let look = move |view: &storage::View<'_>| Ok(storage::quote::find(view, id)?);
        let row = self.world.instance.running.server.read(look).await.expect("the row is read");
        row.map(|row| format!("{} ({:?})", row.uri, row.state).to_lowercase())
    }
}

pub(super) fn after(word: &Setup) -> Option<&String> {
    if let Setup::After(file) = word { Some(file) } else { None }
}

pub(super) fn is_marker(status: &Value) -> bool {
    status["uri"].as_str().is_some_and(|uri| uri.ends_with("/lab-marker"))
}

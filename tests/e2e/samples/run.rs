//! Delivering the documents of one world, and looking at what became of each.

use super::{
    checks,
    expectations::{How, Outcome, Row, Setup},
    lab::{AS, Lab, Names, OWN, Prepared, id_of},
    meaning,
};
use crate::{
    certificates::Authority,
    instance::{Instance, User, until},
    schema,
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// What is wrong with the treatment of one document; empty is good.
type Wrong = Vec<String>;

/// What became of one document.
pub(crate) struct Treated {
    /// Its row.
    pub(crate) row: Row,
    /// What is wrong.
    pub(crate) wrong: Wrong,
    /// What is stored now, if the row speaks of a status or an account.
    pub(crate) result: Option<Value>,
}

struct World {
    instance: Instance,
    lab: Lab,
    alice: User,
}

/// One document on its way.
struct Trial<'a> {
    world: &'a World,
    row: &'a Row,
    names: Names,
    prepared: Prepared,
    /// What was looked at last.
    result: Mutex<Option<Value>>,
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
    let unsigned = world.lab.peer.seen(|seen| {
        seen.method == "GET" && !seen.path.starts_with("/.well-known/") && seen.header("signature").is_none()
    });
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
    /// Everything that the row wants to be there before.
    async fn trial<'a>(&'a self, row: &'a Row) -> Result<Trial<'a>, String> {
        let mut names = Names { alice: self.alice.uri.clone(), ..Names::default() };
        let written = format!("{:?}{:?}", row.setup, row.checks);
        if written.contains("{status}") {
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
        let mut trial = Trial { world: self, row, names, prepared, result: Mutex::default() };
        trial.set_up().await?;
        Ok(trial)
    }
}

impl Trial<'_> {
    async fn set_up(&mut self) -> Result<(), String> {
        let signer = self.prepared.signer.clone();
        for word in &self.row.setup {
            match word {
                Setup::Known => drop(self.account_of(signer.as_deref().ok_or("nobody signs")?).await?),
                Setup::Follows => {
                    self.follow(signer.as_deref().ok_or("nobody signs")?, true).await?;
                    for other in self.row.setup.iter().filter_map(after) {
                        let document = self.world.lab.read(other, self.row, &self.names);
                        let author = id_of(document.get("actor")).ok_or("an activity has an actor")?;
                        if Some(&author) != signer.as_ref() {
                            self.follow(&author, true).await?;
                        }
                    }
                }
                Setup::Asks(whom) if !whom.is_empty() => self.follow(whom, false).await?,
                Setup::Asks(_) => self.follow(signer.as_deref().ok_or("nobody signs")?, false).await?,
                Setup::Made { uri, .. } => {
                    let found = self.world.alice.search("statuses", uri, true).await;
                    if found.first().is_none_or(|status| status["uri"] != uri.as_str()) {
                        return Err(format!("{uri} was not resolved"));
                    }
                }
                _ => {}
            }
        }
        if !self.names.follow.is_empty() {
            self.prepared = self.world.lab.prepare(self.row, &self.names);
        }
        for word in &self.row.setup {
            match word {
                Setup::After(file) => {
                    let document = self.world.lab.read(file, self.row, &self.names);
                    self.first(document).await?;
                }
                Setup::Inner => {
                    let mut document = self.prepared.document["object"].clone();
                    document["@context"] = json!(AS);
                    self.first(document).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Delivers what comes before and waits until it has taken effect.
    async fn first(&self, document: Value) -> Result<(), String> {
        let actor = id_of(document.get("actor")).ok_or("what comes before has an actor")?;
        let status = self.post("/inbox", &actor, &document).await;
        if status != 202 {
            return Err(format!("what comes before was answered {status}"));
        }
        let object = id_of(document.get("object")).unwrap_or_default();
        let acct = self.account_of(&actor).await?;
        let acct = acct["acct"].as_str().unwrap_or_default().to_owned();
        let done = match document["type"].as_str() {
            Some("Create") => until(|| async { self.status(&object).await.map(drop) }).await,
            Some("Follow") => until(|| async { self.follower(&acct).await.then_some(()) }).await,
            Some("Like") => until(|| async { self.among("favourited_by", &acct).await.then_some(()) }).await,
            Some("Announce") => until(|| async { self.boosted(&object).await.then_some(()) }).await,
            Some("Block") => until(|| async { self.holds("blocked", &acct).await.then_some(()) }).await,
            other => return Err(format!("what comes before is {other:?}")),
        };
        if done.is_some() {
            return Ok(());
        }
        let relationship = self.relationship_with(&acct).await;
        Err(format!("what comes before ({} by {acct}) had no effect: {relationship}", document["type"]))
    }

    async fn account_of(&self, actor: &str) -> Result<Value, String> {
        let found = self.world.alice.search("accounts", actor, true).await;
        found.into_iter().next().ok_or_else(|| format!("{actor} was not resolved"))
    }

    /// Alice follows an actor, which accepts or keeps her waiting.
    async fn follow(&mut self, actor: &str, accepted: bool) -> Result<(), String> {
        let account = self.account_of(actor).await?;
        let id = account["id"].as_str().unwrap_or_default().to_owned();
        let reply = self.world.alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]).await;
        if reply.status != 200 {
            return Err(format!("follow was answered {}: {}", reply.status, reply.text()));
        }
        let wanted = |seen: &crate::peer::Seen| {
            let sent = seen.json().unwrap_or_default();
            sent["type"] == "Follow" && sent["object"] == actor
        };
        let sent = self.world.lab.peer.wait_for(crate::instance::DEADLINE, wanted).await;
        let follow = sent.and_then(|seen| seen.json()).ok_or_else(|| format!("no Follow reached {actor}"))?;
        self.names.follow = id_of(follow.get("id")).ok_or("a Follow has an id")?;
        if !accepted {
            return Ok(());
        }
        let accept = json!({"@context": AS, "id": format!("{}#accepts/{id}", actor.split('#').next().unwrap_or_default()),
            "type": "Accept", "actor": actor, "object": follow});
        let status = self.post("/inbox", actor, &accept).await;
        let done = until(|| async { (self.relationship(&id).await["following"] == true).then_some(()) }).await;
        done.ok_or_else(|| format!("Accept of the Follow was answered {status} and had no effect"))
    }

    async fn post(&self, inbox: &str, signer: &str, document: &Value) -> u16 {
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

    async fn of_status(&self, entity: &Value) -> Wrong {
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

    fn looked_at(&self, result: Value) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// What the row of a status says of what it quotes.
    async fn quote(&self, id: &str) -> Option<String> {
        let id: storage::StatusId = id.parse().ok()?;
        let look = move |view: &storage::View<'_>| Ok(storage::quote::find(view, id)?);
        let row = self.world.instance.running.server.read(look).await.expect("the row is read");
        row.map(|row| format!("{} ({:?})", row.uri, row.state).to_lowercase())
    }

    /// The things that must have happened.
    async fn effects(&self) -> Wrong {
        let mut wrong = Vec::new();
        for (name, value) in &self.row.checks {
            let value = self.names.fill(value);
            let done = match name.as_str() {
                "following" | "rejected" | "followed" | "unfollowed" | "favourited" | "unfavourited" | "reacted"
                | "counted" | "reblogged" | "boosted" | "unboosted" | "deleted" | "gone" | "notified" | "blocked"
                | "unblocked" => until(|| async { self.holds(name, &value).await.then_some(()) }).await.is_some(),
                "edited" if value.starts_with("http") => {
                    let edited =
                        until(|| async { self.status(&value).await.filter(|status| !status["edited_at"].is_null()) });
                    match edited.await {
                        Some(entity) => {
                            wrong.extend(self.of_status(&entity).await);
                            true
                        }
                        None => false,
                    }
                }
                "updated" => {
                    let found = until(|| async {
                        let found = self.world.alice.search("accounts", &value, false).await;
                        found.into_iter().find(|account| checks::account(self.row, &self.names, account).is_empty())
                    });
                    let found = found.await;
                    if let Some(account) = &found {
                        self.looked_at(meaning::of_account(account));
                    } else {
                        let found = self.world.alice.search("accounts", &value, false).await;
                        let account = found.into_iter().next().unwrap_or_default();
                        wrong.extend(checks::account(self.row, &self.names, &account));
                    }
                    true
                }
                "unnotified" => !self.notified(&value).await,
                _ => true,
            };
            if !done {
                wrong.push(format!("{name}={value} did not come true"));
            }
        }
        wrong
    }

    async fn holds(&self, name: &str, value: &str) -> bool {
        match name {
            "following" => self.relationship_with(value).await["following"] == true,
            "rejected" => {
                let relationship = self.relationship_with(value).await;
                relationship["following"] == false && relationship["requested"] == false
            }
            "followed" => self.follower(value).await,
            "unfollowed" => !self.follower(value).await,
            "favourited" => self.among("favourited_by", value).await,
            "unfavourited" => !self.among("favourited_by", value).await,
            "reacted" => {
                let status = self.status(&self.names.status).await.unwrap_or_default();
                let reactions = status["reactions"].as_array().cloned().unwrap_or_default();
                status["favourites_count"] == 0 && reactions.iter().any(|reaction| reaction["name"] == value)
            }
            "counted" => {
                let status = self.status(&self.names.status).await.unwrap_or_default();
                let options = status["poll"]["options"].as_array().cloned().unwrap_or_default();
                let votes: Vec<String> = options.iter().map(|option| option["votes_count"].to_string()).collect();
                votes.join(",") == value
            }
            "reblogged" => self.among("reblogged_by", value).await,
            "boosted" => self.boosted(value).await,
            "blocked" => self.relationship_with(value).await["blocked_by"] == true,
            "unblocked" => self.relationship_with(value).await["blocked_by"] == false,
            "unboosted" => !self.boosted(value).await,
            "deleted" => self.status(value).await.is_none(),
            "gone" => {
                self.world.alice.search("accounts", value, false).await.iter().all(|found| found["acct"] != value)
            }
            "notified" => self.notified(value).await,
            _ => false,
        }
    }

    /// The things that must not have happened.
    async fn nothing(&self) -> Wrong {
        let mut wrong = Vec::new();
        for (name, value) in &self.row.checks {
            let value = self.names.fill(value);
            let good = match name.as_str() {
                "none" => self.status(&value).await.is_none(),
                "still" => self.status(&value).await.is_some(),
                "kept" => self.status(&value).await.is_some_and(|status| {
                    checks::plain_text(status["content"].as_str().unwrap_or_default()) == "made by the lab"
                }),
                "nofav" => {
                    let status = self.status(&value).await.unwrap_or_default();
                    status["favourites_count"] == 0
                }
                "follower" => self.follower(&value).await,
                "nofollower" => !self.follower(&value).await,
                "following" => self.relationship_with(&value).await["following"] == true,
                "asked" => self.relationship_with(&value).await["requested"] == true,
                "noaccount" => {
                    let found = self.world.alice.search("accounts", &value, false).await;
                    let lookup = format!("/api/v1/accounts/lookup?{}", crate::web::form(&[("acct", &value)]));
                    found.iter().all(|account| account["acct"] != value.as_str())
                        && self.world.alice.get(&lookup).await.status == 404
                }
                "quiet" => {
                    let from = format!("?{}", crate::web::form(&[("limit", "40"), ("include_filtered", "true")]));
                    let notes = self.world.alice.get(&format!("/api/v1/notifications{from}")).await.json();
                    notes
                        .as_array()
                        .into_iter()
                        .flatten()
                        .all(|note| note["account"]["acct"] != value.as_str() || is_marker(&note["status"]))
                        && !self.follower(&value).await
                }
                "unboosted" => !self.boosted(&value).await,
                "unnotified" => !self.notified(&value).await,
                _ => true,
            };
            if !good {
                wrong.push(format!("{name}={value} does not hold"));
            }
        }
        wrong
    }

    /// Sends a direct note and waits for it: what the same actor sent before has been dealt with then.
    async fn marker(&self, signer: &str) -> Wrong {
        let author = if self.row.has(&Setup::Gone) { self.world.lab.witness() } else { signer.to_owned() };
        let base = author.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let uri = format!("{base}/lab-marker");
        let note = json!({"id": uri, "type": "Note", "attributedTo": author, "content": "<p>lab marker</p>",
            "to": [self.names.alice], "cc": [], "tag": [{"type": "Mention", "href": self.names.alice, "name": "@alice"}]});
        let create = json!({"@context": AS, "id": format!("{uri}/activity"), "type": "Create", "actor": author,
            "to": [self.names.alice], "cc": [], "object": note});
        let status = self.post("/inbox", &author, &create).await;
        let seen = until(|| async { self.status(&uri).await.map(drop) }).await;
        let missing = || vec![format!("the marker from {author} was answered {status} and never came")];
        seen.map_or_else(missing, |()| Vec::new())
    }

    /// A status by its uri, as alice sees it.
    async fn status(&self, uri: &str) -> Option<Value> {
        let found = self.world.alice.search("statuses", uri, false).await;
        if let Some(status) = found.into_iter().find(|status| status["uri"] == uri) {
            return Some(status);
        }
        let home = self.world.alice.get("/api/v1/timelines/home?limit=40").await.json();
        let inner = |status: &Value| [status.clone(), status["reblog"].clone()];
        let found = home.as_array()?.iter().flat_map(inner).find(|status| status["uri"] == uri);
        if found.is_some() {
            return found;
        }
        let notes = self.world.alice.get("/api/v1/notifications?limit=40").await.json();
        notes.as_array()?.iter().map(|note| note["status"].clone()).find(|status| status["uri"] == uri)
    }

    async fn relationship(&self, id: &str) -> Value {
        let reply = self.world.alice.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await;
        reply.json().get(0).cloned().unwrap_or_default()
    }

    async fn relationship_with(&self, acct: &str) -> Value {
        // Not by search, which does not find who blocks the one who searches.
        let reply = self.world.alice.get(&format!("/api/v1/accounts/lookup?acct={acct}")).await;
        if reply.status != 200 {
            return Value::Null;
        }
        self.relationship(reply.json()["id"].as_str().unwrap_or_default()).await
    }

    async fn follower(&self, acct: &str) -> bool {
        let reply = self.world.alice.get(&format!("/api/v1/accounts/{}/followers?limit=80", self.world.alice.id)).await;
        reply.json().as_array().is_some_and(|list| list.iter().any(|account| account["acct"] == acct))
    }

    /// Whether `acct` is among those who favourited or reblogged alice's status.
    async fn among(&self, list: &str, acct: &str) -> bool {
        let Some(status) = self.status(&self.names.status).await else { return false };
        let id = status["id"].as_str().unwrap_or_default();
        let reply = self.world.alice.get(&format!("/api/v1/statuses/{id}/{list}")).await;
        reply.json().as_array().is_some_and(|list| list.iter().any(|account| account["acct"] == acct))
    }

    async fn boosted(&self, uri: &str) -> bool {
        let home = self.world.alice.get("/api/v1/timelines/home?limit=40").await.json();
        home.as_array().is_some_and(|list| list.iter().any(|status| status["reblog"]["uri"] == uri))
    }

    /// Whether alice was told of something of this kind by the signer.
    async fn notified(&self, kind: &str) -> bool {
        let Some(signer) = self.prepared.signer.as_deref() else { return false };
        let found = self.world.alice.search("accounts", signer, false).await;
        let Some(account) = found.first() else { return false };
        let notes = self.world.alice.get("/api/v1/notifications?limit=40").await.json();
        notes.as_array().is_some_and(|list| {
            list.iter().any(|note| {
                note["type"] == kind && note["account"]["id"] == account["id"] && !is_marker(&note["status"])
            })
        })
    }
}

fn after(word: &Setup) -> Option<&String> {
    if let Setup::After(file) = word { Some(file) } else { None }
}

fn is_marker(status: &Value) -> bool {
    status["uri"].as_str().is_some_and(|uri| uri.ends_with("/lab-marker"))
}

//! What a row wants to be there before its document comes.

use super::{
    expectations::{Deed, Setup},
    lab::{AS, SERVER, host_of, id_of},
    run::{Trial, after},
};
use crate::{
    instance::{DEADLINE, until},
    peer::Seen,
};
use dassie::moderation::relay::{self, NewRelay};
use serde_json::{Value, json};

impl Trial<'_> {
    pub(super) async fn set_up(&mut self) -> Result<(), String> {
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
                Setup::Made { uri, .. } => drop(self.resolved(uri).await?),
                Setup::Waits { deed, uri, author } => self.wants(*deed, uri, author).await?,
                Setup::Joins(url) => self.join(url).await?,
                Setup::Joined(url) => {
                    self.join(url).await?;
                    self.agree(url).await?;
                }
                _ => {}
            }
        }
        if !self.names.follow.is_empty() || !self.names.request.is_empty() {
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

    pub(super) async fn account_of(&self, actor: &str) -> Result<Value, String> {
        let found = self.world.alice.search("accounts", actor, true).await;
        found.into_iter().next().inspect(|account| self.met(account)).ok_or_else(|| format!("{actor} was not resolved"))
    }

    /// A note elsewhere that alice asks for; its id here.
    pub(super) async fn resolved(&self, uri: &str) -> Result<String, String> {
        let found = self.world.alice.search("statuses", uri, true).await;
        let status = found.into_iter().next().filter(|status| status["uri"] == uri);
        let status = status.inspect(|status| self.met(status)).ok_or_else(|| format!("{uri} was not resolved"))?;
        Ok(status["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Alice likes, answers or quotes a note, and its author is asked.
    async fn wants(&mut self, deed: Deed, uri: &str, author: &str) -> Result<(), String> {
        let id = self.resolved(uri).await?;
        let alice = &self.world.alice;
        let (reply, kind) = match deed {
            Deed::Like => (alice.post(&format!("/api/v1/statuses/{id}/favourite"), &[]).await, "LikeRequest"),
            Deed::Answer => {
                let fields = [("status", "about this"), ("in_reply_to_id", id.as_str())];
                (alice.post("/api/v1/statuses", &fields).await, "ReplyRequest")
            }
            Deed::Quote => {
                let fields = [("status", "about this"), ("quoted_status_id", id.as_str())];
                (alice.post("/api/v1/statuses", &fields).await, "QuoteRequest")
            }
        };
        if reply.status != 200 {
            return Err(format!("{deed:?} was answered {}: {}", reply.status, reply.text()));
        }
        if deed != Deed::Like {
            self.names.status = reply.json()["uri"].as_str().unwrap_or_default().to_owned();
        }
        let sent = self.sent(|_, sent| sent["type"] == kind && sent["object"] == uri).await;
        let sent = sent.ok_or_else(|| format!("no {kind} reached {author}"))?;
        self.names.request = id_of(sent.get("id")).ok_or("a request has an id")?;
        self.names.asked = id_of(sent.get("instrument")).ok_or("a request has an instrument")?;
        Ok(())
    }

    /// Waits for an activity that reaches a host.
    async fn sent(&self, wanted: impl Fn(&str, &Value) -> bool) -> Option<Value> {
        let is_it = |seen: &Seen| seen.json().is_some_and(|sent| wanted(&seen.authority, &sent));
        self.world.lab.peer.wait_for(DEADLINE, is_it).await?.json()
    }

    /// The operator asks a relay.
    async fn join(&mut self, url: &str) -> Result<(), String> {
        let new = NewRelay { url: url.to_owned(), tags: Vec::new(), languages: Vec::new(), per_hour: 100 };
        let added = self.world.instance.running.server.write(move |tx| relay::add(tx, &new)).await;
        added.map_err(|error| format!("{url}: {error}"))?;
        let host = host_of(url).unwrap_or_default();
        let is_it = |to: &str, sent: &Value| to == host && sent["type"] == "Follow" && sent["actor"] == SERVER;
        let sent = self.sent(is_it).await;
        let follow = sent.ok_or_else(|| format!("no Follow reached {url}"))?;
        self.names.follow = id_of(follow.get("id")).ok_or("a Follow has an id")?;
        Ok(())
    }

    /// A relay known by its actor agrees.
    async fn agree(&self, actor: &str) -> Result<(), String> {
        let accept = json!({"@context": AS, "id": format!("{actor}#accepts/relay"), "type": "Accept", "actor": actor,
            "object": self.names.follow});
        let status = self.post("/inbox", actor, &accept).await;
        let done = until(|| async { self.relayed(actor).await.then_some(()) }).await;
        done.ok_or_else(|| format!("the relay's Accept was answered {status} and had no effect"))
    }

    /// Alice follows an actor, which accepts or keeps her waiting.
    async fn follow(&mut self, actor: &str, accepted: bool) -> Result<(), String> {
        let account = self.account_of(actor).await?;
        let id = account["id"].as_str().unwrap_or_default().to_owned();
        let reply = self.world.alice.post(&format!("/api/v1/accounts/{id}/follow"), &[]).await;
        if reply.status != 200 {
            return Err(format!("follow was answered {}: {}", reply.status, reply.text()));
        }
        let sent = self.sent(|_, sent| sent["type"] == "Follow" && sent["object"] == actor).await;
        let follow = sent.ok_or_else(|| format!("no Follow reached {actor}"))?;
        self.names.follow = id_of(follow.get("id")).ok_or("a Follow has an id")?;
        if !accepted {
            return Ok(());
        }
        let accept = json!({"@context": AS, "id": format!("{}#accepts/{id}", actor.split('#').next().unwrap_or_default()),
            "type": "Accept", "actor": actor, "object": follow});
        let status = self.post("/inbox", actor, &accept).await;
        let done = until(|| async { (self.relationship(&id).await["following"] == true).then_some(()) }).await;
        done.ok_or_else(|| format!("Accept of the Follow was answered {status} and had no effect"))?;
        // Who is followed is read: what their document does not say would undo what comes.
        let account = id.parse().map_err(|_| format!("{id} is no number"))?;
        let read = until(|| async { (!self.is_being_read(account).await).then_some(()) }).await;
        read.ok_or_else(|| format!("the profile of {actor} is still being read"))
    }
}

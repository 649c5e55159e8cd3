//! What a document changed here, gathered by what its row speaks of.

use super::{
    checks,
    expectations::{How, Part},
    lab::id_of,
    meaning::{self, Effect},
    run::{Trial, is_marker},
    stage,
};
use serde_json::{Value, json};
use std::sync::PoisonError;
use storage::{Digest, StatusId, status::REBLOG_BY, status::TOMBSTONES};

impl Trial<'_> {
    /// What is so now: always whose doing it was, how alice stands to them, what she was told and what became of her
    /// status; and whatever the checks of the row name.
    pub(super) async fn facts(&self) -> Value {
        let mut effect = Effect::default();
        let seen = self.result.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((id, acct)) = self.signer().await {
            effect.say("by", json!(acct));
            effect.say("relationship", meaning::of_relationship(&self.relationship(&id.to_string()).await));
            effect.say("notified", json!(self.told(&acct).await));
        }
        if !self.names.status.is_empty() {
            effect.say("hers", self.hers().await);
        }
        for (name, value) in &self.row.checks {
            let value = self.names.fill(value);
            match name.as_str() {
                "updated" => effect.say("account", seen.clone().unwrap_or_default()),
                "edited" | "quoting" | "public" => {
                    effect.say("status", seen.clone().unwrap_or_default());
                    let through = self.in_public(&value).await.map(|status| status["dassie"]["relay"].clone());
                    effect.say("through", json!(through));
                }
                "agreed" => effect.say("request", self.wish().await),
                "answered" => effect.say("answer", self.answered(&value).await),
                "below" => effect.say("thread", self.thread().await),
                "boosted" | "unboosted" => effect.say("shared", self.shared(&value).await),
                "reblogged" => effect.say("shared", self.shared(&self.names.status).await),
                "deleted" => effect.say("deleted", self.deleted(&value).await),
                "gone" => effect.say("deleted", self.deleted_account(&value).await),
                "moved" => effect.say("moved", self.moved(&value).await),
                "pinned" | "posted" | "stated" => effect.say("profile", self.profile().await),
                "quote" => effect.say("quote", self.her_quote().await),
                "relayed" => effect.say("relay", self.relay_row(&value).await),
                "reported" => effect.say("report", self.reported().await),
                _ => {}
            }
        }
        effect.value()
    }

    /// A uri without the number that one of hers has in this run.
    fn plain(&self, uri: &str) -> String {
        match uri {
            uri if uri == self.names.status => "{status}".to_owned(),
            uri if self.world.path_of(uri).is_some() => "{here}".to_owned(),
            uri => uri.to_owned(),
        }
    }

    /// What alice was told of the signer, or of her status: the newest last.
    async fn told(&self, signer: &str) -> Vec<String> {
        // Of reactions only who asks for them by name is told.
        let mut notes = Vec::new();
        for which in ["", "&types[]=pleroma:emoji_reaction"] {
            let path = format!("/api/v1/notifications?limit=40&include_filtered=true{which}");
            notes.extend(self.world.alice.get(&path).await.json().as_array().cloned().unwrap_or_default());
        }
        let told = notes.iter().filter(|note| !is_marker(&note["status"])).filter_map(|note| {
            let (acct, uri) = (note["account"]["acct"].as_str()?, note["status"]["uri"].as_str().unwrap_or_default());
            let about_hers = !uri.is_empty() && uri == self.names.status;
            if acct != signer && !about_hers {
                return None;
            }
            let kind = note["type"].as_str()?;
            let about = if uri.is_empty() { String::new() } else { format!(" of {}", self.plain(uri)) };
            let by = if acct == signer { String::new() } else { format!(" by {acct}") };
            Some(format!("{kind}{about}{by}"))
        });
        let mut told: Vec<String> = told.collect();
        told.reverse();
        told
    }

    /// What became of her status.
    async fn hers(&self) -> Value {
        let Some(id) = self.number(&self.names.status).await else { return Value::Null };
        let get = async |end: &str| self.world.alice.get(&format!("/api/v1/statuses/{id}{end}")).await.json();
        let reactions = self.world.alice.get(&format!("/api/v1/pleroma/statuses/{id}/reactions")).await.json();
        let lists = [get("/favourited_by").await, get("/reblogged_by").await, reactions];
        meaning::of_hers(&get("").await, &lists)
    }

    /// How far it came what alice wanted, and what is to be seen of it.
    async fn wish(&self) -> Value {
        let Some(request) = self.request().await else { return Value::Null };
        let target = self.world.alice.get(&format!("/api/v1/statuses/{}", request.target)).await.json();
        let stranger = match request.reply {
            Some(reply) => Some(self.world.instance.get(&format!("/api/v1/statuses/{reply}")).await.status),
            None => None,
        };
        meaning::only(json!({
            "to": format!("{:?}", request.interaction).to_lowercase(),
            "of": target["uri"],
            "state": format!("{:?}", request.state).to_lowercase(),
            "shown_by": request.authorization,
            "favourited": target["favourited"].as_bool().filter(|it| *it),
            "favourites": target["favourites_count"],
            "replies": target["replies_count"],
            "a_stranger_gets": stranger,
        }))
    }

    /// The answer that left here; with what shows that it may be believed, if it names that.
    async fn answered(&self, kind: &str) -> Value {
        let Some(sent) = self.answer(kind) else { return Value::Null };
        let actor = sent["actor"].as_str().unwrap_or_default();
        let by = if actor == self.names.alice { "{alice}" } else { "{server}" };
        let mut stamp = Value::Null;
        if let Some(path) = sent["result"].as_str().and_then(|result| self.world.path_of(result)) {
            let headers = [("Host", self.world.instance.host.as_str()), ("Accept", "application/activity+json")];
            let shown = self.world.instance.web.get(&path, &headers).await.json();
            let end = |name: &str| shown[name].as_str().map(|uri| self.plain(uri));
            stamp = json!([shown["type"], end("interactingObject"), end("interactionTarget")]);
        }
        meaning::only(json!({"type": kind, "by": by, "stamp": stamp}))
    }

    /// What the thread of the made note shows below it.
    async fn thread(&self) -> Value {
        let of = stage::made(self.row).0;
        let below = self.below(of).await;
        let below: Vec<Value> = below.iter().map(|status| meaning::of_status(status, Some(of), None)).collect();
        json!({"of": of, "below": below})
    }

    /// The signer's reblog of a status, if there is one, and how often that is reblogged.
    async fn shared(&self, of: &str) -> Value {
        let (Some(original), Some((by, _))) = (self.number(of).await, self.signer().await) else { return Value::Null };
        let reblog = self.in_store(move |view| {
            let id: Option<StatusId> = REBLOG_BY.get(view, &(by, original))?;
            id.map_or(Ok(None), |id| storage::status::find(view, id))
        });
        let reblog = reblog.await;
        let shown = self.world.alice.get(&format!("/api/v1/statuses/{original}")).await.json();
        meaning::only(json!({
            "of": self.plain(of),
            "reblogs": shown["reblogs_count"],
            "uri": reblog.as_ref().map(|row| row.uri.clone()),
            "visibility": reblog.as_ref().map(|row| format!("{:?}", row.visibility).to_lowercase()),
            "created": reblog.as_ref().map(|row| checks::iso(row.created_at.0)),
        }))
    }

    /// What is left of a status: what its address here answers, and whether it may come again.
    async fn deleted(&self, uri: &str) -> Value {
        let id = self.id_met(uri).unwrap_or_default();
        let answers = self.world.alice.get(&format!("/api/v1/statuses/{id}")).await.status;
        let digest = Digest::of(uri);
        let remembered = self.in_store(move |view| TOMBSTONES.contains(view, &digest)).await;
        json!({"uri": uri, "answers": answers, "remembered": remembered})
    }

    /// The same of an account, which stays as one that is suspended: its name may not be taken again.
    async fn deleted_account(&self, acct: &str) -> Value {
        let id = self.prepared.signer.as_ref().and_then(|uri| self.id_met(uri)).unwrap_or_default();
        let shown = self.world.alice.get(&format!("/api/v1/accounts/{id}")).await;
        let entity = if shown.status == 200 { shown.json() } else { Value::Null };
        let posted = self.on_profile("statuses?limit=40").await.len();
        meaning::only(json!({"acct": acct, "answers": shown.status, "suspended": entity["suspended"],
            "name": entity["display_name"], "bio": entity["note"], "posted": posted}))
    }

    /// Where somebody went, and how alice stands to them there.
    async fn moved(&self, acct: &str) -> Value {
        let Some((old, _)) = self.signer().await else { return Value::Null };
        let old = self.world.alice.get(&format!("/api/v1/accounts/{old}")).await.json();
        let there = meaning::of_relationship(&self.relationship_with(acct).await);
        json!({"to": old["moved"]["acct"], "uri": id_of(self.prepared.document.get("target")), "relationship": there})
    }

    /// What the signer's profile shows.
    async fn profile(&self) -> Value {
        let Some((id, acct)) = self.signer().await else { return Value::Null };
        let account = self.world.alice.get(&format!("/api/v1/accounts/{id}")).await.json();
        // Who follows them is known for sure only where it was asked.
        let followers = self.row.how == How::Profile(Part::Followers);
        // What is as old as another stands before or behind it by chance.
        let mut posted = self.on_profile("statuses?limit=40").await;
        posted.sort();
        meaning::only(json!({
            "of": acct,
            "followers": account["followers_count"].as_u64().filter(|_| followers),
            "statuses": account["statuses_count"].as_u64().filter(|_| !followers),
            "pinned": self.on_profile("statuses?pinned=true").await,
            "posted": posted,
            "tags": self.tags_shown().await,
        }))
    }

    /// What her status quotes, and how that stands.
    async fn her_quote(&self) -> Value {
        let Some(id) = self.number(&self.names.status).await else { return Value::Null };
        let row = self.in_store(move |view| storage::quote::find(view, id)).await;
        let shown = self.world.alice.get(&format!("/api/v1/statuses/{id}")).await.json();
        meaning::only(json!({
            "of": row.as_ref().map(|row| row.uri.clone()),
            "state": shown["quote"]["state"],
            "shows": shown["quote"]["quoted_status"]["uri"],
            "stamp": row.as_ref().map(|row| row.stamp.clone()),
        }))
    }

    async fn relay_row(&self, url: &str) -> Value {
        let Some(row) = self.relay(url).await else { return Value::Null };
        let word = |word: String| word.to_lowercase();
        json!({"url": url, "kind": word(format!("{:?}", row.kind)), "state": word(format!("{:?}", row.state)),
            "actor": row.actor})
    }

    /// The report as moderators get it.
    async fn reported(&self) -> Value {
        let Some(report) = self.report().await else { return Value::Null };
        let target = self.in_store(move |view| storage::account::find(view, report.target)).await;
        let evidence = report.statuses.clone();
        let uris = self.in_store(move |view| {
            let mut uris = Vec::new();
            for id in evidence {
                uris.extend(storage::status::find(view, id)?.map(|status| status.uri));
            }
            Ok(uris)
        });
        let origin = self.world.instance.running.server.origin().clone();
        let uris: Vec<String> = uris.await.iter().map(|uri| self.plain(&origin.url(uri))).collect();
        meaning::only(json!({
            "of": target.map(|account| account.acct()),
            "category": format!("{:?}", report.category).to_lowercase(),
            "comment": report.comment,
            "statuses": uris,
            "open": report.resolved.is_none(),
        }))
    }
}

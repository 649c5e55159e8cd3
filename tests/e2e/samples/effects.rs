//! What a document must have changed here, and what not.

use super::{
    checks,
    expectations::{Outcome, Setup},
    lab::{AS, host_of, id_of},
    meaning,
    run::{Trial, Wrong, is_marker},
    stage,
};
use crate::instance::until;
use serde_json::{Value, json};
use storage::{
    Bounds, Direction,
    interaction::RequestState,
    moderation::{REPORTS, Report},
};

/// Checks of deeds, which come true by themselves.
pub(super) const HELD: [&str; 16] = [
    "following",
    "rejected",
    "followed",
    "unfollowed",
    "favourited",
    "unfavourited",
    "reacted",
    "counted",
    "reblogged",
    "boosted",
    "unboosted",
    "deleted",
    "gone",
    "notified",
    "blocked",
    "unblocked",
];

/// The same of what is more than one deed.
pub(super) const BECOME: [&str; 10] =
    ["agreed", "answered", "below", "moved", "pinned", "posted", "quote", "relayed", "reported", "stated"];

/// Checks that are looked at in a way of their own.
pub(super) const UNLIKE_OTHERS: [&str; 2] = ["updated", "unnotified"];

/// Whether a check names the uri of a status, of which the rest of the row speaks.
pub(super) fn is_of_status(name: &str, value: &str) -> bool {
    matches!(name, "edited" | "public" | "quoting") && value.starts_with("http")
}

impl Trial<'_> {
    /// The things that must have happened.
    pub(super) async fn effects(&self) -> Wrong {
        let mut wrong = Vec::new();
        for (name, value) in &self.row.checks {
            let value = self.names.fill(value);
            let done = match name.as_str() {
                held if HELD.contains(&held) || BECOME.contains(&held) => {
                    until(|| async { self.holds(name, &value).await.then_some(()) }).await.is_some()
                }
                of if is_of_status(of, &value) => match until(|| self.turned(name, &value)).await {
                    Some(entity) => {
                        wrong.extend(self.of_status(&entity).await);
                        true
                    }
                    None => false,
                },
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
                // What the status or the account says is looked at there (`every_row_is_read_and_says_enough`).
                _ => true,
            };
            if !done {
                wrong.push(format!("{name}={value} did not come true"));
            }
        }
        if self.row.outcome == Outcome::Effect && wrong.is_empty() {
            match until(|| async { self.is_settled().await.then_some(()) }).await {
                Some(()) => self.looked_at(self.facts().await),
                None => wrong.push("what it set going does not end".to_owned()),
            }
        }
        wrong
    }

    pub(super) async fn holds(&self, name: &str, value: &str) -> bool {
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
            other => self.has_become(other, value).await,
        }
    }

    /// The same of what is more than one deed: an answer, a move, a report, what a profile or a thread shows.
    async fn has_become(&self, name: &str, value: &str) -> bool {
        match name {
            "agreed" => self.request().await.is_some_and(|row| {
                let word = format!("{:?}", row.interaction).to_lowercase();
                row.state == RequestState::Accepted && word == value
            }),
            "answered" => self.answer(value).is_some(),
            "below" => self.below(stage::made(self.row).0).await.iter().any(|status| status["uri"] == value),
            "moved" => {
                let target = id_of(self.prepared.document.get("target")).unwrap_or_default();
                let asked = self.delivered_to(&target, |sent| sent["type"] == "Follow" && sent["object"] == *target);
                asked.is_some() && self.relationship_with(value).await["requested"] == true
            }
            "pinned" => self.on_profile("statuses?pinned=true").await.iter().any(|uri| uri == value),
            "posted" => self.on_profile("statuses?limit=40").await.iter().any(|uri| uri == value),
            "quote" => self.status(&self.names.status).await.is_some_and(|status| status["quote"]["state"] == value),
            "relayed" => self.relayed(value).await,
            "reported" => self.report().await.is_some_and(|report| report.comment == value),
            "stated" => {
                let Some((id, _)) = self.signer().await else { return false };
                let account = self.world.alice.get(&format!("/api/v1/accounts/{id}")).await.json();
                value
                    .split_once(':')
                    .is_some_and(|(what, count)| account[format!("{what}_count")].as_u64() == count.parse().ok())
            }
            _ => false,
        }
    }

    /// The status that such a check speaks of, once that is so.
    async fn turned(&self, name: &str, uri: &str) -> Option<Value> {
        match name {
            "quoting" => self.quoting(uri).await,
            "public" => self.in_public(uri).await,
            _ => self.status(uri).await.filter(|status| !status["edited_at"].is_null()),
        }
    }

    /// A status that quotes, once its quote is agreed to.
    async fn quoting(&self, uri: &str) -> Option<Value> {
        let entity = self.status(uri).await?;
        let quote = self.quote(entity["id"].as_str()?).await?;
        quote.ends_with("(accepted)").then_some(entity)
    }

    /// What left here for the host of `whom`.
    fn delivered_to(&self, whom: &str, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        self.world.lab.peer.delivered(&host_of(whom)?).into_iter().find(|sent| wanted(sent))
    }

    /// The answer of this kind to the document.
    pub(super) fn answer(&self, kind: &str) -> Option<Value> {
        let id = id_of(Some(&self.prepared.document))?;
        let is_it = |sent: &Value| sent["type"] == kind && id_of(sent.get("object")).as_ref() == Some(&id);
        self.delivered_to(self.prepared.signer.as_deref()?, is_it)
    }

    /// What the signer reported.
    pub(super) async fn report(&self) -> Option<Report> {
        let (by, _) = self.signer().await?;
        let reports = self.in_store(|view| REPORTS.list(view, &(), Bounds::NONE, Direction::Descending, 100)).await;
        reports.into_iter().map(|(_, report)| report).find(|report| report.reporter == by)
    }

    /// The things that must not have happened.
    pub(super) async fn nothing(&self) -> Wrong {
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
                "blocked" => self.relationship_with(&value).await["blocked_by"] == true,
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

    /// Sends a direct note and waits until it is stored, whether alice sees it or not: what the same actor sent before has
    /// been dealt with then.
    pub(super) async fn marker(&self, signer: &str) -> Wrong {
        let author = if self.row.has(&Setup::Gone) { self.world.lab.witness() } else { signer.to_owned() };
        let base = author.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let uri = format!("{base}/lab-marker");
        let note = json!({"id": uri, "type": "Note", "attributedTo": author, "content": "<p>lab marker</p>",
            "to": [self.names.alice], "cc": [], "tag": [{"type": "Mention", "href": self.names.alice, "name": "@alice"}]});
        let create = json!({"@context": AS, "id": format!("{uri}/activity"), "type": "Create", "actor": author,
            "to": [self.names.alice], "cc": [], "object": note});
        let status = self.post("/inbox", &author, &create).await;
        let seen = until(|| async { self.number(&uri).await.map(drop) }).await;
        let missing = || vec![format!("the marker from {author} was answered {status} and never came")];
        seen.map_or_else(missing, |()| Vec::new())
    }
}

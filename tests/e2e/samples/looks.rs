//! What alice sees of things here, by the client API; and what only a row knows.

use super::run::{Trial, is_marker};
use serde_json::Value;
use std::sync::PoisonError;
use storage::{
    AccountId, Bounds, Direction, StatusId, View,
    interaction::{self, InteractionRequest},
    job::{JOBS, JobClass, JobKind},
    relay::{self, Relay},
};

impl Trial<'_> {
    /// Remembers under which number a status or an account stands here: it may be gone later.
    pub(super) fn met(&self, entity: &Value) {
        if let (Some(uri), Some(id)) = (entity["uri"].as_str(), entity["id"].as_str()) {
            self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(uri.to_owned(), id.to_owned());
        }
    }

    /// The number under which it stood.
    pub(super) fn id_met(&self, uri: &str) -> Option<String> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).get(uri).cloned()
    }

    /// What a look at rows finds.
    pub(super) async fn in_store<T: Send + 'static>(
        &self,
        look: impl FnOnce(&View<'_>) -> storage::Result<T> + Send + 'static,
    ) -> T {
        let server = &self.world.instance.running.server;
        server.read(move |view| Ok(look(view)?)).await.expect("the rows are read")
    }

    /// Whether all that is to be done at once is done. What is told to peers goes its own way.
    pub(super) async fn is_settled(&self) -> bool {
        let now = self.world.instance.running.server.now();
        self.in_store(move |view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 500)?;
            let waits = |class| !matches!(class, JobClass::Distribute | JobClass::Page);
            Ok(!jobs.iter().any(|(_, job)| job.due <= now && waits(job.kind.class())))
        })
        .await
    }

    /// Whether the profile of an account elsewhere is being read, or is to be now.
    pub(super) async fn is_being_read(&self, account: AccountId) -> bool {
        let now = self.world.instance.running.server.now();
        self.in_store(move |view| {
            let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 500)?;
            Ok(jobs.iter().any(|(_, job)| job.due <= now && job.kind == JobKind::FetchProfile { account }))
        })
        .await
    }

    /// The relay with this address.
    pub(super) async fn relay(&self, url: &str) -> Option<Relay> {
        let url = url.to_owned();
        let all = self.in_store(|view| relay::all(view)).await;
        all.into_iter().map(|(_, row)| row).find(|row| row.url == url)
    }

    /// Whether a relay agreed.
    pub(super) async fn relayed(&self, url: &str) -> bool {
        self.relay(url).await.is_some_and(|row| row.is_on())
    }

    /// What alice wanted of somebody elsewhere, and how far that came.
    pub(super) async fn request(&self) -> Option<InteractionRequest> {
        let path = self.world.path_of(&self.names.asked)?;
        self.in_store(move |view| interaction::find_by_uri(view, &path)).await.map(|(_, row)| row)
    }

    /// The number of a status by its uri: of one of hers it stands in it.
    pub(super) async fn number(&self, uri: &str) -> Option<StatusId> {
        if let Some(path) = self.world.path_of(uri) {
            return path.rsplit('/').next()?.parse().ok();
        }
        let uri = uri.to_owned();
        self.in_store(move |view| storage::status::find_by_uri(view, &uri)).await.map(|status| status.id)
    }

    /// The signer's number and name here.
    pub(super) async fn signer(&self) -> Option<(AccountId, String)> {
        let uri = self.prepared.signer.clone()?;
        let account = self.in_store(move |view| storage::account::find_by_uri(view, &uri)).await;
        account.map(|account| (account.id, account.acct()))
    }

    /// A list of statuses, by uri.
    pub(super) async fn uris(&self, path: &str) -> Vec<String> {
        let list = self.world.alice.get(path).await.json();
        let uri = |status: &Value| status["uri"].as_str().map(str::to_owned);
        list.as_array().into_iter().flatten().filter_map(uri).collect()
    }

    /// What the signer's profile shows: `what` is the end of the address, the answer statuses.
    pub(super) async fn on_profile(&self, what: &str) -> Vec<String> {
        let Some((id, _)) = self.signer().await else { return Vec::new() };
        self.uris(&format!("/api/v1/accounts/{id}/{what}")).await
    }

    /// The hashtags that the signer's profile shows.
    pub(super) async fn tags_shown(&self) -> Vec<String> {
        let Some((id, _)) = self.signer().await else { return Vec::new() };
        let list = self.world.alice.get(&format!("/api/v1/accounts/{id}/featured_tags")).await.json();
        let name = |tag: &Value| tag["name"].as_str().map(str::to_owned);
        list.as_array().into_iter().flatten().filter_map(name).collect()
    }

    /// What the thread of a status shows below it.
    pub(super) async fn below(&self, uri: &str) -> Vec<Value> {
        let Some(id) = self.number(uri).await else { return Vec::new() };
        let context = self.world.alice.get(&format!("/api/v1/statuses/{id}/context")).await.json();
        context["descendants"].as_array().cloned().unwrap_or_default()
    }

    /// A status of the public timeline that came through a relay.
    pub(super) async fn in_public(&self, uri: &str) -> Option<Value> {
        let list = self.world.alice.get("/api/v1/timelines/public?limit=40").await.json();
        let through = |status: &&Value| status["uri"] == uri && status["dassie"]["relay"].is_string();
        list.as_array()?.iter().find(through).filter(|status| status["reblog"].is_null()).cloned()
    }

    /// A status by its uri, as alice sees it.
    pub(super) async fn status(&self, uri: &str) -> Option<Value> {
        let found = self.world.alice.search("statuses", uri, false).await;
        if let Some(status) = found.into_iter().find(|status| status["uri"] == uri) {
            self.met(&status);
            return Some(status);
        }
        let home = self.world.alice.get("/api/v1/timelines/home?limit=40").await.json();
        let inner = |status: &Value| [status.clone(), status["reblog"].clone()];
        let found = home.as_array()?.iter().flat_map(inner).find(|status| status["uri"] == uri);
        if let Some(status) = found {
            self.met(&status);
            return Some(status);
        }
        let notes = self.world.alice.get("/api/v1/notifications?limit=40").await.json();
        notes.as_array()?.iter().map(|note| note["status"].clone()).find(|status| status["uri"] == uri)
    }

    pub(super) async fn relationship(&self, id: &str) -> Value {
        let reply = self.world.alice.get(&format!("/api/v1/accounts/relationships?id[]={id}")).await;
        reply.json().get(0).cloned().unwrap_or_default()
    }

    pub(super) async fn relationship_with(&self, acct: &str) -> Value {
        // Not by search, which does not find who blocks the one who searches.
        let reply = self.world.alice.get(&format!("/api/v1/accounts/lookup?acct={acct}")).await;
        if reply.status != 200 {
            return Value::Null;
        }
        self.relationship(reply.json()["id"].as_str().unwrap_or_default()).await
    }

    pub(super) async fn follower(&self, acct: &str) -> bool {
        let reply = self.world.alice.get(&format!("/api/v1/accounts/{}/followers?limit=80", self.world.alice.id)).await;
        reply.json().as_array().is_some_and(|list| list.iter().any(|account| account["acct"] == acct))
    }

    /// Whether `acct` is among those who favourited or reblogged alice's status.
    pub(super) async fn among(&self, list: &str, acct: &str) -> bool {
        let Some(status) = self.status(&self.names.status).await else { return false };
        let id = status["id"].as_str().unwrap_or_default();
        let reply = self.world.alice.get(&format!("/api/v1/statuses/{id}/{list}")).await;
        reply.json().as_array().is_some_and(|list| list.iter().any(|account| account["acct"] == acct))
    }

    pub(super) async fn boosted(&self, uri: &str) -> bool {
        let home = self.world.alice.get("/api/v1/timelines/home?limit=40").await.json();
        home.as_array().is_some_and(|list| list.iter().any(|status| status["reblog"]["uri"] == uri))
    }

    /// Whether alice was told of something of this kind by the signer.
    pub(super) async fn notified(&self, kind: &str) -> bool {
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

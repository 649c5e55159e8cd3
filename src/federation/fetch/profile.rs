//! Profiles that somebody here looks at or follows, read from their server (FEDERATION §5, backfill): the account as it
//! is now, the first pages of its outbox, what it shows first, its tags, and its numbers.

use super::{
    Budget, actor,
    collection::{self, Extent, Listed, Start},
    document, schemes, stamp, status,
};
use crate::{
    account::{accept as accounts, backfill},
    error::{Error, Result},
    federation::{
        activity::announce,
        address::RemoteUri,
        object::{Activity, ActivityKind, Actor, Audience, Note, Thing, tag::hashtag},
        trust::{self, Trust},
    },
    limits,
    server::Server,
    status::{
        accept::{self, Accepted, Reason},
        interaction,
    },
    tag,
};
use serde_json::Value;
use std::time::Duration;
use storage::{
    AccountId, Bounds, Direction, StatusId, Timestamp,
    account::{self as rows, Account, StatedCounts},
    interaction::Interaction,
    status::PIN_ROWS,
};

/// Somebody here opens the profile of an account elsewhere: what it shows is asked for if it was not lately.
///
/// # Errors
/// Storage errors of the reading.
pub async fn open(server: &Server, id: AccountId) -> Result<()> {
    // What would be nice to have waits while the disk is slow or the room is tight (DESIGN §8).
    if server.disk().is_in_trouble() || !server.room().backfill() {
        return Ok(());
    }
    let now = server.now();
    if server.read(move |view| backfill::is_wanted(view, now, id)).await? {
        super::ask_aside(server.write(move |tx| backfill::ask(tx, id))).await;
    }
    Ok(())
}

/// Reads what an account elsewhere shows, within the bounds of one cause. Old statuses come with their own dates, and
/// nobody is notified of them. Answers when what was left out may be asked for whose server was not to be asked yet, if there
/// is such.
///
/// # Errors
/// Storage errors only; what cannot be read is left out.
pub async fn read(server: &Server, id: AccountId) -> Result<Option<Timestamp>> {
    let patience = Duration::from_millis(limits::BACKFILL_MS);
    let (budget, mut found) = (Budget::of_backfill(), 0);
    let outcome = tokio::time::timeout(patience, all(server, id, &budget, &mut found)).await;
    match outcome {
        Ok(Err(error @ (Error::Storage(_) | Error::Bug(_)))) => return Err(error),
        Ok(Err(error)) => tracing::debug!(account = %id, %error, "a profile cannot be read"),
        Ok(Ok(())) => {}
        Err(_) => tracing::debug!(account = %id, "a profile took too long and stays as far as it came"),
    }
    server.write(move |tx| backfill::end(tx, id, found)).await?;
    Ok(budget.left_out_until())
}

async fn all(server: &Server, id: AccountId, budget: &Budget, found: &mut u32) -> Result<()> {
    let look = move |view: &storage::View<'_>| {
        Ok(rows::find(view, id)?.filter(|account| !account.is_local() && account.suspended_at.is_none()))
    };
    let Some(known) = server.read(look).await? else { return Ok(()) };
    let document = match actor::refresh_whole(server, &known.uri, budget).await {
        Ok((_, document)) => document,
        // Its Delete did not come here, or was never sent (snac).
        Err(Error::Gone) => return server.write(move |tx| accounts::accept_delete(tx, id)).await,
        Err(error) => return Err(error),
    };
    let tags = Actor::read(&document, schemes(server)).ok().and_then(|actor| actor.featured_tags);
    let Some(account) = server.read(look).await? else { return Ok(()) };
    let Ok(home) = RemoteUri::parse(&account.uri, schemes(server)) else { return Ok(()) };
    let reading = Reading { server, budget: budget.clone(), home, account };
    let statuses = reading.outbox(found).await?;
    reading.pins().await?;
    reading.tags(tags.as_deref()).await?;
    let stated = StatedCounts {
        followers: reading.total(reading.account.endpoints.followers.as_deref()).await?,
        following: reading.total(reading.account.endpoints.following.as_deref()).await?,
        statuses,
    };
    server.write(move |tx| accounts::accept_counts(tx, id, stated)).await
}

struct Reading<'a> {
    server: &'a Server,
    budget: Budget,
    /// The actor's id.
    home: RemoteUri,
    account: Account,
}

impl Reading<'_> {
    /// Takes in what the account posted and shared lately; how much it says it posted.
    async fn outbox(&self, found: &mut u32) -> Result<Option<u64>> {
        let extent = Extent { pages: limits::OUTBOX_PAGES_MAX, items: limits::OUTBOX_ITEMS_MAX };
        let Some(listed) = self.list(self.account.endpoints.outbox.as_deref(), extent).await? else { return Ok(None) };
        for item in &listed.items {
            if self.budget.is_spent() {
                break;
            }
            match self.activity(item).await {
                Ok(new) => *found += u32::from(new),
                Err(error) => pass_over(&self.home, error)?,
            }
        }
        Ok(listed.total)
    }

    /// An activity of the outbox: whether a status came by it.
    async fn activity(&self, item: &Thing) -> Result<bool> {
        let Some((_, document)) = self.own(item).await? else { return Ok(false) };
        let Ok(activity) = Activity::read_inner(&document) else { return Ok(false) };
        let (Some(kind), Some(object)) = (activity.kind, activity.object()) else { return Ok(false) };
        match kind {
            ActivityKind::Create if activity.actor == self.home.as_str() => {
                let Some((id, note)) = self.own(object).await? else { return Ok(false) };
                self.post(&id, &note).await.map(|status| status.is_some())
            }
            ActivityKind::Announce if activity.actor == self.home.as_str() => self.share(&activity, object).await,
            _ => Ok(false),
        }
    }

    /// A thing of this account: written out on a page of its own server, or read from its id there.
    async fn own(&self, thing: &Thing) -> Result<Option<(RemoteUri, Value)>> {
        if let Some(written) = thing.inline()
            && let Ok(Trust::Authoritative(id)) = trust::embedded(written, &self.home, schemes(self.server))
        {
            return Ok(Some((id, written.clone())));
        }
        let Some(uri) = thing.id() else { return Ok(None) };
        let parsed = RemoteUri::parse(uri, schemes(self.server));
        if !parsed.is_ok_and(|uri| uri.same_origin(&self.home)) {
            return Ok(None);
        }
        document(self.server, uri, &self.budget).await.map(Some)
    }

    /// A status of this account, if everybody may see it. What is not known and says no time would look new.
    async fn post(&self, id: &RemoteUri, document: &Value) -> Result<Option<StatusId>> {
        let host = id.authority().as_str();
        let note = Note::read(document).map_err(|why| Error::remote(host, format!("status: {why}")))?;
        let open = matches!(note.audience(None), Audience::Public | Audience::Unlisted);
        if !open || note.attributed_to.as_deref() != Some(self.home.as_str()) {
            return Ok(None);
        }
        if note.published.is_none() && status::stored(self.server, id.as_str()).await?.is_none() {
            return Ok(None);
        }
        let reason = Reason::Profile(self.account.id);
        status::take(self.server, id, document, &self.budget, reason).await.map(Some)
    }

    async fn share(&self, activity: &Activity, object: &Thing) -> Result<bool> {
        let (Some(id), Some(uri)) = (activity.id.clone(), announce::shared_id(object)) else { return Ok(false) };
        let original = match super::foreign(self.server, &uri) {
            Ok(_) => status::wanted(self.server, &uri, &self.budget, Reason::Shared(self.account.id)).await?,
            // One of ours: it is told by an Announce that reaches the inbox.
            Err(_) => return Ok(false),
        };
        let shown = self.shown_leave(activity, original, &id).await?;
        let (by, published) = (self.account.id, activity.published);
        let (to, cc) = (activity.to.clone(), activity.cc.clone());
        let accepted = self.server.write(move |tx| {
            if let Some(shown) = &shown {
                interaction::vouched(tx, by, original, Interaction::Reblog, (&id, shown))?;
            }
            let visibility = announce::visibility(tx, by, &to, &cc)?;
            accept::accept_reblog(tx, by, original, &id, published, visibility, Reason::Profile(by))
        });
        Ok(matches!(accepted.await?, Accepted::New(_)))
    }

    /// What shows that the author of `original` lets the account share it by an Announce called `id`, where that is
    /// needed.
    async fn shown_leave(&self, activity: &Activity, original: StatusId, id: &str) -> Result<Option<String>> {
        let Some(shown) = activity.authorization.clone() else { return Ok(None) };
        let (by, kind, looked) = (self.account.id, Interaction::Reblog, shown.clone());
        let guarded = self.server.read(move |view| accept::to_vouch(view, by, original, kind, &looked)).await?;
        let Some((target, author)) = guarded else { return Ok(None) };
        let claim = stamp::Claim { stamp: &shown, author: &author, interacting: id, target: &target };
        Ok(stamp::lets(self.server, kind, &claim, &self.budget).await?.then_some(shown))
    }

    /// Shows first what the account shows first now; and nothing else, if all of it could be read.
    async fn pins(&self) -> Result<()> {
        let extent = Extent { pages: 1, items: limits::PINNED_STATUSES_MAX };
        let Some(listed) = self.list(self.account.endpoints.featured.as_deref(), extent).await? else { return Ok(()) };
        // As many as are shown at all are enough.
        let full = listed.items.len() >= limits::PINNED_STATUSES_MAX;
        let all = !listed.cut && listed.total.is_none_or(|total| total <= listed.items.len() as u64);
        let mut whole = full || all;
        let mut pinned: Vec<StatusId> = Vec::new();
        for item in &listed.items {
            match self.pin(item).await {
                Ok(status) => pinned.extend(status),
                Err(error) => {
                    whole = false;
                    pass_over(&self.home, error)?;
                }
            }
        }
        let by = self.account.id;
        let outcome = self.server.write(move |tx| {
            let most = limits::PINNED_STATUSES_MAX;
            for ((_, _), id) in PIN_ROWS.list(tx, &by, Bounds::NONE, Direction::Ascending, most)? {
                if whole && !pinned.contains(&id) {
                    accept::accept_unpin(tx, by, id)?;
                }
            }
            // The newest pin stands first.
            for id in pinned.iter().rev() {
                accept::accept_pin(tx, by, *id)?;
            }
            Ok(())
        });
        outcome.await.or_else(|error| pass_over(&self.home, error))
    }

    async fn pin(&self, item: &Thing) -> Result<Option<StatusId>> {
        let Some((id, document)) = self.own(item).await? else { return Ok(None) };
        // snac lists the activities that made them, as an outbox does.
        let made = match Activity::read_inner(&document) {
            Ok(activity) if activity.kind == Some(ActivityKind::Create) && activity.actor == self.home.as_str() => {
                activity.object().cloned()
            }
            _ => return self.post(&id, &document).await,
        };
        let Some(made) = made else { return Ok(None) };
        let Some((id, note)) = self.own(&made).await? else { return Ok(None) };
        self.post(&id, &note).await
    }

    /// Shows the tags that the account shows on its profile now; and no others, if all of them could be read.
    async fn tags(&self, address: Option<&str>) -> Result<()> {
        let extent = Extent { pages: 1, items: limits::TAGS_FEATURED_MAX };
        let Some(listed) = self.list(address, extent).await? else { return Ok(()) };
        // As many as are shown at all are enough.
        let whole = !listed.cut || listed.items.len() >= limits::TAGS_FEATURED_MAX;
        let names: Vec<String> = listed.items.iter().filter_map(Thing::inline).filter_map(hashtag).collect();
        let by = self.account.id;
        let outcome = self.server.write(move |tx| {
            let mut shown: Vec<String> = Vec::new();
            if !whole {
                shown.extend(tag::featured(tx, by)?.into_iter().map(|known| known.name));
            }
            shown.extend_from_slice(&names);
            tag::accept_featured(tx, by, &shown)
        });
        outcome.await.or_else(|error| pass_over(&self.home, error))
    }

    /// How many items a collection says it has.
    async fn total(&self, address: Option<&str>) -> Result<Option<u64>> {
        Ok(self.list(address, Extent { pages: 0, items: 0 }).await?.and_then(|listed| listed.total))
    }

    /// What is read of a collection; nothing if it cannot be read.
    async fn list(&self, address: Option<&str>, extent: Extent) -> Result<Option<Listed>> {
        let Some(address) = address else { return Ok(None) };
        let start = Start::At(address.to_owned());
        match collection::list(self.server, start, &self.home, extent, &self.budget).await {
            Ok(listed) => Ok(Some(listed)),
            Err(error) => pass_over(&self.home, error).map(|()| None),
        }
    }
}

/// What cannot be read is left out.
fn pass_over(home: &RemoteUri, error: Error) -> Result<()> {
    if matches!(error, Error::Storage(_) | Error::Bug(_)) {
        return Err(error);
    }
    tracing::debug!(actor = %home, %error, "a part of a profile cannot be read");
    Ok(())
}

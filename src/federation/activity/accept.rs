//! Accept (ActivityPub §6.6, §7.6) of a Follow, both ways; of a QuoteRequest it leads to `quote`, of a Like, Announce or Note to
//! `interaction`.

use super::{Built, Incoming, Received, built, follow, interaction, only, quote, relay, require_account};
use crate::{
    error::Result,
    federation::outward::{account_uri, with_context},
    origin::Origin,
    relationship::{self, accept::Named},
};
use serde_json::{Value, json};
use storage::{AccountId, Digest, Read, Tx, account::Account, delivery::Priority, relay::RelayState};

/// What accepting a remote follower owes to them.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    target: AccountId,
    follower: AccountId,
    follow_uri: &str,
) -> Result<Option<Built>> {
    let (who, whom) = (require_account(read, target)?, require_account(read, follower)?);
    let document = with_context(answer(origin, "Accept", "accepts", &who, &whom, follow_uri));
    built(&document, target, follow::key(follower, target), Priority::Direct, only(follower)).map(Some)
}

/// An Accept or Reject that inlines the Follow as received, so that peers match it by id or by its two actors.
pub(super) fn answer(
    origin: &Origin,
    kind: &str,
    word: &str,
    who: &Account,
    follower: &Account,
    follow_uri: &str,
) -> Value {
    let (actor, from) = (account_uri(origin, who), account_uri(origin, follower));
    let mut inner = json!({ "type": "Follow", "actor": from, "object": actor });
    if !follow_uri.is_empty() {
        inner["id"] = json!(follow_uri);
    }
    // The Follow it answers decides its id: answering the same Follow twice is the same activity.
    let number = storage::table::hex(&Digest::of(&format!("{from} {follow_uri}")).0);
    json!({
        "id": format!("{actor}#{word}/follows/{number}"),
        "type": kind,
        "actor": actor,
        "to": [from],
        "object": inner,
    })
}

/// The sender accepts a follow, a quote or something else made here.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    if let Some(quoting) = quote::answered(incoming) {
        return quote::receive_accept(incoming, quoting).await;
    }
    if let Some(path) = interaction::answered(incoming).await? {
        return interaction::receive_accept(incoming, path).await;
    }
    if let Some(answered) = relay::receive_answer(incoming, RelayState::Accepted).await? {
        return Ok(answered);
    }
    settle(incoming, relationship::accept::accepted, "nothing was asked").await
}

/// Runs the rule that an answer to a follow asks for; `without` says what it was if there is no such follow.
pub(super) async fn settle(
    incoming: &Incoming<'_>,
    rule: fn(&mut Tx<'_>, AccountId, &Named) -> Result<bool>,
    without: &'static str,
) -> Result<Received> {
    let thing = match incoming.object() {
        Ok(thing) => thing.clone(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, by) = (incoming.origin(), incoming.account);
    let settled = incoming.server.write(move |tx| rule(tx, by, &follow::named(tx, &origin, &thing)?)).await?;
    Ok(if settled { Received::Done } else { Received::Dropped(without) })
}

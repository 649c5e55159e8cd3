//! Reject (ActivityPub §6.7, §7.7) of a Follow, both ways; of a QuoteRequest it leads to `quote`, of a Like, Announce or Note to
//! `interaction`.

use super::{Built, Incoming, Received, accept, built, follow, interaction, only, quote, relay, require_account};
use crate::{error::Result, federation::outward::with_context, origin::Origin, relationship};
use storage::{AccountId, Read, delivery::Priority, relay::RelayState};

/// What refusing or removing a remote follower owes to them.
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
    let document = with_context(accept::answer(origin, "Reject", "rejects", &who, &whom, follow_uri));
    built(&document, target, follow::key(follower, target), Priority::Direct, only(follower)).map(Some)
}

/// The sender refuses a follow, a quote or something else made here, or ends the follow.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    if let Some(quoting) = quote::answered(incoming) {
        return quote::receive_reject(incoming, quoting).await;
    }
    if let Some(path) = interaction::answered(incoming).await? {
        return interaction::receive_reject(incoming, path).await;
    }
    if let Some(answered) = relay::receive_answer(incoming, RelayState::Refused).await? {
        return Ok(answered);
    }
    accept::settle(incoming, relationship::accept::rejected, "nothing to refuse").await
}

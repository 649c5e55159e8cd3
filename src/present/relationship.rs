//! Relationships as the client API shows them (client API, Relationship).

use super::Context;
use crate::{clock, error::Result, relationship::between};
use storage::AccountId;
use web::entity::Relationship;

impl Context<'_> {
    /// How `viewer` stands to `target`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn relationship(&self, viewer: AccountId, target: AccountId) -> Result<Relationship> {
        let seen = between(self.read, viewer, target)?;
        Ok(Relationship {
            id: target.to_string(),
            following: seen.following,
            showing_reblogs: seen.showing_reblogs,
            notifying: seen.notifying,
            languages: (!seen.languages.is_empty()).then_some(seen.languages),
            followed_by: seen.followed_by,
            blocking: seen.blocking,
            blocked_by: seen.blocked_by,
            muting: seen.muting,
            muting_notifications: seen.muting_notifications,
            muting_expires_at: seen.muting_expires_at.map(clock::iso),
            requested: seen.requested,
            requested_by: seen.requested_by,
            domain_blocking: seen.domain_blocking,
            endorsed: seen.endorsed,
            note: seen.note,
        })
    }
}

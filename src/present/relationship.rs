//! Relationships as the client API shows them (client API, Relationship).

use super::Context;
use crate::{clock, error::Result, relationship::between};
use storage::{AccountId, Ahead, account};
use web::entity::Relationship;

/// What becomes of suspended accounts in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// They are in it.
    Too,
    /// They are left out.
    Not,
}

/// How somebody who is there stands to a viewer.
#[derive(Clone)]
pub(super) struct Known {
    suspended: bool,
    pub(super) relationship: Relationship,
}

impl Context<'_> {
    /// How `viewer` stands to each of `targets` that is there, in their order, read many at once; suspended ones only where
    /// they are wanted.
    ///
    /// # Errors
    /// Storage errors.
    pub fn relationships(
        &self,
        viewer: AccountId,
        targets: &[AccountId],
        suspended: Suspended,
    ) -> Result<Vec<Relationship>> {
        let new: Vec<AccountId> = match self.kept {
            Some(kept) => {
                let known = |target: &&AccountId| kept.drawn().relations.knows(self.read, &(viewer, **target));
                targets.iter().filter(|target| !known(target)).copied().collect()
            }
            None => targets.to_vec(),
        };
        let ahead = Ahead::new(self.read);
        ahead.relations(viewer, &new)?;
        let context = self.over(&ahead);
        let wanted = |known: &Known| suspended == Suspended::Too || !known.suspended;
        let mut drawn = Vec::with_capacity(targets.len());
        for target in targets {
            let known = context.known(viewer, *target)?;
            drawn.extend(known.filter(wanted).map(|known| known.relationship));
        }
        Ok(drawn)
    }

    fn known(&self, viewer: AccountId, target: AccountId) -> Result<Option<Known>> {
        let make = |context: &Context<'_>| {
            let Some(found) = account::find(context.read, target)? else { return Ok(None) };
            let relationship = context.relationship(viewer, target)?;
            Ok(Some(Known { suspended: found.suspended_at.is_some(), relationship }))
        };
        match self.kept {
            Some(kept) => kept.drawn().relations.look(self.read, &(viewer, target), |read| make(&self.over(read))),
            None => make(self),
        }
    }

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

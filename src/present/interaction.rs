//! Interaction policies and requests as the client API shows them (GoToSocial).

use super::Context;
use crate::{
    clock,
    error::{Error, Result},
    status::{self as rules, Leave, interaction::authorization_path},
    visibility::can_see,
};
use storage::{
    AccountId, RowId, account,
    interaction::{self, Interaction, InteractionPolicy as Policy, InteractionRequest as Record, RequestState, Rule},
    quote::Groups,
    status::{self, Status, Visibility},
};
use web::entity::{InteractionDefaults, InteractionPolicy, InteractionRequest, InteractionRules};

/// Groups with their words (GoToSocial, interactionPolicyValue).
const GROUPS: [(Groups, &str); 4] = [
    (Groups::PUBLIC, "public"),
    (Groups::FOLLOWERS, "followers"),
    (Groups::FOLLOWING, "following"),
    (Groups::MENTIONED, "mentioned"),
];

/// The groups a word means: the author, who always may, and the viewer are none. None for an unknown word.
#[must_use]
pub fn groups_named(word: &str) -> Option<Groups> {
    let known = GROUPS.iter().find(|(_, known)| *known == word).map(|(groups, _)| *groups);
    known.or_else(|| ["author", "me"].contains(&word).then_some(Groups::NOBODY))
}

impl Context<'_> {
    /// Who may do what with a status, and where the viewer stands in that (`me`).
    pub(super) fn interaction_policy(&self, record: &Status) -> Result<InteractionPolicy> {
        let stated = interaction::policy(self.read, record.id)?;
        let policy = stated.unwrap_or_default();
        let rules = |interaction: Interaction| -> Result<InteractionRules> {
            let mut drawn = drawn(&policy, interaction, record.visibility);
            let Some(viewer) = self.viewer else { return Ok(drawn) };
            let author = record.account == viewer;
            let leave = match stated {
                _ if author => Leave::Given,
                _ if !is_shareable(interaction, record.visibility) => Leave::Denied,
                // Nearly all: nothing was said.
                None => Leave::Given,
                Some(_) => rules::leave(self.read, viewer, record, interaction)?,
            };
            match leave {
                Leave::Given | Leave::GivenToGroup => {
                    drawn.automatic_approval.push("me");
                    drawn.always.push("me");
                }
                Leave::OnRequest => {
                    drawn.manual_approval.push("me");
                    drawn.with_approval.push("me");
                }
                Leave::Denied => {}
            }
            Ok(drawn)
        };
        Ok(InteractionPolicy {
            can_favourite: rules(Interaction::Favourite)?,
            can_reply: rules(Interaction::Reply)?,
            can_reblog: rules(Interaction::Reblog)?,
        })
    }

    /// The policies of new statuses of `own`.
    ///
    /// # Errors
    /// Storage errors.
    pub fn interaction_defaults(&self, own: AccountId) -> Result<InteractionDefaults> {
        let of = |visibility| -> Result<InteractionPolicy> {
            Ok(rules_of(&interaction::default_of(self.read, own, visibility)?, visibility))
        };
        Ok(InteractionDefaults {
            public: of(Visibility::Public)?,
            unlisted: of(Visibility::Unlisted)?,
            private: of(Visibility::Private)?,
            direct: of(Visibility::Direct)?,
        })
    }

    /// A request to the viewer; without its reply if they may not see that any more.
    ///
    /// # Errors
    /// `NotFound` if what it is about is gone.
    pub fn interaction_request(&self, id: RowId, record: &Record) -> Result<InteractionRequest> {
        let target = status::find(self.read, record.target)?.ok_or(Error::NotFound)?;
        let reply = match record.reply.map(|reply| status::find(self.read, reply)).transpose()?.flatten() {
            Some(reply) if can_see(self.read, self.viewer, &reply)? => Some(self.status(&reply)?),
            _ => None,
        };
        let answered = |state| record.answered_at.filter(|_| record.state == state).map(clock::iso);
        let author = account::find(self.read, record.author)?.ok_or(Error::NotFound)?;
        let accepted_at = answered(RequestState::Accepted);
        Ok(InteractionRequest {
            id: id.to_string(),
            kind: match record.interaction {
                Interaction::Favourite => "favourite",
                Interaction::Reply => "reply",
                Interaction::Reblog => "reblog",
            },
            created_at: clock::iso(record.created_at),
            account: self.account(record.by)?,
            status: self.status(&target)?,
            reply,
            uri: accepted_at.as_ref().map(|_| self.origin.url(&authorization_path(&author, id))),
            accepted_at,
            rejected_at: answered(RequestState::Rejected),
        })
    }
}

/// A policy of statuses of this visibility, whoever looks.
pub(super) fn rules_of(policy: &Policy, visibility: Visibility) -> InteractionPolicy {
    let drawn = |interaction| drawn(policy, interaction, visibility);
    InteractionPolicy {
        can_favourite: drawn(Interaction::Favourite),
        can_reply: drawn(Interaction::Reply),
        can_reblog: drawn(Interaction::Reblog),
    }
}

/// Whether others than the author could do it with anything of this visibility.
fn is_shareable(interaction: Interaction, visibility: Visibility) -> bool {
    interaction != Interaction::Reblog || matches!(visibility, Visibility::Public | Visibility::Unlisted)
}

/// The groups who may, as words: the author always, who is mentioned always answers.
fn drawn(policy: &Policy, interaction: Interaction, visibility: Visibility) -> InteractionRules {
    let Rule { mut automatic, mut manual } = policy.of(interaction);
    if !is_shareable(interaction, visibility) {
        (automatic, manual) = (Groups::NOBODY, Groups::NOBODY);
    } else if interaction == Interaction::Reply && !automatic.has(Groups::PUBLIC) {
        automatic = automatic.with(Groups::MENTIONED);
    }
    let mut freely = words(automatic);
    if !automatic.has(Groups::PUBLIC) {
        freely.insert(0, "author");
    }
    let once_asked = words(manual);
    InteractionRules {
        always: freely.clone(),
        with_approval: once_asked.clone(),
        automatic_approval: freely,
        manual_approval: once_asked,
    }
}

fn words(groups: Groups) -> Vec<&'static str> {
    GROUPS.iter().filter(|(group, _)| groups.has(*group)).map(|(_, word)| *word).collect()
}

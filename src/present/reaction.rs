//! Emoji on statuses as the APIs of Pleroma and glitch-soc show them.

use super::Context;
use crate::{
    error::Result,
    status::react::{self, Shown},
};
use storage::{
    AccountId, StatusId,
    reaction::{self, REACTION_KINDS},
};
use web::entity::{EmojiReaction, PleromaStatus, StatusReaction};

impl Context<'_> {
    /// The emoji on a status with `reactions` of them, in both shapes.
    pub(super) fn reactions(
        &self,
        id: StatusId,
        reactions: u64,
    ) -> Result<(Vec<StatusReaction>, Option<PleromaStatus>)> {
        let (mut plain, mut pleroma) = (Vec::new(), Vec::new());
        for shown in react::shown(self.read, self.viewer, id, reactions)? {
            let picture = self.reacted_with(&shown.name, shown.kind.picture.as_deref())?;
            let (url, static_url) = picture.map(|picture| (picture.url, picture.static_url)).unzip();
            let (name, count, me) = (shown.name, shown.kind.people, shown.me);
            pleroma.push(EmojiReaction { name: name.clone(), count, me, url: url.clone(), accounts: None });
            plain.push(StatusReaction { name, count, me, url, static_url });
        }
        let pleroma = (!pleroma.is_empty()).then_some(PleromaStatus { emoji_reactions: pleroma });
        Ok((plain, pleroma))
    }

    /// An emoji on a status with people who put it there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn reaction(&self, shown: &Shown, people: &[AccountId]) -> Result<EmojiReaction> {
        let accounts = people.iter().map(|who| self.account(*who)).collect::<Result<_>>()?;
        Ok(EmojiReaction {
            name: shown.name.clone(),
            count: shown.kind.people,
            me: shown.me,
            url: self.reacted_with(&shown.name, shown.kind.picture.as_deref())?.map(|picture| picture.url),
            accounts: Some(accounts),
        })
    }

    /// The newest emoji that `who` put on a status, with its picture.
    pub(super) fn newest_reaction(&self, id: StatusId, who: AccountId) -> Result<(Option<String>, Option<String>)> {
        let own = reaction::of(self.read, id, who)?;
        let Some((name, _)) = own.into_iter().max_by_key(|(_, reaction)| reaction.row) else { return Ok((None, None)) };
        let url = REACTION_KINDS.get(self.read, &(id, name.clone()))?.and_then(|kind| kind.picture);
        let picture = self.reacted_with(&name, url.as_deref())?;
        Ok((Some(name), picture.map(|picture| picture.url)))
    }
}

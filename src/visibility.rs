//! The one `can_see`: whether somebody may know of a status (SECURITY C10). Used by the API, pages, ActivityPub,
//! timelines, notifications, threads and counts.
//!
//! May use: `storage`. Must never name: rooms, HTTP, the network. Invariant: what is not to be seen is as if it were not
//! there, for the viewer and for nobody else.

use crate::error::Result;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
use storage::{
    AccountId, Read, account, domain_block, interaction, moderation, mute,
    relationship::{self, blocks},
    status::{self, Status, Visibility},
    user,
};

/// Whether `viewer` (`None`: nobody is signed in) may see `status`.
///
/// Nothing of a suspended or unknown author is seen. A block in either direction hides everything. A reblog is seen by
/// whoever may see both the reblog and the original. What stays on this server is seen by people of this server alone. A
/// reply that waits for the word of who is answered is seen by the two alone.
///
/// # Errors
/// Storage errors.
pub fn can_see(read: &dyn Read, viewer: Option<AccountId>, status: &Status) -> Result<bool> {
    Sight::new(read, viewer).can_see(status)
}

/// Whether `author` may show up before `viewer` unasked: it is not silenced, or it is the viewer or followed by them.
///
/// # Errors
/// Storage errors.
pub fn may_meet(read: &dyn Read, viewer: Option<AccountId>, author: AccountId) -> Result<bool> {
    let Some(account) = account::find(read, author)? else { return Ok(false) };
    if !moderation::is_silenced(read, &account)? {
        return Ok(true);
    }
    let Some(viewer) = viewer else { return Ok(false) };
    Ok(viewer == author || relationship::find(read, viewer, author)?.is_some())
}

/// The eyes of one viewer, remembering what it learnt of each author: for pages of statuses.
pub struct Sight<'a> {
    read: &'a dyn Read,
    viewer: Option<AccountId>,
    authors: RefCell<HashMap<AccountId, Standing>>,
    lives_here: Cell<Option<bool>>,
}

/// How an author and the viewer stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Suspended, unknown, not let in yet, or a block between them.
    Hidden,
    /// The viewer mutes the author.
    Muted {
        /// Also in notifications.
        notifications: bool,
    },
    /// The viewer blocks the author's domain.
    DomainBlocked,
    /// Nothing is in the way.
    Shown,
}

impl<'a> Sight<'a> {
    /// The eyes of `viewer` on what `read` shows.
    #[must_use]
    pub fn new(read: &'a dyn Read, viewer: Option<AccountId>) -> Self {
        Sight { read, viewer, authors: RefCell::default(), lives_here: Cell::default() }
    }

    /// Whose eyes these are.
    #[must_use]
    pub fn viewer(&self) -> Option<AccountId> {
        self.viewer
    }

    /// As the function [`can_see`].
    ///
    /// # Errors
    /// Storage errors.
    pub fn can_see(&self, status: &Status) -> Result<bool> {
        let Some(original) = status.reblog_of else { return self.can_see_alone(status) };
        if !self.can_see_alone(status)? {
            return Ok(false);
        }
        match status::find(self.read, original)? {
            Some(original) => self.can_see_alone(&original),
            None => Ok(false),
        }
    }

    fn can_see_alone(&self, status: &Status) -> Result<bool> {
        if self.standing(status.account)? == Standing::Hidden {
            return Ok(false);
        }
        if let Some(request) = interaction::pending(self.read, status)? {
            return Ok(self.viewer.is_some_and(|viewer| [request.by, request.author].contains(&viewer)));
        }
        let Some(viewer) = self.viewer else { return Ok(status.is_public() && !status.local_only) };
        if status.local_only && !self.lives_here(viewer)? {
            return Ok(false);
        }
        if viewer == status.account || status.is_public() || status.mentions.contains(&viewer) {
            return Ok(true);
        }
        match status.visibility {
            Visibility::Private => Ok(relationship::find(self.read, viewer, status.account)?.is_some()),
            Visibility::Public | Visibility::Unlisted | Visibility::Direct => Ok(false),
        }
    }

    /// Whether the viewer is somebody of this server.
    fn lives_here(&self, viewer: AccountId) -> Result<bool> {
        if let Some(known) = self.lives_here.get() {
            return Ok(known);
        }
        let here = account::LOCAL_ACCOUNTS.contains(self.read, &viewer)?;
        self.lives_here.set(Some(here));
        Ok(here)
    }

    /// Whether a status stands in a list that the viewer has not asked for by its author's name: timelines of many,
    /// threads, search. What the viewer mutes, or whose domain they block, is left out; asked for by its id it is there.
    ///
    /// # Errors
    /// Storage errors.
    pub fn lists(&self, status: &Status) -> Result<bool> {
        Ok(self.can_see(status)? && self.lists_account(status.account)? && self.lists_original(status)?)
    }

    /// Whether what a reblog shares may be listed; true for what is no reblog.
    ///
    /// # Errors
    /// Storage errors.
    pub fn lists_original(&self, status: &Status) -> Result<bool> {
        let Some(original) = status.reblog_of else { return Ok(true) };
        match status::find(self.read, original)? {
            Some(original) => self.lists_account(original.account),
            None => Ok(false),
        }
    }

    /// Whether a status stands in the home timeline of a viewer who follows its author: as `lists`, but a follow counts
    /// more than a blocked domain, and what mentions somebody muted or blocked is left out too. One's own is never left
    /// out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn lists_at_home(&self, status: &Status) -> Result<bool> {
        if !self.can_see(status)? {
            return Ok(false);
        }
        if self.viewer == Some(status.account) {
            return Ok(true);
        }
        if !self.lists_original(status)? {
            return Ok(false);
        }
        if matches!(self.standing(status.account)?, Standing::Muted { .. }) {
            return Ok(false);
        }
        for mentioned in &status.mentions {
            if self.avoids(*mentioned)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether an account stands in lists of people made for the viewer.
    ///
    /// # Errors
    /// Storage errors.
    pub fn lists_account(&self, account: AccountId) -> Result<bool> {
        Ok(self.standing(account)? == Standing::Shown)
    }

    /// Whether what `from` does notifies the viewer.
    ///
    /// # Errors
    /// Storage errors.
    pub fn notifies(&self, from: AccountId) -> Result<bool> {
        Ok(match self.standing(from)? {
            Standing::Hidden => false,
            Standing::Muted { notifications } => !notifications,
            Standing::DomainBlocked => match self.viewer {
                Some(viewer) => relationship::find(self.read, viewer, from)?.is_some(),
                None => false,
            },
            Standing::Shown => true,
        })
    }

    /// Whether anything of `author` may be shown to the viewer: not suspended, no block on either side.
    ///
    /// # Errors
    /// Storage errors.
    pub fn shows(&self, author: AccountId) -> Result<bool> {
        Ok(self.standing(author)? != Standing::Hidden)
    }

    /// Whether the viewer mutes or blocks `account`.
    fn avoids(&self, account: AccountId) -> Result<bool> {
        match self.viewer {
            Some(viewer) if viewer != account => {
                Ok(blocks(self.read, viewer, account)? || mute::MUTES.contains(self.read, &(viewer, account))?)
            }
            _ => Ok(false),
        }
    }

    /// Whether `status` may stand in places where its author meets strangers: silenced accounts and those of silenced
    /// domains are met by themselves and their followers only.
    ///
    /// # Errors
    /// Storage errors.
    pub fn may_list(&self, status: &Status) -> Result<bool> {
        may_meet(self.read, self.viewer, status.account)
    }

    fn standing(&self, author: AccountId) -> Result<Standing> {
        if let Some(known) = self.authors.borrow().get(&author) {
            return Ok(*known);
        }
        let standing = self.look_up(author)?;
        self.authors.borrow_mut().insert(author, standing);
        Ok(standing)
    }

    fn look_up(&self, author: AccountId) -> Result<Standing> {
        let Some(found) = account::find(self.read, author)?.filter(|found| found.suspended_at.is_none()) else {
            return Ok(Standing::Hidden);
        };
        if found.is_local() && user::is_waiting(self.read, author)? {
            return Ok(Standing::Hidden);
        }
        let Some(viewer) = self.viewer.filter(|viewer| *viewer != author) else { return Ok(Standing::Shown) };
        if blocks(self.read, author, viewer)? || blocks(self.read, viewer, author)? {
            return Ok(Standing::Hidden);
        }
        if let Some(mute) = mute::find(self.read, viewer, author)? {
            return Ok(Standing::Muted { notifications: mute.notifications });
        }
        match &found.domain {
            Some(domain) if domain_block::blocks(self.read, viewer, domain)? => Ok(Standing::DomainBlocked),
            _ => Ok(Standing::Shown),
        }
    }
}

//! The rule: whether a status of another server stays.

use super::FollowedTags;
use crate::{error::Result, limits};
use storage::{
    AccountId, Bounds, Direction, Read,
    account::LOCAL_ACCOUNTS,
    notification::{self, NotificationKind},
    quote::{self, QuoteState},
    relationship::{self, FOLLOWERS_TOLD},
    retention::{self, Hour, TOUCHED},
    status::{self, REBLOGS, Status},
};

/// What the rule says of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody here wrote it, marked, shared or quoted it, voted in it, has it in a filter, takes part in its thread, is
    /// mentioned or quoted in it, or is told about it.
    Keep,
    /// Somebody here follows its author, who shared it or a hashtag of it; that came in this hour. It goes after everything
    /// else.
    Followed(Hour),
    /// Nothing holds it.
    Go,
}

/// A verdict and the rows it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The verdict.
    pub verdict: Verdict,
    /// Rows that were read for it.
    pub rows: usize,
}

/// Looks whether `status`, which arrived in the hour `arrived`, stays; `tags` are those that people here follow.
///
/// # Errors
/// Storage errors.
pub fn judge(read: &dyn Read, status: &Status, arrived: Hour, tags: &FollowedTags) -> Result<Look> {
    let mut eyes = Eyes { read, tags, rows: 0 };
    let verdict = eyes.judge(status, arrived)?;
    Ok(Look { verdict, rows: eyes.rows })
}

struct Eyes<'a> {
    read: &'a dyn Read,
    tags: &'a FollowedTags,
    rows: usize,
}

impl Eyes<'_> {
    fn judge(&mut self, status: &Status, arrived: Hour) -> Result<Verdict> {
        if status.local || self.is_held(status)? {
            return Ok(Verdict::Keep);
        }
        if let Some(id) = status.reblog_of {
            self.rows += 1;
            match status::find(self.read, id)? {
                None => return Ok(Verdict::Go),
                // Who shared what was written here belongs to it.
                Some(original) if original.local => return Ok(Verdict::Keep),
                Some(_) => {}
            }
        }
        let shared = self.shared(status)?;
        let followed = self.tags.bring_home(status) || self.is_followed(status.account)?;
        Ok(shared.max(followed.then_some(arrived)).map_or(Verdict::Go, Verdict::Followed))
    }

    fn is_held(&mut self, status: &Status) -> Result<bool> {
        self.rows += 1;
        if !TOUCHED.list(self.read, &status.id, Bounds::NONE, Direction::Ascending, 1)?.is_empty() {
            return Ok(true);
        }
        Ok(self.mentions_us(status)?
            || self.quotes_us(status)?
            || self.stands_below_us(status)?
            || self.is_told_of(status)?)
    }

    /// Whether it quotes something written here, and its author here has answered: they were told of it, or took it back,
    /// which stands with it and nowhere else.
    fn quotes_us(&mut self, status: &Status) -> Result<bool> {
        self.rows += 1;
        let quote = quote::find(self.read, status.id)?.filter(|quote| quote.state != QuoteState::Pending);
        let Some(quoted) = quote.and_then(|quote| quote.quoted) else { return Ok(false) };
        self.rows += 1;
        Ok(status::find(self.read, quoted)?.is_some_and(|quoted| quoted.local))
    }

    fn mentions_us(&mut self, status: &Status) -> Result<bool> {
        for account in status.mentions.iter().take(limits::MENTIONS_STORED_MAX) {
            self.rows += 1;
            if LOCAL_ACCOUNTS.contains(self.read, account)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it answers, over however many steps, something written here or above something written here.
    fn stands_below_us(&mut self, status: &Status) -> Result<bool> {
        let mut next = status.reply.as_ref().and_then(|reply| reply.status);
        for _ in 0..limits::THREAD_ABOVE_MAX {
            let Some(id) = next else { break };
            self.rows += 2;
            let Some(above) = status::find(self.read, id)? else { break };
            if above.local {
                return Ok(true);
            }
            if retention::taker_of(self.read, id)?.is_some() {
                return Ok(true);
            }
            next = above.reply.and_then(|reply| reply.status);
        }
        Ok(false)
    }

    /// Whether somebody who asked to hear of its author still has the notification.
    fn is_told_of(&mut self, status: &Status) -> Result<bool> {
        let most = limits::FOLLOWERS_TOLD_MAX;
        for ((_, follower), ()) in
            FOLLOWERS_TOLD.list(self.read, &status.account, Bounds::NONE, Direction::Ascending, most)?
        {
            self.rows += 2;
            if notification::is_told(self.read, follower, NotificationKind::Status, status.account, status.id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_followed(&mut self, account: AccountId) -> Result<bool> {
        self.rows += 1;
        Ok(relationship::has_followers(self.read, account)?)
    }

    /// The hour of the newest reblog by somebody followed, among the newest of them.
    fn shared(&mut self, status: &Status) -> Result<Option<Hour>> {
        let most = limits::REBLOGS_LOOKED_AT;
        for ((_, reblog), who) in REBLOGS.list(self.read, &status.id, Bounds::NONE, Direction::Descending, most)? {
            self.rows += 1;
            if self.is_followed(who)? {
                return Ok(Some(Hour::of(reblog.time())));
            }
        }
        Ok(None)
    }
}

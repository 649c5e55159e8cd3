//! Whose statuses somebody may find: the rules, once as a question to the index and once as a check of a row.
//!
//! To be found is what somebody may have seen: their own, what those they follow wrote or shared into their home, what has
//! a hashtag they follow, what mentions, addresses or quotes them, what they favourited, bookmarked, shared, reacted to, voted
//! on or answered; and what everybody may find.

use super::{
    describe::{self, OPEN},
    parse::Scope,
};
use crate::{error::Result, limits, tag::followed, timeline, visibility::may_meet};
use std::collections::BTreeSet;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, account,
    mute::MUTES,
    poll::BALLOTS,
    quote,
    reaction::{self, REACTIONS_OF_ACCOUNT},
    relationship::{BLOCKS, FOLLOWS},
    search::{Query, Wanted},
    status::{
        self, BOOKMARK_ROWS, BOOKMARKS, FAVOURITE_ROWS, FAVOURITES, REBLOG_BY, REBLOGS, REPLIES, STATUSES_OF_ACCOUNT,
        Status, Visibility,
    },
    tag::normalise,
};

/// What somebody may find, as one view shows it.
pub(super) struct Reach {
    viewer: AccountId,
    followed: BTreeSet<AccountId>,
    /// Those of them whose reblogs are wanted at home.
    sharers: BTreeSet<AccountId>,
    /// Hashtags they follow, as compared.
    tags: BTreeSet<String>,
    /// The newest statuses they favourited, bookmarked, shared, reacted to or answered, at most so many of each as `limits`
    /// say: what the index may not know yet.
    touched: BTreeSet<StatusId>,
    /// The row of the oldest bookmark of those, if there may be more.
    oldest_bookmark: Option<RowId>,
    /// Whom they muted or blocked, so many of each as `limits` say.
    unwanted: BTreeSet<AccountId>,
}

impl Reach {
    /// Reads whom and what `viewer` follows and what they did.
    pub(super) fn read(read: &dyn Read, viewer: AccountId) -> Result<Self> {
        let most = usize::try_from(limits::FOLLOWING_MAX).unwrap_or(usize::MAX);
        let newest =
            |table: &storage::Table<_, _>, most| table.list(read, &viewer, Bounds::NONE, Direction::Descending, most);
        let follows = FOLLOWS.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
        let (mut touched, most) = (BTreeSet::new(), limits::SEARCH_TOUCHED);
        touched.extend(newest(&FAVOURITE_ROWS, most)?.into_iter().map(|(_, status)| status));
        let bookmarks = newest(&BOOKMARK_ROWS, most)?;
        let oldest_bookmark = bookmarks.last().filter(|_| bookmarks.len() == most).map(|((_, row), _)| *row);
        touched.extend(bookmarks.into_iter().map(|(_, status)| status));
        let shared = REBLOG_BY.list(read, &viewer, Bounds::NONE, Direction::Descending, most)?;
        touched.extend(shared.into_iter().map(|((_, original), _)| original));
        let reactions = REACTIONS_OF_ACCOUNT.list(read, &viewer, Bounds::NONE, Direction::Descending, most)?;
        touched.extend(reactions.into_iter().map(|(_, reaction)| reaction.status));
        touched.extend(answered(read, viewer)?);
        let elsewhere = timeline::elsewhere(read, viewer)?;
        let shares = follows.iter().filter(|((_, target), follow)| follow.reblogs && !elsewhere.contains(target));
        let sharers = shares.map(|((_, target), _)| *target).collect();
        let followed_people = follows.into_iter().map(|((_, target), _)| target).collect();
        let tags = followed(read, viewer)?.into_iter().collect();
        let unwanted = unwanted(read, viewer)?;
        Ok(Reach { viewer, followed: followed_people, sharers, tags, touched, oldest_bookmark, unwanted })
    }

    /// What the check of the rows leaves out in any case: proposals of these are not worth looking at.
    pub(super) fn unwanted(&self) -> Query {
        Query::Among(Wanted { authors: self.unwanted.iter().copied().collect(), ..Wanted::default() })
    }

    /// Whether there are bookmarks that it does not know: the index knows none.
    pub(super) fn has_older_bookmarks(&self) -> bool {
        self.oldest_bookmark.is_some()
    }

    /// These, at most `limits::SEARCH_OLDER_BOOKMARKS`; the newest.
    pub(super) fn older_bookmarks(&self, read: &dyn Read) -> Result<Vec<StatusId>> {
        let Some(RowId(below)) = self.oldest_bookmark else { return Ok(Vec::new()) };
        let (bounds, most) = (Bounds { below: Some(below), above: None }, limits::SEARCH_OLDER_BOOKMARKS);
        let rows = BOOKMARK_ROWS.list(read, &self.viewer, bounds, Direction::Descending, most)?;
        Ok(rows.into_iter().map(|(_, status)| status).collect())
    }

    /// Counts those of `ids` as touched that are bookmarked.
    pub(super) fn add_bookmarked(&mut self, read: &dyn Read, ids: Vec<StatusId>) -> Result<()> {
        for id in ids {
            if !self.touched.contains(&id) && BOOKMARKS.contains(read, &(self.viewer, id))? {
                self.touched.insert(id);
            }
        }
        Ok(())
    }

    /// Counts all of `ids` as touched: they were asked for among the bookmarks.
    pub(super) fn add_touched(&mut self, ids: Vec<StatusId>) {
        self.touched.extend(ids);
    }

    /// Everything they may find.
    pub(super) fn query(&self) -> Query {
        let marks = vec![OPEN.to_owned(), describe::mentions(self.viewer), describe::seen(self.viewer)];
        Query::Among(Wanted { ids: self.touched(), marks, ..self.home() })
    }

    /// One part of it.
    pub(super) fn scope(&self, scope: Scope) -> Query {
        match scope {
            Scope::Public => Query::Marks(vec![OPEN.to_owned()]),
            Scope::Home => Query::Among(self.home()),
            Scope::Library => Query::Among(Wanted {
                authors: vec![self.viewer],
                ids: self.touched(),
                marks: vec![describe::mentions(self.viewer), describe::seen(self.viewer)],
                ..Wanted::default()
            }),
        }
    }

    /// Oneself and whom one follows, what they share, and hashtags one follows.
    fn home(&self) -> Wanted {
        Wanted {
            authors: self.followed.iter().copied().chain([self.viewer]).collect(),
            sharers: self.sharers.iter().copied().collect(),
            tags: self.tags.iter().cloned().collect(),
            ..Wanted::default()
        }
    }

    fn touched(&self) -> Vec<StatusId> {
        self.touched.iter().copied().collect()
    }

    /// Whether they may find a status that they may see.
    pub(super) fn holds(&self, read: &dyn Read, status: &Status) -> Result<bool> {
        if status.account == self.viewer || self.followed.contains(&status.account) {
            return Ok(true);
        }
        if status.reblog_of.is_some() {
            return Ok(false);
        }
        if status.mentions.contains(&self.viewer) || self.touched.contains(&status.id) {
            return Ok(true);
        }
        if status.visibility == Visibility::Public {
            let tagged = !self.tags.is_empty() && status.tags.iter().any(|tag| self.tags.contains(&normalise(tag)));
            let found = tagged || account::find(read, status.account)?.is_some_and(|author| author.indexable);
            if found && may_meet(read, Some(self.viewer), status.account)? {
                return Ok(true);
            }
        }
        Ok(self.has_marked(read, status)? || self.has_answered(read, status.id)? || self.came_home(read, status.id)?)
    }

    /// Whether they favourited, bookmarked, shared, reacted to or voted on a status, or are quoted by it.
    fn has_marked(&self, read: &dyn Read, status: &Status) -> Result<bool> {
        let key = (self.viewer, status.id);
        Ok(FAVOURITES.contains(read, &key)?
            || BOOKMARKS.contains(read, &key)?
            || REBLOG_BY.contains(read, &key)?
            || (status.poll.is_some() && BALLOTS.contains(read, &(status.id, self.viewer))?)
            || !reaction::of(read, status.id, self.viewer)?.is_empty()
            || quote::find(read, status.id)?.is_some_and(|quote| quote.author == Some(self.viewer)))
    }

    /// Whether one of its newest answers is theirs.
    fn has_answered(&self, read: &dyn Read, id: StatusId) -> Result<bool> {
        let most = limits::SEARCH_SEEN_ANSWERS;
        for ((_, reply), ()) in REPLIES.list(read, &id, Bounds::NONE, Direction::Descending, most)? {
            if STATUSES_OF_ACCOUNT.contains(read, &(self.viewer, reply))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether one of its newest reblogs stands in their home.
    fn came_home(&self, read: &dyn Read, id: StatusId) -> Result<bool> {
        if self.sharers.is_empty() {
            return Ok(false);
        }
        let most = limits::SEARCH_SHARERS;
        for ((_, reblog), who) in REBLOGS.list(read, &id, Bounds::NONE, Direction::Descending, most)? {
            if self.sharers.contains(&who)
                && let Some(reblog) = status::find(read, reblog)?
                && timeline::in_home(read, self.viewer, &reblog)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whom `viewer` mutes or blocks.
fn unwanted(read: &dyn Read, viewer: AccountId) -> Result<BTreeSet<AccountId>> {
    let most = limits::SEARCH_UNWANTED;
    let muted = MUTES.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
    let mut all: BTreeSet<AccountId> = muted.into_iter().map(|((_, target), _)| target).collect();
    let blocks = BLOCKS.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
    all.extend(blocks.into_iter().map(|((_, target), _)| target));
    Ok(all)
}

/// What the newest answers of `viewer` to others answer.
fn answered(read: &dyn Read, viewer: AccountId) -> Result<Vec<StatusId>> {
    let newest = limits::SEARCH_OWN_SCANNED;
    let own = STATUSES_OF_ACCOUNT.list(read, &viewer, Bounds::NONE, Direction::Descending, newest)?;
    let answers = own.into_iter().filter(|(_, shape)| shape.reply_to_other).map(|((_, id), _)| id);
    let mut parents = Vec::new();
    for id in answers.take(limits::SEARCH_ANSWERS) {
        let answer = status::find(read, id)?;
        parents.extend(answer.and_then(|answer| answer.reply).and_then(|reply| reply.status));
    }
    Ok(parents)
}

//! Whose statuses somebody may find: the rules, once as a question to the index and once as a check of a row.

use super::{
    describe::{self, OPEN},
    parse::Scope,
};
use crate::{error::Result, limits, visibility::may_meet};
use std::collections::BTreeSet;
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, account,
    relationship::FOLLOWS,
    search::Query,
    status::{self, BOOKMARK_ROWS, FAVOURITE_ROWS, REBLOG_BY, STATUSES_OF_ACCOUNT, Status, Visibility},
};

/// What somebody may find, as one view shows it.
pub(super) struct Reach {
    viewer: AccountId,
    followed: BTreeSet<AccountId>,
    /// The newest statuses they favourited, bookmarked, shared or answered, at most so many of each as `limits` say.
    touched: BTreeSet<StatusId>,
}

impl Reach {
    /// Reads whom `viewer` follows and what they did.
    pub(super) fn read(read: &dyn Read, viewer: AccountId) -> Result<Self> {
        let most = usize::try_from(limits::FOLLOWING_MAX).unwrap_or(usize::MAX);
        let newest =
            |table: &storage::Table<_, _>, most| table.list(read, &viewer, Bounds::NONE, Direction::Descending, most);
        let followed = FOLLOWS.list(read, &viewer, Bounds::NONE, Direction::Ascending, most)?;
        let mut touched = BTreeSet::new();
        for table in [&FAVOURITE_ROWS, &BOOKMARK_ROWS] {
            touched.extend(newest(table, limits::SEARCH_TOUCHED)?.into_iter().map(|(_, status)| status));
        }
        let shared = REBLOG_BY.list(read, &viewer, Bounds::NONE, Direction::Descending, limits::SEARCH_TOUCHED)?;
        touched.extend(shared.into_iter().map(|((_, original), _)| original));
        touched.extend(answered(read, viewer)?);
        let followed = followed.into_iter().map(|((_, target), _)| target).collect();
        Ok(Reach { viewer, followed, touched })
    }

    /// Everything they may find.
    pub(super) fn query(&self) -> Query {
        among(self.home(), &self.touched, vec![OPEN.to_owned(), describe::mentions(self.viewer)])
    }

    /// One part of it.
    pub(super) fn scope(&self, scope: Scope) -> Query {
        match scope {
            Scope::Public => Query::Marks(vec![OPEN.to_owned()]),
            Scope::Home => among(self.home(), &BTreeSet::new(), Vec::new()),
            Scope::Library => among(vec![self.viewer], &self.touched, vec![describe::mentions(self.viewer)]),
        }
    }

    /// Oneself and whom one follows.
    fn home(&self) -> Vec<AccountId> {
        self.followed.iter().copied().chain([self.viewer]).collect()
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
        if status.visibility != Visibility::Public {
            return Ok(false);
        }
        let open = account::find(read, status.account)?.is_some_and(|author| author.indexable);
        Ok(open && may_meet(read, Some(self.viewer), status.account)?)
    }
}

fn among(authors: Vec<AccountId>, ids: &BTreeSet<StatusId>, marks: Vec<String>) -> Query {
    Query::Among { authors, ids: ids.iter().copied().collect(), marks }
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

//! The end of an import that replaces: what its table does not name goes, a few rows each commit.

use super::{behind, comparable, import::end, whole_handle};
use crate::{
    account::handle::normalise_domain,
    error::{Error, Result},
    limits, list,
    origin::Origin,
    relationship, status, tag,
};
use std::collections::HashSet;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Table, Tx, account,
    domain_block::DOMAIN_BLOCK_ROWS,
    import::{IMPORT_PARTS, IMPORTS, Import, ImportKind, ImportStage},
    list::{LIST_MEMBER_ROWS, LISTS},
    mute::MUTE_ROWS,
    relationship::{BLOCK_ROWS, FOLLOWING_ROWS},
    status::BOOKMARK_ROWS,
};

/// What a table names: (title of a list, or nothing; handle, domain or uri).
pub type Named = HashSet<(String, String)>;

/// Everything that the table of an import names, at most `limits::IMPORT_ROWS`. What could not be found is among it: it is
/// not there to be removed, or it was not reached today.
///
/// # Errors
/// Storage errors.
pub fn named(read: &dyn Read, origin: &Origin, owner: AccountId, id: RowId) -> Result<Named> {
    let Some(known) = IMPORTS.get(read, &(owner, id))? else { return Ok(Named::new()) };
    let mut named = Named::new();
    for part in 0..known.parts {
        let rows = IMPORT_PARTS.get(read, &(owner, id, part))?.unwrap_or_default().rows;
        named.extend(rows.into_iter().map(|row| {
            let subject = match known.kind {
                ImportKind::Bookmarks => Some(row.subject),
                ImportKind::Domains => normalise_domain(&row.subject),
                ImportKind::Tags => Some(tag::key(row.subject.trim())),
                _ => comparable(origin, &row.subject),
            };
            // Also a list of which nobody could be read is named.
            (row.list.trim().to_owned(), subject.unwrap_or_default())
        }));
    }
    Ok(named)
}

/// Removes some of what the table of an import does not name; says whether there may be more. The import ends with the last.
///
/// # Errors
/// Storage errors.
pub fn rest_step(tx: &mut Tx<'_>, origin: &Origin, owner: AccountId, id: RowId, named: &Named) -> Result<bool> {
    let known = IMPORTS.get(tx, &(owner, id))?.filter(|known| known.stage == ImportStage::Rest);
    let Some(mut known) = known else { return Ok(false) };
    let work = Work { origin, owner, named };
    let more = match known.kind {
        ImportKind::Following => work.people(tx, &mut known, &FOLLOWING_ROWS, relationship::unfollow)?,
        ImportKind::Blocks => work.people(tx, &mut known, &BLOCK_ROWS, relationship::unblock)?,
        ImportKind::Mutes => work.people(tx, &mut known, &MUTE_ROWS, relationship::unmute)?,
        ImportKind::Domains => work.domains(tx, &mut known)?,
        ImportKind::Bookmarks => work.bookmarks(tx, &mut known)?,
        ImportKind::Lists => work.lists(tx, &mut known)?,
        ImportKind::Tags => work.tags(tx, &mut known)?,
    };
    if more {
        IMPORTS.put(tx, &(owner, id), &known);
    } else {
        end(tx, owner, id, known)?;
    }
    Ok(more)
}

/// Ends what somebody has with somebody else.
type Undo = fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>;

struct Work<'a> {
    origin: &'a Origin,
    owner: AccountId,
    named: &'a Named,
}

impl Work<'_> {
    fn names(&self, list: &str, subject: String) -> bool {
        self.named.contains(&(list.to_owned(), subject))
    }

    /// Whether the table names an account, in a list or without one; an account that is unknown is left alone.
    fn names_account(&self, read: &dyn Read, list: &str, who: AccountId) -> Result<bool> {
        let Some(account) = account::find(read, who)? else { return Ok(true) };
        Ok(self.names(list, whole_handle(self.origin, &account).to_lowercase()))
    }

    fn people(
        &self,
        tx: &mut Tx<'_>,
        known: &mut Import,
        table: &Table<(AccountId, RowId), AccountId>,
        undo: Undo,
    ) -> Result<bool> {
        let rows = table.list(tx, &self.owner, behind(known.behind), Direction::Ascending, STEP)?;
        for ((_, row), who) in &rows {
            known.behind = row.0;
            if !self.names_account(tx, "", *who)? {
                known.removed += counted(undo(tx, self.owner, *who))?;
            }
        }
        Ok(rows.len() == STEP)
    }

    fn domains(&self, tx: &mut Tx<'_>, known: &mut Import) -> Result<bool> {
        let rows = DOMAIN_BLOCK_ROWS.list(tx, &self.owner, behind(known.behind), Direction::Ascending, STEP)?;
        for ((_, row), blocked) in &rows {
            known.behind = row.0;
            if !self.names("", blocked.domain.clone()) {
                known.removed += counted(relationship::unblock_domain(tx, self.owner, &blocked.domain))?;
            }
        }
        Ok(rows.len() == STEP)
    }

    fn bookmarks(&self, tx: &mut Tx<'_>, known: &mut Import) -> Result<bool> {
        let rows = BOOKMARK_ROWS.list(tx, &self.owner, behind(known.behind), Direction::Ascending, STEP)?;
        for ((_, row), id) in &rows {
            known.behind = row.0;
            let Some(there) = storage::status::find(tx, *id)? else { continue };
            if !self.names("", self.origin.url(&there.uri)) {
                known.removed += counted(status::unbookmark(tx, self.owner, *id).map(drop))?;
            }
        }
        Ok(rows.len() == STEP)
    }

    fn tags(&self, tx: &mut Tx<'_>, known: &mut Import) -> Result<bool> {
        let rows = tag::followed_page(tx, self.owner, behind(known.behind), Direction::Ascending, STEP)?;
        for (row, name) in rows.iter().rev() {
            known.behind = row.0;
            if !self.names("", name.clone()) {
                known.removed += counted(tag::unfollow(tx, self.owner, name))?;
            }
        }
        Ok(rows.len() == STEP)
    }

    /// Lists of other titles go; of the others, members that the table does not have in them.
    fn lists(&self, tx: &mut Tx<'_>, known: &mut Import) -> Result<bool> {
        let from = Bounds { above: known.behind.checked_sub(1), below: None };
        let Some(((_, id), list)) = LISTS.list(tx, &self.owner, from, Direction::Ascending, 1)?.pop() else {
            return Ok(false);
        };
        if id.0 != known.behind {
            (known.behind, known.within) = (id.0, 0);
        }
        if !self.named.iter().any(|(title, _)| *title == list.title) {
            known.removed += counted(list::delete(tx, self.owner, id))?;
            known.behind = id.0 + 1;
            return Ok(true);
        }
        let rows = LIST_MEMBER_ROWS.list(tx, &id, behind(known.within), Direction::Ascending, STEP)?;
        for ((_, row), who) in &rows {
            known.within = row.0;
            if !self.names_account(tx, &list.title, *who)? {
                known.removed += counted(list::remove(tx, self.owner, id, &[*who]))?;
            }
        }
        if rows.len() < STEP {
            known.behind = id.0 + 1;
        }
        Ok(true)
    }
}

const STEP: usize = limits::IMPORT_REST_AT_ONCE;

/// One more is removed; what is gone by itself is none.
fn counted(outcome: Result<()>) -> Result<u32> {
    match outcome {
        Ok(()) => Ok(1),
        Err(Error::NotFound) => Ok(0),
        Err(error) => Err(error),
    }
}

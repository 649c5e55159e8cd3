//! Bringing a table: kept whole in one commit, then taken row after row, each by the rule a person would call.

use super::{comparable, whole_handle};
use crate::{
    error::{Error, Result},
    limits, list,
    origin::Origin,
    relationship::{self, FollowOptions, MuteOptions},
    status, tag,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Tx,
    import::{
        self, IMPORT_PARTS, IMPORTS, Import, ImportKind, ImportMode, ImportPart, ImportRow, ImportStage, Refusal,
    },
    job::{self, JobKind},
    mute,
};

/// What the job does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Take these rows; the first stands at this place.
    Rows {
        /// Part, and row within it.
        at: (u32, u32),
        /// The rows.
        rows: Vec<ImportRow>,
        /// What they are.
        kind: ImportKind,
    },
    /// Remove what the table does not name.
    Rest,
}

/// What a row names, found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An account.
    Account(AccountId),
    /// A status.
    Status(StatusId),
    /// The domain that the row names itself.
    Domain,
    /// The hashtag that the row names itself.
    Tag,
}

/// Keeps the rows of a table, to be taken by a job; answers the import's number. Of what was brought before, the last
/// `limits::IMPORTS_KEPT` are told.
///
/// # Errors
/// `Invalid` while an import of this kind is under way.
pub fn begin(
    tx: &mut Tx<'_>,
    owner: AccountId,
    kind: ImportKind,
    mode: ImportMode,
    rows: Vec<ImportRow>,
) -> Result<RowId> {
    let known = IMPORTS.list(tx, &owner, Bounds::NONE, Direction::Ascending, limits::IMPORTS_KEPT + 1)?;
    if known.iter().any(|(_, known)| known.kind == kind && known.stage != ImportStage::Ended) {
        return Err(Error::invalid("file", "another file of this kind is still being read"));
    }
    if known.len() >= limits::IMPORTS_KEPT {
        let over = known.iter().find(|(_, known)| known.stage == ImportStage::Ended);
        let ((_, oldest), _) = over.ok_or_else(|| Error::invalid("file", "too many files are still being read"))?;
        import::remove(tx, owner, *oldest)?;
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let parts = parts(rows);
    let id: RowId = tx.next_id();
    let brought = Import {
        kind,
        mode,
        stage: ImportStage::Rows,
        created_at: tx.now(),
        ended_at: None,
        rows: count,
        taken: 0,
        refused: 0,
        removed: 0,
        parts: u32::try_from(parts.len()).unwrap_or(u32::MAX),
        part: 0,
        row: 0,
        behind: 0,
        within: 0,
    };
    import::begin(tx, owner, id, &brought, &parts);
    job::enqueue(tx, JobKind::Import { account: owner, import: id });
    Ok(id)
}

/// Rows in parts that fit into a value of the store.
fn parts(rows: Vec<ImportRow>) -> Vec<ImportPart> {
    let size = |row: &ImportRow| {
        let languages = row.languages.iter().flatten().map(|tag| tag.len() + 2).sum::<usize>();
        row.subject.len() + row.list.len() + languages + 16
    };
    let parts = storage::parts::cut(rows, limits::IMPORT_PART_ROWS, limits::IMPORT_PART_BYTES, size);
    parts.into_iter().map(|rows| ImportPart { rows }).collect()
}

/// The imports of `owner`, the last first.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, owner: AccountId) -> Result<Vec<(RowId, Import)>> {
    let rows = IMPORTS.list(read, &owner, Bounds::NONE, Direction::Descending, limits::IMPORTS_KEPT)?;
    Ok(rows.into_iter().map(|((_, id), import)| (id, import)).collect())
}

/// One import of `owner`.
///
/// # Errors
/// `NotFound` if they have none with this number.
pub fn require(read: &dyn Read, owner: AccountId, id: RowId) -> Result<Import> {
    IMPORTS.get(read, &(owner, id))?.ok_or(Error::NotFound)
}

/// Refused rows of an import, at most `limits::IMPORT_REFUSED_SHOWN`.
///
/// # Errors
/// Storage errors.
pub fn refused(read: &dyn Read, owner: AccountId, id: RowId) -> Result<Vec<(String, Refusal)>> {
    Ok(import::refused(read, owner, id, limits::IMPORT_REFUSED_SHOWN)?)
}

/// What is to be done next, at most `most` rows; `None` once the import is over or gone.
///
/// # Errors
/// Storage errors.
pub fn next(read: &dyn Read, owner: AccountId, id: RowId, most: usize) -> Result<Option<Step>> {
    let Some(known) = IMPORTS.get(read, &(owner, id))? else { return Ok(None) };
    match known.stage {
        ImportStage::Ended => Ok(None),
        ImportStage::Rest => Ok(Some(Step::Rest)),
        ImportStage::Rows => {
            let part = IMPORT_PARTS.get(read, &(owner, id, known.part))?.unwrap_or_default();
            let first = usize::try_from(known.row).unwrap_or(usize::MAX);
            let rows: Vec<_> = part.rows.into_iter().skip(first).take(most).collect();
            Ok(Some(Step::Rows { at: (known.part, known.row), rows, kind: known.kind }))
        }
    }
}

/// Takes the row at `at`, whose subject was found, and goes on behind it. A row that was taken before is passed over.
///
/// # Errors
/// Those of the rule: the row is then to be refused, or to be tried again after a failure of the store.
pub fn take(
    tx: &mut Tx<'_>,
    origin: &Origin,
    owner: AccountId,
    id: RowId,
    at: (u32, u32),
    row: &ImportRow,
    target: Target,
) -> Result<()> {
    let Some(mut known) = standing_at(tx, owner, id, at)? else { return Ok(()) };
    match (known.kind, target) {
        (ImportKind::Following, Target::Account(who)) => {
            let options = FollowOptions { reblogs: row.reblogs, notify: row.notify, languages: row.languages.clone() };
            relationship::follow(tx, owner, who, &options)?;
        }
        (ImportKind::Blocks, Target::Account(who)) => relationship::block(tx, owner, who)?,
        (ImportKind::Mutes, Target::Account(who)) => mute(tx, owner, who, row)?,
        (ImportKind::Domains, Target::Domain) => relationship::block_domain(tx, owner, &row.subject)?,
        (ImportKind::Bookmarks, Target::Status(status)) => status::bookmark(tx, owner, status).map(drop)?,
        (ImportKind::Lists, Target::Account(who)) => enlist(tx, owner, who, row)?,
        (ImportKind::Tags, Target::Tag) => tag::follow(tx, owner, &row.subject)?,
        (kind, _) => return Err(Error::Bug(format!("a row of {kind:?} led to {target:?}"))),
    }
    if let (ImportMode::Overwrite, Target::Account(who)) = (known.mode, target) {
        rename(tx, origin, (owner, id, at.0), at.1, who)?;
    }
    known.taken += 1;
    go_on(tx, owner, id, known)
}

/// Keeps in the row how whoever it led to is called here: by that name the rest is told from it.
fn rename(tx: &mut Tx<'_>, origin: &Origin, key: (AccountId, RowId, u32), row: u32, who: AccountId) -> Result<()> {
    let (Some(account), Some(mut part)) = (storage::account::find(tx, who)?, IMPORT_PARTS.get(tx, &key)?) else {
        return Ok(());
    };
    let handle = whole_handle(origin, &account);
    let at = usize::try_from(row).unwrap_or(usize::MAX);
    if let Some(row) = part.rows.get_mut(at)
        && comparable(origin, &row.subject).as_deref() != Some(&handle.to_lowercase())
    {
        row.subject = handle;
        IMPORT_PARTS.put(tx, &key, &part);
    }
    Ok(())
}

/// Notes that the row at `at` was refused, and goes on behind it.
///
/// # Errors
/// Storage errors.
pub fn refuse(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: RowId,
    at: (u32, u32),
    row: &ImportRow,
    why: Refusal,
) -> Result<()> {
    let Some(mut known) = standing_at(tx, owner, id, at)? else { return Ok(()) };
    let subject: String = row.subject.chars().take(limits::IMPORT_SUBJECT_CHARS).collect();
    import::refuse(tx, (owner, id, at.0), subject, why)?;
    known.refused += 1;
    go_on(tx, owner, id, known)
}

/// The import, if it stands at this row.
fn standing_at(read: &dyn Read, owner: AccountId, id: RowId, at: (u32, u32)) -> Result<Option<Import>> {
    let known = IMPORTS.get(read, &(owner, id))?;
    Ok(known.filter(|known| known.stage == ImportStage::Rows && (known.part, known.row) == at))
}

/// Goes on behind the present row: to the next part, to the rest, to the end.
fn go_on(tx: &mut Tx<'_>, owner: AccountId, id: RowId, mut known: Import) -> Result<()> {
    known.row += 1;
    let there = IMPORT_PARTS.get(tx, &(owner, id, known.part))?.map_or(0, |part| part.rows.len());
    if usize::try_from(known.row).unwrap_or(usize::MAX) >= there {
        (known.part, known.row) = (known.part + 1, 0);
    }
    if known.part >= known.parts {
        match known.mode {
            ImportMode::Merge => return end(tx, owner, id, known),
            ImportMode::Overwrite => known.stage = ImportStage::Rest,
        }
    }
    IMPORTS.put(tx, &(owner, id), &known);
    Ok(())
}

/// The import is over: its rows go, what was refused stays to be told.
pub(super) fn end(tx: &mut Tx<'_>, owner: AccountId, id: RowId, mut known: Import) -> Result<()> {
    (known.stage, known.ended_at) = (ImportStage::Ended, Some(tx.now()));
    import::drop_parts(tx, owner, id)?;
    IMPORTS.put(tx, &(owner, id), &known);
    Ok(())
}

/// A mute without an end; of one that is there only what the table says is changed.
fn mute(tx: &mut Tx<'_>, owner: AccountId, who: AccountId, row: &ImportRow) -> Result<()> {
    let before = mute::find(tx, owner, who)?;
    let notifications = row.notifications.or(before.map(|before| before.notifications)).unwrap_or(true);
    relationship::mute(tx, owner, who, MuteOptions { notifications, duration_ms: None })
}

/// Puts somebody into the list of that title, which is made if it is not there.
fn enlist(tx: &mut Tx<'_>, owner: AccountId, who: AccountId, row: &ImportRow) -> Result<()> {
    let known = list::all(tx, owner)?.into_iter().find(|(_, known)| known.title == row.list.trim());
    let id = match known {
        Some((id, _)) => id,
        None => {
            let fresh = list::ListChange { title: Some(row.list.clone()), ..list::ListChange::default() };
            list::create(tx, owner, &fresh)?
        }
    };
    if storage::list::of_member(tx, owner, who)?.contains(&id) {
        return Ok(());
    }
    list::add(tx, owner, id, &[who])
}

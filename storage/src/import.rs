//! Imports: tables of people, domains and statuses that somebody brought from elsewhere, and how far each has come.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What is brought. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImportKind {
    /// Whom to follow.
    Following,
    /// Whom to block.
    Blocks,
    /// Whom to mute.
    Mutes,
    /// Domains to block.
    Domains,
    /// Statuses to bookmark.
    Bookmarks,
    /// Lists with their members.
    Lists,
    /// Hashtags to follow.
    Tags,
}

/// What becomes of what is there and not brought. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImportMode {
    /// It stays.
    Merge,
    /// It goes.
    Overwrite,
}

/// How far an import has come. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImportStage {
    /// Its rows are taken one after another.
    Rows,
    /// What it does not name is removed.
    Rest,
    /// It is over.
    Ended,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// What is brought.
    pub kind: ImportKind,
    /// What becomes of the rest.
    pub mode: ImportMode,
    /// How far it has come.
    pub stage: ImportStage,
    /// When it was brought.
    pub created_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Rows it has.
    pub rows: u32,
    /// Rows that were taken.
    pub taken: u32,
    /// Rows that were refused.
    pub refused: u32,
    /// What was there and was removed.
    pub removed: u32,
    /// Parts it has.
    pub parts: u32,
    /// The part of the next row.
    pub part: u32,
    /// The next row within its part.
    pub row: u32,
    /// While the rest is removed: behind which row to go on.
    pub behind: u64,
    /// The same within a list.
    pub within: u64,
}
record!(Import, 1);

/// A row of an import. `None` is what its table did not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// A handle, a domain or the uri of a status.
    pub subject: String,
    /// The title of the list.
    pub list: String,
    /// Reblogs are shown at home.
    pub reblogs: Option<bool>,
    /// New statuses are notified of.
    pub notify: Option<bool>,
    /// Only these languages.
    pub languages: Option<Vec<String>>,
    /// Notifications are hidden too.
    pub notifications: Option<bool>,
}

/// Some rows of an import: at most 100, and far fewer bytes than a value may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPart {
    /// The rows, in their order.
    pub rows: Vec<ImportRow>,
}
record!(ImportPart, 1);

/// Why a row was refused. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Refusal {
    /// It is no handle, domain or uri.
    Unreadable,
    /// There is nobody, or nothing, of that name.
    Unknown,
    /// The other server did not answer.
    Silent,
    /// It may not be done: a block, an account that moved, oneself, or a bound.
    NotAllowed,
}

/// Rows of one part that were refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRefused {
    /// What each named, and why.
    pub rows: Vec<(String, Refusal)>,
}
record!(ImportRefused, 1);

/// (account, import) → how far it has come.
pub const IMPORTS: Table<(AccountId, RowId), Import> = Table::new(510, "import");
/// (account, import, part) → its rows.
pub const IMPORT_PARTS: Table<(AccountId, RowId, u32), ImportPart> = Table::new(511, "import_part");
/// (account, import, part) → rows of it that were refused.
pub const IMPORT_REFUSED: Table<(AccountId, RowId, u32), ImportRefused> = Table::new(512, "import_refused");

/// Stores an import with its parts, at most `limits::IMPORT_PARTS` of them.
pub fn begin(tx: &mut Tx<'_>, account: AccountId, id: RowId, import: &Import, parts: &[ImportPart]) {
    IMPORTS.put(tx, &(account, id), import);
    for (number, part) in (0..).zip(parts) {
        IMPORT_PARTS.put(tx, &(account, id, number), part);
    }
}

/// Notes that a row of a part was refused.
///
/// # Errors
/// Storage errors.
pub fn refuse(tx: &mut Tx<'_>, key: (AccountId, RowId, u32), subject: String, why: Refusal) -> Result<()> {
    let mut known = IMPORT_REFUSED.get(tx, &key)?.unwrap_or_default();
    known.rows.push((subject, why));
    IMPORT_REFUSED.put(tx, &key, &known);
    Ok(())
}

/// The refused rows of an import in their order, at most about `most`.
///
/// # Errors
/// Storage errors.
pub fn refused(read: &dyn Read, account: AccountId, id: RowId, most: usize) -> Result<Vec<(String, Refusal)>> {
    let mut found = Vec::new();
    let parts = IMPORT_REFUSED.list(read, &(account, id), Bounds::NONE, Direction::Ascending, limits::IMPORT_PARTS)?;
    for (_, part) in parts {
        if found.len() >= most {
            break;
        }
        found.extend(part.rows);
    }
    found.truncate(most);
    Ok(found)
}

/// Removes the rows of an import, which is over; what was refused stays.
///
/// # Errors
/// Storage errors.
pub fn drop_parts(tx: &mut Tx<'_>, account: AccountId, id: RowId) -> Result<()> {
    let most = limits::IMPORT_PARTS;
    for (key, _) in IMPORT_PARTS.list(tx, &(account, id), Bounds::NONE, Direction::Ascending, most)? {
        IMPORT_PARTS.delete(tx, &key);
    }
    Ok(())
}

/// Removes an import with everything of it.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, id: RowId) -> Result<()> {
    drop_parts(tx, account, id)?;
    let most = limits::IMPORT_PARTS;
    for (key, _) in IMPORT_REFUSED.list(tx, &(account, id), Bounds::NONE, Direction::Ascending, most)? {
        IMPORT_REFUSED.delete(tx, &key);
    }
    IMPORTS.delete(tx, &(account, id));
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &IMPORTS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference {
        of: &IMPORT_PARTS,
        to: |(account, id, _), _| vec![Pointer::to(&IMPORTS, &(*account, *id))],
        unless: always,
    },
    &Reference {
        of: &IMPORT_REFUSED,
        to: |(account, id, _), _| vec![Pointer::to(&IMPORTS, &(*account, *id))],
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let import = Import {
            kind: ImportKind::Lists,
            mode: ImportMode::Overwrite,
            stage: ImportStage::Rest,
            created_at: Timestamp(1),
            ended_at: Some(Timestamp(2)),
            rows: 300,
            taken: 4,
            refused: 5,
            removed: 6,
            parts: 7,
            part: 8,
            row: 9,
            behind: 10,
            within: 11,
        };
        assert_eq!(import.encode(), [1, 5, 1, 1, 2, 1, 4, 0xac, 2, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(Import::decode(&import.encode()).expect("readable"), import);
        let row = ImportRow {
            subject: "s".to_owned(),
            list: "l".to_owned(),
            reblogs: Some(true),
            notify: None,
            languages: Some(vec!["d".to_owned()]),
            notifications: Some(false),
        };
        let part = ImportPart { rows: vec![row] };
        assert_eq!(part.encode(), [1, 1, 1, b's', 1, b'l', 1, 1, 0, 1, 1, 1, b'd', 1, 0]);
        assert_eq!(ImportPart::decode(&part.encode()).expect("readable"), part);
        let refused = ImportRefused { rows: vec![("x".to_owned(), Refusal::NotAllowed)] };
        assert_eq!(refused.encode(), [1, 1, 1, b'x', 3]);
    }
}

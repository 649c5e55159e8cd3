//! Lists of domains to block that whoever runs the server brought, and how far each has come.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    limits,
    moderation::Severity,
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// How much of a list is taken. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListStrength {
    /// Only what it suspends.
    Light,
    /// All of it, each with its severity.
    Careful,
}

/// Where a list is from. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListSource {
    /// A file of this name.
    File(String),
    /// What the server of this domain tells everybody.
    Server(String),
}

/// How far a list has come. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListState {
    /// Its server is asked.
    Reading,
    /// It is here, and whoever brought it decides.
    Read,
    /// Its domains are blocked one after another.
    Applying,
    /// It is over.
    Ended,
    /// Nothing comes of it; why, in words.
    Failed(String),
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockList {
    /// Who brought it; `None`: whoever can run commands on the machine.
    pub by: Option<AccountId>,
    /// Where it is from.
    pub source: ListSource,
    /// How much of it is taken.
    pub strength: ListStrength,
    /// How far it has come.
    pub state: ListState,
    /// When it was brought.
    pub brought_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Domains it has.
    pub rows: u32,
    /// Lines of it that name no domain, or hide its name.
    pub unread: u32,
    /// Parts it has.
    pub parts: u32,
    /// The part of the next domain.
    pub part: u32,
    /// The next domain within its part.
    pub row: u32,
    /// Domains that were blocked by it.
    pub blocked: u32,
    /// Domains that were left as they were: blocked before, spared, or below its strength.
    pub left: u32,
    /// Domains that are not to be blocked all the same.
    pub spared: Vec<String>,
}
record!(BlockList, 1);

/// What a list says of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedDomain {
    /// The domain, as blocks have it.
    pub domain: String,
    /// What is to become of it.
    pub severity: Severity,
    /// Its media are not to be shown.
    pub reject_media: bool,
    /// Its reports are not to be taken.
    pub reject_reports: bool,
    /// Its name is to be shown in part only.
    pub obfuscate: bool,
    /// Why, for everybody.
    pub public_comment: String,
}

/// Some domains of a list, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockListPart {
    /// The domains.
    pub rows: Vec<ListedDomain>,
}
record!(BlockListPart, 1);

/// list → how far it has come.
pub const BLOCK_LISTS: Table<RowId, BlockList> = Table::new(491, "block_list");
/// (list, part) → its domains.
pub const BLOCK_LIST_PARTS: Table<(RowId, u32), BlockListPart> = Table::new(492, "block_list_part");

/// Lists, the last first, at most `most`.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, most: usize) -> Result<Vec<(RowId, BlockList)>> {
    BLOCK_LISTS.list(read, &(), Bounds::NONE, Direction::Descending, most)
}

/// Stores the parts of a list, at most `limits::BLOCK_LIST_PARTS` of them.
pub fn put_parts(tx: &mut Tx<'_>, id: RowId, parts: &[BlockListPart]) {
    for (number, part) in (0..).zip(parts) {
        BLOCK_LIST_PARTS.put(tx, &(id, number), part);
    }
}

/// All domains of a list, at most `limits::BLOCK_LIST_PARTS` parts of them.
///
/// # Errors
/// Storage errors.
pub fn rows(read: &dyn Read, id: RowId) -> Result<Vec<ListedDomain>> {
    let most = limits::BLOCK_LIST_PARTS;
    let parts = BLOCK_LIST_PARTS.list(read, &id, Bounds::NONE, Direction::Ascending, most)?;
    Ok(parts.into_iter().flat_map(|(_, part)| part.rows).collect())
}

/// Removes the domains of a list, which is over.
///
/// # Errors
/// Storage errors.
pub fn drop_parts(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let most = limits::BLOCK_LIST_PARTS;
    for (key, _) in BLOCK_LIST_PARTS.list(tx, &id, Bounds::NONE, Direction::Ascending, most)? {
        BLOCK_LIST_PARTS.delete(tx, &key);
    }
    Ok(())
}

/// Removes a list with everything of it.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    drop_parts(tx, id)?;
    BLOCK_LISTS.delete(tx, &id);
    Ok(())
}

/// What must hold (`check`). Whoever brought a list may be gone.
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &BLOCK_LIST_PARTS, to: |(id, _), _| vec![Pointer::to(&BLOCK_LISTS, id)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let mut list = BlockList {
            by: Some(AccountId(1)),
            source: ListSource::File("f".to_owned()),
            strength: ListStrength::Careful,
            state: ListState::Failed("w".to_owned()),
            brought_at: Timestamp(1),
            ended_at: Some(Timestamp(2)),
            rows: 300,
            unread: 4,
            parts: 5,
            part: 6,
            row: 7,
            blocked: 8,
            left: 9,
            spared: vec!["s".to_owned()],
        };
        let bytes = [1, 1, 1, 0, 1, b'f', 1, 4, 1, b'w', 2, 1, 4, 0xac, 2, 4, 5, 6, 7, 8, 9, 1, 1, b's'];
        assert_eq!(list.encode(), bytes);
        assert_eq!(BlockList::decode(&list.encode()).expect("readable"), list);
        (list.by, list.source, list.strength) = (None, ListSource::Server("s".to_owned()), ListStrength::Light);
        (list.state, list.ended_at, list.spared) = (ListState::Applying, None, Vec::new());
        assert_eq!(list.encode(), [1, 0, 1, 1, b's', 0, 2, 2, 0, 0xac, 2, 4, 5, 6, 7, 8, 9, 0]);
        let row = ListedDomain {
            domain: "d".to_owned(),
            severity: Severity::Suspend,
            reject_media: true,
            reject_reports: false,
            obfuscate: true,
            public_comment: "c".to_owned(),
        };
        let part = BlockListPart { rows: vec![row] };
        assert_eq!(part.encode(), [1, 1, 1, b'd', 2, 1, 0, 1, 1, b'c']);
        assert_eq!(BlockListPart::decode(&part.encode()).expect("readable"), part);
    }
}

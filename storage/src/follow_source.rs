//! Whom somebody follows with an account they had before: asked of its server, to be brought as an import.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, RowId, Timestamp},
    record,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// How far it has come. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceState {
    /// The other server is asked.
    Reading,
    /// What it said is brought by this import.
    Brought(RowId),
    /// Nothing comes of it; why, in words.
    Failed(String),
}

/// The account that was named, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowSource {
    /// As it was typed.
    pub handle: String,
    /// When it was named.
    pub asked_at: Timestamp,
    /// How far it has come.
    pub state: SourceState,
    /// Its server may know of more than was read.
    pub cut: bool,
}
record!(FollowSource, 1);

/// Who brings it → the last account that was named.
pub const FOLLOW_SOURCES: Table<AccountId, FollowSource> = Table::new(479, "follow_source");

/// What must hold (`check`). The import may be gone.
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &FOLLOW_SOURCES, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let mut source = FollowSource {
            handle: "a".to_owned(),
            asked_at: Timestamp(1),
            state: SourceState::Brought(RowId(5)),
            cut: true,
        };
        assert_eq!(source.encode(), [1, 1, b'a', 2, 1, 5, 1]);
        source.state = SourceState::Failed("w".to_owned());
        assert_eq!(source.encode(), [1, 1, b'a', 2, 2, 1, b'w', 1]);
        assert_eq!(FollowSource::decode(&source.encode()).expect("readable"), source);
    }
}

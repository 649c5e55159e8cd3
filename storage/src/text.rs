//! Long texts of this server: what it is, its privacy policy, its terms of service.

use crate::{
    error::Result,
    id::Timestamp,
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// Which text. Its number is part of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// What this server is.
    About = 0,
    /// The privacy policy.
    Privacy = 1,
    /// The terms of service, which change at a date.
    Terms = 2,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Markdown.
    pub markdown: String,
    /// When it was written down.
    pub set_at: Timestamp,
}
record!(Text, 1);

/// (kind, the day it counts from, or 0) → text. Only terms of service have several days.
pub const TEXTS: Table<(u8, Timestamp), Text> = Table::new(393, "text");

/// The text of a kind that has one at a time.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, kind: TextKind) -> Result<Option<Text>> {
    TEXTS.get(read, &(kind as u8, Timestamp(0)))
}

/// The text of a kind from a day on.
///
/// # Errors
/// Storage errors.
pub fn find_from(read: &dyn Read, kind: TextKind, from: Timestamp) -> Result<Option<Text>> {
    TEXTS.get(read, &(kind as u8, from))
}

/// Sets the text of a kind from a day on; an empty one removes it.
pub fn put(tx: &mut Tx<'_>, kind: TextKind, from: Timestamp, markdown: &str) {
    let key = (kind as u8, from);
    if markdown.is_empty() {
        TEXTS.delete(tx, &key);
    } else {
        let set_at = tx.now();
        TEXTS.put(tx, &key, &Text { markdown: markdown.to_owned(), set_at });
    }
}

/// All versions of a text, the first first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn versions(read: &dyn Read, kind: TextKind, limit: usize) -> Result<Vec<(Timestamp, Text)>> {
    let rows = TEXTS.list(read, &(kind as u8), Bounds::NONE, Direction::Ascending, limit)?;
    Ok(rows.into_iter().map(|((_, from), text)| (from, text)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let text = Text { markdown: "# a".to_owned(), set_at: Timestamp(1) };
        assert_eq!(text.encode(), [1, 3, b'#', b' ', b'a', 2]);
        assert_eq!(Text::decode(&text.encode()).expect("readable"), text);
    }
}

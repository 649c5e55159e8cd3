//! Emoji of this server's own: each under its shortcode, and how many there are.

use crate::{
    blob::BlobHash,
    check::describe::{Counter, Counts, Described, Owner, Pointer, Reference, always, count_rows},
    error::Result,
    id::Timestamp,
    limits,
    media::{self, BLOBS, File},
    record,
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table},
};
use serde::{Deserialize, Serialize};

/// An emoji of this server's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomEmoji {
    /// The picture.
    pub file: File,
    /// A still one, if it moves.
    pub still: Option<File>,
    /// The heading under which pickers show it; empty: none.
    pub category: String,
    /// Pickers show it.
    pub in_picker: bool,
    /// It is drawn where somebody here names it, and people here may react with it.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
record!(CustomEmoji, 1);

/// Shortcode, without colons, as it is written → emoji; at most `limits::CUSTOM_EMOJI_MAX`.
pub const CUSTOM_EMOJI: Table<String, CustomEmoji> = Table::new(466, "custom_emoji");
/// One row: how many there are, so that a rule need not count them.
pub const CUSTOM_EMOJI_COUNT: Table<u8, u64> = Table::new(487, "custom_emoji_count");

/// The one row of a table with one row.
const ONLY: u8 = 0;

/// The emoji with this shortcode, whether it is enabled or not.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, shortcode: &str) -> Result<Option<CustomEmoji>> {
    CUSTOM_EMOJI.get(read, &shortcode.to_owned())
}

/// All of them, in the order of their shortcodes.
///
/// # Errors
/// Storage errors.
pub fn all(read: &dyn Read) -> Result<Vec<(String, CustomEmoji)>> {
    CUSTOM_EMOJI.list(read, &(), Bounds::NONE, Direction::Ascending, limits::CUSTOM_EMOJI_MAX)
}

/// How many there are.
///
/// # Errors
/// Storage errors.
pub fn count(read: &dyn Read) -> Result<u64> {
    CUSTOM_EMOJI_COUNT.get_or_default(read, &ONLY)
}

/// Stores an emoji under a shortcode that is free, and refers to its files.
///
/// # Errors
/// Storage errors.
pub fn insert(tx: &mut Tx<'_>, shortcode: &str, emoji: &CustomEmoji) -> Result<()> {
    media::refer(tx, &emoji.file)?;
    emoji.still.as_ref().map_or(Ok(()), |still| media::refer(tx, still))?;
    put(tx, shortcode, emoji);
    let count = count(tx)? + 1;
    CUSTOM_EMOJI_COUNT.put(tx, &ONLY, &count);
    Ok(())
}

/// Changes what is said of an emoji. Its files stay the same.
pub fn put(tx: &mut Tx<'_>, shortcode: &str, emoji: &CustomEmoji) {
    CUSTOM_EMOJI.put(tx, &shortcode.to_owned(), emoji);
}

/// Removes an emoji and its references to files; answers it, if there was one.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, shortcode: &str) -> Result<Option<CustomEmoji>> {
    let Some(emoji) = find(tx, shortcode)? else { return Ok(None) };
    CUSTOM_EMOJI.delete(tx, &shortcode.to_owned());
    let count = count(tx)?.saturating_sub(1);
    CUSTOM_EMOJI_COUNT.put(tx, &ONLY, &count);
    media::release(tx, &emoji.file)?;
    emoji.still.as_ref().map_or(Ok(()), |still| media::release(tx, still))?;
    Ok(Some(emoji))
}

/// The files that an emoji refers to.
pub(crate) fn shown_in(emoji: &CustomEmoji) -> Vec<BlobHash> {
    [emoji.file].iter().chain(&emoji.still).map(|file| file.hash).collect()
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference {
        of: &CUSTOM_EMOJI,
        to: |_, emoji| shown_in(emoji).iter().map(|hash| Pointer::to(&BLOBS, hash)).collect(),
        unless: always,
    },
    &Counter {
        name: "count",
        table: &CUSTOM_EMOJI_COUNT,
        owners: &[Owner::each(&CUSTOM_EMOJI_COUNT)],
        counts: Counts::Found(|read, _| count_rows(read, CUSTOM_EMOJI.id, &KeyRange::all(), limits::CHECK_COUNTED)),
        get: |count| count.copied().unwrap_or_default(),
        set: |_, count| Some(count),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{media::FileKind, record::Record};

    #[test]
    fn stored_bytes_stay_readable() {
        let file = |byte| File { hash: BlobHash([byte; 32]), kind: FileKind::Gif, bytes: 300, width: 4, height: 3 };
        let emoji = CustomEmoji {
            file: file(1),
            still: Some(file(2)),
            category: "c".to_owned(),
            in_picker: true,
            enabled: false,
            created_at: Timestamp(1),
            updated_at: Timestamp(2),
        };
        let bytes_of = |byte: u8| [&[byte; 32][..], &[2, 0xac, 2, 4, 3]].concat();
        let bytes = [&[1][..], &bytes_of(1), &[1], &bytes_of(2), &[1, b'c', 1, 0, 2, 4]].concat();
        assert_eq!(emoji.encode(), bytes);
        assert_eq!(CustomEmoji::decode(&bytes).expect("readable"), emoji);
        let still = CustomEmoji { still: None, category: String::new(), ..emoji };
        assert_eq!(still.encode(), [&[1][..], &bytes_of(1), &[0, 0, 1, 0, 2, 4]].concat());
    }
}

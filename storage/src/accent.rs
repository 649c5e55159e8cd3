//! The accent colour of pages that whoever runs the server has chosen.

use crate::{
    error::Result,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accent {
    /// Red, green and blue, a byte each, red first.
    pub rgb: u32,
}
record!(Accent, 1);

/// One row → the colour that was chosen; none: the one of the style sheet.
pub const ACCENT: Table<u8, Accent> = Table::new(485, "accent");

/// The one row of `ACCENT`.
const ONLY: u8 = 0;

/// The colour that was chosen.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read) -> Result<Option<Accent>> {
    ACCENT.get(read, &ONLY)
}

/// Stores the colour, or forgets it.
pub fn put(tx: &mut Tx<'_>, accent: Option<Accent>) {
    match accent {
        Some(accent) => ACCENT.put(tx, &ONLY, &accent),
        None => ACCENT.delete(tx, &ONLY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let accent = Accent { rgb: 0x01_0203 };
        assert_eq!(accent.encode(), [1, 0x83, 0x84, 0x04]);
        assert_eq!(Accent::decode(&accent.encode()).expect("readable"), accent);
    }
}

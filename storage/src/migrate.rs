//! Formats of the data: a newer one is refused, an older one is read.
//!
//! Rows upgrade lazily, each by its own version byte (`record!`); tables that a newer format brings are made empty
//! when an engine is opened. What remains is one rule: never guess at what a newer program wrote. The log's segments
//! and `CHECKPOINT` carry the lowest format whose programs may open them.

use crate::{
    catalogue::FORMAT,
    error::{Error, Result},
};

/// Lets a format pass that this program reads.
///
/// # Errors
/// `Format` for a newer one.
pub fn refuse_newer(found: u32) -> Result<()> {
    if found > FORMAT {
        return Err(Error::Format { found, known: FORMAT });
    }
    Ok(())
}

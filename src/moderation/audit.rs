//! The audit log: who decided what, when and why. Rows are only added.

use super::Page;
use crate::error::Result;
use storage::{
    AuditId, Bounds, Direction, Read,
    moderation::{AUDIT, Deed},
};

/// Rows of the audit log within `bounds`, newest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn deeds(read: &dyn Read, bounds: Bounds, direction: Direction, limit: usize) -> Result<Page<(AuditId, Deed)>> {
    let mut page = Page { rows: AUDIT.list(read, &(), bounds, direction, limit)?, examined: None };
    if direction == Direction::Ascending {
        page.rows.reverse();
    }
    page.examined = page.rows.first().zip(page.rows.last()).map(|(newest, oldest)| (newest.0.0, oldest.0.0));
    Ok(page)
}

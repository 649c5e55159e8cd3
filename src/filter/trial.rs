//! Trying a filter on what is there already, before or after it is kept.

use super::{Compiled, Whole};
use crate::error::Result;
use std::sync::Arc;
use storage::{AccountId, Read, Timestamp, status::Status};

/// How many of these statuses a filter finds for `viewer`. A shared status counts for what it shares; one's own are never
/// filtered.
///
/// # Errors
/// Storage errors.
pub fn found_in(
    read: &dyn Read,
    viewer: AccountId,
    filter: Whole,
    statuses: &[Arc<Status>],
    now: Timestamp,
) -> Result<usize> {
    // It may be over by now; what it would find is asked.
    let mut filter = filter;
    filter.filter.expires_at = None;
    let compiled = Compiled::of(vec![filter])?;
    let mut found = 0;
    for status in statuses {
        let shared = status.reblog_of.map(|id| storage::status::find(read, id)).transpose()?.flatten();
        let status = shared.as_ref().unwrap_or(status);
        if status.account != viewer && !compiled.matches(status, now).is_empty() {
            found += 1;
        }
    }
    Ok(found)
}

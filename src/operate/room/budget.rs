//! How many bytes the data directory may take.

use crate::{
    error::{Error, Result},
    limits,
    operate::disk::amount,
};

/// The budget in bytes: what was set, else a fifth of the disk and at least `limits::BUDGET_DEFAULT_MIN`, but never more
/// than the disk has.
///
/// # Errors
/// `Invalid` for one above the disk's size, or too small for the parts whose size does not follow what is stored.
pub(crate) fn settle(set: Option<u64>, disk_bytes: u64) -> Result<u64> {
    let Some(budget) = set else {
        return Ok((disk_bytes / limits::BUDGET_DEFAULT_SHARE).max(limits::BUDGET_DEFAULT_MIN).min(disk_bytes));
    };
    if budget > disk_bytes {
        let why = format!("budget is {}; the disk under the data directory has {}", amount(budget), amount(disk_bytes));
        return Err(Error::invalid("budget", why));
    }
    if budget < limits::BUDGET_MIN {
        let why = format!(
            "budget is {}; at least {}, or log, tables and base snapshots of an empty server fill it",
            amount(budget),
            amount(limits::BUDGET_MIN)
        );
        return Err(Error::invalid("budget", why));
    }
    Ok(budget)
}

//! Removes what is remembered of deliveries whose object is gone or said anew.

use crate::{error::Result, server::Server};
use storage::{
    ActivityId, Digest, audience,
    delivery::{self, ACTIVITIES, Memory},
};

/// Removes the rows of `activity` if nothing needs to be remembered of it, and what it, or another one, makes superfluous
/// about `object`.
///
/// # Errors
/// Storage errors.
pub(super) async fn run(server: &Server, activity: ActivityId, object: Digest) -> Result<()> {
    let rule = move |tx: &mut storage::Tx<'_>| -> Result<bool> {
        let remembered = ACTIVITIES.get(tx, &activity)?.is_some_and(|row| row.memory != Memory::Nothing);
        Ok(if remembered { delivery::tidy(tx, object)? } else { !delivery::forget_activity(tx, activity, object)? })
    };
    while server.write(rule).await? {}
    while server.write(move |tx| Ok(audience::forget_covered(tx, object)?)).await? {}
    Ok(())
}

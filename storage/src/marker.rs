//! Markers: how far somebody has read a timeline (client API, markers).

use crate::{
    error::Result,
    id::{AccountId, Timestamp},
    record,
    store::Tx,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// A read position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The id last read, as the client sent it; at most 20 digits.
    pub last_read_id: String,
    /// Grows by one with each change.
    pub version: u32,
    /// When.
    pub updated_at: Timestamp,
}
record!(Marker, 1);

/// (account, `home` or `notifications`) → marker.
pub const MARKERS: Table<(AccountId, String), Marker> = Table::new(95, "marker");

/// Sets how far `account` has read `timeline` and answers the marker with its new version.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, account: AccountId, timeline: &str, last_read_id: &str) -> Result<Marker> {
    let key = (account, timeline.to_owned());
    let version = MARKERS.get(tx, &key)?.map_or(1, |before| before.version.saturating_add(1));
    let marker = Marker { last_read_id: last_read_id.to_owned(), version, updated_at: tx.now() };
    MARKERS.put(tx, &key, &marker);
    Ok(marker)
}

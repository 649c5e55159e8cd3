//! What this server knows of itself: identity fixed at the first start, and what an administrator changes.

use crate::{
    account::SigningKeys,
    error::Result,
    id::Timestamp,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Fixed when the first origin is set; never changes silently (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Scheme, host and port, as `https://example.org`.
    pub origin: String,
    /// The domain of handles.
    pub handle_domain: String,
    /// The data directory has been served in lab mode and may never be served outside it.
    pub lab: bool,
    /// Something has been sent to a peer under this origin.
    pub federated: bool,
    /// When the data directory was made.
    pub created_at: Timestamp,
}
record!(Identity, 1);

/// Settings an administrator changes while the server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Settings {
    /// The server's name.
    pub title: String,
    /// One sentence on what it is for.
    pub description: String,
    /// Who to write to.
    pub contact_email: String,
    /// Rules, in order.
    pub rules: Vec<String>,
}
record!(Settings, 1);

/// The one row of a table with one row.
const ONLY: u8 = 0;

pub(crate) const IDENTITY: Table<u8, Identity> = Table::new(100, "identity");
pub(crate) const SETTINGS: Table<u8, Settings> = Table::new(101, "settings");
pub(crate) const INSTANCE_KEYS: Table<u8, SigningKeys> = Table::new(102, "instance_keys");

/// The identity, once it is fixed.
///
/// # Errors
/// Storage errors.
pub fn identity(read: &dyn Read) -> Result<Option<Identity>> {
    IDENTITY.get(read, &ONLY)
}

/// Fixes or extends the identity.
pub fn put_identity(tx: &mut Tx<'_>, identity: &Identity) {
    IDENTITY.put(tx, &ONLY, identity);
}

/// The settings; defaults before anybody changed them.
///
/// # Errors
/// Storage errors.
pub fn settings(read: &dyn Read) -> Result<Settings> {
    Ok(SETTINGS.get(read, &ONLY)?.unwrap_or_default())
}

/// Changes the settings.
pub fn put_settings(tx: &mut Tx<'_>, settings: &Settings) {
    SETTINGS.put(tx, &ONLY, settings);
}

/// The instance actor's keys, made at the first start.
///
/// # Errors
/// Storage errors.
pub fn keys(read: &dyn Read) -> Result<Option<SigningKeys>> {
    INSTANCE_KEYS.get(read, &ONLY)
}

/// Stores the instance actor's keys.
pub fn put_keys(tx: &mut Tx<'_>, keys: &SigningKeys) {
    INSTANCE_KEYS.put(tx, &ONLY, keys);
}

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

/// Who may sign up. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Registrations {
    /// Nobody.
    #[default]
    Closed,
    /// Whoever somebody who looks after the server lets in.
    Approve,
    /// Everybody.
    Open,
}

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
    /// Who may sign up.
    pub registrations: Registrations,
    /// What is said while nobody may sign up; may be empty.
    pub registrations_message: String,
    /// Whoever wants to be let in must say why.
    pub reason_required: bool,
    /// Years that whoever signs up must have; 0: any age.
    pub min_age: u8,
}
record!(Settings, 2, { 1 => SettingsV1 });

/// Before people could sign up.
#[derive(Deserialize)]
struct SettingsV1 {
    title: String,
    description: String,
    contact_email: String,
    rules: Vec<String>,
}

impl From<SettingsV1> for Settings {
    fn from(old: SettingsV1) -> Self {
        let SettingsV1 { title, description, contact_email, rules } = old;
        Settings { title, description, contact_email, rules, ..Settings::default() }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn settings_of_every_version_are_read() {
        let old = [1, 1, b't', 1, b'd', 1, b'c', 1, 1, b'r'];
        let settings = Settings::decode(&old).expect("version 1");
        let expected = Settings {
            title: "t".to_owned(),
            description: "d".to_owned(),
            contact_email: "c".to_owned(),
            rules: vec!["r".to_owned()],
            ..Settings::default()
        };
        assert_eq!(settings, expected);
        let settings = Settings {
            registrations: Registrations::Approve,
            registrations_message: "m".to_owned(),
            reason_required: true,
            min_age: 16,
            ..settings
        };
        assert_eq!(settings.encode(), [2, 1, b't', 1, b'd', 1, b'c', 1, 1, b'r', 1, 1, b'm', 1, 16]);
        assert_eq!(Settings::decode(&settings.encode()).expect("version 2"), settings);
    }
}

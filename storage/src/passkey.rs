//! Passkeys: keys with which people sign in instead of a password (WebAuthn).

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, Timestamp},
    key::Digest,
    limits,
    octets::Octets,
    record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    user::USERS,
};
use serde::{Deserialize, Serialize};

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// What its owner calls it.
    pub name: String,
    /// What its authenticator calls it, at most 1023 bytes.
    pub credential: Octets,
    /// Its public half, a COSE key.
    pub key: Octets,
    /// How often it signed, where the authenticator counts.
    pub counter: u32,
    /// Whether it may be copied to other devices.
    pub may_be_copied: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody signed in with it last.
    pub used_at: Option<Timestamp>,
}
record!(Passkey, 1);

/// (account, digest of the authenticator's name for it) → passkey.
pub const PASSKEYS: Table<(AccountId, Digest), Passkey> = Table::new(465, "passkey");

/// The passkey of `account` that its authenticator calls so.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId, credential: &[u8]) -> Result<Option<Passkey>> {
    let found = PASSKEYS.get(read, &(account, Digest::of_bytes(credential)))?;
    Ok(found.filter(|passkey| *passkey.credential == *credential))
}

/// The passkeys of `account`, at most `limits::PASSKEYS`.
///
/// # Errors
/// Storage errors.
pub fn of_account(read: &dyn Read, account: AccountId) -> Result<Vec<(Digest, Passkey)>> {
    let rows = PASSKEYS.list(read, &account, Bounds::NONE, Direction::Ascending, limits::PASSKEYS)?;
    Ok(rows.into_iter().map(|((_, digest), passkey)| (digest, passkey)).collect())
}

/// Stores a passkey of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, passkey: &Passkey) {
    PASSKEYS.put(tx, &(account, Digest::of_bytes(&passkey.credential)), passkey);
}

/// Removes all passkeys of `account`.
///
/// # Errors
/// Storage errors.
pub fn remove_all(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for (digest, _) in of_account(tx, account)? {
        PASSKEYS.delete(tx, &(account, digest));
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &PASSKEYS, to: |(account, _), _| vec![Pointer::to(&USERS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let passkey = Passkey {
            name: "n".to_owned(),
            credential: Octets(vec![1, 2]),
            key: Octets(vec![3]),
            counter: 4,
            may_be_copied: true,
            created_at: Timestamp(1_000),
            used_at: None,
        };
        assert_eq!(passkey.encode(), [1, 1, b'n', 2, 1, 2, 1, 3, 4, 1, 0xd0, 0x0f, 0]);
        assert_eq!(Passkey::decode(&passkey.encode()).expect("readable"), passkey);
    }
}

//! The key with which an account here, or the server itself, signed before its keys were changed: it signs the activity that
//! tells of the change, because peers still know it, and goes when all have heard.

use crate::{
    account,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, Timestamp},
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A key that is not used any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetiredKey {
    /// RSA-2048, PKCS#8 DER.
    pub rsa_private: Vec<u8>,
    /// When another took its place.
    pub retired_at: Timestamp,
}
record!(RetiredKey, 1);

/// Local account → the key it had before.
pub const RETIRED_KEYS: Table<AccountId, RetiredKey> = Table::new(431, "retired_key");

/// The one row of a table with one row.
const ONLY: u8 = 0;

/// The key that the instance actor had before.
pub const RETIRED_INSTANCE_KEY: Table<u8, RetiredKey> = Table::new(503, "retired_instance_key");

/// The key that `account` had before, until its followers' servers have heard of the new one.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId) -> Result<Option<RetiredKey>> {
    RETIRED_KEYS.get(read, &account)
}

/// Keeps the key that `account` has until now.
pub fn keep(tx: &mut Tx<'_>, account: AccountId, rsa_private: Vec<u8>) {
    let retired_at = tx.now();
    RETIRED_KEYS.put(tx, &account, &RetiredKey { rsa_private, retired_at });
}

/// Nobody needs it any more.
pub fn forget(tx: &mut Tx<'_>, account: AccountId) {
    RETIRED_KEYS.delete(tx, &account);
}

/// The key that the instance actor had until `at`, unless all have heard of the new one or another was retired since.
///
/// # Errors
/// Storage errors.
pub fn find_of_instance(read: &dyn Read, at: Timestamp) -> Result<Option<RetiredKey>> {
    Ok(RETIRED_INSTANCE_KEY.get(read, &ONLY)?.filter(|key| key.retired_at == at))
}

/// Keeps the key that the instance actor has until now; answers when that is.
pub fn keep_of_instance(tx: &mut Tx<'_>, rsa_private: Vec<u8>) -> Timestamp {
    let retired_at = tx.now();
    RETIRED_INSTANCE_KEY.put(tx, &ONLY, &RetiredKey { rsa_private, retired_at });
    retired_at
}

/// All have heard of the key that took the place of the one retired at `at`; a later one stays.
pub(crate) fn forget_of_instance(tx: &mut Tx<'_>, at: Timestamp) -> Result<()> {
    if find_of_instance(tx, at)?.is_some() {
        RETIRED_INSTANCE_KEY.delete(tx, &ONLY);
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &RETIRED_KEYS, to: |id, _| vec![Pointer::to(&account::ACCOUNTS, id)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let key = RetiredKey { rsa_private: vec![7, 8], retired_at: Timestamp(1) };
        assert_eq!(key.encode(), [1, 2, 7, 8, 2]);
        assert!(RetiredKey::decode(&key.encode()).expect("readable") == key);
    }
}

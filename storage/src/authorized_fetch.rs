//! Authorized fetch: whether documents are given only to servers that sign for them (FEDERATION.md, "What to know").

use crate::{
    error::Result,
    id::Timestamp,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// Whether whoever asks for a document must sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizedFetch {
    /// Since when; `None`: public documents are for everybody.
    pub since: Option<Timestamp>,
}
record!(AuthorizedFetch, 1);

/// 0 → whether fetches must be signed; no row: nobody has decided yet, and they need not.
pub const AUTHORIZED_FETCH: Table<u8, AuthorizedFetch> = Table::new(430, "authorized_fetch");

const ONLY: u8 = 0;

/// Since when fetches must be signed; `None`: they need not.
///
/// # Errors
/// Storage errors.
pub fn since(read: &dyn Read) -> Result<Option<Timestamp>> {
    Ok(AUTHORIZED_FETCH.get(read, &ONLY)?.unwrap_or_default().since)
}

/// Wants fetches signed from now on, or no longer. Repeated, it keeps the time.
///
/// # Errors
/// Storage errors.
pub fn set(tx: &mut Tx<'_>, wanted: bool) -> Result<()> {
    if since(tx)?.is_some() != wanted {
        let since = wanted.then(|| tx.now());
        AUTHORIZED_FETCH.put(tx, &ONLY, &AuthorizedFetch { since });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let on = AuthorizedFetch { since: Some(Timestamp(1)) };
        assert_eq!((on.encode(), AuthorizedFetch::default().encode()), (vec![1, 1, 2], vec![1, 0]));
        assert_eq!(AuthorizedFetch::decode(&on.encode()).expect("readable"), on);
    }
}

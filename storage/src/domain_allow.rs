//! Limited federation: whether it is on, and the servers that are let in then.

use crate::{
    check::describe::{Claim, Described, Index},
    error::Result,
    id::{RowId, Timestamp},
    peer, record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A domain that is let in, with all below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainAllow {
    /// Its number.
    pub id: RowId,
    /// The domain (punycode, lower case, perhaps with a port).
    pub domain: String,
    /// When it was let in.
    pub created_at: Timestamp,
}
record!(DomainAllow, 1);

/// Whether only allowed domains are let in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limited {
    /// Since when; `None`: everybody is let in.
    pub since: Option<Timestamp>,
}
record!(Limited, 1);

/// Domain → that it is let in, with all below it.
pub const DOMAIN_ALLOWS: Table<String, DomainAllow> = Table::new(405, "domain_allow");
/// number → the same row, for lists by number.
pub const DOMAIN_ALLOWS_BY_ID: Table<RowId, DomainAllow> = Table::new(406, "domain_allow_by_id");
/// 0 → whether only allowed domains are let in; no row: nobody has decided yet, and everybody is.
pub const LIMITED: Table<u8, Limited> = Table::new(407, "limited_federation");

pub(crate) const ONLY: u8 = 0;

/// Since when only allowed domains are let in; `None`: everybody is.
///
/// # Errors
/// Storage errors.
pub fn limited_since(read: &dyn Read) -> Result<Option<Timestamp>> {
    Ok(LIMITED.get(read, &ONLY)?.unwrap_or_default().since)
}

/// Lets only allowed domains in from now on, or everybody. Repeated, it keeps the time.
///
/// # Errors
/// Storage errors.
pub fn set_limited(tx: &mut Tx<'_>, limited: bool) -> Result<()> {
    let since = limited_since(tx)?;
    if since.is_some() != limited {
        let since = limited.then(|| tx.now());
        LIMITED.put(tx, &ONLY, &Limited { since });
    }
    Ok(())
}

/// Whether `authority` (`host` or `host:port`) is let in: itself with its port, its host, or a domain above.
///
/// # Errors
/// Storage errors.
pub fn is_allowed(read: &dyn Read, authority: &str) -> Result<bool> {
    for domain in peer::named_by(authority) {
        if DOMAIN_ALLOWS.contains(read, &domain.to_owned())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Since when `authority` is not let in, because federation is limited and nobody allowed it.
///
/// # Errors
/// Storage errors.
pub fn shut_out_since(read: &dyn Read, authority: &str) -> Result<Option<Timestamp>> {
    match limited_since(read)? {
        Some(since) if !is_allowed(read, authority)? => Ok(Some(since)),
        _ => Ok(None),
    }
}

/// Stores that a domain is let in.
pub fn put(tx: &mut Tx<'_>, allow: &DomainAllow) {
    DOMAIN_ALLOWS.put(tx, &allow.domain, allow);
    DOMAIN_ALLOWS_BY_ID.put(tx, &allow.id, allow);
}

/// Lets it in no more.
pub fn remove(tx: &mut Tx<'_>, allow: &DomainAllow) {
    DOMAIN_ALLOWS.delete(tx, &allow.domain);
    DOMAIN_ALLOWS_BY_ID.delete(tx, &allow.id);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[&Index {
    table: &DOMAIN_ALLOWS_BY_ID,
    of: &[&DOMAIN_ALLOWS],
    wants: |_, allow| vec![(allow.id, allow.clone())],
    owner: |_, allow| allow.domain.clone(),
    claim: Claim::Sole,
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let allow = DomainAllow { id: RowId(7), domain: "a.b".to_owned(), created_at: Timestamp(1) };
        assert_eq!(allow.encode(), [1, 7, 3, b'a', b'.', b'b', 2]);
        assert_eq!(DomainAllow::decode(&allow.encode()).expect("readable"), allow);
        let limited = Limited { since: Some(Timestamp(1)) };
        assert_eq!(
            (limited.encode().as_slice(), Limited::default().encode().as_slice()),
            (&[1, 1, 2][..], &[1, 0][..])
        );
        assert_eq!(Limited::decode(&limited.encode()).expect("readable"), limited);
    }
}

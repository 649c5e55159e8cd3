//! How another server wants to be spoken with, as it has shown itself: which signatures it takes and makes, what it refuses.

use crate::{
    error::Result,
    id::Timestamp,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// A way to sign requests. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// draft-cavage-http-signatures-12.
    Cavage,
    /// RFC 9421.
    Rfc9421,
}

/// What a server has shown of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manner {
    /// The form it took after refusing the other one, and when.
    pub takes: Option<(Form, Timestamp)>,
    /// The form of what it sends, and since when.
    pub signs: Option<(Form, Timestamp)>,
    /// Since when it refuses what others said and we pass on (ActivityPub §7.1.2).
    pub refuses_passed_on: Option<Timestamp>,
}
record!(Manner, 1);

/// Authority → its manner. Nothing stands here of servers that were never out of the ordinary.
pub const MANNERS: Table<String, Manner> = Table::new(483, "peer_manner");

/// What `domain` has shown of itself.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, domain: &str) -> Result<Manner> {
    Ok(MANNERS.get(read, &domain.to_owned())?.unwrap_or_default())
}

/// `domain` took a signature of this form after refusing the other one.
///
/// # Errors
/// Storage errors.
pub fn takes(tx: &mut Tx<'_>, domain: &str, form: Form) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| manner.takes = Some((form, now)))
}

/// `domain` sent something with a signature of this form; written down if it is another than the last one.
///
/// # Errors
/// Storage errors.
pub fn signs(tx: &mut Tx<'_>, domain: &str, form: Form) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| {
        if manner.signs.is_none_or(|(known, _)| known != form) {
            manner.signs = Some((form, now));
        }
    })
}

/// `domain` refused what was passed on to it.
///
/// # Errors
/// Storage errors.
pub fn refuses_passed_on(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| {
        manner.refuses_passed_on.get_or_insert(now);
    })
}

fn change(tx: &mut Tx<'_>, domain: &str, change: impl FnOnce(&mut Manner)) -> Result<()> {
    let before = find(tx, domain)?;
    let mut manner = before.clone();
    change(&mut manner);
    if manner != before {
        MANNERS.put(tx, &domain.to_owned(), &manner);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let manner = Manner {
            takes: Some((Form::Rfc9421, Timestamp(1))),
            signs: Some((Form::Cavage, Timestamp(2))),
            refuses_passed_on: Some(Timestamp(3)),
        };
        assert_eq!(manner.encode(), [1, 1, 1, 2, 1, 0, 4, 1, 6]);
        assert_eq!(Manner::decode(&manner.encode()).expect("readable"), manner);
        assert_eq!(Manner::default().encode(), [1, 0, 0, 0]);
    }
}

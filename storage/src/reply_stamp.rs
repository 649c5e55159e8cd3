//! What shows that the author of a status elsewhere lets a reply from elsewhere stand below it (GoToSocial, interaction
//! policies), beside that reply. Written when the reply goes below it, gone with the reply or once its author takes it back.

use crate::{
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::StatusId,
    key::Digest,
    limits, record,
    status::STATUSES,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// A `ReplyAuthorization` that was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyStamp {
    /// Its uri.
    pub uri: String,
}
record!(ReplyStamp, 1);

/// Reply of another server → what it showed for the leave of who is answered.
pub const REPLY_STAMPS: Table<StatusId, ReplyStamp> = Table::new(507, "reply_stamp");
/// (digest of its uri, reply), so that its Delete finds them.
pub const REPLIES_BY_STAMP: Table<(Digest, StatusId), ()> = Table::new(508, "reply_by_stamp");

/// Stores what `reply` showed, instead of what it showed before.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, reply: StatusId, uri: &str) -> Result<()> {
    remove(tx, reply)?;
    REPLY_STAMPS.put(tx, &reply, &ReplyStamp { uri: uri.to_owned() });
    REPLIES_BY_STAMP.put(tx, &(Digest::of(uri), reply), &());
    Ok(())
}

/// Whether `uri` is what `reply` showed last.
///
/// # Errors
/// Storage errors.
pub fn is_kept(read: &dyn Read, reply: StatusId, uri: &str) -> Result<bool> {
    Ok(REPLY_STAMPS.get(read, &reply)?.is_some_and(|stamp| stamp.uri == uri))
}

/// Forgets what `reply` showed.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, reply: StatusId) -> Result<()> {
    if let Some(stamp) = REPLY_STAMPS.get(tx, &reply)? {
        REPLY_STAMPS.delete(tx, &reply);
        REPLIES_BY_STAMP.delete(tx, &(Digest::of(&stamp.uri), reply));
    }
    Ok(())
}

/// The replies that showed `uri`, at most `limits::REPLIES_OF_STAMP`.
///
/// # Errors
/// Storage errors.
pub fn replies(read: &dyn Read, uri: &str) -> Result<Vec<StatusId>> {
    let most = limits::REPLIES_OF_STAMP;
    let rows = REPLIES_BY_STAMP.list(read, &Digest::of(uri), Bounds::NONE, Direction::Ascending, most)?;
    let mut found = Vec::new();
    for ((_, reply), ()) in rows {
        // The digest only leads to the row; the row holds the uri itself.
        if REPLY_STAMPS.get(read, &reply)?.is_some_and(|stamp| stamp.uri == uri) {
            found.push(reply);
        }
    }
    Ok(found)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &REPLIES_BY_STAMP,
        of: &[&REPLY_STAMPS],
        wants: |reply, stamp| vec![((Digest::of(&stamp.uri), *reply), ())],
        owner: |(_, reply), ()| *reply,
        claim: Claim::Sole,
    },
    &Reference { of: &REPLY_STAMPS, to: |reply, _| vec![Pointer::to(&STATUSES, reply)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let stamp = ReplyStamp { uri: "https://a.test/1".to_owned() };
        let bytes = b"\x01\x10https://a.test/1";
        assert_eq!(stamp.encode(), bytes);
        assert_eq!(ReplyStamp::decode(bytes).expect("readable"), stamp);
    }
}

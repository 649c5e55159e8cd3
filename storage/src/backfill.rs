//! What is read from other servers because somebody here looks at it: which threads and profiles were asked for, and
//! when; and what statuses of other servers say of their own numbers.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, StatusId, Timestamp},
    limits, record,
    status::STATUSES,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// That a thread or a profile was asked for at its servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When somebody looked and the asking began.
    pub at: Timestamp,
    /// When it ended; `None`: it is not over yet.
    pub ended_at: Option<Timestamp>,
    /// Statuses that came by it so far.
    pub found: u32,
}
record!(Asked, 1);

impl Asked {
    /// Whether it is asked for again: not before the cool-down, nor while the last time is not over, unless that was
    /// given up.
    #[must_use]
    pub fn is_due(&self, now: Timestamp, cool_down_ms: i64) -> bool {
        let pause = if self.ended_at.is_some() { cool_down_ms } else { limits::BACKFILL_GIVEN_UP_MS };
        now.ms_since(self.at) >= pause
    }
}

/// What a status of another server says of itself; nobody can check it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Replies to it.
    pub replies: Option<u64>,
    /// Who likes it.
    pub likes: Option<u64>,
    /// Who shares it.
    pub shares: Option<u64>,
    /// The uri of the group that it is for (`audience`), which may be none and unknown here.
    pub group: Option<String>,
}
record!(Stated, 2, { 1 => StatedV1 });

/// What a status said of itself before groups were kept, frozen.
#[derive(Serialize, Deserialize)]
struct StatedV1 {
    replies: Option<u64>,
    likes: Option<u64>,
    shares: Option<u64>,
}

impl From<StatedV1> for Stated {
    fn from(StatedV1 { replies, likes, shares }: StatedV1) -> Self {
        Stated { replies, likes, shares, group: None }
    }
}

/// First known status of a thread → when it was asked for.
pub const THREADS: Table<StatusId, Asked> = Table::new(440, "thread_asked");
/// Account elsewhere → when its statuses were asked for.
pub const PROFILES: Table<AccountId, Asked> = Table::new(441, "profile_asked");
/// Status of another server → its own numbers, and its group.
pub const STATED: Table<StatusId, Stated> = Table::new(442, "status_stated");

/// What the status `id` says of its numbers and its group; of one that says nothing there is nothing.
///
/// # Errors
/// Storage errors.
pub fn stated(read: &dyn Read, id: StatusId) -> Result<Stated> {
    Ok(STATED.get(read, &id)?.unwrap_or_default())
}

/// Keeps what a status says of its numbers and its group; what it does not say stays as it was said before, and noughts
/// are worth no row of their own. The group that it said first it keeps: its thread is not led elsewhere later. Whether
/// anything changed.
///
/// # Errors
/// Storage errors.
pub fn state(tx: &mut Tx<'_>, id: StatusId, said: Stated) -> Result<bool> {
    let before = stated(tx, id)?;
    let after = Stated {
        replies: said.replies.or(before.replies),
        likes: said.likes.or(before.likes),
        shares: said.shares.or(before.shares),
        group: before.group.clone().or(said.group),
    };
    let counts = [after.replies, after.likes, after.shares];
    let says_nothing = after.group.is_none() && counts.iter().all(|said| said.unwrap_or_default() == 0);
    if after == before || (says_nothing && before == Stated::default()) {
        return Ok(false);
    }
    STATED.put(tx, &id, &after);
    Ok(true)
}

/// Forgets what is kept of a status that goes.
pub(crate) fn forget_status(tx: &mut Tx<'_>, id: StatusId) {
    THREADS.delete(tx, &id);
    STATED.delete(tx, &id);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &THREADS, to: |id, _| vec![Pointer::to(&STATUSES, id)], unless: always },
    &Reference { of: &PROFILES, to: |id, _| vec![Pointer::to(&ACCOUNTS, id)], unless: always },
    &Reference { of: &STATED, to: |id, _| vec![Pointer::to(&STATUSES, id)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let asked = Asked { at: Timestamp(1_000), ended_at: Some(Timestamp(1)), found: 300 };
        assert_eq!(asked.encode(), [1, 0xd0, 0x0f, 1, 2, 0xac, 2]);
        assert_eq!(Asked::decode(&asked.encode()).expect("readable"), asked);
        let stated = Stated { replies: Some(7), likes: None, shares: Some(300), group: None };
        assert_eq!(Stated::decode(&[1, 1, 7, 0, 1, 0xac, 2]).expect("version 1"), stated);
        let stated = Stated { group: Some("x".to_owned()), ..stated };
        assert_eq!(stated.encode(), [2, 1, 7, 0, 1, 0xac, 2, 1, 1, b'x']);
        assert_eq!(Stated::decode(&stated.encode()).expect("readable"), stated);
    }
}

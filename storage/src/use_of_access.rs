//! When tokens and sessions were used last, to the hour: what people look at before they take access away.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::Timestamp,
    key::SecretHash,
    limits,
    oauth::TOKENS,
    record,
    store::Tx,
    table::Table,
    user::SESSIONS,
};
use serde::{Deserialize, Serialize};

/// When something was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The time.
    pub at: Timestamp,
}
record!(Used, 1);

/// Hash of a token → when it was used last.
pub const TOKEN_USES: Table<SecretHash, Used> = Table::new(468, "token_use");
/// Hash of a cookie → when its session was used last.
pub const SESSION_USES: Table<SecretHash, Used> = Table::new(469, "session_use");

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// The token with this hash.
    Token(SecretHash),
    /// The session whose cookie has this hash.
    Session(SecretHash),
}

/// Stores that something was used at a time, unless it is gone or the last use stored is less than
/// `limits::USE_TOLD_MS` before.
///
/// # Errors
/// Storage errors.
pub fn note(tx: &mut Tx<'_>, used: Access, at: Timestamp) -> Result<()> {
    let (table, hash, there) = match used {
        Access::Token(hash) => (&TOKEN_USES, hash, TOKENS.contains(tx, &hash)?),
        Access::Session(hash) => (&SESSION_USES, hash, SESSIONS.contains(tx, &hash)?),
    };
    let known = table.get(tx, &hash)?;
    if there && known.is_none_or(|known| at.ms_since(known.at) >= limits::USE_TOLD_MS) {
        table.put(tx, &hash, &Used { at });
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &TOKEN_USES, to: |hash, _| vec![Pointer::to(&TOKENS, hash)], unless: always },
    &Reference { of: &SESSION_USES, to: |hash, _| vec![Pointer::to(&SESSIONS, hash)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let used = Used { at: Timestamp(1_000) };
        assert_eq!(used.encode(), [1, 0xd0, 0x0f]);
        assert_eq!(Used::decode(&used.encode()).expect("readable"), used);
    }
}

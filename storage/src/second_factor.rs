//! Second factors: what somebody proves beside their password, the codes that stand in for it, and who is half signed in.

use crate::{
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::{AccountId, Timestamp},
    key::SecretHash,
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    user::USERS,
};
use serde::{Deserialize, Serialize};

/// The secret that somebody's program makes codes from (RFC 6238).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The secret, 160 bits (RFC 4226 §4).
    pub secret: [u8; 20],
    /// The step of the last code that was taken: codes of it and of earlier ones count no more (RFC 6238 §5.2).
    pub last_step: u64,
    /// When it was turned on.
    pub since: Timestamp,
}
record!(SecondFactor, 1);

/// Somebody who gave the right password and owes a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondStep {
    /// When the password was given.
    pub begun_at: Timestamp,
    /// Wrong codes since.
    pub wrong: u32,
}
record!(SecondStep, 1);

/// account → the second factor of its user; none: the password is enough.
pub const SECOND_FACTORS: Table<AccountId, SecondFactor> = Table::new(461, "second_factor");
/// (account, hash of a code): codes that stand in for the program, each once.
pub const SPARE_CODES: Table<(AccountId, SecretHash), ()> = Table::new(462, "spare_code");
/// (account, hash of a cookie) → who is half signed in there.
pub const SECOND_STEPS: Table<(AccountId, SecretHash), SecondStep> = Table::new(464, "second_step");

/// The second factor of `account`, if it has one.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId) -> Result<Option<SecondFactor>> {
    SECOND_FACTORS.get(read, &account)
}

/// How many spare codes are left, at most `limits::SPARE_CODES`.
///
/// # Errors
/// Storage errors.
pub fn spare_codes(read: &dyn Read, account: AccountId) -> Result<usize> {
    Ok(SPARE_CODES.list(read, &account, Bounds::NONE, Direction::Ascending, limits::SPARE_CODES)?.len())
}

/// Stores spare codes, at most `limits::SPARE_CODES`, in place of those there were.
///
/// # Errors
/// Storage errors.
pub fn put_spare_codes(tx: &mut Tx<'_>, account: AccountId, hashes: &[SecretHash]) -> Result<()> {
    for (key, ()) in SPARE_CODES.list(tx, &account, Bounds::NONE, Direction::Ascending, limits::SPARE_CODES)? {
        SPARE_CODES.delete(tx, &key);
    }
    for hash in hashes.iter().take(limits::SPARE_CODES) {
        SPARE_CODES.put(tx, &(account, *hash), &());
    }
    Ok(())
}

/// Stores that somebody is half signed in; of `limits::SECOND_STEPS` that an account has already, the oldest goes.
///
/// # Errors
/// Storage errors.
pub fn put_step(tx: &mut Tx<'_>, account: AccountId, hash: SecretHash, step: &SecondStep) -> Result<()> {
    let known = SECOND_STEPS.list(tx, &account, Bounds::NONE, Direction::Ascending, limits::SECOND_STEPS)?;
    if known.len() >= limits::SECOND_STEPS
        && let Some((oldest, _)) = known.iter().min_by_key(|(_, step)| step.begun_at)
    {
        SECOND_STEPS.delete(tx, oldest);
    }
    SECOND_STEPS.put(tx, &(account, hash), step);
    Ok(())
}

/// Removes the second factor of `account` with its codes and whoever is half signed in.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    SECOND_FACTORS.delete(tx, &account);
    put_spare_codes(tx, account, &[])?;
    remove_steps(tx, account)
}

/// Removes whoever is half signed in.
///
/// # Errors
/// Storage errors.
pub fn remove_steps(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for (key, _) in SECOND_STEPS.list(tx, &account, Bounds::NONE, Direction::Ascending, limits::SECOND_STEPS)? {
        SECOND_STEPS.delete(tx, &key);
    }
    Ok(())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &SECOND_FACTORS, to: |account, _| vec![Pointer::to(&USERS, account)], unless: always },
    &Reference { of: &SPARE_CODES, to: |(account, _), ()| vec![Pointer::to(&SECOND_FACTORS, account)], unless: always },
    &Reference { of: &SECOND_STEPS, to: |(account, _), _| vec![Pointer::to(&USERS, account)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let factor = SecondFactor { secret: [7; 20], last_step: 300, since: Timestamp(1_000) };
        assert_eq!(factor.encode(), [&[1][..], &[7; 20], &[0xac, 0x02, 0xd0, 0x0f]].concat());
        assert!(SecondFactor::decode(&factor.encode()).is_ok_and(|read| read == factor));
        let step = SecondStep { begun_at: Timestamp(1_000), wrong: 3 };
        assert_eq!(step.encode(), [1, 0xd0, 0x0f, 3]);
        assert_eq!(SecondStep::decode(&step.encode()).expect("readable"), step);
    }
}

//! What only time makes superfluous and no index leads to: looked through a part at a time, once a day.

use crate::{error::Result, limits};
use std::ops::ControlFlow;
use storage::{
    Direction, Key, Read, Table, Timestamp, Tx,
    new_address::NEW_ADDRESSES,
    oauth::{self, APPLICATIONS, AUTHORIZATION_CODES, TOKENS},
    record::Record,
    second_factor::SECOND_STEPS,
    status::{IDEMPOTENCY_KEYS, TOMBSTONES},
    table::KeyRange,
    use_of_access::TOKEN_USES,
    user::{SESSIONS, delete_session},
};

/// Where looking through has come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expiring {
    table: usize,
    from: Vec<u8>,
}

/// Looks at the next rows and removes what has expired; answers where to go on, `None` at the end.
///
/// # Errors
/// Storage errors.
pub fn expire(tx: &mut Tx<'_>, at: &Expiring) -> Result<Option<Expiring>> {
    let now = tx.now();
    let older = |time: Timestamp, ms: i64| now.ms_since(time) > ms;
    let from = at.from.clone();
    let next = match at.table {
        0 => {
            let (old, next) = look(tx, &TOMBSTONES, from, |_, at| older(*at, limits::TOMBSTONE_MS))?;
            old.iter().for_each(|(key, _)| TOMBSTONES.delete(tx, key));
            next
        }
        1 => {
            // A day longer than it holds: a second use is told from a guess (RFC 6749 §4.1.2).
            let (old, next) =
                look(tx, &AUTHORIZATION_CODES, from, |_, code| older(code.created_at, limits::CODE_KEPT_MS))?;
            old.iter().for_each(|(key, _)| AUTHORIZATION_CODES.delete(tx, key));
            next
        }
        2 => {
            let expired = limits::SESSION_SECONDS * 1_000;
            let (old, next) = look(tx, &SESSIONS, from, |_, session| older(session.created_at, expired))?;
            for (key, session) in old {
                delete_session(tx, session.account, key);
            }
            next
        }
        3 => {
            let (old, next) = look(tx, &IDEMPOTENCY_KEYS, from, |_, id| older(id.time(), limits::IDEMPOTENCY_MS))?;
            old.iter().for_each(|(key, _)| IDEMPOTENCY_KEYS.delete(tx, key));
            next
        }
        4 => {
            let (old, next) = look(tx, &SECOND_STEPS, from, |_, step| older(step.begun_at, limits::SECOND_STEP_MS))?;
            old.iter().for_each(|(key, _)| SECOND_STEPS.delete(tx, key));
            next
        }
        5 => {
            let (old, next) =
                look(tx, &NEW_ADDRESSES, from, |_, wanted| older(wanted.asked_at, limits::CONFIRM_LINK_MS))?;
            old.iter().for_each(|(key, _)| NEW_ADDRESSES.delete(tx, key));
            next
        }
        6 => {
            let unused = limits::OWN_TOKEN_UNUSED_MS;
            let (old, next) =
                look(tx, &TOKENS, from, |_, token| token.account.is_none() && older(token.created_at, unused))?;
            for (hash, _) in old {
                if TOKEN_USES.get(tx, &hash)?.is_none_or(|used| older(used.at, unused)) {
                    oauth::delete_token(tx, hash)?;
                }
            }
            next
        }
        7 => {
            let unused = limits::APPLICATION_UNUSED_MS;
            let (old, next) = look(tx, &APPLICATIONS, from, |_, application| older(application.created_at, unused))?;
            let old = old.into_iter().map(|(_, application)| application).collect();
            for application in oauth::without_access(tx, old, limits::ACCESS_LOOKED_THROUGH)? {
                oauth::delete_application(tx, &application);
            }
            next
        }
        _ => return Ok(None),
    };
    Ok(Some(match next {
        Some(from) => Expiring { table: at.table, from },
        None => Expiring { table: at.table + 1, from: Vec::new() },
    }))
}

/// Rows that expired, and the key to go on from.
type Looked<K, R> = (Vec<(K, R)>, Option<Vec<u8>>);

/// Those of the next `limits::EXPIRE_STEP` rows that are `old`, at most `limits::EXPIRED_AT_ONCE`, and the key to go on
/// from.
pub(super) fn look<K: Key, R: Record>(
    read: &dyn Read,
    table: &Table<K, R>,
    from: Vec<u8>,
    old: impl Fn(&K, &R) -> bool,
) -> Result<Looked<K, R>> {
    let (mut found, mut seen, mut last, mut more) = (Vec::new(), 0, Vec::new(), false);
    let range = KeyRange { from, until: None };
    read.scan_bytes(table.id, &range, Direction::Ascending, &mut |key, value| {
        seen += 1;
        last = key.to_vec();
        let unreadable = || storage::Error::corrupt(table.name, storage::table::hex(key), "unreadable key");
        let (key, row) = (K::from_bytes(key).ok_or_else(unreadable)?, R::decode(value)?);
        if old(&key, &row) {
            found.push((key, row));
        }
        more = seen >= limits::EXPIRE_STEP || found.len() >= limits::EXPIRED_AT_ONCE;
        Ok(if more { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    last.push(0);
    Ok((found, Some(last).filter(|_| more)))
}

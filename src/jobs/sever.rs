//! Ends the follows of what was suspended here, after the decision: of one account, or of every account of a domain.

use crate::{error::Result, limits, relationship, server::Server};
use std::ops::ControlFlow;
use storage::{
    AccountId, Direction, Key,
    account::{self, ACCOUNT_BY_NAME},
    table::KeyRange,
};

/// Ends the follows and requests from and to `account`, as long as it is suspended.
///
/// # Errors
/// Storage errors.
pub(super) async fn account(server: &Server, account: AccountId) -> Result<()> {
    let step = move |tx: &mut storage::Tx<'_>| {
        let gone = account::find(tx, account)?.is_some_and(|account| account.suspended_at.is_some());
        if gone { relationship::sever_step(tx, account) } else { Ok(false) }
    };
    while server.write(step).await? {}
    Ok(())
}

/// Does so with every account whose handle is of `domain` or below it, in the order of their names. After a crash it
/// begins anew: what has ended has nothing left to end.
///
/// # Errors
/// Storage errors.
pub(super) async fn domain(server: &Server, domain: &str) -> Result<()> {
    // Behind the accounts of this server, whose domain is empty.
    let mut from = vec![1];
    loop {
        let (at, wanted) = (from, domain.to_owned());
        let Some((ids, next)) = server.read(move |view| page(view, &at, &wanted)).await? else { return Ok(()) };
        for id in ids {
            account(server, id).await?;
        }
        from = next;
    }
}

/// Suspended accounts with follows from the key `from` on that are of `domain` or below it, and the key to go on from. Of
/// a domain that is another one only the first row is read.
fn page(read: &dyn storage::Read, from: &[u8], domain: &str) -> Result<Option<(Vec<AccountId>, Vec<u8>)>> {
    let (mut ids, mut seen) = (Vec::new(), None);
    let mut steps = 0;
    let range = KeyRange { from: from.to_vec(), until: None };
    read.scan_bytes(ACCOUNT_BY_NAME.id, &range, Direction::Ascending, &mut |key, value| {
        let end = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
        let at = String::from_utf8_lossy(&key[..end]).into_owned();
        if !lies_within(&at, domain) {
            let mut behind = key[..end].to_vec();
            behind.push(1);
            seen = Some(behind);
            return Ok(ControlFlow::Break(()));
        }
        ids.extend(AccountId::from_bytes(value));
        let mut behind = key.to_vec();
        behind.push(0);
        seen = Some(behind);
        steps += 1;
        let full = steps == limits::SEVERED_ACCOUNTS_AT_ONCE;
        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    let Some(next) = seen else { return Ok(None) };
    // A nearer block may let a part of the domain in; most accounts are nobody's, and need no commit.
    let mut tied = Vec::new();
    for id in ids {
        let gone = account::find(read, id)?.is_some_and(|found| found.suspended_at.is_some());
        if gone && storage::relationship::is_tied(read, id)? {
            tied.push(id);
        }
    }
    Ok(Some((tied, next)))
}

/// Whether `authority` is `domain` or below it, on any port.
fn lies_within(authority: &str, domain: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let below = |name: &str| name == domain || name.strip_suffix(domain).is_some_and(|front| front.ends_with('.'));
    authority == domain || below(host)
}

#[cfg(test)]
mod tests {
    use super::lies_within;

    #[test]
    fn a_domain_holds_itself_and_what_is_below_on_every_port() {
        for inside in ["a.test", "b.a.test", "c.b.a.test:8443", "a.test:80"] {
            assert!(lies_within(inside, "a.test"), "{inside}");
        }
        for outside in ["ba.test", "a.test.b", "test", "", "a.tes"] {
            assert!(!lies_within(outside, "a.test"), "{outside}");
        }
        assert!(lies_within("a.test:80", "a.test:80") && !lies_within("a.test:81", "a.test:80"));
    }
}

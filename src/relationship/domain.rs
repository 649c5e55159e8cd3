//! Domains that one account wants nothing of.

use super::remove_from_followers;
use crate::{
    account::handle::normalise_domain,
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx, account,
    domain_block::{self, Blocked, DOMAIN_BLOCK_ROWS, DOMAIN_BLOCKS},
    job::{self, JobKind},
    relationship::{FOLLOW_REQUEST_ROWS, FOLLOWER_ROWS},
};

/// `account` blocks everybody at `domain`: nothing of it is listed any more, and who follows from there is removed by a
/// job.
///
/// # Errors
/// `Invalid` for what is no domain and above `limits::DOMAIN_BLOCKS_MAX` of them.
///
/// Source: client API, domain_blocks#create.
pub fn block_domain(tx: &mut Tx<'_>, account: AccountId, domain: &str) -> Result<()> {
    let domain = readable(domain)?;
    let most = limits::DOMAIN_BLOCKS_MAX;
    if !domain_block::blocks(tx, account, &domain)?
        && DOMAIN_BLOCKS.list(tx, &account, Bounds::NONE, Direction::Ascending, most)?.len() == most
    {
        return Err(Error::invalid("domain", format!("you block {most} domains; at most {most}")));
    }
    if domain_block::put(tx, account, &domain)? {
        job::enqueue(tx, JobKind::SeverDomain { account, domain });
    }
    Ok(())
}

/// Takes the block of a domain back; nothing happens if there is none.
///
/// # Errors
/// `Invalid` for what is no domain.
///
/// Source: client API, domain_blocks#destroy.
pub fn unblock_domain(tx: &mut Tx<'_>, account: AccountId, domain: &str) -> Result<()> {
    domain_block::remove(tx, account, &readable(domain)?)?;
    Ok(())
}

/// The domains `account` blocks, with their rows.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, domain_blocks.
pub fn blocked_domains(
    read: &dyn Read,
    account: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Vec<(RowId, String)>> {
    let rows = DOMAIN_BLOCK_ROWS.list(read, &account, bounds, direction, limit)?;
    let mut found: Vec<_> = rows.into_iter().map(|((_, row), Blocked { domain })| (row, domain)).collect();
    if direction == Direction::Ascending {
        found.reverse();
    }
    Ok(found)
}

/// Where the followers of a domain are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severing {
    /// Among followers, behind this row.
    Followers(Option<RowId>),
    /// Among those who ask to follow, behind this row.
    Requests(Option<RowId>),
}

/// Removes some of those who follow `account` from `domain`, or ask to; answers where to go on. Nothing is removed once
/// the block is taken back.
///
/// # Errors
/// Storage errors.
pub fn sever_domain_step(
    tx: &mut Tx<'_>,
    account: AccountId,
    domain: &str,
    from: Severing,
) -> Result<Option<Severing>> {
    if !domain_block::blocks(tx, account, domain)? {
        return Ok(None);
    }
    let (table, behind) = match from {
        Severing::Followers(behind) => (&FOLLOWER_ROWS, behind),
        Severing::Requests(behind) => (&FOLLOW_REQUEST_ROWS, behind),
    };
    let step = limits::RELATIONSHIPS_PURGED_AT_ONCE;
    let bounds = Bounds { above: behind.map(|row| row.0), below: None };
    let rows = table.list(tx, &account, bounds, Direction::Ascending, step)?;
    let last = rows.last().map(|((_, row), _)| *row).filter(|_| rows.len() == step);
    for (_, follower) in rows {
        let there = account::find(tx, follower)?;
        if there.is_some_and(|there| there.domain.as_deref() == Some(domain)) {
            remove_from_followers(tx, account, follower)?;
        }
    }
    Ok(match (from, last) {
        (Severing::Followers(_), Some(_)) => Some(Severing::Followers(last)),
        (Severing::Followers(_), None) => Some(Severing::Requests(None)),
        (Severing::Requests(_), Some(_)) => Some(Severing::Requests(last)),
        (Severing::Requests(_), None) => None,
    })
}

fn readable(domain: &str) -> Result<String> {
    normalise_domain(domain.trim()).ok_or_else(|| Error::invalid("domain", "domain is not a valid domain name"))
}

//! Limited federation: only servers that are let in are met. `storage::moderation::block_of` obeys it, so that whatever
//! obeys blocks of domains does.

use super::{
    Page,
    power::{Power, require},
};
use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx,
    domain_allow::{self, DOMAIN_ALLOWS, DOMAIN_ALLOWS_BY_ID, DomainAllow},
    moderation::{AuditAction, Subject, record_deed},
};

/// Lets `domain` (as `account::handle::normalise_domain` reads it) and all below it in; one that is let in stays so.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` beyond `limits::DOMAIN_ALLOWS_MAX`.
///
/// Source: client API, admin/domain_allows#create.
pub fn allow(tx: &mut Tx<'_>, by: AccountId, domain: &str) -> Result<RowId> {
    require(tx, by, Power::ManageFederation)?;
    if let Some(known) = DOMAIN_ALLOWS.get(tx, &domain.to_owned())? {
        return Ok(known.id);
    }
    let id = put(tx, domain)?;
    record_deed(tx, by, AuditAction::AllowDomain, Subject::Domain(domain.to_owned()), "");
    Ok(id)
}

/// Lets a domain in no more.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if it is not let in.
///
/// Source: client API, admin/domain_allows#delete.
pub fn disallow(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    let allow = find(tx, id)?;
    domain_allow::remove(tx, &allow);
    record_deed(tx, by, AuditAction::DisallowDomain, Subject::Domain(allow.domain), "");
    Ok(())
}

/// As [`allow`], by whoever can run commands on this machine.
///
/// # Errors
/// `Invalid` beyond `limits::DOMAIN_ALLOWS_MAX`.
pub fn allow_by_operator(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    if !DOMAIN_ALLOWS.contains(tx, &domain.to_owned())? {
        put(tx, domain)?;
    }
    Ok(())
}

/// As [`disallow`], by whoever can run commands on this machine.
///
/// # Errors
/// `NotFound` if it is not let in.
pub fn disallow_by_operator(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    let allow = DOMAIN_ALLOWS.get(tx, &domain.to_owned())?.ok_or(Error::NotFound)?;
    domain_allow::remove(tx, &allow);
    Ok(())
}

fn put(tx: &mut Tx<'_>, domain: &str) -> Result<RowId> {
    let most = limits::DOMAIN_ALLOWS_MAX;
    if DOMAIN_ALLOWS.list(tx, &(), Bounds::NONE, Direction::Ascending, most)?.len() == most {
        return Err(Error::invalid("domain", format!("{most} domains are let in; there cannot be more")));
    }
    let allow = DomainAllow { id: tx.next_id(), domain: domain.to_owned(), created_at: tx.now() };
    domain_allow::put(tx, &allow);
    Ok(allow.id)
}

/// The row with this number.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find(read: &dyn Read, id: RowId) -> Result<DomainAllow> {
    DOMAIN_ALLOWS_BY_ID.get(read, &id)?.ok_or(Error::NotFound)
}

/// Domains that are let in, within `bounds`, newest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, bounds: Bounds, direction: Direction, limit: usize) -> Result<Page<DomainAllow>> {
    let page = super::sign_up_block::list(read, &DOMAIN_ALLOWS_BY_ID, bounds, direction, limit)?;
    Ok(Page { rows: page.rows.into_iter().map(|(_, allow)| allow).collect(), examined: page.examined })
}

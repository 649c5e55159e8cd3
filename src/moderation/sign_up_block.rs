//! What keeps people from signing up, and networks from everything: decided by those who look after the server.

use super::{
    Page,
    power::{Power, require},
    within,
};
use crate::{
    error::{Error, Result},
    limits,
    user::sign_up::canonical_email,
};
use std::net::IpAddr;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, SecretHash, Tx,
    moderation::{AuditAction, Subject, record_deed},
    record::Record,
    sign_up_block::{
        self, CANONICAL_EMAIL_BLOCKS, CanonicalEmailBlock, EMAIL_DOMAIN_BLOCK_OF, EMAIL_DOMAIN_BLOCKS,
        EmailDomainBlock, IP_BLOCK_OF, IP_BLOCKS, IpBlock, IpSeverity, bits_of, network_of,
    },
    table::{Table, hex},
};

/// A page of numbered rows of a table, newest first.
///
/// # Errors
/// Storage errors.
pub fn list<R: Record>(
    read: &dyn Read,
    table: &Table<RowId, R>,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Page<(RowId, R)>> {
    let mut page = Page::default();
    for (id, row) in table.list(read, &(), bounds, direction, limit)? {
        page.pass(id.0);
        page.rows.push((id, row));
    }
    if direction == Direction::Ascending {
        page.rows.reverse();
    }
    Ok(page)
}

/// Blocks e-mail addresses of `domain` (as `account::handle::normalise_domain` reads it) and all below it.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` for a domain that is blocked already.
///
/// Source: client API, admin/email_domain_blocks#create.
pub fn block_email_domain(tx: &mut Tx<'_>, by: AccountId, domain: &str, allow_with_approval: bool) -> Result<RowId> {
    require(tx, by, Power::ManageBlocks)?;
    if EMAIL_DOMAIN_BLOCK_OF.contains(tx, &domain.to_owned())? {
        return Err(Error::invalid("domain", "Domain has already been taken"));
    }
    let id: RowId = tx.next_id();
    let block = EmailDomainBlock { domain: domain.to_owned(), allow_with_approval, created_at: tx.now() };
    sign_up_block::put_email_domain(tx, id, &block);
    record_deed(tx, by, AuditAction::BlockEmailDomain, Subject::Domain(block.domain), "");
    Ok(id)
}

/// Lifts such a block.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
pub fn lift_email_domain(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require(tx, by, Power::ManageBlocks)?;
    let block = EMAIL_DOMAIN_BLOCKS.get(tx, &id)?.ok_or(Error::NotFound)?;
    sign_up_block::remove_email_domain(tx, id, &block);
    record_deed(tx, by, AuditAction::UnblockEmailDomain, Subject::Domain(block.domain), "");
    Ok(())
}

/// What of a network's block is to be set; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpTerms {
    /// The network: first address and bits that all share.
    pub network: Option<(IpAddr, u8)>,
    /// What becomes of it.
    pub severity: Option<IpSeverity>,
    /// For those who look after the server, at most `limits::MODERATION_TEXT_CHARS_MAX` characters.
    pub comment: Option<String>,
    /// For how long from now on, milliseconds; `Some(None)`: for ever.
    pub lasts_ms: Option<Option<i64>>,
}

/// Reads `192.0.2.0/24`, `2001:db8::/32` or an address alone; bits beyond the prefix are cleared.
///
/// # Errors
/// `Invalid` for anything else.
pub fn parse_network(text: &str) -> Result<(IpAddr, u8)> {
    let refuse = || Error::invalid("ip", "IP is not a valid address or network");
    let (address, prefix) = match text.trim().split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text.trim(), None),
    };
    let address: IpAddr = address.parse().map_err(|_| refuse())?;
    let address = if prefix.is_none() { address.to_canonical() } else { address };
    let bits = bits_of(address);
    let prefix = match prefix {
        Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= bits).ok_or_else(refuse)?,
        None => bits,
    };
    Ok((network_of(address, prefix), prefix))
}

/// Blocks a network.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` without network or severity, for a network that has a block already, or a
/// long comment.
///
/// Source: client API, admin/ip_blocks#create.
pub fn block_ip(tx: &mut Tx<'_>, by: AccountId, terms: &IpTerms) -> Result<RowId> {
    require(tx, by, Power::ManageBlocks)?;
    let (address, prefix) = terms.network.ok_or_else(|| Error::invalid("ip", "IP can't be blank"))?;
    let severity = terms.severity.ok_or_else(|| Error::invalid("severity", "Severity can't be blank"))?;
    let now = tx.now();
    let fresh = IpBlock { address, prefix, severity, comment: String::new(), expires_at: None, created_at: now };
    let id: RowId = tx.next_id();
    let block = keep_ip(tx, id, fresh, terms)?;
    record_deed(tx, by, AuditAction::BlockIp, Subject::Network(block.network()), &block.comment);
    Ok(id)
}

/// Changes such a block.
///
/// # Errors
/// As [`block_ip`]; `NotFound` if there is none.
///
/// Source: client API, admin/ip_blocks#update.
pub fn change_ip(tx: &mut Tx<'_>, by: AccountId, id: RowId, terms: &IpTerms) -> Result<()> {
    require(tx, by, Power::ManageBlocks)?;
    let before = IP_BLOCKS.get(tx, &id)?.ok_or(Error::NotFound)?;
    let block = keep_ip(tx, id, before, terms)?;
    record_deed(tx, by, AuditAction::ChangeIpBlock, Subject::Network(block.network()), &block.comment);
    Ok(())
}

fn keep_ip(tx: &mut Tx<'_>, id: RowId, mut block: IpBlock, terms: &IpTerms) -> Result<IpBlock> {
    within("comment", terms.comment.as_deref().unwrap_or(""), limits::MODERATION_TEXT_CHARS_MAX)?;
    if let Some((address, prefix)) = terms.network {
        (block.address, block.prefix) = (address, prefix);
    }
    block.severity = terms.severity.unwrap_or(block.severity);
    if let Some(comment) = &terms.comment {
        block.comment.clone_from(comment);
    }
    if let Some(lasts) = terms.lasts_ms {
        block.expires_at = lasts.map(|ms| tx.now().plus_ms(ms));
    }
    if IP_BLOCK_OF.get(tx, &block.network())?.is_some_and(|other| other != id) {
        return Err(Error::invalid("ip", "IP has already been taken"));
    }
    sign_up_block::put_ip(tx, id, &block)?;
    Ok(block)
}

/// Lifts such a block.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
pub fn lift_ip(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require(tx, by, Power::ManageBlocks)?;
    let block = IP_BLOCKS.get(tx, &id)?.ok_or(Error::NotFound)?;
    sign_up_block::remove_ip(tx, id, &block);
    record_deed(tx, by, AuditAction::UnblockIp, Subject::Network(block.network()), "");
    Ok(())
}

/// The hash by which an address is blocked.
#[must_use]
pub fn email_hash(email: &str) -> SecretHash {
    SecretHash::of(&canonical_email(email))
}

/// Reads such a hash, 64 hexadecimal digits.
#[must_use]
pub fn parse_hash(text: &str) -> Option<SecretHash> {
    let text = text.trim();
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(SecretHash(hash))
}

/// Blocks an e-mail address by its hash.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` for one that is blocked already.
///
/// Source: client API, admin/canonical_email_blocks#create.
pub fn block_email(tx: &mut Tx<'_>, by: AccountId, hash: SecretHash) -> Result<RowId> {
    require(tx, by, Power::ManageBlocks)?;
    if sign_up_block::of_canonical_email(tx, hash)?.is_some() {
        return Err(Error::invalid("canonical_email_hash", "Canonical email hash has already been taken"));
    }
    let id: RowId = tx.next_id();
    sign_up_block::put_canonical_email(tx, id, &CanonicalEmailBlock { hash, reference: None });
    record_deed(tx, by, AuditAction::BlockEmail, Subject::Email(hex(&hash.0)), "");
    Ok(id)
}

/// Lifts such a block.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
pub fn lift_email(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require(tx, by, Power::ManageBlocks)?;
    let block = CANONICAL_EMAIL_BLOCKS.get(tx, &id)?.ok_or(Error::NotFound)?;
    sign_up_block::remove_canonical_email(tx, id, &block);
    record_deed(tx, by, AuditAction::UnblockEmail, Subject::Email(hex(&block.hash.0)), "");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_in_both_families_and_nothing_else_is() {
        let read = |text: &str| parse_network(text).map(|(address, prefix)| format!("{address}/{prefix}")).ok();
        for (text, expected) in [
            ("192.0.2.77/24", "192.0.2.0/24"),
            (" 192.0.2.1 ", "192.0.2.1/32"),
            ("::ffff:192.0.2.1", "192.0.2.1/32"),
            ("2001:db8:1::5/32", "2001:db8::/32"),
            ("2001:db8::1", "2001:db8::1/128"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for bad in ["", "192.0.2", "192.0.2.1/33", "2001:db8::/129", "a.test", "192.0.2.1/-1", "192.0.2.1/"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn hashes_are_read_as_they_are_written() {
        let hash = email_hash("J.Doe+x@mail.test");
        assert_eq!(parse_hash(&hex(&hash.0)), Some(hash));
        assert_eq!(parse_hash("abc"), None);
        assert_eq!(parse_hash(&"g".repeat(64)), None);
    }
}

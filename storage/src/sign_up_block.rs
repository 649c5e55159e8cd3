//! What keeps people from signing up: domains of e-mail addresses, networks, single addresses known by their hash.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, RowId, Timestamp},
    key::SecretHash,
    record,
    store::Tx,
    table::{Read, Table},
};
use core::net::IpAddr;
use serde::{Deserialize, Serialize};

/// A domain whose e-mail addresses nobody signs up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailDomainBlock {
    /// Punycode, lower case.
    pub domain: String,
    /// Whoever has such an address may ask to be let in all the same.
    pub allow_with_approval: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(EmailDomainBlock, 1);

/// What becomes of requests from a network, the severest last. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IpSeverity {
    /// Whoever signs up from there must be let in by somebody.
    SignUpRequiresApproval,
    /// Nobody signs up from there.
    SignUpBlock,
    /// Nothing from there is answered.
    NoAccess,
}

/// A network whose requests are treated otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpBlock {
    /// Its first address.
    pub address: IpAddr,
    /// Bits that its addresses share.
    pub prefix: u8,
    /// What becomes of it.
    pub severity: IpSeverity,
    /// For those who look after the server.
    pub comment: String,
    /// Until when; none: for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(IpBlock, 1);

impl IpBlock {
    /// The network as `address/prefix`.
    #[must_use]
    pub fn network(&self) -> String {
        format!("{}/{}", self.address, self.prefix)
    }

    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// An e-mail address that nobody signs up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanonicalEmailBlock {
    /// SHA-256 of the address in its canonical form.
    pub hash: SecretHash,
    /// Whose address it was.
    pub reference: Option<AccountId>,
}
record!(CanonicalEmailBlock, 1);

/// block → domain of e-mail addresses.
pub const EMAIL_DOMAIN_BLOCKS: Table<RowId, EmailDomainBlock> = Table::new(313, "email_domain_block");
/// Domain → its block.
pub const EMAIL_DOMAIN_BLOCK_OF: Table<String, RowId> = Table::new(314, "email_domain_block_of");
/// block → network.
pub const IP_BLOCKS: Table<RowId, IpBlock> = Table::new(315, "ip_block");
/// `address/prefix` → its block.
pub const IP_BLOCK_OF: Table<String, RowId> = Table::new(316, "ip_block_of");
/// block → hash of an address.
pub const CANONICAL_EMAIL_BLOCKS: Table<RowId, CanonicalEmailBlock> = Table::new(317, "canonical_email_block");
/// Hash of an address → its block.
pub const CANONICAL_EMAIL_BLOCK_OF: Table<SecretHash, RowId> = Table::new(318, "canonical_email_block_of");

/// The block of `domain` or of the nearest domain above it that has one.
///
/// # Errors
/// Storage errors.
pub fn of_email_domain(read: &dyn Read, domain: &str) -> Result<Option<EmailDomainBlock>> {
    let mut name = Some(domain);
    while let Some(domain) = name {
        if let Some(id) = EMAIL_DOMAIN_BLOCK_OF.get(read, &domain.to_owned())? {
            return EMAIL_DOMAIN_BLOCKS.get(read, &id);
        }
        name = domain.split_once('.').map(|(_, above)| above);
    }
    Ok(None)
}

/// What becomes of requests from `address`: the severest of the blocks that cover it and hold at `now`. One look-up for
/// each length of a prefix.
///
/// # Errors
/// Storage errors.
pub fn of_address(read: &dyn Read, address: IpAddr, now: Timestamp) -> Result<Option<IpSeverity>> {
    let address = address.to_canonical();
    let mut severest = None;
    for prefix in 0..=bits_of(address) {
        let network = format!("{}/{prefix}", network_of(address, prefix));
        let Some(id) = IP_BLOCK_OF.get(read, &network)? else { continue };
        if let Some(block) = IP_BLOCKS.get(read, &id)?.filter(|block| block.holds(now)) {
            severest = severest.max(Some(block.severity));
        }
    }
    Ok(severest)
}

/// Bits of an address: 32 or 128.
#[must_use]
pub fn bits_of(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The first address of the network whose addresses share `prefix` bits with this one.
#[must_use]
pub fn network_of(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::from((u32::from(v4) & mask).to_be_bytes())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::from((u128::from(v6) & mask).to_be_bytes())
        }
    }
}

/// Stores a block of a domain.
pub fn put_email_domain(tx: &mut Tx<'_>, id: RowId, block: &EmailDomainBlock) {
    EMAIL_DOMAIN_BLOCK_OF.put(tx, &block.domain, &id);
    EMAIL_DOMAIN_BLOCKS.put(tx, &id, block);
}

/// Lifts a block of a domain.
pub fn remove_email_domain(tx: &mut Tx<'_>, id: RowId, block: &EmailDomainBlock) {
    EMAIL_DOMAIN_BLOCK_OF.delete(tx, &block.domain);
    EMAIL_DOMAIN_BLOCKS.delete(tx, &id);
}

/// Stores a block of a network, in place of what it was before.
///
/// # Errors
/// Storage errors.
pub fn put_ip(tx: &mut Tx<'_>, id: RowId, block: &IpBlock) -> Result<()> {
    if let Some(before) = IP_BLOCKS.get(tx, &id)? {
        IP_BLOCK_OF.delete(tx, &before.network());
    }
    IP_BLOCK_OF.put(tx, &block.network(), &id);
    IP_BLOCKS.put(tx, &id, block);
    Ok(())
}

/// Lifts a block of a network.
pub fn remove_ip(tx: &mut Tx<'_>, id: RowId, block: &IpBlock) {
    IP_BLOCK_OF.delete(tx, &block.network());
    IP_BLOCKS.delete(tx, &id);
}

/// The block of the address whose canonical form has this hash.
///
/// # Errors
/// Storage errors.
pub fn of_canonical_email(read: &dyn Read, hash: SecretHash) -> Result<Option<(RowId, CanonicalEmailBlock)>> {
    let Some(id) = CANONICAL_EMAIL_BLOCK_OF.get(read, &hash)? else { return Ok(None) };
    Ok(CANONICAL_EMAIL_BLOCKS.get(read, &id)?.map(|block| (id, block)))
}

/// Stores a block of an address.
pub fn put_canonical_email(tx: &mut Tx<'_>, id: RowId, block: &CanonicalEmailBlock) {
    CANONICAL_EMAIL_BLOCK_OF.put(tx, &block.hash, &id);
    CANONICAL_EMAIL_BLOCKS.put(tx, &id, block);
}

/// Lifts a block of an address.
pub fn remove_canonical_email(tx: &mut Tx<'_>, id: RowId, block: &CanonicalEmailBlock) {
    CANONICAL_EMAIL_BLOCK_OF.delete(tx, &block.hash);
    CANONICAL_EMAIL_BLOCKS.delete(tx, &id);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &EMAIL_DOMAIN_BLOCK_OF,
        of: &[&EMAIL_DOMAIN_BLOCKS],
        wants: |id, block| vec![(block.domain.clone(), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &IP_BLOCK_OF,
        of: &[&IP_BLOCKS],
        wants: |id, block| vec![(block.network(), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &CANONICAL_EMAIL_BLOCK_OF,
        of: &[&CANONICAL_EMAIL_BLOCKS],
        wants: |id, block| vec![(block.hash, *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference {
        of: &CANONICAL_EMAIL_BLOCKS,
        to: |_, block| block.reference.iter().map(|account| Pointer::to(&ACCOUNTS, account)).collect(),
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn networks_are_what_their_addresses_share() {
        let of = |text: &str, prefix| network_of(text.parse().expect("an address"), prefix).to_string();
        assert_eq!(of("192.0.2.77", 24), "192.0.2.0");
        assert_eq!((of("192.0.2.77", 32), of("192.0.2.77", 0)), ("192.0.2.77".to_owned(), "0.0.0.0".to_owned()));
        assert_eq!(of("2001:db8:1:2:3::4", 48), "2001:db8:1::");
        assert_eq!((of("2001:db8::1", 128), of("2001:db8::1", 0)), ("2001:db8::1".to_owned(), "::".to_owned()));
    }

    #[test]
    fn stored_bytes_stay_readable() {
        let at = Timestamp(1_000);
        let domain = EmailDomainBlock { domain: "a".to_owned(), allow_with_approval: true, created_at: at };
        assert_eq!(domain.encode(), [1, 1, b'a', 1, 0xd0, 0x0f]);
        let network = IpBlock {
            address: IpAddr::from([10, 0, 0, 0]),
            prefix: 8,
            severity: IpSeverity::NoAccess,
            comment: "c".to_owned(),
            expires_at: Some(at),
            created_at: at,
        };
        assert_eq!(network.encode(), [1, 0, 10, 0, 0, 0, 8, 2, 1, b'c', 1, 0xd0, 0x0f, 0xd0, 0x0f]);
        assert!(network.holds(Timestamp(999)) && !network.holds(at));
        let address = CanonicalEmailBlock { hash: SecretHash([7; 32]), reference: Some(AccountId(9)) };
        assert_eq!(address.encode(), [&[1][..], &[7; 32], &[1, 9]].concat());
    }
}

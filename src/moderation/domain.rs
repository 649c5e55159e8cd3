//! Blocks of domains. The block is the decision, obeyed by every read; a job ends the follows afterwards.

use super::{
    Page,
    power::{Power, require},
    within,
};
use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, DomainBlockId, Read, Tx,
    job::{self, JobKind},
    moderation::{
        AuditAction, DOMAIN_BLOCKS, DOMAIN_BLOCKS_BY_ID, DomainBlock, Severity, Subject, put_block, record_deed,
        remove_block,
    },
};

/// What of a block is to be set; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// What becomes of the domain.
    pub severity: Option<Severity>,
    /// Its media are not shown.
    pub reject_media: Option<bool>,
    /// Its reports are not taken.
    pub reject_reports: Option<bool>,
    /// For moderators, at most `limits::MODERATION_TEXT_CHARS_MAX` characters.
    pub private_comment: Option<String>,
    /// For everybody, at most `limits::MODERATION_TEXT_CHARS_MAX` characters.
    pub public_comment: Option<String>,
    /// Its name is shown in part only.
    pub obfuscate: Option<bool>,
}

impl Terms {
    fn check(&self) -> Result<()> {
        within("private_comment", self.private_comment.as_deref().unwrap_or(""), limits::MODERATION_TEXT_CHARS_MAX)?;
        within("public_comment", self.public_comment.as_deref().unwrap_or(""), limits::MODERATION_TEXT_CHARS_MAX)
    }

    fn apply(&self, block: &mut DomainBlock) {
        block.severity = self.severity.unwrap_or(block.severity);
        block.reject_media = self.reject_media.unwrap_or(block.reject_media);
        block.reject_reports = self.reject_reports.unwrap_or(block.reject_reports);
        block.obfuscate = self.obfuscate.unwrap_or(block.obfuscate);
        if let Some(comment) = &self.private_comment {
            block.private_comment.clone_from(comment);
        }
        if let Some(comment) = &self.public_comment {
            block.public_comment.clone_from(comment);
        }
    }
}

/// Blocks `domain` (as `account::handle::normalise_domain` reads it) and all below it; silenced unless the terms say
/// otherwise.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` for a domain that is blocked already or for long comments.
///
/// Source: client API, admin/domain_blocks#create.
pub fn block(tx: &mut Tx<'_>, by: AccountId, domain: &str, terms: &Terms) -> Result<DomainBlockId> {
    require(tx, by, Power::ManageFederation)?;
    let block = put(tx, domain, terms)?;
    record_deed(tx, by, AuditAction::BlockDomain, Subject::Domain(block.domain), &block.private_comment);
    Ok(block.id)
}

/// As [`block`], by whoever can run commands on this machine.
///
/// # Errors
/// As [`block`], but never `Forbidden`.
pub fn block_by_operator(tx: &mut Tx<'_>, domain: &str, terms: &Terms) -> Result<DomainBlockId> {
    Ok(put(tx, domain, terms)?.id)
}

fn put(tx: &mut Tx<'_>, domain: &str, terms: &Terms) -> Result<DomainBlock> {
    terms.check()?;
    if DOMAIN_BLOCKS.contains(tx, &domain.to_owned())? {
        return Err(Error::invalid("domain", format!("domain {domain} is blocked already")));
    }
    let mut block = DomainBlock::bare(tx.next_id(), domain, Severity::Silence, tx.now());
    terms.apply(&mut block);
    put_block(tx, &block);
    sever_if_suspended(tx, &block);
    Ok(block)
}

/// Changes a block.
///
/// # Errors
/// As [`block`]; `NotFound` if there is none.
///
/// Source: client API, admin/domain_blocks#update.
pub fn change(tx: &mut Tx<'_>, by: AccountId, id: DomainBlockId, terms: &Terms) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    terms.check()?;
    let mut block = DOMAIN_BLOCKS_BY_ID.get(tx, &id)?.ok_or(Error::NotFound)?;
    terms.apply(&mut block);
    put_block(tx, &block);
    sever_if_suspended(tx, &block);
    record_deed(tx, by, AuditAction::ChangeDomainBlock, Subject::Domain(block.domain), &block.private_comment);
    Ok(())
}

/// Lifts a block. Follows that it ended do not come back.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
///
/// Source: client API, admin/domain_blocks#delete.
pub fn lift(tx: &mut Tx<'_>, by: AccountId, id: DomainBlockId) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    let block = DOMAIN_BLOCKS_BY_ID.get(tx, &id)?.ok_or(Error::NotFound)?;
    remove_block(tx, &block);
    record_deed(tx, by, AuditAction::UnblockDomain, Subject::Domain(block.domain), "");
    Ok(())
}

fn sever_if_suspended(tx: &mut Tx<'_>, block: &DomainBlock) {
    if block.severity == Severity::Suspend {
        job::enqueue(tx, JobKind::SeverPeer { domain: block.domain.clone() });
    }
}

/// The block with this number.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find(read: &dyn Read, id: DomainBlockId) -> Result<DomainBlock> {
    DOMAIN_BLOCKS_BY_ID.get(read, &id)?.ok_or(Error::NotFound)
}

/// Blocks within `bounds`, newest first, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, bounds: Bounds, direction: Direction, limit: usize) -> Result<Page<DomainBlock>> {
    let mut page = Page::default();
    for (id, block) in DOMAIN_BLOCKS_BY_ID.list(read, &(), bounds, direction, limit)? {
        page.pass(id.0);
        page.rows.push(block);
    }
    if direction == Direction::Ascending {
        page.rows.reverse();
    }
    Ok(page)
}

/// What everybody may know: blocks that do something, the hardest first, at most `limits::DOMAIN_BLOCKS_SHOWN_MAX`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, instance#domain_blocks.
pub fn public(read: &dyn Read) -> Result<Vec<DomainBlock>> {
    let most = limits::DOMAIN_BLOCKS_SHOWN_MAX;
    let rows = DOMAIN_BLOCKS.list(read, &(), Bounds::NONE, Direction::Ascending, most)?;
    let shown = rows.into_iter().map(|(_, block)| block).filter(|block| block.severity != Severity::Noop);
    let (hard, soft): (Vec<_>, Vec<_>) = shown.partition(|block| block.severity == Severity::Suspend);
    Ok(hard.into_iter().chain(soft).collect())
}

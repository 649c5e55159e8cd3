//! What moderators decided and why: standings of accounts, blocks of domains, reports with their evidence, and the
//! audit log, to which rows are only added.

use crate::{
    account::{ACCOUNTS, Account, Whereabouts},
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    domain_allow,
    error::Result,
    id::{AccountId, AuditId, DomainBlockId, ReportId, StatusId, Timestamp},
    limits, peer, record,
    status::Status,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    user::OWNERS,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// What moderators decided about an account. No row: nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Media of its statuses are hidden at first.
    pub sensitized_at: Option<Timestamp>,
    /// Only followers meet it.
    pub silenced_at: Option<Timestamp>,
    /// Suspended here. `Account::suspended_at` says so too; that one alone means that its own server did it.
    pub suspended_at: Option<Timestamp>,
}
record!(Standing, 1);

/// What becomes of a domain. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    /// Nothing, but for what is refused beside it.
    Noop,
    /// Its accounts are met by their followers only.
    Silence,
    /// Nothing comes from it, goes to it or is shown of it.
    Suspend,
}

/// A block of a domain and all below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainBlock {
    /// Its number.
    pub id: DomainBlockId,
    /// The domain (punycode, lower case, perhaps with a port).
    pub domain: String,
    /// What becomes of it.
    pub severity: Severity,
    /// Its media are not shown.
    pub reject_media: bool,
    /// Its reports are not taken.
    pub reject_reports: bool,
    /// For moderators.
    pub private_comment: String,
    /// For everybody.
    pub public_comment: String,
    /// Its name is shown in part only.
    pub obfuscate: bool,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(DomainBlock, 1);

impl DomainBlock {
    /// One that does nothing but its severity, and says nothing of it.
    #[must_use]
    pub fn bare(id: DomainBlockId, domain: &str, severity: Severity, created_at: Timestamp) -> Self {
        DomainBlock {
            id,
            domain: domain.to_owned(),
            severity,
            reject_media: false,
            reject_reports: false,
            private_comment: String::new(),
            public_comment: String::new(),
            obfuscate: false,
            created_at,
        }
    }
}

/// What a report is about. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Category {
    /// Something else.
    Other,
    /// Spam.
    Spam,
    /// Breaks rules of this server.
    Violation,
    /// Against the law.
    Legal,
}

/// A rule as it read when it was reported as broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// Its number then.
    pub number: u32,
    /// Its text then.
    pub text: String,
}

/// A report. What it speaks of is kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its number.
    pub id: ReportId,
    /// Who reports: somebody here, or a peer's actor.
    pub reporter: AccountId,
    /// Who is reported.
    pub target: AccountId,
    /// What about.
    pub category: Category,
    /// Plain text.
    pub comment: String,
    /// Rules named as broken.
    pub rules: Vec<BrokenRule>,
    /// Statuses named; their copies are rows of `EVIDENCE`.
    pub statuses: Vec<StatusId>,
    /// It was sent on to the server of the reported account.
    pub forwarded: bool,
    /// Who looks after it.
    pub assigned_to: Option<AccountId>,
    /// When and by whom it was closed.
    pub resolved: Option<Resolved>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
record!(Report, 1);

/// That a report was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
}

/// What was done. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditAction {
    /// An account was looked at and left alone.
    Warn,
    /// Media of an account are hidden at first.
    Sensitize,
    /// And no longer.
    Unsensitize,
    /// A user may not sign in.
    Disable,
    /// And may again.
    Enable,
    /// An account is met by followers only.
    Silence,
    /// And by everybody again.
    Unsilence,
    /// An account is gone for everybody.
    Suspend,
    /// And is back.
    Unsuspend,
    /// A domain was blocked.
    BlockDomain,
    /// A block of a domain was changed.
    ChangeDomainBlock,
    /// A block of a domain was lifted.
    UnblockDomain,
    /// Somebody looks after a report.
    AssignReport,
    /// Nobody looks after it any more.
    UnassignReport,
    /// What a report is about was changed.
    ChangeReport,
    /// A report was closed.
    ResolveReport,
    /// A report was opened again.
    ReopenReport,
    /// A domain was let in while federation is limited.
    AllowDomain,
    /// And no more.
    DisallowDomain,
    /// Somebody who signed up was let in.
    Approve,
    /// Somebody who signed up was turned away.
    Reject,
    /// A domain of e-mail addresses was blocked.
    BlockEmailDomain,
    /// And no longer.
    UnblockEmailDomain,
    /// A network was blocked.
    BlockIp,
    /// Its block was changed.
    ChangeIpBlock,
    /// And lifted.
    UnblockIp,
    /// An e-mail address was blocked.
    BlockEmail,
    /// And no longer.
    UnblockEmail,
    /// Everything of a suspended account was removed for good.
    Delete,
    /// An appeal was granted.
    ApproveAppeal,
    /// An appeal was refused.
    RejectAppeal,
    /// An emoji of this server's own was made.
    CreateEmoji,
    /// What is said of it was changed.
    ChangeEmoji,
    /// It is drawn again.
    EnableEmoji,
    /// It is drawn no more.
    DisableEmoji,
    /// It was removed.
    RemoveEmoji,
    /// A relay was added, or got other filters.
    AddRelay,
    /// A relay was left.
    RemoveRelay,
    /// Nothing is taken from a relay or given to it.
    PauseRelay,
    /// And again.
    ResumeRelay,
}

/// What a deed was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// An account.
    Account(AccountId),
    /// A domain.
    Domain(String),
    /// A report.
    Report(ReportId),
    /// A network, as `address/prefix`.
    Network(String),
    /// The hash of an e-mail address, in hexadecimal.
    Email(String),
    /// The shortcode of an emoji of this server's own.
    Emoji(String),
}

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who.
    pub by: AccountId,
    /// What.
    pub action: AuditAction,
    /// To what.
    pub subject: Subject,
    /// Why, as they wrote it; may be empty.
    pub why: String,
    /// When.
    pub at: Timestamp,
}
record!(Deed, 1);

/// account → what moderators decided about it.
pub const STANDINGS: Table<AccountId, Standing> = Table::new(220, "standing");
/// Domain → block of it and of all below it.
pub const DOMAIN_BLOCKS: Table<String, DomainBlock> = Table::new(221, "domain_block");
/// block → the same row, for lists by number.
pub const DOMAIN_BLOCKS_BY_ID: Table<DomainBlockId, DomainBlock> = Table::new(222, "domain_block_by_id");
/// report → report.
pub const REPORTS: Table<ReportId, Report> = Table::new(223, "report");
/// (closed or not, report): the open and the closed ones.
pub const REPORTS_BY_STATE: Table<(u8, ReportId), ()> = Table::new(224, "report_by_state");
/// (report, status) → the status as it read when it was reported.
pub const EVIDENCE: Table<(ReportId, StatusId), Status> = Table::new(225, "report_evidence");
/// Rows of the audit log.
pub const AUDIT: Table<AuditId, Deed> = Table::new(226, "audit");
/// Users who look after the server: every role above `User`.
pub const STAFF: Table<AccountId, ()> = Table::new(227, "staff");

/// What moderators decided about `account`.
///
/// # Errors
/// Storage errors.
pub fn standing(read: &dyn Read, account: AccountId) -> Result<Standing> {
    Ok(STANDINGS.get(read, &account)?.unwrap_or_default())
}

/// Stores what moderators decided; nothing is no row.
pub fn put_standing(tx: &mut Tx<'_>, account: AccountId, standing: Standing) {
    if standing == Standing::default() {
        STANDINGS.delete(tx, &account);
    } else {
        STANDINGS.put(tx, &account, &standing);
    }
}

/// The block that covers `authority` (`host` or `host:port`): of itself with its port, of its host, or of the nearest
/// domain above that has one. The nearest decides, so that a part of a blocked domain can be let in. While federation is
/// limited whoever is not allowed is as if suspended.
///
/// # Errors
/// Storage errors.
pub fn block_of(read: &dyn Read, authority: &str) -> Result<Option<DomainBlock>> {
    let block = nearest_block(read, authority)?;
    if block.as_ref().is_some_and(|block| block.severity == Severity::Suspend) {
        return Ok(block);
    }
    let shut_out = domain_allow::shut_out_since(read, authority)?.map(|since| {
        let block = DomainBlock::bare(DomainBlockId(0), authority, Severity::Suspend, since);
        DomainBlock { reject_media: true, reject_reports: true, ..block }
    });
    Ok(shut_out.or(block))
}

fn nearest_block(read: &dyn Read, authority: &str) -> Result<Option<DomainBlock>> {
    for domain in peer::named_by(authority) {
        if let Some(block) = DOMAIN_BLOCKS.get(read, &domain.to_owned())? {
            return Ok(Some(block));
        }
    }
    Ok(None)
}

/// Whether nothing may come from or go to `authority`.
///
/// # Errors
/// Storage errors.
pub fn is_suspended(read: &dyn Read, authority: &str) -> Result<bool> {
    Ok(block_of(read, authority)?.is_some_and(|block| block.severity == Severity::Suspend))
}

/// The block that covers a remote account: of the domain of its handle, or else of the server it lives on.
///
/// # Errors
/// Storage errors.
pub fn block_of_account(read: &dyn Read, account: &Account) -> Result<Option<DomainBlock>> {
    block_of_whereabouts(read, &account.into())
}

/// The same of where an account is.
///
/// # Errors
/// Storage errors.
pub(crate) fn block_of_whereabouts(read: &dyn Read, account: &Whereabouts<'_>) -> Result<Option<DomainBlock>> {
    let Some(domain) = account.domain else { return Ok(None) };
    if let Some(block) = block_of(read, domain)? {
        return Ok(Some(block));
    }
    match peer::authority_of(account.uri) {
        Some(home) if home != domain => block_of(read, &home),
        _ => Ok(None),
    }
}

/// What is decided of domains, at hand for whoever asks about many accounts.
#[derive(Debug)]
pub struct BlocksAtHand(HashMap<String, Severity>);

impl BlocksAtHand {
    /// All blocks; none where each account has to be asked for by itself: more than `limits::BLOCKS_AT_HAND` domains are
    /// blocked, or federation is limited.
    ///
    /// # Errors
    /// Storage errors.
    pub fn read(read: &dyn Read) -> Result<Option<Self>> {
        if domain_allow::limited_since(read)?.is_some() {
            return Ok(None);
        }
        let most = limits::BLOCKS_AT_HAND;
        let rows = DOMAIN_BLOCKS.list(read, &(), Bounds::NONE, Direction::Ascending, most + 1)?;
        let few = rows.len() <= most;
        let severities = rows.into_iter().map(|(domain, block)| (domain, block.severity)).collect();
        Ok(few.then_some(BlocksAtHand(severities)))
    }

    /// Whether the block of `block_of_account` suspends.
    #[must_use]
    pub(crate) fn suspend(&self, account: &Whereabouts<'_>) -> bool {
        let nearest = |authority: &str| peer::named_by(authority).find_map(|name| self.0.get(name).copied());
        let Some(domain) = account.domain else { return false };
        let decided = nearest(domain).or_else(|| {
            let home = peer::authority_of(account.uri).filter(|home| home != domain)?;
            nearest(&home)
        });
        decided == Some(Severity::Suspend)
    }
}

/// Whether moderators here, not its own server, suspended the account, alone or with its domain.
///
/// # Errors
/// Storage errors.
pub fn is_suspended_here(read: &dyn Read, account: &Account) -> Result<bool> {
    if standing(read, account.id)?.suspended_at.is_some() {
        return Ok(true);
    }
    Ok(block_of_account(read, account)?.is_some_and(|block| block.severity == Severity::Suspend))
}

/// Whether only followers meet the account: it is silenced, or its domain is.
///
/// # Errors
/// Storage errors.
pub fn is_silenced(read: &dyn Read, account: &Account) -> Result<bool> {
    if standing(read, account.id)?.silenced_at.is_some() {
        return Ok(true);
    }
    Ok(block_of_account(read, account)?.is_some_and(|block| block.severity == Severity::Silence))
}

/// Who looks after the server, at most `limit` of its owners and as many of the others.
///
/// # Errors
/// Storage errors.
pub fn staff(read: &dyn Read, limit: usize) -> Result<BTreeSet<AccountId>> {
    // Owners from before there was a list of staff stand in their own only.
    let mut found = BTreeSet::new();
    for table in [&OWNERS, &STAFF] {
        let rows = table.list(read, &(), Bounds::NONE, Direction::Ascending, limit)?;
        found.extend(rows.into_iter().map(|(staff, ())| staff));
    }
    Ok(found)
}

/// Stores a block under its domain and its number.
pub fn put_block(tx: &mut Tx<'_>, block: &DomainBlock) {
    DOMAIN_BLOCKS.put(tx, &block.domain, block);
    DOMAIN_BLOCKS_BY_ID.put(tx, &block.id, block);
}

/// Removes a block.
pub fn remove_block(tx: &mut Tx<'_>, block: &DomainBlock) {
    DOMAIN_BLOCKS.delete(tx, &block.domain);
    DOMAIN_BLOCKS_BY_ID.delete(tx, &block.id);
}

/// Stores a report and where it stands in the lists.
pub fn put_report(tx: &mut Tx<'_>, report: &Report) {
    let state = state_of(report);
    REPORTS_BY_STATE.delete(tx, &(1 - state, report.id));
    REPORTS_BY_STATE.put(tx, &(state, report.id), &());
    REPORTS.put(tx, &report.id, report);
}

/// The key of open (0) or closed (1) reports in `REPORTS_BY_STATE`.
fn state_of(report: &Report) -> u8 {
    u8::from(report.resolved.is_some())
}

/// Adds a row to the audit log.
pub fn record_deed(tx: &mut Tx<'_>, by: AccountId, action: AuditAction, subject: Subject, why: &str) {
    let (id, at) = (tx.next_id(), tx.now());
    AUDIT.put(tx, &id, &Deed { by, action, subject, why: why.to_owned(), at });
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &DOMAIN_BLOCKS_BY_ID,
        of: &[&DOMAIN_BLOCKS],
        wants: |_, block| vec![(block.id, block.clone())],
        owner: |_, block| block.domain.clone(),
        claim: Claim::Sole,
    },
    &Index {
        table: &REPORTS_BY_STATE,
        of: &[&REPORTS],
        wants: |id, report| vec![((state_of(report), *id), ())],
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &STANDINGS, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    // The statuses it names may be gone: that is what the evidence is for.
    &Reference {
        of: &REPORTS,
        to: |_, report| {
            let closed_by = report.resolved.map(|resolved| resolved.by);
            let people = [report.reporter, report.target].into_iter().chain(report.assigned_to).chain(closed_by);
            people.map(|account| Pointer::to(&ACCOUNTS, &account)).collect()
        },
        unless: always,
    },
    &Reference { of: &EVIDENCE, to: |(report, _), _| vec![Pointer::to(&REPORTS, report)], unless: always },
    &Reference {
        of: &AUDIT,
        to: |_, deed| {
            let by = Pointer::to(&ACCOUNTS, &deed.by);
            let subject = match &deed.subject {
                Subject::Account(account) => Some(Pointer::to(&ACCOUNTS, account)),
                Subject::Report(report) => Some(Pointer::to(&REPORTS, report)),
                // The block may be lifted, the emoji removed.
                Subject::Domain(_) | Subject::Network(_) | Subject::Email(_) | Subject::Emoji(_) => None,
            };
            [by].into_iter().chain(subject).collect()
        },
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn records_keep_their_bytes() {
        let at = Timestamp(1_000);
        let standing = Standing { sensitized_at: None, silenced_at: Some(at), suspended_at: None };
        assert_eq!(standing.encode(), [1, 0, 1, 0xd0, 0x0f, 0]);
        let block = DomainBlock {
            id: DomainBlockId(7),
            domain: "a.b".to_owned(),
            severity: Severity::Suspend,
            reject_media: true,
            reject_reports: false,
            private_comment: "p".to_owned(),
            public_comment: String::new(),
            obfuscate: true,
            created_at: at,
        };
        assert_eq!(block.encode(), [1, 7, 3, b'a', b'.', b'b', 2, 1, 0, 1, b'p', 0, 1, 0xd0, 0x0f]);
        let report = Report {
            id: ReportId(1),
            reporter: AccountId(2),
            target: AccountId(3),
            category: Category::Violation,
            comment: "c".to_owned(),
            rules: vec![BrokenRule { number: 4, text: "r".to_owned() }],
            statuses: vec![StatusId(5)],
            forwarded: true,
            assigned_to: None,
            resolved: Some(Resolved { at, by: AccountId(6) }),
            created_at: at,
            updated_at: at,
        };
        let bytes = [1, 1, 2, 3, 2, 1, b'c', 1, 4, 1, b'r', 1, 5, 1, 0, 1, 0xd0, 0x0f, 6, 0xd0, 0x0f, 0xd0, 0x0f];
        assert_eq!(report.encode(), bytes);
        let why = String::new();
        let deed = |action, subject| Deed { by: AccountId(2), action, subject, why: why.clone(), at };
        let domain = deed(AuditAction::ReopenReport, Subject::Domain("a".to_owned()));
        assert_eq!(domain.encode(), [1, 2, 16, 1, 1, b'a', 0, 0xd0, 0x0f]);
        assert_eq!(deed(AuditAction::Warn, Subject::Report(ReportId(9))).encode(), [1, 2, 0, 2, 9, 0, 0xd0, 0x0f]);
        let emoji = deed(AuditAction::RemoveEmoji, Subject::Emoji("ab".to_owned()));
        assert_eq!(emoji.encode(), [1, 2, 35, 5, 2, b'a', b'b', 0, 0xd0, 0x0f]);
    }
}

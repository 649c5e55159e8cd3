//! Reports: made by people here and by peers, kept with copies of what they speak of, worked through by moderators.

use super::{
    Page,
    power::{Power, require},
    strike, within,
};
use crate::{
    error::{Error, Result},
    limits, status,
};
use std::{collections::BTreeSet, ops::ControlFlow};
use storage::{
    AccountId, Bounds, Direction, Read, ReportId, StatusId, Tx,
    account::{self, Account},
    instance::settings,
    intent::Intent,
    job::{self, JobKind},
    moderation::{
        self, AuditAction, BrokenRule, Category, EVIDENCE, REPORTS, REPORTS_BY_STATE, Report, Resolved, Subject,
        put_report, record_deed,
    },
    notification::{self, NotificationKind},
    status::Status,
};

/// Whether the server of the reported account hears of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forward {
    /// It does, if it is another one.
    Yes,
    /// It does not.
    No,
}

/// A report by somebody here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// Who reports.
    pub reporter: AccountId,
    /// Whom.
    pub target: AccountId,
    /// What about.
    pub category: Category,
    /// At most `limits::REPORT_COMMENT_CHARS_MAX` characters.
    pub comment: String,
    /// Numbers of rules of this server, from 1.
    pub rules: Vec<u32>,
    /// Statuses, at most `limits::REPORT_STATUSES_MAX`; those that are not the target's or not to be seen do not count.
    pub statuses: Vec<StatusId>,
    /// Whether it is sent on.
    pub forward: Forward,
}

/// Takes a report by somebody here.
///
/// # Errors
/// `NotFound` for an unknown account; `Invalid` for oneself, a long comment or too many statuses.
///
/// Source: client API, reports#post.
pub fn create(tx: &mut Tx<'_>, new: &NewReport) -> Result<ReportId> {
    within("comment", &new.comment, limits::REPORT_COMMENT_CHARS_MAX)?;
    let target = account::find(tx, new.target)?.ok_or(Error::NotFound)?;
    if target.id == new.reporter {
        return Err(Error::invalid("account_id", "account is one's own"));
    }
    if new.statuses.len() > limits::REPORT_STATUSES_MAX {
        let why = format!("{} statuses named; at most {}", new.statuses.len(), limits::REPORT_STATUSES_MAX);
        return Err(Error::invalid("status_ids", why));
    }
    let mut evidence = Vec::new();
    for id in each_once(&new.statuses) {
        match status::require(tx, Some(new.reporter), id) {
            Ok(status) if status.account == target.id => evidence.push(status),
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let rules = broken(tx, &new.rules)?;
    let forwarded = new.forward == Forward::Yes && !target.is_local();
    let report = Report {
        id: tx.next_id(),
        reporter: new.reporter,
        target: target.id,
        category: new.category,
        comment: new.comment.clone(),
        rules,
        statuses: evidence.iter().map(|status| status.id).collect(),
        forwarded,
        assigned_to: None,
        resolved: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    keep(tx, &report, &evidence)?;
    if forwarded {
        job::enqueue(tx, JobKind::Distribute(Intent::Flag { report: report.id }));
    }
    Ok(report.id)
}

/// Ids, each once, the oldest first.
fn each_once(ids: &[StatusId]) -> BTreeSet<StatusId> {
    ids.iter().copied().collect()
}

/// Rules of this server by number, as they read now; what is no rule is left out.
fn broken(read: &dyn Read, numbers: &[u32]) -> Result<Vec<BrokenRule>> {
    let rules = settings(read)?.rules;
    let named = rules.into_iter().zip(1..).filter(|(_, number)| numbers.contains(number));
    Ok(named.map(|(text, number)| BrokenRule { number, text }).collect())
}

/// What a peer reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteReport {
    /// The peer's actor.
    pub reporter: AccountId,
    /// Whom, here.
    pub target: AccountId,
    /// Plain text within `limits::FLAG_COMMENT_BYTES_MAX`.
    pub comment: String,
    /// Statuses; those that are not the target's do not count.
    pub statuses: Vec<StatusId>,
    /// What it is about, if its server says so.
    pub category: Category,
}

/// Every category with its word in the client API, which reports between servers of this kind bear, too.
const CATEGORIES: [(Category, &str); 4] = [
    (Category::Other, "other"),
    (Category::Spam, "spam"),
    (Category::Violation, "violation"),
    (Category::Legal, "legal"),
];

/// The word of a category.
#[must_use]
pub fn category_name(category: Category) -> &'static str {
    CATEGORIES.iter().find(|(known, _)| *known == category).map_or("other", |(_, name)| name)
}

/// The category that a word means.
#[must_use]
pub fn category_named(word: &str) -> Option<Category> {
    CATEGORIES.iter().find(|(_, known)| *known == word).map(|(category, _)| *category)
}

/// Takes a report by a peer. Whether it was taken: one that already has `limits::REPORTS_OPEN_OF_PEER` open reports
/// about the same account among the newest `limits::REPORTS_LOOKED_AT` says nothing new.
///
/// # Errors
/// `NotFound` unless `target` lives here; storage errors.
pub fn accept(tx: &mut Tx<'_>, remote: &RemoteReport) -> Result<bool> {
    let target = account::find(tx, remote.target)?.filter(Account::is_local);
    let target = target.ok_or(Error::NotFound)?.id;
    if open_of(tx, remote.reporter, target)? >= limits::REPORTS_OPEN_OF_PEER {
        return Ok(false);
    }
    let mut evidence = Vec::new();
    for id in each_once(&remote.statuses).into_iter().take(limits::REPORT_STATUSES_MAX) {
        evidence.extend(storage::status::find(tx, id)?.filter(|status| status.account == target));
    }
    let report = Report {
        id: tx.next_id(),
        reporter: remote.reporter,
        target,
        // Its rules are not ours.
        category: remote.category,
        comment: remote.comment.clone(),
        rules: Vec::new(),
        statuses: evidence.iter().map(|status| status.id).collect(),
        forwarded: false,
        assigned_to: None,
        resolved: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    keep(tx, &report, &evidence)?;
    Ok(true)
}

fn open_of(read: &dyn Read, reporter: AccountId, target: AccountId) -> Result<usize> {
    let most = limits::REPORTS_LOOKED_AT;
    let mut open = 0;
    for ((_, id), ()) in REPORTS_BY_STATE.list(read, &0_u8, Bounds::NONE, Direction::Descending, most)? {
        let report = REPORTS.get(read, &id)?;
        open += usize::from(report.is_some_and(|report| (report.reporter, report.target) == (reporter, target)));
    }
    Ok(open)
}

/// Stores a report with its evidence, and tells those who look after the server.
fn keep(tx: &mut Tx<'_>, report: &Report, evidence: &[Status]) -> Result<()> {
    put_report(tx, report);
    for status in evidence {
        EVIDENCE.put(tx, &(report.id, status.id), status);
    }
    let about = Some(StatusId(report.id.0));
    for staff in moderation::staff(tx, limits::STAFF_TOLD_MAX)?.into_iter().take(limits::STAFF_TOLD_MAX) {
        if staff != report.reporter {
            notification::notify(tx, staff, NotificationKind::AdminReport, report.reporter, about)?;
        }
    }
    Ok(())
}

/// The report with this number.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find(read: &dyn Read, id: ReportId) -> Result<Report> {
    REPORTS.get(read, &id)?.ok_or(Error::NotFound)
}

/// The statuses a report speaks of, as they read when it was made.
///
/// # Errors
/// Storage errors.
pub fn evidence(read: &dyn Read, report: &Report) -> Result<Vec<Status>> {
    let mut kept = Vec::with_capacity(report.statuses.len());
    for id in &report.statuses {
        kept.extend(EVIDENCE.get(read, &(report.id, *id))?);
    }
    Ok(kept)
}

/// Which reports are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// By this account.
    pub reporter: Option<AccountId>,
    /// About this account.
    pub target: Option<AccountId>,
}

/// Open or closed reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

/// Reports that pass, newest first: at most `limit` of `limits::ROWS_EXAMINED_MAX` rows looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/reports.
pub fn list(
    read: &dyn Read,
    state: State,
    filter: Filter,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Page<Report>> {
    let state = u8::from(state == State::Closed);
    let (mut page, mut seen) = (Page::default(), 0);
    REPORTS_BY_STATE.scan(read, &state, bounds, direction, |(_, id), ()| {
        page.pass(id.0);
        let report = REPORTS.get(read, &id)?.filter(|report| {
            filter.reporter.is_none_or(|reporter| reporter == report.reporter)
                && filter.target.is_none_or(|target| target == report.target)
        });
        page.rows.extend(report);
        seen += 1;
        let full = page.rows.len() == limit || seen == limits::ROWS_EXAMINED_MAX;
        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if direction == Direction::Ascending {
        page.rows.reverse();
    }
    Ok(page)
}

/// How many reports are open, at most `limits::ROWS_EXAMINED_MAX`.
///
/// # Errors
/// Storage errors.
pub fn open(read: &dyn Read) -> Result<usize> {
    let most = limits::ROWS_EXAMINED_MAX;
    Ok(REPORTS_BY_STATE.list(read, &0_u8, Bounds::NONE, Direction::Descending, most)?.len())
}

/// What whoever made a report may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has closed it yet.
    Open,
    /// It was looked at and closed.
    Closed,
    /// It was closed, and something was done for it. What it was is between moderators and whom it is about.
    Acted,
    /// It was closed, and something was done about whom it is about between it and its end, perhaps for another reason.
    Since,
}

/// Reports by `reporter`, the newest first: those among the last `limits::OWN_REPORTS_LOOKED` of this server; and whether
/// there are older ones, of whomever.
///
/// # Errors
/// Storage errors.
pub fn of_reporter(read: &dyn Read, reporter: AccountId) -> Result<(Vec<Report>, bool)> {
    let most = limits::OWN_REPORTS_LOOKED;
    let listed = REPORTS.list(read, &(), Bounds::NONE, Direction::Descending, most + 1)?;
    let more = listed.len() > most;
    let reports = listed.into_iter().take(most).map(|(_, report)| report);
    Ok((reports.filter(|report| report.reporter == reporter).collect(), more))
}

/// What became of a report.
///
/// # Errors
/// Storage errors.
pub fn fate(read: &dyn Read, report: &Report) -> Result<Fate> {
    let Some(resolved) = report.resolved else { return Ok(Fate::Open) };
    let struck = strike::of(read, report.target)?
        .iter()
        .any(|(_, strike)| strike.report == Some(report.id) && strike.overruled_at.is_none());
    if struck {
        return Ok(Fate::Acted);
    }
    // People here get a strike for it. Those elsewhere get none; whether what was decided meanwhile is for this report
    // nobody knows.
    if account::find(read, report.target)?.is_none_or(|target| target.domain.is_none()) {
        return Ok(Fate::Closed);
    }
    let standing = moderation::standing(read, report.target)?;
    let decided = [standing.sensitized_at, standing.silenced_at, standing.suspended_at];
    let between = decided.into_iter().flatten().any(|at| at >= report.created_at && at <= resolved.at);
    Ok(if between { Fate::Since } else { Fate::Closed })
}

/// Makes `by` the one who looks after a report.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
pub fn assign(tx: &mut Tx<'_>, by: AccountId, id: ReportId) -> Result<()> {
    change(tx, by, id, AuditAction::AssignReport, |report, _| report.assigned_to = Some(by))
}

/// Nobody looks after a report any more.
///
/// # Errors
/// As [`assign`].
pub fn unassign(tx: &mut Tx<'_>, by: AccountId, id: ReportId) -> Result<()> {
    change(tx, by, id, AuditAction::UnassignReport, |report, _| report.assigned_to = None)
}

/// Closes a report; a closed one stays as it was closed.
///
/// # Errors
/// As [`assign`].
pub fn resolve(tx: &mut Tx<'_>, by: AccountId, id: ReportId) -> Result<()> {
    change(tx, by, id, AuditAction::ResolveReport, |report, at| {
        report.resolved = report.resolved.or(Some(Resolved { at, by }));
    })
}

/// Opens a report again.
///
/// # Errors
/// As [`assign`].
pub fn reopen(tx: &mut Tx<'_>, by: AccountId, id: ReportId) -> Result<()> {
    change(tx, by, id, AuditAction::ReopenReport, |report, _| report.resolved = None)
}

/// Changes what a report is about; `None` leaves it.
///
/// # Errors
/// As [`assign`].
pub fn describe(
    tx: &mut Tx<'_>,
    by: AccountId,
    id: ReportId,
    category: Option<Category>,
    rules: Option<&[u32]>,
) -> Result<()> {
    let rules = rules.map(|numbers| broken(tx, numbers)).transpose()?;
    change(tx, by, id, AuditAction::ChangeReport, |report, _| {
        report.category = category.unwrap_or(report.category);
        if let Some(rules) = rules {
            report.rules = rules;
        }
    })
}

fn change(
    tx: &mut Tx<'_>,
    by: AccountId,
    id: ReportId,
    action: AuditAction,
    change: impl FnOnce(&mut Report, storage::Timestamp),
) -> Result<()> {
    require(tx, by, Power::ManageReports)?;
    let mut report = find(tx, id)?;
    change(&mut report, tx.now());
    report.updated_at = tx.now();
    put_report(tx, &report);
    record_deed(tx, by, action, Subject::Report(id), "");
    Ok(())
}

/// Whether a peer's reports are not taken.
///
/// # Errors
/// Storage errors.
pub fn are_rejected(read: &dyn Read, authority: &str) -> Result<bool> {
    Ok(moderation::block_of(read, authority)?.is_some_and(|block| block.reject_reports))
}

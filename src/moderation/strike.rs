//! Strikes: a decision as whoever it is about may read it; what they say against it, and what becomes of that.

use super::{
    account::{Action, Decision, carry_out},
    power::{Power, require, require_above},
    report, within,
};
use crate::{
    error::{Error, Result},
    limits,
    user::sign_up::owe,
};
use storage::{
    AccountId, Read, RowId, StatusId, Timestamp, Tx,
    account::{ACCOUNTS, Account},
    job::Letter,
    moderation::{AuditAction, Resolved, Subject, record_deed, staff, standing},
    notification::{self, NotificationKind},
    strike::{self, Appeal, AppealState, STRIKES, Strike, StrikeAction},
    user,
};

/// How an appeal is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The decision is taken back.
    Grant,
    /// It stays.
    Refuse,
}

/// Keeps a decision for whoever it is about, and tells them: in their notifications and by a letter. Nothing is kept of what
/// only takes something back.
pub(super) fn keep(tx: &mut Tx<'_>, decision: &Decision) -> Result<()> {
    let Some(action) = struck(decision.action) else { return Ok(()) };
    let settled = decision.report.map(|id| report::find(tx, id)).transpose()?;
    // A report about somebody else says nothing of them.
    let settled = settled.filter(|report| report.target == decision.target);
    let strike = Strike {
        account: decision.target,
        by: decision.by,
        action,
        text: decision.why.clone(),
        report: settled.as_ref().map(|report| report.id),
        rules: settled.as_ref().map(|report| report.rules.clone()).unwrap_or_default(),
        statuses: settled.map(|report| report.statuses).unwrap_or_default(),
        created_at: tx.now(),
        overruled_at: None,
        appeal: None,
    };
    let known = strike::of_account(tx, decision.target, limits::STRIKES_MAX)?;
    if known.len() == limits::STRIKES_MAX
        && let Some((oldest, _)) = known.last()
    {
        strike::remove(tx, *oldest)?;
    }
    let id: RowId = tx.next_id();
    strike::put(tx, id, &strike);
    tell(tx, id, &strike, Letter::Strike)
}

/// Of whoever is named tells the notification, anew if it was there, and a letter.
fn tell(tx: &mut Tx<'_>, id: RowId, strike: &Strike, letter: Letter) -> Result<()> {
    let (account, kind, about) = (strike.account, NotificationKind::ModerationWarning, Some(StatusId(id.0)));
    notification::withdraw(tx, account, kind, account, about)?;
    // Nobody stands behind it by name: as in Mastodon it comes from oneself.
    notification::notify(tx, account, kind, account, about)?;
    owe(tx, account, letter);
    Ok(())
}

fn struck(action: Action) -> Option<StrikeAction> {
    Some(match action {
        Action::None => StrikeAction::None,
        Action::Disable => StrikeAction::Disable,
        Action::Sensitize => StrikeAction::Sensitize,
        Action::Silence => StrikeAction::Silence,
        Action::Suspend => StrikeAction::Suspend,
        Action::Enable | Action::Unsensitize | Action::Unsilence | Action::Unsuspend => return None,
    })
}

/// The word of an action in the client API (`AccountWarning#action`).
#[must_use]
pub fn action_name(action: StrikeAction) -> &'static str {
    match action {
        StrikeAction::None => "none",
        StrikeAction::Disable => "disable",
        StrikeAction::Sensitize => "sensitive",
        StrikeAction::Silence => "silence",
        StrikeAction::Suspend => "suspend",
    }
}

/// The word of what became of an appeal in the client API (`Appeal#state`).
#[must_use]
pub fn state_name(state: AppealState) -> &'static str {
    match state {
        AppealState::Pending => "pending",
        AppealState::Approved => "approved",
        AppealState::Rejected => "rejected",
    }
}

/// Strikes about `account`, the newest first.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Vec<(RowId, Strike)>> {
    Ok(strike::of_account(read, account, limits::STRIKES_MAX)?)
}

/// A strike about `account`.
///
/// # Errors
/// `NotFound` if there is none with this number, also if it is about somebody else.
pub fn require_own(read: &dyn Read, account: AccountId, id: RowId) -> Result<Strike> {
    STRIKES.get(read, &id)?.filter(|strike| strike.account == account).ok_or(Error::NotFound)
}

/// Whether what was decided still holds.
///
/// # Errors
/// Storage errors.
pub fn holds(read: &dyn Read, strike: &Strike) -> Result<bool> {
    let now = standing(read, strike.account)?;
    Ok(match strike.action {
        StrikeAction::None => false,
        StrikeAction::Disable => user::find(read, strike.account)?.is_some_and(|user| user.disabled),
        StrikeAction::Sensitize => now.sensitized_at.is_some(),
        StrikeAction::Silence => now.silenced_at.is_some(),
        StrikeAction::Suspend => now.suspended_at.is_some(),
    })
}

/// Until when something may be said against a strike.
#[must_use]
pub fn appeal_until(strike: &Strike) -> Timestamp {
    strike.created_at.plus_ms(limits::APPEAL_MS)
}

/// Whether something may be said against a strike now: once, and in time.
///
/// Source: Mastodon, `Appeal::MAX_STRIKE_AGE`.
#[must_use]
pub fn may_appeal(strike: &Strike, now: Timestamp) -> bool {
    strike.appeal.is_none() && strike.overruled_at.is_none() && now <= appeal_until(strike)
}

/// Says something against a strike; those who may decide that get a letter.
///
/// # Errors
/// `NotFound` if it is not about `account`; `Forbidden` for a second appeal and after `limits::APPEAL_MS`; `Invalid` for a
/// text that is empty or longer than `limits::APPEAL_CHARS_MAX` characters.
pub fn appeal(tx: &mut Tx<'_>, account: AccountId, id: RowId, text: &str) -> Result<()> {
    let mut known = require_own(tx, account, id)?;
    if known.appeal.is_some() {
        return Err(Error::Forbidden("You have appealed against this already"));
    }
    if !may_appeal(&known, tx.now()) {
        return Err(Error::Forbidden("It is too late to appeal against this"));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("text", "text can't be blank"));
    }
    within("text", text, limits::APPEAL_CHARS_MAX)?;
    let created_at = tx.now();
    known.appeal = Some(Appeal { text: text.to_owned(), created_at, state: AppealState::Pending, decided: None });
    strike::put(tx, id, &known);
    for one in staff(tx, limits::STAFF_TOLD_MAX)?.into_iter().take(limits::STAFF_TOLD_MAX) {
        if may_decide(tx, one, &known)? {
            owe(tx, one, Letter::AppealMade);
        }
    }
    Ok(())
}

/// Strikes whose appeal waits for the decision of `by`, the oldest first, of `limits::APPEALS_SHOWN` that wait.
///
/// # Errors
/// Storage errors.
pub fn waiting(read: &dyn Read, by: AccountId) -> Result<Vec<(RowId, Strike)>> {
    let mut found = Vec::new();
    for (id, known) in strike::appealed(read, limits::APPEALS_SHOWN)? {
        if may_decide(read, by, &known)? {
            found.push((id, known));
        }
    }
    Ok(found)
}

/// Whether `who` decides what is said against a strike.
fn may_decide(read: &dyn Read, who: AccountId, strike: &Strike) -> Result<bool> {
    match require(read, who, Power::ManageAppeals).and_then(|by| require_above(read, &by, strike.account)) {
        Ok(()) => Ok(true),
        Err(Error::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Decides an appeal and tells whoever made it. One that is granted takes back what was decided, if it still holds.
/// Whoever calls clears what is remembered of tokens once it is durable.
///
/// # Errors
/// `Forbidden` for whoever may not, also on equals and betters, and for an appeal that is decided; `NotFound` if there is
/// none.
///
/// Source: Mastodon, `ApproveAppealService`.
pub fn decide(tx: &mut Tx<'_>, by: AccountId, id: RowId, verdict: Verdict) -> Result<()> {
    let decider = require(tx, by, Power::ManageAppeals)?;
    let mut known = STRIKES.get(tx, &id)?.ok_or(Error::NotFound)?;
    require_above(tx, &decider, known.account)?;
    let now = tx.now();
    let appeal = known.appeal.as_mut().ok_or(Error::NotFound)?;
    if appeal.state != AppealState::Pending {
        return Err(Error::Forbidden("This appeal is decided already"));
    }
    appeal.decided = Some(Resolved { at: now, by });
    appeal.state = match verdict {
        Verdict::Grant => AppealState::Approved,
        Verdict::Refuse => AppealState::Rejected,
    };
    let deed = match verdict {
        Verdict::Grant => AuditAction::ApproveAppeal,
        Verdict::Refuse => AuditAction::RejectAppeal,
    };
    if verdict == Verdict::Grant {
        known.overruled_at = Some(now);
        if holds(tx, &known)?
            && let Some(undo) = undo(known.action)
            && let Some(account) = ACCOUNTS.get(tx, &known.account)?.filter(Account::is_local)
        {
            carry_out(tx, &account, undo)?;
            record_deed(tx, by, undo.audited(), Subject::Account(known.account), "");
        }
    }
    strike::put(tx, id, &known);
    record_deed(tx, by, deed, Subject::Account(known.account), "");
    tell(tx, id, &known, Letter::AppealDecided)
}

fn undo(action: StrikeAction) -> Option<Action> {
    Some(match action {
        StrikeAction::None => return None,
        StrikeAction::Disable => Action::Enable,
        StrikeAction::Sensitize => Action::Unsensitize,
        StrikeAction::Silence => Action::Unsilence,
        StrikeAction::Suspend => Action::Unsuspend,
    })
}

//! Acting on accounts, local and remote, and listing them for those who look after the server.

use super::{
    Page,
    power::{Power, REFUSED, require, require_above},
    report, strike, within,
};
use crate::{
    account::accept::erase,
    error::{Error, Result},
    limits,
    user::remove as remove_user,
};
use std::{net::IpAddr, ops::ControlFlow};
use storage::{
    AccountId, Bounds, Direction, Event, Read, ReportId, Tx,
    account::{self, ACCOUNTS, Account, LOCAL_ACCOUNTS},
    fold::fold,
    intent::Intent,
    job::{self, JobKind},
    moderation::{self, AuditAction, Standing, Subject, put_standing, record_deed, standing},
    sign_up_block::{bits_of, network_of},
    user::{self, Role, WAITING},
};

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing: it was looked at.
    None,
    /// Its media are hidden at first.
    Sensitize,
    /// And no longer.
    Unsensitize,
    /// Its user may not sign in.
    Disable,
    /// And may again.
    Enable,
    /// Only followers meet it.
    Silence,
    /// And everybody again.
    Unsilence,
    /// It is gone for everybody.
    Suspend,
    /// And is back.
    Unsuspend,
}

impl Action {
    pub(super) fn audited(self) -> AuditAction {
        match self {
            Action::None => AuditAction::Warn,
            Action::Sensitize => AuditAction::Sensitize,
            Action::Unsensitize => AuditAction::Unsensitize,
            Action::Disable => AuditAction::Disable,
            Action::Enable => AuditAction::Enable,
            Action::Silence => AuditAction::Silence,
            Action::Unsilence => AuditAction::Unsilence,
            Action::Suspend => AuditAction::Suspend,
            Action::Unsuspend => AuditAction::Unsuspend,
        }
    }
}

/// A decision about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Who decides.
    pub by: AccountId,
    /// About whom.
    pub target: AccountId,
    /// What is done.
    pub action: Action,
    /// Why, at most `limits::MODERATION_TEXT_CHARS_MAX` characters; for the audit log, and for whoever it is about.
    pub why: String,
    /// The report that this settles.
    pub report: Option<ReportId>,
}

/// Carries out a decision. Whoever calls clears what is remembered of tokens once it is durable.
///
/// A suspended local account keeps its rows, and its followers' servers are told; follows from and to a remote one end,
/// step by step. Doing the same again changes nothing but the audit log. Whoever it is about, if they live here, can read it
/// and appeal (`strike`).
///
/// # Errors
/// `Forbidden` for whoever may not, also on equals and betters; `NotFound` for an unknown account or report; `Invalid`
/// for a long text, or for disabling somebody who does not sign in here.
///
/// Source: client API, admin/accounts.
pub fn act(tx: &mut Tx<'_>, decision: &Decision) -> Result<()> {
    let account = require_below(tx, decision.by, Power::ManageUsers, decision.target)?;
    within("text", &decision.why, limits::MODERATION_TEXT_CHARS_MAX)?;
    carry_out(tx, &account, decision.action)?;
    record_deed(tx, decision.by, decision.action.audited(), Subject::Account(account.id), &decision.why);
    if account.is_local() {
        strike::keep(tx, decision)?;
    }
    match decision.report {
        Some(id) => report::resolve(tx, decision.by, id),
        None => Ok(()),
    }
}

/// The account, if `by` has `power` and may use it on this account now: it is there, and neither their own nor that of an
/// equal or better.
///
/// # Errors
/// `Forbidden` if they may not; `NotFound` for an unknown account, and one of which nothing is left.
pub fn require_below(read: &dyn Read, by: AccountId, power: Power, target: AccountId) -> Result<Account> {
    let by = require(read, by, power)?;
    // The row itself: `find` shows what follows from blocks of domains, too, which must not be stored.
    let account = ACCOUNTS.get(read, &target)?.ok_or(Error::NotFound)?;
    require_above(read, &by, target)?;
    require_whole(read, &account)?;
    Ok(account)
}

/// Does it, whoever decided.
pub(super) fn carry_out(tx: &mut Tx<'_>, account: &Account, action: Action) -> Result<()> {
    let (before, now) = (standing(tx, account.id)?, tx.now());
    let mut standing = before;
    match action {
        Action::None => {}
        Action::Sensitize => standing.sensitized_at = before.sensitized_at.or(Some(now)),
        Action::Unsensitize => standing.sensitized_at = None,
        Action::Silence => standing.silenced_at = before.silenced_at.or(Some(now)),
        Action::Unsilence => standing.silenced_at = None,
        Action::Disable => set_disabled(tx, account.id, Entry::Barred)?,
        Action::Enable => set_disabled(tx, account.id, Entry::Open)?,
        Action::Suspend => standing.suspended_at = before.suspended_at.or(Some(now)),
        Action::Unsuspend => standing.suspended_at = None,
    }
    if standing != before {
        put_standing(tx, account.id, standing);
        if standing.suspended_at != before.suspended_at {
            suspension_changed(tx, account.clone(), standing)?;
        }
        tx.emit(Event::AccountChanged { account: account.id });
    }
    Ok(())
}

/// Removes a suspended account for good, with what it wrote and what it had. Of somebody here the name stays used, and
/// every server that is known is told. Whoever calls clears what is remembered of tokens once it is durable.
///
/// # Errors
/// `Forbidden` for whoever may not, also on equals and betters, and for an account that is not suspended; `NotFound` for
/// an unknown one, and one of which nothing is left.
///
/// Source: client API, admin/accounts#delete.
pub fn delete(tx: &mut Tx<'_>, by: AccountId, target: AccountId) -> Result<()> {
    let account = require_below(tx, by, Power::DeleteUserData, target)?;
    if standing(tx, target)?.suspended_at.is_none() {
        return Err(REFUSED);
    }
    if account.is_local() {
        remove_user(tx, target)?;
        job::enqueue(tx, JobKind::Distribute(Intent::DeleteActor { account: target }));
    } else {
        job::enqueue(tx, JobKind::PurgeAccount { account: target });
    }
    erase(tx, account)?;
    record_deed(tx, by, AuditAction::Delete, Subject::Account(target), "");
    Ok(())
}

/// Refuses what is left of an account here that was turned away or removed: its name.
fn require_whole(read: &dyn Read, account: &Account) -> Result<()> {
    if account.is_local() && user::find(read, account.id)?.is_none() { Err(Error::NotFound) } else { Ok(()) }
}

/// Whether a user may sign in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Open,
    Barred,
}

fn set_disabled(tx: &mut Tx<'_>, id: AccountId, entry: Entry) -> Result<()> {
    let mut user = user::find(tx, id)?.ok_or_else(|| Error::invalid("type", "the account does not sign in here"))?;
    user.disabled = entry == Entry::Barred;
    Ok(user::put(tx, &user)?)
}

/// The row says it as well, so that whoever reads the account knows.
fn suspension_changed(tx: &mut Tx<'_>, mut account: Account, now: Standing) -> Result<()> {
    let id = account.id;
    account.suspended_at = match now.suspended_at {
        Some(since) => account.suspended_at.or(Some(since)),
        None => None,
    };
    account::put(tx, &account)?;
    if account.is_local() && now.suspended_at.is_some() {
        job::enqueue(tx, JobKind::DropScheduled { account: id });
    }
    let kind = if account.is_local() {
        JobKind::Distribute(Intent::UpdateActor { account: id })
    } else if now.suspended_at.is_some() {
        JobKind::SeverAccount { account: id }
    } else {
        // Its own server may have suspended or deleted it meanwhile.
        JobKind::RefreshAccount { account: id }
    };
    job::enqueue(tx, kind);
    Ok(())
}

/// Where accounts live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// Anywhere.
    #[default]
    All,
    /// Here.
    Local,
    /// Elsewhere.
    Remote,
}

/// How accounts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Neither suspended nor disabled.
    Active,
    /// Waiting to be let in.
    Pending,
    /// Not to sign in.
    Disabled,
    /// Met by followers only.
    Silenced,
    /// Gone.
    Suspended,
    /// Media hidden at first.
    Sensitized,
}

/// Whose accounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Users {
    /// Anybody's.
    #[default]
    All,
    /// Of those who look after the server.
    Staff,
}

/// Which accounts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they live.
    pub origin: Origin,
    /// How they stand; none: no matter.
    pub status: Option<Status>,
    /// Whose users.
    pub users: Users,
    /// The beginning of the name, folded as texts are that are searched.
    pub username: Option<String>,
    /// A part of the display name, folded in the same way.
    pub display_name: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// The e-mail address, in lower case.
    pub email: Option<String>,
    /// The network they signed up from.
    pub network: Option<(IpAddr, u8)>,
}

/// Accounts that pass, newest first: at most `limit` of `limits::ROWS_EXAMINED_MAX` rows looked at.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/accounts (v1 and v2).
pub fn list(
    read: &dyn Read,
    filter: &Filter,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Page<AccountId>> {
    let most = limits::ROWS_EXAMINED_MAX;
    // Ids first: what passes is decided outside of the scan, whose errors are the store's alone.
    let mut ids = Vec::new();
    if filter.status == Some(Status::Pending) {
        ids.extend(WAITING.list(read, &(), bounds, direction, most)?.into_iter().map(|(id, ())| id));
    } else if filter.origin == Origin::Local {
        ids.extend(LOCAL_ACCOUNTS.list(read, &(), bounds, direction, most)?.into_iter().map(|(id, ())| id));
    } else {
        ACCOUNTS.scan(read, &(), bounds, direction, |id, _| {
            ids.push(id);
            Ok(if ids.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
    }
    let mut page = Page::default();
    for id in ids {
        page.pass(id.0);
        if passes(read, filter, id)? {
            page.rows.push(id);
            if page.rows.len() == limit {
                break;
            }
        }
    }
    if direction == Direction::Ascending {
        page.rows.reverse();
    }
    Ok(page)
}

fn passes(read: &dyn Read, filter: &Filter, id: AccountId) -> Result<bool> {
    let Some(account) = account::find(read, id)? else { return Ok(false) };
    let folded = |text: &str| fold(text).collect::<String>();
    let lives = match filter.origin {
        Origin::All => true,
        Origin::Local => account.is_local(),
        Origin::Remote => !account.is_local(),
    };
    let begins = filter.username.as_ref().is_none_or(|wanted| folded(&account.username).starts_with(wanted));
    let named = filter.display_name.as_ref().is_none_or(|wanted| folded(&account.display_name).contains(wanted));
    let there = filter.domain.as_ref().is_none_or(|domain| account.domain.as_ref() == Some(domain));
    if !lives || !named || !there || !begins {
        return Ok(false);
    }
    let user = user::find(read, id)?;
    // Whoever was turned away left their name only.
    if account.is_local() && user.is_none() {
        return Ok(false);
    }
    if let Some((network, prefix)) = filter.network {
        let from = user.as_ref().and_then(|user| user.signed_up_from);
        if from.is_none_or(|from| bits_of(from) != bits_of(network) || network_of(from, prefix) != network) {
            return Ok(false);
        }
    }
    if filter.users == Users::Staff && user.as_ref().is_none_or(|user| user.role == Role::User) {
        return Ok(false);
    }
    if let Some(email) = &filter.email
        && user.as_ref().is_none_or(|user| user.email.to_lowercase() != *email)
    {
        return Ok(false);
    }
    let pending = user.as_ref().is_some_and(|user| !user.approved);
    let disabled = user.is_some_and(|user| user.disabled);
    Ok(match filter.status {
        None => true,
        Some(Status::Active) => account.suspended_at.is_none() && !disabled && !pending,
        Some(Status::Pending) => pending,
        Some(Status::Disabled) => disabled,
        Some(Status::Silenced) => moderation::is_silenced(read, &account)?,
        Some(Status::Suspended) => account.suspended_at.is_some(),
        Some(Status::Sensitized) => standing(read, id)?.sensitized_at.is_some(),
    })
}

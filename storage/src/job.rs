//! Durable jobs: a row, found again by its due time. The event log only wakes the runner.

use crate::{
    blob::BlobHash,
    check::describe::{Claim, Described, Index},
    error::Result,
    event::Event,
    id::{AccountId, ActivityId, JobId, MediaId, NotificationId, RowId, StatusId, Timestamp},
    intent::Intent,
    key::{Digest, SecretHash},
    limits, record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Tries until a job is given up.
pub const ATTEMPTS_MAX: u32 = 16;
/// Characters kept of an error.
const ERROR_MAX_CHARS: usize = 200;

/// What a job does. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// Build an activity and owe it to its audience.
    Distribute(Intent),
    /// Read what stands above a stored remote status whose parent, or the group it is for, is unknown.
    FetchAncestors {
        /// The status.
        status: StatusId,
    },
    /// Read a remote actor anew.
    RefreshAccount {
        /// The account.
        account: AccountId,
    },
    /// Remove everything a deleted account left, in steps of at most 400 rows.
    PurgeAccount {
        /// The account.
        account: AccountId,
    },
    /// Remove what points to a deleted status (reblogs, favourites, bookmarks), in steps of at most 400 rows.
    PurgeStatus {
        /// The status, whose row is gone.
        status: StatusId,
        /// Its author: whose notifications spoke of it.
        author: AccountId,
    },
    /// Accept the follow requests of an account that no longer asks for approval, a few at a time
    /// (`relationship::authorize_pending`).
    AuthorizeFollowRequests {
        /// The account.
        account: AccountId,
    },
    /// Remove what is remembered of finished deliveries where one step was not enough.
    ForgetDeliveries {
        /// The activity that ended it.
        activity: ActivityId,
        /// Digest of its object.
        object: Digest,
    },
    /// Wake a program on somebody's device.
    Push {
        /// Hash of the token whose subscription it is.
        token: SecretHash,
        /// What to tell of; `None`: only that messages come.
        notification: Option<NotificationId>,
    },
    /// Read an uploaded picture and make what is shown of it.
    ProcessMedia {
        /// The picture.
        media: MediaId,
        /// The number of the received file.
        upload: u64,
    },
    /// Remove a file that no row refers to any more.
    RemoveFile {
        /// The file.
        hash: BlobHash,
    },
    /// End a mute whose time has come.
    EndMute {
        /// Who mutes.
        account: AccountId,
        /// Whom.
        target: AccountId,
    },
    /// Remove the followers and requests that an account has from a domain it blocked, a few at a time.
    SeverDomain {
        /// The account.
        account: AccountId,
        /// The domain.
        domain: String,
    },
    /// End a poll whose time has come.
    EndPoll {
        /// Its status.
        status: StatusId,
    },
    /// Tell peers how the votes of a poll here stand.
    TellPoll {
        /// Its status.
        status: StatusId,
    },
    /// Read the counts of a remote poll anew.
    RefreshPoll {
        /// Its status.
        status: StatusId,
    },
    /// Remove the members' rows of a deleted list.
    PurgeList {
        /// Whose list it was.
        account: AccountId,
        /// The list.
        list: RowId,
    },
    /// End the follows from and to a remote account that was suspended here, in steps.
    SeverAccount {
        /// The account.
        account: AccountId,
    },
    /// End the follows from and to all accounts of a suspended domain, in steps.
    SeverPeer {
        /// The domain.
        domain: String,
    },
    /// Read what a stored status quotes, and the stamp it shows.
    FetchQuote {
        /// The quoting status.
        status: StatusId,
    },
    /// Let the followers here of an account that moved follow the new one, in steps of at most 20.
    MoveFollowers {
        /// The old account.
        from: AccountId,
        /// The new account.
        to: AccountId,
    },
    /// Show an announcement whose time has come, or let one go whose time is over.
    TurnAnnouncement {
        /// The announcement.
        announcement: RowId,
    },
    /// Remove what hangs on an announcement that is gone, in steps.
    PurgeAnnouncement {
        /// The announcement.
        announcement: RowId,
    },
    /// Read the page that a status links to, for its preview.
    LinkCard {
        /// The status.
        status: StatusId,
    },
    /// Bring the filtered notifications of an accepted sender into the list, in steps.
    MergeNotifications {
        /// Whose list.
        account: AccountId,
        /// Who was accepted.
        from: AccountId,
        /// The last of them.
        upto: NotificationId,
    },
    /// Remove the filtered notifications of a sender that was dismissed or blocked, in steps.
    DropNotifications {
        /// Whose they are.
        account: AccountId,
        /// By whom.
        from: AccountId,
        /// The last of them.
        upto: NotificationId,
    },
    /// Send a letter to the address of a user.
    Mail {
        /// The user.
        account: AccountId,
        /// What it says.
        letter: Letter,
        /// When it was asked for.
        asked_at: Timestamp,
    },
    /// End the sessions and tokens of a user that one step did not end.
    EndAccess {
        /// The user.
        account: AccountId,
        /// Only what was made before.
        before: Timestamp,
    },
    /// Post a scheduled status whose time has come.
    PublishScheduled {
        /// The scheduled status.
        scheduled: RowId,
    },
    /// Remove the scheduled statuses of a suspended account here, a few at a time.
    DropScheduled {
        /// The account.
        account: AccountId,
    },
    /// Look whether the pages that a profile links to link back.
    CheckLinks {
        /// Whose profile.
        account: AccountId,
    },
    /// Remove the keys of a deleted account here, if they are still there because some server never answered.
    ForgetSigner {
        /// The account.
        account: AccountId,
    },
    /// Compare who here follows a remote account with what its server says (FEP-8fcf).
    SynchroniseFollowers {
        /// The account.
        account: AccountId,
        /// Where its server names them.
        url: String,
        /// What it says of all of them together.
        digest: [u8; 32],
    },
    /// Read the thread of a status that somebody here looks at.
    FetchThread {
        /// The first status of the thread that was known then.
        first: StatusId,
        /// The one looked at.
        status: StatusId,
    },
    /// Read the latest statuses, the pins and the numbers of an account elsewhere that somebody here looks at.
    FetchProfile {
        /// The account.
        account: AccountId,
    },
    /// Read the actor of a LitePub relay and ask it.
    AskRelay {
        /// The relay.
        relay: RowId,
    },
    /// Take the rows of a table that somebody brought, one after another.
    Import {
        /// Who brought it.
        account: AccountId,
        /// The import.
        import: RowId,
    },
    /// Let somebody who was just let in follow who invited them.
    FollowInviter {
        /// Who came.
        account: AccountId,
    },
    /// Delete some old statuses of somebody who wants that.
    CleanUp {
        /// Whose.
        account: AccountId,
    },
    /// Ask another server whom an account there follows that somebody here had.
    ReadFollows {
        /// Who brings it.
        account: AccountId,
    },
    /// Ask another server which domains it blocks.
    ReadBlockList {
        /// The list that is to be.
        list: RowId,
    },
    /// Block the domains of a list, some at a time.
    ApplyBlockList {
        /// The list.
        list: RowId,
    },
    /// Send a letter to an address that its user had before.
    MailFormer {
        /// The user.
        account: AccountId,
        /// The address.
        to: String,
        /// What it says.
        letter: Letter,
    },
    /// Write the archive of an account.
    TakeOut {
        /// The account.
        account: AccountId,
        /// When it was asked for.
        asked_at: Timestamp,
    },
    /// Look whether anybody here still follows the hashtag that a relay is for, and leave it if nobody does.
    LookAtTag {
        /// The relay.
        relay: RowId,
    },
    /// Ask a relay of tags for the hashtags that people here follow already.
    AskForTags {
        /// The relay of tags.
        relay: RowId,
    },
    /// Look what stands above an answer that is gone, or will not be posted, and is held for its author no more.
    LeaveThread {
        /// Whose answer it was.
        account: AccountId,
        /// What it answered.
        parent: StatusId,
    },
}

/// What a letter says. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// Confirm this address.
    Confirm,
    /// Choose a new password.
    ResetPassword,
    /// You were let in.
    Approved,
    /// Your password was changed.
    PasswordChanged,
    /// Moderators decided something about your account.
    Strike,
    /// Your appeal was decided.
    AppealDecided,
    /// Somebody appealed, which waits for your decision.
    AppealMade,
    /// Confirm that your letters are to go to this address.
    NewAddress,
    /// Your letters are to go to another address.
    AddressToChange,
    /// Your letters go to another address now.
    AddressChanged,
    /// Signing in takes a code now.
    SecondFactorOn,
    /// And no longer.
    SecondFactorOff,
    /// The last spare code was used.
    CodesUsedUp,
    /// A passkey lets you in now.
    PasskeyAdded,
    /// And no longer.
    PasskeyRemoved,
    /// Whoever has a sheet that was made now can choose a new password.
    SheetMade,
}

/// Jobs that wait for each other: one class never holds up another. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobClass {
    /// In the order of their numbers, one batch at a time.
    Distribute,
    /// Needs other servers.
    Fetch,
    /// Tidies up.
    Purge,
    /// Tells push services.
    Push,
    /// Needs much memory and processor: pictures.
    Media,
    /// Happens at a time that somebody chose.
    Timed,
    /// Needs servers that are no peers: pages that statuses link to.
    Page,
    /// Needs the mail server.
    Mail,
    /// Needs other servers for long, for what somebody looks at.
    Backfill,
    /// Needs other servers for long, for what somebody brought.
    Import,
    /// Takes its time: own statuses that go by themselves.
    CleanUp,
}

impl JobClass {
    /// How many there are.
    pub const COUNT: usize = JobClass::CleanUp as usize + 1;

    /// Its place among all.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl JobKind {
    /// Its class.
    #[must_use]
    pub fn class(&self) -> JobClass {
        match self {
            JobKind::Distribute(_) => JobClass::Distribute,
            JobKind::FetchAncestors { .. }
            | JobKind::RefreshAccount { .. }
            | JobKind::RefreshPoll { .. }
            | JobKind::FetchQuote { .. }
            | JobKind::CheckLinks { .. }
            | JobKind::SynchroniseFollowers { .. }
            | JobKind::AskRelay { .. } => JobClass::Fetch,
            JobKind::Push { .. } => JobClass::Push,
            JobKind::PurgeAccount { .. }
            | JobKind::PurgeStatus { .. }
            | JobKind::AuthorizeFollowRequests { .. }
            | JobKind::ForgetDeliveries { .. }
            | JobKind::RemoveFile { .. }
            | JobKind::SeverDomain { .. }
            | JobKind::SeverAccount { .. }
            | JobKind::SeverPeer { .. }
            | JobKind::PurgeList { .. }
            | JobKind::PurgeAnnouncement { .. }
            | JobKind::MoveFollowers { .. }
            | JobKind::MergeNotifications { .. }
            | JobKind::DropNotifications { .. }
            | JobKind::EndAccess { .. }
            | JobKind::DropScheduled { .. }
            | JobKind::LeaveThread { .. } => JobClass::Purge,
            JobKind::Mail { .. } | JobKind::MailFormer { .. } => JobClass::Mail,
            JobKind::ProcessMedia { .. } => JobClass::Media,
            JobKind::EndMute { .. }
            | JobKind::EndPoll { .. }
            | JobKind::TellPoll { .. }
            | JobKind::TurnAnnouncement { .. }
            | JobKind::PublishScheduled { .. }
            | JobKind::FollowInviter { .. }
            | JobKind::ForgetSigner { .. }
            | JobKind::LookAtTag { .. }
            | JobKind::AskForTags { .. } => JobClass::Timed,
            JobKind::LinkCard { .. } => JobClass::Page,
            JobKind::FetchThread { .. } | JobKind::FetchProfile { .. } => JobClass::Backfill,
            JobKind::Import { .. }
            | JobKind::TakeOut { .. }
            | JobKind::ReadFollows { .. }
            | JobKind::ReadBlockList { .. }
            | JobKind::ApplyBlockList { .. } => JobClass::Import,
            JobKind::CleanUp { .. } => JobClass::CleanUp,
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// What to do.
    pub kind: JobKind,
    /// When it is due.
    pub due: Timestamp,
    /// How often it has stepped aside.
    pub attempts: u32,
    /// Why it stepped aside last.
    pub last_error: String,
}
record!(Job, 1);

/// All jobs.
pub const JOBS: Table<JobId, Job> = Table::new(110, "job");
/// (class, due, job): found again by time.
pub const JOBS_DUE: Table<(u8, Timestamp, JobId), ()> = Table::new(111, "job_due");

/// Stores a job that is due now. What is to be told to peers is due since ever: it goes in the order of the numbers,
/// also if the clock is set back.
pub fn enqueue(tx: &mut Tx<'_>, kind: JobKind) -> JobId {
    let due = if kind.class() == JobClass::Distribute { Timestamp(0) } else { tx.now() };
    enqueue_at(tx, kind, due)
}

/// Stores a job that is due at a time.
pub fn enqueue_at(tx: &mut Tx<'_>, kind: JobKind, due: Timestamp) -> JobId {
    let (id, class): (JobId, _) = (tx.next_id(), kind.class());
    JOBS_DUE.put(tx, &(class.number(), due, id), &());
    JOBS.put(tx, &id, &Job { kind, due, attempts: 0, last_error: String::new() });
    tx.emit(Event::JobWaits { job: id, class });
    id
}

/// Stores a job that is due at some moment of the next `spread_ms` milliseconds: what many servers hear of at once must not
/// send all of them to one place at once.
pub fn enqueue_within(tx: &mut Tx<'_>, kind: JobKind, spread_ms: i64) -> JobId {
    let wait = i64::try_from(tx.random() % spread_ms.max(1).unsigned_abs()).unwrap_or(0);
    let due = tx.now().plus_ms(wait);
    enqueue_at(tx, kind, due)
}

/// Jobs that are due, and when the next one behind them is.
pub type Due = (Vec<(JobId, Job)>, Option<Timestamp>);

/// Jobs of a class that are due at `now`, longest due first, at most `limit`; and when the next one behind them is.
///
/// # Errors
/// Storage errors.
pub fn due(read: &dyn Read, class: JobClass, now: Timestamp, limit: usize) -> Result<Due> {
    let (mut ids, mut next) = (Vec::new(), None);
    let bounds = crate::Bounds::NONE;
    JOBS_DUE.scan(read, &class.number(), bounds, crate::Direction::Ascending, |(_, due, id), ()| {
        if due > now || ids.len() == limit {
            next = Some(due);
            return Ok(ControlFlow::Break(()));
        }
        ids.push(id);
        Ok(ControlFlow::Continue(()))
    })?;
    let mut jobs = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(job) = JOBS.get(read, &id)? {
            jobs.push((id, job));
        }
    }
    Ok((jobs, next))
}

/// Whether at least `most` jobs of a class wait or run.
///
/// # Errors
/// Storage errors.
pub fn is_crowded(read: &dyn Read, class: JobClass, most: usize) -> Result<bool> {
    let bounds = crate::Bounds::NONE;
    Ok(JOBS_DUE.list(read, &class.number(), bounds, crate::Direction::Ascending, most)?.len() == most)
}

/// Removes a finished job.
///
/// # Errors
/// Storage errors.
pub fn finish(tx: &mut Tx<'_>, id: JobId) -> Result<()> {
    let Some(job) = JOBS.get(tx, &id)? else { return Ok(()) };
    JOBS.delete(tx, &id);
    JOBS_DUE.delete(tx, &(job.kind.class().number(), job.due, id));
    Ok(())
}

/// Puts a job off until `due`, or removes it after `ATTEMPTS_MAX` tries; answers whether it will be tried again.
///
/// # Errors
/// Storage errors.
pub fn postpone(tx: &mut Tx<'_>, id: JobId, due: Timestamp, why: &str) -> Result<bool> {
    let Some(mut job) = JOBS.get(tx, &id)? else { return Ok(false) };
    if job.attempts + 1 >= ATTEMPTS_MAX {
        finish(tx, id)?;
        return Ok(false);
    }
    job.attempts += 1;
    job.last_error = why.chars().take(ERROR_MAX_CHARS).collect();
    shift(tx, id, job, due);
    Ok(true)
}

/// Puts a job off until `due` that could not even begin: no try is counted.
///
/// # Errors
/// Storage errors.
pub fn put_off(tx: &mut Tx<'_>, id: JobId, due: Timestamp) -> Result<()> {
    if let Some(job) = JOBS.get(tx, &id)? {
        shift(tx, id, job, due);
    }
    Ok(())
}

fn shift(tx: &mut Tx<'_>, id: JobId, mut job: Job, due: Timestamp) {
    let class = job.kind.class().number();
    JOBS_DUE.delete(tx, &(class, job.due, id));
    job.due = due;
    JOBS.put(tx, &id, &job);
    JOBS_DUE.put(tx, &(class, due, id), &());
}

/// Whether a job is about to remove what points to the deleted status `id`, among the first `limits::CHECK_JOBS` of its
/// class; yes also if there are more, because nobody knows.
///
/// # Errors
/// Storage errors.
pub(crate) fn purges(read: &dyn Read, id: StatusId) -> Result<bool> {
    let (bounds, most) = (crate::Bounds::NONE, limits::CHECK_JOBS + 1);
    let due = JOBS_DUE.list(read, &JobClass::Purge.number(), bounds, crate::Direction::Ascending, most)?;
    if due.len() == most {
        return Ok(true);
    }
    is_among(read, &due, |kind| matches!(kind, JobKind::PurgeStatus { status, .. } if *status == id))
}

/// Whether a job is about to remove what the account `id` left, among the `limits::CHECK_JOBS` of its class that are due
/// last; no also if it is due before them.
///
/// # Errors
/// Storage errors.
pub fn purges_account(read: &dyn Read, id: AccountId) -> Result<bool> {
    let (bounds, most) = (crate::Bounds::NONE, limits::CHECK_JOBS);
    let due = JOBS_DUE.list(read, &JobClass::Purge.number(), bounds, crate::Direction::Descending, most)?;
    is_among(read, &due, |kind| matches!(kind, JobKind::PurgeAccount { account } if *account == id))
}

/// The job of this very kind that is to be done at this very time, among the first `limits::CHECK_JOBS` of then.
///
/// # Errors
/// Storage errors.
pub fn find_at(read: &dyn Read, kind: &JobKind, due: Timestamp) -> Result<Option<JobId>> {
    let (then, most) = ((kind.class().number(), due), limits::CHECK_JOBS);
    let due = JOBS_DUE.list(read, &then, crate::Bounds::NONE, crate::Direction::Ascending, most)?;
    find_among(read, &due, |other| other == kind)
}

fn is_among(read: &dyn Read, due: &[((u8, Timestamp, JobId), ())], wanted: impl Fn(&JobKind) -> bool) -> Result<bool> {
    Ok(find_among(read, due, wanted)?.is_some())
}

fn find_among(
    read: &dyn Read,
    due: &[((u8, Timestamp, JobId), ())],
    wanted: impl Fn(&JobKind) -> bool,
) -> Result<Option<JobId>> {
    for ((_, _, id), ()) in due {
        if JOBS.get(read, id)?.is_some_and(|job| wanted(&job.kind)) {
            return Ok(Some(*id));
        }
    }
    Ok(None)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[&Index {
    table: &JOBS_DUE,
    of: &[&JOBS],
    wants: |id, job| vec![((job.kind.class().number(), job.due, *id), ())],
    owner: |(_, _, id), ()| *id,
    claim: Claim::Sole,
}];

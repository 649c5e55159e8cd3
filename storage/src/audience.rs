//! Who gets an activity: followers, also of whom is answered, named accounts, and whoever got earlier activities about the
//! same object. Large audiences become lists of inboxes step by step, each step one commit.

use crate::{
    account::{self, Whereabouts},
    check::describe::{Described, Pointer, Reference, always},
    delivery::{
        ACTIVITIES, ACTIVITIES_OF_OBJECT, ACTIVITY_BYTES, ACTIVITY_INBOXES, Activity, BYTES_MAX, Built, InboxList,
        Memory, PROGRESS, Sender, finish, forget_activity, is_finished,
    },
    domain_block::{self, DOMAIN_BLOCK_ROWS},
    error::{Error, Result},
    event::Event,
    id::{AccountId, ActivityId, RowId},
    job::{self, JobKind},
    key::Digest,
    limits,
    moderation::{self, BlocksAtHand, Severity},
    octets::Octets,
    peer::{self, InboxId, Target},
    record,
    relationship::FOLLOWER_ROWS,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

/// Rows read for one step. Each may be a new inbox, which is three operations; a transaction has 500.
pub const STEP_ROWS: usize = 120;
/// Followers read by one far step, some 3 ms: most live where others do, whose inbox is known and costs no operation.
pub const FAR_STEP_ROWS: usize = 500;
/// Accounts whose rows are read at once: what is read of those for whom a step has no room is read again.
const ROWS_AT_ONCE: usize = 60;
/// Inboxes whose accounts are recognised while one audience is read, some 300 bytes each; accounts of others are looked up
/// one by one.
pub const ROUTES_MAX: usize = 50_000;
/// Accounts named by one audience.
pub const ACCOUNTS_MAX: usize = 1_000;
/// Inboxes of one activity: their bitmap must fit a value.
pub const INBOXES_MAX: u32 = 400_000;

/// Who gets an activity; local accounts in it get nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Followers of this account.
    pub followers_of: Option<AccountId>,
    /// These, at most `ACCOUNTS_MAX`.
    pub accounts: Vec<AccountId>,
    /// Whoever got earlier activities about this object.
    pub prior_of: Option<Digest>,
    /// Every inbox that is known.
    pub everybody: bool,
    /// Followers of this account, too, whom the one of `followers_of` answers; but for those of domains that this one blocks.
    pub followers_of_answered: Option<AccountId>,
}

impl Audience {
    /// Whether it names nobody at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.followers_of.is_none()
            && self.followers_of_answered.is_none()
            && self.accounts.is_empty()
            && self.prior_of.is_none()
            && !self.everybody
    }
}

/// An audience that is not wholly turned into inboxes yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expansion {
    /// Who.
    pub audience: Audience,
    /// How far it has come.
    pub stage: Stage,
    /// Inboxes found so far.
    pub total: u32,
}
record!(Expansion, 3, { 1 => ExpansionV1, 2 => ExpansionV2 });

/// An expansion as it was written before an audience could have followers of whom is answered, frozen.
#[derive(Serialize, Deserialize)]
struct ExpansionV2 {
    audience: AudienceV2,
    stage: Stage,
    total: u32,
}

#[derive(Serialize, Deserialize)]
struct AudienceV2 {
    followers_of: Option<AccountId>,
    accounts: Vec<AccountId>,
    prior_of: Option<Digest>,
    everybody: bool,
}

impl From<ExpansionV2> for Expansion {
    fn from(old: ExpansionV2) -> Self {
        let AudienceV2 { followers_of, accounts, prior_of, everybody } = old.audience;
        let audience = Audience { followers_of, accounts, prior_of, everybody, followers_of_answered: None };
        Expansion { audience, stage: old.stage, total: old.total }
    }
}

/// An expansion as it was written before an audience could be everybody, frozen.
#[derive(Serialize, Deserialize)]
struct ExpansionV1 {
    audience: AudienceV1,
    stage: Stage,
    total: u32,
}

#[derive(Serialize, Deserialize)]
struct AudienceV1 {
    followers_of: Option<AccountId>,
    accounts: Vec<AccountId>,
    prior_of: Option<Digest>,
}

impl From<ExpansionV1> for Expansion {
    fn from(old: ExpansionV1) -> Self {
        let AudienceV1 { followers_of, accounts, prior_of } = old.audience;
        let audience = Audience { followers_of, accounts, prior_of, ..Audience::default() };
        Expansion { audience, stage: old.stage, total: old.total }
    }
}

/// How far an expansion has come. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Reading lists of earlier activities, behind this one.
    Prior(Option<(ActivityId, u32)>),
    /// Reading named accounts, from this index.
    Accounts(u32),
    /// Reading followers, behind this row.
    Followers(Option<RowId>),
    /// Reading all inboxes, behind this one.
    Everybody(Option<InboxId>),
    /// Reading followers of whom is answered, behind this row.
    FollowersOfAnswered(Option<RowId>),
}

/// Activity → expansion, while it lasts.
pub const EXPANSIONS: Table<ActivityId, Expansion> = Table::new(142, "activity_expansion");

/// What one step found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Inboxes by number; may repeat.
    pub inboxes: Vec<InboxId>,
    /// Inboxes that had no number yet; may repeat.
    pub targets: Vec<Target>,
    /// Where to go on; none: this was the last step.
    pub next: Option<Stage>,
}

/// How much one step may read and find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Followers read.
    pub rows: usize,
    /// Inboxes without a number found, three operations each of a transaction's 500; at least one.
    pub targets: usize,
}

impl Default for Room {
    fn default() -> Self {
        Room { rows: STEP_ROWS, targets: STEP_ROWS }
    }
}

/// What was found out about inboxes while an audience is read: asked once for each inbox, not for each account. Whether a
/// server is suspended is asked again before anything is sent to it.
#[derive(Debug, Default)]
pub struct Routes {
    /// By what decides to which inbox the things for an account go (`recognise`).
    known: HashMap<Vec<u8>, InboxId>,
    /// What that is of the account looked at last.
    route: Vec<u8>,
    /// Inboxes without a number that a step has found.
    told: HashSet<String>,
    /// Accounts whose servers' blocks were asked for.
    asked: usize,
    /// From many on, if they can be at hand.
    blocks: Option<BlocksAtHand>,
}

impl Routes {
    /// The inbox of whoever has the shared inbox `shared` and lives where the account does, if it is known.
    fn recognise(&mut self, account: &Whereabouts<'_>, shared: &str) -> Option<InboxId> {
        let domain = account.domain.unwrap_or_default();
        self.route.clear();
        for part in [domain, peer::front_of(account.uri), peer::front_of(account.inbox), shared] {
            self.route.extend_from_slice(&part.len().to_le_bytes());
            self.route.extend_from_slice(part.as_bytes());
        }
        self.known.get(&self.route).copied()
    }

    /// Knows the inbox of the account that was not recognised just now.
    fn remember(&mut self, inbox: InboxId) {
        if self.known.len() < ROUTES_MAX {
            self.known.insert(self.route.clone(), inbox);
        }
    }

    /// Whether nothing goes to the server of an account.
    fn is_shut_out(&mut self, read: &dyn Read, account: &Whereabouts<'_>) -> Result<bool> {
        self.asked = self.asked.saturating_add(1);
        if self.asked == limits::BLOCKS_ASKED_SINGLY {
            self.blocks = BlocksAtHand::read(read)?;
        }
        if let Some(blocks) = &self.blocks {
            return Ok(blocks.suspend(account));
        }
        let block = moderation::block_of_whereabouts(read, account)?;
        Ok(block.is_some_and(|block| block.severity == Severity::Suspend))
    }
}

/// What one step stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The inboxes, none of which the activity had before.
    pub inboxes: Vec<InboxId>,
    /// Where to go on; none: the audience is complete.
    pub next: Option<Stage>,
}

/// The stage an audience begins with.
#[must_use]
pub fn first_stage(audience: &Audience) -> Stage {
    if audience.prior_of.is_some() { Stage::Prior(None) } else { Stage::Accounts(0) }
}

/// Reads the inboxes of the next step, at most `STEP_ROWS` rows. None: an earlier activity about the object is still
/// being expanded, so it is not known yet who gets it.
///
/// # Errors
/// Storage errors.
pub fn gather(read: &dyn Read, id: ActivityId, audience: &Audience, stage: Stage) -> Result<Option<Step>> {
    gather_far(read, id, audience, stage, Room::default(), &mut Routes::default())
}

/// The same of an audience that is read in many steps: as far as `room` goes, with what earlier steps found out.
///
/// # Errors
/// Storage errors.
pub fn gather_far(
    read: &dyn Read,
    id: ActivityId,
    audience: &Audience,
    stage: Stage,
    room: Room,
    routes: &mut Routes,
) -> Result<Option<Step>> {
    match stage {
        Stage::Prior(after) => gather_prior(read, id, audience, after),
        Stage::Accounts(from) => gather_accounts(read, audience, from as usize, room, routes).map(Some),
        Stage::Followers(after) => {
            let mut step = Step::default();
            gather_followers(read, audience, after, room, routes, &mut step)?;
            Ok(Some(step))
        }
        Stage::Everybody(after) => gather_everybody(read, after).map(Some),
        Stage::FollowersOfAnswered(after) => {
            let mut step = Step::default();
            gather_followers_of_answered(read, audience, after, room, routes, &mut step)?;
            Ok(Some(step))
        }
    }
}

/// Stores an activity with the first step of its audience. The number is the one of the job that tells it, so a
/// repeated job changes nothing: then the answer is none.
///
/// # Errors
/// Storage errors; `TooLarge` above `BYTES_MAX` or `ACCOUNTS_MAX`.
pub fn store(tx: &mut Tx<'_>, id: ActivityId, built: &Built, memory: Memory, first: &Step) -> Result<Option<Added>> {
    if ACTIVITIES.contains(tx, &id)? {
        return Ok(None);
    }
    check(built)?;
    let object = built.object;
    let activity = Activity {
        uri: built.uri.clone(),
        object,
        sender: built.sender,
        priority: built.priority,
        memory,
        supersedes: built.audience.prior_of == Some(object),
        created_at: tx.now(),
    };
    ACTIVITIES.put(tx, &id, &activity);
    ACTIVITY_BYTES.put(tx, &id, &Octets(built.bytes.clone()));
    PROGRESS.put(tx, &id, &Octets::default());
    if memory != Memory::Nothing {
        ACTIVITIES_OF_OBJECT.put(tx, &(object, id), &());
    }
    add(tx, id, first, 0, &HashSet::new(), &built.audience).map(Some)
}

/// Stores a further step; `known` are the inboxes of the steps before it. None if the expansion is over or another
/// step was stored meanwhile.
///
/// # Errors
/// Storage errors.
pub fn extend(
    tx: &mut Tx<'_>,
    id: ActivityId,
    from: Stage,
    step: &Step,
    known: &HashSet<InboxId>,
) -> Result<Option<Added>> {
    let Some(expansion) = EXPANSIONS.get(tx, &id)? else { return Ok(None) };
    if expansion.stage != from {
        return Ok(None);
    }
    add(tx, id, step, expansion.total, known, &expansion.audience).map(Some)
}

/// Expansions under way, in order, behind `after`; at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn under_way(read: &dyn Read, after: Option<ActivityId>, limit: usize) -> Result<Vec<(ActivityId, Expansion)>> {
    let bounds = Bounds { above: after.map(|id| id.0), below: None };
    EXPANSIONS.list(read, &(), bounds, Direction::Ascending, limit)
}

/// Takes a step of forgetting who got earlier activities about `object`, if the last one whose inboxes are all known went to
/// each of theirs, too; answers whether there may be more. So what is said anew of a status whose changes do not go to
/// everybody who had it leaves one memory for each time that somebody hears of it no more, and not one for each change.
///
/// # Errors
/// Storage errors.
pub fn forget_covered(tx: &mut Tx<'_>, object: Digest) -> Result<bool> {
    let mut last: Option<HashSet<InboxId>> = None;
    for ((_, id), ()) in ACTIVITIES_OF_OBJECT.list(tx, &object, Bounds::NONE, Direction::Descending, STEP_ROWS)? {
        let Some(known) = &last else {
            if !EXPANSIONS.contains(tx, &id)? {
                let Some(inboxes) = few_inboxes(tx, id)? else { return Ok(false) };
                last = Some(inboxes);
            }
            continue;
        };
        let covered = is_finished(tx, id)? && few_inboxes(tx, id)?.is_some_and(|inboxes| inboxes.is_subset(known));
        if covered {
            forget_activity(tx, id, object)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// The inboxes of an activity; none if they are more than are compared.
fn few_inboxes(read: &dyn Read, id: ActivityId) -> Result<Option<HashSet<InboxId>>> {
    let (mut found, mut few) = (HashSet::new(), true);
    ACTIVITY_INBOXES.scan(read, &id, Bounds::NONE, Direction::Ascending, |_, InboxList(list)| {
        found.extend(list);
        few = found.len() <= limits::COMPARED_INBOXES;
        Ok(if few { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(few.then_some(found))
}

/// The inboxes an activity has so far, from list to list; used once when an expansion goes on after a restart.
///
/// # Errors
/// Storage errors.
pub fn inboxes(read: &dyn Read, id: ActivityId) -> Result<HashSet<InboxId>> {
    let mut known = HashSet::new();
    ACTIVITY_INBOXES.scan(read, &id, Bounds::NONE, Direction::Ascending, |_, InboxList(list)| {
        known.extend(list);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(known)
}

fn add(
    tx: &mut Tx<'_>,
    id: ActivityId,
    step: &Step,
    total: u32,
    known: &HashSet<InboxId>,
    audience: &Audience,
) -> Result<Added> {
    let room = INBOXES_MAX.saturating_sub(total) as usize;
    let mut seen = HashSet::new();
    let mut fresh = Vec::new();
    let mut take = |inbox: InboxId| {
        if fresh.len() < room && !known.contains(&inbox) && seen.insert(inbox) {
            fresh.push(inbox);
        }
    };
    step.inboxes.iter().copied().for_each(&mut take);
    let mut urls = HashSet::new();
    for target in &step.targets {
        if urls.insert(&target.url) {
            take(peer::number_inbox(tx, target)?);
        }
    }
    if !fresh.is_empty() {
        ACTIVITY_INBOXES.put(tx, &(id, total), &InboxList(fresh.clone()));
    }
    let total = total.saturating_add(u32::try_from(fresh.len()).unwrap_or(u32::MAX));
    let next = step.next.filter(|_| total < INBOXES_MAX);
    match next {
        Some(stage) => {
            EXPANSIONS.put(tx, &id, &Expansion { audience: audience.clone(), stage, total });
        }
        None => {
            if EXPANSIONS.contains(tx, &id)? {
                EXPANSIONS.delete(tx, &id);
            }
            // A departure is told to everybody, and little else.
            if audience.everybody {
                depart(tx, id)?;
            }
            if total == 0 {
                PROGRESS.delete(tx, &id);
                finish(tx, id)?;
            }
        }
    }
    tx.emit(Event::DeliveryQueued { activity: id });
    Ok(Added { inboxes: fresh, next })
}

/// What a sender who is gone left is no longer needed once it is known who hears of it; its keys are, until they have, or
/// those who have not are taken for gone, too.
fn depart(tx: &mut Tx<'_>, id: ActivityId) -> Result<()> {
    let Some(activity) = ACTIVITIES.get(tx, &id)? else { return Ok(()) };
    if let (Memory::Departure, Sender::Account(account)) = (activity.memory, activity.sender) {
        job::enqueue(tx, JobKind::PurgeAccount { account });
        let last = tx.now().plus_ms(limits::SIGNER_KEPT_MS);
        job::enqueue_at(tx, JobKind::ForgetSigner { account }, last);
    }
    Ok(())
}

fn check(built: &Built) -> Result<()> {
    for (what, size, limit) in
        [("activity", built.bytes.len(), BYTES_MAX), ("audience", built.audience.accounts.len(), ACCOUNTS_MAX)]
    {
        if size > limit {
            return Err(Error::TooLarge { what, size, limit });
        }
    }
    Ok(())
}

fn gather_prior(
    read: &dyn Read,
    id: ActivityId,
    audience: &Audience,
    after: Option<(ActivityId, u32)>,
) -> Result<Option<Step>> {
    let Some(object) = audience.prior_of else {
        return Ok(Some(Step { next: Some(Stage::Accounts(0)), ..Step::default() }));
    };
    let below = Bounds { below: Some(id.0), above: None };
    let earlier = ACTIVITIES_OF_OBJECT.list(read, &object, below, Direction::Ascending, STEP_ROWS)?;
    for ((_, other), ()) in &earlier {
        if EXPANSIONS.contains(read, other)? {
            return Ok(None);
        }
    }
    for ((_, other), ()) in earlier {
        let from = match after {
            Some((seen, _)) if other < seen => continue,
            Some((seen, position)) if other == seen => Some(position),
            _ => None,
        };
        if let Some(((_, first), list)) = next_list(read, other, from)? {
            return Ok(Some(Step {
                inboxes: list.0,
                targets: Vec::new(),
                next: Some(Stage::Prior(Some((other, first)))),
            }));
        }
    }
    Ok(Some(Step { next: Some(Stage::Accounts(0)), ..Step::default() }))
}

fn gather_accounts(read: &dyn Read, audience: &Audience, from: usize, room: Room, routes: &mut Routes) -> Result<Step> {
    let rest = audience.accounts.get(from..).unwrap_or_default();
    let most = STEP_ROWS.min(room.targets);
    let mut step = Step::default();
    let some = &rest[..rest.len().min(most)];
    for (id, row) in some.iter().zip(account::rows(read, some)?) {
        if let Some(row) = row {
            account::with_whereabouts(*id, &row, |account| push_target(read, account, routes, &mut step))?;
        }
    }
    if rest.len() > most {
        step.next = Some(Stage::Accounts(u32::try_from(from + most).unwrap_or(u32::MAX)));
        return Ok(step);
    }
    if audience.followers_of.is_none() {
        step.next = behind_followers(audience);
        return Ok(step);
    }
    // Followers in the same step: most audiences are complete with it.
    if rest.len() > STEP_ROWS / 6 {
        step.next = Some(Stage::Followers(None));
        return Ok(step);
    }
    gather_followers(read, audience, None, room, routes, &mut step)?;
    Ok(step)
}

fn gather_followers(
    read: &dyn Read,
    audience: &Audience,
    after: Option<RowId>,
    room: Room,
    routes: &mut Routes,
    step: &mut Step,
) -> Result<()> {
    let Some(account) = audience.followers_of else { return Ok(()) };
    let (last, more) =
        each_follower(read, account, after, room, step, |account, step| push_target(read, account, routes, step))?;
    step.next = if more { Some(Stage::Followers(last)) } else { behind_followers(audience) };
    Ok(())
}

fn gather_followers_of_answered(
    read: &dyn Read,
    audience: &Audience,
    after: Option<RowId>,
    room: Room,
    routes: &mut Routes,
    step: &mut Step,
) -> Result<()> {
    let Some(account) = audience.followers_of_answered else { return Ok(()) };
    let any = |by: AccountId| DOMAIN_BLOCK_ROWS.list(read, &by, Bounds::NONE, Direction::Ascending, 1);
    let shuns = match audience.followers_of {
        Some(by) if !any(by)?.is_empty() => Some(by),
        _ => None,
    };
    let (last, more) = each_follower(read, account, after, room, step, |follower, step| {
        // The answering one wants nothing of the domain where they live.
        if let (Some(by), Some(domain)) = (shuns, follower.domain)
            && domain_block::blocks(read, by, domain)?
        {
            return Ok(());
        }
        push_target(read, follower, routes, step)
    })?;
    step.next = if more { Some(Stage::FollowersOfAnswered(last)) } else { behind_all_followers(audience) };
    Ok(())
}

/// Takes the followers of `account` behind `after`, as many as there is room for; answers the last one's row, and whether
/// there are more.
fn each_follower(
    read: &dyn Read,
    account: AccountId,
    after: Option<RowId>,
    room: Room,
    step: &mut Step,
    mut take: impl FnMut(&Whereabouts<'_>, &mut Step) -> Result<()>,
) -> Result<(Option<RowId>, bool)> {
    let bounds = Bounds { above: after.map(|row| row.0), below: None };
    let rows = FOLLOWER_ROWS.list(read, &account, bounds, Direction::Ascending, room.rows + 1)?;
    let mut last = after;
    for some in rows[..rows.len().min(room.rows)].chunks(ROWS_AT_ONCE) {
        let ids: Vec<AccountId> = some.iter().map(|(_, follower)| *follower).collect();
        for (((_, row), follower), found) in some.iter().zip(account::rows(read, &ids)?) {
            if step.targets.len() >= room.targets {
                return Ok((last, true));
            }
            if let Some(found) = found {
                account::with_whereabouts(*follower, &found, |account| take(account, step))?;
            }
            last = Some(*row);
        }
    }
    Ok((last, rows.len() > room.rows))
}

fn behind_followers(audience: &Audience) -> Option<Stage> {
    match audience.followers_of_answered {
        Some(_) => Some(Stage::FollowersOfAnswered(None)),
        None => behind_all_followers(audience),
    }
}

fn behind_all_followers(audience: &Audience) -> Option<Stage> {
    audience.everybody.then_some(Stage::Everybody(None))
}

/// Inboxes that are gone are passed over.
fn gather_everybody(read: &dyn Read, after: Option<InboxId>) -> Result<Step> {
    let (mut step, mut rows, mut last) = (Step::default(), 0, None);
    peer::each_inbox(read, after, |id, inbox| {
        if rows == STEP_ROWS {
            step.next = last.map(|last| Stage::Everybody(Some(last)));
            return ControlFlow::Break(());
        }
        (rows, last) = (rows + 1, Some(id));
        if inbox.gone_at.is_none() {
            step.inboxes.push(id);
        }
        ControlFlow::Continue(())
    })?;
    Ok(step)
}

fn push_target(read: &dyn Read, account: &Whereabouts<'_>, routes: &mut Routes, step: &mut Step) -> Result<()> {
    if account.domain.is_none() || account.suspended_at.is_some() {
        return Ok(());
    }
    // What decides about its server is asked once for all who live there.
    if let Some(known) = account.shared_inbox.and_then(|shared| routes.recognise(account, shared)) {
        step.inboxes.push(known);
        return Ok(());
    }
    if routes.is_shut_out(read, account)? {
        return Ok(());
    }
    let Some((target, number)) = peer::destination_of(read, account)? else { return Ok(()) };
    match number {
        Some(known) => {
            step.inboxes.push(known);
            if account.shared_inbox == Some(target.url.as_str()) {
                routes.remember(known);
            }
        }
        None if routes.told.len() < ROUTES_MAX && !routes.told.insert(target.url.clone()) => {}
        None => step.targets.push(target),
    }
    Ok(())
}

fn next_list(read: &dyn Read, id: ActivityId, after: Option<u32>) -> Result<Option<((ActivityId, u32), InboxList)>> {
    let mut range = crate::table::KeyRange::prefix(&crate::Key::to_bytes(&id));
    if let Some(position) = after {
        range.from = crate::Key::to_bytes(&(id, position));
        range.from.push(0);
    }
    let mut found = None;
    read.scan_bytes(ACTIVITY_INBOXES.id, &range, Direction::Ascending, &mut |key, value| {
        let key = <(ActivityId, u32) as crate::Key>::from_bytes(key)
            .ok_or_else(|| Error::corrupt(ACTIVITY_INBOXES.name, crate::table::hex(key), "unreadable key"))?;
        found = Some((key, <InboxList as record::Record>::decode(value)?));
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &EXPANSIONS, to: |id, _| vec![Pointer::to(&ACTIVITIES, id)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let expansion = Expansion { audience: Audience::default(), stage: Stage::Accounts(0), total: 7 };
        assert_eq!(expansion.encode(), [3, 0, 0, 0, 0, 0, 1, 0, 7]);
        assert_eq!(Expansion::decode(&[1, 0, 0, 0, 1, 0, 7]).expect("of before everybody"), expansion);
        let older = Expansion::decode(&[2, 0, 0, 0, 0, 1, 0, 7]).expect("of before whom is answered");
        assert_eq!(older, expansion);
        let everybody = Audience { everybody: true, ..Audience::default() };
        let expansion = Expansion { audience: everybody, stage: Stage::Everybody(Some(InboxId(3))), total: 1 };
        assert_eq!(Expansion::decode(&expansion.encode()).expect("readable"), expansion);
        let answer = Audience { followers_of_answered: Some(AccountId(2)), ..Audience::default() };
        let expansion = Expansion { audience: answer, stage: Stage::FollowersOfAnswered(Some(RowId(5))), total: 1 };
        assert_eq!(expansion.encode(), [3, 0, 0, 0, 0, 1, 2, 4, 1, 5, 1]);
        assert_eq!(Expansion::decode(&expansion.encode()).expect("readable"), expansion);
    }
}

//! Other servers: how each answers, when it may be tried again, and small numbers for its inboxes.

use crate::{
    account::{Account, Endpoints, Whereabouts},
    check::describe::{Claim, Counter, Counts, Described, Index, Owner, Pointer, Reference, always},
    delivery::OWED,
    error::{Error, Result},
    event::Event,
    id::{DAY_MS, Timestamp},
    key::{Digest, Key},
    limits, record,
    record::Record,
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table, hex},
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Days on which a peer must have failed to count as unreachable (Mastodon: 7).
pub const UNREACHABLE_DAYS: u32 = 7;
/// The longest pause between two tries, and the pause of an unreachable peer: one probe a day.
pub const BACKOFF_MAX_MS: i64 = DAY_MS;
/// The step of the schedule at which a peer stays that is there: an hour at most.
pub const THERE_STEPS_MAX: u32 = 7;
/// Time after a failure in which hearing from a peer leads to no other try: one that is busy goes on sending.
pub const REVIVED_AFTER_MS: i64 = 15_000;
/// The longest `Retry-After` that is honoured.
pub const RETRY_AFTER_MAX_MS: i64 = 60 * 60 * 1_000;
/// How old `last_inbound` and `last_success` may be before they are written again: not every request is a write.
const CONTACT_STEP_MS: i64 = 60 * 60 * 1_000;
/// Rows of inboxes that cost as much to pass over as one costs to be looked up.
const SCANNED_PER_INBOX: u64 = 4;
/// Characters kept of an error.
const ERROR_MAX_CHARS: usize = 200;

/// Another server, by its authority (`host` or `host:port`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// When it was first heard of.
    pub first_seen: Timestamp,
    /// When it last sent something signed; renewed at most once an hour.
    pub last_inbound: Option<Timestamp>,
    /// When a delivery last succeeded; renewed at most once an hour.
    pub last_success: Option<Timestamp>,
    /// Since when it has failed without a success between.
    pub failing_since: Option<Timestamp>,
    /// On how many distinct days it failed since then.
    pub failing_days: u32,
    /// The last of those days, since 1970.
    pub last_failing_day: u32,
    /// Failures since the last success.
    pub attempt: u32,
    /// Nothing is sent before this time.
    pub next_attempt_at: Option<Timestamp>,
    /// What went wrong last; stays after a success, for whoever looks.
    pub last_error: String,
    /// Failed on `UNREACHABLE_DAYS` days: one probe a day, and nothing new is owed to it but what takes
    /// something back.
    pub unreachable: bool,
    /// Deliveries owed to it in rows of its own.
    pub owed: u32,
}
record!(Peer, 1);

impl Peer {
    /// A peer heard of at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Peer {
            first_seen: now,
            last_inbound: None,
            last_success: None,
            failing_since: None,
            failing_days: 0,
            last_failing_day: 0,
            attempt: 0,
            next_attempt_at: None,
            last_error: String::new(),
            unreachable: false,
            owed: 0,
        }
    }

    /// Whether its last delivery failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.attempt > 0
    }

    /// Notes a failed delivery and when to try again: 15 s + n⁴ s + jitter (FEDERATION §5), or what the peer asked
    /// for in `Retry-After`, whichever is later. While the peer is there n grows to `THERE_STEPS_MAX` only, so that what it does
    /// not take keeps nothing else from it for days. `random` decides the jitter.
    pub fn fail(&mut self, now: Timestamp, why: &str, how: Failing, retry_after_ms: Option<i64>, random: u64) {
        self.attempt = self.attempt.saturating_add(1);
        self.failing_since.get_or_insert(now);
        let today = day(now);
        if self.failing_days == 0 || today != self.last_failing_day {
            self.failing_days += 1;
            self.last_failing_day = today;
        }
        self.unreachable = self.failing_days >= UNREACHABLE_DAYS;
        let step = match how {
            Failing::Away => self.attempt,
            Failing::There => self.attempt.min(THERE_STEPS_MAX),
        };
        let asked = honoured_ms(retry_after_ms);
        let pause = if self.unreachable { BACKOFF_MAX_MS } else { backoff_ms(step, random).max(asked) };
        self.next_attempt_at = Some(now.plus_ms(pause));
        self.last_error = why.chars().take(ERROR_MAX_CHARS).collect();
    }

    /// Notes a success. Answers whether that is worth a write: it had failed, or the last one noted is an hour old.
    pub fn succeed(&mut self, now: Timestamp) -> bool {
        let worth = self.is_failing() || is_old(self.last_success, now);
        if worth {
            self.last_success = Some(now);
        }
        self.forgive();
        worth
    }

    /// Notes something signed that came from it. Answers whether that is worth a write.
    pub fn hear(&mut self, now: Timestamp) -> bool {
        let worth = self.is_failing() || is_old(self.last_inbound, now);
        if worth {
            self.last_inbound = Some(now);
        }
        self.forgive();
        worth
    }

    /// The same of one that failed so lately, or asked to be left alone for so long, that it is tried at `until`, not before.
    pub fn hear_and_wait(&mut self, now: Timestamp, until: Timestamp) {
        self.last_inbound = Some(now);
        self.failing_days = 0;
        self.last_failing_day = 0;
        self.unreachable = false;
        self.next_attempt_at = self.next_attempt_at.map(|next| next.min(until));
    }

    /// Forgets its failures: it may be tried at once.
    pub fn forgive(&mut self) {
        self.attempt = 0;
        self.failing_since = None;
        self.failing_days = 0;
        self.last_failing_day = 0;
        self.next_attempt_at = None;
        self.unreachable = false;
    }
}

/// How a delivery failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// The peer is not there, is busy, or under repair.
    Away,
    /// The peer is there; it may be what was sent that it does not take.
    There,
}

/// The pause after the `attempt`-th failure: 15 s + n⁴ s + jitter of up to n⁴/2 s, at most a day.
#[must_use]
pub fn backoff_ms(attempt: u32, random: u64) -> i64 {
    let fourth = i64::from(attempt).saturating_pow(4).saturating_mul(1_000);
    let most = u64::try_from(fourth / 2).unwrap_or(0);
    let jitter = i64::try_from(random % (most + 1)).unwrap_or(0);
    fourth.saturating_add(15_000).saturating_add(jitter).min(BACKOFF_MAX_MS)
}

/// How long a peer is left alone that asked for so long in `Retry-After`, milliseconds.
#[must_use]
pub fn honoured_ms(retry_after_ms: Option<i64>) -> i64 {
    retry_after_ms.unwrap_or(0).clamp(0, RETRY_AFTER_MAX_MS)
}

/// A small number standing for the URL of an inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InboxId(pub u32);
record!(InboxId, 1);

impl Key for InboxId {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        u32::decode(bytes).map(InboxId)
    }
}

/// An inbox elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Its URL.
    pub url: String,
    /// The peer it lies on: the authority of the URL.
    pub domain: String,
    /// It is shared by a whole server.
    pub shared: bool,
    /// When it answered 410.
    pub gone_at: Option<Timestamp>,
}
record!(Inbox, 1);

/// Authority → peer.
pub const PEERS: Table<String, Peer> = Table::new(130, "peer");
/// Number → inbox.
pub const INBOXES: Table<InboxId, Inbox> = Table::new(131, "inbox");
/// Digest of an inbox's URL → number.
pub const INBOX_NUMBERS: Table<Digest, InboxId> = Table::new(132, "inbox_number");

/// The peer called `domain`.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, domain: &str) -> Result<Option<Peer>> {
    PEERS.get(read, &domain.to_owned())
}

/// Notes that a peer sent something signed: it is tried again at once, or when `REVIVED_AFTER_MS` have passed since it failed.
///
/// # Errors
/// Storage errors.
pub fn heard_from(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    let now = tx.now();
    let mut peer = find(tx, domain)?.unwrap_or_else(|| Peer::new(now));
    let failing = peer.is_failing();
    let just_heard = |heard: Timestamp| (0..REVIVED_AFTER_MS).contains(&now.ms_since(heard));
    if failing && peer.last_inbound.is_some_and(just_heard) {
        return Ok(());
    }
    if peer.hear(now) {
        PEERS.put(tx, &domain.to_owned(), &peer);
    }
    if failing {
        tx.emit(Event::PeerRevived { domain: domain.to_owned() });
    }
    Ok(())
}

/// Peers in order behind `after`, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, after: Option<&str>, limit: usize) -> Result<Vec<(String, Peer)>> {
    let from = after.map_or_else(Vec::new, |domain| {
        let mut key = domain.to_owned().to_bytes();
        key.push(0);
        key
    });
    let mut found = Vec::new();
    let range = KeyRange { from, until: None };
    read.scan_bytes(PEERS.id, &range, Direction::Ascending, &mut |key, value| {
        let domain = String::from_bytes(key).ok_or_else(|| Error::corrupt(PEERS.name, hex(key), "unreadable key"))?;
        found.push((domain, Peer::decode(value)?));
        Ok(if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// Where to deliver what a remote account shall get.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The inbox.
    pub url: String,
    /// The peer.
    pub domain: String,
    /// The inbox is shared by a whole server.
    pub shared: bool,
}

/// The inbox to use for `account`; none if it is local, gone, or its inbox is not on its own host.
///
/// An inbox must lie on the actor's host or below it, and a shared inbox on the same host as one of them: otherwise
/// whoever controls an actor could point our deliveries at a third party (SECURITY B7). A shared inbox that answered
/// 410 is not used (`mark_gone`).
///
/// # Errors
/// Storage errors.
pub fn target_of(read: &dyn Read, account: &Account) -> Result<Option<Target>> {
    Ok(destination_of(read, &account.into())?.map(|(target, _)| target))
}

/// The same with its number, if it has one.
///
/// # Errors
/// Storage errors.
pub(crate) fn destination_of(read: &dyn Read, account: &Whereabouts<'_>) -> Result<Option<(Target, Option<InboxId>)>> {
    if account.domain.is_none() || account.suspended_at.is_some() {
        return Ok(None);
    }
    let Some(home) = authority_of(account.uri) else { return Ok(None) };
    let Some(own) = authority_of(account.inbox).filter(|inbox| is_within(inbox, &home)) else {
        return Ok(None);
    };
    if let Some(url) = account.shared_inbox
        && let Some(domain) = authority_of(url).filter(|shared| is_within(shared, &home) || *shared == own)
    {
        let number = number_of(read, url)?;
        if !is_gone(read, number)? {
            return Ok(Some((Target { url: url.to_owned(), domain, shared: true }, number)));
        }
    }
    let url = account.inbox;
    let number = number_of(read, url)?;
    Ok(Some((Target { url: url.to_owned(), domain: own, shared: false }, number)))
}

/// The number of an inbox.
///
/// # Errors
/// Storage errors.
pub fn number_of(read: &dyn Read, url: &str) -> Result<Option<InboxId>> {
    INBOX_NUMBERS.get(read, &Digest::of(url))
}

/// The inboxes with these numbers, in their order. Where they lie close together they are read in one scan.
///
/// # Errors
/// Storage errors.
pub(crate) fn inboxes(read: &dyn Read, ids: &[InboxId]) -> Result<Vec<Option<Inbox>>> {
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else { return Ok(Vec::new()) };
    let close = u64::from(last.0 - first.0) / SCANNED_PER_INBOX < ids.len() as u64;
    if !close {
        let keys: Vec<Vec<u8>> = ids.iter().map(Key::to_bytes).collect();
        let rows = read.get_many_bytes(INBOXES.id, &keys)?;
        return rows.into_iter().map(|row| row.map(|row| Inbox::decode(&row)).transpose()).collect();
    }
    let mut wanted: Vec<(InboxId, usize)> = ids.iter().copied().zip(0..).collect();
    wanted.sort_unstable();
    let mut wanted = wanted.into_iter().peekable();
    let mut found = vec![None; ids.len()];
    let range = KeyRange { from: first.to_bytes(), until: last.0.checked_add(1).map(|end| InboxId(end).to_bytes()) };
    read.scan_bytes(INBOXES.id, &range, Direction::Ascending, &mut |key, value| {
        let id = InboxId::from_bytes(key).ok_or_else(|| Error::corrupt(INBOXES.name, hex(key), "unreadable key"))?;
        while let Some((next, place)) = wanted.next_if(|(next, _)| *next <= id) {
            if next == id {
                found[place] = Some(Inbox::decode(value)?);
            }
        }
        Ok(if wanted.peek().is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(found)
}

/// Hands inboxes to `visit` in the order of their numbers, behind `after`, until it breaks.
pub(crate) fn each_inbox(
    read: &dyn Read,
    after: Option<InboxId>,
    mut visit: impl FnMut(InboxId, Inbox) -> ControlFlow<()>,
) -> Result<()> {
    let mut range = KeyRange::all();
    if let Some(after) = after {
        range.from = InboxId(after.0.saturating_add(1)).to_bytes();
    }
    read.scan_bytes(INBOXES.id, &range, Direction::Ascending, &mut |key, value| {
        let id = InboxId::from_bytes(key).ok_or_else(|| Error::corrupt(INBOXES.name, hex(key), "unreadable key"))?;
        Ok(visit(id, Inbox::decode(value)?))
    })
}

/// The number of an inbox, made if it has none.
///
/// # Errors
/// Storage errors.
pub fn number_inbox(tx: &mut Tx<'_>, target: &Target) -> Result<InboxId> {
    if let Some(id) = number_of(tx, &target.url)? {
        return Ok(id);
    }
    let last = INBOXES.list(tx, &(), Bounds::NONE, Direction::Descending, 1)?;
    let id = InboxId(last.first().map_or(1, |(id, _)| id.0.saturating_add(1)));
    let row = Inbox { url: target.url.clone(), domain: target.domain.clone(), shared: target.shared, gone_at: None };
    INBOX_NUMBERS.put(tx, &Digest::of(&target.url), &id);
    INBOXES.put(tx, &id, &row);
    if !PEERS.contains(tx, &target.domain)? {
        let peer = Peer::new(tx.now());
        PEERS.put(tx, &target.domain, &peer);
    }
    Ok(id)
}

/// Marks an inbox that answered 410; it is not used again until its server names it anew or an operator wants it tried.
///
/// # Errors
/// Storage errors.
pub fn mark_gone(tx: &mut Tx<'_>, id: InboxId) -> Result<()> {
    let Some(mut inbox) = INBOXES.get(tx, &id)? else { return Ok(()) };
    inbox.gone_at = Some(tx.now());
    INBOXES.put(tx, &id, &inbox);
    Ok(())
}

/// The actor `uri` names its shared inbox: that it answered 410 a day ago or longer holds no more, if it is one to which that
/// actor would be sent anything. Nobody speaks for the inbox of another server.
///
/// # Errors
/// Storage errors.
pub fn named_again(tx: &mut Tx<'_>, uri: &str, endpoints: &Endpoints) -> Result<()> {
    let (Some(url), Some(home)) = (&endpoints.shared_inbox, authority_of(uri)) else { return Ok(()) };
    let Some(own) = authority_of(&endpoints.inbox).filter(|own| is_within(own, &home)) else { return Ok(()) };
    let Some(id) = number_of(tx, url)? else { return Ok(()) };
    let Some(inbox) = INBOXES.get(tx, &id)? else { return Ok(()) };
    let is_theirs = is_within(&inbox.domain, &home) || inbox.domain == own;
    if is_theirs && inbox.gone_at.is_some_and(|since| tx.now().ms_since(since) >= DAY_MS) {
        INBOXES.put(tx, &id, &Inbox { gone_at: None, ..inbox });
    }
    Ok(())
}

/// Forgets that shared inboxes of `domain` answered 410, at most `limits::RETRY_STEP` of them: of others that is never asked.
///
/// # Errors
/// Storage errors.
pub(crate) fn forget_gone(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    let mut gone = Vec::new();
    each_inbox(tx, None, |id, inbox| {
        if inbox.shared && inbox.domain == domain && inbox.gone_at.is_some() {
            gone.push((id, inbox));
        }
        if gone.len() < limits::RETRY_STEP { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    for (id, inbox) in gone {
        INBOXES.put(tx, &id, &Inbox { gone_at: None, ..inbox });
    }
    Ok(())
}

/// The authority of an http(s) URL: host in lower case, and the port where it is not the scheme's own; none if there
/// is no plain host. URLs were parsed strictly when they were received; this only reads them again.
#[must_use]
pub fn authority_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let mut authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let named = authority.strip_suffix(default_port).unwrap_or(&authority);
    let length = named.strip_suffix('.').unwrap_or(named).len();
    authority.truncate(length);
    let plain = !authority.is_empty() && !authority.contains(['@', '\\', ' ']);
    plain.then_some(authority)
}

/// All of a URL that `authority_of` looks at.
pub(crate) fn front_of(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else { return url };
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &url[..scheme.len() + "://".len() + authority]
}

/// What a decision about `authority` (`host` or `host:port`) may stand under, the nearest first: itself, its host, and
/// the domains above.
#[must_use = "iterators do nothing unless they are asked"]
pub fn named_by(authority: &str) -> impl Iterator<Item = &str> {
    fn above<'a>(name: &&'a str) -> Option<&'a str> {
        name.split_once('.').map(|(_, above)| above)
    }
    let next = match authority.rsplit_once(':') {
        Some((host, _)) => Some(host.trim_end_matches('.')),
        None => above(&authority),
    };
    std::iter::once(authority).chain(std::iter::successors(next, above))
}

fn is_within(authority: &str, home: &str) -> bool {
    authority == home || authority.strip_suffix(home).is_some_and(|rest| rest.ends_with('.'))
}

fn is_gone(read: &dyn Read, number: Option<InboxId>) -> Result<bool> {
    let Some(id) = number else { return Ok(false) };
    Ok(INBOXES.get(read, &id)?.is_some_and(|inbox| inbox.gone_at.is_some()))
}

fn is_old(noted: Option<Timestamp>, now: Timestamp) -> bool {
    noted.is_none_or(|noted| now.ms_since(noted) >= CONTACT_STEP_MS)
}

fn day(now: Timestamp) -> u32 {
    u32::try_from(now.0 / DAY_MS).unwrap_or(0)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &INBOX_NUMBERS,
        of: &[&INBOXES],
        wants: |id, inbox| vec![(Digest::of(&inbox.url), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &INBOXES, to: |_, inbox| vec![Pointer::to(&PEERS, &inbox.domain)], unless: always },
    &Counter {
        name: "owed",
        table: &PEERS,
        owners: &[Owner::each(&PEERS)],
        counts: Counts::Below(OWED.id),
        get: |peer| peer.map_or(0, |peer| peer.owed.into()),
        set: |peer, owed| peer.map(|peer| Peer { owed: u32::try_from(owed).unwrap_or(u32::MAX), ..peer }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn the_front_of_a_url_decides_its_authority() {
        for (url, front) in [
            ("https://remote.example/users/a", "https://remote.example"),
            ("http://Remote.example:443?a=b", "http://Remote.example:443"),
            ("https://remote.example", "https://remote.example"),
            ("https://remote.example#https://other.example/", "https://remote.example"),
            ("/users/a", "/users/a"),
        ] {
            assert_eq!(front_of(url), front);
            assert_eq!(authority_of(front_of(url)), authority_of(url));
        }
    }

    #[test]
    fn pauses_grow_with_the_fourth_power_and_end_at_a_day() {
        assert_eq!(backoff_ms(1, 0), 16_000);
        assert_eq!(backoff_ms(5, 0), 640_000);
        assert_eq!(backoff_ms(5, 312_500), 640_000 + 312_500);
        assert_eq!(backoff_ms(5, 312_501), 640_000, "jitter is at most half of n⁴");
        assert_eq!(backoff_ms(u32::MAX, u64::MAX), DAY_MS);
    }

    #[test]
    fn a_peer_is_unreachable_after_seven_days_and_then_probed_once_a_day() {
        let (mut peer, mut now) = (Peer::new(START), START);
        for number in 1..=7 {
            assert!(!peer.unreachable);
            peer.fail(now, "connection refused", Failing::Away, None, 0);
            peer.fail(now, "connection refused", Failing::Away, None, 0);
            assert_eq!(peer.failing_days, number);
            now = now.plus_ms(DAY_MS);
        }
        assert!(peer.unreachable);
        assert_eq!(peer.next_attempt_at, Some(now.plus_ms(0)));
        assert!(peer.hear(now), "a revival is worth a write");
        assert_eq!((peer.unreachable, peer.attempt, peer.next_attempt_at), (false, 0, None));
    }

    #[test]
    fn a_peer_that_asks_for_patience_gets_at_most_an_hour() {
        let mut peer = Peer::new(START);
        peer.fail(START, "503", Failing::Away, Some(600_000), 0);
        assert_eq!(peer.next_attempt_at, Some(START.plus_ms(600_000)));
        peer.fail(START, "503", Failing::Away, Some(i64::MAX), 0);
        assert_eq!(peer.next_attempt_at, Some(START.plus_ms(3_600_000)));
        assert!(peer.succeed(START));
        assert!(!peer.succeed(START.plus_ms(1_000)), "not every success is a write");
    }

    #[test]
    fn a_peer_that_is_there_is_asked_again_within_an_hour_however_often_it_refuses() {
        let (mut there, mut away) = (Peer::new(START), Peer::new(START));
        for _ in 0..15 {
            there.fail(START, "401", Failing::There, None, 0);
            away.fail(START, "502", Failing::Away, None, 0);
        }
        assert_eq!(there.next_attempt_at, Some(START.plus_ms(backoff_ms(THERE_STEPS_MAX, 0))));
        assert!(backoff_ms(THERE_STEPS_MAX, u64::MAX) <= 3_700_000);
        assert_eq!(away.next_attempt_at, Some(START.plus_ms(backoff_ms(15, 0))));
    }

    #[test]
    fn a_peer_that_was_heard_of_while_it_rests_counts_as_there_and_is_tried_when_that_is_over() {
        let mut peer = Peer::new(START);
        for day in 0..7 {
            peer.fail(START.plus_ms(day * DAY_MS), "503", Failing::Away, None, 0);
        }
        let now = START.plus_ms(6 * DAY_MS);
        peer.hear_and_wait(now, now.plus_ms(15_000));
        assert!(!peer.unreachable && peer.is_failing());
        assert_eq!(peer.next_attempt_at, Some(now.plus_ms(15_000)));
        peer.hear_and_wait(now.plus_ms(5_000), now.plus_ms(20_000));
        assert_eq!(peer.next_attempt_at, Some(now.plus_ms(15_000)), "never later than it was");
    }

    #[test]
    fn authorities_are_read_from_urls() {
        for (url, authority) in [
            ("https://A.test/inbox", Some("a.test")),
            ("https://a.test:443", Some("a.test")),
            ("http://localhost:8080/x?y", Some("localhost:8080")),
            ("https://a.test./", Some("a.test")),
            ("https://u@a.test/", None),
            ("ftp://a.test/", None),
            ("/users/a", None),
            ("https:///x", None),
        ] {
            assert_eq!(authority_of(url).as_deref(), authority, "{url}");
        }
        assert!(is_within("ap.a.test", "a.test") && !is_within("ba.test", "a.test") && !is_within("test", "a.test"));
    }
}

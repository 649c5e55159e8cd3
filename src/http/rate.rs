//! Request rates: one token bucket for each client and kind of request (SECURITY D7; client API, rate limits).

use crate::{
    clock,
    error::{Error, Result},
    limits,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::{
    cmp::Ordering,
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use storage::{AccountId, SecretHash, Timestamp};

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Any request of one token.
    Token,
    /// Any request from one address.
    Address,
    /// Any request through a proxy that does not say for whom.
    Proxy,
    /// Uploads.
    Upload,
    /// Deleting and un-reblogging.
    Delete,
    /// Registering applications from one address.
    Application,
    /// Tokens that applications ask for themselves from one address.
    OwnToken,
    /// What applications store while the disk is full, all together.
    FullDisk,
    /// Signing up from one address.
    SignUp,
    /// Texts given to a translation service, whose quota all share.
    Translation,
    /// Letters to one address, or at one user's wish.
    Mail,
    /// Servers asked because of one address where their people follow somebody.
    Interaction,
    /// Sign-in attempts from one address.
    SignInAddress,
    /// Sign-in attempts for one name.
    SignInName,
    /// Activities from one peer; only what is verified counts, or anybody could use up anybody's.
    Inbox,
    /// The same of all peers below one registered domain.
    InboxBySite,
    /// The same of one actor: no actor takes all that its peer may send.
    InboxByActor,
    /// Keys asked of one peer because something was signed with them.
    KeyFetch,
    /// The same of all peers below one registered domain.
    KeyFetchBySite,
    /// Keys asked for because of one address, whatever peers it names.
    KeyFetchByAddress,
    /// Reading one known key anew.
    KeyRefresh,
    /// Activities of one peer that are passed on to the followers of whom they answer.
    Forward,
    /// Activities of others that servers below one registered domain tell of, each of which is looked up elsewhere.
    ToldBySite,
    /// Activities of others that servers below one registered domain forward, each of which is looked up at its origin.
    ForwardedBySite,
    /// Statuses of anybody that servers below one registered domain share, and that are looked up therefore.
    SharedBySite,
    /// The same of those that lie below one other registered domain.
    SharedOfSite,
    /// What one actor says of its followers here.
    FollowersStated,
    /// The same of all actors of one peer.
    FollowersStatedByHost,
    /// Lists of followers named to one peer.
    FollowersNamed,
}

impl Bucket {
    /// How many requests fit, and the time in which an empty bucket fills, milliseconds.
    ///
    /// Deletes, uploads and their windows are Mastodon's; the general ones five times as generous.
    const fn size(self) -> (u32, i64) {
        const MINUTE: i64 = 60_000;
        match self {
            Bucket::Token => (1_500, 5 * MINUTE),
            Bucket::Address => (7_500, 5 * MINUTE),
            Bucket::Proxy => (75_000, 5 * MINUTE),
            Bucket::Upload | Bucket::Delete => (30, 30 * MINUTE),
            Bucket::Application | Bucket::FullDisk => (60, 10 * MINUTE),
            // Some programs ask for one each time they run.
            Bucket::OwnToken => (200, 10 * MINUTE),
            Bucket::Translation => (60, 5 * MINUTE),
            Bucket::SignUp | Bucket::Mail => (5, 30 * MINUTE),
            Bucket::SignInAddress => (25, 5 * MINUTE),
            Bucket::Interaction => (20, 5 * MINUTE),
            Bucket::SignInName => (15, 30 * MINUTE),
            Bucket::Inbox => (18_000, 5 * MINUTE),
            Bucket::InboxBySite => (36_000, 5 * MINUTE),
            Bucket::InboxByActor => (9_000, 5 * MINUTE),
            Bucket::Forward | Bucket::ForwardedBySite | Bucket::KeyFetchByAddress => (300, 5 * MINUTE),
            Bucket::KeyFetch => (600, 5 * MINUTE),
            Bucket::KeyFetchBySite => (1_200, 5 * MINUTE),
            Bucket::KeyRefresh => (1, 5 * MINUTE),
            // A third of what is asked of one server in the background.
            Bucket::ToldBySite => (100, 5 * MINUTE),
            // Several times what a large community tells of, or the followed people of a large server share.
            Bucket::SharedBySite => (1_500, 5 * MINUTE),
            // One a second, as in the background.
            Bucket::SharedOfSite => (300, 5 * MINUTE),
            Bucket::FollowersStated => (2, 5 * MINUTE),
            Bucket::FollowersStatedByHost | Bucket::FollowersNamed => (60, 5 * MINUTE),
        }
    }

    /// Whether it keeps somebody from guessing, or from making what stays. Nothing is counted there but what came past
    /// the bucket of its address.
    const fn guards(self) -> bool {
        match self {
            Bucket::Upload
            | Bucket::Delete
            | Bucket::Application
            | Bucket::OwnToken
            | Bucket::FullDisk
            | Bucket::SignUp
            | Bucket::Translation
            | Bucket::Mail
            | Bucket::Interaction
            | Bucket::SignInAddress
            | Bucket::SignInName => true,
            Bucket::Token
            | Bucket::Address
            | Bucket::Proxy
            | Bucket::Inbox
            | Bucket::InboxBySite
            | Bucket::InboxByActor
            | Bucket::KeyFetch
            | Bucket::KeyFetchBySite
            | Bucket::KeyFetchByAddress
            | Bucket::KeyRefresh
            | Bucket::Forward
            | Bucket::ToldBySite
            | Bucket::ForwardedBySite
            | Bucket::SharedBySite
            | Bucket::SharedOfSite
            | Bucket::FollowersStated
            | Bucket::FollowersStatedByHost
            | Bucket::FollowersNamed => false,
        }
    }
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address; for IPv6 the /64 it lies in.
    Address(IpAddr),
    /// A token, a name or a host, as its hash.
    Hash(SecretHash),
    /// An account here, whatever it comes with.
    Account(AccountId),
}

impl Who {
    /// An address as it is counted.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Who::Address(network(address))
    }

    /// A token, a name or a host.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Who::Hash(SecretHash::of(name))
    }
}

/// The unit one customer of a provider controls: an IPv4 address, an IPv6 /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let mut segments = v6.segments();
            segments[4..].fill(0);
            IpAddr::V6(segments.into())
        }
        v4 => v4,
    }
}

/// The state of a bucket after a request, for the answer's headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many fit.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// When it is full again.
    pub reset: Timestamp,
}

/// All buckets. Nothing is kept for a bucket that is full.
pub struct Rates {
    enabled: bool,
    /// Those that guard something: no flood of anything else makes them forgotten.
    guards: Mutex<Levels>,
    others: Mutex<Levels>,
}

type Levels = HashMap<(Bucket, Who), Level>;

/// A bucket as used milliseconds of its window: it drains one millisecond each millisecond.
#[derive(Clone, Copy)]
struct Level {
    used_ms: i64,
    at: Timestamp,
}

impl Rates {
    /// Buckets that count, or (in labs only) do not.
    #[must_use]
    pub fn new(enabled: bool) -> Self {
        Rates { enabled, guards: Mutex::default(), others: Mutex::default() }
    }

    fn levels(&self, bucket: Bucket) -> MutexGuard<'_, Levels> {
        let levels = if bucket.guards() { &self.guards } else { &self.others };
        levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A bucket that just refused a request, as its answer tells it: empty until trying again makes sense.
    #[must_use]
    pub fn emptied(bucket: Bucket, retry_after: Duration, now: Timestamp) -> Allowance {
        let wait = i64::try_from(retry_after.as_millis()).unwrap_or(i64::MAX);
        Allowance { limit: bucket.size().0, remaining: 0, reset: now.plus_ms(wait) }
    }

    /// Whether anything is counted.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.enabled
    }

    /// Refuses what a bucket has no room for, without taking anything.
    ///
    /// # Errors
    /// `TooMany` if it is empty.
    pub fn refuse_beyond(&self, bucket: Bucket, who: Who, now: Timestamp) -> Result<()> {
        if !self.enabled {
            return Ok(());
        }
        let (limit, window) = bucket.size();
        let cost = window / i64::from(limit);
        let used = self.levels(bucket).get(&(bucket, who)).map_or(0, |level| level.used_at(now));
        if used + cost > window { Err(beyond(used + cost - window)) } else { Ok(()) }
    }

    /// Takes one request out of a bucket; `None` where rates are off.
    ///
    /// # Errors
    /// `TooMany` if it is empty; nothing is taken then.
    pub fn take(&self, bucket: Bucket, who: Who, now: Timestamp) -> Result<Option<Allowance>> {
        if !self.enabled {
            return Ok(None);
        }
        let (limit, window) = bucket.size();
        let cost = window / i64::from(limit);
        let mut levels = self.levels(bucket);
        if levels.len() >= limits::RATE_CLIENTS && !levels.contains_key(&(bucket, who)) {
            make_room(&mut levels, now);
        }
        let level = levels.entry((bucket, who)).or_insert(Level { used_ms: 0, at: now });
        let used = level.used_at(now);
        if used + cost > window {
            return Err(beyond(used + cost - window));
        }
        *level = Level { used_ms: used + cost, at: now };
        let remaining = u32::try_from((window - used - cost) / cost).unwrap_or(0);
        Ok(Some(Allowance { limit, remaining, reset: now.plus_ms(used + cost) }))
    }
}

impl Level {
    fn used_at(self, now: Timestamp) -> i64 {
        (self.used_ms - now.ms_since(self.at).max(0)).max(0)
    }
}

/// There is room in so many milliseconds.
fn beyond(wait_ms: i64) -> Error {
    let wait = u64::try_from(wait_ms).unwrap_or(0);
    Error::TooMany { retry_after: Duration::from_millis(wait.max(1_000)) }
}

/// Forgets full buckets, and then those that are nearest to being full, until half of the places are free: whoever floods
/// this server has emptied theirs, and so has whoever guesses. Half, so that the look at all of them is paid by as many
/// new ones. What counts is the share of its window: a long one is not nearer to being empty for that.
fn make_room(levels: &mut Levels, now: Timestamp) {
    let most = limits::RATE_CLIENTS / 2;
    levels.retain(|_, level| level.used_at(now) > 0);
    if levels.len() <= most {
        return;
    }
    let share = |bucket: Bucket, level: Level| level.used_at(now) * 1_000_000 / bucket.size().1;
    let mut used: Vec<i64> = levels.iter().map(|((bucket, _), level)| share(*bucket, *level)).collect();
    let from = used.len() - most;
    let (_, least, above) = used.select_nth_unstable(from);
    let least = *least;
    // Of those that are used alike as many stay as there is room for.
    let mut alike = most - above.iter().filter(|used| **used > least).count();
    levels.retain(|(bucket, _), level| match share(*bucket, *level).cmp(&least) {
        Ordering::Greater => true,
        Ordering::Equal if alike > 0 => {
            alike -= 1;
            true
        }
        Ordering::Equal | Ordering::Less => false,
    });
}

impl Allowance {
    /// Writes `X-RateLimit-*`; the reset is a time, not seconds (client API, rate limits).
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("x-ratelimit-limit"), self.limit.into());
        headers.insert(HeaderName::from_static("x-ratelimit-remaining"), self.remaining.into());
        if let Ok(reset) = HeaderValue::try_from(clock::iso(self.reset)) {
            headers.insert(HeaderName::from_static("x-ratelimit-reset"), reset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn bucket_empties_and_fills_again() {
        let rates = Rates::new(true);
        let who = Who::named("somebody");
        for left in (0..30).rev() {
            let allowance = rates.take(Bucket::Delete, who, NOW).expect("not empty").expect("on");
            assert_eq!(allowance.remaining, left);
        }
        assert!(matches!(rates.take(Bucket::Delete, who, NOW), Err(Error::TooMany { .. })));
        assert!(rates.take(Bucket::Delete, Who::named("another"), NOW).is_ok());
        assert!(rates.take(Bucket::Upload, who, NOW).is_ok());
        assert!(rates.take(Bucket::Delete, who, NOW.plus_ms(59_999)).is_err());
        assert!(rates.refuse_beyond(Bucket::Delete, who, NOW.plus_ms(59_999)).is_err());
        for _ in 0..2 {
            rates.refuse_beyond(Bucket::Delete, who, NOW.plus_ms(60_000)).expect("looking takes nothing");
        }
        assert!(rates.take(Bucket::Delete, who, NOW.plus_ms(60_000)).is_ok());
    }

    #[test]
    fn addresses_of_one_ipv6_network_share_a_bucket() {
        let of = |text: &str| Who::address(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn memory_is_bounded() {
        let rates = Rates::new(true);
        for n in 0..limits::RATE_CLIENTS + 10 {
            let who = Who::address(IpAddr::from((n as u32).to_be_bytes()));
            let _ = rates.take(Bucket::Address, who, NOW);
            let _ = rates.take(Bucket::SignInAddress, who, NOW);
        }
        for levels in [&rates.others, &rates.guards] {
            let kept = levels.lock().expect("not poisoned").len();
            assert!((limits::RATE_CLIENTS / 2..=limits::RATE_CLIENTS).contains(&kept), "{kept}");
        }
    }

    #[test]
    fn no_flood_makes_an_emptied_bucket_forgotten() {
        let rates = Rates::new(true);
        let (victim, busy) = (Who::named("ann"), Who::named("a busy one"));
        let guessing = Who::address(IpAddr::from([192, 0, 2, 1]));
        while rates.take(Bucket::SignInName, victim, NOW).is_ok() {}
        while rates.take(Bucket::Token, busy, NOW).is_ok() {}
        while rates.take(Bucket::SignInAddress, guessing, NOW).is_ok() {}
        for n in 0..2 * limits::RATE_CLIENTS {
            let made_up = Who::named(&format!("made up {n}"));
            let _ = rates.take(Bucket::Token, made_up, NOW);
            let _ = rates.take(Bucket::SignInName, made_up, NOW);
            // One of these is longer than all that an address may try to sign in.
            let _ = rates.take(Bucket::Mail, made_up, NOW);
        }
        assert!(rates.take(Bucket::SignInAddress, guessing, NOW).is_err(), "guesses from one address are counted on");
        assert!(rates.take(Bucket::SignInName, victim, NOW).is_err(), "guesses at a password are counted on");
        assert!(rates.take(Bucket::Token, busy, NOW).is_err(), "and so is whoever asks most");
    }
}

//! The counts: by day, who used which hashtag and which link, and which statuses were marked lately.

use crate::limits;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use storage::{AccountId, StatusId, Timestamp};

/// What of a status counts.
pub(super) struct Seen {
    pub(super) status: StatusId,
    pub(super) account: AccountId,
    pub(super) day: u32,
    pub(super) at: Timestamp,
    pub(super) tags: Vec<String>,
    pub(super) link: Option<String>,
}

/// The uses of a thing on one day (client API, Trends, `history`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayUse {
    /// When the day began.
    pub day: Timestamp,
    /// How often it was used.
    pub uses: u64,
    /// By how many accounts.
    pub accounts: u64,
}

/// All that is kept.
#[derive(Default)]
pub(super) struct Counted {
    days: BTreeMap<u32, Day>,
    /// Statuses that were marked, the last one last.
    marked: VecDeque<StatusId>,
}

/// A day.
#[derive(Default)]
pub(super) struct Day {
    /// Statuses that were counted.
    statuses: HashSet<StatusId>,
    /// How many of each account.
    by_account: HashMap<AccountId, u32>,
    /// Pairs of a thing and an account.
    pairs: usize,
    pub(super) tags: HashMap<String, Use>,
    pub(super) links: HashMap<String, Use>,
}

/// Who used a thing on a day, how often, and when last.
#[derive(Default)]
pub(super) struct Use {
    pub(super) by: HashMap<AccountId, u32>,
    pub(super) last: Timestamp,
}

impl Counted {
    /// Counts a status unless that was done.
    pub(super) fn add(&mut self, today: u32, seen: Seen) {
        self.forget_before(today);
        if !seen.tags.is_empty() || seen.link.is_some() {
            self.days.entry(seen.day).or_default().add(seen);
        }
    }

    /// Drops the days that are not shown any more.
    pub(super) fn forget_before(&mut self, today: u32) {
        while let Some(first) = self.days.first_entry().filter(|first| *first.key() + limits::TREND_DAYS < today) {
            first.remove();
        }
    }

    pub(super) fn mark(&mut self, id: StatusId) {
        self.marked.retain(|known| *known != id);
        self.marked.push_back(id);
        if self.marked.len() > limits::TREND_STATUSES {
            self.marked.pop_front();
        }
    }

    pub(super) fn marked(&self) -> Vec<StatusId> {
        self.marked.iter().copied().collect()
    }

    pub(super) fn day(&self, number: u32) -> Option<&Day> {
        self.days.get(&number)
    }

    /// The uses of a thing that is found under some names, today first.
    pub(super) fn by_day<'a>(&'a self, today: u32, find: impl Fn(&'a Day) -> Vec<&'a Use>) -> Vec<DayUse> {
        let days = (0..limits::TREND_DAYS).map(|back| today.saturating_sub(back));
        days.map(|number| {
            let found = self.day(number).map(&find).unwrap_or_default();
            let accounts: HashSet<&AccountId> = found.iter().flat_map(|of| of.by.keys()).collect();
            let uses = found.iter().flat_map(|of| of.by.values()).map(|uses| u64::from(*uses)).sum();
            let day = Timestamp(i64::from(number) * super::DAY_MS);
            DayUse { day, uses, accounts: accounts.len() as u64 }
        })
        .collect()
    }
}

impl Day {
    /// Nobody fills a day alone, and all together only so much.
    fn add(&mut self, seen: Seen) {
        let own = self.by_account.get(&seen.account).copied().unwrap_or(0);
        let full = self.statuses.len() >= limits::TREND_STATUSES_A_DAY || own >= limits::TREND_STATUSES_OF_ACCOUNT;
        if full || !self.statuses.insert(seen.status) {
            return;
        }
        self.by_account.insert(seen.account, own + 1);
        let names = seen.tags.into_iter().map(|name| (true, name));
        for (is_tag, name) in names.chain(seen.link.map(|link| (false, link))) {
            let things = if is_tag { &mut self.tags } else { &mut self.links };
            let known = things.get(&name).is_some_and(|of| of.by.contains_key(&seen.account));
            if !known && self.pairs >= limits::TREND_PAIRS_A_DAY {
                continue;
            }
            self.pairs += usize::from(!known);
            let of = things.entry(name).or_default();
            *of.by.entry(seen.account).or_default() += 1;
            of.last = of.last.max(seen.at);
        }
    }
}

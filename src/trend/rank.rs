//! What is talked of most: more people than the day before, and lately.
//!
//! Source: Mastodon, `Trends::Tags`, `Trends::Links`, `Trends::Statuses`: (observed - expected)² / expected, halved again and
//! again with time; with bounds that a small server can reach.

use super::{
    Trends,
    count::{Counted, Day, DayUse, Use},
    day_of, may_trend,
};
use crate::{error::Result, limits, visibility::Sight};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};
use storage::{
    AccountId, Bounds, Direction, Read, Timestamp, account, card,
    card::Page,
    moderation::{self, is_suspended},
    status::{self, FAVOURITED_BY, REBLOGS, Status, Visibility},
};

/// The things of one kind of a day, by name.
type Things = fn(&Day) -> &HashMap<String, Use>;

/// A link that is talked of: its page, and its uses by day, today first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What its page said of itself.
    pub page: Page,
    /// How it was used.
    pub history: Vec<DayUse>,
}

/// Hashtags that are talked of, the most first, at most `limits::TRENDS_LOOKED_AT`.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, trends#tags.
pub fn tags(trends: &Trends, read: &dyn Read, now: Timestamp) -> Result<Vec<String>> {
    let candidates = candidates(&trends.counted(), |day| &day.tags, day_of(now));
    let mut people = People { read, known: HashMap::new() };
    let mut ranked = Vec::new();
    for (name, days) in candidates {
        let score = people.score(&days, now)?;
        ranked.extend((score >= limits::TREND_SCORE_MIN).then_some((score, name)));
    }
    Ok(in_order(ranked))
}

/// Whether moderators suspended the server of a page.
fn is_shut_out(read: &dyn Read, url: &str) -> Result<bool> {
    let Some(host) = storage::peer::authority_of(url) else { return Ok(false) };
    Ok(is_suspended(read, &host)?)
}

/// Pages that are talked of, the most first. Links that lead to one page count together.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, trends#links.
pub fn links(trends: &Trends, read: &dyn Read, now: Timestamp) -> Result<Vec<Link>> {
    let candidates = candidates(&trends.counted(), |day| &day.links, day_of(now));
    let mut pages: HashMap<String, (Page, Vec<String>, Vec<Sample>)> = HashMap::new();
    for (name, days) in candidates {
        let Some(page) = card::find(read, &name)?.and_then(|card| card.page) else { continue };
        if is_shut_out(read, &page.url)? {
            continue;
        }
        let (_, names, together) = pages.entry(page.url.clone()).or_insert_with(|| (page, Vec::new(), Vec::new()));
        names.push(name);
        together.resize_with(days.len(), Sample::default);
        together.iter_mut().zip(days).for_each(|(all, one)| all.join(one));
    }
    let mut people = People { read, known: HashMap::new() };
    let (mut ranked, mut kept) = (Vec::new(), HashMap::new());
    for (url, (page, names, days)) in pages {
        let score = people.score(&days, now)?;
        if score >= limits::TREND_SCORE_MIN {
            ranked.push((score, url.clone()));
            kept.insert(url, (page, names));
        }
    }
    let counted = trends.counted();
    let found = in_order(ranked).into_iter().filter_map(|url| kept.remove(&url));
    Ok(found
        .map(|(page, names)| {
            let history =
                counted.by_day(day_of(now), |day| names.iter().filter_map(|name| day.links.get(name)).collect());
            Link { page, history }
        })
        .collect())
}

/// Statuses that are talked of and that `viewer` may be shown, the most first, one of each author.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, trends#statuses.
pub fn statuses(trends: &Trends, read: &dyn Read, viewer: Option<AccountId>, now: Timestamp) -> Result<Vec<Status>> {
    let marked = trends.counted().marked();
    let sight = Sight::new(read, viewer);
    let mut ranked = Vec::new();
    for id in marked {
        let Some(status) = status::find(read, id)? else { continue };
        if !is_eligible(read, &status, now)? || !is_marked_by_several(read, &status)? {
            continue;
        }
        let stats = status::stats(read, id)?;
        let observed = as_number(stats.reblogs.saturating_add(stats.favourites));
        let score = decayed(excess(observed, 1.0), status.created_at, now, limits::TREND_STATUS_HALF_LIFE_MS);
        if score >= limits::TREND_SCORE_MIN {
            ranked.push((score, status));
        }
    }
    ranked.sort_by(|(one, a), (other, b)| other.total_cmp(one).then(b.id.cmp(&a.id)));
    let (mut found, mut authors) = (Vec::new(), HashSet::new());
    for (_, status) in ranked {
        if authors.insert(status.account) && sight.lists(&status)? {
            found.push(status);
        }
    }
    Ok(found)
}

/// For everybody, harmless, no answer, and by somebody who wants to be found.
fn is_eligible(read: &dyn Read, status: &Status, now: Timestamp) -> Result<bool> {
    let fresh = day_of(status.created_at) + limits::TREND_DAYS > day_of(now);
    let plain = status.visibility == Visibility::Public && status.reblog_of.is_none() && status.reply.is_none();
    if !fresh || !plain || status.sensitive || !status.spoiler_text.is_empty() {
        return Ok(false);
    }
    let found = account::find(read, status.account)?;
    let wants = found.is_some_and(|author| author.discoverable == Some(true));
    let sensitized = moderation::standing(read, status.account)?.sensitized_at.is_some();
    Ok(wants && !sensitized && may_trend(read, status.account)?)
}

/// Whether at least two others marked it.
fn is_marked_by_several(read: &dyn Read, status: &Status) -> Result<bool> {
    let most = limits::TREND_MARKS_LOOKED_AT;
    let reblogs = REBLOGS.list(read, &status.id, Bounds::NONE, Direction::Descending, most)?;
    let favourites = FAVOURITED_BY.list(read, &status.id, Bounds::NONE, Direction::Descending, most)?;
    let marks = reblogs.into_iter().map(|(_, who)| who).chain(favourites.into_iter().map(|(_, who)| who));
    let mut people = HashSet::new();
    for who in marks.filter(|who| *who != status.account) {
        if may_trend(read, who)? {
            people.insert(who);
        }
        if people.len() >= limits::TREND_ACCOUNTS_MIN {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Some of who used a thing on a day, how many others did, and when it was used last.
#[derive(Debug, Default)]
struct Sample {
    accounts: HashSet<AccountId>,
    more: usize,
    last: Timestamp,
}

impl Sample {
    fn of(found: Option<&Use>) -> Self {
        let Some(found) = found else { return Sample::default() };
        let accounts: HashSet<_> = found.by.keys().copied().take(limits::TREND_ACCOUNTS_LOOKED_AT).collect();
        Sample { more: found.by.len() - accounts.len(), accounts, last: found.last }
    }

    fn join(&mut self, other: Sample) {
        self.accounts.extend(other.accounts);
        self.more += other.more;
        self.last = self.last.max(other.last);
    }
}

/// The things that most accounts used, each with the days that decide about it, today first.
fn candidates(counted: &Counted, things: Things, today: u32) -> Vec<(String, Vec<Sample>)> {
    let days: Vec<Option<&Day>> =
        (0..=limits::TREND_DAYS_SCORED).map(|back| counted.day(today.saturating_sub(back))).collect();
    let mut most: HashMap<&String, usize> = HashMap::new();
    for day in days.iter().flatten() {
        for (name, of) in things(day) {
            let accounts = most.entry(name).or_default();
            *accounts = (*accounts).max(of.by.len());
        }
    }
    let mut names: Vec<_> = most.into_iter().map(|(name, accounts)| (Reverse(accounts), name)).collect();
    names.sort_unstable();
    names.truncate(limits::TRENDS_LOOKED_AT);
    let samples =
        |name: &String| days.iter().map(|day| Sample::of(day.and_then(|day| things(day).get(name)))).collect();
    names.into_iter().map(|(_, name)| (name.clone(), samples(name))).collect()
}

/// Whether accounts count, each looked at once.
struct People<'a> {
    read: &'a dyn Read,
    known: HashMap<AccountId, bool>,
}

impl People<'_> {
    /// The best of the last days: how many more used it than on the day before, the less the longer ago.
    fn score(&mut self, days: &[Sample], now: Timestamp) -> Result<f64> {
        let mut counts = Vec::with_capacity(days.len());
        for day in days {
            let mut accounts = day.more;
            for account in &day.accounts {
                accounts += usize::from(self.counts(*account)?);
            }
            counts.push(accounts);
        }
        let mut best = 0.0_f64;
        for (number, pair) in counts.windows(2).enumerate() {
            let (observed, before) = (pair[0], pair[1].max(1));
            if observed >= limits::TREND_ACCOUNTS_MIN {
                let excess = excess(as_number(observed as u64), as_number(before as u64));
                best = best.max(decayed(excess, days[number].last, now, limits::TREND_HALF_LIFE_MS));
            }
        }
        Ok(best)
    }

    fn counts(&mut self, account: AccountId) -> Result<bool> {
        if let Some(known) = self.known.get(&account) {
            return Ok(*known);
        }
        let counts = may_trend(self.read, account)?;
        self.known.insert(account, counts);
        Ok(counts)
    }
}

fn excess(observed: f64, expected: f64) -> f64 {
    if observed <= expected { 0.0 } else { (observed - expected).powi(2) / expected }
}

fn decayed(score: f64, since: Timestamp, now: Timestamp, half_life_ms: i64) -> f64 {
    let age = u32::try_from(now.ms_since(since).max(0) / 1_000).unwrap_or(u32::MAX);
    let half_life = u32::try_from(half_life_ms / 1_000).unwrap_or(u32::MAX);
    score * 0.5_f64.powf(f64::from(age) / f64::from(half_life))
}

fn as_number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn in_order(mut ranked: Vec<(f64, String)>) -> Vec<String> {
    ranked.sort_by(|(one, a), (other, b)| other.total_cmp(one).then_with(|| a.cmp(b)));
    ranked.into_iter().map(|(_, name)| name).collect()
}

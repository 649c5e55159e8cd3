//! Numbers for those who look after the server: what happened in a time, who is here, who stays. Only what is counted or
//! can be counted within bounds.

use crate::{
    error::{Error, Result},
    instance::local_accounts,
    limits,
};
use std::collections::BTreeMap;
use storage::{
    AccountId, Bounds, Direction, Read, Timestamp,
    account::{self, ACCOUNT_BY_NAME},
    activity::{self, Activity, Day, LAST_ACTIVE},
    moderation::{REPORTS, REPORTS_BY_STATE},
    oauth,
    user::{self, User},
};

/// What is to be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measured {
    /// People here who did something; only of a time that lasts until today, because of each only the last day is known.
    ActiveUsers,
    /// New users.
    NewUsers,
    /// Favourites, reblogs and answers of people here.
    Interactions,
    /// Reports made.
    OpenedReports,
    /// Reports closed.
    ResolvedReports,
    /// Accounts of a server that became known here.
    AccountsOf(String),
    /// Reports made about accounts of a server.
    ReportsOf(String),
}

/// A time in whole days, at most `limits::MEASURED_DAYS_MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: Day,
    last: Day,
}

impl Period {
    /// The days from one time to another, both included.
    ///
    /// # Errors
    /// `Invalid` if the end lies before the start, or further away than the bound.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self> {
        let period = Period { first: Day::of(start), last: Day::of(end) };
        if period.last < period.first {
            return Err(Error::invalid("end_at", "end_at lies before start_at"));
        }
        if period.days() > limits::MEASURED_DAYS_MAX {
            let why = format!("{} days are asked for; at most {}", period.days(), limits::MEASURED_DAYS_MAX);
            return Err(Error::invalid("end_at", why));
        }
        Ok(period)
    }

    fn days(self) -> u64 {
        self.last.0 - self.first.0 + 1
    }

    fn each(self) -> impl Iterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }

    fn holds(self, time: Timestamp) -> bool {
        (self.first..=self.last).contains(&Day::of(time))
    }

    /// As many days before it.
    fn before(self) -> Option<Period> {
        let first = Day(self.first.0.checked_sub(self.days())?);
        Some(Period { first, last: Day(self.first.0 - 1) })
    }
}

/// Numbers of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Of all of it.
    pub total: u64,
    /// Of as long a time before it, where that is known.
    pub previous: Option<u64>,
    /// Day by day.
    pub days: Vec<(Day, u64)>,
}

/// Measures; `None` for what is not known of this time.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/measures.
pub fn measure(read: &dyn Read, what: &Measured, period: Period, now: Timestamp) -> Result<Option<Measure>> {
    Ok(Some(match what {
        Measured::ActiveUsers => return active_users(read, period, now),
        Measured::NewUsers => counted(read, period, |activity| activity.registrations)?,
        Measured::Interactions => counted(read, period, |activity| activity.interactions)?,
        Measured::OpenedReports => binned(period, &opened(read, None)?),
        Measured::ResolvedReports => binned(period, &resolved(read)?),
        Measured::AccountsOf(domain) => binned(period, &accounts_of(read, domain)?),
        Measured::ReportsOf(domain) => binned(period, &opened(read, Some(domain))?),
    }))
}

fn active_users(read: &dyn Read, period: Period, now: Timestamp) -> Result<Option<Measure>> {
    if period.last < Day::of(now) {
        return Ok(None);
    }
    let mut total = 0;
    for id in local_accounts(read, limits::COUNTED_MAX)? {
        total += u64::from(LAST_ACTIVE.get(read, &id)?.is_some_and(|day| day >= period.first.0));
    }
    let days = days(read, period, |activity| activity.active)?;
    Ok(Some(Measure { total, previous: None, days }))
}

fn days(read: &dyn Read, period: Period, number: fn(&Activity) -> u64) -> Result<Vec<(Day, u64)>> {
    period.each().map(|day| Ok((day, number(&activity::of_day(read, day)?)))).collect()
}

fn counted(read: &dyn Read, period: Period, number: fn(&Activity) -> u64) -> Result<Measure> {
    let sum = |days: &[(Day, u64)]| days.iter().map(|(_, count)| count).sum::<u64>();
    let previous = period.before().map(|before| days(read, before, number)).transpose()?;
    let days = days(read, period, number)?;
    Ok(Measure { total: sum(&days), previous: previous.map(|days| sum(&days)), days })
}

fn binned(period: Period, times: &[Timestamp]) -> Measure {
    let within = |period: Period| times.iter().filter(|time| period.holds(**time)).count() as u64;
    let mut bins: BTreeMap<Day, u64> = period.each().map(|day| (day, 0)).collect();
    for time in times {
        if let Some(count) = bins.get_mut(&Day::of(*time)) {
            *count += 1;
        }
    }
    Measure { total: within(period), previous: period.before().map(within), days: bins.into_iter().collect() }
}

/// When reports were made, of the newest `limits::COUNTED_MAX`; only about accounts of `domain`, if one is named.
fn opened(read: &dyn Read, domain: Option<&str>) -> Result<Vec<Timestamp>> {
    let mut times = Vec::new();
    for (_, report) in REPORTS.list(read, &(), Bounds::NONE, Direction::Descending, limits::COUNTED_MAX)? {
        let about = match domain {
            Some(domain) => account::find(read, report.target)?.is_some_and(|of| of.domain.as_deref() == Some(domain)),
            None => true,
        };
        if about {
            times.push(report.created_at);
        }
    }
    Ok(times)
}

/// When reports were closed, of the newest `limits::COUNTED_MAX` closed ones.
fn resolved(read: &dyn Read) -> Result<Vec<Timestamp>> {
    let (closed, most) = (1_u8, limits::COUNTED_MAX);
    let mut times = Vec::new();
    for ((_, id), ()) in REPORTS_BY_STATE.list(read, &closed, Bounds::NONE, Direction::Descending, most)? {
        let report = REPORTS.get(read, &id)?;
        times.extend(report.and_then(|report| report.resolved).map(|resolved| resolved.at));
    }
    Ok(times)
}

/// When accounts of a server became known, of the first `limits::COUNTED_MAX` by name.
fn accounts_of(read: &dyn Read, domain: &str) -> Result<Vec<Timestamp>> {
    let most = limits::COUNTED_MAX;
    let rows = ACCOUNT_BY_NAME.list(read, &domain.to_owned(), Bounds::NONE, Direction::Ascending, most)?;
    Ok(rows.into_iter().map(|(_, id)| id.time()).collect())
}

/// The languages of people here who were active in the time, and how many use each, the most used first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/dimensions, `languages`.
pub fn languages(read: &dyn Read, period: Period) -> Result<Vec<(String, u64)>> {
    let active =
        |id: AccountId| -> Result<bool> { Ok(LAST_ACTIVE.get(read, &id)?.is_some_and(|day| day >= period.first.0)) };
    grouped(read, |user| Ok(active(user.account)?.then(|| user.locale.clone())))
}

/// The applications that registered users in the time (empty: none did), and how many each, the busiest first.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/dimensions, `sources`.
pub fn sources(read: &dyn Read, period: Period) -> Result<Vec<(String, u64)>> {
    grouped(read, |user| {
        if !period.holds(user.created_at) {
            return Ok(None);
        }
        let application = match user.created_by {
            Some(id) => oauth::APPLICATIONS.get(read, &id)?,
            None => None,
        };
        Ok(Some(application.map(|application| application.name).unwrap_or_default()))
    })
}

/// Users in groups, the largest first.
fn grouped(read: &dyn Read, group: impl Fn(&User) -> Result<Option<String>>) -> Result<Vec<(String, u64)>> {
    let mut groups: BTreeMap<String, u64> = BTreeMap::new();
    for id in local_accounts(read, limits::COUNTED_MAX)? {
        let Some(user) = user::find(read, id)? else { continue };
        if let Some(name) = group(&user)? {
            *groups.entry(name).or_default() += 1;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(groups)
}

/// The accounts of `domain` with the most followers known here, at most `limit`
/// of the first `limits::COUNTED_MAX` by name.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/dimensions, `instance_accounts`.
pub fn most_followed(read: &dyn Read, domain: &str, limit: usize) -> Result<Vec<(AccountId, u64)>> {
    let (mut found, most) = (Vec::new(), limits::COUNTED_MAX);
    let rows = ACCOUNT_BY_NAME.list(read, &domain.to_owned(), Bounds::NONE, Direction::Ascending, most)?;
    for (_, id) in rows {
        found.push((id, account::stats(read, id)?.followers));
    }
    found.sort_by_key(|(id, followers)| (std::cmp::Reverse(*followers), *id));
    found.truncate(limit);
    Ok(found)
}

/// By what people who came are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// By day.
    Day,
    /// By month.
    Month,
}

/// People who came in the same day or month, and how many of them were still active in later ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// When it begins.
    pub since: Timestamp,
    /// Who came.
    pub size: u64,
    /// How many were active then or later, for each day or month from then on.
    pub stayed: Vec<(Timestamp, u64)>,
}

/// Who stays. `starts` are the first moments of the days or months of the time, in order, with the one behind it.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, admin/retention.
pub fn cohorts(read: &dyn Read, starts: &[Timestamp]) -> Result<Vec<Cohort>> {
    let mut people = Vec::new();
    for id in local_accounts(read, limits::COUNTED_MAX)? {
        let Some(user) = user::find(read, id)? else { continue };
        let last = LAST_ACTIVE.get(read, &id)?.map_or(user.created_at, |day| Day(day).start());
        people.push((user.created_at, last.max(user.created_at)));
    }
    let spans: Vec<_> = starts.windows(2).map(|ends| (ends[0], ends[1])).collect();
    let cohorts = spans.iter().enumerate().map(|(at, (since, until))| {
        let came: Vec<_> = people.iter().filter(|(created, _)| created >= since && created < until).collect();
        // Whoever came in it was active in it.
        let stayed = spans[at..].iter().map(|(from, _)| {
            let there = came.iter().filter(|(_, last)| from == since || last >= from).count();
            (*from, there as u64)
        });
        Cohort { since: *since, size: came.len() as u64, stayed: stayed.collect() }
    });
    Ok(cohorts.collect())
}

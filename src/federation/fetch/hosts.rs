//! What other servers can bear: how long each asked to be left alone, and how much of what nobody waits for is asked of
//! it. In RAM; lost at a restart.

use crate::{
    error::{Error, Result},
    federation::client::Answer,
    limits,
};
use http::StatusCode;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use storage::{Timestamp, peer::RETRY_AFTER_MAX_MS};

/// Hosts by authority, at most `limits::HOSTS_REMEMBERED_MAX`.
#[derive(Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Host>>);

#[derive(Clone, Copy)]
struct Host {
    /// Nothing is asked of it before.
    quiet_until: Timestamp,
    /// When the last of those comes that found no room to wait for their turn.
    last_comes: Timestamp,
    /// Documents that may be asked of it in the background, as of `counted_at`.
    left: i64,
    counted_at: Timestamp,
}

impl Host {
    fn new(now: Timestamp) -> Self {
        Host { quiet_until: Timestamp(0), last_comes: Timestamp(0), left: limits::HOST_DOCUMENTS, counted_at: now }
    }

    fn refill(&mut self, now: Timestamp) {
        let earned = now.ms_since(self.counted_at).max(0) / limits::HOST_DOCUMENT_MS;
        if earned > 0 {
            self.left = self.left.saturating_add(earned).min(limits::HOST_DOCUMENTS);
            self.counted_at = self.counted_at.plus_ms(earned.saturating_mul(limits::HOST_DOCUMENT_MS));
        }
    }

    /// Whether there is nothing to remember.
    fn is_rested(mut self, now: Timestamp) -> bool {
        self.refill(now);
        self.left == limits::HOST_DOCUMENTS && self.quiet_until <= now && self.last_comes <= now
    }
}

impl Hosts {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses to ask a host that wants to be left alone.
    ///
    /// # Errors
    /// `Remote` until its `Retry-After` is over.
    pub(super) fn refuse_quiet(&self, host: &str, now: Timestamp) -> Result<()> {
        match self.quiet_until(host, now) {
            Some(until) => {
                let seconds = until.ms_since(now) / 1_000;
                Err(Error::remote(host, format!("asked to be left alone for {seconds} s more")))
            }
            None => Ok(()),
        }
    }

    /// The same of what nobody waits for.
    ///
    /// # Errors
    /// `Busy` until its `Retry-After` is over.
    pub(super) fn put_off_quiet(&self, host: &str, now: Timestamp) -> Result<()> {
        match self.quiet_until(host, now) {
            Some(until) => Err(Error::Busy { host: host.to_owned(), until }),
            None => Ok(()),
        }
    }

    /// Until when a host wants to be left alone, if it does.
    pub(super) fn quiet_until(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        self.lock().get(host).map(|known| known.quiet_until).filter(|until| *until > now)
    }

    /// That something comes again to ask a host, since too many wait for that: one after another, a document's time apart, and
    /// within `limits::HOST_TURN_MAX_MS`.
    pub(super) fn put_off(&self, host: &str, now: Timestamp) -> Error {
        let until = self.change(host, now, |known| {
            let latest = now.plus_ms(limits::HOST_TURN_MAX_MS);
            known.last_comes = known.last_comes.max(now).plus_ms(limits::HOST_DOCUMENT_MS).min(latest);
            known.last_comes
        });
        Error::Busy { host: host.to_owned(), until }
    }

    /// Remembers for how long a host that answered 429 or 503 asks to be left alone, at most an hour; `random` spreads
    /// who comes back by up to a tenth.
    ///
    /// Source: RFC 9110 §10.2.3.
    pub(super) fn heed(&self, host: &str, answer: &Answer, now: Timestamp, random: u64) {
        let busy = matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let Some(asked) = answer.retry_after_ms(now).filter(|_| busy) else { return };
        let asked = asked.clamp(0, RETRY_AFTER_MAX_MS);
        let spread = i64::try_from(random % (asked.unsigned_abs() / 10 + 1)).unwrap_or_default();
        self.change(host, now, |known| known.quiet_until = now.plus_ms(asked + spread));
    }

    /// Takes one of the documents that may be asked of a host in the background.
    ///
    /// # Errors
    /// `Busy` if it has been asked for `limits::HOST_DOCUMENTS` lately.
    pub(super) fn spend(&self, host: &str, now: Timestamp) -> Result<()> {
        let taken = self.change(host, now, |known| {
            known.refill(now);
            let any = known.left > 0;
            known.left -= i64::from(any);
            any
        });
        if taken { Ok(()) } else { Err(self.put_off(host, now)) }
    }

    fn change<T>(&self, host: &str, now: Timestamp, change: impl FnOnce(&mut Host) -> T) -> T {
        let mut hosts = self.lock();
        if hosts.len() >= limits::HOSTS_REMEMBERED_MAX {
            hosts.retain(|_, known| !known.is_rested(now));
            if hosts.len() >= limits::HOSTS_REMEMBERED_MAX {
                hosts.clear();
            }
        }
        change(hosts.entry(host.to_owned()).or_insert_with(|| Host::new(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    fn answer(status: StatusCode, after: &'static str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(after));
        let final_url = url::Url::parse("https://a.test/").expect("a URL");
        Answer { status, headers, body: Bytes::new(), final_url }
    }

    #[test]
    fn a_host_is_left_alone_for_as_long_as_it_asks_but_an_hour_at_most() {
        let (hosts, now) = (Hosts::default(), Timestamp(1_000_000));
        hosts.heed("a.test", &answer(StatusCode::OK, "60"), now, 0);
        hosts.refuse_quiet("a.test", now).expect("it answered");
        hosts.heed("a.test", &answer(StatusCode::TOO_MANY_REQUESTS, "60"), now, 0);
        assert!(hosts.refuse_quiet("a.test", now.plus_ms(59_999)).is_err());
        hosts.refuse_quiet("a.test", now.plus_ms(60_000)).expect("a minute is over");
        hosts.refuse_quiet("b.test", now).expect("another host");
        hosts.heed("b.test", &answer(StatusCode::SERVICE_UNAVAILABLE, "999999"), now, 0);
        hosts.refuse_quiet("b.test", now.plus_ms(RETRY_AFTER_MAX_MS)).expect("an hour is over");
    }

    #[test]
    fn what_nobody_waits_for_comes_again_when_a_host_may_be_asked_and_one_after_another() {
        let (hosts, now) = (Hosts::default(), Timestamp(1_000_000));
        hosts.heed("a.test", &answer(StatusCode::TOO_MANY_REQUESTS, "60"), now, 0);
        let comes = |error: Error| match error {
            Error::Busy { until, .. } => until.ms_since(now),
            other => panic!("{other}"),
        };
        assert_eq!(comes(hosts.put_off_quiet("a.test", now).expect_err("it is quiet")), 60_000);
        hosts.put_off_quiet("a.test", now.plus_ms(60_000)).expect("a minute is over");
        let waits: Vec<i64> = (0..3).map(|_| comes(hosts.put_off("b.test", now))).collect();
        assert_eq!(waits, [1, 2, 3].map(|turn| turn * limits::HOST_DOCUMENT_MS));
        assert_eq!(comes(hosts.put_off("c.test", now)), limits::HOST_DOCUMENT_MS, "another host");
        let last = (0..2_000).map(|_| comes(hosts.put_off("b.test", now))).max();
        assert_eq!(last, Some(limits::HOST_TURN_MAX_MS));
    }

    #[test]
    fn a_date_says_as_well_when_to_come_again() {
        let (hosts, now) = (Hosts::default(), Timestamp(1_000_000));
        hosts.heed("a.test", &answer(StatusCode::SERVICE_UNAVAILABLE, "Thu, 01 Jan 1970 00:17:40 GMT"), now, 0);
        assert!(hosts.refuse_quiet("a.test", now.plus_ms(59_999)).is_err());
        hosts.refuse_quiet("a.test", now.plus_ms(60_000)).expect("it is over");
    }

    #[test]
    fn a_host_gives_so_many_documents_at_once_and_then_one_at_a_time() {
        let (hosts, now) = (Hosts::default(), Timestamp(1_000_000));
        for _ in 0..limits::HOST_DOCUMENTS {
            hosts.spend("a.test", now).expect("within its measure");
        }
        assert!(hosts.spend("a.test", now).is_err());
        hosts.spend("b.test", now).expect("another host");
        let later = now.plus_ms(limits::HOST_DOCUMENT_MS);
        hosts.spend("a.test", later).expect("one more");
        assert!(hosts.spend("a.test", later).is_err());
    }
}

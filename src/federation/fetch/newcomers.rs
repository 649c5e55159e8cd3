//! Servers that nobody here had heard of and that turned up lately: so many of one registered domain, so many of all. In
//! RAM; lost at a restart.

use crate::{
    error::{Error, Result},
    limits,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use storage::Timestamp;

/// Registered domain → its servers that turned up, and when.
#[derive(Default)]
pub struct Newcomers(Mutex<HashMap<String, Vec<(String, Timestamp)>>>);

impl Newcomers {
    /// Lets the server `host` below `site` turn up, if that is not one too many; one that did so before is let.
    ///
    /// # Errors
    /// `TooMany` beyond `limits::NEW_HOSTS_PER_SITE` and `limits::NEW_HOSTS` within `limits::NEW_HOSTS_MS`.
    pub(in crate::federation) fn admit(&self, site: &str, host: &str, now: Timestamp) -> Result<()> {
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |(_, at): &(String, Timestamp)| now.ms_since(*at) < limits::NEW_HOSTS_MS;
        if sites.values().map(Vec::len).sum::<usize>() >= limits::NEW_HOSTS {
            sites.retain(|_, hosts| {
                hosts.retain(is_recent);
                !hosts.is_empty()
            });
        }
        let all: usize = sites.values().map(Vec::len).sum();
        if sites.get(site).is_some_and(|hosts| hosts.iter().any(|known| known.0 == host && is_recent(known))) {
            return Ok(());
        }
        let hosts = sites.entry(site.to_owned()).or_default();
        hosts.retain(is_recent);
        let full = hosts.len() >= limits::NEW_HOSTS_PER_SITE || all >= limits::NEW_HOSTS;
        if full {
            let first = hosts.first().map_or(now, |(_, at)| *at);
            if hosts.is_empty() {
                sites.remove(site);
            }
            let wait = u64::try_from(limits::NEW_HOSTS_MS - now.ms_since(first)).unwrap_or_default();
            return Err(Error::TooMany { retry_after: Duration::from_millis(wait.max(1_000)) });
        }
        hosts.push((host.to_owned(), now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn a_domain_brings_so_many_new_servers_an_hour() {
        let newcomers = Newcomers::default();
        let host = |number: usize| format!("x{number}.evil.test");
        for number in 0..limits::NEW_HOSTS_PER_SITE {
            newcomers.admit("evil.test", &host(number), NOW).expect("within the hour's measure");
        }
        newcomers.admit("evil.test", &host(0), NOW.plus_ms(1)).expect("it turned up before");
        let one_more = host(limits::NEW_HOSTS_PER_SITE);
        assert!(matches!(newcomers.admit("evil.test", &one_more, NOW), Err(Error::TooMany { .. })));
        newcomers.admit("other.test", "other.test", NOW).expect("another domain");
        let later = NOW.plus_ms(limits::NEW_HOSTS_MS);
        assert!(newcomers.admit("evil.test", &one_more, later.plus_ms(-1)).is_err());
        newcomers.admit("evil.test", &one_more, later).expect("an hour later");
    }

    #[test]
    fn all_domains_together_bring_so_many() {
        let newcomers = Newcomers::default();
        for number in 0..limits::NEW_HOSTS {
            let site = format!("evil{number}.test");
            newcomers.admit(&site, &site, NOW).expect("one of those that may");
        }
        assert!(newcomers.admit("good.test", "good.test", NOW).is_err());
        assert_eq!(newcomers.0.lock().expect("not poisoned").len(), limits::NEW_HOSTS);
        newcomers.admit("good.test", "good.test", NOW.plus_ms(limits::NEW_HOSTS_MS)).expect("an hour later");
        assert_eq!(newcomers.0.lock().expect("not poisoned").len(), 1);
    }
}

//! What operators decide about a peer, as the plan carries it out: pauses, tries at once, purges.

use super::Plan;
use crate::jobs::deliver::lane::{Item, Source};
use std::{collections::HashSet, mem, sync::Arc};
use storage::{
    ActivityId, Timestamp,
    undelivered::{Reason, Undelivered},
};

impl Plan {
    /// Begins nothing for a peer any more: what waits for it becomes rows.
    pub(in crate::jobs::deliver) fn pause(&mut self, domain: &str, now: Timestamp) {
        let domain: Arc<str> = domain.into();
        self.paused.insert(Arc::clone(&domain));
        for item in self.empty(&domain) {
            if let Source::Listed(_) = item.source {
                self.spill(&domain, &item, 0, Timestamp(0));
            }
        }
        self.place(&domain, now);
    }

    /// Sends to a peer again.
    pub(in crate::jobs::deliver) fn resume(&mut self, domain: &str, now: Timestamp) {
        let Some(domain) = self.paused.take(domain) else { return };
        if let Some(lane) = self.lanes.get_mut(&domain) {
            lane.begin_again();
        }
        self.place(&domain, now);
    }

    /// Exactly these are paused.
    pub(in crate::jobs::deliver) fn pause_only(&mut self, domains: &[String], now: Timestamp) {
        let wanted: HashSet<&str> = domains.iter().map(String::as_str).collect();
        let ended: Vec<_> = self.paused.iter().filter(|domain| !wanted.contains(domain.as_ref())).cloned().collect();
        for domain in ended {
            self.resume(&domain, now);
        }
        for domain in domains {
            if !self.paused.contains(domain.as_str()) {
                self.pause(domain, now);
            }
        }
    }

    /// Forgets the failures of a peer: it is tried at once.
    pub(in crate::jobs::deliver) fn retry(&mut self, domain: &str, now: Timestamp) {
        let domain: Arc<str> = domain.into();
        let Some(lane) = self.lanes.get_mut(&domain) else { return };
        lane.peer.forgive();
        lane.rests_until = None;
        lane.begin_again();
        self.changes.peers.insert(Arc::clone(&domain));
        self.place(&domain, now);
    }

    /// Drops what waits for a peer; its rows are gone. What is on its way to the peer is owed no more, whether it
    /// arrives or not, and what is on its way to the store is dropped once it is there. So is what is not in memory
    /// yet, of activities up to `until`, when it comes.
    pub(in crate::jobs::deliver) fn purge(&mut self, domain: &str, until: Option<ActivityId>, now: Timestamp) {
        let domain: Arc<str> = domain.into();
        if let Some(until) = until {
            self.purged_up_to.insert(Arc::clone(&domain), until);
        }
        self.purged.insert(Arc::clone(&domain), now);
        let (dropped, kept): (Vec<_>, Vec<_>) =
            mem::take(&mut self.changes.spills).into_iter().partition(|(delivery, _)| *delivery.domain == *domain);
        self.changes.spills = kept;
        self.changes.undelivered.extend(dropped.iter().map(|(delivery, _)| {
            (delivery.activity, Undelivered { inbox: delivery.inbox, at: now, reason: Reason::Purged })
        }));
        let mut items = self.empty(&domain);
        for sending in self.sending.values_mut().filter(|sending| sending.domain == domain) {
            items.push(sending.item.clone());
            sending.item.source = Source::Purged;
        }
        for item in items {
            if let Source::Listed(position) = item.source {
                self.tell_undelivered(&item, now, Reason::Purged);
                self.mark(item.document.id, position);
            }
        }
        if let Some(lane) = self.lanes.get_mut(&domain) {
            lane.unflushed = lane.unflushed.saturating_sub(dropped.len());
            lane.rescan_at = Some(now);
        }
        self.place(&domain, now);
    }

    /// Takes what waits for a peer; whatever comes goes through its rows.
    fn empty(&mut self, domain: &Arc<str>) -> Vec<Item> {
        let Some(lane) = self.lanes.get_mut(domain) else { return Vec::new() };
        lane.backlog = true;
        lane.begin_again();
        let waiting = lane.drain();
        self.planned -= waiting.len();
        waiting
    }
}

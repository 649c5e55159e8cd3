//! What the planner hears: what happened, and what operators decided, each in its turn.

use super::Planner;
use crate::events::{Published, told_by_now};
use storage::{AccountId, ActivityId, Event, Lsn, event::Steering};
use tokio::sync::broadcast;

/// What an event means to deliveries.
pub(super) enum News<'a> {
    Queued(ActivityId),
    AccountChanged(AccountId),
    FollowersChanged(AccountId),
    Revived(&'a str),
}

impl News<'_> {
    pub(super) fn of(event: &Event) -> Option<News<'_>> {
        match event {
            Event::DeliveryQueued { activity } => Some(News::Queued(*activity)),
            Event::AccountChanged { account } => Some(News::AccountChanged(*account)),
            Event::FollowChanged { target, .. } => Some(News::FollowersChanged(*target)),
            Event::PeerRevived { domain } => Some(News::Revived(domain)),
            _ => None,
        }
    }
}

impl Planner {
    /// Hears of what happened, after what was decided before it.
    pub(super) fn hear(&mut self, event: Result<Published, broadcast::error::RecvError>) {
        match event {
            Ok(published) => self.held = Some(published),
            Err(broadcast::error::RecvError::Lagged(_)) => self.fall_behind(),
            // The sender lives in the server that this holds.
            Err(broadcast::error::RecvError::Closed) => {}
        }
        self.obey();
    }

    /// Hears of all that happened before `lsn`, as far as it was not missed. What came after waits in `held`.
    fn hear_before(&mut self, lsn: Lsn) {
        while let Some(event) = self.held.take().map(Ok).or_else(|| told_by_now(&mut self.events)) {
            match event {
                Ok(published) if published.lsn < lsn => self.learn(&published),
                Ok(published) => {
                    self.held = Some(published);
                    return;
                }
                Err(broadcast::error::RecvError::Lagged(_)) => self.fall_behind(),
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    fn fall_behind(&mut self) {
        self.unheard = true;
        self.behind = true;
    }

    fn learn(&mut self, published: &Published) {
        for news in published.events.iter().filter_map(News::of) {
            match news {
                News::Queued(activity) => self.unloaded.insert(activity),
                News::AccountChanged(account) => self.keys.forget(account),
                News::FollowersChanged(account) => self.sender.followers_changed(account),
                News::Revived(domain) => self.plan.revive(domain, self.server.now()),
            }
        }
    }

    /// Carries out what operators have decided by now, and hears of what came after it.
    pub(super) fn obey(&mut self) {
        while let Some(event) = told_by_now(&mut self.steered) {
            self.heed(event);
        }
        if let Some(published) = self.held.take() {
            self.learn(&published);
        }
    }

    pub(super) fn heed(&mut self, event: Result<Published, broadcast::error::RecvError>) {
        match event {
            Ok(published) => {
                self.hear_before(published.lsn);
                for event in published.events.iter() {
                    if let Event::PeerSteered { domain, how } = event {
                        self.steer(domain, *how);
                    }
                }
            }
            // Who is paused is in the rows; that a peer is to be tried at once, or was purged, is not.
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "decisions about deliveries came too fast: repeat retries and purges");
                self.missed = true;
                self.lost = true;
            }
            // The sender lives in the server that this holds.
            Err(broadcast::error::RecvError::Closed) => {}
        }
    }

    /// Obeys the operator.
    fn steer(&mut self, domain: &str, how: Steering) {
        let now = self.server.now();
        tracing::info!(peer = domain, ?how, "an operator steers deliveries");
        match how {
            Steering::Pause => self.plan.pause(domain, now),
            Steering::Resume => self.plan.resume(domain, now),
            Steering::Retry => self.plan.retry(domain, now),
            Steering::Purge => {
                self.lost |= self.behind;
                self.plan.purge(domain, self.unloaded.newest(), now);
            }
        }
        self.plan_flush();
    }
}

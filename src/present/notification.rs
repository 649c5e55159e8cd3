//! Notifications as the client API shows them (client API, Notification).

use super::{Context, filter::hidden_in};
use crate::{
    clock,
    error::{Error, Result},
    limits,
    notification::{self, Group, group_key, kind_name},
};
use std::collections::HashSet;
use storage::{
    AccountId, NotificationId, ReportId, RowId, collection,
    filter::FilterContext,
    filtered::{self, FILTERED, Request, Treatment},
    moderation::REPORTS,
    notification::{Notification as Record, NotificationKind},
    status,
    strike::STRIKES,
};
use web::{
    entity::{
        AccountWarning, Collection, GroupedNotifications, Notification, NotificationGroup, NotificationPolicy,
        NotificationRequest, NotificationSummary, Report, V1NotificationPolicy,
    },
    page::notifications::COUNTED,
};

// Pages say "at least" of the count at which counting ends.
const _: () = assert!(COUNTED == limits::REQUESTS_COUNTED as u64);

/// Every treatment with its word in the client API (NotificationPolicy).
const TREATMENTS: [(Treatment, &str); 3] =
    [(Treatment::Accept, "accept"), (Treatment::Filter, "filter"), (Treatment::Drop, "drop")];

fn treatment_name(treatment: Treatment) -> &'static str {
    TREATMENTS.iter().find(|(known, _)| *known == treatment).map_or("accept", |(_, name)| name)
}

/// The treatment a word of the client API means.
#[must_use]
pub fn treatment_named(name: &str) -> Option<Treatment> {
    TREATMENTS.iter().find(|(_, known)| *known == name).map(|(treatment, _)| *treatment)
}

impl Context<'_> {
    /// A notification that the viewer may see.
    ///
    /// # Errors
    /// `NotFound` if its account or status is gone by now.
    pub fn notification(&self, id: NotificationId, record: &Record) -> Result<Notification> {
        let report = record.report().map(|id| self.report_of(id)?.ok_or(Error::NotFound)).transpose()?;
        let collection = record.collection().map(|id| self.collection_of(id)?.ok_or(Error::NotFound)).transpose()?;
        let warning = record.strike().map(|id| self.warning_of(id)?.ok_or(Error::NotFound)).transpose()?;
        let status = match record.about() {
            None => None,
            Some(about) => {
                let about = status::find(self.read, about)?.ok_or(Error::NotFound)?;
                Some(self.status(&about)?)
            }
        };
        let (emoji, emoji_url) = match (record.kind, record.status) {
            (NotificationKind::Reaction, Some(about)) => self.newest_reaction(about, record.from)?,
            _ => (None, None),
        };
        Ok(Notification {
            id: id.to_string(),
            kind: kind_name(record.kind),
            group_key: group_key(id, record),
            created_at: clock::iso(record.created_at),
            account: self.account(record.from)?,
            filtered: self.is_filtered(id)?,
            status,
            collection,
            report,
            moderation_warning: warning,
            emoji,
            emoji_url,
        })
    }

    fn is_filtered(&self, id: NotificationId) -> Result<bool> {
        let Some(viewer) = self.viewer else { return Ok(false) };
        Ok(FILTERED.contains(self.read, &(viewer, id))?)
    }

    /// The policy of the viewer `own`, with what waits (client API, NotificationPolicy).
    ///
    /// # Errors
    /// Storage errors.
    pub fn notification_policy(&self, own: AccountId) -> Result<NotificationPolicy> {
        let policy = filtered::policy(self.read, own)?;
        Ok(NotificationPolicy {
            for_not_following: treatment_name(policy.not_following),
            for_not_followers: treatment_name(policy.not_followers),
            for_new_accounts: treatment_name(policy.new_accounts),
            for_private_mentions: treatment_name(policy.private_mentions),
            for_limited_accounts: treatment_name(policy.limited_accounts),
            for_bots: treatment_name(policy.bots),
            summary: self.pending(own)?,
        })
    }

    /// The same as programs read it that know no more than yes and no (client API, V1::NotificationPolicy).
    ///
    /// # Errors
    /// Storage errors.
    pub fn v1_notification_policy(&self, own: AccountId) -> Result<V1NotificationPolicy> {
        let policy = filtered::policy(self.read, own)?;
        let filters = |treatment| treatment == Treatment::Filter;
        Ok(V1NotificationPolicy {
            filter_not_following: filters(policy.not_following),
            filter_not_followers: filters(policy.not_followers),
            filter_new_accounts: filters(policy.new_accounts),
            filter_private_mentions: filters(policy.private_mentions),
            summary: self.pending(own)?,
        })
    }

    fn pending(&self, own: AccountId) -> Result<NotificationSummary> {
        let (requests, notifications) = notification::pending(self.read, own)?;
        Ok(NotificationSummary {
            pending_requests_count: requests as u64,
            pending_notifications_count: notifications as u64,
        })
    }

    /// A request of the viewer `own`.
    ///
    /// # Errors
    /// `NotFound` if its account is gone by now.
    pub fn notification_request(&self, own: AccountId, at: RowId, request: &Request) -> Result<NotificationRequest> {
        let last = notification::last_status(self.read, own, request)?;
        Ok(NotificationRequest {
            id: at.to_string(),
            created_at: clock::iso(request.created_at),
            updated_at: clock::iso(request.updated_at),
            notifications_count: notification::counted(request).to_string(),
            account: self.account(request.from)?,
            last_status: last.map(|last| self.status(&last)).transpose()?,
        })
    }

    fn report_of(&self, id: ReportId) -> Result<Option<Report>> {
        REPORTS.get(self.read, &id)?.map(|about| self.report(&about)).transpose()
    }

    fn collection_of(&self, id: RowId) -> Result<Option<Collection>> {
        collection::find(self.read, id)?.map(|about| self.collection(id, &about)).transpose()
    }

    fn warning_of(&self, id: RowId) -> Result<Option<AccountWarning>> {
        STRIKES.get(self.read, &id)?.map(|about| self.account_warning(id, &about)).transpose()
    }

    /// Groups of notifications that the viewer may see, with the accounts and statuses they name, each once. What a
    /// filter hides in notifications is left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn groups(&self, groups: &[Group]) -> Result<GroupedNotifications> {
        let mut drawn = GroupedNotifications::default();
        let (mut accounts, mut statuses) = (HashSet::new(), HashSet::new());
        for group in groups {
            if let Some(about) = group.status {
                let Some(about) = status::find(self.read, about)? else { continue };
                let about = self.status(&about)?;
                if hidden_in(FilterContext::Notifications, &about) {
                    continue;
                }
                if statuses.insert(group.status) {
                    drawn.statuses.push(about);
                }
            }
            let report = group.report.map(|id| self.report_of(id)).transpose()?.flatten();
            let collection = group.collection.map(|id| self.collection_of(id)).transpose()?.flatten();
            let warning = group.strike.map(|id| self.warning_of(id)).transpose()?.flatten();
            if (report.is_none() && group.report.is_some())
                || (collection.is_none() && group.collection.is_some())
                || (warning.is_none() && group.strike.is_some())
            {
                continue;
            }
            for who in &group.sample {
                if accounts.insert(*who) {
                    drawn.accounts.push(self.account(*who)?);
                }
            }
            drawn.notification_groups.push(NotificationGroup {
                group_key: group.key.clone(),
                notifications_count: group.count as u64,
                kind: kind_name(group.kind),
                most_recent_notification_id: group.newest.0,
                page_min_id: group.oldest.to_string(),
                page_max_id: group.newest.to_string(),
                latest_page_notification_at: clock::iso(group.latest_at),
                sample_account_ids: group.sample.iter().map(ToString::to_string).collect(),
                status_id: group.status.map(|id| id.to_string()),
                report,
                collection,
                moderation_warning: warning,
            });
        }
        Ok(drawn)
    }
}

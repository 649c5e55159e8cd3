//! Notifications as the client API shows them (client API, Notification).

use super::{Context, filter::hidden_in};
use crate::{
    clock,
    error::{Error, Result},
    notification::{Group, group_key, kind_name},
};
use std::collections::HashSet;
use storage::{
    NotificationId, filter::FilterContext, moderation::REPORTS, notification::Notification as Record, status,
};
use web::entity::{GroupedNotifications, Notification, NotificationGroup};

impl Context<'_> {
    /// A notification that the viewer may see.
    ///
    /// # Errors
    /// `NotFound` if its account or status is gone by now.
    pub fn notification(&self, id: NotificationId, record: &Record) -> Result<Notification> {
        let report = match record.report() {
            None => None,
            Some(id) => Some(self.report(&REPORTS.get(self.read, &id)?.ok_or(Error::NotFound)?)?),
        };
        let status = match record.status {
            _ if report.is_some() => None,
            None => None,
            Some(about) => {
                let about = status::find(self.read, about)?.ok_or(Error::NotFound)?;
                Some(self.status(&about)?)
            }
        };
        Ok(Notification {
            id: id.to_string(),
            kind: kind_name(record.kind),
            group_key: group_key(id, record),
            created_at: clock::iso(record.created_at),
            account: self.account(record.from)?,
            status,
            report,
        })
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
            });
        }
        Ok(drawn)
    }
}

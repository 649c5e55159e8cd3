//! Notifications as the client API shows them (client API, Notification).

use super::Context;
use crate::{
    clock,
    error::{Error, Result},
    notification::kind_name,
};
use storage::{NotificationId, moderation::REPORTS, notification::Notification as Record, status};
use web::entity::Notification;

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
            group_key: format!("ungrouped-{id}"),
            created_at: clock::iso(record.created_at),
            account: self.account(record.from)?,
            status,
            report,
        })
    }
}

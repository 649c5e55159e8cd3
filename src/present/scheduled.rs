//! Statuses that are to be posted later, as the client API shows them (client API, ScheduledStatus).

use super::{Context, interaction::rules_of, status::visibility_name};
use crate::{
    clock,
    error::Result,
    status::{self as rules, Choice},
};
use storage::{RowId, media, scheduled::Scheduled as Record};
use web::entity::{ScheduledParams, ScheduledPoll, ScheduledStatus};

impl Context<'_> {
    /// A scheduled status, for its author.
    ///
    /// # Errors
    /// Storage errors.
    pub fn scheduled(&self, id: RowId, record: &Record) -> Result<ScheduledStatus> {
        let mut media_attachments = Vec::with_capacity(record.media.len());
        for id in &record.media {
            media_attachments.extend(media::find(self.read, *id)?.map(|media| self.media(&media)));
        }
        Ok(ScheduledStatus {
            id: id.to_string(),
            scheduled_at: clock::iso(record.scheduled_at),
            params: params(record),
            media_attachments,
        })
    }
}

fn params(record: &Record) -> ScheduledParams {
    ScheduledParams {
        text: record.text.clone(),
        media_ids: (!record.media.is_empty()).then(|| record.media.iter().map(ToString::to_string).collect()),
        sensitive: record.sensitive,
        spoiler_text: (!record.spoiler_text.is_empty()).then(|| record.spoiler_text.clone()),
        visibility: visibility_name(record.visibility),
        language: record.language.clone(),
        poll: record.poll.as_ref().map(|poll| ScheduledPoll {
            options: poll.options.clone(),
            expires_in: poll.lasts_ms / 1_000,
            multiple: poll.multiple,
            hide_totals: poll.hide_totals,
        }),
        in_reply_to_id: record.in_reply_to.map(|id| id.0),
        quoted_status_id: record.quoted.map(|id| id.to_string()),
        quote_approval_policy: record.quote_policy.and_then(Choice::of).map(|choice| match choice {
            Choice::Public => "public",
            Choice::Followers => "followers",
            Choice::Nobody => "nobody",
        }),
        interaction_policy: record.interaction_policy.map(|policy| rules_of(&policy, record.visibility)),
        application_id: record.application.map_or(0, |id| id.0),
        idempotency: record.idempotency_key.clone(),
        local_only: record.local_only,
        content_type: rules::mime(record.content_type),
        scheduled_at: None,
        with_rate_limit: false,
    }
}

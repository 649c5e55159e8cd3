//! Statuses that are to be posted later: what was asked for, whose they are, and the pictures kept for them.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ApplicationId, JobId, MediaId, RowId, StatusId, Timestamp},
    interaction::InteractionPolicy,
    media::MEDIA,
    quote::QuotePolicy,
    record,
    status::{ContentType, Visibility},
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// A poll that will begin when its status is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPoll {
    /// What can be chosen.
    pub options: Vec<String>,
    /// Several may be chosen.
    pub multiple: bool,
    /// Counts are shown only once it has ended.
    pub hide_totals: bool,
    /// How long it lasts, milliseconds.
    pub lasts_ms: i64,
}

/// A status that is to be posted. What is `None` follows the author's preferences at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// Who posts.
    pub account: AccountId,
    /// When.
    pub scheduled_at: Timestamp,
    /// The job that will do it.
    pub job: JobId,
    /// What the author typed.
    pub text: String,
    /// The warning; may be empty.
    pub spoiler_text: String,
    /// Its pictures, in order.
    pub media: Vec<MediaId>,
    /// Media hidden at first.
    pub sensitive: Option<bool>,
    /// BCP 47, as it was asked for.
    pub language: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it answers.
    pub in_reply_to: Option<StatusId>,
    /// What it quotes.
    pub quoted: Option<StatusId>,
    /// Who may quote it.
    pub quote_policy: Option<QuotePolicy>,
    /// A poll.
    pub poll: Option<ScheduledPoll>,
    /// The program it was written with.
    pub application: Option<ApplicationId>,
    /// The Idempotency-Key it was asked for with.
    pub idempotency_key: Option<String>,
    /// It never leaves this server; as what it answers if nothing is said.
    pub local_only: Option<bool>,
    /// How `text` was written.
    pub content_type: ContentType,
    /// Who may favourite, answer and reblog it.
    pub interaction_policy: Option<InteractionPolicy>,
}
record!(Scheduled, 2, { 1 => ScheduledV1 });

/// A status that is to be posted, before it could say who may do what with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ScheduledV1 {
    account: AccountId,
    scheduled_at: Timestamp,
    job: JobId,
    text: String,
    spoiler_text: String,
    media: Vec<MediaId>,
    sensitive: Option<bool>,
    language: Option<String>,
    visibility: Visibility,
    in_reply_to: Option<StatusId>,
    quoted: Option<StatusId>,
    quote_policy: Option<QuotePolicy>,
    poll: Option<ScheduledPoll>,
    application: Option<ApplicationId>,
    idempotency_key: Option<String>,
    local_only: Option<bool>,
    content_type: ContentType,
}

impl From<ScheduledV1> for Scheduled {
    fn from(old: ScheduledV1) -> Self {
        Scheduled {
            account: old.account,
            scheduled_at: old.scheduled_at,
            job: old.job,
            text: old.text,
            spoiler_text: old.spoiler_text,
            media: old.media,
            sensitive: old.sensitive,
            language: old.language,
            visibility: old.visibility,
            in_reply_to: old.in_reply_to,
            quoted: old.quoted,
            quote_policy: old.quote_policy,
            poll: old.poll,
            application: old.application,
            idempotency_key: old.idempotency_key,
            local_only: old.local_only,
            content_type: old.content_type,
            interaction_policy: None,
        }
    }
}

/// All scheduled statuses.
pub const SCHEDULED: Table<RowId, Scheduled> = Table::new(350, "scheduled");
/// (author, scheduled status) → when it is to be posted: the list, and what its bounds count.
pub const SCHEDULED_OF_ACCOUNT: Table<(AccountId, RowId), Timestamp> = Table::new(351, "scheduled_of_account");
/// Upload → the scheduled status that it is kept for.
pub const SCHEDULED_MEDIA: Table<MediaId, RowId> = Table::new(352, "scheduled_media");

/// The scheduled status with this number.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: RowId) -> Result<Option<Scheduled>> {
    SCHEDULED.get(read, &id)
}

/// Stores a scheduled status, or another time for one, and keeps its pictures for it.
pub fn put(tx: &mut Tx<'_>, id: RowId, scheduled: &Scheduled) {
    SCHEDULED.put(tx, &id, scheduled);
    SCHEDULED_OF_ACCOUNT.put(tx, &(scheduled.account, id), &scheduled.scheduled_at);
    for media in &scheduled.media {
        SCHEDULED_MEDIA.put(tx, media, &id);
    }
}

/// Removes a scheduled status; its pictures may be used again.
pub fn remove(tx: &mut Tx<'_>, id: RowId, scheduled: &Scheduled) {
    SCHEDULED.delete(tx, &id);
    SCHEDULED_OF_ACCOUNT.delete(tx, &(scheduled.account, id));
    for media in &scheduled.media {
        SCHEDULED_MEDIA.delete(tx, media);
    }
}

/// Scheduled statuses of `account` with their times, at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn of_account(
    read: &dyn Read,
    account: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Vec<(RowId, Timestamp)>> {
    let rows = SCHEDULED_OF_ACCOUNT.list(read, &account, bounds, direction, limit)?;
    Ok(rows.into_iter().map(|((_, id), at)| (id, at)).collect())
}

/// The scheduled status that an upload is kept for.
///
/// # Errors
/// Storage errors.
pub fn keeps(read: &dyn Read, media: MediaId) -> Result<Option<RowId>> {
    SCHEDULED_MEDIA.get(read, &media)
}

/// What must hold (`check`). What one answers or quotes, and its program, may be gone by now.
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &SCHEDULED_OF_ACCOUNT,
        of: &[&SCHEDULED],
        wants: |id, scheduled| vec![((scheduled.account, *id), scheduled.scheduled_at)],
        owner: |(_, id), _| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &SCHEDULED_MEDIA,
        of: &[&SCHEDULED],
        wants: |id, scheduled| scheduled.media.iter().map(|media| (*media, *id)).collect(),
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference {
        of: &SCHEDULED,
        to: |_, scheduled| {
            let media = scheduled.media.iter().map(|media| Pointer::to(&MEDIA, media));
            media.chain([Pointer::to(&ACCOUNTS, &scheduled.account)]).collect()
        },
        unless: always,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interaction::Rule, quote::Groups, record::Record};

    #[test]
    fn stored_bytes_stay_readable() {
        let poll =
            ScheduledPoll { options: vec!["a".to_owned()], multiple: true, hide_totals: false, lasts_ms: 300_000 };
        let scheduled = Scheduled {
            account: AccountId(1),
            scheduled_at: Timestamp(2),
            job: JobId(3),
            text: "t".to_owned(),
            spoiler_text: String::new(),
            media: vec![MediaId(4)],
            sensitive: Some(true),
            language: Some("en".to_owned()),
            visibility: Visibility::Unlisted,
            in_reply_to: Some(StatusId(5)),
            quoted: None,
            quote_policy: Some(QuotePolicy { automatic: Groups::FOLLOWERS, manual: Groups::NOBODY }),
            poll: Some(poll),
            application: Some(ApplicationId(6)),
            idempotency_key: Some("k".to_owned()),
            local_only: Some(true),
            content_type: ContentType::Markdown,
            interaction_policy: Some(InteractionPolicy {
                reply: Rule { automatic: Groups::FOLLOWERS, manual: Groups::PUBLIC },
                ..InteractionPolicy::default()
            }),
        };
        let common = [
            &[1, 4, 3, 1, b't', 0, 1, 4, 1, 1, 1, 2, b'e', b'n', 1, 1, 5, 0, 1, 2, 0][..],
            &[1, 1, 1, b'a', 1, 0, 0xc0, 0xcf, 0x24, 1, 6, 1, 1, b'k', 1, 1, 1],
        ]
        .concat();
        assert_eq!(scheduled.encode(), [&[2][..], &common, &[1, 1, 0, 2, 1, 1, 0]].concat());
        assert_eq!(Scheduled::decode(&scheduled.encode()).expect("readable"), scheduled);
        let first = Scheduled::decode(&[&[1][..], &common].concat()).expect("readable");
        assert_eq!(first, Scheduled { interaction_policy: None, ..scheduled });
    }
}

//! Drafts: what somebody is writing and has not posted, as they typed it.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    id::{AccountId, RowId, Timestamp},
    record,
    table::Table,
};
use serde::{Deserialize, Serialize};

/// A picture of a draft, which may be gone by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMedia {
    /// Its number, as typed.
    pub id: String,
    /// What is said of it.
    pub description: String,
    /// The point to keep in view, as typed.
    pub focus: String,
}

/// What the fields of the form held. Nothing of it was looked at; that is done when it is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// When it was kept last.
    pub kept_at: Timestamp,
    /// The text.
    pub text: String,
    /// The warning.
    pub warning: String,
    /// Media hidden at first.
    pub sensitive: bool,
    /// Who may see it.
    pub visibility: String,
    /// Who may quote it.
    pub quote_policy: String,
    /// Who may answer it.
    pub may_reply: String,
    /// Its language.
    pub language: String,
    /// When to post it.
    pub scheduled_at: String,
    /// Its pictures, in order.
    pub media: Vec<DraftMedia>,
    /// Answers of a poll.
    pub options: Vec<String>,
    /// How long the poll lasts, seconds.
    pub lasts_s: i64,
    /// Several may be chosen.
    pub multiple: bool,
    /// Counts are shown only once it has ended.
    pub hide_totals: bool,
    /// What it answers.
    pub in_reply_to: String,
    /// What it quotes.
    pub quoted: String,
    /// How the text is written; empty: as it is read.
    pub content_type: String,
    /// How a long text becomes a thread; empty: not at all.
    pub split: String,
}
record!(Draft, 2, { 1 => DraftV1 });

/// A draft of before it said how its text is written and becomes a thread.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct DraftV1 {
    kept_at: Timestamp,
    text: String,
    warning: String,
    sensitive: bool,
    visibility: String,
    quote_policy: String,
    may_reply: String,
    language: String,
    scheduled_at: String,
    media: Vec<DraftMediaV1>,
    options: Vec<String>,
    lasts_s: i64,
    multiple: bool,
    hide_totals: bool,
    in_reply_to: String,
    quoted: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DraftMediaV1 {
    id: String,
    description: String,
    focus: String,
}

impl From<DraftV1> for Draft {
    fn from(old: DraftV1) -> Self {
        let media = old.media.into_iter();
        Draft {
            kept_at: old.kept_at,
            text: old.text,
            warning: old.warning,
            sensitive: old.sensitive,
            visibility: old.visibility,
            quote_policy: old.quote_policy,
            may_reply: old.may_reply,
            language: old.language,
            scheduled_at: old.scheduled_at,
            media: media.map(|one| DraftMedia { id: one.id, description: one.description, focus: one.focus }).collect(),
            options: old.options,
            lasts_s: old.lasts_s,
            multiple: old.multiple,
            hide_totals: old.hide_totals,
            in_reply_to: old.in_reply_to,
            quoted: old.quoted,
            content_type: String::new(),
            split: String::new(),
        }
    }
}

/// (who writes, draft) → what they typed.
pub const DRAFTS: Table<(AccountId, RowId), Draft> = Table::new(490, "draft");

/// What must hold (`check`). What a draft names may be gone.
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &DRAFTS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let draft = Draft {
            kept_at: Timestamp(2),
            text: "t".to_owned(),
            warning: String::new(),
            sensitive: true,
            visibility: "p".to_owned(),
            quote_policy: "q".to_owned(),
            may_reply: String::new(),
            language: "en".to_owned(),
            scheduled_at: String::new(),
            media: vec![DraftMedia { id: "4".to_owned(), description: "d".to_owned(), focus: String::new() }],
            options: vec!["a".to_owned()],
            lasts_s: 300,
            multiple: false,
            hide_totals: true,
            in_reply_to: "5".to_owned(),
            quoted: String::new(),
            content_type: "m".to_owned(),
            split: String::new(),
        };
        let expected = [
            &[2, 4, 1, b't', 0, 1, 1, b'p', 1, b'q', 0, 2, b'e', b'n', 0][..],
            &[1, 1, b'4', 1, b'd', 0, 1, 1, b'a', 0xd8, 0x04, 0, 1, 1, b'5', 0, 1, b'm', 0],
        ];
        assert_eq!(draft.encode(), expected.concat());
        assert_eq!(Draft::decode(&draft.encode()).expect("readable"), draft);
        let whole = expected.concat();
        let first = [&[1][..], &whole[1..whole.len() - 3]].concat();
        let upgraded = Draft { content_type: String::new(), ..draft };
        assert_eq!(Draft::decode(&first).expect("readable"), upgraded, "the first version is upgraded");
    }
}

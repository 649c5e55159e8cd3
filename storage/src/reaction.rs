//! Emoji that people put on statuses (EmojiReact of Pleroma, Like with an emoji of Misskey).

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Counter, Counts, Described, Index, Named, Owner, Pointer, Reference},
    error::Result,
    id::{AccountId, RowId, StatusId, Timestamp},
    key::{Digest, Key},
    limits, record,
    status::{self, STATUSES},
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// That somebody put an emoji on a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The row in the account's own list.
    pub row: RowId,
    /// When.
    pub created_at: Timestamp,
    /// The activity's id: a path for local accounts; empty if the peer gave none.
    pub uri: String,
}
record!(Reaction, 1);

/// An emoji that somebody put on a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionKind {
    /// How many people did.
    pub people: u64,
    /// The picture of a custom emoji.
    pub picture: Option<String>,
    /// The first reaction with it: the order in which they are shown.
    pub first: RowId,
}
record!(ReactionKind, 1);

/// A reaction, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReactionRef {
    /// Who.
    pub account: AccountId,
    /// To what.
    pub status: StatusId,
    /// With which emoji.
    pub name: String,
}
record!(ReactionRef, 1);

/// (status, emoji, account) → reaction. An emoji is one of Unicode, or `shortcode@domain`.
pub const REACTIONS: Table<(StatusId, String, AccountId), Reaction> = Table::new(353, "reaction");
/// (status, emoji) → how many people, and its picture.
pub const REACTION_KINDS: Table<(StatusId, String), ReactionKind> = Table::new(354, "reaction_kind");
/// (account, row) → reaction: the list that goes with the account.
pub const REACTIONS_OF_ACCOUNT: Table<(AccountId, RowId), ReactionRef> = Table::new(355, "reaction_of_account");
/// Digest of an activity's id → reaction, so that an Undo by id alone finds it.
pub const REACTION_BY_URI: Table<Digest, ReactionRef> = Table::new(356, "reaction_by_uri");

/// The emoji on a status, in the order in which they came; at most `limits::REACTION_KINDS_MAX`.
///
/// # Errors
/// Storage errors.
pub fn kinds(read: &dyn Read, status: StatusId) -> Result<Vec<(String, ReactionKind)>> {
    let most = limits::REACTION_KINDS_MAX;
    let rows = REACTION_KINDS.list(read, &status, Bounds::NONE, Direction::Ascending, most)?;
    let mut kinds: Vec<_> = rows.into_iter().map(|((_, name), kind)| (name, kind)).collect();
    kinds.sort_by_key(|(_, kind)| kind.first);
    Ok(kinds)
}

/// The emoji that `account` put on a status, in the order in which they came there.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, status: StatusId, account: AccountId) -> Result<Vec<(String, Reaction)>> {
    let mut own = Vec::new();
    for (name, _) in kinds(read, status)? {
        let key = (status, name, account);
        own.extend(REACTIONS.get(read, &key)?.map(|reaction| (key.1, reaction)));
    }
    Ok(own)
}

/// Stores a reaction that is not there yet, and counts it.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, named: &ReactionRef, picture: Option<&str>, reaction: &Reaction) -> Result<()> {
    let ReactionRef { account, status, name } = named.clone();
    let kind = (status, name.clone());
    let known = REACTION_KINDS.get(tx, &kind)?;
    let mut counted =
        known.unwrap_or(ReactionKind { people: 0, picture: picture.map(str::to_owned), first: reaction.row });
    counted.people += 1;
    REACTION_KINDS.put(tx, &kind, &counted);
    REACTIONS.put(tx, &(status, name, account), reaction);
    REACTIONS_OF_ACCOUNT.put(tx, &(account, reaction.row), named);
    if !reaction.uri.is_empty() {
        REACTION_BY_URI.put(tx, &Digest::of(&reaction.uri), named);
    }
    status::count(tx, status, |stats| stats.reactions += 1)
}

/// Removes a reaction with its counts; answers it. Its status may be gone.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, named: &ReactionRef) -> Result<Option<Reaction>> {
    let key = key_of(named);
    let Some(reaction) = REACTIONS.get(tx, &key)? else { return Ok(None) };
    REACTIONS.delete(tx, &key);
    REACTIONS_OF_ACCOUNT.delete(tx, &(named.account, reaction.row));
    if !reaction.uri.is_empty() {
        REACTION_BY_URI.delete(tx, &Digest::of(&reaction.uri));
    }
    let kind = (key.0, key.1);
    if let Some(mut counted) = REACTION_KINDS.get(tx, &kind)? {
        counted.people = counted.people.saturating_sub(1);
        match counted.people {
            0 => REACTION_KINDS.delete(tx, &kind),
            _ => REACTION_KINDS.put(tx, &kind, &counted),
        }
    }
    if STATUSES.contains(tx, &named.status)? {
        status::count(tx, named.status, |stats| stats.reactions = stats.reactions.saturating_sub(1))?;
    }
    Ok(Some(reaction))
}

fn named_by((status, name, account): &(StatusId, String, AccountId)) -> ReactionRef {
    ReactionRef { account: *account, status: *status, name: name.clone() }
}

/// Its key among the reactions.
#[must_use]
pub fn key_of(named: &ReactionRef) -> (StatusId, String, AccountId) {
    (named.status, named.name.clone(), named.account)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &REACTIONS_OF_ACCOUNT,
        of: &[&REACTIONS],
        wants: |key, reaction| vec![((key.2, reaction.row), named_by(key))],
        owner: |_, named| key_of(named),
        claim: Claim::Sole,
    },
    &Index {
        table: &REACTION_BY_URI,
        of: &[&REACTIONS],
        wants: |key, reaction| {
            let named = (!reaction.uri.is_empty()).then(|| Digest::of(&reaction.uri));
            named.into_iter().map(|digest| (digest, named_by(key))).collect()
        },
        owner: |_, named| key_of(named),
        claim: Claim::Sole,
    },
    &Reference {
        of: &REACTIONS,
        to: |(status, _, account), _| vec![Pointer::to(&STATUSES, status), Pointer::to(&ACCOUNTS, account)],
        unless: status::is_purged,
    },
    &Counter {
        name: "people",
        table: &REACTION_KINDS,
        owners: &[
            Owner::each(&REACTION_KINDS),
            Owner {
                table: Named::of(&REACTIONS),
                key: |key| <(StatusId, String, AccountId)>::from_bytes(key).map(|(status, name, _)| (status, name)),
            },
        ],
        counts: Counts::Below(REACTIONS.id),
        get: |kind| kind.map_or(0, |kind| kind.people),
        set: |kind, people| {
            (people > 0).then(|| ReactionKind {
                people,
                ..kind.unwrap_or(ReactionKind { people, picture: None, first: RowId(0) })
            })
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let reaction = Reaction { row: RowId(1), created_at: Timestamp(2), uri: "u".to_owned() };
        assert_eq!(reaction.encode(), [1, 1, 4, 1, b'u']);
        assert_eq!(Reaction::decode(&reaction.encode()).expect("readable"), reaction);
        let kind = ReactionKind { people: 3, picture: Some("p".to_owned()), first: RowId(4) };
        assert_eq!(kind.encode(), [1, 3, 1, 1, b'p', 4]);
        assert_eq!(ReactionKind::decode(&kind.encode()).expect("readable"), kind);
        let named = ReactionRef { account: AccountId(5), status: StatusId(6), name: "e".to_owned() };
        assert_eq!(named.encode(), [1, 5, 6, 1, b'e']);
        assert_eq!(ReactionRef::decode(&named.encode()).expect("readable"), named);
    }
}

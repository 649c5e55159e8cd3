//! Where an account lives and takes what is sent to it, read from the front of its row: whoever has a large audience looks at
//! hundreds of thousands of rows for that alone.

use super::{ACCOUNTS, Account, ActorKind, StatedCounts};
use crate::{
    error::{Error, Result},
    id::{AccountId, Timestamp},
    key::Key,
    record::{Record, split_version},
    table::{Read, hex},
};
use bytes::Bytes;
use serde::Deserialize;

/// The last version of the record that begins like `Front`.
const FRONT_VERSION: u8 = 2;

/// Where an account lives and takes what is sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whereabouts<'a> {
    /// The peer it lives on; `None`: here.
    pub(crate) domain: Option<&'a str>,
    /// The ActivityPub id.
    pub(crate) uri: &'a str,
    /// Its own inbox.
    pub(crate) inbox: &'a str,
    /// The inbox shared by its whole server.
    pub(crate) shared_inbox: Option<&'a str>,
    /// When it was suspended, not counting blocks of its domain.
    pub(crate) suspended_at: Option<Timestamp>,
}

impl<'a> From<&'a Account> for Whereabouts<'a> {
    fn from(account: &'a Account) -> Self {
        Whereabouts {
            domain: account.domain.as_deref(),
            uri: &account.uri,
            inbox: &account.endpoints.inbox,
            shared_inbox: account.endpoints.shared_inbox.as_deref(),
            suspended_at: account.suspended_at,
        }
    }
}

/// The rows of these accounts, in their order, for `with_whereabouts`.
///
/// # Errors
/// Storage errors.
pub(crate) fn rows(read: &dyn Read, ids: &[AccountId]) -> Result<Vec<Option<Bytes>>> {
    let keys: Vec<Vec<u8>> = ids.iter().map(Key::to_bytes).collect();
    read.get_many_bytes(ACCOUNTS.id, &keys)
}

/// Hands where the account `id` is, as its `row` says, to `take`.
///
/// # Errors
/// Those of `take`, and `Corrupt` for a row that cannot be read.
pub(crate) fn with_whereabouts<T>(
    id: AccountId,
    row: &[u8],
    take: impl FnOnce(&Whereabouts<'_>) -> Result<T>,
) -> Result<T> {
    let (version, body) = split_version(ACCOUNTS.name, row, Account::VERSION)?;
    if version > FRONT_VERSION {
        return take(&Whereabouts::from(&Account::decode(row)?));
    }
    let (front, _) = postcard::take_from_bytes::<Front<'_>>(body)
        .map_err(|error| Error::corrupt(ACCOUNTS.name, hex(&id.to_bytes()), error.to_string()))?;
    take(&front.whereabouts())
}

/// An account's row as far as something of it is wanted, as all its versions begin. What is passed over is neither copied
/// nor looked at.
#[derive(Deserialize)]
struct Front<'a> {
    _id: AccountId,
    _username: &'a [u8],
    #[serde(borrow)]
    domain: Option<&'a str>,
    uri: &'a str,
    #[serde(borrow)]
    _url: Option<&'a [u8]>,
    _kind: ActorKind,
    _display_name: &'a [u8],
    _note: &'a [u8],
    #[serde(borrow)]
    _fields: Vec<(&'a [u8], &'a [u8], Option<Timestamp>)>,
    #[serde(borrow)]
    _avatar: Option<(&'a [u8], &'a [u8])>,
    #[serde(borrow)]
    _header: Option<(&'a [u8], &'a [u8])>,
    #[serde(borrow)]
    _emojis: Vec<(&'a [u8], &'a [u8])>,
    _locked: bool,
    _discoverable: Option<bool>,
    _indexable: bool,
    _hide_collections: bool,
    _memorial: bool,
    #[serde(borrow)]
    _also_known_as: Vec<&'a [u8]>,
    #[serde(borrow)]
    _moved_to: Option<&'a [u8]>,
    inbox: &'a str,
    #[serde(borrow)]
    shared_inbox: Option<&'a str>,
    #[serde(borrow)]
    _outbox: Option<&'a [u8]>,
    #[serde(borrow)]
    _followers: Option<&'a [u8]>,
    #[serde(borrow)]
    _following: Option<&'a [u8]>,
    #[serde(borrow)]
    _featured: Option<&'a [u8]>,
    _stated: StatedCounts,
    _created_at: Timestamp,
    _fetched_at: Timestamp,
    suspended_at: Option<Timestamp>,
}

impl<'a> Front<'a> {
    fn whereabouts(&self) -> Whereabouts<'a> {
        Whereabouts {
            domain: self.domain,
            uri: self.uri,
            inbox: self.inbox,
            shared_inbox: self.shared_inbox,
            suspended_at: self.suspended_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Emoji, Endpoints, Field, Image};

    fn full() -> Account {
        let text = |of: &str| format!("https://remote.example/{of}/ß");
        Account {
            domain: Some("remote.example".to_owned()),
            uri: text("uri"),
            url: Some(text("url")),
            kind: ActorKind::Group,
            display_name: text("name"),
            note: text("note"),
            fields: vec![Field { name: text("field"), value: text("value"), verified_at: Some(Timestamp(5)) }; 3],
            avatar: Some(Image { url: text("avatar"), description: text("of the avatar") }),
            header: Some(Image { url: text("header"), description: String::new() }),
            emojis: vec![Emoji { shortcode: text("emoji"), url: text("picture") }; 2],
            discoverable: Some(true),
            also_known_as: vec![text("other"), text("third")],
            moved_to: Some(text("elsewhere")),
            endpoints: Endpoints {
                inbox: text("inbox"),
                shared_inbox: Some(text("shared")),
                outbox: Some(text("outbox")),
                followers: Some(text("followers")),
                following: None,
                featured: Some(text("featured")),
            },
            stated: StatedCounts { followers: Some(u64::MAX), following: None, statuses: Some(7) },
            suspended_at: Some(Timestamp(1_700_000_000_000)),
            ..Account::bare(AccountId(u64::MAX), "somebody", Timestamp(1_600_000_000_000))
        }
    }

    fn assert_read(row: &[u8], account: &Account) {
        let compare = |found: &Whereabouts<'_>| {
            assert_eq!(*found, Whereabouts::from(account));
            Ok(())
        };
        with_whereabouts(account.id, row, compare).expect("a row that can be read");
    }

    #[test]
    fn the_front_of_a_row_says_what_the_whole_row_says() {
        for account in [full(), Account::bare(AccountId(1), "somebody", Timestamp(1))] {
            let row = account.encode();
            assert_read(&row, &account);
            // Nothing of these two is in the five bytes that the first version lacks.
            let mut older = row[..row.len() - 5].to_vec();
            older[0] = 1;
            assert_eq!(Account::decode(&older).expect("of the first version"), account);
            assert_read(&older, &account);
        }
    }

    #[test]
    fn a_row_that_ends_too_early_is_corrupt() {
        let row = full().encode();
        let cut = with_whereabouts(AccountId(7), &row[..row.len() / 2], |_| Ok(()));
        assert!(matches!(cut, Err(Error::Corrupt { .. })), "{cut:?}");
    }
}

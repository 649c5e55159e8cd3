//! Quotes: which status quotes which, whether the quoted author agrees (FEP-044f), and who may quote a status.

use crate::{
    check::describe::{Claim, Counter, Counts, Described, Index, Named, Owner, Pointer, Reference, always},
    error::Result,
    id::{AccountId, StatusId},
    key::{Digest, Key},
    limits, record,
    status::{STATUSES, Status},
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// How far a quote has come. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuoteState {
    /// The quoted author has not been heard of.
    Pending,
    /// The quoted author agrees, or quotes themselves.
    Accepted,
    /// The quoted author refused.
    Rejected,
    /// The quoted author agreed once and took it back.
    Revoked,
}

/// What a status quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The quoted status, once it is stored here; it may be deleted by now.
    pub quoted: Option<StatusId>,
    /// The uri of a remote quoted status; empty for a local one.
    pub uri: String,
    /// The quoted author, once known.
    pub author: Option<AccountId>,
    /// How far it has come.
    pub state: QuoteState,
    /// The stamp (`QuoteAuthorization`): a path if the quoted author is local, else a uri; empty without one. Of a
    /// pending quote it is what the quoting author claims.
    pub stamp: String,
}
record!(Quote, 1);

/// Groups of people in a policy, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups(u8);

impl Groups {
    /// Nobody.
    pub const NOBODY: Groups = Groups(0);
    /// Everybody.
    pub const PUBLIC: Groups = Groups(1);
    /// The author's followers.
    pub const FOLLOWERS: Groups = Groups(2);
    /// Whom the author follows.
    pub const FOLLOWING: Groups = Groups(4);
    /// A group that is not understood here.
    pub const OTHER: Groups = Groups(8);
    /// Whom the status mentions or answers.
    pub const MENTIONED: Groups = Groups(16);

    /// Both together.
    #[must_use]
    pub fn with(self, other: Groups) -> Groups {
        Groups(self.0 | other.0)
    }

    /// Whether all of `other` belong to it.
    #[must_use]
    pub fn has(self, other: Groups) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` belongs to it.
    #[must_use]
    pub fn meets(self, other: Groups) -> bool {
        self.0 & other.0 != 0
    }
}

/// Who may quote a status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotePolicy {
    /// Without being asked about.
    pub automatic: Groups,
    /// After the author agreed to the very quote.
    pub manual: Groups,
}

/// What is known of a status as something to be quoted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotability {
    /// What its author says; `None`: nothing.
    pub policy: Option<QuotePolicy>,
    /// Accepted quotes of it that everybody may see.
    pub quotes: u64,
}
record!(Quotability, 1);

/// Quoting status → quote.
pub const QUOTES: Table<StatusId, Quote> = Table::new(250, "quote");
/// (quoted, quoting).
pub const QUOTES_OF: Table<(StatusId, StatusId), ()> = Table::new(251, "quote_of");
/// Digest of a remote author's stamp → status whose accepted quote rests on it, so that its Delete finds it.
pub const QUOTE_BY_STAMP: Table<Digest, StatusId> = Table::new(252, "quote_by_stamp");
/// Status → who may quote it, and how often it is quoted.
pub const QUOTABILITY: Table<StatusId, Quotability> = Table::new(253, "quotability");

/// What `quoting` quotes.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, quoting: StatusId) -> Result<Option<Quote>> {
    QUOTES.get(read, &quoting)
}

/// The status that rightly shows this stamp of a remote author, with its quote.
///
/// # Errors
/// Storage errors.
pub fn find_by_stamp(read: &dyn Read, stamp: &str) -> Result<Option<(StatusId, Quote)>> {
    let Some(quoting) = QUOTE_BY_STAMP.get(read, &Digest::of(stamp))? else { return Ok(None) };
    // The digest only leads to the row; the row holds the uri itself.
    Ok(find(read, quoting)?.filter(|quote| quote.stamp == stamp).map(|quote| (quoting, quote)))
}

/// Who may quote `status` and how often it is quoted; nothing said and never if there is no row.
///
/// # Errors
/// Storage errors.
pub fn quotability(read: &dyn Read, status: StatusId) -> Result<Quotability> {
    Ok(QUOTABILITY.get(read, &status)?.unwrap_or_default())
}

/// Stores what the author of `status` says of who may quote it.
///
/// # Errors
/// Storage errors.
pub fn put_policy(tx: &mut Tx<'_>, status: StatusId, policy: Option<QuotePolicy>) -> Result<()> {
    let before = quotability(tx, status)?;
    if before.policy != policy {
        QUOTABILITY.put(tx, &status, &Quotability { policy, ..before });
    }
    Ok(())
}

/// Stores what `quoting` quotes in place of what stood there, with indexes and counter.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, quoting: &Status, quote: &Quote) -> Result<()> {
    remove(tx, quoting)?;
    QUOTES.put(tx, &quoting.id, quote);
    // What is merely claimed must not stand in the way of who has the stamp.
    if rests_on_stamp(quote) {
        QUOTE_BY_STAMP.put(tx, &Digest::of(&quote.stamp), &quoting.id);
    }
    let Some(quoted) = quote.quoted else { return Ok(()) };
    QUOTES_OF.put(tx, &(quoted, quoting.id), &());
    // A status that is gone has no row.
    if is_counted(quoting, quote) && STATUSES.contains(tx, &quoted)? {
        let row = quotability(tx, quoted)?;
        QUOTABILITY.put(tx, &quoted, &Quotability { quotes: row.quotes.saturating_add(1), ..row });
    }
    Ok(())
}

/// Removes what `quoting` quotes, with indexes and counter; what it was.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, quoting: &Status) -> Result<Option<Quote>> {
    let Some(quote) = find(tx, quoting.id)? else { return Ok(None) };
    QUOTES.delete(tx, &quoting.id);
    if QUOTE_BY_STAMP.get(tx, &Digest::of(&quote.stamp))? == Some(quoting.id) {
        QUOTE_BY_STAMP.delete(tx, &Digest::of(&quote.stamp));
    }
    if let Some(quoted) = quote.quoted {
        QUOTES_OF.delete(tx, &(quoted, quoting.id));
        // The row of a deleted status is gone.
        if let Some(row) = QUOTABILITY.get(tx, &quoted)?.filter(|_| is_counted(quoting, &quote)) {
            QUOTABILITY.put(tx, &quoted, &Quotability { quotes: row.quotes.saturating_sub(1), ..row });
        }
    }
    Ok(Some(quote))
}

/// Whether it is accepted because of a remote author's stamp.
fn rests_on_stamp(quote: &Quote) -> bool {
    quote.state == QuoteState::Accepted && !quote.stamp.is_empty() && !quote.uri.is_empty()
}

/// A number must not tell of statuses that are not for everybody.
fn is_counted(quoting: &Status, quote: &Quote) -> bool {
    quote.state == QuoteState::Accepted && quoting.is_public()
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &QUOTES_OF,
        of: &[&QUOTES],
        wants: |quoting, quote| quote.quoted.iter().map(|quoted| ((*quoted, *quoting), ())).collect(),
        owner: |(_, quoting), ()| *quoting,
        claim: Claim::Sole,
    },
    &Index {
        table: &QUOTE_BY_STAMP,
        of: &[&QUOTES],
        wants: |quoting, quote| {
            if rests_on_stamp(quote) { vec![(Digest::of(&quote.stamp), *quoting)] } else { Vec::new() }
        },
        owner: |_, quoting| *quoting,
        // Two may show one stamp; the last one stored has it.
        claim: Claim::Contested,
    },
    // The quoted status may be gone, and its author's word stays.
    &Reference { of: &QUOTES, to: |quoting, _| vec![Pointer::to(&STATUSES, quoting)], unless: always },
    &Reference { of: &QUOTABILITY, to: |status, _| vec![Pointer::to(&STATUSES, status)], unless: always },
    &Counter {
        name: "quotes",
        table: &QUOTABILITY,
        owners: &[
            Owner::each(&QUOTABILITY),
            Owner {
                table: Named::of(&QUOTES_OF),
                key: |key| <(StatusId, StatusId)>::from_bytes(key).map(|(quoted, _)| quoted),
            },
        ],
        counts: Counts::Found(quotes_of),
        get: |row| row.map_or(0, |row| row.quotes),
        set: |row, quotes| Some(Quotability { quotes, ..row.unwrap_or_default() }),
    },
];

/// Accepted quotes of a status that everybody may see; none of a status that is gone.
fn quotes_of(read: &dyn Read, quoted: &StatusId) -> Result<Option<u64>> {
    if !STATUSES.contains(read, quoted)? {
        return Ok(Some(0));
    }
    let most = limits::CHECK_REFERRERS;
    let rows = QUOTES_OF.list(read, quoted, Bounds::NONE, Direction::Ascending, most + 1)?;
    if rows.len() > most {
        return Ok(None);
    }
    let mut quotes = 0;
    for ((_, quoting), ()) in rows {
        let (Some(row), Some(quote)) = (STATUSES.get(read, &quoting)?, find(read, quoting)?) else { continue };
        quotes += u64::from(is_counted(&row, &quote));
    }
    Ok(Some(quotes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn rows_of_version_one_stay_readable() {
        let quote = Quote {
            quoted: Some(StatusId(300)),
            uri: "https://a.test/1".to_owned(),
            author: Some(AccountId(5)),
            state: QuoteState::Revoked,
            stamp: "s".to_owned(),
        };
        let bytes = b"\x01\x01\xac\x02\x10https://a.test/1\x01\x05\x03\x01s";
        assert_eq!(quote.encode(), bytes);
        assert_eq!(Quote::decode(bytes).expect("a row"), quote);
        let policy = QuotePolicy { automatic: Groups::PUBLIC, manual: Groups::FOLLOWERS.with(Groups::OTHER) };
        let row = Quotability { policy: Some(policy), quotes: 7 };
        assert_eq!(row.encode(), b"\x01\x01\x01\x0a\x07");
        assert_eq!(Quotability::decode(b"\x01\x01\x01\x0a\x07").expect("a row"), row);
    }

    #[test]
    fn groups_are_a_set() {
        let both = Groups::FOLLOWERS.with(Groups::FOLLOWING);
        assert!(both.has(Groups::FOLLOWERS) && both.has(Groups::FOLLOWING) && !both.has(Groups::PUBLIC));
        assert!(!Groups::NOBODY.has(Groups::OTHER));
    }
}

//! Waves of spam: what many strangers say alike, how much of it came lately, and how often strangers of one domain spoke
//! to one person unasked. All of it is counted by spans of time and forgotten after two of them.

use crate::{
    error::Result,
    id::{AccountId, StatusId, Timestamp},
    key::Digest,
    limits, record,
    record::Record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// A mention that was told before anybody knew that it belongs to a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Whom.
    pub to: AccountId,
    /// Who wrote it.
    pub from: AccountId,
    /// What.
    pub status: StatusId,
}

/// Something that what strangers say has in common: the same words, link or picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Who bore it, of a text alone the first of each domain; at most `limits::WAVE_SENDERS`.
    pub senders: Vec<AccountId>,
    /// What was told of it; at most `limits::WAVE_TOLD`.
    pub told: Vec<Told>,
}
record!(Sign, 1);

/// What came within a span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wave {
    /// New accounts that spoke to people here unasked, with a link or picture; at most `limits::WAVE_NEWCOMERS`.
    pub newcomers: Vec<AccountId>,
    /// Domains of theirs, as somebody registered them; at most `limits::WAVE_SITES`.
    pub sites: Vec<String>,
    /// Statuses kept aside.
    pub held: u32,
    /// Domains of who wrote those, the first of them; at most `limits::WAVE_SITES`.
    pub held_of: Vec<String>,
    /// When the first was.
    pub since: Option<Timestamp>,
    /// When the last was.
    pub last: Option<Timestamp>,
}
record!(Wave, 1);

/// How often somebody did something to one account within a span: strangers of one domain spoke to it, say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unasked {
    /// So often.
    pub count: u32,
}
record!(Unasked, 1);

/// (span, digest of what is alike) → who bore it.
pub const SIGNS: Table<(u32, Digest), Sign> = Table::new(480, "wave_sign");
/// Span → what came within it.
pub const WAVES: Table<u32, Wave> = Table::new(481, "wave");
/// (span, digest of an account and of who does what to it) → how often.
pub const UNASKED: Table<(u32, Digest), Unasked> = Table::new(482, "unasked");

/// The span that `at` lies in, counted since 1970.
fn span(at: Timestamp, length_ms: i64) -> u32 {
    u32::try_from(at.0.max(0) / length_ms).unwrap_or(u32::MAX)
}

/// What was said alike until `now`, this span and the last one together.
///
/// # Errors
/// Storage errors.
pub fn sign(read: &dyn Read, now: Timestamp, sign: Digest) -> Result<Sign> {
    let this = span(now, limits::WAVE_SPAN_MS);
    let mut found = SIGNS.get(read, &(this, sign))?.unwrap_or_default();
    let before = SIGNS.get(read, &(this.saturating_sub(1), sign))?.unwrap_or_default();
    for sender in before.senders {
        if !found.senders.contains(&sender) && found.senders.len() < limits::WAVE_SENDERS {
            found.senders.push(sender);
        }
    }
    found.told.extend(before.told);
    found.told.truncate(limits::WAVE_TOLD);
    Ok(found)
}

/// Notes that `sender` bore a sign, and what was told of it.
///
/// # Errors
/// Storage errors.
pub fn bear(tx: &mut Tx<'_>, sign: Digest, sender: AccountId, told: &[Told]) -> Result<()> {
    let key = (span(tx.now(), limits::WAVE_SPAN_MS), sign);
    let mut row = SIGNS.get(tx, &key)?.unwrap_or_default();
    let before = row.clone();
    if !row.senders.contains(&sender) && row.senders.len() < limits::WAVE_SENDERS {
        row.senders.push(sender);
    }
    row.told.extend(told.iter().copied().filter(|told| !before.told.contains(told)));
    row.told.truncate(limits::WAVE_TOLD);
    if row != before {
        SIGNS.put(tx, &key, &row);
        sweep(tx, &SIGNS, key.0)?;
    }
    Ok(())
}

/// What was told of a sign has been taken back.
///
/// # Errors
/// Storage errors.
pub fn untold(tx: &mut Tx<'_>, sign: Digest) -> Result<()> {
    let this = span(tx.now(), limits::WAVE_SPAN_MS);
    for span in [this, this.saturating_sub(1)] {
        if let Some(row) = SIGNS.get(tx, &(span, sign))?.filter(|row| !row.told.is_empty()) {
            SIGNS.put(tx, &(span, sign), &Sign { told: Vec::new(), ..row });
        }
    }
    Ok(())
}

/// What came within this span and the last one.
///
/// # Errors
/// Storage errors.
pub fn lately(read: &dyn Read, now: Timestamp) -> Result<Wave> {
    let this = span(now, limits::WAVE_SPAN_MS);
    let mut found = WAVES.get(read, &this)?.unwrap_or_default();
    let before = WAVES.get(read, &this.saturating_sub(1))?.unwrap_or_default();
    add(&mut found.newcomers, before.newcomers, limits::WAVE_NEWCOMERS);
    add(&mut found.sites, before.sites, limits::WAVE_SITES);
    add(&mut found.held_of, before.held_of, limits::WAVE_SITES);
    found.held = found.held.saturating_add(before.held);
    found.since = before.since.or(found.since);
    found.last = found.last.or(before.last);
    Ok(found)
}

fn add<T: PartialEq>(to: &mut Vec<T>, more: impl IntoIterator<Item = T>, most: usize) {
    for one in more {
        if to.len() < most && !to.contains(&one) {
            to.push(one);
        }
    }
}

/// Notes that a new account at `site` spoke to people here unasked.
///
/// # Errors
/// Storage errors.
pub fn speak_up(tx: &mut Tx<'_>, account: AccountId, site: &str) -> Result<()> {
    change(tx, |wave, _| {
        add(&mut wave.newcomers, [account], limits::WAVE_NEWCOMERS);
        add(&mut wave.sites, [site.to_owned()], limits::WAVE_SITES);
    })
}

/// Notes that a status from `site` is kept aside.
///
/// # Errors
/// Storage errors.
pub fn hold(tx: &mut Tx<'_>, site: &str) -> Result<()> {
    change(tx, |wave, now| {
        wave.held = wave.held.saturating_add(1);
        add(&mut wave.held_of, [site.to_owned()], limits::WAVE_SITES);
        wave.since.get_or_insert(now);
        wave.last = Some(now);
    })
}

fn change(tx: &mut Tx<'_>, change: impl FnOnce(&mut Wave, Timestamp)) -> Result<()> {
    let now = tx.now();
    let key = span(now, limits::WAVE_SPAN_MS);
    let before = WAVES.get(tx, &key)?;
    let mut row = before.clone().unwrap_or_default();
    change(&mut row, now);
    if before.as_ref() != Some(&row) {
        WAVES.put(tx, &key, &row);
        for (old, _) in WAVES.list(tx, &(), Bounds::NONE, Direction::Ascending, limits::WAVE_SWEPT)? {
            if old.saturating_add(1) < key {
                WAVES.delete(tx, &old);
            }
        }
    }
    Ok(())
}

/// Counts that `who` does something to `to`; answers how often that was within this span, this time included. A domain
/// alone: strangers from there speak to it unasked. Of anything else `who` has a blank, so that no domain is called so.
///
/// # Errors
/// Storage errors.
pub fn unasked(tx: &mut Tx<'_>, to: AccountId, who: &str) -> Result<u32> {
    let key = (span(tx.now(), limits::UNASKED_SPAN_MS), Digest::of(&format!("{to} {who}")));
    let count = UNASKED.get(tx, &key)?.unwrap_or_default().count.saturating_add(1);
    UNASKED.put(tx, &key, &Unasked { count });
    sweep(tx, &UNASKED, key.0)?;
    Ok(count)
}

/// Removes a few rows older than the span before `this`: more than one is put at a time, so that they cannot pile up.
fn sweep<R: Record>(tx: &mut Tx<'_>, table: &Table<(u32, Digest), R>, this: u32) -> Result<()> {
    for (key, _) in table.list(tx, &(), Bounds::NONE, Direction::Ascending, limits::WAVE_SWEPT)? {
        if key.0.saturating_add(1) < this {
            table.delete(tx, &key);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_bytes_stay_readable() {
        let told = Told { to: AccountId(1), from: AccountId(2), status: StatusId(3) };
        let sign = Sign { senders: vec![AccountId(2)], told: vec![told] };
        assert_eq!(sign.encode(), [1, 1, 2, 1, 1, 2, 3]);
        assert_eq!(Sign::decode(&sign.encode()).expect("readable"), sign);
        let wave = Wave {
            newcomers: vec![AccountId(2)],
            sites: vec!["a".to_owned()],
            held: 4,
            held_of: vec!["b".to_owned()],
            since: Some(Timestamp(1)),
            last: Some(Timestamp(2)),
        };
        assert_eq!(wave.encode(), [1, 1, 2, 1, 1, b'a', 4, 1, 1, b'b', 1, 2, 1, 4]);
        assert_eq!(Wave::decode(&wave.encode()).expect("readable"), wave);
        assert_eq!(Unasked { count: 5 }.encode(), [1, 5]);
    }
}

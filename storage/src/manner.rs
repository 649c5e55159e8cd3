//! How another server wants to be spoken with, as it has shown itself: which signatures it takes and makes, what it refuses
//! of what is passed on, and what of ours it would not have.

use crate::{
    error::Result,
    id::Timestamp,
    limits, record,
    store::Tx,
    table::{Read, Table},
    undelivered::Reason,
};
use serde::{Deserialize, Serialize};

/// A way to sign requests. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// draft-cavage-http-signatures-12.
    Cavage,
    /// RFC 9421.
    Rfc9421,
}

/// What a server has shown of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manner {
    /// The form it took after refusing the other one, and when.
    pub takes: Option<(Form, Timestamp)>,
    /// The form of what it sends, and since when.
    pub signs: Option<(Form, Timestamp)>,
    /// Since when it refuses what others said and we pass on (ActivityPub §7.1.2).
    pub refuses_passed_on: Option<Timestamp>,
    /// What of ours it would not have, the newest last; at most `limits::REFUSALS_TOLD`, each activity once.
    pub refusals: Vec<Refusal>,
}
record!(Manner, 2, { 1 => MannerV1 });

/// What a server had shown of itself before what it refused was kept, frozen.
#[derive(Serialize, Deserialize)]
struct MannerV1 {
    takes: Option<(Form, Timestamp)>,
    signs: Option<(Form, Timestamp)>,
    refuses_passed_on: Option<Timestamp>,
}

impl From<MannerV1> for Manner {
    fn from(old: MannerV1) -> Self {
        let MannerV1 { takes, signs, refuses_passed_on } = old;
        Manner { takes, signs, refuses_passed_on, refusals: Vec::new() }
    }
}

/// An activity that went out and that a server would not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The activity's id, at most `limits::REFUSED_URI_CHARS` of it.
    pub activity: String,
    /// When it was given up.
    pub at: Timestamp,
    /// What the server answered.
    pub reason: Reason,
}

impl Refusal {
    /// That `activity` was given up.
    #[must_use]
    pub fn of(activity: &str, at: Timestamp, reason: Reason) -> Self {
        Refusal { activity: activity.chars().take(limits::REFUSED_URI_CHARS).collect(), at, reason }
    }
}

/// Puts further refusals behind `known`: the newest are kept, and each activity once, whose inboxes may be several.
pub fn keep_newest(known: &mut Vec<Refusal>, further: impl IntoIterator<Item = Refusal>) {
    for refusal in further {
        known.retain(|other| other.activity != refusal.activity);
        known.push(refusal);
    }
    known.drain(..known.len().saturating_sub(limits::REFUSALS_TOLD));
}

/// Authority → its manner. Nothing stands here of servers that were never out of the ordinary.
pub const MANNERS: Table<String, Manner> = Table::new(483, "peer_manner");

/// What `domain` has shown of itself.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, domain: &str) -> Result<Manner> {
    Ok(MANNERS.get(read, &domain.to_owned())?.unwrap_or_default())
}

/// `domain` took a signature of this form after refusing the other one.
///
/// # Errors
/// Storage errors.
pub fn takes(tx: &mut Tx<'_>, domain: &str, form: Form) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| manner.takes = Some((form, now)))
}

/// `domain` sent something with a signature of this form; written down if it is another than the last one.
///
/// # Errors
/// Storage errors.
pub fn signs(tx: &mut Tx<'_>, domain: &str, form: Form) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| {
        if manner.signs.is_none_or(|(known, _)| known != form) {
            manner.signs = Some((form, now));
        }
    })
}

/// `domain` refused what was passed on to it.
///
/// # Errors
/// Storage errors.
pub fn refuses_passed_on(tx: &mut Tx<'_>, domain: &str) -> Result<()> {
    let now = tx.now();
    change(tx, domain, |manner| {
        manner.refuses_passed_on.get_or_insert(now);
    })
}

/// `domain` would not have what went out to it; safe to repeat.
///
/// # Errors
/// Storage errors.
pub fn refused(tx: &mut Tx<'_>, domain: &str, refusals: &[Refusal]) -> Result<()> {
    change(tx, domain, |manner| keep_newest(&mut manner.refusals, refusals.iter().cloned()))
}

fn change(tx: &mut Tx<'_>, domain: &str, change: impl FnOnce(&mut Manner)) -> Result<()> {
    let before = find(tx, domain)?;
    let mut manner = before.clone();
    change(&mut manner);
    if manner != before {
        MANNERS.put(tx, &domain.to_owned(), &manner);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let manner = Manner {
            takes: Some((Form::Rfc9421, Timestamp(1))),
            signs: Some((Form::Cavage, Timestamp(2))),
            refuses_passed_on: Some(Timestamp(3)),
            refusals: Vec::new(),
        };
        assert_eq!(Manner::decode(&[1, 1, 1, 2, 1, 0, 4, 1, 6]).expect("version 1"), manner);
        let refused = Manner { refusals: vec![Refusal::of("x", Timestamp(4), Reason::Refused(5))], ..manner };
        assert_eq!(refused.encode(), [2, 1, 1, 2, 1, 0, 4, 1, 6, 1, 1, b'x', 8, 0, 5]);
        assert_eq!(Manner::decode(&refused.encode()).expect("readable"), refused);
        assert_eq!(Manner::default().encode(), [2, 0, 0, 0, 0]);
    }

    #[test]
    fn the_newest_refusals_are_kept_and_each_activity_once() {
        let refusal = |number: usize, at| Refusal::of(&number.to_string(), Timestamp(at), Reason::Refused(403));
        let mut known = Vec::new();
        keep_newest(&mut known, (0..limits::REFUSALS_TOLD + 2).map(|number| refusal(number, 1)));
        assert_eq!((known.len(), &known[0]), (limits::REFUSALS_TOLD, &refusal(2, 1)));
        keep_newest(&mut known, [refusal(3, 2)]);
        assert_eq!((known.len(), known.last()), (limits::REFUSALS_TOLD, Some(&refusal(3, 2))));
        assert_eq!(known.iter().filter(|refusal| refusal.activity == "3").count(), 1);
        let long = Refusal::of(&"é".repeat(limits::REFUSED_URI_CHARS + 1), Timestamp(1), Reason::Refused(403));
        assert_eq!(long.activity.chars().count(), limits::REFUSED_URI_CHARS);
    }
}

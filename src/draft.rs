//! Lives here: drafts: what somebody is writing, kept as they typed it until it is posted or thrown away.
//! May use: the lowest rooms, `storage`. Must never name: HTTP, ActivityPub, edges, the server.
//! Invariants: a draft is its writer's alone; it is bounded in size and number; nothing in it was checked.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Digest, Direction, Read, RowId, StatusId, Tx,
    draft::{DRAFTS, Draft},
    status::IDEMPOTENCY_KEYS,
};

/// Stands before the key of a form where it means a draft and no post.
const DRAFT_KEY: &str = "draft of ";

/// Keeps a draft: anew, or in place of the one with this number. The answer is its number.
///
/// # Errors
/// `Invalid` above `limits::DRAFTS_MAX` drafts and for one that is larger than `limits::DRAFT_BYTES_MAX`.
pub fn keep(tx: &mut Tx<'_>, owner: AccountId, known: Option<RowId>, draft: &Draft) -> Result<RowId> {
    let bytes = size(draft);
    if bytes > limits::DRAFT_BYTES_MAX {
        return Err(Error::invalid("draft", format!("draft has {bytes} bytes; at most {}", limits::DRAFT_BYTES_MAX)));
    }
    let draft = Draft { kept_at: tx.now(), ..draft.clone() };
    let known = known.filter(|id| matches!(DRAFTS.contains(tx, &(owner, *id)), Ok(true)));
    let id = match known {
        Some(id) => id,
        None => {
            let there = DRAFTS.list(tx, &owner, Bounds::NONE, Direction::Ascending, limits::DRAFTS_MAX)?.len();
            if there >= limits::DRAFTS_MAX {
                return Err(Error::invalid(
                    "draft",
                    format!("you have {there} drafts; at most {}", limits::DRAFTS_MAX),
                ));
            }
            tx.next_id()
        }
    };
    DRAFTS.put(tx, &(owner, id), &draft);
    Ok(id)
}

/// The same for a form with a key: sent again as it first was, it is kept in place of what it was kept as within the last
/// `limits::IDEMPOTENCY_MS`. An empty key is none.
///
/// # Errors
/// As `keep`.
pub fn keep_once(tx: &mut Tx<'_>, owner: AccountId, known: Option<RowId>, key: &str, draft: &Draft) -> Result<RowId> {
    let there = match known {
        Some(id) => DRAFTS.contains(tx, &(owner, id))?,
        None => false,
    };
    let known = if there { known } else { made_by(tx, owner, key)? };
    let id = keep(tx, owner, known, draft)?;
    if known != Some(id) && !key.is_empty() {
        IDEMPOTENCY_KEYS.put(tx, &(owner, digest(key)), &StatusId(id.0));
    }
    Ok(id)
}

/// Throws away what a form was kept as, now that it is posted.
///
/// # Errors
/// Storage errors.
pub fn posted(tx: &mut Tx<'_>, owner: AccountId, known: Option<RowId>, key: &str) -> Result<()> {
    let by_key = made_by(tx, owner, key)?;
    for id in known.into_iter().chain(by_key) {
        remove(tx, owner, id);
    }
    Ok(())
}

/// The draft that a form with this key was kept as. The key stands among those of posts, of which none begins like this
/// one and which are forgotten after a while; numbers are given once.
fn made_by(read: &dyn Read, owner: AccountId, key: &str) -> Result<Option<RowId>> {
    if key.is_empty() {
        return Ok(None);
    }
    let Some(id) = IDEMPOTENCY_KEYS.get(read, &(owner, digest(key)))?.map(|id| RowId(id.0)) else { return Ok(None) };
    Ok(DRAFTS.contains(read, &(owner, id))?.then_some(id))
}

fn digest(key: &str) -> Digest {
    Digest::of(&format!("{DRAFT_KEY}{key}"))
}

/// The drafts of `owner`, the last begun first.
///
/// # Errors
/// Storage errors.
pub fn list(read: &dyn Read, owner: AccountId) -> Result<Vec<(RowId, Draft)>> {
    let rows = DRAFTS.list(read, &owner, Bounds::NONE, Direction::Descending, limits::DRAFTS_MAX)?;
    Ok(rows.into_iter().map(|((_, id), draft)| (id, draft)).collect())
}

/// A draft of `owner`.
///
/// # Errors
/// `NotFound` if they have none with this number.
pub fn require(read: &dyn Read, owner: AccountId, id: RowId) -> Result<Draft> {
    DRAFTS.get(read, &(owner, id))?.ok_or(Error::NotFound)
}

/// Throws a draft away; none is none.
pub fn remove(tx: &mut Tx<'_>, owner: AccountId, id: RowId) {
    tx.accept_when_full();
    DRAFTS.delete(tx, &(owner, id));
}

/// Bytes of everything that was typed.
fn size(draft: &Draft) -> usize {
    let media = draft.media.iter().map(|one| one.id.len() + one.description.len() + one.focus.len()).sum::<usize>();
    let options = draft.options.iter().map(String::len).sum::<usize>();
    let texts = [
        &draft.text,
        &draft.warning,
        &draft.visibility,
        &draft.quote_policy,
        &draft.may_reply,
        &draft.language,
        &draft.scheduled_at,
        &draft.in_reply_to,
        &draft.quoted,
        &draft.content_type,
        &draft.split,
    ];
    media + options + texts.into_iter().map(String::len).sum::<usize>()
}

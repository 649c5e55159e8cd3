//! Lives here: drafts: what somebody is writing, kept as they typed it until it is posted or thrown away.
//! May use: the lowest rooms, `storage`. Must never name: HTTP, ActivityPub, edges, the server.
//! Invariants: a draft is its writer's alone; it is bounded in size and number; nothing in it was checked.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Tx,
    draft::{DRAFTS, Draft},
};

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

//! A server that gets its name later: what was written here before leads to it under that name.

use crate::{error::Result, limits, origin::Origin};
use storage::{
    Bounds, Direction, Read, StatusId, Tx,
    status::{self, EDITS, STATUSES, Status},
};

/// Statuses written here behind the given one that lead to `former` (scheme and authority), among the next
/// `limits::READDRESSED_LOOKED` statuses, and behind which to go on; `None`: those were all.
///
/// # Errors
/// Storage errors.
pub fn led_to(read: &dyn Read, former: &str, behind: StatusId) -> Result<(Vec<StatusId>, Option<StatusId>)> {
    let from = Bounds { above: Some(behind.0), below: None };
    let rows = STATUSES.list(read, &(), from, Direction::Ascending, limits::READDRESSED_LOOKED)?;
    let next = rows.last().filter(|_| rows.len() == limits::READDRESSED_LOOKED).map(|(id, _)| *id);
    let mut found = Vec::new();
    for (id, status) in rows {
        if status.local && leads(read, &status, former)? {
            found.push(id);
        }
    }
    Ok((found, next))
}

fn leads(read: &dyn Read, status: &Status, former: &str) -> Result<bool> {
    let link = link(former);
    if status.content.contains(&link) {
        return Ok(true);
    }
    if status.edited_at.is_none() {
        return Ok(false);
    }
    let edits = EDITS.list(read, &status.id, Bounds::NONE, Direction::Ascending, limits::EDITS_MAX)?;
    Ok(edits.iter().any(|(_, edit)| edit.content.contains(&link)))
}

/// Has the links of a status and of its former versions lead to `now` where they led to `former`.
///
/// # Errors
/// Storage errors.
pub fn readdress(tx: &mut Tx<'_>, id: StatusId, former: &str, now: &Origin) -> Result<()> {
    let Some(known) = status::find(tx, id)? else { return Ok(()) };
    let changed = Status { content: readdressed(&known.content, former, now), ..known.clone() };
    status::replace(tx, &known, &changed)?;
    for (key, mut edit) in EDITS.list(tx, &id, Bounds::NONE, Direction::Ascending, limits::EDITS_MAX)? {
        edit.content = readdressed(&edit.content, former, now);
        EDITS.put(tx, &key, &edit);
    }
    Ok(())
}

/// HTML whose links lead to `now` where they led to `former`.
#[must_use]
pub fn readdressed(content: &str, former: &str, now: &Origin) -> String {
    content.replace(&link(former), &link(now.as_str()))
}

/// How a link to anything at `origin` begins in the HTML of a status.
fn link(origin: &str) -> String {
    format!("href=\"{origin}/")
}

//! Announcements: what those who run the server tell everybody here, shown from one time to another, with reactions.
//!
//! May use: status (how text is composed), the lowest rooms, `storage`. Must never name: HTTP, edges, the network.
//! Invariants: what is shown or goes at a time does so by a durable job; at most `limits::ANNOUNCEMENTS_MAX` are kept.

use crate::{
    emoji,
    error::{Error, Result},
    limits,
    origin::Origin,
    status::{self, Composed},
};
use storage::{
    AccountId, Bounds, Direction, Event, Read, RowId, Timestamp, Tx,
    announcement::{self, ANNOUNCEMENTS, Announcement, DISMISSED, REACTED, REACTIONS, Reactions},
    job::{self, JobKind},
};

/// An announcement to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnnouncement {
    /// The text, composed.
    pub composed: Composed,
    /// From when on it is shown; `None` or past: at once.
    pub starts_at: Option<Timestamp>,
    /// When it goes.
    pub ends_at: Option<Timestamp>,
    /// Both are days.
    pub all_day: bool,
}

/// Makes an announcement, and owes what happens to it later.
///
/// # Errors
/// `Invalid` for an empty or overlong text, for times in the wrong order, and beyond `limits::ANNOUNCEMENTS_MAX`.
pub fn create(tx: &mut Tx<'_>, new: &NewAnnouncement) -> Result<RowId> {
    let (content, most) = (&new.composed.content, limits::ANNOUNCEMENT_CONTENT_BYTES_MAX);
    if new.composed.text.trim().is_empty() {
        return Err(Error::invalid("text", "the text is empty"));
    }
    if content.len() > most {
        let why = format!("the text has {} bytes as HTML; at most {most}", content.len());
        return Err(Error::invalid("text", why));
    }
    let now = tx.now();
    if new.ends_at.is_some_and(|end| end <= now || new.starts_at.is_some_and(|start| end <= start)) {
        return Err(Error::invalid("until", "the announcement would end before it is shown"));
    }
    let kept = all(tx)?.len();
    if kept >= limits::ANNOUNCEMENTS_MAX {
        let why = format!("there are {kept} announcements; at most {}", limits::ANNOUNCEMENTS_MAX);
        return Err(Error::invalid("announcement", why));
    }
    let id: RowId = tx.next_id();
    let announcement = Announcement {
        text: new.composed.text.clone(),
        content: content.clone(),
        mentions: new.composed.mentions.clone(),
        tags: new.composed.tags.clone(),
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        all_day: new.all_day,
        published_at: None,
        created_at: now,
    };
    ANNOUNCEMENTS.put(tx, &id, &announcement);
    for time in [new.starts_at, new.ends_at].into_iter().flatten().filter(|time| *time > now) {
        job::enqueue_at(tx, JobKind::TurnAnnouncement { announcement: id }, time);
    }
    turn(tx, id)?;
    Ok(id)
}

/// Shows an announcement whose time has come, and lets one go whose time is over; else nothing happens.
///
/// # Errors
/// Storage errors.
pub fn turn(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    let Some(mut row) = ANNOUNCEMENTS.get(tx, &id)? else { return Ok(()) };
    let now = tx.now();
    if row.ends_at.is_some_and(|end| end <= now) {
        remove_row(tx, id);
    } else if row.published_at.is_none() && row.starts_at.is_none_or(|start| start <= now) {
        row.published_at = Some(now);
        ANNOUNCEMENTS.put(tx, &id, &row);
        tx.emit(Event::AnnouncementPublished { announcement: id });
    }
    Ok(())
}

/// Takes an announcement back.
///
/// # Errors
/// `NotFound` if there is none.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<()> {
    if !ANNOUNCEMENTS.contains(tx, &id)? {
        return Err(Error::NotFound);
    }
    remove_row(tx, id);
    Ok(())
}

fn remove_row(tx: &mut Tx<'_>, id: RowId) {
    ANNOUNCEMENTS.delete(tx, &id);
    job::enqueue(tx, JobKind::PurgeAnnouncement { announcement: id });
    tx.emit(Event::AnnouncementDeleted { announcement: id });
}

/// Removes some of what hung on an announcement that is gone; whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn purge_step(tx: &mut Tx<'_>, id: RowId) -> Result<bool> {
    Ok(announcement::purge_step(tx, id, limits::ANNOUNCEMENT_PURGED_AT_ONCE)?)
}

/// Removes what an account that is gone left on the first announcement behind `after`; the one to go on behind, if there
/// is one.
///
/// # Errors
/// Storage errors.
pub fn forget_step(tx: &mut Tx<'_>, account: AccountId, after: Option<RowId>) -> Result<Option<RowId>> {
    let bounds = Bounds { above: after.map(|after| after.0), below: None };
    let next = ANNOUNCEMENTS.list(tx, &(), bounds, Direction::Ascending, 1)?;
    let Some((id, _)) = next.first() else { return Ok(None) };
    DISMISSED.delete(tx, &(*id, account));
    for (name, _) in announcement::reactions(tx, *id, limits::ANNOUNCEMENT_REACTIONS_MAX)? {
        announcement::unreact(tx, *id, &name, account)?;
    }
    Ok(Some(*id))
}

/// Has the links of all announcements lead to `now` where they led to `former` (scheme and authority), one each commit;
/// whether there may be more.
///
/// # Errors
/// Storage errors.
pub fn readdress_step(tx: &mut Tx<'_>, former: &str, now: &Origin) -> Result<bool> {
    for (id, mut row) in all(tx)? {
        let content = status::readdressed(&row.content, former, now);
        if content != row.content {
            row.content = content;
            ANNOUNCEMENTS.put(tx, &id, &row);
            return Ok(true);
        }
    }
    Ok(false)
}

/// All announcements, also those whose time has not come, oldest first.
///
/// # Errors
/// Storage errors.
pub fn all(read: &dyn Read) -> Result<Vec<(RowId, Announcement)>> {
    Ok(ANNOUNCEMENTS.list(read, &(), Bounds::NONE, Direction::Ascending, limits::ANNOUNCEMENTS_MAX)?)
}

/// What `viewer` is shown, in the order of the times it is about; `with_dismissed`: also what they have put away.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, announcements#get.
pub fn shown(read: &dyn Read, viewer: AccountId, with_dismissed: bool) -> Result<Vec<(RowId, Announcement)>> {
    let mut rows = Vec::new();
    for (id, row) in all(read)? {
        let wanted = row.published_at.is_some() && (with_dismissed || !DISMISSED.contains(read, &(id, viewer))?);
        if wanted {
            rows.push((id, row));
        }
    }
    rows.sort_by_key(|(_, row)| row.starts_at.or(row.published_at));
    Ok(rows)
}

/// The announcement, if it is shown.
///
/// # Errors
/// `NotFound` if not.
pub fn require(read: &dyn Read, id: RowId) -> Result<Announcement> {
    ANNOUNCEMENTS.get(read, &id)?.filter(|row| row.published_at.is_some()).ok_or(Error::NotFound)
}

/// `account` has read it and puts it away.
///
/// # Errors
/// `NotFound` if it is not shown.
pub fn dismiss(tx: &mut Tx<'_>, account: AccountId, id: RowId) -> Result<()> {
    require(tx, id)?;
    DISMISSED.put(tx, &(id, account), &());
    Ok(())
}

/// `account` reacts with an emoji; a second time nothing happens.
///
/// # Errors
/// `NotFound` if it is not shown; `Invalid` for what is neither an emoji of Unicode nor an enabled one of this server's own,
/// and beyond `limits::ANNOUNCEMENT_REACTIONS_MAX` kinds.
///
/// Source: client API, announcements#put-reactions.
pub fn react(tx: &mut Tx<'_>, account: AccountId, id: RowId, name: &str) -> Result<()> {
    require(tx, id)?;
    let name = match emoji::unicode(name) {
        Some(name) => name,
        None if emoji::own::find(tx, name)?.is_some() => name.to_owned(),
        None => return Err(Error::invalid("name", "name is not a recognized emoji")),
    };
    let name = name.as_str();
    let known = REACTIONS.contains(tx, &(id, name.to_owned()))?;
    if !known && reactions(tx, id)?.len() >= limits::ANNOUNCEMENT_REACTIONS_MAX {
        return Err(Error::invalid("name", "limit of different reactions reached"));
    }
    if announcement::react(tx, id, name, account)? {
        tx.emit(Event::AnnouncementReacted { announcement: id, name: name.to_owned() });
    }
    Ok(())
}

/// Takes a reaction back.
///
/// # Errors
/// `NotFound` if there is none, or the announcement is not shown.
///
/// Source: client API, announcements#delete-reactions.
pub fn unreact(tx: &mut Tx<'_>, account: AccountId, id: RowId, name: &str) -> Result<()> {
    require(tx, id)?;
    // One of this server's own may be disabled by now.
    let own = || emoji::own::is_shortcode(name).then(|| name.to_owned());
    let name = &emoji::unicode(name).or_else(own).ok_or(Error::NotFound)?;
    if !announcement::unreact(tx, id, name, account)? {
        return Err(Error::NotFound);
    }
    tx.emit(Event::AnnouncementReacted { announcement: id, name: name.to_owned() });
    Ok(())
}

/// The reactions to an announcement, in the order in which their kinds came.
///
/// # Errors
/// Storage errors.
pub fn reactions(read: &dyn Read, id: RowId) -> Result<Vec<(String, Reactions)>> {
    Ok(announcement::reactions(read, id, limits::ANNOUNCEMENT_REACTIONS_MAX)?)
}

/// Whether `account` reacted to it with `name`.
///
/// # Errors
/// Storage errors.
pub fn has_reacted(read: &dyn Read, account: AccountId, id: RowId, name: &str) -> Result<bool> {
    Ok(REACTED.contains(read, &(id, name.to_owned(), account))?)
}

/// Whether `account` has put it away.
///
/// # Errors
/// Storage errors.
pub fn is_dismissed(read: &dyn Read, account: AccountId, id: RowId) -> Result<bool> {
    Ok(DISMISSED.contains(read, &(id, account))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn links_lead_to_the_new_name_one_announcement_each_commit() {
        let lab = Lab::new();
        let now = Origin::parse("https://hill.test", None).expect("an origin");
        for content in [
            "<a href=\"http://localhost:3000/tags/rocks\">#rocks</a> <a href=\"http://localhost:3000/@ann\">@ann</a>",
            "<a href=\"http://localhost:30001/x\">http://localhost:3000/x</a>",
            "<a href=\"http://localhost:3000/about\">about</a>",
        ] {
            let composed = Composed { text: "noon".to_owned(), content: content.to_owned(), ..Composed::default() };
            let new = NewAnnouncement { composed, starts_at: None, ends_at: None, all_day: false };
            lab.write(move |tx| create(tx, &new)).expect("announced");
        }
        let step = || {
            let now = now.clone();
            lab.write(move |tx| readdress_step(tx, "http://localhost:3000", &now)).expect("a step")
        };
        assert_eq!([step(), step(), step()], [true, true, false]);
        let rows = lab.read(|read| Ok(all(read)?.into_iter().map(|(_, row)| row.content).collect::<Vec<_>>()));
        assert_eq!(
            rows,
            [
                "<a href=\"https://hill.test/tags/rocks\">#rocks</a> <a href=\"https://hill.test/@ann\">@ann</a>",
                "<a href=\"http://localhost:30001/x\">http://localhost:3000/x</a>",
                "<a href=\"https://hill.test/about\">about</a>",
            ]
        );
    }
}

//! Relays of tags: each has one relay for every hashtag. That one is asked when somebody here begins to follow the hashtag,
//! and left some time after nobody does any more.

use crate::{error::Result, limits};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use storage::{
    AccountId, Bounds, Direction, Read, RowId, Timestamp, Tx,
    intent::Intent,
    job::{self, JobKind},
    limits::{TAG_RELAY_REST_MS, TAG_RELAYS_MAX},
    moderation, peer,
    relay::{self, OfTag, Relay, RelayKind, Taken},
    tag::TAG_FOLLOWS,
    user::USERS,
};

/// Asks a relay, of whatever kind, to pass on to this server; one of tags for what people here follow already.
pub fn ask(tx: &mut Tx<'_>, id: RowId, relay: &Relay) {
    let kind = match relay.kind {
        RelayKind::Mastodon => JobKind::Distribute(Intent::FollowRelay { relay: id }),
        // Where its inbox is, its actor says.
        RelayKind::Litepub => JobKind::AskRelay { relay: id },
        RelayKind::Tags => JobKind::AskForTags { relay: id },
    };
    job::enqueue(tx, kind);
}

/// Leaves a relay, of whatever kind: it is told.
pub fn leave(tx: &mut Tx<'_>, id: RowId, relay: Relay) {
    relay::remove(tx, id, &relay);
    let Relay { url, kind, actor, account, .. } = relay;
    let inbox = (kind == RelayKind::Mastodon).then_some(url);
    // One of LitePub's kind whose actor was never read was never asked either; one of tags is none by itself.
    if inbox.is_some() || account.is_some() {
        let intent = Intent::UnfollowRelay { relay: id, inbox, actor, account };
        job::enqueue(tx, JobKind::Distribute(intent));
    }
}

/// Somebody begins to follow `tag`, as it is compared: relays of tags that were not asked for it yet are.
pub(super) fn follow(tx: &mut Tx<'_>, tag: &str) -> Result<()> {
    relay::followed(tx, tag)?;
    let templates = relay::templates(tx)?;
    if templates.is_empty() {
        return Ok(());
    }
    let mut room = room(tx)?;
    for (id, template) in &templates {
        begin(tx, (*id, template), tag, &mut room)?;
    }
    Ok(())
}

/// For how many more hashtags relays may be asked.
fn room(read: &dyn Read) -> Result<usize> {
    Ok(TAG_RELAYS_MAX.saturating_sub(relay::of_tags(read)?.len()))
}

/// Whether a relay of tags was asked for `tag`.
fn is_asked(read: &dyn Read, template: RowId, tag: &str) -> Result<bool> {
    let known = relay::for_tag(read, tag)?;
    Ok(known.iter().any(|(_, relay)| relay.of_tag.is_some_and(|of| of.template == template)))
}

/// Asks a relay of tags for `tag`, unless it was asked, there is no room, or nothing may go there.
fn begin(tx: &mut Tx<'_>, (template, row): (RowId, &Relay), tag: &str, room: &mut usize) -> Result<()> {
    if *room == 0 || is_asked(tx, template, tag)? {
        return Ok(());
    }
    let url = row.url.replace(relay::TAG, &utf8_percent_encode(tag, NON_ALPHANUMERIC).to_string());
    let Some(host) = peer::authority_of(&url).filter(|_| url.len() <= limits::URI_BYTES_MAX) else { return Ok(()) };
    if moderation::is_suspended(tx, &host)? {
        return Ok(());
    }
    let (id, now): (RowId, _) = (tx.next_id(), tx.now());
    // A hashtag that is called as inboxes are makes none of it.
    let kind = if row.url.ends_with("/inbox") { RelayKind::Mastodon } else { RelayKind::Litepub };
    let fresh = Relay {
        tags: vec![tag.to_owned()],
        languages: row.languages.clone(),
        of_tag: Some(OfTag { template, followed_at: now, unfollowed_at: None, today: Taken::default() }),
        ..Relay::new(url, kind, row.per_hour, now)
    };
    relay::put(tx, id, &fresh)?;
    ask(tx, id, &fresh);
    *room -= 1;
    Ok(())
}

/// Hashtags for which a relay of tags is still to be asked, each with somebody who follows it.
pub type Wanted = Vec<(AccountId, String)>;

/// Those that the next `limits::TAG_USERS_AT_ONCE` users behind `behind` follow; and behind whom to look on, if there may
/// be more.
///
/// # Errors
/// Storage errors.
pub fn wanted(read: &dyn Read, template: RowId, behind: AccountId) -> Result<(Wanted, Option<AccountId>)> {
    let (users, next) = users(read, behind)?;
    let mut followed = BTreeMap::new();
    for account in users {
        for tag in super::followed(read, account)? {
            followed.entry(tag).or_insert(account);
        }
    }
    let mut found = Vec::new();
    for (tag, account) in followed {
        if found.len() < TAG_RELAYS_MAX && !is_asked(read, template, &tag)? {
            found.push((account, tag));
        }
    }
    Ok((found, next))
}

/// The next users behind `behind`, and behind whom to go on.
fn users(read: &dyn Read, behind: AccountId) -> Result<(Vec<AccountId>, Option<AccountId>)> {
    let (most, bounds) = (limits::TAG_USERS_AT_ONCE, Bounds { above: Some(behind.0), below: None });
    let rows = USERS.list(read, &(), bounds, Direction::Ascending, most)?;
    let users: Vec<AccountId> = rows.into_iter().map(|(account, _)| account).collect();
    let next = users.last().copied().filter(|_| users.len() == most);
    Ok((users, next))
}

/// Asks a relay of tags for hashtags that are still followed; answers whether there may be room for more.
///
/// # Errors
/// Storage errors.
pub fn ask_for(tx: &mut Tx<'_>, template: RowId, wanted: &[(AccountId, String)]) -> Result<bool> {
    let found = relay::find(tx, template)?.filter(|row| row.kind == RelayKind::Tags && row.is_on());
    let Some(row) = found else { return Ok(false) };
    let mut room = room(tx)?;
    for (account, tag) in wanted {
        if TAG_FOLLOWS.contains(tx, &(*account, tag.clone()))? {
            begin(tx, (template, &row), tag, &mut room)?;
        }
    }
    Ok(room > 0)
}

/// The hashtag of a relay, if somebody ceased to follow it and nobody has looked since whether others do; and its state.
///
/// # Errors
/// Storage errors.
pub fn to_look_at(read: &dyn Read, id: RowId) -> Result<Option<(String, OfTag)>> {
    let Some(row) = relay::find(read, id)? else { return Ok(None) };
    let seen = row.of_tag.filter(|of| of.unfollowed_at.is_some());
    Ok(row.tags.into_iter().next().zip(seen))
}

/// Whether anybody follows a hashtag, as far as was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Somebody does.
    Followed,
    /// None of all users does.
    Nobody,
    /// None so far; behind whom to look on.
    Further(AccountId),
}

/// Looks among the next `limits::TAG_USERS_AT_ONCE` users behind `behind` for somebody who follows `tag`.
///
/// # Errors
/// Storage errors.
pub fn look(read: &dyn Read, tag: &str, behind: AccountId) -> Result<Look> {
    let (users, next) = users(read, behind)?;
    for account in users {
        if TAG_FOLLOWS.contains(read, &(account, tag.to_owned()))? {
            return Ok(Look::Followed);
        }
    }
    Ok(next.map_or(Look::Nobody, Look::Further))
}

/// The hashtag of the relay `id` was looked at, `seen` before, with this outcome: nobody follows it, and the relay is left;
/// or somebody does. Answers when to look again, because somebody ceased to follow it meanwhile: any change that was not
/// seen came after the look, or beside it.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, id: RowId, seen: &OfTag, found: Look) -> Result<Option<Timestamp>> {
    let Some(row) = relay::find(tx, id)? else { return Ok(None) };
    let Some(of) = row.of_tag else { return Ok(None) };
    if of.unfollowed_at.is_some() && of.unfollowed_at != seen.unfollowed_at {
        return Ok(Some(tx.now().plus_ms(TAG_RELAY_REST_MS)));
    }
    if found != Look::Nobody || of.followed_at != seen.followed_at {
        let of_tag = Some(OfTag { unfollowed_at: None, ..of });
        relay::put(tx, id, &Relay { of_tag, ..row })?;
        return Ok(None);
    }
    let was_full = room(tx)? == 0;
    leave(tx, id, row);
    if was_full {
        make_use_of_room(tx)?;
    }
    Ok(None)
}

/// Relays of tags are asked for what was followed while there was no room.
///
/// # Errors
/// Storage errors.
pub fn make_use_of_room(tx: &mut Tx<'_>) -> Result<()> {
    for (id, template) in relay::templates(tx)? {
        ask(tx, id, &template);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account::lab::Lab, tag};
    use storage::relay::RelayState;

    /// A relay of tags.
    fn template(lab: &Lab) -> RowId {
        let rule = |tx: &mut Tx<'_>| {
            let (id, added_at): (RowId, _) = (tx.next_id(), tx.now());
            let url = "https://tags.test/tag/{tag}".to_owned();
            let row = Relay { state: RelayState::Accepted, ..Relay::new(url, RelayKind::Tags, 10, added_at) };
            relay::put(tx, id, &row)?;
            Ok(id)
        };
        lab.write(rule).expect("stored")
    }

    fn follows(lab: &Lab, who: AccountId, name: &str) {
        let name = name.to_owned();
        lab.write(move |tx| tag::follow(tx, who, &name)).expect("followed");
    }

    fn unfollows(lab: &Lab, who: AccountId, name: &str) {
        let name = name.to_owned();
        lab.write(move |tx| tag::unfollow(tx, who, &name)).expect("unfollowed");
    }

    /// The hashtags that relays were asked for.
    fn asked(lab: &Lab) -> Vec<String> {
        let rows = lab.read(|read| Ok(relay::of_tags(read)?));
        rows.into_iter().flat_map(|(_, row)| row.tags).collect()
    }

    fn looks(lab: &Lab) -> usize {
        lab.jobs().iter().filter(|kind| matches!(kind, JobKind::LookAtTag { .. })).count()
    }

    fn relay_for(lab: &Lab, tag: &str) -> RowId {
        let found = lab.read(|read| Ok(relay::for_tag(read, tag)?));
        found.first().expect("one was asked").0
    }

    fn now(lab: &Lab) -> Timestamp {
        lab.write(|tx| Ok(tx.now())).expect("the time")
    }

    #[test]
    fn hashtags_wait_where_there_is_no_room_until_a_relay_is_left() {
        let lab = Lab::new();
        let (ann, id) = (lab.local("ann"), template(&lab));
        for number in 0..TAG_RELAYS_MAX + 2 {
            follows(&lab, ann, &format!("t{number}"));
        }
        assert_eq!(asked(&lab).len(), TAG_RELAYS_MAX);
        let waiting = || lab.read(|read| Ok(wanted(read, id, AccountId(0))?.0));
        let use_room = |wanted: Wanted| lab.write(move |tx| ask_for(tx, id, &wanted)).expect("asked");
        assert_eq!(waiting().len(), 2);
        assert!(!use_room(waiting()), "there is none");
        unfollows(&lab, ann, "t0");
        lab.advance(TAG_RELAY_REST_MS);
        let left = relay_for(&lab, "t0");
        let (_, seen) = lab.read(|read| to_look_at(read, left)).expect("nobody looked since");
        let found = lab.read(|read| look(read, "t0", AccountId(0)));
        assert_eq!(found, Look::Nobody);
        assert_eq!(lab.write(move |tx| settle(tx, left, &seen, found)).expect("settled"), None);
        assert_eq!(asked(&lab).len(), TAG_RELAYS_MAX - 1);
        assert!(lab.jobs().iter().any(|kind| matches!(kind, JobKind::AskForTags { relay } if *relay == id)));
        assert!(!use_room(waiting()), "it is full again");
        let asked = asked(&lab);
        assert!(asked.len() == TAG_RELAYS_MAX && !asked.contains(&"t0".to_owned()), "{asked:?}");
        assert_eq!(waiting().len(), 1);
        assert_eq!(lab.read(|read| look(read, "t1", AccountId(0))), Look::Followed);
    }

    #[test]
    fn whoever_comes_or_goes_while_it_is_looked_counts() {
        let lab = Lab::new();
        let (ann, bob) = (lab.local("ann"), lab.local("bob"));
        template(&lab);
        for _ in 0..3 {
            follows(&lab, ann, "tea");
            unfollows(&lab, ann, "tea");
        }
        assert_eq!((asked(&lab), looks(&lab)), (vec!["tea".to_owned()], 1));
        let id = relay_for(&lab, "tea");
        let settled = |seen| lab.write(move |tx| settle(tx, id, &seen, Look::Nobody)).expect("settled");
        let seen = || lab.read(|read| to_look_at(read, id)).map(|(_, seen)| seen);
        lab.advance(TAG_RELAY_REST_MS);
        // Somebody begins to follow it behind the back of whoever looks.
        let before = seen().expect("nobody looked since");
        follows(&lab, bob, "tea");
        assert_eq!((settled(before), asked(&lab).len()), (None, 1));
        assert_eq!(seen(), None);
        // And somebody ceases to.
        unfollows(&lab, bob, "tea");
        assert_eq!((looks(&lab), seen().is_some()), (2, true));
        lab.advance(TAG_RELAY_REST_MS);
        let (before, began) = (seen().expect("nobody looked since"), now(&lab));
        follows(&lab, ann, "tea");
        unfollows(&lab, ann, "tea");
        assert_eq!((settled(before), looks(&lab)), (Some(began.plus_ms(TAG_RELAY_REST_MS)), 2));
        lab.advance(TAG_RELAY_REST_MS);
        let before = seen().expect("somebody left it since");
        assert_eq!((settled(before), asked(&lab)), (None, Vec::new()));
    }
}

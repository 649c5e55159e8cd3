//! How far an account here has come with its move: who of the followers' servers has heard of it, and who of its followers
//! here has gone with it. Read from what deliveries and jobs keep anyway, so it outlives a restart.

use super::why::{Deliveries, deliveries, why_not};
use crate::{
    clock,
    error::{Error, Result},
    limits,
    origin::Origin,
    server::Server,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};
use storage::{
    AccountId, ActivityId, Bounds, Digest, Direction, Read, account,
    audience::EXPANSIONS,
    delivery::{self, ACTIVITIES, ACTIVITIES_OF_OBJECT, ACTIVITY_INBOXES, OWED, PROGRESS},
    job::{JOBS, JobKind},
    peer::{self, INBOXES},
    relationship::FOLLOWER_ROWS,
    undelivered,
};

/// How far a move has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveProgress {
    /// The old account's handle.
    pub handle: String,
    /// The id of the new account; none if the move was taken back.
    pub moved_to: Option<String>,
    /// When.
    pub moved_at: Option<String>,
    /// Whether followers of the old account here still wait to follow the new one; `None` if so many jobs wait that it is not
    /// known.
    pub followers_going: Option<bool>,
    /// Followers of the old account that are left, here and elsewhere; at most `limits::COUNTED_MAX` counted.
    pub followers_left: usize,
    /// How many inboxes the Move goes to, and how many have it; none before it was made.
    pub told: Option<Deliveries>,
    /// More inboxes are still being found.
    pub expanding: bool,
    /// Each server, by its name, and how it stands; at most `limits::MOVE_PEERS`.
    pub peers: BTreeMap<String, PeerTold>,
}

/// How a server stands to a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerTold {
    /// It has the Move.
    Has,
    /// It refused it for good, or was given up; of many such some count as having it.
    Refused {
        /// Why, in words.
        why: String,
        /// When.
        at: String,
    },
    /// It was not tried yet.
    Waits,
    /// It failed and is tried again.
    Owed {
        /// What went wrong last.
        error: String,
        /// When it is tried again.
        next_try: Option<String>,
    },
}

/// How far the move of the local account `id` has come.
///
/// # Errors
/// `Invalid` if it has never moved; storage errors.
pub fn move_progress(read: &dyn Read, origin: &Origin, id: AccountId) -> Result<MoveProgress> {
    let account = account::find(read, id)?.ok_or(Error::NotFound)?;
    let Some(at) = account.moved_at else {
        return Err(Error::invalid("name", format!("{} has not moved", account.acct())));
    };
    let uri = origin.url(&account.uri);
    let wanted = format!("{uri}#moves/{}", at.0);
    let told = deliveries(read, &uri)?.into_iter().find(|delivery| delivery.activity == wanted);
    let mut progress = MoveProgress {
        handle: account.acct(),
        moved_to: account.moved_to,
        moved_at: Some(clock::iso(at)),
        followers_going: is_going(read, id, limits::COUNTED_MAX)?,
        followers_left: FOLLOWER_ROWS.list(read, &id, Bounds::NONE, Direction::Ascending, limits::COUNTED_MAX)?.len(),
        told,
        expanding: false,
        peers: BTreeMap::new(),
    };
    let most = limits::EXPLAIN_ACTIVITIES;
    for ((_, activity), ()) in
        ACTIVITIES_OF_OBJECT.list(read, &Digest::of(&uri), Bounds::NONE, Direction::Ascending, most)?
    {
        if ACTIVITIES.get(read, &activity)?.is_some_and(|row| row.uri == wanted) {
            progress.expanding = EXPANSIONS.contains(read, &activity)?;
            progress.peers = peers(read, activity)?;
        }
    }
    Ok(progress)
}

/// Whether the job still runs that lets followers here follow the new account; `None` if it is not among the first `most` and
/// there are more.
fn is_going(read: &dyn Read, id: AccountId, most: usize) -> Result<Option<bool>> {
    let rows = JOBS.list(read, &(), Bounds::NONE, Direction::Ascending, most)?;
    let found = rows.iter().any(|(_, job)| matches!(job.kind, JobKind::MoveFollowers { from, .. } if from == id));
    Ok((found || rows.len() < most).then_some(found))
}

/// The servers an activity goes to.
fn peers(read: &dyn Read, id: ActivityId) -> Result<BTreeMap<String, PeerTold>> {
    let done = PROGRESS.get(read, &id)?;
    let (mut found, mut place, lost) = (BTreeMap::new(), 0, undelivered::of(read, id)?);
    for (_, list) in ACTIVITY_INBOXES.list(read, &id, Bounds::NONE, Direction::Ascending, limits::EXPLAIN_LISTS)? {
        for inbox in &list.0 {
            let handled = done.as_ref().is_none_or(|done| delivery::bit(&done.0, place));
            place += 1;
            let Some(row) = INBOXES.get(read, inbox)? else { continue };
            let told = match handled {
                false => PeerTold::Waits,
                true if OWED.contains(read, &(row.domain.clone(), id, *inbox))? => {
                    let peer = peer::find(read, &row.domain)?;
                    PeerTold::Owed {
                        error: peer.as_ref().map(|peer| peer.last_error.clone()).unwrap_or_default(),
                        next_try: peer.and_then(|peer| peer.next_attempt_at).map(clock::iso),
                    }
                }
                true => match lost.told.iter().find(|one| one.inbox == *inbox) {
                    Some(one) => PeerTold::Refused { why: why_not(one.reason), at: clock::iso(one.at) },
                    None => PeerTold::Has,
                },
            };
            // Of several inboxes of one server the one that is furthest behind counts.
            match found.get_mut(&row.domain) {
                Some(PeerTold::Has) | None => {
                    found.insert(row.domain, told);
                }
                Some(known @ PeerTold::Refused { .. }) if matches!(told, PeerTold::Waits | PeerTold::Owed { .. }) => {
                    *known = told;
                }
                Some(_) => {}
            }
            if found.len() >= limits::MOVE_PEERS {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// The same in the running server.
///
/// # Errors
/// As `move_progress`.
pub async fn move_progress_of_server(server: &Server, id: AccountId) -> Result<MoveProgress> {
    let origin = server.origin().clone();
    server.read(move |view| move_progress(view, &origin, id)).await
}

impl fmt::Display for MoveProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.moved_at.as_deref().unwrap_or_default();
        match &self.moved_to {
            Some(to) => writeln!(f, "@{} moved to {to} at {at}", self.handle)?,
            None => writeln!(f, "@{} moved at {at} and came back", self.handle)?,
        }
        let here = match self.followers_going {
            Some(true) => "followers here are still going",
            Some(false) => "followers here have gone",
            None => "whether followers here have gone is not known, so many jobs wait",
        };
        writeln!(f, "  {here}; {} followers are left, those elsewhere included", self.followers_left)?;
        let Some(told) = &self.told else {
            return writeln!(f, "  the Move is not made yet, or goes to nobody");
        };
        let more = if self.expanding { "; more are being found" } else { "" };
        writeln!(f, "  told to {}{more}", told.in_short())?;
        for (domain, told) in &self.peers {
            match told {
                PeerTold::Has => writeln!(f, "    {domain}: has it")?,
                PeerTold::Refused { why, at } => writeln!(f, "    {domain}: will not get it, given up at {at}: {why}")?,
                PeerTold::Waits => writeln!(f, "    {domain}: is to be tried")?,
                PeerTold::Owed { error, next_try } => {
                    let next = next_try.as_deref().unwrap_or("soon");
                    writeln!(f, "    {domain}: is owed it, again at {next}: {error}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn behind_more_jobs_than_are_looked_at_nobody_is_said_to_have_gone() {
        let lab = Lab::new();
        let (ann, bob, cleo) = (lab.local("ann"), lab.local("bob"), lab.local("cleo"));
        let before = lab.jobs().len();
        let moves = move |tx: &mut storage::Tx<'_>| {
            for from in [bob, bob, ann] {
                storage::job::enqueue(tx, JobKind::MoveFollowers { from, to: cleo });
            }
            Ok(())
        };
        lab.write(moves).expect("stored");
        let going = |id, most| lab.read(|read| is_going(read, id, before + most));
        assert_eq!((going(ann, 2), going(ann, 3)), (None, Some(true)));
        assert_eq!((going(cleo, 3), going(cleo, 4)), (None, Some(false)));

        let progress = MoveProgress {
            handle: "ann".to_owned(),
            moved_to: None,
            moved_at: None,
            followers_going: None,
            followers_left: 2,
            told: None,
            expanding: false,
            peers: BTreeMap::new(),
        };
        let said = progress.to_string();
        assert!(said.contains("whether followers here have gone is not known"), "{said}");
    }
}

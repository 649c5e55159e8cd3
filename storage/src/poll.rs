//! Polls beside their statuses: how they stand, and who voted.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Flaw, Mend, Named, Phase, Pointer, Reference},
    error::Result,
    id::{AccountId, StatusId, Timestamp},
    limits,
    record::Record,
    status::{self, STATUSES, Status},
    store::Tx,
    table::{Bounds, Direction, Read, Table, TableId},
};
use serde::{Deserialize, Serialize};

/// What is known of a poll that its status does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollState {
    /// Grows when the options change: ballots of before count no more.
    pub generation: u32,
    /// Counts are shown only once it has ended.
    pub hide_totals: bool,
    /// A job will tell peers of new votes.
    pub telling: bool,
    /// When a remote poll was last read anew.
    pub fetched_at: Option<Timestamp>,
}
crate::record!(PollState, 1);

/// What somebody chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// The poll's generation it was cast in.
    pub generation: u32,
    /// Positions of options, each once.
    pub choices: Vec<u32>,
    /// When.
    pub created_at: Timestamp,
}
crate::record!(Ballot, 1);

/// How polls stand.
pub const POLLS: Table<StatusId, PollState> = Table::new(184, "poll");
/// (poll, voter) → ballot.
pub const BALLOTS: Table<(StatusId, AccountId), Ballot> = Table::new(185, "ballot");

/// How the poll of `status` stands.
///
/// # Errors
/// Storage errors.
pub fn state(read: &dyn Read, status: StatusId) -> Result<PollState> {
    Ok(POLLS.get(read, &status)?.unwrap_or_default())
}

/// Changes how a poll stands.
///
/// # Errors
/// Storage errors.
pub fn change(tx: &mut Tx<'_>, status: StatusId, change: impl FnOnce(&mut PollState)) -> Result<()> {
    let mut state = state(tx, status)?;
    change(&mut state);
    POLLS.put(tx, &status, &state);
    Ok(())
}

/// What `voter` chose, if the options have not changed since.
///
/// # Errors
/// Storage errors.
pub fn ballot(read: &dyn Read, status: StatusId, voter: AccountId) -> Result<Option<Ballot>> {
    let Some(ballot) = BALLOTS.get(read, &(status, voter))? else { return Ok(None) };
    Ok((ballot.generation == state(read, status)?.generation).then_some(ballot))
}

/// What ballots come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// For each option.
    pub votes: Vec<u64>,
    /// Who cast one since the options changed last.
    pub voters: u64,
    /// Rows, also of before.
    pub ballots: usize,
}

/// Counts the ballots of `status` in a poll of `options` options. `None` if there are more than `most`.
///
/// # Errors
/// Storage errors.
pub fn tally(read: &dyn Read, status: StatusId, options: usize, most: usize) -> Result<Option<Tally>> {
    let ballots = BALLOTS.list(read, &status, Bounds::NONE, Direction::Ascending, most + 1)?;
    if ballots.len() > most {
        return Ok(None);
    }
    let generation = state(read, status)?.generation;
    let (mut votes, mut voters) = (vec![0_u64; options], 0);
    for (_, ballot) in ballots.iter().filter(|(_, ballot)| ballot.generation == generation) {
        voters += 1;
        for choice in &ballot.choices {
            if let Some(option) = votes.get_mut(*choice as usize) {
                *option += 1;
            }
        }
    }
    Ok(Some(Tally { votes, voters, ballots: ballots.len() }))
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Reference { of: &POLLS, to: |status, _| vec![Pointer::to(&STATUSES, status)], unless: status::is_purged },
    &Reference {
        of: &BALLOTS,
        to: |(status, voter), _| vec![Pointer::to(&STATUSES, status), Pointer::to(&ACCOUNTS, voter)],
        unless: status::is_purged,
    },
    &Votes,
];

/// The counts of a poll made here are those of its ballots; a poll from elsewhere says what its server counts.
struct Votes;

impl Described for Votes {
    fn table(&self) -> Named {
        Named::of(&STATUSES)
    }

    fn walks(&self) -> Vec<Named> {
        vec![self.table()]
    }

    fn phase(&self) -> Phase {
        Phase::Counters
    }

    fn look(&self, read: &dyn Read, _at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let Ok(mut status) = Status::decode(row.1) else { return Ok(()) };
        let Some(poll) = status.poll.as_mut().filter(|_| status.local) else { return Ok(()) };
        let counted = tally(read, status.id, poll.options.len(), limits::CHECK_REFERRERS)?;
        let Some(Tally { votes, voters, ballots }) = counted else { return Ok(()) };
        let stored: Vec<u64> = poll.options.iter().map(|option| option.votes).collect();
        if stored == votes && poll.voters.is_none_or(|stored| stored == voters) {
            return Ok(());
        }
        let what = format!("its poll says {stored:?} of {:?} voters; there are {votes:?} of {voters}", poll.voters);
        for (option, counted) in poll.options.iter_mut().zip(votes) {
            option.votes = counted;
        }
        poll.voters = poll.voters.map(|_| voters);
        let few = ballots <= limits::CHECK_RULE_ROWS;
        let mend = if few { Mend::Put(status.encode()) } else { Mend::Nothing };
        found.push(Flaw { table: STATUSES.name, key: row.0.to_vec(), what, mend });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let state = PollState { generation: 1, hide_totals: true, telling: false, fetched_at: Some(Timestamp(1)) };
        assert_eq!(state.encode(), [1, 1, 1, 0, 1, 2]);
        assert_eq!(PollState::decode(&state.encode()).expect("readable"), state);
        let ballot = Ballot { generation: 0, choices: vec![0, 3], created_at: Timestamp(2) };
        assert_eq!(ballot.encode(), [1, 0, 2, 0, 3, 4]);
    }
}

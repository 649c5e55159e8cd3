//! Polls beside their statuses: how they stand, and who voted.

use crate::{
    error::Result,
    id::{AccountId, StatusId, Timestamp},
    record,
    store::Tx,
    table::{Read, Table},
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
record!(PollState, 1);

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
record!(Ballot, 1);

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

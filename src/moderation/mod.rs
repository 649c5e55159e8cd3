//! Lives here: what those who look after the server decide: standings of accounts, blocks of domains, reports, who may
//! do what, emoji of this server's own, and the audit log.
//! May use: status, relationship, notification, account, media, the lowest rooms, `storage`. Must never name: HTTP, edges.
//! Must never name: the network; what peers must hear of is an intent.
//! Invariants: a decision holds for every read from its commit on, its rows follow by a job; nobody acts on their equals
//! or betters; every decision leaves a row in the audit log, in the same commit.

pub mod account;
pub mod allow;
mod audit;
pub mod block_list;
pub mod domain;
pub mod emoji;
mod leaving;
pub mod measure;
pub mod newcomer;
mod power;
pub mod relay;
pub mod report;
pub mod sign_up_block;
pub mod strike;

pub use audit::deeds;
pub use leaving::leave;
pub use power::{Power, permissions, require};

use crate::error::{Error, Result};

/// What was looked at of a list whose rows are numbered, newest first, with its newest and oldest number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is shown.
    pub rows: Vec<T>,
    /// The newest and the oldest number looked at.
    pub examined: Option<(u64, u64)>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Page { rows: Vec::new(), examined: None }
    }
}

impl<T> Page<T> {
    fn pass(&mut self, number: u64) {
        let ends = self.examined.map_or((number, number), |(newest, oldest)| (newest.max(number), oldest.min(number)));
        self.examined = Some(ends);
    }
}

/// Refuses a text beyond `most` characters.
fn within(field: &'static str, text: &str, most: usize) -> Result<()> {
    let characters = text.chars().count();
    if characters > most {
        return Err(Error::invalid(field, format!("{field} has {characters} characters; at most {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! Lives here: how something came here and what became of it, and what stands between this server and another one.
//! May use: `storage`, the rooms' rules, the server's origin, how documents are read. Must never name: the network.
//! Must never name: `api`, `pages`, `cli`.
//! Invariants: nothing is fetched and nothing written; a view reads a bounded number of rows.

mod domain;
mod moving;
mod names;
mod page;
mod why;

pub use domain::{DeadLetter, DomainExplained, DroppedHere, RefusedThere, domain_of_server, domain_of_store};
pub use moving::{MoveProgress, PeerTold, move_progress, move_progress_of_server};
pub use why::{AccountExplained, Deliveries, Explained, Refusal, StatusExplained, why_of_server, why_of_store};

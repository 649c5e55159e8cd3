//! Lives here: backups: what leaves the data directory, how it is written elsewhere and how it becomes a store again.
//! May use: `base`, `log`, `vfs`, `blob`, the store and its views of its own files; of `media`, which files rows refer to; of
//! `search`, where its index is.
//! Must never name: the network (a target elsewhere is handed in), an engine's library, any other table's meaning.
//! Invariants: an object is whole or absent; a point comes last and names only what is durable; nothing is believed whose
//! checksum does not hold; a restore never writes to a target.

mod amiss;
mod base;
pub mod deed;
mod directory;
mod fence;
mod fetch;
mod files;
mod follow;
mod hole;
mod lease;
mod object;
mod piece;
mod point;
mod read_through;
mod repository;
mod restore;
mod retention;
mod run;
mod seal;
mod sent;
mod shipping;
pub mod target;
mod verify;

pub use amiss::Amiss;
pub use directory::Directory;
pub use fence::{Fence, Machine, Steady};
pub use files::Beside;
pub use follow::{Follower, Step};
pub use lease::{Candidacy, Claim, Claims, Lease, Tenure};
pub use piece::{PieceRecord, Shipped};
pub use point::{BaseRef, Entry, Line, PieceName, Point, PointName, Summary};
pub use read_through::{Lost, ReadSoFar, ReadThrough, read_through, read_through_beside};
pub use repository::{Repository, covered};
pub use restore::{
    Moment, Restore, Restored, is_taken, is_unfinished, newest_restorable, refuse_unfinished, store_bytes,
};
pub use retention::Keep;
pub use run::{Backup, Begin, Made};
pub use seal::Secret;
pub use shipping::{Begun, Shipper};
pub use verify::{Verified, verify};

use crate::error::{Error, Result};

/// How far long work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, in words.
    pub what: &'static str,
    /// Done of it: bytes, transactions or files.
    pub done: u64,
    /// All of it; 0 if that is not known.
    pub total: u64,
}

/// Hears of progress, between two objects at least; may wait to make the work slower. `false` ends the work with
/// `Unavailable`.
pub type Tell<'t> = &'t dyn Fn(Progress) -> bool;

fn told(tell: Tell<'_>, what: &'static str, done: u64, total: u64) -> Result<()> {
    if tell(Progress { what, done, total }) { Ok(()) } else { Err(Error::Unavailable) }
}

//! Lives here: the one budget of bytes: what counts against it, how full it is, what has to step aside for that.
//! May use: the store's figures, `Server` for measuring, `clock`, `limits`, the words for amounts of `operate::disk`; of
//! `backup` the directory in which one is seen restored, and whether they lie on this disk.
//! Must never name: routes, edges beside its own, what goes to make room (that is the room `retention`).
//! Invariants: judging is a pure function of figures; asking never waits for the disk; measuring goes in small steps.

mod budget;
mod copies;
mod judge;
mod measure;
mod report;
mod watch;

pub(crate) use budget::settle;
pub use copies::CopiesWalk;
pub use judge::{Judge, RoomState};
pub use measure::start;
pub use report::Room;
pub use watch::{Usage, Watch};

#[cfg(test)]
mod tests;

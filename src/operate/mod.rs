//! Lives here: how the server is: probes and the state that `dassie state` prints.
//! May use: `Server`, the store, rooms, `http` for the probes, `federation` for the state of its peers.
//! Must never name: `api`, `oauth`, `pages`, `cli`.
//! Invariants: one model of health; probes and the command line say the same.

pub mod disk;
pub mod doctor;
pub mod explain;
pub mod naming;
mod probe;
pub mod queue;
pub mod reread;
pub mod room;
mod state;
mod watch;
pub mod ways;

pub use probe::routes;
pub use state::{State, Verdict, state};
pub use watch::start;

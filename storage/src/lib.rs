//! Dassie's store: a write-ahead log that is the truth, and engines that are views of it (DESIGN §3).
//!
//! Lives here: the log, the engines, the tables and their records.
//! May use: the disk. Must never name: async runtimes, sockets, HTTP, ActivityPub.
//! Invariants: an answer means durable; every later read sees it; keys sort as their values.

pub mod account;
pub mod audience;
pub mod backup;
pub mod base;
pub mod blob;
pub mod cache;
pub mod catalogue;
pub mod check;
mod checksum;
pub mod conversation;
pub mod delivery;
pub mod domain_block;
pub mod endorsement;
pub mod engine;
pub mod error;
pub mod event;
pub mod filter;
pub mod id;
pub mod inbound;
pub mod instance;
pub mod intent;
pub mod job;
pub mod key;
pub mod latency;
pub mod limits;
pub mod list;
pub mod log;
pub mod marker;
pub mod media;
pub mod migrate;
pub mod moderation;
pub mod mute;
pub mod notification;
pub mod oauth;
pub mod octets;
pub mod peer;
pub mod poll;
pub mod push;
pub mod quote;
pub mod record;
pub mod relationship;
pub mod retention;
pub mod search;
pub mod stats;
pub mod status;
pub mod store;
pub mod table;
pub mod tag;
pub mod usage;
pub mod user;
pub mod vfs;

pub use blob::{BlobHash, Files};
pub use cache::Cache;
pub use check::Finding;
pub use engine::EngineKind;
pub use error::{Error, Result};
pub use event::Event;
pub use id::*;
pub use key::{Digest, Key, SecretHash};
pub use store::{Environment, Options, Sizes, State, Store, Tx, View};
pub use table::{Bounds, Direction, Read, Table};

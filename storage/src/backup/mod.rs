//! Lives here: backups: what leaves the data directory, how it is written elsewhere and how it becomes a store again.
//! May use: `base`, `log`, `vfs`, the store's views of its own files.
//! Must never name: the network (a target elsewhere is handed in), an engine's library, tables' meaning.
//! Invariants: an object is whole or absent; nothing is believed that was not read back; a restore never writes to a target.

pub mod target;

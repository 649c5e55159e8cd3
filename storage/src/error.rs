//! What can go wrong in the store (DESIGN §11). A missing row is an `Option`, never an error.

use crate::id::{Lsn, Timestamp};
use std::{fmt, io, time::Duration};

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the store. Each kind exists because somebody answers it differently.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The disk refused an operation; `what` names the file and the operation.
    Io {
        /// The file and the operation, as "sync log/0000000001.seg".
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// Bytes on disk are not what was written there.
    Corrupt {
        /// Table, file or segment.
        table: String,
        /// Key in hexadecimal, or a byte offset.
        key: String,
        /// What was expected and what was found.
        why: String,
    },
    /// Data written by a newer Dassie.
    Format {
        /// The version found.
        found: u32,
        /// The highest version this program reads.
        known: u32,
    },
    /// Another process holds the data directory.
    Locked,
    /// Too little free space to accept anything but deletes.
    Full,
    /// The store accepts no writes until it is restarted; the text says why.
    ReadOnly(String),
    /// Too much is queued; try again later.
    Overloaded {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// A transaction broke a bound of the store (key, value, operations, bytes).
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// Its size.
        size: usize,
        /// The bound.
        limit: usize,
    },
    /// A closure given to the store panicked: a defect of the caller.
    Panic(String),
    /// The engine is being reopened; reads work again in a moment.
    Unavailable,
    /// What was asked for cannot be done with what is there (a key that does not fit, a backup of another store); the
    /// text is for people.
    Refused(String),
    /// A backup lacks log: what there was at the moment asked for cannot be known from it. Other moments can be restored.
    Hole {
        /// Where the backup is, in words for people.
        place: String,
        /// The first transaction that is missing.
        first: Lsn,
        /// The last one that is known to be missing.
        last: Lsn,
        /// The last moment before them that can be asked for; `None` if there is none.
        before: Option<Timestamp>,
        /// The first moment behind them that can be asked for; `None` if no base snapshot there leads to one.
        after: Option<Timestamp>,
    },
}

impl Error {
    /// An `Io` error with the file and operation it belongs to.
    pub fn io(what: impl Into<String>, source: io::Error) -> Self {
        Error::Io { what: what.into(), source }
    }

    /// A `Corrupt` error.
    pub fn corrupt(table: impl Into<String>, key: impl Into<String>, why: impl Into<String>) -> Self {
        Error::Corrupt { table: table.into(), key: key.into(), why: why.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { what, source } => write!(f, "{what}: {source}"),
            Error::Corrupt { table, key, why } => write!(f, "{table} at {key} is corrupt: {why}"),
            Error::Format { found, known } => {
                write!(f, "written in format {found}; this program reads up to {known}")
            }
            Error::Locked => f.write_str("another process holds the data directory"),
            Error::Full => f.write_str("the disk is nearly full; only deletes are accepted"),
            Error::ReadOnly(why) => write!(f, "the store is read-only: {why}"),
            Error::Overloaded { retry_after } => {
                write!(f, "the store is overloaded; try again in {} ms", retry_after.as_millis())
            }
            Error::TooLarge { what, size, limit } => write!(f, "{what} has {size}; at most {limit}"),
            Error::Panic(why) => write!(f, "a rule panicked: {why}"),
            Error::Unavailable => f.write_str("the engine is being reopened"),
            Error::Refused(why) => f.write_str(why),
            Error::Hole { place, first, last, .. } => write!(
                f,
                "transactions {first} to {last} are missing from the log in {place}, so that what there was at the \
                 moment asked for is not known"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

//! The kinds of failure that decide an answer (DESIGN §11). `http/answer.rs` turns them into JSON, a page or a plain
//! status, in one place; inner text goes to the log, never to the wire.

use crate::limits;
use std::{fmt, time::Duration};
use storage::Timestamp;

/// The result of everything in this program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure, by how it is answered.
#[derive(Debug)]
pub enum Error {
    /// 404: unknown, or not to be seen by this viewer.
    NotFound,
    /// 410: was public once and is gone.
    Gone,
    /// 422 (400 on OAuth and inbox routes): a field is not acceptable.
    Invalid {
        /// The field, in the words of its API.
        field: &'static str,
        /// The thing, its value and the bound; people read it.
        why: String,
    },
    /// 401: no token or signature, or a bad one.
    Unauthorized,
    /// 403: known, but may not; the text is shown.
    Forbidden(&'static str),
    /// 409: lost a race.
    Conflict,
    /// 429.
    TooMany {
        /// When trying again makes sense.
        retry_after: Duration,
    },
    /// 413: a body above its limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Another server did not give what was needed; 503 on an inbox, 422 or 404 in the client API.
    Remote {
        /// The other server.
        host: String,
        /// What it did, in words for the log.
        why: String,
    },
    /// Another server is not to be asked for what nobody waits for before a time; as `Remote` where somebody does. Nothing has
    /// failed.
    Busy {
        /// The other server.
        host: String,
        /// When to come again.
        until: Timestamp,
    },
    /// A rule needs a remote document first; the edge or job fetches it within its budget and calls again.
    Needs {
        /// The id to fetch.
        uri: String,
    },
    /// 503: the store.
    Storage(storage::Error),
    /// 500: a defect of ours; the text goes to the log.
    Bug(String),
}

impl Error {
    /// An `Invalid` error.
    pub fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        Error::Invalid { field, why: why.into() }
    }

    /// What cannot be done here in time and is no fault of anybody else's, such as a form that could not be stored: it may be
    /// tried again after `limits::COMPOSE_RETRY_SECONDS`.
    pub fn not_now() -> Self {
        let retry_after = Duration::from_secs(limits::COMPOSE_RETRY_SECONDS);
        Error::Storage(storage::Error::Overloaded { retry_after })
    }

    /// A `Remote` error.
    pub fn remote(host: impl Into<String>, why: impl Into<String>) -> Self {
        Error::Remote { host: host.into(), why: why.into() }
    }
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Panic(why) => Error::Bug(why),
            other => Error::Storage(other),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound => f.write_str("not found"),
            Error::Gone => f.write_str("gone"),
            Error::Invalid { field, why } => write!(f, "{field}: {why}"),
            Error::Unauthorized => f.write_str("unauthorized"),
            Error::Forbidden(why) => f.write_str(why),
            Error::Conflict => f.write_str("conflict"),
            Error::TooMany { retry_after } => write!(f, "too many; again in {} s", retry_after.as_secs()),
            Error::TooLarge { limit } => write!(f, "too large; at most {limit} bytes"),
            Error::Remote { host, why } => write!(f, "{host}: {why}"),
            Error::Busy { host, until } => write!(f, "{host}: not to be asked before {}", until.0),
            Error::Needs { uri } => write!(f, "needs {uri}"),
            Error::Storage(error) => error.fmt(f),
            Error::Bug(why) => write!(f, "bug: {why}"),
        }
    }
}

impl std::error::Error for Error {}

//! Numbers with a meaning: ids, times and log positions. Nothing public here is a bare `u64`.

use serde::{Deserialize, Serialize};
use std::{fmt, num::ParseIntError, str::FromStr};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Timestamp(pub i64);

/// An hour, milliseconds.
pub const HOUR_MS: i64 = 60 * 60 * 1_000;
/// A day, milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Timestamp {
    /// This time moved by `ms` milliseconds (negative: earlier), saturating.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Timestamp(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this time; negative if `earlier` is later.
    #[must_use]
    pub fn ms_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A position in the log: the number of a transaction. Grows by one with each, is never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Lsn(pub u64);

impl fmt::Display for Lsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of bits below the milliseconds in a snowflake.
pub const SNOWFLAKE_LOW_BITS: u32 = 16;

/// The first moment a status id may carry: 2018-06-01T00:00:00Z (DESIGN §3, ids).
///
/// From here on `ms << 16` has 18 decimal digits, until the year 2453.
pub const FIRST_ID_TIME: Timestamp = Timestamp(1_527_811_200_000);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// A 64-bit snowflake (`ms << 16 | low bits`), a string of 18 decimal digits outside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u64);

        impl $name {
            /// The time this id carries.
            #[must_use]
            pub fn time(self) -> Timestamp {
                Timestamp(i64::try_from(self.0 >> SNOWFLAKE_LOW_BITS).unwrap_or(i64::MAX))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(text: &str) -> Result<Self, ParseIntError> { text.parse().map(Self) }
        }
        impl From<u64> for $name {
            fn from(number: u64) -> Self { Self(number) }
        }
        impl crate::key::Key for $name {
            fn encode(&self, out: &mut Vec<u8>) { self.0.encode(out); }
            fn decode(bytes: &mut &[u8]) -> Option<Self> { u64::decode(bytes).map(Self) }
        }
    )*};
}

ids! {
    /// An account, local or remote.
    AccountId;
    /// A status, local or remote.
    StatusId;
    /// A notification.
    NotificationId;
    /// A picture uploaded here.
    MediaId;
    /// A client application registered here.
    ApplicationId;
    /// A token given to an application.
    TokenId;
    /// A hashtag known here.
    TagId;
    /// A durable job.
    JobId;
    /// An activity of ours that is delivered: the number of the job that made it, so they grow in the order of the
    /// commits that caused them.
    ActivityId;
    /// A report to moderators.
    ReportId;
    /// A block of a domain.
    DomainBlockId;
    /// A row of the audit log.
    AuditId;
    /// An internal row number, visible only as a cursor in `Link` headers.
    RowId;
}

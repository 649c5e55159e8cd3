//! Where backups go: a flat set of named objects, in a directory or in an object store.

use crate::error::Result;

/// The largest object, in bytes: what is larger is cut into several, so that nobody holds more than this in memory and
/// no object store needs uploads in parts.
pub const OBJECT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An object as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its name: `/` between parts, ASCII letters, digits, `.`, `-`, `_`; at most 200 bytes.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
}

/// A place that holds backups. Called from threads that may wait, never from an async worker.
///
/// No promise beyond these five is used: no condition on a `put`, no rename, no order of a listing.
pub trait Target: Send + Sync {
    /// Stores an object, or replaces it. After `Ok` it is durable; whoever reads meanwhile gets the old or the new one
    /// whole, or nothing.
    ///
    /// # Errors
    /// `Io`; the object may or may not be there then.
    fn put(&self, name: &str, content: &[u8]) -> Result<()>;

    /// Reads an object; `None` if there is none.
    ///
    /// # Errors
    /// `Io`; `Corrupt` if it is larger than `OBJECT_BYTES_MAX`.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// The bytes of an object, without reading it; `None` if there is none.
    ///
    /// # Errors
    /// `Io`.
    fn size(&self, name: &str) -> Result<Option<u64>>;

    /// All objects whose names begin with `prefix` (whole parts, as `log/`), sorted by name.
    ///
    /// # Errors
    /// `Io`.
    fn list(&self, prefix: &str) -> Result<Vec<Object>>;

    /// Removes an object; one that is not there is no error.
    ///
    /// # Errors
    /// `Io`.
    fn remove(&self, name: &str) -> Result<()>;

    /// Where this is, in words for people; without secrets.
    fn describe(&self) -> String;
}

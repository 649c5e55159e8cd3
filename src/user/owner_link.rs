//! The link by which a server without an owner gets one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use storage::{SecretHash, Timestamp};

/// The one-time link of a server without an owner: dies with the first owner, or after 30 minutes (DESIGN §11).
#[derive(Default)]
pub struct OwnerLink(Mutex<Option<(SecretHash, Timestamp)>>);

impl OwnerLink {
    /// Makes `code` the only valid one until `until`.
    pub fn open(&self, code: &str, until: Timestamp) {
        *self.held() = Some((SecretHash::of(code), until));
    }

    /// Whether `code` may make the owner now. Compared by hash, so timing tells nothing.
    #[must_use]
    pub fn admits(&self, code: &str, now: Timestamp) -> bool {
        let open = *self.held();
        open.is_some_and(|(hash, until)| hash == SecretHash::of(code) && now < until)
    }

    /// No code is valid any more.
    pub fn close(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<(SecretHash, Timestamp)>> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_code_admits_until_its_time_or_the_first_owner() {
        let (link, until) = (OwnerLink::default(), Timestamp(2));
        assert!(!link.admits("", Timestamp(1)));
        link.open("older", until);
        link.open("newer", until);
        assert_eq!(["older", "newer"].map(|code| link.admits(code, Timestamp(1))), [false, true]);
        assert!(!link.admits("newer", until));
        link.close();
        assert!(!link.admits("newer", Timestamp(1)));
    }
}

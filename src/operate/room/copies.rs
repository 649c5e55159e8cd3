//! What copies of other servers' pictures take: what the last walk over them found, and what was kept since it began.

/// Bytes of copies. What is kept while a walk is under way counts on top of what that finds: rather twice than not at all.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// What the last walk found.
    walked: u64,
    /// What `kept` was when that began.
    walked_at: u64,
    /// Bytes of all that were kept since the start.
    kept: u64,
    /// Bytes of those that are being written.
    coming: u64,
    /// Bytes of the largest for which there was no room, until some were removed.
    wanted: u64,
    /// There was no room for one since the last look.
    refused: bool,
}

/// A walk over all copies that has begun.
#[must_use]
#[derive(Debug)]
pub struct CopiesWalk {
    kept: u64,
}

impl Copies {
    /// Bytes of all of them, those that are being written included.
    pub(super) fn bytes(&self) -> u64 {
        self.walked.saturating_add(self.kept.saturating_sub(self.walked_at)).saturating_add(self.coming)
    }

    /// Bytes of those that came since the start.
    pub(super) fn since_start(&self) -> u64 {
        self.kept.saturating_add(self.coming)
    }

    pub(super) fn begin_walk(&self) -> CopiesWalk {
        CopiesWalk { kept: self.kept }
    }

    pub(super) fn end_walk(&mut self, walk: &CopiesWalk, bytes: u64) {
        (self.walked, self.walked_at) = (bytes, walk.kept);
    }

    /// One of so many bytes is about to be written.
    pub(super) fn begin(&mut self, bytes: u64) {
        self.coming = self.coming.saturating_add(bytes);
    }

    /// It was, or could not be.
    pub(super) fn end(&mut self, bytes: u64) {
        self.coming = self.coming.saturating_sub(bytes);
        self.kept = self.kept.saturating_add(bytes);
    }

    /// There was no room for one of so many bytes.
    pub(super) fn refuse(&mut self, bytes: u64) {
        (self.wanted, self.refused) = (self.wanted.max(bytes), true);
    }

    /// Whether there was no room for one since the last look.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Bytes of the largest for which there was no room.
    pub(super) fn wanted(&self) -> u64 {
        self.wanted
    }

    /// It was looked again how much room there is.
    pub(super) fn try_again(&mut self) {
        self.refused = false;
    }

    /// There is room again for those that were refused.
    pub(super) fn satisfied(&mut self) {
        (self.wanted, self.refused) = (0, false);
    }
}

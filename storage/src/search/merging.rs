//! Which parts of the index are written anew, together or alone.

use crate::limits;
use std::sync::atomic::{AtomicBool, Ordering};
use tantivy::{
    SegmentMeta,
    indexer::{LogMergePolicy, MergeCandidate, MergePolicy},
};

/// Small parts are merged as tantivy does it. A large one, which is merged no more, is written anew alone once so much of it is
/// deleted: what is written then is free of all that was, so each time takes as many deletions as before. At most one in each
/// change, that with the most deletions, so that a change stays a matter of seconds.
#[derive(Debug)]
pub(super) struct Merging {
    small: LogMergePolicy,
    /// Documents that can be found beyond which a part is large.
    large: usize,
    /// A large part was proposed.
    proposed: AtomicBool,
}

impl Merging {
    /// For one change; `large`: documents beyond which a part is large.
    pub(super) fn new(large: usize) -> Self {
        let mut small = LogMergePolicy::default();
        small.set_max_docs_before_merge(large);
        small.set_del_docs_ratio_before_merge(limits::SEARCH_MERGE_DELETED);
        Merging { small, large, proposed: AtomicBool::new(false) }
    }

    /// Whether tantivy's own policy, which looks at the size first, passes over a part that is worth writing anew.
    fn is_due(&self, part: &SegmentMeta) -> bool {
        let deleted = f64::from(part.num_deleted_docs());
        let is_large = usize::try_from(part.num_docs()).is_ok_and(|found| found > self.large);
        is_large && deleted >= f64::from(limits::SEARCH_MERGE_DELETED) * f64::from(part.max_doc())
    }
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, parts: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut found = self.small.compute_merge_candidates(parts);
        let due = parts.iter().filter(|part| self.is_due(part)).max_by_key(|part| part.num_deleted_docs());
        if let Some(part) = due
            && !self.proposed.swap(true, Ordering::Relaxed)
        {
            found.push(MergeCandidate(vec![part.id()]));
        }
        found
    }
}

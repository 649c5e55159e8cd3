//! The hashtags that people here follow: what has one of them stands in a home timeline; and those that nothing has any more.

use super::expire::look;
use crate::{error::Result, limits};
use std::collections::BTreeSet;
use storage::{
    Bounds, Direction, Read, Timestamp, Tx,
    status::{Status, TAG_TIMELINE, Visibility},
    tag::{TAGS, followed_here, normalise},
};

/// Hashtags that somebody here follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FollowedTags {
    /// In the form they are compared in.
    names: BTreeSet<String>,
    /// More are followed than are kept here: any may be.
    any: bool,
}

impl FollowedTags {
    /// All of them, through one reader.
    ///
    /// # Errors
    /// Storage errors.
    pub fn read(read: &dyn Read) -> Result<Self> {
        let (mut tags, mut behind) = (FollowedTags::default(), None);
        loop {
            let (names, next) = followed_here(read, behind.as_ref(), limits::RETENTION_TAGS_STEP)?;
            if !tags.add(names) || next.is_none() {
                return Ok(tags);
            }
            behind = next;
        }
    }

    /// Takes in more of them; answers whether others would change anything. Beyond `limits::RETENTION_TAGS_MAX` every hashtag
    /// counts as followed.
    pub fn add(&mut self, names: Vec<String>) -> bool {
        self.names.extend(names);
        if self.names.len() > limits::RETENTION_TAGS_MAX {
            self.names.clear();
            self.any = true;
        }
        !self.any
    }

    /// Whether somebody here follows the hashtag of this name, in the form they are compared in.
    #[must_use]
    pub fn have(&self, name: &str) -> bool {
        self.any || self.names.contains(name)
    }

    /// Whether `status` stands in a home timeline for one of its hashtags: it is for everybody and no reblog.
    #[must_use]
    pub fn bring_home(&self, status: &Status) -> bool {
        let public = status.visibility == Visibility::Public && status.reblog_of.is_none();
        public && status.tags.iter().any(|name| self.have(&normalise(name)))
    }
}

/// Removes those of the next `limits::EXPIRE_STEP` hashtags, from the key `from` on, that no status for everybody has, nobody
/// in `followed` follows, and that were first seen before `until`; answers how many, and where to go on.
///
/// # Errors
/// Storage errors.
pub fn forget_tags(
    tx: &mut Tx<'_>,
    from: Vec<u8>,
    followed: &FollowedTags,
    until: Timestamp,
) -> Result<(usize, Option<Vec<u8>>)> {
    tx.accept_when_full();
    let (old, next) = look(tx, &TAGS, from, |name, tag| tag.id.time() < until && !followed.have(name))?;
    let mut removed = 0;
    for (name, _) in old {
        if TAG_TIMELINE.list(tx, &name, Bounds::NONE, Direction::Ascending, 1)?.is_empty() {
            TAGS.delete(tx, &name);
            removed += 1;
        }
    }
    Ok((removed, next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::{AccountId, StatusId, Timestamp};

    #[test]
    fn where_more_are_followed_than_are_kept_each_counts_as_followed() {
        let bare = Status::bare(StatusId(1), AccountId(2), "https://far.test/1".to_owned(), Timestamp(3));
        let tagged = Status { tags: vec!["Tea".to_owned()], ..bare.clone() };
        let other = Status { tags: vec!["coffee".to_owned()], ..bare.clone() };
        let mut tags = FollowedTags::default();
        assert!(!tags.bring_home(&tagged));
        assert!(tags.add(vec!["tea".to_owned()]));
        tags.add((1..limits::RETENTION_TAGS_MAX).map(|number| format!("t{number}")).collect());
        assert!(tags.bring_home(&tagged) && !tags.bring_home(&other));
        assert!(!tags.add(vec!["one more".to_owned()]));
        assert!(tags.bring_home(&tagged) && tags.bring_home(&other) && !tags.bring_home(&bare));
    }
}

//! Tag timelines.

use super::{
    merge::Merge,
    public::Listed,
    window::{Choice, Filling, Page, Window},
};
use crate::{error::Result, limits, tag as rules, visibility::Sight};
use std::collections::BTreeMap;
use storage::{
    AccountId, Direction, Read, StatusId,
    status::{Shape, Status, TAG_TIMELINE},
    tag,
};

/// Which tags a status must and must not have; at most `limits::TIMELINE_TAGS_MAX` of each count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The tag of the timeline.
    pub tag: String,
    /// Or one of these.
    pub any: Vec<String>,
    /// And all of these.
    pub all: Vec<String>,
    /// And none of these.
    pub none: Vec<String>,
}

/// Public statuses with a tag.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, timelines#tag.
pub fn tag(read: &dyn Read, viewer: Option<AccountId>, tags: &Tags, listed: Listed, window: Window) -> Result<Page> {
    let (all, none) = (keys(&tags.all), keys(&tags.none));
    let sight = Sight::new(read, viewer);
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    for (id, shape) in candidates(read, tags, window)? {
        let flow = if listed.wants(&shape) {
            filling.look(id, |status| {
                let has = has_of(status);
                let tagged = all.iter().all(&has) && !none.iter().any(&has);
                Ok(tagged && listed.wants_from(read, status)? && sight.may_list(status)?)
            })?
        } else {
            filling.skip(id)
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}

/// Public statuses with one of the tags that `viewer` follows.
///
/// # Errors
/// Storage errors.
pub fn followed_tags(read: &dyn Read, viewer: AccountId, window: Window) -> Result<Page> {
    let sight = Sight::new(read, Some(viewer));
    let mut filling = Filling::new(read, &sight, Choice::OfMany, window);
    let mut merge = Merge::of_tags(read, &rules::followed(read, viewer)?, window.bounds, window.direction)?;
    let mut before = None;
    while let Some(id) = merge.next()? {
        // One with several of the tags comes several times in a row.
        if before.replace(id) == Some(id) {
            continue;
        }
        if filling.look(id, |status| sight.may_list(status))?.is_break() {
            break;
        }
    }
    Ok(filling.finish())
}

fn has_of(status: &Status) -> impl Fn(&String) -> bool {
    let written: Vec<String> = status.tags.iter().map(|name| tag::normalise(name)).collect();
    move |wanted| written.contains(wanted)
}

/// The first `limits::SCAN_MAX` rows with the tag or one of `any`, in the window's direction. The first of the union
/// are among the first of each.
fn candidates(read: &dyn Read, tags: &Tags, window: Window) -> Result<Vec<(StatusId, Shape)>> {
    let mut merged: BTreeMap<StatusId, Shape> = BTreeMap::new();
    let mut wanted = vec![rules::key(&tags.tag)];
    wanted.extend(keys(&tags.any));
    wanted.dedup();
    for name in wanted.into_iter().filter(|name| !name.is_empty() && name.len() <= limits::TAG_BYTES_MAX) {
        let rows = TAG_TIMELINE.list(read, &name, window.bounds, window.direction, limits::SCAN_MAX)?;
        merged.extend(rows.into_iter().map(|((_, id), shape)| (id, shape)));
    }
    let rows = merged.into_iter();
    Ok(match window.direction {
        Direction::Ascending => rows.take(limits::SCAN_MAX).collect(),
        Direction::Descending => rows.rev().take(limits::SCAN_MAX).collect(),
    })
}

fn keys(names: &[String]) -> Vec<String> {
    names.iter().take(limits::TIMELINE_TAGS_MAX).map(|name| rules::key(name)).collect()
}

//! Flushes that are too fast to be true.

use super::{mount::Mount, words};
use crate::limits;

/// A word on a disk whose normal sync is faster than its kind can be; it is a note, since it may be right: a
/// controller with a battery, flash with capacitors. `normal_us` rests on a day of syncs at least. A file system in
/// memory, or one that no block device is known of, is not judged.
pub(super) fn note(mount: &Mount, normal_us: u64) -> Option<String> {
    let (bound_us, kind) = match mount.rotational? {
        true => (limits::FLUSH_ROTATING_MIN_US, "a turning disk cannot"),
        false => (limits::FLUSH_FLASH_MIN_US, "few disks without capacitors can"),
    };
    (normal_us < bound_us).then(|| {
        format!(
            "a sync takes {} on {}, which {kind}: unless it has a battery or capacitors it may lie about flushes, and \
             a power cut may lose what was acknowledged",
            words::took(normal_us),
            mount.device
        )
    })
}

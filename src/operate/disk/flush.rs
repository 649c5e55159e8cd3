//! Flushes that are too fast to be true.

use super::{
    mount::{Kind, Mount},
    words,
};
use crate::limits;

/// A word on a disk whose normal sync is faster than its kind can be; it is a note, since it may be right: a
/// controller with a battery, flash with capacitors. `normal_us` rests on a day of syncs at least. Where the system does
/// not say what kind it is (overlay, zfs), it is held against flash, the faster one. A file system in memory, or on
/// another machine, is not judged.
pub(super) fn note(mount: &Mount, normal_us: u64) -> Option<String> {
    if matches!(mount.kind(), Kind::Memory | Kind::Network) {
        return None;
    }
    let unless = "unless it has a battery or capacitors it may lie about flushes";
    let (bound_us, kind, what) = match mount.rotational {
        Some(true) => (limits::FLUSH_ROTATING_MIN_US, "a turning disk cannot", unless),
        Some(false) => (limits::FLUSH_FLASH_MIN_US, "few disks without capacitors can", unless),
        None => {
            let what =
                "the system does not say which disk that is, and if this is a consumer disk it may lie about flushes";
            (limits::FLUSH_FLASH_MIN_US, "few disks without capacitors can", what)
        }
    };
    (normal_us < bound_us).then(|| {
        format!(
            "a sync takes {} on {}, which {kind}: {what}, and a power cut may lose what was acknowledged",
            words::took(normal_us),
            mount.device
        )
    })
}

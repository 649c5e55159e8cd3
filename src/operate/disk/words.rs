//! Durations, times of day, amounts of bytes, and the sentences about the disk.

use super::{
    judge::{Cause, DiskState},
    report::Disk,
};
use crate::{clock, limits};
use std::time::Duration;
use storage::Timestamp;

/// What is wrong with the disk, in a sentence of cause, effect and since when; `None` while it is OK, and for
/// read-only, of which the store itself tells.
pub(super) fn problem(disk: &Disk, since: Timestamp, now: Timestamp) -> Option<String> {
    let (place, since_when) = (place(disk), moment(since, now));
    match disk.state {
        DiskState::Ok | DiskState::ReadOnly => None,
        DiskState::Slow => {
            let (what, took_us, normal_us, effect) = match disk.cause.unwrap_or(Cause::Syncs) {
                Cause::Syncs => {
                    let effect = "posts and deliveries wait for it";
                    ("making data safe takes", disk.syncs.p50_us, disk.normal_sync_us, effect)
                }
                Cause::Reads => {
                    ("reading takes", disk.reads.p50_us, disk.normal_read_us, "pages and timelines wait for it")
                }
                Cause::Hiccups => {
                    let effect = "some posts and deliveries wait for it";
                    ("now and then making data safe takes", disk.syncs.p99_us, disk.normal_sync_p99_us, effect)
                }
            };
            let for_any = match disk.cause {
                Some(Cause::Hiccups) => limits::DISK_HICCUPS_MAX,
                _ => limits::DISK_SLOW_UNKNOWN,
            };
            let (took, normal) = (took(took_us), beside_normal(took_us, normal_us, for_any));
            Some(format!(
                "{what} {took} on {place}{normal}, since {since_when}; {effect}, fetching from other servers is put off"
            ))
        }
        DiskState::Stalled => {
            let what = match disk.syncing_for_us {
                Some(us) => format!("has been making data safe for {} without an end", took(us)),
                None => format!("took {} to make data safe", took(disk.syncs.max_us)),
            };
            Some(format!(
                "the disk stalls: {place} {what}, since {since_when}; nothing can be posted, other servers are asked \
                 to send again later, reading goes on"
            ))
        }
    }
}

/// What it is held against. A disk that was never faster, or of which nothing is known, is slow by what no disk should
/// take (`for_any`).
fn beside_normal(us: u64, normal_us: Option<u64>, for_any: Duration) -> String {
    let normal_us = normal_us.filter(|normal| *normal > 0);
    match normal_us.map(|normal| (us / normal, took(normal))) {
        Some((times, normal)) if times > 1 => format!(", {times} times its normal {normal}"),
        _ if u128::from(us) >= for_any.as_micros() => ", too long for any disk".to_owned(),
        Some((_, normal)) => format!(", where {normal} is normal"),
        None => String::new(),
    }
}

/// The disk by the names people know it by.
pub(super) fn place(disk: &Disk) -> String {
    match (&disk.filesystem, &disk.device) {
        (Some(kind), Some(device)) => {
            format!("the disk under the data directory ({}, {kind} on {device})", disk.data_dir)
        }
        _ => format!("the disk under the data directory ({})", disk.data_dir),
    }
}

/// A duration with two or three digits: `21 µs`, `1.3 ms`, `412 ms`, `6.0 s`.
pub(super) fn took(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..10_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", us / 1_000),
        1_000_000..10_000_000 => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
        _ => format!("{} s", us / 1_000_000),
    }
}

/// `21:04 UTC`; with the day if that is another one.
pub(super) fn moment(time: Timestamp, now: Timestamp) -> String {
    let text = clock::iso(time);
    let minute = text.get(11..16).unwrap_or(&text);
    let day = clock::iso_date(time);
    if day == clock::iso_date(now) { format!("{minute} UTC") } else { format!("{day} {minute} UTC") }
}

/// Bytes in decimal units, as disks are sold: `812 MB`, `61.4 GB`.
pub(crate) fn amount(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            let tenths = bytes / (unit / 10);
            return if tenths < 1_000 {
                format!("{}.{} {name}", tenths / 10, tenths % 10)
            } else {
                format!("{} {name}", bytes / unit)
            };
        }
    }
    format!("{} kB", bytes / 1_000)
}

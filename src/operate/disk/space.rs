//! The room left, and when it will be gone.

use super::{report::Disk, words};
use crate::{
    clock::{self, HOUR_MS},
    limits,
};
use storage::{
    Timestamp,
    latency::{DiskFigures, Growth},
};

/// The day from which on nothing but deletes is accepted if the data go on growing as they did: some room is left then,
/// `DiskFigures::floor_bytes`. `None` if growth or room are not known, or that is beyond `limits::DISK_FORECAST_DAYS`.
pub(super) fn refused_on(figures: &DiskFigures, now: Timestamp) -> Option<String> {
    full_on(figures.free_bytes?.saturating_sub(figures.floor_bytes), figures.growth?, now)
}

/// The day on which so many bytes are used up if the data go on growing as they did; `None` if that is beyond
/// `limits::DISK_FORECAST_DAYS`.
pub(in crate::operate) fn full_on(left_bytes: u64, growth: Growth, now: Timestamp) -> Option<String> {
    if growth.bytes == 0 {
        return None;
    }
    let hours = u128::from(left_bytes) * u128::from(growth.hours) / u128::from(growth.bytes);
    let hours = i64::try_from(hours).ok().filter(|hours| *hours <= limits::DISK_FORECAST_DAYS * 24)?;
    Some(clock::iso_date(now.plus_ms(hours * HOUR_MS)))
}

/// How many of 100 bytes are free; rounded down, so 5 means less than 6.
pub(super) fn per_cent(free_bytes: u64, total_bytes: u64) -> Option<u64> {
    (total_bytes > 0).then(|| u64::try_from(u128::from(free_bytes) * 100 / u128::from(total_bytes)).unwrap_or(100))
}

/// Too little room, in words.
pub(super) fn problem(disk: &Disk) -> Option<String> {
    let (free, per_cent) = (disk.free_bytes?, disk.free_per_cent?);
    let word = match per_cent {
        0..limits::DISK_FREE_PER_CENT_BAD => "only ",
        limits::DISK_FREE_PER_CENT_BAD..limits::DISK_FREE_PER_CENT_LOW => "",
        _ => return None,
    };
    let forecast = forecast(disk).map(|text| format!("; {text}")).unwrap_or_default();
    Some(format!(
        "{word}{} ({per_cent} %) are free on {}{forecast}; when it is nearly full, nothing but deletes is accepted",
        words::amount(free),
        words::place(disk)
    ))
}

/// `at the growth of the last 7 days posts are refused from 2027-02-03 on`.
pub(super) fn forecast(disk: &Disk) -> Option<String> {
    let (days, day) = (disk.growth_hours? / 24, disk.full_on.as_ref()?);
    let unit = if days == 1 { "day" } else { "days" };
    Some(format!("at the growth of the last {days} {unit} posts are refused from {day} on"))
}

//! How long the machine has been up.

use std::time::Duration;

/// A stopwatch that goes on while the machine sleeps, to hold the time of day against (`CLOCK_BOOTTIME`); elsewhere than on
/// Linux one that may stand still meanwhile.
#[cfg(target_os = "linux")]
#[must_use]
pub fn up() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0));
    Duration::new(seconds, nanos)
}

/// See above.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn up() -> Duration {
    static BEGIN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGIN.elapsed()
}

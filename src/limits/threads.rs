//! Bounds of the threads beside the async workers, and of what waits for them.

/// Threads that read the store; more than cores, because some wait for the disk.
pub const READS_AT_ONCE: usize = 4;
/// Pieces of work for somebody who waits that come before one that nobody waits for.
pub const WORK_AHEAD: usize = 3;
/// Reads waiting for a thread, those of people and those of others each; beyond it requests are shed with 503.
pub const READS_QUEUED: usize = 4096;
/// Threads that sign what leaves for other servers, at most; no more than there are processors.
pub const SIGNING_THREADS: usize = 8;
/// Steps by which they lower their priority: where others want all processors, a quarter of one is left to each.
pub const SIGNING_STEPS: i32 = 5;
/// Signatures waiting for a thread, some 2 s of work; beyond it what should be signed is tried again later.
pub const SIGNATURES_QUEUED: usize = 4_096;
/// Slow computations (keys, sanitising) running at once beside requests.
pub const COMPUTATIONS_AT_ONCE: usize = 4;
/// Time background tasks get to end when the server stops, seconds.
pub const TASK_STOP_SECONDS: u64 = 5;
/// Passwords being hashed at once; each takes 19 MiB and 20 ms of a core.
pub const PASSWORDS_AT_ONCE: usize = 2;

//! Work that nobody waits for: its threads get the processor when others leave it.

/// Lowers the priority of the calling thread by so many steps, and of every thread it starts from then on. Where the
/// system keeps one priority for a whole process, nothing.
#[cfg(target_os = "linux")]
pub fn step_back(steps: i32) {
    if let Err(error) = rustix::process::nice(steps) {
        tracing::warn!(%error, "a thread that works in the background could not lower its priority");
    }
}

/// See above.
#[cfg(not(target_os = "linux"))]
pub fn step_back(_: i32) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_thread_and_those_it_starts_step_back() {
        let priority = || rustix::process::nice(0).expect("it is told");
        let before = priority();
        let (own, below) = std::thread::spawn(move || {
            step_back(3);
            (priority(), std::thread::spawn(priority).join().expect("it ends"))
        })
        .join()
        .expect("it ends");
        let lowest = (before + 3).min(19);
        assert_eq!((own, below, priority()), (lowest, lowest, before));
    }
}

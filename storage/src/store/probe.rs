//! The probe: keeps measuring when nobody writes, looks at the room, keeps the hours in their file.
//!
//! A thread of its own, because everything it does may hang with the disk; whoever asks for figures never waits for it.

use super::shared::{Shared, lock, wait_for};
use crate::{latency::Who, limits, vfs::OpenMode};
use std::{io, time::Duration};

/// The file it syncs.
pub(super) const FILE: &str = "probe";

/// The body of the thread; ends when the store closes.
pub(super) fn run(shared: &Shared) {
    let interval = shared.options.sizes.probe_interval;
    let tick = interval.min(limits::PROBE_TICK);
    let mut trouble = Trouble::default();
    let (mut space_at, mut kept_at) = (None, shared.meter.figures().at);
    while !closing(shared, tick) {
        shared.meter.turn((shared.options.environment.now)());
        let now = shared.meter.figures().at;
        let over = |since: Duration, time: Duration| now.saturating_sub(since) >= time;
        if space_at.is_none_or(|at| over(at, limits::SPACE_INTERVAL)) {
            space_at = Some(now);
            trouble.note("the free room of the disk is unknown", look_at_room(shared));
        }
        if shared.read_only().is_some() {
            continue;
        }
        if shared.meter.is_idle_for(interval) {
            trouble.note("the disk cannot be probed", sync_once(shared));
        }
        if over(kept_at, limits::LATENCY_FILE_INTERVAL) {
            kept_at = now;
            trouble.note("the latency of the disk cannot be kept", shared.keep_history());
        }
    }
}

fn closing(shared: &Shared, time: Duration) -> bool {
    let queue = lock(&shared.queue);
    queue.closing || wait_for(&shared.queue_closing, queue, time).closing
}

fn look_at_room(shared: &Shared) -> io::Result<()> {
    let (vfs, dir) = (&shared.options.vfs, &shared.options.dir);
    shared.meter.note_space(vfs.free_space(dir)?, vfs.total_space(dir)?);
    Ok(())
}

/// One small write and sync, as the log does them: over what is there, so that no size changes.
fn sync_once(shared: &Shared) -> io::Result<()> {
    let file = shared.options.vfs.open(&shared.options.dir.join(FILE), OpenMode::OrCreate)?;
    let _timing = shared.meter.sync(Who::Probe);
    file.write_at(0, &[0x5a; limits::PROBE_BYTES])?;
    file.sync_data()
}

/// Says what fails once, until it works again.
#[derive(Default)]
struct Trouble {
    said: bool,
}

impl Trouble {
    fn note(&mut self, what: &str, outcome: io::Result<()>) {
        match outcome {
            Ok(()) => self.said = false,
            Err(error) if !self.said => {
                self.said = true;
                tracing::warn!(%error, "{what}");
            }
            Err(error) => tracing::debug!(%error, "{what}"),
        }
    }
}

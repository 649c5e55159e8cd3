//! The task that looks at the disk every second, and the one that measures the room.

use super::state::look;
use crate::{limits, server::Server};

/// Starts them.
pub fn start(server: &Server) {
    super::room::start(server);
    let of_task = server.clone();
    server.spawn("watch", async move {
        loop {
            look(&of_task);
            of_task.sleep_until(of_task.now().plus_ms(limits::DISK_LOOK_MS)).await;
        }
    });
}

//! A long file that is written beside the log: little by little to the disk, so that no sync of the log waits for all of it.

use super::VfsFile;
use crate::limits;
use std::io;

/// How far a file that grows from its beginning is on the disk.
#[derive(Debug, Default)]
pub(crate) struct Trickle {
    /// Up to here it was told to go there.
    begun: u64,
    /// Up to here it is there.
    synced: u64,
}

impl Trickle {
    /// The file was written up to `end`. What was written last is made durable by whoever ends it.
    ///
    /// # Errors
    /// As the system says.
    pub(crate) fn wrote(&mut self, file: &dyn VfsFile, end: u64) -> io::Result<()> {
        if end - self.begun >= limits::WRITE_BACK_BYTES as u64 {
            file.write_back(self.begun, end - self.begun);
            self.begun = end;
        }
        if end - self.synced >= limits::BACKGROUND_SYNC_BYTES {
            file.sync_data()?;
            self.synced = end;
        }
        Ok(())
    }
}

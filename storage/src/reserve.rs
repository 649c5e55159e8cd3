//! The reserve file: room that is given away once the disk is full, so that what makes room can be done.

use crate::{
    limits,
    vfs::{OpenMode, Vfs},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Where the reserve of the store in `dir` is.
pub(crate) fn file(dir: &Path) -> PathBuf {
    dir.join("reserve")
}

/// Gives the room of the reserve at `path` away; answers whether there was one.
pub(crate) fn release(vfs: &dyn Vfs, path: &Path) -> bool {
    let released = vfs.exists(path).and_then(|there| {
        if there {
            vfs.remove(path)?;
        }
        Ok(there)
    });
    match released {
        Ok(released) => {
            if released {
                tracing::warn!("the reserve file was released: the disk is full");
            }
            released
        }
        Err(error) => {
            tracing::error!(%error, "the reserve file could not be released");
            false
        }
    }
}

/// Writes a reserve of `bytes` at `path`, little by little as long as `go_on` says so.
///
/// # Errors
/// As the disk says. What was written stays: it is given away as well.
pub(crate) fn make(vfs: &dyn Vfs, path: &Path, bytes: u64, mut go_on: impl FnMut() -> bool) -> io::Result<()> {
    let file = vfs.open(path, OpenMode::OrCreate)?;
    let zeros = vec![0; limits::FILL_BYTES];
    let mut done = 0;
    while done < bytes && go_on() {
        let count = usize::try_from(bytes - done).unwrap_or(usize::MAX).min(zeros.len());
        file.write_at(done, &zeros[..count])?;
        file.sync_data()?;
        done += count as u64;
    }
    path.parent().map_or(Ok(()), |dir| vfs.sync_dir(dir))
}

//! A store and a place for its backups, for the tests of this edge.

use super::{Bench, By, Done, Job, Wanted, carry_out};
use crate::{config::Config, error::Result};
use std::path::PathBuf;
use storage::{Options, Store, backup::Tell};

/// A store on the disk, and what work on its backups is done with.
pub(super) struct Lab {
    pub(super) store: Store,
    pub(super) bench: Bench,
    dir: tempfile::TempDir,
}

impl Lab {
    pub(super) fn new() -> Lab {
        let dir = tempfile::tempdir().expect("a directory");
        let data_dir = dir.path().join("data");
        let options = Options::new(data_dir.join("store"));
        let store = Store::open(options.clone()).expect("opens");
        let bench = Bench::new(&Config::embedded(&data_dir, None), &options);
        Lab { store, bench, dir }
    }

    /// The place of the backups; the first one makes it.
    pub(super) fn place(&self) -> PathBuf {
        self.dir.path().join("place")
    }

    pub(super) fn wanted(&self, job: Job, by: By) -> Wanted {
        Wanted { job, place: self.place().to_string_lossy().into_owned(), by }
    }

    /// Does work on the store, without a desk.
    pub(super) fn carry_out(&self, job: Job, by: By, tell: Tell<'_>) -> Result<Done> {
        carry_out(&self.bench, &self.store, &self.wanted(job, by), &|| Ok(0), tell)
    }
}

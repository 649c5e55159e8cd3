//! Files beside the store, held against the rows that refer to them and against their names, which are hashes.

use super::{Check, Finding, Hear, Repair, Summary, Told};
use crate::{
    backup::Repository,
    blob::BlobHash,
    error::{Error, Result},
    limits,
    media::{self, Blob},
    store::Store,
    vfs::{OpenMode, Rests},
};
use std::{
    cell::{Cell, OnceCell, RefCell},
    io,
    ops::ControlFlow,
    path::Path,
};

/// Opens the backups that a damaged file may be had from; `None`: there are none, or they cannot be reached. Asked at most
/// once, when the first damaged file is found.
pub type Spare<'a> = &'a dyn Fn() -> Option<Repository>;

impl Store {
    /// Reads every file that rows refer to: it must be there, as long as the row says, with the content that its name says.
    /// What is found is looked at again, so it works while the store is written to. `Repair::Derived` puts a file back that
    /// the backups have whole, and removes nothing. `rows` of the summary are files here.
    ///
    /// # Errors
    /// Only what keeps the check from going on; damage is a finding, and so are a file that cannot be read and backups that
    /// cannot be asked for it.
    pub fn check_files(&self, data_dir: &Path, spare: Spare<'_>, repair: Repair, hear: Hear<'_>) -> Result<Summary> {
        let mut check = Check { hear, summary: Summary::default() };
        let always = || true;
        let shelf = Shelf::new(self, data_dir, spare, Rests::begin(), &always);
        let mut flow = ControlFlow::Continue(());
        media::each_file(self, |hash, blob| {
            check.summary.rows += 1;
            flow = check.reading("media", check.summary.rows);
            if flow.is_continue()
                && let Some(why) = shelf.confirmed(hash, blob)?
            {
                flow = shelf.tell(&mut check, (hash, blob), &why, repair)?;
            }
            Ok(flow)
        })?;
        check.summary.cut_short = flow.is_break();
        Ok(check.summary)
    }
}

/// Where the files lie, and what one is read with.
pub(super) struct Shelf<'a> {
    store: &'a Store,
    data_dir: &'a Path,
    spare: Spare<'a>,
    opened: OnceCell<Option<Repository>>,
    pub(super) rests: Rests<'a>,
    /// Asked behind each part of a file; no more is read once it says no.
    pub(super) goes_on: &'a dyn Fn() -> bool,
    broken_off: Cell<bool>,
    /// What files are read into.
    part: RefCell<Vec<u8>>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(
        store: &'a Store,
        data_dir: &'a Path,
        spare: Spare<'a>,
        rests: Rests<'a>,
        goes_on: &'a dyn Fn() -> bool,
    ) -> Self {
        let (opened, part) = (OnceCell::new(), RefCell::new(vec![0; limits::FILL_BYTES]));
        Shelf { store, data_dir, spare, opened, rests, goes_on, broken_off: Cell::new(false), part }
    }

    /// What is wrong with a file, unless it is gone because nothing refers to it any more, and what can be done about it.
    ///
    /// # Errors
    /// Storage errors, `Unavailable` if it was broken off.
    pub(super) fn finding(&self, hash: BlobHash, blob: &Blob) -> Result<Option<Finding>> {
        let wrong = self.confirmed(hash, blob)?;
        Ok(wrong.map(|why| Finding::new(hash.path(), self.with_advice(hash, &why))))
    }

    /// What is wrong with a file, unless it is gone because nothing refers to it any more.
    fn confirmed(&self, hash: BlobHash, blob: &Blob) -> Result<Option<String>> {
        let mut wrong = None;
        for _ in 0..limits::CHECK_TRIES {
            wrong = self.look(hash, blob)?;
            if wrong.is_none() || !media::is_referred_to(self.store, hash)? {
                return Ok(None);
            }
        }
        Ok(wrong)
    }

    fn look(&self, hash: BlobHash, blob: &Blob) -> Result<Option<String>> {
        let read = self.read(hash);
        if self.broken_off.get() {
            return Err(Error::Unavailable);
        }
        Ok(match read {
            Ok((bytes, _)) if bytes != blob.bytes => Some(format!("it has {bytes} bytes; {} were stored", blob.bytes)),
            Ok((_, content)) if content != hash => Some("its content is not what its name says".to_owned()),
            Ok(_) => None,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some("it is missing".to_owned()),
            Err(error) => Some(format!("it cannot be read: {error}")),
        })
    }

    /// The length and the hash of a file.
    fn read(&self, hash: BlobHash) -> io::Result<(u64, BlobHash)> {
        let file = self.store.vfs().open(&self.data_dir.join(hash.path()), OpenMode::ReadOnly)?;
        BlobHash::of_file(file.as_ref(), &mut self.part.borrow_mut(), || {
            self.rests.pause();
            if (self.goes_on)() {
                return Ok(());
            }
            self.broken_off.set(true);
            Err(io::ErrorKind::Interrupted.into())
        })
    }

    fn repository(&self) -> Option<&Repository> {
        self.opened.get_or_init(|| (self.spare)()).as_ref()
    }

    /// What is wrong, and what can be done about it.
    fn with_advice(&self, hash: BlobHash, why: &str) -> String {
        let Some(repository) = self.repository() else { return without_backup(why) };
        let backup = repository.describe();
        match repository.has_file(hash) {
            Ok(true) => format!("{why}; the backup in {backup} has it, and `dassie check --repair` puts it back"),
            Ok(false) => lost(why, &backup),
            Err(error) => format!("{why}; the backup in {backup} could not be asked: {error}"),
        }
    }

    /// Says what is wrong and what to do, or makes it right.
    fn tell(
        &self,
        check: &mut Check<'_>,
        (hash, blob): (BlobHash, &Blob),
        why: &str,
        repair: Repair,
    ) -> Result<ControlFlow<()>> {
        let place = hash.path();
        if repair == Repair::Nothing {
            return Ok(check.found(&Finding::new(place, self.with_advice(hash, why))));
        }
        let Some(repository) = self.repository() else {
            return Ok(check.found(&Finding::new(place, without_backup(why))));
        };
        let backup = repository.describe();
        // What cannot be had or written is one finding, and the check goes on with the next file.
        let what = match repository.put_back(hash, blob.bytes, self.store.vfs(), self.data_dir) {
            Ok(()) => None,
            Err(Error::Corrupt { .. }) => Some(lost(why, &backup)),
            Err(error) => {
                Some(format!("{why}; the backup in {backup} could not be asked, or the file not be written: {error}"))
            }
        };
        if let Some(what) = what {
            return Ok(check.found(&Finding::new(place, what)));
        }
        if let Some(still) = self.confirmed(hash, blob)? {
            let what = format!("{why}; it was put back from the backup in {backup} and is wrong again: {still}");
            return Ok(check.found(&Finding::new(place, what)));
        }
        check.summary.mended += 1;
        let what = format!("{why}; it was put back from the backup in {backup}");
        Ok((check.hear)(Told::Mended(&Finding::new(place, what))))
    }
}

fn without_backup(why: &str) -> String {
    format!("{why}; there is no backup that could be asked for it (backup.to)")
}

fn lost(why: &str, backup: &str) -> String {
    format!("{why}; the backup in {backup} has it not, or not whole: it is lost unless it is posted anew")
}

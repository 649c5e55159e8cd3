//! Files beside the store: pictures under `DATA/media/aa/bb/SHA-256`, and what is being received under `DATA/upload/`.
//!
//! A file is durable before the commit that refers to it, and goes only after the last reference is gone. A crash in
//! between leaves a file nobody refers to, which `unreferenced` finds; never a reference without a file.

use crate::{
    error::{Error, Result},
    key::Key,
    limits,
    vfs::{OpenMode, Vfs, VfsFile},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    fmt, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The SHA-256 of a file: its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlobHash(pub [u8; 32]);

impl BlobHash {
    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let whole = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
        let mut hash = [0; 32];
        hash.copy_from_slice(whole.as_ref());
        BlobHash(hash)
    }

    /// Reads 64 hexadecimal digits in lower case; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(BlobHash(hash))
    }

    /// Where the file lies below the data directory.
    #[must_use]
    pub fn path(self) -> String {
        format!("media/{:02x}/{:02x}/{self}", self.0[0], self.0[1])
    }

    /// The bytes of a file that is read from its first to its last, and their hash. `between` is called behind each part,
    /// which is as long as `part`.
    ///
    /// # Errors
    /// As the system says, and that of `between`, which ends it.
    pub(crate) fn of_file(
        file: &dyn VfsFile,
        part: &mut [u8],
        mut between: impl FnMut() -> io::Result<()>,
    ) -> io::Result<(u64, Self)> {
        let (mut sum, mut at) = (aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256), 0);
        loop {
            let count = file.read_at(at, part)?;
            if count == 0 {
                break;
            }
            sum.update(&part[..count]);
            at += count as u64;
            between()?;
        }
        let mut hash = BlobHash([0; 32]);
        hash.0.copy_from_slice(sum.finish().as_ref());
        Ok((at, hash))
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Key for BlobHash {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let (head, tail) = bytes.split_first_chunk::<32>()?;
        *bytes = tail;
        Some(BlobHash(*head))
    }
}

/// The files of a data directory; cheap to clone. Everything here waits for the disk: never on an async worker.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    disk: Arc<dyn Vfs>,
    data: PathBuf,
    uses: Mutex<Uses>,
    changed: Condvar,
    counter: AtomicU64,
}

#[derive(Default)]
struct Uses {
    /// Files somebody is about to refer to, and how many do.
    kept: HashMap<BlobHash, usize>,
    /// Files about to be removed.
    removed: HashSet<BlobHash>,
    /// Names below `upload/` being written or read.
    uploads: HashSet<String>,
    /// Directories (`aa/bb`) whose names are known to be durable.
    durable: HashSet<[u8; 2]>,
}

/// A file that stays although no row refers to it yet. Held until the rule that refers to it has been executed.
pub struct Kept {
    files: Files,
    hash: BlobHash,
    bytes: u64,
}

impl Kept {
    /// Its name.
    #[must_use]
    pub fn hash(&self) -> BlobHash {
        self.hash
    }

    /// Its size.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let mut uses = self.files.uses();
        if let Some(count) = uses.kept.get_mut(&self.hash) {
            *count -= 1;
            if *count == 0 {
                uses.kept.remove(&self.hash);
            }
        }
    }
}

/// The right to remove a file: nobody can begin to refer to it until this is dropped.
pub struct Removal {
    files: Files,
    hash: BlobHash,
}

impl Removal {
    /// Removes the file; the caller has made sure that no row refers to it. One that is not there is fine.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove(self) -> Result<()> {
        let path = self.files.path(self.hash);
        self.files.0.disk.remove(&path).map_err(|error| failed("remove", &path, error))
    }
}

impl Drop for Removal {
    fn drop(&mut self) {
        self.files.uses().removed.remove(&self.hash);
        self.files.0.changed.notify_all();
    }
}

/// A file being received; removed when dropped before [`Incoming::finish`].
pub struct Incoming {
    files: Files,
    file: Arc<dyn VfsFile>,
    name: String,
    bytes: u64,
    finished: bool,
}

impl Incoming {
    /// Bytes so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends to the file.
    ///
    /// # Errors
    /// `Io`.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.files.upload_path(&self.name);
        self.file.write_at(self.bytes, bytes).map_err(|error| failed("write", &path, error))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Reads exactly as much as `into` holds, from `at` on.
    ///
    /// # Errors
    /// `Io`, also if there is less.
    pub fn read(&self, at: u64, into: &mut [u8]) -> Result<()> {
        let path = self.files.upload_path(&self.name);
        match self.file.read_at(at, into) {
            Ok(read) if read == into.len() => Ok(()),
            Ok(_) => Err(failed("read", &path, io::ErrorKind::UnexpectedEof.into())),
            Err(error) => Err(failed("read", &path, error)),
        }
    }

    /// The first bytes, at most `max`.
    ///
    /// # Errors
    /// `Io`.
    pub fn head(&self, max: usize) -> Result<Vec<u8>> {
        let mut head = vec![0; max.min(usize::try_from(self.bytes).unwrap_or(usize::MAX))];
        let path = self.files.upload_path(&self.name);
        let read = self.file.read_at(0, &mut head).map_err(|error| failed("read", &path, error))?;
        head.truncate(read);
        Ok(head)
    }

    /// Makes the file durable. It stays as long as the answer is held, and then as long as a row names it.
    ///
    /// # Errors
    /// `Io`.
    pub fn finish(mut self) -> Result<Received> {
        let path = self.files.upload_path(&self.name);
        self.file.sync_data().map_err(|error| failed("sync", &path, error))?;
        self.files.sync_dir(&self.files.uploads())?;
        self.finished = true;
        Ok(Received { files: self.files.clone(), name: self.name.clone() })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.finished {
            self.files.uses().uploads.remove(&self.name);
            // What cannot be removed now is found by the next sweep.
            let _ = self.files.0.disk.remove(&self.files.upload_path(&self.name));
        }
    }
}

/// A received file that stays although no row names it yet.
pub struct Received {
    files: Files,
    name: String,
}

impl Drop for Received {
    fn drop(&mut self) {
        self.files.uses().uploads.remove(&self.name);
    }
}

impl Files {
    /// The files below `data`.
    #[must_use]
    pub fn new(disk: Arc<dyn Vfs>, data: &Path) -> Self {
        Files(Arc::new(Inner {
            disk,
            data: data.to_owned(),
            uses: Mutex::default(),
            changed: Condvar::new(),
            counter: AtomicU64::new(0),
        }))
    }

    /// Begins to receive a file under `number`, drawn at random by the caller.
    ///
    /// # Errors
    /// `Io`.
    pub fn receive(&self, number: u64) -> Result<Incoming> {
        let name = format!("{number:016x}");
        let (dir, path) = (self.uploads(), self.upload_path(&name));
        self.0.disk.make_dir(&dir).map_err(|error| failed("make", &dir, error))?;
        self.uses().uploads.insert(name.clone());
        let opened = self.0.disk.open(&path, OpenMode::Truncate);
        let file = opened.map_err(|error| {
            self.uses().uploads.remove(&name);
            failed("make", &path, error)
        })?;
        Ok(Incoming { files: self.clone(), file, name, bytes: 0, finished: false })
    }

    /// Makes a file that was written as one is received durable below `takeout/`, under a name of its own.
    ///
    /// # Errors
    /// `Io`.
    pub fn take_out(&self, mut written: Incoming, name: &str) -> Result<()> {
        let (dir, from, to) = (self.takeouts(), self.upload_path(&written.name), self.takeouts().join(name));
        written.file.sync_data().map_err(|error| failed("sync", &from, error))?;
        self.0.disk.make_dir(&dir).map_err(|error| failed("make", &dir, error))?;
        self.0.disk.rename(&from, &to).map_err(|error| failed("rename", &to, error))?;
        written.finished = true;
        self.uses().uploads.remove(&written.name);
        self.sync_dir(&dir)?;
        self.sync_dir(&self.0.data)
    }

    /// Opens such a file; `None` if it is not there.
    ///
    /// # Errors
    /// `Io`.
    pub fn open_taken_out(&self, name: &str) -> Result<Option<Arc<dyn VfsFile>>> {
        let path = self.takeouts().join(name);
        match self.0.disk.open(&path, OpenMode::Existing) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("open", &path, error)),
        }
    }

    /// The names of such files with their bytes, at most `limits::SWEEP_MAX`.
    ///
    /// # Errors
    /// `Io`.
    pub fn taken_out_bytes(&self) -> Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        for name in self.taken_out()? {
            if let Some(file) = self.open_taken_out(&name)? {
                let bytes = file.size().map_err(|error| failed("look at", &self.takeouts().join(&name), error))?;
                found.push((name, bytes));
            }
        }
        Ok(found)
    }

    /// The names of such files, at most `limits::SWEEP_MAX`.
    ///
    /// # Errors
    /// `Io`.
    pub fn taken_out(&self) -> Result<Vec<String>> {
        let dir = self.takeouts();
        if !self.0.disk.exists(&dir).map_err(|error| failed("look at", &dir, error))? {
            return Ok(Vec::new());
        }
        let mut names = self.0.disk.list(&dir).map_err(|error| failed("list", &dir, error))?;
        names.truncate(limits::SWEEP_MAX);
        Ok(names)
    }

    /// Removes such a file; one that is not there is fine.
    ///
    /// # Errors
    /// `Io`.
    pub fn forget_taken_out(&self, name: &str) -> Result<()> {
        let path = self.takeouts().join(name);
        self.0.disk.remove(&path).map_err(|error| failed("remove", &path, error))
    }

    /// The whole of a received file; `None` if it is not there.
    ///
    /// # Errors
    /// `Io`, also beyond `limits::UPLOAD_BYTES_MAX`.
    pub fn received(&self, number: u64) -> Result<Option<Vec<u8>>> {
        let path = self.upload_path(&format!("{number:016x}"));
        crate::vfs::read_small(&*self.0.disk, &path, limits::UPLOAD_BYTES_MAX)
            .map_err(|error| failed("read", &path, error))
    }

    /// Removes a received file; one that is not there is fine.
    ///
    /// # Errors
    /// `Io`.
    pub fn forget_received(&self, number: u64) -> Result<()> {
        let path = self.upload_path(&format!("{number:016x}"));
        self.0.disk.remove(&path).map_err(|error| failed("remove", &path, error))
    }

    /// Makes a file of `bytes` durable: written beside, synced, renamed, its directory synced. The same content twice is
    /// one file.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep(&self, bytes: &[u8]) -> Result<Kept> {
        let hash = BlobHash::of(bytes);
        let kept = self.hold(hash, bytes.len() as u64);
        let path = self.path(hash);
        let dir = path.parent().unwrap_or(&self.0.data).to_owned();
        let new_names = !self.uses().durable.contains(&[hash.0[0], hash.0[1]]);
        if new_names {
            self.0.disk.make_dir(&dir).map_err(|error| failed("make", &dir, error))?;
        }
        if self.size(&path)? != Some(bytes.len() as u64) {
            self.write_beside(hash, &path, bytes)?;
        }
        self.sync_dir(&dir)?;
        if new_names {
            for above in dir.ancestors().skip(1).take(3) {
                self.sync_dir(above)?;
            }
            self.uses().durable.insert([hash.0[0], hash.0[1]]);
        }
        Ok(kept)
    }

    fn write_beside(&self, hash: BlobHash, path: &Path, bytes: &[u8]) -> Result<()> {
        let name = format!("{hash}.{}", self.0.counter.fetch_add(1, Ordering::Relaxed));
        let (uploads, beside) = (self.uploads(), self.upload_path(&name));
        self.0.disk.make_dir(&uploads).map_err(|error| failed("make", &uploads, error))?;
        self.uses().uploads.insert(name.clone());
        let written = (|| {
            let file = self.0.disk.open(&beside, OpenMode::Truncate)?;
            file.write_at(0, bytes)?;
            file.sync_data()?;
            self.0.disk.rename(&beside, path)
        })();
        self.uses().uploads.remove(&name);
        written.map_err(|error| {
            // What cannot be removed now is found by the next sweep.
            let _ = self.0.disk.remove(&beside);
            failed("write", path, error)
        })
    }

    /// Opens a file for reading; `None` if it is not there.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(&self, hash: BlobHash) -> Result<Option<Arc<dyn VfsFile>>> {
        let path = self.path(hash);
        match self.0.disk.open(&path, OpenMode::Existing) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("open", &path, error)),
        }
    }

    /// Begins to remove a file; `None` while somebody is about to refer to it. The caller then looks, in a transaction,
    /// whether a row refers to it.
    #[must_use]
    pub fn begin_removal(&self, hash: BlobHash) -> Option<Removal> {
        let mut uses = self.uses();
        if uses.kept.contains_key(&hash) || !uses.removed.insert(hash) {
            return None;
        }
        drop(uses);
        Some(Removal { files: self.clone(), hash })
    }

    /// The files whose names begin with `first`, at most `limits::SWEEP_MAX`.
    ///
    /// # Errors
    /// `Io`.
    pub fn beginning_with(&self, first: u8) -> Result<Vec<BlobHash>> {
        let mut found = Vec::new();
        let above = self.0.data.join(format!("media/{first:02x}"));
        if !self.0.disk.exists(&above).map_err(|error| failed("look at", &above, error))? {
            return Ok(found);
        }
        for second in 0..=u8::MAX {
            let dir = above.join(format!("{second:02x}"));
            let names = self.0.disk.list(&dir).map_err(|error| failed("list", &dir, error))?;
            found.extend(names.iter().filter_map(|name| BlobHash::parse(name)));
            if found.len() >= limits::SWEEP_MAX {
                found.truncate(limits::SWEEP_MAX);
                break;
            }
        }
        Ok(found)
    }

    /// The received files nobody is working on: their numbers; names that are no number are left-overs and removed.
    ///
    /// # Errors
    /// `Io`.
    pub fn idle_received(&self) -> Result<Vec<u64>> {
        let dir = self.uploads();
        let names = self.0.disk.list(&dir).map_err(|error| failed("list", &dir, error))?;
        let mut numbers = Vec::new();
        for name in names.into_iter().take(limits::SWEEP_MAX) {
            if self.uses().uploads.contains(&name) {
                continue;
            }
            match u64::from_str_radix(&name, 16).ok().filter(|_| name.len() == 16) {
                Some(number) => numbers.push(number),
                None => {
                    let path = self.upload_path(&name);
                    self.0.disk.remove(&path).map_err(|error| failed("remove", &path, error))?;
                }
            }
        }
        Ok(numbers)
    }

    fn takeouts(&self) -> PathBuf {
        self.0.data.join("takeout")
    }

    fn uses(&self) -> MutexGuard<'_, Uses> {
        self.0.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody removes the file, and keeps it.
    fn hold(&self, hash: BlobHash, bytes: u64) -> Kept {
        let mut uses = self.uses();
        while uses.removed.contains(&hash) {
            uses = self.0.changed.wait(uses).unwrap_or_else(PoisonError::into_inner);
        }
        *uses.kept.entry(hash).or_default() += 1;
        drop(uses);
        Kept { files: self.clone(), hash, bytes }
    }

    fn size(&self, path: &Path) -> Result<Option<u64>> {
        match self.0.disk.open(path, OpenMode::Existing).and_then(|file| file.size()) {
            Ok(size) => Ok(Some(size)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("open", path, error)),
        }
    }

    fn sync_dir(&self, dir: &Path) -> Result<()> {
        self.0.disk.sync_dir(dir).map_err(|error| failed("sync", dir, error))
    }

    fn path(&self, hash: BlobHash) -> PathBuf {
        self.0.data.join(hash.path())
    }

    fn uploads(&self) -> PathBuf {
        self.0.data.join("upload")
    }

    fn upload_path(&self, name: &str) -> PathBuf {
        self.uploads().join(name)
    }
}

fn failed(what: &str, path: &Path, source: io::Error) -> Error {
    Error::Io { what: format!("{what} {}", path.display()), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::{Cut, RealDisk, SimulatedDisk};

    fn files(dir: &Path) -> Files {
        Files::new(Arc::new(RealDisk), dir)
    }

    #[test]
    fn names_are_read_as_written_and_nothing_else_is_a_name() {
        let hash = BlobHash::of(b"abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(BlobHash::parse(&hash.to_string()), Some(hash));
        assert_eq!(BlobHash::from_bytes(&hash.to_bytes()), Some(hash));
        let upper = hash.to_string().to_uppercase();
        for bad in ["", "../../etc/passwd", upper.as_str(), &hash.to_string()[1..], &"g".repeat(64)] {
            assert_eq!(BlobHash::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn same_content_is_one_file_and_what_is_kept_cannot_be_removed() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = files(dir.path());
        let (one, two) = (files.keep(b"picture").expect("kept"), files.keep(b"picture").expect("kept"));
        let hash = one.hash();
        assert_eq!((hash, one.bytes()), (two.hash(), 7));
        assert_eq!(files.beginning_with(hash.0[0]).expect("listed"), [hash]);
        drop(one);
        assert!(files.begin_removal(hash).is_none(), "the other one still keeps it");
        drop(two);
        let removal = files.begin_removal(hash).expect("nobody keeps it");
        assert!(files.begin_removal(hash).is_none(), "one at a time");
        removal.remove().expect("removed");
        assert!(files.open(hash).expect("looked").is_none());
        assert!(files.idle_received().expect("listed").is_empty(), "nothing is left beside");
    }

    #[test]
    fn keeping_waits_for_a_removal_and_then_writes_anew() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = files(dir.path());
        let hash = files.keep(b"again").expect("kept").hash();
        let removal = files.begin_removal(hash).expect("nobody keeps it");
        let other = files.clone();
        let keeping = std::thread::spawn(move || other.keep(b"again").expect("kept"));
        removal.remove().expect("removed");
        let kept = keeping.join().expect("no panic");
        assert!(files.open(kept.hash()).expect("looked").is_some());
    }

    #[test]
    fn received_files_stay_while_somebody_works_on_them() {
        let dir = tempfile::tempdir().expect("a directory");
        let files = files(dir.path());
        let mut incoming = files.receive(7).expect("begun");
        incoming.append(b"ab").expect("written");
        incoming.append(b"cd").expect("written");
        assert_eq!((incoming.bytes(), incoming.head(3).expect("read")), (4, b"abc".to_vec()));
        assert!(files.idle_received().expect("listed").is_empty());
        let received = incoming.finish().expect("durable");
        assert!(files.idle_received().expect("listed").is_empty());
        assert_eq!(files.received(7).expect("read"), Some(b"abcd".to_vec()));
        drop(received);
        assert_eq!(files.idle_received().expect("listed"), [7]);
        files.forget_received(7).expect("removed");
        drop(files.receive(8).expect("begun"));
        assert_eq!(files.received(8).expect("read"), None, "what was not finished is gone");
        std::fs::write(dir.path().join("upload/rest.0"), b"x").expect("written");
        assert!(files.idle_received().expect("listed").is_empty());
        assert!(!dir.path().join("upload/rest.0").exists());
    }

    #[test]
    fn a_kept_file_survives_a_power_cut_at_every_later_moment() {
        let disk = SimulatedDisk::new();
        let data = Path::new("/data");
        disk.make_dir(data).expect("made");
        let content = vec![5; 5_000];
        let files = Files::new(Arc::new(disk.clone()), data);
        let hash = files.keep(&content).expect("kept").hash();
        disk.mark(1);
        files.keep(b"another").expect("kept");
        let mut looked = 0;
        for boundary in 0..=disk.boundaries() {
            if disk.marks(boundary).is_empty() {
                continue;
            }
            for cut in [Cut::Drop, Cut::Reorder(boundary as u64), Cut::Tear(boundary as u64)] {
                let after = Files::new(Arc::new(disk.image(boundary, cut)), data);
                let file = after.open(hash).expect("opened").unwrap_or_else(|| panic!("lost at {boundary}, {cut:?}"));
                let mut read = vec![0; 6_000];
                let count = file.read_at(0, &mut read).expect("read");
                assert_eq!(BlobHash::of(&read[..count]), hash, "at {boundary}, {cut:?}");
                looked += 1;
            }
        }
        assert!(looked > 10, "only {looked} images");
    }
}

//! Bases in a repository: the store's own base file in numbered parts, known by its hash.

use super::{
    Tell,
    object::Kind,
    point::{BaseRef, Line},
    repository::Repository,
    told,
};
use crate::{
    base,
    error::{Error, Result},
    limits,
    store::{Store, bases::rest},
    vfs::{OpenMode, Rests, Vfs},
};
use aws_lc_rs::digest::{Context, SHA256};
use std::path::Path;

/// The parts of a base in the repository have this before their number.
pub(super) fn prefix(line: u64, base: &BaseRef) -> String {
    let written = u64::try_from(base.written.0).unwrap_or(0);
    format!("base/{line:016x}/{:020}-{written:020}/", base.lsn.0)
}

/// Copies a base of the store, after reading all of it; answers it and the bytes written.
///
/// # Errors
/// `Corrupt` if it cannot be relied on, and the store does not rely on it any more either; `Io`.
pub(super) fn upload(
    repository: &Repository,
    store: &Store,
    line: Line,
    info: &base::BaseInfo,
    tell: Tell<'_>,
) -> Result<(BaseRef, u64)> {
    let time = store.time_of(info.upto)?.unwrap_or(info.written);
    let shared = store.shared();
    let (vfs, dir) = (shared.options.vfs.as_ref(), &shared.options.dir);
    let _files = shared.bases.reading_files();
    let rests = Rests::beside(&shared.appended);
    let go_on = || {
        rest(shared, &rests);
        told(tell, "reading a base snapshot", 0, info.rows).is_ok()
    };
    let distrust = |error: &Error| {
        if matches!(error, Error::Corrupt { .. }) {
            shared.bases.distrust(&info.name);
        }
    };
    base::verify(vfs, dir, &info.name, &go_on).inspect_err(distrust)?;
    let io = |error| Error::io(format!("read {}", info.name), error);
    let file = vfs.open(&dir.join(&info.name), OpenMode::ReadOnly).map_err(io)?;
    let mut base = BaseRef {
        lsn: info.lsn,
        upto: info.upto,
        time,
        written: info.written,
        rows: info.rows,
        bytes: info.bytes,
        parts: 0,
        hash: [0; 32],
    };
    let prefix = prefix(line.number, &base);
    let (mut hash, mut at, mut written) = (Context::new(&SHA256), 0, 0);
    let mut part = vec![0; limits::BACKUP_BASE_PART_BYTES];
    while at < info.bytes {
        let mut read = 0;
        for piece in part.chunks_mut(limits::WRITE_BACK_BYTES) {
            let got = file.read_at(at + read as u64, piece).map_err(io)?;
            hash.update(&piece[..got]);
            read += got;
            if got < piece.len() {
                break;
            }
            rest(shared, &rests);
        }
        if read == 0 {
            let cut = Error::corrupt(&info.name, format!("byte {at}"), "the file ends here");
            distrust(&cut);
            return Err(cut);
        }
        written += repository.put(Kind::Base, &format!("{prefix}{:06}", base.parts), &part[..read])?;
        rests.resume();
        at += read as u64;
        base.parts += 1;
        told(tell, "copying a base snapshot", at, info.bytes)?;
    }
    base.hash.copy_from_slice(hash.finish().as_ref());
    Ok((base, written))
}

/// Whether the parts of a base in the repository are what was copied.
///
/// # Errors
/// Those of the target but for damage; `Unavailable` if `tell` ends it.
pub(super) fn holds(repository: &Repository, line: u64, wanted: &BaseRef, tell: Tell<'_>) -> Result<bool> {
    let prefix = prefix(line, wanted);
    let (mut hash, mut at, rests) = (Context::new(&SHA256), 0, Rests::begin());
    for part in 0..wanted.parts {
        rests.pause();
        let content = match repository.get(Kind::Base, &format!("{prefix}{part:06}")) {
            Ok(content) => content,
            Err(Error::Corrupt { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        hash.update(&content);
        at += content.len() as u64;
        told(tell, "reading a base snapshot", at, wanted.bytes)?;
    }
    Ok(hash.finish().as_ref() == wanted.hash && at == wanted.bytes)
}

/// Writes a base into a store's directory and reads it back.
///
/// # Errors
/// `Corrupt` naming the object, or the file if it is not what was copied once; `Io`.
pub(super) fn download(
    repository: &Repository,
    line: u64,
    wanted: &BaseRef,
    (vfs, store_dir): (&dyn Vfs, &Path),
    tell: Tell<'_>,
) -> Result<()> {
    let (prefix, dir) = (prefix(line, wanted), store_dir.join(base::DIR));
    let name = base::name_of(wanted.lsn);
    let io = |error| Error::io(format!("write {name}"), error);
    vfs.make_dir(&dir).map_err(io)?;
    let file = vfs.open(&store_dir.join(&name), OpenMode::Truncate).map_err(io)?;
    let (mut hash, mut at) = (Context::new(&SHA256), 0);
    for part in 0..wanted.parts {
        let content = repository.get(Kind::Base, &format!("{prefix}{part:06}"))?;
        hash.update(&content);
        file.write_at(at, &content).map_err(io)?;
        file.sync_data().map_err(io)?;
        at += content.len() as u64;
        told(tell, "fetching a base snapshot", at, wanted.bytes)?;
    }
    if hash.finish().as_ref() != wanted.hash || at != wanted.bytes {
        let why = "its parts together are not the base snapshot that was copied";
        return Err(Error::corrupt(format!("the backup's objects {prefix}"), "the whole", why));
    }
    vfs.sync_dir(&dir).map_err(io)?;
    let info = base::verify(vfs, store_dir, &name, &|| told(tell, "reading it back", 0, wanted.rows).is_ok())?;
    if (info.lsn, info.upto, info.rows) != (wanted.lsn, wanted.upto, wanted.rows) {
        return Err(Error::corrupt(name, "the last block", "it is another base than the point names"));
    }
    Ok(())
}

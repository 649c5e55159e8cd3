//! A data directory in one file: gzip of files one after another, each as the length of its name (u16), the name, the
//! length of its bytes (u64), its bytes; numbers little-endian.

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// Files that are made anew at each start, or hold nothing but room.
const LEFT_OUT: &[&str] = &["LOCK", "control.sock", "reserve", "probe", "search"];

/// All files below `dir`, in order.
pub(crate) fn pack(dir: &Path) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    for path in files(dir) {
        let name = path.strip_prefix(dir).expect("it lies below").to_str().expect("a plain name").to_owned();
        let bytes = fs::read(&path).expect("a file");
        let length = u16::try_from(name.len()).expect("a short name");
        out.write_all(&length.to_le_bytes()).expect("memory");
        out.write_all(name.as_bytes()).expect("memory");
        out.write_all(&(bytes.len() as u64).to_le_bytes()).expect("memory");
        out.write_all(&bytes).expect("memory");
    }
    out.finish().expect("memory")
}

/// Makes the files of a pack below `dir`.
pub(crate) fn unpack(packed: &[u8], dir: &Path) {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).expect("a whole pack");
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let name_len = u16::from_le_bytes(take(&mut rest, 2).try_into().expect("two bytes"));
        let name = String::from_utf8(take(&mut rest, name_len.into()).to_vec()).expect("a plain name");
        let len = u64::from_le_bytes(take(&mut rest, 8).try_into().expect("eight bytes"));
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("it lies below")).expect("a directory");
        fs::write(path, take(&mut rest, usize::try_from(len).expect("small"))).expect("a file");
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(count);
    *rest = tail;
    head
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let entry = entry.expect("an entry");
        if LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type().expect("a type").is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

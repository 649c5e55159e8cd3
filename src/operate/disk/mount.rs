//! What file system lies under a directory, from `/proc/self/mountinfo` (proc(5)).

use std::path::{Path, PathBuf};

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: PathBuf,
    /// Its type, as `ext4`.
    pub filesystem: String,
    /// What is mounted, without `/dev/`: `sda1`, `server:/export`.
    pub device: String,
    /// `major:minor`, by which the system knows its block device.
    pub number: String,
    /// Whether its block device turns; `None` if it has none or the system does not say.
    pub rotational: Option<bool>,
}

/// What a type of file system means for a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A disk, as far as one can tell.
    Disk,
    /// On another machine: locks and syncs there keep no promise the store needs.
    Network,
    /// Gone with the next power cut.
    Memory,
}

/// The kind of a file system type.
#[must_use]
pub fn kind_of(filesystem: &str) -> Kind {
    match filesystem {
        "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p" | "ceph" | "glusterfs" | "afs" | "lustre" | "ocfs2"
        | "gfs2" | "beegfs" | "ncpfs" | "coda" | "fuse.sshfs" | "fuse.glusterfs" | "fuse.ceph" | "fuse.ceph-fuse"
        | "fuse.s3fs" | "fuse.rclone" | "fuse.gcsfuse" | "fuse.juicefs" | "fuse.davfs" | "fuse.curlftpfs" => {
            Kind::Network
        }
        "tmpfs" | "ramfs" => Kind::Memory,
        _ => Kind::Disk,
    }
}

/// The mount that holds `path`, which is absolute and without links: the longest mount point above it; of two on the
/// same point the later one, which hides the other.
#[must_use]
pub fn mount_of(mountinfo: &str, path: &Path) -> Option<Mount> {
    let above = mountinfo.lines().filter_map(parse).filter(|mount| path.starts_with(&mount.point));
    above.max_by_key(|mount| mount.point.components().count())
}

/// One line: `36 35 98:0 /root /mnt2 rw,noatime master:1 - ext3 /dev/root rw`.
fn parse(line: &str) -> Option<Mount> {
    let (before, behind) = line.split_once(" - ")?;
    let mut before = before.split(' ').skip(2);
    let (number, point) = (before.next()?, before.nth(1)?);
    let mut behind = behind.split(' ');
    let (filesystem, source) = (behind.next()?, unescape(behind.next()?));
    Some(Mount {
        point: PathBuf::from(unescape(point)),
        filesystem: filesystem.to_owned(),
        device: source.strip_prefix("/dev/").map(str::to_owned).unwrap_or(source),
        number: number.to_owned(),
        rotational: None,
    })
}

/// Space, tab, newline and backslash are written as three octal digits behind a backslash.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 4).filter(|_| bytes[at] == b'\\');
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 4;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The mount under an existing directory; `None` where the system does not say (not Linux, no `/proc`).
pub(crate) fn under(dir: &Path) -> Option<Mount> {
    let path = dir.canonicalize().ok()?;
    let mountinfo = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let mut mount = mount_of(&mountinfo, &path)?;
    // A partition has no queue of its own: its disk, one level up, does.
    let device = format!("/sys/dev/block/{}", mount.number);
    let says = |place: &str| std::fs::read_to_string(format!("{device}/{place}")).ok();
    mount.rotational = says("queue/rotational").or_else(|| says("../queue/rotational")).map(|text| text.trim() == "1");
    Some(mount)
}

/// Why the store cannot lie on this file system; `None` if it can.
pub(crate) fn refusal(dir: &Path, mount: &Mount) -> Option<String> {
    (kind_of(&mount.filesystem) == Kind::Network).then(|| {
        format!(
            "{} is on a network file system ({} from {}), which cannot promise that what was acknowledged is safe; \
             stop dassie, copy the directory to a local disk and start it with --data there",
            dir.display(),
            mount.filesystem,
            mount.device
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "\
6 27 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
20 6 0:30 / /srv rw,relatime shared:1 master:2 - tmpfs tmpfs rw
21 20 8:1 / /srv/with\\040space\\134 rw - ext4 /dev/sda1 rw
22 6 0:40 / /mnt/nas rw - nfs4 nas:/export/my\\040data rw,vers=4.2
23 6 8:17 / /srv rw - xfs /dev/sdb1 rw
24 6 0:50 / /mnt/ssh rw - fuse.sshfs me@host:/ rw
this is no line
";

    fn found(path: &str) -> (String, String) {
        let mount = mount_of(INFO, Path::new(path)).expect("there is a root");
        (mount.filesystem, mount.device)
    }

    fn both(filesystem: &str, device: &str) -> (String, String) {
        (filesystem.to_owned(), device.to_owned())
    }

    #[test]
    fn the_longest_mount_point_wins_and_a_later_one_hides_an_earlier_one() {
        assert_eq!(found("/var/lib/dassie"), both("ext4", "vda"));
        assert_eq!(found("/srv/dassie"), both("xfs", "sdb1"));
        assert_eq!(found("/srvx"), both("ext4", "vda"), "names are compared whole");
        assert_eq!(found("/srv/with space\\/dassie"), both("ext4", "sda1"));
        assert_eq!(found("/mnt/nas/dassie"), both("nfs4", "nas:/export/my data"));
        assert_eq!(mount_of("", Path::new("/")), None);
    }

    #[test]
    fn network_file_systems_are_refused_in_a_sentence() {
        for kind in ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs", "fuse.glusterfs"] {
            assert_eq!(kind_of(kind), Kind::Network, "{kind}");
        }
        for kind in ["ext4", "xfs", "btrfs", "zfs", "overlay", "f2fs", "fuseblk", "apfs"] {
            assert_eq!(kind_of(kind), Kind::Disk, "{kind}");
        }
        assert_eq!(kind_of("tmpfs"), Kind::Memory);
        let dir = Path::new("/mnt/nas/dassie");
        let why = refusal(dir, &mount_of(INFO, dir).expect("found")).expect("refused");
        assert_eq!(
            why,
            "/mnt/nas/dassie is on a network file system (nfs4 from nas:/export/my data), which cannot promise that \
             what was acknowledged is safe; stop dassie, copy the directory to a local disk and start it with --data \
             there"
        );
        let local = Path::new("/srv/dassie");
        assert_eq!(refusal(local, &mount_of(INFO, local).expect("found")), None);
    }

    #[test]
    fn escapes_that_are_none_stay_as_they_are() {
        assert_eq!(unescape("a\\040b\\011c\\\\d\\9"), "a b\tc\\\\d\\9");
        assert_eq!(unescape("é\\04"), "é\\04");
    }
}

//! What file system lies under a directory, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)).

use std::{
    collections::BTreeSet,
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub point: PathBuf,
    /// Its type, as `ext4`.
    pub filesystem: String,
    /// What is mounted, without `/dev/`: `sda1`, `server:/export`.
    pub device: String,
    /// `major:minor`, by which the system knows its block device; major 0: it has none of its own (btrfs, zfs, overlay).
    pub number: String,
    /// Whether its block device turns; `None` if it has none or the system does not say.
    pub rotational: Option<bool>,
}

/// What a type of file system means for a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A disk, as far as one can tell.
    Disk,
    /// On another machine, or on the machine around this one: locks and syncs there keep no promise the store needs.
    Network,
    /// Gone with the next power cut.
    Memory,
    /// A program answers for it (FUSE), and nobody knows where it keeps what it is given.
    Program,
}

/// The kind of a file system type.
#[must_use]
pub fn kind_of(filesystem: &str) -> Kind {
    match filesystem {
        "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p" | "ceph" | "glusterfs" | "afs" | "lustre" | "ocfs2"
        | "gfs2" | "gpfs" | "beegfs" | "orangefs" | "pvfs2" | "ncpfs" | "coda" | "vboxsf" | "prl_fs"
        | "fuse.prl_fsd" | "fuse.sshfs" | "fuse.glusterfs" | "fuse.ceph" | "fuse.ceph-fuse" | "fuse.s3fs"
        | "fuse.rclone" | "fuse.gcsfuse" | "fuse.juicefs" | "fuse.davfs" | "fuse.curlftpfs" | "fuse.mount-s3"
        | "fuse.mountpoint-s3" | "fuse.goofys" | "fuse.s3ql" | "fuse.seaweedfs" | "fuse.mfs" | "fuse.mfsmount"
        | "fuse.lizardfs" | "fuse.blobfuse" | "fuse.blobfuse2" | "fuse.vmhgfs-fuse" => Kind::Network,
        "tmpfs" | "ramfs" => Kind::Memory,
        // They write to a block device, or to the disk below.
        "fuse.ntfs-3g" | "fuse.fuse-overlayfs" => Kind::Disk,
        // That of virtiofs is on the machine around this one, and by default it makes safe what it is told to.
        "fuse" | "virtiofs" => Kind::Program,
        other if other.starts_with("fuse.") => Kind::Program,
        _ => Kind::Disk,
    }
}

impl Mount {
    /// Its kind. Some programs name themselves as what is mounted and leave the type at `fuse`.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match (self.filesystem.as_str(), self.device.as_str()) {
            ("fuse", "mountpoint-s3" | "mount-s3" | "blobfuse" | "blobfuse2" | "s3fs" | "gcsfuse" | "goofys") => {
                Kind::Network
            }
            ("fuse", "ntfs-3g" | "fuse-overlayfs") => Kind::Disk,
            (filesystem, _) => kind_of(filesystem),
        }
    }
}

/// A line of mountinfo: the mount, its number and that of the mount it is mounted on.
struct Line {
    id: u64,
    parent: u64,
    mount: Mount,
}

/// The mount that holds `path`, which is absolute and without links, found as the kernel finds it: from the root along the
/// path, entering what is mounted on each of its directories in the mount reached so far. So a later mount hides what was
/// mounted below the directory before, wherever that stands in the list.
#[must_use]
pub fn mount_of(mountinfo: &str, path: &Path) -> Option<Mount> {
    let lines: Vec<Line> = mountinfo.lines().filter_map(parse).collect();
    let ids: BTreeSet<u64> = lines.iter().map(|line| line.id).collect();
    let below_nothing = |line: &Line| line.parent == line.id || !ids.contains(&line.parent);
    let mut prefixes: Vec<&Path> = path.ancestors().collect();
    prefixes.reverse();
    let mut at: Option<&Line> = None;
    for prefix in prefixes {
        // Mounts on one directory lie on each other; no more of them than there are lines.
        for _ in 0..lines.len() {
            let entered = |line: &&Line| {
                let on = at.map_or_else(|| below_nothing(line), |at| line.parent == at.id && line.id != at.id);
                on && line.mount.point == prefix
            };
            let Some(next) = lines.iter().rfind(entered) else { break };
            at = Some(next);
            // What lies over the root itself is not seen by whoever stands on the root.
            if prefix.parent().is_none() {
                break;
            }
        }
    }
    at.map(|line| line.mount.clone())
}

/// One line: `36 35 98:0 /root /mnt2 rw,noatime master:1 - ext3 /dev/root rw`.
fn parse(line: &str) -> Option<Line> {
    let (before, behind) = line.split_once(" - ")?;
    let mut before = before.split(' ');
    let (id, parent) = (before.next()?.parse().ok()?, before.next()?.parse().ok()?);
    let (number, point) = (before.next()?, before.nth(1)?);
    let mut behind = behind.split(' ');
    let (filesystem, source) = (behind.next()?, unescape(behind.next()?));
    let mount = Mount {
        point: PathBuf::from(unescape(point)),
        filesystem: filesystem.to_owned(),
        device: source.strip_prefix("/dev/").map(str::to_owned).unwrap_or(source),
        number: number.to_owned(),
        rotational: None,
    };
    Some(Line { id, parent, mount })
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
    // The kernel escapes white space, and nothing else: a name may be no UTF-8.
    let mountinfo = std::fs::read("/proc/self/mountinfo").ok()?;
    let mut mount = mount_of(&String::from_utf8_lossy(&mountinfo), &path)?;
    let number = block_number(&mount, |device| {
        let data = std::fs::metadata(device).ok()?;
        data.file_type().is_block_device().then(|| data.rdev())
    });
    // A partition has no queue of its own: its disk, one level up, does.
    let device = format!("/sys/dev/block/{number}");
    let says = |place: &str| std::fs::read_to_string(format!("{device}/{place}")).ok();
    mount.rotational = says("queue/rotational").or_else(|| says("../queue/rotational")).map(|text| text.trim() == "1");
    Some(mount)
}

/// The number of a mount's block device. Where that of the mount is made up, as on btrfs, what is mounted says which: a
/// file below `/dev`, whose number `rdev` looks up.
fn block_number(mount: &Mount, rdev: impl FnOnce(&Path) -> Option<u64>) -> String {
    if !mount.number.starts_with("0:") {
        return mount.number.clone();
    }
    let found = rdev(&Path::new("/dev").join(&mount.device));
    found.map_or_else(|| mount.number.clone(), |device| format!("{}:{}", major(device), minor(device)))
}

/// Of a device's number as Linux writes it, see makedev(3).
fn major(device: u64) -> u64 {
    ((device >> 8) & 0xfff) | ((device >> 32) & 0xffff_f000)
}

/// The other part of it.
fn minor(device: u64) -> u64 {
    (device & 0xff) | ((device >> 12) & 0xffff_ff00)
}

/// Why the store cannot lie on this file system; `None` if it can.
fn refusal(dir: &Path, mount: &Mount) -> Option<String> {
    (mount.kind() == Kind::Network).then(|| {
        format!(
            "{} is on a network file system ({} from {}), which cannot promise that what was acknowledged is safe; \
             choose a directory on a local disk with --data, and copy what is here while dassie is stopped",
            dir.display(),
            mount.filesystem,
            mount.device
        )
    })
}

/// Why a store cannot lie in a data directory, whose mounts `under` tells: in the directory itself, or where its store, its
/// pictures or its index are already, each of which may be a link or a mount of its own.
pub(crate) fn refusal_in(data_dir: &Path, under: impl Fn(&Path) -> Option<Mount>) -> Option<String> {
    let parts = ["store", "media", "search"].map(|part| data_dir.join(part));
    let mut places = std::iter::once(data_dir).chain(parts.iter().map(PathBuf::as_path));
    places.find_map(|dir| refusal(dir, &under(dir)?))
}

/// A word on a file system of which nobody knows whether it keeps what it promises.
pub(super) fn note(data_dir: &str, mount: &Mount) -> Option<String> {
    (mount.kind() == Kind::Program).then(|| {
        format!(
            "a program answers for the file system under the data directory {data_dir} ({} from {}): unless it makes \
             safe what it is told to, a power cut may lose what was acknowledged; if it keeps its files on another \
             machine, choose a local disk",
            mount.filesystem, mount.device
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
23 20 8:17 / /srv rw - xfs /dev/sdb1 rw
24 6 0:50 / /mnt/ssh rw - fuse.sshfs me@host:/ rw
25 23 0:51 / /srv/deep rw - btrfs /dev/sdc rw
26 25 0:52 / /srv/deep/er rw - overlay overlay rw
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
    fn mounts_are_entered_from_the_root_on_and_a_later_one_hides_what_was_below() {
        assert_eq!(found("/var/lib/dassie"), both("ext4", "vda"));
        assert_eq!(found("/"), both("ext4", "vda"));
        assert_eq!(found("/srv/dassie"), both("xfs", "sdb1"));
        assert_eq!(found("/srvx"), both("ext4", "vda"), "names are compared whole");
        assert_eq!(found("/srv/with space\\/dassie"), both("xfs", "sdb1"), "hidden by what came over /srv");
        assert_eq!(found("/mnt/nas/dassie"), both("nfs4", "nas:/export/my data"));
        assert_eq!(found("/srv/deep"), both("btrfs", "sdc"));
        assert_eq!(found("/srv/deep/er/dassie"), both("overlay", "overlay"));
        assert_eq!(mount_of("", Path::new("/")), None);
    }

    #[test]
    fn numbers_decide_and_not_the_order_of_the_lines() {
        let mut lines: Vec<&str> = INFO.lines().collect();
        lines.reverse();
        let reversed = lines.join("\n");
        for (path, filesystem) in [("/srv/with space\\/x", "xfs"), ("/srv/deep/er", "overlay"), ("/mnt/nas", "nfs4")] {
            assert_eq!(mount_of(&reversed, Path::new(path)).expect("found").filesystem, filesystem, "{path}");
        }
        // Mounted below /srv again, after it was hidden: seen.
        let again = format!("{INFO}30 23 8:33 / /srv/with\\040space\\134 rw - ext4 /dev/sdd1 rw\n");
        let seen = mount_of(&again, Path::new("/srv/with space\\/dassie")).expect("found");
        assert_eq!(seen.device, "sdd1");
    }

    #[test]
    fn what_leads_nowhere_ends() {
        // Over the root: whoever stands on the root does not see it.
        let over = format!("{INFO}40 6 0:60 / / rw - tmpfs tmpfs rw\n");
        assert_eq!(mount_of(&over, Path::new("/var")).expect("found").filesystem, "ext4");
        // A root that is no mount of its own (chroot), parents in a circle, a mount on itself.
        let jail = "50 49 8:2 / /data rw - ext4 /dev/sde rw\n";
        assert_eq!(mount_of(jail, Path::new("/data/x")).map(|mount| mount.device), Some("sde".to_owned()));
        assert_eq!(mount_of(jail, Path::new("/other")), None);
        let circle = "1 2 8:1 / /a rw - ext4 /dev/a rw\n2 1 8:2 / /a rw - ext4 /dev/b rw\n";
        assert_eq!(mount_of(circle, Path::new("/a/x")), None);
        let itself = "1 1 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /a rw - xfs /dev/b rw\n";
        assert_eq!(mount_of(itself, Path::new("/a/x")).map(|mount| mount.filesystem), Some("xfs".to_owned()));
    }

    #[test]
    fn network_file_systems_are_refused_in_a_sentence() {
        for kind in [
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "9p",
            "ceph",
            "glusterfs",
            "gpfs",
            "orangefs",
            "pvfs2",
            "vboxsf",
            "prl_fs",
            "fuse.prl_fsd",
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.mount-s3",
            "fuse.mountpoint-s3",
            "fuse.goofys",
            "fuse.s3ql",
            "fuse.seaweedfs",
            "fuse.mfs",
            "fuse.mfsmount",
            "fuse.lizardfs",
            "fuse.blobfuse2",
            "fuse.vmhgfs-fuse",
        ] {
            assert_eq!(kind_of(kind), Kind::Network, "{kind}");
        }
        for kind in
            ["ext4", "xfs", "btrfs", "zfs", "overlay", "f2fs", "apfs", "fuseblk", "fuse.ntfs-3g", "fuse.fuse-overlayfs"]
        {
            assert_eq!(kind_of(kind), Kind::Disk, "{kind}");
        }
        assert_eq!(kind_of("tmpfs"), Kind::Memory);
        let dir = Path::new("/mnt/nas/dassie");
        let why = refusal(dir, &mount_of(INFO, dir).expect("found")).expect("refused");
        assert_eq!(
            why,
            "/mnt/nas/dassie is on a network file system (nfs4 from nas:/export/my data), which cannot promise that \
             what was acknowledged is safe; choose a directory on a local disk with --data, and copy what is here \
             while dassie is stopped"
        );
        let local = Path::new("/srv/dassie");
        assert_eq!(refusal(local, &mount_of(INFO, local).expect("found")), None);
    }

    fn of(filesystem: &str, device: &str) -> Mount {
        Mount {
            point: "/".into(),
            filesystem: filesystem.to_owned(),
            device: device.to_owned(),
            number: "0:50".to_owned(),
            rotational: None,
        }
    }

    #[test]
    fn a_program_that_answers_for_a_file_system_is_named_unless_it_is_known() {
        assert_eq!(of("fuse", "mountpoint-s3").kind(), Kind::Network);
        assert_eq!(of("fuse", "blobfuse2").kind(), Kind::Network);
        for mount in [of("fuseblk", "sda1"), of("fuse.ntfs-3g", "sda1"), of("fuse.fuse-overlayfs", "fuse-overlayfs")] {
            assert_eq!((mount.kind(), note("/d", &mount)), (Kind::Disk, None), "{mount:?}");
        }
        for mount in [of("fuse.mergerfs", "a:b"), of("fuse", "my-bucket"), of("virtiofs", "shared")] {
            let text = note("/d", &mount).unwrap_or_else(|| panic!("{mount:?} is named"));
            assert!(text.contains(&format!("under the data directory /d ({}", mount.filesystem)), "{text}");
            assert_eq!(refusal(Path::new("/d"), &mount), None);
        }
        assert_eq!(note("/d", &of("ext4", "sda1")), None);
    }

    #[test]
    fn a_store_elsewhere_than_its_data_directory_is_looked_at_as_well() {
        let data = Path::new("/srv/dassie");
        let mounts = |of_data: &'static str, of_store: Option<&'static str>| {
            move |dir: &Path| match dir == data {
                true => Some(of(of_data, "x")),
                false => of_store.map(|kind| of(kind, "nas:/x")).filter(|_| dir == data.join("store")),
            }
        };
        assert_eq!(refusal_in(data, mounts("ext4", None)), None, "there is no store yet");
        assert_eq!(refusal_in(data, mounts("ext4", Some("xfs"))), None);
        let why = refusal_in(data, mounts("ext4", Some("nfs4"))).expect("refused");
        assert!(why.starts_with("/srv/dassie/store is on a network file system (nfs4 from nas:/x)"), "{why}");
        let why = refusal_in(data, mounts("cifs", Some("ext4"))).expect("refused");
        assert!(why.starts_with("/srv/dassie is on a network file system"), "{why}");
        for part in ["media", "search"] {
            let elsewhere = |dir: &Path| match dir == data.join(part) {
                true => Some(of("nfs4", "nas:/x")),
                false => Some(of("ext4", "x")),
            };
            let why = refusal_in(data, elsewhere).expect("refused");
            assert!(why.starts_with(&format!("/srv/dassie/{part} is on a network file system (nfs4")), "{why}");
        }
    }

    #[test]
    fn a_link_to_another_file_system_is_followed() {
        let dir = tempfile::tempdir().expect("a directory");
        let link = dir.path().join("store");
        std::os::unix::fs::symlink("/proc", &link).expect("linked");
        let mount = under(&link).expect("the system says what is mounted");
        assert_eq!(mount.filesystem, "proc");
    }

    #[test]
    fn a_made_up_number_leads_to_the_device_that_is_mounted() {
        let rdev = |device: &Path| (device == Path::new("/dev/sdc")).then_some(0x0820);
        assert_eq!(block_number(&of("btrfs", "sdc"), rdev), "8:32");
        assert_eq!(block_number(&of("zfs", "tank/data"), rdev), "0:50");
        assert_eq!(block_number(&of("overlay", "overlay"), rdev), "0:50");
        let own = Mount { number: "8:1".to_owned(), ..of("ext4", "sdc") };
        assert_eq!(block_number(&own, rdev), "8:1", "its own is right");
        assert_eq!((major(0x1231_0345), minor(0x1231_0345)), (259, 0x1_2345), "both halves of the minor number");
        assert_eq!((major(0x1000_0000_0301), minor(0x1000_0000_0301)), (0x1003, 1), "and of the major one");
    }

    #[test]
    fn escapes_that_are_none_stay_as_they_are() {
        assert_eq!(unescape("a\\040b\\011c\\\\d\\9"), "a b\tc\\\\d\\9");
        assert_eq!(unescape("é\\04"), "é\\04");
    }
}

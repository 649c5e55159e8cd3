//! Files beside the store: damage to them is named and mended from a backup; backups, restores and standbys have them all,
//! or say which they have not.

use crate::rich;
use std::{
    cell::Cell,
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use storage::{
    AccountId, BlobHash, Environment, Error, Files, Finding, Options, Sizes, Store, Timestamp, account,
    backup::{
        Backup, Begin, Begun, Beside, Directory, Follower, Keep, Made, Moment, Progress, Repository, Restore, Restored,
        Shipper, Verified,
        target::{Object, Target},
        verify,
    },
    check::{Repair, Summary, Told},
    media::{self, File, FileKind, ProfilePart, ProfilePicture},
    vfs::{Fault, FaultOn, OpenMode, SimulatedDisk, Vfs},
};

const DAY: i64 = 24 * 60 * 60_000;

fn go_on(_: Progress) -> bool {
    true
}

/// A store whose people have pictures, and a target on another disk.
pub(crate) struct Gallery {
    pub(crate) disk: SimulatedDisk,
    target_disk: SimulatedDisk,
    pub(crate) store: Store,
    files: Files,
    now: Arc<AtomicI64>,
}

fn options(disk: &SimulatedDisk, dir: &str, now: &Arc<AtomicI64>) -> Options {
    let (now, seed) = (now.clone(), AtomicU64::new(7));
    let environment = Environment {
        now: Arc::new(move || Timestamp(now.fetch_add(1, Ordering::SeqCst))),
        random: Arc::new(move || seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).rotate_left(17)),
    };
    Options { vfs: Arc::new(disk.clone()), environment, sizes: Sizes::small(), ..Options::new(dir) }
}

impl Gallery {
    pub(crate) fn new() -> Gallery {
        let (disk, target_disk) = (SimulatedDisk::new(), SimulatedDisk::new());
        let now = Arc::new(AtomicI64::new(1_767_225_600_000));
        let store = Store::open(options(&disk, "/data/store", &now)).unwrap();
        // The log waits for backups, as it does where they are scheduled.
        store.keep_log_behind(Some(storage::Lsn(0)));
        let files = Files::new(Arc::new(disk.clone()), Path::new("/data"));
        Gallery { disk, target_disk, store, files, now }
    }

    fn later(&self, ms: i64) -> Timestamp {
        Timestamp(self.now.fetch_add(ms + 1, Ordering::SeqCst) + ms)
    }

    /// Somebody gets a picture.
    pub(crate) fn show(&self, number: u64, content: &[u8]) -> BlobHash {
        let kept = self.files.keep(content).unwrap();
        let file = File::of(&kept, FileKind::Png, 4, 3);
        let rule = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            let id = AccountId(1_000 + number);
            account::put(tx, &rich::account(id, &format!("p{number}"), Some("many.test")))?;
            let picture = ProfilePicture { file, still: None };
            media::set_profile_picture(tx, id, ProfilePart::Avatar, Some(&picture))
        };
        self.store.write(rule).unwrap();
        kept.hash()
    }

    /// The picture goes with its file, as the job that follows would do it.
    fn hide(&self, number: u64, hash: BlobHash) {
        let rule = move |tx: &mut storage::Tx<'_>| -> Result<(), Error> {
            media::set_profile_picture(tx, AccountId(1_000 + number), ProfilePart::Avatar, None)
        };
        self.store.write(rule).unwrap();
        self.lose(hash);
    }

    /// Waits until the engine has everything.
    fn is_applied(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.store.state().applied < self.store.state().durable {
            assert!(Instant::now() < deadline, "all is applied");
            thread::yield_now();
        }
    }

    fn lose(&self, hash: BlobHash) {
        self.disk.remove(&self.path(hash)).unwrap();
    }

    pub(crate) fn path(&self, hash: BlobHash) -> PathBuf {
        Path::new("/data").join(hash.path())
    }

    fn target(&self) -> Arc<Directory> {
        Arc::new(Directory::new(Arc::new(self.target_disk.clone()), "/target"))
    }

    fn repository(&self) -> Repository {
        Repository::open(self.target(), None).unwrap().unwrap()
    }

    fn back_up(&self, keep: Keep, begin: Begin, tell: &dyn Fn(Progress) -> bool) -> Made {
        self.back_up_to(self.target(), keep, begin, tell)
    }

    fn back_up_to(&self, to: Arc<dyn Target>, keep: Keep, begin: Begin, tell: &dyn Fn(Progress) -> bool) -> Made {
        let beside = Some(Beside { data_dir: Path::new("/data"), config: None });
        let backup = Backup { store: &self.store, beside, keep, begin, program: "test", tell };
        let made = backup.run(to, None).unwrap();
        assert_eq!(made.untidy, None);
        made
    }

    fn back_up_all(&self, begin: Begin) -> Made {
        self.back_up(Keep { last: 100, days: 0 }, begin, &go_on)
    }

    fn shipper(&self) -> Box<Shipper> {
        let Begun::Ready(mut shipper) = Shipper::begin(self.repository(), &self.store).unwrap() else {
            panic!("a backup is needed")
        };
        shipper.ship_files_of(Path::new("/data"));
        shipper
    }

    fn restore(&self, moment: Moment) -> (SimulatedDisk, Restored) {
        let disk = SimulatedDisk::new();
        let options = options(&disk, "/new/store", &self.now);
        let (repository, data_dir) = (self.repository(), Some(Path::new("/new")));
        let restore = Restore { repository: &repository, moment, options, data_dir, tell: &go_on };
        (disk, restore.run().unwrap())
    }

    fn verified(&self) -> storage::Result<Verified> {
        let options = options(&SimulatedDisk::new(), "/scratch", &self.now);
        verify(&self.repository(), None, &options, &go_on)
    }

    /// What a check finds, what it mends, and what it came to.
    pub(crate) fn check(&self, spare: Option<&Gallery>, repair: Repair) -> (Vec<Finding>, Vec<Finding>, Summary) {
        let (mut found, mut mended) = (Vec::new(), Vec::new());
        let repository = || spare.map(Gallery::repository);
        let mut hear = |told: Told<'_>| {
            match told {
                Told::Found(finding) => found.push(finding.clone()),
                Told::Mended(finding) => mended.push(finding.clone()),
                Told::Reading { .. } => {}
            }
            ControlFlow::Continue(())
        };
        let summary = self.store.check_files(Path::new("/data"), &repository, repair, &mut hear).unwrap();
        (found, mended, summary)
    }
}

fn restored_file(disk: &SimulatedDisk, hash: BlobHash) -> Option<Vec<u8>> {
    disk.contents(&Path::new("/new").join(hash.path())).ok()
}

#[test]
fn a_picture_that_is_damaged_or_missing_is_named_and_put_back_from_a_backup() {
    let gallery = Gallery::new();
    let hashes: Vec<_> = (0..5_u8).map(|number| gallery.show(number.into(), &[number; 3_000])).collect();
    assert_eq!(gallery.store.check().unwrap(), []);
    let (found, _, summary) = gallery.check(None, Repair::Nothing);
    assert_eq!((found.as_slice(), summary.rows), (&[][..], 5));
    gallery.back_up_all(Begin::WhereItEnded);
    gallery.disk.rot(&gallery.path(hashes[1]), 2_999).unwrap();
    gallery.lose(hashes[2]);
    let short = gallery.disk.open(&gallery.path(hashes[3]), OpenMode::Existing).unwrap();
    short.set_len(100).unwrap();
    let said = [(1, "not what its name says"), (2, "it is missing"), (3, "it has 100 bytes; 3000 were stored")];
    let assert_named = |found: &[Finding], and: &str| {
        assert_eq!(found.len(), 3, "{found:?}");
        for (index, why) in said {
            let place = hashes[index].path();
            let of_it = found.iter().find(|finding| finding.place == place).unwrap();
            assert!(of_it.what.contains(why) && of_it.what.contains(and), "{of_it}");
        }
    };
    assert_named(&gallery.check(None, Repair::Nothing).0, "no backup that could be asked");
    assert_named(&gallery.check(Some(&gallery), Repair::Nothing).0, "`dassie check --repair` puts it back");
    // Nothing is removed where there is nothing to put back.
    let before = gallery.disk.files();
    let (found, mended, _) = gallery.check(None, Repair::Derived);
    assert_eq!((found.len(), mended.len(), gallery.disk.files()), (3, 0, before));
    let (found, mended, summary) = gallery.check(Some(&gallery), Repair::Derived);
    assert_eq!((found.len(), summary.found, summary.mended), (0, 0, 3));
    assert_named(&mended, "put back from the backup in /target");
    for (number, hash) in hashes.iter().enumerate() {
        assert_eq!(gallery.disk.contents(&gallery.path(*hash)).unwrap(), [u8::try_from(number).unwrap(); 3_000]);
    }
    assert_eq!(gallery.check(None, Repair::Nothing).0, []);
    // A backup that is damaged in the same place mends nothing and spoils nothing.
    gallery.disk.rot(&gallery.path(hashes[4]), 7).unwrap();
    let rotten = gallery.disk.contents(&gallery.path(hashes[4])).unwrap();
    let object = object_of(&gallery, hashes[4]);
    gallery.target_disk.rot(&object, 30).unwrap();
    let (found, mended, _) = gallery.check(Some(&gallery), Repair::Derived);
    assert!(found.len() == 1 && found[0].what.contains("has it not, or not whole") && mended.is_empty(), "{found:?}");
    assert_eq!(gallery.disk.contents(&gallery.path(hashes[4])).unwrap(), rotten);
}

/// The first object of a file in an unsealed target.
fn object_of(gallery: &Gallery, hash: BlobHash) -> PathBuf {
    let name = format!("{hash}-000000");
    let all = gallery.target_disk.files();
    all.into_iter().find(|path| path.ends_with(&name)).unwrap_or_else(|| panic!("{hash} is not in the target"))
}

fn has_object_of(gallery: &Gallery, hash: BlobHash) -> bool {
    gallery.target_disk.files().iter().any(|path| path.ends_with(format!("{hash}-000000")))
}

/// Whatever has a file's hash in its path cannot be read from now on.
fn unreadable(hash: BlobHash) -> Fault {
    Fault { name: hash.to_string(), on: FaultOn::Read, after: 0, times: usize::MAX, kind: io::ErrorKind::Other }
}

#[test]
fn a_backup_that_cannot_be_asked_for_one_picture_is_asked_for_the_others() {
    let gallery = Gallery::new();
    let (away, there) = (gallery.show(1, b"away"), gallery.show(2, b"there"));
    gallery.back_up_all(Begin::WhereItEnded);
    gallery.lose(away);
    gallery.lose(there);
    gallery.target_disk.inject(unreadable(away));
    let said_of_it = |found: &[Finding]| {
        let of_it = found.iter().find(|finding| finding.place == away.path()).unwrap();
        assert!(of_it.what.contains("it is missing") && of_it.what.contains("could not be asked"), "{of_it}");
    };
    let (found, _, _) = gallery.check(Some(&gallery), Repair::Nothing);
    assert_eq!(found.len(), 2, "{found:?}");
    said_of_it(&found);
    let (found, mended, _) = gallery.check(Some(&gallery), Repair::Derived);
    assert_eq!((found.len(), mended.len()), (1, 1), "{found:?}");
    said_of_it(&found);
    assert_eq!(gallery.disk.contents(&gallery.path(there)).unwrap(), b"there");
    gallery.target_disk.heal();
    let (found, mended, _) = gallery.check(Some(&gallery), Repair::Derived);
    assert_eq!((found.len(), mended.len()), (0, 1));
    assert_eq!(gallery.disk.contents(&gallery.path(away)).unwrap(), b"away");
}

#[test]
fn a_picture_that_nothing_refers_to_is_not_missed() {
    let gallery = Gallery::new();
    let hash = gallery.show(1, b"gone");
    gallery.show(2, b"stays");
    gallery.hide(1, hash);
    let (found, _, summary) = gallery.check(None, Repair::Nothing);
    assert_eq!((found.as_slice(), summary.rows), (&[][..], 1));
}

#[test]
fn a_check_of_files_ends_when_nobody_listens() {
    let gallery = Gallery::new();
    for number in 0..9_u8 {
        gallery.show(number.into(), &[number; 10]);
    }
    let mut heard = 0;
    let mut hear = |_: Told<'_>| {
        heard += 1;
        if heard < 4 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let summary = gallery.store.check_files(Path::new("/data"), &|| None, Repair::Nothing, &mut hear).unwrap();
    assert!(summary.cut_short && summary.rows == 4, "{summary:?}");
}

#[test]
fn a_damaged_picture_is_not_backed_up_as_good_and_the_good_copy_stays() {
    let gallery = Gallery::new();
    let first = gallery.show(1, &[1; 500]);
    gallery.back_up_all(Begin::WhereItEnded);
    gallery.disk.rot(&gallery.path(first), 9).unwrap();
    // All files are read once more.
    let made = gallery.back_up_all(Begin::Anew);
    assert_eq!((made.damaged.count, made.missing.count, made.point.files), (1, 0, 1));
    let said = &made.damaged.first[0];
    assert!(said.contains(&first.path()) && said.contains("the backup has it as it was"), "{said}");
    assert_eq!(gallery.verified().unwrap().files, 1);
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty() && restored.damaged.is_empty(), "{restored:?}");
    assert_eq!(restored_file(&disk, first).unwrap(), [1; 500]);
    // One of which there never was a good copy.
    let second = gallery.show(2, &[2; 500]);
    gallery.disk.rot(&gallery.path(second), 9).unwrap();
    let made = gallery.back_up_all(Begin::WhereItEnded);
    let said = made.damaged.first.join("\n");
    assert!(said.contains(&second.path()) && said.contains("is not in the backup"), "{said}");
    assert!(!has_object_of(&gallery, second), "what is damaged is not stored under the name of what it was");
    let why = gallery.verified().unwrap_err();
    assert!(matches!(why, Error::Refused(_)) && why.to_string().contains(&second.path()), "{why}");
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert_eq!((restored.missing.count, restored.missing.first.as_slice()), (1, &[second.path()][..]));
    assert_eq!(restored_file(&disk, second), None);
    // Once it is whole again, so is the backup.
    gallery.lose(second);
    gallery.files.keep(&[2; 500]).unwrap();
    gallery.back_up_all(Begin::WhereItEnded);
    assert_eq!(gallery.verified().unwrap().files, 2);
}

#[test]
fn a_picture_rotten_here_and_in_the_backup_calls_for_no_backup_anew_without_end() {
    let gallery = Gallery::new();
    let rotten = gallery.show(1, &[1; 500]);
    gallery.show(2, &[2; 500]);
    gallery.back_up_all(Begin::WhereItEnded);
    gallery.disk.rot(&gallery.path(rotten), 9).unwrap();
    gallery.target_disk.rot(&object_of(&gallery, rotten), 30).unwrap();
    // What is damaged on a list calls for a backup anew.
    assert!(matches!(gallery.verified(), Err(Error::Corrupt { .. })));
    let made = gallery.back_up_all(Begin::Anew);
    assert_eq!((made.damaged.count, made.point.files), (1, 1));
    // That has it on no list, and another would not either.
    let why = gallery.verified().unwrap_err();
    assert!(matches!(why, Error::Refused(_)) && why.to_string().contains(&rotten.path()), "{why}");
}

#[test]
fn a_picture_that_cannot_be_read_keeps_neither_the_log_nor_the_other_files_from_a_backup() {
    let gallery = Gallery::new();
    let old = gallery.show(1, b"old");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let (never_read, fresh) = (gallery.show(2, b"never read"), gallery.show(3, b"fresh"));
    gallery.disk.inject(unreadable(never_read));
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!(shipper.shipped(), gallery.store.durable());
    assert!(has_object_of(&gallery, fresh) && !has_object_of(&gallery, never_read));
    let made = gallery.back_up_all(Begin::WhereItEnded);
    let said = made.damaged.to_string();
    assert!(said.contains(&never_read.path()) && said.contains("is not in the backup"), "{said}");
    assert_eq!((made.damaged.count, made.missing.count, made.point.files), (1, 0, 2));
    // One that was read before stays as it was.
    gallery.disk.inject(unreadable(old));
    let made = gallery.back_up_all(Begin::Anew);
    let said = made.damaged.to_string();
    assert!(said.contains(&format!("{} is damaged here; the backup has it as it was", old.path())), "{said}");
    assert_eq!((made.damaged.count, made.point.files), (2, 2));
    gallery.disk.heal();
    let made = gallery.back_up_all(Begin::WhereItEnded);
    assert!(made.damaged.is_empty() && made.point.files == 3, "{made:?}");
    assert_eq!(gallery.verified().unwrap().files, 3);
}

#[test]
fn a_picture_that_cannot_be_read_for_want_of_memory_is_shipped_a_round_later() {
    let gallery = Gallery::new();
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let before = shipper.shipped();
    let late = gallery.show(1, b"late");
    gallery.disk.inject(Fault { kind: io::ErrorKind::OutOfMemory, ..unreadable(late) });
    let why = shipper.round(&gallery.store, &go_on).unwrap_err();
    assert!(matches!(&why, Error::Io { .. }) && why.to_string().contains(&late.path()), "{why}");
    assert_eq!(shipper.shipped(), before, "the log waits for it");
    gallery.disk.heal();
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!(shipper.shipped(), gallery.store.durable());
    assert!(has_object_of(&gallery, late));
}

#[test]
fn a_backup_that_misses_a_picture_says_so_and_is_not_called_good() {
    let gallery = Gallery::new();
    gallery.show(1, b"there");
    let lost = gallery.show(2, b"lost");
    gallery.lose(lost);
    let made = gallery.back_up_all(Begin::WhereItEnded);
    assert_eq!((made.missing.count, made.missing.first.as_slice()), (1, &[lost.path()][..]));
    let why = gallery.verified().unwrap_err();
    assert!(matches!(why, Error::Refused(_)) && why.to_string().contains(&lost.path()), "{why}");
    gallery.files.keep(b"lost").unwrap();
    let made = gallery.back_up_all(Begin::WhereItEnded);
    assert!(made.missing.is_empty() && gallery.verified().is_ok());
    // And one whose object goes from the target.
    gallery.target_disk.remove(&object_of(&gallery, lost)).unwrap();
    let why = gallery.verified().unwrap_err();
    assert!(matches!(why, Error::Corrupt { .. }) && why.to_string().contains(&lost.to_string()), "{why}");
}

#[test]
fn a_picture_whose_last_reference_goes_while_a_backup_runs_is_in_it() {
    let gallery = Gallery::new();
    let hashes: Vec<_> = (0..3_u8).map(|number| gallery.show(number.into(), &[number; 700])).collect();
    // The second look at the files comes when what the store holds is settled already.
    let looks = Cell::new(0);
    let tell = |progress: Progress| {
        if progress.what == "copying files" {
            looks.set(looks.get() + 1);
            if looks.get() == 4 {
                gallery.hide(1, hashes[1]);
            }
        }
        true
    };
    let made = gallery.back_up(Keep { last: 9, days: 0 }, Begin::WhereItEnded, &tell);
    assert!(looks.get() > 4, "{} looks", looks.get());
    assert!(made.missing.is_empty() && made.point.files == 3, "{made:?}");
    assert_eq!(gallery.verified().unwrap().files, 3);
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty(), "{restored:?}");
    assert_eq!(restored_file(&disk, hashes[1]).unwrap(), [1; 700]);
}

#[test]
fn a_picture_that_comes_and_goes_between_two_looks_of_a_backup_is_told() {
    let gallery = Gallery::new();
    gallery.show(1, b"one");
    gallery.show(2, b"two");
    let (looks, brief) = (Cell::new(0), Cell::new(None));
    let tell = |progress: Progress| {
        if progress.what == "copying files" {
            looks.set(looks.get() + 1);
            match looks.get() {
                // Behind the first listing, before what the store holds is settled.
                2 => brief.set(Some(gallery.show(3, b"brief"))),
                3 => gallery.hide(3, brief.get().unwrap()),
                _ => {}
            }
        }
        true
    };
    let made = gallery.back_up(Keep { last: 9, days: 0 }, Begin::WhereItEnded, &tell);
    let path = brief.get().unwrap().path();
    assert_eq!((made.missing.count, made.missing.first.as_slice()), (1, &[path][..]));
}

#[test]
fn a_picture_posted_behind_the_newest_backup_is_restored_with_its_post() {
    let gallery = Gallery::new();
    let old = gallery.show(1, b"old");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let fresh = gallery.show(2, &[2; 4_000]);
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!(shipper.shipped(), gallery.store.durable());
    let brief = gallery.show(3, &[3; 4_000]);
    shipper.round(&gallery.store, &go_on).unwrap();
    let then = gallery.later(0);
    gallery.hide(3, brief);
    shipper.round(&gallery.store, &go_on).unwrap();
    // The disk is gone.
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty() && restored.damaged.is_empty(), "{restored:?}");
    assert_eq!((restored_file(&disk, old).unwrap(), restored_file(&disk, brief)), (b"old".to_vec(), None));
    assert_eq!(restored_file(&disk, fresh).unwrap(), [2; 4_000]);
    // Neither the point before nor the one behind lists what was there between them.
    let made = gallery.back_up_all(Begin::WhereItEnded);
    assert_eq!(made.point.files, 2);
    let (disk, restored) = gallery.restore(Moment::At(then));
    assert!(restored.missing.is_empty(), "{restored:?}");
    assert_eq!(restored_file(&disk, brief).unwrap(), [3; 4_000]);
    // What was never there is named.
    let lost = gallery.show(4, b"lost");
    gallery.lose(lost);
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!(shipper.shipped(), gallery.store.durable(), "the log goes on without it");
    let (_, restored) = gallery.restore(Moment::Newest);
    assert_eq!((restored.missing.count, restored.missing.first.as_slice()), (1, &[lost.path()][..]));
}

#[test]
fn shipped_pictures_stay_as_long_as_a_moment_that_stays_needs_them() {
    let gallery = Gallery::new();
    gallery.show(1, b"one");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let brief = gallery.show(2, b"brief");
    shipper.round(&gallery.store, &go_on).unwrap();
    gallery.hide(2, brief);
    shipper.round(&gallery.store, &go_on).unwrap();
    // No point ever lists it.
    let newest_alone = Keep { last: 1, days: 0 };
    for _ in 0..3 {
        gallery.later(2 * DAY);
        gallery.back_up(newest_alone, Begin::WhereItEnded, &go_on);
        assert!(has_object_of(&gallery, brief), "the log from the first transaction on is needed");
    }
    let marks =
        |gallery: &Gallery| gallery.target_disk.files().iter().filter(|path| path.starts_with("/target/sent")).count();
    assert!(marks(&gallery) > 0);
    // Behind a base of its own that log is not.
    gallery.later(2 * DAY);
    gallery.back_up(newest_alone, Begin::Anew, &go_on);
    gallery.later(2 * DAY);
    gallery.show(3, b"three");
    gallery.back_up(newest_alone, Begin::WhereItEnded, &go_on);
    assert!(!has_object_of(&gallery, brief) && marks(&gallery) == 0);
    assert_eq!(gallery.verified().unwrap().files, 2);
    // The same picture again, whose object was removed.
    let mut shipper = gallery.shipper();
    assert_eq!(gallery.show(4, b"brief"), brief);
    shipper.round(&gallery.store, &go_on).unwrap();
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty(), "{restored:?}");
    assert_eq!(restored_file(&disk, brief).unwrap(), b"brief");
}

/// A target where something happens once: right behind the listing of marks by which a backup, its point being made, knows
/// what it may remove.
struct Meanwhile {
    inside: Arc<Directory>,
    made: AtomicBool,
    happens: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Target for Meanwhile {
    fn put(&self, name: &str, content: &[u8]) -> storage::Result<()> {
        self.inside.put(name, content)?;
        if name.starts_with("point/") {
            self.made.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    fn get(&self, name: &str) -> storage::Result<Option<Vec<u8>>> {
        self.inside.get(name)
    }

    fn size(&self, name: &str) -> storage::Result<Option<u64>> {
        self.inside.size(name)
    }

    fn list(&self, prefix: &str) -> storage::Result<Vec<Object>> {
        let listed = self.inside.list(prefix)?;
        if prefix == "sent/" && self.made.load(Ordering::SeqCst) {
            let happens = self.happens.lock().unwrap().take();
            happens.into_iter().for_each(|happens| happens());
        }
        Ok(listed)
    }

    fn remove(&self, name: &str) -> storage::Result<()> {
        self.inside.remove(name)
    }

    fn describe(&self) -> String {
        self.inside.describe()
    }
}

#[test]
fn a_picture_that_is_shipped_while_a_backup_removes_what_nobody_needs_stays() {
    let gallery = Arc::new(Gallery::new());
    gallery.show(1, b"one");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let again = gallery.show(2, b"again");
    shipper.round(&gallery.store, &go_on).unwrap();
    gallery.hide(2, again);
    shipper.round(&gallery.store, &go_on).unwrap();
    let newest_alone = Keep { last: 1, days: 0 };
    gallery.later(2 * DAY);
    gallery.back_up(newest_alone, Begin::Anew, &go_on);
    gallery.later(2 * DAY);
    gallery.show(3, b"three");
    assert!(has_object_of(&gallery, again), "the next backup removes it");
    let of_it = gallery.clone();
    let happens = move || {
        assert_eq!(of_it.show(4, b"again"), again);
        let mut shipper = of_it.shipper();
        shipper.round(&of_it.store, &go_on).unwrap();
        assert_eq!(shipper.shipped(), of_it.store.durable());
    };
    let to = Arc::new(Meanwhile {
        inside: gallery.target(),
        made: AtomicBool::default(),
        happens: Mutex::new(Some(Box::new(happens))),
    });
    gallery.back_up_to(to.clone(), newest_alone, Begin::WhereItEnded, &go_on);
    assert!(to.happens.lock().unwrap().is_none(), "it happened");
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty(), "{restored:?}");
    assert_eq!(restored_file(&disk, again).unwrap(), b"again");
    // Once the sweep is over, the next one removes what is not needed then.
    gallery.hide(4, again);
    // A base holds what is applied: that the picture was shown as well.
    gallery.is_applied();
    for begin in [Begin::Anew, Begin::WhereItEnded] {
        gallery.later(2 * DAY);
        gallery.back_up(newest_alone, begin, &go_on);
    }
    assert!(!has_object_of(&gallery, again));
}

#[test]
fn a_round_of_shipping_can_be_ended_between_two_pictures() {
    let gallery = Gallery::new();
    gallery.show(1, b"one");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let hashes: Vec<_> = (0..4_u8).map(|number| gallery.show(10 + u64::from(number), &[number; 30])).collect();
    let (before, looks) = (shipper.shipped(), Cell::new(0));
    let tell = |progress: Progress| {
        assert_eq!((progress.what, progress.total), ("shipping files", 4));
        looks.set(looks.get() + 1);
        looks.get() <= 2
    };
    assert!(matches!(shipper.round(&gallery.store, &tell), Err(Error::Unavailable)));
    let there = || hashes.iter().filter(|hash| has_object_of(&gallery, **hash)).count();
    assert_eq!((there(), shipper.shipped()), (2, before));
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!((there(), shipper.shipped()), (4, gallery.store.durable()));
}

#[test]
fn a_round_ships_a_bounded_number_of_pictures_and_the_log_waits_for_them() {
    let gallery = Gallery::new();
    gallery.show(1, b"one");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let many = storage::limits::SHIP_FILES as u64 + 20;
    let hashes: Vec<_> = (0..many).map(|number| gallery.show(10 + number, &number.to_be_bytes())).collect();
    shipper.round(&gallery.store, &go_on).unwrap();
    assert!(shipper.shipped() < gallery.store.durable());
    let there = || hashes.iter().filter(|hash| has_object_of(&gallery, **hash)).count();
    assert_eq!(there(), storage::limits::SHIP_FILES);
    let (_, restored) = gallery.restore(Moment::Newest);
    assert!(restored.missing.is_empty() && restored.files == 1 + there() as u64, "{restored:?}");
    shipper.round(&gallery.store, &go_on).unwrap();
    assert_eq!((shipper.shipped(), there()), (gallery.store.durable(), hashes.len()));
}

#[test]
fn a_standby_has_the_pictures_of_what_was_shipped() {
    let gallery = Gallery::new();
    let old = gallery.show(1, b"old");
    gallery.back_up_all(Begin::WhereItEnded);
    let mut shipper = gallery.shipper();
    let between = gallery.show(2, b"between");
    shipper.round(&gallery.store, &go_on).unwrap();
    let disk = SimulatedDisk::new();
    let (options, data) = (options(&disk, "/new/store", &gallery.now), Path::new("/new"));
    Follower::set_up(&gallery.repository(), &options, data, &go_on).unwrap();
    let mut follower = Follower::open(gallery.repository(), options.clone()).unwrap();
    let catch_up = |follower: &mut Follower| {
        while follower.step().unwrap().done > 0 {}
        follower.fetch_files(data, &go_on).unwrap();
    };
    catch_up(&mut follower);
    assert_eq!(
        (restored_file(&disk, old).unwrap(), restored_file(&disk, between).unwrap()),
        (b"old".to_vec(), b"between".to_vec())
    );
    let fresh = gallery.show(3, b"fresh");
    shipper.round(&gallery.store, &go_on).unwrap();
    catch_up(&mut follower);
    assert_eq!(restored_file(&disk, fresh).unwrap(), b"fresh");
    // Done, but not fetched when it was stopped.
    let late = gallery.show(4, b"late");
    shipper.round(&gallery.store, &go_on).unwrap();
    follower.step().unwrap();
    follower.store().close().unwrap();
    drop(follower);
    let mut follower = Follower::open(gallery.repository(), options).unwrap();
    catch_up(&mut follower);
    assert_eq!(restored_file(&disk, late).unwrap(), b"late");
    assert!(follower.missing_files(data, &go_on).unwrap().is_empty());
    let lost = gallery.show(5, b"lost");
    gallery.lose(lost);
    shipper.round(&gallery.store, &go_on).unwrap();
    catch_up(&mut follower);
    let missing = follower.missing_files(data, &go_on).unwrap();
    assert_eq!((missing.count, missing.first), (1, vec![lost.path()]));
}

#[test]
fn what_is_damaged_in_a_backup_does_not_keep_the_rest_from_being_restored() {
    let gallery = Gallery::new();
    let (rotten, whole) = (gallery.show(1, b"rotten"), gallery.show(2, b"whole"));
    gallery.back_up_all(Begin::WhereItEnded);
    gallery.target_disk.rot(&object_of(&gallery, rotten), 30).unwrap();
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert_eq!((restored.missing.first.as_slice(), restored.files), (&[rotten.path()][..], 1));
    assert!(restored.damaged.first[0].contains(&rotten.to_string()), "{restored:?}");
    assert_eq!(restored_file(&disk, whole).unwrap(), b"whole");
    // Without its list a file is found by the row that refers to it.
    let lists = gallery.target_disk.files().into_iter().filter(|path| path.starts_with("/target/list"));
    lists.for_each(|path| gallery.target_disk.rot(&path, 30).unwrap());
    let (disk, restored) = gallery.restore(Moment::Newest);
    assert!(restored.damaged.first[0].contains("list/"), "{restored:?}");
    assert_eq!((restored_file(&disk, whole).unwrap(), restored_file(&disk, rotten)), (b"whole".to_vec(), None));
}

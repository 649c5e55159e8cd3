//! Backups of the past are restored for ever: each repository under `tests/fixtures/backups/` is restored by the binary
//! to its end and to moments before, with the posts and pictures of then, checked, seen restored, and gone on with.

use crate::{listing, pack, read, version};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use storage::{BlobHash, Bounds, Direction, EngineKind, Store, Timestamp, status::STATUSES};

/// What opens those that are sealed with a passphrase.
const PASSPHRASE: &str = "a passphrase for tests alone";

/// A repository of an earlier program, packed.
struct Old {
    /// The folder of its version.
    fixture: PathBuf,
    /// Its name in there.
    name: &'static str,
    /// What stands in the environment to open it.
    opens: Option<(&'static str, String)>,
}

/// The same on the disk.
struct Placed<'o> {
    old: &'o Old,
    scratch: tempfile::TempDir,
    place: String,
}

impl Old {
    fn unpacked(&self) -> Placed<'_> {
        let scratch = tempfile::tempdir().expect("a directory");
        let place = scratch.path().join("backups");
        pack::unpack(&read(&self.fixture, &format!("{}.pack", self.name)), &place);
        Placed { old: self, place: place.to_str().expect("a plain path").to_owned(), scratch }
    }

    /// What was noted when it was written.
    fn written(&self) -> Value {
        serde_json::from_slice(&read(&self.fixture, &format!("{}.json", self.name))).expect("JSON")
    }

    fn what(&self) -> String {
        format!("{} {}", self.fixture.display(), self.name)
    }
}

impl Placed<'_> {
    /// Runs the binary on the data directory of a name.
    fn run(&self, opens: Option<&(&'static str, String)>, arguments: &[&str], data: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
        for name in ["DASSIE_DATA_DIR", "DASSIE_BACKUP__TO", "DASSIE_BACKUP__KEY_FILE", "DASSIE_BACKUP__PASSPHRASE"] {
            command.env_remove(name);
        }
        command.envs(opens.map(|(name, value)| (*name, value.as_str())));
        command.current_dir(self.scratch.path()).stdin(Stdio::null());
        command.args(arguments).args(["--data", data]).output().expect("the binary runs")
    }

    fn fine(&self, arguments: &[&str], data: &str) -> String {
        let Output { status, stdout, stderr } = self.run(self.old.opens.as_ref(), arguments, data);
        let said = String::from_utf8_lossy(&stdout).into_owned();
        let what = self.old.what();
        assert!(status.success(), "{what}: {arguments:?}: {said}{}", String::from_utf8_lossy(&stderr));
        said
    }

    fn refused(&self, opens: Option<&(&'static str, String)>, arguments: &[&str], data: &str) -> String {
        let output = self.run(opens, arguments, data);
        assert!(!output.status.success(), "{}: {arguments:?}: {output:?}", self.old.what());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn restore(&self, at: Option<&str>, data: &str) -> String {
        let moment = at.map(|at| ["--at", at]);
        let arguments: Vec<&str> =
            ["restore", self.place.as_str()].into_iter().chain(moment.into_iter().flatten()).collect();
        self.fine(&arguments, data)
    }

    /// Holds a restored data directory against what was noted of a moment: posts by their ids, files by their content.
    fn compare(&self, data: &str, moment: &Value, now: Timestamp) {
        let (data, what) = (self.scratch.path().join(data), format!("{} {}", self.old.what(), moment["at"]));
        let posts = moment["posts"].as_object().expect("posts");
        let then: BTreeMap<String, String> =
            posts.iter().map(|(id, text)| (id.clone(), text.as_str().expect("a text").to_owned())).collect();
        let store = listing::open(&data, EngineKind::Redb, now);
        assert_eq!(posts_in(&store), then, "{what}");
        store.close().expect("it closes");
        let then: Vec<&str> =
            moment["files"].as_array().expect("files").iter().map(|path| path.as_str().expect("a path")).collect();
        let mut found = Vec::new();
        collect(&data.join("media"), &mut found);
        found.sort();
        let found: Vec<String> =
            found.iter().map(|path| BlobHash::of(&fs::read(path).expect("a file")).path()).collect();
        assert_eq!(found, then, "{what}");
        for path in then {
            assert!(data.join(path).is_file(), "{what}: {path}");
        }
    }
}

/// All repositories, those of the oldest version first.
fn repositories() -> Vec<Old> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/backups");
    let entries = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path());
    let mut versions: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    versions.sort_by_key(|fixture| version(fixture));
    assert!(!versions.is_empty(), "there is no fixture");
    let of_version = |fixture: PathBuf| {
        let key = fixture.join("key").to_str().expect("a plain path").to_owned();
        let sealed = [
            ("key", "DASSIE_BACKUP__KEY_FILE", key),
            ("passphrase", "DASSIE_BACKUP__PASSPHRASE", PASSPHRASE.to_owned()),
        ];
        let plain = Old { fixture: fixture.clone(), name: "plain", opens: None };
        let sealed = sealed.map(|(name, variable, value)| Old {
            fixture: fixture.clone(),
            name,
            opens: Some((variable, value)),
        });
        std::iter::once(plain).chain(sealed)
    };
    versions.into_iter().flat_map(of_version).collect()
}

fn posts_in(store: &Store) -> BTreeMap<String, String> {
    let read = store.read(|view| STATUSES.list(view, &(), Bounds::NONE, Direction::Ascending, 100));
    let rows = read.unwrap_or_else(|error: storage::Error| panic!("posts: {error}"));
    rows.into_iter().map(|(id, status)| (id.to_string(), status.text)).collect()
}

/// The files below a directory; none if it is not there.
fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_old_repository_is_restored_to_the_moments_it_had() {
    for old in repositories() {
        let (placed, written) = (old.unpacked(), old.written());
        let now = Timestamp(written["written_ms"].as_i64().expect("milliseconds since 1970"));
        let moments = written["moments"].as_array().expect("moments");
        assert!(moments.iter().any(|moment| moment["at"].is_null()) && moments.len() > 2, "{}", old.what());
        for (number, moment) in moments.iter().enumerate() {
            let data = format!("data{number}");
            let said = placed.restore(moment["at"].as_str(), &data);
            assert!(!said.contains("damaged") && !said.contains("has not"), "{}: {said}", old.what());
            let said = placed.fine(&["check"], &data);
            assert!(said.contains("nothing is wrong; "), "{}: {said}", old.what());
            placed.compare(&data, moment, now);
        }
    }
}

#[test]
fn every_old_repository_is_seen_whole_and_gone_on_with() {
    for old in repositories() {
        let (placed, written) = (old.unpacked(), old.written());
        let place = placed.place.as_str();
        if old.opens.is_some() {
            let said = placed.refused(None, &["restore", place], "none");
            assert!(said.contains("is sealed; a key file or a passphrase opens it"), "{}: {said}", old.what());
        }
        placed.fine(&["backup", "verify", "--all", "--from", place], "none");
        let said = placed.fine(&["backup", "verify", "--from", place], "none");
        assert!(said.contains("are what was backed up"), "{}: {said}", old.what());
        // Who serves from there is read as well.
        placed.restore(None, "data");
        let now = ["backup", "now", "--to", place];
        let said = placed.refused(old.opens.as_ref(), &now, "data");
        assert!(said.contains("these data were served by another machine"), "{}: {said}", old.what());
        fs::remove_dir_all(Path::new(place).join("lease")).expect("removed");
        placed.fine(&now, "data");
        placed.fine(&["backup", "verify", "--from", place], "data");
        placed.fine(&["backup", "verify", "--all", "--from", place], "data");
        // What was there before it is there still.
        let moments = written["moments"].as_array().expect("moments");
        let between = moments.iter().rfind(|moment| moment["at"].is_string()).expect("a moment before the end");
        placed.restore(between["at"].as_str(), "again");
        let ms = written["written_ms"].as_i64().expect("milliseconds since 1970");
        placed.compare("again", between, Timestamp(ms));
    }
}

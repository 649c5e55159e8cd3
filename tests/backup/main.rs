//! Backups with the real binary: made under load, the server killed, its directory deleted, restored, served again.

#![allow(dead_code, reason = "the harness of the crash drill offers more than this one takes")]

#[path = "../crash/binary.rs"]
mod binary;
#[path = "../e2e/certificates.rs"]
mod certificates;
#[path = "../crash/load.rs"]
mod load;
#[path = "../crash/look.rs"]
mod look;
#[path = "../e2e/peer.rs"]
mod peer;
#[path = "../e2e/sign.rs"]
mod sign;
#[path = "../crash/sign_in.rs"]
mod sign_in;
mod store;
#[path = "../e2e/web.rs"]
mod web;
#[path = "../crash/world.rs"]
mod world;

use binary::wait_for;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    thread,
    time::{Duration, SystemTime},
};
use tempfile::TempDir;
use world::World;

/// Runs the binary on the world's directory; answers whether it went well, and what it printed.
fn dassie(world: &World, arguments: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } =
        world.command().args(arguments).arg("--data").arg(world.data()).output().expect("the binary runs");
    let said = if status.success() { stdout } else { stderr };
    (status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn fine(world: &World, arguments: &[&str]) -> String {
    let (fine, said) = dassie(world, arguments);
    assert!(fine, "{arguments:?}: {said}\n{}", binary::tail(&world.data().join("serve.log")));
    said
}

fn json(world: &World, arguments: &[&str]) -> Value {
    let said = fine(world, arguments);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}"))
}

fn refused(world: &World, arguments: &[&str]) -> String {
    let (fine, said) = dassie(world, arguments);
    assert!(!fine, "{arguments:?}: {said}");
    said
}

/// As if the disk had died.
fn delete_everything(world: &World) {
    for entry in fs::read_dir(world.data()).expect("a directory").flatten() {
        let path = entry.path();
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        gone.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

fn configure(world: &World, backup: &str) {
    fs::write(world.data().join("dassie.toml"), format!("[backup]\n{backup}")).expect("written");
}

fn drill(engine: &'static str) {
    let mut world = World::new(engine);
    let place = TempDir::new().expect("a directory");
    let to = place.path().join("backups").to_string_lossy().into_owned();
    let key = place.path().join("key");
    fs::write(&key, [9; 32]).expect("written");
    let settings = format!("keep_last = \"3\"\nkey_file = {:?}\n", key.to_string_lossy());
    configure(&world, &settings);
    let picture = world.data().join("media/aa/bb/picture");
    fs::create_dir_all(picture.parent().expect("a parent")).expect("made");
    fs::write(&picture, vec![7; 100_000]).expect("written");
    world.settle();
    let running = world.serve();
    let before = load::until_killed(&world, 0, running, || load::pass(Duration::from_millis(1500)));
    world.keep(before);
    let before = world.all();
    assert!(!before.posts.is_empty() && !before.activities.is_empty());
    // A backup while people post, and the end of it all soon after.
    let running = world.serve();
    let made = thread::scope(|scope| {
        let backing_up = scope.spawn(|| json(&world, &["backup", "now", "--to", &to, "--json"]));
        load::until_killed(&world, 1, running, || wait_for("the backup", || backing_up.is_finished().then_some(())));
        backing_up.join().expect("it ends")
    });
    assert!(made["rows"].as_u64() > Some(100) && made["files"] == 2, "{made}");
    let store_refused = refused(&world, &["restore", &to]);
    assert!(store_refused.contains("a restore overwrites none"), "{store_refused}");
    delete_everything(&world);
    assert!(refused(&world, &["restore", &to]).contains("is sealed; a key file or a passphrase opens it"));
    configure(&world, &settings);
    let said = fine(&world, &["restore", &to]);
    for word in ["2 files", "those that were backed up", "next: make sure that the old server is gone"] {
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(fs::read(&picture).expect("restored"), vec![7; 100_000]);
    world.check();
    let running = world.serve();
    look::at_everything(&world, &before);
    // It goes on in the same place, is seen restored by the server, and tells of it.
    let again = json(&world, &["backup", "now", "--to", &to, "--json"]);
    let seen = json(&world, &["backup", "verify", "--from", &to, "--json"]);
    // Not at least as many rows as before the end: what waited then (activities, deliveries, jobs) is done and gone.
    for said in ["made", "lsn", "rows", "files"] {
        assert_eq!(seen[said], again[said], "{said}: {seen}");
    }
    assert!(again["lsn"].as_u64() > made["lsn"].as_u64(), "{again}");
    let state = json(&world, &["state", "--json"]);
    assert!(state["backup"]["last"].is_string() && state["backup"]["verified"].is_string(), "{state}");
    assert_eq!(json(&world, &["backup", "list", "--from", &to, "--json"]).as_array().map(Vec::len), Some(2));
    running.stop();
    assert!(!world.data().join("restore-check").exists(), "the scratch is removed");
    // Also without a server.
    fine(&world, &["backup", "now", "--to", &to]);
    fine(&world, &["backup", "verify", "--from", &to]);
}

#[test]
fn redb_restored_after_its_disk_died_has_everything_acknowledged_before_the_backup() {
    drill("redb");
}

#[test]
fn sled_restored_after_its_disk_died_has_everything_acknowledged_before_the_backup() {
    drill("sled");
}

#[expect(clippy::disallowed_methods, reason = "the binary under test lives by the system's clock")]
fn now_ms() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis()
}

/// Waits until the clock has moved on, and answers a moment that nothing happened in.
fn quiet_moment() -> String {
    let begin = now_ms();
    wait_for("the clock", || (now_ms() > begin + 3).then_some(()));
    let moment = now_ms();
    wait_for("the clock", || (now_ms() > moment + 3).then_some(()));
    let moment = i64::try_from(moment).expect("before the year 292 million");
    dassie::clock::iso(storage::Timestamp(moment))
}

#[test]
fn a_post_deleted_by_mistake_comes_back_with_the_moment_before() {
    let mut world = World::new("redb");
    let place = TempDir::new().expect("a directory");
    let to = place.path().to_string_lossy().into_owned();
    configure(&world, "keep_last = \"3\"\n");
    world.settle();
    let running = world.serve();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let post = |text: &str| {
        let reply = world.api("POST", "/api/v1/statuses", &headers, &web::form(&[("status", text)]));
        reply.expect("an answer").json()["id"].as_str().expect("an id").to_owned()
    };
    let kept = post("kept");
    let first = json(&world, &["backup", "now", "--to", &to, "--json"])["lsn"].as_u64().expect("a number");
    let mistaken = post("deleted by mistake");
    let moment = quiet_moment();
    let gone = world.api("DELETE", &format!("/api/v1/statuses/{mistaken}"), &[], "").expect("an answer");
    assert_eq!(gone.status, 200);
    let later = post("later");
    fine(&world, &["backup", "now", "--to", &to]);
    // With a base behind all that.
    fine(&world, &["backup", "now", "--to", &to, "--anew"]);
    running.kill();
    delete_everything(&world);
    let no_time = refused(&world, &["restore", &to, "--at", "yesterday"]);
    assert!(no_time.contains("is no time"), "{no_time}");
    // Without the log of that moment the ones on the two sides of the hole are told, as they are asked for.
    let begins = format!("{:020}-", first + 1);
    let is_next = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins));
    let piece =
        objects(&place.path().join("log")).into_iter().find(is_next).expect("the piece behind the first backup");
    let aside = place.path().join("aside");
    fs::rename(&piece, &aside).expect("renamed");
    let said = refused(&world, &["restore", &to, "--at", &moment]);
    assert!(said.contains(&format!("transactions {} to ", first + 1)), "{said}");
    let told: Vec<&str> = said.split("--at ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    assert_eq!(told.len(), 2, "{said}");
    for beside in told {
        let said = fine(&world, &["restore", &to, "--at", beside]);
        assert!(said.contains(&format!("as of {beside} UTC")), "{said}");
        delete_everything(&world);
    }
    fs::rename(&aside, &piece).expect("renamed");
    // `store/` is a mount of its own; `search/` is what somebody else has called like it, then an index of before.
    fs::create_dir_all(world.data().join("store/lost+found")).expect("made");
    let (notes, index) = (world.data().join("search/notes"), world.data().join("search/meta.json"));
    fs::create_dir(world.data().join("search")).expect("made");
    for path in [&notes, &index] {
        fs::write(path, "{}").expect("written");
    }
    let (log, away) = (place.path().join("log"), place.path().join("away"));
    fs::rename(&log, &away).expect("renamed");
    // Of the moment itself: the newest base needs no log.
    refused(&world, &["restore", &to, "--at", &moment]);
    assert!(index.exists(), "nothing goes for a restore that fails");
    fs::rename(&away, &log).expect("renamed");
    fs::remove_file(&index).expect("removed");
    let said = fine(&world, &["restore", &to, "--at", &moment]);
    assert!(said.contains(&format!("as of {moment} UTC")), "{said}");
    assert!(fs::read_to_string(world.data().join("dassie.toml")).expect("restored").contains("keep_last"));
    assert!(notes.exists() && world.data().join("store/lost+found").is_dir());
    let running = world.serve();
    let status = |id: &str| world.api("GET", &format!("/api/v1/statuses/{id}"), &[], "").expect("an answer").status;
    assert_eq!((status(&kept), status(&mistaken), status(&later)), (200, 200, 404));
    running.stop();
}

#[test]
fn the_recipe_for_a_dead_disk_works_word_for_word_where_backups_are_scheduled() {
    let mut world = World::new("redb");
    let place = TempDir::new().expect("a directory");
    let to = place.path().join("dassie").to_string_lossy().into_owned();
    let key = place.path().join("key").to_string_lossy().into_owned();
    fs::write(&key, [9; 32]).expect("written");
    configure(&world, &format!("to = {to:?}\nkey_file = {key:?}\n"));
    world.settle();
    let running = world.serve();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let reply = world.api("POST", "/api/v1/statuses", &headers, &web::form(&[("status", "kept")]));
    let id = reply.expect("an answer").json()["id"].as_str().expect("an id").to_owned();
    // The schedule may be at it just now.
    wait_for("a backup with the post", || dassie(&world, &["backup", "now"]).0.then_some(()));
    running.kill();
    delete_everything(&world);
    let data = world.data().to_string_lossy().into_owned();
    let run = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(words.first(), Some(&"dassie"), "{line}");
        let Output { status, stdout, stderr } =
            world.command().env("DASSIE_BACKUP__KEY_FILE", &key).args(&words[1..]).output().expect("the binary runs");
        (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    };
    let (fine, said) = run(&format!("dassie restore {to} --data {data}"));
    let promote = format!("dassie promote --old-server-is-gone --data {data}");
    assert!(fine && said.contains(&format!("half a minute: {promote}\n")), "{said}");
    assert!(said.contains(&format!("then start it: dassie serve --data {data};")), "{said}");
    // Whoever leaves out a step hears of it, whatever is tried.
    for tried in ["serve --lab --listen 127.0.0.1:0", "promote", "backup now"] {
        let (fine, said) = run(&format!("dassie {tried} --data {data}"));
        assert!(!fine && said.contains(&format!("`{promote}`")), "{tried}: {said}");
    }
    let (fine, said) = run(&promote);
    assert!(fine && said.contains(&format!("now start it: dassie serve --data {data}\n")), "{said}");
    let running = world.serve();
    let status = world.api("GET", &format!("/api/v1/statuses/{id}"), &[], "").expect("an answer").status;
    assert_eq!(status, 200);
    running.stop();
}

/// The objects below a folder of the repository, by their names.
fn objects(folder: &Path) -> Vec<PathBuf> {
    let mut open = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Turns a bit of the newest object below a folder of the repository.
fn rot(folder: &Path) {
    turn_a_bit(&objects(folder).pop().expect("an object"));
}

/// Turns a bit of a file, or turns it back.
fn turn_a_bit(file: &Path) {
    let mut bytes = fs::read(file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(file, bytes).expect("written");
}

#[test]
fn the_schedule_makes_backups_and_the_state_says_when_one_cannot_be_restored() {
    let mut world = World::new("redb");
    let place = TempDir::new().expect("a directory");
    let to = place.path().join("b").to_string_lossy().into_owned();
    world.settle();
    let key = place.path().join("key");
    fs::write(&key, [9; 32]).expect("written");
    configure(&world, &format!("to = {to:?}\nverify_every = \"off\"\nkey_file = {:?}\n", key.to_string_lossy()));
    let plain = |arguments: &[&str]| {
        let Output { status, stdout, stderr } =
            world.command().args(arguments).arg("--data").arg(world.data()).output().expect("the binary runs");
        (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    };
    let state = || -> Value {
        let (fine, said) = plain(&["state", "--json"]);
        assert!(fine, "{said}");
        serde_json::from_str(&said).expect("JSON")
    };
    let problems = || state()["problems"].to_string();
    let running = world.serve();
    wait_for("the first backup", || state()["backup"]["last"].is_string().then_some(()));
    // It lies on the disk of the data here, which is said, and what it takes there.
    let on_this_disk = wait_for("what it takes on this disk", || {
        let state = state();
        (state["room"]["backup_bytes"].as_u64() > Some(0)).then_some(state)
    });
    assert_eq!(on_this_disk["backup"]["same_disk"], true, "{on_this_disk}");
    let (_, said) = plain(&["state"]);
    assert!(said.contains("are lost with it") && said.contains("outside the budget"), "{said}");
    let (fine, said) = plain(&["backup", "verify"]);
    assert!(fine && said.contains("restored into a scratch directory, checked and compared"), "{said}");
    assert!(!problems().contains("backup"), "{}", problems());
    // What a reading by hand finds is told like what the schedule finds, until one finds all whole.
    let log = Path::new(&to).join("log");
    let piece = objects(&log).pop().expect("an object");
    turn_a_bit(&piece);
    let (fine, said) = plain(&["backup", "verify", "--all"]);
    assert!(!fine && said.contains("1 object damaged or missing"), "{said}");
    let told = problems();
    assert!(told.contains("not all that lies with the backups in"), "{told}");
    assert!(told.contains("1 object is damaged or missing, log/"), "{told}");
    turn_a_bit(&piece);
    let (fine, said) = plain(&["backup", "verify", "--all"]);
    assert!(fine, "{said}");
    assert!(!problems().contains("not all that lies with the backups"), "{}", problems());
    turn_a_bit(&piece);
    let (fine, said) = plain(&["backup", "verify"]);
    assert!(!fine && said.contains("the backup's object log/"), "{said}");
    let told = problems();
    assert!(told.contains("could not be restored") && told.contains("dassie backup now --anew"), "{told}");
    let begun = plain(&["backup", "now", "--anew"]);
    // The schedule may have begun the same by itself just before.
    assert!(begun.0 || begun.1.contains("a backup is being made just now"), "{}", begun.1);
    wait_for("a backup that can be restored", || plain(&["backup", "verify"]).0.then_some(()));
    // Shipping that met what had rotted begins anew with its next round.
    wait_for("nothing to be told", || (!problems().contains("backup")).then_some(()));
    running.stop();
}

#[test]
fn a_flipped_bit_in_the_search_index_is_named_by_the_check_and_repaired() {
    let mut world = World::new("redb");
    world.settle();
    let running = world.serve();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let reply = world.api("POST", "/api/v1/statuses", &headers, &web::form(&[("status", "words to be found")]));
    assert_eq!(reply.expect("an answer").status, 200);
    let part = || {
        let entries = fs::read_dir(world.data().join("search")).ok()?.flatten();
        entries.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|ending| ending == "idx"))
    };
    wait_for("a part of the index", part);
    running.stop();
    fine(&world, &["check"]);
    let path = part().expect("a part of the index");
    let mut bytes = fs::read(&path).expect("read");
    bytes[0] ^= 0x10;
    fs::write(&path, bytes).expect("written");
    let check = |arguments: &[&str]| {
        let Output { status, stdout, stderr } =
            world.command().args(arguments).arg("--data").arg(world.data()).output().expect("the binary runs");
        (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    };
    let named = format!("search/{}", path.file_name().expect("a name").to_string_lossy());
    let (went_well, said) = check(&["check"]);
    assert!(!went_well && said.contains(&named) && said.contains("made anew from the posts"), "{said}");
    let (went_well, said) = check(&["check", "--repair"]);
    assert!(went_well && said.contains(&format!("made right: {named}")), "{said}");
    assert!(!world.data().join("search").exists());
    fine(&world, &["check"]);
}

#[test]
fn what_a_command_makes_anew_by_itself_is_told_beside_what_it_prints() {
    let world = World::new("redb");
    for arguments in [&["store", "stats", "--json"][..], &["check"]] {
        fs::remove_file(world.data().join("store/engine.redb")).expect("an engine");
        let Output { status, stdout, stderr } =
            world.command().args(arguments).arg("--data").arg(world.data()).output().expect("the binary runs");
        let (out, told) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{arguments:?}: {told}");
        assert!(told.contains("the engine cannot be relied on and is rebuilt"), "{arguments:?}: {told}");
        assert!(!out.contains("rebuilt"), "{arguments:?}: {out}");
        if arguments.contains(&"--json") {
            serde_json::from_str::<Value>(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"));
        }
    }
}

#[test]
fn damage_to_the_small_files_beside_the_rows_is_named_by_the_check() {
    let world = World::new("redb");
    let data = world.data();
    let check = |arguments: &[&str]| {
        let Output { status, stdout, stderr } =
            world.command().args(arguments).arg("--data").arg(data).output().expect("the binary runs");
        (status.success(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    };
    let running = world.serve();
    for name in ["store/LATENCY", "MACHINE", "standby.json"] {
        fs::write(data.join(name), "{").expect("written");
    }
    let (went_well, said) = check(&["check"]);
    assert!(!went_well && said.contains("3 things are wrong"), "{said}");
    for named in ["LATENCY: ", "MACHINE: ", "standby.json: "] {
        assert!(said.contains(named), "{named}: {said}");
    }
    assert!(said.contains("learns anew what is normal for the disk"), "{said}");
    let (_, said) = check(&["check", "--repair"]);
    assert!(said.contains("made right: LATENCY: "), "{said}");
    // One that cannot be read at all is a finding beside the others.
    fs::remove_file(data.join("MACHINE")).expect("removed");
    fs::create_dir(data.join("MACHINE")).expect("made");
    let (went_well, said) = check(&["check"]);
    assert!(!went_well && said.contains("MACHINE: ") && said.contains("2 things are wrong"), "{said}");
    fs::remove_dir(data.join("MACHINE")).expect("removed");
    fs::write(data.join("MACHINE"), "{").expect("written");
    fs::remove_file(data.join("standby.json")).expect("removed");
    running.stop();
    let (went_well, said) = check(&["check"]);
    assert!(!went_well && said.contains("MACHINE") && said.contains("promote this machine"), "{said}");
    fs::remove_file(data.join("MACHINE")).expect("removed");
    fine(&world, &["check"]);
}

#[test]
fn places_and_keys_that_cannot_be_are_refused_in_words() {
    let world = World::new("redb");
    let place = TempDir::new().expect("a directory");
    let to = place.path().to_string_lossy().into_owned();
    let inside = world.data().join("backups").to_string_lossy().into_owned();
    assert!(refused(&world, &["backup", "now", "--to", &inside]).contains("inside the data directory"));
    assert!(refused(&world, &["backup", "now"]).contains("no place for backups is configured"));
    assert!(refused(&world, &["backup", "list", "--from", &to]).contains("there is no backup in"));
    assert!(refused(&world, &["restore", &to]).contains("there is no backup in"));
    let sealed = world
        .command()
        .env("DASSIE_BACKUP__PASSPHRASE", "wherever the dassie naps")
        .args(["backup", "now", "--to"])
        .args([&to, "--data"])
        .arg(world.data())
        .output()
        .expect("the binary runs");
    assert!(sealed.status.success(), "{}", String::from_utf8_lossy(&sealed.stderr));
    let said = refused(&world, &["backup", "verify", "--from", &to]);
    assert!(said.contains("is sealed; a key file or a passphrase opens it"), "{said}");
    let (stranger, other) = (World::new("redb"), TempDir::new().expect("a directory"));
    let other = other.path().to_string_lossy().into_owned();
    let said = fine(&world, &["backup", "now", "--to", &other]);
    assert!(said.contains("backups lie on the disk of the data directory and are lost with it"), "{said}");
    let why = refused(&stranger, &["backup", "now", "--to", &other]);
    assert!(why.contains("holds the backups of another server"), "{why}");
    // A disk that is not mounted is no reason to begin anew in silence.
    fs::remove_dir_all(&other).expect("removed");
    let why = refused(&world, &["backup", "now", "--to", &other]);
    assert!(why.contains("is its disk mounted?"), "{why}");
    fine(&world, &["backup", "now", "--to", &other, "--anew"]);
    // Whoever reads everything sees what rots, whatever needs it.
    assert!(fine(&world, &["backup", "verify", "--all", "--from", &other]).contains(" hold, "));
    rot(&Path::new(&other).join("base"));
    let why = refused(&world, &["backup", "verify", "--all", "--from", &other]);
    assert!(why.contains("1 object damaged or missing"), "{why}");
}

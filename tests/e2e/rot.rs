//! Storage that outlives its disk: what rots while nobody asks for it is found by the running server and named.

use crate::{
    backups::turn_a_bit,
    instance::{Instance, User, within},
};
use dassie::{clock::DAY_MS, limits};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use storage::{
    AccountId, BlobHash,
    log::writer::SegmentSizes,
    media::{self, File, FileKind, ProfilePart, ProfilePicture},
    store::Sizes,
    vfs::RealDisk,
};

const FOUR_WEEKS_MS: i64 = 28 * DAY_MS;
/// How long a test waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody gets a picture; answers where it lies below the data directory.
async fn show(instance: &Instance, user: &User, part: ProfilePart, content: &[u8]) -> String {
    let server = &instance.running.server;
    let kept = server.files().keep(content).expect("kept");
    let picture = ProfilePicture { file: File::of(&kept, FileKind::Png, 4, 3), still: None };
    let account = AccountId(user.id.parse().expect("an id"));
    let shown = server.write(move |tx| {
        media::set_profile_picture(tx, account, part, Some(&picture))?;
        Ok(())
    });
    shown.await.expect("shown");
    kept.hash().path()
}

/// The problems told, as soon as they are as wanted; the clock goes on meanwhile.
async fn told(instance: &Instance, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let seen = within(PATIENCE, || async {
        instance.clock.advance(limits::REREAD_LOOK_MS);
        let problems = instance.get("/healthz").await.json()["problems"].to_string();
        wanted(&problems).then_some(problems)
    });
    seen.await
}

/// Waits until what is due was read again; the clock goes on meanwhile.
async fn all_is_read(instance: &Instance) {
    let file = instance.data_dir().join("store/REREAD");
    let read = within(PATIENCE, || async {
        instance.clock.advance(limits::REREAD_LOOK_MS);
        let text = fs::read_to_string(&file).ok()?;
        let since = text.split_whitespace().nth(2)?.parse::<i64>().ok()?;
        (instance.now_ms() - since <= 2 * limits::REREAD_PART_MS).then_some(())
    });
    read.await.expect("the files are read");
}

/// Posts that no dictionary makes small, until the first segment of the log is written to no more; answers it.
async fn fill_a_segment(user: &User, log: &Path) -> PathBuf {
    for number in 0..300_u32 {
        let hash = |at: u32| BlobHash::of(&(number * 100 + at).to_be_bytes()).to_string();
        let text: Vec<String> = (0..70).map(hash).collect();
        let reply = user.post("/api/v1/statuses", &[("status", &text.join(" "))]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        // One made beforehand is all zeros.
        if fs::read(log.join("0000000002.seg")).is_ok_and(|bytes| bytes.first().is_some_and(|byte| *byte != 0)) {
            return log.join("0000000001.seg");
        }
    }
    panic!("a segment has no end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_rots_on_the_disk_is_found_within_four_weeks_and_named_until_it_is_whole() {
    let segments = SegmentSizes { first: 64 * 1024, other: 64 * 1024 };
    let sizes = Sizes { segments, ..Sizes::default() };
    let instance = Instance::start_sized("rot.test", Arc::new(RealDisk), sizes).await;
    let alice = instance.user("alice").await;
    let rotten = show(&instance, &alice, ProfilePart::Avatar, &[7; 3_000]).await;
    let whole = show(&instance, &alice, ProfilePart::Header, &[8; 3_000]).await;
    let picture = instance.data_dir().join(&rotten);
    let segment = fill_a_segment(&alice, &instance.data_dir().join("store/log")).await;
    let base = instance.running.server.store().write_base().expect("a base").name;
    let of_base = instance.data_dir().join("store").join(&base);
    let names = [rotten.as_str(), "log/0000000001.seg at byte", base.as_str()];
    let none = |problems: &str| !names.iter().any(|name| problems.contains(name));
    // The first part soon after the start, and then a whole round in which all is well.
    all_is_read(&instance).await;
    instance.clock.advance(FOUR_WEEKS_MS);
    all_is_read(&instance).await;
    let problems = instance.get("/healthz").await.json()["problems"].to_string();
    assert!(none(&problems), "{problems}");
    for file in [&picture, &segment, &of_base] {
        turn_a_bit(file);
    }
    instance.clock.advance(FOUR_WEEKS_MS);
    let all = |problems: &str| names.iter().all(|name| problems.contains(name));
    let problems = told(&instance, all).await.expect("all three are named");
    for words in ["its content is not what its name says", "cannot be read any more", "`dassie check --repair` writes"]
    {
        assert!(problems.contains(words), "{problems}");
    }
    assert!(!problems.contains(&whole), "{problems}");
    let state: Value = instance.get("/healthz").await.json();
    assert_eq!(state["verdict"], "degraded", "{state:#}");
    // It is mended, and looked at again after a check.
    for file in [&segment, &of_base] {
        turn_a_bit(file);
    }
    instance.running.server.rot().look_soon();
    let of_picture = |problems: &str| problems.contains(&rotten) && !problems.contains("0000000001.seg");
    assert!(told(&instance, of_picture).await.is_some(), "the picture is damaged still");
    // A restart finds it again at once, not only after weeks.
    let instance = instance.restarted().await;
    assert!(told(&instance, of_picture).await.is_some(), "it is remembered by its name");
    turn_a_bit(&picture);
    instance.running.server.rot().look_soon();
    assert!(told(&instance, none).await.is_some(), "nothing is wrong any more");
}

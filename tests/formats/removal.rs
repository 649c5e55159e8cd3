//! Whoever did all that can be done here is removed: nothing of them is left but their name.

use crate::{
    lab::{Instance, World},
    live::live,
    write::HOME,
};
use serde_json::json;
use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};
use storage::{
    AccountId, Bounds, Direction, Key, Read, account,
    catalogue::TABLES,
    delivery::ACTIVITIES,
    job::{JOBS, JobKind},
    media::MEDIA,
    relationship::FOLLOW_REQUEST_ROWS,
    status::STATUSES,
    table::KeyRange,
};

/// Tables that may have rows of an account that is gone: its name.
const LEFT: &[&str] = &["account", "account_stats", "local_account"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_account_leaves_its_name_and_nothing_else() {
    let world = World::new();
    let (home, away) = (world.instance(HOME).await, world.instance("away.test").await);
    live(&home, &away).await;
    let id_of = |name: &'static str| {
        let found = home.server().read(move |view| Ok(account::holder_of(view, name)?.expect("somebody")));
        async move { found.await.expect("a read") }
    };
    let as_person =
        |home, name: &str, id| crate::lab::Person { home, name: name.into(), id, token: format!("token-of-{name}") };
    let (alice, erin, grace) = (id_of("alice").await, id_of("erin").await, id_of("grace").await);
    let ada = as_person(&home, "ada", id_of("ada").await);
    let carol = as_person(&away, "carol", AccountId(0));
    carol.sees_at_home("My kettle is on").await;
    assert!(rows_of(&home, alice).await.len() > 25, "she has much");

    let path = format!("/api/v1/admin/accounts/{alice}");
    assert_eq!(ada.send("DELETE", &path, &[]).await.status, 403, "she is not suspended");
    for who in [alice, erin, grace] {
        let path = format!("/api/v1/admin/accounts/{who}");
        ada.post(&format!("{path}/action"), &[("type", "suspend")]).await;
        let reply = ada.send("DELETE", &path, &[]).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!((reply.json()["id"].as_str(), &reply.json()["suspended"]), (Some(&*who.to_string()), &true.into()));
        assert_eq!(ada.send("DELETE", &path, &[]).await.status, 404, "nothing is left of them");
        assert_eq!(ada.send("POST", &format!("{path}/unsuspend"), &[]).await.status, 404);
    }
    let mine = as_person(&home, "alice", alice);
    assert_eq!(mine.status_of("/api/v1/accounts/verify_credentials").await, 401);

    // Elsewhere it is gone with its posts, and here as soon as everybody has heard of it.
    carol.until("/api/v1/timelines/home?limit=40", |list| !list.to_string().contains("My kettle is on")).await;
    let accept = [("accept", "application/activity+json")];
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reply = home.web().get("/users/alice", &accept).await;
        let mut rows = Vec::new();
        for who in [alice, erin, grace] {
            rows.extend(rows_of(&home, who).await.into_iter().filter(|table| !LEFT.contains(table)));
        }
        let work = work(&home).await;
        if reply.status == 410 && rows.is_empty() && work.is_empty() {
            break;
        }
        assert!(Instant::now() < deadline, "{}, left of them: {rows:?}, still to do: {work:?}", reply.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The picture of what was scheduled belongs to nothing now, and goes as such pictures do.
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let (statuses, pictures) = written_by(&home, alice).await;
        assert_eq!(statuses, 0, "statuses of alice");
        if pictures == 0 {
            break;
        }
        assert!(Instant::now() < deadline, "{pictures} pictures of alice are left");
        world.clock.advance(60 * 60 * 1_000);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let name = home.web().get("/api/v1/accounts/lookup?acct=alice", &[]).await.json();
    assert_eq!([&name["suspended"], &name["display_name"], &name["note"]], [&json!(true), &json!(""), &json!("")]);
    let again =
        [("username", "alice"), ("email", "a@b.test"), ("password", "a long passphrase"), ("agreement", "true")];
    let reply = ada.send("POST", "/api/v1/accounts", &again).await;
    assert!(reply.text().contains("taken"), "{}", reply.text());
}

/// How many statuses and pictures of `who` there are; nobody is asked by them to be let follow.
async fn written_by(home: &Instance, who: AccountId) -> (usize, usize) {
    let found = home.server().read(move |view| {
        let (none, up) = (Bounds::NONE, Direction::Ascending);
        let statuses = STATUSES.list(view, &(), none, up, 10_000)?;
        let media = MEDIA.list(view, &(), none, up, 10_000)?;
        assert!(FOLLOW_REQUEST_ROWS.list(view, &(), none, up, 10_000)?.iter().all(|(_, asks)| *asks != who));
        let statuses = statuses.iter().filter(|(_, status)| status.account == who).count();
        Ok((statuses, media.iter().filter(|(_, media)| media.account == who).count()))
    });
    found.await.expect("a read")
}

/// The tables with rows that are sorted by the account's number.
async fn rows_of(home: &Instance, who: AccountId) -> Vec<&'static str> {
    let found = home.server().read(move |view| {
        let mut named = Vec::new();
        for table in TABLES {
            let mut any = false;
            view.scan_bytes(table.id, &KeyRange::prefix(&who.to_bytes()), Direction::Ascending, &mut |_, _| {
                any = true;
                Ok(ControlFlow::Break(()))
            })?;
            named.extend(any.then_some(table.name));
        }
        Ok(named)
    });
    found.await.expect("a read")
}

/// What is still to be removed or told.
async fn work(home: &Instance) -> Vec<String> {
    let left = home.server().read(|view| {
        let jobs = JOBS.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000)?;
        let clearing = jobs.into_iter().map(|(_, job)| job.kind).filter(|kind| {
            matches!(
                kind,
                JobKind::PurgeAccount { .. }
                    | JobKind::PurgeStatus { .. }
                    | JobKind::Distribute(_)
                    | JobKind::RemoveFile { .. }
            )
        });
        let told = ACTIVITIES.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000)?;
        let owed = told.into_iter().map(|(_, activity)| activity.uri).filter(|uri| {
            uri.ends_with("/alice#delete") || uri.ends_with("/erin#delete") || uri.ends_with("/grace#delete")
        });
        Ok(clearing.map(|kind| format!("{kind:?}")).chain(owed).collect())
    });
    left.await.expect("a read")
}

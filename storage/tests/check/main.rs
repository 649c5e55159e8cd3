//! The check against damage planted row by row, under load, and against repairs that are broken off.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test; its place is what one wants to see")]

mod again;
mod belongings;
mod damage;
mod decided;
mod gallery;
mod held;
mod rich;
mod words;

use rich::Rich;
use std::{
    ops::ControlFlow,
    sync::atomic::{AtomicBool, Ordering},
};
use storage::{
    AccountId, EngineKind, StatusId,
    catalogue::{TABLES, TableInfo},
    check::{Repair, Told},
    relationship::{self, FOLLOWER_ROWS},
    status,
};

#[test]
fn a_healthy_store_is_called_healthy_on_both_engines() {
    for engine in [EngineKind::Redb, EngineKind::Sled] {
        let rich = Rich::new(engine);
        let findings = rich.store.check().unwrap();
        assert!(findings.is_empty(), "{engine}: {findings:?}");
        let rows = rich.rows();
        let is_empty = |table: &&TableInfo| !rows.iter().any(|row| row.table == table.id);
        let empty = TABLES.iter().filter(is_empty).map(|table| table.name);
        let empty: Vec<&str> = empty.filter(|name| !rich::EMPTY.contains(name)).collect();
        assert!(empty.is_empty(), "the store has nothing in {empty:?}");
    }
}

#[test]
fn a_check_under_load_reports_nothing_that_is_not_so() {
    for engine in [EngineKind::Redb, EngineKind::Sled] {
        let rich = Rich::new(engine);
        let (stop, store) = (AtomicBool::new(false), &rich.store);
        let (one, two) = (rich.people[0], rich.people[1]);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    change(store, one, two);
                }
            });
            let mut looked = 0;
            for _ in 0..20 {
                let mut found = Vec::new();
                let summary = store.check_telling(Repair::Nothing, &mut |told| {
                    if let Told::Found(finding) = told {
                        found.push(finding.to_string());
                    }
                    ControlFlow::Continue(())
                });
                looked += summary.as_ref().map_or(0, |summary| summary.rows);
                if summary.is_err() || !found.is_empty() {
                    stop.store(true, Ordering::Relaxed);
                }
                assert!(summary.is_ok() && found.is_empty(), "{engine}: {summary:?} {found:?}");
            }
            stop.store(true, Ordering::Relaxed);
            assert!(looked > 2_000, "{looked} rows looked at");
        });
    }
}

/// A reply comes and goes, a follow comes and goes: indexes and counters move in each commit.
fn change(store: &storage::Store, one: AccountId, two: AccountId) {
    let made = store.write(move |tx| {
        let parent =
            status::STATUSES_OF_ACCOUNT.list(tx, &two, storage::Bounds::NONE, storage::Direction::Ascending, 1)?;
        let ((_, parent), _) = parent[0];
        let row = rich::status(tx.next_id(), one, true, |row| {
            row.reply = Some(status::Reply { uri: String::new(), status: Some(parent), account: Some(two) });
            row.tags = vec!["Load".to_owned()];
        });
        status::insert(tx, &row)?;
        let follow = rich::follow(tx, true);
        relationship::put(tx, two, one, &follow)?;
        Ok::<StatusId, storage::Error>(row.id)
    });
    let made = made.unwrap();
    store
        .write(move |tx| {
            if let Some(row) = status::find(tx, made)? {
                status::remove(tx, &row)?;
            }
            relationship::remove(tx, two, one)?;
            Ok::<(), storage::Error>(())
        })
        .unwrap();
}

#[test]
fn a_number_over_more_rows_than_a_view_counts_is_held_against_them_all() {
    let rich = Rich::new(EngineKind::Redb);
    let famous = rich.people[0];
    let many = storage::limits::CHECK_COUNTED as u64 + 500;
    for first in (0..many).step_by(100) {
        rich.write(move |tx| {
            for number in first..(first + 100).min(many) {
                // Only the list: that its rows follow from nothing is found as well.
                FOLLOWER_ROWS.put(tx, &(famous, (1_000_000 + number).into()), &AccountId(7));
            }
            Ok(())
        });
    }
    let before = rich.read(|view| storage::account::stats(view, famous)).followers;
    let place = format!("account_stats at {:016x}", famous.0);
    let mut told = Vec::new();
    rich.store
        .check_telling(Repair::Nothing, &mut |word| {
            if let Told::Found(finding) = word {
                told.push(finding.clone());
            }
            // There are more findings than are told; numbers come last.
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(told.len(), storage::limits::FINDINGS_MAX, "a check ends when there is no news any more");
    let (named, summary) = rich.repair();
    assert!(named.iter().all(|finding| finding.place.starts_with("follower_row")), "{:?}", named.first());
    assert_eq!(summary.mended, many, "each row that follows from nothing is removed");
    assert_eq!(rich.read(|view| storage::account::stats(view, famous)).followers, before);
    // Now the rows stand and the number is wrong.
    for first in (0..many).step_by(50) {
        rich.write(move |tx| {
            for number in first..(first + 50).min(many) {
                let follower = AccountId(9_000_000 + number);
                let follow = rich::follow(tx, false);
                let mut row = rich::account(follower, &format!("f{number}"), Some("many.test"));
                row.display_name.clear();
                storage::account::put(tx, &row)?;
                relationship::put(tx, follower, famous, &follow)?;
            }
            Ok(())
        });
    }
    assert!(rich.store.check().unwrap().is_empty());
    rich.write(move |tx| storage::account::count(tx, famous, |stats| stats.followers -= 3));
    let found = rich.store.check().unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].place, place);
    let (named, _) = rich.repair();
    assert_eq!(named.len(), 1);
    assert!(rich.store.check().unwrap().is_empty());
    assert_eq!(rich.read(|view| storage::account::stats(view, famous)).followers, before + many);
}

#[test]
fn ids_that_peers_give_out_twice_leave_no_drift_behind() {
    let rich = Rich::new(EngineKind::Redb);
    let people = rich.people.clone();
    let (three, four, one, two) = (people[3], people[4], people[0], people[1]);
    rich.write(move |tx| {
        for (from, to) in [(three, one), (four, two)] {
            relationship::remove(tx, from, to)?;
            relationship::remove_request(tx, from, to)?;
            let follow = relationship::Follow { uri: "https://evil.test/same".into(), ..rich::follow(tx, false) };
            relationship::put(tx, from, to, &follow)?;
        }
        let key = storage::account::ActorKey {
            key_id: "https://evil.test/key".into(),
            account: three,
            material: "PEM".into(),
            fetched_at: tx.now(),
        };
        storage::account::replace_keys(tx, three, std::slice::from_ref(&key))?;
        storage::account::replace_keys(tx, four, &[storage::account::ActorKey { account: four, ..key }])
    });
    assert_eq!(rich.store.check().unwrap(), []);
    rich.write(move |tx| relationship::remove(tx, four, two).map(drop));
    assert_eq!(rich.store.check().unwrap(), []);
    let known = rich.read(|view| relationship::find_by_uri(view, "https://evil.test/same"));
    assert_eq!(known, Some(relationship::Pair { from: three, to: one }), "the id still names the first");
}

#[test]
fn whoever_stops_listening_ends_the_check() {
    let rich = Rich::new(EngineKind::Redb);
    let mut heard = 0;
    let summary = rich.store.check_telling(Repair::Nothing, &mut |_| {
        heard += 1;
        if heard < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert!(summary.unwrap().cut_short);
    assert_eq!(heard, 5);
}

//! When work is due: backups every so often, one seen restored now and then, all that lies there read more seldom, each
//! again after a failure.

use super::{
    By, Job, Wanted,
    report::{UNSEALED, is_unsealed},
    target::same_place,
};
use crate::{config::Backups, limits, server::Server};
use storage::{
    Timestamp,
    backup::deed::{Deed, Deeds, deeds},
};

/// Starts the schedule, if the configuration names a place; keeps the log until it is backed up.
pub fn start(server: &Server) {
    clear_scratch(server);
    let Some(place) = server.config().backups.to.clone() else { return };
    if is_unsealed(&server.config().backups) {
        tracing::warn!("{UNSEALED}");
    }
    let of_task = server.clone();
    server.spawn("backup schedule", async move {
        let mut keeping = false;
        loop {
            match of_task.read(|view| Ok(deeds(view)?)).await {
                Ok(deeds) => {
                    let deeds = in_place(&of_task.backup().known(&deeds), &place);
                    if !std::mem::replace(&mut keeping, true) {
                        let backed_up = deeds.backup.as_ref().map_or(storage::Lsn(0), |deed| deed.lsn);
                        of_task.store().keep_log_behind(Some(backed_up));
                    }
                    look(&of_task, &deeds, &place);
                }
                Err(error) => tracing::warn!(%error, "the schedule of backups cannot be read"),
            }
            of_task.sleep_until(of_task.now().plus_ms(limits::BACKUP_LOOK_MS)).await;
        }
    });
}

/// Removes what a verification leaves that was cut off by the end of the process.
fn clear_scratch(server: &Server) {
    let of_task = server.clone();
    server.spawn("scratch", async move {
        let desk = of_task.backup().clone();
        if let Err(error) = of_task.compute(move || desk.clear_scratch()).await {
            tracing::warn!(%error, "what a verification of a backup left could not be removed");
        }
    });
}

/// What is remembered of the backups in one place; those somebody made elsewhere stand for nothing here.
pub(super) fn in_place(deeds: &Deeds, place: &str) -> Deeds {
    deeds.filter_map(|deed| same_place(&deed.place, place).then(|| deed.clone()))
}

fn look(server: &Server, deeds: &Deeds, place: &str) {
    let Some(job) = due(deeds, &server.config().backups, server.now()) else { return };
    if server.backup().is_busy() {
        if job != Job::ReadAll && !server.disk().is_stalled() && server.trusts_ages() {
            server.backup().make_way();
        }
        return;
    }
    if job == Job::ReadAll && server.backup().rests(server.now()) {
        return;
    }
    if server.disk().is_stalled() {
        tracing::warn!("work on the backups is due and waits, because the disk is stalled");
        return;
    }
    // One that is stamped in the future would be the newest for ever, and old ones would go for their age.
    if !server.trusts_ages() {
        return;
    }
    let wanted = Wanted { job, place: place.to_owned(), by: By::Server };
    if let Err(error) = server.backup().begin(server, wanted) {
        tracing::warn!(%error, "a backup could not be begun");
    }
}

/// The same with what was done in the future, by more than `limits::CLOCK_AHEAD_MS`, counted as done long ago: the clock was
/// wrong then, and when it really was nobody knows.
fn believed(deeds: &Deeds, now: Timestamp) -> Deeds {
    deeds.filter_map(|deed| {
        let at = if is_ahead(deed, now) { Timestamp(0) } else { deed.at };
        Some(Deed { at, ..deed.clone() })
    })
}

/// Whether it says that it was done in the future.
pub(super) fn is_ahead(deed: &Deed, now: Timestamp) -> bool {
    deed.at.ms_since(now) > limits::CLOCK_AHEAD_MS
}

/// What is due now.
fn due(deeds: &Deeds, settings: &Backups, now: Timestamp) -> Option<Job> {
    let deeds = &believed(deeds, now);
    let passed = |deed: &Option<Deed>, ms: i64| deed.as_ref().is_none_or(|deed| now.ms_since(deed.at) >= ms);
    let damaged = deeds.verify_failed.as_ref().filter(|failed| failed.damaged);
    let since = |deed: &Option<Deed>, other: &Deed| deed.as_ref().is_some_and(|deed| deed.at >= other.at);
    // What could not be restored is no backup.
    let anew = damaged.is_some_and(|failed| !since(&deeds.backup, failed));
    let anew = anew && passed(&deeds.backup, limits::BACKUP_ANEW_MS.min(settings.every_ms));
    if (anew || passed(&deeds.backup, settings.every_ms))
        && passed(&deeds.backup_failed, limits::BACKUP_RETRY_MS.min(settings.every_ms))
    {
        return Some(if anew { Job::BackupAnew } else { Job::Backup });
    }
    let verify_ms = settings.verify_every_ms?;
    let made_since = damaged.is_some_and(|failed| since(&deeds.backup, failed));
    let wanted = deeds.backup.is_some() && (made_since || passed(&deeds.verified, verify_ms));
    let retry = made_since || passed(&deeds.verify_failed, limits::BACKUP_RETRY_MS.max(verify_ms / 8));
    if wanted && retry {
        return Some(Job::Verify);
    }
    // What is known to be damaged is made anew first.
    let read_ms = verify_ms.saturating_mul(limits::BACKUP_READ_VERIFIES);
    let wanted = deeds.backup.is_some() && damaged.is_none() && passed(&deeds.read, read_ms);
    // One that found damage took hours and would come to the same.
    let found_damage = deeds.read_failed.as_ref().is_some_and(|failed| failed.damaged);
    let retry_ms = if found_damage { read_ms / 8 } else { limits::BACKUP_READ_RETRY_MS.min(read_ms / 8) };
    (wanted && passed(&deeds.read_failed, limits::BACKUP_RETRY_MS.max(retry_ms))).then_some(Job::ReadAll)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backup::{Bench, carry_out},
        config::Config,
    };
    use std::{io::ErrorKind, sync::Arc};
    use storage::{
        Options, Store,
        vfs::{Fault, FaultOn, SimulatedDisk},
    };

    const HOUR: i64 = 3_600_000;

    fn deed(at: i64) -> Option<Deed> {
        Some(Deed {
            place: String::new(),
            at: Timestamp(at * HOUR),
            took_ms: 1,
            made: Timestamp(at * HOUR),
            lsn: storage::Lsn(1),
            rows: 1,
            files: 0,
            bytes: 1,
            failed: None,
            damaged: false,
        })
    }

    fn broken(at: i64) -> Option<Deed> {
        deed(at).map(|deed| Deed { failed: Some("rotten".into()), damaged: true, ..deed })
    }

    #[test]
    fn a_backup_comes_every_so_often_and_is_seen_restored_now_and_then() {
        let settings = Backups {
            to: Some("/x".into()),
            every_ms: 24 * HOUR,
            verify_every_ms: Some(168 * HOUR),
            ..Backups::default()
        };
        let due = |deeds: &Deeds, at: i64| due(deeds, &settings, Timestamp(at * HOUR));
        let none = Deeds::default();
        assert_eq!(due(&none, 0), Some(Job::Backup));
        let made = Deeds { backup: deed(0), ..none.clone() };
        assert_eq!(due(&made, 1), Some(Job::Verify));
        let restored = Deeds { verified: deed(1), ..made.clone() };
        assert_eq!(due(&restored, 1), Some(Job::ReadAll));
        let seen = Deeds { read: deed(1), ..restored };
        assert_eq!((due(&seen, 2), due(&seen, 24)), (None, Some(Job::Backup)));
        let week = Deeds { backup: deed(168), ..seen.clone() };
        assert_eq!((due(&week, 168), due(&week, 169)), (None, Some(Job::Verify)));
        let failed = Deeds { backup_failed: broken(24), ..seen.clone() };
        assert_eq!((due(&failed, 24), due(&failed, 25)), (None, Some(Job::Backup)), "again after an hour");
        // All is read with every fourth that is seen restored; again half a week after it failed.
        let month = Deeds { backup: deed(672), verified: deed(672), ..seen };
        assert_eq!((due(&month, 672), due(&month, 673)), (None, Some(Job::ReadAll)));
        let rotten = Deeds { backup: deed(756), read_failed: broken(673), ..month };
        assert_eq!((due(&rotten, 756), due(&rotten, 757)), (None, Some(Job::ReadAll)));
        let not_reached = broken(673).map(|deed| Deed { failed: Some("not reached".into()), damaged: false, ..deed });
        let away = Deeds { backup: deed(696), read_failed: not_reached, ..rotten };
        assert_eq!((due(&away, 696), due(&away, 697)), (None, Some(Job::ReadAll)), "a day later");
    }

    #[test]
    fn what_a_read_only_store_cannot_remember_rests_before_the_next_try() {
        let (disk, dir) = (SimulatedDisk::new(), tempfile::tempdir().expect("a directory"));
        let (data, place) = (dir.path().join("data"), dir.path().join("place").to_string_lossy().into_owned());
        let options = Options { vfs: Arc::new(disk.clone()), ..Options::new(data.join("store")) };
        let settings = Backups { verify_every_ms: None, ..Backups::default() };
        let bench = Bench::new(&Config::embedded(&data, None), &options);
        let carried_out = |store: &Store, job| {
            let wanted = Wanted { job, place: place.clone(), by: By::Server };
            carry_out(&bench, store, &wanted, &|| Ok(0), &|_| true)
        };
        let stored = |store: &Store| store.read(|view| deeds(view)).expect("read");
        let store = Store::open(options.clone()).expect("opens");
        for on in [FaultOn::Write, FaultOn::Sync] {
            disk.inject(Fault { name: ".seg".into(), on, after: 0, times: usize::MAX, kind: ErrorKind::Other });
        }
        let why = carried_out(&store, Job::Backup).expect_err("nothing can be stored").to_string();
        carried_out(&store, Job::Verify).expect_err("there is none");
        assert!(store.is_read_only());
        assert_eq!(stored(&store), Deeds::default());
        let known = bench.known(&stored(&store));
        let failed = known.backup_failed.clone().expect("known all the same");
        assert_eq!(failed.failed.as_ref(), Some(&why), "and told");
        let due = |known: &Deeds, later_ms| due(known, &settings, failed.at.plus_ms(later_ms));
        assert_eq!(due(&known, limits::BACKUP_RETRY_MS - 1), None);
        assert_eq!(due(&known, limits::BACKUP_RETRY_MS), Some(Job::Backup));
        // Whoever can store again remembers what ended meanwhile, too.
        store.close().expect_err("its log has failed");
        drop(store);
        disk.heal();
        let store = Store::open(options).expect("opens");
        carried_out(&store, Job::Backup).expect("made");
        let known = stored(&store);
        assert!(known.backup.is_some() && known.backup_failed.is_none() && known.verify_failed.is_some(), "{known:?}");
        assert_eq!(bench.known(&known), known);
        assert_eq!(due(&known, limits::BACKUP_RETRY_MS), None, "it was made");
        store.close().expect("closed");
    }

    #[test]
    fn what_was_done_in_the_future_is_due() {
        let settings = Backups { every_ms: 24 * HOUR, verify_every_ms: Some(168 * HOUR), ..Backups::default() };
        let due = |deeds: &Deeds, at: i64| due(deeds, &settings, Timestamp(at * HOUR));
        let year = 365 * 24;
        // The clock is set right after it stood a year ahead.
        let ahead = Deeds { backup: deed(1_000 + year), verified: deed(1_000 + year), ..Deeds::default() };
        assert_eq!(due(&ahead, 1_000), Some(Job::Backup));
        let made = Deeds { backup: deed(1_000), ..ahead.clone() };
        assert_eq!(due(&made, 1_000), Some(Job::Verify));
        let seen = Deeds { verified: deed(1_000), read: deed(1_000), ..made.clone() };
        assert_eq!((due(&seen, 1_001), due(&seen, 1_024)), (None, Some(Job::Backup)));
        // A clock that is corrected by a little makes nothing due.
        let corrected = Deeds { backup: deed(1_001), verified: deed(1_001), ..seen };
        assert_eq!(due(&corrected, 1_000), None);
        // Nor does a failure of the future hold up the next try, or a damage of then call for another one for ever.
        let failed = Deeds { backup_failed: broken(1_000 + year), ..ahead.clone() };
        assert_eq!(due(&failed, 1_000), Some(Job::Backup));
        let rotten = Deeds { backup: deed(990), verify_failed: broken(1_000 + year), ..Deeds::default() };
        assert_eq!(due(&rotten, 1_000), Some(Job::Verify), "whether it is damaged is looked at again");
        let anew = Deeds { backup: deed(1_000 + year), verify_failed: broken(1_000), ..Deeds::default() };
        assert_eq!(due(&anew, 1_001), Some(Job::BackupAnew), "nobody knows that it was made since");
        let again = Deeds { backup: deed(1_001), ..anew };
        assert_eq!(due(&again, 1_001), Some(Job::Verify));
    }

    #[test]
    fn what_could_not_be_restored_is_made_anew_and_seen_restored_at_once() {
        let settings = Backups { every_ms: 24 * HOUR, verify_every_ms: Some(168 * HOUR), ..Backups::default() };
        let due = |deeds: &Deeds, at: i64| due(deeds, &settings, Timestamp(at * HOUR));
        let seen = Deeds { backup: deed(0), verified: deed(0), read: deed(0), ..Deeds::default() };
        let rotten = Deeds { verify_failed: broken(2), ..seen };
        assert_eq!(due(&rotten, 6), Some(Job::BackupAnew));
        let again = Deeds { backup: deed(7), ..rotten.clone() };
        assert_eq!(due(&again, 7), Some(Job::Verify));
        // That one cannot be restored either: it rests before the next.
        let once_more = Deeds { verify_failed: broken(7), backup: deed(6), ..again };
        assert_eq!((due(&once_more, 7), due(&once_more, 11)), (None, None));
        assert_eq!(due(&once_more, 12), Some(Job::BackupAnew));
        let no_room =
            Deeds { verify_failed: rotten.verify_failed.clone().map(|deed| Deed { damaged: false, ..deed }), ..rotten };
        assert_eq!(due(&no_room, 3), None, "it is no fault of the backup");
    }
}

//! What people here marked or wrote below is held, or else it would go to make room; what nobody holds stands in a queue, or
//! else it would never go: what is missing there is named and mended.

use crate::rich::{Rich, status};
use storage::{
    AccountId, Bounds, Direction, EngineKind, RowId, StatusId,
    filter::{FILTER_OF_STATUS, FILTER_STATUSES, FILTERS},
    retention::{self, ARRIVALS, Rank, Settling, TOUCHED, Touch},
    status::{self as statuses, Reply},
    table::hex,
};

type Held = ((StatusId, AccountId), Touch);

fn held(rich: &Rich) -> Vec<Held> {
    rich.read(|view| TOUCHED.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000))
}

fn place((status, who): (StatusId, AccountId)) -> String {
    format!("touched at {}", hex(&[status.0.to_be_bytes(), who.0.to_be_bytes()].concat()))
}

/// Two statuses of another server, the second below the first, and below that an answer of somebody here, who takes part in
/// both.
fn thread(rich: &Rich) -> [StatusId; 2] {
    let (here, far) = (rich.people[0], rich.people[3]);
    rich.write(move |tx| {
        let mut above: Option<StatusId> = None;
        let mut ids = Vec::new();
        for (author, local) in [(far, false), (far, false), (here, true)] {
            let row = status(tx.next_id(), author, local, |row| {
                row.reply = above.map(|above| Reply { uri: String::new(), status: Some(above), account: Some(far) });
            });
            statuses::insert(tx, &row)?;
            if local {
                retention::take_part(tx, above, here)?;
            }
            above = Some(row.id);
            ids.push(row.id);
        }
        Ok([ids[0], ids[1]])
    })
}

#[test]
fn what_a_mark_should_hold_and_does_not_is_named_and_mended() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = rich.rows();
    let marked = held(&rich);
    assert!(marked.len() > 3 && marked.iter().all(|(_, why)| *why == Touch::Marked), "{marked:?}");
    for (key, _) in marked {
        rich.write(move |tx| {
            TOUCHED.delete(tx, &key);
            Ok(())
        });
        let found = rich.store.check().unwrap();
        assert!(!found.is_empty() && found.iter().all(|finding| finding.place == place(key)), "{key:?}: {found:?}");
        let (mended, summary) = rich.repair();
        assert!(mended.len() == 1 && summary.found == 0, "{mended:?} {summary:?}");
        assert_eq!(rich.store.check().unwrap(), []);
        assert!(rich.rows() == healthy, "after {key:?} the rows are not what they were");
    }
}

#[test]
fn what_is_in_a_filter_and_not_held_is_named_and_mended() {
    let rich = Rich::new(EngineKind::Redb);
    // Held by others, who did something with it.
    let (id, who) = (held(&rich).pop().unwrap().0.0, rich.people[0]);
    assert!(!held(&rich).iter().any(|(key, _)| *key == (id, who)));
    let filters = rich.read(|view| FILTERS.list(view, &who, Bounds::NONE, Direction::Ascending, 1));
    let filter = filters[0].0.1;
    rich.write(move |tx| {
        let row: RowId = tx.next_id();
        FILTER_STATUSES.put(tx, &(who, filter, row), &id);
        FILTER_OF_STATUS.put(tx, &(who, row), &filter);
        Ok(())
    });
    let found = rich.store.check().unwrap();
    assert!(found.len() == 1 && found[0].place == place((id, who)), "{found:?}");
    let (mended, summary) = rich.repair();
    assert!(mended.len() == 1 && summary.found == 0, "{mended:?} {summary:?}");
    assert!(held(&rich).contains(&((id, who), Touch::Marked)));
    assert_eq!(rich.store.check().unwrap(), []);
}

#[test]
fn what_stands_above_an_answer_from_here_and_is_not_held_is_named_and_mended() {
    let rich = Rich::new(EngineKind::Redb);
    let [first, second] = thread(&rich);
    let (here, other) = (rich.people[0], rich.people[1]);
    assert_eq!(rich.store.check().unwrap(), []);
    let healthy = rich.rows();
    for harm in [None, Some(Touch::Marked)] {
        rich.write(move |tx| {
            for id in [first, second] {
                match harm {
                    Some(less) => TOUCHED.put(tx, &(id, here), &less),
                    None => TOUCHED.delete(tx, &(id, here)),
                }
            }
            Ok(())
        });
        let found = rich.store.check().unwrap();
        let places: Vec<&str> = found.iter().map(|finding| &*finding.place).collect();
        assert_eq!(places, [place((second, here)), place((first, here))], "{harm:?}");
        let (mended, summary) = rich.repair();
        assert!(mended.len() == 2 && summary.found == 0, "{mended:?} {summary:?}");
        assert!(rich.rows() == healthy, "{harm:?}");
    }
    // One who took part is enough to hold it.
    rich.write(move |tx| {
        TOUCHED.delete(tx, &(first, here));
        retention::touch(tx, first, other, Touch::TookPart)
    });
    assert_eq!(rich.store.check().unwrap(), []);
}

#[test]
fn before_rows_of_earlier_versions_are_brought_in_nothing_is_missing() {
    let rich = Rich::new(EngineKind::Redb);
    let marked = held(&rich);
    rich.write(move |tx| {
        marked.iter().for_each(|(key, _)| TOUCHED.delete(tx, key));
        retention::put_settling(tx, Settling::Done);
        Ok(())
    });
    assert_eq!(rich.store.check().unwrap(), []);
    rich.write(|tx| {
        retention::put_settling(tx, Settling::Settled);
        Ok(())
    });
    assert!(!rich.store.check().unwrap().is_empty());
}

/// The rows of arrival: rank, hour, status.
fn queued(rich: &Rich) -> Vec<(u8, u32, StatusId)> {
    let rows = rich.read(|view| ARRIVALS.list(view, &(), Bounds::NONE, Direction::Ascending, 1_000));
    rows.into_iter().map(|(key, ())| key).collect()
}

#[test]
fn a_status_of_another_server_that_stands_in_no_queue_is_named_and_queued_again() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = queued(&rich);
    assert!(healthy.len() > 10, "{healthy:?}");
    let lost = [healthy[0], healthy[7]];
    rich.write(move |tx| {
        lost.iter().for_each(|key| ARRIVALS.delete(tx, key));
        Ok(())
    });
    let found = rich.store.check().unwrap();
    let places: Vec<String> = found.into_iter().map(|finding| finding.place).collect();
    assert_eq!(places, lost.map(|(_, _, id)| format!("status at {:016x}", id.0)));
    let (mended, summary) = rich.repair();
    assert!(mended.len() == 2 && summary.found == 0 && summary.mended == 2, "{mended:?} {summary:?}");
    assert_eq!(rich.store.check().unwrap(), []);
    assert_eq!(queued(&rich), healthy, "in the same hour they came in");
    // Any queue will do.
    rich.write(move |tx| {
        for (_, hour, id) in lost {
            retention::queue(tx, Rank::Kept, retention::Hour(hour + 9), id);
            retention::unqueue(tx, Rank::Ordinary, retention::Hour(hour), id);
        }
        Ok(())
    });
    assert_eq!(rich.store.check().unwrap(), []);
    // Statuses of earlier versions have no rows there before they are brought in.
    rich.write(move |tx| {
        healthy.iter().for_each(|key| ARRIVALS.delete(tx, key));
        retention::put_settling(tx, Settling::Arrivals { after: StatusId(0) });
        Ok(())
    });
    assert_eq!(rich.store.check().unwrap(), []);
}

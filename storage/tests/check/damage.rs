//! Damage planted row by row: the check names it, the repair mends it, and the truth stays as it was.

use crate::rich::{Rich, Row};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::collections::{BTreeSet, HashSet};
use storage::{
    AccountId, Bounds, Digest, Direction, EngineKind, StatusId,
    account::{self, ACCOUNT_STATS},
    catalogue::TABLES,
    check::{DESCRIPTIONS, Described},
    custom_emoji::CUSTOM_EMOJI_COUNT,
    delivery::OWED_COUNT,
    filter::FILTER_STATES,
    interaction::{self, InteractionRequest, REQUEST_BY_URI, REQUESTS, RequestState},
    list::{LISTS, LISTS_OF_MEMBER},
    media::BLOBS,
    peer::PEERS,
    poll::POLLS,
    quote::QUOTABILITY,
    reaction::REACTION_KINDS,
    status::{self, STATUS_STATS},
    table::{TableId, hex},
    tag::TAG_USES,
};

/// Rounds of damage, each on the store that the one before has mended.
const ROUNDS: u32 = 600;

fn described() -> impl Iterator<Item = &'static dyn Described> {
    DESCRIPTIONS.iter().flat_map(|entity| entity.iter()).copied()
}

fn name_of(table: TableId) -> &'static str {
    TABLES.iter().find(|info| info.id == table).unwrap().name
}

/// What to do to which row.
#[derive(Debug, Clone, Copy)]
enum Harm {
    Delete,
    /// The value of another row of the table.
    Alter(prop::sample::Index),
    /// Bytes that are no record.
    Garble,
    /// A row that nothing wants: another key with this one's value.
    Invent(u8),
}

/// The harm of a table's visit with this number: each suffers all of them in turn, however many tables there are.
fn harm_of(visit: usize, other: prop::sample::Index, flip: u8) -> Harm {
    match visit % 4 {
        0 => Harm::Delete,
        1 => Harm::Alter(other),
        2 => Harm::Garble,
        _ => Harm::Invent(flip),
    }
}

/// Does it; answers the key that is wrong now, unless that changes nothing.
fn harm(rich: &Rich, rows: &[Row], victim: &Row, harm: Harm) -> Option<Vec<u8>> {
    let Row { table, mut key, mut value } = victim.clone();
    match harm {
        Harm::Delete => {
            rich.write(move |tx| {
                tx.delete_bytes(table, key.clone());
                Ok(())
            });
            return Some(victim.key.clone());
        }
        Harm::Alter(other) => value.clone_from(&other.get(rows).value),
        Harm::Garble => value = vec![1, 0xff, 0xff],
        Harm::Invent(flip) => *key.last_mut().unwrap() ^= flip,
    }
    // A row without a value says everything by its key.
    let same = value == victim.value || victim.value.is_empty();
    if same && !matches!(harm, Harm::Invent(_)) || rows.iter().any(|row| row.key == key && row.value == value) {
        return None;
    }
    let wrong = key.clone();
    rich.write(move |tx| {
        tx.put_bytes(table, key.clone(), value.clone());
        Ok(())
    });
    Some(wrong)
}

#[test]
fn damage_to_any_derived_row_is_named_and_mended_and_the_truth_stays() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = rich.rows();
    let derived: HashSet<TableId> = described().filter(|one| one.is_derived()).map(|one| one.table().id).collect();
    // Numbers have a test of their own.
    let indexes: BTreeSet<TableId> =
        derived.iter().copied().filter(|table| ![ACCOUNT_STATS.id, STATUS_STATS.id].contains(table)).collect();
    let hit = std::cell::RefCell::new(HashSet::new());
    // The round decides which table it is, so there is nothing to shrink.
    let config = Config { cases: ROUNDS, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let (tables, round) = (indexes.iter().copied().collect::<Vec<_>>(), std::cell::Cell::new(0_usize));
    let choice = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..=255u8);
    let outcome = TestRunner::new_with_rng(config, rng()).run(&choice, |(victim, other, flip)| {
        let now = round.replace(round.get() + 1);
        let (table, how) = (tables[now % tables.len()], harm_of(now / tables.len(), other, flip));
        let rows: Vec<Row> = healthy.iter().filter(|row| row.table == table).cloned().collect();
        let Some(wrong) = harm(&rich, &rows, victim.get(&rows), how) else { return Ok(()) };
        hit.borrow_mut().insert(table);
        let place = format!("{} at {}", name_of(table), hex(&wrong));
        let found = rich.store.check().unwrap();
        prop_assert!(found.iter().any(|finding| finding.place == place), "{place} is not named: {found:?}");
        let (mended, summary) = rich.repair();
        prop_assert!(mended.iter().any(|finding| finding.place == place), "{place} is not mended: {mended:?}");
        prop_assert_eq!(summary.found, 0);
        let again = rich.store.check().unwrap();
        prop_assert!(again.is_empty(), "the second check: {again:?}");
        prop_assert!(rich.rows() == healthy, "after {place} the rows are not what they were");
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(hit.borrow().len(), indexes.len(), "every index was damaged");
}

#[test]
fn numbers_that_drift_are_named_and_counted_anew() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = rich.rows();
    let accounts: Vec<AccountId> = rich.people.clone();
    let statuses: Vec<StatusId> = healthy
        .iter()
        .filter(|row| row.table == STATUS_STATS.id)
        .map(|row| StatusId(u64::from_be_bytes(row.key[..].try_into().unwrap())))
        .collect();
    let config = Config { cases: ROUNDS / 3, failure_persistence: None, ..Config::default() };
    let choice = (0..18u8, any::<prop::sample::Index>(), 1..1_000u64);
    let outcome = TestRunner::new_with_rng(config, rng()).run(&choice, |(which, whom, by)| {
        let (account, status) = (*whom.get(&accounts), *whom.get(&statuses));
        rich.write(move |tx| match which {
            0 => account::count(tx, account, |stats| stats.statuses += by),
            1 => account::count(tx, account, |stats| stats.followers += by),
            2 => account::count(tx, account, |stats| stats.following += by),
            3 => status::count(tx, status, |stats| stats.replies += by),
            4 => status::count(tx, status, |stats| stats.reblogs += by),
            5 => status::count(tx, status, |stats| stats.favourites += by),
            6 => {
                let (name, mut peer) = storage::peer::list(tx, None, 1)?.remove(0);
                peer.owed += u32::try_from(by).unwrap();
                PEERS.put(tx, &name, &peer);
                Ok(())
            }
            7..14 => drift(tx, which, by),
            14 => status::count(tx, status, |stats| stats.reactions += by),
            15 => alter(tx, &REACTION_KINDS, |kind| kind.people += by),
            16 => alter(tx, &CUSTOM_EMOJI_COUNT, |count| *count += by),
            _ => {
                let bounds = Bounds::NONE;
                let rows = OWED_COUNT.list(tx, &(), bounds, Direction::Ascending, 1)?;
                // More, or none at all.
                if by % 2 == 0 {
                    OWED_COUNT.put(tx, &rows[0].0, &(rows[0].1 + by));
                } else {
                    OWED_COUNT.delete(tx, &rows[0].0);
                }
                Ok(())
            }
        });
        let found = rich.store.check().unwrap();
        prop_assert!(!found.is_empty(), "drift {which} is not named");
        let (mended, summary) = rich.repair();
        prop_assert!(!mended.is_empty() && summary.found == 0, "{mended:?} {summary:?}");
        prop_assert!(rich.rows() == healthy, "after drift {which} the rows are not what they were");
        Ok(())
    });
    outcome.unwrap();
}

/// The first row of a table with a number, with another number.
fn drift(tx: &mut storage::Tx<'_>, which: u8, by: u64) -> storage::Result<()> {
    let few = u32::try_from(by).unwrap();
    match which {
        7 => alter(tx, &LISTS, |list| list.members += few),
        8 => alter(tx, &FILTER_STATES, |state| state.filters += few),
        9 => alter(tx, &FILTER_STATES, |state| state.keywords += few),
        10 => alter(tx, &QUOTABILITY, |row| row.quotes += by),
        11 => alter(tx, &TAG_USES, |used| used.statuses += by),
        12 => alter(tx, &BLOBS, |blob| blob.references += by),
        _ => {
            let rows = POLLS.list(tx, &(), Bounds::NONE, Direction::Ascending, 1)?;
            let mut row = status::find(tx, rows[0].0)?.unwrap();
            let poll = row.poll.as_mut().unwrap();
            if by.is_multiple_of(2) {
                poll.options[0].votes += by;
            } else {
                poll.voters = Some(2 + by);
            }
            status::STATUSES.put(tx, &row.id, &row);
            Ok(())
        }
    }
}

fn alter<K: storage::Key, R: storage::record::Record>(
    tx: &mut storage::Tx<'_>,
    table: &storage::table::Table<K, R>,
    change: impl FnOnce(&mut R),
) -> storage::Result<()> {
    let (key, mut row) = table.list(tx, &(), Bounds::NONE, Direction::Ascending, 1)?.remove(0);
    change(&mut row);
    table.put(tx, &key, &row);
    Ok(())
}

#[test]
fn a_membership_that_its_owner_cannot_find_is_named_and_mended() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = rich.rows();
    let victims: Vec<Row> = healthy.iter().filter(|row| row.table == LISTS_OF_MEMBER.id).cloned().collect();
    assert!(victims.len() > 3, "{victims:?}");
    for victim in victims {
        harm(&rich, &[], &victim, Harm::Delete);
        let place = format!("list_of_member at {}", hex(&victim.key));
        let found = rich.store.check().unwrap();
        assert!(found.len() == 1 && found[0].place == place, "{found:?}");
        let (mended, summary) = rich.repair();
        assert!(mended.len() == 1 && summary.found == 0, "{mended:?} {summary:?}");
        assert!(rich.rows() == healthy);
    }
}

#[test]
fn numbers_of_nobody_are_removed() {
    let rich = Rich::new(EngineKind::Redb);
    let healthy = rich.rows();
    rich.write(|tx| {
        account::count(tx, AccountId(1), |stats| stats.followers = 3)?;
        status::count(tx, StatusId(1), |stats| stats.replies = 3)
    });
    assert_eq!(rich.store.check().unwrap().len(), 2);
    let (mended, _) = rich.repair();
    assert_eq!(mended.len(), 2);
    assert!(rich.rows() == healthy);
}

#[test]
fn missing_truth_is_named_and_nothing_is_invented() {
    let rich = Rich::new(EngineKind::Redb);
    let status = rich.read(|view| {
        let rows = status::PINS.list(view, &(), Bounds::NONE, Direction::Ascending, 1)?;
        Ok(rows[0].0.1)
    });
    rich.write(move |tx| {
        status::STATUSES.delete(tx, &status);
        Ok(())
    });
    let found = rich.store.check().unwrap();
    let named = format!("names status {:016x}, which is missing", status.0);
    for place in ["pin at", "favourite at"] {
        assert!(found.iter().any(|one| one.place.starts_with(place) && one.what == named), "{place}: {found:?}");
    }
    let truth: BTreeSet<Row> = truth_of(&rich);
    let (_, summary) = rich.repair();
    assert!(summary.found > 0, "what cannot be mended is named");
    assert!(truth_of(&rich) == truth);
}

#[test]
fn a_row_of_the_truth_that_cannot_be_read_is_named_and_left() {
    let rich = Rich::new(EngineKind::Redb);
    let victim = rich.rows().into_iter().find(|row| row.table == status::STATUSES.id).unwrap();
    let key = victim.key.clone();
    rich.write(move |tx| {
        tx.put_bytes(status::STATUSES.id, key.clone(), vec![1, 2, 3]);
        Ok(())
    });
    let before = rich.rows();
    let place = format!("status at {}", hex(&victim.key));
    assert!(rich.store.check().unwrap().iter().any(|one| one.place == place && one.what.starts_with("cannot be read")));
    let (mended, summary) = rich.repair();
    assert!(mended.is_empty() && summary.found > 0, "nothing follows from a row that nobody can read: {mended:?}");
    assert!(rich.rows() == before);
}

fn truth_of(rich: &Rich) -> BTreeSet<Row> {
    let derived: HashSet<TableId> = described().filter(|one| one.is_derived()).map(|one| one.table().id).collect();
    let counted = [PEERS.id, OWED_COUNT.id, QUOTABILITY.id, TAG_USES.id, LISTS.id, FILTER_STATES.id, BLOBS.id];
    rich.rows().into_iter().filter(|row| !derived.contains(&row.table) && !counted.contains(&row.table)).collect()
}

fn rng() -> proptest::test_runner::TestRng {
    let seed = [0x5e; 32];
    println!("seed {seed:x?}");
    proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed)
}

#[test]
fn leave_that_earlier_versions_did_not_list_is_not_called_missing() {
    const LEAVE: &str = "https://a.test/leave/1";
    let rich = Rich::new(EngineKind::Redb);
    let deed = rich.write(|tx| {
        let rows = REQUESTS.list(tx, &(), Bounds::NONE, Direction::Ascending, 10)?;
        let (id, row) = rows.into_iter().find(|(_, row)| row.state == RequestState::Accepted).unwrap();
        interaction::put(tx, id, &InteractionRequest { authorization: LEAVE.to_owned(), ..row.clone() })?;
        Ok(row.uri)
    });
    let known = rich.store.read(|view| interaction::find_by_authorization(view, LEAVE)).unwrap();
    assert!(known.is_some_and(|(_, row)| row.uri == deed), "its Delete finds what rests on it");
    assert_eq!(rich.store.check().unwrap(), []);
    rich.write(|tx| {
        REQUEST_BY_URI.delete(tx, &Digest::of(LEAVE));
        Ok(())
    });
    assert_eq!(rich.store.check().unwrap(), []);
    rich.write(move |tx| {
        REQUEST_BY_URI.delete(tx, &Digest::of(&deed));
        Ok(())
    });
    assert_eq!(rich.store.check().unwrap().len(), 1, "what was done is listed");
}

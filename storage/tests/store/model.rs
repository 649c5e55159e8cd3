//! Random transactions against a BTreeMap: reads inside and outside, scans both ways, groups, restarts; both engines.

use crate::support::{Dice, OTHER, RAW, real};
use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    sync::mpsc::channel,
};
use storage::{
    Direction, EngineKind, Error, Read, Store, Tx,
    table::{KeyRange, TableId},
};

type Model = BTreeMap<(TableId, Vec<u8>), Vec<u8>>;
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

#[derive(Clone, Debug)]
enum Step {
    Put(TableId, Vec<u8>, Vec<u8>),
    Delete(TableId, Vec<u8>),
    Get(TableId, Vec<u8>),
    Scan(TableId, KeyRange, Direction, usize),
    Fail,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Value(Option<Vec<u8>>),
    Rows(Rows),
}

fn key(dice: &mut Dice) -> Vec<u8> {
    let len = dice.roll(4);
    (0..len).map(|_| [0, 1, 7, 255][dice.roll(4) as usize]).collect()
}

fn look(dice: &mut Dice) -> Step {
    let table = [RAW, OTHER][dice.roll(2) as usize];
    if dice.roll(3) == 0 {
        return Step::Get(table, key(dice));
    }
    let range = match dice.roll(4) {
        0 => KeyRange::all(),
        1 => KeyRange::prefix(&key(dice)),
        2 => KeyRange { from: key(dice), until: None },
        _ => KeyRange { from: key(dice), until: Some(key(dice)) },
    };
    let direction = if dice.roll(2) == 0 { Direction::Ascending } else { Direction::Descending };
    Step::Scan(table, range, direction, [1, 5, 70, usize::MAX][dice.roll(4) as usize])
}

fn plan(dice: &mut Dice) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..1 + dice.roll(12) {
        let table = [RAW, OTHER][dice.roll(2) as usize];
        steps.push(match dice.roll(6) {
            0..3 => {
                let len = dice.roll(200) as usize;
                Step::Put(table, key(dice), vec![dice.roll(256) as u8; len])
            }
            3 => Step::Delete(table, key(dice)),
            _ => look(dice),
        });
    }
    if dice.roll(10) == 0 {
        steps.push(Step::Fail);
    }
    steps
}

fn see(read: &dyn Read, step: &Step) -> Result<Seen, Error> {
    match step {
        Step::Get(table, key) => Ok(Seen::Value(read.get_bytes(*table, key)?.map(|value| value.to_vec()))),
        Step::Scan(table, range, direction, limit) => {
            let mut rows = Rows::new();
            read.scan_bytes(*table, range, *direction, &mut |key, value| {
                rows.push((key.to_vec(), value.to_vec()));
                Ok(if rows.len() < *limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
            Ok(Seen::Rows(rows))
        }
        _ => Ok(Seen::Value(None)),
    }
}

fn run(tx: &mut Tx<'_>, steps: &[Step]) -> Result<Vec<Seen>, Error> {
    let mut seen = Vec::new();
    for step in steps {
        match step {
            Step::Put(table, key, value) => tx.put_bytes(*table, key.clone(), value.clone()),
            Step::Delete(table, key) => tx.delete_bytes(*table, key.clone()),
            Step::Fail => return Err(Error::Unavailable),
            look => seen.push(see(tx, look)?),
        }
    }
    Ok(seen)
}

fn expect(model: &Model, step: &Step) -> Seen {
    match step {
        Step::Get(table, key) => Seen::Value(model.get(&(*table, key.clone())).cloned()),
        Step::Scan(table, range, direction, limit) => {
            let inside = model
                .range((Bound::Included((*table, range.from.clone())), Bound::Unbounded))
                .take_while(|((of, key), _)| of == table && range.until.as_ref().is_none_or(|until| key < until))
                .map(|((_, key), value)| (key.clone(), value.clone()));
            let mut rows: Rows = inside.collect();
            if *direction == Direction::Descending {
                rows.reverse();
            }
            rows.truncate(*limit);
            Seen::Rows(rows)
        }
        _ => Seen::Value(None),
    }
}

/// What a transaction must see, and its effect on the model unless it fails.
fn expect_all(model: &mut Model, steps: &[Step]) -> Option<Vec<Seen>> {
    let mut draft = model.clone();
    let mut seen = Vec::new();
    for step in steps {
        match step {
            Step::Put(table, key, value) => drop(draft.insert((*table, key.clone()), value.clone())),
            Step::Delete(table, key) => drop(draft.remove(&(*table, key.clone()))),
            Step::Fail => return None,
            look => seen.push(expect(&draft, look)),
        }
    }
    *model = draft;
    Some(seen)
}

fn play(engine: EngineKind, seed: u64, rounds: u64) {
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(real(dir.path(), engine)).unwrap();
    let mut model = Model::new();
    for round in 0..rounds {
        let (send, receive) = channel();
        let plans: Vec<_> = (0..1 + dice.roll(12)).map(|_| plan(&mut dice)).collect();
        for (number, steps) in plans.iter().cloned().enumerate() {
            let send = send.clone();
            store.submit(move |tx| run(tx, &steps), move |outcome| send.send((number, outcome)).unwrap());
        }
        drop(send);
        let mut outcomes: Vec<_> = receive.iter().collect();
        outcomes.sort_by_key(|(number, _)| *number);
        for (steps, (_, outcome)) in plans.iter().zip(outcomes) {
            assert_eq!(outcome.ok(), expect_all(&mut model, steps), "round {round}: {steps:?}");
        }
        for _ in 0..4 {
            let step = look(&mut dice);
            assert_eq!(store.read(|view| see(view, &step)).unwrap(), expect(&model, &step), "round {round}: {step:?}");
        }
        if dice.roll(rounds / 3) == 0 {
            drop(store);
            store = Store::open(real(dir.path(), engine)).unwrap();
        }
    }
    drop(store);
    let store = Store::open(real(dir.path(), engine)).unwrap();
    for table in [RAW, OTHER] {
        let all = Step::Scan(table, KeyRange::all(), Direction::Ascending, usize::MAX);
        assert_eq!(store.read(|view| see(view, &all)).unwrap(), expect(&model, &all));
    }
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn redb_answers_as_a_btreemap_does() {
    (1..4).for_each(|seed| play(EngineKind::Redb, seed, 150));
}

#[test]
fn sled_answers_as_a_btreemap_does() {
    (11..13).for_each(|seed| play(EngineKind::Sled, seed, 100));
}

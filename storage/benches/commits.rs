//! Commits a second of the store alone, by clients and engine, on the disk under the system's temporary directory.
//!
//! `cargo bench -p storage`; printed, not asserted.

#![allow(clippy::unwrap_used, reason = "a failed step ends the bench; its place is what one wants to see")]

use std::time::{Duration, Instant};
use storage::{EngineKind, Error, Options, Read, Store, catalogue::TableInfo, table::TableId};

/// Rows of a transaction: about those of a post.
const ROWS: u64 = 7;

const TABLES: &[TableInfo] = &[
    TableInfo::plain(TableId(1), "meta"),
    TableInfo::plain(TableId(2), "consumer"),
    TableInfo::plain(TableId(20), "row"),
    TableInfo::plain(TableId(21), "hash"),
    TableInfo::plain(TableId(22), "a"),
    TableInfo::plain(TableId(23), "b"),
    TableInfo::plain(TableId(24), "c"),
    TableInfo::plain(TableId(25), "d"),
    TableInfo::plain(TableId(26), "e"),
];

fn main() {
    for engine in [EngineKind::Redb, EngineKind::Sled] {
        for clients in [1, 8, 64] {
            measure(engine, clients, Duration::from_secs(4));
        }
    }
}

fn measure(engine: EngineKind, clients: u64, time: Duration) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(Options { engine, tables: TABLES, ..Options::new(dir.path()) }).unwrap();
    let start = Instant::now();
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                let store = store.clone();
                scope.spawn(move || run(&store, client, start, time))
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let took = start.elapsed();
    latencies.sort_unstable();
    let at = |per_mille: usize| latencies[(latencies.len() - 1) * per_mille / 1000];
    let state = store.state();
    println!(
        "{engine} {clients:>2} clients: {:>6.0} commits/s, p50 {:?}, p99 {:?}, p99.9 {:?}; {} rows behind; sync p50 {:?} p99 {:?}",
        latencies.len() as f64 / took.as_secs_f64(),
        at(500),
        at(990),
        at(999),
        state.durable.0 - state.applied.0,
        state.sync.p50,
        state.sync.p99,
    );
    let reads = 20_000u32;
    let start = Instant::now();
    for number in 0..reads {
        let key = u64::from(number % 1000).to_be_bytes();
        store.read(|view| view.get_bytes(TableId(20), &key).map(drop)).unwrap();
    }
    println!("{engine}: a view with one get takes {:?}", start.elapsed() / reads);
}

fn run(store: &Store, client: u64, start: Instant, time: Duration) -> Vec<Duration> {
    let mut latencies = Vec::new();
    let mut number = 0u64;
    while start.elapsed() < time {
        number += 1;
        let before = Instant::now();
        store
            .write(move |tx| -> Result<(), Error> {
                let id: u64 = tx.next_id();
                let spread = (client << 32 | number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                for row in 0..ROWS {
                    let key = if row == 1 { spread } else { id };
                    let len = if row == 0 { 700 } else { 16 };
                    tx.put_bytes(TableId(20 + row as u16), key.to_be_bytes().to_vec(), vec![row as u8; len]);
                }
                Ok(())
            })
            .unwrap();
        latencies.push(before.elapsed());
    }
    latencies
}

//! What a store holds, as lines: table, version of its records, rows, digest over keys and records as this program
//! writes them.

use std::{collections::BTreeMap, fmt::Write, ops::ControlFlow, path::Path};
use storage::{
    Digest, Direction, EngineKind, Environment, Options, Read, Store, Timestamp,
    catalogue::TABLES,
    table::{KeyRange, hex},
};

/// Opens a store offline at the time of its making.
pub(crate) fn open(data: &Path, engine: EngineKind, now: Timestamp) -> Store {
    let environment = Environment { now: std::sync::Arc::new(move || now), ..Environment::system() };
    let options = Options { engine, environment, ..Options::new(data.join("store")) };
    Store::open(options).unwrap_or_else(|error| panic!("{engine}: a store written long ago does not open: {error}"))
}

/// The lines of a store.
pub(crate) fn of(store: &Store) -> String {
    let mut text = String::new();
    for table in TABLES {
        let (mut rows, mut bytes) = (0, Vec::new());
        let read = store.read(|view| {
            view.scan_bytes(table.id, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                rows += 1;
                let record = (table.reread)(key, value)?;
                for part in [key, &record] {
                    bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
                    bytes.extend_from_slice(part);
                }
                Ok(ControlFlow::Continue(()))
            })
        });
        read.unwrap_or_else(|error: storage::Error| panic!("{}: {error}", table.name));
        let sum = hex(&Digest::of_bytes(&bytes).0);
        writeln!(text, "{}\t{}\t{rows}\t{sum}", table.name, table.version).expect("memory");
    }
    text
}

/// Holds a store against the lines written when it was made. Records of a newer version say more than they did: of them
/// only the number is compared, and that each is read and upgraded.
pub(crate) fn compare(written: &str, store: &Store) {
    let now = of(store);
    let now: BTreeMap<&str, Vec<&str>> = now.lines().map(columns).collect();
    for (table, then) in written.lines().map(columns) {
        let now = now.get(table).unwrap_or_else(|| panic!("the table {table} is gone"));
        assert_eq!(now[1], then[1], "{table}: rows");
        if now[0] == then[0] {
            assert_eq!(now[2], then[2], "{table}: records changed without a version of their own");
        }
    }
}

/// The table of a line, and what it says: version, rows, digest.
pub(crate) fn columns(line: &str) -> (&str, Vec<&str>) {
    let mut columns = line.split('\t');
    (columns.next().unwrap_or_default(), columns.collect())
}

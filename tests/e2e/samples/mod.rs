//! Every federation document we have, ours and other projects', through the real inbox or resolver, each against what
//! was written down for it beforehand.

mod checks;
mod effects;
pub(crate) mod expectations;
mod facts;
mod lab;
mod looks;
mod meaning;
mod run;
mod setup;
mod stage;

use crate::{certificates::Authority, foreign};
use expectations::{Outcome, Row};
use lab::Lab;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

/// How many documents came to what.
#[derive(Debug, Default)]
struct Tally {
    accepted: usize,
    dropped: usize,
    refused: usize,
    wrong: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn samples_of_other_projects_are_treated_as_the_papers_say() {
    let Some(dir) = foreign::samples() else { return };
    let rows = expectations::of_samples();
    assert_complete(&rows, &dir);
    deliver_all(&dir, rows).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_fixtures_are_treated_as_the_papers_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let rows = expectations::of_fixtures();
    assert_complete(&rows, &dir);
    deliver_all(&dir, rows).await;
}

/// Each document has one row and each row a document.
fn assert_complete(rows: &[Row], dir: &Path) {
    let files: BTreeSet<String> = std::fs::read_dir(dir)
        .expect("the directory is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json"))
        .collect();
    let known: BTreeSet<String> = rows.iter().map(|row| row.file.clone()).collect();
    assert_eq!(known.len(), rows.len(), "a document has two rows");
    let missing: Vec<&String> = files.difference(&known).collect();
    let surplus: Vec<&String> = known.difference(&files).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "without a row: {missing:?}; without a document: {surplus:?}");
}

/// Delivers all documents, as few worlds as their hosts allow: two that share a host never share a world.
async fn deliver_all(dir: &Path, rows: Vec<Row>) {
    let only = std::env::var("DASSIE_SAMPLE").ok();
    let authority = Authority::new();
    let sorter = Lab::start(&authority, Arc::default(), dir);
    let mut worlds: Vec<(BTreeSet<String>, Vec<Row>)> = Vec::new();
    let mut skipped = 0;
    for row in rows {
        if only.as_ref().is_some_and(|only| !row.file.starts_with(only.as_str())) {
            skipped += 1;
            continue;
        }
        let hosts = sorter.hosts_of_row(&row);
        match worlds.iter_mut().find(|(taken, _)| taken.is_disjoint(&hosts)) {
            Some((taken, members)) => {
                taken.extend(hosts);
                members.push(row);
            }
            None => worlds.push((hosts, vec![row])),
        }
    }
    let mut tally = Tally::default();
    // Whoever asks for results to be kept reads what has changed before it is committed.
    let keep = std::env::var_os("DASSIE_KEEP_RESULTS").is_some();
    let kept = if keep { BTreeMap::new() } else { meaning::kept() };
    let mut found = BTreeMap::new();
    for (_, rows) in worlds {
        for run::Treated { row, mut wrong, result } in run::world(&authority, dir, rows).await {
            let speaks = matches!(row.outcome, Outcome::Stored | Outcome::Actor | Outcome::Effect);
            match result {
                Some(result) if keep => drop(found.insert(row.file.clone(), result)),
                Some(result) => {
                    let differs = meaning::difference(kept.get(&row.file), &result);
                    wrong.extend(differs.map(|differs| format!("its result: {differs}")));
                }
                None if speaks && wrong.is_empty() => wrong.push("nothing of it was looked at".to_owned()),
                None => {}
            }
            if wrong.is_empty() {
                match row.outcome {
                    Outcome::Stored | Outcome::Actor | Outcome::Effect => tally.accepted += 1,
                    Outcome::Dropped => tally.dropped += 1,
                    Outcome::Refused => tally.refused += 1,
                }
            } else {
                tally.wrong.push(format!("{} ({:?}): {}", row.file, row.outcome, wrong.join("; ")));
            }
        }
    }
    if keep {
        meaning::keep(found);
    }
    println!(
        "samples: {} accepted, {} dropped, {} refused, {skipped} skipped",
        tally.accepted, tally.dropped, tally.refused
    );
    assert!(tally.wrong.is_empty(), "{} are not as expected:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
}

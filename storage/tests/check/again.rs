//! What a running server reads again by and by, a part at a time: damage is named in the words of a check.

use crate::gallery::Gallery;
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};
use storage::{
    Error, Finding, Timestamp,
    backup::Repository,
    check::{Part, Piece, Progress, Repair},
    vfs::{Fault, FaultOn},
};

fn no_backup() -> Option<Repository> {
    None
}

fn always() -> bool {
    true
}

fn never() -> bool {
    false
}

/// What is heard of each file when all are read in so many parts; each is heard of once.
fn read(gallery: &Gallery, of: u32) -> BTreeMap<Piece, Option<Finding>> {
    let again = gallery.store.again(Path::new("/data"), &no_backup, &always);
    let mut heard = BTreeMap::new();
    for number in 0..of {
        let mut hear = |piece: Piece, finding: Option<Finding>| {
            assert!(heard.insert(piece, finding).is_none(), "{piece} is read twice");
        };
        again.part(Part { number, of }, &mut hear).unwrap();
    }
    heard
}

fn wrong(heard: &BTreeMap<Piece, Option<Finding>>) -> Vec<(Piece, Finding)> {
    heard.iter().filter_map(|(piece, finding)| Some((*piece, finding.clone()?))).collect()
}

fn look(gallery: &Gallery, piece: Piece) -> Option<Finding> {
    gallery.store.again(Path::new("/data"), &no_backup, &always).look(piece).unwrap()
}

fn in_store(piece: Piece) -> PathBuf {
    Path::new("/data/store").join(piece.to_string())
}

/// A gallery whose log has at least three segments, and a base snapshot; with its pictures, the first segment and the base.
fn gallery() -> (Gallery, Vec<Piece>, Piece, Piece) {
    let gallery = Gallery::new();
    gallery.disk.forget_steps();
    let mut pictures = Vec::new();
    let segments =
        |gallery: &Gallery| read(gallery, 1).into_keys().filter(|piece| matches!(piece, Piece::Log(_))).count();
    while segments(&gallery) < 3 {
        for _ in 0..100 {
            let number = pictures.len() as u64;
            assert!(number < 10_000, "the log does not grow");
            pictures.push(Piece::Media(gallery.show(number, &number.to_be_bytes())));
        }
    }
    let base = Piece::Base(gallery.store.write_base().unwrap().lsn);
    let first = read(&gallery, 1).into_keys().find(|piece| matches!(piece, Piece::Log(_))).unwrap();
    (gallery, pictures, first, base)
}

#[test]
fn what_rots_while_nobody_asks_for_it_is_named_as_by_a_check_until_it_is_whole() {
    let (gallery, pictures, first, base) = gallery();
    let whole = read(&gallery, 7);
    assert!(wrong(&whole).is_empty(), "{whole:?}");
    for piece in pictures.iter().chain([&first, &base]) {
        assert!(whole.contains_key(piece), "{piece} is not read");
    }
    let middle = |piece| gallery.disk.contents(&in_store(piece)).unwrap().len() / 2;
    let Piece::Media(hash) = pictures[3] else { panic!("{} is no picture", pictures[3]) };
    let rotten = [(gallery.path(hash), 0), (in_store(first), middle(first)), (in_store(base), middle(base))];
    let turn = || rotten.iter().for_each(|(path, at)| gallery.disk.rot(path, *at).unwrap());
    turn();
    let found = wrong(&read(&gallery, 7));
    let pieces: Vec<Piece> = found.iter().map(|(piece, _)| *piece).collect();
    assert_eq!(pieces, [pictures[3], first, base], "{found:?}");
    let words = ["its content is not what its name says", "cannot be read any more", "`dassie check --repair` writes"];
    for ((_, finding), words) in found.iter().zip(words) {
        assert!(finding.what.contains(words), "{finding}");
    }
    let findings = |pieces: &[usize]| pieces.iter().map(|at| found[*at].1.clone()).collect::<Vec<_>>();
    assert_eq!(gallery.check(None, Repair::Nothing).0, findings(&[0]));
    assert_eq!(gallery.store.check().unwrap(), findings(&[1, 2]));
    turn();
    for piece in pieces {
        assert_eq!(look(&gallery, piece), None, "{piece} is whole again");
    }
}

#[test]
fn a_segment_that_the_disk_does_not_give_is_named() {
    let (gallery, _, first, _) = gallery();
    let name = first.to_string();
    gallery.disk.inject(Fault {
        name: name.clone(),
        on: FaultOn::Read,
        after: 0,
        times: usize::MAX,
        kind: io::ErrorKind::Other,
    });
    let found = wrong(&read(&gallery, 1));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.place == name && found[0].1.what.contains("it cannot be read"), "{}", found[0].1);
    gallery.disk.heal();
    assert_eq!(look(&gallery, first), None);
}

#[test]
fn reading_again_ends_at_once_where_something_goes_first() {
    let (gallery, _, first, base) = gallery();
    let again = gallery.store.again(Path::new("/data"), &no_backup, &never);
    let mut heard = Vec::new();
    let parted = again.part(Part { number: 0, of: 1 }, &mut |piece, _| heard.push(piece));
    assert!(matches!(parted, Err(Error::Unavailable)) && heard.is_empty(), "{parted:?}, {heard:?}");
    for piece in [first, base] {
        assert!(matches!(again.look(piece), Err(Error::Unavailable)), "{piece}");
    }
}

#[test]
fn how_far_it_has_come_is_remembered_unless_that_is_damaged() {
    let gallery = Gallery::new();
    assert_eq!(gallery.store.reread_so_far().unwrap(), None);
    let wrong = vec![Piece::Media(gallery.show(1, b"a")), Piece::Log(1)];
    let progress = Progress { next: 17, since: Timestamp(5), wrong };
    gallery.store.keep_reread(&progress).unwrap();
    assert_eq!(gallery.store.reread_so_far().unwrap(), Some(progress));
    gallery.disk.rot(Path::new("/data/store/REREAD"), 0).unwrap();
    assert_eq!(gallery.store.reread_so_far().unwrap(), None);
}

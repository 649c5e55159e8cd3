//! Tables as other programs write them, and what no table is.

use super::{comparable, table};
use crate::{error::Error, limits, origin::Origin};
use storage::import::{ImportKind, ImportRow};

fn subjects(kind: ImportKind, text: &str) -> Vec<String> {
    table::read(kind, text.as_bytes()).expect("a table").into_iter().map(|row| row.subject).collect()
}

#[test]
fn following_is_read_with_and_without_the_line_that_names_columns() {
    let whole = "Account address,Show boosts,Notify on new posts,Languages\r\nann@far.test,false,true,\"en, de\"\r\n";
    let expected = ImportRow {
        subject: "ann@far.test".to_owned(),
        reblogs: Some(false),
        notify: Some(true),
        languages: Some(vec!["en".to_owned(), "de".to_owned()]),
        ..ImportRow::default()
    };
    assert_eq!(table::read(ImportKind::Following, whole.as_bytes()).expect("a table"), std::slice::from_ref(&expected));
    let bare = whole.split_once('\n').expect("two lines").1;
    assert_eq!(table::read(ImportKind::Following, bare.as_bytes()).expect("a table"), [expected]);
    let turned = "Languages,Account address\n,ann@far.test\n\n , \n";
    let rows = table::read(ImportKind::Following, turned.as_bytes()).expect("a table");
    assert_eq!(rows, [ImportRow { subject: "ann@far.test".to_owned(), ..ImportRow::default() }]);
}

#[test]
fn every_kind_is_read_as_mastodon_writes_it() {
    assert_eq!(subjects(ImportKind::Blocks, "a@b.test\nc@d.test\n"), ["a@b.test", "c@d.test"]);
    assert_eq!(subjects(ImportKind::Domains, "#domain,#severity\nbad.test,suspend\n"), ["bad.test"]);
    assert_eq!(subjects(ImportKind::Bookmarks, "\u{feff}https://b.test/1\n"), ["https://b.test/1"]);
    let mutes = table::read(ImportKind::Mutes, b"Account address,Hide notifications\na@b.test,false\n");
    assert_eq!(mutes.expect("a table")[0].notifications, Some(false));
    let lists = table::read(ImportKind::Lists, b"\"Rocks, large\",a@b.test\n").expect("a table");
    assert_eq!((lists[0].list.as_str(), lists[0].subject.as_str()), ("Rocks, large", "a@b.test"));
}

#[test]
fn what_is_no_table_is_refused_and_long_fields_are_cut_so_that_they_name_nobody() {
    let why = |kind, bytes: &[u8]| match table::read(kind, bytes) {
        Err(Error::Invalid { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    assert!(why(ImportKind::Blocks, b"").contains("no rows"));
    assert!(why(ImportKind::Blocks, b"\xff\xfe\x00a").contains("no table of text"));
    assert!(why(ImportKind::Blocks, b"List name,Languages\nx,y\n").contains("no column"));
    let many = "a@b.test\n".repeat(limits::IMPORT_ROWS + 1);
    assert!(why(ImportKind::Blocks, many.as_bytes()).contains("more than"));
    assert!(table::read(ImportKind::Blocks, &many.as_bytes()[9..]).is_ok(), "the bound itself fits");
    assert!(why(ImportKind::Blocks, &vec![b'a'; limits::IMPORT_BYTES + 1]).contains("at most"));
    let long = format!("a@{}.test\n", "b".repeat(limits::IMPORT_FIELD_BYTES));
    let origin = Origin::parse("https://home.test", None).expect("an origin");
    let cut = subjects(ImportKind::Blocks, &long).pop().expect("a row");
    assert!(cut.chars().count() == 61 && comparable(&origin, &cut).is_none(), "{cut}");
}

#[test]
fn handles_are_compared_whole_and_in_small_letters() {
    let origin = Origin::parse("https://home.test", None).expect("an origin");
    let form = |text: &str| comparable(&origin, text);
    assert_eq!(form("@Ann"), Some("ann@home.test".to_owned()));
    assert_eq!(form("ann@home.test"), form("ann"));
    assert_eq!(form("Bob@Far.test"), Some("bob@far.test".to_owned()));
    assert_eq!(form("https://far.test/@bob"), None);
}

#[test]
fn a_line_is_read_as_it_was_written() {
    let title = "Rocks, \"large\"\nand small";
    let line = table::line(&[title, "a@b.test"]).expect("a line");
    let rows = table::read(ImportKind::Lists, &line).expect("a table");
    assert_eq!((rows[0].list.as_str(), rows[0].subject.as_str()), (title, "a@b.test"));
}

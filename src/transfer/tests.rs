//! Tables as other programs write them, and what no table is; filters that come again; when archives may be asked for.

use super::{bring, comparable, in_the_way, others, read_filters, table, takeout};
use crate::{account::lab::Lab, error::Error, limits, origin::Origin};
use storage::{
    AccountId, Timestamp,
    import::{ImportKind, ImportRow},
    takeout::{Takeout, TakeoutState},
};

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
    for title in ["hashtag", "Languages", "#uri"] {
        let text = format!("{title},ann@b.test\n");
        let lists = table::read(ImportKind::Lists, text.as_bytes()).expect("a list that is called so");
        assert_eq!((lists[0].list.as_str(), lists[0].subject.as_str()), (title, "ann@b.test"));
    }
    assert_eq!(subjects(ImportKind::Tags, "Hashtag\nrocks\n"), ["rocks"]);
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

#[test]
fn a_filter_that_is_written_untidily_is_kept_once_and_stays() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let file = |title: &str| {
        let text = format!(r#"[{{"title":" {title} ","context":["home","home"],"keywords":[{{"keyword":"cat"}}]}}]"#);
        read_filters(text.as_bytes(), Timestamp(0)).expect("filters")
    };
    let keep = |title: &str| {
        let brought = file(title).remove(0);
        lab.write(move |tx| bring(tx, ann, &brought)).expect("brought")
    };
    let id = keep("cats");
    assert_eq!(keep("cats"), id);
    let other = keep("dogs");
    assert_eq!(lab.read(|read| others(read, ann, &[id])), [other]);
    let (all, next) = (file("cats"), file("birds").remove(0));
    assert_eq!(lab.read(|read| in_the_way(read, ann, &next, &all)), None, "there is room");
    for number in 2..limits::FILTERS_MAX {
        keep(&format!("filter {number}"));
    }
    assert_eq!(lab.read(|read| in_the_way(read, ann, &next, &all)), Some(other), "the oldest that the file has not");
    assert_eq!(lab.read(|read| in_the_way(read, ann, &all[0], &all)), None, "it is there");
    let words = [r#"{"keyword":"cat"}"#; limits::FILTER_ENTRIES_MAX + 1].join(",");
    for refused in
        [r#"{"title":" ","context":["home"]}"#, &format!(r#"{{"title":"t","context":["home"],"keywords":[{words}]}}"#)]
    {
        let filter = read_filters(format!("[{refused}]").as_bytes(), Timestamp(0)).expect("filters").remove(0);
        assert!(matches!(filter.check(Timestamp(0)), Err(Error::Invalid { .. })), "{refused}");
    }
    let whole =
        format!(r#"{{"title":"t","context":["home"],"keywords":[{}]}}"#, [r#"{"keyword":"cat"}"#; 100].join(","));
    let many = [whole.as_str(); 11].join(",");
    assert!(matches!(read_filters(format!("[{many}]").as_bytes(), Timestamp(0)), Err(Error::Invalid { .. })));
}

#[test]
fn an_archive_rests_by_what_came_of_it_and_those_of_others_are_told_apart() {
    const DAY: i64 = 86_400_000;
    let after = |state, ms| {
        let known = Takeout { asked_at: Timestamp(5), state, done: 0, of: 0, bytes: 0 };
        takeout::may_ask(&known, Timestamp(5 + ms))
    };
    for state in [TakeoutState::Ready, TakeoutState::TooLarge] {
        assert!(!after(state, 7 * DAY - 1) && after(state, 7 * DAY), "{state:?}");
    }
    assert!(!after(TakeoutState::Failed, DAY - 1) && after(TakeoutState::Failed, DAY));
    let late = limits::TAKEOUT_WRITTEN_MS;
    assert!(!after(TakeoutState::Writing, late - 1) && after(TakeoutState::Writing, late), "nobody writes it any more");
    let known = Takeout { asked_at: Timestamp(5), state: TakeoutState::Ready, done: 0, of: 0, bytes: 0 };
    assert_eq!(takeout::named(&known.file(AccountId(3))), Some((AccountId(3), Timestamp(5))));
    let files = [(known.file(AccountId(3)), 10), (known.file(AccountId(4)), 20), ("x".to_owned(), 1)];
    assert_eq!(takeout::of_others(&files, AccountId(3)), 21);
}

#[test]
fn nobody_may_ask_for_an_archive_while_those_of_others_take_all_the_room() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let most_bytes = takeout::most(8_000);
    let ask = |others_bytes| lab.write(move |tx| takeout::ask(tx, ann, takeout::Room { others_bytes, most_bytes }));
    for others in [most_bytes, most_bytes + 1] {
        let Err(Error::Forbidden(why)) = ask(others) else { panic!("{others} of {most_bytes} bytes are taken") };
        assert_eq!(why, "Other archives take all the room there is for them; ask again in some days");
    }
    assert_eq!(lab.read(|read| Ok(storage::takeout::find(read, ann)?)), None, "nothing was begun");
    ask(most_bytes - 1).expect("there is room");
    let state = lab.read(|read| Ok(storage::takeout::find(read, ann)?)).map(|known| known.state);
    assert_eq!(state, Some(TakeoutState::Writing));
}

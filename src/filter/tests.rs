//! Filters on a real store.

use super::{Cache, Compiled, FilterChange, KeywordChange, add_status, create, delete, list, update};
use crate::{
    account::lab::{Lab, plain},
    error::Error,
    limits,
};
use storage::{
    AccountId, RowId, StatusId, Timestamp,
    filter::{FilterAction, FilterContext, FilterKeyword},
    status::{self, Status},
};

fn word(keyword: &str, whole_word: bool) -> KeywordChange {
    KeywordChange::Add(FilterKeyword { keyword: keyword.to_owned(), whole_word })
}

fn of_words(words: Vec<KeywordChange>) -> FilterChange {
    FilterChange {
        title: Some("title".to_owned()),
        contexts: Some(vec![FilterContext::Home]),
        action: Some(FilterAction::Hide),
        lasts_ms: None,
        keywords: words,
    }
}

fn text(content: &str) -> Status {
    Status { content: content.to_owned(), ..plain(StatusId(1), AccountId(2), Timestamp(0)) }
}

fn found(compiled: &Compiled, content: &str, now: Timestamp) -> Vec<String> {
    compiled.matches(&text(content), now).into_iter().flat_map(|found| found.keywords).collect()
}

#[test]
fn words_match_whole_or_anywhere_in_any_case_and_not_in_markup() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let change = of_words(vec![word("Cat", true), word("dog", false), word(":(", true), word("été", true)]);
    lab.write(move |tx| create(tx, ann, &change)).expect("made");
    let compiled = lab.read(|read| Compiled::read(read, ann));
    let now = Timestamp(0);
    for (content, expected) in [
        ("<p>a CAT sat</p>", vec!["Cat"]),
        ("<p>concatenate cats</p>", vec![]),
        ("<p>#cat, hotDOGs</p>", vec!["Cat", "dog"]),
        ("<p class=\"cat\"><a href=\"https://dog.test\">link</a></p>", vec![]),
        ("<p>sad:(</p>", vec![":("]),
        ("<p>l&#39;ÉTÉ</p>", vec!["été"]),
        ("<p>cat_nap</p>", vec![]),
    ] {
        assert_eq!(found(&compiled, content, now), expected, "{content}");
    }
    let mut warned = text("<p>x</p>");
    warned.spoiler_text = "cat".to_owned();
    assert_eq!(compiled.matches(&warned, now).len(), 1, "the warning counts");
}

#[test]
fn what_is_kept_in_memory_follows_every_change() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let cache = Cache::default();
    let seen = |content: &str| {
        let now = lab.read(|_| Ok(Timestamp(crate::account::lab::START.0)));
        found(&lab.read(|read| cache.get(read, ann)), content, now)
    };
    assert!(seen("cat").is_empty());
    let change = FilterChange { lasts_ms: Some(Some(1_000)), ..of_words(vec![word("cat", true)]) };
    let id = lab.write(move |tx| create(tx, ann, &change)).expect("made");
    assert_eq!(seen("cat"), ["cat"]);
    let compiled = lab.read(|read| cache.get(read, ann));
    assert!(found(&compiled, "cat", crate::account::lab::START.plus_ms(1_000)).is_empty(), "it has ended");
    let keyword = lab.read(|read| list(read, ann))[0].keywords[0].0;
    let change = FilterChange {
        keywords: vec![KeywordChange::Change(keyword, Some("dog".to_owned()), None)],
        ..FilterChange::default()
    };
    lab.write(move |tx| update(tx, ann, id, &change)).expect("changed");
    assert_eq!((seen("cat").len(), seen("dog")), (0, vec!["dog".to_owned()]));
    lab.write(move |tx| delete(tx, ann, id)).expect("deleted");
    assert!(seen("dog").is_empty());
    assert_eq!(lab.read(|read| list(read, ann)), []);
}

#[test]
fn bounds_and_other_peoples_filters_are_refused() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let made = |change: FilterChange| lab.write(move |tx| create(tx, ann, &change));
    let long = "x".repeat(limits::FILTER_KEYWORD_CHARS_MAX + 1);
    for bad in [
        FilterChange { title: None, ..of_words(vec![]) },
        FilterChange { contexts: Some(vec![]), ..of_words(vec![]) },
        of_words(vec![word(" ", true)]),
        of_words(vec![word(&long, true)]),
        of_words((0..=limits::FILTER_ENTRIES_MAX).map(|at| word(&at.to_string(), true)).collect()),
    ] {
        assert!(matches!(made(bad), Err(Error::Invalid { .. })));
    }
    assert_eq!(lab.read(|read| list(read, ann)), [], "a refused one leaves no trace");
    let id = made(of_words(vec![word("cat", true)])).expect("made");
    assert!(matches!(lab.write(move |tx| delete(tx, ben, id)), Err(Error::NotFound)));
    assert!(matches!(lab.write(move |tx| add_status(tx, ann, id, StatusId(1))), Err(Error::NotFound)));
    let foreign = FilterChange { keywords: vec![KeywordChange::Remove(RowId(1))], ..FilterChange::default() };
    assert!(matches!(lab.write(move |tx| update(tx, ann, id, &foreign)), Err(Error::NotFound)));
    let quiet = lab
        .write(move |tx| {
            let mut quiet = text("<p>x</p>");
            (quiet.id, quiet.account) = (tx.next_id(), ben);
            status::insert(tx, &quiet)?;
            Ok(quiet.id)
        })
        .expect("stored");
    lab.write(move |tx| add_status(tx, ann, id, quiet)).expect("added");
    let again = lab.write(move |tx| add_status(tx, ann, id, quiet)).expect("added");
    let whole = lab.read(|read| list(read, ann));
    assert_eq!(whole[0].statuses, [(again, quiet)], "once");
    for _ in 1..limits::FILTERS_MAX {
        made(of_words(vec![])).expect("made");
    }
    assert!(matches!(made(of_words(vec![])), Err(Error::Invalid { .. })));
}

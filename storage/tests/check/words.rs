//! Words of names that earlier versions stored with their accents: made anew step by step, over a restart too, and no check
//! calls them wrong meanwhile.

use crate::rich;
use std::path::Path;
use storage::{
    AccountId, Bounds, Direction, Options, Sizes, Store, Tx,
    account::{self, ACCOUNT_WORDS, Account},
    directory::{SETTLED, WORDS},
    limits,
};

const OLD: &str = "\u{e4}lvsborg";

fn open(dir: &Path) -> Store {
    Store::open(Options { sizes: Sizes::small(), ..Options::new(dir.join("store")) }).unwrap()
}

fn write(store: &Store, rule: impl Fn(&mut Tx<'_>) -> storage::Result<()> + Send + 'static) {
    store.write(rule).unwrap();
}

fn step(store: &Store) -> bool {
    store.write(account::settle_words).unwrap()
}

fn named(id: AccountId, display_name: &str) -> Account {
    Account { display_name: display_name.into(), ..rich::account(id, &format!("p{id}"), Some("many.test")) }
}

/// Accounts with the words that earlier versions stored of them.
fn people(store: &Store) -> Vec<AccountId> {
    let people: Vec<AccountId> = (1_000..).map(AccountId).take(limits::ACCOUNT_WORDS_SETTLE_STEP + 5).collect();
    for some in people.chunks(30) {
        let some = some.to_vec();
        write(store, move |tx| {
            for id in &some {
                account::put(tx, &named(*id, "\u{c4}lvsborg"))?;
                ACCOUNT_WORDS.delete(tx, &("alvsborg".to_owned(), *id));
                ACCOUNT_WORDS.put(tx, &(OLD.to_owned(), *id), &());
            }
            Ok(())
        });
    }
    people
}

/// The words of an account in the index.
fn words(store: &Store, of: AccountId) -> Vec<String> {
    let rows = store.read(|view| ACCOUNT_WORDS.list(view, &(), Bounds::NONE, Direction::Ascending, 10_000)).unwrap();
    rows.into_iter().filter(|((_, id), ())| *id == of).map(|((word, _), ())| word).collect()
}

fn found(store: &Store, text: &str) -> usize {
    store.read(|view| account::search_by_prefix(view, text, 10_000)).unwrap().len()
}

#[test]
fn words_of_earlier_versions_are_made_anew_also_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let people = people(&store);
    let (first, last, all) = (people[0], people[people.len() - 1], people.len());
    assert_eq!(store.check().unwrap(), []);
    assert_eq!((found(&store, "\u{c4}lvs"), found(&store, "alvs")), (all, 0), "with the accent, as before");

    assert!(step(&store));
    store.close().unwrap();
    drop(store);
    let store = open(dir.path());
    let own = |id: AccountId, word: &str| [word.to_owned(), format!("p{id}")];
    assert_eq!(words(&store, first), own(first, "alvsborg"));
    assert_eq!(words(&store, last), [format!("p{last}"), OLD.to_owned()], "not yet");
    assert_eq!(store.check().unwrap(), []);
    assert_eq!(found(&store, "\u{c4}lvs"), all, "both forms are looked up");

    // Who changes meanwhile leaves nothing behind, and is not set back.
    write(&store, move |tx| account::put(tx, &named(last, "\u{d6}land")));
    assert_eq!(words(&store, last), own(last, "oland"));
    assert_eq!(store.check().unwrap(), []);
    assert!(step(&store), "the rest");
    assert!(!step(&store) && !step(&store), "all are looked at");
    assert_eq!(words(&store, last), own(last, "oland"));
    for id in &people[..all - 1] {
        assert_eq!(words(&store, *id), own(*id, "alvsborg"));
    }
    assert_eq!((found(&store, "alvs"), found(&store, "\u{c4}lvs")), (all - 1, all - 1));
    assert_eq!(store.check().unwrap(), []);
}

#[test]
fn a_check_takes_words_of_earlier_versions_for_right_until_they_are_settled_and_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let first = people(&store)[0];
    let amiss = || store.check().unwrap().len();
    write(&store, move |tx| {
        ACCOUNT_WORDS.put(tx, &("nobody".to_owned(), first), &());
        Ok(())
    });
    assert_eq!(amiss(), 1, "no version stored that");
    write(&store, move |tx| {
        ACCOUNT_WORDS.delete(tx, &("nobody".to_owned(), first));
        ACCOUNT_WORDS.delete(tx, &(OLD.to_owned(), first));
        Ok(())
    });
    assert_eq!(amiss(), 1, "neither form is there");
    write(&store, move |tx| account::put(tx, &named(first, "\u{c4}lvsborg")));
    assert_eq!(amiss(), 0, "the new form is");
    while step(&store) {}
    write(&store, move |tx| {
        ACCOUNT_WORDS.put(tx, &(OLD.to_owned(), first), &());
        Ok(())
    });
    assert_eq!(amiss(), 1, "settled words are new ones");
    write(&store, move |tx| {
        SETTLED.delete(tx, &WORDS);
        Ok(())
    });
    assert_eq!(amiss(), 0, "nobody knows that they are");
}

//! Rules of accounts on a real store.

use super::{
    Handle,
    accept::{HandleProof, RemoteAccount, RemoteKey, accept, accept_delete, fit},
    lab::{Counting, Lab, START, remote},
    lookup,
    search::{Query, search},
    update::{Changes, update},
};
use crate::{error::Error, limits};
use storage::{
    AccountId,
    account::{self, ActorKind},
    intent::Intent,
    job::JobKind,
    moderation,
    relationship::{self, Follow},
    status::Visibility,
    user,
};

fn nobody(_: &str) -> bool {
    false
}

fn take(lab: &Lab, remote: RemoteAccount) -> Result<AccountId, Error> {
    lab.write(move |tx| accept(tx, &remote))
}

#[test]
fn remote_account_is_found_by_uri_handle_and_key() {
    let lab = Lab::new();
    let id = lab.remote("Bob");
    lab.read(|read| {
        let handle = Handle::parse("bob@far.test", nobody).expect("a handle");
        assert_eq!(lookup(read, &handle)?.map(|found| found.id), Some(id));
        let by_uri = account::find_by_uri(read, "https://far.test/users/Bob")?.expect("known by uri");
        assert_eq!((by_uri.id, by_uri.acct()), (id, "Bob@far.test".to_owned()));
        let key = account::find_key(read, "https://far.test/users/Bob#main-key")?.expect("known key");
        assert_eq!((key.account, key.fetched_at), (id, START));
        Ok(())
    });
}

#[test]
fn accepting_again_replaces_the_profile_and_the_keys_but_not_the_id() {
    let lab = Lab::new();
    let id = lab.remote("bob");
    lab.advance(1000);
    let again = RemoteAccount {
        display_name: "Bob the Second".to_owned(),
        locked: true,
        keys: vec![RemoteKey { key_id: "https://far.test/users/bob#new".to_owned(), material: "pem2".to_owned() }],
        ..remote("bob", "far.test")
    };
    assert_eq!(take(&lab, again).expect("accepted"), id);
    let row = lab.account(id);
    assert_eq!((row.display_name.as_str(), row.locked, row.created_at), ("Bob the Second", true, START));
    assert_eq!(row.fetched_at, START.plus_ms(1000));
    lab.read(|read| {
        assert!(account::find_key(read, "https://far.test/users/bob#main-key")?.is_none(), "a key no longer listed");
        assert!(account::find_key(read, "https://far.test/users/bob#new")?.is_some());
        Ok(())
    });
}

#[test]
fn handle_goes_to_the_last_actor_that_proved_it() {
    let lab = Lab::new();
    let old = lab.remote("bob");
    let new = RemoteAccount { uri: "https://far.test/ap/7".to_owned(), keys: Vec::new(), ..remote("bob", "far.test") };
    let new = take(&lab, new).expect("accepted");
    assert_ne!(old, new);
    let holder = |lab: &Lab| lab.read(|read| Ok(account::find_by_name(read, "BOB", Some("far.test"))?.map(|a| a.id)));
    assert_eq!(holder(&lab), Some(new));
    assert!(lab.jobs().contains(&JobKind::RefreshAccount { account: old }), "who lost it is read anew");

    // The old actor describes itself again, but nobody confirms its handle any more.
    let unproved = RemoteAccount { handle: HandleProof::Unconfirmed, ..remote("bob", "far.test") };
    assert_eq!(take(&lab, unproved).expect("accepted"), old);
    assert_eq!(holder(&lab), Some(new));
}

#[test]
fn moved_handle_leaves_the_old_name_free() {
    let lab = Lab::new();
    let id = lab.remote("bob");
    let renamed = RemoteAccount {
        username: "robert".to_owned(),
        domain: "elsewhere.test".to_owned(),
        ..remote("bob", "far.test")
    };
    assert_eq!(take(&lab, renamed).expect("accepted"), id);
    lab.read(|read| {
        assert!(account::find_by_name(read, "bob", Some("far.test"))?.is_none());
        let found = account::find_by_name(read, "robert", Some("elsewhere.test"))?;
        assert_eq!(found.map(|found| found.id), Some(id));
        Ok(())
    });

    let unproved =
        RemoteAccount { username: "admin".to_owned(), handle: HandleProof::Unconfirmed, ..remote("bob", "far.test") };
    take(&lab, unproved).expect("accepted");
    assert_eq!(lab.account(id).acct(), "robert@elsewhere.test", "an unproved handle changes nothing");
}

#[test]
fn unknown_actor_without_proof_bad_names_and_oversize_are_refused() {
    let lab = Lab::new();
    let base = || remote("bob", "far.test");
    let key = |number: usize| RemoteKey { key_id: format!("k{number}"), material: String::new() };
    let refused = [
        RemoteAccount { handle: HandleProof::Unconfirmed, ..base() },
        RemoteAccount { username: "b ob".to_owned(), ..base() },
        RemoteAccount { username: "x".repeat(limits::USERNAME_BYTES_MAX + 1), ..base() },
        RemoteAccount { domain: String::new(), ..base() },
        RemoteAccount { domain: "d".repeat(limits::DOMAIN_BYTES_MAX + 1), ..base() },
        RemoteAccount { note: "n".repeat(limits::REMOTE_PROFILE_BYTES_MAX + 1), ..base() },
        RemoteAccount { keys: (0..=limits::ACTOR_KEYS_MAX).map(key).collect(), ..base() },
    ];
    for remote in refused {
        let answer = take(&lab, remote);
        assert!(matches!(answer, Err(Error::Invalid { .. })), "{answer:?}");
    }
    let largest = RemoteAccount { note: "n".repeat(limits::REMOTE_PROFILE_BYTES_MAX), ..base() };
    take(&lab, largest).expect("as large as allowed");
}

#[test]
fn of_what_has_no_room_the_first_is_kept_and_the_account_too() {
    let lab = Lab::new();
    let value = "v".repeat(2_000);
    let mut large = RemoteAccount {
        note: format!("<p>{}</p>", "word ".repeat(10_000)),
        fields: (0..50).map(|number| (number.to_string(), value.clone())).collect(),
        also_known_as: (0..200).map(|number| format!("https://far.test/{number:0>200}")).collect(),
        avatar: Some(account::Image { url: String::new(), description: "a".repeat(40_000) }),
        ..remote("bob", "far.test")
    };
    fit(&mut large);
    let names: Vec<&str> = large.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    assert!(large.note.len() > 16_000 && large.note.ends_with("word</p>"), "{}", large.note.len());
    assert!((1..200).contains(&large.also_known_as.len()), "{}", large.also_known_as.len());
    let kept = take(&lab, large.clone()).expect("it fits");
    assert_eq!(lab.account(kept).avatar.expect("it has one").description.len(), limits::PROFILE_PICTURE_ALT_BYTES_MAX);
    let before = large.clone();
    fit(&mut large);
    assert_eq!(large, before, "what fits stays");
}

#[test]
fn deleted_account_shows_nothing_until_its_server_describes_it_again() {
    let lab = Lab::new();
    let bob = lab.remote("bob");
    let ann = lab.local("ann");
    lab.write(move |tx| accept_delete(tx, bob)).expect("deleted");
    lab.write(move |tx| accept_delete(tx, bob)).expect("a second time");
    assert!(matches!(lab.write(move |tx| accept_delete(tx, ann)), Err(Error::NotFound)));
    assert_eq!(lab.account(bob).suspended_at, Some(START));
    let purges = lab.jobs().into_iter().filter(|job| *job == JobKind::PurgeAccount { account: bob }).count();
    assert_eq!(purges, 1);
    lab.read(|read| {
        assert!(account::find_key(read, "https://far.test/users/bob#main-key")?.is_none());
        assert!(super::require_shown(read, bob).is_err());
        assert!(search(read, &query("bob", None), nobody)?.is_empty());
        Ok(())
    });
    assert_eq!(lab.remote("bob"), bob);
    assert_eq!(lab.account(bob).suspended_at, None);
}

#[test]
fn whom_their_own_server_suspends_lose_nothing_until_they_are_deleted() {
    let lab = Lab::new();
    let bob = lab.remote("bob");
    let purges = || lab.jobs().into_iter().filter(|job| *job == JobKind::PurgeAccount { account: bob }).count();
    let has_key = || lab.read(|read| Ok(account::find_key(read, "https://far.test/users/bob#main-key")?.is_some()));
    let suspended = || take(&lab, RemoteAccount { suspended: true, ..remote("bob", "far.test") }).expect("accepted");
    suspended();
    assert_eq!((lab.account(bob).suspended_at, purges(), has_key()), (Some(START), 0, true));
    lab.remote("bob");
    assert_eq!(lab.account(bob).suspended_at, None);

    lab.write(move |tx| {
        let standing = moderation::Standing { suspended_at: Some(tx.now()), ..moderation::Standing::default() };
        moderation::put_standing(tx, bob, standing);
        Ok(())
    })
    .expect("suspended here");
    suspended();
    lab.write(move |tx| accept_delete(tx, bob)).expect("heard");
    assert_eq!((purges(), has_key()), (0, true), "moderators here have decided otherwise");
    lab.write(move |tx| {
        moderation::put_standing(tx, bob, moderation::Standing::default());
        Ok(())
    })
    .expect("lifted");
    for _ in 0..2 {
        lab.write(move |tx| accept_delete(tx, bob)).expect("deleted");
    }
    assert_eq!((purges(), has_key()), (1, false));
}

#[test]
fn whose_server_took_the_keys_away_with_a_suspension_is_deleted_all_the_same() {
    let lab = Lab::new();
    let (ann, bob) = (lab.local("ann"), lab.remote("bob"));
    follow(&lab, ann, bob);
    let bare = RemoteAccount { suspended: true, keys: Vec::new(), ..remote("bob", "far.test") };
    take(&lab, bare).expect("accepted");
    for _ in 0..2 {
        lab.write(move |tx| accept_delete(tx, bob)).expect("deleted");
    }
    let purges = lab.jobs().into_iter().filter(|job| *job == JobKind::PurgeAccount { account: bob }).count();
    assert_eq!(purges, 1, "a second time nothing happens");
}

fn follow(lab: &Lab, from: AccountId, to: AccountId) {
    let rule = move |tx: &mut storage::Tx<'_>| {
        let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
        Ok(relationship::put(tx, from, to, &follow)?)
    };
    lab.write(rule).expect("followed");
}

fn query(text: &str, viewer: Option<AccountId>) -> Query {
    Query { text: text.to_owned(), viewer, following: false, offset: 0, limit: 20 }
}

fn found(lab: &Lab, query: &Query) -> Vec<String> {
    let accounts = lab.read(|read| search(read, query, |domain| domain == "here.test"));
    accounts.into_iter().map(|account| account.acct()).collect()
}

#[test]
fn search_finds_words_and_beginnings_of_handles_the_nearest_first() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let anna = lab.local("anna");
    let remote_anne = lab.remote("anne");
    take(&lab, RemoteAccount { display_name: "Old Annex 🏠".to_owned(), ..remote("zed", "other.test") })
        .expect("accepted");

    assert_eq!(found(&lab, &query("ANN", None)), ["ann", "anna", "anne@far.test", "zed@other.test"]);
    assert_eq!(found(&lab, &query("@ann@here.test", None)), ["ann", "anna"]);
    assert_eq!(found(&lab, &query("ann@fa", None)), ["anne@far.test"]);
    assert_eq!(found(&lab, &query("annex old", None)), ["zed@other.test"]);
    assert_eq!(found(&lab, &query("annex new", None)), [""; 0]);
    for nothing in ["", "@", "  ", "@@", "!?", &"a".repeat(5000)] {
        assert_eq!(found(&lab, &query(nothing, None)), [""; 0], "{nothing:?}");
    }

    follow(&lab, ann, remote_anne);
    let mine = query("ann", Some(ann));
    assert_eq!(found(&lab, &mine), ["ann", "anne@far.test", "anna", "zed@other.test"], "followed ones come earlier");
    assert_eq!(found(&lab, &Query { following: true, ..mine.clone() }), ["anne@far.test"]);
    assert_eq!(found(&lab, &Query { offset: 1, limit: 2, ..mine.clone() }), ["anne@far.test", "anna"]);
    lab.write(move |tx| {
        let block = relationship::Block { created_at: tx.now(), uri: String::new() };
        relationship::BLOCKS.put(tx, &(anna, ann), &block);
        Ok(())
    })
    .expect("blocked");
    assert!(!found(&lab, &mine).contains(&"anna".to_owned()), "who blocks the viewer is not found");
    lab.write(move |tx| {
        let block = relationship::Block { created_at: tx.now(), uri: String::new() };
        relationship::BLOCKS.put(tx, &(ann, remote_anne), &block);
        Ok(())
    })
    .expect("blocked");
    assert_eq!(found(&lab, &mine), ["ann", "zed@other.test"], "nor whom the viewer blocks");
    let whole = query("@anne@far.test", Some(ann));
    assert_eq!(found(&lab, &whole), ["anne@far.test"], "unless they name them whole: they may want to undo it");
}

#[test]
fn accents_do_not_keep_an_account_from_being_found() {
    let lab = Lab::new();
    take(&lab, RemoteAccount { display_name: "\u{c4}lvsborg Łódź".to_owned(), ..remote("zed", "far.test") })
        .expect("accepted");
    for text in ["alvsborg", "\u{c4}lvs", "A\u{308}LVS", "lodz \u{e4}lv", "LÓDŹ", "lódź"] {
        assert_eq!(found(&lab, &query(text, None)), ["zed@far.test"], "{text}");
    }
    for text in ["olvsborg", "alvsborg x", "\u{301}", "@\u{301}@far.test"] {
        assert_eq!(found(&lab, &query(text, None)), [""; 0], "{text}");
    }
}

#[test]
fn whom_one_follows_and_who_is_here_are_found_behind_any_number_of_strangers() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    for number in 0..limits::ACCOUNTS_SEARCHED + 50 {
        lab.remote(&format!("maa{number:04}"));
    }
    let friend = lab.remote("maria");
    lab.local("mark");
    let mine = query("ma", Some(ann));
    assert_eq!(found(&lab, &mine)[0], "mark", "who is here");
    assert!(!found(&lab, &mine).contains(&"maria@far.test".to_owned()), "a stranger like others");
    follow(&lab, ann, friend);
    assert_eq!(found(&lab, &mine)[..2], ["maria@far.test", "mark"]);
    assert_eq!(found(&lab, &Query { following: true, ..mine }), ["maria@far.test"]);
}

#[test]
fn nobody_is_listed_for_a_few_names_and_whom_one_knows_is_found_among_many() {
    let lab = Lab::new();
    let (ann, friend) = (lab.local("ann"), lab.remote("maria"));
    lab.local("mark");
    follow(&lab, ann, friend);
    let mine = query("ma", Some(ann));
    let most = limits::ACCOUNTS_SEARCHED + limits::ACCOUNTS_LOOKED_UP;
    let mut known = 0;
    // With Maria and Mark as many as are looked up, and one more.
    for (strangers, listings) in [(most - 2, 0), (most - 1, 2)] {
        let new: Vec<u64> = (known..strangers).map(|number| number as u64).collect();
        for some in new.chunks(400) {
            let some = some.to_vec();
            // Their words are all that is looked at.
            lab.write(move |tx| {
                for number in &some {
                    account::ACCOUNT_WORDS.put(tx, &(format!("maa{number:05}"), AccountId(*number)), &());
                }
                Ok(())
            })
            .expect("written");
        }
        known = strangers;
        let (names, listed) = lab.read(|read| {
            let counting = Counting::new(read);
            let found = search(&counting, &mine, |domain| domain == "here.test")?;
            let listed = counting.listed(&[account::LOCAL_ACCOUNTS.id, relationship::FOLLOWS.id]);
            Ok((found.iter().map(account::Account::acct).collect::<Vec<_>>(), listed))
        });
        assert_eq!(names, ["maria@far.test", "mark"], "behind {strangers} others");
        assert_eq!(listed, listings, "{strangers} others");
    }
}

#[test]
fn who_came_here_last_is_found_behind_any_number_of_strangers() {
    let lab = Lab::new();
    for number in 0..limits::ACCOUNTS_SEARCHED {
        lab.local(&format!("earlier{number:04}"));
        lab.remote(&format!("maa{number:04}"));
    }
    lab.local("mark");
    assert_eq!(found(&lab, &query("ma", None))[0], "mark");
}

#[test]
fn renamed_accounts_are_not_found_by_their_old_words() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let named = |name: &str| Changes { display_name: Some(name.to_owned()), ..Changes::default() };
    let (first, second) = (named("Moon Walker"), named("Sun Walker"));
    lab.write(move |tx| update(tx, ann, &first)).expect("changed");
    assert_eq!(found(&lab, &query("moon", None)), ["ann"]);
    lab.write(move |tx| update(tx, ann, &second)).expect("changed");
    assert_eq!(found(&lab, &query("moon", None)), [""; 0]);
    assert_eq!(found(&lab, &query("walker sun", None)), ["ann"]);
}

#[test]
fn profile_changes_are_kept_and_told_once() {
    let lab = Lab::new();
    let ann = lab.locked("ann");
    let changes = Changes {
        display_name: Some("  Ann\nof Green\u{7} ".to_owned()),
        note: Some("one\r\ntwo\u{0}".to_owned()),
        fields: Some(vec![("Site".to_owned(), "https://a.test".to_owned()), (String::new(), " ".to_owned())]),
        locked: Some(false),
        bot: Some(true),
        discoverable: Some(true),
        indexable: Some(true),
        hide_collections: Some(true),
        visibility: Some(Visibility::Private),
        sensitive: Some(true),
        language: Some(Some("de-AT".to_owned())),
        ..Changes::default()
    };
    let again = changes.clone();
    lab.write(move |tx| update(tx, ann, &changes)).expect("changed");
    lab.write(move |tx| update(tx, ann, &again)).expect("nothing new");
    let row = lab.account(ann);
    assert_eq!((row.display_name.as_str(), row.note.as_str()), ("Ann of Green", "one\ntwo"));
    assert_eq!((row.fields.len(), row.kind, row.locked), (1, ActorKind::Service, false));
    assert_eq!((row.discoverable, row.indexable, row.hide_collections), (Some(true), true, true));
    let preferences = lab.read(|read| Ok(user::find(read, ann)?.expect("a user").preferences));
    assert_eq!((preferences.visibility, preferences.sensitive), (Visibility::Private, true));
    assert_eq!(preferences.language.as_deref(), Some("de-AT"));
    assert_eq!(lab.intents(), [Intent::UpdateActor { account: ann }]);
    assert!(lab.jobs().contains(&JobKind::AuthorizeFollowRequests { account: ann }));
}

#[test]
fn profile_beyond_its_limits_is_refused_whole() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let text = |length: usize| Some("ä".repeat(length));
    let field = |name: &str, value: usize| (name.to_owned(), "v".repeat(value));
    let many = |count: usize| Some((0..count).map(|number| field(&format!("f{number}"), 1)).collect::<Vec<_>>());
    let refused = [
        Changes { display_name: text(limits::DISPLAY_NAME_CHARS_MAX + 1), ..Changes::default() },
        Changes { note: text(limits::NOTE_CHARS_MAX + 1), ..Changes::default() },
        Changes { fields: many(limits::PROFILE_FIELDS_MAX + 1), ..Changes::default() },
        Changes { fields: Some(vec![field("n", limits::FIELD_VALUE_CHARS_MAX + 1)]), ..Changes::default() },
        Changes { fields: Some(vec![field("", 1)]), ..Changes::default() },
        Changes { visibility: Some(Visibility::Direct), locked: Some(true), ..Changes::default() },
        Changes { language: Some(Some("no language".to_owned())), ..Changes::default() },
    ];
    for changes in refused {
        let answer = lab.write(move |tx| update(tx, ann, &changes));
        assert!(matches!(answer, Err(Error::Invalid { .. })), "{answer:?}");
    }
    assert!(!lab.account(ann).locked);
    assert_eq!(lab.intents(), []);
    let largest = Changes {
        display_name: text(limits::DISPLAY_NAME_CHARS_MAX),
        note: text(limits::NOTE_CHARS_MAX),
        fields: many(limits::PROFILE_FIELDS_MAX),
        ..Changes::default()
    };
    lab.write(move |tx| update(tx, ann, &largest)).expect("as large as allowed");
}

//! Accounts of other servers and hashtags that nothing names go with all that is their own, and nobody else does.

use super::{
    rules::{new, post},
    *,
};
use crate::{
    list::{self, ListChange},
    relationship::{self as relations, FollowOptions, MuteOptions},
    retention::{candidates, forget, forget_tags},
    status::{self as rules, NewStatus, compose},
    tag,
};
use std::{ops::ControlFlow, sync::Arc};
use storage::{
    Direction, Key,
    account::{self, AccountStats},
    backfill::{self, Asked},
    catalogue::TABLES,
    job::{self, JobKind},
    moderation::{self, Standing},
    status::ContentType,
    table::KeyRange,
    tag::TAGS,
    unnamed::{Place, Unnamed, read_on},
};

/// Watches all accounts that nobody has heard of for 90 days, and reads all rows.
fn look(lab: &Lab) -> Arc<Unnamed> {
    let until = lab.store.write(|tx| Ok::<_, storage::Error>(tx.now())).expect("the time").plus_ms(-90 * DAY_MS);
    let found = lab.read(|read| candidates(read, None, until));
    assert_eq!(found.next, None, "all are looked at");
    let unnamed = Arc::new(Unnamed::new(found.ids));
    let watched = Arc::clone(&unnamed);
    lab.write(move |tx| {
        tx.watch(Some(Arc::clone(&watched)));
        Ok(())
    })
    .expect("watched");
    let mut place = Some(Place::default());
    while let Some(at) = place {
        place = lab.read(|read| Ok(read_on(read, TABLES, &at, &unnamed)?));
    }
    unnamed
}

fn watch_nobody(lab: &Lab) {
    lab.write(|tx| {
        tx.watch(None);
        Ok(())
    })
    .expect("not watched any more");
}

/// Lets what nothing has named go; how many that were.
fn let_go(lab: &Lab, unnamed: &Arc<Unnamed>) -> usize {
    let (mut removed, mut behind) = (0, None);
    loop {
        let unnamed = Arc::clone(unnamed);
        let (gone, next) = lab.write(move |tx| forget(tx, &unnamed, behind)).expect("a step");
        removed += gone;
        if next.is_none() {
            break;
        }
        behind = next;
    }
    watch_nobody(lab);
    removed
}

fn pass(lab: &Lab) -> usize {
    let unnamed = look(lab);
    let_go(lab, &unnamed)
}

/// Whether the account is there, without a look at itself.
fn is_there(lab: &Lab, id: AccountId) -> bool {
    let mut there = false;
    lab.read(|read| {
        Ok(read.scan_bytes(
            account::ACCOUNTS.id,
            &KeyRange::prefix(&id.to_bytes()),
            Direction::Ascending,
            &mut |_, _| {
                there = true;
                Ok(ControlFlow::Break(()))
            },
        )?)
    });
    there
}

/// Tables with a row that has `bytes` in its key or value.
fn tables_with(lab: &Lab, bytes: &[u8]) -> Vec<&'static str> {
    let has = |row: &[u8]| row.windows(bytes.len()).any(|window| window == bytes);
    let mut found = Vec::new();
    for table in TABLES {
        lab.read(|read| {
            Ok(read.scan_bytes(table.id, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                if has(key) || has(value) {
                    found.push(table.name);
                    return Ok(ControlFlow::Break(()));
                }
                Ok(ControlFlow::Continue(()))
            })?)
        });
    }
    found
}

/// What a check finds, but that people of the lab have no keys.
fn findings(lab: &Lab) -> Vec<storage::Finding> {
    let mut found = lab.store.check().expect("checked");
    found.retain(|finding| !finding.place.starts_with("user at "));
    found
}

#[test]
fn whom_nothing_names_goes_with_all_that_is_their_own_and_is_met_again() {
    let lab = lab();
    let (here, passer) = (lab.local("here"), lab.remote("passer"));
    lab.write(move |tx| {
        let asked = Asked { at: tx.now(), ended_at: None, found: 0 };
        backfill::PROFILES.put(tx, &passer, &asked);
        tag::accept_feature(tx, passer, "afar")
    })
    .expect("looked at once");
    // What they wrote has gone, and with it all but the account.
    let written = arrives(&lab, passer, 1, None);
    lab.advance(89 * DAY_MS);
    assert_eq!(pass(&lab), 0, "before its time");
    lab.advance(2 * DAY_MS);
    assert_eq!(pass(&lab), 0, "a status of theirs is here");
    assert_eq!(run(&lab, AGED), 1);
    assert!(find(&lab, written).is_none() && is_there(&lab, passer) && is_there(&lab, here));
    assert_eq!(pass(&lab), 1);
    assert!(!is_there(&lab, passer) && is_there(&lab, here));
    assert_eq!(tables_with(&lab, &passer.to_bytes()), [""; 0]);
    // That a status was taken back or went is remembered by its uri.
    assert_eq!(tables_with(&lab, b"users/passer"), [""; 0]);
    assert_eq!(findings(&lab), []);
    let again = lab.remote("passer");
    assert!(again > passer, "anew");
    assert_eq!(lab.read(|read| Ok(account::stats(read, again)?)), AccountStats::default());
    assert_eq!(findings(&lab), []);
}

#[test]
fn whoever_is_named_anywhere_stays() {
    let lab = lab();
    let here = lab.local("here");
    let mine = post(&lab, new(&lab, here));
    let far = |name: &str| lab.remote(name);
    let (followed, asking, writing, liking, muted, listed, noted, blocking, silenced, awaited, nobody) = (
        far("followed"),
        far("asking"),
        far("writing"),
        far("liking"),
        far("muted"),
        far("listed"),
        far("noted"),
        far("blocking"),
        far("silenced"),
        far("awaited"),
        far("nobody"),
    );
    let mentioned = far("mentioned");
    let text = lab.read(|read| {
        let origin = crate::origin::Origin::parse("https://here.test", None)?;
        compose(read, &origin, "for @mentioned@far.test", ContentType::Plain)
    });
    post(&lab, NewStatus { composed: text, ..new(&lab, here) });
    let answer = arrives(&lab, writing, 1, None);
    lab.write(move |tx| {
        relations::follow(tx, here, asking, &FollowOptions::default())?;
        rules::bookmark(tx, here, answer)?;
        accept::accept_favourite(tx, liking, mine, "https://far.test/likes/1")?;
        relations::mute(tx, here, muted, MuteOptions { notifications: true, duration_ms: None })?;
        let list = list::create(tx, here, &ListChange { title: Some("l".to_owned()), ..ListChange::default() })?;
        storage::list::add(tx, here, list, listed)?;
        relations::write_note(tx, here, noted, "kind")?;
        relations::accept::block(tx, blocking, here, "https://far.test/blocks/1")?;
        let standing = Standing { silenced_at: Some(tx.now()), ..Standing::default() };
        moderation::put_standing(tx, silenced, standing);
        job::enqueue(tx, JobKind::RefreshAccount { account: awaited });
        Ok(())
    })
    .expect("all are named");
    follow(&lab, here, followed);
    lab.advance(400 * DAY_MS);
    assert_eq!(pass(&lab), 1);
    assert!(!is_there(&lab, nobody));
    for id in [followed, asking, writing, liking, muted, listed, noted, blocking, silenced, awaited, mentioned] {
        assert!(is_there(&lab, id), "{}", lab.account(id).username);
    }
    assert_eq!(findings(&lab), []);
    // What named them goes.
    lab.write(move |tx| {
        relations::unmute(tx, here, muted)?;
        relations::write_note(tx, here, noted, "")?;
        rules::unbookmark(tx, here, answer)
    })
    .expect("taken back");
    lab.advance(40 * DAY_MS);
    assert_eq!(run(&lab, AGED), 1);
    assert_eq!(pass(&lab), 3);
    assert!(!is_there(&lab, muted) && !is_there(&lab, noted) && !is_there(&lab, writing) && is_there(&lab, listed));
    assert_eq!(findings(&lab), []);
}

#[test]
fn whoever_is_named_or_looked_at_while_rows_are_read_stays() {
    let lab = lab();
    let here = lab.local("here");
    let (named, seen, passer, heard) =
        (lab.remote("named"), lab.remote("seen"), lab.remote("passer"), lab.remote("heard"));
    lab.advance(91 * DAY_MS);
    // Their server described them anew a moment ago.
    assert_eq!(lab.remote("heard"), heard);
    let unnamed = look(&lab);
    assert_eq!(unnamed.left(None, 10), [named, seen, passer]);
    assert_eq!(unnamed.left(Some(named), 1), [seen]);
    // By its row alone, as somebody who had looked at it before writes it.
    lab.write(move |tx| Ok(storage::mute::put(tx, here, named, true, None)?)).expect("named");
    assert!(lab.read(|read| Ok(account::find_by_uri(read, "https://far.test/users/seen")?)).is_some());
    assert_eq!(let_go(&lab, &unnamed), 1);
    assert!(is_there(&lab, named) && is_there(&lab, seen) && is_there(&lab, heard) && !is_there(&lab, passer));
    // Seen is not named: the next time it goes, unless somebody looks again.
    assert_eq!(pass(&lab), 1);
    assert!(!is_there(&lab, seen) && is_there(&lab, named));
    assert_eq!(findings(&lab), []);
}

#[test]
fn what_names_somebody_who_went_a_moment_ago_is_refused() {
    let lab = lab();
    let (here, passer) = (lab.local("here"), lab.remote("passer"));
    lab.advance(91 * DAY_MS);
    let unnamed = look(&lab);
    let watched = Arc::clone(&unnamed);
    assert_eq!(lab.write(move |tx| forget(tx, &watched, None)).expect("a step").0, 1);
    // By somebody who had looked at a state of before.
    let mutes = move |tx: &mut storage::Tx<'_>| Ok(storage::mute::put(tx, here, passer, true, None)?);
    let refused = lab.write(mutes).expect_err("nobody is there");
    assert!(matches!(refused, crate::error::Error::Storage(storage::Error::Overloaded { .. })), "{refused:?}");
    assert_eq!(
        lab.read(|read| Ok(storage::mute::MUTES.list(read, &here, storage::Bounds::NONE, Direction::Ascending, 9)?)),
        []
    );
    watch_nobody(&lab);
    assert_eq!(findings(&lab), []);
}

#[test]
fn a_row_of_which_nobody_knows_whom_it_names_is_written_and_all_stay() {
    let lab = lab();
    let passer = lab.remote("passer");
    lab.advance(91 * DAY_MS);
    let unnamed = look(&lab);
    assert_eq!(unnamed.left(None, 10), [passer]);
    let (table, key) = (storage::mute::MUTES.id, vec![1]);
    let (put, gone) = (key.clone(), key);
    let write = move |tx: &mut storage::Tx<'_>| {
        tx.put_bytes(table, put.clone(), vec![0]);
        Ok(())
    };
    lab.write(write).expect("written");
    assert_eq!(unnamed.left(None, 10), []);
    assert_eq!(let_go(&lab, &unnamed), 0);
    assert!(is_there(&lab, passer));
    // At the next look it can be read again.
    let remove = move |tx: &mut storage::Tx<'_>| {
        tx.delete_bytes(table, gone.clone());
        Ok(())
    };
    lab.write(remove).expect("removed");
    assert_eq!(pass(&lab), 1);
    assert!(!is_there(&lab, passer));
    assert_eq!(findings(&lab), []);
}

#[test]
fn a_handle_goes_back_to_who_had_it_before_where_its_holder_goes() {
    let lab = lab();
    let (here, first) = (lab.local("here"), lab.remote("name"));
    follow(&lab, here, first);
    let anew = crate::account::accept::RemoteAccount {
        uri: "https://far.test/people/name".to_owned(),
        keys: Vec::new(),
        ..crate::account::lab::remote("name", "far.test")
    };
    let second = lab.write(move |tx| crate::account::accept::accept(tx, &anew)).expect("accepted");
    let holder = || lab.read(|read| Ok(account::find_by_name(read, "name", Some("far.test"))?)).map(|row| row.id);
    assert_eq!(holder(), Some(second));
    // That the first one is to be asked who it is now holds it; its server does not answer.
    lab.write(|tx| {
        for (id, _) in job::JOBS.list(tx, &(), storage::Bounds::NONE, Direction::Ascending, 100)? {
            job::finish(tx, id)?;
        }
        Ok(())
    })
    .expect("given up");
    lab.advance(91 * DAY_MS);
    assert_eq!(pass(&lab), 1);
    assert_eq!(holder(), Some(first));
    assert_eq!(findings(&lab), []);
}

#[test]
fn hashtags_go_that_no_status_has_and_nobody_follows() {
    let lab = lab();
    let (here, far) = (lab.local("here"), lab.remote("far"));
    let now = crate::account::lab::START;
    let tagged = |number, name: &str| {
        take(&lab, &RemoteStatus { tags: vec![name.to_owned()], ..remote(far, number, now) });
    };
    tagged(1, "Passing");
    tagged(2, "followed");
    lab.write(move |tx| tag::follow(tx, here, "followed")).expect("followed");
    post(&lab, NewStatus { visibility: Some(Visibility::Public), ..new(&lab, here) });
    lab.advance(100 * DAY_MS);
    lab.write(move |tx| tag::unfollow(tx, here, "followed")).expect("unfollowed");
    assert_eq!(run(&lab, AGED), 2);
    lab.write(move |tx| tag::follow(tx, here, "followed")).expect("followed");
    tagged(3, "kept");
    lab.advance(91 * DAY_MS);
    tagged(4, "young");
    let until = now.plus_ms(100 * DAY_MS);
    let forgotten = |until| {
        lab.write(move |tx| {
            let followed = FollowedTags::read(tx)?;
            forget_tags(tx, Vec::new(), &followed, until)
        })
        .expect("a step")
    };
    assert_eq!(forgotten(now), (0, None), "before their time");
    assert_eq!(forgotten(until), (1, None));
    let left = lab.read(|read| Ok(TAGS.list(read, &(), storage::Bounds::NONE, Direction::Ascending, 10)?));
    let left: Vec<_> = left.into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["followed", "kept", "young"]);
    assert_eq!(findings(&lab), []);
}

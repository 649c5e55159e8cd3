//! Timelines against plain models, on a real store.

use super::{Home, Listed, Origins, Page, Relayed, Tags, Wanted, Window, account, pinned, public, tag};
use crate::{
    account::lab::{Lab, START, plain},
    error::Result,
    limits,
    visibility::can_see,
};
use std::{collections::BTreeMap, sync::Arc};
use storage::{
    AccountId, Bounds, Direction, Event, Read, RowId, StatusId, Tx,
    cause::{self, Cause},
    conversation,
    filtered::{POLICIES, Policy, Treatment},
    mute,
    relationship::{self, FOLLOWS, Follow},
    status::{self, Mark, PIN_ROWS, PINS, Reply, STATUSES, Status, Visibility},
};

fn post(lab: &Lab, author: AccountId, shape: impl Fn(&mut Status) + Send + 'static) -> StatusId {
    lab.write(move |tx| {
        let (id, now) = (tx.next_id(), tx.now());
        let mut status = plain(id, author, now);
        shape(&mut status);
        store(tx, &status)?;
        Ok(id)
    })
    .expect("the status is stored")
}

fn store(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    status::insert(tx, status)?;
    tx.emit(Event::StatusCreated { status: status.id, account: status.account });
    Ok(())
}

fn follow(lab: &Lab, follower: AccountId, target: AccountId, reblogs: bool, languages: &[&str]) {
    let languages: Vec<String> = languages.iter().map(|language| (*language).to_owned()).collect();
    lab.write(move |tx| {
        let bare = Follow::bare(tx.next_id(), String::new(), tx.now());
        let follow = Follow { reblogs, languages: languages.clone(), ..bare };
        Ok(relationship::put(tx, follower, target, &follow)?)
    })
    .expect("the follow is stored");
}

fn ids(page: &Page) -> Vec<StatusId> {
    page.statuses.iter().map(|status| status.id).collect()
}

/// What a page must be: every candidate in order, looked at one by one.
fn expected(
    read: &dyn Read,
    window: Window,
    viewer: Option<AccountId>,
    candidate: impl Fn(&Status) -> bool,
    wanted: impl Fn(&Status) -> bool,
) -> (Vec<StatusId>, Option<(u64, u64)>) {
    let rows = STATUSES.list(read, &(), Bounds::NONE, Direction::Ascending, 10_000).expect("the rows are read");
    let mut rows: Vec<Status> = rows.into_iter().map(|(_, status)| status).collect();
    rows.retain(|status| candidate(status) && window.holds(status.id.0));
    if window.direction == Direction::Descending {
        rows.reverse();
    }
    let (mut shown, mut looked_at) = (Vec::new(), Vec::new());
    for status in rows {
        if shown.len() == window.limit || looked_at.len() == limits::SCAN_MAX {
            break;
        }
        looked_at.push(status.id.0);
        if wanted(&status) && can_see(read, viewer, &status).expect("the rows are read") {
            shown.push(status.id);
        }
    }
    if window.direction == Direction::Ascending {
        shown.reverse();
    }
    let ends = looked_at.iter().max().copied().zip(looked_at.iter().min().copied());
    (shown, ends)
}

/// Repeatable random numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }

    fn window(&mut self, known: &[StatusId]) -> Window {
        let bound = |dice: &mut Dice| (!known.is_empty() && dice.one_in(2)).then(|| dice.pick(known).0);
        let (below, above) = (bound(self), bound(self));
        let upwards = above.is_some() && self.one_in(2);
        let direction = if upwards { Direction::Ascending } else { Direction::Descending };
        Window { bounds: Bounds { below, above }, direction, limit: 1 + self.roll(7) }
    }
}

/// One world of random posts, reblogs, backdated statuses, deletions, follows, blocks and mutes, read all the time.
fn home_holds(seed: u64, ring: usize, steps: usize) {
    let lab = Lab::new();
    let home = Home::of_rings(ring);
    let rings = home.clone();
    lab.store.subscribe(Arc::new(move |lsn, events| rings.hear(lsn, events)));
    let mut people: Vec<AccountId> = ["ann", "bea", "cid"].iter().map(|name| lab.local(name)).collect();
    let viewers = people.clone();
    people.extend(["dan", "eve", "fay"].iter().map(|name| lab.remote(name)));
    let mut dice = Dice(seed);
    let mut known: Vec<StatusId> = Vec::new();
    for step in 0..steps {
        lab.advance(50 + dice.roll(500) as i64);
        match dice.roll(12) {
            0..=5 => known.push(random_post(&lab, &mut dice, &people, &known)),
            6 if !known.is_empty() => {
                let gone = known.swap_remove(dice.roll(known.len()));
                remove(&lab, gone);
            }
            7 | 8 => {
                let (viewer, target) = (dice.pick(&viewers), dice.pick(&people));
                let languages: &[&str] = if dice.one_in(3) { &["en"] } else { &[] };
                if viewer != target {
                    follow(&lab, viewer, target, !dice.one_in(3), languages);
                }
            }
            9 => {
                let (viewer, target) = (dice.pick(&viewers), dice.pick(&people));
                lab.write(move |tx| Ok(relationship::remove(tx, viewer, target)?)).expect("the follow goes");
            }
            10 if dice.one_in(4) => {
                let (viewer, target) = (dice.pick(&viewers), dice.pick(&people));
                block(&lab, viewer, target);
            }
            11 => {
                let (viewer, target) = (dice.pick(&viewers), dice.pick(&people));
                if viewer != target && dice.one_in(3) {
                    lab.write(move |tx| Ok(mute::put(tx, viewer, target, true, None)?)).expect("the mute is stored");
                } else {
                    lab.write(move |tx| Ok(mute::remove(tx, viewer, target)?)).expect("the mute goes");
                }
            }
            _ => {}
        }
        let viewer = dice.pick(&viewers);
        let window = dice.window(&known);
        lab.store
            .read(|view| {
                let page = home.page(view, viewer, window)?;
                let follows: BTreeMap<_, _> = (FOLLOWS.list(view, &viewer, Bounds::NONE, Direction::Ascending, 100)?)
                    .into_iter()
                    .map(|((_, target), follow)| (target, follow))
                    .collect();
                let candidate = |status: &Status| status.account == viewer || follows.contains_key(&status.account);
                let wanted = |status: &Status| belongs(viewer, &follows, status) && !avoided(view, viewer, status);
                let model = expected(view, window, Some(viewer), candidate, wanted);
                assert_eq!((ids(&page), page.examined), model, "seed {seed}, step {step}, {viewer} {window:?}");
                Ok::<_, crate::error::Error>(())
            })
            .expect("the page is read");
    }
}

/// Mastodon's rule of what stands in a home timeline, written once more.
fn belongs(viewer: AccountId, follows: &BTreeMap<AccountId, Follow>, status: &Status) -> bool {
    if status.account == viewer {
        return true;
    }
    let follow = &follows[&status.account];
    let spoken = status.language.as_ref().is_none_or(|l| follow.languages.is_empty() || follow.languages.contains(l));
    let answers_known = match &status.reply {
        None => true,
        Some(Reply { account: None, .. }) => false,
        Some(Reply { account: Some(to), .. }) => *to == viewer || *to == status.account || follows.contains_key(to),
    };
    spoken && answers_known && (follow.reblogs || status.reblog_of.is_none())
}

/// Mastodon's rule of what a block or mute keeps out of a home timeline beyond `can_see`, written once more.
fn avoided(read: &dyn Read, viewer: AccountId, status: &Status) -> bool {
    let blocked = |other: &AccountId| relationship::blocks(read, viewer, *other).expect("the row is read");
    let muted = |other: &AccountId| mute::find(read, viewer, *other).expect("the row is read").is_some();
    let shared = status.reblog_of.and_then(|id| status::find(read, id).expect("the row is read"));
    status.account != viewer
        && (muted(&status.account)
            || shared.is_some_and(|shared| muted(&shared.account))
            || status.mentions.iter().any(|other| *other != viewer && (blocked(other) || muted(other))))
}

fn random_post(lab: &Lab, dice: &mut Dice, people: &[AccountId], known: &[StatusId]) -> StatusId {
    let author = dice.pick(people);
    let visibilities = [Visibility::Public, Visibility::Unlisted, Visibility::Private, Visibility::Direct];
    let visibility = dice.pick(&visibilities);
    let mention = dice.pick(people);
    let other = (!known.is_empty() && dice.one_in(2)).then(|| dice.pick(known));
    let (is_reblog, unknown_parent) = (dice.one_in(2), dice.one_in(9));
    let language = dice.pick(&[None, Some("en"), Some("de")]).map(str::to_owned);
    let back_ms = if dice.one_in(4) { dice.roll(40_000) as i64 } else { 0 };
    lab.write(move |tx| {
        let at = tx.now().plus_ms(-back_ms);
        let id = tx.id_at(at, |read, id: StatusId| STATUSES.contains(read, &id))?;
        let mut status = plain(id, author, at);
        status.visibility = visibility;
        status.language.clone_from(&language);
        status.mentions = vec![mention];
        if let Some(other) = other.map(|other| status::find(tx, other)).transpose()?.flatten() {
            if is_reblog && other.reblog_of.is_none() {
                status.reblog_of = Some(other.id);
            } else {
                status.reply = Some(Reply { uri: String::new(), status: Some(other.id), account: Some(other.account) });
            }
        } else if unknown_parent {
            status.reply = Some(Reply { uri: "https://x.test/1".to_owned(), status: None, account: None });
        }
        store(tx, &status)?;
        Ok(id)
    })
    .expect("the status is stored")
}

fn remove(lab: &Lab, id: StatusId) {
    lab.write(move |tx| {
        if let Some(row) = status::find(tx, id)? {
            status::remove(tx, &row)?;
            tx.emit(Event::StatusDeleted { status: id, account: row.account });
        }
        Ok(())
    })
    .expect("the status goes");
}

fn block(lab: &Lab, by: AccountId, target: AccountId) {
    lab.write(move |tx| {
        let row = relationship::Block { created_at: tx.now(), uri: String::new() };
        relationship::BLOCKS.put(tx, &(by, target), &row);
        Ok(())
    })
    .expect("the block is stored");
}

#[test]
fn home_equals_its_model_whatever_happens() {
    for (seed, ring) in [(1, 5), (2, 5), (3, 12), (4, 800)] {
        println!("seed {seed}, rings of {ring}");
        home_holds(seed, ring, 250);
    }
}

#[test]
fn pages_of_home_leave_messages_out_and_keep_what_is_for_few_and_names_nobody() {
    let lab = Lab::new();
    let (ann, dan, home) = (lab.local("ann"), lab.remote("dan"), Home::default());
    follow(&lab, ann, dan, true, &[]);
    let direct = |name: &'static str| {
        post(&lab, dan, move |status| {
            (status.local, status.uri) = (false, format!("https://far.test/{name}"));
            (status.visibility, status.mentions) = (Visibility::Direct, vec![ann]);
        })
    };
    let (message, silent) = (direct("message"), direct("silent"));
    lab.write(move |tx| {
        let row = status::find(tx, message)?.expect("it is there");
        Ok(conversation::enter(tx, ann, &row)?)
    })
    .expect("it is in a conversation");
    let newest = Window::newest(20);
    let pages = || {
        let read = lab.store.read(|view| -> Result<_> {
            Ok((home.page(view, ann, newest)?, home.open_page(view, ann, START, newest)?))
        });
        let (whole, open) = read.expect("read");
        (ids(&whole), ids(&open))
    };
    assert_eq!(pages(), (vec![silent, message], vec![silent]));
    lab.write(move |tx| {
        POLICIES.put(tx, &ann, &Policy { not_followers: Treatment::Filter, ..Policy::default() });
        Ok(())
    })
    .expect("the policy is stored");
    assert_eq!(pages(), (vec![silent, message], vec![]), "her policy keeps it from her");
}

#[test]
fn one_finds_what_one_just_posted_and_no_longer_what_was_deleted() {
    let lab = Lab::new();
    let (ann, home) = (lab.local("ann"), Home::default());
    let rings = home.clone();
    lab.store.subscribe(Arc::new(move |lsn, events| rings.hear(lsn, events)));
    let page = || lab.store.read(|view| home.page(view, ann, Window::newest(20))).map(|page| ids(&page)).expect("read");
    assert!(page().is_empty());
    let first = post(&lab, ann, |_| {});
    let second = post(&lab, ann, |_| {});
    assert_eq!(page(), [second, first]);
    remove(&lab, first);
    assert_eq!(page(), [second]);
}

#[test]
fn min_id_walks_up_through_everything_that_max_id_walks_down() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let mut dice = Dice(11);
    let mut known = Vec::new();
    for _ in 0..60 {
        lab.advance(1_000);
        known.push(random_post(&lab, &mut dice, &[ann, bea], &known));
    }
    lab.read(|read| {
        let listed = Listed::default();
        let all = ids(&public(read, Some(ann), listed, Window::newest(1_000))?);
        assert!(all.len() > 5, "{} are public", all.len());
        let walk = |upwards: bool| -> Result<Vec<StatusId>> {
            let mut found: Vec<Vec<StatusId>> = Vec::new();
            let mut window = Window::newest(3);
            if upwards {
                window.direction = Direction::Ascending;
                window.bounds.above = Some(0);
            }
            loop {
                let page = public(read, Some(ann), listed, window)?;
                let Some((newest, oldest)) = page.examined else { break };
                found.push(ids(&page));
                match upwards {
                    true => window.bounds.above = Some(newest),
                    false => window.bounds.below = Some(oldest),
                }
            }
            if upwards {
                found.reverse();
            }
            Ok(found.concat())
        };
        assert_eq!(walk(false)?, all);
        assert_eq!(walk(true)?, all);
        for _ in 0..200 {
            let window = dice.window(&known);
            let page = public(read, Some(bea), listed, window)?;
            let candidate = |status: &Status| status.visibility == Visibility::Public && status.reblog_of.is_none();
            let wanted =
                |status: &Status| status.reply.as_ref().is_none_or(|reply| reply.account == Some(status.account));
            assert_eq!((ids(&page), page.examined), expected(read, window, Some(bea), candidate, wanted), "{window:?}");
        }
        Ok(())
    });
}

#[test]
fn a_page_looks_at_a_bounded_number_of_rows_and_says_how_far_it_looked() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let wanted = Wanted { exclude_replies: true, ..Wanted::default() };
    let oldest = post(&lab, ann, |_| {});
    let mut answers = Vec::new();
    while answers.len() < limits::SCAN_MAX + 5 {
        answers.extend(
            lab.write(move |tx| {
                let mut made = Vec::new();
                for _ in 0..27 {
                    let (id, now) = (tx.next_id(), tx.now());
                    let reply = Some(Reply { uri: String::new(), status: Some(oldest), account: Some(bea) });
                    store(tx, &Status { reply, ..plain(id, ann, now) })?;
                    made.push(id);
                }
                Ok(made)
            })
            .expect("the statuses are stored"),
        );
    }
    lab.read(|read| {
        let page = account(read, None, ann, &wanted, Window::newest(20))?;
        let last = answers[answers.len() - limits::SCAN_MAX];
        assert_eq!((ids(&page).len(), page.examined.map(|(_, oldest)| oldest)), (0, Some(last.0)));
        let rest = Window { bounds: Bounds { below: Some(last.0), above: None }, ..Window::newest(20) };
        assert_eq!(ids(&account(read, None, ann, &wanted, rest)?), [oldest]);
        Ok(())
    });
}

#[test]
fn public_tag_and_account_timelines_keep_what_was_asked_for() {
    let lab = Lab::new();
    let (ann, dan) = (lab.local("ann"), lab.remote("dan"));
    let with_tags = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        move |status: &mut Status| status.tags.clone_from(&names)
    };
    let cats = post(&lab, ann, with_tags(&["Cats"]));
    let both = post(&lab, ann, with_tags(&["cats", "dogs"]));
    let far = post(&lab, dan, |status| {
        status.local = false;
        status.uri = "https://far.test/1".to_owned();
        status.tags = vec!["dogs".to_owned()];
    });
    let unlisted = post(&lab, ann, |status| {
        status.visibility = Visibility::Unlisted;
        status.tags = vec!["cats".to_owned()];
    });
    let direct = post(&lab, ann, |status| status.visibility = Visibility::Direct);
    let reblog = post(&lab, ann, move |status| status.reblog_of = Some(far));
    let told = move |tx: &mut Tx<'_>| {
        cause::note(tx, far, Cause::Relay { relay: RowId(1) });
        Ok(())
    };
    lab.write(told).expect("noted");
    lab.read(|read| {
        let newest = Window::newest(20);
        let of = |origins| Listed { origins, ..Listed::default() };
        assert_eq!(ids(&public(read, None, of(Origins::All), newest)?), [far, both, cats]);
        assert_eq!(ids(&public(read, None, of(Origins::Local), newest)?), [both, cats]);
        assert_eq!(ids(&public(read, None, of(Origins::Remote), newest)?), [far]);
        let without = Listed { relayed: Relayed::LeftOut, ..Listed::default() };
        assert_eq!(ids(&public(read, None, without, newest)?), [both, cats]);
        let dogs = Tags { tag: "dogs".to_owned(), ..Tags::default() };
        assert_eq!(ids(&tag(read, None, &dogs, without, newest)?), [both]);
        let tags = |any: &[&str], all: &[&str], none: &[&str]| {
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            Tags { tag: "CATS".to_owned(), any: owned(any), all: owned(all), none: owned(none) }
        };
        let tagged = |tags: &Tags| Ok::<_, crate::error::Error>(ids(&tag(read, None, tags, of(Origins::All), newest)?));
        assert_eq!(tagged(&tags(&[], &[], &[]))?, [both, cats]);
        assert_eq!(tagged(&tags(&["dogs"], &[], &[]))?, [far, both, cats]);
        assert_eq!(tagged(&tags(&[], &["dogs"], &[]))?, [both]);
        assert_eq!(tagged(&tags(&[], &[], &["dogs"]))?, [cats]);
        let by_ann =
            |viewer, wanted: &Wanted| Ok::<_, crate::error::Error>(ids(&account(read, viewer, ann, wanted, newest)?));
        assert_eq!(by_ann(None, &Wanted::default())?, [reblog, unlisted, both, cats]);
        assert_eq!(by_ann(Some(ann), &Wanted::default())?, [reblog, direct, unlisted, both, cats]);
        let wanted = Wanted { exclude_reblogs: true, tagged: Some("CATS".to_owned()), ..Wanted::default() };
        assert_eq!(by_ann(None, &wanted)?, [unlisted, both, cats]);
        Ok(())
    });
}

#[test]
fn pinned_statuses_come_last_pinned_first_and_only_once_when_paged() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let (first, second) = (post(&lab, ann, |_| {}), post(&lab, ann, |_| {}));
    for id in [second, first] {
        lab.write(move |tx| {
            let (row, created_at) = (tx.next_id(), tx.now());
            PINS.put(tx, &(ann, id), &Mark { row, created_at, uri: String::new() });
            PIN_ROWS.put(tx, &(ann, row), &id);
            Ok(())
        })
        .expect("the pin is stored");
    }
    lab.read(|read| {
        let page = pinned(read, None, ann, Window::newest(20))?;
        assert_eq!(ids(&page), [first, second]);
        let below = page.examined.map(|(_, oldest)| oldest);
        let next = Window { bounds: Bounds { below, above: None }, ..Window::newest(20) };
        assert!(pinned(read, None, ann, next)?.statuses.is_empty());
        Ok(())
    });
}

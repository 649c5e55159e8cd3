//! Pages with what is kept against pages that are drawn anew, and how often the store is asked for them.

use super::Kept;
use crate::{
    account::lab::{Counting, Lab, plain},
    error::Result,
    origin::Origin,
    present::{Context, relationship::Suspended},
    status as rules,
    timeline::{Home, Window},
};
use serde_json::Value;
use std::sync::Arc;
use storage::{
    AccountId, BlobHash, DomainBlockId, Event, Read, RowId, StatusId, Timestamp,
    account::{self, Emoji, Image},
    cause::{self, Cause},
    custom_emoji::{self, CustomEmoji},
    filter::FilterContext,
    interaction::{self, InteractionPolicy, Rule},
    media::{File, FileKind},
    moderation::{self, DomainBlock, Severity, Standing},
    quote::Groups,
    relationship::{self, Follow},
    relay::{self, Relay, RelayKind},
    silent,
    status::{self, Attachment, Poll, PollOption, STATUSES, Status},
};
use web::entity::write_page;

fn origin() -> Origin {
    Origin::parse("https://here.test", None).expect("an origin")
}

/// Repeatable random numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

fn put(lab: &Lab, shape: impl Fn(&mut Status) + Send + 'static, author: AccountId) -> StatusId {
    lab.write(move |tx| {
        let (id, now) = (tx.next_id(), tx.now());
        let mut status = plain(id, author, now);
        shape(&mut status);
        status::insert(tx, &status)?;
        tx.emit(Event::StatusCreated { status: id, account: author });
        Ok(id)
    })
    .expect("stored")
}

/// A post as other servers send them: a picture, an emoji, a tag, a link, somebody mentioned.
fn rich(lab: &Lab, author: AccountId, mentioned: AccountId) -> StatusId {
    let shape = move |status: &mut Status| {
        status.local = false;
        status.uri = format!("https://far.test/{}", status.id);
        status.content = "<p>rain :dassie: <a href=\"https://example.org/a\">a</a></p>".to_owned();
        status.mentions = vec![mentioned];
        status.tags = vec!["rain".to_owned()];
        status.emojis = vec![Emoji { shortcode: "dassie".to_owned(), url: "https://far.test/d.png".to_owned() }];
        status.attachments = vec![Attachment {
            id: 1,
            url: "https://far.test/p.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            description: "a rock".to_owned(),
            blurhash: None,
            width: Some(4),
            height: Some(3),
            focus: None,
        }];
    };
    put(lab, shape, author)
}

fn share(lab: &Lab, by: AccountId, original: StatusId) -> StatusId {
    put(lab, move |status| status.reblog_of = Some(original), by)
}

fn block(domain: &str, severity: Severity, created_at: Timestamp) -> DomainBlock {
    DomainBlock { reject_media: true, ..DomainBlock::bare(DomainBlockId(5), domain, severity, created_at) }
}

/// The relay that told of some.
const RELAY: RowId = RowId(9);

fn passes_on(number: u64, added_at: Timestamp) -> Relay {
    Relay::new(format!("https://relay{number}.test/inbox"), RelayKind::Mastodon, 10, added_at)
}

/// Something that shows in drawn statuses changes.
fn change(lab: &Lab, dice: &mut Dice, people: &[AccountId], known: &mut Vec<StatusId>) {
    let (who, about) = (dice.pick(people), dice.pick(known));
    let (kind, number) = (dice.roll(16), dice.roll(1_000) as u64);
    match kind {
        0 => return known.push(rich(lab, who, dice.pick(people))),
        1 => return known.push(share(lab, who, about)),
        _ => {}
    }
    let rule = move |tx: &mut storage::Tx<'_>| -> Result<()> {
        let Some(mut row) = status::find(tx, about)? else { return Ok(()) };
        let mut person = account::find(tx, who)?.ok_or(crate::error::Error::NotFound)?;
        let original = row.reblog_of.unwrap_or(about);
        match kind {
            2 => status::count(tx, original, |stats| stats.favourites = number)?,
            3 => {
                row.content = format!("<p>edited {number}</p>");
                row.edited_at = Some(tx.now());
                STATUSES.put(tx, &about, &row);
            }
            4 => {
                person.display_name = format!("name {number} :dassie:");
                person.avatar =
                    Some(Image { url: format!("https://far.test/{number}.png"), description: String::new() });
                account::put(tx, &person)?;
            }
            5 => account::count(tx, who, |stats| stats.followers = number)?,
            6 => moderation::put_standing(
                tx,
                who,
                Standing { sensitized_at: (number % 2 == 0).then(|| tx.now()), ..Standing::default() },
            ),
            7 => {
                let block = block("far.test", Severity::Noop, tx.now());
                match number % 2 {
                    0 => moderation::put_block(tx, &block),
                    _ => moderation::remove_block(tx, &block),
                }
            }
            8 => {
                let closed = Rule { automatic: Groups::NOBODY, manual: Groups::PUBLIC };
                let policy = InteractionPolicy { reply: closed, ..InteractionPolicy::default() };
                interaction::put_policy(
                    tx,
                    original,
                    if number % 2 == 0 { policy } else { InteractionPolicy::default() },
                );
            }
            9 => drop(rules::favourite(tx, who, original)),
            10 => drop(rules::bookmark(tx, who, original)),
            11 => drop(rules::unfavourite(tx, who, original)),
            12 => drop(rules::react::react(tx, who, original, "👍")),
            13 => {
                cause::note(tx, original, Cause::Relay { relay: RELAY });
                silent::put(tx, original, if number % 2 == 0 { row.mentions } else { Vec::new() })?;
            }
            14 if number % 2 == 0 => relay::put(tx, RELAY, &passes_on(number, tx.now()))?,
            14 => relay::remove(tx, RELAY, &passes_on(number, tx.now())),
            _ if row.reblog_of.is_none() => {
                let options = vec![PollOption { title: format!("{number}"), votes: 1 }];
                let poll = Poll { options, multiple: false, expires_at: None, closed_at: None, voters: None };
                row.poll = (number % 2 == 0).then_some(poll);
                STATUSES.put(tx, &about, &row);
            }
            _ => {}
        }
        Ok(())
    };
    lab.write(rule).expect("changed");
}

#[test]
fn a_page_with_what_is_kept_is_the_page_drawn_anew_whatever_changes_and_whoever_looks() {
    for seed in 1..=4 {
        println!("seed {seed}");
        let (lab, kept, mut dice) = (Lab::new(), Kept::default(), Dice(seed));
        let here = [lab.local("ann"), lab.local("bea")];
        let people = [here[0], here[1], lab.remote("cid"), lab.remote("dan")];
        let mut known = vec![rich(&lab, people[2], here[0]), rich(&lab, people[0], people[3])];
        let mut marked = 0;
        for step in 0..250 {
            lab.advance(1_000);
            change(&lab, &mut dice, &people, &mut known);
            let viewer = dice.pick(&[Some(here[0]), Some(here[1]), Some(people[2]), None]);
            let place = dice.pick(&[FilterContext::Home, FilterContext::Public]);
            let shown: Vec<StatusId> = known.iter().rev().take(8).copied().collect();
            let origin = origin();
            lab.read(|read| {
                let rows = shown.iter().filter_map(|id| status::find(read, *id).transpose());
                let rows: Vec<Arc<Status>> = rows.map(|row| row.map(Arc::new)).collect::<storage::Result<_>>()?;
                let now = Timestamp(i64::MAX / 2);
                let anew = Context::new(read, &origin, viewer).at(now).statuses_in(place, &rows)?;
                let with = Context::new(read, &origin, viewer).at(now).with_kept(&kept);
                let page = with.shown(place, &rows)?;
                let text = write_page(&page, 0).expect("JSON");
                let found: Vec<Value> = serde_json::from_slice(&text).expect("JSON");
                assert_eq!(found.len(), anew.len(), "seed {seed}, step {step}, {viewer:?}");
                for (found, anew) in found.iter().zip(&anew) {
                    let anew = serde_json::to_value(anew).expect("JSON");
                    assert_eq!(*found, anew, "seed {seed}, step {step}, {viewer:?}");
                    let told = found.get("dassie").is_some() || found["reblog"].get("dassie").is_some();
                    assert!(!told || place == FilterContext::Public, "seed {seed}, step {step}: {found}");
                    marked += usize::from(told);
                }
                Ok(())
            });
        }
        assert!(marked > 0, "seed {seed}: nothing came by a relay");
    }
}

#[test]
fn what_is_kept_shows_an_emoji_of_this_server_as_long_as_it_may_be_used() {
    let (lab, kept, origin) = (Lab::new(), Kept::default(), origin());
    let (ann, viewer) = (lab.local("ann"), lab.local("bea"));
    let post = put(&lab, |status| status.content = "<p>a :dassie:</p>".to_owned(), ann);
    let name = move |tx: &mut storage::Tx<'_>| -> Result<()> {
        let ann = account::find(tx, ann)?.ok_or(crate::error::Error::NotFound)?;
        Ok(account::put(tx, &account::Account { display_name: "Ann :dassie:".to_owned(), ..ann })?)
    };
    lab.write(name).expect("named");
    let drawn = || {
        lab.read(|read| {
            let rows: Vec<Arc<Status>> = status::find(read, post)?.map(Arc::new).into_iter().collect();
            let context = Context::new(read, &origin, Some(viewer)).at(Timestamp(i64::MAX / 2)).with_kept(&kept);
            let text = write_page(&context.shown(FilterContext::Home, &rows)?, 0).expect("JSON");
            let page: Vec<Value> = serde_json::from_slice(&text).expect("JSON");
            let count = |emojis: &Value| emojis.as_array().map(Vec::len);
            Ok((count(&page[0]["emojis"]), count(&page[0]["account"]["emojis"])))
        })
    };
    let file = File { hash: BlobHash([7; 32]), kind: FileKind::Png, bytes: 9, width: 2, height: 2 };
    let emoji = move |enabled| CustomEmoji {
        file,
        still: None,
        category: String::new(),
        in_picker: true,
        enabled,
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
    };
    let (none, one) = ((Some(0), Some(0)), (Some(1), Some(1)));
    assert_eq!((drawn(), drawn()), (none, none));
    lab.write(move |tx| Ok(custom_emoji::insert(tx, "dassie", &emoji(true))?)).expect("made");
    assert_eq!((drawn(), drawn()), (one, one));
    for (enabled, shown) in [(false, none), (true, one)] {
        let change = move |tx: &mut storage::Tx<'_>| -> Result<()> {
            custom_emoji::put(tx, "dassie", &emoji(enabled));
            Ok(())
        };
        lab.write(change).expect("changed");
        assert_eq!((drawn(), drawn()), (shown, shown));
    }
    lab.write(|tx| Ok(custom_emoji::remove(tx, "dassie")?)).expect("removed");
    assert_eq!((drawn(), drawn()), (none, none));
}

/// How often `look` asks the store.
fn asked<T>(lab: &Lab, look: impl FnOnce(&dyn Read) -> Result<T>) -> usize {
    lab.read(|read| {
        let counting = Counting::new(read);
        look(&counting)?;
        Ok(counting.asked())
    })
}

/// A viewer, and authors elsewhere whom they follow, each with a post.
fn neighbours(lab: &Lab, count: usize) -> (AccountId, Vec<AccountId>, Vec<StatusId>) {
    let viewer = lab.local("viewer");
    let people: Vec<AccountId> = (0..count).map(|number| lab.remote(&format!("far{number}"))).collect();
    for target in people.iter().copied() {
        let rule = move |tx: &mut storage::Tx<'_>| {
            let follow = Follow::bare(tx.next_id(), String::new(), tx.now());
            Ok(relationship::put(tx, viewer, target, &follow)?)
        };
        lab.write(rule).expect("followed");
    }
    let posts = people.iter().map(|author| rich(lab, *author, people[0])).collect();
    (viewer, people, posts)
}

#[test]
fn how_often_the_store_is_asked_does_not_grow_with_the_rows_of_a_page() {
    let lab = Lab::new();
    let (viewer, people, posts) = neighbours(&lab, 40);
    let origin = origin();
    let counts = |rows: usize| {
        let (people, posts) = (&people[..rows], &posts[..rows]);
        let relationships = asked(&lab, |read| {
            let drawn = Context::new(read, &origin, Some(viewer)).relationships(viewer, people, Suspended::Not)?;
            assert!(drawn.len() == rows && drawn.iter().all(|one| one.following));
            Ok(())
        });
        let accounts = asked(&lab, |read| {
            assert_eq!(Context::new(read, &origin, Some(viewer)).accounts(people)?.len(), rows);
            Ok(())
        });
        let statuses = asked(&lab, |read| {
            let ahead = storage::Ahead::new(read);
            ahead.sights(Some(viewer), posts)?;
            let rows: Vec<Status> =
                posts.iter().map(|id| rules::require(&ahead, Some(viewer), *id)).collect::<Result<_>>()?;
            let context = Context::new(&ahead, &origin, Some(viewer)).at(Timestamp(i64::MAX / 2));
            assert_eq!(context.statuses(&rows)?.len(), posts.len());
            Ok(())
        });
        [relationships, accounts, statuses]
    };
    let (few, many) = (counts(3), counts(40));
    println!("asked for 3 rows and for 40: relationships, accounts, statuses {few:?} {many:?}");
    assert_eq!(few, many);
    assert!(many.iter().all(|asked| *asked < 60), "{many:?}");
}

#[test]
fn how_often_the_store_is_asked_for_a_home_page_does_not_grow_with_its_statuses() {
    let lab = Lab::new();
    let (viewer, ..) = neighbours(&lab, 40);
    let origin = origin();
    let count = |limit: usize| {
        // One whose ring is read, and nothing else kept.
        let home = Home::default();
        let page = |read: &dyn Read| home.page_of(read, storage::Lsn(u64::MAX), viewer, Window::newest(limit));
        lab.read(page);
        asked(&lab, |read| {
            let page = page(read)?;
            assert_eq!(page.statuses.len(), limit);
            let context = Context::new(read, &origin, Some(viewer)).at(Timestamp(i64::MAX / 2));
            assert_eq!(context.shown(FilterContext::Home, &page.statuses)?.len(), limit);
            Ok(())
        })
    };
    let (few, many) = (count(3), count(40));
    println!("asked for a home page of 3 and of 40: {few} {many}");
    assert_eq!(few, many);
}

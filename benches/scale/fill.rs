//! Fills a store through the ordinary rules: people here and elsewhere, follows by Zipf's law, posts.

use crate::words::{Dice, name, text};
use dassie::{
    account::accept::{RemoteAccount, RemoteKey, accept as accept_account},
    media::Wanted,
    origin::Origin,
    relationship::{self, FollowOptions},
    status::{
        self, NewStatus,
        accept::{Accepted, Reason, RemoteReply, RemoteStatus},
    },
    user::{self, NewUser, Username},
};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use storage::{
    AccountId, EngineKind, Environment, Options, StatusId, Store, Timestamp,
    account::{Endpoints, SigningKeys},
    backfill::Stated,
    interaction::InteractionPolicy,
    status::{ContentType, Visibility},
    user::Role,
};

/// People here; they follow `FOLLOWED` each.
pub(crate) const HERE: usize = 20;
/// Accounts elsewhere.
pub(crate) const ELSEWHERE: usize = 3_000;
const FOLLOWED: usize = 150;
/// Posts under way at once.
const AT_ONCE: usize = 512;
/// Posts that a reply may answer.
const RECENT: usize = 1_000;
/// 2020-01-01T00:00:00Z, when the first post is written; a minute each.
const BEGIN: i64 = 1_577_836_800_000;

/// A status others may answer, and its uri if it is of another server.
type Recent = (StatusId, Option<String>);

/// A store under a clock that the posts move.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) here: Vec<AccountId>,
    pub(crate) elsewhere: Vec<AccountId>,
    origin: Origin,
    clock: Arc<AtomicI64>,
    pub(crate) dice: Dice,
    recent: Arc<Mutex<VecDeque<Recent>>>,
    /// Posts so far.
    pub(crate) posts: u64,
    /// Bytes of their texts.
    pub(crate) text_bytes: u64,
}

/// What is waited for by whoever posts.
#[derive(Default)]
pub(crate) struct Flow {
    under_way: Mutex<usize>,
    moved: Condvar,
}

impl Flow {
    fn enter(&self) {
        let mut under_way = self.under_way.lock().expect("nobody panics inside");
        while *under_way >= AT_ONCE {
            under_way = self.moved.wait(under_way).expect("nobody panics inside");
        }
        *under_way += 1;
    }

    fn leave(&self) {
        *self.under_way.lock().expect("nobody panics inside") -= 1;
        self.moved.notify_all();
    }

    pub(crate) fn drained(&self) {
        let under_way = self.under_way.lock().expect("nobody panics inside");
        drop(self.moved.wait_while(under_way, |under_way| *under_way > 0).expect("nobody panics inside"));
    }
}

/// Opens the store below `dir`.
pub(crate) fn open(dir: &std::path::Path, engine: EngineKind, clock: &Arc<AtomicI64>) -> Store {
    let clock = clock.clone();
    let now = Arc::new(move || Timestamp(clock.load(Ordering::Relaxed)));
    let environment = Environment { now, ..Environment::system() };
    Store::open(Options { engine, environment, ..Options::new(dir.join("store")) }).expect("the store opens")
}

pub(crate) fn clock() -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(BEGIN))
}

/// Somebody here.
fn person(number: usize) -> NewUser {
    NewUser {
        username: Username::parse(&format!("here{number}")).expect("a name"),
        email: String::new(),
        password_hash: "!".to_owned(),
        role: Role::User,
        keys: SigningKeys { rsa_private: vec![0; 1_200], rsa_public_pem: "p".repeat(450), ed25519_seed: vec![0; 32] },
        locale: "en".to_owned(),
        created_by: None,
    }
}

impl World {
    /// A store with people and no posts.
    pub(crate) fn new(dir: &std::path::Path, engine: EngineKind, seed: u64) -> Self {
        let clock = clock();
        let store = open(dir, engine, &clock);
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let mut world = World {
            store,
            here: Vec::new(),
            elsewhere: Vec::new(),
            origin,
            clock,
            dice: Dice(seed),
            recent: Arc::default(),
            posts: 0,
            text_bytes: 0,
        };
        world.people();
        world
    }

    /// Opens the store again, under the clock it had.
    pub(crate) fn reopen(&mut self, dir: &std::path::Path, engine: EngineKind) {
        self.store = open(dir, engine, &self.clock);
    }

    /// The time of the store's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::Relaxed))
    }

    /// A minute passes.
    pub(crate) fn pass(&self) {
        self.clock.fetch_add(60_000, Ordering::Relaxed);
    }

    fn people(&mut self) {
        for number in 0..HERE {
            let new = person(number);
            self.here.push(self.store.write(move |tx| user::create(tx, &new)).expect("a person"));
        }
        for number in 0..ELSEWHERE {
            let remote = remote(number);
            self.elsewhere.push(self.store.write(move |tx| accept_account(tx, &remote)).expect("an account"));
        }
        for viewer in self.here.clone() {
            for _ in 0..FOLLOWED {
                let whom = self.elsewhere[self.dice.zipf(ELSEWHERE)];
                let follow = move |tx: &mut storage::Tx<'_>| {
                    let follow = storage::relationship::Follow::bare(tx.next_id(), String::new(), tx.now());
                    storage::relationship::put(tx, viewer, whom, &follow)
                };
                self.store.write(follow).expect("a follow");
            }
            for other in self.here.clone().into_iter().filter(|other| *other != viewer) {
                let options = FollowOptions::default();
                self.store.write(move |tx| relationship::follow(tx, viewer, other, &options)).expect("a follow");
            }
        }
    }

    /// So many more people come here, who neither post nor follow anybody.
    pub(crate) fn welcome(&mut self, many: usize) {
        let flow = Arc::new(Flow::default());
        for number in HERE..HERE + many {
            let new = person(number);
            flow.enter();
            let left = flow.clone();
            self.store.submit(
                move |tx| user::create(tx, &new),
                move |made| {
                    made.expect("a person");
                    left.leave();
                },
            );
        }
        flow.drained();
    }

    /// Meets so many more accounts elsewhere, with names of words.
    pub(crate) fn meet(&mut self, many: usize) {
        let flow = Arc::new(Flow::default());
        for number in ELSEWHERE..ELSEWHERE + many {
            let (handle, display_name) = name(&mut self.dice, number);
            let domain = format!("peer{}.test", number % 300);
            let uri = format!("https://{domain}/users/{handle}");
            let remote = RemoteAccount {
                display_name,
                keys: vec![RemoteKey { key_id: format!("{uri}#main-key"), material: "k".repeat(450) }],
                ..RemoteAccount::bare(&uri, &handle, &domain)
            };
            flow.enter();
            let left = flow.clone();
            self.store.submit(
                move |tx| accept_account(tx, &remote),
                move |made| {
                    made.expect("an account");
                    left.leave();
                },
            );
        }
        flow.drained();
    }

    /// Posts until there are `upto`, as fast as it goes; half here, half elsewhere.
    pub(crate) fn post_until(&mut self, upto: u64) {
        let flow = Arc::new(Flow::default());
        while self.posts < upto {
            self.post_through(&flow);
        }
        flow.drained();
    }

    /// One post, as soon as there are few enough under way.
    pub(crate) fn post_through(&mut self, flow: &Arc<Flow>) {
        flow.enter();
        let left = flow.clone();
        self.post(move || left.leave());
    }

    /// One post; `done` is called when it is durable.
    pub(crate) fn post(&mut self, done: impl FnOnce() + Send + 'static) {
        let (text, language) = text(&mut self.dice, &|dice| {
            if dice.one_in(2) { format!("@here{}", dice.zipf(HERE)) } else { handle(dice.zipf(ELSEWHERE)) }
        });
        self.posts += 1;
        self.text_bytes += text.len() as u64;
        self.pass();
        let parent = {
            let recent = self.recent.lock().expect("nobody panics inside");
            let any = self.dice.one_in(4) && !recent.is_empty();
            any.then(|| recent[self.dice.below(recent.len())].clone())
        };
        let composed =
            self.store.read(|view| status::compose(view, &self.origin, &text, ContentType::Plain)).expect("composed");
        let recent = self.recent.clone();
        let remember = move |id: StatusId, uri: Option<String>| {
            let mut recent = recent.lock().expect("nobody panics inside");
            recent.push_back((id, uri));
            if recent.len() > RECENT {
                recent.pop_front();
            }
        };
        if self.posts.is_multiple_of(2) {
            let new = NewStatus {
                author: self.here[self.dice.zipf(HERE)],
                composed,
                spoiler_text: String::new(),
                sensitive: None,
                language: Some(language.to_owned()),
                visibility: None,
                in_reply_to: parent.map(|(id, _)| id),
                application: None,
                media: Wanted::default(),
                poll: None,
                quoted: None,
                quote_policy: None,
                interaction_policy: None,
                idempotency_key: None,
                scheduled_at: None,
                local_only: None,
            };
            self.store.submit(
                move |tx| status::create(tx, &new),
                move |made| {
                    remember(made.expect("posted").into_status().expect("posted now").id, None);
                    done();
                },
            );
            return;
        }
        let author = self.dice.zipf(ELSEWHERE);
        let uri = format!("https://peer{}.test/users/there{author}/statuses/{}", author % 300, self.posts);
        let remote = RemoteStatus {
            url: Some(uri.replace("/users/", "/@")),
            author: self.elsewhere[author],
            content: composed.content,
            spoiler_text: String::new(),
            sensitive: false,
            language: Some(language.to_owned()),
            visibility: Visibility::Public,
            reply: parent.map(|(id, uri)| uri.map_or(RemoteReply::Local(id), RemoteReply::Remote)),
            mentions: composed.mentions,
            silent: Vec::new(),
            blind: None,
            tags: composed.tags,
            emojis: Vec::new(),
            attachments: Vec::new(),
            poll: None,
            published: self.now(),
            updated: None,
            conversation: None,
            quote: None,
            quote_policy: None,
            stated: Stated::default(),
            interaction_policy: InteractionPolicy::default(),
            asking: Default::default(),
            authorization: Default::default(),
            reason: Reason::Requested,
            uri: uri.clone(),
        };
        self.store.submit(
            move |tx| status::accept::accept(tx, &remote),
            move |made| {
                match made.expect("accepted") {
                    Accepted::New(id) => remember(id, Some(uri)),
                    other => panic!("a fresh status is {other:?}"),
                }
                done();
            },
        );
    }
}

fn handle(number: usize) -> String {
    format!("@there{number}@peer{}.test", number % 300)
}

fn remote(number: usize) -> RemoteAccount {
    let domain = format!("peer{}.test", number % 300);
    let uri = format!("https://{domain}/users/there{number}");
    RemoteAccount {
        url: Some(format!("https://{domain}/@there{number}")),
        display_name: format!("Somebody {number}"),
        note: "<p>writes about tea</p>".to_owned(),
        discoverable: Some(true),
        // Half of them let their statuses be searched.
        indexable: number.is_multiple_of(2),
        endpoints: Endpoints {
            inbox: format!("{uri}/inbox"),
            shared_inbox: Some(format!("https://{domain}/inbox")),
            ..Endpoints::default()
        },
        keys: vec![RemoteKey { key_id: format!("{uri}#main-key"), material: "k".repeat(450) }],
        ..RemoteAccount::bare(&uri, &format!("there{number}"), &domain)
    }
}

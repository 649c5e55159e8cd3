//! A store with something in every table, made by the entities' own functions.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};
use std::{collections::BTreeSet, ops::ControlFlow};
use storage::{
    AccountId, ActivityId, ApplicationId, Digest, Direction, EngineKind, Environment, JobId, Options, Read, RowId,
    SecretHash, Sizes, StatusId, Store, Timestamp, Tx, View,
    account::{self, Account, ActorKey, Endpoints, SIGNING_KEYS, SigningKeys},
    audience::{self, Audience},
    block_list::{self, BlockList, BlockListPart, ListSource, ListState, ListStrength, ListedDomain},
    catalogue::TABLES,
    check::{Finding, Repair, Summary, Told},
    delivery::{self, Built, Delivery, Memory, Owed, Priority, Sender},
    inbound, instance, job, marker,
    moderation::Severity,
    new_address::{NEW_ADDRESSES, NewAddress},
    notification::{self, NotificationKind},
    oauth,
    octets::Octets,
    passkey::{self, Passkey},
    peer,
    recovery::{RECOVERY_SHEETS, RecoverySheet},
    relationship::{self, Block, Follow},
    second_factor::{self, SecondFactor, SecondStep},
    status::{self, Edit, Mark, Reply, Status, Visibility},
    table::{KeyRange, TableId},
    undelivered::{self, Reason, Undelivered},
    use_of_access::{self, Access},
    user::{self, Preferences, Role, Session, User},
};

/// Tables of which this store has no row.
pub(crate) const EMPTY: &[&str] = &["activity_expansion", "inbound_dead", "notifications_cleared"];

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) table: TableId,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// A store with something in every table.
pub(crate) struct Rich {
    pub(crate) store: Store,
    /// Three from here and three from elsewhere.
    pub(crate) people: Vec<AccountId>,
    _dir: tempfile::TempDir,
}

impl Rich {
    pub(crate) fn new(engine: EngineKind) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (now, seed) = (AtomicI64::new(1_767_225_600_000), AtomicU64::new(7));
        let environment = Environment {
            now: Arc::new(move || Timestamp(now.fetch_add(1, Ordering::SeqCst))),
            random: Arc::new(move || seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).rotate_left(17)),
        };
        let options = Options { engine, environment, sizes: Sizes::small(), ..Options::new(dir.path().join("store")) };
        let store = Store::open(options).unwrap();
        let mut rich = Rich { store, people: Vec::new(), _dir: dir };
        rich.people = rich.write(people);
        let people = rich.people.clone();
        let ids = rich.write(move |tx| statuses(tx, &people));
        let (people, firsts) = (rich.people.clone(), ids.clone());
        rich.write(move |tx| relations(tx, &people, &ids));
        let people = rich.people.clone();
        rich.write(move |tx| sign_ins(tx, &people));
        let people = rich.people.clone();
        rich.write(move |tx| queues(tx, &people));
        let people = rich.people.clone();
        let ids = firsts.clone();
        rich.write(move |tx| crate::belongings::all(tx, &people, &ids));
        rich.store
            .write(|tx| {
                tx.set_consumer("somebody", storage::Lsn(1));
                Ok::<(), storage::Error>(())
            })
            .unwrap();
        rich
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        rule: impl Fn(&mut Tx<'_>) -> storage::Result<T> + Send + 'static,
    ) -> T {
        self.store.write(rule).unwrap()
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&View<'_>) -> storage::Result<T>) -> T {
        self.store.read(look).unwrap()
    }

    /// Repairs; answers what was mended and the summary.
    pub(crate) fn repair(&self) -> (Vec<Finding>, Summary) {
        let mut mended = Vec::new();
        let summary = self
            .store
            .check_telling(Repair::Derived, &mut |told| {
                if let Told::Mended(finding) = told {
                    mended.push(finding.clone());
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        (mended, summary)
    }

    /// All rows but the store's own.
    pub(crate) fn rows(&self) -> BTreeSet<Row> {
        let mut rows = BTreeSet::new();
        for table in TABLES {
            self.read(|view| {
                view.scan_bytes(table.id, &KeyRange::all(), Direction::Ascending, &mut |key, value| {
                    rows.insert(Row { table: table.id, key: key.to_vec(), value: value.to_vec() });
                    Ok(ControlFlow::Continue(()))
                })
            });
        }
        rows
    }
}

fn people(tx: &mut Tx<'_>) -> storage::Result<Vec<AccountId>> {
    let mut ids = Vec::new();
    for (number, name) in ["ann", "ben", "Cleo_Two", "dora", "emil", "fay"].into_iter().enumerate() {
        let id: AccountId = tx.next_id();
        let mut row = account(id, name, (number >= 3).then_some(["a.test", "b.test", "b.test"][number % 3]));
        row.display_name = format!("{name} of the Hill");
        account::put(tx, &row)?;
        ids.push(id);
        if row.is_local() {
            let keys = SigningKeys { rsa_private: vec![1], rsa_public_pem: "PEM".into(), ed25519_seed: vec![2; 32] };
            SIGNING_KEYS.put(tx, &id, &keys);
            let user = User {
                account: id,
                email: if number == 1 { String::new() } else { format!("{name}@here.test") },
                password_hash: "!".into(),
                role: if number == 0 { Role::Owner } else { Role::User },
                locale: "en".into(),
                preferences: Preferences { visibility: Visibility::Public, sensitive: false, language: None },
                created_at: tx.now(),
                confirmed_at: None,
                disabled: false,
                created_by: None,
                approved: true,
                reason: String::new(),
                signed_up_from: None,
                access_ended_at: None,
            };
            user::put(tx, &user)?;
        } else {
            let key_id = format!("{}#main-key", row.uri);
            let key = ActorKey { key_id, account: id, material: "PEM".into(), fetched_at: tx.now() };
            account::replace_keys(tx, id, &[key])?;
        }
    }
    Ok(ids)
}

/// Statuses of every kind; answers the first of each account.
fn statuses(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<Vec<StatusId>> {
    let mut firsts = Vec::new();
    for (number, author) in people.iter().enumerate() {
        let local = number < 3;
        let first = status(tx.next_id(), *author, local, |row| {
            row.tags = vec!["Tea".into(), "Straße".into()];
            row.mentions = vec![people[(number + 1) % people.len()]];
        });
        status::insert(tx, &first)?;
        firsts.push(first.id);
        for visibility in [Visibility::Unlisted, Visibility::Private, Visibility::Direct] {
            let row = status(tx.next_id(), *author, local, |row| row.visibility = visibility);
            status::insert(tx, &row)?;
        }
        let answered = status(tx.next_id(), *author, local, |row| {
            let (parent, account) = (firsts[number / 2], people[number / 2]);
            row.reply = Some(Reply { uri: String::new(), status: Some(parent), account: Some(account) });
        });
        status::insert(tx, &answered)?;
        let shared = status(tx.next_id(), *author, local, |row| row.reblog_of = Some(firsts[number / 2]));
        status::insert(tx, &shared)?;
    }
    // One waits for its parent for ever; of a thread by one author the second part came first.
    for parent in ["https://a.test/never", "https://a.test/late"] {
        let waiting = status(tx.next_id(), people[3], false, |row| {
            row.tags = vec!["thread".into()];
            row.reply = Some(Reply { uri: parent.into(), status: None, account: None });
        });
        status::insert(tx, &waiting)?;
    }
    let late = status(tx.next_id(), people[3], false, |row| row.uri = "https://a.test/late".into());
    status::insert(tx, &late)?;
    let before = status::find(tx, firsts[0])?.unwrap();
    status::EDITS.put(tx, &(before.id, 0), &Edit::of(&before));
    let after = Status { tags: vec!["Coffee".into()], edited_at: Some(tx.now()), ..before.clone() };
    status::replace(tx, &before, &after)?;
    let gone = tx.now();
    status::TOMBSTONES.put(tx, &Digest::of("https://a.test/gone"), &gone);
    status::GONE.put(tx, &StatusId(5), &gone);
    status::IDEMPOTENCY_KEYS.put(tx, &(people[0], Digest::of("key")), &firsts[0]);
    Ok(firsts)
}

fn relations(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    for (number, from) in people.iter().enumerate() {
        for (other, to) in people.iter().enumerate().filter(|(other, _)| (number * 5 + other) % 3 == 1) {
            if from != to {
                let mut follow = follow(tx, other % 2 == 0);
                follow.uri = format!("https://x.test/follows/{number}-{other}");
                relationship::put(tx, *from, *to, &follow)?;
                notification::notify(tx, *to, NotificationKind::Follow, *from, None)?;
            }
        }
        let (status, created_at) = (ids[(number + 2) % ids.len()], tx.now());
        let mark = Mark { row: tx.next_id(), created_at, uri: format!("https://x.test/likes/{number}") };
        status::FAVOURITES.put(tx, &(*from, status), &mark);
        status::FAVOURITED_BY.put(tx, &(status, mark.row), from);
        status::FAVOURITE_ROWS.put(tx, &(*from, mark.row), &status);
        let named = status::FavouriteRef { account: *from, status };
        status::FAVOURITE_BY_URI.put(tx, &Digest::of(&mark.uri), &named);
        status::count(tx, status, |stats| stats.favourites += 1)?;
        let plain = Mark { row: tx.next_id(), created_at, uri: String::new() };
        status::BOOKMARKS.put(tx, &(*from, status), &plain);
        status::BOOKMARK_ROWS.put(tx, &(*from, plain.row), &status);
        status::PINS.put(tx, &(*from, ids[number]), &plain);
        status::PIN_ROWS.put(tx, &(*from, plain.row), &ids[number]);
        marker::put(tx, *from, "home", "1")?;
    }
    let request = Follow { uri: "https://x.test/request".into(), ..follow(tx, false) };
    relationship::put_request(tx, people[3], people[0], &request)?;
    let created_at = tx.now();
    relationship::BLOCKS.put(tx, &(people[4], people[0]), &Block { created_at, uri: String::new() });
    Ok(())
}

fn sign_ins(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let now = tx.now();
    let id: ApplicationId = tx.next_id();
    let application = oauth::Application {
        id,
        name: "tests".into(),
        website: None,
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        client_id: "client".into(),
        client_secret_hash: [0; 32],
        created_at: now,
    };
    oauth::put_application(tx, &application);
    for (number, account) in people.iter().take(3).enumerate() {
        let hash = SecretHash([number as u8; 32]);
        let token = oauth::Token {
            id: tx.next_id(),
            application: id,
            account: (number > 0).then_some(*account),
            scopes: Vec::new(),
            created_at: now,
        };
        oauth::put_token(tx, hash, &token);
        let session = Session { account: *account, csrf_secret: [1; 32], created_at: now, user_agent: String::new() };
        user::SESSIONS.put(tx, &hash, &session);
        user::SESSIONS_OF_ACCOUNT.put(tx, &(*account, hash), &());
    }
    let code = oauth::AuthorizationCode {
        application: id,
        account: people[0],
        redirect_uri: String::new(),
        scopes: Vec::new(),
        challenge: None,
        created_at: now,
        used_for: None,
    };
    oauth::AUTHORIZATION_CODES.put(tx, &SecretHash([9; 32]), &code);
    NEW_ADDRESSES.put(tx, &people[0], &NewAddress { email: "new@here.test".into(), asked_at: now });
    use_of_access::note(tx, Access::Token(SecretHash([1; 32])), now)?;
    use_of_access::note(tx, Access::Session(SecretHash([1; 32])), now)?;
    let key = Passkey {
        name: "a phone".into(),
        credential: Octets(vec![1; 16]),
        key: Octets(vec![2; 77]),
        counter: 0,
        may_be_copied: true,
        created_at: now,
        used_at: None,
    };
    passkey::put(tx, people[0], &key);
    RECOVERY_SHEETS.put(tx, &people[0], &RecoverySheet { code: [5; 32], made_at: now });
    let factor = SecondFactor { secret: [3; 20], last_step: 1, since: now };
    second_factor::SECOND_FACTORS.put(tx, &people[0], &factor);
    second_factor::put_spare_codes(tx, people[0], &[SecretHash([1; 32]), SecretHash([2; 32])])?;
    second_factor::put_step(tx, people[0], SecretHash([4; 32]), &SecondStep { begun_at: now, wrong: 0 })?;
    let identity = instance::Identity {
        origin: "https://here.test".into(),
        handle_domain: "here.test".into(),
        lab: true,
        federated: true,
        created_at: now,
    };
    instance::put_identity(tx, &identity);
    instance::put_settings(tx, &instance::Settings::default());
    instance::put_keys(
        tx,
        &SigningKeys { rsa_private: vec![1], rsa_public_pem: "PEM".into(), ed25519_seed: vec![2; 32] },
    );
    Ok(())
}

fn queues(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    for account in people {
        job::enqueue(tx, job::JobKind::RefreshAccount { account: *account });
    }
    let body = vec![b'x'; inbound::CHUNK_BYTES * 2 + 10];
    let actor = "https://a.test/users/dora";
    let arrival = inbound::Arrival { actor, signer: actor, inbox: "", activity: "https://a.test/1", body: &body };
    inbound::accept(tx, &arrival)?;
    for number in 0..4u64 {
        let audience = Audience { accounts: people.to_vec(), ..Audience::default() };
        let built = Built {
            uri: format!("https://here.test/{number}"),
            object: Digest::of(&format!("object {}", number / 2)),
            bytes: b"{}".to_vec(),
            sender: Sender::Instance,
            priority: Priority::Public,
            audience: audience.clone(),
        };
        let id = ActivityId::from(tx.next_id::<JobId>().0);
        let step = audience::gather(tx, id, &audience, audience::first_stage(&audience))?.unwrap();
        let added = audience::store(tx, id, &built, Memory::Audience, &step)?.unwrap();
        let row = Owed { ends: false, attempts: 1, not_before: Timestamp(0) };
        let mut owed = Vec::new();
        for inbox in added.inboxes {
            let domain = peer::INBOXES.get(tx, &inbox)?.unwrap().domain;
            owed.push((Delivery { domain, activity: id, inbox }, row));
        }
        delivery::spill(tx, &owed[..owed.len() - number as usize % 2])?;
        let (inbox, at) = (owed[0].0.inbox, tx.now());
        undelivered::note(tx, &[(id, Undelivered { inbox, at, reason: Reason::Refused(404) })])?;
    }
    inbound::note_dropped(tx, &[inbound::Dropped::one("a.test", "Create", "concerns nobody here", actor, tx.now())])?;
    let list = BlockList {
        by: Some(people[0]),
        source: ListSource::File("list.csv".into()),
        strength: ListStrength::Light,
        state: ListState::Applying,
        brought_at: tx.now(),
        ended_at: None,
        rows: 1,
        unread: 0,
        parts: 1,
        part: 0,
        row: 0,
        blocked: 0,
        left: 0,
        spared: Vec::new(),
    };
    let id: RowId = tx.next_id();
    block_list::BLOCK_LISTS.put(tx, &id, &list);
    let listed = ListedDomain {
        domain: "spam.test".into(),
        severity: Severity::Suspend,
        reject_media: false,
        reject_reports: false,
        obfuscate: false,
        public_comment: String::new(),
    };
    block_list::put_parts(tx, id, &[BlockListPart { rows: vec![listed] }]);
    Ok(())
}

pub(crate) fn follow(tx: &mut Tx<'_>, notify: bool) -> Follow {
    Follow { notify, ..Follow::bare(tx.next_id(), String::new(), tx.now()) }
}

pub(crate) fn status(id: StatusId, account: AccountId, local: bool, change: impl FnOnce(&mut Status)) -> Status {
    let uri = if local { format!("/statuses/{id}") } else { format!("https://x.test/{id}") };
    let bare = Status::bare(id, account, uri, Timestamp(1_767_225_600_000));
    let mut row = Status { local, content: "<p>words</p>".into(), ..bare };
    change(&mut row);
    row
}

pub(crate) fn account(id: AccountId, name: &str, domain: Option<&str>) -> Account {
    let uri = domain.map_or_else(|| format!("/users/{name}"), |domain| format!("https://{domain}/users/{name}"));
    Account {
        domain: domain.map(str::to_owned),
        endpoints: Endpoints { inbox: format!("{uri}/inbox"), ..Endpoints::default() },
        uri,
        ..Account::bare(id, name, Timestamp(1_767_225_600_000))
    }
}

//! The context of everything that runs: store, clock, random, reach, events, tasks. Cheap to clone.

mod work;

pub use crate::origin::Origin;
use crate::{
    backup::Desk,
    clock::Clock,
    config::{Certificates, Config, Name},
    error::{Error, Result},
    events::{Events, Obeyed, Published},
    federation::{
        client::Client,
        fetch::Outside,
        signature::key::{PrivateKey, ProofKey},
        unheeded::Unheeded,
    },
    filter,
    http::{
        auth::AccessCache, barred::Barred, challenges::Challenges, drawn::Pages, proxy::Proxies, rate::Rates,
        uses::Uses,
    },
    limits,
    operate::{
        disk::{Moment, Watch},
        naming::Naming,
        reread::Rot,
        room,
    },
    present::Kept,
    push::Vapid,
    random::Random,
    reach::Reach,
    standby::{Ledger, Shipping},
    streaming::Streams,
    tasks::Tasks,
    threads::Threads,
    timeline::Home,
    tls::Keeper,
    translate::Translator,
    trend::Trends,
    user::OwnerLink,
};
use std::{
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use storage::{
    Cache, Files, Store, Timestamp, Tx, View, account::SigningKeys, backup::Fence, job::JobClass, latency::Purpose,
    search::Index, vfs::RealDisk,
};
use tokio::sync::{Notify, Semaphore, broadcast, oneshot, watch};
use web::accent::Colour;

/// The running server, as handlers and jobs see it.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    store: Store,
    config: Config,
    origin: Origin,
    address: SocketAddr,
    clock: Clock,
    random: Random,
    reach: Reach,
    events: Events,
    obeyed: Obeyed,
    home: Home,
    filters: filter::Cache,
    kept: Kept,
    pages: Pages,
    accent: Mutex<Option<Colour>>,
    trends: Trends,
    streams: Streams,
    disk: Watch,
    room: room::Watch,
    rot: Rot,
    search: Index,
    backup: Desk,
    translator: Option<Translator>,
    fence: Fence,
    shipping: OnceLock<Ledger>,
    rates: Rates,
    proxies: Proxies,
    access: AccessCache,
    uses: Uses,
    challenges: Challenges,
    barred: Barred,
    readers: Threads,
    computations: Arc<Semaphore>,
    maintenance: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
    pictures: Arc<Semaphore>,
    takeouts: Semaphore,
    disk_waits: Arc<Semaphore>,
    files: Files,
    cache: Cache,
    client: Client,
    outside: OnceLock<Outside>,
    unheeded: Unheeded,
    vapid: OnceLock<Vapid>,
    keeper: Keeper,
    owner_link: OwnerLink,
    word: String,
    naming: Naming,
    anew: Anew,
    started_at: Timestamp,
    tasks: Arc<Tasks>,
}

/// That the server is to begin anew.
#[derive(Default)]
struct Anew {
    told: Notify,
    wanted: Mutex<Option<(Name, Option<String>)>>,
}

/// What `Server::new` puts together; `running.rs` makes each.
pub(crate) struct Made {
    pub(crate) store: Store,
    pub(crate) config: Config,
    pub(crate) origin: Origin,
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) reach: Reach,
    pub(crate) events: Events,
    pub(crate) home: Home,
    pub(crate) disk: Watch,
    pub(crate) room: room::Watch,
    pub(crate) search: Index,
    pub(crate) files: Files,
    pub(crate) backup: Desk,
    pub(crate) fence: Fence,
}

impl Server {
    pub(crate) fn new(made: Made) -> Result<Self> {
        let Made {
            store,
            config,
            origin,
            address,
            clock,
            random,
            reach,
            events,
            home,
            disk,
            room,
            search,
            files,
            backup,
            fence,
        } = made;
        let started_at = clock.now();
        let translator = config.translation.as_ref().map(Translator::of).transpose()?;
        let tasks = Arc::<Tasks>::default();
        let url = url::Url::parse(origin.as_str()).map_err(|error| Error::Bug(format!("origin: {error}")))?;
        let spawner = Arc::clone(&tasks);
        let client =
            Client::new(reach.clone(), &url, Arc::new(move |task| spawner.spawn("outbound connection", task)))?;
        Ok(Server(Arc::new(Inner {
            rates: Rates::new(config.rates),
            proxies: proxies(&config, &origin, &reach),
            access: AccessCache::default(),
            uses: Uses::default(),
            challenges: Challenges::default(),
            barred: Barred::default(),
            filters: filter::Cache::default(),
            kept: Kept::default(),
            pages: Pages::default(),
            accent: Mutex::default(),
            trends: Trends::default(),
            readers: Threads::that_read()?,
            computations: Arc::new(Semaphore::new(limits::COMPUTATIONS_AT_ONCE)),
            maintenance: Arc::new(Semaphore::new(limits::MAINTENANCE_AT_ONCE)),
            passwords: Arc::new(Semaphore::new(limits::PASSWORDS_AT_ONCE)),
            pictures: Arc::new(Semaphore::new(limits::PICTURES_AT_ONCE)),
            takeouts: Semaphore::new(limits::TAKEOUTS_AT_ONCE),
            disk_waits: Arc::new(Semaphore::new(limits::FILES_AT_ONCE)),
            cache: Cache::new(store.timed(Arc::new(RealDisk), Purpose::Copies), &config.data_dir),
            files,
            owner_link: OwnerLink::default(),
            word: random.secret(),
            naming: Naming::default(),
            rot: Rot::default(),
            anew: Anew::default(),
            streams: Streams::default(),
            obeyed: Obeyed::default(),
            client,
            outside: OnceLock::new(),
            unheeded: Unheeded::default(),
            vapid: OnceLock::new(),
            keeper: Keeper::default(),
            tasks,
            store,
            config,
            origin,
            address,
            clock,
            random,
            reach,
            events,
            home,
            disk,
            room,
            search,
            backup,
            translator,
            fence,
            shipping: OnceLock::new(),
            started_at,
        })))
    }

    /// Runs `rule` on the sequencer and waits until its outcome is durable (DESIGN §3).
    ///
    /// The rule has no side effect and may run again. Dropping the future does not take the rule back.
    ///
    /// # Errors
    /// Those of the rule, which then leaves no trace, and `Storage`: `ReadOnly` while the fence is closed, also where that
    /// closed before the outcome was durable: it stands here, and may be missing where another machine serves.
    pub async fn write<T, F>(&self, rule: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        // A machine that another may have taken over from acknowledges nothing, however long the disk took meanwhile.
        let may_serve = || self.0.fence.left().map_err(|why| Error::Storage(storage::Error::ReadOnly(why)));
        may_serve()?;
        let (answer, answered) = oneshot::channel();
        self.0.store.submit(rule, move |outcome| {
            // Nobody waits any more if the client left; the rule stands all the same.
            let _ = answer.send(outcome);
        });
        let dropped = |_| Err(Error::Bug("the store dropped a rule without answering".to_owned()));
        let outcome = answered.await.unwrap_or_else(dropped)?;
        may_serve()?;
        Ok(outcome)
    }

    /// Runs `look` on everything durable, off the async workers.
    ///
    /// # Errors
    /// Those of `look`, and `Storage`.
    pub async fn read<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&View<'_>) -> Result<T> + Send + 'static,
    {
        let store = self.0.store.clone();
        self.0.readers.run(move || store.read(look)).await
    }

    /// Makes the keys of a new account, some 50 ms off the async workers.
    ///
    /// # Errors
    /// `Bug` if the system gives no randomness.
    pub async fn make_keys(&self) -> Result<SigningKeys> {
        self.compute(new_keys).await
    }

    /// What of entities was drawn before.
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// The accent colour as it was last seen in the store, for pages that are drawn without it: those of failures, and
    /// those one passes to come in.
    #[must_use]
    pub fn accent(&self) -> Option<Colour> {
        *self.0.accent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers the accent colour that stands in the store.
    pub fn saw_accent(&self, accent: Option<Colour>) {
        *self.0.accent.lock().unwrap_or_else(PoisonError::into_inner) = accent;
    }

    /// Reads the accent colour anew.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn read_accent(&self) -> Result<()> {
        let accent = self.read(|view| Ok(storage::accent::find(view)?)).await?;
        self.saw_accent(accent.map(|accent| Colour::of_number(accent.rgb)));
        Ok(())
    }

    /// Pages drawn for guests before.
    #[must_use]
    pub fn pages(&self) -> &Pages {
        &self.0.pages
    }

    /// The filters kept ready for those who read lately.
    #[must_use]
    pub fn filters(&self) -> &filter::Cache {
        &self.0.filters
    }

    /// What is counted of what is talked of.
    #[must_use]
    pub fn trends(&self) -> &Trends {
        &self.0.trends
    }

    /// The store itself, for what needs more than `read` and `write` (state, check).
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The files of pictures uploaded here.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// Copies of other servers' pictures.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// How the disk is, for whoever steps aside when it is slow.
    #[must_use]
    pub fn disk(&self) -> &Watch {
        &self.0.disk
    }

    /// The time of day, and the stopwatch it is held against.
    #[must_use]
    pub fn clocks(&self) -> Moment {
        Moment { now: self.now(), up: self.0.clock.stopwatch() }
    }

    /// Whether what goes by age may go now: after a jump of the clock into the future nothing does for a while.
    #[must_use]
    pub fn trusts_ages(&self) -> bool {
        self.disk().trusts_ages(self.clocks())
    }

    /// How much room there is, for whoever steps aside when there is too little.
    #[must_use]
    pub fn room(&self) -> &room::Watch {
        &self.0.room
    }

    /// What was found damaged when it was read again.
    #[must_use]
    pub fn rot(&self) -> &Rot {
        &self.0.rot
    }

    /// Whether there is room for what comes from other servers, by what came in until now.
    #[must_use]
    pub fn takes_remote(&self) -> bool {
        self.room().takes_remote(self.store().appended())
    }

    /// Whether there is room for one more copy of another server's picture, of so many bytes; if so, that room is taken until
    /// `room::Watch::note_copy`.
    #[must_use]
    pub fn takes_copy(&self, bytes: u64) -> bool {
        self.room().takes_copy(bytes, self.store().appended())
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Returns once the clock shows `time` or later.
    pub async fn sleep_until(&self, time: Timestamp) {
        self.0.clock.sleep_until(time).await;
    }

    /// 64 random bits.
    #[must_use]
    pub fn random(&self) -> u64 {
        self.0.random.number()
    }

    /// `N` random bytes.
    #[must_use]
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        self.0.random.bytes()
    }

    /// A secret of 256 bits in 43 URL-safe characters.
    #[must_use]
    pub fn secret(&self) -> String {
        self.0.random.secret()
    }

    /// Where this server is.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// What it was started with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Whether somebody gave it its name: one that has none may still take one.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.config().origin.is_some()
    }

    /// Whom it may reach.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.0.reach
    }

    /// What fetching from other servers needs; there once the server is listening.
    ///
    /// # Panics
    /// Before `Server::start` has read the instance actor's keys, which it does before it takes requests.
    #[must_use]
    pub fn outside(&self) -> &Outside {
        self.0.outside.get().expect("Server::start sets it before anything can ask")
    }

    pub(crate) fn set_outside(&self, outside: Outside) {
        // A second one would be the same keys: the first stays.
        let _ = self.0.outside.set(outside);
    }

    /// What other servers send that nothing is made of here.
    #[must_use]
    pub fn unheeded(&self) -> &Unheeded {
        &self.0.unheeded
    }

    /// How push services know this server; there once the server is listening.
    ///
    /// # Panics
    /// Before `Server::start` has read the key, which it does before it takes requests.
    #[must_use]
    pub fn vapid(&self) -> &Vapid {
        self.0.vapid.get().expect("Server::start sets it before anything can ask")
    }

    pub(crate) fn set_vapid(&self, vapid: Vapid) {
        // A second one would be the same key: the first stays.
        let _ = self.0.vapid.set(vapid);
    }

    /// The certificate that inbound connections are shown.
    #[must_use]
    pub fn keeper(&self) -> &Keeper {
        &self.0.keeper
    }

    /// By what this process is told from others that answer under its name; anybody may know it.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.0.word
    }

    /// How a try-out gets its name.
    #[must_use]
    pub fn naming(&self) -> &Naming {
        &self.0.naming
    }

    /// Has the server stop and start again with the configuration as it is then.
    pub(crate) fn begin_anew(&self, name: Name, former: Option<String>) {
        *self.0.anew.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some((name, former));
        self.0.anew.told.notify_one();
    }

    /// Waits until it is to begin anew: under which name, and what the configuration file held before.
    pub(crate) async fn anew(&self) -> (Name, Option<String>) {
        loop {
            self.0.anew.told.notified().await;
            if let Some(wanted) = self.0.anew.wanted.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return wanted;
            }
        }
    }

    /// The one client for everything outbound.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The link that makes the first owner.
    #[must_use]
    pub fn owner_link(&self) -> &OwnerLink {
        &self.0.owner_link
    }

    /// When it was started.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    /// Request rates.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// Proxies in front.
    #[must_use]
    pub fn proxies(&self) -> &Proxies {
        &self.0.proxies
    }

    /// Remembered accesses; cleared by whoever revokes a token or changes a user's standing.
    #[must_use]
    pub fn access_cache(&self) -> &AccessCache {
        &self.0.access
    }

    /// What passkeys are to sign.
    #[must_use]
    pub fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }

    /// When tokens and sessions are used.
    #[must_use]
    pub fn uses(&self) -> &Uses {
        &self.0.uses
    }

    /// Networks that get no answer.
    #[must_use]
    pub fn barred(&self) -> &Barred {
        &self.0.barred
    }

    /// Home timelines.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.0.home
    }

    /// Who listens to live streams.
    #[must_use]
    pub fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// The full-text index of statuses.
    #[must_use]
    pub fn search(&self) -> &Index {
        &self.0.search
    }

    /// The service that translates, if the administrator named one.
    #[must_use]
    pub fn translator(&self) -> Option<&Translator> {
        self.0.translator.as_ref()
    }

    /// The work on backups.
    #[must_use]
    pub fn backup(&self) -> &Desk {
        &self.0.backup
    }

    /// Whether this machine may serve: asked before each write and each delivery.
    #[must_use]
    pub fn fence(&self) -> &Fence {
        &self.0.fence
    }

    /// How shipping to a second machine stands; `None` where backups go nowhere.
    #[must_use]
    pub fn shipping(&self) -> Option<Shipping> {
        Some(self.0.shipping.get()?.look(self.0.store.state().durable, self.now()))
    }

    pub(crate) fn set_shipping(&self, ledger: Ledger) {
        // A second one would tell of the same: the first stays.
        let _ = self.0.shipping.set(ledger);
    }

    /// Returns once a job of `class` was stored since the last return; for the one who does them.
    pub async fn job_waits(&self, class: JobClass) {
        self.0.events.job_waits(class).await;
    }

    /// What becomes durable from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Published> {
        self.0.events.subscribe()
    }

    /// The same of transactions with an event that is wanted.
    #[must_use]
    pub fn events_where(&self, wants: fn(&storage::Event) -> bool) -> broadcast::Receiver<Published> {
        self.0.events.subscribe_to(wants)
    }

    /// How far what operators decide about deliveries is carried out.
    #[must_use]
    pub fn obeyed(&self) -> &Obeyed {
        &self.0.obeyed
    }

    /// Whether a request for `host` is for this server. Try-outs and labs are also reached by their address.
    #[must_use]
    pub fn answers_for(&self, host: &str, discovery: bool) -> bool {
        let origin = self.origin();
        let standard = if origin.is_https() { ":443" } else { ":80" };
        let host = host.strip_suffix(standard).unwrap_or(host);
        if host.eq_ignore_ascii_case(origin.authority()) {
            return true;
        }
        if discovery && host.eq_ignore_ascii_case(origin.handle_domain()) {
            return true;
        }
        let here = self.0.address;
        (origin.is_localhost() || self.0.reach.is_lab())
            && (host.parse::<SocketAddr>().is_ok_and(|named| named.port() == here.port() && named.ip().is_loopback())
                || host.parse() == Ok(here)
                || host.eq_ignore_ascii_case(&format!("localhost:{}", here.port())))
    }

    /// Starts a task that runs until it ends or the server stops; a panic in it is logged. The only place that starts
    /// tasks beside the accept loop.
    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.0.tasks.spawn(name, task);
    }

    /// Starts a task that watches `stopping` itself: it has something to make durable when the server stops, for which
    /// it has `limits::TASK_STOP_SECONDS`.
    pub fn spawn_ending<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.0.tasks.spawn_ending(name, task);
    }

    /// Turns true when the server stops.
    #[must_use]
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.0.tasks.stopping()
    }

    /// Tells everything to stop; `Running::stop` waits for it.
    pub(crate) fn begin_stop(&self) {
        self.0.tasks.begin_stop();
    }

    /// Waits until all tasks have ended, at most `limits::TASK_STOP_SECONDS`.
    pub(crate) async fn tasks_ended(&self) {
        self.0.tasks.ended().await;
    }
}

/// The proxies that a server so configured believes.
pub(crate) fn proxies(config: &Config, origin: &Origin, reach: &Reach) -> Proxies {
    let plain = config.tls.certificates == Certificates::None;
    Proxies::new(config.trusted_proxies.clone(), plain && origin.is_https() && !reach.is_lab())
}

/// Keys of a new account or of the instance actor: RSA-2048 and Ed25519. Slow.
///
/// # Errors
/// `Bug` if the system gives no randomness.
pub fn new_keys() -> Result<SigningKeys> {
    let rsa = PrivateKey::generate()?;
    let proof = ProofKey::generate()?;
    Ok(SigningKeys {
        rsa_private: rsa.pkcs8().to_vec(),
        rsa_public_pem: rsa.public_pem().to_owned(),
        ed25519_seed: proof.seed().to_vec(),
    })
}

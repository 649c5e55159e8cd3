//! Starting and stopping a whole server: what `dassie serve` does, and what tests do two or three times in one process.

use crate::{
    announcement,
    backup::{Bench, Desk},
    clock::Clock,
    config::{Certificates, Config},
    error::{Error, Result},
    events::Events,
    federation::fetch::Outside,
    http::{
        barred,
        listen::{self, Site},
        starting::{self, STARTING},
    },
    limits,
    operate::{
        disk::{self, Watch},
        room,
    },
    origin::Origin,
    push::{Vapid, generate},
    random::Random,
    reach::Reach,
    routes,
    search::Descriptions,
    server::{Made, Server, proxies},
    standby::{self, Tenancy},
    status,
    timeline::Home,
    tls::{self, Gate},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use storage::{
    Environment, Files, Options, StatusId, Store, Timestamp, View,
    backup::Fence,
    instance,
    latency::Purpose,
    media,
    octets::Octets,
    push, retention, search,
    store::{Opening, Sizes},
    user, vfs,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What tests replace.
#[derive(Clone)]
pub struct Parts {
    /// The clock.
    pub clock: Clock,
    /// The random source.
    pub random: Random,
    /// Whom the server may reach.
    pub reach: Reach,
    /// The disk.
    pub disk: Arc<dyn vfs::Vfs>,
    /// Sizes and times of the store.
    pub sizes: Sizes,
    /// The code of a one-time link that holds on, from before the server began anew.
    pub owner_code: Option<OwnerCode>,
}

/// The code that makes the owner.
#[derive(Debug, Clone)]
pub struct OwnerCode {
    /// The code.
    pub code: String,
    /// Until when it holds.
    pub until: Timestamp,
}

impl Parts {
    /// The system's clock, random source and disk.
    #[must_use]
    pub fn of_system(reach: Reach) -> Self {
        Parts {
            clock: Clock::System,
            random: Random::System,
            reach,
            disk: Arc::new(vfs::RealDisk),
            sizes: Sizes::default(),
            owner_code: None,
        }
    }
}

/// A server that is running.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its context.
    pub server: Server,
    /// The one-time link that makes the owner, while there is none.
    pub owner_link: Option<String>,
    /// The code in it.
    pub owner_code: Option<OwnerCode>,
    listening: JoinHandle<()>,
}

impl Server {
    /// Opens the store, takes the address and serves.
    ///
    /// Without an origin in `config` it is `http://localhost:PORT` of the address taken: try-out mode.
    ///
    /// # Errors
    /// `Invalid` for what the configuration, the data directory and the address do not allow; `Storage`.
    pub async fn start(config: Config, parts: Parts) -> Result<Running> {
        let (listener, origin) = take_address(&config, &parts.reach)?;
        let plain = config.tls.plain_here().map(listen::bind).transpose()?;
        let address = listener.local_addr().map_err(|error| Error::invalid("listen", error.to_string()))?;
        let fence = Fence::new(standby::steady(&parts.clock));
        let opening = Opening::default();
        let proxies = proxies(&config, &origin, &parts.reach);
        let is_proxy = |peer| proxies.is_believed(peer);
        let plain_words = config.tls.certificates == Certificates::None;
        let says = || plain_words.then(|| how_far(&opening));
        let (store, options) =
            starting::meanwhile(&listener, &is_proxy, says, open_store(&config, &parts, &opening)).await?;
        let says = || plain_words.then(|| format!("{STARTING}: {TAKING_UP}"));
        let tenancy = starting::meanwhile(&listener, &is_proxy, says, take_up(&config, &parts, &store, &fence)).await?;
        let events = Events::default();
        let home = Home::default();
        let search = search::Index::start(search_dir(&config), store.clone(), Arc::new(Descriptions))?;
        let (hub, rings, to_index) = (events.clone(), home.clone(), search.listener());
        store.subscribe(Arc::new(move |lsn, happened| {
            rings.hear(lsn, happened);
            to_index(happened);
            hub.publish(lsn, happened);
        }));
        let files = Files::new(store.timed(Arc::clone(&parts.disk), Purpose::Files), &config.data_dir);
        let backup = Desk::new(Bench::new(&config, &options));
        let Parts { clock, random, reach, owner_code, .. } = parts;
        // The store may be a link or a mount of its own: what is measured is its disk.
        let mount = disk::under(&config.data_dir.join("store")).or_else(|| disk::under(&config.data_dir));
        let disk = Watch::new(&config.data_dir, mount, clock.now());
        let budget = options.budget.ok_or_else(|| Error::Bug("the store has no budget".to_owned()))?;
        let room = room::Watch::new(budget);
        let made = Made {
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
        };
        let server = Server::new(made)?;
        let rested = server.read(|view| Ok(retention::ages_rest(view)?)).await?;
        server.disk().remember(server.store().known_until(), rested);
        settle_identity(&server).await?;
        settle_keys(&server).await?;
        settle_media_secret(&server).await?;
        let keys = server.read(|view| Ok(instance::keys(view)?)).await?;
        let keys = keys.ok_or_else(|| Error::Bug("the instance actor has no keys".to_owned()))?;
        server.set_outside(Outside::new(server.origin(), &keys)?);
        server.set_vapid(settled_vapid(&server).await?);
        barred::read_anew(&server).await?;
        server.read_accent().await?;
        tls::settle(&server).await?;
        let sealed = server.config().tls.certificates != Certificates::None;
        let gate = sealed.then(|| Gate::new(server.keeper())).transpose()?;
        let owner_code = open_owner_link(&server, owner_code).await?;
        let link = |code: &OwnerCode| server.origin().url(&format!("/first-run?code={}", code.code));
        let owner_link = owner_code.as_ref().map(link);
        let site = Site { router: routes::router(server.clone()), kind_of: routes::kind_of };
        let serving = listen::serve(listener, gate, site, server.clone(), server.stopping());
        #[expect(clippy::disallowed_methods, reason = "the accept loop outlives the tasks it is stopped before")]
        let listening = tokio::spawn(serving);
        routes::start_tasks(&server);
        tls::start(&server, plain);
        if let Some(tenancy) = tenancy {
            standby::start(&server, tenancy);
        }
        Ok(Running { address, server, owner_link, owner_code, listening })
    }
}

impl Running {
    /// Lets open requests end, stops all tasks, writes a last checkpoint.
    ///
    /// # Errors
    /// Storage errors of the last checkpoint; everything acknowledged is in the log all the same.
    pub async fn stop(self) -> Result<()> {
        let Running { server, listening, .. } = self;
        server.begin_stop();
        if let Err(error) = listening.await {
            tracing::error!(%error, "the accept loop ended badly");
        }
        server.tasks_ended().await;
        let store = server.store().clone();
        let search = server.search().clone();
        let close = move || {
            search.stop();
            Ok(store.close()?)
        };
        server.compute(close).await
    }
}

/// The listener, and the origin: configured, or `localhost` with the port taken.
fn take_address(config: &Config, reach: &Reach) -> Result<(TcpListener, Origin)> {
    let listener = listen::bind(config.listens_at())?;
    let origin = match &config.origin {
        Some(origin) => origin.clone(),
        None => {
            let address = listener.local_addr().map_err(|error| Error::invalid("listen", error.to_string()))?;
            Origin::parse(&format!("http://localhost:{}", address.port()), None)?
        }
    };
    if reach.is_lab() && !origin.is_lab_name() {
        let why = format!("lab mode serves localhost, *.localhost and *.test only, not {}", origin.as_str());
        return Err(Error::invalid("lab", why));
    }
    if !reach.is_lab() && !origin.is_https() && !origin.is_localhost() {
        let why = format!("{} must be https; http is for localhost and labs", origin.as_str());
        return Err(Error::invalid("origin", why));
    }
    Ok((listener, origin))
}

/// What whoever comes is told while the store is open and the place of the backups has not answered yet.
const TAKING_UP: &str = "it is asked in the place of the backups whether another machine serves these data";

/// What whoever comes while the store is opened is told.
fn how_far(opening: &Opening) -> String {
    match opening.now() {
        Some((what, percent)) => format!("{STARTING}: {what}, {percent} % done"),
        None => format!("{STARTING}: the store is opened"),
    }
}

async fn open_store(config: &Config, parts: &Parts, opening: &Opening) -> Result<(Store, Options)> {
    let (config, parts, opening) = (config.clone(), parts.clone(), opening.clone());
    let opened = tokio::task::spawn_blocking(move || opened(&config, &parts, opening));
    opened.await.map_err(|error| Error::Bug(format!("opening the store: {error}")))?
}

/// Whether this machine may serve, before anything is written.
async fn take_up(config: &Config, parts: &Parts, store: &Store, fence: &Fence) -> Result<Option<Tenancy>> {
    let (config, disk, store, fence) = (config.clone(), Arc::clone(&parts.disk), store.clone(), fence.clone());
    let (random, now) = (parts.random.number(), parts.clock.now());
    let take_up = move || standby::take_up((&config, &disk), &store, &fence, random, now);
    let taken = tokio::task::spawn_blocking(take_up).await;
    taken.map_err(|error| Error::Bug(format!("taking up the lease: {error}")))?
}

/// Opens the store of a configuration, making the data directory if there is none.
///
/// # Errors
/// As `store_options`; `Storage`.
pub(crate) fn open_store_now(config: &Config, parts: &Parts) -> Result<Store> {
    opened(config, parts, Opening::default()).map(|(store, _)| store)
}

fn opened(config: &Config, parts: &Parts, opening: Opening) -> Result<(Store, Options)> {
    standby::refuse_follower(parts.disk.as_ref(), config)?;
    let options = Options { opening, ..store_options(config, parts)? };
    Ok((Store::open(options.clone())?, options))
}

/// How the store of a configuration is opened, restored or followed; its data directory is made if there is none.
///
/// # Errors
/// `Invalid` if the directory cannot be made or lies on a network file system, or the budget does not fit the disk;
/// `Storage`.
pub(crate) fn store_options(config: &Config, parts: &Parts) -> Result<Options> {
    let budget = budget_now(config, parts)?;
    // Where everybody passes who writes there, and once the directory exists: before, nobody can say where it lies.
    refuse_network(&config.data_dir, &parts.reach)?;
    let (clock, random) = (parts.clock.clone(), parts.random.clone());
    let environment = Environment { now: Arc::new(move || clock.now()), random: Arc::new(move || random.number()) };
    Ok(Options {
        engine: config.engine,
        vfs: Arc::clone(&parts.disk),
        environment,
        accept_log_loss: config.accept_log_loss,
        budget: Some(budget),
        sizes: parts.sizes.clone().within(budget),
        consumed: search::position(&search_dir(config)),
        ..Options::new(config.data_dir.join("store"))
    })
}

/// The budget in bytes, on the disk as it is; the data directory is made if there is none.
fn budget_now(config: &Config, parts: &Parts) -> Result<u64> {
    make_data_dir(&config.data_dir)?;
    let total = parts.disk.total_space(&config.data_dir);
    let total = total.map_err(|error| Error::Storage(storage::Error::io("look at the size of the disk", error)))?;
    room::settle(config.budget, total)
}

/// Where the full-text index lies; it may be removed at any time.
pub(crate) fn search_dir(config: &Config) -> PathBuf {
    search::dir(&config.data_dir)
}

/// Makes the data directory; it holds keys and private statuses, so nobody else may look.
pub(crate) fn make_data_dir(dir: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|error| Error::invalid("data_dir", format!("cannot make {}: {error}", dir.display())))
}

/// Network file systems keep no promise about syncs and locks: refused, outside labs.
fn refuse_network(data_dir: &Path, reach: &Reach) -> Result<()> {
    match disk::refusal_in(data_dir, disk::under) {
        Some(why) if !reach.is_lab() => Err(Error::invalid("data_dir", why)),
        Some(why) => {
            tracing::warn!("{why}; going on, this is a lab");
            Ok(())
        }
        None => Ok(()),
    }
}

/// Holds this start against what the data directory already is (DESIGN §4, §11), and writes down what is new. What a
/// try-out wrote leads to the new name before that counts; a start that is killed between does the rest.
async fn settle_identity(server: &Server) -> Result<()> {
    let (origin, lab) = (server.origin().clone(), server.reach().is_lab());
    if let Some(former) = server.read(|view| Ok(instance::identity(view)?)).await?
        && settled(Some(&former), &origin, lab, server.now())?.origin != former.origin
    {
        let mut after = Some(StatusId(0));
        while let Some(behind) = after {
            let (was, is) = (former.origin.clone(), origin.clone());
            let look = move |view: &View<'_>| status::led_to(view, &was, behind);
            let (found, next) = server.read(look).await?;
            for id in found {
                let (was, is) = (former.origin.clone(), is.clone());
                server.write(move |tx| status::readdress(tx, id, &was, &is)).await?;
            }
            after = next;
        }
        let readdress = || {
            let (was, is) = (former.origin.clone(), origin.clone());
            server.write(move |tx| announcement::readdress_step(tx, &was, &is))
        };
        while readdress().await? {}
    }
    server
        .write(move |tx| {
            let known = instance::identity(tx)?;
            let identity = settled(known.as_ref(), &origin, lab, tx.now())?;
            if known.as_ref() != Some(&identity) {
                instance::put_identity(tx, &identity);
            }
            Ok(())
        })
        .await
}

/// Makes the instance actor's keys at the first start.
async fn settle_keys(server: &Server) -> Result<()> {
    if server.read(|view| Ok(instance::keys(view)?)).await?.is_some() {
        return Ok(());
    }
    let keys = server.make_keys().await?;
    server
        .write(move |tx| {
            instance::put_keys(tx, &keys);
            Ok(())
        })
        .await
}

/// The key by which push services know this server; made at the first start, and never again: programs remember it.
async fn settled_vapid(server: &Server) -> Result<Vapid> {
    let subject = server.origin().as_str().to_owned();
    let known = server.read(|view| Ok(push::vapid_key(view)?)).await?;
    if let Some(key) = known {
        return Vapid::new(&key, subject);
    }
    let made = generate()?;
    let key = made.clone();
    server
        .write(move |tx| {
            push::put_vapid_key(tx, &made);
            Ok(())
        })
        .await?;
    Vapid::new(&key, subject)
}

/// What addresses of remote pictures are signed with, made at the first start.
async fn settle_media_secret(server: &Server) -> Result<()> {
    if server.read(|view| Ok(media::secret(view)?)).await?.is_some() {
        return Ok(());
    }
    let secret = Octets(server.random_bytes::<32>().to_vec());
    server
        .write(move |tx| {
            media::put_secret(tx, &secret);
            Ok(())
        })
        .await
}

/// The code that makes the owner, if there is none yet; a new one at each start, unless one holds on.
async fn open_owner_link(server: &Server, held: Option<OwnerCode>) -> Result<Option<OwnerCode>> {
    if server.read(|view| Ok(user::has_owner(view)?)).await? {
        return Ok(None);
    }
    let fresh = || OwnerCode { code: server.secret(), until: server.now().plus_ms(limits::OWNER_LINK_MS) };
    let code = held.unwrap_or_else(fresh);
    server.owner_link().open(&code.code, code.until);
    Ok(Some(code))
}

fn settled(
    known: Option<&instance::Identity>,
    origin: &Origin,
    lab: bool,
    now: Timestamp,
) -> Result<instance::Identity> {
    let fresh = instance::Identity {
        origin: origin.as_str().to_owned(),
        handle_domain: origin.handle_domain().to_owned(),
        lab,
        federated: false,
        created_at: now,
    };
    let Some(known) = known else { return Ok(fresh) };
    if known.lab && !lab {
        let why = "this data directory was served in lab mode and may never be served outside it";
        return Err(Error::invalid("data_dir", why));
    }
    let same = known.origin == fresh.origin && known.handle_domain == fresh.handle_domain;
    // A try-out becomes a real domain as long as nobody elsewhere has seen it; everything else is fixed.
    let was_localhost = Origin::parse(&known.origin, None).is_ok_and(|origin| origin.is_localhost());
    if !same && (known.federated || !was_localhost) {
        let why = format!(
            "this data directory belongs to {} (handles @…@{}); it cannot become {}",
            known.origin, known.handle_domain, fresh.origin
        );
        return Err(Error::invalid("domain", why));
    }
    Ok(instance::Identity { lab: known.lab || lab, federated: known.federated, created_at: known.created_at, ..fresh })
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::Timestamp;

    fn origin(text: &str) -> Origin {
        Origin::parse(text, None).expect("valid")
    }

    #[test]
    fn a_try_out_becomes_a_domain_once_and_a_domain_never_changes() {
        let now = Timestamp(0);
        let try_out = settled(None, &origin("http://localhost:8080"), false, now).expect("fresh");
        let real = settled(Some(&try_out), &origin("https://a.example"), false, now).expect("not federated yet");
        assert!(settled(Some(&real), &origin("https://b.example"), false, now).is_err());
        let federated = instance::Identity { federated: true, ..try_out };
        assert!(settled(Some(&federated), &origin("https://a.example"), false, now).is_err());
        assert!(settled(Some(&federated), &origin("http://localhost:8080"), false, now).is_ok());
    }

    #[test]
    fn a_lab_directory_stays_in_the_lab() {
        let now = Timestamp(0);
        let lab = settled(None, &origin("https://a.test"), true, now).expect("fresh");
        assert!(lab.lab);
        assert!(settled(Some(&lab), &origin("https://a.test"), false, now).is_err());
        assert!(settled(Some(&lab), &origin("https://a.test"), true, now).is_ok());
    }
}

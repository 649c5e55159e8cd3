//! Who asks: bearer tokens (RFC 6750) and what they allow (client API, OAuth scopes). Cookies are never looked at here.

use crate::{
    error::{Error, Result},
    http::uses,
    limits,
    server::Server,
};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::{HeaderMap, Uri, header::AUTHORIZATION, request::Parts};
use percent_encoding::percent_decode_str;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use storage::{
    AccountId, ApplicationId, Read, SecretHash, Timestamp, TokenId, account, authorized_fetch, domain_allow, oauth,
    use_of_access::Access as Used, user,
};
use tokio::sync::watch;

/// Scopes of a token or an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

/// Narrow scopes that the old `follow` stands for (client API, OAuth scopes).
const FOLLOW: [&str; 6] = ["read:blocks", "read:follows", "read:mutes", "write:blocks", "write:follows", "write:mutes"];

impl Scopes {
    /// Scopes as stored.
    #[must_use]
    pub fn new(scopes: Vec<String>) -> Self {
        Scopes(scopes)
    }

    /// Scopes of a request, separated by blanks (or `+`, which some apps leave undecoded), without repetition.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut scopes: Vec<String> = Vec::new();
        for scope in text.split([' ', '+', '\n', '\t', ',']).filter(|scope| !scope.is_empty()) {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        Scopes(scopes)
    }

    /// Whether these scopes allow what `wanted` names: itself, its parent (`read` for `read:statuses`), or `follow`.
    #[must_use]
    pub fn allow(&self, wanted: &str) -> bool {
        self.0.iter().any(|held| {
            held == wanted
                || wanted.strip_prefix(held.as_str()).is_some_and(|rest| rest.starts_with(':'))
                || (held == "follow" && FOLLOW.contains(&wanted))
        })
    }

    /// Whether every scope of `asked` is allowed.
    #[must_use]
    pub fn cover(&self, asked: &Scopes) -> bool {
        asked.0.iter().all(|scope| self.allow(scope))
    }

    /// The single scopes.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// The scopes for a record.
    #[must_use]
    pub fn into_vec(self) -> Vec<String> {
        self.0
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// A valid token: perhaps a person's, perhaps an application's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The person; `None` for an application's own token.
    pub account: Option<AccountId>,
    /// The token's number.
    pub token: TokenId,
    /// The hash it is stored under.
    pub hash: SecretHash,
    /// The application it was given to.
    pub application: ApplicationId,
    /// What it allows.
    pub scopes: Scopes,
    /// Whether the person may use it: not disabled, address confirmed, let in.
    pub standing: Standing,
}

/// Whether a person may use their tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Good,
    /// The e-mail address is not confirmed yet.
    Unconfirmed,
    /// Nobody has let them in yet.
    Pending,
    /// Somebody who looks after the server disabled the user or suspended the account.
    Disabled,
}

impl Standing {
    /// Not let in yet: they see what strangers see.
    fn waits(self) -> bool {
        matches!(self, Standing::Unconfirmed | Standing::Pending)
    }
}

impl Access {
    /// Whether a person may use it now.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.standing == Standing::Good && self.account.is_some()
    }

    /// Refuses unless the token allows `scope`.
    ///
    /// # Errors
    /// `Forbidden` (403).
    pub fn require(&self, scope: &str) -> Result<()> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(Error::Forbidden(OUTSIDE)) }
    }
}

const OUTSIDE: &str = "This action is outside the authorized scopes";

/// A signed-in person calling through an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub account: AccountId,
    /// The token's number.
    pub token: TokenId,
    /// The application.
    pub application: ApplicationId,
    /// What it may do.
    pub scopes: Scopes,
}

impl Viewer {
    /// Refuses unless the token allows `scope`.
    ///
    /// # Errors
    /// `Forbidden` (403).
    pub fn require(&self, scope: &str) -> Result<()> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(Error::Forbidden(OUTSIDE)) }
    }

    fn of(access: Access) -> Result<Self> {
        match (access.standing, access.account) {
            (Standing::Unconfirmed, _) => Err(Error::Forbidden("Your login is missing a confirmed e-mail address")),
            (Standing::Pending, _) => Err(Error::Forbidden("Your login is currently pending approval")),
            (Standing::Disabled, _) => Err(Error::Forbidden("Your login is currently disabled")),
            (Standing::Good, None) => Err(Error::Forbidden("This method requires an authenticated user")),
            (Standing::Good, Some(account)) => {
                Ok(Viewer { account, token: access.token, application: access.application, scopes: access.scopes })
            }
        }
    }
}

/// The token of a request: `Authorization: Bearer`, in any case, else `?access_token=`.
#[must_use]
pub fn bearer(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let token = token.trim();
        return (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned());
    }
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, token) = pairs.into_iter().find(|(name, _)| matches!(*name, "access_token" | "bearer_token"))?;
    let token = percent_decode_str(token).decode_utf8().ok()?.into_owned();
    (!token.is_empty()).then_some(token)
}

/// The access behind a token.
///
/// # Errors
/// `Unauthorized` for an unknown token; storage errors.
pub async fn access(server: &Server, token: &str) -> Result<Access> {
    let hash = SecretHash::of(token);
    let cache = server.access_cache();
    let now = server.now();
    if let Some(access) = cache.find(hash, now) {
        uses::used(server, Used::Token(hash));
        return Ok(access);
    }
    let generation = cache.generation();
    let found = server.read(move |view| look_up(view, hash));
    let access = found.await?.ok_or(Error::Unauthorized)?;
    cache.keep(generation, access.clone(), now);
    uses::used(server, Used::Token(hash));
    Ok(access)
}

/// The access behind a token with this hash, as it is stored now; `None` if there is no such token or nobody behind it.
///
/// # Errors
/// Storage errors.
pub fn look_up(read: &dyn Read, hash: SecretHash) -> Result<Option<Access>> {
    let Some(token) = oauth::TOKENS.get(read, &hash)? else { return Ok(None) };
    let standing = match token.account {
        None => Standing::Good,
        Some(account) => match user::find(read, account)? {
            None => return Ok(None),
            Some(user) if user.disabled || is_suspended(read, account)? => Standing::Disabled,
            Some(user) if user.confirmed_at.is_none() => Standing::Unconfirmed,
            Some(user) if !user.approved => Standing::Pending,
            Some(_) => Standing::Good,
        },
    };
    Ok(Some(Access {
        account: token.account,
        token: token.id,
        hash,
        application: token.application,
        scopes: Scopes::new(token.scopes),
        standing,
    }))
}

/// Whether the account of a user was suspended.
///
/// # Errors
/// Storage errors.
pub fn is_suspended(read: &dyn Read, account: AccountId) -> Result<bool> {
    Ok(account::find(read, account)?.is_none_or(|account| account.suspended_at.is_some()))
}

/// The person behind a token that came another way than in a header or the query.
///
/// # Errors
/// As extracting a `Viewer`.
pub async fn viewer(server: &Server, token: &str) -> Result<Viewer> {
    Viewer::of(access(server, token).await?)
}

/// To whom this server shows what everybody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// To everybody.
    Everybody,
    /// Pages to everybody, documents to servers that sign for them (authorized fetch).
    Signed,
    /// To people here and servers that are let in (limited federation).
    Limited,
}

/// To whom this server shows what everybody may see.
///
/// # Errors
/// Storage errors.
pub async fn openness(server: &Server) -> Result<Openness> {
    let cache = server.access_cache();
    if let Some(known) = cache.openness() {
        return Ok(known);
    }
    let generation = cache.generation();
    let look = |view: &storage::View<'_>| {
        Ok(match (domain_allow::limited_since(view)?, authorized_fetch::since(view)?) {
            (Some(_), _) => Openness::Limited,
            (None, Some(_)) => Openness::Signed,
            (None, None) => Openness::Everybody,
        })
    };
    let found = server.read(look).await?;
    cache.keep_openness(generation, found);
    Ok(found)
}

/// Whether federation is limited, so that only people here and servers that are let in see anything.
///
/// # Errors
/// Storage errors.
pub async fn is_limited(server: &Server) -> Result<bool> {
    Ok(openness(server).await? == Openness::Limited)
}

impl FromRequestParts<Server> for Access {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        let token = bearer(&parts.headers, &parts.uri).ok_or(Error::Unauthorized)?;
        access(server, &token).await
    }
}

impl OptionalFromRequestParts<Server> for Access {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Option<Self>> {
        match bearer(&parts.headers, &parts.uri) {
            Some(token) => access(server, &token).await.map(Some),
            None => Ok(None),
        }
    }
}

impl FromRequestParts<Server> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        Viewer::of(<Access as FromRequestParts<Server>>::from_request_parts(parts, server).await?)
    }
}

impl OptionalFromRequestParts<Server> for Viewer {
    type Rejection = Error;

    /// No token, an application's own and that of somebody not let in yet see what strangers see; a bad token is refused.
    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Option<Self>> {
        match <Access as OptionalFromRequestParts<Server>>::from_request_parts(parts, server).await? {
            Some(access) if access.account.is_some() && !access.standing.waits() => Viewer::of(access).map(Some),
            // While federation is limited strangers see nothing of what people write.
            _ if is_limited(server).await? => Err(Error::Unauthorized),
            _ => Ok(None),
        }
    }
}

/// Accesses of the last minute, so that most requests ask the store only for what they came for.
///
/// Whoever revokes a token or changes what a user may do calls [`AccessCache::clear`] once that is durable.
#[derive(Default)]
pub struct AccessCache {
    cached: Mutex<Cached>,
    cleared: watch::Sender<()>,
}

#[derive(Default)]
struct Cached {
    generation: u64,
    rows: HashMap<SecretHash, (Timestamp, Arc<Access>)>,
    /// To whom this server shows what it has, once that was read.
    openness: Option<Openness>,
}

impl AccessCache {
    /// Forgets everything; also what is being read at this moment will not be kept.
    pub fn clear(&self) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.generation += 1;
        cached.rows.clear();
        cached.openness = None;
        drop(cached);
        self.cleared.send_replace(());
    }

    /// Changes with every `clear`, for whoever holds on to an access for longer than a request.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    fn generation(&self) -> u64 {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner).generation
    }

    fn openness(&self) -> Option<Openness> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner).openness
    }

    fn keep_openness(&self, generation: u64, openness: Openness) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.generation == generation {
            cached.openness = Some(openness);
        }
    }

    fn find(&self, hash: SecretHash, now: Timestamp) -> Option<Access> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, access) = cached.rows.get(&hash)?;
        (now.ms_since(*since) < limits::ACCESS_CACHED_MS).then(|| Access::clone(access))
    }

    fn keep(&self, generation: u64, access: Access, now: Timestamp) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.generation != generation {
            return;
        }
        if cached.rows.len() >= limits::ACCESS_CACHED {
            cached.rows.clear();
        }
        cached.rows.insert(access.hash, (now, Arc::new(access)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_hierarchical() {
        let scopes = Scopes::parse("read write:statuses+follow read");
        assert_eq!(scopes.to_string(), "read write:statuses follow");
        for allowed in ["read", "read:accounts", "write:statuses", "write:mutes", "read:blocks"] {
            assert!(scopes.allow(allowed), "{allowed}");
        }
        for refused in ["write", "write:media", "readx", "admin:read", "push", "write:status", "profile"] {
            assert!(!scopes.allow(refused), "{refused}");
        }
        assert!(scopes.cover(&Scopes::parse("read:lists write:statuses")));
        assert!(!scopes.cover(&Scopes::parse("read write")));
    }

    #[test]
    fn token_is_found_in_header_or_query() {
        let headers = |value: &str| HeaderMap::from_iter([(AUTHORIZATION, value.parse().expect("a header"))]);
        let uri: Uri = "/x?a=b&access_token=q%2Dr".parse().expect("a target");
        assert_eq!(bearer(&headers("bEaReR  abc "), &uri).as_deref(), Some("abc"));
        assert_eq!(bearer(&headers("Basic abc"), &uri), None);
        assert_eq!(bearer(&HeaderMap::new(), &uri).as_deref(), Some("q-r"));
        assert_eq!(bearer(&HeaderMap::new(), &"/x?access_token=".parse().expect("a target")), None);
    }
}

//! What a person pastes or types, made into a row: a handle, an address of a profile or of a status.

use super::{Budget, actor, document, finger, status};
use crate::{
    account,
    error::{Error, Result},
    federation::{
        address::{Authority, Handle},
        object,
    },
    limits,
    server::Server,
    status::accept::Reason,
};
use std::time::Duration;
use storage::{AccountId, StatusId, account as rows, status as statuses};

/// What an address turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// An account.
    Account(AccountId),
    /// A status.
    Status(StatusId),
}

/// The account `username@domain`, asked for at its server if it is unknown.
///
/// # Errors
/// `NotFound` if nobody is called so; `Remote` if its server does not say so.
pub async fn resolve_handle(server: &Server, username: &str, domain: &str) -> Result<AccountId> {
    let (name, own) = (username.to_owned(), server.origin().is_own_domain(domain));
    let authority = Authority::parse(domain).ok_or(Error::NotFound)?;
    let at = (!own).then(|| authority.as_str().to_owned());
    let known = server.read(move |view| Ok(rows::find_by_name(view, &name, at.as_deref())?)).await?;
    match known {
        Some(account) => return Ok(account.id),
        None if own => return Err(Error::NotFound),
        None => {}
    }
    let handle = Handle::parse(&format!("{username}@{}", authority.as_str())).ok_or(Error::NotFound)?;
    let budget = Budget::of_one_cause();
    let found = finger::find(server, &handle, &budget).await?;
    actor::account(server, found.actor.as_str(), &budget).await
}

/// Looks up people named in a text whom nobody here knows, at their servers, for a short time. Whoever is not found then
/// stays unknown.
///
/// # Errors
/// Storage errors; a server that does not answer is none.
pub async fn resolve_named(server: &Server, text: &str) -> Result<()> {
    if !text.contains('@') {
        return Ok(());
    }
    let (origin, typed) = (server.origin().clone(), text.to_owned());
    let handles = server.read(move |view| crate::status::handles(view, &origin, &typed)).await?;
    if handles.is_empty() {
        return Ok(());
    }
    let all = async {
        for (username, domain) in handles {
            if let Err(error) = resolve_handle(server, &username, &domain).await {
                tracing::debug!(%domain, %error, "a mentioned handle stays plain text");
            }
        }
    };
    if tokio::time::timeout(Duration::from_millis(limits::HANDLES_RESOLVED_MS), all).await.is_err() {
        tracing::debug!("mentioned handles took too long and stay plain text");
    }
    Ok(())
}

/// The account with a handle as somebody here typed it: `name`, or `name@domain`, which is read anew whether it is known
/// or not, because a rule is about to rely on what it says.
///
/// # Errors
/// `Invalid` for what is no handle; as [`resolve_handle`].
pub async fn handle_anew(server: &Server, text: &str) -> Result<AccountId> {
    let origin = server.origin();
    let handle = account::Handle::parse(text, |domain| origin.is_own_domain(domain));
    let Some(handle) = handle else {
        return Err(Error::invalid("handle", format!("{:?} is no handle", account::excerpt(text))));
    };
    let looked = handle.clone();
    let known = server.read(move |view| account::lookup(view, &looked)).await?;
    match (known, handle.domain) {
        (Some(known), None) => Ok(known.id),
        (Some(known), Some(_)) => actor::refresh(server, &known.uri, &Budget::of_one_cause()).await,
        (None, Some(domain)) => resolve_handle(server, &handle.username, &domain).await,
        (None, None) => Err(Error::NotFound),
    }
}

/// The account or status at an address: an ActivityPub id, or a page that leads to one.
///
/// # Errors
/// As `document`.
pub async fn resolve_uri(server: &Server, uri: &str) -> Result<Resolved> {
    if let Some(known) = stored(server, uri).await? {
        return Ok(known);
    }
    if server.origin().is_own(uri) {
        return Err(Error::NotFound);
    }
    let budget = Budget::of_one_cause();
    let (id, found) = document(server, uri, &budget).await?;
    if let Some(known) = stored(server, id.as_str()).await? {
        return Ok(known);
    }
    match object::kind(&found) {
        object::Kind::Actor => actor::take(server, &id, &found, &budget).await.map(Resolved::Account),
        object::Kind::Note => status::take(server, &id, &found, &budget, Reason::Requested).await.map(Resolved::Status),
        _ => Err(Error::NotFound),
    }
}

/// What is stored under an id or, for our own, behind a page's address.
///
/// # Errors
/// Storage errors.
pub async fn stored(server: &Server, uri: &str) -> Result<Option<Resolved>> {
    let (uri, path) = (uri.to_owned(), server.origin().path_of(uri).map(str::to_owned));
    server
        .read(move |view| {
            if let Some(path) = path {
                return own(view, &path);
            }
            if let Some(status) = statuses::find_by_uri(view, &uri)? {
                return Ok(Some(Resolved::Status(status.id)));
            }
            Ok(rows::find_by_uri(view, &uri)?.map(|account| Resolved::Account(account.id)))
        })
        .await
}

/// `/users/NAME`, `/@NAME`, and the same with a status behind.
fn own(read: &dyn storage::Read, path: &str) -> Result<Option<Resolved>> {
    let bare = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let Some(rest) = bare.strip_prefix("/users/").or_else(|| bare.strip_prefix("/@")) else { return Ok(None) };
    let mut parts = rest.split('/').filter(|part| *part != "statuses");
    let Some(account) = rows::find_by_name(read, parts.next().unwrap_or_default(), None)? else { return Ok(None) };
    let Some(id) = parts.next() else { return Ok(Some(Resolved::Account(account.id))) };
    let Some(status) = id.parse().ok().map(|id| statuses::find(read, id)).transpose()?.flatten() else {
        return Ok(None);
    };
    Ok((status.account == account.id).then_some(Resolved::Status(status.id)))
}

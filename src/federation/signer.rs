//! Who signed a request: with a key that is known, that was changed since, or that must be asked for (FEDERATION §4).

use super::{
    address::RemoteUri,
    fetch::{
        self,
        keys::{self, NoKey},
    },
    signature::{self, Refusal, RequestParts, Verified},
};
use crate::{
    error::{Error, Result},
    http::{
        exchange::Client,
        rate::{Bucket, Who},
    },
    limits,
    registrable::registrable,
    server::Server,
};
use http::{HeaderMap, Method, Uri, uri::PathAndQuery};
use storage::{
    AccountId,
    account::{self, ActorKey},
    moderation, peer,
};

/// Why a request counts as unsigned.
pub(super) enum Unproved {
    /// The signature does not hold.
    Refused(Refusal),
    /// The key is not known, or was changed, and cannot be had.
    Key(NoKey),
}

/// Verifies with a key that is known; if it does not fit and is not fresh, once more with the key read anew, which is told
/// then. That is asked for because of whoever sent the request `from` there, within what one address may cause.
pub(super) async fn verify_known(
    server: &Server,
    request: &RequestParts<'_>,
    key: &ActorKey,
    from: Option<Client>,
) -> Result<(Verified, Option<ActorKey>), Unproved> {
    let refusal = match verify(server, request, key) {
        Ok(verified) => return Ok((verified, None)),
        Err(refusal) => refusal,
    };
    let may_be_changed = matches!(refusal, Refusal::BadSignature | Refusal::BadKey(_) | Refusal::UnsupportedAlgorithm);
    let old = server.now().ms_since(key.fetched_at) > limits::KEY_FRESH_MS;
    if !may_be_changed || !old {
        return Err(Unproved::Refused(refusal));
    }
    // Rate limited: a stranger's bad signature must not make us ask again and again, nor those in the name of many.
    let (rates, of_key) = (server.rates(), Who::named(&key.key_id));
    if rates.refuse_beyond(Bucket::KeyRefresh, of_key, server.now()).is_err() {
        return Err(Unproved::Refused(refusal));
    }
    if by_address(server, from).is_err() {
        return Err(Unproved::Key(NoKey::Pending));
    }
    if rates.take(Bucket::KeyRefresh, of_key, server.now()).is_err() {
        return Err(Unproved::Refused(refusal));
    }
    let anew = match keys::key_anew(server, &key.key_id).await {
        Ok(anew) => anew,
        Err(NoKey::Refused) => return Err(Unproved::Refused(refusal)),
        Err(gone_or_passing) => return Err(Unproved::Key(gone_or_passing)),
    };
    let verified = verify(server, request, &anew).map_err(Unproved::Refused)?;
    Ok((verified, Some(anew)))
}

/// Checks the signature of a request with one key.
pub(super) fn verify(server: &Server, request: &RequestParts<'_>, key: &ActorKey) -> Result<Verified, Refusal> {
    let key = server.outside().read_keys().read(&key.material)?;
    signature::verify(request, &key, server.now(), server.origin().as_url())
}

/// Lets a key that is not known be asked of `host`, because a request of `from` names it: within what one address may
/// cause, what one server and all below its registered domain are asked for, and how many servers nobody here has heard of
/// may turn up. A wildcard in the DNS makes any number of servers; it shall not make allowances (SECURITY B5).
///
/// # Errors
/// `TooMany`; storage errors.
pub(super) async fn may_ask(server: &Server, host: &str, from: Option<Client>) -> Result<()> {
    let (rates, now, site) = (server.rates(), server.now(), registrable(host));
    by_address(server, from)?;
    if rates.are_on() {
        let name = host.to_owned();
        let known = server.read(move |view| Ok(peer::find(view, &name)?.is_some())).await?;
        if !known {
            server.outside().newcomers().admit(site, host, now)?;
        }
    }
    rates.take(Bucket::KeyFetch, Who::named(host), now)?;
    rates.take(Bucket::KeyFetchBySite, Who::named(site), now)?;
    Ok(())
}

/// Counts a key that is asked for by where the request comes from that names it.
///
/// # Errors
/// `TooMany`.
fn by_address(server: &Server, from: Option<Client>) -> Result<()> {
    let Some(from) = from else { return Ok(()) };
    server.rates().take(Bucket::KeyFetchByAddress, Who::address(from.0), server.now()).map(drop)
}

/// Whether `host` is how everybody spells the server of this id: one server under several spellings of its name would
/// have the rates of several (SECURITY A11).
pub(super) fn names_plainly(server: &Server, id: &str, host: &str) -> bool {
    RemoteUri::parse(id, fetch::schemes(server)).is_ok_and(|id| id.authority().as_str() == host)
}

/// The account that signed a GET with a key known here; nobody if the signature does not hold, or they are suspended.
///
/// A key that is not known is not fetched for it: whoever may see more than everybody is known here.
///
/// # Errors
/// `Forbidden` if it comes from a suspended domain, whether the signature holds or not; storage errors.
pub(super) async fn of_get(server: &Server, headers: &HeaderMap, uri: &Uri) -> Result<Option<AccountId>> {
    let Ok(key_id) = signature::key_id(headers) else { return Ok(None) };
    let Some(known) = known(server, &key_id.0).await? else { return Ok(None) };
    let signed = !known.suspended && verify(server, &get(headers, uri), &known.key).is_ok();
    Ok(signed.then_some(known.key.account))
}

/// A key that is known here.
struct Known {
    key: ActorKey,
    /// Whose key it is may have nothing to do with us.
    suspended: bool,
}

/// What the store says of a key, in one look.
///
/// # Errors
/// `Forbidden` if it lies on a suspended domain; storage errors.
async fn known(server: &Server, key_id: &str) -> Result<Option<Known>> {
    let key_id = key_id.to_owned();
    server
        .read(move |view| {
            if let Some(host) = peer::authority_of(&key_id)
                && moderation::is_suspended(view, &host)?
            {
                return Err(Error::Forbidden(fetch::SUSPENDED));
            }
            let Some(key) = account::find_key(view, &key_id)? else { return Ok(None) };
            let owner = account::find(view, key.account)?;
            Ok(owner.map(|owner| Known { key, suspended: owner.suspended_at.is_some() }))
        })
        .await
}

/// The account that signed a GET, where only those who sign are answered: keys that are not known or were changed are
/// asked for, within the rates of the inbox.
///
/// # Errors
/// `Unauthorized` if nobody did; `Forbidden` if they or their domain are suspended; `Remote` if their key cannot be had
/// now; `TooMany`; storage errors.
pub(super) async fn require_of_get(
    server: &Server,
    headers: &HeaderMap,
    uri: &Uri,
    from: Option<Client>,
) -> Result<AccountId> {
    let key_id = signature::key_id(headers).map_err(|_| Error::Unauthorized)?.0;
    let host = peer::authority_of(&key_id).ok_or(Error::Unauthorized)?;
    if !names_plainly(server, &key_id, &host) || server.origin().is_own_domain(&host) {
        return Err(Error::Unauthorized);
    }
    let request = get(headers, uri);
    let proved = match known(server, &key_id).await? {
        Some(Known { key, suspended }) => match verify_known(server, &request, &key, from).await {
            Ok((_, None)) if suspended => return Err(Error::Forbidden(fetch::SUSPENDED)),
            Ok((_, None)) => return Ok(key.account),
            Ok((_, Some(anew))) => Ok(anew),
            Err(why) => Err(why),
        },
        None => {
            may_ask(server, &host, from).await?;
            match keys::key(server, &key_id).await {
                Ok(key) => verify(server, &request, &key).map(|_| key).map_err(Unproved::Refused),
                Err(none) => Err(Unproved::Key(none)),
            }
        }
    };
    match proved {
        Ok(key) => refuse_suspended(server, key.account).await.map(|()| key.account),
        Err(Unproved::Key(NoKey::Pending | NoKey::Failed)) => Err(Error::remote(host, "its key cannot be had now")),
        Err(_) => Err(Error::Unauthorized),
    }
}

async fn refuse_suspended(server: &Server, id: AccountId) -> Result<()> {
    let owner = server.read(move |view| Ok(account::find(view, id)?)).await?.ok_or(Error::Unauthorized)?;
    if owner.suspended_at.is_some() { Err(Error::Forbidden(fetch::SUSPENDED)) } else { Ok(()) }
}

fn get<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> RequestParts<'a> {
    RequestParts { method: &Method::GET, path_and_query: target_of(uri), headers, body: &[] }
}

/// Path and query of a request as they were signed.
pub(super) fn target_of(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", PathAndQuery::as_str)
}

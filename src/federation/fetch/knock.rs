//! One GET in the name of this server or of somebody here, signed in the way that the other one takes (FEDERATION §4).

use crate::{
    error::{Error, Result},
    federation::{
        address::{Authority, RemoteUri},
        client::{Admission, Answer, AnswerLimits, Doorkeeper, Signer, Signing},
        object, scheme,
        signature::{MAIN_KEY, PrivateKey},
    },
    server::Server,
};
use http::StatusCode;
use std::sync::Arc;
use storage::{
    AccountId,
    account::{self, SIGNING_KEYS},
    manner::{self, Form},
};

/// In whose name something is asked for.
struct Caller<'a> {
    key_id: String,
    key: Arc<PrivateKey>,
    /// Decides where redirects are followed.
    keeper: &'a dyn Doorkeeper,
}

/// Lets nobody go on to another server: what somebody here asks of one is nothing that it may have them ask of others.
struct Homebound;

impl Doorkeeper for Homebound {
    fn admit<'a>(&'a self, _: &'a Authority) -> Admission<'a> {
        Box::pin(std::future::ready(Err(Error::Forbidden("This leads to another server"))))
    }
}

/// What `uri` answers, signed in the way that its host has shown to take; if that is refused (401), once more in the other
/// one. Which one it took after refusing the other is written down, for deliveries too. If that is refused as well, a query
/// may be what they differ over: once more with the path signed alone, which is not written down, since it is nothing that
/// deliveries could use. The last answer counts that refuses no signature: that something is gone, or that the host is busy,
/// is said to whoever signs as it likes.
///
/// # Errors
/// `Remote` if there is no answer; storage errors.
pub(super) async fn knock(server: &Server, uri: &RemoteUri) -> Result<Answer> {
    let outside = server.outside();
    let caller = Caller { key_id: outside.key_id.clone(), key: outside.key(), keeper: server };
    knock_as(server, uri, &caller).await
}

/// The same in the name of `reader`, who lives here; none if they have no key any more, or are led to another server.
///
/// # Errors
/// As `knock`.
pub(super) async fn knock_for(server: &Server, uri: &RemoteUri, reader: AccountId) -> Result<Option<Answer>> {
    let look = move |view: &storage::View<'_>| {
        let keys = SIGNING_KEYS.get(view, &reader)?;
        Ok(account::find(view, reader)?.zip(keys))
    };
    let Some((owner, keys)) = server.read(look).await? else { return Ok(None) };
    let key = server.compute(move || PrivateKey::from_pkcs8(&keys.rsa_private)).await?;
    let key_id = format!("{}{MAIN_KEY}", server.origin().url(&owner.uri));
    let caller = Caller { key_id, key: Arc::new(key), keeper: &Homebound };
    match knock_as(server, uri, &caller).await {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn knock_as(server: &Server, uri: &RemoteUri, caller: &Caller<'_>) -> Result<Answer> {
    let of = uri.authority().as_str().to_owned();
    let manner = server.read(move |view| Ok(manner::find(view, &of)?)).await?;
    let first = scheme::first(&manner, server.now());
    let answer = ask(server, uri, caller, Signing::By(first)).await?;
    if answer.status != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let other = scheme::other(first);
    match ask(server, uri, caller, Signing::By(other)).await {
        Ok(second) if second.status.is_success() => {
            // A redirect may have led to another, whose manner this is.
            if Authority::of(&second.final_url).as_ref() == Some(uri.authority()) {
                note(server, uri, scheme::form(other)).await;
            }
            Ok(second)
        }
        Ok(second) if scheme::is_refused(second.status) && uri.to_url().query().is_some() => {
            match ask(server, uri, caller, Signing::ByPath).await {
                Ok(third) if !scheme::is_refused_too(third.status) => Ok(third),
                Ok(_) | Err(_) => Ok(answer),
            }
        }
        Ok(second) if scheme::is_refused_too(second.status) => Ok(answer),
        outcome => outcome,
    }
}

async fn ask(server: &Server, uri: &RemoteUri, caller: &Caller<'_>, signing: Signing) -> Result<Answer> {
    let signer = Signer { key_id: &caller.key_id, key: &caller.key, signing, now: server.now() };
    let bounds = AnswerLimits::DOCUMENT;
    Ok(server.client().get_signed(&uri.to_url(), object::ACCEPT, &signer, bounds, caller.keeper).await?)
}

/// Writes down which form a host takes; it shows it again if that fails.
async fn note(server: &Server, uri: &RemoteUri, form: Form) {
    let of = uri.authority().as_str().to_owned();
    if let Err(error) = server.write(move |tx| Ok(manner::takes(tx, &of, form)?)).await {
        tracing::warn!(host = uri.authority().as_str(), %error, "what a peer takes could not be written down");
    }
}

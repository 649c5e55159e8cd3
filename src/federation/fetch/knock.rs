//! One GET in the name of this server, signed in the way that the other one takes (FEDERATION §4).

use crate::{
    error::Result,
    federation::{
        address::{Authority, RemoteUri},
        client::{Answer, AnswerLimits, Signer, Signing},
        object, scheme,
    },
    server::Server,
};
use http::StatusCode;
use storage::manner::{self, Form};

/// What `uri` answers, signed in the way that its host has shown to take; if that is refused (401), once more in the other
/// one. Which one it took after refusing the other is written down, for deliveries too. If that is refused as well, a query
/// may be what they differ over: once more with the path signed alone, which is not written down, since it is nothing that
/// deliveries could use. The last answer counts that refuses no signature: that something is gone, or that the host is busy,
/// is said to whoever signs as it likes.
///
/// # Errors
/// `Remote` if there is no answer; storage errors.
pub(super) async fn knock(server: &Server, uri: &RemoteUri) -> Result<Answer> {
    let of = uri.authority().as_str().to_owned();
    let manner = server.read(move |view| Ok(manner::find(view, &of)?)).await?;
    let first = scheme::first(&manner, server.now());
    let answer = ask(server, uri, Signing::By(first)).await?;
    if answer.status != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let other = scheme::other(first);
    match ask(server, uri, Signing::By(other)).await {
        Ok(second) if second.status.is_success() => {
            // A redirect may have led to another, whose manner this is.
            if Authority::of(&second.final_url).as_ref() == Some(uri.authority()) {
                note(server, uri, scheme::form(other)).await;
            }
            Ok(second)
        }
        Ok(second) if scheme::is_refused(second.status) && uri.to_url().query().is_some() => {
            match ask(server, uri, Signing::ByPath).await {
                Ok(third) if !scheme::is_refused_too(third.status) => Ok(third),
                Ok(_) | Err(_) => Ok(answer),
            }
        }
        Ok(second) if scheme::is_refused_too(second.status) => Ok(answer),
        outcome => outcome,
    }
}

async fn ask(server: &Server, uri: &RemoteUri, signing: Signing) -> Result<Answer> {
    let outside = server.outside();
    let key = outside.key();
    let signer = Signer { key_id: &outside.key_id, key: &key, signing, now: server.now() };
    let bounds = AnswerLimits::DOCUMENT;
    Ok(server.client().get_signed(&uri.to_url(), object::ACCEPT, &signer, bounds, server).await?)
}

/// Writes down which form a host takes; it shows it again if that fails.
async fn note(server: &Server, uri: &RemoteUri, form: Form) {
    let of = uri.authority().as_str().to_owned();
    if let Err(error) = server.write(move |tx| Ok(manner::takes(tx, &of, form)?)).await {
        tracing::warn!(host = uri.authority().as_str(), %error, "what a peer takes could not be written down");
    }
}

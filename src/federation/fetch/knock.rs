//! One GET in the name of this server, signed in the way that the other one takes (FEDERATION §4).

use crate::{
    error::Result,
    federation::{
        address::{Authority, RemoteUri},
        client::{Answer, AnswerLimits, Signer},
        object,
        signature::Scheme,
    },
    limits,
    server::Server,
};
use http::StatusCode;
use storage::{
    Timestamp,
    manner::{self, Form, Manner},
};

/// What `uri` answers, signed in the way that its host has shown to take; if that is refused (401), once more in the other
/// one. Which one it took after refusing the other is written down, for deliveries too.
///
/// # Errors
/// `Remote` if there is no answer; storage errors.
pub(super) async fn knock(server: &Server, uri: &RemoteUri) -> Result<Answer> {
    let of = uri.authority().as_str().to_owned();
    let manner = server.read(move |view| Ok(manner::find(view, &of)?)).await?;
    let first = scheme(&manner, server.now());
    let answer = ask(server, uri, first).await?;
    if answer.status != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let (other, form) = match first {
        Scheme::Cavage => (Scheme::Rfc9421, Form::Rfc9421),
        Scheme::Rfc9421 => (Scheme::Cavage, Form::Cavage),
    };
    match ask(server, uri, other).await {
        Ok(second) if second.status.is_success() => {
            // A redirect may have led to another, whose manner this is.
            if Authority::of(&second.final_url).as_ref() == Some(uri.authority()) {
                note(server, uri, form).await;
            }
            Ok(second)
        }
        // The first answer is the one to be judged.
        Ok(_) | Err(_) => Ok(answer),
    }
}

async fn ask(server: &Server, uri: &RemoteUri, scheme: Scheme) -> Result<Answer> {
    let outside = server.outside();
    let key = outside.key();
    let signer = Signer { key_id: &outside.key_id, key: &key, scheme, now: server.now() };
    Ok(server.client().get_signed(&uri.to_url(), object::ACCEPT, &signer, AnswerLimits::DOCUMENT).await?)
}

/// How a host is signed for first: as all are, unless it has shown lately that it takes RFC 9421 only.
fn scheme(manner: &Manner, now: Timestamp) -> Scheme {
    match manner.takes {
        Some((Form::Rfc9421, at)) if now.ms_since(at) < limits::SCHEME_REMEMBERED_MS => Scheme::Rfc9421,
        Some((Form::Rfc9421 | Form::Cavage, _)) | None => Scheme::Cavage,
    }
}

/// Writes down which form a host takes; it shows it again if that fails.
async fn note(server: &Server, uri: &RemoteUri, form: Form) {
    let of = uri.authority().as_str().to_owned();
    if let Err(error) = server.write(move |tx| Ok(manner::takes(tx, &of, form)?)).await {
        tracing::warn!(host = uri.authority().as_str(), %error, "what a peer takes could not be written down");
    }
}

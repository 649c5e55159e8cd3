//! What a browser is told to have a passkey made, and what it sends back (WebAuthn §5.4): for settings and for the first
//! run, whose owner has no password then.

use crate::{
    error::{Error, Result},
    http::{
        Params,
        challenges::{Challenge, Purpose},
        json,
    },
    server::Server,
    user::webauthn::{self, Party},
};
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use storage::AccountId;

/// What an authenticator has to know to make a key of `account`, called `name`; `known` are those it need not make again.
pub(super) fn ask(server: &Server, purpose: Purpose, account: AccountId, name: &str, known: &[String]) -> Response {
    let challenge: Challenge = server.random_bytes();
    server.challenges().give(challenge, purpose, server.now());
    json(&serde_json::json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "party": server.origin().host(),
        "server": server.origin().handle_domain(),
        // The authenticator gives it back with each signature; it says nothing that is not public.
        "user": URL_SAFE_NO_PAD.encode(account.0.to_be_bytes()),
        "name": name,
        "algorithms": webauthn::ALGORITHMS,
        "known": known,
    }))
}

/// The key that a browser sent, after looking whether it was asked for.
///
/// # Errors
/// `Invalid` for what is no answer to a challenge that holds.
pub(super) fn made(server: &Server, purpose: Purpose, params: &Params) -> Result<webauthn::Made> {
    let (client_data, attestation) = (bytes(params, "client_data")?, bytes(params, "attestation")?);
    let challenge = webauthn::challenge(&client_data)?;
    if !server.challenges().take(&challenge, purpose, server.now()) {
        return Err(Error::invalid("passkey", "passkey: it took too long, please try again"));
    }
    let party = Party { id: server.origin().host(), origin: server.origin().as_str() };
    webauthn::made(party, &client_data, &attestation)
}

/// Whose key it is to be, as the form carries it back.
///
/// # Errors
/// `Invalid` for what is no number of an account.
pub(super) fn holder(params: &Params) -> Result<AccountId> {
    let number: [u8; 8] =
        bytes(params, "user")?.try_into().map_err(|_| Error::invalid("passkey", "user is none of ours"))?;
    Ok(AccountId(u64::from_be_bytes(number)))
}

fn bytes(params: &Params, name: &'static str) -> Result<Vec<u8>> {
    let decoded = URL_SAFE_NO_PAD.decode(params.str(name).unwrap_or_default().trim());
    decoded.map_err(|_| Error::invalid("passkey", format!("{name} is no base64")))
}

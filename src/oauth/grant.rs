//! The rule that turns a code into a token: once, within ten minutes, for the same application, redirect uri and secret
//! (RFC 6749 §4.1.3, RFC 7636 §4.6).

use crate::{error::Result, limits};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use storage::{
    ApplicationId, SecretHash, Tx, activity,
    oauth::{self, AUTHORIZATION_CODES, Token},
};

/// How an exchange ends; all of them commit what they changed.
pub(super) enum Exchange {
    /// Access is given.
    Token(Token),
    /// The code does not hold for this.
    Refused(&'static str),
    /// The code was stolen or sent twice: what it gave is revoked (RFC 6749 §4.1.2).
    Reused,
}

const INVALID: &str = "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI \
                       used in the authorization request, or was issued to another client.";

/// Exchanges the code for a token stored under `hash`.
pub(super) fn exchange(
    tx: &mut Tx<'_>,
    code: SecretHash,
    application: ApplicationId,
    redirect_uri: &str,
    verifier: Option<&str>,
    hash: SecretHash,
) -> Result<Exchange> {
    let Some(mut grant) = AUTHORIZATION_CODES.get(tx, &code)? else { return Ok(Exchange::Refused(INVALID)) };
    if grant.application != application {
        return Ok(Exchange::Refused(INVALID));
    }
    if let Some(given) = grant.used_for {
        oauth::delete_token(tx, SecretHash(given))?;
        return Ok(Exchange::Reused);
    }
    let now = tx.now();
    if grant.redirect_uri != redirect_uri || now.ms_since(grant.created_at) > limits::CODE_MS {
        return Ok(Exchange::Refused(INVALID));
    }
    if !proves(grant.challenge.as_deref(), verifier) {
        return Ok(Exchange::Refused(INVALID));
    }
    let ended = storage::user::find(tx, grant.account)?.map(|user| user.access_ended_at);
    if ended.is_none_or(|at| at.is_some_and(|at| grant.created_at <= at)) {
        return Ok(Exchange::Refused(INVALID));
    }
    let token = Token {
        id: tx.next_id(),
        application,
        account: Some(grant.account),
        scopes: grant.scopes.clone(),
        created_at: now,
    };
    tx.accept_when_full();
    activity::count(tx, grant.account, activity::Deed::Came)?;
    oauth::put_token(tx, hash, &token);
    grant.used_for = Some(hash.0);
    AUTHORIZATION_CODES.put(tx, &code, &grant);
    Ok(Exchange::Token(token))
}

/// Whether the verifier is the challenge's; without a challenge none is needed.
fn proves(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let Some(challenge) = challenge else { return true };
    let Some(verifier) = verifier.filter(|verifier| (43..=128).contains(&verifier.len())) else { return false };
    let computed = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    aws_lc_rs::constant_time::verify_slices_are_equal(computed.as_bytes(), challenge.as_bytes()).is_ok()
}

/// Whether a text can be an S256 challenge: 32 bytes in URL-safe base64 without padding (RFC 7636 §4.2).
pub(super) fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_proves_itself() {
        // RFC 7636 appendix B.
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(is_challenge(challenge));
        assert!(proves(Some(challenge), Some(verifier)));
        assert!(!proves(Some(challenge), None), "a verifier is mandatory once challenged");
        assert!(!proves(Some(challenge), Some(&verifier.replace('d', "e"))));
        assert!(!proves(Some(challenge), Some("short")));
        assert!(proves(None, None));
        assert!(!is_challenge("abc") && !is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="));
    }
}

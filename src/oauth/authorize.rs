//! Asking a person whether an application may act for them (client API, oauth#authorize; RFC 6749 §4.1.1). Works
//! without JavaScript, in popups and web views.

use super::{
    draw,
    grant::is_challenge,
    redirect::{self, OUT_OF_BAND},
    scope, sign_in,
};
use crate::{
    error::{Error, Result},
    http::{
        Params, Scopes,
        session::{Browser, FormGuard},
        visit,
    },
    limits,
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use storage::{
    SecretHash, account,
    oauth::{self, AUTHORIZATION_CODES, Application, AuthorizationCode},
};
use web::page::entrance::Authorize;

/// A request that may be shown to a person.
struct Asked {
    application: Application,
    redirect_uri: String,
    scopes: Scopes,
    state: Option<String>,
    challenge: Option<String>,
}

/// Why a request is refused: on a page, because nobody can be sent anywhere, or by sending the browser back.
enum Refused {
    Here(Error),
    Back(String),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Here(error)
    }
}

/// `GET /oauth/authorize`
pub(super) async fn ask(
    State(server): State<Server>,
    browser: Option<Browser>,
    guard: FormGuard,
    params: Params,
) -> Result<Response> {
    let asked = match read(&server, &params).await {
        Ok(asked) => asked,
        Err(Refused::Here(error)) => return Err(error),
        Err(Refused::Back(to)) => return Ok(Redirect::to(&to).into_response()),
    };
    let forced = params.bool("force_login") == Some(true);
    let Some(browser) = browser.filter(|_| !forced) else {
        return sign_in::show(&server, &guard, &again(&params), "", None).await;
    };
    let account = server.read(move |view| account::find(view, browser.account)?.ok_or(Error::NotFound)).await?;
    let page = Authorize {
        token: &browser.form_token(),
        application: &asked.application.name,
        website: asked.application.website.as_deref(),
        username: &account.username,
        scopes: asked.scopes.as_slice(),
        hidden: hidden(&asked),
    };
    Ok(draw::authorize(&server, guard.words, &page, &redirect::form_action(&asked.redirect_uri)))
}

/// `POST /oauth/authorize`
pub(super) async fn decide(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    browser.accept(&server, &headers, &params)?;
    let asked = match read(&server, &params).await {
        Ok(asked) => asked,
        Err(Refused::Here(error)) => return Err(error),
        Err(Refused::Back(to)) => return Ok(Redirect::to(&to).into_response()),
    };
    if params.str("decision") != Some("approve") {
        return Ok(denied(&asked));
    }
    let secret = server.secret();
    let hash = SecretHash::of(&secret);
    let code = AuthorizationCode {
        application: asked.application.id,
        account: browser.account,
        redirect_uri: asked.redirect_uri.clone(),
        scopes: asked.scopes.into_vec(),
        challenge: asked.challenge,
        created_at: server.now(),
        used_for: None,
    };
    server
        .write(move |tx| {
            tx.accept_when_full();
            // It may have been removed since it was read.
            if !oauth::APPLICATIONS.contains(tx, &code.application)? {
                return Err(unknown());
            }
            AUTHORIZATION_CODES.put(tx, &hash, &AuthorizationCode { created_at: tx.now(), ..code.clone() });
            Ok(())
        })
        .await?;
    Ok(Redirect::to(&back(&asked.redirect_uri, asked.state.as_deref(), &[("code", &secret)])).into_response())
}

/// `DELETE /oauth/authorize`: the same as deciding against it (client API, oauth#authorize as Doorkeeper has it).
pub(super) async fn deny(
    State(server): State<Server>,
    browser: Browser,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    browser.accept(&server, &headers, &params)?;
    match read(&server, &params).await {
        Ok(asked) => Ok(denied(&asked)),
        Err(Refused::Here(error)) => Err(error),
        Err(Refused::Back(to)) => Ok(Redirect::to(&to).into_response()),
    }
}

fn denied(asked: &Asked) -> Response {
    let outcome = [("error", "access_denied"), ("error_description", DENIED)];
    Redirect::to(&back(&asked.redirect_uri, asked.state.as_deref(), &outcome)).into_response()
}

/// `GET /oauth/authorize/native?code=…`: the page an application without redirect asks the person to copy from.
pub(super) async fn show_code(State(server): State<Server>, headers: HeaderMap, params: Params) -> Result<Response> {
    let words = visit::words(&server, &headers);
    if params.has("error") {
        return Ok(draw::denied(&server, words));
    }
    Ok(draw::code(&server, words, params.require("code")?))
}

const DENIED: &str = "The resource owner or authorization server denied the request.";

fn unknown() -> Error {
    Error::invalid("client_id", "this application is not known here")
}

/// Reads a request and holds it against what the application registered.
async fn read(server: &Server, params: &Params) -> std::result::Result<Asked, Refused> {
    let client_id = params.require("client_id")?.to_owned();
    let found = server.read(move |view| Ok(oauth::find_application(view, &client_id)?)).await?;
    let application = found.ok_or_else(unknown)?;
    let redirect_uri = params.require("redirect_uri")?.to_owned();
    // The whole string, byte by byte: nothing is normalised (SECURITY D1).
    if !application.redirect_uris.contains(&redirect_uri) {
        let why = "the redirect uri included is not one this application registered";
        return Err(Error::invalid("redirect_uri", why).into());
    }
    let state = params.str("state").map(str::to_owned);
    if state.as_ref().is_some_and(|state| state.len() > limits::OAUTH_TEXT_BYTES) {
        return Err(Error::invalid("state", format!("state is longer than {} bytes", limits::OAUTH_TEXT_BYTES)).into());
    }
    let refuse = |error: &str, why: &str| {
        Refused::Back(back(&redirect_uri, state.as_deref(), &[("error", error), ("error_description", why)]))
    };
    if params.str("response_type") != Some("code") {
        return Err(refuse(
            "unsupported_response_type",
            "The authorization server does not support this response type.",
        ));
    }
    let registered = Scopes::new(application.scopes.clone());
    let scopes = scope::parse(params.str("scope")).ok().filter(|asked| registered.cover(asked));
    let Some(scopes) = scopes else {
        return Err(refuse("invalid_scope", "The requested scope is invalid, unknown, or malformed."));
    };
    let challenge = params.str("code_challenge").filter(|text| !text.is_empty()).map(str::to_owned);
    let method = params.str("code_challenge_method");
    // "plain", also by omission, would prove nothing to whoever reads the request (RFC 7636 §7.2).
    if challenge.as_ref().is_some_and(|text| method != Some("S256") || !is_challenge(text)) {
        return Err(refuse("invalid_request", "The code_challenge must be of method S256."));
    }
    Ok(Asked { application, redirect_uri, scopes, state, challenge })
}

/// Where the browser goes with the outcome; out of band is a page of ours.
fn back(redirect_uri: &str, state: Option<&str>, outcome: &[(&str, &str)]) -> String {
    if redirect_uri == OUT_OF_BAND {
        return redirect::with("/oauth/authorize/native", outcome);
    }
    let state = state.map(|state| ("state", state));
    let parameters: Vec<_> = outcome.iter().copied().chain(state).collect();
    redirect::with(redirect_uri, &parameters)
}

/// What the approval form carries back; all of it is read and checked again.
fn hidden(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("response_type", "code".to_owned()),
        ("client_id", asked.application.client_id.clone()),
        ("redirect_uri", asked.redirect_uri.clone()),
        ("scope", asked.scopes.to_string()),
    ];
    fields.extend(asked.state.clone().map(|state| ("state", state)));
    if let Some(challenge) = &asked.challenge {
        fields.push(("code_challenge", challenge.clone()));
        fields.push(("code_challenge_method", "S256".to_owned()));
    }
    fields
}

/// This request once more, without the wish to sign in anew, which has been heard by then.
fn again(params: &Params) -> String {
    let uri = params.uri();
    let kept: Vec<_> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !matches!(pair.split('=').next(), Some("" | "force_login") | None))
        .collect();
    format!("{}?{}", uri.path(), kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_goes_where_the_application_lives() {
        assert_eq!(back("app://", Some("x y"), &[("code", "c")]), "app://?code=c&state=x%20y");
        assert_eq!(back(OUT_OF_BAND, Some("x"), &[("code", "c")]), "/oauth/authorize/native?code=c");
    }

    #[test]
    fn signing_in_anew_is_asked_once() {
        let uri = "/oauth/authorize?client_id=a&force_login=true&state=%26".parse().expect("a target");
        let params = Params::of_query(&uri).expect("within bounds");
        assert_eq!(again(&params), "/oauth/authorize?client_id=a&state=%26");
    }
}

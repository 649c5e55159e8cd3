//! Registering applications (client API, apps#create).

use super::{redirect, scope};
use crate::{
    error::{Error, Result},
    http::{
        Params, json,
        rate::{Bucket, Who},
    },
    limits,
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    ApplicationId, SecretHash, Tx,
    oauth::{self, Application},
};
use url::Url;
use web::entity;

/// `POST /api/v1/apps`
pub(super) async fn create(State(server): State<Server>, params: Params) -> Result<Response> {
    let name = checked_name(params.require("client_name")?)?.to_owned();
    let redirect_uris = redirect_uris(&params)?;
    let scopes = scope::parse(params.str("scopes"))?;
    let website = checked_website(params.str("website"))?;
    let (client_id, client_secret) = (server.secret(), server.secret());
    let client_secret_hash = SecretHash::of(&client_secret).0;
    let new = Application {
        id: ApplicationId(0),
        name,
        website,
        redirect_uris,
        scopes: scopes.into_vec(),
        client_id,
        client_secret_hash,
        created_at: server.now(),
    };
    let register = move |tx: &mut Tx<'_>| {
        let application = Application { id: tx.next_id(), created_at: tx.now(), ..new.clone() };
        oauth::put_application(tx, &application);
        Ok(application)
    };
    let application = write_although_full(&server, register).await?;
    let known = entity::Application {
        id: application.id.to_string(),
        name: application.name,
        website: application.website,
        scopes: application.scopes,
        // Exactly as registered, one a line: apps compare it with what they sent.
        redirect_uri: application.redirect_uris.join("\n"),
        redirect_uris: application.redirect_uris,
        vapid_key: server.vapid().public().to_owned(),
    };
    Ok(json(&entity::CredentialApplication {
        application: known,
        client_id: application.client_id,
        client_secret,
        client_secret_expires_at: 0,
    }))
}

/// Stores a little of an application, on a full disk too: signing in goes on. Anybody may register one, so then all
/// together may store no more than one address may else.
///
/// # Errors
/// Those of the rule; `TooMany` while the disk is full and others stored before; storage errors.
pub(super) async fn write_although_full<T, F>(server: &Server, rule: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Clone + Send + 'static,
{
    match server.write(rule.clone()).await {
        Err(Error::Storage(storage::Error::Full)) => {}
        stored => return stored,
    }
    server.rates().take(Bucket::FullDisk, Who::named("applications"), server.now())?;
    let although = move |tx: &mut Tx<'_>| {
        tx.accept_when_full();
        rule(tx)
    };
    server.write(although).await
}

fn checked_name(name: &str) -> Result<&str> {
    let characters = name.chars().count();
    if characters > limits::APPLICATION_NAME_CHARS {
        let why = format!("client_name has {characters} characters; at most {}", limits::APPLICATION_NAME_CHARS);
        return Err(Error::invalid("client_name", why));
    }
    Ok(name.trim())
}

/// A string, several lines of one, or an array.
fn redirect_uris(params: &Params) -> Result<Vec<String>> {
    let texts = params.texts("redirect_uris");
    let uris: Vec<String> = texts
        .iter()
        .flat_map(|text| text.split(['\n', '\r']))
        .map(str::trim)
        .filter(|uri| !uri.is_empty())
        .map(str::to_owned)
        .collect();
    if uris.is_empty() {
        return Err(Error::invalid("redirect_uris", "redirect_uris can't be blank"));
    }
    if uris.len() > limits::REDIRECT_URIS {
        let why = format!("redirect_uris are {}; at most {}", uris.len(), limits::REDIRECT_URIS);
        return Err(Error::invalid("redirect_uris", why));
    }
    uris.iter().try_for_each(|uri| redirect::check(uri))?;
    let bytes: usize = uris.iter().map(String::len).sum();
    if bytes > limits::REDIRECT_URIS_BYTES {
        let why = format!("redirect_uris have {bytes} bytes; at most {}", limits::REDIRECT_URIS_BYTES);
        return Err(Error::invalid("redirect_uris", why));
    }
    Ok(uris)
}

fn checked_website(website: Option<&str>) -> Result<Option<String>> {
    let Some(website) = website.map(str::trim).filter(|website| !website.is_empty()) else { return Ok(None) };
    let web = Url::parse(website).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !web || website.len() > limits::OAUTH_TEXT_BYTES {
        return Err(Error::invalid("website", "website is not a web address"));
    }
    Ok(Some(website.to_owned()))
}

//! Pages that statuses link to, asked for what they say of themselves: once a day and link, however many statuses carry it.

use super::{refuse_suspended, turn_at};
use crate::{
    error::{Error, Result},
    federation::{
        address::{Authority, Handle},
        client::{Answer, AnswerLimits, Beyond},
    },
    limits, link,
    server::Server,
};
use http::StatusCode;
use std::time::Duration;
use storage::{AccountId, Digest, StatusId, Timestamp, account, card, peer::authority_of, quote, status};
use url::Url;

/// A page is read as far as it goes; what it says of itself stands at its start.
const PAGE: AnswerLimits = AnswerLimits {
    body_max_bytes: limits::LINKED_PAGE_BYTES,
    beyond: Beyond::Cut,
    kinds: &["text/html", "application/xhtml+xml"],
};
const OEMBED: AnswerLimits = AnswerLimits {
    body_max_bytes: limits::OEMBED_BYTES,
    beyond: Beyond::Refuse,
    kinds: &["application/json", "text/json", "application/json+oembed"],
};

/// Gives the status `id` the preview of its first link; `asked` is when that was first wanted.
///
/// # Errors
/// Our own: a page that cannot be read is remembered as one that has nothing to show; `Busy` if it may not be asked yet.
pub async fn card(server: &Server, id: StatusId, asked: Timestamp) -> Result<()> {
    let origin = server.origin().clone();
    let chosen = server.read(move |view| {
        let Some(status) = status::find(view, id)? else { return Ok(None) };
        let quoted = quote::find(view, id)?.map(|row| row.uri);
        Ok(Some(link::of(&origin, &status, quoted.as_deref())))
    });
    let link = match chosen.await? {
        Some(Some(link)) => link,
        Some(None) => return server.write(move |tx| link::unsettle(tx, id)).await,
        None => return Ok(()),
    };
    let host = authority_of(&link).unwrap_or_default();
    let _turn = turn_at(server, &host, &format!("card {link}")).await?;
    let (wanted, now) = (link.clone(), server.now());
    let fresh = server.read(move |view| {
        let known = card::find(view, &wanted)?;
        Ok(known.is_some_and(|card| now.ms_since(card.looked_at) < limits::CARD_FRESH_MS))
    });
    let answer = if fresh.await? { None } else { Some(ask(server, &link).await?) };
    let origin = server.origin().clone();
    server.write(move |tx| link::settle(tx, &origin, id, &link, answer.as_ref(), asked)).await
}

/// Asks the page behind `link`, within `limits::CARD_MS`.
async fn ask(server: &Server, link: &str) -> Result<link::Answer> {
    let Ok(url) = Url::parse(link) else { return Ok(None) };
    let Some(authority) = Authority::of(&url) else { return Ok(None) };
    // One host that hangs leaves places to the others, and is not asked for everything at once.
    let place = Digest::of(link).0[0] % limits::CARDS_PER_HOST;
    let _host = turn_at(server, authority.as_str(), &format!("cards {place} {authority}")).await?;
    let patience = Duration::from_millis(limits::CARD_MS);
    let late = |_| Err(Error::remote(authority.as_str(), format!("no page within {} ms", limits::CARD_MS)));
    let outcome = tokio::time::timeout(patience, read(server, &url)).await.unwrap_or_else(late);
    match outcome {
        Ok(page) => Ok(page),
        Err(error @ (Error::Storage(_) | Error::Bug(_) | Error::Busy { .. })) => Err(error),
        Err(error) => {
            tracing::debug!(host = authority.as_str(), %error, "a linked page has no preview");
            Ok(None)
        }
    }
}

async fn read(server: &Server, url: &Url) -> Result<link::Answer> {
    let mut url = url.clone();
    // Outside of labs the client speaks TLS only, and nearly everybody who takes the one takes the other.
    if url.scheme() == "http" && !server.reach().is_lab() && url.set_scheme("https").is_err() {
        return Ok(None);
    }
    let Some(answer) = get(server, &url, "text/html, application/xhtml+xml;q=0.9", PAGE).await? else {
        return Ok(None);
    };
    let at = answer.final_url.clone();
    let kind = answer.header("content-type").unwrap_or_default().to_owned();
    let work = move || {
        let Some(text) = link::decode(&answer.body, &kind) else { return Ok(None) };
        let head = link::head(&text);
        let creator = head.named(&["fediverse:creator"]).trim().to_owned();
        Ok(link::page(&head, &answer.final_url).map(|page| (page, head.oembed, creator)))
    };
    let Some((mut page, oembed, creator)) = server.compute(work).await? else { return Ok(None) };
    // What is said for embedding is an addition: the page has been read without it.
    if let Some(described) = link::address(&oembed, &at)
        && let Ok(Some(answer)) = get(server, &described, "application/json", OEMBED).await
        && let Ok(document) = serde_json::from_slice(&answer.body)
    {
        link::add(&mut page, &document, &at);
    }
    page.creator = creator_of(server, &creator, &at).await?;
    Ok(Some(page))
}

/// What was answered with 200 by somebody who is not suspended here.
async fn get(server: &Server, url: &Url, accept: &str, limits: AnswerLimits) -> Result<Option<Answer>> {
    let Some(authority) = Authority::of(url) else { return Ok(None) };
    refuse_suspended(server, authority.as_str()).await?;
    let hosts = &server.outside().hosts;
    hosts.put_off_quiet(authority.as_str(), server.now())?;
    let answer = server.client().get(url, accept, limits, server).await?;
    hosts.heed(authority.as_str(), &answer, server.now(), server.random());
    if answer.status != StatusCode::OK {
        // It may have said when it gives the page.
        hosts.put_off_quiet(authority.as_str(), server.now())?;
    }
    Ok((answer.status == StatusCode::OK && !answer.body.is_empty()).then_some(answer))
}

/// The account known here that the page names as its author, if that account agrees.
async fn creator_of(server: &Server, named: &str, at: &Url) -> Result<Option<AccountId>> {
    let Some(handle) = Handle::parse(named.trim_start_matches('@')) else { return Ok(None) };
    let (Some(host), origin) = (at.host_str().map(str::to_owned), server.origin().clone()) else { return Ok(None) };
    let look = move |view: &storage::View<'_>| {
        let domain = handle.authority.as_str();
        let domain = (!origin.is_own_domain(domain)).then_some(domain);
        let found = account::find_by_name(view, &handle.username, domain)?;
        Ok(found.filter(|account| link::vouches(account, &host)).map(|account| account.id))
    };
    server.read(look).await
}

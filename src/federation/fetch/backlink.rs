//! Pages that profiles link to: whether they link back (`rel="me"`).

use super::{foreign, refuse_suspended, turn_at};
use crate::{
    error::{Error, Result},
    federation::{
        address::Authority,
        client::{AnswerLimits, Failure, FailureKind},
    },
    limits,
    server::Server,
    text::links::me_links,
};
use http::StatusCode;
use std::time::Duration;
use storage::Digest;
use url::Url;

const ACCEPT: &str = "text/html";

/// Whether the page at `url` has a link with `rel="me"` to `profile`, or whose first such link redirects there.
///
/// What is no page, too large, or not to be reached at all does not lead back.
///
/// # Errors
/// `Remote` if its server does not answer (in time), which may pass; `Busy` if it may not be asked yet; storage errors.
///
/// Source: Mastodon's documentation, "Link verification".
pub async fn leads_back(server: &Server, url: &str, profile: &str) -> Result<bool> {
    // Many profiles may name one page: it is asked by one at a time.
    let host = host_of(url);
    let _turn = turn_at(server, &host, &format!("rel=me {url}")).await?;
    // One host that hangs leaves places to the others.
    let place = Digest::of(url).0[0] % limits::CARDS_PER_HOST;
    let _host = turn_at(server, &host, &format!("cards {place} {host}")).await?;
    let patience = Duration::from_millis(limits::LINKED_PAGE_MS);
    let looked = tokio::time::timeout(patience, look(server, url, profile));
    let late = |_| Err(Error::remote(&host, format!("no page within {} ms", limits::LINKED_PAGE_MS)));
    match looked.await.unwrap_or_else(late) {
        Err(Error::NotFound | Error::Invalid { .. } | Error::Forbidden(_)) => Ok(false),
        outcome => outcome,
    }
}

async fn look(server: &Server, url: &str, profile: &str) -> Result<bool> {
    let limits = AnswerLimits::bytes(limits::LINKED_PAGE_BYTES);
    let page = target(server, url).await?;
    let (hosts, host) = (&server.outside().hosts, host_of(page.as_str()));
    hosts.put_off_quiet(&host, server.now())?;
    let asked = server.client().get(&page, ACCEPT, limits, server).await;
    let Some(answer) = settled(asked)? else { return Ok(false) };
    hosts.heed(&host, &answer, server.now(), server.random());
    if answer.status != StatusCode::OK {
        // It may have said when it gives the page.
        hosts.put_off_quiet(&host, server.now())?;
    }
    if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::remote(host_of(url), format!("answered {}", answer.status)));
    }
    let kind = answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if answer.status != StatusCode::OK || !["text/html", "application/xhtml+xml"].iter().any(|html| same(kind, html)) {
        return Ok(false);
    }
    let body = answer.body.clone();
    let links = server.compute(move || Ok(me_links(&String::from_utf8_lossy(&body)))).await?;
    if links.iter().any(|link| same(link, profile)) {
        return Ok(true);
    }
    let Some(first) = links.first().and_then(|link| answer.final_url.join(link).ok()) else { return Ok(false) };
    if first.scheme() != "https" {
        return Ok(false);
    }
    let first = target(server, first.as_str()).await?;
    hosts.put_off_quiet(&host_of(first.as_str()), server.now())?;
    let led = settled(server.client().redirect_of(&first).await)?.flatten();
    Ok(led.is_some_and(|led| same(led.as_str(), profile)))
}

/// An address that may be asked: of another server, none that is suspended here.
async fn target(server: &Server, url: &str) -> Result<Url> {
    let uri = foreign(server, url)?;
    refuse_suspended(server, uri.authority().as_str()).await?;
    Ok(uri.to_url())
}

/// An answer; none if there never will be one that is of use.
fn settled<T>(outcome: std::result::Result<T, Failure>) -> Result<Option<T>> {
    match outcome {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if matches!(failure.kind, FailureKind::Refused | FailureKind::Inward | FailureKind::BadAnswer) => {
            Ok(None)
        }
        Err(failure) => Err(failure.into()),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn host_of(url: &str) -> String {
    Url::parse(url).ok().as_ref().and_then(Authority::of).map(|host| host.to_string()).unwrap_or_default()
}

//! Whom an account elsewhere follows, as its server tells everybody (ActivityPub §5.4), within bounds.

use super::{
    Budget,
    collection::{self, Extent, Start},
    resolve, schemes,
};
use crate::{
    error::{Error, Result},
    federation::{address::RemoteUri, object::Thing},
    limits,
    server::Server,
};
use std::{collections::BTreeSet, time::Duration};
use storage::account;

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Ids of the accounts that are followed, each once.
    pub uris: Vec<String>,
    /// There may be more.
    pub cut: bool,
}

/// Reads whom `handle` (`name@domain`) follows: at most `limits::FOLLOWS_PAGES` pages, `limits::IMPORT_ROWS` accounts and
/// `limits::FOLLOWS_MS`.
///
/// # Errors
/// `Invalid` for an account that lives here or whose server does not show whom it follows; `NotFound` if there is none;
/// `Remote` if its server does not answer; `Busy` if it may not be asked yet.
pub async fn followed(server: &Server, handle: &str) -> Result<Followed> {
    let host = handle.rsplit_once('@').map_or(handle, |(_, host)| host);
    let _place = super::brought(server, host, handle).await?;
    let patience = Duration::from_millis(limits::FOLLOWS_MS);
    match tokio::time::timeout(patience, all(server, handle)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::remote(handle, "it took too long")),
    }
}

async fn all(server: &Server, handle: &str) -> Result<Followed> {
    let id = resolve::handle_anew(server, handle).await?;
    let known = server.read(move |view| Ok(account::find(view, id)?)).await?.ok_or(Error::NotFound)?;
    if known.is_local() {
        return Err(Error::invalid("account", "this account lives here"));
    }
    let hidden = || Error::invalid("account", "its server does not show whom it follows");
    let home = RemoteUri::parse(&known.uri, schemes(server)).map_err(|_| Error::NotFound)?;
    let start = known.endpoints.following.map(Start::At).ok_or_else(hidden)?;
    let extent = Extent { pages: limits::FOLLOWS_PAGES, items: limits::IMPORT_ROWS };
    let listed = collection::list(server, start, &home, extent, &Budget::new(limits::FOLLOWS_DOCUMENTS)).await?;
    let mut seen = BTreeSet::new();
    let ids = listed.items.iter().filter_map(Thing::id);
    let readable = ids.filter(|id| id.len() <= limits::IMPORT_FIELD_BYTES && is_web(id));
    let uris: Vec<_> = readable.filter(|id| seen.insert((*id).to_owned())).map(str::to_owned).collect();
    // Mastodon shows a number and no accounts where somebody hides them.
    if uris.is_empty() && listed.total != Some(0) {
        return Err(hidden());
    }
    if uris.is_empty() {
        return Err(Error::invalid("account", "it follows nobody"));
    }
    Ok(Followed { uris, cut: listed.cut })
}

fn is_web(id: &str) -> bool {
    id.starts_with("https://") || id.starts_with("http://")
}

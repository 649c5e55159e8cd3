//! Compares who here follows an account elsewhere with what its server says (FEP-8fcf).

use crate::{
    error::Result,
    federation::synchronization::{self, Tally},
    limits, relationship,
    server::Server,
};
use std::collections::HashSet;
use storage::{AccountId, account};

/// The followers here of `target`, a remote account whose server gave `digest` for them and names them at `url`.
///
/// # Errors
/// Those of the fetch: nothing changes then.
pub(super) async fn run(server: &Server, target: AccountId, url: &str, digest: [u8; 32]) -> Result<()> {
    let Some(known) = followers(server, target).await? else { return Ok(()) };
    let mut tally = Tally::default();
    known.iter().for_each(|(_, uri)| tally.add(uri));
    if tally.digest == digest {
        return Ok(());
    }
    let named: HashSet<String> = synchronization::named(server, url).await?.into_iter().collect();
    // Only who followed before it was asked: whoever began since may not be named yet.
    let unlisted: Vec<AccountId> = known.iter().filter(|(_, uri)| !named.contains(uri)).map(|(id, _)| *id).collect();
    let uris: HashSet<&str> = known.iter().map(|(_, uri)| uri.as_str()).collect();
    // What is left over differs again when the peer says so the next time.
    let unknown = named.iter().filter(|uri| !uris.contains(uri.as_str())).take(limits::FOLLOWERS_AGREED_AT_ONCE);
    let unknown: Vec<String> = unknown.cloned().collect();
    tracing::info!(%url, ended = unlisted.len(), told = unknown.len(), "followers are brought in line with a peer");
    for step in unlisted.chunks(limits::FOLLOWERS_AGREED_AT_ONCE) {
        let step = step.to_vec();
        server.write(move |tx| step.iter().try_for_each(|who| relationship::drop_unlisted(tx, *who, target))).await?;
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let origin = server.origin().clone();
    let rule = move |tx: &mut storage::Tx<'_>| {
        for uri in &unknown {
            let name = origin.path_of(uri).and_then(|path| path.strip_prefix("/users/"));
            let Some(name) = name else { continue };
            if let Some(who) = account::find_by_name(tx, name, None)? {
                relationship::settle_listed(tx, who.id, target)?;
            }
        }
        Ok(())
    };
    server.write(rule).await
}

/// Who here follows `target`, with their ids; none if it is not to be compared: it is gone, or too many do.
async fn followers(server: &Server, target: AccountId) -> Result<Option<Vec<(AccountId, String)>>> {
    let look = move |view: &storage::View<'_>| -> Result<bool> {
        let known = account::find(view, target)?;
        Ok(known.is_some_and(|account| !account.is_local() && account.suspended_at.is_none()))
    };
    if !server.read(look).await? {
        return Ok(None);
    }
    synchronization::followers_here(server, target).await
}

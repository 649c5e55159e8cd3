//! Compares who here follows an account elsewhere with what its server says (FEP-8fcf).

use crate::{
    error::Result,
    federation::synchronization::{self, Tally},
    limits,
    origin::Origin,
    relationship,
    server::Server,
};
use std::collections::HashSet;
use storage::{AccountId, Bounds, Direction, Read, account, relationship::FOLLOWER_ROWS};

/// The followers here of `target`, a remote account whose server gave `digest` for them and names them at `url`.
///
/// # Errors
/// Those of the fetch: nothing changes then.
pub(super) async fn run(server: &Server, target: AccountId, url: &str, digest: [u8; 32]) -> Result<()> {
    let origin = server.origin().clone();
    let Some(known) = server.read(move |view| followers(view, &origin, target)).await? else { return Ok(()) };
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
fn followers(read: &dyn Read, origin: &Origin, target: AccountId) -> Result<Option<Vec<(AccountId, String)>>> {
    let remote = account::find(read, target)?.filter(|account| !account.is_local() && account.suspended_at.is_none());
    if remote.is_none() {
        return Ok(None);
    }
    let most = limits::PAGE_ITEMS_MAX;
    let rows = FOLLOWER_ROWS.list(read, &target, Bounds::NONE, Direction::Ascending, most)?;
    if rows.len() >= most {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(rows.len());
    for (_, id) in rows {
        let account = account::find(read, id)?.filter(account::Account::is_local);
        found.extend(account.map(|account| (id, origin.url(&account.uri))));
    }
    Ok(Some(found))
}

//! Looks whether the pages that a profile links to link back.

use crate::{
    account::{
        links::{self, Seen},
        render,
    },
    error::{Error, Result},
    federation::fetch::backlink,
    limits,
    server::Server,
};
use storage::AccountId;

/// Follows each link of `account` once and stores what was seen. A page here somebody waits for, so a server that does
/// not answer is asked again a few times; those of other profiles when they are read anew.
///
/// # Errors
/// `Remote` if somebody's server did not answer and will be asked again, `Busy` if one was not asked yet; storage errors.
pub(super) async fn run(server: &Server, account: AccountId, attempts: u32) -> Result<()> {
    let Some(profile) = server.write(move |tx| links::begin(tx, account)).await? else { return Ok(()) };
    let page = render::page(server.origin(), &profile);
    let (mut seen, mut silent) = (Vec::new(), None);
    for link in links::due(&profile) {
        match backlink::leads_back(server, &link.url, &page).await {
            Ok(leads_back) => seen.push(Seen { value: link.value, leads_back }),
            Err(error @ (Error::Remote { .. } | Error::Busy { .. })) => silent = Some(error),
            Err(error) => return Err(error),
        }
    }
    server.write(move |tx| links::settle(tx, account, &seen)).await?;
    match silent {
        // It has not been asked.
        Some(error @ Error::Busy { .. }) => Err(error),
        Some(error) if profile.is_local() && attempts + 1 < limits::LINKS_TRIED => Err(error),
        _ => Ok(()),
    }
}

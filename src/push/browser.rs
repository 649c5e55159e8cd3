//! Browsers that are woken for the pages of this server: each session may have one subscription, which goes with it.

use super::{Wanted, subscribe};
use crate::error::Result;
use storage::{
    AccountId, ApplicationId, SecretHash, Tx,
    oauth::{self, Application, Token},
    push::{self, BROWSERS, OfSession, Subscription},
    user::SESSIONS,
};

/// The program that these pages are where people see who has access; nobody can sign in with it, as it has no secret and
/// no address to send a code to.
const CLIENT_ID: &str = "pages";
const NAME: &str = "Notifications in a browser";
/// All that its tokens allow.
const SCOPE: &str = "push";

/// Subscribes the browser of a session, in place of what it had. `secret` is a new one.
///
/// # Errors
/// Storage errors.
pub fn wake_browser(
    tx: &mut Tx<'_>,
    account: AccountId,
    session: SecretHash,
    secret: &str,
    wanted: &Wanted,
) -> Result<Subscription> {
    leave_browser(tx, account, session)?;
    let application = application(tx)?;
    let hash = SecretHash::of(secret);
    let token = Token {
        id: tx.next_id(),
        application,
        account: Some(account),
        scopes: vec![SCOPE.to_owned()],
        created_at: tx.now(),
    };
    oauth::put_token(tx, hash, &token);
    let made = subscribe(tx, account, secret, wanted)?;
    BROWSERS.put(tx, &hash, &OfSession { session: session.0 });
    Ok(made)
}

/// Wakes the browser of a session no more.
///
/// # Errors
/// Storage errors.
pub fn leave_browser(tx: &mut Tx<'_>, account: AccountId, session: SecretHash) -> Result<()> {
    match push::of_session(tx, account, session)? {
        Some(token) => Ok(oauth::delete_token(tx, token)?),
        None => Ok(()),
    }
}

/// Removes the subscription of `token` if it is of a browser whose session is over; whether it was.
///
/// # Errors
/// Storage errors.
pub fn outlived(tx: &mut Tx<'_>, token: SecretHash) -> Result<bool> {
    let Some(browser) = BROWSERS.get(tx, &token)? else { return Ok(false) };
    if SESSIONS.get(tx, &SecretHash(browser.session))?.is_some() {
        return Ok(false);
    }
    oauth::delete_token(tx, token)?;
    Ok(true)
}

fn application(tx: &mut Tx<'_>) -> Result<ApplicationId> {
    if let Some(known) = oauth::find_application(tx, CLIENT_ID)? {
        return Ok(known.id);
    }
    let id = tx.next_id();
    let made = Application {
        id,
        name: NAME.to_owned(),
        website: None,
        redirect_uris: Vec::new(),
        scopes: vec![SCOPE.to_owned()],
        client_id: CLIENT_ID.to_owned(),
        // The hash of nothing that is known.
        client_secret_hash: [0; 32],
        created_at: tx.now(),
    };
    oauth::put_application(tx, &made);
    Ok(id)
}

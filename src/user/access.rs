//! Who has access to an account: browsers that are signed in, programs that were let in; and ending it.

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Bounds, Direction, Read, SecretHash, TokenId, Tx,
    oauth::{self, APPLICATIONS, Application, TOKENS, TOKENS_OF_ACCOUNT, Token},
    user::{SESSIONS, SESSIONS_OF_ACCOUNT, Session, delete_session},
};

/// The sessions of an account, the last begun first, at most `limits::SESSIONS_PER_USER`.
///
/// # Errors
/// Storage errors.
pub fn sessions(read: &dyn Read, account: AccountId) -> Result<Vec<(SecretHash, Session)>> {
    let mut found = Vec::new();
    for hash in hashes(read, account)? {
        found.extend(SESSIONS.get(read, &hash)?.map(|session| (hash, session)));
    }
    found.sort_by_key(|(_, session)| std::cmp::Reverse(session.created_at));
    Ok(found)
}

/// The tokens of an account, by the hashes they are stored under, with their applications, the last given first, at most `limits::TOKENS_SHOWN`.
///
/// # Errors
/// Storage errors.
pub fn tokens(read: &dyn Read, account: AccountId) -> Result<Vec<(SecretHash, Token, Option<Application>)>> {
    let mut found = Vec::new();
    let most = limits::TOKENS_SHOWN;
    for ((_, hash), ()) in TOKENS_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Ascending, most)? {
        let Some(token) = TOKENS.get(read, &hash)? else { continue };
        let application = APPLICATIONS.get(read, &token.application)?;
        found.push((hash, token, application));
    }
    found.sort_by_key(|(_, token, _)| std::cmp::Reverse(token.created_at));
    Ok(found)
}

/// What a session is called in a form: enough of its hash to tell it from the others of its account.
#[must_use]
pub fn session_name(hash: &SecretHash) -> String {
    storage::table::hex(&hash.0[..8])
}

/// Ends one session of an account. Whoever calls clears what is remembered of tokens once it is durable, so that what listens
/// with it is cut off.
///
/// # Errors
/// `NotFound` if it has none of that name.
pub fn end_session(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<()> {
    let named = hashes(tx, account)?.into_iter().find(|hash| session_name(hash) == name);
    end(tx, account, named.ok_or(Error::NotFound)?);
    Ok(())
}

/// Ends all sessions of an account but one. Whoever calls does as for [`end_session`].
///
/// # Errors
/// Storage errors.
pub fn end_other_sessions(tx: &mut Tx<'_>, account: AccountId, kept: SecretHash) -> Result<()> {
    for hash in hashes(tx, account)?.into_iter().filter(|hash| *hash != kept) {
        end(tx, account, hash);
    }
    Ok(())
}

/// Takes the access of a token away. Whoever calls clears what is remembered of tokens once it is durable.
///
/// # Errors
/// `NotFound` if the account has none with this number among the first `limits::TOKENS_SHOWN`.
pub fn end_token(tx: &mut Tx<'_>, account: AccountId, id: TokenId) -> Result<()> {
    let most = limits::TOKENS_SHOWN;
    tx.accept_when_full();
    for ((_, hash), ()) in TOKENS_OF_ACCOUNT.list(tx, &account, Bounds::NONE, Direction::Ascending, most)? {
        if TOKENS.get(tx, &hash)?.is_some_and(|token| token.id == id) {
            return Ok(oauth::delete_token(tx, hash)?);
        }
    }
    Err(Error::NotFound)
}

fn hashes(read: &dyn Read, account: AccountId) -> Result<Vec<SecretHash>> {
    let most = limits::SESSIONS_PER_USER;
    let rows = SESSIONS_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Ascending, most)?;
    Ok(rows.into_iter().map(|((_, hash), ())| hash).collect())
}

fn end(tx: &mut Tx<'_>, account: AccountId, hash: SecretHash) {
    tx.accept_when_full();
    delete_session(tx, account, hash);
}

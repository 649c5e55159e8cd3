//! Bringing whom one follows from an account one had before, by its public list at its own server.

use super::begin;
use crate::{
    account::excerpt,
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, Read, Tx,
    follow_source::{FOLLOW_SOURCES, FollowSource, SourceState},
    import::{ImportKind, ImportMode, ImportRow},
    job::{self, JobKind},
};

/// Names the account whose follows are to be brought; a job asks its server.
///
/// # Errors
/// `Invalid` for what is no handle of another server, and while another one is asked.
pub fn ask(tx: &mut Tx<'_>, owner: AccountId, handle: &str) -> Result<()> {
    let bare = handle.trim().trim_start_matches('@');
    let whole = bare.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'));
    if !whole || bare.len() > limits::HANDLE_BYTES_MAX || bare.chars().any(char::is_whitespace) {
        let why = format!("{:?} is no handle like name@example.org", excerpt(handle));
        return Err(Error::invalid("account", why));
    }
    if find(tx, owner)?.is_some_and(|known| known.state == SourceState::Reading) {
        return Err(Error::invalid("account", "another account is still being read"));
    }
    let asked_at = tx.now();
    let source = FollowSource { handle: bare.to_owned(), asked_at, state: SourceState::Reading, cut: false };
    FOLLOW_SOURCES.put(tx, &owner, &source);
    job::enqueue(tx, JobKind::ReadFollows { account: owner });
    Ok(())
}

/// The account that was named last, and what came of it.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, owner: AccountId) -> Result<Option<FollowSource>> {
    Ok(FOLLOW_SOURCES.get(read, &owner)?)
}

/// Brings what its server said: ids of accounts, at most `limits::IMPORT_ROWS` of them; `cut`: there may be more.
///
/// # Errors
/// As [`begin`]; nothing changes if it is not being read any more.
pub fn bring(tx: &mut Tx<'_>, owner: AccountId, uris: &[String], cut: bool) -> Result<()> {
    let Some(mut known) = reading(tx, owner)? else { return Ok(()) };
    let rows: Vec<_> = uris.iter().take(limits::IMPORT_ROWS).map(|uri| row(uri)).collect();
    let import = begin(tx, owner, ImportKind::Following, ImportMode::Merge, rows)?;
    known.cut = cut || uris.len() > limits::IMPORT_ROWS;
    known.state = SourceState::Brought(import);
    FOLLOW_SOURCES.put(tx, &owner, &known);
    Ok(())
}

/// Notes that nothing comes of it.
///
/// # Errors
/// Storage errors.
pub fn fail(tx: &mut Tx<'_>, owner: AccountId, why: &str) -> Result<()> {
    let Some(mut known) = reading(tx, owner)? else { return Ok(()) };
    known.state = SourceState::Failed(why.chars().take(limits::SOURCE_WHY_CHARS).collect());
    FOLLOW_SOURCES.put(tx, &owner, &known);
    Ok(())
}

fn reading(read: &dyn Read, owner: AccountId) -> Result<Option<FollowSource>> {
    Ok(find(read, owner)?.filter(|known| known.state == SourceState::Reading))
}

fn row(uri: &str) -> ImportRow {
    ImportRow { subject: uri.to_owned(), ..ImportRow::default() }
}

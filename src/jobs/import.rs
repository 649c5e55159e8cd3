//! Takes the rows of a table that somebody brought: whom each names is looked up at their server, some at a time and few at
//! one server; then the rule of each runs in a commit of its own, which says how far the import has come.

use super::in_order;
use crate::{
    account::{self, Handle},
    error::{Error, Result},
    federation::fetch::{self, Resolved},
    limits,
    server::Server,
    tag,
    transfer::{self, Step, Target},
};
use std::{sync::Arc, time::Duration};
use storage::{
    AccountId, RowId,
    import::{ImportKind, ImportRow, Refusal},
    peer::authority_of,
};

/// Goes on with an import until it is over. After a restart it goes on behind the last row that is durable.
///
/// # Errors
/// Storage errors, and `Busy` where a server is asked for as much as it is: it is gone on with later.
pub(super) async fn run(server: &Server, account: AccountId, id: RowId) -> Result<()> {
    loop {
        let most = limits::IMPORT_ROWS_AT_ONCE;
        match server.read(move |view| transfer::next(view, account, id, most)).await? {
            None => return Ok(()),
            Some(Step::Rows { at, rows, kind }) => take(server, account, id, at, rows, kind).await?,
            Some(Step::Rest) => rest(server, account, id).await?,
        }
    }
}

async fn take(
    server: &Server,
    account: AccountId,
    id: RowId,
    first: (u32, u32),
    rows: Vec<ImportRow>,
    kind: ImportKind,
) -> Result<()> {
    // Whom to ask is known of all before the first takes its place: the row that the import goes on with is not
    // overtaken by those behind it, and each time it comes further.
    let asked = in_order(rows.iter().map(|row| asked_of(server, kind, &row.subject))).await;
    let found = in_order(rows.iter().zip(asked).map(|(row, asked)| find(server, kind, &row.subject, asked))).await;
    for (number, (row, found)) in (first.1..).zip(rows.into_iter().zip(found)) {
        let at = (first.0, number);
        let why = match found {
            Ok(target) => {
                let (origin, taken) = (server.origin().clone(), row.clone());
                let rule = move |tx: &mut storage::Tx<'_>| transfer::take(tx, &origin, account, id, at, &taken, target);
                match server.write(rule).await {
                    Ok(()) => continue,
                    Err(error) => refusal(error)?,
                }
            }
            Err(error) => refusal(error)?,
        };
        server.write(move |tx| transfer::refuse(tx, account, id, at, &row, why)).await?;
    }
    Ok(())
}

/// Why a row was refused; a failure of the store is none of it, nor that its turn has not come.
fn refusal(error: Error) -> Result<Refusal> {
    match error {
        Error::NotFound | Error::Gone => Ok(Refusal::Unknown),
        Error::Invalid { field: "handle", .. } => Ok(Refusal::Unreadable),
        Error::Invalid { .. } | Error::Forbidden(_) | Error::Unauthorized | Error::TooLarge { .. } => {
            Ok(Refusal::NotAllowed)
        }
        Error::Remote { .. } | Error::Needs { .. } | Error::TooMany { .. } => Ok(Refusal::Silent),
        Error::Busy { .. } | Error::Conflict | Error::Storage(_) | Error::Bug(_) => Err(error),
    }
}

/// What a row names, `asked` for where it lives if nobody here knows it, for a bounded time once its turn there has
/// come.
///
/// # Errors
/// `Busy` if that does not come soon.
async fn find(server: &Server, kind: ImportKind, subject: &str, asked: Result<Option<String>>) -> Result<Target> {
    let _place = match asked? {
        Some(host) => Some(fetch::brought(server, &host, subject).await?),
        None => None,
    };
    let wait = Duration::from_millis(limits::IMPORT_ROW_MS);
    let sought = async {
        match kind {
            ImportKind::Domains => Ok(Target::Domain),
            ImportKind::Tags => match tag::require_name(subject) {
                Ok(_) => Ok(Target::Tag),
                Err(_) => Err(Error::invalid("handle", format!("{:?} is no hashtag", account::excerpt(subject)))),
            },
            ImportKind::Bookmarks if !is_address(subject) => {
                Err(Error::invalid("handle", format!("{:?} is no address", account::excerpt(subject))))
            }
            ImportKind::Bookmarks => match fetch::resolve_uri(server, subject).await? {
                Resolved::Status(status) => Ok(Target::Status(status)),
                Resolved::Account(_) => Err(Error::NotFound),
            },
            // Lists of other servers name accounts so.
            _ if is_address(subject) => match fetch::resolve_uri(server, subject).await? {
                Resolved::Account(account) => Ok(Target::Account(account)),
                Resolved::Status(_) => Err(Error::NotFound),
            },
            _ => person(server, subject).await.map(Target::Account),
        }
    };
    match tokio::time::timeout(wait, sought).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::remote(account::excerpt(subject), "it took too long")),
    }
}

/// The server that has to be asked for what a row names; none if it is known here, or nobody can be asked.
async fn asked_of(server: &Server, kind: ImportKind, subject: &str) -> Result<Option<String>> {
    if matches!(kind, ImportKind::Domains | ImportKind::Tags) {
        return Ok(None);
    }
    if is_address(subject) {
        let known = fetch::stored(server, subject).await?;
        return Ok(if known.is_some() { None } else { authority_of(subject) });
    }
    let origin = server.origin();
    let Some(handle) = Handle::parse(subject, |domain| origin.is_own_domain(domain)) else { return Ok(None) };
    let looked = handle.clone();
    let known = server.read(move |view| account::lookup(view, &looked)).await?;
    Ok(handle.domain.filter(|_| known.is_none()))
}

fn is_address(subject: &str) -> bool {
    subject.starts_with("https://") || subject.starts_with("http://")
}

async fn person(server: &Server, subject: &str) -> Result<AccountId> {
    let origin = server.origin();
    let handle = Handle::parse(subject, |domain| origin.is_own_domain(domain))
        .ok_or_else(|| Error::invalid("handle", format!("{:?} is no handle", account::excerpt(subject))))?;
    let looked = handle.clone();
    match (server.read(move |view| account::lookup(view, &looked)).await?, handle.domain) {
        (Some(known), _) => Ok(known.id),
        (None, Some(domain)) => fetch::resolve_handle(server, &handle.username, &domain).await,
        (None, None) => Err(Error::NotFound),
    }
}

/// Removes what the table does not name.
async fn rest(server: &Server, account: AccountId, id: RowId) -> Result<()> {
    let origin = server.origin().clone();
    let named = Arc::new(server.read(move |view| transfer::named(view, &origin, account, id)).await?);
    loop {
        let (origin, named) = (server.origin().clone(), Arc::clone(&named));
        if !server.write(move |tx| transfer::rest_step(tx, &origin, account, id, &named)).await? {
            return Ok(());
        }
    }
}

//! What a stored remote status quotes, and whether the quoted author vouches for it (FEP-044f).

use super::{Budget, document, schemes, status};
use crate::{
    error::{Error, Result},
    federation::{address::RemoteUri, object::read},
    server::Server,
    status::{accept::Reason, quote_answer},
};
use serde_json::Value;
use storage::{StatusId, account, quote, quote::QuoteState, status as statuses};

/// What must be found out.
struct Open {
    quoting: String,
    quoted: String,
    stamp: String,
}

/// Reads what `quoting` quotes, if that is not known, and the stamp it shows; what that says is stored.
///
/// # Errors
/// What passes: a server does not answer. A thing that is gone or worth nothing is no error: the quote stays pending.
pub async fn quote(server: &Server, quoting: StatusId) -> Result<()> {
    let open = server.read(move |view| {
        let row = quote::find(view, quoting)?.filter(|row| row.state == QuoteState::Pending && !row.uri.is_empty());
        let status = statuses::find(view, quoting)?;
        Ok(row.zip(status).map(|(row, status)| Open { quoting: status.uri, quoted: row.uri, stamp: row.stamp }))
    });
    let Some(open) = open.await? else { return Ok(()) };
    // A thread that is read may hold many.
    let budget = Budget::of_unhurried_cause();
    let quoted = status::wanted(server, &open.quoted, &budget, Reason::Quoted(quoting)).await;
    let Some(quoted) = absent_is_none(quoted)? else { return Ok(()) };
    let author = server.read(move |view| {
        let author = statuses::find(view, quoted)?.map(|status| status.account);
        Ok(author.map(|author| account::find(view, author)).transpose()?.flatten())
    });
    let Some(author) = author.await? else { return Ok(()) };
    let vouched = vouches(server, &open, &author.uri, &budget).await?;
    let stamp = vouched.then_some(open.stamp);
    server.write(move |tx| quote_answer::verified(tx, quoting, quoted, stamp.as_deref())).await
}

/// Whether the stamp lies on the author's own server, is by them, and names both statuses.
async fn vouches(server: &Server, open: &Open, author: &str, budget: &Budget) -> Result<bool> {
    let (Ok(stamp), Ok(by)) =
        (RemoteUri::parse(&open.stamp, schemes(server)), RemoteUri::parse(author, schemes(server)))
    else {
        return Ok(false);
    };
    if !stamp.same_origin(&by) {
        return Ok(false);
    }
    let Some((id, document)) = absent_is_none(document(server, &open.stamp, budget).await)? else { return Ok(false) };
    Ok(id.as_str() == open.stamp && says(&document, author, &open.quoting, &open.quoted))
}

fn says(stamp: &Value, author: &str, quoting: &str, quoted: &str) -> bool {
    read::types(stamp).contains(&"QuoteAuthorization")
        && read::id(stamp.get("attributedTo")) == Some(author)
        && read::id(stamp.get("interactingObject")) == Some(quoting)
        && read::id(stamp.get("interactionTarget")) == Some(quoted)
}

/// What is gone, or cannot be, is not there; everything else may pass.
fn absent_is_none<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Gone | Error::Invalid { .. } | Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

//! What a stored remote status quotes, and whether the quoted author vouches for it (FEP-044f).

use super::{
    Budget,
    stamp::{self, Claim, absent_is_none},
    status,
};
use crate::{
    error::Result,
    server::Server,
    status::{accept::Reason, quote_answer},
};
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
    let claim = Claim { stamp: &open.stamp, author: &author.uri, interacting: &open.quoting, target: &open.quoted };
    let vouched = stamp::vouches(server, &["QuoteAuthorization"], &claim, &budget).await?;
    let stamp = vouched.then_some(open.stamp);
    server.write(move |tx| quote_answer::verified(tx, quoting, quoted, stamp.as_deref())).await
}

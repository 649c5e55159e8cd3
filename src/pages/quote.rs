//! Taking back that somebody quotes one's post.

use super::draw::{Found, draw};
use crate::{
    error::{Error, Result},
    http::visit::{Form, Member, gone},
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, Read, StatusId, quote};
use web::page::confirm::{self, Confirm};

/// `GET /posts/ID/quote`: ID quotes a post of one's own.
pub(super) async fn ask(State(server): State<Server>, Path(id): Path<String>, member: Member) -> Result<Response> {
    let (own, id): (_, StatusId) = (member.account, id.parse().map_err(|_| Error::NotFound)?);
    draw(&server, &member.visit, move |context, site| {
        let record = status::require(context.read, Some(own), id)?;
        quoted(context.read, own, id)?;
        let page = Confirm {
            title: "revoke-title",
            says: "revoke-says",
            about: Some(&context.status(&record)?),
            action: &format!("/posts/{id}/quote"),
            buttons: &[("revoke", "act-revoke-quote")],
        };
        Ok(Found::Page(confirm::confirm(site, &page)))
    })
    .await
}

/// `POST /posts/ID/quote`
pub(super) async fn revoke(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id): (_, StatusId) = (form.account, id.parse().map_err(|_| Error::NotFound)?);
    let rule = move |tx: &mut storage::Tx<'_>| {
        let quoted = quoted(tx, own, id)?;
        status::revoke(tx, own, quoted, id).map(drop)
    };
    server.write(rule).await?;
    gone(&server, "/notifications", "notice-quote-revoked")
}

/// The post of `own` that `quoting` quotes.
fn quoted(read: &dyn Read, own: AccountId, quoting: StatusId) -> Result<StatusId> {
    let row = quote::find(read, quoting)?.filter(|row| row.author == Some(own));
    row.and_then(|row| row.quoted).ok_or(Error::NotFound)
}

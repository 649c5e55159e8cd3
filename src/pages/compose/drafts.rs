//! Drafts: the list, and throwing one away.

use super::super::draw::{Found, draw};
use crate::{
    clock, draft,
    error::{Error, Result},
    http::visit::{Form, Member, gone},
    server::Server,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::RowId;
use web::page::compose::{self as page, Draft};

/// `GET /drafts`
pub(super) async fn list(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let drafts = draft::list(context.read, own)?.into_iter().map(|(id, draft)| Draft {
            id: id.to_string(),
            text: if draft.text.trim().is_empty() { draft.warning } else { draft.text },
            kept_at: clock::iso(draft.kept_at),
        });
        Ok(Found::Page(page::drafts(site, &drafts.collect::<Vec<_>>())))
    })
    .await
}

/// `POST /drafts/ID/delete`
pub(super) async fn remove(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, RowId(id.parse().map_err(|_| Error::NotFound)?));
    server
        .write(move |tx| {
            draft::remove(tx, own, id);
            Ok(())
        })
        .await?;
    gone(&server, "/drafts", "notice-draft-removed")
}

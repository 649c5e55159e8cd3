//! Messages: conversations of people named, apart from timelines.

use super::{
    draw::{Found, draw},
    neighbours::Place,
};
use crate::{
    error::{Error, Result},
    http::{
        Params,
        visit::{Form, Member, gone},
    },
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use storage::RowId;
use web::page::messages;

/// `GET /messages`
pub(super) async fn list(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place) = (member.account, Place::of(&params));
    draw(&server, &member.visit, move |context, site| {
        let found = place.list(|window| {
            let found = status::conversations(context.read, own, window)?;
            Ok((found.rows, found.examined))
        })?;
        let drawn = found.rows.iter().map(|(id, known, last)| context.conversation(*id, known, Some(last)));
        Ok(Found::Page(messages::messages(site, &drawn.collect::<Result<Vec<_>>>()?, found.pager())))
    })
    .await
}

/// `POST /messages/ID/open`: reads it, and leads to its newest post.
pub(super) async fn open(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, RowId(id.parse().map_err(|_| Error::NotFound)?));
    server.write(move |tx| status::read_conversation(tx, own, id)).await?;
    let origin = server.origin().clone();
    let place = server.read(move |view| {
        let (_, last) = status::conversation(view, own, id)?;
        let last = last.ok_or(Error::NotFound)?;
        let context = crate::present::Context::new(view, &origin, Some(own));
        Ok(format!("/@{}/{}", context.account(last.account)?.acct, last.id))
    });
    Ok(Redirect::to(&place.await?).into_response())
}

/// `POST /messages/ID/delete`: takes it from the list.
pub(super) async fn remove(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, RowId(id.parse().map_err(|_| Error::NotFound)?));
    server.write(move |tx| status::remove_conversation(tx, own, id)).await?;
    gone(&server, "/messages", "notice-conversation-removed")
}

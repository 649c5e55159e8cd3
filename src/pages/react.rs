//! Emoji on posts: putting one there, taking it back.

use crate::{
    error::{Error, Result},
    http::visit::{Form, gone},
    server::Server,
    status::react,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::StatusId;

/// `POST /posts/ID/react` with `react` or `unreact`: the emoji.
pub(super) async fn react(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id): (_, StatusId) = (form.account, id.parse().map_err(|_| Error::NotFound)?);
    let taken = form.params.has("unreact");
    let typed = form.text(if taken { "unreact" } else { "react" }).to_owned();
    let rule = move |tx: &mut storage::Tx<'_>| match taken {
        true => react::unreact(tx, own, id, &typed).map(drop),
        false => react::react(tx, own, id, &typed).map(drop),
    };
    server.write(rule).await?;
    gone(&server, &format!("{}#post-{id}", form.return_to()), if taken { "notice-unreacted" } else { "notice-reacted" })
}

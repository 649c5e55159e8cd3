//! What a post was before it was edited, for whoever may see the post.

use super::{
    draw::{Found, draw},
    status::{Named, named},
};
use crate::{
    error::{Error, Result},
    http::visit::Visit,
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::StatusId;
use web::page::history;

/// `GET /@NAME/ID/history`
pub(super) async fn show(
    State(server): State<Server>,
    visit: Visit,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response> {
    let id: StatusId = id.parse().map_err(|_| Error::NotFound)?;
    draw(&server, &visit, move |context, site| match named(context, &name, id)? {
        Named::Elsewhere(url) => Ok(Found::Elsewhere(url)),
        // A boost was never written: it has no versions.
        Named::Here(record) if record.reblog_of.is_some() => Err(Error::NotFound),
        Named::Here(record) => {
            let mut versions = context.versions(record.account, &status::history(context.read, &record)?)?;
            versions.reverse();
            let back = format!("/@{name}/{id}");
            Ok(Found::Page(history::history(site, &context.status(&record)?, &versions, &back)))
        }
    })
    .await
}

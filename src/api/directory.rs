//! Who wants to be found (client API, directory).

use super::draw::draw;
use crate::{
    directory::{self, Wanted},
    error::{Error, Result},
    http::{Json, Params, Viewer},
    limits,
    server::Server,
};
use axum::{Router, extract::State, routing::get};
use std::sync::Arc;
use storage::directory::{Order, Scope};
use web::entity::SharedAccount;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/directory", get(list))
}

async fn list(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    params: Params,
) -> Result<Json<Vec<Arc<SharedAccount>>>> {
    let (default, most) = limits::DIRECTORY_PAGE;
    let paging = params.paging(default, most);
    let order = match params.str("order") {
        None | Some("" | "active") => Order::Active,
        Some("new") => Order::New,
        Some(_) => return Err(Error::invalid("order", "order is not active or new")),
    };
    let scope = if params.bool("local") == Some(true) { Scope::Local } else { Scope::All };
    let (offset, limit, examined) = (paging.offset, paging.limit, limits::DIRECTORY_EXAMINED);
    let wanted = Wanted { scope, order, offset, limit, examined };
    let own = viewer.map(|viewer| viewer.account);
    let drawn = draw(&server, own, move |context| {
        let found = directory::list(context.read, own, wanted)?;
        found.into_iter().map(|id| context.account(id)).collect::<Result<Vec<_>>>()
    });
    drawn.await.map(Json)
}

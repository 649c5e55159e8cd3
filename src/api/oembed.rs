//! Posts for other sites to embed (client API, oembed; oEmbed §2).

use super::draw::draw;
use crate::{
    error::{Error, Result},
    http::{Json, Params, Viewer, answer},
    server::Server,
    status, visibility,
};
use axum::{Router, extract::State, routing::get};
use storage::instance::settings;
use web::{entity::OEmbed, layout::Site, page::embed};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/oembed", get(show))
}

/// Only what was written here and everybody may read; a reblog is nobody's words.
async fn show(State(server): State<Server>, _: Option<Viewer>, params: Params) -> Result<Json<OEmbed>> {
    let url = params.require("url")?.to_owned();
    let max_width = params.int("maxwidth").map(|width| u32::try_from(width.max(0)).unwrap_or(u32::MAX));
    let lab = server.reach().is_lab();
    let drawn = draw(&server, None, move |context| {
        let status = status::find_by_uri(context.read, context.origin, &url)?;
        let status = status.filter(|status| status.local && status.reblog_of.is_none()).ok_or(Error::NotFound)?;
        if !visibility::can_see(context.read, None, &status)? {
            return Err(Error::NotFound);
        }
        let title = context.title(&settings(context.read)?);
        let site = Site { title: &title, ..answer::site(context.origin, lab) };
        Ok(embed::embed(&site, &context.status(&status)?, max_width))
    });
    drawn.await.map(Json)
}

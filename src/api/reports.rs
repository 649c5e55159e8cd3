//! Reports to those who look after this server (client API, reports).

use super::draw::draw;
use crate::{
    account::excerpt,
    error::{Error, Result},
    http::{Json, Params, Viewer, value::Map},
    moderation::report::{self, Forward, NewReport},
    server::Server,
};
use axum::{Router, extract::State, routing::post};
use storage::moderation::Category;
use web::entity::Report;

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new().route("/api/v1/reports", post(create))
}

async fn create(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Report>> {
    viewer.require("write:reports")?;
    let own = viewer.account;
    let broken = rules(&params);
    let category = match params.str("category").filter(|word| !word.is_empty()) {
        Some(word) => category(word)?,
        // Older apps name rules only.
        None if !broken.is_empty() => Category::Violation,
        None => Category::Other,
    };
    let new = NewReport {
        reporter: own,
        target: params.require("account_id")?.parse::<u64>().map_err(|_| Error::NotFound)?.into(),
        category,
        comment: params.str("comment").unwrap_or_default().to_owned(),
        rules: if category == Category::Violation { broken } else { Vec::new() },
        statuses: params.ids("status_ids"),
        forward: if params.bool("forward") == Some(true) { Forward::Yes } else { Forward::No },
    };
    let made = server.write(move |tx| report::create(tx, &new)).await?;
    draw(&server, Some(own), move |context| context.report(&report::find(context.read, made)?)).await.map(Json)
}

/// A category by its word.
pub(super) fn category(word: &str) -> Result<Category> {
    report::category_named(word).ok_or_else(|| {
        let why = format!("{:?} is not other, spam, violation or legal", excerpt(word));
        Error::invalid("category", why)
    })
}

/// `rule_ids[]`; what is no number names no rule.
pub(super) fn rules(params: &Map) -> Vec<u32> {
    params.texts("rule_ids").into_iter().filter_map(|number| number.parse().ok()).collect()
}

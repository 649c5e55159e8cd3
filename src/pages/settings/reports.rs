//! What became of one's own reports, as far as whoever made them may know.

use super::super::draw::{Found, draw};
use crate::{
    clock,
    error::Result,
    http::visit::Member,
    limits,
    moderation::report::{self, Fate, category_name},
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::account;
use web::page::settings::reports::{self as page, Report, State as Shown};

/// `GET /settings/reports`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let mut reports = Vec::new();
        for report in report::of_reporter(context.read, own)?.0 {
            let fate = report::fate(context.read, &report)?;
            let account = account::find(context.read, report.target)?;
            reports.push(Report {
                handle: account.map(|account| match account.domain {
                    Some(domain) => format!("{}@{domain}", account.username),
                    None => account.username,
                }),
                category: category_name(report.category),
                comment: report.comment,
                posts: report.statuses.len() as u64,
                forwarded: report.forwarded,
                at: clock::iso(report.created_at),
                closed: report.resolved.map(|resolved| clock::iso(resolved.at)),
                state: match fate {
                    Fate::Open => Shown::Open,
                    Fate::Closed => Shown::Closed,
                    Fate::Acted => Shown::Acted,
                    Fate::Since => Shown::Since,
                },
            });
        }
        Ok(Found::Page(page::reports(site, &reports, limits::OWN_REPORTS_LOOKED as u64)))
    })
    .await
}

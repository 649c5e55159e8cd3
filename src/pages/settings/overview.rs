//! All sections at a glance.

use super::super::draw::{Found, draw};
use crate::{
    error::Result,
    http::visit::Member,
    moderation::{self, Power, newcomer, report, strike},
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::user;
use web::page::settings::{self, Staff};

/// `GET /settings`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let email = user::find(context.read, own)?.map(|user| user.email).filter(|email| !email.is_empty());
        let decides = moderation::require(context.read, own, Power::ManageAppeals).is_ok();
        let appeals =
            decides.then(|| strike::waiting(context.read, own)).transpose()?.map(|waiting| waiting.len() as u64);
        let emoji = moderation::require(context.read, own, Power::ManageCustomEmoji).is_ok();
        let relays = moderation::require(context.read, own, Power::ManageFederation).is_ok();
        let lets_in = moderation::require(context.read, own, Power::ManageUsers).is_ok();
        let waiting = lets_in.then(|| newcomer::waiting(context.read)).transpose()?.map(|waiting| waiting as u64);
        let works = moderation::require(context.read, own, Power::ManageReports).is_ok();
        let reports = works.then(|| report::open(context.read)).transpose()?.map(|open| open as u64);
        let staff = Staff { waiting, reports, appeals, emoji, relays };
        Ok(Found::Page(settings::overview(site, email.as_deref(), staff)))
    })
    .await
}

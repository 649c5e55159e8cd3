//! Notifications: all, those that name one, and what waits for a word: people who ask to follow, strangers kept aside.

use super::{
    draw::{Found, draw},
    neighbours::{Part, Place},
};
use crate::{
    error::Result,
    http::{
        Params,
        visit::{Form, Member, gone},
    },
    limits,
    notification::{self, Filter, GROUPED},
    relationship,
    server::Server,
    timeline::Window,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, Bounds, Direction, Read,
    marker::{self, MARKERS},
    notification::NotificationKind,
    user,
};
use web::page::{
    confirm::{self, Confirm},
    notifications::{self as page, Notifications, Requests, Tab},
};

/// The marker of how far one has read, which apps share (client API, markers).
const MARKER: &str = "notifications";

/// `GET /notifications`
pub(super) async fn all(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member, &params, Tab::All, Filter::default()).await
}

/// `GET /notifications/mentions`
pub(super) async fn mentions(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let kinds = vec![NotificationKind::Mention, NotificationKind::Quote];
    show(&server, &member, &params, Tab::Mentions, Filter { kinds: Some(kinds), ..Filter::default() }).await
}

/// `GET /notifications/moderation`: what moderators decided, and what those who look after the server are told.
pub(super) async fn moderation(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let kinds = vec![NotificationKind::ModerationWarning, NotificationKind::AdminReport, NotificationKind::AdminSignUp];
    show(&server, &member, &params, Tab::Moderation, Filter { kinds: Some(kinds), ..Filter::default() }).await
}

async fn show(server: &Server, member: &Member, params: &Params, tab: Tab, filter: Filter) -> Result<Response> {
    let (own, place) = (member.account, Place::of(params));
    draw(server, &member.visit, move |context, site| {
        let found = place.list(|window| groups(context.read, own, &filter, window))?;
        let marker = MARKERS.get(context.read, &(own, MARKER.to_owned()))?;
        let page = Notifications {
            tab,
            groups: &context.groups(&found.rows)?,
            read_upto: marker.and_then(|marker| marker.last_read_id.parse().ok()),
            newest: found.newest.filter(|_| place.is_first()),
            waiting: &waiting(context.read, &found.rows)?,
            pager: found.pager(),
        };
        Ok(Found::Page(page::notifications(site, &page)))
    })
    .await
}

fn groups(read: &dyn Read, own: AccountId, filter: &Filter, window: Window) -> Result<Part<notification::Group>> {
    let place = (window.bounds, window.direction);
    let found = notification::grouped(read, own, filter, &GROUPED, place, window.limit)?;
    Ok((found.groups, found.examined.map(|(newest, oldest)| (newest.0, oldest.0))))
}

/// Those who signed up and are not let in yet: nobody sees a profile of theirs.
fn waiting(read: &dyn Read, groups: &[notification::Group]) -> Result<Vec<String>> {
    let mut waiting = Vec::new();
    for group in groups.iter().filter(|group| group.kind == NotificationKind::AdminSignUp) {
        for who in &group.sample {
            if user::is_waiting(read, *who)? {
                waiting.push(who.to_string());
            }
        }
    }
    Ok(waiting)
}

/// `POST /notifications/read`: everything up to `upto` was read.
pub(super) async fn read(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    if let Ok(upto) = form.text("upto").parse::<u64>() {
        server.write(move |tx| Ok(marker::put(tx, own, MARKER, &upto.to_string())?)).await?;
    }
    form.back(&server, "notice-read")
}

/// `GET /notifications/clear`
pub(super) async fn ask_clear(State(server): State<Server>, member: Member) -> Result<Response> {
    draw(&server, &member.visit, move |_, site| {
        let page = Confirm {
            title: "clear-title",
            says: "clear-says",
            about: None,
            action: "/notifications/clear",
            buttons: &[("clear", "notifications-clear")],
        };
        Ok(Found::Page(confirm::confirm(site, &page)))
    })
    .await
}

/// `POST /notifications/clear`: none of those there are is shown any more.
pub(super) async fn clear(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    server.write(move |tx| notification::clear(tx, own)).await?;
    gone(&server, "/notifications", "notice-cleared")
}

/// `GET /notifications/requests`
pub(super) async fn requests(State(server): State<Server>, member: Member) -> Result<Response> {
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let most = limits::NOTIFICATIONS_PAGE;
        let rows = relationship::requests(context.read, own, Bounds::NONE, Direction::Descending, most)?;
        let (following, _) = context.people(&rows)?;
        let found = notification::requests(context.read, own, Bounds::NONE, Direction::Descending, most)?;
        let filtered = found.rows.iter().map(|(at, request)| context.notification_request(own, *at, request));
        let page = Requests { following: &following, filtered: &filtered.collect::<Result<Vec<_>>>()? };
        Ok(Found::Page(page::requests(site, &page)))
    })
    .await
}

/// `GET /follow_requests`
pub(super) async fn follow_requests(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place) = (member.account, Place::of(&params));
    draw(&server, &member.visit, move |context, site| {
        let look = |window: Window| {
            let rows = relationship::requests(context.read, own, window.bounds, window.direction, window.limit)?;
            let (people, examined) = context.people(&rows)?;
            Ok((people, examined.map(|(newest, oldest)| (newest.0, oldest.0))))
        };
        let found = place.list(look)?;
        Ok(Found::Page(page::follow_requests(site, &found.rows, found.pager())))
    })
    .await
}

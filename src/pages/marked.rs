//! What one marked: bookmarks and favourites.

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
    limits,
    server::Server,
    status::{self, Marked},
    timeline::Window,
};
use axum::{extract::State, response::Response};
use storage::{AccountId, Read, StatusId, Tx};
use web::page::listed::{self, Listed};

/// A rule that lists what somebody marked.
type What = fn(&dyn Read, AccountId, Window) -> Result<Marked>;

/// One of the two lists.
#[derive(Clone, Copy)]
struct Kind {
    list: What,
    remove: fn(&mut Tx<'_>, AccountId, StatusId) -> Result<storage::status::Status>,
    path: &'static str,
    title: &'static str,
    empty: &'static str,
}

const BOOKMARKS: Kind = Kind {
    list: status::bookmarks,
    remove: status::unbookmark,
    path: "/bookmarks",
    title: "nav-bookmarks",
    empty: "bookmarks-empty",
};
const FAVOURITES: Kind = Kind {
    list: status::favourites,
    remove: status::unfavourite,
    path: "/favourites",
    title: "nav-favourites",
    empty: "favourites-empty",
};

/// `GET /bookmarks`, with `edit` as rows with ticks
pub(super) async fn bookmarks(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member, &params, BOOKMARKS).await
}

/// `GET /favourites`, with `edit` as rows with ticks
pub(super) async fn favourites(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    show(&server, &member, &params, FAVOURITES).await
}

/// `POST /bookmarks`: takes those that are ticked off the list.
pub(super) async fn remove_bookmarks(State(server): State<Server>, form: Form) -> Result<Response> {
    remove(&server, &form, BOOKMARKS).await
}

/// `POST /favourites`
pub(super) async fn remove_favourites(State(server): State<Server>, form: Form) -> Result<Response> {
    remove(&server, &form, FAVOURITES).await
}

async fn remove(server: &Server, form: &Form, kind: Kind) -> Result<Response> {
    let ids: Vec<StatusId> = form.params.ids("status_ids");
    if ids.len() > limits::TIMELINE_PAGE.1 {
        let why = format!("{} posts are ticked; at most {}", ids.len(), limits::TIMELINE_PAGE.1);
        return Err(Error::invalid("status_ids", why));
    }
    for id in ids {
        let (own, rule) = (form.account, kind.remove);
        match server.write(move |tx| rule(tx, own, id)).await {
            // Gone already, with its post perhaps.
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    gone(server, &format!("{}?edit=true", kind.path), "notice-marks-removed")
}

async fn show(server: &Server, member: &Member, params: &Params, kind: Kind) -> Result<Response> {
    let (own, place) = (member.account, Place::of(params));
    let edits = params.bool("edit") == Some(true);
    draw(server, &member.visit, move |context, site| {
        let mut found = place.list(|window| {
            let Marked { statuses, examined } = (kind.list)(context.read, own, window)?;
            Ok((statuses, examined))
        })?;
        for page in [&mut found.newer, &mut found.older].into_iter().flatten().filter(|_| edits) {
            let mark = if page.contains('?') { '&' } else { '?' };
            page.push(mark);
            page.push_str("edit=true");
        }
        let page = Listed {
            title: &site.words.say(kind.title),
            empty: kind.empty,
            path: kind.path,
            statuses: &context.statuses(&found.rows)?,
            pager: found.pager(),
        };
        Ok(Found::Page(if edits { listed::ticked(site, &page) } else { listed::listed(site, &page) }))
    })
    .await
}

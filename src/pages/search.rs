//! Search: people, posts and tags by words and operators; what stands at a pasted address or behind a whole handle.

use super::draw::{Found, draw};
use crate::{
    error::{Error, Result},
    http::{
        Params,
        visit::{Form, Member},
    },
    intake::search::{Asked, Kind, search_telling},
    limits,
    present::Context,
    search as rules,
    server::Server,
    timeline::Window,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use storage::{AccountId, Bounds, Direction, RowId, Tx};
use web::page::search::{self as page, Search};

/// `GET /search?q=…&type=…&offset=…`
pub(super) async fn show(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let typed = params.str("q").unwrap_or_default().trim().to_owned();
    let word = params.str("type").unwrap_or_default().to_owned();
    let (limit, _) = limits::SEARCH_PAGE;
    let paging = params.paging(limit, limit);
    let kind = match word.as_str() {
        "accounts" => Kind::Accounts,
        "hashtags" => Kind::Hashtags,
        "statuses" | "links" => Kind::Statuses,
        _ => Kind::All,
    };
    let asked = Asked {
        // The text is cut at its end where it has more conditions than are looked at.
        text: if word == "links" { format!("has:link {typed}") } else { typed.clone() },
        kind,
        resolve: true,
        following: false,
        account: None,
        // One more than is shown: where there is none, nothing leads on.
        window: Window { bounds: Bounds::NONE, direction: Direction::Descending, limit: limit + 1 },
        offset: paging.offset,
    };
    let outcome = match typed.is_empty() {
        true => Ok(None),
        false => search_telling(&server, Some(member.account), asked).await.map(Some),
    };
    let words = member.visit.words;
    let (mut found, problem) = match outcome {
        Ok(None) => (None, None),
        Ok(Some((found, silent))) => {
            // What was found without it needs no word of it.
            let silent = silent.filter(|_| is_empty(&found));
            let problem = silent.map(|host| words.with("search-no-answer", &[("host", host.as_str())]).into_owned());
            (Some(found), problem)
        }
        Err(Error::Invalid { why, .. }) => (None, Some(why)),
        Err(Error::Storage(error)) => {
            tracing::warn!(%error, "a search failed");
            (None, Some(words.say("search-unavailable").into_owned()))
        }
        Err(error) => return Err(error),
    };
    if let Some(place) = found.as_ref().and_then(|found| only(&typed, found)) {
        return Ok(Redirect::to(&place).into_response());
    }
    let goes_on = found.as_mut().is_some_and(|found| cut(found, kind, limit));
    let own = member.account;
    draw(&server, &member.visit, move |context, site| {
        let next = paging.offset.saturating_add(limit);
        // Where all kinds are shown, what goes on is posts.
        let going_on = if kind == Kind::All { "statuses" } else { word.as_str() };
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", typed.as_str()), ("type", going_on), ("offset", &next.to_string())])
            .finish();
        let more = goes_on.then(|| format!("/search?{query}"));
        let page = Search {
            typed: &typed,
            kind: page::Kind::named(&word),
            found: found.as_ref(),
            more: more.as_deref(),
            problem: problem.as_deref(),
            saved: &kept(context, own)?,
        };
        Ok(Found::Page(page::search(site, &page)))
    })
    .await
}

/// The searches that `own` keeps, as pages show them.
pub(super) fn kept(context: &Context<'_>, own: AccountId) -> Result<Vec<page::Saved>> {
    let rows = rules::saved(context.read, own)?.into_iter();
    let drawn =
        rows.map(|(id, row)| page::Saved { id: id.to_string(), name: row.name, text: row.text, kind: row.kind });
    Ok(drawn.collect())
}

/// `POST /search/saved`: keeps a search.
pub(super) async fn save(State(server): State<Server>, form: Form) -> Result<Response> {
    let (own, name, text) = (form.account, form.text("name").to_owned(), form.text("q").to_owned());
    // A kind that is none means all of them.
    let kind = page::Kind::named(form.text("type")).word();
    server.write(move |tx| rules::save(tx, own, &name, &text, kind).map(drop)).await?;
    form.back(&server, "notice-search-saved")
}

/// `POST /search/saved/ID/remove`
pub(super) async fn forget(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, id.parse().map(RowId).map_err(|_| Error::NotFound)?);
    let forget = move |tx: &mut Tx<'_>| {
        rules::forget(tx, own, id);
        Ok(())
    };
    server.write(forget).await?;
    form.back(&server, "notice-search-forgotten")
}

/// Leaves `limit` of each kind; answers whether there was more of what goes on.
fn cut(found: &mut web::entity::Search, kind: Kind, limit: usize) -> bool {
    let more = of_kind(found, kind) > limit;
    found.accounts.truncate(limit);
    found.hashtags.truncate(limit);
    found.statuses.truncate(limit);
    more
}

fn of_kind(found: &web::entity::Search, kind: Kind) -> usize {
    match kind {
        Kind::Accounts => found.accounts.len(),
        Kind::Hashtags => found.hashtags.len(),
        Kind::Statuses | Kind::All => found.statuses.len(),
    }
}

fn is_empty(found: &web::entity::Search) -> bool {
    found.accounts.is_empty() && found.hashtags.is_empty() && found.statuses.is_empty()
}

/// Where a pasted address leads, if it is known what stands there.
fn only(typed: &str, found: &web::entity::Search) -> Option<String> {
    if !typed.starts_with("https://") && !typed.starts_with("http://") {
        return None;
    }
    match (found.statuses.first(), found.accounts.first()) {
        (Some(status), None) => Some(format!("/@{}/{}", status.account.acct, status.id)),
        (None, Some(account)) => Some(format!("/@{}", account.acct)),
        _ => None,
    }
}

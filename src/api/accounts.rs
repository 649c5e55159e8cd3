//! Accounts (client API, accounts).

use super::draw::{draw, id};
use crate::{
    account::{
        self, Handle,
        search::{self, Query},
        update::{self, Changes},
    },
    error::{Error, Result},
    http::{Json, Params, Viewer, WithFiles, paging::Cursors, value::Map},
    intake::{
        profile::{texts, with_pictures},
        search::resolve_handle,
    },
    limits,
    relationship::{self, Rows},
    server::Server,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, patch},
};
use std::sync::Arc;
use storage::{AccountId, Ahead, account::Account as Record, status::Visibility};
use web::entity::{CredentialAccount, SharedAccount};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/accounts", get(by_ids))
        .route("/api/v1/accounts/verify_credentials", get(verify_credentials))
        .route("/api/v1/accounts/update_credentials", patch(update_credentials))
        .route("/api/v1/accounts/lookup", get(lookup))
        .route("/api/v1/accounts/search", get(search))
        .route("/api/v1/accounts/{id}", get(show))
        .route("/api/v1/accounts/{id}/followers", get(followers))
        .route("/api/v1/accounts/{id}/following", get(following))
        .route("/api/v1/accounts/{id}/endorsements", get(endorsements))
        .route("/api/v1/accounts/{id}/identity_proofs", get(identity_proofs))
}

/// Shared because a page of entities draws each account once.
type Drawn = Arc<SharedAccount>;

async fn verify_credentials(State(server): State<Server>, viewer: Viewer) -> Result<Json<CredentialAccount>> {
    viewer.require("profile").or_else(|_| viewer.require("read:accounts"))?;
    let own = viewer.account;
    draw(&server, Some(own), move |context| context.credential_account(own)).await.map(Json)
}

async fn update_credentials(
    State(server): State<Server>,
    viewer: Viewer,
    WithFiles(params): WithFiles,
) -> Result<Json<CredentialAccount>> {
    viewer.require("write:accounts")?;
    let own = viewer.account;
    let changes = with_pictures(&server, own, &params, changes(&params)?).await?;
    server.write(move |tx| update::update(tx, own, &changes)).await?;
    draw(&server, Some(own), move |context| context.credential_account(own)).await.map(Json)
}

fn changes(params: &Map) -> Result<Changes> {
    let source = params.map("source");
    let visibility = match source.and_then(|source| source.str("privacy")).filter(|text| !text.is_empty()) {
        None => None,
        Some("public") => Some(Visibility::Public),
        Some("unlisted") => Some(Visibility::Unlisted),
        Some("private") => Some(Visibility::Private),
        Some("direct") => Some(Visibility::Direct),
        Some(other) => {
            let why = format!("{:?} is not public, unlisted or private", account::excerpt(other));
            return Err(Error::invalid("source[privacy]", why));
        }
    };
    Ok(Changes {
        visibility,
        sensitive: source.and_then(|source| source.bool("sensitive")),
        language: source
            .filter(|source| source.has("language"))
            .map(|source| source.str("language").filter(|language| !language.is_empty()).map(str::to_owned)),
        ..texts(params)
    })
}

async fn show(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(account): Path<String>,
) -> Result<Json<Drawn>> {
    let (account, viewer) = (id(&account)?, reader(viewer.as_ref(), "read:accounts")?);
    let drawn = draw(&server, viewer, move |context| {
        account::require(context.read, account)?;
        context.account(account)
    });
    drawn.await.map(Json)
}

async fn by_ids(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Json<Vec<Drawn>>> {
    let (ids, viewer) = (ids(&params)?, reader(viewer.as_ref(), "read:accounts")?);
    let drawn = draw(&server, viewer, move |context| {
        let ahead = Ahead::new(context.read);
        ahead.accounts(&ids)?;
        let context = context.over(&ahead);
        let drawn = |id: AccountId| account::require(context.read, id).and_then(|_| context.account(id));
        let known = |id: &AccountId| match drawn(*id) {
            Err(Error::NotFound) => None,
            answer => Some(answer),
        };
        ids.iter().filter_map(known).collect::<Result<Vec<_>>>()
    });
    drawn.await.map(Json)
}

async fn lookup(State(server): State<Server>, viewer: Option<Viewer>, params: Params) -> Result<Json<Drawn>> {
    let origin = server.origin();
    let handle =
        Handle::parse(params.require("acct")?, |domain| origin.is_own_domain(domain)).ok_or(Error::NotFound)?;
    let viewer = reader(viewer.as_ref(), "read:accounts")?;
    let drawn = draw(&server, viewer, move |context| {
        let found = account::lookup(context.read, &handle)?.ok_or(Error::NotFound)?;
        context.account(found.id)
    });
    drawn.await.map(Json)
}

async fn search(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Json<Vec<Drawn>>> {
    viewer.require("read:accounts")?;
    let paging = params.paging(limits::ACCOUNTS_PAGE, limits::ACCOUNTS_PAGE_MAX);
    let mut query = Query {
        text: params.require("q")?.to_owned(),
        viewer: Some(viewer.account),
        following: params.bool("following").unwrap_or(false),
        offset: paging.offset,
        limit: paging.limit,
    };
    if params.bool("resolve").unwrap_or(false)
        && query.offset == 0
        && let (Some(called), _) = resolve_handle(&server, &query.text).await?
    {
        query.text = called;
    }
    let origin = server.origin().clone();
    let drawn = draw(&server, Some(viewer.account), move |context| {
        let found = search::search(context.read, &query, |domain| origin.is_own_domain(domain))?;
        found.iter().map(|account| context.account(account.id)).collect::<Result<Vec<_>>>()
    });
    drawn.await.map(Json)
}

/// Who reads what everybody may read: a token that is given must allow it all the same.
pub(super) fn reader(viewer: Option<&Viewer>, scope: &str) -> Result<Option<AccountId>> {
    viewer.map(|viewer| viewer.require(scope).map(|()| viewer.account)).transpose()
}

/// `id[]=` or `id=`, each once.
pub(super) fn ids(params: &Map) -> Result<Vec<AccountId>> {
    let mut ids: Vec<AccountId> = params.ids("id");
    if ids.len() > limits::ACCOUNTS_BY_ID_MAX {
        let why = format!("{} ids given; at most {}", ids.len(), limits::ACCOUNTS_BY_ID_MAX);
        return Err(Error::invalid("id", why));
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

/// A list of accounts by row: `followers` or `following`.
type List =
    fn(&dyn storage::Read, &Record, Option<AccountId>, storage::Bounds, storage::Direction, usize) -> Result<Rows>;

async fn followers(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(account): Path<String>,
    params: Params,
) -> Result<Response> {
    people(&server, viewer.as_ref(), &account, &params, relationship::followers).await
}

async fn following(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(account): Path<String>,
    params: Params,
) -> Result<Response> {
    people(&server, viewer.as_ref(), &account, &params, relationship::following).await
}

async fn endorsements(
    State(server): State<Server>,
    viewer: Option<Viewer>,
    Path(account): Path<String>,
    params: Params,
) -> Result<Response> {
    people(&server, viewer.as_ref(), &account, &params, relationship::endorsements).await
}

async fn people(
    server: &Server,
    viewer: Option<&Viewer>,
    account: &str,
    params: &Params,
    list: List,
) -> Result<Response> {
    let (account, viewer) = (id::<AccountId>(account)?, reader(viewer, "read:accounts")?);
    let paging = params.paging(limits::ACCOUNTS_PAGE, limits::ACCOUNTS_PAGE_MAX);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(server, viewer, move |context| {
        let owner = account::require_shown(context.read, account)?;
        let rows = list(context.read, &owner, viewer, bounds, direction, limit)?;
        context.people(&rows)
    });
    let (people, cursors) = drawn.await?;
    let cursors = cursors.map(|(newest, oldest)| Cursors { newest: newest.0, oldest: oldest.0 });
    Ok(paging.answer(server.origin(), &people, cursors))
}

/// Proofs of other identities went with the service that gave them; Mastodon answers an empty list since.
async fn identity_proofs(
    State(server): State<Server>,
    viewer: Viewer,
    Path(wanted): Path<String>,
) -> Result<Json<[(); 0]>> {
    viewer.require("read:accounts")?;
    let wanted = id(&wanted)?;
    server.read(move |view| account::require(view, wanted).map(drop)).await?;
    Ok(Json([]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Changes> {
        let uri = format!("/api/v1/accounts/update_credentials?{query}").parse().expect("a target");
        changes(&Params::of_query(&uri).expect("parameters"))
    }

    #[test]
    fn profile_fields_are_read_in_the_shapes_apps_send() {
        let expected = Some(vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())]);
        for query in [
            "fields_attributes[0][name]=a&fields_attributes[0][value]=1&fields_attributes[1][name]=b",
            "fields_attributes[][name]=a&fields_attributes[][value]=1&fields_attributes[][name]=b",
            "fields_attributes[9][name]=b&fields_attributes[2][name]=a&fields_attributes[2][value]=1",
        ] {
            assert_eq!(read(query).expect("readable").fields, expected, "{query}");
        }
        assert_eq!(read("display_name=x").expect("readable").fields, None, "not named, not changed");
    }

    #[test]
    fn omitted_and_emptied_differ() {
        let none = read("").expect("readable");
        assert_eq!(none, Changes::default());
        let changes = read("note=&locked=false&bot=1&source[language]=&source[privacy]=unlisted").expect("readable");
        assert_eq!((changes.note.as_deref(), changes.locked, changes.bot), (Some(""), Some(false), Some(true)));
        assert_eq!((changes.language, changes.visibility), (Some(None), Some(Visibility::Unlisted)));
    }

    #[test]
    fn unknown_words_are_refused_not_ignored() {
        assert!(matches!(read("source[privacy]=everybody"), Err(Error::Invalid { .. })));
    }
}

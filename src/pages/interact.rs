//! Doing something from one's own server with what stands here; and, from the other side, with what stands elsewhere.

use super::draw::{Found, draw};
use crate::{
    account::{self, Handle},
    error::{Error, Result},
    federation::fetch::{
        self, Resolved,
        intent::{Intent, way},
    },
    http::{
        Params, answer,
        auth::is_limited,
        exchange::Client,
        rate::{Bucket, Who},
        session,
        visit::{Member, Visit},
    },
    limits,
    present::Context,
    server::Server,
    status,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use std::sync::Arc;
use storage::AccountId;
use web::{
    entity::{SharedAccount, Status},
    page::{
        interact::{self as page, Interact},
        search::{self, Search},
    },
};

/// What somebody wants to do something with: an account or a post of this server that everybody may see.
enum Thing {
    Account(Arc<SharedAccount>),
    Status(Box<Status>),
}

impl Thing {
    /// What `uri` names, an id or the address of a page.
    fn find(context: &Context<'_>, uri: &str) -> Result<Thing> {
        // What was written elsewhere is done something with there.
        if let Some(record) = status::find_by_uri(context.read, context.origin, uri)?.filter(|record| record.local) {
            let record = status::require(context.read, None, record.id)?;
            return context.status(&record).map(|status| Thing::Status(Box::new(status)));
        }
        let path = context.origin.path_of(uri).ok_or(Error::NotFound)?;
        let name = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@")).ok_or(Error::NotFound)?;
        let found = storage::account::find_by_name(context.read, name, None)?.ok_or(Error::NotFound)?;
        context.account(account::require_shown(context.read, found.id)?.id).map(Thing::Account)
    }

    fn uri(&self) -> &str {
        match self {
            Thing::Account(account) => &account.uri,
            Thing::Status(status) => &status.uri,
        }
    }

    fn intent(&self) -> Intent {
        match self {
            Thing::Account(_) => Intent::Follow,
            Thing::Status(_) => Intent::Open,
        }
    }

    /// Its page.
    fn path(&self) -> String {
        match self {
            Thing::Account(account) => format!("/@{}", account.acct),
            Thing::Status(status) => format!("/@{}/{}", status.account.acct, status.id),
        }
    }
}

/// `GET /interact?uri=…`: asks a guest for their handle; whoever is signed in does it on the page itself.
pub(super) async fn form(State(server): State<Server>, visit: Visit, params: Params) -> Result<Response> {
    let uri = params.require("uri")?.to_owned();
    show(&server, &visit, uri, String::new(), None).await
}

/// `POST /interact`: asks the server of the handle where its people do such things, and leads there. It changes nothing
/// here, so all it carries against other sites is where it came from; one address asks for few.
pub(super) async fn lead(
    State(server): State<Server>,
    Client(address): Client,
    visit: Visit,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    session::check_same_site(&server, &headers)?;
    if visit.browser.is_none() && is_limited(&server).await? {
        return Ok(Redirect::to("/auth/sign_in").into_response());
    }
    let (uri, typed) = (params.require("uri")?.to_owned(), params.str("handle").unwrap_or_default().trim().to_owned());
    let (origin, asked) = (server.origin().clone(), uri.clone());
    let thing = server.read(move |view| Thing::find(&Context::new(view, &origin, None), &asked)).await?;
    let handle = Handle::parse(&typed, |domain| server.origin().is_own_domain(domain));
    // A name alone may be of any server.
    let is_whole = typed.trim_start_matches("acct:").trim_start_matches('@').contains('@');
    if is_whole && handle.is_some_and(|handle| handle.domain.is_none()) {
        let here = url::form_urlencoded::Serializer::new(String::new()).append_pair("uri", thing.uri()).finish();
        return Ok(Redirect::to(&format!("/authorize_interaction?{here}")).into_response());
    }
    server.rates().take(Bucket::Interaction, Who::address(address), server.now())?;
    let found = way(&server, &typed, thing.intent(), thing.uri()).await;
    let key = match found {
        Ok(Some(way)) => {
            let site = answer::in_language(&server, visit.words);
            let mut response = answer::html(page::leads(&site, &way.host, &way.url));
            answer::uncached(response.headers_mut());
            return Ok(response);
        }
        Ok(None) => "interact-no-way",
        Err(Error::Invalid { .. }) => "interact-no-handle",
        Err(Error::NotFound | Error::Gone) => "interact-nobody",
        Err(Error::Remote { host, why }) => {
            tracing::debug!(%host, %why, "a server does not say where its people follow somebody");
            "interact-no-answer"
        }
        Err(error) => return Err(error),
    };
    let problem = visit.words.with(key, &[("handle", account::excerpt(&typed).as_ref())]).into_owned();
    show(&server, &visit, uri, typed, Some(problem)).await
}

async fn show(server: &Server, visit: &Visit, uri: String, typed: String, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let thing = Thing::find(context, &uri)?;
        if context.viewer.is_some() {
            return Ok(Found::Elsewhere(thing.path()));
        }
        let (account, status) = match &thing {
            Thing::Account(account) => (Some(&***account), None),
            Thing::Status(status) => (None, Some(&**status)),
        };
        let page = Interact { uri: thing.uri(), account, status, typed: &typed, problem: problem.as_deref() };
        Ok(Found::Page(page::interact(site, &page)))
    });
    Ok(answer::form_page(drawn.await?, said.as_deref()))
}

/// `GET /authorize_interaction?uri=…`: where other servers send people of this one: the page of whom or what they mean,
/// on which they follow, answer or boost. The address is an id, the address of a page, or a handle.
pub(super) async fn authorize(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let asked = ["uri", "acct", "id"].iter().find_map(|name| params.str(name)).unwrap_or_default();
    let asked = asked.trim().trim_start_matches("acct:").to_owned();
    if asked.is_empty() || asked.len() > limits::URI_BYTES_MAX {
        return missed(&server, &member, asked).await;
    }
    let found = if asked.starts_with("https://") || asked.starts_with("http://") {
        fetch::resolve_uri(&server, &asked).await
    } else {
        by_handle(&server, &asked).await.map(Resolved::Account)
    };
    let found = match found {
        Ok(found) => found,
        Err(Error::NotFound | Error::Gone | Error::Invalid { .. } | Error::Remote { .. } | Error::Forbidden(_)) => {
            return missed(&server, &member, asked).await;
        }
        Err(error) => return Err(error),
    };
    let (own, origin) = (member.account, server.origin().clone());
    let path = server.read(move |view| {
        let context = Context::new(view, &origin, Some(own));
        match found {
            Resolved::Account(id) => Ok(format!("/@{}", context.account(account::require_shown(view, id)?.id)?.acct)),
            Resolved::Status(id) => {
                let record = status::require(view, Some(own), id)?;
                Ok(format!("/@{}/{}", context.account(record.account)?.acct, record.id))
            }
        }
    });
    match path.await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(Error::NotFound) => missed(&server, &member, asked).await,
        Err(error) => Err(error),
    }
}

async fn by_handle(server: &Server, handle: &str) -> Result<AccountId> {
    let origin = server.origin().clone();
    let known = Handle::parse(handle, |domain| origin.is_own_domain(domain)).ok_or(Error::NotFound)?;
    match known.domain {
        Some(domain) => fetch::resolve_handle(server, &known.username, &domain).await,
        None => fetch::handle_anew(server, &known.username).await,
    }
}

/// The page of search with what was asked for, which says that it was not found.
async fn missed(server: &Server, member: &Member, asked: String) -> Result<Response> {
    let problem = member.visit.words.say("interact-not-found").into_owned();
    let said = problem.clone();
    let own = member.account;
    let drawn = draw(server, &member.visit, move |context, site| {
        let saved = &super::search::kept(context, own)?;
        let page = Search { typed: &asked, problem: Some(&problem), saved, ..Search::default() };
        Ok(Found::Page(search::search(site, &page)))
    });
    Ok(answer::form_page(drawn.await?, Some(&said)))
}

//! Accounts (client API, admin/accounts).

use super::{draw, paging};
use crate::{
    account::excerpt,
    api::draw::id,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer, paging::Cursors},
    moderation::{
        Power,
        account::{self, Action, Decision, Filter, Origin, Status, Users},
        newcomer,
        sign_up_block::parse_network,
    },
    server::Server,
    user::sign_up::Proof,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use storage::{AccountId, Tx, fold::fold};
use web::entity::AdminAccount;

pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/admin/accounts", get(version_1))
        .route("/api/v2/admin/accounts", get(version_2))
        .route("/api/v1/admin/accounts/{id}", get(show).delete(delete))
        .route("/api/v1/admin/accounts/{id}/action", post(action))
        .route("/api/v1/admin/accounts/{id}/approve", post(approve))
        .route("/api/v1/admin/accounts/{id}/reject", post(reject))
        .route("/api/v1/admin/accounts/{id}/enable", post(enable))
        .route("/api/v1/admin/accounts/{id}/unsilence", post(unsilence))
        .route("/api/v1/admin/accounts/{id}/unsuspend", post(unsuspend))
        .route("/api/v1/admin/accounts/{id}/unsensitive", post(unsensitive))
}

/// The first version: each property is a flag.
async fn version_1(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    let set = |name: &str| params.bool(name) == Some(true);
    let origin = match (set("local"), set("remote")) {
        (true, false) => Origin::Local,
        (false, true) => Origin::Remote,
        _ => Origin::All,
    };
    let flags = [
        ("active", Status::Active),
        ("pending", Status::Pending),
        ("disabled", Status::Disabled),
        ("silenced", Status::Silenced),
        ("suspended", Status::Suspended),
        ("sensitized", Status::Sensitized),
    ];
    let status = flags.into_iter().find(|(name, _)| set(name)).map(|(_, status)| status);
    let users = if set("staff") { Users::Staff } else { Users::All };
    list(&server, &viewer, &params, Filter { origin, status, users, ..texts(&params)? }).await
}

/// The second version: one word each.
async fn version_2(State(server): State<Server>, viewer: Viewer, params: Params) -> Result<Response> {
    let origin = match params.str("origin").unwrap_or_default() {
        "" => Origin::All,
        "local" => Origin::Local,
        "remote" => Origin::Remote,
        other => return Err(Error::invalid("origin", format!("{:?} is not local or remote", excerpt(other)))),
    };
    let status = match params.str("status").unwrap_or_default() {
        "" => None,
        "active" => Some(Status::Active),
        "pending" => Some(Status::Pending),
        "disabled" => Some(Status::Disabled),
        "silenced" => Some(Status::Silenced),
        "suspended" => Some(Status::Suspended),
        "sensitized" => Some(Status::Sensitized),
        other => return Err(Error::invalid("status", format!("{:?} is not a status", excerpt(other)))),
    };
    let users = if params.str("permissions") == Some("staff") { Users::Staff } else { Users::All };
    list(&server, &viewer, &params, Filter { origin, status, users, ..texts(&params)? }).await
}

/// What both versions call the same. What is no network is found nowhere.
fn texts(params: &Params) -> Result<Filter> {
    let given = |name: &str| params.str(name).filter(|text| !text.is_empty());
    let small = |name: &str| given(name).map(str::to_lowercase);
    let folded = |name: &str| given(name).map(|text| fold(text).collect::<String>());
    let network = given("ip").map(parse_network).transpose()?;
    Ok(Filter {
        username: folded("username"),
        display_name: folded("display_name"),
        domain: small("by_domain"),
        email: small("email"),
        network,
        ..Filter::default()
    })
}

async fn list(server: &Server, viewer: &Viewer, params: &Params, filter: Filter) -> Result<Response> {
    viewer.require("admin:read:accounts")?;
    let paging = paging(params);
    let (bounds, direction, limit) = (paging.bounds(), paging.direction(), paging.limit);
    let drawn = draw(server, viewer, Power::ManageUsers, move |context| {
        let page = account::list(context.read, &filter, bounds, direction, limit)?;
        let rows = page.rows.iter().map(|id| context.admin_account(*id)).collect::<Result<Vec<_>>>()?;
        Ok((rows, page.examined))
    });
    let (rows, examined) = drawn.await?;
    Ok(paging.answer(server.origin(), &rows, examined.map(|(newest, oldest)| Cursors { newest, oldest })))
}

async fn show(State(server): State<Server>, viewer: Viewer, Path(account): Path<String>) -> Result<Json<AdminAccount>> {
    viewer.require("admin:read:accounts")?;
    drawn(&server, &viewer, id(&account)?).await
}

async fn drawn(server: &Server, viewer: &Viewer, account: AccountId) -> Result<Json<AdminAccount>> {
    draw(server, viewer, Power::ManageUsers, move |context| context.admin_account(account)).await.map(Json)
}

async fn action(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("admin:write:accounts")?;
    let action = match params.require("type")? {
        "none" => Action::None,
        "sensitive" => Action::Sensitize,
        "disable" => Action::Disable,
        "silence" => Action::Silence,
        "suspend" => Action::Suspend,
        other => {
            let why = format!("{:?} is not none, sensitive, disable, silence or suspend", excerpt(other));
            return Err(Error::invalid("type", why));
        }
    };
    let decision = Decision {
        by: viewer.account,
        target: id(&account)?,
        action,
        why: params.str("text").unwrap_or_default().to_owned(),
        report: params.id("report_id"),
    };
    decide(&server, &viewer, decision).await?;
    Ok(answer::empty())
}

async fn enable(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    take_back(&state, &viewer, &path, Action::Enable).await
}

async fn unsilence(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    take_back(&state, &viewer, &path, Action::Unsilence).await
}

async fn unsuspend(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    take_back(&state, &viewer, &path, Action::Unsuspend).await
}

async fn unsensitive(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    take_back(&state, &viewer, &path, Action::Unsensitize).await
}

async fn take_back(server: &Server, viewer: &Viewer, account: &str, action: Action) -> Result<Json<AdminAccount>> {
    let target = id(account)?;
    let decision = Decision { by: viewer.account, target, action, why: String::new(), report: None };
    decide(server, viewer, decision).await?;
    drawn(server, viewer, target).await
}

async fn approve(
    State(server): State<Server>,
    viewer: Viewer,
    Path(account): Path<String>,
) -> Result<Json<AdminAccount>> {
    viewer.require("admin:write:accounts")?;
    let (by, target) = (viewer.account, id(&account)?);
    let proof = if server.config().mail.is_some() { Proof::ByMail } else { Proof::None };
    server.write(move |tx| newcomer::approve(tx, by, target, proof)).await?;
    server.access_cache().clear();
    drawn(&server, &viewer, target).await
}

async fn reject(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    removed(&state, &viewer, &path, newcomer::reject).await
}

async fn delete(state: State<Server>, viewer: Viewer, path: Path<String>) -> Result<Json<AdminAccount>> {
    removed(&state, &viewer, &path, account::delete).await
}

/// A rule by somebody that leaves nothing of an account.
type Rule = fn(&mut Tx<'_>, AccountId, AccountId) -> Result<()>;

/// Carries a rule out and answers the account as it was.
async fn removed(server: &Server, viewer: &Viewer, account: &str, rule: Rule) -> Result<Json<AdminAccount>> {
    viewer.require("admin:write:accounts")?;
    let (by, target) = (viewer.account, id(account)?);
    let before = drawn(server, viewer, target).await?;
    server.write(move |tx| rule(tx, by, target)).await?;
    server.access_cache().clear();
    Ok(before)
}

/// Carries out a decision; from its answer on no token, session or stream of the account holds.
async fn decide(server: &Server, viewer: &Viewer, decision: Decision) -> Result<()> {
    viewer.require("admin:write:accounts")?;
    server.write(move |tx| account::act(tx, &decision)).await?;
    server.access_cache().clear();
    Ok(())
}

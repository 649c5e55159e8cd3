//! The list of servers to block that the owner brought: what it would do, and whether it is to be done.

use super::{
    draw::{Found, draw},
    people_step::require_owner,
};
use crate::{
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, Member, Visit, gone},
    },
    moderation::block_list::{self, Outlook, Reach},
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, RowId, Tx,
    block_list::{BlockList, ListSource, ListState},
    moderation::Severity,
};
use web::{
    layout::Site,
    page::{
        block_list::{self as page, Affected, Looked, Numbers, Shown},
        compose::BEGIN,
    },
};

/// `GET /first-run/blocks`
pub(super) async fn show(State(server): State<Server>, member: Member) -> Result<Response> {
    drawn(&server, &member.visit, member.account, None).await
}

/// `POST /first-run/blocks`
pub(super) async fn decide(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let id: RowId = form.params.id("list").ok_or(Error::NotFound)?;
    let apply = form.text("decision") == "apply";
    let strength = block_list::strength_named(form.text("strength"));
    let spared: Vec<String> = form.params.texts("spare").into_iter().map(str::to_owned).collect();
    let rule = move |tx: &mut Tx<'_>| {
        require_owner(tx, own)?;
        if !apply {
            return block_list::forget(tx, own, id);
        }
        let unsaid = || Error::invalid("block_list", "say how much of the list is to be taken");
        block_list::apply(tx, own, id, strength.ok_or_else(unsaid)?, &spared)
    };
    match server.write(rule).await {
        Ok(()) if apply => gone(&server, BEGIN, "notice-blocks-come"),
        Ok(()) => gone(&server, BEGIN, "notice-begun"),
        Err(Error::Invalid { why, .. }) => drawn(&server, &form.visit, own, Some(why)).await,
        Err(error) => Err(error),
    }
}

async fn drawn(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let (origin, said) = (server.origin().clone(), problem.clone());
    let shown = draw(server, visit, move |context, site| {
        require_owner(context.read, own)?;
        let Some((id, list)) = block_list::last(context.read, own)? else {
            return Ok(Found::Elsewhere("/first-run/people".to_owned()));
        };
        let page = match (&list.state, &list.source) {
            (ListState::Reading, ListSource::Server(server)) => page::block_list(site, &Shown::Reading { server }),
            (ListState::Failed(why), _) => page::block_list(site, &Shown::Failed { why }),
            (ListState::Read, _) => {
                let outlook = block_list::outlook(context.read, &origin, own, id)?;
                looked(site, id, &list, &outlook, problem.as_deref())
            }
            (ListState::Reading | ListState::Applying | ListState::Ended, _) => {
                return Ok(Found::Elsewhere("/home".to_owned()));
            }
        };
        Ok(Found::Page(page))
    });
    shown.await.map(|response| answer::form_page(response, said.as_deref()))
}

fn looked(site: &Site<'_>, id: RowId, list: &BlockList, outlook: &Outlook, problem: Option<&str>) -> String {
    let affected: Vec<_> = outlook
        .affected
        .iter()
        .map(|one| Affected { domain: &one.domain, suspended: one.severity == Severity::Suspend, people: one.people })
        .collect();
    let (ListSource::File(source) | ListSource::Server(source)) = &list.source;
    let looked = Looked {
        id: &id.to_string(),
        source,
        strength: block_list::strength_name(list.strength),
        light: numbers(outlook.light),
        careful: numbers(outlook.careful),
        known: outlook.known,
        unread: list.unread,
        affected: &affected,
        cut: outlook.cut,
        waits: outlook.waits,
        problem,
    };
    page::block_list(site, &Shown::Looked(&looked))
}

fn numbers(reach: Reach) -> Numbers {
    Numbers { suspended: reach.suspended, silenced: reach.silenced, refused: reach.refused }
}

//! Messages: conversations of people named, apart from timelines; what was said in one, answering it, and searching in all
//! of them.

use super::{
    compose::{self, refusal},
    draw::{Found, draw},
    neighbours::Place,
    number,
};
use crate::{
    error::{Error, Result},
    http::{
        Params, answer,
        visit::{FileForm, Form, KeptForm, Member, Visit, gone},
    },
    intake::status::compose_text,
    limits,
    media::Wanted,
    origin::Origin,
    present::Context,
    search,
    server::Server,
    status::{self, Created, NewStatus},
    text::{self, Entity, EntityKind},
    timeline::{self, Window},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use storage::{
    AccountId, Bounds, RowId, StatusId,
    account::{self, Account},
    search::Index,
    status::{ContentType, Visibility},
};
use web::page::{
    Pager,
    messages::{self, Hit, Messages, Talk},
};

/// `GET /messages?q=…`
pub(super) async fn list(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, place, index) = (member.account, Place::of(&params), server.search().clone());
    let typed = params.str("q").unwrap_or_default().trim().to_owned();
    let unavailable = member.visit.words.say("search-unavailable");
    draw(&server, &member.visit, move |context, site| {
        let (found, problem) = match hits(context, &index, own, &typed) {
            Ok(found) => (found, None),
            Err(Error::Invalid { why, .. }) => (None, Some(why)),
            Err(Error::Storage(error)) => {
                tracing::warn!(%error, "messages could not be searched");
                (None, Some(unavailable.into_owned()))
            }
            Err(error) => return Err(error),
        };
        let listed = place.list(|window| {
            let found = status::conversations(context.read, own, window)?;
            Ok((found.rows, found.examined))
        })?;
        let drawn = listed.rows.iter().map(|(id, known, last)| context.conversation(*id, known, Some(last)));
        let page = Messages {
            conversations: &drawn.collect::<Result<Vec<_>>>()?,
            pager: listed.pager(),
            typed: &typed,
            found: found.as_deref(),
            problem: problem.as_deref(),
        };
        Ok(Found::Page(messages::messages(site, &page)))
    })
    .await
}

/// The messages of `own` that match, newest first, at most a page of them; `None` if nothing was asked.
fn hits(context: &Context<'_>, index: &Index, own: AccountId, typed: &str) -> Result<Option<Vec<Hit>>> {
    if typed.is_empty() {
        return Ok(None);
    }
    if typed.len() > limits::SEARCH_TEXT_BYTES_MAX {
        let why = format!("this search has {} bytes; at most {}", typed.len(), limits::SEARCH_TEXT_BYTES_MAX);
        return Err(Error::invalid("q", why));
    }
    let wanted = search::Search {
        text: typed.to_owned(),
        viewer: own,
        account: None,
        window: Window::newest(limits::SEARCH_PAGE.1),
        offset: 0,
        zone: search::zone_of(context.read, own)?,
    };
    let found = search::messages(context.read, index, &wanted, |domain| context.origin.is_own_domain(domain))?;
    let mut hits = Vec::with_capacity(found.len());
    for record in found {
        let status = context.status(&record)?;
        let path = match status::conversation_of(context.read, own, record.id)? {
            Some(id) => format!("/messages/{id}?max_id={}", record.id.0.saturating_add(1)),
            None => format!("/@{}/{}", status.account.acct, record.id),
        };
        hits.push(Hit { status, path });
    }
    Ok(Some(hits))
}

/// `GET /messages/ID`
pub(super) async fn show(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
    params: Params,
) -> Result<Response> {
    let talked = Talked { own: member.account, id: number(&id)?, typed: String::new(), problem: None };
    talk(&server, &member.visit, Place::of(&params), talked).await
}

/// A conversation, and what was to be said in it.
struct Talked {
    own: AccountId,
    id: RowId,
    typed: String,
    problem: Option<String>,
}

async fn talk(server: &Server, visit: &Visit, place: Place, talked: Talked) -> Result<Response> {
    let (key, said) = (server.secret(), talked.problem.clone());
    let drawn = draw(server, visit, move |context, site| {
        let Talked { own, id, typed, problem } = talked;
        let (known, last) = status::conversation(context.read, own, id)?;
        let placed = place.read(|window| {
            // What is newer than its end is of other conversations.
            let below = window.bounds.below.unwrap_or_else(|| known.last.0.saturating_add(1));
            let bounds = Bounds { below: Some(below), ..window.bounds };
            timeline::conversation(context.read, own, id, Window { bounds, ..window })
        })?;
        let mut statuses = context.statuses(&placed.page.statuses)?;
        statuses.reverse();
        let page = Talk {
            conversation: &context.conversation(id, &known, last.as_ref())?,
            statuses: &statuses,
            newest: place.is_first(),
            pager: Pager { newer: placed.newer.as_deref(), older: placed.older.as_deref() },
            key: &key,
            typed: &typed,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(messages::talk(site, &page)))
    });
    Ok(answer::form_page(drawn.await?, said.as_deref()))
}

/// `POST /messages/ID`: an answer to its newest message, to everybody in it. Whatever is refused, what was typed comes back.
pub(super) async fn answer(State(server): State<Server>, Path(id): Path<String>, sent: KeptForm) -> Result<Response> {
    let id = number(&id)?;
    let form = match sent {
        KeptForm::Accepted(FileForm { form, .. }) => form,
        KeptForm::Over { visit, params } => return over(&server, &visit, id, &params).await,
    };
    let typed = form.params.str("status").unwrap_or_default().to_owned();
    let error = match send(&server, &form, id, &typed).await {
        Ok(conversation) => return gone(&server, &format!("/messages/{conversation}"), "notice-posted"),
        Err(error) => error,
    };
    let refusal = refusal(&form.visit, error)?;
    let talked = Talked { own: form.account, id, typed: typed.clone(), problem: Some(refusal.says.clone()) };
    match talk(&server, &form.visit, Place::at(&format!("/messages/{id}")), talked).await {
        Ok(page) => Ok(refusal.answer(page)),
        Err(Error::NotFound) => {
            let message = compose::message(form.text("to"), &typed, form.text("last"));
            Ok(refusal.answer(compose::given_back(&server, &form.visit, message, refusal.says.clone()).await?))
        }
        // The words are worth more than the page around them.
        Err(_) => Ok(answer::keeping(&server, form.visit.words, &typed)),
    }
}

/// What was typed while the session it was typed in ended: below the conversation for whoever is in it, else as a message
/// to the same people.
async fn over(server: &Server, visit: &Visit, id: RowId, params: &Params) -> Result<Response> {
    let text = |key: &str| params.str(key).unwrap_or_default();
    if let Some(own) = visit.account() {
        let problem = Some(visit.words.say("compose-session-new").into_owned());
        let talked = Talked { own, id, typed: text("status").to_owned(), problem };
        match talk(server, visit, Place::at(&format!("/messages/{id}")), talked).await {
            Err(Error::NotFound) => {}
            shown => return shown,
        }
    }
    compose::over(server, visit, compose::message(text("to"), text("status"), text("last"))).await
}

/// Whether it names this account.
fn is_about(origin: &Origin, entity: &Entity, account: &Account) -> bool {
    let EntityKind::Mention { username, domain } = &entity.kind else { return false };
    let elsewhere = domain.as_deref().filter(|domain| !origin.is_own_domain(domain));
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    same(username, &account.username)
        && match (elsewhere, account.domain.as_deref()) {
            (None, None) => true,
            (Some(one), Some(other)) => same(one, other),
            (None, Some(_)) | (Some(_), None) => false,
        }
}

/// Sends it; the conversation it is in, which is another if it names more people.
async fn send(server: &Server, form: &Form, id: RowId, typed: &str) -> Result<RowId> {
    let (own, typed) = (form.account, typed.trim());
    if typed.is_empty() {
        return Err(Error::invalid("status", "status text can't be blank"));
    }
    let (origin, already) = (server.origin().clone(), text::entities(typed));
    let to = server.read(move |view| {
        let (known, last) = status::conversation(view, own, id)?;
        let mut named = String::new();
        for other in known.others {
            if let Some(account) = account::find(view, other)?.filter(|account| account.suspended_at.is_none())
                && !already.iter().any(|entity| is_about(&origin, entity, &account))
            {
                named.push_str(&format!("@{} ", account.acct()));
            }
        }
        Ok((named, last.map(|last| last.id)))
    });
    let (named, last): (String, Option<StatusId>) = to.await?;
    let (composed, spoiler_text) = compose_text(server, &format!("{named}{typed}"), "", ContentType::default()).await?;
    let new = NewStatus {
        author: own,
        composed,
        spoiler_text,
        media: Wanted::default(),
        sensitive: None,
        language: None,
        visibility: Some(Visibility::Direct),
        in_reply_to: last,
        poll: None,
        quoted: None,
        quote_policy: None,
        interaction_policy: None,
        application: None,
        idempotency_key: Some(form.text("key").to_owned())
            .filter(|key| !key.is_empty() && key.len() <= limits::IDEMPOTENCY_KEY_BYTES_MAX),
        scheduled_at: None,
        local_only: None,
    };
    let sent = server.write(move |tx| {
        let made = match status::create(tx, &new)? {
            Created::Fresh(made) | Created::Repeated(made) => made,
            Created::Scheduled(..) => return Err(Error::Bug("an answer was put off".to_owned())),
        };
        let now_in = status::conversation_of(tx, own, made.id)?.unwrap_or(id);
        if now_in == id {
            status::read_conversation(tx, own, id)?;
        }
        Ok(now_in)
    });
    sent.await
}

/// `POST /messages/ID/open`: reads it, and leads to it.
pub(super) async fn open(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, number(&id)?);
    server.write(move |tx| status::read_conversation(tx, own, id)).await?;
    Ok(Redirect::to(&format!("/messages/{id}")).into_response())
}

/// `POST /messages/ID/delete`: takes it from the list.
pub(super) async fn remove(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id) = (form.account, number(&id)?);
    server.write(move |tx| status::remove_conversation(tx, own, id)).await?;
    gone(&server, "/messages", "notice-conversation-removed")
}

//! What the buttons of the form do: post, look first, keep for later, add a picture, take one away; and deleting.

use super::{
    super::draw::zone,
    Said,
    begin::edited,
    kept, over, show, thread,
    typed::{self, poll},
};
use crate::{
    draft,
    error::{Error, Result},
    http::{
        Params,
        value::Map,
        visit::{FileForm, Form, KeptForm, Visit, gone},
    },
    intake::{
        media::{accept, ended},
        status::{compose, compose_text, quote_policy, visibility, wanted},
    },
    limits,
    media::{Fate, Words},
    origin::Origin,
    present::Context,
    server::Server,
    status::{self, Change, Composed, Created, NewStatus},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{
    AccountId, RowId, StatusId, Timestamp, Tx, account,
    interaction::{InteractionPolicy, Rule},
    quote::Groups,
    reminder::{self, Undescribed},
    status::ContentType,
};
use web::{
    page::compose::{Typed, TypedMedia},
    zone::Zone,
};

/// `POST /compose`
pub(super) async fn send(State(server): State<Server>, sent: KeptForm) -> Result<Response> {
    let FileForm { form, file } = match sent {
        KeptForm::Accepted(form) => form,
        KeptForm::Over { visit, params } => return over(&server, &visit, typed::read(&params)).await,
    };
    let mut typed = typed::read(&form.params);
    if typed.key.is_empty() {
        typed.key = server.secret();
    }
    let file = file.filter(|(_, incoming)| incoming.bytes() > 0);
    if file.is_some() {
        match attached(&server, form.account, file).await {
            Ok(medium) => typed.media.push(medium),
            Err(error) => return kept(&server, &form.visit, typed, error).await,
        }
    }
    if let Some(removed) = form.params.str("remove") {
        typed.media.retain(|medium| medium.id != removed);
        return show(&server, &form.visit, typed, Said::default()).await;
    }
    match form.params.str("do") {
        Some("post") => {
            if let Some(said) = undescribed(&server, &form, &typed).await? {
                return show(&server, &form.visit, typed, said).await;
            }
            let outcome = if typed.edits.is_empty() {
                publish(&server, &form, &typed).await
            } else {
                edit(&server, &form, &typed).await
            };
            match outcome {
                Ok(response) => Ok(response),
                Err(error) => kept(&server, &form.visit, typed, error).await,
            }
        }
        Some("preview") => preview(&server, &form.visit, &form.params, typed).await,
        Some("draft") => match keep(&server, form.account, &typed).await {
            Ok(_) => gone(&server, "/drafts", "notice-draft-kept"),
            Err(error) => kept(&server, &form.visit, typed, error).await,
        },
        _ => show(&server, &form.visit, typed, Said::default()).await,
    }
}

/// What is said instead of posting pictures that nobody described, as whoever writes has chosen; asked once, they may say
/// that it is meant so.
async fn undescribed(server: &Server, form: &Form, typed: &Typed) -> Result<Option<Said>> {
    if typed.media.iter().all(|medium| !medium.description.trim().is_empty()) {
        return Ok(None);
    }
    let own = form.account;
    let chosen = server.read(move |view| Ok(reminder::of(view, own)?.undescribed)).await?;
    let (key, asked) = match chosen {
        Undescribed::Post => return Ok(None),
        Undescribed::Ask if form.params.bool("undescribed") == Some(true) => return Ok(None),
        Undescribed::Ask => ("compose-undescribed", true),
        Undescribed::Refuse => ("compose-undescribed-refused", false),
    };
    Ok(Some(Said { problem: Some(form.visit.words.say(key).into_owned()), asked, ..Said::default() }))
}

/// Takes a picture in and waits a moment until it can be shown.
async fn attached(server: &Server, own: AccountId, file: Option<(u64, storage::blob::Incoming)>) -> Result<TypedMedia> {
    let events = server.events();
    let medium = accept(server, own, file, Words::default()).await?;
    ended(server, events, medium.id, limits::MEDIA_WAIT_MS).await;
    Ok(TypedMedia { id: medium.id.to_string(), ..TypedMedia::default() })
}

async fn composed(server: &Server, params: &Map) -> Result<(Composed, String)> {
    compose(server, params, ContentType::default()).await
}

async fn publish(server: &Server, form: &Form, typed: &Typed) -> Result<Response> {
    let own = form.account;
    if let Some(parts) = thread::parts(&form.visit, typed)?.filter(|parts| parts.len() > 1) {
        return thread::publish(server, form, typed, &parts).await;
    }
    let composed = composed(server, &form.params).await?;
    let new = new_status(server, form, typed, composed).await?;
    let known = number(&typed.draft).map(RowId);
    let post = move |tx: &mut Tx<'_>| {
        let made = status::create(tx, &new)?;
        if let Some(known) = known {
            draft::remove(tx, own, known);
        }
        let name = account::find(tx, own)?.map(|account| account.username).unwrap_or_default();
        Ok((made, name))
    };
    let (made, name) = server.write(post).await?;
    match made {
        Created::Fresh(status) | Created::Repeated(status) => {
            gone(server, &format!("/@{name}/{}", status.id), "notice-posted")
        }
        Created::Scheduled(..) => gone(server, "/home", "notice-scheduled"),
    }
}

/// The status that the form asks for.
pub(super) async fn new_status(
    server: &Server,
    form: &Form,
    typed: &Typed,
    (composed, spoiler_text): (Composed, String),
) -> Result<NewStatus> {
    let params = &form.params;
    let local = typed.visibility == "local";
    Ok(NewStatus {
        author: form.account,
        composed,
        spoiler_text,
        media: pictures(params, typed)?,
        sensitive: Some(typed.sensitive),
        language: Some(typed.language.clone()).filter(|language| !language.is_empty()),
        visibility: if local { Some(storage::status::Visibility::Public) } else { visibility(params)? },
        in_reply_to: number(&typed.in_reply_to).map(StatusId),
        poll: poll(typed),
        quoted: number(&typed.quoted).map(StatusId),
        quote_policy: quote_policy(params)?,
        interaction_policy: may_reply(&typed.may_reply),
        application: None,
        idempotency_key: Some(typed.key.clone()).filter(|key| key.len() <= limits::IDEMPOTENCY_KEY_BYTES_MAX),
        scheduled_at: moment_of(params, &zone(server, &form.visit).await?)?,
        local_only: Some(local),
    })
}

async fn edit(server: &Server, form: &Form, typed: &Typed) -> Result<Response> {
    let (own, params) = (form.account, &form.params);
    let id = number(&typed.edits).map(StatusId).ok_or(Error::NotFound)?;
    let before = server.read(move |view| Ok(storage::status::find(view, id)?)).await?.ok_or(Error::NotFound)?;
    let (composed, spoiler_text) = compose(server, params, before.content_type).await?;
    let change = Change {
        composed,
        spoiler_text,
        media: pictures(params, typed)?,
        sensitive: Some(typed.sensitive),
        language: Some(typed.language.clone()).filter(|language| !language.is_empty()),
        poll: poll(typed),
        quote_policy: quote_policy(params)?,
        interaction_policy: may_reply(&typed.may_reply),
    };
    let rule = move |tx: &mut Tx<'_>| {
        let status = status::edit(tx, own, id, &change)?;
        let name = account::find(tx, own)?.map(|account| account.username).unwrap_or_default();
        Ok((status, name))
    };
    let (status, name) = server.write(rule).await?;
    gone(server, &format!("/@{name}/{}", status.id), "notice-edited")
}

/// The pictures with what is said of them, those just taken in among them.
fn pictures(params: &Map, typed: &Typed) -> Result<crate::media::Wanted> {
    let mut wanted = wanted(params)?;
    wanted.ids = typed.media.iter().filter_map(|medium| number(&medium.id)).map(storage::MediaId).collect();
    Ok(wanted)
}

async fn preview(server: &Server, visit: &Visit, params: &Params, typed: Typed) -> Result<Response> {
    match previews(server, visit, params, &typed).await {
        Ok(preview) => show(server, visit, typed, Said { preview, ..Said::default() }).await,
        Err(error) => kept(server, visit, typed, error).await,
    }
}

/// The post as it would look, or each part of the thread.
async fn previews(server: &Server, visit: &Visit, params: &Params, typed: &Typed) -> Result<Vec<String>> {
    let Some(parts) = thread::parts(visit, typed)?.filter(|parts| parts.len() > 1) else {
        return Ok(vec![composed(server, params).await?.0.content]);
    };
    let mut drawn = Vec::with_capacity(parts.len());
    for part in &parts {
        drawn.push(compose_text(server, part, &typed.warning, ContentType::default()).await?.0.content);
    }
    Ok(drawn)
}

async fn keep(server: &Server, own: AccountId, typed: &Typed) -> Result<RowId> {
    let (known, row) = (number(&typed.draft).map(RowId), typed::draft(typed));
    server.write(move |tx| draft::keep(tx, own, known, &row)).await
}

pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// A field for date and time says no zone (HTML §2.3.5): it is that of whoever writes, as the form says.
fn moment_of(params: &Map, zone: &Zone) -> Result<Option<Timestamp>> {
    let Some(text) = params.str("scheduled_at").map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let unreadable = || Error::invalid("scheduled_at", "the time to post it cannot be read");
    zone.means(text).map(Timestamp).ok_or_else(unreadable).map(Some)
}

/// Who may answer; whoever sees the post if nothing is chosen.
fn may_reply(chosen: &str) -> Option<InteractionPolicy> {
    let groups = match chosen {
        "followers" => Groups::FOLLOWERS,
        "following" => Groups::FOLLOWING,
        "mentioned" => Groups::NOBODY,
        _ => return None,
    };
    let reply = Rule { automatic: groups, manual: Groups::NOBODY };
    Some(InteractionPolicy { reply, ..InteractionPolicy::default() })
}

/// `POST /posts/ID/delete`
pub(super) async fn delete(State(server): State<Server>, Path(id): Path<String>, form: Form) -> Result<Response> {
    let (own, id): (_, StatusId) = (form.account, id.parse().map_err(|_| Error::NotFound)?);
    if form.params.str("do") == Some("redraft") {
        let origin = server.origin().clone();
        let draft = server.write(move |tx| redraft(tx, &origin, own, id)).await?;
        return gone(&server, &format!("/compose?draft={draft}"), "notice-redraft");
    }
    server.write(move |tx| status::delete(tx, own, id, Fate::Gone)).await?;
    gone(&server, "/home", "notice-deleted")
}

/// Deletes a status and keeps what was typed as a draft, in one commit: nothing is lost in between.
fn redraft(tx: &mut Tx<'_>, origin: &Origin, own: AccountId, id: StatusId) -> Result<RowId> {
    let typed = edited(&Context::new(tx, origin, Some(own)).at(tx.now()), own, id)?;
    status::delete(tx, own, id, Fate::Loose)?;
    draft::keep(tx, own, None, &typed::draft(&typed))
}

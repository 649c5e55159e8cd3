//! Beginning: an empty form, an answer, a quote, an edit of what stands, a draft; and asking before something is deleted.

use super::{
    super::draw::{Found, draw},
    Said,
    send::reply_word,
    show,
    typed::{self, LASTS_S, of_draft},
};
use crate::{
    account, draft,
    error::{Error, Result},
    http::{Params, visit::Member},
    origin::Origin,
    poll,
    present::Context,
    server::Server,
    status::{self, scheduled},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use storage::{AccountId, RowId, StatusId, Timestamp, Tx, View, scheduled::Scheduled, status::Poll};
use web::{
    entity::{MediaAttachment, Status},
    page::{
        compose::{GUESS, LASTING, Typed, TypedMedia},
        confirm::{self, Confirm},
    },
};

/// `GET /compose?reply=ID`, `?quote=ID`, `?edit=ID`, `?draft=ID`, `?mention=NAME@DOMAIN`, `?text=…`; `?title=…&text=…&url=…` as other programs share
pub(super) async fn form(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, key, origin, now) = (member.account, server.secret(), server.origin().clone(), server.now());
    let look = move |view: &View<'_>| {
        let context = Context::new(view, &origin, Some(own)).at(now);
        begun(&context, own, now, &params)
    };
    let typed = Typed { key, ..server.read(look).await? };
    show(&server, &member.visit, typed, Said::default()).await
}

/// `GET /share?text=…&title=…&url=…`, where buttons of other pages lead that share with Mastodon: the form with these words.
pub(super) async fn share(params: Params) -> Response {
    let words = ["title", "text", "url"].into_iter().filter_map(|name| Some((name, params.str(name)?)));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(words).finish();
    Redirect::to(&format!("/compose?{query}")).into_response()
}

fn begun(context: &Context<'_>, own: AccountId, now: Timestamp, params: &Params) -> Result<Typed> {
    if let Some(id) = params.id::<u64>("draft") {
        return Ok(of_draft(&id.to_string(), draft::require(context.read, own, RowId(id))?));
    }
    if let Some(id) = params.id::<u64>("edit") {
        return edited(context, own, now, StatusId(id));
    }
    let preferences = context.preferences(own)?;
    let mut typed = Typed {
        visibility: preferences.posting_default_visibility,
        sensitive: preferences.posting_default_sensitive,
        language: preferences.posting_default_language.unwrap_or_else(|| GUESS.to_owned()),
        quote_policy: context.quoters(own)?.to_owned(),
        lasts_s: LASTS_S,
        ..Typed::default()
    };
    if let Some(named) =
        params.str("visibility").filter(|named| ["public", "unlisted", "private", "direct"].contains(named))
    {
        named.clone_into(&mut typed.visibility);
    }
    if let Some(acct) = params.str("mention") {
        typed.text = format!("@{} ", account::excerpt(acct));
    } else {
        // A page that is shared with this one names itself in up to three fields, some of them twice.
        let mut said: Vec<&str> = Vec::new();
        for part in ["title", "text", "url"].iter().filter_map(|name| params.str(name)) {
            if !part.trim().is_empty() && !said.iter().any(|known| known.contains(part.trim())) {
                said.push(part);
            }
        }
        typed.text = said.join("\n\n");
    }
    if let Some(id) = params.id::<u64>("reply") {
        answer(context, own, StatusId(id), &mut typed)?;
    }
    if let Some(id) = params.id::<u64>("quote") {
        typed.quoted = status::require_original(context.read, own, StatusId(id))?.id.to_string();
    }
    Ok(typed)
}

/// An answer names whom it answers and whom that names, is seen by no more people, and carries the same warning.
fn answer(context: &Context<'_>, own: AccountId, id: StatusId, typed: &mut Typed) -> Result<()> {
    let record = status::require_original(context.read, own, id)?;
    let parent = context.status(&record)?;
    typed.in_reply_to = record.id.to_string();
    typed.warning.clone_from(&parent.spoiler_text);
    let mine = own.to_string();
    let author = Some(parent.account.acct.as_str()).filter(|_| parent.account.id != mine);
    let others = parent.mentions.iter().filter(|named| named.id != mine && named.id != parent.account.id);
    let mut names: Vec<&str> = author.into_iter().chain(others.map(|named| named.acct.as_str())).collect();
    names.dedup();
    typed.text = names.iter().map(|acct| format!("@{acct} ")).collect();
    let narrow = ["public", "unlisted", "private", "direct"];
    let rank = |visibility: &str| narrow.iter().position(|known| *known == visibility).unwrap_or(0);
    if parent.local_only {
        "local".clone_into(&mut typed.visibility);
    } else if rank(parent.visibility) > rank(&typed.visibility) {
        parent.visibility.clone_into(&mut typed.visibility);
    }
    Ok(())
}

/// What stands, to be typed on.
pub(super) fn edited(context: &Context<'_>, own: AccountId, now: Timestamp, id: StatusId) -> Result<Typed> {
    let record = status::require(context.read, Some(own), id)?;
    if record.account != own || record.reblog_of.is_some() {
        return Err(Error::NotFound);
    }
    let (source, drawn) = (context.source(&record), context.status(&record)?);
    let poll = drawn.poll.as_ref();
    Ok(Typed {
        text: source.text,
        warning: source.spoiler_text,
        sensitive: drawn.sensitive,
        visibility: if drawn.local_only { "local".to_owned() } else { drawn.visibility.to_owned() },
        language: drawn.language.clone().unwrap_or_default(),
        media: drawn.media_attachments.iter().map(medium).collect(),
        options: poll.map(|poll| poll.options.iter().map(|option| option.title.clone()).collect()).unwrap_or_default(),
        multiple: poll.is_some_and(|poll| poll.multiple),
        hide_totals: poll.is_some() && storage::poll::state(context.read, id)?.hide_totals,
        lasts_s: left(record.poll.as_ref(), now),
        in_reply_to: drawn.in_reply_to_id.clone().unwrap_or_default(),
        quoted: drawn
            .quote
            .as_ref()
            .and_then(|quote| quote.shown())
            .map(|quoted| quoted.id.clone())
            .unwrap_or_default(),
        edits: id.to_string(),
        content_type: source.content_type.to_owned(),
        quote_policy: quoters(&drawn).to_owned(),
        may_reply: reply_word(&status::interaction_policy(context.read, id)?).to_owned(),
        ..Typed::default()
    })
}

/// What is left of a poll, seconds, as the form offers it: rounded up, or the longest.
fn left(asked: Option<&Poll>, now: Timestamp) -> i64 {
    let Some(end) = asked.and_then(poll::ends_at).filter(|end| *end > now) else { return LASTS_S };
    let left = end.ms_since(now);
    let longest = LASTING.last().map_or(LASTS_S, |(seconds, _)| *seconds);
    LASTING.iter().map(|(seconds, _)| *seconds).find(|seconds| seconds * 1_000 >= left).unwrap_or(longest)
}

/// The word of the form for who may quote a post.
fn quoters(status: &Status) -> &'static str {
    let automatic = status.quote_approval.as_ref().map(|approval| approval.automatic.as_slice()).unwrap_or_default();
    ["public", "followers"].into_iter().find(|word| automatic.contains(word)).unwrap_or("nobody")
}

/// A post that waits for its time becomes a draft, in one commit: nothing is lost in between. When it was to be posted goes.
pub(in crate::pages) fn redraft_scheduled(
    tx: &mut Tx<'_>,
    origin: &Origin,
    own: AccountId,
    id: RowId,
) -> Result<RowId> {
    let row = scheduled::require(tx, own, id)?;
    let typed = waiting(&Context::new(tx, origin, Some(own)).at(tx.now()), id, &row)?;
    scheduled::cancel(tx, own, id)?;
    draft::keep(tx, own, None, &typed::draft(&typed))
}

/// What waits for its time, to be typed on.
fn waiting(context: &Context<'_>, id: RowId, row: &Scheduled) -> Result<Typed> {
    let drawn = context.scheduled(id, row)?;
    let asked = drawn.params;
    let poll = asked.poll.as_ref();
    let visibility = if asked.local_only == Some(true) { "local" } else { asked.visibility };
    Ok(Typed {
        text: asked.text,
        warning: asked.spoiler_text.unwrap_or_default(),
        sensitive: asked.sensitive.unwrap_or_default(),
        visibility: visibility.to_owned(),
        quote_policy: asked.quote_approval_policy.unwrap_or_default().to_owned(),
        may_reply: row.interaction_policy.as_ref().map(reply_word).unwrap_or_default().to_owned(),
        language: asked.language.unwrap_or_default(),
        media: drawn.media_attachments.iter().map(medium).collect(),
        options: poll.map(|poll| poll.options.clone()).unwrap_or_default(),
        lasts_s: poll.map_or(LASTS_S, |poll| poll.expires_in),
        multiple: poll.is_some_and(|poll| poll.multiple),
        hide_totals: poll.is_some_and(|poll| poll.hide_totals),
        in_reply_to: row.in_reply_to.map(|id| id.to_string()).unwrap_or_default(),
        quoted: row.quoted.map(|id| id.to_string()).unwrap_or_default(),
        content_type: asked.content_type.to_owned(),
        ..Typed::default()
    })
}

/// A picture with what is said of it.
fn medium(medium: &MediaAttachment) -> TypedMedia {
    let focus = medium.meta.as_ref().and_then(|meta| meta.focus.as_ref());
    TypedMedia {
        id: medium.id.clone(),
        description: medium.description.clone().unwrap_or_default(),
        focus: focus.map(|focus| format!("{},{}", focus.x, focus.y)).unwrap_or_default(),
    }
}

/// `GET /posts/ID/delete`
pub(super) async fn confirm_deletion(
    State(server): State<Server>,
    Path(id): Path<String>,
    member: Member,
) -> Result<Response> {
    let (own, id): (_, StatusId) = (member.account, id.parse().map_err(|_| Error::NotFound)?);
    draw(&server, &member.visit, move |context, site| {
        let record = status::require(context.read, Some(own), id)?;
        if record.account != own {
            return Err(Error::NotFound);
        }
        let drawn = context.status(&record)?;
        let page = Confirm {
            title: "delete-title",
            says: "delete-says",
            about: Some(&drawn),
            action: &format!("/posts/{id}/delete"),
            buttons: &[("delete", "act-delete"), ("redraft", "delete-redraft")],
        };
        Ok(Found::Page(confirm::confirm(site, &page)))
    })
    .await
}

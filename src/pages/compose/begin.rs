//! Beginning: an empty form, an answer, a quote, an edit of what stands, a draft; and asking before something is deleted.

use super::{
    super::draw::{Found, draw},
    Said, show,
    typed::{LASTS_S, of_draft},
};
use crate::{
    account, draft,
    error::{Error, Result},
    http::{Params, visit::Member},
    present::Context,
    server::Server,
    status,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use storage::{AccountId, RowId, StatusId, View};
use web::page::{
    compose::{Typed, TypedMedia},
    confirm::{self, Confirm},
};

/// `GET /compose?reply=ID`, `?quote=ID`, `?edit=ID`, `?draft=ID`, `?mention=NAME@DOMAIN`, `?text=…`; `?title=…&text=…&url=…` as other programs share
pub(super) async fn form(State(server): State<Server>, member: Member, params: Params) -> Result<Response> {
    let (own, key, origin, now) = (member.account, server.secret(), server.origin().clone(), server.now());
    let look = move |view: &View<'_>| {
        let context = Context::new(view, &origin, Some(own)).at(now);
        begun(&context, own, &params)
    };
    let typed = Typed { key, ..server.read(look).await? };
    show(&server, &member.visit, typed, Said::default()).await
}

fn begun(context: &Context<'_>, own: AccountId, params: &Params) -> Result<Typed> {
    if let Some(id) = params.id::<u64>("draft") {
        return Ok(of_draft(&id.to_string(), draft::require(context.read, own, RowId(id))?));
    }
    if let Some(id) = params.id::<u64>("edit") {
        return edited(context, own, StatusId(id));
    }
    let preferences = context.preferences(own)?;
    let mut typed = Typed {
        visibility: preferences.posting_default_visibility,
        sensitive: preferences.posting_default_sensitive,
        language: preferences.posting_default_language.unwrap_or_default(),
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
pub(super) fn edited(context: &Context<'_>, own: AccountId, id: StatusId) -> Result<Typed> {
    let record = status::require(context.read, Some(own), id)?;
    if record.account != own || record.reblog_of.is_some() {
        return Err(Error::NotFound);
    }
    let (source, drawn) = (context.source(&record), context.status(&record)?);
    let media = drawn.media_attachments.iter().map(|medium| TypedMedia {
        id: medium.id.clone(),
        description: medium.description.clone().unwrap_or_default(),
        focus: medium
            .meta
            .as_ref()
            .and_then(|meta| meta.focus.as_ref())
            .map(|focus| format!("{},{}", focus.x, focus.y))
            .unwrap_or_default(),
    });
    let poll = drawn.poll.as_ref();
    Ok(Typed {
        text: source.text,
        warning: source.spoiler_text,
        sensitive: drawn.sensitive,
        visibility: if drawn.local_only { "local".to_owned() } else { drawn.visibility.to_owned() },
        language: drawn.language.clone().unwrap_or_default(),
        media: media.collect(),
        options: poll.map(|poll| poll.options.iter().map(|option| option.title.clone()).collect()).unwrap_or_default(),
        multiple: poll.is_some_and(|poll| poll.multiple),
        lasts_s: LASTS_S,
        in_reply_to: drawn.in_reply_to_id.clone().unwrap_or_default(),
        quoted: drawn
            .quote
            .as_ref()
            .and_then(|quote| quote.shown())
            .map(|quoted| quoted.id.clone())
            .unwrap_or_default(),
        edits: id.to_string(),
        ..Typed::default()
    })
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

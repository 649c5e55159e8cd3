//! Translations of statuses, where the administrator named a service (client API, statuses#translate).

use super::draw::{draw, id};
use crate::{
    account::is_language,
    error::{Error, Result},
    http::{Json, Params, Viewer, answer},
    server::Server,
    status,
    text::{escape, plain_text, sanitise},
};
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use std::collections::BTreeMap;
use storage::{StatusId, user};
use web::entity::{Status, TranslatedAttachment, TranslatedOption, TranslatedPoll, TranslatedStatus};

/// The routes of this chapter.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/instance/translation_languages", get(languages))
        .route("/api/v1/statuses/{id}/translate", post(translate))
}

/// From which language into which ones; of nothing while nobody translates here.
async fn languages(State(server): State<Server>) -> Response {
    let Some(translator) = server.translator() else {
        return Json(BTreeMap::<String, Vec<String>>::new()).into_response();
    };
    match translator.languages(server.now()).await {
        Ok(languages) => Json(languages).into_response(),
        Err(why) => unavailable(why.said(), &why.to_string()),
    }
}

/// What a service does not do: `said` to whoever asks, `why` to the log.
fn unavailable(said: &'static str, why: &str) -> Response {
    tracing::warn!(%why, "the translation service");
    answer::refuse(StatusCode::SERVICE_UNAVAILABLE, said)
}

async fn translate(
    State(server): State<Server>,
    viewer: Viewer,
    Path(wanted): Path<String>,
    params: Params,
) -> Result<Response> {
    viewer.require("read:statuses")?;
    let Some(translator) = server.translator() else { return Err(Error::NotFound) };
    let (own, wanted): (_, StatusId) = (viewer.account, id(&wanted)?);
    let asked = params.str("lang").filter(|lang| is_language(lang)).map(str::to_owned);
    let drawn = draw(&server, Some(own), move |context| {
        let status = status::require_translatable(context.read, own, wanted)?;
        let locale = user::find(context.read, own)?.map(|user| user.locale).unwrap_or_default();
        Ok((context.status(&status)?, asked.unwrap_or(locale)))
    });
    let (status, to) = drawn.await?;
    let languages = match translator.languages(server.now()).await {
        Ok(languages) => languages,
        Err(why) => return Ok(unavailable(why.said(), &why.to_string())),
    };
    let from = status.language.clone();
    let offered = match &from {
        Some(from) => languages.get(from).is_some_and(|into| into.contains(&to)),
        None => languages.values().any(|into| into.contains(&to)),
    };
    if !offered {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    match translator.translate(&pieces(&status), from, &to).await {
        Ok(translated) => {
            let name = translator.name();
            // Sanitising is slow: beside the async workers.
            let work = move || Ok(put_together(&status, &translated.texts, translated.from.clone(), to, name));
            Ok(Json(server.compute(work).await?).into_response())
        }
        Err(why) => Ok(unavailable(why.said(), &why.to_string())),
    }
}

/// What of a status is translated, as HTML, in a fixed order: text, warning, options, descriptions.
fn pieces(status: &Status) -> Vec<String> {
    let options = status.poll.iter().flat_map(|poll| &poll.options).map(|option| escape(&option.title));
    let descriptions = status.media_attachments.iter().map(|media| escape(media.description.as_deref().unwrap_or("")));
    [status.content.clone(), escape(&status.spoiler_text)].into_iter().chain(options).chain(descriptions).collect()
}

/// The pieces in their places. What a service says is no better than what a peer says.
fn put_together(
    status: &Status,
    texts: &[String],
    found: String,
    to: String,
    provider: &'static str,
) -> TranslatedStatus {
    let mut texts = texts.iter();
    let mut next = || texts.next().map(String::as_str).unwrap_or_default();
    let (content, spoiler_text) = (sanitise(next()), plain_text(next()));
    let poll = status.poll.as_ref().map(|poll| TranslatedPoll {
        id: poll.id.clone(),
        options: poll.options.iter().map(|_| TranslatedOption { title: plain_text(next()) }).collect(),
    });
    let media = status.media_attachments.iter();
    let media = media.map(|media| TranslatedAttachment { id: media.id.clone(), description: plain_text(next()) });
    TranslatedStatus {
        media_attachments: media.collect(),
        content,
        spoiler_text,
        poll,
        language: to,
        detected_source_language: found,
        provider,
    }
}

//! Lives here: writing a post by a form: beginning it, adding to it, keeping it as a draft, posting it, editing what stands.
//! May use: `http`, `intake`, core rooms, `present`, `web`. Must never name: `api`, `oauth`, `jobs`, `cli`.
//! Must never name: the client API's tokens.
//! Invariants: whatever is refused, the form comes back with everything that was typed; one key posts once.

mod begin;
mod drafts;
mod send;
mod thread;
mod typed;

pub(super) use begin::redraft_scheduled;
pub(super) use send::moment_of;
pub(super) use typed::message;

use super::draw::{Found, draw};
use crate::{
    error::{Error, Result},
    http::{
        answer,
        visit::{Form, Visit},
    },
    limits,
    present::{Context, language::LANGUAGES},
    relationship,
    server::Server,
    status,
    text::guess_language,
    timeline::{self, Window},
};
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use http::{StatusCode, header::RETRY_AFTER};
use std::time::Duration;
use storage::{AccountId, MediaId, StatusId, media};
use web::{
    entity::{MediaAttachment, Status},
    layout::Site,
    page::{
        compose::{self as page, About, Bounds, Compose, Typed},
        kept,
    },
};

/// The routes of this folder.
pub(super) fn routes() -> Router<Server> {
    Router::new()
        .route("/compose", get(begin::form).post(send::send))
        .route("/share", get(begin::share))
        .route("/drafts", get(drafts::list))
        .route("/drafts/{id}/delete", post(drafts::remove))
        .route("/posts/{id}/delete", get(begin::confirm_deletion).post(send::delete))
}

const BOUNDS: Bounds = Bounds {
    chars: limits::STATUS_CHARS_MAX,
    media: limits::ATTACHED_MAX,
    upload_megabytes: limits::UPLOAD_BODY_BYTES as u64 / 1_000_000,
    description_chars: limits::MEDIA_DESCRIPTION_CHARS_MAX,
    options: limits::OWN_POLL_OPTIONS_MAX,
    option_chars: limits::OWN_POLL_OPTION_CHARS_MAX,
};

/// What the form says beside what was typed.
#[derive(Default)]
struct Said {
    /// Why it was not posted.
    problem: Option<String>,
    /// How it would look.
    preview: Vec<String>,
    /// Fields that say, once it is sent again, that what was asked about is meant so.
    meant: Vec<&'static str>,
    /// Why it was not kept as a draft.
    unkept: Option<String>,
}

/// The form with what was typed.
async fn show(server: &Server, visit: &Visit, typed: Typed, said: Said) -> Result<Response> {
    let refused = said.problem.clone();
    let drawn = draw(server, visit, move |context, site| {
        let own = context.viewer.ok_or(Error::Unauthorized)?;
        let parent = about(context, own, &typed.in_reply_to)?;
        let quoted = about(context, own, &typed.quoted)?;
        let media = pictures(context, own, &typed)?;
        let about: Vec<_> = parent.iter().map(About::Reply).chain(quoted.iter().map(About::Quote)).collect();
        let page = Compose {
            typed: &typed,
            media: &media,
            about: &about,
            preview: &said.preview,
            problem: said.problem.as_deref(),
            meant: &said.meant,
            unkept: said.unkept.as_deref(),
            warnings: &warnings(context, own)?,
            guessed: guess_language(&typed.text),
            servers: relationship::servers_of_followers(context.read, own)?.map(|servers| servers as u64),
            languages: LANGUAGES,
            followers: context.account(own)?.followers_count,
            // What is being written here is none that waits.
            drafts: crate::draft::list(context.read, own)?
                .iter()
                .filter(|(id, _)| id.to_string() != typed.draft)
                .count() as u64,
            bounds: BOUNDS,
        };
        // Going back from here leads to where one came from, not to this form.
        let back = Site { at: "", ..*site };
        Ok(Found::Page(page::compose(&back, &page)))
    });
    Ok(answer::form_page(drawn.await?, refused.as_deref()))
}

/// The warnings that whoever writes used last, each once, the latest first.
fn warnings(context: &Context<'_>, own: AccountId) -> Result<Vec<String>> {
    let wanted = timeline::Wanted { exclude_reblogs: true, ..timeline::Wanted::default() };
    let window = Window::newest(limits::WARNINGS_LOOKED_AT);
    let mut found: Vec<String> = Vec::new();
    for status in timeline::account(context.read, Some(own), own, &wanted, window)?.statuses {
        let warning = status.spoiler_text.trim();
        if !warning.is_empty() && !found.iter().any(|known| known == warning) {
            found.push(warning.to_owned());
        }
        if found.len() == limits::WARNINGS_OFFERED {
            break;
        }
    }
    Ok(found)
}

/// A post the form is about, if it may still be seen.
fn about(context: &Context<'_>, own: AccountId, id: &str) -> Result<Option<Status>> {
    let Ok(id) = id.parse::<StatusId>() else { return Ok(None) };
    match status::require(context.read, Some(own), id) {
        Ok(record) => context.status(&record).map(Some),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The pictures the form names that are one's own and still there.
fn pictures(context: &Context<'_>, own: AccountId, typed: &Typed) -> Result<Vec<MediaAttachment>> {
    let mut found = Vec::new();
    for said in &typed.media {
        let Ok(id) = said.id.parse::<u64>() else { continue };
        let record = media::find(context.read, MediaId(id))?.filter(|record| record.account == own);
        found.extend(record.map(|record| context.media(&record)));
    }
    Ok(found)
}

/// What was typed while the session it was typed in ended: given back, and nothing is done with it.
pub(super) async fn over(server: &Server, visit: &Visit, typed: Typed) -> Result<Response> {
    if visit.browser.is_some() {
        let problem = Some(visit.words.say("compose-session-new").into_owned());
        return show(server, visit, typed, Said { problem, ..Said::default() }).await;
    }
    let site = answer::in_language(server, visit.words);
    let mut page = answer::html(kept::kept(&site, &typed));
    *page.status_mut() = StatusCode::FORBIDDEN;
    answer::uncached(page.headers_mut());
    Ok(page)
}

/// What was typed into a form elsewhere, in this one, with why it was not posted.
pub(super) async fn given_back(server: &Server, visit: &Visit, typed: Typed, problem: String) -> Result<Response> {
    let typed = Typed { key: server.secret(), ..typed };
    show(server, visit, typed, Said { problem: Some(problem), ..Said::default() }).await
}

/// Why a form comes back, in words for whoever sent it.
pub(super) struct Refusal {
    /// What is said beside the form.
    pub(super) says: String,
    /// When to try again.
    wait: Option<Duration>,
}

impl Refusal {
    /// The page as the answer of such a failure.
    pub(super) fn answer(&self, mut page: Response) -> Response {
        if let Some(seconds) = self.seconds() {
            *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            page.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        page
    }

    fn seconds(&self) -> Option<u64> {
        self.wait.map(|wait| wait.as_secs().max(1))
    }
}

/// What a failure says beside a form, if it has nothing to do with a defect.
pub(super) fn refusal(visit: &Visit, error: Error) -> Result<Refusal> {
    let (why, wait) = match &error {
        Error::Invalid { why, .. } => (why.clone(), None),
        Error::Forbidden(why) => ((*why).to_owned(), None),
        Error::NotFound | Error::Gone => (visit.words.say("compose-about-gone").into_owned(), None),
        Error::Conflict => (visit.words.say("failure-conflict-says").into_owned(), None),
        Error::TooMany { retry_after } => (visit.words.say("failure-too-many-says").into_owned(), Some(*retry_after)),
        Error::Storage(failure) => {
            tracing::error!(error = %failure, "a post could not be stored");
            let wait = match failure {
                storage::Error::Overloaded { retry_after } => *retry_after,
                _ => Duration::from_secs(limits::COMPOSE_RETRY_SECONDS),
            };
            (visit.words.say("compose-not-stored").into_owned(), Some(wait))
        }
        _ => return Err(error),
    };
    let mut refusal = Refusal { says: why, wait };
    if let Some(seconds) = refusal.seconds() {
        refusal.says = format!("{} {}", refusal.says, visit.words.count("failure-retry-seconds", seconds));
    }
    Ok(refusal)
}

/// The form again after a failure that has nothing to do with what was typed: nothing of it is lost, and it says when to
/// try again. `unkept`: why it was not kept as a draft either.
async fn kept(server: &Server, form: &Form, typed: Typed, unkept: Option<String>, error: Error) -> Result<Response> {
    let visit = &form.visit;
    let refusal = refusal(visit, error)?;
    let text = typed.text.clone();
    let said = Said { problem: Some(refusal.says.clone()), unkept, meant: send::meant(form), ..Said::default() };
    let Ok(response) = show(server, visit, typed, said).await else {
        return Ok(answer::keeping(server, visit.words, &text));
    };
    Ok(refusal.answer(response))
}

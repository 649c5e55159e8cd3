//! Answers: entities as JSON, and every failure in the shape its route's clients read, in one place (DESIGN §11).

use crate::{
    error::Error,
    http::{
        drawn::Document,
        kind::{Class, Kind},
        negotiate::{self, Shape},
        typed::Typed,
    },
    origin::Origin,
    server::Server,
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
        CONTENT_TYPE, ETAG, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use serde::Serialize;
use std::time::Duration;
use web::{
    accent::Colour,
    layout::Site,
    page::failure::{self, Again, Failure as Shown},
    words::Words,
    zone::Zone,
};

/// An entity as an answer: `application/json; charset=utf-8`.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        json(&self.0)
    }
}

/// `entity` as JSON with the client API's content type.
pub fn json<T: Serialize>(entity: &T) -> Response {
    document(negotiate::JSON, entity)
}

/// `entity` as JSON with another content type.
pub fn document<T: Serialize>(content_type: &'static str, entity: &T) -> Response {
    match serde_json::to_vec(entity) {
        Ok(bytes) => ([(CONTENT_TYPE, HeaderValue::from_static(content_type))], bytes).into_response(),
        Err(error) => unwritable(&error).into_response(),
    }
}

/// An entity already written as JSON: on the thread that drew it, so that what it is made of is freed where it was
/// made and only bytes are handed over.
#[derive(Debug)]
pub struct Written(Vec<u8>);

impl Written {
    /// Writes `entity`, which is expected to take about `bytes`.
    ///
    /// # Errors
    /// `Bug` for an entity that JSON cannot hold.
    pub fn new<T: Serialize>(entity: &T, bytes: usize) -> Result<Self, Error> {
        let mut written = Vec::with_capacity(bytes);
        serde_json::to_writer(&mut written, entity).map_err(|error| unwritable(&error))?;
        Ok(Written(written))
    }

    /// What was written as JSON elsewhere.
    ///
    /// # Errors
    /// `Bug` if that failed.
    pub fn of(written: Result<Vec<u8>, serde_json::Error>) -> Result<Self, Error> {
        written.map(Written).map_err(|error| unwritable(&error))
    }
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, HeaderValue::from_static(negotiate::JSON))], self.0).into_response()
    }
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::Bug(format!("entity is not writable as JSON: {error}"))
}

/// A page.
pub fn html(document: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(negotiate::HTML))], document).into_response()
}

/// What a caller may have of a document already: the document, or that it has not changed (RFC 9110 §13.1.2, §8.8.3).
pub fn validated(document: &Document, kind: &'static str, knows: impl FnOnce(&str) -> bool) -> Response {
    let mut response = match knows(&document.tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => document.bytes.clone().into_response(),
    };
    // Both answers are of one kind: a browser holds the kept document to the policy that comes with the word that it has
    // not changed.
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(tag) = HeaderValue::try_from(&document.tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// A page that holds secrets: never kept by caches, never told to other sites in a referrer.
pub fn private_page(document: String) -> Response {
    let mut response = html(document);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The page of a form: refused with 422 where it says what is wrong.
pub fn form_page(mut page: Response, problem: Option<&str>) -> Response {
    if problem.is_some() {
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    page
}

/// `{}`: what the client API says when there is nothing to say.
pub fn empty() -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(negotiate::JSON))], "{}").into_response()
}

/// A refusal that is no `Error`: wrong method, wrong host, too slow.
pub fn refuse(status: StatusCode, text: impl Into<String>) -> Response {
    Failure::new(status, text).into_response()
}

/// The same of what may be asked for again after a while.
pub fn refuse_for_now(status: StatusCode, text: impl Into<String>, wait: Duration) -> Response {
    Failure { retry_after: Some(wait), ..Failure::new(status, text) }.into_response()
}

/// A failure on its way out; `finish` gives it its shape.
#[derive(Debug, Clone)]
struct Failure {
    status: StatusCode,
    text: String,
    retry_after: Option<Duration>,
    /// The field that was refused, and why: 400 or 422 by class.
    refused: Option<(&'static str, String)>,
    /// A refused field is told inside `error`.
    nested: bool,
    /// The message of pages that says why nothing can be done now.
    reason: Option<&'static str>,
}

impl Failure {
    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Failure { status, text: text.into(), retry_after: None, refused: None, nested: false, reason: None }
    }

    /// The failure as the client API says it; a refused field by itself, too (client API, `ValidationError`).
    fn entity(&self, status: StatusCode) -> serde_json::Value {
        if status != StatusCode::UNPROCESSABLE_ENTITY {
            return serde_json::json!({ "error": self.text });
        }
        let refused = self.refused.iter();
        let mut details: serde_json::Map<_, _> = refused
            .map(|(field, why)| {
                ((*field).to_owned(), serde_json::json!([{ "error": "ERR_INVALID", "description": why }]))
            })
            .collect();
        if self.nested {
            // The published schema wants it, whatever is refused.
            details.entry("name").or_insert_with(|| serde_json::json!([]));
        }
        let refusal = serde_json::json!({ "error": self.text, "details": details });
        if self.nested { serde_json::json!({ "error": refusal }) } else { refusal }
    }

    /// When to try again, at least a second from now.
    fn seconds(&self) -> Option<u64> {
        let seconds = self.retry_after?.as_millis().div_ceil(1000).max(1);
        Some(u64::try_from(seconds).unwrap_or(u64::MAX))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        said(self).into_response()
    }
}

/// What an error says to the outside, in Mastodon's words where apps show or compare them; the rest goes to the log.
fn said(error: Error) -> Failure {
    let not_fetched = || {
        let text = "Remote data could not be fetched";
        Failure { reason: Some("failure-remote"), ..Failure::new(StatusCode::SERVICE_UNAVAILABLE, text) }
    };
    let later = |status, text: &str, wait| Failure { retry_after: Some(wait), ..Failure::new(status, text) };
    match error {
        Error::NotFound => Failure::new(StatusCode::NOT_FOUND, "Record not found"),
        Error::Gone => Failure::new(StatusCode::GONE, "Record is gone"),
        Error::Invalid { field, why } => {
            let text = format!("Validation failed: {why}");
            Failure { refused: Some((field, why)), ..Failure::new(StatusCode::UNPROCESSABLE_ENTITY, text) }
        }
        Error::Unauthorized => Failure::new(StatusCode::UNAUTHORIZED, "The access token is invalid"),
        Error::Forbidden(why) => Failure::new(StatusCode::FORBIDDEN, why),
        Error::Conflict => Failure::new(StatusCode::CONFLICT, "Conflict during object creation, please try again"),
        Error::TooMany { retry_after } => later(StatusCode::TOO_MANY_REQUESTS, "Too many requests", retry_after),
        Error::TooLarge { limit } => {
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, format!("Request body is larger than {limit} bytes"))
        }
        Error::Remote { host, why } => {
            tracing::info!(%host, %why, "a peer did not give what a request needed");
            not_fetched()
        }
        Error::Busy { host, until } => {
            tracing::info!(%host, until = until.0, "a request needed something of a peer that is not to be asked now");
            not_fetched()
        }
        Error::Needs { uri } => {
            tracing::info!(%uri, "a request needed a remote document that could not be had");
            not_fetched()
        }
        Error::Storage(error @ storage::Error::Full) => {
            tracing::error!(%error, "the store refused a request");
            let text = "The disk of this server is full: only deleting works until there is room again";
            let failure = later(StatusCode::SERVICE_UNAVAILABLE, text, Duration::from_secs(60));
            Failure { reason: Some("failure-full"), ..failure }
        }
        Error::Storage(error) => {
            tracing::error!(%error, "the store refused a request");
            let (wait, reason) = match error {
                storage::Error::Overloaded { retry_after } => (retry_after, "failure-busy"),
                storage::Error::Unavailable => (Duration::from_secs(1), "failure-opening"),
                storage::Error::ReadOnly(_) => (Duration::from_secs(60), "failure-read-only"),
                _ => (Duration::from_secs(60), "failure-store"),
            };
            let text = "The server cannot do this right now, please try again later";
            Failure { reason: Some(reason), ..later(StatusCode::SERVICE_UNAVAILABLE, text, wait) }
        }
        Error::Bug(why) => {
            tracing::error!(%why, "a defect stopped a request");
            Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "We're sorry, but something went wrong on our end.")
        }
    }
}

/// Tells a refused field inside `error`, as some routes of Mastodon do (client API, collections#create).
pub async fn nest_refusal(mut response: Response) -> Response {
    if let Some(failure) = response.extensions_mut().get_mut::<Failure>() {
        failure.nested = failure.refused.is_some();
    }
    response
}

/// Never kept by any cache, not even this browser's.
pub fn uncached(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
}

/// Says that the connection belongs to this answer for as long as it lasts: it is not idle meanwhile, and what is read
/// on it is no request.
pub fn lasts(response: &mut Response) {
    response.extensions_mut().insert(Lasting);
}

/// Whether `lasts` was said of an answer.
pub(crate) fn is_lasting(response: &Response) -> bool {
    response.extensions().get::<Lasting>().is_some()
}

#[derive(Clone, Copy)]
struct Lasting;

/// What `finish` has to know of the request.
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    pub(crate) request_id: String,
    pub(crate) lab: bool,
    /// Whoever runs the server has said where it is.
    pub(crate) named: bool,
    pub(crate) words: Words,
    pub(crate) accent: Option<Colour>,
    /// It carries the cookie of a session, which may be over.
    pub(crate) session: bool,
    /// It was a form.
    pub(crate) form: bool,
    /// Where to try again, a path.
    pub(crate) again: Option<String>,
    /// What was typed.
    pub(crate) typed: Typed,
}

/// Gives a failure its shape, and every answer the headers of its class (SECURITY C2).
pub(crate) fn finish(mut response: Response, asked: &Asked, origin: &Origin) -> Response {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let kept = kept(response.headers());
        response = shaped(&failure, asked, origin);
        response.headers_mut().extend(kept);
    }
    // What is refused to one may be given to another, and no cache puts the one in the other's place (SECURITY A12).
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(asked.request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if asked.kind.cors {
        allow_any_origin(headers);
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        let policy = if is_html(headers) { page_policy(origin, "'self'") } else { NO_CONTENT_POLICY.to_owned() };
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    if !headers.contains_key(REFERRER_POLICY) {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    let is_private = matches!(asked.kind.class, Class::Api | Class::Pictures | Class::Upload | Class::Oauth);
    if !headers.contains_key(CACHE_CONTROL) && (is_private || refused) {
        uncached(headers);
    }
    if origin.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// The request's number, in the answer and in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// For what is no page: nothing may be loaded or framed.
const NO_CONTENT_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The policy of a page whose forms may lead to `form_action` (SECURITY C2). Sign-in and approval add the redirect's
/// target there, because Chromium checks redirects after a form too.
#[must_use]
pub fn page_policy(origin: &Origin, form_action: &str) -> String {
    let socket = format!("{}{}", if origin.is_https() { "wss://" } else { "ws://" }, origin.authority());
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self' {socket}; manifest-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// CORS headers of the client API (client API, CORS). Never with credentials.
fn allow_any_origin(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id, Mastodon-Async-Refresh, \
             Dassie-Missing",
        ),
    );
}

/// The answer to a browser asking whether it may call (Fetch standard, CORS preflight).
pub(crate) fn preflight() -> Response {
    use http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE};
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, PUT, DELETE, GET, PATCH, OPTIONS"));
    headers
        .insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn kept(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(name, _)| *name == ALLOW || name.as_str().starts_with("x-ratelimit-"));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A failure as JSON, a page or a line of text.
fn shaped(failure: &Failure, asked: &Asked, origin: &Origin) -> Response {
    let class = asked.kind.class;
    // A body that cannot be read says nothing of any field (as Rails).
    let bad = failure.refused.as_ref().is_some_and(|(field, _)| *field == "body" || class.refuses_with_400());
    let status = if bad { StatusCode::BAD_REQUEST } else { failure.status };
    tracing::debug!(request = %asked.request_id, status = status.as_u16(), text = %failure.text, "refused");
    let mut response = match class {
        Class::Page | Class::FileForm if asked.shape == Shape::Html => page(status, failure, asked, origin),
        Class::Probe => {
            ([(CONTENT_TYPE, HeaderValue::from_static(negotiate::TEXT))], failure.text.clone()).into_response()
        }
        _ => json(&failure.entity(status)),
    };
    *response.status_mut() = status;
    if let Some(seconds) = failure.seconds() {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Dassie\", error=\"invalid_token\""));
    }
    response
}

/// A failure as a page. It needs nothing from the store, which may be what failed.
fn page(status: StatusCode, failure: &Failure, asked: &Asked, origin: &Origin) -> Response {
    let typed = asked.typed.texts();
    let shown = Shown {
        status: status.as_u16(),
        text: &failure.text,
        request_id: &asked.request_id,
        retry_after_seconds: failure.seconds(),
        reason: failure.reason,
        kept: &typed,
        again: asked.again.as_deref().map(|path| match asked.form {
            true => Again::Form(path),
            false => Again::Page(path),
        }),
        session: asked.session && status != StatusCode::UNAUTHORIZED,
    };
    let (words, accent, named) = (asked.words, asked.accent, asked.named);
    html(failure::failure(&Site { words, accent, named, ..site(origin, asked.lab) }, &shown))
}

/// A failure as a page that holds what somebody had typed; for where not even the page of their form can be drawn.
pub fn keeping(server: &Server, words: Words, kept: &str) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let shown = Shown {
        status: status.as_u16(),
        text: "",
        request_id: "",
        retry_after_seconds: Some(60),
        reason: None,
        kept: &[kept.to_owned()],
        again: None,
        session: true,
    };
    let mut response = html(failure::failure(&in_language(server, words), &shown));
    *response.status_mut() = status;
    response.headers_mut().insert(RETRY_AFTER, 60.into());
    uncached(response.headers_mut());
    response
}

/// The same in a language and in the accent colour, for pages of a running server.
#[must_use]
pub fn in_language(server: &Server, words: Words) -> Site<'_> {
    let named = server.is_named();
    Site { words, accent: server.accent(), named, ..site(server.origin(), server.reach().is_lab()) }
}

/// The frame of pages that need nothing from the store: the server is called by its domain, and nobody is signed in.
#[must_use]
pub fn site(origin: &Origin, lab: bool) -> Site<'_> {
    Site {
        title: origin.handle_domain(),
        domain: origin.handle_domain(),
        origin: origin.as_str(),
        lab,
        named: false,
        words: Words::default(),
        version: env!("CARGO_PKG_VERSION"),
        viewer: None,
        now: None,
        zone: Zone::UTC,
        at: "",
        notice: None,
        accent: None,
        light: false,
        theme: web::theme::Theme::System,
    }
}

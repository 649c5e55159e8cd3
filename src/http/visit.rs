//! Somebody who looks at a page: perhaps signed in, in some language, perhaps just done with something; and the forms they
//! send. Language: what the account chose, else the cookie, else `Accept-Language`.

use super::{
    Params,
    multipart::Upload,
    params::WithFiles,
    session::{self, Browser, own_path},
};
use crate::{
    error::{Error, Result},
    limits,
    server::Server,
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Redirect, Response},
};
use http::{
    HeaderMap, HeaderValue, Method,
    header::{ACCEPT_LANGUAGE, IF_NONE_MATCH, SET_COOKIE},
    request::Parts,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use storage::AccountId;
use web::{words::Words, zone::Zone};

const LANGUAGE: &str = "language";
const NOTICE: &str = "notice";
/// The script sets it, so it is called the same wherever this server is.
const ZONE: &str = "dassie_zone";
/// A notice that nobody came to see is forgotten, seconds.
const NOTICE_SECONDS: i64 = 60;
/// The language of a browser is kept for a year, seconds.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;
/// What a form says before its token was looked at.
const SIGN_IN: &str = "Please sign in first";

/// Somebody who looks at a page.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The session, if they are signed in.
    pub browser: Option<Browser>,
    /// The language of their browser; an account's own choice goes before it.
    pub words: Words,
    /// Path and query of what they look at.
    pub at: String,
    /// The time zone that their browser told, if there is such a one.
    pub zone: Option<Zone>,
    /// They asked for as little data as can be (Save-Data, Network Information API).
    pub save_data: bool,
    notice: Option<String>,
    /// What they have already (RFC 9110 §13.1.2).
    known: Option<String>,
}

impl Visit {
    /// Who is signed in.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.browser.as_ref().map(|browser| browser.account)
    }

    /// The message of what was just done; a page that shows it calls [`Visit::seen`].
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Whether they have the document with this tag already.
    #[must_use]
    pub fn knows(&self, tag: &str) -> bool {
        let same = |one: &str| one.trim() == "*" || one.trim().trim_start_matches("W/") == tag;
        self.known.as_deref().is_some_and(|list| list.split(',').any(same))
    }

    /// Forgets the notice, now that it is shown.
    ///
    /// # Errors
    /// `Bug` only.
    pub fn seen(&self, server: &Server, response: &mut Response) -> Result<()> {
        if self.notice.is_some() {
            response.headers_mut().append(SET_COOKIE, session::cookie(server, NOTICE, "", 0)?);
        }
        Ok(())
    }
}

impl FromRequestParts<Server> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        let browser = session::find(server, &parts.headers).await?;
        let at = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        Ok(Visit {
            words: words(server, &parts.headers),
            at: own_path(Some(at)).to_owned(),
            zone: session::named(&parts.headers, ZONE).and_then(|name| Zone::named(&name)),
            notice: session::value_of(server, &parts.headers, NOTICE).filter(|_| browser.is_some()),
            save_data: parts.headers.get("save-data").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"on")),
            known: parts.headers.get(IF_NONE_MATCH).and_then(|list| list.to_str().ok()).map(str::to_owned),
            browser,
        })
    }
}

/// A visit by somebody who is signed in; whoever is not is sent to where one signs in, and back afterwards.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub account: AccountId,
    /// The visit; its browser is theirs.
    pub visit: Visit,
}

impl FromRequestParts<Server> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> std::result::Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, server).await.map_err(IntoResponse::into_response)?;
        match visit.account() {
            Some(account) => Ok(Member { account, visit }),
            None if parts.method == Method::GET => Err(sign_in(&visit.at)),
            None => Err(Error::Forbidden(SIGN_IN).into_response()),
        }
    }
}

/// A visit by somebody with an account here, also if moderators keep them out: for what they may read of that, and say about
/// it, alone. The visit has no browser then, so that nothing on the page leads anywhere else.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The session.
    pub browser: Browser,
    /// The visit.
    pub visit: Visit,
}

impl FromRequestParts<Server> for Judged {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> std::result::Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, server).await.map_err(IntoResponse::into_response)?;
        let found = session::find_bearer(server, &parts.headers).await.map_err(IntoResponse::into_response)?;
        match found {
            Some(browser) => Ok(Judged { browser, visit }),
            None if parts.method == Method::GET => Err(sign_in(&visit.at)),
            None => Err(Error::Forbidden(SIGN_IN).into_response()),
        }
    }
}

/// A form of somebody with an account here, also if moderators keep them out; its token was looked at.
#[derive(Debug, Clone)]
pub struct JudgedForm {
    /// Who.
    pub judged: Judged,
    /// What was sent.
    pub params: Params,
}

impl FromRequest<Server> for JudgedForm {
    type Rejection = Response;

    async fn from_request(request: Request, server: &Server) -> std::result::Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let (judged, headers) = (Judged::from_request_parts(&mut parts, server).await, parts.headers.clone());
        let request = Request::from_parts(parts, body);
        let params = Params::from_request(request, server).await.map_err(IntoResponse::into_response)?;
        let judged = judged?;
        judged.browser.accept(server, &headers, &params).map_err(IntoResponse::into_response)?;
        Ok(JudgedForm { judged, params })
    }
}

/// To where one signs in, and from there to `return_to`, a path of this server.
#[must_use]
pub fn sign_in(return_to: &str) -> Response {
    let back = utf8_percent_encode(return_to, NON_ALPHANUMERIC);
    Redirect::to(&format!("/auth/sign_in?return_to={back}")).into_response()
}

/// A form that somebody who is signed in sent from a page of this server: its token and where it came from were looked at
/// before any handler sees it (SECURITY D2).
#[derive(Debug, Clone)]
pub struct Form {
    /// Who.
    pub account: AccountId,
    /// The visit; its browser is theirs.
    pub visit: Visit,
    /// What was sent.
    pub params: Params,
    headers: HeaderMap,
}

impl Form {
    /// What was typed into a field, without blanks around it.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.params.str(field).unwrap_or_default().trim()
    }

    /// Where the form wants to go afterwards: a path of this server.
    #[must_use]
    pub fn return_to(&self) -> &str {
        own_path(self.params.str("return_to"))
    }

    /// Signs this browser in anew, where the session it had was ended by what the form did: the cookie.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn begin_anew(&self, server: &Server) -> Result<HeaderValue> {
        session::begin(server, self.account, &self.headers).await
    }

    /// Whether the script of a page sent it, which puts the answer in place of what it acted on.
    #[must_use]
    pub fn in_place(&self) -> bool {
        self.headers.contains_key("x-in-place")
    }

    /// Back to where the form stood, which then says what was done: `notice` is a message of the catalogues.
    ///
    /// # Errors
    /// `Bug` only.
    pub fn back(&self, server: &Server, notice: &'static str) -> Result<Response> {
        gone(server, self.return_to(), notice)
    }
}

/// To `path` of this server, which then says what was done: `notice` is a message of the catalogues.
///
/// # Errors
/// `Bug` only.
pub fn gone(server: &Server, path: &str, notice: &'static str) -> Result<Response> {
    let cookie = session::cookie(server, NOTICE, notice, NOTICE_SECONDS)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(own_path(Some(path)))).into_response())
}

impl FromRequest<Server> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, server: &Server) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        // The form is read in any case: what was typed is given back where nobody may send it, or nothing can be looked up.
        let (visit, headers) = (Visit::from_request_parts(&mut parts, server).await, parts.headers.clone());
        let request = Request::from_parts(parts, body);
        // Nobody's files are held.
        let is_known = matches!(&visit, Ok(Visit { browser: Some(_), .. }));
        let params = match is_known {
            true => WithFiles::from_request(request, server).await?.0,
            false => Params::from_request(request, server).await?,
        };
        accepted(server, visit?, headers, params)
    }
}

/// The same with files in the field `file`, which went to the disk as they came.
pub struct FileForm {
    /// The form.
    pub form: Form,
    /// The files with the numbers they were received under, as many as were chosen.
    pub files: Vec<(u64, storage::blob::Incoming)>,
}

impl FromRequest<Server> for FileForm {
    type Rejection = Error;

    async fn from_request(request: Request, server: &Server) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let (visit, headers) = (Visit::from_request_parts(&mut parts, server).await, parts.headers.clone());
        let request = Request::from_parts(parts, body);
        // Nobody's files go to the disk.
        let Ok(Visit { browser: Some(_), .. }) = visit else {
            Upload::typed_alone(request, server).await?;
            return Err(visit.err().unwrap_or(Error::Forbidden(SIGN_IN)));
        };
        let (visit, Upload { files, params }) = (visit?, Upload::from_request(request, server).await?);
        Ok(FileForm { form: accepted(server, visit, headers, params)?, files })
    }
}

/// A form whose words must not be lost where nothing may be done with it, because the session it was drawn for is over.
pub enum KeptForm {
    /// The session is the one it was drawn for.
    Accepted(FileForm),
    /// It is not, or there is none; what was typed is to be given back and nothing else.
    Over {
        /// Who sends it now.
        visit: Visit,
        /// What was typed; files are forgotten.
        params: Params,
    },
}

impl FromRequest<Server> for KeptForm {
    type Rejection = Error;

    async fn from_request(request: Request, server: &Server) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let (visit, headers) = (Visit::from_request_parts(&mut parts, server).await, parts.headers.clone());
        let visit = visit.and_then(|visit| session::check_same_site(server, &headers).map(|()| visit));
        let request = Request::from_parts(parts, body);
        let visit = match visit {
            Ok(visit) => visit,
            // The form is read in any case.
            Err(error) => {
                Upload::typed_alone(request, server).await?;
                return Err(error);
            }
        };
        let Some(browser) = visit.browser.clone() else {
            let params = Upload::typed_alone(request, server).await?;
            return Ok(KeptForm::Over { visit, params });
        };
        let Upload { files, params } = Upload::from_request(request, server).await?;
        if !browser.drew(&params) {
            return Ok(KeptForm::Over { visit, params });
        }
        Ok(KeptForm::Accepted(FileForm { form: accepted(server, visit, headers, params)?, files }))
    }
}

fn accepted(server: &Server, visit: Visit, headers: HeaderMap, params: Params) -> Result<Form> {
    let browser = visit.browser.as_ref().ok_or(Error::Forbidden(SIGN_IN))?;
    browser.accept(server, &headers, &params)?;
    Ok(Form { account: browser.account, visit, params, headers })
}

/// The words for whoever sent these headers, as far as the browser says.
#[must_use]
pub fn words(server: &Server, headers: &HeaderMap) -> Words {
    let chosen = session::value_of(server, headers, LANGUAGE).and_then(|tag| Words::in_language(&tag));
    chosen.unwrap_or_else(|| asked(headers))
}

/// The words for whoever sent these headers, by what they ask for alone.
#[must_use]
pub fn asked(headers: &HeaderMap) -> Words {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.filter(|text| text.len() <= limits::ACCEPT_LANGUAGE_BYTES).map(Words::asked_for).unwrap_or_default()
}

/// The cookie that keeps a browser's language.
///
/// # Errors
/// `Bug` only.
pub fn language_cookie(server: &Server, words: Words) -> Result<HeaderValue> {
    session::cookie(server, LANGUAGE, words.tag(), LANGUAGE_SECONDS)
}

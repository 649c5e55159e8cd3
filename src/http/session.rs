//! Signed-in browsers: the session cookie and the tokens that guard forms (SECURITY D2, D3). The client API never looks
//! at cookies.
//!
//! Over https cookies carry the `__Host-` prefix; on plain http (try-outs, labs) they carry the port in their name,
//! because browsers share cookies between the ports of a host (DESIGN §11).

use super::{
    Params,
    auth::{Scopes, Viewer, is_suspended},
    rate::{Bucket, Who},
    uses,
};
use crate::{
    error::{Error, Result},
    limits,
    server::Server,
    user::verify_password,
};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, ORIGIN, SET_COOKIE, USER_AGENT},
    request::Parts,
};
use std::ops::ControlFlow;
use storage::{
    AccountId, ApplicationId, Bounds, Direction, Read, SecretHash, Timestamp, TokenId, Tx, activity,
    use_of_access::Access,
    user::{self, SESSIONS, SESSIONS_OF_ACCOUNT, Session},
};
use web::words::Words;

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    /// Who is signed in.
    pub account: AccountId,
    hash: SecretHash,
    csrf_secret: [u8; 32],
}

impl Browser {
    /// What every form of this session carries in its hidden field `authenticity_token`.
    #[must_use]
    pub fn form_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.csrf_secret)
    }

    /// What the session is stored under.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        self.hash
    }

    /// The person as streams know who listens; they may read everything of their own.
    #[must_use]
    pub fn reader(&self) -> Viewer {
        let scopes = Scopes::parse("read");
        Viewer { account: self.account, token: TokenId(0), application: ApplicationId(0), scopes }
    }

    /// Refuses a form that was not drawn for this session, or was sent from another site.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn accept(&self, server: &Server, headers: &HeaderMap, params: &Params) -> Result<()> {
        check_same_site(server, headers)?;
        same(typed_token(params), &self.form_token())
    }

    /// Whether a form was drawn for this session.
    #[must_use]
    pub(crate) fn drew(&self, params: &Params) -> bool {
        same(typed_token(params), &self.form_token()).is_ok()
    }

    /// Whether whoever sits before this browser knows the password, before something that cannot be undone; slow for
    /// guessers.
    ///
    /// # Errors
    /// `TooMany` after some guesses; storage errors.
    pub async fn knows_password(&self, server: &Server, password: &str) -> Result<bool> {
        let (account, password) = (self.account, password.to_owned());
        // No name that somebody types to sign in begins with a blank.
        server.rates().take(Bucket::SignInName, Who::named(&format!(" account {account}")), server.now())?;
        let stored = server.read(move |view| Ok(user::find(view, account)?.map(|user| user.password_hash))).await?;
        server.stretch(move || verify_password(&password, stored.as_deref())).await
    }

    /// Ends this session; durable when it returns. The cookie to send clears the browser's.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn end(&self, server: &Server) -> Result<HeaderValue> {
        let (hash, account) = (self.hash, self.account);
        server
            .write(move |tx| {
                user::delete_session(tx, account, hash);
                Ok(())
            })
            .await?;
        // Whatever listens with this session is looked at again, and cut off.
        server.access_cache().clear();
        cookie(server, SESSION, "", 0)
    }
}

/// Signs a browser in under a fresh secret (never one it brought), and gives its cookie.
///
/// # Errors
/// Storage errors.
pub async fn begin(server: &Server, account: AccountId, headers: &HeaderMap) -> Result<HeaderValue> {
    let (secret, csrf_secret) = (server.secret(), server.random_bytes::<32>());
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let user_agent: String = agent.chars().take(limits::USER_AGENT_CHARS).collect();
    let hash = SecretHash::of(&secret);
    let dropped = server
        .write(move |tx| {
            let session = Session { account, csrf_secret, created_at: tx.now(), user_agent: user_agent.clone() };
            tx.accept_when_full();
            let dropped = drop_oldest(tx, account)?;
            activity::count(tx, account, activity::Deed::Came)?;
            SESSIONS.put(tx, &hash, &session);
            SESSIONS_OF_ACCOUNT.put(tx, &(account, hash), &());
            Ok(dropped)
        })
        .await?;
    if dropped {
        server.access_cache().clear();
    }
    cookie(server, SESSION, &secret, limits::SESSION_SECONDS)
}

/// Makes room for one more session of `account`; whether one had to go for it.
fn drop_oldest(tx: &mut Tx<'_>, account: AccountId) -> Result<bool> {
    let rows = SESSIONS_OF_ACCOUNT.list(tx, &account, Bounds::NONE, Direction::Ascending, limits::SESSIONS_PER_USER)?;
    if rows.len() < limits::SESSIONS_PER_USER {
        return Ok(false);
    }
    let mut oldest: Option<(Timestamp, SecretHash)> = None;
    for ((_, hash), ()) in rows {
        let made = SESSIONS.get(tx, &hash)?.map_or(Timestamp(0), |session| session.created_at);
        if oldest.is_none_or(|(first, _)| made < first) {
            oldest = Some((made, hash));
        }
    }
    if let Some((_, hash)) = oldest {
        user::delete_session(tx, account, hash);
    }
    Ok(oldest.is_some())
}

/// Whether a request carries the cookie of a session; whether that is valid, only the store knows.
pub(crate) fn is_carried(server: &Server, headers: &HeaderMap) -> bool {
    value_of(server, headers, SESSION).is_some()
}

/// The session of a request, if it has a valid one.
pub(crate) async fn find(server: &Server, headers: &HeaderMap) -> Result<Option<Browser>> {
    let Some(secret) = value_of(server, headers, SESSION) else { return Ok(None) };
    let (hash, now) = (SecretHash::of(&secret), server.now());
    let found = server.read(move |view| holder(view, hash, now)).await?;
    if found.is_some() {
        uses::used(server, Access::Session(hash));
    }
    Ok(found)
}

/// Who holds the session with this hash, as it is stored now; `None` if it is over or they may not use it.
///
/// # Errors
/// Storage errors.
pub fn holder(read: &dyn Read, hash: SecretHash, now: Timestamp) -> Result<Option<Browser>> {
    let Some(browser) = bearer(read, hash, now)? else { return Ok(None) };
    let user = user::find(read, browser.account)?;
    let barred = is_suspended(read, browser.account)?;
    Ok(user.filter(|user| !user.disabled && !barred).map(|_| browser))
}

/// The same, also of those whom moderators keep out: only for what those may read and say about that.
///
/// # Errors
/// Storage errors.
fn bearer(read: &dyn Read, hash: SecretHash, now: Timestamp) -> Result<Option<Browser>> {
    let Some(session) = SESSIONS.get(read, &hash)? else { return Ok(None) };
    if now.ms_since(session.created_at) > limits::SESSION_SECONDS * 1000 {
        return Ok(None);
    }
    let browser = Browser { account: session.account, hash, csrf_secret: session.csrf_secret };
    Ok(user::find(read, session.account)?.map(|_| browser))
}

/// The session of a request as `bearer` has it.
///
/// # Errors
/// Storage errors.
pub async fn find_bearer(server: &Server, headers: &HeaderMap) -> Result<Option<Browser>> {
    let Some(secret) = value_of(server, headers, SESSION) else { return Ok(None) };
    let (hash, now) = (SecretHash::of(&secret), server.now());
    server.read(move |view| bearer(view, hash, now)).await
}

impl FromRequestParts<Server> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        find(server, &parts.headers).await?.ok_or(Error::Forbidden("Please sign in first"))
    }
}

impl OptionalFromRequestParts<Server> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Option<Self>> {
        find(server, &parts.headers).await
    }
}

/// Guards forms of browsers that are not signed in: the form carries what the cookie says.
///
/// Another site can neither read nor (thanks to `__Host-`) set the cookie, so nobody is signed in as somebody else.
#[derive(Debug, Clone)]
pub struct FormGuard {
    token: String,
    fresh: bool,
    /// The language of the browser.
    pub words: Words,
}

impl FormGuard {
    /// What the form carries in `authenticity_token`.
    #[must_use]
    pub fn form_token(&self) -> &str {
        &self.token
    }

    /// The page with the form, and the cookie it is held against if the browser has none yet.
    ///
    /// # Errors
    /// `Bug` only.
    pub fn page(&self, server: &Server, mut page: Response) -> Result<Response> {
        if self.fresh {
            page.headers_mut().append(SET_COOKIE, cookie(server, FORM, &self.token, FORM_SECONDS)?);
        }
        Ok(page)
    }

    /// Refuses a form that this server did not draw for this browser, or that was sent from another site.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn accept(&self, server: &Server, headers: &HeaderMap, params: &Params) -> Result<()> {
        check_same_site(server, headers)?;
        if self.fresh {
            return Err(Error::Forbidden(STALE));
        }
        same(typed_token(params), &self.token)
    }
}

impl FromRequestParts<Server> for FormGuard {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self> {
        let words = super::visit::words(server, &parts.headers);
        Ok(match value_of(server, &parts.headers, FORM).filter(|token| token.len() == SECRET_CHARS) {
            Some(token) => FormGuard { token, fresh: false, words },
            None => FormGuard { token: server.secret(), fresh: true, words },
        })
    }
}

/// What a form carries.
fn typed_token(params: &Params) -> &str {
    params.str("authenticity_token").unwrap_or_default()
}

/// Refuses a form sent from another site, as far as the browser says where it comes from (Fetch Metadata; `Origin`).
///
/// # Errors
/// `Forbidden`.
pub(crate) fn check_same_site(server: &Server, headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return Err(Error::Forbidden("This form was sent from another site"));
    }
    match text(ORIGIN.as_str()) {
        // A page with `no-referrer` sends "null" for its own forms; the form's token decides then.
        None | Some("null") => Ok(()),
        Some(origin) if server.answers_for(origin.split_once("://").map_or("", |(_, host)| host), false) => Ok(()),
        Some(_) => Err(Error::Forbidden("This form was sent from another site")),
    }
}

/// A path of this server to go back to; anything else is the front page (SECURITY D8).
#[must_use]
pub fn own_path(text: Option<&str>) -> &str {
    text.filter(|path| path.starts_with('/') && !path.starts_with("//") && path.len() <= limits::HEAD_BYTES / 2)
        .filter(|path| path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'))
        .unwrap_or("/")
}

const SESSION: &str = "session";
const FORM: &str = "form";
const FORM_SECONDS: i64 = 24 * 3600;
/// 32 bytes in URL-safe base64.
const SECRET_CHARS: usize = 43;
const STALE: &str = "This form has expired, please load the page again (cookies are needed)";

fn same(given: &str, right: &str) -> Result<()> {
    match aws_lc_rs::constant_time::verify_slices_are_equal(given.as_bytes(), right.as_bytes()) {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::Forbidden(STALE)),
    }
}

fn name(server: &Server, what: &str) -> String {
    if server.origin().is_https() {
        format!("__Host-dassie_{what}")
    } else {
        format!("dassie_{what}_{}", server.address().port())
    }
}

/// A cookie of this server, gone after `seconds`.
///
/// # Errors
/// `Bug` only.
pub(crate) fn cookie(server: &Server, what: &str, value: &str, seconds: i64) -> Result<HeaderValue> {
    let secure = if server.origin().is_https() { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(server, what));
    HeaderValue::try_from(text).map_err(|error| Error::Bug(format!("cookie: {error}")))
}

/// What a cookie of this server says.
pub(crate) fn value_of(server: &Server, headers: &HeaderMap, what: &str) -> Option<String> {
    named(headers, &name(server, what))
}

/// What the cookie of this very name says.
pub(crate) fn named(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let found = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).try_for_each(|line| {
        for pair in line.split(';') {
            if let Some((name, value)) = pair.trim().split_once('=')
                && name == wanted
                && !value.is_empty()
            {
                return ControlFlow::Break(value.to_owned());
            }
        }
        ControlFlow::Continue(())
    });
    found.break_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert_eq!(own_path(Some("/oauth/authorize?client_id=a&state=%20")), "/oauth/authorize?client_id=a&state=%20");
        for bad in [
            None,
            Some(""),
            Some("//evil.test"),
            Some("/\\evil.test"),
            Some("https://evil.test"),
            Some("/a\nb"),
            Some("x"),
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
    }
}

//! The first run's first step: a try-out looks at a name and takes it (UX §1).

use super::first_run::require_code;
use crate::{
    config::Name,
    error::{Error, Result},
    http::{
        Params, answer,
        exchange::Client,
        rate::{Bucket, Who},
        session::FormGuard,
    },
    operate::{
        doctor::{Finding, Mark},
        naming::{self, Stage},
    },
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use web::layout::Site;
use web::page::{
    entrance,
    naming::{self as page, AskName, Found, Looked, Pass},
};

/// Seconds until a page that waits for something looks again.
const AGAIN_S: u32 = 2;
/// Seconds that a server takes to begin anew, and some.
const ANEW_S: u32 = 4;

/// The page for where it stands.
pub(super) fn show(server: &Server, guard: &FormGuard, code: &str) -> Result<Response> {
    match server.naming().stage() {
        Stage::Open => ask(server, guard, code, &Typed::default(), None),
        Stage::Looking(name) => {
            let site = site(server, guard);
            let (title, body) = (guard.words.say("naming-title"), page::looking(guard.words, &name.domain));
            let document = entrance::passing(&site, &title, (AGAIN_S, ""), &body);
            guard.page(server, answer::private_page(document))
        }
        Stage::Looked(name, findings) => found(server, guard, code, &name, &findings),
    }
}

/// `POST /first-run/name`
pub(super) async fn look(
    State(server): State<Server>,
    Client(address): Client,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    server.rates().take(Bucket::SignInAddress, Who::address(address), server.now())?;
    let code = admitted(&server, &guard, &headers, &params).await?;
    let typed = Typed::of(&params);
    match naming::begin(&server, typed.name()) {
        Ok(()) => Ok(back(code)),
        Err(Error::Invalid { why, .. }) => ask(&server, &guard, code, &typed, Some(&why)),
        Err(other) => Err(other),
    }
}

/// `POST /first-run/name/take`
pub(super) async fn take(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    let code = admitted(&server, &guard, &headers, &params).await?;
    let origin = naming::take(&server).await?;
    let address = origin.url(&format!("/first-run?code={code}"));
    let site = site(&server, &guard);
    let (title, body) = (guard.words.say("naming-title"), page::taken(guard.words, &address));
    let document = entrance::passing(&site, &title, (ANEW_S, &address), &body);
    Ok(answer::private_page(document))
}

/// `POST /first-run/name/leave`
pub(super) async fn leave(
    State(server): State<Server>,
    guard: FormGuard,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    let code = admitted(&server, &guard, &headers, &params).await?;
    server.naming().leave();
    Ok(back(code))
}

/// What was typed.
#[derive(Default)]
struct Typed {
    domain: String,
    handle_domain: String,
    proxied: bool,
}

impl Typed {
    fn of(params: &Params) -> Self {
        // People copy addresses: what stands before and behind the name is not the name.
        let bare = |key: &str| {
            let text = params.str(key).unwrap_or_default().trim().to_lowercase();
            let text = text.strip_prefix("https://").or(text.strip_prefix("http://")).unwrap_or(&text);
            text.trim_end_matches(['/', '.']).to_owned()
        };
        Typed {
            domain: bare("domain"),
            handle_domain: bare("handle_domain"),
            proxied: params.str("way") == Some("proxy"),
        }
    }

    fn name(&self) -> Name {
        let handle_domain = Some(self.handle_domain.clone()).filter(|text| !text.is_empty() && *text != self.domain);
        Name { domain: self.domain.clone(), handle_domain, sealed: !self.proxied }
    }
}

async fn admitted<'a>(server: &Server, guard: &FormGuard, headers: &HeaderMap, params: &'a Params) -> Result<&'a str> {
    guard.accept(server, headers, params)?;
    let code = require_code(server, params)?;
    if naming::is_open(server).await? { Ok(code) } else { Err(Error::NotFound) }
}

fn back(code: &str) -> Response {
    Redirect::to(&format!("/first-run?code={code}")).into_response()
}

fn ask(server: &Server, guard: &FormGuard, code: &str, typed: &Typed, problem: Option<&str>) -> Result<Response> {
    let tls = &server.config().tls;
    let ports = match tls.plain {
        Some(plain) => {
            let (one, two) = (tls.listen.port().to_string(), plain.port().to_string());
            guard.words.with("naming-two-ports", &[("one", &one), ("two", &two)])
        }
        None => guard.words.with("naming-one-port", &[("one", &tls.listen.port().to_string())]),
    };
    let here = format!("http://{}", server.address());
    let token = guard.form_token();
    let shown = AskName {
        pass: Pass { token, code },
        origin: &here,
        domain: &typed.domain,
        handle_domain: &typed.handle_domain,
        proxied: typed.proxied,
        ports: &ports,
        problem,
    };
    drawn(server, guard, &page::ask(guard.words, &shown), problem)
}

fn found(server: &Server, guard: &FormGuard, code: &str, name: &Name, findings: &[Finding]) -> Result<Response> {
    let looked: Vec<_> = findings
        .iter()
        .map(|finding| Looked {
            fine: finding.mark == Mark::Fine,
            wrong: finding.mark == Mark::Wrong,
            words: &finding.words,
        })
        .collect();
    let redirects = naming::redirects(name);
    let token = guard.form_token();
    let shown =
        Found { pass: Pass { token, code }, domain: &name.domain, findings: &looked, redirects: redirects.as_deref() };
    drawn(server, guard, &page::found(guard.words, &shown), None)
}

/// The frame of the pages of the first run, in the language of the browser.
pub(super) fn site<'a>(server: &'a Server, guard: &FormGuard) -> Site<'a> {
    answer::in_language(server, guard.words)
}

fn drawn(server: &Server, guard: &FormGuard, body: &web::page::Markup, problem: Option<&str>) -> Result<Response> {
    let site = site(server, guard);
    let response = answer::private_page(entrance::document(&site, &guard.words.say("naming-title"), body));
    guard.page(server, answer::form_page(response, problem))
}

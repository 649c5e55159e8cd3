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
        ways::{self, Way, Ways},
    },
    server::Server,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use web::{
    layout::{GoesOn, Site},
    page::{
        Markup, entrance,
        naming::{self as page, AskName, Door, Found, Looked, Pass},
    },
    words::Words,
};

/// Seconds that a server takes to begin anew, and some.
pub(super) const ANEW_S: u32 = 4;

/// The page for where it stands.
pub(super) async fn show(server: &Server, guard: &FormGuard, headers: &HeaderMap, code: &str) -> Result<Response> {
    let shown = standing(server, headers).await;
    if let Shown::Looking(name) = &shown {
        let site = site(server, guard);
        let (title, body) = (guard.words.say("naming-title"), page::looking(guard.words, &name.domain));
        let document = entrance::passing(&site, &title, GoesOn::AGAIN, &body);
        return guard.page(server, answer::private_page(document));
    }
    drawn(server, guard, code, &shown)
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
        Err(Error::Invalid { why, .. }) => {
            let ways = ways::look(&server, &headers).await;
            drawn(&server, &guard, code, &Shown::Ask { typed: Some(typed), ways, problem: Some(why) })
        }
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
    let document = entrance::passing(&site, &title, GoesOn::Later { seconds: ANEW_S, address: &address }, &body);
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

/// What a page of it shows.
pub(super) enum Shown {
    /// Which name it is to be.
    Ask {
        /// What was typed; `None` before anything was.
        typed: Option<Typed>,
        /// What is possible here.
        ways: Ways,
        /// Why it was refused.
        problem: Option<String>,
    },
    /// It is being looked at.
    Looking(Name),
    /// This was found.
    Looked(Name, Vec<Finding>),
}

/// What there is to show now.
pub(super) async fn standing(server: &Server, headers: &HeaderMap) -> Shown {
    match server.naming().stage() {
        Stage::Open => Shown::Ask { typed: None, ways: ways::look(server, headers).await, problem: None },
        Stage::Looking(name) => Shown::Looking(name),
        Stage::Looked(name, findings) => Shown::Looked(name, findings),
    }
}

/// The body of the page.
pub(super) fn body(server: &Server, words: Words, pass: Pass<'_>, shown: &Shown) -> Markup {
    match shown {
        Shown::Ask { typed, ways, problem } => ask(server, words, pass, (typed.as_ref(), ways), problem.as_deref()),
        Shown::Looking(name) => page::looking(words, &name.domain),
        Shown::Looked(name, findings) => found(words, pass, name, findings),
    }
}

/// What was typed.
#[derive(Default)]
pub(super) struct Typed {
    domain: String,
    handle_domain: String,
    proxied: bool,
}

impl Typed {
    /// Reads the form.
    pub(super) fn of(params: &Params) -> Self {
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

    /// The name it makes.
    pub(super) fn name(&self) -> Name {
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

fn ask(
    server: &Server,
    words: Words,
    pass: Pass<'_>,
    (typed, ways): (Option<&Typed>, &Ways),
    problem: Option<&str>,
) -> Markup {
    let tls = &server.config().tls;
    let ports = match tls.plain {
        Some(plain) => {
            let (one, two) = (tls.listen.port().to_string(), plain.port().to_string());
            words.with("naming-two-ports", &[("one", &one), ("two", &two)])
        }
        None => words.with("naming-one-port", &[("one", &tls.listen.port().to_string())]),
    };
    let here = format!("http://{}", server.address());
    let (proposed, inside) = (ways.asked_as.as_deref().unwrap_or_default(), ways.inside.map(|ip| ip.to_string()));
    let way = match ways.way {
        Way::Own => page::Way::Own { inside: inside.as_deref() },
        Way::NotAllowed(port) => page::Way::NotAllowed { port },
        Way::Held(port) => page::Way::Held { port },
        Way::Proxied => page::Way::Proxied,
    };
    let by_proxy = matches!(ways.way, Way::Held(_) | Way::Proxied);
    page::ask(
        words,
        &AskName {
            pass,
            origin: &here,
            domain: typed.map_or(proposed, |typed| &typed.domain),
            handle_domain: typed.map_or("", |typed| &typed.handle_domain),
            proxied: typed.map_or(by_proxy, |typed| typed.proxied),
            way,
            ports: &ports,
            problem,
        },
    )
}

fn found(words: Words, pass: Pass<'_>, name: &Name, findings: &[Finding]) -> Markup {
    let looked: Vec<_> = findings
        .iter()
        .map(|finding| Looked {
            fine: finding.mark == Mark::Fine,
            wrong: finding.mark == Mark::Wrong,
            words: &finding.words,
        })
        .collect();
    page::found(words, &Found { pass, domain: &name.domain, findings: &looked, leading: name.leading() })
}

/// The frame of the pages of the first run, in the language of the browser.
pub(super) fn site<'a>(server: &'a Server, guard: &FormGuard) -> Site<'a> {
    answer::in_language(server, guard.words)
}

fn drawn(server: &Server, guard: &FormGuard, code: &str, shown: &Shown) -> Result<Response> {
    let pass = Pass { token: guard.form_token(), door: Door::FirstRun { code } };
    let (site, body) = (site(server, guard), body(server, guard.words, pass, shown));
    let response = answer::private_page(entrance::document(&site, &guard.words.say("naming-title"), &body));
    let refused = matches!(shown, Shown::Ask { problem: Some(_), .. });
    guard.page(server, answer::form_page(response, refused.then_some("")))
}

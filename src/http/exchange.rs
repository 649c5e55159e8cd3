//! What happens to every request before and after its route: whose host it names, how often it may come, how large and
//! how long it may be, and that nothing in it can take the process down.

use crate::{
    error::{Error, Result},
    http::{
        answer::{self, Asked},
        auth,
        body::Bounded,
        connection::State,
        kind::{Class, Kind},
        listen::Site,
        negotiate,
        proxy::Caller,
        rate::{Allowance, Bucket, Rates, Who},
        session,
        typed::Typed,
        visit,
    },
    limits,
    server::Server,
    tasks::guarded,
    threads::while_somebody_waits,
};
use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, Version,
    header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, REFERER, TRANSFER_ENCODING},
    request::Parts,
};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use std::{convert::Infallible, future::Future, net::IpAddr, pin::Pin, sync::Arc, time::Duration};
use storage::AccountId;
use tower::ServiceExt;

/// The address a request comes from.
///
/// Behind a proxy that is believed whoever it speaks for (`http::proxy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub IpAddr);

impl FromRequestParts<Server> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self> {
        parts.extensions.get().copied().ok_or_else(|| Error::Bug("request without a client address".to_owned()))
    }
}

/// None for what is not counted by where it comes from.
impl OptionalFromRequestParts<Server> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().copied())
    }
}

/// The routes with everything around them, for one listener.
#[derive(Clone)]
pub(crate) struct Service {
    router: Router,
    kind_of: fn(&Method, &str) -> Kind,
    server: Server,
}

impl Service {
    pub(crate) fn new(site: Site, server: Server) -> Self {
        Service { router: site.router, kind_of: site.kind_of, server }
    }

    pub(crate) fn for_connection(&self, client: Client, state: Arc<State>) -> OnConnection {
        OnConnection { service: self.clone(), client, state }
    }

    /// How many connections from there may be open at once: proxies have many.
    pub(crate) fn connections_of(&self, peer: IpAddr) -> usize {
        let is_proxy = self.server.proxies().is_believed(peer);
        if is_proxy { limits::CONNECTIONS } else { limits::CONNECTIONS_PER_CLIENT }
    }

    async fn answer(self, mut request: Request<Incoming>, peer: Client) -> Response {
        let mut kind = (self.kind_of)(request.method(), request.uri().path());
        // What peers sign is the target as they wrote it.
        if kind.class != Class::Federation
            && let Some(bare) = without_trailing_slash(request.uri())
        {
            *request.uri_mut() = bare;
            let meant = (self.kind_of)(request.method(), request.uri().path());
            // Nor is a slash a way around what is counted apart.
            kind.bucket = meant.bucket;
            // What takes pictures takes them all the same.
            if (kind.class, meant.class) == (Class::Api, Class::Pictures) {
                kind.class = meant.class;
            }
        }
        let asked = Asked {
            kind,
            shape: negotiate::shape(request.headers()),
            request_id: format!("{:016x}", self.server.random()),
            lab: self.server.reach().is_lab(),
            named: self.server.is_named(),
            words: visit::words(&self.server, request.headers()),
            accent: self.server.accent(),
            session: session::is_carried(&self.server, request.headers()),
            form: request.method() == Method::POST,
            again: self.again(&request),
            typed: Typed::default(),
        };
        let chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let caller = self.server.proxies().caller(request.headers(), peer.0);
        if kind.class != Class::Probe {
            self.server.proxies().note(request.headers(), peer.0, caller, self.server.now());
        }
        let mut rates = None;
        let mut response = match self.admit(&request, caller, kind, &mut rates) {
            Ok(None) => self.route(request, caller, &asked, &mut rates).await,
            Ok(Some(response)) => response,
            Err(error) => error.into_response(),
        };
        if let Some(allowance) = rates {
            allowance.write(response.headers_mut());
        }
        let mut response = answer::finish(response, &asked, self.server.origin());
        // A chunked request may hide another one behind it from a proxy that counted differently (RFC 9112 §6.3).
        // What could not be understood may go on in a way we do not understand either.
        if chunked || matches!(response.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Refuses, answers at once, or lets through.
    fn admit(
        &self,
        request: &Request<Incoming>,
        caller: Caller,
        kind: Kind,
        rates: &mut Option<Allowance>,
    ) -> Result<Option<Response>> {
        if let Some(refusal) = self.wrong_host(request, kind) {
            return Ok(Some(refusal));
        }
        if kind.cors && request.method() == Method::OPTIONS {
            return Ok(Some(answer::preflight()));
        }
        if kind.class != Class::Probe {
            if !caller.is_anybody && self.server.barred().covers(caller.address, self.server.now()) {
                return Err(Error::Forbidden("Requests from your network are not answered here"));
            }
            self.take_rates(request, caller, kind, rates)?;
        }
        // Nothing here has such a name, and routes read their paths as text.
        if percent_decode_str(request.uri().path()).decode_utf8().is_err() {
            return Err(Error::NotFound);
        }
        let limit = kind.class.body_max(is_multipart(request.headers()));
        let length = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        if length.is_some_and(|length: u64| length > limit as u64) {
            return Err(Error::TooLarge { limit });
        }
        Ok(None)
    }

    /// A request for somebody else is refused, so that no answer of ours is ever kept under another name (SECURITY E8).
    fn wrong_host(&self, request: &Request<Incoming>, kind: Kind) -> Option<Response> {
        let mut hosts = request.headers().get_all(HOST).iter();
        let header = hosts.next();
        if hosts.next().is_some() || (header.is_none() && request.version() >= Version::HTTP_11) {
            return Some(answer::refuse(StatusCode::BAD_REQUEST, "Exactly one Host header is needed"));
        }
        let header = match header.map(HeaderValue::to_str) {
            Some(Err(_)) => return Some(answer::refuse(StatusCode::BAD_REQUEST, "Host header is not readable")),
            Some(Ok(host)) => Some(host),
            None => None,
        };
        // A target with an authority must agree with the header (RFC 9112 §3.2.2).
        let named = request.uri().authority().map(http::uri::Authority::as_str);
        if let (Some(named), Some(header)) = (named, header)
            && !named.eq_ignore_ascii_case(header)
        {
            return Some(answer::refuse(StatusCode::BAD_REQUEST, "Host header and request target differ"));
        }
        if kind.class == Class::Probe {
            return None;
        }
        let host = named.or(header)?;
        if self.server.answers_for(host, kind.class == Class::Discovery) {
            return None;
        }
        Some(answer::refuse(StatusCode::MISDIRECTED_REQUEST, "This server does not answer for that host"))
    }

    /// Counts a request; `shown` becomes what its answer says of the rates, also if it is refused.
    fn take_rates(
        &self,
        request: &Request<Incoming>,
        caller: Caller,
        kind: Kind,
        shown: &mut Option<Allowance>,
    ) -> Result<()> {
        let general = if caller.is_anybody { Bucket::Proxy } else { Bucket::Address };
        self.take(general, Who::address(caller.address), kind, shown)?;
        // Only where a token is looked at; a made-up one gains nothing, its address is counted all the same.
        let token = is_api(kind).then(|| auth::bearer(request.headers(), request.uri())).flatten();
        if let Some(token) = token {
            self.take(Bucket::Token, Who::named(&token), kind, shown)?;
        }
        Ok(())
    }

    /// Counts what its kind counts apart, as `take_rates`: by account, so that several tokens are no way around it.
    async fn take_deed(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
        caller: Caller,
        kind: Kind,
        shown: &mut Option<Allowance>,
    ) -> Result<()> {
        let Some(bucket) = kind.bucket else { return Ok(()) };
        let address = Who::address(caller.address);
        let who = match bucket {
            // Anybody may do these, with any token or none; an application's own is everybody's who signs up with it.
            Bucket::Application | Bucket::SignUp => address,
            _ => self.account(headers, uri).await.map_or(address, Who::Account),
        };
        self.take(bucket, who, kind, shown)
    }

    /// Whose token came with a request, if it is somebody's; where it cannot be looked up, the route says so.
    async fn account(&self, headers: &HeaderMap, uri: &Uri) -> Option<AccountId> {
        let token = auth::bearer(headers, uri)?;
        auth::access(&self.server, &token).await.ok()?.account
    }

    /// Takes a request out of a bucket; what is left is shown by the client API.
    fn take(&self, bucket: Bucket, who: Who, kind: Kind, shown: &mut Option<Allowance>) -> Result<()> {
        let now = self.server.now();
        let taken = self.server.rates().take(bucket, who, now);
        let left = match &taken {
            Ok(left) => *left,
            Err(Error::TooMany { retry_after }) => Some(Rates::emptied(bucket, *retry_after, now)),
            Err(_) => None,
        };
        *shown = left.filter(|_| is_api(kind));
        taken.map(drop)
    }

    /// Where whoever asked tries again: the page itself, or the one on which the form stood; paths of this server.
    fn again(&self, request: &Request<Incoming>) -> Option<String> {
        if request.method() != Method::POST {
            return request.uri().path_and_query().map(|at| session::own_path(Some(at.as_str())).to_owned());
        }
        let from: Uri = request.headers().get(REFERER)?.to_str().ok()?.parse().ok()?;
        let ours = self.server.answers_for(from.authority()?.as_str(), false);
        from.path_and_query().filter(|_| ours).map(|at| session::own_path(Some(at.as_str())).to_owned())
    }

    /// The route itself, if what it does was not done too often: bounded in body and time, a panic becomes a 500.
    async fn route(
        &self,
        request: Request<Incoming>,
        caller: Caller,
        asked: &Asked,
        rates: &mut Option<Allowance>,
    ) -> Response {
        let kind = asked.kind;
        let limit = kind.class.body_max(is_multipart(request.headers()));
        let mut request = request.map(|body| Body::new(Bounded::new(body, limit)));
        // What other servers send through a proxy that does not say so is counted by who signs it, not all as one.
        let is_sent = kind.class == Class::Federation && request.method() == Method::POST;
        if !(caller.is_anybody && is_sent) {
            request.extensions_mut().insert(Client(caller.address));
        }
        // Words that another site puts into a form are not shown here as if somebody had typed them.
        if request.method() == Method::POST && session::check_same_site(&self.server, request.headers()).is_ok() {
            request.extensions_mut().insert(asked.typed.clone());
        }
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let router = self.router.clone();
        let work = async move {
            let (headers, uri) = (request.headers(), request.uri());
            if let Err(refusal) = self.take_deed(headers, uri, caller, kind, rates).await {
                return Ok(refusal.into_response());
            }
            router.oneshot(request).await
        };
        let answered = guarded(async move {
            match kind.class {
                Class::Federation | Class::Discovery => work.await,
                _ => while_somebody_waits(work).await,
            }
        });
        match tokio::time::timeout(kind.class.deadline(), answered).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(panic)) => {
                tracing::error!(request = %asked.request_id, %method, %path, %panic, "a handler panicked");
                Error::Bug("a handler panicked".to_owned()).into_response()
            }
            Err(_) => {
                tracing::warn!(request = %asked.request_id, %method, %path, "a request took too long");
                self.late(asked)
            }
        }
    }

    /// What is said of a request that took too long. While the disk is in trouble a form waited for it: its page says so,
    /// and when to send it again.
    fn late(&self, asked: &Asked) -> Response {
        if asked.form && self.server.disk().is_in_trouble() {
            return Error::not_now().into_response();
        }
        let wait = Duration::from_secs(limits::COMPOSE_RETRY_SECONDS);
        answer::refuse_for_now(
            StatusCode::SERVICE_UNAVAILABLE,
            "The request took too long, please try again later",
            wait,
        )
    }
}

fn is_api(kind: Kind) -> bool {
    matches!(kind.class, Class::Api | Class::Pictures | Class::Upload)
}

/// The service of one connection.
pub(crate) struct OnConnection {
    service: Service,
    client: Client,
    state: Arc<State>,
}

impl hyper::service::Service<Request<Incoming>> for OnConnection {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.state.request_begins();
        let (service, client, state) = (self.service.clone(), self.client, Arc::clone(&self.state));
        Box::pin(async move {
            let response = service.answer(request, client).await;
            if !answer::is_lasting(&response) {
                state.request_ends();
            }
            Ok(response)
        })
    }
}

/// The same target without slashes at the end of its path: toot asks for `/oauth/authorize/`, and Mastodon's own
/// router takes both. `None` if there is none to take off.
fn without_trailing_slash(uri: &Uri) -> Option<Uri> {
    let bare = uri.path().trim_end_matches('/');
    if bare.is_empty() || bare.len() == uri.path().len() {
        return None;
    }
    let target = match uri.query() {
        Some(query) => format!("{bare}?{query}"),
        None => bare.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().ok()?);
    Uri::from_parts(parts).ok()
}

fn is_multipart(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        kind.len() >= 10 && kind[..10].eq_ignore_ascii_case(b"multipart/")
    })
}

#[cfg(test)]
mod tests {
    use super::without_trailing_slash;

    #[test]
    fn slash_at_the_end_of_a_path_is_taken_off() {
        let bare = |text: &str| without_trailing_slash(&text.parse().expect("a target")).map(|uri| uri.to_string());
        assert_eq!(bare("/oauth/authorize/?a=b").as_deref(), Some("/oauth/authorize?a=b"));
        assert_eq!(bare("/@name//").as_deref(), Some("/@name"));
        for kept in ["/", "//", "/about", "/about?next=/"] {
            assert_eq!(bare(kept), None, "{kept}");
        }
    }
}

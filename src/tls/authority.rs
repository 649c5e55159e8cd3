//! How an authority is spoken with: over the outbound client, within bounds.

use crate::{
    error::Result,
    federation::client::chosen::{Bounds, Chosen},
    limits,
    reach::Reach,
    server::Server,
};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use instant_acme::{BodyWrapper, BytesResponse, HttpClient};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// The line to an authority.
pub(super) struct Line(Arc<Chosen>);

impl Line {
    /// A line that trusts the public authorities, and a lab's.
    ///
    /// # Errors
    /// As `Chosen::new`.
    pub(super) fn new(server: &Server) -> Result<Self> {
        let ca_pem = match server.reach() {
            Reach::Public => None,
            Reach::Lab(lab) => lab.ca_pem().map(str::to_owned),
        };
        Ok(Line(Arc::new(Chosen::new(ca_pem)?)))
    }
}

type Answering = Pin<Box<dyn Future<Output = std::result::Result<BytesResponse, instant_acme::Error>> + Send>>;

impl HttpClient for Line {
    fn request(&self, request: Request<BodyWrapper<Bytes>>) -> Answering {
        let chosen = Arc::clone(&self.0);
        Box::pin(async move {
            let patience = Duration::from_millis(limits::ACME_ANSWER_MS);
            let bounds = Bounds { body_max_bytes: limits::ACME_ANSWER_BYTES_MAX, head: patience, whole: patience };
            let answer = chosen.exchange(request, bounds).await;
            let answer = answer.map_err(|error| instant_acme::Error::Other(Box::new(error)))?;
            Ok(BytesResponse::from(answer.map(Full::new)))
        })
    }
}

/// What went wrong, in one sentence for people; an authority's own words are cut.
pub(super) fn words(error: &instant_acme::Error) -> String {
    let said = match error {
        instant_acme::Error::Api(problem) => problem.detail.clone().unwrap_or_else(|| error.to_string()),
        other => other.to_string(),
    };
    cut(&said)
}

/// `text` without line breaks, within `limits::ACME_WORDS_MAX` characters.
pub(super) fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(limits::ACME_WORDS_MAX).collect()
}

/// Whether the authority says that it could not look at a proof (RFC 8555 §6.7).
pub(super) fn could_not_look(error: &instant_acme::Error) -> bool {
    let instant_acme::Error::Api(problem) = error else { return false };
    let kinds = [":connection", ":dns", ":tls", ":incorrectResponse"];
    problem.r#type.as_deref().is_some_and(|kind| kinds.iter().any(|known| kind.ends_with(known)))
}

/// Whether the authority says that it was asked too often (RFC 8555 §6.6).
pub(super) fn too_often(error: &instant_acme::Error) -> bool {
    let instant_acme::Error::Api(problem) = error else { return false };
    problem.r#type.as_deref().is_some_and(|kind| kind.ends_with(":rateLimited")) || problem.status == Some(429)
}

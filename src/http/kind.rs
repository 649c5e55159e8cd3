//! What a route is, as far as bounds and the shape of failures depend on it. `routes.rs` says which route is which.

use crate::limits;
use std::time::Duration;

/// A group of routes that share bounds and the shape of their failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The client API: failures are `{"error": …}`.
    Api,
    /// Calls of the client API that carry the pictures of a profile; else as `Api`.
    Pictures,
    /// Uploads of the client API.
    Upload,
    /// OAuth endpoints for programs: failures are `{"error": …}`, refusals 400.
    Oauth,
    /// Pages: failures are HTML.
    Page,
    /// Forms of pages that take a file; else as pages.
    FileForm,
    /// ActivityPub documents and inboxes: failures are JSON, refusals 400, trouble 503.
    Federation,
    /// Discovery: webfinger, nodeinfo, host-meta.
    Discovery,
    /// Health probes: answered for every Host.
    Probe,
}

impl Class {
    /// Bytes a body may have; multipart has its own bound where pictures are taken.
    #[must_use]
    pub fn body_max(self, multipart: bool) -> usize {
        match self {
            Class::Upload | Class::FileForm if multipart => limits::UPLOAD_BODY_BYTES,
            Class::Pictures if multipart => limits::MULTIPART_BYTES,
            Class::Api | Class::Pictures | Class::Upload | Class::FileForm | Class::Federation => limits::BODY_BYTES,
            Class::Page | Class::Oauth => limits::FORM_BYTES,
            Class::Discovery | Class::Probe => 4 * 1024,
        }
    }

    /// Time until the answer must begin.
    #[must_use]
    pub fn deadline(self) -> Duration {
        Duration::from_secs(if matches!(self, Class::Upload | Class::FileForm) {
            limits::UPLOAD_SECONDS
        } else {
            limits::REQUEST_SECONDS
        })
    }

    /// Whether refusals of fields are 400 rather than the client API's 422.
    #[must_use]
    pub fn refuses_with_400(self) -> bool {
        matches!(self, Class::Oauth | Class::Federation | Class::Discovery)
    }
}

/// A route's class, whether browsers of other origins may call it, and which bucket its requests empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Bounds and shape.
    pub class: Class,
    /// `Access-Control-Allow-Origin: *` (client API, CORS).
    pub cors: bool,
    /// A bucket besides the general one.
    pub bucket: Option<crate::http::rate::Bucket>,
}

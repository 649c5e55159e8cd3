//! In which way a peer is signed for: as all are, unless it has shown lately what it takes (FEDERATION §4).

use super::signature::Scheme;
use crate::limits;
use http::StatusCode;
use storage::{
    Timestamp,
    manner::{Form, Manner},
};

/// What is tried first.
#[must_use]
pub fn first(manner: &Manner, now: Timestamp) -> Scheme {
    match manner.takes {
        Some((Form::Rfc9421, at)) if now.ms_since(at) < limits::SCHEME_REMEMBERED_MS => Scheme::Rfc9421,
        Some((Form::Rfc9421 | Form::Cavage, _)) | None => Scheme::Cavage,
    }
}

/// What is tried after it was refused.
#[must_use]
pub fn other(first: Scheme) -> Scheme {
    match first {
        Scheme::Cavage => Scheme::Rfc9421,
        Scheme::Rfc9421 => Scheme::Cavage,
    }
}

/// Whether a peer that answers so may have taken offence at the signature, one of a form that it perhaps does not know.
#[must_use]
pub fn is_refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED)
}

/// Whether the answer to the other form, after the first one was refused, says no more than that it is refused as well: some
/// servers answer 403 to a form that they cannot read. Whatever else it is, it is what the peer says of the request itself.
#[must_use]
pub fn is_refused_too(status: StatusCode) -> bool {
    is_refused(status) || status == StatusCode::FORBIDDEN
}

/// As it is written down.
#[must_use]
pub fn form(scheme: Scheme) -> Form {
    match scheme {
        Scheme::Cavage => Form::Cavage,
        Scheme::Rfc9421 => Form::Rfc9421,
    }
}

//! The pages of OAuth, drawn by `web`, with the headers they need.

use crate::{http::answer, server::Server};
use axum::response::Response;
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use web::page::{
    Markup,
    entrance::{self as page, Authorize, SignIn},
};

/// A page of secrets: never kept, never told to others in a referrer.
fn private(server: &Server, title: &str, body: &Markup, form_action: &str) -> Response {
    let site = answer::site(server.origin(), server.reach().is_lab());
    let mut response = answer::private_page(page::document(&site, title, body));
    let headers = response.headers_mut();
    // A target that fits no header keeps the default policy: the form then cannot leave, which is the safe side.
    if let Ok(policy) = HeaderValue::try_from(answer::page_policy(server.origin(), form_action)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The sign-in form.
pub(super) fn sign_in(server: &Server, page: &SignIn<'_>) -> Response {
    private(server, "Sign in", &page::sign_in(page), "'self'")
}

/// The approval form; it may lead to where the application lives.
pub(super) fn authorize(server: &Server, page: &Authorize<'_>, form_action: &str) -> Response {
    private(server, "Authorize an application", &page::authorize(page), form_action)
}

/// The code to copy.
pub(super) fn code(server: &Server, code: &str) -> Response {
    private(server, "Authorization code", &page::code(code), "'self'")
}

/// The person said no.
pub(super) fn denied(server: &Server) -> Response {
    private(server, "Not authorized", &page::denied(), "'self'")
}

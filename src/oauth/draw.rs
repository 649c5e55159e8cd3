//! The pages of OAuth, drawn by `web`, with the headers they need.

use crate::{http::answer, server::Server};
use axum::response::Response;
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use web::{
    layout::Site,
    page::{
        Markup,
        entrance::{self as page, Authorize, SignIn},
        recovery::{self, ByCode},
        second_step::{self, SecondStep},
        sign_up::{self as entry, Done, SignUp},
    },
    words::Words,
};

/// A page of secrets: never kept, never told to others in a referrer.
fn private(server: &Server, title: &str, body: &Markup, form_action: &str) -> Response {
    private_in(server, Words::default(), title, body, form_action)
}

/// The same in the language of whoever comes.
fn private_in(server: &Server, words: Words, title: &str, body: &Markup, form_action: &str) -> Response {
    let site = Site { words, ..answer::site(server.origin(), server.reach().is_lab()) };
    framed(server, page::document(&site, title, body), form_action)
}

fn framed(server: &Server, document: String, form_action: &str) -> Response {
    let mut response = answer::private_page(document);
    let headers = response.headers_mut();
    // A target that fits no header keeps the default policy: the form then cannot leave, which is the safe side.
    if let Ok(policy) = HeaderValue::try_from(answer::page_policy(server.origin(), form_action)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The sign-in form.
pub(super) fn sign_in(server: &Server, page: &SignIn<'_>) -> Response {
    let site = answer::site(server.origin(), server.reach().is_lab());
    framed(server, page::scripted(&site, "Sign in", &page::sign_in(page)), "'self'")
}

/// The form for a code.
pub(super) fn second_step(server: &Server, words: Words, page: &SecondStep<'_>) -> Response {
    private_in(server, words, &words.say("second-step"), &second_step::second_step(words, page), "'self'")
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

/// The form for new people.
pub(super) fn sign_up(server: &Server, page: &SignUp<'_>) -> Response {
    private(server, "Sign up", &entry::sign_up(page), "'self'")
}

/// The button that confirms an address.
pub(super) fn confirm(server: &Server, token: &str, secret: &str, email: &str) -> Response {
    private(server, "Confirm your address", &entry::confirm(token, secret, email), "'self'")
}

/// The button that confirms an address which letters are to go to.
pub(super) fn confirm_email(server: &Server, words: Words, token: &str, secret: &str, email: &str) -> Response {
    let body = entry::confirm_email(words, token, secret, email);
    private_in(server, words, &words.say("settings-email-change"), &body, "'self'")
}

/// A link that does not hold.
pub(super) fn stale_link(server: &Server) -> Response {
    private(server, "This link does not hold any more", &entry::stale_link(), "'self'")
}

/// The form that asks for a link to choose a password.
pub(super) fn forgotten(server: &Server, token: &str) -> Response {
    let body = entry::forgotten(token, server.config().mail.is_some());
    private(server, "Forgot your password?", &body, "'self'")
}

/// The form for the code of a recovery sheet.
pub(super) fn by_code(server: &Server, words: Words, page: &ByCode<'_>) -> Response {
    private_in(server, words, &words.say("recovery-use"), &recovery::by_code(words, page), "'self'")
}

/// The form behind such a link.
pub(super) fn choose_password(server: &Server, token: &str, secret: &str, problem: Option<&str>) -> Response {
    private(server, "Choose a new password", &entry::choose_password(token, secret, problem), "'self'")
}

/// The form for whoever knows the old password.
pub(super) fn change_password(server: &Server, token: &str, username: &str, problem: Option<&str>) -> Response {
    private(server, "Change your password", &entry::change_password(token, username, problem), "'self'")
}

/// What came of a form.
pub(super) fn done(server: &Server, done: Done) -> Response {
    private(server, "Done", &entry::done(done), "'self'")
}

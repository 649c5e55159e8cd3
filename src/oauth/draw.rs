//! The pages of OAuth, drawn by `web`, with the headers they need.

use crate::{http::answer, server::Server};
use axum::response::Response;
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use web::{
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
fn private(server: &Server, words: Words, title: &str, body: &Markup, form_action: &str) -> Response {
    framed(server, page::document(&answer::in_language(server, words), title, body), form_action)
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
pub(super) fn sign_in(server: &Server, words: Words, page: &SignIn<'_>) -> Response {
    let site = answer::in_language(server, words);
    framed(server, page::scripted(&site, &words.say("sign-in"), &page::sign_in(words, page)), "'self'")
}

/// The form for a code.
pub(super) fn second_step(server: &Server, words: Words, page: &SecondStep<'_>) -> Response {
    private(server, words, &words.say("second-step"), &second_step::second_step(words, page), "'self'")
}

/// The approval form; it may lead to where the application lives.
pub(super) fn authorize(server: &Server, words: Words, page: &Authorize<'_>, form_action: &str) -> Response {
    private(server, words, &words.say("authorize-title"), &page::authorize(words, page), form_action)
}

/// The code to copy.
pub(super) fn code(server: &Server, words: Words, code: &str) -> Response {
    private(server, words, &words.say("authorize-code-title"), &page::code(words, code), "'self'")
}

/// The person said no.
pub(super) fn denied(server: &Server, words: Words) -> Response {
    private(server, words, &words.say("authorize-denied-title"), &page::denied(words), "'self'")
}

/// The form for new people.
pub(super) fn sign_up(server: &Server, words: Words, page: &SignUp<'_>) -> Response {
    private(server, words, &words.say("entry-sign-up"), &entry::sign_up(words, page), "'self'")
}

/// The button that confirms an address.
pub(super) fn confirm(server: &Server, words: Words, token: &str, secret: &str, email: &str) -> Response {
    private(server, words, &words.say("entry-confirm"), &entry::confirm(words, token, secret, email), "'self'")
}

/// An invite that does not hold.
pub(super) fn uninvited(server: &Server, words: Words, may_sign_up: bool) -> Response {
    private(server, words, &words.say("entry-uninvited"), &entry::uninvited(words, may_sign_up), "'self'")
}

/// The button that confirms an address which letters are to go to.
pub(super) fn confirm_email(server: &Server, words: Words, token: &str, secret: &str, email: &str) -> Response {
    let body = entry::confirm_email(words, token, secret, email);
    private(server, words, &words.say("settings-email-change"), &body, "'self'")
}

/// A link that does not hold.
pub(super) fn stale_link(server: &Server, words: Words) -> Response {
    private(server, words, &words.say("entry-stale"), &entry::stale_link(words), "'self'")
}

/// The form that asks for a link to choose a password.
pub(super) fn forgotten(server: &Server, words: Words, token: &str) -> Response {
    let body = entry::forgotten(words, token, server.config().mail.is_some());
    private(server, words, &words.say("entry-forgot"), &body, "'self'")
}

/// The form for the code of a recovery sheet.
pub(super) fn by_code(server: &Server, words: Words, page: &ByCode<'_>) -> Response {
    private(server, words, &words.say("recovery-use"), &recovery::by_code(words, page), "'self'")
}

/// The form behind such a link.
pub(super) fn choose_password(
    server: &Server,
    words: Words,
    token: &str,
    secret: &str,
    problem: Option<&str>,
) -> Response {
    private(server, words, &words.say("entry-choose"), &entry::choose_password(words, token, secret, problem), "'self'")
}

/// The form for whoever knows the old password.
pub(super) fn change_password(
    server: &Server,
    words: Words,
    token: &str,
    username: &str,
    problem: Option<&str>,
) -> Response {
    private(
        server,
        words,
        &words.say("entry-change"),
        &entry::change_password(words, token, username, problem),
        "'self'",
    )
}

/// What came of a form.
pub(super) fn done(server: &Server, words: Words, done: Done) -> Response {
    private(server, words, &words.say("entry-done"), &entry::done(words, done), "'self'")
}

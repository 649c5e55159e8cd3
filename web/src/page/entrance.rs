//! The pages one passes to come in: sign-in, approval of an application, the code to copy, the first run. Plain forms
//! that work without JavaScript.

use super::{recovery, scope::meaning};
use crate::{
    assets,
    layout::{self, GoesOn, Head, Site},
    words::Words,
};
use maud::{Markup, PreEscaped, html};

/// The sign-in form.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// Where to go afterwards, a path of this server.
    pub return_to: &'a str,
    /// What was typed as name or address.
    pub login: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
    /// New people may come.
    pub may_sign_up: bool,
}

/// The approval of an application.
#[derive(Debug, Clone)]
pub struct Authorize<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// What the application calls itself.
    pub application: &'a str,
    /// Its home page, a web address.
    pub website: Option<&'a str>,
    /// Who is signed in.
    pub username: &'a str,
    /// What it asks for.
    pub scopes: &'a [String],
    /// What the form carries back.
    pub hidden: Vec<(&'static str, String)>,
}

/// The first run: making the owner.
#[derive(Debug, Clone, Copy)]
pub struct FirstRun<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// The code of the one-time link.
    pub code: &'a str,
    /// The domain of handles.
    pub domain: &'a str,
    /// What was typed as name.
    pub username: &'a str,
    /// What was typed as address.
    pub email: &'a str,
    /// The code of the recovery sheet, which the form keeps.
    pub recovery: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// A whole document around one of these pages. None of them is for search engines.
#[must_use]
pub fn document(site: &Site<'_>, title: &str, body: &Markup) -> String {
    let head = Head { title, noindex: true, entrance: true, ..Head::default() };
    layout::document(site, &head, &html! { div class="small-form" { (PreEscaped(assets::SCENE)) (body) } })
}

/// The same where the script has something to do, though nobody needs it.
#[must_use]
pub fn scripted(site: &Site<'_>, title: &str, body: &Markup) -> String {
    let head = Head { title, noindex: true, entrance: true, scripted: true, ..Head::default() };
    layout::document(site, &head, &html! { div class="small-form" { (PreEscaped(assets::SCENE)) (body) } })
}

/// The same where the page goes on by itself.
#[must_use]
pub fn passing(site: &Site<'_>, title: &str, goes_on: GoesOn<'_>, body: &Markup) -> String {
    let head = Head { title, noindex: true, entrance: true, goes_on: Some(goes_on), ..Head::default() };
    layout::document(site, &head, &html! { div class="small-form" { (PreEscaped(assets::SCENE)) (body) } })
}

/// Sign in.
#[must_use]
pub fn sign_in(words: Words, page: &SignIn<'_>) -> Markup {
    html! {
        h1 { (words.say("sign-in")) }
        (problem(page.problem.map(|why| words.refusal(why)).as_deref()))
        form method="post" action="/auth/sign_in" {
            input type="hidden" name="authenticity_token" value=(page.token);
            input type="hidden" name="return_to" value=(page.return_to);
            p {
                label for="login" { (words.say("entry-login")) }
                input id="login" name="login" value=(page.login) autocomplete="username" autocapitalize="none"
                    spellcheck="false" required autofocus;
            }
            p {
                label for="password" { (words.say("entry-password")) }
                input id="password" name="password" type="password" autocomplete="current-password" required;
            }
            p { button type="submit" { (words.say("sign-in")) } }
        }
        (by_passkey(words, page))
        p {
            a href="/auth/password/new" { (words.say("entry-forgot")) }
            @if page.may_sign_up { " · " a href="/auth/sign_up" { (words.say("entry-sign-up")) } }
        }
    }
}

/// The form that the script fills in and shows where the browser knows passkeys.
fn by_passkey(words: Words, page: &SignIn<'_>) -> Markup {
    html! {
        form method="post" action="/auth/passkey" data-passkey="/auth/passkey/challenge" hidden {
            input type="hidden" name="authenticity_token" value=(page.token);
            input type="hidden" name="return_to" value=(page.return_to);
            @for field in ["user", "credential", "client_data", "authenticator_data", "signature"] {
                input type="hidden" name=(field) value="";
            }
            p class="problem" role="alert" hidden { (words.say("passkey-failed")) }
            p { button class="second" type="submit" { (words.say("passkey-enter")) } }
        }
    }
}

/// Approve an application.
#[must_use]
pub fn authorize(words: Words, page: &Authorize<'_>) -> Markup {
    let name = || html! { bdi { (page.application) } };
    let asks = html! {
        bdi { strong { (page.application) } }
        @if let Some(website) = page.website { " (" bdi { (website) } ")" }
    };
    let handle = html! { bdi { strong { "@" (page.username) } } };
    html! {
        h1 { (words.around("authorize-in", None, &[("name", name())])) }
        p { (words.around("authorize-asks", None, &[("name", asks), ("handle", handle)])) }
        h2 { (words.say("authorize-may")) }
        ul class="scopes" {
            @for scope in page.scopes {
                @let meaning = meaning(scope);
                li class=[meaning.weighty.then_some("weighty")] { span { (words.say(meaning.key)) } " " code { (scope) } }
            }
        }
        form method="post" action="/oauth/authorize" {
            input type="hidden" name="authenticity_token" value=(page.token);
            @for (name, value) in &page.hidden {
                input type="hidden" name=(name) value=(value);
            }
            p class="acts" {
                button type="submit" name="decision" value="approve" { (words.say("authorize-do")) }
                button class="second" type="submit" name="decision" value="deny" { (words.say("authorize-deny")) }
            }
        }
        form method="post" action="/auth/sign_out" {
            input type="hidden" name="authenticity_token" value=(page.token);
            p { (words.say("authorize-not-you")) " " button class="quiet" type="submit" { (words.say("sign-out")) } }
        }
    }
}

/// The code to copy into an application that cannot be redirected to.
#[must_use]
pub fn code(words: Words, code: &str) -> Markup {
    html! {
        h1 { (words.say("authorize-copy")) }
        p { (words.say("authorize-copy-says")) }
        p {
            label for="code" { (words.say("authorize-code-title")) }
            input id="code" class="oauth-code" value=(code) readonly;
        }
    }
}

/// An application was denied.
#[must_use]
pub fn denied(words: Words) -> Markup {
    html! {
        h1 { (words.say("authorize-denied")) }
        p { (words.say("authorize-denied-says")) }
    }
}

/// Make the owner.
#[must_use]
pub fn first_run(words: Words, page: &FirstRun<'_>) -> Markup {
    html! {
        h1 { (words.say("first-welcome")) }
        p { (words.say("first-says")) }
        (problem(page.problem.map(|why| words.refusal(why)).as_deref()))
        form id="owner" method="post" action="/first-run" {
            input type="hidden" name="authenticity_token" value=(page.token);
            input type="hidden" name="code" value=(page.code);
            (username(words, page.username, page.domain))
            p {
                label for="email" { (words.say("entry-email-optional")) }
                input id="email" name="email" type="email" value=(page.email) autocomplete="email";
            }
            (new_password(words, &words.say("entry-password")))
            (recovery::sheet(words, page.recovery))
            p { button type="submit" { (words.say("first-do")) } }
        }
        (first_by_passkey(words, page))
    }
}

/// The form that the script fills in from the one above, and shows where the browser can make passkeys.
fn first_by_passkey(words: Words, page: &FirstRun<'_>) -> Markup {
    html! {
        form method="post" action="/first-run" data-passkey="/first-run/passkey/challenge" data-beside="owner" hidden {
            input type="hidden" name="authenticity_token" value=(page.token);
            input type="hidden" name="code" value=(page.code);
            @for field in ["username", "email", "recovery", "user", "client_data", "attestation"] {
                input type="hidden" name=(field) value="";
            }
            p class="problem" role="alert" hidden { (words.say("passkey-failed")) }
            p { button class="second" type="submit" { (words.say("first-passkey")) } }
            p class="note" { (words.say("first-passkey-says")) }
        }
    }
}

/// The name of a new account, with what was typed.
pub(super) fn username(words: Words, typed: &str, domain: &str) -> Markup {
    html! {
        p {
            label for="username" { (words.say("entry-username")) }
            input id="username" name="username" value=(typed) autocomplete="username" autocapitalize="none"
                spellcheck="false" pattern="[A-Za-z0-9_]+" maxlength="30" required autofocus
                aria-describedby="username-note";
            span class="note" id="username-note" {
                (words.around("entry-username-says", None, &[("handle", html! { bdi { "@name@" (domain) } })]))
            }
        }
    }
}

/// A password to choose.
pub(super) fn new_password(words: Words, label: &str) -> Markup {
    html! {
        p {
            label for="password" { (label) }
            input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required
                aria-describedby="password-note";
            span class="note" id="password-note" { (words.say("entry-password-says")) }
        }
    }
}

/// Why a form did not work, in the language of the page.
pub(super) fn refusal(site: &Site<'_>, text: Option<&str>) -> Markup {
    problem(text.map(|text| site.words.refusal(text)).as_deref())
}

/// Why a form did not work.
pub(super) fn problem(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text {
            p class="problem" role="alert" { (text) }
        }
    }
}

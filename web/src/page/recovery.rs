//! The recovery sheet, which people print or copy by hand, and the page on which its code is typed.

use super::entrance::problem;
use crate::words::Words;
use maud::{Markup, html};

/// Choosing a new password by the code of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct ByCode<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// What was typed as name or address.
    pub login: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// The page's body.
#[must_use]
pub fn by_code(words: Words, page: &ByCode<'_>) -> Markup {
    html! {
        h1 { (words.say("recovery-use")) }
        (problem(page.problem))
        form method="post" action="/auth/recovery" {
            input type="hidden" name="authenticity_token" value=(page.token);
            p {
                label for="login" { (words.say("recovery-login")) }
                input id="login" name="login" value=(page.login) autocomplete="username" autocapitalize="none"
                    spellcheck="false" required autofocus;
            }
            p {
                label for="code" { (words.say("recovery-code")) }
                input id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="80"
                    dir="ltr" required;
            }
            p {
                label for="password" { (words.say("recovery-password")) }
                input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required
                    aria-describedby="password-note";
                span class="note" id="password-note" { (words.say("recovery-password-note")) }
            }
            p { button type="submit" { (words.say("recovery-set")) } }
        }
        p { a href="/auth/sign_in" { (words.say("sign-in")) } }
    }
}

/// The code of a sheet inside a form that keeps it: shown here and never again.
#[must_use]
pub fn sheet(words: Words, code: &str) -> Markup {
    html! {
        section class="recovery" aria-labelledby="recovery" {
            h2 id="recovery" { (words.say("recovery-sheet")) }
            p { (words.say("recovery-says")) }
            p class="code" dir="ltr" { code { (code) } }
            input type="hidden" name="recovery" value=(code);
        }
    }
}

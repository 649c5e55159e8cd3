//! The second step of signing in: a code of somebody's program, or one of their spare codes.

use super::entrance::problem;
use crate::words::Words;
use maud::{Markup, html};

/// The form.
#[derive(Debug, Clone, Copy)]
pub struct SecondStep<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// Where to go afterwards, a path of this server.
    pub return_to: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// The page's body.
#[must_use]
pub fn second_step(words: Words, page: &SecondStep<'_>) -> Markup {
    html! {
        h1 { (words.say("second-step")) }
        (problem(page.problem))
        form method="post" action="/auth/second_step" {
            input type="hidden" name="authenticity_token" value=(page.token);
            input type="hidden" name="return_to" value=(page.return_to);
            p {
                label for="code" { (words.say("second-step-code")) }
                input id="code" name="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false"
                    maxlength="40" dir="ltr" required autofocus aria-describedby="code-note";
                span class="note" id="code-note" { (words.say("second-step-note")) }
            }
            p { button type="submit" { (words.say("sign-in")) } }
        }
        p { a href="/auth/sign_in" { (words.say("second-step-again")) } }
    }
}

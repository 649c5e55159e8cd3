//! The pages of new people and of forgotten passwords: signing up, confirming an address, choosing a password. Plain forms
//! that work without JavaScript.

use super::{
    entrance::{new_password, problem, username},
    recovery,
};
use crate::{entity::Rule, words::Words};
use maud::{Markup, html};

/// The form for new people, with what was typed.
#[derive(Debug, Clone, Copy)]
pub struct SignUp<'a> {
    /// The form's `authenticity_token`.
    pub token: &'a str,
    /// The domain of handles.
    pub domain: &'a str,
    /// What one agrees to.
    pub rules: &'a [Rule],
    /// Somebody must let them in.
    pub approval: bool,
    /// They must say why they come.
    pub reason_required: bool,
    /// Years they must have.
    pub min_age: Option<u32>,
    /// The name.
    pub username: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// Why they come.
    pub reason: &'a str,
    /// When they were born.
    pub date_of_birth: &'a str,
    /// The code of the recovery sheet, which the form keeps.
    pub recovery: &'a str,
    /// Why it did not work.
    pub problem: Option<&'a str>,
}

/// What there is to say when a form has done its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A letter with a link is on its way to whoever signed up.
    CheckMail,
    /// Somebody must let them in.
    Waiting,
    /// They may sign in.
    Welcome,
    /// The same, now that their address is confirmed.
    Confirmed,
    /// A letter is on its way if anybody has the address.
    ResetAsked,
    /// A new password holds.
    PasswordSet,
    /// Letters go to another address.
    EmailChanged,
}

impl Done {
    const ALL: [(Done, &'static str); 7] = [
        (Done::CheckMail, "check-mail"),
        (Done::Waiting, "waiting"),
        (Done::Welcome, "welcome"),
        (Done::Confirmed, "confirmed"),
        (Done::ResetAsked, "reset-asked"),
        (Done::PasswordSet, "password-set"),
        (Done::EmailChanged, "email-changed"),
    ];

    /// The word that stands for it in an address.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(done, _)| *done == self).map_or("welcome", |(_, word)| word)
    }

    /// What a word stands for.
    #[must_use]
    pub fn of(word: &str) -> Option<Done> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(done, _)| *done)
    }
}

/// Sign up.
#[must_use]
pub fn sign_up(page: &SignUp<'_>) -> Markup {
    html! {
        h1 { "Sign up" }
        (problem(page.problem))
        form method="post" action="/auth/sign_up" {
            input type="hidden" name="authenticity_token" value=(page.token);
            (username(page.username, page.domain))
            p {
                label for="email" { "E-mail address" }
                input id="email" name="email" type="email" value=(page.email) autocomplete="email" required;
            }
            (new_password("Password"))
            (recovery::sheet(Words::default(), page.recovery))
            @if let Some(years) = page.min_age {
                p {
                    label for="date_of_birth" { "Date of birth" }
                    input id="date_of_birth" name="date_of_birth" type="date" value=(page.date_of_birth)
                        autocomplete="bday" required aria-describedby="birth-note";
                    span class="note" id="birth-note" { "You must be at least " (years) " years old. The date is not kept." }
                }
            }
            @if page.approval {
                p {
                    label for="reason" {
                        "Why do you want to join?"
                        @if !page.reason_required { " (optional)" }
                    }
                    textarea id="reason" name="reason" rows="3" maxlength="420" required[page.reason_required]
                        aria-describedby="reason-note" { (page.reason) }
                    span class="note" id="reason-note" { "Somebody who looks after this server reads it and lets you in." }
                }
            }
            @if !page.rules.is_empty() {
                h2 { "Rules" }
                ol class="rules" {
                    @for rule in page.rules {
                        li dir="auto" { (rule.text) }
                    }
                }
            }
            p {
                label class="check" {
                    input type="checkbox" name="agreement" value="true" required;
                    @if page.rules.is_empty() { " I agree to behave as a guest here" } @else { " I agree to these rules" }
                }
            }
            p { button type="submit" { "Sign up" } }
        }
        p { a href="/auth/sign_in" { "Sign in instead" } }
    }
}

/// Confirm an address: a button, because programs that look at links before people do open them, too.
#[must_use]
pub fn confirm(token: &str, secret: &str, email: &str) -> Markup {
    html! {
        h1 { "Confirm your address" }
        p { "Is " strong { bdi { (email) } } " yours?" }
        form method="post" action="/auth/confirmation" {
            input type="hidden" name="authenticity_token" value=(token);
            input type="hidden" name="confirmation_token" value=(secret);
            p { button type="submit" { "Yes, confirm it" } }
        }
    }
}

/// Confirm an address that letters are to go to from now on: a button, too.
#[must_use]
pub fn confirm_email(words: Words, token: &str, secret: &str, email: &str) -> Markup {
    html! {
        h1 { (words.say("settings-email-change")) }
        p { (words.around("email-confirm-says", None, &[("address", html! { bdi { (email) } })])) }
        form method="post" action="/auth/email" {
            input type="hidden" name="authenticity_token" value=(token);
            input type="hidden" name="token" value=(secret);
            p { button type="submit" { (words.say("email-confirm")) } }
        }
    }
}

/// A link that does not hold.
#[must_use]
pub fn stale_link() -> Markup {
    html! {
        h1 { "This link does not hold any more" }
        p { "It was used already, it is too old, or a newer one was sent." }
        p { a href="/auth/sign_in" { "Sign in" } " · " a href="/auth/password/new" { "Choose a new password" } }
    }
}

/// Ask for a link to choose a new password.
#[must_use]
pub fn forgotten(token: &str, sends_mail: bool) -> Markup {
    html! {
        h1 { "Forgot your password?" }
        @if sends_mail {
            p { "You get a letter with a link, at the address you signed up with." }
            form method="post" action="/auth/password" {
                input type="hidden" name="authenticity_token" value=(token);
                p {
                    label for="email" { "E-mail address" }
                    input id="email" name="email" type="email" autocomplete="email" required autofocus;
                }
                p { button type="submit" { "Send me a link" } }
            }
        } @else {
            p { "This server sends no mail. Without a recovery sheet, ask whoever runs it for a new password." }
        }
        p { a href="/auth/recovery" { "Use the code of your recovery sheet" } }
        p { a href="/auth/sign_in" { "Sign in" } }
    }
}

/// Choose a new password by a link.
#[must_use]
pub fn choose_password(token: &str, secret: &str, why_not: Option<&str>) -> Markup {
    html! {
        h1 { "Choose a new password" }
        (problem(why_not))
        form method="post" action="/auth/password/edit" {
            input type="hidden" name="authenticity_token" value=(token);
            input type="hidden" name="reset_password_token" value=(secret);
            (new_password("New password"))
            p class="note" { "Every browser and app has to sign in again." }
            p { button type="submit" { "Set password" } }
        }
    }
}

/// Change the password with the old one.
#[must_use]
pub fn change_password(token: &str, username: &str, why_not: Option<&str>) -> Markup {
    html! {
        h1 { "Change your password" }
        (problem(why_not))
        form method="post" action="/auth/edit" {
            input type="hidden" name="authenticity_token" value=(token);
            // For programs that keep passwords.
            input type="hidden" name="username" value=(username) autocomplete="username";
            p {
                label for="current_password" { "Current password" }
                input id="current_password" name="current_password" type="password" autocomplete="current-password"
                    required;
            }
            (new_password("New password"))
            p class="note" { "Every other browser and every app has to sign in again." }
            p { button type="submit" { "Change password" } }
        }
    }
}

/// What comes of a form.
#[must_use]
pub fn done(done: Done) -> Markup {
    let (title, text) = match done {
        Done::CheckMail => {
            ("Look into your mail", "A letter with a link is on its way to you. Open it to confirm your address.")
        }
        Done::Waiting => (
            "Somebody will let you in",
            "Somebody who looks after this server reads what you wrote. You can sign in once they have let you in.",
        ),
        Done::Welcome => ("Welcome", "You can sign in now, here or with any Mastodon app."),
        Done::Confirmed => ("Your address is confirmed", "You can sign in now, here or with any Mastodon app."),
        Done::ResetAsked => (
            "Look into your mail",
            "If somebody here has this address, a letter with a link is on its way to it. It holds for six hours.",
        ),
        Done::EmailChanged => ("Your address is changed", "Letters go there from now on."),
        Done::PasswordSet => ("Your new password holds", "Every other browser and every app has to sign in again."),
    };
    html! {
        h1 { (title) }
        p { (text) }
        @if done != Done::CheckMail && done != Done::Waiting && done != Done::ResetAsked {
            p { a class="button" href="/auth/sign_in" { "Sign in" } }
        }
        p { a href="/" { "Front page" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_what_they_stand_for() {
        for (done, word) in Done::ALL {
            assert_eq!((Done::of(word), done.word()), (Some(done), word));
        }
        assert_eq!(Done::of("else"), None);
    }

    #[test]
    fn what_was_typed_stands_there_again_and_is_escaped() {
        let rules = [Rule { id: "1".to_owned(), text: "Be <kind>".to_owned(), hint: String::new() }];
        let page = SignUp {
            token: "t",
            domain: "rock.test",
            rules: &rules,
            approval: true,
            reason_required: true,
            min_age: Some(16),
            username: "\"ann",
            email: "a@b",
            reason: "<b>",
            date_of_birth: "",
            recovery: "ABCD-EFGH",
            problem: Some("Username is taken"),
        };
        let text = sign_up(&page).into_string();
        for part in
            ["Be &lt;kind&gt;", "value=\"&quot;ann\"", "&lt;b&gt;</textarea>", "at least 16 years", "Username is taken"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        let open = SignUp { approval: false, min_age: None, rules: &[], ..page };
        let text = sign_up(&open).into_string();
        assert!(!text.contains("textarea") && !text.contains("Date of birth") && !text.contains("<h2>Rules"), "{text}");
    }
}

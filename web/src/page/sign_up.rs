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
    /// The invite they come by.
    pub invited: Option<Invited<'a>>,
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

/// An invite.
#[derive(Debug, Clone, Copy)]
pub struct Invited<'a> {
    /// Its code.
    pub code: &'a str,
    /// The name of who invites.
    pub by: &'a str,
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
pub fn sign_up(words: Words, page: &SignUp<'_>) -> Markup {
    html! {
        h1 { (words.say("entry-sign-up")) }
        (problem(page.problem.map(|why| words.refusal(why)).as_deref()))
        form method="post" action="/auth/sign_up" {
            input type="hidden" name="authenticity_token" value=(page.token);
            @if let Some(invited) = page.invited {
                input type="hidden" name="invite_code" value=(invited.code);
                p { (words.around("entry-invited", None, &[("name", html! { strong { bdi { "@" (invited.by) } } }), ("domain", html! { bdi { (page.domain) } })])) }
            }
            (username(words, page.username, page.domain))
            p {
                label for="email" { (words.say("entry-email")) }
                input id="email" name="email" type="email" value=(page.email) autocomplete="email" required;
            }
            (new_password(words, &words.say("entry-password")))
            (recovery::sheet(words, page.recovery))
            @if let Some(years) = page.min_age {
                p {
                    label for="date_of_birth" { (words.say("entry-birth")) }
                    input id="date_of_birth" name="date_of_birth" type="date" value=(page.date_of_birth)
                        autocomplete="bday" required aria-describedby="birth-note";
                    span class="note" id="birth-note" {
                        (words.with("entry-birth-says", &[("years", &years.to_string())]))
                    }
                }
            }
            @if page.approval {
                p {
                    label for="reason" {
                        (words.say(if page.reason_required { "entry-reason" } else { "entry-reason-optional" }))
                    }
                    textarea id="reason" name="reason" rows="3" maxlength="420" required[page.reason_required]
                        aria-describedby="reason-note" { (page.reason) }
                    span class="note" id="reason-note" { (words.say("entry-reason-says")) }
                }
            }
            @if !page.rules.is_empty() {
                h2 { (words.say("entry-rules")) }
                ol class="rules" {
                    @for rule in page.rules {
                        li dir="auto" { (rule.text) }
                    }
                }
            }
            p {
                label class="check" {
                    input type="checkbox" name="agreement" value="true" required;
                    " " (words.say(if page.rules.is_empty() { "entry-agree" } else { "entry-agree-rules" }))
                }
            }
            p { button type="submit" { (words.say("entry-sign-up")) } }
        }
        p { a href="/auth/sign_in" { (words.say("entry-instead")) } }
    }
}

/// Confirm an address: a button, because programs that look at links before people do open them, too.
#[must_use]
pub fn confirm(words: Words, token: &str, secret: &str, email: &str) -> Markup {
    html! {
        h1 { (words.say("entry-confirm")) }
        p { (words.around("entry-confirm-says", None, &[("address", html! { strong { bdi { (email) } } })])) }
        form method="post" action="/auth/confirmation" {
            input type="hidden" name="authenticity_token" value=(token);
            input type="hidden" name="confirmation_token" value=(secret);
            p { button type="submit" { (words.say("entry-confirm-do")) } }
        }
    }
}

/// An invite that does not hold.
#[must_use]
pub fn uninvited(words: Words, may_sign_up: bool) -> Markup {
    html! {
        h1 { (words.say("entry-uninvited")) }
        p { (words.say("entry-uninvited-says")) }
        @if may_sign_up { p { a href="/auth/sign_up" { (words.say("entry-uninvited-open")) } } }
        p { a href="/" { (words.say("entry-about")) } }
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
pub fn stale_link(words: Words) -> Markup {
    html! {
        h1 { (words.say("entry-stale")) }
        p { (words.say("entry-stale-says")) }
        p { a href="/auth/sign_in" { (words.say("sign-in")) } " · " a href="/auth/password/new" { (words.say("entry-choose")) } }
    }
}

/// Ask for a link to choose a new password.
#[must_use]
pub fn forgotten(words: Words, token: &str, sends_mail: bool) -> Markup {
    html! {
        h1 { (words.say("entry-forgot")) }
        @if sends_mail {
            p { (words.say("entry-letter")) }
            form method="post" action="/auth/password" {
                input type="hidden" name="authenticity_token" value=(token);
                p {
                    label for="email" { (words.say("entry-email")) }
                    input id="email" name="email" type="email" autocomplete="email" required autofocus;
                }
                p { button type="submit" { (words.say("entry-letter-do")) } }
            }
        } @else {
            p { (words.say("entry-no-mail")) }
        }
        p { a href="/auth/recovery" { (words.say("recovery-use")) } }
        p { a href="/auth/sign_in" { (words.say("sign-in")) } }
    }
}

/// Choose a new password by a link.
#[must_use]
pub fn choose_password(words: Words, token: &str, secret: &str, why_not: Option<&str>) -> Markup {
    html! {
        h1 { (words.say("entry-choose")) }
        (problem(why_not.map(|why| words.refusal(why)).as_deref()))
        form method="post" action="/auth/password/edit" {
            input type="hidden" name="authenticity_token" value=(token);
            input type="hidden" name="reset_password_token" value=(secret);
            (new_password(words, &words.say("entry-new-password")))
            p class="note" { (words.say("entry-all-again")) }
            p { button type="submit" { (words.say("entry-set")) } }
        }
    }
}

/// Change the password with the old one.
#[must_use]
pub fn change_password(words: Words, token: &str, username: &str, why_not: Option<&str>) -> Markup {
    html! {
        h1 { (words.say("entry-change")) }
        (problem(why_not.map(|why| words.refusal(why)).as_deref()))
        form method="post" action="/auth/edit" {
            input type="hidden" name="authenticity_token" value=(token);
            // For programs that keep passwords.
            input type="hidden" name="username" value=(username) autocomplete="username";
            p {
                label for="current_password" { (words.say("entry-current")) }
                input id="current_password" name="current_password" type="password" autocomplete="current-password"
                    required;
            }
            (new_password(words, &words.say("entry-new-password")))
            p class="note" { (words.say("entry-others-again")) }
            p { button type="submit" { (words.say("entry-change-do")) } }
        }
    }
}

/// What comes of a form.
#[must_use]
pub fn done(words: Words, done: Done) -> Markup {
    let (title, text) = match done {
        Done::CheckMail => ("entry-mail", "entry-mail-says"),
        Done::Waiting => ("entry-waiting", "entry-waiting-says"),
        Done::Welcome => ("first-welcome", "entry-come-in"),
        Done::Confirmed => ("entry-confirmed", "entry-come-in"),
        Done::ResetAsked => ("entry-mail", "entry-reset-says"),
        Done::PasswordSet => ("entry-holds", "entry-others-again"),
        Done::EmailChanged => ("entry-email-changed", "entry-email-changed-says"),
    };
    html! {
        h1 { (words.say(title)) }
        p { (words.say(text)) }
        @if done != Done::CheckMail && done != Done::Waiting && done != Done::ResetAsked {
            p { a class="button" href="/auth/sign_in" { (words.say("sign-in")) } }
        }
        p { a href="/" { (words.say("entry-front")) } }
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
            invited: Some(Invited { code: "A\"B", by: "bo" }),
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
        let text = sign_up(Words::default(), &page).into_string();
        for part in [
            "Be &lt;kind&gt;",
            "value=\"A&quot;B\"",
            "@bo",
            "value=\"&quot;ann\"",
            "&lt;b&gt;</textarea>",
            "at least 16 years",
            "Username is taken",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let open = SignUp { invited: None, approval: false, min_age: None, rules: &[], ..page };
        let text = sign_up(Words::default(), &open).into_string();
        assert!(!text.contains("textarea") && !text.contains("Date of birth") && !text.contains("<h2>Rules"), "{text}");
    }
}

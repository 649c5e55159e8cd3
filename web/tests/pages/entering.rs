//! The pages on which people come in: signing up, links of letters, the second step, recovery sheets, the server's
//! name; and what is given back to whoever has to come in again.

use super::lab;
use web::{
    entity::Rule,
    layout::{GoesOn, Site},
    page::{
        Markup,
        compose::{Typed, TypedMedia},
        entrance::{self, FirstRun},
        failure::{Failure, failure},
        kept::kept,
        naming::{self, AskName, Door, Found, Looked, Pass, Way},
        recovery::{self, ByCode},
        second_step::{SecondStep, second_step},
        settings::name,
        sign_up::{self, Done, Invited, SignUp},
    },
};

const ANEW: GoesOn<'static> = GoesOn::Later { seconds: 4, address: lab::ORIGIN };

/// All of them by name.
pub(super) fn pages(site: &Site<'_>) -> Vec<(String, String)> {
    let words = site.words;
    let step = SecondStep { token: "t", return_to: "/home", problem: Some("This code does not fit.") };
    let sheet = ByCode { token: "t", login: "ada", problem: Some("This code does not fit.") };
    let owner = FirstRun {
        token: "t",
        code: "c",
        domain: "rock.test",
        username: "ada",
        email: "ada@rock.test",
        recovery: "ABCD-EFGH-IJKL",
        problem: Some("Username is taken"),
    };
    let typed = Typed {
        text: "The rock was warm.".to_owned(),
        warning: "Weather".to_owned(),
        options: vec!["Yes".to_owned(), "No".to_owned()],
        media: vec![TypedMedia { id: "1".to_owned(), description: "A rock".to_owned(), focus: "0,0".to_owned() }],
        ..Typed::default()
    };
    let mut pages = vec![
        ("kept".to_owned(), kept(site, &typed)),
        ("first-run-again".to_owned(), entrance::scripted(site, "Welcome", &entrance::first_run(words, &owner))),
        ("second-step".to_owned(), entrance::document(site, "Second step", &second_step(words, &step))),
        ("recovery".to_owned(), entrance::document(site, "Recovery", &recovery::by_code(words, &sheet))),
    ];
    let bodies = newcomers(site).into_iter().chain(named(site));
    pages.extend(bodies.map(|(name, body)| (name.to_owned(), entrance::document(site, "Come in", &body))));
    let (looking, taken) = (naming::looking(words, "rock.test"), naming::taken(words, lab::ORIGIN));
    pages.push(("naming-looking".to_owned(), entrance::passing(site, "A name", GoesOn::AGAIN, &looking)));
    pages.push(("naming-taken".to_owned(), entrance::passing(site, "A name", ANEW, &taken)));
    pages
}

/// Signing up, and what comes by letter.
fn newcomers(site: &Site<'_>) -> Vec<(&'static str, Markup)> {
    let words = site.words;
    let rules = [Rule { id: "1".to_owned(), text: "Be kind.".to_owned(), hint: String::new() }];
    let whole = SignUp {
        token: "t",
        domain: "rock.test",
        invited: Some(Invited { code: "AB", by: "bob" }),
        rules: &rules,
        approval: true,
        reason_required: true,
        min_age: Some(16),
        username: "ada",
        email: "ada@rock.test",
        reason: "I like rocks.",
        date_of_birth: "1990-01-01",
        recovery: "ABCD-EFGH-IJKL",
        problem: Some("Username is taken"),
    };
    let open = SignUp { invited: None, rules: &[], approval: false, min_age: None, problem: None, ..whole };
    let why = Some("Password is too short");
    vec![
        ("sign-up", sign_up::sign_up(words, &whole)),
        ("sign-up-open", sign_up::sign_up(words, &open)),
        ("sign-up-uninvited", sign_up::uninvited(words, true)),
        ("sign-up-confirm", sign_up::confirm(words, "t", "s", "ada@rock.test")),
        ("confirm-email", sign_up::confirm_email(words, "t", "s", "ada@rock.test")),
        ("stale-link", sign_up::stale_link(words)),
        ("password-forgotten", sign_up::forgotten(words, "t", true)),
        ("password-forgotten-no-mail", sign_up::forgotten(words, "t", false)),
        ("password-choose", sign_up::choose_password(words, "t", "s", why)),
        ("password-change", sign_up::change_password(words, "t", "ada", why)),
        ("done-check-mail", sign_up::done(words, Done::CheckMail)),
        ("done-waiting", sign_up::done(words, Done::Waiting)),
        ("done-welcome", sign_up::done(words, Done::Welcome)),
        ("done-confirmed", sign_up::done(words, Done::Confirmed)),
        ("done-reset-asked", sign_up::done(words, Done::ResetAsked)),
        ("done-password-set", sign_up::done(words, Done::PasswordSet)),
        ("done-email-changed", sign_up::done(words, Done::EmailChanged)),
    ]
}

/// The steps by which a server gets its name.
fn named(site: &Site<'_>) -> Vec<(&'static str, Markup)> {
    let words = site.words;
    let pass = Pass { token: "t", door: Door::FirstRun { code: "c" } };
    let asked = AskName {
        pass,
        origin: lab::ORIGIN,
        domain: "",
        handle_domain: "",
        proxied: false,
        way: Way::NotAllowed { port: 443 },
        ports: "ports 80 and 443",
        problem: None,
    };
    let again = AskName {
        domain: "rock.test",
        handle_domain: "test",
        proxied: true,
        way: Way::Held { port: 443 },
        problem: Some("this is no name of a server"),
        ..asked
    };
    let fine = [Looked { fine: true, wrong: false, words: "The name leads here." }];
    let wrong = [
        fine[0],
        Looked { fine: false, wrong: false, words: "Nobody answered in time." },
        Looked { fine: false, wrong: true, words: "The name leads elsewhere." },
    ];
    let found = Found { pass, domain: "rock.test", findings: &fine, leading: Some("test") };
    vec![
        ("naming", naming::ask(words, &asked)),
        ("naming-again", naming::ask(words, &again)),
        ("naming-found", naming::found(words, &found)),
        ("naming-wrong", naming::found(words, &Found { findings: &wrong, leading: None, ..found })),
    ]
}

/// The same steps inside of settings.
pub(super) fn owned(site: &Site<'_>) -> Vec<(String, String)> {
    let (looking, taken) = (naming::looking(site.words, "rock.test"), naming::taken(site.words, lab::ORIGIN));
    vec![
        ("settings-name-looking".to_owned(), name::passing(site, GoesOn::AGAIN, &looking)),
        ("settings-name-taken".to_owned(), name::passing(site, ANEW, &taken)),
        ("settings-name-settled".to_owned(), name::settled(site)),
    ]
}

#[test]
fn a_page_that_refuses_says_so_once_and_asks_nobody_with_a_session_to_sign_in() {
    let refused = Failure {
        status: 403,
        text: "This action is not allowed",
        request_id: "",
        retry_after_seconds: None,
        reason: None,
        kept: &[],
        again: None,
        session: true,
    };
    let page = failure(&lab::site(), &refused);
    assert!(page.contains(">Not allowed</h1>") && !page.contains("class=\"problem\""), "{page}");
    assert!(!page.contains("/auth/sign_in"), "{page}");
    let page =
        failure(&lab::site(), &Failure { text: "This form was sent from another site", session: false, ..refused });
    assert!(page.contains("class=\"problem\"") && page.contains("/auth/sign_in"), "{page}");
}

//! Sends one letter to the address of a user. The secret of a link in it is made here, so that it is nowhere at rest; each
//! attempt carries another, and the last few hold.

use super::Outcome;
use crate::{
    config::{Mail, MailPassword, MailTls},
    error::{Error, Result},
    federation::client::letter::{self, NotTaken, Office, Sealed},
    limits,
    reach::Reach,
    server::Server,
    user::{email, sign_up::make_link},
};
use storage::{
    AccountId, Read, SecretHash, Timestamp, account, instance,
    job::Letter,
    mail_link::Purpose,
    new_address::NEW_ADDRESSES,
    peer::backoff_ms,
    user::{self, User},
};
use web::words::Words;

/// What a letter is made of.
struct Facts {
    /// Where it goes.
    to: String,
    name: String,
    title: String,
    /// The language of whoever gets it.
    words: Words,
}

/// Sends the letter, while this machine may serve and no longer.
pub(super) async fn run(
    server: &Server,
    account: AccountId,
    letter: Letter,
    asked_at: Timestamp,
    attempts: u32,
) -> Outcome {
    if server.config().mail.is_none() {
        return Outcome::Drop("no mail server is set".to_owned());
    }
    if letter == Letter::ResetPassword && server.now().ms_since(asked_at) > limits::RESET_LINK_MS {
        return Outcome::Drop("whoever wanted a new password has given up by now".to_owned());
    }
    let secret = server.secret();
    let facts = facts(server, account, letter, &secret);
    send(server, letter, facts, &secret, attempts).await
}

/// Hands a letter over, once it is known what it is made of; none if it is pointless by now.
async fn send(
    server: &Server,
    letter: Letter,
    facts: impl Future<Output = Result<Option<Facts>>>,
    secret: &str,
    attempts: u32,
) -> Outcome {
    let Some(mail) = server.config().mail.clone() else {
        return Outcome::Drop("no mail server is set".to_owned());
    };
    let retry = |why: String| {
        let pause = backoff_ms(attempts.saturating_add(1), server.random());
        Outcome::Later(server.now().plus_ms(pause), why)
    };
    let left = match server.fence().left() {
        Ok(left) => left,
        Err(why) => return Outcome::Later(server.now(), why),
    };
    let sending = async {
        let Some(facts) = facts.await? else { return Ok(Ok(())) };
        hand_over(server, &mail, letter, &facts, secret).await
    };
    match tokio::time::timeout(left, sending).await {
        Ok(Ok(Ok(()))) => Outcome::Done,
        Ok(Ok(Err(NotTaken::Later(why)))) => {
            tracing::warn!(%why, "a letter could not be sent and will be tried again");
            retry(why)
        }
        Ok(Ok(Err(NotTaken::Never(why)))) => Outcome::Drop(why),
        Ok(Err(error)) => Outcome::of(&error, server, attempts),
        Err(_) => Outcome::Later(server.now(), "the lease of this machine ran out".to_owned()),
    }
}

/// Who it goes to, the secret's hash stored where the letter has a link; `None` if it is pointless by now.
async fn facts(server: &Server, account: AccountId, letter: Letter, secret: &str) -> Result<Option<Facts>> {
    let hash = SecretHash::of(secret);
    let look = move |tx: &mut storage::Tx<'_>| {
        let own = |user: User| (user.email.clone(), user);
        let found = match letter {
            Letter::Confirm => make_link(tx, account, Purpose::Confirm, hash)?.map(own),
            Letter::ResetPassword => make_link(tx, account, Purpose::ResetPassword, hash)?.map(own),
            Letter::NewAddress => email::make_link(tx, account, hash)?.map(|(user, to)| (to, user)),
            // Once the address is another, the word would go there.
            Letter::AddressToChange if !NEW_ADDRESSES.contains(tx, &account)? => None,
            // It goes to the address that was, with another job.
            Letter::AddressChanged => None,
            Letter::Approved
            | Letter::PasswordChanged
            | Letter::AppealMade
            | Letter::AddressToChange
            | Letter::SecondFactorOn
            | Letter::SecondFactorOff
            | Letter::CodesUsedUp
            | Letter::PasskeyAdded
            | Letter::PasskeyRemoved
            | Letter::SheetMade => {
                user::find(tx, account)?.filter(|user| !user.email.is_empty() && !user.disabled).map(own)
            }
            // Whoever is kept out has to hear of it all the more.
            Letter::Strike | Letter::AppealDecided => {
                user::find(tx, account)?.filter(|user| !user.email.is_empty() && user.confirmed_at.is_some()).map(own)
            }
        };
        let Some((to, user)) = found else { return Ok(None) };
        about(tx, &user, to).map(Some)
    };
    Ok(server.write(look).await?.map(|facts| titled(server, facts)))
}

/// What a letter to a user is made of.
fn about(read: &dyn Read, user: &User, to: String) -> Result<Facts> {
    let name = account::find(read, user.account)?.ok_or(Error::NotFound)?.username;
    let words = Words::in_language(&user.locale).unwrap_or_default();
    Ok(Facts { to, name, title: instance::settings(read)?.title, words })
}

fn titled(server: &Server, facts: Facts) -> Facts {
    let title = if facts.title.is_empty() { server.origin().handle_domain().to_owned() } else { facts.title };
    Facts { title, ..facts }
}

/// Sends a letter to an address that a user had before.
pub(super) async fn run_to(server: &Server, account: AccountId, to: &str, letter: Letter, attempts: u32) -> Outcome {
    let to = to.to_owned();
    let look = move |view: &storage::View<'_>| match user::find(view, account)? {
        Some(user) => about(view, &user, to.clone()).map(Some),
        None => Ok(None),
    };
    let facts = async { Ok(server.read(look).await?.map(|facts| titled(server, facts))) };
    send(server, letter, facts, "", attempts).await
}

async fn hand_over(
    server: &Server,
    mail: &Mail,
    letter: Letter,
    facts: &Facts,
    secret: &str,
) -> Result<Result<(), NotTaken>> {
    let login = match (&mail.user, &mail.password) {
        (Some(user), Some(MailPassword::Words(words))) => Some((user.clone(), words.reveal().to_owned())),
        (Some(user), Some(MailPassword::File(path))) => {
            let path = path.clone();
            let read = server.on_disk(move || {
                let failed =
                    |error: std::io::Error| Error::remote("mail", format!("cannot read {}: {error}", path.display()));
                std::fs::read_to_string(&path).map_err(failed)
            });
            Some((user.clone(), read.await?.trim_end_matches(['\r', '\n']).to_owned()))
        }
        _ => None,
    };
    let lab = match server.reach() {
        Reach::Lab(lab) => Some(lab.clone()),
        Reach::Public => None,
    };
    let office = Office {
        host: &mail.host,
        port: mail.port,
        sealed: match mail.tls {
            MailTls::Starttls => Sealed::ByStarttls,
            MailTls::Implicit => Sealed::FromTheStart,
            MailTls::None => Sealed::Not,
        },
        login,
        hello: server.origin().host(),
        ca_pem: lab.as_ref().and_then(|lab| lab.ca_pem()),
    };
    let (subject, text) = worded(server, letter, facts, secret);
    let letter = letter::Letter {
        from_name: &facts.title,
        from: &mail.from,
        to: &facts.to,
        subject: &subject,
        text,
        id: format!("{:016x}.{:016x}@{}", server.random(), server.random(), server.origin().host()),
        at: server.now(),
    };
    Ok(letter::send(&office, letter).await)
}

/// What a letter is about, and what it says, in the language of whoever gets it.
fn worded(server: &Server, letter: Letter, facts: &Facts, secret: &str) -> (String, String) {
    let (words, origin) = (facts.words, server.origin());
    let ((subject, body), path) = (messages(letter), page(letter, secret));
    let handle = format!("@{}@{}", facts.name, origin.handle_domain());
    let texts = [
        ("title", facts.title.as_str()),
        ("handle", &handle),
        ("link", &origin.url(&path)),
        ("about", &origin.url("/about")),
        ("access", &origin.url("/settings/access")),
        ("security", &origin.url("/settings/second_factor")),
        ("passkeys", &origin.url("/settings/passkeys")),
    ];
    let (subject, body) = (words.with(subject, &texts).into_owned(), words.with(body, &texts));
    (subject, format!("{}\n\n{body}\n\n-- \n{}, {}\n", words.say("letter-hello"), facts.title, origin.as_str()))
}

/// The messages of a letter: what it is about, and what it says.
fn messages(letter: Letter) -> (&'static str, &'static str) {
    match letter {
        Letter::Confirm => ("letter-confirm-subject", "letter-confirm"),
        Letter::ResetPassword => ("letter-reset-subject", "letter-reset"),
        Letter::NewAddress => ("letter-new-address-subject", "letter-new-address"),
        Letter::Approved => ("letter-approved-subject", "letter-approved"),
        Letter::Strike => ("letter-strike-subject", "letter-strike"),
        Letter::AppealDecided => ("letter-appeal-decided-subject", "letter-appeal-decided"),
        Letter::AppealMade => ("letter-appeal-made-subject", "letter-appeal-made"),
        Letter::PasswordChanged => ("letter-password-subject", "letter-password"),
        Letter::AddressToChange => ("letter-address-to-change-subject", "letter-address-to-change"),
        Letter::AddressChanged => ("letter-address-changed-subject", "letter-address-changed"),
        Letter::SecondFactorOn => ("letter-second-on-subject", "letter-second-on"),
        Letter::SecondFactorOff => ("letter-second-off-subject", "letter-second-off"),
        Letter::CodesUsedUp => ("letter-codes-subject", "letter-codes"),
        Letter::PasskeyAdded => ("letter-passkey-added-subject", "letter-passkey-added"),
        Letter::PasskeyRemoved => ("letter-passkey-removed-subject", "letter-passkey-removed"),
        Letter::SheetMade => ("letter-sheet-subject", "letter-sheet"),
    }
}

/// The page that a letter leads to.
fn page(letter: Letter, secret: &str) -> String {
    match letter {
        Letter::Confirm => format!("/auth/confirmation?confirmation_token={secret}"),
        Letter::ResetPassword => format!("/auth/password/edit?reset_password_token={secret}"),
        Letter::NewAddress => format!("/auth/email?token={secret}"),
        Letter::Approved => "/auth/sign_in".to_owned(),
        Letter::Strike | Letter::AppealDecided => "/disputes/strikes".to_owned(),
        Letter::AppealMade => "/disputes/appeals".to_owned(),
        // What these speak of may not have been done by whoever reads them.
        Letter::PasswordChanged
        | Letter::AddressToChange
        | Letter::AddressChanged
        | Letter::SecondFactorOn
        | Letter::SecondFactorOff
        | Letter::CodesUsedUp
        | Letter::PasskeyAdded
        | Letter::PasskeyRemoved
        | Letter::SheetMade => "/auth/password/new".to_owned(),
    }
}

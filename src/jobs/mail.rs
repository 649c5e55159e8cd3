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
    AccountId, SecretHash, Timestamp, account, instance,
    job::Letter,
    mail_link::Purpose,
    new_address::NEW_ADDRESSES,
    peer::backoff_ms,
    user::{self, User},
};

/// What a letter is made of.
struct Facts {
    /// Where it goes.
    to: String,
    name: String,
    title: String,
}

/// Sends the letter, while this machine may serve and no longer.
pub(super) async fn run(
    server: &Server,
    account: AccountId,
    letter: Letter,
    asked_at: Timestamp,
    attempts: u32,
) -> Outcome {
    let Some(mail) = server.config().mail.clone() else {
        return Outcome::Drop("no mail server is set".to_owned());
    };
    if letter == Letter::ResetPassword && server.now().ms_since(asked_at) > limits::RESET_LINK_MS {
        return Outcome::Drop("whoever wanted a new password has given up by now".to_owned());
    }
    let retry = |why: String| {
        let pause = backoff_ms(attempts.saturating_add(1), server.random());
        Outcome::Later(server.now().plus_ms(pause), why)
    };
    let left = match server.fence().left() {
        Ok(left) => left,
        Err(why) => return Outcome::Later(server.now(), why),
    };
    let sending = async {
        let secret = server.secret();
        let Some(facts) = facts(server, account, letter, &secret).await? else { return Ok(Ok(())) };
        hand_over(server, &mail, letter, &facts, &secret).await
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
            Letter::Approved | Letter::PasswordChanged | Letter::AppealMade | Letter::AddressToChange => {
                user::find(tx, account)?.filter(|user| !user.email.is_empty() && !user.disabled).map(own)
            }
            // Whoever is kept out has to hear of it all the more.
            Letter::Strike | Letter::AppealDecided => {
                user::find(tx, account)?.filter(|user| !user.email.is_empty() && user.confirmed_at.is_some()).map(own)
            }
        };
        let Some((to, user)) = found else { return Ok(None) };
        let name = account::find(tx, user.account)?.ok_or(Error::NotFound)?.username;
        Ok(Some((to, name, instance::settings(tx)?.title)))
    };
    let found = server.write(look).await?;
    Ok(found.map(|(to, name, title)| {
        let title = if title.is_empty() { server.origin().handle_domain().to_owned() } else { title };
        Facts { to, name, title }
    }))
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
    let (subject, text) = words(server, letter, facts, secret);
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

/// What a letter is about, and what it says.
fn words(server: &Server, letter: Letter, facts: &Facts, secret: &str) -> (String, String) {
    let (title, origin) = (&facts.title, server.origin());
    let handle = format!("@{}@{}", facts.name, origin.handle_domain());
    let (subject, body) = match letter {
        Letter::Confirm => (
            format!("Confirm your address for {title}"),
            format!(
                "Somebody, probably you, signed up as {handle} with this address.\n\n\
                 To confirm it open this page and press the button there:\n\n{}\n\n\
                 The link holds for seven days. If it was not you, do nothing: the account stays closed.\n",
                origin.url(&format!("/auth/confirmation?confirmation_token={secret}"))
            ),
        ),
        Letter::ResetPassword => (
            format!("A new password for {title}"),
            format!(
                "Somebody, probably you, wants to choose a new password for {handle}.\n\n\
                 Open this page to do so:\n\n{}\n\n\
                 The link holds for six hours and works once. If it was not you, do nothing: your password stays as it is.\n",
                origin.url(&format!("/auth/password/edit?reset_password_token={secret}"))
            ),
        ),
        Letter::Approved => (
            format!("Welcome to {title}"),
            format!("{handle} is open now: sign in with any Mastodon app, or at\n\n{}\n", origin.url("/auth/sign_in")),
        ),
        Letter::PasswordChanged => (
            format!("Your password for {title} was changed"),
            format!(
                "The password of {handle} was changed. Every browser and app has to sign in again.\n\n\
                 If it was not you, choose a new one at once:\n\n{}\n",
                origin.url("/auth/password/new")
            ),
        ),
        Letter::Strike => (
            format!("A decision about your account on {title}"),
            format!(
                "Those who look after {title} have decided something about {handle}.\n\n\
                 What it is and why, and how you can appeal within twenty days, stands here:\n\n{}\n",
                origin.url("/disputes/strikes")
            ),
        ),
        Letter::AppealDecided => (
            format!("Your appeal on {title} was decided"),
            format!("What became of the appeal of {handle} stands here:\n\n{}\n", origin.url("/disputes/strikes")),
        ),
        Letter::AppealMade => (
            format!("An appeal on {title} waits for a decision"),
            format!(
                "Somebody has appealed against a decision. Read and decide it here:\n\n{}\n",
                origin.url("/disputes/appeals")
            ),
        ),
        Letter::NewAddress => (
            format!("Your new address for {title}"),
            format!(
                "Letters for {handle} are to go to this address from now on.\n\n\
                 To confirm it open this page and press the button there:\n\n{}\n\n\
                 The link holds for seven days. If it was not you, do nothing: they go where they went before.\n",
                origin.url(&format!("/auth/email?token={secret}"))
            ),
        ),
        Letter::AddressToChange => (
            format!("Letters of {title} are to go to another address"),
            format!(
                "Somebody, probably you, who knows the password of {handle} wants its letters to go to another address. \
                 They go there once a link in a letter to that address was opened.\n\n\
                 If it was not you, choose a new password at once, and look who has access:\n\n{}\n\n{}\n",
                origin.url("/auth/password/new"),
                origin.url("/settings/access")
            ),
        ),
    };
    (subject, format!("Hello,\n\n{body}\n-- \n{title}, {}\n", origin.as_str()))
}

//! Handing a letter over to the mail server that the administrator named (RFC 5321): one connection a letter, bounded in
//! time. Like an object store it may well stand in the same house, so addresses are not filtered.

use crate::limits;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        extension::ClientId,
    },
};
use std::{
    fmt,
    time::{Duration, SystemTime},
};
use storage::Timestamp;
use tokio::time::timeout;

/// How the connection is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// Before anything is said; a server that does not offer it gets nothing.
    ByStarttls,
    /// From the first byte.
    FromTheStart,
    /// Not at all.
    Not,
}

/// The mail server.
pub struct Office<'a> {
    /// Its name or address.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// How the connection is sealed.
    pub sealed: Sealed,
    /// User and password, if it asks for them.
    pub login: Option<(String, String)>,
    /// What we call ourselves.
    pub hello: &'a str,
    /// Certificate authorities of a lab, PEM.
    pub ca_pem: Option<&'a str>,
}

/// A letter of plain text.
pub struct Letter<'a> {
    /// The sender's name.
    pub from_name: &'a str,
    /// The sender's address.
    pub from: &'a str,
    /// The address it goes to.
    pub to: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// What it says.
    pub text: String,
    /// Its id without angle brackets: a letter sent twice is known by it.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Why a letter was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// Trouble that may pass: of the network, of the server, of its configuration.
    Later(String),
    /// The letter or whom it goes to is refused for good.
    Never(String),
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (NotTaken::Later(why) | NotTaken::Never(why)) = self;
        f.write_str(why)
    }
}

/// Hands a letter over.
///
/// # Errors
/// `NotTaken`.
pub async fn send(office: &Office<'_>, letter: Letter<'_>) -> Result<(), NotTaken> {
    let message = written(letter)?;
    let handing = timeout(Duration::from_millis(limits::MAIL_MS), hand_over(office, &message)).await;
    handing.unwrap_or_else(|_| Err(NotTaken::Later(format!("{} did not take the letter in time", office.host))))
}

fn written(letter: Letter<'_>) -> Result<Message, NotTaken> {
    let never = |what: &str, error: &dyn fmt::Display| NotTaken::Never(format!("{what}: {error}"));
    let address =
        |text: &str| text.parse::<Address>().map_err(|error| never("an address cannot be written to", &error));
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.at.0).unwrap_or(0));
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(Mailbox::new(Some(letter.from_name.to_owned()), address(letter.from)?))
        .to(Mailbox::new(None, address(letter.to)?))
        .subject(letter.subject)
        .date(at)
        .message_id(Some(format!("<{}>", letter.id)))
        .raw_header(automatic)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text)
        .map_err(|error| never("the letter cannot be written", &error))
}

async fn hand_over(office: &Office<'_>, message: &Message) -> Result<(), NotTaken> {
    let later = |what: &str, error: &dyn fmt::Display| {
        NotTaken::Later(format!("{what} {} port {}: {error}", office.host, office.port))
    };
    let hello = ClientId::Domain(office.hello.to_owned());
    let tls = || parameters(office).map_err(|error| later("TLS with", &error));
    let whole = if office.sealed == Sealed::FromTheStart { Some(tls()?) } else { None };
    let patience = Duration::from_millis(limits::MAIL_CONNECT_MS);
    let opened = AsyncSmtpConnection::connect_tokio1((office.host, office.port), Some(patience), &hello, whole, None);
    let opened =
        timeout(patience, opened).await.map_err(|_| later("no greeting in time from", &format!("{patience:?}")))?;
    let mut connection = opened.map_err(|error| later("cannot reach", &error))?;
    if office.sealed == Sealed::ByStarttls {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(later("no STARTTLS is offered by", &"nothing was sent"));
        }
        connection.starttls(tls()?, &hello).await.map_err(|error| later("STARTTLS with", &error))?;
    }
    if let Some((user, password)) = &office.login {
        let credentials = Credentials::new(user.clone(), password.clone());
        let known = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
        known.map_err(|error| later("the user is not known to", &error))?;
    }
    let taken = connection.send(message.envelope(), &message.formatted()).await;
    if let Err(error) = taken {
        connection.abort().await;
        let for_good = error.is_permanent();
        let error = format!("{} refused the letter: {error}", office.host);
        return Err(if for_good { NotTaken::Never(error) } else { NotTaken::Later(error) });
    }
    // The letter is theirs by now, whatever becomes of the goodbye.
    if let Err(error) = connection.quit().await {
        tracing::debug!(%error, "a mail server said no goodbye");
    }
    Ok(())
}

fn parameters(office: &Office<'_>) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut builder = TlsParameters::builder(office.host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
    if let Some(pem) = office.ca_pem {
        builder = builder.add_root_certificate(Certificate::from_pem(pem.as_bytes())?);
    }
    builder.build_rustls()
}

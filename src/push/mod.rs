//! Lives here: web push: who wants to be woken for what, what a message says, and how it is sealed for the program alone.
//! May use: notification, account, text, `storage`, aws-lc-rs. Must never name: the network, HTTP, edges.
//! Invariants: a message leaves as a durable job; nobody but the program can read it; the server's key never changes.
//!
//! Sources: RFC 8030, RFC 8188, RFC 8291, RFC 8292; client API, push.

mod browser;
mod encryption;
mod message;
mod vapid;

pub use browser::{leave_browser, outlived, wake_browser};
pub use encryption::{Sealed, seal};
pub use message::{Message, message};
pub use vapid::{Vapid, generate, public_text};

use crate::{
    error::{Error, Result},
    limits,
};
use storage::{
    AccountId, SecretHash, Tx,
    push::{self, Alert, Policy, Subscription},
};

/// The names of what may be asked for (client API, WebPushSubscription#alerts).
pub const ALERTS: [(Alert, &str); 14] = [
    (Alert::Mention, "mention"),
    (Alert::Status, "status"),
    (Alert::Reblog, "reblog"),
    (Alert::Follow, "follow"),
    (Alert::FollowRequest, "follow_request"),
    (Alert::Favourite, "favourite"),
    (Alert::Poll, "poll"),
    (Alert::Update, "update"),
    (Alert::AdminSignUp, "admin.sign_up"),
    (Alert::AdminReport, "admin.report"),
    (Alert::Quote, "quote"),
    (Alert::QuotedUpdate, "quoted_update"),
    (Alert::AddedToCollection, "added_to_collection"),
    (Alert::CollectionUpdate, "collection_update"),
];

/// A subscription a program asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where messages go.
    pub endpoint: String,
    /// The program's public key.
    pub p256dh: Vec<u8>,
    /// The program's secret.
    pub auth: Vec<u8>,
    /// RFC 8291, not the draft before it.
    pub standard: bool,
    /// Bits of what is asked for.
    pub alerts: u32,
    /// From whom.
    pub policy: Policy,
}

impl Wanted {
    /// Holds keys and endpoint against what messages can be sealed for and sent to; plain http is for labs.
    ///
    /// # Errors
    /// `Invalid` naming what is wrong.
    pub fn check(&self, lab: bool) -> Result<()> {
        let wrong = |what: &str| Err(Error::invalid("subscription", what.to_owned()));
        if self.endpoint.len() > limits::PUSH_ENDPOINT_BYTES {
            let (long, most) = (self.endpoint.len(), limits::PUSH_ENDPOINT_BYTES);
            return wrong(&format!("Endpoint has {long} bytes; at most {most}"));
        }
        match url::Url::parse(&self.endpoint) {
            Ok(url) if url.scheme() == "https" || (lab && url.scheme() == "http") => {}
            _ => return wrong("Endpoint is not a valid URL"),
        }
        if !encryption::is_point(&self.p256dh) {
            return wrong("Key p256dh is not a public key of P-256");
        }
        if self.auth.len() != encryption::AUTH_BYTES {
            return wrong("Key auth is not 16 bytes");
        }
        Ok(())
    }
}

/// Makes the subscription of a token, in place of the one before.
///
/// # Errors
/// Storage errors.
///
/// Source: client API, push#create.
pub fn subscribe(tx: &mut Tx<'_>, account: AccountId, token: &str, wanted: &Wanted) -> Result<Subscription> {
    let hash = SecretHash::of(token);
    push::delete(tx, hash)?;
    let Wanted { endpoint, p256dh, auth, standard, alerts, policy } = wanted.clone();
    let token = token.to_owned();
    let (id, created_at) = (tx.next_id(), tx.now());
    let made = Subscription { id, account, endpoint, p256dh, auth, standard, alerts, policy, token, created_at };
    push::put(tx, hash, &made);
    Ok(made)
}

/// Changes what a token's subscription asks for.
///
/// # Errors
/// `NotFound` if it has none.
///
/// Source: client API, push#update.
pub fn change(tx: &mut Tx<'_>, token: SecretHash, alerts: Option<u32>, policy: Option<Policy>) -> Result<Subscription> {
    let mut found = push::find(tx, token)?.ok_or(Error::NotFound)?;
    found.alerts = alerts.unwrap_or(found.alerts);
    found.policy = policy.unwrap_or(found.policy);
    push::put(tx, token, &found);
    Ok(found)
}

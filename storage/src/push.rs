//! Push subscriptions: where a program wants to be woken, for what, and with which keys; and the key this server is known
//! by at push services.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, NotificationId, RowId, Timestamp},
    job::{self, JobKind},
    key::SecretHash,
    notification::NotificationKind,
    oauth::TOKENS,
    record,
    relationship::FOLLOWS,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// Subscriptions of an account that are looked at for a notification; one a token.
const SUBSCRIPTIONS_MAX: usize = 64;

/// Where a push service takes messages for one program on one device, and what it wants to hear of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its number, for the client API.
    pub id: RowId,
    /// Whose notifications.
    pub account: AccountId,
    /// Where messages go (RFC 8030 §2).
    pub endpoint: String,
    /// The program's public key: an uncompressed point of P-256, 65 bytes.
    pub p256dh: Vec<u8>,
    /// The program's authentication secret, 16 bytes.
    pub auth: Vec<u8>,
    /// RFC 8291, or the draft that programs used before it.
    pub standard: bool,
    /// Which notifications, as bits numbered by `Alert`.
    pub alerts: u32,
    /// From whom.
    pub policy: Policy,
    /// The token in the clear: programs find by it which of their accounts a message is for. It is kept nowhere else, and
    /// goes with the subscription.
    pub token: String,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(Subscription, 1);

/// From whom notifications are pushed (client API, WebPushSubscription#policy). Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// Everybody.
    All,
    /// Whom the account follows.
    Followed,
    /// Who follows the account.
    Follower,
    /// Nobody.
    None,
}

/// What a subscription may ask for (client API, WebPushSubscription#alerts): its number is its bit. Grows only at the
/// end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of the client API")]
pub enum Alert {
    Mention,
    Status,
    Reblog,
    Follow,
    FollowRequest,
    Favourite,
    Poll,
    Update,
    AdminSignUp,
    AdminReport,
    Quote,
    QuotedUpdate,
    AddedToCollection,
    CollectionUpdate,
}

impl Alert {
    /// All of them, by number.
    pub const ALL: [Alert; 14] = [
        Alert::Mention,
        Alert::Status,
        Alert::Reblog,
        Alert::Follow,
        Alert::FollowRequest,
        Alert::Favourite,
        Alert::Poll,
        Alert::Update,
        Alert::AdminSignUp,
        Alert::AdminReport,
        Alert::Quote,
        Alert::QuotedUpdate,
        Alert::AddedToCollection,
        Alert::CollectionUpdate,
    ];

    /// Its bit in `Subscription::alerts`.
    #[must_use]
    pub fn bit(self) -> u32 {
        1 << (self as u32)
    }

    /// None: no message tells of it.
    fn of(kind: NotificationKind) -> Option<Alert> {
        Some(match kind {
            NotificationKind::Mention => Alert::Mention,
            NotificationKind::Status => Alert::Status,
            NotificationKind::Reblog => Alert::Reblog,
            NotificationKind::Follow => Alert::Follow,
            NotificationKind::FollowRequest => Alert::FollowRequest,
            NotificationKind::Favourite => Alert::Favourite,
            NotificationKind::Update => Alert::Update,
            NotificationKind::Poll => Alert::Poll,
            NotificationKind::AdminReport => Alert::AdminReport,
            NotificationKind::Quote => Alert::Quote,
            NotificationKind::QuotedUpdate => Alert::QuotedUpdate,
            NotificationKind::AdminSignUp => Alert::AdminSignUp,
            NotificationKind::AddedToCollection => Alert::AddedToCollection,
            NotificationKind::CollectionUpdate => Alert::CollectionUpdate,
            NotificationKind::Reaction
            | NotificationKind::ModerationWarning
            | NotificationKind::PendingFavourite
            | NotificationKind::PendingReply
            | NotificationKind::PendingReblog => return None,
        })
    }
}

/// The key pair by which push services know this server (RFC 8292), the same for ever: programs remember it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VapidKey {
    /// PKCS #8.
    pub private: Vec<u8>,
    /// An uncompressed point of P-256, 65 bytes.
    pub public: Vec<u8>,
}
record!(VapidKey, 1);

/// Hash of a token → its subscription.
pub const SUBSCRIPTIONS: Table<SecretHash, Subscription> = Table::new(280, "push_subscription");
/// (account, hash of a token): the subscriptions of an account.
pub const SUBSCRIPTIONS_OF_ACCOUNT: Table<(AccountId, SecretHash), ()> =
    Table::new(281, "push_subscription_of_account");
/// One row → the key.
pub const VAPID_KEY: Table<u8, VapidKey> = Table::new(282, "vapid_key");

/// A subscription of a browser belongs to the session that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSession {
    /// Hash of the session.
    pub session: [u8; 32],
}
record!(OfSession, 1);

/// Hash of a token → the session whose browser is woken by its subscription.
pub const BROWSERS: Table<SecretHash, OfSession> = Table::new(486, "push_browser");

/// The one row of `VAPID_KEY`.
const ONLY: u8 = 0;

/// The server's key, made at the first start.
///
/// # Errors
/// Storage errors.
pub fn vapid_key(read: &dyn Read) -> Result<Option<VapidKey>> {
    VAPID_KEY.get(read, &ONLY)
}

/// Stores the server's key.
pub fn put_vapid_key(tx: &mut Tx<'_>, key: &VapidKey) {
    VAPID_KEY.put(tx, &ONLY, key);
}

/// The subscription of a token.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, token: SecretHash) -> Result<Option<Subscription>> {
    SUBSCRIPTIONS.get(read, &token)
}

/// Stores the subscription of a token in place of the one before.
pub fn put(tx: &mut Tx<'_>, token: SecretHash, subscription: &Subscription) {
    SUBSCRIPTIONS.put(tx, &token, subscription);
    SUBSCRIPTIONS_OF_ACCOUNT.put(tx, &(subscription.account, token), &());
}

/// Removes the subscription of a token, if it has one.
///
/// # Errors
/// Storage errors.
pub fn delete(tx: &mut Tx<'_>, token: SecretHash) -> Result<()> {
    BROWSERS.delete(tx, &token);
    if let Some(subscription) = find(tx, token)? {
        SUBSCRIPTIONS.delete(tx, &token);
        SUBSCRIPTIONS_OF_ACCOUNT.delete(tx, &(subscription.account, token));
    }
    Ok(())
}

/// The tokens of `account` that have a subscription, at most 64.
///
/// # Errors
/// Storage errors.
pub fn of_account(read: &dyn Read, account: AccountId) -> Result<Vec<SecretHash>> {
    let rows = SUBSCRIPTIONS_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Ascending, SUBSCRIPTIONS_MAX)?;
    Ok(rows.into_iter().map(|((_, token), ())| token).collect())
}

/// The token by which the browser of a session is woken, if it is.
///
/// # Errors
/// Storage errors.
pub fn of_session(read: &dyn Read, account: AccountId, session: SecretHash) -> Result<Option<SecretHash>> {
    for token in of_account(read, account)? {
        if BROWSERS.get(read, &token)?.is_some_and(|browser| browser.session == session.0) {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// Owes a message about a new notification to each subscription of `account` that asked for its kind.
pub(crate) fn owe(
    tx: &mut Tx<'_>,
    account: AccountId,
    notification: NotificationId,
    kind: NotificationKind,
    from: AccountId,
) -> Result<()> {
    let Some(alert) = Alert::of(kind) else { return Ok(()) };
    for token in of_account(tx, account)? {
        let Some(subscription) = find(tx, token)? else { continue };
        if subscription.alerts & alert.bit() != 0 && admits(tx, &subscription, from)? {
            job::enqueue(tx, JobKind::Push { token, notification: Some(notification) });
        }
    }
    Ok(())
}

fn admits(read: &dyn Read, subscription: &Subscription, from: AccountId) -> Result<bool> {
    Ok(match subscription.policy {
        Policy::All => true,
        Policy::Followed => FOLLOWS.contains(read, &(subscription.account, from))?,
        Policy::Follower => FOLLOWS.contains(read, &(from, subscription.account))?,
        Policy::None => false,
    })
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &SUBSCRIPTIONS_OF_ACCOUNT,
        of: &[&SUBSCRIPTIONS],
        wants: |token, subscription| vec![((subscription.account, *token), ())],
        owner: |(_, token), ()| *token,
        claim: Claim::Sole,
    },
    &Reference {
        of: &SUBSCRIPTIONS,
        to: |token, subscription| vec![Pointer::to(&TOKENS, token), Pointer::to(&ACCOUNTS, &subscription.account)],
        unless: always,
    },
    &Reference { of: &BROWSERS, to: |token, _| vec![Pointer::to(&SUBSCRIPTIONS, token)], unless: always },
];

//! Users: who signs in, exactly one for a local account, keyed by the account's id.

use crate::{
    account::LOCAL_ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ApplicationId, Timestamp},
    key::{Digest, SecretHash},
    moderation::STAFF,
    record,
    status::Visibility,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
};
use serde::{Deserialize, Serialize};

/// What a user may do beyond their own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Their own account.
    User,
    /// Reports and accounts of others.
    Moderator,
    /// All settings.
    Admin,
    /// The person whose server this is.
    Owner,
}

/// Defaults a user has chosen (client API, preferences).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Visibility of new statuses.
    pub visibility: Visibility,
    /// New statuses are marked sensitive.
    pub sensitive: bool,
    /// Language of new statuses, BCP 47.
    pub language: Option<String>,
}

/// A user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The account they post with.
    pub account: AccountId,
    /// Lower-cased for comparison in the index; as typed here. May be empty.
    pub email: String,
    /// PHC string, argon2id.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// Interface language, BCP 47.
    pub locale: String,
    /// Posting defaults.
    pub preferences: Preferences,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the e-mail address was confirmed; users made by the owner are confirmed at once.
    pub confirmed_at: Option<Timestamp>,
    /// May not sign in.
    pub disabled: bool,
    /// The application that registered the user, if one did.
    pub created_by: Option<ApplicationId>,
}
record!(User, 1);

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who is signed in.
    pub account: AccountId,
    /// The secret behind this session's CSRF tokens.
    pub csrf_secret: [u8; 32],
    /// When it began.
    pub created_at: Timestamp,
    /// What the browser calls itself, at most 200 characters.
    pub user_agent: String,
}
record!(Session, 1);

/// All users.
pub const USERS: Table<AccountId, User> = Table::new(20, "user");
/// Digest of the lower-case e-mail address → user.
pub const USER_BY_EMAIL: Table<Digest, AccountId> = Table::new(21, "user_by_email");
/// Hash of the cookie → session.
pub const SESSIONS: Table<SecretHash, Session> = Table::new(22, "session");
/// (account, hash of the cookie): the sessions of an account.
pub const SESSIONS_OF_ACCOUNT: Table<(AccountId, SecretHash), ()> = Table::new(23, "session_of_account");

/// Users whose role is `Owner`.
pub const OWNERS: Table<AccountId, ()> = Table::new(24, "owner");

/// Whether somebody owns this server already.
///
/// # Errors
/// Storage errors.
pub fn has_owner(read: &dyn Read) -> Result<bool> {
    Ok(!OWNERS.list(read, &(), Bounds::NONE, Direction::Ascending, 1)?.is_empty())
}

/// The user of this account.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, account: AccountId) -> Result<Option<User>> {
    USERS.get(read, &account)
}

/// The user with this e-mail address; case does not matter.
///
/// # Errors
/// Storage errors.
pub fn find_by_email(read: &dyn Read, email: &str) -> Result<Option<User>> {
    let Some(account) = USER_BY_EMAIL.get(read, &email_key(email))? else { return Ok(None) };
    find(read, account)
}

/// Stores a user and the e-mail index.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    if let Some(before) = find(tx, user.account)?.filter(|before| !before.email.is_empty()) {
        USER_BY_EMAIL.delete(tx, &email_key(&before.email));
    }
    USERS.put(tx, &user.account, user);
    if user.role == Role::Owner {
        OWNERS.put(tx, &user.account, &());
    } else {
        OWNERS.delete(tx, &user.account);
    }
    if user.role > Role::User {
        STAFF.put(tx, &user.account, &());
    } else {
        STAFF.delete(tx, &user.account);
    }
    if !user.email.is_empty() {
        USER_BY_EMAIL.put(tx, &email_key(&user.email), &user.account);
    }
    Ok(())
}

fn email_key(email: &str) -> Digest {
    Digest::of(&email.to_lowercase())
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &USER_BY_EMAIL,
        of: &[&USERS],
        wants: |id, user| {
            if user.email.is_empty() { Vec::new() } else { vec![(email_key(&user.email), *id)] }
        },
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &OWNERS,
        of: &[&USERS],
        wants: |id, user| if user.role == Role::Owner { vec![(*id, ())] } else { Vec::new() },
        owner: |id, ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &STAFF,
        of: &[&USERS],
        wants: |id, user| if user.role > Role::User { vec![(*id, ())] } else { Vec::new() },
        owner: |id, ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &SESSIONS_OF_ACCOUNT,
        of: &[&SESSIONS],
        wants: |hash, session| vec![((session.account, *hash), ())],
        owner: |(_, hash), ()| *hash,
        claim: Claim::Sole,
    },
    &Reference { of: &USERS, to: |id, _| vec![Pointer::to(&LOCAL_ACCOUNTS, id)], unless: always },
    &Reference { of: &SESSIONS, to: |_, session| vec![Pointer::to(&USERS, &session.account)], unless: always },
];

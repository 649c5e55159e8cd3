//! Users: who signs in, exactly one for a local account, keyed by the account's id.

use crate::{
    account::{LOCAL_ACCOUNTS, SIGNING_KEYS},
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ApplicationId, Timestamp},
    key::{Digest, SecretHash},
    mail_link,
    moderation::STAFF,
    new_address::NEW_ADDRESSES,
    oauth, passkey, record,
    recovery::RECOVERY_SHEETS,
    second_factor,
    status::Visibility,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    use_of_access::SESSION_USES,
};
use core::net::IpAddr;
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
    /// Somebody who looks after the server let them in, or nobody had to.
    pub approved: bool,
    /// Why they want to be let in, in their words; may be empty.
    pub reason: String,
    /// Where they signed up from.
    pub signed_up_from: Option<IpAddr>,
    /// When a new password ended all access: codes of applications given before hold no more.
    pub access_ended_at: Option<Timestamp>,
}
record!(User, 2, { 1 => UserV1 });

impl User {
    /// Whether they are not let in yet: their address is not confirmed, or nobody has approved them.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.confirmed_at.is_none() || !self.approved
    }
}

/// Before people could sign up.
#[derive(Deserialize)]
struct UserV1 {
    account: AccountId,
    email: String,
    password_hash: String,
    role: Role,
    locale: String,
    preferences: Preferences,
    created_at: Timestamp,
    confirmed_at: Option<Timestamp>,
    disabled: bool,
    created_by: Option<ApplicationId>,
}

impl From<UserV1> for User {
    fn from(old: UserV1) -> Self {
        User {
            account: old.account,
            email: old.email,
            password_hash: old.password_hash,
            role: old.role,
            locale: old.locale,
            preferences: old.preferences,
            created_at: old.created_at,
            // Whoever was made by a command was confirmed at once; there was no other way.
            confirmed_at: old.confirmed_at.or(Some(old.created_at)),
            disabled: old.disabled,
            created_by: old.created_by,
            approved: true,
            reason: String::new(),
            signed_up_from: None,
            access_ended_at: None,
        }
    }
}

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

/// Users who are not let in yet; nobody sees their accounts.
pub const WAITING: Table<AccountId, ()> = Table::new(310, "waiting_user");
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
    if user.is_waiting() {
        WAITING.put(tx, &user.account, &());
    } else {
        WAITING.delete(tx, &user.account);
    }
    if !user.email.is_empty() {
        USER_BY_EMAIL.put(tx, &email_key(&user.email), &user.account);
    }
    Ok(())
}

/// Whether the account is of somebody who is not let in yet.
///
/// # Errors
/// Storage errors.
pub fn is_waiting(read: &dyn Read, account: AccountId) -> Result<bool> {
    WAITING.contains(read, &account)
}

/// Removes a user with their links; what they signed in with is removed by [`end_access`] before.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let Some(user) = find(tx, account)? else { return Ok(()) };
    mail_link::remove_all(tx, account)?;
    second_factor::remove(tx, account)?;
    passkey::remove_all(tx, account)?;
    RECOVERY_SHEETS.delete(tx, &account);
    NEW_ADDRESSES.delete(tx, &account);
    if !user.email.is_empty() {
        USER_BY_EMAIL.delete(tx, &email_key(&user.email));
    }
    for table in [&OWNERS, &STAFF, &WAITING] {
        table.delete(tx, &account);
    }
    USERS.delete(tx, &account);
    Ok(())
}

/// Removes the session of `account` whose cookie has this hash.
pub fn delete_session(tx: &mut Tx<'_>, account: AccountId, hash: SecretHash) {
    SESSIONS.delete(tx, &hash);
    SESSIONS_OF_ACCOUNT.delete(tx, &(account, hash));
    SESSION_USES.delete(tx, &hash);
}

/// Ends sessions and tokens of `account` that were made before a time, at most `limit` rows looked at of each; says
/// whether there are more rows to look at.
///
/// # Errors
/// Storage errors.
pub fn end_access(tx: &mut Tx<'_>, account: AccountId, before: Timestamp, limit: usize) -> Result<bool> {
    let (bounds, up) = (Bounds::NONE, Direction::Ascending);
    let sessions = SESSIONS_OF_ACCOUNT.list(tx, &account, bounds, up, limit)?;
    let tokens = oauth::TOKENS_OF_ACCOUNT.list(tx, &account, bounds, up, limit)?;
    let (mut ended, full) = (false, sessions.len() == limit || tokens.len() == limit);
    for ((_, hash), ()) in sessions {
        if SESSIONS.get(tx, &hash)?.is_none_or(|session| session.created_at < before) {
            delete_session(tx, account, hash);
            ended = true;
        }
    }
    for ((_, hash), ()) in tokens {
        if oauth::TOKENS.get(tx, &hash)?.is_none_or(|token| token.created_at < before) {
            oauth::delete_token(tx, hash)?;
            ended = true;
        }
    }
    Ok(full && ended)
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
        table: &WAITING,
        of: &[&USERS],
        wants: |id, user| if user.is_waiting() { vec![(*id, ())] } else { Vec::new() },
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
    // An account that is gone for good has its name left, without user and keys.
    &Reference {
        of: &USERS,
        to: |id, _| vec![Pointer::to(&LOCAL_ACCOUNTS, id), Pointer::to(&SIGNING_KEYS, id)],
        unless: always,
    },
    &Reference { of: &SESSIONS, to: |_, session| vec![Pointer::to(&USERS, &session.account)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn users_of_every_version_are_read() {
        let at = Timestamp(1_000);
        let user = User {
            account: AccountId(7),
            email: "e".to_owned(),
            password_hash: "p".to_owned(),
            role: Role::Moderator,
            locale: "l".to_owned(),
            preferences: Preferences { visibility: Visibility::Public, sensitive: false, language: None },
            created_at: at,
            confirmed_at: Some(at),
            disabled: false,
            created_by: Some(ApplicationId(3)),
            approved: true,
            reason: String::new(),
            signed_up_from: None,
            access_ended_at: None,
        };
        let both = [7, 1, b'e', 1, b'p', 1, 1, b'l', 0, 0, 0, 0xd0, 0x0f, 1, 0xd0, 0x0f, 0, 1, 3];
        let old = User::decode(&[&[1], &both[..]].concat()).expect("version 1");
        assert!(old == user && !old.is_waiting());
        assert_eq!(user.encode(), [&[2], &both[..], &[1, 0, 0, 0]].concat());
        let waiting = User {
            approved: false,
            reason: "r".to_owned(),
            signed_up_from: Some(IpAddr::from([127, 0, 0, 1])),
            access_ended_at: Some(at),
            ..user
        };
        assert_eq!(waiting.encode(), [&[2], &both[..], &[0, 1, b'r', 1, 0, 127, 0, 0, 1, 1, 0xd0, 0x0f]].concat());
        assert!(User::decode(&waiting.encode()).is_ok_and(|read| read == waiting && read.is_waiting()));
    }
}

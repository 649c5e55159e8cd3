//! Users: names, passwords, and the rule that makes a user with their account in one commit.

pub mod access;
pub mod code;
pub mod email;
pub mod invite;
mod owner_link;
pub mod passkey;
pub mod password;
pub mod recovery;
pub mod second_factor;
pub mod sign_up;
pub mod totp;
pub mod webauthn;

pub use owner_link::OwnerLink;

use crate::{
    error::{Error, Result},
    limits,
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use std::sync::OnceLock;
use storage::{
    AccountId, ApplicationId, Bounds, Direction, Event, Read, Tx,
    account::{self, Account, SIGNING_KEYS, SigningKeys},
    activity,
    job::{self, JobKind},
    status::Visibility,
    user::{self, OWNERS, Preferences, Role, User},
};

/// A name a local account may have: `[a-z0-9_]`, at most `limits::USERNAME_CHARS` (30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

/// Names that look like the server itself speaking (SECURITY C7); only who runs the server may take one.
const RESERVED: [&str; 26] = [
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "anonymous",
    "dassie",
    "everyone",
    "help",
    "hostmaster",
    "info",
    "instance",
    "mail",
    "mod",
    "moderator",
    "moderators",
    "noreply",
    "official",
    "owner",
    "postmaster",
    "root",
    "security",
    "staff",
    "support",
    "system",
    "webmaster",
];

/// Names whose paths or handles mean something else, for nobody.
const IMPOSSIBLE: [&str; 2] = ["actor", "instance_actor"];

impl Username {
    /// Reads a name; capitals become small.
    ///
    /// # Errors
    /// `Invalid` saying what a name may be.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim().trim_start_matches('@').to_ascii_lowercase();
        let refuse = |why: &str| Err(Error::invalid("username", format!("username {why}")));
        if name.is_empty() {
            return refuse("can't be blank");
        }
        if name.len() > limits::USERNAME_CHARS {
            return refuse(&format!("has {} characters; at most {}", name.chars().count(), limits::USERNAME_CHARS));
        }
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            return refuse("must contain only letters, digits and underscores");
        }
        if IMPOSSIBLE.contains(&name.as_str()) {
            return refuse("is reserved");
        }
        Ok(Username(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_reserved(&self) -> bool {
        is_reserved_name(&self.0)
    }
}

/// Whether nobody who signs up may have this name, in small letters.
fn is_reserved_name(name: &str) -> bool {
    RESERVED.contains(&name) || IMPOSSIBLE.contains(&name)
}

/// What a new user is made of; everything slow has been done before.
#[derive(Clone)]
pub struct NewUser {
    /// The account's name.
    pub username: Username,
    /// May be empty.
    pub email: String,
    /// From [`hash_password`]; empty for whoever comes in by a passkey and has no password.
    pub password_hash: String,
    /// What they may do.
    pub role: Role,
    /// The account's keys.
    pub keys: SigningKeys,
    /// Interface language, BCP 47.
    pub locale: String,
    /// The application that registers the user, if one does.
    pub created_by: Option<ApplicationId>,
}

/// Makes a user, their account and its keys. A name is never given out twice, also after its account is gone.
///
/// # Errors
/// `Invalid` for a name or e-mail address that is taken or may not be; storage errors.
pub fn create(tx: &mut Tx<'_>, new: &NewUser) -> Result<AccountId> {
    require_free(tx, new)?;
    let id = tx.next_id();
    Ok(insert(tx, id, new)?.account)
}

/// Refuses names and addresses that are taken or may not be.
fn require_free(read: &dyn Read, new: &NewUser) -> Result<()> {
    let name = new.username.as_str();
    if new.role == Role::User && new.username.is_reserved() {
        return Err(Error::invalid("username", "username is reserved"));
    }
    if account::holder_of(read, name)?.is_some() {
        return Err(Error::invalid("username", "username has already been taken"));
    }
    let email = check_email(&new.email)?;
    if !email.is_empty() && user::find_by_email(read, email)?.is_some() {
        return Err(Error::invalid("email", "email has already been taken"));
    }
    Ok(())
}

/// Removes a user for good; what they signed in with holds no longer. Their account stays.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let before = tx.now().plus_ms(1);
    if user::end_access(tx, account, before, limits::ACCESS_ENDED_AT_ONCE)? {
        job::enqueue(tx, JobKind::EndAccess { account, before });
    }
    Ok(user::remove(tx, account)?)
}

/// Gives a user another role; answers the one they had.
///
/// # Errors
/// `NotFound` without a user; `Invalid` if nobody would own the server any more.
pub fn set_role(tx: &mut Tx<'_>, account: AccountId, role: Role) -> Result<Role> {
    let before = user::find(tx, account)?.ok_or(Error::NotFound)?;
    let owners = OWNERS.list(tx, &(), Bounds::NONE, Direction::Ascending, 2)?;
    if before.role == Role::Owner && role != Role::Owner && owners.len() < 2 {
        return Err(Error::invalid("role", "nobody else owns this server; make somebody else an owner first"));
    }
    let had = before.role;
    user::put(tx, &User { role, ..before })?;
    tx.emit(Event::AccountChanged { account });
    Ok(had)
}

/// Stores a user who was looked at, with their account and its keys: let in, the address confirmed.
fn insert(tx: &mut Tx<'_>, id: AccountId, new: &NewUser) -> Result<User> {
    let (name, now) = (new.username.as_str(), tx.now());
    let account = Account::bare(id, name, now);
    account::put(tx, &account)?;
    SIGNING_KEYS.put(tx, &id, &new.keys);
    let user = User {
        account: id,
        email: check_email(&new.email)?.to_owned(),
        password_hash: new.password_hash.clone(),
        role: new.role,
        locale: new.locale.clone(),
        preferences: Preferences { visibility: Visibility::Public, sensitive: false, language: None },
        created_at: now,
        // Whoever can run a command on this machine or holds the one-time link vouches for the address.
        confirmed_at: Some(now),
        disabled: false,
        created_by: new.created_by,
        approved: true,
        reason: String::new(),
        signed_up_from: None,
        access_ended_at: None,
    };
    user::put(tx, &user)?;
    activity::count_registration(tx)?;
    Ok(user)
}

/// Makes the first owner; refused once there is one, whoever holds a link.
///
/// # Errors
/// `Forbidden` if there is an owner; as [`create`].
pub fn create_first_owner(tx: &mut Tx<'_>, new: &NewUser) -> Result<AccountId> {
    if user::has_owner(tx)? {
        return Err(Error::Forbidden("This server has an owner already"));
    }
    create(tx, new)
}

/// The same under a number that was set apart for them, as a passkey carries it before there is an account.
///
/// # Errors
/// `Conflict` if somebody has that number; as [`create_first_owner`].
pub fn create_first_owner_as(tx: &mut Tx<'_>, id: AccountId, new: &NewUser) -> Result<()> {
    if account::find(tx, id)?.is_some() {
        return Err(Error::Conflict);
    }
    if user::has_owner(tx)? {
        return Err(Error::Forbidden("This server has an owner already"));
    }
    require_free(tx, new)?;
    insert(tx, id, new).map(drop)
}

/// Keeps the language somebody chose for the words of pages, a tag the program knows.
///
/// # Errors
/// `NotFound` if nobody has this account; storage errors.
pub fn choose_locale(tx: &mut Tx<'_>, account: AccountId, tag: &str) -> Result<()> {
    let mut user = user::find(tx, account)?.ok_or(Error::NotFound)?;
    tag.clone_into(&mut user.locale);
    Ok(user::put(tx, &user)?)
}

/// Reads an e-mail address lightly, blanks around it taken off; none at all is none.
///
/// # Errors
/// `Invalid` for what is no address, or longer than `limits::EMAIL_BYTES`.
pub fn check_email(email: &str) -> Result<&str> {
    let email = email.trim();
    if email.is_empty() {
        return Ok(email);
    }
    let parts =
        email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    let clean = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if parts.is_none() || !clean || email.len() > limits::EMAIL_BYTES {
        return Err(Error::invalid("email", "email is not an address"));
    }
    Ok(email)
}

/// Refuses passwords that are too short to be any good or too long to be hashed.
///
/// # Errors
/// `Invalid`.
pub fn check_password(password: &str) -> Result<()> {
    let characters = password.chars().count();
    if characters < limits::PASSWORD_CHARS_MIN {
        let why = format!("password has {characters} characters; at least {}", limits::PASSWORD_CHARS_MIN);
        return Err(Error::invalid("password", why));
    }
    if password.len() > limits::PASSWORD_BYTES {
        let why = format!("password has {} bytes; at most {}", password.len(), limits::PASSWORD_BYTES);
        return Err(Error::invalid("password", why));
    }
    Ok(())
}

/// Hashes a password with argon2id, 19 MiB, two passes (SECURITY D4): some 20 ms, so never on an async worker.
///
/// # Errors
/// As [`check_password`].
pub fn hash_password(password: &str, salt: [u8; 16]) -> Result<String> {
    check_password(password)?;
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::Bug(format!("argon2: {error}")))?;
    Ok(hash.to_string())
}

/// Whether `password` is the one behind `stored`. `None` (no such user) and nothing (who has no password) take as long and
/// are never right.
///
/// # Errors
/// `Bug` if the stored hash cannot be read.
pub fn verify_password(password: &str, stored: Option<&str>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > limits::PASSWORD_BYTES {
        return Ok(false);
    }
    // Whoever comes in by a passkey alone has none.
    let stored = stored.filter(|hash| !hash.is_empty());
    let hash = match (stored, NOBODY.get()) {
        (Some(hash), _) => hash,
        (None, Some(hash)) => hash,
        (None, None) => {
            let made = hash_password("nobody has this one", *b"no user, no salt")?;
            NOBODY.get_or_init(|| made)
        }
    };
    let right = argon2()?.verify_password(password.as_bytes(), hash).is_ok();
    Ok(right && stored.is_some())
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Error::Bug(format!("argon2: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_small_letters_digits_and_underscores() {
        assert_eq!(Username::parse(" Alice_1 ").expect("valid").as_str(), "alice_1");
        assert!(Username::parse(&"a".repeat(30)).is_ok());
        for bad in ["", "  ", "a b", "a-b", "ä", "a.b", "actor", &"a".repeat(31)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_are_verified_and_unknown_users_are_never_right() {
        let hash = hash_password("correct horse", [7; 16]).expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("correct horse", Some(&hash)).expect("readable"));
        assert!(!verify_password("correct horsf", Some(&hash)).expect("readable"));
        assert!(!verify_password("nobody has this one", None).expect("readable"));
        assert!(hash_password("short", [7; 16]).is_err());
        assert!(hash_password(&"x".repeat(limits::PASSWORD_BYTES + 1), [7; 16]).is_err());
    }

    #[test]
    fn addresses_are_checked_lightly() {
        for good in ["", "a@b", "ä@example.org", "a+b@localhost"] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for bad in ["a", "@b", "a@", "a@b@c", "a b@c", "a\n@b"] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
    }
}

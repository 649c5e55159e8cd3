//! `dassie user add`: makes a user, through the running server or on its data directory. What else is said of users.

use super::{
    control::{self, Request},
    keys, moving,
    out::say,
    reset, role,
    store::open_closed,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    limits,
    random::Random,
    server::{self, Server},
    user::{self, NewUser, Username},
};
use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::io::Read as _;
use storage::{
    Read,
    account::{self, Account},
    job::{self, JobKind},
    push,
    user::{Role, User},
};

/// Users.
#[derive(Subcommand)]
pub(super) enum Users {
    /// Make a user; the password comes on standard input.
    Add(Add),
    /// Let a user in again: set a password, turn two-factor authentication off.
    Reset(reset::Reset),
    /// Change what a user may do: owner, admin, moderator or user.
    Role(role::Change),
    /// Send a test message to every device that a user has subscribed; needs the running server.
    TestPush {
        /// The account's name.
        name: String,
        #[command(flatten)]
        place: super::Place,
    },
    /// Other accounts that a user names as their own, so that those can move here; needs the running server.
    #[command(subcommand)]
    Alias(moving::Aliases),
    /// Make new keys for a user, or for everybody here, and tell other servers.
    RotateKeys(keys::Rotate),
    /// Move a user to another account, which names this one as its alias; needs the running server.
    Move(moving::Move),
}

#[derive(Args)]
pub(super) struct Add {
    /// The account's name: letters, digits, underscores.
    name: String,
    /// The e-mail address.
    #[arg(long)]
    email: String,
    /// Read the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// What the user may do.
    #[arg(long, value_enum, default_value_t = RoleName::User)]
    role: RoleName,
    #[command(flatten)]
    place: super::Place,
}

/// A role as the command line says it.
#[derive(Debug, Clone, Copy, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RoleName {
    /// Owns the server.
    Owner,
    /// May change all settings.
    Admin,
    /// May act on reports.
    Moderator,
    /// Their own account.
    User,
}

impl RoleName {
    /// As it is typed.
    pub(super) fn word(self) -> &'static str {
        match self {
            RoleName::Owner => "owner",
            RoleName::Admin => "admin",
            RoleName::Moderator => "moderator",
            RoleName::User => "user",
        }
    }
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Owner => Role::Owner,
            RoleName::Admin => Role::Admin,
            RoleName::Moderator => Role::Moderator,
            RoleName::User => Role::User,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => RoleName::Owner,
            Role::Admin => RoleName::Admin,
            Role::Moderator => RoleName::Moderator,
            Role::User => RoleName::User,
        }
    }
}

/// A user to be made, as it goes to the running server.
#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    name: String,
    email: String,
    password: String,
    role: RoleName,
}

/// Does what is asked for a user.
pub(super) fn run(users: Users) -> Result<()> {
    match users {
        Users::Add(add) => make(add),
        Users::Reset(wanted) => reset::run(wanted),
        Users::Role(change) => role::run(change),
        Users::TestPush { name, place } => test_push(name, &place.flags()),
        Users::Alias(aliases) => moving::alias(aliases),
        Users::RotateKeys(rotate) => keys::rotate(rotate),
        Users::Move(wanted) => moving::go(wanted),
    }
}

fn test_push(name: String, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let said = control::done(&config, "user", &Request::TestPush { name })?;
    say(said
        .ok_or_else(|| Error::invalid("user", "no server runs on this data directory, and only it sends messages"))?);
    Ok(())
}

/// The user of a name.
///
/// # Errors
/// `Invalid` if there is none of that name.
pub(super) fn named(read: &dyn Read, name: &str) -> Result<User> {
    let account = account::find_by_name(read, name, None)?.filter(Account::is_local);
    let user = account.map(|account| storage::user::find(read, account.id)).transpose()?.flatten();
    user.ok_or_else(|| Error::invalid("name", format!("there is no user {name}")))
}

/// Owes a test message to each of a user's subscriptions.
pub(super) async fn push_test(server: &Server, name: String) -> Result<String> {
    let owed = server.write(move |tx| {
        let tokens = push::of_account(tx, named(tx, &name)?.account)?;
        for token in &tokens {
            job::enqueue(tx, JobKind::Push { token: *token, notification: None });
        }
        Ok(tokens.len())
    });
    let devices = owed.await?;
    Ok(format!("a test message is on its way to {devices} subscription(s)"))
}

/// Makes the user.
fn make(add: Add) -> Result<()> {
    let flags: Flags = add.place.flags();
    let config = Config::load(&flags)?;
    let wanted = Wanted { name: add.name, email: add.email, password: read_password()?, role: add.role };
    let request = Request::AddUser(wanted);
    match control::done(&config, "user", &request)? {
        Some(said) => say(said),
        None => {
            let Request::AddUser(wanted) = request else { return Ok(()) };
            say(offline(&config, &wanted)?);
        }
    }
    Ok(())
}

/// One line; what ends it is not part of the password.
pub(super) fn read_password() -> Result<String> {
    let mut text = String::new();
    let bound = limits::PASSWORD_BYTES as u64 + 3;
    let read = std::io::stdin().take(bound).read_to_string(&mut text);
    read.map_err(|error| Error::invalid("password", format!("cannot read standard input: {error}")))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn prepared(wanted: &Wanted, salt: [u8; 16]) -> Result<NewUser> {
    Ok(NewUser {
        username: Username::parse(&wanted.name)?,
        email: wanted.email.clone(),
        password_hash: user::hash_password(&wanted.password, salt)?,
        role: wanted.role.into(),
        keys: server::new_keys()?,
        locale: "en".to_owned(),
        created_by: None,
    })
}

/// On a data directory nobody serves: takes the lock.
fn offline(config: &Config, wanted: &Wanted) -> Result<String> {
    let store = open_closed(config)?;
    let new = prepared(wanted, Random::System.bytes())?;
    let name = new.username.as_str().to_owned();
    let made = store.write(move |tx| user::create(tx, &new));
    let closed = store.close();
    made?;
    closed?;
    Ok(format!("made @{name}"))
}

/// In the running server.
pub(super) async fn add(server: &Server, wanted: Wanted) -> Result<String> {
    let salt = server.random_bytes();
    let owner = matches!(wanted.role, RoleName::Owner);
    let new = server.stretch(move || prepared(&wanted, salt)).await?;
    let name = new.username.as_str().to_owned();
    server.write(move |tx| user::create(tx, &new)).await?;
    if owner {
        server.owner_link().close();
    }
    Ok(format!("made @{name}"))
}

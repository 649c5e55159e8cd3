//! OAuth: applications, authorization codes and tokens. Secrets are stored as hashes only.

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, ApplicationId, Timestamp, TokenId},
    key::{Digest, SecretHash},
    push, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    use_of_access::TOKEN_USES,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::ControlFlow};

/// A program that may ask people for access (client API, apps).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its number.
    pub id: ApplicationId,
    /// What it calls itself.
    pub name: String,
    /// Its home page.
    pub website: Option<String>,
    /// Where codes may be sent, exactly as registered.
    pub redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Its public name in OAuth.
    pub client_id: String,
    /// Hash of its secret, 32 bytes.
    pub client_secret_hash: [u8; 32],
    /// When it was registered, or somebody's access through it ended last.
    pub created_at: Timestamp,
}
record!(Application, 1);

/// A code waiting to be exchanged (RFC 6749 §4.1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// For which application.
    pub application: ApplicationId,
    /// Who approved.
    pub account: AccountId,
    /// The redirect uri of the request.
    pub redirect_uri: String,
    /// What was approved.
    pub scopes: Vec<String>,
    /// PKCE challenge, S256 (RFC 7636 §4.2).
    pub challenge: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The token it was exchanged for: a second use revokes it (RFC 6749 §4.1.2).
    pub used_for: Option<[u8; 32]>,
}
record!(AuthorizationCode, 1);

/// Access given to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// For which application.
    pub application: ApplicationId,
    /// Whose access; `None`: the application's own (client_credentials).
    pub account: Option<AccountId>,
    /// What it allows.
    pub scopes: Vec<String>,
    /// When it was given.
    pub created_at: Timestamp,
}
record!(Token, 1);

/// All applications.
pub const APPLICATIONS: Table<ApplicationId, Application> = Table::new(30, "application");
/// Digest of a client id → application.
pub const APPLICATION_BY_CLIENT_ID: Table<Digest, ApplicationId> = Table::new(31, "application_by_client_id");
/// Hash of a code → code.
pub const AUTHORIZATION_CODES: Table<SecretHash, AuthorizationCode> = Table::new(32, "authorization_code");
/// Hash of a token → token.
pub const TOKENS: Table<SecretHash, Token> = Table::new(33, "token");
/// (account, hash of a token): the tokens of an account.
pub const TOKENS_OF_ACCOUNT: Table<(AccountId, SecretHash), ()> = Table::new(34, "token_of_account");

/// The application with this client id.
///
/// # Errors
/// Storage errors.
pub fn find_application(read: &dyn Read, client_id: &str) -> Result<Option<Application>> {
    let Some(id) = APPLICATION_BY_CLIENT_ID.get(read, &Digest::of(client_id))? else { return Ok(None) };
    Ok(APPLICATIONS.get(read, &id)?.filter(|application| application.client_id == client_id))
}

/// Stores an application and its index.
pub fn put_application(tx: &mut Tx<'_>, application: &Application) {
    APPLICATIONS.put(tx, &application.id, application);
    APPLICATION_BY_CLIENT_ID.put(tx, &Digest::of(&application.client_id), &application.id);
}

/// Removes an application and its index; nothing may name it any more.
pub fn delete_application(tx: &mut Tx<'_>, application: &Application) {
    APPLICATIONS.delete(tx, &application.id);
    APPLICATION_BY_CLIENT_ID.delete(tx, &Digest::of(&application.client_id));
}

/// Those of `applications` that have no access and are being given none: neither a token nor a code names them. None of
/// them where there are more than `most` tokens and codes to look through.
///
/// # Errors
/// Storage errors.
pub fn without_access(read: &dyn Read, applications: Vec<Application>, most: usize) -> Result<Vec<Application>> {
    if applications.is_empty() {
        return Ok(applications);
    }
    let mut left: BTreeMap<ApplicationId, Application> =
        applications.into_iter().map(|application| (application.id, application)).collect();
    let mut looked = 0;
    let mut meet = |application: ApplicationId| -> Result<ControlFlow<()>> {
        looked += 1;
        left.remove(&application);
        Ok(if looked > most || left.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    let (bounds, up) = (Bounds::NONE, Direction::Ascending);
    TOKENS.scan(read, &(), bounds, up, |_, token| meet(token.application))?;
    AUTHORIZATION_CODES.scan(read, &(), bounds, up, |_, code| meet(code.application))?;
    Ok(if looked > most { Vec::new() } else { left.into_values().collect() })
}

/// Stores a token under its hash.
pub fn put_token(tx: &mut Tx<'_>, hash: SecretHash, token: &Token) {
    TOKENS.put(tx, &hash, token);
    if let Some(account) = token.account {
        TOKENS_OF_ACCOUNT.put(tx, &(account, hash), &());
    }
}

/// Removes a token. Its application counts as new where it was somebody's: they may come back with it.
///
/// # Errors
/// Storage errors.
pub fn delete_token(tx: &mut Tx<'_>, hash: SecretHash) -> Result<()> {
    if let Some(Token { account: Some(account), application, .. }) = TOKENS.get(tx, &hash)? {
        TOKENS_OF_ACCOUNT.delete(tx, &(account, hash));
        if let Some(known) = APPLICATIONS.get(tx, &application)? {
            let created_at = tx.now();
            APPLICATIONS.put(tx, &application, &Application { created_at, ..known });
        }
    }
    TOKENS.delete(tx, &hash);
    TOKEN_USES.delete(tx, &hash);
    push::delete(tx, hash)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &APPLICATION_BY_CLIENT_ID,
        of: &[&APPLICATIONS],
        wants: |id, application| vec![(Digest::of(&application.client_id), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &TOKENS_OF_ACCOUNT,
        of: &[&TOKENS],
        wants: |hash, token| token.account.iter().map(|account| ((*account, *hash), ())).collect(),
        owner: |(_, hash), ()| *hash,
        claim: Claim::Sole,
    },
    &Reference {
        of: &AUTHORIZATION_CODES,
        to: |_, code| vec![Pointer::to(&APPLICATIONS, &code.application), Pointer::to(&ACCOUNTS, &code.account)],
        unless: always,
    },
    &Reference {
        of: &TOKENS,
        to: |_, token| {
            let account = token.account.iter().map(|account| Pointer::to(&ACCOUNTS, account));
            account.chain([Pointer::to(&APPLICATIONS, &token.application)]).collect()
        },
        unless: always,
    },
];

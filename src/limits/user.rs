//! Bounds of users, sessions, OAuth (client API, OAuth; SECURITY D1-D4).

use crate::clock::{DAY_MS, HOUR_MS};

/// Tokens of an account that its settings list.
pub const TOKENS_SHOWN: usize = 200;
/// Tokens whose access is remembered between requests.
pub const ACCESS_CACHED: usize = 10_000;
/// Time between two uses of a token or session that are written down, milliseconds.
pub const USE_TOLD_MS: i64 = storage::limits::USE_TOLD_MS;
/// Uses of tokens and sessions that wait to be written; beyond, one is passed over until the next.
pub const USES_WAITING: usize = 2_000;
/// Uses written in one transaction: one operation each, of 500.
pub const USES_AT_ONCE: usize = 200;
/// Time a remembered access is trusted without looking at the store, milliseconds.
pub const ACCESS_CACHED_MS: i64 = 60_000;
/// How long the one-time link that makes the owner holds, milliseconds.
pub const OWNER_LINK_MS: i64 = 30 * 60_000;
/// Characters of a local account's name.
pub const USERNAME_CHARS: usize = 30;
/// Bytes of a password: long enough for any phrase, short enough to hash.
pub const PASSWORD_BYTES: usize = 1024;
/// Characters a password has at least.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Bytes of an e-mail address (RFC 5321 §4.5.3.1).
pub const EMAIL_BYTES: usize = 254;
/// Characters of the reason why somebody wants to be let in, as Mastodon has it.
pub const REASON_CHARS_MAX: usize = 420;
/// Invites one account has; the oldest that holds no more goes for another.
pub const INVITES_MAX: usize = 100;
/// People who may come by one invite that says how many.
pub const INVITE_USES_MAX: u32 = 1_000;
/// How long an invite holds that ends by itself, milliseconds: a year.
pub const INVITE_LASTS_MS: i64 = 366 * DAY_MS;
/// Characters of what an invite says to whoever made it, as Mastodon has it.
pub const INVITE_COMMENT_CHARS_MAX: usize = 420;
/// Bytes of a code that is looked up.
pub const INVITE_CODE_BYTES: usize = 32;
/// Bytes of a language tag (RFC 5646 §4.4.1).
pub const LOCALE_BYTES_MAX: usize = 35;
/// How long a link that confirms an address holds, milliseconds: a week, for those who read mail seldom.
pub const CONFIRM_LINK_MS: i64 = 7 * DAY_MS;
/// How long a link for a new password holds, milliseconds: six hours, since whoever reads it may come in.
pub const RESET_LINK_MS: i64 = 6 * HOUR_MS;
/// Sessions and tokens looked at by one step that ends them: up to ten operations each pair (three of the session, six of the
/// token and what it wakes, one of its application), of 500.
pub const ACCESS_ENDED_AT_ONCE: usize = 40;
/// Milliseconds for handing over one letter, connecting included.
pub const MAIL_MS: u64 = 60_000;
/// Milliseconds until a mail server takes a connection and greets.
pub const MAIL_CONNECT_MS: u64 = 15_000;
/// How long a browser stays signed in, seconds.
pub const SESSION_SECONDS: i64 = 365 * 24 * 3600;
/// Sessions of one user; the oldest ends when one more begins.
pub const SESSIONS_PER_USER: usize = 32;
/// Passkeys of one account.
pub const PASSKEYS: usize = storage::limits::PASSKEYS;
/// Characters of what somebody calls a passkey.
pub const PASSKEY_NAME_CHARS: usize = 60;
/// How long a passkey may take to sign a challenge, milliseconds (WebAuthn §15.1: five to ten minutes).
pub const CHALLENGE_MS: i64 = 5 * 60_000;
/// Challenges that wait at once, some 100 bytes each; the oldest goes.
pub const CHALLENGES: usize = 10_000;
/// How long somebody who gave the right password may take to give a code, milliseconds.
pub const SECOND_STEP_MS: i64 = 10 * 60_000;
/// Wrong codes after which the password is asked again: a guesser of six digits has three in a million each time.
pub const SECOND_STEP_TRIES: u32 = 5;
/// Bytes of a code as typed, with blanks and hyphens.
pub const CODE_BYTES_MAX: usize = 200;
/// Characters kept of what a browser calls itself.
pub const USER_AGENT_CHARS: usize = 200;
/// How long an authorization code holds, milliseconds (RFC 6749 §4.1.2 recommends ten minutes at most).
pub const CODE_MS: i64 = 10 * 60_000;
/// Characters of an application's name.
pub const APPLICATION_NAME_CHARS: usize = 100;
/// Redirect uris of an application.
pub const REDIRECT_URIS: usize = 20;
/// Bytes of them together: anybody may register applications (Mastodon: 2 000 characters).
pub const REDIRECT_URIS_BYTES: usize = 4_000;
/// Bytes of a redirect uri, a website, or `state`.
pub const OAUTH_TEXT_BYTES: usize = 2_000;
/// Scopes of an application.
pub const SCOPES: usize = 64;

//! Signing up: what is asked of whoever comes, what keeps them out, and how an address is confirmed.

use super::{NewUser, Username, check_email, check_password, insert, invite, is_reserved_name};
use crate::{
    error::{Error, Result},
    limits, registrable,
    text::is_language,
};
use std::net::IpAddr;
use storage::{
    AccountId, Read, SecretHash, Timestamp, Tx, account,
    instance::{self, Registrations},
    job::{self, JobKind, Letter},
    mail_link::{self, MailLink, Purpose},
    moderation,
    notification::{self, NotificationKind},
    sign_up_block::{self, IpSeverity},
    user::{self, User},
};

/// What somebody sent who wants to sign up, as they sent it.
#[derive(Clone)]
pub struct Asked {
    /// The name.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// They agree to the rules.
    pub agreement: bool,
    /// The language of the interface; may be empty.
    pub locale: String,
    /// Why they want to be let in; may be empty.
    pub reason: String,
    /// `YYYY-MM-DD`; may be empty. It is looked at and not kept.
    pub date_of_birth: String,
    /// The code of an invite; may be empty. One that does not hold is as none.
    pub invite: String,
    /// Where they come from.
    pub from: IpAddr,
}

/// What is wrong with a field, as the client API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Somebody has it.
    Taken,
    /// Nobody may have it.
    Reserved,
    /// It is missing.
    Blank,
    /// It has too few characters.
    TooShort,
    /// It has too many.
    TooLong,
    /// It has the wrong form.
    Invalid,
    /// Those who look after the server do not take it.
    Blocked,
    /// It must be agreed to.
    Accepted,
    /// Too young.
    BelowLimit,
    /// It is none of those there are.
    Inclusion,
}

impl Fault {
    /// Its key in the client API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Fault::Taken => "ERR_TAKEN",
            Fault::Reserved => "ERR_RESERVED",
            Fault::Blank => "ERR_BLANK",
            Fault::TooShort => "ERR_TOO_SHORT",
            Fault::TooLong => "ERR_TOO_LONG",
            Fault::Invalid => "ERR_INVALID",
            Fault::Blocked => "ERR_BLOCKED",
            Fault::Accepted => "ERR_ACCEPTED",
            Fault::BelowLimit => "ERR_BELOW_LIMIT",
            Fault::Inclusion => "ERR_INCLUSION",
        }
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field, in the words of the client API.
    pub field: &'static str,
    /// What.
    pub fault: Fault,
    /// The same in words, without the field's name.
    pub why: String,
}

/// Whether an address can be confirmed by a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A mail server is set.
    ByMail,
    /// None is: the address counts as confirmed.
    None,
}

/// A new user with what is known of how they came.
#[derive(Clone)]
pub struct Newcomer {
    /// The user.
    pub new: NewUser,
    /// What they sent.
    pub asked: Asked,
    /// Whether their address can be confirmed.
    pub proof: Proof,
}

/// How signing up ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is a user now.
    Made(AccountId),
    /// Nothing was stored.
    Refused(Vec<Wrong>),
}

/// Everything that is wrong with what somebody sent, as things are now. Whoever was invited need not say why they come.
///
/// # Errors
/// `Forbidden` while nobody may sign up who was not invited, or nobody from there; storage errors.
///
/// Source: client API, accounts#create.
pub fn examine(read: &dyn Read, asked: &Asked, now: Timestamp) -> Result<Vec<Wrong>> {
    let settings = instance::settings(read)?;
    let barred = sign_up_block::of_address(read, asked.from, now)?;
    let invited = invite::valid(read, &asked.invite, now)?.is_some();
    let closed = settings.registrations == Registrations::Closed && !invited;
    if closed || barred >= Some(IpSeverity::SignUpBlock) {
        return Err(Error::Forbidden("This action is not allowed"));
    }
    let mut wrong = Vec::new();
    let mut say = |field, fault, why: &str| wrong.push(Wrong { field, fault, why: why.to_owned() });
    if let Some((fault, why)) = wrong_username(read, &asked.username)? {
        say("username", fault, &why);
    }
    if let Some((fault, why)) = wrong_email(read, &asked.email)? {
        say("email", fault, why);
    }
    if let Some((fault, why)) = wrong_password(&asked.password) {
        say("password", fault, &why);
    }
    if !asked.agreement {
        say("agreement", Fault::Accepted, "must be accepted");
    }
    if !asked.locale.is_empty() && !is_language(&asked.locale.replace('_', "-")) {
        say("locale", Fault::Inclusion, "is not a language");
    }
    let must_say = settings.registrations == Registrations::Approve && settings.reason_required && !invited;
    if must_say && asked.reason.trim().is_empty() {
        say("reason", Fault::Blank, "can't be blank");
    }
    if asked.reason.chars().count() > limits::REASON_CHARS_MAX {
        say("reason", Fault::TooLong, &format!("is too long (maximum is {} characters)", limits::REASON_CHARS_MAX));
    }
    if let Some((fault, why)) = wrong_birth(&asked.date_of_birth, settings.min_age, now) {
        say("date_of_birth", fault, why);
    }
    Ok(wrong)
}

/// Makes a user of somebody who signs up, and owes them a letter; whoever looks after the server is told once the address
/// is confirmed. A name is never given out twice, also after its account is gone. An invite lets in at once, but for those
/// whom a block of their provider or network has looked at; its use is counted in the same commit.
///
/// # Errors
/// As [`examine`].
///
/// Source: client API, accounts#create.
pub fn create(tx: &mut Tx<'_>, newcomer: &Newcomer) -> Result<Outcome> {
    let (asked, now) = (&newcomer.asked, tx.now());
    let wrong = examine(tx, asked, now)?;
    if !wrong.is_empty() {
        return Ok(Outcome::Refused(wrong));
    }
    let invited = invite::valid(tx, &asked.invite, now)?;
    let open = instance::settings(tx)?.registrations == Registrations::Open || invited.is_some();
    let watched = sign_up_block::of_address(tx, asked.from, now)?.is_some()
        || sign_up_block::of_email_domain(tx, &domain_of(&asked.email))?.is_some();
    let id = tx.next_id();
    let user = User {
        confirmed_at: (newcomer.proof == Proof::None).then_some(now),
        approved: open && !watched,
        reason: asked.reason.trim().to_owned(),
        signed_up_from: Some(asked.from.to_canonical()),
        ..insert(tx, id, &newcomer.new)?
    };
    user::put(tx, &user)?;
    if let Some((id, known)) = invited {
        invite::take(tx, id, known, user.account);
    }
    if !user.is_waiting() {
        invite::let_in(tx, user.account)?;
    }
    match newcomer.proof {
        Proof::ByMail => owe(tx, user.account, Letter::Confirm),
        Proof::None => tell_staff(tx, user.account)?,
    }
    Ok(Outcome::Made(user.account))
}

/// Owes a letter to a user.
pub fn owe(tx: &mut Tx<'_>, account: AccountId, letter: Letter) {
    let asked_at = tx.now();
    job::enqueue(tx, JobKind::Mail { account, letter, asked_at });
}

/// Owes the letter that confirms an address once more, perhaps to another address.
///
/// # Errors
/// `Forbidden` once the address is confirmed; `Invalid` for an address that may not be.
///
/// Source: client API, emails/confirmations#create.
pub fn confirm_again(tx: &mut Tx<'_>, account: AccountId, email: Option<&str>) -> Result<()> {
    let mut user = user::find(tx, account)?.ok_or(Error::NotFound)?;
    if user.confirmed_at.is_some() {
        return Err(Error::Forbidden("This method is only available while the e-mail is awaiting confirmation"));
    }
    if let Some(email) = email.map(str::trim).filter(|email| !email.eq_ignore_ascii_case(&user.email)) {
        if let Some((_, why)) = wrong_email(tx, email)? {
            return Err(Error::invalid("email", format!("Email {why}")));
        }
        email.clone_into(&mut user.email);
        // A domain that only comes in by approval does so by this way as well.
        user.approved &= sign_up_block::of_email_domain(tx, &domain_of(email))?.is_none();
        user::put(tx, &user)?;
    }
    owe(tx, account, Letter::Confirm);
    Ok(())
}

/// Stores the secret of a link that a letter to `account` carries; to whom it goes. `None` if the letter is pointless by
/// now.
///
/// # Errors
/// Storage errors.
pub fn make_link(tx: &mut Tx<'_>, account: AccountId, purpose: Purpose, hash: SecretHash) -> Result<Option<User>> {
    let Some(user) = user::find(tx, account)? else { return Ok(None) };
    let pointless = purpose == Purpose::Confirm && user.confirmed_at.is_some();
    if pointless || user.email.is_empty() || user.disabled {
        return Ok(None);
    }
    let link = MailLink { account, purpose, email: user.email.clone(), created_at: tx.now() };
    mail_link::put(tx, hash, &link)?;
    Ok(Some(user))
}

/// Whose link this is, if it still holds.
///
/// # Errors
/// `NotFound` for a link that is unknown, used, too old, or of another address than the user has now.
pub fn require_link(read: &dyn Read, hash: SecretHash, purpose: Purpose, now: Timestamp) -> Result<User> {
    let link = mail_link::find(read, hash)?.filter(|link| link.purpose == purpose).ok_or(Error::NotFound)?;
    let lasts = match purpose {
        Purpose::Confirm | Purpose::ChangeEmail => limits::CONFIRM_LINK_MS,
        Purpose::ResetPassword => limits::RESET_LINK_MS,
    };
    // A link to an address that somebody wants is not held against the one they have.
    let there = |user: &User| purpose == Purpose::ChangeEmail || user.email == link.email;
    let user = user::find(read, link.account)?.filter(there).ok_or(Error::NotFound)?;
    if now.ms_since(link.created_at) > lasts { Err(Error::NotFound) } else { Ok(user) }
}

/// Confirms the address that a link was sent to; the user as they are now. A link is used once.
///
/// # Errors
/// As [`require_link`].
pub fn confirm(tx: &mut Tx<'_>, hash: SecretHash) -> Result<User> {
    let now = tx.now();
    let mut user = require_link(tx, hash, Purpose::Confirm, now)?;
    mail_link::remove_for(tx, user.account, Purpose::Confirm)?;
    if user.confirmed_at.is_none() {
        user.confirmed_at = Some(now);
        user::put(tx, &user)?;
        if user.approved {
            invite::let_in(tx, user.account)?;
        }
        tell_staff(tx, user.account)?;
    }
    Ok(user)
}

/// Tells those who look after the server that somebody signed up, who perhaps waits for them.
fn tell_staff(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for staff in moderation::staff(tx, limits::STAFF_TOLD_MAX)?.into_iter().take(limits::STAFF_TOLD_MAX) {
        notification::notify(tx, staff, NotificationKind::AdminSignUp, account, None)?;
    }
    Ok(())
}

/// Takes back what `tell_staff` told.
///
/// # Errors
/// Storage errors.
pub fn untell_staff(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for staff in moderation::staff(tx, limits::STAFF_TOLD_MAX)? {
        notification::withdraw(tx, staff, NotificationKind::AdminSignUp, account, None)?;
    }
    Ok(())
}

/// The canonical form of an address: what stands for the same mailbox at most providers is the same text.
///
/// Source: Mastodon, `EmailHelper#email_to_canonical_email`.
#[must_use]
pub fn canonical_email(email: &str) -> String {
    let email = email.trim().to_lowercase();
    let (name, _) = email.split_once('@').unwrap_or((&email, ""));
    let name = name.split('+').next().unwrap_or_default().replace('.', "");
    format!("{name}@{}", domain_of(&email))
}

fn wrong_username(read: &dyn Read, text: &str) -> Result<Option<(Fault, String)>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Some((Fault::Blank, "can't be blank".to_owned())));
    }
    if text.chars().count() > limits::USERNAME_CHARS {
        return Ok(Some((Fault::TooLong, format!("is too long (maximum is {} characters)", limits::USERNAME_CHARS))));
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(Some((Fault::Invalid, "must contain only letters, numbers and underscores".to_owned())));
    }
    if is_reserved_name(&text.to_ascii_lowercase()) || Username::parse(text).is_err() {
        return Ok(Some((Fault::Reserved, "is reserved".to_owned())));
    }
    let taken = account::holder_of(read, text)?.is_some();
    Ok(taken.then(|| (Fault::Taken, "has already been taken".to_owned())))
}

pub(super) fn wrong_email(read: &dyn Read, text: &str) -> Result<Option<(Fault, &'static str)>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Some((Fault::Blank, "can't be blank")));
    }
    if check_email(text).is_err() {
        return Ok(Some((Fault::Invalid, "is invalid")));
    }
    let block = sign_up_block::of_email_domain(read, &domain_of(text))?;
    if block.is_some_and(|block| !block.allow_with_approval) {
        return Ok(Some((Fault::Blocked, "uses a disallowed e-mail provider")));
    }
    let canonical = SecretHash::of(&canonical_email(text));
    let taken =
        user::find_by_email(read, text)?.is_some() || sign_up_block::of_canonical_email(read, canonical)?.is_some();
    Ok(taken.then_some((Fault::Taken, "has already been taken")))
}

fn wrong_password(text: &str) -> Option<(Fault, String)> {
    if text.is_empty() {
        return Some((Fault::Blank, "can't be blank".to_owned()));
    }
    if text.chars().count() < limits::PASSWORD_CHARS_MIN {
        let why = format!("is too short (minimum is {} characters)", limits::PASSWORD_CHARS_MIN);
        return Some((Fault::TooShort, why));
    }
    let why = || format!("is too long (maximum is {} bytes)", limits::PASSWORD_BYTES);
    check_password(text).is_err().then(|| (Fault::TooLong, why()))
}

fn wrong_birth(text: &str, min_age: u8, now: Timestamp) -> Option<(Fault, &'static str)> {
    if min_age == 0 {
        return None;
    }
    if text.trim().is_empty() {
        return Some((Fault::Blank, "can't be blank"));
    }
    let Some(birth) = date(text.trim()) else { return Some((Fault::Invalid, "is invalid")) };
    let today = civil(now);
    let whole = today.0 - birth.0 - i64::from((today.1, today.2) < (birth.1, birth.2));
    (whole < i64::from(min_age)).then_some((Fault::BelowLimit, "is below the age limit"))
}

/// Year, month and day of `YYYY-MM-DD`, what stands behind it left out, if there is such a day.
fn date(text: &str) -> Option<(i64, u32, u32)> {
    let mut parts = text.get(..10)?.split('-');
    let (year, month, day): (i64, u32, u32) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    (parts.next().is_none() && (1..=days).contains(&day)).then_some((year, month, day))
}

/// The day of a time, in UTC.
fn civil(now: Timestamp) -> (i64, u32, u32) {
    date(&crate::clock::iso(now)).unwrap_or((1970, 1, 1))
}

/// The domain of an address as blocks know it: punycode, lower case.
fn domain_of(email: &str) -> String {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    registrable::host(domain).map_or_else(|| domain.to_lowercase(), |host| host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_have_one_canonical_form() {
        for email in ["j.doe+tag@Mail.test", "JDOE@mail.test", " jd.oe+a+b@mail.test "] {
            assert_eq!(canonical_email(email), "jdoe@mail.test", "{email}");
        }
    }

    #[test]
    fn domains_of_addresses_are_read_as_blocks_know_them() {
        for (email, domain) in [
            ("a@Mail.Test", "mail.test"),
            ("a@Bücher.test", "xn--bcher-kva.test"),
            ("a@mail.test。", "mail.test"),
            ("a@b c", "b c"),
        ] {
            assert_eq!(domain_of(email), domain);
        }
    }

    #[test]
    fn ages_are_counted_in_whole_years() {
        // 2026-01-01T00:00:00Z.
        let now = Timestamp(1_767_225_600_000);
        assert_eq!(wrong_birth("", 0, now), None);
        assert_eq!(wrong_birth("2010-01-01", 16, now), None);
        assert_eq!(wrong_birth("2010-01-01T00:00:00Z", 16, now), None);
        assert_eq!(wrong_birth("2010-01-02", 16, now).map(|(fault, _)| fault), Some(Fault::BelowLimit));
        assert_eq!(wrong_birth("", 16, now).map(|(fault, _)| fault), Some(Fault::Blank));
        for bad in ["2010-02-30", "1900-02-29", "yesterday", "2010-13-01", "2010-1-1", "äöü-01-01"] {
            assert_eq!(wrong_birth(bad, 16, now).map(|(fault, _)| fault), Some(Fault::Invalid), "{bad}");
        }
        assert_eq!(wrong_birth("2000-02-29", 16, now), None);
    }

    #[test]
    fn languages_have_their_form() {
        let is_locale = |text: &str| is_language(&text.replace('_', "-"));
        for good in ["en", "pt-BR", "zh_TW", "sr-Latn"] {
            assert!(is_locale(good), "{good}");
        }
        for bad in ["e", "en ", "../etc", "", "en--US", &"a-".repeat(40)] {
            assert!(!is_locale(bad), "{bad}");
        }
    }
}

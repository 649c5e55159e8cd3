//! Emoji of this server's own: making them, what is said of them, removing them, and finding those of other servers that are
//! to be brought here.

use super::{
    power::{Power, require},
    within,
};
use crate::{
    emoji::own::is_shortcode,
    error::{Error, Result},
    limits,
    media::ProfileFiles,
    status,
};
use storage::{
    AccountId, Bounds, Direction, Read, StatusId, Tx,
    account::{self, ACCOUNT_BY_NAME, Account, Emoji},
    custom_emoji::{self, CustomEmoji},
    moderation::{AuditAction, Subject, record_deed},
    status::{STATUSES, STATUSES_OF_ACCOUNT},
};

/// An emoji to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEmoji {
    /// Without colons.
    pub shortcode: String,
    /// Its picture, as `media::picture::emoji` makes it.
    pub picture: ProfileFiles,
    /// The heading under which pickers show it; empty: none.
    pub category: String,
    /// Where it was brought from; empty: it was sent.
    pub from: String,
}

/// What of an emoji is to be set; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The heading under which pickers show it; empty: none.
    pub category: Option<String>,
    /// Pickers show it.
    pub in_picker: Option<bool>,
    /// It is drawn and may be used.
    pub enabled: Option<bool>,
}

/// An emoji of another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its shortcode and where its picture is.
    pub emoji: Emoji,
    /// The domain of whoever uses it.
    pub domain: String,
}

/// Makes an emoji that is enabled and shown by pickers.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` for a shortcode that is none or taken, for a long category, and above
/// `limits::EMOJI_MAX`.
pub fn create(tx: &mut Tx<'_>, by: AccountId, new: &NewEmoji) -> Result<()> {
    require(tx, by, Power::ManageCustomEmoji)?;
    let code = new.shortcode.as_str();
    check_shortcode(code)?;
    let category = category(&new.category)?;
    if custom_emoji::find(tx, code)?.is_some() {
        return Err(Error::invalid("shortcode", "shortcode has already been taken"));
    }
    let count = custom_emoji::count(tx)?;
    if count >= limits::EMOJI_MAX as u64 {
        return Err(Error::invalid("shortcode", format!("there are {count} emoji; at most {}", limits::EMOJI_MAX)));
    }
    let (now, picture) = (tx.now(), new.picture.picture());
    let emoji = CustomEmoji {
        file: picture.file,
        still: picture.still,
        category,
        in_picker: true,
        enabled: true,
        created_at: now,
        updated_at: now,
    };
    custom_emoji::insert(tx, code, &emoji)?;
    record_deed(tx, by, AuditAction::CreateEmoji, Subject::Emoji(code.to_owned()), &new.from);
    Ok(())
}

/// Changes what is said of an emoji. What was drawn with one that is disabled shows its shortcode from then on.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none; `Invalid` for a long category.
pub fn change(tx: &mut Tx<'_>, by: AccountId, shortcode: &str, terms: &Terms) -> Result<()> {
    require(tx, by, Power::ManageCustomEmoji)?;
    let before = custom_emoji::find(tx, shortcode)?.ok_or(Error::NotFound)?;
    let category = terms.category.as_deref().map(category).transpose()?;
    let after = CustomEmoji {
        category: category.unwrap_or_else(|| before.category.clone()),
        in_picker: terms.in_picker.unwrap_or(before.in_picker),
        enabled: terms.enabled.unwrap_or(before.enabled),
        ..before.clone()
    };
    if after == before {
        return Ok(());
    }
    let action = match (before.enabled, after.enabled) {
        (true, false) => AuditAction::DisableEmoji,
        (false, true) => AuditAction::EnableEmoji,
        _ => AuditAction::ChangeEmoji,
    };
    let updated_at = tx.now();
    custom_emoji::put(tx, shortcode, &CustomEmoji { updated_at, ..after });
    record_deed(tx, by, action, Subject::Emoji(shortcode.to_owned()), "");
    Ok(())
}

/// Removes an emoji with its picture. Its shortcode is free again.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if there is none.
pub fn remove(tx: &mut Tx<'_>, by: AccountId, shortcode: &str) -> Result<()> {
    require(tx, by, Power::ManageCustomEmoji)?;
    custom_emoji::remove(tx, shortcode)?.ok_or(Error::NotFound)?;
    record_deed(tx, by, AuditAction::RemoveEmoji, Subject::Emoji(shortcode.to_owned()), "");
    Ok(())
}

/// Emoji of other servers on a post that `by` may see: in its text and in the name of whoever wrote it.
///
/// # Errors
/// `Forbidden` for whoever may not make emoji; `NotFound` if `by` may not see the post.
pub fn on_post(read: &dyn Read, by: AccountId, id: StatusId) -> Result<Vec<Elsewhere>> {
    require(read, by, Power::ManageCustomEmoji)?;
    let status = status::require(read, Some(by), id)?;
    let shown = match status.reblog_of {
        Some(original) => status::require(read, Some(by), original)?,
        None => status,
    };
    let Some(author) = account::find(read, shown.account)? else { return Ok(Vec::new()) };
    let Some(domain) = author.domain.clone() else { return Ok(Vec::new()) };
    let mut found: Vec<Elsewhere> = Vec::new();
    for emoji in shown.emojis.into_iter().chain(author.emojis) {
        if found.iter().all(|known| known.emoji.shortcode != emoji.shortcode) {
            found.push(Elsewhere { emoji, domain: domain.clone() });
        }
    }
    Ok(found)
}

/// The emoji that people of `domain` call `shortcode`, as far as it is known here: of the first
/// `limits::EMOJI_ACCOUNTS_LOOKED_AT` accounts of that domain, in their profiles and their newest statuses.
///
/// # Errors
/// `Forbidden` for whoever may not make emoji.
pub fn seen(read: &dyn Read, by: AccountId, shortcode: &str, domain: &str) -> Result<Option<Elsewhere>> {
    require(read, by, Power::ManageCustomEmoji)?;
    let (domain, most) = (domain.to_lowercase(), limits::EMOJI_ACCOUNTS_LOOKED_AT);
    if domain.is_empty() {
        return Ok(None);
    }
    for (_, id) in ACCOUNT_BY_NAME.list(read, &domain, Bounds::NONE, Direction::Ascending, most)? {
        let Some(account) = account::find(read, id)? else { continue };
        if let Some(emoji) = used_by(read, account, shortcode)? {
            return Ok(Some(Elsewhere { emoji, domain }));
        }
    }
    Ok(None)
}

fn used_by(read: &dyn Read, account: Account, shortcode: &str) -> Result<Option<Emoji>> {
    let named = |emoji: &Emoji| emoji.shortcode == shortcode;
    if let Some(emoji) = account.emojis.into_iter().find(named) {
        return Ok(Some(emoji));
    }
    let most = limits::EMOJI_STATUSES_LOOKED_AT;
    for (key, _) in STATUSES_OF_ACCOUNT.list(read, &account.id, Bounds::NONE, Direction::Descending, most)? {
        let Some(status) = STATUSES.get(read, &key.1)? else { continue };
        if let Some(emoji) = status.emojis.into_iter().find(named) {
            return Ok(Some(emoji));
        }
    }
    Ok(None)
}

fn check_shortcode(code: &str) -> Result<()> {
    if is_shortcode(code) {
        return Ok(());
    }
    let (least, most) = limits::EMOJI_SHORTCODE_CHARS;
    let why = format!("shortcode must have {least} to {most} letters a to z, digits and underscores");
    Err(Error::invalid("shortcode", why))
}

fn category(text: &str) -> Result<String> {
    let text = text.trim();
    within("category", text, limits::EMOJI_CATEGORY_CHARS_MAX)?;
    Ok(text.replace('\0', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{
            accept::{RemoteAccount, accept},
            lab::{Lab, plain, remote},
        },
        media::picture::Made,
        moderation::deeds,
    };
    use std::{path::Path, sync::Arc};
    use storage::{
        media::{BLOBS, FileKind},
        moderation::AuditAction::{ChangeEmoji, CreateEmoji, DisableEmoji, EnableEmoji, RemoveEmoji},
        status::Status,
        user::{self, Role},
        vfs::{SimulatedDisk, Vfs},
    };

    fn staff(lab: &Lab, name: &str, role: Role) -> AccountId {
        let id = lab.local(name);
        let rule = move |tx: &mut Tx<'_>| -> Result<()> {
            let user = user::find(tx, id)?.ok_or(Error::NotFound)?;
            Ok(user::put(tx, &user::User { role, ..user })?)
        };
        lab.write(rule).expect("the role is stored");
        id
    }

    /// A new emoji whose picture lies on a disk of its own.
    fn new(shortcode: &str) -> NewEmoji {
        let (disk, data) = (SimulatedDisk::new(), Path::new("/data"));
        disk.make_dir(data).expect("made");
        let files = storage::Files::new(Arc::new(disk), data);
        let made = |byte| Made { bytes: vec![byte], kind: FileKind::Gif, width: 2, height: 2 };
        let picture = ProfileFiles::keep(&files, &made(1), Some(&made(2))).expect("kept");
        NewEmoji { shortcode: shortcode.to_owned(), picture, category: " rocks ".to_owned(), from: String::new() }
    }

    fn refused(lab: &Lab, by: AccountId, new: NewEmoji) -> String {
        lab.write(move |tx| create(tx, by, &new)).expect_err("refused").to_string()
    }

    fn actions(lab: &Lab) -> Vec<AuditAction> {
        let rows = lab.read(|read| deeds(read, Bounds::NONE, Direction::Ascending, 20)).rows;
        rows.into_iter().rev().map(|(_, deed)| deed.action).collect()
    }

    #[test]
    fn administrators_make_change_and_remove_emoji_and_each_deed_is_written_down() {
        let lab = Lab::new();
        let (mo, ada) = (staff(&lab, "mo", Role::Moderator), staff(&lab, "ada", Role::Admin));
        assert!(refused(&lab, mo, new("dassie")).contains("not allowed"));
        let rock = new("dassie");
        lab.write(move |tx| create(tx, ada, &rock)).expect("made");
        assert!(refused(&lab, ada, new("dassie")).contains("already been taken"));
        for bad in ["x", "a-b", "", ":ab:"] {
            assert!(refused(&lab, ada, new(bad)).contains("must have 2 to 100 letters"), "{bad}");
        }
        let long = NewEmoji { category: "x".repeat(limits::EMOJI_CATEGORY_CHARS_MAX + 1), ..new("long") };
        assert!(refused(&lab, ada, long).contains("at most 60"));
        let of = |lab: &Lab| lab.read(|read| Ok(custom_emoji::find(read, "dassie")?));
        let made = of(&lab).expect("it is there");
        assert_eq!(
            (made.category.as_str(), made.enabled, made.in_picker, made.still.is_some()),
            ("rocks", true, true, true)
        );
        assert_eq!(lab.read(|read| Ok(custom_emoji::count(read)?)), 1);

        lab.advance(5);
        let change = |terms: Terms| lab.write(move |tx| change(tx, ada, "dassie", &terms));
        change(Terms { in_picker: Some(false), ..Terms::default() }).expect("changed");
        change(Terms { in_picker: Some(false), ..Terms::default() }).expect("nothing to do");
        change(Terms { enabled: Some(false), ..Terms::default() }).expect("changed");
        change(Terms { enabled: Some(true), category: Some(String::new()), ..Terms::default() }).expect("changed");
        let after = of(&lab).expect("it is there");
        assert_eq!((after.category.as_str(), after.enabled, after.in_picker), ("", true, false));
        assert!(after.updated_at > made.updated_at && after.created_at == made.created_at);
        let gone = lab.write(move |tx| super::change(tx, ada, "nothing", &Terms::default()));
        assert!(matches!(gone, Err(Error::NotFound)));

        lab.write(move |tx| remove(tx, ada, "dassie")).expect("removed");
        assert_eq!((of(&lab), lab.read(|read| Ok(custom_emoji::count(read)?))), (None, 0));
        assert!(lab.read(|read| Ok(BLOBS.get(read, &made.file.hash)?)).is_none(), "nothing refers to its picture");
        assert!(matches!(lab.write(move |tx| remove(tx, ada, "dassie")), Err(Error::NotFound)));
        assert_eq!(actions(&lab), [CreateEmoji, ChangeEmoji, DisableEmoji, EnableEmoji, RemoveEmoji]);
    }

    #[test]
    fn emoji_of_others_are_found_by_their_domain_and_on_the_post_that_has_them() {
        let lab = Lab::new();
        let (ann, ada) = (lab.local("ann"), staff(&lab, "ada", Role::Admin));
        let emoji = |code: &str| Emoji { shortcode: code.to_owned(), url: format!("https://far.test/{code}.png") };
        let person = RemoteAccount { emojis: vec![emoji("named")], ..remote("bob", "far.test") };
        let bob = lab.write(move |tx| accept(tx, &person)).expect("accepted");
        let said = emoji("said");
        let post = lab.write(move |tx| {
            let (id, now): (StatusId, _) = (tx.next_id(), tx.now());
            let uri = format!("https://far.test/{id}");
            let row = Status { local: false, uri, emojis: vec![said.clone()], ..plain(id, bob, now) };
            storage::status::insert(tx, &row)?;
            Ok(id)
        });
        let post = post.expect("stored");
        let found = lab.read(|read| on_post(read, ada, post));
        let codes: Vec<_> = found.iter().map(|one| (one.emoji.shortcode.as_str(), one.domain.as_str())).collect();
        assert_eq!(codes, [("said", "far.test"), ("named", "far.test")]);
        let seen = |code: &str, domain: &str| lab.read(|read| seen(read, ada, code, domain)).map(|one| one.emoji);
        assert_eq!((seen("said", "Far.test"), seen("named", "far.test")), (Some(emoji("said")), Some(emoji("named"))));
        assert_eq!((seen("said", "near.test"), seen("SAID", "far.test"), seen("said", "")), (None, None, None));
        lab.read(|read| {
            assert!(matches!(on_post(read, ann, post), Err(Error::Forbidden(_))));
            assert!(matches!(super::seen(read, ann, "said", "far.test"), Err(Error::Forbidden(_))));
            Ok(())
        });
    }
}

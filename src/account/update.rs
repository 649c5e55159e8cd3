//! Changing one's own profile and posting defaults.

use super::{excerpt, handle::normalise_domain, is_language, links, require};
use crate::{
    error::{Error, Result},
    limits,
    media::ProfileFiles,
};
use storage::{
    AccountId, Event, Tx,
    account::{self, Account, ActorKind, Field, Image},
    intent::Intent,
    job::{self, JobKind},
    media::{self, ProfilePart},
    status::Visibility,
    user,
};

/// What to change; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Shown name; empty: none.
    pub display_name: Option<String>,
    /// Bio as typed.
    pub note: Option<String>,
    /// All fields, names and values; empty ones are dropped.
    pub fields: Option<Vec<(String, String)>>,
    /// Follows need approval.
    pub locked: Option<bool>,
    /// The account is a program.
    pub bot: Option<bool>,
    /// May be shown in directories.
    pub discoverable: Option<bool>,
    /// Public statuses may be searched.
    pub indexable: Option<bool>,
    /// Followers and following are not shown to others.
    pub hide_collections: Option<bool>,
    /// Domains whose pages may name the account as their author; all of them.
    pub attribution_domains: Option<Vec<String>>,
    /// The profile has a tab with its media.
    pub show_media: Option<bool>,
    /// That tab has its replies, too.
    pub show_media_replies: Option<bool>,
    /// The profile has a tab with what it recommends.
    pub show_featured: Option<bool>,
    /// Avatar; `Some(None)`: none.
    pub avatar: Option<Option<ProfileFiles>>,
    /// What the avatar shows.
    pub avatar_description: Option<String>,
    /// Header; `Some(None)`: none.
    pub header: Option<Option<ProfileFiles>>,
    /// What the header shows.
    pub header_description: Option<String>,
    /// Visibility of new statuses.
    pub visibility: Option<Visibility>,
    /// New statuses are marked sensitive.
    pub sensitive: Option<bool>,
    /// Language of new statuses; `Some(None)`: none.
    pub language: Option<Option<String>>,
}

/// Changes the profile of `id`; peers are told if anything they see changed. An account that stops asking for approval
/// accepts whoever waits, by a job. Saved fields have their links looked at, also those that stay as they were.
///
/// # Errors
/// `Invalid` beyond the limits; `NotFound` if there is no such local user.
///
/// Source: client API, accounts#update_credentials, profile#update.
pub fn update(tx: &mut Tx<'_>, id: AccountId, changes: &Changes) -> Result<()> {
    let before = require(tx, id)?;
    let mut after = changed(&before, changes)?;
    change_pictures(tx, &mut after, changes)?;
    change_preferences(tx, id, changes)?;
    if changes.fields.is_some() && links::of(&after).next().is_some() {
        // Saved again as they were they may wait: nobody makes this server ask one page over and over.
        let rest = if after.fields == before.fields { limits::LINKS_SAVED_AGAIN_MS } else { 0 };
        let at = tx.now().plus_ms(rest);
        account::check_links_at(tx, id, at)?;
    }
    if after == before {
        return Ok(());
    }
    account::put(tx, &after)?;
    tx.emit(Event::AccountChanged { account: id });
    job::enqueue(tx, JobKind::Distribute(Intent::UpdateActor { account: id }));
    if before.locked && !after.locked {
        job::enqueue(tx, JobKind::AuthorizeFollowRequests { account: id });
    }
    Ok(())
}

fn change_pictures(tx: &mut Tx<'_>, after: &mut Account, changes: &Changes) -> Result<()> {
    let id = after.id;
    let pictures = [
        (&mut after.avatar, ProfilePart::Avatar, &changes.avatar, &changes.avatar_description),
        (&mut after.header, ProfilePart::Header, &changes.header, &changes.header_description),
    ];
    for (image, part, files, description) in pictures {
        if let Some(files) = files {
            let picture = files.as_ref().map(ProfileFiles::picture);
            media::set_profile_picture(tx, id, part, picture)?;
            let words = image.take().map(|before| before.description).unwrap_or_default();
            *image = picture.map(|picture| Image { url: picture.file.path(), description: words });
        }
        if let (Some(image), Some(description)) = (image, description) {
            image.description = without_controls(description).trim().to_owned();
            bounded("description", &image.description, limits::MEDIA_DESCRIPTION_CHARS_MAX)?;
        }
    }
    Ok(())
}

fn changed(before: &Account, changes: &Changes) -> Result<Account> {
    let mut after = before.clone();
    if let Some(name) = &changes.display_name {
        after.display_name = one_line(name);
        bounded("display_name", &after.display_name, limits::DISPLAY_NAME_CHARS_MAX)?;
    }
    if let Some(note) = &changes.note {
        after.note = without_controls(note).trim().to_owned();
        bounded("note", &after.note, limits::NOTE_CHARS_MAX)?;
    }
    if let Some(fields) = &changes.fields {
        after.fields = checked_fields(&before.fields, fields)?;
    }
    if let Some(bot) = changes.bot {
        after.kind = if bot { ActorKind::Service } else { ActorKind::Person };
    }
    after.locked = changes.locked.unwrap_or(after.locked);
    after.discoverable = changes.discoverable.or(after.discoverable);
    after.indexable = changes.indexable.unwrap_or(after.indexable);
    after.hide_collections = changes.hide_collections.unwrap_or(after.hide_collections);
    after.show_media = changes.show_media.unwrap_or(after.show_media);
    after.show_media_replies = changes.show_media_replies.unwrap_or(after.show_media_replies);
    after.show_featured = changes.show_featured.unwrap_or(after.show_featured);
    if let Some(domains) = &changes.attribution_domains {
        after.attribution_domains = checked_domains(domains)?;
    }
    Ok(after)
}

/// Fields that stay as they were keep their verification.
fn checked_fields(before: &[Field], given: &[(String, String)]) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for (name, value) in given {
        let (name, value) = (one_line(name), one_line(value));
        bounded("fields", &name, limits::FIELD_NAME_CHARS_MAX)?;
        bounded("fields", &value, limits::FIELD_VALUE_CHARS_MAX)?;
        if name.is_empty() && value.is_empty() {
            continue;
        }
        if name.is_empty() {
            return Err(Error::invalid("fields", format!("field {:?} has no name", excerpt(&value))));
        }
        let known = before.iter().find(|field| field.name == name && field.value == value);
        fields.push(Field { verified_at: known.and_then(|field| field.verified_at), name, value });
    }
    if fields.len() > limits::PROFILE_FIELDS_MAX {
        let why = format!("profile has {} fields; at most {}", fields.len(), limits::PROFILE_FIELDS_MAX);
        return Err(Error::invalid("fields", why));
    }
    Ok(fields)
}

/// Each domain once, in the form in which domains are stored; empty ones are dropped.
fn checked_domains(given: &[String]) -> Result<Vec<String>> {
    let mut domains = Vec::new();
    for text in given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let Some(domain) = normalise_domain(text) else {
            let why = format!("{:?} is not a domain", excerpt(text));
            return Err(Error::invalid("attribution_domains", why));
        };
        if !domains.contains(&domain) {
            domains.push(domain);
        }
        if domains.len() > limits::ATTRIBUTION_DOMAINS_MAX {
            let why = format!("{} domains given; at most {}", given.len(), limits::ATTRIBUTION_DOMAINS_MAX);
            return Err(Error::invalid("attribution_domains", why));
        }
    }
    Ok(domains)
}

fn change_preferences(tx: &mut Tx<'_>, id: AccountId, changes: &Changes) -> Result<()> {
    let mut user = user::find(tx, id)?.ok_or(Error::NotFound)?;
    let before = user.preferences.clone();
    match changes.visibility {
        Some(Visibility::Direct) => {
            return Err(Error::invalid("source[privacy]", "direct cannot be the default; public, unlisted or private"));
        }
        Some(visibility) => user.preferences.visibility = visibility,
        None => {}
    }
    user.preferences.sensitive = changes.sensitive.unwrap_or(user.preferences.sensitive);
    if let Some(language) = &changes.language {
        if let Some(bad) = language.as_deref().filter(|language| !is_language(language)) {
            return Err(Error::invalid("source[language]", format!("{:?} is not a language", excerpt(bad))));
        }
        user.preferences.language.clone_from(language);
    }
    if user.preferences != before {
        user::put(tx, &user)?;
    }
    Ok(())
}

/// Refuses text of more than `max` characters.
pub(crate) fn bounded(field: &'static str, text: &str, max: usize) -> Result<()> {
    let count = text.chars().count();
    if count > max {
        return Err(Error::invalid(field, format!("{field} has {count} characters; at most {max}")));
    }
    Ok(())
}

/// Text on one line, without control characters at all.
pub(crate) fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

/// Text whose only control character is the line feed.
fn without_controls(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

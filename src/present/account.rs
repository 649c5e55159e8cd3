//! Accounts as the client API shows them (client API, Account and CredentialAccount).

use super::Context;
use crate::{
    account::render,
    clock::{self, DAY_MS},
    emoji::used,
    error::{Error, Result},
    limits,
    media::Variant,
    moderation::permissions,
    relationship::Rows,
};
use std::sync::Arc;
use storage::{
    AccountId, Ahead, Bounds, Direction, RowId, Timestamp,
    account::{self, Account as Record, ActorKind, stats},
    habit::{self, ExpandMedia, Quoters},
    media::{self, ProfilePart},
    moderation::{block_of_account, is_silenced},
    relationship::FOLLOW_REQUEST_ROWS,
    status::Visibility,
    user::{self, Role as UserRole},
};
use web::assets::{AVATAR_MISSING, HEADER_MISSING};
use web::entity::{
    Account, AccountRole, AccountSource, CredentialAccount, CustomEmoji, FeatureApproval, Field, Preferences, Profile,
    Role, SharedAccount,
};

/// Every way of showing pictures with its word (client API, Preferences, `reading:expand:media`).
const EXPAND_MEDIA: [(ExpandMedia, &str); 3] =
    [(ExpandMedia::Unmarked, "default"), (ExpandMedia::All, "show_all"), (ExpandMedia::None, "hide_all")];

/// Who may quote with its word (client API, `source[quote_policy]`).
const QUOTERS: [(Quoters, &str); 3] =
    [(Quoters::Everybody, "public"), (Quoters::Followers, "followers"), (Quoters::Nobody, "nobody")];

fn expand_media_name(way: ExpandMedia) -> &'static str {
    EXPAND_MEDIA.iter().find(|(known, _)| *known == way).map_or("default", |(_, word)| word)
}

/// The way of showing pictures that a word means.
#[must_use]
pub fn expand_media_named(word: &str) -> Option<ExpandMedia> {
    EXPAND_MEDIA.iter().find(|(_, known)| *known == word).map(|(way, _)| *way)
}

fn quoters_name(who: Quoters) -> &'static str {
    QUOTERS.iter().find(|(known, _)| *known == who).map_or("public", |(_, word)| word)
}

/// Who may quote, as a word says it.
#[must_use]
pub fn quoters_named(word: &str) -> Option<Quoters> {
    QUOTERS.iter().find(|(_, known)| *known == word).map(|(who, _)| *who)
}

/// Accounts of a list with the newest and the oldest row looked at.
type People = (Vec<Arc<SharedAccount>>, Option<(RowId, RowId)>);

impl Context<'_> {
    /// The account with this id; of a suspended one only that it is.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn account(&self, id: AccountId) -> Result<Arc<SharedAccount>> {
        if let Some(drawn) = self.accounts.borrow().get(&id) {
            return Ok(drawn.clone());
        }
        let drawn = match self.kept {
            Some(kept) => {
                let key = (id, self.viewer.is_some());
                kept.drawn().accounts.look(self.read, &key, |read| self.over(read).draw_whole(id))?
            }
            None => self.draw_whole(id)?,
        };
        self.accounts.borrow_mut().insert(id, drawn.clone());
        Ok(drawn)
    }

    /// The accounts of a list, in order, their rows read many at once; whoever is gone is left out.
    ///
    /// # Errors
    /// Storage errors.
    pub fn accounts(&self, ids: &[AccountId]) -> Result<Vec<Arc<SharedAccount>>> {
        let ahead = Ahead::new(self.read);
        ahead.accounts(ids)?;
        let context = self.over(&ahead);
        let drawn = |id: &AccountId| match context.account(*id) {
            Err(Error::NotFound) => None,
            answer => Some(answer),
        };
        ids.iter().filter_map(drawn).collect()
    }

    fn draw_whole(&self, id: AccountId) -> Result<Arc<SharedAccount>> {
        let record = account::find(self.read, id)?.ok_or(Error::NotFound)?;
        let mut drawn = self.draw(&record)?;
        if record.suspended_at.is_none() {
            drawn.moved = self.moved(&record)?.map(Box::new);
        }
        Ok(Arc::new(SharedAccount::from(drawn)))
    }

    /// The accounts of a list, with its cursors.
    ///
    /// # Errors
    /// Storage errors.
    pub fn people(&self, rows: &Rows) -> Result<People> {
        let ids: Vec<AccountId> = rows.rows.iter().map(|(_, id)| *id).collect();
        Ok((self.accounts(&ids)?, rows.examined))
    }

    /// The viewer's own account with what only they may know.
    ///
    /// # Errors
    /// `NotFound` if there is no such local user.
    pub fn credential_account(&self, id: AccountId) -> Result<CredentialAccount> {
        let record = account::find(self.read, id)?.ok_or(Error::NotFound)?;
        let user = user::find(self.read, id)?.ok_or(Error::NotFound)?;
        let counted = limits::FOLLOW_REQUESTS_COUNTED;
        let waiting = FOLLOW_REQUEST_ROWS.list(self.read, &id, Bounds::NONE, Direction::Ascending, counted)?;
        let typed = record.fields.iter().map(|field| drawn_field(field, field.value.clone()));
        Ok(CredentialAccount {
            source: AccountSource {
                privacy: visibility_name(user.preferences.visibility),
                sensitive: user.preferences.sensitive,
                language: user.preferences.language.clone(),
                note: record.note.clone(),
                fields: typed.collect(),
                follow_requests_count: waiting.len() as u64,
                hide_collections: Some(record.hide_collections),
                discoverable: record.discoverable,
                indexable: record.indexable,
                attribution_domains: record.attribution_domains.clone(),
                quote_policy: Some(self.quoters(id)?.to_owned()),
            },
            role: role(user.role),
            account: Account::clone(&**self.account(id)?),
        })
    }

    /// The viewer's own profile as they typed it.
    ///
    /// # Errors
    /// `NotFound` if there is no such local account.
    pub fn profile(&self, id: AccountId) -> Result<Profile> {
        let record = account::find(self.read, id)?.filter(Record::is_local).ok_or(Error::NotFound)?;
        let picture = |image: &Option<account::Image>, part| match image {
            Some(image) => {
                let (whole, still) = self.profile_picture(&record, part, true)?;
                Ok::<_, Error>((Some(whole), Some(still), image.description.clone()))
            }
            None => Ok((None, None, String::new())),
        };
        let (avatar, avatar_static, avatar_description) = picture(&record.avatar, ProfilePart::Avatar)?;
        let (header, header_static, header_description) = picture(&record.header, ProfilePart::Header)?;
        Ok(Profile {
            id: record.id.to_string(),
            display_name: record.display_name.clone(),
            note: record.note.clone(),
            fields: record.fields.iter().map(|field| drawn_field(field, field.value.clone())).collect(),
            avatar,
            avatar_static,
            avatar_description,
            header,
            header_static,
            header_description,
            locked: record.locked,
            bot: matches!(record.kind, ActorKind::Service | ActorKind::Application),
            hide_collections: Some(record.hide_collections),
            discoverable: record.discoverable,
            indexable: record.indexable,
            show_media: record.show_media,
            show_media_replies: record.show_media_replies,
            show_featured: record.show_featured,
            attribution_domains: record.attribution_domains.clone(),
        })
    }

    /// What the viewer has chosen (client API, Preferences).
    ///
    /// # Errors
    /// `NotFound` if there is no such local user.
    pub fn preferences(&self, id: AccountId) -> Result<Preferences> {
        let user = user::find(self.read, id)?.ok_or(Error::NotFound)?;
        let habits = habit::of(self.read, id)?;
        Ok(Preferences {
            posting_default_visibility: visibility_name(user.preferences.visibility),
            posting_default_sensitive: user.preferences.sensitive,
            posting_default_language: user.preferences.language,
            reading_expand_media: expand_media_name(habits.expand_media).to_owned(),
            reading_expand_spoilers: habits.expand_spoilers,
        })
    }

    /// Who may quote what the viewer posts unless they say otherwise (client API, `source[quote_policy]`).
    ///
    /// # Errors
    /// Storage errors.
    pub fn quoters(&self, id: AccountId) -> Result<&'static str> {
        Ok(quoters_name(habit::of(self.read, id)?.quoters))
    }

    /// Where an account moved, drawn without following further moves.
    fn moved(&self, record: &Record) -> Result<Option<Account>> {
        let Some(uri) = &record.moved_to else { return Ok(None) };
        let target = match self.origin.path_of(uri) {
            Some(path) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                account::find_by_name(self.read, name, None)?.filter(|local| local.uri == path)
            }
            None => account::find_by_uri(self.read, uri)?,
        };
        let target = target.filter(|target| target.id != record.id && target.suspended_at.is_none());
        target.map(|target| self.draw(&target)).transpose()
    }

    fn draw(&self, record: &Record) -> Result<Account> {
        let shown = record.suspended_at.is_none();
        let pictured = shown && !self.rejects_media(record)?;
        let known = stats(self.read, record.id)?;
        let (avatar, avatar_static) = self.profile_picture(record, ProfilePart::Avatar, pictured)?;
        let (header, header_static) = self.profile_picture(record, ProfilePart::Header, pictured)?;
        let uri = self.origin.url(&record.uri);
        let url = render::page(self.origin, record);
        let (note, fields) = if shown { self.texts(record)? } else { Default::default() };
        let description = |image: &Option<account::Image>| {
            image.as_ref().filter(|_| pictured).map(|image| image.description.clone()).unwrap_or_default()
        };
        Ok(Account {
            id: record.id.to_string(),
            username: record.username.clone(),
            acct: record.acct(),
            display_name: if shown { record.display_name.clone() } else { String::new() },
            locked: shown && record.locked,
            bot: shown && matches!(record.kind, ActorKind::Service | ActorKind::Application),
            group: record.kind == ActorKind::Group,
            discoverable: if shown { record.discoverable } else { Some(false) },
            indexable: shown && record.indexable,
            created_at: clock::iso(midnight(record.created_at)),
            note,
            url,
            uri,
            avatar_static,
            avatar,
            avatar_description: description(&record.avatar),
            header_static,
            header,
            header_description: description(&record.header),
            followers_count: record.stated.followers.unwrap_or(known.followers),
            following_count: record.stated.following.unwrap_or(known.following),
            statuses_count: record.stated.statuses.unwrap_or(known.statuses),
            last_status_at: known.last_status_at.filter(|_| shown).map(clock::iso_date),
            hide_collections: Some(record.hide_collections),
            show_media: Some(record.show_media),
            show_media_replies: Some(record.show_media_replies),
            show_featured: Some(record.show_featured),
            feature_approval: self.feature_approval(record),
            emojis: if shown { self.emojis_of(record)? } else { Vec::new() },
            roles: self.roles(record)?,
            fields,
            moved: None,
            suspended: (!shown).then_some(true),
            limited: (shown && is_silenced(self.read, record)?).then_some(true),
            memorial: record.memorial.then_some(true),
            noindex: record.is_local().then_some(!record.indexable),
        })
    }

    /// Who may put the account into a collection. Nobody elsewhere is asked by this version.
    fn feature_approval(&self, record: &Record) -> FeatureApproval {
        let (automatic, current_user) = match (record.is_local(), record.discoverable) {
            (false, _) => (Vec::new(), "missing"),
            (true, Some(true)) if record.suspended_at.is_none() => {
                let everybody = vec![if record.locked { "followers" } else { "public" }];
                (everybody, if self.viewer.is_some() { "automatic" } else { "denied" })
            }
            (true, _) => (Vec::new(), "denied"),
        };
        FeatureApproval { automatic, manual: Vec::new(), current_user }
    }

    /// A picture of a profile and a still one: uploaded here, of another server through this one, or that of whoever has
    /// none.
    fn profile_picture(&self, record: &Record, part: ProfilePart, pictured: bool) -> Result<(String, String)> {
        let (image, missing, still) = match part {
            ProfilePart::Avatar => (&record.avatar, AVATAR_MISSING, Variant::Avatar),
            ProfilePart::Header => (&record.header, HEADER_MISSING, Variant::Wide),
        };
        let Some(image) = image.as_ref().filter(|_| pictured) else {
            let missing = self.origin.url(missing);
            return Ok((missing.clone(), missing));
        };
        if !record.is_local() {
            // The large one may be megabytes, and an app asks for it beside every post.
            let still = self.remote(still, &image.url)?;
            return Ok((still.clone(), still));
        }
        let shown = media::profile_picture(self.read, record.id, part)?.and_then(|picture| picture.still);
        let url = self.origin.url(&image.url);
        Ok((url.clone(), shown.map_or(url, |still| self.origin.url(&still.path()))))
    }

    fn emojis_of(&self, record: &Record) -> Result<Vec<CustomEmoji>> {
        let mut texts = vec![record.display_name.as_str(), record.note.as_str()];
        texts.extend(record.fields.iter().flat_map(|field| [field.name.as_str(), field.value.as_str()]));
        if record.is_local() {
            return self.own_emojis(&texts);
        }
        used(&record.emojis, &texts).into_iter().map(|emoji| self.emoji(emoji)).collect()
    }

    /// Whether a block of its domain keeps the media of `record` out.
    pub(super) fn rejects_media(&self, record: &Record) -> Result<bool> {
        Ok(block_of_account(self.read, record)?.is_some_and(|block| block.reject_media))
    }

    /// Bio and fields as HTML: peers' came sanitised, those typed here are rendered now.
    fn texts(&self, record: &Record) -> Result<(String, Vec<Field>)> {
        if !record.is_local() {
            let fields = record.fields.iter().map(|field| drawn_field(field, field.value.clone()));
            return Ok((record.note.clone(), fields.collect()));
        }
        let fields = record.fields.iter();
        let fields = fields.map(|field| Ok(drawn_field(field, render::field(self.read, self.origin, &field.value)?)));
        Ok((render::bio(self.read, self.origin, &record.note)?, fields.collect::<Result<_>>()?))
    }

    /// Roles of people here who look after the server; nobody else's are known.
    fn roles(&self, record: &Record) -> Result<Vec<AccountRole>> {
        if !record.is_local() || record.suspended_at.is_some() {
            return Ok(Vec::new());
        }
        let Some(user) = user::find(self.read, record.id)?.filter(|user| user.role > UserRole::User) else {
            return Ok(Vec::new());
        };
        let Role { id, name, color, .. } = role(user.role);
        Ok(vec![AccountRole { id, name, color }])
    }
}

fn drawn_field(field: &account::Field, value: String) -> Field {
    Field { name: field.name.clone(), value, verified_at: field.verified_at.map(clock::iso) }
}

/// The role of a user, with what the admin API lets its holder do.
pub(super) fn role(held: UserRole) -> Role {
    let (id, name) = match held {
        UserRole::User => ("-99", ""),
        UserRole::Moderator => ("1", "Moderator"),
        UserRole::Admin => ("2", "Admin"),
        UserRole::Owner => ("3", "Owner"),
    };
    Role {
        id: id.to_owned(),
        name: name.to_owned(),
        color: String::new(),
        permissions: permissions(held).to_string(),
        highlighted: held > UserRole::User,
    }
}

/// The word of a visibility in the client API.
fn visibility_name(visibility: Visibility) -> String {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
        Visibility::Direct => "direct",
    }
    .to_owned()
}

/// When somebody signed up is nobody's business to the second (client API, Account#created_at).
fn midnight(time: Timestamp) -> Timestamp {
    Timestamp(time.0.div_euclid(DAY_MS) * DAY_MS)
}

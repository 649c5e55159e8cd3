//! The instance as the client API shows it (client API, Instance and V1::Instance).

use super::Context;
use crate::{
    error::Result,
    instance::{counts, known_domains, local_accounts, texts},
    limits,
    push::public_text,
    status,
};
use std::{collections::BTreeMap, sync::Arc};
use storage::{
    Timestamp,
    domain_allow::limited_since,
    instance::{Registrations as Entry, Settings, settings},
    media::FileKind,
    push,
    user::{self, Role},
};
use web::assets::HEADER_MISSING;
use web::entity::{
    AccountLimits, Configuration, Contact, Instance, InstanceUrls, MediaLimits, PollLimits, Registrations, Rule,
    SharedAccount, StatusLimits, Thumbnail, TimelineAccess, TimelinesAccess, Translation, Usage, UsageUsers,
    V1Configuration, V1Instance, V1Stats, V1Urls, Vapid,
};

/// What apps parse to know what this server can do: the level of the client API, then who speaks it.
///
/// The first part leads because Phanpy and Mastodon.py read it as a version; no word that apps take for another
/// program (Pleroma, Akkoma, Pixelfed) may appear in it.
const VERSION: &str = concat!("4.5.0 (compatible; Dassie ", env!("CARGO_PKG_VERSION"), ")");

/// `api_versions.mastodon`: grouped notifications (2), domains that may name an author (3), deleting with media (4), filters
/// that blur (5), quotes (7). 8 would promise annual reports, which there are none of here.
const API_VERSION: u32 = 7;

/// Accounts looked at to find the owner, who is among the first.
const OWNER_AMONG: usize = 20;

impl Context<'_> {
    /// The instance, second version.
    ///
    /// # Errors
    /// Storage errors.
    pub fn instance(&self, now: Timestamp) -> Result<Instance> {
        let settings = settings(self.read)?;
        let counts = counts(self.read, now)?;
        Ok(Instance {
            domain: self.origin.handle_domain().to_owned(),
            title: self.title(&settings),
            version: VERSION.to_owned(),
            // The front page says where the source of this very server is offered (AGPL §13).
            source_url: self.origin.url("/"),
            description: settings.description.clone(),
            usage: Usage { users: UsageUsers { active_month: counts.active_month } },
            thumbnail: Thumbnail {
                url: self.origin.url(HEADER_MISSING),
                blurhash: None,
                versions: BTreeMap::new(),
                description: String::new(),
            },
            icon: Vec::new(),
            languages: vec!["en".to_owned()],
            configuration: self.configuration(now)?,
            registrations: registrations(&settings),
            api_versions: BTreeMap::from([("mastodon", API_VERSION)]),
            contact: Contact { email: settings.contact_email.clone(), account: self.owner()? },
            rules: rules(&settings),
        })
    }

    /// The instance, first version.
    ///
    /// # Errors
    /// Storage errors.
    pub fn v1_instance(&self, now: Timestamp) -> Result<V1Instance> {
        let settings = settings(self.read)?;
        let counts = counts(self.read, now)?;
        Ok(V1Instance {
            uri: self.origin.handle_domain().to_owned(),
            title: self.title(&settings),
            short_description: settings.description.clone(),
            description: settings.description.clone(),
            email: settings.contact_email.clone(),
            version: VERSION.to_owned(),
            urls: V1Urls { streaming_api: self.streaming() },
            stats: V1Stats {
                user_count: counts.users,
                status_count: counts.statuses,
                domain_count: known_domains(self.read, limits::COUNTED_MAX)?.len() as u64,
            },
            thumbnail: Some(self.origin.url(HEADER_MISSING)),
            languages: vec!["en".to_owned()],
            registrations: settings.registrations != Entry::Closed,
            approval_required: settings.registrations == Entry::Approve,
            invites_enabled: false,
            max_toot_chars: number(limits::STATUS_CHARS_MAX),
            configuration: V1Configuration {
                accounts: accounts(),
                statuses: statuses(),
                media_attachments: media(),
                polls: polls(),
            },
            contact_account: self.owner()?,
            rules: rules(&settings),
        })
    }

    /// The rules of this server.
    ///
    /// # Errors
    /// Storage errors.
    pub fn rules(&self) -> Result<Vec<Rule>> {
        Ok(rules(&settings(self.read)?))
    }

    fn configuration(&self, now: Timestamp) -> Result<Configuration> {
        let key = push::vapid_key(self.read)?;
        let everybody = || TimelineAccess { local: "public", remote: "public" };
        Ok(Configuration {
            urls: InstanceUrls {
                streaming: self.streaming(),
                status: None,
                about: Some(self.origin.url("/about")),
                privacy_policy: Some(self.origin.url("/privacy-policy")),
                terms_of_service: texts::terms(self.read, now)?.map(|_| self.origin.url("/terms-of-service")),
            },
            vapid: Vapid { public_key: key.as_ref().map(public_text).unwrap_or_default() },
            accounts: accounts(),
            statuses: statuses(),
            media_attachments: media(),
            polls: polls(),
            translation: Translation { enabled: false },
            timelines_access: TimelinesAccess {
                live_feeds: everybody(),
                hashtag_feeds: everybody(),
                trending_link_feeds: everybody(),
            },
            limited_federation: limited_since(self.read)?.is_some(),
        })
    }

    /// Before anybody gave it a name the server is called by its domain.
    #[must_use]
    pub fn title(&self, settings: &Settings) -> String {
        if settings.title.is_empty() { self.origin.handle_domain().to_owned() } else { settings.title.clone() }
    }

    /// Without a path; apps add it (client API, Instance#configuration).
    fn streaming(&self) -> String {
        let scheme = if self.origin.is_https() { "wss" } else { "ws" };
        format!("{scheme}://{}", self.origin.authority())
    }

    fn owner(&self) -> Result<Option<Arc<SharedAccount>>> {
        for id in local_accounts(self.read, OWNER_AMONG)? {
            if user::find(self.read, id)?.is_some_and(|user| user.role == Role::Owner) {
                return self.account(id).map(Some);
            }
        }
        Ok(None)
    }
}

/// Who may sign up, and how.
#[must_use]
pub fn registrations(settings: &Settings) -> Registrations {
    let enabled = settings.registrations != Entry::Closed;
    Registrations {
        enabled,
        approval_required: settings.registrations == Entry::Approve,
        reason_required: settings.registrations == Entry::Approve && settings.reason_required,
        message: Some(settings.registrations_message.clone()).filter(|text| !enabled && !text.is_empty()),
        min_age: Some(u32::from(settings.min_age)).filter(|years| *years > 0),
        // Whoever signs up does so here, not at another service.
        url: None,
    }
}

/// The rules, numbered.
#[must_use]
pub fn rules(settings: &Settings) -> Vec<Rule> {
    let numbered = settings.rules.iter().enumerate();
    numbered.map(|(at, text)| Rule { id: (at + 1).to_string(), text: text.clone(), hint: String::new() }).collect()
}

fn accounts() -> AccountLimits {
    AccountLimits {
        max_featured_tags: number(limits::TAGS_FEATURED_MAX),
        max_pinned_statuses: number(limits::PINNED_STATUSES_MAX),
        max_profile_fields: number(limits::PROFILE_FIELDS_MAX),
        profile_field_name_limit: number(limits::FIELD_NAME_CHARS_MAX),
        profile_field_value_limit: number(limits::FIELD_VALUE_CHARS_MAX),
        max_display_name_length: number(limits::DISPLAY_NAME_CHARS_MAX),
        max_note_length: number(limits::NOTE_CHARS_MAX),
    }
}

fn statuses() -> StatusLimits {
    StatusLimits {
        max_characters: number(limits::STATUS_CHARS_MAX),
        max_media_attachments: number(limits::ATTACHED_MAX),
        characters_reserved_per_url: number(limits::LINK_COUNTS_CHARS),
        supported_mime_types: status::CONTENT_TYPES.map(status::mime).to_vec(),
    }
}

/// Films cannot be uploaded; apps that must find the numbers find them.
fn media() -> MediaLimits {
    MediaLimits {
        supported_mime_types: FileKind::ALL.map(FileKind::mime).to_vec(),
        description_limit: number(limits::MEDIA_DESCRIPTION_CHARS_MAX),
        image_size_limit: number(limits::PICTURE_BYTES_MAX),
        image_matrix_limit: u32::try_from(limits::PICTURE_PIXELS_MAX).unwrap_or(u32::MAX),
        video_size_limit: 0,
        video_frame_rate_limit: 0,
        video_matrix_limit: 0,
    }
}

fn polls() -> PollLimits {
    let (min_expiration, max_expiration) = limits::POLL_LASTS_S;
    PollLimits {
        max_options: number(limits::OWN_POLL_OPTIONS_MAX),
        max_characters_per_option: number(limits::OWN_POLL_OPTION_CHARS_MAX),
        min_expiration,
        max_expiration,
    }
}

/// A limit as apps read it: 32 bits (Ice Cubes).
fn number(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

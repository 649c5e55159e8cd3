//! The instance as the client API shows it (client API, Instance and V1::Instance).

use super::Context;
use crate::{
    error::Result,
    instance::{counts, known_domains, local_accounts},
    limits,
};
use std::{collections::BTreeMap, sync::Arc};
use storage::{
    Timestamp,
    instance::{Settings, settings},
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

/// `api_versions.mastodon`. 2 promises grouped notifications; 3 would promise domains that may name an author.
const API_VERSION: u32 = 2;

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
            configuration: self.configuration(),
            registrations: Registrations {
                enabled: false,
                approval_required: false,
                reason_required: false,
                message: None,
                min_age: None,
                url: None,
            },
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
            registrations: false,
            approval_required: false,
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

    fn configuration(&self) -> Configuration {
        let everybody = || TimelineAccess { local: "public", remote: "public" };
        Configuration {
            urls: InstanceUrls {
                streaming: self.streaming(),
                status: None,
                about: None,
                privacy_policy: None,
                terms_of_service: None,
            },
            // No push yet, so there is no key to push with.
            vapid: Vapid { public_key: String::new() },
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
            limited_federation: false,
        }
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

fn rules(settings: &Settings) -> Vec<Rule> {
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
        // Nothing can be uploaded yet, so nothing can be attached.
        max_media_attachments: 0,
        characters_reserved_per_url: number(limits::LINK_COUNTS_CHARS),
    }
}

/// Nothing can be uploaded yet; apps that must find the numbers find them.
fn media() -> MediaLimits {
    MediaLimits {
        supported_mime_types: Vec::new(),
        description_limit: 0,
        image_size_limit: 0,
        image_matrix_limit: 0,
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

//! People (client API, Account and what belongs to it).

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::{ops::Deref, sync::OnceLock};

/// Somebody, here or elsewhere (client API, Account).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Account")]
pub struct Account {
    pub id: String,
    pub username: String,
    pub acct: String,
    pub display_name: String,
    pub locked: bool,
    pub bot: bool,
    pub discoverable: Option<bool>,
    pub indexable: bool,
    pub group: bool,
    pub created_at: String,
    /// HTML.
    pub note: String,
    pub url: String,
    pub uri: String,
    pub avatar: String,
    pub avatar_static: String,
    pub avatar_description: String,
    pub header: String,
    pub header_static: String,
    pub header_description: String,
    pub followers_count: u64,
    pub following_count: u64,
    pub statuses_count: u64,
    /// A date without time.
    pub last_status_at: Option<String>,
    pub hide_collections: Option<bool>,
    pub show_media: Option<bool>,
    pub show_media_replies: Option<bool>,
    pub show_featured: Option<bool>,
    pub feature_approval: FeatureApproval,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noindex: Option<bool>,
    pub emojis: Vec<CustomEmoji>,
    pub roles: Vec<AccountRole>,
    pub fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Box<Account>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memorial: Option<bool>,
}

/// Who may put an account into a collection (client API, FeatureApproval).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FeatureApproval")]
pub struct FeatureApproval {
    pub automatic: Vec<&'static str>,
    pub manual: Vec<&'static str>,
    pub current_user: &'static str,
}

/// An account that may stand many times in one answer: it is turned into JSON once, which is half of what a page of
/// statuses by a few people costs *(measured)*.
#[derive(Debug)]
pub struct SharedAccount {
    account: Account,
    written: OnceLock<Box<RawValue>>,
}

impl From<Account> for SharedAccount {
    fn from(account: Account) -> Self {
        SharedAccount { account, written: OnceLock::new() }
    }
}

impl Deref for SharedAccount {
    type Target = Account;
    fn deref(&self) -> &Account {
        &self.account
    }
}

impl Serialize for SharedAccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(written) = self.written.get() {
            return written.serialize(serializer);
        }
        let written = to_raw_value(&self.account).map_err(serde::ser::Error::custom)?;
        self.written.get_or_init(|| written).serialize(serializer)
    }
}

/// A custom emoji (client API, CustomEmoji).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CustomEmoji")]
pub struct CustomEmoji {
    pub shortcode: String,
    pub url: String,
    pub static_url: String,
    pub visible_in_picker: bool,
    pub category: Option<String>,
}

/// A role shown on a profile (client API, AccountRole).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, AccountRole")]
pub struct AccountRole {
    pub id: String,
    pub name: String,
    pub color: String,
}

/// A line of a profile (client API, Field).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Field")]
pub struct Field {
    pub name: String,
    /// HTML; as typed inside `source`.
    pub value: String,
    pub verified_at: Option<String>,
}

/// One's own account (client API, CredentialAccount).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CredentialAccount")]
pub struct CredentialAccount {
    #[serde(flatten)]
    pub account: Account,
    pub source: AccountSource,
    pub role: Role,
}

/// What one typed and chose (client API, CredentialAccount#source).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, CredentialAccount#source")]
pub struct AccountSource {
    pub privacy: String,
    pub sensitive: bool,
    pub language: Option<String>,
    pub note: String,
    pub fields: Vec<Field>,
    pub follow_requests_count: u64,
    pub hide_collections: Option<bool>,
    pub discoverable: Option<bool>,
    pub indexable: bool,
    pub attribution_domains: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_policy: Option<String>,
}

/// One's own profile as typed and chosen (client API, Profile).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Profile")]
pub struct Profile {
    pub id: String,
    pub display_name: String,
    pub note: String,
    pub fields: Vec<Field>,
    /// None: there is no picture, and nothing stands for it.
    pub avatar: Option<String>,
    pub avatar_static: Option<String>,
    pub avatar_description: String,
    pub header: Option<String>,
    pub header_static: Option<String>,
    pub header_description: String,
    pub locked: bool,
    pub bot: bool,
    pub hide_collections: Option<bool>,
    pub discoverable: Option<bool>,
    pub indexable: bool,
    pub show_media: bool,
    pub show_media_replies: bool,
    pub show_featured: bool,
    pub attribution_domains: Vec<String>,
}

/// What one may do (client API, Role).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Role")]
pub struct Role {
    pub id: String,
    pub name: String,
    pub color: String,
    pub permissions: String,
    pub highlighted: bool,
}

/// How one stands to somebody (client API, Relationship).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Relationship")]
pub struct Relationship {
    pub id: String,
    pub following: bool,
    pub showing_reblogs: bool,
    pub notifying: bool,
    pub languages: Option<Vec<String>>,
    pub followed_by: bool,
    pub blocking: bool,
    pub blocked_by: bool,
    pub muting: bool,
    pub muting_notifications: bool,
    pub muting_expires_at: Option<String>,
    pub requested: bool,
    pub requested_by: bool,
    pub domain_blocking: bool,
    pub endorsed: bool,
    pub note: String,
}

/// Somebody one mutes (client API, MutedAccount).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, MutedAccount")]
pub struct MutedAccount {
    #[serde(flatten)]
    pub account: Account,
    pub mute_expires_at: Option<String>,
}

/// People one follows who follow somebody (client API, FamiliarFollowers).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, FamiliarFollowers")]
pub struct FamiliarFollowers {
    pub id: String,
    pub accounts: Vec<std::sync::Arc<SharedAccount>>,
}

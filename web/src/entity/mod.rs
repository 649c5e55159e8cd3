//! Lives here: the client API's JSON entities, one file a family; names are Mastodon's.
//! May use: serde. Must never name: storage, HTTP, anything that does I/O.
//! Must never name: a page; pages are drawn from these.
//! Invariants: documented nullable keys are always there; what depends on a viewer is absent without one and never
//! null; arrays and strings are never null; ids are strings; times are `YYYY-MM-DDTHH:MM:SS.mmmZ`.

mod account;
mod admin;
mod filter;
mod instance;
mod notification;
mod oauth;
mod oembed;
mod preferences;
mod push;
mod search;
mod status;

pub use account::{
    Account, AccountRole, AccountSource, CredentialAccount, CustomEmoji, FamiliarFollowers, Field, MutedAccount,
    Relationship, Role, SharedAccount,
};
pub use admin::{AdminAccount, AdminDomainBlock, AdminReport, AuditRow, DomainBlock, Report};
pub use filter::{Filter, FilterStatus, FilterWord, V1Filter};
pub use instance::{
    AccountLimits, Configuration, Contact, Icon, Instance, InstanceUrls, MediaLimits, PollLimits, Registrations, Rule,
    StatusLimits, Thumbnail, TimelineAccess, TimelinesAccess, Translation, Usage, UsageUsers, V1Configuration,
    V1Instance, V1Stats, V1Urls, Vapid,
};
pub use notification::{GroupedNotifications, Notification, NotificationGroup};
pub use oauth::{Application, CredentialApplication, ErrorBody, ServerMetadata, Token, UserInfo};
pub use oembed::OEmbed;
pub use preferences::{List, Marker, Preferences};
pub use push::WebPushSubscription;
pub use search::{FeaturedTag, Search, Tag, TagHistory};
pub use status::{
    Context, Conversation, FilterResult, MediaAttachment, MediaDetails, MediaFocus, MediaMeta, Poll, PollOption,
    PreviewCard, Quote, QuoteApproval, Status, StatusApplication, StatusEdit, StatusEditPoll, StatusEditPollOption,
    StatusMention, StatusSource, StatusTag,
};

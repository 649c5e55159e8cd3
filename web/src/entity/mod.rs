//! Lives here: the client API's JSON entities, one file a family; names are Mastodon's.
//! May use: serde. Must never name: storage, HTTP, anything that does I/O.
//! Must never name: a page; pages are drawn from these.
//! Invariants: documented nullable keys are always there; what depends on a viewer is absent without one and never
//! null; arrays and strings are never null; ids are strings; times are `YYYY-MM-DDTHH:MM:SS.mmmZ`.

mod account;
mod instance;
mod notification;
mod oauth;
mod oembed;
mod preferences;
mod search;
mod status;

pub use account::{
    Account, AccountRole, AccountSource, CredentialAccount, CustomEmoji, Field, Relationship, Role, SharedAccount,
};
pub use instance::{
    AccountLimits, Configuration, Contact, Icon, Instance, InstanceUrls, MediaLimits, PollLimits, Registrations, Rule,
    StatusLimits, Thumbnail, TimelineAccess, TimelinesAccess, Translation, Usage, UsageUsers, V1Configuration,
    V1Instance, V1Stats, V1Urls, Vapid,
};
pub use notification::Notification;
pub use oauth::{Application, CredentialApplication, ErrorBody, ServerMetadata, Token, UserInfo};
pub use oembed::OEmbed;
pub use preferences::{Filter, Marker, Preferences};
pub use search::{Search, Tag, TagHistory};
pub use status::{
    Context, FilterResult, MediaAttachment, MediaDetails, MediaFocus, MediaMeta, Poll, PollOption, PreviewCard, Quote,
    QuoteApproval, Status, StatusApplication, StatusEdit, StatusEditPoll, StatusEditPollOption, StatusMention,
    StatusSource, StatusTag,
};

//! Lives here: the client API's JSON entities, one file a family; names are Mastodon's.
//! May use: serde. Must never name: storage, HTTP, anything that does I/O.
//! Must never name: a page; pages are drawn from these.
//! Invariants: documented nullable keys are always there; what depends on a viewer is absent without one and never
//! null; arrays and strings are never null; ids are strings; times are `YYYY-MM-DDTHH:MM:SS.mmmZ`.

mod account;
mod admin;
mod announcement;
mod collection;
mod filter;
mod instance;
mod interaction;
mod notification;
mod oauth;
mod oembed;
mod preferences;
mod push;
mod scheduled;
mod search;
mod status;
mod text;
mod written;

pub use account::{
    Account, AccountRole, AccountSource, CredentialAccount, CustomEmoji, FamiliarFollowers, FeatureApproval, Field,
    MutedAccount, Profile, Relationship, Role, SharedAccount,
};
pub use admin::{
    AccountWarning, AdminAccount, AdminCanonicalEmailBlock, AdminCohort, AdminDimension, AdminDomainAllow,
    AdminDomainBlock, AdminEmailDomainBlock, AdminEmailDomainHistory, AdminIp, AdminIpBlock, AdminMeasure, AdminReport,
    Appeal, AuditRow, CohortDay, DimensionRow, DomainBlock, MeasureDay, Report,
};
pub use announcement::{Announcement, AnnouncementStatus, Reaction, Suggestion};
pub use collection::{
    Collection, CollectionItem, CollectionWithAccounts, Collections, WrappedCollection, WrappedCollectionItem,
};
pub use filter::{Filter, FilterStatus, FilterWord, V1Filter};
pub use instance::{
    AccountLimits, Configuration, Contact, Icon, Instance, InstanceUrls, MediaLimits, PollLimits, Registrations, Rule,
    StatusLimits, Thumbnail, TimelineAccess, TimelinesAccess, Translation, Usage, UsageUsers, V1Configuration,
    V1Instance, V1Stats, V1Urls, Vapid,
};
pub use interaction::{InteractionDefaults, InteractionPolicy, InteractionRequest, InteractionRules};
pub use notification::{
    GroupedNotifications, Merged, Notification, NotificationGroup, NotificationPolicy, NotificationRequest,
    NotificationSummary, V1NotificationPolicy,
};
pub use oauth::{Application, CredentialApplication, ErrorBody, ServerMetadata, Token, UserInfo};
pub use oembed::OEmbed;
pub use preferences::{List, Marker, Preferences};
pub use push::WebPushSubscription;
pub use scheduled::{Posted, ScheduledParams, ScheduledPoll, ScheduledStatus};
pub use search::{FeaturedTag, Search, Tag, TagHistory, TrendsLink, V1Search};
pub use status::{
    AsyncRefresh, AsyncRefreshAnswer, Context, Conversation, DassieStatus, EmojiReaction, FilterResult,
    MediaAttachment, MediaDetails, MediaFocus, MediaMeta, PleromaStatus, Poll, PollOption, PreviewCard,
    PreviewCardAuthor, Quote, QuoteApproval, QuotedPage, Status, StatusApplication, StatusEdit, StatusEditPoll,
    StatusEditPollOption, StatusMention, StatusReaction, StatusSource, StatusTag,
};
pub use text::{
    Language, ServerText, TermsOfService, TranslatedAttachment, TranslatedOption, TranslatedPoll, TranslatedStatus,
    WeekOfActivity,
};
pub use written::{ShownStatus, StatusMarks, WrittenStatus, write_page};

//! What can be listened to, by the names the client API gives it.

use crate::{
    error::{Error, Result},
    http::Viewer,
    limits, tag,
    timeline::Origins,
};
use serde::Serialize;
use std::borrow::Cow;
use storage::{AccountId, RowId};

/// A stream as a client names it, for one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// The home timeline and notifications.
    User(AccountId),
    /// Notifications alone.
    Notifications(AccountId),
    /// Public statuses.
    Public(Public),
    /// Public statuses with a tag.
    Tag {
        /// As statuses are found by it.
        key: String,
        /// As the client wrote it, which it gets back.
        written: String,
        /// Only those written here.
        local: bool,
    },
    /// A list of the account.
    List(AccountId, RowId),
    /// Conversations.
    Direct(AccountId),
}

/// One of the six public streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Public {
    pub(super) local: bool,
    pub(super) remote: bool,
    pub(super) only_media: bool,
}

impl Public {
    fn of(origins: Origins, only_media: bool) -> Self {
        Public { local: origins == Origins::Local, remote: origins == Origins::Remote, only_media }
    }

    /// Whether a status belongs to it.
    pub(super) fn wants(self, local: bool, media: bool) -> bool {
        (!self.local || local) && (!self.remote || !local) && (!self.only_media || media)
    }
}

/// What a client says it wants: `stream` with `tag` or `list` beside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) stream: &'a str,
    pub(super) tag: Option<&'a str>,
    pub(super) list: Option<&'a str>,
}

impl Topic {
    /// The stream that `viewer` asks for.
    ///
    /// # Errors
    /// `Forbidden` without the scope for it, `Invalid` for an unknown stream or a missing tag.
    pub(super) fn parse(asked: Asked<'_>, viewer: &Viewer) -> Result<Topic> {
        let own = viewer.account;
        let public = |origins, only_media| Topic::Public(Public::of(origins, only_media));
        let topic = match asked.stream {
            "user" => Topic::User(own),
            "user:notification" => Topic::Notifications(own),
            "public" => public(Origins::All, false),
            "public:media" => public(Origins::All, true),
            "public:local" => public(Origins::Local, false),
            "public:local:media" => public(Origins::Local, true),
            "public:remote" => public(Origins::Remote, false),
            "public:remote:media" => public(Origins::Remote, true),
            "hashtag" => Topic::tag(asked.tag, false)?,
            "hashtag:local" => Topic::tag(asked.tag, true)?,
            "list" => Topic::list(asked.list, own)?,
            "direct" => Topic::Direct(own),
            _ => return Err(Error::invalid("stream", "Unknown stream type")),
        };
        viewer.require(topic.scope())?;
        Ok(topic)
    }

    fn tag(written: Option<&str>, local: bool) -> Result<Topic> {
        let written = written.unwrap_or_default();
        let key = tag::key(written);
        if key.is_empty() || key.len() > limits::TAG_BYTES_MAX {
            return Err(Error::invalid("tag", "No tag for stream provided"));
        }
        Ok(Topic::Tag { key, written: written.to_owned(), local })
    }

    fn list(id: Option<&str>, own: AccountId) -> Result<Topic> {
        let id = id.and_then(|id| id.parse::<u64>().ok());
        let id = id.ok_or_else(|| Error::invalid("list", "No list for stream provided"))?;
        Ok(Topic::List(own, RowId(id)))
    }

    fn scope(&self) -> &'static str {
        match self {
            Topic::Notifications(_) => "read:notifications",
            Topic::List(..) => "read:lists",
            Topic::User(_) | Topic::Public(_) | Topic::Tag { .. } | Topic::Direct(_) => "read:statuses",
        }
    }

    /// The `stream` of a frame: the name, and the tag behind it.
    pub(super) fn names(&self) -> Names<'_> {
        let name = match self {
            Topic::User(_) => "user",
            Topic::Notifications(_) => "user:notification",
            Topic::Public(public) => match (public.local, public.remote, public.only_media) {
                (true, _, false) => "public:local",
                (true, _, true) => "public:local:media",
                (false, true, false) => "public:remote",
                (false, true, true) => "public:remote:media",
                (false, false, false) => "public",
                (false, false, true) => "public:media",
            },
            Topic::Tag { local: false, .. } => "hashtag",
            Topic::Tag { local: true, .. } => "hashtag:local",
            Topic::List(..) => "list",
            Topic::Direct(_) => "direct",
        };
        match self {
            Topic::Tag { written, .. } => Names::Two(name, Cow::Borrowed(written)),
            Topic::List(_, id) => Names::Two(name, Cow::Owned(id.to_string())),
            _ => Names::One([name]),
        }
    }
}

/// A list of one or two names.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Names<'a> {
    One([&'static str; 1]),
    Two(&'static str, Cow<'a, str>),
}

#[cfg(test)]
mod tests {
    use super::{Asked, Topic};
    use crate::http::{Viewer, auth::Scopes};
    use storage::{AccountId, ApplicationId, TokenId};

    fn viewer(scopes: &str) -> Viewer {
        let scopes = Scopes::parse(scopes);
        Viewer { account: AccountId(7), token: TokenId(1), application: ApplicationId(1), scopes }
    }

    #[test]
    fn every_stream_comes_back_under_its_name() {
        let all = "user user:notification public public:media public:local public:local:media public:remote \
                   public:remote:media hashtag hashtag:local list direct";
        for stream in all.split_whitespace() {
            let asked = Asked { stream, tag: Some("Café"), list: Some("7") };
            let topic = Topic::parse(asked, &viewer("read")).expect(stream);
            let named = serde_json::to_value(topic.names()).expect("names are JSON");
            assert_eq!(named[0], stream);
            let second = match stream {
                "hashtag" | "hashtag:local" => Some("Café"),
                "list" => Some("7"),
                _ => None,
            };
            assert_eq!(named.get(1).and_then(|name| name.as_str()), second);
        }
    }

    #[test]
    fn unknown_streams_missing_tags_and_missing_scopes_are_refused() {
        let refused = |stream, tag, scopes| Topic::parse(Asked { stream, tag, list: None }, &viewer(scopes)).is_err();
        assert!(refused("users", None, "read"));
        assert!(refused("hashtag", None, "read"));
        assert!(refused("hashtag", Some("#"), "read"));
        assert!(refused("list", None, "read"));
        assert!(refused("user", None, "read:notifications"));
        assert!(refused("user:notification", None, "read:statuses"));
        assert!(refused("public", None, "write"));
        assert!(!refused("user:notification", None, "read:notifications"));
    }
}

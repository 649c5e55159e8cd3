//! Activities: who does what to which thing (FEDERATION §3).

use super::{Unusable, has_context, read};
use crate::limits;
use serde_json::Value;
use storage::Timestamp;

macro_rules! kinds {
    ($($name:ident),* $(,)?) => {
        /// The activities that are understood.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the names of ActivityStreams")]
        pub enum ActivityKind { $($name,)* }

        impl ActivityKind {
            /// By the name of its type.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(ActivityKind::$name),)*
                    _ => None,
                }
            }

            /// The name of its type.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(ActivityKind::$name => stringify!($name),)* }
            }
        }
    };
}

kinds! {
    Create, Update, Delete, Follow, Accept, Reject, Undo, Like, EmojiReact, Dislike, Announce, Add, Remove, Block,
    Flag, Move, QuoteRequest, LikeRequest, ReplyRequest, AnnounceRequest,
}

/// A thing in a document: named, or written out.
#[derive(Debug, Clone, PartialEq)]
pub enum Thing {
    /// Its id.
    Uri(String),
    /// The thing itself; believed only as far as `trust::embedded` says.
    Inline(Value),
}

impl Thing {
    /// Its id, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Thing::Uri(uri) => Some(uri),
            Thing::Inline(value) => read::id(Some(value)),
        }
    }

    /// The thing itself, if written out.
    #[must_use]
    pub fn inline(&self) -> Option<&Value> {
        match self {
            Thing::Uri(_) => None,
            Thing::Inline(value) => Some(value),
        }
    }

    /// The things of a property, at most `max`; what is neither text nor object is left out.
    #[must_use]
    pub fn list(value: Option<&Value>, max: usize) -> Vec<Thing> {
        let one = |value: &Value| match value {
            Value::String(_) => read::id(Some(value)).map(|id| Thing::Uri(id.to_owned())),
            Value::Object(_) => Some(Thing::Inline(value.clone())),
            _ => None,
        };
        read::list(value).iter().take(max).filter_map(one).collect()
    }

    /// The same of a property that nobody else needs.
    fn take_list(value: Option<Value>, max: usize) -> Vec<Thing> {
        let one = |value: Value| match value {
            Value::String(_) => read::id(Some(&value)).map(|id| Thing::Uri(id.to_owned())),
            Value::Object(_) => Some(Thing::Inline(value)),
            _ => None,
        };
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(elements)) => elements.into_iter().take(max).filter_map(one).collect(),
            Some(single) => std::iter::once(single).take(max).filter_map(one).collect(),
        }
    }
}

/// An activity's document.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// The id; some votes have none.
    pub id: Option<String>,
    /// What is done; none for a type we do not know.
    pub kind: Option<ActivityKind>,
    /// The type as written, for counting what we do not know.
    pub type_name: String,
    /// Who does it.
    pub actor: String,
    /// To what; usually one.
    pub objects: Vec<Thing>,
    /// `target` of Add, Remove and Move.
    pub target: Option<Thing>,
    /// Addressees.
    pub to: Vec<String>,
    /// Addressees of `cc` and `audience`.
    pub cc: Vec<String>,
    /// The reaction of a Like or EmojiReact, the words of a Flag.
    pub content: Option<String>,
    /// What a report is about, in a word.
    pub category: Option<String>,
    /// `result` of an Accept (a quote's stamp, what shows that something was let).
    pub result: Option<String>,
    /// What a Like or Announce shows for the leave of who wrote its object: `likeAuthorization`,
    /// `announceAuthorization`, or `approvedBy`, as both were called before.
    pub authorization: Option<String>,
    /// `instrument` of a QuoteRequest and its like.
    pub instrument: Option<Thing>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Custom emoji of a reaction.
    pub emojis: Vec<super::Emoji>,
}

impl Activity {
    /// Reads an activity's document. Whether it may be believed, `trust` decides.
    ///
    /// # Errors
    /// `Unusable` without the ActivityStreams `@context`, without a type, or with other than one actor.
    pub fn read(document: &Value) -> Result<Self, Unusable> {
        Ok(Self::read_around(document)?.with_objects_of(document))
    }

    /// The same without its objects, which `take_objects` brings.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_around(document: &Value) -> Result<Self, Unusable> {
        if !has_context(document) {
            return Err(Unusable("@context does not name ActivityStreams"));
        }
        Self::around(document)
    }

    /// Takes its objects out of the document that was read.
    pub fn take_objects(&mut self, document: Value) {
        if let Value::Object(mut members) = document {
            self.objects = Thing::take_list(members.remove("object"), limits::ACTIVITY_OBJECTS_MAX);
        }
    }

    /// Reads an activity inside another document, which has no `@context` of its own.
    ///
    /// # Errors
    /// As `read`, but for the `@context`.
    pub fn read_inner(document: &Value) -> Result<Self, Unusable> {
        Ok(Self::around(document)?.with_objects_of(document))
    }

    fn with_objects_of(self, document: &Value) -> Self {
        Activity { objects: Thing::list(document.get("object"), limits::ACTIVITY_OBJECTS_MAX), ..self }
    }

    fn around(document: &Value) -> Result<Self, Unusable> {
        let types = read::types(document);
        let kind = types.iter().find_map(|name| ActivityKind::from_name(name));
        let type_name =
            kind.map(ActivityKind::name).or(types.first().copied()).ok_or(Unusable("activity has no type"))?;
        let actors = read::ids(document.get("actor"), 2);
        let [actor] = actors.as_slice() else { return Err(Unusable("activity has not exactly one actor")) };
        let mut cc = read::ids(document.get("cc"), limits::RECIPIENTS_MAX);
        cc.extend(read::ids(document.get("audience"), limits::RECIPIENTS_MAX));
        // Lemmy says why it reports in `summary`.
        let other = if kind == Some(ActivityKind::Flag) { "summary" } else { "_misskey_reaction" };
        let reaction = document.get("content").or_else(|| document.get(other));
        Ok(Activity {
            id: document.get("id").and_then(|id| read::id(Some(id))).map(str::to_owned),
            kind,
            type_name: read::clip(type_name, 100),
            actor: actor.clone(),
            objects: Vec::new(),
            target: Thing::list(document.get("target"), 1).pop(),
            to: read::ids(document.get("to"), limits::RECIPIENTS_MAX),
            cc,
            category: read::text(document.get("category")).map(|text| read::clip(text, 32)),
            content: read::text(reaction).map(|text| read::clip_bytes(text, limits::BIO_MAX_BYTES)),
            result: read::id(document.get("result")).map(str::to_owned),
            authorization: ["likeAuthorization", "announceAuthorization", "approvedBy"]
                .into_iter()
                .find_map(|name| read::id(document.get(name)))
                .map(str::to_owned),
            instrument: Thing::list(document.get("instrument"), 1).pop(),
            published: read::time(document.get("published")),
            emojis: super::tag::emojis(document),
        })
    }

    /// The object, where there is one; the first of several.
    #[must_use]
    pub fn object(&self) -> Option<&Thing> {
        self.objects.first()
    }
}

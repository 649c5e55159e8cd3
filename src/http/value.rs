//! Parameters after decoding: one shape for JSON, forms, multipart and queries, with getters as lenient as the apps
//! need (client API, requests).

use crate::error::{Error, Result};
use bytes::Bytes;
use std::collections::BTreeMap;

/// A decoded value. Numbers and booleans of JSON are kept as their text, because apps send both spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// JSON null.
    Null,
    /// Text, a number or a boolean.
    Text(String),
    /// `a[]=…` or a JSON array.
    List(Vec<Value>),
    /// `a[b]=…` or a JSON object.
    Map(Map),
    /// A file of a multipart form.
    File(File),
}

/// A file of a multipart form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The name the client gives; never a path here.
    pub name: Option<String>,
    /// The type the client claims; decide by content.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

/// Named values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map(pub(crate) BTreeMap<String, Value>);

impl Map {
    /// Whether `key` was sent at all, also as null or empty: "omitted" and "emptied" differ on edits.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The raw value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Text (also of a number or boolean); null and other shapes are absent.
    #[must_use]
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Text, refused if absent or blank.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn require(&self, key: &'static str) -> Result<&str> {
        self.str(key)
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| Error::invalid(key, format!("{key} can't be blank")))
    }

    /// A boolean as Rails reads it: `false 0 f off` in any case are false, empty and null absent, all else true.
    #[must_use]
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.get(key)?.bool()
    }

    /// A whole number; anything unreadable counts as absent, as Rails' `to_i` users expect limits to be clamped.
    #[must_use]
    pub fn int(&self, key: &str) -> Option<i64> {
        self.str(key)?.trim().parse().ok()
    }

    /// An id; anything unreadable counts as absent.
    #[must_use]
    pub fn id<I: From<u64>>(&self, key: &str) -> Option<I> {
        self.str(key)?.trim().parse().ok().map(I::from)
    }

    /// A list: `a[]`, indexed `a[0]`, a JSON array, an object with numbers as keys, or a single bare value.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<&Value> {
        match self.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(list)) => list.iter().collect(),
            Some(Value::Map(map)) => map.indexed().unwrap_or_default(),
            Some(single) => vec![single],
        }
    }

    /// The texts of a list.
    #[must_use]
    pub fn texts(&self, key: &str) -> Vec<&str> {
        self.list(key).into_iter().filter_map(Value::text).collect()
    }

    /// The ids of a list, unreadable ones left out.
    #[must_use]
    pub fn ids<I: From<u64>>(&self, key: &str) -> Vec<I> {
        self.texts(key).into_iter().filter_map(|text| text.trim().parse().ok().map(I::from)).collect()
    }

    /// The maps of a list.
    #[must_use]
    pub fn maps(&self, key: &str) -> Vec<&Map> {
        self.list(key).into_iter().filter_map(Value::map).collect()
    }

    /// A nested map.
    #[must_use]
    pub fn map(&self, key: &str) -> Option<&Map> {
        self.get(key)?.map()
    }

    /// A file of a multipart form.
    #[must_use]
    pub fn file(&self, key: &str) -> Option<&File> {
        match self.get(key)? {
            Value::File(file) => Some(file),
            _ => None,
        }
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The values in the order of their numbers, if every name is one.
    fn indexed(&self) -> Option<Vec<&Value>> {
        let mut rows =
            self.0.iter().map(|(key, value)| Some((key.parse().ok()?, value))).collect::<Option<Vec<(u32, _)>>>()?;
        rows.sort_by_key(|(index, _)| *index);
        Some(rows.into_iter().map(|(_, value)| value).collect())
    }
}

impl Value {
    /// Text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A map, if it is one.
    #[must_use]
    pub fn map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// A boolean as Rails reads it.
    #[must_use]
    pub fn bool(&self) -> Option<bool> {
        let text = self.text()?.trim();
        if text.is_empty() {
            return None;
        }
        Some(!["false", "0", "f", "off"].iter().any(|no| text.eq_ignore_ascii_case(no)))
    }
}

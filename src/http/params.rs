//! Parameters of a request, whatever encoding they came in (client API, requests): query on every method, urlencoded,
//! multipart with Rails' brackets, JSON, also on GET and DELETE. What the body says wins over the query.

use crate::{
    error::{Error, Result},
    http::{
        body,
        multipart::{self, Files},
        paging::Paging,
        typed,
        value::{Map, Value},
    },
    limits,
    server::Server,
};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use http::{Method, Uri, header::CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use std::{collections::btree_map::Entry, ops::Deref};

/// The parameters of a request; dereferences to their [`Map`].
#[derive(Debug, Clone, Default)]
pub struct Params {
    map: Map,
    uri: Uri,
}

impl Deref for Params {
    type Target = Map;

    fn deref(&self) -> &Map {
        &self.map
    }
}

impl Params {
    /// The parameters of a query alone.
    ///
    /// # Errors
    /// `Invalid` beyond the bounds.
    pub fn of_query(uri: &Uri) -> Result<Self> {
        let mut fields = Fields::default();
        fields.add_urlencoded(uri.query().unwrap_or_default())?;
        Ok(Params { map: fields.map, uri: uri.clone() })
    }

    /// What a body sent, over the query of `uri`.
    pub(crate) fn sent(sent: Fields, uri: Uri) -> Result<Self> {
        let mut fields = Fields::default();
        fields.add_urlencoded(uri.query().unwrap_or_default())?;
        fields.map.0.extend(sent.map.0);
        Ok(Params { map: fields.map, uri })
    }

    /// The position and size of the page asked for: `limit` (default `default`, at most `max`), `max_id`, `since_id`,
    /// `min_id`.
    #[must_use]
    pub fn paging(&self, default: usize, max: usize) -> Paging {
        Paging::new(&self.map, &self.uri, default, max)
    }

    /// The request's target, for links that keep its query.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl FromRequest<Server> for Params {
    type Rejection = Error;

    /// Files of a multipart form are passed over: anybody may send them.
    async fn from_request(request: Request, _: &Server) -> Result<Self> {
        gather(request, Files::Forgotten).await
    }
}

/// Parameters with the files of a multipart form, which are held in memory. Only behind an extractor that has found out
/// who asks, on routes that take pictures or tables.
pub struct WithFiles(pub Params);

impl FromRequest<Server> for WithFiles {
    type Rejection = Error;

    async fn from_request(request: Request, _: &Server) -> Result<Self> {
        gather(request, Files::Kept).await.map(WithFiles)
    }
}

async fn gather(request: Request, files: Files) -> Result<Params> {
    let (parts, content) = request.into_parts();
    let mut fields = Fields::default();
    fields.add_urlencoded(parts.uri.query().unwrap_or_default())?;
    let empty = hyper::body::Body::is_end_stream(&content);
    if !(empty || parts.method == Method::HEAD) {
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut sent = Fields { count: fields.count, ..Fields::default() };
        let outcome = read(kind, content, &mut sent, files).await;
        // Also of a form that was cut or is too large: what came of it is not lost.
        typed::keep(&parts.extensions, &sent.map);
        outcome?;
        fields.map.0.extend(sent.map.0);
    }
    Ok(Params { map: fields.map, uri: parts.uri })
}

/// Reads a body of this type.
pub(crate) async fn read(kind: &str, content: Body, sent: &mut Fields, files: Files) -> Result<()> {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "multipart/form-data" {
        return multipart::read(kind, content, sent, files).await;
    }
    let bytes = body::read(content).await?;
    let json = essence.ends_with("/json") || essence.ends_with("+json");
    // Some programs send a body without saying what it is.
    if json || (essence != "application/x-www-form-urlencoded" && bytes.trim_ascii_start().starts_with(b"{")) {
        sent.add_json(&bytes)?;
    } else if matches!(essence.as_str(), "" | "application/x-www-form-urlencoded") {
        let text = std::str::from_utf8(&bytes).map_err(|_| Error::invalid("body", "form is not UTF-8"))?;
        sent.add_urlencoded(text)?;
    }
    Ok(())
}

/// Fields being gathered into one map, counted.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) map: Map,
    count: usize,
}

impl Fields {
    fn counted(&mut self) -> Result<()> {
        self.count += 1;
        if self.count > limits::FIELDS {
            return Err(Error::invalid("body", format!("request has more than {} parameters", limits::FIELDS)));
        }
        Ok(())
    }

    /// Adds `a=1&b[]=2` (WHATWG URL, urlencoded parsing).
    pub(crate) fn add_urlencoded(&mut self, text: &str) -> Result<()> {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.add(&decode(name)?, Value::Text(decode(value)?))?;
        }
        Ok(())
    }

    /// Adds one field, its name with Rails' brackets.
    pub(crate) fn add(&mut self, name: &str, value: Value) -> Result<()> {
        self.counted()?;
        if name.len() > limits::FIELD_NAME_BYTES {
            return Err(Error::invalid(
                "body",
                format!("a parameter name is longer than {} bytes", limits::FIELD_NAME_BYTES),
            ));
        }
        let path = brackets(name)?;
        insert(&mut self.map, path.0, &path.1, value);
        Ok(())
    }

    /// Adds the members of a JSON object. An array or a scalar at the top is refused.
    fn add_json(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let document: serde_json::Value = serde_json::from_slice(bytes)
            .map_err(|error| Error::invalid("body", format!("JSON is not readable: {error}")))?;
        match document {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    let value = self.converted(value, 0)?;
                    self.map.0.insert(key, value);
                }
                Ok(())
            }
            serde_json::Value::Null => Ok(()),
            _ => Err(Error::invalid("body", "JSON must be an object")),
        }
    }

    fn converted(&mut self, value: serde_json::Value, depth: usize) -> Result<Value> {
        self.counted()?;
        if depth > limits::FIELD_DEPTH {
            return Err(Error::invalid("body", format!("JSON is nested deeper than {} levels", limits::FIELD_DEPTH)));
        }
        Ok(match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(yes) => Value::Text(yes.to_string()),
            serde_json::Value::Number(number) => Value::Text(number.to_string()),
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => {
                Value::List(items.into_iter().map(|item| self.converted(item, depth + 1)).collect::<Result<_>>()?)
            }
            serde_json::Value::Object(members) => {
                let mut map = Map::default();
                for (key, value) in members {
                    map.0.insert(key, self.converted(value, depth + 1)?);
                }
                Value::Map(map)
            }
        })
    }
}

/// One urlencoded name or value.
fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| Error::invalid("body", "form is not UTF-8"))?;
    Ok(decoded.into_owned())
}

/// A step into a nested field: `[key]` or `[]`.
enum Step<'a> {
    Key(&'a str),
    Append,
}

/// Splits `a[b][]` into `a` and its steps. A name whose brackets do not match is a plain name.
fn brackets(name: &str) -> Result<(&str, Vec<Step<'_>>)> {
    let Some(open) = name.find('[').filter(|open| *open > 0) else { return Ok((name, Vec::new())) };
    let mut steps = Vec::new();
    let mut rest = &name[open..];
    while !rest.is_empty() {
        let Some((key, tail)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
            return Ok((name, Vec::new()));
        };
        steps.push(if key.is_empty() { Step::Append } else { Step::Key(key) });
        if steps.len() > limits::FIELD_DEPTH {
            return Err(Error::invalid("body", format!("a parameter has more than {} brackets", limits::FIELD_DEPTH)));
        }
        rest = tail;
    }
    Ok((&name[..open], steps))
}

/// Puts `value` where the steps lead; a value of another shape in the way is replaced (last one wins).
fn insert(map: &mut Map, key: &str, steps: &[Step<'_>], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        map.0.insert(key.to_owned(), value);
        return;
    };
    let slot = match map.0.entry(key.to_owned()) {
        Entry::Occupied(slot) => slot.into_mut(),
        Entry::Vacant(slot) => slot.insert(Value::Null),
    };
    match step {
        Step::Key(inner) => {
            if !matches!(slot, Value::Map(_)) {
                *slot = Value::Map(Map::default());
            }
            if let Value::Map(map) = slot {
                insert(map, inner, rest, value);
            }
        }
        Step::Append => {
            if !matches!(slot, Value::List(_)) {
                *slot = Value::List(Vec::new());
            }
            if let Value::List(list) = slot {
                append(list, rest, value);
            }
        }
    }
}

/// `a[][b]=1&a[][c]=2&a[][b]=3` is two maps: a name that the last one holds already begins a new one (Rack).
fn append(list: &mut Vec<Value>, steps: &[Step<'_>], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        list.push(value);
        return;
    };
    let Step::Key(key) = step else {
        let mut inner = Vec::new();
        append(&mut inner, rest, value);
        list.push(Value::List(inner));
        return;
    };
    if let Some(Value::Map(last)) = list.last_mut()
        && (!last.has(key) || matches!(rest.first(), Some(Step::Append)))
    {
        insert(last, key, rest, value);
        return;
    }
    let mut fresh = Map::default();
    insert(&mut fresh, key, rest, value);
    list.push(Value::Map(fresh));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(text: &str) -> Map {
        let mut fields = Fields::default();
        fields.add_urlencoded(text).expect("within bounds");
        fields.map
    }

    fn json(text: &str) -> Map {
        let mut fields = Fields::default();
        fields.add_json(text.as_bytes()).expect("within bounds");
        fields.map
    }

    #[test]
    fn lists_are_read_in_every_spelling() {
        for text in ["id[]=1&id[]=2", "id[0]=1&id[1]=2", "id%5B%5D=1&id%5B%5D=2", "id[1]=2&id[0]=1"] {
            assert_eq!(form(text).texts("id"), ["1", "2"], "{text}");
        }
        assert_eq!(form("id=1").texts("id"), ["1"]);
        assert_eq!(json(r#"{"id":[1,"2"]}"#).texts("id"), ["1", "2"]);
        assert_eq!(json(r#"{"id":{"1":"2","0":"1"}}"#).texts("id"), ["1", "2"]);
        assert!(json(r#"{"id":null}"#).texts("id").is_empty());
        let ten = (0..12).map(|n| format!("id[{n}]={n}")).collect::<Vec<_>>().join("&");
        assert_eq!(form(&ten).texts("id").last(), Some(&"11"));
    }

    #[test]
    fn nested_brackets_build_maps() {
        let map = form("poll[options][]=a&poll[options][]=b&poll[expires_in]=3600&subscription[keys][p256dh]=x+y");
        let poll = map.map("poll").expect("a map");
        assert_eq!(poll.texts("options"), ["a", "b"]);
        assert_eq!(poll.int("expires_in"), Some(3600));
        assert_eq!(map.map("subscription").and_then(|s| s.map("keys")).and_then(|k| k.str("p256dh")), Some("x y"));
    }

    #[test]
    fn repeated_names_begin_the_next_map_of_a_list() {
        let map = form("k[][keyword]=a&k[][whole_word]=true&k[][keyword]=b&k[][whole_word]=false");
        let rows: Vec<_> = map.maps("k").iter().map(|row| (row.str("keyword"), row.bool("whole_word"))).collect();
        assert_eq!(rows, [(Some("a"), Some(true)), (Some("b"), Some(false))]);
        let indexed = form("fields_attributes[0][name]=x&fields_attributes[0][value]=1&fields_attributes[1][name]=y");
        assert_eq!(
            indexed.maps("fields_attributes").iter().filter_map(|f| f.str("name")).collect::<Vec<_>>(),
            ["x", "y"]
        );
    }

    #[test]
    fn booleans_and_numbers_come_as_strings_too() {
        let map = json(r#"{"a":"false","b":true,"c":"3600","d":0,"e":"","f":"ON","g":null}"#);
        assert_eq!((map.bool("a"), map.bool("b"), map.bool("d")), (Some(false), Some(true), Some(false)));
        assert_eq!((map.bool("e"), map.bool("f"), map.bool("g"), map.bool("h")), (None, Some(true), None, None));
        assert_eq!(map.int("c"), Some(3600));
        assert!(map.has("g") && !map.has("h"));
    }

    #[test]
    fn unbalanced_brackets_are_plain_names() {
        assert_eq!(form("a[b=1").str("a[b"), Some("1"));
        assert_eq!(form("[a]=1").str("[a]"), Some("1"));
        assert_eq!(form("a[b]c=1").str("a[b]c"), Some("1"));
    }

    #[test]
    fn bounds_refuse_one_past_them() {
        let brackets = |count: usize| format!("a{}=1", "[x]".repeat(count));
        assert!(Fields::default().add_urlencoded(&brackets(limits::FIELD_DEPTH)).is_ok());
        assert!(Fields::default().add_urlencoded(&brackets(limits::FIELD_DEPTH + 1)).is_err());
        assert!(Fields::default().add_urlencoded(&"a=1&".repeat(limits::FIELDS)).is_ok());
        assert!(Fields::default().add_urlencoded(&"a=1&".repeat(limits::FIELDS + 1)).is_err());
        assert!(
            Fields::default().add_json(format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes()).is_err()
        );
        assert!(Fields::default().add_json(br#"{"a":[[[[[[[[[[1]]]]]]]]]]}"#).is_err());
        assert!(Fields::default().add_json(b"[1]").is_err());
    }

    proptest! {
        #[test]
        fn no_form_panics(text in "[a-c\\[\\]=&%+0-9]{0,60}") {
            let _ = Fields::default().add_urlencoded(&text);
        }
    }
}

//! Calls whose answers are held against the schema.

use crate::{
    lab::{Instance, Person},
    schema::{SCHEMA, check_entities},
    web::{Reply, Web},
};
use serde_json::Value;

pub const FORM: &str = "application/x-www-form-urlencoded";

/// A request with a body of some kind.
pub async fn raw(web: Web, token: Option<&str>, method: &str, path: &str, kind: &str, body: &str) -> Reply {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = Vec::new();
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    if !kind.is_empty() {
        headers.push(("content-type", kind));
    }
    web.send(method, path, &headers, body.as_bytes()).await
}

/// A request with form fields; whatever it answers is checked.
pub async fn call(web: Web, token: Option<&str>, method: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let kind = if fields.is_empty() { "" } else { FORM };
    let reply = raw(web, token, method, path, kind, &crate::web::form(fields)).await;
    checked(method, path, &reply, token.is_some());
    reply
}

/// Checks an answer; whether the schema knows it.
pub fn checked(method: &str, path: &str, reply: &Reply, signed_in: bool) -> bool {
    let kind = reply.header("content-type");
    assert_eq!(kind, Some("application/json; charset=utf-8"), "{method} {path}: {} {}", reply.status, reply.text());
    let answer = reply.json();
    // Whole collections alone tell a refused field inside the error.
    let nested = reply.status == 422 && path.starts_with("/api/v1/collections") && !path.contains("/items");
    if reply.status >= 400 {
        let error = if nested { &answer["error"]["error"] } else { &answer["error"] };
        assert!(error.is_string(), "{method} {path}: {answer}");
    } else {
        check_entities(&answer, signed_in);
    }
    // The schema knows no other refused field of theirs than the name.
    let odd = nested && answer["error"]["details"]["name"].is_null();
    !odd && SCHEMA.as_ref().is_some_and(|schema| schema.check(method, path, reply.status, &answer))
}

impl Person<'_> {
    /// A request, answered with 200 and as the schema says.
    pub async fn asks(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Value {
        let reply = call(self.home.web(), Some(&self.token), method, path, fields).await;
        assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
        reply.json()
    }

    /// A request that is refused; its status.
    pub async fn is_refused(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> u16 {
        let reply = call(self.home.web(), Some(&self.token), method, path, fields).await;
        assert!(reply.status >= 400, "{method} {path}: {}", reply.text());
        reply.status
    }

    /// A status, posted.
    pub async fn writes(&self, text: &str, fields: &[(&str, &str)]) -> Value {
        self.asks("POST", "/api/v1/statuses", &[&[("status", text)], fields].concat()).await
    }
}

/// A stranger's GET, answered with 200 and as the schema says.
pub async fn stranger(home: &Instance, path: &str) -> Value {
    let reply = call(home.web(), None, "GET", path, &[]).await;
    assert_eq!(reply.status, 200, "GET {path}: {}", reply.text());
    reply.json()
}

/// The address of a `Link`, without the origin.
pub fn link(reply: &Reply, relation: &str) -> Option<String> {
    let wanted = format!("rel=\"{relation}\"");
    let part = reply.header("link")?.split(", <").find(|part| part.contains(&wanted))?;
    let address = part.trim_start_matches('<').split('>').next()?;
    Some(address.strip_prefix("https://home.test").unwrap_or_else(|| panic!("{address} is elsewhere")).to_owned())
}

/// An emoji or another text as it stands in a path.
pub fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The id of an entity.
pub fn id(entity: &Value) -> String {
    crate::lab::text_of(entity, "id")
}

/// The ids of a list.
pub fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(id).collect()
}

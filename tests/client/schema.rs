//! The published schema of the client API, read where it lies, and the rules it does not state.

use crate::foreign;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

/// The schema, if it is there.
pub static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(Schema::load);

/// The schema and the validators made of it so far.
pub struct Schema {
    document: Value,
    made: Mutex<HashMap<String, Option<Arc<Validator>>>>,
}

impl Schema {
    fn load() -> Option<Self> {
        let path = foreign::openapi()?;
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut document: Value = serde_json::from_slice(&text).expect("the schema is JSON");
        // Either requires a state alone, so that every quote is both and `oneOf` refuses it.
        let schemas = &mut document["components"]["schemas"];
        schemas["Quote"]["required"] = json!(["state", "quoted_status"]);
        schemas["ShallowQuote"]["required"] = json!(["state", "quoted_status_id"]);
        Some(Schema { document, made: Mutex::default() })
    }

    /// Holds an answer against what the schema says of method, path and status; whether it says anything.
    pub fn check(&self, method: &str, path: &str, status: u16, answer: &Value) -> bool {
        let Some(template) = self.template(method, path) else { return false };
        let key = format!("{method} {template} {status}");
        let made = self.made.lock().expect("no test failed in here").get(&key).cloned();
        let validator = made.unwrap_or_else(|| {
            let made = self.validator(method, &template, status).map(Arc::new);
            self.made.lock().expect("no test failed in here").insert(key.clone(), made.clone());
            made
        });
        let Some(validator) = validator else { return false };
        let wrong: Vec<String> = validator
            .iter_errors(answer)
            .take(10)
            .map(|error| format!("{}: {error:.300}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{key} ({path}):\n{}\nin {answer}", wrong.join("\n"));
        true
    }

    /// Holds `value` against an entity of the schema: the admin API has no paths in it.
    pub fn check_entity(&self, name: &str, value: &Value) {
        assert!(self.document["components"]["schemas"].get(name).is_some(), "the schema has no {name}");
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{name}"),
            "components": self.document["components"],
        });
        let validator = jsonschema::validator_for(&whole).expect("the schema is one");
        let wrong: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error:.300}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{name}:\n{}\nin {value}", wrong.join("\n"));
    }

    /// The path of the schema that stands for `path`, the one with the most fixed parts.
    fn template(&self, method: &str, path: &str) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == asked.len()
                && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
        };
        let paths = self.document["paths"].as_object()?;
        let known = paths.iter().filter(|(_, methods)| methods.get(method.to_lowercase()).is_some());
        known.map(|(template, _)| template).filter(fits).min_by_key(|template| template.matches('{').count()).cloned()
    }

    fn validator(&self, method: &str, template: &str, status: u16) -> Option<Validator> {
        let answers = &self.document["paths"][template][method.to_lowercase()]["responses"];
        let mut answer = answers.get(status.to_string())?;
        if let Some(to) = answer["$ref"].as_str() {
            answer = self.document.pointer(to.strip_prefix('#')?)?;
        }
        let mut schema: Map<String, Value> = answer["content"]["application/json"]["schema"].as_object()?.clone();
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("components".to_owned(), self.document["components"].clone());
        Some(jsonschema::validator_for(&Value::Object(schema)).expect("the schema is one"))
    }
}

/// Holds an answer against an entity of the schema, if it is there; `NAME[]` is a list of them.
pub fn is_entity(name: &str, answer: &Value) {
    let Some(schema) = SCHEMA.as_ref() else { return };
    match name.strip_suffix("[]") {
        Some(name) => {
            let list = answer.as_array().unwrap_or_else(|| panic!("no list: {answer}"));
            list.iter().for_each(|one| is_entity(name, one));
        }
        None => schema.check_entity(name, answer),
    }
}

/// Members that depend on the viewer: there with a token, absent without, never null.
const OF_THE_VIEWER: [&str; 5] = ["favourited", "reblogged", "muted", "bookmarked", "filtered"];
/// Members that programs read without asking whether they are null.
const ARRAYS: [&str; 8] =
    ["emojis", "fields", "tags", "mentions", "media_attachments", "roles", "filtered", "ancestors"];

/// Holds every entity in `value` against what programs rely on and the schema does not say (client API, entities).
pub fn check_entities(value: &Value, signed_in: bool) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| check_entities(item, signed_in)),
        Value::Object(members) => {
            members.values().for_each(|member| check_entities(member, signed_in));
            check_entity(members, signed_in);
        }
        _ => {}
    }
}

fn check_entity(members: &Map<String, Value>, signed_in: bool) {
    let shown = || Value::Object(members.clone());
    let is_status = members.contains_key("visibility") && members.contains_key("reblogs_count");
    let is_account = members.contains_key("acct") && members.contains_key("followers_count");
    if is_status || is_account || (members.contains_key("group_key") && members.contains_key("id")) {
        assert!(members["id"].as_str().is_some_and(is_id), "id is not 18 digits: {}", shown());
    }
    for (name, member) in members {
        if (name == "id" || name.ends_with("_id"))
            && !["client_id", "most_recent_notification_id"].contains(&name.as_str())
            // Of what is scheduled the schema wants numbers.
            && !members.contains_key("with_rate_limit")
        {
            assert!(member.is_string() || member.is_null(), "{name} is no string: {}", shown());
        }
        if ["created_at", "edited_at", "updated_at"].contains(&name.as_str()) && !members.contains_key("access_token") {
            assert!(member.is_null() || member.as_str().is_some_and(is_time), "{name} is no time: {}", shown());
        }
        if name == "last_status_at" {
            assert!(member.is_null() || member.as_str().is_some_and(is_date), "{name} is no date: {}", shown());
        }
        if ARRAYS.contains(&name.as_str()) {
            assert!(!member.is_null(), "{name} is null: {}", shown());
        }
    }
    if is_status {
        for name in OF_THE_VIEWER {
            let member = members.get(name);
            assert_eq!(member.is_some(), signed_in, "{name} of {}", shown());
            assert!(member.is_none_or(|member| !member.is_null()), "{name} is null: {}", shown());
        }
        let pinned = members.get("pinned");
        assert!(pinned.is_none_or(|pinned| signed_in && pinned.is_boolean()), "pinned of {}", shown());
    }
}

/// 18 digits, so that ids sort as text as they do as numbers.
pub fn is_id(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
pub fn is_time(text: &str) -> bool {
    looks_like(text, "0000-00-00T00:00:00.000Z")
}

fn is_date(text: &str) -> bool {
    looks_like(text, "0000-00-00")
}

fn looks_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, want)| if want == b'0' { byte.is_ascii_digit() } else { byte == want })
}

#[test]
fn the_checks_can_fail() {
    assert!(is_time("2026-01-01T00:00:00.000Z") && !is_time("2026-01-01T00:00:00Z") && !is_id("12"));
    let status = json!({ "id": "115000000000000000", "visibility": "public", "reblogs_count": 0 });
    check_entities(&status, false);
    let refused = |value: Value, signed_in| std::panic::catch_unwind(|| check_entities(&value, signed_in)).is_err();
    assert!(refused(status.clone(), true), "the viewer's members are missing");
    assert!(refused(json!([{ "tags": null }]), false) && refused(json!({ "id": 7 }), false));
    if let Some(schema) = &*SCHEMA {
        let wrong = std::panic::catch_unwind(|| schema.check("GET", "/api/v1/statuses/1", 200, &status));
        assert!(wrong.is_err(), "a status of three members is none");
        assert!(schema.check("GET", "/api/v1/accounts/relationships?id=1", 200, &json!([])), "the fixed path wins");
        assert!(!schema.check("GET", "/api/v1/nothing", 200, &json!({})));
    }
}

//! The published description of the client API as a judge of our answers, and what it cannot say (CLIENT-API §5).
//!
//! The description belongs to another project and is read where it lies (`DASSIE_OPENAPI`); absent, this says so.

use crate::foreign;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Keys that depend on who looks: there or not, never null (real apps crash on null).
const NEVER_NULL: &[&str] = &[
    "favourited",
    "reblogged",
    "muted",
    "bookmarked",
    "pinned",
    "filtered",
    "voted",
    "own_votes",
    "emojis",
    "fields",
    "tags",
    "mentions",
    "media_attachments",
    "roles",
    "options",
    "display_name",
    "spoiler_text",
    "content",
    "acct",
    "username",
    "avatar",
    "avatar_static",
    "header",
    "header_static",
    "note",
    "requested_by",
    "blocked_by",
];

struct Published {
    document: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What is wrong with a value that should be the entity `name`; empty is good.
pub(crate) fn validate(name: &str, value: &Value) -> Vec<String> {
    let mut wrong = beyond_schema(value);
    if let Some(published) = published() {
        wrong.extend(published.check(&format!("#/components/schemas/{name}"), value, name));
    }
    wrong
}

/// The same for an answer as a whole: `path` is as it was asked for, without its query.
pub(crate) fn validate_response(method: &str, path: &str, status: u16, value: &Value) -> Vec<String> {
    let mut wrong = beyond_schema(value);
    if let Some(published) = published() {
        wrong.extend(match published.place(method, path, status) {
            Some(place) => published.check(&place, value, &format!("{method} {path} {status}")),
            None => vec![format!("{method} {path} {status} is not in the description")],
        });
    }
    wrong
}

fn published() -> Option<&'static Published> {
    static PUBLISHED: OnceLock<Option<Published>> = OnceLock::new();
    PUBLISHED
        .get_or_init(|| {
            let path = foreign::openapi()?;
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut document: Value = serde_json::from_str(&text).expect("the description is JSON");
            loosen(&mut document);
            Some(Published { document, compiled: Mutex::default() })
        })
        .as_ref()
}

/// Where the description is known to be wrong about right answers.
fn loosen(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    // Documented as a string, an integer in the code's history; clients take both.
    let count = schemas.pointer_mut("/FeaturedTag/properties/statuses_count");
    if let Some(count) = count {
        *count = json!({"type": ["string", "integer"]});
    }
    // Either requires a state alone, so that every quote is both and `oneOf` refuses it.
    schemas["Quote"]["required"] = json!(["state", "quoted_status"]);
    schemas["ShallowQuote"]["required"] = json!(["state", "quoted_status_id"]);
}

impl Published {
    fn check(&self, place: &str, value: &Value, what: &str) -> Vec<String> {
        let validator = match self.validator(place) {
            Ok(validator) => validator,
            Err(why) => return vec![format!("{what}: {why}")],
        };
        validator
            .iter_errors(value)
            .take(20)
            .map(|error| {
                let mut said = error.to_string();
                if said.len() > 300 {
                    said = format!("{}…", said.chars().take(300).collect::<String>());
                }
                format!("{what}{}: {said}", error.instance_path())
            })
            .collect()
    }

    fn validator(&self, place: &str) -> Result<Arc<Validator>, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(place) {
            return Ok(known.clone());
        }
        let pointer = place.trim_start_matches('#');
        if self.document.pointer(pointer).is_none() {
            return Err(format!("{place} is not in the description"));
        }
        let schema = json!({
            "$ref": place,
            "components": self.document["components"],
            "paths": self.document["paths"],
        });
        let made = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| format!("{place} cannot be compiled: {error}"))?;
        let made = Arc::new(made);
        compiled.insert(place.to_owned(), made.clone());
        Ok(made)
    }

    /// The place of the schema of an answer.
    fn place(&self, method: &str, path: &str, status: u16) -> Option<String> {
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == asked.len()
                && parts.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
        };
        // The template with the fewest parameters wins: /accounts/search before /accounts/{id}.
        let templates = self.document["paths"].as_object()?.keys().filter(|template| fits(template));
        let template = templates.min_by_key(|template| template.matches('{').count())?;
        let escaped = template.replace('~', "~0").replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
        let pointer = format!(
            "/paths/{}/{}/responses/{status}/content/application~1json/schema",
            template.replace('~', "~0").replace('/', "~1"),
            method.to_lowercase()
        );
        self.document.pointer(&pointer)?;
        Some(format!("#/paths/{escaped}/{}/responses/{status}/content/application~1json/schema", method.to_lowercase()))
    }
}

/// What the schema cannot say: ids of one length, times of one form, nothing null that apps read as if it were there.
fn beyond_schema(value: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    walk(value, "", &mut wrong);
    wrong
}

fn walk(value: &Value, path: &str, wrong: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{path}/{index}"), wrong);
            }
        }
        Value::Object(members) => {
            let numbered = ["acct", "created_at", "preview_url", "votes_count", "showing_reblogs"];
            if numbered.iter().any(|mark| members.contains_key(*mark))
                && !is_id(&value["id"])
                && members.contains_key("id")
            {
                wrong.push(format!("{path}/id is {}, not a string of 18 digits", value["id"]));
            }
            for (name, item) in members {
                let here = format!("{path}/{name}");
                if item.is_null() && NEVER_NULL.contains(&name.as_str()) {
                    wrong.push(format!("{here} is null"));
                }
                if matches!(name.as_str(), "in_reply_to_id" | "in_reply_to_account_id")
                    && !item.is_null()
                    && !is_id(item)
                {
                    wrong.push(format!("{here} is {item}, not a string of 18 digits"));
                }
                let date_only = matches!(name.as_str(), "last_status_at");
                if let Some(time) = item.as_str().filter(|_| name.ends_with("_at") && !path.ends_with("usage"))
                    && !(if date_only { is_date(time) } else { is_time(time) })
                {
                    wrong.push(format!("{here} is {time:?}, not written as apps read times"));
                }
                walk(item, &here, wrong);
            }
        }
        _ => {}
    }
}

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| id.len() == 18 && id.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_date(text: &str) -> bool {
    shaped(text, "0000-00-00")
}

fn is_time(text: &str) -> bool {
    shaped(text, "0000-00-00T00:00:00.000Z")
}

fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, like)| if like == b'0' { byte.is_ascii_digit() } else { byte == like })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_apps_choke_on_is_found() {
        let wrong = beyond_schema(&json!({"id": 5, "acct": "a", "created_at": "2024-01-01T00:00:00Z", "emojis": null,
            "in_reply_to_id": "12", "last_status_at": "2024-01-01"}));
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        let right = json!({"id": "117712345678901234", "acct": "a", "created_at": "2024-01-01T00:00:00.000Z",
            "in_reply_to_id": null, "last_status_at": null, "poll": null});
        assert!(beyond_schema(&right).is_empty());
    }

    #[test]
    fn description_compiles_and_judges() {
        if published().is_none() {
            return;
        }
        let wrong = validate("Tag", &json!({"name": "x"}));
        assert!(wrong.iter().any(|why| why.contains("url")), "{wrong:?}");
        let wrong = validate_response("GET", "/api/v1/timelines/home", 200, &json!([{"id": "117712345678901234"}]));
        assert!(wrong.iter().any(|why| why.contains("content")), "{wrong:?}");
        assert!(validate_response("GET", "/api/v1/timelines/home", 200, &json!([])).is_empty());
        assert!(!validate_response("GET", "/api/v1/no/such/thing", 200, &json!([])).is_empty());
        assert!(!validate("NoSuchEntity", &json!({})).is_empty());
    }
}

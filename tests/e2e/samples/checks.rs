//! Holding an entity of the client API against a row.

use super::{expectations::Row, lab::Names};
use serde_json::Value;
use std::collections::BTreeSet;

/// Bottom of the ids of remote statuses, 2018-06-01 (DESIGN §3).
const FIRST_ID_MS: u64 = 1_527_811_200_000;

/// What is wrong with a status; `parent` is the uri of what it answers, if that is known here.
pub(crate) fn status(row: &Row, names: &Names, now_ms: i64, entity: &Value, parent: Option<&str>) -> Vec<String> {
    let mut wrong = of_every_status(now_ms, entity);
    let content = text_of(entity, "content");
    let plain = plain_text(content);
    let attachments = entity["media_attachments"].as_array().cloned().unwrap_or_default();
    for (name, value) in &row.checks {
        let value = names.fill(value);
        let count = |found: usize| (found.to_string() == value, found.to_string());
        let (good, found) = match name.as_str() {
            "acct" => same(&entity["account"]["acct"], &value),
            "visibility" | "uri" | "url" => same(&entity[name.as_str()], &value),
            "spoiler" => same(&entity["spoiler_text"], &value),
            "language" | "sensitive" => same(&entity[name.as_str()], &value),
            "text" => (plain.contains(&squeezed(&value)), plain.clone()),
            "title" => {
                let all = format!("{} {plain}", text_of(entity, "spoiler_text"));
                (squeezed(&all).contains(&squeezed(&value)), all)
            }
            "html" => (content.contains(&value), content.to_owned()),
            "nothtml" => (!content.to_lowercase().contains(&value.to_lowercase()), content.to_owned()),
            "textlang" => {
                let language = text_of(entity, "language");
                let fits = value.split('/').filter_map(|pair| pair.split_once(':'));
                let fits = fits.into_iter().any(|(code, text)| code == language && plain.contains(text));
                (fits, format!("{language}: {plain}"))
            }
            "attachments" => count(attachments.len()),
            "attachment" => any_of(&attachments, &["remote_url", "url"], |url| url == value),
            "noattachment" => {
                let all = entity["media_attachments"].to_string();
                (!all.contains(&value), all)
            }
            "alt" => any_of(&attachments, &["description"], |alt| alt.contains(&value)),
            "tags" => {
                let found: BTreeSet<String> =
                    names_in(&entity["tags"], "name").iter().map(|tag| tag.to_lowercase()).collect();
                let wanted: BTreeSet<String> =
                    value.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
                (found == wanted, format!("{found:?}"))
            }
            "emoji" => contains(&names_in(&entity["emojis"], "shortcode"), &value),
            "mentions" => count(entity["mentions"].as_array().map_or(0, Vec::len)),
            "mentions<" => {
                let found = entity["mentions"].as_array().map_or(0, Vec::len);
                (value.parse().is_ok_and(|most: usize| found <= most), found.to_string())
            }
            "mention" => contains(&names_in(&entity["mentions"], "acct"), &value),
            "reply" if value == "none" => (entity["in_reply_to_id"].is_null(), entity["in_reply_to_id"].to_string()),
            "reply" => (parent == Some(value.as_str()), format!("{parent:?}")),
            "created" if value == "now" => same(&entity["created_at"], &iso(now_ms)),
            "created" => same(&entity["created_at"], &value),
            "edited" if row.value("updated").is_none() && !value.starts_with("http") => {
                same(&entity["edited_at"], &value)
            }
            "poll" => {
                let titles = names_in(&entity["poll"]["options"], "title").join("/");
                (titles == value, titles)
            }
            "votes" => {
                let options = entity["poll"]["options"].as_array().cloned().unwrap_or_default();
                let votes: Vec<String> = options.iter().map(|option| option["votes_count"].to_string()).collect();
                (votes.join(",") == value, votes.join(","))
            }
            "multiple" | "expired" => same(&entity["poll"][name.as_str()], &value),
            "ends" => same(&entity["poll"]["expires_at"], &value),
            "depth" => {
                let found = depth(content);
                (value.parse().is_ok_and(|most: usize| found <= most), found.to_string())
            }
            "nourl" => (text_of(entity, "url") != value, value.clone()),
            _ => continue,
        };
        if !good {
            wrong.push(format!("{name} is {found:?}, not {value:?}"));
        }
    }
    wrong
}

/// What is wrong with an account.
pub(crate) fn account(row: &Row, names: &Names, entity: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in &row.checks {
        let value = names.fill(value);
        let (good, found) = match name.as_str() {
            "acct" | "url" | "locked" | "bot" | "group" | "discoverable" | "indexable" => {
                same(&entity[name.as_str()], &value)
            }
            "updated" => same(&entity["acct"], &value),
            "name" => same(&entity["display_name"], &value),
            "name~" => (text_of(entity, "display_name").contains(&value), text_of(entity, "display_name").to_owned()),
            "note" => {
                let note = plain_text(text_of(entity, "note"));
                (if value.is_empty() { note.is_empty() } else { note.contains(&squeezed(&value)) }, note)
            }
            "fields" => {
                let found = entity["fields"].as_array().map_or(0, Vec::len);
                (found.to_string() == value, found.to_string())
            }
            "field" => {
                let (wanted, content) = value.split_once(':').unwrap_or((&value, ""));
                let fields = entity["fields"].as_array().cloned().unwrap_or_default();
                let good = fields.iter().any(|field| {
                    text_of(field, "name") == wanted && plain_text(text_of(field, "value")).contains(content)
                });
                (good, entity["fields"].to_string())
            }
            "emoji" => contains(&names_in(&entity["emojis"], "shortcode"), &value),
            "since" => (text_of(entity, "created_at").starts_with(&value), text_of(entity, "created_at").to_owned()),
            "nourl" => (text_of(entity, "url") != value, value.clone()),
            _ => continue,
        };
        if !good {
            wrong.push(format!("{name} is {found:?}, not {value:?}"));
        }
    }
    wrong
}

/// What must be so of every status, whatever its row says.
fn of_every_status(now_ms: i64, entity: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let content = text_of(entity, "content");
    let lower = content.to_lowercase();
    for evil in ["<script", "javascript:", " onclick=", " onerror=", " onload=", "<iframe", "<style", "\0"] {
        if lower.contains(evil) {
            wrong.push(format!("content has {evil:?}: {content}"));
        }
    }
    let id: u64 = text_of(entity, "id").parse().unwrap_or_default();
    let id_ms = id >> 16;
    if id_ms < FIRST_ID_MS || i64::try_from(id_ms).unwrap_or(i64::MAX) > now_ms {
        wrong.push(format!("id {id} lies at {id_ms} ms, outside 2018-06-01 to now ({now_ms})"));
    }
    if text_of(entity, "created_at") > iso(now_ms).as_str() {
        wrong.push(format!("created_at {} lies in the future", entity["created_at"]));
    }
    wrong
}

fn same(found: &Value, wanted: &str) -> (bool, String) {
    let text = match found {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (text == wanted, text)
}

fn text_of<'a>(entity: &'a Value, name: &str) -> &'a str {
    entity[name].as_str().unwrap_or_default()
}

fn names_in(list: &Value, name: &str) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|item| text_of(item, name).to_owned()).collect()
}

fn contains(found: &[String], wanted: &str) -> (bool, String) {
    (found.iter().any(|name| name == wanted), format!("{found:?}"))
}

fn any_of(list: &[Value], names: &[&str], good: impl Fn(&str) -> bool) -> (bool, String) {
    let found: Vec<&str> = list.iter().flat_map(|item| names.iter().filter_map(|name| item[*name].as_str())).collect();
    (found.iter().any(|text| good(text)), format!("{found:?}"))
}

/// What a reader sees of HTML: no tags, entities read, blanks squeezed.
pub(crate) fn plain_text(html: &str) -> String {
    let spaced = html.replace("<br", " <br").replace("</p>", "</p> ");
    let mut text = String::new();
    let mut inside = false;
    for c in spaced.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    let text = text.replace("&#x27;", "'").replace("&nbsp;", " ").replace("&amp;", "&");
    squeezed(&text)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How deep elements lie inside each other.
fn depth(html: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for tag in html.split('<').skip(1) {
        if tag.starts_with('/') {
            now = now.saturating_sub(1);
        } else if !tag.starts_with("br") && !tag.starts_with("hr") {
            now += 1;
            most = most.max(now);
        }
    }
    most
}

/// A time as the client API writes it.
pub(crate) fn iso(ms: i64) -> String {
    dassie::clock::iso(storage::Timestamp(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_read_as_people_see_it() {
        assert_eq!(plain_text("<p>a &amp; <b>b</b><br/>c</p><p>d&#39;s</p>"), "a & b c d's");
        assert_eq!(depth("<p>a<b>b<br>c</b></p><i>x</i>"), 2);
    }
}

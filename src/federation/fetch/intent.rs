//! Where people of another server do what they want to do with something here: what their server says of them by
//! WebFinger (FEP-3b86; before it OStatus `subscribe`).

use super::{Budget, finger, schemes};
use crate::{
    error::{Error, Result},
    federation::address::{Handle, RemoteUri, Schemes},
    limits,
    server::Server,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Follow an account.
    Follow,
    /// Look at a post there, to answer or boost it.
    Open,
}

impl Intent {
    /// The relations that lead there, the best first.
    const fn relations(self) -> &'static [&'static str] {
        match self {
            Intent::Follow => &[FOLLOW, OBJECT, SUBSCRIBE],
            Intent::Open => &[OBJECT, SUBSCRIBE],
        }
    }
}

/// Following an account (FEP-3b86).
const FOLLOW: &str = "https://w3id.org/fep/3b86/Follow";
/// Opening any object (FEP-3b86).
const OBJECT: &str = "https://w3id.org/fep/3b86/Object";
/// What there was before; Mastodon's leads to accounts and posts alike.
const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";

/// Where a server leads somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The host, for people.
    pub host: String,
    /// The address; https but for the loopback names of a lab.
    pub url: String,
}

/// Where the server of `handle`, as somebody typed it, leads them who want to do something with `uri`; `None` where it
/// names no such place. One document is asked for, and a second where WebFinger is found by host-meta alone.
///
/// # Errors
/// `Invalid` for what is no handle; `NotFound` for one of this server and where nobody is called so; `Remote` where its
/// server does not answer.
pub async fn way(server: &Server, handle: &str, intent: Intent, uri: &str) -> Result<Option<Way>> {
    let Some(handle) = Handle::parse(handle) else {
        return Err(Error::invalid("handle", format!("{:?} is no handle", crate::account::excerpt(handle))));
    };
    let document = finger::document(server, &handle, &Budget::of_one_cause()).await?;
    Ok(read(&document, intent, uri, schemes(server)))
}

/// Reads the way out of a JRD (RFC 7033 §4.4): the template of the best relation, filled in.
fn read(document: &Value, intent: Intent, uri: &str, schemes: Schemes) -> Option<Way> {
    let links = document.get("links")?.as_array()?;
    intent.relations().iter().find_map(|relation| {
        links.iter().take(64).find_map(|link| {
            let text = |name: &str| link.get(name).and_then(Value::as_str);
            // The proposal says `href`, servers write `template` as OStatus did.
            let template = text("template").or_else(|| text("href"))?;
            if !text("rel").is_some_and(|rel| rel.eq_ignore_ascii_case(relation)) {
                return None;
            }
            let url = RemoteUri::parse(&filled(template, uri)?, schemes).ok()?;
            Some(Way { host: url.authority().as_str().to_owned(), url: url.into_string() })
        })
    })
}

/// A template with `uri` in it, percent-encoded; what it has for other things stays empty (FEP-3b86 §3.2). `None` where it
/// has no place for it.
fn filled(template: &str, uri: &str) -> Option<String> {
    if template.len() > limits::URI_BYTES_MAX {
        return None;
    }
    let (mut made, mut rest, mut placed) = (String::new(), template, false);
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        made.push_str(before);
        if matches!(name, "uri" | "object") {
            made.extend(utf8_percent_encode(uri, NON_ALPHANUMERIC));
            placed = true;
        }
        rest = after;
    }
    made.push_str(rest);
    placed.then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(links: &Value, intent: Intent) -> Option<String> {
        read(&json!({ "links": links }), intent, "https://home.test/users/a", Schemes::Https).map(|way| way.url)
    }

    #[test]
    fn the_best_relation_is_filled_in() {
        let old = json!({ "rel": SUBSCRIBE, "template": "https://far.test/authorize_interaction?uri={uri}" });
        let follow = json!({ "rel": FOLLOW, "href": "https://far.test/follow?id={object}&then={on-success}" });
        let any = json!({ "rel": "https://w3id.org/fep/3b86/object", "template": "https://far.test/open/{object}" });
        let uri = "https%3A%2F%2Fhome%2Etest%2Fusers%2Fa";
        let all = json!([old, follow, any]);
        assert_eq!(found(&all, Intent::Follow), Some(format!("https://far.test/follow?id={uri}&then=")));
        assert_eq!(found(&all, Intent::Open), Some(format!("https://far.test/open/{uri}")));
        let old = json!([old]);
        assert_eq!(found(&old, Intent::Follow), Some(format!("https://far.test/authorize_interaction?uri={uri}")));
    }

    #[test]
    fn what_leads_nowhere_safe_is_no_way() {
        for template in [
            "javascript:alert({uri})",
            "http://far.test/{uri}",
            "https://a@far.test/{uri}",
            "https://far.test/",
            "https://far.test/{uri",
            "/x?uri={uri}",
        ] {
            assert_eq!(found(&json!([{ "rel": SUBSCRIBE, "template": template }]), Intent::Follow), None, "{template}");
        }
        let long = format!("https://far.test/{{uri}}{}", "x".repeat(limits::URI_BYTES_MAX));
        assert_eq!(found(&json!([{ "rel": SUBSCRIBE, "template": long }]), Intent::Follow), None);
        assert_eq!(found(&json!([{ "rel": SUBSCRIBE }, 7, "x"]), Intent::Follow), None);
    }
}

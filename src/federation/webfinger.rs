//! Who lives here: WebFinger (RFC 7033) and host-meta (RFC 6415), both ways of FEDERATION §1.

use crate::{
    error::{Error, Result},
    federation::outward::actor::INSTANCE_PATH,
    http::negotiate,
    origin::Origin,
    server::Server,
};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use storage::{Read, account, moderation};

/// The routes of this file.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/.well-known/webfinger", get(webfinger))
        .route("/.well-known/host-meta", get(host_meta))
        .route("/.well-known/host-meta.json", get(host_meta_json))
}

/// Whom a `resource` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Account(String),
    Instance,
}

async fn webfinger(State(server): State<Server>, RawQuery(query): RawQuery) -> Response {
    match answer_webfinger(&server, query.as_deref().unwrap_or_default()).await {
        Ok(document) => (
            [(header::CONTENT_TYPE, negotiate::JRD_JSON), (header::CACHE_CONTROL, "public, max-age=3600")],
            document.to_string(),
        )
            .into_response(),
        Err(error) => error.into_response(),
    }
}

async fn answer_webfinger(server: &Server, query: &str) -> Result<Value> {
    let resource = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "resource")
        .map(|(_, value)| value.into_owned())
        .ok_or_else(|| Error::invalid("resource", "is missing"))?;
    let asked = asked(server.origin(), &resource).ok_or(Error::NotFound)?;
    let origin = server.origin().clone();
    server.read(move |view| document(view, &origin, &asked)).await
}

/// Understands `acct:name@domain`, the same without `acct:` or with a leading `@`, actor ids and profile pages; the
/// domain may be the handle domain or the web domain, in any case.
fn asked(origin: &Origin, resource: &str) -> Option<Asked> {
    if let Some(path) = origin.path_of(resource) {
        return match path.trim_end_matches('/') {
            "" | INSTANCE_PATH => Some(Asked::Instance),
            path => {
                let name = path.strip_prefix("/users/").or_else(|| path.strip_prefix("/@"))?;
                (!name.contains('/')).then(|| Asked::Account(name.to_owned()))
            }
        };
    }
    let handle = resource.strip_prefix("acct:").unwrap_or(resource);
    let (name, domain) = handle.strip_prefix('@').unwrap_or(handle).split_once('@')?;
    if !origin.is_own_domain(domain) {
        return None;
    }
    Some(if origin.is_own_domain(name) { Asked::Instance } else { Asked::Account(name.to_owned()) })
}

fn document(read: &dyn Read, origin: &Origin, asked: &Asked) -> Result<Value> {
    let domain = origin.handle_domain();
    let (subject, id, page) = match asked {
        Asked::Instance => (format!("acct:{domain}@{domain}"), origin.url(INSTANCE_PATH), origin.url("/about")),
        Asked::Account(name) => {
            let account = account::find_by_name(read, name, None)?.ok_or(Error::NotFound)?;
            if account.suspended_at.is_some() && moderation::standing(read, account.id)?.suspended_at.is_none() {
                return Err(Error::Gone);
            }
            let subject = format!("acct:{}@{domain}", account.username);
            (subject, origin.url(&account.uri), origin.url(&format!("/@{}", account.username)))
        }
    };
    let mut links = vec![
        json!({ "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page }),
        json!({ "rel": "self", "type": "application/activity+json", "href": id }),
    ];
    if matches!(asked, Asked::Account(_)) {
        links.extend(intents(origin));
    }
    Ok(json!({ "subject": subject, "aliases": [page, id], "links": links }))
}

/// Where people of this server do something with what stands elsewhere: follow, look at, like or boost it on its page here,
/// write about it (FEP-3b86, OStatus).
fn intents(origin: &Origin) -> Vec<Value> {
    let open = origin.url("/authorize_interaction?uri=");
    let subscribe = "http://ostatus.org/schema/1.0/subscribe";
    let mut links = vec![json!({ "rel": subscribe, "template": format!("{open}{{uri}}") })];
    for name in ["Follow", "Object", "Like", "Announce"] {
        let rel = format!("https://w3id.org/fep/3b86/{name}");
        // The proposal says `href`; who reads `template`, as Mastodon writes it, finds that.
        let way = format!("{open}{{object}}");
        links.push(json!({ "rel": rel, "href": way, "template": way }));
    }
    let write = origin.url("/compose?text={content}");
    links.push(json!({ "rel": "https://w3id.org/fep/3b86/Create", "href": write, "template": write }));
    links
}

async fn host_meta(State(server): State<Server>) -> Response {
    let template = server.origin().url("/.well-known/webfinger?resource={uri}");
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{template}\"/>\n</XRD>\n"
    );
    ([(header::CONTENT_TYPE, negotiate::XRD_XML)], document).into_response()
}

async fn host_meta_json(State(server): State<Server>) -> Response {
    let template = server.origin().url("/.well-known/webfinger?resource={uri}");
    let document = json!({ "links": [{ "rel": "lrdd", "template": template }] });
    ([(header::CONTENT_TYPE, negotiate::JSON)], document.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Asked, asked};
    use crate::origin::Origin;

    #[test]
    fn every_spelling_of_a_resource_is_understood() {
        let origin = Origin::parse("https://social.example.org", Some("example.org")).expect("an origin");
        let alice = || Some(Asked::Account("alice".to_owned()));
        for resource in [
            "acct:alice@example.org",
            "acct:alice@social.example.org",
            "acct:@alice@EXAMPLE.org",
            "@alice@example.org",
            "alice@example.org",
            "https://social.example.org/users/alice",
            "https://social.example.org/@alice",
            "https://social.example.org/@alice/",
        ] {
            assert_eq!(asked(&origin, resource), alice(), "{resource}");
        }
        for resource in
            ["acct:example.org@example.org", "https://social.example.org/", "https://social.example.org/actor"]
        {
            assert_eq!(asked(&origin, resource), Some(Asked::Instance), "{resource}");
        }
        for resource in [
            "acct:alice@evil.test",
            "https://evil.test/users/alice",
            "alice",
            "",
            "https://social.example.org/users/a/b",
        ] {
            assert_eq!(asked(&origin, resource), None, "{resource}");
        }
    }
}

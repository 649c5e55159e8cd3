//! Asking other servers who a handle is: WebFinger, and host-meta where WebFinger says 404 (FEDERATION §1).

use super::{Budget, refuse_suspended, schemes};
use crate::{
    error::{Error, Result},
    federation::{
        address::{Authority, Handle, RemoteUri, Schemes},
        client::AnswerLimits,
        json,
    },
    server::Server,
};
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

/// What a server says of a handle.
#[derive(Debug, Clone)]
pub struct Found {
    /// The handle as it calls itself.
    pub subject: Handle,
    /// The actor.
    pub actor: RemoteUri,
}

/// The actor of a handle, its subject asked once more at its own server if it names another (one hop).
///
/// # Errors
/// `NotFound` if nobody is called so; `Remote` if the answers do not agree.
pub async fn find(server: &Server, handle: &Handle, budget: &Budget) -> Result<Found> {
    let found = ask(server, handle, budget).await?;
    if found.subject.same(handle) {
        return Ok(found);
    }
    let again = ask(server, &found.subject, budget).await?;
    if again.subject.same(&found.subject) && again.actor.as_str() == found.actor.as_str() {
        return Ok(again);
    }
    Err(Error::remote(handle.authority.as_str(), format!("{handle} and {} do not confirm each other", found.subject)))
}

/// Whether `handle` leads to exactly the actor `id`; answers the canonical handle.
///
/// # Errors
/// As `find`; `Remote` if it leads elsewhere.
pub async fn confirm(server: &Server, handle: &Handle, id: &str, budget: &Budget) -> Result<Handle> {
    let found = find(server, handle, budget).await?;
    if found.actor.as_str() == id {
        return Ok(found.subject);
    }
    Err(Error::remote(handle.authority.as_str(), format!("{handle} is {}, not {id}", found.actor.as_str())))
}

async fn ask(server: &Server, handle: &Handle, budget: &Budget) -> Result<Found> {
    let document = document(server, handle, budget).await?;
    read(&document, schemes(server))
        .ok_or_else(|| Error::remote(handle.authority.as_str(), format!("webfinger of {handle} names no actor")))
}

/// What the server of a handle says of it, as it says it (RFC 7033 §4.4).
///
/// # Errors
/// `NotFound` for a handle of this server and if nobody is called so; `Remote` if there is no answer, or none that can be
/// read.
pub(super) async fn document(server: &Server, handle: &Handle, budget: &Budget) -> Result<Value> {
    if server.origin().is_own_domain(handle.authority.as_str()) {
        return Err(Error::NotFound);
    }
    let document = match get(server, question(handle, schemes(server))?, ACCEPT, budget).await {
        Ok(body) => body,
        Err(Error::NotFound) => {
            let template = template(server, &handle.authority, budget).await?;
            let resource = format!("acct:{handle}");
            let resource = utf8_percent_encode(&resource, NON_ALPHANUMERIC).to_string();
            let url = Url::parse(&template.replace("{uri}", &resource)).map_err(|_| Error::NotFound)?;
            get(server, url, ACCEPT, budget).await?
        }
        Err(error) => return Err(error),
    };
    json::parse(&document).map_err(|why| Error::remote(handle.authority.as_str(), why.to_string()))
}

/// What a WebFinger question accepts (RFC 7033 §10.2).
pub const ACCEPT: &str = "application/jrd+json, application/json";

/// The URL that asks a handle's own server who that is (RFC 7033 §4.1).
///
/// # Errors
/// `NotFound` if the authority makes no URL.
pub fn question(handle: &Handle, schemes: Schemes) -> Result<Url> {
    let mut url = at(&handle.authority, "/.well-known/webfinger", schemes)?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{handle}"));
    Ok(url)
}

/// Reads a JRD (RFC 7033 §4.4): its subject and the `self` link of an ActivityStreams type.
#[must_use]
pub fn read(document: &Value, schemes: Schemes) -> Option<Found> {
    let subject = Handle::parse(document.get("subject")?.as_str()?)?;
    let links = document.get("links")?.as_array()?;
    let actor = links.iter().take(64).find_map(|link| {
        let text = |name: &str| link.get(name).and_then(Value::as_str);
        let kind = text("type").unwrap_or_default();
        let activity = kind == "application/activity+json"
            || kind.starts_with("application/ld+json") && kind.contains("https://www.w3.org/ns/activitystreams");
        if text("rel") != Some("self") || !activity {
            return None;
        }
        RemoteUri::parse(text("href")?, schemes).ok()
    })?;
    Some(Found { subject, actor })
}

/// The address template of host-meta (RFC 6415 §3): `Link rel="lrdd"`. It must stay on https.
async fn template(server: &Server, authority: &Authority, budget: &Budget) -> Result<String> {
    let url = at(authority, "/.well-known/host-meta", schemes(server))?;
    let body = get(server, url, "application/xrd+xml", budget).await?;
    let text = String::from_utf8_lossy(&body);
    lrdd(&text).ok_or(Error::NotFound)
}

/// Finds the template in the few lines of an XRD without an XML parser: entities but `&amp;` make it useless.
pub(crate) fn lrdd(text: &str) -> Option<String> {
    text.split('<').filter(|tag| tag.starts_with("Link")).find_map(|tag| {
        let attribute = |name: &str| {
            let rest = tag.split_once(&format!("{name}="))?.1;
            let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            rest[1..].split_once(quote).map(|(value, _)| value.replace("&amp;", "&"))
        };
        let template = attribute("template").filter(|template| template.contains("{uri}"))?;
        (attribute("rel")? == "lrdd").then_some(template)
    })
}

async fn get(server: &Server, url: Url, accept: &str, budget: &Budget) -> Result<bytes::Bytes> {
    let hosts = &server.outside().hosts;
    let authority = Authority::of(&url).ok_or(Error::NotFound)?;
    // Host-meta may lead to another.
    refuse_suspended(server, authority.as_str()).await?;
    budget.refuse_quiet(server, authority.as_str())?;
    budget.take()?;
    let limits = AnswerLimits::bytes(crate::limits::FINGER_MAX_BYTES);
    let answer = server.client().get(&url, accept, limits, server).await?;
    hosts.heed(authority.as_str(), &answer, server.now(), server.random());
    match answer.status {
        StatusCode::OK => Ok(answer.body),
        StatusCode::NOT_FOUND => Err(Error::NotFound),
        StatusCode::GONE => Err(Error::Gone),
        status => Err(Error::remote(url.host_str().unwrap_or_default(), format!("answered {status} to webfinger"))),
    }
}

/// An address at a peer: https, or http for the loopback names of a lab.
pub(super) fn at(authority: &Authority, path: &str, schemes: Schemes) -> Result<Url> {
    let plain = schemes == Schemes::Lab && is_loopback_name(authority.host());
    let scheme = if plain { "http" } else { "https" };
    Url::parse(&format!("{scheme}://{authority}{path}")).map_err(|_| Error::NotFound)
}

fn is_loopback_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::{lrdd, read};
    use crate::federation::address::Schemes;
    use serde_json::json;

    #[test]
    fn template_is_found_in_either_quotes_and_order() {
        let wanted = Some("https://a.test/wf?resource={uri}&x=1".to_owned());
        for text in [
            r#"<XRD><Link rel="lrdd" type="x" template="https://a.test/wf?resource={uri}&amp;x=1"/></XRD>"#,
            "<XRD><Link template='https://a.test/wf?resource={uri}&amp;x=1' rel='lrdd'></Link></XRD>",
        ] {
            assert_eq!(lrdd(text), wanted);
        }
        for text in
            ["", "<Link", "<Link rel=\"lrdd\" template=\"https://a.test/\"/>", "<Link rel='x' template='{uri}'>"]
        {
            assert_eq!(lrdd(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_self_link_of_the_right_type_counts() {
        let jrd = |kind: &str, rel: &str| json!({ "subject": "acct:A@b.test", "links": [{ "rel": rel, "type": kind, "href": "https://b.test/a" }] });
        let found = |document| read(&document, Schemes::Https).map(|found| found.actor.as_str().to_owned());
        let wanted = Some("https://b.test/a".to_owned());
        assert_eq!(found(jrd("application/activity+json", "self")), wanted);
        assert_eq!(
            found(jrd("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", "self")),
            wanted
        );
        assert_eq!(found(jrd("application/json", "self")), None);
        assert_eq!(found(jrd("application/activity+json", "http://webfinger.net/rel/profile-page")), None);
        assert_eq!(found(json!({ "subject": "b.test", "links": [] })), None);
    }
}

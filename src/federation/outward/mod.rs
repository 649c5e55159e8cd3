//! Lives here: the ActivityPub documents this server shows: actors, notes, emoji, collections' items.
//! May use: core rooms, `storage`, `text`, `origin::Origin`. Must never name: the network, jobs, api, pages.
//! Invariants: emitted strictly (FEDERATION §2): arrays for to/cc/tag/attachment, full Public IRI, absolute ids,
//! RFC 3339 times in UTC; nothing is shown that `visibility` hides (callers check).

pub mod actor;
pub mod emoji;
pub mod note;

use crate::origin::Origin;
use serde_json::{Value, json};
use std::sync::LazyLock;
use storage::{Timestamp, account::Account};

/// The collection of everybody (ActivityPub §5.6).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The `@context` of every document we emit: the standard's, the signature vocabulary, and the terms in use.
#[must_use]
pub fn context() -> Value {
    static CONTEXT: LazyLock<Value> = LazyLock::new(written_context);
    CONTEXT.clone()
}

fn written_context() -> Value {
    let mut context = json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        "https://w3id.org/security/multikey/v1",
        "https://w3id.org/security/data-integrity/v1",
        {
            "as": "https://www.w3.org/ns/activitystreams#",
            "schema": "http://schema.org#",
            "toot": "http://joinmastodon.org/ns#",
            "ostatus": "http://ostatus.org#",
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "sensitive": "as:sensitive",
            "Hashtag": "as:Hashtag",
            "movedTo": { "@id": "as:movedTo", "@type": "@id" },
            "alsoKnownAs": { "@id": "as:alsoKnownAs", "@type": "@id" },
            "PropertyValue": "schema:PropertyValue",
            "value": "schema:value",
            "Emoji": "toot:Emoji",
            "featured": { "@id": "toot:featured", "@type": "@id" },
            "discoverable": "toot:discoverable",
            "indexable": "toot:indexable",
            "memorial": "toot:memorial",
            "votersCount": "toot:votersCount",
            "suspended": "toot:suspended",
            "blurhash": "toot:blurhash",
            "focalPoint": { "@container": "@list", "@id": "toot:focalPoint" },
            "conversation": "ostatus:conversation",
            "gts": "https://gotosocial.org/ns#",
            "misskey": "https://misskey-hub.net/ns#",
            "fedibird": "http://fedibird.com/ns#",
            "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
            "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
            "quote": { "@id": "https://w3id.org/fep/044f#quote", "@type": "@id" },
            "quoteAuthorization": { "@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id" },
            "quoteUrl": "as:quoteUrl",
            "quoteUri": "fedibird:quoteUri",
            "_misskey_quote": "misskey:_misskey_quote",
            "interactionPolicy": { "@id": "gts:interactionPolicy", "@type": "@id" },
            "canQuote": { "@id": "gts:canQuote", "@type": "@id" },
            "automaticApproval": { "@id": "gts:automaticApproval", "@type": "@id" },
            "interactingObject": { "@id": "gts:interactingObject", "@type": "@id" },
            "interactionTarget": { "@id": "gts:interactionTarget", "@type": "@id" },
            "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger"
        }
    ]);
    // The macro takes no more terms than stand above.
    context[4]["EmojiReact"] = json!("http://litepub.social/ns#EmojiReact");
    context[4]["_misskey_reaction"] = json!("misskey:_misskey_reaction");
    context[4]["directMessage"] = json!("http://litepub.social/ns#directMessage");
    // What a Flag is about; the programs of this network define no term of their own for it.
    context[4]["category"] = json!("schema:category");
    for term in ["atomUri", "inReplyToAtomUri"] {
        context[4][term] = json!(format!("ostatus:{term}"));
    }
    for term in ["canLike", "canReply", "canAnnounce", "manualApproval", "always", "approvalRequired"] {
        context[4][term] = json!({ "@id": format!("gts:{term}"), "@type": "@id" });
    }
    for term in ["likeAuthorization", "replyAuthorization", "announceAuthorization", "approvedBy"] {
        context[4][term] = json!({ "@id": format!("gts:{term}"), "@type": "@id" });
    }
    for name in ["Like", "Reply", "Announce"] {
        for term in [format!("{name}Request"), format!("{name}Authorization")] {
            context[4][&term] = json!(format!("gts:{term}"));
        }
    }
    // More would be too deep for the macro.
    context[4]["attributionDomains"] = json!({ "@id": "toot:attributionDomains", "@type": "@id" });
    context[4]["featuredTags"] = json!({ "@id": "toot:featuredTags", "@type": "@id" });
    for term in ["showFeatured", "showMedia", "showRepliesInMedia"] {
        context[4][term] = json!(format!("toot:{term}"));
    }
    context
}

/// Names what shows that an author agreed to what `document` is: under its own name, and under the one before
/// GoToSocial 0.20.
pub fn authorize(document: &mut Value, name: &str, shown: &str) {
    document[name] = json!(shown);
    document["approvedBy"] = json!(shown);
}

/// Addresses `document` to a group in whose thread it stands, too: who has groups looks for them in `cc` and `audience`
/// (FEP-1b12; Lemmy takes one `audience` only, and it must be the group of the thread).
pub fn address_group(document: &mut Value, group: &Account) {
    let is_named =
        |list: &str| document[list].as_array().is_some_and(|named| named.iter().any(|one| *one == group.uri));
    if !is_named("to") && !is_named("cc") {
        match document["cc"].as_array_mut() {
            Some(named) => named.push(json!(group.uri)),
            None => document["cc"] = json!([group.uri]),
        }
    }
    document["audience"] = json!(group.uri);
}

/// Puts `@context` in front of a document's members.
#[must_use]
pub fn with_context(document: Value) -> Value {
    let mut whole = serde_json::Map::new();
    whole.insert("@context".to_owned(), context());
    if let Value::Object(members) = document {
        whole.extend(members);
    }
    Value::Object(whole)
}

/// A time as RFC 3339 in UTC with whole seconds.
#[must_use]
pub fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_else(|_| "1970-01-01T00:00:00Z".to_owned())
}

/// The ActivityPub id of an account, local or remote.
#[must_use]
pub fn account_uri(origin: &Origin, account: &Account) -> String {
    origin.url(&account.uri)
}

/// The followers collection of an account; `None` for a remote account that names none.
#[must_use]
pub fn followers_uri(origin: &Origin, account: &Account) -> Option<String> {
    if account.is_local() {
        Some(origin.url(&format!("{}/followers", account.uri)))
    } else {
        account.endpoints.followers.clone()
    }
}

/// The collection of what a local account shows first on its profile.
#[must_use]
pub fn featured_uri(origin: &Origin, account: &Account) -> String {
    origin.url(&format!("{}/collections/featured", account.uri))
}

/// A hashtag with its page here; `name` is without `#`.
#[must_use]
pub fn hashtag(origin: &Origin, name: &str) -> Value {
    json!({
        "type": "Hashtag",
        "href": origin.url(&format!("/tags/{}", storage::tag::normalise(name))),
        "name": format!("#{name}"),
    })
}

/// `@name@domain` as it stands in a Mention tag.
#[must_use]
pub fn full_handle(origin: &Origin, account: &Account) -> String {
    let domain = account.domain.as_deref().unwrap_or_else(|| origin.handle_domain());
    format!("@{}@{domain}", account.username)
}

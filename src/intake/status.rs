//! What a request says of a status that is to be written: text, pictures, poll, who may see and do what (client API,
//! statuses#create).

use super::media::words;
use crate::{
    clock,
    error::{Error, Result},
    federation::fetch,
    http::value::Map,
    limits,
    media::Wanted,
    poll::NewPoll,
    present::interaction::groups_named,
    server::Server,
    status::{self, Choice},
};
use storage::{
    MediaId, Timestamp,
    interaction::{InteractionPolicy, Rule},
    quote::Groups,
    status::{ContentType, Visibility},
};

/// The text and warning of a request, composed. Handles nobody here knows are looked up at their servers first, a few,
/// for a short time; whoever is not found stays plain text.
///
/// # Errors
/// `Invalid` for a text that is too long; storage errors.
pub async fn compose(server: &Server, params: &Map, content_type: ContentType) -> Result<(status::Composed, String)> {
    let typed = params.str("status").unwrap_or_default();
    compose_text(server, typed, params.str("spoiler_text").unwrap_or_default(), content_type).await
}

/// The same of a text and a warning.
///
/// # Errors
/// `Invalid` for a text that is too long; storage errors.
pub async fn compose_text(
    server: &Server,
    typed: &str,
    spoiler_text: &str,
    content_type: ContentType,
) -> Result<(status::Composed, String)> {
    let (typed, spoiler_text) = status::text_and_warning(typed, spoiler_text);
    fetch::resolve_named(server, &typed).await?;
    let origin = server.origin().clone();
    let composed = server.read(move |view| status::compose(view, &origin, &typed, content_type)).await?;
    Ok((composed, spoiler_text))
}

/// The pictures a request names, and what it says of them. An id that cannot be one is refused like an unknown one.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn wanted(params: &Map) -> Result<Wanted> {
    let unknown = |text: &str| {
        let text: String = text.chars().take(40).collect();
        Error::invalid("media_ids", format!("Media {text} not found or already attached to another post"))
    };
    let ids = params.texts("media_ids").into_iter().filter(|text| !text.is_empty());
    let ids = ids.map(|text| text.parse::<u64>().map(MediaId).map_err(|_| unknown(text))).collect::<Result<_>>()?;
    let mut said = Vec::new();
    for one in params.maps("media_attributes").into_iter().take(limits::ATTACHED_MAX) {
        said.extend(one.id("id").zip(Some(words(one)?)));
    }
    Ok(Wanted { ids, words: said })
}

/// The poll a request asks for.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn poll(params: &Map) -> Result<Option<NewPoll>> {
    let Some(asked) = params.map("poll") else { return Ok(None) };
    let options: Vec<String> = asked.texts("options").into_iter().map(str::to_owned).collect();
    if options.is_empty() {
        return Ok(None);
    }
    let seconds = asked.int("expires_in").ok_or_else(|| Error::invalid("poll", "expires_in can't be blank"))?;
    Ok(Some(NewPoll {
        options,
        multiple: asked.bool("multiple").unwrap_or(false),
        hide_totals: asked.bool("hide_totals").unwrap_or(false),
        lasts_ms: seconds.saturating_mul(1_000),
    }))
}

/// How a request says its text is written.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn content_type(params: &Map) -> Result<Option<ContentType>> {
    let Some(text) = text(params, "content_type") else { return Ok(None) };
    let known = status::CONTENT_TYPES.into_iter().find(|known| status::mime(*known).eq_ignore_ascii_case(&text));
    let refuse = || Error::invalid("content_type", "content_type is not text/plain or text/markdown");
    known.ok_or_else(refuse).map(Some)
}

/// When a request wants to have something posted.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn moment(params: &Map) -> Result<Option<Timestamp>> {
    let Some(text) = text(params, "scheduled_at") else { return Ok(None) };
    let unreadable = || Error::invalid("scheduled_at", "Scheduled at is not a time");
    clock::parse_moment(&text).ok_or_else(unreadable).map(Some)
}

/// A parameter that says something.
#[must_use]
pub fn text(params: &Map, key: &str) -> Option<String> {
    params.str(key).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The visibility a request asks for.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn visibility(params: &Map) -> Result<Option<Visibility>> {
    Ok(match text(params, "visibility").as_deref() {
        None => None,
        Some("public") => Some(Visibility::Public),
        Some("unlisted") => Some(Visibility::Unlisted),
        Some("private") => Some(Visibility::Private),
        Some("direct") => Some(Visibility::Direct),
        Some(_) => return Err(Error::invalid("visibility", "visibility is not public, unlisted, private or direct")),
    })
}

/// Who may quote, as a request says.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn quote_policy(params: &Map) -> Result<Option<Choice>> {
    Ok(match text(params, "quote_approval_policy").as_deref() {
        None => None,
        Some("public") => Some(Choice::Public),
        Some("followers") => Some(Choice::Followers),
        Some("nobody") => Some(Choice::Nobody),
        Some(_) => {
            let why = "quote_approval_policy is not public, followers or nobody";
            return Err(Error::invalid("quote_approval_policy", why));
        }
    })
}

/// The policy a request gives under `name`; a thing that is left out everybody may.
///
/// # Errors
/// `Invalid` for what is not understood.
pub fn policy(params: &Map, name: &'static str) -> Result<Option<InteractionPolicy>> {
    let Some(given) = params.map(name) else { return Ok(None) };
    let rule = |thing: &str| given.map(thing).map_or_else(|| Ok(Rule::default()), |part| rule(part, name));
    Ok(Some(InteractionPolicy {
        favourite: rule("can_favourite")?,
        reply: rule("can_reply")?,
        reblog: rule("can_reblog")?,
    }))
}

/// Who may do one thing; nobody said at all is everybody.
fn rule(part: &Map, name: &'static str) -> Result<Rule> {
    let groups = |words: [&'static str; 2]| -> Result<Option<Groups>> {
        let Some(word) = words.into_iter().find(|word| part.has(word)) else { return Ok(None) };
        let mut groups = Groups::NOBODY;
        for word in part.texts(word) {
            let unknown =
                || Error::invalid(name, "a group is not one of public, followers, following, mentioned, author, me");
            groups = groups.with(groups_named(word).ok_or_else(unknown)?);
        }
        Ok(Some(groups))
    };
    let automatic = groups(["automatic_approval", "always"])?;
    let manual = groups(["manual_approval", "with_approval"])?;
    Ok(match (automatic, manual) {
        (None, None) => Rule::default(),
        (automatic, manual) => Rule { automatic: automatic.unwrap_or_default(), manual: manual.unwrap_or_default() },
    })
}

//! EmojiReact (Pleroma, Akkoma) and Like with an emoji (Misskey): reactions, both ways. Ours go out as EmojiReact, which
//! Misskey and its kin read, too; by who chose that as Like with an emoji, which Pleroma, Akkoma and Misskey read as the
//! same reaction and everybody else as a favourite.

use super::{Built, Incoming, Received, author_and_group, built, require_account};
use crate::{
    emoji::{self, own},
    error::{Error, Result},
    federation::{
        object::Activity,
        outward::{account_uri, address_group, with_context},
    },
    limits,
    origin::Origin,
    status::{
        self as statuses,
        react::{RemoteEmoji, Told, accept_reaction},
    },
};
use serde_json::{Value, json};
use storage::{
    AccountId, Digest, Read, RowId, StatusId, Tx, account::Account, custom_emoji, delivery::Priority,
    reaction::REACTION_KINDS, status,
};

/// What a reaction to a remote status owes to its author; told as a Like also to the group in whose thread that stands.
///
/// # Errors
/// Storage errors.
pub fn build(
    read: &dyn Read,
    origin: &Origin,
    told: Told,
    account: AccountId,
    status: StatusId,
    row: RowId,
    name: &str,
) -> Result<Option<Built>> {
    let Some(status) = status::find(read, status)? else { return Ok(None) };
    let Some(Shown { picture }) = shown(read, status.id, name)? else { return Ok(None) };
    let (who, author) = (require_account(read, account)?, require_account(read, status.account)?);
    let said = Said { told, name, picture: picture.as_deref(), row, status_uri: &status.uri, author: &author };
    let mut document = with_context(document(origin, &who, &said));
    let group = if told == Told::Favourite { statuses::group_of(read, account, &status)? } else { None };
    if let Some(group) = &group {
        address_group(&mut document, group);
    }
    let audience = author_and_group(author.id, group.as_ref());
    built(&document, account, Digest::of(&told.path(&who, row)), Priority::Public, audience).map(Some)
}

/// How an emoji on a status is drawn.
struct Shown {
    /// Where the picture of a custom one is; a path for one of this server's own.
    picture: Option<String>,
}

/// How `name` on a status is drawn; `None` if nobody puts it there any more, or it was an own one that is gone.
fn shown(read: &dyn Read, status: StatusId, name: &str) -> Result<Option<Shown>> {
    let Some(kind) = REACTION_KINDS.get(read, &(status, name.to_owned()))? else { return Ok(None) };
    if kind.picture.is_some() || !own::is_shortcode(name) {
        return Ok(Some(Shown { picture: kind.picture }));
    }
    Ok(custom_emoji::find(read, name)?.map(|emoji| Shown { picture: Some(emoji.file.path()) }))
}

/// A reaction as its activity tells it.
pub(super) struct Said<'a> {
    pub(super) told: Told,
    pub(super) name: &'a str,
    pub(super) picture: Option<&'a str>,
    pub(super) row: RowId,
    pub(super) status_uri: &'a str,
    pub(super) author: &'a Account,
}

/// An EmojiReact or a Like with an emoji, without `@context`. A custom emoji stands in it by its shortcode, with its picture.
pub(super) fn document(origin: &Origin, who: &Account, said: &Said<'_>) -> Value {
    let shortcode = said.name.split('@').next().unwrap_or_default();
    let mut document = json!({
        "id": origin.url(&said.told.path(who, said.row)),
        "type": match said.told {
            Told::Reaction => "EmojiReact",
            Told::Favourite => "Like",
        },
        "actor": account_uri(origin, who),
        "to": [account_uri(origin, said.author)],
        "object": origin.url(said.status_uri),
        "content": said.name,
    });
    if let Some(picture) = said.picture {
        let id = if picture.starts_with('/') { own::path(shortcode) } else { picture.to_owned() };
        document["content"] = json!(format!(":{shortcode}:"));
        document["tag"] = json!([{
            "type": "Emoji",
            "id": origin.url(&id),
            "name": format!(":{shortcode}:"),
            "icon": { "type": "Image", "url": origin.url(picture) },
        }]);
    }
    if said.told == Told::Favourite {
        document["_misskey_reaction"] = document["content"].clone();
    }
    document
}

/// The emoji of an activity of somebody at `domain`: one of Unicode, or a custom one whose picture comes with it.
pub(super) fn emoji_of(activity: &Activity, domain: &str) -> Option<RemoteEmoji> {
    let content = activity.content.as_deref()?.trim();
    if let Some(name) = emoji::unicode(content) {
        return Some(RemoteEmoji { name, picture: None });
    }
    let inside = content.strip_prefix(':').and_then(|content| content.strip_suffix(':')).unwrap_or(content);
    // Misskey names the server behind it, `.` being its own.
    let shortcode = inside.split('@').next().unwrap_or_default();
    let found = activity.emojis.iter().find(|emoji| emoji.shortcode == shortcode)?;
    let name = format!("{shortcode}@{domain}");
    let fits = name.len() <= limits::REACTION_NAME_BYTES_MAX && found.url.len() <= limits::URI_BYTES_MAX;
    (fits && emoji::is_shortcode(shortcode)).then(|| RemoteEmoji { name, picture: Some(found.url.clone()) })
}

/// The sender reacts to a status that is known here.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let domain = incoming.sender.domain.as_deref().unwrap_or_default();
    match emoji_of(&incoming.activity, domain) {
        Some(emoji) => take(incoming, emoji, accept_reaction).await,
        None => Ok(Received::Dropped("its emoji is none")),
    }
}

/// What becomes of somebody's emoji on a status, the id of whose activity comes last; whether anything changed.
pub(super) type Rule = fn(&mut Tx<'_>, AccountId, StatusId, &RemoteEmoji, &str) -> Result<bool>;

/// The sender puts `emoji` on a status that is known here.
pub(super) async fn take(incoming: &Incoming<'_>, emoji: RemoteEmoji, rule: Rule) -> Result<Received> {
    let target = match incoming.object_id() {
        Ok(target) => target.to_owned(),
        Err(dropped) => return Ok(dropped),
    };
    let (origin, by, uri) = (incoming.origin(), incoming.account, incoming.id());
    let fresh = incoming
        .server
        .write(move |tx| {
            let status = statuses::find_by_uri(tx, &origin, &target)?.ok_or(Error::NotFound)?;
            let emoji = known_here(tx, &origin, &emoji)?;
            rule(tx, by, status.id, &emoji, &uri)
        })
        .await?;
    Ok(if fresh { Received::Done } else { Received::Dropped("known already, or not let") })
}

/// Whoever joins a reaction with one of this server's own emoji puts that one there, not another that looks the same.
fn known_here(read: &dyn Read, origin: &Origin, emoji: &RemoteEmoji) -> Result<RemoteEmoji> {
    let shortcode = emoji.name.split('@').next().unwrap_or_default();
    let Some(path) = emoji.picture.as_deref().and_then(|url| origin.path_of(url)) else { return Ok(emoji.clone()) };
    let own = own::find(read, shortcode)?.filter(|own| own.file.path() == path);
    Ok(own.map_or_else(|| emoji.clone(), |_| RemoteEmoji { name: shortcode.to_owned(), picture: None }))
}

/// The names that a reaction with this emoji may have here, the likeliest first: whether its picture is that of one of this
/// server's own was asked when it was put there, and that one may have been turned off, changed or removed since.
pub(super) fn names_of(origin: &Origin, emoji: &RemoteEmoji) -> Vec<String> {
    // Another emoji that only has the same name is not ours.
    let lies_here = emoji.picture.as_deref().is_some_and(|url| origin.path_of(url).is_some());
    let own = emoji.name.split('@').next().filter(|_| lies_here);
    own.into_iter().chain([emoji.name.as_str()]).map(str::to_owned).collect()
}

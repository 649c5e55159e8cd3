//! Local statuses as Note objects (Activity Vocabulary §3.3; FEDERATION §2, "Posts").

use super::{PUBLIC, account_uri, address_group, authorize, emoji, followers_uri, full_handle, hashtag, time};
use crate::{
    error::{Error, Result},
    federation::status_collections::{self, Marks},
    limits,
    origin::Origin,
    status as rules,
};
use serde_json::{Map, Value, json};
use storage::{
    Read,
    account::{self, Account},
    interaction::{self, Interaction, Rule},
    quote::{self, Groups, QuoteState},
    status::{self, Attachment, ContentType, Poll, PollOption, Status, Visibility},
};

/// Whom an object is addressed to (ActivityPub §5.6; FEDERATION §3, "Visibility").
pub struct Addressing {
    /// Primary recipients.
    pub to: Vec<String>,
    /// Further recipients.
    pub cc: Vec<String>,
}

impl Addressing {
    /// The recipients of something `author` shows with `visibility` and which mentions `mentions`.
    #[must_use]
    pub fn of(origin: &Origin, author: &Account, visibility: Visibility, mentions: &[String]) -> Self {
        let followers: Vec<String> = followers_uri(origin, author).into_iter().collect();
        let public = || vec![PUBLIC.to_owned()];
        let with_mentions = |mut list: Vec<String>| {
            list.extend(mentions.iter().cloned());
            list
        };
        match visibility {
            Visibility::Public => Addressing { to: public(), cc: with_mentions(followers) },
            Visibility::Unlisted => Addressing { to: followers, cc: with_mentions(public()) },
            Visibility::Private => Addressing { to: followers, cc: mentions.to_vec() },
            Visibility::Direct => Addressing { to: mentions.to_vec(), cc: Vec::new() },
        }
    }
}

/// A local status as a Note, without `@context`.
///
/// # Errors
/// Storage errors; `Bug` if the author's row is missing.
pub fn note(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Value> {
    let author = account::find(read, status.account)?
        .ok_or_else(|| Error::Bug(format!("status {} has no author row", status.id)))?;
    let mentioned = mentioned(read, status)?;
    let uris: Vec<String> = mentioned.iter().map(|account| account_uri(origin, account)).collect();
    let Addressing { to, cc } = Addressing::of(origin, &author, status.visibility, &uris);
    let id = origin.url(&status.uri);
    let quoted = quoted(read, origin, status)?;
    let content = match &quoted {
        Some(quoted) => format!("{}{}", rules::fallback(&quoted.page), status.content),
        None => status.content.clone(),
    };
    let summary = (!status.spoiler_text.is_empty()).then_some(status.spoiler_text.as_str());
    let mut document = json!({
        "id": id,
        "type": "Note",
        "summary": summary,
        "inReplyTo": parent_uri(read, origin, status)?,
        "published": time(status.created_at),
        "url": page(origin, &author, status),
        "attributedTo": account_uri(origin, &author),
        "to": to,
        "cc": cc,
        "sensitive": status.sensitive,
        "content": content,
        "interactionPolicy": policy(read, origin, &author, status, &uris)?,
        "attachment": status.attachments.iter().map(|attachment| document(origin, attachment)).collect::<Vec<_>>(),
        "tag": tags(origin, status, &mentioned),
        "replies": status_collections::replies_inline(read, origin, status)?,
        "likes": status_collections::marks_inline(read, origin, status, Marks::Likes)?,
        "shares": status_collections::marks_inline(read, origin, status, Marks::Shares)?,
    });
    if let Some(group) = rules::group_answered(read, status)? {
        address_group(&mut document, &group);
    }
    if let Some(language) = &status.language {
        let mut map = Map::new();
        map.insert(language.clone(), json!(content));
        document["contentMap"] = Value::Object(map);
    }
    let context = status_collections::context_id(read, origin, status)?;
    if let Some(conversation) = status.conversation.as_ref().or(context.as_ref()) {
        document["conversation"] = json!(conversation);
    }
    if let Some(context) = context {
        document["context"] = json!(context);
    }
    if let Some(poll) = &status.poll {
        ask(&mut document, poll, storage::poll::state(read, status.id)?.hide_totals);
    }
    if let Some(quoted) = quoted {
        quoted.name_in(&mut document);
    }
    if let Some(shown) = rules::authorization(read, status.account, Interaction::Reply, status.id)? {
        authorize(&mut document, "replyAuthorization", &origin.url(&shown));
    }
    if status.content_type == ContentType::Markdown {
        document["source"] = json!({ "content": status.text, "mediaType": rules::mime(status.content_type) });
    }
    if let Some(edited_at) = status.edited_at {
        document["updated"] = json!(time(edited_at));
    }
    by_older_names(&mut document, status);
    draw(read, origin, status, &mut document)?;
    Ok(document)
}

/// What older ways to read a Note ask for: Mastodon looks a status up by `atomUri`, too, Pleroma takes `directMessage` for
/// one that is for those it mentions alone.
fn by_older_names(document: &mut Value, status: &Status) {
    document["atomUri"] = document["id"].clone();
    if document["inReplyTo"].is_string() {
        document["inReplyToAtomUri"] = document["inReplyTo"].clone();
    }
    if status.visibility == Visibility::Direct {
        document["directMessage"] = json!(true);
    }
}

/// Adds the emoji of this server's own that the texts name, as many as an activity has room for.
fn draw(read: &dyn Read, origin: &Origin, status: &Status, document: &mut Value) -> Result<()> {
    let mut texts = vec![status.content.as_str(), status.spoiler_text.as_str()];
    texts.extend(status.poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.as_str()));
    let drawn = emoji::tags(read, origin, &texts)?;
    if drawn.is_empty() {
        return Ok(());
    }
    let taken = document.to_string().len() + limits::ACTIVITY_FRAME_BYTES;
    let mut room = limits::ACTIVITY_OUT_MAX.saturating_sub(taken);
    if let Some(tags) = document["tag"].as_array_mut() {
        for tag in drawn {
            let Some(left) = room.checked_sub(tag.to_string().len() + 1) else { break };
            room = left;
            tags.push(tag);
        }
    }
    Ok(())
}

/// A file of a status (FEDERATION §2, "Attachments"). What is not known of it is left out; only a name that it has not is
/// null, as Mastodon sends it.
fn document(origin: &Origin, attachment: &Attachment) -> Value {
    let description = (!attachment.description.is_empty()).then_some(attachment.description.as_str());
    let mut document = json!({
        "type": "Document",
        "mediaType": attachment.media_type,
        "url": origin.url(&attachment.url),
        "name": description,
    });
    if let Some(blurhash) = &attachment.blurhash {
        document["blurhash"] = json!(blurhash);
    }
    for (name, pixels) in [("width", attachment.width), ("height", attachment.height)] {
        if let Some(pixels) = pixels {
            document[name] = json!(pixels);
        }
    }
    if description.is_some() {
        document["summary"] = json!(description);
    }
    if let Some((x, y)) = attachment.focus {
        document["focalPoint"] = json!([f64::from(x) / 1000.0, f64::from(y) / 1000.0]);
    }
    document
}

/// Makes a Note a Question (FEDERATION §2, "Polls"). Counts that are hidden until the end are told as zero.
fn ask(document: &mut Value, poll: &Poll, hide_totals: bool) {
    let hidden = hide_totals && poll.closed_at.is_none();
    let option = |option: &PollOption| {
        let votes = if hidden { 0 } else { option.votes };
        json!({
            "type": "Note",
            "name": option.title,
            "replies": { "type": "Collection", "totalItems": votes },
        })
    };
    document["type"] = json!("Question");
    document[if poll.multiple { "anyOf" } else { "oneOf" }] = poll.options.iter().map(option).collect();
    if let Some(end) = poll.expires_at {
        document["endTime"] = json!(time(end));
    }
    if let Some(closed) = poll.closed_at {
        document["closed"] = json!(time(closed));
    }
    if let Some(voters) = poll.voters {
        document["votersCount"] = json!(voters);
    }
}

/// What a status quotes, as its Note names it.
struct Quoted {
    uri: String,
    page: String,
    stamp: Option<String>,
}

impl Quoted {
    /// Under the name of FEP-044f and the older ones, and as a FEP-e232 link.
    fn name_in(self, document: &mut Value) {
        for name in ["quote", "quoteUrl", "quoteUri", "_misskey_quote"] {
            document[name] = json!(self.uri);
        }
        if let Some(stamp) = self.stamp {
            document["quoteAuthorization"] = json!(stamp);
        }
        if let Some(tags) = document["tag"].as_array_mut() {
            tags.push(json!({
                "type": "Link",
                "mediaType": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
                "rel": "https://misskey-hub.net/ns#_misskey_quote",
                "href": self.uri,
            }));
        }
    }
}

/// What `status` quotes, unless the quoted author said no or it is gone.
fn quoted(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Option<Quoted>> {
    let Some(row) = quote::find(read, status.id)? else { return Ok(None) };
    if matches!(row.state, QuoteState::Rejected | QuoteState::Revoked) {
        return Ok(None);
    }
    let quoted = row.quoted.map(|id| status::find(read, id)).transpose()?.flatten();
    let Some(quoted) = quoted.filter(|quoted| !quoted.local_only) else { return Ok(None) };
    let author = account::find(read, quoted.account)?;
    let page = match author.filter(|author| author.is_local()) {
        Some(author) => page(origin, &author, &quoted),
        None => quoted.url.clone().unwrap_or_else(|| quoted.uri.clone()),
    };
    let agreed = row.state == QuoteState::Accepted && !row.stamp.is_empty();
    Ok(Some(Quoted { uri: origin.url(&quoted.uri), page, stamp: agreed.then(|| origin.url(&row.stamp)) }))
}

/// Who may quote (FEP-044f, `interactionPolicy`): the author alone where nobody else may, because an empty list reads
/// as nothing said. Where not everybody may do the rest, who may (GoToSocial, under both its names).
fn policy(read: &dyn Read, origin: &Origin, author: &Account, status: &Status, mentioned: &[String]) -> Result<Value> {
    let groups = rules::policy(read, status)?.automatic;
    let mut allowed: Vec<String> = Vec::new();
    if groups.has(Groups::PUBLIC) {
        allowed.push(PUBLIC.to_owned());
    }
    if groups.has(Groups::FOLLOWERS) {
        allowed.extend(followers_uri(origin, author));
    }
    if allowed.is_empty() {
        allowed.push(account_uri(origin, author));
    }
    let mut stated = json!({ "canQuote": { "automaticApproval": allowed } });
    let Some(policy) = interaction::policy(read, status.id)? else { return Ok(stated) };
    let parts = [("canLike", policy.favourite), ("canReply", policy.reply), ("canAnnounce", policy.reblog)];
    for (name, Rule { mut automatic, manual }) in parts {
        if name == "canReply" {
            automatic = automatic.with(Groups::MENTIONED);
        }
        let mut freely = people(origin, author, automatic, mentioned);
        if !automatic.has(Groups::PUBLIC) {
            freely.insert(0, account_uri(origin, author));
        }
        let once_asked = people(origin, author, manual, mentioned);
        stated[name] = json!({
            "automaticApproval": freely,
            "always": freely,
            "manualApproval": once_asked,
            "approvalRequired": once_asked,
        });
    }
    Ok(stated)
}

/// Groups as actors and collections; everybody stands for all others.
fn people(origin: &Origin, author: &Account, groups: Groups, mentioned: &[String]) -> Vec<String> {
    if groups.has(Groups::PUBLIC) {
        return vec![PUBLIC.to_owned()];
    }
    let mut found = Vec::new();
    if groups.has(Groups::FOLLOWERS) {
        found.extend(followers_uri(origin, author));
    }
    if groups.has(Groups::FOLLOWING) {
        found.push(origin.url(&format!("{}/following", author.uri)));
    }
    if groups.has(Groups::MENTIONED) {
        found.extend(mentioned.iter().cloned());
    }
    found
}

/// The page of a local status.
#[must_use]
pub fn page(origin: &Origin, author: &Account, status: &Status) -> String {
    origin.url(&format!("/@{}/{}", author.username, status.id))
}

/// The accounts a status mentions, those still known.
///
/// # Errors
/// Storage errors.
pub fn mentioned(read: &dyn Read, status: &Status) -> Result<Vec<Account>> {
    let mut accounts = Vec::with_capacity(status.mentions.len());
    for id in &status.mentions {
        accounts.extend(account::find(read, *id)?);
    }
    Ok(accounts)
}

fn parent_uri(read: &dyn Read, origin: &Origin, status: &Status) -> Result<Option<String>> {
    let Some(reply) = &status.reply else { return Ok(None) };
    let parent = match reply.status {
        Some(id) => status::find(read, id)?,
        None => None,
    };
    Ok(match parent {
        // What stays on this server is unknown elsewhere.
        Some(parent) if parent.local_only => None,
        Some(parent) => Some(origin.url(&parent.uri)),
        None => (!reply.uri.is_empty()).then(|| reply.uri.clone()),
    })
}

fn tags(origin: &Origin, status: &Status, mentioned: &[Account]) -> Vec<Value> {
    let mentions = mentioned.iter().map(|account| {
        json!({
            "type": "Mention",
            "href": account_uri(origin, account),
            "name": full_handle(origin, account),
        })
    });
    mentions.chain(status.tags.iter().map(|name| hashtag(origin, name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::{Lab, START, plain};
    use storage::{StatusId, status::Reply};

    #[test]
    fn a_file_says_nothing_of_what_is_not_known_of_it() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let written = |attachment: Attachment| {
            let status = Status { attachments: vec![attachment], ..plain(StatusId(7), ann, START) };
            lab.read(|read| note(read, &origin, &status))["attachment"][0].clone()
        };
        let bare = Attachment {
            id: 1,
            url: "/media/a.mp3".to_owned(),
            media_type: "audio/mpeg".to_owned(),
            description: String::new(),
            blurhash: None,
            width: None,
            height: None,
            focus: None,
        };
        let url = "https://here.test/media/a.mp3";
        let wanted = json!({"type": "Document", "mediaType": "audio/mpeg", "url": url, "name": null});
        assert_eq!(written(bare.clone()), wanted);
        let known =
            written(Attachment { blurhash: Some("LEHV6n".to_owned()), width: Some(4), height: Some(3), ..bare });
        assert_eq!((&known["blurhash"], &known["width"], &known["height"]), (&json!("LEHV6n"), &json!(4), &json!(3)));
    }

    #[test]
    fn older_names_say_the_same_and_nothing_more() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let written = |status: &Status| lab.read(|read| note(read, &origin, status));
        let open = plain(StatusId(7), ann, START);
        let first = written(&open);
        assert_eq!(first["atomUri"], "https://here.test/users/x/statuses/7");
        assert!(first.get("inReplyToAtomUri").is_none() && first.get("directMessage").is_none(), "{first}");
        let above = "https://far.test/notes/1";
        let reply = Reply { uri: above.to_owned(), status: None, account: None };
        let direct = written(&Status { visibility: Visibility::Direct, reply: Some(reply), ..open });
        assert_eq!((&direct["inReplyToAtomUri"], &direct["directMessage"]), (&json!(above), &json!(true)));
        assert_eq!(direct["inReplyTo"], direct["inReplyToAtomUri"]);
    }
}

//! What a message says (client API, push: the payload that apps read).

use crate::{error::Result, notification, text};
use serde::Serialize;
use storage::{
    NotificationId, Read, account,
    notification::{Notification, NotificationKind},
    push::Subscription,
    status, user,
};

/// Characters of a status that a message tells.
const BODY_CHARS: usize = 140;

/// The content of a message; at most some 1 000 bytes of the 4 096 that push services carry (RFC 8030 §7.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// By which a program knows which of its accounts this is for.
    pub access_token: String,
    /// The person's language.
    pub preferred_locale: String,
    /// The notification, to be read through the client API.
    pub notification_id: String,
    /// Its kind.
    pub notification_type: &'static str,
    /// A picture of who did it: its path or address as the account's row has it; filled by who sends.
    pub icon: String,
    /// One line.
    pub title: String,
    /// What was said.
    pub body: String,
}

/// The message about a notification that `subscription`'s account may see.
///
/// # Errors
/// Storage errors.
pub fn message(
    read: &dyn Read,
    subscription: &Subscription,
    id: NotificationId,
    row: &Notification,
) -> Result<Message> {
    let from = account::find(read, row.from)?;
    let name = from.map_or_else(|| "Somebody".to_owned(), |from| shown_name(&from));
    let about = match row.about() {
        Some(status) => status::find(read, status)?,
        None => None,
    };
    let body = about.map(|status| match status.spoiler_text.as_str() {
        "" => text::plain_text(&status.content),
        warning => warning.to_owned(),
    });
    Ok(Message {
        notification_id: id.to_string(),
        notification_type: notification::kind_name(row.kind),
        title: title(row.kind, &name),
        body: shortened(&body.unwrap_or_default()),
        ..plain(read, subscription)?
    })
}

impl Message {
    /// A message that only shows that messages come.
    ///
    /// # Errors
    /// Storage errors.
    pub fn of_test(read: &dyn Read, subscription: &Subscription) -> Result<Message> {
        Ok(Message {
            notification_type: "mention",
            title: "A test".to_owned(),
            body: "Messages from your server reach this device.".to_owned(),
            ..plain(read, subscription)?
        })
    }
}

fn plain(read: &dyn Read, subscription: &Subscription) -> Result<Message> {
    let locale = user::find(read, subscription.account)?.map_or_else(|| "en".to_owned(), |user| user.locale);
    Ok(Message {
        access_token: subscription.token.clone(),
        preferred_locale: locale,
        notification_id: "0".to_owned(),
        notification_type: "",
        icon: String::new(),
        title: String::new(),
        body: String::new(),
    })
}

fn shown_name(account: &account::Account) -> String {
    let name = account.display_name.trim();
    shortened(if name.is_empty() { &account.username } else { name })
}

fn title(kind: NotificationKind, name: &str) -> String {
    match kind {
        NotificationKind::Mention => format!("{name} mentioned you"),
        NotificationKind::Status => format!("{name} posted"),
        NotificationKind::Reblog => format!("{name} boosted your post"),
        NotificationKind::Follow => format!("{name} follows you"),
        NotificationKind::FollowRequest => format!("{name} asks to follow you"),
        NotificationKind::Favourite => format!("{name} favourited your post"),
        NotificationKind::Reaction => format!("{name} reacted to your post"),
        NotificationKind::Update => format!("{name} edited a post"),
        NotificationKind::Poll => "A poll has ended".to_owned(),
        NotificationKind::PendingFavourite => format!("{name} would favourite your post"),
        NotificationKind::PendingReply => format!("{name} would reply to you"),
        NotificationKind::PendingReblog => format!("{name} would boost your post"),
        NotificationKind::ModerationWarning => "A decision about your account".to_owned(),
        NotificationKind::Quote => format!("{name} quoted you"),
        NotificationKind::QuotedUpdate => format!("{name} edited a post you quoted"),
        NotificationKind::AddedToCollection => format!("{name} put you into a collection"),
        NotificationKind::CollectionUpdate => format!("{name} changed a collection you are in"),
        NotificationKind::AdminReport => format!("{name} reported somebody"),
        NotificationKind::AdminSignUp => format!("{name} signed up"),
    }
}

fn shortened(text: &str) -> String {
    let mut chars = text.char_indices();
    match chars.nth(BODY_CHARS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(shortened("short"), "short");
        let cut = shortened(&"ä".repeat(BODY_CHARS + 1));
        assert_eq!(cut.chars().count(), BODY_CHARS + 1);
        assert!(cut.ends_with('…'));
    }
}

//! What others say must fit into a row of the store: long texts are cut, and what is too large all the same is refused.

use super::{RemoteReply, RemoteStatus};
use crate::{
    error::{Error, Result},
    limits,
    origin::check_uri,
    text::{escape, sanitise::sanitise, shorten::shorten},
};

/// Cuts what is too long for `limits::STATUS_BYTES_MAX`: the text, down to half of the room that texts have, its end a link
/// to the whole; then the longest descriptions.
pub fn fit(remote: &mut RemoteStatus) {
    let bytes = bytes(remote);
    if bytes <= limits::STATUS_BYTES_MAX {
        return;
    }
    let described: usize = remote.attachments.iter().map(|media| media.description.len()).sum();
    let room = limits::STATUS_BYTES_MAX.saturating_sub(bytes - remote.content.len() - described);
    let for_text = room.saturating_sub(described).max(room / 2);
    if remote.content.len() > for_text {
        let page = escape(remote.url.as_ref().unwrap_or(&remote.uri));
        let whole = sanitise(&format!("<p>… <a href=\"{page}\">{page}</a></p>"));
        remote.content = shorten(&remote.content, for_text.saturating_sub(whole.len())) + &whole;
    }
    let left = room.saturating_sub(remote.content.len());
    if described > left {
        let each = left / remote.attachments.len().max(1);
        for media in &mut remote.attachments {
            media.description.truncate(media.description.floor_char_boundary(each));
        }
    }
}

/// Refuses what does not fit: `fit` has cut what it can, so beyond this somebody is playing.
pub(super) fn check(remote: &RemoteStatus) -> Result<()> {
    check_uri(&remote.uri)?;
    let bytes = bytes(remote);
    if bytes > limits::STATUS_BYTES_MAX {
        let why = format!("status has {bytes} bytes; at most {}", limits::STATUS_BYTES_MAX);
        return Err(Error::invalid("object", why));
    }
    Ok(())
}

fn bytes(remote: &RemoteStatus) -> usize {
    let parent = if let Some(RemoteReply::Remote(uri)) = &remote.reply { uri.len() } else { 0 };
    let optional = [&remote.url, &remote.conversation, &remote.language];
    let media: usize = remote.attachments.iter().map(|media| media.url.len() + media.description.len() + 64).sum();
    let emojis: usize = remote.emojis.iter().map(|emoji| emoji.shortcode.len() + emoji.url.len()).sum();
    let tags: usize = remote.tags.iter().take(limits::STATUS_TAGS_MAX).map(String::len).sum();
    let options: usize = remote.poll.iter().flat_map(|poll| &poll.options).map(|option| option.title.len() + 16).sum();
    remote.uri.len()
        + remote.content.len()
        + remote.spoiler_text.len()
        + optional.iter().map(|text| text.as_ref().map_or(0, String::len)).sum::<usize>()
        + parent
        + media
        + emojis
        + tags
        + options
}

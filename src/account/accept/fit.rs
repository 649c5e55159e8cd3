//! What other servers say of an account must fit into a row of the store: its own words give way, not the account.

use super::RemoteAccount;
use crate::{limits, text::shorten::shorten};

/// Cuts what is too long for `limits::REMOTE_PROFILE_BYTES_MAX`: the bio to a third of it, then what does not fit any more
/// of the fields, another third, and of aliases, domains and emoji, in this order. Descriptions of the pictures are cut in
/// any case.
pub fn fit(remote: &mut RemoteAccount) {
    for picture in [&mut remote.avatar, &mut remote.header].into_iter().flatten() {
        let end = picture.description.floor_char_boundary(limits::PROFILE_PICTURE_ALT_BYTES_MAX);
        picture.description.truncate(end);
    }
    if bytes(remote) <= limits::REMOTE_PROFILE_BYTES_MAX {
        return;
    }
    let third = limits::REMOTE_PROFILE_BYTES_MAX / 3;
    remote.note = shorten(&remote.note, third);
    let mut left = third;
    keep(&mut remote.fields, &mut left, |(name, value)| name.len() + value.len());
    let texts: usize = remote.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    let said = remote.display_name.len() + remote.note.len() + texts;
    let mut left = limits::REMOTE_PROFILE_BYTES_MAX.saturating_sub(said);
    keep(&mut remote.also_known_as, &mut left, String::len);
    keep(&mut remote.attribution_domains, &mut left, String::len);
    keep(&mut remote.emojis, &mut left, |emoji| emoji.shortcode.len() + emoji.url.len());
}

/// Keeps what there is room for, the first before others.
fn keep<T>(list: &mut Vec<T>, left: &mut usize, bytes: impl Fn(&T) -> usize) {
    list.retain(|one| match left.checked_sub(bytes(one)) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    });
}

/// Bytes of what the bound counts.
pub(super) fn bytes(remote: &RemoteAccount) -> usize {
    let texts = remote.fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    let emojis = remote.emojis.iter().map(|emoji| emoji.shortcode.len() + emoji.url.len()).sum::<usize>();
    let aliases = remote.also_known_as.iter().map(String::len).sum::<usize>();
    let domains = remote.attribution_domains.iter().map(String::len).sum::<usize>();
    remote.note.len() + remote.display_name.len() + texts + emojis + aliases + domains
}

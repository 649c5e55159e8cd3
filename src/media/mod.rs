//! Lives here: pictures people upload: taking them, processing them, giving them to statuses, forgetting them.
//! May use: the lowest rooms, `storage`. Must never name: status, timelines, HTTP, ActivityPub, the server.
//! Must never name: a codec outside of `picture`.
//! Invariants: what a file is, is told by its content; a row refers only to files that are on the disk; what was accepted
//! is processed, also after a crash; an upload belongs to one account and to one status at most.

pub mod address;
pub mod picture;
mod strip;

pub use address::{Addresses, Variant};

use crate::{
    error::{Error, Result},
    limits,
};
use std::{ops::ControlFlow, sync::Arc};
use storage::{
    AccountId, Bounds, Direction, Event, MediaId, Read, StatusId, Tx,
    blob::Kept,
    media::{self, File, LOOSE, Media, MediaState, Picture, ProfilePicture},
    scheduled,
    status::Attachment,
};

/// A received file that is to become a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Who uploads.
    pub account: AccountId,
    /// The number of the received file.
    pub number: u64,
    /// What is said of it.
    pub words: Words,
}

/// What its owner says of a picture; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Alternative text.
    pub description: Option<String>,
    /// Focal point, in thousandths.
    pub focus: Option<(i32, i32)>,
}

/// The pictures of a status as an edit or a new status wants them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Which, in order.
    pub ids: Vec<MediaId>,
    /// New words for some of them.
    pub words: Vec<(MediaId, Words)>,
}

/// What becomes of the pictures of a deleted status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They may be used again for `limits::MEDIA_LOOSE_MS`.
    Loose,
    /// They go with it.
    Gone,
}

/// Takes an upload; the job that processes it is in the same commit.
///
/// # Errors
/// `Invalid` for an overlong description.
///
/// Source: client API, media#v2.
pub fn accept(tx: &mut Tx<'_>, upload: &Upload) -> Result<Media> {
    let mut media = Media {
        id: tx.next_id(),
        account: upload.account,
        state: MediaState::Waiting(upload.number),
        description: String::new(),
        focus: None,
        status: None,
        loose_since: tx.now(),
    };
    say(&mut media, &upload.words)?;
    media::insert(tx, &media, upload.number);
    Ok(media)
}

/// Files that were made of a picture, held until the rule that refers to them has run.
#[derive(Clone)]
pub struct Files {
    original: (File, Arc<Kept>),
    small: (File, Arc<Kept>),
    blurhash: String,
    animated: bool,
}

impl Files {
    /// Makes what `processed` holds durable. Waits for the disk.
    ///
    /// # Errors
    /// `Storage`.
    pub fn keep(files: &storage::Files, processed: &picture::Processed) -> Result<Self> {
        Ok(Files {
            original: keep(files, &processed.original)?,
            small: keep(files, &processed.small)?,
            blurhash: processed.blurhash.clone(),
            animated: processed.animated,
        })
    }

    fn picture(&self) -> Picture {
        let Files { original, small, blurhash, animated } = self;
        Picture { original: original.0, small: small.0, blurhash: blurhash.clone(), animated: *animated }
    }
}

fn keep(files: &storage::Files, made: &picture::Made) -> Result<(File, Arc<Kept>)> {
    let kept = files.keep(&made.bytes)?;
    Ok((File::of(&kept, made.kind, made.width, made.height), Arc::new(kept)))
}

/// The picture of a profile, or of an emoji, on the disk, held until the rule that refers to it has run.
#[derive(Clone)]
pub struct ProfileFiles {
    picture: ProfilePicture,
    _kept: Vec<Arc<Kept>>,
}

impl std::fmt::Debug for ProfileFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.picture.fmt(f)
    }
}

impl PartialEq for ProfileFiles {
    fn eq(&self, other: &Self) -> bool {
        self.picture == other.picture
    }
}

impl Eq for ProfileFiles {}

impl ProfileFiles {
    /// Makes a picture and its still one durable. Waits for the disk.
    ///
    /// # Errors
    /// `Storage`.
    pub fn keep(files: &storage::Files, made: &picture::Made, still: Option<&picture::Made>) -> Result<Self> {
        let (file, kept) = keep(files, made)?;
        let still = still.map(|still| keep(files, still)).transpose()?;
        let picture = ProfilePicture { file, still: still.as_ref().map(|(file, _)| *file) };
        Ok(ProfileFiles { picture, _kept: [kept].into_iter().chain(still.map(|(_, kept)| kept)).collect() })
    }

    /// What rows say of it.
    #[must_use]
    pub fn picture(&self) -> &ProfilePicture {
        &self.picture
    }
}

/// Says how processing ended: its files, or why there are none. An upload deleted meanwhile stays deleted.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, id: MediaId, number: u64, outcome: &Result<Files, String>) -> Result<()> {
    let Some(media) = media::find(tx, id)?.filter(|media| media.state == MediaState::Waiting(number)) else {
        return Ok(());
    };
    let state = match outcome {
        Ok(files) => MediaState::Ready(files.picture()),
        Err(why) => MediaState::Failed(why.clone()),
    };
    media::settle(tx, &media, number, state)?;
    tx.emit(Event::MediaProcessed { media: id });
    Ok(())
}

/// The upload `id` of `account`.
///
/// # Errors
/// `NotFound` if it is not theirs.
pub fn require(read: &dyn Read, account: AccountId, id: MediaId) -> Result<Media> {
    media::find(read, id)?.filter(|media| media.account == account).ok_or(Error::NotFound)
}

/// Changes what is said of an upload that belongs to no status yet; later an edit of the status does.
///
/// # Errors
/// `NotFound` if it is not theirs or belongs to a status; `Invalid` for an overlong description.
///
/// Source: client API, media#update.
pub fn update(tx: &mut Tx<'_>, account: AccountId, id: MediaId, words: &Words) -> Result<Media> {
    let mut media = require(tx, account, id)?;
    if media.status.is_some() {
        return Err(Error::NotFound);
    }
    say(&mut media, words)?;
    media::put(tx, &media);
    Ok(media)
}

/// Deletes an upload that belongs to no status.
///
/// # Errors
/// `NotFound` if it is not theirs; `Invalid` if a status has it.
///
/// Source: client API, media#delete.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: MediaId) -> Result<()> {
    let media = require(tx, account, id)?;
    if media.status.is_some() || scheduled::keeps(tx, id)?.is_some() {
        return Err(Error::invalid("id", "Media attachment is currently used by a status"));
    }
    Ok(media::remove(tx, &media)?)
}

/// Gives uploads to a status of `author`, which may have some of them already; what it no longer wants stays with it out
/// of sight, for its history.
///
/// # Errors
/// `Invalid` in Mastodon's words for too many, for what is not theirs, belongs to another status, or is not ready.
///
/// Source: client API, statuses#create and statuses#update.
pub fn attach(tx: &mut Tx<'_>, author: AccountId, status: StatusId, wanted: &Wanted) -> Result<Vec<Attachment>> {
    let refuse = |why: String| Err(Error::invalid("media_ids", why));
    let mut attached = Vec::with_capacity(wanted.ids.len());
    for (media, attachment) in chosen(tx, author, Some(status), wanted)? {
        media::attach(tx, &media, status);
        attached.push(attachment);
    }
    if media::of_status(tx, status, limits::MEDIA_OF_STATUS_MAX + 1)?.len() > limits::MEDIA_OF_STATUS_MAX {
        return refuse(format!("status has had {} files by now; no more", limits::MEDIA_OF_STATUS_MAX));
    }
    Ok(attached)
}

/// Looks at uploads of `author` that a scheduled status is to keep: from when it is stored, nothing else may use them and
/// they do not go.
///
/// # Errors
/// As `attach`.
pub fn reserve(tx: &mut Tx<'_>, author: AccountId, wanted: &Wanted) -> Result<Vec<Attachment>> {
    let mut kept = Vec::with_capacity(wanted.ids.len());
    for (media, attachment) in chosen(tx, author, None, wanted)? {
        media::put(tx, &media);
        kept.push(attachment);
    }
    Ok(kept)
}

/// Lets go uploads that a scheduled status kept: they may be used again for `limits::MEDIA_LOOSE_MS`.
///
/// # Errors
/// Storage errors.
pub fn let_go(tx: &mut Tx<'_>, kept: &[MediaId]) -> Result<()> {
    for id in kept {
        if let Some(media) = media::find(tx, *id)?.filter(|media| media.status.is_none()) {
            media::renew(tx, &media);
        }
    }
    Ok(())
}

/// What `wanted` names, with the words it says, as `status` (none yet: of a scheduled one) will hold it.
fn chosen(
    read: &dyn Read,
    author: AccountId,
    status: Option<StatusId>,
    wanted: &Wanted,
) -> Result<Vec<(Media, Attachment)>> {
    let refuse = |why: String| Err(Error::invalid("media_ids", why));
    if wanted.ids.len() > limits::ATTACHED_MAX {
        return refuse(format!("Cannot attach more than {} files", limits::ATTACHED_MAX));
    }
    let mut found = Vec::with_capacity(wanted.ids.len());
    for (at, id) in wanted.ids.iter().enumerate() {
        let usable = |media: &Media| media.account == author && (media.status.is_none() || media.status == status);
        let known = media::find(read, *id)?.filter(usable).filter(|_| !wanted.ids[..at].contains(id));
        let free = scheduled::keeps(read, *id)?.is_none();
        let Some(mut media) = known.filter(|_| free) else {
            return refuse(format!("Media {id} not found or already attached to another post"));
        };
        for (_, words) in wanted.words.iter().filter(|(named, _)| named == id) {
            say(&mut media, words)?;
        }
        let Some(attachment) = attachment(&media) else {
            return refuse("Cannot attach files that have not finished processing. Try again in a moment!".to_owned());
        };
        found.push((media, attachment));
    }
    Ok(found)
}

/// Parts a deleted status from its pictures.
///
/// # Errors
/// Storage errors.
pub fn part(tx: &mut Tx<'_>, status: StatusId, fate: Fate) -> Result<()> {
    for media in media::of_status(tx, status, limits::MEDIA_OF_STATUS_MAX)? {
        match fate {
            Fate::Loose => media::detach(tx, &media),
            Fate::Gone => media::remove(tx, &media)?,
        }
    }
    Ok(())
}

/// Removes a few uploads that have belonged to no status for `limits::MEDIA_LOOSE_MS`; whether there may be more. What a
/// scheduled status keeps is looked at again after that time.
///
/// # Errors
/// Storage errors.
pub fn drop_loose(tx: &mut Tx<'_>) -> Result<bool> {
    // It makes room: the jobs that remove the files are few bytes.
    tx.accept_when_full();
    let until = tx.now().plus_ms(-limits::MEDIA_LOOSE_MS);
    let mut old = Vec::new();
    LOOSE.scan(tx, &(), Bounds::NONE, Direction::Ascending, |(since, id), ()| {
        if since > until || old.len() >= limits::LOOSE_DROPPED_AT_ONCE {
            return Ok(ControlFlow::Break(()));
        }
        old.push((since, id));
        Ok(ControlFlow::Continue(()))
    })?;
    for key in &old {
        match media::find(tx, key.1)? {
            Some(media) if scheduled::keeps(tx, media.id)?.is_some() => media::renew(tx, &media),
            Some(media) => media::remove(tx, &media)?,
            None => LOOSE.delete(tx, key),
        }
    }
    Ok(old.len() == limits::LOOSE_DROPPED_AT_ONCE)
}

/// A ready upload as a status holds it.
fn attachment(media: &Media) -> Option<Attachment> {
    let MediaState::Ready(picture) = &media.state else { return None };
    Some(Attachment {
        id: media.id.0,
        url: picture.original.path(),
        media_type: picture.original.kind.mime().to_owned(),
        description: media.description.clone(),
        blurhash: Some(picture.blurhash.clone()),
        width: Some(picture.original.width),
        height: Some(picture.original.height),
        focus: media.focus,
    })
}

fn say(media: &mut Media, words: &Words) -> Result<()> {
    if let Some(description) = &words.description {
        let description = description.replace('\0', "").trim().to_owned();
        let chars = description.chars().count();
        if chars > limits::MEDIA_DESCRIPTION_CHARS_MAX {
            let most = limits::MEDIA_DESCRIPTION_CHARS_MAX;
            return Err(Error::invalid("description", format!("description has {chars} characters; at most {most}")));
        }
        media.description = description;
    }
    media.focus = words.focus.or(media.focus);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;
    use storage::{
        BlobHash,
        job::JobKind,
        media::{FileKind, MEDIA},
    };

    #[test]
    fn uploads_that_nobody_used_go_on_a_full_disk_too() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        let uploaded = lab.write(move |tx| {
            let media = accept(tx, &Upload { account: ann, number: 7, words: Words::default() })?;
            let file = |name: &str| {
                let hash = BlobHash::of(name.as_bytes());
                File { hash, kind: FileKind::Png, bytes: 9, width: 3, height: 3 }
            };
            let (original, small) = (file("large"), file("small"));
            let picture = Picture { original, small, blurhash: String::new(), animated: false };
            media::settle(tx, &media, 7, MediaState::Ready(picture))?;
            Ok(media.id)
        });
        let id = uploaded.expect("uploaded");
        lab.advance(limits::MEDIA_LOOSE_MS + 1);
        lab.disk.set_free_space(Some(0));
        assert!(!lab.write(drop_loose).expect("it makes room"));
        assert!(!lab.read(|read| Ok(MEDIA.contains(read, &id)?)));
        let files = lab.jobs().into_iter().filter(|job| matches!(job, JobKind::RemoveFile { .. }));
        assert_eq!(files.count(), 2, "its files go by jobs");
    }
}

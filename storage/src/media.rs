//! Pictures uploaded here: the row of each, how often a file is referred to, and the pictures of profiles.

use crate::{
    account::ACCOUNTS,
    blob::{BlobHash, Kept},
    check::describe::{Claim, Counter, Counts, Described, Index, Owner, Pointer, Reference, always},
    custom_emoji::{self, CUSTOM_EMOJI},
    error::Result,
    id::{AccountId, MediaId, StatusId, Timestamp},
    job::{self, JobKind},
    key::Key,
    limits,
    log::Transaction,
    octets::Octets,
    record,
    record::Record,
    status::{self, STATUSES},
    store::{Store, Tx},
    table::{Bounds, Direction, KeyRange, Read, Table},
};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// What a file is, by its own first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF, still or moving.
    Gif,
    /// WebP, still or moving.
    Webp,
}

impl FileKind {
    /// Every kind taken.
    pub const ALL: [FileKind; 4] = [FileKind::Jpeg, FileKind::Png, FileKind::Gif, FileKind::Webp];

    /// What a file beginning with `head` is; names and stated types do not count.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(FileKind::Png),
            [0xff, 0xd8, 0xff, ..] => Some(FileKind::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(FileKind::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileKind::Webp),
            _ => None,
        }
    }

    /// Its MIME type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Gif => "image/gif",
            FileKind::Webp => "image/webp",
        }
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            FileKind::Png => "png",
            FileKind::Jpeg => "jpg",
            FileKind::Gif => "gif",
            FileKind::Webp => "webp",
        }
    }
}

/// A file as rows refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name on disk.
    pub hash: BlobHash,
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    pub bytes: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl File {
    /// A file just kept.
    #[must_use]
    pub fn of(kept: &Kept, kind: FileKind, width: u32, height: u32) -> Self {
        File { hash: kept.hash(), kind, bytes: kept.bytes(), width, height }
    }

    /// The path it is served under.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/media/{}.{}", self.hash, self.kind.ending())
    }
}

/// What is known of a processed picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// As it is shown large.
    pub original: File,
    /// As it is shown in timelines: always still.
    pub small: File,
    /// Blurhash.
    pub blurhash: String,
    /// It moves.
    pub animated: bool,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaState {
    /// Received under this number, not yet looked at.
    Waiting(u64),
    /// Ready to be shown.
    Ready(Picture),
    /// It could not be read; why, for its owner.
    Failed(String),
}

/// An uploaded picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Its number.
    pub id: MediaId,
    /// Who uploaded it.
    pub account: AccountId,
    /// How far it is.
    pub state: MediaState,
    /// Alternative text; may be empty.
    pub description: String,
    /// Focal point, in thousandths from -1000 to 1000.
    pub focus: Option<(i32, i32)>,
    /// The status it belongs to, also if an edit has taken it out of sight: the history shows it.
    pub status: Option<StatusId>,
    /// Since when it belongs to no status; it goes some time after.
    pub loose_since: Timestamp,
}
record!(Media, 1);

/// How often rows refer to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// What it is: its `Content-Type`.
    pub kind: FileKind,
    /// Bytes.
    pub bytes: u64,
    /// How many references there are.
    pub references: u64,
}
record!(Blob, 1);

/// Which picture of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfilePart {
    /// The small square one.
    Avatar,
    /// The wide one.
    Header,
}

/// The avatar or header of a local account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfilePicture {
    /// The picture.
    pub file: File,
    /// A still one, if it moves.
    pub still: Option<File>,
}
record!(ProfilePicture, 1);

/// All uploads.
pub const MEDIA: Table<MediaId, Media> = Table::new(160, "media");
/// Files and how often they are referred to.
pub const BLOBS: Table<BlobHash, Blob> = Table::new(161, "blob");
/// (status, media): what goes with a status.
pub const MEDIA_OF_STATUS: Table<(StatusId, MediaId), ()> = Table::new(162, "media_of_status");
/// (since when, media): uploads of no status, oldest first.
pub const LOOSE: Table<(Timestamp, MediaId), ()> = Table::new(163, "media_loose");
/// Number of a received file → what it will be.
pub const UPLOADS: Table<u64, MediaId> = Table::new(164, "upload");
/// (account, 0 avatar or 1 header) → picture.
pub const PROFILE_PICTURES: Table<(AccountId, u8), ProfilePicture> = Table::new(165, "profile_picture");
/// One row: what addresses of remote pictures are signed with.
pub const SECRET: Table<u8, Octets> = Table::new(166, "media_secret");

/// The upload with this id.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: MediaId) -> Result<Option<Media>> {
    MEDIA.get(read, &id)
}

/// Stores a new upload and the job that will process it.
pub fn insert(tx: &mut Tx<'_>, media: &Media, upload: u64) {
    MEDIA.put(tx, &media.id, media);
    LOOSE.put(tx, &(media.loose_since, media.id), &());
    UPLOADS.put(tx, &upload, &media.id);
    job::enqueue(tx, JobKind::ProcessMedia { media: media.id, upload });
}

/// Says how processing an upload ended, and refers to its files.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, media: &Media, upload: u64, state: MediaState) -> Result<()> {
    if let MediaState::Ready(picture) = &state {
        refer(tx, &picture.original)?;
        refer(tx, &picture.small)?;
    }
    UPLOADS.delete(tx, &upload);
    MEDIA.put(tx, &media.id, &Media { state, ..media.clone() });
    Ok(())
}

/// Changes what is said of an upload.
pub fn put(tx: &mut Tx<'_>, media: &Media) {
    MEDIA.put(tx, &media.id, media);
}

/// Gives an upload to a status.
pub fn attach(tx: &mut Tx<'_>, media: &Media, status: StatusId) {
    LOOSE.delete(tx, &(media.loose_since, media.id));
    MEDIA_OF_STATUS.put(tx, &(status, media.id), &());
    MEDIA.put(tx, &media.id, &Media { status: Some(status), ..media.clone() });
}

/// Takes an upload from its status: it may be used again for a while.
pub fn detach(tx: &mut Tx<'_>, media: &Media) {
    if let Some(status) = media.status {
        MEDIA_OF_STATUS.delete(tx, &(status, media.id));
    }
    let loose_since = tx.now();
    LOOSE.put(tx, &(loose_since, media.id), &());
    MEDIA.put(tx, &media.id, &Media { status: None, loose_since, ..media.clone() });
}

/// An upload that belongs to no status may be used for a while from now on.
pub fn renew(tx: &mut Tx<'_>, media: &Media) {
    LOOSE.delete(tx, &(media.loose_since, media.id));
    let loose_since = tx.now();
    LOOSE.put(tx, &(loose_since, media.id), &());
    MEDIA.put(tx, &media.id, &Media { loose_since, ..media.clone() });
}

/// Removes an upload and its references to files.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, media: &Media) -> Result<()> {
    MEDIA.delete(tx, &media.id);
    LOOSE.delete(tx, &(media.loose_since, media.id));
    if let Some(status) = media.status {
        MEDIA_OF_STATUS.delete(tx, &(status, media.id));
    }
    match &media.state {
        MediaState::Waiting(upload) => UPLOADS.delete(tx, upload),
        MediaState::Ready(picture) => {
            release(tx, &picture.original)?;
            release(tx, &picture.small)?;
        }
        MediaState::Failed(_) => {}
    }
    Ok(())
}

/// The uploads that belong to a status, also those of earlier versions; at most `limit`.
///
/// # Errors
/// Storage errors.
pub fn of_status(read: &dyn Read, status: StatusId, limit: usize) -> Result<Vec<Media>> {
    let rows = MEDIA_OF_STATUS.list(read, &status, Bounds::NONE, Direction::Ascending, limit)?;
    let mut found = Vec::with_capacity(rows.len());
    for ((_, id), ()) in rows {
        found.extend(find(read, id)?);
    }
    Ok(found)
}

/// Refers to a file once more. The caller holds it as [`Kept`] until the transaction has been executed.
///
/// # Errors
/// Storage errors.
pub fn refer(tx: &mut Tx<'_>, file: &File) -> Result<()> {
    let references = BLOBS.get(tx, &file.hash)?.map_or(0, |blob| blob.references) + 1;
    BLOBS.put(tx, &file.hash, &Blob { kind: file.kind, bytes: file.bytes, references });
    Ok(())
}

/// Refers to a file once less; a job removes what nothing refers to.
///
/// # Errors
/// Storage errors.
pub fn release(tx: &mut Tx<'_>, file: &File) -> Result<()> {
    let Some(blob) = BLOBS.get(tx, &file.hash)? else { return Ok(()) };
    if blob.references > 1 {
        BLOBS.put(tx, &file.hash, &Blob { references: blob.references - 1, ..blob });
        return Ok(());
    }
    BLOBS.delete(tx, &file.hash);
    job::enqueue(tx, JobKind::RemoveFile { hash: file.hash });
    Ok(())
}

/// Calls `visit` with each file that rows refer to, in the order of their hashes, until it breaks. Between two views of
/// `limits::CHECK_ROWS` rows others write. A row that cannot be read is passed over: the walk over all rows names it.
///
/// # Errors
/// Storage errors, and those of `visit`.
pub(crate) fn each_file(store: &Store, visit: impl FnMut(BlobHash, &Blob) -> Result<ControlFlow<()>>) -> Result<()> {
    each_file_in(store, &KeyRange::all(), visit)
}

/// The same with the files whose hashes lie in a range.
///
/// # Errors
/// As `each_file`.
pub(crate) fn each_file_in(
    store: &Store,
    range: &KeyRange,
    mut visit: impl FnMut(BlobHash, &Blob) -> Result<ControlFlow<()>>,
) -> Result<()> {
    // By name as well: tests have tables of their own.
    if !store.shared().options.tables.iter().any(|table| table.id == BLOBS.id && table.name == BLOBS.name) {
        return Ok(());
    }
    let mut left = range.clone();
    loop {
        let some = store.read(|view| some_files(view, &left))?;
        for (hash, blob) in &some.rows {
            if visit(*hash, blob)?.is_break() {
                return Ok(());
            }
        }
        let Some(last) = some.last else { return Ok(()) };
        left.from = [&last[..], &[0]].concat();
    }
}

/// Some rows of files.
struct SomeFiles {
    rows: Vec<(BlobHash, Blob)>,
    /// The key of the last one; `None`: there are no more.
    last: Option<Vec<u8>>,
}

/// The first rows of a range.
fn some_files(read: &dyn Read, range: &KeyRange) -> Result<SomeFiles> {
    let (mut rows, mut seen, mut last) = (Vec::new(), 0, Vec::new());
    read.scan_bytes(BLOBS.id, range, Direction::Ascending, &mut |key, value| {
        if let (Some(hash), Ok(blob)) = (BlobHash::from_bytes(key), Blob::decode(value)) {
            rows.push((hash, blob));
        }
        seen += 1;
        last = key.to_vec();
        Ok(if seen < limits::CHECK_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(SomeFiles { rows, last: (seen == limits::CHECK_ROWS).then_some(last) })
}

/// The row of a file; `None`: nothing refers to it.
///
/// # Errors
/// Storage errors.
pub(crate) fn blob_of(store: &Store, hash: BlobHash) -> Result<Option<Blob>> {
    store.read(|view| BLOBS.get(view, &hash))
}

/// Whether a row refers to a file.
///
/// # Errors
/// Storage errors.
pub(crate) fn is_referred_to(store: &Store, hash: BlobHash) -> Result<bool> {
    store.read(|view| BLOBS.contains(view, &hash))
}

/// The rows of files that a transaction set, or removed (`None`), as far as they can be read.
pub(crate) fn files_in(transaction: &Transaction) -> impl Iterator<Item = (BlobHash, Option<Blob>)> {
    let of_files = transaction.operations.iter().filter(|operation| operation.table == BLOBS.id);
    of_files.filter_map(|operation| {
        let hash = BlobHash::from_bytes(&operation.key)?;
        match &operation.value {
            Some(value) => Blob::decode(value).ok().map(|blob| (hash, Some(blob))),
            None => Some((hash, None)),
        }
    })
}

/// The picture of a local profile.
///
/// # Errors
/// Storage errors.
pub fn profile_picture(read: &dyn Read, account: AccountId, part: ProfilePart) -> Result<Option<ProfilePicture>> {
    PROFILE_PICTURES.get(read, &(account, part as u8))
}

/// Changes the picture of a local profile, or takes it away.
///
/// # Errors
/// Storage errors.
pub fn set_profile_picture(
    tx: &mut Tx<'_>,
    account: AccountId,
    part: ProfilePart,
    picture: Option<&ProfilePicture>,
) -> Result<()> {
    let key = (account, part as u8);
    let before = PROFILE_PICTURES.get(tx, &key)?;
    match picture {
        Some(picture) => {
            refer(tx, &picture.file)?;
            picture.still.as_ref().map_or(Ok(()), |still| refer(tx, still))?;
            PROFILE_PICTURES.put(tx, &key, picture);
        }
        None => PROFILE_PICTURES.delete(tx, &key),
    }
    // Referred to first, released then: the same picture again keeps its file.
    if let Some(before) = before {
        release(tx, &before.file)?;
        before.still.as_ref().map_or(Ok(()), |still| release(tx, still))?;
    }
    Ok(())
}

/// What addresses of remote pictures are signed with; `None` before the first start made it.
///
/// # Errors
/// Storage errors.
pub fn secret(read: &dyn Read) -> Result<Option<Octets>> {
    SECRET.get(read, &0)
}

/// Stores what addresses of remote pictures are signed with.
pub fn put_secret(tx: &mut Tx<'_>, secret: &Octets) {
    SECRET.put(tx, &0, secret);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &MEDIA_OF_STATUS,
        of: &[&MEDIA],
        wants: |id, media| media.status.iter().map(|status| ((*status, *id), ())).collect(),
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &LOOSE,
        of: &[&MEDIA],
        wants: |id, media| if media.status.is_none() { vec![((media.loose_since, *id), ())] } else { Vec::new() },
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &UPLOADS,
        of: &[&MEDIA],
        wants: |id, media| match media.state {
            MediaState::Waiting(upload) => vec![(upload, *id)],
            _ => Vec::new(),
        },
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference {
        of: &MEDIA,
        to: |_, media| {
            let files = files_of(media).into_iter().map(|hash| Pointer::to(&BLOBS, &hash));
            let status = media.status.iter().map(|status| Pointer::to(&STATUSES, status));
            files.chain(status).chain([Pointer::to(&ACCOUNTS, &media.account)]).collect()
        },
        unless: status::is_purged,
    },
    &Reference {
        of: &PROFILE_PICTURES,
        to: |(account, _), picture| {
            let files = shown_in(picture).into_iter().map(|hash| Pointer::to(&BLOBS, &hash));
            files.chain([Pointer::to(&ACCOUNTS, account)]).collect()
        },
        unless: always,
    },
    &Counter {
        name: "references",
        table: &BLOBS,
        owners: &[Owner::each(&BLOBS)],
        counts: Counts::Found(references_to),
        get: |blob| blob.map_or(0, |blob| blob.references),
        // A file nobody refers to is found by the sweep.
        set: |blob, references| blob.map(|blob| Blob { references, ..blob }).filter(|blob| blob.references > 0),
    },
];

fn files_of(media: &Media) -> Vec<BlobHash> {
    match &media.state {
        MediaState::Ready(picture) => vec![picture.original.hash, picture.small.hash],
        MediaState::Waiting(_) | MediaState::Failed(_) => Vec::new(),
    }
}

fn shown_in(picture: &ProfilePicture) -> Vec<BlobHash> {
    [picture.file].iter().chain(&picture.still).map(|file| file.hash).collect()
}

/// How often uploads, profiles and emoji name a file. They have no list by file: of many, this is passed over.
fn references_to(read: &dyn Read, hash: &BlobHash) -> Result<Option<u64>> {
    let most = limits::CHECK_REFERRERS;
    let uploads = MEDIA.list(read, &(), Bounds::NONE, Direction::Ascending, most + 1)?;
    let profiles = PROFILE_PICTURES.list(read, &(), Bounds::NONE, Direction::Ascending, most + 1)?;
    let emoji = CUSTOM_EMOJI.list(read, &(), Bounds::NONE, Direction::Ascending, most + 1)?;
    if uploads.len() > most || profiles.len() > most || emoji.len() > most {
        return Ok(None);
    }
    let named = uploads.iter().flat_map(|(_, media)| files_of(media));
    let named = named.chain(profiles.iter().flat_map(|(_, picture)| shown_in(picture)));
    let named = named.chain(emoji.iter().flat_map(|(_, emoji)| custom_emoji::shown_in(emoji)));
    Ok(Some(named.filter(|named| named == hash).count() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(byte: u8) -> File {
        File { hash: BlobHash([byte; 32]), kind: FileKind::Jpeg, bytes: 300, width: 4, height: 3 }
    }

    #[test]
    fn rows_are_stored_as_they_always_were() {
        let picture = Picture { original: file(1), small: file(2), blurhash: "L".to_owned(), animated: true };
        let media = Media {
            id: MediaId(5),
            account: AccountId(6),
            state: MediaState::Ready(picture.clone()),
            description: "a".to_owned(),
            focus: Some((-500, 250)),
            status: Some(StatusId(7)),
            loose_since: Timestamp(8),
        };
        let bytes_of = |byte: u8| [&[byte; 32][..], &[1, 0xac, 2, 4, 3]].concat();
        let expected =
            [&[1, 5, 6, 1][..], &bytes_of(1), &bytes_of(2), &[1, b'L', 1, 1, b'a', 1, 0xe7, 7, 0xf4, 3, 1, 7, 16]]
                .concat();
        assert_eq!(media.encode(), expected);
        assert_eq!(Media::decode(&expected).expect("reads"), media);
        let waiting = Media { state: MediaState::Waiting(9), focus: None, status: None, ..media };
        assert_eq!(waiting.encode(), [1, 5, 6, 0, 9, 1, b'a', 0, 0, 16]);
        assert_eq!(Blob { kind: FileKind::Webp, bytes: 1, references: 2 }.encode(), [1, 3, 1, 2]);
        let shown = ProfilePicture { file: file(1), still: None };
        assert_eq!(shown.encode(), [&[1][..], &bytes_of(1), &[0]].concat());
    }

    #[test]
    fn kinds_are_told_by_content() {
        for (head, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some(FileKind::Png)),
            (b"\xff\xd8\xff\xe0", Some(FileKind::Jpeg)),
            (b"GIF89a", Some(FileKind::Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(FileKind::Webp)),
            (b"RIFF\0\0\0\0WAVEfmt ", None),
            (b"<svg xmlns=", None),
            (b"<!DOCTYPE html>", None),
            (b"\0\0\0 ftypavif", None),
            (b"", None),
        ] {
            assert_eq!(FileKind::of(head), kind, "{head:?}");
        }
    }
}

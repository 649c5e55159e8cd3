//! Pictures of other servers, fetched when somebody here looks at them, and kept for a while.

use super::{foreign, refuse_suspended};
use crate::{
    error::{Error, Result},
    federation::{address::RemoteUri, client::AnswerLimits},
    limits,
    media::{Variant, picture},
    server::Server,
};
use http::StatusCode;
use std::{sync::Arc, time::Duration};
use storage::{Digest, media::FileKind, vfs::VfsFile};

const ACCEPT: &str = "image/webp, image/png, image/jpeg, image/gif";

/// A picture of another server, kept here.
pub struct Copy {
    /// What it is.
    pub kind: FileKind,
    /// Its content.
    pub file: Arc<dyn VfsFile>,
    /// Its bytes.
    pub bytes: u64,
}

/// The picture at `url`: from its copy here, or fetched once for whoever waits for it. What failed is not asked for again
/// for `limits::FETCH_NEGATIVE_MS`.
///
/// # Errors
/// `NotFound` and `Gone` as its server answers; `Remote` for everything else, also for what is no picture of a kind taken;
/// `Needs` for what has no copy here while none is fetched or kept, because the disk is in trouble or room is short.
pub async fn copy(server: &Server, variant: Variant, url: &str) -> Result<Copy> {
    let key = format!("{} {url}", variant.kept_as().word());
    let name = Digest::of(&key);
    if let Some(copy) = find(server, name).await? {
        return Ok(copy);
    }
    let memory = &server.outside().memory;
    memory.refuse_failed(&key, server.now())?;
    // Whoever waited in vain for others knows nothing of this picture: that is not remembered.
    let patience = Duration::from_millis(limits::REMOTE_PICTURE_WAIT_MS);
    let work = tokio::time::timeout(patience, in_turn(server, variant, url, &key, name));
    work.await.unwrap_or_else(|_| Err(Error::Needs { uri: shortened(url) }))
}

/// Fetches unless somebody else just has.
async fn in_turn(server: &Server, variant: Variant, url: &str, key: &str, name: Digest) -> Result<Copy> {
    let from = foreign(server, url)?;
    refuse_suspended(server, from.authority().as_str()).await?;
    let memory = &server.outside().memory;
    let turn = memory.turn(key);
    let _turn = turn.lock().await;
    if let Some(copy) = find(server, name).await? {
        return Ok(copy);
    }
    memory.refuse_failed(key, server.now())?;
    // Pictures of others are the first thing to wait (DESIGN §8), and the first for which there is no room.
    if server.disk().is_in_trouble() || !server.room().remote_media() {
        return Err(Error::Needs { uri: shortened(url) });
    }
    // One host that hangs leaves places to the others.
    let place = name.0[0] % limits::REMOTE_PICTURES_PER_HOST;
    let host = memory.turn(&format!("pictures {place} {}", from.authority().as_str()));
    let _host = host.lock().await;
    let closed = |_| Error::Bug("a bound was closed".to_owned());
    let _permit = server.outside().pictures.acquire().await.map_err(closed)?;
    // Those that were fetched meanwhile may have taken the room.
    if !server.room().remote_media() {
        return Err(Error::Needs { uri: shortened(url) });
    }
    let made = match made(server, variant, &from).await {
        Ok(made) => made,
        Err(error) => {
            memory.remember_failure(key, &error, server.now());
            return Err(error);
        }
    };
    let most = server.room().copies_most();
    if made.len() as u64 > most {
        let why = format!("picture has {} bytes; all copies together may take {most}", made.len());
        let error = Error::remote(from.authority().as_str(), why);
        memory.remember_failure(key, &error, server.now());
        return Err(error);
    }
    if !keep(server, name, made).await? {
        return Err(Error::Needs { uri: shortened(url) });
    }
    find(server, name).await?.ok_or(Error::NotFound)
}

/// Keeps a copy if there is room for it. The room is taken where nothing cancels the work any more.
async fn keep(server: &Server, name: Digest, made: Vec<u8>) -> Result<bool> {
    let (of_server, cache, now) = (server.clone(), server.cache().clone(), server.now());
    let work = move || {
        let bytes = made.len() as u64;
        if !of_server.takes_copy(bytes) {
            return Ok(false);
        }
        let kept = cache.keep(name, &made, now);
        of_server.room().note_copy(bytes);
        Ok(kept.map(|()| true)?)
    };
    server.on_disk(work).await
}

/// What is to be kept of the picture at `from`.
async fn made(server: &Server, variant: Variant, from: &RemoteUri) -> Result<Vec<u8>> {
    let host = || from.authority().as_str().to_owned();
    let patience = Duration::from_millis(limits::REMOTE_PICTURE_MS);
    let late = |_| Error::remote(host(), format!("no picture within {} ms", limits::REMOTE_PICTURE_MS));
    let most = match variant {
        Variant::Emoji | Variant::StillEmoji => limits::REMOTE_EMOJI_BYTES,
        Variant::Whole | Variant::Wide | Variant::Small | Variant::Avatar => limits::REMOTE_PICTURE_BYTES,
    };
    let bytes = tokio::time::timeout(patience, get(server, from, most)).await.map_err(late)??;
    let make = move || match variant {
        Variant::Whole => picture::checked(&bytes),
        Variant::Wide => picture::reduced(&bytes, limits::HEADER_PIXELS).map(|made| made.bytes),
        Variant::Small | Variant::Avatar => picture::reduced(&bytes, limits::PREVIEW_PIXELS).map(|made| made.bytes),
        Variant::Emoji => picture::checked_emoji(&bytes),
        Variant::StillEmoji => picture::checked_emoji(&bytes)
            .and_then(|clean| picture::reduced(&clean, limits::PREVIEW_PIXELS))
            .map(|made| made.bytes),
    };
    server.picture(make).await.map_err(|error| match error {
        Error::Invalid { why, .. } => Error::remote(host(), why),
        other => other,
    })
}

/// The copy called `name`. A file that is none any more (a disk that forgot it in a power cut) is fetched anew.
async fn find(server: &Server, name: Digest) -> Result<Option<Copy>> {
    let (cache, now) = (server.cache().clone(), server.now());
    let look = move || {
        let Some(file) = cache.find(name, now)? else { return Ok(None) };
        let failed = |source| storage::Error::Io { what: "read a copy of a picture".to_owned(), source };
        let mut head = [0; 16];
        let read = file.read_at(0, &mut head).map_err(failed)?;
        let bytes = file.size().map_err(failed)?;
        Ok(FileKind::of(&head[..read]).map(|kind| Copy { kind, file, bytes }))
    };
    server.on_disk(look).await
}

async fn get(server: &Server, from: &RemoteUri, most_bytes: usize) -> Result<bytes::Bytes> {
    let bounds = AnswerLimits::bytes(most_bytes);
    let (hosts, host) = (&server.outside().hosts, from.authority().as_str());
    hosts.refuse_quiet(host, server.now())?;
    let answer = server.client().get(&from.to_url(), ACCEPT, bounds, server).await?;
    hosts.heed(host, &answer, server.now(), server.random());
    match answer.status {
        StatusCode::OK => Ok(answer.body),
        StatusCode::NOT_FOUND => Err(Error::NotFound),
        StatusCode::GONE => Err(Error::Gone),
        status => Err(Error::remote(from.authority().as_str(), format!("answered {status} for a picture"))),
    }
}

fn shortened(url: &str) -> String {
    url.chars().take(200).collect()
}

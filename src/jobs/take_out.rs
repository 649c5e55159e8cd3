//! Writes the archive of an account: its actor, what it wrote, likes and keeps, its pictures. It is written from the
//! beginning again after a restart; nothing of it is to be had before it is whole.
//!
//! The files are those of Mastodon's archives (its `BackupService`).

use super::Outcome;
use crate::{
    error::{Error, Result},
    federation::{
        activity::{announce, create},
        outward::{actor::actor, with_context},
    },
    limits,
    server::Server,
    transfer::{takeout as takeouts, tar::Tar},
};
use serde_json::{Value, json};
use std::io::{self, Write};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, StatusId, Table, Timestamp, account,
    blob::Incoming,
    job::ATTEMPTS_MAX,
    media::{self, File, MediaState, ProfilePart},
    status::{self, BOOKMARK_ROWS, FAVOURITE_ROWS, STATUSES_OF_ACCOUNT},
    takeout::{self, TakeoutState},
    vfs::VfsFile,
};

/// Runs it.
pub(super) async fn run(server: &Server, account: AccountId, asked_at: Timestamp, attempts: u32) -> Outcome {
    // An archive takes hours where there is much: the others leave their places to imports until its turn is over.
    let Some(_turn) = server.takeout_turn() else {
        return Outcome::Waits(server.now().plus_ms(limits::TAKEOUT_TURN_MS));
    };
    let state = match written(server, account, asked_at).await {
        Ok(()) => return Outcome::Done,
        Err(Error::TooLarge { .. }) => TakeoutState::TooLarge,
        Err(error) => match Outcome::of(&error, server, attempts) {
            later @ Outcome::Later(..) if attempts + 1 < ATTEMPTS_MAX => return later,
            _ => {
                tracing::warn!(%account, %error, "an archive could not be written");
                TakeoutState::Failed
            }
        },
    };
    match server.write(move |tx| Ok(takeout::note(tx, account, asked_at, |known| known.state = state)?)).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::of(&error, server, attempts),
    }
}

async fn written(server: &Server, account: AccountId, asked_at: Timestamp) -> Result<()> {
    let known = server.read(move |view| Ok(takeout::find(view, account)?)).await?;
    let Some(known) = known.filter(|known| known.asked_at == asked_at && known.state == TakeoutState::Writing) else {
        return Ok(());
    };
    let (name, most) = (known.file(account), takeouts::most(server.room().budget()));
    let others = others(server, account, name.clone()).await?;
    let mut work = Work { server, account, asked_at, others, most, beside: 0, told: 0, done: 0 };
    let texts = work.texts().await?;
    work.beside = texts.bytes();
    let mut archive = work.begin().await?;
    archive = work.spooled(archive, "outbox.json", texts).await?;
    for (name, marks) in [("likes.json", &FAVOURITE_ROWS), ("bookmarks.json", &BOOKMARK_ROWS)] {
        work.beside = archive.out().0.bytes();
        let listed = work.marks(name, marks).await?;
        work.beside = listed.bytes();
        archive = work.spooled(archive, name, listed).await?;
    }
    work.beside = 0;
    archive = work.pictures(archive).await?;
    let files = server.files().clone();
    let bytes = server
        .on_disk(move || {
            let out = archive.finish().map_err(failed)?.0;
            let bytes = out.bytes();
            files.take_out(out, &name)?;
            Ok(bytes)
        })
        .await?;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let ready = |known: &mut takeout::Takeout| (known.state, known.bytes) = (TakeoutState::Ready, bytes);
        Ok(takeout::note(tx, account, asked_at, ready)?)
    };
    server.write(rule).await
}

/// Bytes of the archives of others. What is left of former ones of this account goes: this one comes in their place.
async fn others(server: &Server, account: AccountId, name: String) -> Result<u64> {
    let files = server.files().clone();
    server
        .on_disk(move || {
            let there = files.taken_out_bytes()?;
            for (file, _) in &there {
                if *file != name && takeouts::named(file).is_some_and(|(owner, _)| owner == account) {
                    files.forget_taken_out(file)?;
                }
            }
            Ok(takeouts::of_others(&there, account))
        })
        .await
}

/// A file that is written to as any other.
struct Out(Incoming);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.append(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Archive = Tar<Out>;

fn failed(error: io::Error) -> Error {
    Error::Storage(storage::Error::io("write an archive", error))
}

/// Several steps of one read: where the next begins, and what was read.
type Page<T> = (Vec<T>, Option<StatusId>);

struct Work<'a> {
    server: &'a Server,
    account: AccountId,
    asked_at: Timestamp,
    /// Bytes of the archives of others, and of all that there may be.
    others: u64,
    most: u64,
    /// Bytes of what lies beside the file that is being written.
    beside: u64,
    /// Statuses looked at, and how many of them are stored as progress.
    done: u64,
    told: u64,
}

impl Work<'_> {
    /// A file beside the archive: what has to be known as a whole before it can go in.
    async fn receive(&self) -> Result<Incoming> {
        let (files, number) = (self.server.files().clone(), self.server.random());
        self.server.on_disk(move || Ok(files.receive(number)?)).await
    }

    async fn append(&self, mut file: Incoming, bytes: Vec<u8>) -> Result<Incoming> {
        self.require_room(file.bytes() + bytes.len() as u64)?;
        self.server
            .on_disk(move || {
                file.append(&bytes)?;
                Ok(file)
            })
            .await
    }

    /// What an archive may take, what all may take, and whether there is room for what nobody needs at once (DESIGN §8).
    fn require_room(&self, bytes: u64) -> Result<()> {
        let (limit, all) = (limits::TAKEOUT_BYTES_MAX.min(self.most), bytes.saturating_add(self.beside));
        if bytes > limit || all > self.most {
            return Err(Error::TooLarge { limit: usize::try_from(limit).unwrap_or(usize::MAX) });
        }
        if all.saturating_add(self.others) > self.most {
            return Err(Error::Forbidden("The archives of others take the room that this one needs"));
        }
        if self.server.room().backfill() { Ok(()) } else { Err(Error::Storage(storage::Error::Full)) }
    }

    async fn look<T: Send + 'static>(
        &mut self,
        behind: StatusId,
        each: fn(&dyn Read, &crate::origin::Origin, &status::Status, &mut Vec<T>) -> Result<()>,
    ) -> Result<Page<T>> {
        let (account, origin) = (self.account, self.server.origin().clone());
        let (found, next, looked) = self
            .server
            .read(move |view| {
                let from = Bounds { above: Some(behind.0), below: None };
                let rows =
                    STATUSES_OF_ACCOUNT.list(view, &account, from, Direction::Ascending, limits::TAKEOUT_STATUSES)?;
                let mut found = Vec::new();
                for ((_, id), _) in &rows {
                    if let Some(status) = status::find(view, *id)? {
                        each(view, &origin, &status, &mut found)?;
                    }
                }
                let next = rows.last().filter(|_| rows.len() == limits::TAKEOUT_STATUSES).map(|((_, id), _)| *id);
                Ok((found, next, rows.len() as u64))
            })
            .await?;
        self.done += looked;
        if self.done >= self.told + limits::TAKEOUT_TOLD {
            self.told = self.done;
            let (asked_at, done) = (self.asked_at, self.done);
            self.server.write(move |tx| Ok(takeout::note(tx, account, asked_at, |known| known.done = done)?)).await?;
        }
        Ok((found, next))
    }

    /// `outbox.json`: an ordered collection of activities, the oldest first.
    async fn texts(&mut self) -> Result<Incoming> {
        let head = with_context(json!({ "id": "outbox.json", "type": "OrderedCollection" }));
        let mut file = self.receive().await?;
        file = self.append(file, opened(&head)?).await?;
        let (mut behind, mut first) = (Some(StatusId(0)), true);
        while let Some(from) = behind {
            let (activities, next) = self.look(from, activity).await?;
            let mut text = Vec::new();
            for activity in activities {
                if !std::mem::take(&mut first) {
                    text.push(b',');
                }
                text.extend(activity);
            }
            file = self.append(file, text).await?;
            behind = next;
        }
        self.append(file, b"]}".to_vec()).await
    }

    /// `likes.json` and `bookmarks.json`: collections of addresses.
    async fn marks(&mut self, name: &str, marks: &'static Table<(AccountId, RowId), StatusId>) -> Result<Incoming> {
        let head = with_context(json!({ "id": name, "type": "OrderedCollection" }));
        let mut file = self.receive().await?;
        file = self.append(file, opened(&head)?).await?;
        let (account, mut behind, mut first) = (self.account, Some(0), true);
        while let Some(from) = behind {
            let origin = self.server.origin().clone();
            let (found, next) = self
                .server
                .read(move |view| {
                    let from = Bounds { above: Some(from), below: None };
                    let most = limits::EXPORT_ROWS_AT_ONCE;
                    let rows = marks.list(view, &account, from, Direction::Ascending, most)?;
                    let mut found = Vec::new();
                    for (_, id) in &rows {
                        found.extend(status::find(view, *id)?.map(|status| json!(origin.url(&status.uri)).to_string()));
                    }
                    Ok((found, rows.last().filter(|_| rows.len() == most).map(|((_, row), _)| row.0)))
                })
                .await?;
            let mut text = String::new();
            for address in found {
                if !std::mem::take(&mut first) {
                    text.push(',');
                }
                text.push_str(&address);
            }
            file = self.append(file, text.into_bytes()).await?;
            behind = next;
        }
        self.append(file, b"]}".to_vec()).await
    }

    /// The archive with the actor and the pictures of its profile.
    async fn begin(&mut self) -> Result<Archive> {
        let (account, origin) = (self.account, self.server.origin().clone());
        let (mut document, pictures) = self
            .server
            .read(move |view| {
                let record = account::find(view, account)?.ok_or(Error::NotFound)?;
                let keys = account::SIGNING_KEYS.get(view, &account)?.ok_or(Error::NotFound)?;
                let document = actor(view, &origin, &record, &keys)?;
                let picture =
                    |part| Ok::<_, Error>(media::profile_picture(view, account, part)?.map(|known| known.file));
                Ok((document, [("avatar", picture(ProfilePart::Avatar)?), ("header", picture(ProfilePart::Header)?)]))
            })
            .await?;
        document["likes"] = json!("likes.json");
        document["bookmarks"] = json!("bookmarks.json");
        document["outbox"] = json!("outbox.json");
        for ((name, picture), field) in pictures.iter().zip(["icon", "image"]) {
            if let Some(file) = picture {
                document[field]["url"] = json!(format!("{name}.{}", file.kind.ending()));
            }
        }
        let text = serde_json::to_vec(&document).map_err(|error| Error::Bug(format!("an actor as JSON: {error}")))?;
        let (out, seconds) = (self.receive().await?, u64::try_from(self.asked_at.0 / 1_000).unwrap_or(0));
        let mut archive = self
            .server
            .on_disk(move || {
                let mut archive = Tar::new(Out(out), seconds);
                archive.file("actor.json", &text).map_err(failed)?;
                Ok(archive)
            })
            .await?;
        for (name, picture) in pictures {
            if let Some(file) = picture {
                archive = self.picture(archive, format!("{name}.{}", file.kind.ending()), file).await?;
            }
        }
        Ok(archive)
    }

    /// The pictures of all statuses; one that stands in several is one file.
    async fn pictures(&mut self, mut archive: Archive) -> Result<Archive> {
        let (mut behind, mut there) = (Some(StatusId(0)), std::collections::HashSet::new());
        while let Some(from) = behind {
            let (files, next) = self.look(from, attached).await?;
            for file in files {
                if there.insert(file.hash) {
                    let name = file.path().trim_start_matches('/').to_owned();
                    archive = self.picture(archive, name, file).await?;
                }
            }
            behind = next;
        }
        Ok(archive)
    }

    /// One picture; one whose file is gone or is not as long as it was is left out.
    async fn picture(&self, archive: Archive, name: String, file: File) -> Result<Archive> {
        let (files, hash) = (self.server.files().clone(), file.hash);
        let open = move || -> Result<_> {
            let Some(open) = files.open(hash)? else { return Ok(None) };
            Ok(Some((open.size().map_err(failed)?, open)))
        };
        match self.server.on_disk(open).await? {
            Some((bytes, open)) if bytes == file.bytes => self.copied(archive, name, open, bytes).await,
            found => {
                tracing::warn!(%hash, cut = found.is_some(), "a picture is missing or cut, and not in the archive");
                Ok(archive)
            }
        }
    }

    /// A file that was written beside.
    async fn spooled(&self, archive: Archive, name: &'static str, spool: Incoming) -> Result<Archive> {
        let bytes = spool.bytes();
        let mut archive = self.on_disk(archive, move |archive| archive.begin(name, bytes).map_err(failed)).await?;
        let (mut spool, mut at) = (spool, 0);
        while at < bytes {
            self.require_room(archive.out().0.bytes())?;
            let step = move || -> Result<(Archive, Incoming, u64)> {
                let mut step =
                    vec![0; limits::TAKEOUT_STEP_BYTES.min(usize::try_from(bytes - at).unwrap_or(usize::MAX))];
                spool.read(at, &mut step)?;
                archive.append(&step).map_err(failed)?;
                Ok((archive, spool, step.len() as u64))
            };
            let read;
            (archive, spool, read) = self.server.on_disk(step).await?;
            at += read;
        }
        Ok(archive)
    }

    async fn copied(
        &self,
        archive: Archive,
        name: String,
        file: std::sync::Arc<dyn VfsFile>,
        bytes: u64,
    ) -> Result<Archive> {
        let mut archive = self.on_disk(archive, move |archive| archive.begin(&name, bytes).map_err(failed)).await?;
        let mut at = 0;
        while at < bytes {
            self.require_room(archive.out().0.bytes())?;
            let open = file.clone();
            let most = limits::TAKEOUT_STEP_BYTES.min(usize::try_from(bytes - at).unwrap_or(usize::MAX));
            archive = self
                .on_disk(archive, move |archive| {
                    let mut step = vec![0; most];
                    let read = open.read_at(at, &mut step).map_err(failed)?;
                    if read < most {
                        return Err(failed(io::ErrorKind::UnexpectedEof.into()));
                    }
                    archive.append(&step).map_err(failed)
                })
                .await?;
            at += most as u64;
        }
        Ok(archive)
    }

    async fn on_disk(
        &self,
        mut archive: Archive,
        work: impl FnOnce(&mut Archive) -> Result<()> + Send + 'static,
    ) -> Result<Archive> {
        self.server
            .on_disk(move || {
                work(&mut archive)?;
                Ok(archive)
            })
            .await
    }
}

/// The beginning of a collection, up to its items.
fn opened(head: &Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec(head).map_err(|error| Error::Bug(format!("a collection as JSON: {error}")))?;
    text.pop();
    text.extend(b",\"orderedItems\":[");
    Ok(text)
}

/// The activity of a status, with its pictures where they lie in the archive.
fn activity(
    read: &dyn Read,
    origin: &crate::origin::Origin,
    status: &status::Status,
    found: &mut Vec<Vec<u8>>,
) -> Result<()> {
    let document = match status.reblog_of {
        Some(_) => announce::document(read, origin, status),
        None => create::document(read, origin, status),
    };
    let document = match document {
        // What it is about is gone.
        Err(Error::NotFound) => return Ok(()),
        outcome => outcome?,
    };
    found.push(document.to_string().replace(&format!("\"{}/media/", origin.as_str()), "\"/media/").into_bytes());
    Ok(())
}

fn attached(read: &dyn Read, _: &crate::origin::Origin, status: &status::Status, found: &mut Vec<File>) -> Result<()> {
    for known in media::of_status(read, status.id, limits::TAKEOUT_PICTURES)? {
        if let MediaState::Ready(picture) = known.state {
            found.push(picture.original);
        }
    }
    Ok(())
}

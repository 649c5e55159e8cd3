//! Threads that somebody here looks at, read from the servers of those who wrote them (FEDERATION §5, backfill): what
//! stands above, then the context of the thread, and the replies to each of its statuses that it may leave out.

use super::{
    Budget,
    collection::{self, Extent, Start},
    document, schemes, status,
};
use crate::{
    error::{Error, Result},
    federation::{
        address::RemoteUri,
        object::{Audience, Note, Thing},
    },
    limits,
    server::Server,
    status::{
        self as rules,
        accept::{self, Reason, RemoteStatus},
        backfill::{self, Refresh},
    },
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};
use storage::{
    AccountId, StatusId, Timestamp,
    backfill::Stated,
    status::{self as rows, Status},
};

/// Somebody here opens the thread of a status: it is asked for if it was not lately. What is being read of it now, if
/// anything is.
///
/// # Errors
/// Storage errors of the reading; a status that `viewer` may not see has no thread.
pub async fn open(server: &Server, viewer: AccountId, id: StatusId) -> Result<Option<Refresh>> {
    let now = server.now();
    let (wanted, running) = server.read(move |view| backfill::look(view, now, viewer, id)).await?;
    // What would be nice to have waits while the disk is slow or the room is tight (DESIGN §8).
    if running.is_some() || wanted.is_none() || server.disk().is_in_trouble() || !server.room().backfill() {
        return Ok(running);
    }
    let Some(status) = wanted else { return Ok(None) };
    Ok(super::ask_aside(server.write(move |tx| backfill::ask(tx, status))).await.filter(|asked| asked.running))
}

/// Reads the thread of `opened`, whose first known status was `first`, within the bounds of one cause. Answers when what was
/// left out may be asked for whose server was not to be asked yet, if there is such.
///
/// # Errors
/// Storage errors only; what cannot be read is left out.
pub async fn read(server: &Server, first: StatusId, opened: StatusId) -> Result<Option<Timestamp>> {
    let mut run = Run {
        server,
        budget: Budget::of_backfill(),
        first,
        seen: HashSet::new(),
        failures: HashMap::new(),
        looked_at: 0,
        found: 0,
    };
    let patience = Duration::from_millis(limits::BACKFILL_MS);
    match tokio::time::timeout(patience, run.all(opened)).await {
        Ok(outcome) => outcome?,
        Err(_) => tracing::debug!(%opened, "a thread took too long and stays as far as it came"),
    }
    let (found, left_out) = (run.found, run.budget.left_out_until());
    server.write(move |tx| backfill::end(tx, first, opened, found)).await?;
    Ok(left_out)
}

/// Which status an item must answer to belong to the thread.
enum Answers<'a> {
    /// This one.
    This(&'a str),
    /// One of these.
    OneOf(&'a HashSet<String>),
}

impl Answers<'_> {
    /// Whether what answers `answered` belongs to it.
    fn fits(&self, answered: Option<&str>) -> bool {
        match (self, answered) {
            (_, None) => false,
            (Answers::This(parent), Some(answered)) => *parent == answered,
            (Answers::OneOf(listed), Some(answered)) => listed.contains(answered),
        }
    }
}

/// Where the replies to a status are.
enum Replies {
    /// Its document has to be read anew to know.
    Unread,
    /// There, as its document has just said.
    At(Start),
}

/// A status of the thread whose replies are still to be looked for.
struct Open {
    uri: String,
    replies: Replies,
    depth: u32,
}

impl Open {
    fn at(status: &Status) -> Self {
        Open { uri: status.uri.clone(), replies: Replies::Unread, depth: 0 }
    }
}

/// What the context of a thread says.
struct Context {
    /// Ids of all that it lists, and of the first status.
    listed: HashSet<String>,
    /// What was taken in of it or was here.
    open: Vec<Open>,
    /// Whether it may be all that its server knows: it names more than the first status, and was read to its end.
    whole: bool,
}

struct Run<'a> {
    server: &'a Server,
    budget: Budget,
    first: StatusId,
    /// Ids that were met.
    seen: HashSet<String>,
    /// How often each host failed.
    failures: HashMap<String, u32>,
    looked_at: usize,
    found: u32,
}

impl Run<'_> {
    async fn all(&mut self, opened: StatusId) -> Result<()> {
        status::ancestors_within(self.server, opened, &self.budget).await?;
        let look = move |view: &storage::View<'_>| {
            let Some(opened) = rows::find(view, opened)? else { return Ok(None) };
            let first = rules::first_of_thread(view, &opened)?;
            let answers = backfill::answers_elsewhere(view, &first, limits::THREAD_STATUSES_MAX)?;
            Ok(Some((first, opened, answers)))
        };
        let Some((first, opened, answers)) = self.server.read(look).await? else { return Ok(()) };
        // What is below ours no page of another server leads to.
        let from = [&first, &opened].into_iter().chain(&answers).filter(|status| !status.local);
        let mut open: Vec<Open> = from.filter(|status| self.seen.insert(status.uri.clone())).map(Open::at).collect();
        if let Some(context) = self.context(&first).await? {
            open.extend(context.open);
            if context.whole {
                open = self.left_out(open, context.listed).await?;
            }
        }
        self.breadth_first(open.into()).await
    }

    /// Those of `open` with more than a context of these ids tells of: it does not list them, or they say that they have
    /// more replies than are here. Its server knows no more of the others.
    async fn left_out(&self, open: Vec<Open>, listed: HashSet<String>) -> Result<Vec<Open>> {
        let look = move |view: &storage::View<'_>| {
            let mut left = Vec::new();
            for one in open {
                let lacks = match rows::find_by_uri(view, &one.uri)? {
                    Some(status) => backfill::missing(view, [&status])? > 0,
                    None => false,
                };
                if lacks || !listed.contains(&one.uri) {
                    left.push(one);
                }
            }
            Ok(left)
        };
        self.server.read(look).await
    }

    /// Whether there may be more of it.
    fn goes_on(&self) -> bool {
        self.looked_at < limits::THREAD_STATUSES_MAX
            && !self.budget.is_spent()
            && !self.server.disk().is_in_trouble()
            && self.server.room().backfill()
    }

    /// Reads the context of a thread (FEP-f228), if its first status names one of its own server.
    async fn context(&mut self, first: &Status) -> Result<Option<Context>> {
        let Some(named) = first.conversation.as_deref().filter(|_| !first.local && first.reply.is_none()) else {
            return Ok(None);
        };
        let parse = |uri: &str| RemoteUri::parse(uri, schemes(self.server)).ok();
        let (Some(home), Some(named)) = (parse(&first.uri), parse(named)) else { return Ok(None) };
        if !named.same_origin(&home) {
            return Ok(None);
        }
        let extent = Extent { pages: limits::CONTEXT_PAGES_MAX, items: limits::THREAD_STATUSES_MAX };
        let start = Start::At(named.into_string());
        let said = match collection::list(self.server, start, &home, extent, &self.budget).await {
            Ok(said) => said,
            Err(error) => return self.pass_over(home.authority().as_str(), error).map(|()| None),
        };
        let mut listed: HashSet<String> = said.items.iter().filter_map(Thing::id).map(str::to_owned).collect();
        listed.insert(first.uri.clone());
        let mut open = Vec::new();
        for item in &said.items {
            if !self.goes_on() {
                break;
            }
            let taken = self.take(item, &home, &Answers::OneOf(&listed)).await?;
            open.extend(taken.map(|(uri, replies)| Open { uri, replies, depth: 1 }));
        }
        let whole = !said.cut && listed.len() > 1;
        Ok(Some(Context { listed, open, whole }))
    }

    /// Looks for replies of these statuses, of their replies, and so on.
    async fn breadth_first(&mut self, mut open: VecDeque<Open>) -> Result<()> {
        while let Some(next) = open.pop_front() {
            if !self.goes_on() {
                break;
            }
            self.replies_to(next, &mut open).await?;
        }
        Ok(())
    }

    async fn replies_to(&mut self, next: Open, open: &mut VecDeque<Open>) -> Result<()> {
        let Some(home) = self.host(&next.uri) else { return Ok(()) };
        let start = match next.replies {
            Replies::At(start) => Some(start),
            Replies::Unread => match self.again(&next.uri).await {
                Ok(start) => start,
                Err(error) => return self.pass_over(home.authority().as_str(), error),
            },
        };
        let Some(start) = start else { return Ok(()) };
        let extent = Extent { pages: limits::REPLIES_PAGES_MAX, items: limits::THREAD_STATUSES_MAX };
        let listed = match collection::list(self.server, start, &home, extent, &self.budget).await {
            Ok(listed) => listed,
            Err(error) => return self.pass_over(home.authority().as_str(), error),
        };
        self.state(&next.uri, listed.total).await?;
        for item in &listed.items {
            if !self.goes_on() {
                break;
            }
            let taken = self.take(item, &home, &Answers::This(&next.uri)).await?;
            let deeper = next.depth + 1;
            if let Some((uri, replies)) = taken.filter(|_| deeper < limits::THREAD_DEPTH_MAX) {
                open.push_back(Open { uri, replies, depth: deeper });
            }
        }
        Ok(())
    }

    /// Takes in a status that a page on `home` lists, if it belongs to the thread; its id and where its replies are, if
    /// it may have any.
    async fn take(
        &mut self,
        item: &Thing,
        home: &RemoteUri,
        answers: &Answers<'_>,
    ) -> Result<Option<(String, Replies)>> {
        let Some(uri) = item.id().filter(|uri| self.seen.insert((*uri).to_owned())) else { return Ok(None) };
        self.looked_at += 1;
        let wanted = uri.to_owned();
        let known = self.server.read(move |view| Ok(rows::find_by_uri(view, &wanted)?)).await?;
        if let Some(known) = known {
            let answered = known.reply.as_ref().map(|reply| reply.uri.as_str());
            return Ok(answers.fits(answered).then(|| (uri.to_owned(), Replies::Unread)));
        }
        let Some(at) = self.host(uri) else { return Ok(None) };
        let read = match collection::believed(self.server, item, home) {
            Some(believed) => Ok(believed),
            None => document(self.server, uri, &self.budget).await,
        };
        let taken = match read {
            Ok((id, document)) => self.store(&id, &document, answers).await,
            Err(error) => Err(error),
        };
        match taken {
            Ok(taken) => Ok(taken),
            Err(error) => self.pass_over(at.authority().as_str(), error).map(|()| None),
        }
    }

    async fn store(
        &mut self,
        id: &RemoteUri,
        document: &Value,
        answers: &Answers<'_>,
    ) -> Result<Option<(String, Replies)>> {
        let read = Note::read(document);
        let read = read.map_err(|why| Error::remote(id.authority().as_str(), format!("status: {why}")))?;
        // Whatever else a page lists is not read because of this thread, nor is what not everybody may see. What says no
        // time would look new.
        let open = matches!(read.audience(None), Audience::Public | Audience::Unlisted);
        if !open || read.published.is_none() || !answers.fits(read.in_reply_to.as_deref()) {
            return Ok(None);
        }
        status::take(self.server, id, document, &self.budget, Reason::Thread(self.first)).await?;
        self.found += 1;
        if self.found.is_multiple_of(limits::BACKFILL_TOLD_EVERY) {
            let (first, found) = (self.first, self.found);
            self.server.write(move |tx| backfill::tell(tx, first, found)).await?;
        }
        Ok(Start::of(document.get("replies")).map(|start| (id.as_str().to_owned(), Replies::At(start))))
    }

    /// Reads a status that is known anew: where its replies are, and what it says of itself now.
    async fn again(&mut self, uri: &str) -> Result<Option<Start>> {
        let (id, document) = document(self.server, uri, &self.budget).await?;
        let remote: RemoteStatus = status::read(self.server, &id, &document, &self.budget, Reason::Requested).await?;
        self.server.write(move |tx| accept::accept_update(tx, &remote)).await?;
        Ok(Start::of(document.get("replies")))
    }

    async fn state(&self, uri: &str, replies: Option<u64>) -> Result<()> {
        let Some(replies) = replies else { return Ok(()) };
        let uri = uri.to_owned();
        let state = move |tx: &mut storage::Tx<'_>| {
            let Some(status) = rows::find_by_uri(tx, &uri)?.filter(|status| !status.local) else { return Ok(()) };
            storage::backfill::state(tx, status.id, Stated { replies: Some(replies), ..Stated::default() })?;
            Ok(())
        };
        self.server.write(state).await
    }

    /// The id as a thing of another server that has not failed too often.
    fn host(&self, uri: &str) -> Option<RemoteUri> {
        let at = super::foreign(self.server, uri).ok()?;
        let failed = self.failures.get(at.authority().as_str()).copied().unwrap_or_default();
        (failed < limits::HOST_FAILURES_MAX).then_some(at)
    }

    /// What cannot be read is left out; a host that fails again and again is left alone for this time.
    ///
    /// # Errors
    /// Our own.
    fn pass_over(&mut self, host: &str, error: Error) -> Result<()> {
        match error {
            Error::Storage(_) | Error::Bug(_) => return Err(error),
            Error::Remote { .. } | Error::Busy { .. } => *self.failures.entry(host.to_owned()).or_default() += 1,
            _ => {}
        }
        tracing::debug!(first = %self.first, host, %error, "a part of a thread cannot be read");
        Ok(())
    }
}

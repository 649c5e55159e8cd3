//! The tasks behind the streams: telling what happened, and cutting off who may not listen any more.

use super::{
    Streams,
    draw::{Desk, Position, pass_over},
};
use crate::{
    error::Error,
    events::{Published, told_by_now},
    http::{auth, session},
    limits,
    server::Server,
};
use std::sync::Arc;
use storage::Event;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Starts them.
pub fn start(server: &Server) {
    let (events, of_task) = (server.events(), server.clone());
    server.spawn("streams", tell(of_task, events));
    server.spawn("stream rights", guard(server.clone()));
    let (streams, mut stop) = (server.streams().clone(), server.stopping());
    server.spawn_ending("streams' end", async move {
        // An error means that the server is gone, which ends streams as well.
        let _ = stop.wait_for(|stop| *stop).await;
        streams.close();
    });
}

async fn tell(server: Server, mut events: Receiver<Published>) {
    while let Some(heard) = next(&mut events).await {
        let directory = server.streams().directory();
        if directory.accounts.is_empty() && directory.public.is_empty() {
            continue;
        }
        let (origin, filters) = (server.origin().clone(), server.filters().clone());
        let desk = Arc::new(Desk { directory, origin, now: server.now(), filters });
        let heard: Arc<[Event]> = heard.into();
        let mut at = Position::default();
        loop {
            let (desk, heard) = (Arc::clone(&desk), Arc::clone(&heard));
            let stepped = server.read(move |view| {
                let mut reached = at;
                let outcome = desk.advance(view, &heard, &mut reached);
                Ok((outcome, reached))
            });
            match stepped.await {
                Ok((Ok(true), _)) => break,
                Ok((Ok(false), reached)) => at = reached,
                Ok((Err(error), reached)) => {
                    tracing::warn!(%error, "an event was not told to all streams");
                    at = reached;
                    pass_over(&mut at);
                }
                // The store answers nobody at this moment: streams miss what polling will show.
                Err(error) => {
                    tracing::warn!(%error, "events were not told to streams");
                    break;
                }
            }
        }
    }
}

/// The events of the next transaction and of those that came with it; `None` when the server is gone.
async fn next(events: &mut Receiver<Published>) -> Option<Vec<Event>> {
    let mut heard = loop {
        match events.recv().await {
            Ok(published) => break published.events.to_vec(),
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "streams fell behind and missed transactions");
            }
            Err(RecvError::Closed) => return None,
        }
    };
    while heard.len() < limits::STREAM_EVENTS_AT_ONCE
        && let Some(told) = told_by_now(events)
    {
        match told {
            Ok(published) => heard.extend_from_slice(&published.events),
            Err(error) => tracing::warn!(%error, "streams fell behind and missed transactions"),
        }
    }
    Some(heard)
}

/// Looks at every listener's token whenever one was revoked or a person's standing changed.
async fn guard(server: Server) {
    let mut changes = server.access_cache().changes();
    while changes.changed().await.is_ok() {
        check(&server, server.streams()).await;
    }
}

async fn check(server: &Server, streams: &Streams) {
    let mut after = 0;
    loop {
        let lines = streams.lines(after, limits::STREAM_VIEWERS_AT_ONCE);
        let Some((last, _)) = lines.last() else { return };
        after = *last;
        let now = server.now();
        let checked = server.read(move |view| {
            for (_, line) in &lines {
                let held = auth::look_up(view, line.token)?;
                // Pages hold a session instead.
                let good = match held {
                    Some(access) => access.is_good(),
                    None => session::holder(view, line.token, now)?.is_some(),
                };
                if !good {
                    line.cut();
                }
            }
            Ok(())
        });
        if let Err(error) = checked.await {
            tracing::error!(%error, "the rights of streams cannot be read: all are cut off");
            streams.lines(0, usize::MAX).iter().for_each(|(_, line)| line.cut());
            if matches!(error, Error::Bug(_)) {
                return;
            }
        }
    }
}

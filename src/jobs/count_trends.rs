//! Counts what is talked of: what the rows of the last days say, then whatever comes.

use crate::{
    error::Result,
    events::{Published, told_by_now},
    limits,
    server::Server,
    trend::{self, Trends},
};
use std::time::Duration;
use storage::{Event, StatusId};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Counts until the server stops.
pub(super) async fn run(server: Server) {
    let mut events = server.events_where(is_counted);
    let mut next = Some(trend::first_kept(server.now()));
    loop {
        let published = match next {
            Some(_) => told_by_now(&mut events).transpose(),
            None => events.recv().await.map(Some),
        };
        let heard = match published {
            Ok(published) => heard(published, &mut events),
            Err(RecvError::Lagged(_)) => Heard { missed: true, ..Heard::default() },
            Err(RecvError::Closed) => std::future::pending().await,
        };
        if heard.missed {
            // It is in the rows.
            next.get_or_insert(trend::first_kept(server.now()));
        }
        match step(&server, heard, next).await {
            Ok(further) => next = further,
            Err(error) => {
                next.get_or_insert(trend::first_kept(server.now()));
                super::store_failed("counting what is talked of waits for the store", &error).await;
            }
        }
        if next.is_some() {
            tokio::time::sleep(Duration::from_millis(limits::TREND_REST_MS)).await;
        }
    }
}

/// Whether `heard` looks at it.
fn is_counted(event: &Event) -> bool {
    matches!(event, Event::StatusCreated { .. } | Event::StatusCounted { .. })
}

/// What events said: new statuses, and marks.
#[derive(Default)]
struct Heard {
    created: Vec<StatusId>,
    marked: Vec<StatusId>,
    /// There was more than is kept for whoever is slow.
    missed: bool,
}

/// Takes what else is there by now, a bounded part.
fn heard(first: Option<Published>, events: &mut Receiver<Published>) -> Heard {
    let mut heard = Heard::default();
    let mut next = first;
    while let Some(published) = next {
        for event in published.events.iter() {
            match event {
                Event::StatusCreated { status, .. } => heard.created.push(*status),
                Event::StatusCounted { status } => heard.marked.push(*status),
                _ => {}
            }
        }
        let told = if heard.created.len() < limits::TREND_STEP { told_by_now(events) } else { None };
        next = match told {
            Some(Ok(published)) => Some(published),
            Some(Err(_)) => {
                heard.missed = true;
                None
            }
            None => None,
        };
    }
    heard
}

/// Counts what was heard, and a part of what the rows say from `next` on; where the next part begins.
async fn step(server: &Server, heard: Heard, next: Option<StatusId>) -> Result<Option<StatusId>> {
    let trends: Trends = server.trends().clone();
    heard.marked.iter().for_each(|id| trends.marked(*id));
    if heard.created.is_empty() && next.is_none() {
        return Ok(None);
    }
    let (origin, now) = (server.origin().clone(), server.now());
    let look = move |view: &storage::View<'_>| {
        for id in heard.created {
            trends.count(view, &origin, now, id)?;
        }
        match next {
            Some(after) => trends.recount(view, &origin, now, after),
            None => Ok(None),
        }
    };
    server.read(look).await
}

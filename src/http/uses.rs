//! When tokens and sessions are used, written down beside the requests: at most once an hour for each, many at a time.

use crate::{limits, server::Server};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use storage::{
    Timestamp,
    use_of_access::{Access, note},
};

/// Uses that are not written yet, and those of the last hour.
#[derive(Default)]
pub struct Uses(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    lately: HashMap<Access, Timestamp>,
    waiting: Vec<(Access, Timestamp)>,
    /// Somebody writes what waits.
    writing: bool,
}

impl Uses {
    /// Takes note of a use; whether somebody has to be told to write.
    fn take(&self, used: Access, now: Timestamp) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = noted.lately.get(&used).is_some_and(|at| now.ms_since(*at) < limits::USE_TOLD_MS);
        // Where more wait than can be written soon, a use is passed over; the next one is noted.
        if known || noted.waiting.len() >= limits::USES_WAITING {
            return false;
        }
        if noted.lately.len() >= limits::ACCESS_CACHED {
            // What is forgotten costs a look into the store, not a second row.
            noted.lately.clear();
        }
        noted.lately.insert(used, now);
        noted.waiting.push((used, now));
        !std::mem::replace(&mut noted.writing, true)
    }

    /// What waits, at most `limits::USES_AT_ONCE`; where nothing does, whoever asks is done.
    fn next(&self) -> Vec<(Access, Timestamp)> {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = noted.waiting.len().saturating_sub(limits::USES_AT_ONCE);
        let next = noted.waiting.split_off(rest);
        noted.writing = !next.is_empty();
        next
    }

    /// Gives up what waits.
    fn give_up(&self) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.waiting.clear();
        noted.writing = false;
    }
}

/// Says that a token or session is used now. It costs a look into memory; writing is not waited for.
pub(crate) fn used(server: &Server, access: Access) {
    if server.uses().take(access, server.now()) {
        server.spawn("uses of access", write(server.clone()));
    }
}

async fn write(server: Server) {
    loop {
        let next = server.uses().next();
        if next.is_empty() {
            return;
        }
        let written = server.write(move |tx| {
            for (access, at) in &next {
                note(tx, *access, *at)?;
            }
            Ok(())
        });
        if let Err(error) = written.await {
            // Nobody is kept from anything by that.
            tracing::warn!(%error, "when access was used last could not be written");
            server.uses().give_up();
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::SecretHash;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn each_is_told_once_an_hour_and_one_writer_is_enough() {
        let uses = Uses::default();
        let (token, session) = (Access::Token(SecretHash([1; 32])), Access::Session(SecretHash([1; 32])));
        assert!(uses.take(token, NOW), "the first one wakes the writer");
        assert!(!uses.take(token, NOW) && !uses.take(session, NOW));
        assert_eq!(uses.next(), [(token, NOW), (session, NOW)]);
        assert!(!uses.take(token, NOW.plus_ms(limits::USE_TOLD_MS - 1)));
        assert!(uses.next().is_empty(), "the writer is done");
        let later = NOW.plus_ms(limits::USE_TOLD_MS);
        assert!(uses.take(token, later));
        assert_eq!(uses.next(), [(token, later)]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let uses = Uses::default();
        for number in 0..limits::USES_WAITING + 10 {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&number.to_be_bytes());
            uses.take(Access::Token(SecretHash(hash)), NOW);
        }
        let mut written = 0;
        loop {
            let next = uses.next().len();
            assert!(next <= limits::USES_AT_ONCE);
            written += next;
            if next == 0 {
                break;
            }
        }
        assert_eq!(written, limits::USES_WAITING);
    }
}

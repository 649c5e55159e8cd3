//! `dassie check`: walks the log, the engine's rows and the last checkpoint, and says what is wrong.

use crate::{
    base,
    error::{Error, Result},
    limits,
    log::recovery::Gaps,
    store::{Store, checkpoint},
    table::Read,
};
use std::{fmt, ops::ControlFlow};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Table, file or segment.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Finding {
    /// A finding.
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Finding { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Looks at rows and tells what is wrong with them; one for each table or relation between tables.
pub type Checker = fn(&dyn Read, &mut dyn FnMut(Finding)) -> Result<()>;

impl Store {
    /// Walks the log (frames and chain), the base snapshots and the engine's rows, asks every checker, and compares
    /// the checkpoint. At most `FINDINGS_MAX`.
    ///
    /// # Errors
    /// Only what keeps the check from going on, `Unavailable` if the engine is just being reopened; damage is a finding.
    pub fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        let mut add = |finding| {
            if findings.len() < limits::FINDINGS_MAX {
                findings.push(finding);
            }
        };
        let shared = self.shared();
        let files = shared.bases.reading_files();
        let begin = shared.segments.begin();
        let walked = shared.segments.read(begin, shared.visible(), Gaps::Refuse, |_, _| Ok(ControlFlow::Continue(())));
        let bases = base::list(shared.options.vfs.as_ref(), &shared.options.dir)?;
        let read = bases.iter().map(|found| {
            base::verify(shared.options.vfs.as_ref(), &shared.options.dir, &found.name, &|| true).map(drop)
        });
        for outcome in std::iter::once(walked).chain(read) {
            match outcome {
                Ok(()) => {}
                Err(Error::Corrupt { table, key, why }) => add(Finding::new(format!("{table} at {key}"), why)),
                Err(error) => return Err(error),
            }
        }
        drop(files);
        if let Err(error) = shared.engine().ok_or(Error::Unavailable)?.verify() {
            add(Finding::new("engine", error.to_string()));
            // The log has every row: the engine is rebuilt from it while the server runs.
            shared.suspect(&error);
        }
        match checkpoint::Checkpoint::read(shared.options.vfs.as_ref(), &shared.options.dir) {
            Ok(Some(noted)) if noted.lsn > shared.visible() => {
                let what = format!("it stands at {}, the log ends at {}", noted.lsn, shared.visible());
                add(Finding::new(checkpoint::FILE, what));
            }
            Ok(_) => {}
            Err(Error::Corrupt { why, .. }) => add(Finding::new(checkpoint::FILE, why)),
            Err(error) => return Err(error),
        }
        for checker in &shared.options.checkers {
            let found = self.read(|view| checker(view, &mut add));
            match found {
                Ok(()) => {}
                Err(error @ (Error::Corrupt { .. } | Error::Format { .. })) => {
                    add(Finding::new("rows", error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(findings)
    }
}

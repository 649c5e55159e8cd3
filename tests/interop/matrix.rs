//! What is asked of every neighbour: named steps, each in two directions, and the table of how they went.

use std::{
    fmt::Write,
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

/// How a step went: what is wrong, in words.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// How long anything may take that must come; snac repeats a delivery after 60 s.
const PATIENCE: Duration = Duration::from_secs(75);

/// Who acts in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Dassie acts, the neighbour hears of it.
    Out,
    /// The neighbour acts, Dassie hears of it.
    In,
}

enum Cell {
    /// As it should be.
    Good,
    /// It failed, for this reason.
    Bad(String),
    /// It failed as is known, for this reason.
    Known(&'static str),
    /// It was not tried, for this reason.
    Untried(&'static str),
}

/// The table of one neighbour.
pub(crate) struct Matrix {
    neighbour: String,
    cells: Vec<(&'static str, Way, Cell)>,
}

impl Matrix {
    /// An empty one.
    pub(crate) fn of(neighbour: String) -> Self {
        Matrix { neighbour, cells: Vec::new() }
    }

    /// Takes a step that must succeed. The others are taken, too, if it does not.
    pub(crate) fn step(&mut self, what: &'static str, way: Way, step: impl FnOnce() -> Outcome) {
        let cell = match self.take(what, way, step) {
            Ok(()) => Cell::Good,
            Err(why) => Cell::Bad(why),
        };
        self.cells.push((what, way, cell));
    }

    /// Takes a step that is known to fail with all these words; once it succeeds, or fails otherwise, the list of what is
    /// known is out of date.
    pub(crate) fn known(
        &mut self,
        what: &'static str,
        way: Way,
        (why, words): (&'static str, &[&str]),
        step: impl FnOnce() -> Outcome,
    ) {
        let cell = match self.take(what, way, step) {
            Ok(()) => Cell::Bad(format!("succeeded, although it was known to fail: {why}")),
            Err(said) if words.iter().all(|word| said.contains(word)) => Cell::Known(why),
            Err(said) => Cell::Bad(format!("failed otherwise than is known ({why}; {words:?}): {said}")),
        };
        self.cells.push((what, way, cell));
    }

    /// Says that a step is not taken.
    pub(crate) fn untried(&mut self, what: &'static str, way: Way, why: &'static str) {
        self.cells.push((what, way, Cell::Untried(why)));
    }

    fn take(&self, what: &str, way: Way, step: impl FnOnce() -> Outcome) -> Outcome {
        let begun = Instant::now();
        let outcome = step();
        let said = outcome.as_ref().err().map_or("ok", String::as_str);
        println!("{}: {what} {way:?} after {} ms: {said}", self.neighbour, begun.elapsed().as_millis());
        outcome
    }

    /// Prints the table; fails if a step did, and says then what else may help to see why.
    pub(crate) fn close(self, logs: &str) {
        let mut table = format!("\n{}\n\n| step | Dassie to it | it to Dassie |\n|---|---|---|\n", self.neighbour);
        // Both ways of a step stand in one row, however far apart they were gone.
        let mut rows: Vec<&str> = Vec::new();
        for (what, ..) in &self.cells {
            if !rows.contains(what) {
                rows.push(what);
            }
        }
        for what in rows {
            let cell = |way| self.cells.iter().find(|(name, its, _)| *name == what && *its == way);
            let said = |way| cell(way).map_or("-".to_owned(), |(.., cell)| cell.text());
            writeln!(table, "| {what} | {} | {} |", said(Way::Out), said(Way::In)).expect("a string takes it");
        }
        println!("{table}");
        let bad: Vec<String> = self.cells.iter().filter_map(|(what, way, cell)| cell.failure(what, *way)).collect();
        assert!(bad.is_empty(), "{}: {} steps failed\n{}\n{logs}", self.neighbour, bad.len(), bad.join("\n"));
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Cell::Good => "yes".to_owned(),
            Cell::Bad(_) => "**no**".to_owned(),
            Cell::Known(why) => format!("no: {why}"),
            Cell::Untried(why) => format!("not run: {why}"),
        }
    }

    fn failure(&self, what: &str, way: Way) -> Option<String> {
        let Cell::Bad(why) = self else { return None };
        Some(format!("- {what} ({way:?}): {why}"))
    }
}

/// Looks until there is something.
pub(crate) fn until<T>(what: &str, look: impl FnMut() -> Outcome<Option<T>>) -> Outcome<T> {
    within(PATIENCE, what, look)
}

/// The same for what has its own time.
pub(crate) fn within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Outcome<Option<T>>) -> Outcome<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if begun.elapsed() > patience {
            return Err(format!("waited {patience:?} for {what}"));
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
}

/// Takes somebody's place at an address until somebody comes; whoever does is hung up on.
pub(crate) fn turn_away(address: SocketAddr) -> Outcome {
    let stand_in = TcpListener::bind(address).map_err(|error| format!("{address}: {error}"))?;
    stand_in.set_nonblocking(true).map_err(|error| error.to_string())?;
    until("an attempt", || Ok(stand_in.accept().ok().map(drop)))
}

/// An error unless it holds.
pub(crate) fn hold(holds: bool, what: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(what()) }
}

#[test]
fn a_known_failure_is_told_from_others_by_its_words() {
    let mut matrix = Matrix::of("somebody".to_owned());
    let known = ("it never listens", &["waited", "to be gone"][..]);
    for outcome in [Err("waited 75s for /1 to be gone: {}".to_owned()), Err("waited 75s for a post".to_owned()), Ok(())]
    {
        matrix.known("deleted", Way::Out, known, || outcome);
    }
    let failures: Vec<_> = matrix.cells.iter().map(|(what, way, cell)| cell.failure(what, *way).is_some()).collect();
    assert_eq!(failures, [false, true, true]);
}

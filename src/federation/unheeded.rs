//! What other servers send that nothing is made of here, by the name of its type and how often: what a release might
//! learn to read. Since the start, in RAM; counted only when such a thing comes.

use crate::limits;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Types by name, at most `limits::UNHEEDED_TYPES_MAX`, and how often each came.
#[derive(Default)]
pub struct Unheeded(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    named: BTreeMap<String, u64>,
    others: u64,
}

/// What further types, and those whose names cannot be printed, are counted as together.
const OTHERS: &str = "others";

impl Unheeded {
    /// Counts one of the type `name`, which is as foreign as the rest of it.
    pub(in crate::federation) fn count(&self, name: &str) {
        let mut counts = self.lock();
        if let Some(count) = counts.named.get_mut(name) {
            *count += 1;
            return;
        }
        let room = counts.named.len() < limits::UNHEEDED_TYPES_MAX;
        let plain = name.len() <= limits::UNHEEDED_NAME_BYTES_MAX
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | ':' | '#' | '/' | '.' | '_' | '-'));
        if room && plain && !name.trim().is_empty() && name != OTHERS {
            counts.named.insert(name.to_owned(), 1);
        } else {
            counts.others += 1;
        }
    }

    /// How often each came.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        let counts = self.lock();
        let others = (counts.others > 0).then(|| (OTHERS.to_owned(), counts.others));
        counts.named.clone().into_iter().chain(others).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // A panic elsewhere leaves at worst a count too few.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_counted_by_name_up_to_a_bound() {
        let unheeded = Unheeded::default();
        assert_eq!(unheeded.counts(), BTreeMap::new());
        for name in ["View", "Announce of Lock", "View"] {
            unheeded.count(name);
        }
        for number in 0..limits::UNHEEDED_TYPES_MAX {
            unheeded.count(&format!("Type{number}"));
        }
        unheeded.count("View");
        let counts = unheeded.counts();
        assert_eq!((counts["View"], counts["Announce of Lock"], counts[OTHERS]), (3, 1, 2));
        assert_eq!(counts.len(), limits::UNHEEDED_TYPES_MAX + 1);
    }

    #[test]
    fn names_that_would_play_with_a_terminal_are_counted_without_their_name() {
        let unheeded = Unheeded::default();
        for name in ["\u{1b}[2J", "", " ", OTHERS, &"x".repeat(limits::UNHEEDED_NAME_BYTES_MAX + 1)] {
            unheeded.count(name);
        }
        unheeded.count(&"x".repeat(limits::UNHEEDED_NAME_BYTES_MAX));
        assert_eq!(unheeded.counts().len(), 2);
        assert_eq!(unheeded.counts()[OTHERS], 5);
    }
}

//! What is amiss with files, for people: how many, and the first few of them.

use crate::limits;
use std::fmt;

/// Files that are missing or damaged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amiss {
    /// How many.
    pub count: u64,
    /// What is said of the first ones, at most `limits::FILES_TOLD`.
    pub first: Vec<String>,
}

impl Amiss {
    /// One more.
    pub fn add(&mut self, what: impl Into<String>) {
        self.count += 1;
        if self.first.len() < limits::FILES_TOLD {
            self.first.push(what.into());
        }
    }

    /// Nothing is amiss.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl fmt::Display for Amiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first.join("; "))?;
        match self.count.saturating_sub(self.first.len() as u64) {
            0 => Ok(()),
            others => write!(f, "; and {others} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Amiss;

    #[test]
    fn the_first_are_named_and_the_rest_counted() {
        let mut amiss = Amiss::default();
        assert!(amiss.is_empty());
        (0..7).for_each(|number| amiss.add(number.to_string()));
        assert_eq!((amiss.count, amiss.to_string().as_str()), (7, "0; 1; 2; 3; 4; and 2 more"));
    }
}

//! Documents for everybody as they were last written: a reblog by somebody whom thousands of servers listen to brings all
//! of them at once, for the same few documents.

use crate::limits;
use bytes::Bytes;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use storage::Lsn;

/// What was written of the store as it stands, and nothing older: with whatever becomes durable the shelf is empty.
#[derive(Default)]
pub struct Shelf(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// What the documents were read from.
    at: Lsn,
    documents: HashMap<String, Bytes>,
    bytes: usize,
}

impl Shelf {
    /// The document at `address` as the store stands at `at`.
    pub(super) fn find(&self, address: &str, at: Lsn) -> Option<Bytes> {
        let kept = self.lock();
        if kept.at == at { kept.documents.get(address).cloned() } else { None }
    }

    /// Keeps a document for everybody that was read at `at`; for want of room the others go.
    pub(super) fn keep(&self, address: &str, at: Lsn, document: &Bytes) {
        let mut kept = self.lock();
        if kept.at > at {
            return;
        }
        let full = kept.bytes + document.len() > limits::SHELF_BYTES || kept.documents.len() >= limits::SHELF_DOCUMENTS;
        if kept.at < at || full {
            *kept = Kept { at, ..Kept::default() };
        }
        kept.bytes += document.len();
        kept.documents.insert(address.to_owned(), document.clone());
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic elsewhere leaves at worst a document too few.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_answered_that_was_read_before_the_last_change() {
        let (shelf, document) = (Shelf::default(), Bytes::from_static(b"{}"));
        shelf.keep("/users/a", Lsn(7), &document);
        assert_eq!(shelf.find("/users/a", Lsn(7)), Some(document.clone()));
        assert_eq!(shelf.find("/users/a", Lsn(8)), None);
        shelf.keep("/users/b", Lsn(8), &document);
        shelf.keep("/users/a", Lsn(7), &document);
        assert_eq!(shelf.find("/users/a", Lsn(8)), None, "a slow reader brings nothing back");
        assert_eq!(shelf.find("/users/b", Lsn(8)), Some(document));
    }

    #[test]
    fn the_shelf_is_bounded_in_bytes() {
        let (shelf, document) = (Shelf::default(), Bytes::from(vec![b' '; limits::SHELF_BYTES / 4]));
        let kept = || (0..5).filter(|number| shelf.find(&number.to_string(), Lsn(1)).is_some()).count();
        for (number, wanted) in [1, 2, 3, 4, 1].into_iter().enumerate() {
            shelf.keep(&number.to_string(), Lsn(1), &document);
            assert_eq!(kept(), wanted);
        }
    }
}

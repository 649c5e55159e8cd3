//! Documents with the tag that says which version they are; and pages that look alike to every guest, kept as they were
//! drawn.

use crate::limits;
use bytes::Bytes;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use storage::{Kept, Read, Timestamp};

/// Bytes of a digest in an entity tag: two documents of one address never share them by chance.
const TAG_BYTES: usize = 12;

/// A whole document, and its entity tag (RFC 9110 §8.8.3). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its bytes.
    pub bytes: Bytes,
    /// The tag, in quotes.
    pub tag: String,
}

impl Document {
    /// The document of a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        let tag = digest.as_ref().iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect::<String>();
        Document { bytes: text.into(), tag: format!("\"{tag}\"") }
    }
}

/// What a page is kept under: whoever asks the same gets the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    /// Path and query.
    at: String,
    /// The language of the page.
    language: &'static str,
    /// Which stretch of `limits::GUESTS_PAGE_MS` it is: what changes by time alone is right again in the next one.
    stretch: i64,
}

/// Pages as guests see them, until a row changes that they were drawn from. Cheap to clone, all clones are the same.
#[derive(Clone)]
pub struct Pages {
    kept: Arc<Kept<Asked, Document>>,
    /// Guests for whom a page is drawn.
    guests: Arc<AtomicUsize>,
}

/// A guest for whom a page is drawn, until it is dropped: to be held by whoever draws.
#[derive(Debug)]
pub struct Guest {
    guests: Arc<AtomicUsize>,
    before: usize,
}

impl Guest {
    /// For how many others a page was drawn when this one came.
    #[must_use]
    pub fn others(&self) -> usize {
        self.before
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.guests.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for Pages {
    fn default() -> Self {
        let weigh = |document: &Document| document.bytes.len() + limits::GUESTS_PAGE_AT_BYTES;
        Pages { kept: Arc::new(Kept::new(limits::GUESTS_PAGES_KEPT_BYTES, weigh)), guests: Arc::default() }
    }
}

impl Pages {
    /// Counts a guest for whom a page is drawn from now on.
    #[must_use]
    pub fn guest(&self) -> Guest {
        let guests = Arc::clone(&self.guests);
        let before = guests.fetch_add(1, Ordering::Relaxed);
        Guest { guests, before }
    }

    /// The page at `at` in `language`: kept, or as `draw` draws it from the rows it reads. An address of more than
    /// `limits::GUESTS_PAGE_AT_BYTES` is drawn each time.
    ///
    /// # Errors
    /// Those of `draw`, which keeps nothing then.
    pub fn look<E>(
        &self,
        read: &dyn Read,
        (at, language): (&str, &'static str),
        now: Timestamp,
        draw: impl FnOnce(&dyn Read) -> Result<String, E>,
    ) -> Result<Document, E> {
        if at.len() > limits::GUESTS_PAGE_AT_BYTES {
            return draw(read).map(Document::new);
        }
        let asked = Asked { at: at.to_owned(), language, stretch: now.0.div_euclid(limits::GUESTS_PAGE_MS) };
        self.kept.look(read, &asked, |read| draw(read).map(Document::new))
    }
}

//! A condition that many documents meet in many ways: asked of each document that the other conditions leave, by the
//! columns of the index, instead of walking its dictionary for hundreds of terms.

use std::sync::Arc;
use tantivy::{
    DocId, DocSet, SegmentReader, Term,
    columnar::Column,
    query::{
        AllScorer,
        doc_predicate_query::{ConstOrVariableSegmentPredicate, DocPredicate, SegmentDocPredicate},
    },
    schema::IndexRecordOption,
};

/// What lies in the columns `author` and `id` of a document.
#[derive(Debug)]
pub(super) struct Among {
    /// In rising order.
    authors: Arc<[u64]>,
    /// In rising order.
    ids: Arc<[u64]>,
    marks: Vec<Term>,
}

impl Among {
    /// Documents by any of these authors, any of these ids, or with any of these marks.
    pub(super) fn new(authors: impl Iterator<Item = u64>, ids: impl Iterator<Item = u64>, marks: Vec<Term>) -> Self {
        let sorted = |numbers: &mut dyn Iterator<Item = u64>| {
            let mut numbers: Vec<u64> = numbers.collect();
            numbers.sort_unstable();
            Arc::from(numbers)
        };
        let (mut authors, mut ids) = (authors, ids);
        Among { authors: sorted(&mut authors), ids: sorted(&mut ids), marks }
    }
}

/// The same for one part of the index; asked for documents in rising order.
pub(super) struct OfPart {
    authors: Arc<[u64]>,
    ids: Arc<[u64]>,
    author: Column<u64>,
    id: Column<u64>,
    marked: Vec<Box<dyn DocSet>>,
}

impl DocPredicate for Among {
    type SegmentDocPredicate = OfPart;

    fn doc_predicate(&self, part: &SegmentReader) -> tantivy::Result<ConstOrVariableSegmentPredicate<OfPart>> {
        let mut marked: Vec<Box<dyn DocSet>> = Vec::new();
        for mark in &self.marks {
            let postings = part.inverted_index(mark.field())?.read_postings(mark, IndexRecordOption::Basic)?;
            marked.extend(postings.map(|postings| Box::new(postings) as Box<dyn DocSet>));
        }
        let columns = part.fast_fields();
        let predicate = OfPart {
            authors: self.authors.clone(),
            ids: self.ids.clone(),
            author: columns.u64("author")?,
            id: columns.u64("id")?,
            marked,
        };
        let necessary_condition = Box::new(AllScorer::new(part.max_doc()));
        Ok(ConstOrVariableSegmentPredicate::Variable { predicate, necessary_condition })
    }
}

impl SegmentDocPredicate for OfPart {
    fn eval(&mut self, document: DocId) -> bool {
        let holds = |column: &Column<u64>, sorted: &[u64]| {
            !sorted.is_empty() && column.first(document).is_some_and(|number| sorted.binary_search(&number).is_ok())
        };
        holds(&self.author, &self.authors)
            || self.marked.iter_mut().any(|marked| {
                let at = marked.doc();
                (if at < document { marked.seek(document) } else { at }) == document
            })
            || holds(&self.id, &self.ids)
    }
}

//! A condition that many documents meet in many ways: asked of each document that the other conditions leave, by the
//! columns of the index, instead of walking its dictionary for hundreds of terms.

use super::Wanted;
use crate::key::Digest;
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

/// What may stand in the columns of a document; the numbers of each in rising order.
#[derive(Debug)]
pub(super) struct Among {
    authors: Arc<[u64]>,
    sharers: Arc<[u64]>,
    tags: Arc<[u64]>,
    ids: Arc<[u64]>,
    marks: Vec<Term>,
}

impl Among {
    /// Documents that have any of what is wanted; `marks` are those of it as terms.
    pub(super) fn new(wanted: &Wanted, marks: Vec<Term>) -> Self {
        let sorted = |mut numbers: Vec<u64>| -> Arc<[u64]> {
            numbers.sort_unstable();
            Arc::from(numbers)
        };
        Among {
            authors: sorted(wanted.authors.iter().map(|id| id.0).collect()),
            sharers: sorted(wanted.sharers.iter().map(|id| id.0).collect()),
            tags: sorted(wanted.tags.iter().map(|tag| hashed(tag)).collect()),
            ids: sorted(wanted.ids.iter().map(|id| id.0).collect()),
            marks,
        }
    }
}

/// A hashtag as a number of a column. Two that share one are told apart by whoever checks what is found.
pub(super) fn hashed(tag: &str) -> u64 {
    let Digest(bytes) = Digest::of(tag);
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// The same for one part of the index; asked for documents in rising order.
pub(super) struct OfPart {
    authors: Arc<[u64]>,
    author: Column<u64>,
    /// Columns with several numbers for a document or none, and what is wanted there; none where none has any.
    several: Vec<(Column<u64>, Arc<[u64]>)>,
    ids: Arc<[u64]>,
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
        let mut several = Vec::new();
        for (name, wanted) in [("sharer", &self.sharers), ("tag", &self.tags)] {
            if !wanted.is_empty() {
                several.extend(columns.column_opt::<u64>(name)?.map(|column| (column, wanted.clone())));
            }
        }
        let predicate = OfPart {
            authors: self.authors.clone(),
            author: columns.u64("author")?,
            several,
            ids: self.ids.clone(),
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
        let has = |column: &Column<u64>, sorted: &[u64]| {
            column.values_for_doc(document).any(|number| sorted.binary_search(&number).is_ok())
        };
        holds(&self.author, &self.authors)
            || self.several.iter().any(|(column, wanted)| has(column, wanted))
            || self.marked.iter_mut().any(|marked| {
                let at = marked.doc();
                (if at < document { marked.seek(document) } else { at }) == document
            })
            || holds(&self.id, &self.ids)
    }
}

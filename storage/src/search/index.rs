//! The index itself: its fields, its files, questions and commits.

use super::{
    Document, Query,
    among::{Among, hashed},
    merging::Merging,
    timed::TimedDirectory,
};
use crate::{
    error::{Error, Result},
    id::{Lsn, StatusId, Timestamp},
    limits,
    table::{Bounds, Direction},
    vfs::Vfs,
};
use std::{cmp::Reverse, io, ops::Bound, path::Path, sync::Arc};
use tantivy::{
    IndexReader, IndexSettings, IndexWriter, Order, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    TantivyError, Term,
    collector::{Collector, TopDocs},
    directory::error::{OpenReadError, OpenWriteError},
    indexer::IndexWriterOptions,
    query::{
        AllQuery, BooleanQuery, EmptyQuery, EnableScoring, FuzzyTermQuery, Occur, PhraseQuery, RangeQuery, TermQuery,
        TermSetQuery, doc_predicate_query::DocPredicateQuery,
    },
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

/// The number of the fields below; an index with another one is made anew.
const FIELDS_FORMAT: u32 = 3;

/// An index that is open: cheap to clone.
#[derive(Clone)]
pub(super) struct Open {
    index: tantivy::Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    id: Field,
    author: Field,
    sharer: Field,
    tag: Field,
    posted: Field,
    pub(super) words: Field,
    marks: Field,
}

/// How far the index is; stands in each commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// Every change up to this transaction is in it.
    pub(super) lsn: Lsn,
    /// While it is made from the rows: rows up to this status are in it. `None`: all are.
    pub(super) rows: Option<StatusId>,
}

impl Position {
    fn to_payload(self, format: u32) -> String {
        let rows = self.rows.map_or_else(|| "-".to_owned(), |rows| rows.0.to_string());
        format!("{FIELDS_FORMAT}.{format} {} {rows}", self.lsn)
    }

    /// The format and the position; `None` if it is not one of ours.
    fn of_payload(payload: &str) -> Option<(&str, Self)> {
        let mut parts = payload.split(' ');
        let (format, lsn, rows) = (parts.next()?, parts.next()?, parts.next()?);
        let rows = if rows == "-" { None } else { Some(StatusId(rows.parse().ok()?)) };
        Some((format, Position { lsn: Lsn(lsn.parse().ok()?), rows }))
    }
}

/// As [`super::position`].
pub(super) fn position(dir: &Path) -> Lsn {
    let metas = tantivy::Index::open_in_dir(dir).and_then(|index| index.load_metas());
    let payload = metas.ok().and_then(|metas| metas.payload);
    let position = payload.as_deref().and_then(Position::of_payload);
    position.map_or(Lsn(0), |(_, position)| position.lsn)
}

/// As [`super::damaged`], by one look.
pub(super) fn damaged(dir: &Path) -> Vec<(String, String)> {
    if !dir.join("meta.json").exists() {
        return Vec::new();
    }
    let named = |path: &Path, why: &str| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        (name.to_string_lossy().into_owned(), why.to_owned())
    };
    match tantivy::Index::open_in_dir(dir).and_then(|index| index.validate_checksum()) {
        Ok(files) => files.iter().map(|path| named(path, "its checksum does not hold")).collect(),
        Err(TantivyError::OpenReadError(error)) => {
            let path = match &error {
                OpenReadError::FileDoesNotExist(path) | OpenReadError::IoError { filepath: path, .. } => path,
                OpenReadError::IncompatibleIndex(_) => Path::new("meta.json"),
            };
            vec![named(path, &error.to_string())]
        }
        Err(error) => vec![named(Path::new("meta.json"), &error.to_string())],
    }
}

/// A failure of the index as one of the store.
pub(super) fn failed(why: impl std::fmt::Display) -> Error {
    Error::Io { what: "the search index".to_owned(), source: io::Error::other(why.to_string()) }
}

pub(super) fn of_tantivy(error: TantivyError) -> Error {
    let kind = match &error {
        TantivyError::IoError(error) => error.kind(),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => io_error.kind(),
        _ => return failed(error),
    };
    Error::Io { what: "the search index".to_owned(), source: io::Error::new(kind, error.to_string()) }
}

/// Whether the machine lacks something for a while, and the files are as good as they were.
pub(super) fn is_passing(error: &Error) -> bool {
    use io::ErrorKind::{OutOfMemory, QuotaExceeded, StorageFull};
    matches!(error, Error::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | OutOfMemory))
}

impl Open {
    /// Opens the index in `dir` with the position of its last commit; `disk` is told how long its syncs take. `None`: there is
    /// none, or one of another format.
    pub(super) fn existing(dir: &Path, disk: Arc<dyn Vfs>, format: u32) -> Result<Option<(Self, Position)>> {
        if !dir.join("meta.json").exists() {
            return Ok(None);
        }
        let index = tantivy::Index::open(directory(dir, disk)?).map_err(of_tantivy)?;
        let (schema, fields) = schema();
        let payload = index.load_metas().map_err(of_tantivy)?.payload.unwrap_or_default();
        let Some((found, position)) = Position::of_payload(&payload) else { return Ok(None) };
        if found != format!("{FIELDS_FORMAT}.{format}") || index.schema() != schema {
            return Ok(None);
        }
        Ok(Some((Self::of_index(index, fields)?, position)))
    }

    /// Makes an empty index in `dir`; whatever was there goes. `disk` is told how long its syncs take.
    pub(super) fn make(dir: &Path, disk: Arc<dyn Vfs>) -> Result<Self> {
        super::remove(dir)?;
        std::fs::create_dir_all(dir).map_err(|error| Error::io("make search/", error))?;
        let (schema, fields) = schema();
        let index = tantivy::Index::create(directory(dir, disk)?, schema, IndexSettings::default());
        let index = index.map_err(of_tantivy)?;
        Self::of_index(index, fields)
    }

    fn of_index(index: tantivy::Index, fields: Fields) -> Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(of_tantivy)?;
        Ok(Open { index, reader, fields })
    }

    /// Documents that can be found.
    pub(super) fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// As [`super::Index::search`].
    pub(super) fn search(
        &self,
        query: &Query,
        bounds: Bounds,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<StatusId>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut query = self.query(query);
        if let Some(range) = self.within(bounds) {
            query = Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, range)]));
        }
        let order = match direction {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        };
        let top = TopDocs::with_limit(limit).order_by_fast_field::<u64>("id", order);
        let searcher = self.reader.searcher();
        let weight = query.weight(EnableScoring::disabled_from_searcher(&searcher)).map_err(of_tantivy)?;
        let mut found: Vec<u64> = Vec::new();
        for part in parts(&searcher, direction)? {
            if !part.reaches_into(bounds) {
                continue;
            }
            if found.len() == limit && found.last().is_some_and(|last| !part.has_before(*last, direction)) {
                break;
            }
            let of_part = top.collect_segment(weight.as_ref(), part.ordinal, part.reader).map_err(of_tantivy)?;
            let of_part = top.merge_fruits(vec![of_part]).map_err(of_tantivy)?;
            found.extend(of_part.into_iter().filter_map(|(id, _)| id));
            match direction {
                Direction::Ascending => found.sort_unstable(),
                Direction::Descending => found.sort_unstable_by_key(|id| Reverse(*id)),
            }
            found.truncate(limit);
        }
        Ok(found.into_iter().map(StatusId).collect())
    }

    /// Ids within `bounds` as a query; `None`: all are.
    pub(super) fn within(&self, bounds: Bounds) -> Option<Box<dyn tantivy::query::Query>> {
        let id = |id: u64| Term::from_field_u64(self.fields.id, id);
        let edge = |edge: Option<u64>| edge.map_or(Bound::Unbounded, |edge| Bound::Excluded(id(edge)));
        (bounds != Bounds::NONE).then(|| {
            Box::new(RangeQuery::new(edge(bounds.above), edge(bounds.below))) as Box<dyn tantivy::query::Query>
        })
    }

    pub(super) fn query(&self, query: &Query) -> Box<dyn tantivy::query::Query> {
        let fields = self.fields;
        let word = |text: &str| Term::from_field_text(fields.words, text);
        match query {
            Query::Words(words) => match words.as_slice() {
                [] => Box::new(EmptyQuery),
                [one] => Box::new(TermQuery::new(word(&one.text), IndexRecordOption::WithFreqs)),
                [first, ..] => {
                    let apart = |place: u32| usize::try_from(place.saturating_sub(first.place)).unwrap_or(usize::MAX);
                    let phrase = words.iter().map(|one| (apart(one.place), word(&one.text))).collect();
                    Box::new(PhraseQuery::new_with_offset(phrase))
                }
            },
            Query::Beginning(text) => Box::new(FuzzyTermQuery::new_prefix(word(text), 0, false)),
            Query::Marks(marks) if marks.len() == 1 => {
                let mark = Term::from_field_text(fields.marks, &marks[0]);
                Box::new(TermQuery::new(mark, IndexRecordOption::Basic))
            }
            Query::Marks(marks) => {
                Box::new(TermSetQuery::new(marks.iter().map(|mark| Term::from_field_text(fields.marks, mark))))
            }
            Query::Among(wanted) => {
                let marks = wanted.marks.iter().map(|mark| Term::from_field_text(fields.marks, mark)).collect();
                Box::new(DocPredicateQuery::from(Among::new(wanted, marks)))
            }
            Query::Ids(ids) => Box::new(TermSetQuery::new(ids.iter().map(|id| Term::from_field_u64(fields.id, id.0)))),
            Query::Posted { from, until } => {
                let at = |time: &Timestamp| Term::from_field_u64(fields.posted, number(*time));
                let from = from.as_ref().map_or(Bound::Unbounded, |from| Bound::Included(at(from)));
                let until = until.as_ref().map_or(Bound::Unbounded, |until| Bound::Excluded(at(until)));
                match (&from, &until) {
                    (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
                    _ => Box::new(RangeQuery::new(from, until)),
                }
            }
            Query::All(parts) => {
                let each = |part: &Query| match part {
                    Query::Not(part) => (Occur::MustNot, self.query(part)),
                    part => (Occur::Must, self.query(part)),
                };
                // What is held against each document comes last: the others say against which.
                let of_each = |part: &&Query| match part {
                    Query::Not(part) => matches!(**part, Query::Among(_)),
                    part => matches!(part, Query::Among(_)),
                };
                let (last, first): (Vec<_>, Vec<_>) = parts.iter().partition(of_each);
                let mut all: Vec<_> = first.into_iter().chain(last).map(each).collect();
                // What is excluded is excluded from something.
                if all.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    all.push((Occur::Must, Box::new(AllQuery)));
                }
                Box::new(BooleanQuery::new(all))
            }
            Query::Any(parts) if parts.is_empty() => Box::new(EmptyQuery),
            Query::Any(parts) => {
                Box::new(BooleanQuery::new(parts.iter().map(|part| (Occur::Should, self.query(part))).collect()))
            }
            Query::Not(part) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, self.query(part))]))
            }
        }
    }

    /// Begins a change. It holds some 15 MB while statuses are written, and nothing once it is committed.
    pub(super) fn begin(&self) -> Result<Change<'_>> {
        self.begin_merging(Merging::new(limits::SEARCH_MERGE_DOCUMENTS))
    }

    fn begin_merging(&self, merging: Merging) -> Result<Change<'_>> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(limits::SEARCH_WRITER_BYTES)
            .build();
        let writer: IndexWriter = self.index.writer_with_options(options).map_err(of_tantivy)?;
        writer.set_merge_policy(Box::new(merging));
        Ok(Change { open: self, writer })
    }
}

/// A part of the index and the ids in it, deleted ones included.
pub(super) struct Part<'a> {
    ordinal: u32,
    pub(super) reader: &'a SegmentReader,
    first: u64,
    last: u64,
}

impl Part<'_> {
    /// Whether an id of it can lie within `bounds`.
    pub(super) fn reaches_into(&self, bounds: Bounds) -> bool {
        bounds.below.is_none_or(|below| self.first < below) && bounds.above.is_none_or(|above| self.last > above)
    }

    /// Whether an id of it can come before `id`.
    fn has_before(&self, id: u64, direction: Direction) -> bool {
        match direction {
            Direction::Ascending => self.first < id,
            Direction::Descending => self.last > id,
        }
    }
}

/// The parts, those first that can hold what comes first: a question for the newest often ends with the first part.
pub(super) fn parts(searcher: &Searcher, direction: Direction) -> Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
        let ids = reader.fast_fields().u64("id").map_err(of_tantivy)?;
        parts.push(Part { ordinal, reader, first: ids.min_value(), last: ids.max_value() });
    }
    match direction {
        Direction::Ascending => parts.sort_unstable_by_key(|part| part.first),
        Direction::Descending => parts.sort_unstable_by_key(|part| Reverse(part.last)),
    }
    Ok(parts)
}

/// A change of the index that nobody sees before it is committed.
pub(super) struct Change<'a> {
    open: &'a Open,
    writer: IndexWriter,
}

impl Change<'_> {
    /// Replaces what is indexed of a status.
    pub(super) fn put(&mut self, id: StatusId, document: Option<Document>) -> Result<()> {
        self.writer.delete_term(Term::from_field_u64(self.open.fields.id, id.0));
        document.map_or(Ok(()), |document| self.add(document))
    }

    /// Adds a status of which nothing is indexed: a look into every part of the index less.
    pub(super) fn add(&mut self, document: Document) -> Result<()> {
        let fields = self.open.fields;
        let mut row = TantivyDocument::new();
        row.add_u64(fields.id, document.id.0);
        row.add_u64(fields.author, document.author.0);
        for sharer in document.sharers {
            row.add_u64(fields.sharer, sharer.0);
        }
        for tag in document.tags {
            row.add_u64(fields.tag, hashed(&tag));
        }
        row.add_u64(fields.posted, number(document.created_at));
        let tokens = document.words.into_iter().map(|word| Token {
            offset_from: 0,
            offset_to: 0,
            position: usize::try_from(word.place).unwrap_or(usize::MAX),
            text: word.text,
            position_length: 1,
        });
        let words = PreTokenizedString { text: String::new(), tokens: tokens.collect() };
        row.add_pre_tokenized_text(fields.words, words);
        for mark in document.marks {
            row.add_text(fields.marks, mark);
        }
        self.writer.add_document(row).map_err(of_tantivy)?;
        Ok(())
    }

    /// Makes the change durable and visible with the position it brings the index to, and waits until files that had
    /// become many are one.
    pub(super) fn commit(mut self, position: Position, format: u32) -> Result<()> {
        let mut prepared = self.writer.prepare_commit().map_err(of_tantivy)?;
        prepared.set_payload(&position.to_payload(format));
        prepared.commit().map_err(of_tantivy)?;
        // A merge may take long.
        self.open.reader.reload().map_err(of_tantivy)?;
        self.writer.wait_merging_threads().map_err(of_tantivy)?;
        self.open.reader.reload().map_err(of_tantivy)
    }
}

fn directory(dir: &Path, disk: Arc<dyn Vfs>) -> Result<TimedDirectory> {
    TimedDirectory::open(dir, disk).map_err(|error| of_tantivy(error.into()))
}

/// Milliseconds since 1970; what was before is then.
fn number(time: Timestamp) -> u64 {
    u64::try_from(time.0).unwrap_or(0)
}

fn schema() -> (Schema, Fields) {
    let indexed = |option| TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option);
    let text = |how| TextOptions::default().set_indexing_options(how);
    let mut builder = Schema::builder();
    let fields = Fields {
        id: builder.add_u64_field("id", INDEXED | FAST),
        author: builder.add_u64_field("author", FAST),
        sharer: builder.add_u64_field("sharer", FAST),
        tag: builder.add_u64_field("tag", FAST),
        posted: builder.add_u64_field("posted", FAST),
        // How long a text is counts for how well it fits: a byte each.
        words: builder.add_text_field("words", text(indexed(IndexRecordOption::WithFreqsAndPositions))),
        marks: builder.add_text_field("marks", text(indexed(IndexRecordOption::Basic).set_fieldnorms(false))),
    };
    (builder.build(), fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::AccountId,
        search::{Wanted, Word},
        vfs::RealDisk,
    };

    fn document(id: u64, mark: &str) -> Document {
        Document {
            id: StatusId(id),
            author: AccountId(id % 10),
            sharers: if id == 40 { vec![AccountId(77), AccountId(78)] } else { Vec::new() },
            tags: if id == 22 { vec!["tea".to_owned(), "time".to_owned()] } else { Vec::new() },
            created_at: Timestamp(0),
            words: vec![Word { text: "tea".to_owned(), place: 0 }],
            marks: vec![mark.to_owned()],
        }
    }

    #[test]
    fn what_comes_first_is_found_over_parts_whose_ids_overlap() {
        let scratch = tempfile::tempdir().expect("a directory");
        let open = Open::make(&scratch.path().join("search"), Arc::new(RealDisk)).expect("made");
        // Seven parts; their ids lie apart, overlap, and lie inside each other.
        let parts: [&[u64]; 7] =
            [&[10, 11, 12], &[1, 40], &[20, 21, 22], &[15, 25, 35], &[2, 3], &[50, 51, 52], &[30, 60]];
        for ids in parts {
            let mut change = open.begin().expect("begun");
            for id in ids {
                let mark = if id % 2 == 0 { "even" } else { "odd" };
                change.put(StatusId(*id), Some(document(*id, mark))).expect("put");
            }
            change.commit(Position { lsn: Lsn(1), rows: None }, 1).expect("committed");
        }
        let mark = |mark: &str| Query::Marks(vec![mark.to_owned()]);
        let among = |authors: &[u64], ids: &[u64], marks: &[&str]| {
            Query::Among(Wanted {
                authors: authors.iter().map(|id| AccountId(*id)).collect(),
                ids: ids.iter().map(|id| StatusId(*id)).collect(),
                marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
                ..Wanted::default()
            })
        };
        let ids = |ids: &[u64]| Query::Ids(ids.iter().map(|id| StatusId(*id)).collect());
        let shared = Wanted { sharers: vec![AccountId(78), AccountId(5)], ..Wanted::default() };
        let tagged = Wanted { tags: vec!["a".to_owned(), "time".to_owned()], ..Wanted::default() };
        for (wanted, found) in [(shared, 40), (tagged, 22)] {
            let ids = open.search(&Query::Among(wanted), Bounds::NONE, Direction::Descending, 9).expect("an answer");
            assert_eq!(ids, [StatusId(found)]);
        }
        let questions = [
            (among(&[8, 0, 4, 2, 6], &[], &[]), [true, false]),
            (among(&[], &[], &["odd", "nobody's"]), [false, true]),
            (among(&[1, 3], &[15, 25, 35], &["even"]), [true, true]),
            (Query::All(vec![among(&[], &parts.concat(), &[]), mark("odd")]), [false, true]),
            (Query::All(vec![ids(&parts.concat()), mark("even")]), [true, false]),
            (ids(&[]), [false, false]),
            (Query::All(vec![Query::Not(Box::new(among(&[0, 2, 4, 6, 8], &[], &[])))]), [false, true]),
            (among(&[], &[], &[]), [false, false]),
            (Query::Words(document(0, "").words), [true, true]),
            (mark("even"), [true, false]),
            (Query::All(vec![Query::Not(Box::new(mark("even")))]), [false, true]),
            (Query::All(vec![mark("odd"), Query::Not(Box::new(mark("even")))]), [false, true]),
            (Query::All(vec![mark("odd"), mark("even")]), [false, false]),
            (Query::Any(vec![mark("odd"), mark("even")]), [true, true]),
            (Query::All(Vec::new()), [true, true]),
        ];
        let edges = [None, Some(0), Some(11), Some(22), Some(36), Some(50), Some(99)];
        for (query, wanted) in &questions {
            for (below, above, limit) in edges
                .iter()
                .flat_map(|below| edges.map(|above| (*below, above)))
                .flat_map(|(below, above)| [1, 2, 3, 5, 100].map(|limit| (below, above, limit)))
            {
                let inside = |id: &u64| below.is_none_or(|below| *id < below) && above.is_none_or(|above| *id > above);
                let matches = |id: &u64| wanted[usize::from(id % 2 == 1)] && inside(id);
                let mut model: Vec<u64> = parts.concat().into_iter().filter(matches).collect();
                model.sort_unstable();
                for direction in [Direction::Ascending, Direction::Descending] {
                    let found = open.search(query, Bounds { below, above }, direction, limit).expect("an answer");
                    let found: Vec<u64> = found.into_iter().map(|id| id.0).collect();
                    let first: Vec<u64> = model.iter().copied().take(limit).collect();
                    assert_eq!(found, first, "{query:?} below {below:?} above {above:?}, {limit} {direction:?}");
                    model.reverse();
                }
            }
        }
    }

    /// Puts all of `put` and takes `gone` out, in one change for which a part of more than ten is large.
    fn change(open: &Open, put: std::ops::Range<u64>, gone: std::ops::Range<u64>) {
        let mut change = open.begin_merging(Merging::new(10)).expect("begun");
        for id in put {
            change.put(StatusId(id), Some(document(id, "any"))).expect("put");
        }
        for id in gone {
            change.put(StatusId(id), None).expect("taken out");
        }
        change.commit(Position { lsn: Lsn(1), rows: None }, 1).expect("committed");
    }

    /// Of each part, in the order of ids, how many documents it has and how many of them are deleted.
    fn sizes(open: &Open) -> Vec<(u32, u32)> {
        let searcher = open.reader.searcher();
        let parts = parts(&searcher, Direction::Ascending).expect("parts");
        parts.iter().map(|part| (part.reader.max_doc(), part.reader.num_deleted_docs())).collect()
    }

    #[test]
    fn a_large_part_is_written_anew_once_a_quarter_of_it_is_deleted_and_no_more_than_one_in_a_change() {
        let scratch = tempfile::tempdir().expect("a directory");
        let open = Open::make(&scratch.path().join("search"), Arc::new(RealDisk)).expect("made");
        change(&open, 100..140, 0..0);
        change(&open, 200..280, 0..0);
        assert_eq!(sizes(&open), [(40, 0), (80, 0)], "large parts are not merged");
        change(&open, 0..0, 100..109);
        assert_eq!(sizes(&open), [(40, 9), (80, 0)], "less than a quarter");
        change(&open, 0..0, 109..110);
        assert_eq!(sizes(&open), [(30, 0), (80, 0)], "a quarter");
        // Both at once: that with the most deletions first, the other one with the next change.
        let mut both = open.begin_merging(Merging::new(10)).expect("begun");
        for id in (110..125).chain(200..220) {
            both.put(StatusId(id), None).expect("taken out");
        }
        both.commit(Position { lsn: Lsn(1), rows: None }, 1).expect("committed");
        assert_eq!(sizes(&open), [(30, 15), (60, 0)]);
        change(&open, 0..0, 0..1);
        assert_eq!(sizes(&open), [(15, 0), (60, 0)]);
        change(&open, 0..0, 0..1);
        assert_eq!(sizes(&open), [(15, 0), (60, 0)], "what was written anew is left alone");
        assert_eq!(open.documents(), 75);
    }
}

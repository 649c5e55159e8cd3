//! What fits best, by BM25 and by how new it is.

use super::{
    Query,
    index::{Open, Part, of_tantivy, parts},
};
use crate::{
    error::{Error, Result},
    id::StatusId,
    limits,
    table::{Bounds, Direction},
};
use std::{cmp::Reverse, collections::BinaryHeap};
use tantivy::{
    TERMINATED, Term,
    query::{BooleanQuery, ConstScoreQuery, EnableScoring, Occur},
};

impl Open {
    /// As [`super::Index::best`].
    pub(super) fn best(&self, query: &Query, bounds: Bounds, limit: usize) -> Result<Vec<StatusId>> {
        let conditions = match query {
            Query::All(conditions) => conditions.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (worded, others): (Vec<&Query>, Vec<&Query>) =
            conditions.iter().partition(|condition| matches!(condition, Query::Words(_)));
        // Where nothing fits better than anything else, the newest is the best.
        if worded.is_empty() || limit == 0 {
            return self.search(query, bounds, Direction::Descending, limit);
        }
        // Each condition stands by itself and none is an exclusion: so the rarest word says which documents are looked at.
        let unscored = |query| -> Box<dyn tantivy::query::Query> { Box::new(ConstScoreQuery::new(query, 0.0)) };
        let mut all: Vec<_> = worded.iter().map(|condition| (Occur::Must, self.query(condition))).collect();
        all.extend(others.iter().map(|condition| (Occur::Must, unscored(self.query(condition)))));
        all.extend(self.within(bounds).map(|range| (Occur::Must, unscored(range))));
        let searcher = self.reader.searcher();
        let all: Box<dyn tantivy::query::Query> = Box::new(BooleanQuery::new(all));
        let weight = all.weight(EnableScoring::enabled_from_searcher(&searcher)).map_err(of_tantivy)?;
        // The least of the best first.
        let mut best: BinaryHeap<Reverse<(u64, u64)>> = BinaryHeap::with_capacity(limit);
        let mut left = limits::SEARCH_SCORED;
        for part in parts(&searcher, Direction::Descending)? {
            if left == 0 {
                break;
            }
            if !part.reaches_into(bounds) {
                continue;
            }
            let most = self.rarest(&part, &worded)?;
            let mut scorer = weight.scorer(part.reader, 1.0).map_err(of_tantivy)?;
            // What was written last in a part is the newest of it, nearly.
            let ending = u64::from(part.reader.max_doc()) * most.saturating_sub(left) / most.max(1);
            let ending = u32::try_from(ending).unwrap_or(TERMINATED);
            left = left.saturating_sub(most);
            if scorer.doc() < ending {
                scorer.seek(ending);
            }
            let ids = part.reader.fast_fields().u64("id").map_err(of_tantivy)?;
            while scorer.doc() != TERMINATED {
                let document = scorer.doc();
                if let Some(id) = ids.first(document).filter(|_| !part.reader.is_deleted(document)) {
                    let one = (worth(scorer.score(), id), id);
                    if best.len() < limit {
                        best.push(Reverse(one));
                    } else if best.peek().is_some_and(|Reverse(least)| *least < one) {
                        best.pop();
                        best.push(Reverse(one));
                    }
                }
                scorer.advance();
            }
        }
        Ok(best.into_sorted_vec().into_iter().map(|Reverse((_, id))| StatusId(id)).collect())
    }

    /// How many documents of a part have the rarest of all these words: no more are looked at.
    fn rarest(&self, part: &Part<'_>, worded: &[&Query]) -> Result<u64> {
        let inverted = part.reader.inverted_index(self.fields.words).map_err(of_tantivy)?;
        let mut rarest = u64::from(part.reader.max_doc());
        for condition in worded {
            let Query::Words(words) = condition else { continue };
            for word in words {
                let term = Term::from_field_text(self.fields.words, &word.text);
                let documents = inverted.doc_freq(&term).map_err(|error| Error::io("read search/", error))?;
                rarest = rarest.min(u64::from(documents));
            }
        }
        Ok(rarest)
    }
}

/// What a document is worth that fits so well and has this id; the greater number is the better. A year less weighs as
/// much as fitting 1.4 times as well: `log2(1 + score) + age / half life`, in which the present does not occur, so that
/// the order stays as it is from page to page. The bits of numbers that are not negative have the order of the numbers.
fn worth(score: f32, id: u64) -> u64 {
    // Ids carry their time: what a server claims of a time to come does not count.
    let posted = u32::try_from(StatusId(id).time().0 / 1_000).unwrap_or(u32::MAX);
    let half_life = limits::SEARCH_HALF_LIFE.as_secs_f64();
    (f64::from(score.max(0.0)).ln_1p() / std::f64::consts::LN_2 + f64::from(posted) / half_life).to_bits()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Document, Word,
            index::{Change, Position},
        },
        *,
    };
    use crate::{
        id::{AccountId, Lsn, Timestamp},
        vfs::RealDisk,
    };
    use std::sync::Arc;

    /// An id of a number of days after another.
    fn at(days: u64, low: u64) -> u64 {
        ((1_700_000_000_000 + days * 86_400_000) << 16) + low
    }

    fn texts(change: &mut Change<'_>, texts: &[(u64, &str)]) {
        for (id, text) in texts {
            let words = text.split(' ').zip(0..).map(|(text, place)| Word { text: text.to_owned(), place }).collect();
            let document = Document {
                id: StatusId(*id),
                author: AccountId(1),
                sharers: Vec::new(),
                tags: Vec::new(),
                created_at: Timestamp(0),
                words,
                marks: vec!["kept".to_owned()],
            };
            change.put(StatusId(*id), Some(document)).expect("put");
        }
    }

    #[test]
    fn what_fits_best_comes_first_and_the_newer_of_what_fits_as_well() {
        let scratch = tempfile::tempdir().expect("a directory");
        let open = Open::make(&scratch.path().join("search"), Arc::new(RealDisk)).expect("made");
        let filler = "one two three four five six seven eight nine ten eleven twelve";
        let long = format!("{filler} tea {filler}");
        let parts: [&[(u64, &str)]; 3] = [
            &[(at(0, 1), "tea tea tea"), (at(1, 1), &long), (at(2, 1), "coffee")],
            &[(at(3, 1), "green tea"), (at(3, 2), "green tea"), (at(4, 1), &long)],
            &[(at(5, 1), "tea green"), (at(1_500, 1), &long)],
        ];
        for part in parts {
            let mut change = open.begin().expect("begun");
            texts(&mut change, part);
            change.commit(Position { lsn: Lsn(1), rows: None }, 1).expect("committed");
        }
        let words = |text: &str| {
            let words = text.split(' ').zip(0..).map(|(text, place)| Word { text: text.to_owned(), place });
            Query::Words(words.collect())
        };
        let ids = |query: &Query, limit| -> Vec<u64> {
            let found = open.best(query, Bounds::NONE, limit).expect("an answer");
            found.into_iter().map(|id| id.0).collect()
        };
        let tea = ids(&words("tea"), 10);
        assert_eq!(tea.len(), 7, "{tea:?}");
        assert_eq!(tea[0], at(1_500, 1), "four years are worth more than a few words less");
        assert_eq!(tea[1..5], [at(0, 1), at(5, 1), at(3, 2), at(3, 1)]);
        assert_eq!(tea[5..], [at(4, 1), at(1, 1)], "the longer the text, the less a word of it says");
        for limit in 0..7 {
            assert_eq!(ids(&words("tea"), limit), tea[..limit], "the same order, however many are asked for");
        }
        let phrase = Query::All(vec![words("green tea"), Query::Marks(vec!["kept".to_owned()])]);
        assert_eq!(ids(&phrase, 10), [at(3, 2), at(3, 1)]);
        let not =
            Query::All(vec![words("tea"), Query::Not(Box::new(words("green"))), Query::Not(Box::new(words("one")))]);
        assert_eq!(ids(&not, 10), [at(0, 1)]);
        let wordless = Query::Marks(vec!["kept".to_owned()]);
        assert_eq!(ids(&wordless, 3), [at(1_500, 1), at(5, 1), at(4, 1)], "nothing fits better: the newest");
        let bounds = Bounds { below: Some(at(3, 2)), above: Some(at(0, 1)) };
        let found = open.best(&words("tea"), bounds, 10).expect("an answer");
        assert_eq!(found, [StatusId(at(3, 1)), StatusId(at(1, 1))]);

        // What is deleted is not found.
        let mut change = open.begin().expect("begun");
        change.put(StatusId(at(0, 1)), None).expect("put");
        change.commit(Position { lsn: Lsn(2), rows: None }, 1).expect("committed");
        assert_eq!(ids(&words("tea"), 10).len(), 6);
    }

    #[test]
    fn newer_is_worth_a_little_and_no_number_turns_the_order() {
        let (day, year) = (at(0, 0), at(365, 0));
        assert!(worth(2.0, year) > worth(2.0, day));
        assert!(worth(9.0, day) > worth(2.0, year), "what fits much better comes before what is a year newer");
        assert!(
            worth(0.0, 0) < worth(0.1, 0) && worth(0.0, 0) == worth(-1.0, 0) && worth(f32::NAN, 0) == worth(0.0, 0)
        );
        assert!(worth(f32::MAX, u64::MAX) > worth(1.0, u64::MAX));
    }
}

//! Lives here: `dassie check`: the walk over log, base snapshots, engine, rows and the files they refer to, and mending what
//! follows from other rows; the same files read again by and by (`Again`). What must hold is described beside each entity
//! (`DESCRIPTIONS`).
//! May use: the store, the log, bases, the engine, the entities' descriptions, backups to put a file back from. Must never
//! name: an engine's library.
//! Invariants: a view reads a bounded number of rows; nothing is reported that was not seen twice; rows that are the truth
//! are never changed.

mod again;
mod arrivals;
pub mod describe;
mod files;
mod own;
mod walk;

pub use again::{Again, Part, Piece, Progress};
pub use describe::{Described, Flaw, Mend};
pub use files::Spare;

use crate::{
    account, activity, announcement, audience, backfill, block_list, card, cause, cleanup, collection, conversation,
    custom_emoji, delivery, directory, domain_allow, domain_block, draft, dress, endorsement, error::Result, filter,
    filtered, follow_source, habit, import, inbound, interaction, invite, job, limits, list, mail_link, media,
    moderation, mute, new_address, notification, oauth, passkey, peer, poll, push, quiet, quote, reaction, recovery,
    relationship, relay, reminder, reply_stamp, retention, retired_key, saved_search, scheduled, second_factor,
    sign_up_block, silent, status, store::Store, strike, table::TableId, tag, takeout, undelivered, use_of_access,
    user,
};
use describe::Phase;
use std::{fmt, ops::ControlFlow};
use walk::{Candidate, Walk};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Table and key, file or segment.
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

/// All that is described of rows, by entity.
pub static DESCRIPTIONS: &[&[&dyn Described]] = &[
    account::CHECKED,
    user::CHECKED,
    second_factor::CHECKED,
    recovery::CHECKED,
    passkey::CHECKED,
    new_address::CHECKED,
    use_of_access::CHECKED,
    mail_link::CHECKED,
    sign_up_block::CHECKED,
    oauth::CHECKED,
    status::CHECKED,
    status::mark::CHECKED,
    status::thread::CHECKED,
    tag::CHECKED,
    relationship::CHECKED,
    notification::CHECKED,
    filtered::CHECKED,
    job::CHECKED,
    inbound::CHECKED,
    peer::CHECKED,
    delivery::CHECKED,
    undelivered::CHECKED,
    audience::CHECKED,
    media::CHECKED,
    custom_emoji::CHECKED,
    mute::CHECKED,
    domain_block::CHECKED,
    endorsement::CHECKED,
    filter::CHECKED,
    poll::CHECKED,
    list::CHECKED,
    conversation::CHECKED,
    collection::CHECKED,
    moderation::CHECKED,
    quote::CHECKED,
    card::CHECKED,
    push::CHECKED,
    retention::CHECKED,
    activity::CHECKED,
    announcement::CHECKED,
    directory::CHECKED,
    domain_allow::CHECKED,
    retired_key::CHECKED,
    scheduled::CHECKED,
    reaction::CHECKED,
    backfill::CHECKED,
    interaction::CHECKED,
    cause::CHECKED,
    silent::CHECKED,
    reply_stamp::CHECKED,
    relay::CHECKED,
    draft::CHECKED,
    saved_search::CHECKED,
    dress::CHECKED,
    reminder::CHECKED,
    takeout::CHECKED,
    quiet::CHECKED,
    habit::CHECKED,
    import::CHECKED,
    invite::CHECKED,
    cleanup::CHECKED,
    strike::CHECKED,
    follow_source::CHECKED,
    block_list::CHECKED,
];

/// Tables of which nothing is described, and why. Their rows are read all the same.
pub const UNDESCRIBED: &[(&str, &str)] = &[
    ("accent", "a colour, which refers to nothing"),
    ("block_list", "whoever brought it may be gone; its parts are held against it"),
    ("meta", "the store's own numbers: recovery holds them against the log"),
    ("consumer", "positions of followers of the log: recovery holds them against its end"),
    ("tombstone", "says of a uri that nothing may come under it; names no row"),
    ("idempotency_key", "forgotten after an hour; the status it names may be deleted sooner"),
    ("gone_status", "says of a status that it is gone; names no row"),
    ("notifications_cleared", "a position in a list whose rows may all be gone"),
    ("tag", "how a name was first written; its timeline is held against it"),
    ("marker", "a position as a client sent it; the row it names may be gone"),
    ("identity", "one row, the truth"),
    ("settings", "one row, the truth"),
    ("instance_keys", "one row, the truth"),
    ("retired_instance_key", "one row, the truth"),
    ("inbound_chunk", "held against its activity; by itself it names none"),
    ("inbound_seen", "says of an activity that it came; names no row"),
    ("inbound_dead", "a copy for people to look at; names no row"),
    ("inbound_dropped", "counts for people to look at; names no row"),
    ("media_secret", "one row, the truth"),
    ("vapid_key", "one row, the truth"),
    (
        "arrival",
        "a row may point to nothing, and its hour is kept nowhere else; that each status has one is looked at apart",
    ),
    ("ages_rest", "one row, the truth"),
    ("retention_settling", "one row, the truth: how far a job has come"),
    ("room_hour", "what was measured in an hour; names no row"),
    ("retention_days", "one row, the truth"),
    ("activity_day", "what was counted as it happened; names no row"),
    ("activity_week", "what was counted as it happened; names no row"),
    ("text", "the truth; names no row"),
    ("limited_federation", "one row, the truth"),
    ("authorized_fetch", "one row, the truth"),
    ("certificate", "the truth, by a name of this server"),
    ("acme_account", "the truth, by an authority's address"),
    ("certificate_refusal", "how something went; names no row"),
    ("wave_sign", "forgotten after twelve hours; what it names may be gone sooner"),
    ("wave", "forgotten after twelve hours; what it names may be gone sooner"),
    ("peer_manner", "what a server has shown of itself, which may have no row as a peer yet"),
    ("unasked", "a number, forgotten after two hours; names no row"),
    ("directory_settled", "two rows, the truth: how far two jobs have come"),
    ("delivery_pause", "the truth; a peer may be paused before it is known"),
    ("inviters", "one row, the truth"),
    ("backup_deed", "what was done outside the store; names no row"),
];

/// What a check may do about what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    Nothing,
    /// Make right what follows from other rows, by ordinary transactions.
    Derived,
}

/// What a check tells while it goes on.
#[derive(Debug)]
pub enum Told<'a> {
    /// It reads this: a table, a file.
    Reading {
        /// What.
        what: &'a str,
        /// Rows or transactions of it so far.
        rows: u64,
    },
    /// This is wrong.
    Found(&'a Finding),
    /// This was wrong and has been made right.
    Mended(&'a Finding),
}

/// What a check came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows looked at.
    pub rows: u64,
    /// Things that are wrong.
    pub found: u64,
    /// Things that were wrong and have been made right.
    pub mended: u64,
    /// It ended before it had seen all: at `limits::FINDINGS_MAX`, because nobody listens any more, or because the engine
    /// is damaged.
    pub cut_short: bool,
}

/// Who hears of a check; a break ends it.
pub type Hear<'a> = &'a mut dyn FnMut(Told<'_>) -> ControlFlow<()>;

impl Store {
    /// All that is wrong: see `check_telling`. At most `FINDINGS_MAX`.
    ///
    /// # Errors
    /// As `check_telling`.
    pub fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        self.check_telling(Repair::Nothing, &mut |told| {
            if let Told::Found(finding) = told {
                findings.push(finding.clone());
            }
            ControlFlow::Continue(())
        })?;
        Ok(findings)
    }

    /// Walks the log (frames and chain), the base snapshots and the engine's rows, compares the checkpoint, reads the disk's
    /// history, and holds the rows of all tables against what is described of them. `Repair::Derived` also makes anew what
    /// of these files is damaged and follows from the engine, if that is whole. Works while the store is written to: each step
    /// is one view of a bounded number of rows, and what it finds is looked at a second time. A damaged engine ends it there:
    /// it is rebuilt, and then another check is due.
    ///
    /// # Errors
    /// Only what keeps the check from going on, `Unavailable` if the engine is just being reopened; damage is a finding.
    pub fn check_telling(&self, repair: Repair, hear: Hear<'_>) -> Result<Summary> {
        let mut check = Check { hear, summary: Summary::default() };
        let outcome = check.own_files(self, repair).and_then(|flow| match flow {
            ControlFlow::Continue(()) => check.rows(self, repair),
            ControlFlow::Break(()) => Ok(ControlFlow::Break(())),
        })?;
        check.summary.cut_short = outcome.is_break();
        Ok(check.summary)
    }
}

struct Check<'a> {
    hear: Hear<'a>,
    summary: Summary,
}

impl Check<'_> {
    fn found(&mut self, finding: &Finding) -> ControlFlow<()> {
        self.summary.found += 1;
        (self.hear)(Told::Found(finding))?;
        if self.summary.found < limits::FINDINGS_MAX as u64 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    fn reading(&mut self, what: &str, rows: u64) -> ControlFlow<()> {
        (self.hear)(Told::Reading { what, rows })
    }

    /// The rows of all tables: first what they say, then the numbers that count them; then what stands in no queue.
    fn rows(&mut self, store: &Store, repair: Repair) -> Result<ControlFlow<()>> {
        for phase in [Phase::Rows, Phase::Counters] {
            let mut walk = Walk::new(store.shared().options.tables, phase);
            while let Some(step) = walk.step(store)? {
                if self.reading(step.table, step.rows).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                // The numbers stand beside rows that were read before.
                if phase == Phase::Rows {
                    self.summary.rows += step.looked;
                }
                let mut confirmed = Vec::new();
                for candidate in step.found {
                    confirmed.extend(walk::confirm(store, candidate)?);
                }
                let told = match repair {
                    Repair::Nothing => self.tell_all(&confirmed),
                    Repair::Derived => self.mend_all(store, &confirmed)?,
                };
                if told.is_break() {
                    return Ok(told);
                }
            }
        }
        self.arrivals(store, repair)
    }

    fn tell_all(&mut self, found: &[Candidate]) -> ControlFlow<()> {
        found.iter().try_for_each(|candidate| self.found(&candidate.finding()))
    }

    /// Mends in transactions that read as much as a rule may.
    fn mend_all(&mut self, store: &Store, found: &[Candidate]) -> Result<ControlFlow<()>> {
        let mut rest = found;
        while !rest.is_empty() {
            let mut rows = 0;
            let fitting = rest.iter().take(limits::CHECK_MENDED).take_while(|candidate| {
                rows += candidate.rows_to_count();
                rows <= limits::CHECK_RULE_ROWS
            });
            let (some, behind) = rest.split_at(fitting.count().max(1));
            if self.mend(store, some)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            rest = behind;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Makes right what can be and looks again: between the look and the rule a number may have moved.
    fn mend(&mut self, store: &Store, found: &[Candidate]) -> Result<ControlFlow<()>> {
        let mut left = found.to_vec();
        for _ in 0..limits::CHECK_TRIES {
            let changed = walk::mend(store, &left)?;
            let mut still = Vec::new();
            for (candidate, changed) in left.into_iter().zip(changed) {
                match walk::confirm(store, candidate.clone())? {
                    Some(again) => still.push(again),
                    None if changed => {
                        self.summary.mended += 1;
                        if (self.hear)(Told::Mended(&candidate.finding())).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    // Somebody else has changed it meanwhile.
                    None => {}
                }
            }
            left = still;
            if left.iter().all(|candidate| !candidate.can_be_mended()) {
                break;
            }
        }
        Ok(self.tell_all(&left))
    }
}

/// Whether something is described of `table`, or the reason why not is given; for the test of the catalogue.
#[must_use]
pub fn is_accounted_for(id: TableId, name: &str) -> bool {
    let described = DESCRIPTIONS.iter().flat_map(|entity| entity.iter());
    described.flat_map(|described| described.walks().into_iter().chain([described.table()])).any(|named| named.id == id)
        || UNDESCRIBED.iter().any(|(other, _)| *other == name)
}

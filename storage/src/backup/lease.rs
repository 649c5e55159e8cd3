//! The lease: which of the machines that share a repository may serve. `docs/STORAGE.md`, "Who may serve", has the
//! argument; here are its steps, without a clock and without waiting.
//!
//! Objects: `lease/claim/EPOCH-HOLDER`, one for each claim, never replaced; `lease/highest`, the claim stored last, for
//! targets whose listings lag; `lease/current`, what whoever serves says of itself; `lease/standby/HOLDER`, who follows.

use super::{object::Kind, repository::Repository};
use crate::{
    error::{Error, Result},
    id::{Lsn, Timestamp},
    limits, record,
    record::Record,
};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Duration};

const CLAIMS: &str = "lease/claim/";
const HIGHEST: &str = "lease/highest";
const CURRENT: &str = "lease/current";
const STANDBYS: &str = "lease/standby/";
/// The lowest epoch of a claim made while the place of the backups was gone; others count up from 1.
const WITHOUT_PLACE: u64 = 1 << 62;
/// Bits below its time, for the claims that are made above it.
const ABOVE_BITS: u32 = 16;

/// A machine's claim to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The higher one wins.
    pub epoch: u64,
    /// The random number of the machine; of one epoch the lower one wins.
    pub holder: u64,
}
record!(Claim, 1);

impl Claim {
    /// Whether whoever made the other claim must not serve because of this one.
    #[must_use]
    pub fn beats(&self, other: &Claim) -> bool {
        self.epoch > other.epoch || (self.epoch == other.epoch && self.holder < other.holder)
    }

    /// The claim of a machine that takes over while nobody can say which claims there are: above all that were counted, and
    /// of two such claims the later one wins.
    #[must_use]
    pub fn without_place(holder: u64, now: Timestamp) -> Claim {
        let ms = u64::try_from(now.0).unwrap_or(0).min((WITHOUT_PLACE >> ABOVE_BITS) - 1);
        Claim { epoch: WITHOUT_PLACE | (ms << ABOVE_BITS), holder }
    }

    /// When it was made so; `None` for one made above others that could be read.
    #[must_use]
    pub fn made_without_place(&self) -> Option<Timestamp> {
        let made = self.epoch >= WITHOUT_PLACE && self.epoch.trailing_zeros() >= ABOVE_BITS;
        let ms = (self.epoch & !WITHOUT_PLACE) >> ABOVE_BITS;
        made.then(|| Timestamp(i64::try_from(ms).unwrap_or(i64::MAX)))
    }

    fn object(&self) -> String {
        format!("{CLAIMS}{:020}-{:016x}", self.epoch, self.holder)
    }

    fn parse(object: &str) -> Option<Claim> {
        let (epoch, holder) = object.strip_prefix(CLAIMS)?.split_once('-')?;
        let exact = epoch.len() == 20 && holder.len() == 16;
        let claim = Claim { epoch: epoch.parse().ok()?, holder: u64::from_str_radix(holder, 16).ok()? };
        (exact && claim.object() == object).then_some(claim)
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "machine {:016x} by claim {}", self.holder, self.epoch)
    }
}

/// The claims that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Those that may be the highest ones.
    pub all: Vec<Claim>,
    /// What is damaged of the objects that are read by their names, in words.
    pub damaged: Option<String>,
}

/// What whoever serves says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who it is.
    pub claim: Claim,
    /// Up to where it has shipped the log.
    pub shipped: Lsn,
    /// Its time when it said so; for people. Nothing is decided by it but whether a machine that took over without the
    /// place may claim there when that is back.
    pub at: Timestamp,
    /// It knows that a standby exists: it stops serving when it cannot renew this.
    pub heeds: bool,
}
record!(Lease, 1);

impl Repository {
    /// The claims that may be the highest ones; what is damaged of them is told to the log.
    ///
    /// # Errors
    /// As `read_claims`.
    pub fn claims(&self) -> Result<Vec<Claim>> {
        let claims = self.read_claims()?;
        if let Some(damaged) = claims.damaged {
            tracing::error!(%damaged, "of the claims to serve something is damaged; the others are relied on");
        }
        Ok(claims.all)
    }

    /// The claims that may be the highest ones. Each stands in a name that is listed, so one object that is damaged hides
    /// none: where that is the one of the claim stored last, the claim of whoever said last that it serves counts as well.
    ///
    /// # Errors
    /// `Corrupt` if the claim stored last is damaged and none is listed: who may serve is not known. `Format`, `Io`.
    pub fn read_claims(&self) -> Result<Claims> {
        let objects = self.list(CLAIMS)?;
        let newest = objects.iter().rev().take(limits::CLAIMS_MAX);
        let mut all: Vec<_> = newest.filter_map(|object| Claim::parse(&object.name)).collect();
        // A listing may lag; an object read by its name does not.
        let highest = self.find(Kind::Claim, HIGHEST);
        let mut damaged = match highest.and_then(|found| found.map(|bytes| Claim::decode(&bytes)).transpose()) {
            Ok(highest) => {
                all.extend(highest);
                return Ok(Claims { all, damaged: None });
            }
            Err(error @ Error::Corrupt { .. }) if !all.is_empty() => error.to_string(),
            Err(Error::Corrupt { why, .. }) => {
                let why = format!(
                    "{why}; no claim is listed either, so it is not known who may serve. Where no server runs any \
                     more, remove it"
                );
                return Err(Error::corrupt(format!("the backup's object {HIGHEST}"), "the whole", why));
            }
            Err(error) => return Err(error),
        };
        match self.lease() {
            Ok(lease) => all.extend(lease.map(|lease| lease.claim)),
            Err(error @ Error::Corrupt { .. }) => damaged = format!("{damaged}; {error}"),
            Err(error) => return Err(error),
        }
        Ok(Claims { all, damaged: Some(damaged) })
    }

    /// Stores the claim of whoever serves as the one stored last, where that object is damaged and no standby is known: a
    /// claim that one stores at the same moment would be replaced, and where listings lag nobody would see it.
    ///
    /// # Errors
    /// `Io`.
    pub fn mend_highest(&self, claim: &Claim) -> Result<()> {
        self.put(Kind::Claim, HIGHEST, &claim.encode()).map(|_| ())
    }

    /// Stores a claim.
    ///
    /// # Errors
    /// `Io`; it may be there or not.
    pub fn put_claim(&self, claim: &Claim) -> Result<()> {
        // In this order: whoever has seen the claim replaces this object after it, never before.
        self.put(Kind::Claim, HIGHEST, &claim.encode())?;
        self.put(Kind::Claim, &claim.object(), &claim.encode())?;
        Ok(())
    }

    /// What whoever serves said last.
    ///
    /// # Errors
    /// `Corrupt`, `Io`.
    pub fn lease(&self) -> Result<Option<Lease>> {
        self.find(Kind::Lease, CURRENT)?.map(|bytes| Lease::decode(&bytes)).transpose()
    }

    /// Says that this machine serves.
    ///
    /// # Errors
    /// `Io`.
    pub fn put_lease(&self, lease: &Lease) -> Result<()> {
        self.put(Kind::Lease, CURRENT, &lease.encode()).map(|_| ())
    }

    /// Says that a machine follows.
    ///
    /// # Errors
    /// `Io`.
    pub fn register_standby(&self, holder: u64) -> Result<()> {
        let claim = Claim { epoch: 0, holder };
        self.put(Kind::Standby, &format!("{STANDBYS}{holder:016x}"), &claim.encode()).map(|_| ())
    }

    /// Says that a machine follows no more.
    ///
    /// # Errors
    /// `Io`.
    pub fn forget_standby(&self, holder: u64) -> Result<()> {
        self.remove(&format!("{STANDBYS}{holder:016x}"))
    }

    /// Whether a machine follows, or did and was not forgotten.
    ///
    /// # Errors
    /// `Io`.
    pub fn has_standby(&self) -> Result<bool> {
        Ok(!self.list(STANDBYS)?.is_empty())
    }
}

/// What a machine that serves knows of its right to. Times are of its own clock that never goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// The claim by which it serves.
    pub claim: Claim,
    /// Whether it stops when it cannot renew.
    heeds: bool,
    until: Option<Duration>,
    beaten: Option<Claim>,
}

impl Tenure {
    /// A machine with a claim that has not renewed yet.
    #[must_use]
    pub fn new(claim: Claim, heeds: bool) -> Tenure {
        Tenure { claim, heeds, until: None, beaten: None }
    }

    /// What the claims say, read before a renewal is stored; `false`: it is over and nothing may be stored.
    pub fn sees(&mut self, claims: &[Claim]) -> bool {
        let beats = claims.iter().filter(|claim| claim.beats(&self.claim));
        if let Some(claim) = beats.max_by_key(|claim| (claim.epoch, u64::MAX - claim.holder)) {
            self.beaten = Some(*claim);
        }
        self.beaten.is_none()
    }

    /// It is over because of this claim, although it does not beat the own one by itself; there is no way back.
    pub fn end(&mut self, by: Claim) {
        self.beaten.get_or_insert(by);
    }

    /// A renewal was stored that began at `began`, **before** the claims were read of which `sees` said that none beats
    /// this one.
    pub fn renewed(&mut self, began: Duration) {
        let until = began.saturating_add(limits::LEASE);
        self.until = self.until.max(Some(until));
    }

    /// From now on it stops when it cannot renew; there is no way back.
    pub fn heed(&mut self) {
        self.heeds = true;
    }

    /// Whether it stops when it cannot renew.
    #[must_use]
    pub fn heeds(&self) -> bool {
        self.heeds
    }

    /// The claim that ended it.
    #[must_use]
    pub fn beaten(&self) -> Option<Claim> {
        self.beaten
    }

    /// For how long it may serve from `now` on; `None`: not at all.
    #[must_use]
    pub fn left(&self, now: Duration) -> Option<Duration> {
        match (self.beaten, self.heeds, self.until) {
            (Some(_), ..) => None,
            (None, false, _) => Some(Duration::MAX),
            (None, true, until) => until?.checked_sub(now).filter(|left| !left.is_zero()),
        }
    }
}

/// A machine on its way to serve. Times are of its own clock that never goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidacy {
    /// Its claim, above all it saw.
    pub claim: Claim,
    asked: Duration,
    stored: Option<Duration>,
}

impl Candidacy {
    /// A claim above `seen`, the claims read after `asked`.
    #[must_use]
    pub fn above(seen: &[Claim], holder: u64, asked: Duration) -> Candidacy {
        let highest = seen.iter().map(|claim| claim.epoch).max().unwrap_or(0);
        Candidacy { claim: Claim { epoch: highest.saturating_add(1), holder }, asked, stored: None }
    }

    /// The claim was stored by `now`; `false`: that took too long and it does not count, another is needed.
    pub fn stored(&mut self, now: Duration) -> bool {
        let counts = now.saturating_sub(self.asked) < limits::CLAIM_TIME;
        self.stored = counts.then_some(now);
        counts
    }

    /// How long it must still wait until every lease of before has certainly run out; `None`: no claim of it counts.
    #[must_use]
    pub fn wait(&self, now: Duration) -> Option<Duration> {
        Some((self.stored? + limits::HANDOVER).saturating_sub(now))
    }

    /// What the claims read after the wait say.
    ///
    /// # Errors
    /// `Refused` in a sentence if another machine won, or if the wait is not over.
    pub fn outcome(&self, claims: &[Claim], now: Duration) -> Result<Tenure> {
        if self.wait(now) != Some(Duration::ZERO) {
            return Err(Error::Refused("the lease of the other machine has not certainly run out yet".into()));
        }
        let mut tenure = Tenure::new(self.claim, true);
        tenure.sees(claims);
        match tenure.beaten() {
            None => Ok(tenure),
            Some(other) => {
                Err(Error::Refused(format!("another machine takes over: {other}; this one goes on following")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_stored_has_the_bytes_it_always_had() {
        let claim = Claim { epoch: 3, holder: 300 };
        assert_eq!(claim.encode(), [1, 3, 172, 2]);
        let lease = Lease { claim, shipped: Lsn(6), at: Timestamp(7), heeds: true };
        assert_eq!(lease.encode(), [1, 3, 172, 2, 6, 14, 1]);
        assert_eq!(Lease::decode(&lease.encode()).expect("reads"), lease);
    }

    #[test]
    fn names_of_claims_read_back_and_foreign_ones_do_not() {
        let claim = Claim { epoch: 7, holder: 0xab };
        assert_eq!(claim.object(), "lease/claim/00000000000000000007-00000000000000ab");
        assert_eq!(Claim::parse(&claim.object()), Some(claim));
        for foreign in ["", "lease/claim/7-ab", "lease/claim/00000000000000000007-00000000000000AB", "lease/highest"] {
            assert_eq!(Claim::parse(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_claim_without_a_place_beats_all_counted_ones_and_a_later_one_beats_it() {
        let claim = |ms| Claim::without_place(9, Timestamp(ms));
        let counted = Claim { epoch: 1_000_000, holder: 1 };
        assert!(counted.made_without_place().is_none() && claim(0).beats(&counted));
        for ms in [0, 1, 1_800_000_000_000] {
            assert_eq!(claim(ms).made_without_place(), Some(Timestamp(ms)));
            assert!(claim(ms + 1).beats(&claim(ms)), "{ms}");
        }
        assert_eq!(claim(i64::MIN), claim(0));
        assert!(claim(i64::MAX).made_without_place().is_some() && claim(i64::MAX).epoch < 1 << 63);
        let above = Candidacy::above(&[counted, claim(5)], 7, Duration::ZERO).claim;
        assert!(above.beats(&claim(5)) && claim(6).beats(&above) && above.made_without_place().is_none());
        assert_eq!(Claim::parse(&claim(5).object()), Some(claim(5)));
    }

    #[test]
    fn without_a_standby_an_outage_ends_nothing_and_a_higher_claim_ends_all() {
        let mut tenure = Tenure::new(Claim { epoch: 1, holder: 1 }, false);
        assert_eq!(tenure.left(Duration::from_secs(1_000_000)), Some(Duration::MAX));
        tenure.heed();
        assert_eq!(tenure.left(Duration::ZERO), None, "it has not renewed");
        tenure.renewed(Duration::from_secs(10));
        assert_eq!(tenure.left(Duration::from_secs(15)), Some(Duration::from_secs(25)));
        assert_eq!(tenure.left(Duration::from_secs(40)), None);
        assert!(!tenure.sees(&[Claim { epoch: 2, holder: 9 }]));
        tenure.renewed(Duration::from_secs(50));
        assert_eq!(tenure.left(Duration::from_secs(51)), None, "it is over for good");
        let (mut above, lower) = (Tenure::new(Claim { epoch: 5, holder: 1 }, false), Claim { epoch: 2, holder: 9 });
        assert!(above.sees(&[lower]));
        above.end(lower);
        assert_eq!((above.sees(&[]), above.beaten(), above.left(Duration::ZERO)), (false, Some(lower), None));
    }

    /// A machine with a clock of its own: how fast it runs, in parts per thousand, and where it began.
    #[derive(Debug)]
    struct Body {
        holder: u64,
        speed: u64,
        offset: u64,
        tenure: Option<Tenure>,
        candidacy: Option<Candidacy>,
        /// Steps of the round or of the claim under way.
        round: Option<(Duration, Option<bool>)>,
        seen: Option<(Duration, Vec<Claim>)>,
    }

    impl Body {
        fn now(&self, real_ms: u64) -> Duration {
            Duration::from_millis(self.offset + real_ms * self.speed / 1000)
        }

        /// One step of whatever it is at; steps of others come in between.
        fn step(&mut self, choice: u8, reachable: bool, real_ms: u64, claims: &mut Vec<Claim>) {
            let now = self.now(real_ms);
            if let Some(tenure) = &mut self.tenure {
                match (self.round, reachable) {
                    (None, _) => self.round = Some((now, None)),
                    (Some((began, None)), true) => self.round = Some((began, Some(tenure.sees(claims)))),
                    (Some((began, Some(fine))), true) => {
                        if fine {
                            tenure.renewed(began);
                        }
                        self.round = None;
                    }
                    // A process that starts anew knows only what is on its disk.
                    (Some(_), false) if choice.is_multiple_of(7) => {
                        (self.tenure, self.round) = (Some(Tenure::new(tenure.claim, true)), None);
                    }
                    (Some(_), false) => {}
                }
                if self.tenure.as_ref().is_some_and(|tenure| tenure.beaten().is_some()) {
                    (self.tenure, self.round) = (None, None);
                }
                return;
            }
            if !reachable {
                return;
            }
            match (&mut self.candidacy, self.seen.take()) {
                (None, None) if choice.is_multiple_of(3) => self.seen = Some((now, claims.clone())),
                (None, None) => {}
                (None, Some((asked, seen))) => {
                    let mut candidacy = Candidacy::above(&seen, self.holder, asked);
                    claims.push(candidacy.claim);
                    if candidacy.stored(now) {
                        self.candidacy = Some(candidacy);
                    }
                }
                (Some(candidacy), _) if candidacy.wait(now) == Some(Duration::ZERO) => {
                    self.tenure = candidacy.outcome(claims, now).ok();
                    self.candidacy = None;
                }
                (Some(_), _) => {}
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        #[test]
        fn two_machines_never_both_may_serve(
            steps in proptest::collection::vec((0_usize..3, any::<u8>(), 0_u64..4000), 1..400),
            speeds in proptest::array::uniform3(985_u64..1015),
            outages in any::<u64>(),
        ) {
            let first = Claim { epoch: 1, holder: 2 };
            let (mut claims, mut real_ms) = (vec![first], 0);
            let mut bodies: Vec<_> = (0..3).map(|at| Body {
                holder: [2, 1, 3][at], speed: speeds[at], offset: at as u64 * 1_000_000,
                tenure: (at == 0).then(|| Tenure::new(first, true)), candidacy: None, round: None, seen: None,
            }).collect();
            for (at, (who, choice, passes)) in steps.into_iter().enumerate() {
                real_ms += passes;
                // Outages come in stretches: bits of a number, one for each eight steps and each machine.
                let reachable = (outages >> ((at / 8 * 3 + who) % 64)) & 1 == 0;
                bodies[who].step(choice, reachable, real_ms, &mut claims);
                let serve = bodies.iter().filter(|body| {
                    body.tenure.as_ref().is_some_and(|tenure| tenure.left(body.now(real_ms)).is_some())
                });
                prop_assert!(serve.count() <= 1, "two serve after step {at}: {bodies:?}");
            }
        }
    }
}

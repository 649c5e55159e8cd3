//! Challenges: what a passkey signs, given out once, for one purpose, for a short time. They live in memory: after a restart
//! one presses the button again.

use crate::{limits, user::webauthn::CHALLENGE_BYTES};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use storage::{AccountId, SecretHash, Timestamp};

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in, in the browser whose form has this token.
    Enter(SecretHash),
    /// A new passkey of this account.
    Add(AccountId),
    /// The passkey of an owner who is to have this number, in the first run.
    First(AccountId),
}

/// A challenge.
pub type Challenge = [u8; CHALLENGE_BYTES];

/// All challenges that were given out and not answered yet.
#[derive(Default)]
pub struct Challenges(Mutex<HashMap<Challenge, (Purpose, Timestamp)>>);

impl Challenges {
    /// Gives a challenge out. Of `limits::CHALLENGES` that wait already, the oldest goes.
    pub fn give(&self, challenge: Challenge, purpose: Purpose, now: Timestamp) {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if given.len() >= limits::CHALLENGES {
            given.retain(|_, (_, at)| now.ms_since(*at) <= limits::CHALLENGE_MS);
        }
        if given.len() >= limits::CHALLENGES {
            let oldest = given.iter().min_by_key(|(_, (_, at))| *at).map(|(challenge, _)| *challenge);
            if let Some(oldest) = oldest {
                given.remove(&oldest);
            }
        }
        given.insert(challenge, (purpose, now));
    }

    /// Takes a challenge back, whether it holds or not: whether it was given out for this within `limits::CHALLENGE_MS`.
    pub fn take(&self, challenge: &Challenge, purpose: Purpose, now: Timestamp) -> bool {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(challenge);
        taken.is_some_and(|(given_for, at)| given_for == purpose && now.ms_since(at) <= limits::CHALLENGE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    #[test]
    fn a_challenge_holds_once_for_one_purpose_and_a_short_time() {
        let challenges = Challenges::default();
        let purpose = Purpose::Add(AccountId(7));
        challenges.give([1; CHALLENGE_BYTES], purpose, NOW);
        assert!(challenges.take(&[1; CHALLENGE_BYTES], purpose, NOW));
        assert!(!challenges.take(&[1; CHALLENGE_BYTES], purpose, NOW), "once");
        challenges.give([2; CHALLENGE_BYTES], purpose, NOW);
        assert!(!challenges.take(&[2; CHALLENGE_BYTES], Purpose::Add(AccountId(8)), NOW));
        assert!(!challenges.take(&[2; CHALLENGE_BYTES], purpose, NOW), "a wrong try uses it up");
        for (late, holds) in [(0, true), (1, false)] {
            challenges.give([3; CHALLENGE_BYTES], purpose, NOW);
            let then = NOW.plus_ms(limits::CHALLENGE_MS + late);
            assert_eq!(challenges.take(&[3; CHALLENGE_BYTES], purpose, then), holds);
        }
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes() {
        let challenges = Challenges::default();
        let of = |number: usize| {
            let mut challenge = [0; CHALLENGE_BYTES];
            challenge[..8].copy_from_slice(&number.to_be_bytes());
            challenge
        };
        let purpose = Purpose::Enter(SecretHash([0; 32]));
        for number in 0..=limits::CHALLENGES {
            challenges.give(of(number), purpose, NOW.plus_ms(number as i64));
        }
        assert_eq!(challenges.0.lock().expect("not poisoned").len(), limits::CHALLENGES);
        let now = NOW.plus_ms(limits::CHALLENGES as i64);
        assert!(!challenges.take(&of(0), purpose, now) && challenges.take(&of(1), purpose, now));
    }
}

//! From figures to a state, with hysteresis: a state is left only when there is clearly more room.

use crate::limits;
use serde::{Deserialize, Serialize};

/// How much room is left, by the budget or by the disk, whichever is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoomState {
    /// Enough.
    Ample,
    /// From 90 % on: somebody should look.
    Scarce,
    /// From 95 % on: nothing is fetched that nobody asked for.
    Short,
    /// From 98 % on: nothing is taken from other servers.
    Out,
}

impl RoomState {
    /// From how many of 1000 bytes on.
    fn begins_at_per_mille(self) -> u64 {
        match self {
            RoomState::Ample => 0,
            RoomState::Scarce => limits::ROOM_SCARCE_PER_MILLE,
            RoomState::Short => limits::ROOM_SHORT_PER_MILLE,
            RoomState::Out => limits::ROOM_OUT_PER_MILLE,
        }
    }
}

/// What a state is judged by, each in bytes of 1000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Of the budget, what is in use now.
    pub used: u64,
    /// Of the budget, what will be in use while files that are written anew by and by are; without copies of pictures.
    pub settled: u64,
    /// Of the budget, what will be in use while the next file is written beside those there are.
    pub peak: u64,
    /// Of that, copies of other servers' pictures: for these nothing else has to go.
    pub copies: u64,
    /// Of what the log should not go beyond, what it takes.
    pub log: u64,
    /// Of the disk; 0 where so much is free that its share says nothing.
    pub disk: u64,
    /// The last pass of retention found nothing that may go.
    pub exhausted: bool,
}

/// The state, and whether something has to go.
#[derive(Debug, Clone, Copy)]
pub struct Judge {
    state: RoomState,
    pressed: bool,
}

impl Default for Judge {
    fn default() -> Self {
        Judge { state: RoomState::Ample, pressed: false }
    }
}

impl Judge {
    /// The state.
    #[must_use]
    pub fn state(&self) -> RoomState {
        self.state
    }

    /// Whether the oldest has to go although its time has not come. What others put on the disk presses nobody here.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        self.pressed
    }

    /// Looks at the figures; answers whether the state changed.
    ///
    /// Whatever is in use, nothing is taken from other servers while it comes faster than retention makes room for it:
    /// the room that files need while they are written anew would be gone. Nor while the next file would not fit beside
    /// those there are, or the log grows faster than base snapshots let it go.
    pub fn look(&mut self, figures: Figures) -> bool {
        let from = if self.pressed { limits::ROOM_GOAL_PER_MILLE } else { limits::ROOM_PRESSED_PER_MILLE };
        let slack = if self.pressed { limits::ROOM_SLACK_PER_MILLE } else { 0 };
        let held = figures.peak.saturating_sub(figures.copies);
        self.pressed = figures.settled > from || held >= limits::ROOM_OUT_PER_MILLE - slack;
        let ingest = figures.used.max(figures.peak).max(figures.log);
        let ingest = if self.pressed && !figures.exhausted { ingest.max(figures.settled) } else { ingest };
        let mut wanted = RoomState::Ample;
        for state in [RoomState::Scarce, RoomState::Short, RoomState::Out] {
            let full = if state == RoomState::Out { ingest } else { figures.used };
            let slack = if state <= self.state { limits::ROOM_SLACK_PER_MILLE } else { 0 };
            if full.max(figures.disk) >= state.begins_at_per_mille() - slack {
                wanted = state;
            }
        }
        std::mem::replace(&mut self.state, wanted) != wanted
    }
}

//! The room in the state of the server: a short table, and the sentence when there is too little.

use super::judge::RoomState;
use crate::operate::disk::amount;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the data directory takes of its budget. Bytes are those allocated on the disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Room {
    /// How much is left.
    pub state: RoomState,
    /// The files were measured; before that the numbers are 0.
    pub measured: bool,
    /// The budget.
    pub budget_bytes: u64,
    /// What counts against it: all files.
    pub used_bytes: u64,
    /// Of 100, rounded down.
    pub used_per_cent: u64,
    /// The engine's files.
    pub engine_bytes: u64,
    /// What of that is free inside, about; filled before they grow, or given back.
    pub engine_free_bytes: u64,
    /// The engine is one whose files are never written anew: they become smaller only as far as it makes them so itself.
    #[serde(default)]
    pub engine_never_anew: bool,
    /// The log.
    pub log_bytes: u64,
    /// Base snapshots.
    pub base_bytes: u64,
    /// The search index.
    pub search_bytes: u64,
    /// Media of people here.
    pub media_bytes: u64,
    /// Media of other servers.
    pub cache_bytes: u64,
    /// A backup that is seen restored just now.
    #[serde(default)]
    pub scratch_bytes: u64,
    /// The reserve and small files.
    pub rest_bytes: u64,
    /// Backups on the same disk, beside the data directory: no part of `used_bytes`. `None`: they lie elsewhere.
    #[serde(default)]
    pub backup_bytes: Option<u64>,
    /// The oldest posts of other servers that nothing holds go before their time.
    pub making_room: bool,
    /// Bytes that are needed while files are written anew, if other servers wait until they are free.
    #[serde(default)]
    pub awaited_bytes: u64,
    /// Bytes a day by which it grew in the last days.
    pub growth_bytes_a_day: Option<u64>,
    /// The day on which the budget is reached at this growth, if that is within ten years.
    pub reached_on: Option<String>,
}

impl Room {
    fn classes(&self) -> [(&'static str, u64); 8] {
        [
            ("tables", self.engine_bytes),
            ("log", self.log_bytes),
            ("base snapshots", self.base_bytes),
            ("search index", self.search_bytes),
            ("media", self.media_bytes),
            ("media of others", self.cache_bytes),
            ("restored backup", self.scratch_bytes),
            ("reserve", self.rest_bytes),
        ]
    }
}

/// Too little room, in words: cause, what is largest, effect, what helps. `disk`: (free, all) bytes where that is worse.
pub(super) fn problem(room: &Room, disk: Option<(u64, u64)>) -> Option<String> {
    let effect = match room.state {
        RoomState::Ample => return None,
        RoomState::Scarce => "nothing has to step aside yet",
        RoomState::Short => "media and older posts of other servers are not fetched",
        RoomState::Out => {
            "other servers are asked to send again later; signing in, reading, deleting and posting go on"
        }
    };
    if let Some((free, total)) = disk {
        let (free, total) = (amount(free), amount(total));
        return Some(format!("only {free} of {total} are free on the disk; {effect}; free some space on this disk"));
    }
    let (largest, bytes) = room.classes().into_iter().max_by_key(|(_, bytes)| *bytes).unwrap_or_default();
    let (used, budget, per_cent) = (amount(room.used_bytes), amount(room.budget_bytes), room.used_per_cent);
    let helps = match largest {
        "media" => "a larger budget or less of that helps",
        "tables" if room.engine_never_anew => {
            "old posts of other servers go by themselves, but the tables of this engine, sled, become smaller only as far \
             as it makes them so; a larger budget or storage.engine = \"redb\" helps"
        }
        "restored backup" => "it goes when it has been seen; a larger budget or backup.scratch helps",
        _ => "old posts of other servers go by themselves; a larger budget helps",
    };
    let awaited = match room.awaited_bytes {
        0 => String::new(),
        awaited => format!(", and {} more are needed while files are written anew", amount(awaited)),
    };
    Some(format!(
        "{used} of the budget of {budget} ({per_cent} %) are in use, most of it by {largest} ({}){awaited}; {effect}; \
         {helps}",
        amount(bytes)
    ))
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let budget = amount(self.budget_bytes);
        if !self.measured {
            return writeln!(f, "  room: a budget of {budget}; the files are being measured");
        }
        write!(f, "  room: {} of a budget of {budget} ({} %)", amount(self.used_bytes), self.used_per_cent)?;
        match (self.growth_bytes_a_day, &self.reached_on) {
            (Some(bytes), Some(day)) => write!(f, ", {} more each day: reached on {day}", amount(bytes))?,
            (Some(bytes), None) if bytes > 0 => write!(f, ", {} more each day", amount(bytes))?,
            _ => {}
        }
        writeln!(f, "{}", if self.making_room { "; old posts of other servers go to make room" } else { "" })?;
        for (name, bytes) in self.classes().into_iter().filter(|(_, bytes)| *bytes > 0) {
            writeln!(f, "    {name:<16} {:>10}", amount(bytes))?;
        }
        if self.engine_free_bytes > 0 {
            writeln!(f, "    {:<16} {:>10}, counted with them", "free in tables", amount(self.engine_free_bytes))?;
        }
        if let Some(bytes) = self.backup_bytes {
            writeln!(f, "    {:<16} {:>10}, on this disk, outside the budget", "backups", amount(bytes))?;
        }
        Ok(())
    }
}

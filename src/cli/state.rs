//! `dassie state`: the state of the running server or standby, or that none runs.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
};
use crate::{
    clock::Clock,
    config::{Config, Flags},
    error::{Error, Result},
    standby,
};

/// Prints the state; fails if no server runs on this data directory.
pub(super) fn run(json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let state = control::answer(&config, "state", &Request::State, |answer| match answer {
        Answer::State(state) => Some(state),
        _ => None,
    })?;
    let Some(state) = state else {
        if let Some(followed) = standby::looked_at(&config.data_dir, &Clock::System)? {
            if json {
                return say_json(&followed);
            }
            say(followed.to_string().trim_end());
            return Ok(());
        }
        return Err(Error::invalid("state", format!("no server runs on {}", config.data_dir.display())));
    };
    if json {
        return say_json(&state);
    }
    say(state.to_string().trim_end());
    Ok(())
}

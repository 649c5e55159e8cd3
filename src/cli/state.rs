//! `dassie state`: the state of the running server, or that none runs.

use super::{
    control::{self, Answer, Request},
    out::say,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
};

/// Prints the state; fails if no server runs on this data directory.
pub(super) fn run(json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let answer = control::ask(&config.data_dir, &Request::State)?;
    let Some(answer) = answer else {
        return Err(Error::invalid("state", format!("no server runs on {}", config.data_dir.display())));
    };
    match answer {
        Answer::State(state) if json => {
            let text = serde_json::to_string_pretty(&state).map_err(|error| Error::Bug(error.to_string()))?;
            say(text);
        }
        Answer::State(state) => say(state.to_string().trim_end()),
        Answer::Refused(why) => return Err(Error::invalid("state", why)),
        Answer::Told(_) | Answer::Checked(_) | Answer::StoreStats(_) | Answer::Done(_) => {
            return Err(Error::Bug("the server answered something else".to_owned()));
        }
    }
    Ok(())
}

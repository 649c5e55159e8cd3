//! `dassie doctor`: whether the name of the running server leads to it.

use super::{
    control::{self, Answer, Request},
    out::say,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    operate::doctor::Mark,
};

/// Prints what was found; fails if something is wrong.
pub(super) fn run(json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let findings = match control::ask(&config.data_dir, &Request::Doctor)? {
        Some(Answer::Findings(findings)) => findings,
        Some(Answer::Refused(why)) => return Err(Error::invalid("doctor", why)),
        Some(_) => return Err(Error::Bug("the server answered something else".to_owned())),
        None => return Err(Error::invalid("doctor", format!("no server runs on {}", config.data_dir.display()))),
    };
    if json {
        say(serde_json::to_string_pretty(&findings).map_err(|error| Error::Bug(error.to_string()))?);
    } else {
        findings.iter().for_each(say);
    }
    let wrong = findings.iter().filter(|finding| finding.mark == Mark::Wrong).count();
    if wrong > 0 {
        return Err(Error::invalid("doctor", format!("{wrong} of {} looks found something wrong", findings.len())));
    }
    Ok(())
}

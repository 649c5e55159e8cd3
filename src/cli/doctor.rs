//! `dassie doctor`: whether the name of the running server leads to it.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    operate::doctor::Mark,
};

/// Prints what was found; fails if something is wrong.
pub(super) fn run(json: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let findings = control::answer(&config, "doctor", &Request::Doctor, |answer| match answer {
        Answer::Findings(findings) => Some(findings),
        _ => None,
    })?;
    let none = || Error::invalid("doctor", format!("no server runs on {}", config.data_dir.display()));
    let findings = findings.ok_or_else(none)?;
    if json {
        say_json(&findings)?;
    } else {
        findings.iter().for_each(say);
    }
    let wrong = findings.iter().filter(|finding| finding.mark == Mark::Wrong).count();
    if wrong > 0 {
        return Err(Error::invalid("doctor", format!("{wrong} of {} looks found something wrong", findings.len())));
    }
    Ok(())
}

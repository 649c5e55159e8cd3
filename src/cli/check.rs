//! `dassie check`: reads the whole store and says what is wrong with it, through the running server or by itself.

use super::{
    control::{self, Answer, Request},
    out::say,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    reach::Reach,
    running::{self, Parts},
    server::Server,
};
use storage::check::Finding;

/// Prints every finding; fails if there is one.
pub(super) fn run(flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    let findings = match control::ask(&config.data_dir, &Request::Check)? {
        Some(Answer::Findings(findings)) => findings,
        Some(Answer::Refused(why)) => return Err(Error::invalid("check", why)),
        Some(_) => return Err(Error::Bug("the server answered something else".to_owned())),
        None => offline(&config)?,
    };
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        say("nothing is wrong");
        return Ok(());
    }
    Err(Error::invalid("check", format!("{} things are wrong", findings.len())))
}

fn offline(config: &Config) -> Result<Vec<String>> {
    if !config.data_dir.join("store").is_dir() {
        return Err(Error::invalid("check", format!("there is no store in {}", config.data_dir.display())));
    }
    let store = running::open_store_now(config, &Parts::of_system(Reach::Public))?;
    let findings = store.check();
    let closed = store.close();
    let findings = findings?;
    closed?;
    Ok(said(&findings))
}

/// In the running server.
pub(super) async fn in_server(server: &Server) -> Result<Vec<String>> {
    let store = server.store().clone();
    server.compute(move || Ok(said(&store.check()?))).await
}

fn said(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

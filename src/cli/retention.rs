//! `dassie retention`: after how many days posts of other servers that nothing holds go.

use super::{
    control::{self, Request},
    out::say,
};
use crate::{
    config::{Config, Flags},
    error::{Error, Result},
    limits,
    server::Server,
};
use storage::{Tx, retention};

/// Says how many days, or sets them, in the running server or, if none runs, in the store itself.
pub(super) fn run(days: Option<u32>, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    say(control::carried_out(&config, "retention", &Request::Retention { days }, move |tx| settle(tx, days))?);
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, days: Option<u32>) -> Result<String> {
    server.write(move |tx| settle(tx, days)).await
}

fn settle(tx: &mut Tx<'_>, days: Option<u32>) -> Result<String> {
    if let Some(days) = days {
        let (least, most) = limits::RETENTION_DAYS_RANGE;
        if !(least..=most).contains(&days) {
            let why = format!("retention is {days} days; at least {least} and at most {most}");
            return Err(Error::invalid("retention", why));
        }
        retention::put_days(tx, days);
    }
    let days = retention::days(tx)?.unwrap_or(limits::RETENTION_DAYS);
    Ok(format!("posts of other servers that nothing here holds go after {days} days"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn days_are_set_within_their_bounds_and_remembered() {
        let lab = Lab::new();
        let ask = |days| lab.write(move |tx| settle(tx, days)).map_err(|error| error.to_string());
        assert!(ask(None).expect("said").ends_with("go after 90 days"));
        assert!(ask(Some(1)).expect("set").ends_with("go after 1 days"));
        assert!(ask(Some(36_500)).is_ok());
        let why = ask(Some(0)).expect_err("refused");
        assert!(why.contains("retention is 0 days; at least 1 and at most 36500"), "{why}");
        assert!(ask(Some(36_501)).is_err());
        assert!(ask(None).expect("said").ends_with("go after 36500 days"), "what was refused changed nothing");
    }
}

//! `dassie config show`: what is set, or with `--effective` everything and where it comes from.

use super::out::say;
use crate::{
    config::{Config, Flags, Source},
    error::Result,
};

/// Prints the configuration.
pub(super) fn run(effective: bool, flags: &Flags) -> Result<()> {
    let config = Config::load(flags)?;
    for (key, value, source) in config.effective() {
        let value = value.map_or_else(|| "(not set)".to_owned(), |value| format!("{value:?}"));
        if effective {
            say(format_args!("{key} = {value}  # {source}"));
        } else if *source != Source::BuiltIn {
            say(format_args!("{key} = {value}"));
        }
    }
    Ok(())
}

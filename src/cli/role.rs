//! `dassie user role`: what somebody may do here, changed later.

use super::{
    control,
    control::Request,
    out::say,
    user::{RoleName, named},
};
use crate::{config::Config, error::Result, server::Server, user::set_role};
use clap::Args;
use serde::{Deserialize, Serialize};
use storage::Tx;

#[derive(Args)]
pub(super) struct Change {
    /// The account's name.
    name: String,
    /// What the user may do from now on.
    #[arg(value_enum)]
    role: RoleName,
    #[command(flatten)]
    place: super::Place,
}

/// What is changed, as it goes to the running server.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Wanted {
    name: String,
    role: RoleName,
}

/// Does it, in the running server or in the store itself.
pub(super) fn run(change: Change) -> Result<()> {
    let config = Config::load(&change.place.flags())?;
    let wanted = Wanted { name: change.name, role: change.role };
    let alone = wanted.clone();
    say(control::carried_out(&config, "user", &Request::SetRole(wanted), move |tx| carry_out(tx, &alone))?);
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    let said = server.write(move |tx| carry_out(tx, &wanted)).await?;
    // What was allowed under the former role is asked anew.
    server.access_cache().clear();
    Ok(said)
}

fn carry_out(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<String> {
    let Wanted { name, role } = wanted;
    let before = set_role(tx, named(tx, name)?.account, (*role).into())?;
    let (before, now) = (RoleName::from(before).word(), role.word());
    Ok(if before == now {
        format!("@{name} is {now} already")
    } else {
        format!("@{name} is {now} now, no longer {before}")
    })
}

//! `dassie user reset`: lets somebody in again who lost their password or what they prove themselves with.

use super::{
    control,
    control::Request,
    out::say,
    user::{named, read_password},
};
use crate::{
    config::Config,
    error::Result,
    random::Random,
    server::Server,
    user::{hash_password, password, second_factor},
};
use clap::Args;
use serde::{Deserialize, Serialize};
use storage::Tx;

#[derive(Args)]
#[group(id = "what", required = true, multiple = true, args = ["password_stdin", "two_factor"])]
pub(super) struct Reset {
    /// The account's name.
    name: String,
    /// Set the password that stands on standard input; every browser and app has to sign in again.
    #[arg(long)]
    password_stdin: bool,
    /// Turn two-factor authentication off.
    #[arg(long)]
    two_factor: bool,
    #[command(flatten)]
    place: super::Place,
}

/// What is reset, as it goes to the running server.
#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    name: String,
    password_hash: Option<String>,
    two_factor: bool,
}

/// Does it, in the running server or in the store itself.
pub(super) fn run(reset: Reset) -> Result<()> {
    let config = Config::load(&reset.place.flags())?;
    let password_hash = match reset.password_stdin {
        true => Some(hash_password(&read_password()?, Random::System.bytes())?),
        false => None,
    };
    let wanted =
        || Wanted { name: reset.name.clone(), password_hash: password_hash.clone(), two_factor: reset.two_factor };
    let alone = wanted();
    say(control::carried_out(&config, "user", &Request::ResetUser(wanted()), move |tx| carry_out(tx, &alone))?);
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<String> {
    let said = server.write(move |tx| carry_out(tx, &wanted)).await?;
    server.access_cache().clear();
    Ok(said)
}

fn carry_out(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<String> {
    let name = &wanted.name;
    let user = named(tx, name)?;
    let mut done = Vec::new();
    if wanted.two_factor {
        let was_on = second_factor::turn_off(tx, user.account)?;
        done.push(if was_on {
            "two-factor authentication is off"
        } else {
            "two-factor authentication was off already"
        });
    }
    if let Some(hash) = &wanted.password_hash {
        password::change(tx, user, hash)?;
        done.push("the new password holds");
    }
    Ok(format!("@{name}: {}", done.join("; ")))
}

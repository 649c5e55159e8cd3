//! `dassie invite`: lets somebody sign up who shows a code, in the running server or on its data directory.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
    store,
};
use crate::{
    clock::{self, DAY_MS},
    config::Config,
    error::{Error, Result},
    instance::local_accounts,
    limits,
    random::Random,
    server::Server,
    user::invite::{self as rules, NewInvite},
};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use storage::{
    AccountId, Bounds, Direction, Read, Tx, account,
    instance::identity,
    invite::{self, INVITES, Invite},
    user::OWNERS,
};

/// Invites that are listed, the newest of each who made some.
const LISTED: usize = 1_000;

/// Let somebody sign up who shows a code.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Make an invite and print its link.
    New {
        /// How many may come by it [default: as many as like].
        #[arg(long, value_name = "NUMBER")]
        uses: Option<u32>,
        /// How many days it holds [default: until it is revoked].
        #[arg(long, value_name = "NUMBER")]
        days: Option<u32>,
        /// Whoever comes follows whoever invites.
        #[arg(long)]
        autofollow: bool,
        /// What it is for; only whoever invites reads it.
        #[arg(long, default_value = "")]
        comment: String,
        /// The account that invites [default: the owner's].
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        place: super::Place,
    },
    /// All invites, who made them and how many came.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: super::Place,
    },
    /// Take an invite back.
    Revoke {
        /// Its code.
        code: String,
        #[command(flatten)]
        place: super::Place,
    },
}

/// What is wanted, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// A new one.
    New {
        /// How many may come.
        uses: Option<u32>,
        /// How many days it holds.
        days: Option<u32>,
        /// Whoever comes follows.
        autofollow: bool,
        /// What it is for.
        comment: String,
        /// Who invites.
        by: Option<String>,
    },
    /// All of them.
    List,
    /// To take one back.
    Revoke(String),
}

/// An invite as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shown {
    code: String,
    link: String,
    by: String,
    uses: u32,
    max_uses: Option<u32>,
    expires_at: Option<String>,
    holds: bool,
    autofollow: bool,
    comment: String,
}

/// Does what is asked of invites.
pub(super) fn run(command: Command) -> Result<()> {
    let (wanted, json, place) = match command {
        Command::New { uses, days, autofollow, comment, by, place } => {
            (Wanted::New { uses, days, autofollow, comment, by }, false, place)
        }
        Command::List { json, place } => (Wanted::List, json, place),
        Command::Revoke { code, place } => (Wanted::Revoke(code), false, place),
    };
    let config = Config::load(&place.flags())?;
    let shown = control::answer(&config, "invite", &Request::Invite(wanted.clone()), |answer| match answer {
        Answer::Invites(shown) => Some(shown),
        _ => None,
    })?;
    let shown = match shown {
        Some(shown) => shown,
        None => {
            let (wanted, code) = (wanted.clone(), rules::code(Random::System.bytes()));
            store::with_closed(&config, |store| store.write(move |tx| settle(tx, &wanted, &code)))?
        }
    };
    match wanted {
        _ if json => say_json(&shown)?,
        Wanted::New { .. } => shown.iter().for_each(|invite| say(&invite.link)),
        Wanted::Revoke(_) => shown.iter().for_each(|invite| say(format!("nobody comes by {} any more", invite.code))),
        Wanted::List if shown.is_empty() => say("no invites"),
        Wanted::List => shown.iter().for_each(|invite| say(invite.in_words())),
    }
    Ok(())
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<Vec<Shown>> {
    let code = rules::code(server.random_bytes());
    server.write(move |tx| settle(tx, &wanted, &code)).await
}

fn settle(tx: &mut Tx<'_>, wanted: &Wanted, code: &str) -> Result<Vec<Shown>> {
    let known = match wanted {
        Wanted::List => return list(tx),
        Wanted::New { uses, days, autofollow, comment, by } => {
            let new = NewInvite {
                max_uses: *uses,
                lasts_ms: days.map(|days| i64::from(days) * DAY_MS),
                autofollow: *autofollow,
                comment: comment.clone(),
            };
            let id = rules::create(tx, inviter(tx, by.as_deref())?, &new, code)?;
            INVITES.get(tx, &id)?
        }
        Wanted::Revoke(code) => {
            let unknown = || Error::invalid("code", format!("there is no invite {code}"));
            let (id, known) = invite::by_code(tx, code.trim())?.ok_or_else(unknown)?;
            rules::revoke(tx, known.account, id)?;
            INVITES.get(tx, &id)?
        }
    };
    known.iter().map(|known| shown(tx, known)).collect()
}

/// Whose invite it is: who is named, else the owner.
fn inviter(read: &dyn Read, name: Option<&str>) -> Result<AccountId> {
    let Some(name) = name else {
        let owner = OWNERS.list(read, &(), Bounds::NONE, Direction::Ascending, 1)?.pop();
        let none = || Error::invalid("as", "this server has no owner yet; say who invites with --as NAME");
        return owner.map(|(id, ())| id).ok_or_else(none);
    };
    let found = account::find_by_name(read, name.trim_start_matches('@'), None)?.filter(|found| found.is_local());
    found.map(|found| found.id).ok_or_else(|| Error::invalid("as", format!("there is no user {name}")))
}

fn list(tx: &Tx<'_>) -> Result<Vec<Shown>> {
    let mut all = Vec::new();
    for id in local_accounts(tx, limits::COUNTED_MAX)? {
        for (_, known) in invite::of_account(tx, id, limits::INVITES_MAX)? {
            all.push(shown(tx, &known)?);
        }
        if all.len() >= LISTED {
            break;
        }
    }
    Ok(all)
}

fn shown(tx: &Tx<'_>, known: &Invite) -> Result<Shown> {
    let by = account::find(tx, known.account)?.map(|account| account.username).unwrap_or_default();
    let origin = identity(tx)?.map(|identity| identity.origin).unwrap_or_default();
    Ok(Shown {
        link: format!("{origin}/invite/{}", known.code),
        code: known.code.clone(),
        by,
        uses: known.uses,
        max_uses: known.max_uses,
        expires_at: known.expires_at.map(clock::iso),
        holds: known.holds(tx.now()) && rules::may_invite(tx, known.account)?,
        autofollow: known.autofollow,
        comment: known.comment.clone(),
    })
}

impl Shown {
    fn in_words(&self) -> String {
        let of = self.max_uses.map(|most| format!(" of {most}")).unwrap_or_default();
        let mut said = vec![format!("{} by {}: {}{of} came", self.link, self.by, self.uses)];
        said.push(if self.holds { "holds".to_owned() } else { "holds no more".to_owned() });
        said.extend(self.expires_at.iter().map(|end| format!("until {end}")));
        said.extend((!self.comment.is_empty()).then(|| self.comment.clone()));
        said.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn an_invite_is_made_listed_and_taken_back() {
        let lab = Lab::new();
        lab.local("ann");
        let ask = |wanted: Wanted| lab.write(move |tx| settle(tx, &wanted, "ABCDEFGHJKLM"));
        let new = |by: Option<&str>| Wanted::New {
            uses: Some(2),
            days: Some(1),
            autofollow: false,
            comment: "for Bo".to_owned(),
            by: by.map(str::to_owned),
        };
        assert!(ask(new(None)).expect_err("no owner").to_string().contains("--as NAME"));
        assert!(ask(new(Some("zoe"))).expect_err("nobody").to_string().contains("there is no user zoe"));
        let made = ask(new(Some("ann"))).expect("made");
        assert!(made[0].holds && made[0].link.ends_with("/invite/ABCDEFGHJKLM"), "{made:?}");
        assert_eq!(ask(Wanted::List).expect("a list"), made);
        assert!(made[0].in_words().contains("by ann: 0 of 2 came; holds; until"), "{}", made[0].in_words());
        assert!(!ask(Wanted::Revoke("ABCDEFGHJKLM".to_owned())).expect("revoked")[0].holds);
        assert!(ask(Wanted::Revoke("nothing".to_owned())).is_err());
    }
}

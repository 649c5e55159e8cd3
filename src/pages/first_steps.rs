//! What is to be done once for a server after its first run, as home tells whoever runs it, until they put it away.

use crate::{
    error::Result,
    http::visit::{Form, gone},
    limits,
    server::Server,
};
use axum::{extract::State, response::Response};
use storage::{
    AccountId, Bounds, Direction, Read, instance,
    moderation::STAFF,
    passkey,
    recovery::RECOVERY_SHEETS,
    reminder::{self, Reminders},
    second_factor,
    user::{self, Role},
};
use web::page::home::Step;

/// How many steps there are.
pub(super) const STEPS: usize = 7;

/// What the configuration says already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set {
    /// Others can find it.
    reachable: bool,
    /// No page can give it a name: the configuration says where it is.
    named: bool,
    backup: bool,
    mail: bool,
}

impl Set {
    /// As this server was started.
    pub(super) fn of(server: &Server) -> Self {
        let config = server.config();
        Set {
            reachable: !server.origin().is_localhost(),
            named: server.is_named(),
            backup: config.backups.to.is_some(),
            mail: config.mail.is_some(),
        }
    }
}

/// The steps; `None` for whoever does not run the server, who has put them away, or has done them all.
pub(super) fn of(read: &dyn Read, own: AccountId, set: Set) -> Result<Option<[Step; STEPS]>> {
    let runs = user::find(read, own)?.is_some_and(|user| user.role >= Role::Admin);
    if !runs || reminder::of(read, own)?.steps_away {
        return Ok(None);
    }
    let keyed = second_factor::find(read, own)?.is_some() || !passkey::of_account(read, own)?.is_empty();
    let steps = [
        Step {
            done: set.reachable,
            what: "steps-name",
            why: "steps-name-why",
            page: Some("/settings/name").filter(|_| !set.named),
        },
        Step { done: set.backup, what: "steps-backup", why: "steps-backup-why", page: None },
        Step {
            done: RECOVERY_SHEETS.contains(read, &own)?,
            what: "steps-recovery",
            why: "steps-recovery-why",
            page: Some("/settings/recovery"),
        },
        Step { done: keyed, what: "steps-keyed", why: "steps-keyed-why", page: Some("/settings/passkeys") },
        Step { done: somebody_else(read, own)?, what: "steps-second", why: "steps-second-why", page: None },
        Step { done: set.mail, what: "steps-mail", why: "steps-mail-why", page: None },
        Step {
            done: !instance::settings(read)?.rules.is_empty(),
            what: "steps-rules",
            why: "steps-rules-why",
            page: None,
        },
    ];
    Ok(steps.iter().any(|step| !step.done).then_some(steps))
}

/// Whether somebody else could run the server.
fn somebody_else(read: &dyn Read, own: AccountId) -> Result<bool> {
    for (who, ()) in STAFF.list(read, &(), Bounds::NONE, Direction::Ascending, limits::STAFF_LOOKED_AT)? {
        if who != own && user::find(read, who)?.is_some_and(|user| user.role >= Role::Admin && !user.disabled) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `POST /home/steps`: puts them away.
pub(super) async fn put_away(State(server): State<Server>, form: Form) -> Result<Response> {
    let own = form.account;
    let rule = move |tx: &mut storage::Tx<'_>| {
        let reminders = reminder::of(tx, own)?;
        reminder::put(tx, own, Reminders { steps_away: true, ..reminders });
        Ok(())
    };
    server.write(rule).await?;
    gone(&server, "/home", "notice-steps-away")
}

//! `dassie instance`: what an administrator changes while the server runs, in the running server or on its data directory.

use super::{
    control::{self, Answer, Request},
    out::{say, say_json},
    store,
};
use crate::{
    config::{Config, Flags, did_you_mean},
    error::{Error, Result},
    instance::settings::{self, Setting, inviters_name, registrations_name},
    server::Server,
};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::fmt;
use storage::{Bounds, Direction, Tx, accent, instance, invite, user::WAITING};

/// People waiting that are counted.
const WAITING_COUNTED: usize = 200;

/// What an administrator changes while the server runs.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Print the settings.
    Show {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: super::Place,
    },
    /// Change one: title, description, contact-email, registrations (closed, approve or open), registrations-message,
    /// reason-required (yes or no), min-age (years, 0 for any), invites (who may make some: everybody, staff or nobody),
    /// accent (the colour of links and buttons, #9a3f14).
    Set(Set),
    /// The rules of this server.
    #[command(subcommand)]
    Rule(Rules),
}

#[derive(Args)]
pub(super) struct Set {
    /// Which.
    key: String,
    /// To what; an empty text takes it away.
    #[arg(allow_hyphen_values = true)]
    value: String,
    #[command(flatten)]
    place: super::Place,
}

#[derive(Subcommand)]
pub(super) enum Rules {
    /// Add one behind the others.
    Add {
        /// What it says.
        text: String,
        #[command(flatten)]
        place: super::Place,
    },
    /// Remove one.
    Remove {
        /// Its number, as `dassie instance show` prints it.
        number: usize,
        #[command(flatten)]
        place: super::Place,
    },
}

/// What is asked, as it goes to the running server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    /// Nothing is changed.
    Show,
    /// One setting.
    Set {
        /// Its name.
        key: String,
        /// What it is to be.
        value: String,
    },
    /// One rule more.
    AddRule {
        /// What it says.
        text: String,
    },
    /// One rule less.
    RemoveRule {
        /// Its number, from 1 on.
        number: usize,
    },
}

/// The settings as they are now.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Shown {
    title: String,
    description: String,
    contact_email: String,
    registrations: String,
    registrations_message: String,
    reason_required: bool,
    min_age: u8,
    invites: String,
    /// `#` and six digits; empty: the colour of the style sheet.
    #[serde(default)]
    accent: String,
    rules: Vec<String>,
    /// The mail server, as the configuration names it.
    mail: Option<String>,
    /// How many people wait to be let in, at most `WAITING_COUNTED`.
    waiting: usize,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
        writeln!(f, "title                  {}", or_none(&self.title))?;
        writeln!(f, "description            {}", or_none(&self.description))?;
        writeln!(f, "contact-email          {}", or_none(&self.contact_email))?;
        writeln!(f, "registrations          {}", self.registrations)?;
        writeln!(f, "registrations-message  {}", or_none(&self.registrations_message))?;
        writeln!(f, "reason-required        {}", if self.reason_required { "yes" } else { "no" })?;
        match self.min_age {
            0 => writeln!(f, "min-age                0 (any)")?,
            years => writeln!(f, "min-age                {years}")?,
        }
        writeln!(f, "invites                by {}", self.invites)?;
        writeln!(f, "accent                 {}", or_none(&self.accent))?;
        match &self.mail {
            Some(host) => writeln!(f, "mail                   by {host}: addresses are confirmed by a letter")?,
            None => {
                writeln!(
                    f,
                    "mail                   no mail server is set: addresses cannot be confirmed and count as"
                )?;
                writeln!(f, "                       confirmed, and nobody can choose a new password by mail")?;
            }
        }
        writeln!(f, "waiting to be let in   {}", self.waiting)?;
        writeln!(f, "rules                  {}", if self.rules.is_empty() { "(none)" } else { "" })?;
        for (number, rule) in self.rules.iter().enumerate() {
            writeln!(f, "  {}. {rule}", number + 1)?;
        }
        Ok(())
    }
}

/// Does what is asked of the settings.
pub(super) fn run(command: Command) -> Result<()> {
    let (wanted, json, place) = match command {
        Command::Show { json, place } => (Wanted::Show, json, place),
        Command::Set(Set { key, value, place }) => {
            // Told before anything is opened.
            named(&key)?;
            (Wanted::Set { key, value }, false, place)
        }
        Command::Rule(Rules::Add { text, place }) => (Wanted::AddRule { text }, false, place),
        Command::Rule(Rules::Remove { number, place }) => (Wanted::RemoveRule { number }, false, place),
    };
    let shown = carried_out(&wanted, &place.flags())?;
    if json {
        say_json(&shown)?;
    } else {
        say(shown.to_string().trim_end());
    }
    Ok(())
}

fn carried_out(wanted: &Wanted, flags: &Flags) -> Result<Shown> {
    let config = Config::load(flags)?;
    let shown = control::answer(&config, "instance", &Request::Instance(wanted.clone()), |answer| match answer {
        Answer::Instance(shown) => Some(*shown),
        _ => None,
    })?;
    match shown {
        Some(shown) => Ok(shown),
        None => {
            let (wanted, mail) = (wanted.clone(), mail_of(&config));
            store::with_closed(&config, |store| store.write(move |tx| settle(tx, &wanted, mail.as_deref())))
        }
    }
}

/// In the running server.
pub(super) async fn in_server(server: &Server, wanted: Wanted) -> Result<Shown> {
    let mail = mail_of(server.config());
    let shown = server.write(move |tx| settle(tx, &wanted, mail.as_deref())).await?;
    server.read_accent().await?;
    Ok(shown)
}

fn mail_of(config: &Config) -> Option<String> {
    config.mail.as_ref().map(|mail| mail.host.clone())
}

fn named(key: &str) -> Result<Setting> {
    Setting::named(key).ok_or_else(|| {
        let known = Setting::ALL.iter().map(|(_, name)| (*name).to_owned());
        let names: Vec<&str> = Setting::ALL.iter().map(|(_, name)| *name).collect();
        let hint = did_you_mean(key, known);
        Error::invalid("instance", format!("there is no setting {key}{hint} (there are {})", names.join(", ")))
    })
}

fn settle(tx: &mut Tx<'_>, wanted: &Wanted, mail: Option<&str>) -> Result<Shown> {
    let settings = match wanted {
        Wanted::Show => instance::settings(tx)?,
        Wanted::Set { key, value } => settings::set(tx, named(key)?, value)?,
        Wanted::AddRule { text } => settings::add_rule(tx, text)?,
        Wanted::RemoveRule { number } => settings::remove_rule(tx, *number)?,
    };
    let waiting = WAITING.list(tx, &(), Bounds::NONE, Direction::Ascending, WAITING_COUNTED)?.len();
    Ok(Shown {
        title: settings.title,
        description: settings.description,
        contact_email: settings.contact_email,
        registrations: registrations_name(settings.registrations).to_owned(),
        registrations_message: settings.registrations_message,
        reason_required: settings.reason_required,
        min_age: settings.min_age,
        invites: inviters_name(invite::inviters(tx)?).to_owned(),
        accent: accent::find(tx)?.map(|accent| format!("#{:06x}", accent.rgb)).unwrap_or_default(),
        rules: settings.rules,
        mail: mail.map(str::to_owned),
        waiting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn unknown_settings_are_refused_with_the_one_that_was_meant() {
        let why = named("titel").expect_err("unknown").to_string();
        assert!(why.contains("no setting titel; did you mean title?") && why.contains("min-age"), "{why}");
        assert_eq!(named("min-age").expect("known"), Setting::MinAge);
    }

    #[test]
    fn what_is_shown_is_what_was_set() {
        let lab = Lab::new();
        let ask = |wanted: Wanted| lab.write(move |tx| settle(tx, &wanted, None)).expect("done");
        ask(Wanted::Set { key: "registrations".to_owned(), value: "approve".to_owned() });
        ask(Wanted::AddRule { text: "Be kind".to_owned() });
        ask(Wanted::Set { key: "accent".to_owned(), value: "#008080".to_owned() });
        let shown = ask(Wanted::Show).to_string();
        let set = |value: &str| {
            let wanted = Wanted::Set { key: "accent".to_owned(), value: value.to_owned() };
            lab.write(move |tx| settle(tx, &wanted, None)).map(|shown| shown.accent).map_err(|error| error.to_string())
        };
        assert_eq!((set("00FF00").as_deref(), set("").as_deref()), (Ok("#00ff00"), Ok("")));
        for odd in ["teal", "#fff", "#1234567", "#12345g"] {
            assert!(set(odd).is_err_and(|why| why.contains("six digits")), "{odd}");
        }
        for line in [
            "registrations          approve",
            "  1. Be kind",
            "no mail server is set",
            "min-age                0",
            "accent                 #008080",
        ] {
            assert!(shown.contains(line), "{line}: {shown}");
        }
        assert_eq!(ask(Wanted::RemoveRule { number: 1 }).rules, Vec::<String>::new());
    }
}

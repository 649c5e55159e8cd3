//! What an administrator changes while the server runs: each setting by its name, and the rules.

use crate::{
    error::{Error, Result},
    limits,
    user::check_email,
};
use storage::{
    Tx,
    accent::{self, Accent},
    instance::{self, Registrations, Settings},
    invite::{self, Inviters},
};

/// A setting with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The server's name.
    Title,
    /// One sentence on what it is for.
    Description,
    /// Who to write to.
    ContactEmail,
    /// Who may sign up.
    Registrations,
    /// What is said while nobody may.
    RegistrationsMessage,
    /// Whoever wants to be let in must say why.
    ReasonRequired,
    /// Years that whoever signs up must have.
    MinAge,
    /// Who may make invites.
    Invites,
    /// The accent colour of pages.
    Accent,
}

impl Setting {
    /// All of them, with their names.
    pub const ALL: [(Setting, &str); 9] = [
        (Setting::Title, "title"),
        (Setting::Description, "description"),
        (Setting::ContactEmail, "contact-email"),
        (Setting::Registrations, "registrations"),
        (Setting::RegistrationsMessage, "registrations-message"),
        (Setting::ReasonRequired, "reason-required"),
        (Setting::MinAge, "min-age"),
        (Setting::Invites, "invites"),
        (Setting::Accent, "accent"),
    ];

    /// The setting with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Setting> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(setting, _)| *setting)
    }
}

/// Changes one setting; an empty text takes a text away.
///
/// # Errors
/// `Invalid` for a value that may not be.
pub fn set(tx: &mut Tx<'_>, setting: Setting, value: &str) -> Result<Settings> {
    let mut settings = instance::settings(tx)?;
    let value = value.trim();
    let text = |field, most| within(field, value, most).map(|()| value.to_owned());
    match setting {
        Setting::Title => settings.title = text("title", limits::TITLE_CHARS_MAX)?,
        Setting::Description => settings.description = text("description", limits::SETTING_CHARS_MAX)?,
        Setting::ContactEmail => settings.contact_email = check_email(value)?.to_owned(),
        Setting::Registrations => settings.registrations = registrations(value)?,
        Setting::RegistrationsMessage => {
            settings.registrations_message = text("registrations-message", limits::SETTING_CHARS_MAX)?;
        }
        Setting::ReasonRequired => settings.reason_required = yes_or_no(value)?,
        Setting::MinAge => settings.min_age = years(value)?,
        Setting::Invites => invite::put_inviters(tx, inviters(value)?),
        Setting::Accent => accent::put(tx, colour(value)?),
    }
    instance::put_settings(tx, &settings);
    Ok(settings)
}

/// Adds a rule behind the others.
///
/// # Errors
/// `Invalid` for a text that is empty, too long or there already, and for one rule too many.
pub fn add_rule(tx: &mut Tx<'_>, text: &str) -> Result<Settings> {
    let mut settings = instance::settings(tx)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("rule", "rule can't be blank"));
    }
    within("rule", text, limits::RULE_CHARS_MAX)?;
    if settings.rules.iter().any(|rule| rule == text) {
        return Err(Error::invalid("rule", "rule is there already"));
    }
    if settings.rules.len() >= limits::RULES_MAX {
        return Err(Error::invalid("rule", format!("there are {} rules; at most {0}", limits::RULES_MAX)));
    }
    settings.rules.push(text.to_owned());
    instance::put_settings(tx, &settings);
    Ok(settings)
}

/// Removes the rule with this number, as lists show it from 1 on; those behind it move up.
///
/// # Errors
/// `Invalid` if there is none.
pub fn remove_rule(tx: &mut Tx<'_>, number: usize) -> Result<Settings> {
    let mut settings = instance::settings(tx)?;
    let at = number.checked_sub(1).filter(|at| *at < settings.rules.len());
    let Some(at) = at else {
        return Err(Error::invalid("rule", format!("there is no rule {number}; there are {}", settings.rules.len())));
    };
    settings.rules.remove(at);
    instance::put_settings(tx, &settings);
    Ok(settings)
}

/// The word for who may sign up.
#[must_use]
pub fn registrations_name(registrations: Registrations) -> &'static str {
    match registrations {
        Registrations::Closed => "closed",
        Registrations::Approve => "approve",
        Registrations::Open => "open",
    }
}

fn registrations(text: &str) -> Result<Registrations> {
    [Registrations::Closed, Registrations::Approve, Registrations::Open]
        .into_iter()
        .find(|known| registrations_name(*known) == text)
        .ok_or_else(|| Error::invalid("registrations", format!("registrations is {text:?}; closed, approve or open")))
}

/// The word for who may make invites.
#[must_use]
pub fn inviters_name(inviters: Inviters) -> &'static str {
    match inviters {
        Inviters::Everybody => "everybody",
        Inviters::Staff => "staff",
        Inviters::Nobody => "nobody",
    }
}

fn inviters(text: &str) -> Result<Inviters> {
    [Inviters::Everybody, Inviters::Staff, Inviters::Nobody]
        .into_iter()
        .find(|known| inviters_name(*known) == text)
        .ok_or_else(|| Error::invalid("invites", format!("invites is {text:?}; everybody, staff or nobody")))
}

/// Six digits behind a `#` or not, as HTML writes colours; none takes the choice back. Any colour may be chosen: pages
/// show it so that it can be read.
fn colour(text: &str) -> Result<Option<Accent>> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.is_empty() {
        return Ok(None);
    }
    let plain = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let rgb = u32::from_str_radix(digits, 16).ok().filter(|_| plain);
    let why = || Error::invalid("accent", format!("accent is {text:?}; six digits as #9a3f14"));
    rgb.map(|rgb| Some(Accent { rgb })).ok_or_else(why)
}

fn yes_or_no(text: &str) -> Result<bool> {
    match text {
        "yes" | "true" | "on" => Ok(true),
        "no" | "false" | "off" => Ok(false),
        _ => Err(Error::invalid("reason-required", format!("reason-required is {text:?}; yes or no"))),
    }
}

fn years(text: &str) -> Result<u8> {
    let read = text.parse().ok().filter(|years| *years <= limits::MIN_AGE_MAX);
    read.ok_or_else(|| {
        let why = format!("min-age is {text:?}; years from 0 (any age) to {}", limits::MIN_AGE_MAX);
        Error::invalid("min-age", why)
    })
}

fn within(field: &'static str, text: &str, most: usize) -> Result<()> {
    let characters = text.chars().count();
    if characters > most {
        return Err(Error::invalid(field, format!("{field} has {characters} characters; at most {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn settings_are_changed_one_by_one_and_bad_values_change_nothing() {
        let lab = Lab::new();
        let change = |setting, value: &'static str| lab.write(move |tx| set(tx, setting, value));
        change(Setting::Title, " The hill ").expect("a title");
        change(Setting::ContactEmail, "ada@hill.test").expect("an address");
        change(Setting::Registrations, "approve").expect("a word");
        change(Setting::ReasonRequired, "yes").expect("a word");
        let settings = change(Setting::MinAge, "16").expect("years");
        assert_eq!((settings.title.as_str(), settings.min_age, settings.reason_required), ("The hill", 16, true));
        for (setting, bad, says) in [
            (Setting::Registrations, "opne", "closed, approve or open"),
            (Setting::MinAge, "-1", "years from 0"),
            (Setting::MinAge, "121", "years from 0"),
            (Setting::ReasonRequired, "maybe", "yes or no"),
            (Setting::ContactEmail, "nobody", "not an address"),
        ] {
            let why = change(setting, bad).expect_err(bad).to_string();
            assert!(why.contains(says), "{why}");
        }
        let long = "x".repeat(limits::TITLE_CHARS_MAX + 1);
        assert!(lab.write(move |tx| set(tx, Setting::Title, &long)).is_err());
        assert_eq!(lab.read(|read| Ok(instance::settings(read)?)), settings);
    }

    #[test]
    fn rules_keep_their_order_and_their_bounds() {
        let lab = Lab::new();
        for rule in ["Be kind", "No spam", "No ads"] {
            lab.write(move |tx| add_rule(tx, rule)).expect("a rule");
        }
        assert!(lab.write(|tx| add_rule(tx, " Be kind ")).is_err() && lab.write(|tx| add_rule(tx, " ")).is_err());
        let settings = lab.write(|tx| remove_rule(tx, 2)).expect("there is one");
        assert_eq!(settings.rules, ["Be kind", "No ads"]);
        assert!(lab.write(|tx| remove_rule(tx, 3)).is_err() && lab.write(|tx| remove_rule(tx, 0)).is_err());
        let more =
            move |tx: &mut Tx<'_>| (0..limits::RULES_MAX).try_for_each(|n| add_rule(tx, &n.to_string()).map(drop));
        let why = lab.write(more).expect_err("too many").to_string();
        assert!(why.contains("at most"), "{why}");
    }
}

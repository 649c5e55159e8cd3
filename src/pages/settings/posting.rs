//! How one posts unless one says otherwise, and how one reads.

use super::{
    super::draw::{Found, draw, theme},
    Outcome, answered, outcome,
};
use crate::{
    account::update::{self, Changes},
    error::{Error, Result},
    http::visit::{self, Form, Member, Visit},
    intake::status::visibility,
    present::{
        account::{expand_media_named, quoters_named},
        interaction::groups_named,
        language::LANGUAGES,
    },
    server::Server,
    user,
};
use axum::{extract::State, response::Response};
use http::header::SET_COOKIE;
use storage::{
    AccountId, Read,
    dress::{self, Dress},
    habit::{self, Habits},
    interaction::{self, InteractionPolicy, Rule},
    quote::Groups,
    reminder::{self, Reminders, Undescribed},
    status::Visibility,
};
use web::{
    page::settings::posting::{self as page, Posting, Reading},
    theme::Theme,
    words::Words,
    zone::Zone,
};

const POSTING: &str = "/settings/posting";
const READING: &str = "/settings/reading";
/// What the choice of who may reply counts for; what is private has its own readers.
const WIDE: [Visibility; 2] = [Visibility::Public, Visibility::Unlisted];

/// `GET /settings/posting`
pub(super) async fn posting(State(server): State<Server>, member: Member) -> Result<Response> {
    show_posting(&server, &member.visit, member.account, None).await
}

/// `POST /settings/posting`
pub(super) async fn save_posting(State(server): State<Server>, form: Form) -> Result<Response> {
    let result = keep_posting(&server, &form).await;
    match outcome(&server, POSTING, "notice-saved", result)? {
        Outcome::Done(response) => Ok(response),
        Outcome::Refused(why) => show_posting(&server, &form.visit, form.account, Some(why)).await,
    }
}

async fn keep_posting(server: &Server, form: &Form) -> Result<()> {
    let (own, params) = (form.account, &form.params);
    let language = Some(form.text("language").to_owned()).filter(|language| !language.is_empty());
    let changes = Changes {
        visibility: visibility(params)?,
        sensitive: Some(params.bool("sensitive").unwrap_or(false)),
        language: Some(language),
        ..Changes::default()
    };
    let unknown = |field| Error::invalid(field, format!("{field} is none of those that can be chosen"));
    let quoters = quoters_named(form.text("quoters")).ok_or_else(|| unknown("quoters"))?;
    // Nothing chosen: an app has set something finer, which stays.
    let repliers = match form.text("repliers") {
        "" => None,
        word => Some(groups_named(word).ok_or_else(|| unknown("repliers"))?),
    };
    let undescribed = match form.text("undescribed") {
        // A form of before it was asked.
        "" => None,
        word => Some(undescribed_named(word).ok_or_else(|| unknown("undescribed"))?),
    };
    let likes_with_emoji = params.bool("likes_with_emoji").unwrap_or(false);
    let rule = move |tx: &mut storage::Tx<'_>| {
        update::update(tx, own, &changes)?;
        if let Some(undescribed) = undescribed {
            let reminders = reminder::of(tx, own)?;
            reminder::put(tx, own, Reminders { undescribed, ..reminders });
        }
        let habits = habit::of(tx, own)?;
        habit::put(tx, own, Habits { quoters, likes_with_emoji, ..habits });
        if let Some(repliers) = repliers {
            for visibility in WIDE {
                let known = interaction::default_of(tx, own, visibility)?;
                interaction::put_default(tx, own, visibility, allowing(known, repliers));
            }
        }
        Ok(())
    };
    server.write(rule).await
}

const UNDESCRIBED: [(Undescribed, &str); 3] =
    [(Undescribed::Ask, "ask"), (Undescribed::Post, "post"), (Undescribed::Refuse, "refuse")];

/// What is meant by a word of the form about pictures without a description.
fn undescribed_named(word: &str) -> Option<Undescribed> {
    UNDESCRIBED.iter().find(|(_, known)| *known == word).map(|(chosen, _)| *chosen)
}

/// Its word.
fn undescribed_name(chosen: Undescribed) -> &'static str {
    UNDESCRIBED.iter().find(|(known, _)| *known == chosen).map_or("ask", |(_, name)| *name)
}

/// The same policy with other people who may reply; whoever is named always may.
fn allowing(known: InteractionPolicy, repliers: Groups) -> InteractionPolicy {
    let automatic = if repliers == Groups::PUBLIC { repliers } else { repliers.with(Groups::MENTIONED) };
    InteractionPolicy { reply: Rule { automatic, manual: Groups::NOBODY }, ..known }
}

/// The word of who may reply by default; empty for what the form cannot say.
fn repliers(read: &dyn Read, own: AccountId) -> Result<&'static str> {
    let [public, unlisted] = [Visibility::Public, Visibility::Unlisted];
    let (one, other) = (interaction::default_of(read, own, public)?, interaction::default_of(read, own, unlisted)?);
    let words = ["public", "followers", "following", "mentioned"];
    let same = |word: &&str| {
        groups_named(word).is_some_and(|groups| {
            allowing(one, groups).reply == one.reply && allowing(other, groups).reply == other.reply
        })
    };
    Ok(words.into_iter().find(same).unwrap_or_default())
}

async fn show_posting(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let shown = draw(server, visit, move |context, site| {
        let preferences = context.preferences(own)?;
        let page = Posting {
            preferences: &preferences,
            quoters: context.quoters(own)?,
            repliers: repliers(context.read, own)?,
            undescribed: undescribed_name(reminder::of(context.read, own)?.undescribed),
            likes_with_emoji: habit::of(context.read, own)?.likes_with_emoji,
            languages: LANGUAGES,
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::posting(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

/// `GET /settings/reading`
pub(super) async fn reading(State(server): State<Server>, member: Member) -> Result<Response> {
    show_reading(&server, &member.visit, member.account, None).await
}

/// `POST /settings/reading`
pub(super) async fn save_reading(State(server): State<Server>, form: Form) -> Result<Response> {
    let words = Words::in_language(form.text("language"));
    let result = keep_reading(&server, &form, words).await;
    match outcome(&server, READING, "notice-saved", result)? {
        Outcome::Done(mut response) => {
            if let Some(words) = words {
                response.headers_mut().append(SET_COOKIE, visit::language_cookie(&server, words)?);
            }
            Ok(response)
        }
        Outcome::Refused(why) => show_reading(&server, &form.visit, form.account, Some(why)).await,
    }
}

async fn keep_reading(server: &Server, form: &Form, words: Option<Words>) -> Result<()> {
    let own = form.account;
    let words = words.ok_or_else(|| Error::invalid("language", "this server has no such language"))?;
    let unknown = || Error::invalid("expand_media", "expand_media is none of those that can be chosen");
    let expand_media = expand_media_named(form.text("expand_media")).ok_or_else(unknown)?;
    let expand_spoilers = form.params.bool("expand_spoilers").unwrap_or(false);
    let light = form.params.bool("light").unwrap_or(false);
    let keys_off = !form.params.bool("keys").unwrap_or(false);
    let theme = form.params.str("theme").map(theme_named).transpose()?;
    let zone = match form.text("zone") {
        "" => String::new(),
        name => {
            let zone = Zone::named(name).ok_or_else(|| Error::invalid("zone", "there is no such time zone"))?;
            zone.name().to_owned()
        }
    };
    let rule = move |tx: &mut storage::Tx<'_>| {
        user::choose_locale(tx, own, words.tag())?;
        let habits = habit::of(tx, own)?;
        habit::put(tx, own, Habits { expand_media, expand_spoilers, ..habits });
        let theme = theme.map_or_else(|| dress::of(tx, own).map(|known| known.theme), Ok)?;
        dress::put(tx, own, &Dress { zone: zone.clone(), light, keys_off, theme });
        Ok(())
    };
    server.write(rule).await
}

fn theme_named(word: &str) -> Result<dress::Theme> {
    match Theme::named(word) {
        None => Err(Error::invalid("theme", "theme is none of those that can be chosen")),
        Some(Theme::System) => Ok(dress::Theme::System),
        Some(Theme::Light) => Ok(dress::Theme::Light),
        Some(Theme::Dark) => Ok(dress::Theme::Dark),
        Some(Theme::Contrast) => Ok(dress::Theme::Contrast),
    }
}

async fn show_reading(server: &Server, visit: &Visit, own: AccountId, problem: Option<String>) -> Result<Response> {
    let said = problem.clone();
    let told = visit.zone.clone();
    let shown = draw(server, visit, move |context, site| {
        let dress = dress::of(context.read, own)?;
        let page = Reading {
            preferences: &context.preferences(own)?,
            zone: &dress.zone,
            light: dress.light,
            keys: !dress.keys_off,
            theme: theme(dress.theme),
            told: told.as_ref(),
            problem: problem.as_deref(),
        };
        Ok(Found::Page(page::reading(site, &page)))
    });
    shown.await.map(|response| answered(response, said.as_deref()))
}

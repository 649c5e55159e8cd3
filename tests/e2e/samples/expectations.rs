//! What must become of each document, written by hand from the papers before there was a program (`rows/*.txt`).
//! What is stored then, whole, stands in `results.json` by the name of the document. After a change that is meant to
//! change it, `DASSIE_KEEP_RESULTS=1 cargo test --test e2e samples` writes it down, and whoever commits it has read what
//! is different.
//!
//! A row: `file | how it is delivered | setup | outcome | name=value …`. It is delivered to the shared inbox (`inbox`) or
//! to alice's (`own-inbox`), asked for by its address (`object`, `actor`), met on the way (`key`, `webfinger`), or served
//! as a part of something: `featured`, `outbox`, `followers` is that collection of the account `by=URI`, whose profile
//! alice opens; `replies` that of the `made` note, whose thread she opens; `stamp` what a note of `by=URI` shows that
//! quotes. Setup words:
//! `follows` alice follows the signer first · `asks` she has asked and waits, or `asks=URI` somebody else · `known` the signer is known here ·
//! `by=URI` who signs · `at=URL` where it is served · `with=FILE` another document served at its id, keys replaced ·
//! `after=FILE` another activity delivered before · `inner` the embedded activity delivered before, by its own actor ·
//! `made=URI@ACTOR` a note of that actor that is stored here before · `serves` the things inside are served at their
//! ids · `gone` the signer's document answers 410 · `finger=HANDLE` what a webfinger document is served for ·
//! `username=NAME` of the actor made for it · `poll=A/B+C` alice's status is a poll with these options (`polls` of
//! several choices) · `context` puts back the `@context` that the program sends and its test
//! data leave away · `unwrap` takes the document out of a recorded answer · `sub=A=>B` replaces one text, where
//! `{alice}` is her actor, `{status}` a public status of hers, `{server}` the actor of the server itself, `{follow}` the
//! Follow that was sent, `{request}` what was sent to ask for something, `{asked}` what it asked for.
//! `there=URI@ACTOR` a note like a `made` one that nobody here knows yet · `named=URL` where the account or the note says
//! its collection is, if not at the document's own id · `likes=URI@ACTOR`, `answers=URI@ACTOR`, `quotes=URI@ACTOR` a note
//! of an author who wants to be asked, and alice likes, answers, quotes it (by `{status}`) and waits · `alias` where a
//! Move leads names where it came from · `joins=URL` a relay was asked and waits, `joined=URL` it has agreed.

/// How a document reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// POST to the shared inbox, signed by its actor.
    Inbox,
    /// POST to alice's inbox.
    OwnInbox,
    /// Served at its id, asked for by search.
    Object,
    /// An actor served at its id, asked for by search.
    Actor,
    /// A key's document, met while a Follow signed with it is verified.
    Key,
    /// A webfinger answer, met while its handle is searched.
    Webfinger,
    /// A collection of an account, read because alice opens its profile.
    Profile(Part),
    /// A collection of replies, read because alice opens the thread.
    Replies,
    /// What shows that the author of a quoted note agrees, read because a note shows it.
    Stamp,
}

/// A collection of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What it shows first.
    Featured,
    /// What it did.
    Outbox,
    /// Who follows it.
    Followers,
}

impl Part {
    /// The member of the actor's document that names it.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Part::Featured => "featured",
            Part::Outbox => "outbox",
            Part::Followers => "followers",
        }
    }
}

/// What alice does with a note whose author wants to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// She likes it.
    Like,
    /// She answers it.
    Answer,
    /// She quotes it.
    Quote,
}

/// What must happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A status is there and reads so.
    Stored,
    /// An account is there and reads so.
    Actor,
    /// Something here has changed.
    Effect,
    /// 202, and nothing has changed.
    Dropped,
    /// Refused.
    Refused,
}

/// A word of setup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setup {
    /// See the head of this file.
    Follows,
    Asks(String),
    Known,
    Inner,
    Serves,
    Gone,
    Context,
    Unwrap,
    By(String),
    At(String),
    With(String),
    After(String),
    Made {
        uri: String,
        author: String,
    },
    Finger(String),
    Username(String),
    Poll {
        options: Vec<String>,
        multiple: &'static str,
    },
    Sub {
        from: String,
        to: String,
    },
    There {
        uri: String,
        author: String,
    },
    Waits {
        deed: Deed,
        uri: String,
        author: String,
    },
    Named(String),
    Alias,
    Joins(String),
    Joined(String),
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The file's name.
    pub(crate) file: String,
    /// How it is delivered.
    pub(crate) how: How,
    /// What is there before.
    pub(crate) setup: Vec<Setup>,
    /// What must happen.
    pub(crate) outcome: Outcome,
    /// What is looked at, by name.
    pub(crate) checks: Vec<(String, String)>,
}

impl Row {
    /// The values of a check.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.checks.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The one value of a check.
    pub(crate) fn value<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.values(name).next()
    }

    /// Whether a bare word of setup is there.
    pub(crate) fn has(&self, word: &Setup) -> bool {
        self.setup.contains(word)
    }
}

/// The names of checks, and on what they may be used: `s` statuses, `a` accounts, `e` effects, `n` nothing happened.
const CHECKS: &[(&str, &str)] = &[
    ("acct", "sae"),
    ("agreed", "e"),
    ("alt", "se"),
    ("answered", "e"),
    ("asked", "n"),
    ("attachment", "se"),
    ("attachments", "se"),
    ("below", "e"),
    ("blocked", "en"),
    ("boosted", "se"),
    ("bot", "ae"),
    ("counted", "e"),
    ("created", "se"),
    ("deleted", "e"),
    ("depth", "s"),
    ("discoverable", "ae"),
    ("edited", "se"),
    ("emoji", "sae"),
    ("ends", "se"),
    ("expired", "se"),
    ("favourited", "e"),
    ("field", "ae"),
    ("fields", "ae"),
    ("followed", "e"),
    ("follower", "n"),
    ("following", "en"),
    ("gone", "e"),
    ("group", "ae"),
    ("html", "se"),
    ("indexable", "ae"),
    ("kept", "n"),
    ("kind", "n"),
    ("language", "se"),
    ("locked", "ae"),
    ("mention", "se"),
    ("mentions", "se"),
    ("mentions<", "se"),
    ("moved", "e"),
    ("multiple", "se"),
    ("name", "ae"),
    ("name~", "ae"),
    ("noaccount", "n"),
    ("noattachment", "se"),
    ("nofav", "n"),
    ("nofollower", "n"),
    ("none", "n"),
    ("note", "ae"),
    ("nothtml", "se"),
    ("notified", "sen"),
    ("nourl", "sa"),
    ("pinned", "e"),
    ("poll", "se"),
    ("posted", "e"),
    ("public", "e"),
    ("quiet", "n"),
    ("quote", "e"),
    ("quoting", "e"),
    ("reacted", "e"),
    ("reblogged", "e"),
    ("rejected", "e"),
    ("relayed", "e"),
    ("reply", "se"),
    ("reported", "e"),
    ("sensitive", "se"),
    ("signs", "an"),
    ("since", "a"),
    ("spoiler", "se"),
    ("stated", "e"),
    ("still", "n"),
    ("tags", "se"),
    ("text", "se"),
    ("textlang", "se"),
    ("title", "se"),
    ("unblocked", "e"),
    ("unboosted", "en"),
    ("unfavourited", "e"),
    ("unfollowed", "e"),
    ("unnotified", "sen"),
    ("updated", "e"),
    ("uri", "s"),
    ("url", "sae"),
    ("visibility", "se"),
    ("votes", "se"),
    ("why", "saen"),
];

/// The rows of the samples of other projects.
pub(crate) fn of_samples() -> Vec<Row> {
    [
        include_str!("rows/a_c.txt"),
        include_str!("rows/attack.txt"),
        include_str!("rows/edge.txt"),
        include_str!("rows/f_h.txt"),
        include_str!("rows/lemmy.txt"),
        include_str!("rows/m_o.txt"),
        include_str!("rows/mastodon_a_c.txt"),
        include_str!("rows/mastodon_d_w.txt"),
        include_str!("rows/p.txt"),
        include_str!("rows/r_w.txt"),
    ]
    .iter()
    .flat_map(|text| read(text))
    .collect()
}

/// The rows of our own fixtures.
pub(crate) fn of_fixtures() -> Vec<Row> {
    read(include_str!("rows/own.txt"))
}

/// Reads rows; a mistake in them is a mistake in this repository.
fn read(text: &str) -> Vec<Row> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

fn row(line: &str) -> Row {
    let parts: Vec<&str> = line.split(" | ").collect();
    let [file, how, setup, outcome, checks @ ..] = parts.as_slice() else { panic!("too short: {line}") };
    let how = match *how {
        "inbox" => How::Inbox,
        "own-inbox" => How::OwnInbox,
        "object" => How::Object,
        "actor" => How::Actor,
        "key" => How::Key,
        "webfinger" => How::Webfinger,
        "featured" => How::Profile(Part::Featured),
        "outbox" => How::Profile(Part::Outbox),
        "followers" => How::Profile(Part::Followers),
        "replies" => How::Replies,
        "stamp" => How::Stamp,
        other => panic!("{other:?} is no way to deliver: {line}"),
    };
    let (outcome, kind) = match *outcome {
        "stored" => (Outcome::Stored, 's'),
        "actor" => (Outcome::Actor, 'a'),
        "effect" => (Outcome::Effect, 'e'),
        "dropped" => (Outcome::Dropped, 'n'),
        "refused" => (Outcome::Refused, 'n'),
        other => panic!("{other:?} is no outcome: {line}"),
    };
    let setup = setup.split(' ').filter(|word| *word != "-").map(|word| word_of(word, line)).collect();
    let checks: Vec<(String, String)> = checks
        .iter()
        .map(|check| {
            let (name, value) = check.split_once('=').unwrap_or_else(|| panic!("{check:?} has no value: {line}"));
            let allowed = CHECKS.iter().find(|(known, _)| *known == name).map_or("", |(_, kinds)| kinds);
            assert!(allowed.contains(kind), "{name} cannot be checked of {outcome:?}: {line}");
            (name.to_owned(), value.to_owned())
        })
        .collect();
    Row { file: (*file).to_owned(), how, setup, outcome, checks }
}

fn word_of(word: &str, line: &str) -> Setup {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let value = value.to_owned();
    match name {
        "follows" => Setup::Follows,
        "asks" => Setup::Asks(value),
        "known" => Setup::Known,
        "inner" => Setup::Inner,
        "serves" => Setup::Serves,
        "gone" => Setup::Gone,
        "context" => Setup::Context,
        "unwrap" => Setup::Unwrap,
        "by" => Setup::By(value),
        "at" => Setup::At(value),
        "with" => Setup::With(value),
        "after" => Setup::After(value),
        "finger" => Setup::Finger(value),
        "username" => Setup::Username(value),
        "poll" | "polls" => Setup::Poll {
            options: value.split('/').map(|option| option.replace('+', " ")).collect(),
            multiple: if name == "polls" { "true" } else { "false" },
        },
        "made" | "there" | "likes" | "answers" | "quotes" => {
            let at = value.rfind("@http").unwrap_or_else(|| panic!("{word:?} has no author: {line}"));
            let (uri, author) = (value[..at].to_owned(), value[at + 1..].to_owned());
            match name {
                "made" => Setup::Made { uri, author },
                "there" => Setup::There { uri, author },
                "likes" => Setup::Waits { deed: Deed::Like, uri, author },
                "answers" => Setup::Waits { deed: Deed::Answer, uri, author },
                _ => Setup::Waits { deed: Deed::Quote, uri, author },
            }
        }
        "named" => Setup::Named(value),
        "alias" => Setup::Alias,
        "joins" => Setup::Joins(value),
        "joined" => Setup::Joined(value),
        "sub" => {
            let (from, to) = value.split_once("=>").unwrap_or_else(|| panic!("{word:?} has no =>: {line}"));
            Setup::Sub { from: from.to_owned(), to: to.to_owned() }
        }
        _ => panic!("{word:?} is no setup: {line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::effects::{BECOME, HELD, UNLIKE_OTHERS, is_of_status};

    /// Whether a check of an effect is looked at: as one itself, or as what the status or the account says that another
    /// one leads to.
    fn is_looked_at(row: &Row, (name, value): &(String, String)) -> bool {
        let of_status = row.checks.iter().any(|(name, value)| is_of_status(name, value));
        let kinds = CHECKS.iter().find(|(known, _)| *known == name.as_str()).map_or("", |(_, kinds)| *kinds);
        let itself = name == "why" || [&HELD[..], &BECOME, &UNLIKE_OTHERS].concat().contains(&name.as_str());
        itself
            || is_of_status(name, value)
            || (of_status && kinds.contains('s'))
            || (row.value("updated").is_some() && kinds.contains('a'))
    }

    #[test]
    fn a_check_that_belongs_to_no_effect_of_its_row_is_found() {
        let looked_at = |line: &str| {
            let row = row(line);
            row.checks.iter().all(|check| is_looked_at(&row, check))
        };
        assert!(looked_at("x.json | inbox | - | effect | followed=a@b.test | notified=follow | why=so"));
        assert!(!looked_at("x.json | inbox | - | effect | followed=a@b.test | text=hello"));
        assert!(!looked_at("x.json | inbox | - | effect | followed=a@b.test | edited=2026-01-01T00:00:00.000Z"));
        assert!(looked_at("x.json | inbox | - | effect | edited=https://b.test/1 | text=hello"));
        assert!(!looked_at("x.json | inbox | - | effect | edited=https://b.test/1 | fields=1"));
        assert!(looked_at("x.json | inbox | - | effect | updated=a@b.test | fields=1"));
    }

    #[test]
    fn every_row_is_read_and_says_enough() {
        for row in of_samples().iter().chain(&of_fixtures()) {
            let said = row.checks.iter().filter(|(name, _)| name != "why").count();
            match row.outcome {
                Outcome::Stored | Outcome::Actor => {
                    assert!(said >= 2, "{}: at least two things are looked at", row.file);
                }
                Outcome::Effect => {
                    assert!(said >= 1, "{}: an effect is looked at", row.file);
                    for check in &row.checks {
                        assert!(is_looked_at(row, check), "{}: nobody looks at {}", row.file, check.0);
                    }
                }
                Outcome::Dropped | Outcome::Refused => {
                    assert!(said >= 1 && row.value("why").is_some(), "{}: says why, and what did not happen", row.file);
                    assert!(
                        (row.outcome == Outcome::Refused) == row.value("kind").is_some(),
                        "{}: what is refused has a kind",
                        row.file
                    );
                }
            }
            assert!(!row.file.starts_with("attack-") || row.outcome == Outcome::Refused, "{}", row.file);
        }
    }

    #[test]
    fn setup_words_are_read_apart() {
        let row = row(
            "x.json | inbox | made=https://a.test/@x/1@https://a.test/@x sub={{a}}=>{alice} follows | effect | deleted=u=v",
        );
        assert_eq!(
            row.setup[0],
            Setup::Made { uri: "https://a.test/@x/1".to_owned(), author: "https://a.test/@x".to_owned() }
        );
        assert!(row.has(&Setup::Follows));
        assert_eq!(row.value("deleted"), Some("u=v"));
    }
}

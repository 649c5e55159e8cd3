//! Waves of spam: many new accounts of many servers mention people here with the same words, link or picture (SECURITY
//! C8; the waves of February and August 2024). What belongs to one is taken in, but kept off timelines of everybody, and
//! whom it mentions finds it among what is filtered.

use super::relevance::is_followed;
use crate::{error::Result, limits, link, policy, registrable::registrable, text::plain_text};
use storage::{
    AccountId, Digest, Timestamp, Tx,
    account::{self, Account},
    filtered,
    notification::{self, NotificationKind},
    relationship,
    status::{self, Status, Visibility},
    wave::{self, Told as Mention},
};

/// How people here hear of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// As their policies have it.
    Loudly,
    /// It is kept aside for them.
    Aside,
}

/// Looks at a status that was sent before it is stored: whether it belongs to a wave. If it does, it is public no more.
///
/// Suspected is only what carries a link or picture, mentions somebody here who does not know its author, and comes from
/// an account that is new and that nobody here follows. It belongs to a wave if `limits::WAVE_ALIKE` others like it said
/// the same within the last hours; what those were able to tell is taken back. It does so too, whatever it says, while as
/// many new accounts as are told apart, of `limits::WAVE_FLOOD_SITES` domains, speak up unasked. Old accounts that share a
/// link and name its author are no wave.
pub(super) fn judge(tx: &mut Tx<'_>, status: &mut Status, parent: Option<&Status>) -> Result<Told> {
    let Some(author) = account::find(tx, status.account)? else { return Ok(Told::Loudly) };
    let Some(domain) = author.domain.clone() else { return Ok(Told::Loudly) };
    let now = tx.now();
    let links = links(status);
    let carries = !links.is_empty() || !status.attachments.is_empty();
    if !carries || !is_young(&author, now) || is_followed(tx, author.id)? {
        return Ok(Told::Loudly);
    }
    let spoken_to = strangers_to(tx, status)?;
    if spoken_to.is_empty() {
        return Ok(Told::Loudly);
    }
    let site = registrable(&domain);
    let signs = signs(status, &links);
    let mut belongs = false;
    for sign in &signs {
        let known = wave::sign(tx, now, *sign)?;
        if known.senders.iter().filter(|sender| **sender != author.id).count() >= limits::WAVE_ALIKE {
            belongs = true;
            for told in known.told {
                take_back(tx, told)?;
            }
            wave::untold(tx, *sign)?;
        }
    }
    let is_answer = parent.is_some_and(|parent| parent.local);
    if !is_answer {
        wave::speak_up(tx, author.id, site)?;
        let lately = wave::lately(tx, now)?;
        let many = lately.newcomers.len() >= storage::limits::WAVE_NEWCOMERS;
        belongs |= many && lately.sites.len() >= limits::WAVE_FLOOD_SITES;
    }
    let told = |to: &AccountId| Mention { to: *to, from: author.id, status: status.id };
    let told: Vec<Mention> = if belongs { Vec::new() } else { spoken_to.iter().map(told).collect() };
    for sign in &signs {
        wave::bear(tx, *sign, author.id, &told)?;
    }
    if !belongs {
        return Ok(Told::Loudly);
    }
    wave::hold(tx, site)?;
    if status.visibility == Visibility::Public {
        status.visibility = Visibility::Unlisted;
    }
    Ok(Told::Aside)
}

/// Whether its server says that it was made lately; where it says nothing, whether it was heard of lately. A server may lie;
/// then it needs many domains, each of which is heard so often only.
fn is_young(author: &Account, now: Timestamp) -> bool {
    now.ms_since(author.created_at) < limits::WAVE_NEW_ACCOUNT_MS
}

/// Whom it mentions here that neither follow its author nor accepted what it says.
fn strangers_to(tx: &Tx<'_>, status: &Status) -> Result<Vec<AccountId>> {
    let mut found = Vec::new();
    for to in status.mentions.iter().copied() {
        let here = account::LOCAL_ACCOUNTS.contains(tx, &to)?;
        if here
            && relationship::find(tx, to, status.account)?.is_none()
            && !filtered::is_permitted(tx, to, status.account)?
        {
            found.push(to);
        }
    }
    Ok(found)
}

/// What was told before it was known to belong to a wave goes where the rest of it is.
fn take_back(tx: &mut Tx<'_>, told: Mention) -> Result<()> {
    let Mention { to, from, status } = told;
    if !notification::is_told(tx, to, NotificationKind::Mention, from, status)? {
        return Ok(());
    }
    let Some(row) = status::find(tx, status)? else { return Ok(()) };
    notification::withdraw(tx, to, NotificationKind::Mention, from, Some(status))?;
    policy::set_aside(tx, to, NotificationKind::Mention, from, &row)?;
    Ok(())
}

/// Links of the text, but for its own page.
fn links(status: &Status) -> Vec<String> {
    let own = |href: &String| *href == status.uri || status.url.as_ref() == Some(href);
    link::links(&status.content).into_iter().filter(|href| !own(href)).take(limits::WAVE_LINKS_MAX).collect()
}

/// By what it is held against others: its words without names, tags, links and numbers, which differ from one copy to the
/// next; its links; its pictures.
fn signs(status: &Status, links: &[String]) -> Vec<Digest> {
    let mut signs = Vec::new();
    let text = plain_text(&status.content);
    let words: Vec<String> = text.split_whitespace().filter_map(word).take(limits::WAVE_WORDS_MAX).collect();
    if words.len() >= limits::WAVE_WORDS_MIN {
        signs.push(Digest::of(&format!("words {}", words.join(" "))));
    }
    signs.extend(links.iter().map(|href| Digest::of(&format!("link {href}"))));
    let pictures = status.attachments.iter().take(limits::WAVE_LINKS_MAX);
    signs.extend(pictures.filter_map(|picture| Some(Digest::of(&format!("picture {}", picture.blurhash.as_ref()?)))));
    signs
}

/// The letters of a word in small; none of names, tags and links, nor of what has digits in it.
fn word(word: &str) -> Option<String> {
    let odd = word.starts_with(['@', '#']) || word.contains("://") || word.contains(|c: char| c.is_numeric());
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    (!odd && !letters.is_empty()).then_some(letters)
}

//! Waves of spam: many new accounts of many servers mention people here with the same words, link or picture (SECURITY
//! C8; the waves of February and August 2024). What belongs to one is taken in, but kept off timelines of everybody, and
//! whom it mentions finds it among what is filtered.

use crate::{error::Result, limits, link, policy, registrable::registrable, text::plain_text};
use storage::{
    AccountId, Digest, Tx, account, filtered,
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
/// Suspected is only what mentions somebody here who does not know its author, and comes from an account that is new and
/// that nobody here follows. With a link or picture it belongs to a wave if `limits::WAVE_ALIKE` others like it said the
/// same within the last hours; what those were able to tell is taken back. It does so too, whatever it says, while as many
/// new accounts as are told apart, of `limits::WAVE_FLOOD_SITES` domains, speak up unasked. Old accounts that share a link
/// and name its author are no wave.
///
/// Text alone says less: people wish the same, and answer a question in the same words. It is held against others only from
/// `limits::WAVE_TEXT_BYTES_MIN` on and where it is no answer within a thread of this server, only all of its words count,
/// and each registered domain counts once, however many of its accounts say them.
pub(super) fn judge(tx: &mut Tx<'_>, status: &mut Status, parent: Option<&Status>) -> Result<Told> {
    let told = assess(tx, status, parent)?;
    if told == Told::Aside {
        hold(tx, status.account)?;
    }
    Ok(told)
}

/// Looks so at an edit before it is stored, since what makes the wave may be put in by it. If it belongs to one, what
/// was told of the status before goes aside as well, of at most `storage::limits::WAVE_TOLD` mentions. However often it
/// is edited, it counts as kept aside once.
pub(super) fn judge_edit(tx: &mut Tx<'_>, before: &Status, after: &mut Status) -> Result<Told> {
    let parent = super::parent_of(tx, before)?;
    let told = assess(tx, after, parent.as_ref())?;
    if told == Told::Aside {
        let mut anew = before.visibility == Visibility::Public;
        for to in strangers_to(tx, before)?.into_iter().take(storage::limits::WAVE_TOLD) {
            anew |= take_back(tx, Mention { to, from: before.account, status: before.id })?;
        }
        if anew {
            hold(tx, before.account)?;
        }
    }
    Ok(told)
}

/// Counts that something of `author`, who lives elsewhere, is kept aside.
fn hold(tx: &mut Tx<'_>, author: AccountId) -> Result<()> {
    let domain = account::find(tx, author)?.and_then(|author| author.domain);
    if let Some(domain) = domain {
        wave::hold(tx, registrable(&domain))?;
    }
    Ok(())
}

/// Whether a status belongs to a wave; one that does is public no more.
fn assess(tx: &mut Tx<'_>, status: &mut Status, parent: Option<&Status>) -> Result<Told> {
    let Some(author) = account::find(tx, status.account)? else { return Ok(Told::Loudly) };
    let Some(domain) = author.domain.clone() else { return Ok(Told::Loudly) };
    let now = tx.now();
    if !policy::is_newcomer(tx, &author, now)? {
        return Ok(Told::Loudly);
    }
    let site = registrable(&domain);
    let Some(case) = Case::of(tx, status, parent)? else { return Ok(Told::Loudly) };
    let (mut belongs, mut bearers) = (false, Vec::new());
    for sign in &case.signs {
        let known = wave::sign(tx, now, *sign)?;
        let bearer = match case.kind {
            Kind::Carries => author.id,
            Kind::Text => first_of(tx, &known.senders, site)?.unwrap_or(author.id),
        };
        bearers.push((*sign, bearer));
        if known.senders.iter().filter(|sender| **sender != bearer).count() >= limits::WAVE_ALIKE {
            belongs = true;
            for told in known.told {
                take_back(tx, told)?;
            }
            wave::untold(tx, *sign)?;
        }
    }
    let is_answer = parent.is_some_and(|parent| parent.local);
    if case.kind == Kind::Carries && !is_answer {
        wave::speak_up(tx, author.id, site)?;
        let lately = wave::lately(tx, now)?;
        let many = lately.newcomers.len() >= storage::limits::WAVE_NEWCOMERS;
        belongs |= many && lately.sites.len() >= limits::WAVE_FLOOD_SITES;
    }
    let told = |to: &AccountId| Mention { to: *to, from: author.id, status: status.id };
    let told: Vec<Mention> = if belongs { Vec::new() } else { case.spoken_to.iter().map(told).collect() };
    for (sign, bearer) in bearers {
        wave::bear(tx, sign, bearer, &told)?;
    }
    if !belongs {
        return Ok(Told::Loudly);
    }
    if status.visibility == Visibility::Public {
        status.visibility = Visibility::Unlisted;
    }
    Ok(Told::Aside)
}

/// What a status brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A link or picture.
    Carries,
    /// Words alone.
    Text,
}

/// A status that may belong to a wave.
struct Case {
    kind: Kind,
    /// By what it is held against others.
    signs: Vec<Digest>,
    /// Whom it speaks to unasked.
    spoken_to: Vec<AccountId>,
}

impl Case {
    /// None if it speaks to nobody unasked, or of text alone says too little: what it says is not read then.
    fn of(tx: &Tx<'_>, status: &Status, parent: Option<&Status>) -> Result<Option<Self>> {
        let mut spoken_to = strangers_to(tx, status)?;
        if spoken_to.is_empty() {
            return Ok(None);
        }
        let links = links(status);
        if !links.is_empty() || !status.attachments.is_empty() {
            return Ok(Some(Case { kind: Kind::Carries, signs: signs(status, &links), spoken_to }));
        }
        // Whoever speaks or is named in a thread of this server is answered there.
        if let Some(parent) = parent.filter(|parent| parent.local) {
            spoken_to.retain(|to| *to != parent.account && !parent.mentions.contains(to));
        }
        if spoken_to.is_empty() {
            return Ok(None);
        }
        Ok(text_sign(status).map(|sign| Case { kind: Kind::Text, signs: vec![sign], spoken_to }))
    }
}

/// Who of `senders` said it first below this registered domain, and stands for all of it.
fn first_of(tx: &Tx<'_>, senders: &[AccountId], site: &str) -> Result<Option<AccountId>> {
    for sender in senders {
        let domain = account::find(tx, *sender)?.and_then(|sender| sender.domain);
        if domain.is_some_and(|domain| registrable(&domain) == site) {
            return Ok(Some(*sender));
        }
    }
    Ok(None)
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

/// What was told before it was known to belong to a wave goes where the rest of it is, unless it is there. Whether it
/// went.
fn take_back(tx: &mut Tx<'_>, told: Mention) -> Result<bool> {
    let Mention { to, from, status } = told;
    if !notification::is_told_openly(tx, to, NotificationKind::Mention, from, status)? {
        return Ok(false);
    }
    let Some(row) = status::find(tx, status)? else { return Ok(false) };
    notification::withdraw(tx, to, NotificationKind::Mention, from, Some(status))?;
    policy::set_aside(tx, to, NotificationKind::Mention, from, &row)?;
    Ok(true)
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
    let words = words(&status.content);
    if words.len() >= limits::WAVE_WORDS_MIN {
        signs.push(Digest::of(&format!("words {}", words.join(" "))));
    }
    signs.extend(links.iter().map(|href| Digest::of(&format!("link {href}"))));
    let pictures = status.attachments.iter().take(limits::WAVE_LINKS_MAX);
    signs.extend(pictures.filter_map(|picture| Some(Digest::of(&format!("picture {}", picture.blurhash.as_ref()?)))));
    signs
}

/// All letters of its warning and text, however they are set apart; none if they say too little.
fn text_sign(status: &Status) -> Option<Digest> {
    let letters = words(&status.spoiler_text).concat() + &words(&status.content).concat();
    (letters.len() >= limits::WAVE_TEXT_BYTES_MIN).then(|| Digest::of(&format!("text {letters}")))
}

/// The first words of HTML, as they are compared.
fn words(html: &str) -> Vec<String> {
    plain_text(html).split_whitespace().filter_map(word).take(limits::WAVE_WORDS_MAX).collect()
}

/// The letters of a word in small, without those that show nothing; none of names, tags and links, nor of what has digits
/// among letters of ASCII alone. Of others only the digits are left out: where no blanks are written (Chinese, Japanese)
/// a sentence is one word.
fn word(word: &str) -> Option<String> {
    let letters = word.chars().filter(|c| c.is_alphabetic() && !c.is_numeric() && !is_invisible(*c));
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    let numbered = letters.is_ascii() && word.contains(|c: char| c.is_numeric());
    let odd = numbered || word.starts_with(['@', '#']) || word.contains("://");
    (!odd && !letters.is_empty()).then_some(letters)
}

/// Letters that nothing is drawn for: the fillers of Hangul. What else is invisible is no letter.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn copies_that_differ_in_names_numbers_and_what_shows_nothing_have_the_same_letters() {
        let copies = [
            "<p>@alice@local.test Buy the coin today</p>",
            "<p>buy THE  co\u{200b}in, to\u{ad}day!!! 4711 x9q #coin</p>",
            "BUY<br>the coin\u{3164} to\u{2060}day \u{200d} https://a.test/7 @bob",
        ];
        for copy in copies {
            assert_eq!(words(copy).concat(), "buythecointoday", "{copy}");
        }
        assert_ne!(words("buy the coin tomorrow").concat(), "buythecointoday");
        assert_eq!(words("<p>@alice 1 2 3 \u{200b} ...</p>"), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_without_blanks_is_compared_although_it_has_a_digit() {
        let letters = "今日限定で割引します";
        for copy in ["今日限定で50%割引します", "今日限定で７０％割引します 4711 x9q", "@alice 今日限定で割引します99"]
        {
            assert_eq!(words(copy).concat(), letters, "{copy}");
        }
        assert_eq!(words("x9q 50% 4711"), Vec::<String>::new());
    }
}

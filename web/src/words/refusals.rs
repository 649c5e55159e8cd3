//! Refusals of rules in the language of whoever looks at the page: rules speak English, as programs read it, and are known
//! here by their words.

use super::Words;
use std::borrow::Cow;

/// What a rule says, and the message for it: `#` stands for a number and `*` for any text, which are the variables `a`, `b`
/// and `c` of the message. The first that fits counts.
const REFUSALS: [(&str, &str); 138] = [
    ("status text has # characters; at most #", "why-text-long"),
    ("status has # bytes with its links and descriptions; at most #", "why-post-large"),
    ("status has # bytes as peers get it; at most #", "why-post-large"),
    ("status text has # bytes; at most #", "why-post-large"),
    ("status mentions # accounts; at most #", "why-mentions"),
    ("status has been edited # times; at most #", "why-edits"),
    ("Text can't be blank", "why-text-blank"),
    ("a poll and pictures cannot be attached to one post", "why-poll-and-pictures"),
    ("poll has # options; at least 2, at most #", "why-poll-options"),
    ("a poll option has # characters; at least 1, at most #", "why-poll-option"),
    ("poll lasts # seconds; at least #, at most #", "why-poll-lasts"),
    ("the poll has already ended", "why-poll-ended"),
    ("you have already voted on this poll", "why-poll-voted"),
    ("choose an answer first", "why-poll-choose"),
    ("Cannot attach more than # files", "why-files"),
    ("Media * not found or already attached to another post", "why-medium"),
    ("File can't be blank", "why-file-blank"),
    ("File content type is invalid; accepted: *", "why-file-kind"),
    ("picture cannot be read: *", "why-picture"),
    ("picture ends early", "why-picture"),
    ("picture has *x* pixels; at most # together", "why-picture-large"),
    ("file has # bytes; at most #", "why-file-large"),
    ("file has # filters; at most #", "why-file-filters"),
    ("file is no list of filters", "why-file-no-filters"),
    ("file has no filters", "why-file-no-filters"),
    ("expires_at is no moment, as *", "why-file-moment"),
    ("An archive can be asked for once a week", "why-archive-week"),
    ("An archive of which nothing came can be asked for again after a day", "why-archive-day"),
    ("Other archives take all the room there is for them; ask again in some days", "why-archive-room"),
    ("Please sign in first", "why-sign-in-first"),
    ("avatar has # bytes; at most #", "why-file-large"),
    ("header has # bytes; at most #", "why-file-large"),
    ("moving picture has # bytes; at most #", "why-file-large"),
    ("description has # characters; at most #", "why-description-long"),
    ("Scheduled at date must be in the future", "why-later-past"),
    ("Scheduled at is not a time", "why-later-unread"),
    ("scheduled_at is more than # days ahead", "why-later-far"),
    ("You have exceeded the limit of # scheduled posts for today", "why-later-many"),
    ("you have # drafts; at most #", "why-drafts"),
    ("You have already pinned the maximum number of posts", "why-pins"),
    ("Reblogs can't be pinned", "why-pin-boost"),
    ("The author of this post does not let you *", "why-author"),
    ("The author of this post has refused this", "why-author"),
    ("The author of this post must agree to replies: mention them", "why-author"),
    ("This account has moved to another one and only that one acts now", "why-has-moved"),
    ("this status may not be shared", "why-share"),
    ("This action is not allowed", "why-not-allowed"),
    ("you follow # accounts; at most #", "why-follows"),
    ("you follow # tags; at most #", "why-tags"),
    ("you feature # tags; at most #", "why-tags"),
    ("name is not a hashtag", "why-tag"),
    ("you have # lists; at most #", "why-lists"),
    ("title can't be blank", "why-title-blank"),
    ("title has # characters; at most #", "why-title-long"),
    ("you have # filters; at most #", "why-filters"),
    ("context can't be blank", "why-context"),
    ("keyword can't be blank", "why-keyword-blank"),
    ("keyword has # characters; at most #", "why-keyword-long"),
    ("a filter has at most # keywords, all filters together #", "why-keywords"),
    ("a filter has at most # keywords, all together #", "why-keywords"),
    ("you block # domains; at most #", "why-domains"),
    ("domain is not a valid domain name", "why-domain"),
    ("profile has # fields; at most #", "why-fields"),
    ("username has already been taken", "why-name-taken"),
    ("username must contain only letters, digits and underscores", "why-name-letters"),
    ("username must contain only letters, numbers and underscores", "why-name-letters"),
    ("agreement must be accepted", "why-agreement"),
    ("reason can't be blank", "why-reason-blank"),
    ("reason is too long (maximum is # characters)", "why-reason-long"),
    ("username is too long (maximum is # characters)", "why-name-longer"),
    ("email uses a disallowed e-mail provider", "why-address-provider"),
    ("password can't be blank", "why-password-blank"),
    ("password is too short (minimum is # characters)", "why-password-shorter"),
    ("password is too long (maximum is # bytes)", "why-password-longer"),
    ("date_of_birth can't be blank", "why-birth"),
    ("date_of_birth is invalid", "why-birth"),
    ("date_of_birth is below the age limit", "why-birth-young"),
    ("username is reserved", "why-name-reserved"),
    ("username can't be blank", "why-name-blank"),
    ("username has # characters; at most #", "why-name-long"),
    ("email has already been taken", "why-address-taken"),
    ("email is not an address", "why-address"),
    ("email is invalid", "why-address"),
    ("email can't be blank", "why-address"),
    ("password has # characters; at least #", "why-password-short"),
    ("password has # bytes; at most #", "why-password-long"),
    ("This name and password do not belong together.", "why-sign-in"),
    ("This account is suspended.", "why-suspended"),
    ("This user is disabled.", "why-disabled"),
    ("Your login is currently disabled", "why-disabled"),
    ("The e-mail address is not confirmed yet.", "why-unconfirmed"),
    ("Nobody who looks after this server has let you in yet.", "why-unapproved"),
    ("This is not your password.", "why-not-password"),
    ("This is not your current password.", "why-not-password"),
    ("nobody is called *", "why-nobody"),
    ("* does not say who that is; perhaps later", "why-silent"),
    ("* cannot move to *", "why-move"),
    ("* has moved itself", "why-move-moved"),
    ("* does not name * as an alias", "why-move-alias"),
    ("* moved lately; again in # days", "why-move-lately"),
    ("* has not moved", "why-move-back"),
    ("* is no alias of itself", "why-alias-self"),
    ("* is no time of the day like *", "why-clock"),
    ("* has # aliases; at most #", "why-aliases"),
    ("* has # characters; at most #", "why-long"),
    ("* is not a hashtag", "why-tag-named"),
    ("you choose # hashtags; at most # at first", "why-topics"),
    ("the list has # bytes; at most #", "why-list-large"),
    ("the list has # bytes of names and comments; at most #", "why-list-large"),
    ("the list names more than # domains", "why-list-long"),
    ("the list names no domain", "why-list-empty"),
    ("the list names no domain that can be read; # lines cannot", "why-list-empty"),
    ("the list is no table of text; see its line #", "why-list-form"),
    ("the list is no JSON of blocked domains; see its line #", "why-list-form"),
    ("bring a list of servers, or name a server whose list it is to be", "why-list-none"),
    ("say how much of the list is to be taken", "why-list-much"),
    ("the domains of another list are still being blocked", "why-list-busy"),
    ("* is no name of a server", "why-list-server"),
    ("* does not show which servers it blocks", "why-list-hidden"),
    ("* is this server", "why-list-self"),
    ("# servers are left out; at most #", "why-list-spared"),
    ("shortcode must have # to # letters a to z, digits and underscores", "why-emoji-name"),
    ("shortcode has already been taken", "why-emoji-taken"),
    ("there are # emoji; at most #", "why-emoji-many"),
    ("emoji has # bytes; at most #", "why-file-large"),
    ("emoji has # by # pixels; at most # on each side if it moves", "why-emoji-large"),
    ("no emoji of that name is known of that server", "why-emoji-unknown"),
    ("its server does not give the picture now", "why-emoji-away"),
    ("there are # relays; at most #", "why-relays"),
    ("* does not begin with https://", "why-relay-address"),
    ("* is no address", "why-relay-address"),
    ("* is suspended here", "why-relay-suspended"),
    ("# tags or languages; at most #", "why-relay-filters"),
    ("# statuses an hour; at least # and at most #", "why-relay-hour"),
    ("there is no relay *", "why-relay-none"),
    ("* has a relay of tags here already: *", "why-relay-twice"),
    ("the hashtags of a relay of tags are those that people here follow", "why-relay-tags"),
    ("* is no number", "why-number"),
];

/// The names of what stands for the signs of a pattern.
pub(super) const NAMES: [&str; 3] = ["a", "b", "c"];

impl Words {
    /// What a rule refused, as the page says it; a sentence that is not known stays as it is.
    #[must_use]
    pub fn refusal(self, why: &str) -> Cow<'_, str> {
        let known = REFUSALS.iter().find_map(|(pattern, key)| Some((*key, parts(pattern, why)?)));
        let Some((key, parts)) = known else { return Cow::Borrowed(why) };
        let texts: Vec<_> = NAMES.into_iter().zip(parts).collect();
        self.with(key, &texts)
    }
}

/// What stands in a sentence for the signs of a pattern; `None` if it does not fit.
pub(super) fn parts<'a>(pattern: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let mut found = Vec::new();
    let mut rest = sentence;
    let mut pattern = pattern;
    while let Some(at) = pattern.find(['#', '*']) {
        let number = pattern[at..].starts_with('#');
        rest = rest.strip_prefix(&pattern[..at])?;
        pattern = &pattern[at + 1..];
        let literal = pattern.split(['#', '*']).next().unwrap_or_default();
        let end = match (number, literal.is_empty()) {
            (true, _) => rest.bytes().take_while(u8::is_ascii_digit).count(),
            (false, true) => rest.len(),
            (false, false) => rest.find(literal)?,
        };
        if end == 0 {
            return None;
        }
        found.push(&rest[..end]);
        rest = &rest[end..];
    }
    (rest == pattern).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn refusals_are_said_in_the_language_of_the_page_and_others_stay_as_they_are() {
        let german = Words::in_language("de").expect("a catalogue");
        for (why, said) in [
            ("status text has 5201 characters; at most 5000", "Der Text hat 5201 Zeichen; höchstens 5000 gehen."),
            (
                "ann@far.test does not name https://here.test/users/ann as an alias",
                "ann@far.test nennt https://here.test/users/ann nicht als Alias.",
            ),
            (
                "picture has 9000x9000 pixels; at most 16777216 together",
                "Das Bild hat 9000 mal 9000 Pixel; höchstens 16777216 zusammen.",
            ),
            ("display_name has 70 characters; at most 60", "Einer der Texte hat 70 Zeichen; höchstens 60."),
            ("status text has many characters; at most 5000", "status text has many characters; at most 5000"),
            ("text nobody knows", "text nobody knows"),
            ("", ""),
        ] {
            assert_eq!(german.refusal(why), said);
        }
    }

    #[test]
    fn every_refusal_here_is_one_that_a_rule_says() {
        let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../src")];
        let mut sources = String::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => open.push(path),
                    path => sources.push_str(&fs::read_to_string(path).unwrap_or_default()),
                }
            }
        }
        for (pattern, _) in REFUSALS {
            let longest = pattern.split(['#', '*']).max_by_key(|text| text.len()).unwrap_or_default();
            // The name of the field may stand in front by another way.
            let said = longest.split_once(' ').map_or(longest, |(_, rest)| rest);
            assert!(sources.contains(longest) || sources.contains(said), "nothing says {pattern:?}");
        }
    }
}

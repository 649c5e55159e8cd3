//! What people here type into their profile, as HTML: for pages, apps and peers alike.

use crate::{
    error::Result,
    origin::Origin,
    text::{MentionTarget, compose, entities},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::HashMap;
use storage::{
    Read,
    account::{self, Account},
};

/// What stays as it is in a path segment (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.').remove(b'~');

/// A bio as HTML: paragraphs, links, hashtags, and mentions of accounts known here.
///
/// # Errors
/// Storage errors.
pub fn bio(read: &dyn Read, origin: &Origin, text: &str) -> Result<String> {
    let found = entities(text);
    let mut pages = HashMap::new();
    for entity in &found {
        if let crate::text::EntityKind::Mention { username, domain } = &entity.kind {
            let foreign = domain.as_deref().filter(|domain| !origin.is_own_domain(domain)).map(str::to_lowercase);
            if let Some(account) = account::find_by_name(read, username, foreign.as_deref())? {
                let target = MentionTarget { url: page(origin, &account), username: account.username };
                pages.insert((username.clone(), domain.clone()), target);
            }
        }
    }
    let mention =
        |username: &str, domain: Option<&str>| pages.get(&(username.to_owned(), domain.map(str::to_owned))).cloned();
    let tag = |name: &str| origin.url(&format!("/tags/{}", utf8_percent_encode(&name.to_lowercase(), SEGMENT)));
    Ok(compose(text, &found, mention, tag))
}

/// The value of a profile field as HTML: one line, whose links say that they lead to the same person (`rel="me"`).
///
/// # Errors
/// Storage errors.
pub fn field(read: &dyn Read, origin: &Origin, value: &str) -> Result<String> {
    let html = bio(read, origin, value)?;
    let line = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(&html);
    // Quotes in what was typed are escaped, so this is only ever the attribute of a link.
    Ok(line.replace(" rel=\"nofollow ", " rel=\"me nofollow "))
}

/// The page of an account.
#[must_use]
pub fn page(origin: &Origin, account: &Account) -> String {
    match &account.url {
        _ if account.is_local() => origin.url(&format!("/@{}", account.username)),
        Some(url) => url.clone(),
        None => account.uri.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::Lab;

    #[test]
    fn bios_link_known_people_and_fields_say_me() {
        let lab = Lab::new();
        lab.local("ann");
        lab.remote("bob");
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let (bio, field) = lab.read(|read| {
            let text = "I know @ann@HERE.test, @bob@Far.test and @nobody@x.test <3\n\n#Größe";
            Ok((bio(read, &origin, text)?, field(read, &origin, "https://a.test/\" rel=\"nofollow ")?))
        });
        assert!(
            bio.contains("<a href=\"https://here.test/@ann\" class=\"u-url mention\">@<span>ann</span></a>"),
            "{bio}"
        );
        assert!(bio.contains("href=\"https://far.test/@bob\""), "{bio}");
        assert!(bio.contains("@nobody@x.test &lt;3</p><p>"), "{bio}");
        assert!(bio.contains("https://here.test/tags/gr%C3%B6%C3%9Fe"), "{bio}");
        assert!(field.starts_with("<a href=\"https://a.test/\"") && !field.contains("<p>"), "{field}");
        assert_eq!(field.matches("rel=\"me nofollow noopener").count(), 1, "{field}");
    }
}

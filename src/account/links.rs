//! Links of a profile that lead back to it (`rel="me"`): which are looked at, and what comes of it. The looking is the
//! job `CheckLinks`.

use crate::{error::Result, limits, text::links::only_link};
use storage::{
    AccountId, Digest, Event, Tx,
    account::{self, ACCOUNTS, Account, LINK_CHECKS},
};
use url::{Host, Url};

/// A profile field that is a link which can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The field's value as stored.
    pub value: String,
    /// Where it leads.
    pub url: String,
    /// It led back the last time.
    pub is_verified: bool,
}

/// What was seen of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The field's value, as it was when the link was followed.
    pub value: String,
    /// The page links back to the profile.
    pub leads_back: bool,
}

/// The links of a profile, at most `limits::PROFILE_LINKS_CHECKED`.
pub fn of(account: &Account) -> impl Iterator<Item = Link> {
    let url = |value: &str| {
        let text = if account.is_local() { Some(value.to_owned()) } else { only_link(value) };
        text.filter(|text| is_followed(text))
    };
    let found = account.fields.iter().filter_map(move |field| {
        Some(Link { url: url(&field.value)?, value: field.value.clone(), is_verified: field.verified_at.is_some() })
    });
    found.take(limits::PROFILE_LINKS_CHECKED)
}

/// The links of a profile that are looked at now: of one here all, because it was saved; of others what did not lead back.
#[must_use]
pub fn due(account: &Account) -> Vec<Link> {
    of(account).filter(|link| account.is_local() || !link.is_verified).collect()
}

/// Whether a text is an https address that looks like what it is: no other spelling of it, no name in disguise.
fn is_followed(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let spelled = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    spelled
        && text.len() <= limits::URI_BYTES_MAX
        && url.scheme() == "https"
        && matches!(url.host(), Some(Host::Domain(_)))
        && url.username().is_empty()
        && url.password().is_none()
}

/// A remote profile was read: links that do not lead back yet are looked at if they are new, or once a day.
pub(super) fn check_described(tx: &mut Tx<'_>, before: Option<&Account>, after: &Account) -> Result<()> {
    let open = |account: &Account| due(account).into_iter().map(|link| link.url).collect::<Vec<_>>();
    let wanted = open(after);
    if wanted.is_empty() || after.suspended_at.is_some() {
        return Ok(());
    }
    let day = |account: &Account| account.fetched_at.0.div_euclid(limits::LINKS_AGAIN_MS);
    if before.is_none_or(|before| day(before) != day(after) || open(before) != wanted) {
        let due = tx.now().plus_ms(wait_ms(after.id));
        account::check_links_at(tx, after.id, due)?;
    }
    Ok(())
}

/// Anywhere in `limits::LINKS_SPREAD_MS`, by the account's number here: another server waits another time.
fn wait_ms(id: AccountId) -> i64 {
    let [first, second, third, fourth, ..] = Digest::of(&id.to_string()).0;
    let number = u64::from(u32::from_be_bytes([first, second, third, fourth]));
    (number % limits::LINKS_SPREAD_MS).cast_signed()
}

/// Begins the look that was owed: fields saved from now on owe another. The account, if there is anything to look at.
///
/// # Errors
/// Storage errors.
pub fn begin(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>> {
    LINK_CHECKS.delete(tx, &id);
    Ok(account::find(tx, id)?.filter(|account| account.suspended_at.is_none() && !due(account).is_empty()))
}

/// Marks fields whose links lead back and takes the mark from those whose links do not. Fields that were changed
/// meanwhile stay as they are.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>, id: AccountId, seen: &[Seen]) -> Result<()> {
    // The row itself, not what a block of its domain makes of it.
    let Some(mut account) = ACCOUNTS.get(tx, &id)? else { return Ok(()) };
    let (now, mut changed) = (tx.now(), false);
    for field in &mut account.fields {
        let Some(one) = seen.iter().find(|one| one.value == field.value) else { continue };
        let verified_at = one.leads_back.then(|| field.verified_at.unwrap_or(now));
        changed |= verified_at != field.verified_at;
        field.verified_at = verified_at;
    }
    if changed {
        account::put(tx, &account)?;
        tx.emit(Event::AccountChanged { account: id });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{
        accept::{RemoteAccount, accept},
        lab::{Lab, remote},
        update::{Changes, update},
    };
    use storage::job::JobKind;

    fn saved(lab: &Lab, id: AccountId, values: &[&str]) {
        let fields = values.iter().map(|value| ("site".to_owned(), (*value).to_owned())).collect();
        let changes = Changes { fields: Some(fields), ..Changes::default() };
        lab.write(move |tx| update(tx, id, &changes)).expect("saved");
    }

    fn looks(lab: &Lab, id: AccountId) -> usize {
        lab.jobs().iter().filter(|job| **job == JobKind::CheckLinks { account: id }).count()
    }

    fn settled(lab: &Lab, id: AccountId, value: &str, leads_back: bool) -> Option<storage::Timestamp> {
        let seen = [Seen { value: value.to_owned(), leads_back }];
        lab.write(move |tx| settle(tx, id, &seen)).expect("settled");
        lab.account(id).fields[0].verified_at
    }

    #[test]
    fn only_plain_https_addresses_are_followed() {
        for good in ["https://a.test", "https://a.test/", "https://a.test/~x?y=1#z", "https://xn--bcher-kva.test/x"] {
            assert!(is_followed(good), "{good}");
        }
        for bad in [
            "http://a.test/",
            "https://bücher.test/",
            "https://A.test/",
            "https://u@a.test/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https:a.test",
            "https://a.test/../b",
            " https://a.test/",
            "https://a.test/ mine",
            "javascript:alert(1)",
            "mine",
            "",
        ] {
            assert!(!is_followed(bad), "{bad}");
        }
    }

    #[test]
    fn saving_fields_owes_one_look_until_it_begins() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        saved(&lab, ann, &["no link"]);
        assert_eq!(looks(&lab, ann), 0);
        saved(&lab, ann, &["https://a.test"]);
        saved(&lab, ann, &["https://a.test"]);
        assert_eq!(looks(&lab, ann), 1, "one that waits does for both");
        let begun = lab.write(move |tx| begin(tx, ann)).expect("begun").expect("something to look at");
        assert_eq!(due(&begun).len(), 1);
        saved(&lab, ann, &["https://b.test"]);
        assert_eq!(looks(&lab, ann), 2, "what was saved since is looked at, too");
        assert_eq!(settled(&lab, ann, "https://a.test", true), None, "that field is gone");
    }

    #[test]
    fn a_mark_stays_with_its_field_until_the_link_leads_elsewhere() {
        let lab = Lab::new();
        let ann = lab.local("ann");
        saved(&lab, ann, &["https://a.test"]);
        let first = settled(&lab, ann, "https://a.test", true).expect("verified");
        lab.advance(5_000);
        assert_eq!(settled(&lab, ann, "https://a.test", true), Some(first), "since when it is known");
        saved(&lab, ann, &["https://a.test"]);
        assert_eq!(lab.account(ann).fields[0].verified_at, Some(first), "until somebody has looked");
        assert_eq!(settled(&lab, ann, "https://a.test", false), None);
        settled(&lab, ann, "https://a.test", true);
        saved(&lab, ann, &["https://b.test"]);
        assert_eq!(lab.account(ann).fields[0].verified_at, None, "another link has no mark");
    }

    #[test]
    fn links_of_others_are_looked_at_when_new_and_once_a_day() {
        let lab = Lab::new();
        let with = |value: &str| RemoteAccount {
            fields: vec![("site".to_owned(), format!("<a href=\"{value}\">{value}</a>"))],
            ..remote("bob", "far.test")
        };
        let read = |profile: RemoteAccount| {
            let id = lab.write(move |tx| accept(tx, &profile)).expect("accepted");
            let owed = looks(&lab, id);
            lab.write(move |tx| begin(tx, id)).expect("begun");
            (id, owed)
        };
        let (bob, owed) = read(with("https://a.test"));
        assert_eq!(owed, 1);
        assert_eq!(read(with("https://a.test")), (bob, 1), "not again for the same");
        assert_eq!(read(with("https://b.test")), (bob, 2));
        lab.advance(limits::LINKS_AGAIN_MS);
        assert_eq!(read(with("https://b.test")), (bob, 3));
        let value = lab.account(bob).fields[0].value.clone();
        settled(&lab, bob, &value, true).expect("verified");
        lab.advance(limits::LINKS_AGAIN_MS);
        assert_eq!(read(with("https://b.test")), (bob, 3), "what leads back is not asked for again");
        assert!(lab.account(bob).fields[0].verified_at.is_some());
    }
}

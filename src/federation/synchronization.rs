//! Followers synchronisation (FEP-8fcf): with what is told to followers goes a digest of those who live on the server that
//! gets it. Who counts otherwise asks for their names, and both sides agree again.

use super::{
    fetch::{self, Budget},
    object::{Collection, read},
    outward::with_context,
    signature::{FOLLOWERS_HEADER, Verified},
};
use crate::{
    error::{Error, Result},
    limits,
    server::Server,
};
use aws_lc_rs::digest::{SHA256, digest};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use std::collections::HashMap;
use storage::{
    AccountId, Bounds, Direction, Read, RowId,
    account::{self, Account},
    peer,
    relationship::FOLLOWER_ROWS,
    table::hex,
};

/// The header.
pub const HEADER: &str = FOLLOWERS_HEADER;

/// The followers of one account on one server: how many, the bytes of their ids, and the XOR of the SHA-256 of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many.
    pub count: usize,
    /// Bytes of a list of them.
    pub bytes: usize,
    /// All together; their order does not matter.
    pub digest: [u8; 32],
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, id: &str) {
        self.count += 1;
        // Quotes, and what stands between two of them.
        self.bytes += id.len() + 3;
        for (all, one) in self.digest.iter_mut().zip(digest(&SHA256, id.as_bytes()).as_ref()) {
            *all ^= one;
        }
    }

    /// Whether a document can name them all: half of them would end the follows of the others.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.count <= limits::FOLLOWERS_NAMED_MAX && self.bytes <= limits::FOLLOWERS_NAMED_BYTES_MAX
    }
}

/// Followers elsewhere of a local account, by the server of their ids; `None` for more than
/// `limits::FOLLOWERS_TALLIED_MAX`. Reads `limits::FOLLOWERS_TALLIED_STEP` at a time, so that others read between.
///
/// # Errors
/// Storage errors.
pub async fn tallies(server: &Server, id: AccountId) -> Result<Option<HashMap<String, Tally>>> {
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    let whole = each_follower(server, id, |follower| {
        if let Some(host) = peer::authority_of(&follower.uri).filter(|_| !follower.is_local()) {
            tallies.entry(host).or_default().add(&follower.uri);
        }
    });
    Ok(whole.await?.then_some(tallies))
}

/// What is said of the followers of `actor`, who lives here, on the server which gets it; nothing if they are too many to
/// be named.
#[must_use]
pub fn header(actor: &str, tally: &Tally) -> Option<HeaderValue> {
    if !tally.fits() {
        return None;
    }
    let (followers, digest) = (format!("{actor}/followers"), hex(&tally.digest));
    let text = format!("collectionId=\"{followers}\", url=\"{followers}_synchronization\", digest=\"{digest}\"");
    HeaderValue::from_str(&text).ok()
}

/// The followers of a local account on the server of `asker`, who signed for it.
///
/// # Errors
/// `NotFound`, `Gone`; `Forbidden` for more than fit a document; storage errors.
pub async fn of_server(server: &Server, name: String, asker: AccountId) -> Result<Value> {
    let look = move |view: &dyn Read| {
        let account = super::collections::require(view, &name)?;
        let asker = account::find(view, asker)?.ok_or(Error::Unauthorized)?;
        Ok((account, peer::authority_of(&asker.uri).ok_or(Error::Unauthorized)?))
    };
    let (account, host) = server.read(move |view| look(view)).await?;
    let (mut names, mut tally): (Vec<String>, _) = (Vec::new(), Tally::default());
    let whole = each_follower(server, account.id, |follower| {
        let lives_there = !follower.is_local() && peer::authority_of(&follower.uri).as_deref() == Some(host.as_str());
        if lives_there && tally.fits() {
            tally.add(&follower.uri);
            names.push(follower.uri);
        }
    });
    if !whole.await? || !tally.fits() {
        return Err(Error::Forbidden("too many followers to be named"));
    }
    let id = format!("{}/followers_synchronization", server.origin().url(&account.uri));
    Ok(with_context(json!({ "id": id, "type": "OrderedCollection", "orderedItems": names })))
}

/// People here who follow a remote account, with their ids; `None` if they are too many to be held against a document.
///
/// # Errors
/// Storage errors.
pub async fn followers_here(server: &Server, id: AccountId) -> Result<Option<Vec<(AccountId, String)>>> {
    let (mut found, mut tally): (Vec<(AccountId, String)>, _) = (Vec::new(), Tally::default());
    let whole = each_follower(server, id, |follower| {
        if follower.is_local() && tally.fits() {
            let uri = server.origin().url(&follower.uri);
            tally.add(&uri);
            found.push((follower.id, uri));
        }
    });
    let whole = whole.await?;
    Ok((whole && tally.fits()).then_some(found))
}

/// Hands over the followers of an account, in steps; answers whether that were all.
async fn each_follower(server: &Server, id: AccountId, mut take: impl FnMut(Account)) -> Result<bool> {
    let mut after: Option<RowId> = None;
    let mut seen = 0;
    loop {
        let step = server.read(move |view| step(view, id, after)).await?;
        seen += step.rows;
        step.followers.into_iter().for_each(&mut take);
        after = step.last;
        if step.rows < limits::FOLLOWERS_TALLIED_STEP {
            return Ok(true);
        }
        if seen >= limits::FOLLOWERS_TALLIED_MAX {
            return Ok(false);
        }
    }
}

struct Step {
    rows: usize,
    followers: Vec<Account>,
    last: Option<RowId>,
}

fn step(read: &dyn Read, id: AccountId, after: Option<RowId>) -> Result<Step> {
    let bounds = Bounds { above: after.map(|row| row.0), below: None };
    let rows = FOLLOWER_ROWS.list(read, &id, bounds, Direction::Ascending, limits::FOLLOWERS_TALLIED_STEP)?;
    let mut step = Step { rows: rows.len(), followers: Vec::new(), last: after };
    for ((_, row), follower) in rows {
        step.last = Some(row);
        step.followers.extend(account::find(read, follower)?);
    }
    Ok(step)
}

/// What a peer said about the followers here of one of its accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Where it names them.
    pub url: String,
    /// Their digest.
    pub digest: [u8; 32],
}

/// Reads the header of a request that `sender` signed; none unless the signature covers it, it speaks of the sender's
/// followers, and leads to the sender's server.
#[must_use]
pub fn stated(headers: &HeaderMap, verified: &Verified, sender: &Account) -> Option<Stated> {
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    if !verified.covers(HEADER) || value.len() > limits::SYNCHRONIZATION_BYTES_MAX {
        return None;
    }
    let (collection, stated) = read(value.to_str().ok()?)?;
    let home = peer::authority_of(&sender.uri)?;
    if sender.endpoints.followers.as_deref() != Some(collection.as_str())
        || peer::authority_of(&stated.url)? != home
        || peer::authority_of(&collection)? != home
    {
        return None;
    }
    Some(stated)
}

/// The text of the header: the collection it is about, and what it says; none unless each member stands there once.
#[must_use]
pub fn read(text: &str) -> Option<(String, Stated)> {
    let member = |name: &str| {
        let mut found = text.split(',').filter_map(|part| part.trim().split_once('=')).filter(|(key, _)| *key == name);
        let (_, value) = found.next()?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        found.next().is_none().then(|| value.to_owned())
    };
    let (collection, url, digest) = (member("collectionId")?, member("url")?, member("digest")?);
    Some((collection, Stated { url, digest: bytes(&digest)? }))
}

/// 32 bytes from 64 hexadecimal digits.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(out)
}

/// The ids of people here that the collection at `url` names, at most `limits::FOLLOWERS_NAMED_MAX`; asked by the instance
/// actor, so that it names those of this server.
///
/// # Errors
/// As `fetch::document`; `Remote` if it is no collection, or another one; `Invalid` if it has more members, says that
/// it has more than it names, or spreads them over pages.
pub async fn named(server: &Server, url: &str) -> Result<Vec<String>> {
    let (id, document) = fetch::document(server, url, &Budget::unhurried(2)).await?;
    let members = whole(&document, url, id.authority().as_str())?;
    Ok(members.into_iter().filter(|id| server.origin().is_own(id)).collect())
}

/// The members of the collection at `url` of `host`, if the document is that one and all of it: who is not in it loses a
/// follow.
fn whole(document: &Value, url: &str, host: &str) -> Result<Vec<String>> {
    let collection = Collection::read(document).map_err(|why| Error::remote(host, why.0))?;
    if collection.id.as_deref() != Some(url) {
        return Err(Error::remote(host, "answers with another collection"));
    }
    let listed = document.get("orderedItems").filter(|list| !list.is_null()).or_else(|| document.get("items"));
    let in_parts = collection.is_page || collection.first.is_some() || collection.next.is_some();
    let count = listed.and_then(Value::as_array).map(Vec::len);
    let is_all = |count: usize| {
        collection.total_items.is_none_or(|total| usize::try_from(total).is_ok_and(|total| total <= count))
    };
    if in_parts || !count.is_some_and(|count| count <= limits::FOLLOWERS_NAMED_MAX && is_all(count)) {
        return Err(Error::invalid("followers", format!("{host} names its followers in parts")));
    }
    Ok(read::ids(listed, limits::FOLLOWERS_NAMED_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::lab::Lab,
        federation::signature::{KeyId, Scheme},
    };

    #[test]
    fn only_what_is_signed_and_about_the_sender_counts() {
        let lab = Lab::new();
        let mut far = lab.account(lab.remote("far"));
        let home = far.uri.clone();
        far.endpoints.followers = Some(format!("{home}/followers"));
        let mut tally = Tally::default();
        tally.add("https://local.test/users/ann");
        let signed = |covered: &[&str]| Verified {
            key_id: KeyId(format!("{home}#main-key")),
            scheme: Scheme::Cavage,
            covered: covered.iter().map(|name| (*name).to_owned()).collect(),
            signed_at: storage::Timestamp(0),
        };
        let said = |value: HeaderValue, covered: &[&str]| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, value);
            stated(&headers, &signed(covered), &far)
        };
        let own = header(&home, &tally).expect("printable");
        let url = format!("{home}/followers_synchronization");
        assert_eq!(said(own.clone(), &["date", HEADER]), Some(Stated { url, digest: tally.digest }));
        assert_eq!(said(own.clone(), &["date"]), None, "not signed");
        for (from, to) in [
            ("url=\"https://far.test", "url=\"https://evil.test"),
            ("/followers\"", "/others\""),
            ("digest=\"", "digest=\"00"),
            ("digest", "sum"),
            ("url=", "url=\"https://far.test/x\", url="),
        ] {
            let text = own.to_str().expect("text").replacen(from, to, 1);
            assert_eq!(said(HeaderValue::from_str(&text).expect("printable"), &[HEADER]), None, "{text}");
        }
    }

    #[test]
    fn a_list_counts_only_if_it_is_the_one_asked_for_and_all_of_it() {
        let url = "https://far.test/users/far/followers_synchronization";
        let ann = "https://local.test/users/ann";
        let list = json!({ "id": url, "type": "OrderedCollection", "orderedItems": [ann] });
        let counts = |name: &str, value: Value| {
            let mut document = list.clone();
            document[name] = value;
            whole(&document, url, "far.test").is_ok()
        };
        for (name, value) in [("totalItems", json!(1)), ("type", json!("Collection")), ("orderedItems", json!([]))] {
            assert!(counts(name, value.clone()), "{name}: {value}");
        }
        for (name, value) in [
            ("id", json!("https://far.test/users/far/followers")),
            ("id", json!(null)),
            ("type", json!("OrderedCollectionPage")),
            ("type", json!("Note")),
            ("first", json!("https://far.test/users/far/followers?page=1")),
            ("next", json!("https://far.test/users/far/followers?page=2")),
            ("totalItems", json!(2)),
            ("orderedItems", json!(null)),
        ] {
            assert!(!counts(name, value.clone()), "{name}: {value}");
        }
    }

    #[test]
    fn a_list_is_as_long_as_a_document_holds_and_no_longer() {
        let url = "https://far.test/users/far/followers_synchronization";
        let list = |count: usize| {
            let names: Vec<String> = (0..count).map(|number| format!("https://local.test/users/a{number}")).collect();
            json!({ "id": url, "type": "OrderedCollection", "totalItems": count, "orderedItems": names })
        };
        let named = |count: usize| whole(&list(count), url, "far.test").map(|names| names.len()).ok();
        assert_eq!(named(limits::PAGE_ITEMS_MAX + 500), Some(limits::PAGE_ITEMS_MAX + 500));
        assert_eq!(named(limits::FOLLOWERS_NAMED_MAX), Some(limits::FOLLOWERS_NAMED_MAX));
        assert_eq!(named(limits::FOLLOWERS_NAMED_MAX + 1), None);
    }

    #[test]
    fn nothing_is_said_of_more_followers_than_can_be_named() {
        let (actor, id) = ("https://local.test/users/ann", format!("https://far.test/users/{}", "x".repeat(75)));
        let mut tally = Tally::default();
        while tally.fits() {
            assert!(header(actor, &tally).is_some());
            tally.add(&id);
        }
        assert_eq!(header(actor, &tally), None);
        assert!(tally.count < limits::FOLLOWERS_NAMED_MAX, "long ids fill a document sooner");
        let names = vec![id; tally.count - 1];
        let document =
            with_context(json!({ "id": actor, "type": "OrderedCollection", "orderedItems": names })).to_string();
        assert!(document.len() <= limits::DOCUMENT_MAX_BYTES, "{} bytes", document.len());
    }

    #[test]
    fn a_tally_does_not_depend_on_the_order() {
        let [mut one, mut other] = [Tally::default(); 2];
        for id in ["https://a.test/users/ann", "https://a.test/users/bea"] {
            one.add(id);
        }
        for id in ["https://a.test/users/bea", "https://a.test/users/ann"] {
            other.add(id);
        }
        assert_eq!(one, other);
        other.add("https://a.test/users/cat");
        assert_ne!(one.digest, other.digest);
    }

    /// FEP-8fcf, "Partial follower collection digest".
    #[test]
    fn the_digest_of_the_proposal_is_ours() {
        let mut tally = Tally::default();
        for name in ["1", "2"] {
            tally.add(&format!("https://testing.example.org/users/{name}"));
        }
        let wanted = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f";
        assert_eq!((tally.count, hex(&tally.digest).as_str()), (2, wanted));
        assert_eq!(bytes(wanted), Some(tally.digest));
        assert_eq!((bytes("ff"), bytes(&"g".repeat(64)), bytes(&"é".repeat(32))), (None, None, None));
    }
}

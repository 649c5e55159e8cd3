//! The doors to the parsers of foreign bytes, one function a parser: for the fuzz targets of `fuzz/`, and for
//! `tests/parsers.rs`, which sends samples and mutations of them through the same doors.
//!
//! A door takes any bytes, does no I/O, and panics if what is promised of its parser does not hold.

use crate::{
    account::{self, handle::normalise_domain},
    clock,
    federation::{
        address::{Authority, Handle, RemoteUri, Schemes},
        client::Answer,
        fetch::finger,
        json,
        object::{self, Activity, Actor, Collection, Note, quote},
        signature::{self, ProofKey, PublicKey, RequestParts, fields, jcs, multikey, proof},
        synchronization,
        trust::{self, ObtainedFrom, Trust},
    },
    filter::{self, Compiled, FilterChange, KeywordChange, Whole},
    http::{
        multipart::Files,
        params::{self, Fields},
        proxy::Proxies,
        value::Value as Field,
    },
    limits, link,
    media::picture,
    moderation::block_list,
    search,
    text::{self, links},
    transfer,
    user::webauthn::{self, Known, Party, Used},
};
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::RETRY_AFTER};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::OnceLock,
};
use storage::{
    AccountId, RowId, StatusId, Timestamp,
    catalogue::TABLES,
    filter::{Filter, FilterAction, FilterContext, FilterKeyword},
    import::ImportKind,
    status::Status,
};
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// Takes any bytes; panics if what is promised of its parser does not hold.
pub type Door = fn(&[u8]);

/// Every door under the name of its fuzz target.
pub const DOORS: &[(&str, Door)] = &[
    ("document", document),
    ("signature", signature),
    ("finger", finger),
    ("address", address),
    ("html", html),
    ("canonical", canonical),
    ("key", key),
    ("head", head),
    ("passkey", passkey),
    ("table", table),
    ("picture", picture),
    ("row", row),
    ("followers", followers),
    ("header", header),
    ("blocks", blocks),
    ("filters", filters),
    ("keyword", keyword),
    ("form", form),
    ("query", query),
    ("forwarded", forwarded),
];

/// When all this happens.
const NOW: Timestamp = Timestamp(1_796_126_400_000);

/// A document of ActivityStreams: what is read is within its bounds, and printed it reads the same.
pub fn document(bytes: &[u8]) {
    let Ok(mut document) = json::parse(bytes) else { return };
    let printed = document.to_string();
    if printed.len() <= limits::DOCUMENT_MAX_BYTES {
        assert_eq!(json::parse(printed.as_bytes()).as_ref(), Ok(&document), "printed and read again");
    }
    let at = Url::parse("https://peer.test/notes/1").expect("a URL");
    let owner = RemoteUri::parse("https://peer.test/users/a", Schemes::Https).expect("an id");
    for obtained in [ObtainedFrom::Fetched(&at), ObtainedFrom::SignedBy(&owner)] {
        if let Ok(Trust::Authoritative(id)) = trust::trust(&document, obtained, Schemes::Https) {
            assert!(id.same_origin(&owner), "{id} is believed of another server");
        }
    }
    if let Some(Ok(Trust::Authoritative(id))) =
        document.get("object").map(|thing| trust::embedded(thing, &owner, Schemes::Https))
    {
        assert!(id.same_origin(&owner), "{id} inside is believed of another server");
    }
    // Whatever it says it is, each reader has to bear it.
    let _ = (object::kind(&document), object::has_context(&document), quote::approval(&document));
    let _ = (Collection::read(&document), Activity::read(&document), Activity::read_inner(&document));
    let _ = (quote::read(&document), object::actor::key_owner(&document), proof::verification_method(&document));
    for schemes in [Schemes::Https, Schemes::Lab] {
        if let Ok(actor) = Actor::read(&document, schemes) {
            assert!(actor.keys.len() <= limits::ACTOR_KEYS_MAX && actor.emojis.len() <= limits::DOCUMENT_TAGS_MAX);
        }
    }
    if let Ok(note) = Note::read(&document) {
        // `audience` is read with `cc`.
        assert!(note.to.len() <= limits::RECIPIENTS_MAX && note.cc.len() <= 2 * limits::RECIPIENTS_MAX);
        assert!(note.mentions.len() <= limits::DOCUMENT_TAGS_MAX && note.emojis.len() <= limits::DOCUMENT_TAGS_MAX);
        assert!(note.attachments.len() <= limits::ATTACHMENTS_MAX && note.hashtags.len() <= limits::HASHTAGS_MAX);
        let _ = (note.is_vote(), note.audience(None), note.audience(Some("https://peer.test/followers")));
    }
    object::strip_blind(&mut document);
    assert!(document.get("bto").is_none() && document.get("bcc").is_none());
}

/// The headers of a signed request, one a line, in the order `Signature`, `Signature-Input`, `Digest`,
/// `Content-Digest`, `Date`, `Content-Type`: nobody has signed them with this key.
pub fn signature(bytes: &[u8]) {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    let key = KEY.get_or_init(|| PublicKey::from_multikey(&ProofKey::from_seed(&[7; 32]).multikey()).expect("a key"));
    let names = ["signature", "signature-input", "digest", "content-digest", "date", "content-type"];
    let mut headers = HeaderMap::new();
    for (name, line) in names.into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty()
            && let Ok(value) = HeaderValue::from_bytes(line)
        {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    for text in headers.values().filter_map(|value| value.to_str().ok()) {
        let _ = fields::parameters(text);
        for (_, member) in fields::dictionary(text).unwrap_or_default() {
            if let fields::Value::List(items) = &member.value {
                let written = format!("a={}", fields::write_list(items, &member.parameters));
                let again = fields::dictionary(&written).and_then(|members| members.into_iter().next());
                let Some((_, again)) = again else { panic!("{written} is not read again") };
                let fields::Value::List(same) = &again.value else { panic!("{written} is read as something else") };
                assert_eq!(fields::write_list(same, &again.parameters), written["a=".len()..]);
            }
        }
    }
    if let Ok(id) = signature::key_id(&headers) {
        assert!(id.as_str().len() <= limits::URI_BYTES_MAX);
    }
    let origin = Url::parse("https://local.test").expect("a URL");
    for (method, body) in [(Method::GET, &b""[..]), (Method::POST, bytes)] {
        let request = RequestParts { method: &method, path_and_query: "/inbox?a=b", headers: &headers, body };
        assert!(signature::verify(&request, key, NOW, &origin).is_err(), "a signature without its key");
    }
}

/// What a server says of a handle: WebFinger's JSON and the XML of host-meta.
pub fn finger(bytes: &[u8]) {
    if let Ok(document) = json::parse(bytes)
        && let Some(found) = finger::read(&document, Schemes::Https)
    {
        let again = Handle::parse(&found.subject.to_string());
        assert!(again.is_some_and(|again| again.same(&found.subject)), "{}", found.subject);
        assert!(finger::question(&found.subject, Schemes::Https).is_ok(), "{}", found.subject);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Some(template) = finger::lrdd(&text) {
        assert!(template.contains("{uri}"));
    }
}

/// Ids, names of servers, handles as they are typed, and texts with all of these in them.
pub fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for schemes in [Schemes::Https, Schemes::Lab] {
        let Ok(id) = RemoteUri::parse(&text, schemes) else { continue };
        assert_eq!(id.as_str(), text, "an id stays as it was sent");
        assert!(id.as_str().starts_with(id.without_fragment()));
        let authority = id.authority();
        assert_eq!(Authority::parse(authority.as_str()).as_ref(), Some(authority), "a name has one spelling");
        assert_eq!(Authority::of(&id.to_url()).as_ref(), Some(authority));
        assert!(!authority.as_str().contains(['@', '/', '\\', '?', '#']), "{authority}");
        assert_eq!(authority.as_str(), authority.as_str().to_lowercase());
    }
    if let Some(authority) = Authority::parse(&text) {
        assert_eq!(Authority::parse(authority.as_str()), Some(authority));
    }
    if let Some(handle) = Handle::parse(&text) {
        assert_eq!(Handle::parse(&handle.to_string()), Some(handle));
    }
    if let Some(domain) = normalise_domain(&text) {
        assert_eq!(normalise_domain(&domain).as_ref(), Some(&domain), "a domain has one spelling");
    }
    let _ = account::Handle::parse(&text, |domain| domain == "local.test");
    let _ = storage::peer::authority_of(&text);
    let _ = (clock::parse_moment(&text), object::read::time(Some(&Value::String(text.to_string()))));
    let mut end = 0;
    for entity in text::entities(&text) {
        assert!(end <= entity.range.start && text.get(entity.range.clone()).is_some(), "{entity:?}");
        end = entity.range.end;
    }
}

/// HTML of others: sanitised twice is sanitised once, and nothing is left that runs.
pub fn html(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let clean = text::sanitise(&text);
    assert_eq!(text::sanitise(&clean), clean, "sanitised twice");
    // Text has no `<` of its own there, so each begins a tag.
    for tag in clean.to_ascii_lowercase().split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let runs = ["script", "style", "iframe", "img", "svg", "math", "form"].iter().any(|name| tag.starts_with(name));
        assert!(!runs && !tag.contains("href=\"javascript:") && !tag.contains("href=\"data:"), "{tag} in {clean}");
    }
    let _ = (text::plain_text(&text), text::display_name(&text, 100), links::me_links(&text), links::only_link(&text));
    let _ = (link::links(&clean), text::markdown::html(&text));
}

/// JSON as it is signed: the canonical text of what it says is its own.
pub fn canonical(bytes: &[u8]) {
    let Ok(document) = json::parse(bytes) else { return };
    let text = jcs::canonical(&document);
    let again: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(jcs::canonical(&again), text);
}

/// Public keys as PEM, Multikey and DER: what is taken is stored and read again.
pub fn key(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for read in [PublicKey::from_pem(&text), PublicKey::from_multikey(text.trim()), PublicKey::from_der(bytes)] {
        let Ok(key) = read else { continue };
        let stored = key.encode().expect("a key that was read is written");
        let again = PublicKey::from_der(&stored).expect("what was written is read");
        assert_eq!(again.encode().expect("and written"), stored);
        assert_eq!(again.is_ed25519(), key.is_ed25519());
    }
    if let Ok(multikey::Raw::Ed25519(raw)) = multikey::decode(text.trim()) {
        assert_eq!(multikey::encode_ed25519(&raw), text.trim(), "a key has one spelling");
    }
}

/// The page behind a link: what is kept of it is bounded and leads to the web.
pub fn head(bytes: &[u8]) {
    let at = Url::parse("https://site.test/page").expect("a URL");
    for kind in ["text/html", "text/html; charset=shift_jis"] {
        let Some(text) = link::decode(bytes, kind) else { continue };
        let head = link::head(&text);
        let Some(mut page) = link::page(&head, &at) else { continue };
        if let Ok(described) = serde_json::from_slice(bytes) {
            link::add(&mut page, &described, &at);
        }
        for address in [&page.url, &page.author_url, &page.provider_url, &page.embed_url] {
            assert!(address.is_empty() || address.starts_with("http"), "{address}");
        }
        assert!(page.title.chars().count() <= limits::CARD_TITLE_CHARS, "{}", page.title);
        let _ = link::address(&head.oembed, &at);
    }
}

/// What a browser sends of a passkey: CBOR of an authenticator, its data, a key and a signature. Nobody made this one.
pub fn passkey(bytes: &[u8]) {
    const MADE: &[u8] = br#"{"type":"webauthn.create","challenge":"AA","origin":"https://local.test"}"#;
    const USED: &[u8] = br#"{"type":"webauthn.get","challenge":"AA","origin":"https://local.test"}"#;
    let party = Party { id: "local.test", origin: "https://local.test" };
    let _ = webauthn::challenge(bytes);
    let data = [digest(&SHA256, party.id.as_bytes()).as_ref(), bytes].concat();
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes();
    let around = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x5a".as_slice(), &length, &data].concat();
    for attestation in [bytes, &around] {
        let Ok(made) = webauthn::made(party, MADE, attestation) else { continue };
        assert!(!made.credential.is_empty() && made.credential.len() <= webauthn::CREDENTIAL_BYTES_MAX);
        assert!(made.key.len() <= webauthn::KEY_BYTES_MAX);
    }
    let used = Used { client_data: USED, authenticator_data: &data, signature: bytes };
    for may_be_copied in [false, true] {
        let known = Known { key: bytes, counter: 0, may_be_copied };
        assert!(webauthn::used(party, known, used).is_err(), "a signature without its key");
    }
}

/// Tables that people bring, of every kind: what is read is within its bounds.
pub fn table(bytes: &[u8]) {
    for kind in [
        ImportKind::Following,
        ImportKind::Blocks,
        ImportKind::Mutes,
        ImportKind::Domains,
        ImportKind::Bookmarks,
        ImportKind::Lists,
        ImportKind::Tags,
    ] {
        let Ok(rows) = transfer::read(kind, bytes) else { continue };
        assert!(!rows.is_empty() && rows.len() <= limits::IMPORT_ROWS, "{} rows", rows.len());
        assert!(rows.iter().all(|row| !row.subject.is_empty()), "a row about nobody");
    }
}

/// Files of pictures: without what does not draw they stay as they are, and made smaller they are.
pub fn picture(bytes: &[u8]) {
    const PIXELS: u64 = 400;
    if let Ok(clean) = picture::checked(bytes) {
        let again = picture::checked(&clean).unwrap_or_else(|error| panic!("{error}, though it was taken"));
        assert_eq!(again, clean, "taken apart twice");
    }
    if let Ok(made) = picture::reduced(bytes, PIXELS) {
        let (width, height) = (u64::from(made.width), u64::from(made.height));
        assert!(width * height <= PIXELS + (width + height) / 2 + 1, "{width} x {height}");
    }
}

/// What a server says of followers (`Collection-Synchronization`): what is read is a part of what was said.
pub fn followers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((collection, stated)) = synchronization::read(text) else { return };
    assert!(text.contains(&collection) && text.contains(&stated.url), "{text}");
    assert!(!collection.contains(',') && !stated.url.contains(','), "{text}");
}

/// What an answer says of itself: its media type in the first line, its `Retry-After` in the second. Only what calls itself
/// ActivityStreams is a document, and nobody asks to be left alone into the past.
pub fn header(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let kind = String::from_utf8_lossy(lines.next().unwrap_or_default());
    if object::is_activity_type(&kind) {
        let kind = kind.trim_start();
        let starts = |with: &str| kind.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        let named = starts("application/ld+json") && kind.contains("https://www.w3.org/ns/activitystreams");
        assert!(named || starts("application/activity+json"), "{kind}");
    }
    let Ok(value) = HeaderValue::from_bytes(lines.next().unwrap_or_default()) else { return };
    let final_url = Url::parse("https://peer.test/").expect("a URL");
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, value);
    let answer = Answer { status: StatusCode::TOO_MANY_REQUESTS, headers, body: Bytes::new(), final_url };
    if let Some(wait) = answer.retry_after_ms(NOW) {
        assert!(wait >= 0, "{wait} ms");
    }
}

/// Lists of domains to block, as tables, lines and JSON: each domain is there once, in its one spelling.
pub fn blocks(bytes: &[u8]) {
    let Ok(table) = block_list::read(bytes) else { return };
    assert!(!table.rows.is_empty() && table.rows.len() <= limits::BLOCK_LIST_ROWS, "{} domains", table.rows.len());
    assert!(table.rows.is_sorted_by(|one, next| one.domain < next.domain), "a domain stands twice");
    for row in &table.rows {
        assert_eq!(normalise_domain(&row.domain).as_ref(), Some(&row.domain), "a domain has one spelling");
        assert!(row.public_comment.chars().count() <= limits::BLOCK_LIST_COMMENT_CHARS, "{}", row.public_comment);
    }
}

/// Filters that people bring as JSON: what is read is within its bounds, and none without a title can be made.
pub fn filters(bytes: &[u8]) {
    let Ok(brought) = transfer::read_filters(bytes, NOW) else { return };
    assert!(!brought.is_empty() && brought.len() <= limits::FILTERS_MAX, "{} filters", brought.len());
    for filter in &brought {
        assert!(filter.check(NOW).is_err() || !filter.title().is_empty(), "a filter without a title");
    }
}

/// A filter's words in the first line, what a status says behind them: they are found where they stand and nowhere else, and
/// as whole words only where they are found at all.
pub fn keyword(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (typed, content) = text.split_once('\n').unwrap_or((&*text, ""));
    let word = |whole_word| FilterKeyword { keyword: typed.to_owned(), whole_word };
    let change = FilterChange {
        title: Some("words".to_owned()),
        contexts: Some(vec![FilterContext::Home]),
        keywords: vec![KeywordChange::Add(word(false))],
        ..FilterChange::default()
    };
    if filter::check(NOW, &change).is_err() {
        return;
    }
    let bare = Status::bare(StatusId(1), AccountId(1), String::new(), NOW);
    let status = Status { content: text::sanitise(content), ..bare };
    let finds = |whole_word| {
        let (title, contexts) = ("words".to_owned(), vec![FilterContext::Home]);
        let filter = Filter { title, contexts, action: FilterAction::Hide, expires_at: None };
        let keywords = vec![(RowId(1), word(whole_word))];
        let compiled = Compiled::of(vec![Whole { id: RowId(1), filter, keywords, statuses: Vec::new() }]);
        !compiled.expect("words within their bounds").matches(&status, NOW).is_empty()
    };
    let said = text::plain_text(&status.content).to_lowercase();
    let stands_there = said.contains(&typed.trim().to_lowercase());
    assert_eq!(finds(false), stands_there, "{typed:?} in {said:?}");
    assert!(stands_there || !finds(true), "{typed:?} as whole words in {said:?}");
}

/// What a client sends, its media type in the first line: as multipart, urlencoded or JSON it is no more and no deeper than a
/// request may be.
pub fn form(bytes: &[u8]) {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| Builder::new_current_thread().build().expect("a runtime without I/O"));
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let kind = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let content = parts.next().unwrap_or_default();
    for files in [Files::Kept, Files::Forgotten] {
        let mut fields = Fields::default();
        // Also of what is refused in the end: it was held until then.
        let _ = runtime.block_on(params::read(&kind, Body::from(content.to_vec()), &mut fields, files));
        let extents = fields.map.iter().map(|(_, value)| extent(value));
        let (depth, count) =
            extents.fold((0_usize, 0_usize), |(depth, count), (its, holds)| (depth.max(its), count + holds));
        assert!(depth <= limits::FIELD_DEPTH + 1 && count <= limits::FIELDS, "{count} values, {depth} levels");
    }
}

/// How many levels a value has, and how many values that hold no others.
fn extent(value: &Field) -> (usize, usize) {
    let held: Vec<&Field> = match value {
        Field::Null | Field::Text(_) | Field::File(_) => return (0, 1),
        Field::List(items) => items.iter().collect(),
        Field::Map(map) => map.iter().map(|(_, inner)| inner).collect(),
    };
    held.into_iter()
        .map(extent)
        .fold((1_usize, 0_usize), |(depth, count), (its, holds)| (depth.max(its + 1), count + holds))
}

/// What people type to search: no more conditions than count, wherever they live.
pub fn query(bytes: &[u8]) {
    static ZONES: OnceLock<[TimeZone; 2]> = OnceLock::new();
    // São Paulo, where summer began at midnight: those days had none.
    let skips = || TimeZone::posix("<-03>3<-02>,M10.3.0/0,M2.3.0/0").expect("a zone");
    let text = String::from_utf8_lossy(bytes);
    for zone in ZONES.get_or_init(|| [TimeZone::UTC, skips()]) {
        assert!(search::conditions(&text, zone) <= limits::SEARCH_CONDITIONS, "{text}");
    }
}

/// What is said of where a request comes from (`X-Forwarded-For`), a header a line: behind it the proxy writes who spoke to it,
/// and whatever stands before, that is who it is.
pub fn forwarded(bytes: &[u8]) {
    let (proxy, caller) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv4Addr::new(203, 0, 113, 9)));
    let written = caller.to_string();
    let proxies = Proxies::new(None, true);
    let heard = |lines: &[&[u8]]| {
        let mut headers = HeaderMap::new();
        for value in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
            headers.append(HeaderName::from_static("x-forwarded-for"), value);
        }
        proxies.caller(&headers, proxy)
    };
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').take(limits::PROXIES_IN_A_ROW).collect();
    let said = heard(&lines);
    assert!(!said.is_anybody || said.address == proxy, "{said:?}");
    let behind = [lines.last().copied().unwrap_or_default(), b", ".as_slice(), written.as_bytes()].concat();
    if HeaderValue::from_bytes(&behind).is_ok() {
        assert_eq!(heard(&[behind.as_slice()]).address, caller, "on one line with {behind:?}");
    }
    lines.push(written.as_bytes());
    assert_eq!(heard(&lines).address, caller, "on a line of its own");
}

/// Rows as a store has them, of every table and version: the number of the table, the length of the key, the key, the
/// value. What is read is written and read as the same.
pub fn row(bytes: &[u8]) {
    let Some((&[high, low, length], rest)) = bytes.split_first_chunk() else { return };
    let Some(table) = TABLES.get(usize::from(u16::from_be_bytes([high, low]))) else { return };
    let Some((key, value)) = rest.split_at_checked(usize::from(length)) else { return };
    let Ok(written) = (table.reread)(key, value) else { return };
    let again = (table.reread)(key, &written).unwrap_or_else(|error| panic!("{}: {error}", table.name));
    assert_eq!(again, written, "{}", table.name);
}

//! Every door of `dassie::fuzz` over all samples that are here, our own fixtures and thousands of mutations of them. The
//! mutations are the same in each run: what fails is printed with the seed that makes it again.

#[expect(dead_code, reason = "other tests use more of it")]
mod foreign;

use dassie::fuzz::Door;
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

/// Mutations of each door; with the seeds themselves some fifteen seconds in all, unoptimised.
const MUTATIONS: u64 = 4_000;
/// Bytes of the longest seed that is mutated.
const MUTATED_MAX_BYTES: usize = 6_000;

/// Pieces that mean something to one of the parsers.
const PIECES: &[&str] = &[
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[[[[[[[[[",
    ":",
    ",",
    "null",
    "-0",
    "1e400",
    "9007199254740993",
    "0.000001",
    "@context",
    "\"type\":[\"Note\",\"Person\"]",
    "\"attributedTo\":\"https://evil.test/\"",
    "https://victim.test@peer.test/",
    "https://xn--/",
    "acct:",
    "@a@b.c",
    "#",
    "%2e",
    "。",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<svg><style>",
    "<math><mi><table>",
    "<template>",
    "<a href='javascript:x'>",
    "<p class=\"h-card invisible x\">",
    "</p>",
    "<meta property=\"og:title\" content='x'>",
    "<Link rel='lrdd' template='{uri}'/>",
    "&lt;",
    "&#x0;",
    "&amp",
    "=:AA==:",
    "sig1=(\"@method\" \"@target-uri\");created=1;keyid=\"https://a.test/k\"",
    "keyId=\"https://a.test/k\"",
    "-----BEGIN PUBLIC KEY-----\n",
    "z6Mk",
    "\n",
];

/// Inputs that no file brings, by the name of a door.
const SEEDS: &[(&str, &str)] = &[
    (
        "signature",
        "keyId=\"https://a.test/u#main-key\",algorithm=\"rsa-sha256\",headers=\"(request-target) host date digest\",signature=\"AAAA\"\n\nSHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nTue, 01 Dec 2026 12:00:00 GMT",
    ),
    (
        "signature",
        "sig1=:AAAA:\nsig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1796126400;keyid=\"https://a.test/u#k\";alg=\"ed25519\"\n\nsha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    ),
    ("signature", "a=(\"x\";sf \"y\";key=\"z\");n=?0;t=tok/en;b=:AAE=:;d=1.5;f, b=1, c\na=(1 2.5 tok :AA==:)"),
    (
        "finger",
        "<?xml version=\"1.0\"?><XRD><Link rel=\"lrdd\" type=\"application/xrd+xml\" template=\"https://a.test/wf?resource={uri}\"/></XRD>",
    ),
    (
        "finger",
        "{\"subject\":\"acct:a@b.test\",\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\",\"href\":\"https://b.test/u/a\"}]}",
    ),
    ("address", "https://b\u{fc}cher.test:8443/users/a?b=c#d"),
    ("address", "@some.body@Example.ORG."),
    ("address", "hello @ann, see https://a.test/(b)_c?d=e. #tag #\u{fc}ber @b@c.test: 2026-12-01T12:00:00.5+01:00"),
    ("address", "2026-12-01T12:00:00Z"),
    (
        "html",
        "<p>Hello <a href=\"https://a.test/@b\" class=\"u-url mention\">@<span>b</span></a> <script>x()</script>&lt;b&gt;</p>",
    ),
    ("html", "<math><mi><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">"),
    (
        "html",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\"><blockquote><ul><li>x<ol reversed start=3><li value=2>y",
    ),
    ("html", "a **b** _c_ [d](javascript:e) `f` <https://g.test> @h #i\n\n> j\n\n```\nk\n```\n| l |\n|---|"),
    (
        "canonical",
        "{\"b\":[1e21,1e-7,333333333.33333329,-0,4.50,2e-3],\"\u{20ac}\":\"\\u20ac$\\u000f\\nA'B\\\"\\\\\\\"/\",\"\u{1f600}\":null,\"\u{fb33}\":true}",
    ),
    (
        "key",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
    ),
    (
        "followers",
        "collectionId=\"https://a.test/users/b/followers\", url=\"https://a.test/users/b/followers_synchronization\", digest=\"b08ab6951c7eb9cc2a0f5e1a0ed7c5d5e1f0b4a2a4dfb1b5b1ab0a3f4e6d7c8b\"",
    ),
    ("header", "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"\n120"),
    ("header", "application/activity+json; charset=utf-8\nTue, 01 Dec 2026 12:00:00 GMT"),
    ("header", "text/html; x=application/activity+json\nThu, 01 Jan 1970 00:00:00 GMT"),
    ("key", "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"),
    (
        "table",
        "Account address,Show boosts,Notify on new posts,Languages\nann@a.test,true,false,\"en, de\"\n@bob@b.test,,,\n",
    ),
    ("table", "\u{feff}#domain\nevil.test\n"),
    ("table", "birds,ann@a.test\n\"a \"\"b\"\" c\",bob@b.test\n,\n"),
    (
        "blocks",
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n*.evil.test,suspend,true,false,\"hate, spam\",t\nb\u{fc}cher.test,silence,,,,\nevil.test,noop,1,yes,,\n",
    ),
    // Dots that are none before the name is read.
    (
        "blocks",
        "# mine\nevil.test\u{3002}\nhttps://worse.test%2e%2e/\n192.0.2.1\u{3002}\u{3002}\ndull.test.:8443,silence,boring\n",
    ),
    (
        "blocks",
        "[{\"domain\":\"evil.test\",\"digest\":\"00\",\"severity\":\"suspend\",\"comment\":\"hate\"},{\"domain\":\"dull.test\",\"public_comment\":null,\"obfuscate\":true}]",
    ),
    (
        "filters",
        "{\"filters\":[{\"title\":\" birds \",\"context\":[\"home\",\"home\",\"public\"],\"filter_action\":\"blur\",\"expires_at\":\"2030-01-31T12:00:00Z\",\"keywords\":[{\"keyword\":\"owl\",\"whole_word\":false},{\"keyword\":\"\"}]}]}",
    ),
    (
        "filters",
        "\u{feff}[{\"title\":\"\",\"context\":[],\"expires_at\":null},{\"title\":\"old\",\"context\":[\"thread\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}]",
    ),
    ("keyword", " Owl \n<p>OWLS and <b>an</b> owl, a n\u{130}ght-owl<br>and \u{3a3}\u{391}\u{3a3}</p>"),
    ("keyword", "\u{fc}\n<p>b\u{fc}cher &uuml; \u{dc}</p>"),
    ("keyword", "#tea_\n<p><a href=\"https://a.test/tags/tea_\">#<span>tea_</span></a>s</p>"),
    (
        "form",
        "multipart/form-data; boundary=x\n--x\r\nContent-Disposition: form-data; name=\"poll[options][]\"\r\n\r\nyes\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n",
    ),
    (
        "form",
        "application/x-www-form-urlencoded\nstatus=a+b%20c&media_ids[]=1&a[][b]=1&a[][c]=2&a[][b]=3&fields_attributes[0][name]=x&[y]=z&a[b=c",
    ),
    (
        "form",
        "application/json\n{\"status\":\"x\",\"media_ids\":[1,\"2\"],\"poll\":{\"options\":[\"a\",[[[[[[[]]]]]]]],\"expires_in\":300},\"sensitive\":null}",
    ),
    (
        "query",
        "from:me -to:@a@b.test has:image \"red panda\" -\u{201c}blue whale\u{201d} language:\"de\" during:2024-10-20 before:2024 #caf\u{e9}, sort:best \u{6771}\u{4eac}",
    ),
    ("query", "after:9999-12-31 during:0-1-1 during:-9999 in:library is:\" boost \" from:\"open"),
    ("forwarded", "198.51.100.7, [2001:db8::1]:443\n::ffff:192.0.2.1, unknown, 10.0.0.1:8080"),
    (
        "passkey",
        "{\"type\":\"webauthn.create\",\"challenge\":\"AAAA\",\"origin\":\"https://local.test\",\"crossOrigin\":false}",
    ),
    (
        "head",
        "<!doctype html><html lang=de><head><meta charset=iso-8859-1><title>A &amp; B</title><meta property=og:title content=\"C\"><meta property=og:image content=//i.test/j.png><link rel=canonical href=/k><link rel=alternate type=application/json+oembed href=/o></head><body>",
    ),
];

/// The same that are no text.
const BYTES: &[(&str, &[u8])] = &[
    // What an authenticator says of a new Ed25519 key: flags, counter, model, its name, a COSE key.
    (
        "passkey",
        b"\x45\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04name\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20\
          \x19\xbf\x44\x09\x69\x84\xcd\xfe\x85\x41\xba\xc1\x67\xdc\x3b\x96\xc8\x50\x86\xaa\x30\xb6\xb6\xcb\x0c\x5c\x38\xad\x70\x31\x66\xe1",
    ),
    ("passkey", b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58\x25\x9f\xff\xbf\xff\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
    ("picture", b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0\x21\xf9\x04\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b"),
    // One pixel wide, so that its share of what it may have is less than one: it became too high.
    ("picture", b"GIF89a\x01\0\x01\x10\x80\0\0\xff\xff\xff\0\0\0\x21\xf9\x04\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b"),
    // It says that it is a byte long: what was left of it was no picture.
    ("picture", b"RIFF\x01\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"),
    ("picture", b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"),
    (
        "picture",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0dIDATx\xda\x63\xfc\xcf\xc0\x50\x0f\
          \0\x04\x85\x01\x80\x84\xa9\x8c\x21\0\0\0\0IEND\xae\x42\x60\x82",
    ),
];

/// Rows of a store as the door for them has them, one of each table.
fn rows() -> Vec<Vec<u8>> {
    let tables = u16::try_from(storage::catalogue::TABLES.len()).expect("tables have numbers of 16 bits");
    let row = |table: u16| [&table.to_be_bytes()[..], &[8, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3]].concat();
    (0..tables).map(row).collect()
}

/// A small generator of numbers (SplitMix64): the same in each run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if that is 0.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("below a usize")
    }
}

/// Files in and below a directory, in the order of their names.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return found };
    for path in entries.flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// What is sent through every door: documents, vectors and captured requests of other projects, our own fixtures, and
/// the texts inside of them, which are HTML, addresses, keys and handles.
fn seeds() -> Vec<Vec<u8>> {
    let own = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"));
    let samples = foreign::samples().map(|dir| files(&dir)).unwrap_or_default();
    let own = own.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for path in own.chain(samples) {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Ok(document) = serde_json::from_slice(&bytes) {
            let mut texts = Vec::new();
            collect(&document, &mut texts);
            texts.sort();
            texts.dedup();
            seeds.extend(texts.into_iter().map(String::into_bytes));
        }
        seeds.push(bytes);
    }
    seeds.sort();
    seeds.dedup();
    seeds
}

/// Every text of a document that is more than a word.
fn collect(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.contains(['<', ':', '@', '-', '=']) => texts.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        serde_json::Value::Object(members) => members.values().for_each(|item| collect(item, texts)),
        _ => {}
    }
}

fn mutated(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 => bytes.truncate(at),
            4 => {
                let from = dice.below(other.len());
                let to = (from + dice.below(200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            5 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.below(256)).expect("a byte"),
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

fn enter(door: &str, parser: Door, bytes: &[u8], seed: u64) {
    let outcome = catch_unwind(AssertUnwindSafe(|| parser(bytes)));
    assert!(outcome.is_ok(), "{door}, seed {seed}: {:?}", String::from_utf8_lossy(bytes));
}

/// What is made for one door.
fn of_door(door: &str) -> Vec<Vec<u8>> {
    let mut own: Vec<Vec<u8>> = Vec::new();
    own.extend(BYTES.iter().filter(|(of, _)| *of == door).map(|(_, bytes)| bytes.to_vec()));
    if door == "row" {
        own.extend(rows());
    }
    own.extend(SEEDS.iter().filter(|(of, _)| *of == door).map(|(_, text)| text.as_bytes().to_vec()));
    own
}

/// Writes the seeds of a door to where `cargo fuzz` looks for them (docs/FUZZING.md).
fn write_seeds<'a>(door: &str, seeds: impl Iterator<Item = &'a Vec<u8>>) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(door);
    fs::create_dir_all(&dir).expect("a directory");
    for (number, bytes) in seeds.enumerate() {
        fs::write(dir.join(format!("seed-{number}")), bytes).expect("written");
    }
}

/// One test a door, so that they run side by side and a failure names its parser.
fn through(door: &str) {
    let (_, parser) = dassie::fuzz::DOORS.iter().find(|(name, _)| *name == door).expect("there is such a door");
    let (own, all) = (of_door(door), seeds());
    if std::env::var_os("DASSIE_WRITE_SEEDS").is_some() {
        write_seeds(door, own.iter().chain(&all));
    }
    for bytes in own.iter().chain(&all) {
        enter(door, *parser, bytes, 0);
    }
    let small: Vec<&Vec<u8>> = all.iter().filter(|bytes| bytes.len() <= MUTATED_MAX_BYTES).collect();
    assert!(small.len() > 100, "{} seeds", small.len());
    for seed in 1..=MUTATIONS {
        let mut dice = Dice(seed);
        // Half of them from what is made for this door.
        let first = match own.is_empty() || seed % 2 == 0 {
            true => small[dice.below(small.len())],
            false => &own[dice.below(own.len())],
        };
        let other = small[dice.below(small.len())];
        let bytes = mutated(&mut dice, first, other);
        enter(door, *parser, &bytes, seed);
    }
}

#[test]
fn documents_are_read_within_their_bounds() {
    through("document");
}

#[test]
fn signatures_of_every_shape_are_refused_without_their_key() {
    through("signature");
}

#[test]
fn answers_about_handles_are_read() {
    through("finger");
}

#[test]
fn addresses_and_handles_have_one_meaning() {
    through("address");
}

#[test]
fn html_is_clean_after_once() {
    through("html");
}

#[test]
fn canonical_json_is_canonical() {
    through("canonical");
}

#[test]
fn keys_that_are_taken_come_back() {
    through("key");
}

#[test]
fn pages_behind_links_are_read_within_their_bounds() {
    through("head");
}

#[test]
fn what_authenticators_say_is_read_within_its_bounds() {
    through("passkey");
}

#[test]
fn tables_that_people_bring_are_read_within_their_bounds() {
    through("table");
}

#[test]
fn pictures_are_clean_after_once() {
    through("picture");
}

#[test]
fn rows_that_are_read_are_written_as_the_same() {
    through("row");
}

#[test]
fn what_is_said_of_followers_is_read_as_it_was_said() {
    through("followers");
}

#[test]
fn what_an_answer_says_of_itself_is_read_within_its_bounds() {
    through("header");
}

#[test]
fn lists_of_domains_to_block_name_each_once() {
    through("blocks");
}

#[test]
fn filters_that_people_bring_are_read_within_their_bounds() {
    through("filters");
}

#[test]
fn words_of_filters_are_found_where_they_stand() {
    through("keyword");
}

#[test]
fn forms_are_read_within_their_bounds() {
    through("form");
}

#[test]
fn what_is_searched_for_is_read_within_its_bounds() {
    through("query");
}

#[test]
fn what_a_proxy_wrote_counts_whatever_stands_before_it() {
    through("forwarded");
}

#[test]
fn every_door_has_a_fuzz_target_and_is_entered_here() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = fs::read_to_string(root.join("tests/parsers.rs")).expect("this file");
    let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).expect("the package of the targets");
    for (door, _) in dassie::fuzz::DOORS {
        assert!(here.contains(&format!("through(\"{door}\");")), "no test enters {door}");
        assert!(manifest.contains(&format!("name = \"{door}\"")), "fuzz/Cargo.toml has no target {door}");
        let target = fs::read_to_string(root.join(format!("fuzz/fuzz_targets/{door}.rs"))).unwrap_or_default();
        assert!(target.contains(&format!("dassie::fuzz::{door}(")), "fuzz/fuzz_targets/{door}.rs does not enter it");
    }
}

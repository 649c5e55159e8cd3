//! The house rules as tests: who may name whom, what each room says of itself, which file names which library, what
//! records may not do, and that the papers speak of what is there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Rooms of `src/` from the bottom up (DESIGN §2). A room may name rooms of its own line or of lines above it here.
const RINGS: &[(&str, &[&str])] = &[
    ("ground", &["error", "limits", "clock", "origin", "random", "reach", "registrable"]),
    ("lowest rooms", &["events", "text", "user", "emoji", "visibility", "policy"]),
    ("instance", &["instance"]),
    ("media", &["media"]),
    ("account", &["account", "tag", "link"]),
    ("relationship", &["relationship"]),
    ("beside status", &["notification", "poll"]),
    ("timeline", &["timeline"]),
    ("status", &["status"]),
    (
        "above status",
        &[
            "search",
            "push",
            "retention",
            "draft",
            "filter",
            "list",
            "transfer",
            "announcement",
            "collection",
            "directory",
            "suggestion",
            "trend",
        ],
    ),
    ("moderation", &["moderation"]),
];

/// Edges: each may name the rooms, `present`, `http`, `server`, and what is listed; never each other.
const EDGES: &[(&str, &[&str])] = &[
    ("api", &["federation::fetch", "intake"]),
    ("intake", &["federation::fetch"]),
    ("oauth", &[]),
    (
        "pages",
        &[
            "federation::fetch",
            "federation::collections",
            "federation::documents",
            "operate::naming",
            "operate::doctor",
            "operate::ways",
            "intake",
        ],
    ),
    ("federation", &[]),
    ("jobs", &["federation"]),
    ("cli", &["federation", "config", "operate", "backup", "standby"]),
    ("operate", &["federation", "backup", "standby", "tls", "config"]),
    ("streaming", &[]),
    ("backup", &["s3"]),
    ("standby", &["backup", "config"]),
    ("s3", &["federation::client"]),
    ("tls", &["federation::client", "config"]),
    ("translate", &["federation::client", "config"]),
];

/// What is neither a room nor an edge. No room may name it, nor any edge: the network, the server.
const BESIDE: &[&str] =
    &["config", "foreign", "fuzz", "http", "places", "present", "routes", "running", "server", "tasks", "threads"];

/// A library and the only places that name it.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("redb", &["storage/src/engine/redb"]),
    ("sled", &["storage/src/engine/sled"]),
    ("tantivy", &["storage/src/search"]),
    ("fs2", &["storage/src/vfs"]),
    ("rustix", &["storage/src/background", "storage/src/uptime", "storage/src/vfs"]),
    ("postcard", &["storage/src"]),
    ("crc32c", &["storage/src/checksum"]),
    ("zstd", &["storage/src/base/format", "storage/src/packed"]),
    ("ammonia", &["src/text"]),
    ("pulldown_cmark", &["src/text/markdown"]),
    ("whatlang", &["src/text/guess"]),
    ("html5ever", &["src/link/head"]),
    ("encoding_rs", &["src/link/charset"]),
    ("aho_corasick", &["src/filter"]),
    ("csv", &["src/transfer/table", "src/moderation/block_list/table"]),
    ("argon2", &["src/user", "storage/src/backup/seal"]),
    ("chacha20poly1305", &["storage/src/backup/seal"]),
    ("rsa", &["src/federation/signature"]),
    ("ed25519_dalek", &["src/federation/signature"]),
    ("psl", &["src/registrable"]),
    ("flate2", &["src/federation/client", "src/transfer/tar"]),
    ("tokio_rustls", &["src/federation/client", "src/tls"]),
    ("instant_acme", &["src/tls"]),
    ("rcgen", &["src/tls", "src/federation/client/tests"]),
    ("x509_cert", &["src/tls/held"]),
    ("webpki_roots", &["src/federation/client"]),
    ("lettre", &["src/federation/client/letter"]),
    ("object_store", &["src/s3"]),
    ("futures_util", &["src/s3", "src/streaming"]),
    ("clap", &["src/cli"]),
    ("qrcode", &["src/cli/serve", "src/pages/settings/second_factor"]),
    ("sd_notify", &["src/cli/notify"]),
    ("toml", &["src/config"]),
    ("multer", &["src/http"]),
    ("tokio_tungstenite", &["src/streaming/websocket"]),
    ("tracing_subscriber", &["src/cli", "src/main.rs"]),
    ("maud", &["web/src"]),
    ("jiff", &["web/src/zone", "src/"]),
    ("quick_xml", &["web/src/feed"]),
    ("fluent_bundle", &["web/src/words"]),
    ("unic_langid", &["web/src/words"]),
    ("image", &["src/media/picture"]),
    ("blurhash", &["src/media/picture"]),
    ("emojis", &["src/emoji"]),
];

/// Where what is random may come from the system; everything else has it from the server, so that tests can choose it.
const RANDOM: &[&str] = &["src/random.rs", "src/federation/signature/key.rs", "src/push/vapid.rs"];

/// Lines of a file at most: beyond that it has two subjects.
const LINES_MAX: usize = 750;

/// Files that are longer, and their lines at most. This list may only shrink, and so may what stands in it.
const LONG_FILES: &[(&str, usize)] = &[("tests/e2e/groups.rs", 919), ("tests/e2e/room.rs", 895)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// The room a file of `src/` belongs to: its folder, or its name.
fn room_of(path: &Path) -> String {
    let relative = relative(path);
    let inside = relative.strip_prefix("src/").unwrap_or(&relative);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs").to_owned()
}

/// Code without comments, and without the test module at its end.
fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every `crate::a::b` named in `code`, also inside `use crate::{a::{b, c}, d}`.
fn named_rooms(code: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$') {
            continue;
        }
        tree(&code[at + "crate::".len()..], "", &mut named);
    }
    named
}

/// Reads one path or group of a `use` at the start of `text`; answers what comes behind it.
fn tree<'a>(text: &'a str, prefix: &str, named: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let path = format!("{prefix}{}", &text[..end]);
    let Some(mut rest) = text[end..].strip_prefix('{').filter(|_| path.is_empty() || path.ends_with("::")) else {
        named.push(path);
        return &text[end..];
    };
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return rest;
        }
        if let Some(behind) = rest.strip_prefix('}') {
            return behind;
        }
        rest = tree(rest, &path, named);
        // What is left of a member: `as name`, `*`.
        rest = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
}

fn starts_with_path(named: &str, prefix: &str) -> bool {
    named == prefix || named.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"))
}

#[test]
fn the_reader_of_names_sees_groups_and_single_paths() {
    let code = "use crate::{error::Result, http::{paging, rate as r}, status,};\nlet x = crate::api::routes();";
    assert_eq!(named_rooms(code), ["error::Result", "http::paging", "http::rate", "status", "api::routes"]);
}

fn is_edge(part: &str) -> bool {
    EDGES.iter().any(|(edge, _)| *edge == part)
}

#[test]
fn every_part_of_the_program_is_a_room_or_an_edge_or_beside_them() {
    let library = read(&root().join("src/lib.rs"));
    let parts = library.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let parts: Vec<&str> = parts.map(|part| part.trim_end_matches(';')).collect();
    let is_known =
        |part: &str| RINGS.iter().any(|(_, rooms)| rooms.contains(&part)) || is_edge(part) || BESIDE.contains(&part);
    let unknown: Vec<_> = parts.iter().filter(|part| !is_known(part)).collect();
    assert!(parts.len() > BESIDE.len() && unknown.is_empty(), "src/lib.rs has parts that no rule is for: {unknown:?}");
}

#[test]
fn rooms_name_only_what_lies_below_them() {
    let ring = |room: &str| RINGS.iter().position(|(_, rooms)| rooms.contains(&room));
    let mut wrong = Vec::new();
    for path in files_below("src", ".rs") {
        let room = room_of(&path);
        let Some(own) = ring(&room) else { continue };
        for named in named_rooms(&code(&read(&path))) {
            let target = named.split("::").next().unwrap_or_default();
            let upwards = ring(target).is_some_and(|other| other > own);
            if upwards || is_edge(target) || BESIDE.contains(&target) {
                wrong.push(format!("{} names crate::{named}", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "core rooms look only downwards:\n{}", wrong.join("\n"));
}

#[test]
fn edges_never_name_each_other() {
    let mut wrong = Vec::new();
    for path in files_below("src", ".rs") {
        let room = room_of(&path);
        let Some((_, allowed)) = EDGES.iter().find(|(edge, _)| *edge == room) else { continue };
        for named in named_rooms(&code(&read(&path))) {
            let other_edge = EDGES.iter().any(|(edge, _)| *edge != room && starts_with_path(&named, edge));
            if other_edge && !allowed.iter().any(|path| starts_with_path(&named, path)) {
                wrong.push(format!("{} names crate::{named}", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "edges meet in core rooms only:\n{}", wrong.join("\n"));
}

#[test]
fn http_knows_no_feature_and_present_no_edge() {
    let mut wrong = Vec::new();
    for path in files_below("src", ".rs") {
        let forbidden: &[&str] = match room_of(&path).as_str() {
            "http" => &["api", "oauth", "pages", "federation", "jobs", "cli", "status", "timeline", "notification"],
            "present" => &["api", "oauth", "pages", "federation", "jobs", "cli", "operate", "http"],
            _ => continue,
        };
        for named in named_rooms(&code(&read(&path))) {
            if forbidden.iter().any(|room| starts_with_path(&named, room)) {
                wrong.push(format!("{} names crate::{named}", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn storage_has_no_async_and_no_network_and_web_has_no_io() {
    let mut wrong = Vec::new();
    for (folder, forbidden) in [
        ("storage/src", &["tokio", "hyper", "async fn", "std::net", ".await"][..]),
        ("web/src", &["tokio", "hyper", "async fn", "std::net", "std::fs", "storage::", ".await"][..]),
    ] {
        for path in files_below(folder, ".rs") {
            let code = code(&read(&path));
            for word in forbidden.iter().filter(|word| code.contains(**word)) {
                wrong.push(format!("{} says {word}", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_library_is_named_in_one_place() {
    let mut wrong = Vec::new();
    for folder in ["src", "storage/src", "web/src"] {
        for path in files_below(folder, ".rs") {
            let (place, code) = (relative(&path), code(&read(&path)));
            for (library, homes) in LIBRARIES {
                let named = code.contains(&format!("{library}::")) && {
                    let pattern = format!("{library}::");
                    code.match_indices(&pattern)
                        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
                };
                if named && !homes.iter().any(|home| place.starts_with(home)) {
                    wrong.push(format!("{place} names {library}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_opens_with_its_four_lines() {
    let mut wrong = Vec::new();
    for folder in ["src", "storage/src", "web/src"] {
        for path in files_below(folder, "mod.rs") {
            let text = read(&path);
            let head: Vec<_> = text.lines().take_while(|line| line.starts_with("//!")).collect();
            let head = head.join(" ").to_lowercase();
            for word in ["lives here", "may use", "never", "invariant"] {
                if !head.contains(word) {
                    wrong.push(format!("{} does not say \"{word}\"", relative(&path)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn records_use_nothing_that_postcard_cannot_read_back() {
    let mut wrong = Vec::new();
    for path in files_below("storage/src", ".rs") {
        let code = code(&read(&path));
        for word in ["serde(default", "skip_serializing_if", "serde(flatten", "serde(untagged", "serde(skip"] {
            if code.contains(word) {
                wrong.push(format!("{} says {word}", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "records are positional:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_called_by_a_word_that_names_nothing() {
    let vague = ["utils.rs", "util.rs", "helpers.rs", "helper.rs", "common.rs", "manager.rs", "service.rs", "misc.rs"];
    let found: Vec<_> = ["src", "storage/src", "web/src", "tests"]
        .into_iter()
        .flat_map(|folder| files_below(folder, ".rs"))
        .filter(|path| vague.iter().any(|name| path.ends_with(name)))
        .map(|path| relative(&path))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_one_subject_takes() {
    let mut wrong = Vec::new();
    let mut long = Vec::new();
    let folders = ["src", "storage/src", "storage/tests", "storage/benches", "web/src", "web/tests"];
    for folder in folders.into_iter().chain(["tests", "benches", "examples", "fuzz/fuzz_targets"]) {
        for path in files_below(folder, ".rs") {
            let (place, lines) = (relative(&path), read(&path).lines().count());
            if lines <= LINES_MAX {
                continue;
            }
            let most = LONG_FILES.iter().find(|(file, _)| *file == place).map_or(LINES_MAX, |(_, most)| *most);
            if lines > most {
                wrong.push(format!("{place} has {lines} lines; at most {most}"));
            }
            long.push(place);
        }
    }
    let short = LONG_FILES.iter().filter(|(file, _)| !long.iter().any(|place| place == file));
    wrong.extend(short.map(|(file, _)| format!("{file} is no longer too long: take it from LONG_FILES")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_says_why_and_leaves_its_default_features_out() {
    let mut wrong = Vec::new();
    for file in ["Cargo.toml", "storage/Cargo.toml", "web/Cargo.toml", "fuzz/Cargo.toml"] {
        let (text, mut inside, mut seen) = (read(&root().join(file)), false, 0);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]");
                continue;
            }
            if !inside {
                continue;
            }
            seen += 1;
            let (terms, why) = line.split_once(" # ").unwrap_or((line, ""));
            if why.trim().is_empty() {
                wrong.push(format!("{file}: {line}: no reason"));
            }
            // What is ours has none; what is named in the workspace leaves them out there.
            let out =
                ["default-features = false", "workspace = true", "path = "].iter().any(|term| terms.contains(term));
            if !out {
                wrong.push(format!("{file}: {line}: default features"));
            }
        }
        assert!(seen > 0, "{file} has no dependencies that this test finds");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_random_comes_from_the_server() {
    let mut wrong = Vec::new();
    for path in files_below("src", ".rs") {
        let place = relative(&path);
        if RANDOM.contains(&place.as_str()) || place.ends_with("/tests.rs") {
            continue;
        }
        let code = code(&read(&path));
        for word in ["rand::fill", "SystemRandom", "OsRng", "getrandom"].into_iter().filter(|word| code.contains(*word))
        {
            wrong.push(format!("{place} says {word}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_table_stands_in_the_storage_paper() {
    let paper = read(&root().join("docs/STORAGE.md"));
    let missing: Vec<_> = storage::catalogue::TABLES
        .iter()
        .filter(|table| !paper.contains(&format!("`{}`", table.name)))
        .map(|table| table.name)
        .collect();
    assert!(missing.is_empty(), "docs/STORAGE.md does not describe: {}", missing.join(", "));
}

#[test]
fn what_people_are_sent_to_in_a_paper_stands_there() {
    let mut wrong = Vec::new();
    for path in files_below("src", ".rs") {
        for part in read(&path).split("docs/").skip(1) {
            let Some((paper, rest)) = part.split_once(".md, \\\"") else { continue };
            if paper.contains(|letter: char| !letter.is_ascii_uppercase() && letter != '-') {
                continue;
            }
            let heading = rest.split('\\').next().unwrap_or_default();
            let text = read(&root().join(format!("docs/{paper}.md")));
            if !text.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == heading) {
                wrong.push(format!("{}: docs/{paper}.md has no \"{heading}\"", relative(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_operating_paper_names_the_variables_that_are_of_the_tests() {
    let (source, paper) = (read(&root().join("src/config/source.rs")), read(&root().join("docs/OPERATING.md")));
    let list = source.split("const NOT_OURS").nth(1).and_then(|rest| rest.split("];").next()).unwrap_or_default();
    let names: Vec<&str> = list.split('"').filter(|word| word.starts_with("DASSIE_")).collect();
    let missing: Vec<_> = names.iter().filter(|name| !paper.contains(&format!("`{name}`"))).collect();
    assert!(!names.is_empty() && missing.is_empty(), "docs/OPERATING.md does not name: {missing:?}");
}

#[test]
fn the_architecture_paper_walks_through_files_that_exist() {
    let paper = read(&root().join("docs/ARCHITECTURE.md"));
    let mut hops: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut walk = None;
    for line in paper.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            walk = Some(title);
        } else if line.starts_with('#') {
            walk = None;
        }
        let (Some(title), true) = (walk, line.starts_with(|c: char| c.is_ascii_digit())) else { continue };
        let Some(file) = line.split('`').nth(1) else { continue };
        assert!(root().join(file).is_file(), "docs/ARCHITECTURE.md, {title}: {file} does not exist");
        hops.entry(title).or_default().push(file);
    }
    for (title, bound) in [("An incoming Create", 6), ("Posting", 4), ("A page", 4), ("A delivery", 4)] {
        let mut files = hops.remove(title).unwrap_or_default();
        files.dedup();
        assert!(!files.is_empty(), "docs/ARCHITECTURE.md has no walkthrough \"{title}\"");
        assert!(files.len() <= bound, "{title} takes {} files, at most {bound}: {files:?}", files.len());
    }
}

/// The classes of the paper on holes: how many each chapter has.
const CLASSES: [(&str, usize); 5] = [("A", 12), ("B", 7), ("C", 10), ("D", 12), ("E", 9)];

#[test]
fn every_class_of_holes_names_tests_that_exist_or_says_that_there_is_none() {
    let paper = read(&root().join("docs/SECURITY-TESTS.md"));
    let mut wrong = Vec::new();
    for class in
        CLASSES.iter().flat_map(|(chapter, count)| (1..=*count).map(move |number| format!("{chapter}{number}")))
    {
        let rows: Vec<&str> = paper.lines().filter(|line| line.starts_with(&format!("| {class} | "))).collect();
        let [row] = rows.as_slice() else {
            wrong.push(format!("{class} has {} rows", rows.len()));
            continue;
        };
        let named: Vec<(&str, &str)> = row.split('`').filter_map(|name| name.split_once(".rs::")).collect();
        if named.is_empty() && !row.contains("not covered") {
            wrong.push(format!("{class} names no test and does not say so"));
        }
        for (file, test) in named {
            let file = format!("{file}.rs");
            let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
            if !tests_of(&text).contains(&test) {
                wrong.push(format!("{class}: {file} has no test {test}"));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/SECURITY-TESTS.md:\n{}", wrong.join("\n"));
}

/// The names of the tests in a file: functions under `#[test]` or `#[tokio::test(…)]`, other attributes between.
fn tests_of(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some((_, after)) = line.split_once("fn ").filter(|_| marked) {
            names.extend(after.split('(').next());
            marked = false;
        }
    }
    names
}

#[test]
fn tests_are_told_from_other_functions() {
    let text = "#[test]\nfn a() {}\nfn b() {}\n#[tokio::test(x)]\n#[ignore]\nasync fn c() {}";
    assert_eq!(tests_of(text), ["a", "c"]);
}

#[test]
fn nothing_speaks_of_one_machine() {
    let mut wrong = Vec::new();
    // Put together here so that this file does not find itself.
    let private = ["/", "root/"].concat();
    let workplace = ["/", "work/"].concat();
    for folder in ["src", "storage", "web", "tests", "docs", "examples", "benches", ".ci"] {
        for ending in [".rs", ".md", ".toml", ".css", "run"] {
            for path in files_below(folder, ending) {
                let text = read(&path);
                for place in [&private, &workplace].into_iter().filter(|place| text.contains(place.as_str())) {
                    wrong.push(format!("{} says {place}", relative(&path)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_number_of_packages_is_printed() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--offline", "-e", "normal,build", "--prefix", "none", "--no-dedupe"])
        .current_dir(root())
        .output()
        .expect("cargo runs, since it runs this test");
    let text = String::from_utf8_lossy(&tree.stdout);
    let mut packages: Vec<_> = text.lines().filter_map(|line| line.split(" (").next()).collect();
    packages.sort_unstable();
    packages.dedup();
    println!("packages compiled: {} (budget 450)", packages.len());
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    assert!((1..=450).contains(&packages.len()), "{} packages; at most 450 (DESIGN §10)", packages.len());
}

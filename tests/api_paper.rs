//! `docs/API.md` is made from the routes as they stand in the code: method, path, scope, rate bucket, and since which
//! Mastodon a route exists. `DASSIE_WRITE_PAPER=1 cargo test --test api_paper` writes it; without that the test compares.

#[expect(dead_code, reason = "other tests use more of it")]
mod foreign;

use dassie::{http::rate::Bucket, routes::kind_of};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const HEAD: &str = "\
# Client API

Made from the routes by `tests/api_paper.rs`; do not edit, but for the last column, which is kept: since which Mastodon a
route exists, `-` for our own. Answers are those of Mastodon's documentation. *Scope*: `public` needs no token; several
scopes mean that the route asks for one or the other; a route whose scope is `token` takes any. *Rate*: the bucket it
empties besides those of the address (7 500 requests in 5 minutes) and of the token (1 500 in 5 minutes): by account,
whatever tokens and pages it comes by, or by address where nobody has signed in yet.

One header is our own: `GET /api/v1/statuses/{id}/context` says in `Dassie-Missing` how many replies to the statuses of the
thread there are at other servers, as those say, beyond what is known here. Without it none is known to be missing.

Fuzz it with schemathesis against a server in lab mode and Mastodon's OpenAPI document, which wants a contact address
(`dassie instance set contact-email ADDRESS`):
`schemathesis run mastodon-openapi.json --url http://localhost:8080 -H 'Authorization: Bearer TOKEN' --phases fuzzing
--checks not_a_server_error,response_schema_conformance --exclude-path-regex '^/(oauth/authorize|api/v1/streaming)'`

| method | path | scope | rate | since |
|---|---|---|---|---|
";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text between a bracket at the start of `text` and the one that closes it.
fn inside(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[1..at];
        }
    }
    panic!("a bracket without end: {}", &text[..text.len().min(80)]);
}

/// What makes a route of a handler.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every `.route("PATH", get(NAME).post(NAME))` of a file: method, path, handler.
fn routes(code: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(".route(") {
        let arguments = inside(&code[at + ".route".len()..]);
        let Some((path, handlers)) = arguments.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
        else {
            continue;
        };
        for method in METHODS {
            for (place, _) in handlers.match_indices(&format!("{method}(")) {
                let before = handlers[..place].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let handler = inside(&handlers[place + method.len()..]).trim().to_owned();
                found.push((method.to_uppercase(), path.to_owned(), handler));
            }
        }
        // A function of the file that makes the handler: `act("write:mutes", relationship::unmute)`.
        let made = handlers.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
        let maker = made.split('(').next().unwrap_or_default();
        if !METHODS.contains(&maker)
            && let Some(body) = function(code, maker)
            && let Some(method) = METHODS.into_iter().find(|method| body.contains(&format!(" {method}(")))
        {
            found.push((method.to_uppercase(), path.to_owned(), made.trim_end().trim_end_matches(',').to_owned()));
        }
    }
    found
}

/// The body and the parameters of a function, if the code has it.
fn function<'a>(code: &'a str, name: &str) -> Option<&'a str> {
    let at = code.find(&format!("fn {name}(")).or_else(|| code.find(&format!("fn {name}<")))?;
    let rest = &code[at..];
    Some(&rest[..rest.find("\n}\n").map_or(rest.len(), |end| end)])
}

/// What a text names that looks like a scope.
fn scopes(text: &str) -> BTreeSet<String> {
    let named = text.split('"').skip(1).step_by(2);
    let is_scope = |word: &&str| {
        let mut parts = word.split(':');
        parts.next().is_some_and(|first| ["read", "write", "follow", "push", "profile", "admin"].contains(&first))
            && parts.all(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'))
    };
    named.filter(is_scope).map(str::to_owned).collect()
}

/// The scopes that a part of a file's code asks for, by themselves or by the names the file gives them.
fn asked_for(code: &str, part: &str) -> BTreeSet<String> {
    let mut found = scopes(part);
    for (at, _) in code.match_indices("const ") {
        let (name, value) = code[at + "const ".len()..].split_once(": &str = ").unwrap_or_default();
        if name.len() < 40 && part.contains(&format!("({name})")) {
            found.extend(scopes(value.lines().next().unwrap_or_default()));
        }
    }
    found
}

/// The scopes a part of the code asks for, else those that functions of the same file it calls ask for.
fn asked_for_below(code: &str, part: &str, seen: &mut BTreeSet<String>) -> BTreeSet<String> {
    let mut found = asked_for(code, part);
    if !found.is_empty() {
        return found;
    }
    for (at, _) in part.match_indices('(') {
        let name: String = part[..at].chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let name: String = name.chars().rev().collect();
        if seen.insert(name.clone())
            && let Some(called) = function(code, &name)
        {
            found.extend(asked_for_below(code, called, seen));
        }
    }
    found
}

/// The scope of a handler: what it names itself, else what the functions of its file that it calls name.
fn scope(code: &str, handler: &str) -> String {
    let Some(body) = function(code, handler) else { panic!("no fn {handler}") };
    let found = asked_for_below(code, body, &mut BTreeSet::from([handler.to_owned()]));
    if !found.is_empty() {
        return found.into_iter().collect::<Vec<_>>().join(" or ");
    }
    let signature = body.split('{').next().unwrap_or_default();
    match () {
        () if signature.contains("Option<Viewer>") => "public".to_owned(),
        () if signature.contains("Viewer") || signature.contains("Access") => "token".to_owned(),
        () => "public".to_owned(),
    }
}

fn rate(method: &str, path: &str) -> &'static str {
    let method = method.parse().expect("a method");
    match kind_of(&method, &path.replace(['{', '}'], "")).bucket {
        Some(Bucket::Application) => "applications",
        Some(Bucket::Upload) => "uploads",
        Some(Bucket::Delete) => "deletions",
        Some(_) => "own",
        None => "-",
    }
}

/// `since` of the paper as it is, by method and path.
fn kept(paper: &str) -> BTreeMap<(String, String), String> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect::<Vec<_>>();
    let rows = paper.lines().filter(|line| line.starts_with("| ") && line.contains("| `/")).map(cells);
    rows.filter(|row| row.len() > 6).map(|row| ((row[1].clone(), row[2].clone()), row[5].clone())).collect()
}

/// `since` of the published list, where that lies beside; what the paper says of it already stays without.
fn published() -> BTreeMap<(String, String), String> {
    let Some(path) = foreign::endpoints() else { return BTreeMap::new() };
    let list = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let named = |path: &str| {
        path.split('/').map(|part| if part.starts_with(':') { "{}" } else { part }).collect::<Vec<_>>().join("/")
    };
    let rows = list.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row.len() > 4).map(|row| ((row[1].to_owned(), named(row[2])), row[4].to_owned())).collect()
}

fn made(paper: &str) -> String {
    let (kept, published) = (kept(paper), published());
    let mut rows = BTreeMap::new();
    for folder in ["src/api", "src/oauth", "src/streaming"] {
        for file in sources(folder) {
            let code = fs::read_to_string(&file).expect("readable");
            let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            for (method, path, handler) in routes(code) {
                let named = handler.split_once('(').map(|(_, arguments)| scopes(arguments)).unwrap_or_default();
                let scope = match (handler.split_once('('), handler.rsplit_once("::")) {
                    (Some(_), _) if !named.is_empty() => named.into_iter().collect::<Vec<_>>().join(" or "),
                    (Some((maker, _)), _) => scope(code, maker),
                    (None, Some((module, name))) => {
                        let beside = file.with_file_name(format!("{module}.rs"));
                        let code = fs::read_to_string(&beside);
                        let code = code.unwrap_or_else(|error| panic!("{path}: {}: {error}", beside.display()));
                        scope(&code, name)
                    }
                    (None, None) => scope(code, &handler),
                };
                rows.insert((path, method), scope);
            }
        }
    }
    // Which one depends on the stream, named in the query or later on the socket.
    let any_stream = "read:lists or read:notifications or read:statuses".to_owned();
    rows.insert(("/api/v1/streaming".to_owned(), "GET".to_owned()), any_stream);
    for (path, name) in dassie::streaming::SSE {
        let scope = if name.starts_with("user:") { "read:notifications" } else { "read:statuses" };
        let scope = if name == "list" { "read:lists" } else { scope };
        rows.insert((format!("/api/v1/streaming/{path}"), "GET".to_owned()), scope.to_owned());
    }
    let anonymous = |path: &str| {
        path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
    };
    let mut text = HEAD.to_owned();
    for ((path, method), scope) in rows {
        let known = kept.get(&(method.clone(), path.clone())).cloned();
        let since = known.or_else(|| published.get(&(method.clone(), anonymous(&path))).cloned());
        let since = since.unwrap_or_else(|| "-".to_owned());
        text.push_str(&format!("| {method} | `{path}` | {scope} | {} | {since} |\n", rate(&method, &path)));
    }
    text
}

#[test]
fn the_paper_says_what_the_routes_are() {
    let place: &Path = &root().join("docs/API.md");
    let paper = fs::read_to_string(place).unwrap_or_default();
    let made = made(&paper);
    if std::env::var_os("DASSIE_WRITE_PAPER").is_some() {
        fs::write(place, &made).expect("written");
        return;
    }
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (has, wants) = (lines(&paper), lines(&made));
    let missing: Vec<_> = wants.difference(&has).collect();
    let surplus: Vec<_> = has.difference(&wants).collect();
    assert!(made.lines().count() > 150, "routes are found");
    assert!(
        missing.is_empty() && surplus.is_empty() && paper == made,
        "docs/API.md is not what the routes are; write it with DASSIE_WRITE_PAPER=1\nmissing: {missing:#?}\nsurplus: {surplus:#?}"
    );
}

#[test]
fn routes_and_scopes_are_read_from_code() {
    let code = "fn routes() {\n    x.route(\"/api/v1/a/{id}\", get(show).delete(other::gone))\n}\n\
                async fn show(viewer: Viewer) {\n    viewer.require(\"read:lists\")?;\n}\n";
    let found = routes(code);
    assert_eq!(found.len(), 2);
    assert_eq!(found[1], ("DELETE".to_owned(), "/api/v1/a/{id}".to_owned(), "other::gone".to_owned()));
    assert_eq!(scope(code, "show"), "read:lists");
    assert!(scopes("\"reading\" \"read:\" \"readable\"").is_empty());
}

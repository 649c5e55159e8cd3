//! Catalogues agree with each other and with the pages.

use super::*;
use fluent_syntax::{ast, parser};
use std::{collections::BTreeMap, collections::BTreeSet, fs, path::PathBuf};

const ALL: [(&str, &str); 4] = [("en", ENGLISH), ("de", GERMAN), ("es", SPANISH), ("ar", ARABIC)];

/// Messages with the variables each names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let read = parser::parse(source).unwrap_or_else(|(_, wrong)| panic!("not readable: {wrong:?}"));
    let mut found = BTreeMap::new();
    for entry in read.body {
        if let ast::Entry::Message(message) = entry {
            let mut names = BTreeSet::new();
            if let Some(pattern) = &message.value {
                variables(pattern, &mut names);
            }
            let before = found.insert(message.id.name.to_owned(), names);
            assert!(before.is_none(), "{} stands twice", message.id.name);
        }
    }
    found
}

fn variables(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else { continue };
        match expression {
            ast::Expression::Inline(inline) => variable(inline, names),
            ast::Expression::Select { selector, variants } => {
                variable(selector, names);
                for variant in variants {
                    variables(&variant.value, names);
                }
            }
        }
    }
}

fn variable(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    if let ast::InlineExpression::VariableReference { id } = inline {
        names.insert(id.name.to_owned());
    }
}

#[test]
fn every_catalogue_has_the_same_messages_with_the_same_variables() {
    let english = messages(ENGLISH);
    for (tag, source) in ALL {
        let other = messages(source);
        let lacking: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(lacking.is_empty() && extra.is_empty(), "{tag} lacks {lacking:?}, and alone has {extra:?}");
        for (key, names) in &english {
            assert_eq!(names, &other[key], "{tag}: variables of {key}");
        }
    }
}

/// The files in which messages are asked for.
fn sources() -> Vec<(PathBuf, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut open =
        ["src", "../src/pages", "../src/http", "../src/oauth", "../src/jobs"].map(|folder| root.join(folder)).to_vec();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a text");
                // What comments name as an example is asked for by nobody.
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                let code = code.collect::<Vec<_>>().join("\n");
                found.push((path, code));
            }
        }
    }
    found
}

#[test]
fn every_message_that_pages_ask_for_is_there_and_none_is_left_over() {
    let english = messages(ENGLISH);
    let sources = sources();
    for (path, text) in &sources {
        for call in [".t(\"", ".t_count(\"", ".t_with(\"", ".t_around(\"", ".say(\"", ".count(\"", "notice(\""] {
            for (at, _) in text.match_indices(call) {
                let key = text[at + call.len()..].split('"').next().unwrap_or_default();
                assert!(english.contains_key(key), "{}: no message {key}", path.display());
            }
        }
    }
    let used: String =
        sources.into_iter().filter(|(path, _)| !path.ends_with("tests.rs")).map(|(_, text)| text).collect();
    let idle: Vec<_> = english.keys().filter(|key| !used.contains(&format!("\"{key}\""))).collect();
    assert!(idle.is_empty(), "nothing says {idle:?}");
}

#[test]
fn languages_are_found_by_what_browsers_send() {
    let asked = |text: &str| Words::asked_for(text).tag();
    assert_eq!(asked("de-AT,de;q=0.9,en;q=0.8"), "de");
    assert_eq!(asked("fr-FR,fr;q=0.9,es;q=0.4,en;q=0.3"), "es");
    assert_eq!(asked("en;q=0.1, ar;q=0.9"), "ar");
    assert_eq!(asked("en-XA"), "en-XA");
    for other in ["", "fr", "*", "de;q=0", "de;q=x", ";;,,", "de;q=7"] {
        assert_eq!(asked(other), "en", "{other}");
    }
    assert_eq!(Words::in_language("ar_EG").map(Words::dir), Some(Some("rtl")));
    assert!(Words::in_language(&"d".repeat(4_000)).is_none());
}

#[test]
fn numbers_take_the_form_their_language_has_for_them() {
    let said = |tag: &str, count| {
        let words = Words::in_language(tag).expect("a catalogue");
        words.count("replies", count).into_owned()
    };
    assert_eq!([said("en", 0), said("en", 1), said("en", 1_234)], ["0 replies", "1 reply", "1\u{202f}234 replies"]);
    assert_eq!([said("de", 1), said("de", 2)], ["1 Antwort", "2 Antworten"]);
    // None, one, two, few, many, other.
    let arabic: BTreeSet<_> = [0, 1, 2, 3, 11, 100].map(|count| said("ar", count).replace(char::is_numeric, "")).into();
    assert_eq!(arabic.len(), 6, "{arabic:?}");
}

#[test]
fn elements_stand_where_their_names_stand_and_texts_stay_texts() {
    let words = Words::default();
    let name = html! { bdi { "<Ada>" } };
    assert_eq!(
        words.around("post-boosted-by", None, &[("name", name)]).into_string(),
        "<bdi>&lt;Ada&gt;</bdi> boosted"
    );
    let disguise = Words::in_language("en-XA").expect("the disguise");
    assert!(!disguise.say("nav-home").contains("Home"), "{}", disguise.say("nav-home"));
}

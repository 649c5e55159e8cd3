//! Other implementations in a lab: the real binary beside real servers of others, each step driven in both directions and
//! seen from both sides. docs/INTEROP.md has the results.
//!
//! `DASSIE_INTEROP` names a directory with what is driven: `fedify-1.5`, `fedify-1.10` and `fedify-2.3`, each with its
//! `node_modules` (`.ci/run` installs them), `relay` with ActivityRelay (likewise), and perhaps `snac/snac`, a program that
//! one has built oneself. What is not there is skipped with a word; Fedify is not where CI names such a directory.

#![allow(dead_code, reason = "the harness of other suites offers more than this one takes")]

#[path = "../crash/binary.rs"]
mod binary;
mod fedify;
mod fedify_groups;
mod fedify_quotes;
mod fedify_reading;
mod fedify_steps;
mod house;
mod matrix;
mod relay;
#[path = "../crash/sign_in.rs"]
mod sign_in;
mod snac;
mod snac_steps;
#[path = "../e2e/web.rs"]
mod web;

use fedify::Fedify;
use house::House;
use snac::Snac;
use std::path::{Path, PathBuf};

/// Where a program is; `None` if nobody said so.
fn program(path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("DASSIE_INTEROP").map(PathBuf::from);
    let Some(named) = named else {
        eprintln!("skipped: DASSIE_INTEROP does not name a directory with other servers");
        return None;
    };
    let program = named.canonicalize().expect("DASSIE_INTEROP is a directory").join(path);
    if !program.exists() {
        eprintln!("skipped: {} is not there", program.display());
        return None;
    }
    Some(program)
}

/// Where Fedify of a generation is; where CI names a directory it must be there.
fn generation(name: &str) -> Option<PathBuf> {
    if let Some(modules) = program(&format!("fedify-{name}/node_modules")) {
        return modules.parent().map(Path::to_path_buf);
    }
    let wanted = std::env::var_os("DASSIE_INTEROP").is_some();
    let may_skip = !wanted || std::env::var("CI").as_deref() != Ok("true");
    assert!(may_skip, "DASSIE_INTEROP is set and there is no Fedify {name}");
    None
}

fn fedify(name: &str, signs: &str) {
    let Some(programs) = generation(name) else { return };
    let fedify = Fedify::start(&programs, "fedify.localhost");
    let third = Fedify::start(&programs, "localhost");
    let mut house = House::open(&["ann", "ben", "cleo", "dan", "eve", "fox"]);
    fedify_steps::all(&mut house, &fedify, &third, signs);
}

#[test]
fn fedify_that_signs_as_draft_cavage_is_met_both_ways() {
    fedify("1.5", "cavage");
}

#[test]
fn fedify_that_signs_by_rfc_9421_first_is_met_both_ways() {
    fedify("1.10", "rfc9421");
}

#[test]
fn fedify_2_is_met_both_ways() {
    fedify("2.3", "rfc9421");
}

#[test]
fn fedify_that_asks_before_it_quotes_is_met_both_ways() {
    let Some(programs) = generation("2.3") else { return };
    let fedify = Fedify::start(&programs, "fedify.localhost");
    fedify_quotes::all(&House::open(&["ann"]), &fedify);
}

#[test]
fn relay_of_others_is_met_both_ways() {
    let (Some(python), Some(programs)) = (program("relay/bin/python"), generation("1.10")) else { return };
    relay::all(&python, &programs);
}

#[test]
fn snac_is_met_both_ways() {
    let Some(program) = program("snac/snac") else { return };
    let mut snac = Snac::open(&program);
    let mut house = House::open(&["ann", "ben", "cleo", "dan", "eve", "fay"]);
    snac_steps::all(&mut house, &mut snac);
}

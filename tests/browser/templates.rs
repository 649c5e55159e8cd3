//! Every page that can be drawn, held against axe-core by day, by night and from right to left: the gallery of the
//! tests of the pages, drawn anew, so that nothing depends on which tests ran before.
//!
//! Needs `DASSIE_BROWSER` and `DASSIE_AXE`; says so and skips otherwise.

use crate::{driven::Driven, walk};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// The files of the gallery in the order of their names.
static GALLERY: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/screens/gallery");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the old gallery is removed");
    }
    let drawn = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--workspace", "--test", "pages", "the_gallery_is_written_to_be_looked_at"])
        .current_dir(root)
        .output()
        .expect("cargo starts");
    let said = [drawn.stdout, drawn.stderr].concat();
    assert!(drawn.status.success() && folder.exists(), "no gallery: {}", String::from_utf8_lossy(&said));
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "html"));
    files.sort();
    files
});

/// A browser that runs no scripts; `None` where nobody wants one or axe-core is absent.
fn begin() -> Option<Driven> {
    let chromium = crate::browser()?;
    if env::var_os("DASSIE_AXE").is_none() {
        println!("axe-core: absent, skipped");
        return None;
    }
    let mut browser = Driven::start(chromium.program());
    browser.scripts(false);
    Some(browser)
}

/// Pages by the direction of their writing.
fn written(direction: &str) -> Vec<&'static Path> {
    let arabic = |file: &Path| file.to_string_lossy().ends_with(".ar.html");
    GALLERY.iter().map(PathBuf::as_path).filter(|file| arabic(file) == (direction == "rtl")).collect()
}

/// What is wrong with pages of one direction where people prefer one colour scheme, all of it.
fn faults(browser: &mut Driven, direction: &str, scheme: &str, width: u32) -> Vec<String> {
    browser.size(width, 900);
    browser.prefer(&[("prefers-color-scheme", scheme)]);
    let pages = written(direction);
    assert!(pages.len() > 100, "only {} pages are written {direction}", pages.len());
    let mut wrong = Vec::new();
    for page in &pages {
        browser.open(&format!("file://{}", page.display()));
        // What unfolds is part of the page.
        browser.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
        let mut found = walk::axe(browser, scheme);
        if browser.evaluate("getComputedStyle(document.documentElement).direction") != direction {
            found.push(format!("it is not written {direction}"));
        }
        if browser.evaluate("document.documentElement.scrollWidth > innerWidth") == true {
            found.push("it is wider than the window".to_owned());
        }
        if browser.evaluate("document.styleSheets.length") == 0 {
            found.push("the style sheet is not there".to_owned());
        }
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        wrong.extend(found.into_iter().map(|fault| format!("{name}, {scheme}, {width} px: {fault}")));
    }
    println!("axe-core: {} pages, {direction}, {scheme}", pages.len());
    wrong
}

#[test]
fn every_template_stands_before_axe_by_day_and_by_night() {
    let Some(mut browser) = begin() else { return };
    let mut wrong = faults(&mut browser, "ltr", "light", 1_280);
    wrong.extend(faults(&mut browser, "ltr", "dark", 390));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Whoever looks must be able to see.
    browser.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x\">')");
    assert!(!walk::axe(&mut browser, "dark").is_empty(), "a picture without a text went unseen");
}

#[test]
fn every_template_stands_before_axe_from_right_to_left() {
    let Some(mut browser) = begin() else { return };
    let wrong = faults(&mut browser, "rtl", "light", 390);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

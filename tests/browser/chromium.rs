//! A real browser, driven by its command line alone.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// Every look starts a browser with an empty profile that talks to nobody but the page.
const QUIET: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--v=0",
];

/// The browser, if there is one.
pub(crate) struct Chromium(PathBuf);

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
}

/// What the browser made of a page.
pub(crate) struct Seen {
    /// The document as the browser holds it.
    pub(crate) dom: String,
    /// Lines of its console.
    pub(crate) complaints: Vec<String>,
    /// Width and height of its picture.
    pub(crate) size: (u32, u32),
}

impl Chromium {
    pub(crate) fn find() -> Option<Self> {
        let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
        let mut places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        places.find(|place| place.is_file()).map(Chromium)
    }

    /// The program itself.
    pub(crate) fn program(&self) -> &Path {
        &self.0
    }

    /// Looks at `url` and leaves a picture of it at `picture`.
    pub(crate) fn look(&self, url: &str, view: View, picture: &Path) -> Seen {
        let profile = tempfile::tempdir().expect("a scratch directory");
        if let Some(folder) = picture.parent() {
            fs::create_dir_all(folder).expect("a folder for pictures");
        }
        let output = Command::new(&self.0)
            .args(QUIET)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!view.dark)))
            .arg(format!("--window-size={},{}", view.width, view.height))
            .arg("--timeout=20000")
            .arg("--dump-dom")
            .arg(format!("--screenshot={}", picture.display()))
            .arg(url)
            .stdin(Stdio::null())
            .output()
            .expect("the browser starts");
        let said = String::from_utf8_lossy(&output.stderr);
        let complaint = |line: &&str| line.contains("CONSOLE") || line.contains("Refused to");
        let png = fs::read(picture).unwrap_or_else(|error| panic!("{url}: no picture: {error}: {said}"));
        Seen {
            dom: String::from_utf8_lossy(&output.stdout).into_owned(),
            complaints: said.lines().filter(complaint).map(str::to_owned).collect(),
            size: png_size(&png).unwrap_or_else(|| panic!("{url}: {} bytes are no PNG", png.len())),
        }
    }
}

/// Width and height of a picture (PNG §11.2.1).
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    (png.get(12..16)? == b"IHDR").then_some((number(16)?, number(20)?))
}

//! What other projects published, read where it lies: beside this repository, or where a variable of the environment says. A
//! test that needs what is not there skips, and says so; with `CI=true` it fails where the folder is that it should lie in.

use std::path::{Path, PathBuf};

/// The folder of documents, vectors and captured requests of other servers (`DASSIE_SAMPLES`).
pub(crate) fn samples() -> Option<PathBuf> {
    place(std::env::var_os("DASSIE_SAMPLES").map(PathBuf::from), "fedi-samples")
}

/// The published schema of the client API (`DASSIE_OPENAPI`).
pub(crate) fn openapi() -> Option<PathBuf> {
    place(std::env::var_os("DASSIE_OPENAPI").map(PathBuf::from), "mastodon-openapi.json")
}

/// The list of its endpoints.
pub(crate) fn endpoints() -> Option<PathBuf> {
    place(None, "api-endpoints.tsv")
}

fn place(named: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    let named = named.unwrap_or_else(|| Path::new("../shared").join(name));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(named);
    if path.exists() {
        return Some(path);
    }
    let may_skip = std::env::var("CI").as_deref() != Ok("true") || !path.parent().is_some_and(Path::is_dir);
    assert!(may_skip, "{} is not there, and CI may not skip it", path.display());
    println!("skipped: {} is not there", path.display());
    None
}

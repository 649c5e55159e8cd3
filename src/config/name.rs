//! A name that the first run writes into the configuration file, beside what somebody else wrote there.

use crate::error::{Error, Result};
use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::Path,
};
use toml::Table;

/// The name of a server, and who keeps its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Where the server is.
    pub domain: String,
    /// What stands behind the `@`, if not that.
    pub handle_domain: Option<String>,
    /// TLS ends here, with certificates of an authority; else at a proxy.
    pub sealed: bool,
}

impl Name {
    /// The domain of handles where that is another: a server there has to lead here.
    #[must_use]
    pub fn leading(&self) -> Option<&str> {
        self.handle_domain.as_deref().filter(|domain| *domain != self.domain)
    }

    /// Adds the name to `file`, durably, and leaves everything else in it as it is. Answers what it held before.
    ///
    /// # Errors
    /// `Invalid` if the file says something about names or certificates already, or cannot be written.
    pub fn write(&self, file: &Path) -> Result<Option<String>> {
        let refuse = |why: String| Error::invalid("config", format!("{}: {why}", file.display()));
        let former = match fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(refuse(error.to_string())),
        };
        let text = self.added_to(former.as_deref().unwrap_or_default()).map_err(refuse)?;
        replace(file, &text).map_err(|error| refuse(error.to_string()))?;
        Ok(former)
    }

    fn added_to(&self, former: &str) -> std::result::Result<String, String> {
        let table: Table = former.parse().map_err(|error: toml::de::Error| error.to_string())?;
        for key in ["domain", "origin", "handle_domain", "tls"] {
            if table.contains_key(key) && (key != "tls" || self.sealed) {
                return Err(format!("says {key} already; take that out, or write the name there yourself"));
            }
        }
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        // Keys of the top level stand before all sections.
        let mut text = format!("domain = {}\n", quoted(&self.domain));
        if let Some(handle_domain) = &self.handle_domain {
            text.push_str(&format!("handle_domain = {}\n", quoted(handle_domain)));
        }
        text.push_str(former);
        if self.sealed {
            let gap = if text.ends_with('\n') { "" } else { "\n" };
            text.push_str(&format!("{gap}\n[tls]\ncertificates = \"acme\"\n"));
        }
        Ok(text)
    }

    /// Puts back what the file held before.
    ///
    /// # Errors
    /// `Invalid` if it cannot be written.
    pub fn take_back(file: &Path, former: Option<&str>) -> Result<()> {
        let done = match former {
            Some(text) => replace(file, text),
            None => fs::remove_file(file),
        };
        done.map_err(|error| Error::invalid("config", format!("{}: {error}", file.display())))
    }
}

/// The whole new text or the whole old one, also after a power cut.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("toml.new");
    let mut written = File::create(&beside)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&beside, file)?;
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sealed: bool, handle_domain: Option<&str>) -> Name {
        Name { domain: "social.hill.test".to_owned(), handle_domain: handle_domain.map(str::to_owned), sealed }
    }

    #[test]
    fn name_stands_beside_what_somebody_wrote() {
        let former = "# mine\nlog = \"warn\"\n\n[backup]\nto = \"/mnt\"";
        let text = name(true, Some("hill.test")).added_to(former).expect("added");
        let table: Table = text.parse().expect("TOML");
        assert_eq!(table["domain"].as_str(), Some("social.hill.test"));
        assert_eq!(table["handle_domain"].as_str(), Some("hill.test"));
        assert_eq!(table["tls"]["certificates"].as_str(), Some("acme"));
        assert!(text.contains(former), "{text}");
        let plain = name(false, None).added_to("").expect("added");
        assert_eq!(plain, "domain = \"social.hill.test\"\n");
    }

    #[test]
    fn a_domain_of_handles_has_to_lead_here_if_it_is_another() {
        assert_eq!(name(false, Some("hill.test")).leading(), Some("hill.test"));
        assert_eq!(name(false, Some("social.hill.test")).leading(), None);
        assert_eq!(name(false, None).leading(), None);
    }

    #[test]
    fn file_that_says_a_name_is_left_alone() {
        for (former, sealed) in
            [("domain = \"a.test\"", false), ("[tls]\n", true), ("origin = \"x\"", true), ("x = ", false)]
        {
            assert!(name(sealed, None).added_to(former).is_err(), "{former}");
        }
        assert!(name(false, None).added_to("[tls]\n").is_ok());
    }

    #[test]
    fn what_was_there_comes_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("dassie.toml");
        let former = name(false, None).write(&file).expect("written");
        assert_eq!(former, None);
        Name::take_back(&file, None).expect("gone");
        assert!(!file.exists());
        fs::write(&file, "log = \"warn\"\n").expect("written");
        let former = name(true, None).write(&file).expect("written");
        Name::take_back(&file, former.as_deref()).expect("back");
        assert_eq!(fs::read_to_string(&file).expect("read"), "log = \"warn\"\n");
    }
}

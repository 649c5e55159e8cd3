//! The section `[translation]`: who translates posts for those who ask for it.

use super::{
    backups::Passphrase,
    source::{Key, Settings},
};
use crate::error::{Error, Result};
use url::{Host, Url};

/// The environment variable of the key; not a key of the file, because `config show` prints those.
pub(super) const SECRET: &str = "DASSIE_TRANSLATION__KEY";

/// A service that translates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// LibreTranslate, which one can run oneself.
    LibreTranslate,
    /// DeepL.
    DeepL,
}

/// How posts are translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// By what.
    pub provider: Provider,
    /// Where it is, without a slash at the end.
    pub url: String,
    /// The key it asks for.
    pub key: Option<Passphrase>,
}

impl Translation {
    /// Made by hand, for tests and embedding.
    #[must_use]
    pub fn new(provider: Provider, url: String, key: Option<String>) -> Self {
        Translation { provider, url, key: key.map(Passphrase::of) }
    }

    pub(super) fn of(settings: &Settings, key: Option<String>) -> Result<Option<Translation>> {
        let Some(name) = settings.get(Key::TranslationProvider) else {
            if settings.get(Key::TranslationUrl).is_some() {
                return Err(Error::invalid("translation.url", "translation.url needs translation.provider beside it"));
            }
            return Ok(None);
        };
        let provider = match name {
            "libretranslate" => Provider::LibreTranslate,
            "deepl" => Provider::DeepL,
            other => {
                let why = format!("translation.provider is {other:?}; libretranslate or deepl");
                return Err(Error::invalid("translation.provider", why));
            }
        };
        let url = settings.get(Key::TranslationUrl);
        let url = url.ok_or_else(|| Error::invalid("translation.url", "translation.provider needs translation.url"))?;
        if provider == Provider::DeepL && key.is_none() {
            return Err(Error::invalid("translation.key", format!("deepl needs its key in {SECRET}")));
        }
        Ok(Some(Translation { provider, url: checked(url)?, key: key.map(Passphrase::of) }))
    }
}

/// What people write goes there, and a key: over https, or to this very machine.
fn checked(text: &str) -> Result<String> {
    let why = || Error::invalid("translation.url", format!("translation.url is {text:?}; an https:// address"));
    let url = Url::parse(text).map_err(|_| why())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(why()),
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !plain || !(url.scheme() == "https" || (here && url.scheme() == "http")) {
        return Err(why());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

//! Lives here: asking a service that the administrator named to translate what people wrote, and what it answered lately.
//! May use: `federation::client`, `config`, `limits`. Must never name: other edges, rooms, `storage`'s tables.
//! Must never name: who asks; the service is told the text and its language alone.
//! Invariants: nothing is sent anywhere without a provider in the configuration; every answer and every memory is bounded.

mod deepl;
mod libre;

use crate::{
    config::{Passphrase, Provider, Translation},
    error::Result,
    federation::client::chosen::{Bounds, Chosen},
    limits,
};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use storage::{Digest, Timestamp};

/// From which language into which ones.
pub type Languages = BTreeMap<String, Vec<String>>;

/// What is to be translated: pieces of HTML in one language.
struct Wanted {
    texts: Vec<String>,
    from: Option<String>,
    to: String,
}

/// What a service made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The pieces, as many as were sent.
    pub texts: Vec<String>,
    /// The language they are in, as the service says.
    pub from: String,
}

/// Why there is no translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// The service is asked too much.
    Busy,
    /// What the administrator may ask of it is used up.
    UsedUp,
    /// It did not answer, or something else; why.
    Broken(String),
}

impl Failed {
    /// It in Mastodon's words, which say nothing of the service.
    #[must_use]
    pub fn said(&self) -> &'static str {
        match self {
            Failed::Busy => "There have been too many requests to the translation service recently.",
            Failed::UsedUp => "The server-wide usage quota for the translation service has been exceeded.",
            Failed::Broken(_) => "There was a problem with the translation service.",
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Busy => f.write_str("it is asked too much"),
            Failed::UsedUp => f.write_str("what may be asked of it is used up"),
            Failed::Broken(why) => f.write_str(why),
        }
    }
}

fn broken(why: impl Into<String>) -> Failed {
    Failed::Broken(why.into())
}

/// The service, with what it answered lately.
pub struct Translator {
    chosen: Chosen,
    settings: Translation,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    languages: Option<(Timestamp, Arc<Languages>)>,
    answers: HashMap<(Digest, String), Arc<Translated>>,
}

impl Translator {
    /// The service of the configuration.
    ///
    /// # Errors
    /// `Invalid` if TLS cannot be set up.
    pub fn of(settings: &Translation) -> Result<Self> {
        Ok(Translator { chosen: Chosen::new(None)?, settings: settings.clone(), memory: Mutex::default() })
    }

    /// What it is called (client API, Translation#provider).
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.settings.provider {
            Provider::LibreTranslate => "LibreTranslate",
            Provider::DeepL => "DeepL.com",
        }
    }

    /// From which language into which ones it translates; asked for once a day.
    ///
    /// # Errors
    /// `Failed`.
    pub async fn languages(&self, now: Timestamp) -> Result<Arc<Languages>, Failed> {
        let known = self.memory().languages.clone();
        if let Some((_, languages)) = known.filter(|(at, _)| now.ms_since(*at) < limits::TRANSLATION_LANGUAGES_MS) {
            return Ok(languages);
        }
        let languages = Arc::new(match self.settings.provider {
            Provider::LibreTranslate => libre::languages(self).await?,
            Provider::DeepL => deepl::languages(self).await?,
        });
        self.memory().languages = Some((now, Arc::clone(&languages)));
        Ok(languages)
    }

    /// Translates pieces of HTML `from` a language (`None`: the service finds out), or remembers what it was answered.
    ///
    /// # Errors
    /// `Failed`.
    pub async fn translate(&self, texts: &[String], from: Option<String>, to: &str) -> Result<Arc<Translated>, Failed> {
        let wanted = &Wanted { texts: texts.to_vec(), from, to: to.to_owned() };
        let from = wanted.from.as_deref().unwrap_or_default();
        let key = (Digest::of(&format!("{from}\0{}", wanted.texts.join("\0"))), wanted.to.clone());
        let known = self.memory().answers.get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let translated = match self.settings.provider {
            Provider::LibreTranslate => libre::translate(self, wanted).await?,
            Provider::DeepL => deepl::translate(self, wanted).await?,
        };
        if translated.texts.len() != wanted.texts.len() {
            let why = format!("{} texts came back of {}", translated.texts.len(), wanted.texts.len());
            return Err(broken(why));
        }
        let translated = Arc::new(translated);
        // What is kept is small, whatever the service sends.
        if translated.texts.iter().map(String::len).sum::<usize>() > limits::TRANSLATION_KEPT_BYTES_MAX {
            return Ok(translated);
        }
        let mut memory = self.memory();
        if memory.answers.len() >= limits::TRANSLATIONS_KEPT {
            memory.answers.clear();
        }
        memory.answers.insert(key, Arc::clone(&translated));
        Ok(translated)
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self) -> Option<&str> {
        self.settings.key.as_ref().map(Passphrase::reveal)
    }

    /// One request to a path of the service, answered with JSON.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Result<Value, Failed> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.settings.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let length = body.len();
        let request = request
            .header("content-length", length)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| broken(error.to_string()))?;
        let bounds = Bounds {
            body_max_bytes: limits::TRANSLATION_ANSWER_BYTES_MAX,
            head: Duration::from_millis(limits::TRANSLATION_PATIENCE_MS),
            whole: Duration::from_millis(limits::TRANSLATION_PATIENCE_MS),
        };
        let answer = self.chosen.exchange(request, bounds).await.map_err(|error| broken(error.to_string()))?;
        match answer.status() {
            StatusCode::OK => serde_json::from_slice(answer.body()).map_err(|error| broken(error.to_string())),
            StatusCode::TOO_MANY_REQUESTS => Err(Failed::Busy),
            // What DeepL says of that (its API, error codes).
            status if status.as_u16() == 456 => Err(Failed::UsedUp),
            status => Err(broken(format!("it answered {status}"))),
        }
    }
}

/// A list of an answer, at most `limits::TRANSLATION_LANGUAGES_MAX` of it.
fn list(answer: &Value) -> Result<impl Iterator<Item = &Value>, Failed> {
    let items = answer.as_array().ok_or_else(|| broken("its answer is no list"))?;
    Ok(items.iter().take(limits::TRANSLATION_LANGUAGES_MAX))
}

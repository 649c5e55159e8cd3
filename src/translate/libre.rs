//! LibreTranslate (its API: `/languages`, `/translate`).

use super::{Failed, Languages, Translated, Translator, Wanted, broken, list};
use serde_json::{Value, json};

pub(super) async fn languages(service: &Translator) -> Result<Languages, Failed> {
    let answer = service.ask("GET", "/languages", &[], String::new()).await?;
    let mut languages = Languages::new();
    for language in list(&answer)? {
        let code = language["code"].as_str().ok_or_else(|| broken("a language has no code"))?;
        let targets = list(&language["targets"])?.filter_map(Value::as_str);
        languages.insert(code.to_owned(), targets.filter(|to| *to != code).map(str::to_owned).collect());
    }
    Ok(languages)
}

pub(super) async fn translate(service: &Translator, wanted: &Wanted) -> Result<Translated, Failed> {
    let from = wanted.from.as_deref().unwrap_or("auto");
    let mut body = json!({ "q": wanted.texts, "source": from, "target": wanted.to, "format": "html" });
    if let Some(key) = service.key() {
        body["api_key"] = json!(key);
    }
    let headers = [("content-type", "application/json")];
    let answer = service.ask("POST", "/translate", &headers, body.to_string()).await?;
    let texts = answer["translatedText"].as_array().ok_or_else(|| broken("its answer has no texts"))?;
    let texts: Option<Vec<_>> = texts.iter().map(|text| text.as_str().map(str::to_owned)).collect();
    let found = answer.pointer("/detectedLanguage/0/language").and_then(Value::as_str);
    Ok(Translated {
        texts: texts.ok_or_else(|| broken("a text of its answer is none"))?,
        from: wanted.from.clone().or(found.map(str::to_owned)).unwrap_or_default(),
    })
}

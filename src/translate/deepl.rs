//! DeepL (its API, version 2: `/v2/languages`, `/v2/translate`).

use super::{Failed, Languages, Translated, Translator, Wanted, broken, list};
use url::form_urlencoded::Serializer;

pub(super) async fn languages(service: &Translator) -> Result<Languages, Failed> {
    let targets = codes(service, "target").await?;
    let into = |from: &String| targets.iter().filter(|to| *to != from).cloned().collect();
    let sources = codes(service, "source").await?;
    Ok(sources.into_iter().map(|from| (from.clone(), into(&from))).collect())
}

/// Codes as the rest of the world writes them; `EN` and `PT` can be wanted without a region too.
async fn codes(service: &Translator, kind: &str) -> Result<Vec<String>, Failed> {
    let authorization = authorization(service);
    let headers = [("authorization", authorization.as_str())];
    let answer = service.ask("GET", &format!("/v2/languages?type={kind}"), &headers, String::new()).await?;
    let mut codes = Vec::new();
    for language in list(&answer)? {
        let code = language["language"].as_str().ok_or_else(|| broken("a language has no code"))?;
        let (language, region) = match code.split_once('-') {
            Some((language, region)) => (language.to_lowercase(), Some(region)),
            None => (code.to_lowercase(), None),
        };
        codes.extend(region.map(|region| format!("{language}-{region}")));
        if !codes.contains(&language) {
            codes.push(language);
        }
    }
    Ok(codes)
}

pub(super) async fn translate(service: &Translator, wanted: &Wanted) -> Result<Translated, Failed> {
    let authorization = authorization(service);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let answer = service.ask("POST", "/v2/translate", &headers, form(wanted)).await?;
    let rows = answer["translations"].as_array().ok_or_else(|| broken("its answer has no translations"))?;
    let texts: Option<Vec<_>> = rows.iter().map(|row| row["text"].as_str().map(str::to_owned)).collect();
    let found = rows.first().and_then(|row| row["detected_source_language"].as_str()).unwrap_or_default();
    Ok(Translated { texts: texts.ok_or_else(|| broken("a translation has no text"))?, from: found.to_lowercase() })
}

fn form(wanted: &Wanted) -> String {
    let mut form = Serializer::new(String::new());
    for text in &wanted.texts {
        form.append_pair("text", text);
    }
    if let Some(from) = &wanted.from {
        form.append_pair("source_lang", &from.to_uppercase());
    }
    form.append_pair("target_lang", &wanted.to).append_pair("tag_handling", "html");
    form.finish()
}

fn authorization(service: &Translator) -> String {
    format!("DeepL-Auth-Key {}", service.key().unwrap_or_default())
}

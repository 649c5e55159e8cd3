//! What somebody typed into the form of a request, kept beside it until it is answered: whatever becomes of the request, a
//! page that says no gives the words back. Only fields of longer texts; nothing that is secret is typed into one.

use super::value::{Map, Value};
use crate::limits;
use http::Extensions;
use std::sync::{Arc, Mutex, PoisonError};
use web::page::failure::LONG_TEXTS;

/// The texts of one request, at most `limits::TYPED_TEXTS` of `limits::TYPED_TEXT_BYTES` together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(Arc<Mutex<Vec<String>>>);

impl Typed {
    /// What was typed.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Keeps the longer texts of a form, if its request is one whose words are given back.
pub(crate) fn keep(extensions: &Extensions, sent: &Map) {
    let Some(typed) = extensions.get::<Typed>() else { return };
    let (mut found, mut room) = (Vec::new(), limits::TYPED_TEXT_BYTES);
    gather(sent, &mut found, &mut room);
    *typed.0.lock().unwrap_or_else(PoisonError::into_inner) = found;
}

fn gather(map: &Map, found: &mut Vec<String>, room: &mut usize) {
    for (name, value) in map.iter() {
        texts(name, value, found, room);
    }
}

fn texts(name: &str, value: &Value, found: &mut Vec<String>, room: &mut usize) {
    match value {
        Value::Text(text) if LONG_TEXTS.contains(&name) && !text.trim().is_empty() => {
            if found.len() < limits::TYPED_TEXTS && text.len() <= *room {
                *room -= text.len();
                found.push(text.clone());
            }
        }
        Value::List(values) => values.iter().for_each(|value| texts(name, value, found, room)),
        Value::Map(map) => gather(map, found, room),
        Value::Null | Value::Text(_) | Value::File(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::params::Fields;

    fn kept(form: &str) -> Vec<String> {
        let (mut extensions, typed) = (Extensions::new(), Typed::default());
        extensions.insert(typed.clone());
        let mut fields = Fields::default();
        fields.add_urlencoded(form).expect("a form");
        keep(&extensions, &fields.map);
        typed.texts()
    }

    #[test]
    fn long_texts_are_kept_and_passwords_are_not() {
        let form = "comment=why&password=secret&authenticity_token=t&media[][description]=a+cat&title=x&text=+";
        assert_eq!(kept(form), ["why", "a cat"]);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let form = |bytes: usize| format!("comment={}", "a".repeat(bytes));
        assert_eq!(kept(&form(limits::TYPED_TEXT_BYTES)).len(), 1);
        assert_eq!(kept(&form(limits::TYPED_TEXT_BYTES + 1)).len(), 0);
        let many: Vec<_> = (0..=limits::TYPED_TEXTS).map(|at| format!("m[{at}][description]=x")).collect();
        assert_eq!(kept(&many.join("&")).len(), limits::TYPED_TEXTS);
    }
}

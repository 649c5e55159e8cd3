//! Reading a foreign JSON document within bounds (SECURITY A5, B4).
//!
//! A member given twice is refused (two readers would believe different ones), as are lone surrogates. A NUL in a
//! member name is refused; in a value it stays, because proofs cover it, and goes when the text is read.

use crate::limits;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::Cell, fmt};

/// Why bytes are not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// More bytes, depth, values or digits than `limits` allows; the text names the bound.
    TooLarge(&'static str),
    /// Not JSON, or JSON that two readers could read differently.
    Malformed(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::TooLarge(what) => write!(f, "document exceeds {what}"),
            Unreadable::Malformed(why) => write!(f, "document is not acceptable JSON: {why}"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// Parses a document of at most `limits::DOCUMENT_MAX_BYTES`, `DOCUMENT_MAX_DEPTH` and `DOCUMENT_MAX_NODES`.
///
/// # Errors
/// `TooLarge` for a broken bound, `Malformed` for anything that is not one unambiguous JSON value.
pub fn parse(bytes: &[u8]) -> Result<Value, Unreadable> {
    if bytes.len() > limits::DOCUMENT_MAX_BYTES {
        return Err(Unreadable::TooLarge("1 MB"));
    }
    // Some peers send a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    check_shape(bytes)?;
    let left = Cell::new(limits::DOCUMENT_MAX_NODES);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Bounded { left: &left }.deserialize(&mut reader).map_err(|error| explain(&error, &left))?;
    reader.end().map_err(|error| Unreadable::Malformed(error.to_string()))?;
    Ok(value)
}

fn explain(error: &serde_json::Error, left: &Cell<usize>) -> Unreadable {
    if left.get() == 0 { Unreadable::TooLarge("50000 values") } else { Unreadable::Malformed(error.to_string()) }
}

/// Depth and length of numbers, before anything is allocated.
fn check_shape(bytes: &[u8]) -> Result<(), Unreadable> {
    let (mut depth, mut digits, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for byte in bytes {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' => digits += 1,
            _ => digits = 0,
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits::DOCUMENT_MAX_DEPTH {
            return Err(Unreadable::TooLarge("a depth of 64"));
        }
        if digits > limits::NUMBER_MAX_CHARS {
            return Err(Unreadable::TooLarge("64 characters for a number"));
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Bounded<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        match self.left.get() {
            0 => Err(D::Error::custom("too many values")),
            left => {
                self.left.set(left - 1);
                reader.deserialize_any(self)
            }
        }
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number is not finite"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            out.push(element);
        }
        Ok(Value::Array(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name.contains('\0') {
                return Err(A::Error::custom("a member name holds NUL"));
            }
            let value = members.next_value_seed(self)?;
            if out.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is given twice"));
            }
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Vec<u8> {
        [vec![b'['; depth], vec![b']'; depth]].concat()
    }

    #[test]
    fn depth_is_bounded_at_sixty_four() {
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(parse(&nested(65)), Err(Unreadable::TooLarge("a depth of 64")));
        assert!(parse(&vec![b'['; 100_000]).is_err());
    }

    #[test]
    fn values_are_counted() {
        let of = |n: usize| format!("[{}]", vec!["0"; n].join(",")).into_bytes();
        assert!(parse(&of(limits::DOCUMENT_MAX_NODES - 1)).is_ok());
        assert_eq!(parse(&of(limits::DOCUMENT_MAX_NODES)), Err(Unreadable::TooLarge("50000 values")));
    }

    #[test]
    fn ambiguous_or_endless_documents_are_refused() {
        for bad in [
            r#"{"actor":"a","actor":"b"}"#,
            r#"{"a":{"type":1,"type":1}}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a\u0000":1}"#,
            "{} {}",
            "",
            "{",
            r#"{"a":NaN}"#,
            "1e999",
            "\"a\0\"",
        ] {
            assert!(matches!(parse(bad.as_bytes()), Err(Unreadable::Malformed(_))), "{bad}");
        }
        assert!(matches!(parse(&[b'1'; 1_000]), Err(Unreadable::TooLarge(_))));
        assert!(matches!(parse(&vec![b' '; limits::DOCUMENT_MAX_BYTES + 1]), Err(Unreadable::TooLarge("1 MB"))));
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn digits_inside_text_do_not_count_as_a_number() {
        let text = format!("\"{}\"", "1".repeat(1_000));
        assert!(parse(text.as_bytes()).is_ok());
        assert_eq!(parse(br#"{"a":"\u0000"}"#).expect("reads")["a"], "\0");
    }
}

//! The two header grammars: `name="value"` lists (draft-cavage §2.1) and structured fields (RFC 8941).
//!
//! Structured fields are read as far as signatures and digests need them: dictionaries of items and inner lists.

use crate::limits;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Reads `name="value",name=123`; none if malformed, repeated (names without case) or too many.
#[must_use]
pub fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let mut reader = Reader { rest: text };
    let mut out: Vec<(String, String)> = Vec::new();
    loop {
        reader.spaces();
        let name = reader.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'));
        reader.spaces();
        if name.is_empty() || !reader.eat(b'=') {
            return None;
        }
        reader.spaces();
        let value = if reader.rest.starts_with('"') {
            reader.string()?
        } else {
            reader.take_while(|c| c.is_ascii_graphic() && c != b',' && c != b'"').to_owned()
        };
        if out.len() >= limits::SIGNATURE_PARTS_MAX || out.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return None;
        }
        out.push((name.to_owned(), value));
        reader.spaces();
        if reader.rest.is_empty() {
            return Some(out);
        }
        if !reader.eat(b',') {
            return None;
        }
    }
}

/// An item without parameters (RFC 8941 §3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bare {
    /// `42`
    Integer(i64),
    /// `4.2`, kept as written.
    Decimal(String),
    /// `"text"`
    String(String),
    /// `token`
    Token(String),
    /// `:base64:`
    Bytes(Vec<u8>),
    /// `?1`
    Boolean(bool),
}

/// Parameters of an item or list, in order.
pub type Parameters = Vec<(String, Bare)>;

/// The value of a dictionary's member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One item.
    Bare(Bare),
    /// `("a" "b";x)`
    List(Vec<(Bare, Parameters)>),
}

/// A member of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its value.
    pub value: Value,
    /// Its parameters.
    pub parameters: Parameters,
}

/// Reads a dictionary (RFC 8941 §4.2.2); none if malformed, too large, or with a key given twice.
///
/// RFC 8941 lets the last of two equal keys win; in a signature that is a way to be read differently by two.
#[must_use]
pub fn dictionary(text: &str) -> Option<Vec<(String, Member)>> {
    let mut reader = Reader { rest: text.trim_matches([' ', '\t']) };
    let mut out: Vec<(String, Member)> = Vec::new();
    loop {
        let key = reader.key()?.to_owned();
        let value = if reader.eat(b'=') { reader.value()? } else { Value::Bare(Bare::Boolean(true)) };
        let parameters = reader.item_parameters()?;
        if out.len() >= limits::SIGNATURE_PARTS_MAX || out.iter().any(|(known, _)| *known == key) {
            return None;
        }
        out.push((key, Member { value, parameters }));
        reader.spaces();
        if reader.rest.is_empty() {
            return Some(out);
        }
        if !reader.eat(b',') {
            return None;
        }
        reader.spaces();
    }
}

/// The canonical text of a list with its parameters: what `@signature-params` covers (RFC 9421 §2.3).
#[must_use]
pub fn write_list(items: &[(Bare, Parameters)], parameters: &Parameters) -> String {
    let mut out = String::from("(");
    for (at, (item, own)) in items.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        write_bare(&mut out, item);
        write_parameters(&mut out, own);
    }
    out.push(')');
    write_parameters(&mut out, parameters);
    out
}

fn write_parameters(out: &mut String, parameters: &Parameters) {
    for (key, value) in parameters {
        out.push(';');
        out.push_str(key);
        if *value != Bare::Boolean(true) {
            out.push('=');
            write_bare(out, value);
        }
    }
}

fn write_bare(out: &mut String, bare: &Bare) {
    match bare {
        Bare::Integer(number) => out.push_str(&number.to_string()),
        Bare::Decimal(text) | Bare::Token(text) => out.push_str(text),
        Bare::String(text) => {
            out.push('"');
            for c in text.chars() {
                if matches!(c, '"' | '\\') {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push('"');
        }
        Bare::Bytes(bytes) => {
            out.push(':');
            out.push_str(&STANDARD.encode(bytes));
            out.push(':');
        }
        Bare::Boolean(value) => out.push_str(if *value { "?1" } else { "?0" }),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Only ASCII predicates are given, so the cut lies between characters.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let end = self.rest.bytes().position(|c| !c.is_ascii() || !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// `"…"` with `\"` and `\\` only.
    fn string(&mut self) -> Option<String> {
        if !self.eat(b'"') {
            return None;
        }
        let mut out = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(out);
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('"' | '\\'))) => out.push(c),
                    _ => return None,
                },
                c if c.is_control() => return None,
                c => out.push(c),
            }
        }
        None
    }

    fn key(&mut self) -> Option<&'a str> {
        let starts = self.peek().is_some_and(|c| c.is_ascii_lowercase() || c == b'*');
        let key =
            self.take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'_' | b'-' | b'.' | b'*'));
        starts.then_some(key)
    }

    fn value(&mut self) -> Option<Value> {
        if !self.eat(b'(') {
            return self.bare().map(Value::Bare);
        }
        let mut items = Vec::new();
        loop {
            self.spaces();
            if self.eat(b')') {
                return Some(Value::List(items));
            }
            if items.len() >= limits::SIGNATURE_PARTS_MAX {
                return None;
            }
            let item = self.bare()?;
            let own = self.item_parameters()?;
            items.push((item, own));
            if !matches!(self.peek(), Some(b' ' | b')')) {
                return None;
            }
        }
    }

    fn item_parameters(&mut self) -> Option<Parameters> {
        let mut out: Parameters = Vec::new();
        while self.eat(b';') {
            self.spaces();
            let key = self.key()?.to_owned();
            let value = if self.eat(b'=') { self.bare()? } else { Bare::Boolean(true) };
            if out.len() >= limits::SIGNATURE_PARTS_MAX || out.iter().any(|(known, _)| *known == key) {
                return None;
            }
            out.push((key, value));
        }
        Some(out)
    }

    fn bare(&mut self) -> Option<Bare> {
        match self.peek()? {
            b'"' => self.string().map(Bare::String),
            b':' => {
                self.eat(b':');
                let text = self.take_while(|c| c != b':');
                let bytes = STANDARD.decode(text).ok()?;
                self.eat(b':').then_some(Bare::Bytes(bytes))
            }
            b'?' => {
                self.eat(b'?');
                match (self.eat(b'1'), self.eat(b'0')) {
                    (true, false) => Some(Bare::Boolean(true)),
                    (false, true) => Some(Bare::Boolean(false)),
                    _ => None,
                }
            }
            b'-' | b'0'..=b'9' => {
                let text = self.take_while(|c| c.is_ascii_digit() || matches!(c, b'-' | b'.'));
                match (text.len() <= 16, text.contains('.')) {
                    (true, true) => text.parse::<f64>().ok().map(|_| Bare::Decimal(text.to_owned())),
                    (true, false) => text.parse().ok().map(Bare::Integer),
                    (false, _) => None,
                }
            }
            c if c.is_ascii_alphabetic() || c == b'*' => {
                let text = self.take_while(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&c));
                Some(Bare::Token(text.to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cavage_parameters_of_every_spelling() {
        let found = parameters("keyId=\"a\\\"b\" , created=12,headers=\"x y\"").expect("reads");
        let pairs: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("keyId", "a\"b"), ("created", "12"), ("headers", "x y")]);
        for bad in ["", "a", "a=\"", "a=\"1\" b=\"2\"", "a=1,a=2", "a=1,A=2", "a=1,", "=1", "a=\"\n\"", "ü=1"] {
            assert_eq!(parameters(bad), None, "{bad}");
        }
    }

    #[test]
    fn dictionaries_come_out_as_they_went_in() {
        let text = "(\"@method\" \"x-a\";sf \"b\\\"c\");created=5;keyid=\"k\";n=?0;t=tok/en;b=:AAE=:;d=1.5;f";
        let members = dictionary(&format!("sig1={text}, other=:AA==:, flag")).expect("reads");
        let Value::List(items) = &members[0].1.value else { panic!("a list") };
        assert_eq!(write_list(items, &members[0].1.parameters), text);
        assert_eq!(members[1].1.value, Value::Bare(Bare::Bytes(vec![0])));
        for bad in
            ["", "A=1", "a=(", "a=(\"x\"\"y\")", "a=:x", "a=1,", "a=1 b=2", "a=1,a=2", "a=99999999999999999", "a=?2"]
        {
            assert_eq!(dictionary(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_the_readers_panic(text in "\\PC{0,60}|[a-z=\"\\\\;,:()?0-9 ]{0,60}") {
            let _ = parameters(&text);
            if let Some(members) = dictionary(&text) {
                prop_assert!(!members.is_empty());
            }
        }
    }
}

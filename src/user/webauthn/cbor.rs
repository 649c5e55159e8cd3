//! The part of CBOR that authenticators write: whole lengths, shortest numbers, few levels (CTAP 2.1 §8; RFC 8949 §4.2).
//! Everything else is refused, so that one text has one meaning.

/// Levels below the outermost value (CTAP 2.1 §8: four).
const DEPTH_MAX: u32 = 4;
/// Members of an array or map: a key has at most five, an attestation three.
const MEMBERS_MAX: u64 = 32;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
    /// A list.
    Array(Vec<Value<'a>>),
    /// Pairs in the order in which they stand; no key twice.
    Map(Vec<(Value<'a>, Value<'a>)>),
    /// True or false.
    Bool(bool),
}

impl<'a> Value<'a> {
    /// What stands under a number.
    pub(super) fn numbered(&self, key: i64) -> Option<&Value<'a>> {
        self.under(&Value::Number(key))
    }

    /// What stands under a text.
    pub(super) fn named(&self, key: &'static str) -> Option<&Value<'a>> {
        self.under(&Value::Text(key))
    }

    fn under(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Value::Map(pairs) = self else { return None };
        pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The number, if it is one.
    pub(super) fn number(&self) -> Option<i64> {
        if let Value::Number(number) = self { Some(*number) } else { None }
    }

    /// The bytes, if it is some.
    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Value::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}

/// Takes one value from the front of `bytes`; `None` if there is none that is written as it must be.
pub(super) fn take<'a>(bytes: &mut &'a [u8]) -> Option<Value<'a>> {
    value(bytes, 0)
}

/// Reads one value and nothing behind it.
pub(super) fn whole(mut bytes: &[u8]) -> Option<Value<'_>> {
    let read = take(&mut bytes)?;
    bytes.is_empty().then_some(read)
}

fn value<'a>(bytes: &mut &'a [u8], depth: u32) -> Option<Value<'a>> {
    let (kind, argument) = head(bytes)?;
    let members = || Some(argument).filter(|members| *members <= MEMBERS_MAX && depth < DEPTH_MAX);
    Some(match kind {
        0 => Value::Number(i64::try_from(argument).ok()?),
        1 => Value::Number(-1 - i64::try_from(argument).ok()?),
        2 => Value::Bytes(cut(bytes, argument)?),
        3 => Value::Text(std::str::from_utf8(cut(bytes, argument)?).ok()?),
        4 => Value::Array((0..members()?).map(|_| value(bytes, depth + 1)).collect::<Option<_>>()?),
        5 => {
            let mut pairs: Vec<(Value<'_>, Value<'_>)> = Vec::new();
            for _ in 0..members()? {
                let (key, under) = (value(bytes, depth + 1)?, value(bytes, depth + 1)?);
                if pairs.iter().any(|(known, _)| *known == key) {
                    return None;
                }
                pairs.push((key, under));
            }
            Value::Map(pairs)
        }
        7 if argument == 20 || argument == 21 => Value::Bool(argument == 21),
        _ => return None,
    })
}

/// The kind of a value and the number that comes with it, in its shortest form (RFC 8949 §3).
fn head(bytes: &mut &[u8]) -> Option<(u8, u64)> {
    let first = *cut(bytes, 1)?.first()?;
    let (kind, short) = (first >> 5, first & 31);
    let (width, least) = match short {
        0..=23 => return Some((kind, u64::from(short))),
        24 => (1, 24),
        25 => (2, 1 << 8),
        26 => (4, 1 << 16),
        27 => (8, 1 << 32),
        _ => return None,
    };
    let argument = cut(bytes, width)?.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    (argument >= least).then_some((kind, argument))
}

fn cut<'a>(bytes: &mut &'a [u8], count: u64) -> Option<&'a [u8]> {
    let (head, tail) = bytes.split_at_checked(usize::try_from(count).ok()?)?;
    *bytes = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_the_rfc_writes_them() {
        // RFC 8949 appendix A.
        for (bytes, value) in [
            (&[0x00][..], Value::Number(0)),
            (&[0x17], Value::Number(23)),
            (&[0x18, 0x18], Value::Number(24)),
            (&[0x19, 0x03, 0xe8], Value::Number(1_000)),
            (&[0x1a, 0x00, 0x0f, 0x42, 0x40], Value::Number(1_000_000)),
            (&[0x1b, 0x00, 0x00, 0x00, 0xe8, 0xd4, 0xa5, 0x10, 0x00], Value::Number(1_000_000_000_000)),
            (&[0x20], Value::Number(-1)),
            (&[0x39, 0x03, 0xe7], Value::Number(-1_000)),
            (&[0xf4], Value::Bool(false)),
            (&[0xf5], Value::Bool(true)),
            (&[0x44, 1, 2, 3, 4], Value::Bytes(&[1, 2, 3, 4])),
            (&[0x64, 0x49, 0x45, 0x54, 0x46], Value::Text("IETF")),
            (&[0x82, 0x01, 0x80], Value::Array(vec![Value::Number(1), Value::Array(Vec::new())])),
            (&[0xa1, 0x61, 0x61, 0x01], Value::Map(vec![(Value::Text("a"), Value::Number(1))])),
        ] {
            assert_eq!(whole(bytes), Some(value), "{bytes:?}");
        }
        let map = whole(&[0xa2, 0x61, 0x61, 0x01, 0x26, 0x41, 0x07]).expect("a map");
        assert_eq!(map.named("a").and_then(Value::number), Some(1));
        assert_eq!(map.numbered(-7).and_then(Value::bytes), Some(&[7][..]));
        assert_eq!(map.numbered(7), None);
    }

    #[test]
    fn what_is_written_otherwise_is_refused() {
        for bytes in [
            &[][..],
            &[0x18, 0x17],
            &[0x19, 0x00, 0xff],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x44, 1, 2, 3],
            &[0x5f, 0x41, 1, 0xff],
            &[0x62, 0xff, 0xfe],
            &[0x9f, 0x01, 0xff],
            &[0xa2, 0x01, 0x02, 0x01, 0x03],
            &[0xa1, 0x01],
            &[0xc0, 0x60],
            &[0xf6],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x00, 0x00],
            &[0x98, 0x21],
            &[0x81, 0x81, 0x81, 0x81, 0x81, 0x00],
        ] {
            assert_eq!(whole(bytes), None, "{bytes:?}");
        }
    }
}

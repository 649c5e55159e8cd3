//! JSON canonicalisation (RFC 8785): members sorted by UTF-16 code units, numbers as ECMAScript writes them.

use serde_json::{Map, Number, Value};

/// The canonical text of a value. Duplicate members and lone surrogates never get this far: `json::parse` refuses
/// them, and a `Value` holds neither NaN nor infinities.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::with_capacity(1_024);
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_string(out, text),
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(out, element);
            }
            out.push(']');
        }
        Value::Object(members) => write_object(out, members),
    }
}

fn write_object(out: &mut String, members: &Map<String, Value>) {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write(out, value);
    }
    out.push('}');
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Integers beyond 2^53 become doubles, as in every ECMAScript engine.
fn write_number(out: &mut String, number: &Number) {
    const EXACT: u64 = 1 << 53;
    match (number.as_i64(), number.as_u64()) {
        (Some(integer), _) if integer.unsigned_abs() <= EXACT => out.push_str(&integer.to_string()),
        (_, Some(integer)) if integer <= EXACT => out.push_str(&integer.to_string()),
        _ => write_double(out, number.as_f64().unwrap_or_default()),
    }
}

/// ECMAScript's Number::toString (ECMA-262 §6.1.6.1.20).
fn write_double(out: &mut String, number: f64) {
    if number == 0.0 {
        // Minus zero is 0 too.
        out.push('0');
        return;
    }
    if number < 0.0 {
        out.push('-');
    }
    // Rust writes the shortest digits that read back as the same double: `d.ddde-7`.
    let shortest = format!("{:e}", number.abs());
    // Of several texts so short the nearest counts, of two equally near the even one: that is exact rounding.
    let places = shortest.bytes().take_while(|c| *c != b'e').filter(u8::is_ascii_digit).count().saturating_sub(1);
    let nearest = format!("{:.places$e}", number.abs());
    let text = if nearest.parse() == Ok(number.abs()) { nearest } else { shortest };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // The number is 0.DIGITS × 10^point.
    let point = exponent + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or_default());
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.push_str(&zeros(point - count));
    } else if (1..=21).contains(&point) {
        let (whole, rest) = digits.split_at(usize::try_from(point).unwrap_or_default());
        out.push_str(&format!("{whole}.{rest}"));
    } else if (-5..=0).contains(&point) {
        out.push_str(&format!("0.{}{digits}", zeros(-point)));
    } else {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("{first}{dot}{rest}e{sign}{}", exponent.unsigned_abs()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        canonical(&crate::federation::json::parse(text.as_bytes()).expect("a document"))
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        for (text, canonical) in [
            ("-0.0", "0"),
            ("1e21", "1e+21"),
            ("1e20", "100000000000000000000"),
            ("0.000001", "0.000001"),
            ("1e-7", "1e-7"),
            ("9007199254740993", "9007199254740992"),
            ("1.50", "1.5"),
            ("-1E3", "-1000"),
            ("123456789012345680000", "123456789012345680000"),
            ("333333333.33333329", "333333333.3333333"),
            ("5e-324", "5e-324"),
            ("18446744073709551615", "18446744073709552000"),
            ("1.5e300", "1.5e+300"),
        ] {
            assert_eq!(of(text), canonical, "{text}");
        }
    }

    #[test]
    fn members_are_sorted_by_utf16() {
        assert_eq!(
            of("{\"\u{fb33}\":1,\"😀\":2,\"a\":{\"b\":[],\"A\":null}}"),
            "{\"a\":{\"A\":null,\"b\":[]},\"😀\":2,\"\u{fb33}\":1}"
        );
        assert_eq!(of(r#"{"t":"\u000f\n\u007f\u2028</>\/"}"#), "{\"t\":\"\\u000f\\n\u{7f}\u{2028}</>/\"}");
    }
}

//! The key of sealed backups: 32 bytes in a file, or a passphrase from the environment.

use crate::{
    config::Backups,
    error::{Error, Result},
};
use std::io::Read;
use storage::backup::Secret;

/// Bytes of a key file that are read: 64 hexadecimal digits with room for an end of line.
const KEY_FILE_BYTES: u64 = 128;

/// What opens the backups; `None` if they are not sealed.
///
/// # Errors
/// `Invalid` if the key file cannot be read or holds no key.
pub fn secret(settings: &Backups) -> Result<Option<Secret>> {
    let refuse = |why: String| Error::invalid("backup.key_file", why);
    let Some(path) = &settings.key_file else {
        return Ok(settings.passphrase.as_ref().map(|words| Secret::Passphrase(words.reveal().to_owned())));
    };
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(KEY_FILE_BYTES).read_to_end(&mut bytes));
    read.map_err(|error| refuse(format!("cannot read {}: {error}", path.display())))?;
    let key = key_of(&bytes)
        .ok_or_else(|| refuse(format!("{} holds no key: 32 bytes, or 64 hexadecimal digits", path.display())))?;
    Ok(Some(Secret::Key(key)))
}

fn key_of(bytes: &[u8]) -> Option<[u8; 32]> {
    if let Ok(key) = bytes.try_into() {
        return Some(key);
    }
    let text = std::str::from_utf8(bytes).ok()?.trim().as_bytes();
    let digits: &[u8; 64] = text.try_into().ok()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_key_is_32_bytes_or_64_digits() {
        assert_eq!(key_of(&[200; 32]), Some([200; 32]));
        let text = format!("{}\n", "0a".repeat(32));
        assert_eq!(key_of(text.as_bytes()), Some([10; 32]));
        for other in [&b""[..], &[1; 31], &[1; 33], "zz".repeat(32).as_bytes()] {
            assert_eq!(key_of(other), None);
        }
    }
}

//! Random bytes, by the system's generator.

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Where `Server::random` comes from.
#[derive(Clone)]
pub enum Random {
    /// The system's generator.
    System,
}

impl Random {
    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match self {
            // It fails only where the kernel has no random source at all; nothing this server does would be safe then.
            Random::System => rand::fill(&mut out).expect("the system has a random source"),
        }
        out
    }

    /// 64 random bits.
    #[must_use]
    pub fn number(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A secret of 256 bits, 43 characters that need no escaping anywhere.
    #[must_use]
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}

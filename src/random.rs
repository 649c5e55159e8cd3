//! Random bytes: the system's, or a seeded sequence that tests repeat.

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Where `Server::random` comes from.
#[derive(Clone)]
pub enum Random {
    /// The system's generator.
    System,
    /// A repeatable sequence, for tests only.
    Seeded(Arc<AtomicU64>),
}

impl Random {
    /// A repeatable sequence beginning at `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Random::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match self {
            // It fails only where the kernel has no random source at all; nothing this server does would be safe then.
            Random::System => rand::fill(&mut out).expect("the system has a random source"),
            Random::Seeded(state) => {
                for chunk in out.chunks_mut(8) {
                    let bytes = next(state).to_le_bytes();
                    chunk.copy_from_slice(&bytes[..chunk.len()]);
                }
            }
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

/// SplitMix64.
fn next(state: &AtomicU64) -> u64 {
    let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

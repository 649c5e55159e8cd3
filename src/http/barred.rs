//! Networks whose requests are not answered: kept in memory, since every request asks before anything of it is read.

use crate::{error::Result, server::Server};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{PoisonError, RwLock},
};
use storage::{
    Bounds, Direction, RowId, Timestamp,
    sign_up_block::{IP_BLOCKS, IpBlock, IpSeverity, bits_of, network_of},
};
use tokio::sync::Mutex;

/// Rows read by one look.
const ROWS: usize = 200;

/// The networks that get no answer.
#[derive(Default)]
pub struct Barred {
    networks: RwLock<Networks>,
    /// One reading at a time, so that an older one never replaces a newer one.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Networks {
    /// Lengths of prefixes that there are, with the bits of their family.
    lengths: Vec<(u8, u8)>,
    /// Network → until when, if it ends.
    ends: HashMap<(IpAddr, u8), Option<Timestamp>>,
}

impl Networks {
    fn add(&mut self, block: &IpBlock) {
        let length = (bits_of(block.address), block.prefix);
        if !self.lengths.contains(&length) {
            self.lengths.push(length);
        }
        self.ends.insert((block.address, block.prefix), block.expires_at);
    }

    fn cover(&self, address: IpAddr, now: Timestamp) -> bool {
        let address = address.to_canonical();
        let family = bits_of(address);
        self.lengths.iter().filter(|(bits, _)| *bits == family).any(|(_, prefix)| {
            let end = self.ends.get(&(network_of(address, *prefix), *prefix));
            end.is_some_and(|end| end.is_none_or(|end| now < end))
        })
    }
}

impl Barred {
    /// Whether nothing from `address` is answered.
    #[must_use]
    pub fn covers(&self, address: IpAddr, now: Timestamp) -> bool {
        self.networks.read().unwrap_or_else(PoisonError::into_inner).cover(address, now)
    }
}

/// Reads all such networks anew: at the start, and by whoever changed one once that is durable.
///
/// # Errors
/// Storage errors; what was known stays known then.
pub async fn read_anew(server: &Server) -> Result<()> {
    let barred = server.barred();
    let _one = barred.reading.lock().await;
    let mut networks = Networks::default();
    let mut above: Option<u64> = None;
    loop {
        let bounds = Bounds { below: None, above };
        let rows: Vec<(RowId, IpBlock)> =
            server.read(move |view| Ok(IP_BLOCKS.list(view, &(), bounds, Direction::Ascending, ROWS)?)).await?;
        rows.iter()
            .filter(|(_, block)| block.severity == IpSeverity::NoAccess)
            .for_each(|(_, block)| networks.add(block));
        match rows.last() {
            Some((last, _)) if rows.len() == ROWS => above = Some(last.0),
            _ => break,
        }
    }
    *barred.networks.write().unwrap_or_else(PoisonError::into_inner) = networks;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_cover_their_addresses_until_they_end() {
        let now = Timestamp(1_000);
        let mut networks = Networks::default();
        let block = |address: &str, prefix, expires_at| IpBlock {
            address: address.parse().expect("an address"),
            prefix,
            severity: IpSeverity::NoAccess,
            comment: String::new(),
            expires_at,
            created_at: now,
        };
        networks.add(&block("192.0.2.0", 24, None));
        networks.add(&block("198.51.100.7", 32, Some(Timestamp(2_000))));
        networks.add(&block("2001:db8::", 32, None));
        let covers = |text: &str, now| networks.cover(text.parse().expect("an address"), now);
        for inside in ["192.0.2.1", "::ffff:192.0.2.255", "198.51.100.7", "2001:db8:ffff::1"] {
            assert!(covers(inside, now), "{inside}");
        }
        for outside in ["192.0.3.1", "198.51.100.8", "2001:db9::1", "::1"] {
            assert!(!covers(outside, now), "{outside}");
        }
        assert!(!covers("198.51.100.7", Timestamp(2_000)));
    }
}

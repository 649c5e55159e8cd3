//! A range of addresses.

use crate::error::{Error, Result};
use std::{net::IpAddr, str::FromStr};
use storage::sign_up_block::{bits_of, network_of};

/// A network: an address and how many of its first bits count (RFC 4632 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether an address lies in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        bits_of(address) == bits_of(self.address) && network_of(address, self.prefix) == self.address
    }
}

impl FromStr for Network {
    type Err = Error;

    /// `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("network", format!("{text:?} is no address, and no network as 10.0.0.0/8"));
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let address = address.to_canonical();
        let most = bits_of(address);
        let prefix = prefix.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if prefix > most {
            return Err(wrong());
        }
        Ok(Network { address: network_of(address, prefix), prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_what_begins_as_they_do() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "::ffff:192.0.2.7", "192.0.2.8"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("0.0.0.0/0", "203.0.113.1", "::1"),
        ] {
            let network: Network = network.parse().expect("a network");
            let contains = |text: &str| network.contains(text.parse().expect("an address"));
            assert!(contains(inside) && !contains(outside), "{network:?}");
        }
        for wrong in ["", "home", "10.0.0.0/33", "10.0.0.0/", "::/129", "10.0.0.0/-1"] {
            let said = wrong.parse::<Network>().expect_err("no network").to_string();
            assert!(said.contains(&format!("{wrong:?}")), "{said}");
        }
    }
}

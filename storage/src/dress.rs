//! How pages are dressed for somebody: the zone of their times, whether pictures load by themselves, whether keys act, the
//! colours.

use crate::{
    account::ACCOUNTS,
    check::describe::{Described, Pointer, Reference, always},
    error::Result,
    id::AccountId,
    record,
    store::Tx,
    table::{Read, Table},
};
use serde::{Deserialize, Serialize};

/// What somebody has chosen for the pages of this server; apps do not know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dress {
    /// The name of a time zone (IANA); empty: as the browser says.
    pub zone: String,
    /// Pictures are links, and no more is loaded than is read.
    pub light: bool,
    /// Single keys do nothing.
    pub keys_off: bool,
    /// Which colours.
    pub theme: Theme,
}
record!(Dress, 2, { 1 => DressV1 });

/// Which colours pages have. Grows only at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Those of the day.
    Light,
    /// Those of the night.
    Dark,
    /// Those with much contrast, by day and by night as the system says.
    Contrast,
}

/// Before the colours could be chosen.
#[derive(Deserialize)]
struct DressV1 {
    zone: String,
    light: bool,
    keys_off: bool,
}

impl From<DressV1> for Dress {
    fn from(old: DressV1) -> Self {
        Dress { zone: old.zone, light: old.light, keys_off: old.keys_off, theme: Theme::System }
    }
}

/// account → what its user has chosen; none: the defaults.
pub const DRESSES: Table<AccountId, Dress> = Table::new(484, "dress");

/// The dress of the pages of `account`.
///
/// # Errors
/// Storage errors.
pub fn of(read: &dyn Read, account: AccountId) -> Result<Dress> {
    DRESSES.get_or_default(read, &account)
}

/// Stores the dress of the pages of `account`.
pub fn put(tx: &mut Tx<'_>, account: AccountId, dress: &Dress) {
    DRESSES.put_unless_default(tx, &account, dress);
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] =
    &[&Reference { of: &DRESSES, to: |account, _| vec![Pointer::to(&ACCOUNTS, account)], unless: always }];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let dress = Dress { zone: "a/B".to_owned(), light: true, keys_off: true, theme: Theme::Contrast };
        assert_eq!(dress.encode(), [2, 3, b'a', b'/', b'B', 1, 1, 3]);
        assert_eq!(Dress::decode(&dress.encode()).expect("readable"), dress);
        assert_eq!(Dress::default().encode(), [2, 0, 0, 0, 0]);
        let former = Dress { theme: Theme::System, ..dress };
        assert_eq!(Dress::decode(&[1, 3, b'a', b'/', b'B', 1, 1]).expect("readable"), former);
    }
}

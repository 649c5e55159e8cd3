//! Links that are sent by mail: to confirm an address, to choose a new password. Only hashes of their secrets are kept.

use crate::{
    check::describe::{Claim, Described, Index, Pointer, Reference, always},
    error::Result,
    id::{AccountId, Timestamp},
    key::SecretHash,
    limits, record,
    store::Tx,
    table::{Bounds, Direction, Read, Table},
    user::USERS,
};
use serde::{Deserialize, Serialize};

/// What a link is for. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Whoever opens it reads mail sent to the address.
    Confirm,
    /// Whoever opens it may choose a new password.
    ResetPassword,
    /// Whoever opens it reads mail sent to the address that letters are to go to.
    ChangeEmail,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLink {
    /// Whose.
    pub account: AccountId,
    /// What for.
    pub purpose: Purpose,
    /// The address it is sent to: it holds for this one only.
    pub email: String,
    /// When it was made.
    pub created_at: Timestamp,
}
record!(MailLink, 1);

/// Hash of a secret → link.
pub const MAIL_LINKS: Table<SecretHash, MailLink> = Table::new(311, "mail_link");
/// (account, hash of a secret): the links of an account.
pub const MAIL_LINKS_OF_ACCOUNT: Table<(AccountId, SecretHash), ()> = Table::new(312, "mail_link_of_account");

/// The link with this secret.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, hash: SecretHash) -> Result<Option<MailLink>> {
    MAIL_LINKS.get(read, &hash)
}

/// Stores a link; of `limits::MAIL_LINKS` that an account has already, the oldest goes.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, hash: SecretHash, link: &MailLink) -> Result<()> {
    let known = of_account(tx, link.account)?;
    if known.len() >= limits::MAIL_LINKS
        && let Some((oldest, _)) = known.iter().min_by_key(|(_, link)| link.created_at)
    {
        remove(tx, link.account, *oldest);
    }
    MAIL_LINKS.put(tx, &hash, link);
    MAIL_LINKS_OF_ACCOUNT.put(tx, &(link.account, hash), &());
    Ok(())
}

/// Removes all links of an account.
///
/// # Errors
/// Storage errors.
pub fn remove_all(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    for (hash, _) in of_account(tx, account)? {
        remove(tx, account, hash);
    }
    Ok(())
}

/// Removes the links of an account that are for `purpose`.
///
/// # Errors
/// Storage errors.
pub fn remove_for(tx: &mut Tx<'_>, account: AccountId, purpose: Purpose) -> Result<()> {
    for (hash, _) in of_account(tx, account)?.into_iter().filter(|(_, link)| link.purpose == purpose) {
        remove(tx, account, hash);
    }
    Ok(())
}

fn remove(tx: &mut Tx<'_>, account: AccountId, hash: SecretHash) {
    MAIL_LINKS.delete(tx, &hash);
    MAIL_LINKS_OF_ACCOUNT.delete(tx, &(account, hash));
}

fn of_account(read: &dyn Read, account: AccountId) -> Result<Vec<(SecretHash, MailLink)>> {
    let most = limits::MAIL_LINKS + 1;
    let rows = MAIL_LINKS_OF_ACCOUNT.list(read, &account, Bounds::NONE, Direction::Ascending, most)?;
    let mut links = Vec::with_capacity(rows.len());
    for ((_, hash), ()) in rows {
        links.extend(find(read, hash)?.map(|link| (hash, link)));
    }
    Ok(links)
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &MAIL_LINKS_OF_ACCOUNT,
        of: &[&MAIL_LINKS],
        wants: |hash, link| vec![((link.account, *hash), ())],
        owner: |(_, hash), ()| *hash,
        claim: Claim::Sole,
    },
    &Reference { of: &MAIL_LINKS, to: |_, link| vec![Pointer::to(&USERS, &link.account)], unless: always },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn stored_bytes_stay_readable() {
        let link = MailLink {
            account: AccountId(7),
            purpose: Purpose::ResetPassword,
            email: "a@b".to_owned(),
            created_at: Timestamp(1_000),
        };
        assert_eq!(link.encode(), [1, 7, 1, 3, b'a', b'@', b'b', 0xd0, 0x0f]);
        assert_eq!(MailLink::decode(&link.encode()).expect("readable"), link);
    }
}

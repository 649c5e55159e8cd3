//! The words accounts are found by: those of their names, folded, and what still stands of earlier versions, which did not
//! fold them.

use super::{ACCOUNTS, Account};
use crate::{
    check::describe::{Claim, Described, Flaw, Index, Named},
    directory::{SETTLED, WORDS},
    error::{Error, Result},
    fold::{fold, is_dropped},
    id::AccountId,
    key::Key,
    limits,
    store::Tx,
    table::{Bounds, Direction, KeyRange, Read, Table, TableId, hex},
};
use std::{collections::BTreeSet, ops::ControlFlow};

/// (folded word of the name or display name, account): the index behind account search.
pub const ACCOUNT_WORDS: Table<(String, AccountId), ()> = Table::new(150, "account_word");

/// Words of a display name that are indexed, beside the username.
const DISPLAY_NAME_WORDS_MAX: usize = 8;
/// Bytes of an indexed word; the rest of a longer one is not searched.
const WORD_BYTES_MAX: usize = 64;

/// Accounts with a word of name or display name that begins with `prefix`, on any server known here, in the order of
/// the words, each once: those in the first `scanned` rows.
///
/// # Errors
/// Storage errors.
pub fn search_by_prefix(read: &dyn Read, prefix: &str, scanned: usize) -> Result<Vec<AccountId>> {
    let (mut found, mut known, mut seen) = (Vec::new(), BTreeSet::new(), 0);
    for prefix in searchable_forms(read, prefix)? {
        if seen == scanned {
            break;
        }
        let range = KeyRange::prefix(prefix.as_bytes());
        read.scan_bytes(ACCOUNT_WORDS.id, &range, Direction::Ascending, &mut |key, _| {
            seen += 1;
            let (_, id) = <(String, AccountId)>::from_bytes(key)
                .ok_or_else(|| Error::corrupt(ACCOUNT_WORDS.name, hex(key), "unreadable key"))?;
            if known.insert(id) {
                found.push(id);
            }
            Ok(if seen < scanned { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
    }
    Ok(found)
}

/// The words an account is found by: its name, its parts, and those of its display name.
#[must_use]
pub fn words_of(account: &Account) -> BTreeSet<String> {
    let name = std::iter::once(account.username.as_str()).chain(account.username.split(['_', '-', '.']));
    let display = account.display_name.split(|c: char| !(c.is_alphanumeric() || is_dropped(c))).map(searchable);
    let display = display.filter(|word| !word.is_empty()).take(DISPLAY_NAME_WORDS_MAX);
    let name = name.map(searchable).filter(|word| !word.is_empty()).take(DISPLAY_NAME_WORDS_MAX);
    name.chain(display).collect()
}

/// The form in which words are compared: folded, cut at a character boundary; empty if nothing of it counts.
#[must_use]
pub fn searchable(word: &str) -> String {
    cut(fold(word).collect())
}

/// Puts the words of `account` in the place of those it had in its row `before`.
///
/// # Errors
/// Storage errors.
pub(super) fn place(tx: &mut Tx<'_>, account: &Account, before: Option<&Account>) -> Result<()> {
    let words = words_of(account);
    if let Some(before) = before {
        for gone in stored_words_of(tx, before)?.difference(&words) {
            ACCOUNT_WORDS.delete(tx, &(gone.clone(), account.id));
        }
    }
    for word in words {
        ACCOUNT_WORDS.put(tx, &(word, account.id), &());
    }
    Ok(())
}

/// Removes the words of an account that goes.
///
/// # Errors
/// Storage errors.
pub(super) fn forget(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    for word in stored_words_of(tx, account)? {
        ACCOUNT_WORDS.delete(tx, &(word, account.id));
    }
    Ok(())
}

/// Makes the words of some accounts anew that earlier versions stored as they were written; whether there is more to do.
///
/// # Errors
/// Storage errors.
pub fn settle_words(tx: &mut Tx<'_>) -> Result<bool> {
    let after = SETTLED.get(tx, &WORDS)?;
    if after == Some(AccountId(u64::MAX)) {
        return Ok(false);
    }
    let bounds = Bounds { above: after.map(|after| after.0), below: None };
    let rows = ACCOUNTS.list(tx, &(), bounds, Direction::Ascending, limits::ACCOUNT_WORDS_SETTLE_STEP)?;
    let (mut upto, mut changed) = (AccountId(u64::MAX), 0);
    for (id, account) in &rows {
        let (words, earlier) = (words_of(account), earlier_words_of(account));
        for word in words.symmetric_difference(&earlier) {
            let key = (word.clone(), *id);
            if words.contains(word) {
                ACCOUNT_WORDS.put(tx, &key, &());
            } else {
                ACCOUNT_WORDS.delete(tx, &key);
            }
            changed += 1;
        }
        upto = *id;
        if changed >= limits::ACCOUNT_WORDS_SETTLE_CHANGES {
            break;
        }
    }
    SETTLED.put(tx, &WORDS, &upto);
    Ok(!rows.is_empty())
}

/// The forms in which a word may stand in the index: until all are settled also that of earlier versions.
fn searchable_forms(read: &dyn Read, word: &str) -> Result<Vec<String>> {
    let mut forms = vec![searchable(word)];
    if !has_settled_words(read, AccountId(u64::MAX))? {
        forms.push(earlier_searchable(word));
        forms.dedup();
    }
    Ok(forms)
}

fn cut(mut word: String) -> String {
    word.truncate(word.floor_char_boundary(WORD_BYTES_MAX));
    word
}

/// The words that versions before folding stored of an account.
fn earlier_words_of(account: &Account) -> BTreeSet<String> {
    let name = std::iter::once(account.username.as_str()).chain(account.username.split(['_', '-', '.']));
    let display = account.display_name.split(|c: char| !c.is_alphanumeric());
    let display = display.filter(|word| !word.is_empty()).take(DISPLAY_NAME_WORDS_MAX);
    let name = name.filter(|word| !word.is_empty()).take(DISPLAY_NAME_WORDS_MAX);
    name.chain(display).map(earlier_searchable).collect()
}

fn earlier_searchable(word: &str) -> String {
    cut(word.to_lowercase())
}

/// The words that may be stored of an account: until it is settled those of earlier versions, too.
fn stored_words_of(read: &dyn Read, account: &Account) -> Result<BTreeSet<String>> {
    let mut words = words_of(account);
    if !has_settled_words(read, account.id)? {
        words.append(&mut earlier_words_of(account));
    }
    Ok(words)
}

/// Whether the words of this account have been looked at since they are folded.
fn has_settled_words(read: &dyn Read, id: AccountId) -> Result<bool> {
    Ok(SETTLED.get(read, &WORDS)?.is_some_and(|upto| id <= upto))
}

/// The words of accounts follow from their rows; of those that are not settled yet they may be the ones of earlier versions.
struct AccountWords(Index<AccountId, Account, (String, AccountId), ()>);

impl Described for AccountWords {
    fn table(&self) -> Named {
        self.0.table()
    }

    fn walks(&self) -> Vec<Named> {
        self.0.walks()
    }

    fn look(&self, read: &dyn Read, at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let mut flaws = Vec::new();
        self.0.look(read, at, row, &mut flaws)?;
        for flaw in flaws {
            if !awaits_settling(read, &flaw.key)? {
                found.push(flaw);
            }
        }
        Ok(())
    }

    fn is_derived(&self) -> bool {
        self.0.is_derived()
    }
}

/// Whether a word is there, or is missing, only because those of its account are still the ones of an earlier version.
fn awaits_settling(read: &dyn Read, key: &[u8]) -> Result<bool> {
    let Some((word, id)) = <(String, AccountId)>::from_bytes(key) else { return Ok(false) };
    if has_settled_words(read, id)? {
        return Ok(false);
    }
    let Some(account) = ACCOUNTS.get(read, &id)? else { return Ok(false) };
    let (words, earlier) = (words_of(&account), earlier_words_of(&account));
    match (words.contains(&word), earlier.contains(&word)) {
        (false, stands) => Ok(stands),
        (true, true) => Ok(false),
        (true, false) => {
            for word in earlier {
                if !ACCOUNT_WORDS.contains(read, &(word, id))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

/// What must hold (`check`).
pub(super) const CHECKED: &dyn Described = &AccountWords(Index {
    table: &ACCOUNT_WORDS,
    of: &[&ACCOUNTS],
    wants: |id, account| words_of(account).into_iter().map(|word| ((word, *id), ())).collect(),
    owner: |(_, id), ()| *id,
    claim: Claim::Sole,
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Timestamp;

    #[test]
    fn words_are_folded_and_marks_alone_are_none() {
        let words = |name: &str| {
            let ann = Account::bare(AccountId(7), "ann", Timestamp(2));
            words_of(&Account { display_name: name.to_owned(), ..ann }).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(words("\u{c4}lvsborg A\u{30a}sa-Łódź!"), ["alvsborg", "ann", "asa", "lodz"]);
        assert_eq!(words("\u{301} — 👩\u{200d}🚀"), ["ann"]);
        assert_eq!(searchable(&"ä".repeat(100)), "a".repeat(WORD_BYTES_MAX));
    }
}

//! Lives here: lists of domains to block that whoever runs the server brings: read, held against whom they follow, and
//! then applied, some domains a commit.
//! May use: `moderation::domain`, account, registrable, csv (in `table`), `storage`. Must never name: HTTP, edges, the
//! network, files; a list comes as bytes.
//! Invariants: nothing is blocked before whoever brought the list has said so; each domain is blocked by the rule that one
//! calls for a single block; a block that is there is never changed; how far a list has come is in the commit that blocks.
//! No list comes with the program.

mod outlook;
mod table;

pub use outlook::{Affected, Outlook, Reach, outlook};
pub use table::{Table, read};

use super::{
    domain::{self, Terms},
    power::{Power, require},
};
use crate::{
    account::{excerpt, handle::normalise_domain},
    error::{Error, Result},
    limits,
    origin::Origin,
};
use storage::{
    AccountId, Read, RowId, Tx,
    block_list::{self, BLOCK_LIST_PARTS, BLOCK_LISTS, BlockList, BlockListPart, ListSource, ListState, ListedDomain},
    job::{self, JobKind},
    moderation::{DOMAIN_BLOCKS, Severity},
};

pub use storage::block_list::ListStrength;

/// The strengths with their words in forms and commands.
const STRENGTHS: [(ListStrength, &str); 2] = [(ListStrength::Light, "light"), (ListStrength::Careful, "careful")];

/// The strength a word means.
#[must_use]
pub fn strength_named(word: &str) -> Option<ListStrength> {
    STRENGTHS.iter().find(|(_, known)| *known == word).map(|(strength, _)| *strength)
}

/// The word of a strength.
#[must_use]
pub fn strength_name(strength: ListStrength) -> &'static str {
    STRENGTHS.iter().find(|(known, _)| *known == strength).map_or("light", |(_, word)| word)
}

/// Whether a strength takes what a list says of a domain. What comes to nothing is taken by none.
fn takes(strength: ListStrength, row: &ListedDomain) -> bool {
    match (strength, row.severity) {
        (_, Severity::Suspend) => true,
        (ListStrength::Light, _) => false,
        (ListStrength::Careful, Severity::Silence) => true,
        (ListStrength::Careful, Severity::Noop) => row.reject_media || row.reject_reports,
    }
}

/// Keeps the domains of a list that came as a file of this name, for `by` to decide about; answers its number.
///
/// # Errors
/// `Forbidden` for whoever may not; `Invalid` beyond `limits::BLOCK_LIST_STORED_BYTES`, and while another list is at work.
pub fn bring(tx: &mut Tx<'_>, by: AccountId, name: &str, strength: ListStrength, table: Table) -> Result<RowId> {
    require(tx, by, Power::ManageFederation)?;
    let source = ListSource::File(name.chars().take(limits::BLOCK_LIST_NAME_CHARS).collect());
    let parts = parts(table.rows)?;
    let list = fresh(tx, Some(by), source, strength);
    let id = keep(tx, &list)?;
    fill(tx, id, list, &parts, table.unread);
    Ok(id)
}

/// As [`bring`] and [`apply`] in one, by whoever can run commands on this machine.
///
/// # Errors
/// As [`bring`], but never `Forbidden`.
pub fn apply_by_operator(tx: &mut Tx<'_>, name: &str, strength: ListStrength, table: Table) -> Result<RowId> {
    let source = ListSource::File(name.chars().take(limits::BLOCK_LIST_NAME_CHARS).collect());
    let parts = parts(table.rows)?;
    let list = fresh(tx, None, source, strength);
    let id = keep(tx, &list)?;
    let filled = fill(tx, id, list, &parts, table.unread);
    begin(tx, id, filled);
    Ok(id)
}

/// Names a server whose list is to be brought; a job asks it. Answers the list's number.
///
/// # Errors
/// As [`bring`]; `Invalid` for what is no domain.
pub fn ask(tx: &mut Tx<'_>, by: AccountId, typed: &str, strength: ListStrength) -> Result<RowId> {
    require(tx, by, Power::ManageFederation)?;
    let bare = typed.trim().trim_start_matches("https://").trim_end_matches('/');
    let domain = normalise_domain(bare).filter(|domain| domain.contains('.'));
    let no_domain = || Error::invalid("block_list", format!("{:?} is no name of a server", excerpt(typed)));
    let source = ListSource::Server(domain.ok_or_else(no_domain)?);
    let list = BlockList { state: ListState::Reading, ..fresh(tx, Some(by), source, strength) };
    let id = keep(tx, &list)?;
    job::enqueue(tx, JobKind::ReadBlockList { list: id });
    Ok(id)
}

/// The domain whose server is to be asked for a list; `None` if nobody waits for it any more.
///
/// # Errors
/// Storage errors.
pub fn asked(read: &dyn Read, id: RowId) -> Result<Option<String>> {
    let list = BLOCK_LISTS.get(read, &id)?.filter(|list| list.state == ListState::Reading);
    Ok(list.and_then(|list| match list.source {
        ListSource::Server(domain) => Some(domain),
        ListSource::File(_) => None,
    }))
}

/// Keeps what a server answered; nothing changes if nobody waits for it any more.
///
/// # Errors
/// `Invalid` beyond `limits::BLOCK_LIST_STORED_BYTES`.
pub fn answered(tx: &mut Tx<'_>, id: RowId, table: Table) -> Result<()> {
    let Some(list) = BLOCK_LISTS.get(tx, &id)?.filter(|list| list.state == ListState::Reading) else { return Ok(()) };
    let parts = parts(table.rows)?;
    fill(tx, id, list, &parts, table.unread);
    Ok(())
}

/// Notes that nothing comes of a list.
///
/// # Errors
/// Storage errors.
pub fn fail(tx: &mut Tx<'_>, id: RowId, why: &str) -> Result<()> {
    let Some(mut list) = BLOCK_LISTS.get(tx, &id)? else { return Ok(()) };
    list.state = ListState::Failed(why.chars().take(limits::SOURCE_WHY_CHARS).collect());
    list.ended_at = Some(tx.now());
    block_list::drop_parts(tx, id)?;
    BLOCK_LISTS.put(tx, &id, &list);
    Ok(())
}

/// The list that `by` brought last, with its number.
///
/// # Errors
/// Storage errors.
pub fn last(read: &dyn Read, by: AccountId) -> Result<Option<(RowId, BlockList)>> {
    let known = block_list::list(read, limits::BLOCK_LISTS_KEPT)?;
    Ok(known.into_iter().find(|(_, list)| list.by == Some(by)))
}

/// Has a job block the domains of the list that `by` brought and read, but for `spared`.
///
/// # Errors
/// `Forbidden` for whoever may not; `NotFound` if they have no such list that waits; `Invalid` for more than
/// `limits::BLOCK_LIST_SPARED` spared domains.
pub fn apply(tx: &mut Tx<'_>, by: AccountId, id: RowId, strength: ListStrength, spared: &[String]) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    let mut list = require_waiting(tx, by, id)?;
    if spared.len() > limits::BLOCK_LIST_SPARED {
        let why = format!("{} servers are left out; at most {}", spared.len(), limits::BLOCK_LIST_SPARED);
        return Err(Error::invalid("block_list", why));
    }
    list.strength = strength;
    list.spared = spared.iter().filter_map(|domain| normalise_domain(domain)).collect();
    begin(tx, id, list);
    Ok(())
}

/// Forgets a list that waits for a decision.
///
/// # Errors
/// As [`apply`].
pub fn forget(tx: &mut Tx<'_>, by: AccountId, id: RowId) -> Result<()> {
    require(tx, by, Power::ManageFederation)?;
    require_waiting(tx, by, id)?;
    Ok(block_list::remove(tx, id)?)
}

/// Blocks some of the domains of a list that is being applied; whether there are more.
///
/// # Errors
/// `Forbidden` if whoever brought it may not any more; storage errors.
pub fn step(tx: &mut Tx<'_>, origin: &Origin, id: RowId) -> Result<bool> {
    let Some(mut list) = BLOCK_LISTS.get(tx, &id)?.filter(|list| list.state == ListState::Applying) else {
        return Ok(false);
    };
    if let Some(by) = list.by {
        require(tx, by, Power::ManageFederation)?;
    }
    let part = BLOCK_LIST_PARTS.get(tx, &(id, list.part))?.unwrap_or_default();
    let from = usize::try_from(list.row).unwrap_or(usize::MAX);
    let taken = part.rows.iter().skip(from).take(limits::BLOCK_LIST_AT_ONCE);
    for row in taken {
        list.row += 1;
        let left = !takes(list.strength, row)
            || list.spared.contains(&row.domain)
            || origin.is_own_domain(&row.domain)
            || DOMAIN_BLOCKS.contains(tx, &row.domain)?;
        if left {
            list.left += 1;
            continue;
        }
        let terms = terms(&list, row);
        match list.by {
            Some(by) => domain::block(tx, by, &row.domain, &terms)?,
            None => domain::block_by_operator(tx, &row.domain, &terms)?,
        };
        list.blocked += 1;
    }
    if usize::try_from(list.row).unwrap_or(usize::MAX) >= part.rows.len() {
        (list.part, list.row) = (list.part + 1, 0);
    }
    let more = list.part < list.parts;
    if !more {
        (list.state, list.ended_at) = (ListState::Ended, Some(tx.now()));
        block_list::drop_parts(tx, id)?;
    }
    BLOCK_LISTS.put(tx, &id, &list);
    Ok(more)
}

/// What a list says of a domain, as a block of it; where it is from stands in what only moderators read.
fn terms(list: &BlockList, row: &ListedDomain) -> Terms {
    let source = match &list.source {
        ListSource::File(name) => format!("file {name}"),
        ListSource::Server(domain) => format!("list of {domain}"),
    };
    let day = jiff::Timestamp::from_millisecond(list.brought_at.0).unwrap_or_default().strftime("%Y-%m-%d");
    let from = format!("{source}, {day}, {}", strength_name(list.strength));
    Terms {
        severity: Some(row.severity),
        reject_media: Some(row.reject_media),
        reject_reports: Some(row.reject_reports),
        private_comment: Some(from),
        public_comment: Some(row.public_comment.clone()),
        obfuscate: Some(row.obfuscate),
    }
}

fn fresh(tx: &Tx<'_>, by: Option<AccountId>, source: ListSource, strength: ListStrength) -> BlockList {
    BlockList {
        by,
        source,
        strength,
        state: ListState::Read,
        brought_at: tx.now(),
        ended_at: None,
        rows: 0,
        unread: 0,
        parts: 0,
        part: 0,
        row: 0,
        blocked: 0,
        left: 0,
        spared: Vec::new(),
    }
}

/// Makes room for a new list: what waits for a decision gives way to it, what is at work does not.
fn keep(tx: &mut Tx<'_>, list: &BlockList) -> Result<RowId> {
    let known = block_list::list(tx, limits::BLOCK_LISTS_KEPT + 1)?;
    if known.iter().any(|(_, known)| known.state == ListState::Applying) {
        return Err(Error::invalid("block_list", "the domains of another list are still being blocked"));
    }
    let mut kept = 0;
    for (id, known) in &known {
        let waits = matches!(known.state, ListState::Reading | ListState::Read);
        kept += usize::from(!waits);
        if waits || kept >= limits::BLOCK_LISTS_KEPT {
            block_list::remove(tx, *id)?;
        }
    }
    let id: RowId = tx.next_id();
    BLOCK_LISTS.put(tx, &id, list);
    Ok(id)
}

fn fill(tx: &mut Tx<'_>, id: RowId, list: BlockList, parts: &[BlockListPart], unread: u32) -> BlockList {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let rows = count(parts.iter().map(|part| part.rows.len()).sum());
    let list = BlockList { state: ListState::Read, rows, unread, parts: count(parts.len()), ..list };
    block_list::put_parts(tx, id, parts);
    BLOCK_LISTS.put(tx, &id, &list);
    list
}

fn begin(tx: &mut Tx<'_>, id: RowId, list: BlockList) {
    BLOCK_LISTS.put(tx, &id, &BlockList { state: ListState::Applying, ..list });
    job::enqueue(tx, JobKind::ApplyBlockList { list: id });
}

fn require_waiting(read: &dyn Read, by: AccountId, id: RowId) -> Result<BlockList> {
    let list = BLOCK_LISTS.get(read, &id)?;
    list.filter(|list| list.by == Some(by) && list.state == ListState::Read).ok_or(Error::NotFound)
}

/// Domains in parts that fit into a value of the store.
fn parts(rows: Vec<ListedDomain>) -> Result<Vec<BlockListPart>> {
    let size = |row: &ListedDomain| row.domain.len() + row.public_comment.len() + 8;
    let all: usize = rows.iter().map(size).sum();
    if all > limits::BLOCK_LIST_STORED_BYTES {
        let why =
            format!("the list has {all} bytes of names and comments; at most {}", limits::BLOCK_LIST_STORED_BYTES);
        return Err(Error::invalid("block_list", why));
    }
    let parts = storage::parts::cut(rows, limits::BLOCK_LIST_PART_ROWS, limits::BLOCK_LIST_PART_BYTES, size);
    Ok(parts.into_iter().map(|rows| BlockListPart { rows }).collect())
}

#[cfg(test)]
mod tests;

//! What a list would do: counted before anything is done, and held against where the people live whom somebody follows.

use super::{ListStrength, takes};
use crate::{error::Result, limits, origin::Origin};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use storage::{
    AccountId, Bounds, Direction, Read, RowId, account,
    block_list::{self, ListedDomain},
    follow_source::{FOLLOW_SOURCES, SourceState},
    import::{IMPORT_PARTS, IMPORTS, ImportKind, ImportStage},
    moderation::{DOMAIN_BLOCKS, Severity},
    peer,
    relationship::{FOLLOW_REQUESTS, FOLLOWING_ROWS},
};

/// How many servers a strength blocks, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// Suspended.
    pub suspended: u32,
    /// Limited.
    pub silenced: u32,
    /// Only their media or reports are refused.
    pub refused: u32,
}

impl Reach {
    /// How many of these a strength blocks.
    #[must_use]
    pub fn of(rows: &[ListedDomain], strength: ListStrength) -> Self {
        let mut reach = Reach::default();
        rows.iter().filter(|row| takes(strength, row)).for_each(|row| reach.count(row.severity));
        reach
    }

    /// All of them.
    #[must_use]
    pub fn servers(&self) -> u32 {
        self.suspended + self.silenced + self.refused
    }

    fn count(&mut self, severity: Severity) {
        let place = match severity {
            Severity::Suspend => &mut self.suspended,
            Severity::Silence => &mut self.silenced,
            Severity::Noop => &mut self.refused,
        };
        *place += 1;
    }
}

/// A domain of the list below which people live whom one follows, or is about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The domain, as the list has it.
    pub domain: String,
    /// What becomes of it.
    pub severity: Severity,
    /// How many of them.
    pub people: u32,
}

/// What a list would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Taken lightly.
    pub light: Reach,
    /// Taken carefully.
    pub careful: Reach,
    /// Domains that are blocked already, and stay as they are.
    pub known: u32,
    /// Where people live whom one follows, most of them first, at most `limits::BLOCK_LIST_SPARED`.
    pub affected: Vec<Affected>,
    /// There are more of them.
    pub cut: bool,
    /// Whom one followed elsewhere is still being asked, so that it could not be held against the list.
    pub waits: bool,
}

/// Holds a list against the blocks that are there, and against whom `own` follows, asked to follow, or brings in a table:
/// at most `limits::BLOCK_LIST_PEOPLE` of each.
///
/// # Errors
/// Storage errors.
pub fn outlook(read: &dyn Read, origin: &Origin, own: AccountId, id: RowId) -> Result<Outlook> {
    let (mut found, mut listed) = (Outlook::default(), HashMap::new());
    for row in block_list::rows(read, id)? {
        if origin.is_own_domain(&row.domain) {
            continue;
        }
        if DOMAIN_BLOCKS.contains(read, &row.domain)? {
            found.known += 1;
            continue;
        }
        if takes(ListStrength::Light, &row) {
            found.light.count(row.severity);
        }
        if takes(ListStrength::Careful, &row) {
            found.careful.count(row.severity);
            // Whose media are refused is met as before.
            if row.severity != Severity::Noop {
                listed.insert(row.domain, row.severity);
            }
        }
    }
    let mut affected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Person { name, domain, home } in people(read, own)? {
        // The nearest block decides, of the domain in the handle first (`storage::moderation::block_of_account`).
        let mut nearest = peer::named_by(&domain).chain(home.iter().flat_map(|home| peer::named_by(home)));
        if let Some(domain) = nearest.find(|domain| listed.contains_key(*domain)) {
            affected.entry(domain.to_owned()).or_default().insert(name);
        }
    }
    let count = |people: &BTreeSet<String>| u32::try_from(people.len()).unwrap_or(u32::MAX);
    let mut rows: Vec<_> = affected
        .into_iter()
        .map(|(domain, people)| Affected { severity: listed[&domain], people: count(&people), domain })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.people));
    found.cut = rows.len() > limits::BLOCK_LIST_SPARED;
    rows.truncate(limits::BLOCK_LIST_SPARED);
    found.affected = rows;
    found.waits = FOLLOW_SOURCES.get(read, &own)?.is_some_and(|source| source.state == SourceState::Reading);
    Ok(found)
}

/// Somebody elsewhere.
struct Person {
    /// What tells them apart.
    name: String,
    /// The domain of their handle, or what stands for it.
    domain: String,
    /// The authority of their server.
    home: Option<String>,
}

/// Whom somebody follows or is about to.
fn people(read: &dyn Read, own: AccountId) -> Result<Vec<Person>> {
    let most = limits::BLOCK_LIST_PEOPLE;
    let rows = FOLLOWING_ROWS.list(read, &own, Bounds::NONE, Direction::Descending, most)?;
    let mut ids: Vec<_> = rows.into_iter().map(|(_, who)| who).collect();
    let asked = FOLLOW_REQUESTS.list(read, &own, Bounds::NONE, Direction::Descending, most)?;
    ids.extend(asked.into_iter().map(|((_, who), _)| who));
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(account) = account::find(read, id)? else { continue };
        if let Some(domain) = account.domain {
            let (name, home) = (format!("{}@{domain}", account.username), peer::authority_of(&account.uri));
            found.push(Person { name: name.to_lowercase(), domain, home });
        }
    }
    let imports = IMPORTS.list(read, &own, Bounds::NONE, Direction::Descending, limits::IMPORTS_KEPT)?;
    let brought = imports
        .into_iter()
        .find(|(_, import)| import.kind == ImportKind::Following && import.stage != ImportStage::Ended);
    if let Some(((_, id), import)) = brought {
        // Who was taken already is among those above.
        for part in import.part..import.parts {
            let rows = IMPORT_PARTS.get(read, &(own, id, part))?.unwrap_or_default().rows;
            let from = if part == import.part { usize::try_from(import.row).unwrap_or(usize::MAX) } else { 0 };
            found.extend(rows.into_iter().skip(from).filter_map(|row| {
                let authority = match row.subject.rsplit_once('@') {
                    Some((_, domain)) if !row.subject.contains("://") => domain.to_lowercase(),
                    _ => peer::authority_of(&row.subject)?,
                };
                Some(Person { name: row.subject.trim_start_matches('@').to_lowercase(), domain: authority, home: None })
            }));
        }
    }
    Ok(found)
}

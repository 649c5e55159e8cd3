//! Interaction policies: who may favourite, answer and reblog a status, and what waits for its author's word
//! (GoToSocial, interaction policies).

use crate::{
    account::ACCOUNTS,
    check::describe::{Claim, Described, Flaw, Index, Named, Pointer, Reference, always},
    directory::{LEAVES, SETTLED},
    error::Result,
    id::{AccountId, RowId, StatusId, Timestamp},
    key::{Digest, Key},
    limits,
    quote::Groups,
    record,
    record::Record,
    status::{self, STATUSES, Status, Visibility},
    store::Tx,
    table::{Bounds, Direction, Read, Table, TableId},
};
use serde::{Deserialize, Serialize};

/// What somebody does with a status of another. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Interaction {
    /// They favourite it.
    Favourite,
    /// They answer it.
    Reply,
    /// They reblog it.
    Reblog,
}

impl Interaction {
    fn number(self) -> u8 {
        self as u8
    }
}

/// Who may do one thing. The author always may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Without being asked about.
    pub automatic: Groups,
    /// After the author agreed to the very deed.
    pub manual: Groups,
}

impl Default for Rule {
    fn default() -> Self {
        Rule { automatic: Groups::PUBLIC, manual: Groups::NOBODY }
    }
}

/// Who may do what with a status; by default whoever may see it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionPolicy {
    /// Who may favourite it.
    pub favourite: Rule,
    /// Who may answer it.
    pub reply: Rule,
    /// Who may reblog it.
    pub reblog: Rule,
}
record!(InteractionPolicy, 1);

impl InteractionPolicy {
    /// The rule for one thing.
    #[must_use]
    pub fn of(&self, interaction: Interaction) -> Rule {
        match interaction {
            Interaction::Favourite => self.favourite,
            Interaction::Reply => self.reply,
            Interaction::Reblog => self.reblog,
        }
    }
}

/// How far a request has come. Grows only at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestState {
    /// The author has not been heard of.
    Pending,
    /// The author agreed.
    Accepted,
    /// The author refused.
    Rejected,
}

/// Something that was done with a status whose author is asked, or agreed, or refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionRequest {
    /// What was done.
    pub interaction: Interaction,
    /// By whom.
    pub by: AccountId,
    /// With what.
    pub target: StatusId,
    /// Whose that is.
    pub author: AccountId,
    /// The reply; one that is refused goes with its request.
    pub reply: Option<StatusId>,
    /// The id of the Like, Announce or Note: a path if `by` lives here; empty if the peer gave none.
    pub uri: String,
    /// The id of the activity that asked for it, as received; empty if the deed itself came.
    pub asked: String,
    /// Who may see the reblog.
    pub visibility: Visibility,
    /// How far it has come.
    pub state: RequestState,
    /// When it was done.
    pub created_at: Timestamp,
    /// When the author answered.
    pub answered_at: Option<Timestamp>,
    /// What shows that a remote author agreed: a uri; empty for a local one, whose own stands under this row's number.
    pub authorization: String,
}
record!(InteractionRequest, 1);

impl InteractionRequest {
    /// The status by which it is found: of a reply itself, else what it is done with.
    #[must_use]
    pub fn about(&self) -> StatusId {
        self.reply.unwrap_or(self.target)
    }

    fn key(&self) -> (AccountId, u8, StatusId) {
        (self.by, self.interaction.number(), self.about())
    }

    /// What leads to it: what was done, and what shows that a remote author agreed.
    fn digests(&self) -> Vec<Digest> {
        let uris = [&self.uri, &self.authorization].into_iter().filter(|uri| !uri.is_empty());
        uris.map(|uri| Digest::of(uri)).collect()
    }

    fn is_pending(&self) -> bool {
        self.state == RequestState::Pending
    }
}

/// Status → who may do what with it; none: whoever may see it.
pub const POLICIES: Table<StatusId, InteractionPolicy> = Table::new(420, "interaction_policy");
/// (account, visibility) → the policy of new statuses; none: whoever may see them.
pub const DEFAULTS: Table<(AccountId, u8), InteractionPolicy> = Table::new(421, "interaction_default");
/// All requests.
pub const REQUESTS: Table<RowId, InteractionRequest> = Table::new(422, "interaction_request");
/// (author, request): what waits for the author's word.
pub const WAITING: Table<(AccountId, RowId), ()> = Table::new(423, "interaction_waiting");
/// (who, what, reply or target) → request.
pub const REQUEST_OF: Table<(AccountId, u8, StatusId), RowId> = Table::new(424, "interaction_request_of");
/// (target, request).
pub const REQUESTS_ON: Table<(StatusId, RowId), ()> = Table::new(425, "interaction_request_on");
/// Digest of the uri of what was done, or of what shows that a remote author agreed to it → request. Earlier
/// versions listed nothing of the latter (`settle`).
pub const REQUEST_BY_URI: Table<Digest, RowId> = Table::new(426, "interaction_request_by_uri");
/// Reply that waits for the word of who is answered → request.
pub const PENDING_REPLIES: Table<StatusId, RowId> = Table::new(427, "pending_reply");

/// Remote status whose author is asked by requests, not by the deeds themselves.
pub const ASKED_BY_REQUEST: Table<StatusId, ()> = Table::new(460, "asked_by_request");

/// How the author of a remote status is asked for what waits for their word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asking {
    /// With what is to be done: as all servers with such policies understand.
    #[default]
    ByDeed,
    /// With a request that holds it: in the words of GoToSocial since 0.20.
    ByRequest,
}

/// How the author of `status` is asked.
///
/// # Errors
/// Storage errors.
pub fn asking(read: &dyn Read, status: StatusId) -> Result<Asking> {
    Ok(if ASKED_BY_REQUEST.contains(read, &status)? { Asking::ByRequest } else { Asking::ByDeed })
}

/// Stores how the author of a remote `status` is asked.
pub fn put_asking(tx: &mut Tx<'_>, status: StatusId, asking: Asking) {
    match asking {
        Asking::ByDeed => ASKED_BY_REQUEST.delete(tx, &status),
        Asking::ByRequest => ASKED_BY_REQUEST.put(tx, &status, &()),
    }
}

/// Who may do what with `status`, where that was said.
///
/// # Errors
/// Storage errors.
pub fn policy(read: &dyn Read, status: StatusId) -> Result<Option<InteractionPolicy>> {
    POLICIES.get(read, &status)
}

/// Stores who may do what with `status`.
pub fn put_policy(tx: &mut Tx<'_>, status: StatusId, policy: InteractionPolicy) {
    if policy == InteractionPolicy::default() {
        POLICIES.delete(tx, &status);
    } else {
        POLICIES.put(tx, &status, &policy);
    }
}

/// The policy of new statuses of `account` with this visibility.
///
/// # Errors
/// Storage errors.
pub fn default_of(read: &dyn Read, account: AccountId, visibility: Visibility) -> Result<InteractionPolicy> {
    Ok(DEFAULTS.get(read, &(account, visibility as u8))?.unwrap_or_default())
}

/// Stores the policy of new statuses of `account` with this visibility.
pub fn put_default(tx: &mut Tx<'_>, account: AccountId, visibility: Visibility, policy: InteractionPolicy) {
    let key = (account, visibility as u8);
    if policy == InteractionPolicy::default() {
        DEFAULTS.delete(tx, &key);
    } else {
        DEFAULTS.put(tx, &key, &policy);
    }
}

/// The request with this number.
///
/// # Errors
/// Storage errors.
pub fn find(read: &dyn Read, id: RowId) -> Result<Option<InteractionRequest>> {
    REQUESTS.get(read, &id)
}

/// What `by` did with `about` (of a reply: the reply itself).
///
/// # Errors
/// Storage errors.
pub fn find_of(
    read: &dyn Read,
    by: AccountId,
    interaction: Interaction,
    about: StatusId,
) -> Result<Option<(RowId, InteractionRequest)>> {
    let Some(id) = REQUEST_OF.get(read, &(by, interaction.number(), about))? else { return Ok(None) };
    Ok(find(read, id)?.map(|row| (id, row)))
}

/// The request about the Like, Announce or Note with this uri or, of somebody here, path.
///
/// # Errors
/// Storage errors.
pub fn find_by_uri(read: &dyn Read, uri: &str) -> Result<Option<(RowId, InteractionRequest)>> {
    let Some(id) = REQUEST_BY_URI.get(read, &Digest::of(uri))? else { return Ok(None) };
    // The digest only leads to the row; the row holds the uri itself.
    Ok(find(read, id)?.filter(|row| row.uri == uri).map(|row| (id, row)))
}

/// What a remote author showed at `uri` that they agreed to. Of two that showed the same the first is known.
///
/// # Errors
/// Storage errors.
pub fn find_by_authorization(read: &dyn Read, uri: &str) -> Result<Option<(RowId, InteractionRequest)>> {
    let Some(id) = REQUEST_BY_URI.get(read, &Digest::of(uri))? else { return Ok(None) };
    Ok(find(read, id)?.filter(|row| row.authorization == uri).map(|row| (id, row)))
}

/// The request that the reply `status` waits for.
///
/// # Errors
/// Storage errors.
pub fn pending(read: &dyn Read, status: &Status) -> Result<Option<InteractionRequest>> {
    if status.reply.is_none() {
        return Ok(None);
    }
    let Some(id) = PENDING_REPLIES.get(read, &status.id)? else { return Ok(None) };
    find(read, id)
}

/// Whether `status` is a reply that waits for the word of who is answered.
///
/// # Errors
/// Storage errors.
pub fn is_pending(read: &dyn Read, status: &Status) -> Result<bool> {
    Ok(status.reply.is_some() && PENDING_REPLIES.contains(read, &status.id)?)
}

/// Requests that wait for `author`, in the order of the scan.
///
/// # Errors
/// Storage errors.
pub fn waiting(
    read: &dyn Read,
    author: AccountId,
    bounds: Bounds,
    direction: Direction,
    limit: usize,
) -> Result<Vec<(RowId, InteractionRequest)>> {
    let mut found = Vec::new();
    for ((_, id), ()) in WAITING.list(read, &author, bounds, direction, limit)? {
        found.extend(find(read, id)?.map(|row| (id, row)));
    }
    Ok(found)
}

/// Stores a request in place of what stood under its number, with its indexes. A reply that is to wait is stored after
/// its request; one that waits no more is counted by `status::show_reply`.
///
/// # Errors
/// Storage errors.
pub fn put(tx: &mut Tx<'_>, id: RowId, row: &InteractionRequest) -> Result<()> {
    remove(tx, id)?;
    REQUESTS.put(tx, &id, row);
    REQUESTS_ON.put(tx, &(row.target, id), &());
    REQUEST_OF.put(tx, &row.key(), &id);
    if !row.uri.is_empty() {
        REQUEST_BY_URI.put(tx, &Digest::of(&row.uri), &id);
    }
    list_leave(tx, id, row)?;
    if row.is_pending() {
        WAITING.put(tx, &(row.author, id), &());
        if let Some(reply) = row.reply {
            PENDING_REPLIES.put(tx, &reply, &id);
        }
    }
    Ok(())
}

/// Lists what shows that a remote author agreed, so that its Delete finds it. What was done under that id goes before.
fn list_leave(tx: &mut Tx<'_>, id: RowId, row: &InteractionRequest) -> Result<()> {
    let shown = Digest::of(&row.authorization);
    if !row.authorization.is_empty() && !REQUEST_BY_URI.contains(tx, &shown)? {
        REQUEST_BY_URI.put(tx, &shown, &id);
    }
    Ok(())
}

/// Does so for some requests of earlier versions, which did not; whether there is more to do.
///
/// # Errors
/// Storage errors.
pub fn settle(tx: &mut Tx<'_>) -> Result<bool> {
    let after = SETTLED.get(tx, &LEAVES)?;
    if after == Some(AccountId(u64::MAX)) {
        return Ok(false);
    }
    let bounds = Bounds { above: after.map(|after| after.0), below: None };
    let rows = REQUESTS.list(tx, &(), bounds, Direction::Ascending, limits::LEAVES_SETTLE_STEP)?;
    for (id, row) in &rows {
        list_leave(tx, *id, row)?;
    }
    SETTLED.put(tx, &LEAVES, &rows.last().map_or(AccountId(u64::MAX), |(id, _)| AccountId(id.0)));
    Ok(!rows.is_empty())
}

/// Removes a request with its indexes; what it was.
///
/// # Errors
/// Storage errors.
pub fn remove(tx: &mut Tx<'_>, id: RowId) -> Result<Option<InteractionRequest>> {
    let Some(row) = find(tx, id)? else { return Ok(None) };
    REQUESTS.delete(tx, &id);
    REQUESTS_ON.delete(tx, &(row.target, id));
    REQUEST_OF.delete(tx, &row.key());
    for digest in row.digests() {
        if REQUEST_BY_URI.get(tx, &digest)? == Some(id) {
            REQUEST_BY_URI.delete(tx, &digest);
        }
    }
    if row.is_pending() {
        WAITING.delete(tx, &(row.author, id));
        if let Some(reply) = row.reply {
            PENDING_REPLIES.delete(tx, &reply);
        }
    }
    Ok(Some(row))
}

/// The uris that lead to requests. That what shows an author's leave does not is no fault: earlier versions did not
/// list it, and something else may have had its id.
struct ByUri(Index<RowId, InteractionRequest, Digest, RowId>);

impl Described for ByUri {
    fn table(&self) -> Named {
        self.0.table()
    }

    fn walks(&self) -> Vec<Named> {
        self.0.walks()
    }

    fn look(&self, read: &dyn Read, at: TableId, row: (&[u8], &[u8]), found: &mut Vec<Flaw>) -> Result<()> {
        let mut flaws = Vec::new();
        self.0.look(read, at, row, &mut flaws)?;
        if at == REQUESTS.id
            && let Ok(request) = InteractionRequest::decode(row.1)
        {
            let shown = Digest::of(&request.authorization);
            if !REQUEST_BY_URI.contains(read, &shown)? {
                flaws.retain(|flaw| flaw.key != shown.to_bytes());
            }
        }
        found.append(&mut flaws);
        Ok(())
    }

    fn is_derived(&self) -> bool {
        self.0.is_derived()
    }
}

/// What must hold (`check`).
pub(crate) static CHECKED: &[&dyn Described] = &[
    &Index {
        table: &WAITING,
        of: &[&REQUESTS],
        wants: |id, row| if row.is_pending() { vec![((row.author, *id), ())] } else { Vec::new() },
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &REQUEST_OF,
        of: &[&REQUESTS],
        wants: |id, row| vec![(row.key(), *id)],
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Index {
        table: &REQUESTS_ON,
        of: &[&REQUESTS],
        wants: |id, row| vec![((row.target, *id), ())],
        owner: |(_, id), ()| *id,
        claim: Claim::Sole,
    },
    &ByUri(Index {
        table: &REQUEST_BY_URI,
        of: &[&REQUESTS],
        wants: |id, row| row.digests().into_iter().map(|digest| (digest, *id)).collect(),
        owner: |_, id| *id,
        // Two may use one id for two deeds; the last one stored has it.
        claim: Claim::Contested,
    }),
    &Index {
        table: &PENDING_REPLIES,
        of: &[&REQUESTS],
        wants: |id, row| {
            let waits = row.reply.filter(|_| row.is_pending());
            waits.into_iter().map(|reply| (reply, *id)).collect()
        },
        owner: |_, id| *id,
        claim: Claim::Sole,
    },
    &Reference { of: &POLICIES, to: |status, _| vec![Pointer::to(&STATUSES, status)], unless: always },
    &Reference { of: &ASKED_BY_REQUEST, to: |status, ()| vec![Pointer::to(&STATUSES, status)], unless: always },
    &Reference { of: &DEFAULTS, to: |(account, _), _| vec![Pointer::to(&ACCOUNTS, account)], unless: always },
    &Reference {
        of: &REQUESTS,
        to: |_, row| {
            let statuses = std::iter::once(&row.target).chain(&row.reply).map(|status| Pointer::to(&STATUSES, status));
            statuses.chain([row.by, row.author].iter().map(|account| Pointer::to(&ACCOUNTS, account))).collect()
        },
        unless: status::is_purged,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_version_one_stay_readable() {
        let nobody = Rule { automatic: Groups::NOBODY, manual: Groups::NOBODY };
        let friends = Rule { automatic: Groups::FOLLOWERS, manual: Groups::PUBLIC };
        let policy = InteractionPolicy { favourite: Rule::default(), reply: friends, reblog: nobody };
        assert_eq!(policy.encode(), [1, 1, 0, 2, 1, 0, 0]);
        assert_eq!(InteractionPolicy::decode(&policy.encode()).expect("a row"), policy);
        let request = InteractionRequest {
            interaction: Interaction::Reply,
            by: AccountId(2),
            target: StatusId(3),
            author: AccountId(4),
            reply: Some(StatusId(5)),
            uri: "u".to_owned(),
            asked: "a".to_owned(),
            visibility: Visibility::Unlisted,
            state: RequestState::Rejected,
            created_at: Timestamp(6),
            answered_at: Some(Timestamp(7)),
            authorization: "z".to_owned(),
        };
        assert_eq!(request.encode(), [1, 1, 2, 3, 4, 1, 5, 1, b'u', 1, b'a', 1, 2, 12, 1, 14, 1, b'z']);
        assert_eq!(InteractionRequest::decode(&request.encode()).expect("a row"), request);
    }
}

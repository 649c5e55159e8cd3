//! Intents: what must be told to other servers, as plain data written in the commit that caused it. A job builds
//! the activity from it once and stores the bytes before the first send (DESIGN §2). Grows only at the end.

use crate::id::{AccountId, ReportId, RowId, StatusId, Timestamp};
use crate::{interaction::Interaction, key::Digest, status::Visibility};
use serde::{Deserialize, Serialize};

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    /// A local status was posted.
    Create {
        /// The status.
        status: StatusId,
    },
    /// A local status was edited.
    Update {
        /// The status.
        status: StatusId,
    },
    /// A local status was deleted; its row is gone, so all that is needed stands here.
    Delete {
        /// Its author.
        account: AccountId,
        /// The status, whose own deliveries say who got it.
        status: StatusId,
        /// Its path.
        path: String,
        /// Who could see it.
        visibility: Visibility,
        /// Whom it mentioned, and the group whose thread it answered.
        mentions: Vec<AccountId>,
    },
    /// A local account reblogged.
    Announce {
        /// The reblog.
        reblog: StatusId,
    },
    /// A reblog was taken back.
    UndoAnnounce {
        /// Who.
        account: AccountId,
        /// The reblog, whose row is gone.
        reblog: StatusId,
        /// Its path.
        path: String,
        /// The original.
        original: StatusId,
        /// The original's uri or path.
        original_uri: String,
        /// The original's author.
        author: AccountId,
        /// Who could see the reblog.
        visibility: Visibility,
    },
    /// A local account favourited a remote status.
    Like {
        /// Who.
        account: AccountId,
        /// What.
        status: StatusId,
        /// The Like's row: its path ends in it.
        row: RowId,
    },
    /// A favourite was taken back.
    UndoLike {
        /// Who.
        account: AccountId,
        /// The Like's row.
        row: RowId,
        /// The status' uri.
        status_uri: String,
        /// Its author.
        author: AccountId,
    },
    /// A local account follows, or asks to follow, a remote one.
    Follow {
        /// Who.
        follower: AccountId,
        /// Whom.
        target: AccountId,
        /// The Follow's row: its path ends in it.
        row: RowId,
    },
    /// A follow, or a request for one, was taken back.
    UndoFollow {
        /// Who.
        follower: AccountId,
        /// Whom.
        target: AccountId,
        /// The Follow's row.
        row: RowId,
    },
    /// A local account accepts a remote follower.
    AcceptFollow {
        /// Who accepts.
        target: AccountId,
        /// The follower.
        follower: AccountId,
        /// The Follow's id as received; may be empty.
        follow_uri: String,
    },
    /// A local account refuses or removes a remote follower.
    RejectFollow {
        /// Who refuses.
        target: AccountId,
        /// The follower.
        follower: AccountId,
        /// The Follow's id as received; may be empty.
        follow_uri: String,
    },
    /// A local profile changed.
    UpdateActor {
        /// The account.
        account: AccountId,
    },
    /// As pins were told before `Feature` and `Unfeature`: the profile is sent anew, so that peers read `featured` again.
    /// Nobody writes it any more; a job of then may still wait.
    Pinned {
        /// The account.
        account: AccountId,
        /// The status.
        status: StatusId,
        /// Pinned now.
        pinned: bool,
    },
    /// A local account blocks a remote one.
    Block {
        /// Who blocks.
        account: AccountId,
        /// Whom.
        target: AccountId,
        /// The block's row.
        row: RowId,
    },
    /// A block was taken back.
    UndoBlock {
        /// Who blocked.
        account: AccountId,
        /// Whom.
        target: AccountId,
        /// The block's row.
        row: RowId,
    },
    /// Somebody here voted in a remote poll; one for each choice.
    Vote {
        /// Who.
        account: AccountId,
        /// The status with the poll.
        status: StatusId,
        /// The position of the option.
        choice: u32,
        /// The vote's row.
        row: RowId,
    },
    /// The counts of a local poll changed, or it ended.
    UpdatePoll {
        /// The status.
        status: StatusId,
        /// As of when: tells one activity from the next.
        at: Timestamp,
    },
    /// A report is sent on to the server of the reported account.
    Flag {
        /// The report.
        report: ReportId,
    },
    /// A local status quotes a remote one: its author is asked.
    QuoteRequest {
        /// The quoting status.
        status: StatusId,
    },
    /// A local author lets a remote account quote.
    AcceptQuote {
        /// The quoting status.
        status: StatusId,
        /// The QuoteRequest's id as received.
        request: String,
    },
    /// A local author does not let a remote account quote.
    RejectQuote {
        /// The quoted author.
        author: AccountId,
        /// Who asked.
        requester: AccountId,
        /// The QuoteRequest's id as received.
        request: String,
        /// The path of the quoted status.
        quoted: String,
        /// The uri of the quoting status.
        quoting: String,
    },
    /// A local author takes back that a remote account quotes.
    RevokeQuote {
        /// The quoted author.
        author: AccountId,
        /// The path of the stamp that no longer holds.
        stamp: String,
        /// Who quotes.
        quoter: AccountId,
    },
    /// A local account put an emoji on a remote status.
    React {
        /// Who.
        account: AccountId,
        /// On what.
        status: StatusId,
        /// The reaction's row: its path ends in it.
        row: RowId,
        /// Which emoji.
        name: String,
    },
    /// A reaction was taken back.
    UndoReact {
        /// Who.
        account: AccountId,
        /// The reaction's row.
        row: RowId,
        /// The status' uri.
        status_uri: String,
        /// Its author.
        author: AccountId,
        /// Which emoji.
        name: String,
        /// The picture of a custom one.
        picture: Option<String>,
    },
    /// A local account has moved: its followers are asked to follow the new one.
    Move {
        /// The old account.
        account: AccountId,
        /// When: tells one move from the next.
        at: Timestamp,
    },
    /// A local account is gone for good; everybody who may know it is told.
    DeleteActor {
        /// The account.
        account: AccountId,
    },
    /// What somebody elsewhere said about an answer to a local status goes on to the servers of those who follow the
    /// status' author, as it came (ActivityPub §7.1.2).
    Forward {
        /// The local author whose followers get it.
        author: AccountId,
        /// The activity's id.
        uri: String,
        /// Digest of the answer's uri.
        object: Digest,
        /// The activity with its proof, unchanged; the job is one value in the store, so at most 48 KiB.
        bytes: Vec<u8>,
    },
    /// A local account has other keys than before.
    ChangeKeys {
        /// The account.
        account: AccountId,
    },
    /// Somebody here answered a remote status whose author must agree first: only they get the reply.
    AskReply {
        /// The reply.
        status: StatusId,
    },
    /// Somebody here would reblog a remote status whose author must agree first: only they get it.
    AskReblog {
        /// The request.
        request: RowId,
    },
    /// A local author lets a remote account do what it asked for or did.
    AcceptInteraction {
        /// The request.
        request: RowId,
    },
    /// A local author does not let a remote account do something.
    RejectInteraction {
        /// The author.
        author: AccountId,
        /// Who did it.
        by: AccountId,
        /// What they did.
        interaction: Interaction,
        /// The path of the status.
        target: String,
        /// The id of the Like, Announce or Note; may be empty.
        uri: String,
        /// The id of the activity that asked for it; empty if the deed itself came.
        asked: String,
    },
    /// A relay is asked to pass on to this server.
    FollowRelay {
        /// Which.
        relay: RowId,
    },
    /// A relay was left; its row is gone.
    UnfollowRelay {
        /// Which.
        relay: RowId,
        /// Its inbox, if it is of Mastodon's kind.
        inbox: Option<String>,
        /// Its actor's id.
        actor: Option<String>,
        /// Its actor's row.
        account: Option<AccountId>,
    },
    /// The Follow of a LitePub relay is accepted.
    AcceptRelay {
        /// Which.
        relay: RowId,
        /// The Follow's id as received.
        follow_uri: String,
    },
    /// LitePub relays are told of a public status.
    TellRelays {
        /// The status.
        status: StatusId,
    },
    /// Somebody here would favourite a remote status whose author must agree first, and is asked by a request.
    AskFavourite {
        /// The request.
        request: RowId,
    },
    /// The server's own actor has other keys than before.
    ChangeInstanceKeys {
        /// When the old ones were retired.
        at: Timestamp,
    },
    /// A local account shows something first on its profile from now on.
    Feature {
        /// The account.
        account: AccountId,
        /// Where it stands in the account's list: the activity's id names it.
        row: RowId,
        /// What.
        shown: Shown,
    },
    /// And no longer.
    Unfeature {
        /// The account.
        account: AccountId,
        /// Where it stood.
        row: RowId,
        /// What.
        shown: Shown,
    },
    /// A local account put an emoji on a remote status, told so that servers without reactions take it for a favourite.
    LikeWithEmoji {
        /// Who.
        account: AccountId,
        /// On what.
        status: StatusId,
        /// The reaction's row: its path names it.
        row: RowId,
        /// Which emoji.
        name: String,
    },
    /// A reaction that was told so was taken back.
    UndoLikeWithEmoji {
        /// Who.
        account: AccountId,
        /// The reaction's row.
        row: RowId,
        /// The status' uri.
        status_uri: String,
        /// Its author.
        author: AccountId,
        /// Which emoji.
        name: String,
        /// The picture of a custom one.
        picture: Option<String>,
    },
    /// A favourite that waited for the word of a remote author was taken back: only they hear of it.
    UndoAskFavourite {
        /// Who.
        account: AccountId,
        /// The Like's row.
        row: RowId,
        /// The status' uri.
        status_uri: String,
        /// Its author.
        author: AccountId,
    },
    /// As `Delete`, of a local status that other servers are known to have, whether it was sent there or not.
    DeleteHeld {
        /// Its author.
        account: AccountId,
        /// The status, whose own deliveries say who got it.
        status: StatusId,
        /// Its path.
        path: String,
        /// Who could see it.
        visibility: Visibility,
        /// Whom it mentioned, and the group whose thread it answered.
        mentions: Vec<AccountId>,
        /// People of the servers that have it: they hear of it without being addressed.
        holders: Vec<AccountId>,
    },
    /// A local status was deleted that somebody here had shared: whoever heard of the reblog hears that what it shared is
    /// gone, and with it the reblog.
    DeleteShared {
        /// The author of what was shared.
        account: AccountId,
        /// Its path.
        path: String,
        /// Who shared it.
        by: AccountId,
        /// The path of the reblog, whose row is gone.
        reblog: String,
    },
}

/// What an account shows first on its profile. Grows only at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// A status of its own.
    Status(StatusId),
    /// A hashtag, in the form tags are compared in.
    Tag(String),
}

//! Who may do what with a post, as its `interactionPolicy` says (GoToSocial; FEP-044f for quotes).

use super::{Approval, read};
use crate::limits;
use serde_json::Value;

/// Who may like, answer and announce a post; none where the document does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// `canLike`.
    pub like: Option<Approval>,
    /// `canReply`.
    pub reply: Option<Approval>,
    /// `canAnnounce`.
    pub announce: Option<Approval>,
    /// It is said in the words of GoToSocial since 0.20, which came with requests.
    pub knows_requests: bool,
}

/// The names of groups since GoToSocial 0.20.
const NEWER: [&str; 2] = ["automaticApproval", "manualApproval"];

/// Reads who may do what. A part in which nobody is named says nothing.
#[must_use]
pub fn read(document: &Value) -> Policy {
    let part = |name| approval(document, name).filter(|part| *part != Approval::default());
    let newer = |name: &str| {
        let stated = document.get("interactionPolicy").and_then(|policy| policy.get(name));
        stated.is_some_and(|part| NEWER.iter().any(|name| part.get(name).is_some()))
    };
    Policy {
        like: part("canLike"),
        reply: part("canReply"),
        announce: part("canAnnounce"),
        // Who may quote is said so by others, too.
        knows_requests: ["canLike", "canReply", "canAnnounce"].into_iter().any(newer),
    }
}

/// The part `name` of the policy, under its names since GoToSocial 0.20 or the older ones; none if it is not there.
#[must_use]
pub fn approval(document: &Value, name: &str) -> Option<Approval> {
    let stated = document.get("interactionPolicy")?.get(name)?;
    let of = |names: [&str; 2]| {
        let list = names.into_iter().find_map(|name| stated.get(name));
        read::ids(list, limits::POLICY_ENTRIES_MAX)
    };
    Some(Approval {
        automatic: of(["automaticApproval", "always"]),
        manual: of(["manualApproval", "approvalRequired"]),
    })
}

//! What may still be sent of what was built before its sender was suspended here, or was gone. What such a sender still
//! says anew is decided when it is built (`is_silent`); the same leaves here.

use crate::{error::Result, federation::object::ActivityKind, origin::Origin};
use serde::Deserialize;
use storage::{
    AccountId, Read, Timestamp,
    account::ACCOUNTS,
    delivery::{Activity, Memory, Sender},
    user,
};

/// An activity, as far as it says what it does.
#[derive(Deserialize)]
struct Deed {
    #[serde(rename = "type")]
    kind: String,
}

/// Whether `activity`, whose bytes are `document`, may still be sent: of somebody suspended here only what takes back and
/// what says how they stand, of somebody gone only that they are.
///
/// # Errors
/// Storage errors.
pub fn may_be_sent(read: &dyn Read, origin: &Origin, activity: &Activity, document: &[u8]) -> Result<bool> {
    let Some((sender, since)) = silenced(read, activity)? else { return Ok(true) };
    // Of whoever is gone the name is left, and the keys until everybody has heard of it.
    if user::find(read, sender)?.is_none() {
        return Ok(activity.memory == Memory::Departure);
    }
    // What others said they pass on no more.
    Ok(origin.is_own(&activity.uri) && takes_back(activity, document, since))
}

/// Whether it takes a look at its bytes to say whether `activity` may still be sent: its sender is suspended here, or
/// gone.
///
/// # Errors
/// Storage errors.
pub fn is_in_question(read: &dyn Read, activity: &Activity) -> Result<bool> {
    Ok(silenced(read, activity)?.is_some())
}

/// Its sender, and since when that is suspended here, or gone; none: all that is theirs may be sent.
fn silenced(read: &dyn Read, activity: &Activity) -> Result<Option<(AccountId, Timestamp)>> {
    let (Sender::Account(sender) | Sender::Retired(sender)) = activity.sender else { return Ok(None) };
    // The row itself: no block of a domain is about somebody here.
    let since = ACCOUNTS.get(read, &sender)?.and_then(|account| account.suspended_at);
    Ok(since.map(|since| (sender, since)))
}

fn takes_back(activity: &Activity, document: &[u8], since: Timestamp) -> bool {
    let kind = serde_json::from_slice::<Deed>(document).ok().and_then(|deed| ActivityKind::from_name(&deed.kind));
    match kind {
        // An edit is remembered for who has the status, a changed profile is not: that of then says how they stand, one from
        // before what they said. Other keys verify the rest, whenever they were made.
        Some(ActivityKind::Update) => {
            let is_told_since = activity.created_at >= since || matches!(activity.sender, Sender::Retired(_));
            activity.memory == Memory::Nothing && is_told_since
        }
        Some(
            ActivityKind::Delete
            | ActivityKind::Undo
            | ActivityKind::Remove
            | ActivityKind::Reject
            | ActivityKind::Block,
        ) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::lab::{Lab, START};
    use storage::{
        AccountId, Digest,
        account::{self, Account},
        delivery::Priority,
    };

    const NEW: [(&str, Memory); 9] = [
        ("Create", Memory::Audience),
        ("Create", Memory::Nothing),
        ("Update", Memory::Audience),
        ("Announce", Memory::Audience),
        ("Move", Memory::Audience),
        ("Like", Memory::Nothing),
        ("Follow", Memory::Nothing),
        ("Accept", Memory::Nothing),
        ("Add", Memory::Nothing),
    ];
    const TAKING_BACK: [(&str, Memory); 7] = [
        ("Delete", Memory::End),
        ("Undo", Memory::End),
        ("Undo", Memory::Nothing),
        ("Update", Memory::Nothing),
        ("Remove", Memory::Nothing),
        ("Reject", Memory::Nothing),
        ("Block", Memory::Nothing),
    ];

    fn suspend(lab: &Lab, id: AccountId) {
        let row = lab.account(id);
        let rule = move |tx: &mut storage::Tx<'_>| {
            let suspended_at = Some(tx.now());
            Ok(account::put(tx, &Account { suspended_at, ..row.clone() })?)
        };
        lab.write(rule).expect("stored");
    }

    #[test]
    fn of_the_suspended_only_what_takes_back_is_sent_and_of_the_gone_only_that_they_are() {
        let lab = Lab::new();
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let (ann, bad, gone) = (lab.local("ann"), lab.local("bad"), lab.local("gone"));
        suspend(&lab, bad);
        suspend(&lab, gone);
        lab.write(move |tx| crate::user::remove(tx, gone)).expect("removed");
        let may_of = |created_at, sender: Sender, host: &str, (kind, memory): (&str, Memory)| {
            let uri = format!("https://{host}/activities/1");
            let document = format!("{{\"id\":\"{uri}\",\"type\":\"{kind}\"}}");
            let (object, priority) = (Digest::of("x"), Priority::Public);
            let activity = Activity { uri, object, sender, priority, memory, supersedes: false, created_at };
            lab.read(|read| may_be_sent(read, &origin, &activity, document.as_bytes()))
        };
        let may = |sender: Sender, host: &str, said: (&str, Memory)| may_of(START, sender, host, said);
        let departure = ("Delete", Memory::Departure);
        for said in NEW {
            assert!(
                may(Sender::Account(ann), "here.test", said) && may(Sender::Instance, "here.test", said),
                "{said:?}"
            );
            assert!(!may(Sender::Account(bad), "here.test", said), "{said:?}");
            assert!(!may(Sender::Account(gone), "here.test", said), "{said:?}");
        }
        for said in TAKING_BACK {
            assert!(may(Sender::Account(bad), "here.test", said), "{said:?}");
            assert!(!may(Sender::Account(bad), "far.test", said), "it is passed on: {said:?}");
            assert!(!may(Sender::Account(gone), "here.test", said), "{said:?}");
        }
        assert!(may(Sender::Retired(bad), "here.test", ("Update", Memory::Nothing)), "they have other keys");
        assert!(may(Sender::Account(gone), "here.test", departure));
        let in_question = |sender: Sender| {
            let (uri, object) = ("https://here.test/activities/1".to_owned(), Digest::of("x"));
            let (priority, memory) = (Priority::Public, Memory::Audience);
            let activity = Activity { uri, object, sender, priority, memory, supersedes: false, created_at: START };
            lab.read(|read| is_in_question(read, &activity))
        };
        assert!(in_question(Sender::Account(bad)) && in_question(Sender::Retired(bad)));
        assert!(in_question(Sender::Account(gone)), "of these the bytes are read");
        assert!(!in_question(Sender::Account(ann)));
        assert!(!in_question(Sender::Instance));
        let before = START.plus_ms(-1);
        let profile = ("Update", Memory::Nothing);
        assert!(!may_of(before, Sender::Account(bad), "here.test", profile), "it does not tell of it");
        assert!(may_of(before, Sender::Retired(bad), "here.test", profile), "they have other keys");
        assert!(may_of(before, Sender::Account(bad), "here.test", ("Undo", Memory::Nothing)));
    }
}

//! Agreeing with another server about who here follows one of its accounts (FEP-8fcf, "On the receiving end"). Its word
//! counts: only it knows whom it lets follow.

use super::tell;
use crate::error::Result;
use storage::{
    AccountId, Tx, account, endorsement,
    intent::Intent,
    list,
    relationship::{self, FOLLOWS},
};

/// The server of `target` does not name `follower`, who followed it here before that was asked: the follow is over.
///
/// # Errors
/// Storage errors.
pub fn drop_unlisted(tx: &mut Tx<'_>, follower: AccountId, target: AccountId) -> Result<()> {
    if FOLLOWS.contains(tx, &(follower, target))? {
        endorsement::unendorse(tx, follower, target)?;
        list::forget(tx, follower, target)?;
        relationship::remove(tx, follower, target)?;
    }
    Ok(())
}

/// The server of `target` names `follower`: whoever waits for its answer follows; of whom nothing is known here, it is
/// told that they do not follow.
///
/// # Errors
/// Storage errors.
pub fn settle_listed(tx: &mut Tx<'_>, follower: AccountId, target: AccountId) -> Result<()> {
    let lives_here = account::find(tx, follower)?.is_some_and(|account| account.is_local());
    if !lives_here || FOLLOWS.contains(tx, &(follower, target))? {
        return Ok(());
    }
    if let Some(request) = relationship::remove_request(tx, follower, target)? {
        relationship::put(tx, follower, target, &request)?;
        return Ok(());
    }
    // It is found by follower and followed: the id of the Follow that it means is not known here.
    let row = tx.next_id();
    tell(tx, Intent::UndoFollow { follower, target, row });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::lab::Lab,
        relationship::{FollowOptions, accept, between, follow},
    };
    use storage::relationship::Pair;

    #[test]
    fn the_word_of_the_other_server_counts() {
        let lab = Lab::new();
        let (ann, bea, far) = (lab.local("ann"), lab.local("bea"), lab.remote("far"));
        for who in [ann, bea] {
            lab.write(move |tx| follow(tx, who, far, &FollowOptions::default())).expect("asked");
        }
        let pair = Some(Pair { from: ann, to: far });
        lab.write(move |tx| accept::accepted(tx, far, &accept::Named { uri: None, pair })).expect("accepted");
        let follows = |who: AccountId| lab.read(|read| between(read, who, far)).following;
        assert_eq!((follows(ann), follows(bea)), (true, false));
        lab.write(move |tx| drop_unlisted(tx, ann, far)).expect("dropped");
        lab.write(move |tx| settle_listed(tx, bea, far)).expect("settled");
        assert_eq!((follows(ann), follows(bea)), (false, true), "who waited follows, who is not named does not");
        lab.write(move |tx| settle_listed(tx, ann, far)).expect("settled");
        lab.write(move |tx| settle_listed(tx, bea, far)).expect("again");
        let undone = lab.intents().into_iter().filter(|intent| matches!(intent, Intent::UndoFollow { .. })).count();
        assert_eq!((undone, follows(ann), follows(bea)), (1, false, true));
    }
}

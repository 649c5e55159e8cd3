//! Lists are held against people, applied once, and leave what was decided before.

use super::*;
use crate::{
    account::lab::Lab,
    relationship::{self, FollowOptions},
    transfer,
};
use std::sync::Arc;
use storage::{
    import::{ImportKind, ImportMode, ImportRow},
    moderation::DomainBlock,
    user::{self, Role},
};

fn origin() -> Origin {
    Origin::parse("https://here.test", None).expect("an origin")
}

const LIST: &[u8] = b"domain,severity,reject_media\nbad.test,suspend,\nfar.test,silence,\nhere.test,suspend,\n\
    kept.test,suspend,\nnothing.test,noop,\npictures.test,noop,true\nx*x.test,suspend,\n";

fn promote(lab: &Lab, who: AccountId, role: Role) {
    let rule = move |tx: &mut Tx<'_>| {
        let known = user::find(tx, who)?.ok_or(Error::NotFound)?;
        Ok(user::put(tx, &user::User { role, ..known })?)
    };
    lab.write(rule).expect("promoted");
}

struct Brought {
    lab: Lab,
    owner: AccountId,
    id: RowId,
}

fn brought(strength: ListStrength) -> Brought {
    let lab = Lab::new();
    let owner = lab.local("olga");
    promote(&lab, owner, Role::Owner);
    let before = Terms { severity: Some(Severity::Silence), ..Terms::default() };
    lab.write(move |tx| domain::block(tx, owner, "kept.test", &before)).expect("blocked");
    let id = lab.write(move |tx| bring(tx, owner, "mine.csv", strength, read(LIST)?)).expect("brought");
    Brought { lab, owner, id }
}

impl Brought {
    fn applied(&self, strength: ListStrength, spared: &[&str]) -> BlockList {
        let (owner, id) = (self.owner, self.id);
        let spared: Arc<Vec<String>> = Arc::new(spared.iter().map(|domain| (*domain).to_owned()).collect());
        self.lab.write(move |tx| apply(tx, owner, id, strength, &spared)).expect("begun");
        while self.lab.write(move |tx| step(tx, &origin(), id)).expect("a step") {}
        self.lab.read(|read| Ok(BLOCK_LISTS.get(read, &id)?)).expect("it is told")
    }

    fn block(&self, domain: &str) -> Option<DomainBlock> {
        self.lab.read(|read| Ok(DOMAIN_BLOCKS.get(read, &domain.to_owned())?))
    }
}

#[test]
fn light_takes_what_is_suspended_and_careful_all_of_it() {
    let light = brought(ListStrength::Light);
    let told = light.applied(ListStrength::Light, &[]);
    assert_eq!((told.rows, told.unread, told.blocked, told.left), (6, 1, 1, 5));
    assert_eq!(told.state, ListState::Ended);
    assert_eq!(light.block("bad.test").map(|block| block.severity), Some(Severity::Suspend));
    assert!(light.block("far.test").is_none() && light.block("here.test").is_none());

    let careful = brought(ListStrength::Light);
    let told = careful.applied(ListStrength::Careful, &["bad.test"]);
    assert_eq!((told.blocked, told.left), (2, 4));
    assert!(careful.block("bad.test").is_none(), "it was spared");
    let far = careful.block("far.test").expect("blocked");
    assert_eq!((far.severity, far.private_comment.as_str()), (Severity::Silence, "file mine.csv, 2026-01-01, careful"));
    let pictures = careful.block("pictures.test").expect("blocked");
    assert!(pictures.severity == Severity::Noop && pictures.reject_media);
    assert!(careful.block("nothing.test").is_none(), "it comes to nothing");
    let kept = careful.block("kept.test").expect("as it was");
    assert!(kept.severity == Severity::Silence && kept.private_comment.is_empty(), "{kept:?}");
    let again = careful.lab.write({
        let id = careful.id;
        move |tx| step(tx, &origin(), id)
    });
    assert!(!again.expect("a step"), "what is over stays over");
}

#[test]
fn a_list_is_held_against_whom_one_follows_and_is_about_to() {
    let list = brought(ListStrength::Careful);
    let (owner, id) = (list.owner, list.id);
    let bob = list.lab.remote("bob");
    let rows = ["@eve@deep.bad.test", "bob@far.test", "https://bad.test/users/mal", "ann@fine.test"];
    list.lab
        .write(move |tx| {
            relationship::follow(tx, owner, bob, &FollowOptions::default())?;
            let rows = rows.map(|subject| ImportRow { subject: subject.to_owned(), ..ImportRow::default() });
            transfer::begin(tx, owner, ImportKind::Following, ImportMode::Merge, rows.to_vec()).map(drop)
        })
        .expect("followed");
    let found = list.lab.read(|read| outlook(read, &origin(), owner, id));
    assert_eq!(found.light, Reach { suspended: 1, silenced: 0, refused: 0 });
    assert_eq!(found.careful, Reach { suspended: 1, silenced: 1, refused: 1 });
    assert_eq!((found.known, found.cut, found.waits), (1, false, false));
    let affected: Vec<_> = found.affected.iter().map(|row| (row.domain.as_str(), row.severity, row.people)).collect();
    assert_eq!(affected, [("bad.test", Severity::Suspend, 2), ("far.test", Severity::Silence, 1)]);
}

#[test]
fn nobody_applies_what_is_not_theirs_or_not_there() {
    let list = brought(ListStrength::Light);
    let (owner, id) = (list.owner, list.id);
    let other = list.lab.local("ann");
    let refused = |rule: fn(&mut Tx<'_>, AccountId, RowId) -> Result<()>, who: AccountId| {
        list.lab.write(move |tx| rule(tx, who, id)).expect_err("refused").to_string()
    };
    refused(|tx, who, id| apply(tx, who, id, ListStrength::Light, &[]), other);
    refused(|tx, who, _| bring(tx, who, "x", ListStrength::Light, read(LIST)?).map(drop), other);
    let spared = vec!["a.test".to_owned(); limits::BLOCK_LIST_SPARED + 1];
    assert!(list.lab.write(move |tx| apply(tx, owner, id, ListStrength::Light, &spared)).is_err());
    list.applied(ListStrength::Light, &[]);
    refused(|tx, who, id| apply(tx, who, id, ListStrength::Light, &[]), owner);
    refused(forget, owner);
    // A list that waits gives way to the next; one that is at work does not.
    let next = |lab: &Lab| lab.write(move |tx| bring(tx, owner, "next", ListStrength::Light, read(LIST)?));
    let (first, second) = (next(&list.lab).expect("brought"), next(&list.lab).expect("brought"));
    assert!(list.lab.read(|read| Ok(BLOCK_LISTS.get(read, &first)?)).is_none());
    list.lab.write(move |tx| apply(tx, owner, second, ListStrength::Light, &[])).expect("begun");
    assert!(next(&list.lab).expect_err("at work").to_string().contains("still being blocked"));
    // Who loses the power loses the list, too.
    promote(&list.lab, owner, Role::User);
    assert!(list.lab.write(move |tx| step(tx, &origin(), second)).is_err());
    list.lab.write(move |tx| fail(tx, second, "no power")).expect("told");
    let told = list.lab.read(|read| Ok(BLOCK_LISTS.get(read, &second)?)).expect("told");
    assert_eq!(told.state, ListState::Failed("no power".to_owned()));
}

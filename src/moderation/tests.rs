//! Rules of moderation on a real store.

use super::{
    Power,
    account::{Action, Decision, Filter, Origin, Status, Users, act, list},
    deeds,
    domain::{self, Terms},
    permissions,
    relay::{self, NewRelay},
    report::{self, Fate, Forward, NewReport, RemoteReport},
    require, strike,
};
use crate::{
    account::{
        accept::{RemoteAccount, accept},
        lab::{Lab, remote},
        require_shown,
    },
    error::Error,
    limits, relationship,
    visibility::may_meet,
};
use storage::{
    AccountId, Bounds, Direction, Key, ReportId, Tx,
    account::ACCOUNTS,
    intent::Intent,
    job::JobKind,
    moderation::{AuditAction, Category, EVIDENCE, Severity, block_of, is_suspended, standing},
    notification::{NOTIFICATIONS, NotificationKind},
    relay::RelayState,
    user::{self, Role},
};

/// A person with a role.
fn staff(lab: &Lab, name: &str, role: Role) -> AccountId {
    let id = lab.local(name);
    lab.write(move |tx| {
        let mut user = user::find(tx, id)?.ok_or(Error::NotFound)?;
        user.role = role;
        Ok(user::put(tx, &user)?)
    })
    .expect("the role is stored");
    id
}

fn decide(lab: &Lab, by: AccountId, target: AccountId, action: Action) -> Result<(), Error> {
    let decision = Decision { by, target, action, why: "because".to_owned(), report: None };
    lab.write(move |tx| act(tx, &decision))
}

fn suspended(severity: Severity) -> Terms {
    Terms { severity: Some(severity), ..Terms::default() }
}

fn shown(lab: &Lab, id: AccountId) -> bool {
    lab.read(|read| Ok(require_shown(read, id).is_ok()))
}

fn newest_deed(lab: &Lab) -> AuditAction {
    lab.read(|read| deeds(read, Bounds::NONE, Direction::Descending, 1)).rows[0].1.action
}

#[test]
fn each_role_may_what_its_place_says_and_nobody_acts_on_equals() {
    let lab = Lab::new();
    let (ann, ben) = (lab.local("ann"), lab.local("ben"));
    let (mo, mia) = (staff(&lab, "mo", Role::Moderator), staff(&lab, "mia", Role::Moderator));
    let (ada, olga) = (staff(&lab, "ada", Role::Admin), staff(&lab, "olga", Role::Owner));
    let may = |who, power| lab.read(|read| Ok(require(read, who, power).is_ok()));
    for (who, users, federation) in [(ann, false, false), (mo, true, false), (ada, true, true), (olga, true, true)] {
        assert_eq!((may(who, Power::ManageUsers), may(who, Power::ManageFederation)), (users, federation));
    }
    assert_eq!(permissions(Role::User), 0);
    assert_eq!(permissions(Role::Moderator), 4 + 8 + 16 + 1024);
    assert_eq!(permissions(Role::Admin), 4 + 8 + 16 + 32 + 128 + 512 + 1024 + 16_384 + 0x8_0000);
    assert_eq!(permissions(Role::Owner), 1 + 4 + 8 + 16 + 32 + 128 + 512 + 1024 + 16_384 + 0x8_0000);
    for (by, target, allowed) in [
        (ann, ben, false),
        (mo, ben, true),
        (mo, mo, false),
        (mo, mia, false),
        (mo, ada, false),
        (mo, olga, false),
        (ada, mia, true),
        (ada, olga, false),
        (olga, ada, true),
    ] {
        let outcome = decide(&lab, by, target, Action::Silence);
        assert_eq!(outcome.is_ok(), allowed, "{by} on {target}: {outcome:?}");
    }
    decide(&lab, olga, mo, Action::Disable).expect("an owner disables a moderator");
    assert!(matches!(decide(&lab, mo, ben, Action::Suspend), Err(Error::Forbidden(_))), "disabled, so without power");
    decide(&lab, olga, mia, Action::Suspend).expect("an owner suspends a moderator");
    assert!(!may(mia, Power::ManageReports), "suspended, so without power");
}

#[test]
fn suspension_of_somebody_here_is_obeyed_told_and_taken_back() {
    let lab = Lab::new();
    let (ann, mo) = (lab.local("ann"), staff(&lab, "mo", Role::Moderator));
    decide(&lab, mo, ann, Action::Suspend).expect("suspended");
    decide(&lab, mo, ann, Action::Suspend).expect("a second time changes nothing");
    assert!(!shown(&lab, ann));
    assert_eq!(lab.intents(), [Intent::UpdateActor { account: ann }]);
    decide(&lab, mo, ann, Action::Unsuspend).expect("back");
    assert!(shown(&lab, ann));
    assert_eq!(lab.intents().len(), 2);
    assert_eq!(lab.read(|read| Ok(standing(read, ann)?)), storage::moderation::Standing::default());
    let log = lab.read(|read| deeds(read, Bounds::NONE, Direction::Ascending, 10));
    let actions: Vec<_> = log.rows.iter().map(|(_, deed)| (deed.by, deed.action, deed.why.as_str())).collect();
    let suspend = (mo, AuditAction::Suspend, "because");
    assert_eq!(actions, [(mo, AuditAction::Unsuspend, "because"), suspend, suspend], "newest first");
}

#[test]
fn what_moderators_suspended_stays_so_whatever_its_server_says() {
    let lab = Lab::new();
    let (zed, mo) = (lab.remote("zed"), staff(&lab, "mo", Role::Moderator));
    decide(&lab, mo, zed, Action::Suspend).expect("suspended");
    assert_eq!(lab.jobs(), [JobKind::SeverAccount { account: zed }]);
    let anew = remote("zed", "far.test");
    lab.write(move |tx| accept(tx, &anew)).expect("read anew");
    assert!(!shown(&lab, zed));
    decide(&lab, mo, zed, Action::Unsuspend).expect("back");
    assert!(shown(&lab, zed));
    assert_eq!(lab.jobs().last(), Some(&JobKind::RefreshAccount { account: zed }));
}

#[test]
fn a_refused_decision_leaves_no_trace() {
    let lab = Lab::new();
    let (zed, mo) = (lab.remote("zed"), staff(&lab, "mo", Role::Moderator));
    assert!(matches!(decide(&lab, mo, zed, Action::Disable), Err(Error::Invalid { .. })), "zed signs in elsewhere");
    assert!(matches!(decide(&lab, mo, AccountId(1), Action::Silence), Err(Error::NotFound)));
    let long = "ä".repeat(limits::MODERATION_TEXT_CHARS_MAX + 1);
    for (why, fits) in [(long.clone(), false), (long.chars().skip(1).collect(), true)] {
        let decision = Decision { by: mo, target: zed, action: Action::None, why, report: None };
        assert_eq!(lab.write(move |tx| act(tx, &decision)).is_ok(), fits);
    }
    let missing =
        Decision { by: mo, target: zed, action: Action::Suspend, why: String::new(), report: Some(ReportId(1)) };
    assert!(matches!(lab.write(move |tx| act(tx, &missing)), Err(Error::NotFound)));
    assert!(shown(&lab, zed), "the report was not there, so nothing was done");
    assert_eq!(lab.read(|read| deeds(read, Bounds::NONE, Direction::Descending, 10)).rows.len(), 1);
}

#[test]
fn an_actor_is_one_relay() {
    let lab = Lab::new();
    let zed = lab.remote("zed");
    let add = |url: &str| {
        let (tags, languages) = (Vec::new(), Vec::new());
        let new = NewRelay { url: url.to_owned(), tags, languages, per_hour: 10 };
        lab.write(move |tx| relay::add(tx, &new)).expect("added")
    };
    let both = [add("https://far.test/relay"), add("https://far.test/users/zed")];
    for id in both {
        lab.write(move |tx| relay::found(tx, id, zed)).expect("read");
    }
    let rows = lab.read(|read| Ok(storage::relay::all(read)?));
    let seen: Vec<_> = rows.into_iter().map(|(id, row)| (id, row.state, row.account)).collect();
    assert_eq!(seen, [(both[0], RelayState::Asked, Some(zed)), (both[1], RelayState::Refused, None)]);
}

#[test]
fn accounts_are_listed_by_how_they_stand() {
    let lab = Lab::new();
    let (ann, ben, mo) = (lab.local("ann"), lab.local("ben"), staff(&lab, "mo", Role::Moderator));
    let (zed, zoe) = (lab.remote("zed"), lab.remote("zoe"));
    decide(&lab, mo, ann, Action::Suspend).expect("suspended");
    decide(&lab, mo, ben, Action::Disable).expect("disabled");
    decide(&lab, mo, zed, Action::Silence).expect("silenced");
    decide(&lab, mo, zoe, Action::Sensitize).expect("sensitized");
    let found = |filter: &Filter| lab.read(|read| list(read, filter, Bounds::NONE, Direction::Descending, 9)).rows;
    let with = |status| Filter { status: Some(status), ..Filter::default() };
    assert_eq!(found(&Filter::default()), [zoe, zed, mo, ben, ann], "newest first");
    assert_eq!(found(&with(Status::Active)), [zoe, zed, mo]);
    assert_eq!(found(&with(Status::Suspended)), [ann]);
    assert_eq!(found(&with(Status::Disabled)), [ben]);
    assert_eq!(found(&with(Status::Silenced)), [zed]);
    assert_eq!(found(&with(Status::Sensitized)), [zoe]);
    assert!(found(&with(Status::Pending)).is_empty());
    assert_eq!(found(&Filter { origin: Origin::Local, ..Filter::default() }), [mo, ben, ann]);
    assert_eq!(found(&Filter { origin: Origin::Remote, ..Filter::default() }), [zoe, zed]);
    assert_eq!(found(&Filter { users: Users::Staff, ..Filter::default() }), [mo]);
    assert_eq!(found(&Filter { username: Some("z".to_owned()), ..Filter::default() }), [zoe, zed]);
    assert_eq!(found(&Filter { email: Some("ben@mail.test".to_owned()), ..Filter::default() }), [ben]);
    assert_eq!(found(&Filter { domain: Some("far.test".to_owned()), ..Filter::default() }), [zoe, zed]);
    let page = lab.read(|read| list(read, &with(Status::Suspended), Bounds::NONE, Direction::Descending, 1));
    assert_eq!(page.examined, Some((zoe.0, ann.0)), "the cursor is the last row looked at");
}

#[test]
fn a_block_covers_what_is_below_and_the_nearest_decides() {
    let lab = Lab::new();
    let ada = staff(&lab, "ada", Role::Admin);
    let add = |domain: &'static str, severity| {
        lab.write(move |tx| domain::block(tx, ada, domain, &suspended(severity))).expect("blocked")
    };
    add("far.test", Severity::Suspend);
    add("good.far.test", Severity::Noop);
    add("port.test:8443", Severity::Suspend);
    let gone = |authority: &str| lab.read(|read| Ok(is_suspended(read, authority)?));
    for authority in ["far.test", "far.test:8080", "a.far.test", "b.a.far.test:1", "far.test.:1", "port.test:8443"] {
        assert!(gone(authority), "{authority}");
    }
    for authority in ["good.far.test", "x.good.far.test:9", "nearfar.test", "test", "port.test", "port.test:1", ""] {
        assert!(!gone(authority), "{authority}");
    }
    let again = lab.write(move |tx| domain::block(tx, ada, "far.test", &Terms::default()));
    assert!(matches!(again, Err(Error::Invalid { field: "domain", .. })), "{again:?}");
}

#[test]
fn a_suspended_domain_is_gone_at_once_and_back_when_the_block_is_lifted() {
    let lab = Lab::new();
    let (zed, ann, ada) = (lab.remote("zed"), lab.local("ann"), staff(&lab, "ada", Role::Admin));
    assert!(shown(&lab, zed));
    let id = lab.write(move |tx| domain::block(tx, ada, "far.test", &suspended(Severity::Suspend))).expect("blocked");
    assert!(!shown(&lab, zed), "without any change to its row");
    assert!(lab.read(|read| Ok(ACCOUNTS.get(read, &zed)?)).is_some_and(|row| row.suspended_at.is_none()));
    assert_eq!(lab.jobs(), [JobKind::SeverPeer { domain: "far.test".to_owned() }]);
    let plain = relationship::FollowOptions { reblogs: None, notify: None, languages: None };
    assert!(lab.write(move |tx| relationship::follow(tx, ann, zed, &plain)).is_err(), "nobody follows into it");
    lab.write(move |tx| domain::change(tx, ada, id, &suspended(Severity::Silence))).expect("softened");
    assert!(shown(&lab, zed));
    assert!(!lab.read(|read| may_meet(read, Some(ann), zed)), "silenced for strangers");
    lab.write(move |tx| domain::lift(tx, ada, id)).expect("lifted");
    assert!(lab.read(|read| may_meet(read, Some(ann), zed)));
    assert_eq!(newest_deed(&lab), AuditAction::UnblockDomain);
    assert!(lab.read(|read| Ok(block_of(read, "far.test")?)).is_none());
    assert!(matches!(lab.write(move |tx| domain::lift(tx, ada, id)), Err(Error::NotFound)));
}

#[test]
fn an_account_whose_server_is_blocked_is_gone_although_its_handle_says_another_domain() {
    let lab = Lab::new();
    let ada = staff(&lab, "ada", Role::Admin);
    let split = RemoteAccount { uri: "https://social.far.test/users/zed".to_owned(), ..remote("zed", "brand.test") };
    let zed = lab.write(move |tx| accept(tx, &split)).expect("accepted");
    lab.write(move |tx| domain::block(tx, ada, "far.test", &suspended(Severity::Suspend))).expect("blocked");
    assert!(!shown(&lab, zed));
}

fn plain(reporter: AccountId, target: AccountId) -> NewReport {
    NewReport {
        reporter,
        target,
        category: Category::Other,
        comment: String::new(),
        rules: Vec::new(),
        statuses: Vec::new(),
        forward: Forward::Yes,
    }
}

#[test]
fn a_report_tells_staff_each_time_and_is_sent_on_only_elsewhere() {
    let lab = Lab::new();
    let (ann, ben, zed) = (lab.local("ann"), lab.local("ben"), lab.remote("zed"));
    let (mo, olga) = (staff(&lab, "mo", Role::Moderator), staff(&lab, "olga", Role::Owner));
    let report = |new: NewReport| lab.write(move |tx| report::create(tx, &new));
    let first = report(plain(ann, ben)).expect("taken");
    assert!(lab.intents().is_empty(), "ben lives here");
    let second = report(plain(ann, zed)).expect("taken");
    assert_eq!(lab.intents(), [Intent::Flag { report: second }]);
    for who in [mo, olga] {
        let rows = lab.read(|read| Ok(NOTIFICATIONS.list(read, &who, Bounds::NONE, Direction::Ascending, 9)?));
        let told: Vec<_> = rows.iter().map(|(_, row)| (row.kind, row.from, row.report())).collect();
        let kind = NotificationKind::AdminReport;
        assert_eq!(told, [(kind, ann, Some(first)), (kind, ann, Some(second))]);
    }
    assert!(lab.read(|read| Ok(NOTIFICATIONS.list(read, &ben, Bounds::NONE, Direction::Ascending, 9)?)).is_empty());
    assert!(matches!(report(plain(ann, ann)), Err(Error::Invalid { field: "account_id", .. })));
    assert!(matches!(report(plain(ann, AccountId(1))), Err(Error::NotFound)));
    for (length, fits) in [(limits::REPORT_COMMENT_CHARS_MAX, true), (limits::REPORT_COMMENT_CHARS_MAX + 1, false)] {
        assert_eq!(report(NewReport { comment: "ä".repeat(length), ..plain(ann, ben) }).is_ok(), fits, "{length}");
    }
}

#[test]
fn a_peer_that_reports_the_same_again_and_again_says_nothing_new() {
    let lab = Lab::new();
    let (ann, zed) = (lab.local("ann"), lab.remote("zed"));
    let remote = RemoteReport {
        reporter: zed,
        target: ann,
        comment: "bad".to_owned(),
        statuses: Vec::new(),
        category: Category::Other,
    };
    let say = |remote: RemoteReport| lab.write(move |tx| report::accept(tx, &remote));
    for _ in 0..limits::REPORTS_OPEN_OF_PEER {
        assert!(say(remote.clone()).expect("taken"));
    }
    assert!(!say(remote.clone()).expect("dropped"));
    let about = RemoteReport { target: zed, ..remote };
    assert!(matches!(say(about), Err(Error::NotFound)), "zed does not live here");
}

#[test]
fn work_on_a_report_needs_the_role_and_moves_it_between_the_lists() {
    let lab = Lab::new();
    let (ann, ben, mo) = (lab.local("ann"), lab.local("ben"), staff(&lab, "mo", Role::Moderator));
    let new = plain(ann, ben);
    let id = lab.write(move |tx| report::create(tx, &new)).expect("taken");
    let listed = |state| {
        let page = lab
            .read(|read| report::list(read, state, report::Filter::default(), Bounds::NONE, Direction::Descending, 9));
        page.rows.iter().map(|report| report.id).collect::<Vec<_>>()
    };
    assert!(matches!(lab.write(move |tx| report::resolve(tx, ben, id)), Err(Error::Forbidden(_))));
    assert_eq!((listed(report::State::Open), listed(report::State::Closed)), (vec![id], vec![]));
    lab.write(move |tx| report::assign(tx, mo, id)).expect("assigned");
    lab.write(move |tx| report::resolve(tx, mo, id)).expect("closed");
    assert_eq!((listed(report::State::Open), listed(report::State::Closed)), (vec![], vec![id]));
    let read = lab.read(|read| report::find(read, id));
    assert_eq!((read.assigned_to, read.resolved.map(|resolved| resolved.by)), (Some(mo), Some(mo)));
    lab.write(move |tx| report::reopen(tx, mo, id)).expect("open again");
    assert_eq!((listed(report::State::Open), listed(report::State::Closed)), (vec![id], vec![]));
    assert!(lab.read(|read| Ok(EVIDENCE.list(read, &id, Bounds::NONE, Direction::Ascending, 9)?)).is_empty());
    assert_eq!(newest_deed(&lab), AuditAction::ReopenReport);
}

#[test]
fn whoever_reported_hears_that_something_was_done_only_as_far_as_that_is_known() {
    let lab = Lab::new();
    let (ann, ben, zed) = (lab.local("ann"), lab.local("ben"), lab.remote("zed"));
    let mo = staff(&lab, "mo", Role::Moderator);
    let report = |target| {
        let new = plain(ann, target);
        lab.write(move |tx| report::create(tx, &new)).expect("taken")
    };
    let close = |id| lab.write(move |tx| report::resolve(tx, mo, id)).expect("closed");
    let fate = |id: ReportId| {
        let (all, _) = lab.read(|read| report::of_reporter(read, ann));
        let own = all.into_iter().find(|report| report.id == id).expect("their own");
        lab.read(|read| report::fate(read, &own))
    };

    // Elsewhere nobody gets a strike: what came between a report and its end may be for it.
    let (before, between) = (report(zed), report(zed));
    close(before);
    lab.advance(1_000);
    decide(&lab, mo, zed, Action::Silence).expect("silenced");
    assert_eq!((fate(before), fate(between)), (Fate::Closed, Fate::Open));
    lab.advance(1_000);
    let behind = report(zed);
    close(between);
    close(behind);
    assert_eq!([fate(before), fate(between), fate(behind)], [Fate::Closed, Fate::Since, Fate::Closed]);

    // Here a strike says which report it is for.
    let (other, own) = (report(ben), report(ben));
    decide(&lab, mo, ben, Action::Silence).expect("silenced for another reason");
    let action = Action::Sensitize;
    let decision = Decision { by: mo, target: ben, action, why: "because".to_owned(), report: Some(own) };
    lab.write(move |tx| act(tx, &decision)).expect("decided for it");
    assert_eq!((fate(other), fate(own)), (Fate::Open, Fate::Acted));
    close(other);
    assert_eq!((fate(other), fate(own)), (Fate::Closed, Fate::Acted));
}

#[test]
fn an_appeal_is_not_taken_where_it_cannot_be_read_who_may_decide_it() {
    let lab = Lab::new();
    let ben = lab.local("ben");
    let (_mo, ada) = (staff(&lab, "mo", Role::Moderator), staff(&lab, "ada", Role::Admin));
    decide(&lab, ada, ben, Action::Sensitize).expect("decided");
    let known = || lab.read(|read| Ok(storage::strike::of_account(read, ben, 9)?)).remove(0);
    let (id, _) = known();
    let row = lab.account(ada);
    let damage = move |tx: &mut Tx<'_>| {
        tx.put_bytes(ACCOUNTS.id, ada.to_bytes(), vec![0]);
        Ok(())
    };
    lab.write(damage).expect("damaged");
    let appeal = || lab.write(move |tx| strike::appeal(tx, ben, id, "why?"));
    assert!(matches!(appeal(), Err(Error::Storage(_))), "a row that cannot be read is no word on what somebody may");
    assert!(known().1.appeal.is_none(), "nothing is left of it");
    let mend = move |tx: &mut Tx<'_>| {
        ACCOUNTS.put(tx, &ada, &row);
        Ok(())
    };
    lab.write(mend).expect("mended");
    appeal().expect("taken, though a moderator may not decide it");
    assert!(known().1.appeal.is_some());
}

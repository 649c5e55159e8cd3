//! Flag (Activity Vocabulary §3.3): a report, both ways. Ours speak of the account and its statuses and come from the
//! instance actor, so that nobody learns who reported.

use super::{Built, Incoming, Received, built, local_account, only};
use crate::{
    error::{Error, Result},
    federation::{
        object::Thing,
        outward::{account_uri, actor::INSTANCE_PATH, with_context},
    },
    limits,
    moderation::report::{self, RemoteReport},
    origin::Origin,
    status,
    text::plain_text,
};
use serde_json::json;
use storage::{
    AccountId, Digest, Read, ReportId, Tx, account,
    delivery::{Priority, Sender},
    inbound::{self, Place},
    moderation::Category,
};

/// What a report owes to the server of the reported account.
///
/// # Errors
/// Storage errors.
pub fn build(read: &dyn Read, origin: &Origin, id: ReportId) -> Result<Option<Built>> {
    let report = match report::find(read, id) {
        Err(Error::NotFound) => return Ok(None),
        report => report?,
    };
    let Some(target) = account::find(read, report.target)? else { return Ok(None) };
    let mut objects = vec![account_uri(origin, &target)];
    objects.extend(report::evidence(read, &report)?.iter().map(|status| origin.url(&status.uri)));
    let by = origin.url(INSTANCE_PATH);
    let uri = format!("{by}#flags/{id}");
    let document = with_context(json!({
        "id": uri,
        "type": "Flag",
        "actor": by,
        "content": report.comment,
        "object": objects,
        // Nobody else says it (the context has schema.org's term), and nobody minds it.
        "category": report::category_name(report.category),
        "to": [account_uri(origin, &target)],
    }));
    let made = built(&document, target.id, Digest::of(&uri), Priority::Direct, only(target.id))?;
    Ok(Some(Built { sender: Sender::Instance, ..made }))
}

/// The sender, usually a server's own actor, reports somebody here.
pub(super) async fn receive(incoming: &Incoming<'_>) -> Result<Received> {
    let named = incoming.activity.objects.iter().filter_map(Thing::id).take(limits::FLAG_OBJECTS_MAX);
    let uris: Vec<String> = named.map(str::to_owned).collect();
    let comment = plain_text(incoming.activity.content.as_deref().unwrap_or_default());
    let comment = comment[..comment.floor_char_boundary(limits::FLAG_COMMENT_BYTES_MAX)].to_owned();
    let category = incoming.activity.category.as_deref().and_then(report::category_named).unwrap_or(Category::Other);
    let (origin, reporter) = (incoming.origin(), incoming.account);
    let host = incoming.actor.authority().as_str().to_owned();
    let actor = incoming.actor.as_str();
    // Only what its actor sent or proved waits in its own line; a Flag that somebody else brings counts for nothing.
    let place = incoming.place.filter(|_| incoming.bytes.is_some()).map(|lsn| (inbound::line(actor, actor), lsn));
    let taken = incoming.server.write(move |tx| {
        if report::are_rejected(tx, &host)? {
            return Ok(None);
        }
        let (mut target, mut statuses) = (None::<AccountId>, Vec::new());
        for uri in &uris {
            if let Some(account) = local_account(tx, &origin, uri)? {
                target = target.or(Some(account.id));
            } else if let Some(status) = status::find_by_uri(tx, &origin, uri)?.filter(|status| status.local) {
                statuses.push(status);
            }
        }
        // Some name statuses only.
        let Some(target) = target.or_else(|| statuses.first().map(|status| status.account)) else {
            return Err(Error::NotFound);
        };
        let statuses = statuses.iter().map(|status| status.id).collect();
        let remote = RemoteReport { reporter, target, comment: comment.clone(), statuses, category };
        take(tx, &remote, place).map(Some)
    });
    Ok(match taken.await? {
        Some(true) => Received::Done,
        Some(false) => Received::Dropped("it was reported enough"),
        None => Received::Dropped("its reports are not taken"),
    })
}

/// Takes a report and, in the same commit, its activity at `place` out of what waits: a crash leaves both or neither, and
/// none is taken twice. Whether it was taken.
fn take(tx: &mut Tx<'_>, remote: &RemoteReport, place: Option<Place>) -> Result<bool> {
    let taken = report::accept(tx, remote)?;
    if let (true, Some(place)) = (taken, place) {
        inbound::finish(tx, &[place])?;
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::lab::Lab,
        moderation::report::{Forward, NewReport},
    };
    use storage::inbound::Arrival;

    #[test]
    fn what_a_report_is_about_has_a_meaning_in_its_context() {
        let lab = Lab::new();
        let origin = Origin::parse("https://here.test", None).expect("an origin");
        let (reporter, target) = (lab.local("ann"), lab.remote("zed"));
        let made = lab.write(move |tx| {
            let (comment, rules, statuses) = (String::new(), Vec::new(), Vec::new());
            let (category, forward) = (Category::Spam, Forward::Yes);
            report::create(tx, &NewReport { reporter, target, category, comment, rules, statuses, forward })
        });
        let id = made.expect("taken");
        let document = lab.read(|read| build(read, &origin, id)).expect("it is owed").document;
        assert_eq!(document["category"], "spam");
        let terms = &document["@context"][4];
        assert_eq!((&terms["category"], &terms["schema"]), (&json!("schema:category"), &json!("http://schema.org#")));
    }

    #[test]
    fn a_report_and_the_end_of_its_activity_are_one_commit() {
        const ZED: &str = "https://far.test/users/zed";
        let lab = Lab::new();
        let (target, reporter) = (lab.local("ann"), lab.remote("zed"));
        let stored = lab.write(|tx| {
            let flag = "https://far.test/flags/1";
            Ok(inbound::accept(tx, &Arrival { actor: ZED, signer: ZED, inbox: "", activity: flag, body: b"{}" })?)
        });
        stored.expect("it waits");
        let waiting = || lab.read(|read| Ok(inbound::waiting(read, None, 10)?));
        let place = waiting()[0].0;
        assert_eq!(place.0, inbound::line(ZED, ZED));
        let (comment, category) = ("bad".to_owned(), Category::Other);
        let remote = RemoteReport { reporter, target, comment, statuses: Vec::new(), category };
        assert!(lab.write(move |tx| take(tx, &remote, Some(place))).expect("taken"));
        assert_eq!(lab.read(report::open), 1);
        assert!(waiting().is_empty(), "whoever begins again after a crash finds it no more");
    }
}

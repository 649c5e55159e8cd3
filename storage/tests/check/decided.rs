//! What an operator decided about other servers: pauses, certificates, relays; and why something came.

use storage::{
    AccountId, Digest, RowId, StatusId, Tx, authorized_fetch,
    cause::{self, Cause},
    certificate::{self, Certificate},
    manner::{self, Form},
    octets::Octets,
    relay::{self, OfTag, Relay, RelayKind, RelayState, Taken},
    reply_stamp, retired_key, silent, steering,
    undelivered::Reason,
    wave,
};

/// What an operator decided about other servers, and why something came.
pub(crate) fn steered(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    authorized_fetch::set(tx, true)?;
    retired_key::keep(tx, people[0], vec![1, 2]);
    retired_key::keep_of_instance(tx, vec![3, 4]);
    manner::takes(tx, "b.test", Form::Rfc9421)?;
    manner::signs(tx, "b.test", Form::Cavage)?;
    manner::refuses_passed_on(tx, "b.test")?;
    let refused = manner::Refusal::of("https://here.test/activities/1", tx.now(), Reason::Refused(403));
    manner::refused(tx, "b.test", &[refused])?;
    let told = wave::Told { to: people[0], from: people[3], status: ids[3] };
    wave::bear(tx, Digest::of("the same words"), people[3], &[told])?;
    wave::speak_up(tx, people[3], "a.test")?;
    wave::unasked(tx, people[0], "a.test")?;
    steering::pause(tx, "b.test")?;
    let (chain, key, obtained_at) = ("chain".to_owned(), Octets(vec![1]), tx.now());
    certificate::put_certificate(tx, "here.test", &Certificate { chain, key, obtained_at });
    certificate::put_acme_account(tx, "https://authority.test/directory", &Octets(vec![2]));
    let refusal = certificate::Refusal { tries: 1, again_at: obtained_at, since: obtained_at, why: "no".to_owned() };
    certificate::put_refusal(tx, "there.test", &refusal);
    cause::note(tx, ids[3], Cause::Mentions { account: people[0] });
    silent::put(tx, ids[3], vec![people[0]])?;
    reply_stamp::put(tx, ids[3], "https://a.test/stamps/1")?;
    for (kind, name) in [(RelayKind::Mastodon, "one"), (RelayKind::Litepub, "two")] {
        let (id, now): (RowId, _) = (tx.next_id(), tx.now());
        let relay = Relay {
            url: format!("https://{name}.test/inbox"),
            kind,
            state: RelayState::Accepted,
            actor: Some(format!("https://{name}.test/actor")),
            account: None,
            tags: vec!["tea".into()],
            languages: Vec::new(),
            per_hour: 10,
            paused_at: None,
            added_at: now,
            accepted_at: Some(now),
            of_tag: None,
        };
        relay::put(tx, id, &relay)?;
        relay::take(tx, id, &relay)?;
    }
    of_tags(tx)
}

/// A relay of tags, asked for two hashtags: people follow one, and one ceased to follow the other.
fn of_tags(tx: &mut Tx<'_>) -> storage::Result<()> {
    let (template, now): (RowId, _) = (tx.next_id(), tx.now());
    let row = Relay {
        url: "https://tags.test/tag/{tag}".into(),
        kind: RelayKind::Tags,
        state: RelayState::Accepted,
        actor: None,
        account: None,
        tags: Vec::new(),
        languages: vec!["en".into()],
        per_hour: 10,
        paused_at: None,
        added_at: now,
        accepted_at: None,
        of_tag: None,
    };
    relay::put(tx, template, &row)?;
    for tag in ["tea", "coffee"] {
        let id: RowId = tx.next_id();
        let today = Taken::default();
        let one = Relay {
            url: format!("https://tags.test/tag/{tag}"),
            kind: RelayKind::Litepub,
            actor: Some(format!("https://tags.test/tag/{tag}")),
            tags: vec![tag.into()],
            accepted_at: Some(now),
            of_tag: Some(OfTag { template, followed_at: now, unfollowed_at: None, today }),
            ..row.clone()
        };
        relay::put(tx, id, &one)?;
        relay::take(tx, id, &one)?;
        relay::came(tx, id)?;
    }
    relay::followed(tx, "tea")?;
    relay::unfollowed(tx, "coffee")
}

//! Posting, editing, deleting, threads.

use super::{answer, block, composed, find, follow, is_invalid, is_not_found, new, post, stats, tell, told, try_post};
use crate::{
    account::lab::Lab,
    error::Result,
    limits,
    media::{Fate, Wanted},
    status::{
        Change, Created, NewStatus, Version, context, context_part, create, delete, edit, handles, history, purge,
        reblog,
    },
};
use std::{collections::BTreeSet, thread};
use storage::{
    AccountId, BlobHash, Bounds, Direction, MediaId, StatusId,
    intent::Intent,
    job::JobKind,
    media::{self, File, FileKind, Media, MediaState, Picture},
    notification::NotificationKind,
    status::{
        ContentType, GONE, IDEMPOTENCY_KEYS, PUBLIC_TIMELINE, REBLOGS, STATUSES_OF_ACCOUNT, Status, TAG_TIMELINE,
        Visibility::{Direct, Private, Public, Unlisted},
    },
};

#[test]
fn a_status_is_stored_with_all_its_rows_and_told_to_whom_it_concerns() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let dan = lab.remote("dan");
    let status = post(&lab, ann, "hi @bea @dan@far.test @nobody #Cats #cats", Public);
    assert_eq!(status.mentions, [bea, dan]);
    assert_eq!(status.tags, ["Cats"]);
    assert!(status.content.contains("href=\"https://here.test/@bea\"") && status.content.contains("@nobody"));
    assert_eq!(status.uri, format!("/users/ann/statuses/{}", status.id));
    assert_eq!(find(&lab, status.id), Some(status.clone()));
    assert_eq!(told(&lab, bea), [(NotificationKind::Mention, ann)]);
    assert!(told(&lab, dan).is_empty(), "remote people are told by their servers");
    assert_eq!(lab.intents(), [Intent::Create { status: status.id }]);
    lab.read(|read| {
        assert!(PUBLIC_TIMELINE.contains(read, &status.id)?);
        assert!(TAG_TIMELINE.contains(read, &("cats".to_owned(), status.id))?);
        assert_eq!(storage::account::stats(read, ann)?.statuses, 1);
        Ok(())
    });
}

#[test]
fn a_status_nobody_elsewhere_can_get_is_owed_to_nobody() {
    let lab = Lab::new();
    let (ann, _, dan) = (lab.local("ann"), lab.local("bea"), lab.remote("dan"));
    post(&lab, ann, "alone", Public);
    post(&lab, ann, "@bea", Direct);
    assert!(lab.intents().is_empty());
    follow(&lab, dan, ann);
    post(&lab, ann, "@bea", Direct);
    assert!(lab.intents().is_empty());
    let private = post(&lab, ann, "followers", Private).id;
    let direct = post(&lab, ann, "@dan@far.test", Direct).id;
    assert_eq!(lab.intents(), [Intent::Create { status: private }, Intent::Create { status: direct }]);
}

#[test]
fn the_character_limit_holds_with_the_warning_counted() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let exact = "é".repeat(limits::STATUS_CHARS_MAX);
    assert!(try_post(&lab, new(&lab, ann, &exact)).is_ok());
    assert!(is_invalid(&try_post(&lab, new(&lab, ann, &format!("{exact}x")))));
    let warned = NewStatus { spoiler_text: "x".to_owned(), ..new(&lab, ann, &exact) };
    assert!(is_invalid(&try_post(&lab, warned)));
    assert!(is_invalid(&try_post(&lab, new(&lab, ann, " \n "))));
    let linked = "https://a.test/".to_owned() + &"a".repeat(2_000);
    assert_eq!(composed(&lab, &linked).chars, 23);
    let most = "é".repeat(limits::STATUS_TEXT_BYTES_MAX / 2 + 1);
    assert!(lab.store.read(|view| super::compose(view, &super::origin(), &most, ContentType::Plain)).is_err());
}

#[test]
fn the_same_key_posts_once_also_when_requests_race() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let keyed = |author, key: &str| NewStatus { idempotency_key: Some(key.to_owned()), ..new(&lab, author, "once") };
    let made: BTreeSet<StatusId> = thread::scope(|scope| {
        let one = |_| {
            let (store, new) = (lab.store.clone(), keyed(ann, "k"));
            scope.spawn(move || {
                store.write(move |tx| create(tx, &new)).expect("posted").into_status().expect("posted now").id
            })
        };
        let racing: Vec<_> = (0..16).map(one).collect();
        racing.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(made.len(), 1);
    let count = |who: AccountId| {
        lab.read(|read| Ok(STATUSES_OF_ACCOUNT.list(read, &who, Bounds::NONE, Direction::Ascending, 99)?.len()))
    };
    assert_eq!(count(ann), 1);
    assert!(!made.contains(&try_post(&lab, keyed(bea, "k")).expect("another person's key").id));
    assert!(!made.contains(&try_post(&lab, keyed(ann, "other")).expect("another key").id));
    let again = keyed(ann, "k");
    assert!(matches!(lab.write(move |tx| create(tx, &again)), Ok(Created::Repeated(_))));
    lab.advance(limits::IDEMPOTENCY_MS + 1);
    assert!(!made.contains(&try_post(&lab, keyed(ann, "k")).expect("an hour later").id));
}

#[test]
fn old_keys_do_not_pile_up() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    for number in 0..60 {
        lab.advance(limits::IDEMPOTENCY_MS / 4);
        let key = Some(format!("key {number}"));
        try_post(&lab, NewStatus { idempotency_key: key, ..new(&lab, ann, "x") }).expect("posted");
    }
    let left = lab.read(|read| Ok(IDEMPOTENCY_KEYS.list(read, &ann, Bounds::NONE, Direction::Ascending, 99)?.len()));
    assert!(left < 30, "{left} keys are left, of which 4 are younger than an hour");
}

#[test]
fn one_answers_only_what_one_sees() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let hidden = post(&lab, ann, "for followers", Private);
    assert!(is_not_found(&answer(&lab, bea, hidden.id, Public)));
    assert!(is_not_found(&answer(&lab, bea, StatusId(1), Public)));
    follow(&lab, bea, ann);
    let reply = answer(&lab, bea, hidden.id, Direct).expect("a follower answers");
    let link = reply.reply.expect("it is a reply");
    assert_eq!((link.status, link.account), (Some(hidden.id), Some(ann)));
    assert_eq!(stats(&lab, hidden.id).replies, 0, "a number tells strangers nothing of what is not for them");
    answer(&lab, bea, hidden.id, Unlisted).expect("a follower answers");
    assert_eq!(stats(&lab, hidden.id).replies, 1);
}

#[test]
fn a_mention_tells_nobody_behind_a_block_and_the_bell_rings_for_posts_only() {
    let lab = Lab::new();
    let [ann, bea, cid] = ["ann", "bea", "cid"].map(|name| lab.local(name));
    block(&lab, bea, ann);
    tell(&lab, cid, ann, true);
    post(&lab, ann, "@bea", Public);
    post(&lab, ann, "@bea", Direct);
    let of_other = post(&lab, bea, "x", Public);
    let own = post(&lab, ann, "@cid", Public);
    answer(&lab, cid, own.id, Public).expect("posted");
    assert!(told(&lab, bea).is_empty());
    assert_eq!(told(&lab, cid), [(NotificationKind::Status, ann), (NotificationKind::Mention, ann)]);
    assert!(is_not_found(&answer(&lab, ann, of_other.id, Public)));
    tell(&lab, cid, ann, false);
    post(&lab, ann, "quiet", Public);
    assert_eq!(told(&lab, cid).len(), 2);
}

#[test]
fn an_edit_keeps_what_was_said_and_tells_who_shared_it() {
    let lab = Lab::new();
    let [ann, bea, cid] = ["ann", "bea", "cid"].map(|name| lab.local(name));
    let status = post(&lab, ann, "first #one", Public);
    let id = status.id;
    lab.write(move |tx| reblog(tx, bea, id, None)).expect("reblogged");
    let change = |text: &str| Change {
        poll: None,
        composed: composed(&lab, text),
        spoiler_text: String::new(),
        media: Wanted::default(),
        sensitive: None,
        language: None,
        quote_policy: None,
        interaction_policy: None,
    };
    let try_edit = |who: AccountId, text: &str| {
        let change = change(text);
        lab.write(move |tx| edit(tx, who, id, &change))
    };
    assert!(is_not_found(&try_edit(bea, "mine")));
    assert!(is_invalid(&try_edit(ann, " ")));
    assert_eq!(try_edit(ann, "first #one").expect("nothing changes").edited_at, None);
    lab.advance(5_000);
    let after = try_edit(ann, "second #two @cid").expect("edited");
    assert_eq!((after.id, after.created_at, after.tags.as_slice()), (id, status.created_at, &["two".to_owned()][..]));
    assert_eq!(told(&lab, bea), [(NotificationKind::Update, ann)]);
    assert_eq!(told(&lab, cid), [(NotificationKind::Mention, ann)]);
    lab.advance(5_000);
    try_edit(ann, "third @cid").expect("edited");
    assert_eq!((told(&lab, bea).len(), told(&lab, cid).len()), (1, 1), "one notice a person");
    let versions: Vec<Version> = lab.read(|read| history(read, &super::status::find(read, id)?.expect("it is there")));
    let texts: Vec<_> = versions.iter().map(|version| version.text.as_str()).collect();
    assert_eq!(texts, ["first #one", "second #two @cid", "third @cid"]);
    assert!(versions.is_sorted_by_key(|version| version.created_at));
    lab.read(|read| {
        assert!(!TAG_TIMELINE.contains(read, &("one".to_owned(), id))?);
        assert!(!TAG_TIMELINE.contains(read, &("two".to_owned(), id))?);
        Ok(())
    });
    assert_eq!(lab.intents().iter().filter(|intent| matches!(intent, Intent::Update { .. })).count(), 2);
}

#[test]
fn a_deleted_status_is_gone_and_leaves_nothing() {
    let lab = Lab::new();
    let [ann, bea] = ["ann", "bea"].map(|name| lab.local(name));
    let status = post(&lab, ann, "hi @bea #cats", Public);
    let id = status.id;
    let shared = lab.write(move |tx| reblog(tx, bea, id, None)).expect("reblogged");
    lab.write(move |tx| super::super::favourite(tx, bea, id)).expect("favourited");
    let reply = answer(&lab, bea, id, Public).expect("answered").id;
    assert!(is_not_found(&lab.write(move |tx| delete(tx, bea, id, Fate::Loose))));
    assert_eq!(lab.write(move |tx| delete(tx, ann, id, Fate::Loose)).expect("deleted").text, "hi @bea #cats");
    assert!(find(&lab, id).is_none());
    assert!(told(&lab, bea).is_empty(), "the mention is taken back");
    lab.read(|read| {
        assert!(GONE.contains(read, &id)?);
        assert!(!PUBLIC_TIMELINE.contains(read, &id)?);
        assert!(!super::visibility::can_see(read, None, &shared)?);
        Ok(())
    });
    let path = status.uri.clone();
    let intent = Intent::Delete { account: ann, status: id, path, visibility: Public, mentions: vec![bea] };
    assert!(lab.intents().contains(&intent));
    assert!(lab.jobs().contains(&JobKind::PurgeStatus { status: id, author: ann }));
    while lab.write(move |tx| purge::of_status(tx, ann, id)).expect("purged") {}
    assert!(find(&lab, shared.id).is_none());
    let intent = Intent::DeleteShared { account: ann, path: status.uri, by: bea, reblog: shared.uri };
    assert_eq!(lab.intents().last(), Some(&intent), "whoever heard of the reblog hears of its end");
    assert!(told(&lab, ann).is_empty(), "{:?}", told(&lab, ann));
    assert_eq!(find(&lab, reply).and_then(|reply| reply.reply).map(|link| link.status), Some(None));
    lab.read(|read| {
        assert!(REBLOGS.list(read, &id, Bounds::NONE, Direction::Ascending, 1)?.is_empty());
        assert_eq!(storage::account::stats(read, bea)?.statuses, 1);
        Ok(())
    });
    let private = post(&lab, ann, "x", Private).id;
    lab.write(move |tx| delete(tx, ann, private, Fate::Loose)).expect("deleted");
    assert!(!lab.read(|read| Ok(GONE.contains(read, &private)?)), "what was not public was never there");
}

#[test]
fn a_thread_is_drawn_root_first_and_depth_first_without_what_is_hidden() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let root = post(&lab, ann, "root", Public).id;
    let reply = |to, visibility| answer(&lab, ann, to, visibility).expect("answered").id;
    let one = reply(root, Public);
    let two = reply(root, Unlisted);
    let one_hidden = reply(one, Private);
    let below_hidden = reply(one_hidden, Public);
    let one_two = reply(one, Public);
    let seen = |viewer| {
        lab.read(|read| {
            let thread = context(read, viewer, one)?;
            let whole = context(read, viewer, root)?;
            let ids = |list: &[Status]| list.iter().map(|status| status.id).collect::<Vec<_>>();
            Ok((ids(&thread.ancestors), ids(&thread.descendants), ids(&whole.descendants)))
        })
    };
    let everything = vec![one, one_hidden, below_hidden, one_two, two];
    assert_eq!(seen(Some(ann)), (vec![root], vec![one_hidden, below_hidden, one_two], everything));
    let public = vec![one, below_hidden, one_two, two];
    assert_eq!(seen(Some(bea)), (vec![root], vec![below_hidden, one_two], public));
}

#[test]
fn parts_of_a_thread_are_the_whole_thread_once_and_in_its_order() {
    let lab = Lab::new();
    let (ann, bea) = (lab.local("ann"), lab.local("bea"));
    let root = post(&lab, ann, "root", Public).id;
    let mut replies = Vec::new();
    for number in 0..40_usize {
        let parent = if number % 3 == 0 { root } else { replies[number * 7 % replies.len()] };
        let visibility = if number % 5 == 0 { Private } else { Public };
        replies.push(answer(&lab, ann, parent, visibility).expect("answered").id);
    }
    let ids = |list: &[Status]| list.iter().map(|status| status.id).collect::<Vec<_>>();
    for viewer in [ann, bea] {
        let whole = lab.read(|read| Ok(ids(&context(read, Some(viewer), root)?.descendants)));
        assert_eq!(whole.len(), if viewer == ann { 40 } else { 32 });
        for limit in [1, 7, 39, 40, 41] {
            let (mut seen, mut after, mut parts) = (Vec::new(), None, 0);
            loop {
                let part = lab.read(|read| context_part(read, Some(viewer), root, after, limit));
                assert!(part.context.descendants.len() <= limit && parts <= 40);
                assert_eq!(part.trail.last().copied(), after, "it goes on where it ended");
                seen.extend(ids(&part.context.descendants));
                (after, parts) = (part.more, parts + 1);
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen, whole, "{limit} at once");
        }
    }
    let elsewhere = post(&lab, ann, "elsewhere", Public).id;
    let from_the_beginning = lab.read(|read| context_part(read, Some(ann), root, Some(elsewhere), 40));
    assert_eq!((from_the_beginning.trail.len(), from_the_beginning.context.descendants.len()), (0, 40));
}

#[test]
fn handles_to_look_up_are_the_unknown_foreign_ones() {
    let lab = Lab::new();
    lab.remote("dan");
    let text = "@ann @dan@far.test @new@Far.test @x@here.test @new@far.test @b@two.test";
    let found = lab.read(|read| handles(read, &super::origin(), text));
    let expected = [("new", "far.test"), ("b", "two.test")].map(|(name, at)| (name.to_owned(), at.to_owned()));
    assert_eq!(found, expected);
}

/// An upload of `account`, processed without a file behind it: rules see rows only.
fn upload(lab: &Lab, account: AccountId, words: &str) -> MediaId {
    let words = words.to_owned();
    lab.write(move |tx| {
        let file = File { hash: BlobHash([7; 32]), kind: FileKind::Png, bytes: 1, width: 2, height: 2 };
        let picture = Picture { original: file, small: file, blurhash: "L".to_owned(), animated: false };
        let media = Media {
            id: tx.next_id(),
            account,
            state: MediaState::Ready(picture),
            description: words.clone(),
            focus: None,
            status: None,
            loose_since: tx.now(),
        };
        media::put(tx, &media);
        Ok(media.id)
    })
    .expect("stored")
}

#[test]
fn what_is_too_large_for_peers_however_it_is_told_is_refused() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let words = "日".repeat(limits::MEDIA_DESCRIPTION_CHARS_MAX);
    let four = || Wanted { ids: (0..4).map(|_| upload(&lab, ann, &words)).collect(), words: Vec::new() };
    let described = NewStatus { media: four(), ..new(&lab, ann, &"日".repeat(5_000)) };
    assert_eq!(try_post(&lab, described).expect("each text once fits").attachments.len(), 4);
    // A hashtag stands in the HTML with its page, and beside it.
    let tags = |count: usize| {
        let tags: Vec<String> = (0..count).map(|number| format!("#{}{number}", "日".repeat(98))).collect();
        tags.join(" ")
    };
    let id = try_post(&lab, new(&lab, ann, &tags(14))).expect("fourteen fit").id;
    let composed = composed(&lab, &tags(28));
    assert_eq!(composed.tags.len(), 28);
    let refused = |outcome: Result<Status>| {
        let why = format!("{:?}", outcome.expect_err("too large"));
        assert!(why.contains("as peers get it"), "{why}");
    };
    refused(try_post(&lab, NewStatus { composed: composed.clone(), ..new(&lab, ann, "") }));
    let change = Change {
        composed,
        spoiler_text: String::new(),
        media: Wanted::default(),
        sensitive: None,
        language: None,
        poll: None,
        quote_policy: None,
        interaction_policy: None,
    };
    refused(lab.write(move |tx| edit(tx, ann, id, &change)));
}

#[test]
fn a_status_has_so_many_pictures_in_all_its_versions_and_they_go_with_it() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let id = try_post(&lab, new(&lab, ann, "first")).expect("posted").id;
    let swap = || {
        let media = Wanted { ids: (0..4).map(|_| upload(&lab, ann, "")).collect(), words: Vec::new() };
        let composed = composed(&lab, "again");
        let change = Change {
            composed,
            spoiler_text: String::new(),
            media,
            sensitive: None,
            language: None,
            poll: None,
            quote_policy: None,
            interaction_policy: None,
        };
        lab.write(move |tx| edit(tx, ann, id, &change))
    };
    for _ in 0..limits::MEDIA_OF_STATUS_MAX / 4 {
        swap().expect("edited");
    }
    assert!(is_invalid(&swap()), "one more");
    let count = |lab: &Lab| lab.read(|read| Ok(media::of_status(read, id, 100)?.len()));
    assert_eq!(count(&lab), limits::MEDIA_OF_STATUS_MAX);
    lab.write(move |tx| delete(tx, ann, id, Fate::Gone)).expect("deleted in one commit");
    assert_eq!(count(&lab), 0);
}

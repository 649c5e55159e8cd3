//! What people do on the servers of a fixture: all that they can do today, so that every table has rows.

use crate::{
    lab::{Instance, Person, text_of},
    pictures,
};
use serde_json::Value;
use std::time::Duration;
use storage::{
    AccountId, Digest, RowId, SecretHash, StatusId, accent, account,
    backfill::{self, Stated},
    backup::deed::{self, Deed, Task},
    block_list::{self, BLOCK_LISTS, BlockList, BlockListPart, ListSource, ListState, ListStrength, ListedDomain},
    certificate::{self, Certificate},
    cleanup::{CLEANUPS, Cleanup, CleanupPolicy},
    custom_emoji::{self, CustomEmoji},
    delivery::ACTIVITY_INBOXES,
    draft::{DRAFTS, Draft},
    dress::{self, Dress},
    follow_source::{FOLLOW_SOURCES, FollowSource, SourceState},
    habit::{self, ExpandMedia, Habits, Quoters},
    import::{self, Import, ImportKind, ImportMode, ImportPart, ImportRow, ImportStage},
    inbound::{self, Arrival, Dropped},
    instance::{self, Settings},
    interaction::{self, Asking},
    invite::{self, INVITED, Invite, Invited},
    job::{self, JobKind},
    manner::{self, Form},
    media::PROFILE_PICTURES,
    moderation::Severity,
    new_address::{NEW_ADDRESSES, NewAddress},
    oauth::{self, AuthorizationCode},
    octets::Octets,
    passkey::{self, Passkey},
    push,
    quiet::{self, QuietHours},
    recovery::{RECOVERY_SHEETS, RecoverySheet},
    relay::{self, OfTag, Relay, RelayKind, RelayState, Taken},
    reminder::{self, Reminders, Undescribed},
    reply_stamp, retention, retired_key,
    saved_search::{SAVED_SEARCHES, SavedSearch},
    second_factor::{self, SecondFactor, SecondStep},
    silent, status, steering,
    strike::{self, Appeal, AppealState, Strike, StrikeAction},
    takeout,
    undelivered::{self, Reason, Undelivered},
    use_of_access::{self, Access},
    user::{self, Role, SESSIONS, SESSIONS_OF_ACCOUNT, Session},
    wave,
};

/// The content type of a form without files.
const FORM: &str = "application/x-www-form-urlencoded";

/// What people do as long as the other server answers.
pub(crate) async fn live(home: &Instance, away: &Instance) {
    let (alice, bob) = (home.person("alice").await, home.person("bob").await);
    let (carol, dave) = (away.person("carol").await, away.person("dave").await);
    carol.follows(&alice.handle()).await;
    alice.follows(&carol.handle()).await;
    bob.follows("alice").await;
    alice.follows("bob").await;
    let bob_of_alice = alice.finds("bob").await;
    alice.post(&format!("/api/v1/accounts/{bob_of_alice}/follow"), &[("notify", "true"), ("reblogs", "false")]).await;
    carol.posts("A kettle from elsewhere #Tea", &[("language", "en")]).await;
    let theirs = text_of(&alice.sees_at_home("A kettle from elsewhere").await, "id");

    let first = alice.posts("My kettle is on #Tea #grün", &[("language", "en")]).await;
    alice.posts("Quietly", &[("visibility", "unlisted"), ("spoiler_text", "a warning")]).await;
    alice.posts("For those who follow", &[("visibility", "private"), ("sensitive", "true")]).await;
    alice.posts(&format!("Only you two @bob {}", carol.handle()), &[("visibility", "direct")]).await;
    let edited = alice.posts("To be edited #old", &[]).await;
    let change = [("status", "It was edited #Tea")];
    assert_eq!(alice.send("PUT", &format!("/api/v1/statuses/{edited}"), &change).await.status, 200);
    let gone = alice.posts("To be deleted", &[]).await;
    assert_eq!(alice.send("DELETE", &format!("/api/v1/statuses/{gone}"), &[]).await.status, 200);
    alice.posts("An answer to elsewhere", &[("in_reply_to_id", &theirs)]).await;
    bob.posts("An answer @alice", &[("in_reply_to_id", &first)]).await;
    for (who, mark) in [(&bob, "favourite"), (&bob, "reblog"), (&alice, "bookmark"), (&alice, "pin")] {
        who.post(&format!("/api/v1/statuses/{first}/{mark}"), &[]).await;
    }
    for mark in ["favourite", "reblog", "bookmark"] {
        alice.post(&format!("/api/v1/statuses/{theirs}/{mark}"), &[]).await;
    }
    for (who, status) in [(&bob, &first), (&alice, &theirs)] {
        let path = format!("/api/v1/pleroma/statuses/{status}/reactions/%F0%9F%8E%89");
        assert_eq!(who.send("PUT", &path, &[]).await.status, 200);
    }
    alice.posts("Only for *us*", &[("local_only", "true"), ("content_type", "text/markdown")]).await;
    alice.post("/api/v1/markers", &[("home[last_read_id]", &first), ("notifications[last_read_id]", "1")]).await;
    let profile = [("display_name", "Alice of the Hill"), ("note", "Tea."), ("locked", "true")];
    assert_eq!(alice.send("PATCH", "/api/v1/accounts/update_credentials", &profile).await.status, 200);

    let seen = text_of(&carol.sees_at_home("My kettle is on").await, "id");
    for mark in ["favourite", "reblog"] {
        carol.post(&format!("/api/v1/statuses/{seen}/{mark}"), &[]).await;
    }
    carol.posts(&format!("Hello {} and {}", alice.handle(), bob.handle()), &[("in_reply_to_id", &seen)]).await;
    let late = carol.posts("To be taken back", &[]).await;
    alice.sees_at_home("To be taken back").await;
    assert_eq!(carol.send("DELETE", &format!("/api/v1/statuses/{late}"), &[]).await.status, 200);
    let asked = dave.finds(&alice.handle()).await;
    dave.post(&format!("/api/v1/accounts/{asked}/follow"), &[]).await;
    for kind in ["favourite", "reblog", "mention", "follow_request"] {
        alice.is_told(kind).await;
    }
    let taken = |home: &Value| !home.to_string().contains("To be taken back");
    alice.until("/api/v1/timelines/home?limit=40", taken).await;
    sign_ins(home, alice.id).await;
    blocks(home, &bob, &carol).await;
    quotes_and_polls(&alice, &bob, &carol, [&first, &theirs, &seen]).await;
    policies(&alice, &bob, &carol).await;
    order(&alice, &carol, [&first, &theirs]).await;
    pictures(&alice).await;
    reads(&alice, away).await;
    opens(home, &alice, &theirs).await;
    collection(&alice, &bob).await;
    let erin = quiet(home, &bob, &carol).await;
    moderation(home, &erin, [&theirs, &first]).await;
    requests(home, &bob).await;
    settings(home, erin.id).await;
    found(home, &alice, &bob).await;
    newcomers(home, &erin).await;
    beside(home, &alice, &theirs).await;
}

/// Whoever quotes whom, here and elsewhere; a poll with votes from both.
async fn quotes_and_polls(alice: &Person<'_>, bob: &Person<'_>, carol: &Person<'_>, named: [&str; 3]) {
    let [first, theirs, seen] = named;
    bob.posts("Bob quotes", &[("quoted_status_id", first), ("quote_approval_policy", "followers")]).await;
    carol.posts("Carol quotes", &[("quoted_status_id", seen)]).await;
    alice.is_told("quote").await;
    let quote = alice.posts("Alice quotes", &[("quoted_status_id", theirs)]).await;
    alice.until(&format!("/api/v1/statuses/{quote}"), |status| status["quote"]["state"] == "accepted").await;
    let count = |status: &Value| status["quotes_count"] == 2;
    alice.until(&format!("/api/v1/statuses/{first}"), count).await;

    let options = [("poll[options][]", "green"), ("poll[options][]", "black"), ("poll[expires_in]", "86400")];
    let asks = alice.posts("Which tea?", &options).await;
    let poll = text_of(&alice.get(&format!("/api/v1/statuses/{asks}")).await["poll"], "id");
    bob.post(&format!("/api/v1/polls/{poll}/votes"), &[("choices[]", "0")]).await;
    let poll_there = text_of(&carol.sees_at_home("Which tea?").await["poll"], "id");
    carol.post(&format!("/api/v1/polls/{poll_there}/votes"), &[("choices[]", "1")]).await;
    alice.until(&format!("/api/v1/polls/{poll}"), |poll| poll["votes_count"] == 2).await;
}

/// A post that may be answered and favourited once its author agrees: one does, one waits; a default of hers.
async fn policies(alice: &Person<'_>, bob: &Person<'_>, carol: &Person<'_>) {
    let rules = [
        ("interaction_policy[can_reply][with_approval][]", "public"),
        ("interaction_policy[can_favourite][with_approval][]", "public"),
    ];
    let asks = alice.posts("Ask before you pour", &rules).await;
    let default = [("direct[can_favourite][always][]", "author")];
    assert_eq!(alice.send("PATCH", "/api/v1/interaction_policies/defaults", &default).await.status, 200);
    bob.post(&format!("/api/v1/statuses/{asks}/favourite"), &[]).await;
    let there = text_of(&carol.sees_at_home("Ask before you pour").await, "id");
    carol.posts("May I pour?", &[("in_reply_to_id", &there)]).await;
    alice.until("/api/v1/interaction_requests", |list| list.as_array().is_some_and(|list| list.len() == 2)).await;
    let list = alice.get("/api/v1/interaction_requests?replies=false").await;
    alice.post(&format!("/api/v1/interaction_requests/{}/authorize", text_of(&list[0], "id")), &[]).await;
}

/// What alice arranges for herself: a list, filters, tags, a note, somebody shown on her profile, a quiet thread; and
/// an answer whose parent goes.
async fn order(alice: &Person<'_>, carol: &Person<'_>, named: [&str; 2]) {
    let [first, theirs] = named;
    let carol_here = alice.finds(&carol.handle()).await;
    let list =
        text_of(&alice.post("/api/v1/lists", &[("title", "Far away"), ("replies_policy", "followed")]).await, "id");
    alice.post(&format!("/api/v1/lists/{list}/accounts"), &[("account_ids[]", &carol_here)]).await;
    let words = [("keywords_attributes[][keyword]", "coffee"), ("keywords_attributes[][whole_word]", "true")];
    let fields = [&[("title", "No coffee"), ("context[]", "home"), ("filter_action", "warn")], &words[..]].concat();
    let filter = text_of(&alice.post("/api/v2/filters", &fields).await, "id");
    alice.post(&format!("/api/v2/filters/{filter}/statuses"), &[("status_id", theirs)]).await;
    alice.post("/api/v1/tags/tea/follow", &[]).await;
    alice.post("/api/v1/featured_tags", &[("name", "Tea")]).await;
    alice.post(&format!("/api/v1/accounts/{carol_here}/note"), &[("comment", "met her on the hill")]).await;
    alice.post(&format!("/api/v1/accounts/{carol_here}/pin"), &[]).await;
    alice.post(&format!("/api/v1/statuses/{first}/mute"), &[]).await;

    // Looked at in some minutes, which do not pass here.
    let link = [("fields_attributes[0][name]", "friend"), ("fields_attributes[0][value]", "https://home.test/")];
    assert_eq!(carol.send("PATCH", "/api/v1/accounts/update_credentials", &link).await.status, 200);
    let shown = |account: &Value| account["fields"][0]["name"] == "friend";
    alice.until(&format!("/api/v1/accounts/{carol_here}"), shown).await;

    let parent = carol.posts("A parent that goes", &[]).await;
    let parent_here = text_of(&alice.sees_at_home("A parent that goes").await, "id");
    let answer = alice.posts("An answer that stays", &[("in_reply_to_id", &parent_here)]).await;
    assert_eq!(carol.send("DELETE", &format!("/api/v1/statuses/{parent}"), &[]).await.status, 200);
    let path = format!("/api/v1/statuses/{answer}");
    alice.until(&path, |answer| answer["in_reply_to_id"].is_null()).await;
}

/// Alice recommends bob, who lets her.
async fn collection(alice: &Person<'_>, bob: &Person<'_>) {
    let found = [("discoverable", "true")];
    assert_eq!(bob.send("PATCH", "/api/v1/accounts/update_credentials", &found).await.status, 200);
    let fields = [("name", "Tea people"), ("tag_name", "Tea"), ("account_ids[]", &*bob.id.to_string())];
    alice.post("/api/v1/collections", &fields).await;
}

/// A picture of alice, one of a status and one of nothing yet; the status is posted with a key of its own.
async fn pictures(alice: &Person<'_>) {
    let (bearer, kind) = (format!("Bearer {}", alice.token), pictures::form_type());
    let headers = [("authorization", bearer.as_str()), ("content-type", kind.as_str())];
    let mut shown = Vec::new();
    for number in [1, 2] {
        let picture = pictures::jpeg(64, 48, number);
        let form = pictures::form(&[("description", "stripes")], &[("file", &picture)]);
        let reply = alice.home.web().send("POST", "/api/v1/media", &headers, &form).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        shown.push(text_of(&reply.json(), "id"));
    }
    let form = pictures::form(&[], &[("avatar", &pictures::png(96, 96, 3))]);
    let path = "/api/v1/accounts/update_credentials";
    assert_eq!(alice.home.web().send("PATCH", path, &headers, &form).await.status, 200);
    let key = [("authorization", bearer.as_str()), ("idempotency-key", "once"), ("content-type", FORM)];
    let body = format!("status=A+picture&media_ids%5B%5D={}", shown[0]);
    let reply = alice.home.web().send("POST", "/api/v1/statuses", &key, body.as_bytes()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    // The other one is kept for a status of next year.
    alice
        .post("/api/v1/statuses", &[("status", "Later"), ("media_ids[]", &shown[1]), ("scheduled_at", "2027-01-01")])
        .await;
}

/// Alice links to a page of the other server.
async fn reads(alice: &Person<'_>, away: &Instance) {
    let status = alice.posts(&format!("Read https://{}/@carol", away.name), &[]).await;
    alice.until(&format!("/api/v1/statuses/{status}"), |status| !status["card"].is_null()).await;
}

/// Opens a thread of elsewhere, whose first status says that more answered it than are known here, as Mastodon's do.
async fn opens(home: &Instance, alice: &Person<'_>, theirs: &str) {
    let id: StatusId = theirs.parse().expect("a number");
    let say = move |tx: &mut storage::Tx<'_>| {
        backfill::state(tx, id, Stated { replies: Some(7), likes: Some(3), ..Stated::default() })?;
        Ok(())
    };
    home.server().write(say).await.expect("written");
    alice.get(&format!("/api/v1/statuses/{theirs}/context")).await;
    let over = |refresh: &Value| refresh["async_refresh"]["status"] == "finished";
    alice.until(&format!("/api/v1_alpha/async_refreshes/{theirs}"), over).await;
}

/// Erin, whom nobody hears: she has cleared her notifications, mutes bob, blocks frank and a whole server, and lets her
/// phone be told. Frank blocks carol.
async fn quiet<'a>(home: &'a Instance, bob: &Person<'_>, carol: &Person<'_>) -> Person<'a> {
    let (erin, frank) = (home.person("erin").await, home.person("frank").await);
    bob.posts("Hello @erin", &[]).await;
    erin.is_told("mention").await;
    erin.post("/api/v1/notifications/clear", &[]).await;
    let afar = frank.finds(&carol.handle()).await;
    frank.post(&format!("/api/v1/accounts/{afar}/block"), &[]).await;
    let [bob, frank] = [erin.finds(&bob.name).await, erin.finds(&frank.name).await];
    erin.post(&format!("/api/v1/accounts/{bob}/mute"), &[("duration", "86400")]).await;
    erin.post(&format!("/api/v1/accounts/{frank}/block"), &[]).await;
    erin.post("/api/v1/domain_blocks", &[("domain", &carol.home.name)]).await;
    let subscription = [
        ("subscription[endpoint]", "https://push.test/erin"),
        // The receiver's public key and secret of RFC 8291 §5.
        (
            "subscription[keys][p256dh]",
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        ),
        ("subscription[keys][auth]", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("subscription[standard]", "true"),
        ("data[alerts][mention]", "true"),
    ];
    erin.post("/api/v1/push/subscription", &subscription).await;
    erin
}

/// Grace, whom nobody may write to in private: bob asks and is let through, frank waits.
async fn requests(home: &Instance, bob: &Person<'_>) {
    let grace = home.person("grace").await;
    let frank = Person { home, name: "frank".into(), id: AccountId(0), token: "token-of-frank".into() };
    let policy = [("for_private_mentions", "filter"), ("for_bots", "drop")];
    assert_eq!(grace.send("PATCH", "/api/v2/notifications/policy", &policy).await.status, 200);
    bob.posts("May I? @grace", &[("visibility", "direct")]).await;
    let asked = grace.until("/api/v1/notifications/requests", |list| list[0]["id"].is_string()).await;
    grace.post(&format!("/api/v1/notifications/requests/{}/accept", text_of(&asked[0], "id")), &[]).await;
    grace.until("/api/v1/notifications/requests/merged", |merged| merged["merged"] == true).await;
    frank.posts("Listen, @grace", &[("visibility", "direct")]).await;
    grace.until("/api/v1/notifications/requests", |list| list[0]["id"].is_string()).await;
}

/// Reports, open and resolved, what a moderator did, and a server that is blocked.
async fn moderation(home: &Instance, erin: &Person<'_>, named: [&str; 2]) {
    let ada = home.staff("ada", Role::Owner).await;
    for status in named {
        let author = text_of(&erin.get(&format!("/api/v1/statuses/{status}")).await["account"], "id");
        let fields = [("account_id", author.as_str()), ("status_ids[]", status), ("comment", "too much tea")];
        erin.post("/api/v1/reports", &fields).await;
    }
    let reports = ada.get("/api/v1/admin/reports").await;
    let report = text_of(&reports[0], "id");
    ada.post(&format!("/api/v1/admin/reports/{report}/resolve"), &[]).await;
    let frank = ada.finds("frank").await;
    ada.post(&format!("/api/v1/admin/accounts/{frank}/action"), &[("type", "sensitive")]).await;
    let block = [("domain", "noisy.test"), ("severity", "silence"), ("public_comment", "noise")];
    ada.post("/api/v1/admin/domain_blocks", &block).await;
    ada.post("/api/v1/admin/domain_allows", &[("domain", "away.test")]).await;
}

/// What no call of the API sets: the server's name and rules, an address, days of retention, what backups did.
async fn settings(home: &Instance, erin: AccountId) {
    let rule = move |tx: &mut storage::Tx<'_>| {
        let settings = Settings {
            title: "The hill".into(),
            description: "Tea on a hill".into(),
            contact_email: "ada@home.test".into(),
            rules: vec!["Be kind".into()],
            ..Settings::default()
        };
        instance::put_settings(tx, &settings);
        let user = user::find(tx, erin)?.expect("she is there");
        user::put(tx, &user::User { email: "erin@home.test".into(), ..user })?;
        retention::put_days(tx, 30);
        retention::put_ages_rest(tx, retention::AgesRest { until: tx.now(), ahead_ms: 7_200_000 });
        let (now, lsn) = (tx.now(), tx.lsn());
        let deed = Deed {
            place: "directory /backups".into(),
            at: now,
            took_ms: 1,
            made: now,
            lsn,
            rows: 1,
            files: 1,
            bytes: 1,
            failed: None,
            damaged: false,
        };
        deed::remember(tx, Task::Backup, &deed);
        Ok(())
    };
    home.server().write(rule).await.expect("written");
}

/// What no call of the API makes: a certificate and how the next one was refused, signs of a wave, how a server signs, a
/// draft, tables that were brought along, habits of the pages; and a status whose author is asked by requests.
async fn beside(home: &Instance, alice: &Person<'_>, theirs: &str) {
    let (alice, theirs): (AccountId, StatusId) = (alice.id, theirs.parse().expect("a number"));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let (now, key) = (tx.now(), Octets(vec![1, 2, 3]));
        let kept = Certificate { chain: "not a chain".into(), key: key.clone(), obtained_at: now };
        certificate::put_certificate(tx, "home.test", &kept);
        certificate::put_acme_account(tx, "https://authority.test/directory", &key);
        let refusal = certificate::Refusal { tries: 1, again_at: now, since: now, why: "nobody answered".into() };
        certificate::put_refusal(tx, "hill.test", &refusal);
        interaction::put_asking(tx, theirs, Asking::ByRequest);
        silent::put(tx, theirs, vec![alice])?;
        reply_stamp::put(tx, theirs, "https://away.test/stamps/1")?;
        let author = status::find(tx, theirs)?.expect("it is there").account;
        let told = wave::Told { to: alice, from: author, status: theirs };
        wave::bear(tx, Digest::of("the same words"), author, &[told])?;
        wave::speak_up(tx, author, "away.test")?;
        wave::unasked(tx, alice, "away.test")?;
        manner::takes(tx, "away.test", Form::Rfc9421)?;
        retired_key::keep_of_instance(tx, vec![1, 2, 3]);
        let draft: RowId = tx.next_id();
        DRAFTS.put(tx, &(alice, draft), &begun(now));
        let kept =
            SavedSearch { name: "rocks".into(), text: "warm in:home".into(), kind: "statuses".into(), kept_at: now };
        SAVED_SEARCHES.put(tx, &(alice, draft), &kept);
        second_factor::SECOND_FACTORS.put(tx, &alice, &SecondFactor { secret: [3; 20], last_step: 1, since: now });
        second_factor::put_spare_codes(tx, alice, &[SecretHash::of("a spare code")])?;
        NEW_ADDRESSES.put(tx, &alice, &NewAddress { email: "alice@hill.test".into(), asked_at: now });
        use_of_access::note(tx, Access::Token(SecretHash::of("token-of-alice")), now)?;
        use_of_access::note(tx, Access::Session(SecretHash::of("a cookie of the fixture")), now)?;
        let key = Passkey {
            name: "a phone".into(),
            credential: Octets(vec![1; 16]),
            key: Octets(vec![2; 77]),
            counter: 0,
            may_be_copied: true,
            created_at: now,
            used_at: None,
        };
        passkey::put(tx, alice, &key);
        RECOVERY_SHEETS.put(tx, &alice, &RecoverySheet { code: [5; 32], made_at: now });
        let half = SecondStep { begun_at: now, wrong: 1 };
        second_factor::put_step(tx, alice, SecretHash::of("half signed in"), &half)?;
        let id: RowId = tx.next_id();
        let row = ImportRow { subject: "carol@away.test".into(), ..ImportRow::default() };
        import::begin(tx, alice, id, &brought(now), &[ImportPart { rows: vec![row] }]);
        import::refuse(tx, (alice, id, 0), "nobody@away.test".into(), import::Refusal::Unknown)?;
        let habits = Habits {
            expand_media: ExpandMedia::All,
            expand_spoilers: true,
            quoters: Quoters::Nobody,
            tells_blocks: true,
            likes_with_emoji: true,
        };
        habit::put(tx, alice, habits);
        let id: RowId = tx.next_id();
        invite::put(tx, id, &invite(alice, now));
        INVITED.put(tx, &alice, &Invited { by: alice, invite: id, autofollow: false });
        let policy = CleanupPolicy { age_days: 730, keep_media: true, ..CleanupPolicy::default() };
        let cleanup = Cleanup { policy, changed_at: now, job: None, behind: None, passed_at: None, removed: 0 };
        CLEANUPS.put(tx, &alice, &cleanup);
        let state = SourceState::Failed("nobody answered".into());
        let source = FollowSource { handle: "alice@far.test".into(), asked_at: now, state, cut: false };
        FOLLOW_SOURCES.put(tx, &alice, &source);
        let id: RowId = tx.next_id();
        strike::put(tx, id, &struck(alice, now));
        invite::put_inviters(tx, invite::Inviters::Staff);
        invite::put_inviters(tx, invite::Inviters::Everybody);
        for (token, _) in push::SUBSCRIPTIONS.list(tx, &(), storage::Bounds::NONE, storage::Direction::Ascending, 1)? {
            push::BROWSERS.put(tx, &token, &push::OfSession { session: [7; 32] });
        }
        accent::put(tx, Some(accent::Accent { rgb: 0x00_8080 }));
        dress::put(
            tx,
            alice,
            &Dress { zone: "Africa/Windhoek".into(), light: true, keys_off: true, theme: dress::Theme::Dark },
        );
        let id: RowId = tx.next_id();
        BLOCK_LISTS.put(tx, &id, &block_list(alice, now));
        let listed = ListedDomain {
            domain: "spam.test".into(),
            severity: Severity::Silence,
            reject_media: true,
            reject_reports: false,
            obfuscate: true,
            public_comment: "spam".into(),
        };
        block_list::put_parts(tx, id, &[BlockListPart { rows: vec![listed] }]);
        takeout::begin(tx, alice, 12);
        reminder::put(tx, alice, Reminders { undescribed: Undescribed::Refuse, steps_away: true });
        quiet::put(tx, alice, Some(&QuietHours { zone: "Africa/Windhoek".into(), from: 1_320, until: 420 }));
        Ok(())
    };
    home.server().write(rule).await.expect("written");
}

/// What alice has begun to write.
fn begun(kept_at: storage::Timestamp) -> Draft {
    let none = String::new;
    Draft {
        kept_at,
        text: "Tea is".into(),
        warning: none(),
        sensitive: false,
        visibility: "public".into(),
        quote_policy: none(),
        may_reply: none(),
        language: "en".into(),
        scheduled_at: none(),
        media: Vec::new(),
        options: Vec::new(),
        lasts_s: 0,
        multiple: false,
        hide_totals: false,
        in_reply_to: none(),
        quoted: none(),
        content_type: "text/markdown".into(),
        split: none(),
    }
}

/// An invite of alice's by which nobody has come.
fn invite(account: AccountId, created_at: storage::Timestamp) -> Invite {
    Invite {
        account,
        code: "TEAATFIVE".into(),
        max_uses: Some(3),
        uses: 0,
        expires_at: None,
        autofollow: true,
        comment: "for bob".into(),
        created_at,
    }
}

/// A warning for alice, against which she appealed.
fn struck(alice: AccountId, now: storage::Timestamp) -> Strike {
    Strike {
        account: alice,
        by: alice,
        action: StrikeAction::None,
        text: "Careful".into(),
        report: None,
        rules: Vec::new(),
        statuses: Vec::new(),
        created_at: now,
        overruled_at: None,
        appeal: Some(Appeal { text: "Why?".into(), created_at: now, state: AppealState::Pending, decided: None }),
    }
}

/// A list of servers to block that waits for a decision.
fn block_list(by: AccountId, now: storage::Timestamp) -> BlockList {
    BlockList {
        by: Some(by),
        source: ListSource::Server("far.test".into()),
        strength: ListStrength::Careful,
        state: ListState::Read,
        brought_at: now,
        ended_at: None,
        rows: 1,
        unread: 2,
        parts: 1,
        part: 0,
        row: 0,
        blocked: 0,
        left: 0,
        spared: vec!["kept.test".into()],
    }
}

/// A table of whom somebody followed elsewhere, all of it done.
fn brought(now: storage::Timestamp) -> Import {
    Import {
        kind: ImportKind::Following,
        mode: ImportMode::Merge,
        stage: ImportStage::Ended,
        created_at: now,
        ended_at: Some(now),
        rows: 1,
        taken: 0,
        refused: 1,
        removed: 0,
        parts: 1,
        part: 1,
        row: 0,
        behind: 0,
        within: 0,
    }
}

/// Who wants to be found and whom alice does not want to have suggested; what is announced and what people make of it.
async fn found(home: &Instance, alice: &Person<'_>, bob: &Person<'_>) {
    let profile = [("discoverable", "true")];
    assert_eq!(alice.send("PATCH", "/api/v1/accounts/update_credentials", &profile).await.status, 200);
    let suggested = format!("/api/v1/suggestions/{}", bob.id);
    assert_eq!(alice.send("DELETE", &suggested, &[]).await.status, 200);
    let rule = |tx: &mut storage::Tx<'_>| {
        // On and off again: the row stays.
        storage::domain_allow::set_limited(tx, true)?;
        storage::domain_allow::set_limited(tx, false)?;
        storage::authorized_fetch::set(tx, true)?;
        storage::authorized_fetch::set(tx, false)?;
        dassie::instance::texts::set(tx, storage::text::TextKind::About, None, "# The hill")?;
        let text = "Tea at five".to_owned();
        let composed = dassie::status::Composed { content: format!("<p>{text}</p>"), text, ..Default::default() };
        let new = dassie::announcement::NewAnnouncement { composed, starts_at: None, ends_at: None, all_day: false };
        dassie::announcement::create(tx, &new)
    };
    let number = home.server().write(rule).await.expect("written");
    alice.post(&format!("/api/v1/announcements/{number}/dismiss"), &[]).await;
    let path = format!("/api/v1/announcements/{number}/reactions/%F0%9F%8E%89");
    assert_eq!(bob.send("PUT", &path, &[]).await.status, 200);
}

/// Somebody who waits to be let in and has a link in the mail; what keeps others out.
async fn newcomers(home: &Instance, erin: &Person<'_>) {
    let open = |tx: &mut storage::Tx<'_>| {
        dassie::instance::settings::set(tx, dassie::instance::settings::Setting::Registrations, "approve").map(drop)
    };
    home.server().write(open).await.expect("written");
    let fields = [
        ("username", "gina"),
        ("email", "gina@mail.test"),
        ("password", "a long passphrase"),
        ("agreement", "true"),
        ("locale", "en"),
        ("reason", "tea"),
    ];
    erin.post("/api/v1/accounts", &fields).await;
    let link = |tx: &mut storage::Tx<'_>| {
        let gina = account::holder_of(tx, "gina")?.expect("she is there");
        let hash = SecretHash::of("a link of the fixture");
        let purpose = storage::mail_link::Purpose::ResetPassword;
        dassie::user::sign_up::make_link(tx, gina, purpose, hash).map(drop)
    };
    home.server().write(link).await.expect("written");
    let ada = Person { home, name: "ada".into(), id: AccountId(0), token: "token-of-ada".into() };
    ada.post("/api/v1/admin/email_domain_blocks", &[("domain", "noise.test")]).await;
    ada.post("/api/v1/admin/ip_blocks", &[("ip", "192.0.2.0/24"), ("severity", "sign_up_block")]).await;
    ada.post("/api/v1/admin/canonical_email_blocks", &[("email", "noise@mail.test")]).await;
}

/// What no call of the API makes by a token: a browser's session and a code that waits.
async fn sign_ins(home: &Instance, alice: AccountId) {
    let rule = move |tx: &mut storage::Tx<'_>| {
        let now = tx.now();
        let hash = SecretHash::of("a cookie of the fixture");
        let session = Session { account: alice, csrf_secret: [1; 32], created_at: now, user_agent: "a browser".into() };
        SESSIONS.put(tx, &hash, &session);
        SESSIONS_OF_ACCOUNT.put(tx, &(alice, hash), &());
        let bounds = storage::Bounds::NONE;
        let application = oauth::APPLICATIONS.list(tx, &(), bounds, storage::Direction::Ascending, 1)?.remove(0).0;
        let code = AuthorizationCode {
            application,
            account: alice,
            redirect_uri: "https://app.test/".into(),
            scopes: vec!["read".into()],
            challenge: Some("challenge".into()),
            created_at: now,
            used_for: None,
        };
        oauth::AUTHORIZATION_CODES.put(tx, &SecretHash::of("a code of the fixture"), &code);
        Ok(())
    };
    home.server().write(rule).await.expect("written");
}

/// Carol's server says that she blocks bob.
async fn blocks(home: &Instance, bob: &Person<'_>, carol: &Person<'_>) {
    let (bob, carol) = (bob.id, format!("https://away.test/users/{}", carol.name));
    let rule = move |tx: &mut storage::Tx<'_>| {
        let carol = account::find_by_uri(tx, &carol)?.expect("she is known").id;
        dassie::relationship::accept::block(tx, carol, bob, "https://away.test/blocks/1")
    };
    home.server().write(rule).await.expect("written");
}

/// What is left when the other server does not answer any more: owed deliveries, activities and jobs that wait, a dead
/// letter.
pub(crate) async fn part(home: &Instance, away: &Instance) {
    away.cut_off();
    let alice = Person { home, name: "alice".into(), id: AccountId(0), token: "token-of-alice".into() };
    alice.posts("Nobody elsewhere hears this", &[]).await;
    let keys = home.server().make_keys().await.expect("keys");
    let change = move |tx: &mut storage::Tx<'_>| {
        let alice = account::find_by_name(tx, "alice", None)?.expect("she is known").id;
        dassie::account::keys::rotate(tx, alice, &keys)
    };
    home.server().write(change).await.expect("written");
    let rule = |tx: &mut storage::Tx<'_>| {
        let carol = account::find_by_uri(tx, "https://away.test/users/carol")?.expect("she is known").id;
        job::enqueue(tx, JobKind::RefreshAccount { account: carol });
        steering::pause(tx, "paused.test")?;
        let (id, now) = (tx.next_id(), tx.now());
        let row = Relay {
            url: "https://relay.test/inbox".to_owned(),
            kind: RelayKind::Mastodon,
            state: RelayState::Accepted,
            actor: Some("https://relay.test/actor".to_owned()),
            account: None,
            tags: vec!["tea".to_owned()],
            languages: vec!["en".to_owned()],
            per_hour: 60,
            paused_at: None,
            added_at: now,
            accepted_at: Some(now),
            of_tag: None,
        };
        relay::put(tx, id, &row)?;
        relay::take(tx, id, &row)?;
        relay::put(tx, id, &Relay { paused_at: Some(now), ..row.clone() })?;
        let (template, one) = (tx.next_id(), tx.next_id());
        let url = "https://tags.test/tag/{tag}".to_owned();
        let tags =
            Relay { url, kind: RelayKind::Tags, actor: None, tags: Vec::new(), accepted_at: None, ..row.clone() };
        relay::put(tx, template, &tags)?;
        let (url, actor) = ("https://tags.test/tag/tea".to_owned(), Some("https://tags.test/tag/tea".to_owned()));
        let of_tag = OfTag { template, followed_at: now, unfollowed_at: None, today: Taken { since: now, count: 3 } };
        relay::put(tx, one, &Relay { url, kind: RelayKind::Litepub, actor, of_tag: Some(of_tag), ..row })?;
        let actor = "https://away.test/users/nobody";
        let follow = serde_json::json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{actor}#follow"), "type": "Follow",
            "actor": actor, "object": "https://home.test/users/alice", "summary": "long ".repeat(30_000),
        });
        let body = follow.to_string().into_bytes();
        inbound::accept(
            tx,
            &Arrival { actor, signer: actor, inbox: "", activity: "https://away.test/a1", body: &body },
        )?;
        Ok(())
    };
    home.server().write(rule).await.expect("written");
    let drawn = |tx: &mut storage::Tx<'_>| {
        let alice = account::find_by_name(tx, "alice", None)?.expect("she is known").id;
        let picture = PROFILE_PICTURES.get(tx, &(alice, 0))?.expect("she has one");
        let emoji = CustomEmoji {
            file: picture.file,
            still: picture.still,
            category: "tea".to_owned(),
            in_picker: true,
            enabled: true,
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        Ok(custom_emoji::insert(tx, "alice", &emoji)?)
    };
    home.server().write(drawn).await.expect("written");
    let waiting = || async {
        let counts = home.server().read(|view| {
            let (bounds, up) = (storage::Bounds::NONE, storage::Direction::Ascending);
            let owed = storage::delivery::OWED.list(view, &(), bounds, up, 1)?.len();
            let jobs = job::JOBS.list(view, &(), bounds, up, 10)?.iter().filter(|(_, job)| job.attempts > 0).count();
            let rows = inbound::INBOUND.list(view, &(), bounds, up, 10)?;
            Ok([owed, jobs, rows.iter().filter(|(_, row)| row.attempts > 0).count()])
        });
        counts.await.expect("a read")
    };
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    loop {
        let counts = waiting().await;
        if counts.iter().all(|count| *count > 0) {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "deliveries, jobs and activities that wait: {counts:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let dead = |tx: &mut storage::Tx<'_>| {
        let (actor, due) = ("https://away.test/users/nobody", tx.now());
        let arrival = Arrival { actor, signer: actor, inbox: "", activity: "https://away.test/a2", body: b"{}" };
        inbound::accept(tx, &arrival)?;
        let place = (Digest::of(actor), tx.lsn());
        while inbound::postpone(tx, place, due, "nobody can read it")? {}
        let one = Dropped::one("away.test", "Create", "concerns nobody here", actor, due);
        inbound::note_dropped(tx, &[one])?;
        let went_out = ACTIVITY_INBOXES.list(tx, &(), storage::Bounds::NONE, storage::Direction::Ascending, 100)?;
        let refused = |inbox| Undelivered { inbox, at: due, reason: Reason::Refused(404) };
        let refused = went_out.iter().filter_map(|((id, _), list)| Some((*id, refused(*list.0.first()?))));
        undelivered::note(tx, &refused.collect::<Vec<_>>())?;
        Ok(())
    };
    home.server().write(dead).await.expect("written");
}

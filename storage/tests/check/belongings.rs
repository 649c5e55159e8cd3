//! What people here have beside their statuses: pictures, polls, lists, filters, tags, conversations, mutes, quotes,
//! subscriptions; and what moderators decided.

use crate::rich::status;
use storage::{
    AccountId, BlobHash, Bounds, Digest, Direction, Lsn, RowId, SecretHash, StatusId, Timestamp, Tx, accent, account,
    activity,
    announcement::{self, Announcement},
    backfill::{self, Asked, Stated},
    backup::deed::{self, Task},
    card::{self, Card, Page, PageKind},
    cleanup::{CLEANUPS, Cleanup, CleanupPolicy},
    collection::{self, Collection, Item, ItemState},
    conversation,
    custom_emoji::{self, CustomEmoji},
    directory,
    domain_allow::{self, DomainAllow},
    domain_block,
    draft::{DRAFTS, Draft, DraftMedia},
    dress::{self, Dress},
    endorsement,
    filter::{self, Filter, FilterAction, FilterContext, FilterKeyword},
    filtered,
    follow_source::{FOLLOW_SOURCES, FollowSource, SourceState},
    habit::{self, ExpandMedia, Habits, Quoters},
    import::{self, Import, ImportKind, ImportMode, ImportPart, ImportRow, ImportStage, Refusal},
    interaction::{self, Interaction, InteractionPolicy, InteractionRequest, RequestState, Rule},
    invite::{self, INVITED, Invite, Invited, Inviters},
    job::{self, JobKind},
    list::{self, List, RepliesPolicy},
    mail_link::{self, MailLink, Purpose},
    media::{self, File, FileKind, Media, MediaState, Picture, ProfilePart, ProfilePicture},
    moderation::{self, AuditAction, Category, DomainBlock, Report, Resolved, Severity, Standing, Subject},
    mute,
    notification::{self, NotificationKind},
    oauth,
    octets::Octets,
    poll::{self, Ballot},
    push::{self, Policy, Subscription, VapidKey},
    quiet::{self, QuietHours},
    quote::{self, Groups, Quote, QuotePolicy, QuoteState},
    reaction::{self, Reaction, ReactionRef},
    relationship,
    reminder::{self, Reminders, Undescribed},
    retention,
    saved_search::{SAVED_SEARCHES, SavedSearch},
    scheduled::{self, Scheduled},
    sign_up_block::{self, CanonicalEmailBlock, EmailDomainBlock, IpBlock, IpSeverity},
    status::{self as statuses, ContentType, Poll, PollOption, Reply, Visibility},
    strike::{self, Appeal, AppealState, Strike, StrikeAction},
    tag, takeout,
    text::{self, TextKind},
};

/// All of it, for people and the first status of each.
pub(crate) fn all(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    pictures(tx, people, ids)?;
    asked(tx, people)?;
    sorted(tx, people)?;
    apart(tx, people)?;
    talks(tx, people)?;
    quotes(tx, people, ids)?;
    judged(tx, people, ids)?;
    woken(tx, people)?;
    found(tx, people)?;
    shown(tx, people)?;
    linked(tx, people, ids)?;
    held_back(tx, people, ids)?;
    newcomers(tx, people)?;
    kept(tx, people, ids)?;
    later(tx, people)?;
    begun(tx, people);
    invited(tx, people);
    brought(tx, people)?;
    reacted(tx, people, ids)?;
    looked_at(tx, people, ids)?;
    agreed(tx, people, ids)?;
    crate::decided::steered(tx, people, ids)
}

/// Who may do what, and what waits for an author's word or has it.
fn agreed(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let ask = Rule { automatic: Groups::FOLLOWERS, manual: Groups::PUBLIC };
    let policy = InteractionPolicy { favourite: ask, reply: ask, reblog: ask };
    interaction::put_policy(tx, ids[0], policy);
    interaction::put_asking(tx, ids[0], interaction::Asking::ByRequest);
    interaction::put_default(tx, people[0], Visibility::Unlisted, policy);
    let request = InteractionRequest {
        interaction: Interaction::Favourite,
        by: people[3],
        target: ids[0],
        author: people[0],
        reply: None,
        uri: "https://a.test/likes/asked".into(),
        asked: String::new(),
        visibility: Visibility::Public,
        state: RequestState::Pending,
        created_at: tx.now(),
        answered_at: None,
        authorization: String::new(),
    };
    let id: RowId = tx.next_id();
    interaction::put(tx, id, &request)?;
    let (id, answered_at): (RowId, _) = (tx.next_id(), Some(tx.now()));
    let shared = InteractionRequest {
        interaction: Interaction::Reblog,
        uri: "https://a.test/shares/agreed".into(),
        state: RequestState::Accepted,
        answered_at,
        ..request.clone()
    };
    interaction::put(tx, id, &shared)?;
    let reply = status(tx.next_id(), people[3], false, |row| {
        row.reply = Some(Reply { uri: String::new(), status: Some(ids[0]), account: Some(people[0]) });
    });
    let id: RowId = tx.next_id();
    let waits = InteractionRequest {
        interaction: Interaction::Reply,
        reply: Some(reply.id),
        uri: reply.uri.clone(),
        ..request
    };
    interaction::put(tx, id, &waits)?;
    statuses::insert(tx, &reply)
}

/// Threads and profiles of elsewhere that were asked for, and what they say of their numbers.
fn looked_at(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let at = tx.now();
    for (number, ended_at) in [(3, Some(at)), (4, None)] {
        let asked = Asked { at, ended_at, found: 2 };
        backfill::THREADS.put(tx, &ids[number], &asked);
        backfill::PROFILES.put(tx, &people[number], &asked);
        backfill::state(tx, ids[number], Stated { replies: Some(7), ..Stated::default() })?;
    }
    Ok(())
}

/// Statuses that are to be posted, one with a picture.
fn later(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let loose = media::LOOSE.list(tx, &(), Bounds::NONE, Direction::Ascending, 1)?;
    for number in 0..3 {
        let (id, at) = (tx.next_id(), tx.now().plus_ms(1_000_000 + number));
        let media = loose.iter().filter(|_| number == 0).map(|((_, media), ())| *media).collect();
        let row = Scheduled {
            account: people[0],
            scheduled_at: at,
            job: job::enqueue_at(tx, JobKind::PublishScheduled { scheduled: id }, at),
            text: "later".into(),
            spoiler_text: String::new(),
            media,
            sensitive: None,
            language: None,
            visibility: Visibility::Public,
            in_reply_to: None,
            quoted: None,
            quote_policy: None,
            poll: None,
            application: None,
            idempotency_key: None,
            local_only: None,
            content_type: ContentType::Plain,
            interaction_policy: Some(InteractionPolicy {
                reblog: Rule { automatic: Groups::NOBODY, manual: Groups::FOLLOWERS },
                ..InteractionPolicy::default()
            }),
        };
        scheduled::put(tx, id, &row);
    }
    Ok(())
}

/// Drafts, one with a picture that is gone; searches that are kept.
fn begun(tx: &mut Tx<'_>, people: &[AccountId]) {
    for text in ["", "half a sentence"] {
        let id = tx.next_id();
        let draft = Draft {
            kept_at: tx.now(),
            text: text.into(),
            warning: String::new(),
            sensitive: false,
            visibility: "public".into(),
            quote_policy: "public".into(),
            may_reply: String::new(),
            language: String::new(),
            scheduled_at: String::new(),
            media: vec![DraftMedia { id: "7".into(), description: text.into(), focus: String::new() }],
            options: Vec::new(),
            lasts_s: 86_400,
            multiple: false,
            hide_totals: false,
            in_reply_to: String::new(),
            quoted: String::new(),
            content_type: String::new(),
            split: String::new(),
        };
        DRAFTS.put(tx, &(people[0], id), &draft);
        let kept = SavedSearch { name: "rocks".into(), text: text.into(), kind: String::new(), kept_at: tx.now() };
        SAVED_SEARCHES.put(tx, &(people[0], id), &kept);
    }
}

/// Imports: one under way and one that is over, with a row that was refused; habits, the dress of pages, reminders, quiet hours.
fn brought(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    for stage in [ImportStage::Rows, ImportStage::Ended] {
        let id = tx.next_id();
        let row = ImportRow { subject: "ann@far.test".into(), reblogs: Some(false), ..ImportRow::default() };
        let brought = Import {
            kind: ImportKind::Following,
            mode: ImportMode::Merge,
            stage,
            created_at: tx.now(),
            ended_at: None,
            rows: 2,
            taken: 0,
            refused: 1,
            removed: 0,
            parts: 1,
            part: 0,
            row: 1,
            behind: 0,
            within: 0,
        };
        import::begin(tx, people[0], id, &brought, &[ImportPart { rows: vec![row.clone(), row] }]);
        import::refuse(tx, (people[0], id, 0), "nobody@far.test".into(), Refusal::Unknown)?;
    }
    let habits = Habits {
        expand_media: ExpandMedia::All,
        expand_spoilers: true,
        quoters: Quoters::Nobody,
        tells_blocks: true,
        likes_with_emoji: true,
    };
    habit::put(tx, people[0], habits);
    dress::put(
        tx,
        people[0],
        &Dress { zone: "Europe/Berlin".into(), light: true, keys_off: true, theme: dress::Theme::Dark },
    );
    takeout::begin(tx, people[0], 12);
    reminder::put(tx, people[0], Reminders { undescribed: Undescribed::Refuse, steps_away: true });
    quiet::put(tx, people[0], Some(&QuietHours { zone: "Europe/Berlin".into(), from: 1_320, until: 420 }));
    Ok(())
}

/// Invites, one of them used up, and who came by one that is gone; whose old statuses go.
fn invited(tx: &mut Tx<'_>, people: &[AccountId]) {
    for uses in 0..2 {
        let id: RowId = tx.next_id();
        let invite = Invite {
            account: people[0],
            code: format!("CODE{uses}"),
            max_uses: Some(1),
            uses,
            expires_at: None,
            autofollow: true,
            comment: String::new(),
            created_at: tx.now(),
        };
        invite::put(tx, id, &invite);
    }
    let cleanup = Cleanup {
        policy: CleanupPolicy { enabled: true, ..CleanupPolicy::default() },
        changed_at: tx.now(),
        job: Some(job::enqueue(tx, JobKind::CleanUp { account: people[0] })),
        behind: None,
        passed_at: None,
        removed: 3,
    };
    CLEANUPS.put(tx, &people[0], &cleanup);
    let state = SourceState::Brought(RowId(1));
    let source = FollowSource { handle: "a@far.test".into(), asked_at: tx.now(), state, cut: true };
    FOLLOW_SOURCES.put(tx, &people[0], &source);
    for state in [AppealState::Pending, AppealState::Rejected] {
        let id: RowId = tx.next_id();
        let appeal = Appeal { text: "why".into(), created_at: tx.now(), state, decided: None };
        let strike = Strike {
            account: people[0],
            by: people[1],
            action: StrikeAction::Silence,
            text: String::new(),
            report: None,
            rules: Vec::new(),
            statuses: Vec::new(),
            created_at: tx.now(),
            overruled_at: None,
            appeal: Some(appeal),
        };
        strike::put(tx, id, &strike);
    }
    invite::put_inviters(tx, Inviters::Staff);
    accent::put(tx, Some(accent::Accent { rgb: 0x00_8080 }));
    INVITED.put(tx, &people[1], &Invited { by: people[0], invite: RowId(1), autofollow: true });
}

/// Emoji on statuses from here and from elsewhere.
fn reacted(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let cases = [
        (0, 3, "🎉", "/users/a#reactions/1"),
        (1, 0, "🎉", ""),
        (3, 0, "🎉", "https://b.test/r/1"),
        (3, 0, "x@b.test", ""),
    ];
    for (who, status, name, uri) in cases {
        let named = ReactionRef { account: people[who], status: ids[status], name: name.into() };
        let reaction = Reaction { row: tx.next_id(), created_at: tx.now(), uri: uri.into() };
        reaction::put(tx, &named, name.contains('@').then_some("https://b.test/x.png"), &reaction)?;
    }
    Ok(())
}

/// A link in somebody's mail, and what keeps people from signing up.
fn newcomers(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let created_at = tx.now();
    let link = MailLink { account: people[1], purpose: Purpose::Confirm, email: "b@here.test".into(), created_at };
    mail_link::put(tx, SecretHash::of("link"), &link)?;
    let domain = EmailDomainBlock { domain: "spam.test".into(), allow_with_approval: false, created_at };
    let id: RowId = tx.next_id();
    sign_up_block::put_email_domain(tx, id, &domain);
    let network = IpBlock {
        address: [192, 0, 2, 0].into(),
        prefix: 24,
        severity: IpSeverity::NoAccess,
        comment: "noise".into(),
        expires_at: None,
        created_at,
    };
    let id: RowId = tx.next_id();
    sign_up_block::put_ip(tx, id, &network)?;
    let id: RowId = tx.next_id();
    let address = CanonicalEmailBlock { hash: SecretHash::of("a@b"), reference: Some(people[0]) };
    sign_up_block::put_canonical_email(tx, id, &address);
    Ok(())
}

/// What a policy kept out of a list, with what asks for it, and whose notifications come anyway.
fn held_back(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    for (kind, status) in [(NotificationKind::Mention, ids[3]), (NotificationKind::Favourite, ids[0])] {
        notification::set_aside(tx, people[1], kind, people[2], Some(status))?;
    }
    filtered::permit(tx, people[1], people[3])
}

/// Previews: two statuses show one, a third that of a page with nothing to show.
fn linked(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let page = Page {
        url: "https://page.test/".into(),
        kind: PageKind::Link,
        title: "A page".into(),
        description: String::new(),
        author_name: String::new(),
        author_url: String::new(),
        creator: Some(people[0]),
        provider_name: String::new(),
        provider_url: String::new(),
        picture: None,
        embed_url: String::new(),
        language: None,
        published_at: None,
    };
    let looked_at = tx.now();
    for (link, page) in [("https://page.test/?from=here", Some(page)), ("https://page.test/nothing", None)] {
        card::put(tx, &Card { link: link.into(), looked_at, page })?;
    }
    for (status, link) in [(0, "?from=here"), (1, "?from=here"), (2, "nothing")] {
        card::attach(tx, ids[status], &format!("https://page.test/{link}"))?;
    }
    Ok(())
}

/// A collection with somebody in it and somebody who left it; a profile whose links wait to be looked at.
fn shown(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let now = tx.now();
    let states = [(people[1], ItemState::Accepted), (people[2], ItemState::Revoked)];
    let items = states.map(|(account, state)| Item { id: tx.next_id(), account, state, created_at: now }).to_vec();
    let row = Collection {
        owner: people[0],
        name: "tea".into(),
        description: String::new(),
        language: None,
        sensitive: false,
        discoverable: true,
        tag: None,
        items,
        created_at: now,
        updated_at: now,
    };
    let id = tx.next_id();
    collection::put(tx, id, &row)?;
    account::check_links_at(tx, people[0], now)
}

fn file(byte: u8) -> File {
    File { hash: BlobHash([byte; 32]), kind: FileKind::Png, bytes: 300, width: 4, height: 3 }
}

/// One picture in two uploads, a profile and emoji, one that waits, one that failed.
fn pictures(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let states = [None, None, Some(MediaState::Failed("no picture".into()))];
    for number in 0..5_u64 {
        let media = Media {
            id: tx.next_id(),
            account: people[0],
            state: MediaState::Waiting(1_000 + number),
            description: String::new(),
            focus: None,
            status: None,
            loose_since: tx.now(),
        };
        media::insert(tx, &media, 1_000 + number);
        if number > 2 {
            continue;
        }
        let small = file(10 + u8::try_from(number).unwrap());
        let picture = Picture { original: file(1), small, blurhash: "L".into(), animated: false };
        let state = states[usize::try_from(number).unwrap()].clone();
        media::settle(tx, &media, 1_000 + number, state.unwrap_or(MediaState::Ready(picture)))?;
        let settled = media::find(tx, media.id)?.unwrap();
        if number < 2 {
            media::attach(tx, &settled, ids[0]);
        }
    }
    let shown = ProfilePicture { file: file(1), still: Some(file(20)) };
    media::set_profile_picture(tx, people[0], ProfilePart::Avatar, Some(&shown))?;
    media::set_profile_picture(tx, people[1], ProfilePart::Header, Some(&ProfilePicture { still: None, ..shown }))?;
    media::put_secret(tx, &Octets(vec![1; 32]));
    let now = tx.now();
    let emoji = |still| CustomEmoji {
        file: file(1),
        still,
        category: "rocks".into(),
        in_picker: true,
        enabled: true,
        created_at: now,
        updated_at: now,
    };
    for (shortcode, still) in [("dassie", Some(file(30))), ("rock", None), ("gone", Some(file(20)))] {
        custom_emoji::insert(tx, shortcode, &emoji(still))?;
    }
    custom_emoji::remove(tx, "gone").map(drop)
}

/// A poll with ballots of today and of before its options changed.
fn asked(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let row = status(tx.next_id(), people[0], true, |row| {
        row.visibility = Visibility::Private;
        let option = |title: &str, votes| PollOption { title: title.into(), votes };
        row.poll = Some(Poll {
            options: vec![option("tea", 2), option("coffee", 1)],
            multiple: true,
            expires_at: None,
            closed_at: None,
            voters: Some(2),
        });
    });
    statuses::insert(tx, &row)?;
    poll::change(tx, row.id, |state| state.generation = 1)?;
    for (voter, generation, choices) in [(1, 1, vec![0, 1]), (2, 1, vec![0]), (3, 0, vec![1])] {
        let ballot = Ballot { generation, choices, created_at: tx.now() };
        poll::BALLOTS.put(tx, &(row.id, people[voter]), &ballot);
    }
    Ok(())
}

/// Lists, filters, followed and featured tags.
fn sorted(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    for owner in &people[..2] {
        let id: RowId = tx.next_id();
        let made = List { title: "near".into(), replies_policy: RepliesPolicy::List, exclusive: false, members: 0 };
        list::LISTS.put(tx, &(*owner, id), &made);
        for member in &people[2..5] {
            list::add(tx, *owner, id, *member)?;
        }
        let id: RowId = tx.next_id();
        let contexts = vec![FilterContext::Home];
        let made = Filter { title: "quiet".into(), contexts, action: FilterAction::Hide, expires_at: None };
        filter::FILTERS.put(tx, &(*owner, id), &made);
        for word in ["one", "two"] {
            let row: RowId = tx.next_id();
            let keyword = FilterKeyword { keyword: word.into(), whole_word: true };
            filter::FILTER_KEYWORDS.put(tx, &(*owner, id, row), &keyword);
            filter::FILTER_OF_KEYWORD.put(tx, &(*owner, row), &id);
            let row: RowId = tx.next_id();
            filter::FILTER_STATUSES.put(tx, &(*owner, id, row), &StatusId(5));
            filter::FILTER_OF_STATUS.put(tx, &(*owner, row), &id);
        }
        filter::touch(tx, *owner, |state| (state.filters, state.keywords) = (1, 2))?;
        for name in ["tea", "straße"] {
            tag::enlist(tx, (&tag::TAG_FOLLOWS, &tag::TAG_FOLLOW_ROWS), *owner, name)?;
            tag::enlist(tx, (&tag::FEATURED_TAGS, &tag::FEATURED_TAG_ROWS), *owner, name)?;
        }
    }
    Ok(())
}

/// Whom people want nothing of, and what they say of others.
fn apart(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let blocker = account::find(tx, people[1])?.unwrap();
    for other in &people[3..] {
        mute::put(tx, people[0], *other, true, None)?;
        relationship::put_block(tx, &blocker, *other)?;
        relationship::keep_untold(tx, blocker.id, *other);
        endorsement::endorse(tx, people[2], *other)?;
        let note = endorsement::AccountNote { comment: "met at the well".into() };
        endorsement::ACCOUNT_NOTES.put(tx, &(people[2], *other), &note);
    }
    domain_block::put(tx, people[0], "bad.test")?;
    domain_block::put(tx, people[0], "worse.test")?;
    Ok(())
}

fn talks(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    for other in &people[1..4] {
        let said = status(tx.next_id(), people[0], true, |row| {
            row.visibility = Visibility::Direct;
            row.mentions = vec![*other];
        });
        statuses::insert(tx, &said)?;
        let answer = status(tx.next_id(), *other, *other < people[3], |row| {
            row.visibility = Visibility::Direct;
            row.mentions = vec![people[0]];
            row.reply = Some(Reply { uri: String::new(), status: Some(said.id), account: Some(people[0]) });
        });
        statuses::insert(tx, &answer)?;
        for row in [&said, &answer] {
            conversation::enter(tx, people[0], row)?;
        }
        conversation::THREAD_MUTES.put(tx, &(people[0], said.id), &());
    }
    Ok(())
}

/// Accepted, waiting and revoked ones; one whose quoted status is gone.
fn quotes(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    let policy = QuotePolicy { automatic: Groups::PUBLIC, manual: Groups::NOBODY };
    quote::put_policy(tx, ids[0], Some(policy))?;
    let cases = [
        (ids[0], "", QuoteState::Accepted),
        (ids[0], "", QuoteState::Pending),
        (ids[3], "https://a.test/stamps/1", QuoteState::Accepted),
        (ids[3], "https://a.test/stamps/5", QuoteState::Accepted),
        (ids[4], "https://b.test/stamps/2", QuoteState::Accepted),
        (ids[4], "https://b.test/stamps/3", QuoteState::Revoked),
        (StatusId(5), "https://b.test/stamps/4", QuoteState::Accepted),
    ];
    for (quoted, stamp, state) in cases {
        let uri = if stamp.is_empty() { String::new() } else { format!("https://x.test/{quoted}") };
        let quoting = status(tx.next_id(), people[1], true, |row| row.visibility = Visibility::Unlisted);
        statuses::insert(tx, &quoting)?;
        let row = Quote { quoted: Some(quoted), uri, author: None, state, stamp: stamp.into() };
        quote::put(tx, &quoting, &row)?;
    }
    Ok(())
}

fn judged(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    for (domain, severity) in [("bad.test", Severity::Suspend), ("loud.test", Severity::Silence)] {
        let block = DomainBlock { reject_media: true, ..DomainBlock::bare(tx.next_id(), domain, severity, tx.now()) };
        moderation::put_block(tx, &block);
    }
    let at = tx.now();
    for resolved in [None, Some(Resolved { at, by: people[0] })] {
        let report = Report {
            id: tx.next_id(),
            reporter: people[1],
            target: people[4],
            category: Category::Spam,
            comment: "again".into(),
            rules: Vec::new(),
            statuses: vec![ids[4]],
            forwarded: false,
            assigned_to: Some(people[0]),
            resolved,
            created_at: at,
            updated_at: at,
        };
        moderation::put_report(tx, &report);
        let row = statuses::find(tx, ids[4])?.unwrap();
        moderation::EVIDENCE.put(tx, &(report.id, row.id), &row);
        moderation::record_deed(tx, people[0], AuditAction::AssignReport, Subject::Report(report.id), "");
    }
    moderation::put_standing(tx, people[4], Standing { silenced_at: Some(at), ..Standing::default() });
    moderation::record_deed(tx, people[0], AuditAction::Silence, Subject::Account(people[4]), "loud");
    Ok(())
}

fn woken(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    let application = oauth::APPLICATIONS.list(tx, &(), Bounds::NONE, Direction::Ascending, 1)?;
    for (number, account) in people.iter().take(2).enumerate() {
        let hash = SecretHash::of(&format!("phone {number}"));
        let token = oauth::Token {
            id: tx.next_id(),
            application: application[0].0,
            account: Some(*account),
            scopes: Vec::new(),
            created_at: tx.now(),
        };
        oauth::put_token(tx, hash, &token);
        let subscription = Subscription {
            id: tx.next_id(),
            account: *account,
            endpoint: "https://push.test/1".into(),
            p256dh: vec![4; 65],
            auth: vec![1; 16],
            standard: true,
            alerts: 0,
            policy: Policy::All,
            token: "token".into(),
            created_at: tx.now(),
        };
        push::put(tx, hash, &subscription);
        push::BROWSERS.put(tx, &hash, &push::OfSession { session: [7; 32] });
    }
    push::put_vapid_key(tx, &VapidKey { private: vec![1], public: vec![4; 65] });
    Ok(())
}

/// Who is found, what is announced, what was counted.
fn found(tx: &mut Tx<'_>, people: &[AccountId]) -> storage::Result<()> {
    for id in [people[0], people[3]] {
        let account = account::find(tx, id)?.unwrap();
        account::put(tx, &account::Account { discoverable: Some(true), ..account })?;
    }
    while directory::settle(tx)? {}
    while account::settle_words(tx)? {}
    directory::SUGGESTIONS_DISMISSED.put(tx, &(people[0], people[3]), &());
    activity::count_registration(tx)?;
    activity::count(tx, people[0], activity::Deed::Posted { answers: true })?;
    text::put(tx, TextKind::About, Timestamp(0), "Rocks");
    let id: RowId = tx.next_id();
    let row = Announcement {
        text: "t".into(),
        content: "<p>t</p>".into(),
        mentions: vec![people[1]],
        tags: Vec::new(),
        starts_at: None,
        ends_at: None,
        all_day: false,
        published_at: Some(tx.now()),
        created_at: tx.now(),
    };
    announcement::ANNOUNCEMENTS.put(tx, &id, &row);
    announcement::DISMISSED.put(tx, &(id, people[0]), &());
    for account in &people[..2] {
        announcement::react(tx, id, "\u{1f389}", *account)?;
    }
    Ok(())
}

fn kept(tx: &mut Tx<'_>, people: &[AccountId], ids: &[StatusId]) -> storage::Result<()> {
    // Whom they reacted to, favourited, bookmarked and quoted.
    for (status, who) in [(3, 0), (3, 1), (4, 1), (4, 2)] {
        retention::touch(tx, ids[status], people[who], retention::Touch::Marked)?;
    }
    retention::put_settling(tx, retention::Settling::Settled);
    retention::put_days(tx, 90);
    retention::put_ages_rest(tx, retention::AgesRest { until: tx.now(), ahead_ms: 7_200_000 });
    retention::note_room(tx, 1_000, 24)?;
    statuses::TOMBSTONES.put(tx, &Digest::of("https://b.test/gone"), &Timestamp(1));
    let done = deed::Deed {
        place: "s3://bucket".into(),
        at: tx.now(),
        took_ms: 5,
        made: tx.now(),
        lsn: Lsn(1),
        rows: 9,
        files: 1,
        bytes: 300,
        failed: None,
        damaged: false,
    };
    deed::remember(tx, Task::Backup, &done);
    let allow = DomainAllow { id: tx.next_id(), domain: "b.test".into(), created_at: tx.now() };
    domain_allow::put(tx, &allow);
    domain_allow::set_limited(tx, true)
}

//! Settings: what others wrote stays text, every field has a label, no id stands twice.

use super::{
    attribute, given_back,
    inside::seen,
    lab::{HOSTILE, account, signed_in},
    tags,
};
use std::sync::Arc;
use web::{
    entity::{
        AdminAccount, AdminReport, CustomEmoji, Field, Filter, FilterWord, Language, NotificationPolicy,
        NotificationSummary, Preferences, Profile, Report as Told, Role, Rule, SharedAccount,
    },
    layout::Site,
    page::{
        Pager, block_list, disputes,
        moderation::{self, Deed, Question, Report, Which},
        naming,
        people_step::{People as FirstPeople, people_step},
        settings::{
            Staff,
            access::{self, Application, Session},
            cleanup::{self, Cleanup},
            data,
            email::{self, Email},
            emoji,
            filters::{self, One, Trial},
            invites::{self, Invite, Invites},
            leave, name, notifications, overview,
            passkeys::{self, Passkey, Passkeys},
            people::{self, Domains, Kind, People, Person},
            posting::{self, Posting, Reading},
            profile::{self, Bounds},
            push::{self, Push},
            recovery::{self, Recovery},
            relays::{self, OfTag, Relay, Relays},
            reports,
            second_factor::{self, On, SetUp, Square},
            tags::{self as hashtags, Tags},
            transfer::{self, Import, Source, SourceState, Transfer, Why},
        },
    },
    theme::Theme,
    words::Words,
    zone::Zone,
};

/// Every page of settings by name, with `text` in all that was typed anywhere.
pub(super) fn pages(site: &Site<'_>, text: &str) -> Vec<(&'static str, String)> {
    let evil = text.to_owned();
    let field = Field { name: evil.clone(), value: evil.clone(), verified_at: None };
    let typed = Profile {
        id: "3".to_owned(),
        display_name: evil.clone(),
        note: evil.clone(),
        fields: vec![field],
        avatar: Some(evil.clone()),
        avatar_static: Some(format!("{}/media/1.png", site.origin)),
        avatar_description: evil.clone(),
        header: None,
        header_static: None,
        header_description: String::new(),
        locked: true,
        bot: false,
        hide_collections: Some(true),
        discoverable: None,
        indexable: true,
        show_media: true,
        show_media_replies: false,
        show_featured: true,
        attribution_domains: vec![evil.clone()],
    };
    let bounds = Bounds { name: 60, note: 1_000, fields: 6, field_name: 255, field_value: 255, description: 1_500 };
    let preferences = Preferences {
        posting_default_visibility: "public".to_owned(),
        posting_default_sensitive: true,
        posting_default_language: Some(evil.clone()),
        reading_expand_media: "hide_all".to_owned(),
        reading_expand_spoilers: true,
    };
    let zone = Zone::named("Asia/Kathmandu").expect("a zone");
    let reading = Reading {
        preferences: &preferences,
        zone: text,
        light: true,
        keys: false,
        theme: Theme::Dark,
        told: Some(&zone),
        problem: Some(text),
    };
    let languages = [Language { code: "de", name: "German" }];
    let posting = Posting {
        preferences: &preferences,
        quoters: "nobody",
        repliers: "",
        undescribed: "ask",
        likes_with_emoji: true,
        languages: &languages,
        problem: Some(text),
    };
    let scopes = ["write".to_owned(), evil.clone()];
    let since = "2026-11-20T10:00:00.000Z";
    let session = |name, own| Session { name, user_agent: text, since, used: Some(since), own };
    let application = Application { id: "1", name: text, scopes: &scopes, since, used: None };
    let shared = Arc::new(SharedAccount::from(account("bob", Some("far.example"), text)));
    let person = Person { account: shared, ends: Some(since.to_owned()) };
    let pager = Pager { newer: None, older: Some("/settings/blocks?max_id=1") };
    let of = |kind| People {
        kind,
        people: std::slice::from_ref(&person),
        pager,
        tells_blocks: true,
        typed: text,
        problem: Some(text),
    };
    let names = [evil.clone(), "rocks".to_owned()];
    let domains = Domains { domains: &names, pager, typed: text, problem: None };
    let word = FilterWord { id: "4".to_owned(), keyword: evil.clone(), whole_word: false };
    let filter = Filter {
        id: "2".to_owned(),
        title: evil.clone(),
        context: vec!["home", "thread"],
        expires_at: Some(since.to_owned()),
        filter_action: "blur",
        keywords: Some(vec![word]),
        statuses: None,
    };
    let trial = Some(Trial { found: 14, among: 500 });
    let one = One { filter: &filter, lasts: "keep", trial, problem: Some(text) };
    let import = Import {
        id: "5".to_owned(),
        kind: "following",
        since: since.to_owned(),
        ended: false,
        rows: 300,
        taken: 20,
        refused: 2,
        removed: 1,
    };
    let refused = [(evil, Why::Unreadable), ("x@y.test".to_owned(), Why::Silent)];
    let letters = Email { email: text, wanted: Some(text), sends_mail: true, typed: text, problem: Some(text) };
    let key = |name: &str, used: Option<&str>| Passkey {
        word: text.to_owned(),
        name: name.to_owned(),
        since: since.to_owned(),
        used: used.map(str::to_owned),
    };
    let both = [key(text, Some(since)), key("", None)];
    let keys = Passkeys { passkeys: &both, typed: text, problem: Some(text) };
    let sheet = Recovery { made: Some(since), username: text, code: text, problem: Some(text) };
    let codes = [text.to_owned(), "ABCD-EFGH".to_owned()];
    let square = Square { width: 2, dark: &[true, false, false, true] };
    let set_up = SetUp { secret: "ABCDEFGH", address: text, square, codes: &codes, problem: Some(text) };
    let tagged = Tags { followed: &names, featured: &names, suggested: &names, problem: None };
    let invite = |holds: bool| Invite {
        id: "6".to_owned(),
        link: "https://rock.test/invite/A".to_owned(),
        uses: 1,
        max_uses: holds.then_some(5),
        expires_at: Some(since.to_owned()),
        holds,
        autofollow: true,
        comment: text.to_owned(),
    };
    let made = [invite(true), invite(false)];
    let invited = Invites { may: true, invites: &made, typed: text, comment_max: 420, problem: Some(text) };
    let gone = Cleanup {
        enabled: true,
        age_days: 14,
        keep_direct: true,
        keep_pinned: true,
        keep_polls: false,
        keep_media: false,
        keep_favourited: true,
        keep_bookmarked: true,
        min_favourites: text.to_owned(),
        min_reblogs: String::new(),
        would_go: Some((214, false)),
        gone: 3,
        passed_at: Some(since.to_owned()),
        under_way: false,
    };
    let policy = NotificationPolicy {
        for_not_following: "filter",
        for_not_followers: "accept",
        for_new_accounts: "accept",
        for_private_mentions: "drop",
        for_limited_accounts: "accept",
        for_bots: "accept",
        summary: NotificationSummary { pending_requests_count: 2, pending_notifications_count: 5 },
    };
    let struck = struck(text);
    let source = Source { handle: text.to_owned(), state: SourceState::Failed(text.to_owned()), cut: false };
    let brought = Transfer {
        imports: std::slice::from_ref(&import),
        rows_max: 10_000,
        source: Some(&source),
        problem: Some(text),
    };
    let topics = [text.to_owned()];
    let first = FirstPeople {
        federates: true,
        account: text,
        sign_ups: "invite",
        rows_max: 10_000,
        topics: &topics,
        topics_typed: text,
        blocks: "light",
        blocks_server: text,
        blocks_max: 50_000,
        problem: Some(text),
    };
    let affected = [block_list::Affected { domain: text, suspended: true, people: 2 }];
    let listed = block_list::Looked {
        id: "7",
        source: text,
        strength: "light",
        light: block_list::Numbers { suspended: 3, silenced: 0, refused: 0 },
        careful: block_list::Numbers { suspended: 3, silenced: 2, refused: 1 },
        known: 1,
        unread: 2,
        affected: &affected,
        cut: true,
        waits: true,
        problem: Some(text),
    };
    let asked = block_list::Shown::Reading { server: text };
    let failed = block_list::Shown::Failed { why: text };
    let appeal = disputes::Appeal { text: text.to_owned(), at: since.to_owned(), state: "pending" };
    let appealed = disputes::Strike { appeal: Some(appeal), may_appeal_until: None, ..struck.clone() };
    let own = disputes::Own { token: "t", kept_out: false };
    let judged = Arc::new(SharedAccount::from(account("bad", None, text)));
    let quiet = notifications::Quiet { from: text, until: text, zone: text };
    let kinds = [
        data::Kind { what: "posts", count: 1_234, more: false },
        data::Kind { what: "notifications", count: 500, more: true },
        data::Kind { what: "scheduled", count: 0, more: false },
    ];
    let archive = |state| data::Archive { asked: since.to_owned(), state, over: false };
    let held = data::Data {
        archive: Some(archive(data::State::Ready { bytes: 2_500_000, until: since.to_owned() })),
        kept_days: 7,
        kinds: &kinds,
        pictures: (3, 70_000, 500),
        email: Some(text),
        address: Some(text.to_owned()),
        problem: Some(text),
    };
    let writing = data::Data { archive: Some(archive(data::State::Writing { done: 200, of: 0 })), ..held.clone() };
    let report = |state| reports::Report {
        handle: Some("vic@far.example".to_owned()),
        category: "violation",
        comment: text.to_owned(),
        posts: 2,
        forwarded: true,
        at: since.to_owned(),
        closed: (state != reports::State::Open).then(|| since.to_owned()),
        state,
    };
    let of_tag = |state| OfTag { tag: "größe".to_owned(), state, since: Some(since.to_owned()), today: 3 };
    let relay = |state, of_tags| Relay {
        url: text.to_owned(),
        state,
        since: Some(since.to_owned()),
        paused: (state == Some(relays::State::Refused)).then(|| since.to_owned()),
        tags: vec![text.to_owned(), "rocks".to_owned()],
        languages: vec!["de".to_owned(), "en".to_owned()],
        per_hour: 600,
        this_hour: 12,
        of_tags,
    };
    let asked_for = vec![of_tag(relays::State::Accepted), of_tag(relays::State::Asked)];
    let known_relays = [
        relay(Some(relays::State::Accepted), Vec::new()),
        relay(Some(relays::State::Refused), Vec::new()),
        relay(None, asked_for),
    ];
    let typed_relay = relays::Typed { url: text.to_owned(), per_hour: "600".to_owned(), ..relays::Typed::default() };
    let passed_on = Relays { relays: &known_relays, tags_max: 80, typed: &typed_relay, problem: Some(text) };
    let states = [reports::State::Open, reports::State::Closed, reports::State::Acted, reports::State::Since];
    let reported = states.map(report);
    let pass = naming::Pass { token: "t", door: naming::Door::Owner { passkeys: 2, password: true } };
    let asked_name = naming::AskName {
        pass,
        origin: "http://127.0.0.1:8080",
        domain: text,
        handle_domain: text,
        proxied: true,
        way: naming::Way::Own { inside: Some("192.168.1.2") },
        ports: "port 443",
        problem: Some(text),
    };
    let fine = [naming::Looked { fine: true, wrong: false, words: text }];
    let found_name = naming::Found { pass, domain: text, findings: &fine, leading: Some(text) };
    let by_passkey = naming::Door::Owner { passkeys: 1, password: false };
    let drawn = |category: Option<&str>| CustomEmoji {
        shortcode: "dassie".to_owned(),
        url: format!("{}/media/1.gif", site.origin),
        static_url: format!("{}/media/1.png", site.origin),
        visible_in_picker: false,
        category: category.map(str::to_owned),
    };
    let own_row = emoji::Row { emoji: drawn(Some(text)), enabled: false };
    let theirs = |taken| emoji::Elsewhere { emoji: drawn(None), domain: text.to_owned(), taken };
    let theirs = [theirs(false), theirs(true)];
    let categories = [text.to_owned()];
    let typed_emoji = emoji::Typed { shortcode: text.to_owned(), category: text.to_owned(), domain: text.to_owned() };
    let emoji_bounds = emoji::Bounds { shortcode: 100, category: 60, picture: 262_144 };
    let own_emoji = emoji::All {
        rows: std::slice::from_ref(&own_row),
        count: 2_000,
        goes_on: true,
        after: Some("dassie"),
        categories: &categories,
        post: Some(emoji::Post { id: "5", found: &theirs }),
        typed: &typed_emoji,
        bounds: emoji_bounds,
        problem: Some(text),
    };
    let one_emoji =
        emoji::One { row: &own_row, made: since, categories: &categories, bounds: emoji_bounds, problem: Some(text) };
    let passwordless = naming::Found { pass: naming::Pass { door: by_passkey, ..pass }, ..found_name };
    vec![
        ("people-step", people_step(site, &first)),
        ("block-list", block_list::block_list(site, &block_list::Shown::Looked(&listed))),
        ("block-list-asked", block_list::block_list(site, &asked)),
        ("block-list-failed", block_list::block_list(site, &failed)),
        ("invites", invites::invites(site, &invited)),
        ("cleanup", cleanup::cleanup(site, &gone, Some(text))),
        ("notifications", notifications::notifications(site, &policy, &quiet, Some(text), Some(text))),
        ("strike", disputes::strike(site, own, &struck, text, Some(text))),
        ("strike-appealed", disputes::strike(site, own, &appealed, "", None)),
        ("appeals", disputes::appeals(site, &[(judged, appealed)], Some(text))),
        ("overview", overview(site, Some(text), STAFF)),
        ("emoji", emoji::all(site, &own_emoji)),
        ("emoji-one", emoji::one(site, &one_emoji)),
        ("profile", profile::profile(site, &typed, bounds, Some(text))),
        (
            "push",
            push::push(site, &Push { key: text, subscribed: false, alerts: &[("poll", true)], problem: Some(text) }),
        ),
        ("data", data::data(site, &held)),
        ("data-writing", data::data(site, &writing)),
        ("reports", reports::reports(site, &reported, 1_000)),
        ("relays", relays::relays(site, &passed_on)),
        ("name", name::naming(site, Some(text), &naming::ask(site.words, &asked_name))),
        ("name-found", name::naming(site, None, &naming::found(site.words, &found_name))),
        ("name-found-by-passkey", name::naming(site, None, &naming::found(site.words, &passwordless))),
        ("posting", posting::posting(site, &posting)),
        ("reading", posting::reading(site, &reading)),
        ("access", access::access(site, &[session("a", true), session("b", false)], &[application])),
        ("second-factor-off", second_factor::set_up(site, &set_up)),
        ("second-factor-on", second_factor::on(site, &On { since, codes_left: 1, problem: Some(text) })),
        ("spare-codes", second_factor::new_codes(site, &codes, Some(text))),
        ("email", email::email(site, &letters)),
        ("passkeys", passkeys::passkeys(site, &keys)),
        ("recovery", recovery::recovery(site, &sheet)),
        ("blocks", people::people(site, &of(Kind::Blocks))),
        ("mutes", people::people(site, &of(Kind::Mutes))),
        ("domains", people::domains(site, &domains)),
        ("filters", filters::filters(site, std::slice::from_ref(&filter))),
        ("filter", filters::filter(site, &one)),
        ("tags", hashtags::tags(site, &tagged)),
        ("transfer", transfer::transfer(site, &brought)),
        ("import", transfer::import(site, &import, &refused)),
        ("leave", leave::leave(site, "ada", false, Some(text))),
    ]
    .into_iter()
    .chain(worked_through(site, text))
    .collect()
}

/// What whoever may do everything finds beside their own settings.
pub(super) const STAFF: Staff =
    Staff { waiting: Some(2), reports: Some(1), appeals: Some(1), emoji: true, relays: true };

/// Somebody as moderators see them.
fn known(name: &str, text: &str) -> AdminAccount {
    let at = "2026-11-20T10:00:00.000Z";
    AdminAccount {
        id: "8".to_owned(),
        username: name.to_owned(),
        domain: None,
        created_at: at.to_owned(),
        email: text.to_owned(),
        ip: None,
        ips: Vec::new(),
        locale: "en".to_owned(),
        invite_request: Some(text.to_owned()),
        role: Role {
            id: "0".to_owned(),
            name: String::new(),
            color: String::new(),
            permissions: "0".to_owned(),
            highlighted: false,
        },
        confirmed: false,
        approved: false,
        disabled: false,
        silenced: false,
        suspended: false,
        sensitized: false,
        account: Arc::new(SharedAccount::from(account(name, None, text))),
        created_by_application_id: None,
        invited_by_account_id: None,
    }
}

/// What moderators work through.
fn worked_through(site: &Site<'_>, text: &str) -> Vec<(&'static str, String)> {
    let at = "2026-11-20T10:00:00.000Z";
    let silent = AdminAccount { id: "9".to_owned(), invite_request: None, confirmed: true, ..known("eve", text) };
    let open = AdminReport {
        id: "7".to_owned(),
        action_taken: false,
        action_taken_at: None,
        category: "violation",
        comment: text.to_owned(),
        forwarded: true,
        created_at: at.to_owned(),
        updated_at: at.to_owned(),
        account: known("dave", text),
        target_account: known("bad", text),
        assigned_account: None,
        action_taken_by_account: None,
        statuses: seen(text),
        rules: vec![Rule { id: "1".to_owned(), text: text.to_owned(), hint: String::new() }],
    };
    let closed = AdminReport {
        action_taken: true,
        action_taken_at: Some(at.to_owned()),
        target_account: AdminAccount { silenced: true, suspended: true, ..known("bad", text) },
        assigned_account: Some(known("mo", text)),
        action_taken_by_account: Some(known("mo", text)),
        statuses: Vec::new(),
        ..open.clone()
    };
    let gone = [open.statuses[0].id.clone()];
    let told = Told {
        id: "7".to_owned(),
        action_taken: false,
        action_taken_at: None,
        category: "spam",
        comment: text.to_owned(),
        forwarded: false,
        created_at: at.to_owned(),
        status_ids: vec!["5".to_owned()],
        rule_ids: Vec::new(),
        collection_ids: Vec::new(),
        target_account: known("bad", text).account,
    };
    let pager = Pager { newer: None, older: Some("/moderation/reports?max_id=7") };
    let shown = Report { report: &open, gone: &gone, may_act: true, problem: Some(text) };
    let asked = Question {
        account: &open.target_account.account,
        report: "7",
        deed: Deed::Suspend,
        typed: text,
        text_max: 1_000,
        problem: Some(text),
    };
    vec![
        ("waiting", moderation::waiting(site, &[known("dave", text), silent], pager, Some(text))),
        ("turn-away", moderation::turn_away(site, &known("dave", text))),
        ("open-reports", moderation::reports(site, Which::Open, &[(told, known("dave", text).account)], pager)),
        ("open-report", moderation::report(site, &shown)),
        ("closed-report", moderation::report(site, &Report { report: &closed, gone: &[], ..shown })),
        ("others-report", moderation::report(site, &Report { may_act: false, problem: None, ..shown })),
        ("suspend", moderation::question(site, &asked)),
        ("silence", moderation::question(site, &Question { deed: Deed::Silence, problem: None, ..asked })),
    ]
}

/// A decision of moderators against which something may be said.
fn struck(text: &str) -> disputes::Strike {
    let at = "2026-11-20T10:00:00.000Z";
    disputes::Strike {
        id: "7".to_owned(),
        action: "silence",
        at: at.to_owned(),
        text: text.to_owned(),
        rules: vec![text.to_owned()],
        posts: vec![disputes::Post { text: text.to_owned(), at: at.to_owned(), path: None }],
        holds: true,
        overruled: None,
        appeal: None,
        may_appeal_until: Some(at.to_owned()),
    }
}

/// The lists of what moderators decided and decide, on which nobody's words stand.
pub(super) fn strikes(site: &Site<'_>) -> Vec<(String, String)> {
    let own = disputes::Own { token: "t", kept_out: false };
    let out = disputes::Own { kept_out: true, ..own };
    vec![
        ("strikes".to_owned(), disputes::strikes(site, own, &[])),
        ("strikes-kept-out".to_owned(), disputes::strikes(site, out, &[struck("Loud.")])),
        ("strike-kept-out".to_owned(), disputes::strike(site, out, &struck("Loud."), "", None)),
        ("waiting-nobody".to_owned(), moderation::waiting(site, &[], Pager::default(), None)),
        ("no-reports".to_owned(), moderation::reports(site, Which::Closed, &[], Pager::default())),
    ]
}

#[test]
fn where_there_is_nothing_no_empty_list_is_drawn() {
    for (name, page) in strikes(&signed_in()) {
        assert!(!page.contains("<ul class=\"rows\"></ul>"), "{name}: {page}");
    }
}

#[test]
fn what_was_typed_stays_text_in_every_page_of_settings() {
    for (name, page) in pages(&signed_in(), HOSTILE) {
        assert!(!page.contains("<script>") && !page.contains("<img src=x"), "{name}: {page}");
        assert!(page.contains("&lt;script&gt;"), "{name} does not show the text at all");
        for (tag, attributes) in tags(&page) {
            let names = attributes.split('"').step_by(2).flat_map(str::split_whitespace);
            for given in names {
                assert!(!given.starts_with("style") && !given.starts_with("on"), "{name}: <{tag} {attributes}>");
            }
        }
    }
}

#[test]
fn every_field_of_settings_has_its_label_and_ids_stand_once() {
    for (name, page) in pages(&signed_in(), HOSTILE) {
        let tags = tags(&page);
        given_back(name, &tags);
        let mut ids: Vec<&str> = tags.iter().filter_map(|(_, attributes)| attribute(attributes, "id")).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{name}: {ids:?}");
        for (tag, attributes) in &tags {
            let field = ["input", "textarea", "select"].contains(tag)
                && !attributes.contains("type=\"hidden\"")
                && !attributes.contains("type=\"checkbox\"");
            if field {
                let id = attribute(attributes, "id").unwrap_or_else(|| panic!("{name}: <{tag} {attributes}>"));
                let around = format!("<label class=\"check\"><input id=\"{id}\" type=\"radio\"");
                assert!(
                    page.contains(&format!(" for=\"{id}\"")) || page.contains(&around),
                    "{name}: {id} has no label"
                );
            }
            if let Some(note) = attribute(attributes, "aria-describedby") {
                assert!(ids.contains(&note), "{name}: {note} is nowhere");
            }
        }
        // A tick stands inside its label.
        let ticks = page.matches("type=\"checkbox\"").count();
        assert_eq!(page.matches("<label class=\"check\"><input type=\"checkbox\"").count(), ticks, "{name}");
        assert_eq!(tags.iter().filter(|(tag, _)| *tag == "h1").count(), 1, "{name}: one first heading");
        let forms = page.matches("<form").count();
        assert_eq!(page.matches("name=\"authenticity_token\"").count(), forms, "{name}: every form carries the token");
    }
}

#[test]
fn settings_are_drawn_in_every_language() {
    for (tag, _) in Words::choices() {
        let site = Site { words: Words::in_language(tag).expect("a catalogue"), ..signed_in() };
        let page = overview(&site, None, Staff::default());
        assert!(page.contains(&format!("<html lang=\"{tag}\"")) && page.contains("/settings/filters"), "{tag}");
    }
}

//! Entities of accounts and of the instance on a real store, also against the published schema where it is at hand.

use super::Context;
use crate::{
    account::{
        accept::{RemoteAccount, accept, accept_delete},
        lab::{Lab, START, remote},
        update::{Changes, update},
    },
    error::{Error, Result},
    foreign, notification,
    origin::Origin,
    relationship::{FollowOptions, accept as peers, follow},
};
use serde::Serialize;
use serde_json::{Value, json};
use storage::{
    AccountId, Bounds, Direction, DomainBlockId, StatusId,
    account::{self, Emoji, Image, StatedCounts},
    moderation::{DomainBlock, Severity, Standing, put_block, put_standing},
    notification::NotificationKind,
    status::{Attachment, Status, Visibility},
    user::{self, Role},
};

fn draw<T: Serialize>(lab: &Lab, viewer: Option<AccountId>, look: impl FnOnce(&Context<'_>) -> Result<T>) -> Value {
    let origin = Origin::parse("https://web.here.test", Some("here.test")).expect("an origin");
    let entity = lab.read(|read| look(&Context::new(read, &origin, viewer)));
    serde_json::to_value(&entity).expect("JSON")
}

/// Checks `entity` against the published schema, where that is at hand.
fn conforms(entity: &Value, schema: &str) {
    let Some(path) = foreign::openapi() else { return };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let document: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let wanted = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": document["components"],
    });
    let validator = jsonschema::draft202012::new(&wanted).expect("the schema is one");
    let faults: Vec<_> = validator.iter_errors(entity).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{schema}: {faults:#?}\n{entity:#}");
}

#[test]
fn local_account_has_every_field_and_absolute_addresses() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let changes = Changes {
        display_name: Some("Ann".to_owned()),
        note: Some("hello <b> #cats".to_owned()),
        fields: Some(vec![("site".to_owned(), "https://a.test".to_owned())]),
        ..Changes::default()
    };
    lab.advance(3_600_000);
    lab.write(move |tx| {
        update(tx, ann, &changes)?;
        account::count(tx, ann, |stats| {
            stats.statuses = 3;
            stats.last_status_at = Some(START.plus_ms(90_000_000));
        })?;
        Ok(())
    })
    .expect("changed");
    let drawn = draw(&lab, None, |context| context.account(ann));
    conforms(&drawn, "Account");
    let expected = json!({
        "id": ann.to_string(), "username": "ann", "acct": "ann", "display_name": "Ann",
        "url": "https://web.here.test/@ann", "uri": "https://web.here.test/users/ann",
        "avatar": "https://web.here.test/avatars/original/missing.png",
        "header": "https://web.here.test/headers/original/missing.png",
        "created_at": "2026-01-01T00:00:00.000Z", "last_status_at": "2026-01-02", "statuses_count": 3,
        "emojis": [], "roles": [], "bot": false, "group": false, "locked": false, "discoverable": null,
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&drawn[key], value, "{key}");
    }
    assert!(drawn["note"].as_str().is_some_and(|note| note.starts_with("<p>hello &lt;b&gt; <a ")), "{drawn:#}");
    assert!(drawn["fields"][0]["value"].as_str().is_some_and(|value| value.contains("rel=\"me ")), "{drawn:#}");
    for absent in ["moved", "suspended", "limited", "memorial"] {
        assert!(drawn.get(absent).is_none(), "{absent}");
    }
    assert_eq!(drawn["avatar_static"], drawn["avatar"]);
}

#[test]
fn remote_account_is_drawn_as_its_server_says() {
    let lab = Lab::new();
    let image = |name: &str| Some(Image { url: format!("https://far.test/{name}"), description: "a cat".to_owned() });
    let emoji = |code: &str| Emoji { shortcode: code.to_owned(), url: format!("https://far.test/{code}.png") };
    let bob = RemoteAccount {
        display_name: "Bob :cat:".to_owned(),
        note: "<p>hi</p>".to_owned(),
        avatar: image("a.png"),
        header: image("h.png"),
        emojis: vec![emoji("cat"), emoji("unused")],
        stated: StatedCounts { followers: Some(1_000), following: None, statuses: Some(7) },
        published: Some(START.plus_ms(-1)),
        ..remote("Bob", "far.test")
    };
    let bob = lab.write(move |tx| accept(tx, &bob)).expect("accepted");
    let drawn = draw(&lab, None, |context| context.account(bob));
    conforms(&drawn, "Account");
    assert_eq!((&drawn["acct"], &drawn["username"]), (&json!("Bob@far.test"), &json!("Bob")));
    assert_eq!((&drawn["followers_count"], &drawn["following_count"]), (&json!(1_000), &json!(0)));
    assert_eq!((&drawn["note"], &drawn["avatar"]), (&json!("<p>hi</p>"), &json!("https://far.test/a.png")));
    assert_eq!(drawn["emojis"].as_array().map(Vec::len), Some(1));
    assert_eq!(drawn["created_at"], "2025-12-31T00:00:00.000Z");
    assert_eq!(drawn["avatar_description"], "a cat");

    lab.write(move |tx| accept_delete(tx, bob)).expect("deleted");
    let drawn = draw(&lab, None, |context| context.account(bob));
    conforms(&drawn, "Account");
    assert_eq!((&drawn["suspended"], &drawn["display_name"], &drawn["note"]), (&json!(true), &json!(""), &json!("")));
    assert!(drawn["avatar"].as_str().is_some_and(|url| url.ends_with("/missing.png")));
}

#[test]
fn moved_account_names_its_target_and_two_that_point_at_each_other_end() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    let bob =
        RemoteAccount { moved_to: Some("https://web.here.test/users/ann".to_owned()), ..remote("bob", "far.test") };
    let bob = lab.write(move |tx| accept(tx, &bob)).expect("accepted");
    let mut row = lab.account(ann);
    row.moved_to = Some("https://far.test/users/bob".to_owned());
    lab.write(move |tx| Ok(account::put(tx, &row)?)).expect("moved");
    let drawn = draw(&lab, None, |context| context.account(bob));
    conforms(&drawn, "Account");
    assert_eq!(drawn["moved"]["acct"], "ann");
    assert!(drawn["moved"].get("moved").is_none());
    assert!(matches!(
        lab.store.read(|view| {
            let origin = Origin::parse("https://here.test", None)?;
            Context::new(view, &origin, None).account(AccountId(1)).map(|_| ())
        }),
        Err(Error::NotFound)
    ));
}

#[test]
fn own_account_shows_what_was_typed_and_chosen() {
    let lab = Lab::new();
    let ann = lab.locked("ann");
    let far = lab.remote("far");
    let changes = Changes {
        note: Some("a & b".to_owned()),
        visibility: Some(Visibility::Private),
        language: Some(Some("de".to_owned())),
        ..Changes::default()
    };
    lab.write(move |tx| {
        update(tx, ann, &changes)?;
        let mut user = user::find(tx, ann)?.ok_or(Error::NotFound)?;
        user.role = Role::Owner;
        user::put(tx, &user)?;
        peers::follow(tx, far, ann, "https://far.test/1")?;
        Ok(())
    })
    .expect("changed");
    let drawn = draw(&lab, Some(ann), |context| context.credential_account(ann));
    conforms(&drawn, "CredentialAccount");
    assert_eq!((&drawn["note"], &drawn["source"]["note"]), (&json!("<p>a &amp; b</p>"), &json!("a & b")));
    assert_eq!(drawn["source"]["privacy"], "private");
    assert_eq!((&drawn["source"]["language"], &drawn["source"]["follow_requests_count"]), (&json!("de"), &json!(1)));
    assert_eq!((&drawn["role"]["name"], &drawn["roles"][0]["name"]), (&json!("Owner"), &json!("Owner")));
    let chosen = draw(&lab, Some(ann), |context| context.preferences(ann));
    conforms(&chosen, "Preferences");
    assert_eq!(chosen["posting:default:visibility"], "private");

    let told = draw(&lab, Some(ann), |context| {
        let newest = Direction::Descending;
        let page = notification::list(context.read, ann, &notification::Filter::default(), Bounds::NONE, newest, 5)?;
        page.rows.iter().map(|(id, row)| context.notification(*id, row)).collect::<Result<Vec<_>>>()
    });
    conforms(&told[0], "Notification");
    assert_eq!((&told[0]["type"], &told[0]["account"]["acct"]), (&json!("follow_request"), &json!("far@far.test")));
    assert_eq!(notification::kind_name(NotificationKind::FollowRequest), "follow_request");
}

#[test]
fn relationship_has_every_boolean() {
    let lab = Lab::new();
    let (ann, far) = (lab.local("ann"), lab.remote("far"));
    let options = FollowOptions { languages: Some(vec!["de".to_owned()]), ..FollowOptions::default() };
    lab.write(move |tx| follow(tx, ann, far, &options)).expect("asked");
    let drawn = draw(&lab, Some(ann), |context| context.relationship(ann, far));
    conforms(&drawn, "Relationship");
    assert_eq!((&drawn["requested"], &drawn["following"]), (&json!(true), &json!(false)));
    assert_eq!((&drawn["languages"], &drawn["note"]), (&json!(["de"]), &json!("")));
}

#[test]
fn instance_says_what_is_true_in_both_versions() {
    let lab = Lab::new();
    let ann = lab.local("ann");
    lab.remote("bob");
    lab.write(|tx| accept(tx, &remote("cy", "other.test"))).expect("accepted");
    lab.write(move |tx| {
        let mut user = user::find(tx, ann)?.ok_or(Error::NotFound)?;
        user.role = Role::Owner;
        user::put(tx, &user)?;
        account::count(tx, ann, |stats| {
            stats.statuses = 4;
            stats.last_status_at = Some(START);
        })?;
        let settings = storage::instance::Settings {
            rules: vec!["be kind".to_owned()],
            contact_email: "ann@here.test".to_owned(),
            ..storage::instance::Settings::default()
        };
        storage::instance::put_settings(tx, &settings);
        Ok(())
    })
    .expect("changed");
    let second = draw(&lab, None, |context| context.instance(START.plus_ms(1000)));
    conforms(&second, "Instance");
    assert_eq!((&second["domain"], &second["title"]), (&json!("here.test"), &json!("here.test")));
    assert_eq!(second["configuration"]["urls"]["streaming"], "wss://web.here.test");
    assert_eq!(second["contact"]["account"]["acct"], "ann");
    assert_eq!(second["usage"]["users"]["active_month"], 1);
    assert_eq!(second["rules"], json!([{ "id": "1", "text": "be kind", "hint": "" }]));
    assert_eq!(second["registrations"]["enabled"], false);
    let version = second["version"].as_str().expect("text");
    assert!(version.starts_with("4.5.0 (compatible; Dassie "), "{version}");
    let first = draw(&lab, None, |context| context.v1_instance(START.plus_ms(40 * 86_400_000)));
    conforms(&first, "V1Instance");
    assert_eq!(first["uri"], "here.test");
    assert_eq!(first["stats"], json!({ "user_count": 1, "status_count": 4, "domain_count": 2 }));
    let later = draw(&lab, None, |context| context.instance(START.plus_ms(40 * 86_400_000)));
    assert_eq!(later["usage"]["users"]["active_month"], 0);
}

/// A status with a picture.
fn pictured(author: AccountId) -> Status {
    let picture = Attachment {
        id: 115_000_000_000_000_000,
        url: "https://far.test/cat.png".to_owned(),
        media_type: "image/png".to_owned(),
        description: String::new(),
        blurhash: None,
        width: None,
        height: None,
        focus: None,
    };
    Status {
        content: "look".to_owned(),
        attachments: vec![picture],
        ..Status::bare(StatusId(115_000_000_000_000_001), author, "https://far.test/1".to_owned(), START)
    }
}

#[test]
fn decisions_of_moderators_hide_media_or_cover_them() {
    let lab = Lab::new();
    let avatar = Some(Image { url: "https://far.test/zed.png".to_owned(), description: "Zed".to_owned() });
    let said = RemoteAccount { avatar, ..remote("zed", "far.test") };
    let zed = lab.write(move |tx| accept(tx, &said)).expect("accepted");
    let status = || draw(&lab, None, |context| context.status(&pictured(zed)));
    let before = status();
    assert_eq!((&before["sensitive"], &before["media_attachments"][0]["type"]), (&json!(false), &json!("image")));
    assert_eq!(before["account"]["avatar"], "https://far.test/zed.png");
    let covered = Standing { sensitized_at: Some(START), ..Standing::default() };
    lab.write(move |tx| {
        put_standing(tx, zed, covered);
        Ok(())
    })
    .expect("decided");
    assert_eq!(status()["sensitive"], true);
    assert_eq!(
        draw(&lab, None, |context| context.status(&Status { attachments: Vec::new(), ..pictured(zed) }))["sensitive"],
        false
    );
    let block = DomainBlock::bare(DomainBlockId(1), "far.test", Severity::Noop, START);
    let block = DomainBlock { reject_media: true, ..block };
    lab.write(move |tx| {
        put_block(tx, &block);
        Ok(())
    })
    .expect("decided");
    let after = status();
    assert_eq!((&after["media_attachments"], &after["account"]["avatar_description"]), (&json!([]), &json!("")));
    assert_eq!(after["account"]["avatar"], "https://web.here.test/avatars/original/missing.png");
}

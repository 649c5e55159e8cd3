//! Long texts as threads, and times where people are.

use crate::{
    inside::{Inside, id_of},
    visitor::Answer,
};
use dassie::clock::{DAY_MS, iso};
use storage::{Bounds, Direction, Timestamp, account, scheduled::SCHEDULED_OF_ACCOUNT};
use web::zone::Zone;

fn token_and_key(form: &Answer) -> (String, String) {
    (form.hidden("authenticity_token").to_owned(), form.hidden("key").to_owned())
}

/// How many posts ada has.
fn posts(inside: &mut Inside) -> usize {
    inside.ada.get("/@ada/with_replies").body.matches("<article").count()
}

#[test]
fn a_long_text_becomes_a_thread_once_however_often_it_is_sent() {
    let mut inside = Inside::open();
    let (token, key) = token_and_key(&inside.ada.get("/compose"));
    let long = format!("{}\n\n{}\n\nThe end.", "The rock was warm. ".repeat(250), "Then the wind turned. ".repeat(220));
    let fields = |what: &'static str, split: &'static str| {
        vec![
            ("authenticity_token", token.clone()),
            ("key", key.clone()),
            ("do", what.to_owned()),
            ("split", split.to_owned()),
            ("status", long.clone()),
            ("visibility", "public".to_owned()),
            ("spoiler_text", "Weather".to_owned()),
        ]
    };
    let sent = |inside: &mut Inside, what, split| {
        let owned = fields(what, split);
        let given: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
        inside.ada.post("/compose", &given)
    };
    let refused = sent(&mut inside, "post", "");
    assert!(refused.status == 422 && refused.body.contains("characters; at most 5000"), "{}", refused.status);
    assert!(refused.body.contains("<details class=\"part\" open>"), "the choice is in sight");
    let preview = sent(&mut inside, "preview", "needed");
    for part in ["Part 1 of 2", "Part 2 of 2", "1/2", "2/2"] {
        assert!(preview.body.contains(part), "{part}: {}", preview.body);
    }
    let preview = sent(&mut inside, "preview", "blank");
    assert!(preview.body.contains("Part 3 of 3") && preview.body.contains("value=\"blank\" selected"));
    assert_eq!(posts(&mut inside), 0);

    let (one, two) = (sent(&mut inside, "post", "blank"), sent(&mut inside, "post", "blank"));
    assert_eq!((one.status, two.status), (303, 303), "{one:?}");
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(posts(&mut inside), 3);
    let page = inside.ada.get(one.header("location"));
    let order = ["1/3", "The rock was warm.", "2/3", "Then the wind turned.", "3/3", "The end."];
    let places: Vec<_> =
        order.map(|text| page.body.find(text).unwrap_or_else(|| panic!("no {text}: {}", page.body))).into();
    assert!(places.is_sorted(), "{places:?}: {}", page.body);
    assert_eq!(page.body.matches(">Weather<").count(), 3, "every part carries the warning");
    let last = page.body.rsplit("<article id=\"post-").next().and_then(|rest| rest.split('"').next()).expect("a post");
    let page = inside.ada.get(&format!("/@ada/{last}"));
    assert!(page.body.contains("1/3") && page.body.contains("3/3"), "{}", page.body);
    assert!(!page.body.contains("<h2>"), "nobody else has answered: {}", page.body);
    inside.close();
}

#[test]
fn what_is_left_of_a_thread_that_stopped_comes_back_and_goes_on() {
    let mut inside = Inside::open();
    let (token, key) = token_and_key(&inside.ada.get("/compose"));
    // Few characters, since a link counts 23, and more markup than a row of the store holds.
    let links: Vec<_> = (100..300).map(|number| format!("https://rock.example/{}/{number}", "x".repeat(40))).collect();
    let text = format!("The first part.\n\n{}\n\nThe last part.", links.join(" "));
    let fields = [
        ("authenticity_token", token.as_str()),
        ("key", &key),
        ("do", "post"),
        ("split", "blank"),
        ("status", &text),
        ("visibility", "public"),
    ];
    let stopped = inside.ada.post("/compose", &fields);
    assert_eq!(stopped.status, 422, "{stopped:?}");
    assert!(stopped.body.contains("Of 3 parts 1 are posted."), "{}", stopped.body);
    assert!(!stopped.body.contains("The first part.</textarea>") && stopped.body.contains("The last part.</textarea>"));
    assert_eq!(posts(&mut inside), 1);
    // The whole form once more makes nothing twice.
    assert_eq!(inside.ada.post("/compose", &fields).status, 422);
    assert_eq!(posts(&mut inside), 1);
    let drafts = inside.ada.get("/drafts").body;
    assert_eq!(drafts.matches("href=\"/compose?draft=").count(), 1, "{drafts}");
    assert!(!drafts.contains("The first part."), "the draft holds what is left: {drafts}");
    let (left, above) = (stopped.hidden("key").to_owned(), stopped.hidden("in_reply_to_id").to_owned());
    let rest = [
        ("authenticity_token", token.as_str()),
        ("key", &left),
        ("in_reply_to_id", &above),
        ("do", "post"),
        ("split", "blank"),
        ("status", "Fewer links.\n\nThe last part."),
        ("visibility", "public"),
    ];
    let (one, two) = (inside.ada.post("/compose", &rest), inside.ada.post("/compose", &rest));
    assert_eq!((one.status, one.header("location")), (303, two.header("location")), "{one:?}");
    assert_eq!(posts(&mut inside), 3);
    assert!(!inside.ada.get("/drafts").body.contains("href=\"/compose?draft="), "what is posted is no draft");
    let page = inside.ada.get(&format!("/@ada/{above}"));
    assert!(page.body.contains("3/3") && page.body.contains("Fewer links."), "{}", page.body);
    assert_ne!(id_of(one.header("location")), above);
    let later = [
        ("authenticity_token", token.as_str()),
        ("do", "post"),
        ("split", "blank"),
        ("status", "One.\n\nTwo."),
        ("scheduled_at", "2040-01-01T12:00"),
    ];
    let refused = inside.ada.post("/compose", &later);
    assert!(refused.status == 422 && refused.body.contains("cannot be posted later"), "{refused:?}");
    assert_eq!(posts(&mut inside), 3);
    inside.close();
}

#[test]
fn times_are_told_and_typed_where_people_are() {
    let mut inside = Inside::open();
    let page = inside.ada.get("/settings/reading");
    assert!(page.body.contains("As the browser says (so far UTC)") && page.body.contains("label=\"Europe\""));
    assert!(inside.ada.get("/compose").body.contains("The time is that of UTC"));
    inside.ada.keep("dassie_zone", "Asia/Kathmandu");
    assert!(inside.ada.get("/settings/reading").body.contains("As this browser says: Asia/Kathmandu"));
    assert!(inside.ada.get("/compose").body.contains("The time is that of Asia/Kathmandu"));
    let post = inside.write(&[("status", "When?"), ("visibility", "public")]);
    assert!(inside.ada.get(&post).body.contains("UTC+0545\">now</time>"), "{}", inside.ada.get(&post).body);

    let chosen = [("language", "en"), ("expand_media", "default"), ("zone", "America/New_York")];
    assert_eq!(inside.send("/settings/reading", "/settings/reading", &chosen).status, 303);
    let page = inside.ada.get("/settings/reading");
    assert!(page.body.contains("value=\"America/New_York\" selected"), "{}", page.body);
    let wrong = [("language", "en"), ("expand_media", "default"), ("zone", "Europe/Atlantis")];
    assert_eq!(inside.send("/settings/reading", "/settings/reading", &wrong).status, 422);

    let server = inside.running.as_ref().expect("it runs").server.clone();
    let tomorrow = Timestamp(server.now().0 + DAY_MS);
    let there = Zone::named("America/New_York").expect("a zone").shows(&iso(tomorrow)).expect("a time");
    let typed = format!("{:04}-{:02}-{:02}T{:02}:{:02}", there.year, there.month, there.day, there.hour, there.minute);
    assert_eq!(inside.write(&[("status", "Later."), ("scheduled_at", &typed)]), "/scheduled");
    let waiting = inside.look(|view| {
        let own = account::find_by_name(view, "ada", None)?.expect("ada").id;
        Ok(SCHEDULED_OF_ACCOUNT.list(view, &own, Bounds::NONE, Direction::Ascending, 9)?)
    });
    let moments: Vec<i64> = waiting.iter().map(|(_, at)| at.0).collect();
    assert_eq!(moments, [tomorrow.0 - tomorrow.0 % 60_000], "{typed}");
    inside.close();
}

#[test]
fn a_time_that_is_past_or_too_near_posts_nothing() {
    let mut inside = Inside::open();
    let now = inside.running.as_ref().expect("it runs").server.now();
    let (token, key) = token_and_key(&inside.ada.get("/compose"));
    for ms in [-DAY_MS, -60_000, 60_000] {
        let there = Zone::UTC.shows(&iso(now.plus_ms(ms))).expect("a time");
        let typed =
            format!("{:04}-{:02}-{:02}T{:02}:{:02}", there.year, there.month, there.day, there.hour, there.minute);
        let fields = [
            ("authenticity_token", token.as_str()),
            ("key", &key),
            ("do", "post"),
            ("status", "Mistyped."),
            ("visibility", "public"),
            ("scheduled_at", &typed),
        ];
        let refused = inside.ada.post("/compose", &fields);
        assert!(
            refused.status == 422 && refused.body.contains("at least five minutes from now"),
            "{typed}: {refused:?}"
        );
        assert!(refused.body.contains("Mistyped.</textarea>") && refused.body.contains(&typed), "{}", refused.body);
        assert_eq!(posts(&mut inside), 0, "{typed}");
    }
    let waiting = inside.ada.get("/scheduled").body;
    assert!(!waiting.contains("Mistyped."), "{waiting}");
    inside.close();
}

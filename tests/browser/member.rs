//! What members find on their pages beside what others say: what there was while they were away, first steps, reminders,
//! quiet hours, orders of threads. By forms over plain sockets.

use crate::{
    inside::{Inside, id_of},
    made,
};

#[test]
fn whoever_was_away_is_told_shortly_what_there_was() {
    let mut inside = Inside::open();
    let first = inside.write(&[("status", "Read already."), ("visibility", "public")]);
    // Nobody has said how far they have read: there is no place to go on from.
    assert!(!inside.ada.get("/home").body.contains("/home/away"));
    let read = [("upto", id_of(&first)), ("return_to", "/home")];
    assert_eq!(inside.send("/home", "/home/read", &read).status, 303);
    assert!(inside.ada.get("/home/away").body.contains("nothing you have not read"));
    for at in 1..=22 {
        let text = format!("Stone number {at} <b>");
        inside.write(&[("status", &text), ("visibility", "public")]);
    }
    inside.write(&[("status", "What it is about"), ("spoiler_text", "A warning"), ("visibility", "public")]);
    let home = inside.ada.get("/home");
    assert!(home.body.contains("href=\"/home/away\""), "more than a page is new: {}", home.body);
    let page = inside.ada.get("/home/away");
    for told in ["23 posts since", "Stone number 1 &lt;b&gt;", "Stone number 22", "A warning", "23 posts</span>"] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    assert!(!page.body.contains("Read already.") && !page.body.contains("What it is about"), "{}", page.body);
    let (one, last) = (page.body.find("Stone number 1 "), page.body.find("Stone number 22"));
    assert!(one < last, "what one person said is told in its order");
    let upto = page.hidden("upto").to_owned();
    let done = inside.send("/home/away", "/home/read", &[("upto", &upto), ("return_to", "/home")]);
    assert_eq!((done.status, done.header("location")), (303, "/home"));
    assert!(inside.ada.get("/home/away").body.contains("nothing you have not read"));
    assert!(!inside.ada.get("/home").body.contains("/home/away"));
    inside.close();
}

#[test]
fn first_steps_are_told_until_they_are_put_away() {
    let mut inside = Inside::open();
    let home = inside.ada.get("/home");
    for told in ["First steps for your server", "0 of 7 are done", "href=\"/settings/recovery\"", "backup.to"] {
        assert!(home.body.contains(told), "{told}: {}", home.body);
    }
    inside.change(|tx| {
        let mut settings = storage::instance::settings(tx)?;
        settings.rules.push("Be kind.".to_owned());
        storage::instance::put_settings(tx, &settings);
        Ok(())
    });
    assert!(inside.ada.get("/home").body.contains("1 of 7 are done"));
    let sent = inside.send("/home", "/home/steps", &[]);
    assert_eq!((sent.status, sent.header("location")), (303, "/home"), "{sent:?}");
    assert!(!inside.ada.get("/home").body.contains("First steps for your server"));
    inside.close();
}

#[test]
fn pictures_nobody_described_are_asked_about_once_or_refused() {
    let mut inside = Inside::open();
    let form = inside.ada.get("/compose");
    let token = form.hidden("authenticity_token").to_owned();
    let body = made::form(
        &[("authenticity_token", &token), ("do", "attach"), ("status", "Look")],
        &[("file", &made::jpeg(300, 200, 90))],
    );
    let form = inside.ada.send_form("/compose", &made::form_type(), &body);
    let (medium, key) = (form.hidden("media_ids[]").to_owned(), form.hidden("key").to_owned());
    let fields = [
        ("authenticity_token", token.as_str()),
        ("key", &key),
        ("do", "post"),
        ("status", "Look"),
        ("media_ids[]", &medium),
        ("media_attributes[0][id]", &medium),
        ("media_attributes[0][description]", "  "),
    ];
    let asked = inside.ada.post("/compose", &fields);
    assert!(asked.status == 422 && asked.body.contains("has no description"), "{}", asked.body);
    assert!(asked.body.contains("Look</textarea>") && asked.body.contains("name=\"undescribed\""), "{}", asked.body);
    let choose = |inside: &mut Inside, word: &str| {
        let chosen = [("visibility", "public"), ("quoters", "public"), ("undescribed", word)];
        inside.send("/settings/posting", "/settings/posting", &chosen)
    };
    assert_eq!(choose(&mut inside, "never").status, 422);
    assert_eq!(choose(&mut inside, "refuse").status, 303);
    assert!(inside.ada.get("/settings/posting").body.contains("value=\"refuse\" selected"));
    let meant = [&fields[..], &[("undescribed", "true")]].concat();
    let refused = inside.ada.post("/compose", &meant);
    assert!(refused.status == 422 && refused.body.contains("Nothing was posted"), "{}", refused.body);
    assert_eq!(choose(&mut inside, "ask").status, 303);
    let posted = inside.ada.post("/compose", &meant);
    assert_eq!(posted.status, 303, "said again, it is meant so: {}", posted.body);
    inside.close();
}

#[test]
fn what_is_for_people_named_and_names_nobody_is_asked_about_once() {
    let mut inside = Inside::open();
    for text in ["To whom?", "@ada To whom?", "@nobody To whom?"] {
        let fields = [("do", "post"), ("status", text), ("visibility", "direct")];
        // From the small box, too.
        for page in ["/compose", "/home"] {
            let asked = inside.send(page, "/compose", &fields);
            assert!(asked.status == 422 && asked.body.contains("Nobody is named: only you will see it."), "{asked:?}");
            assert!(asked.body.contains("name=\"alone\" value=\"true\""), "{}", asked.body);
            assert!(asked.body.contains("To whom?</textarea>") && asked.body.contains("\"direct\" selected"), "kept");
        }
    }
    let parts = [("do", "post"), ("status", "To whom?\n\nAnd this?"), ("visibility", "direct"), ("split", "blank")];
    assert!(inside.send("/compose", "/compose", &parts).body.contains("Nobody is named"));
    inside.change(|tx| {
        let ada = storage::account::find_by_name(tx, "ada", None)?.expect("she came first");
        let (id, username, uri) = (tx.next_id(), "ben".to_owned(), "/users/ben".to_owned());
        Ok(storage::account::put(tx, &storage::account::Account { id, username, uri, ..ada })?)
    });
    // Each part is seen by those whom it names itself.
    let text = "@ben To whom?\n\nAnd this?";
    let parts = [("do", "post"), ("status", text), ("visibility", "direct"), ("split", "blank")];
    let asked = inside.send("/compose", "/compose", &parts);
    assert!(asked.status == 422 && asked.body.contains("A part names nobody"), "{asked:?}");
    assert!(!inside.ada.get("/@ada/with_replies").body.contains("To whom?"), "nothing is posted");
    let meant = [("do", "post"), ("status", "To whom?"), ("visibility", "direct"), ("alone", "true")];
    // Neither looking first nor a refusal for something else has it asked again.
    for other in [("do", "preview"), ("scheduled_at", "2001-01-01T10:00")] {
        let fields: Vec<_> = meant.iter().copied().filter(|(name, _)| *name != other.0).chain([other]).collect();
        let again = inside.send("/compose", "/compose", &fields);
        assert!(again.body.contains("name=\"alone\" value=\"true\""), "{other:?}: {again:?}");
    }
    assert_eq!(inside.send("/compose", "/compose", &meant).status, 303);
    let messages = inside.ada.get("/messages").body;
    assert!(messages.contains("A note to yourself") && messages.contains("To whom?"), "{messages}");
    inside.close();
}

#[test]
fn long_tags_without_capitals_are_told_of_in_the_preview() {
    let mut inside = Inside::open();
    let looked = [("do", "preview"), ("status", "Warm #eveningsunonrock #EveningSunOnRock")];
    let shown = inside.send("/compose", "/compose", &looked);
    assert!(shown.body.contains("<bdi>#eveningsunonrock</bdi> is read aloud as one word"), "{}", shown.body);
    assert_eq!(shown.body.matches("</bdi> is read aloud").count(), 1);
    inside.close();
}

#[test]
fn quiet_hours_are_kept_shown_and_ended_and_notifications_cleared() {
    let mut inside = Inside::open();
    let path = "/settings/notifications";
    let kept = inside.send(path, path, &[("do", "quiet"), ("from", "22:30"), ("until", "07:00")]);
    assert_eq!(kept.status, 303, "{kept:?}");
    let page = inside.ada.get(path);
    assert!(page.body.contains("value=\"22:30\"") && page.body.contains("value=\"07:00\""), "{}", page.body);
    for odd in ["25:00", "", "7"] {
        let refused = inside.send(path, path, &[("do", "quiet"), ("from", odd), ("until", "07:00")]);
        assert!(refused.status == 422 && refused.body.contains("no time of the day"), "{odd}: {}", refused.body);
    }
    assert_eq!(inside.send(path, path, &[("do", "loud")]).status, 303);
    assert!(!inside.ada.get(path).body.contains("value=\"22:30\""));

    let asked = inside.ada.get("/notifications/clear");
    assert!(asked.body.contains("Remove all notifications?"), "{}", asked.body);
    let sent = inside.send("/notifications/clear", "/notifications/clear", &[("do", "clear")]);
    assert_eq!((sent.status, sent.header("location")), (303, "/notifications"));
    inside.close();
}

#[test]
fn links_are_searched_for_and_searches_made_narrower() {
    let mut inside = Inside::open();
    inside.write(&[("status", "Warm stones https://rock.test/warm"), ("visibility", "public")]);
    let page = inside.ada.get("/search?q=stones&type=links");
    for told in ["type=links\" aria-current=\"page\"", "q=stones%20from%3Ame&amp;type=links"] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    // The order is one of two links.
    for told in ["q=stones%20sort%3Abest&amp;type=links\">", "q=stones&amp;type=links\" aria-current=\"true\""] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    let best = inside.ada.get("/search?q=stones+sort%3Abest&type=links");
    let told = "q=stones%20sort%3Abest&amp;type=links\" aria-current=\"true\"";
    assert!(best.status == 200 && best.body.contains(told), "{}", best.body);
    let missing = inside.ada.get("/nothing/here");
    assert!(missing.status == 404 && missing.body.contains("action=\"/search\""), "{}", missing.body);
    inside.close();
}

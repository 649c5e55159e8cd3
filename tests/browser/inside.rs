//! What people who are signed in do on pages, by forms over plain sockets: no browser is needed, so it always runs.

use crate::{
    made, start_on,
    visitor::{Answer, Visitor},
};
use dassie::running::Running;
use std::sync::Arc;
use storage::{
    Tx, View,
    vfs::{RealDisk, Vfs},
};
use tokio::runtime::Runtime;

pub(crate) const PASSWORD: &str = "sit in the evening sun";

/// A server with its owner, signed in.
pub(crate) struct Inside {
    runtime: Runtime,
    pub(crate) running: Option<Running>,
    pub(crate) ada: Visitor,
    _scratch: tempfile::TempDir,
}

impl Inside {
    pub(crate) fn open() -> Self {
        Self::open_on(Arc::new(RealDisk))
    }

    /// The same with the store on another disk.
    pub(crate) fn open_on(disk: Arc<dyn Vfs>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (running, scratch) = start_on(&runtime, disk);
        let mut ada = Visitor::new(running.address);
        let link = running.owner_link.clone().expect("there is no owner yet");
        let path = link.strip_prefix(running.server.origin().as_str()).expect("the link leads here");
        // The server keeps the name it has.
        let form = ada.get(&format!("{path}&step=you"));
        let fields = [
            ("authenticity_token", form.hidden("authenticity_token")),
            ("code", form.hidden("code")),
            ("username", "ada"),
            ("password", PASSWORD),
        ];
        assert_eq!(ada.post("/first-run", &fields).status, 303);
        Inside { runtime, running: Some(running), ada, _scratch: scratch }
    }

    /// Sends a form as the page at `page` would, with its token.
    pub(crate) fn send(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.ada.get(page);
        assert_eq!(form.status, 200, "{page}: {form:?}");
        let mut all = vec![("authenticity_token", form.hidden("authenticity_token"))];
        all.extend(fields);
        self.ada.post(path, &all)
    }

    /// Posts, and gives the path of the post.
    pub(crate) fn write(&mut self, fields: &[(&str, &str)]) -> String {
        let form = self.ada.get("/compose");
        let mut all = vec![
            ("authenticity_token", form.hidden("authenticity_token")),
            ("key", form.hidden("key")),
            ("do", "post"),
        ];
        all.extend(fields);
        let sent = self.ada.post("/compose", &all);
        assert_eq!(sent.status, 303, "{sent:?}");
        sent.header("location").to_owned()
    }

    /// Looks into the store.
    pub(crate) fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&View<'_>) -> dassie::error::Result<T> + Send + 'static,
    ) -> T {
        let server = self.running.as_ref().expect("it runs").server.clone();
        self.runtime.block_on(server.read(look)).expect("readable")
    }

    /// Changes what no form does.
    pub(crate) fn change(&self, rule: impl Fn(&mut Tx<'_>) -> dassie::error::Result<()> + Send + 'static) {
        let server = self.running.as_ref().expect("it runs").server.clone();
        self.runtime.block_on(server.write(rule)).expect("written");
    }

    /// Stops a server whose store cannot be closed well.
    pub(crate) fn leave(mut self) {
        let running = self.running.take().expect("it runs");
        assert!(self.runtime.block_on(running.stop()).is_err(), "its store is read-only");
    }

    pub(crate) fn close(mut self) {
        let running = self.running.take().expect("it runs");
        self.runtime.block_on(running.stop()).expect("it stops");
    }
}

pub(crate) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("a path").split('#').next().expect("an id")
}

#[test]
fn a_post_is_written_answered_marked_edited_and_written_anew() {
    let mut inside = Inside::open();
    let first = inside.write(&[("status", "The rock was warm until eight."), ("visibility", "public")]);
    let page = inside.ada.get(&first);
    assert!(
        page.body.contains("The rock was warm until eight.") && page.body.contains(">Posted.</p>"),
        "{}",
        page.body
    );
    assert!(!inside.ada.get(&first).body.contains(">Posted.</p>"), "a notice is shown once");

    let reply = inside.ada.get(&format!("/compose?reply={}", id_of(&first)));
    assert!(reply.body.contains("You answer"), "{}", reply.body);
    let answer = inside.write(&[("status", "It was."), ("in_reply_to_id", id_of(&first))]);
    assert!(inside.ada.get(&first).body.contains("It was."));

    for (name, done) in
        [("favourite", "unfavourite"), ("boost", "unboost"), ("bookmark", "unbookmark"), ("pin", "unpin")]
    {
        let sent = inside.send(&first, "/act", &[("return_to", &first), (name, id_of(&first))]);
        assert_eq!(sent.status, 303, "{name}: {sent:?}");
        assert_eq!(sent.header("location"), format!("{first}#post-{}", id_of(&first)));
        let page = inside.ada.get(&first);
        assert!(page.body.contains(&format!("name=\"{done}\" value=\"{}\"", id_of(&first))), "{name}: {}", page.body);
    }
    for (path, words) in
        [("/bookmarks", "The rock was warm"), ("/favourites", "The rock was warm"), ("/home", "It was.")]
    {
        assert!(inside.ada.get(path).body.contains(words), "{path}");
    }

    let form = inside.ada.get(&format!("/compose?edit={}", id_of(&first)));
    assert!(form.body.contains("The rock was warm until eight.</textarea>"), "{}", form.body);
    let changed = [("do", "post"), ("edits", id_of(&first)), ("status", "The rock was warm until nine.")];
    let sent = inside.send("/compose", "/compose", &changed);
    assert_eq!(sent.status, 303, "{sent:?}");
    let page = inside.ada.get(&first);
    assert!(page.body.contains("until nine") && page.body.contains("edited"), "{}", page.body);

    let asked = inside.ada.get(&format!("/posts/{}/delete", id_of(&answer)));
    assert!(asked.body.contains("Delete this post?") && asked.body.contains("It was."));
    let path = format!("/posts/{}/delete", id_of(&answer));
    let sent = inside.send(&path, &path, &[("do", "redraft")]);
    assert_eq!(sent.status, 303, "{sent:?}");
    let form = inside.ada.get(sent.header("location"));
    assert!(
        form.body.contains("It was.</textarea>") && form.hidden("in_reply_to_id") == id_of(&first),
        "{}",
        form.body
    );
    assert_eq!(inside.ada.get(&answer).status, 410);
    assert!(inside.ada.get("/drafts").body.contains("It was."));
    inside.close();
}

#[test]
fn pressing_twice_posts_once_and_a_refusal_keeps_every_word() {
    let mut inside = Inside::open();
    let form = inside.ada.get("/compose");
    let (token, key) = (form.hidden("authenticity_token").to_owned(), form.hidden("key").to_owned());
    let fields = [("authenticity_token", token.as_str()), ("key", &key), ("do", "post"), ("status", "Once.")];
    let (one, two) = (inside.ada.post("/compose", &fields), inside.ada.post("/compose", &fields));
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(one.header("location"), two.header("location"));

    let long = "rock ".repeat(1_200);
    let refused = inside.ada.post(
        "/compose",
        &[
            ("authenticity_token", token.as_str()),
            ("do", "post"),
            ("status", &long),
            ("spoiler_text", "Geology <b>"),
            ("poll[options][]", "warm"),
            ("poll[options][]", "cold"),
            ("visibility", "private"),
        ],
    );
    assert_eq!(refused.status, 422, "{}", refused.body);
    for kept in [long.trim_end(), "Geology &lt;b&gt;", "value=\"warm\"", "value=\"cold\"", "value=\"private\" selected"]
    {
        assert!(refused.body.contains(kept), "{kept} is lost: {}", refused.body);
    }
    assert!(refused.body.contains("role=\"alert\""));
    let gone =
        [("authenticity_token", token.as_str()), ("do", "post"), ("status", "To whom?"), ("in_reply_to_id", "4")];
    let refused = inside.ada.post("/compose", &gone);
    assert!(refused.body.contains("To whom?</textarea>") && refused.body.contains("is gone"), "{}", refused.body);
    inside.close();
}

#[test]
fn forms_of_other_sites_and_of_nobody_change_nothing() {
    let mut inside = Inside::open();
    let path = inside.write(&[("status", "Mine.")]);
    for (token, why) in [("", "none"), ("wrong", "wrong")] {
        let sent = inside.ada.post("/act", &[("authenticity_token", token), ("favourite", id_of(&path))]);
        assert_eq!(sent.status, 403, "{why}");
    }
    let token = inside.ada.get("/home").hidden("authenticity_token").to_owned();
    let mut stranger = Visitor::new(inside.running.as_ref().expect("it runs").address);
    let sent = stranger.post("/act", &[("authenticity_token", &token), ("favourite", id_of(&path))]);
    assert_eq!(sent.status, 403, "{sent:?}");
    let elsewhere = inside.send("/home", "/act", &[("favourite", id_of(&path)), ("return_to", "https://evil.test/")]);
    assert!(elsewhere.header("location").starts_with("/#post-"), "{elsewhere:?}");
    for path in ["/home", "/compose", "/notifications", "/messages", "/search", "/lists", "/drafts"] {
        let sent = stranger.get(path);
        let back = format!("/auth/sign_in?return_to=%2F{}", &path[1..]);
        assert_eq!((sent.status, sent.header("location")), (303, back.as_str()), "{path}");
    }
    inside.close();
}

#[test]
fn drafts_previews_polls_and_pictures_go_through_one_form() {
    let mut inside = Inside::open();
    let kept =
        [("do", "draft"), ("status", "Half a sentence"), ("spoiler_text", "Unfinished"), ("visibility", "unlisted")];
    let sent = inside.send("/compose", "/compose", &kept);
    assert_eq!((sent.status, sent.header("location")), (303, "/drafts"), "{sent:?}");
    let list = inside.ada.get("/drafts");
    let id = list.between("href=\"/compose?draft=", "\"").to_owned();
    let form = inside.ada.get(&format!("/compose?draft={id}"));
    assert!(
        form.body.contains("Half a sentence</textarea>") && form.body.contains("value=\"Unfinished\""),
        "{}",
        form.body
    );
    let looked = [("do", "preview"), ("draft", id.as_str()), ("status", "Half a *sentence* https://rock.test/x")];
    let shown = inside.send("/compose", "/compose", &looked);
    assert!(shown.status == 200 && shown.body.contains("href=\"https://rock.test/x\""), "{}", shown.body);
    let again = [("do", "preview"), ("status", "Sent again"), ("key", "k0")];
    for _ in 0..2 {
        assert_eq!(inside.send("/compose", "/compose", &again).status, 200);
    }
    assert_eq!(inside.ada.get("/drafts").body.matches("href=\"/compose?draft=").count(), 2, "one form is one draft");
    let sent = [("do", "post"), ("draft", id.as_str()), ("status", "A whole sentence."), ("key", "k1")];
    assert_eq!(inside.send("/compose", "/compose", &sent).status, 303);
    assert!(!inside.ada.get("/drafts").body.contains("Half a sentence"), "what is posted is no draft");

    let asked = inside.write(&[
        ("status", "When do you sit?"),
        ("poll[options][]", "Morning"),
        ("poll[options][]", "Evening"),
        ("poll[options][]", ""),
        ("poll[expires_in]", "86400"),
    ]);
    let page = inside.ada.get(&asked);
    assert!(page.body.contains("Morning") && page.body.contains("0 votes"), "{}", page.body);

    let token = inside.ada.get("/compose").hidden("authenticity_token").to_owned();
    let picture = made::jpeg(300, 200, 90);
    let body =
        made::form(&[("authenticity_token", &token), ("do", "attach"), ("status", "Look")], &[("file", &picture)]);
    let form = inside.ada.send_form("/compose", &made::form_type(), &body);
    assert_eq!(form.status, 200, "{form:?}");
    let medium = form.hidden("media_ids[]").to_owned();
    assert!(
        form.body.contains("Look</textarea>") && form.body.contains("media_attributes[0][description]"),
        "{}",
        form.body
    );
    let sent = inside.write(&[
        ("status", "Look"),
        ("media_ids[]", &medium),
        ("media_attributes[0][id]", &medium),
        ("media_attributes[0][description]", "Stripes in the evening"),
        ("media_attributes[0][focus]", "0,0.8"),
    ]);
    let page = inside.ada.get(&sent);
    assert!(page.body.contains("alt=\"Stripes in the evening\""), "{}", page.body);
    let text = made::form(&[("authenticity_token", &token), ("status", "Kept")], &[("file", b"no picture at all")]);
    let refused = inside.ada.send_form("/compose", &made::form_type(), &text);
    assert!(refused.status == 422 && refused.body.contains("Kept</textarea>"), "{refused:?}");
    inside.close();
}

#[test]
fn the_answer_for_the_script_is_the_post_alone() {
    let mut inside = Inside::open();
    let path = inside.write(&[("status", "In place.")]);
    let token = inside.ada.get("/home").hidden("authenticity_token").to_owned();
    let fields = crate::urlencoded(&[("authenticity_token", &token), ("favourite", id_of(&path))]);
    let alone = inside.ada.send_in_place("/act", &fields);
    assert_eq!(alone.status, 200, "{alone:?}");
    assert!(alone.body.starts_with("<article") && alone.body.contains("unfavourite"), "{}", alone.body);
    inside.close();
}

#[test]
fn pages_speak_the_language_that_was_chosen() {
    let mut inside = Inside::open();
    let form = inside.ada.get("/language");
    let token = form.between("name=\"authenticity_token\" value=\"", "\"").to_owned();
    // The first token of the page is the session's; the form's own comes behind it.
    let own = form.body.rsplit("name=\"authenticity_token\" value=\"").next().and_then(|rest| rest.split('"').next());
    let sent = inside.ada.post("/language", &[("authenticity_token", own.unwrap_or(&token)), ("language", "ar")]);
    assert_eq!(sent.status, 303, "{sent:?}");
    let page = inside.ada.get("/home");
    assert!(page.body.contains("<html lang=\"ar\" dir=\"rtl\">") && page.body.contains("الرئيسية"), "{}", page.body);
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    assert!(guest.get_in("/", "de-AT,de;q=0.9").body.contains("<html lang=\"de\">"));
    assert!(guest.get_in("/nothing", "es").body.contains("Aquí no hay nada"));
    inside.close();
}

#[test]
fn the_entrance_moving_and_refusals_speak_it_too() {
    let mut inside = Inside::open();
    let mut guest = Visitor::new(inside.running.as_ref().expect("it runs").address);
    for (path, language, words) in [
        ("/auth/sign_in", "de", "Benutzername oder E-Mail-Adresse"),
        ("/auth/sign_in", "ar", "<html lang=\"ar\" dir=\"rtl\">"),
        ("/auth/password/new", "es", "Este servidor no envía correo"),
        ("/auth/confirmation?confirmation_token=x", "de", "Dieser Link gilt nicht mehr"),
        ("/auth/done?what=password-set", "es", "Tu contraseña nueva ya vale"),
    ] {
        let page = guest.get_in(path, language);
        assert!(page.body.contains(words), "{path} in {language}: {}", page.body);
    }
    let form = inside.ada.get("/language");
    let own = form.body.rsplit("name=\"authenticity_token\" value=\"").next().and_then(|rest| rest.split('"').next());
    let fields = [("authenticity_token", own.expect("a token")), ("language", "de")];
    assert_eq!(inside.ada.post("/language", &fields).status, 303);
    for (path, words) in [
        ("/settings/aliases", "Von einem anderen Konto hierher umziehen"),
        ("/settings/migration", "Erneut umziehen kannst du erst nach 30 Tagen."),
        ("/auth/edit", "Jetziges Passwort"),
    ] {
        let page = inside.ada.get(path);
        assert!(page.body.contains(words), "{path}: {}", page.body);
    }
    let long = "rock ".repeat(1_200);
    let refused = inside.send("/compose", "/compose", &[("do", "post"), ("status", &long)]);
    assert!(refused.body.contains("Der Text hat") && refused.body.contains("höchstens 5000"), "{}", refused.body);
    let nobody = inside.send("/settings/aliases", "/settings/aliases", &[("acct", "nobody")]);
    assert!(nobody.status == 422 && nobody.body.contains("Niemand heißt nobody."), "{}", nobody.body);
    let short = inside.send("/auth/edit", "/auth/edit", &[("current_password", PASSWORD), ("password", "short")]);
    assert!(short.body.contains("Das Passwort hat"), "{}", short.body);
    inside.close();
}

#[test]
fn lists_tags_search_and_notifications_work_by_forms() {
    let mut inside = Inside::open();
    let empty = inside.ada.get("/home/tags").body;
    assert!(empty.contains("Nothing here yet.") && !empty.contains("Nothing more"), "{empty}");
    let none = inside.ada.get("/lists").body;
    assert!(none.contains("No lists yet.") && !none.contains("<ul class=\"all-ways\">"), "{none}");
    inside.write(&[("status", "Warm stones #evening"), ("visibility", "public")]);
    let made = inside.send("/lists", "/lists", &[("title", "Geologists"), ("replies_policy", "list")]);
    assert_eq!(made.status, 303, "{made:?}");
    let list = made.header("location").to_owned();
    assert!(inside.ada.get(&list).body.contains("Geologists"));
    assert_eq!(inside.send(&list, &list, &[("do", "save"), ("title", "Stones"), ("return_to", &list)]).status, 303);
    assert!(inside.ada.get("/lists").body.contains("Stones"));
    assert_eq!(inside.send(&list, &list, &[("do", "delete"), ("title", "Stones")]).status, 303);
    assert_eq!(inside.ada.get(&list).status, 404);
    assert_eq!(inside.send("/lists", "/lists", &[("title", "")]).status, 422);

    assert_eq!(inside.send("/tags/evening", "/act", &[("follow-tag", "evening")]).status, 303);
    assert!(inside.ada.get("/followed_tags").body.contains("evening"));
    assert!(inside.ada.get("/tags/evening").body.contains("unfollow-tag"));

    assert!(inside.ada.get("/search?q=ada").body.contains("@ada@"));
    assert!(inside.ada.get("/search?q=%23evening").body.contains("/tags/evening"));
    let origin = inside.running.as_ref().expect("it runs").server.origin().as_str().to_owned();
    let opened = inside.ada.get(&format!("/search?q={origin}/@ada"));
    assert_eq!((opened.status, opened.header("location")), (303, "/@ada"), "{opened:?}");
    for path in [
        "/notifications",
        "/notifications/mentions",
        "/notifications/requests",
        "/follow_requests",
        "/messages",
        "/explore",
        "/menu",
        "/settings",
        "/@ada/media",
    ] {
        assert_eq!(inside.ada.get(path).status, 200, "{path}");
    }
    inside.close();
}

//! A server onto which every text of the corpus came the way texts come: by activities of others, by the client API, by
//! forms, by previews, by the command line; and the pages that show them.

use super::{
    corners::Corners,
    corpus::{BROKEN, corpus, cut},
    peer::{CONTEXT, Peer, author, emoji, page},
};
use crate::{
    house::{House, PASSWORD},
    let_in, made,
    sign::http_date,
    visitor::{Answer, Visitor},
};
use dassie::reach::Lab;
use serde_json::{Value, json};
use std::{
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// How long something may take to be there.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server, its owner, what they are signed in with, and who is elsewhere.
pub(super) struct Stage {
    pub(super) house: House,
    pub(super) ada: Visitor,
    pub(super) texts: Vec<String>,
    pub(super) token: String,
    peer: Peer,
    /// The post that all others answer: its id, path and address.
    pub(super) root: (String, String, String),
    /// Pages that came with what is on them.
    pub(super) corners: Corners,
    /// Somebody whom ada judged.
    pub(super) bo: Visitor,
}

impl Stage {
    /// Everything, in place.
    pub(super) fn set() -> Self {
        let lab = Arc::new(Lab::default());
        let texts = corpus();
        let peer = Peer::start(&lab, &texts);
        let house = House::reaching(lab);
        let mut ada = Visitor::new(house.address());
        own(&house, &mut ada);
        let (token, ..) = let_in(&mut ada);
        let root = ada.call("POST", "/api/v1/statuses", &token, &[("status", "The rock, hit by the sun. #hit")]);
        let text = |name: &str| root[name].as_str().expect("a text").to_owned();
        let path = format!("/@ada/{}", text("id"));
        let root = (text("id"), path, text("uri"));
        let bo = Visitor::new(house.address());
        let mut stage = Stage { house, ada, texts, token, peer, root, corners: Corners::default(), bo };
        stage.by_the_command_line();
        stage.by_the_api();
        stage.by_activities();
        stage.by_previews();
        stage.in_corners();
        stage
    }

    pub(super) fn ada_uri(&self) -> String {
        self.house.url("/users/ada")
    }

    /// A call that may be refused; whether it was taken.
    pub(super) fn tries(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Option<Value> {
        let answer = self.ada.calls(method, path, &self.token, fields);
        assert!(answer.status == 200 || answer.status == 422, "{method} {path}: {answer:?}");
        (answer.status == 200).then(|| serde_json::from_str(&answer.body).expect("JSON"))
    }

    fn by_the_command_line(&self) {
        let markup = "\"><script class=hit>__hit=1</script>";
        let keys = ["title", "description", "registrations-message"];
        let sets = keys.iter().map(|key| vec!["instance", "set", key, markup]);
        let more = [vec!["instance", "set", "registrations", "approve"], vec!["instance", "rule", "add", markup]];
        for words in sets.chain(more) {
            let mut command = Command::new(env!("CARGO_BIN_EXE_dassie"));
            let output = command.args(&words).arg("--data").arg(self.house.scratch()).output().expect("it starts");
            assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn by_the_api(&mut self) {
        let root = self.root.0.clone();
        let picture = made::png(64, 48, 9);
        let mut taken = [0_usize; 6];
        for text in self.texts.clone() {
            let fields =
                [("status", &*cut(&text, 4_900)), ("spoiler_text", &cut(&text, 90)), ("in_reply_to_id", &root)];
            taken[0] += usize::from(self.tries("POST", "/api/v1/statuses", &fields).is_some());
            let option = cut(&text, 50);
            let fields = [
                ("status", &*cut(&text, 4_900)),
                ("poll[options][]", &option),
                ("poll[options][]", "hit"),
                ("poll[expires_in]", "86400"),
            ];
            taken[1] += usize::from(self.tries("POST", "/api/v1/statuses", &fields).is_some());
            taken[2] += usize::from(self.tries("POST", "/api/v1/lists", &[("title", &cut(&text, 250))]).is_some());
            let filter = [("title", &*cut(&text, 250)), ("context[]", "home"), ("context[]", "thread")];
            let filter =
                [&filter[..], &[("keywords_attributes[][keyword]", "warm"), ("filter_action", "warn")]].concat();
            taken[3] += usize::from(self.tries("POST", "/api/v2/filters", &filter).is_some());
            // A zero byte cannot be sent in a part of a form by this test's program, only in a field.
            let described = cut(&text.replace('\0', ""), 1_400);
            let medium = self.house.upload(&self.token, &picture, &described);
            let fields = [("status", "hit"), ("media_ids[]", &*medium), ("in_reply_to_id", &root)];
            taken[4] += usize::from(self.tries("POST", "/api/v1/statuses", &fields).is_some());
            let draft = [("do", "draft"), ("status", &*cut(&text, 4_900)), ("spoiler_text", &cut(&text, 90))];
            taken[5] += usize::from(self.sends("/compose", "/compose", &draft).status == 303);
        }
        let all = self.texts.len();
        // There may be 50 drafts and lists.
        assert!(taken.iter().all(|taken| *taken >= 40), "most are taken: {taken:?} of {all}");
        self.tries("POST", "/api/v1/statuses", &[("status", "It is warm, and hit."), ("in_reply_to_id", &root)]);
        for (name, most) in [("display_name", 60), ("note", 900)] {
            let markup = "\"><img class=hit src=x onerror=__hit=1><script>__hit=1</script> javascript:__hit=1";
            let changed = self.tries("PATCH", "/api/v1/accounts/update_credentials", &[(name, &cut(markup, most))]);
            assert!(changed.is_some(), "{name}");
        }
        for at in 0..4 {
            let (name, value) = (format!("fields_attributes[{at}][name]"), format!("fields_attributes[{at}][value]"));
            let text = self.texts[at * 9].clone();
            self.tries("PATCH", "/api/v1/accounts/update_credentials", &[(&name, &cut(&text, 250)), (&value, &text)]);
        }
    }

    /// Sends a form as the page at `page` would.
    pub(super) fn sends(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.ada.get(page);
        let mut all = vec![("authenticity_token", form.hidden("authenticity_token"))];
        all.extend(fields);
        self.ada.post(path, &all)
    }

    /// Puts an activity into the inbox; the status that it is answered with in the end.
    pub(super) fn delivers(&mut self, actor: &str, body: &[u8]) -> u16 {
        let host = self.house.url("/").trim_start_matches("http://").trim_end_matches('/').to_owned();
        let begun = Instant::now();
        loop {
            let date = http_date(self.house.now_ms());
            let headers = self.peer.key.post(&format!("{actor}#main-key"), &host, "/inbox", &date, body);
            let headers = headers.iter().filter(|(name, _)| name != "Host");
            let headers: Vec<_> = headers.map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = Visitor::new(self.house.address()).delivers("/inbox", &headers, body);
            // Who is not known yet may have to come again.
            if answer.status != 503 || begun.elapsed() > PATIENCE {
                return answer.status;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn by_activities(&mut self) {
        let ada = self.ada_uri();
        let mut refused = 0;
        for (number, text) in self.texts.clone().iter().enumerate() {
            let actor = author(number);
            let note = self.note(number, text);
            let id = note["id"].as_str().expect("an id").to_owned();
            let activities = [
                json!({ "@context": CONTEXT, "id": format!("{id}/create"), "type": "Create", "actor": actor, "object": note,
                    "to": note["to"], "cc": note["cc"] }),
                json!({ "@context": CONTEXT, "id": format!("{actor}/follow"), "type": "Follow", "actor": actor, "object": ada }),
                json!({ "@context": CONTEXT, "id": format!("{actor}/like"), "type": "Like", "actor": actor,
                    "object": self.root.2 }),
                json!({ "@context": CONTEXT, "id": format!("{actor}/boost"), "type": "Announce", "actor": actor,
                    "object": self.root.2, "to": [format!("{CONTEXT}#Public")], "cc": [ada] }),
            ];
            for activity in activities {
                let status = self.delivers(&actor, activity.to_string().as_bytes());
                refused += usize::from(status != 202);
                assert!(matches!(status, 202 | 400), "{status} for {activity}");
            }
        }
        assert!(refused < 8, "{refused} activities are refused");
        // What is no text at all is refused as a whole.
        for (number, bytes) in BROKEN.iter().enumerate() {
            let actor = author(0);
            let note = self.note(10_000 + number, "BROKEN").to_string();
            let create = format!(
                "{{\"@context\":\"{CONTEXT}\",\"id\":\"{actor}/broken/{number}\",\"type\":\"Create\",\"actor\":\"{actor}\",\"object\":{note}}}"
            );
            let (before, behind) = create.split_once("BROKEN").expect("a place");
            let status = self.delivers(&actor, &[before.as_bytes(), bytes, behind.as_bytes()].concat());
            assert!((400..500).contains(&status), "{bytes:?} is answered with {status}");
        }
        let (root, all) = (self.root.0.clone(), self.texts.len());
        let counted = format!("/api/v1/statuses/{root}");
        self.until(&counted, move |status| {
            ["replies_count", "favourites_count", "reblogs_count"]
                .iter()
                .all(|name| status[name].as_u64().is_some_and(|count| count * 10 >= all as u64 * 8))
        });
        // Ada befriends a few, notes something on them, writes to one, and opens one's private word to her.
        for number in [0, 9, 13, 38] {
            let found = self.ada.call(
                "GET",
                &format!("/api/v1/accounts/lookup?acct=m{number}@evil{number}.test"),
                &self.token,
                &[],
            );
            let id = found["id"].as_str().expect("an id").to_owned();
            self.tries("POST", &format!("/api/v1/accounts/{id}/follow"), &[]);
            let text = self.texts[number].clone();
            self.tries("POST", &format!("/api/v1/accounts/{id}/note"), &[("comment", &text)]);
            let accept = json!({ "@context": CONTEXT, "id": format!("{}/accept", author(number)), "type": "Accept",
                "actor": author(number), "object": { "type": "Follow", "actor": ada, "object": author(number) } });
            assert_eq!(self.delivers(&author(number), accept.to_string().as_bytes()), 202);
            let path = format!("/api/v1/accounts/relationships?id[]={id}");
            self.until(&path, |seen| seen[0]["following"] == true);
            let mut note = self.note(20_000 + number, &text);
            note["to"] = json!([ada]);
            note["cc"] = json!([]);
            let create = json!({ "@context": CONTEXT, "id": format!("{}/private", author(number)), "type": "Create", "actor": author(number),
                "object": note, "to": [ada] });
            assert_eq!(self.delivers(&author(number), create.to_string().as_bytes()), 202);
            // Boosts stand on home with the name of whoever boosts.
            let boost = json!({ "@context": CONTEXT, "id": format!("{}/boost-of-theirs", author(number)), "type": "Announce",
                "actor": author(number), "object": format!("{}/notes/0", author(0)),
                "to": [format!("{CONTEXT}#Public")], "cc": [ada] });
            assert_eq!(self.delivers(&author(number), boost.to_string().as_bytes()), 202);
        }
        self.until("/api/v1/conversations", |list| list.as_array().is_some_and(|list| !list.is_empty()));
        self.until("/api/v1/timelines/home?limit=40", |list| {
            list.as_array().into_iter().flatten().any(|status| status["reblog"].is_object())
        });
    }

    /// An answer to the root whose every text is `text`; every third is a question.
    pub(super) fn note(&self, number: usize, text: &str) -> Value {
        let actor = author(if number >= 20_000 { number - 20_000 } else { number % 10_000 });
        let id = format!("{actor}/notes/{number}");
        let public = format!("{CONTEXT}#Public");
        let mut note = json!({
            "@context": CONTEXT, "id": id, "type": "Note", "attributedTo": actor, "to": [public],
            "cc": [self.ada_uri(), format!("{actor}/followers")], "inReplyTo": self.root.2, "content": text, "summary": text,
            "contentMap": { text: text }, "url": [{ "type": "Link", "mediaType": "text/html", "href": text }],
            "attachment": [
                { "type": "Document", "mediaType": "image/png", "url": "https://evil0.test/p.png", "name": text,
                    "blurhash": text, "width": 64, "height": 48 },
                { "type": "Document", "mediaType": "video/mp4", "url": text, "name": text },
                { "type": "Document", "mediaType": text, "url": "https://evil0.test/x", "name": text },
            ],
            "tag": [
                emoji(text),
                { "type": "Hashtag", "name": format!("#{text}"), "href": text },
                { "type": "Hashtag", "name": "#hit", "href": text },
                { "type": "Mention", "href": self.ada_uri(), "name": text },
                { "type": "Mention", "href": actor, "name": text },
            ],
        });
        if number.is_multiple_of(3) {
            note["type"] = json!("Question");
            let option = |name: &str| json!({ "type": "Note", "name": name, "replies": { "type": "Collection", "totalItems": 1 } });
            note["oneOf"] = json!([option(text), option("hit")]);
        }
        // A warning would cover the words; half of them have none.
        if number.is_multiple_of(2) {
            note["summary"] = Value::Null;
        }
        note
    }

    /// Pages behind links that ada posts, each asked for at once.
    fn by_previews(&mut self) {
        let root = self.root.0.clone();
        let mut posted = Vec::new();
        for number in 0..self.texts.len() {
            let text = format!("{} hit", page(number));
            let made = self.tries("POST", "/api/v1/statuses", &[("status", &text), ("in_reply_to_id", &root)]);
            posted.extend(made.and_then(|made| made["id"].as_str().map(str::to_owned)));
        }
        let last = posted.last().expect("they are posted").clone();
        self.until(&format!("/api/v1/statuses/{last}"), |status| status["card"].is_object());
    }

    pub(super) fn until(&mut self, path: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let seen = self.ada.call("GET", path, &self.token, &[]);
            if condition(&seen) {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "never: {path}: {seen}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Every page that shows a text of others, and of ada's own: paths for guests and ada alike, and how many texts of the
    /// corpus must stand on it at least.
    pub(super) fn pages(&mut self) -> Vec<(String, usize)> {
        let mut pages: Vec<(String, usize)> = [
            ("/", 1),
            ("/about", 1),
            ("/privacy-policy", 0),
            ("/terms-of-service", 0),
            ("/@ada", 1),
            ("/@ada/with_replies", 1),
            ("/@ada/media", 0),
            ("/tags/hit", 1),
            ("/explore", 0),
            ("/auth/sign_in", 0),
            ("/auth/sign_up", 1),
            ("/auth/password/new", 0),
            ("/language", 1),
        ]
        .map(|(path, least)| (path.to_owned(), least))
        .to_vec();
        pages.push((self.root.1.clone(), 1));
        for text in self.texts.iter().step_by(7) {
            let text = encoded(&cut(text, 900));
            pages.push((format!("/{text}"), 0));
            pages.push((format!("/tags/{text}"), 0));
            pages.push((format!("/@{text}"), 0));
            pages.push((format!("/auth/sign_in?return_to={text}"), 0));
            pages.push((format!("/auth/confirmation?confirmation_token={text}"), 0));
            pages.push((format!("/auth/password/edit?reset_password_token={text}"), 0));
        }
        pages.extend(self.corners.outer.iter().cloned());
        pages
    }

    /// The pages for ada alone.
    pub(super) fn inner_pages(&mut self) -> Vec<(String, usize)> {
        let mut pages: Vec<(String, usize)> = [
            ("/home", 1),
            ("/home/away", 1),
            ("/home/known", 1),
            ("/notifications", 1),
            ("/notifications/mentions", 0),
            ("/notifications/requests", 1),
            ("/follow_requests", 0),
            ("/messages", 1),
            ("/search", 0),
            ("/search?q=hit&type=statuses", 1),
            ("/search?q=m1&type=accounts", 1),
            ("/bookmarks", 0),
            ("/favourites", 0),
            ("/lists", 1),
            ("/followed_tags", 0),
            ("/drafts", 1),
            ("/menu", 0),
            ("/settings", 0),
            ("/settings/profile", 1),
            ("/settings/filters", 1),
            ("/settings/access", 1),
            ("/settings/blocks", 0),
            ("/settings/mutes", 0),
            ("/settings/tags", 0),
            ("/admin/emoji", 0),
            ("/moderation/waiting", 0),
            ("/moderation/reports", 0),
            ("/settings/import", 0),
            ("/settings/aliases", 0),
            ("/settings/migration", 0),
            ("/@ada/followers", 1),
            ("/@ada/following", 1),
        ]
        .map(|(path, least)| (path.to_owned(), least))
        .to_vec();
        let listed = |stage: &mut Stage, path: &str| stage.ada.call("GET", path, &stage.token.clone(), &[]);
        let ids = |list: &Value| -> Vec<String> {
            let each = list.as_array().into_iter().flatten();
            each.filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
        };
        let around = listed(self, &format!("/api/v1/statuses/{}/context", self.root.0));
        let answers = around["descendants"].as_array().cloned().unwrap_or_default();
        for answer in answers.iter().step_by(23) {
            let id = answer["id"].as_str().expect("an id");
            let acct = answer["account"]["acct"].as_str().expect("a name");
            pages.push((format!("/@{acct}/{id}"), 0));
            pages.push((format!("/compose?reply={id}"), 0));
            pages.push((format!("/compose?quote={id}"), 0));
            pages.push((format!("/admin/emoji?post={id}"), 0));
            if acct == "ada" {
                pages.push((format!("/compose?edit={id}"), 0));
                pages.push((format!("/posts/{id}/delete"), 0));
            }
        }
        for number in (0..self.texts.len()).step_by(5) {
            let found = listed(self, &format!("/api/v1/accounts/lookup?acct=m{number}@evil{number}.test"));
            let id = found["id"].as_str().expect("an id").to_owned();
            for path in [
                format!("/@m{number}@evil{number}.test"),
                format!("/@m{number}@evil{number}.test/with_replies"),
                format!("/people/{id}/block"),
                format!("/people/{id}/mute"),
                format!("/people/{id}/remove"),
                format!("/report/{id}"),
            ] {
                pages.push((path, 0));
            }
        }
        let lists = listed(self, "/api/v1/lists");
        pages.extend(ids(&lists).into_iter().step_by(6).map(|id| (format!("/lists/{id}"), 0)));
        let filters = listed(self, "/api/v2/filters");
        pages.extend(ids(&filters).into_iter().step_by(6).map(|id| (format!("/settings/filters/{id}"), 0)));
        let drafts = self.ada.get("/drafts").body;
        let drafts = drafts.split("href=\"/compose?draft=").skip(1).filter_map(|rest| rest.split('"').next());
        pages.extend(drafts.step_by(6).map(|id| (format!("/compose?draft={id}"), 0)));
        for text in self.texts.clone().iter().step_by(5) {
            let short = encoded(&cut(text, 90));
            pages.push((format!("/search?q={short}"), 0));
            pages.push((format!("/compose?text={short}"), 0));
            pages.push((format!("/compose?mention={short}"), 0));
            pages.push((self.approval(text), 0));
        }
        pages.extend(self.corners.inner.iter().cloned());
        pages
    }

    /// The page where a program that is called so asks to be let in.
    fn approval(&mut self, text: &str) -> String {
        let redirect = "urn:ietf:wg:oauth:2.0:oob";
        let name = cut(text, 100);
        let fields =
            [("client_name", name.as_str()), ("redirect_uris", redirect), ("scopes", "read"), ("website", text)];
        let mut made = self.ada.post("/api/v1/apps", &fields);
        if made.status == 422 {
            made = self.ada.post("/api/v1/apps", &fields[..3]);
        }
        let id =
            serde_json::from_str::<Value>(&made.body).ok().and_then(|app| app["client_id"].as_str().map(str::to_owned));
        let asked = [
            ("response_type", "code"),
            ("client_id", id.as_deref().unwrap_or("none")),
            ("redirect_uri", redirect),
            ("scope", "read"),
            ("state", text),
        ];
        format!("/oauth/authorize?{}", crate::urlencoded(&asked))
    }

    /// What forms answer that refuse and show what was typed again.
    pub(super) fn refusals(&mut self) -> Vec<(String, String)> {
        let mut seen = Vec::new();
        for text in self.texts.clone().iter().step_by(4) {
            let typed = cut(text, 6_000);
            let sent = [
                ("/compose", "/compose", vec![("do", "preview"), ("status", &*typed), ("spoiler_text", &*typed)]),
                ("/compose", "/compose", vec![("do", "post"), ("status", &*typed), ("poll[options][]", &*typed)]),
                ("/lists", "/lists", vec![("title", "")]),
                ("/settings/aliases", "/settings/aliases", vec![("acct", &*typed)]),
                ("/settings/filters/new", "/settings/filters/new", vec![("title", &*typed), ("keyword[]", &*typed)]),
                ("/settings/profile", "/settings/profile", vec![("display_name", &*typed), ("note", &*typed)]),
                ("/settings/passkeys", "/settings/passkeys", vec![("name", &*typed), ("password", "wrong")]),
                ("/settings/invites", "/settings/invites", vec![("comment", &*typed), ("max_uses", "many")]),
            ];
            for (page, path, fields) in sent {
                let answer = self.sends(page, path, &fields);
                if answer.status != 303 {
                    seen.push((format!("{path} with {}", cut(text, 60)), answer.body));
                }
            }
            let mut guest = Visitor::new(self.house.address());
            for (path, fields) in [
                ("/auth/sign_in", vec![("login", &*typed), ("password", &*typed)]),
                ("/auth/sign_up", vec![("username", &*typed), ("email", &*typed), ("reason", &*typed)]),
                ("/auth/password", vec![("email", &*typed)]),
            ] {
                let form = guest.get(if path == "/auth/password" { "/auth/password/new" } else { path });
                if !form.body.contains("authenticity_token") {
                    continue;
                }
                let token = form.hidden("authenticity_token").to_owned();
                let answer = guest.post(path, &[&[("authenticity_token", token.as_str())], &fields[..]].concat());
                seen.push((format!("{path} with {}", cut(text, 60)), answer.body));
            }
            let answer = guest.post("/interact", &[("uri", self.root.2.as_str()), ("handle", &*typed)]);
            if answer.status != 303 {
                seen.push((format!("/interact with {}", cut(text, 60)), answer.body));
            }
        }
        seen
    }
}

/// Makes the owner `ada` through the one-time link.
fn own(house: &House, ada: &mut Visitor) {
    let link = house.owner_link();
    let path = link.strip_prefix(house.url("").trim_end_matches('/')).expect("the link leads here").to_owned();
    let form = ada.get(&format!("{path}&step=you"));
    let fields = [
        ("authenticity_token", form.hidden("authenticity_token")),
        ("code", form.hidden("code")),
        ("username", "ada"),
        ("password", PASSWORD),
    ];
    assert_eq!(ada.post("/first-run", &fields).status, 303);
}

pub(super) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

//! Corners where foreign text stands, too: what posts were before, who marked one, what waits for an author's word or
//! for its time, messages, what a profile recommends, reports, invites, what a moderator and whom they judged wrote.

use super::{
    corpus::cut,
    peer::{CONTEXT, author},
    stage::{Stage, encoded},
};
use crate::{OUT_OF_BAND, house::PASSWORD};
use serde_json::{Value, json};

/// A text of which something is to be seen wherever it stands.
const HOSTILE: &str = "\"><script class=hit>__hit=1</script><img class=hit src=x onerror=__hit=1>";

/// The number of a text that stays a text where it is taken for HTML.
const ESCAPED: usize = 57;

/// One of so many texts goes through each corner.
const STEP: usize = 7;

/// Paths, and how many texts of the corpus must stand there at least.
type Paths = Vec<(String, usize)>;

/// Where all of it is shown.
#[derive(Default)]
pub(super) struct Corners {
    /// To guests and ada alike.
    pub(super) outer: Paths,
    /// To ada alone.
    pub(super) inner: Paths,
    /// To bo alone.
    pub(super) judged: Paths,
}

impl Stage {
    /// Everything there, in place.
    pub(super) fn in_corners(&mut self) {
        let root = self.root.1.clone();
        self.corners.outer.extend(["boosts", "favourites"].map(|who| (format!("{root}/{who}"), 1)));
        self.edits_elsewhere();
        self.asks();
        self.waits();
        self.writes();
        self.recommends();
        self.reports();
        self.invites();
        self.judges();
        // Last, so that it is the newest on home.
        self.edits();
    }

    fn some(&self) -> Vec<String> {
        self.texts.iter().step_by(STEP).cloned().collect()
    }

    /// The id of whoever wrote text number `number`.
    fn id_of(&mut self, number: usize) -> String {
        let path = format!("/api/v1/accounts/lookup?acct=m{number}@evil{number}.test");
        text(&self.ada.call("GET", &path, &self.token, &[]), "id")
    }

    /// A post of ada's with many versions.
    fn edits(&mut self) {
        let made = self.tries("POST", "/api/v1/statuses", &[("status", "hit, as it was first")]).expect("it is posted");
        let (id, uri) = (text(&made, "id"), text(&made, "uri"));
        let path = format!("/api/v1/statuses/{id}");
        let mut taken = 0;
        for piece in self.some() {
            let (words, warning) = (cut(&piece, 4_900), cut(&piece, 90));
            let fields = [("status", words.as_str()), ("spoiler_text", warning.as_str())];
            taken += usize::from(self.tries("PUT", &path, &fields).is_some());
        }
        assert!(taken > 4, "{taken} edits are taken");
        self.tries("PUT", &path, &[("status", HOSTILE)]).expect("it is edited");
        let ada = self.ada_uri();
        self.corners.outer.push((format!("/@ada/{id}/history"), 1));
        self.corners.outer.extend([uri, ada].map(|uri| (format!("/interact?uri={}", encoded(&uri)), 1)));
    }

    /// Posts of others that are edited.
    fn edits_elsewhere(&mut self) {
        let piece = self.texts[ESCAPED].clone();
        let path = format!("/api/v1/statuses/{}/context", self.root.0);
        let around = self.ada.call("GET", &path, &self.token, &[]);
        let known = around["descendants"].as_array().cloned().unwrap_or_default();
        let mut edited = 0;
        for number in [9, 13, 38, 40] {
            let actor = author(number);
            let mut note = self.note(number, &piece);
            let Some(status) = known.iter().find(|status| status["uri"] == note["id"]) else { continue };
            let id = text(status, "id");
            // Nothing is later than now.
            note["updated"] = json!("2100-01-01T00:00:00Z");
            let update = json!({ "@context": CONTEXT, "id": format!("{actor}/update"), "type": "Update", "actor": actor,
                "object": note, "to": note["to"], "cc": note["cc"] });
            assert_eq!(self.delivers(&actor, update.to_string().as_bytes()), 202);
            self.until(&format!("/api/v1/statuses/{id}"), |status| status["edited_at"].is_string());
            self.corners.inner.push((format!("/@m{number}@evil{number}.test/{id}/history"), 0));
            edited += 1;
        }
        assert!(edited > 0, "none of these posts is known");
    }

    /// A post of ada's about which others have to ask her.
    fn asks(&mut self) {
        let ways = ["can_reply", "can_favourite", "can_reblog"];
        let ways = ways.map(|way| format!("interaction_policy[{way}][manual_approval][]"));
        let mut fields = vec![("status", HOSTILE)];
        fields.extend(ways.iter().map(|way| (way.as_str(), "public")));
        let uri = text(&self.tries("POST", "/api/v1/statuses", &fields).expect("it is posted"), "uri");
        for (number, piece) in self.texts.clone().iter().enumerate().step_by(STEP) {
            let actor = author(number);
            let mut note = self.note(number, piece);
            note["id"] = json!(format!("{actor}/notes/asks"));
            note["inReplyTo"] = json!(uri);
            let activities = [
                json!({ "@context": CONTEXT, "id": format!("{actor}/asks/create"), "type": "Create", "actor": actor,
                    "object": note, "to": note["to"], "cc": note["cc"] }),
                json!({ "@context": CONTEXT, "id": format!("{actor}/asks/like"), "type": "Like", "actor": actor,
                    "object": uri }),
            ];
            for activity in activities {
                let status = self.delivers(&actor, activity.to_string().as_bytes());
                assert!(matches!(status, 202 | 400), "{status} for {activity}");
            }
        }
        self.until("/api/v1/interaction_requests", |list| {
            list.as_array().into_iter().flatten().any(|request| request["type"] == "reply")
        });
        self.corners.inner.push(("/interaction_requests".to_owned(), 1));
    }

    /// Posts that wait for their time.
    fn waits(&mut self) {
        let mut taken = 0;
        for piece in self.some() {
            let words = cut(&piece, 4_900);
            let fields = [("status", words.as_str()), ("scheduled_at", "2099-01-01T12:00:00.000Z")];
            taken += usize::from(self.tries("POST", "/api/v1/statuses", &fields).is_some());
        }
        assert!(taken > 4, "{taken} posts wait");
        self.corners.inner.push(("/scheduled".to_owned(), 1));
    }

    /// A message of ada's; and those that others wrote to her.
    fn writes(&mut self) {
        let words = format!("@m13@evil13.test {HOSTILE}");
        let fields = [("status", words.as_str()), ("visibility", "direct")];
        let id = text(&self.tries("POST", "/api/v1/statuses", &fields).expect("it is sent"), "id");
        let own = |talk: &Value| talk["last_status"]["id"] == id.as_str();
        let all = self.until("/api/v1/conversations", |list| list.as_array().into_iter().flatten().any(own));
        for talk in all.as_array().into_iter().flatten() {
            self.corners.inner.push((format!("/messages/{}", text(talk, "id")), usize::from(own(talk))));
        }
    }

    /// What ada recommends: a tag, people, collections.
    fn recommends(&mut self) {
        self.tries("POST", "/api/v1/featured_tags", &[("name", "hit")]).expect("it is recommended");
        for number in [9, 13, 38] {
            let id = self.id_of(number);
            self.tries("POST", &format!("/api/v1/accounts/{id}/endorse"), &[]).expect("they are recommended");
        }
        let mut taken = 0;
        for piece in self.some() {
            let (name, description) = (cut(&piece, 40), cut(&piece, 100));
            let fields = [("name", name.as_str()), ("description", description.as_str()), ("discoverable", "true")];
            taken += usize::from(self.tries("POST", "/api/v1/collections", &fields).is_some());
        }
        assert!(taken > 4, "{taken} collections are made");
        self.corners.outer.push(("/@ada/featured".to_owned(), 2));
    }

    fn reports(&mut self) {
        for number in (0..self.texts.len()).step_by(5) {
            let (id, comment) = (self.id_of(number), cut(&self.texts[number], 900));
            self.tries("POST", "/api/v1/reports", &[("account_id", &id), ("comment", &comment)]);
        }
        self.corners.inner.push(("/settings/reports".to_owned(), 1));
    }

    fn invites(&mut self) {
        let mut made = 0;
        for piece in self.some() {
            let comment = cut(&piece, 400);
            let fields = [("max_uses", ""), ("expires_in", "604800"), ("comment", comment.as_str()), ("do", "make")];
            made += usize::from(self.sends("/settings/invites", "/settings/invites", &fields).status == 303);
        }
        assert!(made > 4, "{made} invites are made");
        self.corners.inner.push(("/settings/invites".to_owned(), 1));
    }

    /// Decisions about bo, who appeals against every other one.
    fn judges(&mut self) {
        self.bo_comes();
        let token = self.governs();
        let found = self.ada.call("GET", "/api/v1/accounts/lookup?acct=bo", &self.token, &[]);
        let path = format!("/api/v1/admin/accounts/{}/action", text(&found, "id"));
        let some = self.some();
        for piece in &some {
            let why = cut(&format!("{HOSTILE} {piece}"), 900);
            let answer = self.ada.calls("POST", &path, &token, &[("type", "none"), ("text", &why)]);
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let list = self.bo.get("/disputes/strikes").body;
        let strikes = list.split("href=\"/disputes/strikes/").skip(1).filter_map(|rest| rest.split('"').next());
        let strikes: Vec<_> = strikes.map(|id| format!("/disputes/strikes/{id}")).collect();
        assert_eq!(strikes.len(), some.len(), "{list}");
        for (at, (strike, piece)) in strikes.iter().zip(&some).enumerate() {
            if at % 2 == 0 {
                let form = self.bo.get(strike);
                let words = cut(&format!("{HOSTILE} {piece}"), 1_900);
                let fields = [("authenticity_token", form.hidden("authenticity_token")), ("text", words.as_str())];
                assert_eq!(self.bo.post(&format!("{strike}/appeal"), &fields).status, 303);
            }
        }
        self.corners.judged.extend(strikes.into_iter().map(|strike| (strike, 1)));
        let lists = ["/disputes/strikes", "/notifications/moderation"];
        self.corners.judged.extend(lists.map(|path| (path.to_owned(), 0)));
        self.corners.inner.push(("/disputes/appeals".to_owned(), 1));
    }

    /// Makes `bo` by the command line, and signs them in.
    fn bo_comes(&mut self) {
        self.house.takes_in("bo");
        let form = self.bo.get("/auth/sign_in");
        let fields = [
            ("authenticity_token", form.hidden("authenticity_token")),
            ("login", "bo"),
            ("password", PASSWORD),
            ("return_to", "/"),
        ];
        assert_eq!(self.bo.post("/auth/sign_in", &fields).status, 303);
    }

    /// A token with which ada moderates.
    fn governs(&mut self) -> String {
        let scope = "admin:write:accounts";
        let fields = [("client_name", "Desk"), ("redirect_uris", OUT_OF_BAND), ("scopes", scope)];
        let made = read(&self.ada.post("/api/v1/apps", &fields).body);
        let (id, secret) = (text(&made, "client_id"), text(&made, "client_secret"));
        let asked =
            [("response_type", "code"), ("client_id", id.as_str()), ("redirect_uri", OUT_OF_BAND), ("scope", scope)];
        let form = self.ada.get(&format!("/oauth/authorize?{}", crate::urlencoded(&asked)));
        let said = [("authenticity_token", form.hidden("authenticity_token")), ("decision", "approve")];
        let sent = self.ada.post("/oauth/authorize", &[&asked[..], &said[..]].concat());
        let (_, rest) = sent.header("location").split_once("/oauth/").expect("the code is shown here");
        let shown = self.ada.get(&format!("/oauth/{rest}"));
        let fields = [
            ("grant_type", "authorization_code"),
            ("client_id", id.as_str()),
            ("client_secret", secret.as_str()),
            ("redirect_uri", OUT_OF_BAND),
            ("code", shown.between("class=\"oauth-code\" value=\"", "\"")),
        ];
        text(&read(&self.ada.post("/oauth/token", &fields).body), "access_token")
    }
}

fn read(body: &str) -> Value {
    serde_json::from_str(body).expect("JSON")
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

//! The matrix with snac. Both sides speak the client API, so that a step is the same in both directions.

use crate::{
    house::{House, Person, text, two_pixels},
    matrix::{
        Matrix, Outcome,
        Way::{self, In, Out},
        hold, turn_away,
    },
    snac::Snac,
};
use serde_json::Value;

const POLL: [(&str, &str); 3] = [("poll[options][]", "sun"), ("poll[options][]", "rain"), ("poll[expires_in]", "3600")];

/// Everybody: some here, some there.
struct Scene {
    /// Owns Dassie.
    ann: Person,
    /// Approves followers.
    ben: Person,
    /// Moves away.
    cleo: Person,
    /// Where people move.
    dan: Person,
    /// Is deleted.
    eve: Person,
    /// Open to all.
    sam: Person,
    /// Approves followers.
    sue: Person,
    /// Moves away.
    tom: Person,
    /// Where people move.
    tia: Person,
}

impl Scene {
    /// Who acts, and who hears of it.
    fn pair(&self, way: Way) -> (&Person, &Person) {
        if way == Out { (&self.ann, &self.sam) } else { (&self.sam, &self.ann) }
    }
}

/// Goes through the matrix.
pub(crate) fn all(house: &mut House, snac: &mut Snac) {
    let people = |name: &str| house.person(name, "read write follow");
    let passwords = ["sam", "sue", "tom", "tia"].map(|name| (name, snac.adds(name)));
    snac.start();
    let [sam, sue, tom, tia] = passwords.map(|(name, password)| snac.person(name, &password));
    let ann = house.person("ann", "read write follow admin:read admin:write");
    let scene = Scene {
        ann,
        ben: people("ben"),
        cleo: people("cleo"),
        dan: people("dan"),
        eve: people("eve"),
        sam,
        sue,
        tom,
        tia,
    };
    let mut matrix = Matrix::of(snac.version.clone());
    follows(&mut matrix, &scene);
    statuses(&mut matrix, &scene);
    changes(&mut matrix, &scene, snac);
    trouble(&mut matrix, &scene, house, snac);
    endings(&mut matrix, &scene, house, snac);
    matrix.close(&format!("Dassie's log:\n{}\nsnac's log:\n{}", house.log(), snac.log()));
}

// ---- follows ----

fn follows(matrix: &mut Matrix, scene: &Scene) {
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("profile read", way, || {
            // Who acts is read by the other side.
            let found = to.finds(&from.uri)?;
            hold(found["username"] == from.name.as_str(), || format!("{found}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("follow, open", way, || follow(from, to));
    }
    matrix.step("follow, approved", Out, || asked(&scene.ann, &scene.sue, true));
    matrix.step("follow, approved", In, || asked(&scene.sam, &scene.ben, true));
    matrix.step("follow, rejected", Out, || asked(&scene.cleo, &scene.sue, false));
    let why = "snac ignores a Reject and goes on showing the follow; Dassie does not";
    matrix.known("follow, rejected", In, why, || asked(&scene.tom, &scene.ben, false));
    matrix.step("unfollow", Out, || unfollow(&scene.cleo, &scene.sam));
    matrix.step("unfollow", In, || unfollow(&scene.tom, &scene.cleo));
}

fn follow(from: &Person, to: &Person) -> Outcome {
    let account = text(&from.finds(&to.uri)?, "id");
    from.post(&format!("/api/v1/accounts/{account}/follow"), &[])?;
    from.relates(&account, "following", true)?;
    to.relates(&text(&to.finds(&from.uri)?, "id"), "followed_by", true)
}

fn unfollow(from: &Person, to: &Person) -> Outcome {
    follow(from, to)?;
    // snac cannot take back a follow whose Accept it has not read yet; what comes after that tells that it has.
    sent(to, from, "before you go", &[])?;
    let account = text(&from.finds(&to.uri)?, "id");
    from.post(&format!("/api/v1/accounts/{account}/unfollow"), &[])?;
    to.relates(&text(&to.finds(&from.uri)?, "id"), "followed_by", false)
}

fn asked(from: &Person, to: &Person, accept: bool) -> Outcome {
    to.locks_up()?;
    let account = text(&from.finds(&to.uri)?, "id");
    from.post(&format!("/api/v1/accounts/{account}/follow"), &[])?;
    let named = |request: &Value| request["username"] == from.name.as_str();
    let request = to.waits_for("/api/v1/follow_requests", &from.uri, named)?;
    let (id, answer) = (text(&request, "id"), if accept { "authorize" } else { "reject" });
    to.post(&format!("/api/v1/follow_requests/{id}/{answer}"), &[])?;
    to.relates(&id, "followed_by", accept)?;
    from.relates(&account, "following", accept)
}

// ---- statuses ----

fn statuses(matrix: &mut Matrix, scene: &Scene) {
    for visibility in ["public", "unlisted", "private"] {
        for way in [Out, In] {
            let (from, to) = scene.pair(way);
            matrix.step(visibility, way, || {
                let seen = sent(from, to, "hear, hear", &[("visibility", visibility)])?;
                hold(seen["visibility"] == visibility, || format!("{seen}"))
            });
        }
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("direct", way, || {
            let told = answer(from, to, &[("visibility", "direct")])?;
            hold(told["status"]["visibility"] == "direct", || format!("{told}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("mention", way, || {
            let told = answer(from, to, &[("visibility", "unlisted")])?;
            // snac tells people that they are named, but lists no names.
            let named = told["status"]["mentions"][0]["username"] == to.name.as_str();
            hold(way == Out || named, || format!("{told}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("content warning", way, || {
            let seen = sent(from, to, "behind it", &[("spoiler_text", "a warning")])?;
            hold(seen["spoiler_text"] == "a warning" && seen["sensitive"] == true, || format!("{seen}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("picture", way, || {
            let id = from.uploads(&two_pixels(), "two pixels")?;
            let seen = sent(from, to, "look", &[("media_ids[]", &id)])?;
            let media = &seen["media_attachments"][0];
            hold(media["type"] == "image" && media["description"] == "two pixels", || format!("{seen}"))?;
            let url = text(media, "url");
            // Dassie shows a picture through itself, snac from where it is.
            let at = if url.contains(&to.host) { to } else { from };
            let (_, path) = url.split_once(&at.host).ok_or_else(|| format!("loaded from elsewhere: {url}"))?;
            hold(at.status_of(path)?.status == 200, || format!("not loaded: {url}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("reply", way, || {
            let told = answer(from, to, &[])?;
            let parent = text(&told["status"], "in_reply_to_id");
            let parent = to.get(&format!("/api/v1/statuses/{parent}"))?;
            hold(text(&parent, "content").contains("what do you think?"), || format!("{told}"))
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("poll and vote", way, || {
            let seen = sent(from, to, "which weather?", &POLL)?;
            hold(seen["poll"]["options"][1]["title"] == "rain", || format!("{seen}"))?;
            to.post(&format!("/api/v1/polls/{}/votes", text(&seen["poll"], "id")), &[("choices[]", "1")])?;
            let own = text(&from.sees_at_home(&text(&seen, "uri"))?, "id");
            let counted = |status: &Value| status["poll"]["options"][1]["votes_count"] == 1;
            from.reads(&format!("/api/v1/statuses/{own}"), "the vote", counted).map(drop)
        });
    }
}

/// Posts something, and waits until the other side has it at home.
fn sent(from: &Person, to: &Person, words: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
    to.sees_at_home(&text(&from.posts(words, fields)?, "uri"))
}

/// Answers something of the other side's, and waits until that is told there. snac reads no handles with a port, but
/// names whom it answers.
fn answer(from: &Person, to: &Person, fields: &[(&str, &str)]) -> Outcome<Value> {
    let parent = text(&sent(to, from, "what do you think?", &[])?, "id");
    let words = if from.host.starts_with("snac.") { "indeed".to_owned() } else { format!("@{} indeed", to.handle) };
    let posted = from.posts(&words, &[&[("in_reply_to_id", parent.as_str())], fields].concat())?;
    to.is_told("mention", &text(&posted, "uri"))
}

// ---- likes, boosts, edits, deletions ----

fn changes(matrix: &mut Matrix, scene: &Scene, snac: &Snac) {
    for (what, kind, count) in
        [("like and undo", "favourite", "favourites_count"), ("boost and undo", "reblog", "reblogs_count")]
    {
        for way in [Out, In] {
            let (from, to) = scene.pair(way);
            matrix.step(what, way, || {
                let own = to.posts("like this", &[])?;
                let seen = text(&from.sees_at_home(&text(&own, "uri"))?, "id");
                from.post(&format!("/api/v1/statuses/{seen}/{kind}"), &[])?;
                let by = |told: &Value| told["type"] == kind && told["account"]["username"] == from.name.as_str();
                to.waits_for(&format!("/api/v1/notifications?limit=40&types[]={kind}"), kind, by)?;
                let path = format!("/api/v1/statuses/{}", text(&own, "id"));
                to.reads(&path, "one", |status| status[count] == 1)?;
                from.post(&format!("/api/v1/statuses/{seen}/un{kind}"), &[])?;
                if kind == "reblog" && matches!(way, Out) {
                    // It reads the Undo and keeps the boost, by its own choice: what it asked for because of it stays, too.
                    return snac.notes(&format!("Unboost for {}", text(&own, "uri")));
                }
                to.reads(&path, "none", |status| status[count] == 0).map(drop)
            });
        }
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("edit", way, || {
            let own = from.posts("first words", &[])?;
            let seen = text(&to.sees_at_home(&text(&own, "uri"))?, "id");
            from.put(&format!("/api/v1/statuses/{}", text(&own, "id")), &[("status", "second words")])?;
            let edited = |status: &Value| text(status, "content").contains("second words");
            to.reads(&format!("/api/v1/statuses/{seen}"), "the edit", edited).map(drop)
        });
    }
    for way in [Out, In] {
        let (from, to) = scene.pair(way);
        matrix.step("delete", way, || {
            let own = from.posts("not for long", &[])?;
            let seen = text(&to.sees_at_home(&text(&own, "uri"))?, "id");
            from.delete(&format!("/api/v1/statuses/{}", text(&own, "id")))?;
            to.misses(&format!("/api/v1/statuses/{seen}"))
        });
    }
}

// ---- trouble between people, and between servers ----

fn trouble(matrix: &mut Matrix, scene: &Scene, house: &mut House, snac: &mut Snac) {
    matrix.untried("key rotation", Out, "not run with it yet");
    matrix.untried("key rotation", In, "snac has none");
    matrix.step("block", Out, || {
        follow(&scene.tom, &scene.ann)?;
        let account = text(&scene.ann.finds(&scene.tom.uri)?, "id");
        scene.ann.post(&format!("/api/v1/accounts/{account}/block"), &[])?;
        scene.ann.relates(&account, "followed_by", false)?;
        // To snac a Block is only news.
        snac.notes(&format!("'Block' received from {}", scene.ann.uri))?;
        scene.ann.post(&format!("/api/v1/accounts/{account}/unblock"), &[]).map(drop)
    });
    matrix.untried("block", In, "snac tells nobody of a block");
    matrix.untried("report", Out, "snac takes none");
    matrix.untried("report", In, "snac sends none");
    snac.stop();
    let posted = scene.ann.posts("while you were away", &[]);
    let tried = turn_away(snac.address);
    snac.start();
    matrix.step("peer down and up", Out, || {
        tried?;
        scene.sam.sees_at_home(&text(&posted?, "uri")).map(drop)
    });
    house.stop();
    let posted = scene.sam.posts("while you were away", &[]);
    let tried = turn_away(house.address);
    house.start();
    let why = "snac gives up what it sends when the connection is refused or cut";
    matrix.known("peer down and up", In, why, || {
        tried?;
        scene.ann.sees_at_home(&text(&posted?, "uri")).map(drop)
    });
}

// ---- moves and endings ----

fn endings(matrix: &mut Matrix, scene: &Scene, house: &House, snac: &Snac) {
    matrix.step("move", Out, || {
        follow(&scene.sam, &scene.cleo)?;
        snac.command("alias", &["tia", &scene.cleo.uri]);
        house.command(&["user", "move", "cleo", &scene.tia.handle])?;
        scene.sam.relates(&text(&scene.sam.finds(&scene.tia.uri)?, "id"), "following", true)
    });
    matrix.step("move", In, || {
        follow(&scene.ann, &scene.tom)?;
        house.command(&["user", "alias", "add", "dan", &scene.tom.handle])?;
        snac.command("alias", &["tom", &scene.dan.uri]);
        snac.command("migrate", &["tom"]);
        scene.ann.relates(&scene.dan.id, "following", true)
    });
    let why = "snac keeps what it has of an account that is deleted";
    matrix.known("account deleted", Out, why, || {
        follow(&scene.sam, &scene.eve)?;
        let seen = text(&sent(&scene.eve, &scene.sam, "farewell", &[])?, "id");
        let path = format!("/api/v1/admin/accounts/{}", scene.eve.id);
        scene.ann.post(&format!("{path}/action"), &[("type", "suspend")])?;
        scene.ann.delete(&path)?;
        scene.sam.misses(&format!("/api/v1/statuses/{seen}"))
    });
    matrix.untried("account deleted", In, "snac tells nobody, it only unfollows");
}

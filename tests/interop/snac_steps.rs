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
use dassie::limits;
use serde_json::Value;
use std::{
    thread,
    time::{Duration, Instant},
};

/// How long Dassie believes a key that it has read.
const KEY_FRESH: Duration = Duration::from_millis(limits::KEY_FRESH_MS.unsigned_abs());
/// A fire, as an emoji in a path.
const FIRE: &str = "%F0%9F%94%A5";
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
    /// Nobody there follows them.
    fay: Person,
    /// Open to all.
    sam: Person,
    /// Approves followers.
    sue: Person,
    /// Moves away.
    tom: Person,
    /// Where people move.
    tia: Person,
    /// Gets other keys.
    kim: Person,
    /// Is deleted.
    lou: Person,
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
    let passwords = ["sam", "sue", "tom", "tia", "kim", "lou"].map(|name| (name, snac.adds(name)));
    snac.start();
    let [sam, sue, tom, tia, kim, lou] = passwords.map(|(name, password)| snac.person(name, &password));
    let ann = house.person("ann", "read write follow admin:read admin:write");
    let scene = Scene {
        ann,
        ben: people("ben"),
        cleo: people("cleo"),
        dan: people("dan"),
        eve: people("eve"),
        fay: people("fay"),
        sam,
        sue,
        tom,
        tia,
        kim,
        lou,
    };
    let mut matrix = Matrix::of(snac.version.clone());
    // Kim's key is read now, and old at the end.
    let (followed, read) = (follow(&scene.ann, &scene.kim), Instant::now());
    follows(&mut matrix, &scene);
    statuses(&mut matrix, &scene);
    emoji(&mut matrix, &scene, house);
    changes(&mut matrix, &scene, snac);
    pins(&mut matrix, &scene, snac);
    trouble(&mut matrix, &scene, house, snac);
    endings(&mut matrix, &scene, house, snac);
    rotations(&mut matrix, &scene, house, snac, || {
        followed?;
        // Nothing tells that time has passed but time.
        while let Some(left) = KEY_FRESH.checked_sub(read.elapsed()) {
            thread::park_timeout(left + Duration::from_millis(10));
        }
        Ok(())
    });
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
    let why = ("snac ignores a Reject and goes on showing the follow; Dassie does not", &["following to be false"][..]);
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

// ---- emoji ----

fn emoji(matrix: &mut Matrix, scene: &Scene, house: &House) {
    house.adds_emoji("ann", "dassie", &two_pixels());
    matrix.step("own emoji", Out, || {
        let seen = sent(&scene.ann, &scene.sam, "a :dassie: on a rock", &[])?;
        let emoji = &seen["emojis"][0];
        hold(emoji["shortcode"] == "dassie", || format!("{seen}"))?;
        // snac shows it from where it is.
        let url = text(emoji, "url");
        let (_, path) = url.split_once(&scene.ann.host).ok_or_else(|| format!("loaded from elsewhere: {url}"))?;
        hold(scene.ann.status_of(path)?.status == 200, || format!("not loaded: {url}"))
    });
    matrix.step("own emoji", In, || {
        let seen = sent(&scene.sam, &scene.ann, "out of the :lab: itself", &[])?;
        // Its picture cannot be loaded, as it must be at https.
        let emoji = &seen["emojis"][0];
        hold(emoji["shortcode"] == "lab" && text(emoji, "url").contains(&scene.ann.host), || format!("{seen}"))
    });
    matrix.step("reaction and undo", Out, || {
        for emoji in [FIRE, "dassie"] {
            let own = scene.sam.posts("react to this", &[])?;
            let seen = text(&scene.ann.sees_at_home(&text(&own, "uri"))?, "id");
            let reaction = format!("/api/v1/pleroma/statuses/{seen}/reactions/{emoji}");
            scene.ann.put(&reaction, &[])?;
            let path = format!("/api/v1/statuses/{}", text(&own, "id"));
            // snac counts in words.
            scene.sam.reads(&path, "one", |status| status["reactions"][0]["count"] == "1")?;
            scene.ann.delete(&reaction)?;
            scene.sam.reads(&path, "none", |status| status["reactions"].as_array().is_some_and(Vec::is_empty))?;
        }
        Ok(())
    });
    matrix.step("reaction and undo", In, || {
        let own = scene.ann.posts("react to this", &[])?;
        let seen = text(&scene.sam.sees_at_home(&text(&own, "uri"))?, "id");
        scene.sam.post(&format!("/api/v1/statuses/{seen}/react/{FIRE}"), &[])?;
        let path = format!("/api/v1/pleroma/statuses/{}/reactions", text(&own, "id"));
        scene.ann.reads(&path, "one", |list| list[0]["count"] == 1)?;
        scene.sam.post(&format!("/api/v1/statuses/{seen}/unreact/{FIRE}"), &[])?;
        scene.ann.reads(&path, "none", |list| list.as_array().is_some_and(Vec::is_empty)).map(drop)
    });
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

// ---- what a profile shows first ----

fn pins(matrix: &mut Matrix, scene: &Scene, snac: &Snac) {
    matrix.step("pins", Out, || {
        let own = scene.ann.posts("first of all", &[])?;
        scene.sam.sees_at_home(&text(&own, "uri"))?;
        let path = format!("/api/v1/statuses/{}", text(&own, "id"));
        // To snac neither is more than news.
        scene.ann.post(&format!("{path}/pin"), &[])?;
        snac.notes("Ignored message of type 'Add'")?;
        scene.ann.post(&format!("{path}/unpin"), &[])?;
        snac.notes("Ignored message of type 'Remove'")
    });
    // snac tells nobody, and lists the Create of each where others list the Note.
    matrix.step("pins", In, || {
        let pinned = scene.tia.posts("first of all", &[])?;
        scene.tia.post(&format!("/api/v1/statuses/{}/pin", text(&pinned, "id")), &[])?;
        // A profile is read when it is first opened.
        let account = text(&scene.ben.finds(&scene.tia.uri)?, "id");
        let path = format!("/api/v1/accounts/{account}/statuses");
        scene.ben.get(&path)?;
        let uri = text(&pinned, "uri");
        scene.ben.waits_for(&format!("{path}?pinned=true"), &uri, |found| found["uri"] == uri.as_str()).map(drop)
    });
}

// ---- trouble between people, and between servers ----

fn trouble(matrix: &mut Matrix, scene: &Scene, house: &mut House, snac: &mut Snac) {
    matrix.step("block, not told", Out, || {
        follow(&scene.tia, &scene.dan)?;
        let account = text(&scene.dan.finds(&scene.tia.uri)?, "id");
        scene.dan.post(&format!("/api/v1/accounts/{account}/block"), &[])?;
        scene.dan.relates(&account, "followed_by", false)?;
        scene.dan.post(&format!("/api/v1/accounts/{account}/unblock"), &[])?;
        // What comes later is there.
        let words = format!("@{} all is well", scene.tia.handle);
        let later = scene.dan.posts(&words, &[("visibility", "direct")])?;
        scene.tia.is_told("mention", &text(&later, "uri"))?;
        hold(!snac.said().contains("'Block' received"), || "snac heard of it".to_owned())
    });
    // Other servers hear of the blocks of those alone who choose that.
    house.chooses("ann", "/settings/blocks", &[("do", "tell"), ("tells_blocks", "true")]);
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
    matrix.step("report", Out, || {
        let rude = sent(&scene.sam, &scene.ann, "something rude", &[])?;
        let (account, status) = (text(&rude["account"], "id"), text(&rude, "id"));
        let report =
            [("account_id", account.as_str()), ("status_ids[]", &status), ("comment", "rude"), ("forward", "true")];
        scene.ann.post("/api/v1/reports", &report)?;
        // It is read, and nobody there is told.
        snac.notes("process_input_message type 'Flag' ignored")
    });
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
    let why = (
        "snac gives up what it sends when the connection is refused or cut",
        &["waited", "/api/v1/timelines/home"][..],
    );
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
    // snac's account does not say where it moved, only its Move does.
    matrix.step("move", In, || {
        follow(&scene.ann, &scene.tom)?;
        house.command(&["user", "alias", "add", "dan", &scene.tom.handle])?;
        snac.command("alias", &["tom", &scene.dan.uri]);
        snac.command("migrate", &["tom"]);
        scene.ann.relates(&scene.dan.id, "following", true)
    });
    let why = ("snac keeps what it has of an account that is deleted", &["/api/v1/statuses/", "to be gone"][..]);
    matrix.known("account deleted", Out, why, || {
        follow(&scene.sam, &scene.eve)?;
        let seen = text(&sent(&scene.eve, &scene.sam, "farewell", &[])?, "id");
        let path = format!("/api/v1/admin/accounts/{}", scene.eve.id);
        scene.ann.post(&format!("{path}/action"), &[("type", "suspend")])?;
        scene.ann.delete(&path)?;
        scene.sam.misses(&format!("/api/v1/statuses/{seen}"))
    });
    matrix.step("unfollow by deletion", In, || {
        follow(&scene.lou, &scene.ann)?;
        // Its Undo names no Follow before it has read the Accept.
        sent(&scene.ann, &scene.lou, "before you go", &[])?;
        let account = text(&scene.ann.finds(&scene.lou.uri)?, "id");
        snac.command("deluser", &["lou"]);
        scene.ann.relates(&account, "followed_by", false)
    });
    // snac tells nobody, it only unfollows; its document is gone.
    matrix.step("account deleted", In, || {
        let account = format!("/api/v1/accounts/{}", text(&scene.ann.finds(&scene.lou.uri)?, "id"));
        scene.ann.get(&format!("{account}/statuses"))?;
        scene.ann.reads(&account, "the end", |account| account["suspended"] == true).map(drop)
    });
}

// ---- keys ----

fn rotations(
    matrix: &mut Matrix,
    scene: &Scene,
    house: &House,
    snac: &mut Snac,
    until_kims_key_is_old: impl FnOnce() -> Outcome,
) {
    matrix.step("key rotation", Out, || {
        follow(&scene.sam, &scene.dan)?;
        sent(&scene.dan, &scene.sam, "with the old keys", &[])?;
        house.command(&["user", "rotate-keys", "dan"])?;
        sent(&scene.dan, &scene.sam, "with new keys", &[]).map(drop)
    });
    let why = (
        "snac hears an Update of those alone whom somebody there follows, and keeps a key for 36 hours",
        &["with new keys: waited", "types[]=mention"][..],
    );
    matrix.known("key rotation of a stranger", Out, why, || {
        follow(&scene.fay, &scene.sam)?;
        answer(&scene.fay, &scene.sam, &[])?;
        house.command(&["user", "rotate-keys", "fay"])?;
        answer(&scene.fay, &scene.sam, &[]).map(drop).map_err(|said| format!("with new keys: {said}"))
    });
    // snac has no word for it; its files are changed.
    matrix.step("key rotation", In, || {
        until_kims_key_is_old()?;
        snac.stop();
        snac.gives_keys("tom", "kim");
        snac.start();
        sent(&scene.kim, &scene.ann, "with other keys", &[]).map(drop)
    });
}

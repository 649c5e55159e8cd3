//! The matrix with a server on Fedify.

use crate::{
    fedify::{Fedify, Resident, id_of, names, names_everybody},
    fedify_groups, fedify_quotes,
    fedify_reading::{self, AUTHORIZED_FETCH, GUARDED_AND_NEW},
    house::{House, Person, text, two_pixels},
    matrix::{
        Matrix, Outcome,
        Way::{In, Out},
        hold, until, within,
    },
};
use serde_json::{Value, json};
use std::time::Duration;

const POLL: [(&str, &str); 3] = [("poll[options][]", "sun"), ("poll[options][]", "rain"), ("poll[expires_in]", "3600")];
/// The same for as short as may be.
const SHORT_POLL: [(&str, &str); 3] =
    [("poll[options][]", "sun"), ("poll[options][]", "rain"), ("poll[expires_in]", "300")];
/// How long that lasts, and a minute.
const SHORT_POLL_ENDS: Duration = Duration::from_secs(300 + 60);

/// The step that only generations which know RFC 9421 take.
const SECOND_KNOCK: &str = "RFC 9421 where draft-cavage is refused";

/// Everybody.
pub(crate) struct Scene<'a> {
    pub(crate) fedify: &'a Fedify,
    /// Another server on the same.
    pub(crate) third: &'a Fedify,
    /// Owns Dassie.
    pub(crate) ann: Person,
    /// Approves followers.
    pub(crate) ben: Person,
    /// Moves away.
    cleo: Person,
    /// Is deleted.
    dan: Person,
    /// Is followed by nobody.
    eve: Person,
    /// Says nothing for long, so that nobody elsewhere has read the profile or the key.
    pub(crate) fox: Person,
    /// Open to all.
    pub(crate) fay: Resident,
    /// Approves followers.
    gus: Resident,
    /// Where people move.
    hal: Resident,
    /// Moves away.
    pub(crate) ida: Resident,
    /// Is deleted.
    jon: Resident,
    /// Lives on the third server.
    zoe: Resident,
}

/// Goes through the matrix.
pub(crate) fn all(house: &mut House, fedify: &Fedify, third: &Fedify, signs: &str) {
    let people = |name: &str| house.person(name, "read write follow");
    let scene = Scene {
        fedify,
        third,
        ann: house.person("ann", "read write follow admin:read admin:write"),
        ben: people("ben"),
        cleo: people("cleo"),
        dan: people("dan"),
        eve: people("eve"),
        fox: people("fox"),
        fay: fedify.resident("fay", false),
        gus: fedify.resident("gus", true),
        hal: fedify.resident("hal", false),
        ida: fedify.resident("ida", false),
        jon: fedify.resident("jon", false),
        zoe: third.resident("zoe", false),
    };
    // It ends in five minutes: all else happens meanwhile.
    let short_poll = asked_and_voted(&scene);
    let mut matrix = Matrix::of(fedify.version.clone());
    follows(&mut matrix, &scene);
    statuses(&mut matrix, &scene);
    polls(&mut matrix, &scene);
    interactions(&mut matrix, &scene);
    changes(&mut matrix, &scene);
    fedify_groups::all(&mut matrix, &scene);
    matrix.step("quote in the older spelling", In, || {
        fedify_quotes::shows_as_unasked(house, fedify, &scene.ann, &scene.fay)
    });
    matrix.step(AUTHORIZED_FETCH, Out, || fedify_reading::reads(&scene));
    rotation(&mut matrix, &scene);
    trouble(&mut matrix, &scene, house);
    if signs == "rfc9421" {
        matrix.step(SECOND_KNOCK, Out, || knocks_twice(&scene, house));
    } else {
        matrix.untried(SECOND_KNOCK, Out, "this generation verifies draft-cavage alone");
    }
    endings(&mut matrix, &scene, house);
    matrix.step("signatures verified at the first try", Out, || verified(fedify));
    matrix.step("signatures verified at the first try", In, || taken(fedify, signs));
    fedify_reading::guards(&mut matrix, &scene, house);
    // Behind those: Fedify keeps documents, the old key with them, for five minutes and goes by proofs meanwhile.
    matrix.step("key rotation", Out, || rotates(&scene, house));
    matrix.step("end of a poll", Out, || poll_ends(&scene, &short_poll?));
    // Last, since whatever goes to this server afterwards is signed so, too.
    if signs == "rfc9421" {
        matrix.step(GUARDED_AND_NEW, Out, || fedify_reading::knocks_twice(&scene));
    } else {
        matrix.untried(GUARDED_AND_NEW, Out, "this generation verifies draft-cavage alone");
    }
    let errors = (fedify.errors(), third.errors());
    matrix.close(&format!("Dassie's log:\n{}\nFedify's errors: {}; the third's: {}", house.log(), errors.0, errors.1));
}

// ---- follows ----

fn follows(matrix: &mut Matrix, scene: &Scene<'_>) {
    matrix.step("profile read", Out, || {
        let look = scene.fedify.does("look", &json!({"id": scene.ann.uri}))?;
        hold(look["kind"] == "Person", || format!("{look}"))
    });
    matrix.step("profile read", In, || {
        let found = scene.ann.finds(&scene.fay.handle)?;
        hold(found["uri"] == scene.fay.uri.as_str() && found["acct"] == scene.fay.handle.as_str(), || {
            format!("{found}")
        })
    });
    matrix.step("follow, open", Out, || follow(scene, &scene.ann, &scene.fay));
    matrix.step("follow, open", In, || follow_back(scene, &scene.fay, &scene.ann).map(drop));
    matrix.step("follow, approved", Out, || answered(scene, &scene.ann, true));
    matrix.step("follow, approved", In, || asked(scene, &scene.fay, true));
    matrix.step("follow, rejected", Out, || answered(scene, &scene.cleo, false));
    matrix.step("follow, rejected", In, || asked(scene, &scene.hal, false));
    matrix.step("unfollow", Out, || {
        follow(scene, &scene.cleo, &scene.fay)?;
        let account = text(&scene.cleo.finds(&scene.fay.uri)?, "id");
        scene.cleo.post(&format!("/api/v1/accounts/{account}/unfollow"), &[])?;
        hears_undo(scene, "Follow", &scene.cleo.uri, &scene.fay.uri)?;
        let left = scene.fedify.does("followers", &json!({"as": scene.fay.name}))?;
        hold(left == json!([scene.ann.uri]), || format!("followers: {left}"))
    });
    matrix.step("unfollow", In, || {
        let follow = follow_back(scene, &scene.hal, &scene.cleo)?;
        scene.fedify.does("undo", &json!({"as": scene.hal.name, "id": follow}))?;
        let path = format!("/api/v1/accounts/{}/followers", scene.cleo.id);
        scene.cleo.reads(&path, "nobody", |list| list.as_array().is_some_and(Vec::is_empty)).map(drop)
    });
}

/// A person here follows somebody there who is open.
fn follow(scene: &Scene<'_>, who: &Person, whom: &Resident) -> Outcome {
    let account = text(&who.finds(&whom.uri)?, "id");
    who.post(&format!("/api/v1/accounts/{account}/follow"), &[])?;
    scene.fedify.hears("Follow", "from here", |follow| {
        names(follow, "actor", &who.uri) && names(follow, "object", &whom.uri)
    })?;
    who.relates(&account, "following", true)
}

/// Somebody there follows a person here who is open; the Follow's id.
fn follow_back(scene: &Scene<'_>, who: &Resident, whom: &Person) -> Outcome<String> {
    let asked = scene.fedify.does("follow", &json!({"as": who.name, "target": whom.uri}))?;
    let follow = text(&asked, "id");
    scene.fedify.hears("Accept", &follow, |accept| names(accept, "object", &follow))?;
    whom.relates(&text(&whom.finds(&who.uri)?, "id"), "followed_by", true)?;
    Ok(follow)
}

/// A person here asks somebody there who approves followers, and is answered.
fn answered(scene: &Scene<'_>, who: &Person, accept: bool) -> Outcome {
    let account = text(&who.finds(&scene.gus.uri)?, "id");
    who.post(&format!("/api/v1/accounts/{account}/follow"), &[])?;
    let follow = scene.fedify.hears("Follow", "to gus", |follow| {
        names(follow, "actor", &who.uri) && names(follow, "object", &scene.gus.uri)
    })?;
    who.relates(&account, "requested", true)?;
    scene.fedify.does("answer", &json!({"as": scene.gus.name, "follow": follow["id"], "accept": accept}))?;
    who.relates(&account, "requested", false)?;
    who.relates(&account, "following", accept)
}

/// Somebody there asks a person here who approves followers, and is answered.
fn asked(scene: &Scene<'_>, who: &Resident, accept: bool) -> Outcome {
    let ben = &scene.ben;
    ben.locks_up()?;
    let asked = scene.fedify.does("follow", &json!({"as": who.name, "target": ben.uri}))?;
    let follow = text(&asked, "id");
    let request = ben.waits_for("/api/v1/follow_requests", &who.uri, |found| found["uri"] == who.uri.as_str())?;
    let (account, answer) = (text(&request, "id"), if accept { "authorize" } else { "reject" });
    ben.post(&format!("/api/v1/follow_requests/{account}/{answer}"), &[])?;
    let kind = if accept { "Accept" } else { "Reject" };
    scene.fedify.hears(kind, &follow, |answer| names(answer, "object", &follow))?;
    ben.relates(&account, "followed_by", accept)
}

fn hears_undo(scene: &Scene<'_>, kind: &str, actor: &str, object: &str) -> Outcome {
    let fits = |undo: &Value| {
        names(undo, "actor", actor) && undo["object"]["type"] == kind && names(&undo["object"], "object", object)
    };
    scene.fedify.hears("Undo", &format!("{kind} of {object}"), fits).map(drop)
}

// ---- statuses ----

fn statuses(matrix: &mut Matrix, scene: &Scene<'_>) {
    for visibility in ["public", "unlisted", "private", "direct"] {
        matrix.step(visibility, Out, || said(scene, visibility));
        matrix.step(visibility, In, || heard(scene, visibility));
    }
    matrix.step("mention", Out, || {
        let create = create(scene, &format!("@{} hello", scene.fay.handle), &[("visibility", "unlisted")])?;
        let tags = match &create["object"]["tag"] {
            Value::Array(tags) => tags.clone(),
            tag => vec![tag.clone()],
        };
        let named = tags.iter().any(|tag| tag["type"] == "Mention" && tag["href"] == scene.fay.uri.as_str());
        hold(named && names(&create["object"], "cc", &scene.fay.uri), || format!("{create}"))
    });
    matrix.step("mention", In, || {
        let note = note(scene, &json!({"visibility": "unlisted", "mentions": [scene.ann.uri]}))?;
        let told = scene.ann.is_told("mention", &note)?;
        let named = &told["status"]["mentions"][0]["acct"];
        hold(*named == scene.ann.name.as_str(), || format!("{told}"))
    });
    matrix.step("content warning", Out, || {
        let create = create(scene, "behind it", &[("spoiler_text", "a warning")])?;
        let object = &create["object"];
        hold(object["summary"] == "a warning" && object["sensitive"] == true, || format!("{create}"))
    });
    matrix.step("content warning", In, || {
        let status = scene.ann.sees_at_home(&note(scene, &json!({"summary": "a warning"}))?)?;
        hold(status["spoiler_text"] == "a warning" && status["sensitive"] == true, || format!("{status}"))
    });
    matrix.step("picture", Out, || picture_out(scene));
    matrix.step("picture", In, || picture_in(scene));
    matrix.step("reply", Out, || {
        let status = scene.ann.sees_at_home(&note(scene, &json!({}))?)?;
        let (id, uri) = (text(&status, "id"), text(&status, "uri"));
        let create = create(scene, &format!("@{} indeed", scene.fay.handle), &[("in_reply_to_id", &id)])?;
        hold(names(&create["object"], "inReplyTo", &uri), || format!("{create}"))
    });
    matrix.step("reply", In, || {
        let status = scene.ann.posts("what do you think?", &[])?;
        let with = json!({"inReplyTo": status["uri"], "mentions": [scene.ann.uri]});
        let told = scene.ann.is_told("mention", &note(scene, &with)?)?;
        hold(told["status"]["in_reply_to_id"] == status["id"], || format!("{told}"))?;
        let thread = scene.ann.get(&format!("/api/v1/statuses/{}/context", text(&status, "id")))?;
        hold(thread["descendants"][0]["id"] == told["status"]["id"], || format!("{thread}"))
    });
}

/// Ann posts; the Create as it was verified there.
fn create(scene: &Scene<'_>, status: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
    let posted = scene.ann.posts(status, fields)?;
    let uri = text(&posted, "uri");
    scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri))
}

/// Fay posts; the Note's id.
fn note(scene: &Scene<'_>, with: &Value) -> Outcome<String> {
    let mut post = json!({"as": scene.fay.name, "text": "from the lab", "visibility": "public"});
    for (member, value) in with.as_object().into_iter().flatten() {
        post[member] = value.clone();
    }
    Ok(text(&scene.fedify.does("post", &post)?, "id"))
}

fn said(scene: &Scene<'_>, visibility: &str) -> Outcome {
    let words = if visibility == "direct" { format!("@{} psst", scene.fay.handle) } else { "hear, hear".to_owned() };
    let create = create(scene, &words, &[("visibility", visibility)])?;
    let object = &create["object"];
    let followers = format!("{}/followers", scene.ann.uri);
    let to = (names_everybody(object, "to"), names(object, "to", &followers), names(object, "to", &scene.fay.uri));
    let cc = (names_everybody(object, "cc"), names(object, "cc", &followers));
    let wanted = match visibility {
        "public" => ((true, false, false), (false, true)),
        "unlisted" => ((false, true, false), (true, false)),
        "private" => ((false, true, false), (false, false)),
        _ => ((false, false, true), (false, false)),
    };
    hold((to, cc) == wanted, || format!("{create}"))?;
    let look = scene.fedify.does("look", &json!({"id": object["id"]}))?;
    let open = matches!(visibility, "public" | "unlisted");
    hold((look["kind"] == "Note") == open, || format!("fetched by a stranger: {look}"))
}

fn heard(scene: &Scene<'_>, visibility: &str) -> Outcome {
    let direct = visibility == "direct";
    let mentions = if direct { json!([scene.ann.uri]) } else { json!([]) };
    let note = note(scene, &json!({"visibility": visibility, "mentions": mentions}))?;
    let status = match direct {
        true => scene.ann.is_told("mention", &note)?["status"].clone(),
        false => scene.ann.sees_at_home(&note)?,
    };
    hold(status["visibility"] == visibility, || format!("{status}"))?;
    let stranger = scene.ben.status_of(&format!("/api/v1/statuses/{}", text(&status, "id")))?.status;
    let open = matches!(visibility, "public" | "unlisted");
    hold(stranger == if open { 200 } else { 404 }, || format!("others here are answered {stranger}"))
}

fn picture_out(scene: &Scene<'_>) -> Outcome {
    let id = scene.ann.uploads(&two_pixels(), "two pixels")?;
    let create = create(scene, "look", &[("media_ids[]", &id)])?;
    let attached = match &create["object"]["attachment"] {
        Value::Array(all) => all[0].clone(),
        one => one.clone(),
    };
    hold(attached["name"] == "two pixels", || format!("{create}"))?;
    let loaded = scene.fedify.does("load", &json!({"url": attached["url"]}))?;
    hold(loaded["status"] == 200 && loaded["type"] == "image/png", || format!("{loaded} of {attached}"))
}

fn picture_in(scene: &Scene<'_>) -> Outcome {
    let status = scene.ann.sees_at_home(&note(scene, &json!({"picture": "two pixels"}))?)?;
    let media = &status["media_attachments"][0];
    hold(media["type"] == "image" && media["description"] == "two pixels", || format!("{status}"))?;
    let url = text(media, "url");
    let path = url.split_once(&scene.ann.host).map_or("", |(_, path)| path);
    hold(!path.is_empty(), || format!("loaded from elsewhere: {url}"))?;
    let loaded = scene.ann.status_of(path)?;
    hold(loaded.status == 200 && loaded.header("content-type") == Some("image/png"), || format!("{loaded:?}"))
}

// ---- polls ----

fn polls(matrix: &mut Matrix, scene: &Scene<'_>) {
    matrix.step("poll, asked by Dassie", Out, || {
        let create = create(scene, "which weather?", &POLL)?;
        hold(create["object"]["type"] == "Question" && create["object"]["oneOf"][1]["name"] == "rain", || {
            format!("{create}")
        })
    });
    matrix.step("poll, asked by Dassie", In, || {
        let status = scene.ann.posts("which weather now?", &POLL)?;
        votes(scene, &scene.ann, &status)?;
        until("the count in the Question", || {
            let look = scene.fedify.does("look", &json!({"id": status["uri"]}))?;
            Ok((look["document"]["oneOf"][1]["replies"]["totalItems"] == 1).then_some(()))
        })
    });
    let poll = json!({"poll": {"options": ["tea", "coffee"], "multiple": false, "seconds": 3600}});
    matrix.step("poll, asked by it", In, || {
        let status = scene.ann.sees_at_home(&note(scene, &poll)?)?;
        hold(status["poll"]["options"][1]["title"] == "coffee", || format!("{status}"))
    });
    matrix.step("poll, asked by it", Out, || {
        let uri = note(scene, &poll)?;
        let id = text(&scene.ann.sees_at_home(&uri)?["poll"], "id");
        scene.ann.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "1")])?;
        scene.fedify.hears("Create", "of the vote", |create| {
            create["object"]["name"] == "coffee" && names(&create["object"], "inReplyTo", &uri)
        })?;
        let counted = |poll: &Value| poll["options"][1]["votes_count"] == 1 && poll["voters_count"] == 1;
        scene.ann.reads(&format!("/api/v1/polls/{id}"), "its count", counted).map(drop)
    });
    matrix.step("end of a poll", In, || {
        let uri = note(scene, &poll)?;
        let id = text(&scene.ann.sees_at_home(&uri)?["poll"], "id");
        scene.ann.post(&format!("/api/v1/polls/{id}/votes"), &[("choices[]", "0")])?;
        scene.fedify.hears("Create", "of the vote", |create| {
            create["object"]["name"] == "tea" && names(&create["object"], "inReplyTo", &uri)
        })?;
        scene.fedify.does("end", &json!({"as": scene.fay.name, "id": uri}))?;
        let told = scene.ann.is_told("poll", &uri)?;
        let poll = &told["status"]["poll"];
        hold(poll["expired"] == true && poll["options"][0]["votes_count"] == 1, || format!("{told}"))
    });
}

/// Eve asks, and fay votes, the one person there who has to do with it; the status.
fn asked_and_voted(scene: &Scene<'_>) -> Outcome<Value> {
    let status = scene.eve.posts("which weather at last?", &SHORT_POLL)?;
    votes(scene, &scene.eve, &status)?;
    Ok(status)
}

/// Fay votes for rain in a poll of a person here, which is counted.
fn votes(scene: &Scene<'_>, asker: &Person, status: &Value) -> Outcome {
    let vote = json!({"as": scene.fay.name, "poll": status["uri"], "author": asker.uri, "choices": ["rain"]});
    scene.fedify.does("vote", &vote)?;
    let path = format!("/api/v1/polls/{}", text(&status["poll"], "id"));
    asker.reads(&path, "the vote", |poll| poll["options"][1]["votes_count"] == 1).map(drop)
}

/// Eve's poll ends, which she and fay's server hear; of the vote they heard while it ran.
fn poll_ends(scene: &Scene<'_>, status: &Value) -> Outcome {
    let (uri, path) = (text(status, "uri"), format!("/api/v1/polls/{}", text(&status["poll"], "id")));
    within(SHORT_POLL_ENDS, "the end of the poll", || {
        // No answer at all is none yet.
        Ok(scene.eve.get(&path).is_ok_and(|poll| poll["expired"] == true).then_some(()))
    })?;
    scene.eve.is_told("poll", &uri)?;
    for (closed, what) in [(false, "of the vote"), (true, "of the end")] {
        let update = scene.fedify.hears("Update", what, |update| {
            names(update, "object", &uri) && update["object"]["closed"].is_string() == closed
        })?;
        let object = &update["object"];
        let counted = object["oneOf"][1]["replies"]["totalItems"] == 1 && object["votersCount"] == 1;
        hold(names(&update, "actor", &scene.eve.uri) && counted, || format!("{what}: {update}"))?;
    }
    Ok(())
}

// ---- likes and boosts ----

fn interactions(matrix: &mut Matrix, scene: &Scene<'_>) {
    matrix.step("like and undo", Out, || takes_back(scene, "Like", "favourite"));
    matrix.step("like and undo", In, || taken_back(scene, "like", "favourite", "favourites_count"));
    matrix.step("boost and undo", Out, || takes_back(scene, "Announce", "reblog"));
    matrix.step("boost and undo", In, || taken_back(scene, "announce", "reblog", "reblogs_count"));
    matrix.step("boost of a third", Out, || boosts_a_third(scene));
    matrix.step("boost of a third", In, || {
        let original =
            text(&scene.fedify.does("post", &json!({"as": "ida", "text": "by ida", "visibility": "public"}))?, "id");
        let boost = json!({"as": scene.fay.name, "object": original});
        scene.fedify.does("announce", &boost)?;
        let path = "/api/v1/timelines/home?limit=40";
        let found = scene.ann.waits_for(path, &original, |found| found["reblog"]["uri"] == original.as_str())?;
        hold(found["account"]["uri"] == scene.fay.uri.as_str(), || format!("{found}"))
    });
}

/// Ann boosts what was said on a third server: fay, who follows ann, finds the boost and what it shares.
fn boosts_a_third(scene: &Scene<'_>) -> Outcome {
    let post = json!({"as": scene.zoe.name, "text": "by zoe", "visibility": "public"});
    let original = text(&scene.third.does("post", &post)?, "id");
    let id = text(&scene.ann.finds_status(&original)?, "id");
    scene.ann.post(&format!("/api/v1/statuses/{id}/reblog"), &[])?;
    let fits = |boost: &Value| names(boost, "object", &original);
    let boost = scene.fedify.hears("Announce", &original, fits)?;
    hold(names(&boost, "actor", &scene.ann.uri) && names_everybody(&boost, "to"), || format!("{boost}"))?;
    for (uri, kind) in [(id_of(&boost), "Announce"), (original.as_str(), "Note")] {
        let look = scene.fedify.does("look", &json!({"id": uri}))?;
        hold(look["kind"] == kind && look["document"]["id"] == uri, || format!("{uri} is read as {look}"))?;
    }
    scene.third.hears("Announce", "by its author", fits).map(drop)
}

/// Ann likes or boosts a status of fay's, and takes it back.
fn takes_back(scene: &Scene<'_>, kind: &str, action: &str) -> Outcome {
    let uri = note(scene, &json!({}))?;
    let id = text(&scene.ann.sees_at_home(&uri)?, "id");
    scene.ann.post(&format!("/api/v1/statuses/{id}/{action}"), &[])?;
    scene.fedify.hears(kind, &uri, |sent| names(sent, "object", &uri))?;
    scene.ann.post(&format!("/api/v1/statuses/{id}/un{action}"), &[])?;
    hears_undo(scene, kind, &scene.ann.uri, &uri)
}

/// Fay likes or boosts a status of ann's, and takes it back.
fn taken_back(scene: &Scene<'_>, operation: &str, kind: &str, count: &str) -> Outcome {
    let status = scene.ann.posts("like this", &[])?;
    let act = json!({"as": scene.fay.name, "object": status["uri"], "author": scene.ann.uri});
    let done = scene.fedify.does(operation, &act)?;
    let told = scene.ann.is_told(kind, &text(&status, "uri"))?;
    hold(told["account"]["uri"] == scene.fay.uri.as_str(), || format!("{told}"))?;
    let path = format!("/api/v1/statuses/{}", text(&status, "id"));
    scene.ann.reads(&path, "one", |status| status[count] == 1)?;
    scene.fedify.does("undo", &json!({"as": scene.fay.name, "id": done["id"]}))?;
    scene.ann.reads(&path, "none", |status| status[count] == 0).map(drop)
}

// ---- edits and deletions ----

fn changes(matrix: &mut Matrix, scene: &Scene<'_>) {
    matrix.step("edit", Out, || {
        let status = scene.ann.posts("first words", &[])?;
        let uri = text(&status, "uri");
        scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri))?;
        scene.ann.put(&format!("/api/v1/statuses/{}", text(&status, "id")), &[("status", "second words")])?;
        let update = scene.fedify.hears("Update", &uri, |update| names(update, "object", &uri))?;
        let object = &update["object"];
        hold(text(object, "content").contains("second words") && object["updated"].is_string(), || format!("{update}"))
    });
    matrix.step("edit", In, || {
        let uri = note(scene, &json!({}))?;
        let id = text(&scene.ann.sees_at_home(&uri)?, "id");
        scene.fedify.does("edit", &json!({"as": scene.fay.name, "id": uri, "text": "second words"}))?;
        let path = format!("/api/v1/statuses/{id}");
        let edited =
            |status: &Value| text(status, "content").contains("second words") && status["edited_at"].is_string();
        scene.ann.reads(&path, "the edit", edited)?;
        let history = scene.ann.get(&format!("{path}/history"))?;
        hold(history.as_array().is_some_and(|all| all.len() == 2), || format!("{history}"))
    });
    matrix.step("delete", Out, || {
        let status = scene.ann.posts("not for long", &[])?;
        let uri = text(&status, "uri");
        scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri))?;
        scene.ann.delete(&format!("/api/v1/statuses/{}", text(&status, "id")))?;
        let delete = scene.fedify.hears("Delete", &uri, |delete| names(delete, "object", &uri))?;
        hold(delete["object"]["type"] == "Tombstone", || format!("{delete}"))
    });
    matrix.step("delete", In, || {
        let uri = note(scene, &json!({}))?;
        let id = text(&scene.ann.sees_at_home(&uri)?, "id");
        scene.fedify.does("remove", &json!({"as": scene.fay.name, "id": uri}))?;
        scene.ann.misses(&format!("/api/v1/statuses/{id}"))
    });
}

fn rotation(matrix: &mut Matrix, scene: &Scene<'_>) {
    matrix.step("key rotation", In, || {
        let account = text(&scene.ann.finds(&scene.fay.uri)?, "id");
        scene.fedify.does("rotate", &json!({"as": scene.fay.name, "name": "fay with new keys"}))?;
        let path = format!("/api/v1/accounts/{account}");
        scene.ann.reads(&path, "the new name", |account| account["display_name"] == "fay with new keys")?;
        scene.ann.sees_at_home(&note(scene, &json!({"text": "with new keys"}))?).map(drop)
    });
}

/// Somebody here gets new keys, and is heard with them.
fn rotates(scene: &Scene<'_>, house: &House) -> Outcome {
    house.command(&["user", "rotate-keys", &scene.ann.name])?;
    scene.fedify.hears("Update", "of ann's actor", |update| {
        names(update, "actor", &scene.ann.uri) && names(update, "object", &scene.ann.uri)
    })?;
    let uri = text(&scene.ann.posts("with new keys", &[])?, "uri");
    scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri)).map(drop)
}

// ---- trouble between people, and between servers ----

fn trouble(matrix: &mut Matrix, scene: &Scene<'_>, house: &mut House) {
    // Other servers hear of the blocks of those alone who choose that.
    house.chooses("ann", "/settings/blocks", &[("do", "tell"), ("tells_blocks", "true")]);
    matrix.step("block and undo", Out, || {
        follow_back(scene, &scene.hal, &scene.ann)?;
        let account = text(&scene.ann.finds(&scene.hal.uri)?, "id");
        scene.ann.post(&format!("/api/v1/accounts/{account}/block"), &[])?;
        let told = |sent: &Value| names(sent, "actor", &scene.ann.uri) && names(sent, "object", &scene.hal.uri);
        scene.fedify.hears("Block", "of hal", told)?;
        scene.ann.relates(&account, "followed_by", false)?;
        scene.ann.post(&format!("/api/v1/accounts/{account}/unblock"), &[])?;
        hears_undo(scene, "Block", &scene.ann.uri, &scene.hal.uri)
    });
    matrix.step("block and undo", In, || {
        follow(scene, &scene.dan, &scene.hal)?;
        let account = text(&scene.dan.finds(&scene.hal.uri)?, "id");
        let done = scene.fedify.does("block", &json!({"as": scene.hal.name, "target": scene.dan.uri}))?;
        scene.dan.relates(&account, "blocked_by", true)?;
        scene.dan.relates(&account, "following", false)?;
        scene.fedify.does("undo", &json!({"as": scene.hal.name, "id": done["id"]}))?;
        scene.dan.relates(&account, "blocked_by", false)
    });
    matrix.step("report", Out, || {
        let status = scene.ann.sees_at_home(&note(scene, &json!({}))?)?;
        let (account, id) = (text(&status["account"], "id"), text(&status, "id"));
        let report =
            [("account_id", account.as_str()), ("status_ids[]", &id), ("comment", "rude"), ("forward", "true")];
        scene.ben.post("/api/v1/reports", &report)?;
        let uri = text(&status, "uri");
        let flag = scene.fedify.hears("Flag", &uri, |flag| names(flag, "object", &uri))?;
        let anonymous = id_of(&flag["actor"]) != scene.ben.uri;
        hold(names(&flag, "object", &scene.fay.uri) && flag["content"] == "rude" && anonymous, || format!("{flag}"))
    });
    matrix.step("report", In, || {
        let status = scene.ben.posts("something rude", &[])?;
        let flag = json!({"as": scene.fay.name, "target": scene.ben.uri, "status": status["uri"], "text": "so rude"});
        scene.fedify.does("flag", &flag)?;
        let report = scene.ann.waits_for("/api/v1/admin/reports", "it", |report| report["comment"] == "so rude")?;
        let about = (&report["target_account"]["id"], &report["statuses"][0]["id"]);
        hold(about == (&json!(scene.ben.id), &status["id"]), || format!("{report}"))
    });
    matrix.step("peer down and up", Out, || {
        scene.fedify.does("close", &json!({}))?;
        let uri = text(&scene.ann.posts("while you were away", &[])?, "uri");
        let tried = until("an attempt", || Ok((scene.fedify.seen()?["turnedAway"].as_u64() > Some(0)).then_some(())));
        scene.fedify.does("open", &json!({}))?;
        tried?;
        scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri)).map(drop)
    });
    house.stop();
    let posted = note(scene, &json!({"text": "while you were away"}));
    let failed = until("an attempt", || Ok(scene.fedify.errors().contains("Create").then_some(())));
    house.start();
    matrix.step("peer down and up", In, || {
        failed?;
        scene.ann.sees_at_home(&posted?).map(drop)
    });
}

// ---- moves and endings ----

fn endings(matrix: &mut Matrix, scene: &Scene<'_>, house: &House) {
    matrix.step("move", Out, || {
        follow_back(scene, &scene.fay, &scene.cleo)?;
        scene.dan.post(&format!("/api/v1/accounts/{}/follow", scene.cleo.id), &[])?;
        scene.fedify.does("alias", &json!({"as": scene.hal.name, "of": scene.cleo.uri}))?;
        house.command(&["user", "move", "cleo", &scene.hal.handle])?;
        let told = |sent: &Value| names(sent, "object", &scene.cleo.uri) && names(sent, "target", &scene.hal.uri);
        scene.fedify.hears("Move", "of cleo", told)?;
        let account = text(&scene.dan.finds(&scene.hal.uri)?, "id");
        scene.dan.relates(&account, "following", true)
    });
    matrix.step("move", In, || {
        follow(scene, &scene.ann, &scene.ida)?;
        scene.fedify.does("alias", &json!({"as": scene.hal.name, "of": scene.ida.uri}))?;
        scene.fedify.does("move", &json!({"as": scene.ida.name, "target": scene.hal.uri}))?;
        let account = text(&scene.ann.finds(&scene.hal.uri)?, "id");
        scene.ann.relates(&account, "following", true)
    });
    matrix.step("account deleted", Out, || {
        follow_back(scene, &scene.fay, &scene.dan)?;
        let path = format!("/api/v1/admin/accounts/{}", scene.dan.id);
        scene.ann.post(&format!("{path}/action"), &[("type", "suspend")])?;
        scene.ann.delete(&path)?;
        scene.fedify.hears("Delete", "of dan", |delete| names(delete, "object", &scene.dan.uri)).map(drop)
    });
    matrix.step("account deleted", In, || {
        follow(scene, &scene.ann, &scene.jon)?;
        let account = text(&scene.ann.finds(&scene.jon.uri)?, "id");
        let words = json!({"as": scene.jon.name, "text": "farewell", "visibility": "public"});
        let uri = text(&scene.fedify.does("post", &words)?, "id");
        let status = text(&scene.ann.sees_at_home(&uri)?, "id");
        scene.fedify.does("vanish", &json!({"as": scene.jon.name}))?;
        scene.ann.misses(&format!("/api/v1/statuses/{status}"))?;
        let emptied = |account: &Value| account["suspended"] == true && account["note"] == "";
        scene.ann.reads(&format!("/api/v1/accounts/{account}"), "the end", emptied).map(drop)
    });
}

// ---- signatures ----

/// Fedify takes a proof in the body instead; here the signatures of all requests are held to their keys, too.
fn verified(fedify: &Fedify) -> Outcome {
    let requests = fedify.seen()?["requests"].clone();
    let signed = requests["cavage"].as_u64() > Some(0) && requests["unsigned"] == 0;
    hold(signed && requests["unverified"] == 0, || format!("{requests}"))
}

/// The third server refuses draft-cavage: what ann says comes by a second knock, signed after RFC 9421, as Fedify verifies,
/// and once that is known of this server the next comes so at once.
fn knocks_twice(scene: &Scene<'_>, house: &House) -> Outcome {
    let (third, zoe) = (scene.third, &scene.zoe);
    let asked = third.does("follow", &json!({"as": zoe.name, "target": scene.ann.uri}))?;
    let follow = text(&asked, "id");
    third.hears("Accept", &follow, |accept| names(accept, "object", &follow))?;
    third.does("demand", &json!({}))?;
    comes_by_rfc_9421(scene, "knock, knock")?;
    let refused = || Ok::<_, String>(third.seen()?["newer"]["refused"].as_u64().unwrap_or(0));
    let knocks = refused()?;
    hold(knocks > 0, || "draft-cavage was not tried".to_owned())?;
    let host = zoe.handle.rsplit('@').next().unwrap_or_default();
    until("what it takes to be known", || {
        let known = house.says(&["domain", "explain", host])?;
        Ok(known.contains("takes signatures of RFC 9421").then_some(()))
    })?;
    comes_by_rfc_9421(scene, "come in")?;
    let more = refused()? - knocks;
    hold(more == 0, || format!("draft-cavage was tried {more} times more"))
}

/// Ann posts; the third server takes it, and Fedify has verified its signature.
fn comes_by_rfc_9421(scene: &Scene<'_>, words: &str) -> Outcome {
    let uri = text(&scene.ann.posts(words, &[])?, "uri");
    let create = scene.third.hears("Create", &uri, |create| names(create, "object", &uri))?;
    let seen = scene.third.seen()?;
    let verified = &seen["newer"]["verified"];
    let ours = verified.as_array().is_some_and(|all| all.iter().any(|one| one == id_of(&create)));
    hold(ours, || format!("{} is not among {verified}", id_of(&create)))
}

/// Dassie took everything at the first try, signed as this generation does.
fn taken(fedify: &Fedify, signs: &str) -> Outcome {
    let sent = fedify.seen()?["sent"].clone();
    let other = if signs == "cavage" { "rfc9421" } else { "cavage" };
    let as_wanted = sent[signs].as_u64() > Some(0) && sent[other] == 0 && sent["refused"] == 0;
    hold(as_wanted, || format!("{sent}"))
}

//! Groups on the third server (FEP-1b12), in the matrix with a server on Fedify.

use crate::{
    fedify::{Resident, names},
    fedify_steps::Scene,
    house::{Person, text},
    matrix::{
        Matrix, Outcome,
        Way::{In, Out},
        hold,
    },
};
use serde_json::{Value, json};

/// Ann and ben join groups; what ann says to them ben gets, and ann what ida says, whom nobody here follows.
pub(crate) fn all(matrix: &mut Matrix, scene: &Scene<'_>) {
    let telling = scene.third.group("club", "activities");
    let sharing = scene.third.group("ring", "objects");
    matrix.step("group joined", Out, || {
        for group in [&telling, &sharing] {
            joins(&scene.ann, group)?;
            joins(&scene.ben, group)?;
        }
        Ok(())
    });
    matrix.step("group that tells activities", Out, || says(scene, &telling));
    matrix.step("group that tells activities", In, || hears(scene, &telling).map(drop));
    matrix.step("group that shares objects", Out, || says(scene, &sharing));
    matrix.step("group that shares objects", In, || hears(scene, &sharing).map(drop));
    matrix.step("answer and like in the thread of a group", Out, || answers(scene, &telling));
    matrix.step("deletion told by a group", In, || {
        let shared = hears(scene, &telling)?;
        let remove = json!({"as": scene.ida.name, "id": shared["uri"], "to": [telling.uri]});
        scene.fedify.does("remove", &remove)?;
        scene.ann.misses(&format!("/api/v1/statuses/{}", text(&shared, "id")))
    });
}

/// Somebody follows a group, which is shown as one.
fn joins(who: &Person, group: &Resident) -> Outcome {
    let account = who.finds(&group.uri)?;
    hold(account["group"] == true, || format!("{account}"))?;
    let id = text(&account, "id");
    who.post(&format!("/api/v1/accounts/{id}/follow"), &[])?;
    who.relates(&id, "following", true)
}

/// What ann says to a group ben gets of it.
fn says(scene: &Scene<'_>, group: &Resident) -> Outcome {
    let uri = text(&scene.ann.posts(&format!("@{} dear members", group.handle), &[])?, "uri");
    scene.third.hears("Create", &uri, |create| names(create, "object", &uri))?;
    shares(group, &scene.ben, &uri).map(drop)
}

/// What ida says to a group ann gets of it; the status.
fn hears(scene: &Scene<'_>, group: &Resident) -> Outcome<Value> {
    let to = [&group.uri];
    let post = json!({"as": scene.ida.name, "text": "dear members", "visibility": "public", "mentions": to});
    shares(group, &scene.ann, &text(&scene.fedify.does("post", &post)?, "id"))
}

/// Waits until a status is at a member's home as shared by the group; the status.
fn shares(group: &Resident, with: &Person, uri: &str) -> Outcome<Value> {
    let fits = |found: &Value| found["reblog"]["uri"] == uri && found["account"]["uri"] == group.uri.as_str();
    let found = with.waits_for("/api/v1/timelines/home?limit=40", uri, fits)?;
    Ok(found["reblog"].clone())
}

/// Ann answers and likes what ida said to a group, and does not mention it: it hears of both, and ben of the answer.
fn answers(scene: &Scene<'_>, group: &Resident) -> Outcome {
    let shared = hears(scene, group)?;
    let (id, uri) = (text(&shared, "id"), text(&shared, "uri"));
    let answer = text(&scene.ann.posts("indeed", &[("in_reply_to_id", &id)])?, "uri");
    let create = scene.third.hears("Create", &answer, |create| names(create, "object", &answer))?;
    let object = &create["object"];
    hold(names(object, "audience", &group.uri) && names(object, "inReplyTo", &uri), || format!("{create}"))?;
    shares(group, &scene.ben, &answer)?;
    scene.ann.post(&format!("/api/v1/statuses/{id}/favourite"), &[])?;
    let fits = |like: &Value| names(like, "object", &uri) && names(like, "audience", &group.uri);
    scene.third.hears("Like", &uri, fits).map(drop)
}

//! Documents that are given only to who signs for them (authorized fetch), in the matrix with a server on Fedify.

use crate::{
    fedify::{Fedify, Resident, names},
    fedify_steps::Scene,
    house::{House, text},
    matrix::{Matrix, Outcome, Way::In, hold},
};
use serde_json::{Value, json};

/// The step of what is given only to who signs, as every generation does.
pub(crate) const AUTHORIZED_FETCH: &str = "authorized fetch";
/// The step that only generations which know RFC 9421 take.
pub(crate) const GUARDED_AND_NEW: &str = "authorized fetch where draft-cavage is refused";

/// Guards what is here. Fedify signs the address of a key with its fragment, which no request has.
pub(crate) fn guards(matrix: &mut Matrix, scene: &Scene<'_>, house: &House) {
    matrix.step(AUTHORIZED_FETCH, In, || {
        let status = scene.ann.posts("for who signs", &[])?;
        let switched = house.command(&["domain", "authorized-fetch", "on"]);
        let gave = switched.and_then(|()| gives_to_who_signs(scene, &text(&status, "uri")));
        house.command(&["domain", "authorized-fetch", "off"])?;
        gave?;
        let look = scene.fedify.does("look", &json!({"id": status["uri"]}))?;
        hold(look["kind"] == "Note", || format!("it is open again, and read as {look}"))
    });
}

/// A profile and a post on the third server are read, and only by who signs.
pub(crate) fn reads(scene: &Scene<'_>) -> Outcome {
    let kim = scene.third.guarded_resident("kim");
    is_refused(scene.fedify, &kim.uri)?;
    let account = scene.ann.finds(&kim.uri)?;
    hold(account["uri"] == kim.uri.as_str(), || format!("{account}"))?;
    let note = says(scene.third, &kim)?;
    is_refused(scene.fedify, &note)?;
    is_shown(scene, &note)?;
    let guarded = guarded(scene.third)?;
    hold(guarded["cavage"].as_u64() >= Some(2) && guarded["refused"] == 2, || format!("{guarded}"))
}

/// Draft-cavage is answered 401: read by a second knock, and once that is known of this server at once.
pub(crate) fn knocks_twice(scene: &Scene<'_>) -> Outcome {
    let lou = scene.fedify.guarded_resident("lou");
    scene.fedify.does("demandOfReaders", &json!({}))?;
    is_shown(scene, &says(scene.fedify, &lou)?)?;
    is_shown(scene, &says(scene.fedify, &lou)?)?;
    let guarded = guarded(scene.fedify)?;
    hold(guarded["rfc9421"].as_u64() >= Some(2) && guarded["refused"] == 1, || format!("{guarded}"))
}

/// Ann and her status are given to fay and to nobody who does not sign; and whoever hears of somebody new reads their key.
fn gives_to_who_signs(scene: &Scene<'_>, status: &str) -> Outcome {
    for (uri, kind) in [(scene.ann.uri.as_str(), "Person"), (status, "Note")] {
        is_refused(scene.fedify, uri)?;
        let given = scene.fedify.does("fetch", &json!({"as": scene.fay.name, "id": uri}))?;
        let document = &given["document"];
        hold(document["id"] == uri && document["type"] == kind, || format!("{uri}: {given}"))?;
    }
    let uri = text(&scene.fox.posts(&format!("@{} may I?", scene.fay.handle), &[])?, "uri");
    scene.fedify.hears("Create", &uri, |create| names(create, "object", &uri)).map(drop)
}

/// Who does not sign is answered 401.
fn is_refused(reader: &Fedify, uri: &str) -> Outcome {
    let answered = reader.does("fetch", &json!({"id": uri}))?;
    hold(answered["status"] == 401, || format!("{uri} without a signature: {answered}"))
}

/// Somebody posts; the Note's id.
fn says(server: &Fedify, who: &Resident) -> Outcome<String> {
    let post = json!({"as": who.name, "text": "for who signs", "visibility": "public"});
    Ok(text(&server.does("post", &post)?, "id"))
}

/// Ann finds a status by its id.
fn is_shown(scene: &Scene<'_>, note: &str) -> Outcome {
    let status = scene.ann.finds_status(note)?;
    hold(status["uri"] == note && text(&status, "content").contains("for who signs"), || format!("{status}"))
}

/// To whom the server gave what is guarded.
fn guarded(server: &Fedify) -> Outcome<Value> {
    Ok(server.seen()?["guarded"].clone())
}

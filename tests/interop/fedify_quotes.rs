//! Quotes with a server on Fedify: in the older spelling, which every generation knows, and with leave (FEP-044f).

use crate::{
    fedify::{Fedify, Resident, id_of, names},
    house::{House, Person, text},
    matrix::{
        Matrix, Outcome,
        Way::{In, Out},
        hold,
    },
};
use serde_json::{Value, json};

/// A person here and one there, who quote each other.
struct Scene<'a> {
    fedify: &'a Fedify,
    ann: Person,
    fay: Resident,
}

/// Goes through the matrix of quotes with a generation that asks.
pub(crate) fn all(house: &House, fedify: &Fedify) {
    let ann = house.person("ann", "read write follow");
    let scene = Scene { fedify, ann, fay: fedify.resident("fay", false) };
    let mut matrix = Matrix::of(fedify.version.clone());
    matrix.step("follow", Out, || {
        let account = text(&scene.ann.finds(&scene.fay.uri)?, "id");
        scene.ann.post(&format!("/api/v1/accounts/{account}/follow"), &[])?;
        scene.ann.relates(&account, "following", true)
    });
    matrix.step("quote in the older spelling", In, || shows_as_unasked(house, fedify, &scene.ann, &scene.fay));
    matrix.step("quote with leave", Out, || scene.ann_quotes("accepted").map(drop));
    matrix.step("quote with leave", In, || scene.fay_quotes().map(drop));
    matrix.step("quote refused", Out, || scene.ann_quotes("rejected").map(drop));
    matrix.step("quote refused", In, || {
        let (_, asked) = scene.fay_asks(&[("quote_approval_policy", "nobody")])?;
        let request = text(&asked, "request");
        fedify.hears("Reject", &request, |reject| names(reject, "object", &request)).map(drop)
    });
    matrix.step("leave to quote taken back", Out, || {
        let Allowed { quoted, quoting, stamp } = scene.fay_quotes()?;
        let left = scene.ann.post(&format!("/api/v1/statuses/{quoted}/quotes/{quoting}/revoke"), &[])?;
        hold(left["quote"]["state"] == "revoked", || format!("{left}"))?;
        fedify.hears("Delete", "of the stamp", |delete| names(delete, "object", &stamp)).map(drop)
    });
    matrix.step("leave to quote taken back", In, || {
        let Allowed { quoting, stamp, .. } = scene.ann_quotes("accepted")?;
        fedify.does("unstamp", &json!({"as": scene.fay.name, "stamp": stamp, "of": scene.ann.uri}))?;
        scene.comes_to(&quoting, "revoked")
    });
    matrix.close(&format!("Dassie's log:\n{}\nFedify's errors: {}", house.log(), fedify.errors()));
}

/// A quote that says only what it quotes: a link stands in its place, and that the author was not asked. Ann follows fay.
pub(crate) fn shows_as_unasked(house: &House, fedify: &Fedify, ann: &Person, fay: &Resident) -> Outcome {
    let quoted = ann.posts("quote me", &[])?;
    let post = json!({"as": fay.name, "text": "see there", "visibility": "public", "quoteUrl": quoted["uri"]});
    let status = ann.sees_at_home(&text(&fedify.does("post", &post)?, "id"))?;
    let quote = &status["quote"];
    hold(quote["state"] == "pending" && quote["quoted_status"].is_null(), || format!("{status}"))?;
    let page = house.page(&ann.name, &format!("/@{}/{}", fay.handle, text(&status, "id")));
    let link = format!("href=\"/@{}/{}\"", ann.name, text(&quoted, "id"));
    let said = page.contains("its author was not asked, or has not agreed") && page.contains(&link);
    hold(said, || page)
}

/// A quote that was allowed.
struct Allowed {
    /// The ids of the statuses in the client API.
    quoted: String,
    quoting: String,
    /// The id of the QuoteAuthorization.
    stamp: String,
}

impl Scene<'_> {
    /// Fay asks to quote a status of ann's, posted with these fields; it, and the ids of Note and request.
    fn fay_asks(&self, fields: &[(&str, &str)]) -> Outcome<(Value, Value)> {
        let quoted = self.ann.posts("quote me", fields)?;
        let ask = json!({"as": self.fay.name, "object": quoted["uri"], "author": self.ann.uri});
        Ok((quoted, self.fedify.does("askToQuote", &ask)?))
    }

    /// Fay asks, is given a stamp that Fedify reads, and quotes with it.
    fn fay_quotes(&self) -> Outcome<Allowed> {
        let (quoted, asked) = self.fay_asks(&[])?;
        let (request, note) = (text(&asked, "request"), text(&asked, "id"));
        let accept = self.fedify.hears("Accept", &request, |accept| names(accept, "object", &request))?;
        let stamp = id_of(&accept["result"]).to_owned();
        let look = self.fedify.does("look", &json!({"id": stamp}))?;
        let document = &look["document"];
        let fits = names(document, "interactingObject", &note) && document["interactionTarget"] == quoted["uri"];
        hold(look["kind"] == "QuoteAuthorization" && fits, || format!("{stamp} is read as {look}"))?;
        self.fedify.does("sayQuote", &json!({"as": self.fay.name, "id": note, "stamp": stamp}))?;
        let quoting = text(&self.ann.sees_at_home(&note)?, "id");
        self.comes_to(&quoting, "accepted")?;
        let shown = self.ann.get(&format!("/api/v1/statuses/{quoting}"))?["quote"]["quoted_status"].clone();
        hold(shown["id"] == quoted["id"], || format!("{shown} in place of {quoted}"))?;
        Ok(Allowed { quoted: text(&quoted, "id"), quoting, stamp })
    }

    /// Ann quotes what fay said, who is asked and answers so that the quote is in this state; without a stamp if refused.
    fn ann_quotes(&self, state: &str) -> Outcome<Allowed> {
        let post = json!({"as": self.fay.name, "text": "quote me", "visibility": "public", "mayQuote": true});
        let note = text(&self.fedify.does("post", &post)?, "id");
        let quoted = text(&self.ann.sees_at_home(&note)?, "id");
        let status = self.ann.posts("as fay says", &[("quoted_status_id", &quoted)])?;
        hold(status["quote"]["state"] == "pending", || format!("{status}"))?;
        let request = self.fedify.hears("QuoteRequest", &note, |request| names(request, "object", &note))?;
        hold(names(&request, "instrument", &text(&status, "uri")), || format!("{request}"))?;
        let answer = json!({"as": self.fay.name, "request": request["id"], "accept": state == "accepted"});
        let stamp = text(&self.fedify.does("answerQuote", &answer)?, "stamp");
        let quoting = text(&status, "id");
        self.comes_to(&quoting, state)?;
        Ok(Allowed { quoted, quoting, stamp })
    }

    /// Waits until the quote in a status is in a state.
    fn comes_to(&self, quoting: &str, state: &str) -> Outcome {
        let path = format!("/api/v1/statuses/{quoting}");
        self.ann.reads(&path, state, |status| status["quote"]["state"] == state).map(drop)
    }
}

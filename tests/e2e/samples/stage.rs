//! What a row puts on other servers beside its document: notes that are there, authors who want to be asked, relays, the
//! account or note whose collection the document is.

use super::{
    expectations::{Deed, How, Row, Setup},
    lab::{AS, Lab, id_of, made_note},
};
use serde_json::{Value, json};

impl Lab {
    /// Serves all that, and what speaks of `document` if it is met as a part of something.
    pub(super) fn set_stage(&self, row: &Row, document: &Value) {
        let named =
            row.setup.iter().find_map(|word| if let Setup::Named(url) = word { Some(url.clone()) } else { None });
        let place = named.or_else(|| id_of(Some(document)));
        if let How::Profile(part) = row.how {
            self.make_actor_who_says(by(row), part.member(), json!(place));
        }
        for word in &row.setup {
            match word {
                Setup::There { uri, author } => self.serve_note(row, &made_note(uri, author)),
                Setup::Waits { deed, uri, author } => {
                    let mut note = made_note(uri, author);
                    note["interactionPolicy"] = policy(*deed);
                    self.serve_note(row, &note);
                }
                Setup::Alias => {
                    if let Some(target) = id_of(document.get("target")) {
                        self.make_actor_who_says(&target, "alsoKnownAs", json!([id_of(document.get("object"))]));
                    }
                }
                Setup::Joins(url) | Setup::Joined(url) => {
                    self.own_host_of(url);
                    if !url.ends_with("/inbox") {
                        self.make_actor(url, "Application", row);
                    }
                }
                _ => {}
            }
        }
        match row.how {
            How::Replies => {
                let (uri, author) = made(row);
                let mut note = made_note(uri, author);
                note["replies"] = json!(place);
                self.serve_note(row, &note);
            }
            How::Stamp => {
                let quoting = id_of(document.get("interactingObject")).expect("a stamp names what quotes");
                let mut note = made_note(&quoting, by(row));
                note["quote"] = document["interactionTarget"].clone();
                note["quoteAuthorization"] = json!(place);
                self.serve_note(row, &note);
            }
            _ => {}
        }
    }

    /// Serves a note, its author beside it.
    fn serve_note(&self, row: &Row, note: &Value) {
        self.own_host_of(note["id"].as_str().unwrap_or_default());
        self.make_actor(note["attributedTo"].as_str().unwrap_or_default(), "Person", row);
        self.serve(note, None);
    }
}

/// The policy of an author who wants to be asked. Of a quote everybody may ask, and the answer comes by itself.
fn policy(deed: Deed) -> Value {
    let everybody = json!([format!("{AS}#Public")]);
    let (member, rule) = match deed {
        Deed::Like => ("canLike", "manualApproval"),
        Deed::Answer => ("canReply", "manualApproval"),
        Deed::Quote => ("canQuote", "automaticApproval"),
    };
    json!({member: {rule: everybody}})
}

/// Whose the collection or the quote is.
pub(super) fn by(row: &Row) -> &str {
    let by = row.setup.iter().find_map(|word| if let Setup::By(uri) = word { Some(uri.as_str()) } else { None });
    by.unwrap_or_else(|| panic!("{}: it says `by` whom", row.file))
}

/// The note that was made, and its author.
pub(super) fn made(row: &Row) -> (&str, &str) {
    let made = row.setup.iter().find_map(|word| match word {
        Setup::Made { uri, author } => Some((uri.as_str(), author.as_str())),
        _ => None,
    });
    made.unwrap_or_else(|| panic!("{}: a note is `made`", row.file))
}

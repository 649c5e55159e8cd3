//! Statuses of which the most is JSON already: what looks the same to everybody who is signed in is written once, and only
//! what depends on the viewer is put between (client API, Status).

use super::{FilterResult, Status};
use serde::{Serialize, ser::Error as _};
use std::sync::Arc;

/// Where what the viewer did, and what is shared, stand in a status. No text can hold it: there each quote has a `\`
/// before it.
const GAP: &str = ",\"reblog\":null,";

/// A status as JSON, around what depends on the viewer.
#[derive(Debug)]
pub struct WrittenStatus {
    before: Box<str>,
    /// Without the brace at its end.
    after: Box<str>,
    /// That it is here because of a relay, if it is: the last field.
    dassie: Box<str>,
}

impl WrittenStatus {
    /// Writes `status`, which shares nothing, quotes nothing, and says nothing of a viewer.
    ///
    /// # Errors
    /// If it is not such a status, or JSON cannot hold it.
    pub fn new(status: &Status) -> Result<Self, serde_json::Error> {
        let apart = status.reblog.is_none() && status.quote.is_none();
        if !apart || status.favourited.is_some() || status.pinned.is_some() || status.filtered.is_some() {
            return Err(serde_json::Error::custom(
                "a status that depends on the viewer cannot be written for everybody",
            ));
        }
        let text = serde_json::to_string(status)?;
        let (before, after) =
            text.split_once(GAP).ok_or_else(|| serde_json::Error::custom("a status has no place for a reblog"))?;
        let dassie = match &status.dassie {
            Some(dassie) => format!(",\"dassie\":{}", serde_json::to_string(dassie)?),
            None => String::new(),
        };
        let after = after
            .strip_suffix('}')
            .and_then(|after| after.strip_suffix(dassie.as_str()))
            .ok_or_else(|| serde_json::Error::custom("a status does not end in what this server adds"))?;
        Ok(WrittenStatus { before: before.into(), after: after.into(), dassie: dassie.into() })
    }

    /// How many bytes it is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.before.len() + self.after.len() + self.dassie.len()
    }

    /// Never: a status has many fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As it stands at home, where nothing says that it is here because of a relay.
    fn at_home(self: Arc<Self>) -> Arc<Self> {
        if self.dassie.is_empty() {
            return self;
        }
        Arc::new(WrittenStatus { before: self.before.clone(), after: self.after.clone(), dassie: Box::default() })
    }

    fn write(&self, out: &mut Vec<u8>, marks: &[u8], shared: Option<&WrittenStatus>) {
        out.extend_from_slice(self.before.as_bytes());
        out.push(b',');
        out.extend_from_slice(marks);
        out.extend_from_slice(b",\"reblog\":");
        match shared {
            Some(shared) => shared.write(out, marks, None),
            None => out.extend_from_slice(b"null"),
        }
        out.push(b',');
        out.extend_from_slice(self.after.as_bytes());
        out.extend_from_slice(self.dassie.as_bytes());
        out.push(b'}');
    }
}

/// What of a status by another depends on the viewer.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the field names of the client API, Status")]
pub struct StatusMarks {
    pub favourited: bool,
    pub reblogged: bool,
    pub muted: bool,
    pub bookmarked: bool,
    pub filtered: Vec<FilterResult>,
}

impl StatusMarks {
    /// The fields without the braces around them.
    fn fields(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec(self)?;
        text.pop();
        text.remove(0);
        Ok(text)
    }
}

/// A status of a page.
#[derive(Debug)]
pub enum ShownStatus {
    /// Drawn for this viewer.
    Drawn(Box<Status>),
    /// Written before.
    Written {
        /// The status.
        status: Arc<WrittenStatus>,
        /// What it shares.
        shared: Option<Arc<WrittenStatus>>,
        /// The viewer's marks, the same on both.
        marks: StatusMarks,
    },
}

impl ShownStatus {
    /// As it stands at home, where nothing says that it is here because of a relay.
    #[must_use]
    pub fn at_home(self) -> Self {
        match self {
            ShownStatus::Drawn(status) => ShownStatus::Drawn(Box::new(status.at_home())),
            ShownStatus::Written { status, shared, marks } => {
                ShownStatus::Written { status: status.at_home(), shared: shared.map(WrittenStatus::at_home), marks }
            }
        }
    }
}

/// A page as JSON that is expected to take about `bytes`.
///
/// # Errors
/// For an entity that JSON cannot hold.
pub fn write_page(page: &[ShownStatus], bytes: usize) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(bytes);
    out.push(b'[');
    for (at, status) in page.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match status {
            ShownStatus::Drawn(status) => serde_json::to_writer(&mut out, status)?,
            ShownStatus::Written { status, shared, marks } => {
                status.write(&mut out, &marks.fields()?, shared.as_deref());
            }
        }
    }
    out.push(b']');
    Ok(out)
}

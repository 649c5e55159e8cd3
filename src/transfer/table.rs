//! Tables as Mastodon has them (its `ExportService` and `Form::Import`): which columns each kind has, with or without a
//! line that names them.

use crate::{
    error::{Error, Result},
    limits,
};
use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};
use storage::import::{ImportKind, ImportRow};

const ADDRESS: &str = "Account address";
const REBLOGS: &str = "Show boosts";
const NOTIFY: &str = "Notify on new posts";
const LANGUAGES: &str = "Languages";
const HIDE: &str = "Hide notifications";
const DOMAIN: &str = "#domain";
const URI: &str = "#uri";
const LIST: &str = "List name";
const TAG: &str = "Hashtag";

/// The columns of a kind, in the order they have where no line names them.
fn columns(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Following => &[ADDRESS, REBLOGS, NOTIFY, LANGUAGES],
        ImportKind::Blocks => &[ADDRESS],
        ImportKind::Mutes => &[ADDRESS, HIDE],
        ImportKind::Domains => &[DOMAIN],
        ImportKind::Bookmarks => &[URI],
        ImportKind::Lists => &[LIST, ADDRESS],
        ImportKind::Tags => &[TAG],
    }
}

/// The column that says whom or what a row is about.
fn subject(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Domains => DOMAIN,
        ImportKind::Bookmarks => URI,
        ImportKind::Tags => TAG,
        _ => ADDRESS,
    }
}

/// The line that names the columns; the kinds that have one elsewhere have one here.
pub(super) fn head(kind: ImportKind) -> Option<&'static [&'static str]> {
    matches!(kind, ImportKind::Following | ImportKind::Mutes | ImportKind::Tags).then(|| columns(kind))
}

/// One line of a table.
///
/// # Errors
/// `Bug` only.
pub(super) fn line<T: AsRef<[u8]>>(fields: &[T]) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let written = writer.write_record(fields).map_err(|error| error.to_string());
    let bytes = written.and_then(|()| writer.into_inner().map_err(|error| error.to_string()));
    bytes.map_err(|error| Error::Bug(format!("a line of a table: {error}")))
}

/// Reads a table of at most `limits::IMPORT_BYTES`, with at most `limits::IMPORT_ROWS` rows. Lines without a subject are
/// passed over.
///
/// # Errors
/// `Invalid` beyond the bounds, for what is no table of text, and for one without any row.
pub fn read(kind: ImportKind, bytes: &[u8]) -> Result<Vec<ImportRow>> {
    let refuse = |why: String| Error::invalid("file", why);
    if bytes.len() > limits::IMPORT_BYTES {
        return Err(refuse(format!("file has {} bytes; at most {}", bytes.len(), limits::IMPORT_BYTES)));
    }
    // A mark of the order of bytes, which spreadsheets write.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(bytes);
    let mut named: Vec<&str> = columns(kind).to_vec();
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|_| refuse(format!("file is no table of text; see its line {}", at + 1)))?;
        if at == 0
            && let Some(head) = names(kind, &record)
        {
            named = head;
            if !named.contains(&subject(kind)) {
                return Err(refuse(format!("file has no column {:?}", subject(kind))));
            }
            continue;
        }
        let row = row(kind, &named, &record);
        if row.subject.is_empty() {
            continue;
        }
        if rows.len() == limits::IMPORT_ROWS {
            return Err(refuse(format!("file has more than {} rows", limits::IMPORT_ROWS)));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(refuse("file has no rows".to_owned()));
    }
    Ok(rows)
}

/// The columns that a first line names, if it names any; what is not known stays empty. A list may be called as a column is:
/// in a table of lists the line has to name that of the members.
fn names(kind: ImportKind, record: &StringRecord) -> Option<Vec<&'static str>> {
    const ALL: [&str; 9] = [ADDRESS, REBLOGS, NOTIFY, LANGUAGES, HIDE, DOMAIN, URI, LIST, TAG];
    let known = |text: &str| ALL.into_iter().find(|name| name.eq_ignore_ascii_case(text)).unwrap_or_default();
    let named: Vec<&str> = record.iter().map(known).collect();
    let counts = |name: &&str| if kind == ImportKind::Lists { *name == ADDRESS } else { !name.is_empty() };
    named.iter().any(counts).then_some(named)
}

fn row(kind: ImportKind, named: &[&str], record: &StringRecord) -> ImportRow {
    let of = |name: &str| {
        let at = named.iter().position(|known| *known == name)?;
        record.get(at).map(bounded).filter(|text| !text.is_empty())
    };
    ImportRow {
        subject: of(subject(kind)).unwrap_or_default(),
        list: if kind == ImportKind::Lists { of(LIST).unwrap_or_default() } else { String::new() },
        reblogs: of(REBLOGS).and_then(|text| truth(&text)),
        notify: of(NOTIFY).and_then(|text| truth(&text)),
        languages: of(LANGUAGES).map(|text| {
            let tags = text.split(',').map(str::trim).filter(|tag| !tag.is_empty());
            tags.take(limits::IMPORT_LANGUAGES).map(str::to_owned).collect()
        }),
        notifications: of(HIDE).and_then(|text| truth(&text)),
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "t" | "yes" => Some(true),
        "false" | "0" | "f" | "no" => Some(false),
        _ => None,
    }
}

/// A field; of one that is longer than any name or address, its beginning with a mark that none has.
fn bounded(text: &str) -> String {
    if text.len() <= limits::IMPORT_FIELD_BYTES {
        return text.to_owned();
    }
    let start: String = text.chars().take(60).collect();
    format!("{start}…")
}

//! Reading lists of domains to block: tables as Mastodon writes and reads them (its `domain_blocks.csv`, which is also the
//! form of the lists of Oliphant, Fediseer and IFTAS), with or without `#` in the names of their columns; a domain a line;
//! and JSON as Mastodon's API and GoToSocial write it.

use crate::{
    account::handle::normalise_domain,
    error::{Error, Result},
    limits,
    registrable::is_ending,
};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::Deserialize;
use std::collections::BTreeMap;
use storage::{block_list::ListedDomain, moderation::Severity};

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its domains, each once, by name.
    pub rows: Vec<ListedDomain>,
    /// Lines that name no domain, hide its name behind stars, name an ending such as `com`, or a severity nobody knows.
    pub unread: u32,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Domain,
    Severity,
    RejectMedia,
    RejectReports,
    Comment,
    Obfuscate,
    Other,
}

/// The columns of a table whose first line names none: what scripts write by hand.
const UNNAMED: [Column; 2] = [Column::Domain, Column::Severity];

/// Reads a list of at most `limits::BLOCK_LIST_ROWS` domains. What says nothing of a severity suspends, as Mastodon has it.
/// A domain that stands twice gets the harder severity.
///
/// # Errors
/// `Invalid` beyond the bound, for what is no list, and for one without any domain that can be read.
pub fn read(bytes: &[u8]) -> Result<Table> {
    // A mark of the order of bytes, which spreadsheets write.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut taken = Taken::default();
    if bytes.trim_ascii_start().starts_with(b"[") {
        json(bytes, &mut taken)?;
    } else {
        lines(bytes, &mut taken)?;
    }
    if taken.rows.is_empty() {
        let why = match taken.unread {
            0 => "the list names no domain".to_owned(),
            unread => format!("the list names no domain that can be read; {unread} lines cannot"),
        };
        return Err(Error::invalid("block_list", why));
    }
    Ok(Table { rows: taken.rows.into_values().collect(), unread: taken.unread })
}

/// What was read so far.
#[derive(Default)]
struct Taken {
    rows: BTreeMap<String, ListedDomain>,
    unread: u32,
}

/// A line before it is looked at.
#[derive(Debug, Default)]
struct Line<'a> {
    domain: &'a str,
    severity: &'a str,
    reject_media: bool,
    reject_reports: bool,
    obfuscate: bool,
    comment: &'a str,
}

impl Taken {
    fn take(&mut self, line: &Line<'_>) -> Result<()> {
        let (Some(domain), Some(severity)) = (domain(line.domain), severity(line.severity)) else {
            self.unread = self.unread.saturating_add(1);
            return Ok(());
        };
        if self.rows.len() == limits::BLOCK_LIST_ROWS && !self.rows.contains_key(&domain) {
            let why = format!("the list names more than {} domains", limits::BLOCK_LIST_ROWS);
            return Err(Error::invalid("block_list", why));
        }
        let row = ListedDomain {
            domain: domain.clone(),
            severity,
            reject_media: line.reject_media,
            reject_reports: line.reject_reports,
            obfuscate: line.obfuscate,
            public_comment: line.comment.chars().take(limits::BLOCK_LIST_COMMENT_CHARS).collect(),
        };
        let known = self.rows.get(&domain).is_some_and(|known| known.severity as u8 >= severity as u8);
        if !known {
            self.rows.insert(domain, row);
        }
        Ok(())
    }
}

/// A domain as blocks have it. A block covers all below its domain, so that `*.` in front says nothing more.
fn domain(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("*.");
    let text = text.strip_prefix("https://").or(text.strip_prefix("http://")).unwrap_or(text).trim_end_matches('/');
    let name = normalise_domain(text)?;
    let host = name.split(':').next().unwrap_or_default();
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    (plain && !is_ending(host)).then_some(name)
}

fn severity(text: &str) -> Option<Severity> {
    match text.to_ascii_lowercase().as_str() {
        "" | "suspend" | "block" => Some(Severity::Suspend),
        "silence" | "limit" => Some(Severity::Silence),
        "noop" | "none" => Some(Severity::Noop),
        _ => None,
    }
}

fn truth(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "t" | "yes")
}

fn lines(bytes: &[u8], taken: &mut Taken) -> Result<()> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).trim(Trim::All).from_reader(bytes);
    let mut columns: Vec<Column> = UNNAMED.to_vec();
    let mut named = false;
    for (at, record) in reader.records().enumerate() {
        let refuse = |_| Error::invalid("block_list", format!("the list is no table of text; see its line {}", at + 1));
        let record = record.map_err(refuse)?;
        if !named
            && taken.rows.is_empty()
            && let Some(head) = head(&record)
        {
            (columns, named) = (head, true);
            continue;
        }
        let first = record.get(0).unwrap_or_default();
        // What people write above a list.
        if record.iter().all(str::is_empty) || first.starts_with('#') {
            continue;
        }
        let of = |wanted: Column| {
            let at = columns.iter().position(|column| *column == wanted);
            at.and_then(|at| record.get(at)).unwrap_or_default()
        };
        let said = of(Column::Severity);
        taken.take(&Line {
            domain: of(Column::Domain),
            // Without names what stands there may be anything.
            severity: if named || severity(said).is_some() { said } else { "" },
            reject_media: truth(of(Column::RejectMedia)),
            reject_reports: truth(of(Column::RejectReports)),
            obfuscate: truth(of(Column::Obfuscate)),
            comment: of(Column::Comment),
        })?;
    }
    Ok(())
}

/// The columns that a line names; `None` if it names no domain.
fn head(record: &StringRecord) -> Option<Vec<Column>> {
    let columns: Vec<_> = record.iter().map(|name| column(name.trim_start_matches('#').trim())).collect();
    columns.contains(&Column::Domain).then_some(columns)
}

fn column(name: &str) -> Column {
    match name.to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
        "domain" | "domains" | "instance" | "host" | "hostname" => Column::Domain,
        "severity" => Column::Severity,
        "reject_media" => Column::RejectMedia,
        "reject_reports" => Column::RejectReports,
        "public_comment" | "comment" | "reason" | "reasons" => Column::Comment,
        "obfuscate" => Column::Obfuscate,
        _ => Column::Other,
    }
}

/// An element of a list as Mastodon's `GET /api/v1/instance/domain_blocks` has it, or GoToSocial's export.
#[derive(Deserialize)]
struct Element {
    domain: String,
    severity: Option<String>,
    comment: Option<String>,
    public_comment: Option<String>,
    reject_media: Option<bool>,
    reject_reports: Option<bool>,
    obfuscate: Option<bool>,
}

fn json(bytes: &[u8], taken: &mut Taken) -> Result<()> {
    let refuse = |error: serde_json::Error| {
        Error::invalid("block_list", format!("the list is no JSON of blocked domains; see its line {}", error.line()))
    };
    let elements: Vec<Element> = serde_json::from_slice(bytes).map_err(refuse)?;
    for element in &elements {
        taken.take(&Line {
            domain: &element.domain,
            severity: element.severity.as_deref().unwrap_or_default(),
            reject_media: element.reject_media.unwrap_or(false),
            reject_reports: element.reject_reports.unwrap_or(false),
            obfuscate: element.obfuscate.unwrap_or(false),
            comment: element.public_comment.as_deref().or(element.comment.as_deref()).unwrap_or_default(),
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<(String, Severity)> {
        let table = read(text.as_bytes()).expect("a list");
        table.rows.into_iter().map(|row| (row.domain, row.severity)).collect()
    }

    #[test]
    fn every_form_that_is_passed_around_is_read() {
        let (bad, dull) = (("bad.test".to_owned(), Severity::Suspend), ("dull.test".to_owned(), Severity::Silence));
        for text in [
            // Mastodon, and IFTAS.
            "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
             bad.test,suspend,FALSE,FALSE,\"hate, and more\",FALSE\ndull.test,silence,TRUE,FALSE,,FALSE\n",
            // Oliphant.
            "\u{feff}domain,severity,public_comment,reject_media,reject_reports,obfuscate\r\n\
             Bad.Test,suspend,hate,False,False,False\r\ndull.test,silence,,False,False,False\r\n",
            // Fediseer.
            "# from fediseer\n#domain,#severity,#public_comment\n*.bad.test,suspend,hate\ndull.test,limit,\n",
            // By hand, without names.
            "https://bad.test/\ndull.test,silence,boring\n",
            // Mastodon's API.
            r#"[{"domain":"bad.test","digest":"00","severity":"suspend","comment":"hate"},
                {"domain":"dull.test","digest":"01","severity":"silence","comment":null}]"#,
        ] {
            assert_eq!(names(text), [bad.clone(), dull.clone()], "{text}");
        }
        // GoToSocial, and names alone: both suspend.
        for text in ["# mine\nbad.test\n\nworse.test\n", r#" [{"domain":"bad.test"},{"domain":"worse.test"}]"#] {
            assert_eq!(names(text), [bad.clone(), ("worse.test".to_owned(), Severity::Suspend)], "{text}");
        }
        let table = read(
            b"#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\na.test,noop,1,yes,x,t\n",
        );
        let row = &table.expect("a list").rows[0];
        assert!(row.reject_media && row.reject_reports && row.obfuscate && row.public_comment == "x");
    }

    #[test]
    fn what_names_no_domain_is_counted_and_what_stands_twice_is_the_harder() {
        let text = "domain,severity\nb*d.test,suspend\ncom\nco.uk\n192.0.2.1\nfine.test,perhaps\na b\n\
                    x.test,silence\nx.test,suspend\nx.test,noop\n";
        let table = read(text.as_bytes()).expect("a list");
        assert_eq!((table.rows.len(), table.unread), (1, 6));
        assert_eq!(table.rows[0].severity, Severity::Suspend);
    }

    #[test]
    fn what_is_no_list_is_refused_and_the_bound_holds() {
        let refused = |bytes: &[u8]| match read(bytes) {
            Err(Error::Invalid { why, .. }) => why,
            other => panic!("{other:?}"),
        };
        assert!(refused(b"").contains("names no domain"));
        assert!(refused(b"#domain\nb*d\n").contains("1 lines cannot"));
        assert!(refused(b"\xff\xfe\x00").contains("line 1"));
        assert!(refused(b"[{\"domain\":1}]").contains("JSON"));
        let many = |count: usize| (0..count).map(|number| format!("d{number}.test\n")).collect::<String>();
        let most = limits::BLOCK_LIST_ROWS;
        assert_eq!(read(many(most).as_bytes()).expect("within the bound").rows.len(), most);
        assert!(refused(many(most + 1).as_bytes()).contains("more than 10000"));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_a_domain(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(table) = read(&bytes) {
                for row in table.rows {
                    prop_assert_eq!(normalise_domain(&row.domain), Some(row.domain));
                }
            }
        }
    }
}

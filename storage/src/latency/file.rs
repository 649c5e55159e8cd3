//! The file `LATENCY`: the hours, so that what is normal survives a restart. Losing it costs a day of learning.

use super::{
    histogram::Histogram,
    history::{History, Hour, HourNumber},
    purpose::{ByPurpose, Purpose},
};
use crate::{
    checksum::checksum,
    limits,
    vfs::{self, Vfs},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io, path::Path};

/// The file's name in the store's directory.
pub const FILE: &str = "LATENCY";
/// What it begins with; the last byte is the version.
const MAGIC: &[u8; 8] = b"DASLAT\0\x01";
/// Bytes of the checksum at its end.
const SUM: usize = 4;

/// An hour as it lies in the file.
#[derive(Serialize, Deserialize)]
struct StoredHour {
    number: i64,
    syncs: Vec<(u8, u32)>,
    reads: Vec<(u8, u32)>,
    free_bytes: Option<u64>,
}

/// The syncs of an hour by what they were for, behind all hours: programs that do not know them pass over what follows. An
/// hour of which nothing is known has none.
#[derive(Serialize, Deserialize)]
struct StoredPurposes {
    number: i64,
    syncs: Vec<(u8, Vec<(u8, u32)>)>,
}

/// Reads the file of a store's directory. One that is absent, damaged or from a newer program is an empty history,
/// the latter two with a line in the log; it may say anything and is bounded.
pub fn read(vfs: &dyn Vfs, dir: &Path) -> History {
    match vfs::read_small(vfs, &dir.join(FILE), limits::LATENCY_FILE_BYTES_MAX) {
        Ok(None) => History::default(),
        Ok(Some(bytes)) => decode(&bytes).unwrap_or_else(|| {
            tracing::warn!("{FILE} is damaged: what is normal for this disk is learned anew");
            History::default()
        }),
        Err(error) => {
            tracing::warn!(%error, "{FILE} cannot be read: what is normal for this disk is learned anew");
            History::default()
        }
    }
}

/// What is wrong with the file of a store's directory; `None`: nothing is, or there is none.
///
/// # Errors
/// As the system says.
pub fn damage(vfs: &dyn Vfs, dir: &Path) -> io::Result<Option<String>> {
    let read = vfs::read_small(vfs, &dir.join(FILE), limits::LATENCY_FILE_BYTES_MAX);
    match read {
        Ok(Some(bytes)) if decode(&bytes).is_none() => {
            Ok(Some("it cannot be read as a history of the disk".to_owned()))
        }
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Replaces the file; a power cut leaves the old or the new one.
///
/// # Errors
/// As the system says.
pub fn write(vfs: &dyn Vfs, dir: &Path, history: &History) -> io::Result<()> {
    vfs::replace_small(vfs, &dir.join(FILE), &encode(history))
}

fn encode(history: &History) -> Vec<u8> {
    let stored = |hour: &Hour| StoredHour {
        number: hour.number.0,
        syncs: hour.syncs.to_pairs(),
        reads: hour.reads.to_pairs(),
        free_bytes: hour.free_bytes,
    };
    let hours: Vec<StoredHour> = history.hours().map(stored).collect();
    let mut bytes =
        postcard::to_extend(&hours, MAGIC.to_vec()).expect("postcard writes to memory, which cannot fail for numbers");
    let purposes: Vec<StoredPurposes> = history.hours().filter_map(purposes_of).collect();
    bytes = postcard::to_extend(&purposes, bytes).expect("postcard writes to memory, which cannot fail for numbers");
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn purposes_of(hour: &Hour) -> Option<StoredPurposes> {
    let syncs = hour.by_purpose.all().map(|(purpose, took)| (purpose.number(), took.to_pairs())).collect();
    (!hour.by_purpose.is_empty()).then_some(StoredPurposes { number: hour.number.0, syncs })
}

fn decode(bytes: &[u8]) -> Option<History> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    if checksum(body).to_le_bytes() != sum {
        return None;
    }
    let body = body.strip_prefix(MAGIC)?;
    require_hours(body)?;
    let (hours, rest) = postcard::take_from_bytes::<Vec<StoredHour>>(body).ok()?;
    let mut purposes = decode_purposes(rest)?;
    let mut history = History::default();
    for hour in hours {
        history.push(Hour {
            number: HourNumber(hour.number),
            syncs: Histogram::from_pairs(&hour.syncs)?,
            by_purpose: purposes.remove(&hour.number).unwrap_or_default(),
            reads: Histogram::from_pairs(&hour.reads)?,
            free_bytes: hour.free_bytes,
        });
    }
    Some(history)
}

/// What follows the hours: nothing in a file of an older program. What a newer one syncs for is passed over.
fn decode_purposes(bytes: &[u8]) -> Option<BTreeMap<i64, ByPurpose>> {
    let mut purposes = BTreeMap::new();
    if bytes.is_empty() {
        return Some(purposes);
    }
    require_hours(bytes)?;
    let (stored, _) = postcard::take_from_bytes::<Vec<StoredPurposes>>(bytes).ok()?;
    for StoredPurposes { number, syncs } in stored {
        let of_hour: &mut ByPurpose = purposes.entry(number).or_default();
        for (purpose, pairs) in syncs {
            if let Some(purpose) = Purpose::of(purpose) {
                of_hour.add(purpose, &Histogram::from_pairs(&pairs)?);
            }
        }
    }
    Some(purposes)
}

/// Whether the list that begins here has no more entries than hours are kept: known before any is read.
fn require_hours(list: &[u8]) -> Option<()> {
    let (count, _) = postcard::take_from_bytes::<usize>(list).ok()?;
    (count <= limits::HOURS_KEPT).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::SimulatedDisk;
    use std::time::Duration;

    fn month() -> History {
        let mut history = History::default();
        for number in 0..720 {
            let mut hour = Hour::new(HourNumber(490_000 + number));
            for us in [40, 13_000, 14_000, 90_000, 412_000] {
                hour.syncs.add(Duration::from_micros(us));
                hour.reads.add(Duration::from_micros(us / 10));
            }
            hour.free_bytes = Some(1_000_000_000 - u64::try_from(number).expect("positive"));
            history.push(hour);
        }
        history
    }

    #[test]
    fn a_month_survives_and_says_the_same() {
        let (disk, dir) = (SimulatedDisk::new(), Path::new("/store"));
        assert_eq!(read(&disk, dir), History::default());
        write(&disk, dir, &month()).expect("written");
        let now = HourNumber(490_720);
        let back = read(&disk, dir);
        assert_eq!(back.hours().len(), 720);
        assert_eq!(back.normal(now), month().normal(now));
        assert_eq!(back.growth(now, 1), month().growth(now, 1));
        let bytes = disk.contents(&dir.join(FILE)).expect("there");
        assert!(bytes.len() < 64 * 1024, "a month takes {} bytes", bytes.len());
        // Every bucket of every hour in use still fits.
        const {
            assert!(720 * (10 + 10 + 2 * (2 + 92 * 6) + 11 + 9 * (3 + 92 * 6)) < limits::LATENCY_FILE_BYTES_MAX);
        };
    }

    #[test]
    fn files_with_and_without_purposes_are_read_by_programs_of_both_kinds() {
        let mut history = month();
        let mut hour = Hour::new(HourNumber(490_719));
        let mut took = Histogram::default();
        took.add(Duration::from_millis(80));
        hour.by_purpose.add(Purpose::Tables, &took);
        history.push(hour);
        let whole = encode(&history);
        let back = decode(&whole).expect("a history");
        let last = back.hours().last().expect("there");
        let told: Vec<_> = last.by_purpose.all().map(|(purpose, took)| (purpose, took.count())).collect();
        assert_eq!(told, [(Purpose::Tables, 1)]);
        assert!(back.hours().take(719).all(|hour| hour.by_purpose.is_empty()));
        // What older programs read of it, and what they wrote.
        let body = whole[..whole.len() - SUM].strip_prefix(MAGIC).expect("the same version");
        let hours: Vec<StoredHour> = postcard::from_bytes(body).expect("the rest is passed over");
        assert_eq!(hours.len(), 720);
        let sealed = |mut bytes: Vec<u8>| {
            let sum = checksum(&bytes);
            bytes.extend_from_slice(&sum.to_le_bytes());
            decode(&bytes)
        };
        let older = sealed(postcard::to_extend(&hours, MAGIC.to_vec()).expect("written")).expect("a history");
        assert_eq!(older.normal(HourNumber(490_720)), history.normal(HourNumber(490_720)));
        assert!(older.hours().all(|hour| hour.by_purpose.is_empty()));
        // A purpose of a newer program; one whose bucket is none.
        let newer = [MAGIC.as_slice(), &[1, 0, 0, 0, 0], &[1, 0, 1, 99, 1, 5, 1]].concat();
        assert!(sealed(newer).is_some_and(|history| history.hours().all(|hour| hour.by_purpose.is_empty())));
        let none = [MAGIC.as_slice(), &[1, 0, 0, 0, 0], &[1, 0, 1, 2, 1, 200, 1]].concat();
        assert_eq!(sealed(none), None);
    }

    #[test]
    fn a_damaged_file_is_an_empty_history() {
        let whole = encode(&month());
        for at in (0..whole.len()).step_by(97) {
            let mut rotten = whole.clone();
            rotten[at] ^= 0x40;
            assert_eq!(decode(&rotten), None, "byte {at}");
            assert_eq!(decode(&whole[..at]), None, "cut at {at}");
        }
        // Rightly summed and still no history: a bucket that is none, too many hours, a newer version.
        let sealed = |mut bytes: Vec<u8>| {
            let sum = checksum(&bytes);
            bytes.extend_from_slice(&sum.to_le_bytes());
            decode(&bytes)
        };
        assert_eq!(sealed(MAGIC.to_vec()), None);
        assert_eq!(sealed([MAGIC.as_slice(), &[1, 0, 1, 200, 1, 0, 0]].concat()), None);
        assert_eq!(sealed([MAGIC.as_slice(), &[0xff; 9]].concat()), None);
        assert!(sealed([MAGIC.as_slice(), &[0]].concat()).is_some(), "no hours at all are a history");
        assert_eq!(sealed(b"DASLAT\0\x02\0".to_vec()), None);
    }
}

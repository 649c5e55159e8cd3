//! Time zones: what the clock shows where somebody is, and which moment they mean by what they type. The rules of all
//! zones are in the program (IANA time zone database); the system's are not asked.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{self, TimeZone},
};
use std::sync::LazyLock;

/// Bytes of a name that may be one of a zone; the longest has 32.
const NAME_BYTES_MAX: usize = 48;
/// Where in the world the zones of people are; what the database has beside them are old spellings and fixed offsets.
const REGIONS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What calendar and clock show at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Four digits.
    pub year: i16,
    /// From 1.
    pub month: i8,
    /// From 1.
    pub day: i8,
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// What people there call the time: `CET`, `UTC+05`.
    pub called: String,
}

impl Default for Zone {
    fn default() -> Self {
        Zone(TimeZone::UTC)
    }
}

impl Zone {
    /// Universal time, for whoever has not said where they are.
    pub const UTC: &'static Zone = &Zone(TimeZone::UTC);

    /// The zone of this name (`Europe/Berlin`), in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+');
        if name.is_empty() || name.len() > NAME_BYTES_MAX || !name.bytes().all(plain) {
            return None;
        }
        TimeZone::get(name).ok().map(Zone)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The names that are offered, sorted: those of places, and `UTC`.
    #[must_use]
    pub fn names() -> &'static [String] {
        static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
            let known = tz::db().available().map(|name| name.as_str().to_owned());
            let placed = |name: &String| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
            let mut names: Vec<String> = known.filter(placed).collect();
            names.sort_unstable();
            names.push("UTC".to_owned());
            names
        });
        &NAMES
    }

    /// What is shown there at a time of an entity (`2026-11-03T21:47:28.000Z`); `None` if it is no such time.
    #[must_use]
    pub fn shows(&self, iso: &str) -> Option<Shown> {
        let moment: Timestamp = iso.parse().ok()?;
        let (there, about) = (self.0.to_datetime(moment), self.0.to_offset_info(moment));
        let short = about.abbreviation();
        let called = if short.starts_with(['+', '-']) { format!("UTC{short}") } else { short.to_owned() };
        let (year, month, day) = (there.year(), there.month(), there.day());
        Some(Shown { year, month, day, hour: there.hour(), minute: there.minute(), called })
    }

    /// The moment that somebody there means by what they typed into a field for date and time (HTML §2.3.5), in
    /// milliseconds since 1970. Of an hour that comes twice it is the first; one that is left out is taken as the next.
    #[must_use]
    pub fn means(&self, typed: &str) -> Option<i64> {
        let there: DateTime = typed.trim().parse().ok()?;
        Some(self.0.to_timestamp(there).ok()?.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::named("Europe/Berlin").expect("the database is in the program")
    }

    #[test]
    fn clocks_show_summer_and_winter_where_people_are() {
        let shown = |zone: &Zone, iso: &str| {
            let shown = zone.shows(iso).expect("a time");
            format!("{}-{}-{} {}:{:02} {}", shown.year, shown.month, shown.day, shown.hour, shown.minute, shown.called)
        };
        assert_eq!(shown(&berlin(), "2026-07-01T23:30:00.000Z"), "2026-7-2 1:30 CEST");
        assert_eq!(shown(&berlin(), "2026-12-31T23:30:00.000Z"), "2027-1-1 0:30 CET");
        assert_eq!(shown(Zone::UTC, "2026-11-03T21:47:28.000Z"), "2026-11-3 21:47 UTC");
        let nepal = Zone::named("asia/kathmandu").expect("in any case");
        assert_eq!(shown(&nepal, "2026-11-03T21:47:28.000Z"), "2026-11-4 3:32 UTC+0545");
        for odd in ["", "2026-11-03", "<b>", "2026-13-01T00:00:00Z"] {
            assert_eq!(berlin().shows(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_typed_is_meant_where_it_is_typed() {
        let utc = |text: &str| Zone::UTC.means(text).expect("a time");
        assert_eq!(berlin().means("2026-07-01T12:00"), Some(utc("2026-07-01T10:00")));
        assert_eq!(berlin().means("2026-12-01T12:00:30"), Some(utc("2026-12-01T11:00:30")));
        // The hour that comes twice, and the one that is left out.
        assert_eq!(berlin().means("2026-10-25T02:30"), Some(utc("2026-10-25T00:30")));
        assert_eq!(berlin().means("2026-03-29T02:30"), Some(utc("2026-03-29T01:30")));
        for odd in ["", "tomorrow", "2026-02-30T10:00", "-9999-01-01T00:00x"] {
            assert_eq!(berlin().means(odd), None, "{odd}");
        }
    }

    #[test]
    fn names_are_those_of_places_and_nothing_else_is_one() {
        let names = Zone::names();
        assert!(names.len() > 300 && names.windows(2).take(names.len() - 2).all(|two| two[0] < two[1]));
        for name in names {
            assert_eq!(Zone::named(name).as_ref().map(Zone::name), Some(name.as_str()));
        }
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for odd in ["", "../../etc/passwd", "Europe/Atlantis", "Europe Berlin", &long, "%00"] {
            assert_eq!(Zone::named(odd), None, "{odd}");
        }
    }
}

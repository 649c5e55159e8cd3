//! What a look at the name of a server found, in the language of whoever looks at the page: the look speaks English, as
//! commands print it, and is known here by its words.

use super::{
    Words,
    refusals::{NAMES, parts},
};
use std::borrow::Cow;

/// What was found, and the message for it, as the refusals have it. The first that fits counts.
const FINDINGS: [(&str, &str); 14] = [
    ("* leads to *, which nobody outside your house can reach", "finding-name-inside"),
    ("* leads to *", "finding-name"),
    (
        "* leads nowhere yet (*): where you got the name, set its A record (and AAAA, if you have IPv6) to the address of \
         this machine or of your router",
        "finding-name-nowhere",
    ),
    ("nobody answered within 5 s where * leads", "finding-name-silent"),
    ("port # is free", "finding-port"),
    ("cannot listen on *: *", "finding-listen"),
    ("* is answered by this server", "finding-reached"),
    (
        "* is answered by another server (status #): have the proxy pass everything on to this one, with the Host header \
         as it came",
        "finding-reached-other",
    ),
    (
        "* cannot be reached from here (*). Many routers do not lead home what comes from within: try * with a phone that \
         is not in your network",
        "finding-reached-not",
    ),
    ("the certificate authority cannot be reached: *", "finding-authority"),
    ("the certificate authority does not say what time it is", "finding-authority-time"),
    ("the clock of this machine is * s off: have it set by the network (NTP)", "finding-clock-off"),
    ("the clock is right", "finding-clock"),
    ("the certificate is here", "finding-certificate"),
];

impl Words {
    /// What was found, as the page says it; a sentence that is not known stays as it is.
    #[must_use]
    pub fn finding(self, found: &str) -> Cow<'_, str> {
        let known = FINDINGS.iter().find_map(|(pattern, key)| Some((*key, parts(pattern, found)?)));
        let Some((key, parts)) = known else { return Cow::Borrowed(found) };
        let texts: Vec<_> = NAMES.into_iter().zip(parts).collect();
        self.with(key, &texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    #[test]
    fn findings_are_said_in_the_language_of_the_page_and_others_stay_as_they_are() {
        let german = Words::in_language("de").expect("a catalogue");
        for (found, said) in [
            ("a.test leads to 192.0.2.1, 192.0.2.2", "a.test führt zu 192.0.2.1, 192.0.2.2."),
            (
                "a.test leads to 10.0.0.1, which nobody outside your house can reach",
                "a.test führt zu 10.0.0.1, was außerhalb deines Hauses niemand erreicht.",
            ),
            ("port 443 is free", "Port 443 ist frei."),
            (
                "the clock of this machine is -90 s off: have it set by the network (NTP)",
                "Die Uhr dieses Rechners geht um -90 Sekunden falsch: Lass sie vom Netz stellen (NTP).",
            ),
            ("something else", "something else"),
        ] {
            assert_eq!(german.finding(found), said);
        }
    }

    #[test]
    fn every_finding_here_is_one_that_a_look_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
        let files = ["operate/doctor.rs", "operate/naming.rs", "http/listen.rs"];
        let text: String = files.map(|file| fs::read_to_string(root.join(file)).expect("a text")).concat();
        // A string that goes on in the next line is one.
        let lines: Vec<_> = text.split("\\\n").map(str::trim_start).collect();
        let sources = lines.concat();
        for (pattern, _) in FINDINGS {
            for part in pattern.split(['#', '*']) {
                assert!(sources.contains(part), "nothing says {part:?} of {pattern:?}");
            }
        }
    }
}

//! Lives here: what is needed to start, from four sources: built-in < `dassie.toml` < environment < flags (DESIGN §11).
//! May use: `origin`, the file system and the environment, once, at start.
//! Must never name: any room or edge; what an administrator changes while running is data in the store.
//! Invariants: an unknown key refuses to start with a suggestion; every value knows its source.

mod backups;
mod mail;
mod name;
mod network;
mod size;
mod source;
mod tls;
mod translation;

pub use backups::{Backups, Passphrase};
pub use mail::{Mail, MailPassword, MailTls};
pub use name::Name;
pub use network::Network;
pub use source::{Key, Source, did_you_mean};
pub use tls::{AcmeAuthority, CertificateFiles, Certificates, Tls};
pub use translation::{Provider, Translation};

use crate::{
    error::{Error, Result},
    origin::Origin,
};
use source::Settings;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use storage::engine::EngineKind;

/// What the command line says; it wins over everything else.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config FILE`.
    pub config: Option<PathBuf>,
    /// `--data DIR`.
    pub data_dir: Option<PathBuf>,
    /// `--listen ADDR`.
    pub listen: Option<String>,
    /// `--origin URL`.
    pub origin: Option<String>,
    /// `--budget SIZE`.
    pub budget: Option<String>,
    /// `--lab`.
    pub lab: bool,
    /// `--accept-log-loss`.
    pub accept_log_loss: bool,
}

/// The configuration in effect.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where this server is; `None`: a try-out on `localhost` with the port it gets.
    pub origin: Option<Origin>,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed; `None`: those on this machine and, if one must be there, at home.
    pub trusted_proxies: Option<Vec<Network>>,
    /// The data directory.
    pub data_dir: PathBuf,
    /// A `tracing` filter.
    pub log: String,
    /// Which engine holds the tables.
    pub engine: EngineKind,
    /// Bytes the data directory may take; `None`: a share of the disk.
    pub budget: Option<u64>,
    /// Whether request rates are limited; only labs may lift them.
    pub rates: bool,
    /// Go on although the log lost acknowledged data.
    pub accept_log_loss: bool,
    /// How backups are made.
    pub backups: Backups,
    /// How posts are translated; `None`: they are not.
    pub translation: Option<Translation>,
    /// The mail server; `None`: no letters are sent.
    pub mail: Option<Mail>,
    /// How connections are sealed.
    pub tls: Tls,
    /// The configuration file, whether there is one or not.
    pub file: PathBuf,
    settings: Settings,
}

impl Config {
    /// A configuration for tests and embedding: data in `data_dir`, any free port of 127.0.0.1, nothing read.
    #[must_use]
    pub fn embedded(data_dir: &Path, origin: Option<Origin>) -> Self {
        Config {
            origin,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            trusted_proxies: None,
            data_dir: data_dir.to_owned(),
            log: "info".to_owned(),
            engine: EngineKind::Redb,
            budget: None,
            rates: true,
            accept_log_loss: false,
            backups: Backups::default(),
            translation: None,
            mail: None,
            tls: Tls::none(),
            file: data_dir.join("dassie.toml"),
            settings: Settings::built_in(),
        }
    }

    /// `dassie WORDS` for this data directory, to be typed as it stands.
    #[must_use]
    pub fn command(&self, words: &str) -> String {
        let named = |path: &Path| quoted(&path.to_string_lossy());
        let beside = self.file == self.data_dir.join("dassie.toml");
        let file = if beside { String::new() } else { format!(" --config {}", named(&self.file)) };
        format!("dassie {words} --data {}{file}", named(&self.data_dir))
    }

    /// Reads all sources of this process.
    ///
    /// # Errors
    /// `Invalid` naming the key, its source and what is wrong with it.
    pub fn load(flags: &Flags) -> Result<Self> {
        Self::from_sources(
            flags,
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    /// Reads `environment` and the file it or the flags lead to.
    ///
    /// # Errors
    /// As `load`.
    fn from_sources(flags: &Flags, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut settings = Settings::built_in();
        let mut from_environment = Settings::default();
        let secrets = [backups::PASSPHRASE, translation::SECRET, mail::PASSWORD];
        let (secret, environment): (Vec<_>, Vec<_>) =
            environment.partition(|(name, _)| secrets.contains(&name.as_str()));
        let mut secret: BTreeMap<String, String> = secret.into_iter().collect();
        from_environment.add_environment(environment.into_iter())?;
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut from_flags = Settings::default();
        from_flags.set_flag(Key::DataDir, flags.data_dir.as_ref().map(text));
        from_flags.set_flag(Key::Listen, flags.listen.clone());
        from_flags.set_flag(Key::Origin, flags.origin.clone());
        from_flags.set_flag(Key::Budget, flags.budget.clone());
        let file = flags.config.clone().unwrap_or_else(|| {
            let dir = [&from_flags, &from_environment, &settings].into_iter().find_map(|s| s.get(Key::DataDir));
            Path::new(dir.unwrap_or_default()).join("dassie.toml")
        });
        match std::fs::read_to_string(&file) {
            Ok(text) => settings.add_file(&file, &text)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && flags.config.is_none() => {}
            Err(error) => return Err(Error::invalid("config", format!("cannot read {}: {error}", file.display()))),
        }
        settings.merge(from_environment);
        settings.merge(from_flags);
        let backups = Backups::of(&settings, secret.remove(backups::PASSPHRASE))?;
        let translation = Translation::of(&settings, secret.remove(translation::SECRET))?;
        let mail = Mail::of(&settings, secret.remove(mail::PASSWORD))?;
        Ok(Config { backups, mail, translation, file, ..Self::of_settings(settings, flags)? })
    }

    fn of_settings(settings: Settings, flags: &Flags) -> Result<Self> {
        let handle_domain = settings.get(Key::HandleDomain);
        // An origin says all; a domain is the origin of that name over https.
        let origin = match (settings.get(Key::Origin), settings.get(Key::Domain)) {
            (Some(origin), _) => Some(Origin::parse(origin, handle_domain)?),
            (None, Some(domain)) => Some(Origin::parse(&format!("https://{domain}"), handle_domain)?),
            (None, None) if handle_domain.is_some() => {
                return Err(Error::invalid("handle_domain", "handle_domain needs domain beside it"));
            }
            (None, None) => None,
        };
        let tls = Tls::of(&settings)?;
        if tls.certificates != Certificates::None && !origin.as_ref().is_some_and(Origin::is_https) {
            return Err(Error::invalid("tls", "tls.certificates needs domain, or an https origin"));
        }
        let listen = settings.require(Key::Listen)?;
        let rates = match settings.require(Key::Rates)? {
            "on" => true,
            "off" if flags.lab => false,
            "off" => {
                return Err(Error::invalid("limits.rates", "limits.rates = \"off\" is for lab mode only (--lab)"));
            }
            other => return Err(Error::invalid("limits.rates", format!("limits.rates is {other:?}; on or off"))),
        };
        Ok(Config {
            origin,
            listen: listen.parse().map_err(|_| {
                Error::invalid("listen", format!("listen is {listen:?}; an address and port, as 127.0.0.1:8080"))
            })?,
            trusted_proxies: settings.get(Key::TrustedProxies).map(networks).transpose()?,
            data_dir: settings.require(Key::DataDir)?.into(),
            log: settings.require(Key::Log)?.to_owned(),
            engine: match settings.require(Key::Engine)? {
                "redb" => EngineKind::Redb,
                "sled" => EngineKind::Sled,
                other => {
                    return Err(Error::invalid("storage.engine", format!("storage.engine is {other:?}; redb or sled")));
                }
            },
            budget: settings.get(Key::Budget).map(|text| size::parse("budget", text)).transpose()?,
            rates,
            accept_log_loss: flags.accept_log_loss,
            backups: Backups::default(),
            translation: None,
            mail: None,
            tls,
            file: PathBuf::new(),
            settings,
        })
    }

    /// Where this server listens: with TLS at its own address.
    #[must_use]
    pub fn listens_at(&self) -> SocketAddr {
        if self.tls.certificates == Certificates::None { self.listen } else { self.tls.listen }
    }

    /// Every key with its value and where that comes from, for `dassie config show --effective`.
    #[must_use]
    pub fn effective(&self) -> Vec<(&'static str, Option<&str>, &Source)> {
        self.settings.effective()
    }
}

/// Networks that stand in one text, with commas between them.
fn networks(text: &str) -> Result<Vec<Network>> {
    let one = |part: &str| {
        part.trim().parse().map_err(|error| Error::invalid("trusted_proxies", format!("trusted_proxies: {error}")))
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(one).collect()
}

/// A word as a shell takes it for one.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:=@%+,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)], flags: Flags) -> Result<Config> {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join("dassie.toml"), file).expect("written");
        let flags = Flags { data_dir: Some(dir.path().to_owned()), ..flags };
        Config::from_sources(&flags, environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    fn refused(file: &str, environment: &[(&str, &str)]) -> String {
        load(file, environment, Flags::default()).expect_err("refused").to_string()
    }

    #[test]
    fn nothing_configured_is_a_try_out() {
        let config = Config::from_sources(&Flags::default(), std::iter::empty()).expect("valid");
        assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 8080)));
        assert_eq!(config.data_dir, Path::new("./dassie-data"));
        assert!(config.origin.is_none() && config.rates && config.engine == EngineKind::Redb);
    }

    #[test]
    fn later_sources_win_and_are_named() {
        let file = "domain = \"file.example\"\nlisten = \"127.0.0.1:1\"\n[storage]\nengine = \"sled\"\n";
        let environment =
            [("DASSIE_DOMAIN", "env.example"), ("DASSIE_SAMPLES", "x"), ("DASSIE_OPENAPI", "y"), ("HOME", "z")];
        let flags = Flags { listen: Some("127.0.0.1:2".to_owned()), ..Flags::default() };
        let config = load(file, &environment, flags).expect("valid");
        assert_eq!(config.origin.as_ref().map(Origin::as_str), Some("https://env.example"));
        assert_eq!((config.listen.port(), config.engine), (2, EngineKind::Sled));
        let source = |key| config.effective().into_iter().find(|row| row.0 == key).map(|row| row.2.to_string());
        assert_eq!(source("listen").as_deref(), Some("flag"));
        assert_eq!(source("domain").as_deref(), Some("environment, DASSIE_DOMAIN"));
        assert!(source("storage.engine").expect("known").starts_with("file, "));
        assert_eq!(source("log").as_deref(), Some("built-in"));
    }

    #[test]
    fn unknown_keys_refuse_with_a_suggestion() {
        assert!(refused("domian = \"a.example\"", &[]).contains("did you mean domain?"));
        assert!(refused("[storage]\nengin = \"redb\"", &[]).contains("did you mean storage.engine?"));
        assert!(refused("", &[("DASSIE_STORAGE__ENGINES", "redb")]).contains("did you mean DASSIE_STORAGE__ENGINE?"));
        let far = refused("zzzzzzzzzzzz = 1", &[]);
        assert!(far.contains("zzzzzzzzzzzz") && !far.contains("did you mean"), "{far}");
        assert!(refused("domain = 3", &[]).contains("text"));
        assert!(refused("domain = ", &[]).contains("dassie.toml"));
    }

    #[test]
    fn trusted_proxies_are_networks_with_commas_between_them() {
        let file = "domain = \"a.example\"\ntrusted_proxies = \"203.0.113.5, fd00::/8\"\n";
        let proxies = load(file, &[], Flags::default()).expect("valid").trusted_proxies.expect("some");
        assert_eq!(proxies.len(), 2);
        assert!(proxies[1].contains("fd00::1".parse().expect("an address")));
        assert_eq!(load("", &[], Flags::default()).expect("valid").trusted_proxies, None);
        assert!(refused("trusted_proxies = \"10.0.0.0/8, home\"", &[]).contains("\"home\""));
    }

    #[test]
    fn a_translation_service_is_read_and_its_key_stays_out_of_the_file_and_of_sight() {
        let file = "[translation]\nprovider = \"deepl\"\nurl = \"https://api-free.deepl.com/\"\n";
        let key = [("DASSIE_TRANSLATION__KEY", "correct horse")];
        let config = load(file, &key, Flags::default()).expect("valid");
        let expected = Translation::new(
            Provider::DeepL,
            "https://api-free.deepl.com".to_owned(),
            Some("correct horse".to_owned()),
        );
        assert_eq!(config.translation, Some(expected));
        assert!(!format!("{config:?} {:?}", config.effective()).contains("horse"));
        assert_eq!(load("", &[], Flags::default()).expect("valid").translation, None);
        assert!(refused(file, &[]).contains("DASSIE_TRANSLATION__KEY"), "DeepL asks for a key");
        assert!(refused("[translation]\nkey = \"x\"", &[]).contains("DASSIE_TRANSLATION__KEY"));
        let of = |provider: &str, url: &str| format!("[translation]\nprovider = \"{provider}\"\nurl = \"{url}\"\n");
        assert!(load(&of("libretranslate", "http://127.0.0.1:5000"), &[], Flags::default()).is_ok());
        for url in ["http://far.example", "ftp://far.example", "https://a@far.example", "https://far.example/?x", "x"] {
            assert!(refused(&of("libretranslate", url), &[]).contains(url), "{url}");
        }
        assert!(refused(&of("babelfish", "https://far.example"), &[]).contains("libretranslate or deepl"));
        assert!(refused("[translation]\nprovider = \"deepl\"", &key).contains("translation.url"));
        assert!(refused("[translation]\nurl = \"https://far.example\"", &[]).contains("translation.provider"));
    }

    #[test]
    fn backups_are_read_and_their_passphrase_stays_out_of_the_file_and_of_sight() {
        let file = "[backup]\nto = \"/mnt/disk\"\nevery = \"90m\"\nkeep_last = \"3\"\nverify_every = \"off\"\n\
            scratch = \"/mnt/other\"\n";
        let words = [("DASSIE_BACKUP__PASSPHRASE", "correct horse")];
        let config = load(file, &words, Flags::default()).expect("valid");
        let backups = &config.backups;
        assert_eq!((backups.to.as_deref(), backups.every_ms, backups.keep_last), (Some("/mnt/disk"), 5_400_000, 3));
        assert_eq!((backups.verify_every_ms, backups.keep_days), (None, 30));
        assert_eq!(backups.scratch.as_deref(), Some(Path::new("/mnt/other")));
        assert_eq!(backups.passphrase.as_ref().map(Passphrase::reveal), Some("correct horse"));
        assert!(!format!("{config:?} {:?}", config.effective()).contains("horse"));
        assert!(refused("[backup]\npassphrase = \"x\"", &[]).contains("DASSIE_BACKUP__PASSPHRASE"));
        assert!(refused("[backup]\nkey_file = \"k\"", &words).contains("both set"));
        assert!(refused("[backup]\nevry = \"1h\"", &[]).contains("did you mean backup.every?"));
        for (key, value) in [("every", "1s"), ("every", "400d"), ("keep_last", "0"), ("keep_days", "-1")] {
            assert!(refused(&format!("[backup]\n{key} = \"{value}\""), &[]).contains(value), "{key}");
        }
    }

    #[test]
    fn mail_is_read_and_its_password_stays_out_of_the_file_and_of_sight() {
        let file = "[mail]\nhost = \"mail.test\"\nuser = \"ada\"\nfrom = \"hill@mail.test\"\n";
        let words = [("DASSIE_MAIL__PASSWORD", "correct horse")];
        let config = load(file, &words, Flags::default()).expect("valid");
        let mail = config.mail.as_ref().expect("set");
        assert_eq!((mail.host.as_str(), mail.port, mail.tls), ("mail.test", 587, MailTls::Starttls));
        assert!(matches!(&mail.password, Some(MailPassword::Words(words)) if words.reveal() == "correct horse"));
        assert!(!format!("{config:?} {:?}", config.effective()).contains("horse"));
        assert_eq!(load("", &[], Flags::default()).expect("valid").mail, None);
        let implicit = load(&format!("{file}tls = \"implicit\"\n"), &words, Flags::default()).expect("valid").mail;
        assert_eq!(implicit.map(|mail| mail.port), Some(465));
        for (wrong, says) in [
            ("[mail]\npassword = \"x\"", "DASSIE_MAIL__PASSWORD"),
            ("[mail]\nhots = \"x\"", "did you mean mail.host?"),
            ("[mail]\nfrom = \"a@b.test\"", "mail.host"),
            ("[mail]\nhost = \"x\"", "mail.from"),
            ("[mail]\nhost = \"x\"\nfrom = \"nobody\"", "mail.from"),
            ("[mail]\nhost = \"x\"\nfrom = \"a@b.test\"\nport = \"0\"", "mail.port"),
            ("[mail]\nhost = \"x\"\nfrom = \"a@b.test\"\ntls = \"some\"", "starttls, implicit or none"),
            ("[mail]\nhost = \"x\"\nfrom = \"a@b.test\"\nuser = \"u\"", "password"),
        ] {
            assert!(refused(wrong, &[]).contains(says), "{wrong}: {}", refused(wrong, &[]));
        }
        let clear = "[mail]\nhost = \"mail.test\"\nfrom = \"a@b.test\"\nuser = \"u\"\ntls = \"none\"\n";
        assert!(refused(clear, &words).contains("in the clear"));
        let near = clear.replace("mail.test", "127.0.0.1");
        assert!(load(&near, &words, Flags::default()).is_ok());
    }

    #[test]
    fn rates_are_lifted_in_labs_only() {
        let off = [("DASSIE_LIMITS__RATES", "off")];
        assert!(refused("", &off).contains("lab"));
        let lab = load("", &off, Flags { lab: true, ..Flags::default() }).expect("valid");
        assert!(!lab.rates);
    }

    #[test]
    fn a_budget_is_an_amount_from_any_source() {
        let file = "budget = \"20 GB\"";
        let budget = |environment: &[(&str, &str)], flag: Option<&str>| {
            let flags = Flags { budget: flag.map(str::to_owned), ..Flags::default() };
            load(file, environment, flags).expect("valid").budget
        };
        assert_eq!(budget(&[], None), Some(20_000_000_000));
        assert_eq!(budget(&[("DASSIE_BUDGET", "1 TiB")], None), Some(1 << 40));
        assert_eq!(budget(&[("DASSIE_BUDGET", "1 TiB")], Some("500MB")), Some(500_000_000));
        assert_eq!(load("", &[], Flags::default()).expect("valid").budget, None, "a share of the disk");
        assert!(refused("budget = \"plenty\"", &[]).contains("budget is \"plenty\"; a number with kB"));
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        assert!(refused("listen = \"8080\"", &[]).contains("127.0.0.1:8080"));
        assert!(refused("handle_domain = \"a.example\"", &[]).contains("domain"));
        assert!(refused("", &[("DASSIE_STORAGE__ENGINE", "rocks")]).contains("redb or sled"));
        assert!(refused("domain = \"a.example/x\"", &[]).contains("origin"));
    }

    #[test]
    fn a_command_that_is_told_can_be_typed_as_it_stands() {
        let mut config = Config::embedded(Path::new("/srv/dassie"), None);
        assert_eq!(
            config.command("promote --old-server-is-gone"),
            "dassie promote --old-server-is-gone --data /srv/dassie"
        );
        (config.data_dir, config.file) = ("/srv/bob's own".into(), "/etc/dassie.toml".into());
        assert_eq!(config.command("serve"), "dassie serve --data '/srv/bob'\\''s own' --config /etc/dassie.toml");
        assert_eq!(quoted("s3://mine/a?region=b"), "'s3://mine/a?region=b'");
    }
}

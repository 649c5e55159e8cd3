//! Letters that tell how somebody signs in now: one for each change, in the language of whoever gets it.

use crate::{lab::World, mail::Office};
use dassie::user::{
    code::{self, Purpose},
    email, passkey, recovery, second_factor, totp,
    webauthn::Made,
};
use storage::{
    AccountId, Tx,
    passkey::of_account,
    user::{self, User},
};

const SECRET: [u8; totp::SECRET_BYTES] = [7; totp::SECRET_BYTES];
const SPARE: &str = "abcd-efgh-ijkl-mnop";

/// One change of how somebody signs in.
type Change = fn(&mut Tx<'_>, AccountId) -> dassie::error::Result<()>;

const CHANGES: [(Change, &str); 7] = [
    (
        |tx, own| {
            let (typed, hash) =
                (totp::code_of(&SECRET, totp::step_at(tx.now())), code::hash(own, Purpose::Spare, SPARE));
            let hash = hash.expect("it is a code");
            second_factor::turn_on(tx, own, SECRET, &typed, &[hash])?.expect("the code is right");
            Ok(())
        },
        "hace falta ahora",
    ),
    (
        |tx, own| {
            let browser = storage::SecretHash::of("a browser");
            second_factor::owe_code(tx, own, browser)?;
            assert_eq!(second_factor::pass(tx, own, browser, SPARE)?, second_factor::Passage::Open);
            Ok(())
        },
        "https://home.test/settings/second_factor",
    ),
    (|tx, own| second_factor::turn_off(tx, own).map(drop), "basta ahora la contrase"),
    (
        |tx, own| {
            let made = Made { credential: vec![1; 16], key: vec![2; 32], counter: 0, may_be_copied: false };
            passkey::add(tx, own, "telephone", &made)
        },
        "https://home.test/settings/passkeys",
    ),
    (
        |tx, own| {
            let (digest, _) = of_account(tx, own)?.pop().expect("it was added");
            passkey::remove(tx, own, &passkey::word(&digest))
        },
        "ya no deja entrar a nadie",
    ),
    (|tx, own| recovery::renew(tx, own, &code::fresh_recovery([7; 20])), "hoja de recuperaci"),
    (|tx, own| email::change(tx, own, "new@mail.test"), "https://home.test/about"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_of_how_one_signs_in_is_told_by_a_letter_in_ones_language() {
    let office = Office::open().await;
    let world = World { mail: Some(office.settings()), ..World::new() };
    let home = world.instance("home.test").await;
    let own = home.person("ann").await.id;
    let rule = move |tx: &mut Tx<'_>| {
        let user = user::find(tx, own)?.expect("a user");
        Ok(user::put(tx, &User { email: "ann@mail.test".to_owned(), locale: "es".to_owned(), ..user })?)
    };
    home.server().write(rule).await.expect("an address");
    for (number, (change, said)) in (1..).zip(CHANGES) {
        home.server().write(move |tx| change(tx, own)).await.expect("changed");
        let letter = office.letter(number).await;
        assert_eq!(letter.to, "ann@mail.test", "the last one goes to the former address");
        assert!(letter.text.contains("Hola:") && letter.text.contains(said), "{said}: {}", letter.text);
        assert!(letter.text.contains("@ann@home.test"), "{}", letter.text);
    }
    // What changes nothing is not told.
    home.server().write(move |tx| second_factor::turn_off(tx, own).map(drop)).await.expect("it is off");
    home.server().write(move |tx| email::change(tx, own, "New@mail.test")).await.expect("the same address");
    home.server().write(move |tx| CHANGES[3].0(tx, own)).await.expect("changed");
    assert_eq!(office.letter(CHANGES.len() + 1).await.to, "New@mail.test");
    assert_eq!(office.letters().len(), CHANGES.len() + 1);
}

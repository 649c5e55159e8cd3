//! An authenticator of the tests' own: what it says is read, and refused where a word of it is another.

use super::*;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};

const PARTY: Party<'_> = Party { id: "rock.test", origin: "https://rock.test" };
const CHALLENGE: [u8; CHALLENGE_BYTES] = [7; CHALLENGE_BYTES];
/// Present and recognised.
const SEEN: u8 = PRESENT | VERIFIED;

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Pair {
    fn p256() -> Self {
        Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"))
    }

    fn all() -> Vec<Self> {
        vec![
            Pair::p256(),
            Pair::Ed25519(Ed25519KeyPair::generate().expect("a key")),
            Pair::Rsa(Box::new(RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key"))),
        ]
    }

    /// The public half as an authenticator writes it.
    fn cose(&self) -> Vec<u8> {
        match self {
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (&point[1..33], &point[33..]);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat()
            }
            Pair::Ed25519(pair) => {
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], pair.public_key().as_ref()].concat()
            }
            Pair::Rsa(pair) => {
                // RSAPublicKey of 2048 bits (RFC 8017 A.1.1): two heads, a zero, the modulus, a head, the exponent.
                let der = pair.public_key().as_ref();
                let (modulus, exponent) = (&der[9..265], &der[267..]);
                [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0], modulus, &[0x21, 0x43], exponent].concat()
            }
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Pair::P256(pair) => pair.sign(&random, text).expect("signed").as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(text).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).expect("signed");
                signature
            }
        }
    }
}

fn client_data(kind: &str, more: &str) -> Vec<u8> {
    let challenge = URL_SAFE_NO_PAD.encode(CHALLENGE);
    format!(r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"https://rock.test"{more}}}"#).into_bytes()
}

fn head(id: &str, flags: u8, counter: u32) -> Vec<u8> {
    let server = digest(&SHA256, id.as_bytes());
    [server.as_ref(), &[flags], &counter.to_be_bytes()].concat()
}

/// The data of a new key with the name `[9; 16]`.
fn with_key(head: &[u8], key: &[u8]) -> Vec<u8> {
    [head, &[0; 16], &[0, 16], &[9; 16], key].concat()
}

/// `{"fmt": "none", "attStmt": {}, "authData": …}`
fn attestation(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short").to_be_bytes();
    let text = |text: &str| [&[0x60 + text.len() as u8], text.as_bytes()].concat();
    let size = if length[0] == 0 { vec![0x58, length[1]] } else { vec![0x59, length[0], length[1]] };
    [vec![0xa3], text("fmt"), text("none"), text("attStmt"), vec![0xa0], text("authData"), size, data.to_vec()].concat()
}

fn why<T>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Invalid { why, .. }) => why,
        Err(other) => panic!("{other:?}"),
        Ok(_) => "taken".to_owned(),
    }
}

#[test]
fn keys_of_every_kind_are_taken_and_what_they_sign_is_verified() {
    for pair in Pair::all() {
        let data = with_key(&head("rock.test", SEEN | WITH_KEY | MAY_BE_COPIED, 0), &pair.cose());
        let client = client_data("create", "");
        assert_eq!(challenge(&client).expect("a challenge"), CHALLENGE);
        let key = made(PARTY, &client, &attestation(&data)).expect("a key");
        assert_eq!((&key.credential, &key.key, key.may_be_copied), (&vec![9; 16], &pair.cose(), true));

        let known = Known { key: &key.key, counter: 0, may_be_copied: true };
        let (client, data) = (client_data("get", ""), head("rock.test", SEEN | MAY_BE_COPIED | IS_COPIED, 0));
        let signature = pair.sign(&[&data[..], digest(&SHA256, &client).as_ref()].concat());
        let said = Used { client_data: &client, authenticator_data: &data, signature: &signature };
        assert_eq!(used(PARTY, known, said).expect("verified"), 0);
        for at in [0, signature.len() / 2, signature.len() - 1] {
            let mut other = signature.clone();
            other[at] ^= 1;
            assert_eq!(why(used(PARTY, known, Used { signature: &other, ..said })), "passkey: the signature is wrong");
        }
        let other = Pair::p256().cose();
        assert!(used(PARTY, Known { key: &other, ..known }, said).is_err(), "another key");
        let client = client_data("get", ",\"more\":1");
        assert!(used(PARTY, known, Used { client_data: &client, ..said }).is_err(), "other client data");
    }
}

#[test]
fn a_key_that_counts_only_counts_upwards() {
    let pair = Pair::p256();
    let key = pair.cose();
    let client = client_data("get", "");
    for (before, now, taken) in [(0, 0, true), (0, 1, true), (4, 5, true), (5, 5, false), (6, 5, false), (1, 0, false)]
    {
        let data = head("rock.test", SEEN, now);
        let signature = pair.sign(&[&data[..], digest(&SHA256, &client).as_ref()].concat());
        let said = Used { client_data: &client, authenticator_data: &data, signature: &signature };
        let known = Known { key: &key, counter: before, may_be_copied: false };
        assert_eq!(used(PARTY, known, said).is_ok(), taken, "{before} {now}");
    }
}

#[test]
fn what_is_not_just_as_it_must_be_is_refused() {
    let pair = Pair::p256();
    let (key, flags) = (pair.cose(), SEEN | WITH_KEY);
    let right = with_key(&head("rock.test", flags, 0), &key);
    let client = client_data("create", "");
    assert!(made(PARTY, &client, &attestation(&right)).is_ok());

    let of_client = |text: &[u8]| why(made(PARTY, text, &attestation(&right)));
    let text = String::from_utf8(client.clone()).expect("a text");
    for (other, says) in [
        (client_data("get", ""), "something else"),
        (text.replace("https://rock.test", "https://rock.test.evil.test").into_bytes(), "another page"),
        (text.replace("https://rock.test", "http://rock.test").into_bytes(), "another page"),
        (client_data("create", ",\"crossOrigin\":true"), "another page"),
        (client_data("create", ",\"topOrigin\":\"https://rock.test\""), "another page"),
        (b"{}".to_vec(), "cannot be read"),
        (b"\xff".to_vec(), "cannot be read"),
    ] {
        assert!(of_client(&other).contains(says), "{}: {}", String::from_utf8_lossy(&other), of_client(&other));
    }
    for bad in ["", "AAAA", "!", &URL_SAFE_NO_PAD.encode([7; 31])] {
        let other = text.replace(&URL_SAFE_NO_PAD.encode(CHALLENGE), bad);
        assert!(challenge(other.as_bytes()).is_err(), "{bad}");
    }

    let of_data = |data: &[u8]| why(made(PARTY, &client, &attestation(data)));
    let long = [&head("rock.test", flags, 0)[..], &[0; 16], &[4, 0], &[9; 1024], &key].concat();
    for (data, says) in [
        (with_key(&head("evil.test", flags, 0), &key), "another server"),
        (with_key(&head("rock.test", flags & !PRESENT, 0), &key), "recognised"),
        (with_key(&head("rock.test", flags & !VERIFIED, 0), &key), "recognised"),
        (with_key(&head("rock.test", flags | IS_COPIED, 0), &key), "copied"),
        (head("rock.test", SEEN, 0), "no key"),
        (right[..right.len() - 1].to_vec(), "cannot be read"),
        ([&right[..], &[0]].concat(), "do not end"),
        (with_key(&head("rock.test", flags | WITH_EXTENSIONS, 0), &key), "do not end"),
        (right[..36].to_vec(), "cut off"),
        (right[..50].to_vec(), "cut off"),
        (with_key(&head("rock.test", flags, 0), &[0xa0]), "no kind"),
        (with_key(&head("rock.test", flags, 0), &[0x80]), "no kind"),
        (long, "1024 bytes; at most 1023"),
        ([&head("rock.test", flags, 0)[..], &[0; 16], &[0, 0], &key].concat(), "0 bytes"),
    ] {
        assert!(of_data(&data).contains(says), "{says}: {}", of_data(&data));
    }
    let extended =
        with_key(&head("rock.test", flags | WITH_EXTENSIONS, 0), &[&key[..], &[0xa1, 0x61, 0x61, 1]].concat());
    assert_eq!(of_data(&extended), "taken", "extensions are passed over");

    let whole = attestation(&right);
    let at = whole.windows(4).position(|four| four == b"none").expect("a format");
    let packed = [&whole[..at - 1], &[0x66], &b"packed"[..], &whole[at + 4..]].concat();
    assert_eq!(made(PARTY, &client, &packed).ok(), made(PARTY, &client, &whole).ok(), "who made it is not looked at");
    for other in [&[][..], &[0xa0], &whole[..whole.len() - 1], &[&whole[..], &[0]].concat()] {
        assert!(made(PARTY, &client, other).is_err());
    }

    let known = Known { key: &key, counter: 0, may_be_copied: false };
    let client = client_data("get", "");
    let signs = |party: &str, flags: u8, client: &[u8], behind: &[u8]| {
        let data = [&head(party, flags, 0)[..], behind].concat();
        let signature = pair.sign(&[&data[..], digest(&SHA256, client).as_ref()].concat());
        why(used(PARTY, known, Used { client_data: client, authenticator_data: &data, signature: &signature }))
    };
    assert_eq!(signs("rock.test", SEEN, &client, &[]), "taken");
    assert!(signs("evil.test", SEEN, &client, &[]).contains("another server"));
    assert!(signs("rock.test", PRESENT, &client, &[]).contains("recognised"));
    assert!(signs("rock.test", SEEN | MAY_BE_COPIED, &client, &[]).contains("changed"));
    assert!(signs("rock.test", SEEN, &client_data("create", ""), &[]).contains("something else"));
    assert!(signs("rock.test", SEEN, &client, &[0]).contains("do not end"));
    assert!(signs("rock.test", SEEN | WITH_KEY, &client, &[]).contains("none was asked for"));
}

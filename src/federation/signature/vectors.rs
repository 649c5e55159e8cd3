//! Signature vectors of other projects, read where they lie (`DASSIE_SAMPLES`), and our own round trips beside them.

use super::*;
use crate::{federation::json, foreign::samples};
use serde_json::Value;
use std::str::FromStr;

/// A file of vectors; none where there are no samples.
fn vectors(name: &str) -> Option<Value> {
    let file = samples()?.join("vectors").join(name);
    let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Some(serde_json::from_slice(&bytes).expect("vectors are JSON"))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of a vector"))
}

fn headers(case: &Value) -> HeaderMap {
    let mut out = HeaderMap::new();
    for pair in case["headers"].as_array().expect("headers") {
        let name = http::HeaderName::from_str(pair[0].as_str().expect("name")).expect("a header name");
        let value = http::HeaderValue::from_str(pair[1].as_str().expect("value")).expect("a header value");
        out.append(name, value);
    }
    out
}

fn key(text: &str) -> Result<PublicKey, Refusal> {
    match text.strip_prefix("multikey:") {
        Some(multikey) => PublicKey::from_multikey(multikey),
        // RFC examples use 1024 bits: the cryptography is checked with them, the bound apart.
        None => PublicKey::from_pem_of(text, 1_024),
    }
}

/// The key id as the scheme reads it, whatever kind of URI it is.
fn any_key_id(headers: &HeaderMap) -> Result<KeyId, Refusal> {
    match scheme(headers)? {
        Scheme::Cavage => cavage::key_id(headers),
        Scheme::Rfc9421 => rfc9421::key_id(headers),
    }
}

fn judge(case: &Value, target: &str, origin: &Url) -> Result<Verified, Refusal> {
    let headers = headers(case);
    let method = Method::from_str(text(case, "method")).expect("a method");
    let request = RequestParts {
        method: &method,
        path_and_query: target,
        headers: &headers,
        body: text(case, "body").as_bytes(),
    };
    let id = any_key_id(&headers)?;
    let key = key(case["keys"][id.as_str()].as_str().ok_or(Refusal::BadKey("unknown"))?)?;
    let now = Timestamp(case["now"].as_i64().expect("now") * 1_000);
    let verified = verify(&request, &key, now, origin)?;
    assert_eq!(verified.key_id, id);
    // The activity must be the key owner's (trust.rs decides it for documents).
    if let (Some(owner), Ok(body)) = (case["key_owner"].as_str(), json::parse(text(case, "body").as_bytes()))
        && body["actor"].as_str().is_some_and(|actor| actor != owner)
    {
        return Err(Refusal::WrongController);
    }
    Ok(verified)
}

/// Each case must be judged as it says; none is left out.
fn judge_all(name: &str, judge: impl Fn(&Value) -> Result<Verified, Refusal>) {
    let Some(file) = vectors(name) else { return };
    let cases = file["cases"].as_array().expect("cases");
    let mut wrong = Vec::new();
    for case in cases {
        let verdict = judge(case);
        if verdict.is_ok() != case["accept"].as_bool().expect("accept") {
            wrong.push(format!("{}: {verdict:?}", text(case, "name")));
        }
        // A refusal must come from the rule the vector is about, not from failing to verify at all.
        if case["crypto_valid"] == true && matches!(verdict, Err(Refusal::BadSignature)) {
            wrong.push(format!("{}: cryptography is valid, yet {verdict:?}", text(case, "name")));
        }
    }
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    println!("{name}: {} cases", cases.len());
}

fn host(case: &Value) -> String {
    headers(case)["host"].to_str().expect("a host").to_owned()
}

#[test]
fn every_cavage_vector_is_judged_as_it_says() {
    judge_all("cavage12.json", |case| {
        let origin = Url::parse(&format!("https://{}", host(case))).expect("an origin");
        judge(case, text(case, "target"), &origin)
    });
}

#[test]
fn every_rfc9421_vector_is_judged_as_it_says() {
    judge_all("rfc9421.json", |case| {
        let url = text(case, "url");
        let path = url.find("://").and_then(|at| url[at + 3..].find('/').map(|slash| at + 3 + slash)).expect("a path");
        // The example of RFC 9421 §4.3 is signed by a proxy for the name it is reached under.
        judge(case, &url[path..], &Url::parse(&url[..path]).expect("an origin"))
    });
}

#[test]
fn every_recorded_request_verifies() {
    let Some(index) = samples().map(|samples| samples.join("vectors/http-captures")) else { return };
    let files = std::fs::read_dir(&index).expect("recorded requests");
    let names = files.map(|file| file.expect("a directory entry").file_name().to_string_lossy().into_owned());
    let names: Vec<String> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let Some(capture) = vectors(&format!("http-captures/{name}.json")) else { continue };
        let headers = headers(&capture);
        let method = Method::from_str(text(&capture, "method")).expect("a method");
        let target = text(&capture, "target");
        let request = RequestParts {
            method: &method,
            path_and_query: target,
            headers: &headers,
            body: text(&capture, "body").as_bytes(),
        };
        let received = jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(text(&capture, "received_at"))
            .expect("received_at is a date");
        let id = key_id(&headers).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let actor = &capture["signer_actor"];
        let keys = actor["publicKey"].as_array().cloned().unwrap_or_else(|| vec![actor["publicKey"].clone()]);
        let pem =
            keys.iter().find(|key| key["id"] == id.as_str()).map(|key| text(key, "publicKeyPem")).expect("the key");
        let key = PublicKey::from_pem(pem).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let origin = Url::parse(&format!("http://{}", host(&capture))).expect("an origin");
        let now = Timestamp(received.as_millisecond());
        let verdict = verify(&request, &key, now, &origin);
        assert!(verdict.is_ok(), "{name}: {verdict:?}");
        let elsewhere = Url::parse("http://other.test").expect("an origin");
        assert_eq!(verify(&request, &key, now, &elsewhere).err(), Some(Refusal::BadSignature), "{name}: replayed");
    }
}

#[test]
fn every_proof_vector_is_judged_as_it_says() {
    let Some(file) = vectors("eddsa-jcs-2022.json") else { return };
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().expect("cases") {
        let document = json::parse(case["document"].to_string().as_bytes()).expect("a document");
        let key = PublicKey::from_multikey(text(case, "publicKeyMultibase")).expect("a key");
        let claimed = document["proof"]["verificationMethod"].as_str().unwrap_or_default().to_owned();
        // Generated cases name the controller; standard ones use keys that are their own controller.
        let (id, controller) = match case["controller"].as_str() {
            Some(controller) => (format!("{controller}#ed25519-key"), controller.to_owned()),
            None => (claimed, "did:key".to_owned()),
        };
        let now = case["now"].as_str().or(document["proof"]["created"].as_str()).expect("a time");
        let now = Timestamp(now.parse::<jiff::Timestamp>().expect("a time").as_millisecond());
        let method = proof::ProofMethod { id: &id, controller: &controller, key: &key };
        let verdict = proof::verify(&document, &method, &controller, now);
        if verdict.is_ok() != case["valid"].as_bool().expect("valid") {
            // One-element arrays may be accepted or ignored; we accept them, so that must verify as well.
            wrong.push(format!("{}: {verdict:?}", text(case, "name")));
        }
        if let Some(expected) = case["canonical_document"].as_str().filter(|_| case["valid"] == true) {
            let mut bare = document.clone();
            let members = bare.as_object_mut().expect("an object");
            members.remove("proof");
            members.remove("signature");
            assert_eq!(jcs::canonical(&bare), expected, "{}", text(case, "name"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_canonical_document_and_number_is_reproduced() {
    let Some(file) = vectors("jcs-rfc8785.json") else { return };
    for case in file["documents"].as_array().expect("documents") {
        let value = json::parse(text(case, "input").as_bytes()).expect("a document");
        assert_eq!(jcs::canonical(&value), text(case, "output"), "{}", text(case, "name"));
    }
    for case in file["numbers"].as_array().expect("numbers") {
        let number = f64::from_bits(u64::from_str_radix(text(case, "ieee"), 16).expect("hexadecimal"));
        let value = serde_json::Number::from_f64(number).expect("finite");
        assert_eq!(jcs::canonical(&Value::Number(value)), text(case, "text"), "{}", text(case, "ieee"));
    }
}

#[test]
fn every_multikey_and_follower_digest_is_reproduced() {
    let Some(file) = vectors("multikey.json") else { return };
    for case in file["cases"].as_array().expect("cases") {
        let multibase = text(case, "publicKeyMultibase");
        let raw = multikey::decode(multibase).expect("a key");
        let again = match &raw {
            multikey::Raw::Ed25519(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(hex, text(case, "raw_hex"));
                multikey::encode_ed25519(bytes)
            }
            multikey::Raw::Rsa(der) => {
                let pem = PublicKey::from_pem(text(case, "spki_pem")).expect("a key");
                let multi = PublicKey::from_multikey(multibase).expect("a key");
                assert_eq!(multi.encode(), pem.encode());
                multikey::encode_rsa(der)
            }
        };
        assert_eq!(again, multibase);
    }
    for case in file["invalid"].as_array().expect("invalid") {
        assert!(PublicKey::from_multikey(text(case, "publicKeyMultibase")).is_err(), "{case}");
    }
    let Some(file) = vectors("fep8fcf.json") else { return };
    for case in file["cases"].as_array().expect("cases") {
        let ids = case["followers"].as_array().expect("followers");
        assert_eq!(digest::followers_digest(ids.iter().filter_map(Value::as_str)), text(case, "digest"));
    }
    let header = text(&file, "header");
    assert_eq!(digest::CollectionSynchronization::parse(header).expect("reads").header(), header);
}

/// Our own requests, so that a clone without the samples tests each path as well.
mod own {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD};
    use std::sync::LazyLock;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);
    const KEY_ID: &str = "https://a.test/users/ann#main-key";
    static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().expect("a key"));

    type Sign =
        fn(&Method, &Url, &mut HeaderMap, Option<&[u8]>, &str, &PrivateKey, Timestamp) -> crate::error::Result<()>;
    const BOTH: [Sign; 2] = [cavage::sign, rfc9421::sign];

    struct Sent {
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
    }

    fn send(sign: Sign, method: Method, url: &str, body: Option<&[u8]>) -> Sent {
        let mut headers = HeaderMap::new();
        headers.insert("accept", http::HeaderValue::from_static("application/activity+json"));
        headers.insert("content-type", http::HeaderValue::from_static("application/activity+json"));
        let url = Url::parse(url).expect("a URL");
        sign(&method, &url, &mut headers, body, KEY_ID, &KEY, NOW).expect("signs");
        Sent { method, url, headers, body: body.unwrap_or_default().to_vec() }
    }

    fn check(sent: &Sent, now: Timestamp) -> Result<Verified, Refusal> {
        let target = &sent.url[url::Position::BeforePath..url::Position::AfterQuery];
        let parts =
            RequestParts { method: &sent.method, path_and_query: target, headers: &sent.headers, body: &sent.body };
        assert_eq!(key_id(&sent.headers)?.as_str(), KEY_ID);
        let origin = Url::parse(&sent.url[..url::Position::BeforePath]).expect("an origin");
        verify(&parts, &PublicKey::from_pem(KEY.public_pem()).expect("own key"), now, &origin)
    }

    #[test]
    fn what_we_sign_verifies_with_ports_and_queries() {
        for sign in BOTH {
            for url in ["https://b.test/inbox", "https://b.test:8443/inbox?x=1&y=%20", "http://localhost:8080/"] {
                let post = send(sign, Method::POST, url, Some(b"{}"));
                assert!(check(&post, NOW).is_ok(), "{url}: {:?}", check(&post, NOW));
                let get = send(sign, Method::GET, url, None);
                assert!(check(&get, NOW).is_ok(), "{url}");
            }
        }
        let post = send(cavage::sign, Method::POST, "https://b.test:8443/inbox", Some(b"{}"));
        assert_eq!(post.headers["host"], "b.test:8443");
        let verified = check(&post, NOW).expect("verifies");
        assert_eq!(verified.covered, ["(request-target)", "host", "date", "digest", "content-type"]);
        assert!(verified.covers("digest") && !verified.covers("accept"));
        let get = send(cavage::sign, Method::GET, "https://b.test/u", None);
        assert_eq!(check(&get, NOW).expect("verifies").covered, ["(request-target)", "host", "date", "accept"]);
    }

    #[test]
    fn the_id_of_a_key_may_be_signed_as_it_is_called() {
        let signed = |method: &Method, target: &str| {
            let input = format!("(\"@method\" \"@target-uri\");created={};keyid=\"{KEY_ID}\"", NOW.0 / 1_000);
            let base = format!("\"@method\": {method}\n\"@target-uri\": {target}\n\"@signature-params\": {input}");
            let signature = STANDARD.encode(KEY.sign(base.as_bytes()).expect("signs"));
            let mut headers = HeaderMap::new();
            for (name, value) in [("signature-input", format!("s={input}")), ("signature", format!("s=:{signature}:"))]
            {
                headers.insert(name, http::HeaderValue::from_str(&value).expect("a value"));
            }
            let url = Url::parse("https://b.test/users/bob").expect("a URL");
            let sent = Sent { method: method.clone(), url, headers, body: Vec::new() };
            check(&sent, NOW).map(|verified| verified.scheme)
        };
        for id in ["", "#main-key", "#ed25519-key"] {
            assert_eq!(signed(&Method::GET, &format!("https://b.test/users/bob{id}")), Ok(Scheme::Rfc9421), "{id}");
        }
        for other in ["https://b.test/users/bob#", "https://b.test/users/bob#key", "https://b.test/users/eve#main-key"]
        {
            assert_eq!(signed(&Method::GET, other), Err(Refusal::BadSignature), "{other}");
        }
        let asked = signed(&Method::HEAD, "https://b.test/users/bob#main-key");
        assert_eq!(asked, Err(Refusal::BadSignature), "it reads no key");
    }

    #[test]
    fn a_changed_request_is_refused() {
        for sign in BOTH {
            let mut body = send(sign, Method::POST, "https://b.test/inbox", Some(b"{}"));
            body.body = b"[]".to_vec();
            assert_eq!(check(&body, NOW).err(), Some(Refusal::DigestMismatch));
            let mut method = send(sign, Method::POST, "https://b.test/inbox", Some(b"{}"));
            method.method = Method::PUT;
            assert_eq!(check(&method, NOW).err(), Some(Refusal::BadSignature));
            let mut path = send(sign, Method::POST, "https://b.test/inbox", Some(b"{}"));
            path.url = Url::parse("https://b.test/users/bob/inbox").expect("a URL");
            assert_eq!(check(&path, NOW).err(), Some(Refusal::BadSignature));
            let mut host = send(sign, Method::GET, "https://b.test/u", None);
            host.url = Url::parse("https://c.test/u").expect("a URL");
            assert_eq!(check(&host, NOW).err(), Some(Refusal::BadSignature));
        }
    }

    #[test]
    fn the_window_is_an_hour_ahead_and_an_hour_and_five_minutes_back() {
        for sign in BOTH {
            let sent = send(sign, Method::POST, "https://b.test/inbox", Some(b"{}"));
            for (ms, good) in [
                (limits::SIGNATURE_AGE_MS, true),
                (limits::SIGNATURE_AGE_MS + 1, false),
                (-limits::SIGNATURE_FUTURE_MS, true),
                (-limits::SIGNATURE_FUTURE_MS - 1, false),
            ] {
                let verdict = check(&sent, NOW.plus_ms(ms));
                assert_eq!(verdict.is_ok(), good, "{ms}: {verdict:?}");
                assert!(good || matches!(verdict, Err(Refusal::OutsideWindow)));
            }
        }
    }

    #[test]
    fn signatures_without_meaning_are_refused_before_any_key_is_asked() {
        let with = |lines: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in lines {
                headers.append(*name, http::HeaderValue::from_str(value).expect("a value"));
            }
            key_id(&headers)
        };
        assert_eq!(with(&[]), Err(Refusal::Missing));
        assert_eq!(with(&[("signature-input", "a=()")]), Err(Refusal::Missing));
        for bad in [
            "",
            "x",
            "keyId=\"https://a.test/k\"",
            "signature=\"AA==\"",
            "keyId=\"acct:a@b.test\",signature=\"AA==\"",
            "keyId=\"https://a.test/k\",keyId=\"https://b.test/k\",signature=\"AA==\"",
            "keyId=\"https://a.test/k\",signature=\"!\"",
            "keyId=\"https://a.test/k\",headers=\"date date\",signature=\"AA==\"",
        ] {
            assert!(matches!(with(&[("signature", bad)]), Err(Refusal::Malformed(_))), "{bad}");
        }
        let good = "keyId=\"https://a.test/k\",signature=\"AA==\"";
        assert!(with(&[("signature", good)]).is_ok());
        assert!(matches!(with(&[("signature", good), ("signature", good)]), Err(Refusal::Malformed(_))));
        let long = format!("{good},x=\"{}\"", "y".repeat(limits::SIGNATURE_HEADER_MAX_BYTES));
        assert!(matches!(with(&[("signature", &long)]), Err(Refusal::Malformed(_))));
    }
}

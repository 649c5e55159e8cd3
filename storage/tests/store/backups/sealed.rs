//! Sealed repositories.

use super::*;

#[test]
fn a_sealed_backup_opens_with_its_key_alone_and_tells_nothing_without() {
    let secret = Secret::Passphrase("correct horse".into());
    let house = House::new(9);
    let name = "media/aa/a-name-that-tells";
    house.picture(name, b"a picture that tells, a picture that tells, a picture that tells");
    let store = house.open();
    store
        .write(|tx| -> Result<(), Error> {
            tx.put_bytes(RAW, b"key".to_vec(), b"a secret row".to_vec());
            Ok(())
        })
        .unwrap();
    house.try_back_up(&store, Some(&secret)).unwrap();
    put(&store, 0..5);
    store.write_base().unwrap();
    let anew = house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew);
    anew.run(house.target.clone(), Some(&secret)).unwrap();
    let objects = house.target.list("").unwrap();
    assert!(objects.iter().any(|object| object.name.starts_with("base/")));
    let hash = storage::table::hex(&sha256(b"a picture that tells, a picture that tells, a picture that tells"));
    for object in &objects {
        let bytes = house.target.get(&object.name).unwrap().unwrap();
        for word in [&b"secret row"[..], b"picture that", b"name-that", b"DBS\x01", b"dassie"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{} says {word:?}", object.name);
        }
        assert!(!object.name.contains(&hash));
    }
    let repository = Repository::open(house.target.clone(), Some(&secret)).unwrap().unwrap();
    let read = read_through(&repository, &go_on).unwrap();
    assert!(read.is_whole() && read.objects == objects.len() as u64 - 1, "{read:?}");
    let opened = |secret: Option<&Secret>| {
        Repository::open(house.target.clone(), secret).map(|_| ()).map_err(|error| error.to_string())
    };
    for (wrong, said) in [
        (Some(Secret::Passphrase("Correct horse".into())), "does not open this backup"),
        (Some(Secret::Key([7; 32])), "sealed with a passphrase"),
        (None, "is sealed; a key file or a passphrase opens it"),
    ] {
        let why = opened(wrong.as_ref()).unwrap_err();
        assert!(why.contains(said), "{why}");
    }
    let repository = Repository::open(house.target.clone(), Some(&secret)).unwrap().unwrap();
    verified(&repository).unwrap();
    let (disk, options, _) = restore(&repository, Moment::Newest).unwrap();
    assert_eq!(rows_of(options), rows(&store));
    assert!(disk.exists(&Path::new("/new").join(name)).unwrap());
    let plain = House::new(9);
    plain.back_up(&plain.open());
    let why = Repository::open(plain.target.clone(), Some(&secret)).map(|_| ()).unwrap_err().to_string();
    assert!(why.contains("not sealed although a key is given"), "{why}");
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    storage::SecretHash::of(std::str::from_utf8(bytes).unwrap()).0
}

#[test]
fn sealed_objects_cannot_change_places() {
    let secret = Secret::Key([3; 32]);
    let house = House::new(10);
    let store = house.open();
    for round in 0..3 {
        put(&store, round * 5..round * 5 + 5);
        house.try_back_up(&store, Some(&secret)).unwrap();
    }
    let repository = Repository::open(house.target.clone(), Some(&secret)).unwrap().unwrap();
    let line = repository.points().unwrap()[0].line;
    let pieces = house.target.list(&format!("log/{line:016x}/")).unwrap();
    let content: Vec<_> = pieces.iter().map(|piece| house.target.get(&piece.name).unwrap().unwrap()).collect();
    house.target.put(&pieces[1].name, &content[0]).unwrap();
    let why = verified(&repository).unwrap_err().to_string();
    assert!(why.contains(&pieces[1].name), "{why}");
    // Also where the checksum, which needs no key, is made to fit.
    house.target.put(&pieces[1].name, &resealed(&pieces[1].name, &content[0])).unwrap();
    let why = verified(&repository).unwrap_err().to_string();
    assert!(why.contains(&pieces[1].name) && why.contains("does not open with this key"), "{why}");
}

/// An object with a checksum that fits another name.
fn resealed(name: &str, object: &[u8]) -> Vec<u8> {
    let sum = crc32c(&[name.as_bytes(), &object[..24], &object[28..]].concat());
    [&object[..24], &sum.to_le_bytes(), &object[28..]].concat()
}

fn crc32c(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0x82f6_3b78 } else { sum >> 1 };
        }
    }
    !sum
}

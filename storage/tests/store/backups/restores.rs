//! What comes back: rows, files, a moment, either engine; room, and the power while it is written.

use super::*;

#[test]
fn what_is_restored_is_what_was_backed_up_with_its_files() {
    let house = House::new(1);
    house.picture("media/aa/bb/one", b"one picture");
    house.picture("media/aa/empty", b"");
    house.picture("cache/other", b"not backed up");
    write_file(&house.disk, Path::new("/etc/dassie.toml"), b"domain = \"a.example\"\n");
    let store = house.open();
    put(&store, 0..40);
    let made = house.back_up(&store);
    assert_eq!((made.point.files, made.point.file_bytes, made.point.base.clone()), (3, 32, None));
    let (disk, options, restored) = restore(&house.repository(), Moment::Newest).unwrap();
    assert_eq!(rows_of(options.clone()), rows(&store));
    assert!(restored.compared && !restored.gap && restored.lsn == made.point.holds.lsn, "{restored:?}");
    assert_eq!(disk.contents(Path::new("/new/media/aa/bb/one")).unwrap(), b"one picture");
    assert_eq!(disk.contents(Path::new("/new/media/aa/empty")).unwrap(), b"");
    assert_eq!(disk.contents(Path::new("/new/dassie.toml")).unwrap(), b"domain = \"a.example\"\n");
    assert!(!disk.exists(Path::new("/new/cache")).unwrap());
    let seen = verified(&house.repository()).unwrap();
    assert_eq!((seen.point, seen.files), (made.point, 3));
    // What is there already is not overwritten.
    let again = Restore {
        repository: &house.repository(),
        moment: Moment::Newest,
        options,
        data_dir: Some(Path::new("/new")),
        tell: &go_on,
    };
    let why = again.run().unwrap_err().to_string();
    assert!(why.contains("/new/store") && why.contains("overwrites none"), "{why}");
}

#[test]
fn an_index_of_before_goes_with_a_restore_and_whatever_else_has_its_name_stays() {
    let house = House::new(23);
    let store = house.open();
    put(&store, 0..5);
    house.back_up(&store);
    let repository = house.repository();
    for (planted, stays) in [("/new/search/meta.json", false), ("/new/search/notes", true)] {
        let disk = SimulatedDisk::new();
        write_file(&disk, Path::new(planted), b"{}");
        let (options, data_dir) = (restored_options(&disk), Some(Path::new("/new")));
        Restore { repository: &repository, moment: Moment::Newest, options, data_dir, tell: &go_on }.run().unwrap();
        assert_eq!(disk.exists(Path::new(planted)).unwrap(), stays, "{planted}");
    }
}

#[test]
fn either_engine_becomes_either_engine() {
    for (from, to) in [
        (EngineKind::Sled, EngineKind::Redb),
        (EngineKind::Sled, EngineKind::Sled),
        (EngineKind::Redb, EngineKind::Sled),
    ] {
        let (dir, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let options = |dir: &Path, engine| small_segments(real(dir.join("store"), engine));
        let store = Store::open(options(dir.path(), from)).unwrap();
        let target: Arc<dyn Target> = Arc::new(Directory::new(store_disk(), dir.path().join("backups")));
        let beside = Some(Beside { data_dir: dir.path(), config: None });
        let run = |begin| {
            let keep = Keep { last: 9, days: 0 };
            Backup { store: &store, beside, keep, begin, program: "test", tell: &go_on }
                .run(target.clone(), None)
                .unwrap()
        };
        put(&store, 0..60);
        run(Begin::WhereItEnded);
        put(&store, 60..90);
        let made = run(Begin::Anew);
        assert!(made.point.base.is_some());
        put(&store, 90..120);
        run(Begin::WhereItEnded);
        let repository = Repository::open(target.clone(), None).unwrap().unwrap();
        let scratch = options(&new.path().join("scratch"), to);
        verify(&repository, None, &scratch, &go_on).unwrap();
        verify(&repository, Some(&made.point.name()), &scratch, &go_on).unwrap();
        let options = options(new.path(), to);
        Restore {
            repository: &repository,
            moment: Moment::Newest,
            options: options.clone(),
            data_dir: Some(new.path()),
            tell: &go_on,
        }
        .run()
        .unwrap();
        assert_eq!(rows_of(options), rows(&store), "{from} to {to}");
        assert_private(&dir.path().join("backups"));
    }
}

fn store_disk() -> Arc<dyn Vfs> {
    Arc::new(storage::vfs::RealDisk)
}

/// Nobody but their owner may look at backups.
fn assert_private(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir), 0o700);
    assert_eq!(mode(&dir.join("repository")), 0o600);
}

#[test]
fn a_moment_before_a_mistake_comes_back_exactly() {
    let house = House::new(2);
    let store = house.open();
    // The state after each transaction, by its time.
    let mut history: Vec<(Timestamp, BTreeMap<_, _>)> = Vec::new();
    let mut dice = crate::support::Dice(5);
    for round in 0..30_u64 {
        let now = house.later(1 + dice.roll(3000) as i64);
        put(&store, round * 3..round * 3 + 1 + dice.roll(4));
        if dice.roll(3) == 0 {
            let gone = dice.roll(round * 3 + 1);
            store
                .write(move |tx| -> Result<(), Error> {
                    tx.delete_bytes(RAW, gone.to_be_bytes().to_vec());
                    Ok(())
                })
                .unwrap();
        }
        history.push((now, rows(&store)));
        if round % 9 == 4 {
            house.back_up(&store);
        }
        if round == 13 {
            store.write_base().unwrap();
        }
        if round == 17 {
            house.backup(&store, Keep { last: 100, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
        }
    }
    // The mistake.
    house.later(1000);
    for key in 0..90_u64 {
        store
            .write(move |tx| -> Result<(), Error> {
                tx.delete_bytes(RAW, key.to_be_bytes().to_vec());
                Ok(())
            })
            .unwrap();
    }
    house.back_up(&store);
    let repository = house.repository();
    for (time, state) in &history {
        let (_, options, restored) = restore(&repository, Moment::At(*time)).unwrap();
        assert!(restored.time <= *time && !restored.gap, "{restored:?}");
        assert_eq!(&rows_of(options), state, "at {}", time.0);
    }
    let (_, options, _) = restore(&repository, Moment::At(house.later(DAY))).unwrap();
    assert_eq!(rows_of(options), rows(&store));
    let before_all = Moment::At(Timestamp(history[0].0.0 - 10 * DAY));
    let refused = restore(&repository, before_all).map(|(.., restored)| restored).unwrap_err();
    assert!(matches!(refused, Error::Refused(_)) && refused.to_string().contains("so old"), "{refused}");
}

/// The power fails at every write of a restore: the store is refused and restoring again works, or it is whole.
#[test]
fn wherever_the_power_fails_during_a_restore_the_store_is_whole_or_refused() {
    let house = House::new(16);
    house.picture("media/aa/one", &noise(1, 300));
    let store = house.open();
    put(&store, 0..20);
    house.backup(&store, Keep { last: 9, days: 0 }, Begin::Anew).run(house.target.clone(), None).unwrap();
    put(&store, 20..30);
    house.back_up(&store);
    let (disk, _, _) = restore(&house.repository(), Moment::Newest).unwrap();
    let (boundaries, state) = (disk.boundaries(), rows(&store));
    let (mut whole, mut refused) = (0, 0);
    for boundary in (0..=boundaries).filter(|boundary| *boundary == boundaries || disk.changes(*boundary)) {
        let dice = 16_000 + boundary as u64;
        let cut = [Cut::Drop, Cut::Reorder(dice), Cut::Tear(dice)][boundary % 3];
        let image = disk.image(boundary, cut);
        let what = format!("boundary {boundary} of {boundaries}, {cut:?}");
        let options = restored_options(&image);
        if !image.exists(Path::new("/new/store")).unwrap() {
            continue;
        }
        match Store::open(options.clone()) {
            Ok(store) => {
                if rows(&store).is_empty() && store.state().durable == Lsn(0) {
                    // Nothing of the restore had begun to be durable.
                    assert!(boundary < 8, "{what}");
                    continue;
                }
                assert_eq!(rows(&store), state, "{what}");
                assert_eq!(store.check().unwrap(), [], "{what}");
                assert_eq!(image.contents(Path::new("/new/media/aa/one")).unwrap(), noise(1, 300), "{what}");
                whole += 1;
            }
            Err(error) => {
                assert!(error.to_string().contains("was broken off"), "{what}: {error}");
                refused += 1;
                let data_dir = Some(Path::new("/new"));
                let repository = house.repository();
                Restore {
                    repository: &repository,
                    moment: Moment::Newest,
                    options: options.clone(),
                    data_dir,
                    tell: &go_on,
                }
                .run()
                .unwrap_or_else(|error| panic!("{what}: {error}"));
                assert_eq!(rows_of(options), state, "{what}");
                assert_eq!(image.contents(Path::new("/new/media/aa/one")).unwrap(), noise(1, 300), "{what}");
            }
        }
    }
    println!("{whole} whole, {refused} refused and restored again");
    assert!(whole > 0 && refused > 20);
}

#[test]
fn a_restore_asks_for_the_room_of_base_and_pieces() {
    let house = House::new(18);
    let store = house.open();
    put(&store, 0..300);
    let first = house.back_up(&store).point;
    put(&store, 300..400);
    let second = house.back_up(&store).point;
    let repository = house.repository();
    let disk = SimulatedDisk::new();
    let options = restored_options(&disk);
    let wanted = |point: &Point| store_bytes(&repository, point, &options).unwrap();
    let pieces: Vec<u64> = repository.pieces(first.line.number).unwrap().iter().map(|(_, bytes)| *bytes).collect();
    let empty = options.sizes.segments.other * 2 + options.sizes.reserve;
    assert!(first.base.is_none() && pieces.len() >= 2, "{pieces:?}");
    assert!(wanted(&first) > empty && wanted(&second) > wanted(&first), "log counts although there is no base");
    assert_eq!(wanted(&second), pieces.iter().sum::<u64>() * 6 + empty);
    let keep = Keep { last: 9, days: 0 };
    let anew = house.backup(&store, keep, Begin::Anew).run(house.target.clone(), None).unwrap().point;
    let base = anew.base.as_ref().expect("it has one").bytes;
    assert!(base > 0 && wanted(&anew) >= base * 4 + empty, "and the base where there is one");
    assert_eq!(wanted(&second), pieces.iter().sum::<u64>() * 6 + empty, "what came later plays no part");
    let name = second.name();
    // What a store must leave free to accept anything is asked for, too.
    let engine = pieces.iter().sum::<u64>() * 3;
    for (free_min, stays) in [(options.sizes.free_min, options.sizes.free_min), (1, engine / 8)] {
        let run = |free| {
            disk.set_free_space(Some(free));
            let dir = format!("/new-{free_min}/store").into();
            let options = Options { dir, sizes: Sizes { free_min, ..options.sizes.clone() }, ..options.clone() };
            let (moment, data_dir) = (Moment::Point(name), None);
            Restore { repository: &repository, moment, options, data_dir, tell: &go_on }.run()
        };
        let why = run(wanted(&second) + stays - 1).unwrap_err();
        let told = format!("about {} are needed, and {stays} more are to stay free", wanted(&second));
        assert!(matches!(&why, Error::Refused(text) if text.contains(&told)), "{why}");
        assert_eq!(run(wanted(&second) + stays).unwrap().lsn, second.holds.lsn);
    }
    // A store that is only looked at leaves nothing.
    let seen = |free| {
        disk.set_free_space(Some(free));
        verify(&repository, Some(&name), &Options { dir: "/scratch".into(), ..options.clone() }, &go_on)
    };
    assert!(matches!(seen(wanted(&second) - 1), Err(Error::Refused(_))));
    assert_eq!(seen(wanted(&second)).unwrap().point.name(), name);
}

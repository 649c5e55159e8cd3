//! Files that go from a repository of backups while others are shipped there.

use super::shared::{lock, wait};
use crate::error::Result;
use std::{
    collections::BTreeSet,
    sync::{Condvar, Mutex},
};

/// What those who remove old files from a repository of this store and those who ship files to it, beside each other, tell
/// each other. Files are named as in the repository.
#[derive(Default)]
pub(crate) struct Sweep {
    swept: Mutex<Swept>,
    changed: Condvar,
}

#[derive(Default)]
struct Swept {
    /// Files shipped since this sweep began; `None`: there is none.
    shipped: Option<BTreeSet<String>>,
    /// The file of which a part is being removed.
    going: Option<String>,
}

impl Sweep {
    /// From now on, until what is answered is dropped, what is shipped stays. One sweep at a time: waits for the one before.
    pub(crate) fn begin(&self) -> Sweeping<'_> {
        let mut swept = lock(&self.swept);
        while swept.shipped.is_some() {
            swept = wait(&self.changed, swept);
        }
        swept.shipped = Some(BTreeSet::new());
        Sweeping(self)
    }

    /// A file is about to be looked for and shipped: it stays, and no part of it is being removed any more.
    pub(crate) fn ship(&self, file: &str) {
        let mut swept = lock(&self.swept);
        while swept.going.as_deref() == Some(file) {
            swept = wait(&self.changed, swept);
        }
        if let Some(shipped) = &mut swept.shipped {
            shipped.insert(file.to_owned());
        }
    }
}

/// A sweep that goes on.
pub(crate) struct Sweeping<'a>(&'a Sweep);

impl Sweeping<'_> {
    /// Removes a part of a file, unless that was shipped meanwhile. Others are not locked out while it is removed.
    ///
    /// # Errors
    /// Those of `remove`.
    pub(crate) fn remove(&self, file: &str, remove: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut swept = lock(&self.0.swept);
        if swept.shipped.as_ref().is_some_and(|shipped| shipped.contains(file)) {
            return Ok(());
        }
        swept.going = Some(file.to_owned());
        drop(swept);
        let removed = remove();
        lock(&self.0.swept).going = None;
        self.0.changed.notify_all();
        removed
    }
}

impl Drop for Sweeping<'_> {
    fn drop(&mut self) {
        *lock(&self.0.swept) = Swept::default();
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::{
            atomic::{AtomicBool, Ordering},
            mpsc::channel,
        },
        thread,
    };

    #[test]
    fn whoever_ships_a_file_waits_for_its_removal_alone_and_what_was_shipped_stays() {
        let (sweep, removed) = (Sweep::default(), AtomicBool::new(false));
        let sweeping = sweep.begin();
        let ((begun, wait_begun), (go_on, wait_go_on)) = (channel(), channel());
        let (shipped_to, gone) = (&sweep, &removed);
        let remove = || {
            begun.send(()).expect("somebody waits");
            wait_go_on.recv().expect("somebody lets it go on");
            gone.store(true, Ordering::SeqCst);
            Ok(())
        };
        thread::scope(|scope| {
            let ship = scope.spawn(move || {
                wait_begun.recv().expect("it begins");
                shipped_to.ship("another");
                go_on.send(()).expect("it waits");
                shipped_to.ship("one");
                assert!(gone.load(Ordering::SeqCst));
            });
            sweeping.remove("one", remove).expect("removed");
            ship.join().expect("shipped");
        });
        for shipped in ["one", "another"] {
            sweeping.remove(shipped, || panic!("{shipped} was shipped")).expect("passed over");
        }
        drop(sweeping);
        let anew = sweep.begin();
        let mut again = false;
        anew.remove("one", || {
            again = true;
            Ok(())
        })
        .expect("removed");
        assert!(again, "what was shipped before a sweep is told by its marks");
    }
}

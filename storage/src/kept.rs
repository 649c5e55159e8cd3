//! What was made of rows, kept in memory within a bound until one of the rows changes.

use crate::{
    changes::{Basis, Noting},
    limits,
    table::Read,
};
use foldhash::fast::RandomState;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Things made of rows, by key. What has not been asked for lately goes first.
pub struct Kept<K, V> {
    generations: Mutex<Generations<K, V>>,
    /// Bytes of the younger generation; beyond, it becomes the older one, which is forgotten.
    most: usize,
    weigh: fn(&V) -> usize,
}

struct Generations<K, V> {
    young: HashMap<K, Arc<Entry<V>>, RandomState>,
    old: HashMap<K, Arc<Entry<V>>, RandomState>,
    /// Of the young.
    bytes: usize,
}

struct Entry<V> {
    basis: Basis,
    value: V,
}

impl<K: Hash + Eq + Clone, V: Clone> Kept<K, V> {
    /// At most about `bytes`; `weigh` says how many a thing takes beside its key.
    #[must_use]
    pub fn new(bytes: usize, weigh: fn(&V) -> usize) -> Self {
        let generations = Generations { young: HashMap::default(), old: HashMap::default(), bytes: 0 };
        Kept { generations: Mutex::new(generations), most: bytes / 2, weigh }
    }

    /// What `make` makes of the rows it reads, or made of them before if none has changed since. It must read everything
    /// that it depends on through what it is given. Inside a transaction it is made each time.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn look<E>(&self, read: &dyn Read, key: &K, make: impl FnOnce(&dyn Read) -> Result<V, E>) -> Result<V, E> {
        let Some(horizon) = read.horizon() else { return make(read) };
        if let Some(entry) = self.find(key)
            && horizon.holds(&entry.basis)
        {
            return Ok(entry.value.clone());
        }
        let Some(noting) = Noting::new(read) else { return make(read) };
        let value = make(&noting)?;
        if let Some(basis) = noting.basis() {
            self.put(key, Entry { basis, value: value.clone() });
        }
        Ok(value)
    }

    /// Whether something is kept under `key` that `look` would answer.
    #[must_use]
    pub fn knows(&self, read: &dyn Read, key: &K) -> bool {
        let Some(horizon) = read.horizon() else { return false };
        self.find(key).is_some_and(|entry| horizon.holds(&entry.basis))
    }

    /// Bytes held, roughly: at most what it was made with and one thing.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let generations = self.lock();
        let old = generations.old.values().fold(0, |sum, entry| sum + self.cost(entry));
        generations.bytes + old
    }

    fn find(&self, key: &K) -> Option<Arc<Entry<V>>> {
        let mut generations = self.lock();
        if let Some(entry) = generations.young.get(key) {
            return Some(Arc::clone(entry));
        }
        let entry = generations.old.remove(key)?;
        self.insert(&mut generations, key, Arc::clone(&entry));
        Some(entry)
    }

    fn put(&self, key: &K, entry: Entry<V>) {
        let mut generations = self.lock();
        generations.old.remove(key);
        self.insert(&mut generations, key, Arc::new(entry));
    }

    fn insert(&self, generations: &mut Generations<K, V>, key: &K, entry: Arc<Entry<V>>) {
        generations.bytes += self.cost(&entry);
        if let Some(before) = generations.young.insert(key.clone(), entry) {
            generations.bytes -= self.cost(&before);
        }
        if generations.bytes > self.most {
            generations.old = std::mem::take(&mut generations.young);
            generations.bytes = 0;
        }
    }

    fn cost(&self, entry: &Entry<V>) -> usize {
        limits::KEPT_ENTRY_BYTES + entry.basis.len() * size_of::<u32>() + (self.weigh)(&entry.value)
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        // Whatever panicked in here left whole maps; at worst the count is off by one entry.
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

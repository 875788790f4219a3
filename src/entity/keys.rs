//! What tells the entities of a role apart -> their numbers, in order of first row.

use crate::batch::Pool;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::borrow::Cow;
use std::hash::BuildHasher;

/// No entity.
pub(super) const NONE: u32 = u32::MAX;

/// The keys of the entities of a role, each held once.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The key of entity `n` has the code `n + 1`.
    texts: Pool,
    by_tag: HashTable<Slot>,
    hasher: FixedState,
}

/// An entity, and half the hash of its key.
#[derive(Debug)]
struct Slot {
    tag: u32,
    number: u32,
}

impl Keys {
    /// The key of an entity.
    pub(super) fn get(&self, number: u32) -> &str {
        self.texts.get(number + 1)
    }

    /// The numbers of keys; new ones come after all others, and [`NONE`] stands for none.
    ///
    /// Tables of millions of entities lie far from the processor: first every tag is looked up, then every text, each in a
    /// loop so short that the memory of many keys is under way at once.
    pub(super) fn find_all(&mut self, keys: &[Option<Cow<'_, str>>]) -> Vec<u32> {
        let tag_of = |key: &Option<Cow<'_, str>>| key.as_ref().map_or(0, |key| self.tag(key));
        let tags: Vec<u32> = keys.iter().map(tag_of).collect();
        let likely = |tag: &u32| {
            let slot = self.by_tag.find(spread(*tag), |slot| slot.tag == *tag);
            slot.map_or(NONE, |slot| slot.number)
        };
        let mut numbers: Vec<u32> = tags.iter().map(likely).collect();
        for (number, key) in numbers.iter_mut().zip(keys) {
            let is_it = |key: &str| *number != NONE && self.get(*number) == key;
            if !key.as_deref().is_some_and(is_it) {
                *number = NONE;
            }
        }
        for ((number, key), tag) in numbers.iter_mut().zip(keys).zip(tags) {
            if let (NONE, Some(key)) = (*number, key) {
                *number = self.find_or_add(key, tag);
            }
        }
        numbers
    }

    /// Forgets what only finding needed.
    pub(super) fn finish(&mut self) {
        self.by_tag = HashTable::new();
    }

    fn tag(&self, key: &str) -> u32 {
        u32::try_from(self.hasher.hash_one(key) >> 32).expect("the upper half of 64 bits")
    }

    fn find_or_add(&mut self, key: &str, tag: u32) -> u32 {
        let texts = &mut self.texts;
        let is_it = |slot: &Slot| slot.tag == tag && texts.get(slot.number + 1) == key;
        if let Some(slot) = self.by_tag.find(spread(tag), is_it) {
            return slot.number;
        }
        let number = texts.push(key) - 1;
        self.by_tag
            .insert_unique(spread(tag), Slot { tag, number }, |slot| spread(slot.tag));
        number
    }
}

/// A tag as a hash: the table looks at its lower bits and at its highest ones.
fn spread(tag: u32) -> u64 {
    u64::from(tag) << 32 | u64::from(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_have_one_number_within_and_across_calls() {
        let mut keys = Keys::default();
        let find = |keys: &mut Keys, texts: &[&str]| {
            let texts = texts
                .iter()
                .map(|text| (!text.is_empty()).then(|| (*text).into()));
            keys.find_all(&texts.collect::<Vec<_>>())
        };
        assert_eq!(find(&mut keys, &["b", "", "a", "b"]), [0, NONE, 1, 0]);
        assert_eq!(find(&mut keys, &["c", "a", "c"]), [2, 1, 2]);
        assert_eq!([keys.get(0), keys.get(1), keys.get(2)], ["b", "a", "c"]);
    }

    #[test]
    fn keys_with_one_tag_stay_apart() {
        let mut keys = Keys::default();
        assert_eq!(keys.find_or_add("a", 7), 0);
        assert_eq!(keys.find_or_add("b", 7), 1);
        assert_eq!([keys.find_or_add("a", 7), keys.find_or_add("b", 7)], [0, 1]);
    }
}
